/* SPDX-License-Identifier: MIT */
/* figure/contact, surface view: whatever the result, style, size and theme, no two texts
 * overlap, none leaves the page, none is too small; every text drawn was placed by the
 * layout; on the usual papers no block covers a text beside the surface; same result,
 * same bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "contact_help.h"
#include "figure/contact.h"

static const struct paper {
	const char *size, *theme, *marking;
	double least_pt;
	bool is_usual;
} papers[] = {
	{"page", "print", NULL, 7, true},
	{"column", "print", NULL, 7, true},
	{"slide", "print", "TLP:AMBER", 12, true},
	{"slide", "dark", NULL, 12, true},
	{"column", "dark", "TLP:RED", 7, true},
	{"page", "slide", NULL, 12, false},
	{"90x70mm", "print", NULL, 7, false},
	{"2x1.5in", "print", "TLP:RED", 7, false},
	{"12x12in", "print", NULL, 7, false},
	{"300x1000pt", "dark", NULL, 7, false},
	{"1600x400px", "print", NULL, 7, false},
	{"40x30in", "dark", NULL, 7, false},
};
enum { PAPERS = sizeof(papers) / sizeof(papers[0]) };

static const struct ff_contact_params variants[] = {
	{.style = FF_CONTACT_BLOCKS},
	{.style = FF_CONTACT_RIDGES},
	{.style = FF_CONTACT_BLOCKS, .is_density = true},
	{.style = FF_CONTACT_BLOCKS, .azimuth = 55, .elevation = 30},
	{.style = FF_CONTACT_BLOCKS, .azimuth = 5, .elevation = 80},
};
enum { VARIANTS = sizeof(variants) / sizeof(variants[0]) };

static int surface_render(struct ff_buf *out, const struct ff_result *r,
			  const struct paper *paper,
			  const struct ff_contact_params *params,
			  enum ff_canvas_kind kind, struct ff_layout_report *report,
			  struct ff_err *err)
{
	struct ff_figure_opts opts;

	memset(&opts, 0, sizeof(opts));
	assert_int_equal(ff_opts_defaults(ff_figure_opt_table, &opts, err), FF_OK);
	opts.size = paper->size;
	opts.theme = paper->theme;
	opts.marking = paper->marking;
	opts.command =
		"flowfig contact --inside=10.0.0.0/8 --bin=1h flows.rw -o surface.png";
	opts.source = "made up";
	opts.dpi = kind == FF_CANVAS_PNG ? 60 : 0;
	return ff_figure_render(out, kind, &ff_figure_contact, r, &opts, params, "{}", 0,
				report, err);
}

/* ---- boxes against boxes ---- */

static bool surface_check_boxes(const struct ff_layout_report *report, double least_pt)
{
	bool good = report->min_text_pt >= least_pt - 1e-6;

	for (size_t i = 0; i < report->count; i++) {
		const struct ff_label_box *a = &report->boxes[i];

		if (a->x0 < 0 || a->y0 < 0 || a->x1 > report->width_pt ||
		    a->y1 > report->height_pt) {
			print_error("'%s' leaves the page\n", a->text);
			good = false;
		}
		for (size_t k = 0; k < i; k++) {
			const struct ff_label_box *b = &report->boxes[k];

			if (a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 &&
			    b->y0 < a->y1) {
				print_error("'%s' meets '%s'\n", a->text, b->text);
				good = false;
			}
		}
	}
	return good;
}

/* ---- boxes against blocks: separating axes of a rectangle and a convex polygon ---- */

struct shape {
	double x[8], y[8];
	int n;
};

static void surface_extent(const struct shape *s, double ax, double ay, double *low,
			   double *high)
{
	*low = HUGE_VAL;
	*high = -HUGE_VAL;
	for (int i = 0; i < s->n; i++) {
		double at = s->x[i] * ax + s->y[i] * ay;

		*low = fmin(*low, at);
		*high = fmax(*high, at);
	}
}

