/* SPDX-License-Identifier: MIT */
/* Reading a contact result: cells by bin, whole-prefix sizes, regions, findings. A result
 * may come out of a state file, so nothing in it is trusted to be in order. */
#include "figure/contact_data.h"

#include <string.h>

static int data_bad(struct ff_err *err, const char *what)
{
	return ff_fail(err, FF_EFORMAT, "the contact result has %s", what);
}

/* Cells must ascend by (bin, n) and hold no zero. */
static int data_read_cells(struct ff_contact_data *d, const struct ff_table *t,
			   struct ff_err *err)
{
	const struct ff_column *start = ff_table_column(t, "bin_start");
	const struct ff_column *n = ff_table_column(t, "destinations");
	const struct ff_column *s = ff_table_column(t, "sources");

	if (!start || !n || !s || start->kind != FF_COL_TIME || n->kind != FF_COL_U64 ||
	    s->kind != FF_COL_U64)
		return data_bad(err, "no columns bin_start, destinations, sources");
	d->ncells = t->rows;
	d->cell_start = start->v.time;
	d->n = n->v.u64;
	d->sources = s->v.u64;
	for (size_t i = 0; i < d->ncells; i++) {
		if (d->n[i] == 0 || d->sources[i] == 0)
			return data_bad(err, "a zero row");
		if (i > 0 && (d->cell_start[i] < d->cell_start[i - 1] ||
			      (d->cell_start[i] == d->cell_start[i - 1] &&
			       d->n[i] <= d->n[i - 1])))
			return data_bad(err, "rows out of order");
		if (d->n[i] > d->nmax)
			d->nmax = d->n[i];
		if (d->sources[i] > d->smax)
			d->smax = d->sources[i];
		d->source_bins += d->sources[i];
	}
	return FF_OK;
}

/* Exclusive end of the bin that begins at `start`. */
static int64_t data_bin_end(const struct ff_contact_data *d, int64_t start)
{
	struct ff_date date;

	if (d->bin_ns > 0)
		return start > INT64_MAX - d->bin_ns ? INT64_MAX : start + d->bin_ns;
	if (d->bin_ns == 0)
		return d->last_ns >= start && d->last_ns < INT64_MAX ? d->last_ns + 1
								     : start + 1;
	if (start > INT64_MAX - 32 * FF_DAY)
		return INT64_MAX;
	ff_date_from_time(&date, start);
	date.month++;
	if (date.month > 12) {
		date.month = 1;
		date.year++;
	}
	date.day = 1;
	date.hour = date.minute = date.second = date.nanosecond = 0;
	return ff_time_from_date(&date);
}

static int data_add_bin(struct ff_contact_data *d, size_t *cap, int64_t start,
			uint64_t flows, uint64_t counted, struct ff_err *err)
{
	int rc;

	if (d->nbins > 0 && start <= d->bins[d->nbins - 1].start)
		return data_bad(err, "bins out of order");
	rc = ff_grow(&d->bins, cap, d->nbins + 1, sizeof(*d->bins), err);
	if (rc < 0)
		return rc;
	d->bins[d->nbins++] = (struct ff_contact_bin){.start = start,
						      .end = data_bin_end(d, start),
						      .flows = flows,
						      .counted = counted};
	return FF_OK;
}

/* The union of the bins that have flows and those that have cells: one merge of two
 * ascending lists. */
static int data_read_bins(struct ff_contact_data *d, const struct ff_table *t,
			  struct ff_err *err)
{
	const struct ff_column *start = t ? ff_table_column(t, "bin_start") : NULL;
	const struct ff_column *flows = t ? ff_table_column(t, "flows") : NULL;
	const struct ff_column *counted = t ? ff_table_column(t, "counted") : NULL;
	size_t rows =
		start && start->kind == FF_COL_TIME && flows && counted ? t->rows : 0;
	size_t i = 0, c = 0, cap = 0;

	while (i < rows || c < d->ncells) {
		bool has_row = i < rows &&
			       (c >= d->ncells || start->v.time[i] <= d->cell_start[c]);
		int64_t at = has_row ? start->v.time[i] : d->cell_start[c];
		struct ff_contact_bin *bin;
		int rc = data_add_bin(d, &cap, at, has_row ? flows->v.u64[i] : 0,
				      has_row ? counted->v.u64[i] : 0, err);

		if (rc < 0)
			return rc;
		i += has_row;
		bin = &d->bins[d->nbins - 1];
		bin->first = c;
		while (c < d->ncells && d->cell_start[c] == at)
			bin->sources += d->sources[c++];
		bin->count = c - bin->first;
	}
	return FF_OK;
}

/* "256,512,768,1024" up to nmax; of long lists only the powers of two are kept. */
static void data_read_sizes(struct ff_contact_data *d, const struct ff_result *r)
{
	const char *text = ff_result_text(r, "sizes");
	size_t commas = 0;
	struct ff_prefix inside;
	bool is_single = ff_parse_prefix(&inside, d->inside, strlen(d->inside));

	for (const char *p = text; *p; p++)
		commas += *p == ',';
	while (*text && d->nsizes < FF_CONTACT_SIZES) {
		size_t len = strcspn(text, ",");
		uint64_t size;
		unsigned bits = 0;

		if (ff_parse_u64(&size, text, len) && size > 1 && size <= d->nmax &&
		    (d->nsizes == 0 || size > d->sizes[d->nsizes - 1]) &&
		    (commas < FF_CONTACT_SIZES || (size & (size - 1)) == 0)) {
			while (bits < 32 && size >> bits > 1)
				bits++;
			d->sizes[d->nsizes] = size;
			d->size_bits[d->nsizes] =
				(size & (size - 1)) == 0 && bits <= 32 ? 32 - bits : 0;
			d->size_whole[d->nsizes] =
				is_single && inside.bits >= 96 &&
				inside.bits - 96u == d->size_bits[d->nsizes] &&
				d->size_bits[d->nsizes] > 0;
			d->nsizes++;
		}
		text += len;
		text += *text == ',';
	}
}

