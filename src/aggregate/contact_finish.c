/* SPDX-License-Identifier: MIT */
/* contact_finish - from the distinct triples to the table: bins are shared out to
 * threads, each bin is counted whole by one of them, and the rows are joined in bin
 * order. */
#include "aggregate/contact.h"

#include <stdlib.h>
#include <string.h>

struct row {
	uint64_t n, sources;
};
struct rows {
	struct row *v;
	size_t count, cap;
};
enum { DIRECT = 4096 }; /* n below this is counted in an array, the rest is sorted */

struct worker {
	uint64_t *direct;  /* DIRECT counters, all zero between bins */
	uint64_t top;	   /* highest n counted in `direct` */
	struct rows large; /* n >= DIRECT, one each */
	struct contact_scratch scratch;
};
struct finish {
	struct contact_core *core;
	int64_t *bins;
	size_t nbins;
	struct rows *rows; /* of each bin */
	atomic_size_t next;
};

static int rows_add(struct rows *r, uint64_t n, uint64_t sources, struct ff_err *err)
{
	int rc = ff_grow(&r->v, &r->cap, r->count + 1, sizeof *r->v, err);
	if (rc == FF_OK)
		r->v[r->count++] = (struct row){n, sources};
	return rc;
}

static int count_sources(void *arg, const struct contact_source *sources, size_t count,
			 struct ff_err *err)
{
	struct worker *w = arg;
	for (size_t i = 0; i < count; i++) {
		uint64_t n = sources[i].n;
		if (n >= DIRECT) {
			int rc = rows_add(&w->large, n, 1, err);
			if (rc)
				return rc;
			continue;
		}
		w->direct[n]++;
		if (n > w->top)
			w->top = n;
	}
	return FF_OK;
}

static int row_cmp(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	return (x->n > y->n) - (x->n < y->n);
}

static int finish_bin(struct finish *f, struct worker *w, size_t i, struct ff_err *err)
{
	struct rows *out = &f->rows[i];
	int rc = FF_OK;
	for (unsigned p = 0; p < CONTACT_PARTS && rc == FF_OK; p++) {
		rc = contact_store_counts(&f->core->narrow, p, f->bins[i], &w->scratch,
					  count_sources, w, err);
		if (rc == FF_OK)
			rc = contact_store_counts(&f->core->wide, p, f->bins[i],
						  &w->scratch, count_sources, w, err);
	}
	for (uint64_t n = 1; n <= w->top && rc == FF_OK; n++)
		if (w->direct[n])
			rc = rows_add(out, n, w->direct[n], err);
	if (w->top)
		memset(w->direct, 0, (w->top + 1) * sizeof *w->direct);
	w->top = 0;
	if (w->large.count)
		qsort(w->large.v, w->large.count, sizeof *w->large.v, row_cmp);
	for (size_t k = 0; k < w->large.count && rc == FF_OK; k++) {
		if (k && w->large.v[k].n == w->large.v[k - 1].n)
			out->v[out->count - 1].sources++;
		else
			rc = rows_add(out, w->large.v[k].n, 1, err);
	}
	w->large.count = 0;
	return rc;
}

static int finish_thread(void *arg, unsigned index, struct ff_err *err)
{
	(void)index;
	struct finish *f = arg;
	struct worker w = {.direct = ff_calloc(DIRECT, sizeof *w.direct)};
	int rc = w.direct ? FF_OK : ff_fail_nomem(err);
	size_t i;
	while (rc == FF_OK && (i = atomic_fetch_add(&f->next, 1)) < f->nbins)
		rc = finish_bin(f, &w, i, err);
	ff_free(w.direct);
	ff_free(w.large.v);
	contact_scratch_release(&w.scratch);
	return rc;
}

/* ---- tables ---- */

static const struct ff_column contact_columns[] = {
	{.name = "bin_start",
	 .unit = "",
	 .meaning = "start of the time bin, UTC",
	 .kind = FF_COL_TIME},
	{.name = "destinations",
	 .unit = "",
	 .meaning = "distinct destinations of a source in the bin",
	 .kind = FF_COL_U64},
	{.name = "sources",
	 .unit = "",
	 .meaning = "sources with exactly that many",
	 .kind = FF_COL_U64},
};
static const struct ff_column bins_columns[] = {
	{.name = "bin_start",
	 .unit = "",
	 .meaning = "start of the time bin, UTC",
	 .kind = FF_COL_TIME},
	{.name = "flows",
	 .unit = "",
	 .meaning = "selected flows that start in the bin",
	 .kind = FF_COL_U64},
	{.name = "counted",
	 .unit = "",
	 .meaning = "of these, flows in the counted direction",
	 .kind = FF_COL_U64},
};

