/* SPDX-License-Identifier: MIT */
/* contact - descriptor, options, add and merge; see contact.h. */
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
			ff_free(c->buf[k][i]);
	ff_free(c->bins.slots);
	if (c->is_owner) {
		contact_store_release(&c->core->narrow);
		contact_store_release(&c->core->wide);
		ff_free(c->core->inside);
		ff_free(c->core);
	}
	ff_free(c);
}

/* ---- flows a bin ---- */

static size_t bins_slot(const struct contact_bins *b, int64_t bin)
{
	size_t i = ff_mix64((uint64_t)bin) & (b->cap - 1);
	while (b->slots[i].flows && b->slots[i].bin != bin)
		i = (i + 1) & (b->cap - 1);
	return i;
}

static int bins_grow(struct contact_bins *b, struct ff_err *err)
{
	struct contact_bins bigger = {.used = b->used, .cap = b->cap ? b->cap * 2 : 64};
	bigger.slots = ff_calloc(bigger.cap, sizeof *bigger.slots);
	if (!bigger.slots)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < b->cap; i++)
		if (b->slots[i].flows)
			bigger.slots[bins_slot(&bigger, b->slots[i].bin)] = b->slots[i];
	ff_free(b->slots);
	*b = bigger;
	return FF_OK;
}

bool contact_bins_has(const struct contact_bins *b, int64_t bin)
{
	return b->cap && b->slots[bins_slot(b, bin)].flows;
}

int contact_bins_add(struct contact_bins *b, size_t *slot, int64_t bin, uint64_t flows,
		     uint64_t counted, struct ff_err *err)
{
	if (b->used * 2 >= b->cap) {
		int rc = bins_grow(b, err);
		if (rc)
			return rc;
	}
	size_t i = bins_slot(b, bin);
	b->used += b->slots[i].flows == 0;
	b->slots[i].bin = bin;
	b->slots[i].flows += flows;
	b->slots[i].counted += counted;
	*slot = i;
	return FF_OK;
}

/* ---- add ---- */

int contact_flush(struct contact *c, struct ff_err *err)
{
	for (unsigned kind = 0; kind < 2; kind++) {
		struct contact_store *s = kind ? &c->core->wide : &c->core->narrow;
		for (unsigned i = 0; i < CONTACT_PARTS; i++) {
			if (!c->buffered[kind][i])
				continue;
			int rc = contact_store_add(s, i, c->buf[kind][i],
						   c->buffered[kind][i], err);
			if (rc)
				return rc;
			c->buffered[kind][i] = 0;
		}
	}
	return FF_OK;
}

/* Puts one entry (bin and key) into the buffer of its part. `words` is constant where it
 * is hot. */
static inline int buffer_add(struct contact *c, unsigned kind, int64_t bin,
			     const uint64_t *key, unsigned words, struct ff_err *err)
{
	unsigned part = contact_part_of(key, words);
	uint64_t *buf = c->buf[kind][part];
	if (!buf) {
		buf = ff_alloc(CONTACT_BUFFERED, (1 + words) * sizeof *buf);
		if (!buf)
			return ff_fail_nomem(err);
		c->buf[kind][part] = buf;
	}
	uint64_t *at = buf + c->buffered[kind][part]++ * (1 + words);
	at[0] = (uint64_t)bin;
	for (unsigned i = 0; i < words; i++)
		at[1 + i] = key[i];
	if (c->buffered[kind][part] < CONTACT_BUFFERED)
		return FF_OK;
	c->buffered[kind][part] = 0;
	return contact_store_add(kind ? &c->core->wide : &c->core->narrow, part, buf,
				 CONTACT_BUFFERED, err);
}

static inline bool addr_v4(const struct ff_addr *a, uint32_t *v4)
{
	uint64_t high;
	uint32_t mid;
	memcpy(&high, a->b, 8);
	memcpy(&mid, a->b + 8, 4);
	const uint8_t *p = a->b + 12;
	*v4 = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	const uint8_t mapped[4] = {0, 0, 0xff, 0xff};
	return high == 0 && memcmp(&mid, mapped, 4) == 0;
}

