/* SPDX-License-Identifier: MIT */
/* run - many threads read one list of inputs. All of them share the current source until
 * it is used up (a big file is read by all, block by block), then whoever finds it empty
 * opens the next. */
#include <flowfig/run.h>

#include "run/order.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* An input that some thread still reads. */
struct opened {
	struct ff_source *source;
	size_t path;   /* its place in the list */
	size_t number; /* its place among those that were opened */
	unsigned refs;
	_Atomic uint64_t records;
};

struct input_done { /* what is left of an input when it is closed */
	struct ff_err first_bad;
	uint64_t bad;
	struct ff_buf remark;
};

struct run {
	const struct ff_run_opts *opts;
	const struct ff_agg_type *type; /* NULL: each() is called instead */
	const void *params;
	const struct ff_agg_context *ctx;
	void **handles;	      /* one per thread */
	struct order *order;  /* instead of type: flows go there; NULL = nowhere */
	const bool *is_state; /* per path: skip it */
	pthread_mutex_t lock; /* guards all below */
	size_t next;	      /* path to open next */
	size_t nopened;	      /* so far */
	struct opened *current;
	struct ff_run_report *report;
	struct input_done *done; /* per path */
	uint64_t bytes_done;	 /* of closed inputs */
	atomic_bool failed;	 /* some thread failed: the others stop */
};

enum { PROGRESS_BATCHES = 64 };

static int run_interrupted(const struct run *r, struct ff_err *err)
{
	if (r->opts->interrupted && atomic_load(r->opts->interrupted))
		return ff_fail(err, FF_EINTR, "interrupted");
	return FF_OK;
}

/* Takes a share of the current source, opening the next one when there is none: 1, or 0
 * when all inputs are read. */
static int run_take(struct run *r, struct opened **out, struct ff_err *err)
{
	int rc = 0;
	pthread_mutex_lock(&r->lock);
	while (!r->current && r->next < r->opts->paths->count && r->is_state[r->next])
		r->next++;
	if (!r->current && r->next < r->opts->paths->count) {
		struct opened *o = ff_calloc(1, sizeof *o);
		if (!o) {
			rc = ff_fail_nomem(err);
		} else if ((rc = ff_source_open(&o->source,
						r->opts->paths->items[r->next],
						&r->opts->input, err))) {
			ff_free(o);
		} else {
			o->path = r->next++;
			o->number = r->nopened++;
			r->current = o;
		}
	}
	if (rc == FF_OK && r->current) {
		r->current->refs++;
		*out = r->current;
		rc = 1;
	}
	pthread_mutex_unlock(&r->lock);
	return rc;
}

/* Gives a share of a used-up source back; the last one closes it and notes what it held.
 */
static int run_give_back(struct run *r, struct opened *o, struct ff_err *err)
{
	int rc = FF_OK;
	pthread_mutex_lock(&r->lock);
	if (r->current == o)
		r->current = NULL;
	if (--o->refs == 0) {
		struct input_done *d = &r->done[o->path];
		d->bad = ff_source_bad(o->source, &d->first_bad);
		ff_source_remark(o->source, &d->remark);
		r->report->other += ff_source_other(o->source);
		r->bytes_done += ff_source_bytes_total(o->source);
		rc = ff_agg_origin_add(&r->report->origin, ff_source_name(o->source),
				       ff_source_format(o->source),
				       atomic_load(&o->records), d->bad,
				       ff_source_digest(o->source), err);
		if (r->order)
			order_source_done(r->order, o->number);
		ff_source_close(o->source);
		ff_free(o);
	}
	pthread_mutex_unlock(&r->lock);
	return rc;
}

static void run_progress(struct run *r, struct opened *o, uint64_t records)
{
	const struct ff_progress *p = r->opts->progress;
	pthread_mutex_lock(&r->lock);
	r->report->origin.read += records;
	if (p)
		p->show(p->arg, r->report->origin.read,
			r->bytes_done + ff_source_bytes_done(o->source),
			r->opts->paths->count == 1 ? ff_source_bytes_total(o->source)
						   : 0);
	pthread_mutex_unlock(&r->lock);
}

/* What one thread works with. */
struct worker {
	unsigned number;
	struct ff_lane lane;
	struct ff_batch batch;
	struct ff_select_counts counts;
	struct order_lane order;
};

