/* SPDX-License-Identifier: MIT */
/* figure/density: a pixel's value is the number of marks that cover it, counted here the
 * slow way; a lone point is a whole mark; colours go by log of real counts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "contact_help.h"
#include "figure/density.h"

enum { WIDE = 37, HIGH = 23 };

static void spread_slowly(uint32_t *marks, unsigned (*points)[2], size_t n, int side)
{
	memset(marks, 0, WIDE * HIGH * sizeof(*marks));
	for (size_t i = 0; i < n; i++)
		for (int dy = -(side - 1) / 2; dy <= side / 2; dy++)
			for (int dx = -(side - 1) / 2; dx <= side / 2; dx++) {
				int x = (int)points[i][0] + dx,
				    y = (int)points[i][1] + dy;

				if (x >= 0 && x < WIDE && y >= 0 && y < HIGH)
					marks[y * WIDE + x]++;
			}
}

static void test_counts_marks(void **state)
{
	struct dice d = {4};

	(void)state;
	for (int round = 0; round < 200; round++) {
		unsigned points[300][2], side = 1 + (unsigned)dice_roll(&d, 8);
		size_t n = dice_roll(&d, 300);
		uint32_t marks[WIDE * HIGH];
		struct ff_density grid;
		uint64_t most = 0;

		assert_int_equal(ff_density_init(&grid, WIDE, HIGH, NULL), FF_OK);
		for (size_t i = 0; i < n; i++) {
			points[i][0] = (unsigned)dice_roll(&d, WIDE);
			points[i][1] = (unsigned)dice_roll(&d, HIGH);
			ff_density_add(&grid, points[i][0], points[i][1]);
		}
		assert_int_equal(ff_density_spread(&grid, side, NULL), FF_OK);
		spread_slowly(marks, points, n, (int)side);
		for (size_t i = 0; i < WIDE * HIGH; i++) {
			assert_int_equal(grid.count[i], marks[i]);
			most = marks[i] > most ? marks[i] : most;
		}
		assert_int_equal(ff_density_most(&grid, 1), most);
		ff_density_release(&grid);
	}
}

static void test_lone_point(void **state)
{
	struct ff_density grid;
	uint64_t sum = 0;

	(void)state;
	assert_int_equal(ff_density_init(&grid, WIDE, HIGH, NULL), FF_OK);
	ff_density_add(&grid, 10, 7);
	assert_int_equal(ff_density_spread(&grid, 3, NULL), FF_OK);
	for (unsigned y = 0; y < HIGH; y++)
		for (unsigned x = 0; x < WIDE; x++) {
			bool is_mark = x >= 9 && x <= 11 && y >= 6 && y <= 8;

			assert_int_equal(grid.count[y * WIDE + x], is_mark);
			sum += grid.count[y * WIDE + x];
		}
	assert_int_equal(sum, 9);
	ff_density_release(&grid);
}

static void test_shade(void **state)
{
	(void)state;
	assert_true(ff_density_shade(1, 1) == 0);
	assert_true(ff_density_shade(1, 1000) == 0);
	assert_true(fabs(ff_density_shade(10, 1000) - 1.0 / 3) < 1e-12);
	assert_true(ff_density_shade(1000, 1000) == 1);
	assert_true(ff_density_shade(5000, 1000) == 1);
}

/* A pixel of the PNG is the colour of its count, its neighbours are untouched. */
static void test_pixels(void **state)
{
	const struct ff_canvas_opts opts = {.kind = FF_CANVAS_TRACE,
					    .width_pt = 72,
					    .height_pt = 72,
					    .dpi = 300,
					    .background = {1, 1, 1, 1}};
	struct ff_density grids[2];
	struct ff_ramp *ramps = ff_calloc(2, sizeof(*ramps));
	struct ff_buf out = FF_BUF_INIT;
	struct ff_canvas *cv;
	uint8_t *rgba = ff_calloc(WIDE * HIGH, 4);
	char image[80];
	uint64_t hash;

	(void)state;
	for (int i = 0; i < 256; i++) {
		ramps[0].c[i] = (struct ff_color){i / 255.0, 0, 0, 1};
		ramps[1].c[i] = (struct ff_color){0, i / 255.0, 0, 1};
	}
	for (int k = 0; k < 2; k++)
		assert_int_equal(ff_density_init(&grids[k], WIDE, HIGH, NULL), FF_OK);
	for (int i = 0; i < 10; i++)
		ff_density_add(&grids[0], 3, 2);
	for (int i = 0; i < 4; i++)
		ff_density_add(&grids[1], 8, 9);
	for (int i = 0; i < 3; i++)
		ff_density_add(&grids[0], 8, 9);
	ff_density_add(&grids[0], 30, 20);
	assert_int_equal(ff_density_most(grids, 2), 10);
	/* 10 of the first; 7 in the hue of the second, which has more; 1 of the first */
	memcpy(rgba + 4 * (2 * WIDE + 3), "\xff\0\0\xff", 4);
	memcpy(rgba + 4 * (9 * WIDE + 8), "\0\0\0\xff", 4);
	rgba[4 * (9 * WIDE + 8) + 1] =
		(uint8_t)((int)(log(7) / log(10) * 63 + .5) * 255 / 63);
	memcpy(rgba + 4 * (20 * WIDE + 30), "\0\0\0\xff", 4);
	hash = ff_hash_bytes(rgba, WIDE * HIGH * 4, 0);
	snprintf(image, sizeof(image), "%ux%u %08x%08x", WIDE, HIGH,
		 (unsigned)(hash >> 32), (unsigned)hash);
	assert_int_equal(ff_canvas_new(&cv, &opts, NULL), FF_OK);
	assert_int_equal(ff_density_draw(cv, (struct ff_box){0, 0, 72, 72}, grids, ramps,
					 2, 10, (struct ff_color){0, 0, 0, 0}, NULL),
			 FF_OK);
	assert_int_equal(ff_canvas_finish(cv, &out, NULL), FF_OK);
	assert_non_null(strstr(ff_buf_str(&out), image));
	ff_canvas_free(cv);
	ff_buf_release(&out);
	for (int k = 0; k < 2; k++)
		ff_density_release(&grids[k]);
	ff_free(ramps);
	ff_free(rgba);
}

static void test_too_large(void **state)
{
	struct ff_density grid;

	(void)state;
	assert_int_equal(ff_density_init(&grid, 65536, 65536, NULL), FF_ELIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_marks), cmocka_unit_test(test_lone_point),
		cmocka_unit_test(test_shade),	     cmocka_unit_test(test_pixels),
		cmocka_unit_test(test_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
