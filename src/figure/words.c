/* SPDX-License-Identifier: MIT */
/* Numbers, dates and units as people write them. */
#include "figure/words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *ff_s(uint64_t n)
{
	return n == 1 ? "" : "s";
}

void ff_word_count(struct ff_buf *b, uint64_t v)
{
	char text[32];

	ff_buf_adds(b, ff_format_thousands(text, sizeof(text), v));
}

void ff_word_number(struct ff_buf *b, double v, int decimals)
{
	char text[64];

	snprintf(text, sizeof(text), "%.*f", decimals, fabs(v));
	/* no minus before a rounded zero */
	if (v < 0 && strspn(text, "0.") != strlen(text))
		ff_buf_adds(b, FF_MINUS);
	ff_buf_adds(b, text);
}

void ff_word_percent(struct ff_buf *b, double share)
{
	double percent =
		share > 0 ? share * 100 : 0; /* no share is not a number either */

	if (percent > 0 && percent < .01)
		ff_buf_adds(b, "<0.01");
	else if (percent < 100 && percent >= 99.95)
		ff_buf_adds(b, ">99.9");
	else if (percent <= 0 || percent >= 100)
		ff_word_number(b, percent, 0);
	else
		ff_word_number(b, percent, percent < .095 ? 2 : 1);
	ff_buf_adds(b, FF_NBSP "%");
}

/* Divides by 1,000 while it can; the index of the unit, up to exa. */
static size_t word_unit(double *v)
{
	size_t unit = 0;

	while (*v >= 1000 && unit < 6) {
		*v /= 1000;
		unit++;
	}
	return unit;
}

void ff_word_short(struct ff_buf *b, double v)
{
	static const char *const units[] = {"", "k", "M", "G", "T", "P", "E"};
	size_t unit = word_unit(&v);
	char text[32];

	ff_format_g(text, sizeof(text), v == 0 ? 0 : v, 3); /* not "-0" */
	ff_buf_adds(b, text);
	ff_buf_adds(b, units[unit]);
}

void ff_word_bytes(struct ff_buf *b, double v)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	size_t unit = word_unit(&v);
	double tenths = round(v * 10);

	if (tenths >= 9995 && unit < 6) { /* 999.96 kB is 1 MB */
		v = 1;
		tenths = 10;
		unit++;
	}
	ff_word_number(b, v, tenths < 1000 && fmod(tenths, 10) != 0 ? 1 : 0);
	ff_buf_adds(b, FF_NBSP);
	ff_buf_adds(b, units[unit]);
}

void ff_word_some(struct ff_buf *b, double v)
{
	double unit = 1;

	if (v < 1) {
		ff_word_number(b, v, 1);
		return;
	}
	/* one digit of three-digit numbers and two of longer ones; small numbers whole */
	if (v >= 1000)
		unit = pow(10, floor(log10(v)) - 1);
	else if (v >= 100)
		unit = 100;
	else if (v >= 30)
		unit = 10;
	/* 150 is neither some 100 nor some 200 */
	if (unit == 100 && fabs(round(v / unit) * unit - v) > .06 * v)
		unit = 10;
	ff_word_count(b, (uint64_t)fmin(round(v / unit) * unit, 1e18));
}

void ff_word_small(struct ff_buf *b, uint64_t v)
{
	static const char *const names[] = {"no",    "one",  "two", "three",
					    "four",  "five", "six", "seven",
					    "eight", "nine", "ten"};

	if (v < sizeof(names) / sizeof(names[0]))
		ff_buf_adds(b, names[v]);
	else
		ff_word_count(b, v);
}

void ff_word_range(struct ff_buf *b, uint64_t low, uint64_t high)
{
	char text[32];

	ff_buf_adds(b, ff_format_u64(text, sizeof(text), low));
	if (high > low) {
		ff_buf_adds(b, FF_NDASH);
		ff_buf_adds(b, ff_format_u64(text, sizeof(text), high));
	}
}

void ff_word_span(struct ff_buf *b, int64_t ns)
{
	static const struct {
		int64_t ns;
		const char *name;
		bool has_plural;
	} units[] = {
		{7 * FF_DAY, "week", true},  {FF_DAY, "day", true}, {FF_HOUR, "h", false},
		{60 * FF_SEC, "min", false}, {FF_SEC, "s", false},  {FF_MS, "ms", false},
	};
	char text[32];

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		uint64_t n;

		if (ns < units[i].ns || ns % units[i].ns != 0)
			continue;
		n = (uint64_t)(ns / units[i].ns);
		ff_buf_adds(b, ff_format_u64(text, sizeof(text), n));
		ff_buf_adds(b, FF_NBSP);
		ff_buf_adds(b, units[i].name);
		if (units[i].has_plural)
			ff_buf_adds(b, ff_s(n));
		return;
	}
	/* no whole unit: hours with a fraction, or seconds */
	if (ns >= FF_HOUR) {
		ff_word_number(b, (double)ns / (double)FF_HOUR, 1);
		ff_buf_adds(b, FF_NBSP "h");
	} else {
		ff_buf_adds(b, ff_format_g(text, sizeof(text), (double)ns / 1e9, 3));
		ff_buf_adds(b, FF_NBSP "s");
	}
}

void ff_word_every(struct ff_buf *b, int64_t period_ns)
{
	static const char *const times[] = {"daily", "twice a day", "three times a day",
					    "four times a day"};
	int64_t per_day = period_ns > 0 ? FF_DAY / period_ns : 0;

	if (period_ns == 7 * FF_DAY) {
		ff_buf_adds(b, "weekly");
	} else if (period_ns == FF_HOUR) {
		ff_buf_adds(b, "every hour");
	} else if (per_day == 1 && period_ns == FF_DAY) {
		ff_buf_adds(b, times[0]);
	} else if ((per_day == 2 || per_day == 4) && FF_DAY % period_ns == 0) {
		ff_buf_adds(b, times[per_day - 1]);
	} else {
		ff_buf_adds(b, "every ");
		ff_word_span(b, period_ns);
	}
}

