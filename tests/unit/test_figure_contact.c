/* SPDX-License-Identifier: MIT */
/* figure/contact: titles and labels by rule, rows and columns of the surface, what is
 * refused */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "contact_help.h"
#include "figure/contact.h"
#include "figure/contact_grid.h"

#define NOV15 (INT64_C(19676) * FF_DAY) /* 2023-11-15 */

/* No-break spaces read as spaces, bold marks left out. */
static const char *plain(const struct ff_buf *b)
{
	static char text[600];
	size_t n = 0;

	for (const char *p = ff_buf_str(b); *p && n + 1 < sizeof(text); p++) {
		if (strncmp(p, FF_NBSP, 2) == 0) {
			text[n++] = ' ';
			p++;
		} else if (*p != FF_MARK_BOLD[0] && *p != FF_MARK_END[0]) {
			text[n++] = *p;
		}
	}
	text[n] = '\0';
	return text;
}

/* 30 days of hours with one source each; nmax in the first hour. */
static void contact_month(struct ff_result *r, uint64_t nmax, int64_t bin_ns,
			  const char *sizes)
{
	int64_t bins = bin_ns > 0 ? 30 * FF_DAY / bin_ns : 1;

	sample_init(r);
	for (int64_t i = 0; i < bins; i++) {
		sample_row(r, 0, NOV15 + i * bin_ns, 1, 10 + (uint64_t)(i % 7));
		if (i == 0 && nmax > 1)
			sample_row(r, 0, NOV15, nmax, 2);
		sample_row(r, 1, NOV15 + i * bin_ns, 100, 100);
	}
	sample_attrs(r, bin_ns, "198.18.4.0/22", sizes);
}

/* ---- titles ---- */

