/* SPDX-License-Identifier: MIT */
/* canvas_help - what the tests of canvas share: a drawing that uses every operation, and
 * the pixels of a PNG file. */
#ifndef FF_TEST_CANVAS_HELP_H
#define FF_TEST_CANVAS_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>

#include <flowfig/canvas.h>

#define HELP_WHITE ((struct ff_color){1, 1, 1, 1})
#define HELP_BLACK ((struct ff_color){0, 0, 0, 1})
#define HELP_NONE ((struct ff_color){0, 0, 0, 0})

/* 200 x 100 points, at 144 dpi 400 x 200 pixels. */
static const struct ff_canvas_opts help_opts = {
	.kind = FF_CANVAS_PNG,
	.width_pt = 200,
	.height_pt = 100,
	.dpi = 144,
	.background = {1, 1, 1, 1},
	.title = "A <title> & \"more\"",
	.description = "Alt text: 93 % of \xce\xa9 (5 < 6)\nsecond line \\ (open",
	.provenance = "{\"command\":\"flowfig contact --inside=10.0.0.0/8\",\"n\":[1,2]}",
	.created_s = 1143849600,
};

static inline struct ff_canvas *help_new(const struct ff_canvas_opts *opts)
{
	struct ff_err err = {FF_OK, ""};
	struct ff_canvas *cv = NULL;

	if (ff_canvas_new(&cv, opts, &err) != FF_OK)
		fail_msg("%s", err.text);
	return cv;
}

static inline struct ff_canvas *help_new_kind(enum ff_canvas_kind kind)
{
	struct ff_canvas_opts opts = help_opts;

	opts.kind = kind;
	return help_new(&opts);
}

/* Finishes and frees. */
static inline void help_finish(struct ff_canvas *cv, struct ff_buf *out)
{
	struct ff_err err = {FF_OK, ""};

	if (ff_canvas_finish(cv, out, &err) != FF_OK)
		fail_msg("%s", err.text);
	ff_canvas_free(cv);
}

static inline void help_draw_texts(struct ff_canvas *cv)
{
	static const char *const texts[] = {
		"a & b < c > \"d\" 'e' %s",
		"n = 1: \00193 %\2 of 61,234",
		"bad \xff\xc0\xaf\xed\xa0\x80.",
		"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
		"open \1 bold",
		"tab\there, line\nthere, \x7f",
		"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xef\xbf\xbe \xc2\x85",
	};
	struct ff_text_style st = {8, FF_REGULAR, {0.1, 0.1, 0.2, 1}, 0, {1, 1, 1, 1}};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		st.weight = (enum ff_weight)(i % 3);
		st.halo_pt = i % 2 ? 1.5 : 0;
		ff_canvas_text(cv, 100, 10 + 12 * (double)i, (enum ff_anchor)(i % 3),
			       i == 3 ? 30 : 0, &st, texts[i]);
	}
}

/* Every operation, at times with transparent parts. */
static inline void help_draw_all(struct ff_canvas *cv)
{
	static const struct ff_point p[] = {{10, 10}, {60, 12}, {50, 40}, {20, 60},
					    {15, 50}, {12, 30}, {80, 20}};
	static const struct ff_color colors[] = {
		{1, 0, 0, 1}, {0, 0.5, 0, 0.5}, {0, 0, 0, 0}};
	static const struct ff_cell cells[] = {
		{100, 50, 5, 5, 0}, {105, 50, 5, 5, 0}, {110, 50, 5, 5, 1},
		{100, 55, 5, 5, 1}, {100, 60, 5, 5, 1}, {100, 65, 0.01F, 5, 2}};
	static const double dash[] = {3, 2};
	const struct ff_color ink = {0.1, 0.2, 0.6, 0.7};
	static const struct ff_gradient gradient = {
		20,
		60,
		3,
		{{0, {0, 0, 1, 1}}, {.5, {.5, .5, .5, 1}}, {1, {1, .5, 0, 1}}}};
	uint8_t rgba[4 * 6];

	for (size_t i = 0; i < sizeof(rgba); i++)
		rgba[i] = (uint8_t)(i * 11);
	ff_canvas_note(cv, "all \"of\" them");
	ff_canvas_polygon(cv, p, 5, ink, HELP_BLACK, 0.5);
	ff_canvas_polygon(cv, p, 3, HELP_NONE, ink, 0.5);
	ff_canvas_polygon(cv, p, 3, ink, HELP_NONE, 0.5);
	ff_canvas_polyline(cv, p, 7, ink, 1, NULL);
	ff_canvas_polyline(cv, p, 7, ink, 1, dash);
	ff_canvas_bezier(cv, p, 7, ink, 2);
	ff_canvas_bezier_gradient(cv, p, 7, &gradient, .5, 2);
	ff_canvas_bezier_gradient(cv, p, 4, &gradient, 1, 2);
	ff_canvas_rect(cv, 120, 10, 30, 20, ink);
	ff_canvas_line(cv, 120, 40, 190, 40, ink, 0.5, dash);
	ff_canvas_line(cv, 120, 40, 120, 90, ink, 0.5, NULL);
	ff_canvas_line(cv, 120, 40, 190, 90, ink, 0.5, NULL);
	ff_canvas_circle(cv, 170, 60, 10, ink, HELP_BLACK, 1);
	ff_canvas_clip(cv, p, 3);
	ff_canvas_rect(cv, 0, 0, 100, 100, ink);
	ff_canvas_clip(cv, p + 1, 3);
	ff_canvas_cells(cv, cells, 6, colors, 3);
	ff_canvas_unclip(cv);
	ff_canvas_unclip(cv);
	ff_canvas_cells(cv, cells, 6, colors, 3);
	ff_canvas_image(cv, 150, 70, 30, 20, rgba, 3, 2);
	help_draw_texts(cv);
}

static inline void help_draw_file(struct ff_buf *out, enum ff_canvas_kind kind)
{
	struct ff_canvas *cv = help_new_kind(kind);

	help_draw_all(cv);
	help_finish(cv, out);
}

/* ---- pixels ---- */

struct help_pixels {
	png_image image;
	uint8_t rgb[400 * 200 * 3];
};

/* Decodes a PNG of 400 x 200 pixels. */
static inline void help_decode(struct help_pixels *px, const struct ff_buf *file)
{
	memset(&px->image, 0, sizeof(px->image));
	px->image.version = PNG_IMAGE_VERSION;
	assert_true(png_image_begin_read_from_memory(&px->image, file->data, file->len));
	px->image.format = PNG_FORMAT_RGB;
	assert_int_equal(px->image.width, 400);
	assert_int_equal(px->image.height, 200);
	assert_true(png_image_finish_read(&px->image, NULL, px->rgb, 0, NULL));
}

static inline uint32_t help_pixel(const struct help_pixels *px, unsigned x, unsigned y)
{
	const uint8_t *p = px->rgb + ((size_t)y * 400 + x) * 3;

	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

#endif
