/* SPDX-License-Identifier: MIT */
/* silk_unpack_packed - records of hourly repository files without split flags: RWSPLIT,
 * RWNOTROUTED, RWROUTED, RWWWW. Start is within the file's hour; bytes are bytes per
 * packet. Comments give offset:field. */
#include "input/silk_unpack.h"

/* 0 sIP; 4 dIP; 8 sPort; 10 dPort, where older versions begin with addresses */
static inline void packed_pair(const struct silk_context *c, const uint8_t *r,
			       struct ff_flow *f)
{
	silk_set_v4(&f->sip, ff_get_u32(r, c->big));
	silk_set_v4(&f->dip, ff_get_u32(r + 4, c->big));
	silk_set_place(f, c, c->sensor, c->flowtype);
}

static inline void packed_ports(const struct silk_context *c, const uint8_t *p,
				struct ff_flow *f)
{
	silk_set_ports(f, ff_get_u16(p, c->big), ff_get_u16(p + 2, c->big));
}

/* 0 sIP; 4 dIP; 8 sPort; 10 dPort; 12 SP8; 20 protocol; 21 flags */
static inline bool packed_split_v1(const struct silk_context *c, const uint8_t *r,
				   struct ff_flow *f)
{
	packed_pair(c, r, f);
	silk_head_sp(f, c, r + 12);
	f->protocol = r[20];
	f->flags = r[21];
	packed_ports(c, r + 8, f);
	return true;
}

/* 0 sIP; 4 dIP; 8 sPort; 10 dPort; 12 TB12 */
static inline bool packed_split_v3(const struct silk_context *c, const uint8_t *r,
				   struct ff_flow *f)
{
	packed_pair(c, r, f);
	silk_set_protocol(f, silk_head_tb(f, c, r + 12));
	packed_ports(c, r + 8, f);
	return true;
}

/* 0 TV12; 12 sPort; 14 dPort; 16 sIP; 20 dIP */
static inline bool packed_split_v5(const struct silk_context *c, const uint8_t *r,
				   struct ff_flow *f)
{
	packed_pair(c, r + 16, f);
	silk_set_protocol(f, silk_head_tv(f, c, r));
	packed_ports(c, r + 12, f);
	return true;
}

/* SPLIT, then the input interface */
static inline bool packed_notrouted_v1(const struct silk_context *c, const uint8_t *r,
				       struct ff_flow *f)
{
	f->in = r[22];
	return packed_split_v1(c, r, f);
}

static inline bool packed_notrouted_v3(const struct silk_context *c, const uint8_t *r,
				       struct ff_flow *f)
{
	f->in = ff_get_u16(r + 24, c->big);
	return packed_split_v3(c, r, f);
}

static inline bool packed_notrouted_v5(const struct silk_context *c, const uint8_t *r,
				       struct ff_flow *f)
{
	f->in = ff_get_u16(r + 24, c->big);
	return packed_split_v5(c, r, f);
}

/* 0 sIP; 4 dIP; 8 nhIP; 12 sPort; 14 dPort; 16 SP8; 24 protocol; 25 flags; 26 in; 27 out
 */
static inline bool packed_routed_v1(const struct silk_context *c, const uint8_t *r,
				    struct ff_flow *f)
{
	packed_pair(c, r, f);
	silk_set_v4(&f->nhip, ff_get_u32(r + 8, c->big));
	silk_head_sp(f, c, r + 16);
	f->protocol = r[24];
	f->flags = r[25];
	f->in = r[26];
	f->out = r[27];
	packed_ports(c, r + 12, f);
	return true;
}

/* SPLIT v3; 24 nhIP; 28 in; 30 out */
static inline bool packed_routed_v3(const struct silk_context *c, const uint8_t *r,
				    struct ff_flow *f)
{
	silk_set_v4(&f->nhip, ff_get_u32(r + 24, c->big));
	f->in = ff_get_u16(r + 28, c->big);
	f->out = ff_get_u16(r + 30, c->big);
	return packed_split_v3(c, r, f);
}

/* 0 TV12; 12 sPort; 14 dPort; 16 in; 18 out; 20 sIP; 24 dIP; 28 nhIP */
static inline bool packed_routed_v5(const struct silk_context *c, const uint8_t *r,
				    struct ff_flow *f)
{
	packed_pair(c, r + 20, f);
	silk_set_v4(&f->nhip, ff_get_u32(r + 28, c->big));
	silk_set_protocol(f, silk_head_tv(f, c, r));
	f->in = ff_get_u16(r + 16, c->big);
	f->out = ff_get_u16(r + 18, c->big);
	packed_ports(c, r + 12, f);
	return true;
}

static inline void packed_web(struct ff_flow *f, struct silk_head h, uint16_t client)
{
	f->protocol = SILK_PROTO_TCP;
	f->flags = h.x;
	silk_set_web_ports(f, h.tcp, h.web, client);
}

/* 0 sIP; 4 dIP; 8 SP8; 16 client port; 18 src_is_server 1, - 1, flags 6; 19 port code 2,
 * - 6 */
static inline bool packed_www_v1(const struct silk_context *c, const uint8_t *r,
				 struct ff_flow *f)
{
	packed_pair(c, r, f);
	silk_head_sp(f, c, r + 8);
	f->protocol = SILK_PROTO_TCP;
	f->flags = r[18] & 0x3f;
	silk_set_web_ports(f, r[18] >> 7, r[19] >> 6, ff_get_u16(r + 16, c->big));
	return true;
}

/* 0 sIP; 4 dIP; 8 TB12 web; 20 client port */
static inline bool packed_www_v3(const struct silk_context *c, const uint8_t *r,
				 struct ff_flow *f)
{
	packed_pair(c, r, f);
	packed_web(f, silk_head_tb(f, c, r + 8), ff_get_u16(r + 20, c->big));
	return true;
}

/* 0 TV12 web; 12 sIP; 16 dIP; 20 client port */
static inline bool packed_www_v5(const struct silk_context *c, const uint8_t *r,
				 struct ff_flow *f)
{
	packed_pair(c, r + 12, f);
	packed_web(f, silk_head_tv(f, c, r), ff_get_u16(r + 20, c->big));
	return true;
}

SILK_EACH(silk_split_v1, packed_split_v1, 22)
SILK_EACH(silk_split_v3, packed_split_v3, 24)
SILK_EACH(silk_split_v5, packed_split_v5, 24)
SILK_EACH(silk_notrouted_v1, packed_notrouted_v1, 23)
SILK_EACH(silk_notrouted_v3, packed_notrouted_v3, 26)
SILK_EACH(silk_notrouted_v5, packed_notrouted_v5, 26)
SILK_EACH(silk_routed_v1, packed_routed_v1, 28)
SILK_EACH(silk_routed_v3, packed_routed_v3, 32)
SILK_EACH(silk_routed_v5, packed_routed_v5, 32)
SILK_EACH(silk_www_v1, packed_www_v1, 20)
SILK_EACH(silk_www_v3, packed_www_v3, 22)
SILK_EACH(silk_www_v5, packed_www_v5, 22)