struct title_row {
	const char *kind;
	uint64_t nmax, low, high;
	int from_day, to_day; /* of the data; -1 = not set */
	struct {
		const char *name;
		double value;
	} numbers[5];
	int direction, pairs;
	const char *title;
};
static const struct title_row titles[] = {
	{"band",
	 1024,
	 20,
	 37,
	 0,
	 15,
	 {{"sources", 520}, {"period_ns", 12. * FF_HOUR}},
	 0,
	 0,
	 "Twice a day until 29 November, some 500 sources sweep 20 to 37 hosts each"},
	{"band",
	 1024,
	 20,
	 37,
	 0,
	 30,
	 {{"sources", 520}, {"period_ns", 6. * FF_HOUR}},
	 0,
	 0,
	 "Four times a day, some 500 sources sweep 20 to 37 hosts each"},
	{"band",
	 1024,
	 20,
	 37,
	 10,
	 30,
	 {{"sources", 7}, {"period_ns", 1. * FF_DAY}},
	 0,
	 0,
	 "Daily from 25 November on, some 7 sources sweep 20 to 37 hosts each"},
	{"band",
	 1024,
	 20,
	 37,
	 3,
	 10,
	 {{"sources", 1}, {"period_ns", 8. * FF_HOUR}},
	 0,
	 0,
	 "Every 8 h from 18 to 24 November, one outside source sweeps 20 to 37 hosts "
	 "each"},
	{"band",
	 1024,
	 20,
	 37,
	 10,
	 20,
	 {{"sources", 33}},
	 1,
	 1,
	 "From 25 November to 4 December, some 30 sources an hour sweep 20 to 37 "
	 "services each"},
	{"band",
	 1024,
	 5,
	 5,
	 -1,
	 -1,
	 {{"sources", 1234}},
	 0,
	 0,
	 "Some 1,200 sources an hour sweep 5 hosts each"},
	{"ridge",
	 1024,
	 512,
	 512,
	 -1,
	 -1,
	 {{"sources", 335}, {"prefix", 23}, {"per_day", 11}},
	 0,
	 0,
	 "335 times an outside source sweeps a whole /23"},
	{"ridge",
	 1024,
	 1024,
	 1024,
	 -1,
	 -1,
	 {{"sources", 1360}, {"prefix", 22}, {"per_day", 45}, {"whole", 1}},
	 0,
	 0,
	 "1,360 times an outside source sweeps the whole /22"},
	{"ridge",
	 1024,
	 256,
	 256,
	 -1,
	 -1,
	 {{"sources", 1}, {"prefix", 24}},
	 1,
	 0,
	 "Once, one inside source sweeps a whole /24"},
	{"ridge",
	 9,
	 6,
	 7,
	 -1,
	 -1,
	 {{"sources", 2119}, {"per_day", 23.5}},
	 0,
	 0,
	 "Some 24 outside sources a day sweep 6 or 7 of the 9 inside hosts"},
	{"ridge",
	 9,
	 9,
	 9,
	 -1,
	 -1,
	 {{"sources", 50}, {"per_day", 1.7}},
	 0,
	 0,
	 "50 times an outside source sweeps 9 inside hosts"},
	{"ridge",
	 300,
	 60,
	 64,
	 -1,
	 -1,
	 {{"sources", 2119}, {"per_day", 23.5}},
	 0,
	 0,
	 "Some 24 outside sources a day sweep 60 to 64 inside hosts"},
	{"peak",
	 1024,
	 1,
	 1,
	 -1,
	 -1,
	 {{"share", .88}},
	 0,
	 0,
	 "88.0 % of source-hours touch one inside host"},
	{"peak",
	 1024,
	 1,
	 1,
	 -1,
	 -1,
	 {{"share", .88}},
	 1,
	 1,
	 "88.0 % of source-hours touch one outside service"},
	{"peak",
	 1,
	 1,
	 1,
	 -1,
	 -1,
	 {{"share", 1}},
	 0,
	 0,
	 "All 9,357 source-hours touch one inside host"},
	{"peak",
	 1024,
	 1,
	 1,
	 -1,
	 -1,
	 {{"share", .1}},
	 0,
	 0,
	 "Outside sources touch 1 to 1024 inside hosts an hour"},
	{"none",
	 2,
	 0,
	 0,
	 -1,
	 -1,
	 {{0}},
	 0,
	 0,
	 "Outside sources touch 1 or 2 inside hosts an hour"},
};

static void test_titles(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		const struct title_row *row = &titles[i];
		struct ff_buf b = FF_BUF_INIT;
		struct ff_contact_data d;
		struct ff_finding *f;
		struct ff_result r;

		contact_month(&r, row->nmax, FF_HOUR, "256,512,1024");
		ff_result_set_number(&r, "direction", row->direction, NULL);
		ff_result_set_number(&r, "pairs", row->pairs, NULL);
		f = sample_finding(&r, row->kind, 1, row->low, row->high);
		f->from_ns =
			row->from_day < 0 ? INT64_MIN : NOV15 + row->from_day * FF_DAY;
		f->to_ns = row->to_day < 0 ? INT64_MIN : NOV15 + row->to_day * FF_DAY;
		for (size_t k = 0; k < 5 && row->numbers[k].name; k++)
			sample_number(f, row->numbers[k].name, row->numbers[k].value);
		assert_int_equal(ff_contact_data_init(&d, &r, NULL), FF_OK);
		ff_contact_title(&b, &d, 0);
		assert_string_equal(plain(&b), row->title);
		ff_buf_release(&b);
		ff_contact_data_release(&d);
		ff_result_release(&r);
	}
}

