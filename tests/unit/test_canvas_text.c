/* SPDX-License-Identifier: MIT */
/* canvas: measures of text, the same on paper of every kind and proportional to size */
#include "unit/canvas_help.h"

#include <math.h>

static const char *const texts[] = {
	"Sources that touch exactly n hosts",
	"1,024",
	"AVATAR To. (kerning)",
	"\xe6\x97\xa5\xe6\x9c\xac",
	"bad \xff\xfe byte",
	"with \1bold\2 in it",
};

static struct ff_text_style text_style(double size)
{
	struct ff_text_style st = {size, FF_REGULAR, {0, 0, 0, 1}, 0, {1, 1, 1, 1}};

	return st;
}

static bool text_near(double a, double b)
{
	return fabs(a - b) < 1e-6 * (1 + fabs(a));
}

static void test_kinds_agree(void **state)
{
	struct ff_canvas *cv[] = {help_new_kind(FF_CANVAS_PNG),
				  help_new_kind(FF_CANVAS_SVG),
				  help_new_kind(FF_CANVAS_PDF)};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (double size = 6; size < 40; size += 5.3) {
			struct ff_text_style st = text_style(size), unit = text_style(1);
			struct ff_extents a = ff_canvas_measure(cv[0], &st, texts[i]);
			struct ff_extents one = ff_canvas_measure(cv[0], &unit, texts[i]);

			assert_true(a.width > size * 0.5);
			assert_true(a.ascent > size * 0.6 && a.ascent < size * 1.3);
			assert_true(a.descent > 0 && a.descent < size * 0.6);
			assert_true(text_near(a.width, one.width * size));
			for (int k = 1; k < 3; k++) {
				struct ff_extents b =
					ff_canvas_measure(cv[k], &st, texts[i]);

				assert_true(text_near(a.width, b.width));
				assert_true(text_near(a.ascent, b.ascent));
				assert_true(text_near(a.descent, b.descent));
			}
		}
	}
	for (int k = 0; k < 3; k++)
		ff_canvas_free(cv[k]);
}

static void test_measures(void **state)
{
	struct ff_canvas *cv = help_new(&help_opts);
	struct ff_text_style st = text_style(10), bold = text_style(10);
	double plain, marked, all_bold;

	(void)state;
	bold.weight = FF_BOLD;
	/* digits are of one width, so that numbers stand in columns */
	assert_true(text_near(ff_canvas_measure(cv, &st, "1,111").width,
			      ff_canvas_measure(cv, &st, "8,640").width));
	plain = ff_canvas_measure(cv, &st, "wide words").width;
	marked = ff_canvas_measure(cv, &st, "wide \1words\2").width;
	all_bold = ff_canvas_measure(cv, &bold, "wide words").width;
	assert_true(plain < marked && marked < all_bold);
	assert_true(
		text_near(ff_canvas_measure(cv, &st, "\1wide words").width, all_bold));
	assert_true(
		text_near(ff_canvas_measure(cv, &st, "\2wide words\2\2").width, plain));
	assert_true(ff_canvas_measure(cv, &st, "").width == 0);
	assert_true(ff_canvas_measure(cv, &st, "").ascent > 0);
	/* characters of markup are characters */
	assert_true(ff_canvas_measure(cv, &st, "<b>&amp;</b>").width >
		    ff_canvas_measure(cv, &st, "&").width * 2);
	ff_canvas_free(cv);
}

/* More texts than are kept at once. */
static void test_many_texts(void **state)
{
	struct ff_canvas *cv = help_new(&help_opts);
	struct ff_text_style st = text_style(8);
	char text[32];

	(void)state;
	for (int round = 0; round < 2; round++) {
		double first = ff_canvas_measure(cv, &st, "label 0").width;

		for (int i = 0; i < 3000; i++) {
			snprintf(text, sizeof(text), "label %d", i);
			assert_true(ff_canvas_measure(cv, &st, text).width >=
				    first - 1e-9);
		}
	}
	ff_canvas_free(cv);
}

