/* SPDX-License-Identifier: MIT */
/* figure/contact: the numbers that the map and line views draw - mean densities, shares,
 * joined columns - against the plainest computation of each. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "contact_help.h"
#include "figure/contact_columns.h"
#include "figure/contact_mean.h"
#include "figure/contact_parts.h"
#include "figure/ink.h"

static void assert_near(double a, double b)
{
	if (fabs(a - b) > 1e-9 * fmax(fabs(a), fabs(b)) + 1e-12)
		fail_msg("%.15g is not %.15g", a, b);
}

/* ---- rows ---- */

static void test_row_edges(void **state)
{
	static const uint64_t lows[] = {1,  2,	3,   4,	  5,   6,   7,	8,  9,
					10, 11, 13,  16,  20,  26,  32, 40, 51,
					64, 80, 100, 126, 159, 200, 252};
	struct ff_contact_data d = {
		.nmax = 1024, .sizes = {256, 512, 768, 1024}, .nsizes = 4};
	struct ff_contact_rows rows;

	(void)state;
	ff_contact_rows_init(&rows, &d);
	for (size_t i = 0; i < sizeof(lows) / sizeof(lows[0]); i++)
		assert_int_equal(rows.row[i].low, lows[i]);
	assert_int_equal(rows.row[24].high, 316);
	assert_near(rows.row[24].width, 64); /* 252..316 without 256 */
	assert_near(rows.row[24].at, sqrt(252. * 316));
	assert_int_equal(rows.row[rows.count - 1].high, 1024);
}

/* Rows tile 1..nmax, whatever nmax is; a row of prefix sizes alone is left out. */
static void test_rows_tile(void **state)
{
	static const uint64_t tops[] = {1,
					2,
					9,
					10,
					11,
					16,
					17,
					99,
					100,
					101,
					65536,
					65537,
					1 << 20,
					UINT64_C(1) << 40,
					UINT64_MAX - 1,
					UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]); i++) {
		struct ff_contact_data d = {.nmax = tops[i]};
		struct ff_contact_rows rows;
		uint64_t next = 1;

		ff_contact_rows_init(&rows, &d);
		for (size_t k = 0; k < rows.count; k++) {
			assert_int_equal(rows.row[k].low, next);
			assert_true(rows.row[k].high >= rows.row[k].low);
			next = rows.row[k].high + 1;
		}
		assert_int_equal(next, tops[i] + 1);
	}
	{
		struct ff_contact_data d = {.nmax = 8, .sizes = {4, 8}, .nsizes = 2};
		struct ff_contact_rows rows;

		ff_contact_rows_init(&rows, &d);
		assert_int_equal(rows.count, 6);
		assert_int_equal(rows.row[3].low, 5);
	}
}

/* ---- means ---- */

static bool numbers_is_size(const struct ff_contact_data *d, uint64_t n)
{
	for (size_t i = 0; i < d->nsizes; i++)
		if (d->sizes[i] == n)
			return true;
	return false;
}

static bool numbers_is_during(const struct ff_contact_data *d,
			      const struct ff_contact_bin *b)
{
	return !d->nbands ||
	       (b->start < d->bands[0]->to_ns && b->end > d->bands[0]->from_ns);
}

/* Mean of one period over n in low..high: plain loops over everything. */
static double numbers_mean(const struct ff_contact_data *d, bool split, int which,
			   uint64_t low, uint64_t high, bool with_sizes, double *bins)
{
	double sum = 0;

	*bins = 0;
	for (size_t b = 0; b < d->nbins; b++) {
		if (split && numbers_is_during(d, &d->bins[b]) != (which == 0))
			continue;
		*bins += 1;
		for (size_t i = d->bins[b].first; i < d->bins[b].first + d->bins[b].count;
		     i++)
			if (d->n[i] >= low && d->n[i] <= high &&
			    (with_sizes || !numbers_is_size(d, d->n[i])))
				sum += (double)d->sources[i];
	}
	return sum / *bins;
}

