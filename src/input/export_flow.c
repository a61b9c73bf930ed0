/* SPDX-License-Identifier: MIT */
/* export_flow - a record becomes a flow, or two when it tells of both directions. */
#include "input/export_flow.h"
#include "input/text.h"

enum { FLOW_ICMP = 1, FLOW_TCP = 6, FLOW_ICMPV6 = 58 };
enum { EVENT_CREATED = 1, EVENT_ALERT = 4 };
/* why a flow ended (RFC 5102), and YAF's mark on one that goes on */
enum { END_ACTIVE_TIMEOUT = 2, END_MASK = 0x7f, END_CONTINUED = 0x80 };
enum { CERT_SAME_SIZE = 0x01 }; /* of YAF's flowAttributes */

const uint32_t export_carries =
	FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) |
	FF_BIT(FF_PROTOCOL) | FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES) | FF_BIT(FF_FLAGS) |
	FF_BIT(FF_STIME) | FF_BIT(FF_DURATION) | FF_BIT(FF_ETIME) | FF_BIT(FF_SENSOR) |
	FF_BIT(FF_FLOWTYPE) | FF_BIT(FF_IN) | FF_BIT(FF_OUT) | FF_BIT(FF_NHIP) |
	FF_BIT(FF_INITIAL_FLAGS) | FF_BIT(FF_SESSION_FLAGS) | FF_BIT(FF_ATTRIBUTES) |
	FF_BIT(FF_APPLICATION) | FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);

/* ---- ends ---- */

static bool flow_v4(struct ff_addr *out, const struct export_values *v, unsigned kind)
{
	if (!export_has(v, 0, kind))
		return false;
	*out = ff_addr_from_v4(ff_get_u32(v->addr[kind], true));
	return true;
}

static bool flow_v6(struct ff_addr *out, const struct export_values *v, unsigned kind)
{
	if (!export_has(v, 0, kind))
		return false;
	memcpy(out->b, v->addr[kind], sizeof out->b);
	return true;
}

/* Templates for both versions of IP have the addresses of both. */
static bool flow_is_v6(const struct export_values *v)
{
	static const uint8_t none[4];

	if (!export_has(v, 0, EXPORT_SIP6) || !export_has(v, 0, EXPORT_DIP6))
		return false;
	if (!export_has(v, 0, EXPORT_SIP4) || !export_has(v, 0, EXPORT_DIP4))
		return true;
	if (export_has(v, 0, EXPORT_VERSION))
		return v->number[0][EXPORT_VERSION] == 6;
	return memcmp(v->addr[EXPORT_SIP4], none, 4) == 0 &&
	       memcmp(v->addr[EXPORT_DIP4], none, 4) == 0;
}

static bool flow_addresses(struct ff_flow *f, const struct export_values *v)
{
	f->is_v6_record = flow_is_v6(v);
	f->present = FF_BIT(FF_SIP) | FF_BIT(FF_DIP);
	if (f->is_v6_record) {
		if (flow_v6(&f->nhip, v, EXPORT_NHIP6))
			f->present |= FF_BIT(FF_NHIP);
		return flow_v6(&f->sip, v, EXPORT_SIP6) &&
		       flow_v6(&f->dip, v, EXPORT_DIP6);
	}
	if (flow_v4(&f->nhip, v, EXPORT_NHIP4))
		f->present |= FF_BIT(FF_NHIP);
	return flow_v4(&f->sip, v, EXPORT_SIP4) && flow_v4(&f->dip, v, EXPORT_DIP4);
}

/* A number that does not fit its field is left out. */
static bool flow_number(uint64_t *out, struct ff_flow *f, unsigned field,
			const struct export_values *v, int side, unsigned kind,
			uint64_t max)
{
	if (!export_has(v, side, kind) || v->number[side][kind] > max)
		return false;
	*out = v->number[side][kind];
	f->present |= FF_BIT(field);
	return true;
}

