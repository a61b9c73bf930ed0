/* SPDX-License-Identifier: MIT */
/* simulate_stacks - a network of hosts that choose source ports as known systems do, one
 * address each: what `flowfig ephemeral` is to tell apart. Requests and answers are
 * separate flows, as in the other scenarios. */
#include "cli/simulate_stacks.h"

#include <inttypes.h>

struct stacks_params {
	int stack; /* 0: all */
	int impair;
	uint64_t connections;
};

static const char *const stacks_names[FF_STACK_HOSTS + 2] = {
	"all",		 "xp",
	"windows",	 "macos",
	"netbsd",	 "linux-2.4",
	"linux-2.6",	 "linux-4.2",
	"linux-5.12",	 "linux-5.18",
	"freebsd",	 "openbsd",
	"solaris",	 "pf",
	"random",	 "resolver",
	"fixed-scan",	 "random-scan",
	"server",	 "nat-2-windows",
	"nat-3-windows", "nat-5-windows",
	"nat-2-mixed",	 "nat-3-mixed",
	"nat-5-mixed",	 NULL};
static const char *const stacks_impairs[FF_STACK_IMPAIRS + 1] = {
	"clean", "sampled", "reordered", "rounded", "reboots", "holes", "all", NULL};

static const struct ff_opt stacks_opts[] = {
	{.name = "connections",
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .help = "TCP connections seen of each host (of the resolver: queries), unless "
		 "--flows is given",
	 .offset = offsetof(struct stacks_params, connections),
	 .def = "1000",
	 .min = 1,
	 .max = 1000000},
	{.name = "impair",
	 .kind = FF_OPT_CHOICE,
	 .arg = "HOW",
	 .help = "what the sensor does to the flows: clean nothing; sampled sees one "
		 "connection in 10; reordered stamps up to a second late; rounded "
		 "stamps whole seconds; reboots has each host started again twice; "
		 "holes misses two stretches; all at once",
	 .offset = offsetof(struct stacks_params, impair),
	 .def = "clean",
	 .choices = stacks_impairs},
	{.name = "stack",
	 .kind = FF_OPT_CHOICE,
	 .arg = "NAME",
	 .help = "one kind of host, or all of them",
	 .offset = offsetof(struct stacks_params, stack),
	 .def = "all",
	 .choices = stacks_names},
	{.name = NULL},
};

/* The hosts that are asked for: from *first, how many. */
static uint32_t stacks_chosen(const struct stacks_params *p, uint32_t *first)
{
	*first = p->stack ? (uint32_t)p->stack - 1 : 0;
	return p->stack ? 1 : FF_STACK_HOSTS;
}

static int stacks_trace(struct ff_stack_trace *t, const struct ff_sim *sim,
			const struct stacks_params *p, uint32_t host,
			uint64_t connections, struct ff_err *err)
{
	return ff_stack_trace_make(t, &ff_stack_hosts[host], &ff_stack_impairs[p->impair],
				   (uint32_t)connections, sim->seed, err);
}

static int stacks_check_time(const struct ff_sim *sim, uint32_t host,
			     const struct ff_stack_event *last, struct ff_err *err)
{
	if (last->time_s * 1000 < (double)ff_sim_span_ms(sim))
		return FF_OK;
	return ff_fail(err, FF_EUSAGE,
		       "host '%s' needs more than %" PRIu32
		       " days for that: give more '--days', or fewer connections",
		       ff_stack_hosts[host].name, sim->days);
}

static uint64_t stacks_scaled(const struct stacks_params *p, double scale)
{
	uint64_t n = (uint64_t)((double)p->connections * scale + 0.5);
	return n < 1 ? 1 : n;
}

static uint64_t trace_flows(const struct ff_stack_trace *t)
{
	uint64_t n = 0;
	for (size_t i = 0; i < t->count; i++)
		n += 1 + (t->events[i].answered || !t->events[i].initiated);
	return n;
}

static int stacks_plan(uint64_t *flows, const struct ff_sim *sim, const void *params,
		       double scale, struct ff_err *err)
{
	const struct stacks_params *p = params;
	uint32_t first, n = stacks_chosen(p, &first);
	if (stacks_scaled(p, scale) > 1000000)
		return ff_fail(err, FF_EUSAGE,
			       "'--scale' makes more than 1,000,000 connections a host");
	*flows = 0;
	for (uint32_t i = 0; i < n; i++) {
		struct ff_stack_trace t = {0};
		int rc =
			stacks_trace(&t, sim, p, first + i, stacks_scaled(p, scale), err);
		if (rc == FF_OK && t.count)
			rc = stacks_check_time(sim, first + i, &t.events[t.count - 1],
					       err);
		*flows += trace_flows(&t);
		ff_stack_trace_release(&t);
		if (rc)
			return rc;
	}
	return FF_OK;
}

