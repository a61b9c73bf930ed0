/* SPDX-License-Identifier: MIT */
/* silk - reads SiLK flow files: all record formats of SiLK 3.19, both byte orders, all
 * codecs.
 *
 * Three ways to blocks. A plain uncompressed file is cut at the 1 MiB pieces of its
 * digest: a block is one piece and the rest of the record that crosses its end, read by
 * decode() on the lane's thread, so that source.c hashes the very bytes that were
 * decoded. A compressed body is read block by block in fetch() and decompressed in
 * decode(). Anything else (a pipe, a gzipped file) is read in order.
 *
 * Records may straddle compressed blocks: SiLK's reader takes the body as one stream,
 * though its writer fills whole records. Then fetch() decompresses and carries the rest
 * over. */
#include "input/silk.h"
#include "input/block.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SILK_SERIAL_BLOCK ((size_t)256 << 10)

struct silk_reader {
	struct ff_stream *in; /* borrowed */
	struct ff_silk_header header;
	const struct silk_layout *layout;
	struct silk_context context;
	silk_unpack_fn *unpack;
	silk_sift_fn *sift; /* instead, if not NULL */
	bool plain;	    /* the body may be read at any place */
	uint64_t next;	    /* plain: where the next record begins */
	bool ended;	    /* no block follows */
	/* the start of a record whose end is in the next compressed block; `carry_bad`:
	 * that start was lost with its block */
	struct ff_buf carry;
	bool carry_bad;
};

static int silk_probe(const uint8_t *head, size_t len)
{
	if (len < 6 || memcmp(head, FF_SILK_MAGIC, 4) != 0)
		return 0;
	/* an IPset, bag or prefix map has no flows: low enough to be left out of a
	 * folder, high enough that open() gets to say so */
	return silk_format_name(head[5]) && !silk_format_has_flows(head[5]) ? 10 : 100;
}

/* ---- opening ---- */

static int silk_choose_layout(struct silk_reader *r, struct ff_err *err)
{
	const struct ff_silk_header *h = &r->header;
	const char *name = ff_stream_name(r->in), *format = silk_format_name(h->format);

	if (!format)
		return ff_fail(err, FF_EFORMAT,
			       "'%s' holds an unknown SiLK format 0x%02X: re-write it "
			       "with 'rwcat "
			       "--milliseconds'",
			       name, h->format);
	if (!silk_format_has_flows(h->format))
		return ff_fail(err, FF_EFORMAT,
			       "'%s' is a SiLK file of kind %s, which holds no flows",
			       name, format);
	r->layout = silk_layout_find(h->format, h->record_version);
	if (!r->layout)
		return ff_fail(
			err, FF_EFORMAT,
			"'%s' holds %s records of version %u, which are not supported: "
			"re-write it with 'rwcat --milliseconds' (SiLK 3.23)",
			name, format, h->record_version);
	if (r->layout->length != h->record_length)
		return ff_fail(err, FF_EFORMAT,
			       "damaged: header of '%s' at byte 12 says %u bytes a "
			       "record, but %s "
			       "version %u has %u",
			       name, h->record_length, format, h->record_version,
			       r->layout->length);
	if (!ff_codec_built_in(h->codec))
		return ff_fail(
			err, FF_EFORMAT,
			"cannot read '%s': support for %s was left out of this build",
			name, ff_codec_name(h->codec));
	return FF_OK;
}

static void silk_fill_context(struct silk_reader *r, const struct ff_input_opts *o)
{
	const struct ff_silk_header *h = &r->header;
	struct silk_context *c = &r->context;
	const struct silk_less *less = r->layout->less;
	uint32_t want = o->want ? o->want : FF_ALL_FIELDS;
	unsigned i;

	c->big = h->big_endian;
	c->hour_ns = h->hour_ns;
	c->sensor = FF_SENSOR_NONE;
	c->flowtype = FF_FLOWTYPE_NONE;
	if (h->has_packed && h->sensor < FF_SENSOR_NONE)
		c->sensor = (uint16_t)h->sensor;
	if (h->has_packed && h->flowtype < FF_FLOWTYPE_NONE)
		c->flowtype = (uint8_t)h->flowtype;
	/* sensor and type are set for each record, for it may lack them */
	c->present = r->layout->carries & ~(FF_BIT(FF_SENSOR) | FF_BIT(FF_FLOWTYPE));
	for (i = 0; i < 256 && o->site && (want & FF_BIT(FF_FLOWTYPE)); i++)
		c->orient[i] = (uint8_t)ff_site_type(o->site, i)->orient;
	r->unpack = r->layout->unpack;
	if (less && (want & ~SILK_BRIEF) == 0)
		r->unpack = less->brief;
	if (less && less->sift && o->keep.count > 0) {
		r->sift = less->sift;
		silk_set_keep(c, &o->keep);
	}
}

