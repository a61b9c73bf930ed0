/* SPDX-License-Identifier: MIT */
/* contact - contact surface (Gates and McHugh, DIMVA 2008; McHugh's VLF talk, 2008): in
 * each time bin, how many outside sources touched exactly n distinct inside hosts.
 *
 * A flow counts in the bin that holds its start. Only inbound flows count
 * (--direction=out: only outbound ones, and the sources are then inside). Exact at any
 * size and for any order of records, files, threads and states.
 *
 * finish() gives
 *   table contact  bin_start, destinations, sources: no zero rows
 *   table bins     bin_start, flows, counted: every bin that holds any selected flow
 *   numbers        bin_ns (0 = all, -1 = months), first_ns, last_ns, flows, counted,
 *                  source_bins, nmax, direction, pairs, bins
 *   texts          inside, bin, sizes (host counts of whole prefixes inside, up to nmax)
 *   findings       see contact_findings.c */
#ifndef FF_AGGREGATE_CONTACT_H
#define FF_AGGREGATE_CONTACT_H

#include "aggregate/contact_store.h"
#include "aggregate/span.h"

#include <flowfig/aggregate.h>

struct contact_params {
	struct ff_bins bins;
	int direction; /* 0 in, 1 out */
	int pairs;     /* 0 hosts, 1 port: distinct (host, dPort, protocol) */
};

/* Flows a bin: a small hash table. */
struct contact_bin {
	int64_t bin;
	uint64_t flows, counted; /* flows 0 = empty slot */
};
struct contact_bins {
	struct contact_bin *slots;
	size_t used, cap;
};

/* What all handles of one aggregate share. */
struct contact_core {
	struct contact_params params;
	struct contact_store narrow, wide; /* IPv4; anything else */
	atomic_bool
		mixed; /* an IPv4 source met an IPv6 destination: see contact_widen() */
	struct ff_prefix *inside;
	size_t ninside;
};
enum {
	/* entries a part before its lock is taken; more of input in no order, so that
	 * there are some of each bin to be added together */
	CONTACT_BUFFERED = 1024,
	CONTACT_DISORDERED = 8192,
	CONTACT_RECENT = 1024, /* bins; a power of two */
};
struct contact_buffer {
	uint64_t *entries; /* bin and key each; made when first used */
	size_t count, cap;
};
struct contact {
	struct contact_core *core;
	bool is_owner;
	struct contact_buffer buffers[2][CONTACT_PARTS]; /* narrow, wide */
	struct contact_buffer sorted; /* room for CONTACT_DISORDERED of them, or none */
	struct contact_bins bins;
	/* the bins of the latest flows, by their low bits, with what is not in `bins`
	 * yet: flows in no order find theirs in the first cache */
	struct contact_bin recent[CONTACT_RECENT];
	struct contact_bin *now;     /* of recent: where the last flow fell, ... */
	int64_t bin_lo, bin_hi, bin; /* ... and its bin: [lo, hi) */
	int64_t first_ns, last_ns; /* earliest and latest start; first > last = no flow */
	uint64_t flows, counted;
};

/* ---- contact_add.c ---- */
int contact_add(void *self, const struct ff_batch *flows, struct ff_err *err);
/* Puts one contact into the buffer of its part. kind: 0 narrow, 1 wide. */
int contact_put(struct contact *c, unsigned kind, int64_t bin, const uint64_t *key,
		unsigned words, struct ff_err *err);
/* Empties what the handle has gathered into the shared stores and its bins. */
int contact_flush(struct contact *c, struct ff_err *err);
int contact_bins_add(struct contact_bins *b, int64_t bin, uint64_t flows,
		     uint64_t counted, struct ff_err *err);
bool contact_bins_has(const struct contact_bins *b, int64_t bin);
/* Refuses times and numbers of bins that are out of bounds, before much memory is spent
 * on them. */
int contact_check_span(const struct contact *c, struct ff_err *err);

/* The used slots, ascending; the array is the caller's. */
int contact_bins_sorted(const struct contact_bins *b, struct contact_bin **out,
			struct ff_err *err);
/* A source seen with both families must be counted once: moves all IPv4 keys to the wide
 * store. */
int contact_widen(struct contact_core *core, struct ff_err *err);

/* contact_finish.c */
int contact_finish(void *self, const void *how, struct ff_result *out, unsigned threads,
		   struct ff_err *err);
/* contact_findings.c: reads the tables and numbers of *r, adds its findings */
int contact_findings(struct ff_result *r, const struct ff_prefix *inside, size_t ninside,
		     struct ff_err *err);
/* contact_state.c */
int contact_save(void *self, struct ff_state_writer *w, struct ff_err *err);
int contact_load(void **self, const struct ff_agg_context *ctx, struct ff_state_reader *r,
		 struct ff_err *err);
/* contact.c */
int contact_create(void **self, const void *params, const struct ff_agg_context *ctx,
		   struct ff_err *err);
void contact_destroy(void *self);

#endif
