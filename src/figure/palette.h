/* SPDX-License-Identifier: MIT */
/* palette - colour maps (GIMP .gpl text) and the ramps cut out of them. */
#ifndef FIGURE_PALETTE_H
#define FIGURE_PALETTE_H

#include "figure/theme.h"

#define FF_PALETTE_MAX 1024
struct ff_palette {
	struct ff_color c[FF_PALETTE_MAX];
	size_t count; /* >= 2 */
};
/* Loads `name` from DIR/name.gpl; NULL or "" is batlow, which is compiled in, so that
 * figures work without the folder. */
int ff_palette_load(struct ff_palette *p, const char *name, const char *dir,
		    struct ff_err *err);
/* The compiled-in table (palettes/batlow.gpl). */
extern const unsigned char ff_batlow_rgb[256][3];

/* Sequential ramp: 0 = fewest, 1 = most. On light paper many is dark, on dark paper many
 * is bright. The end for "few" is cut where its contrast with the ground falls under
 * `min_contrast` (2.5 for outlined marks, 3.1 for bare ones). */
struct ff_ramp {
	struct ff_color c[256];
};
int ff_ramp_init(struct ff_ramp *r, const struct ff_theme *t,
		 const struct ff_figure_opts *opts, double min_contrast,
		 struct ff_err *err);
struct ff_color ff_ramp_at(const struct ff_ramp *r, double t); /* t clamped to 0..1 */

/* Okabe and Ito's categorical colours in the order of use: vermillion, blue, green,
 * purple, orange, sky, yellow, black (or white on dark). */
enum {
	FF_VERMILLION,
	FF_BLUE,
	FF_GREEN,
	FF_PURPLE,
	FF_ORANGE,
	FF_SKY,
	FF_YELLOW,
	FF_PLAIN
};
struct ff_color ff_category(const struct ff_theme *t, unsigned i); /* i modulo 8 */

#endif
