/* SPDX-License-Identifier: MIT */
/* nfdump - reads the files of nfdump's collectors (nfcapd and others), layout 1 of nfdump
 * 1.6 and layout 2 of 1.7.
 *
 * A lane claims one block of the file and decompresses it itself. Blocks of plain,
 * uncompressed files are claimed by the 1 MiB pieces of the digest instead: all that
 * begin in one, so that source.c hashes the very bytes that were decoded. Where flows
 * need what earlier blocks say (nfdump_order), that is looked up before the first flow
 * of a block is decoded. */
#include "input/nfdump.h"
#include "input/block.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Where decode() stands in a claim; lies at the front of the claim's scratch buffer,
 * with the expanded records and the rules behind it. The claim's data are heads and
 * stored bytes of one or more blocks. */
struct nfdump_cursor {
	size_t next;	       /* of data: head of the next block */
	uint64_t offset;       /* of the current block in the file */
	size_t at, end;	       /* records to come: of data, or of scratch when expanded */
	uint32_t left;	       /* how many, as the block's head has it */
	size_t rule, rule_end; /* of scratch: rules to come */
	struct nfdump_rule now;
};

static int nfdump_probe(const uint8_t *head, size_t len)
{
	if (len < 4)
		return 0;
	/* big-endian ones and other layouts too: open() has words for them */
	if (head[0] == 0x0c && head[1] == 0xa5 && head[3] == 0)
		return 100;
	return head[0] == 0xa5 && head[1] == 0x0c && head[2] == 0 ? 100 : 0;
}

/* ---- opening ---- */

static void nfdump_close(void *self)
{
	struct nfdump_reader *r = self;

	if (!r)
		return;
	nfdump_order_free(r->order);
	ff_free(r);
}

static int nfdump_open(void **self, struct ff_stream *in, const struct ff_input_opts *o,
		       struct ff_err *err)
{
	struct nfdump_reader *r = ff_calloc(1, sizeof(*r));
	int status;

	*self = NULL;
	if (!r)
		return ff_fail_nomem(err);
	r->in = in;
	status = nfdump_header_read(&r->header, in, err);
	if (status == FF_OK && (r->header.layout == 1 || o->scale_sampling))
		status = nfdump_order_new(&r->order, o->scale_sampling, err);
	if (status != FF_OK) {
		nfdump_close(r);
		return status;
	}
	nfdump_context_init(&r->context, o->want);
	r->plain = ff_stream_is_plain(in);
	r->grouped = r->plain && r->header.codec == FF_CODEC_NONE && !r->order;
	r->next = r->header.body;
	*self = r;
	return FF_OK;
}

/* ---- entering blocks ---- */

static struct nfdump_cursor *nfdump_cursor_of(const struct ff_block *b)
{
	return (struct nfdump_cursor *)(void *)b->scratch.data;
}

/* The buffer that holds the records of the current block. */
static const uint8_t *nfdump_records(const struct nfdump_reader *r,
				     const struct ff_block *b)
{
	return r->header.codec == FF_CODEC_NONE ? b->data : b->scratch.data;
}

/* Brings the claim in, on the thread of the lane. */
static int nfdump_fill(const struct nfdump_reader *r, struct ff_block *b,
		       struct ff_err *err)
{
	struct nfdump_cursor c = {.next = b->pos};
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
	}
	ff_buf_clear(&b->scratch);
	ff_buf_add(&b->scratch, &c, sizeof(c));
	return b->scratch.failed ? ff_fail_nomem(err) : FF_OK;
}

/* Why a block has no flows that can be read, or "" when it need not have any; NULL when
 * it has records. */
static const char *nfdump_refuse_block(const struct nfdump_reader *r,
				       struct nfdump_block head)
{
	unsigned records = r->header.layout == 1 ? NFDUMP_BLOCK_1 : NFDUMP_BLOCK_2;

	if (head.type == NFDUMP_BLOCK_15)
		return "block of flows of nfdump 1.5, which are not supported,";
	if (head.type == NFDUMP_BLOCK_ARRAY ||
	    (r->header.layout == 1 && head.type == NFDUMP_BLOCK_2))
		return "";
	if (head.type != records)
		return "block of an unknown kind";
	return head.records == 0 ? "block that says it has no records" : NULL;
}