static void flow_port(uint16_t *out, struct ff_flow *f, unsigned field,
		      const struct export_values *v, unsigned kind, unsigned tcp_kind)
{
	uint64_t n = 0;
	bool has = flow_number(&n, f, field, v, 0, kind, UINT16_MAX);

	if (!has || n == 0)
		flow_number(&n, f, field, v, 0, tcp_kind, UINT16_MAX);
	*out = (uint16_t)n;
}

static void flow_ends(struct ff_flow *f, const struct export_values *v)
{
	uint64_t n;

	flow_port(&f->sport, f, FF_SPORT, v, EXPORT_SPORT, EXPORT_TCP_SPORT);
	flow_port(&f->dport, f, FF_DPORT, v, EXPORT_DPORT, EXPORT_TCP_DPORT);
	if (flow_number(&n, f, FF_PROTOCOL, v, 0, EXPORT_PROTOCOL, UINT8_MAX))
		f->protocol = (uint8_t)n;
	if (flow_number(&n, f, FF_IN, v, 0, EXPORT_IN, UINT32_MAX))
		f->in = (uint32_t)n;
	if (flow_number(&n, f, FF_OUT, v, 0, EXPORT_OUT, UINT32_MAX))
		f->out = (uint32_t)n;
	if (flow_number(&n, f, FF_APPLICATION, v, 0, EXPORT_APPLICATION, UINT16_MAX))
		f->application = (uint16_t)n;
	if (flow_number(&n, f, FF_SENSOR, v, 0, EXPORT_SENSOR, FF_SENSOR_NONE - 1))
		f->sensor = (uint16_t)n;
	if (flow_number(&n, f, FF_FLOWTYPE, v, 0, EXPORT_FLOWTYPE, FF_FLOWTYPE_NONE - 1))
		f->flowtype = (uint8_t)n;
}

static bool flow_is_icmp(const struct ff_flow *f)
{
	return (f->present & FF_BIT(FF_PROTOCOL)) &&
	       (f->protocol == FLOW_ICMP ||
		(f->protocol == FLOW_ICMPV6 && f->is_v6_record));
}

/* Some exporters have one field for both versions. */
static bool icmp_joint(uint16_t *out, const struct export_values *v, int side,
		       uint8_t protocol)
{
	unsigned kind = protocol == FLOW_ICMP ? EXPORT_ICMP4 : EXPORT_ICMP6;

	if (!export_has(v, side, kind))
		kind = protocol == FLOW_ICMP ? EXPORT_ICMP6 : EXPORT_ICMP4;
	if (!export_has(v, side, kind))
		return false;
	*out = (uint16_t)v->number[side][kind];
	return true;
}

void export_icmp(struct ff_flow *f, const struct export_values *v, int side)
{
	bool has_port = side == 0 && (f->present & FF_BIT(FF_DPORT)), known;
	uint16_t sport = f->sport, dport = f->dport, both = 0;

	if (!flow_is_icmp(f))
		return;
	f->sport = f->dport = 0;
	if (export_has(v, side, EXPORT_ICMP_TYPE) &&
	    export_has(v, side, EXPORT_ICMP_CODE)) {
		both = (uint16_t)((v->number[side][EXPORT_ICMP_TYPE] & 0xff) << 8 |
				  (v->number[side][EXPORT_ICMP_CODE] & 0xff));
		known = true;
	} else {
		known = icmp_joint(&both, v, side, f->protocol);
		if (both == 0 && has_port) /* the field may be left at zero */
			both = dport || known ? dport : sport;
		known |= has_port;
	}
	if (!known)
		return;
	f->icmp_type = (uint8_t)(both >> 8);
	f->icmp_code = (uint8_t)both;
	f->present |= FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
}

/* ---- counts ---- */

static bool flow_count(uint64_t *out, struct ff_flow *f, unsigned field,
		       const struct export_values *v, int side, const uint8_t kinds[4])
{
	for (int i = 0; i < 4; i++)
		if (export_has(v, side, kinds[i])) {
			*out = v->number[side][kinds[i]];
			f->present |= FF_BIT(field);
			return true;
		}
	return false;
}

