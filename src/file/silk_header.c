/* SPDX-License-Identifier: MIT */
/* silk_header - the container of all SiLK files: fixed header, header entries, and the
 * framing of compressed bodies. Header numbers are big-endian whatever the record order
 * is. */
#include <flowfig/file.h>

#include <inttypes.h>
#include <string.h>

#define SILK_FIXED 16 /* bytes before the first entry */
#define SILK_ENTRY 8  /* id and length, which the length includes */
/* SiLK bounds no entry; hostile lengths must not make us read or keep without end. */
#define SILK_HEADER_MAX (UINT64_C(16) << 20)
/* SiLK's reader refuses blocks past this, and so the sizes are safe to allocate. */
#define SILK_BLOCK_MAX UINT32_C(0x100000)
/* Hours that leave room for any duration of a record in 64-bit nanoseconds (years
 * 1681-2258). */
#define SILK_HOUR_MAX_MS INT64_C(9100000000000)

enum silk_entry {
	SILK_ENTRY_END = 0,
	SILK_ENTRY_PACKED = 1,
	SILK_ENTRY_INVOCATION = 2,
	SILK_ENTRY_NOTE = 3,
	SILK_ENTRY_PROBE = 4,
	SILK_ENTRY_IPSET = 7,
};

/* Reads exactly n bytes of the header. */
static int silk_take(struct ff_stream *s, void *buf, size_t n, struct ff_err *err)
{
	uint64_t at = ff_stream_offset(s);
	size_t done = 0;

	while (done < n) {
		ptrdiff_t got = ff_stream_read(s, (uint8_t *)buf + done, n - done, err);

		if (got < 0)
			return (int)got;
		if (got == 0)
			return ff_fail(
				err, FF_EFORMAT,
				"'%s' ends within its SiLK header, at byte %" PRIu64,
				ff_stream_name(s), at + done);
		done += (size_t)got;
	}
	return FF_OK;
}

static int silk_skip(struct ff_stream *s, uint64_t n, struct ff_err *err)
{
	uint8_t waste[512];
	int status = FF_OK;

	while (n > 0 && status == FF_OK) {
		size_t part = n < sizeof(waste) ? (size_t)n : sizeof(waste);

		status = silk_take(s, waste, part, err);
		n -= part;
	}
	return status;
}

/* Text entries end with NUL. One line each: control characters become spaces. */
static int silk_text(struct ff_buf *lines, struct ff_stream *s, uint64_t n,
		     struct ff_err *err)
{
	size_t start = lines->len, i, end;
	int status;

	while (n > 0) {
		uint8_t part[512];
		size_t len = n < sizeof(part) ? (size_t)n : sizeof(part);

		status = silk_take(s, part, len, err);
		if (status != FF_OK)
			return status;
		ff_buf_add(lines, part, len);
		n -= len;
	}
	for (end = start; end < lines->len && lines->data[end] != 0; end++)
		;
	for (i = start; i < end; i++) {
		if (lines->data[i] < 0x20 || lines->data[i] == 0x7f)
			lines->data[i] = ' ';
	}
	lines->len = end;
	ff_buf_addc(lines, '\n');
	return lines->failed ? ff_fail_nomem(err) : FF_OK;
}

static int silk_bad_entry(struct ff_stream *s, uint32_t id, uint64_t at, uint32_t len,
			  struct ff_err *err)
{
	return ff_fail(err, FF_EFORMAT,
		       "SiLK header entry %" PRIu32 " of '%s' at byte %" PRIu64
		       " cannot be %" PRIu32 " bytes long",
		       id, ff_stream_name(s), at, len);
}

static int silk_packed(struct ff_silk_header *h, struct ff_stream *s, struct ff_err *err)
{
	uint64_t at = ff_stream_offset(s);
	uint8_t p[16];
	int64_t ms;
	int status = silk_take(s, p, sizeof(p), err);

	if (status != FF_OK)
		return status;
	ms = (int64_t)ff_get_u64(p, true);
	if (ms < -SILK_HOUR_MAX_MS || ms > SILK_HOUR_MAX_MS)
		return ff_fail(err, FF_EFORMAT,
			       "SiLK header of '%s' at byte %" PRIu64 ": hour of %" PRId64
			       " ms is out of range",
			       ff_stream_name(s), at, ms);
	h->has_packed = true;
	h->hour_ns = ms * FF_MS;
	h->flowtype = ff_get_u32(p + 8, true);
	h->sensor = ff_get_u32(p + 12, true);
	return FF_OK;
}

