/* SPDX-License-Identifier: MIT */
/* writer_silk - SiLK flow files: FT_RWGENERIC v5 (52-byte records, IPv4) or
 * FT_RWIPV6ROUTING v1 (88 bytes, both), uncompressed, little-endian records.
 *
 * As SiLK does, times are cut to milliseconds, packet and byte counts above 2^32 - 1,
 * interface numbers above 65535 and durations above 2^32 - 1 ms are stored as that limit.
 * What a flow does not carry becomes SiLK's word for it: 0, sensor 65535, flowtype 255.
 * writer_losses.c counts what that loses. */
#include "input/writer.h"

#include <inttypes.h>
#include <string.h>

enum {
	SILK_HEADER = 16,    /* bytes before the header entries */
	SILK_GENERIC = 0x16, /* format ids */
	SILK_IPV6ROUTING = 0x0c,
	SILK_GENERIC_LEN = 52, /* record lengths */
	SILK_IPV6ROUTING_LEN = 88,
	SILK_ENTRY_INVOCATION = 2,
	SILK_IS_IPV6 = 0x80, /* in the attributes of an IPV6ROUTING record */
};

/* ---- header: big-endian throughout ---- */

static void silk_add_u32(struct ff_buf *b, uint32_t v)
{
	uint8_t be[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8),
			 (uint8_t)v};

	ff_buf_add(b, be, sizeof be);
}

static int silk_begin(struct ff_flow_writer *w, struct ff_err *err)
{
	const char *invocation = w->opts.invocation ? w->opts.invocation : "";
	uint32_t record = w->opts.silk_v6 ? SILK_IPV6ROUTING_LEN : SILK_GENERIC_LEN;
	uint8_t head[8] = {0xde,
			   0xad,
			   0xbe,
			   0xef,
			   0 /* little-endian records */,
			   w->opts.silk_v6 ? SILK_IPV6ROUTING : SILK_GENERIC,
			   16 /* header version */,
			   0 /* not compressed */};
	size_t len = strlen(invocation), pad;

	if (len > 65535) /* a command line of any use is shorter */
		len = 65535;
	ff_buf_add(&w->buf, head, sizeof head);
	silk_add_u32(&w->buf, 0); /* SiLK version: not written by SiLK */
	silk_add_u32(&w->buf, record << 16 | (w->opts.silk_v6 ? 1 : 5));
	if (len > 0) {
		silk_add_u32(&w->buf, SILK_ENTRY_INVOCATION);
		silk_add_u32(&w->buf, (uint32_t)(8 + len + 1));
		ff_buf_add(&w->buf, invocation, len);
		ff_buf_addc(&w->buf, '\0');
	}
	/* the end entry pads the header to a multiple of the record length */
	pad = (record - (w->buf.len + 8) % record) % record;
	silk_add_u32(&w->buf, 0);
	silk_add_u32(&w->buf, (uint32_t)(8 + pad));
	for (; pad > 0; pad--)
		ff_buf_addc(&w->buf, '\0');
	return w->buf.failed ? ff_fail_nomem(err) : FF_OK;
}

/* ---- records ---- */

static void silk_put16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static void silk_put32(uint8_t *p, uint64_t v)
{
	uint32_t clamped = v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;

	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(clamped >> (8 * i));
}

static uint16_t silk_clamp16(uint32_t v)
{
	return v > UINT16_MAX ? UINT16_MAX : (uint16_t)v;
}

static int64_t silk_ms(int64_t ns)
{
	return ns / FF_MS - (ns % FF_MS < 0);
}

/* Initial and session flags only count when the "expanded" bit says so; SiLK keeps it for
 * TCP with one of the two set. */
static uint8_t silk_attributes(const struct ff_flow *f)
{
	uint8_t a = f->attributes & (FF_ATTR_FIN | FF_ATTR_SAME_SIZE | FF_ATTR_TIMEOUT |
				     FF_ATTR_CONTINUED);

	if (f->protocol == 6 && (f->initial_flags || f->session_flags))
		a |= FF_ATTR_EXPANDED;
	return a;
}