/* What firewalls tell of initiator and responder is of both directions; else the reverse
 * fields are. */
static void flow_counts(struct ff_flow f[2], const struct export_values *v)
{
	static const uint8_t bytes[4] = {EXPORT_BYTES, EXPORT_BYTES_TOTAL,
					 EXPORT_BYTES_POST, EXPORT_BYTES_LAYER2};
	static const uint8_t packets[4] = {EXPORT_PACKETS, EXPORT_PACKETS_TOTAL,
					   EXPORT_PACKETS_POST, EXPORT_SKIP};

	for (int side = 0; side < 2; side++) {
		uint64_t *b = &f[side].bytes, *p = &f[side].packets;

		if (!flow_count(b, &f[side], FF_BYTES, v, side, bytes))
			flow_number(b, &f[side], FF_BYTES, v, 0,
				    side ? EXPORT_RESPONDER_BYTES
					 : EXPORT_INITIATOR_BYTES,
				    UINT64_MAX);
		if (!flow_count(p, &f[side], FF_PACKETS, v, side, packets))
			flow_number(p, &f[side], FF_PACKETS, v, 0,
				    side ? EXPORT_RESPONDER_PACKETS
					 : EXPORT_INITIATOR_PACKETS,
				    UINT64_MAX);
	}
}

static uint64_t scale_count(uint64_t n, struct export_rate r)
{
	uint64_t whole = n / r.sent, rest = (n % r.sent * r.of + r.sent / 2) / r.sent;

	if (whole > (UINT64_MAX - rest) / r.of)
		return UINT64_MAX;
	return whole * r.of + rest;
}

void export_scale(struct ff_flow *f, struct export_rate rate)
{
	if (rate.sent == 0 || rate.of <= rate.sent)
		return;
	f->packets = scale_count(f->packets, rate);
	f->bytes = scale_count(f->bytes, rate);
}

struct export_rate export_rate_of(const struct export_values *v,
				  const struct export_sampling *known)
{
	struct export_rate r = {.sampler = EXPORT_NO_SAMPLER, .sent = 1, .of = 1};
	struct export_rate all = r;
	uint64_t n, space = 0;

	if (export_has(v, 0, EXPORT_SAMPLER) &&
	    v->number[0][EXPORT_SAMPLER] <= UINT32_MAX)
		r.sampler = (uint32_t)v->number[0][EXPORT_SAMPLER];
	if (export_has(v, 0, EXPORT_SAMPLING)) {
		n = v->number[0][EXPORT_SAMPLING];
		if (n > 0 && n <= UINT32_MAX)
			r.of = (uint32_t)n;
		return r;
	}
	if (export_has(v, 0, EXPORT_SAMPLING_PACKETS)) {
		n = v->number[0][EXPORT_SAMPLING_PACKETS];
		if (export_has(v, 0, EXPORT_SAMPLING_SPACE))
			space = v->number[0][EXPORT_SAMPLING_SPACE];
		if (n == 0 || n > UINT32_MAX || space > UINT32_MAX - n)
			return r;
		/* without the space it is taken as one in so many */
		r.of = (uint32_t)(n + space);
		r.sent = export_has(v, 0, EXPORT_SAMPLING_SPACE) ? (uint32_t)n : 1;
		return r;
	}
	/* what was told without naming a sampler goes for all of them */
	for (size_t i = 0; known && i < known->count; i++) {
		uint32_t sampler = known->rates[i].sampler;

		if (sampler == r.sampler)
			return known->rates[i];
		if (sampler == EXPORT_NO_SAMPLER)
			all = known->rates[i];
	}
	return all;
}

/* ---- TCP and what the meter noted ---- */

