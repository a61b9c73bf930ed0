/* SPDX-License-Identifier: MIT */
/* nfdump_header - what an nfcapd file says of itself. Layout 1 has its statistics behind
 * the header, layout 2 in blocks of an appendix, whose place the header tells. */
#include "input/nfdump.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	HEADER_1 = 140,
	HEADER_2 = 40,
	STATISTICS_1 = 136, /* 15 counts, seconds and milliseconds of the times */
	STATISTICS_2 = 144, /* 15 counts and the times, without the record's head */
	/* of the appendix no more is looked at than its two records can need */
	APPENDIX_BLOCKS = 8,
	APPENDIX_BYTES = 1 << 18,
};
enum { FLAG_LZO = 0x01, FLAG_ANONYMISED = 0x02, FLAG_BZ2 = 0x08, FLAG_LZ4 = 0x10 };

/* ---- reading ---- */

/* Exactly n bytes of the header. */
static int header_take(struct ff_stream *in, uint8_t *to, size_t n, struct ff_err *err)
{
	ptrdiff_t got = ff_stream_read(in, to, n, err);

	if (got < 0)
		return (int)got;
	if ((size_t)got < n)
		return ff_fail(err, FF_EFORMAT, "'%s' ends within its nfcapd header",
			       ff_stream_name(in));
	return FF_OK;
}

static int header_codec(struct nfdump_header *h, unsigned codec, const char *name,
			struct ff_err *err)
{
	static const enum ff_codec codecs[] = {FF_CODEC_NONE, FF_CODEC_LZO1X,
					       FF_CODEC_BZ2, FF_CODEC_LZ4, FF_CODEC_ZSTD};

	if (codec >= sizeof(codecs) / sizeof(codecs[0]))
		return ff_fail(err, FF_EFORMAT,
			       "unknown compression %u in the nfcapd header of '%s'",
			       codec, name);
	h->codec = codecs[codec];
	if (!ff_codec_built_in(h->codec))
		return ff_fail(
			err, FF_EFORMAT,
			"cannot read '%s': support for %s was left out of this build",
			name, ff_codec_name(h->codec));
	return FF_OK;
}

static void header_counts(struct nfdump_statistics *s, const uint8_t *p)
{
	s->flows = ff_get_u64(p, false);
	s->bytes = ff_get_u64(p + 8, false);
	s->packets = ff_get_u64(p + 16, false);
}

/* 4 flags; 8 blocks; 12 ident; then the statistics: 120 first s; 124 last s; 128 first
 * ms; 130 last ms; 132 sequence failures */
static int header_layout_1(struct nfdump_header *h, struct ff_stream *in,
			   struct ff_err *err)
{
	uint8_t p[HEADER_1 - 4], s[STATISTICS_1];
	int status = header_take(in, p, sizeof(p), err);
	uint32_t flags;

	if (status == FF_OK)
		status = header_take(in, s, sizeof(s), err);
	if (status != FF_OK)
		return status;
	flags = ff_get_u32(p, false);
	if (!!(flags & FLAG_LZO) + !!(flags & FLAG_BZ2) + !!(flags & FLAG_LZ4) > 1)
		return ff_fail(err, FF_EFORMAT,
			       "damaged: the nfcapd header of '%s' names more than one "
			       "compression (flags 0x%" PRIx32 ")",
			       ff_stream_name(in), flags);
	h->is_anonymised = flags & FLAG_ANONYMISED;
	h->blocks = ff_get_u32(p + 4, false);
	memcpy(h->ident, p + 8, 128);
	header_counts(&h->statistics, s);
	h->statistics.first_ms =
		(uint64_t)ff_get_u32(s + 120, false) * 1000 + ff_get_u16(s + 128, false);
	h->statistics.last_ms =
		(uint64_t)ff_get_u32(s + 124, false) * 1000 + ff_get_u16(s + 130, false);
	h->statistics.failures = ff_get_u32(s + 132, false);
	h->has_statistics = true;
	h->body = HEADER_1 + STATISTICS_1;
	return header_codec(h,
			    flags & FLAG_LZO   ? 1
			    : flags & FLAG_BZ2 ? 2
			    : flags & FLAG_LZ4 ? 3
					       : 0,
			    ff_stream_name(in), err);
}

/* 4 nfdump's version; 8 created, s; 16 compression; 17 encryption; 18 appendix blocks; 20
 * creator; 24 where the appendix is; 32 block size; 36 blocks */
static int header_layout_2(struct nfdump_header *h, struct ff_stream *in,
			   struct ff_err *err)
{
	uint8_t p[HEADER_2 - 4];
	int status = header_take(in, p, sizeof(p), err);

