/* SPDX-License-Identifier: MIT */
/* silk_unpack_expanded - records with all fields at full width: RWGENERIC, RWIPV6ROUTING,
 * RWIPV6. RWGENERIC v5 and RWIPV6ROUTING v1 are what SiLK's tools write today, so they
 * are the fast ones: the byte order is a constant in their loops. Comments give
 * offset:field. */
#include "input/silk_unpack.h"

/* Split flags count only for TCP, and only when there are any. */
static inline void expanded_states(struct ff_flow *f, uint8_t attributes, uint8_t initial,
				   uint8_t session)
{
	f->attributes = attributes & SILK_ATTR_KEPT;
	if (f->protocol == SILK_PROTO_TCP && (initial | session)) {
		f->initial_flags = initial;
		f->session_flags = session;
	} else {
		f->attributes &= (uint8_t)~FF_ATTR_EXPANDED;
	}
}

/* GENERIC v5 and all IPv6 forms begin alike: 0 start ms; 8 duration ms; 12 sPort; 14
 * dPort; 16 protocol; 17 flowtype; 18 sensor; 20 flags; 21 initial; 22 session; 23
 * attributes; 24 application; 26 memo. is_v6_record must be set. */
static inline bool expanded_head(const struct silk_context *c, const uint8_t *r, bool big,
				 struct ff_flow *f)
{
	if (!silk_set_start(f, ff_get_u64(r, big), ff_get_u32(r + 8, big)))
		return false;
	f->protocol = r[16];
	silk_set_place(f, c, ff_get_u16(r + 18, big), r[17]);
	f->flags = r[20];
	expanded_states(f, r[23], r[21], r[22]);
	f->application = ff_get_u16(r + 24, big);
	silk_set_ports(f, ff_get_u16(r + 12, big), ff_get_u16(r + 14, big));
	return true;
}

/* ---- RWGENERIC ---- */

/* head; 28 in; 30 out; 32 packets; 36 bytes; 40 sIP; 44 dIP; 48 nhIP */
static inline bool generic_v5_one(const struct silk_context *c, const uint8_t *r,
				  struct ff_flow *f, bool big)
{
	silk_begin(f, c);
	if (!expanded_head(c, r, big, f))
		return false;
	f->in = ff_get_u16(r + 28, big);
	f->out = ff_get_u16(r + 30, big);
	f->packets = ff_get_u32(r + 32, big);
	f->bytes = ff_get_u32(r + 36, big);
	silk_set_v4(&f->sip, ff_get_u32(r + 40, big));
	silk_set_v4(&f->dip, ff_get_u32(r + 44, big));
	silk_set_v4(&f->nhip, ff_get_u32(r + 48, big));
	return true;
}

static inline size_t generic_v5(const struct silk_context *c, const uint8_t *r, size_t n,
				struct ff_flow *f, bool big)
{
	size_t i;

	for (i = 0; i < n && generic_v5_one(c, r, f, big); i++, r += 52, f++)
		;
	return i;
}

/* What SILK_BRIEF asks for of a record that begins with the head. */
static inline bool expanded_brief(const struct silk_context *c, const uint8_t *r,
				  bool big, struct ff_flow *f)
{
	silk_clear(f);
	if (!silk_set_start(f, ff_get_u64(r, big), 0))
		return false;
	f->end_ns = 0;
	f->present =
		FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_STIME) | FF_BIT(FF_PROTOCOL);
	f->protocol = r[16];
	silk_set_place(f, c, ff_get_u16(r + 18, big), r[17]);
	return true;
}

static inline size_t generic_v5_brief(const struct silk_context *c, const uint8_t *r,
				      size_t n, struct ff_flow *f, bool big)
{
	size_t i;

	for (i = 0; i < n && expanded_brief(c, r, big, f); i++, r += 52, f++) {
		silk_set_v4(&f->sip, ff_get_u32(r + 40, big));
		silk_set_v4(&f->dip, ff_get_u32(r + 44, big));
	}
	return i;
}

