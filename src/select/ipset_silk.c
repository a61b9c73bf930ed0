/* SPDX-License-Identifier: MIT */
/* ipset_silk - the five ways in which SiLK stores a set of addresses (record versions
 * 0-2, 3, 4, 5). All are blocks and 256-bit maps of the addresses in a /24 (IPv6: /120),
 * in order.
 *
 * The tree of version 3 is skipped: its leaves alone are the set. Counts in the file are
 * held against the bytes that are there before anything is believed. */
#include <inttypes.h>

#include "select/ipset.h"

enum {
	IPSET_FORMAT = 0x1d,
	IPSET_MAP = 0x81,   /* a 256-bit map follows */
	IPSET_UPPER = 0x82, /* version 5: lower halves follow */
	IPSET_MAP_BYTES = 32,
};

/* The body, and how far it was read. */
struct ipset_body {
	struct ff_ipset *set;
	const char *name;
	const uint8_t *data;
	size_t len, pos;
	uint64_t offset; /* of data[0] in the file */
	bool big;
};

static int ipset_bad(const struct ipset_body *b, struct ff_err *err, const char *why)
{
	return ff_fail(err, FF_EFORMAT, "'%s' at byte %" PRIu64 ": %s", b->name,
		       b->offset + b->pos, why);
}

static bool ipset_room(const struct ipset_body *b, size_t bytes)
{
	return b->len - b->pos >= bytes;
}

static struct ipset_num ipset_v4(uint32_t a)
{
	return (struct ipset_num){0, IPSET_V4 | a};
}

/* Eight words; bit k of word w is base + 32 * w + k. */
static int ipset_map(struct ipset_body *b, struct ipset_num base, struct ff_err *err)
{
	const uint8_t *p = b->data + b->pos;
	int status = FF_OK;

	base.lo &= ~UINT64_C(0xff);
	for (unsigned w = 0; w < 8 && status == FF_OK; w++) {
		uint32_t word = ff_get_u32(p + 4 * w, b->big);

		for (unsigned k = 0; k < 32 && status == FF_OK; k++) {
			struct ipset_num a = {base.hi, base.lo + 32 * w + k};

			if (word >> k & 1)
				status = ipset_add(b->set, a, a, err);
		}
	}
	b->pos += IPSET_MAP_BYTES;
	return status;
}

/* Versions 0 to 2: a base and a map, again and again. */
static int ipset_v2_body(struct ipset_body *b, struct ff_err *err)
{
	int status = FF_OK;

	while (b->pos < b->len && status == FF_OK) {
		struct ipset_num base;

		if (!ipset_room(b, 4 + IPSET_MAP_BYTES))
			return ipset_bad(b, err, "the set ends within a block");
		base = ipset_v4(ff_get_u32(b->data + b->pos, b->big));
		b->pos += 4;
		status = ipset_map(b, base, err);
	}
	return status;
}

/* Version 3: inner nodes, then leaves of which the first is a dummy. */
static int ipset_v3_body(struct ipset_body *b, const struct ff_silk_header *h,
			 struct ff_err *err)
{
	uint64_t leaves = h->ipset[1], leaf = h->ipset[2];
	uint64_t nodes = (uint64_t)h->ipset[3] * h->ipset[4]; /* 32 x 32 bits fit */
	bool v6 = leaf == 24;
	int status = FF_OK;

	if (leaf != 8 && leaf != 24)
		return ipset_bad(b, err, "leaves of a size other than 8 and 24 bytes");
	if (nodes > b->len || leaves * leaf > b->len - nodes)
		return ipset_bad(
			b, err, "the header counts more nodes and leaves than there are");
	b->pos = (size_t)(nodes + (leaves ? leaf : 0));
	for (uint64_t i = 1; i < leaves && status == FF_OK; i++) {
		const uint8_t *p = b->data + b->pos;
		struct ipset_num a;

		if (p[0] > (v6 ? 128 : 32))
			return ipset_bad(b, err, "a prefix longer than an address");
		if (v6)
			a = (struct ipset_num){ff_get_u64(p + 8, b->big),
					       ff_get_u64(p + 16, b->big)};
		else
			a = ipset_v4(ff_get_u32(p + 4, b->big));
		status = ipset_add_block(b->set, a, p[0] + (v6 ? 0u : 96u), err);
		b->pos += (size_t)leaf;
	}
	return status;
}

