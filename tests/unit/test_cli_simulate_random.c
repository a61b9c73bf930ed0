/* SPDX-License-Identifier: MIT */
/* The random numbers of `flowfig simulate`: known answers, accuracy of our own logarithm,
 * moments of the distributions. Seeds are fixed, so nothing here can fail by chance. */
#include "cli/simulate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define DRAWS 200000

static void known_answers(void **state)
{
	(void)state;
	/* of the reference implementation for state 1 2 3 4 */
	static const uint64_t expect[] = {UINT64_C(11520), 0, UINT64_C(1509978240),
					  UINT64_C(1215971899390074240)};
	struct ff_sim_random r = {.s = {1, 2, 3, 4}};
	for (size_t i = 0; i < sizeof expect / sizeof *expect; i++)
		assert_true(ff_sim_random_bits(&r) == expect[i]);
}

static void streams_differ(void **state)
{
	(void)state;
	struct ff_sim_random a, b, c, again;
	ff_sim_random_seed(&a, 7, "vlf");
	ff_sim_random_seed(&b, 7, "nat");
	ff_sim_random_seed(&c, 8, "vlf");
	ff_sim_random_seed(&again, 7, "vlf");
	uint64_t x = ff_sim_random_bits(&a);
	assert_true(x == ff_sim_random_bits(&again));
	assert_true(x != ff_sim_random_bits(&b));
	assert_true(x != ff_sim_random_bits(&c));
}

static void log_and_exp_are_accurate(void **state)
{
	(void)state;
	for (int i = 1; i < 4000; i++) {
		double x = i * i * 0.00037, y = (i - 2000) * 0.0173;
		assert_true(fabs(ff_sim_log(x) - log(x)) <= 1e-15 + 4e-16 * fabs(log(x)));
		assert_true(fabs(ff_sim_exp(y) / exp(y) - 1) <= 2e-14);
	}
	assert_true(ff_sim_log(1) == 0);
	assert_true(ff_sim_exp(0) == 1);
	assert_true(fabs(ff_sim_log(0x1p-53) + 36.736800569677101) < 1e-13);
}

static void below_stays_below_and_is_even(void **state)
{
	(void)state;
	struct ff_sim_random r;
	ff_sim_random_seed(&r, 1, "test");
	uint32_t seen[7] = {0};
	for (int i = 0; i < 70000; i++)
		seen[ff_sim_random_below(&r, 7)]++;
	for (int i = 0; i < 7; i++)
		assert_in_range(seen[i], 9600, 10400); /* deviation 93 */
	for (int i = 0; i < 1000; i++) {
		assert_in_range(ff_sim_random_between(&r, 49152, 65535), 49152, 65535);
		assert_int_equal(ff_sim_random_below(&r, 1), 0);
		double u = ff_sim_random_unit(&r);
		assert_true(u > 0 && u <= 1);
	}
}

static void moments(double (*draw)(struct ff_sim_random *), double *mean,
		    double *deviation)
{
	struct ff_sim_random r;
	ff_sim_random_seed(&r, 42, "moments");
	double sum = 0, squares = 0;
	for (int i = 0; i < DRAWS; i++) {
		double x = draw(&r);
		sum += x;
		squares += x * x;
	}
	*mean = sum / DRAWS;
	*deviation = sqrt(squares / DRAWS - *mean * *mean);
}

static double draw_exponential(struct ff_sim_random *r)
{
	return ff_sim_random_exponential(r, 5);
}
static double draw_normal(struct ff_sim_random *r)
{
	return ff_sim_random_normal(r);
}
static double draw_log_of_lognormal(struct ff_sim_random *r)
{
	return log(ff_sim_random_lognormal(r, 1000, 0.7));
}
static double draw_poisson_small(struct ff_sim_random *r)
{
	return ff_sim_random_poisson(r, 0.3);
}
static double draw_poisson_middle(struct ff_sim_random *r)
{
	return ff_sim_random_poisson(r, 50);
}
static double draw_poisson_large(struct ff_sim_random *r)
{
	return ff_sim_random_poisson(r, 900);
}

