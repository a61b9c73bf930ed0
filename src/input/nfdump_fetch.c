/* SPDX-License-Identifier: MIT */
/* nfdump_fetch - claims blocks of nfcapd files, and finds where they end. */
#include "input/nfdump.h"

#include <inttypes.h>

/* A claim without flows, for what ff_block_bad() was told. */
static int fetch_claim_nothing(struct ff_block *b, uint64_t offset)
{
	b->offset = offset;
	b->len = 0;
	b->filled = true;
	return 1;
}

uint64_t nfdump_lost(const struct nfdump_reader *r, struct nfdump_block head)
{
	uint64_t most =
		(r->header.codec == FF_CODEC_NONE ? head.stored : NFDUMP_BLOCK_MAX) /
		NFDUMP_RECORD_HEAD;

	if (head.records == 0)
		return 1;
	return head.records < most ? head.records : most;
}

static int fetch_cut(struct nfdump_reader *r, struct ff_block *b, uint64_t lost,
		     uint64_t have, uint64_t of)
{
	r->ended = true;
	ff_block_bad(b, r->next, lost,
		     "damaged: block cut short: %" PRIu64 " of %" PRIu64
		     " bytes in '%s' at byte %" PRIu64,
		     have, of, ff_stream_name(r->in), r->next);
	return fetch_claim_nothing(b, r->next);
}

/* Of a block whose size cannot be nothing behind it can be found. */
static int fetch_refuse_size(const struct nfdump_reader *r, struct nfdump_block head,
			     struct ff_err *err)
{
	return ff_fail(err, FF_EFORMAT,
		       "damaged: block of %" PRIu32 " bytes in '%s' at byte %" PRIu64
		       ", where 1 to %d can be",
		       head.stored, ff_stream_name(r->in), r->next, NFDUMP_BLOCK_MAX);
}

static bool fetch_size_is_sound(struct nfdump_block head)
{
	return head.stored > 0 && head.stored <= NFDUMP_BLOCK_MAX;
}

/* Whether the appendix has been reached, which ends the blocks of data. */
static bool fetch_at_appendix(const struct nfdump_reader *r)
{
	return r->header.appendix > 0 && r->next == r->header.appendix;
}

/* Whether all blocks have been claimed, as far as the header tells. In layout 1 they go
 * on to the end of the file whatever it says. */
static bool fetch_is_done(const struct nfdump_reader *r)
{
	return fetch_at_appendix(r) || (r->header.layout == 2 && r->header.blocks > 0 &&
					r->blocks >= r->header.blocks);
}

/* The end of the blocks: some may be missing, or the header be wrong about it. */
static int fetch_end(struct nfdump_reader *r, struct ff_block *b)
{
	uint32_t all = r->header.blocks;

	r->ended = true;
	if (r->blocks >= all)
		return 0;
	ff_block_bad(b, r->next, fetch_at_appendix(r) ? 1 : all - r->blocks,
		     "damaged: '%s' ends at byte %" PRIu64 " after %" PRIu32
		     " of %" PRIu32 " blocks",
		     ff_stream_name(r->in), r->next, r->blocks, all);
	return fetch_claim_nothing(b, r->next);
}

/* The head of the block at `at`: how many bytes of it there are, < 0 on error. */
static ptrdiff_t fetch_peek_head(const struct nfdump_reader *r, struct nfdump_block *head,
				 uint64_t at, struct ff_err *err)
{
	uint8_t p[NFDUMP_BLOCK_HEAD];
	ptrdiff_t got = ff_stream_pread(r->in, p, sizeof(p), at, err);

	if (got == NFDUMP_BLOCK_HEAD)
		*head = nfdump_block_head(p);
	return got;
}

/* The blocks after the first that begin before `limit`, as long as they are sound. */
static int fetch_extend(struct nfdump_reader *r, uint64_t limit, uint64_t size,
			struct ff_err *err)
{
	struct nfdump_block head = {0};

	while (r->next < limit && !fetch_is_done(r)) {
		ptrdiff_t got = fetch_peek_head(r, &head, r->next, err);

		if (got < 0)
			return (int)got;
		if (got < NFDUMP_BLOCK_HEAD || !fetch_size_is_sound(head) ||
		    size - r->next - NFDUMP_BLOCK_HEAD < head.stored)
			return FF_OK;
		r->next += NFDUMP_BLOCK_HEAD + head.stored;
		r->blocks++;
	}
	return FF_OK;
}

static int fetch_plain(struct nfdump_reader *r, struct ff_block *b, struct ff_err *err)
{
	uint64_t size = ff_stream_raw_size(r->in), start = r->next;
	uint64_t piece = start / FF_DIGEST_PIECE * FF_DIGEST_PIECE, have;
	struct nfdump_block head = {0};
	ptrdiff_t got;
	int status = FF_OK;

	if (fetch_is_done(r) || start >= size)
		return fetch_end(r, b);
	got = fetch_peek_head(r, &head, start, err);
	if (got < 0)
		return (int)got;
	if (got < NFDUMP_BLOCK_HEAD)
		return fetch_cut(r, b, 1, (uint64_t)got, NFDUMP_BLOCK_HEAD);
	if (!fetch_size_is_sound(head))
		return fetch_refuse_size(r, head, err);
	have = size - start - NFDUMP_BLOCK_HEAD;
	if (have < head.stored)
		return fetch_cut(r, b, nfdump_lost(r, head), have, head.stored);
	b->note = r->blocks;
	r->next += NFDUMP_BLOCK_HEAD + head.stored;
	r->blocks++;
	if (r->grouped)
		status = fetch_extend(r, piece + FF_DIGEST_PIECE, size, err);
	b->offset = r->grouped ? piece : start;
	b->pos = (size_t)(start - b->offset);
	b->claim_len = (size_t)(r->next - b->offset);
	return status < 0 ? status : 1;
}

/* In order, from a stream that cannot be read at any place. */
static int fetch_stream(struct nfdump_reader *r, struct ff_block *b, struct ff_err *err)
{
	struct nfdump_block head;
	ptrdiff_t got;
	int status;

	if (fetch_is_done(r))
		return fetch_end(r, b);
	status = ff_block_reserve(b, NFDUMP_BLOCK_HEAD, err);
	if (status != FF_OK)
		return status;
	got = ff_stream_read(r->in, b->data, NFDUMP_BLOCK_HEAD, err);
	if (got < 0)
		return (int)got;
	if (got == 0)
		return fetch_end(r, b);
	if (got < NFDUMP_BLOCK_HEAD)
		return fetch_cut(r, b, 1, (uint64_t)got, NFDUMP_BLOCK_HEAD);
	head = nfdump_block_head(b->data);
	if (!fetch_size_is_sound(head))
		return fetch_refuse_size(r, head, err);
	status = ff_block_reserve(b, NFDUMP_BLOCK_HEAD + (size_t)head.stored, err);
	if (status != FF_OK)
		return status;
	got = ff_stream_read(r->in, b->data + NFDUMP_BLOCK_HEAD, head.stored, err);
	if (got < 0)
		return (int)got;
	if ((size_t)got < head.stored)
		return fetch_cut(r, b, nfdump_lost(r, head), (uint64_t)got, head.stored);
	b->offset = r->next;
	b->len = NFDUMP_BLOCK_HEAD + (size_t)head.stored;
	b->note = r->blocks++;
	r->next += b->len;
	return 1;
}

int nfdump_fetch(void *self, struct ff_block *b, struct ff_err *err)
{
	struct nfdump_reader *r = self;

	if (r->ended)
		return 0;
	return r->plain ? fetch_plain(r, b, err) : fetch_stream(r, b, err);
}
