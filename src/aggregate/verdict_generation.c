/* SPDX-License-Identifier: MIT */
/* verdict_generation - which Linux kernels a host of even ports fits, from successive
 * connections to the same destination. Kernels of today mix their secret anew every 10 s,
 * so a thread of ports to a destination breaks with probability min(1, dt / 10 s) between
 * connections dt apart: E breaks are expected of such kernels, B are seen. */
#include "aggregate/verdict_parts.h"

#include <math.h>
#include <stdlib.h>

enum {
	THREADS_WIDTH = 28232, /* ports of Linux's default range */
	THREADS_NEAR = THREADS_WIDTH / 64,
	THREADS_EVENTS = 100, /* pairs further apart tell nothing */
	THREADS_FAR = 8,
};

static void threads_add(struct verdict_threads *t, const struct verdict_event *a,
			const struct verdict_event *b, size_t distance)
{
	double apart_s =
		(double)verdict_apart_ns(a->time_ns, b->time_ns) / (double)FF_SEC;
	double p = fmin(1, apart_s / 10);
	int gap = (int)verdict_gap((uint16_t)(a->port % THREADS_WIDTH),
				   (uint16_t)(b->port % THREADS_WIDTH), THREADS_WIDTH);
	gap = gap > THREADS_WIDTH / 2 ? gap - THREADS_WIDTH : gap;
	/* which came first at the same time is not known */
	gap = a->tie == b->tie ? abs(gap) : gap;
	bool is_near = abs(gap) <= THREADS_NEAR, is_brief = apart_s < 1.5;

	t->brief += is_brief;
	t->brief_near += is_brief && is_near;
	t->expected += p;
	t->variance += p * (1 - p);
	t->breaks += !is_near;
	if (apart_s < 10) {
		t->expected_10 += p;
		t->breaks_10 += !is_near;
	}
	if (!is_near)
		return;
	t->near++;
	t->far += distance >= THREADS_FAR;
	t->below += distance >= THREADS_FAR && gap > 0 && (size_t)gap <= distance;
	t->step_24 += gap == 2 || gap == 4;
	t->step_16 += gap > 0 && gap <= 16;
}

int verdict_threads(struct verdict_threads *out, const struct verdict_event *events,
		    size_t n, struct ff_err *err)
{
	struct verdict_threads t = {0};
	uint32_t dests = 0;

	for (size_t i = 0; i < n; i++)
		dests = events[i].dest >= dests ? events[i].dest + 1 : dests;
	size_t *last = ff_calloc(dests, sizeof *last); /* plus 1 */
	if (!last)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		size_t before = last[events[i].dest];
		last[events[i].dest] = i + 1;
		if (before == 0) {
			t.dests++;
			continue;
		}
		t.pairs++;
		if (i + 1 - before <= THREADS_EVENTS)
			threads_add(&t, &events[before - 1], &events[i], i + 1 - before);
	}
	ff_free(last);
	*out = t;
	return FF_OK;
}

enum verdict_generation verdict_generation_of(const struct verdict_threads *t)
{
	double breaks = (double)t->breaks, near = (double)t->near, far = (double)t->far;

	if (t->expected < 6)
		return VERDICT_GEN_OPEN;
	if (breaks <= .4 * t->expected &&
	    t->expected - breaks >= 4 * sqrt(t->variance + 1)) {
		if (t->far >= 8 && (double)t->below <= .1 * far)
			return VERDICT_GEN_42;
		if (t->far >= 8 && (double)t->below >= .6 * far &&
		    (double)t->step_24 >= .6 * (double)t->step_16)
			return VERDICT_GEN_512;
		return VERDICT_GEN_42_517;
	}
	if (breaks < .7 * t->expected ||
	    (double)t->breaks_10 > 1.6 * t->expected_10 + 4 * sqrt(t->expected_10 + 1))
		return VERDICT_GEN_OPEN;
	bool holds = (t->brief >= 8 && (double)t->brief_near >= .6 * (double)t->brief) ||
		     near >= .5 * (double)t->pairs;
	bool is_spread = t->dests >= 5 || (double)t->step_16 >= .9 * near;
	if (t->near >= 10 && holds && is_spread)
		return VERDICT_GEN_518;
	if (t->near < 10 && t->dests >= 5)
		return VERDICT_GEN_518_IF;
	return VERDICT_GEN_OPEN;
}
