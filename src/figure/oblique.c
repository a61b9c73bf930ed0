/* SPDX-License-Identifier: MIT */
/* See oblique.h. */
#include "figure/oblique.h"

#include <math.h>

static double oblique_tan(double degrees)
{
	return tan(degrees * acos(-1) / 180);
}

double ff_oblique_depth_part(double elevation, double part)
{
	double slope;

	if (elevation <= 0)
		return part;
	slope = oblique_tan(elevation);
	return fmin(fmax(slope / (1 + slope), .15), .85);
}

void ff_oblique_lean(struct ff_oblique *o, double azimuth, double lean, double full)
{
	o->s = azimuth > 0 ? o->dp * oblique_tan(azimuth) : lean;
	o->s = fmin(fmax(o->s, .02 * full), .4 * full);
}

void ff_oblique_floor(const struct ff_oblique *o, double v0, double v1,
		      struct ff_point corners[4])
{
	corners[0] = ff_oblique_at(o, 0, v0, 0);
	corners[1] = ff_oblique_at(o, 1, v0, 0);
	corners[2] = ff_oblique_at(o, 1, v1, 0);
	corners[3] = ff_oblique_at(o, 0, v1, 0);
}