	if (status != FF_OK)
		return status;
	if (p[13] != 0)
		return ff_fail(err, FF_EFORMAT,
			       "'%s' is an encrypted nfcapd file, which is not supported",
			       ff_stream_name(in));
	h->version = ff_get_u32(p, false);
	h->created_s = (int64_t)ff_get_u64(p + 4, false);
	h->appendix_blocks = ff_get_u16(p + 14, false);
	h->creator = ff_get_u32(p + 16, false);
	h->appendix = h->appendix_blocks > 0 ? ff_get_u64(p + 20, false) : 0;
	h->blocks = ff_get_u32(p + 32, false);
	h->body = HEADER_2;
	return header_codec(h, p[12], ff_stream_name(in), err);
}

int nfdump_header_read(struct nfdump_header *out, struct ff_stream *in,
		       struct ff_err *err)
{
	struct nfdump_header h = {0};
	const char *name = ff_stream_name(in);
	uint8_t p[4];
	int status = header_take(in, p, sizeof(p), err);

	if (status != FF_OK)
		return status;
	if (p[0] == 0xa5 && p[1] == 0x0c)
		return ff_fail(err, FF_EFORMAT,
			       "'%s' is an nfcapd file of a big-endian machine, which is "
			       "not supported",
			       name);
	if (p[0] != 0x0c || p[1] != 0xa5)
		return ff_fail(err, FF_EFORMAT, "'%s' is no nfcapd file", name);
	h.layout = ff_get_u16(p + 2, false);
	if (h.layout == 1)
		status = header_layout_1(&h, in, err);
	else if (h.layout == 2)
		status = header_layout_2(&h, in, err);
	else
		return ff_fail(err, FF_EFORMAT,
			       "'%s' is an nfcapd file of layout %u%s, which is not "
			       "supported",
			       name, h.layout, h.layout == 3 ? " (nfdump 1.8)" : "");
	if (status == FF_OK)
		*out = h;
	return status;
}

/* ---- the appendix ---- */

static void header_appendix_records(struct nfdump_header *h, const uint8_t *p,
				    size_t left, uint32_t records)
{
	size_t size;

	for (; records > 0 && (size = nfdump_record_size(p, left)) > 0; records--) {
		unsigned type = ff_get_u16(p, false);
		size_t n = size - NFDUMP_RECORD_HEAD;

		if (type == NFDUMP_IDENT)
			snprintf(h->ident, sizeof(h->ident), "%.*s", (int)n,
				 (const char *)p + NFDUMP_RECORD_HEAD);
		if (type == NFDUMP_STATISTICS && n >= STATISTICS_2) {
			const uint8_t *s = p + NFDUMP_RECORD_HEAD;

			header_counts(&h->statistics, s);
			h->statistics.first_ms = ff_get_u64(s + 120, false);
			h->statistics.last_ms = ff_get_u64(s + 128, false);
			h->statistics.failures = ff_get_u64(s + 136, false);
			h->has_statistics = true;
		}
		p += size;
		left -= size;
	}
}

/* One block at *at: 1, 0 when there is none that can be read, < 0. */
static int header_appendix_block(struct nfdump_header *h, const struct ff_stream *in,
				 uint64_t *at, struct ff_buf *packed, struct ff_buf *out,
				 struct ff_err *err)
{
	uint8_t head[NFDUMP_BLOCK_HEAD];
	struct nfdump_block b;
	size_t len;

	if (ff_stream_pread(in, head, sizeof(head), *at, NULL) < NFDUMP_BLOCK_HEAD)
		return 0;
	b = nfdump_block_head(head);
	if (b.type != NFDUMP_BLOCK_2 || b.stored == 0 || b.stored > APPENDIX_BYTES)
		return 0;
	if (ff_buf_reserve(packed, b.stored) < 0 ||
	    ff_buf_reserve(out, APPENDIX_BYTES) < 0)
		return ff_fail_nomem(err);
	if (ff_stream_pread(in, packed->data, b.stored, *at + sizeof(head), NULL) <
		    (ptrdiff_t)b.stored ||
	    ff_codec_decode_upto(&len, h->codec, out->data, APPENDIX_BYTES, packed->data,
				 b.stored, NULL) != FF_OK)
		return 0;
	header_appendix_records(h, out->data, len, b.records);
	*at += sizeof(head) + b.stored;
	return 1;
}

int nfdump_header_appendix(struct nfdump_header *h, const struct ff_stream *in,
			   struct ff_err *err)
{
	struct ff_buf packed = FF_BUF_INIT, out = FF_BUF_INIT;
	uint64_t at = h->appendix;
	int status = 1;

	if (h->appendix < h->body || h->appendix > INT64_MAX || !ff_stream_is_plain(in))
		return FF_OK;
	for (unsigned i = 0; i < h->appendix_blocks && i < APPENDIX_BLOCKS && status > 0;
	     i++)
		status = header_appendix_block(h, in, &at, &packed, &out, err);
	ff_buf_release(&packed);
	ff_buf_release(&out);
	return status < 0 ? status : FF_OK;
}

