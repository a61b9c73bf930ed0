/* SPDX-License-Identifier: MIT */
/* contact - descriptor, options, life and merge; see contact.h. */
#include "aggregate/contact.h"

#include <limits.h>
#include <string.h>

static int contact_set_bin(void *params, const char *name, const char *value,
			   struct ff_err *err)
{
	struct contact_params *p = params;
	return agg_set_bins(&p->bins, name, value, err);
}

static const char *const directions[] = {"in", "out", NULL};
static const char *const pair_kinds[] = {"hosts", "port", NULL};

static const struct ff_opt options[] = {
	{.name = "bin",
	 .kind = FF_OPT_CALL,
	 .arg = "WIDTH",
	 .def = "1h",
	 .set = contact_set_bin,
	 .help = "width of the time bins: 30s, 5m, 1h, 1d, 7d, 1mo for calendar months, "
		 "or all"},
	{.name = "direction",
	 .kind = FF_OPT_CHOICE,
	 .arg = "WHICH",
	 .def = "in",
	 .choices = directions,
	 .offset = offsetof(struct contact_params, direction),
	 .help = "in: outside sources and the inside hosts they touch; out: the reverse"},
	{.name = "pairs",
	 .kind = FF_OPT_CHOICE,
	 .arg = "WHAT",
	 .def = "hosts",
	 .choices = pair_kinds,
	 .offset = offsetof(struct contact_params, pairs),
	 .help = "what is counted for a source: distinct hosts, or distinct (host, "
		 "dPort, "
		 "protocol)"},
	{.name = NULL},
};

static uint32_t contact_needs(const void *params)
{
	const struct contact_params *p = params;
	uint32_t need = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_STIME);
	if (p->pairs)
		need |= FF_BIT(FF_DPORT) | FF_BIT(FF_PROTOCOL);
	return need;
}

/* ---- life ---- */

int contact_create(void **self, const void *params, const struct ff_agg_context *ctx,
		   struct ff_err *err)
{
	struct contact *c = ff_calloc(1, sizeof *c);
	struct contact_core *core = ff_calloc(1, sizeof *core);
	int rc = c && core ? FF_OK : ff_fail_nomem(err);
	if (rc) {
		ff_free(c);
		ff_free(core);
		return rc;
	}
	*c = (struct contact){.core = core,
			      .is_owner = true,
			      .first_ns = INT64_MAX,
			      .last_ns = INT64_MIN};
	core->params = *(const struct contact_params *)params;
	unsigned ports = core->params.pairs ? 1 : 0;
	if ((rc = contact_store_init(&core->narrow, 1 + ports, ctx->memory_bytes,
				     ctx->scratch_dir, err)) ||
	    (rc = contact_store_init(&core->wide, 4 + ports, ctx->memory_bytes,
				     ctx->scratch_dir, err)))
		goto out;
	core->inside = ff_alloc(ctx->ninside, sizeof *core->inside);
	if (!core->inside) {
		rc = ff_fail_nomem(err);
		goto out;
	}
	if (ctx->ninside)
		memcpy(core->inside, ctx->inside, ctx->ninside * sizeof *core->inside);
	core->ninside = ctx->ninside;
	*self = c;
	return FF_OK;
out:
	contact_destroy(c);
	return rc;
}

static int contact_fork(void **handle, void *self, struct ff_err *err)
{
	struct contact *c = self, *h = ff_calloc(1, sizeof *h);
	if (!h)
		return ff_fail_nomem(err);
	*h = (struct contact){
		.core = c->core, .first_ns = INT64_MAX, .last_ns = INT64_MIN};
	*handle = h;
	return FF_OK;
}

void contact_destroy(void *self)
{
	struct contact *c = self;
	if (!c)
		return;
	for (int k = 0; k < 2; k++)
		for (int i = 0; i < CONTACT_PARTS; i++)
			ff_free(c->buffers[k][i].entries);
	ff_free(c->sorted.entries);
	ff_free(c->bins.slots);
	if (c->is_owner) {
		contact_store_release(&c->core->narrow);
		contact_store_release(&c->core->wide);
		ff_free(c->core->inside);
		ff_free(c->core);
	}
	ff_free(c);
}

/* ---- merge ---- */

static int merge_bins(struct contact *c, const struct contact_bins *from,
		      struct ff_err *err)
{
	for (size_t i = 0; i < from->cap; i++) {
		const struct contact_bin *b = &from->slots[i];
		int rc = b->flows ? contact_bins_add(&c->bins, b->bin, b->flows,
						     b->counted, err)
				  : FF_OK;
		if (rc)
			return rc;
	}
	return FF_OK;
}

struct store_copy {
	struct contact *to;
	unsigned kind, words;
	int64_t bin;
};

static int copy_key(void *arg, const uint64_t *key, struct ff_err *err)
{
	struct store_copy *m = arg;
	return contact_put(m->to, m->kind, m->bin, key, m->words, err);
}