/* 0, 1 = no more is wanted, < 0 */
static int run_batch(struct run *r, struct opened *o, struct worker *w,
		     struct ff_err *err)
{
	struct ff_err why = {0};
	int rc = ff_select_apply(r->opts->select, &w->batch, &w->counts, &why);
	if (rc == FF_EABSENT)
		return ff_fail(err, rc, "%s ('%s', format %s)", why.text,
			       ff_source_name(o->source), ff_source_format(o->source));
	if (rc)
		return ff_fail(err, rc, "%s", why.text);
	if (r->type)
		return r->type->add(r->handles[w->number], &w->batch, err);
	return r->order ? order_put(r->order, &w->order, &w->batch, err) : FF_OK;
}

/* Reads one source as far as this thread gets of it: 0, 1 = no more is wanted, < 0. */
static int run_source(struct run *r, struct opened *o, struct worker *w,
		      struct ff_err *err)
{
	uint64_t since = 0;
	unsigned batches = 0;
	int rc = 0, n = 1;
	while (rc == 0 && n > 0 && (n = ff_source_claim(o->source, &w->lane, err)) > 0) {
		order_begin(&w->order, o->number, w->lane.number);
		while (rc == 0 &&
		       (n = ff_source_decode(o->source, &w->lane, &w->batch, err)) > 0) {
			atomic_fetch_add_explicit(&o->records, (uint64_t)n,
						  memory_order_relaxed);
			since += (uint64_t)n;
			if ((rc = run_interrupted(r, err)) == 0)
				rc = run_batch(r, o, w, err);
			if (atomic_load_explicit(&r->failed, memory_order_relaxed))
				rc = rc ? rc : 1;
			if (++batches % PROGRESS_BATCHES == 0) {
				run_progress(r, o, since);
				since = 0;
			}
		}
		if (rc == 0 && n == 0 && r->order)
			rc = order_end(r->order, &w->order, err);
		n = n < 0 ? n : 1;
	}
	run_progress(r, o, since);
	return n < 0 ? n : rc;
}

static int run_thread(void *arg, unsigned i, struct ff_err *err)
{
	struct run *r = arg;
	struct worker w = {.number = i};
	struct opened *o = NULL;
	int rc = ff_batch_init(&w.batch, FF_BATCH_FLOWS, err), more = rc == FF_OK;
	while (more && !atomic_load(&r->failed) && (rc = run_take(r, &o, err)) > 0) {
		rc = run_source(r, o, &w, err);
		more = rc == 0;
		w.lane.active = false;
		int closed = run_give_back(r, o, rc < 0 ? NULL : err);
		rc = rc < 0 ? rc : closed;
		more = more && rc == FF_OK;
	}
	if (rc < 0 || !more)
		atomic_store(&r->failed, true);
	if (atomic_load(&r->failed) && r->order)
		order_stop(r->order); /* nobody is to wait for this thread */
	pthread_mutex_lock(&r->lock);
	ff_select_counts_add(&r->report->counts, &w.counts);
	pthread_mutex_unlock(&r->lock);
	ff_batch_release(&w.batch);
	ff_lane_release(&w.lane);
	order_lane_release(&w.order);
	return rc < 0 ? rc : FF_OK;
}

/* In the order of the list. */
static int run_remarks(struct run *r, struct ff_err *err)
{
	struct ff_buf *to = &r->report->remarks;
	bool failed = false;
	for (size_t i = 0; i < r->opts->paths->count; i++) {
		failed = failed || r->done[i].remark.failed;
		if (r->done[i].remark.len)
			ff_buf_addf(to, "'%s': %s\n", r->opts->paths->items[i],
				    ff_buf_str(&r->done[i].remark));
	}
	return failed || to->failed ? ff_fail_nomem(err) : FF_OK;
}

/* Damage of all inputs, in the order of the list so that the first one is always the
 * same. */
static int run_judge_damage(struct run *r, struct ff_err *err)
{
	struct ff_run_report *rep = r->report;
	for (size_t i = 0; i < r->opts->paths->count; i++) {
		if (r->done[i].bad && !rep->bad)
			rep->first_bad = r->done[i].first_bad;
		rep->bad += r->done[i].bad;
	}
	double seen = (double)rep->origin.read + (double)rep->bad;
	double allowed = r->opts->max_bad != UINT64_MAX ? (double)r->opts->max_bad
							: r->opts->max_bad_share * seen;
	if ((double)rep->bad <= allowed)
		return FF_OK;
	return ff_fail(err, FF_EFORMAT,
		       "too many damaged records, %" PRIu64
		       " of %.0f ('--max-bad'); the first: %s",
		       rep->bad, seen, rep->first_bad.text);
}