void silk_set_keep(struct silk_context *c, const struct ff_filter *keep)
{
	c->keep = *keep;
	c->keep_v4.count = keep->count;
	for (unsigned i = 0; i < keep->count; i++) {
		const struct ff_filter_test *t = &keep->tests[i];
		struct ff_addr net, mask;

		memcpy(net.b, t->net, 16);
		memcpy(mask.b, t->mask, 16);
		c->keep_v4.tests[i].sip = t->sip;
		c->keep_v4.tests[i].dip = t->dip;
		c->keep_v4.tests[i].negated = t->negated;
		c->keep_v4.tests[i].net = ff_addr_to_v4(&net) & ff_addr_to_v4(&mask);
		c->keep_v4.tests[i].mask = ff_addr_to_v4(&mask);
		for (size_t b = 0; b < sizeof(ff_addr_v4_head); b++) {
			if ((net.b[b] ^ ff_addr_v4_head[b]) & mask.b[b]) {
				c->keep_v4.tests[i].net = 1; /* holds no IPv4 address */
				c->keep_v4.tests[i].mask = 0;
			}
		}
	}
}

static inline bool sift_v4(const struct silk_keep_v4 *s, uint32_t sip, uint32_t dip)
{
	bool pass = true;

	for (unsigned i = 0; i < s->count; i++) {
		bool of_s = (sip & s->tests[i].mask) == s->tests[i].net;
		bool of_d = (dip & s->tests[i].mask) == s->tests[i].net;

		pass &= ((of_s & s->tests[i].sip) | (of_d & s->tests[i].dip)) !=
			s->tests[i].negated;
	}
	return pass;
}

/* Which flows pass follows no pattern that a processor could guess, so the place of each
 * is noted, and the note kept or overwritten. */
static inline size_t generic_v5_sift(const struct silk_context *c, const uint8_t *r,
				     size_t n, struct ff_flow *f, size_t *kept, bool big)
{
	uint16_t places[SILK_SIFT];
	struct ff_flow times;
	size_t i, k = 0;

	for (i = 0; i < n; i++) {
		const uint8_t *at = r + 52 * i;

		if (!silk_set_start(&times, ff_get_u64(at, big), 0))
			break;
		places[k] = (uint16_t)i;
		k += sift_v4(&c->keep_v4, ff_get_u32(at + 40, big),
			     ff_get_u32(at + 44, big));
	}
	*kept = k;
	for (k = 0; k < *kept; k++)
		generic_v5_one(c, r + 52 * places[k], &f[k], big);
	return i;
}

size_t silk_generic_v5_sift(const struct silk_context *c, const uint8_t *r, size_t n,
			    struct ff_flow *f, size_t *kept)
{
	return c->big ? generic_v5_sift(c, r, n, f, kept, true)
		      : generic_v5_sift(c, r, n, f, kept, false);
}

size_t silk_generic_v5(const struct silk_context *c, const uint8_t *r, size_t n,
		       struct ff_flow *f)
{
	return c->big ? generic_v5(c, r, n, f, true) : generic_v5(c, r, n, f, false);
}

size_t silk_generic_v5_brief(const struct silk_context *c, const uint8_t *r, size_t n,
			     struct ff_flow *f)
{
	return c->big ? generic_v5_brief(c, r, n, f, true)
		      : generic_v5_brief(c, r, n, f, false);
}

/* 0 sIP; 4 dIP; 8 sPort; 10 dPort; 12 nhIP; 16 in; 18 out; 20 start s; 24 duration s; 28
 * packets; 32 bytes; 36 protocol; 37 flowtype; 38 sensor; 40 flags; 41 initial; 42
 * session; 43 attributes */
static inline bool generic_v2(const struct silk_context *c, const uint8_t *r,
			      struct ff_flow *f)
{
	silk_set_v4(&f->sip, ff_get_u32(r, c->big));
	silk_set_v4(&f->dip, ff_get_u32(r + 4, c->big));
	silk_set_v4(&f->nhip, ff_get_u32(r + 12, c->big));
	f->in = ff_get_u16(r + 16, c->big);
	f->out = ff_get_u16(r + 18, c->big);
	f->start_ns = (int64_t)ff_get_u32(r + 20, c->big) * FF_SEC;
	f->end_ns = f->start_ns + (int64_t)ff_get_u32(r + 24, c->big) * FF_SEC;
	f->packets = ff_get_u32(r + 28, c->big);
	f->bytes = ff_get_u32(r + 32, c->big);
	f->protocol = r[36];
	silk_set_place(f, c, ff_get_u16(r + 38, c->big), r[37]);
	f->flags = r[40];
	expanded_states(f, r[43], r[41], r[42]);
	silk_set_ports(f, ff_get_u16(r + 8, c->big), ff_get_u16(r + 10, c->big));
	return true;
}

