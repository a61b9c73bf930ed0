/* SPDX-License-Identifier: MIT */
/* timespan - the time windows of --stime, --etime and --active-time, and the instants of
 * --from and --to.
 *
 * A window is compared in whole milliseconds, as rwfilter does: A-B is from the first
 * millisecond of A to the last of B, where what B leaves out is filled up (a day to
 * 23:59:59.999). A alone, and "A-", is the one millisecond A. */
#include <string.h>

#include "select/predicate.h"

/* Length in ns of what a time leaves open at this precision. */
static int64_t timespan_unit(enum ff_time_precision p)
{
	switch (p) {
	case FF_TIME_DAY:
		return FF_DAY;
	case FF_TIME_HOUR:
		return FF_HOUR;
	case FF_TIME_MINUTE:
		return 60 * FF_SEC;
	case FF_TIME_SECOND:
		return FF_SEC;
	case FF_TIME_FRACTION:
		break;
	}
	return FF_MS;
}

/* The start of the millisecond that holds ns; before 1970 too. */
static int64_t timespan_floor_ms(int64_t ns)
{
	int64_t rest = ns % FF_MS;

	if (rest < 0)
		rest += FF_MS;
	return ns < INT64_MIN + rest ? ns : ns - rest;
}

static int64_t timespan_last(int64_t ns, int64_t unit)
{
	int64_t first = timespan_floor_ms(ns);

	return first > INT64_MAX - (unit - 1) ? INT64_MAX : first + (unit - 1);
}

/* Splits "A-B" where both sides are times. Dates may hold dashes themselves, so every
 * dash is tried. B may be empty. */
static bool timespan_split(int64_t *a, int64_t *b, enum ff_time_precision *b_precision,
			   const char *value, bool *open)
{
	for (const char *dash = strchr(value, '-'); dash; dash = strchr(dash + 1, '-')) {
		if (!ff_parse_time(a, NULL, value, (size_t)(dash - value)))
			continue;
		*open = !dash[1];
		if (*open || ff_parse_time(b, b_precision, dash + 1, strlen(dash + 1)))
			return true;
	}
	return false;
}

int select_parse_span(struct select_value *v, const char *name, const char *value,
		      struct ff_err *err)
{
	enum ff_time_precision precision = FF_TIME_FRACTION;
	int64_t a, b = 0;
	bool open = false;

	if (!*value)
		return select_bad(err, name, value, "it is empty");
	if (ff_parse_time(&a, NULL, value, strlen(value)))
		open = true;
	else if (!timespan_split(&a, &b, &precision, value, &open))
		return select_bad(
			err, name, value,
			"not a time YYYY/MM/DD[:HH[:MM[:SS[.sss]]]] or a range of two");
	v->first_ns = timespan_floor_ms(a);
	v->last_ns = open ? timespan_last(a, FF_MS)
			  : timespan_last(b, timespan_unit(precision));
	if (v->last_ns < v->first_ns)
		return select_bad(err, name, value, "the range is reversed");
	return FF_OK;
}

int select_parse_time(struct select_value *v, const char *name, const char *value,
		      struct ff_err *err)
{
	int64_t ns;

	if (!ff_parse_time(&ns, NULL, value, strlen(value)))
		return select_bad(err, name, value,
				  "not a time YYYY/MM/DD[:HH[:MM[:SS[.sss]]]]");
	v->first_ns = ns;
	v->last_ns = ns;
	return FF_OK;
}