static const char *data_region_name(const char *kind)
{
	static const char *const names[][2] = {
		{"region-vlf", "VLF"},		 {"region-middle", "Middle"},
		{"region-scanners", "Scanners"}, {"region-one", "One"},
		{"region-few", "A few"},	 {"region-sweeps", "Sweeps"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(kind, names[i][0]) == 0)
			return names[i][1];
	return NULL;
}

static void data_add_region(struct ff_contact_data *d, const struct ff_finding *f,
			    const char *name)
{
	size_t i = d->nregions;

	if (i == FF_CONTACT_REGIONS || f->low < 1 || f->high < f->low || f->low > d->nmax)
		return;
	for (; i > 0 && d->regions[i - 1].low > f->low; i--)
		d->regions[i] = d->regions[i - 1];
	d->regions[i] = (struct ff_contact_region){
		.kind = f->kind,
		.name = name,
		.low = f->low,
		.high = f->high < d->nmax ? f->high : d->nmax,
		.share = ff_finding_number(f, "share", 0),
		.sources = ff_finding_number(f, "sources", 0),
	};
	d->nregions++;
}

static void data_read_findings(struct ff_contact_data *d, const struct ff_result *r)
{
	for (size_t i = 0; i < r->nfindings; i++) {
		const struct ff_finding *f = &r->findings[i];
		const char *region = data_region_name(f->kind);

		if (region)
			data_add_region(d, f, region);
		else if (strcmp(f->kind, "peak") == 0 && !d->peak)
			d->peak = f;
		else if (strcmp(f->kind, "fit") == 0 && !d->fit)
			d->fit = f;
		else if (strcmp(f->kind, "band") == 0 && d->nbands < 8 && f->low >= 1)
			d->bands[d->nbands++] = f;
		else if (strcmp(f->kind, "ridge") == 0 && d->nridges < 16 && f->low >= 1)
			d->ridges[d->nridges++] = f;
		else if (strcmp(f->kind, "partial") == 0)
			for (size_t b = 0; b < d->nbins; b++)
				if (d->bins[b].start == f->from_ns)
					d->bins[b].is_partial = true;
	}
}

int ff_contact_data_init(struct ff_contact_data *d, const struct ff_result *r,
			 struct ff_err *err)
{
	const struct ff_table *cells = ff_result_table(r, "contact");
	int rc;

	*d = (struct ff_contact_data){.result = r};
	if (!cells)
		return data_bad(err, "no table 'contact'");
	d->bin_ns = ff_result_number(r, "bin_ns", FF_HOUR);
	if (d->bin_ns < -1)
		return data_bad(err, "a bin width below zero");
	d->first_ns = ff_result_number(r, "first_ns", 0);
	d->last_ns = ff_result_number(r, "last_ns", 0);
	d->flows = (uint64_t)ff_result_number(r, "flows", 0);
	d->counted = (uint64_t)ff_result_number(r, "counted", 0);
	d->is_out = ff_result_number(r, "direction", 0) == 1;
	d->is_ports = ff_result_number(r, "pairs", 0) == 1;
	d->inside = ff_result_text(r, "inside");
	rc = data_read_cells(d, cells, err);
	if (rc == FF_OK)
		rc = data_read_bins(d, ff_result_table(r, "bins"), err);
	if (rc == FF_OK && d->ncells == 0)
		rc = ff_fail(err, FF_EFORMAT, "nothing to draw: no %s flow was selected",
			     d->is_out ? "outbound" : "inbound");
	if (rc < 0) {
		ff_contact_data_release(d);
		return rc;
	}
	d->t0 = d->bins[0].start;
	d->t1 = d->bins[d->nbins - 1].end;
	if (d->t1 <= d->t0)
		d->t1 = d->t0 < INT64_MAX - FF_SEC ? d->t0 + FF_SEC : INT64_MAX;
	data_read_sizes(d, r);
	data_read_findings(d, r);
	return FF_OK;
}

void ff_contact_data_release(struct ff_contact_data *d)
{
	ff_free(d->bins);
	*d = (struct ff_contact_data){0};
}

uint64_t ff_contact_sum(const struct ff_contact_data *d, const struct ff_contact_bin *b,
			uint64_t low, uint64_t high)
{
	uint64_t sum = 0;

	for (size_t i = b->first; i < b->first + b->count && d->n[i] <= high; i++)
		if (d->n[i] >= low)
			sum += d->sources[i];
	return sum;
}

uint64_t ff_contact_count(const struct ff_finding *f, const char *name)
{
	double v = ff_finding_number(f, name, 0);

	return v >= 1 ? (v < 1e18 ? (uint64_t)v : UINT64_C(1000000000000000000)) : 0;
}

int64_t ff_contact_period(const struct ff_finding *f)
{
	return (int64_t)ff_contact_count(f, "period_ns");
}

unsigned ff_contact_prefix(const struct ff_finding *f)
{
	uint64_t bits = ff_contact_count(f, "prefix");

	return f->low == f->high && bits <= 128 ? (unsigned)bits : 0;
}