/* Decompresses the stored bytes behind the cursor. */
static int nfdump_expand(const struct nfdump_reader *r, struct ff_block *b,
			 const uint8_t *stored, struct nfdump_block head,
			 struct ff_err *err)
{
	struct ff_buf *s = &b->scratch;
	struct nfdump_cursor *c;
	struct ff_err why;
	size_t len = 0;
	int status;

	s->len = sizeof(*c);
	if (ff_buf_reserve(s, NFDUMP_BLOCK_MAX) < 0)
		return ff_fail_nomem(err);
	c = nfdump_cursor_of(b);
	status = ff_codec_decode_upto(&len, r->header.codec, s->data + s->len,
				      NFDUMP_BLOCK_MAX, stored, head.stored, &why);
	if (status == FF_ENOMEM)
		return ff_fail_nomem(err);
	if (status != FF_OK) {
		ff_block_bad(b, c->offset, nfdump_lost(r, head),
			     "damaged: '%s' at byte %" PRIu64 ": %s",
			     ff_stream_name(r->in), c->offset, why.text);
		c->left = 0;
	}
	c->at = s->len;
	s->len += len;
	c->end = s->len;
	return FF_OK;
}

/* The next block of the claim, whose head is there, becomes the current one. */
static int nfdump_enter(const struct nfdump_reader *r, struct ff_block *b,
			struct ff_err *err)
{
	struct nfdump_cursor *c = nfdump_cursor_of(b);
	const uint8_t *p = b->data + c->next;
	struct nfdump_block head;
	const char *why;

	if (b->len - c->next < NFDUMP_BLOCK_HEAD)
		return block_shrank(r->in, err);
	head = nfdump_block_head(p);
	if (b->len - c->next - NFDUMP_BLOCK_HEAD < head.stored)
		return block_shrank(r->in, err);
	c->offset = b->offset + c->next;
	c->at = c->next + NFDUMP_BLOCK_HEAD;
	c->next = c->end = c->at + head.stored;
	c->left = head.records;
	why = nfdump_refuse_block(r, head);
	if (why) {
		c->at = c->end = 0;
		c->left = 0;
		if (*why)
			ff_block_bad(b, c->offset, nfdump_lost(r, head),
				     "damaged: %s in '%s' at byte %" PRIu64, why,
				     ff_stream_name(r->in), c->offset);
		return FF_OK;
	}
	if (r->header.codec == FF_CODEC_NONE)
		return FF_OK;
	return nfdump_expand(r, b, p + NFDUMP_BLOCK_HEAD, head, err);
}

/* Finds what earlier records say about the flows of the block. */
static int nfdump_find_rules(const struct nfdump_reader *r, struct ff_block *b,
			     struct ff_err *err)
{
	const size_t align = sizeof(uint64_t);
	struct ff_buf *s = &b->scratch;
	struct nfdump_cursor *c = nfdump_cursor_of(b);
	size_t rule = (s->len + align - 1) / align * align;
	struct ff_buf rules = FF_BUF_INIT;
	int status = FF_OK;

	if (c->left > 0)
		status = nfdump_order_scan(r->order, &rules, nfdump_records(r, b) + c->at,
					   c->end - c->at, c->left, err);
	if (status == FF_OK && ff_buf_reserve(s, rule - s->len + rules.len) < 0)
		status = ff_fail_nomem(err);
	if (status == FF_OK) {
		c = nfdump_cursor_of(b);
		c->rule = rule;
		c->rule_end = rule + rules.len;
		if (rules.len > 0)
			memcpy(s->data + rule, rules.data, rules.len);
		s->len = c->rule_end;
	}
	ff_buf_release(&rules);
	return status;
}

/* The first block of a claim. Its turn is taken whatever comes of it, for others wait. */
static int nfdump_begin(const struct nfdump_reader *r, struct ff_block *b,
			struct ff_err *err)
{
	int status = nfdump_fill(r, b, err);

	if (status == FF_OK)
		status = nfdump_enter(r, b, err);
	if (!r->order)
		return status;
	nfdump_order_enter(r->order, b->note);
	if (status == FF_OK)
		status = nfdump_find_rules(r, b, err);
	nfdump_order_leave(r->order);
	return status;
}

/* ---- decoding ---- */