/* v2; 48 start ms; 50 duration ms; 52 application */
static inline bool generic_v3(const struct silk_context *c, const uint8_t *r,
			      struct ff_flow *f)
{
	int64_t start_ms = ff_get_u16(r + 48, c->big);

	generic_v2(c, r, f);
	f->start_ns += start_ms * FF_MS;
	f->end_ns += (start_ms + ff_get_u16(r + 50, c->big)) * FF_MS;
	f->application = ff_get_u16(r + 52, c->big);
	return true;
}

/* 0 sIP; 4 dIP; 8 sPort; 10 dPort; 12 protocol; 13 flags; 14 in; 15 out; 16 nhIP; 20
 * start s; 24 packets; 28 bytes; 32 duration s; 36 sensor (8 bits) */
static inline bool generic_v1(const struct silk_context *c, const uint8_t *r,
			      struct ff_flow *f)
{
	silk_set_v4(&f->sip, ff_get_u32(r, c->big));
	silk_set_v4(&f->dip, ff_get_u32(r + 4, c->big));
	silk_set_v4(&f->nhip, ff_get_u32(r + 16, c->big));
	f->protocol = r[12];
	f->flags = r[13];
	f->in = r[14];
	f->out = r[15];
	f->start_ns = (int64_t)ff_get_u32(r + 20, c->big) * FF_SEC;
	f->end_ns = f->start_ns + (int64_t)ff_get_u32(r + 32, c->big) * FF_SEC;
	f->packets = ff_get_u32(r + 24, c->big);
	f->bytes = ff_get_u32(r + 28, c->big);
	silk_set_place(f, c, r[36], FF_FLOWTYPE_NONE);
	silk_set_ports(f, ff_get_u16(r + 8, c->big), ff_get_u16(r + 10, c->big));
	return true;
}

/* ---- RWIPV6ROUTING ---- */

/* head; 28 in; 30 out; 32 packets; 36 bytes; 40 sIP[16]; 56 dIP[16]; 72 nhIP[16] */
static inline size_t ipv6routing_v1(const struct silk_context *c, const uint8_t *r,
				    size_t n, struct ff_flow *f, bool big)
{
	size_t i;

	for (i = 0; i < n; i++, r += 88, f++) {
		bool is_v6 = r[23] & SILK_ATTR_IPV6;

		silk_begin(f, c);
		f->is_v6_record = is_v6;
		if (!expanded_head(c, r, big, f))
			break;
		f->in = ff_get_u16(r + 28, big);
		f->out = ff_get_u16(r + 30, big);
		f->packets = ff_get_u32(r + 32, big);
		f->bytes = ff_get_u32(r + 36, big);
		silk_set_addr(&f->sip, r + 40, is_v6);
		silk_set_addr(&f->dip, r + 56, is_v6);
		silk_set_addr(&f->nhip, r + 72, is_v6);
	}
	return i;
}

static inline size_t ipv6routing_v1_brief(const struct silk_context *c, const uint8_t *r,
					  size_t n, struct ff_flow *f, bool big)
{
	size_t i;

	for (i = 0; i < n && expanded_brief(c, r, big, f); i++, r += 88, f++) {
		bool is_v6 = r[23] & SILK_ATTR_IPV6;

		f->is_v6_record = is_v6;
		silk_set_addr(&f->sip, r + 40, is_v6);
		silk_set_addr(&f->dip, r + 56, is_v6);
	}
	return i;
}

size_t silk_ipv6routing_v1(const struct silk_context *c, const uint8_t *r, size_t n,
			   struct ff_flow *f)
{
	return c->big ? ipv6routing_v1(c, r, n, f, true)
		      : ipv6routing_v1(c, r, n, f, false);
}

size_t silk_ipv6routing_v1_brief(const struct silk_context *c, const uint8_t *r, size_t n,
				 struct ff_flow *f)
{
	return c->big ? ipv6routing_v1_brief(c, r, n, f, true)
		      : ipv6routing_v1_brief(c, r, n, f, false);
}