static bool surface_apart(const struct shape *a, const struct shape *b)
{
	for (int i = 0; i < a->n; i++) {
		int k = (i + 1) % a->n;
		double ax = a->y[k] - a->y[i], ay = a->x[i] - a->x[k], l0, h0, l1, h1;

		surface_extent(a, ax, ay, &l0, &h0);
		surface_extent(b, ax, ay, &l1, &h1);
		if (h0 <= l1 || h1 <= l0)
			return true;
	}
	return false;
}

/* A polygon line of the trace: "polygon x y x y ... fill ...". */
static bool surface_parse(struct shape *s, const char *line)
{
	const char *p = line + strlen("polygon");

	s->n = 0;
	while (s->n < 8) {
		char *end;
		double x = strtod(p, &end), y;

		if (end == p)
			break;
		y = strtod(p = end, &end);
		if (end == p)
			break;
		p = end;
		s->x[s->n] = x;
		s->y[s->n++] = y;
	}
	return s->n >= 3;
}

/* Texts that belong beside the surface are clear of floor and blocks by .2 pt. */
static bool surface_check_blocks(const struct ff_layout_report *report, const char *trace)
{
	bool good = true, is_marks = false;

	for (const char *line = trace; line && *line;) {
		const char *next = strchr(line, '\n');
		struct shape poly;

		if (strncmp(line, "note ", 5) == 0)
			is_marks = strncmp(line, "note \"blocks\"", 13) == 0 ||
				   strncmp(line, "note \"floor\"", 12) == 0;
		if (is_marks && strncmp(line, "polygon ", 8) == 0 &&
		    surface_parse(&poly, line)) {
			for (size_t i = 0; i < report->count; i++) {
				const struct ff_label_box *b = &report->boxes[i];
				struct shape rect = {
					{b->x0 + .2, b->x1 - .2, b->x1 - .2, b->x0 + .2},
					{b->y0 + .2, b->y0 + .2, b->y1 - .2, b->y1 - .2},
					4};

				if (strcmp(b->role, "wall") == 0 ||
				    surface_apart(&rect, &poly) ||
				    surface_apart(&poly, &rect))
					continue;
				print_error("'%s' (%s) under a mark: %.*s\n", b->text,
					    b->role, (int)(next ? next - line : 60),
					    line);
				good = false;
			}
		}
		line = next ? next + 1 : NULL;
	}
	return good;
}

/* Every text of the trace is one that the layout placed. */
static bool surface_check_texts(const struct ff_layout_report *report, const char *trace)
{
	size_t texts = 0;

	for (const char *p = trace; (p = strstr(p, "\ntext ")) != NULL; p++)
		texts++;
	return texts == report->count;
}

static void surface_try(unsigned seed, const struct paper *paper, int variant,
			enum ff_canvas_kind kind)
{
	struct dice d = {seed};
	struct ff_layout_report report = {0};
	struct ff_buf out = FF_BUF_INIT;
	struct ff_err err = {0};
	struct ff_result r;
	bool good;

	sample_random(&r, &d);
	if (surface_render(&out, &r, paper, &variants[variant], kind, &report, &err) !=
	    FF_OK)
		fail_msg("seed %u, %s: %s", seed, paper->size, err.text);
	good = report.count > 3 && surface_check_boxes(&report, paper->least_pt);
	if (kind == FF_CANVAS_TRACE) {
		good = surface_check_texts(&report, ff_buf_str(&out)) && good;
		if (paper->is_usual && variant != 3)
			good = surface_check_blocks(&report, ff_buf_str(&out)) && good;
	}
	if (!good)
		fail_msg("seed %u, variant %d, %s %s", seed, variant, paper->size,
			 paper->theme);
	ff_buf_release(&out);
	ff_layout_report_release(&report);
	ff_result_release(&r);
}

/* A hundred results on every paper, in the metrics of the trace; the other styles in
 * turn. */
static void test_random_layouts(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 100; seed++)
		for (unsigned p = 0; p < PAPERS; p++) {
			surface_try(seed, &papers[p], 0, FF_CANVAS_TRACE);
			surface_try(seed, &papers[p],
				    1 + (int)((seed + p) % (VARIANTS - 1)),
				    FF_CANVAS_TRACE);
		}
}

