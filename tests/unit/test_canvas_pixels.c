/* SPDX-License-Identifier: MIT */
/* canvas: what stands in the pixels of a PNG file; 2 pixels are 1 point */
#include "unit/canvas_help.h"

#include <math.h>
#include <stdlib.h>

static struct help_pixels px;

static const struct ff_color red = {1, 0, 0, 1}, blue = {0, 0, 1, 1};

static void pixels_finish(struct ff_canvas *cv)
{
	struct ff_buf file = FF_BUF_INIT;

	help_finish(cv, &file);
	help_decode(&px, &file);
	ff_buf_release(&file);
}

/* Every pixel is `in` within [x0, x1) x [y0, y1) and white elsewhere. */
static void pixels_expect(unsigned x0, unsigned y0, unsigned x1, unsigned y1, uint32_t in)
{
	for (unsigned y = 0; y < 200; y++) {
		for (unsigned x = 0; x < 400; x++) {
			bool inside = x >= x0 && x < x1 && y >= y0 && y < y1;

			if (help_pixel(&px, x, y) != (inside ? in : 0xffffff))
				fail_msg("pixel %u, %u is %06x", x, y,
					 (unsigned)help_pixel(&px, x, y));
		}
	}
}

static void test_rect(void **state)
{
	static const struct {
		double x, y, w, h;
		unsigned x0, y0, x1, y1;
	} rows[] = {
		{10, 10, 5, 5, 20, 20, 30, 30},
		{10.2, 10.3, 5, 5, 20, 21, 30, 31},  /* 20.4..30.4, 20.6..30.6 */
		{10.1, 10, 0.01, 5, 20, 20, 21, 30}, /* never nothing */
		{10.45, 10, 0, 0, 20, 20, 21, 21},
		{15, 15, -5, -5, 20, 20, 30, 30},
		{-10, -10, 15, 15, 0, 0, 10, 10},
		{195, 95, 100, 100, 390, 190, 400, 200},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_canvas *cv = help_new(&help_opts);

		ff_canvas_rect(cv, rows[i].x, rows[i].y, rows[i].w, rows[i].h, red);
		pixels_finish(cv);
		pixels_expect(rows[i].x0, rows[i].y0, rows[i].x1, rows[i].y1, 0xff0000);
	}
}

/* A thick straight one: blue left of the gradient, red right of it, between them half and
 * half; and a transparent one over white. */
static void test_gradient(void **state)
{
	static const struct ff_point p[] = {{10, 50}, {70, 50}, {130, 50}, {190, 50}};
	const struct ff_gradient g = {50, 150, 2, {{0, blue}, {1, red}}};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct ff_canvas *cv = help_new(&help_opts);
		unsigned white = i ? 127 : 0;
		uint32_t middle;

		ff_canvas_bezier_gradient(cv, p, 4, &g, i ? .5 : 1, 4);
		pixels_finish(cv);
		assert_in_range(help_pixel(&px, 60, 100) >> 16, white, white + 1);
		assert_in_range(help_pixel(&px, 60, 100) & 0xff, 254, 255);
		assert_in_range(help_pixel(&px, 340, 100) & 0xff, white, white + 1);
		assert_int_equal(help_pixel(&px, 60, 90), 0xffffff);
		assert_int_equal(help_pixel(&px, 10, 100), 0xffffff);
		middle = help_pixel(&px, 200, 100);
		assert_in_range(middle >> 16, i ? 190 : 126, i ? 193 : 130);
		assert_in_range(middle & 0xff, i ? 190 : 126, i ? 193 : 130);
	}
}

/* The ink of a stroke is its length times its width, whatever its slope and wherever it
 * crosses the edges of bands; parts off the page are cut. */
static void test_stroke_area(void **state)
{
	static const double rows[][5] = {
		/* x0 y0 x1 y1 width, points */
		{20, 20, 180, 80, 1},	{20, 80, 180, 20, .3}, {100, 5, 101, 95, 2},
		{20, 31, 180, 33, .15}, {100, 95, 30, 5, 6},   {180, 50, 20, 50.1, .5},
	};
	const struct ff_gradient g = {0, 1, 2, {{0, HELP_BLACK}, {1, HELP_BLACK}}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const double *r = rows[i];
		const struct ff_point p[] = {
			{r[0], r[1]},
			{r[0] + (r[2] - r[0]) / 3, r[1] + (r[3] - r[1]) / 3},
			{r[2] - (r[2] - r[0]) / 3, r[3] - (r[3] - r[1]) / 3},
			{r[2], r[3]}};
		double length = 2 * hypot(r[2] - r[0], r[3] - r[1]), ink = 0;
		struct ff_canvas *cv = help_new(&help_opts);

		ff_canvas_bezier_gradient(cv, p, 4, &g, 1, r[4]);
		pixels_finish(cv);
		for (unsigned y = 0; y < 200; y++)
			for (unsigned x = 0; x < 400; x++)
				ink += 1 - (help_pixel(&px, x, y) & 0xff) / 255.0;
		if (fabs(ink - length * 2 * r[4]) > .012 * length)
			fail_msg("row %zu: ink %g, not %g", i, ink, length * 2 * r[4]);
	}
}

