/* SPDX-License-Identifier: MIT */
/* contact_store - the distinct (bin, source, destination) triples of a contact surface.
 *
 *   store -> 16 parts, by hash of the source, each with a lock
 *         -> per part one set a bin
 *         -> per set an array of keys, see contact_set.h
 *
 * A key is the source and what it touched, as host-order 64-bit words, source first:
 *   1 word:  IPv4, hosts      source << 32 | destination
 *   2 words: IPv4, ports      ..., port << 8 | protocol
 *   4 words: IPv6, hosts      source (2), destination (2)
 *   5 words: IPv6, ports      ..., port << 8 | protocol
 * So an IPv4 triple costs 8 to 14.3 bytes when there are many, and threads share one
 * copy. Past the budget a part's sets are sorted and appended to an unnamed scratch file
 * as runs; reading merges the runs. */
#ifndef FF_AGGREGATE_CONTACT_STORE_H
#define FF_AGGREGATE_CONTACT_STORE_H

#include "aggregate/contact_set.h"

#include <pthread.h>

#define CONTACT_PARTS 16

struct contact_run { /* sorted, distinct keys of one bin in the scratch file */
	int64_t bin;
	uint64_t offset, count; /* bytes; keys */
};
struct contact_part {
	pthread_mutex_t lock;
	struct contact_set *sets;
	size_t nsets, sets_cap;
	uint32_t *index; /* open addressing: bin -> set number + 1 */
	size_t index_cap;
	uint64_t bytes; /* held by the arrays of the sets */
	struct contact_run *runs;
	size_t nruns, runs_cap;
	uint64_t spill_bytes;
	int spill_fd; /* -1 until needed */
};
struct contact_store {
	unsigned words;
	uint64_t part_budget, part_roomy; /* bytes; see contact_set_reserve() */
	const char *scratch_dir;	  /* borrowed */
	struct contact_part parts[CONTACT_PARTS];
};

int contact_store_init(struct contact_store *s, unsigned words, uint64_t budget,
		       const char *scratch_dir, struct ff_err *err);
void contact_store_release(struct contact_store *s);

/* Which part holds the sources whose first words are these. The same on every machine. */
static inline unsigned contact_part_of(const uint64_t *key, unsigned words)
{
	uint64_t source = words <= 2 ? key[0] >> 32 : key[0] ^ ff_mix64(key[1]);
	return (unsigned)(source * UINT64_C(0xd1342543de82ef95) >> 60);
}

/* Adds n entries, each the bin (as uint64_t) followed by the key, all of one part.
 * Thread-safe. */
int contact_store_add(struct contact_store *s, unsigned part, const uint64_t *entries,
		      size_t n, struct ff_err *err);

/* Adds n > 0 distinct ascending keys to (part, bin), to which they belong. */
int contact_store_put(struct contact_store *s, unsigned part, int64_t bin,
		      const uint64_t *keys, size_t n, struct ff_err *err);
/* Moves what `from` holds in memory to `to`, of as many words a key; its runs stay. */
int contact_store_move(struct contact_store *to, struct contact_store *from,
		       struct ff_err *err);

bool contact_store_has_runs(const struct contact_store *s);
/* Sorts the runs by bin so that reading finds them at once: after the last addition. */
void contact_store_seal(struct contact_store *s);

/* All bins, ascending; the array is the caller's. */
int contact_store_bins(const struct contact_store *s, int64_t **bins, size_t *count,
		       struct ff_err *err);

/* Calls each(arg, key) for the distinct keys of (part, bin), ascending. Puts the set in
 * order: threads may work on different bins at once, when nothing is added any more. */
int contact_store_sorted(struct contact_store *s, unsigned part, int64_t bin,
			 int (*each)(void *arg, const uint64_t *key, struct ff_err *err),
			 void *arg, struct ff_err *err);

/* A source in one bin, and how many distinct keys it has there. */
struct contact_source {
	uint32_t address; /* of one-word keys */
	uint64_t n;
};
/* A thread's tables for counting keys a source. */
struct contact_scratch {
	struct contact_source *sources; /* in the order met */
	uint32_t *slots;		/* place of a source, plus 1; 0 = free */
	size_t sources_cap, slots_cap;
};
void contact_scratch_release(struct contact_scratch *t);

/* Calls each(arg, sources, count) until all sources of (part, bin) were given, in no
 * order. Threads: as above. */
int contact_store_counts(struct contact_store *s, unsigned part, int64_t bin,
			 struct contact_scratch *scratch,
			 int (*each)(void *arg, const struct contact_source *sources,
				     size_t count, struct ff_err *err),
			 void *arg, struct ff_err *err);

/* ---- contact_spill.c ---- */
int contact_spill_part(struct contact_store *s, struct contact_part *p,
		       struct ff_err *err);
int contact_merge_runs(const struct contact_store *s, const struct contact_part *p,
		       int64_t bin, const struct contact_set *memory,
		       int (*each)(void *arg, const uint64_t *key, struct ff_err *err),
		       void *arg, struct ff_err *err);
/* ---- contact_store.c ---- */
bool contact_same_source(const uint64_t *a, const uint64_t *b, unsigned words);

#endif
