/* SPDX-License-Identifier: MIT */
/* ephemeral_cursor - the runs of a store as one ascending sequence of rows: a heap of
 * lanes, each a run in memory or one read through a small buffer. */
#include "aggregate/ephemeral_store.h"
#include "aggregate/scratch.h"

#include <string.h>

enum { BUFFERS = 1 << 22 /* bytes for all buffers together */, ROWS_MIN = 64 };

struct ephemeral_lane {
	const uint8_t *row, *end; /* of what is at hand */
	uint64_t time;		  /* of row: most comparisons need no more */
	uint8_t *buffer;
	uint64_t offset;
	size_t left; /* rows still in the file */
};

static int lane_fill(struct ephemeral_cursor *c, struct ephemeral_lane *l,
		     struct ff_err *err)
{
	size_t length = c->store->runs[c->kind].length;
	size_t n = l->left < c->cap ? l->left : c->cap;
	int rc = ff_scratch_read(c->store->spill_fd, l->buffer, n * length, l->offset,
				 c->store->scratch_dir, err);
	if (rc)
		return rc;
	l->row = l->buffer;
	l->end = l->buffer + n * length;
	l->time = ff_get_u64(l->row, true);
	l->offset += n * length;
	l->left -= n;
	return FF_OK;
}

static bool lane_before(const struct ephemeral_lane *a, const struct ephemeral_lane *b,
			size_t length)
{
	if (a->time != b->time)
		return a->time < b->time;
	return memcmp(a->row, b->row, length) < 0;
}

static void heap_down(struct ephemeral_cursor *c, size_t i)
{
	size_t length = c->store->runs[c->kind].length;
	struct ephemeral_lane **heap = c->heap, *moving = heap[i];
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= c->nlanes)
			break;
		if (child + 1 < c->nlanes &&
		    lane_before(heap[child + 1], heap[child], length))
			child++;
		if (!lane_before(heap[child], moving, length))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = moving;
}

int ephemeral_cursor_init(struct ephemeral_cursor *c, const struct ephemeral_store *s,
			  unsigned kind, struct ff_err *err)
{
	const struct ephemeral_runs *r = &s->runs[kind];
	size_t spilled = 0;
	int rc = FF_OK;
	*c = (struct ephemeral_cursor){.store = s, .kind = kind};
	for (size_t i = 0; i < r->count; i++)
		spilled += !r->v[i].rows;
	c->cap = spilled ? BUFFERS / spilled / r->length : 0;
	if (c->cap < ROWS_MIN)
		c->cap = ROWS_MIN;
	c->lanes = ff_calloc(r->count, sizeof *c->lanes);
	c->heap = ff_calloc(r->count, sizeof *c->heap);
	c->buffers = ff_alloc(spilled, c->cap * r->length);
	if (!c->lanes || !c->heap || !c->buffers)
		rc = ff_fail_nomem(err);
	uint8_t *buffer = c->buffers;
	for (size_t i = 0; i < r->count && rc == FF_OK; i++) {
		struct ephemeral_lane *l = &c->lanes[i];
		const struct ephemeral_run *run = &r->v[i];
		c->heap[c->nlanes++] = l;
		if (!run->rows) {
			*l = (struct ephemeral_lane){.buffer = buffer,
						     .offset = run->offset,
						     .left = run->count};
			buffer += c->cap * r->length;
			rc = lane_fill(c, l, err);
		} else {
			*l = (struct ephemeral_lane){.row = run->rows,
						     .end = run->rows +
							    run->count * r->length};
			l->time = ff_get_u64(l->row, true);
		}
	}
	if (rc) {
		ephemeral_cursor_release(c);
		return rc;
	}
	for (size_t i = c->nlanes / 2; i-- > 0;)
		heap_down(c, i);
	return FF_OK;
}

/* How many rows of the first lane come before those of all others: the first one does. */
static size_t heap_first_rows(const struct ephemeral_cursor *c)
{
	size_t length = c->store->runs[c->kind].length, n = 1;
	const struct ephemeral_lane *l = c->heap[0];
	size_t left = (size_t)(l->end - l->row) / length;
	uint64_t limit = UINT64_MAX;
	if (c->nlanes == 1)
		return left;
	for (size_t i = 1; i < c->nlanes && i < 3; i++)
		if (c->heap[i]->time < limit)
			limit = c->heap[i]->time;
	while (n < left && ff_get_u64(l->row + n * length, true) < limit)
		n++;
	return n;
}

int ephemeral_cursor_next(struct ephemeral_cursor *c, const uint8_t **rows, size_t *n,
			  struct ff_err *err)
{
	if (c->given) {
		struct ephemeral_lane *l = c->heap[0];
		l->row += c->given * c->store->runs[c->kind].length;
		c->given = 0;
		if (l->row < l->end) {
			l->time = ff_get_u64(l->row, true);
		} else if (l->left) {
			int rc = lane_fill(c, l, err);
			if (rc)
				return rc;
		} else {
			c->heap[0] = c->heap[--c->nlanes];
		}
		if (c->nlanes)
			heap_down(c, 0);
	}
	if (!c->nlanes)
		return 0;
	c->given = heap_first_rows(c);
	*rows = c->heap[0]->row;
	*n = c->given;
	return 1;
}

void ephemeral_cursor_release(struct ephemeral_cursor *c)
{
	ff_free(c->lanes);
	ff_free(c->heap);
	ff_free(c->buffers);
	*c = (struct ephemeral_cursor){0};
}
