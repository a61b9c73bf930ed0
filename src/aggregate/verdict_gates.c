/* SPDX-License-Identifier: MIT */
/* verdict_gates - the tests that the best model must pass: a likelihood only ranks the
 * models that are listed, and the data may fit none. Each gate refuses with a reason. */
#include "aggregate/verdict_kernel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	GATE_FEW = 100,
	GATE_CHANGES = 10, /* of destination, for a global counter to show */
	GATE_TIED = 16,	   /* ports of the same time, on average, in which order drowns */
	GATE_NEAR = 64,
	GATE_MEET = 8, /* events within which two destinations meet */
};
#define GATE_EVEN .97
#define GATE_UNEXPLAINED .1
#define GATE_BLURRED .02
#define GATE_WEAK .02
#define GATE_OUTSIDE .03
#define GATE_COVER .6
#define GATE_LN_MILLIONTH -13.815510557964274
#define GATE_LN_1E3 -6.907755278982137
#define GATE_LN_1E10 -23.025850929940457

double verdict_tail(size_t k, size_t n, double p)
{
	double q = (double)k / (double)n;
	if (n == 0 || q <= p)
		return 0;
	double rest = q < 1 ? (1 - q) * log((1 - q) / (1 - p)) : 0;
	return -(double)n * (q * log(q / p) + rest);
}

double verdict_even_tail(size_t even, size_t n)
{
	return verdict_tail(even * 2 > n ? even : n - even, n, .5);
}

static enum verdict_family gate_family(const struct verdict_case *c)
{
	return c->top->model->family;
}

static bool gate_parity(struct verdict_case *c)
{
	struct verdict_stream *s = c->stream;
	double share = (double)s->even / (double)c->clean->n;

	if (gate_family(c) == VERDICT_LINUX && share < GATE_EVEN) {
		verdict_refuse(s, "mixture: %.0f %% even ports, too few for Linux alone",
			       100 * share);
		return false;
	}
	if (gate_family(c) != VERDICT_LINUX && gate_family(c) != VERDICT_LANES &&
	    s->even_tail < GATE_LN_MILLIONTH) {
		if (s->even == s->used)
			verdict_refuse(s,
				       "all ports are even, as on Linux, but %s fits "
				       "better",
				       c->top->model->name);
		else
			verdict_refuse(s,
				       "mixture: %.0f %% even ports cannot be chance, "
				       "yet not all are even",
				       100 * share);
		return false;
	}
	return true;
}

static bool gate_counter(struct verdict_case *c)
{
	struct verdict_stream *s = c->stream;
	const struct verdict_clean *k = c->clean;
	size_t changes = 0;
	bool is_lanes = gate_family(c) == VERDICT_LANES;

	if (!is_lanes && !verdict_is_counter(gate_family(c)))
		return true;
	for (size_t i = 1; i < k->n; i++)
		changes += k->events[i].dest != k->events[i - 1].dest;
	size_t times = k->events[k->n - 1].tie - k->events[0].tie + 1;
	if (k->n > times * GATE_TIED) {
		verdict_refuse(s, "time stamps are too coarse: %zu ports at %zu times",
			       k->n, times);
		return false;
	}
	if (changes < GATE_CHANGES) {
		verdict_refuse(s,
			       "a counter, but with %zu changes of destination: global "
			       "or one per destination",
			       changes);
		return false;
	}
	if (is_lanes)
		return true;
	/* where order is lost, two counters look like one with a few leaps */
	bool is_blurred = k->n < GATE_FEW && k->n * 2 > times * 3;
	if (c->top->fit.e > (is_blurred ? GATE_BLURRED : GATE_UNEXPLAINED)) {
		verdict_refuse(s, "mixture: a counter explains only %.0f %% of the ports",
			       100 * (1 - c->top->fit.e));
		return false;
	}
	if (k->reuse > 3 && k->reuse * 10 > k->raw) {
		verdict_refuse(s,
			       "%zu ports serve two destinations within moments: "
			       "several hosts, or records twice",
			       k->reuse);
		return false;
	}
	return true;
}

