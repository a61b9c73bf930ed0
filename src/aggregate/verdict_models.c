/* SPDX-License-Identifier: MIT */
/* verdict_models - the allocators that are told apart, one row each, and their scores. */
#include "aggregate/verdict_kernel.h"

#include <math.h>
#include <stdlib.h>

#define XP 1025, 5000
#define IANA 49152, 65535
#define LINUX 32768, 60999
#define LINUX_OLD 32768, 61000
#define ALL 1024, 65535

/* Handicaps stand for how seldom a system is met today, and keep flexible models from
 * winning by their flexibility. */
const struct verdict_model verdict_models[] = {
	{VERDICT_XP, VERDICT_K_UP, XP, false, 0, "Windows NT to XP or Server 2003"},
	{VERDICT_UP_IANA, VERDICT_K_UP, IANA, false, 0,
	 "Windows Vista or later, macOS or iOS"},
	{VERDICT_ROVER, VERDICT_K_UP, LINUX_OLD, false, 6, "Linux 2.2 to 2.4"},
	{VERDICT_UP_OTHER, VERDICT_K_UP, ALL, false, 9, "a counter of unknown range"},
	{VERDICT_NETBSD, VERDICT_K_DOWN, IANA, false, 0, "NetBSD"},
	{VERDICT_LINUX_OLD, VERDICT_K_SHARED, LINUX_OLD, false, 0,
	 "Linux 2.6 to 4.1 or an Android of that age"},
	{VERDICT_LINUX, VERDICT_K_SHARED, LINUX, true, 0, "Linux 4.2 or later"},
	{VERDICT_LINUX, VERDICT_K_PER, LINUX, true, 0, "Linux 4.2 or later"},
	{VERDICT_LINUX, VERDICT_K_PER10, LINUX, true, 0, "Linux 4.2 or later"},
	{VERDICT_LINUX, VERDICT_K_RANDOM, LINUX, true, 0, "Linux 4.2 or later"},
	{VERDICT_LINUX, VERDICT_K_SHARED, 0, 0, true, 0, "Linux 4.2 or later"},
	{VERDICT_LINUX, VERDICT_K_PER, 0, 0, true, 0, "Linux 4.2 or later"},
	{VERDICT_LINUX, VERDICT_K_PER10, 0, 0, true, 0, "Linux 4.2 or later"},
	{VERDICT_HASH_OTHER, VERDICT_K_SHARED, 0, 0, false, 3,
	 "a counter per destination, not in a default range"},
	{VERDICT_LANES, VERDICT_K_LANES, IANA, false, 3, "a NAT that keeps ports"},
	{VERDICT_LANES, VERDICT_K_LANES, XP, false, 3, "a NAT that keeps ports"},
	{VERDICT_LANES, VERDICT_K_LANES, ALL, false, 3, "a NAT that keeps ports"},
	{VERDICT_FREEBSD, VERDICT_K_RANDOM, 10000, 65535, false, 0, "FreeBSD 8 or later"},
	{VERDICT_RANDOM_IANA, VERDICT_K_RANDOM, IANA, false, 0,
	 "random ports of the IANA range"},
	{VERDICT_OPENBSD, VERDICT_K_RANDOM, 1024, 49151, false, 0, "OpenBSD"},
	{VERDICT_SOLARIS, VERDICT_K_RANDOM, 32768, 65535, false, 0, "Solaris or illumos"},
	{VERDICT_PF, VERDICT_K_RANDOM, 50001, 65535, false, 0, "a pf NAT"},
	{VERDICT_RANDOM_ALL, VERDICT_K_RANDOM, ALL, false, 0,
	 "random ports of the whole range"},
	{VERDICT_RANDOM_LINUX, VERDICT_K_RANDOM, LINUX, false, 0,
	 "random ports of the Linux range"},
	{VERDICT_RANDOM_OTHER, VERDICT_K_RANDOM, 0, 0, false, 0,
	 "random ports of no default range"},
};
const size_t verdict_nmodels = sizeof verdict_models / sizeof *verdict_models;

enum { MODELS_LONG = 2000 };
#define MODELS_ALL_PORTS 64512.0
#define MODELS_INSIDE .9    /* share of the ports that a model's range must hold */
#define MODELS_ODD_MOST .03 /* odd ports that an even allocator may show */

