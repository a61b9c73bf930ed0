/* SPDX-License-Identifier: MIT */
/* simulate_border - what passes the border of a small network in a month: strangers,
 * scanners, servers and their clients, a NAT gateway, people at desks, P2P, backscatter
 * and ICMP. Requests and replies are separate unidirectional flows, as a router sees
 * them. */
#include "cli/simulate.h"

struct border_params {
	double slow_from, slow_days;
};

static const struct ff_opt border_opts[] = {
	{.name = "slow-days",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "SHARE",
	 .help = "slow scanners: how long they are at work, as a share of --days",
	 .offset = offsetof(struct border_params, slow_days),
	 .def = "0.48",
	 .min = 0,
	 .max = 1},
	{.name = "slow-from",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "SHARE",
	 .help = "slow scanners: when they begin, as a share of --days",
	 .offset = offsetof(struct border_params, slow_from),
	 .def = "0",
	 .min = 0,
	 .max = 1},
	{.name = NULL},
};

#define BORDER_FLOWS 1000000 /* at scale 1 in 30 days */

bool ff_sim_house_used(const struct ff_sim_house *h, uint32_t host)
{
	return host == h->gateway || host == h->web[0] || host == h->web[1] ||
	       host == h->mail || host == h->dns || host == h->shell ||
	       host - h->linux_first < h->linux_count ||
	       host - h->windows_first < h->windows_count ||
	       host - h->p2p_first < h->p2p_count;
}

/* In 198.18.4.0/22: gateway .4.1, servers in .5, Linux in .6.1-24, Windows in .6.128-167,
 * P2P in .7; smaller prefixes shrink it in proportion, down to a /24. */
static struct ff_sim_house border_house(const struct ff_sim *sim)
{
	uint32_t all = ff_sim_hosts(sim), servers = all / 4, desks = all / 2;
	return (struct ff_sim_house){
		.gateway = 1,
		.web = {servers + 10, servers + 11},
		.shell = servers + 22,
		.mail = servers + 25,
		.dns = servers + 53,
		.linux_first = desks + 1,
		.linux_count = all / 16 < 24 ? all / 16 : 24,
		.windows_first = desks + all / 8,
		.windows_count = all / 8 < 40 ? all / 8 : 40,
		.p2p_first = desks + all / 4 + 1,
		.p2p_count = 4,
	};
}

static int border_plan(uint64_t *flows, const struct ff_sim *sim, const void *params,
		       double scale, struct ff_err *err)
{
	(void)params;
	(void)err;
	*flows = (uint64_t)(BORDER_FLOWS * scale * sim->days / 30 + 0.5);
	return FF_OK;
}

/* The population behind the band: as many hosts as the budget allows, in step twice a
 * day. */
static void border_slow(struct ff_sim *sim, const struct border_params *p,
			uint64_t budget)
{
	ff_sim_begin(sim, "slow-scan",
		     "hosts that scan 22 to 37 inside hosts twice a day, in step",
		     budget);
	uint64_t hours = ff_sim_hours(sim);
	uint64_t from = (uint64_t)(p->slow_from * (double)hours + 0.5);
	uint64_t to = from + (uint64_t)(p->slow_days * (double)hours + 0.5);
	struct ff_sim_slow s = {
		.low = 22,
		.high = 37,
		.from_ms = from * FF_SIM_HOUR_MS,
		.to_ms = (to > hours - 2 ? hours - 2 : to) * FF_SIM_HOUR_MS,
		.period_ms = 12 * FF_SIM_HOUR_MS,
		.port = 5060,
		.protocol = 17,
	};
	uint64_t pulses = s.to_ms > s.from_ms
				  ? (s.to_ms - s.from_ms + s.period_ms - 1) / s.period_ms
				  : 0;
	if (pulses)
		s.hosts = (uint32_t)(budget / (pulses * 30));
	s.first = ff_sim_take(sim, s.hosts);
	ff_sim_slow_periodic(sim, &s);
	ff_sim_fact(sim, "hosts", FF_SIM_NUMBER, s.hosts);
	ff_sim_fact(sim, "destinations_low", FF_SIM_NUMBER, s.low);
	ff_sim_fact(sim, "destinations_high", FF_SIM_NUMBER, s.high);
	ff_sim_fact(sim, "from", FF_SIM_TIME, sim->start_ns + (int64_t)s.from_ms * FF_MS);
	ff_sim_fact(sim, "to", FF_SIM_TIME, sim->start_ns + (int64_t)s.to_ms * FF_MS);
	ff_sim_fact(sim, "period", FF_SIM_DURATION, 12 * FF_HOUR);
	ff_sim_fact(sim, "pulses", FF_SIM_NUMBER, (int64_t)pulses);
}

static int border_generate(struct ff_sim *sim, const void *params, struct ff_err *err)
{
	(void)err;
	struct ff_sim_house house = border_house(sim);
	uint64_t share = sim->target /
			 100; /* budgets in per cent; the servers take what is left */
	ff_sim_border_strangers(sim, &house, 24 * share);
	ff_sim_border_probers(sim, 5 * share);
	ff_sim_begin(sim, "sweeps", "scans of whole blocks of the inside prefix",
		     8 * share);
	ff_sim_sweeps(sim, UINT32_MAX);
	border_slow(sim, params, 5 * share);
	ff_sim_border_backscatter(sim, &house, 2 * share);
	ff_sim_border_icmp(sim, &house, 2 * share);
	ff_sim_border_mail(sim, &house, 4 * share);
	ff_sim_border_resolver(sim, &house, 7 * share);
	ff_sim_border_nat(sim, &house, 9 * share);
	ff_sim_border_linux(sim, &house, 7 * share);
	ff_sim_border_windows(sim, &house, 8 * share);
	ff_sim_border_p2p(sim, &house, 6 * share);
	ff_sim_border_servers(sim, &house, UINT64_MAX);
	return FF_OK;
}

const struct ff_sim_scenario ff_sim_border = {
	.name = "border",
	.summary = "a month at the border of a small network, with everything that "
		   "passes there",
	.title = "Scenario border",
	.opts = border_opts,
	.params_size = sizeof(struct border_params),
	.plan = border_plan,
	.generate = border_generate,
};
