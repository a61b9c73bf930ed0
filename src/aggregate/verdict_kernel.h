/* SPDX-License-Identifier: MIT */
/* verdict_kernel - log-likelihoods of ports that lie within lo..hi. The events stand in
 * part[0..n) of a room and are put into another order within groups of equal time. */
#ifndef FF_AGGREGATE_VERDICT_KERNEL_H
#define FF_AGGREGATE_VERDICT_KERNEL_H

#include "aggregate/verdict_parts.h"

enum {
	VERDICT_PORTS = 65536,
	VERDICT_HEADS = 10, /* counters that are followed at once */
};

/* A step to be explained, `count` times. */
struct verdict_step {
	double gap;	 /* forward, 1..W */
	double back;	 /* W - gap, at least 1 */
	double distance; /* D: events between; 1 when the model does not know it */
	uint32_t count;
};
/* For sorting within equal times: by dest, then offset. */
struct verdict_key {
	uint32_t dest;
	int32_t offset;
	struct verdict_event event;
};
/* Forward gaps of one event to the counters that were alive before it. */
struct verdict_heads {
	uint16_t gaps[VERDICT_HEADS]; /* most recently moved counter first */
	uint16_t n;
};
/* Memory for kernels over up to so many events as it was made for. */
struct verdict_room {
	struct verdict_event *part;
	struct verdict_key *keys;
	double *place;
	struct verdict_step *steps;
	uint32_t *seen;	  /* VERDICT_PORTS counts of a gap, zero between calls */
	size_t *previous; /* one a destination */
	size_t ndests;
	struct verdict_heads *heads;
	int32_t *lane;
};
int verdict_room_init(struct verdict_room *r, const struct verdict_event *events,
		      size_t n, struct ff_err *err);
void verdict_room_release(struct verdict_room *r);
/* Sorts keys[from..end) and puts part[from..end) into their order. */
void verdict_sort_keys(struct verdict_room *r, size_t from, size_t end);
size_t verdict_tie_end(const struct verdict_room *r, size_t from, size_t n);
double verdict_log_factorial(size_t k);

/* verdict_density.c: raise *best to the best of the grid. Geometric steps, a share of
 * them backwards (up to three shares); and the sharp step law about m D. */
void verdict_fit_geo(struct verdict_fit *best, const struct verdict_step *steps, size_t n,
		     double width, const double *backs, size_t nbacks);
void verdict_fit_log(struct verdict_fit *best, const struct verdict_step *steps, size_t n,
		     double width);

void verdict_fit_sequence(struct verdict_fit *out, struct verdict_room *r, size_t n,
			  uint16_t lo, uint16_t hi, bool is_down);
void verdict_fit_destination(struct verdict_fit *out, struct verdict_room *r, size_t n,
			     uint16_t lo, uint16_t hi, enum verdict_kernel kernel);

/* verdict_lanes.c */
void verdict_fit_lanes(struct verdict_fit *out, struct verdict_room *r, size_t n,
		       uint16_t lo, uint16_t hi);
struct verdict_lanes {
	size_t together; /* lanes at the same time */
	size_t count;	 /* lanes in all */
	size_t covered;	 /* events on them */
};
/* room->lane gets the number of the lane of each event, or -1. */
int verdict_count_lanes(struct verdict_lanes *out, struct verdict_room *r, size_t n,
			uint16_t lo, uint16_t hi, int gap, struct ff_err *err);

#endif
