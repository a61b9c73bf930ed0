/* SPDX-License-Identifier: MIT */
/* pcap_flows - packets into unidirectional flows.
 *
 * A flow has a number, its place in three arrays that grow together: what is known of it,
 * and its neighbours in a list by last packet, from which flows that were idle for too
 * long are taken at one end. An index of open addressing finds the number of a key: each
 * of its slots has 32 bits of the key's hash beside the number, so that few flows are
 * looked at in vain, and slots can be moved without looking at any.
 *
 * What is written does not depend on the hash: flows end in the order of the list. */
#include "input/pcap.h"

enum { FLOWS_NONE = UINT32_MAX, FLOWS_SLOTS_MIN = 1024 };

struct flow_key {
	struct ff_addr sip, dip;
	uint32_t vlan;
	uint16_t sport, dport;
	uint8_t protocol, is_v6;
	uint8_t filler[6]; /* zero: keys are compared as bytes */
};

enum {
	FLOW_HAS_INITIAL = 1,
	FLOW_HAS_SESSION = 2,
	FLOW_HAS_ICMP = 4,
	FLOW_SIZES_DIFFER = 8,
	FLOW_FINISHED = 16,  /* a FIN came */
	FLOW_AFTER_FIN = 32, /* and then more than a bare ACK */
	FLOW_CONTINUED = 64,
};

struct flow {
	struct flow_key key;
	int64_t start_ns, end_ns;
	uint64_t packets, bytes;
	uint64_t first_bytes; /* of the first packet */
	uint32_t hash;
	uint8_t initial, session, state; /* FLOW_... */
};

struct flow_links {
	uint32_t before, after; /* longer, and less long idle; or the next free one */
};

struct flow_slot {
	uint32_t hash, flow; /* FLOWS_NONE: empty */
};

struct packet_flows {
	struct packet_flows_opts opts;
	struct flow *flows;
	struct flow_links *links;
	size_t flows_cap, links_cap;
	uint32_t used, active; /* numbers given out, of which in use */
	uint32_t free;	       /* list of those that are not */
	uint32_t oldest, newest;
	struct flow_slot *slots;
	uint32_t mask; /* slots - 1 */
	uint64_t seed, forced;
	int64_t before_ns, now_ns; /* times of the last two packets */
};

/* ---- creating ---- */

static struct flow_slot *flows_make_slots(size_t count)
{
	struct flow_slot *slots = ff_alloc(count, sizeof *slots);

	for (size_t i = 0; slots && i < count; i++)
		slots[i].flow = FLOWS_NONE;
	return slots;
}

int packet_flows_new(struct packet_flows **out, const struct packet_flows_opts *o,
		     struct ff_err *err)
{
	struct packet_flows *t = ff_calloc(1, sizeof *t);

	if (!t)
		return ff_fail_nomem(err);
	t->opts = *o;
	t->free = t->oldest = t->newest = FLOWS_NONE;
	t->slots = flows_make_slots(FLOWS_SLOTS_MIN);
	t->mask = FLOWS_SLOTS_MIN - 1;
	/* nobody can know beforehand which keys will meet in a slot */
	t->seed = ff_mix64((uintptr_t)t ^ (uintptr_t)t->slots << 20);
	if (!t->slots) {
		ff_free(t);
		return ff_fail_nomem(err);
	}
	*out = t;
	return FF_OK;
}

void packet_flows_free(struct packet_flows *t)
{
	if (!t)
		return;
	ff_free(t->flows);
	ff_free(t->links);
	ff_free(t->slots);
	ff_free(t);
}

/* ---- the index ---- */

static void flows_index(struct packet_flows *t, uint32_t hash, uint32_t flow)
{
	uint32_t i = hash & t->mask;

	while (t->slots[i].flow != FLOWS_NONE)
		i = (i + 1) & t->mask;
	t->slots[i] = (struct flow_slot){hash, flow};
}

/* At most half of the slots are taken. */
static int flows_grow_index(struct packet_flows *t, struct ff_err *err)
{
	struct flow_slot *old = t->slots;
	size_t count = (size_t)t->mask + 1;

	if (t->active < count / 2)
		return FF_OK;
	t->slots = flows_make_slots(2 * count);
	if (!t->slots) {
		t->slots = old;
		return ff_fail_nomem(err);
	}
	t->mask = (uint32_t)(2 * count - 1);
	for (size_t i = 0; i < count; i++)
		if (old[i].flow != FLOWS_NONE)
			flows_index(t, old[i].hash, old[i].flow);
	ff_free(old);
	return FF_OK;
}

static uint32_t flows_find(const struct packet_flows *t, const struct flow_key *key,
			   uint32_t hash)
{
	for (uint32_t i = hash & t->mask;; i = (i + 1) & t->mask) {
		const struct flow_slot *s = &t->slots[i];

		if (s->flow == FLOWS_NONE)
			return FLOWS_NONE;
		if (s->hash == hash &&
		    memcmp(&t->flows[s->flow].key, key, sizeof *key) == 0)
			return s->flow;
	}
}

