/* SPDX-License-Identifier: MIT */
/* Ticks of time axes: steps that people count in, from milliseconds to centuries. */
#include "figure/axis_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum time_unit { TIME_NS, TIME_DAYS, TIME_MONTHS, TIME_YEARS };
enum time_words {
	WORDS_MS,
	WORDS_SECOND,
	WORDS_MINUTE,
	WORDS_DAY,
	WORDS_MONTH,
	WORDS_YEAR
};
struct time_step {
	enum time_unit unit;
	int64_t k;	/* ns, or number of units; days: see time_is_day */
	double seconds; /* about, to compare with the room */
	enum time_words words;
	int minor; /* index of the step of minor ticks */
};

#define MINUTE (60 * FF_SEC)
static const struct time_step time_steps[] = {
	{TIME_NS, FF_MS, .001, WORDS_MS, -1},
	{TIME_NS, 10 * FF_MS, .01, WORDS_MS, 0},
	{TIME_NS, 100 * FF_MS, .1, WORDS_MS, 1},
	{TIME_NS, FF_SEC, 1, WORDS_SECOND, 2},
	{TIME_NS, 5 * FF_SEC, 5, WORDS_SECOND, 3},
	{TIME_NS, 15 * FF_SEC, 15, WORDS_SECOND, 4},
	{TIME_NS, MINUTE, 60, WORDS_MINUTE, 5},
	{TIME_NS, 5 * MINUTE, 300, WORDS_MINUTE, 6},
	{TIME_NS, 15 * MINUTE, 900, WORDS_MINUTE, 7},
	{TIME_NS, 30 * MINUTE, 1800, WORDS_MINUTE, 7},
	{TIME_NS, FF_HOUR, 3600, WORDS_MINUTE, 8},
	{TIME_NS, 3 * FF_HOUR, 3 * 3600, WORDS_MINUTE, 10},
	{TIME_NS, 6 * FF_HOUR, 6 * 3600, WORDS_MINUTE, 10},
	{TIME_NS, 12 * FF_HOUR, 12 * 3600, WORDS_MINUTE, 11},
	{TIME_DAYS, 1, 86400, WORDS_DAY, 12},
	{TIME_DAYS, 2, 2 * 86400, WORDS_DAY, 14},
	{TIME_DAYS, 5, 5 * 86400, WORDS_DAY, 14},
	{TIME_DAYS, 7, 7 * 86400, WORDS_DAY, 14},
	{TIME_DAYS, 15, 15 * 86400, WORDS_DAY, 17},
	{TIME_MONTHS, 1, 30.4 * 86400, WORDS_MONTH, 18},
	{TIME_MONTHS, 3, 91 * 86400, WORDS_MONTH, 19},
	{TIME_MONTHS, 6, 182 * 86400, WORDS_MONTH, 19},
	{TIME_YEARS, 1, 365.2 * 86400, WORDS_YEAR, 20},
	{TIME_YEARS, 2, 2 * 365.2 * 86400, WORDS_YEAR, 22},
	{TIME_YEARS, 5, 5 * 365.2 * 86400, WORDS_YEAR, 22},
	{TIME_YEARS, 10, 10 * 365.2 * 86400, WORDS_YEAR, 22},
	{TIME_YEARS, 50, 50 * 365.2 * 86400, WORDS_YEAR, 25},
	{TIME_YEARS, 100, 100 * 365.2 * 86400, WORDS_YEAR, 25},
};
#define TIME_STEPS ((int)(sizeof(time_steps) / sizeof(time_steps[0])))

/* int64 ns ends in April 2262: years past this have no first of January. */
#define LAST_YEAR 2261

/* Steps of days start anew each month, so that the 1st and the 15th are kept; the last
 * days of a month that would crowd the next 1st are left out. */
static bool time_is_day(int day, int64_t k)
{
	switch (k) {
	case 1:
		return true;
	case 2:
		return day % 2 == 1 && day < 31;
	case 5:
		return day % 5 == 0;
	case 7:
		return day % 7 == 1 && day < 29;
	default:
		return day == 1 || day == 15;
	}
}

/* First tick of the step at or after the local time t; INT64_MAX past the calendar. */
static int64_t time_ceil(const struct time_step *step, int64_t t)
{
	struct ff_date d;

	if (step->unit == TIME_NS) {
		int64_t rest = t % step->k;

		if (rest < 0)
			rest += step->k;
		return rest == 0		 ? t
		       : t > INT64_MAX - step->k ? INT64_MAX
						 : t - rest + step->k;
	}
	ff_date_from_time(&d, t > INT64_MAX - 2 * FF_DAY ? t : t + FF_DAY - 1);
	d.hour = d.minute = d.second = d.nanosecond = 0;
	if (step->unit == TIME_DAYS) {
		while (d.year <= LAST_YEAR && !time_is_day(d.day, step->k)) {
			int64_t next = ff_time_from_date(&d) + FF_DAY;

			ff_date_from_time(&d, next);
		}
		return d.year > LAST_YEAR ? INT64_MAX : ff_time_from_date(&d);
	}
	if (d.day > 1) {
		d.day = 1;
		d.month++;
	}
	while (d.month > 12 ||
	       (step->unit == TIME_MONTHS ? (d.month - 1) % step->k != 0
					  : d.month != 1 || d.year % step->k != 0)) {
		d.month++;
		if (d.month > 12) {
			d.month = 1;
			d.year++;
		}
		if (d.year > LAST_YEAR)
			return INT64_MAX;
	}
	return d.year > LAST_YEAR ? INT64_MAX : ff_time_from_date(&d);
}