static void silk_close(void *self)
{
	struct silk_reader *r = self;

	if (!r)
		return;
	ff_silk_header_release(&r->header);
	ff_buf_release(&r->carry);
	ff_free(r);
}

static int silk_open(void **self, struct ff_stream *in, const struct ff_input_opts *o,
		     struct ff_err *err)
{
	struct silk_reader *r = ff_calloc(1, sizeof(*r));
	int status;

	*self = NULL;
	if (!r)
		return ff_fail_nomem(err);
	r->in = in;
	status = ff_silk_header_read(&r->header, in, err);
	if (status == FF_OK)
		status = silk_choose_layout(r, err);
	if (status != FF_OK) {
		silk_close(r);
		return status;
	}
	silk_fill_context(r, o);
	r->plain = ff_stream_is_plain(in) && r->header.codec == FF_CODEC_NONE;
	r->next = r->header.body_offset;
	*self = r;
	return FF_OK;
}

/* ---- claiming blocks ---- */

/* All records that begin in the piece that holds the next record; the block begins with
 * the piece itself, so that it can be hashed whole. */
static int silk_fetch_plain(struct silk_reader *r, struct ff_block *b)
{
	uint64_t size = ff_stream_raw_size(r->in), length = r->layout->length;
	uint64_t start = r->next,
		 piece_end = (start / FF_DIGEST_PIECE + 1) * FF_DIGEST_PIECE;
	uint64_t end = start + (piece_end - start + length - 1) / length * length;

	if (start >= size)
		return 0;
	if (end > size)
		end = size;
	b->offset = start / FF_DIGEST_PIECE * FF_DIGEST_PIECE;
	b->pos = (size_t)(start - b->offset);
	b->claim_len = (size_t)(end - b->offset);
	r->next = end;
	return 1;
}

/* In order, from a stream that cannot be read at any place. */
static int silk_fetch_serial(struct silk_reader *r, struct ff_block *b,
			     struct ff_err *err)
{
	size_t want = SILK_SERIAL_BLOCK / r->layout->length * r->layout->length;
	ptrdiff_t got;
	int status = ff_block_reserve(b, want, err);

	if (status != FF_OK)
		return status;
	b->offset = ff_stream_offset(r->in);
	got = ff_stream_read(r->in, b->data, want, err);
	if (got <= 0)
		return (int)got;
	b->len = (size_t)got;
	b->filled = true;
	return 1;
}

/* The block does not begin or end with a whole record: decompress it here, behind what
 * the one before left, and keep what is left of it. */
static int silk_fetch_straddling(struct silk_reader *r, struct ff_block *b,
				 size_t out_len, struct ff_err *err)
{
	size_t length = r->layout->length, before = r->carry.len,
	       total = before + out_len;
	size_t whole = total / length * length;
	bool lost_before = r->carry_bad && before > 0;
	struct ff_err why;
	int status = ff_block_reserve(b, total, err);

	if (status != FF_OK)
		return status;
	if (before > 0)
		memcpy(b->data, r->carry.data, before);
	status = ff_codec_decode(r->header.codec, b->data + before, out_len,
				 b->scratch.data, b->scratch.len, &why);
	if (status != FF_OK) {
		ff_block_bad(b, b->offset, whole / length,
			     "damaged: '%s' at byte %" PRIu64 ": %s",
			     ff_stream_name(r->in), b->offset, why.text);
		memset(b->data, 0, total);
	}
	ff_buf_clear(&r->carry);
	ff_buf_add(&r->carry, b->data + whole, total - whole);
	if (r->carry.failed)
		return ff_fail_nomem(err);
	/* a short block may not have come to the end of the lost record */
	r->carry_bad = status != FF_OK || (lost_before && whole == 0);
	b->len = status == FF_OK ? whole : 0;
	if (lost_before && b->len > 0) {
		ff_block_bad(b, b->offset, 1,
			     "damaged: record in '%s' at byte %" PRIu64
			     " began in the damaged block before",
			     ff_stream_name(r->in), b->offset);
		b->pos = length;
	}
	b->filled = true;
	return 1;
}

