/* SPDX-License-Identifier: MIT */
/* figure/ephemeral: whatever the result, size and theme, no two texts overlap, none
 * leaves the page, none is too small; the same result is the same bytes; counts of ports,
 * bins, silent spans and pixels are those of the slow way. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "ephemeral_help.h"
#include "figure/ephemeral.h"

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

static int render(struct ff_buf *out, const struct ff_result *r,
		  const struct paper *paper, int colour, enum ff_canvas_kind kind,
		  struct ff_layout_report *report, struct ff_err *err)
{
	struct ff_figure_opts opts;
	struct ff_ephemeral_params params = {.colour = colour};

	memset(&opts, 0, sizeof(opts));
	assert_int_equal(ff_opts_defaults(ff_figure_opt_table, &opts, err), FF_OK);
	opts.size = paper->size;
	opts.theme = paper->theme;
	opts.command = "flowfig ephemeral --host=10.0.0.1 flows.rw -o ports.png";
	opts.source = "made up";
	opts.dpi = kind == FF_CANVAS_TRACE ? 100 : 0;
	return ff_figure_render(out, kind, &ff_figure_ephemeral, r, &opts, &params, "{}",
				0, report, err);
}

/* Boxes may touch, and share what rounding leaves. */
static bool boxes_meet(const struct ff_label_box *a, const struct ff_label_box *b)
{
	const double slack = .01;

	return a->x0 < b->x1 - slack && b->x0 < a->x1 - slack && a->y0 < b->y1 - slack &&
	       b->y0 < a->y1 - slack;
}

static void check_boxes(const struct ff_layout_report *report, const struct paper *paper,
			unsigned seed, int colour)
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
		fail_msg("seed %u, colour %d, %s %s", seed, colour, paper->size,
			 paper->theme);
}

static void try_random(unsigned seed, const struct paper *paper, int colour,
		       enum ff_canvas_kind kind)
{
	struct dice d = {seed};
	struct ff_layout_report report = {0};
	struct ff_buf out = FF_BUF_INIT;
	struct ff_err err = {0};
	struct ff_result r;

	trace_any(&r, &d);
	if (render(&out, &r, paper, colour, kind, &report, &err) != FF_OK)
		fail_msg("seed %u, colour %d, %s: %s", seed, colour, paper->size,
			 err.text);
	assert_true(report.count > 3);
	check_boxes(&report, paper, seed, colour);
	ff_buf_release(&out);
	ff_layout_report_release(&report);
	ff_result_release(&r);
}

static void test_random_layouts(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 60; seed++)
		for (size_t p = 0; p < PAPERS; p++)
			try_random(seed, &papers[p], (int)(seed + p) % 3,
				   FF_CANVAS_TRACE);
}

static void test_random_fonts(void **state)
{
	(void)state;
	for (unsigned seed = 200; seed < 220; seed++)
		try_random(seed, &papers[seed % PAPERS], (int)seed % 3, FF_CANVAS_SVG);
}