static int run_read(struct run *r, unsigned threads, struct ff_err *err)
{
	if (pthread_mutex_init(&r->lock, NULL) != 0)
		return ff_fail(err, FF_ENOMEM, "cannot make a lock");
	int rc = ff_parallel(threads, run_thread, r, err);
	pthread_mutex_destroy(&r->lock);
	if (rc)
		return rc;
	struct ff_select_counts *c = &r->report->counts;
	r->report->origin.passed += c->passed;
	for (int i = 0; i < FF_ORIENTS; i++)
		r->report->origin.orient[i] += c->orient[i];
	rc = run_remarks(r, err);
	return rc ? rc : run_judge_damage(r, err);
}

/* ---- inputs that are states ---- */

bool ff_run_is_state(const char *path)
{
	struct ff_stream *s;
	const uint8_t *head;
	struct stat st;
	/* looking into a pipe would eat its first bytes */
	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || ff_stream_open(&s, path, NULL))
		return false;
	ptrdiff_t n = ff_stream_peek(s, &head, 8, NULL);
	bool is = n > 0 && ff_state_is(head, (size_t)n);
	ff_stream_close(s);
	return is;
}

static int run_state(struct ff_run_report *report, void **agg,
		     const struct ff_agg_type *type, const char *path,
		     const struct ff_agg_context *ctx, struct ff_err *err)
{
	const struct ff_agg_type *kind = type;
	int rc = ff_state_merge(agg, &kind, &report->origin, path, ctx, err);
	if (rc)
		return rc;
	report->states++;
	if (kind == type)
		return FF_OK;
	kind->destroy(*agg); /* taken as it is, but of another kind */
	*agg = NULL;
	return ff_fail(err, FF_EFORMAT, "'%s' is a '%s' state, not a '%s' state", path,
		       kind->name, type->name);
}

/* ---- provenance ---- */

/* All prefixes, or for long sets their number and digest: enough to tell two networks
 * apart. */
static int inside_text(char **out, const struct ff_select *select, struct ff_err *err)
{
	enum { SPELT_OUT = 32 };
	size_t n;
	const struct ff_prefix *p = ff_select_inside(select, &n);
	struct ff_buf text = FF_BUF_INIT;
	char buf[FF_ADDR_TEXT];
	uint64_t digest = 0;
	for (size_t i = 0; i < n; i++) {
		ff_format_prefix(buf, sizeof buf, &p[i]);
		digest = ff_hash_bytes(buf, strlen(buf), digest);
		if (n <= SPELT_OUT)
			ff_buf_addf(&text, "%s%s", i ? "," : "", buf);
	}
	if (n > SPELT_OUT)
		ff_buf_addf(&text, "%zu prefixes, %016" PRIx64, n, digest);
	*out = text.failed ? NULL : ff_strdup(ff_buf_str(&text));
	ff_buf_release(&text);
	return *out ? FF_OK : ff_fail_nomem(err);
}

/* The database is part of the counts when selection or aggregate asked it. */
static int run_origin_geo(struct ff_agg_origin *o, const struct ff_geo *geo,
			  struct ff_err *err)
{
	o->geo_digest = ff_geo_digest(geo);
	o->geo = ff_strdup(ff_geo_text(geo));
	return o->geo ? FF_OK : ff_fail_nomem(err);
}

static int run_origin(struct ff_agg_origin *o, const struct ff_select *select,
		      struct ff_err *err)
{
	o->selection = ff_strdup(ff_select_text(select));
	if (!o->selection)
		return ff_fail_nomem(err);
	return inside_text(&o->inside, select, err);
}

/* ---- the two runs ---- */

static int run_handles(struct run *r, void *agg, unsigned threads, struct ff_err *err)
{
	int rc = FF_OK;
	r->handles[0] = agg;
	for (unsigned i = 1; i < threads && rc == FF_OK; i++)
		rc = r->type->fork
			     ? r->type->fork(&r->handles[i], agg, err)
			     : r->type->create(&r->handles[i], r->params, r->ctx, err);
	return rc;
}

