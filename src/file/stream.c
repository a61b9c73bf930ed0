/* SPDX-License-Identifier: MIT */
/* stream - reading with transparent decompression, look-ahead and, for plain files,
 * access at any place. */
#include "file/stream.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define STREAM_PEEK_MAX ((size_t)64 << 10)

struct ff_stream {
	char *name;
	struct file_raw raw;
	const struct file_unpack_type *unpack; /* NULL: not compressed */
	void *unpacker;
	bool plain;
	bool ended;	      /* the decompressed end was reached */
	struct ff_err failed; /* sticky; told once everything before it was delivered */
	uint8_t *look;	      /* bytes looked at but not consumed: [look_pos, look_len) */
	size_t look_pos, look_len;
	uint64_t offset;
};

static int stream_detect(struct ff_stream *s, struct ff_err *err)
{
	int status = file_raw_head(&s->raw, 6, err);

	if (status != FF_OK)
		return status;
	s->unpack = file_unpack_find(s->raw.piece, s->raw.len);
	s->plain = !s->unpack && s->raw.seekable;
	s->raw.hashing = !s->plain;
	if (!s->unpack)
		return FF_OK;
	if (!s->unpack->open)
		return ff_fail(
			err, FF_EFORMAT,
			"cannot read '%s': support for %s was left out of this build",
			s->name, s->unpack->name);
	return s->unpack->open(&s->unpacker, err);
}

static int stream_new(struct ff_stream **out, const char *path, const char *name,
		      const void *data, size_t len, struct ff_err *err)
{
	struct ff_stream *s = ff_calloc(1, sizeof(*s));
	int status;

	if (!s)
		return ff_fail_nomem(err);
	s->raw.fd = -1;
	s->name = ff_strdup(name);
	s->look = ff_alloc(STREAM_PEEK_MAX, 1);
	if (!s->name || !s->look) {
		status = ff_fail_nomem(err);
		goto out;
	}
	s->raw.name = s->name;
	if (path)
		status = file_raw_open(&s->raw, path, err);
	else
		status = file_raw_memory(&s->raw, data, len, err);
	if (status == FF_OK)
		status = stream_detect(s, err);
out:
	if (status != FF_OK)
		ff_stream_close(s);
	else
		*out = s;
	return status;
}

int ff_stream_open(struct ff_stream **out, const char *path, struct ff_err *err)
{
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;

	return stream_new(out, path, name, NULL, 0, err);
}

int ff_stream_memory(struct ff_stream **out, const char *name, const void *data,
		     size_t len, struct ff_err *err)
{
	return stream_new(out, NULL, name, data, len, err);
}

void ff_stream_close(struct ff_stream *s)
{
	if (!s)
		return;
	if (s->unpacker)
		s->unpack->close(s->unpacker);
	file_raw_close(&s->raw);
	ff_free(s->look);
	ff_free(s->name);
	ff_free(s);
}

/* Uncompressed: hands on what the raw half has. */
static ptrdiff_t stream_copy(struct ff_stream *s, uint8_t *buf, size_t n,
			     struct ff_err *err)
{
	struct file_raw *r = &s->raw;
	size_t done = 0, part;
	int more;

	while (done < n) {
		if (r->pos == r->len) {
			more = file_raw_fill(r, err);
			if (more < 0)
				return done > 0 ? (ptrdiff_t)done : more;
			if (more == 0) {
				s->ended = true;
				break;
			}
		}
		part = r->len - r->pos < n - done ? r->len - r->pos : n - done;
		memcpy(buf + done, r->piece + r->pos, part);
		r->pos += part;
		done += part;
	}
	return (ptrdiff_t)done;
}

/* No reason: memory ran out. */
static int stream_damaged(struct ff_stream *s, const char *reason, struct ff_err *err)
{
	if (!reason)
		return ff_fail_nomem(err);
	return ff_fail(err, FF_EFORMAT, "damaged %s data in '%s' at byte %" PRIu64 ": %s",
		       s->unpack->name, s->name, s->raw.piece_offset + s->raw.pos,
		       reason);
}

/* After a member: zero padding (tapes, block devices) may follow, then the next member or
 * the end. 1 when there is another member. */
static int stream_next_member(struct ff_stream *s, struct ff_err *err)
{
	struct file_raw *r = &s->raw;
	int more = 1;

	do {
		while (r->pos < r->len && r->piece[r->pos] == 0)
			r->pos++;
	} while (r->pos == r->len && (more = file_raw_fill(r, err)) > 0);
	if (more == 0)
		s->ended = true;
	return more;
}