/* The end of a compressed body; a record that began must not end there. */
static int silk_end_blocks(struct silk_reader *r, struct ff_block *b)
{
	r->ended = true;
	if (r->carry.len == 0)
		return 0;
	ff_block_bad(
		b, b->offset, 1,
		"damaged: record cut short: %zu of %u bytes in '%s' at byte %" PRIu64,
		r->carry.len, r->layout->length, ff_stream_name(r->in), b->offset);
	b->len = 0;
	b->filled = true;
	return 1;
}

static int silk_fetch_block(struct silk_reader *r, struct ff_block *b, struct ff_err *err)
{
	size_t length = r->layout->length, out_len;
	struct ff_err why = {0};
	int status;

	if (r->ended)
		return 0;
	status = ff_silk_block_read(r->in, &b->scratch, &out_len, &b->offset, &why);
	if (status == 0)
		return silk_end_blocks(r, b);
	if (status == FF_EFORMAT && out_len > 0) {
		/* cut short: its records are lost, and told; the next call meets the end,
		 * or what is wrong with the stream */
		ff_block_bad(b, b->offset, (r->carry.len + out_len + length - 1) / length,
			     "%s", why.text);
		ff_buf_clear(&r->carry);
		b->len = 0;
		b->filled = true;
		return 1;
	}
	if (status < 0)
		return ff_fail(err, (enum ff_status)status, "%s", why.text);
	if (r->carry.len > 0 || out_len % length != 0)
		return silk_fetch_straddling(r, b, out_len, err);
	status = ff_block_reserve(b, out_len, err);
	if (status != FF_OK)
		return status;
	b->len = out_len; /* decode() fills it from scratch */
	return 1;
}

static int silk_fetch(void *self, struct ff_block *b, struct ff_err *err)
{
	struct silk_reader *r = self;

	if (r->plain)
		return silk_fetch_plain(r, b);
	if (r->header.codec == FF_CODEC_NONE)
		return silk_fetch_serial(r, b, err);
	return silk_fetch_block(r, b, err);
}

/* ---- decoding ---- */

/* Brings the block's bytes in, on the thread of the lane. */
static int silk_fill(const struct silk_reader *r, struct ff_block *b, struct ff_err *err)
{
	struct ff_err why;
	ptrdiff_t got;
	int status;

	b->filled = true;
	if (r->plain) {
		status = ff_block_reserve(b, b->claim_len, err);
		if (status != FF_OK)
			return status;
		got = ff_stream_pread(r->in, b->data, b->claim_len, b->offset, err);
		if (got < 0)
			return (int)got;
		if ((size_t)got < b->claim_len)
			return block_shrank(r->in, err);
		b->len = (size_t)got;
		b->raw = true;
		return FF_OK;
	}
	status = ff_codec_decode(r->header.codec, b->data, b->len, b->scratch.data,
				 b->scratch.len, &why);
	if (status != FF_OK) {
		ff_block_bad(b, b->offset, b->len / r->layout->length,
			     "damaged: '%s' at byte %" PRIu64 ": %s",
			     ff_stream_name(r->in), b->offset, why.text);
		b->pos = b->len;
	}
	return FF_OK;
}

/* Where a record stands: a byte of the file, or of a decompressed block of it. */
static void silk_bad_record(const struct silk_reader *r, struct ff_block *b,
			    const char *what)
{
	const char *name = ff_stream_name(r->in);

	if (r->header.codec == FF_CODEC_NONE)
		ff_block_bad(b, b->offset + b->pos, 1,
			     "damaged: %s in '%s' at byte %" PRIu64, what, name,
			     b->offset + b->pos);
	else
		ff_block_bad(
			b, b->offset, 1,
			"damaged: %s in '%s', byte %zu of the block at byte %" PRIu64,
			what, name, b->pos, b->offset);
}

static void silk_bad_tail(const struct silk_reader *r, struct ff_block *b)
{
	char what[80];

	if (b->pos < b->len) {
		snprintf(what, sizeof(what), "record cut short: %zu of %u bytes",
			 b->len - b->pos, r->layout->length);
		silk_bad_record(r, b, what);
	}
	b->pos = b->len;
}

/* Unpacks up to n records; returns how many it went through. */
static size_t silk_unpack(const struct silk_reader *r, struct ff_block *b, size_t n,
			  struct ff_batch *out)
{
	struct ff_flow *to = out->flows + out->count;
	size_t done, kept;

	if (r->sift) {
		done = r->sift(&r->context, b->data + b->pos, n, to, &kept);
		out->left_out += done - kept;
	} else {
		done = kept = r->unpack(&r->context, b->data + b->pos, n, to);
	}
	out->count += kept;
	b->pos += done * r->layout->length;
	return done;
}