static int merge_store(struct contact *c, unsigned kind, struct contact_store *from,
		       struct ff_err *err)
{
	struct store_copy m = {.to = c, .kind = kind, .words = from->words};
	struct contact_store *to = kind ? &c->core->wide : &c->core->narrow;
	int64_t *bins;
	size_t n;
	int rc = contact_store_move(to, from, err);
	if (rc || !contact_store_has_runs(from))
		return rc;
	contact_store_seal(from);
	if ((rc = contact_store_bins(from, &bins, &n, err)))
		return rc;
	for (size_t i = 0; i < n && rc == FF_OK; i++) {
		m.bin = bins[i];
		for (unsigned p = 0; p < CONTACT_PARTS && rc == FF_OK; p++)
			rc = contact_store_sorted(from, p, bins[i], copy_key, &m, err);
	}
	ff_free(bins);
	return rc;
}

static int check_params(const struct contact_params *a, const struct contact_params *b,
			struct ff_err *err)
{
	char x[24], y[24];
	if (a->bins.kind != b->bins.kind || a->bins.width_ns != b->bins.width_ns)
		return ff_fail(err, FF_EFORMAT,
			       "the states have different bins: %s and %s",
			       ff_bins_format(x, sizeof x, &a->bins),
			       ff_bins_format(y, sizeof y, &b->bins));
	if (a->direction != b->direction)
		return ff_fail(err, FF_EFORMAT,
			       "the states have different directions: %s and %s",
			       directions[a->direction], directions[b->direction]);
	if (a->pairs != b->pairs)
		return ff_fail(err, FF_EFORMAT,
			       "the states count different pairs: %s and %s",
			       pair_kinds[a->pairs], pair_kinds[b->pairs]);
	return FF_OK;
}

static int contact_merge(void *self, void *other, struct ff_err *err)
{
	struct contact *c = self, *o = other;
	int rc = check_params(&c->core->params, &o->core->params, err);
	if (rc || (rc = contact_flush(o, err)))
		return rc;
	if (o->core != c->core) {
		if ((rc = merge_store(c, 0, &o->core->narrow, err)) ||
		    (rc = merge_store(c, 1, &o->core->wide, err)))
			return rc;
		if (atomic_load(&o->core->mixed))
			atomic_store(&c->core->mixed, true);
	}
	if ((rc = merge_bins(c, &o->bins, err)))
		return rc;
	if (o->first_ns < c->first_ns)
		c->first_ns = o->first_ns;
	if (o->last_ns > c->last_ns)
		c->last_ns = o->last_ns;
	c->flows += o->flows;
	c->counted += o->counted;
	ff_free(o->bins.slots);
	o->bins = (struct contact_bins){0};
	o->flows = o->counted = 0;
	return contact_check_span(c, err);
}

struct widen {
	struct contact_core *core;
	int64_t bin;
};

static int widen_key(void *arg, const uint64_t *key, struct ff_err *err)
{
	struct widen *w = arg;
	uint64_t mapped = UINT64_C(0xffff) << 32;
	uint64_t entry[1 + CONTACT_MAX_WORDS] = {(uint64_t)w->bin, 0,
						 mapped | key[0] >> 32, 0,
						 mapped | (key[0] & UINT32_MAX)};
	if (w->core->wide.words == 5)
		entry[5] = key[1];
	unsigned part = contact_part_of(entry + 1, w->core->wide.words);
	return contact_store_add(&w->core->wide, part, entry, 1, err);
}

int contact_widen(struct contact_core *core, struct ff_err *err)
{
	struct widen w = {.core = core};
	int64_t *bins;
	size_t n;
	contact_store_seal(&core->narrow);
	int rc = contact_store_bins(&core->narrow, &bins, &n, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < n && rc == FF_OK; i++) {
		w.bin = bins[i];
		for (unsigned p = 0; p < CONTACT_PARTS && rc == FF_OK; p++)
			rc = contact_store_sorted(&core->narrow, p, bins[i], widen_key,
						  &w, err);
	}
	ff_free(bins);
	if (rc)
		return rc;
	unsigned words = core->narrow.words;
	uint64_t budget = core->narrow.part_budget * CONTACT_PARTS;
	const char *dir = core->narrow.scratch_dir;
	contact_store_release(&core->narrow);
	rc = contact_store_init(&core->narrow, words, budget, dir, err);
	atomic_store(&core->mixed, false);
	return rc;
}

const struct ff_agg_type ff_agg_contact = {
	.name = "contact",
	.summary = "how many hosts each stranger touches, per time bin",
	.opts = options,
	.params_size = sizeof(struct contact_params),
	.empty = "none goes between inside and outside; check '--inside', '--direction' "
		 "and the selection",
	.is_oriented = true,
	.state_version = 1,
	.needs = contact_needs,
	.create = contact_create,
	.fork = contact_fork,
	.add = contact_add,
	.merge = contact_merge,
	.save = contact_save,
	.load = contact_load,
	.finish = contact_finish,
	.destroy = contact_destroy,
};