static ptrdiff_t stream_unpack(struct ff_stream *s, uint8_t *buf, size_t n,
			       struct ff_err *err)
{
	struct file_raw *r = &s->raw;
	struct file_io io = {NULL, 0, buf, n, "unknown reason"};
	int status = FF_OK;

	while (io.out_len > 0 && !s->ended && status >= 0) {
		size_t before = io.out_len;
		enum file_step step;

		/* a fill at the end of the file gives 0: the decompressor may still hold
		 * output */
		if (r->pos == r->len && (status = file_raw_fill(r, err)) < 0)
			break;
		io.in = r->piece + r->pos;
		io.in_len = r->len - r->pos;
		step = s->unpack->step(s->unpacker, &io);
		if (step == FILE_STEP_FAILED) {
			status = stream_damaged(s, io.reason, err);
			break;
		}
		before = (before - io.out_len) + (size_t)(io.in - (r->piece + r->pos));
		r->pos = (size_t)(io.in - r->piece);
		if (step == FILE_STEP_MEMBER_END)
			status = stream_next_member(s, err);
		else if (before == 0)
			status = stream_damaged(
				s, r->ended ? "it ends early" : "no progress", err);
	}
	if (status < 0 && io.out_len == n)
		return status;
	return (ptrdiff_t)(n - io.out_len);
}

/* Past the look-ahead. A failure is kept, so that what came before it is delivered first
 * and every later call tells it again. */
static ptrdiff_t stream_pull(struct ff_stream *s, uint8_t *buf, size_t n,
			     struct ff_err *err)
{
	struct ff_err mine = {0};
	ptrdiff_t got;

	if (s->failed.status == FF_OK && !s->ended && n > 0) {
		got = s->unpack ? stream_unpack(s, buf, n, &mine)
				: stream_copy(s, buf, n, &mine);
		if (mine.status != FF_OK)
			s->failed = mine;
		if (got > 0)
			return got;
	}
	if (s->failed.status != FF_OK) {
		if (err)
			*err = s->failed;
		return s->failed.status;
	}
	return 0;
}

ptrdiff_t ff_stream_read(struct ff_stream *s, void *buf, size_t n, struct ff_err *err)
{
	size_t held = s->look_len - s->look_pos;
	size_t done = held < n ? held : n;
	ptrdiff_t got;

	if (done > 0) {
		memcpy(buf, s->look + s->look_pos, done);
		s->look_pos += done;
	}
	if (done < n) {
		got = stream_pull(s, (uint8_t *)buf + done, n - done,
				  done > 0 ? NULL : err);
		if (got < 0 && done == 0)
			return got;
		done += got > 0 ? (size_t)got : 0;
	}
	s->offset += done;
	return (ptrdiff_t)done;
}

ptrdiff_t ff_stream_peek(struct ff_stream *s, const uint8_t **data, size_t n,
			 struct ff_err *err)
{
	size_t held = s->look_len - s->look_pos;
	ptrdiff_t got;

	assert(n <= STREAM_PEEK_MAX);
	if (held < n) {
		memmove(s->look, s->look + s->look_pos, held);
		got = stream_pull(s, s->look + held, n - held, held > 0 ? NULL : err);
		if (got < 0 && held == 0)
			return got;
		held += got > 0 ? (size_t)got : 0;
		s->look_pos = 0;
		s->look_len = held;
	}
	*data = s->look + s->look_pos;
	return (ptrdiff_t)(held < n ? held : n);
}

const char *ff_stream_name(const struct ff_stream *s)
{
	return s->name;
}

uint64_t ff_stream_offset(const struct ff_stream *s)
{
	return s->offset;
}

uint64_t ff_stream_raw_offset(const struct ff_stream *s)
{
	return s->unpack ? s->raw.piece_offset + s->raw.pos : s->offset;
}

uint64_t ff_stream_raw_size(const struct ff_stream *s)
{
	return s->raw.size;
}

const char *ff_stream_codec(const struct ff_stream *s)
{
	return s->unpack ? s->unpack->name : "none";
}

bool ff_stream_is_plain(const struct ff_stream *s)
{
	return s->plain;
}

ptrdiff_t ff_stream_pread(const struct ff_stream *s, void *buf, size_t n, uint64_t offset,
			  struct ff_err *err)
{
	assert(s->plain);
	return file_raw_pread(&s->raw, buf, n, offset, err);
}

int ff_stream_digest(uint64_t *out, struct ff_stream *s, struct ff_err *err)
{
	return file_raw_digest(out, &s->raw, err);
}
