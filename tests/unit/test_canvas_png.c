/* SPDX-License-Identifier: MIT */
/* png: what a decoder reads back is what was written, of pictures of one band and of
 * many, as palette, RGB and RGBA; the bytes are the same on any number of threads. More
 * than 256 colours may move, but only as far as png_colors.h says. */
#include "unit/canvas_help.h"

#include <stdlib.h>

#include "canvas/png.h"
#include "canvas/png_colors.h"

struct picture {
	unsigned width, height;
	uint32_t colors; /* 0 = any, alpha too */
};
/* bands hold about 512 KiB of rows */
static const struct picture pictures[] = {
	{1, 1, 2},	  {3, 700, 2},	    {700, 800, 200},
	{1024, 512, 256}, {1025, 512, 257}, {601, 900, 999},
	{601, 290, 0},	  {90000, 7, 300},  {200000, 3, 0},
};

static uint32_t *picture_make(const struct picture *p)
{
	uint32_t *px = calloc((size_t)p->width * p->height, sizeof(*px));

	/* runs of equal pixels and noise: matches that reach over the edge of a band */
	for (size_t i = 0, n = (size_t)p->width * p->height; i < n; i++) {
		uint64_t v = ff_mix64(i / (1 + i / p->width % 9) % (p->width * 5));

		px[i] = p->colors ? (uint32_t)(v % p->colors) * 77 : (uint32_t)v;
	}
	return px;
}

static int picture_write(struct ff_buf *out, const struct picture *p, const uint32_t *px,
			 unsigned threads, struct ff_err *err)
{
	const struct ff_png_image image = {
		.pixels = px,
		.has_alpha = p->colors == 0,
		.stride = p->width,
		.width = p->width,
		.height = p->height,
		.threads = threads,
	};

	return ff_png_write(out, &image, err);
}

/* The caller's to free: 0xAARRGGBB. */
static uint32_t *picture_read(const struct ff_buf *file, const struct picture *p)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	size_t n = (size_t)p->width * p->height;
	uint8_t *rgba = malloc(n * 4);
	uint32_t *got = malloc(n * sizeof(*got));

	assert_true(png_image_begin_read_from_memory(&image, file->data, file->len));
	assert_int_equal(image.width, p->width);
	assert_int_equal(image.height, p->height);
	image.format = PNG_FORMAT_RGBA;
	assert_true(png_image_finish_read(&image, NULL, rgba, 0, NULL));
	for (size_t i = 0; i < n; i++)
		got[i] = (uint32_t)rgba[4 * i + 3] << 24 | (uint32_t)rgba[4 * i] << 16 |
			 (uint32_t)rgba[4 * i + 1] << 8 | rgba[4 * i + 2];
	free(rgba);
	return got;
}

static int picture_apart(uint32_t a, uint32_t b)
{
	int most = 0;

	for (int shift = 0; shift < 32; shift += 8) {
		int d = abs((int)(a >> shift & 255) - (int)(b >> shift & 255));

		most = d > most ? d : most;
	}
	return most;
}

static void picture_check(const struct ff_buf *file, const struct picture *p,
			  const uint32_t *px)
{
	uint32_t *got = picture_read(file, p);
	int most = p->colors > 256 ? FF_PNG_MOVES_EDGE : 0;

	for (size_t i = 0; i < (size_t)p->width * p->height; i++) {
		uint32_t alpha = p->colors ? 0xff : px[i] >> 24;
		uint32_t want = alpha << 24 | (px[i] & 0xffffff);

		if (picture_apart(got[i], want) > most)
			fail_msg("%u x %u: pixel %zu is %08x, not %08x", p->width,
				 p->height, i, got[i], want);
	}
	free(got);
}

static void test_read_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
		const struct picture *p = &pictures[i];
		uint32_t *px = picture_make(p);
		struct ff_buf one = FF_BUF_INIT;

		assert_int_equal(picture_write(&one, p, px, 0, NULL), FF_OK);
		picture_check(&one, p, px);
		for (unsigned threads = 1; threads < 7; threads += 2) {
			struct ff_buf many = FF_BUF_INIT;

			assert_int_equal(picture_write(&many, p, px, threads, NULL),
					 FF_OK);
			assert_int_equal(many.len, one.len);
			assert_memory_equal(many.data, one.data, one.len);
			ff_buf_release(&many);
		}
		ff_buf_release(&one);
		free(px);
	}
}