/* The first 40 bytes, which both formats share. */
static void silk_put_head(uint8_t *p, const struct ff_flow *f)
{
	int64_t start = silk_ms(f->start_ns), end = silk_ms(f->end_ns);
	bool timed = (f->present & FF_BIT(FF_STIME)) != 0;

	for (unsigned i = 0; i < 8; i++)
		p[i] = (uint8_t)((uint64_t)start >> (8 * i));
	silk_put32(p + 8, timed && end > start ? (uint64_t)(end - start) : 0);
	silk_put16(p + 12, f->sport);
	silk_put16(p + 14, writer_dport(f));
	p[16] = f->protocol;
	p[17] = f->present & FF_BIT(FF_FLOWTYPE) ? f->flowtype : FF_FLOWTYPE_NONE;
	silk_put16(p + 18, f->present & FF_BIT(FF_SENSOR) ? f->sensor : FF_SENSOR_NONE);
	p[20] = f->flags;
	p[21] = f->initial_flags;
	p[22] = f->session_flags;
	p[23] = silk_attributes(f);
	silk_put16(p + 24, f->application);
	silk_put16(p + 26, 0); /* memo: SiLK's own */
	silk_put16(p + 28, silk_clamp16(f->in));
	silk_put16(p + 30, silk_clamp16(f->out));
	silk_put32(p + 32, f->packets);
	silk_put32(p + 36, f->bytes);
}

static int silk_put_v4(struct ff_flow_writer *w, uint8_t *p, const struct ff_flow *f,
		       struct ff_err *err)
{
	bool has_next = (f->present & FF_BIT(FF_NHIP)) != 0;

	if (!ff_addr_is_v4(&f->sip) || !ff_addr_is_v4(&f->dip) ||
	    (has_next && !ff_addr_is_v4(&f->nhip)))
		return ff_fail(err, FF_EUSAGE,
			       "record %" PRIu64
			       " has an IPv6 address, which a SiLK file of "
			       "IPv4 records cannot hold",
			       w->records + 1);
	silk_put_head(p, f);
	silk_put32(p + 40, ff_addr_to_v4(&f->sip));
	silk_put32(p + 44, ff_addr_to_v4(&f->dip));
	silk_put32(p + 48, has_next ? ff_addr_to_v4(&f->nhip) : 0);
	return FF_OK;
}

/* An IPv4 record keeps ::ffff:a.b.c.d in the same places, without the IPv6 bit. */
static void silk_put_v6(uint8_t *p, const struct ff_flow *f)
{
	bool has_next = (f->present & FF_BIT(FF_NHIP)) != 0;
	bool v6 = f->is_v6_record || !ff_addr_is_v4(&f->sip) || !ff_addr_is_v4(&f->dip) ||
		  (has_next && !ff_addr_is_v4(&f->nhip));
	struct ff_addr none = v6 ? (struct ff_addr){{0}} : ff_addr_from_v4(0);

	silk_put_head(p, f);
	if (v6)
		p[23] |= SILK_IS_IPV6;
	memcpy(p + 40, f->sip.b, 16);
	memcpy(p + 56, f->dip.b, 16);
	memcpy(p + 72, has_next ? f->nhip.b : none.b, 16);
}

static int silk_put(struct ff_flow_writer *w, const struct ff_flow *f, struct ff_err *err)
{
	size_t len = w->opts.silk_v6 ? SILK_IPV6ROUTING_LEN : SILK_GENERIC_LEN;
	uint8_t *p;
	int rc;

	if (ff_buf_reserve(&w->buf, len) < 0)
		return ff_fail_nomem(err);
	p = w->buf.data + w->buf.len;
	if (w->opts.silk_v6) {
		silk_put_v6(p, f);
	} else {
		rc = silk_put_v4(w, p, f, err);
		if (rc < 0)
			return rc;
	}
	w->buf.len += len;
	writer_lose(&w->losses, f);
	return FF_OK;
}

const struct writer_format writer_silk = {.begin = silk_begin, .put = silk_put};
