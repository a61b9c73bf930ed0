/* SPDX-License-Identifier: MIT */
/* nfdump_file - see nfdump_file.h; written from the description of the format, not with
 * the reader's own tables. */
#include "support/nfdump_file.h"
#include "support/pack.h"

#include <string.h>

static void put_u8(struct ff_buf *b, unsigned v)
{
	ff_buf_addc(b, (char)(uint8_t)v);
}

static void put_u16(struct ff_buf *b, unsigned v)
{
	pack_u16(b, false, v);
}

static void put_u32(struct ff_buf *b, uint32_t v)
{
	pack_u32(b, false, v);
}

static void put_u64(struct ff_buf *b, uint64_t v)
{
	pack_u64(b, false, v);
}

static void put_zeros(struct ff_buf *b, size_t n)
{
	while (n-- > 0)
		put_u8(b, 0);
}

/* ---- files and blocks ---- */

/* 15 counts: flows, bytes, packets, and four of each by protocol */
static void put_counts(struct ff_buf *b)
{
	put_u64(b, 7);
	put_u64(b, 7000);
	put_u64(b, 70);
	for (int i = 0; i < 12; i++)
		put_u64(b, (unsigned)i);
}

static void put_header_1(struct ff_buf *f, enum ff_codec codec, uint32_t blocks)
{
	put_u32(f, codec == FF_CODEC_LZO1X ? 1
		   : codec == FF_CODEC_BZ2 ? 8
		   : codec == FF_CODEC_LZ4 ? 16
					   : 0);
	put_u32(f, blocks);
	ff_buf_adds(f, "here");
	put_zeros(f, 124);
	put_counts(f);
	put_u32(f, (uint32_t)(NFDUMP_FILE_MS / 1000));
	put_u32(f, (uint32_t)(NFDUMP_FILE_MS / 1000) + 60);
	put_u16(f, 123);
	put_u16(f, 9);
	put_u32(f, 5); /* sequence failures */
}

static void put_header_2(struct ff_buf *f, enum ff_codec codec, uint32_t blocks)
{
	put_u32(f, 0x01070300);
	put_u64(f, NFDUMP_FILE_MS / 1000);
	put_u8(f, codec == FF_CODEC_LZO1X  ? 1
		  : codec == FF_CODEC_BZ2  ? 2
		  : codec == FF_CODEC_LZ4  ? 3
		  : codec == FF_CODEC_ZSTD ? 4
					   : 0);
	put_u8(f, 0);
	put_u16(f, 0);
	put_u32(f, 1); /* nfcapd */
	put_u64(f, 0);
	put_u32(f, 0);
	put_u32(f, blocks);
}

void nfdump_file_header(struct ff_buf *f, unsigned layout, enum ff_codec codec,
			uint32_t blocks)
{
	put_u16(f, 0xa50c);
	put_u16(f, layout);
	if (layout == 1)
		put_header_1(f, codec, blocks);
	else
		put_header_2(f, codec, blocks);
}

bool nfdump_file_block(struct ff_buf *f, enum ff_codec codec, unsigned type,
		       uint32_t count, struct ff_buf *records)
{
	struct ff_buf packed = FF_BUF_INIT;
	bool ok = true;

	if (codec == FF_CODEC_NONE)
		ff_buf_add(&packed, records->data, records->len);
	else
		ok = pack_codec(&packed, codec, records->data, records->len);
	if (ok) {
		put_u32(f, count);
		put_u32(f, (uint32_t)packed.len);
		put_u16(f, type);
		put_u16(f, 0);
		ff_buf_add(f, packed.data, packed.len);
	}
	ff_buf_clear(records);
	ff_buf_release(&packed);
	return ok;
}

bool nfdump_file_appendix(struct ff_buf *f, enum ff_codec codec)
{
	struct ff_buf r = FF_BUF_INIT, s = FF_BUF_INIT;
	uint64_t at = f->len;
	bool ok;

	nfdump_file_record(&r, 0x8001, "there", 6);
	put_counts(&s);
	put_u64(&s, NFDUMP_FILE_MS);
	put_u64(&s, NFDUMP_FILE_MS + 60000);
	put_u64(&s, 5);
	nfdump_file_record(&r, 0x8002, s.data, s.len);
	ok = nfdump_file_block(f, codec, 3, 2, &r);
	f->data[18] = 1;
	for (int i = 0; i < 8; i++)
		f->data[24 + i] = (uint8_t)(at >> 8 * i);
	ff_buf_release(&r);
	ff_buf_release(&s);
	return ok;
}

void nfdump_file_record(struct ff_buf *records, unsigned type, const void *payload,
			size_t len)
{
	put_u16(records, type);
	put_u16(records, (unsigned)len + 4);
	ff_buf_add(records, payload, len);
}

/* ---- flows ---- */

