/* SPDX-License-Identifier: MIT */
/* verdict_decide - from scores to a verdict on one stream: what needs no model, which
 * family leads and by how much, and the numbers that a reader wants beside it. */
#include "aggregate/verdict_kernel.h"

#include <math.h>
#include <stdlib.h>

enum { DECIDE_STEP = 300 }; /* ports by which reordered times set a counter back */

const char *const verdict_family_names[VERDICT_FAMILIES] = {
	"none",	      "xp",	      "up-iana",      "rover",	    "up-other",
	"netbsd",     "linux-old",    "linux",	      "hash-other", "lanes",
	"freebsd",    "random-iana",  "openbsd",      "solaris",    "pf",
	"random-all", "random-linux", "random-other", "fixed",	    "server",
};
const char *const verdict_generation_names[VERDICT_GENERATIONS] = {
	"open", "4.2-5.11", "4.2-5.17", "5.12-5.17", "5.18+", "5.18+ if all is seen",
};

bool verdict_is_counter(enum verdict_family f)
{
	return f == VERDICT_XP || f == VERDICT_UP_IANA || f == VERDICT_NETBSD ||
	       f == VERDICT_ROVER || f == VERDICT_UP_OTHER;
}

bool verdict_is_random(enum verdict_family f)
{
	return f >= VERDICT_FREEBSD && f <= VERDICT_RANDOM_OTHER;
}

/* True when the ports are not an allocator's. */
static bool decide_fixed(struct verdict_stream *s, const struct verdict_clean *c)
{
	bool is_few = c->distinct <= 3 || c->distinct <= c->raw / 50;
	if (c->fixed * 5 < c->raw * 4 && !is_few)
		return false;
	s->family = VERDICT_FIXED;
	s->port_lo = c->raw_lo;
	s->port_hi = c->raw_hi;
	return true;
}

/* Best score of each family, and the list without what Occam leaves out: several
 * counters must beat one by the margin, and the lesser of two is not a rival then. */
static void decide_families(struct verdict_case *c)
{
	bool met[VERDICT_FAMILIES] = {false};

	for (size_t i = 0; i < c->nscores; i++) {
		enum verdict_family f = c->scores[i].model->family;
		if (!met[f])
			c->best[c->nbest++] = &c->scores[i];
		met[f] = true;
	}
	if (c->nbest == 0)
		return;
	bool drops = verdict_is_counter(c->best[0]->model->family);
	if (c->best[0]->model->family == VERDICT_LANES && c->nbest > 1)
		drops = verdict_is_counter(c->best[1]->model->family) &&
			c->best[0]->ll - c->best[1]->ll < VERDICT_MARGIN;
	if (!drops)
		return;
	size_t kept = 0;
	for (size_t i = 0; i < c->nbest; i++)
		if (c->best[i]->model->family != VERDICT_LANES)
			c->best[kept++] = c->best[i];
	c->nbest = kept;
}

static void decide_numbers(struct verdict_case *c)
{
	struct verdict_stream *s = c->stream;
	const struct verdict_event *e = c->clean->events;

	s->used = c->clean->n;
	s->port_lo = UINT16_MAX;
	for (size_t i = 0; i < c->clean->n; i++) {
		s->port_lo = e[i].port < s->port_lo ? e[i].port : s->port_lo;
		s->port_hi = e[i].port > s->port_hi ? e[i].port : s->port_hi;
		s->even += e[i].port % 2 == 0;
	}
	s->even_tail = verdict_even_tail(s->even, s->used);
}

