/* SPDX-License-Identifier: MIT */
/* density - many marks on the device's own pixel grid: a pixel's value is the number of
 * marks that cover it, so nothing is resampled, a lone mark keeps its full size and the
 * log key tells real counts. Where marks of several groups meet, a pixel takes the hue of
 * the group with most marks there, and the depth of all of them.
 *
 * Use: add every point, spread to the size of a mark, ask for the most, draw. */
#ifndef FIGURE_DENSITY_H
#define FIGURE_DENSITY_H

#include "figure/label.h"
#include "figure/palette.h"

struct ff_density {
	unsigned width, height; /* pixels */
	uint32_t *count; /* row-major; points first, marks after the spread; owned */
};
/* FF_ELIMIT when the grid would pass 2^28 pixels. */
int ff_density_init(struct ff_density *d, unsigned width, unsigned height,
		    struct ff_err *err);
void ff_density_release(struct ff_density *d);
/* At most UINT32_MAX points in all. */
static inline void ff_density_add(struct ff_density *d, unsigned x, unsigned y)
{
	d->count[(size_t)y * d->width + x]++;
}
/* Every point becomes a square of `side` pixels: those from (side - 1) / 2 before it to
 * side / 2 after it, both ways; parts past the edge are lost. */
int ff_density_spread(struct ff_density *d, unsigned side, struct ff_err *err);
/* Most marks on one pixel, over all `n` grids of one size together; 0 when empty. */
uint64_t ff_density_most(const struct ff_density *grids, size_t n);
/* Colours by log from 1 to `most`, pixels without marks are `ground`; where that is
 * opaque files are smaller by a mask, and what should show through is drawn on top.
 * ramps[i] colours grids[i]; of grids with equally many marks the earlier one gives the
 * hue. `box` should lie on device pixels, one of them to a pixel of the grid. */
int ff_density_draw(struct ff_canvas *cv, struct ff_box box,
		    const struct ff_density *grids, const struct ff_ramp *ramps, size_t n,
		    uint64_t most, struct ff_color ground, struct ff_err *err);
/* Where a count stands on the ramp: 0 for 1, 1 for `most`. */
double ff_density_shade(uint64_t count, uint64_t most);

#endif