struct nfdump_file_flow nfdump_file_flow(unsigned number)
{
	return (struct nfdump_file_flow){.number = number,
					 .protocol = 6,
					 .sport = 40000,
					 .dport = 443,
					 .tcp_flags = 0x1b,
					 .first_ms = NFDUMP_FILE_MS,
					 .last_ms = NFDUMP_FILE_MS + 1500,
					 .packets = 3,
					 .bytes = 180};
}

static void put_addrs(struct ff_buf *b, const struct nfdump_file_flow *flow)
{
	if (flow->flags & 1) {
		put_u64(b, UINT64_C(0x20010db800000000));
		put_u64(b, flow->number);
		put_u64(b, UINT64_C(0xfd00000000000000));
		put_u64(b, flow->number);
	} else {
		put_u32(b, 0xc0000200 + flow->number);
		put_u32(b, 0x0a000000 + flow->number);
	}
}

/* ---- layout 1 ---- */

void nfdump_file_map(struct ff_buf *records, unsigned id, const uint16_t *extensions,
		     size_t count)
{
	static const uint8_t bytes[50] = {
		0, 0, 0, 0,  4,	 8,  4,	 8,  4,	 4,  16, 4,  16, 4, 4, 8, 4,
		8, 4, 8, 16, 16, 40, 4,	 16, 4,	 8,  8,	 0,  0,	 0, 0, 0, 0,
		0, 0, 0, 20, 4,	 8,  32, 24, 24, 72, 0,	 24, 12, 0, 8, 0};
	struct ff_buf p = FF_BUF_INIT;
	unsigned total = 0;

	for (size_t i = 0; i < count; i++)
		total += extensions[i] < 50 ? bytes[extensions[i]] : 0;
	put_u16(&p, id);
	put_u16(&p, total);
	for (size_t i = 0; i < count; i++)
		put_u16(&p, extensions[i]);
	put_u16(&p, 0);
	if (count % 2 == 0)
		put_u16(&p, 0);
	nfdump_file_record(records, 2, p.data, p.len);
	ff_buf_release(&p);
}

static void put_count(struct ff_buf *b, uint64_t v, bool is_wide)
{
	if (is_wide)
		put_u64(b, v);
	else
		put_u32(b, (uint32_t)v);
}

void nfdump_file_flow_1(struct ff_buf *records, unsigned type,
			const struct nfdump_file_flow *flow, const void *extensions,
			size_t len)
{
	struct ff_buf p = FF_BUF_INIT;

	put_u8(&p, flow->flags);
	put_u8(&p, type == 1 ? flow->exporter : 9);
	put_u16(&p, flow->map);
	put_u16(&p, (unsigned)(flow->first_ms % 1000));
	put_u16(&p, (unsigned)(flow->last_ms % 1000));
	put_u32(&p, (uint32_t)(flow->first_ms / 1000));
	put_u32(&p, (uint32_t)(flow->last_ms / 1000));
	put_u8(&p, 0);
	put_u8(&p, flow->tcp_flags);
	put_u8(&p, flow->protocol);
	put_u8(&p, 0);
	put_u16(&p, flow->sport);
	put_u16(&p, flow->dport);
	if (type != 1) {
		put_u16(&p, flow->exporter);
		put_u16(&p, 0);
	}
	put_addrs(&p, flow);
	put_count(&p, flow->packets, flow->flags & 2);
	put_count(&p, flow->bytes, flow->flags & 4);
	ff_buf_add(&p, extensions, len);
	nfdump_file_record(records, type, p.data, p.len);
	ff_buf_release(&p);
}

void nfdump_file_sampler(struct ff_buf *records, unsigned type, int id, uint32_t rate,
			 unsigned exporter)
{
	struct ff_buf p = FF_BUF_INIT;

	if (type == 9) {
		put_u32(&p, (uint32_t)id);
		put_u32(&p, rate);
		put_u16(&p, 0);
		put_u16(&p, exporter);
	} else {
		put_u16(&p, exporter);
		put_u16(&p, 0);
		put_u64(&p, (uint64_t)(int64_t)id);
		put_u32(&p, 1);
		put_u32(&p, rate - 1);
	}
	nfdump_file_record(records, type, p.data, p.len);
	ff_buf_release(&p);
}

/* ---- layout 2 ---- */

void nfdump_file_element(struct ff_buf *elements, unsigned id, const void *payload,
			 size_t len)
{
	nfdump_file_record(elements, id, payload, len); /* they have the same head */
}

void nfdump_file_basic(struct ff_buf *elements, const struct nfdump_file_flow *flow)
{
	struct ff_buf p = FF_BUF_INIT;

	put_u64(&p, flow->first_ms);
	put_u64(&p, flow->last_ms);
	put_u64(&p, flow->last_ms + 7);
	put_u64(&p, flow->packets);
	put_u64(&p, flow->bytes);
	put_u16(&p, flow->sport);
	put_u16(&p, flow->dport);
	put_u8(&p, flow->protocol);
	put_u8(&p, flow->tcp_flags);
	put_u16(&p, 0);
	nfdump_file_element(elements, 1, p.data, p.len);
	ff_buf_clear(&p);
	put_addrs(&p, flow);
	nfdump_file_element(elements, flow->flags & 1 ? 3 : 2, p.data, p.len);
	ff_buf_release(&p);
}

