/* SPDX-License-Identifier: MIT */
/* base/time: dates before and after 1970, leap years, the ends of 64 bits */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <string.h>

#include <flowfig/base.h>

static void test_parse_time(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
		enum ff_time_precision precision;
	} rows[] = {
		{"1970/01/01", 0, FF_TIME_DAY},
		{"1970-01-01T00:00:00Z", 0, FF_TIME_SECOND},
		{"2006/04/01", 1143849600 * FF_SEC, FF_TIME_DAY},
		{"2006/04/01:13", (1143849600 + 13 * 3600) * FF_SEC, FF_TIME_HOUR},
		{"2006/04/01:13:05", (1143849600 + 13 * 3600 + 300) * FF_SEC,
		 FF_TIME_MINUTE},
		{"2006/04/01:13:05:59", (1143849600 + 13 * 3600 + 359) * FF_SEC,
		 FF_TIME_SECOND},
		{"2006/04/01T00:00:00.123", 1143849600 * FF_SEC + 123 * FF_MS,
		 FF_TIME_FRACTION},
		{"2006-04-01 00:00:00.000000001", 1143849600 * FF_SEC + 1,
		 FF_TIME_FRACTION},
		{"2006-04-01T00:00:00.5Z", 1143849600 * FF_SEC + 500 * FF_MS,
		 FF_TIME_FRACTION},
		{"2006-04-01Z", 1143849600 * FF_SEC, FF_TIME_DAY},
		{"1969-12-31T23:59:59", -FF_SEC, FF_TIME_SECOND},
		{"1969-12-31T23:59:59.999999999", -1, FF_TIME_FRACTION},
		{"1900-03-01", -2203891200 * FF_SEC, FF_TIME_DAY},
		{"2000-02-29", 951782400 * FF_SEC, FF_TIME_DAY},
		{"2004-02-29", 1078012800 * FF_SEC, FF_TIME_DAY},
		{"2038-01-19T03:14:08Z", 2147483648 * FF_SEC, FF_TIME_SECOND},
		{"1677-09-21T00:12:43.145224193", INT64_MIN + 1, FF_TIME_FRACTION},
		{"2262-04-11T23:47:16.854775807", INT64_MAX, FF_TIME_FRACTION},
		{"0", 0, FF_TIME_SECOND},
		{"1143849600", 1143849600 * FF_SEC, FF_TIME_SECOND},
		{"1143849600.25", 1143849600 * FF_SEC + 250 * FF_MS, FF_TIME_FRACTION},
		{"5.000000001", 5 * FF_SEC + 1, FF_TIME_FRACTION},
		{"9223372035.999999999", INT64_C(9223372035999999999), FF_TIME_FRACTION},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum ff_time_precision precision = FF_TIME_DAY;
		int64_t ns = 77;

		if (!ff_parse_time(&ns, &precision, rows[i].text, strlen(rows[i].text)) ||
		    ns != rows[i].ns || precision != rows[i].precision)
			fail_msg("'%s' gives %" PRId64 ", precision %d", rows[i].text, ns,
				 (int)precision);
		assert_true(ff_parse_time(&ns, NULL, rows[i].text, strlen(rows[i].text)));
	}
}

