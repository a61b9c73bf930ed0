/* SPDX-License-Identifier: MIT */
/* pcap_fragments - remembers protocol and ports of packets whose first fragment came by,
 * for their later ones. A table of fixed size, where each packet has a few places it may
 * be in; a new one takes the place of the oldest. */
#include "input/pcap.h"

enum { FRAGMENTS_SETS = 1024, FRAGMENTS_WAYS = 4 };
/* An identifier comes again: RFC 8200 gives a packet so long to be put together. */
#define FRAGMENTS_NS (60 * FF_SEC)

struct fragment {
	struct ff_addr sip, dip;
	int64_t time_ns;
	uint32_t id, vlan;
	uint16_t sport, dport;
	uint8_t protocol;
	bool used, is_v6, has_ports;
};

struct packet_fragments {
	struct fragment places[FRAGMENTS_SETS][FRAGMENTS_WAYS];
};

int packet_fragments_new(struct packet_fragments **out, struct ff_err *err)
{
	struct packet_fragments *t = ff_calloc(1, sizeof *t);

	if (!t)
		return ff_fail_nomem(err);
	*out = t;
	return FF_OK;
}

void packet_fragments_free(struct packet_fragments *t)
{
	ff_free(t);
}

static size_t fragment_set(const struct packet *p, uint32_t id)
{
	uint64_t h = ff_hash_bytes(&p->sip, sizeof p->sip, id);

	return ff_hash_bytes(&p->dip, sizeof p->dip, h) % FRAGMENTS_SETS;
}

/* The next header of IPv6 may differ from fragment to fragment, IPv4's protocol not. */
static bool fragment_is(const struct fragment *f, const struct packet *p, uint32_t id)
{
	return f->used && f->id == id && f->vlan == p->vlan && f->is_v6 == p->is_v6 &&
	       (p->is_v6 || f->protocol == p->protocol) &&
	       ff_addr_cmp(&f->sip, &p->sip) == 0 && ff_addr_cmp(&f->dip, &p->dip) == 0;
}

void packet_fragments_put(struct packet_fragments *t, const struct packet *p, uint32_t id)
{
	struct fragment *set = t->places[fragment_set(p, id)], *to = set;

	for (size_t i = 0; i < FRAGMENTS_WAYS; i++) {
		if (!set[i].used || fragment_is(&set[i], p, id)) {
			to = &set[i];
			break;
		}
		if (set[i].time_ns < to->time_ns)
			to = &set[i];
	}
	*to = (struct fragment){.sip = p->sip,
				.dip = p->dip,
				.time_ns = p->time_ns,
				.id = id,
				.vlan = p->vlan,
				.sport = p->sport,
				.dport = p->dport,
				.protocol = p->protocol,
				.used = true,
				.is_v6 = p->is_v6,
				.has_ports = p->has_ports};
}

bool packet_fragments_get(const struct packet_fragments *t, struct packet *p, uint32_t id)
{
	const struct fragment *set = t->places[fragment_set(p, id)];

	for (size_t i = 0; i < FRAGMENTS_WAYS; i++) {
		if (!fragment_is(&set[i], p, id) ||
		    packet_is_later(p->time_ns, set[i].time_ns, FRAGMENTS_NS) ||
		    packet_is_later(set[i].time_ns, p->time_ns, FRAGMENTS_NS))
			continue;
		p->protocol = set[i].protocol;
		p->sport = set[i].sport;
		p->dport = set[i].dport;
		p->has_ports = set[i].has_ports;
		return true;
	}
	return false;
}