/* What parity adds to a model of even ports only. */
static double models_parity(size_t n, size_t even)
{
	double odd = fmax((double)(n - even) / (double)n, .5 / (double)n);
	odd = fmin(odd, MODELS_ODD_MOST);
	return (double)even * log(2 * (1 - odd)) + (double)(n - even) * log(2 * odd);
}

/* Copies the events within lo..hi to the room. */
static size_t models_part(struct verdict_room *r, const struct verdict_event *events,
			  size_t n, uint16_t lo, uint16_t hi)
{
	size_t inside = 0;
	for (size_t i = 0; i < n; i++)
		if (events[i].port >= lo && events[i].port <= hi)
			r->part[inside++] = events[i];
	return inside;
}

/* False when the model does not fit the data at all. */
static bool models_score(struct verdict_score *out, const struct verdict_model *m,
			 struct verdict_room *r, const struct verdict_event *events,
			 size_t n, uint16_t lo, uint16_t hi)
{
	size_t inside = models_part(r, events, n, lo, hi);
	double width = hi - lo + 1, outside = (double)(n - inside) / (double)n;
	double leak = fmin(.999, fmax(outside, .5 / (double)n));

	if ((double)inside < MODELS_INSIDE * (double)n || inside + 2 < VERDICT_MIN ||
	    width < 8)
		return false;
	*out = (struct verdict_score){.model = m, .lo = lo, .hi = hi, .outside = outside};
	switch (m->kernel) {
	case VERDICT_K_RANDOM:
		out->fit.ll = -(double)inside * log(width);
		break;
	case VERDICT_K_UP:
	case VERDICT_K_DOWN:
		verdict_fit_sequence(&out->fit, r, inside, lo, hi,
				     m->kernel == VERDICT_K_DOWN);
		break;
	case VERDICT_K_LANES:
		verdict_fit_lanes(&out->fit, r, inside, lo, hi);
		break;
	default:
		verdict_fit_destination(&out->fit, r, inside, lo, hi, m->kernel);
	}
	out->ll = out->fit.ll - m->handicap +
		  (double)(n - inside) * log(leak / MODELS_ALL_PORTS) +
		  (double)inside * log(1 - leak);
	return true;
}

static int models_compare(const void *pa, const void *pb)
{
	const struct verdict_score *a = pa, *b = pb;
	if (a->ll != b->ll)
		return a->ll > b->ll ? -1 : 1;
	return (a->model > b->model) - (a->model < b->model);
}

int verdict_assess(struct verdict_score **out, size_t *n,
		   const struct verdict_event *events, size_t nevents, struct ff_err *err)
{
	struct verdict_score *scores = ff_alloc(verdict_nmodels, sizeof *scores);
	struct verdict_room room = {0};
	uint16_t lo = UINT16_MAX, hi = 0;
	size_t even = 0, used = 0;
	int rc = scores ? verdict_room_init(&room, events, nevents, err)
			: ff_fail_nomem(err);
	if (rc) {
		ff_free(scores);
		return rc;
	}
	for (size_t i = 0; i < nevents; i++) {
		lo = events[i].port < lo ? events[i].port : lo;
		hi = events[i].port > hi ? events[i].port : hi;
		even += events[i].port % 2 == 0;
	}
	for (size_t i = 0; i < verdict_nmodels; i++) {
		const struct verdict_model *m = &verdict_models[i];
		struct verdict_score *s = &scores[used];
		bool is_data = m->hi == 0;
		/* hopeless by parity alone; costly when there are many */
		if (m->is_even && nevents > MODELS_LONG && even * 5 < nevents * 4)
			continue;
		if (!models_score(s, m, &room, events, nevents, is_data ? lo : m->lo,
				  is_data ? hi : m->hi))
			continue;
		s->ll += m->is_even ? models_parity(nevents, even) : 0;
		s->ll -= is_data ? 2 * log(MODELS_ALL_PORTS) : 0;
		used++;
	}
	qsort(scores, used, sizeof *scores, models_compare);
	verdict_room_release(&room);
	*out = scores;
	*n = used;
	return FF_OK;
}
