/* SPDX-License-Identifier: MIT */
/* figure/contact, map and line views: whatever the result, size and theme, no two texts
 * overlap, none leaves the page, none is too small; the same result is the same bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "contact_help.h"
#include "figure/contact.h"

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
			const struct paper *paper, int view, enum ff_canvas_kind kind,
			struct ff_layout_report *report, struct ff_err *err)
{
	struct ff_figure_opts opts;
	struct ff_contact_params params;

	memset(&opts, 0, sizeof(opts));
	memset(&params, 0, sizeof(params));
	assert_int_equal(ff_opts_defaults(ff_figure_opt_table, &opts, err), FF_OK);
	assert_int_equal(ff_opts_defaults(ff_figure_contact.opts, &params, err), FF_OK);
	opts.size = paper->size;
	opts.theme = paper->theme;
	opts.command =
		"flowfig contact --inside=10.0.0.0/8 --view=map flows.rw -o map.png";
	opts.source = "made up";
	params.view = view;
	return ff_figure_render(out, kind, &ff_figure_contact, r, &opts, &params, "{}", 0,
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
		      enum ff_canvas_kind kind)
{
	struct dice d = {seed};
	struct ff_layout_report report = {0};
	struct ff_buf out = FF_BUF_INIT;
	struct ff_err err = {0};
	struct ff_result r;

	sample_random(&r, &d);
	if (views_render(&out, &r, paper, view, kind, &report, &err) != FF_OK)
		fail_msg("seed %u, view %d, %s: %s", seed, view, paper->size, err.text);
	assert_true(report.count > 3);
	views_check(&report, paper, seed, view);
	ff_buf_release(&out);
	ff_layout_report_release(&report);
	ff_result_release(&r);
}

/* A hundred results on every paper, in the metrics of the trace. */
static void test_random_layouts(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 100; seed++)
		for (size_t p = 0; p < PAPERS; p++)
			for (int view = FF_CONTACT_MAP; view <= FF_CONTACT_LINE; view++)
				views_try(seed, &papers[p], view, FF_CANVAS_TRACE);
}

/* Some with the fonts of this machine. */
static void test_random_fonts(void **state)
{
	(void)state;
	for (unsigned seed = 200; seed < 220; seed++)
		for (int view = FF_CONTACT_MAP; view <= FF_CONTACT_LINE; view++)
			views_try(seed, &papers[seed % PAPERS], view, FF_CANVAS_SVG);
}

static void test_same_bytes(void **state)
{
	(void)state;
	for (int view = FF_CONTACT_MAP; view <= FF_CONTACT_LINE; view++) {
		struct ff_buf a = FF_BUF_INIT, b = FF_BUF_INIT;
		struct dice d = {7}, again = {7};
		struct ff_result r, s;

		sample_random(&r, &d);
		sample_random(&s, &again);
		assert_int_equal(views_render(&a, &r, &papers[0], view, FF_CANVAS_TRACE,
					      NULL, NULL),
				 FF_OK);
		assert_int_equal(views_render(&b, &s, &papers[0], view, FF_CANVAS_TRACE,
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

/* Findings whose numbers make no sense, as a foreign state might hold them. */
static void test_wild_findings(void **state)
{
	static const double wild[] = {NAN, INFINITY, -INFINITY, -1e300, 1e300, 0, -1};
	static const char *const kinds[] = {"peak",  "fit",	   "band",
					    "ridge", "region-vlf", "partial"};
	static const char *const names[] = {"share", "sources", "slope",     "intercept",
					    "bins",  "pulses",	"period_ns", "max",
					    "total", "prefix"};
	struct dice d = {99};

	(void)state;
	for (int round = 0; round < 60; round++) {
		struct ff_result r;

		sample_init(&r);
		for (int i = 0; i < 5; i++) {
			sample_row(&r, 0, i * FF_HOUR, 1, 5);
			sample_row(&r, 0, i * FF_HOUR, 300, 1);
			sample_row(&r, 1, i * FF_HOUR, 9, 9);
		}
		sample_attrs(&r, FF_HOUR, "10.0.0.0/22", "256,512,1024");
		for (int k = 0; k < 6; k++) {
			struct ff_finding *f = sample_finding(
				&r, kinds[dice_roll(&d, 6)], wild[dice_roll(&d, 7)],
				dice_roll(&d, 3) ? dice_roll(&d, 900) : UINT64_MAX,
				dice_roll(&d, 3) ? dice_roll(&d, 900) : UINT64_MAX);

			f->from_ns = dice_roll(&d, 2)
					     ? INT64_MIN
					     : (int64_t)dice_roll(&d, UINT64_MAX);
			f->to_ns = dice_roll(&d, 2) ? INT64_MAX
						    : (int64_t)dice_roll(&d, UINT64_MAX);
			for (int j = 0; j < 10; j++)
				sample_number(f, names[j], wild[dice_roll(&d, 7)]);
		}
		for (int view = FF_CONTACT_MAP; view <= FF_CONTACT_LINE; view++) {
			struct ff_buf out = FF_BUF_INIT;
			struct ff_layout_report report = {0};

			if (views_render(&out, &r, &papers[round % 3], view,
					 FF_CANVAS_TRACE, &report, NULL) == FF_OK)
				views_check(&report, &papers[round % 3], (unsigned)round,
					    view);
			ff_layout_report_release(&report);
			ff_buf_release(&out);
		}
		ff_result_release(&r);
	}
}

/* Every allocation that a drawing asks for may fail. */
static void test_no_memory(void **state)
{
	struct dice d = {3};
	struct ff_result r;

	(void)state;
	sample_random(&r, &d);
	for (int view = FF_CONTACT_MAP; view <= FF_CONTACT_LINE; view++) {
		for (uint64_t n = 1; n < 3000; n += n < 200 ? 1 : 37) {
			struct ff_buf out = FF_BUF_INIT;
			struct ff_err err = {0};
			int status;

			ff_alloc_fail_after(n);
			status = views_render(&out, &r, &papers[0], view, FF_CANVAS_TRACE,
					      NULL, &err);
			ff_alloc_fail_after(0);
			ff_buf_release(&out);
			if (status == FF_OK)
				break;
			assert_int_equal(status, FF_ENOMEM);
		}
	}
	ff_result_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_layouts),
		cmocka_unit_test(test_random_fonts),
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_wild_findings),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