static void numbers_check_means(const struct ff_contact_data *d,
				const struct ff_contact_means *m)
{
	for (int k = 0; k < (m->is_split ? 2 : 1); k++) {
		const struct ff_contact_mean *mean = &m->mean[k];
		double bins,
			all = numbers_mean(d, m->is_split, k, 1, UINT64_MAX, true, &bins);

		assert_near((double)mean->bins, bins);
		assert_near(mean->sources, all * bins);
		for (size_t r = 0; r < m->rows.count; r++) {
			const struct ff_contact_row *row = &m->rows.row[r];

			assert_near(mean->row[r],
				    numbers_mean(d, m->is_split, k, row->low, row->high,
						 false, &bins) /
					    row->width);
		}
		for (size_t i = 0; i < d->nsizes; i++)
			assert_near(mean->size[i],
				    numbers_mean(d, m->is_split, k, d->sizes[i],
						 d->sizes[i], true, &bins));
		for (size_t i = 0; i < d->ncells; i += 1 + d->ncells / 50) {
			for (uint64_t n = d->n[i]; n <= d->n[i] + 1; n++)
				assert_near(ff_contact_at_least(mean, n),
					    numbers_mean(d, m->is_split, k, n, UINT64_MAX,
							 true, &bins) /
						    all);
		}
		assert_near(ff_contact_at_least(mean, 1), 1);
		assert_near(ff_contact_at_least(mean, d->nmax + 1), 0);
	}
}

/* Thin lines: bins of one line lie together, and all lines together are the whole mean.
 */
static void numbers_check_thin(const struct ff_contact_data *d,
			       const struct ff_contact_means *m)
{
	size_t bins = 0;

	if (!m->nthin)
		return;
	assert_true(m->nthin >= 2 && m->nthin <= FF_CONTACT_LINES);
	for (size_t i = 0; i < m->nthin; i++)
		bins += m->thin[i].bins;
	assert_int_equal(bins, d->nbins);
	for (size_t r = 0; r < m->rows.count; r++) {
		double sum = 0, want = 0;

		for (size_t i = 0; i < m->nthin; i++)
			sum += m->thin[i].row[r] * (double)m->thin[i].bins;
		for (int k = 0; k < 2; k++)
			want += m->mean[k].row[r] * (double)m->mean[k].bins;
		assert_near(sum, want);
	}
}

static void test_means_by_brute_force(void **state)
{
	size_t splits = 0;

	(void)state;
	for (unsigned seed = 1; seed <= 60; seed++) {
		struct dice dice = {seed};
		struct ff_contact_data d;
		struct ff_contact_means m;
		struct ff_result r;

		sample_random(&r, &dice);
		assert_int_equal(ff_contact_data_init(&d, &r, NULL), FF_OK);
		assert_int_equal(ff_contact_means_init(&m, &d, true, NULL), FF_OK);
		numbers_check_means(&d, &m);
		numbers_check_thin(&d, &m);
		splits += m.is_split;
		ff_contact_means_release(&m);
		ff_contact_data_release(&d);
		ff_result_release(&r);
	}
	assert_true(splits > 5);
}

/* ---- columns ---- */

static void numbers_check_columns(const struct ff_contact_data *d, size_t most)
{
	struct ff_contact_columns c;
	size_t seen = 0;

	assert_int_equal(ff_contact_columns_init(&c, d, most, NULL), FF_OK);
	assert_true(c.edges.count >= 1 && c.edges.count <= most);
	assert_true(c.edges.at[0] <= d->t0 && c.edges.at[c.edges.count] >= d->t1);
	for (size_t i = 0; i < c.edges.count; i++) {
		double sources = -1;

		assert_true(c.edges.at[i] < c.edges.at[i + 1]);
		for (size_t b = 0; b < d->nbins; b++)
			if (d->bins[b].start >= c.edges.at[i] &&
			    d->bins[b].start < c.edges.at[i + 1]) {
				/* no bin is cut by an edge */
				assert_true(d->bins[b].end <= c.edges.at[i + 1]);
				sources = fmax(sources, (double)d->bins[b].sources);
				seen++;
			}
		assert_near(c.sources[i], sources);
	}
	assert_int_equal(seen, d->nbins);
	for (size_t i = 0; i < c.ncells; i++) {
		const struct ff_contact_cell *cell = &c.cells[i];
		uint64_t best = 0;

		if (i)
			assert_true(cell[-1].column < cell->column ||
				    (cell[-1].column == cell->column &&
				     cell[-1].n < cell->n));
		for (size_t k = 0; k < d->ncells; k++)
			if (d->n[k] == cell->n &&
			    d->cell_start[k] >= c.edges.at[cell->column] &&
			    d->cell_start[k] < c.edges.at[cell->column + 1] &&
			    d->sources[k] > best)
				best = d->sources[k];
		assert_int_equal(cell->sources, best);
	}
	ff_contact_columns_release(&c);
}