/* The single counter that all lanes may be, if it explains the ports by itself. */
static const struct verdict_score *gate_single(const struct verdict_case *c)
{
	for (size_t i = 0; i < c->nbest; i++) {
		const struct verdict_score *s = c->best[i];
		enum verdict_family f = s->model->family;
		if (!verdict_is_counter(f) || f == VERDICT_UP_OTHER)
			continue;
		bool fits = s->fit.e <= GATE_UNEXPLAINED && s->outside <= .02;
		return fits ? s : NULL;
	}
	return NULL;
}

static void gate_drop_lanes(struct verdict_case *c)
{
	size_t kept = 0;
	for (size_t i = 0; i < c->nbest; i++)
		if (c->best[i]->model->family != VERDICT_LANES)
			c->best[kept++] = c->best[i];
	c->nbest = kept;
}

static void gate_show_lanes(struct verdict_case *c, const struct verdict_room *r,
			    size_t n)
{
	for (size_t i = 0; i < n; i++)
		c->lanes[r->part[i].flow] = (int16_t)r->lane[i];
}

/* Fills room->part with the events in the winner's range. */
static size_t gate_part(const struct verdict_case *c, struct verdict_room *r)
{
	const struct verdict_clean *k = c->clean;
	size_t n = 0;
	for (size_t i = 0; i < k->n; i++)
		if (k->events[i].port >= c->top->lo && k->events[i].port <= c->top->hi)
			r->part[n++] = k->events[i];
	return n;
}

static bool gate_lanes(struct verdict_case *c, struct ff_err *err, int *rc)
{
	const struct verdict_clean *k = c->clean;
	const struct verdict_score *top = c->top;
	struct verdict_stream *s = c->stream;
	struct verdict_room room;
	struct verdict_lanes lanes;
	size_t n = 0;

	if (gate_family(c) != VERDICT_LANES)
		return true;
	*rc = verdict_room_init(&room, k->events, k->n, err);
	if (*rc)
		return false;
	n = gate_part(c, &room);
	*rc = verdict_count_lanes(&lanes, &room, n, top->lo, top->hi, top->fit.gap, err);
	if (*rc)
		goto out;
	s->lanes = lanes.together;
	s->cover = (double)lanes.covered / (double)n;
	if (lanes.together <= 1 && gate_single(c)) {
		c->top = gate_single(c);
		gate_drop_lanes(c);
		verdict_room_release(&room);
		return true;
	}
	if (lanes.together >= 2 && s->cover >= GATE_COVER) {
		s->family = VERDICT_LANES;
		gate_show_lanes(c, &room, n);
	} else {
		verdict_refuse(
			s, "mixture: %.0f %% of the ports follow %s, the rest does not",
			100 * s->cover, lanes.together > 1 ? "counters" : "a counter");
	}
out:
	verdict_room_release(&room);
	return false;
}

static bool gate_outside(struct verdict_case *c)
{
	if (c->top->outside <= GATE_OUTSIDE)
		return true;
	verdict_refuse(
		c->stream, "%.0f %% of the ports lie outside %u-%u, the range of %s",
		100 * c->top->outside, c->top->lo, c->top->hi, c->top->model->name);
	return false;
}

static int gate_compare(const void *pa, const void *pb)
{
	uint16_t a = *(const uint16_t *)pa, b = *(const uint16_t *)pb;
	return (a > b) - (a < b);
}

/* Kolmogorov and Smirnov's test of evenly spread ports (Stephens 1970): p. */
static double gate_ks(const uint16_t *sorted, size_t n, uint16_t lo, double width)
{
	double most = 0, p = 0;

	for (size_t i = 0; i < n; i++) {
		double x = (sorted[i] - lo + .5) / width;
		most = fmax(most, fmax((double)(i + 1) / (double)n - x,
				       x - (double)i / (double)n));
	}
	double root = sqrt((double)n), t = most * (root + .12 + .11 / root);
	if (t < .3)
		return 1;
	for (int j = 1; j < 20; j++)
		p += (j % 2 ? 2 : -2) * exp(-2. * j * j * t * t);
	return fmin(1, p);
}