static void test_same_bytes(void **state)
{
	(void)state;
	for (int kind = FF_CANVAS_PNG; kind <= FF_CANVAS_TRACE; kind++) {
		struct ff_buf a = FF_BUF_INIT, b = FF_BUF_INIT;
		struct ff_result r, s;

		trace_single(&r, TRACE_GATEWAY, 25000, FF_DAY, 5);
		trace_single(&s, TRACE_GATEWAY, 25000, FF_DAY, 5);
		assert_int_equal(render(&a, &r, &papers[1], 0, (enum ff_canvas_kind)kind,
					NULL, NULL),
				 FF_OK);
		assert_int_equal(render(&b, &s, &papers[1], 0, (enum ff_canvas_kind)kind,
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

/* A result that no aggregate would hand on is refused, not drawn. */
static void test_hostile(void **state)
{
	static const char *const wild[] = {NULL, "", ":", "a", "\xff\xfe\x80"};
	struct ff_buf out = FF_BUF_INIT;
	struct ff_result r;

	(void)state;
	trace_single(&r, TRACE_LINUX, 50, FF_DAY, 1);
	r.tables[0].columns[0].v.time[20] = 0;
	assert_int_equal(render(&out, &r, &papers[0], 0, FF_CANVAS_TRACE, NULL, NULL),
			 FF_EFORMAT);
	ff_result_release(&r);
	trace_init(&r, false);
	ff_result_set_text(&r, "host", "10.0.0.1", NULL);
	assert_int_equal(render(&out, &r, &papers[0], 0, FF_CANVAS_TRACE, NULL, NULL),
			 FF_EFORMAT);
	ff_result_release(&r);
	for (size_t i = 0; i < sizeof(wild) / sizeof(wild[0]); i++) {
		struct ff_finding *f;

		trace_single(&r, TRACE_COUNTER, 300, FF_DAY, 1);
		f = &r.findings[0];
		ff_free(f->sentence);
		f->sentence = wild[i] ? ff_strdup(wild[i]) : NULL;
		f->low = i % 2 ? UINT64_MAX : 0;
		f->high = UINT64_MAX;
		f->numbers[0].name = "thread_s";
		f->numbers[0].value = i % 2 ? NAN : 1e300;
		f = sample_finding(&r, "wrap", 0, 0, 0);
		f->from_ns = i % 2 ? INT64_MIN : INT64_MAX;
		assert_int_equal(
			render(&out, &r, &papers[0], 0, FF_CANVAS_TRACE, NULL, NULL),
			FF_OK);
		ff_result_release(&r);
	}
	/* times at both ends of the calendar */
	trace_init(&r, false);
	trace_row(&r, INT64_MIN, 0, 1024, 6, 1, 80);
	trace_row(&r, INT64_MAX, 0, 65535, 17, 1, 53);
	ff_result_set_text(&r, "host", "10.0.0.1", NULL);
	assert_int_equal(render(&out, &r, &papers[0], 0, FF_CANVAS_TRACE, NULL, NULL),
			 FF_OK);
	ff_result_release(&r);
	trace_init(&r, false);
	trace_row(&r, INT64_MAX, 0, 1024, 6, 1, 80);
	ff_result_set_text(&r, "host", "10.0.0.1", NULL);
	assert_int_equal(render(&out, &r, &papers[0], 0, FF_CANVAS_TRACE, NULL, NULL),
			 FF_OK);
	ff_result_release(&r);
	ff_buf_release(&out);
}

static void test_no_memory(void **state)
{
	(void)state;
	for (int round = 0; round < 4; round++) {
		struct dice d = {(unsigned)round};
		struct ff_result r;

		if (round == 0)
			trace_single(&r, TRACE_GATEWAY, 21000, FF_DAY, 5);
		else
			trace_any(&r, &d);
		for (uint64_t n = 1; n < 3000; n += n < 150 ? 1 : 37) {
			struct ff_buf out = FF_BUF_INIT;
			struct ff_err err = {0};
			int status;

			ff_alloc_fail_after(n);
			status = render(&out, &r, &papers[5], round % 3, FF_CANVAS_TRACE,
					NULL, &err);
			ff_alloc_fail_after(0);
			ff_buf_release(&out);
			if (status == FF_OK)
				break;
			assert_int_equal(status, FF_ENOMEM);
		}
		ff_result_release(&r);
	}
}

/* ---- numbers ---- */

static void check_host(const struct ff_ephemeral_data *d,
		       const struct ff_ephemeral_host *h)
{
	struct ff_ephemeral_ports *p;
	struct ff_ephemeral_strip s;
	struct ff_ephemeral_gap gaps[8];
	const struct ff_table *t = &d->result->tables[0];
	const struct ff_column *host = ff_table_column(t, "host");
	uint64_t flows = 0, udp = 0, even = 0, tested = 0, low = 0, sum = 0, evens = 0;
	size_t ngaps = ff_ephemeral_gaps(gaps, 8, d, h);

	assert_int_equal(ff_ephemeral_ports_new(&p, d, h, NULL), FF_OK);
	assert_int_equal(ff_ephemeral_strip_init(&s, d, h, FF_HOUR / 2, 60, NULL), FF_OK);
	assert_true(s.count <= 60);
	for (size_t i = 0; i < t->rows; i++) {
		unsigned sport = ff_ephemeral_sport(d, i);
		int64_t at = d->time[i];
		bool is_udp = ff_ephemeral_is_udp(d, i);
		size_t bin;

		if (host && host->v.v4[i] != ff_addr_to_v4(&h->addr))
			continue;
		flows++;
		udp += is_udp;
		even += !is_udp && sport % 2 == 0;
		low += sport >= 1024 && sport <= 49151;
		bin = (size_t)(((double)at - (double)s.start) / (double)s.width);
		assert_true(bin < s.count && s.flows[bin] > 0);
		/* no flow within a silent span */
		for (size_t k = 0; k < ngaps; k++)
			assert_true(at <= gaps[k].from || at >= gaps[k].to);
	}
	assert_int_equal(h->count, flows);
	assert_int_equal(h->udp, udp);
	assert_int_equal(h->even, even);
	assert_int_equal(ff_ephemeral_ports_sum(p, 0, 65535), flows);
	assert_int_equal(ff_ephemeral_ports_sum(p, 1024, 49151), low);
	for (size_t i = 0; i < s.count; i++) {
		sum += s.flows[i];
		tested += s.tested[i];
		evens += s.even[i];
		assert_true(s.flows[i] <= s.most && s.even[i] <= s.tested[i] &&
			    s.tested[i] <= s.flows[i]);
	}
	assert_int_equal(sum, flows);
	assert_int_equal(tested, s.is_tcp ? flows - udp : flows);
	if (s.is_tcp)
		assert_int_equal(evens, even);
	ff_ephemeral_strip_release(&s);
	ff_free(p);
}

static void test_counts(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < 80; seed++) {
		struct dice d = {seed};
		struct ff_ephemeral_data data;
		struct ff_result r;
		struct ff_err err = {0};

		trace_any(&r, &d);
		/* rows of several hosts may stand in any order of hosts */
		if (ff_ephemeral_data_init(&data, &r, &err) != FF_OK)
			fail_msg("seed %u: %s", seed, err.text);
		for (size_t i = 0; i < data.nhosts; i++)
			check_host(&data, &data.hosts[i]);
		ff_ephemeral_data_release(&data);
		ff_result_release(&r);
	}
}

static void test_zoom(void **state)
{
	static const struct {
		enum trace_kind kind;
		unsigned low, high;
	} cases[] = {{TRACE_LINUX, 32000, 61000},
		     {TRACE_COUNTER, 48000, 66000},
		     {TRACE_RANDOM, 0, 65536}};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct ff_ephemeral_data data;
		struct ff_ephemeral_ports *p;
		struct ff_result r;
		unsigned low, high;

		trace_single(&r, cases[i].kind, 2000, FF_DAY, 3);
		assert_int_equal(ff_ephemeral_data_init(&data, &r, NULL), FF_OK);
		assert_int_equal(ff_ephemeral_ports_new(&p, &data, &data.hosts[0], NULL),
				 FF_OK);
		ff_ephemeral_zoom(p, data.hosts[0].count, &low, &high);
		assert_int_equal(low, cases[i].low);
		assert_int_equal(high, cases[i].high);
		ff_free(p);
		ff_ephemeral_data_release(&data);
		ff_result_release(&r);
	}
}

/* Every flow is a whole mark: the pixels of a plot sum to flows x mark x mark. */
static void test_whole_marks(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed < 7; seed++) {
		/* a PDF has pixels of its own, whatever the paper's */
		const struct ff_canvas_opts paper = {.kind = seed > 4 ? FF_CANVAS_PDF
								      : FF_CANVAS_TRACE,
						     .width_pt = 300,
						     .height_pt = 200};
		unsigned mark = seed > 4 ? 2 : 3;
		struct ff_figure_opts opts;
		struct ff_ephemeral_params params = {.colour = (int)seed % 3};
		struct ff_ephemeral *e = ff_calloc(1, sizeof(*e));
		struct ff_ephemeral_plot p = {.e = e,
					      .low = 0,
					      .high = FF_PORTS,
					      .box = {10.1, 20.3, 210.7, 150.2}};
		struct ff_result r;
		uint64_t sum = 0;

		memset(&opts, 0, sizeof(opts));
		trace_single(&r, (enum trace_kind)((seed - 1) % 4), 30000, FF_DAY, seed);
		assert_int_equal(ff_canvas_new(&e->cv, &paper, NULL), FF_OK);
		e->opts = &opts;
		e->params = &params;
		e->k = 1;
		e->theme.dpi = 300;
		assert_int_equal(ff_ephemeral_data_init(&e->data, &r, NULL), FF_OK);
		assert_int_equal(ff_ephemeral_classes_init(&e->classes, e, NULL), FF_OK);
		p.host = &e->data.hosts[0];
		p.t0 = p.host->t0;
		p.t1 = p.host->t1;
		assert_int_equal(ff_ephemeral_plot_init(&p, NULL), FF_OK);
		assert_true(p.is_dense && p.outside == 0 && p.mark == mark);
		assert_true(fabs(p.px - 72.0 / (seed > 4 ? 200 : 300)) < 1e-9);
		/* on whole pixels */
		assert_true(fabs(p.box.x0 / p.px - round(p.box.x0 / p.px)) < 1e-6);
		for (size_t k = 0; k < e->classes.count; k++) {
			uint64_t of_class = 0;

			for (size_t i = 0;
			     i < (size_t)p.grids[k].width * p.grids[k].height; i++)
				of_class += p.grids[k].count[i];
			assert_int_equal(of_class, mark * mark * e->classes.at[k].flows);
			sum += of_class;
		}
		assert_int_equal(sum, mark * mark * 30000);
		ff_canvas_free(e->cv);
		ff_ephemeral_plot_release(&p);
		ff_ephemeral_data_release(&e->data);
		ff_result_release(&r);
		ff_free(e);
	}
}

/* Destinations by flows, then by address; the rest is told. */
static void test_classes(void **state)
{
	struct ff_ephemeral *e = ff_calloc(1, sizeof(*e));
	struct ff_ephemeral_params params = {.colour = FF_EPHEMERAL_DEST};
	struct ff_result r;
	uint64_t flows[40] = {0}, sum = 0;

	(void)state;
	trace_single(&r, TRACE_LINUX, 3000, FF_DAY, 8);
	e->params = &params;
	assert_int_equal(ff_ephemeral_data_init(&e->data, &r, NULL), FF_OK);
	assert_int_equal(ff_ephemeral_classes_init(&e->classes, e, NULL), FF_OK);
	assert_int_equal(e->classes.count, 6);
	for (size_t i = 0; i < 3000; i++)
		flows[r.tables[0].columns[3].v.v4[i] - 0xc6336400]++;
	for (size_t k = 0; k < 5; k++) {
		uint32_t addr = ff_addr_to_v4(&e->classes.at[k].daddr) - 0xc6336400;

		assert_int_equal(e->classes.at[k].flows, flows[addr]);
		flows[addr] = 0;
		for (size_t i = 0; i < 40; i++)
			assert_true(flows[i] <= e->classes.at[k].flows);
		sum += e->classes.at[k].flows;
	}
	assert_int_equal(e->classes.at[5].flows, 3000 - sum);
	ff_ephemeral_data_release(&e->data);
	ff_result_release(&r);
	ff_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_layouts),
		cmocka_unit_test(test_random_fonts),
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_zoom),
		cmocka_unit_test(test_whole_marks),
		cmocka_unit_test(test_classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