/* Many strokes, drawn by threads in bands, are what they are one by one. */
static void test_stroke_bands(void **state)
{
	static struct help_pixels first;
	const struct ff_gradient g[2] = {{50, 150, 2, {{0, blue}, {1, red}}},
					 {50, 150, 2, {{0, red}, {1, blue}}}};

	(void)state;
	for (int round = 0; round < 2; round++) {
		struct ff_canvas *cv = help_new(&help_opts);

		for (int i = 0; i < 300; i++) {
			const struct ff_point p[] = {{-20 + i, -30},
						     {i * 7 % 200, 50},
						     {i * 13 % 200, 30},
						     {220 - i, 130}};

			ff_canvas_bezier_gradient(cv, p, 4, &g[i % 2], .1 + i % 9 * .1,
						  .3 + i % 5);
			if (round)
				ff_canvas_rect(cv, 500, 500, 1, 1, red);
		}
		pixels_finish(cv);
		if (round == 0)
			first = px;
	}
	assert_memory_equal(first.rgb, px.rgb, sizeof(px.rgb));
}

static void test_line(void **state)
{
	static const struct {
		double ends[4], width;
		unsigned x0, y0, x1, y1;
	} rows[] = {
		{{10, 10, 20, 10}, 0.5, 20, 20, 40, 21},     /* one pixel */
		{{10, 10.2, 20, 10.2}, 0.1, 20, 20, 40, 21}, /* never thinner */
		{{10, 10, 20, 10}, 1, 20, 19, 40, 21},	     /* two */
		{{10.1, 10, 10.1, 20}, 0.5, 20, 20, 21, 40},
		{{10.1, 20, 10.1, 10}, 1.5, 19, 20, 22, 40},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const double *e = rows[i].ends;
		struct ff_canvas *cv = help_new(&help_opts);

		ff_canvas_line(cv, e[0], e[1], e[2], e[3], red, rows[i].width, NULL);
		pixels_finish(cv);
		pixels_expect(rows[i].x0, rows[i].y0, rows[i].x1, rows[i].y1, 0xff0000);
	}
}

/* 130 columns over 100 points: 1.54 pixels each. No gap, none lost, with and without
 * clip. */
static void test_cells(void **state)
{
	static const struct ff_point page[] = {{0, 0}, {200, 0}, {200, 100}, {0, 100}};
	const struct ff_color colors[] = {red, blue};
	struct ff_cell cells[130 * 50];
	size_t n = 0;

	(void)state;
	for (unsigned i = 0; i < 130; i++) {
		for (unsigned j = 0; j < 50; j++) {
			struct ff_cell c = {(float)(20 + i * 100.0 / 130),
					    (float)(10 + j * 70.0 / 50),
					    (float)(100.0 / 130), (float)(70.0 / 50),
					    (uint8_t)((i + j) % 2)};

			cells[n++] = c;
		}
	}
	for (int clipped = 0; clipped < 2; clipped++) {
		struct ff_canvas *cv = help_new(&help_opts);

		if (clipped)
			ff_canvas_clip(cv, page, 4);
		ff_canvas_cells(cv, cells, n, colors, 2);
		if (clipped)
			ff_canvas_unclip(cv);
		pixels_finish(cv);
		for (unsigned y = 20; y < 160; y++) {
			unsigned changes = 0;

			for (unsigned x = 40; x < 240; x++) {
				uint32_t rgb = help_pixel(&px, x, y);

				assert_true(rgb == 0xff0000 || rgb == 0x0000ff);
				changes += x > 40 && rgb != help_pixel(&px, x - 1, y);
			}
			assert_int_equal(changes, 129);
			assert_int_equal(help_pixel(&px, 39, y), 0xffffff);
			assert_int_equal(help_pixel(&px, 240, y), 0xffffff);
		}
	}
}