static void test_columns_by_brute_force(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 40; seed++) {
		struct dice dice = {seed};
		struct ff_contact_data d;
		struct ff_result r;

		sample_random(&r, &dice);
		assert_int_equal(ff_contact_data_init(&d, &r, NULL), FF_OK);
		numbers_check_columns(&d, 100000);
		numbers_check_columns(&d, 37);
		ff_contact_data_release(&d);
		ff_result_release(&r);
	}
}

/* What the reader is told: columns of whole clock units, that do not beat with a band. */
static void test_column_widths(void **state)
{
	static const struct {
		int64_t bin_s, bins, period_s;
		size_t most;
		int64_t width_s;
	} rows[] = {
		{3600, 720, 0, 1000, 3600},	   {3600, 720, 0, 480, 7200},
		{3600, 720, 43200, 100, 43200},	   {3600, 2160, 28800, 500, 28800},
		{300, 8640, 0, 1000, 3600},	   {300, 2102400, 0, 1000, 14 * 86400},
		{86400, 7300, 0, 800, 14 * 86400}, {7 * 60, 5000, 0, 900, 6 * 7 * 60},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t start = 1700006400 / rows[i].bin_s * rows[i].bin_s * FF_SEC;
		struct ff_contact_columns c;
		struct ff_contact_data d;
		struct ff_result r;

		sample_init(&r);
		for (int64_t k = 0; k < rows[i].bins; k += rows[i].bins - 1) {
			sample_row(&r, 0, start + k * rows[i].bin_s * FF_SEC, 1, 1);
			sample_row(&r, 1, start + k * rows[i].bin_s * FF_SEC, 1, 1);
		}
		sample_attrs(&r, rows[i].bin_s * FF_SEC, "10.0.0.0/24", "");
		if (rows[i].period_s)
			sample_number(sample_finding(&r, "band", 1, 2, 3), "period_ns",
				      (double)rows[i].period_s * 1e9);
		assert_int_equal(ff_contact_data_init(&d, &r, NULL), FF_OK);
		assert_int_equal(ff_contact_columns_init(&c, &d, rows[i].most, NULL),
				 FF_OK);
		assert_int_equal(c.edges.width_ns / FF_SEC, rows[i].width_s);
		ff_contact_columns_release(&c);
		ff_contact_data_release(&d);
		ff_result_release(&r);
	}
}

/* Times at both ends of the range: refused or joined, never an overflow or a huge array.
 */
static void test_columns_of_all_time(void **state)
{
	static const int64_t widths[] = {1,	 1000,		FF_SEC, FF_HOUR,
					 FF_DAY, INT64_MAX / 2, -1,	0};

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		struct ff_contact_columns c;
		struct ff_contact_data d;
		struct ff_result r;

		sample_init(&r);
		sample_row(&r, 0, INT64_MIN + 1, 1, 1);
		sample_row(&r, 1, INT64_MIN + 1, 1, 1);
		sample_row(&r, 0, INT64_MAX - 1, 70000, 1);
		sample_row(&r, 1, INT64_MAX - 1, 1, 1);
		sample_attrs(&r, widths[i], "10.0.0.0/24", "");
		assert_int_equal(ff_contact_data_init(&d, &r, NULL), FF_OK);
		if (ff_contact_columns_init(&c, &d, 700, NULL) == FF_OK) {
			assert_true(c.edges.count <= 700);
			assert_int_equal(c.ncells, 2);
			ff_contact_columns_release(&c);
		}
		ff_contact_data_release(&d);
		ff_result_release(&r);
	}
}