/* Where the ink of a black text lies, in pixels of a PNG file. */
static void text_ink(const struct help_pixels *px, unsigned box[4])
{
	box[0] = box[1] = 1000;
	box[2] = box[3] = 0;
	for (unsigned y = 0; y < 200; y++) {
		for (unsigned x = 0; x < 400; x++) {
			if (help_pixel(px, x, y) > 0x808080)
				continue;
			box[0] = x < box[0] ? x : box[0];
			box[1] = y < box[1] ? y : box[1];
			box[2] = x > box[2] ? x : box[2];
			box[3] = y > box[3] ? y : box[3];
		}
	}
}

/* The middle of the ink stands where the anchor and the angle put it. */
static void test_anchors(void **state)
{
	static const struct {
		enum ff_anchor anchor;
		double angle, dx, dy; /* of the middle, in halves of the width */
	} rows[] = {
		{FF_LEFT, 0, 1, 0},   {FF_CENTER, 0, 0, 0},  {FF_RIGHT, 0, -1, 0},
		{FF_LEFT, 90, 0, -1}, {FF_RIGHT, 90, 0, 1},  {FF_LEFT, 180, -1, 0},
		{FF_LEFT, -90, 0, 1}, {FF_CENTER, 45, 0, 0},
	};
	static struct help_pixels px;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_text_style st = text_style(10);
		struct ff_canvas *cv = help_new(&help_opts);
		struct ff_buf file = FF_BUF_INIT;
		unsigned box[4];
		double half = ff_canvas_measure(cv, &st, "HHHHHH").width / 2;

		ff_canvas_text(cv, 100, 50, rows[i].anchor, rows[i].angle, &st, "HHHHHH");
		help_finish(cv, &file);
		help_decode(&px, &file);
		ff_buf_release(&file);
		text_ink(&px, box);
		/* within the height of the letters */
		assert_true(fabs((box[0] + box[2]) / 4.0 - 100 - rows[i].dx * half) < 6);
		assert_true(fabs((box[1] + box[3]) / 4.0 - 50 - rows[i].dy * half) < 6);
		if (rows[i].angle == 0) {
			assert_true(fabs((box[0] + box[2]) / 4.0 - 100 -
					 rows[i].dx * half) < 1);
			assert_int_equal(box[3], 99); /* stands on the line at 50 pt */
		}
	}
}

/* A halo clears what lies under the text. */
static void test_halo(void **state)
{
	static struct help_pixels px;
	struct ff_text_style st = text_style(20);
	unsigned white[2] = {0, 0};

	(void)state;
	for (int halo = 0; halo < 2; halo++) {
		struct ff_canvas *cv = help_new(&help_opts);
		struct ff_buf file = FF_BUF_INIT;

		st.halo_pt = halo ? 2 : 0;
		ff_canvas_rect(cv, 0, 0, 200, 100, (struct ff_color){0.5, 0.5, 0.5, 1});
		ff_canvas_text(cv, 100, 50, FF_CENTER, 0, &st, "halo");
		help_finish(cv, &file);
		help_decode(&px, &file);
		ff_buf_release(&file);
		for (unsigned i = 0; i < 400 * 200; i++)
			white[halo] += help_pixel(&px, i % 400, i / 400) == 0xffffff;
	}
	assert_int_equal(white[0], 0);
	assert_true(white[1] > 500);
}

static void warm(void *times)
{
	for (int i = 0; i < *(int *)times; i++)
		ff_canvas_warm(NULL);
}

/* Fonts loaded beforehand, once or often, here or on another thread: the same file. */
static void test_warming_changes_nothing(void **state)
{
	struct ff_buf want = FF_BUF_INIT, got = FF_BUF_INIT;

	(void)state;
	help_draw_file(&want, FF_CANVAS_PNG);
	for (int times = 0; times < 3; times++) {
		struct ff_task *task;

		ff_task_start(&task, warm, &times);
		ff_task_wait(task);
		warm(&times);
		help_draw_file(&got, FF_CANVAS_PNG);
		assert_int_equal(got.len, want.len);
		assert_memory_equal(got.data, want.data, want.len);
		ff_buf_clear(&got);
	}
	ff_buf_release(&got);
	ff_buf_release(&want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_warming_changes_nothing),
		cmocka_unit_test(test_kinds_agree),
		cmocka_unit_test(test_measures),
		cmocka_unit_test(test_many_texts),
		cmocka_unit_test(test_anchors),
		cmocka_unit_test(test_halo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