static inline int contact_key(struct contact *c, const struct ff_flow *f,
			      struct ff_err *err)
{
	uint64_t key[CONTACT_MAX_WORDS];
	uint64_t port = (uint64_t)f->dport << 8 | f->protocol;
	bool ports = c->core->params.pairs != 0;
	uint32_t s, d;
	bool s4 = addr_v4(&f->sip, &s), d4 = addr_v4(&f->dip, &d);
	if (s4 && d4) {
		key[0] = (uint64_t)s << 32 | d;
		if (!ports)
			return buffer_add(c, 0, c->bin, key, 1, err);
		key[1] = port;
		return buffer_add(c, 0, c->bin, key, 2, err);
	}
	if (s4)
		atomic_store(&c->core->mixed, true);
	key[0] = ff_get_u64(f->sip.b, true);
	key[1] = ff_get_u64(f->sip.b + 8, true);
	key[2] = ff_get_u64(f->dip.b, true);
	key[3] = ff_get_u64(f->dip.b + 8, true);
	key[4] = port;
	return buffer_add(c, 1, c->bin, key, c->core->wide.words, err);
}

static void contact_find_bin(struct contact *c, int64_t ns)
{
	const struct ff_bins *b = &c->core->params.bins;
	c->bin = ff_bin_of(b, ns);
	agg_bin_bounds(&c->bin_lo, &c->bin_hi, b, c->bin, ns);
}

int contact_check_span(const struct contact *c, struct ff_err *err)
{
	return agg_check_span(&c->core->params.bins, c->first_ns, c->last_ns, err);
}

/* Turns to the bin of a flow outside the cached one, and counts the flow there. */
static int contact_turn(struct contact *c, int64_t ns, struct ff_err *err)
{
	contact_find_bin(c, ns);
	size_t at = (size_t)c->bin & (CONTACT_RECENT - 1), cap = c->bins.cap;
	if (c->recent[at].slot && c->recent[at].bin == c->bin) {
		c->last_slot = c->recent[at].slot - 1;
		c->bins.slots[c->last_slot].flows++;
		return FF_OK;
	}
	int rc = contact_bins_add(&c->bins, &c->last_slot, c->bin, 1, 0, err);
	if (rc == FF_OK && c->bins.used % 1024 == 0)
		rc = contact_check_span(c, err);
	if (c->bins.cap != cap) /* the slots have moved */
		memset(c->recent, 0, sizeof c->recent);
	c->recent[at].bin = c->bin;
	c->recent[at].slot = c->last_slot + 1;
	return rc;
}

static int contact_add(void *self, const struct ff_batch *flows, struct ff_err *err)
{
	struct contact *c = self;
	int wanted = c->core->params.direction ? FF_ORIENT_OUT : FF_ORIENT_IN;
	for (size_t i = 0; i < flows->count; i++) {
		const struct ff_flow *f = &flows->flows[i];
		int rc;
		if (f->start_ns < c->first_ns)
			c->first_ns = f->start_ns;
		if (f->start_ns > c->last_ns)
			c->last_ns = f->start_ns;
		if (f->start_ns >= c->bin_lo && f->start_ns < c->bin_hi && c->bins.used)
			c->bins.slots[c->last_slot].flows++;
		else if ((rc = contact_turn(c, f->start_ns, err)))
			return rc;
		if (f->orient != wanted)
			continue;
		c->bins.slots[c->last_slot].counted++;
		c->counted++;
		if ((rc = contact_key(c, f, err)))
			return rc;
	}
	c->flows += flows->count;
	return contact_check_span(c, err);
}

/* ---- merge ---- */

static int merge_bins(struct contact *c, const struct contact_bins *from,
		      struct ff_err *err)
{
	for (size_t i = 0; i < from->cap; i++) {
		const struct contact_bin *b = &from->slots[i];
		int rc = b->flows ? contact_bins_add(&c->bins, &c->last_slot, b->bin,
						     b->flows, b->counted, err)
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
	return buffer_add(m->to, m->kind, m->bin, key, m->words, err);
}

static int merge_store(struct contact *c, unsigned kind, struct contact_store *from,
		       struct ff_err *err)
{
	struct store_copy m = {.to = c, .kind = kind, .words = from->words};
	int64_t *bins;
	size_t n;
	contact_store_seal(from);
	int rc = contact_store_bins(from, &bins, &n, err);
	if (rc)
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
	c->bin_lo = c->bin_hi = 0; /* the cached slots may have moved */
	memset(c->recent, 0, sizeof c->recent);
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
