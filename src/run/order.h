/* SPDX-License-Identifier: MIT */
/* order - hands batches of flows on in the order of the inputs, whichever thread read
 * them. Blocks of an input are claimed in order, so the thread that holds the first
 * block that is not done never waits; the others keep a bounded number of flows until
 * theirs is due. */
#ifndef FF_RUN_ORDER_H
#define FF_RUN_ORDER_H

#include <flowfig/input.h>

#include <pthread.h>

struct order {
	/* > 0 = enough: no more is wanted */
	int (*each)(void *arg, const struct ff_batch *flows, struct ff_err *err);
	void *arg;
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t moved;
	size_t source;	/* the block that is due: of this source, ... */
	uint64_t block; /* ... this one */
	bool *done;	/* sources that are at their end, maybe before they are due */
	bool stopped;	/* someone has failed, or has enough: nobody waits any more */
};
struct order_lane { /* one per thread; zero-initialise */
	size_t source;
	uint64_t block;
	bool is_due;
	struct ff_batch kept;
};

/* `sources` is the most that there can be, counted from 0. */
int order_init(struct order *o, size_t sources, struct ff_err *err);
void order_release(struct order *o);
/* The lane is about to read this block. */
void order_begin(struct order_lane *l, size_t source, uint64_t block);
/* Flows of the block: 0, 1 = stopped, < 0. */
int order_put(struct order *o, struct order_lane *l, const struct ff_batch *flows,
	      struct ff_err *err);
/* The block is read: waits until it is due, and makes the next one due. */
int order_end(struct order *o, struct order_lane *l, struct ff_err *err);
/* All blocks of the source are at their end, if there were any. */
void order_source_done(struct order *o, size_t source);
void order_stop(struct order *o);
void order_lane_release(struct order_lane *l);

#endif
