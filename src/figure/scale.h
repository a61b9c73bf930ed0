/* SPDX-License-Identifier: MIT */
/* scale - from data to points on the paper. Values; pure functions. */
#ifndef FIGURE_SCALE_H
#define FIGURE_SCALE_H

#include <stdbool.h>
#include <stdint.h>

enum ff_scale_kind { FF_SCALE_LINEAR, FF_SCALE_LOG, FF_SCALE_TIME };
struct ff_scale {
	enum ff_scale_kind kind;
	double d0, d1;	/* domain; > 0 for log */
	int64_t t0, t1; /* domain of a time scale, ns UTC */
	double r0, r1;	/* range, points; r1 < r0 is allowed (y axes) */
};
/* An empty domain (d0 == d1) is widened so that a scale never divides by zero. */
struct ff_scale ff_scale_linear(double d0, double d1, double r0, double r1);
struct ff_scale ff_scale_log(double d0, double d1, double r0, double r1);
struct ff_scale ff_scale_time(int64_t t0, int64_t t1, double r0, double r1);
double ff_scale_at(const struct ff_scale *s, double v);	       /* linear and log */
double ff_scale_at_time(const struct ff_scale *s, int64_t ns); /* time */
double ff_scale_invert(const struct ff_scale *s, double pos);  /* linear and log */
int64_t ff_scale_invert_time(const struct ff_scale *s, double pos);
/* Smallest of 1, 2, 4, 6, 8 x 10^k that is >= v (v > 0): round ends of log axes. */
double ff_round_up(double v);

#endif
