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
#include "input/pcap_flow.h"

#define FLOWS_NONE UINT32_MAX
enum { FLOWS_SLOTS_MIN = 1024 };

struct flow_links {
	uint32_t before, after; /* longer, and less long idle; or the next free one */
};

struct flow_slot {
	uint32_t hash, flow; /* FLOWS_NONE: empty */
};

struct packet_flows {
	struct packet_flows_opts opts;
	struct packet_flow *flows;
	struct flow_links *links;
	size_t flows_cap, links_cap;
	uint32_t used, active; /* numbers given out, of which in use */
	uint32_t free;	       /* list of those that are not */
	uint32_t oldest, newest;
	struct flow_slot *slots;
	uint32_t mask; /* slots - 1 */
	uint64_t seed, forced;
	uint64_t touched;	   /* means nothing: what was looked at ahead */
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

static uint32_t flows_find(const struct packet_flows *t,
			   const struct packet_flow_key *key, uint32_t hash)
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
		const struct packet_flow *f = &t->flows[t->oldest];

		t->forced += !packet_flow_is_apart(f, p->time_ns, t->opts.idle_ns);
		packet_flow_write(f, 0, out);
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

static int flows_add_new(struct packet_flows *t, const struct packet_flow_key *key,
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
	packet_flow_begin(&t->flows[number], p);
	flows_index(t, hash, number);
	flows_append(t, number);
	return ended;
}

static struct packet_flow_key flow_key_of(const struct packet *p)
{
	return (struct packet_flow_key){.sip = p->sip,
					.dip = p->dip,
					.vlan = p->vlan,
					.sport = p->sport,
					.dport = p->dport,
					.protocol = p->protocol,
					.is_v6 = p->is_v6};
}

/* Loads that do not depend on each other overlap; those of one packet do depend, and a
 * table of many flows is in no cache. A flow lies in up to three lines of it. */
void packet_flows_expect(struct packet_flows *t, struct packet *p, size_t n)
{
	uint64_t touched = 0;

	for (size_t i = 0; i < n; i++) {
		struct packet_flow_key key = flow_key_of(&p[i]);

		p[i].hash = (uint32_t)ff_hash_bytes(&key, sizeof key, t->seed);
	}
	for (size_t i = 0; i < n; i++)
		touched += t->slots[p[i].hash & t->mask].flow;
	for (size_t i = 0; i < n; i++) {
		uint32_t number = t->slots[p[i].hash & t->mask].flow;
		const struct packet_flow *f;

		if (number == FLOWS_NONE)
			continue;
		f = &t->flows[number];
		touched += f->key.sip.b[0] + (uint64_t)f->start_ns + f->state +
			   t->links[number].before;
	}
	t->touched = touched;
}

int packet_flows_add(struct packet_flows *t, const struct packet *p, struct ff_flow *out,
		     struct ff_err *err)
{
	struct packet_flow_key key = flow_key_of(p);
	uint32_t hash = p->hash;
	uint32_t number = flows_find(t, &key, hash);
	struct packet_flow *f;
	bool idle, active;

	t->before_ns = t->used == 0 ? p->time_ns : t->now_ns;
	t->now_ns = p->time_ns;
	if (number == FLOWS_NONE)
		return flows_add_new(t, &key, hash, p, out, err);
	f = &t->flows[number];
	idle = packet_flow_is_apart(f, p->time_ns, t->opts.idle_ns);
	active = !idle && packet_is_later(p->time_ns, f->start_ns, t->opts.active_ns);
	if (idle || active) {
		packet_flow_write(f, active ? FF_ATTR_TIMEOUT : 0, out);
		packet_flow_begin(f, p);
		f->state |= active ? FLOW_CONTINUED : 0;
	} else {
		packet_flow_go_on(f, p);
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
		const struct packet_flow *f = &t->flows[t->oldest];

		if (!packet_flow_is_apart(f, t->now_ns, t->opts.idle_ns) ||
		    !packet_flow_is_apart(f, t->before_ns, t->opts.idle_ns))
			break;
		packet_flow_write(f, 0, &out[n]);
		flows_remove(t, t->oldest);
	}
	return n;
}

size_t packet_flows_flush(struct packet_flows *t, struct ff_flow *out, size_t room)
{
	size_t n = 0;

	for (; n < room && t->oldest != FLOWS_NONE; n++) {
		packet_flow_write(&t->flows[t->oldest], 0, &out[n]);
		flows_remove(t, t->oldest);
	}
	return n;
}

uint64_t packet_flows_forced(const struct packet_flows *t)
{
	return t->forced;
}