/* Some with the fonts of this machine, on every canvas. */
static void test_random_fonts(void **state)
{
	static const enum ff_canvas_kind kinds[] = {FF_CANVAS_SVG, FF_CANVAS_PNG,
						    FF_CANVAS_PDF};

	(void)state;
	for (unsigned seed = 200; seed < 224; seed++)
		surface_try(seed, &papers[seed % PAPERS], (int)(seed % VARIANTS),
			    kinds[seed % 3]);
}

static void test_same_bytes(void **state)
{
	(void)state;
	for (int variant = 0; variant < VARIANTS; variant++) {
		struct ff_buf a = FF_BUF_INIT, b = FF_BUF_INIT;
		struct dice d = {7}, again = {7};
		struct ff_result r, s;

		sample_random(&r, &d);
		sample_random(&s, &again);
		assert_int_equal(surface_render(&a, &r, &papers[0], &variants[variant],
						FF_CANVAS_TRACE, NULL, NULL),
				 FF_OK);
		assert_int_equal(surface_render(&b, &s, &papers[0], &variants[variant],
						FF_CANVAS_TRACE, NULL, NULL),
				 FF_OK);
		assert_int_equal(a.len, b.len);
		assert_memory_equal(a.data, b.data, a.len);
		ff_buf_release(&a);
		ff_buf_release(&b);
		ff_result_release(&r);
		ff_result_release(&s);
	}
}

/* Small, large, strange: always a picture. */
static void test_odd_results(void **state)
{
	static const struct {
		int64_t bin_ns, start;
		uint64_t bins, step, nmax, sources;
	} rows[] = {
		{FF_HOUR, 0, 1, 1, 1, 1},
		{FF_HOUR, 0, 2, 1, 1, 1},
		{FF_HOUR, 0, 2, 100000, 9, 5},
		{0, 5, 1, 1, 70000, 900},
		{-1, 0, 1, 1, 3, 1},
		{FF_MS, 12345678 * FF_MS, 90, 1, 20, 2},
		{FF_SEC, 0, 2, 600000000, 5, 1},
		{FF_HOUR, 0, 3, 1, UINT64_MAX, 1},
		{FF_HOUR, 0, 3, 1, 9, UINT64_MAX / 8},
		{FF_DAY, -30000 * FF_DAY, 400, 7, 300, 4},
		{FF_HOUR, INT64_MAX / FF_HOUR * FF_HOUR, 1, 1, 20, 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_result r;

		sample_init(&r);
		for (uint64_t k = 0; k < rows[i].bins; k++) {
			int64_t at = rows[i].start +
				     (int64_t)(k * rows[i].step) *
					     (rows[i].bin_ns > 0 ? rows[i].bin_ns : 0);

			sample_row(&r, 0, at, 1, rows[i].sources);
			if (rows[i].nmax > 1)
				sample_row(&r, 0, at, rows[i].nmax, 1);
			sample_row(&r, 1, at, 5, 5);
		}
		sample_attrs(&r, rows[i].bin_ns, "2001:db8::/32", "");
		for (unsigned p = 0; p < PAPERS; p++) {
			struct ff_layout_report report = {0};
			struct ff_buf out = FF_BUF_INIT;
			struct ff_err err = {0};

			if (surface_render(&out, &r, &papers[p], &variants[0],
					   FF_CANVAS_TRACE, &report, &err) != FF_OK)
				fail_msg("row %zu: %s", i, err.text);
			if (!surface_check_boxes(&report, papers[p].least_pt))
				fail_msg("row %zu, %s", i, papers[p].size);
			/* no number of the drawing is none */
			assert_null(strstr(ff_buf_str(&out), "nan"));
			assert_null(strstr(ff_buf_str(&out), "inf "));
			ff_buf_release(&out);
			ff_layout_report_release(&report);
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
	for (int variant = 0; variant < 2; variant++) {
		for (uint64_t n = 1;; n += 1 + n / 6) {
			struct ff_buf out = FF_BUF_INIT;
			struct ff_err err = {0};
			int status;

			ff_alloc_fail_after(n);
			status = surface_render(&out, &r, &papers[0], &variants[variant],
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_layouts),
		cmocka_unit_test(test_random_fonts),
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_odd_results),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
