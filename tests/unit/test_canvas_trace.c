/* SPDX-License-Identifier: MIT */
/* canvas: the words of a trace, and the numbers of trace and SVG */
#include "unit/canvas_help.h"
#include "canvas/markup.h"
#include "canvas/utf8.h"

#include <math.h>

static void test_lines(void **state)
{
	static const struct ff_point p[] = {{1, 2}, {3.005, -0.001}, {5, 6}, {7, 8}};
	static const uint8_t rgba[4] = {1, 2, 3, 4};
	static const double dash[] = {3, 2};
	const struct ff_color red = {1, 0, 0, 1}, half = {0, 0.5, 1, 0.5};
	const struct ff_gradient gradient = {1, 9, 2, {{0, red}, {.5, half}}};
	const struct ff_cell cell = {1, 2, 3, 4, 1};
	const struct ff_color colors[] = {red, half};
	struct ff_text_style st = {10, FF_SEMIBOLD, red, 1.5, half};
	struct ff_canvas_opts opts = {.kind = FF_CANVAS_TRACE,
				      .width_pt = 200,
				      .height_pt = 100,
				      .background = {1, 1, 1, 1},
				      .title = "T"};
	struct ff_canvas *cv = help_new(&opts);
	struct ff_buf out = FF_BUF_INIT;

	(void)state;
	ff_canvas_note(cv, "marks");
	ff_canvas_polygon(cv, p, 3, red, half, 0.5);
	ff_canvas_polygon(cv, p, 3, red, HELP_NONE, 0.5);
	ff_canvas_polyline(cv, p, 2, red, 1, dash);
	ff_canvas_bezier(cv, p, 4, red, 1);
	ff_canvas_bezier_gradient(cv, p, 4, &gradient, .5, 1);
	ff_canvas_line(cv, 1, 2, 3, 4, red, 1, NULL);
	ff_canvas_rect(cv, 1, 2, -3, 4, half);
	ff_canvas_circle(cv, 1, 2, 3, HELP_NONE, red, 1);
	ff_canvas_text(cv, 1, 2, FF_RIGHT, 45, &st,
		       "a \1"
		       "b\2 \n");
	ff_canvas_clip(cv, p, 3);
	ff_canvas_cells(cv, &cell, 1, colors, 2);
	ff_canvas_unclip(cv);
	ff_canvas_image(cv, 1, 2, 3, 4, rgba, 1, 1);
	help_finish(cv, &out);
	/* the image line ends in a hash of its pixels */
	assert_non_null(strstr(ff_buf_str(&out), "\nimage 1.00 2.00 3.00 4.00 1x1 "));
	*strstr(ff_buf_str(&out), "image") = 0;
	assert_string_equal(
		ff_buf_str(&out),
		"canvas 200.00 100.00 fill #ffffff\n"
		"title \"T\"\n"
		"description \"\"\n"
		"note \"marks\"\n"
		"polygon 1.00 2.00 3.01 0.00 5.00 6.00 fill #ff0000"
		" line #0080ff/80 0.50\n"
		"polygon 1.00 2.00 3.01 0.00 5.00 6.00 fill #ff0000\n"
		"polyline 1.00 2.00 3.01 0.00 line #ff0000 1.00 dash 3.00 2.00\n"
		"bezier 1.00 2.00 3.01 0.00 5.00 6.00 7.00 8.00 line #ff0000 1.00\n"
		"bezier 1.00 2.00 3.01 0.00 5.00 6.00 7.00 8.00 gradient 1.00 9.00"
		" 0.00 #ff0000 0.50 #0080ff alpha 80 1.00\n"
		"line 1.00 2.00 3.00 4.00 line #ff0000 1.00\n"
		"rect -2.00 2.00 3.00 4.00 fill #0080ff/80\n"
		"circle 1.00 2.00 3.00 line #ff0000 1.00\n"
		"text 1.00 2.00 right 45.00 10.00 semibold fill #ff0000"
		" halo #0080ff/80 1.50 \"a <b>b</b> \\x0a\"\n"
		"clip 1.00 2.00 3.01 0.00 5.00 6.00\n"
		"cell 1.00 2.00 3.00 4.00 fill #0080ff/80\n"
		"unclip\n");
	ff_buf_release(&out);
}

static void test_measures(void **state)
{
	static const struct {
		enum ff_weight weight;
		const char *text;
		double width;
	} rows[] = {
		{FF_REGULAR, "", 0},
		{FF_REGULAR, "abcd", 22},
		{FF_BOLD, "abcd", 23.2},
		{FF_REGULAR, "ab\1cd\2", 22.6},
		{FF_REGULAR, "\xe6\x97\xa5\xe6\x9c\xac", 11}, /* code points, not bytes */
		{FF_REGULAR, "\xff\xff", 11},
	};
	struct ff_canvas *cv = help_new_kind(FF_CANVAS_TRACE);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_text_style st = {10, rows[i].weight, HELP_BLACK, 0, HELP_NONE};
		struct ff_extents e = ff_canvas_measure(cv, &st, rows[i].text);

		if (fabs(e.width - rows[i].width) > 1e-9)
			fail_msg("row %zu: %g", i, e.width);
		assert_true(e.ascent == 9.5 && e.descent == 2.5);
	}
	ff_canvas_free(cv);
}

static void test_numbers(void **state)
{
	static const struct {
		double v;
		const char *fixed, *brief;
	} rows[] = {
		{0, "0.00", "0"},
		{-0.0, "0.00", "0"},
		{-0.004, "0.00", "0"},
		{0.005, "0.01", ".01"},
		{-0.005, "-0.01", "-.01"},
		{0.1, "0.10", ".1"},
		{-0.25, "-0.25", "-.25"},
		{1, "1.00", "1"},
		{12.5, "12.50", "12.5"},
		{-99.999, "-100.00", "-100"},
		{508.32, "508.32", "508.32"},
		{200000, "200000.00", "200000"},
		{10.05, "10.05", "10.05"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_buf a = FF_BUF_INIT, b = FF_BUF_INIT;

		ff_put_fixed(&a, ff_hundredths(rows[i].v));
		ff_put_short(&b, ff_hundredths(rows[i].v));
		assert_string_equal(ff_buf_str(&a), rows[i].fixed);
		assert_string_equal(ff_buf_str(&b), rows[i].brief);
		ff_buf_release(&a);
		ff_buf_release(&b);
	}
}

static void test_utf8(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"plain", "plain"},
		{"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
		 "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
		{"\x80", "\xef\xbf\xbd"},
		{"\xc3", "\xef\xbf\xbd"},
		{"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},		  /* overlong */
		{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* surrogate */
		{"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xe2\x82x", "\xef\xbf\xbd\xef\xbf\xbdx"},
		{"\xef\xbf\xbf", "\xef\xbf\xbd"}, /* no character */
		{"a\x01\n\t\x7f", "a\xef\xbf\xbd\n\t\xef\xbf\xbd"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_buf b = FF_BUF_INIT;

		ff_utf8_clean(&b, rows[i].in, strlen(rows[i].in));
		assert_string_equal(ff_buf_str(&b), rows[i].out);
		ff_buf_release(&b);
	}
}

static void test_base64(void **state)
{
	static const char *const rows[][2] = {
		{"", ""},	 {"f", "Zg=="},		 {"fo", "Zm8="},
		{"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_buf b = FF_BUF_INIT;

		ff_put_base64(&b, (const uint8_t *)rows[i][0], strlen(rows[i][0]));
		assert_string_equal(ff_buf_str(&b), rows[i][1]);
		ff_buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),	cmocka_unit_test(test_measures),
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_base64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