/* Those that had to go past the emptied slot move up. */
static void flows_unindex(struct packet_flows *t, uint32_t hash, uint32_t flow)
{
	uint32_t hole = hash & t->mask, i;

	while (t->slots[hole].flow != flow)
		hole = (hole + 1) & t->mask;
	for (i = (hole + 1) & t->mask; t->slots[i].flow != FLOWS_NONE;
	     i = (i + 1) & t->mask) {
		uint32_t home = t->slots[i].hash & t->mask;

		if (((i - home) & t->mask) >= ((i - hole) & t->mask)) {
			t->slots[hole] = t->slots[i];
			hole = i;
		}
	}
	t->slots[hole].flow = FLOWS_NONE;
}

/* ---- the list, by last packet ---- */

static void flows_unlink(struct packet_flows *t, uint32_t flow)
{
	struct flow_links l = t->links[flow];

	if (l.before == FLOWS_NONE)
		t->oldest = l.after;
	else
		t->links[l.before].after = l.after;
	if (l.after == FLOWS_NONE)
		t->newest = l.before;
	else
		t->links[l.after].before = l.before;
}

static void flows_append(struct packet_flows *t, uint32_t flow)
{
	t->links[flow] = (struct flow_links){t->newest, FLOWS_NONE};
	if (t->newest == FLOWS_NONE)
		t->oldest = flow;
	else
		t->links[t->newest].after = flow;
	t->newest = flow;
}

/* ---- a flow ---- */

static void flow_write(const struct flow *f, uint8_t attributes, struct ff_flow *out)
{
	const struct flow_key *k = &f->key;
	bool is_tcp = k->protocol == PACKET_TCP;

	if (f->packets > 1 && !(f->state & FLOW_SIZES_DIFFER))
		attributes |= FF_ATTR_SAME_SIZE;
	if (f->state & FLOW_AFTER_FIN)
		attributes |= FF_ATTR_FIN;
	if (f->state & FLOW_CONTINUED)
		attributes |= FF_ATTR_CONTINUED;
	*out = (struct ff_flow){
		.sip = k->sip,
		.dip = k->dip,
		.start_ns = f->start_ns,
		.end_ns = f->end_ns,
		.packets = f->packets,
		.bytes = f->bytes,
		.present = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_SPORT) |
			   FF_BIT(FF_DPORT) | FF_BIT(FF_PROTOCOL) | FF_BIT(FF_PACKETS) |
			   FF_BIT(FF_BYTES) | FF_BIT(FF_STIME) | FF_BIT(FF_DURATION) |
			   FF_BIT(FF_ETIME) | FF_BIT(FF_ATTRIBUTES),
		.sport = k->sport,
		.dport = k->dport,
		.protocol = k->protocol,
		.attributes = attributes,
		.is_v6_record = k->is_v6,
	};
	/* those of another protocol are known: it has none */
	if (!is_tcp || (f->state & (FLOW_HAS_INITIAL | FLOW_HAS_SESSION)))
		out->present |= FF_BIT(FF_FLAGS);
	if (!is_tcp || (f->state & FLOW_HAS_INITIAL))
		out->present |= FF_BIT(FF_INITIAL_FLAGS) | FF_BIT(FF_SESSION_FLAGS);
	out->flags = f->initial | f->session;
	if (f->state & FLOW_HAS_INITIAL) {
		out->initial_flags = f->initial;
		out->session_flags = f->session;
	}
	if (f->state & FLOW_HAS_ICMP) {
		out->icmp_type = (uint8_t)(k->dport >> 8);
		out->icmp_code = (uint8_t)k->dport;
		out->dport = 0;
		out->present |= FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
	}
}

static void flow_begin(struct flow *f, const struct packet *p)
{
	f->start_ns = f->end_ns = p->time_ns;
	f->packets = 1;
	f->bytes = f->first_bytes = p->bytes;
	f->initial = p->flags;
	f->session = 0;
	f->state = 0;
	if (p->has_flags)
		f->state |= FLOW_HAS_INITIAL;
	if (p->flags & FF_FIN)
		f->state |= FLOW_FINISHED;
	if ((p->protocol == PACKET_ICMP || p->protocol == PACKET_ICMPV6) && p->has_ports)
		f->state |= FLOW_HAS_ICMP;
}

static void flow_go_on(struct flow *f, const struct packet *p)
{
	if (p->time_ns < f->start_ns)
		f->start_ns = p->time_ns;
	if (p->time_ns > f->end_ns)
		f->end_ns = p->time_ns;
	f->packets++;
	f->bytes += p->bytes;
	f->session |= p->flags;
	if (p->bytes != f->first_bytes)
		f->state |= FLOW_SIZES_DIFFER;
	if (!p->has_flags)
		return;
	f->state |= FLOW_HAS_SESSION;
	if ((f->state & FLOW_FINISHED) && p->flags != FF_ACK)
		f->state |= FLOW_AFTER_FIN;
	if (p->flags & FF_FIN)
		f->state |= FLOW_FINISHED;
}

