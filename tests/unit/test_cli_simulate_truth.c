/* SPDX-License-Identifier: MIT */
/* What `flowfig contact` must find in simulated flows: the power law, the band, the
 * ridges, and the truth file against a count by brute force. */
#include "simulate_help.h"

#include <math.h>
#include <stdio.h>

static void background_follows_the_power_law(void **state)
{
	(void)state;
	static const struct help_case c = {&ff_sim_slow_scan,
					   1,
					   400000,
					   30,
					   NET,
					   {"scanners=0", "sweeps=0", "exponent=2.2"}};
	struct ff_sim sim;
	struct ff_err err;
	struct ff_sim_contact contact;
	void *params;
	assert_int_equal(help_run(&sim, &params, &c, &err), FF_OK);
	assert_int_equal(ff_sim_contact_count(&contact, &sim, &err), FF_OK);
	double weights = 0, total = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
	for (int n = 1; n <= 255; n++) {
		weights += pow(n, -2.2);
		total += (double)contact.sources[n];
	}
	for (int n = 1; n <= 10; n++) {
		double expect = total * pow(n, -2.2) / weights,
		       got = (double)contact.sources[n];
		assert_true(fabs(got - expect) < 4.5 * sqrt(expect));
		sx += log(n);
		sy += log(got);
		sxx += log(n) * log(n);
		sxy += log(n) * log(got);
	}
	assert_true(fabs((10 * sxy - sx * sy) / (10 * sxx - sx * sx) + 2.2) < 0.03);
	for (uint32_t n = 256; n <= contact.max; n++)
		assert_true(contact.sources[n] == 0);
	ff_sim_contact_release(&contact);
	ff_sim_release(&sim);
	free(params);
}

/* Sixty scanners with n = 24 in step: while they are at work, an hour with a pulse
 * has about two thirds of them at exactly 24, the rest split over two hours. */
static void slow_scanners_are_a_band(void **state)
{
	(void)state;
	static const struct help_case c = {&ff_sim_slow_scan,
					   1,
					   60000,
					   10,
					   NET,
					   {"scanners=60", "rate=24", "sweeps=7"}};
	struct ff_sim sim;
	struct ff_err err;
	struct ff_sim_contact contact;
	void *params;
	assert_int_equal(help_run(&sim, &params, &c, &err), FF_OK);
	assert_int_equal(ff_sim_contact_count(&contact, &sim, &err), FF_OK);
	uint64_t pulses = 8; /* four days from the third on */
	int id = population(&sim, "slow-scan");
	uint64_t flows = 0, outside_window = 0;
	for (uint64_t i = 0; i < sim.count; i++) {
		const struct ff_sim_flow *f = help_at(&sim, i);
		if (f->population != id)
			continue;
		flows++;
		int64_t at = HELP_START + (int64_t)f->start_ms * FF_MS;
		outside_window += at < fact(&sim, "slow-scan", "from") ||
				  at >= fact(&sim, "slow-scan", "to") ||
				  f->start_ms % 43200000 > 2 * FF_SIM_HOUR_MS;
	}
	assert_true(flows == 60 * pulses * 24 && outside_window == 0);
	assert_in_range(contact.sources[24], 60 * pulses * 55 / 100,
			60 * pulses * 85 / 100);
	assert_true(contact.sources[23] < 40 && contact.sources[25] < 30);
	assert_true((int64_t)contact.sources[256] ==
		    fact(&sim, "sweeps", "quarter_prefix_sweeps"));
	assert_true((int64_t)contact.sources[512] ==
		    fact(&sim, "sweeps", "half_prefix_sweeps"));
	assert_true((int64_t)contact.sources[1024] ==
		    fact(&sim, "sweeps", "whole_prefix_sweeps"));
	assert_true(contact.sources[256] + contact.sources[512] + contact.sources[1024] ==
		    7);
	ff_sim_contact_release(&contact);
	ff_sim_release(&sim);
	free(params);
}

static void check_truth(const struct help_case *c)
{
	struct ff_sim sim;
	struct ff_err err;
	void *params;
	assert_int_equal(help_run(&sim, &params, c, &err), FF_OK);
	/* by brute force over the flows as they are written: is a pair new in its hour?
	 */
	struct ff_flow *flows = calloc(sim.count, sizeof *flows);
	uint32_t *distinct = calloc(sim.count, sizeof *distinct), expect[1025] = {0};
	assert_true(flows && distinct);
	for (uint64_t i = 0; i < sim.count; i++) {
		ff_sim_convert(&sim, &flows[i], help_at(&sim, i));
		if (!help_at(&sim, i)->is_inbound)
			continue;
		bool is_new = true;
		uint64_t first = i; /* of this source in this hour: keeps its count */
		for (uint64_t j = i; j-- > 0 && flows[j].start_ns / FF_HOUR ==
							flows[i].start_ns / FF_HOUR;)
			if (ff_addr_cmp(&flows[j].sip, &flows[i].sip) == 0) {
				first = j;
				is_new = is_new &&
					 ff_addr_cmp(&flows[j].dip, &flows[i].dip) != 0;
			}
		distinct[first] += is_new;
	}
	for (uint64_t i = 0; i < sim.count; i++)
		expect[distinct[i]]++;
	struct ff_buf truth = FF_BUF_INIT;
	assert_int_equal(ff_sim_truth(&truth, &sim, c->scenario, params, &err), FF_OK);
	uint64_t rows = 0;
	for (unsigned n = 1; n <= 1024; n++) {
		char line[80];
		snprintf(line, sizeof line, "\n{\"destinations\":%u,\"sources\":%u}", n,
			 expect[n]);
		if (expect[n] && !strstr(ff_buf_str(&truth), line))
			fail_msg("not in the truth file: %s", line);
		rows += expect[n] > 0;
	}
	for (const char *s = ff_buf_str(&truth); (s = strstr(s, "{\"destinations\":"));
	     s++)
		rows--;
	assert_true(rows == 0);
	char total[64];
	snprintf(total, sizeof total, "\"totals\":{\"flows\":%llu,",
		 (unsigned long long)c->flows);
	assert_non_null(strstr(ff_buf_str(&truth), total));
	ff_buf_release(&truth);
	free(flows);
	free(distinct);
	ff_sim_release(&sim);
	free(params);
}

static void truth_agrees_with_brute_force(void **state)
{
	(void)state;
	static const struct help_case rows[] = {
		{&ff_sim_border, 5, 20000, 1, NET, {NULL}},
		{&ff_sim_border, 5, 20000, 1, "2001:db8::/118", {NULL}},
		{&ff_sim_slow_scan,
		 5,
		 20000,
		 2,
		 NET,
		 {"scanners=50", "sweeps=5", "scan-days=1"}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check_truth(&rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(background_follows_the_power_law),
		cmocka_unit_test(slow_scanners_are_a_band),
		cmocka_unit_test(truth_agrees_with_brute_force),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
