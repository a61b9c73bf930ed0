/* SPDX-License-Identifier: MIT */
/* test - one small function a subject that says whether a flow passes, and which fields
 * the subject needs. These run once a flow; nothing here fails or allocates. */
#include <string.h>

#include "select/predicate.h"

enum { PROTO_ICMP = 1, PROTO_ICMP6 = 58 };

/* rwfilter: protocol 1, or 58 in a record stored as IPv6. Where no address was read,
 * nothing tells the family and 58 is taken for ICMPv6. */
static bool test_is_icmp(const struct ff_flow *f)
{
	return f->protocol == PROTO_ICMP ||
	       (f->protocol == PROTO_ICMP6 &&
		(f->is_v6_record || !(f->present & FF_BIT(FF_SIP))));
}

uint32_t select_carried(const struct ff_flow *f)
{
	uint32_t p = f->present;

	if (p & FF_BIT(FF_PROTOCOL)) {
		if (f->protocol == PROTO_ICMP || f->protocol == PROTO_ICMP6)
			p |= FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT); /* has none: 0 */
		if (!test_is_icmp(f))
			p |= FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
	}
	if (p & FF_BIT(FF_STIME)) { /* two of start, duration, end give the third */
		if (p & FF_BIT(FF_DURATION))
			p |= FF_BIT(FF_ETIME);
		else if (p & FF_BIT(FF_ETIME))
			p |= FF_BIT(FF_DURATION);
	}
	return p;
}

static bool test_bit(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

static bool test_protocol(const struct select_value *v, const struct ff_flow *f)
{
	return test_bit(v->bits, f->protocol);
}

/* SiLK keeps ICMP type and code in the destination port, and port switches see them. */
static uint32_t test_dport_of(const struct ff_flow *f)
{
	if (f->present & (FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE)))
		return (uint32_t)f->icmp_type << 8 | f->icmp_code;
	return f->dport;
}

static bool test_sport(const struct select_value *v, const struct ff_flow *f)
{
	return test_bit(v->bits, f->sport);
}

static bool test_dport(const struct select_value *v, const struct ff_flow *f)
{
	return test_bit(v->bits, test_dport_of(f));
}

static bool test_aport(const struct select_value *v, const struct ff_flow *f)
{
	return test_bit(v->bits, f->sport) || test_bit(v->bits, test_dport_of(f));
}

static bool test_application(const struct select_value *v, const struct ff_flow *f)
{
	return test_bit(v->bits, f->application);
}

/* Interfaces above 65535 count as 65535, as in SiLK, so that N- means "N and more". */
static bool test_index(const struct select_value *v, uint32_t i)
{
	return test_bit(v->bits, i > 65535 ? 65535 : i);
}

static bool test_in(const struct select_value *v, const struct ff_flow *f)
{
	return test_index(v, f->in);
}

static bool test_out(const struct select_value *v, const struct ff_flow *f)
{
	return test_index(v, f->out);
}

static bool test_any_index(const struct select_value *v, const struct ff_flow *f)
{
	return test_index(v, f->in) || test_index(v, f->out);
}

static bool test_icmp_type(const struct select_value *v, const struct ff_flow *f)
{
	return test_is_icmp(f) && test_bit(v->bits, f->icmp_type);
}

static bool test_icmp_code(const struct select_value *v, const struct ff_flow *f)
{
	return test_is_icmp(f) && test_bit(v->bits, f->icmp_code);
}

static bool test_packets(const struct select_value *v, const struct ff_flow *f)
{
	return f->packets >= v->low && f->packets <= v->high;
}

static bool test_bytes(const struct select_value *v, const struct ff_flow *f)
{
	return f->bytes >= v->low && f->bytes <= v->high;
}

/* A flow without packets has no bytes per packet and never passes. */
static bool test_ratio(const struct select_value *v, const struct ff_flow *f)
{
	double ratio;

	if (!f->packets)
		return false;
	ratio = (double)f->bytes / (double)f->packets;
	return ratio >= v->ratio_low && ratio <= v->ratio_high;
}

/* An end before the start is no duration and never passes. */
static bool test_duration(const struct select_value *v, const struct ff_flow *f)
{
	uint64_t ms;

	if (f->end_ns < f->start_ns)
		return false;
	ms = ((uint64_t)f->end_ns - (uint64_t)f->start_ns) / (uint64_t)FF_MS;
	return ms >= v->low && ms <= v->high;
}

static bool test_stime(const struct select_value *v, const struct ff_flow *f)
{
	return f->start_ns >= v->first_ns && f->start_ns <= v->last_ns;
}

static bool test_etime(const struct select_value *v, const struct ff_flow *f)
{
	return f->end_ns >= v->first_ns && f->end_ns <= v->last_ns;
}

static bool test_active(const struct select_value *v, const struct ff_flow *f)
{
	return f->start_ns <= v->last_ns && f->end_ns >= v->first_ns;
}

static bool test_pairs(const struct select_pairs *p, uint8_t flags)
{
	for (unsigned i = 0; i < p->count; i++)
		if ((flags & p->pairs[i].mask) == p->pairs[i].high)
			return true;
	return false;
}

static bool test_flags(const struct select_value *v, const struct ff_flow *f)
{
	return test_pairs(&v->pairs, f->flags);
}

static bool test_initial(const struct select_value *v, const struct ff_flow *f)
{
	return test_pairs(&v->pairs, f->initial_flags);
}

static bool test_session(const struct select_value *v, const struct ff_flow *f)
{
	return test_pairs(&v->pairs, f->session_flags);
}