/* Whether there is so much time between the flow and the moment, in either direction: a
 * clock may be set back. */
static bool flow_is_apart(const struct flow *f, int64_t ns, int64_t idle_ns)
{
	return packet_is_later(ns, f->end_ns, idle_ns) ||
	       packet_is_later(f->start_ns, ns, idle_ns);
}

/* ---- packets ---- */

static void flows_remove(struct packet_flows *t, uint32_t flow)
{
	flows_unlink(t, flow);
	flows_unindex(t, t->flows[flow].hash, flow);
	t->links[flow].after = t->free;
	t->free = flow;
	t->active--;
}

/* A number for a new flow; when there are too many, the one that has been idle longest
 * makes room, and 1 is returned. */
static int flows_take(struct packet_flows *t, const struct packet *p, uint32_t *number,
		      struct ff_flow *out, struct ff_err *err)
{
	int ended = 0, rc;

	if (t->active == t->opts.max_active) {
		const struct flow *f = &t->flows[t->oldest];

		t->forced += !flow_is_apart(f, p->time_ns, t->opts.idle_ns);
		flow_write(f, 0, out);
		flows_remove(t, t->oldest);
		ended = 1;
	}
	if (t->free == FLOWS_NONE) {
		if ((rc = ff_grow(&t->flows, &t->flows_cap, (size_t)t->used + 1,
				  sizeof *t->flows, err)) < 0 ||
		    (rc = ff_grow(&t->links, &t->links_cap, (size_t)t->used + 1,
				  sizeof *t->links, err)) < 0)
			return rc;
		*number = t->used++;
		return ended;
	}
	*number = t->free;
	t->free = t->links[t->free].after;
	return ended;
}

static int flows_add_new(struct packet_flows *t, const struct flow_key *key,
			 uint32_t hash, const struct packet *p, struct ff_flow *out,
			 struct ff_err *err)
{
	uint32_t number = 0;
	int rc = flows_grow_index(t, err), ended;

	if (rc < 0)
		return rc;
	ended = flows_take(t, p, &number, out, err);
	if (ended < 0)
		return ended;
	t->active++;
	t->flows[number].key = *key;
	t->flows[number].hash = hash;
	flow_begin(&t->flows[number], p);
	flows_index(t, hash, number);
	flows_append(t, number);
	return ended;
}

int packet_flows_add(struct packet_flows *t, const struct packet *p, struct ff_flow *out,
		     struct ff_err *err)
{
	struct flow_key key = {.sip = p->sip,
			       .dip = p->dip,
			       .vlan = p->vlan,
			       .sport = p->sport,
			       .dport = p->dport,
			       .protocol = p->protocol,
			       .is_v6 = p->is_v6};
	uint32_t hash = (uint32_t)ff_hash_bytes(&key, sizeof key, t->seed);
	uint32_t number = flows_find(t, &key, hash);
	struct flow *f;
	bool idle, active;

	t->before_ns = t->used == 0 ? p->time_ns : t->now_ns;
	t->now_ns = p->time_ns;
	if (number == FLOWS_NONE)
		return flows_add_new(t, &key, hash, p, out, err);
	f = &t->flows[number];
	idle = flow_is_apart(f, p->time_ns, t->opts.idle_ns);
	active = !idle && packet_is_later(p->time_ns, f->start_ns, t->opts.active_ns);
	if (idle || active) {
		flow_write(f, active ? FF_ATTR_TIMEOUT : 0, out);
		flow_begin(f, p);
		f->state |= active ? FLOW_CONTINUED : 0;
	} else {
		flow_go_on(f, p);
	}
	if (t->newest != number) {
		flows_unlink(t, number);
		flows_append(t, number);
	}
	return idle || active;
}

/* ---- flows that end without a packet ---- */

/* A single packet with a wild time must not end everything: it takes two. */
size_t packet_flows_expire(struct packet_flows *t, struct ff_flow *out, size_t room)
{
	size_t n = 0;

	for (; n < room && t->oldest != FLOWS_NONE; n++) {
		const struct flow *f = &t->flows[t->oldest];

		if (!flow_is_apart(f, t->now_ns, t->opts.idle_ns) ||
		    !flow_is_apart(f, t->before_ns, t->opts.idle_ns))
			break;
		flow_write(f, 0, &out[n]);
		flows_remove(t, t->oldest);
	}
	return n;
}

size_t packet_flows_flush(struct packet_flows *t, struct ff_flow *out, size_t room)
{
	size_t n = 0;

	for (; n < room && t->oldest != FLOWS_NONE; n++) {
		flow_write(&t->flows[t->oldest], 0, &out[n]);
		flows_remove(t, t->oldest);
	}
	return n;
}

uint64_t packet_flows_forced(const struct packet_flows *t)
{
	return t->forced;
}
