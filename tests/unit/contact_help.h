/* SPDX-License-Identifier: MIT */
/* contact_help - contact results made in memory: tables, attributes and findings as the
 * aggregate hands them on, from given cells or at random. */
#ifndef TEST_CONTACT_HELP_H
#define TEST_CONTACT_HELP_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <flowfig/table.h>

struct dice {
	uint64_t state;
};
static inline uint64_t dice_roll(struct dice *d, uint64_t sides)
{
	d->state += UINT64_C(0x9e3779b97f4a7c15);
	return ff_mix64(d->state) % sides;
}
static inline double dice_unit(struct dice *d)
{
	return ((double)dice_roll(d, UINT64_C(1) << 53) + .5) / 9007199254740992.0;
}

/* ---- by hand ---- */

static inline void sample_init(struct ff_result *r)
{
	static const struct ff_column cells[] = {
		{.name = "bin_start", .unit = "", .meaning = "", .kind = FF_COL_TIME},
		{.name = "destinations", .unit = "", .meaning = "", .kind = FF_COL_U64},
		{.name = "sources", .unit = "", .meaning = "", .kind = FF_COL_U64},
	};
	static const struct ff_column bins[] = {
		{.name = "bin_start", .unit = "", .meaning = "", .kind = FF_COL_TIME},
		{.name = "flows", .unit = "", .meaning = "", .kind = FF_COL_U64},
		{.name = "counted", .unit = "", .meaning = "", .kind = FF_COL_U64},
	};

	memset(r, 0, sizeof(*r));
	r->tables = ff_calloc(2, sizeof(*r->tables));
	r->ntables = 2;
	ff_table_init(&r->tables[0], "contact", cells, 3, NULL);
	ff_table_init(&r->tables[1], "bins", bins, 3, NULL);
}

/* Table 0: n and sources; table 1: flows and counted. Rows must be added in order. */
static inline void sample_row(struct ff_result *r, int table, int64_t start, uint64_t a,
			      uint64_t b)
{
	struct ff_table *t = &r->tables[table];

	ff_table_reserve(t, t->rows + 1, NULL);
	t->columns[0].v.time[t->rows] = start;
	t->columns[1].v.u64[t->rows] = a;
	t->columns[2].v.u64[t->rows] = b;
	t->rows++;
}

static inline void sample_attrs(struct ff_result *r, int64_t bin_ns, const char *inside,
				const char *sizes)
{
	const struct ff_table *cells = &r->tables[0], *bins = &r->tables[1];
	uint64_t sources = 0, nmax = 1, flows = 0;
	int64_t last = bins->columns[0].v.time[bins->rows - 1];
	int64_t length = bin_ns > 0 ? bin_ns - 1 : FF_DAY;

	for (size_t i = 0; i < cells->rows; i++) {
		sources += cells->columns[2].v.u64[i];
		if (cells->columns[1].v.u64[i] > nmax)
			nmax = cells->columns[1].v.u64[i];
	}
	for (size_t i = 0; i < bins->rows; i++)
		flows += bins->columns[1].v.u64[i];
	ff_result_set_number(r, "bin_ns", bin_ns, NULL);
	ff_result_set_number(r, "first_ns", bins->columns[0].v.time[0], NULL);
	ff_result_set_number(r, "last_ns",
			     last < INT64_MAX - length ? last + length : INT64_MAX, NULL);
	ff_result_set_number(r, "flows", (int64_t)flows, NULL);
	ff_result_set_number(r, "counted", (int64_t)flows, NULL);
	ff_result_set_number(r, "source_bins", (int64_t)sources, NULL);
	ff_result_set_number(r, "nmax", (int64_t)nmax, NULL);
	ff_result_set_text(r, "inside", inside, NULL);
	ff_result_set_text(r, "bin", "", NULL);
	ff_result_set_text(r, "sizes", sizes, NULL);
}

static inline struct ff_finding *sample_finding(struct ff_result *r, const char *kind,
						double weight, uint64_t low,
						uint64_t high)
{
	struct ff_finding *f;

	ff_result_add_finding(r, &f, NULL);
	f->kind = kind;
	f->weight = weight;
	f->low = low;
	f->high = high;
	f->sentence = ff_strdup("");
	f->selection = ff_strdup("");
	return f;
}

static inline void sample_number(struct ff_finding *f, const char *name, double value)
{
	size_t i = 0;

	while (f->numbers[i].name)
		i++;
	f->numbers[i].name = name;
	f->numbers[i].value = value;
}

/* ---- at random ---- */

static inline uint64_t sample_n(struct dice *d, uint64_t nmax)
{
	double n = pow(dice_unit(d), -1 / (.6 + dice_unit(d)));

	return n < (double)nmax ? (uint64_t)n : nmax;
}

/* One bin: up to `sources` sources, as ascending rows. Returns whether any. */
static inline void sample_bin(struct ff_result *r, struct dice *d, int64_t start,
			      uint64_t nmax, unsigned sources)
{
	uint64_t n[64];
	unsigned count = 0;

	for (unsigned i = 0; i < sources && i < 64; i++) {
		uint64_t value = sample_n(d, nmax);
		unsigned at = count++;

		for (; at > 0 && n[at - 1] > value; at--)
			n[at] = n[at - 1];
		n[at] = value;
	}
	for (unsigned i = 0, j; i < count; i = j) {
		uint64_t bulk = n[i] == 1 ? dice_roll(d, 3000) : 0;

		for (j = i; j < count && n[j] == n[i]; j++)
			;
		sample_row(r, 0, start, n[i], j - i + bulk);
	}
	sample_row(r, 1, start, 1 + dice_roll(d, 5000), count);
}

