/* SPDX-License-Identifier: MIT */
/* figure/netbytes, its four views: whatever the result, size and theme, no two texts
 * overlap, none leaves the page, none is too small; the same result is the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "figure/netbytes.h"
#include "netbytes_help.h"

static const struct paper {
	const char *size, *theme;
	double least_pt;
} papers[] = {
	{"page", "print", 7},	   {"column", "print", 7},  {"slide", "slide", 12},
	{"slide", "dark", 12},	   {"column", "dark", 7},   {"90x70mm", "print", 7},
	{"12x12in", "print", 7},   {"2x1.5in", "print", 7}, {"300x1000pt", "print", 7},
	{"1600x400px", "dark", 7},
};
enum { PAPERS = sizeof(papers) / sizeof(papers[0]), VIEWS = 4 };

enum { HEIGHT_AUTO, HEIGHT_LOG, HEIGHT_LINEAR };

static int render(struct ff_buf *out, const struct ff_result *r,
		  const struct paper *paper, int view, int height,
		  enum ff_canvas_kind kind, struct ff_layout_report *report,
		  struct ff_err *err)
{
	struct ff_figure_opts opts;
	struct ff_netbytes_params params;

	memset(&opts, 0, sizeof(opts));
	memset(&params, 0, sizeof(params));
	assert_int_equal(ff_opts_defaults(ff_figure_opt_table, &opts, err), FF_OK);
	assert_int_equal(ff_opts_defaults(ff_figure_netbytes.opts, &params, err), FF_OK);
	opts.size = paper->size;
	opts.theme = paper->theme;
	opts.command = "flowfig netbytes --host=198.51.100.7 --view=3d flows.rw -o n.png";
	opts.source = "made up";
	params.view = view;
	params.is_log = height & HEIGHT_LOG;
	params.is_linear = height & HEIGHT_LINEAR;
	return ff_figure_render(out, kind, &ff_figure_netbytes, r, &opts, &params, "{}",
				0, report, err);
}

/* Boxes may touch, and share what rounding leaves. */
static bool boxes_meet(const struct ff_label_box *a, const struct ff_label_box *b)
{
	const double slack = .01;

	return a->x0 < b->x1 - slack && b->x0 < a->x1 - slack && a->y0 < b->y1 - slack &&
	       b->y0 < a->y1 - slack;
}

static void check(const struct ff_layout_report *report, const struct paper *paper,
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
			if (!boxes_meet(a, &report->boxes[k]))
				continue;
			print_error("'%s' meets '%s'\n", a->text, report->boxes[k].text);
			bad = true;
		}
	}
	if (bad)
		fail_msg("seed %u, view %d, %s %s", seed, view, paper->size,
			 paper->theme);
}

static const struct ff_label_box *with_role(const struct ff_layout_report *report,
					    const char *role, size_t nth)
{
	for (size_t i = 0; i < report->count; i++)
		if (strcmp(report->boxes[i].role, role) == 0 && nth-- == 0)
			return &report->boxes[i];
	return NULL;
}

/* Words of the port view stay within their part of the axis: those name the parts'
 * middles. */
static void check_parts(const struct ff_layout_report *report)
{
	for (size_t k = 0; k < 2; k++) {
		const struct ff_label_box *a = with_role(report, "part", k);
		const struct ff_label_box *b = with_role(report, "part", k + 1), *port;

		if (!b)
			return;
		for (size_t i = 0; (port = with_role(report, "port", i)) != NULL; i++) {
			double edge = (a->x0 + a->x1 + b->x0 + b->x1) / 4;

			if (port->x0 < edge && port->x1 > edge)
				fail_msg("'%s' is in two parts", port->text);
		}
	}
}

static void try_result(const struct ff_result *r, unsigned seed,
		       const struct paper *paper, int view, enum ff_canvas_kind kind)
{
	struct ff_layout_report report = {0};
	struct ff_buf out = FF_BUF_INIT;
	struct ff_err err = {0};

	if (render(&out, r, paper, view, (int)(seed % 3), kind, &report, &err) != FF_OK)
		fail_msg("seed %u, view %d, %s: %s", seed, view, paper->size, err.text);
	assert_true(report.count > 2);
	check(&report, paper, seed, view);
	if (view == FF_NETBYTES_PORT)
		check_parts(&report);
	ff_buf_release(&out);
	ff_layout_report_release(&report);
}

/* Results of all shapes on every paper, in the metrics of the trace. */
static void random_layouts_hold(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 40; seed++) {
		struct dice d = {seed};
		struct ff_result r;

		net_random(&r, &d);
		for (size_t p = 0; p < PAPERS; p++)
			for (int view = 0; view < VIEWS; view++)
				try_result(&r, seed, &papers[p], view, FF_CANVAS_TRACE);
		ff_result_release(&r);
	}
}

/* Some with the fonts of this machine. */
static void random_layouts_hold_with_fonts(void **state)
{
	(void)state;
	for (unsigned seed = 200; seed < 210; seed++) {
		struct dice d = {seed};
		struct ff_result r;

		net_random(&r, &d);
		for (int view = 0; view < VIEWS; view++)
			try_result(&r, seed, &papers[seed % PAPERS], view, FF_CANVAS_SVG);
		ff_result_release(&r);
	}
}

