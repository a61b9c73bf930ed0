/* SPDX-License-Identifier: MIT */
/* source - stream + reader + lock: hands claimed blocks to lanes, adds up what they
 * found damaged, and takes the digest of the file on the way. */
#include <flowfig/input.h>

#include "input/block.h"
#include "input/text.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { SOURCE_HEAD = 4096 }; /* bytes that probe() sees */

struct ff_source {
	struct ff_stream *stream;
	const struct ff_reader_type *type;
	void *reader;
	bool plain;
	pthread_mutex_t lock; /* guards everything below, and fetch() */
	bool at_end;
	uint64_t fetched;     /* blocks */
	struct ff_err failed; /* sticky: what ended the source for all lanes */
	uint64_t claimed;     /* plain files: bytes handed out so far */
	uint64_t next_piece;  /* first MiB piece that no lane owes a digest of */
	uint64_t *pieces;     /* digest of each */
	size_t pieces_cap;
	uint64_t pieces_done;
	uint64_t bad, other;
	struct ff_err first_bad;
	uint64_t first_bad_offset;
};

/* ---- finding the reader ---- */

/* With --columns a file without known titles is text that its user can read. */
static const struct ff_reader_type *source_by_columns(const struct ff_input_opts *o,
						      const uint8_t *head, size_t len)
{
	const uint8_t *eol = memchr(head, '\n', len);
	size_t line = eol ? (size_t)(eol - head) : len;

	if (!o->columns || !text_looks(head, len))
		return NULL;
	return memchr(head, '|', line) ? &ff_reader_rwcut : &ff_reader_csv;
}

static int source_unknown(const char *name, const uint8_t *head, size_t len,
			  struct ff_err *err)
{
	char bytes[3 * 4 + 1] = "";

	if (text_looks(head, len))
		return ff_fail(
			err, FF_EFORMAT,
			"'%s' is no flow file that flowfig knows: text without a header "
			"naming sIP, dIP and sTime",
			name);
	for (size_t i = 0; i < len && i < 4; i++)
		snprintf(bytes + 3 * i, 4, " %02x", head[i]);
	return ff_fail(
		err, FF_EFORMAT,
		"'%s' is no flow file that flowfig knows: it begins with the bytes%s",
		name, bytes);
}

static int source_find_reader(const struct ff_reader_type **out, struct ff_stream *stream,
			      const struct ff_input_opts *o, struct ff_err *err)
{
	const char *name = ff_stream_name(stream);
	const struct ff_reader_type *t, *best = NULL;
	const uint8_t *head;
	ptrdiff_t len = ff_stream_peek(stream, &head, SOURCE_HEAD, err);
	int best_score = 0;

	if (len < 0)
		return (int)len;
	if (len == 0)
		return ff_fail(err, FF_EFORMAT, "'%s' is empty", name);
	if (o->format) {
		*out = ff_reader_find(o->format);
		if (*out)
			return FF_OK;
		return ff_fail(err, FF_EUSAGE, "unknown input format '%s'", o->format);
	}
	for (size_t i = 0; (t = ff_reader_at(i)) != NULL; i++) {
		int score = t->probe(head, (size_t)len);

		if (score > best_score) {
			best_score = score;
			best = t;
		}
	}
	if (!best)
		best = source_by_columns(o, head, (size_t)len);
	if (!best)
		return source_unknown(name, head, (size_t)len, err);
	*out = best;
	return FF_OK;
}

/* A filter of packets that is not used would draw what was to be left out. */
static int source_check_opts(const struct ff_source *s, const struct ff_input_opts *o,
			     struct ff_err *err)
{
	if (!o->bpf || s->type == &ff_reader_pcap)
		return FF_OK;
	return ff_fail(err, FF_EUSAGE,
		       "'--bpf' filters packets, of which '%s' has none (format %s)",
		       ff_stream_name(s->stream), s->type->name);
}

/* ---- opening and closing ---- */

int ff_source_open_stream(struct ff_source **out, struct ff_stream *stream,
			  const struct ff_input_opts *opts, struct ff_err *err)
{
	struct ff_source *s = ff_calloc(1, sizeof *s);
	int rc;

	if (!s) {
		ff_stream_close(stream);
		return ff_fail_nomem(err);
	}
	s->stream = stream;
	s->plain = ff_stream_is_plain(stream);
	rc = pthread_mutex_init(&s->lock, NULL);
	if (rc != 0) {
		ff_stream_close(stream);
		ff_free(s);
		return ff_fail_errno(err, rc, "cannot make a lock");
	}
	rc = source_find_reader(&s->type, stream, opts, err);
	if (rc == FF_OK)
		rc = source_check_opts(s, opts, err);
	if (rc == FF_OK)
		rc = s->type->open(&s->reader, stream, opts, err);
	if (rc < 0) {
		ff_source_close(s);
		return rc;
	}
	*out = s;
	return FF_OK;
}