/* "15", "15 Nov", "15 Nov 2023" */
static void word_day(struct ff_buf *b, const struct ff_date *d, bool has_month,
		     bool has_year)
{
	ff_buf_addf(b, "%d", d->day);
	if (has_month)
		ff_buf_addf(b, FF_NBSP "%s", ff_month_short[d->month - 1]);
	if (has_year)
		ff_buf_addf(b, FF_NBSP "%d", d->year);
}

static void word_clock(struct ff_buf *b, const struct ff_date *d)
{
	if (d->second != 0 || d->nanosecond != 0)
		ff_buf_addf(b, "%02d:%02d:%02d", d->hour, d->minute, d->second);
	else
		ff_buf_addf(b, "%02d:%02d", d->hour, d->minute);
}

int64_t ff_local_time(int64_t ns, int64_t tz_ns)
{
	if (tz_ns > 0 && ns > INT64_MAX - tz_ns)
		return INT64_MAX;
	if (tz_ns < 0 && ns < INT64_MIN - tz_ns)
		return INT64_MIN;
	return ns + tz_ns;
}

void ff_word_dates(struct ff_buf *b, int64_t from_ns, int64_t to_ns, int64_t tz_ns)
{
	static const char dash[] = FF_NBSP FF_NDASH FF_NBSP;
	struct ff_date a, z, last;
	bool is_short;

	from_ns = ff_local_time(from_ns, tz_ns);
	to_ns = ff_local_time(to_ns, tz_ns);
	if (to_ns < from_ns)
		to_ns = from_ns;
	ff_date_from_time(&a, from_ns);
	ff_date_from_time(&z, to_ns);
	/* the exclusive end at midnight belongs to the day before */
	ff_date_from_time(&last, to_ns > from_ns ? to_ns - 1 : to_ns);
	is_short = (double)to_ns - (double)from_ns < 2.0 * (double)FF_DAY &&
		   !(a.hour == 0 && a.minute == 0 && z.hour == 0 && z.minute == 0);
	if (a.year == last.year && a.month == last.month && a.day == last.day) {
		word_day(b, &a, true, true);
		if (is_short) {
			ff_buf_adds(b, ", ");
			word_clock(b, &a);
			ff_buf_adds(b, FF_NDASH);
			if (z.hour == 0 && z.minute == 0 && z.second == 0)
				ff_buf_adds(b, "24:00");
			else
				word_clock(b, &z);
		}
		return;
	}
	if (is_short) {
		word_day(b, &a, true, a.year != last.year);
		ff_buf_adds(b, FF_NBSP);
		word_clock(b, &a);
		ff_buf_adds(b, dash);
		word_day(b, &last, true, true);
		ff_buf_adds(b, FF_NBSP);
		if (last.day != z.day)
			ff_buf_adds(b, "24:00");
		else
			word_clock(b, &z);
		return;
	}
	word_day(b, &a, a.month != last.month || a.year != last.year,
		 a.year != last.year);
	ff_buf_adds(b, a.month != last.month || a.year != last.year ? dash : FF_NDASH);
	word_day(b, &last, true, true);
}

void ff_word_date(struct ff_buf *b, int64_t ns, int64_t tz_ns, bool with_time)
{
	struct ff_date d;

	ff_date_from_time(&d, ff_local_time(ns, tz_ns));
	if (with_time && (d.hour != 0 || d.minute != 0)) {
		word_clock(b, &d);
		ff_buf_adds(b, " on ");
	}
	ff_buf_addf(b, "%d" FF_NBSP "%s", d.day, ff_month_names[d.month - 1]);
}

/* Bins with a name of their own. */
static const char *word_bin_name(int64_t bin_ns)
{
	return bin_ns == 0	       ? "whole time"
	       : bin_ns < 0	       ? "month"
	       : bin_ns == FF_SEC      ? "second"
	       : bin_ns == 60 * FF_SEC ? "minute"
	       : bin_ns == FF_HOUR     ? "hour"
	       : bin_ns == FF_DAY      ? "day"
	       : bin_ns == 7 * FF_DAY  ? "week"
				       : NULL;
}

void ff_word_bin(struct ff_buf *b, int64_t bin_ns)
{
	const char *name = word_bin_name(bin_ns);

	if (name)
		ff_buf_adds(b, name);
	else
		ff_word_span(b, bin_ns);
}

const char *ff_word_unit(int64_t bin_ns)
{
	return bin_ns == 0	       ? "sources"
	       : bin_ns < 0	       ? "source-months"
	       : bin_ns == 60 * FF_SEC ? "source-minutes"
	       : bin_ns == FF_HOUR     ? "source-hours"
	       : bin_ns == FF_DAY      ? "source-days"
	       : bin_ns == 7 * FF_DAY  ? "source-weeks"
				       : "source-bins";
}

void ff_word_per(struct ff_buf *b, int64_t bin_ns)
{
	const char *name = word_bin_name(bin_ns);

	if (bin_ns == 0) {
		ff_buf_adds(b, "in all");
	} else if (name) {
		ff_buf_adds(b, name[0] == 'h' ? "an " : "a ");
		ff_buf_adds(b, name);
	} else {
		ff_buf_adds(b, "in ");
		ff_word_span(b, bin_ns);
	}
}
