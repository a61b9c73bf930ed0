/* SPDX-License-Identifier: MIT */
/* canvas: every operation on every backend, the sticky error, limits, failing memory */
#include "unit/canvas_help.h"

#include <math.h>

static const enum ff_canvas_kind ops_kinds[] = {FF_CANVAS_PNG, FF_CANVAS_SVG,
						FF_CANVAS_PDF, FF_CANVAS_TRACE};
static const char *const ops_heads[] = {"\x89PNG", "<?xml", "%PDF-",
					"canvas 200.00 100.00"};

static void test_every_operation(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct ff_buf file = FF_BUF_INIT;

		help_draw_file(&file, ops_kinds[i]);
		assert_true(file.len > 500);
		assert_memory_equal(file.data, ops_heads[i], strlen(ops_heads[i]));
		ff_buf_release(&file);
	}
}

/* Whatever is drawn, the SVG holds no character that XML forbids. */
static void test_svg_characters(void **state)
{
	struct ff_buf file = FF_BUF_INIT;

	(void)state;
	help_draw_file(&file, FF_CANVAS_SVG);
	for (size_t i = 0; i < file.len; i++)
		assert_true(file.data[i] >= 0x20 || file.data[i] == '\n');
	assert_null(strstr(ff_buf_str(&file), "\xef\xbf\xbe"));
	assert_non_null(
		strstr(ff_buf_str(&file), "aria-label=\"n = 1: 93 % of 61,234\""));
	ff_buf_release(&file);
}

/* Equal gradients are defined once; what lies between or under is no hindrance. */
static void test_svg_gradients(void **state)
{
	static const struct ff_point p[] = {{10, 10}, {20, 10}, {20, 20}, {30, 30}};
	struct ff_gradient g[2] = {{0, 9, 2, {{0, {0, 0, 1, 1}}, {1, {1, 0, 0, 1}}}}};
	struct ff_canvas *cv = help_new_kind(FF_CANVAS_SVG);
	struct ff_buf file = FF_BUF_INIT;
	size_t defined = 0;

	(void)state;
	g[1] = g[0];
	g[1].stops[1].color.r = .5;
	for (int i = 0; i < 9; i++)
		ff_canvas_bezier_gradient(cv, p, 4, &g[i % 2], .1 * i, 1 + i % 3);
	help_finish(cv, &file);
	for (const char *s = ff_buf_str(&file); (s = strstr(s, "<linearGradient")); s++)
		defined++;
	assert_int_equal(defined, 2);
	ff_buf_release(&file);
}

static void test_nothing_drawn(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct ff_canvas_opts opts = help_opts;
		struct ff_buf file = FF_BUF_INIT;

		opts.kind = ops_kinds[i];
		opts.title = opts.description = opts.provenance = NULL;
		help_finish(help_new(&opts), &file);
		assert_true(file.len > 40);
		ff_buf_release(&file);
	}
}

static void test_appends(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct ff_buf file = FF_BUF_INIT;

		ff_buf_adds(&file, "before");
		help_draw_file(&file, ops_kinds[i]);
		assert_memory_equal(file.data, "before", 6);
		assert_memory_equal(file.data + 6, ops_heads[i], strlen(ops_heads[i]));
		ff_buf_release(&file);
	}
}

/* What is invisible, empty or off the page is no error and leaves the file as it was. */
static void test_draws_nothing(void **state)
{
	static const struct ff_point p[] = {
		{-9000, -9000}, {-8000, -9000}, {-8500, -8000}};
	static const struct ff_point q[] = {{10, 10}, {20, 10}, {20, 20}, {30, 30}};
	static const struct ff_gradient gradient = {
		0, 9, 2, {{0, {0, 0, 1, 1}}, {1, {1, 0, 0, 1}}}};
	struct ff_text_style st = {8, FF_REGULAR, {0, 0, 0, 1}, 0, {1, 1, 1, 1}};
	struct ff_buf empty = FF_BUF_INIT, file = FF_BUF_INIT;
	struct ff_canvas *cv = help_new_kind(FF_CANVAS_PNG);

	(void)state;
	help_finish(help_new_kind(FF_CANVAS_PNG), &empty);
	ff_canvas_polygon(cv, p, 3, HELP_BLACK, HELP_BLACK, 1);
	ff_canvas_polygon(cv, p, 0, HELP_BLACK, HELP_BLACK, 1);
	ff_canvas_polyline(cv, p, 1, HELP_BLACK, 1, NULL);
	ff_canvas_polyline(cv, p, 3, HELP_BLACK, 0, NULL);
	ff_canvas_bezier(cv, p, 1, HELP_BLACK, 1);
	ff_canvas_bezier_gradient(cv, p, 1, &gradient, 1, 1);
	ff_canvas_bezier_gradient(cv, q, 4, &gradient, 0, 1);
	ff_canvas_bezier_gradient(cv, q, 4, &gradient, 1, 0);
	ff_canvas_rect(cv, 300, 10, 10, 10, HELP_BLACK);
	ff_canvas_rect(cv, 10, 10, 10, 10, HELP_NONE);
	ff_canvas_line(cv, 10, 10, 20, 20, HELP_NONE, 1, NULL);
	ff_canvas_circle(cv, 10, 10, 0, HELP_BLACK, HELP_BLACK, 1);
	ff_canvas_circle(cv, -50, 10, 3, HELP_BLACK, HELP_BLACK, 1);
	ff_canvas_text(cv, 10, 10, FF_LEFT, 0, &st, "");
	ff_canvas_text(cv, 10, 10, FF_LEFT, 0, &st, "\1\2");
	st.size_pt = 0;
	ff_canvas_text(cv, 10, 10, FF_LEFT, 0, &st, "x");
	ff_canvas_image(cv, 10, 10, 10, 10, NULL, 0, 0);
	ff_canvas_cells(cv, NULL, 0, NULL, 0);
	help_finish(cv, &file);
	assert_int_equal(file.len, empty.len);
	assert_memory_equal(file.data, empty.data, file.len);
	ff_buf_release(&file);
	ff_buf_release(&empty);
}

