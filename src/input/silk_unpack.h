/* SPDX-License-Identifier: MIT */
/* silk_unpack - what the unpackers of SiLK records share: numbers in either byte order,
 * and the packed heads that many formats begin with. Bit fields are named by their lowest
 * bit in the u32 after byte-order conversion. All inline: they run once a record. */
#ifndef FLOWFIG_INPUT_SILK_UNPACK_H
#define FLOWFIG_INPUT_SILK_UNPACK_H

#include "input/silk.h"

#include <string.h>

#define SILK_PROTO_ICMP 1
#define SILK_PROTO_TCP 6
#define SILK_PROTO_ICMP6 58
#define SILK_ATTR_IPV6 0x80 /* of the stored attributes byte: the addresses are IPv6 */
#define SILK_ATTR_KEPT 0x79 /* the bits that mean something to others */
/* Start times that leave room for any u32 duration in 64-bit nanoseconds. */
#define SILK_START_MAX_MS UINT64_C(9100000000000)

/* ---- numbers and addresses ---- */

static inline uint32_t silk_get24(const uint8_t *p, bool big)
{
	return big ? (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2]
		   : (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline void silk_set_v4(struct ff_addr *to, uint32_t a)
{
	*to = ff_addr_from_v4(a);
}

/* 16 bytes in network order; of an IPv4 record only the last four count. */
static inline void silk_set_addr(struct ff_addr *to, const uint8_t *p, bool is_v6)
{
	if (is_v6)
		memcpy(to->b, p, 16);
	else
		silk_set_v4(to, ff_get_u32(p + 12, true));
}

/* ---- what every format has ---- */

/* Absolute start. False when it does not fit. */
static inline bool silk_set_start(struct ff_flow *f, uint64_t ms, uint32_t duration_ms)
{
	if (ms + SILK_START_MAX_MS > 2 * SILK_START_MAX_MS)
		return false;
	f->start_ns = (int64_t)ms * FF_MS;
	f->end_ns = f->start_ns + (int64_t)duration_ms * FF_MS;
	return true;
}

/* Within the file's hour. */
static inline void silk_set_times(struct ff_flow *f, const struct silk_context *c,
				  uint32_t start_ms, int64_t duration_ms)
{
	f->start_ns = c->hour_ns + (int64_t)start_ms * FF_MS;
	f->end_ns = f->start_ns + duration_ms * FF_MS;
}

/* ICMP type and code travel in dPort. A record that has them in sPort instead (a NetFlow
 * quirk) is put right, as SiLK does. */
static inline void silk_set_ports(struct ff_flow *f, uint16_t sport, uint16_t dport)
{
	bool icmp = f->protocol == SILK_PROTO_ICMP ||
		    (f->protocol == SILK_PROTO_ICMP6 && f->is_v6_record);

	if (!icmp) {
		f->sport = sport;
		f->dport = dport;
		return;
	}
	if (dport == 0)
		dport = sport;
	f->icmp_type = (uint8_t)(dport >> 8);
	f->icmp_code = (uint8_t)dport;
	f->present |= FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
}

/* Absent ones keep their bit off and their value zero. */
static inline void silk_set_place(struct ff_flow *f, const struct silk_context *c,
				  uint16_t sensor, uint8_t flowtype)
{
	if (sensor != FF_SENSOR_NONE) {
		f->sensor = sensor;
		f->present |= FF_BIT(FF_SENSOR);
	}
	if (flowtype != FF_FLOWTYPE_NONE) {
		f->flowtype = flowtype;
		f->present |= FF_BIT(FF_FLOWTYPE);
		f->orient = c->orient[flowtype];
	}
}

/* In two halves: over about 100 bytes gcc takes a string instruction, which is slow to
 * start. */
static inline void silk_clear(struct ff_flow *f)
{
	memset(f, 0, sizeof(*f) / 2);
	memset((uint8_t *)f + sizeof(*f) / 2, 0, sizeof(*f) - sizeof(*f) / 2);
}

static inline void silk_begin(struct ff_flow *f, const struct silk_context *c)
{
	silk_clear(f);
	f->present = c->present;
}

/* ---- packed volumes ----
 * Bytes are kept as bytes per packet: 14 bits whole, 6 bits of 1/64. SiLK multiplies the
 * fraction in a signed 32-bit int, which goes negative from 34,087,043 packets on and
 * then loses 67,108,864 bytes. We give what rwcut prints, so that numbers agree with
 * SiLK's; the bytes that were really counted cannot be had exactly from such a record
 * anyway. */
static inline void silk_set_volume(struct ff_flow *f, uint32_t packets, bool times64,
				   uint32_t bpp)
{
	uint32_t part;
	int32_t fraction;

	if (times64)
		packets *= 64;
	part = (bpp & 63) * packets;
	fraction = part < UINT32_C(0x80000000) ? (int32_t)part : -(int32_t)~part - 1;
	f->packets = packets;
	f->bytes = (uint32_t)((bpp >> 6) * packets + (uint32_t)(fraction / 64) +
			      (fraction % 64 >= 32 ? 1 : 0));
}

/* ---- packed heads: volume and times go to the flow, the rest comes back ---- */

struct silk_head {
	uint8_t x;   /* protocol, or (tcp) flags */
	bool tcp;    /* web forms: source is the server */
	uint8_t web; /* code of the server's port */
};

/* The newer 12 bytes ("TV12"): start ms 22, bpp 20, duration ms 22, x 8, m 1, tcp 1, - 2,
 * packets 20. */
static inline struct silk_head
silk_head_tv(struct ff_flow *f, const struct silk_context *c, const uint8_t *p)
{
	uint32_t a = ff_get_u32(p, c->big), b = ff_get_u32(p + 4, c->big),
		 d = ff_get_u32(p + 8, c->big);

	silk_set_times(f, c, a >> 10, b & 0x3fffff);
	silk_set_volume(f, d & 0xfffff, d >> 23 & 1, (a & 0x3ff) << 10 | b >> 22);
	return (struct silk_head){(uint8_t)(d >> 24), d >> 22 & 1, d >> 20 & 3};
}

/* The older 12 bytes ("TB12"): packets 20, start s 12; bpp 20, duration s 12; start ms
 * 10, duration ms 10, m 1, tcp 1, - 2, x 8. */
static inline struct silk_head
silk_head_tb(struct ff_flow *f, const struct silk_context *c, const uint8_t *p)
{
	uint32_t a = ff_get_u32(p, c->big), b = ff_get_u32(p + 4, c->big),
		 d = ff_get_u32(p + 8, c->big);

	silk_set_times(f, c, (a & 0xfff) * 1000 + (d >> 22),
		       (int64_t)(b & 0xfff) * 1000 + (d >> 12 & 0x3ff));
	silk_set_volume(f, a >> 12, d >> 11 & 1, b >> 12);
	return (struct silk_head){(uint8_t)d, d >> 10 & 1, d >> 8 & 3};
}

/* The oldest 8 bytes ("SP8"): packets 20, duration s 11, m 1; start s 12, bpp 20. */
static inline void silk_head_sp(struct ff_flow *f, const struct silk_context *c,
				const uint8_t *p)
{
	uint32_t a = ff_get_u32(p, c->big), b = ff_get_u32(p + 4, c->big);

	silk_set_times(f, c, (b >> 20) * 1000, (int64_t)(a >> 1 & 0x7ff) * 1000);
	silk_set_volume(f, a >> 12, a & 1, b & 0xfffff);
}

/* Protocol and flags of a head that says "TCP with flags x" or "protocol x". */
static inline void silk_set_protocol(struct ff_flow *f, struct silk_head h)
{
	f->protocol = h.tcp ? SILK_PROTO_TCP : h.x;
	f->flags = h.tcp ? h.x : 0;
}

/* The same with the attributes byte and a second byte of flags; `rest` are the later
 * packets' flags of TCP, and all flags of another protocol. */
static inline void silk_set_states(struct ff_flow *f, bool tcp, uint8_t x,
				   uint8_t attributes, uint8_t rest)
{
	f->attributes = attributes & SILK_ATTR_KEPT;
	f->protocol = tcp ? SILK_PROTO_TCP : x;
	if (!tcp) {
		f->flags = rest;
	} else if (attributes & FF_ATTR_EXPANDED) {
		f->initial_flags = x;
		f->session_flags = rest;
		f->flags = x | rest;
	} else {
		f->flags = x;
	}
}

/* The newest 8 bytes ("TF8", no volume): rest of the flags 8, tcp 1, web: source is the
 * server 1, start ms 22; 4 x; 5 attributes; 6 application. Returns the web bit. */
static inline bool silk_head_tf(struct ff_flow *f, const struct silk_context *c,
				const uint8_t *p, uint32_t duration_ms)
{
	uint32_t a = ff_get_u32(p, c->big);
	bool tcp = a >> 23 & 1;

	silk_set_times(f, c, a & 0x3fffff, duration_ms);
	silk_set_states(f, tcp, p[4], p[5], tcp ? (uint8_t)(a >> 24) : 0);
	f->application = ff_get_u16(p + 6, c->big);
	return a >> 22 & 1;
}

/* Web records name the server's port by a code; 3 = another port, which is lost. */
static inline void silk_set_web_ports(struct ff_flow *f, bool src_is_server,
				      unsigned code, uint16_t client)
{
	static const uint16_t ports[4] = {80, 443, 8080, 0};

	f->sport = src_is_server ? ports[code] : client;
	f->dport = src_is_server ? client : ports[code];
}

/* Makes an unpacker of many records from one of one record. */
#define SILK_EACH(name, one, length)                                          \
	size_t name(const struct silk_context *c, const uint8_t *r, size_t n, \
		    struct ff_flow *f)                                        \
	{                                                                     \
		size_t i;                                                     \
                                                                              \
		for (i = 0; i < n; i++, r += (length)) {                      \
			silk_begin(&f[i], c);                                 \
			if (!one(c, r, &f[i]))                                \
				break;                                        \
		}                                                             \
		return i;                                                     \
	}

#endif
