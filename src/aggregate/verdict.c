/* SPDX-License-Identifier: MIT */
/* verdict - the three streams of a host, each in one window or several, and which of them
 * the headline is about. */
#include "aggregate/verdict_parts.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>

static int judge_window(struct verdict_stream *s, struct verdict_event *events, size_t n,
			struct verdict *v, const struct verdict_flow *flows,
			struct ff_err *err)
{
	struct verdict_clean clean;

	int rc = verdict_clean(&clean, events, n, flows, v->roles, err);
	if (rc)
		return rc;
	rc = verdict_decide(s, &clean, v->lanes, err);
	ff_free(clean.events);
	return rc;
}

/* True when the windows that have a verdict, and at least two have, say the same. */
static bool judge_agree(const struct verdict_stream *windows, size_t n, size_t *first)
{
	size_t same = 0;

	for (size_t i = 0; i < n; i++) {
		if (windows[i].family == VERDICT_NONE)
			continue;
		if (same++ == 0)
			*first = i;
		else if (windows[i].family != windows[*first].family)
			return false;
	}
	return same >= 2;
}

static int judge_append(int64_t **out, size_t *n, const int64_t *times_ns, size_t more,
			struct ff_err *err)
{
	size_t cap = *n;
	int rc = more ? ff_grow(out, &cap, *n + more, sizeof **out, err) : FF_OK;
	if (rc || more == 0)
		return rc;
	memcpy(*out + *n, times_ns, more * sizeof **out);
	*n += more;
	return FF_OK;
}

/* Adds the counts of one window. */
static int judge_add(struct verdict_stream *s, const struct verdict_stream *w,
		     struct ff_err *err)
{
	s->reuse += w->reuse;
	s->even += w->even;
	s->used += w->used;
	s->pairs += w->pairs;
	s->near += w->near;
	s->breaks += w->breaks;
	s->breaks_expected += w->breaks_expected;
	if (w->port_hi > 0) {
		s->port_lo = w->port_lo < s->port_lo ? w->port_lo : s->port_lo;
		s->port_hi = w->port_hi > s->port_hi ? w->port_hi : s->port_hi;
	}
	if (w->family == s->family) {
		s->margin = w->margin < s->margin ? w->margin : s->margin;
		if (w->generation != s->generation)
			s->generation = VERDICT_GEN_OPEN;
	}
	int rc = judge_append(&s->wraps_ns, &s->wraps, w->wraps_ns, w->wraps, err);
	return rc ? rc
		  : judge_append(&s->drops_ns, &s->drops, w->drops_ns, w->drops, err);
}

/* Counts of all windows, numbers of the model from the first that has the verdict. */
static int judge_join(struct verdict_stream *s, const struct verdict_stream *windows,
		      struct ff_err *err)
{
	size_t first = 0;
	bool agrees = judge_agree(windows, VERDICT_WINDOWS, &first), is_silent = true;
	const char *said[VERDICT_WINDOWS];
	int rc = FF_OK;

	*s = windows[first];
	s->windows = VERDICT_WINDOWS;
	s->wraps_ns = s->drops_ns = NULL;
	s->wraps = s->drops = s->reuse = s->used = s->even = s->pairs = s->near = 0;
	s->breaks = s->breaks_expected = 0;
	for (size_t i = 0; i < VERDICT_WINDOWS && !rc; i++) {
		rc = judge_add(s, &windows[i], err);
		said[i] = windows[i].family ? verdict_family_names[windows[i].family]
					    : "no verdict";
		is_silent = is_silent && windows[i].family == VERDICT_NONE;
	}
	s->even_tail = verdict_even_tail(s->even, s->used);
	if (agrees)
		return rc;
	s->family = VERDICT_NONE;
	s->claim[0] = '\0';
	s->is_ambiguous = false;
	if (is_silent)
		verdict_refuse(s, "%s", windows[0].reason);
	else
		verdict_refuse(s, "stretches of the time differ: %s, then %s, then %s",
			       said[0], said[1], said[2]);
	return rc;
}

/* Windows do not overlap, so each thread takes one after the other. */
struct judge_job {
	struct verdict_stream windows[VERDICT_WINDOWS];
	struct verdict_event *events;
	size_t n;
	struct verdict *v;
	const struct verdict_flow *flows;
	atomic_uint next;
};

static int judge_thread(void *arg, unsigned index, struct ff_err *err)
{
	struct judge_job *j = arg;
	unsigned i;
	int rc = FF_OK;

	(void)index;
	while (!rc && (i = atomic_fetch_add(&j->next, 1)) < VERDICT_WINDOWS) {
		size_t from = (j->n - VERDICT_WINDOW) / (VERDICT_WINDOWS - 1) * i;
		rc = judge_window(&j->windows[i], j->events + from, VERDICT_WINDOW, j->v,
				  j->flows, err);
	}
	return rc;
}

static int judge_windows(struct verdict_stream *s, struct verdict_event *events, size_t n,
			 struct verdict *v, const struct verdict_flow *flows,
			 unsigned threads, struct ff_err *err)
{
	struct judge_job job = {.events = events, .n = n, .v = v, .flows = flows};
	const struct verdict_stream *windows = job.windows;
	int rc = ff_parallel(threads < VERDICT_WINDOWS ? threads : VERDICT_WINDOWS,
			     judge_thread, &job, err);

	if (!rc)
		rc = judge_join(s, windows, err);
	for (size_t i = 0; i < VERDICT_WINDOWS; i++) {
		ff_free(windows[i].wraps_ns);
		ff_free(windows[i].drops_ns);
	}
	return rc;
}