/* Version 4: an address and a prefix length, or a map. */
static int ipset_v4_body(struct ipset_body *b, const struct ff_silk_header *h,
			 struct ff_err *err)
{
	size_t size = h->ipset[2];
	unsigned longest = size == 4 ? 32 : 128;
	int status = FF_OK;

	if (size != 4 && size != 16)
		return ipset_bad(b, err, "addresses of a size other than 4 and 16 bytes");
	while (b->pos < b->len && status == FF_OK) {
		const uint8_t *p = b->data + b->pos;
		struct ipset_num a;
		uint8_t n;

		if (!ipset_room(b, size + 1))
			return ipset_bad(b, err, "the set ends within a block");
		if (size == 4)
			a = ipset_v4(ff_get_u32(p, b->big));
		else
			a = (struct ipset_num){ff_get_u64(p, true),
					       ff_get_u64(p + 8, true)};
		n = p[size];
		if (n > longest && n != IPSET_MAP)
			return ipset_bad(b, err, "a prefix longer than an address");
		b->pos += size + 1;
		if (n != IPSET_MAP)
			status = ipset_add_block(b->set, a, size == 4 ? 96u + n : n, err);
		else if (!ipset_room(b, IPSET_MAP_BYTES))
			return ipset_bad(b, err, "the set ends within a block");
		else
			status = ipset_map(b, a, err);
	}
	return status;
}

/* Version 5: halves of addresses; an upper half holds for the lower ones after it. */
static int ipset_v5_body(struct ipset_body *b, struct ff_err *err)
{
	struct ipset_num a = {0, 0};
	bool upper = false;
	int status = FF_OK;

	while (b->pos < b->len && status == FF_OK) {
		uint64_t half;
		uint8_t n;

		if (!ipset_room(b, 9))
			return ipset_bad(b, err, "the set ends within a block");
		half = ff_get_u64(b->data + b->pos, b->big);
		n = b->data[b->pos + 8];
		if (n == 0 || n > IPSET_UPPER)
			return ipset_bad(b, err, "a prefix length that is none");
		if (n > 64 && n != IPSET_UPPER && !upper)
			return ipset_bad(b, err, "a lower half without its upper half");
		b->pos += 9;
		if (n == IPSET_UPPER) {
			a.hi = half;
			upper = true;
		} else if (n <= 64) {
			upper = false;
			status = ipset_add_block(b->set, (struct ipset_num){half, 0}, n,
						 err);
		} else if (n <= 128) {
			a.lo = half;
			status = ipset_add_block(b->set, a, n, err);
		} else {
			if (!ipset_room(b, IPSET_MAP_BYTES))
				return ipset_bad(b, err, "the set ends within a block");
			a.lo = half;
			status = ipset_map(b, a, err);
		}
	}
	return status;
}

static int ipset_read_body(struct ipset_body *b, const struct ff_silk_header *h,
			   struct ff_err *err)
{
	if (h->record_version <= 2)
		return ipset_v2_body(b, err);
	if ((h->record_version == 3 || h->record_version == 4) && !h->has_ipset)
		return ff_fail(err, FF_EFORMAT,
			       "'%s': the IPset entry of the header is missing", b->name);
	if (h->record_version == 3)
		return ipset_v3_body(b, h, err);
	if (h->record_version == 4)
		return ipset_v4_body(b, h, err);
	return ipset_v5_body(b, err);
}

int ipset_read_silk(struct ff_ipset *s, struct ff_stream *in, struct ff_err *err)
{
	struct ff_silk_header h;
	struct ff_buf body = FF_BUF_INIT;
	struct ipset_body b = {.set = s, .name = ff_stream_name(in)};
	int status = ff_silk_header_read(&h, in, err);

	if (status != FF_OK)
		return status;
	if (h.format != IPSET_FORMAT) {
		status = ff_fail(err, FF_EFORMAT, "'%s' is a SiLK file, but not an IPset",
				 b.name);
		goto out;
	}
	if (h.record_version > 5) {
		status = ff_fail(
			err, FF_EFORMAT,
			"'%s': IPset record version %u is not known; rewrite it with "
			"rwsettool --record-version=4",
			b.name, (unsigned)h.record_version);
		goto out;
	}
	status = ff_silk_body_read(&body, in, &h, IPSET_BYTES_MAX, err);
	if (status != FF_OK)
		goto out;
	b.data = body.data;
	b.len = body.len;
	b.offset = h.body_offset;
	b.big = h.big_endian;
	status = ipset_read_body(&b, &h, err);
out:
	ff_buf_release(&body);
	ff_silk_header_release(&h);
	return status;
}