static bool gate_spread(struct verdict_case *c, const uint16_t *sorted, size_t n)
{
	double width = c->top->hi - c->top->lo + 1;
	double below = sorted[0] - c->top->lo, above = c->top->hi - sorted[n - 1];

	if (c->top->model->family != VERDICT_RANDOM_OTHER &&
	    (double)n * log1p(-fmax(below, above) / width) < log(1e-3)) {
		verdict_refuse(c->stream,
			       "random, but only over %u-%u: no default is so "
			       "narrow",
			       sorted[0], sorted[n - 1]);
		return false;
	}
	if (gate_ks(sorted, n, c->top->lo, width) < 1e-4) {
		verdict_refuse(c->stream, "neither a counter nor evenly random");
		return false;
	}
	return true;
}

static bool gate_random(struct verdict_case *c, struct ff_err *err, int *rc)
{
	const struct verdict_clean *k = c->clean;
	size_t n = 0, near = 0;
	int width = c->top->hi - c->top->lo + 1;

	if (!verdict_is_random(gate_family(c)))
		return true;
	uint16_t *sorted = ff_alloc(k->n, sizeof *sorted);
	if (!sorted) {
		*rc = ff_fail_nomem(err);
		return false;
	}
	for (size_t i = 0; i < k->n; i++) {
		uint16_t port = k->events[i].port;
		if (port >= c->top->lo && port <= c->top->hi)
			sorted[n++] = port;
		near += i > 0 && abs(port - k->events[i - 1].port) <= width / 64;
	}
	qsort(sorted, n, sizeof *sorted, gate_compare);
	bool passes = gate_spread(c, sorted, n);
	ff_free(sorted);
	if (passes && verdict_tail(near, k->n - 1, 2. / 64) < GATE_LN_MILLIONTH) {
		verdict_refuse(c->stream,
			       "random over %u-%u, but neighbours lie close: a "
			       "mixture?",
			       c->top->lo, c->top->hi);
		return false;
	}
	return passes;
}

struct gate_meetings {
	size_t pairs, near;	  /* of destinations, when they first meet */
	size_t steps, steps_near; /* between neighbours */
};

/* Counts the pairs of destinations that meet within GATE_MEET events, and those whose
 * ports lay near when they first met: each pair once, for two destinations that a hash
 * put close stay close. */
static int gate_meet(struct gate_meetings *out, const struct verdict_clean *k,
		     struct ff_err *err)
{
	struct gate_meetings m = {0};
	struct verdict_map pairs;
	int rc = verdict_map_init(&pairs, k->n * GATE_MEET, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < k->n; i++)
		for (size_t j = i > GATE_MEET ? i - GATE_MEET : 0; j < i; j++) {
			uint32_t a = k->events[i].dest, b = k->events[j].dest;
			if (a == b)
				continue;
			bool is_near =
				abs(k->events[i].port - k->events[j].port) <= GATE_NEAR;
			m.steps += j + 1 == i;
			m.steps_near += j + 1 == i && is_near;
			uint64_t key =
				a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
			struct verdict_slot *s = verdict_map_slot(&pairs, key);
			if (s->is_used)
				continue;
			s->is_used = true;
			s->key = key;
			m.pairs++;
			m.near += is_near;
		}
	verdict_map_release(&pairs);
	*out = m;
	return FF_OK;
}

/* Under a hash of the destination, ports to two destinations lie near by chance only.
 * Steps between neighbours tell more of a mixture that talks to few, but a pair that lies
 * close by chance may make many, so the bar is higher there. */
