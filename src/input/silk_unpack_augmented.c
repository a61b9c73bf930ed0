/* SPDX-License-Identifier: MIT */
/* silk_unpack_augmented - records of hourly repository files with split TCP flags,
 * attributes and application: RWAUGMENTED, RWAUGROUTING, RWAUGSNMPOUT, RWAUGWEB. Comments
 * give offset:field. */
#include "input/silk_unpack.h"

static inline void aug_pair(const struct silk_context *c, const uint8_t *r,
			    struct ff_flow *f)
{
	silk_set_v4(&f->sip, ff_get_u32(r, c->big));
	silk_set_v4(&f->dip, ff_get_u32(r + 4, c->big));
	silk_set_place(f, c, c->sensor, c->flowtype);
}

static inline void aug_ports(const struct silk_context *c, const uint8_t *p,
			     struct ff_flow *f)
{
	silk_set_ports(f, ff_get_u16(p, c->big), ff_get_u16(p + 2, c->big));
}

/* TV16: TV12; 12 attributes; 13 rest of the flags; 14 application */
static inline struct silk_head aug_head16(const struct silk_context *c, const uint8_t *p,
					  struct ff_flow *f)
{
	f->application = ff_get_u16(p + 14, c->big);
	return silk_head_tv(f, c, p);
}

static inline void aug_states16(struct ff_flow *f, bool tcp, uint8_t x, const uint8_t *p)
{
	silk_set_states(f, tcp, x, p[12], p[13]);
	/* normally 0 in an unexpanded record, but SiLK adds it */
	if (tcp)
		f->flags |= p[13];
}

/* 0 sIP; 4 dIP; 8 sPort; 10 dPort; 12 TB12; 24 application; 26 attributes; 27 rest of the
 * flags */
static inline bool aug_augmented_v1(const struct silk_context *c, const uint8_t *r,
				    struct ff_flow *f)
{
	struct silk_head h = silk_head_tb(f, c, r + 12);

	aug_pair(c, r, f);
	silk_set_states(f, h.tcp, h.x, r[26], r[27]);
	f->application = ff_get_u16(r + 24, c->big);
	aug_ports(c, r + 8, f);
	return true;
}

/* 0 TV16; 16 sPort; 18 dPort; 20 sIP; 24 dIP */
static inline bool aug_augmented_v4(const struct silk_context *c, const uint8_t *r,
				    struct ff_flow *f)
{
	struct silk_head h = aug_head16(c, r, f);

	aug_pair(c, r + 20, f);
	aug_states16(f, h.tcp, h.x, r);
	aug_ports(c, r + 16, f);
	return true;
}

/* 0 TF8; 8 sPort; 10 dPort; 12 duration; 16 packets; 20 bytes; 24 sIP; 28 dIP */
static inline bool aug_augmented_v5(const struct silk_context *c, const uint8_t *r,
				    struct ff_flow *f)
{
	silk_head_tf(f, c, r, ff_get_u32(r + 12, c->big));
	f->packets = ff_get_u32(r + 16, c->big);
	f->bytes = ff_get_u32(r + 20, c->big);
	aug_pair(c, r + 24, f);
	aug_ports(c, r + 8, f);
	return true;
}

/* AUGMENTED, then nhIP, in, out */
static inline void aug_route(const struct silk_context *c, const uint8_t *p,
			     struct ff_flow *f)
{
	silk_set_v4(&f->nhip, ff_get_u32(p, c->big));
	f->in = ff_get_u16(p + 4, c->big);
	f->out = ff_get_u16(p + 6, c->big);
}

static inline bool aug_routing_v1(const struct silk_context *c, const uint8_t *r,
				  struct ff_flow *f)
{
	aug_route(c, r + 28, f);
	return aug_augmented_v1(c, r, f);
}

/* 0 TV16; 16 sPort; 18 dPort; 20 in; 22 out; 24 sIP; 28 dIP; 32 nhIP */
static inline bool aug_routing_v4(const struct silk_context *c, const uint8_t *r,
				  struct ff_flow *f)
{
	struct silk_head h = aug_head16(c, r, f);