static inline void sample_random_findings(struct ff_result *r, struct dice *d,
					  uint64_t nmax, int64_t first, int64_t last,
					  unsigned bits)
{
	struct ff_finding *f;

	f = sample_finding(r, "peak", .3, 1, 1);
	sample_number(f, "share", dice_unit(d));
	sample_number(f, "total", (double)dice_roll(d, 1000000));
	sample_number(f, "max", 500 + (double)dice_roll(d, 5000));
	sample_number(f, "min", (double)dice_roll(d, 500));
	if (dice_roll(d, 2)) {
		f = sample_finding(r, "fit", .1, 2, nmax < 10 ? nmax : 10);
		sample_number(f, "slope", -3 * dice_unit(d));
		sample_number(f, "intercept", 4 * dice_unit(d));
	}
	for (uint64_t k = dice_roll(d, 4); k-- > 0;) {
		uint64_t low = 1 + dice_roll(d, nmax);

		f = sample_finding(r, "band", dice_unit(d), low,
				   low + dice_roll(d, nmax - low + 1));
		f->from_ns = first + (int64_t)(dice_unit(d) * (double)(last - first));
		f->to_ns = f->from_ns +
			   (int64_t)(dice_unit(d) * (double)(last - f->from_ns)) + 1;
		sample_number(f, "sources", (double)dice_roll(d, 900));
		if (dice_roll(d, 2)) {
			sample_number(f, "pulses", 2 + (double)dice_roll(d, 90));
			sample_number(f, "period_ns",
				      (double)FF_HOUR * (double)(1 + dice_roll(d, 40)));
		}
	}
	for (uint64_t k = dice_roll(d, 6); k-- > 0;) {
		uint64_t low = 1 + dice_roll(d, nmax);

		f = sample_finding(r, "ridge", dice_unit(d), low, low + dice_roll(d, 2));
		sample_number(f, "sources", (double)dice_roll(d, 9000));
		sample_number(f, "bins", 1 + (double)dice_roll(d, 900));
		if (dice_roll(d, 2))
			sample_number(f, "prefix", (double)(32 - dice_roll(d, bits + 1)));
	}
	if (nmax <= 16) {
		sample_number(sample_finding(r, "region-one", .05, 1, 1), "share",
			      dice_unit(d));
		if (nmax > 2)
			sample_number(
				sample_finding(r, "region-few", .05, 2, nmax / 2 + 1),
				"share", dice_unit(d));
	} else {
		sample_number(sample_finding(r, "region-vlf", .05, 1, 10), "share",
			      dice_unit(d));
		sample_number(sample_finding(r, "region-middle", .05, 11,
					     nmax < 199 ? nmax : 199),
			      "share", dice_unit(d));
		if (nmax >= 200)
			sample_number(
				sample_finding(r, "region-scanners", .05, 200, nmax),
				"share", dice_unit(d));
	}
	if (dice_roll(d, 2)) {
		f = sample_finding(r, "partial", .01, 0, 0);
		f->from_ns = first;
	}
	ff_result_sort_findings(r);
}

/* A result of any shape that the aggregate may hand on. */
static inline void sample_random(struct ff_result *r, struct dice *d)
{
	static const int64_t widths[] = {300 * FF_SEC, FF_HOUR, FF_HOUR,
					 6 * FF_HOUR,  FF_DAY,	7 * FF_DAY};
	static const unsigned sizes_bits[] = {0, 1, 3, 5, 8, 10, 12, 16};
	unsigned bits = sizes_bits[dice_roll(d, 8)];
	uint64_t nmax = bits == 1 ? 9 : UINT64_C(1) << bits;
	int64_t width = widths[dice_roll(d, 6)], start;
	uint64_t bins = (uint64_t)pow(10, 3.2 * dice_unit(d));
	char sizes[256] = "", inside[32];
	unsigned kind = (unsigned)dice_roll(d, 8); /* 0: all, 1: months */

	start = (int64_t)(dice_roll(d, 50) * 365) * FF_DAY / width * width;
	sample_init(r);
	if (kind == 0)
		bins = 1;
	for (uint64_t i = 0; i < bins; i++) {
		struct ff_date date = {.year = 2000 + (int)(i / 12),
				       .month = 1 + (int)(i % 12),
				       .day = 1};
		int64_t at =
			kind == 1 ? ff_time_from_date(&date) : start + (int64_t)i * width;

		if (kind == 1 && i >= 600)
			break;
		if (i % 37 > 30 && bins > 60 && dice_roll(d, 2))
			continue;
		sample_bin(r, d, at, nmax,
			   1 + (unsigned)dice_roll(d, bins > 200 ? 12 : 64));
	}
	for (uint64_t size = 256; size <= nmax; size *= 2)
		snprintf(sizes + strlen(sizes), sizeof(sizes) - strlen(sizes), "%s%u",
			 sizes[0] ? "," : "", (unsigned)size);
	snprintf(inside, sizeof(inside), "10.0.0.0/%u", bits > 8 ? 32 - bits : 24);
	sample_attrs(r, kind == 0 ? 0 : kind == 1 ? -1 : width, inside, sizes);
	sample_random_findings(
		r, d, nmax, r->tables[1].columns[0].v.time[0],
		r->tables[1].columns[0].v.time[r->tables[1].rows - 1] + width, bits);
}

#endif