/* ---- telling ---- */

static void header_detail(const struct nfdump_header *h, char *buf, size_t cap)
{
	static const char *const creators[] = {
		NULL,	  "nfcapd",    "nfpcapd",    "sfcapd",	  "nfdump",
		"nfanon", "nfprofile", "geo lookup", "ft2nfdump", "tor lookup"};
	const char *by = h->creator < sizeof(creators) / sizeof(creators[0])
				 ? creators[h->creator]
				 : NULL;
	int n = snprintf(buf, cap, "layout %u", h->layout);

	if (h->layout == 2)
		n += snprintf(buf + n, cap - (size_t)n, " (nfdump %u.%u.%u%s%s)",
			      (unsigned)(h->version >> 24 & 0x0f),
			      (unsigned)(h->version >> 16 & 0xff),
			      (unsigned)(h->version >> 8 & 0xff), by ? ", " : "",
			      by ? by : "");
	else
		n += snprintf(buf + n, cap - (size_t)n, " (nfdump 1.6)");
	snprintf(buf + n, cap - (size_t)n, ", %s",
		 h->codec == FF_CODEC_NONE ? "not compressed" : ff_codec_name(h->codec));
}

static void header_time(struct ff_buf *out, const char *key, uint64_t ms)
{
	char text[64];

	if (ms > 0 && ms <= (uint64_t)(INT64_MAX / FF_MS))
		ff_buf_addf(out, "%s: %s\n", key,
			    ff_format_time(text, sizeof(text), (int64_t)ms * FF_MS));
}

/* Blocks and records as the heads of the blocks have them: the records are flows, maps,
 * exporters and all else. */
static void header_blocks(const struct nfdump_header *h, const struct ff_stream *in,
			  struct ff_buf *out)
{
	uint64_t at = h->body, size = ff_stream_raw_size(in), records = 0;
	uint8_t head[NFDUMP_BLOCK_HEAD];
	uint32_t blocks = 0;
	char text[32];

	ff_buf_addf(out, "blocks: %" PRIu32 "\n", h->blocks);
	if (!ff_stream_is_plain(in))
		return;
	for (; blocks < h->blocks; blocks++) {
		struct nfdump_block b;

		if (at >= size ||
		    ff_stream_pread(in, head, sizeof(head), at, NULL) < NFDUMP_BLOCK_HEAD)
			return;
		b = nfdump_block_head(head);
		if (b.stored == 0 || b.stored > NFDUMP_BLOCK_MAX)
			return;
		records += b.records;
		at += sizeof(head) + b.stored;
	}
	ff_buf_addf(out, "records in blocks: %s\n",
		    ff_format_thousands(text, sizeof(text), records));
}

/* Texts of the file go out without what would garble a terminal. */
static void header_text(struct ff_buf *out, const char *key, const char *text)
{
	ff_buf_addf(out, "%s: ", key);
	for (; *text; text++)
		ff_buf_addc(out,
			    (unsigned char)*text < ' ' || *text == 127 ? '?' : *text);
	ff_buf_addc(out, '\n');
}

int nfdump_header_describe(const struct nfdump_header *h, const struct ff_stream *in,
			   struct ff_input_info *info, struct ff_err *err)
{
	const struct nfdump_statistics *s = &h->statistics;
	struct ff_buf *out = &info->more;
	char text[64];

	header_detail(h, info->detail, sizeof(info->detail));
	info->carries = NFDUMP_CARRIES;
	header_blocks(h, in, out);
	if (h->ident[0])
		header_text(out, "ident", h->ident);
	if (h->created_s > 0 && h->created_s <= INT64_MAX / FF_SEC)
		ff_buf_addf(out, "created: %s\n",
			    ff_format_time(text, sizeof(text), h->created_s * FF_SEC));
	if (h->is_anonymised)
		ff_buf_adds(out, "note: addresses are anonymised\n");
	if (h->has_statistics) {
		ff_buf_addf(out, "flows: %s\n",
			    ff_format_thousands(text, sizeof(text), s->flows));
		ff_buf_addf(out, "packets: %s\n",
			    ff_format_thousands(text, sizeof(text), s->packets));
		ff_buf_addf(out, "bytes: %s\n",
			    ff_format_thousands(text, sizeof(text), s->bytes));
		header_time(out, "first", s->first_ms);
		header_time(out, "last", s->last_ms);
		if (s->failures > 0)
			ff_buf_addf(out, "sequence failures: %s\n",
				    ff_format_thousands(text, sizeof(text), s->failures));
	} else if (h->layout == 2) {
		ff_buf_adds(out, ff_stream_is_plain(in)
					 ? "note: ident and statistics are missing\n"
					 : "note: ident and statistics stand at the end "
					   "and were not read\n");
	}
	return out->failed ? ff_fail_nomem(err) : FF_OK;
}
