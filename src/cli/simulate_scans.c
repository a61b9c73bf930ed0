/* SPDX-License-Identifier: MIT */
/* simulate_scans - scanners that both scenarios have: sweeps of whole blocks, and slow
 * scanning in step with a period. */
#include "cli/simulate.h"

/* ---- sweeps ---- */

/* One block of `hosts` addresses within one hour of the clock: that hour's bin then has a
 * source with exactly `hosts` destinations, a ridge of the contact surface. */
static void scans_sweep(struct ff_sim *sim, uint32_t source, uint64_t hour,
			uint32_t hosts)
{
	struct ff_sim_random *r = &sim->random;
	uint8_t protocol;
	uint16_t dport = ff_sim_scanned_port(sim, &protocol);
	uint16_t sport = (uint16_t)ff_sim_random_between(r, 1024, 65535);
	uint32_t base = ff_sim_random_below(r, ff_sim_hosts(sim) / hosts) * hosts;
	uint32_t span = ff_sim_random_between(r, 300000, 2700000); /* 5 to 45 minutes */
	uint64_t start =
		hour * FF_SIM_HOUR_MS + ff_sim_random_below(r, FF_SIM_HOUR_MS - span);
	uint32_t outside = ff_sim_outside(sim, source);
	for (uint32_t i = 0; i < hosts && !ff_sim_full(sim); i++)
		ff_sim_probe(sim, start + (uint64_t)span * i / hosts, outside, base + i,
			     sport, dport, protocol);
}

void ff_sim_sweeps(struct ff_sim *sim, uint32_t max)
{
	uint32_t all = ff_sim_hosts(sim),
		 mean = all * 9 / 20; /* of 1/4, 1/2 and 1 as 3 : 1 : 1 */
	uint64_t events = ff_sim_room(sim) / mean;
	events = events < max ? events : max;
	/* three visits a source, each in another third of the time, so that two never
	 * fall into one hour */
	uint32_t sources = (uint32_t)(events + 2) / 3,
		 hours = (uint32_t)ff_sim_hours(sim);
	uint32_t first = ff_sim_take(sim, sources);
	int64_t done[3] = {0};
	for (uint64_t e = 0; e < events; e++) {
		uint32_t part = (uint32_t)(e / sources),
			 draw = ff_sim_random_below(&sim->random, 5);
		uint32_t size = draw < 3 ? 0 : draw - 2, hosts = all / 4 << size;
		if (ff_sim_room(sim) < hosts)
			continue; /* never half a sweep */
		uint64_t hour;
		do
			hour = ff_sim_hour(sim, FF_SIM_WORLD);
		while (hour * 3 / hours != part);
		scans_sweep(sim, first + (uint32_t)(e % sources), hour, hosts);
		done[size]++;
	}
	ff_sim_fact(sim, "quarter_prefix_hosts", FF_SIM_NUMBER, all / 4);
	ff_sim_fact(sim, "quarter_prefix_sweeps", FF_SIM_NUMBER, done[0]);
	ff_sim_fact(sim, "half_prefix_hosts", FF_SIM_NUMBER, all / 2);
	ff_sim_fact(sim, "half_prefix_sweeps", FF_SIM_NUMBER, done[1]);
	ff_sim_fact(sim, "whole_prefix_hosts", FF_SIM_NUMBER, all);
	ff_sim_fact(sim, "whole_prefix_sweeps", FF_SIM_NUMBER, done[2]);
}

/* ---- slow scanning ---- */

uint32_t ff_sim_slow_rate(const struct ff_sim *sim, const struct ff_sim_slow *s,
			  uint32_t host)
{
	/* a property of the host, the same in every period and mode */
	uint64_t draw = ff_mix64(sim->seed ^ ff_mix64(host + UINT64_C(0x510f)));
	return s->low + (uint32_t)(draw % (s->high - s->low + 1));
}

void ff_sim_slow_periodic(struct ff_sim *sim, const struct ff_sim_slow *s)
{
	struct ff_sim_random *r = &sim->random;
	for (uint64_t pulse = s->from_ms; pulse < s->to_ms; pulse += s->period_ms)
		for (uint32_t h = 0; h < s->hosts && !ff_sim_full(sim); h++) {
			/* Hosts start over an hour and a quarter: about a third cross the
			 * hour of the clock and are seen as two smaller numbers, as in
			 * real pulses. */
			uint64_t phase =
				ff_mix64(sim->seed ^ ff_mix64(h + UINT64_C(0x9a5e))) %
				4200000;
			uint32_t n = ff_sim_slow_rate(sim, s, h),
				 outside = ff_sim_outside(sim, s->first + h);
			uint32_t span = ff_sim_random_between(r, 900000, 1800000);
			uint64_t key = ff_sim_random_bits(r), start = pulse + phase;
			uint16_t sport = (uint16_t)ff_sim_random_between(r, 1024, 65535);
			for (uint32_t i = 0; i < n; i++) {
				uint64_t at = start + ff_sim_random_below(r, span);
				ff_sim_probe(sim, at, outside,
					     ff_sim_permute(i, sim->inside_bits, key),
					     sport, s->port, s->protocol);
			}
		}
}