static int fill_contact(struct ff_table *t, const struct finish *f,
			const struct ff_bins *bins, uint64_t *sources, uint64_t *nmax,
			struct ff_err *err)
{
	size_t rows = 0;
	for (size_t i = 0; i < f->nbins; i++)
		rows += f->rows[i].count;
	int rc = ff_table_reserve(t, rows, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < f->nbins; i++) {
		int64_t start = ff_bin_start(bins, f->bins[i]);
		for (size_t k = 0; k < f->rows[i].count; k++) {
			const struct row *r = &f->rows[i].v[k];
			t->columns[0].v.time[t->rows] = start;
			t->columns[1].v.u64[t->rows] = r->n;
			t->columns[2].v.u64[t->rows++] = r->sources;
			*sources += r->sources;
			if (r->n > *nmax)
				*nmax = r->n;
		}
	}
	return FF_OK;
}

static int bin_cmp(const void *a, const void *b)
{
	const struct contact_bin *x = a, *y = b;
	return (x->bin > y->bin) - (x->bin < y->bin);
}

int contact_bins_sorted(const struct contact_bins *b, struct contact_bin **out,
			struct ff_err *err)
{
	struct contact_bin *v = ff_alloc(b->used, sizeof *v);
	if (!v)
		return ff_fail_nomem(err);
	size_t n = 0;
	for (size_t i = 0; i < b->cap; i++)
		if (b->slots[i].flows)
			v[n++] = b->slots[i];
	qsort(v, n, sizeof *v, bin_cmp);
	*out = v;
	return FF_OK;
}

static int fill_bins(struct ff_table *t, const struct contact *c, struct ff_err *err)
{
	struct contact_bin *v;
	int rc = contact_bins_sorted(&c->bins, &v, err);
	if (rc)
		return rc;
	rc = ff_table_reserve(t, c->bins.used, err);
	for (size_t i = 0; i < c->bins.used && rc == FF_OK; i++) {
		t->columns[0].v.time[i] = ff_bin_start(&c->core->params.bins, v[i].bin);
		t->columns[1].v.u64[i] = v[i].flows;
		t->columns[2].v.u64[i] = v[i].counted;
		t->rows++;
	}
	ff_free(v);
	return rc;
}

/* ---- attributes ---- */

static void add_size(struct ff_buf *text, uint64_t size, uint64_t nmax, uint64_t *last)
{
	if (size <= *last || size > nmax)
		return;
	ff_buf_addf(text, "%s%llu", text->len ? "," : "", (unsigned long long)size);
	*last = size;
}

/* Host counts at which a sweep of a whole prefix shows: for a /22 256, 512, 768, 1024;
 * for larger networks powers of two; for smaller ones the network itself. IPv6 networks
 * count when they are small enough to be swept. */
static int set_sizes(struct ff_result *r, const struct contact_core *core, uint64_t nmax,
		     struct ff_err *err)
{
	struct ff_buf text = FF_BUF_INIT;
	uint64_t whole = 0, last = 0;
	for (size_t i = 0; i < core->ninside; i++) {
		const struct ff_prefix *p = &core->inside[i];
		if (p->bits >= (ff_addr_is_v4(&p->addr) ? 97 : 104)) {
			uint64_t size = UINT64_C(1) << (128 - p->bits);
			if (size > whole)
				whole = size;
		}
	}
	if (whole >= 16 && whole < 256)
		add_size(&text, whole, nmax, &last);
	for (uint64_t s = 256; s <= whole; s = whole <= 1024 ? s + 256 : s * 2)
		add_size(&text, s, nmax, &last);
	int rc = text.failed ? ff_fail_nomem(err)
			     : ff_result_set_text(r, "sizes", ff_buf_str(&text), err);
	ff_buf_release(&text);
	return rc;
}

static int set_inside(struct ff_result *r, const struct contact_core *core,
		      struct ff_err *err)
{
	struct ff_buf text = FF_BUF_INIT;
	char buf[FF_ADDR_TEXT];
	if (core->ninside <= 3)
		for (size_t i = 0; i < core->ninside; i++)
			ff_buf_addf(&text, "%s%s", i ? ", " : "",
				    ff_format_prefix(buf, sizeof buf, &core->inside[i]));
	else
		ff_buf_addf(&text, "%zu prefixes", core->ninside);
	int rc = text.failed ? ff_fail_nomem(err)
			     : ff_result_set_text(r, "inside", ff_buf_str(&text), err);
	ff_buf_release(&text);
	return rc;
}

