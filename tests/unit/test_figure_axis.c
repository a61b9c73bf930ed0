/* SPDX-License-Identifier: MIT */
/* figure/axis: which ticks there are and what they say */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "figure/axis.h"

/* Labels in order, with '|' between. */
static const char *axis_labels(const struct ff_ticks *t)
{
	static char text[2000];

	text[0] = '\0';
	for (size_t i = 0; i < t->count; i++) {
		if (!t->at[i].text[0])
			continue;
		if (text[0])
			strcat(text, "|");
		strcat(text, t->at[i].text);
	}
	return text;
}

static int64_t axis_date(int year, int month, int day, int hour, int minute)
{
	struct ff_date d = {
		.year = year, .month = month, .day = day, .hour = hour, .minute = minute};

	return ff_time_from_date(&d);
}

static void test_linear(void **state)
{
	static const struct {
		double d0, d1;
		unsigned most;
		const char *labels;
	} rows[] = {
		{0, 10, 6, "0|2|4|6|8|10"},
		{0, 4833, 3, "0|2,000|4,000"},
		{0, 1, 5, "0|0.5|1"},
		{-3, 3, 4,
		 "\xe2\x88\x92"
		 "2|0|2"},
		{0, 100, 1, "0"},
	};
	struct ff_ticks t = FF_TICKS_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_scale s = ff_scale_linear(rows[i].d0, rows[i].d1, 0, 100);

		assert_int_equal(ff_ticks_linear(&t, &s, rows[i].most, NULL), FF_OK);
		assert_string_equal(axis_labels(&t), rows[i].labels);
	}
	ff_ticks_release(&t);
}

static void test_log(void **state)
{
	static const struct {
		double d0, d1;
		bool with_125;
		const char *labels;
		size_t ticks;
	} rows[] = {
		{1, 4000, false, "1|10|100|1,000", 31},
		{.004, 2, false, "0.01|0.1|1", 26},
		{1, 10, true, "1|2|5|10", 10},
		{3, 40, true, "5|10|20", 11},
	};
	struct ff_ticks t = FF_TICKS_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_scale s = ff_scale_log(rows[i].d0, rows[i].d1, 0, 100);

		assert_int_equal(ff_ticks_log(&t, &s, rows[i].with_125, NULL), FF_OK);
		assert_string_equal(axis_labels(&t), rows[i].labels);
		assert_int_equal(t.count, rows[i].ticks);
		for (size_t k = 1; k < t.count; k++)
			assert_true(t.at[k].pos > t.at[k - 1].pos);
	}
	ff_ticks_release(&t);
}

static void test_hosts(void **state)
{
	static const uint64_t sizes[] = {256, 512, 1024};
	static const struct {
		double high;
		size_t nsizes;
		const char *labels;
	} rows[] = {
		{9, 0, "1|2|3|4|5|6|7|8|9"},
		{30, 0, "1|2|5|10|20"},
		{1024, 3, "1|2|5|10|20|50|100|200|256|512|1024"},
		{600, 3, "1|2|5|10|20|50|100|200|256|512"},
		{3000, 0, "1|2|5|10|20|50|100|200|500|1000|2000"},
	};
	struct ff_ticks t = FF_TICKS_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_scale s = ff_scale_log(1, rows[i].high, 0, 100);

		assert_int_equal(ff_ticks_hosts(&t, &s, sizes, rows[i].nsizes, NULL),
				 FF_OK);
		assert_string_equal(axis_labels(&t), rows[i].labels);
	}
	ff_ticks_release(&t);
}

static void test_time(void **state)
{
	const struct {
		int64_t from, to;
		double room;
		int tz_hours;
		const char *labels;
	} rows[] = {
		{axis_date(2023, 11, 15, 0, 0), axis_date(2023, 12, 15, 0, 0), 40, 0,
		 "15 Nov|20 Nov|25 Nov|30 Nov|5 Dec|10 Dec|15 Dec"},
		{axis_date(2013, 3, 3, 0, 0), axis_date(2013, 6, 1, 0, 0), 40, 0,
		 "15 Mar|1 Apr|15 Apr|1 May|15 May|1 Jun"},
		{axis_date(2023, 11, 15, 9, 0), axis_date(2023, 11, 15, 11, 0), 60, 0,
		 "09:00|09:30|10:00|10:30|11:00"},
		{axis_date(2023, 11, 15, 12, 0), axis_date(2023, 11, 16, 12, 0), 40, 0,
		 "12:00|15:00|18:00|21:00|16 Nov|03:00|06:00|09:00|12:00"},
		/* the same span by a clock two hours ahead */
		{axis_date(2023, 11, 15, 12, 0), axis_date(2023, 11, 16, 12, 0), 80, 2,
		 "18:00|16 Nov|06:00|12:00"},
		{axis_date(2021, 1, 1, 0, 0), axis_date(2023, 7, 1, 0, 0), 50, 0,
		 "Jan 2021|Jul|Jan 2022|Jul|Jan 2023|Jul"},
		{axis_date(2003, 12, 11, 0, 0), axis_date(2023, 11, 16, 0, 0), 60, 0,
		 "2005|2010|2015|2020"},
		{axis_date(2023, 11, 15, 9, 0),
		 axis_date(2023, 11, 15, 9, 0) + 20 * FF_SEC, 70, 0,
		 "09:00:00|09:00:05|09:00:10|09:00:15|09:00:20"},
		/* a span between two round times still has two labels */
		{axis_date(2023, 11, 15, 9, 7), axis_date(2023, 11, 15, 9, 28), 400, 0,
		 "09:15|09:20|09:25"},
	};
	struct ff_ticks t = FF_TICKS_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_scale s = ff_scale_time(rows[i].from, rows[i].to, 0, 400);

		assert_int_equal(ff_ticks_time(&t, &s, rows[i].tz_hours * FF_HOUR,
					       rows[i].room, NULL),
				 FF_OK);
		if (i == 8) /* any two will do */
			assert_true(strchr(axis_labels(&t), '|') != NULL);
		else
			assert_string_equal(axis_labels(&t), rows[i].labels);
		for (size_t k = 1; k < t.count; k++)
			assert_true(t.at[k].t_ns > t.at[k - 1].t_ns);
	}
	ff_ticks_release(&t);
}