/* ---- words of a logarithmic axis ---- */

/* One style an axis: decimals to a ten thousandth, else powers throughout. */
static void test_decade_texts(void **state)
{
	static const struct {
		double low, high;
		const char *first, *last;
	} rows[] = {
		{1, 1000, "1", "1,000"},
		{1e-4, 100, "0.0001", "100"},
		{1e-5, 100, "10\xe2\x81\xbb\xe2\x81\xb5", "10\xc2\xb2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_scale scale = ff_scale_log(rows[i].low, rows[i].high, 0, 100);
		struct ff_ticks t = {0};
		const char *first = NULL, *last = NULL;

		assert_int_equal(ff_ticks_log(&t, &scale, false, NULL), FF_OK);
		ff_ticks_decade_texts(&t, "");
		for (size_t k = 0; k < t.count; k++) {
			if (!t.at[k].text[0])
				continue;
			first = first ? first : t.at[k].text;
			last = t.at[k].text;
		}
		assert_string_equal(first, rows[i].first);
		assert_string_equal(last, rows[i].last);
		ff_ticks_release(&t);
	}
}

/* ---- ink ---- */

static void test_ink_by_brute_force(void **state)
{
	enum { SIDE = 40 };
	const struct ff_box page = {10, 20, 10 + SIDE, 20 + SIDE};
	struct dice dice = {5};

	(void)state;
	for (int round = 0; round < 50; round++) {
		bool is_marked[SIDE][SIDE] = {{false}};
		struct ff_ink ink;

		assert_int_equal(ff_ink_init(&ink, page, NULL), FF_OK);
		for (int i = 0; i < 8; i++) {
			int x0 = (int)dice_roll(&dice, SIDE),
			    y0 = (int)dice_roll(&dice, SIDE);
			int x1 = x0 + (int)dice_roll(&dice, 12),
			    y1 = y0 + (int)dice_roll(&dice, 12);

			ff_ink_rect(&ink, page.x0 + x0, page.y0 + y0, page.x0 + x1,
				    page.y0 + y1);
			for (int y = y0; y < y1 && y < SIDE; y++)
				for (int x = x0; x < x1 && x < SIDE; x++)
					is_marked[y][x] = true;
		}
		ff_ink_seal(&ink);
		for (int i = 0; i < 50; i++) {
			int x0 = (int)dice_roll(&dice, SIDE),
			    y0 = (int)dice_roll(&dice, SIDE);
			int x1 = x0 + 1 + (int)dice_roll(&dice, (uint64_t)(SIDE - x0));
			int y1 = y0 + 1 + (int)dice_roll(&dice, (uint64_t)(SIDE - y0));
			struct ff_box box = {page.x0 + x0, page.y0 + y0, page.x0 + x1,
					     page.y0 + y1};
			double marked = 0;

			for (int y = y0; y < y1; y++)
				for (int x = x0; x < x1; x++)
					marked += is_marked[y][x];
			assert_near(ff_ink_cover(&ink, &box),
				    marked / ((x1 - x0) * (y1 - y0)));
			box.x0 -= SIDE;
			assert_near(ff_ink_cover(&ink, &box), 1); /* outside */
		}
		ff_ink_release(&ink);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_row_edges),
		cmocka_unit_test(test_rows_tile),
		cmocka_unit_test(test_means_by_brute_force),
		cmocka_unit_test(test_columns_by_brute_force),
		cmocka_unit_test(test_column_widths),
		cmocka_unit_test(test_columns_of_all_time),
		cmocka_unit_test(test_decade_texts),
		cmocka_unit_test(test_ink_by_brute_force),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
