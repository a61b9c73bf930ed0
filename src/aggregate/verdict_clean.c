/* SPDX-License-Identifier: MIT */
/* verdict_clean - splits the flows into streams and leaves the allocations: drops
 * repeats of a flow, sets fixed ports and services that bind their own ports apart, and
 * joins what one socket sent. */
#include "aggregate/verdict_parts.h"

#include <math.h>
#include <stdlib.h>

enum {
	CLEAN_REPEAT_S = 300,
	CLEAN_SOCKET_S = 120,	  /* a port again within so long, and so many events, */
	CLEAN_SOCKET_EVENTS = 50, /* is the same socket */
	CLEAN_REUSE_S = 30,
	CLEAN_REUSE_EVENTS = 15,
	CLEAN_FIXED = 5,	     /* uses that a fixed port has at least */
	CLEAN_SMALLEST_RANGE = 3976, /* ports of the narrowest known allocator */
	CLEAN_PORTS = 65536,
	CLEAN_LISTED = 8,
};
static bool clean_is_apart(uint8_t protocol, uint16_t dport)
{
	static const uint16_t udp[] = {67,  68,	 123,  137,  138,  500,
				       546, 547, 1900, 4500, 5353, 5355};
	if (protocol == 6)
		return dport == 53 || dport == 853;
	for (size_t i = 0; i < sizeof udp / sizeof *udp; i++)
		if (udp[i] == dport)
			return true;
	return false;
}

static bool clean_is_initiated(const struct verdict_flow *f)
{
	if (f->sport < 1024)
		return false;
	return (f->protocol == 6 && f->syn_known) || f->dport < f->sport;
}

static bool clean_is_in(const struct verdict_flow *f, enum verdict_stream_kind kind)
{
	if (kind == VERDICT_TCP)
		return f->protocol == 6;
	return f->protocol == 17 && (f->dport == 53) == (kind == VERDICT_DNS);
}

struct clean_ranked {
	uint64_t rank;
	struct verdict_event event;
};

static int clean_compare(const void *pa, const void *pb)
{
	const struct clean_ranked *a = pa, *b = pb;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return (a->event.port > b->event.port) - (a->event.port < b->event.port);
}

static uint64_t clean_dest(const struct verdict_flow *f)
{
	return ff_hash_bytes(&f->daddr, sizeof f->daddr, f->dport);
}

/* Sorts each group of equal times by a hash of what the flows are. */
static int clean_order(struct verdict_event *events, size_t n,
		       const struct verdict_flow *flows, struct ff_err *err)
{
	struct clean_ranked *group = NULL;
	size_t cap = 0, end;
	int rc = FF_OK;

	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && events[end].time_ns == events[i].time_ns;)
			end++;
		if (end - i < 2)
			continue;
		rc = ff_grow(&group, &cap, end - i, sizeof *group, err);
		if (rc)
			break;
		for (size_t j = i; j < end; j++) {
			const struct verdict_flow *f = &flows[events[j].flow];
			uint64_t key = clean_dest(f) + f->sport;
			group[j - i].rank = ff_mix64(key ^ (uint64_t)f->time_ns);
			group[j - i].event = events[j];
		}
		qsort(group, end - i, sizeof *group, clean_compare);
		for (size_t j = i; j < end; j++)
			events[j] = group[j - i].event;
	}
	ff_free(group);
	return rc;
}

/* Numbers the destinations and the groups of equal times. */
static int clean_number(struct verdict_event *events, size_t n,
			const struct verdict_flow *flows, struct ff_err *err)
{
	struct verdict_map map;
	int rc = verdict_map_init(&map, n, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++) {
		uint64_t key = clean_dest(&flows[events[i].flow]);
		struct verdict_slot *s = verdict_map_slot(&map, key);
		if (!s->is_used) {
			s->is_used = true;
			s->key = key;
			s->value = (int64_t)map.used++;
		}
		events[i].dest = (uint32_t)s->value;
		events[i].tie = i == 0 ? 0
				       : events[i - 1].tie + (events[i].time_ns !=
							      events[i - 1].time_ns);
	}
	verdict_map_release(&map);
	return FF_OK;
}

static struct verdict_event clean_event(const struct verdict_flow *flows, size_t i)
{
	return (struct verdict_event){
		.time_ns = flows[i].time_ns,
		.flow = (uint32_t)i,
		.port = flows[i].sport,
	};
}

int verdict_gather(struct verdict_event **out, size_t *n, enum verdict_stream_kind kind,
		   const struct verdict_flow *flows, size_t nflows, uint8_t *roles,
		   struct ff_err *err)
{
	struct verdict_event *events = NULL;
	size_t cap = 0, used = 0;
	int rc = FF_OK;

	for (size_t i = 0; i < nflows && !rc; i++) {
		const struct verdict_flow *f = &flows[i];
		if (!clean_is_in(f, kind))
			continue;
		roles[i] = VERDICT_UNREAD;
		if (!clean_is_initiated(f))
			continue;
		roles[i] = VERDICT_APART;
		if (clean_is_apart(f->protocol, f->dport))
			continue;
		roles[i] = VERDICT_OUTSIDE;
		rc = ff_grow(&events, &cap, used + 1, sizeof *events, err);
		if (!rc)
			events[used++] = clean_event(flows, i);
	}
	if (!rc)
		rc = clean_order(events, used, flows, err);
	if (rc) {
		ff_free(events);
		return rc;
	}
	*out = events;
	*n = used;
	return FF_OK;
}

