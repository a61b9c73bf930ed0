/* SPDX-License-Identifier: MIT */
/* oblique - oblique (cabinet) projection, no perspective:
 *
 *	x = x0 + wd * u + s * v		u: time, 0..1
 *	y = y0 - dp * v - hh * z	v: depth, 0 = front, 1 = back
 *					z: height, 0..1
 *
 * so dates along the front edge and heights anywhere can be read with a ruler. Values;
 * pure functions. */
#ifndef FIGURE_OBLIQUE_H
#define FIGURE_OBLIQUE_H

#include <flowfig/canvas.h>

struct ff_oblique {
	double x0, y0, wd, s, dp, hh; /* points */
};
static inline struct ff_point ff_oblique_at(const struct ff_oblique *o, double u,
					    double v, double z)
{
	return (struct ff_point){o->x0 + o->wd * u + o->s * v,
				 o->y0 - o->dp * v - o->hh * z};
}
/* Depth's part of a height of depth and z together, seen from `elevation` degrees above;
 * `part` when that is 0. */
double ff_oblique_depth_part(double elevation, double part);
/* Sets s by `azimuth` degrees, or to `lean` when that is 0; kept to what a floor of
 * `full` points (wd + s) can lean. */
void ff_oblique_lean(struct ff_oblique *o, double azimuth, double lean, double full);
/* Corners of the floor between two depths: front left, front right, back right, back
 * left. */
void ff_oblique_floor(const struct ff_oblique *o, double v0, double v1,
		      struct ff_point corners[4]);

#endif
