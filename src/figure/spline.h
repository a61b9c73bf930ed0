/* SPDX-License-Identifier: MIT */
/* spline - uniform cubic B-splines as exact chains of Beziers, and Holten's straightening
 * of bundled edges (Hierarchical Edge Bundles, 2006). */
#ifndef FIGURE_SPLINE_H
#define FIGURE_SPLINE_H

#include <flowfig/canvas.h>

#define FF_SPLINE_POINTS 8 /* control points at most */
/* Bezier points of a clamped spline of n control points. */
#define FF_SPLINE_BEZIERS(n) (3 * (n) + 4)

/* Moves each point towards the straight line between the ends: beta 1 leaves the path as
 * it is, 0 makes a line. */
void ff_spline_straighten(struct ff_point *p, size_t n, double beta);
/* The clamped spline, its ends on p[0] and p[n - 1], 2 <= n <= FF_SPLINE_POINTS: n + 1
 * Beziers. Returns their points, 3 * (n + 1) + 1. */
size_t ff_spline_bezier(struct ff_point *out, const struct ff_point *p, size_t n);

#endif