static void decide_rivals(struct verdict_case *c)
{
	struct verdict_stream *s = c->stream;

	for (size_t i = 0; i < c->nbest; i++) {
		double nats = c->top->ll - c->best[i]->ll;
		bool is_near = nats < VERDICT_MARGIN;
		if (!is_near && s->margin > 0)
			break;
		s->rivals[s->nrivals++] = (struct verdict_rival){
			.family = c->best[i]->model->family,
			.nats = nats,
			.name = c->best[i]->model->name,
		};
		s->nwithin += is_near;
		if (c->best[i] != c->top && s->margin == 0 &&
		    !verdict_is_footnote(c->top->model->family,
					 c->best[i]->model->family))
			s->margin = nats;
	}
	s->model_lo = c->top->lo;
	s->model_hi = c->top->hi;
	s->explained = 1 - c->top->fit.e;
}

struct decide_marks {
	int64_t **times_ns;
	size_t *count, cap;
};

static int decide_mark(struct decide_marks *m, int64_t time_ns, struct ff_err *err)
{
	int rc = ff_grow(m->times_ns, &m->cap, *m->count + 1, sizeof **m->times_ns, err);
	if (!rc)
		(*m->times_ns)[(*m->count)++] = time_ns;
	return rc;
}

/* Where the counter came round: a step that goes on over the end of the range. And where
 * it fell back without that, and went on from there. */
static int decide_marks(struct verdict_case *c, struct ff_err *err)
{
	struct verdict_stream *s = c->stream;
	uint32_t width = (uint32_t)(c->top->hi - c->top->lo) + 1, near = width / 8;
	bool is_down = c->top->model->kernel == VERDICT_K_DOWN;
	const struct verdict_event *e = c->clean->events, *last = NULL;
	struct decide_marks wraps = {&s->wraps_ns, &s->wraps, 0};
	struct decide_marks drops = {&s->drops_ns, &s->drops, 0};
	int rc = FF_OK;

	for (size_t i = 0; i < c->clean->n && !rc; i++) {
		if (e[i].port < c->top->lo || e[i].port > c->top->hi)
			continue;
		const struct verdict_event *before = last;
		last = &e[i];
		if (!before)
			continue;
		uint16_t a = is_down ? e[i].port : before->port;
		uint16_t b = is_down ? before->port : e[i].port;
		bool goes_on = i + 1 < c->clean->n &&
			       abs(e[i + 1].port - e[i].port) < DECIDE_STEP;
		if (a - b > (int)(width / 2) && verdict_gap(a, b, width) <= near)
			rc = decide_mark(&wraps, e[i].time_ns, err);
		else if (a - b > DECIDE_STEP && goes_on)
			rc = decide_mark(&drops, e[i].time_ns, err);
	}
	return rc;
}

int verdict_decide(struct verdict_stream *s, const struct verdict_clean *c,
		   int16_t *lanes, struct ff_err *err)
{
	struct verdict_case k = {.stream = s, .clean = c, .lanes = lanes};

	s->reuse = c->reuse;
	s->nfixed = c->nports;
	memcpy(s->fixed, c->ports, sizeof s->fixed);
	if (c->raw < VERDICT_MIN) {
		verdict_refuse(s, "%zu initiated flows, at least %d are needed", c->raw,
			       VERDICT_MIN);
		return FF_OK;
	}
	if (decide_fixed(s, c)) {
		verdict_claim(s, c, NULL);
		return FF_OK;
	}
	if (c->n < VERDICT_MIN) {
		verdict_refuse(s, "%zu ports are left without fixed ones", c->n);
		return FF_OK;
	}
	int rc = verdict_assess(&k.scores, &k.nscores, c->events, c->n, err);
	if (rc)
		return rc;
	decide_numbers(&k);
	decide_families(&k);
	if (k.nbest == 0) {
		verdict_refuse(s, "no model holds the ports %u-%u", s->port_lo,
			       s->port_hi);
	} else {
		k.top = k.best[0];
		rc = verdict_gates(&k, err);
		decide_rivals(&k);
		if (!rc && verdict_is_counter(s->family))
			rc = decide_marks(&k, err);
		if (s->family != VERDICT_NONE)
			verdict_claim(s, c, k.top);
	}
	ff_free(k.scores);
	return rc;
}