void nfdump_file_flow_2(struct ff_buf *records, unsigned count, unsigned exporter,
			unsigned flags, struct ff_buf *elements)
{
	struct ff_buf p = FF_BUF_INIT;

	put_u16(&p, count);
	put_u16(&p, 0);
	put_u16(&p, exporter);
	put_u8(&p, flags);
	put_u8(&p, 9);
	ff_buf_add(&p, elements->data, elements->len);
	nfdump_file_record(records, 11, p.data, p.len);
	ff_buf_clear(elements);
	ff_buf_release(&p);
}

/* ---- whole files ---- */

static bool sample_layout_1(struct ff_buf *f, enum ff_codec codec)
{
	static const uint16_t few[] = {4, 8}, many[] = {5, 10, 15, 17, 37};
	static const uint8_t extensions[8] = {1, 0, 2, 0, 0, 0, 24, 8};
	struct nfdump_file_flow flow = nfdump_file_flow(1);
	struct ff_buf r = FF_BUF_INIT, x = FF_BUF_INIT;
	bool ok;

	nfdump_file_header(f, 1, codec, 2);
	nfdump_file_map(&r, 3, few, 2);
	nfdump_file_sampler(&r, 9, -1, 100, 1);
	flow.map = 3;
	nfdump_file_flow_1(&r, 10, &flow, extensions, 8);
	flow.protocol = 1;
	flow.dport = 8 * 256;
	nfdump_file_flow_1(&r, 1, &flow, extensions, 8);
	ok = nfdump_file_block(f, codec, 2, 4, &r);
	flow = nfdump_file_flow(2);
	flow.flags = 7;
	flow.map = 4;
	nfdump_file_map(&r, 4, many, 5);
	put_u32(&x, 70000);
	put_u32(&x, 70001);
	put_u64(&x, UINT64_C(0x20010db800000000)); /* next hop */
	put_u64(&x, 0xff);
	put_u64(&x, 2);
	put_u64(&x, 100);
	put_u64(&x, NFDUMP_FILE_MS + 5);
	put_zeros(&x, 12);
	nfdump_file_flow_1(&r, 10, &flow, x.data, x.len);
	ok = ok && nfdump_file_block(f, codec, 2, 2, &r);
	ff_buf_release(&r);
	ff_buf_release(&x);
	return ok;
}

/* Interfaces 1 and 2, the answer's flags; one flow, 2 packets and 100 bytes out; a next
 * hop. */
static void put_elements(struct ff_buf *e)
{
	struct ff_buf p = FF_BUF_INIT;

	put_u32(&p, 1);
	put_u32(&p, 2);
	put_zeros(&p, 6);
	put_u8(&p, 0x12);
	put_u8(&p, 0);
	nfdump_file_element(e, 4, p.data, p.len);
	ff_buf_clear(&p);
	put_u64(&p, 1);
	put_u64(&p, 2);
	put_u64(&p, 100);
	nfdump_file_element(e, 5, p.data, p.len);
	ff_buf_clear(&p);
	put_u32(&p, 0x0a0000fe);
	nfdump_file_element(e, 10, p.data, p.len);
	ff_buf_release(&p);
}

static bool sample_layout_2(struct ff_buf *f, enum ff_codec codec)
{
	struct nfdump_file_flow flow = nfdump_file_flow(1);
	struct ff_buf r = FF_BUF_INIT, e = FF_BUF_INIT, p = FF_BUF_INIT;
	bool ok;

	nfdump_file_header(f, 2, codec, 2);
	nfdump_file_sampler(&r, 15, -1, 100, 1);
	nfdump_file_basic(&e, &flow);
	put_elements(&e);
	nfdump_file_flow_2(&r, 5, 1, 0, &e);
	ok = nfdump_file_block(f, codec, 3, 2, &r);
	flow = nfdump_file_flow(2);
	flow.flags = 1;
	nfdump_file_basic(&e, &flow);
	nfdump_file_element(&e, 28, "label\0\0", 8);
	nfdump_file_flow_2(&r, 3, 1, 2, &e);
	flow.protocol = 58;
	flow.dport = 128 * 256;
	flow.first_ms = flow.last_ms = 0;
	nfdump_file_basic(&e, &flow);
	put_u64(&p, NFDUMP_FILE_MS + 5);
	put_zeros(&p, 8);
	nfdump_file_element(&e, 25, p.data, p.len);
	nfdump_file_flow_2(&r, 3, 1, 1, &e);
	ok = ok && nfdump_file_block(f, codec, 3, 2, &r) &&
	     nfdump_file_appendix(f, codec);
	ff_buf_release(&r);
	ff_buf_release(&e);
	ff_buf_release(&p);
	return ok;
}

bool nfdump_file_sample(struct ff_buf *f, unsigned layout, enum ff_codec codec)
{
	return layout == 1 ? sample_layout_1(f, codec) : sample_layout_2(f, codec);
}
