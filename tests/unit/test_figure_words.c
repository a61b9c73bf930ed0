/* SPDX-License-Identifier: MIT */
/* figure/words: numbers, dates and units as people write them */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "figure/words.h"

/* Compares with the no-break spaces read as spaces; clears the buffer. */
static void assert_words(struct ff_buf *b, const char *expect)
{
	char plain[300];
	size_t n = 0;

	for (const char *p = ff_buf_str(b); *p && n + 1 < sizeof(plain); p++) {
		if (strncmp(p, FF_NBSP, 2) == 0) {
			plain[n++] = ' ';
			p++;
		} else {
			plain[n++] = *p;
		}
	}
	plain[n] = '\0';
	assert_string_equal(plain, expect);
	ff_buf_clear(b);
}

static void test_numbers(void **state)
{
	static const struct {
		double share;
		const char *text;
	} percents[] = {
		{.879833, "88.0 %"}, {1, "100 %"},	{0, "0 %"},
		{.001256, "0.1 %"},  {.0003, "0.03 %"}, {.00001, "<0.01 %"},
		{.99996, ">99.9 %"}, {.5, "50.0 %"},	{NAN, "0 %"},
		{-1, "0 %"},
	};
	static const struct {
		double v;
		const char *text;
	} some[] = {
		{520, "500"}, {23.544, "24"}, {1234, "1,200"},	 {50, "50"},  {7, "7"},
		{150, "150"}, {270, "270"},   {98765, "99,000"}, {.4, "0.4"}, {36, "40"},
	};
	struct ff_buf b = FF_BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++) {
		ff_word_percent(&b, percents[i].share);
		assert_words(&b, percents[i].text);
	}
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		ff_word_some(&b, some[i].v);
		assert_words(&b, some[i].text);
	}
	ff_word_count(&b, 1714351);
	assert_words(&b, "1,714,351");
	ff_word_number(&b, -2.69, 2);
	assert_words(&b, FF_MINUS "2.69");
	ff_word_number(&b, -.001, 2);
	assert_words(&b, "0.00");
	ff_word_small(&b, 7);
	assert_words(&b, "seven");
	ff_word_small(&b, 11);
	assert_words(&b, "11");
	ff_word_range(&b, 20, 37);
	assert_words(&b, "20" FF_NDASH "37");
	ff_word_range(&b, 7, 7);
	assert_words(&b, "7");
	ff_buf_release(&b);
}

static void test_spans(void **state)
{
	static const struct {
		int64_t ns;
		const char *span, *every;
	} rows[] = {
		{6 * FF_HOUR, "6 h", "four times a day"},
		{12 * FF_HOUR, "12 h", "twice a day"},
		{FF_DAY, "1 day", "daily"},
		{8 * FF_HOUR, "8 h", "every 8 h"},
		{7 * FF_DAY, "1 week", "weekly"},
		{2 * FF_DAY, "2 days", "every 2 days"},
		{FF_HOUR, "1 h", "every hour"},
		{300 * FF_SEC, "5 min", "every 5 min"},
		{90 * FF_SEC, "90 s", "every 90 s"},
		{250 * FF_MS, "250 ms", "every 250 ms"},
		{FF_HOUR + 1, "1.0 h", "every 1.0 h"},
	};
	struct ff_buf b = FF_BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ff_word_span(&b, rows[i].ns);
		assert_words(&b, rows[i].span);
		ff_word_every(&b, rows[i].ns);
		assert_words(&b, rows[i].every);
	}
	ff_buf_release(&b);
}

static int64_t words_at(const char *text)
{
	int64_t ns = 0;

	assert_true(ff_parse_time(&ns, NULL, text, strlen(text)));
	return ns;
}

static void test_dates(void **state)
{
	static const struct {
		const char *from, *to, *text;
	} rows[] = {
		{"2023-11-15", "2023-12-15", "15 Nov " FF_NDASH " 14 Dec 2023"},
		{"2023-11-15", "2023-11-29T02:00", "15" FF_NDASH "29 Nov 2023"},
		{"2023-11-15", "2023-11-16", "15 Nov 2023"},
		{"2023-11-15T09:00", "2023-11-15T11:00",
		 "15 Nov 2023, 09:00" FF_NDASH "11:00"},
		{"2023-11-15T21:30", "2023-11-16", "15 Nov 2023, 21:30" FF_NDASH "24:00"},
		{"2023-11-15T21:00", "2023-11-16T03:00",
		 "15 Nov 21:00 " FF_NDASH " 16 Nov 2023 03:00"},
		{"2023-12-15", "2024-01-15", "15 Dec 2023 " FF_NDASH " 14 Jan 2024"},
		{"2023-12-15", "2023-12-15", "15 Dec 2023"},
		{"2003-12-11", "2023-11-16", "11 Dec 2003 " FF_NDASH " 15 Nov 2023"},
	};
	struct ff_buf b = FF_BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ff_word_dates(&b, words_at(rows[i].from), words_at(rows[i].to), 0);
		assert_words(&b, rows[i].text);
	}
	ff_word_dates(&b, words_at("2023-11-15T23:00"), words_at("2023-11-17T23:00"),
		      FF_HOUR);
	assert_words(&b, "16" FF_NDASH "17 Nov 2023");
	/* backwards, and past the calendar: words, no overflow */
	ff_word_dates(&b, INT64_MAX, INT64_MIN, 14 * FF_HOUR);
	assert_true(b.len > 0);
	ff_buf_clear(&b);
	ff_word_date(&b, words_at("2023-11-29T02:00"), 0, false);
	assert_words(&b, "29 November");
	ff_word_date(&b, words_at("2023-11-29T02:00"), 0, true);
	assert_words(&b, "02:00 on 29 November");
	ff_buf_release(&b);
}

static void test_units(void **state)
{
	static const struct {
		int64_t bin_ns;
		const char *bin, *unit, *per;
	} rows[] = {
		{FF_HOUR, "hour", "source-hours", "an hour"},
		{FF_DAY, "day", "source-days", "a day"},
		{-1, "month", "source-months", "a month"},
		{0, "whole time", "sources", "in all"},
		{300 * FF_SEC, "5 min", "source-bins", "in 5 min"},
	};
	struct ff_buf b = FF_BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ff_word_bin(&b, rows[i].bin_ns);
		assert_words(&b, rows[i].bin);
		assert_string_equal(ff_word_unit(rows[i].bin_ns), rows[i].unit);
		ff_word_per(&b, rows[i].bin_ns);
		assert_words(&b, rows[i].per);
	}
	assert_string_equal(ff_s(1), "");
	assert_string_equal(ff_s(0), "s");
	ff_buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
