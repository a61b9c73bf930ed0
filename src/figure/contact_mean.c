/* SPDX-License-Identifier: MIT */
/* contact_mean - see contact_mean.h. Sums are doubles: exact to 2^53, and never wrap. */
#include "figure/contact_mean.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* n below this are summed in an array, larger ones in a sorted list: exact n of a /16
 * stay cheap and a hostile 2^60 allocates nothing */
#define MEAN_DENSE 65537

struct mean_sum {
	uint64_t n;
	double sources[2];
};
struct mean_sums {
	struct mean_sum *dense; /* by n */
	struct mean_sum *sparse;
	size_t nsparse, sparse_cap;
};

static bool mean_is_size(const struct ff_contact_data *d, uint64_t n)
{
	for (size_t i = 0; i < d->nsizes; i++)
		if (d->sizes[i] == n)
			return true;
	return false;
}

static void mean_add_row(struct ff_contact_rows *r, const struct ff_contact_data *d,
			 uint64_t low, uint64_t high)
{
	struct ff_contact_row *row = &r->row[r->count];

	row->low = low;
	row->high = high;
	row->width = (double)(high - low) + 1;
	row->at = sqrt((double)low) * sqrt((double)high);
	for (size_t i = 0; i < d->nsizes; i++)
		if (d->sizes[i] >= low && d->sizes[i] <= high)
			row->width -= 1;
	if (row->width > 0 && r->count + 1 < FF_CONTACT_ROWS)
		r->count++;
}

void ff_contact_rows_init(struct ff_contact_rows *r, const struct ff_contact_data *d)
{
	uint64_t low = 1;

	r->count = 0;
	for (; low <= 10 && low <= d->nmax; low++)
		mean_add_row(r, d, low, low);
	for (unsigned k = 11; low <= d->nmax; k++) {
		/* the small step down keeps 10^2 = 100.00000000000001 from becoming 101
		 */
		double edge = ceil(pow(10, k / 10.0) * (1 - 1e-12));
		uint64_t high = d->nmax;

		if (edge <= (double)d->nmax)
			high = (uint64_t)edge - 1;
		if (high < low)
			continue;
		mean_add_row(r, d, low, high);
		if (high == UINT64_MAX)
			break;
		low = high + 1;
	}
}

/* ---- thin lines: which piece of time a bin is in ---- */

static int64_t mean_floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t mean_key(enum ff_contact_span span, int64_t ns)
{
	struct ff_date date;

	switch (span) {
	case FF_SPAN_BIN:
		return ns;
	case FF_SPAN_HOUR:
		return mean_floor_div(ns, FF_HOUR);
	case FF_SPAN_DAY:
		return mean_floor_div(ns, FF_DAY);
	case FF_SPAN_WEEK: /* 1970 began on a Thursday; weeks begin on Mondays */
		return mean_floor_div(mean_floor_div(ns, FF_DAY) + 3, 7);
	case FF_SPAN_MONTH:
		ff_date_from_time(&date, ns);
		return (int64_t)date.year * 12 + date.month;
	case FF_SPAN_YEAR:
		break;
	}
	ff_date_from_time(&date, ns);
	return date.year;
}

static size_t mean_count_keys(const struct ff_contact_data *d, enum ff_contact_span span)
{
	size_t count = 0;

	for (size_t i = 0; i < d->nbins; i++)
		count += i == 0 || mean_key(span, d->bins[i].start) !=
					   mean_key(span, d->bins[i - 1].start);
	return count;
}

/* The shortest span that leaves at most FF_CONTACT_LINES lines, and at least two. */
static int mean_make_thin(struct ff_contact_means *m, const struct ff_contact_data *d,
			  struct ff_err *err)
{
	size_t count = 0;
	int span;

	for (span = FF_SPAN_BIN; span <= FF_SPAN_YEAR; span++) {
		count = mean_count_keys(d, span);
		if (count <= FF_CONTACT_LINES)
			break;
	}
	if (count < 2 || span > FF_SPAN_YEAR)
		return FF_OK;
	m->span = span;
	m->thin = ff_calloc(count, sizeof(*m->thin));
	if (!m->thin)
		return ff_fail_nomem(err);
	return FF_OK;
}

/* ---- sums by exact n ---- */

static int mean_sum_add(struct mean_sums *s, uint64_t n, int which, double sources,
			struct ff_err *err)
{
	struct mean_sum *at;