static bool gate_cross(struct verdict_case *c, struct ff_err *err, int *rc)
{
	const struct verdict_clean *k = c->clean;
	enum verdict_family f = gate_family(c);
	struct gate_meetings m;

	if (f != VERDICT_LINUX && f != VERDICT_LINUX_OLD && f != VERDICT_HASH_OTHER)
		return true;
	*rc = gate_meet(&m, k, err);
	if (*rc)
		return false;
	double chance = (2. * GATE_NEAR + 1) / (c->top->hi - c->top->lo + 1);
	if (verdict_tail(m.near, m.pairs, chance) < GATE_LN_1E3 ||
	    (m.steps_near * 25 >= m.steps &&
	     verdict_tail(m.steps_near, m.steps, chance) < GATE_LN_1E10)) {
		verdict_refuse(c->stream,
			       "mixture: %zu of %zu steps between destinations "
			       "are small, a global counter is inside",
			       m.steps_near, m.steps);
		return false;
	}
	if ((f == VERDICT_HASH_OTHER && (k->n < 100 || c->top->fit.e > .05)) ||
	    (f == VERDICT_LINUX_OLD && c->top->fit.e > .3)) {
		verdict_refuse(c->stream,
			       "counters per destination in %u-%u, but they "
			       "explain only %.0f %% of %zu ports",
			       c->top->lo, c->top->hi, 100 * (1 - c->top->fit.e), k->n);
		return false;
	}
	return true;
}

/* Families too near to the winner to leave out. The old Linux counter fits wherever the
 * newer range does; it is a footnote there, and not a rival of an unknown range. */
bool verdict_is_footnote(enum verdict_family winner, enum verdict_family f)
{
	bool is_low = winner == VERDICT_ROVER || winner == VERDICT_UP_OTHER;

	return (winner == VERDICT_UP_IANA && f == VERDICT_ROVER) ||
	       (is_low && f != winner && (f == VERDICT_ROVER || f == VERDICT_UP_OTHER));
}

static bool gate_margin(struct verdict_case *c)
{
	enum verdict_family f = gate_family(c);
	/* a hash that explains few repeats also fits mixtures */
	bool is_weak = f == VERDICT_LINUX_OLD && c->top->fit.e > GATE_WEAK;
	double margin = is_weak ? 2 * VERDICT_MARGIN : VERDICT_MARGIN;
	size_t kept = 0;
	char names[240] = "";

	for (size_t i = 0; i < c->nbest; i++) {
		enum verdict_family g = c->best[i]->model->family;
		if (verdict_is_footnote(f, g) || c->top->ll - c->best[i]->ll >= margin)
			continue;
		size_t len = strlen(names);
		snprintf(names + len, sizeof names - len, "%s%s", kept ? "; " : "",
			 c->best[i]->model->name);
		kept++;
	}
	if (kept > 1)
		verdict_refuse(c->stream, "ambiguous: %s", names);
	c->stream->is_ambiguous = kept > 1;
	return kept <= 1;
}

static bool gate_generation(struct verdict_case *c, struct ff_err *err, int *rc)
{
	struct verdict_stream *s = c->stream;
	struct verdict_threads t;

	if (gate_family(c) != VERDICT_LINUX)
		return true;
	*rc = verdict_threads(&t, c->clean->events, c->clean->n, err);
	if (*rc)
		return false;
	s->breaks_expected = t.expected;
	s->breaks = (double)t.breaks;
	s->pairs = t.pairs;
	s->near = t.near;
	if (t.brief >= 10 && (double)t.brief_near < .3 * (double)t.brief) {
		verdict_refuse(s,
			       "even ports only, but without a counter per destination: "
			       "no stock Linux connect()");
		return false;
	}
	s->generation = verdict_generation_of(&t);
	return true;
}

int verdict_gates(struct verdict_case *c, struct ff_err *err)
{
	int rc = FF_OK;

	if (gate_parity(c) && gate_counter(c) && gate_lanes(c, err, &rc) &&
	    gate_outside(c) && gate_random(c, err, &rc) && gate_cross(c, err, &rc) &&
	    gate_margin(c) && gate_generation(c, err, &rc))
		c->stream->family = gate_family(c);
	return rc;
}
