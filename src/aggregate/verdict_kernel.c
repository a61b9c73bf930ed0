/* SPDX-License-Identifier: MIT */
/* verdict_kernel - log-likelihoods of ports under counters: one global counter, one for
 * all destinations behind a hash, one a destination.
 *
 * Events of equal time: see verdict.h. The likeliest order of a group is that in which a
 * counter met them; the charge is ln(k!). */
#include "aggregate/verdict_kernel.h"

#include <math.h>
#include <stdlib.h>

enum { KERNEL_BACK = 16 }; /* share of a range that is a short way */
#define KERNEL_NONE SIZE_MAX
#define KERNEL_PENALTY 1.5 /* half of BIC's, for three parameters */
#define KERNEL_FORGET_NS (10 * (uint64_t)FF_SEC)

int verdict_room_init(struct verdict_room *r, const struct verdict_event *events,
		      size_t n, struct ff_err *err)
{
	uint32_t dests = 0;
	for (size_t i = 0; i < n; i++)
		dests = events[i].dest >= dests ? events[i].dest + 1 : dests;
	*r = (struct verdict_room){
		.part = ff_alloc(n, sizeof *r->part),
		.keys = ff_alloc(n, sizeof *r->keys),
		.place = ff_alloc(n, sizeof *r->place),
		.steps = ff_alloc(n, sizeof *r->steps),
		.seen = ff_calloc(VERDICT_PORTS + 1, sizeof *r->seen),
		.previous = ff_alloc(dests, sizeof *r->previous),
		.ndests = dests,
		.heads = ff_alloc(n, sizeof *r->heads),
		.lane = ff_alloc(n, sizeof *r->lane),
	};
	if (r->part && r->keys && r->place && r->steps && r->seen && r->previous &&
	    r->heads && r->lane)
		return FF_OK;
	verdict_room_release(r);
	return ff_fail_nomem(err);
}

void verdict_room_release(struct verdict_room *r)
{
	ff_free(r->part);
	ff_free(r->keys);
	ff_free(r->place);
	ff_free(r->steps);
	ff_free(r->seen);
	ff_free(r->previous);
	ff_free(r->heads);
	ff_free(r->lane);
	*r = (struct verdict_room){0};
}

static struct verdict_step kernel_step(uint32_t gap, double distance, uint32_t width)
{
	gap = gap ? gap : width;
	return (struct verdict_step){
		.gap = gap,
		.back = width > gap ? width - gap : 1,
		.distance = distance,
		.count = 1,
	};
}

double verdict_log_factorial(size_t k)
{
	double x = (double)k, sum = 0;
	if (k > 32) /* Stirling */
		return x * log(x) - x + .5 * log(6.283185307179586 * x) + 1 / (12 * x);
	for (size_t i = 2; i <= k; i++)
		sum += log((double)i);
	return sum;
}

static int kernel_compare(const void *pa, const void *pb)
{
	const struct verdict_key *a = pa, *b = pb;
	if (a->dest != b->dest)
		return a->dest < b->dest ? -1 : 1;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	/* one port twice at once */
	return (a->event.dest > b->event.dest) - (a->event.dest < b->event.dest);
}

void verdict_sort_keys(struct verdict_room *r, size_t from, size_t end)
{
	struct verdict_key *keys = r->keys + from;
	qsort(keys, end - from, sizeof *keys, kernel_compare);
	for (size_t i = from; i < end; i++)
		r->part[i] = r->keys[i].event;
}

size_t verdict_tie_end(const struct verdict_room *r, size_t from, size_t n)
{
	size_t end = from + 1;
	while (end < n && r->part[end].tie == r->part[from].tie)
		end++;
	return end;
}

/* The way from `a` on to `b` round the circle, or back if it is a short one: reordered
 * times set a counter back a little, while leaps lead anywhere. */
static int32_t kernel_offset(uint16_t a, uint16_t b, uint32_t width)
{
	uint32_t gap = verdict_gap(a, b, width);
	return gap > width - width / KERNEL_BACK ? (int32_t)gap - (int32_t)width
						 : (int32_t)gap;
}

/* Puts each group of equal times into the order of the counter; returns the charge. */
static double kernel_order(struct verdict_room *r, size_t n, uint32_t width, bool is_down)
{
	double charge = 0;
	size_t end;

	for (size_t i = 0; i < n; i = end) {
		end = verdict_tie_end(r, i, n);
		if (end - i < 2)
			continue;
		uint16_t from = r->part[i ? i - 1 : i].port;
		for (size_t j = i; j < end; j++) {
			uint16_t port = r->part[j].port;
			r->keys[j] = (struct verdict_key){
				.offset = is_down ? kernel_offset(port, from, width)
						  : kernel_offset(from, port, width),
				.event = r->part[j],
			};
		}
		verdict_sort_keys(r, i, end);
		charge += verdict_log_factorial(end - i);
	}
	return charge;
}

