/* SPDX-License-Identifier: MIT */
/* ephemeral_store - rows of bytes that compare with memcmp, kept as sorted runs: each is
 * sorted by the thread that filled it; past the memory budget all runs go to an unnamed
 * scratch file; reading merges them. Equal rows are all kept.
 *
 *      time 8   host 0/4/16   sport 2   protocol 1   daddr 4/16   dport 2   syn 1
 *
 * Numbers are big-endian, the time has its sign bit turned. Narrow rows hold IPv4: 18
 * bytes, or 22 with the host; wide rows 46. */
#ifndef FF_AGGREGATE_EPHEMERAL_STORE_H
#define FF_AGGREGATE_EPHEMERAL_STORE_H

#include <flowfig/base.h>

#include <pthread.h>

enum { EPHEMERAL_MAX_ROW = 46 };

/* One flow that the host initiated. */
struct ephemeral_row {
	int64_t time_ns;
	struct ff_addr host, daddr;
	uint16_t sport, dport;
	uint8_t protocol;
	bool syn_known; /* by its flags, not by its ports */
};

struct ephemeral_run {
	uint8_t *rows;	 /* NULL: in the scratch file at `offset` */
	uint64_t offset; /* bytes */
	size_t count;	 /* rows */
};
struct ephemeral_runs {
	size_t length; /* bytes a row */
	struct ephemeral_run *v;
	size_t count, cap;
	uint64_t rows;
};
enum { EPHEMERAL_NARROW, EPHEMERAL_WIDE, EPHEMERAL_KINDS };

struct ephemeral_store {
	struct ephemeral_runs runs[EPHEMERAL_KINDS];
	unsigned host_bytes;   /* of a narrow row: 0 or 4 */
	struct ff_addr host;   /* of rows without one */
	uint64_t budget, held; /* bytes of rows in memory */
	size_t run_bytes;      /* a buffer this full becomes a run */
	pthread_mutex_t lock;
	bool has_lock;
	int spill_fd; /* -1: none yet */
	uint64_t spill_bytes;
	const char *scratch_dir; /* borrowed */
};

/* One handle's rows on their way into the store. */
struct ephemeral_buffer {
	uint8_t *rows;
	size_t bytes, cap;
};

/* `only` is the one host of all rows, or NULL when rows have their own. */
int ephemeral_store_init(struct ephemeral_store *s, const struct ff_addr *only,
			 uint64_t memory_bytes, const char *scratch_dir,
			 struct ff_err *err);
void ephemeral_store_release(struct ephemeral_store *s);
/* `b` has EPHEMERAL_KINDS buffers. Different buffers may be used at once. */
int ephemeral_store_add(struct ephemeral_store *s, struct ephemeral_buffer *b,
			const struct ephemeral_row *row, struct ff_err *err);
/* Room for one more packed row of a kind. It counts once ephemeral_store_keep() is
 * called, which must come before anything else is added. */
int ephemeral_store_room(struct ephemeral_store *s, struct ephemeral_buffer *b,
			 unsigned kind, uint8_t **row, struct ff_err *err);
static inline void ephemeral_store_keep(const struct ephemeral_store *s,
					struct ephemeral_buffer *b, unsigned kind)
{
	b[kind].bytes += s->runs[kind].length;
}
int ephemeral_store_flush(struct ephemeral_store *s, struct ephemeral_buffer *b,
			  struct ff_err *err);
void ephemeral_buffers_release(struct ephemeral_buffer *b);
/* Takes over all rows of `from`, which has the same kind of rows. */
int ephemeral_store_merge(struct ephemeral_store *s, struct ephemeral_store *from,
			  struct ff_err *err);

size_t ephemeral_pack(const struct ephemeral_store *s, unsigned kind, uint8_t *to,
		      const struct ephemeral_row *row);
void ephemeral_unpack(const struct ephemeral_store *s, unsigned kind,
		      struct ephemeral_row *out, const uint8_t *from);

/* ---- reading, when nothing is added any more ---- */

struct ephemeral_lane;
struct ephemeral_cursor {
	const struct ephemeral_store *store;
	unsigned kind;
	struct ephemeral_lane *lanes, **heap;
	uint8_t *buffers;
	size_t nlanes, cap; /* cap: rows a buffer of a run in the file */
	size_t given;	    /* rows of the first lane that were given last */
};
int ephemeral_cursor_init(struct ephemeral_cursor *c, const struct ephemeral_store *s,
			  unsigned kind, struct ff_err *err);
/* 1 and the next *n rows in ascending order, valid until the next call; 0 at the end. */
int ephemeral_cursor_next(struct ephemeral_cursor *c, const uint8_t **rows, size_t *n,
			  struct ff_err *err);
void ephemeral_cursor_release(struct ephemeral_cursor *c);

#endif
