/* SPDX-License-Identifier: MIT */
/* ephemeral_store - see ephemeral_store.h. */
#include "aggregate/ephemeral_store.h"
#include "aggregate/ephemeral_sort.h"
#include "aggregate/scratch.h"

#include <string.h>

enum {
	RUN_MIN = 1 << 14, /* bytes of a run, within which an eighth of the budget */
	RUN_MAX = 1 << 24,
};

int ephemeral_store_init(struct ephemeral_store *s, const struct ff_addr *only,
			 uint64_t memory_bytes, const char *scratch_dir,
			 struct ff_err *err)
{
	*s = (struct ephemeral_store){.host_bytes = only ? 0 : 4,
				      .budget = memory_bytes,
				      .spill_fd = -1,
				      .scratch_dir = scratch_dir};
	if (only)
		s->host = *only;
	uint64_t part = memory_bytes / 8;
	s->run_bytes = part < RUN_MIN ? RUN_MIN : part > RUN_MAX ? RUN_MAX : (size_t)part;
	s->runs[EPHEMERAL_NARROW].length = 18 + s->host_bytes;
	s->runs[EPHEMERAL_WIDE].length = EPHEMERAL_MAX_ROW;
	if (pthread_mutex_init(&s->lock, NULL) != 0)
		return ff_fail(err, FF_ENOMEM, "cannot make a lock");
	s->has_lock = true;
	return FF_OK;
}

static void store_clear(struct ephemeral_store *s)
{
	for (unsigned kind = 0; kind < EPHEMERAL_KINDS; kind++) {
		struct ephemeral_runs *r = &s->runs[kind];
		for (size_t i = 0; i < r->count; i++)
			ff_free(r->v[i].rows);
		ff_free(r->v);
		r->v = NULL;
		r->count = r->cap = 0;
		r->rows = 0;
	}
	ff_scratch_close(s->spill_fd);
	s->spill_fd = -1;
	s->held = s->spill_bytes = 0;
}

void ephemeral_store_release(struct ephemeral_store *s)
{
	if (!s->has_lock)
		return;
	store_clear(s);
	pthread_mutex_destroy(&s->lock);
	s->has_lock = false;
}

/* ---- rows as bytes ---- */

#define TIME_SIGN (UINT64_C(1) << 63)

static uint8_t *put_be(uint8_t *to, uint64_t v, unsigned bytes)
{
	for (unsigned i = bytes; i-- > 0; v >>= 8)
		to[i] = (uint8_t)v;
	return to + bytes;
}

static uint8_t *put_addr(uint8_t *to, const struct ff_addr *a, unsigned bytes)
{
	memcpy(to, a->b + 16 - bytes, bytes);
	return to + bytes;
}

size_t ephemeral_pack(const struct ephemeral_store *s, unsigned kind, uint8_t *to,
		      const struct ephemeral_row *row)
{
	unsigned host = kind == EPHEMERAL_WIDE ? 16 : s->host_bytes;
	uint8_t *p = put_be(to, (uint64_t)row->time_ns ^ TIME_SIGN, 8);
	p = put_addr(p, &row->host, host);
	p = put_be(p, row->sport, 2);
	*p++ = row->protocol;
	p = put_addr(p, &row->daddr, kind == EPHEMERAL_WIDE ? 16 : 4);
	p = put_be(p, row->dport, 2);
	*p++ = row->syn_known;
	return (size_t)(p - to);
}

static const uint8_t *get_addr(struct ff_addr *a, const uint8_t *from, unsigned bytes)
{
	if (bytes == 4)
		*a = ff_addr_from_v4(ff_get_u32(from, true));
	else
		memcpy(a->b, from, 16);
	return from + bytes;
}

void ephemeral_unpack(const struct ephemeral_store *s, unsigned kind,
		      struct ephemeral_row *out, const uint8_t *from)
{
	unsigned host = kind == EPHEMERAL_WIDE ? 16 : s->host_bytes;
	const uint8_t *p = from + 8;
	out->time_ns = (int64_t)(ff_get_u64(from, true) ^ TIME_SIGN);
	if (host)
		p = get_addr(&out->host, p, host);
	else
		out->host = s->host;
	out->sport = ff_get_u16(p, true);
	out->protocol = p[2];
	p = get_addr(&out->daddr, p + 3, kind == EPHEMERAL_WIDE ? 16 : 4);
	out->dport = ff_get_u16(p, true);
	out->syn_known = p[2] != 0;
}

/* ---- runs ---- */

static int store_spill(struct ephemeral_store *s, struct ff_err *err)
{
	int rc = s->spill_fd < 0 ? ff_scratch_open(&s->spill_fd, s->scratch_dir, err)
				 : FF_OK;
	for (unsigned kind = 0; kind < EPHEMERAL_KINDS && rc == FF_OK; kind++) {
		struct ephemeral_runs *r = &s->runs[kind];
		for (size_t i = 0; i < r->count && rc == FF_OK; i++) {
			struct ephemeral_run *run = &r->v[i];
			size_t bytes = run->count * r->length;
			if (!run->rows)
				continue;
			if ((rc = ff_scratch_write(s->spill_fd, run->rows, bytes,
						   s->spill_bytes, s->scratch_dir, err)))
				break;
			ff_free(run->rows);
			run->rows = NULL;
			run->offset = s->spill_bytes;
			s->spill_bytes += bytes;
			s->held -= bytes;
		}
	}
	return rc;
}