static void distributions_have_their_moments(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		double (*draw)(struct ff_sim_random *);
		double mean, deviation;
	} rows[] = {
		{"exponential", draw_exponential, 5, 5},
		{"normal", draw_normal, 0, 1},
		{"log-normal", draw_log_of_lognormal, 6.907755, 0.7},
		{"poisson 0.3", draw_poisson_small, 0.3, 0.547723},
		{"poisson 50", draw_poisson_middle, 50, 7.071068},
		{"poisson 900", draw_poisson_large, 900, 30},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		double mean, deviation;
		moments(rows[i].draw, &mean, &deviation);
		/* the mean of 200,000 draws is off by a few deviations / 447 */
		if (fabs(mean - rows[i].mean) > 4 * rows[i].deviation / 447 ||
		    fabs(deviation / rows[i].deviation - 1) > 0.01)
			fail_msg("%s: mean %g, deviation %g", rows[i].name, mean,
				 deviation);
	}
	struct ff_sim_random r;
	ff_sim_random_seed(&r, 1, "zero");
	assert_int_equal(ff_sim_random_poisson(&r, 0), 0);
}

static void power_law_has_its_slope(void **state)
{
	(void)state;
	struct ff_sim_powerlaw law;
	struct ff_err err;
	struct ff_sim_random r;
	uint32_t seen[256] = {0};
	ff_sim_random_seed(&r, 3, "law");
	assert_int_equal(ff_sim_powerlaw_init(&law, 2.7, 255, &err), FF_OK);
	double sum = 0;
	for (int n = 1; n <= 255; n++)
		sum += pow(n, -2.7);
	for (int i = 0; i < DRAWS; i++) {
		uint32_t n = ff_sim_powerlaw_draw(&law, &r);
		assert_in_range(n, 1, 255);
		seen[n]++;
	}
	for (int n = 1; n <= 20; n++) {
		double expect = DRAWS * pow(n, -2.7) / sum;
		assert_true(fabs(seen[n] - expect) < 4 * sqrt(expect));
	}
	ff_sim_powerlaw_release(&law);
	assert_int_equal(ff_sim_powerlaw_init(&law, 1.5, 1, &err), FF_OK);
	assert_int_equal(ff_sim_powerlaw_draw(&law, &r), 1);
	ff_sim_powerlaw_release(&law);
}

static void popular_is_zipf(void **state)
{
	(void)state;
	struct ff_sim_random r;
	uint32_t seen[100] = {0};
	ff_sim_random_seed(&r, 3, "zipf");
	for (int i = 0; i < DRAWS; i++) {
		uint32_t k = ff_sim_random_popular(&r, 100);
		assert_in_range(k, 0, 99);
		seen[k]++;
	}
	assert_in_range(seen[0], 29000, 31200); /* ln 2 / ln 101 = 15.0 % */
	assert_true(seen[0] > 8 * seen[15] && seen[99] > 0);
	assert_int_equal(ff_sim_random_popular(&r, 1), 0);
}

static void permutation_is_one_to_one(void **state)
{
	(void)state;
	static uint8_t met[1 << 12];
	for (unsigned bits = 1; bits <= 12; bits++)
		for (uint64_t key = 0; key < 5; key++) {
			memset(met, 0, sizeof met);
			for (uint32_t x = 0; x < UINT32_C(1) << bits; x++) {
				uint32_t y = ff_sim_permute(x, bits,
							    key * UINT64_C(0x123456789));
				assert_true(y < UINT32_C(1) << bits);
				assert_int_equal(met[y]++, 0);
			}
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers),
		cmocka_unit_test(streams_differ),
		cmocka_unit_test(log_and_exp_are_accurate),
		cmocka_unit_test(below_stays_below_and_is_even),
		cmocka_unit_test(distributions_have_their_moments),
		cmocka_unit_test(power_law_has_its_slope),
		cmocka_unit_test(popular_is_zipf),
		cmocka_unit_test(permutation_is_one_to_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
