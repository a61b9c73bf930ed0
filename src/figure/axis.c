/* SPDX-License-Identifier: MIT */
/* Ticks of linear, log and host-count axes, and the thinning of their labels. Dates are
 * in axis_time.c. */
#include "figure/axis_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* More ticks than any paper shows: a guard against domains that make no sense. */
#define TICKS_MAX 2000

void ff_ticks_release(struct ff_ticks *t)
{
	ff_free(t->at);
	*t = (struct ff_ticks)FF_TICKS_INIT;
}

int ff_ticks_push(struct ff_ticks *t, const struct ff_tick *tick, struct ff_err *err)
{
	int rc;

	if (t->count >= TICKS_MAX)
		return FF_OK;
	rc = ff_grow(&t->at, &t->cap, t->count + 1, sizeof(*t->at), err);
	if (rc < 0)
		return rc;
	t->at[t->count++] = *tick;
	return FF_OK;
}

/* 1,000 and more get separators, fractions as few digits as they need. */
static void axis_number(char *text, size_t cap, double v)
{
	if (fabs(v) >= 1 && fabs(v) < 1e14 && v == floor(v)) {
		char digits[20];

		ff_format_thousands(digits, sizeof(digits), (uint64_t)fabs(v));
		snprintf(text, cap, "%s%s", v < 0 ? "\xe2\x88\x92" : "", digits);
	} else {
		ff_format_g(text, cap, v == 0 ? 0 : v, 6);
	}
}

static int axis_push_value(struct ff_ticks *t, const struct ff_scale *s, double v,
			   int rank, bool is_major, bool has_text, struct ff_err *err)
{
	struct ff_tick tick = {
		.pos = ff_scale_at(s, v), .value = v, .rank = rank, .is_major = is_major};

	if (has_text)
		axis_number(tick.text, sizeof(tick.text), v);
	return ff_ticks_push(t, &tick, err);
}

int ff_ticks_linear(struct ff_ticks *out, const struct ff_scale *s, unsigned max_labels,
		    struct ff_err *err)
{
	double low = fmin(s->d0, s->d1), high = fmax(s->d0, s->d1);
	double step = pow(10, floor(log10((high - low) / fmax(max_labels, 1))));
	static const double steps[] = {1, 2, 5, 10, 20, 50, 100};
	int i = 0;

	out->count = 0;
	if (!isfinite(step) || step <= 0)
		return FF_OK;
	while (i < 6 && floor(high / (steps[i] * step) + 1e-9) -
					ceil(low / (steps[i] * step) - 1e-9) + 1 >
				fmax(max_labels, 1))
		i++;
	step *= steps[i];
	for (double k = ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
		int rc = axis_push_value(out, s, k * step, k == 0, true, true, err);

		if (rc < 0)
			return rc;
	}
	return FF_OK;
}

int ff_ticks_log(struct ff_ticks *out, const struct ff_scale *s, bool with_125,
		 struct ff_err *err)
{
	double low = fmin(s->d0, s->d1), high = fmax(s->d0, s->d1);

	out->count = 0;
	if (!(low > 0) || !isfinite(high))
		return FF_OK;
	for (double e = floor(log10(low) + 1e-9); pow(10, e) <= high * (1 + 1e-9); e++) {
		for (int k = 1; k <= 9; k++) {
			double v = k * pow(10, e);
			bool is_125 = with_125 && (k == 2 || k == 5);
			int rc;

			if (v < low * (1 - 1e-9) || v > high * (1 + 1e-9))
				continue;
			rc = axis_push_value(out, s, v, k == 1 ? 2 : 1, k == 1 || is_125,
					     k == 1 || is_125, err);
			if (rc < 0)
				return rc;
		}
	}
	return FF_OK;
}

/* Importance of a host count on the axis of n: one first, then the largest whole prefix,
 * then the others, then 10 100, then 2 5 20 50. */
static int axis_host_rank(uint64_t n, bool is_size, bool is_last)
{
	if (n == 1)
		return 100;
	if (is_size)
		return is_last ? 90 : 50;
	while (n % 10 == 0)
		n /= 10;
	return n == 1 ? 40 : n == 5 ? 20 : 10;
}

int ff_ticks_hosts(struct ff_ticks *out, const struct ff_scale *s, const uint64_t *sizes,
		   size_t nsizes, struct ff_err *err)
{
	static const unsigned steps[] = {1, 2, 5};
	double high = fmax(s->d0, s->d1);
	int rc = FF_OK;

	out->count = 0;
	if (high <=
	    18) { /* room for every number: the domain may end a little above 16 */
		for (int n = 1; n <= 16 && n <= high && rc == FF_OK; n++)
			rc = axis_push_value(out, s, n, n == 1 ? 100 : 50 - n, true, true,
					     err);
	} else {
		double end = nsizes > 0 ? (double)sizes[0] : high * (1 + 1e-9);

		for (double d = 1; d < end && rc == FF_OK; d *= 10)
			for (int i = 0; i < 3 && steps[i] * d < end && rc == FF_OK; i++)
				rc = axis_push_value(
					out, s, steps[i] * d,
					axis_host_rank((uint64_t)(steps[i] * d), false,
						       false),
					true, true, err);
		for (size_t i = 0; i < nsizes && rc == FF_OK; i++) {
			if ((double)sizes[i] > high)
				break;
			rc = axis_push_value(
				out, s, (double)sizes[i],
				axis_host_rank(sizes[i], true, i + 1 == nsizes), true,
				true, err);
		}
	}
	/* numbers of hosts name prefixes: 1024, not 1,024 */
	for (size_t i = 0; i < out->count; i++)
		ff_format_u64(out->at[i].text, sizeof(out->at[i].text),
			      (uint64_t)out->at[i].value);
	return rc;
}

size_t ff_ticks_thin(struct ff_ticks *t, struct ff_canvas *cv,
		     const struct ff_text_style *st, bool along_x, double gap_pt)
{
	size_t cleared = 0;
	/* kept intervals, as indices: few enough for the plain quadratic test */
	unsigned char is_kept[TICKS_MAX] = {0};

	for (;;) {
		size_t best = t->count;
		double half;
		bool fits = true;

		for (size_t i = 0; i < t->count; i++)
			if (!is_kept[i] && t->at[i].text[0] &&
			    (best == t->count || t->at[i].rank > t->at[best].rank))
				best = i;
		if (best == t->count)
			break;
		half = along_x ? ff_canvas_measure(cv, st, t->at[best].text).width / 2
			       : st->size_pt / 2;
		for (size_t i = 0; i < t->count && fits; i++) {
			double other;

			if (is_kept[i] != 1)
				continue;
			other = along_x ? ff_canvas_measure(cv, st, t->at[i].text).width /
						  2
					: st->size_pt / 2;
			fits = fabs(t->at[i].pos - t->at[best].pos) >=
			       half + other + gap_pt;
		}
		is_kept[best] = fits ? 1 : 2;
		if (!fits) {
			t->at[best].text[0] = '\0';
			cleared++;
		}
	}
	return cleared;
}
