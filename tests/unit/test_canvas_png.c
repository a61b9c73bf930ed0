/* SPDX-License-Identifier: MIT */
/* png: what a decoder reads back is what was written, of pictures of one band and of
 * many, as palette, RGB and RGBA; the bytes are the same on any number of threads */
#include "unit/canvas_help.h"

#include <stdlib.h>

#include "canvas/png.h"

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

static void picture_check(const struct ff_buf *file, const struct picture *p,
			  const uint32_t *px)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	size_t n = (size_t)p->width * p->height;
	uint8_t *rgba = malloc(n * 4);

	assert_true(png_image_begin_read_from_memory(&image, file->data, file->len));
	assert_int_equal(image.width, p->width);
	assert_int_equal(image.height, p->height);
	image.format = PNG_FORMAT_RGBA;
	assert_true(png_image_finish_read(&image, NULL, rgba, 0, NULL));
	for (size_t i = 0; i < n; i++) {
		uint32_t alpha = p->colors ? 0xff : px[i] >> 24;
		uint32_t want = alpha << 24 | (px[i] & 0xffffff);
		uint32_t got = (uint32_t)rgba[4 * i + 3] << 24 |
			       (uint32_t)rgba[4 * i] << 16 |
			       (uint32_t)rgba[4 * i + 1] << 8 | rgba[4 * i + 2];

		if (got != want)
			fail_msg("%u x %u: pixel %zu is %08x, not %08x", p->width,
				 p->height, i, got, want);
	}
	free(rgba);
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
		cmocka_unit_test(test_failing_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