int verdict_gather_used(struct verdict_event **out, size_t *n, uint8_t protocol,
			const struct verdict_flow *flows, size_t nflows,
			const uint8_t *roles, struct ff_err *err)
{
	struct verdict_event *events = ff_alloc(nflows, sizeof *events);
	size_t used = 0;

	if (!events)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < nflows; i++)
		if (roles[i] == VERDICT_USED &&
		    (!protocol || flows[i].protocol == protocol))
			events[used++] = clean_event(flows, i);
	int rc = clean_order(events, used, flows, err);
	if (!rc)
		rc = clean_number(events, used, flows, err);
	if (rc) {
		ff_free(events);
		return rc;
	}
	*out = events;
	*n = used;
	return FF_OK;
}

/* Uses of one port so far. */
struct clean_port {
	uint32_t uses;
	bool is_open;
	uint32_t dest;	    /* of the first use of the socket */
	size_t first, last; /* events */
	int64_t first_ns, last_ns;
};

/* The number of uses of a port that chance reaches with probability 1e-7 when `n` flows
 * fall evenly on the narrowest allocator's ports. */
static uint32_t clean_threshold(size_t n)
{
	double mean = (double)n / CLEAN_SMALLEST_RANGE;
	double term = exp(-mean), below = term;
	uint32_t k = 0;

	while (1 - below > 1e-7 && k < 1000) {
		term *= mean / ++k;
		below += term;
	}
	return k + 1 > CLEAN_FIXED ? k + 1 : CLEAN_FIXED;
}

static int clean_repeats(struct verdict_clean *c, const struct verdict_event *events,
			 size_t n, uint8_t *roles, struct ff_err *err)
{
	struct verdict_map map;
	int rc = verdict_map_init(&map, n, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++) {
		const struct verdict_event *e = &events[i];
		uint64_t key = (uint64_t)e->dest << 16 | e->port;
		struct verdict_slot *s = verdict_map_slot(&map, key);
		bool again = s->is_used && verdict_apart_ns(s->value, e->time_ns) <
						   CLEAN_REPEAT_S * FF_SEC;
		s->is_used = true;
		s->key = key;
		s->value = e->time_ns;
		roles[e->flow] = again ? VERDICT_REPEAT : VERDICT_USED;
		if (!again)
			c->events[c->raw++] = *e;
	}
	verdict_map_release(&map);
	return FF_OK;
}

/* Notes the busiest fixed ports and counts what is on any. */
static void clean_fixed(struct verdict_clean *c, const struct clean_port *ports,
			uint32_t threshold)
{
	for (uint32_t p = 0; p < CLEAN_PORTS; p++) {
		if (ports[p].uses == 0)
			continue;
		if (c->distinct++ == 0)
			c->raw_lo = (uint16_t)p;
		c->raw_hi = (uint16_t)p;
		if (ports[p].uses < threshold)
			continue;
		c->fixed += ports[p].uses;
		size_t kept = c->nports < 8 ? c->nports : 8, at = kept;
		c->nports++;
		while (at > 0 && ports[c->ports[at - 1]].uses < ports[p].uses)
			at--;
		if (at == 8)
			continue;
		for (size_t i = kept < 8 ? kept : 7; i > at; i--)
			c->ports[i] = c->ports[i - 1];
		c->ports[at] = (uint16_t)p;
	}
}

static void clean_sockets(struct verdict_clean *c, struct clean_port *ports,
			  uint32_t threshold, uint8_t *roles)
{
	for (size_t r = 0; r < c->raw; r++) {
		const struct verdict_event e = c->events[r];
		struct clean_port *p = &ports[e.port];
		if (p->uses >= threshold) {
			roles[e.flow] = VERDICT_IS_FIXED;
			continue;
		}
		if (p->is_open && c->n - p->last <= CLEAN_SOCKET_EVENTS &&
		    verdict_apart_ns(p->last_ns, e.time_ns) < CLEAN_SOCKET_S * FF_SEC) {
			p->last = c->n;
			p->last_ns = e.time_ns;
			c->reuse += p->dest != e.dest &&
				    c->n - p->first <= CLEAN_REUSE_EVENTS &&
				    verdict_apart_ns(p->first_ns, e.time_ns) <
					    CLEAN_REUSE_S * FF_SEC;
			roles[e.flow] = VERDICT_SAME;
			continue;
		}
		p->is_open = true;
		p->dest = e.dest;
		p->first = p->last = c->n;
		p->first_ns = p->last_ns = e.time_ns;
		c->events[c->n++] = e;
	}
}

int verdict_clean(struct verdict_clean *out, struct verdict_event *events, size_t n,
		  const struct verdict_flow *flows, uint8_t *roles, struct ff_err *err)
{
	struct verdict_clean c = {.events = ff_alloc(n, sizeof *c.events)};
	struct clean_port *ports = ff_calloc(CLEAN_PORTS, sizeof *ports);
	int rc = c.events && ports ? FF_OK : ff_fail_nomem(err);
	if (!rc)
		rc = clean_number(events, n, flows, err);
	if (!rc)
		rc = clean_repeats(&c, events, n, roles, err);
	if (!rc) {
		for (size_t i = 0; i < c.raw; i++)
			ports[c.events[i].port].uses++;
		uint32_t threshold = clean_threshold(c.raw);
		clean_fixed(&c, ports, threshold);
		clean_sockets(&c, ports, threshold, roles);
		*out = c;
	} else {
		ff_free(c.events);
	}
	ff_free(ports);
	return rc;
}
