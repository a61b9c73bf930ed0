/* SPDX-License-Identifier: MIT */
/* simulate_stacks_trace - what a host does, and what a sensor sees of it. A client's day
 * is bursts of connections to a few of 300 sites of Zipf popularity, a third of them UDP,
 * with silent hours now and then. */
#include "cli/simulate_stacks.h"

#include <stdlib.h>
#include <string.h>

#define SITE_EXPONENT 1.1
enum {
	UDP_PERCENT = 35,
	RESOLVERS = 2, /* sites 0 and 1 are the host's DNS servers */
};

const struct ff_stack_impair ff_stack_impairs[FF_STACK_IMPAIRS] = {
	[FF_STACK_CLEAN] = {.sampling = 1},
	[FF_STACK_SAMPLED] = {.sampling = 10},
	[FF_STACK_REORDERED] = {.sampling = 1, .is_reordered = true},
	[FF_STACK_ROUNDED] = {.sampling = 1, .is_rounded = true},
	[FF_STACK_REBOOTS] = {.sampling = 1, .reboots = 2},
	[FF_STACK_HOLES] = {.sampling = 1, .holes = 2},
	[FF_STACK_ALL_AT_ONCE] = {.sampling = 10,
				  .is_reordered = true,
				  .is_rounded = true,
				  .reboots = 2,
				  .holes = 2},
};

#define KIND(id) .role = FF_STACK_ONE, .kind = FF_STACK_##id
#define NAT(n, mixed) .role = FF_STACK_NAT, .behind = n, .is_mixed = mixed
const struct ff_stack_host ff_stack_hosts[FF_STACK_HOSTS] = {
	{"xp", "Windows XP: one counter in 1025-5000", "xp", "", KIND(XP)},
	{"windows", "Windows 7 or 10: TCP counts up in 49152-65535", "up-iana", "",
	 KIND(WINDOWS)},
	{"macos", "macOS: TCP counts up in 49152-65535, DNS from any port", "up-iana", "",
	 KIND(MACOS)},
	{"netbsd", "NetBSD: counts down in 49152-65535", "netbsd", "", KIND(NETBSD)},
	{"linux-2.4", "Linux 2.4: counts up in 32768-61000", "rover", "", KIND(LINUX_24)},
	{"linux-2.6", "Linux 2.6 to 4.1: hash and one counter", "linux-old", "",
	 KIND(LINUX_26)},
	{"linux-4.2", "Linux 4.2 to 5.11: hash and one counter, even ports", "linux",
	 "4.2-5.11", KIND(LINUX_42)},
	{"linux-5.12", "Linux 5.12 to 5.17: hash and 256 counters, even ports", "linux",
	 "5.12-5.17", KIND(LINUX_512)},
	{"linux-5.18", "Linux 5.18 or later: random steps, a new secret every 10 s",
	 "linux", "5.18+", KIND(LINUX_518)},
	{"freebsd", "FreeBSD 8 or later: random in 10000-65535", "freebsd", "",
	 KIND(FREEBSD)},
	{"openbsd", "OpenBSD: random in 1024-49151", "openbsd", "", KIND(OPENBSD)},
	{"solaris", "Solaris: random in 32768-65535", "solaris", "", KIND(SOLARIS)},
	{"pf", "pf NAT: random in 50001-65535", "pf", "", KIND(PF)},
	{"random", "a NAT that randomises: any port from 1024", "random-all", "",
	 KIND(RANDOM)},
	{"resolver", "a DNS resolver: random UDP ports from 1024", "random-all", "",
	 .role = FF_STACK_RESOLVER, .kind = FF_STACK_RANDOM},
	{"fixed-scan", "a scanner with one to three source ports", "fixed", "",
	 .role = FF_STACK_FIXED_SCAN},
	{"random-scan", "a scanner with random source ports, each target once", "none",
	 "", .role = FF_STACK_RANDOM_SCAN},
	{"server", "a server that opens nothing", "server", "", .role = FF_STACK_SERVER},
	{"nat-2-windows", "a NAT that keeps ports, 2 Windows hosts behind it", "lanes",
	 "", NAT(2, false)},
	{"nat-3-windows", "a NAT that keeps ports, 3 Windows hosts behind it", "lanes",
	 "", NAT(3, false)},
	{"nat-5-windows", "a NAT that keeps ports, 5 Windows hosts behind it", "lanes",
	 "", NAT(5, false)},
	{"nat-2-mixed", "a NAT that keeps ports, 2 hosts of different systems", "lanes",
	 "", NAT(2, true)},
	{"nat-3-mixed", "a NAT that keeps ports, 3 hosts of different systems", "lanes",
	 "", NAT(3, true)},
	{"nat-5-mixed", "a NAT that keeps ports, 5 hosts of different systems", "lanes",
	 "", NAT(5, true)},
};