static int silk_ipset(struct ff_silk_header *h, struct ff_stream *s, struct ff_err *err)
{
	uint8_t p[24];
	size_t i;
	int status = silk_take(s, p, sizeof(p), err);

	if (status != FF_OK)
		return status;
	h->has_ipset = true;
	for (i = 0; i < 6; i++)
		h->ipset[i] = ff_get_u32(p + 4 * i, true);
	return FF_OK;
}

/* 1 when another entry follows, 0 after the last. */
static int silk_read_entry(struct ff_silk_header *h, struct ff_stream *s,
			   struct ff_err *err)
{
	uint64_t at = ff_stream_offset(s), payload;
	uint32_t id, len;
	uint8_t head[SILK_ENTRY];
	int status = silk_take(s, head, sizeof(head), err);

	if (status != FF_OK)
		return status;
	id = ff_get_u32(head, true);
	len = ff_get_u32(head + 4, true);
	if (len < SILK_ENTRY || at + len > SILK_HEADER_MAX)
		return silk_bad_entry(s, id, at, len, err);
	payload = len - SILK_ENTRY;
	switch (id) {
	case SILK_ENTRY_PACKED:
		status = payload == 16 ? silk_packed(h, s, err)
				       : silk_bad_entry(s, id, at, len, err);
		break;
	case SILK_ENTRY_INVOCATION:
		status = silk_text(&h->invocations, s, payload, err);
		break;
	case SILK_ENTRY_NOTE:
		status = silk_text(&h->notes, s, payload, err);
		break;
	case SILK_ENTRY_PROBE:
		ff_buf_clear(&h->probe);
		status = silk_text(&h->probe, s, payload, err);
		if (h->probe.len > 0)
			h->probe.data[--h->probe.len] = 0; /* one name, no line end */
		break;
	case SILK_ENTRY_IPSET:
		status = payload == 24 ? silk_ipset(h, s, err)
				       : silk_bad_entry(s, id, at, len, err);
		break;
	default: /* the end (its payload is padding), and what we do not know */
		status = silk_skip(s, payload, err);
		break;
	}
	if (status != FF_OK)
		return status;
	return id == SILK_ENTRY_END ? 0 : 1;
}

static int silk_fixed(struct ff_silk_header *h, struct ff_stream *s, struct ff_err *err)
{
	const char *name = ff_stream_name(s);
	uint8_t p[SILK_FIXED];
	int status = silk_take(s, p, 8, err);

	if (status != FF_OK)
		return status;
	if (memcmp(p, FF_SILK_MAGIC, 4) != 0)
		return ff_fail(
			err, FF_EFORMAT,
			"'%s' is no SiLK file: it does not begin with its magic number",
			name);
	if (p[6] < 16)
		return ff_fail(err, FF_EFORMAT,
			       "'%s' has a legacy header (file version %u, older than "
			       "SiLK 1.0), which is not "
			       "supported: re-write it with rwcat",
			       name, p[6]);
	if (p[7] > FF_CODEC_SNAPPY)
		return ff_fail(err, FF_EFORMAT,
			       "unknown compression %u in '%s' at byte 7", p[7], name);
	status = silk_take(s, p + 8, SILK_FIXED - 8, err);
	if (status != FF_OK)
		return status;
	h->big_endian = p[4] & 1;
	h->format = p[5];
	h->file_version = p[6];
	h->codec = (enum ff_codec)p[7];
	h->silk_version = ff_get_u32(p + 8, true);
	h->record_length = ff_get_u16(p + 12, true);
	h->record_version = ff_get_u16(p + 14, true);
	return FF_OK;
}

int ff_silk_header_read(struct ff_silk_header *out, struct ff_stream *s,
			struct ff_err *err)
{
	struct ff_silk_header h;
	int status;

	memset(&h, 0, sizeof(h));
	status = silk_fixed(&h, s, err);
	if (status == FF_OK) {
		do {
			status = silk_read_entry(&h, s, err);
		} while (status > 0);
	}
	if (status < 0) {
		ff_silk_header_release(&h);
		return status;
	}
	h.body_offset = ff_stream_offset(s);
	*out = h;
	return FF_OK;
}

void ff_silk_header_release(struct ff_silk_header *h)
{
	ff_buf_release(&h->probe);
	ff_buf_release(&h->invocations);
	ff_buf_release(&h->notes);
}

/* Reads until n bytes are there or the stream ends. */
static ptrdiff_t silk_fill(struct ff_stream *s, uint8_t *buf, size_t n,
			   struct ff_err *err)
{
	size_t done = 0;
	ptrdiff_t got;