/* ---- more than 256 colours ---- */

/* Light paper with bars of ink whose edges are shaded, and an area of shades in between:
 * `shades` a channel. */
static uint32_t *colors_make(const struct picture *p, unsigned shades)
{
	uint32_t *px = calloc((size_t)p->width * p->height, sizeof(*px));

	for (unsigned y = 0; y < p->height; y++)
		for (unsigned x = 0; x < p->width; x++) {
			uint32_t *to = &px[(size_t)y * p->width + x];
			uint64_t v = ff_mix64(x / 40 * 7919 + y / 40);

			*to = 0xfff8f0;
			if (y > p->height / 2)
				*to = 0x204060 + (x * shades / p->width) * 0x010001 +
				      (y % 64 * shades / 64) * 0x000100;
			else if (x % 40 == 20)
				*to = 0x102030 + (uint32_t)(v % 200) * 0x010101;
			else if (x % 40 > 20 && x % 40 < 30)
				*to = 0x102030;
		}
	return px;
}

/* Most levels that a pixel differs by from the ones around it. */
static int colors_contrast(const struct picture *p, const uint32_t *px, unsigned x,
			   unsigned y)
{
	size_t i = (size_t)y * p->width + x;
	int most = 0;

	for (int side = 0; side < 4; side++) {
		size_t next = side == 0	  ? i - (x > 0)
			      : side == 1 ? i + (x + 1 < p->width)
			      : side == 2 ? i - (y > 0 ? p->width : 0)
					  : i + (y + 1 < p->height ? p->width : 0);
		int d = picture_apart(px[i], px[next]);

		most = d > most ? d : most;
	}
	return most;
}

/* No pixel of an area moves by more than FF_PNG_MOVES, none at all by more than
 * FF_PNG_MOVES_EDGE, and paper and ink stay. */
static void test_moves(void **state)
{
	static const unsigned shades[] = {3, 30, 60, 120};

	(void)state;
	for (size_t k = 0; k < sizeof(shades) / sizeof(shades[0]); k++) {
		const struct picture p = {640, 300, 1000};
		uint32_t *px = colors_make(&p, shades[k]), *got;
		struct ff_buf file = FF_BUF_INIT;
		bool is_indexed;
		int moved = 0;

		assert_int_equal(picture_write(&file, &p, px, 2, NULL), FF_OK);
		got = picture_read(&file, &p);
		is_indexed = file.data[25] == PNG_COLOR_TYPE_PALETTE;
		assert_int_equal(is_indexed, shades[k] < 120);
		for (unsigned y = 0; y < p.height; y++)
			for (unsigned x = 0; x < p.width; x++) {
				size_t i = (size_t)y * p.width + x;
				int d = picture_apart(px[i] | 0xff000000, got[i]);
				int most = colors_contrast(&p, px, x, y) < FF_PNG_EDGE
						   ? FF_PNG_MOVES
						   : FF_PNG_MOVES_EDGE;

				if (px[i] == 0xfff8f0 || px[i] == 0x102030)
					most = 0;
				moved += d > 0;
				if (d > most)
					fail_msg("%u shades: pixel %u, %u is %08x, not "
						 "%06x",
						 shades[k], x, y, got[i], px[i]);
			}
		/* three shades and 200 at the edges: nothing has to */
		assert_int_equal(moved > 0, shades[k] > 3);
		free(got);
		free(px);
		ff_buf_release(&file);
	}
}

static void test_failing_memory(void **state)
{
	const struct picture *p = &pictures[4];
	uint32_t *px = picture_make(p);
	struct ff_buf file = FF_BUF_INIT;
	uint64_t asked;

	(void)state;
	ff_alloc_fail_after(0);
	assert_int_equal(picture_write(&file, p, px, 3, NULL), FF_OK);
	ff_buf_release(&file);
	asked = ff_alloc_fail_after(0);
	for (uint64_t n = 1; n <= asked; n++) {
		struct ff_err err = {0};

		ff_alloc_fail_after(n);
		assert_int_equal(picture_write(&file, p, px, 3, &err), FF_ENOMEM);
		ff_alloc_fail_after(0);
		assert_int_equal(err.status, FF_ENOMEM);
		ff_buf_release(&file);
	}
	free(px);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_failing_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