static void test_sticky_error(void **state)
{
	static const double bad[] = {NAN, INFINITY, -INFINITY, 1e9};
	struct ff_text_style st = {8, FF_REGULAR, {0, 0, 0, 1}, 0, {1, 1, 1, 1}};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct ff_canvas *cv = help_new_kind(ops_kinds[i]);
		const struct ff_point p[] = {{0, 0}, {1, bad[i]}, {2, 2}};
		struct ff_buf file = FF_BUF_INIT;
		struct ff_err err = {FF_OK, ""};

		ff_canvas_clip(cv, p, 3);
		help_draw_all(cv);
		assert_true(ff_canvas_measure(cv, &st, "words").width == 0);
		ff_canvas_unclip(cv);
		assert_int_equal(ff_canvas_finish(cv, &file, &err), FF_EUSAGE);
		assert_int_equal(err.status, FF_EUSAGE);
		assert_non_null(strstr(err.text, "coordinate"));
		assert_int_equal(file.len, 0);
		ff_canvas_free(cv);
	}
}

static void test_opts(void **state)
{
	static const struct {
		double width, height, dpi;
		int status;
	} rows[] = {
		{0, 100, 144, FF_EUSAGE},     {100, NAN, 144, FF_EUSAGE},
		{100, 100, 0, FF_EUSAGE},     {100, 100, 1e6, FF_EUSAGE},
		{20000, 100, 144, FF_EUSAGE}, {14400, 100, 300, FF_ELIMIT},
		{7200, 7200, 300, FF_ELIMIT}, {1, 1, 1, FF_OK},
		{100, -5, 144, FF_EUSAGE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_canvas_opts opts = help_opts;
		struct ff_canvas *cv = NULL;
		struct ff_err err = {FF_OK, ""};

		opts.width_pt = rows[i].width;
		opts.height_pt = rows[i].height;
		opts.dpi = rows[i].dpi;
		if (ff_canvas_new(&cv, &opts, &err) != rows[i].status)
			fail_msg("row %zu: %s", i, err.text);
		assert_true((cv != NULL) == (rows[i].status == FF_OK));
		ff_canvas_free(cv);
	}
	ff_canvas_free(NULL);
}

/* Each allocation fails in turn: an error or a whole file, never a crash. */
static void test_failing_memory(void **state)
{
	(void)state;
	ff_alloc_fail_after(0);
	ff_free(ff_alloc(1, 1));
	if (ff_alloc_fail_after(0) == 0)
		skip();
	for (size_t i = 0; i < 4; i++) {
		int status = FF_ENOMEM;

		for (uint64_t n = 1; status != FF_OK && n < 100000; n++) {
			struct ff_canvas_opts opts = help_opts;
			struct ff_buf file = FF_BUF_INIT;
			struct ff_err err = {FF_OK, ""};
			struct ff_canvas *cv = NULL;

			opts.kind = ops_kinds[i];
			ff_alloc_fail_after(n);
			status = ff_canvas_new(&cv, &opts, &err);
			if (status == FF_OK) {
				help_draw_all(cv);
				status = ff_canvas_finish(cv, &file, &err);
			}
			ff_alloc_fail_after(0);
			if (status != FF_OK)
				assert_int_equal(err.status, FF_ENOMEM);
			ff_canvas_free(cv);
			ff_buf_release(&file);
		}
		assert_int_equal(status, FF_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_operation),
		cmocka_unit_test(test_nothing_drawn),
		cmocka_unit_test(test_svg_characters),
		cmocka_unit_test(test_svg_gradients),
		cmocka_unit_test(test_appends),
		cmocka_unit_test(test_draws_nothing),
		cmocka_unit_test(test_sticky_error),
		cmocka_unit_test(test_opts),
		cmocka_unit_test(test_failing_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
