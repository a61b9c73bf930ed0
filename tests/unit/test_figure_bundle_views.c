/* SPDX-License-Identifier: MIT */
/* figure/bundle, both views: whatever the result, size and theme, no two texts overlap,
 * none leaves the page, none is too small; the same result is the same bytes; foreign
 * results and failing memory are errors. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "bundle_help.h"
#include "figure/bundle.h"

static const struct paper {
	const char *size, *theme;
	double least_pt;
} papers[] = {
	{"page", "print", 7},	   {"column", "print", 7},  {"slide", "slide", 12},
	{"slide", "dark", 12},	   {"column", "dark", 7},   {"90x70mm", "print", 7},
	{"12x12in", "print", 7},   {"2x1.5in", "print", 7}, {"300x1000pt", "print", 7},
	{"1600x400px", "dark", 7},
};
enum { PAPERS = sizeof(papers) / sizeof(papers[0]) };

static int views_render(struct ff_buf *out, const struct ff_result *r,
			const struct paper *paper, int view, int arc,
			enum ff_canvas_kind kind, struct ff_layout_report *report,
			struct ff_err *err)
{
	struct ff_figure_opts opts;
	struct ff_bundle_params params;

	memset(&opts, 0, sizeof(opts));
	memset(&params, 0, sizeof(params));
	assert_int_equal(ff_opts_defaults(ff_figure_opt_table, &opts, err), FF_OK);
	assert_int_equal(ff_opts_defaults(ff_figure_bundle.opts, &params, err), FF_OK);
	opts.size = paper->size;
	opts.theme = paper->theme;
	opts.command = "flowfig bundle --right-range=10.0.0.0/8 flows.rw -o bundle.png";
	opts.source = "made up";
	params.view = view;
	params.arc = arc;
	return ff_figure_render(out, kind, &ff_figure_bundle, r, &opts, &params, "{}", 0,
				report, err);
}

/* Boxes may touch, and share what rounding leaves. */
static bool views_meet(const struct ff_label_box *a, const struct ff_label_box *b)
{
	const double slack = .01;

	return a->x0 < b->x1 - slack && b->x0 < a->x1 - slack && a->y0 < b->y1 - slack &&
	       b->y0 < a->y1 - slack;
}

static void views_check(const struct ff_layout_report *report, const struct paper *paper,
			unsigned seed, int view)
{
	bool bad = report->min_text_pt < paper->least_pt - 1e-6;

	if (bad)
		print_error("type of %.2f pt\n", report->min_text_pt);
	for (size_t i = 0; i < report->count; i++) {
		const struct ff_label_box *a = &report->boxes[i];

		if (a->x0 < -.01 || a->y0 < -.01 || a->x1 > report->width_pt + .01 ||
		    a->y1 > report->height_pt + .01) {
			print_error("'%s' leaves the page\n", a->text);
			bad = true;
		}
		for (size_t k = i + 1; k < report->count; k++) {
			if (!views_meet(a, &report->boxes[k]))
				continue;
			print_error("'%s' meets '%s'\n", a->text, report->boxes[k].text);
			bad = true;
		}
	}
	if (bad)
		fail_msg("seed %u, view %d, %s %s", seed, view, paper->size,
			 paper->theme);
}

static void views_try(unsigned seed, const struct paper *paper, int view,
		      enum ff_canvas_kind kind, double cells)
{
	struct dice d = {seed};
	struct ff_layout_report report = {0};
	struct ff_buf out = FF_BUF_INIT;
	struct ff_err err = {0};
	struct ff_result r;

	sample_random(&r, &d, cells);
	if (views_render(&out, &r, paper, view, (int)(seed % 3 == 0), kind, &report,
			 &err) != FF_OK)
		fail_msg("seed %u, view %d, %s: %s", seed, view, paper->size, err.text);
	assert_true(report.count > 3);
	views_check(&report, paper, seed, view);
	ff_buf_release(&out);
	ff_layout_report_release(&report);
	ff_result_release(&r);
}

/* Results of 1 to 2,000 cells on every paper, in the metrics of the trace. */
static void test_random_layouts(void **state)
{
	static const double cells[] = {1, 3, 20, 50, 300, 2000};

	(void)state;
	for (unsigned seed = 1; seed <= 60; seed++)
		for (size_t p = 0; p < PAPERS; p++)
			for (int view = 0; view < 2; view++)
				views_try(seed, &papers[p], view, FF_CANVAS_TRACE,
					  cells[seed % 6]);
}