/* Cells smaller than a pixel are still seen; half transparent ones are mixed. */
static void test_small_cells(void **state)
{
	const struct ff_color colors[] = {red, {0, 0, 1, 0.5}};
	const struct ff_cell cells[] = {{50.3F, 50.3F, 0.1F, 0.01F, 0},
					{10, 10, 1, 1, 1},
					{-5, -5, 2, 2, 0},
					{500, 10, 2, 2, 0}};
	struct ff_canvas *cv = help_new(&help_opts);

	(void)state;
	ff_canvas_cells(cv, cells, 4, colors, 2);
	pixels_finish(cv);
	assert_int_equal(help_pixel(&px, 100, 100), 0xff0000);
	assert_int_equal(help_pixel(&px, 20, 20), 0x8080ff);
	assert_int_equal(help_pixel(&px, 21, 21), 0x8080ff);
	assert_int_equal(help_pixel(&px, 0, 0), 0xffffff);
}

static int pixels_distance(uint32_t a, uint32_t b)
{
	int most = 0;

	for (int shift = 0; shift < 24; shift += 8) {
		int d = abs((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff));

		most = d > most ? d : most;
	}
	return most;
}

static void pixels_near(unsigned x, unsigned y, uint32_t want)
{
	if (pixels_distance(help_pixel(&px, x, y), want) > 6)
		fail_msg("pixel %u, %u is %06x, not %06x", x, y,
			 (unsigned)help_pixel(&px, x, y), (unsigned)want);
}

static void test_polygon(void **state)
{
	static const struct ff_point box[] = {{10, 10}, {50, 10}, {50, 40}, {10, 40}};
	static const struct ff_point half[] = {
		{60.25, 10}, {80.25, 10}, {80.25, 40}, {60.25, 40}};
	/* an L: not convex; and a bow: crosses itself, both loops are filled */
	static const struct ff_point ell[] = {{100, 10}, {120, 10}, {120, 20},
					      {110, 20}, {110, 40}, {100, 40}};
	static const struct ff_point bow[] = {{130, 10}, {150, 40}, {130, 40}, {150, 10}};
	struct ff_canvas *cv = help_new(&help_opts);

	(void)state;
	ff_canvas_polygon(cv, box, 4, red, blue, 2);
	ff_canvas_polygon(cv, half, 4, HELP_BLACK, HELP_NONE, 0);
	ff_canvas_polygon(cv, ell, 6, red, HELP_NONE, 0);
	ff_canvas_polygon(cv, bow, 4, red, HELP_NONE, 0);
	pixels_finish(cv);
	pixels_near(60, 50, 0xff0000);
	pixels_near(20, 50, 0x0000ff); /* the line reaches a point to each side */
	pixels_near(18, 50, 0x0000ff);
	pixels_near(17, 50, 0xffffff);
	pixels_near(22, 50, 0xff0000);
	pixels_near(120, 50, 0x808080); /* an edge in the middle of a pixel */
	pixels_near(160, 50, 0x808080);
	pixels_near(140, 50, 0x000000);
	pixels_near(205, 60, 0xff0000);
	pixels_near(230, 30, 0xff0000);
	pixels_near(230, 60, 0xffffff);
	pixels_near(280, 25, 0xff0000);
	pixels_near(280, 75, 0xff0000);
	pixels_near(264, 50, 0xffffff);
}

/* Quads side by side with an outline: no light seam between them. */
static void test_no_seams(void **state)
{
	const struct ff_color fill = {0.2, 0.4, 0.6, 1}, line = {0.1, 0.2, 0.3, 1};
	struct ff_canvas *cv = help_new(&help_opts);

	(void)state;
	for (int i = 0; i < 40; i++) {
		double x = 10 + i * 3.37;
		const struct ff_point quad[] = {
			{x, 20}, {x + 3.37, 20.7}, {x + 5.37, 70.7}, {x + 2, 70}};

		ff_canvas_polygon(cv, quad, 4, fill, line, 0.25);
	}
	pixels_finish(cv);
	for (unsigned y = 50; y < 130; y++) {
		for (unsigned x = 30; x < 280; x++)
			assert_true((help_pixel(&px, x, y) & 0xff) < 0x9d);
	}
}