/* The heaviest finding that can make a title makes it. */
static void test_title_by_weight(void **state)
{
	struct ff_buf b = FF_BUF_INIT;
	struct ff_contact_data d;
	struct ff_result r;

	(void)state;
	contact_month(&r, 1024, FF_HOUR, "256,512,1024");
	sample_number(sample_finding(&r, "peak", 1, 1, 1), "share", .9);
	sample_number(sample_finding(&r, "fit", 9, 2, 10), "slope", -2);
	sample_number(sample_finding(&r, "ridge", 2, 256, 256), "sources", 5);
	sample_number(&r.findings[2], "prefix", 24);
	ff_result_sort_findings(&r);
	assert_int_equal(ff_contact_data_init(&d, &r, NULL), FF_OK);
	ff_contact_title(&b, &d, 0);
	assert_string_equal(plain(&b), "5 times an outside source sweeps a whole /24");
	ff_buf_release(&b);
	ff_contact_data_release(&d);
	ff_result_release(&r);
}

static void test_subtitle(void **state)
{
	static const struct {
		int64_t bin_ns;
		const char *inside, *reduction;
		int view, tz_hours;
		const char *text;
	} rows[] = {
		{FF_HOUR, "198.18.4.0/22", "one column an hour", FF_CONTACT_SURFACE, 0,
		 "Contact surface of inbound flows to 198.18.4.0/22, 15 Nov " FF_NDASH
		 " 14 Dec 2023 UTC: 1-hour bins, one column an hour"},
		{FF_DAY, "", "", FF_CONTACT_MAP, 2,
		 "Contact map of inbound flows to private addresses, 15 Nov " FF_NDASH
		 " 15 Dec 2023 UTC+2: 1-day bins"},
		{6 * FF_HOUR, "10.0.0.0/8,fc00::/7", "", FF_CONTACT_LINE, 0,
		 "Contact lines of inbound flows to 10.0.0.0/8 and fc00::/7, 15 "
		 "Nov " FF_NDASH " 14 Dec 2023 UTC: 6-hour bins"},
		{0, "10.0.0.0/8,11.0.0.0/8,12.0.0.0/8", "", FF_CONTACT_SURFACE, 0,
		 "Contact surface of inbound flows to 10.0.0.0/8 and 2 more networks, "
		 "15 Nov 2023 UTC: all in one bin"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_contact_params params = {.view = rows[i].view};
		struct ff_contact c = {.params = &params,
				       .tz_ns = rows[i].tz_hours * FF_HOUR};
		struct ff_buf b = FF_BUF_INIT;
		struct ff_result r;

		contact_month(&r, 20, rows[i].bin_ns, "");
		ff_result_set_text(&r, "inside", rows[i].inside, NULL);
		if (rows[i].bin_ns == 0)
			ff_result_set_number(&r, "last_ns", NOV15 + FF_DAY - 1, NULL);
		assert_int_equal(ff_contact_data_init(&c.data, &r, NULL), FF_OK);
		ff_contact_subtitle(&b, &c, rows[i].reduction);
		assert_string_equal(plain(&b), rows[i].text);
		ff_buf_release(&b);
		ff_contact_data_release(&c.data);
		ff_result_release(&r);
	}
}

static void test_label_words(void **state)
{
	struct ff_buf b = FF_BUF_INIT;
	struct ff_contact_data d;
	struct ff_finding *f;
	struct ff_result r;

	(void)state;
	contact_month(&r, 1024, FF_HOUR, "256,512,768,1024");
	f = sample_finding(&r, "peak", 9, 1, 1);
	sample_number(f, "share", .879833);
	sample_number(f, "weekend", .7468);
	f = sample_finding(&r, "band", 8, 20, 37);
	f->from_ns = NOV15;
	f->to_ns = NOV15 + 14 * FF_DAY + 2 * FF_HOUR;
	sample_number(f, "sources", 520);
	sample_number(f, "pulses", 29);
	sample_number(f, "period_ns", 12. * FF_HOUR);
	f = sample_finding(&r, "ridge", 7, 1024, 1024);
	sample_number(f, "sources", 360);
	sample_number(f, "prefix", 22);
	sample_number(f, "whole", 1);
	ff_result_sort_findings(&r);
	assert_int_equal(ff_contact_data_init(&d, &r, NULL), FF_OK);
	assert_int_equal(d.nsizes, 4);
	assert_int_equal(d.size_bits[2], 0); /* 768 is no prefix */
	assert_true(d.size_whole[3] && !d.size_whole[0]);
	ff_contact_peak_words(&b, &d, 0);
	assert_string_equal(plain(&b),
			    "One contact: 88.0 % of source-hours, 10 to 16 an hour, "
			    "a quarter fewer at weekends");
	ff_buf_clear(&b);
	ff_contact_peak_words(&b, &d, 2);
	assert_string_equal(plain(&b), "One contact: 88.0 %");
	ff_buf_clear(&b);
	ff_contact_band_words(&b, &d, d.bands[0], 0, FF_BAND_ALL);
	assert_string_equal(plain(&b),
			    "Slow-scanning band: 20" FF_NDASH
			    "37 hosts, 29 pulses 12 h apart, 15" FF_NDASH "29 Nov");
	ff_buf_clear(&b);
	ff_contact_band_words(&b, &d, d.bands[0], 0, FF_BAND_HEAD);
	assert_string_equal(plain(&b), "Slow-scanning band: 20" FF_NDASH "37 hosts");
	ff_buf_clear(&b);
	ff_contact_band_words(&b, &d, d.bands[0], 0, FF_BAND_TAIL);
	assert_string_equal(plain(&b), "29 pulses 12 h apart, 15" FF_NDASH "29 Nov");
	ff_buf_clear(&b);
	ff_contact_band_words(&b, &d, d.bands[0], 0, FF_BAND_NAME);
	assert_string_equal(plain(&b), "Slow-scanning band");
	ff_buf_clear(&b);
	ff_contact_ridge_words(&b, &d, d.ridges[0], true);
	assert_string_equal(plain(&b), "1024 = the /22: 360");
	ff_buf_clear(&b);
	ff_contact_counts(&b, &d);
	assert_string_equal(plain(&b), "72,000 flows, 9,359 source-hours");
	ff_buf_clear(&b);
	ff_contact_n_title(&b, &d);
	assert_string_equal(plain(&b), "Inside hosts contacted in the hour");
	ff_buf_release(&b);
	ff_contact_data_release(&d);
	ff_result_release(&r);
}

/* ---- rows and columns ---- */

static void test_rows(void **state)
{
	static const uint64_t nmaxes[] = {
		1,	   2,	9,    16,   17,	  30,	 255,
		256,	   257, 1023, 1024, 5000, 65536, UINT64_C(1) << 32,
		UINT64_MAX};
	static struct ff_contact_grid g;

	(void)state;
	for (size_t i = 0; i < sizeof(nmaxes) / sizeof(nmaxes[0]); i++) {
		struct ff_contact_data d;
		struct ff_result r;

		contact_month(&r, nmaxes[i], FF_DAY,
			      "256,512,768,1024,2048,4096,8192,16384,32768,65536");
		assert_int_equal(ff_contact_data_init(&d, &r, NULL), FF_OK);
		ff_contact_grid_rows(&g, &d);
		/* rows tile 1..nmax from back to front, and depth */
		assert_int_equal(g.rows[0].low, 1);
		assert_true(g.rows[0].v1 == 1 && fabs(g.rows[g.nrows - 1].v0) < 1e-12);
		assert_true(g.rows[g.nrows - 1].high == nmaxes[i]);
		for (size_t k = 0; k < g.nrows; k++) {
			assert_true(g.rows[k].v1 > g.rows[k].v0 + .0015);
			if (k > 0) {
				assert_true(g.rows[k].low == g.rows[k - 1].high + 1);
				assert_true(g.rows[k].v1 == g.rows[k - 1].v0);
			}
			/* each n to 10, and to 16 when there are no more */
			if (g.rows[k].low <= 10)
				assert_true(g.rows[k].high == g.rows[k].low);
		}
		for (size_t k = 0; k < d.nsizes; k++)
			if (d.size_bits[k] > 0 && nmaxes[i] > 16)
				assert_true(g.rows[ff_contact_grid_row(&g, d.sizes[k])]
						    .is_size);
		for (uint64_t n = 1; n < nmaxes[i] / 2; n += n / 3 + 1)
			assert_true(ff_contact_grid_depth(&g, n) >
				    ff_contact_grid_depth(&g, n + n / 3 + 1));
		if (nmaxes[i] == 1024)
			assert_int_equal(g.nrows, 33);
		ff_contact_data_release(&d);
		ff_result_release(&r);
	}
}

/* Values: sums within rows, then the maximum over the bins of a column; against plain
 * loops. */
static void test_values(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 40; seed++) {
		struct dice dice = {seed};
		static struct ff_contact_grid g;
		struct ff_contact_data d;
		struct ff_result r;

		sample_random(&r, &dice);
		assert_int_equal(ff_contact_data_init(&d, &r, NULL), FF_OK);
		assert_int_equal(
			ff_contact_grid_init(&g, &d, 40, FF_EDGES_WHOLE, false, NULL),
			FF_OK);
		assert_true(g.edges.count <= 40);
		assert_true(g.edges.at[0] <= d.t0 && g.edges.at[g.edges.count] >= d.t1);
		for (size_t c = 0; c < g.edges.count; c++)
			for (size_t k = 0; k < g.nrows; k++) {
				uint64_t most = 0;

				for (size_t b = 0; b < d.nbins; b++) {
					uint64_t sum;

					if (d.bins[b].start < g.edges.at[c] ||
					    d.bins[b].start >= g.edges.at[c + 1])
						continue;
					sum = ff_contact_sum(&d, &d.bins[b],
							     g.rows[k].low,
							     g.rows[k].high);
					most = sum > most ? sum : most;
				}
				assert_true(ff_grid_at(&g, k, c) == (double)most);
			}
		ff_contact_grid_release(&g);
		ff_contact_data_release(&d);
		ff_result_release(&r);
	}
}

