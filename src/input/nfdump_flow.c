/* SPDX-License-Identifier: MIT */
/* nfdump_flow - flow records of nfcapd files to flows. Comments give offset:field.
 *
 * A record is one flow, but for biflows: what the answering side sent stands beside it as
 * out packets and out bytes, without times of its own, and becomes a second flow. */
#include "input/nfdump.h"
#include "input/text.h"

#include <string.h>

enum { FLOW_ICMP = 1, FLOW_TCP = 6, FLOW_ICMPV6 = 58 };
#define FLOW_MS_MAX ((uint64_t)(INT64_MAX / FF_MS))

/* What is not of the flow itself, but decides what becomes of it. */
struct flow_extra {
	uint64_t first_ms, last_ms, event_ms; /* of an event that is no flow, e.g. NAT */
	uint64_t out_packets, out_bytes;
	uint8_t out_flags;
	unsigned has; /* FLOW_HAS_*; one word, which is fast to set bit by bit and test */
};
enum { FLOW_HAS_RECORD = 1 /* times, ports, counts */, FLOW_HAS_EVENT = 2 };

/* ---- what both layouts share ---- */

/* In two halves: over about 100 bytes gcc takes a string instruction, which is slow to
 * start. */
static inline void flow_clear(struct ff_flow *f)
{
	memset(f, 0, sizeof(*f) / 2);
	memset((uint8_t *)f + sizeof(*f) / 2, 0, sizeof(*f) - sizeof(*f) / 2);
}

/* Two numbers of 64 bits, the higher half first. */
static inline struct ff_addr flow_v6(const uint8_t *p)
{
	struct ff_addr a;

	for (int i = 0; i < 8; i++) {
		a.b[i] = p[7 - i];
		a.b[8 + i] = p[15 - i];
	}
	return a;
}

static inline void flow_addrs(struct ff_flow *f, const uint8_t *p, bool is_v6)
{
	f->is_v6_record = is_v6;
	if (is_v6) {
		f->sip = flow_v6(p);
		f->dip = flow_v6(p + 16);
	} else {
		f->sip = ff_addr_from_v4(ff_get_u32(p, false));
		f->dip = ff_addr_from_v4(ff_get_u32(p + 4, false));
	}
	f->present |= FF_BIT(FF_SIP) | FF_BIT(FF_DIP);
}

static inline void flow_next_hop(struct ff_flow *f, const uint8_t *p, bool is_v6)
{
	f->nhip = is_v6 ? flow_v6(p) : ff_addr_from_v4(ff_get_u32(p, false));
	f->present |= FF_BIT(FF_NHIP);
}

/* Records of events may have no times but that of the event; they are a moment. A flow
 * that ends before it starts stays so. */
static inline const char *flow_times(struct ff_flow *f, struct flow_extra *x)
{
	if (x->has & FLOW_HAS_EVENT) {
		if (x->first_ms == 0)
			x->first_ms = x->event_ms;
		if (x->last_ms == 0)
			x->last_ms = x->event_ms > 0 ? x->event_ms : x->first_ms;
	}
	if (x->first_ms > FLOW_MS_MAX)
		return "start time out of range";
	if (x->last_ms > FLOW_MS_MAX)
		return "end time out of range";
	f->start_ns = (int64_t)x->first_ms * FF_MS;
	f->end_ns = (int64_t)x->last_ms * FF_MS;
	f->present |= FF_BIT(FF_STIME) | FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION);
	return NULL;
}

static inline void flow_ports(struct ff_flow *f, uint16_t sport, uint16_t dport)
{
	f->present |= FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT);
	if (f->protocol == FLOW_ICMP || f->protocol == FLOW_ICMPV6) {
		f->icmp_type = (uint8_t)(dport >> 8);
		f->icmp_code = (uint8_t)dport;
		f->present |= FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
		return;
	}
	f->sport = sport;
	f->dport = dport;
}

/* count * total / interval, or the most that fits. */
static uint64_t flow_scaled(uint64_t count, const struct nfdump_rule *rule)
{
	uint64_t whole = count / rule->interval, part = count % rule->interval;

	/* the interval has 32 bits, and the total at most 33 */
	part = part * (rule->total >> 1) / rule->interval * 2 +
	       (part * (rule->total >> 1) % rule->interval * 2 +
		part * (rule->total & 1)) /
		       rule->interval;
	if (whole > 0 && rule->total > (UINT64_MAX - part) / whole)
		return UINT64_MAX;
	return whole * rule->total + part;
}

