/* SPDX-License-Identifier: MIT */
/* theme - paper size, type sizes, line widths and colours of one figure. All lengths in
 * points. A value: copy it freely. */
#ifndef FIGURE_THEME_H
#define FIGURE_THEME_H

#include <flowfig/figure.h>

struct ff_theme {
	double width, height; /* of the page */
	double dpi;	      /* of raster output */
	bool is_dark;
	bool is_slide;	/* large type: read from the back of a room */
	bool is_narrow; /* under 5 in wide at print type: one column of a paper */

	double fs;     /* body type: axis labels, labels in the plot */
	double foot;   /* footer; the smallest type of the figure */
	double small;  /* secondary words; between foot and fs */
	double title;  /* title */
	double margin; /* on all four edges */

	double axis;		 /* line widths: axes and ticks */
	double hair;		 /* grid, hairline */
	double outline;		 /* round marks */
	double line;		 /* data lines */
	double tick, tick_minor; /* tick lengths */

	struct ff_color background;
	struct ff_color ink;  /* text and axes */
	struct ff_color grey; /* second text */
	struct ff_color hairline;
	struct ff_color floor; /* ground under marks, and the "none" swatch */
	struct ff_color grid;  /* lines on the background */
	struct ff_color halo;  /* stroke under text over marks */
};

/* Page size in points and dpi from opts->size and opts->dpi; `aspect` is width / height
 * of a figure whose size names only a width. FF_EUSAGE when the words are no size, or the
 * page is too small for any figure (under 2 x 1.5 in) or absurdly large (over 100 in). */
int ff_figure_size(double *width, double *height, double *dpi,
		   const struct ff_figure_opts *opts, double aspect, struct ff_err *err);
/* Size as above, type and colours from opts->theme and the size. */
int ff_theme_init(struct ff_theme *t, const struct ff_figure_opts *opts, double aspect,
		  struct ff_err *err);

/* Text styles in the theme's ink: `weight` at body size. */
struct ff_text_style ff_theme_text(const struct ff_theme *t, enum ff_weight weight);
struct ff_text_style ff_theme_grey(const struct ff_theme *t, enum ff_weight weight);
/* The same style with a halo for text over marks. */
struct ff_text_style ff_with_halo(const struct ff_theme *t, struct ff_text_style st);

/* ---- colour arithmetic ---- */
struct ff_color ff_rgb(double r, double g, double b);
struct ff_color ff_rgba(double r, double g, double b, double a);
struct ff_color ff_mix(struct ff_color a, struct ff_color b, double t); /* t = 0: a */
/* The same in OKLab (Ottosson 2020), where steps look even and hues stay. */
struct ff_color ff_mix_oklab(struct ff_color a, struct ff_color b, double t);
double ff_luminance(struct ff_color c);			  /* WCAG relative */
double ff_contrast(struct ff_color a, struct ff_color b); /* WCAG, 1..21 */
#define FF_NO_COLOR (ff_rgba(0, 0, 0, 0))

#endif