static void test_columns(void **state)
{
	static const struct {
		int64_t bin_ns;
		double period_h;
		size_t most;
		enum ff_edges_rule rule;
		int64_t width_ns;
		const char *words;
	} rows[] = {
		{FF_HOUR, 12, 90, FF_EDGES_WHOLE, 12 * FF_HOUR,
		 "each column the largest hour of a half day"},
		{FF_HOUR, 0, 180, FF_EDGES_WHOLE, 4 * FF_HOUR,
		 "each column the largest hour of 4 hours"},
		{FF_HOUR, 12, 180, FF_EDGES_WHOLE, 12 * FF_HOUR,
		 "each column the largest hour of a half day"},
		{FF_HOUR, 12, 180, FF_EDGES_COMB, 4 * FF_HOUR,
		 "each column the largest hour of 4 hours"},
		/* a day would beat against 18 h, but nothing nicer fits */
		{FF_HOUR, 18, 30, FF_EDGES_WHOLE, FF_DAY,
		 "each column the largest hour of a day"},
		{FF_HOUR, 0, 720, FF_EDGES_WHOLE, FF_HOUR, "one column an hour"},
		{FF_DAY, 0, 90, FF_EDGES_WHOLE, FF_DAY, "one column a day"},
		{FF_DAY, 0, 10, FF_EDGES_WHOLE, 7 * FF_DAY,
		 "each column the largest day of a week"},
		{300 * FF_SEC, 0, 90, FF_EDGES_WHOLE, 8 * FF_HOUR,
		 "each column the largest bin of 8 hours"},
		{300 * FF_SEC, 0, 9000, FF_EDGES_WHOLE, 300 * FF_SEC, "one column a bin"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_edges e;
		struct ff_contact_data d;
		struct ff_buf b = FF_BUF_INIT;
		struct ff_result r;

		contact_month(&r, 50, rows[i].bin_ns, "");
		if (rows[i].period_h > 0)
			sample_number(sample_finding(&r, "band", 1, 20, 30), "period_ns",
				      rows[i].period_h * (double)FF_HOUR);
		assert_int_equal(ff_contact_data_init(&d, &r, NULL), FF_OK);
		assert_int_equal(
			ff_contact_edges_init(&e, &d, rows[i].most, rows[i].rule, NULL),
			FF_OK);
		ff_contact_edges_words(&b, &e, &d);
		assert_string_equal(plain(&b), rows[i].words);
		assert_true(e.width_ns == rows[i].width_ns);
		for (size_t k = 0; k < e.count; k++) {
			assert_int_equal(ff_edges_find(&e, e.at[k]), k);
			assert_int_equal(ff_edges_find(&e, e.at[k + 1] - 1), k);
		}
		ff_buf_release(&b);
		ff_edges_release(&e);
		ff_contact_data_release(&d);
		ff_result_release(&r);
	}
}

/* ---- what is refused ---- */

static void test_refused(void **state)
{
	struct ff_result empty = {0};
	struct ff_contact_data d;
	struct ff_result r;
	struct ff_err err = {0};

	(void)state;
	assert_int_equal(ff_contact_data_init(&d, &empty, &err), FF_EFORMAT);
	sample_init(&r);
	assert_int_equal(ff_contact_data_init(&d, &r, &err), FF_EFORMAT);
	assert_non_null(strstr(err.text, "nothing to draw"));
	sample_row(&r, 0, 5, 2, 1);
	sample_row(&r, 0, 5, 1, 1); /* n descends */
	assert_int_equal(ff_contact_data_init(&d, &r, &err), FF_EFORMAT);
	r.tables[0].columns[1].v.u64[1] = 3;
	assert_int_equal(ff_contact_data_init(&d, &r, &err), FF_OK);
	assert_int_equal(d.nbins,
			 1); /* made from the cells when the table of bins has none */
	ff_contact_data_release(&d);
	r.tables[0].columns[2].v.u64[1] = 0;
	assert_int_equal(ff_contact_data_init(&d, &r, &err), FF_EFORMAT);
	ff_result_release(&r);
}

static void test_registry(void **state)
{
	const struct ff_figure_type *t;

	(void)state;
	assert_ptr_equal(ff_figure_find("contact"), &ff_figure_contact);
	assert_null(ff_figure_find("contacts"));
	for (size_t i = 0; (t = ff_figure_at(i)) != NULL; i++) {
		void *params = ff_calloc(1, t->params_size);

		if (i > 0)
			assert_true(strcmp(ff_figure_at(i - 1)->name, t->name) < 0);
		assert_int_equal(ff_opts_defaults(t->opts, params, NULL), FF_OK);
		ff_free(params);
	}
	assert_int_equal(ff_canvas_kind_of("a/b.png"), FF_CANVAS_PNG);
	assert_int_equal(ff_canvas_kind_of("x.svg"), FF_CANVAS_SVG);
	assert_int_equal(ff_canvas_kind_of("x.pdf"), FF_CANVAS_PDF);
	assert_int_equal(ff_canvas_kind_of("x.trace"), FF_CANVAS_TRACE);
	assert_int_equal(ff_canvas_kind_of(".png"), -1);
	assert_int_equal(ff_canvas_kind_of("png"), -1);
	assert_int_equal(ff_canvas_kind_of("x.jpg"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_titles),	 cmocka_unit_test(test_title_by_weight),
		cmocka_unit_test(test_subtitle), cmocka_unit_test(test_label_words),
		cmocka_unit_test(test_rows),	 cmocka_unit_test(test_values),
		cmocka_unit_test(test_columns),	 cmocka_unit_test(test_refused),
		cmocka_unit_test(test_registry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
