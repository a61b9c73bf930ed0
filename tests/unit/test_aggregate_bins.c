/* SPDX-License-Identifier: MIT */
/* time bins: widths, months, before 1970, the ends of time */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <flowfig/aggregate.h>

static void widths_parse(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int kind;
		int64_t width;
	} rows[] = {
		{"30s", FF_BINS_FIXED, 30 * FF_SEC}, {"5m", FF_BINS_FIXED, 300 * FF_SEC},
		{"1h", FF_BINS_FIXED, FF_HOUR},	     {"7d", FF_BINS_FIXED, 7 * FF_DAY},
		{"1mo", FF_BINS_MONTH, 0},	     {"all", FF_BINS_ALL, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ff_bins b;
		char buf[24];
		assert_true(ff_bins_parse(&b, rows[i].text));
		assert_int_equal(b.kind, rows[i].kind);
		assert_int_equal(b.width_ns, rows[i].width);
		assert_string_equal(ff_bins_format(buf, sizeof buf, &b), rows[i].text);
	}
	struct ff_bins b;
	assert_false(ff_bins_parse(&b, "0h"));
	assert_false(ff_bins_parse(&b, "2mo"));
	assert_false(ff_bins_parse(&b, ""));
}

static void bins_are_half_open(void **state)
{
	(void)state;
	struct ff_bins hour = {FF_BINS_FIXED, FF_HOUR};
	assert_int_equal(ff_bin_of(&hour, 0), 0);
	assert_int_equal(ff_bin_of(&hour, FF_HOUR - 1), 0);
	assert_int_equal(ff_bin_of(&hour, FF_HOUR), 1);
	assert_int_equal(ff_bin_of(&hour, -1), -1);
	assert_int_equal(ff_bin_of(&hour, -FF_HOUR), -1);
	assert_int_equal(ff_bin_of(&hour, -FF_HOUR - 1), -2);
	assert_int_equal(ff_bin_start(&hour, -2), -2 * FF_HOUR);
}

static void months_follow_the_calendar(void **state)
{
	(void)state;
	struct ff_bins month = {FF_BINS_MONTH, 0};
	struct ff_date last = {.year = 2024,
			       .month = 2,
			       .day = 29,
			       .hour = 23,
			       .minute = 59,
			       .second = 59,
			       .nanosecond = 999999999};
	struct ff_date first = {.year = 2024, .month = 2, .day = 1};
	int64_t k = ff_bin_of(&month, ff_time_from_date(&last));
	assert_int_equal(ff_bin_start(&month, k), ff_time_from_date(&first));
	assert_int_equal(ff_bin_of(&month, ff_time_from_date(&last) + 1), k + 1);
	struct ff_date old = {.year = 1969, .month = 12, .day = 31};
	assert_int_equal(ff_bin_start(&month, ff_bin_of(&month, -1)),
			 ff_time_from_date(
				 &(struct ff_date){.year = 1969, .month = 12, .day = 1}));
	assert_true(ff_time_from_date(&old) < 0);
}

static void the_ends_of_time_do_not_overflow(void **state)
{
	(void)state;
	struct ff_bins hour = {FF_BINS_FIXED, FF_HOUR};
	assert_true(ff_bin_start(&hour, ff_bin_of(&hour, INT64_MAX) + 1) == INT64_MAX);
	assert_true(ff_bin_start(&hour, ff_bin_of(&hour, INT64_MIN)) == INT64_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(widths_parse),
		cmocka_unit_test(bins_are_half_open),
		cmocka_unit_test(months_follow_the_calendar),
		cmocka_unit_test(the_ends_of_time_do_not_overflow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