static int judge_stream(struct verdict *v, enum verdict_stream_kind kind,
			const struct verdict_flow *flows, size_t n, unsigned threads,
			struct ff_err *err)
{
	struct verdict_stream *s = &v->streams[kind];
	struct verdict_event *events;
	size_t nevents;

	int rc = verdict_gather(&events, &nevents, kind, flows, n, v->roles, err);
	if (rc)
		return rc;
	s->windows = 1;

	if (nevents <= VERDICT_WHOLE)
		rc = judge_window(s, events, nevents, v, flows, err);
	else
		rc = judge_windows(s, events, nevents, v, flows, threads, err);
	ff_free(events);
	return rc;
}

static void judge_roles(struct verdict *v, const struct verdict_flow *flows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (flows[i].protocol != 6 && flows[i].protocol != 17)
			continue;
		enum verdict_stream_kind k = flows[i].protocol == 6 ? VERDICT_TCP
					     : flows[i].dport == 53 ? VERDICT_DNS
								    : VERDICT_UDP;
		v->streams[k].flows++;
		v->streams[k].roles[v->roles[i]]++;
	}
	for (int k = 0; k < VERDICT_STREAMS; k++)
		v->streams[k].used = v->streams[k].roles[VERDICT_USED];
}

static size_t judge_opened(const struct verdict_stream *s)
{
	return s->roles[VERDICT_USED] + s->roles[VERDICT_SAME] +
	       s->roles[VERDICT_IS_FIXED];
}

/* A host that others open flows to, and that opens hardly any. */
static void judge_server(struct verdict_stream *s, uint64_t answered)
{
	size_t opened = judge_opened(s), most = opened ? opened : 1;

	if (opened >= VERDICT_MIN || answered < VERDICT_MIN || answered / 4 < most ||
	    answered == (uint64_t)most * 4)
		return;
	s->family = VERDICT_SERVER;
	s->reason[0] = '\0';
	snprintf(s->claim, sizeof s->claim, "a server: %llu flows answered, %zu opened",
		 (unsigned long long)answered, opened);
}

static int64_t judge_resolution(const struct verdict_flow *flows, size_t n)
{
	static const int64_t units[] = {60 * FF_SEC, FF_SEC, FF_MS, FF_MS / 1000};
	size_t u = 0;

	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		while (u < sizeof units / sizeof *units && flows[i].time_ns % units[u])
			u++;
	return u < sizeof units / sizeof *units ? units[u] : 1;
}

static enum verdict_stream_kind judge_lead(const struct verdict *v)
{
	const struct verdict_stream *s = v->streams;

	if (s[VERDICT_TCP].family != VERDICT_NONE ||
	    judge_opened(&s[VERDICT_TCP]) >= VERDICT_MIN)
		return VERDICT_TCP;
	for (int k = VERDICT_DNS; k < VERDICT_STREAMS; k++)
		if (s[k].family != VERDICT_NONE && s[k].family != VERDICT_SERVER)
			return (enum verdict_stream_kind)k;
	return VERDICT_TCP;
}

static int judge(struct verdict *v, const struct verdict_flow *flows, size_t n,
		 const struct verdict_side *side, unsigned threads, struct ff_err *err)
{
	v->roles = ff_alloc(n, sizeof *v->roles);
	v->lanes = ff_alloc(n, sizeof *v->lanes);
	if (!v->roles || !v->lanes)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		v->roles[i] = VERDICT_UNREAD;
		v->lanes[i] = -1;
	}
	int rc;
	for (int k = 0; k < VERDICT_STREAMS; k++) {
		rc = judge_stream(v, (enum verdict_stream_kind)k, flows, n, threads, err);
		if (rc)
			return rc;
	}
	judge_roles(v, flows, n);
	rc = verdict_ask_udp(v, flows, n, err);
	if (rc)
		return rc;
	if (side) {
		judge_server(&v->streams[VERDICT_TCP], side->answered_tcp);
		judge_server(&v->streams[VERDICT_UDP], side->answered_udp);
	}
	v->lead = judge_lead(v);
	v->resolution_ns = side && side->resolution_ns ? side->resolution_ns
						       : judge_resolution(flows, n);
	return verdict_words(v, flows, n, side, err);
}

int verdict_judge(struct verdict *out, const struct verdict_flow *flows, size_t n,
		  const struct verdict_side *side, unsigned threads, struct ff_err *err)
{
	for (size_t i = 1; i < n; i++)
		assert(flows[i].time_ns >= flows[i - 1].time_ns);
	assert(n <= INT32_MAX);
	*out = (struct verdict){0};
	int rc = judge(out, flows, n, side, threads, err);
	if (rc)
		verdict_release(out);
	return rc;
}

void verdict_release(struct verdict *v)
{
	for (int k = 0; k < VERDICT_STREAMS; k++) {
		ff_free(v->streams[k].wraps_ns);
		ff_free(v->streams[k].drops_ns);
	}
	for (size_t i = 0; i < v->nnotes; i++)
		ff_free(v->notes[i]);
	ff_free(v->notes);
	ff_free(v->roles);
	ff_free(v->lanes);
	*v = (struct verdict){0};
}