int ff_source_open(struct ff_source **out, const char *path,
		   const struct ff_input_opts *opts, struct ff_err *err)
{
	struct ff_stream *stream;
	int rc = ff_stream_open(&stream, path, err);

	if (rc < 0)
		return rc;
	return ff_source_open_stream(out, stream, opts, err);
}

void ff_source_close(struct ff_source *s)
{
	if (!s)
		return;
	if (s->type)
		s->type->close(s->reader);
	ff_stream_close(s->stream);
	pthread_mutex_destroy(&s->lock);
	ff_free(s->pieces);
	ff_free(s);
}

/* ---- digest on the way ----
 * Of plain files; other streams hash what they read. Claims come in file order, so the
 * lane whose claim passes the end of a MiB piece owes its digest; the lane that finds the
 * end owes what is left. */

static void source_owe(struct ff_source *s, struct ff_lane *lane, uint64_t upto)
{
	if (upto <= s->next_piece)
		return;
	lane->piece = s->next_piece;
	lane->piece_end = upto;
	s->next_piece = upto;
}

static uint64_t source_piece_count(const struct ff_source *s)
{
	uint64_t size = ff_stream_raw_size(s->stream);

	return size / FF_DIGEST_PIECE + (size % FF_DIGEST_PIECE != 0);
}

/* Hashes one piece: from the block where it holds all of it, else from the file, which
 * has just been read and lies in the page cache. */
static int source_hash(struct ff_source *s, struct ff_lane *lane, uint64_t *digest,
		       struct ff_err *err)
{
	const struct ff_block *b = &lane->block;
	uint64_t from = lane->piece * FF_DIGEST_PIECE;
	uint64_t size = ff_stream_raw_size(s->stream),
		 left = size > from ? size - from : 0;
	size_t len = left < FF_DIGEST_PIECE ? (size_t)left : FF_DIGEST_PIECE;
	ptrdiff_t n;

	if (lane->active && b->filled && b->raw && from >= b->offset &&
	    from - b->offset <= b->len &&
	    b->len - (from - b->offset) >= FF_DIGEST_PIECE) {
		*digest = ff_digest64(b->data + (from - b->offset), FF_DIGEST_PIECE);
		return FF_OK;
	}
	if (!lane->piece_data)
		lane->piece_data = ff_alloc(FF_DIGEST_PIECE, 1);
	if (!lane->piece_data)
		return ff_fail_nomem(err);
	/* what was written to the file after it was opened is no part of this input */
	n = ff_stream_pread(s->stream, lane->piece_data, len, from, err);
	if (n < 0)
		return (int)n;
	if ((size_t)n < len)
		return block_shrank(s->stream, err);
	*digest = ff_digest64(lane->piece_data, (size_t)n);
	return FF_OK;
}

/* Under the lock. */
static int source_put(struct ff_source *s, uint64_t piece, uint64_t digest,
		      struct ff_err *err)
{
	int rc = piece < SIZE_MAX ? ff_grow(&s->pieces, &s->pieces_cap, (size_t)piece + 1,
					    sizeof *s->pieces, err)
				  : ff_fail_nomem(err);

	if (rc < 0)
		return rc;
	s->pieces[piece] = digest;
	s->pieces_done++;
	return FF_OK;
}

static int source_pay(struct ff_source *s, struct ff_lane *lane, struct ff_err *err)
{
	for (; lane->piece < lane->piece_end; lane->piece++) {
		uint64_t digest = 0;
		int rc = source_hash(s, lane, &digest, err);

		if (rc < 0)
			return rc;
		pthread_mutex_lock(&s->lock);
		rc = source_put(s, lane->piece, digest, err);
		pthread_mutex_unlock(&s->lock);
		if (rc < 0)
			return rc;
	}
	return FF_OK;
}

/* ---- reading ---- */

/* Under the lock: what the lane's block had of damaged records goes to the source. */
static void source_collect_bad(struct ff_source *s, struct ff_block *b)
{
	s->other += b->other;
	b->other = 0;
	if (b->bad == 0)
		return;
	s->bad = s->bad > UINT64_MAX - b->bad ? UINT64_MAX : s->bad + b->bad;
	if (s->first_bad.status == FF_OK || b->first_bad_offset < s->first_bad_offset) {
		s->first_bad = b->first_bad;
		s->first_bad_offset = b->first_bad_offset;
	}
	b->bad = 0;
	b->first_bad.status = FF_OK;
}

/* Under the lock: the next block for the lane; 1, 0 at the end, < 0. */
static int source_fetch(struct ff_source *s, struct ff_lane *lane, struct ff_err *err)
{
	struct ff_block *b = &lane->block;
	int rc;

	if (s->failed.status != FF_OK)
		return ff_fail(err, s->failed.status, "%s", s->failed.text);
	if (s->at_end)
		return 0;
	b->len = b->pos = b->claim_len = 0;
	b->offset = b->line = 0;
	b->note = 0;
	b->filled = b->raw = false;
	rc = s->type->fetch(s->reader, b, &s->failed);
	if (rc < 0) {
		s->failed.status = (enum ff_status)rc;
		return ff_fail(err, s->failed.status, "%s", s->failed.text);
	}
	s->at_end = rc == 0;
	if (s->plain && s->at_end) {
		source_owe(s, lane, source_piece_count(s));
		s->claimed = ff_stream_raw_size(s->stream);
	} else if (s->plain) {
		/* readers either claim for decode(), or have moved the stream */
		uint64_t end = b->offset + b->claim_len, at = ff_stream_offset(s->stream);

		s->claimed = end > at ? end : at;
		source_owe(s, lane, s->claimed / FF_DIGEST_PIECE);
	}
	return rc;
}