/* What the tick says, and how much it matters: midnights among hours, Januaries among
 * months. */
static void time_label(struct ff_tick *tick, enum time_words words, int64_t local,
		       bool is_first)
{
	struct ff_date d;
	bool is_midnight;

	ff_date_from_time(&d, local);
	is_midnight = d.hour == 0 && d.minute == 0 && d.second == 0 && d.nanosecond == 0;
	tick->rank = 1;
	switch (words) {
	case WORDS_MS:
		snprintf(tick->text, sizeof(tick->text), "%02d:%02d.%03d", d.minute,
			 d.second, d.nanosecond / 1000000);
		break;
	case WORDS_SECOND:
		snprintf(tick->text, sizeof(tick->text), "%02d:%02d:%02d", d.hour,
			 d.minute, d.second);
		break;
	case WORDS_MINUTE:
		if (!is_midnight) {
			snprintf(tick->text, sizeof(tick->text), "%02d:%02d", d.hour,
				 d.minute);
			break;
		}
		tick->rank = 3;
		/* fall through */
	case WORDS_DAY:
		snprintf(tick->text, sizeof(tick->text), "%d %s", d.day,
			 ff_month_short[d.month - 1]);
		tick->rank += d.day == 1;
		break;
	case WORDS_MONTH:
		if (is_first || d.month == 1)
			snprintf(tick->text, sizeof(tick->text), "%s %d",
				 ff_month_short[d.month - 1], d.year);
		else
			snprintf(tick->text, sizeof(tick->text), "%s",
				 ff_month_short[d.month - 1]);
		tick->rank += d.month == 1;
		break;
	case WORDS_YEAR:
		snprintf(tick->text, sizeof(tick->text), "%d", d.year);
		tick->rank += d.year % 10 == 0;
		break;
	}
}

static double time_words_room(enum time_words words)
{
	return words == WORDS_MS       ? 1.4
	       : words == WORDS_SECOND ? 1.25
	       : words == WORDS_YEAR   ? .8
				       : 1;
}

/* Appends the step's ticks; those that an earlier call placed are not repeated. */
static int time_push(struct ff_ticks *out, const struct ff_scale *s,
		     const struct time_step *step, int64_t tz_ns, bool is_major,
		     struct ff_err *err)
{
	size_t majors = is_major ? 0 : out->count;
	bool is_first = true;

	for (int64_t t = time_ceil(step, s->t0 + tz_ns);
	     t - tz_ns <= s->t1 && t != INT64_MAX; t = time_ceil(step, t + 1)) {
		struct ff_tick tick = {.t_ns = t - tz_ns, .is_major = is_major};
		bool is_new = true;
		int rc;

		for (size_t i = 0; i < majors && is_new; i++)
			is_new = out->at[i].t_ns != tick.t_ns;
		if (!is_new)
			continue;
		tick.pos = ff_scale_at_time(s, tick.t_ns);
		if (is_major)
			time_label(&tick, step->words, t, is_first);
		is_first = false;
		rc = ff_ticks_push(out, &tick, err);
		if (rc < 0)
			return rc;
	}
	return FF_OK;
}

static int time_compare_ticks(const struct ff_tick *a, const struct ff_tick *b)
{
	return a->t_ns < b->t_ns ? -1 : a->t_ns > b->t_ns;
}

/* Majors and minors come as two ascending runs: merge them by insertion. */
static void time_sort(struct ff_ticks *t)
{
	for (size_t i = 1; i < t->count; i++) {
		struct ff_tick tick = t->at[i];
		size_t j = i;

		for (; j > 0 && time_compare_ticks(&tick, &t->at[j - 1]) < 0; j--)
			t->at[j] = t->at[j - 1];
		t->at[j] = tick;
	}
}

int ff_ticks_time(struct ff_ticks *out, const struct ff_scale *s, int64_t tz_ns,
		  double room_pt, struct ff_err *err)
{
	double span = ((double)s->t1 - (double)s->t0) / 1e9;
	double pt_per_second = fabs(s->r1 - s->r0) / fmax(span, 1e-9);
	const double minor_room = room_pt / 24;
	int i = 0, rc;

	out->count = 0;
	/* the calendar ends where int64 does; a clock shift must not pass it */
	if (s->t1 > INT64_MAX - 400 * FF_DAY || s->t0 < INT64_MIN + 400 * FF_DAY)
		return FF_OK;
	while (i + 1 < TIME_STEPS &&
	       time_steps[i].seconds * pt_per_second <
		       room_pt * time_words_room(time_steps[i].words))
		i++;
	rc = time_push(out, s, &time_steps[i], tz_ns, true, err);
	/* a span that holds no tick of the step takes a smaller one: two labels tell more
	 * than none */
	while (rc == FF_OK && out->count < 2 && i > 0) {
		i--;
		out->count = 0;
		rc = time_push(out, s, &time_steps[i], tz_ns, true, err);
	}
	for (int m = time_steps[i].minor; rc == FF_OK && m >= 0; m = -1)
		if (time_steps[m].seconds * pt_per_second >= minor_room)
			rc = time_push(out, s, &time_steps[m], tz_ns, false, err);
	time_sort(out);
	return rc;
}