static void test_random_fonts(void **state)
{
	(void)state;
	for (unsigned seed = 200; seed < 230; seed++)
		for (int view = 0; view < 2; view++)
			views_try(seed, &papers[seed % PAPERS], view, FF_CANVAS_SVG,
				  seed % 4 ? 60 : 1500);
}

/* So many that a density stands for the links, or every cell. */
static void test_dense(void **state)
{
	(void)state;
	for (unsigned seed = 300; seed < 306; seed++)
		for (int view = 0; view < 2; view++)
			views_try(seed, &papers[seed % 3], view, FF_CANVAS_TRACE,
				  seed % 2 ? 65536 : 30000);
}

static void test_same_bytes(void **state)
{
	static const enum ff_canvas_kind kinds[] = {FF_CANVAS_TRACE, FF_CANVAS_PNG,
						    FF_CANVAS_SVG, FF_CANVAS_PDF};

	(void)state;
	for (int i = 0; i < 8; i++) {
		struct ff_buf a = FF_BUF_INIT, b = FF_BUF_INIT;
		struct dice d = {7}, again = {7};
		struct ff_result r, s;
		double cells = i % 4 ? 3000 : 20000;

		sample_random(&r, &d, cells);
		sample_random(&s, &again, cells);
		assert_int_equal(views_render(&a, &r, &papers[1], i / 4, 0, kinds[i % 4],
					      NULL, NULL),
				 FF_OK);
		assert_int_equal(views_render(&b, &s, &papers[1], i / 4, 0, kinds[i % 4],
					      NULL, NULL),
				 FF_OK);
		assert_int_equal(a.len, b.len);
		assert_memory_equal(a.data, b.data, a.len);
		ff_buf_release(&a);
		ff_buf_release(&b);
		ff_result_release(&r);
		ff_result_release(&s);
	}
}

/* Results as a foreign state might hold them. */
static void test_foreign(void **state)
{
	(void)state;
	for (int what = 0; what < 7; what++) {
		struct dice d = {11};
		struct ff_buf out = FF_BUF_INIT;
		struct ff_err err = {0};
		struct ff_result r;
		size_t left;

		sample_random(&r, &d, 40);
		left = r.tables[2].rows;
		switch (what) {
		case 0:
			r.tables[1].columns[0].v.u64[0] = 256;
			break;
		case 1:
			r.tables[1].rows--;
			break;
		case 2:
			r.tables[2].rows = 0;
			break;
		case 3:
			r.tables[3].columns[1].kind = FF_COL_TEXT;
			break;
		case 4:
			r.tables[0].rows = r.tables[1].rows = 0;
			break;
		case 5:
			memset(r.tables[0].columns[4].v.u64, 0, 8 * r.tables[0].rows);
			memset(r.tables[0].columns[5].v.u64, 0, 8 * r.tables[0].rows);
			memset(r.tables[0].columns[6].v.u64, 0, 8 * r.tables[0].rows);
			break;
		default:
			r.tables[0].name = "other";
		}
		assert_int_equal(views_render(&out, &r, &papers[0], 0, 0, FF_CANVAS_TRACE,
					      NULL, &err),
				 FF_EFORMAT);
		r.tables[2].rows = left;
		r.tables[3].columns[1].kind = r.tables[3].columns[2].kind;
		ff_buf_release(&out);
		ff_result_release(&r);
	}
}

/* Every allocation that a drawing asks for may fail. */
static void test_no_memory(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct dice d = {5};
		struct ff_result r;

		sample_random(&r, &d, i == 2 ? 20000 : 60);
		for (uint64_t n = 1; n < 20000; n += n < 300 ? 1 : 41) {
			struct ff_buf out = FF_BUF_INIT;
			struct ff_err err = {0};
			int status;

			ff_alloc_fail_after(n);
			status = views_render(&out, &r, &papers[1], i == 1, 0,
					      FF_CANVAS_TRACE, NULL, &err);
			ff_alloc_fail_after(0);
			ff_buf_release(&out);
			if (status == FF_OK)
				break;
			assert_int_equal(status, FF_ENOMEM);
		}
		ff_result_release(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_layouts),
		cmocka_unit_test(test_random_fonts),
		cmocka_unit_test(test_dense),
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
