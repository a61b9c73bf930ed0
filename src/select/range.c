/* SPDX-License-Identifier: MIT */
/* range - one number or one range: N, N-M, N-. Whole numbers for --packets and --bytes,
 * decimals for --bytes-per-packet, seconds with a fraction for --duration. No lists, no
 * exponents, as in rwfilter. */
#include <float.h>
#include <inttypes.h>
#include <string.h>

#include "select/predicate.h"

/* A duration in ns must fit int64_t. */
#define RANGE_MS_MAX ((uint64_t)INT64_MAX / 1000000)

/* Splits at the dash: [*low, low_len) and [*high, high_len); *open: nothing after the
 * dash. */
struct range_words {
	const char *low, *high;
	size_t low_len, high_len;
	bool has_high, open;
};

static int range_split(struct range_words *w, const char *name, const char *value,
		       const char *allowed, struct ff_err *err)
{
	const char *dash = strchr(value, '-');
	size_t good = strspn(value, allowed);

	if (!*value)
		return select_bad(err, name, value, "it is empty");
	if (value[good])
		return select_bad(err, name, value, "unexpected character '%c'",
				  value[good]);
	w->low = value;
	w->low_len = dash ? (size_t)(dash - value) : strlen(value);
	w->high = dash ? dash + 1 : NULL;
	w->high_len = dash ? strlen(dash + 1) : 0;
	w->has_high = dash && w->high_len;
	w->open = dash && !w->high_len;
	if (!w->low_len || (dash && strchr(w->high, '-')))
		return select_bad(err, name, value, "not a number or a range N-M");
	return FF_OK;
}

int select_parse_count(struct select_value *v, const char *name, const char *value,
		       struct ff_err *err)
{
	struct range_words w;
	int status = range_split(&w, name, value, "0123456789-", err);
	uint64_t low, high;

	if (status != FF_OK)
		return status;
	if (!ff_parse_u64(&low, w.low, w.low_len))
		return select_bad(err, name, value, "above the maximum %" PRIu64,
				  UINT64_MAX);
	high = w.open ? UINT64_MAX : low;
	if (w.has_high && !ff_parse_u64(&high, w.high, w.high_len))
		return select_bad(err, name, value, "above the maximum %" PRIu64,
				  UINT64_MAX);
	if (high < low)
		return select_bad(err, name, value, "the range is reversed");
	v->low = low;
	v->high = high;
	return FF_OK;
}

int select_parse_ratio(struct select_value *v, const char *name, const char *value,
		       struct ff_err *err)
{
	struct range_words w;
	int status = range_split(&w, name, value, "0123456789.-", err);
	double low, high;

	if (status != FF_OK)
		return status;
	if (!ff_parse_double(&low, w.low, w.low_len))
		return select_bad(err, name, value, "not a number or a range N-M");
	high = w.open ? DBL_MAX : low;
	if (w.has_high && !ff_parse_double(&high, w.high, w.high_len))
		return select_bad(err, name, value, "not a number or a range N-M");
	if (high < low)
		return select_bad(err, name, value, "the range is reversed");
	v->ratio_low = low;
	v->ratio_high = high;
	return FF_OK;
}

/* Digits with at most one point, as milliseconds; digits past the third of the fraction
 * are cut off. Done in decimal: 1.001 is 1001 ms, where 1.001 * 1000 in binary falls just
 * below. */
static bool range_ms(uint64_t *out, const char *s, size_t len)
{
	uint64_t ms = 0;
	int scale = -1; /* digits after the point so far; -1 = no point yet */
	bool digits = false;

	for (size_t i = 0; i < len; i++) {
		if (s[i] == '.') {
			if (scale >= 0)
				return false;
			scale = 0;
			continue;
		}
		digits = true;
		if (scale >= 3)
			continue;
		ms = ms * 10 + (unsigned)(s[i] - '0');
		if (ms > RANGE_MS_MAX)
			return false;
		if (scale >= 0)
			scale++;
	}
	for (int i = scale < 0 ? 0 : scale; i < 3; i++) {
		ms *= 10;
		if (ms > RANGE_MS_MAX)
			return false;
	}
	*out = ms;
	return digits;
}

int select_parse_seconds(struct select_value *v, const char *name, const char *value,
			 struct ff_err *err)
{
	struct range_words w;
	int status = range_split(&w, name, value, "0123456789.-", err);
	uint64_t low, high;

	if (status != FF_OK)
		return status;
	if (!range_ms(&low, w.low, w.low_len))
		return select_bad(err, name, value, "not a number of seconds");
	high = w.open ? RANGE_MS_MAX : low;
	if (w.has_high && !range_ms(&high, w.high, w.high_len))
		return select_bad(err, name, value, "not a number of seconds");
	if (high < low)
		return select_bad(err, name, value, "the range is reversed");
	v->low = low;
	v->high = high;
	return FF_OK;
}
