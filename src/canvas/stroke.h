/* SPDX-License-Identifier: MIT */
/* stroke - curves of a horizontal gradient straight into an image: a bundle is thousands
 * of them, and cairo takes a millisecond for each. They are kept until something else is
 * drawn, then painted band by band, so that a band stays in the cache of its processor;
 * the order within a band is the order of drawing. */
#ifndef FF_CANVAS_STROKE_H
#define FF_CANVAS_STROKE_H

#include "canvas/raster.h"

struct ff_stroke {	 /* its outline, device pixels */
	size_t first, n; /* of the points: n on its left side, then n on its right */
	size_t colors;	 /* first of its columns */
	float weight;	 /* opacity, 0..256 */
	int top, bottom; /* rows, half open */
};
/* Strokes that wait for one image; zero-initialise. */
struct ff_strokes {
	struct ff_stroke *at;
	size_t count, cap;
	struct ff_point *points;
	size_t npoints, points_cap;
	uint32_t *columns; /* 0xRRGGBB of every column, one row a gradient */
	size_t ncolumns, columns_cap;
	struct ff_gradient gradient; /* of the last row of columns */
};
void ff_strokes_release(struct ff_strokes *s);

/* The colour at x, opaque. */
struct ff_color ff_gradient_at(const struct ff_gradient *g, double x);
bool ff_gradient_same(const struct ff_gradient *a, const struct ff_gradient *b);
/* One chain of Beziers in points, n = 1 + 3k, with butt ends. */
int ff_strokes_add(struct ff_strokes *s, const struct ff_raster *r, double scale,
		   const struct ff_point *p, size_t n, const struct ff_gradient *g,
		   double alpha, double line_pt, struct ff_err *err);
/* Paints what waits, pixels covered by exact area. Nothing waits afterwards. */
int ff_strokes_paint(struct ff_strokes *s, struct ff_raster *r, struct ff_err *err);

#endif