/* Sampled counts are multiplied; a biflow gets its second flow. */
static int flow_finish_rare(struct ff_flow f[2], const struct flow_extra *x,
			    const struct nfdump_rule *rule)
{
	uint64_t packets = x->out_packets, bytes = x->out_bytes;

	if (rule && rule->interval > 0) {
		f[0].packets = flow_scaled(f[0].packets, rule);
		f[0].bytes = flow_scaled(f[0].bytes, rule);
		packets = flow_scaled(packets, rule);
		bytes = flow_scaled(bytes, rule);
	}
	if (packets == 0 && bytes == 0)
		return 1;
	text_reverse(&f[1], &f[0]);
	f[1].packets = packets;
	f[1].bytes = bytes;
	f[1].present |= FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES);
	if (f[0].protocol == FLOW_TCP && x->out_flags != 0) {
		f[1].flags = x->out_flags;
		f[1].present |= FF_BIT(FF_FLAGS);
	}
	/* these are of the one direction that was told */
	f[1].in = f[1].out = 0;
	f[1].nhip = (struct ff_addr){{0}};
	f[1].present &= ~(FF_BIT(FF_IN) | FF_BIT(FF_OUT) | FF_BIT(FF_NHIP));
	return 2;
}

/* The number of flows. */
static inline int flow_finish(struct ff_flow f[2], const struct flow_extra *x,
			      const struct nfdump_rule *rule)
{
	if ((x->out_packets | x->out_bytes) == 0 && (!rule || rule->interval == 0))
		return 1;
	return flow_finish_rare(f, x, rule);
}

#define FLOW_RECORD (FF_BIT(FF_PROTOCOL) | FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES))

/* ---- layout 1 ---- */

/* A counter of 32 or 64 bits. */
static inline uint64_t flow_count(const uint8_t **p, bool is_wide)
{
	uint64_t v = is_wide ? ff_get_u64(*p, false) : ff_get_u32(*p, false);

	*p += is_wide ? 8 : 4;
	return v;
}

/* p: behind the counters, m->bytes of them are there. */
static void flow_extensions(const struct nfdump_context *c, const struct nfdump_map *m,
			    const uint8_t *p, struct ff_flow *f, struct flow_extra *x)
{
	const uint8_t *q;

	if (m->in_out != NFDUMP_ABSENT && c->wants_in_out) {
		q = p + m->in_out;
		f->in = m->is_wide_in_out ? ff_get_u32(q, false) : ff_get_u16(q, false);
		f->out = m->is_wide_in_out ? ff_get_u32(q + 4, false)
					   : ff_get_u16(q + 2, false);
		f->present |= FF_BIT(FF_IN) | FF_BIT(FF_OUT);
	}
	if (m->next_hop != NFDUMP_ABSENT && c->wants_next_hop)
		flow_next_hop(f, p + m->next_hop, m->is_v6_next_hop);
	if (m->out_packets != NFDUMP_ABSENT) {
		q = p + m->out_packets;
		x->out_packets = flow_count(&q, m->is_wide_out_packets);
	}
	if (m->out_bytes != NFDUMP_ABSENT) {
		q = p + m->out_bytes;
		x->out_bytes = flow_count(&q, m->is_wide_out_bytes);
	}
	if (m->event != NFDUMP_ABSENT) {
		x->event_ms = ff_get_u64(p + m->event, false);
		x->has |= FLOW_HAS_EVENT;
	}
}

/* 4 flags; 6 map; 8 first ms; 10 last ms; 12 first s; 16 last s; 21 TCP flags; 22
 * protocol; 24 source port; 26 destination port; then, from `head` on, addresses,
 * packets, bytes, extensions */
