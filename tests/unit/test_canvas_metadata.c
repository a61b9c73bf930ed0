/* SPDX-License-Identifier: MIT */
/* canvas: what files say of themselves, there and back; hostile files */
#include "unit/canvas_help.h"

#include <stdlib.h>

static const enum ff_canvas_kind kinds[] = {FF_CANVAS_PNG, FF_CANVAS_SVG, FF_CANVAS_PDF};

static void test_round_trip(void **state)
{
	static const char *const sizes[] = {"400 x 200 px, 144 dpi", "200pt x 100pt",
					    "200 x 100 pt"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct ff_buf file = FF_BUF_INIT, out = FF_BUF_INIT;
		struct ff_err err = {FF_OK, ""};
		char want[1024];

		snprintf(want, sizeof(want),
			 "software: flowfig " FF_VERSION "\nsize: %s\n"
			 "title: A <title> & \"more\"\n"
			 "description: Alt text: 93 %% of \xce\xa9 (5 < 6) second line "
			 "\\ (open\n"
			 "provenance: %s\n",
			 sizes[i], help_opts.provenance);
		help_draw_file(&file, kinds[i]);
		if (ff_canvas_read_metadata(&out, file.data, file.len, &err) != FF_OK)
			fail_msg("%s", err.text);
		assert_string_equal(ff_buf_str(&out), want);
		ff_buf_release(&out);
		ff_buf_release(&file);
	}
}

/* Texts that need care in one format or another. */
static void test_texts(void **state)
{
	static const char *const rows[][2] = {
		{"plain", "plain"},
		{"]]> --> </desc> <!-- &amp; &#65;", "]]> --> </desc> <!-- &amp; &#65;"},
		{"(nested (brackets)) \\) (", "(nested (brackets)) \\) ("},
		{"\xf0\x9f\x98\x80 beyond 16 bits", "\xf0\x9f\x98\x80 beyond 16 bits"},
		{"\x01\x1f", "\xef\xbf\xbd\xef\xbf\xbd"},
		{"bad \xff", "bad \xef\xbf\xbd"},
		{"a\r\n\tb", "a\xef\xbf\xbd  b"},
		{">", ">"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t k = 0; k < 3; k++) {
			struct ff_canvas_opts opts = help_opts;
			struct ff_buf file = FF_BUF_INIT, out = FF_BUF_INIT;
			char want[200];

			opts.kind = kinds[k];
			opts.title = opts.description = rows[i][0];
			opts.provenance = "";
			help_finish(help_new(&opts), &file);
			assert_int_equal(
				ff_canvas_read_metadata(&out, file.data, file.len, NULL),
				FF_OK);
			snprintf(want, sizeof(want), "\ntitle: %s\ndescription: %s\n",
				 rows[i][1], rows[i][1]);
			if (!strstr(ff_buf_str(&out), want))
				fail_msg("row %zu kind %zu: %s", i, k, ff_buf_str(&out));
			assert_null(strstr(ff_buf_str(&out), "provenance"));
			ff_buf_release(&out);
			ff_buf_release(&file);
		}
	}
}

static void test_not_ours(void **state)
{
	static const char *const rows[] = {
		"",
		"text",
		"%PDF-1.4\n",
		"<svg xmlns=\"x\"><title>t</title></svg>",
		"<?xml version=\"1.0\"?><html/>",
		"\x89PNG\r\n\x1a\n",
		"%PDF-1.4\n1 0 obj\n<< /Title (t) >>\ntrailer << /Info 1 0 R >>",
		"%PDF-1.4\ntrailer << /Info 99999999999999999999 0 R >>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_buf out = FF_BUF_INIT;
		struct ff_err err = {FF_OK, ""};

		assert_int_equal(ff_canvas_read_metadata(&out, (const uint8_t *)rows[i],
							 strlen(rows[i]), &err),
				 FF_EFORMAT);
		assert_true(err.text[0] != 0);
		assert_int_equal(out.len, 0);
		ff_buf_release(&out);
	}
}

/* A copy of exactly `len` bytes, so that the sanitizer sees a read past the end. */
static void metadata_try(const uint8_t *data, size_t len)
{
	uint8_t *copy = ff_alloc(len, 1);
	struct ff_buf out = FF_BUF_INIT;
	int status;

	assert_non_null(copy);
	memcpy(copy, data, len);
	status = ff_canvas_read_metadata(&out, copy, len, NULL);
	assert_true(status == FF_OK || status == FF_EFORMAT);
	ff_buf_release(&out);
	ff_free(copy);
}

static void test_damaged(void **state)
{
	(void)state;
	for (size_t k = 0; k < 3; k++) {
		struct ff_canvas_opts opts = help_opts;
		struct ff_buf file = FF_BUF_INIT;
		uint64_t random = 1;

		opts.kind = kinds[k];
		help_finish(help_new(&opts), &file);
		for (size_t len = 0; len < file.len; len++)
			metadata_try(file.data, len);
		for (int i = 0; i < 5000; i++) {
			size_t at;
			uint8_t kept;

			random = ff_mix64(random + UINT64_C(0x9e3779b97f4a7c15));
			at = (size_t)(random % file.len);
			kept = file.data[at];
			file.data[at] = (uint8_t)(random >> 32);
			metadata_try(file.data, file.len);
			/* every second change stays */
			if (i % 2)
				file.data[at] = kept;
		}
		ff_buf_release(&file);
	}
}

/* pHYs tells pixels a metre: 144 dpi are 5669 */
static void test_png_chunks(void **state)
{
	struct ff_buf file = FF_BUF_INIT;
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	png_textp text;
	char path[1024];
	FILE *f;
	const char *folder = getenv("FF_TMP");

	(void)state;
	help_draw_file(&file, FF_CANVAS_PNG);
	snprintf(path, sizeof(path), "%s/canvas-chunks.png", folder ? folder : "out");
	f = fopen(path, "w+b");
	assert_non_null(f);
	assert_int_equal(fwrite(file.data, 1, file.len, f), file.len);
	rewind(f);
	png_init_io(png, f);
	png_read_info(png, info);
	assert_int_equal(png_get_x_pixels_per_meter(png, info), 5669);
	assert_int_equal(png_get_y_pixels_per_meter(png, info), 5669);
	assert_int_equal(png_get_valid(png, info, PNG_INFO_tIME), 0);
	assert_int_equal(png_get_text(png, info, &text, NULL), 4);
	assert_string_equal(text[0].key, "Title");
	assert_string_equal(text[0].text, help_opts.title);
	png_destroy_read_struct(&png, &info, NULL);
	fclose(f);
	remove(path);
	ff_buf_release(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_texts),
		cmocka_unit_test(test_not_ours),   cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_png_chunks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