static int run_flows(struct run *r, void *agg, struct ff_err *err)
{
	unsigned threads = r->opts->threads ? r->opts->threads : ff_cpu_count();
	int rc = FF_OK;
	r->handles = ff_calloc(threads, sizeof *r->handles);
	r->done = ff_calloc(r->opts->paths->count, sizeof *r->done);
	if (!r->handles || !r->done)
		rc = ff_fail_nomem(err);
	if (rc == FF_OK && r->type)
		rc = run_handles(r, agg, threads, err);
	if (rc == FF_OK)
		rc = run_read(r, threads, err);
	for (unsigned i = 1; r->type && r->handles && i < threads; i++) {
		if (rc == FF_OK)
			rc = r->type->merge(agg, r->handles[i], err);
		r->type->destroy(r->handles[i]);
	}
	for (size_t i = 0; r->done && i < r->opts->paths->count; i++)
		ff_buf_release(&r->done[i].remark);
	ff_free(r->handles);
	ff_free(r->done);
	return rc;
}

/* What readers need to fill in: of most flows often little. */
static void run_want(struct ff_input_opts *o, const struct ff_agg_type *type,
		     const void *params, const struct ff_select *select)
{
	struct ff_filter tests = {0}, none = {0};
	bool leave_out = ff_select_filter(select, &tests);
	o->keep = leave_out ? tests : none;
	o->filter = leave_out ? none : tests;
	o->want_failed = ff_select_needs(select);
	o->want = o->want_failed | type->needs(params);
	if (type->filter)
		o->want_failed |= type->filter(params, &o->filter);
}

int ff_run(struct ff_run_report *report, void **agg, const struct ff_agg_type *type,
	   const void *params, const struct ff_agg_context *ctx,
	   const struct ff_run_opts *opts, struct ff_err *err)
{
	struct ff_run_opts with = *opts;
	struct run r = {.opts = &with,
			.type = type,
			.params = params,
			.ctx = ctx,
			.report = report};
	bool *is_state = ff_calloc(opts->paths->count, sizeof *is_state);
	size_t flows = 0;
	*report = (struct ff_run_report){0};
	*agg = NULL;
	int rc = is_state ? FF_OK : ff_fail_nomem(err);
	if (rc == FF_OK && params && (rc = type->create(agg, params, ctx, err)) == FF_OK)
		rc = run_origin(&report->origin, opts->select, err);
	if (rc == FF_OK && params && ctx->geo &&
	    (ff_select_geo(opts->select) || (type->geo && type->geo(params))))
		rc = run_origin_geo(&report->origin, ctx->geo, err);
	for (size_t i = 0; i < opts->paths->count && rc == FF_OK; i++) {
		is_state[i] = ff_run_is_state(opts->paths->items[i]);
		flows += !is_state[i];
		if (is_state[i])
			rc = run_state(report, agg, type, opts->paths->items[i], ctx,
				       err);
	}
	if (rc == FF_OK && !*agg)
		rc = ff_fail(err, FF_EUSAGE, "no state among the inputs");
	if (rc == FF_OK && flows && !params)
		rc = ff_fail(err, FF_EUSAGE,
			     "flow files among the states need the parameters");
	if (rc == FF_OK && flows) {
		run_want(&with.input, type, params, opts->select);
		r.is_state = is_state;
		rc = run_flows(&r, *agg, err);
	}
	ff_free(is_state);
	return rc;
}

int ff_run_flows(struct ff_run_report *report, const struct ff_run_opts *opts,
		 int (*each)(void *arg, const struct ff_batch *flows, struct ff_err *err),
		 void *arg, struct ff_err *err)
{
	struct ff_run_opts with = *opts;
	struct order order = {.each = each, .arg = arg};
	struct run r = {.opts = &with, .report = report, .order = each ? &order : NULL};
	bool *is_state = ff_calloc(opts->paths->count, sizeof *is_state);
	*report = (struct ff_run_report){0};
	int rc = is_state ? run_origin(&report->origin, opts->select, err)
			  : ff_fail_nomem(err);
	if (rc == FF_OK && with.input.want)
		with.input.want |= ff_select_needs(opts->select);
	r.is_state = is_state;
	if (rc == FF_OK && (rc = order_init(&order, opts->paths->count, err)) == FF_OK) {
		rc = run_flows(&r, NULL, err);
		order_release(&order);
	}
	ff_free(is_state);
	return rc;
}

void ff_run_report_release(struct ff_run_report *r)
{
	ff_agg_origin_release(&r->origin);
	ff_buf_release(&r->remarks);
	*r = (struct ff_run_report){0};
}