	do {
		got = ff_stream_read(s, buf + done, n - done, err);
		if (got < 0)
			return got;
		done += (size_t)got;
	} while (got > 0 && done < n);
	return (ptrdiff_t)done;
}

int ff_silk_block_read(struct ff_stream *s, struct ff_buf *raw, size_t *out_len,
		       uint64_t *offset, struct ff_err *err)
{
	uint8_t head[8];
	uint32_t packed, whole;
	ptrdiff_t got;

	*out_len = 0;
	*offset = ff_stream_offset(s);
	ff_buf_clear(raw);
	got = silk_fill(s, head, sizeof(head), err);
	if (got <= 0)
		return (int)got;
	if (got >= 4 && ff_get_u32(head, true) == 0)
		return 0; /* end mark */
	if (got < 8)
		return ff_fail(err, FF_EFORMAT,
			       "damaged: block header cut short in '%s' at byte %" PRIu64,
			       ff_stream_name(s), *offset);
	packed = ff_get_u32(head, true);
	whole = ff_get_u32(head + 4, true);
	if (packed > SILK_BLOCK_MAX || whole > SILK_BLOCK_MAX - 3)
		return ff_fail(err, FF_EFORMAT,
			       "damaged: block of %" PRIu32 " bytes, %" PRIu32
			       " decompressed, in '%s' at byte %" PRIu64
			       " is larger than SiLK makes them",
			       packed, whole, ff_stream_name(s), *offset);
	*out_len = whole;
	if (ff_buf_reserve(raw, packed) != FF_OK)
		return ff_fail_nomem(err);
	got = silk_fill(s, raw->data, packed, err);
	if (got < 0)
		return (int)got;
	raw->len = (size_t)got;
	raw->data[raw->len] = 0;
	if (raw->len < packed)
		return ff_fail(err, FF_EFORMAT,
			       "damaged: block cut short: %zu of %" PRIu32
			       " bytes in '%s' at byte %" PRIu64,
			       raw->len, packed, ff_stream_name(s), *offset);
	return 1;
}

static int silk_too_long(struct ff_stream *s, uint64_t limit, struct ff_err *err)
{
	return ff_fail(err, FF_ELIMIT, "body of '%s' is longer than %" PRIu64 " bytes",
		       ff_stream_name(s), limit);
}

static int silk_body_plain(struct ff_buf *out, struct ff_stream *s, uint64_t limit,
			   struct ff_err *err)
{
	const size_t part = (size_t)64 << 10;
	ptrdiff_t got;

	for (;;) {
		if (ff_buf_reserve(out, part) != FF_OK)
			return ff_fail_nomem(err);
		got = ff_stream_read(s, out->data + out->len, part, err);
		if (got <= 0)
			return (int)got;
		if (limit - out->len < (size_t)got)
			return silk_too_long(s, limit, err);
		out->len += (size_t)got;
	}
}

static int silk_body_blocks(struct ff_buf *out, struct ff_stream *s, enum ff_codec codec,
			    uint64_t limit, struct ff_err *err)
{
	struct ff_buf raw = FF_BUF_INIT;
	struct ff_err why;
	uint64_t offset;
	size_t len;
	int status;

	while ((status = ff_silk_block_read(s, &raw, &len, &offset, err)) > 0) {
		if (limit - out->len < len) {
			status = silk_too_long(s, limit, err);
			break;
		}
		if (ff_buf_reserve(out, len) != FF_OK) {
			status = ff_fail_nomem(err);
			break;
		}
		if (ff_codec_decode(codec, out->data + out->len, len, raw.data, raw.len,
				    &why) != FF_OK) {
			status = ff_fail(err, FF_EFORMAT,
					 "damaged: '%s' at byte %" PRIu64 ": %s",
					 ff_stream_name(s), offset, why.text);
			break;
		}
		out->len += len;
	}
	ff_buf_release(&raw);
	return status;
}

int ff_silk_body_read(struct ff_buf *out, struct ff_stream *s,
		      const struct ff_silk_header *h, uint64_t limit, struct ff_err *err)
{
	struct ff_buf body = FF_BUF_INIT;
	int status;

	if (h->codec == FF_CODEC_NONE)
		status = silk_body_plain(&body, s, limit, err);
	else
		status = silk_body_blocks(&body, s, h->codec, limit, err);
	if (status < 0) {
		ff_buf_release(&body);
		return status;
	}
	if (body.data)
		body.data[body.len] = 0;
	ff_buf_release(out);
	*out = body;
	return FF_OK;
}