	if (n < MEAN_DENSE) {
		at = &s->dense[n];
	} else {
		int status = ff_grow(&s->sparse, &s->sparse_cap, s->nsparse + 1,
				     sizeof(*s->sparse), err);

		if (status != FF_OK)
			return status;
		at = &s->sparse[s->nsparse++];
		memset(at, 0, sizeof(*at));
	}
	at->n = n;
	at->sources[which] += sources;
	return FF_OK;
}

static int mean_compare(const void *pa, const void *pb)
{
	const struct mean_sum *a = pa, *b = pb;

	return (a->n > b->n) - (a->n < b->n);
}

/* Equal n joined, ascending. */
static void mean_sums_sort(struct mean_sums *s)
{
	size_t out = 0;

	if (s->nsparse < 2)
		return;
	qsort(s->sparse, s->nsparse, sizeof(*s->sparse), mean_compare);
	for (size_t i = 1; i < s->nsparse; i++) {
		if (s->sparse[i].n != s->sparse[out].n) {
			s->sparse[++out] = s->sparse[i];
			continue;
		}
		s->sparse[out].sources[0] += s->sparse[i].sources[0];
		s->sparse[out].sources[1] += s->sparse[i].sources[1];
	}
	s->nsparse = out + 1;
}

static const struct mean_sum *mean_sums_at(const struct mean_sums *s, uint64_t ndense,
					   size_t i)
{
	return i < ndense ? &s->dense[i] : &s->sparse[i - ndense];
}

static int mean_make_steps(struct ff_contact_mean *m, const struct mean_sums *s,
			   uint64_t ndense, int which, struct ff_err *err)
{
	size_t total = (size_t)ndense + s->nsparse, count = 0, at;
	double above = 0;

	for (size_t i = 0; i < total; i++)
		count += mean_sums_at(s, ndense, i)->sources[which] > 0;
	m->steps = ff_calloc(count, sizeof(*m->steps));
	if (!m->steps)
		return ff_fail_nomem(err);
	m->nsteps = at = count;
	for (size_t i = total; i-- > 0;) {
		const struct mean_sum *sum = mean_sums_at(s, ndense, i);

		if (!(sum->sources[which] > 0))
			continue;
		above += sum->sources[which];
		m->steps[--at].n = sum->n;
		m->steps[at].at_least = above / m->sources;
	}
	return FF_OK;
}

/* ---- one walk over the cells ---- */

/* Adds one bin's cells to the sums; both cells and rows ascend, so one walk does. */
static int mean_add_bin(struct ff_contact_means *m, const struct ff_contact_data *d,
			const struct ff_contact_bin *bin, int which,
			struct ff_contact_thin *thin, struct mean_sums *sums,
			struct ff_err *err)
{
	struct ff_contact_mean *mean = &m->mean[which];
	size_t row = 0;

	mean->bins++;
	for (size_t i = bin->first; i < bin->first + bin->count; i++) {
		double sources = (double)d->sources[i];
		uint64_t n = d->n[i];
		int status = mean_sum_add(sums, n, which, sources, err);

		if (status != FF_OK)
			return status;
		mean->sources += sources;
		if (mean_is_size(d, n))
			continue;
		while (row < m->rows.count && m->rows.row[row].high < n)
			row++;
		if (row == m->rows.count || m->rows.row[row].low > n)
			continue;
		mean->row[row] += sources;
		if (thin)
			thin->row[row] += sources;
	}
	return FF_OK;
}

static int mean_walk(struct ff_contact_means *m, const struct ff_contact_data *d,
		     struct mean_sums *sums, struct ff_err *err)
{
	for (size_t i = 0; i < d->nbins; i++) {
		const struct ff_contact_bin *bin = &d->bins[i];
		bool during = bin->start < m->to_ns && bin->end > m->from_ns;
		struct ff_contact_thin *thin = NULL;
		int status;

		if (m->thin) {
			int64_t key = mean_key(m->span, bin->start);

			if (!m->nthin || m->thin[m->nthin - 1].key != key) {
				m->thin[m->nthin].is_partial = true;
				m->thin[m->nthin++].key = key;
			}
			thin = &m->thin[m->nthin - 1];
			thin->is_partial &= bin->is_partial;
			thin->bins++;
			thin->is_during |= during;
		}
		if (!during && bin->start < m->from_ns)
			m->has_before = true;
		else if (!during)
			m->has_after = true;
		status = mean_add_bin(m, d, bin, m->is_split && !during, thin, sums, err);
		if (status != FF_OK)
			return status;
	}
	return FF_OK;
}

