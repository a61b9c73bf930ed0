/* SPDX-License-Identifier: MIT */
/* From data to points on the paper. */
#include "figure/scale.h"

#include <math.h>

struct ff_scale ff_scale_linear(double d0, double d1, double r0, double r1)
{
	if (d0 == d1) {
		double pad = d0 == 0 ? 1 : fabs(d0) / 2;

		d0 -= pad;
		d1 += pad;
	}
	return (struct ff_scale){
		.kind = FF_SCALE_LINEAR, .d0 = d0, .d1 = d1, .r0 = r0, .r1 = r1};
}

struct ff_scale ff_scale_log(double d0, double d1, double r0, double r1)
{
	if (d0 == d1) {
		d0 /= 2;
		d1 *= 2;
	}
	return (struct ff_scale){
		.kind = FF_SCALE_LOG, .d0 = d0, .d1 = d1, .r0 = r0, .r1 = r1};
}

struct ff_scale ff_scale_time(int64_t t0, int64_t t1, double r0, double r1)
{
	if (t0 == t1) {
		if (t1 < INT64_MAX)
			t1++;
		else
			t0--;
	}
	return (struct ff_scale){
		.kind = FF_SCALE_TIME, .t0 = t0, .t1 = t1, .r0 = r0, .r1 = r1};
}

double ff_scale_at(const struct ff_scale *s, double v)
{
	double f = s->kind == FF_SCALE_LOG ? log(v / s->d0) / log(s->d1 / s->d0)
					   : (v - s->d0) / (s->d1 - s->d0);

	return s->r0 + f * (s->r1 - s->r0);
}

/* Differences in long arithmetic could overflow; in double they only lose what no printer
 * shows. */
double ff_scale_at_time(const struct ff_scale *s, int64_t ns)
{
	double f = ((double)ns - (double)s->t0) / ((double)s->t1 - (double)s->t0);

	if (ns >= s->t0 && ns <= s->t1 && s->t0 >= 0)
		f = (double)(ns - s->t0) / (double)(s->t1 - s->t0);
	return s->r0 + f * (s->r1 - s->r0);
}

double ff_scale_invert(const struct ff_scale *s, double pos)
{
	double f = (pos - s->r0) / (s->r1 - s->r0);

	return s->kind == FF_SCALE_LOG ? s->d0 * pow(s->d1 / s->d0, f)
				       : s->d0 + f * (s->d1 - s->d0);
}

int64_t ff_scale_invert_time(const struct ff_scale *s, double pos)
{
	double f = (pos - s->r0) / (s->r1 - s->r0);
	double offset = f * ((double)s->t1 - (double)s->t0);

	if (offset >= 9e18 || offset <= -9e18)
		return offset > 0 ? INT64_MAX : INT64_MIN;
	if (offset > 0 && s->t0 > INT64_MAX - (int64_t)offset)
		return INT64_MAX;
	if (offset < 0 && s->t0 < INT64_MIN - (int64_t)offset)
		return INT64_MIN;
	return s->t0 + (int64_t)offset;
}

double ff_round_up(double v)
{
	static const double steps[] = {1, 2, 4, 6, 8, 10};
	double decade = pow(10, floor(log10(v)));

	for (int i = 0; i < 6; i++)
		if (steps[i] * decade >= v * (1 - 1e-12))
			return steps[i] * decade;
	return 10 * decade;
}
