/* SPDX-License-Identifier: MIT */
/* silk_unpack_flowcap - records of flow collectors (FLOWCAP) and of old rwfilter output
 * (RWFILTER). Both hold absolute start times in seconds. Comments give offset:field. */
#include "input/silk_unpack.h"

static inline void flowcap_seconds(struct ff_flow *f, uint32_t start_s,
				   uint32_t duration_s, uint32_t start_ms,
				   uint32_t duration_ms)
{
	f->start_ns = (int64_t)start_s * FF_SEC + (int64_t)start_ms * FF_MS;
	f->end_ns =
		f->start_ns + (int64_t)duration_s * FF_SEC + (int64_t)duration_ms * FF_MS;
}

/* 0 sIP; 4 dIP; 8 bytes; 12 start s; 16 duration s; 18 sPort; 20 dPort in all versions;
 * `tail` is where packets, protocol, flags stand: 0 packets (24 bits); 3 protocol; 4
 * flags */
static inline void flowcap_common(const struct silk_context *c, const uint8_t *r,
				  const uint8_t *tail, struct ff_flow *f)
{
	silk_set_v4(&f->sip, ff_get_u32(r, c->big));
	silk_set_v4(&f->dip, ff_get_u32(r + 4, c->big));
	silk_set_place(f, c, c->sensor, FF_FLOWTYPE_NONE);
	f->bytes = ff_get_u32(r + 8, c->big);
	f->packets = silk_get24(tail, c->big);
	f->protocol = tail[3];
	f->flags = tail[4];
	flowcap_seconds(f, ff_get_u32(r + 12, c->big), ff_get_u16(r + 16, c->big), 0, 0);
	silk_set_ports(f, ff_get_u16(r + 18, c->big), ff_get_u16(r + 20, c->big));
}

/* What versions 3 and later add: 5 initial flags; 6 attributes; 7 start ms 10, duration
 * ms 10,
 * - 4, which is a string of bits and so big-endian always */
static inline void flowcap_states(const uint8_t *tail, struct ff_flow *f)
{
	uint32_t ms = silk_get24(tail + 7, true);

	f->start_ns += (int64_t)(ms >> 14) * FF_MS;
	f->end_ns += (int64_t)((ms >> 14) + (ms >> 4 & 0x3ff)) * FF_MS;
	f->attributes = tail[6] & SILK_ATTR_KEPT;
	if (tail[6] & FF_ATTR_EXPANDED) {
		f->initial_flags = tail[5];
		f->session_flags = tail[4];
		f->flags = tail[4] | tail[5];
	}
}

/* 22 in; 23 out; 24 packets ...; 29 unused */
static inline bool flowcap_v2(const struct silk_context *c, const uint8_t *r,
			      struct ff_flow *f)
{
	flowcap_common(c, r, r + 24, f);
	f->in = r[22];
	f->out = r[23];
	return true;
}

/* 22 application; 24 in; 25 out; 26 packets ... */
static inline bool flowcap_v3(const struct silk_context *c, const uint8_t *r,
			      struct ff_flow *f)
{
	flowcap_common(c, r, r + 26, f);
	flowcap_states(r + 26, f);
	f->application = ff_get_u16(r + 22, c->big);
	f->in = r[24];
	f->out = r[25];
	return true;
}

/* 36 hash of the payload, which SiLK shows as the next hop */
static inline bool flowcap_v4(const struct silk_context *c, const uint8_t *r,
			      struct ff_flow *f)
{
	silk_set_v4(&f->nhip, ff_get_u32(r + 36, c->big));
	return flowcap_v3(c, r, f);
}

/* 22 not used; 24 in (16 bits); 26 out; 28 packets ... */
static inline bool flowcap_v6(const struct silk_context *c, const uint8_t *r,
			      struct ff_flow *f)
{
	flowcap_common(c, r, r + 28, f);
	flowcap_states(r + 28, f);
	f->in = ff_get_u16(r + 24, c->big);
	f->out = ff_get_u16(r + 26, c->big);
	return true;
}

/* v6 with 22 application */
static inline bool flowcap_v5(const struct silk_context *c, const uint8_t *r,
			      struct ff_flow *f)
{
	f->application = ff_get_u16(r + 22, c->big);
	return flowcap_v6(c, r, f);
}

/* 0 sIP; 4 dIP; 8 sPort; 10 dPort; 12 protocol; 13 flags; 14 in; 15 out; 16 nhIP; 20
 * start s; 24 packets 20, duration s 11, m 1; 28 bytes per packet 20, rest by version */