static void same_result_same_bytes(void **state)
{
	(void)state;
	for (int view = 0; view < VIEWS; view++) {
		struct ff_buf a = FF_BUF_INIT, b = FF_BUF_INIT;
		struct dice d = {7}, again = {7};
		struct ff_result r, s;

		net_random(&r, &d);
		net_random(&s, &again);
		assert_int_equal(render(&a, &r, &papers[0], view, HEIGHT_AUTO,
					FF_CANVAS_PNG, NULL, NULL),
				 FF_OK);
		assert_int_equal(render(&b, &s, &papers[0], view, HEIGHT_AUTO,
					FF_CANVAS_PNG, NULL, NULL),
				 FF_OK);
		assert_int_equal(a.len, b.len);
		assert_memory_equal(a.data, b.data, a.len);
		ff_buf_release(&a);
		ff_buf_release(&b);
		ff_result_release(&r);
		ff_result_release(&s);
	}
}

/* Numbers at the ends of their types, and the end of time. */
static void extremes_are_drawn(void **state)
{
	static const struct {
		int64_t start;
		uint64_t protocol, port, bytes;
		int64_t bin_ns;
	} rows[] = {
		{0, 6, 0, 0, FF_HOUR},
		{0, 6, 65535, 1, 0},
		{0, 136, 80, UINT64_MAX, FF_HOUR},
		{INT64_MAX - 1, 6, 443, 5, FF_HOUR},
		{INT64_MAX - FF_DAY, 17, 443, UINT64_MAX, -1},
		{-1000 * FF_DAY, 6, 22, 7, FF_DAY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_result r;

		net_init(&r);
		net_cell(&r, rows[i].start, rows[i].protocol, rows[i].port, 1,
			 rows[i].bytes);
		net_attrs(&r, rows[i].bin_ns, "bytes");
		for (int view = 0; view < VIEWS; view++)
			for (size_t p = 0; p < 3; p++)
				try_result(&r, (unsigned)i, &papers[p], view,
					   FF_CANVAS_TRACE);
		ff_result_release(&r);
	}
}

/* Every allocation that a drawing asks for may fail. */
static void every_allocation_may_fail(void **state)
{
	struct dice d = {3};
	struct ff_result r;

	(void)state;
	net_random(&r, &d);
	for (int view = 0; view < VIEWS; view++) {
		for (uint64_t n = 1; n < 3000; n += n < 200 ? 1 : 37) {
			struct ff_buf out = FF_BUF_INIT;
			struct ff_err err = {0};
			int status;

			ff_alloc_fail_after(n);
			status = render(&out, &r, &papers[0], view, HEIGHT_AUTO,
					FF_CANVAS_TRACE, NULL, &err);
			ff_alloc_fail_after(0);
			ff_buf_release(&out);
			if (status == FF_OK)
				break;
			assert_int_equal(status, FF_ENOMEM);
		}
	}
	ff_result_release(&r);
}

/* A linear axis where it shows most ports, a log one where it would not, what was asked
 * for in any case; the axis says which. */
static void the_port_view_chooses_its_heights(void **state)
{
	static const struct {
		uint64_t largest;
		int height;
		bool is_log;
	} rows[] = {
		{50000, HEIGHT_AUTO, false},	{200000, HEIGHT_AUTO, true},
		{200000, HEIGHT_LINEAR, false}, {50000, HEIGHT_LOG, true},
		{50000, HEIGHT_LINEAR, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_layout_report report = {0};
		struct ff_buf out = FF_BUF_INIT;
		const struct ff_label_box *title;
		struct ff_result r;

		net_init(&r);
		net_cell(&r, 0, 6, 22, 1, 100);
		net_cell(&r, 0, 6, 80, 1, 100);
		net_cell(&r, 0, 6, 443, 1, rows[i].largest);
		net_attrs(&r, FF_HOUR, "bytes");
		assert_int_equal(render(&out, &r, &papers[0], FF_NETBYTES_PORT,
					rows[i].height, FF_CANVAS_TRACE, &report, NULL),
				 FF_OK);
		title = with_role(&report, "axis title", 0);
		assert_non_null(title);
		assert_int_equal(strstr(title->text, "log scale") != NULL,
				 rows[i].is_log);
		ff_buf_release(&out);
		ff_layout_report_release(&report);
		if (i == 0)
			assert_int_equal(render(&out, &r, &papers[0], FF_NETBYTES_PORT,
						HEIGHT_LOG | HEIGHT_LINEAR,
						FF_CANVAS_TRACE, NULL, NULL),
					 FF_EUSAGE);
		ff_buf_release(&out);
		ff_result_release(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_layouts_hold),
		cmocka_unit_test(random_layouts_hold_with_fonts),
		cmocka_unit_test(same_result_same_bytes),
		cmocka_unit_test(extremes_are_drawn),
		cmocka_unit_test(the_port_view_chooses_its_heights),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