static void test_circle(void **state)
{
	struct ff_canvas *cv = help_new(&help_opts);
	const struct ff_color half_blue = {0, 0, 1, 0.5};
	double sum = 0;

	(void)state;
	ff_canvas_circle(cv, 50, 50, 10, HELP_BLACK, HELP_NONE, 0);
	ff_canvas_circle(cv, 150, 50, 10, half_blue, HELP_NONE, 0);
	ff_canvas_circle(cv, 100, 50, 10, HELP_NONE, red, 2);
	pixels_finish(cv);
	for (unsigned y = 0; y < 200; y++) {
		for (unsigned x = 60; x < 140; x++)
			sum += (255 - (double)(help_pixel(&px, x, y) & 0xff)) / 255;
	}
	assert_true(sum > 1256.6 * 0.995 && sum < 1256.6 * 1.005); /* 400 pi */
	pixels_near(300, 100, 0x8080ff);
	pixels_near(200, 100, 0xffffff);
	pixels_near(220, 100, 0xff0000);
}

static void test_image(void **state)
{
	static const uint8_t rgba[] = {255, 0, 0, 255, 0, 255, 0,   128,
				       0,   0, 0, 0,   0, 0,   255, 255};
	struct ff_canvas *cv = help_new(&help_opts);

	(void)state;
	ff_canvas_image(cv, 10, 10, 20, 20, rgba, 2, 2);
	pixels_finish(cv);
	for (unsigned y = 20; y < 40; y++) {
		for (unsigned x = 20; x < 40; x++) {
			pixels_near(x, y, 0xff0000);
			pixels_near(x + 20, y, 0x7fff7f);
			pixels_near(x, y + 20, 0xffffff);
			pixels_near(x + 20, y + 20, 0x0000ff);
		}
	}
	assert_int_equal(help_pixel(&px, 19, 30), 0xffffff);
	assert_int_equal(help_pixel(&px, 60, 50), 0xffffff);
}

static void test_clip(void **state)
{
	static const struct ff_point a[] = {{10, 10}, {60, 10}, {60, 60}, {10, 60}};
	static const struct ff_point b[] = {{40, 40}, {90, 40}, {90, 90}, {40, 90}};
	const struct ff_color colors[] = {blue};
	const struct ff_cell cell = {0, 0, 200, 100, 0};
	struct ff_canvas *cv = help_new(&help_opts);

	(void)state;
	ff_canvas_clip(cv, a, 4);
	ff_canvas_rect(cv, 0, 0, 200, 100, red);
	ff_canvas_clip(cv, b, 4);
	ff_canvas_cells(cv, &cell, 1, colors, 1);
	ff_canvas_unclip(cv);
	ff_canvas_unclip(cv);
	ff_canvas_rect(cv, 150, 50, 1, 1, red);
	pixels_finish(cv);
	assert_int_equal(help_pixel(&px, 30, 30), 0xff0000);
	assert_int_equal(help_pixel(&px, 100, 100), 0x0000ff);
	assert_int_equal(help_pixel(&px, 140, 140), 0xffffff);
	assert_int_equal(help_pixel(&px, 301, 101), 0xff0000);
}

/* Few colours make a palette file, many a true colour one; both decode to the same. */
static void test_palette(void **state)
{
	(void)state;
	for (unsigned count = 255; count <= 256; count++) {
		struct ff_canvas *cv = help_new(&help_opts);
		struct ff_buf file = FF_BUF_INIT;

		/* and white */
		for (unsigned i = 0; i < count; i++) {
			struct ff_color c = {i % 16 / 16.0, i / 16 / 16.0, 0, 1};

			ff_canvas_rect(cv, i % 200 * 0.5, 10.0 + i / 200, 0.5, 1, c);
		}
		help_finish(cv, &file);
		assert_int_equal(file.data[25], count == 255 ? 3 : 2); /* colour type */
		help_decode(&px, &file);
		ff_buf_release(&file);
		for (unsigned i = 0; i < count; i++) {
			uint32_t want = (i % 16 * 255 + 8) / 16 << 16 |
					(i / 16 * 255 + 8) / 16 << 8;

			assert_true(pixels_distance(
					    help_pixel(&px, i % 200, 20 + i / 200 * 2),
					    want) <= 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rect),	    cmocka_unit_test(test_gradient),
		cmocka_unit_test(test_stroke_area), cmocka_unit_test(test_stroke_bands),
		cmocka_unit_test(test_line),	    cmocka_unit_test(test_cells),
		cmocka_unit_test(test_small_cells), cmocka_unit_test(test_polygon),
		cmocka_unit_test(test_no_seams),    cmocka_unit_test(test_circle),
		cmocka_unit_test(test_image),	    cmocka_unit_test(test_clip),
		cmocka_unit_test(test_palette),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