static int set_attributes(struct ff_result *r, const struct contact *c, uint64_t sources,
			  uint64_t nmax, struct ff_err *err)
{
	const struct contact_params *p = &c->core->params;
	char width[24];
	const struct {
		const char *key;
		int64_t v;
	} numbers[] = {
		{"bin_ns", agg_bin_ns(&p->bins)},
		{"first_ns", c->first_ns},
		{"last_ns", c->last_ns},
		{"flows", (int64_t)c->flows},
		{"counted", (int64_t)c->counted},
		{"source_bins", (int64_t)sources},
		{"nmax", (int64_t)nmax},
		{"direction", p->direction},
		{"pairs", p->pairs},
		{"bins", (int64_t)c->bins.used},
	};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		int rc = ff_result_set_number(r, numbers[i].key, numbers[i].v, err);
		if (rc)
			return rc;
	}
	int rc = ff_result_set_text(r, "bin",
				    ff_bins_format(width, sizeof width, &p->bins), err);
	if (rc == FF_OK)
		rc = set_inside(r, c->core, err);
	if (rc == FF_OK)
		rc = p->pairs ? ff_result_set_text(r, "sizes", "", err)
			      : set_sizes(r, c->core, nmax, err);
	return rc;
}

/* ---- finish ---- */

/* The bins that hold any key, of both stores. */
static int all_bins(struct finish *f, struct ff_err *err)
{
	int64_t *narrow = NULL, *wide = NULL;
	size_t n = 0, m = 0;
	int rc = contact_store_bins(&f->core->narrow, &narrow, &n, err);
	if (rc == FF_OK)
		rc = contact_store_bins(&f->core->wide, &wide, &m, err);
	if (rc == FF_OK && !(f->bins = ff_alloc(n + m, sizeof *f->bins)))
		rc = ff_fail_nomem(err);
	for (size_t i = 0, k = 0; rc == FF_OK && (i < n || k < m);) {
		int64_t bin;
		if (k == m || (i < n && narrow[i] <= wide[k])) {
			bin = narrow[i];
			k += k < m && wide[k] == bin;
			i++;
		} else {
			bin = wide[k++];
		}
		f->bins[f->nbins++] = bin;
	}
	ff_free(narrow);
	ff_free(wide);
	if (rc == FF_OK && !(f->rows = ff_calloc(f->nbins, sizeof *f->rows)))
		rc = ff_fail_nomem(err);
	return rc;
}

int contact_finish(void *self, const void *how, struct ff_result *out, unsigned threads,
		   struct ff_err *err)
{
	(void)how;
	struct contact *c = self;
	struct finish f = {.core = c->core};
	struct ff_result r = {0};
	uint64_t sources = 0, nmax = 0;
	int rc = contact_flush(c, err);
	if (rc == FF_OK && atomic_load(&c->core->mixed))
		rc = contact_widen(c->core, err);
	if (rc)
		return rc;
	contact_store_seal(&c->core->narrow);
	contact_store_seal(&c->core->wide);
	if ((rc = all_bins(&f, err)) ||
	    (rc = ff_parallel(threads ? threads : 1, finish_thread, &f, err)))
		goto out;
	if (!(r.tables = ff_calloc(2, sizeof *r.tables))) {
		rc = ff_fail_nomem(err);
		goto out;
	}
	r.ntables = 2;
	if ((rc = ff_table_init(&r.tables[0], "contact", contact_columns, 3, err)) ||
	    (rc = ff_table_init(&r.tables[1], "bins", bins_columns, 3, err)) ||
	    (rc = fill_contact(&r.tables[0], &f, &c->core->params.bins, &sources, &nmax,
			       err)) ||
	    (rc = fill_bins(&r.tables[1], c, err)) ||
	    (rc = set_attributes(&r, c, sources, nmax, err)) ||
	    (rc = contact_findings(&r, c->core->inside, c->core->ninside, err)))
		goto out;
	*out = r;
	r = (struct ff_result){0};
out:
	for (size_t i = 0; f.rows && i < f.nbins; i++)
		ff_free(f.rows[i].v);
	ff_free(f.rows);
	ff_free(f.bins);
	ff_result_release(&r);
	return rc;
}
