/* SPDX-License-Identifier: MIT */
/* figure/scale: from data to points and back */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include <flowfig/base.h>

#include "figure/scale.h"

static void assert_near(double a, double b)
{
	if (!(fabs(a - b) <= 1e-9 * fmax(1, fmax(fabs(a), fabs(b)))))
		fail_msg("%.17g is not %.17g", a, b);
}

static void test_linear_and_log(void **state)
{
	static const struct {
		bool is_log;
		double d0, d1, r0, r1, v, at;
	} rows[] = {
		{false, 0, 10, 0, 100, 5, 50},	 {false, 0, 10, 100, 0, 2, 80},
		{false, -5, 5, 10, 20, 15, 30},	 {false, 3, 3, 0, 1, 3, .5},
		{false, 0, 0, 0, 1, 0, .5},	 {true, 1, 1000, 0, 30, 10, 10},
		{true, 1, 1000, 30, 0, 1000, 0}, {true, .01, 100, 0, 4, .1, 1},
		{true, 7, 7, 0, 10, 7, 5},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_scale s = (rows[i].is_log ? ff_scale_log : ff_scale_linear)(
			rows[i].d0, rows[i].d1, rows[i].r0, rows[i].r1);

		assert_near(ff_scale_at(&s, rows[i].v), rows[i].at);
		assert_near(ff_scale_invert(&s, rows[i].at), rows[i].v);
	}
}

static void test_time(void **state)
{
	struct ff_scale s = ff_scale_time(1000 * FF_DAY, 1010 * FF_DAY, 20, 120);

	(void)state;
	assert_near(ff_scale_at_time(&s, 1000 * FF_DAY), 20);
	assert_near(ff_scale_at_time(&s, 1005 * FF_DAY), 70);
	assert_near(ff_scale_at_time(&s, 1011 * FF_DAY), 130);
	assert_true(ff_scale_invert_time(&s, 70) == 1005 * FF_DAY);
	/* an empty domain and one that is all of time: numbers, no overflow */
	s = ff_scale_time(5, 5, 0, 10);
	assert_near(ff_scale_at_time(&s, 5), 0);
	s = ff_scale_time(INT64_MAX, INT64_MAX, 0, 10);
	assert_near(ff_scale_at_time(&s, INT64_MAX), 10);
	s = ff_scale_time(INT64_MIN, INT64_MAX, 0, 100);
	assert_near(ff_scale_at_time(&s, 0), 50);
	assert_true(ff_scale_invert_time(&s, 1000) == INT64_MAX);
	assert_true(ff_scale_invert_time(&s, -1000) == INT64_MIN);
}

static void test_round_up(void **state)
{
	static const double rows[][2] = {
		{1, 1},	 {1.01, 2}, {2, 2},	  {3, 4},     {4.5, 6},	  {6.01, 8},
		{9, 10}, {10, 10},  {3923, 4000}, {680, 800}, {.03, .04}, {1e6, 1e6},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_near(ff_round_up(rows[i][0]), rows[i][1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linear_and_log),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_round_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