static void test_parse_time_refuses(void **state)
{
	static const char *const rows[] = {
		"",
		"x",
		"2006/04",
		"2006/04/0",
		"2006/04/00",
		"2006/00/01",
		"2006/13/01",
		"2006/04/31",
		"2005/02/29",
		"1900/02/29",
		"2006/04-01",
		"2006/04/01:",
		"2006/04/01:1",
		"2006/04/01:24",
		"2006/04/01:13:",
		"2006/04/01:13:60",
		"2006/04/01:13:05:60",
		"2006/04/01:13:05:59.",
		"2006/04/01:13:05:59.1234567890",
		"2006/04/01:13:05:59.12x",
		"2006/04/01:13:05.5",
		"2006/04/01:13:05:59ZZ",
		"2006/04/01:13:05:59+01:00",
		"2006/04/01_13:05:59",
		"2006-4-1 13:05:59",
		" 2006/04/01",
		"2006/04/01 ",
		"-006/04/01",
		"9999/12/31",
		"0001/01/01",
		"1677-09-21T00:12:43.145224192", /* is INT64_MIN, which means no time */
		"1677-09-21T00:12:43.145224191",
		"1677-09-20",
		"2262-04-11T23:47:16.854775808",
		"2262-04-12",
		"-5",
		"1143849600.",
		".5",
		"1143849600.1234567890",
		"9223372036",
		"18446744073709551616",
		"1143849600123",
		"1e9",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t ns = 77;

		if (ff_parse_time(&ns, NULL, rows[i], strlen(rows[i])) || ns != 77)
			fail_msg("'%s' gives %" PRId64, rows[i], ns);
	}
}

static void test_format_time(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} rows[] = {
		{0, "1970-01-01T00:00:00Z"},
		{1143849600 * FF_SEC, "2006-04-01T00:00:00Z"},
		{1143849600 * FF_SEC + 120 * FF_MS, "2006-04-01T00:00:00.120Z"},
		{1143849600 * FF_SEC + 123456000, "2006-04-01T00:00:00.123456Z"},
		{1143849600 * FF_SEC + 7, "2006-04-01T00:00:00.000000007Z"},
		{-1, "1969-12-31T23:59:59.999999999Z"},
		{-FF_DAY, "1969-12-31T00:00:00Z"},
		{INT64_MIN, "1677-09-21T00:12:43.145224192Z"},
		{INT64_MAX, "2262-04-11T23:47:16.854775807Z"},
	};
	char text[40];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(ff_format_time(text, sizeof(text), rows[i].ns),
				    rows[i].text);
	memset(text, 'x', sizeof(text));
	assert_string_equal(ff_format_time(text, 11, 0), "1970-01-01");
	assert_int_equal(text[11], 'x');
}

/* Every day of four centuries, counted on the fingers. */
static void test_every_day(void **state)
{
	static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	struct ff_date want = {.year = 1700, .month = 1, .day = 1}, got;
	int64_t ns = ff_time_from_date(&want);
	int weekday = 5; /* a Friday */

	(void)state;
	assert_true(ns == -98615 * FF_DAY);
	for (; want.year < 2262; ns += FF_DAY) {
		bool leap = (want.year % 4 == 0 && want.year % 100 != 0) ||
			    want.year % 400 == 0;

		assert_true(ff_time_from_date(&want) == ns);
		ff_date_from_time(&got, ns + FF_DAY - 1);
		if (got.year != want.year || got.month != want.month ||
		    got.day != want.day || got.hour != 23 || got.minute != 59 ||
		    got.second != 59 || got.nanosecond != 999999999 ||
		    got.weekday != weekday)
			fail_msg("%d-%d-%d became %d-%d-%d, weekday %d", want.year,
				 want.month, want.day, got.year, got.month, got.day,
				 got.weekday);
		weekday = (weekday + 1) % 7;
		if (++want.day > lengths[want.month - 1] + (leap && want.month == 2)) {
			want.day = 1;
			if (++want.month > 12) {
				want.month = 1;
				want.year++;
			}
		}
	}
}

/* What 64 bits cannot hold stays at their end. */
static void test_from_date_saturates(void **state)
{
	struct ff_date d = {.year = 9999, .month = 12, .day = 31};

	(void)state;
	assert_true(ff_time_from_date(&d) == INT64_MAX);
	d.year = 1;
	assert_true(ff_time_from_date(&d) == INT64_MIN);
	assert_string_equal(ff_month_names[3], "April");
	assert_string_equal(ff_month_short[11], "Dec");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_time),
		cmocka_unit_test(test_parse_time_refuses),
		cmocka_unit_test(test_format_time),
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_from_date_saturates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