/* Where a record stands: a byte of the file, or of an expanded block of it. */
static void nfdump_bad(const struct nfdump_reader *r, struct ff_block *b,
		       uint64_t records, const char *what)
{
	const struct nfdump_cursor *c = nfdump_cursor_of(b);
	const char *name = ff_stream_name(r->in);

	if (r->header.codec == FF_CODEC_NONE)
		ff_block_bad(b, b->offset + c->at, records,
			     "damaged: %s in '%s' at byte %" PRIu64, what, name,
			     b->offset + c->at);
	else
		ff_block_bad(
			b, c->offset, records,
			"damaged: %s in '%s', byte %zu of the block at byte %" PRIu64,
			what, name, c->at - sizeof(*c), c->offset);
}

/* The end of a block's records; its head may have told another number of them. */
static void nfdump_leave(const struct nfdump_reader *r, struct ff_block *b)
{
	struct nfdump_cursor *c = nfdump_cursor_of(b);
	size_t most = (c->end - c->at) / NFDUMP_RECORD_HEAD;

	if (c->left > 0 && c->at == c->end)
		nfdump_bad(r, b, 1, "block with fewer records than its head says");
	else if (c->left > 0)
		nfdump_bad(r, b,
			   most == 0	    ? 1
			   : c->left < most ? c->left
					    : most,
			   "record of an impossible size");
	else if (c->at < c->end)
		nfdump_bad(r, b, 1, "bytes behind the last record of a block");
	c->at = c->end;
	c->left = 0;
}

/* What counts for the flow at the cursor. */
static const struct nfdump_rule *nfdump_rule_now(const struct nfdump_reader *r,
						 const struct ff_block *b, size_t first)
{
	struct nfdump_cursor *c = nfdump_cursor_of(b);

	if (!r->order)
		return NULL;
	while (c->rule < c->rule_end) {
		struct nfdump_rule next;

		memcpy(&next, b->scratch.data + c->rule, sizeof(next));
		if (next.at > c->at - first)
			break;
		c->now = next;
		c->rule += sizeof(next);
	}
	return &c->now;
}

/* Records of the current block, until it ends or the batch may have no room for two
 * flows. True when the block has ended. */
static bool nfdump_decode_block(const struct nfdump_reader *r, struct ff_block *b,
				struct ff_batch *out)
{
	struct nfdump_cursor *c = nfdump_cursor_of(b);
	const uint8_t *records = nfdump_records(r, b);
	/* rules count from the first record of the only block of the claim */
	size_t first = r->header.codec == FF_CODEC_NONE ? b->pos + NFDUMP_BLOCK_HEAD
							: sizeof(*c);

	while (c->left > 0) {
		size_t size = nfdump_record_size(records + c->at, c->end - c->at);
		const char *why;
		int n;

		if (size == 0)
			break;
		if (out->cap - out->count < 2)
			return false;
		n = nfdump_flow(&r->context, nfdump_rule_now(r, b, first),
				records + c->at, size, out->flows + out->count, &why);
		if (n < 0)
			nfdump_bad(r, b, 1, why);
		else if (n == NFDUMP_NO_FLOW)
			b->other++;
		else
			out->count += (size_t)n;
		c->at += size;
		c->left--;
	}
	nfdump_leave(r, b);
	return true;
}

static int nfdump_decode(void *self, struct ff_block *b, struct ff_batch *out,
			 struct ff_err *err)
{
	const struct nfdump_reader *r = self;
	size_t before = out->count;
	int status;

	if (!b->filled) {
		status = nfdump_begin(r, b, err);
		if (status != FF_OK)
			return status;
	} else if (b->len == 0) {
		return 0;
	}
	while (nfdump_decode_block(r, b, out) && nfdump_cursor_of(b)->next < b->len) {
		status = nfdump_enter(r, b, err);
		if (status != FF_OK)
			return status;
	}
	return (int)(out->count - before);
}

static int nfdump_describe(void *self, struct ff_input_info *info, struct ff_err *err)
{
	struct nfdump_reader *r = self;
	struct nfdump_header h = r->header;
	int status = nfdump_header_appendix(&h, r->in, err);

	info->format = ff_reader_nfdump.name;
	return status == FF_OK ? nfdump_header_describe(&h, r->in, info, err) : status;
}

const struct ff_reader_type ff_reader_nfdump = {
	.name = "nfdump",
	.summary = "files of nfcapd, nfpcapd and sfcapd: nfdump 1.6 and 1.7, every "
		   "compression",
	.probe = nfdump_probe,
	.open = nfdump_open,
	.fetch = nfdump_fetch,
	.decode = nfdump_decode,
	.describe = nfdump_describe,
	.close = nfdump_close,
};