/* One event as one flow, or as two when it is answered. */
static void stacks_talk(struct ff_sim *sim, const struct ff_stack_event *e,
			uint32_t address, uint32_t first_site, bool is_rounded)
{
	struct ff_sim_talk t = {
		.start_ms = (uint64_t)(e->time_s * 1000),
		.outside = ff_sim_outside(sim, first_site + e->site),
		.inside = (uint16_t)address,
		.client_port = e->initiated ? e->sport : e->dport,
		.server_port = e->initiated ? e->dport : e->sport,
		.protocol = e->protocol,
		.is_from_inside = e->initiated,
		.answer = e->answered ? FF_SIM_ANSWERED : FF_SIM_SILENCE,
	};
	bool is_dns = t.server_port == 53;
	uint32_t fewest = t.protocol == 6 ? 4 : 1; /* hand shake and end */
	t.application = t.server_port;
	t.up = ff_sim_volume(sim, is_dns ? 70 : 900, .5, fewest);
	t.down = ff_sim_volume(sim, is_dns ? 150 : 6000, is_dns ? .5 : 1.5, fewest);
	t.rtt_ms = ff_sim_random_between(&sim->random, 5, 200);
	t.duration_ms = is_dns ? t.rtt_ms : ff_sim_duration(sim, 3000, 1.5);
	if (is_rounded) {
		t.rtt_ms = 0;
		t.duration_ms -= t.duration_ms % 1000;
	}
	ff_sim_talk(sim, &t);
}

static void stacks_facts(struct ff_sim *sim, const struct ff_stack_host *host,
			 const struct stacks_params *p, uint32_t address,
			 uint32_t counters)
{
	const struct ff_stack_impair *impair = &ff_stack_impairs[p->impair];
	ff_sim_fact(sim, "host", FF_SIM_HOST, address);
	ff_sim_fact_text(sim, "family", host->family);
	ff_sim_fact_text(sim, "generation", host->generation);
	ff_sim_fact(sim, "hosts_behind", FF_SIM_NUMBER, host->behind ? host->behind : 1);
	if (host->role == FF_STACK_NAT)
		ff_sim_fact(sim, "counters", FF_SIM_NUMBER, counters);
	ff_sim_fact_text(sim, "impair", stacks_impairs[p->impair]);
	ff_sim_fact(sim, "sampling", FF_SIM_NUMBER, impair->sampling);
	ff_sim_fact(sim, "reboots", FF_SIM_NUMBER, impair->reboots);
}

static int stacks_host(struct ff_sim *sim, const struct stacks_params *p, uint32_t host,
		       uint64_t connections, uint64_t budget, struct ff_err *err)
{
	const struct ff_stack_host *h = &ff_stack_hosts[host];
	uint32_t address = 10 + host;
	struct ff_stack_trace t = {0};
	int rc = stacks_trace(&t, sim, p, host, connections, err);
	if (rc)
		return rc;
	ff_sim_begin(sim, h->name, h->summary, budget);
	uint32_t first_site = ff_sim_take(sim, t.sites);
	for (size_t i = 0; i < t.count && !ff_sim_full(sim) && rc == FF_OK; i++) {
		rc = stacks_check_time(sim, host, &t.events[i], err);
		stacks_talk(sim, &t.events[i], address, first_site,
			    ff_stack_impairs[p->impair].is_rounded);
	}
	stacks_facts(sim, h, p, address, t.counters);
	ff_stack_trace_release(&t);
	return rc;
}

static int stacks_generate(struct ff_sim *sim, const void *params, struct ff_err *err)
{
	const struct stacks_params *p = params;
	uint32_t first, n = stacks_chosen(p, &first);
	int rc = FF_OK;
	for (uint32_t i = 0; i < n && rc == FF_OK; i++) {
		/* with --flows each host has its share, cut where that is used up: a
		 * connection is one flow at least */
		uint64_t budget = sim->scale > 0 ? UINT64_MAX
						 : (sim->target - sim->count) / (n - i);
		uint64_t connections =
			sim->scale > 0 ? stacks_scaled(p, sim->scale) : budget;
		rc = stacks_host(sim, p, first + i, connections, budget, err);
	}
	return rc;
}

const struct ff_sim_scenario ff_sim_stacks = {
	.name = "stacks",
	.summary = "hosts that choose source ports as known systems do",
	.title = "Scenario stacks",
	.opts = stacks_opts,
	.params_size = sizeof(struct stacks_params),
	.is_scaled = true,
	.plan = stacks_plan,
	.generate = stacks_generate,
};
