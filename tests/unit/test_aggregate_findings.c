/* SPDX-License-Identifier: MIT */
/* contact findings: what was put into a contact surface comes out as findings, and
 * nothing else */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "aggregate/contact.h"

enum { HOURS = 720, TOP = 1100 };

static uint64_t grid[HOURS][TOP]; /* sources in the hour with exactly n */
static struct ff_prefix net;

static uint64_t seed;
static double uniform(void)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return ((double)(seed >> 11) + 0.5) / 9007199254740992.0;
}

/* Poisson by multiplication of uniforms; the normal for large means. */
static uint64_t poisson(double mean)
{
	if (mean > 50)
		return (uint64_t)fmax(0, mean + sqrt(mean) *
							 (uniform() + uniform() +
							  uniform() + uniform() - 2) *
							 1.732);
	double p = exp(-mean), x = uniform();
	uint64_t k = 0;
	for (; x > p; k++)
		x *= uniform();
	return k;
}

static void background(uint64_t with)
{
	memset(grid, 0, sizeof grid);
	seed = with;
	for (int h = 0; h < HOURS; h++) {
		/* 1 April 2024 was a Monday */
		bool weekend = h / 24 % 7 >= 5;
		for (int n = 1; n < TOP; n++)
			grid[h][n] = poisson((weekend ? 300 : 600) * (n == 1 ? 1.8 : 1) *
					     pow(n, -2.6));
	}
}

static int64_t hour(int h)
{
	struct ff_date d = {.year = 2024, .month = 4, .day = 1};
	return ff_time_from_date(&d) + h * FF_HOUR;
}

/* The grid as the aggregate would leave it, with its findings. */
static struct ff_result result(int top)
{
	static const struct ff_column contact[] = {
		{.name = "bin_start", .unit = "", .meaning = "", .kind = FF_COL_TIME},
		{.name = "destinations", .unit = "", .meaning = "", .kind = FF_COL_U64},
		{.name = "sources", .unit = "", .meaning = "", .kind = FF_COL_U64},
	};
	struct ff_result r = {0};
	struct ff_table *t = ff_calloc(2, sizeof *t);
	uint64_t sum = 0, nmax = 0;
	assert_int_equal(ff_table_init(&t[0], "contact", contact, 3, NULL), FF_OK);
	assert_int_equal(ff_table_init(&t[1], "bins", contact, 3, NULL), FF_OK);
	assert_int_equal(ff_table_reserve(&t[0], (size_t)HOURS * TOP, NULL), FF_OK);
	assert_int_equal(ff_table_reserve(&t[1], HOURS, NULL), FF_OK);
	for (int h = 0; h < HOURS; h++) {
		t[1].columns[0].v.time[h] = hour(h);
		t[1].columns[1].v.u64[h] = t[1].columns[2].v.u64[h] = 1000;
		t[1].rows++;
		for (int n = 1; n <= top; n++) {
			if (!grid[h][n])
				continue;
			t[0].columns[0].v.time[t[0].rows] = hour(h);
			t[0].columns[1].v.u64[t[0].rows] = (uint64_t)n;
			t[0].columns[2].v.u64[t[0].rows++] = grid[h][n];
			sum += grid[h][n];
			nmax = (uint64_t)n > nmax ? (uint64_t)n : nmax;
		}
	}
	r.tables = t;
	r.ntables = 2;
	ff_result_set_number(&r, "bin_ns", FF_HOUR, NULL);
	ff_result_set_number(&r, "first_ns", hour(0) + FF_SEC, NULL);
	ff_result_set_number(&r, "last_ns", hour(HOURS) - FF_SEC, NULL);
	ff_result_set_number(&r, "flows", 1000 * HOURS, NULL);
	ff_result_set_number(&r, "nmax", (int64_t)nmax, NULL);
	ff_result_set_number(&r, "source_bins", (int64_t)sum, NULL);
	ff_result_set_text(&r, "sizes", top >= 1024 ? "256,512,768,1024" : "", NULL);
	assert_true(ff_parse_prefix(&net, "198.18.4.0/22", 13));
	assert_int_equal(contact_findings(&r, &net, 1, NULL), FF_OK);
	return r;
}

static const struct ff_finding *find(const struct ff_result *r, const char *kind,
				     uint64_t low)
{
	for (size_t i = 0; i < r->nfindings; i++)
		if (strcmp(r->findings[i].kind, kind) == 0 &&
		    (!low || r->findings[i].low == low))
			return &r->findings[i];
	return NULL;
}