static inline void filter_v1_v2(const struct silk_context *c, const uint8_t *r,
				uint16_t sensor, struct ff_flow *f)
{
	uint32_t pef = ff_get_u32(r + 24, c->big);

	silk_set_v4(&f->sip, ff_get_u32(r, c->big));
	silk_set_v4(&f->dip, ff_get_u32(r + 4, c->big));
	silk_set_v4(&f->nhip, ff_get_u32(r + 16, c->big));
	silk_set_place(f, c, sensor, FF_FLOWTYPE_NONE);
	silk_set_volume(f, pef >> 12, pef & 1, ff_get_u32(r + 28, c->big) >> 12);
	flowcap_seconds(f, ff_get_u32(r + 20, c->big), pef >> 1 & 0x7ff, 0, 0);
	f->protocol = r[12];
	f->flags = r[13];
	f->in = r[14];
	f->out = r[15];
	silk_set_ports(f, ff_get_u16(r + 8, c->big), ff_get_u16(r + 10, c->big));
}

/* sensor in bits 11-6 */
static inline bool filter_v1(const struct silk_context *c, const uint8_t *r,
			     struct ff_flow *f)
{
	filter_v1_v2(c, r, ff_get_u32(r + 28, c->big) >> 6 & 0x3f, f);
	return true;
}

/* sensor in bits 7-0 */
static inline bool filter_v2(const struct silk_context *c, const uint8_t *r,
			     struct ff_flow *f)
{
	filter_v1_v2(c, r, ff_get_u32(r + 28, c->big) & 0xff, f);
	return true;
}

/* 0 sIP; 4 dIP; 8 sPort; 10 dPort; 12 nhIP; 16 in; 18 out; 20 start s; 24 duration s; 28
 * packets 20, m 1, ...; 32 bytes per packet 20, ...; 36 sensor */
static inline void filter_common(const struct silk_context *c, const uint8_t *r,
				 uint8_t flowtype, struct ff_flow *f)
{
	uint32_t p = ff_get_u32(r + 28, c->big);

	silk_set_v4(&f->sip, ff_get_u32(r, c->big));
	silk_set_v4(&f->dip, ff_get_u32(r + 4, c->big));
	silk_set_v4(&f->nhip, ff_get_u32(r + 12, c->big));
	silk_set_place(f, c, ff_get_u16(r + 36, c->big), flowtype);
	silk_set_volume(f, p >> 12, p >> 11 & 1, ff_get_u32(r + 32, c->big) >> 12);
	f->in = ff_get_u16(r + 16, c->big);
	f->out = ff_get_u16(r + 18, c->big);
}

/* 28 ... - 3, flowtype 8; 38 protocol; 39 flags */
static inline bool filter_v3(const struct silk_context *c, const uint8_t *r,
			     struct ff_flow *f)
{
	filter_common(c, r, (uint8_t)ff_get_u32(r + 28, c->big), f);
	flowcap_seconds(f, ff_get_u32(r + 20, c->big), ff_get_u32(r + 24, c->big), 0, 0);
	f->protocol = r[38];
	f->flags = r[39];
	silk_set_ports(f, ff_get_u16(r + 8, c->big), ff_get_u16(r + 10, c->big));
	return true;
}

/* 28 ... tcp 1, start ms 10; 32 ... - 2, duration ms 10; 38 flowtype; 39 x; 40
 * application; 42 attributes; 43 rest of the flags */
static inline bool filter_v4(const struct silk_context *c, const uint8_t *r,
			     struct ff_flow *f)
{
	uint32_t p = ff_get_u32(r + 28, c->big);

	filter_common(c, r, r[38], f);
	flowcap_seconds(f, ff_get_u32(r + 20, c->big), ff_get_u32(r + 24, c->big),
			p & 0x3ff, ff_get_u32(r + 32, c->big) & 0x3ff);
	silk_set_states(f, p >> 10 & 1, r[39], r[42], r[43]);
	f->application = ff_get_u16(r + 40, c->big);
	silk_set_ports(f, ff_get_u16(r + 8, c->big), ff_get_u16(r + 10, c->big));
	return true;
}

SILK_EACH(silk_flowcap_v2, flowcap_v2, 30)
SILK_EACH(silk_flowcap_v3, flowcap_v3, 36)
SILK_EACH(silk_flowcap_v4, flowcap_v4, 40)
SILK_EACH(silk_flowcap_v5, flowcap_v5, 38)
SILK_EACH(silk_flowcap_v6, flowcap_v6, 38)
SILK_EACH(silk_filter_v1, filter_v1, 32)
SILK_EACH(silk_filter_v2, filter_v2, 32)
SILK_EACH(silk_filter_v3, filter_v3, 40)
SILK_EACH(silk_filter_v4, filter_v4, 44)