static void flow_flags(struct ff_flow *f, const struct export_values *v, int side)
{
	uint8_t initial, rest;

	if ((f->present & FF_BIT(FF_PROTOCOL)) && f->protocol != FLOW_TCP)
		return;
	if (export_has(v, side, EXPORT_FLAGS)) {
		f->flags = (uint8_t)v->number[side][EXPORT_FLAGS];
		f->present |= FF_BIT(FF_FLAGS);
	}
	if (!export_has(v, side, EXPORT_INITIAL_FLAGS) ||
	    !export_has(v, side, EXPORT_UNION_FLAGS))
		return;
	initial = (uint8_t)v->number[side][EXPORT_INITIAL_FLAGS];
	rest = (uint8_t)v->number[side][EXPORT_UNION_FLAGS];
	f->initial_flags = initial;
	f->session_flags = rest;
	f->flags |= initial | rest;
	f->present |=
		FF_BIT(FF_FLAGS) | FF_BIT(FF_INITIAL_FLAGS) | FF_BIT(FF_SESSION_FLAGS);
}

static void flow_attributes(struct ff_flow *f, const struct export_values *v, int side)
{
	const uint64_t tells = EXPORT_BIT(EXPORT_END_REASON) |
			       EXPORT_BIT(EXPORT_ATTRIBUTES) |
			       EXPORT_BIT(EXPORT_TCP_STATE);

	if (((v->has[0] | v->has[side]) & tells) == 0)
		return;
	f->present |= FF_BIT(FF_ATTRIBUTES);
	if (export_has(v, 0, EXPORT_TCP_STATE))
		f->attributes = v->number[0][EXPORT_TCP_STATE] &
				(FF_ATTR_FIN | FF_ATTR_SAME_SIZE | FF_ATTR_TIMEOUT |
				 FF_ATTR_CONTINUED);
	if (export_has(v, 0, EXPORT_END_REASON)) {
		uint64_t reason = v->number[0][EXPORT_END_REASON];

		if ((reason & END_MASK) == END_ACTIVE_TIMEOUT)
			f->attributes |= FF_ATTR_TIMEOUT;
		if (reason & END_CONTINUED)
			f->attributes |= FF_ATTR_CONTINUED;
	}
	if (export_has(v, side, EXPORT_ATTRIBUTES) &&
	    (v->number[side][EXPORT_ATTRIBUTES] & CERT_SAME_SIZE))
		f->attributes |= FF_ATTR_SAME_SIZE;
}

/* ---- the whole ---- */

static bool flow_sent(const struct ff_flow *f)
{
	return f->packets > 0 || f->bytes > 0;
}

/* That a connection began, which is told again with counts when it ends; that an address
 * was translated. */
static bool flow_is_event(const struct export_values *v)
{
	if (export_has(v, 0, EXPORT_EVENT) &&
	    (v->number[0][EXPORT_EVENT] == EVENT_CREATED ||
	     v->number[0][EXPORT_EVENT] == EVENT_ALERT))
		return true;
	return export_has(v, 0, EXPORT_NAT_EVENT);
}

int export_flows(struct ff_flow f[2], const struct export_values *v,
		 const struct export_item *it, const uint8_t orient[256],
		 const char **why)
{
	struct ff_flow counts[2] = {{.packets = 0}};
	bool answered;

	flow_counts(counts, v);
	answered = flow_sent(&counts[1]);
	if (!flow_sent(&counts[0]) && !answered && flow_is_event(v))
		return 0;
	f[0] = (struct ff_flow){0};
	if (!flow_addresses(&f[0], v))
		return 0;
	flow_ends(&f[0], v);
	if (f[0].present & FF_BIT(FF_FLOWTYPE))
		f[0].orient = orient[f[0].flowtype];
	if (answered)
		text_reverse(&f[1], &f[0]);
	for (int side = 0; side < 1 + answered; side++) {
		f[side].packets = counts[side].packets;
		f[side].bytes = counts[side].bytes;
		f[side].present |= counts[side].present;
		export_icmp(&f[side], v, side);
		flow_flags(&f[side], v, side);
		flow_attributes(&f[side], v, side);
	}
	if (!export_times(f, v, it)) {
		*why = "a time out of range";
		return -1;
	}
	if (answered && (f[0].present & (FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES))) &&
	    !flow_sent(&f[0])) {
		f[0] = f[1]; /* picked up in the middle */
		return 1;
	}
	return 1 + answered;
}