static void plain_background_has_no_band(void **state)
{
	(void)state;
	for (uint64_t s = 1; s <= 5; s++) {
		background(s);
		struct ff_result r = result(TOP - 1);
		assert_null(find(&r, "band", 0));
		assert_null(find(&r, "ridge", 0));
		assert_null(find(&r, "partial", 0));
		const struct ff_finding *fit = find(&r, "fit", 0),
					*peak = find(&r, "peak", 0);
		assert_true(fabs(ff_finding_number(fit, "slope", 0) + 2.6) < 0.1);
		assert_true(fabs(ff_finding_number(peak, "weekend", 0) - 0.5) < 0.05);
		ff_result_release(&r);
	}
}

static void pulses_are_a_band_with_a_period(void **state)
{
	(void)state;
	background(7);
	for (int h = 240; h < 528; h += 12)
		for (int n = 22; n <= 37; n++)
			grid[h][n] += poisson(12);
	struct ff_result r = result(TOP - 1);
	const struct ff_finding *band = find(&r, "band", 0);
	assert_non_null(band);
	assert_ptr_equal(band, &r.findings[0]); /* the heaviest */
	assert_true(band->from_ns == hour(240));
	assert_true(band->to_ns == hour(517));
	assert_true(band->low >= 21 && band->low <= 23 && band->high >= 36 &&
		    band->high <= 38);
	assert_true(ff_finding_number(band, "period_ns", 0) == (double)(12 * FF_HOUR));
	assert_true(ff_finding_number(band, "pulses", 0) == 24);
	assert_true(fabs(ff_finding_number(band, "sources", 0) - 192) < 20);
	assert_true(ff_finding_number(band, "z", 0) > 4);
	assert_string_equal(band->selection,
			    "--stime=2024/04/11T00:00:00.000-2024/04/22T12:59:59.999 "
			    "--dcidr=198.18.4.0/22");
	ff_result_release(&r);
}

static void steady_scanning_is_one_pulse(void **state)
{
	(void)state;
	background(8);
	for (int h = 100; h < 300; h++)
		for (int n = 25; n <= 35; n++)
			grid[h][n] += poisson(1.5);
	struct ff_result r = result(TOP - 1);
	const struct ff_finding *band = find(&r, "band", 0);
	assert_non_null(band);
	/* a chance hour next to it may belong to it */
	assert_true(llabs(band->from_ns - hour(100)) <= 3 * FF_HOUR);
	assert_true(llabs(band->to_ns - hour(300)) <= 3 * FF_HOUR);
	assert_true(ff_finding_number(band, "pulses", 0) == 1);
	assert_true(ff_finding_number(band, "period_ns", 1) == 0);
	ff_result_release(&r);
}

static void whole_prefixes_are_ridges(void **state)
{
	(void)state;
	background(9);
	for (int h = 3; h < HOURS; h += 60)
		grid[h][256] += 2;
	for (int h = 5; h < HOURS; h += 90)
		grid[h][1024]++;
	struct ff_result r = result(TOP - 1);
	const struct ff_finding *c = find(&r, "ridge", 256),
				*whole = find(&r, "ridge", 1024);
	assert_non_null(c);
	uint64_t sweeps = 0; /* the background has a few of its own */
	for (int h = 0; h < HOURS; h++)
		sweeps += grid[h][256];
	assert_true(ff_finding_number(c, "sources", 0) == (double)sweeps);
	assert_true(ff_finding_number(c, "prefix", 0) == 24);
	assert_true(ff_finding_number(c, "whole", 0) == 0);
	assert_true(ff_finding_number(c, "bins", 0) >= 12);
	assert_non_null(whole);
	assert_true(ff_finding_number(whole, "prefix", 0) == 22);
	assert_true(ff_finding_number(whole, "whole", 0) == 1);
	assert_null(find(&r, "band", 0));
	ff_result_release(&r);
}

static void few_hosts_climb(void **state)
{
	(void)state;
	background(10);
	for (int h = 0; h < HOURS; h++) {
		grid[h][6] += poisson(9);
		grid[h][7] += poisson(8);
	}
	struct ff_result r = result(9);
	const struct ff_finding *climb = find(&r, "ridge", 6);
	assert_non_null(climb);
	assert_int_equal(climb->high, 7);
	assert_null(find(&r, "band", 0));
	assert_non_null(find(&r, "region-sweeps", 6));
	ff_result_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_background_has_no_band),
		cmocka_unit_test(pulses_are_a_band_with_a_period),
		cmocka_unit_test(steady_scanning_is_one_pulse),
		cmocka_unit_test(whole_prefixes_are_ridges),
		cmocka_unit_test(few_hosts_climb),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