	aug_pair(c, r + 24, f);
	silk_set_v4(&f->nhip, ff_get_u32(r + 32, c->big));
	f->in = ff_get_u16(r + 20, c->big);
	f->out = ff_get_u16(r + 22, c->big);
	aug_states16(f, h.tcp, h.x, r);
	aug_ports(c, r + 16, f);
	return true;
}

static inline bool aug_routing_v5(const struct silk_context *c, const uint8_t *r,
				  struct ff_flow *f)
{
	aug_route(c, r + 32, f);
	return aug_augmented_v5(c, r, f);
}

/* AUGMENTED, then the output interface */
static inline bool aug_snmpout_v1(const struct silk_context *c, const uint8_t *r,
				  struct ff_flow *f)
{
	f->out = ff_get_u16(r + 28, c->big);
	return aug_augmented_v1(c, r, f);
}

static inline bool aug_snmpout_v4(const struct silk_context *c, const uint8_t *r,
				  struct ff_flow *f)
{
	f->out = ff_get_u16(r + 28, c->big);
	return aug_augmented_v4(c, r, f);
}

static inline bool aug_snmpout_v5(const struct silk_context *c, const uint8_t *r,
				  struct ff_flow *f)
{
	f->out = ff_get_u16(r + 32, c->big);
	return aug_augmented_v5(c, r, f);
}

/* 0 sIP; 4 dIP; 8 TB12 web; 20 client port; 22 application; 24 attributes; 25 rest of the
 * flags */
static inline bool aug_web_v1(const struct silk_context *c, const uint8_t *r,
			      struct ff_flow *f)
{
	struct silk_head h = silk_head_tb(f, c, r + 8);

	aug_pair(c, r, f);
	silk_set_states(f, true, h.x, r[24], r[25]);
	f->application = ff_get_u16(r + 22, c->big);
	silk_set_web_ports(f, h.tcp, h.web, ff_get_u16(r + 20, c->big));
	return true;
}

/* 0 TV16 web; 16 sIP; 20 dIP; 24 client port */
static inline bool aug_web_v4(const struct silk_context *c, const uint8_t *r,
			      struct ff_flow *f)
{
	struct silk_head h = aug_head16(c, r, f);

	aug_pair(c, r + 16, f);
	aug_states16(f, true, h.x, r);
	silk_set_web_ports(f, h.tcp, h.web, ff_get_u16(r + 24, c->big));
	return true;
}

/* 0 TF8 web; 8 port code 2, duration ms 30; 12 packets; 16 bytes; 20 sIP; 24 dIP; 28
 * client port */
static inline bool aug_web_v5(const struct silk_context *c, const uint8_t *r,
			      struct ff_flow *f)
{
	uint32_t a = ff_get_u32(r, c->big), b = ff_get_u32(r + 8, c->big);
	bool src_is_server = silk_head_tf(f, c, r, b & 0x3fffffff);

	/* always TCP, whatever its bit says */
	silk_set_states(f, true, r[4], r[5], (uint8_t)(a >> 24));
	f->packets = ff_get_u32(r + 12, c->big);
	f->bytes = ff_get_u32(r + 16, c->big);
	aug_pair(c, r + 20, f);
	silk_set_web_ports(f, src_is_server, b >> 30, ff_get_u16(r + 28, c->big));
	return true;
}

SILK_EACH(silk_augmented_v1, aug_augmented_v1, 28)
SILK_EACH(silk_augmented_v4, aug_augmented_v4, 28)
SILK_EACH(silk_augmented_v5, aug_augmented_v5, 32)
SILK_EACH(silk_augrouting_v1, aug_routing_v1, 36)
SILK_EACH(silk_augrouting_v4, aug_routing_v4, 36)
SILK_EACH(silk_augrouting_v5, aug_routing_v5, 40)
SILK_EACH(silk_augsnmpout_v1, aug_snmpout_v1, 30)
SILK_EACH(silk_augsnmpout_v4, aug_snmpout_v4, 30)
SILK_EACH(silk_augsnmpout_v5, aug_snmpout_v5, 34)
SILK_EACH(silk_augweb_v1, aug_web_v1, 26)
SILK_EACH(silk_augweb_v4, aug_web_v4, 26)
SILK_EACH(silk_augweb_v5, aug_web_v5, 30)