static int silk_decode(void *self, struct ff_block *b, struct ff_batch *out,
		       struct ff_err *err)
{
	const struct silk_reader *r = self;
	size_t length = r->layout->length, before = out->count + out->left_out;
	size_t most = r->sift ? SILK_SIFT : SIZE_MAX;
	int status;

	if (!b->filled) {
		status = silk_fill(r, b, err);
		if (status != FF_OK)
			return status;
	}
	while (out->count < out->cap && b->pos < b->len) {
		size_t n = (b->len - b->pos) / length, room = out->cap - out->count;

		if (n == 0) {
			silk_bad_tail(r, b);
			break;
		}
		n = n < room ? n : room;
		n = n < most ? n : most;
		if (silk_unpack(r, b, n, out) < n) {
			silk_bad_record(r, b, "start time out of range");
			b->pos += length;
		}
	}
	return (int)(out->count + out->left_out - before);
}

/* ---- telling ---- */

/* The number of records, from the sizes of the compressed blocks; 0 when unknown. */
static uint64_t silk_count_blocks(const struct silk_reader *r)
{
	uint64_t at = r->header.body_offset, bytes = 0, size = ff_stream_raw_size(r->in);
	uint8_t head[8];

	if (!ff_stream_is_plain(r->in))
		return 0;
	while (at < size && ff_stream_pread(r->in, head, 8, at, NULL) == 8) {
		uint32_t packed = ff_get_u32(head, true);

		if (packed == 0 || size - at < 8 || size - at - 8 < packed)
			break;
		bytes += ff_get_u32(head + 4, true);
		at += 8 + (uint64_t)packed;
	}
	return bytes / r->layout->length;
}

static uint64_t silk_count(const struct silk_reader *r)
{
	uint64_t size = ff_stream_raw_size(r->in);

	if (r->header.codec != FF_CODEC_NONE)
		return silk_count_blocks(r);
	return r->plain && size > r->header.body_offset
		       ? (size - r->header.body_offset) / r->layout->length
		       : 0;
}

static void silk_lines(struct ff_buf *out, const char *key, const struct ff_buf *lines)
{
	const char *p = ff_buf_str(lines);

	while (*p) {
		size_t len = strcspn(p, "\n");

		ff_buf_adds(out, key);
		ff_buf_adds(out, ": ");
		ff_buf_add(out, p, len);
		ff_buf_addc(out, '\n');
		p += len + (p[len] == '\n');
	}
}

static int silk_describe(void *self, struct ff_input_info *info, struct ff_err *err)
{
	const struct silk_reader *r = self;
	const struct ff_silk_header *h = &r->header;
	const struct silk_context *c = &r->context;
	char text[64];

	info->format = ff_reader_silk.name;
	snprintf(info->detail, sizeof(info->detail),
		 "%s v%u, %u-byte records, %s-endian, %s", silk_format_name(h->format),
		 h->record_version, h->record_length, h->big_endian ? "big" : "little",
		 h->codec == FF_CODEC_NONE ? "not compressed" : ff_codec_name(h->codec));
	info->carries = r->layout->carries | FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
	if (c->sensor != FF_SENSOR_NONE)
		info->carries |= FF_BIT(FF_SENSOR);
	if (c->flowtype != FF_FLOWTYPE_NONE)
		info->carries |= FF_BIT(FF_FLOWTYPE);
	info->records = silk_count(r);
	if (h->silk_version > 0)
		ff_buf_addf(&info->more,
			    "silk version: %" PRIu32 ".%" PRIu32 ".%" PRIu32 "\n",
			    h->silk_version / 1000000, h->silk_version / 1000 % 1000,
			    h->silk_version % 1000);
	if (h->has_packed)
		ff_buf_addf(&info->more, "hour: %s\n",
			    ff_format_time(text, sizeof(text), h->hour_ns));
	silk_lines(&info->more, "probe", &h->probe);
	silk_lines(&info->more, "invocation", &h->invocations);
	silk_lines(&info->more, "note", &h->notes);
	return info->more.failed ? ff_fail_nomem(err) : FF_OK;
}

const struct ff_reader_type ff_reader_silk = {
	.name = "silk",
	.summary = "SiLK flow files: all record formats, byte orders and codecs up to "
		   "SiLK 3.19",
	.probe = silk_probe,
	.open = silk_open,
	.fetch = silk_fetch,
	.decode = silk_decode,
	.describe = silk_describe,
	.close = silk_close,
};