/* Any span and any place in time: ends, ascends, never too many. */
static void test_time_extremes(void **state)
{
	static const int64_t at[] = {
		INT64_MIN,     INT64_MIN / 2,	   -1,	     0, FF_DAY,
		INT64_MAX / 2, INT64_MAX - FF_DAY, INT64_MAX};
	struct ff_ticks t = FF_TICKS_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++)
		for (size_t k = i; k < sizeof(at) / sizeof(at[0]); k++)
			for (int tz = -14; tz <= 14; tz += 7) {
				struct ff_scale s = ff_scale_time(at[i], at[k], 0, 400);

				assert_int_equal(
					ff_ticks_time(&t, &s, tz * FF_HOUR, 40, NULL),
					FF_OK);
				assert_true(t.count < 500);
			}
	for (int64_t span = FF_MS; span < 200 * 365 * FF_DAY; span += span / 7 + 1) {
		struct ff_scale s =
			ff_scale_time(axis_date(1999, 2, 27, 13, 5),
				      axis_date(1999, 2, 27, 13, 5) + span, 0, 400);

		assert_int_equal(ff_ticks_time(&t, &s, 0, 40, NULL), FF_OK);
		if (span > 4 * FF_MS)
			assert_true(strchr(axis_labels(&t), '|') != NULL);
		assert_true(t.count < 500);
	}
	ff_ticks_release(&t);
}

static void test_thin(void **state)
{
	const struct ff_canvas_opts opts = {
		.kind = FF_CANVAS_TRACE, .width_pt = 400, .height_pt = 100};
	struct ff_scale s = ff_scale_log(1, 1024, 100, 0);
	struct ff_text_style st = {.size_pt = 8};
	static const uint64_t sizes[] = {256, 512, 1024};
	struct ff_ticks t = FF_TICKS_INIT;
	struct ff_canvas *cv;
	size_t cleared;

	(void)state;
	assert_int_equal(ff_canvas_new(&cv, &opts, NULL), FF_OK);
	assert_int_equal(ff_ticks_hosts(&t, &s, sizes, 3, NULL), FF_OK);
	cleared = ff_ticks_thin(&t, cv, &st, false, 1);
	assert_true(cleared > 0);
	/* the ends stay, and what stays is apart */
	assert_string_equal(t.at[0].text, "1");
	assert_string_equal(t.at[t.count - 1].text, "1024");
	for (size_t i = 0; i < t.count; i++)
		for (size_t k = 0; k < i; k++)
			if (t.at[i].text[0] && t.at[k].text[0])
				assert_true(fabs(t.at[i].pos - t.at[k].pos) >= 9);
	ff_ticks_release(&t);
	ff_canvas_free(cv);
}

static void test_tz(void **state)
{
	static const struct {
		const char *tz;
		int minutes; /* 9999 = refused */
	} rows[] = {
		{NULL, 0},	   {"", 0},	    {"UTC", 0},	      {"Z", 0},
		{"+02:00", 120},   {"-0330", -210}, {"+5", 300},      {"+14", 840},
		{"+15", 9999},	   {"02:00", 9999}, {"Berlin", 9999}, {"+02:60", 9999},
		{"+02:00x", 9999}, {"+-2", 9999},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t ns = 1;
		int rc = ff_parse_tz(&ns, rows[i].tz, NULL);

		if (rc != (rows[i].minutes == 9999 ? FF_EUSAGE : FF_OK) ||
		    (rc == FF_OK && ns != rows[i].minutes * 60 * FF_SEC))
			fail_msg("'%s' gave %d, %lld ns", rows[i].tz, rc, (long long)ns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linear), cmocka_unit_test(test_log),
		cmocka_unit_test(test_hosts),  cmocka_unit_test(test_time),
		cmocka_unit_test(test_thin),   cmocka_unit_test(test_time_extremes),
		cmocka_unit_test(test_tz),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