void verdict_fit_sequence(struct verdict_fit *out, struct verdict_room *r, size_t n,
			  uint16_t lo, uint16_t hi, bool is_down)
{
	static const double backs[] = {0, .15, .4};
	uint32_t width = (uint32_t)(hi - lo) + 1;
	double charge = kernel_order(r, n, width, is_down);
	size_t steps = 0;

	for (size_t i = 1; i < n; i++) {
		uint16_t a = r->part[i - 1].port, b = r->part[i].port;
		r->seen[is_down ? verdict_gap(b, a, width) : verdict_gap(a, b, width)]++;
	}
	for (uint32_t g = 0; g < width; g++) {
		if (r->seen[g] == 0)
			continue;
		r->steps[steps] = kernel_step(g, 1, width);
		r->steps[steps++].count = r->seen[g];
		r->seen[g] = 0;
	}
	*out = (struct verdict_fit){.ll = -HUGE_VAL};
	verdict_fit_geo(out, r->steps, steps, width, backs, 3);
	verdict_fit_log(out, r->steps, steps, width);
	out->ll -= charge + KERNEL_PENALTY * log((double)n) + log(width);
}

/* Where the events of one group go: those to one destination together, each run of them
 * in the order of its counter. Returns the charge. */
static double kernel_order_dests(struct verdict_room *r, size_t i, size_t end,
				 uint32_t width)
{
	double charge = 0;

	for (size_t j = i; j < end; j++) {
		const struct verdict_event *e = &r->part[j];
		size_t last = r->previous[e->dest];
		r->keys[j] = (struct verdict_key){
			.dest = e->dest,
			.offset = last == KERNEL_NONE ? e->port
						      : kernel_offset(r->part[last].port,
								      e->port, width),
			.event = *e,
		};
	}
	verdict_sort_keys(r, i, end);
	for (size_t j = i, same = 1; j < end; j++, same++)
		if (j + 1 == end || r->part[j + 1].dest != r->part[j].dest) {
			charge += verdict_log_factorial(same);
			same = 0;
		}
	return charge;
}

/* The place in time of the `nth` (from 1) of `same` events among those from..end-1 of
 * equal time: where it is on average when every order is as likely. */
static double kernel_place(size_t from, size_t end, size_t nth, size_t same)
{
	double share = (double)nth / (double)(same + 1);
	return (double)from + share * (double)(end - from + 1) - 1;
}

/* One step of a counter that is the destination's own, or shared behind a hash. */
static void kernel_add_step(struct verdict_room *r, size_t *steps, size_t k, double at,
			    uint32_t width, enum verdict_kernel kernel)
{
	const struct verdict_event *e = &r->part[k];
	size_t last = r->previous[e->dest];

	r->previous[e->dest] = k;
	r->place[k] = at;
	if (last == KERNEL_NONE)
		return;
	const struct verdict_event *before = &r->part[last];
	if (kernel == VERDICT_K_PER10 &&
	    verdict_apart_ns(before->time_ns, e->time_ns) >= KERNEL_FORGET_NS)
		return;
	r->steps[(*steps)++] =
		kernel_step(verdict_gap(before->port, e->port, width),
			    kernel == VERDICT_K_SHARED ? at - r->place[last] : 1, width);
}

void verdict_fit_destination(struct verdict_fit *out, struct verdict_room *r, size_t n,
			     uint16_t lo, uint16_t hi, enum verdict_kernel kernel)
{
	static const double backs[] = {0, .2};
	uint32_t width = (uint32_t)(hi - lo) + 1;
	size_t steps = 0, end;
	double charge = 0;

	for (size_t d = 0; d < r->ndests; d++)
		r->previous[d] = KERNEL_NONE;
	for (size_t i = 0; i < n; i = end) {
		end = verdict_tie_end(r, i, n);
		if (end - i > 1)
			charge += kernel_order_dests(r, i, end, width);
		for (size_t j = i, next; j < end; j = next) {
			for (next = j + 1;
			     next < end && r->part[next].dest == r->part[j].dest;)
				next++;
			for (size_t k = j; k < next; k++)
				kernel_add_step(r, &steps, k,
						kernel_place(i, end, k - j + 1, next - j),
						width, kernel);
		}
	}
	*out = (struct verdict_fit){.ll = -HUGE_VAL};
	if (steps < 3) {
		out->ll = -(double)n * log(width);
		return;
	}
	if (kernel != VERDICT_K_SHARED)
		verdict_fit_geo(out, r->steps, steps, width, backs, 2);
	verdict_fit_log(out, r->steps, steps, width);
	out->ll -= charge + KERNEL_PENALTY * log((double)n) +
		   (double)(n - steps) * log(width);
}