static int flow_layout_1(const struct nfdump_context *c, const struct nfdump_rule *rule,
			 const uint8_t *r, size_t size, size_t head, struct ff_flow f[2],
			 const char **why)
{
	struct flow_extra x = {.has = FLOW_HAS_RECORD};
	bool is_v6, is_wide_packets, is_wide_bytes;
	const uint8_t *p = r + head;
	size_t fixed;

	*why = "flow record is too short";
	if (size < head)
		return -1;
	is_v6 = r[4] & 0x01;
	is_wide_packets = r[4] & 0x02;
	is_wide_bytes = r[4] & 0x04;
	fixed = head + (is_v6 ? 32 : 8) + (is_wide_packets ? 8 : 4) +
		(is_wide_bytes ? 8 : 4);
	if (size < fixed)
		return -1;
	if (!rule || !rule->map.is_known) {
		*why = "flow record has an extension map that is not known";
		return -1;
	}
	if (size - fixed < rule->map.bytes) {
		*why = "flow record is shorter than its extension map says";
		return -1;
	}
	flow_clear(f);
	f->present = FLOW_RECORD;
	flow_addrs(f, p, is_v6);
	p += is_v6 ? 32 : 8;
	f->packets = flow_count(&p, is_wide_packets);
	f->bytes = flow_count(&p, is_wide_bytes);
	f->protocol = r[22];
	if (f->protocol == FLOW_TCP) {
		f->flags = r[21];
		f->present |= FF_BIT(FF_FLAGS);
	}
	flow_ports(f, ff_get_u16(r + 24, false), ff_get_u16(r + 26, false));
	flow_extensions(c, &rule->map, p, f, &x);
	x.first_ms =
		(uint64_t)ff_get_u32(r + 12, false) * 1000 + ff_get_u16(r + 8, false);
	x.last_ms =
		(uint64_t)ff_get_u32(r + 16, false) * 1000 + ff_get_u16(r + 10, false);
	x.has |= r[4] & 0x40 ? FLOW_HAS_EVENT : 0;
	*why = flow_times(f, &x);
	return *why ? -1 : flow_finish(f, &x, rule);
}

/* ---- layout 2 ---- */

enum flow_element {
	ELEMENT_GENERIC = 1,
	ELEMENT_V4 = 2,
	ELEMENT_V6 = 3,
	ELEMENT_MISC = 4,
	ELEMENT_COUNTERS = 5,
	ELEMENT_NEXT_HOP_V4 = 10,
	ELEMENT_NEXT_HOP_V6 = 11,
	ELEMENT_NSEL = 19,
	ELEMENT_NAT = 25,
};
#define ELEMENT_BIT(id) (UINT64_C(1) << (id))

/* The least that an element holds behind its 4 bytes of id and length. */
static const uint8_t element_bytes[64] = {
	[1] = 48,  [2] = 8,   [3] = 32,	 [4] = 16,  [5] = 24,  [6] = 8,	  [7] = 8,
	[8] = 4,   [9] = 16,  [10] = 4,	 [11] = 16, [12] = 4,  [13] = 16, [14] = 40,
	[15] = 32, [16] = 8,  [17] = 24, [18] = 12, [19] = 16, [20] = 8,  [21] = 32,
	[22] = 4,  [23] = 24, [24] = 66, [25] = 16, [26] = 8,  [31] = 12, [32] = 36,
	[33] = 12, [34] = 4,  [35] = 4,	 [36] = 8,  [37] = 20, [38] = 27, [39] = 8,
	[40] = 4,  [42] = 4,
};

void nfdump_context_init(struct nfdump_context *c, uint32_t want)
{
	if (want == 0)
		want = FF_ALL_FIELDS;
	c->wants_in_out = want & (FF_BIT(FF_IN) | FF_BIT(FF_OUT));
	c->wants_next_hop = want & FF_BIT(FF_NHIP);
	c->elements = ELEMENT_BIT(ELEMENT_GENERIC) | ELEMENT_BIT(ELEMENT_V4) |
		      ELEMENT_BIT(ELEMENT_V6) | ELEMENT_BIT(ELEMENT_MISC) |
		      ELEMENT_BIT(ELEMENT_COUNTERS) | ELEMENT_BIT(ELEMENT_NSEL) |
		      ELEMENT_BIT(ELEMENT_NAT);
	if (c->wants_next_hop)
		c->elements |= ELEMENT_BIT(ELEMENT_NEXT_HOP_V4) |
			       ELEMENT_BIT(ELEMENT_NEXT_HOP_V6);
}

/* 0 first ms; 8 last ms; 16 received ms; 24 packets; 32 bytes; 40 source port; 42
 * destination port; 44 protocol; 45 TCP flags; 46 forwarding; 47 TOS */
static inline void flow_generic(struct ff_flow *f, struct flow_extra *x, const uint8_t *p)
{
	x->has |= FLOW_HAS_RECORD;
	x->first_ms = ff_get_u64(p, false);
	x->last_ms = ff_get_u64(p + 8, false);
	f->packets = ff_get_u64(p + 24, false);
	f->bytes = ff_get_u64(p + 32, false);
	f->protocol = p[44];
	f->present |= FLOW_RECORD;
	if (f->protocol == FLOW_TCP) {
		f->flags = p[45];
		f->present |= FF_BIT(FF_FLAGS);
	}
	flow_ports(f, ff_get_u16(p + 40, false), ff_get_u16(p + 42, false));
}