static inline size_t ipv6routing_v1_sift(const struct silk_context *c, const uint8_t *r,
					 size_t n, struct ff_flow *f, size_t *kept,
					 bool big)
{
	size_t i, k = 0;

	for (i = 0; i < n && ipv6routing_v1_brief(c, r, 1, &f[k], big); i++, r += 88)
		if (ff_filter_pass(&c->keep, &f[k].sip, &f[k].dip))
			ipv6routing_v1(c, r, 1, &f[k++], big);
	*kept = k;
	return i;
}

size_t silk_ipv6routing_v1_sift(const struct silk_context *c, const uint8_t *r, size_t n,
				struct ff_flow *f, size_t *kept)
{
	return c->big ? ipv6routing_v1_sift(c, r, n, f, kept, true)
		      : ipv6routing_v1_sift(c, r, n, f, kept, false);
}

/* v1, where 24 is no application */
size_t silk_ipv6routing_v2(const struct silk_context *c, const uint8_t *r, size_t n,
			   struct ff_flow *f)
{
	size_t done = silk_ipv6routing_v1(c, r, n, f), i;

	for (i = 0; i < done; i++)
		f[i].application = 0;
	return done;
}

/* head; 28 in (32 bits); 32 packets (64); 40 bytes (64); 48 sIP; 64 dIP; 80 nhIP; 96 out
 * (32) */
static inline bool ipv6routing_v3(const struct silk_context *c, const uint8_t *r,
				  struct ff_flow *f)
{
	bool is_v6 = r[23] & SILK_ATTR_IPV6;

	f->is_v6_record = is_v6;
	if (!expanded_head(c, r, c->big, f))
		return false;
	/* this version says what it means: split flags as they stand */
	f->attributes = r[23] & SILK_ATTR_KEPT;
	f->initial_flags = r[21];
	f->session_flags = r[22];
	f->in = ff_get_u32(r + 28, c->big);
	f->out = ff_get_u32(r + 96, c->big);
	f->packets = ff_get_u64(r + 32, c->big);
	f->bytes = ff_get_u64(r + 40, c->big);
	silk_set_addr(&f->sip, r + 48, is_v6);
	silk_set_addr(&f->dip, r + 64, is_v6);
	silk_set_addr(&f->nhip, r + 80, is_v6);
	return true;
}

/* ---- RWIPV6 ---- */

/* head; 28 packets; 32 bytes; 36 sIP[16]; 52 dIP[16] */
static inline bool ipv6_v1(const struct silk_context *c, const uint8_t *r,
			   struct ff_flow *f)
{
	bool is_v6 = r[23] & SILK_ATTR_IPV6;

	f->is_v6_record = is_v6;
	if (!expanded_head(c, r, c->big, f))
		return false;
	f->packets = ff_get_u32(r + 28, c->big);
	f->bytes = ff_get_u32(r + 32, c->big);
	silk_set_addr(&f->sip, r + 36, is_v6);
	silk_set_addr(&f->dip, r + 52, is_v6);
	return true;
}

/* 0 rest of the flags 8, tcp 1, - 1, start ms 22; 4 x; 5 attributes; 6 application; 8
 * sPort; 10 dPort; 12 duration ms; 16 packets; 20 bytes; 24 sIP[16]; 40 dIP[16] */
static inline bool ipv6_v2(const struct silk_context *c, const uint8_t *r,
			   struct ff_flow *f)
{
	bool is_v6 = r[5] & SILK_ATTR_IPV6;

	f->is_v6_record = is_v6;
	silk_head_tf(f, c, r, ff_get_u32(r + 12, c->big));
	silk_set_place(f, c, c->sensor, c->flowtype);
	f->packets = ff_get_u32(r + 16, c->big);
	f->bytes = ff_get_u32(r + 20, c->big);
	silk_set_addr(&f->sip, r + 24, is_v6);
	silk_set_addr(&f->dip, r + 40, is_v6);
	silk_set_ports(f, ff_get_u16(r + 8, c->big), ff_get_u16(r + 10, c->big));
	return true;
}

SILK_EACH(silk_generic_v0, generic_v1, 40) /* v1 with three bytes of padding */
SILK_EACH(silk_generic_v1, generic_v1, 37)
SILK_EACH(silk_generic_v2, generic_v2, 48)
SILK_EACH(silk_generic_v3, generic_v3, 56)
SILK_EACH(silk_ipv6routing_v3, ipv6routing_v3, 100)
SILK_EACH(silk_ipv6_v1, ipv6_v1, 68)
SILK_EACH(silk_ipv6_v2, ipv6_v2, 56)