static void mean_divide(struct ff_contact_means *m)
{
	for (size_t r = 0; r < m->rows.count; r++) {
		double width = m->rows.row[r].width;

		for (int k = 0; k < 2; k++)
			if (m->mean[k].bins)
				m->mean[k].row[r] /= width * (double)m->mean[k].bins;
		for (size_t i = 0; i < m->nthin; i++)
			m->thin[i].row[r] /= width * (double)m->thin[i].bins;
	}
}

/* Mean of each whole-prefix count, from the steps: P(N >= n) less P(N > n). */
static void mean_fill_sizes(struct ff_contact_mean *m, const struct ff_contact_data *d)
{
	for (size_t i = 0; i < d->nsizes && m->bins; i++) {
		uint64_t n = d->sizes[i];
		double more = n < UINT64_MAX ? ff_contact_at_least(m, n + 1) : 0;

		m->size[i] =
			(ff_contact_at_least(m, n) - more) * m->sources / (double)m->bins;
		if (m->size[i] * (double)m->bins <
		    0.5) /* less than one source: rounding */
			m->size[i] = 0;
	}
}

/* A band splits the span when there are bins on both sides of the question. */
static void mean_split(struct ff_contact_means *m, const struct ff_contact_data *d)
{
	size_t during = 0;

	m->from_ns = INT64_MIN;
	m->to_ns = INT64_MAX;
	if (!d->nbands)
		return;
	if (d->bands[0]->from_ns != INT64_MIN)
		m->from_ns = d->bands[0]->from_ns;
	if (d->bands[0]->to_ns != INT64_MIN)
		m->to_ns = d->bands[0]->to_ns;
	for (size_t i = 0; i < d->nbins; i++)
		during += d->bins[i].start < m->to_ns && d->bins[i].end > m->from_ns;
	m->is_split = during > 0 && during < d->nbins;
	if (!m->is_split) {
		m->from_ns = INT64_MIN;
		m->to_ns = INT64_MAX;
	}
}

int ff_contact_means_init(struct ff_contact_means *m, const struct ff_contact_data *d,
			  bool with_thin, struct ff_err *err)
{
	struct mean_sums sums = {NULL, NULL, 0, 0};
	uint64_t ndense = d->nmax < MEAN_DENSE ? d->nmax + 1 : MEAN_DENSE;
	int status;

	memset(m, 0, sizeof(*m));
	ff_contact_rows_init(&m->rows, d);
	mean_split(m, d);
	sums.dense = ff_calloc(MEAN_DENSE, sizeof(*sums.dense));
	if (!sums.dense) {
		status = ff_fail_nomem(err);
		goto out;
	}
	status = with_thin ? mean_make_thin(m, d, err) : FF_OK;
	if (status != FF_OK)
		goto out;
	status = mean_walk(m, d, &sums, err);
	if (status != FF_OK)
		goto out;
	mean_divide(m);
	mean_sums_sort(&sums);
	for (int k = 0; k < 2; k++) {
		status = mean_make_steps(&m->mean[k], &sums, ndense, k, err);
		if (status != FF_OK)
			goto out;
		mean_fill_sizes(&m->mean[k], d);
	}
out:
	ff_free(sums.dense);
	ff_free(sums.sparse);
	if (status != FF_OK)
		ff_contact_means_release(m);
	return status;
}

void ff_contact_means_release(struct ff_contact_means *m)
{
	ff_free(m->mean[0].steps);
	ff_free(m->mean[1].steps);
	ff_free(m->thin);
	m->mean[0].steps = m->mean[1].steps = NULL;
	m->thin = NULL;
	m->nthin = 0;
}

double ff_contact_at_least(const struct ff_contact_mean *m, uint64_t n)
{
	size_t low = 0, high = m->nsteps;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->steps[mid].n < n)
			low = mid + 1;
		else
			high = mid;
	}
	return low < m->nsteps ? m->steps[low].at_least : 0;
}

double ff_contact_fit_at(const struct ff_contact_data *d, double n)
{
	double slope, intercept;

	if (!d->fit)
		return 0;
	slope = ff_finding_number(d->fit, "slope", NAN);
	intercept = ff_finding_number(d->fit, "intercept", NAN);
	if (!isfinite(slope) || !isfinite(intercept))
		return 0;
	return pow(10, intercept + slope * log10(n));
}