static inline void flow_element(const struct nfdump_context *c, unsigned id,
				const uint8_t *p, struct ff_flow *f, struct flow_extra *x)
{
	switch (id) {
	case ELEMENT_GENERIC:
		flow_generic(f, x, p);
		break;
	case ELEMENT_V4:
	case ELEMENT_V6:
		flow_addrs(f, p, id == ELEMENT_V6);
		break;
	case ELEMENT_MISC: /* 0 input; 4 output; 14 TCP flags of the answer */
		x->out_flags = p[14];
		if (!c->wants_in_out)
			break;
		f->in = ff_get_u32(p, false);
		f->out = ff_get_u32(p + 4, false);
		f->present |= FF_BIT(FF_IN) | FF_BIT(FF_OUT);
		break;
	case ELEMENT_COUNTERS: /* 0 flows; 8 out packets; 16 out bytes */
		x->out_packets = ff_get_u64(p + 8, false);
		x->out_bytes = ff_get_u64(p + 16, false);
		break;
	case ELEMENT_NEXT_HOP_V4:
	case ELEMENT_NEXT_HOP_V6:
		flow_next_hop(f, p, id == ELEMENT_NEXT_HOP_V6);
		break;
	case ELEMENT_NSEL:
	case ELEMENT_NAT: /* 0 time of the event, ms */
		x->event_ms = ff_get_u64(p, false);
		x->has |= FLOW_HAS_EVENT;
		break;
	default:
		break;
	}
}

/* 4 number of elements; 6 engine type; 7 engine id; 8 exporter; 10 flags; 11 NetFlow
 * version; 12 elements: u16 id, u16 length with these four bytes, what it holds */
static int flow_layout_2(const struct nfdump_context *c, const struct nfdump_rule *rule,
			 const uint8_t *r, size_t size, struct ff_flow f[2],
			 const char **why)
{
	struct flow_extra x = {0};
	const uint8_t *p = r + 12, *end = r + size;
	unsigned count;

	*why = "flow record is too short";
	if (size < 12)
		return -1;
	flow_clear(f);
	for (count = ff_get_u16(r + 4, false); count > 0; count--) {
		unsigned id, len;

		if (end - p < 4) {
			*why = "flow record has fewer elements than it says";
			return -1;
		}
		id = ff_get_u16(p, false);
		len = ff_get_u16(p + 2, false);
		if (len < 4 || len > end - p ||
		    (id < 64 && len - 4 < element_bytes[id])) {
			*why = "element of a flow record has a wrong length";
			return -1;
		}
		if (id < 64 && (c->elements >> id & 1))
			flow_element(c, id, p + 4, f, &x);
		p += len;
	}
	if (p != end) {
		*why = "elements of a flow record do not add up to its size";
		return -1;
	}
	x.has |= r[10] & 1 ? FLOW_HAS_EVENT : 0;
	if (!(x.has & FLOW_HAS_RECORD) || !(f->present & FF_BIT(FF_SIP)))
		return NFDUMP_NO_FLOW;
	*why = flow_times(f, &x);
	return *why ? -1 : flow_finish(f, &x, rule);
}

/* ---- all records ---- */

int nfdump_flow(const struct nfdump_context *c, const struct nfdump_rule *rule,
		const uint8_t *record, size_t size, struct ff_flow f[2], const char **why)
{
	struct nfdump_map map; /* what it says is in the rules; here only if it can be */

	switch (ff_get_u16(record, false)) {
	case NFDUMP_FLOW_2:
		return flow_layout_2(c, rule, record, size, f, why);
	case NFDUMP_FLOW_1:
		return flow_layout_1(c, rule, record, size, 32, f, why);
	case NFDUMP_FLOW_OLD:
		return flow_layout_1(c, rule, record, size, 28, f, why);
	case NFDUMP_FLOW_18:
		*why = "flow record of nfdump 1.8, which is not supported";
		return -1;
	case NFDUMP_MAP:
		*why = nfdump_map_read(&map, record, size);
		return *why ? -1 : 0;
	case 3: /* histograms, exporters and samplers of old */
	case 4:
	case 5:
	case 6:
	case 7: /* exporter and its statistics */
	case 8:
	case NFDUMP_SAMPLER_OLD:
	case 12: /* names of applications, interfaces, VRFs */
	case 13:
	case 14:
	case NFDUMP_SAMPLER:
	case 256: /* slack */
	case NFDUMP_IDENT:
	case NFDUMP_STATISTICS:
		return 0;
	default:
		*why = "record of an unknown kind";
		return -1;
	}
}