/* ---- events ---- */

static int trace_add(struct ff_stack_trace *t, const struct ff_stack_event *e,
		     struct ff_err *err)
{
	int rc = ff_grow(&t->events, &t->cap, t->count + 1, sizeof *t->events, err);
	if (rc)
		return rc;
	t->events[t->count] = *e;
	t->events[t->count].order = (uint32_t)t->count;
	t->count++;
	if (e->site >= t->sites)
		t->sites = e->site + 1;
	return FF_OK;
}

static int event_cmp(const void *a, const void *b)
{
	const struct ff_stack_event *x = a, *y = b;
	if (x->time_s != y->time_s)
		return x->time_s < y->time_s ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static void trace_sort(struct ff_stack_trace *t)
{
	if (t->count)
		qsort(t->events, t->count, sizeof *t->events, event_cmp);
	for (size_t i = 0; i < t->count; i++)
		t->events[i].order = (uint32_t)i;
}

void ff_stack_trace_release(struct ff_stack_trace *t)
{
	ff_free(t->events);
	*t = (struct ff_stack_trace){0};
}

/* ---- what a client asks for ---- */

struct client {
	struct ff_sim_random *random;
	struct ff_sim_powerlaw popular;
	uint32_t udp_percent;
	bool has_idle, is_resolver;
};

static uint32_t client_site(struct client *c)
{
	return RESOLVERS + ff_sim_powerlaw_draw(&c->popular, c->random) - 1;
}

static void client_want(struct client *c, struct ff_stack_event *e, uint32_t site)
{
	struct ff_sim_random *r = c->random;
	e->protocol = ff_sim_random_percent(r, c->udp_percent) ? 17 : 6;
	e->initiated = true;
	e->answered = ff_sim_random_percent(r, 96);
	e->site = site;
	e->dport = site % 3 ? 443 : 80;
	if (e->protocol == 6)
		return;
	e->dport = ff_sim_random_percent(r, 80) ? 53 : 443;
	/* a resolver asks the sites' own servers */
	if (e->dport == 53 && !c->is_resolver)
		e->site = ff_sim_random_below(r, RESOLVERS);
}

/* One burst at time_s: a page and what it needs, from one to four sites. */
static int client_burst(struct ff_stack_trace *t, struct client *c, double time_s,
			size_t *connections, struct ff_err *err)
{
	struct ff_sim_random *r = c->random;
	/* geometric, one chance in 8.3 to be the last */
	double stay = ff_sim_log(1 - .12);
	uint32_t n = 1 + (uint32_t)(ff_sim_log(ff_sim_random_unit(r)) / stay);
	uint32_t nsites = ff_sim_random_between(r, 1, 4), sites[4];
	for (uint32_t i = 0; i < nsites; i++)
		sites[i] = client_site(c);
	while (n-- > 0) {
		struct ff_stack_event e = {0};
		time_s += ff_sim_random_exponential(r, .25);
		uint32_t site = sites[ff_sim_random_below(r, nsites)];
		client_want(c, &e, site);
		e.time_s = time_s;
		*connections += e.protocol == 6 || c->is_resolver;
		int rc = trace_add(t, &e, err);
		if (rc)
			return rc;
	}
	return FF_OK;
}

static int client_traffic(struct ff_stack_trace *t, struct client *c, size_t connections,
			  struct ff_err *err)
{
	double time_s = 0;
	size_t made = 0;
	int rc = ff_sim_powerlaw_init(&c->popular, SITE_EXPONENT, FF_STACK_SITES, err);
	while (rc == FF_OK && made < connections) {
		time_s += ff_sim_random_exponential(c->random, 45);
		if (c->has_idle && ff_sim_random_below(c->random, 250) == 0)
			time_s += ff_sim_random_exponential(c->random, 6 * 3600);
		rc = client_burst(t, c, time_s, &made, err);
	}
	ff_sim_powerlaw_release(&c->popular);
	trace_sort(t);
	return rc;
}

/* Gives the events from `first` on the ports of one system. */
static int client_ports(struct ff_stack_trace *t, enum ff_stack_kind kind, bool is_old,
			uint32_t reboots, struct ff_sim_random *r, struct ff_err *err)
{
	uint32_t at[8];
	struct ff_stack s;
	int rc = ff_stack_init(&s, kind, is_old, r, err);
	for (uint32_t i = 0; i < reboots && t->count > 1; i++)
		at[i] = 1 + ff_sim_random_below(r, (uint32_t)t->count - 1);
	for (size_t i = 0; i < t->count && rc == FF_OK; i++) {
		struct ff_stack_event *e = &t->events[i];
		for (uint32_t k = 0; k < reboots; k++)
			if (at[k] == i)
				ff_stack_boot(&s, false);
		rc = ff_stack_port(&e->sport, &s, e->time_s, e->protocol, e->site,
				   e->dport, err);
	}
	ff_stack_release(&s);
	return rc;
}

static int make_client(struct ff_stack_trace *t, enum ff_stack_kind kind, bool behind_nat,
		       bool is_resolver, size_t connections, uint32_t reboots,
		       struct ff_sim_random *r, struct ff_err *err)
{
	struct client c = {.random = r,
			   .udp_percent = is_resolver ? 95 : UDP_PERCENT,
			   .has_idle = !behind_nat,
			   .is_resolver = is_resolver};
	bool is_old = behind_nat || !ff_sim_random_percent(r, 25);
	int rc = client_traffic(t, &c, connections, err);
	return rc ? rc : client_ports(t, kind, is_old, reboots, r, err);
}

/* ---- NAT that keeps the port when it is free, as Linux does ---- */

static int nat_port(struct ff_stack_busy *busy, struct ff_stack_event *e,
		    struct ff_sim_random *r, struct ff_err *err)
{
	for (unsigned tries = 0; tries < 128; tries++) {
		uint64_t key = UINT64_C(1) << 63 | (uint64_t)(e->protocol == 17) << 62 |
			       (uint64_t)e->site << 32 | (uint64_t)e->dport << 16 |
			       e->sport;
		if (!ff_stack_busy_at(busy, key, e->time_s))
			return ff_stack_busy_until(busy, key, e->time_s + 120, err);
		uint32_t other =
			tries ? e->sport + 1u : ff_sim_random_between(r, 1024, 65535);
		e->sport = (uint16_t)(other > 65535 ? 1024 : other);
	}
	return FF_OK;
}

static int make_nat(struct ff_stack_trace *t, const struct ff_stack_host *host,
		    size_t connections, uint32_t reboots, struct ff_sim_random *r,
		    struct ff_err *err)
{
	enum ff_stack_kind kinds[] = {FF_STACK_WINDOWS, FF_STACK_MACOS,
				      FF_STACK_LINUX_518, FF_STACK_LINUX_26,
				      FF_STACK_WINDOWS};
	struct ff_stack_busy busy = {0};
	double span_s = 0, share[5], shares = 0;
	int rc = FF_OK;
	for (uint32_t i = 0; i < host->behind; i++)
		shares += share[i] = .6 + .8 * ff_sim_random_unit(r);
	for (uint32_t i = 4; i > 0; i--) {
		uint32_t k = ff_sim_random_below(r, i + 1);
		enum ff_stack_kind swap = kinds[i];
		kinds[i] = kinds[k];
		kinds[k] = swap;
	}
	for (uint32_t i = 0; i < host->behind && rc == FF_OK; i++) {
		struct ff_stack_trace one = {0};
		size_t n = 1 + (size_t)((double)connections * share[i] / shares);
		enum ff_stack_kind kind = host->is_mixed ? kinds[i] : FF_STACK_WINDOWS;
		t->counters += kind == FF_STACK_WINDOWS || kind == FF_STACK_MACOS;
		rc = make_client(&one, kind, true, false, n, reboots, r, err);
		/* all of them are at work over the same time */
		double end_s = one.count ? one.events[one.count - 1].time_s : 1;
		if (i == 0)
			span_s = end_s;
		for (size_t k = 0; k < one.count && rc == FF_OK; k++) {
			one.events[k].time_s *= span_s / end_s;
			rc = trace_add(t, &one.events[k], err);
		}
		ff_stack_trace_release(&one);
	}
	trace_sort(t);
	for (size_t i = 0; i < t->count && rc == FF_OK; i++)
		rc = nat_port(&busy, &t->events[i], r, err);
	ff_free(busy.slots);
	return rc;
}

/* ---- hosts without an allocator to be seen ---- */

static int make_scan(struct ff_stack_trace *t, bool is_fixed, size_t connections,
		     struct ff_sim_random *r, struct ff_err *err)
{
	static const uint16_t targets[] = {22, 80, 443, 3389};
	uint16_t port[3];
	uint32_t nports = ff_sim_random_between(r, 1, 3);
	double time_s = 0;
	int rc = FF_OK;
	for (int i = 0; i < 3; i++)
		port[i] = (uint16_t)ff_sim_random_between(r, 1024, 65535);
	for (size_t i = 0; i < connections && rc == FF_OK; i++) {
		time_s += ff_sim_random_exponential(r, .05);
		struct ff_stack_event e = {.time_s = time_s,
					   .protocol = 6,
					   .initiated = true,
					   .site = (uint32_t)i};
		e.dport = is_fixed ? targets[ff_sim_random_below(r, 4)] : 80;
		e.sport = is_fixed ? port[i * nports / connections]
				   : (uint16_t)ff_sim_random_between(r, 32768, 60999);
		rc = trace_add(t, &e, err);
	}
	return rc;
}

static int make_server(struct ff_stack_trace *t, size_t connections,
		       struct ff_sim_random *r, struct ff_err *err)
{
	double time_s = 0;
	int rc = FF_OK;
	for (size_t i = 0; i < connections && rc == FF_OK; i++) {
		time_s += ff_sim_random_exponential(r, 3);
		struct ff_stack_event e = {.time_s = time_s,
					   .protocol = 6,
					   .sport = 443,
					   .answered = true,
					   .site = (uint32_t)i};
		e.dport = (uint16_t)ff_sim_random_between(r, 1024, 65535);
		rc = trace_add(t, &e, err);
	}
	return rc;
}

/* ---- what the sensor does to it ---- */

/* A sixth of the events, from somewhere in the first two thirds on. */
static void drop_stretch(struct ff_stack_trace *t, struct ff_sim_random *r)
{
	size_t gap = t->count / 6;
	size_t from = ff_sim_random_below(r, (uint32_t)(t->count * 2 / 3 + 1));
	memmove(t->events + from, t->events + from + gap,
		(t->count - from - gap) * sizeof *t->events);
	t->count -= gap;
}

static void trace_impair(struct ff_stack_trace *t, const struct ff_stack_impair *how,
			 struct ff_sim_random *r)
{
	size_t n = 0;
	for (uint32_t i = 0; i < how->holes; i++)
		drop_stretch(t, r);
	for (size_t i = 0; i < t->count && how->sampling > 1; i++)
		if (ff_sim_random_below(r, how->sampling) == 0)
			t->events[n++] = t->events[i];
	if (how->sampling > 1)
		t->count = n;
	for (size_t i = 0; i < t->count && how->is_reordered; i++)
		t->events[i].time_s += ff_sim_random_unit(r);
	if (how->is_reordered)
		trace_sort(t);
	for (size_t i = 0; i < t->count && how->is_rounded; i++) {
		struct ff_stack_event *e = &t->events[i];
		e->time_s = (double)(uint64_t)e->time_s;
		e->order = (uint32_t)ff_sim_random_bits(r);
	}
	if (how->is_rounded)
		trace_sort(t);
}

/* Up to the last of `connections`. */
static void trace_cut(struct ff_stack_trace *t, bool is_resolver, size_t connections)
{
	size_t seen = 0, i = 0;
	while (i < t->count && seen < connections)
		seen += t->events[i++].protocol == 6 || is_resolver;
	t->count = i;
}

int ff_stack_trace_make(struct ff_stack_trace *out, const struct ff_stack_host *host,
			const struct ff_stack_impair *impair, uint32_t connections,
			uint64_t seed, struct ff_err *err)
{
	struct ff_stack_trace t = {0};
	struct ff_sim_random r;
	size_t n = (size_t)connections * impair->sampling;
	bool is_resolver = host->role == FF_STACK_RESOLVER;
	int rc = FF_OK;
	ff_sim_random_seed(&r, seed, host->name);
	/* what the sensor loses is made up for; a tenth more, for bad luck */
	if (impair->sampling > 1)
		n += n / 10 + 50 * (size_t)impair->sampling;
	if (impair->holes)
		n += n / 2 + 60;
	switch (host->role) {
	case FF_STACK_ONE:
	case FF_STACK_RESOLVER:
		rc = make_client(&t, host->kind, false, is_resolver, n, impair->reboots,
				 &r, err);
		break;
	case FF_STACK_NAT:
		rc = make_nat(&t, host, n, impair->reboots, &r, err);
		break;
	case FF_STACK_FIXED_SCAN:
	case FF_STACK_RANDOM_SCAN:
		rc = make_scan(&t, host->role == FF_STACK_FIXED_SCAN, n, &r, err);
		break;
	case FF_STACK_SERVER:
		rc = make_server(&t, n, &r, err);
		break;
	}
	if (rc) {
		ff_stack_trace_release(&t);
		return rc;
	}
	trace_impair(&t, impair, &r);
	trace_cut(&t, is_resolver, connections);
	*out = t;
	return FF_OK;
}