/* What stops one lane stops them all. */
static int source_fail(struct ff_source *s, int rc, const struct ff_err *why,
		       struct ff_err *err)
{
	pthread_mutex_lock(&s->lock);
	if (s->failed.status == FF_OK) {
		s->failed = *why;
		s->failed.status = (enum ff_status)rc;
	}
	pthread_mutex_unlock(&s->lock);
	return ff_fail(err, (enum ff_status)rc, "%s", why->text);
}

int ff_source_claim(struct ff_source *s, struct ff_lane *lane, struct ff_err *err)
{
	struct ff_err why = {0};
	int rc, paid;

	pthread_mutex_lock(&s->lock);
	source_collect_bad(s, &lane->block);
	rc = source_fetch(s, lane, err);
	if (rc > 0)
		lane->number = s->fetched++;
	pthread_mutex_unlock(&s->lock);
	lane->active = rc > 0;
	if (rc != 0)
		return rc;
	paid = source_pay(s, lane, &why);
	return paid < 0 ? source_fail(s, paid, &why, err) : 0;
}

int ff_source_decode(struct ff_source *s, struct ff_lane *lane, struct ff_batch *out,
		     struct ff_err *err)
{
	struct ff_err why = {0};
	int rc, paid;

	out->count = out->left_out = 0;
	rc = s->type->decode(s->reader, &lane->block, out, &why);
	paid = rc < 0 ? rc : source_pay(s, lane, &why);
	if (paid < 0) {
		out->count = out->left_out = 0;
		return source_fail(s, paid, &why, err);
	}
	lane->active = rc > 0;
	return rc;
}

int ff_source_next(struct ff_source *s, struct ff_lane *lane, struct ff_batch *out,
		   struct ff_err *err)
{
	int rc;

	out->count = out->left_out = 0;
	for (;;) {
		if (lane->active && (rc = ff_source_decode(s, lane, out, err)) != 0)
			return rc;
		if ((rc = ff_source_claim(s, lane, err)) <= 0)
			return rc;
	}
}

void ff_lane_release(struct ff_lane *lane)
{
	ff_block_release(&lane->block);
	ff_free(lane->piece_data);
	*lane = (struct ff_lane){0};
}

/* ---- telling ---- */

const char *ff_source_name(const struct ff_source *s)
{
	return ff_stream_name(s->stream);
}

const char *ff_source_format(const struct ff_source *s)
{
	return s->type->name;
}

int ff_source_describe(struct ff_source *s, struct ff_input_info *info,
		       struct ff_err *err)
{
	*info = (struct ff_input_info){.format = s->type->name};
	return s->type->describe(s->reader, info, err);
}

bool ff_source_is_quick(const struct ff_source *s)
{
	return !s->type->reads_ahead;
}

uint64_t ff_source_bytes_done(struct ff_source *s)
{
	uint64_t done;

	pthread_mutex_lock(&s->lock);
	done = s->plain ? s->claimed : ff_stream_raw_offset(s->stream);
	pthread_mutex_unlock(&s->lock);
	return done;
}

uint64_t ff_source_bytes_total(struct ff_source *s)
{
	return ff_stream_raw_size(s->stream);
}

uint64_t ff_source_bad(struct ff_source *s, struct ff_err *first)
{
	uint64_t bad;

	pthread_mutex_lock(&s->lock);
	bad = s->bad;
	if (first)
		*first = s->first_bad;
	pthread_mutex_unlock(&s->lock);
	return bad;
}

uint64_t ff_source_other(struct ff_source *s)
{
	uint64_t other;

	pthread_mutex_lock(&s->lock);
	other = s->other;
	pthread_mutex_unlock(&s->lock);
	return other;
}

void ff_source_remark(struct ff_source *s, struct ff_buf *out)
{
	pthread_mutex_lock(&s->lock);
	if (s->type->remark)
		s->type->remark(s->reader, out);
	pthread_mutex_unlock(&s->lock);
}

uint64_t ff_source_digest(struct ff_source *s)
{
	uint64_t digest = 0;

	pthread_mutex_lock(&s->lock);
	if (s->at_end && s->plain && s->pieces_done == source_piece_count(s))
		digest = ff_digest_join(s->pieces, (size_t)s->pieces_done);
	else if (s->at_end && !s->plain && ff_stream_digest(&digest, s->stream, NULL) < 0)
		digest = 0;
	pthread_mutex_unlock(&s->lock);
	return digest;
}