static bool test_attributes(const struct select_value *v, const struct ff_flow *f)
{
	return test_pairs(&v->pairs, f->attributes);
}

static bool test_tcp_flags(const struct select_value *v, const struct ff_flow *f)
{
	return f->flags & v->letters;
}

static bool test_version(const struct select_value *v, const struct ff_flow *f)
{
	return v->letters & (f->is_v6_record ? 2 : 1);
}

static bool test_match(const struct select_match *m, const struct ff_addr *a)
{
	uint64_t w[2];

	if (m->set)
		return ff_ipset_has(m->set, a);
	memcpy(w, a->b, 16);
	if (((w[0] ^ m->net[0]) & m->mask[0]) | ((w[1] ^ m->net[1]) & m->mask[1]))
		return false;
	for (unsigned i = 0; i < m->lists; i++) {
		unsigned g = m->group[i];

		if (!test_bit(m->maps + (size_t)i * 1024,
			      (uint32_t)a->b[2 * g] << 8 | a->b[2 * g + 1]))
			return false;
	}
	return true;
}

static bool test_sip(const struct select_value *v, const struct ff_flow *f)
{
	return test_match(&v->match, &f->sip) != v->negated;
}

static bool test_dip(const struct select_value *v, const struct ff_flow *f)
{
	return test_match(&v->match, &f->dip) != v->negated;
}

/* Negated: neither side matches. */
static bool test_any_address(const struct select_value *v, const struct ff_flow *f)
{
	return (test_match(&v->match, &f->sip) || test_match(&v->match, &f->dip)) !=
	       v->negated;
}

static bool test_nhip(const struct select_value *v, const struct ff_flow *f)
{
	return test_match(&v->match, &f->nhip) != v->negated;
}

static bool test_sensor(const struct select_value *v, const struct ff_flow *f)
{
	if (v->sensors)
		return select_sensors_pass(v->sensors, f->sensor);
	return test_bit(v->bits, f->sensor);
}

static bool test_flowtype(const struct select_value *v, const struct ff_flow *f)
{
	return test_bit(v->bits, f->flowtype);
}

#define B(field) FF_BIT(FF_##field)
#define TIMES (B(STIME) | B(DURATION) | B(ETIME))
#define ICMP (B(PROTOCOL) | B(ICMP_TYPE) | B(ICMP_CODE))

const struct select_subject_info select_subjects[SELECT_SUBJECTS] = {
	[ON_PROTOCOL] = {B(PROTOCOL), 0, test_protocol, 1},
	[ON_SPORT] = {B(SPORT), B(PROTOCOL), test_sport, 3},
	[ON_DPORT] = {B(DPORT), ICMP, test_dport, 3},
	[ON_APORT] = {B(SPORT) | B(DPORT), ICMP, test_aport, 4},
	[ON_APPLICATION] = {B(APPLICATION), 0, test_application, 3},
	[ON_IN] = {B(IN), 0, test_in, 3},
	[ON_OUT] = {B(OUT), 0, test_out, 3},
	[ON_ANY_INDEX] = {B(IN) | B(OUT), 0, test_any_index, 4},
	[ON_ICMP_TYPE] = {B(PROTOCOL) | B(ICMP_TYPE), B(SIP) | B(DIP), test_icmp_type, 2},
	[ON_ICMP_CODE] = {B(PROTOCOL) | B(ICMP_CODE), B(SIP) | B(DIP), test_icmp_code, 2},
	[ON_PACKETS] = {B(PACKETS), 0, test_packets, 1},
	[ON_BYTES] = {B(BYTES), 0, test_bytes, 1},
	[ON_RATIO] = {B(PACKETS) | B(BYTES), 0, test_ratio, 4},
	[ON_DURATION] = {B(DURATION), TIMES, test_duration, 3},
	[ON_STIME] = {B(STIME), 0, test_stime, 1},
	[ON_ETIME] = {B(ETIME), TIMES, test_etime, 1},
	[ON_ACTIVE] = {B(STIME) | B(ETIME), TIMES, test_active, 1},
	[ON_FROM_TO] = {B(STIME), 0, test_stime, 1},
	[ON_FLAGS] = {B(FLAGS), 0, test_flags, 2},
	[ON_INITIAL] = {B(INITIAL_FLAGS), 0, test_initial, 2},
	[ON_SESSION] = {B(SESSION_FLAGS), 0, test_session, 2},
	[ON_TCP_FLAGS] = {B(FLAGS), 0, test_tcp_flags, 1},
	[ON_ATTRIBUTES] = {B(ATTRIBUTES), 0, test_attributes, 2},
	[ON_VERSION] = {B(SIP), B(DIP), test_version, 1},
	[ON_SIP] = {B(SIP), 0, test_sip, 5},
	[ON_DIP] = {B(DIP), 0, test_dip, 5},
	[ON_ANY_ADDRESS] = {B(SIP) | B(DIP), 0, test_any_address, 6},
	[ON_NHIP] = {B(NHIP), 0, test_nhip, 5},
	[ON_SENSOR] = {B(SENSOR), 0, test_sensor, 3},
	[ON_FLOWTYPE] = {B(FLOWTYPE), 0, test_flowtype, 2},
	[ON_INSIDE] = {B(SIP) | B(DIP), 0, NULL, 0},
	[ON_SCC] = {B(SIP), 0, NULL, 0},
	[ON_DCC] = {B(DIP), 0, NULL, 0},
	[ON_ANY_CC] = {B(SIP) | B(DIP), 0, NULL, 0},
};