/* Takes the rows over, also when it fails. */
static int store_take(struct ephemeral_store *s, unsigned kind, uint8_t *rows,
		      size_t count, struct ff_err *err)
{
	struct ephemeral_runs *r = &s->runs[kind];
	pthread_mutex_lock(&s->lock);
	int rc = ff_grow(&r->v, &r->cap, r->count + 1, sizeof *r->v, err);
	if (rc == FF_OK) {
		r->v[r->count++] = (struct ephemeral_run){.rows = rows, .count = count};
		r->rows += count;
		s->held += count * r->length;
		if (s->held > s->budget)
			rc = store_spill(s, err);
	} else {
		ff_free(rows);
	}
	pthread_mutex_unlock(&s->lock);
	return rc;
}

static int buffer_flush(struct ephemeral_store *s, unsigned kind,
			struct ephemeral_buffer *b, struct ff_err *err)
{
	size_t count = b->bytes / s->runs[kind].length;
	if (!count)
		return FF_OK;
	int rc = ephemeral_sort(b->rows, count, s->runs[kind].length, err);
	if (rc)
		return rc;
	/* most runs are full; the last one of a handle need not keep the room */
	uint8_t *rows = b->rows, *fit;
	if (b->bytes < b->cap && (fit = ff_realloc(rows, b->bytes, 1)))
		rows = fit;
	*b = (struct ephemeral_buffer){0};
	return store_take(s, kind, rows, count, err);
}

int ephemeral_store_flush(struct ephemeral_store *s, struct ephemeral_buffer *b,
			  struct ff_err *err)
{
	int rc = FF_OK;
	for (unsigned kind = 0; kind < EPHEMERAL_KINDS && rc == FF_OK; kind++)
		rc = buffer_flush(s, kind, &b[kind], err);
	return rc;
}

void ephemeral_buffers_release(struct ephemeral_buffer *b)
{
	for (unsigned kind = 0; kind < EPHEMERAL_KINDS; kind++) {
		ff_free(b[kind].rows);
		b[kind] = (struct ephemeral_buffer){0};
	}
}

int ephemeral_store_room(struct ephemeral_store *s, struct ephemeral_buffer *buffers,
			 unsigned kind, uint8_t **row, struct ff_err *err)
{
	struct ephemeral_buffer *b = &buffers[kind];
	size_t length = s->runs[kind].length;
	if (b->bytes + length > b->cap) {
		int rc = b->cap >= s->run_bytes ? buffer_flush(s, kind, b, err) : FF_OK;
		if (rc == FF_OK)
			rc = ff_grow(&b->rows, &b->cap,
				     b->bytes ? b->bytes + length : 64 * length, 1, err);
		if (rc)
			return rc;
	}
	*row = b->rows + b->bytes;
	return FF_OK;
}

int ephemeral_store_add(struct ephemeral_store *s, struct ephemeral_buffer *buffers,
			const struct ephemeral_row *row, struct ff_err *err)
{
	bool narrow = ff_addr_is_v4(&row->daddr) && ff_addr_is_v4(&row->host);
	unsigned kind = narrow ? EPHEMERAL_NARROW : EPHEMERAL_WIDE;
	uint8_t *to;
	int rc = ephemeral_store_room(s, buffers, kind, &to, err);
	if (rc)
		return rc;
	ephemeral_pack(s, kind, to, row);
	ephemeral_store_keep(s, buffers, kind);
	return FF_OK;
}

/* Runs in the file of the other store are copied row by row into new ones. */
static int merge_file(struct ephemeral_store *s, struct ephemeral_store *from,
		      unsigned kind, const struct ephemeral_run *run, struct ff_err *err)
{
	size_t length = s->runs[kind].length, most = s->run_bytes / length;
	uint64_t offset = run->offset;
	for (size_t left = run->count; left;) {
		size_t n = left < most ? left : most;
		uint8_t *rows = ff_alloc(n, length);
		if (!rows)
			return ff_fail_nomem(err);
		int rc = ff_scratch_read(from->spill_fd, rows, n * length, offset,
					 from->scratch_dir, err);
		if (rc) {
			ff_free(rows);
			return rc;
		}
		if ((rc = store_take(s, kind, rows, n, err)))
			return rc;
		offset += n * length;
		left -= n;
	}
	return FF_OK;
}

int ephemeral_store_merge(struct ephemeral_store *s, struct ephemeral_store *from,
			  struct ff_err *err)
{
	int rc = FF_OK;
	for (unsigned kind = 0; kind < EPHEMERAL_KINDS && rc == FF_OK; kind++) {
		struct ephemeral_runs *r = &from->runs[kind];
		for (size_t i = 0; i < r->count && rc == FF_OK; i++) {
			struct ephemeral_run *run = &r->v[i];
			uint8_t *rows = run->rows;
			run->rows = NULL;
			rc = rows ? store_take(s, kind, rows, run->count, err)
				  : merge_file(s, from, kind, run, err);
		}
	}
	store_clear(from);
	return rc;
}
