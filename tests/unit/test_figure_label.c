/* SPDX-License-Identifier: MIT */
/* figure/label, theme, palette, frame: texts that never meet, lines that fit, colours
 * that are seen */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "figure/frame.h"
#include "figure/palette.h"
#include "figure/words.h"

static struct ff_canvas *label_canvas(double width, double height)
{
	const struct ff_canvas_opts opts = {
		.kind = FF_CANVAS_TRACE, .width_pt = width, .height_pt = height};
	struct ff_canvas *cv = NULL;

	assert_int_equal(ff_canvas_new(&cv, &opts, NULL), FF_OK);
	return cv;
}

static struct ff_theme label_theme(const char *size, const char *theme)
{
	struct ff_figure_opts opts = {.size = size, .theme = theme};
	struct ff_theme t;

	assert_int_equal(ff_theme_init(&t, &opts, 1.6, NULL), FF_OK);
	return t;
}

/* ---- placing ---- */

static void test_place(void **state)
{
	struct ff_theme t = label_theme("page", "print");
	struct ff_canvas *cv = label_canvas(t.width, t.height);
	struct ff_text_item a = {.x = 100,
				 .y = 100,
				 .anchor = FF_CENTER,
				 .style = ff_theme_text(&t, FF_REGULAR),
				 .role = "tick",
				 .text = "hundred"};
	struct ff_text_item tries[2];
	struct ff_labels l;
	struct ff_layout_report report = {0};

	(void)state;
	ff_labels_init(&l, cv, &t);
	assert_true(ff_labels_add(&l, &a, 1));
	assert_false(ff_labels_add(&l, &a, 1)); /* the same place again */
	assert_int_equal(l.dropped, 1);
	tries[0] = tries[1] = a;
	tries[1].y += 1.25 * t.fs; /* the next line is free */
	assert_true(ff_labels_try(&l, tries, 2, 1));
	assert_int_equal(l.dropped, 1);
	a.x = 2; /* off the page */
	a.y = 200;
	assert_false(ff_labels_fit(&l, &a, 1));
	a.x = 300;
	assert_true(ff_labels_fit(&l, &a, 1));
	ff_labels_block(&l, (struct ff_box){290, 190, 310, 210});
	assert_false(ff_labels_fit(&l, &a, 1));
	assert_int_equal(ff_labels_report(&l, &t, &report, NULL), FF_OK);
	assert_int_equal(report.count, 2);
	assert_true(report.min_text_pt == t.fs);
	ff_layout_report_release(&report);
	ff_labels_release(&l);
	ff_canvas_free(cv);
}

/* A turned text has a turned box; figures stand on the baseline, letters reach below. */
static void test_boxes(void **state)
{
	struct ff_canvas *cv = label_canvas(400, 400);
	struct ff_text_item item = {
		.x = 200, .y = 200, .style = {.size_pt = 10}, .text = "gap"};
	struct ff_box flat = ff_text_box(cv, &item), turned, figures;
	double w = ff_canvas_measure(cv, &item.style, "gap").width;

	(void)state;
	assert_true(fabs(flat.x1 - flat.x0 - w) < 1e-9);
	assert_true(flat.y0 < 193 && flat.y1 > 202);
	item.angle = 90;
	turned = ff_text_box(cv, &item);
	assert_true(fabs(turned.y1 - turned.y0 - w) < 1e-9);
	assert_true(fabs(turned.y1 - 200) < 1e-9); /* reads upwards from the anchor */
	assert_true(turned.x0 < 193 && turned.x1 > 202);
	item.angle = 0;
	item.text = "1024";
	figures = ff_text_box(cv, &item);
	assert_true(figures.y1 < flat.y1);
	ff_canvas_free(cv);
}

/* ---- breaking ---- */

/* A word with a hyphen stays whole; what is cut ends with a clause, or else a word. */
static void test_wrap_words(void **state)
{
	static const struct {
		const char *text, *room; /* as wide as this */
		size_t most;
		const char *lines;
	} rows[] = {
		{"Slow-scanning band", "Slow-scanning", 2, "Slow-scanning\nband"},
		{"one, two, three", "one, two, thre", 1, "one, two" FF_ELLIPSIS},
		{"some more words", "some more word", 1, "some more" FF_ELLIPSIS},
		{"unbroken, as it is", "unbroke" FF_ELLIPSIS, 1, "unbroke" FF_ELLIPSIS},
	};
	struct ff_canvas *cv = label_canvas(400, 400);
	struct ff_text_style st = {.size_pt = 10};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_buf b = FF_BUF_INIT;

		ff_wrap(&b, cv, &st, rows[i].text,
			ff_canvas_measure(cv, &st, rows[i].room).width + .01,
			rows[i].most);
		assert_string_equal(ff_buf_str(&b), rows[i].lines);
		ff_buf_release(&b);
	}
	ff_canvas_free(cv);
}

static void test_wrap(void **state)
{
	struct ff_canvas *cv = label_canvas(400, 400);
	struct ff_text_style st = {.size_pt = 10};
	double em = ff_canvas_measure(cv, &st, "m").width;
	static const char *const texts[] = {
		"",
		"one",
		"Twice a day until 29 November, some 500 sources sweep 20 to 37 hosts "
		"each",
		"Slow-scanning band",
		"averyveryverylongwordwithoutanybreak and more",
		"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e \xe6\x97\xa5\xe6\x9c\xac",
		FF_MARK_BOLD "bold words that go on" FF_MARK_END " and plain ones after",
		"trailing   spaces   ",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (double width = 2 * em; width < 60 * em; width *= 1.3) {
			for (size_t most = 1; most <= 4; most++) {
				struct ff_buf b = FF_BUF_INIT;
				size_t lines = ff_wrap(&b, cv, &st, texts[i], width,
						       most),
				       n = 0;
				int open = 0;

				assert_true(lines <= most);
				for (char *p = (char *)b.data; p && *p; n++) {
					char *end = strchr(p, '\n');

					if (end)
						*end = '\0';
					assert_true(ff_canvas_measure(cv, &st, p).width <=
						    fmax(width, 2 * em) + 1e-9);
					for (const char *c = p; *c; c++)
						open += (*c == FF_MARK_BOLD[0]) -
							(*c == FF_MARK_END[0]);
					assert_int_equal(
						open, 0); /* bold closes with its line */
					p = end ? end + 1 : NULL;
				}
				assert_int_equal(n, lines);
				ff_buf_release(&b);
			}
		}
	}
	ff_canvas_free(cv);
}

static void test_ellipsis(void **state)
{
	struct ff_canvas *cv = label_canvas(400, 400);
	struct ff_text_style st = {.size_pt = 10};
	static const char text[] = "flowfig contact --inside=198.18.4.0/22 "
				   "\xc3\xa4\xc3\xb6\xc3\xbc -o a.png";
	struct ff_buf b = FF_BUF_INIT, big = FF_BUF_INIT;
	double full = ff_canvas_measure(cv, &st, text).width;

	(void)state;
	ff_ellipsize_middle(&b, cv, &st, text, full);
	assert_string_equal(ff_buf_str(&b), text);
	for (double width = full - 1; width > 20; width *= .9) {
		ff_buf_clear(&b);
		ff_ellipsize_middle(&b, cv, &st, text, width);
		assert_non_null(strstr(ff_buf_str(&b), FF_ELLIPSIS));
		assert_true(ff_canvas_measure(cv, &st, ff_buf_str(&b)).width <= width);
	}
	/* a command of a thousand files takes no thousand measurings */
	for (int i = 0; i < 20000; i++)
		ff_buf_adds(&big, "file.rw ");
	ff_buf_clear(&b);
	ff_ellipsize_middle(&b, cv, &st, ff_buf_str(&big), 300);
	assert_true(b.len < 100);
	ff_buf_clear(&b);
	assert_true(ff_wrap(&b, cv, &st, ff_buf_str(&big), 300, 2) == 2);
	ff_buf_release(&b);
	ff_buf_release(&big);
	ff_canvas_free(cv);
}

/* ---- frame ---- */

/* Half of any paper is left to the figure, whatever the words. */
static void test_frame(void **state)
{
	static const char *const sizes[] = {"page",    "column",  "slide",
					    "2x1.5in", "3.5x2in", "8x2in"};
	static const struct ff_frame_words words[] = {
		{"Title", "Subtitle", "flowfig contact", "1 flow", "source", NULL},
		{"A title of so many words that it cannot stand on one line of any "
		 "paper, and "
		 "perhaps not on two of them either",
		 "A subtitle of so many words that it cannot stand on one line of any "
		 "paper, "
		 "and perhaps not on two of them either, nor on three",
		 "flowfig contact --inside=10.0.0.0/8 --bin=1h a.rw b.rw c.rw d.rw e.rw "
		 "f.rw g.rw",
		 "10,000,000 flows, 1,714,351 source-hours",
		 "a source with many words to tell", "TLP:AMBER+STRICT"},
		{"", "", "", "", "", ""},
		{NULL, NULL, NULL, NULL, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct ff_theme t = label_theme(sizes[i], "print");
		struct ff_canvas *cv = label_canvas(t.width, t.height);

		for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
			struct ff_labels l;
			struct ff_frame f;

			ff_labels_init(&l, cv, &t);
			ff_frame_layout(&f, &t, &l, &words[k]);
			assert_true(f.plot.y1 - f.plot.y0 > .4 * t.height);
			for (size_t a = 0; a < l.count; a++) {
				assert_true(l.boxes[a].y1 <= f.plot.y0 ||
					    l.boxes[a].y0 >= f.plot.y1);
				for (size_t b = 0; b < a; b++)
					assert_false(
						ff_box_meets(&l.boxes[a], &l.boxes[b]));
			}
			ff_labels_release(&l);
		}
		ff_canvas_free(cv);
	}
}

/* A command that two lines hold (on narrow paper three) is told word by word. */
static void test_footer_wraps(void **state)
{
	static const char *const sizes[] = {"page", "3.5x4in", "slide"};
	static const char command[] =
		"flowfig netbytes --host=147.32.81.167 --port=peer --view=sheet "
		"--from=2022-06-12T00:00:00";
	static const struct ff_frame_words words = {
		.title = "Title",
		.subtitle = "Subtitle",
		.command = command,
		.counts = "17 MB, 7,096 flows, 2,156 ports; 20 flows without ports left "
			  "out",
		.source = "conn.log.labeled",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct ff_theme t = label_theme(sizes[i], "print");
		struct ff_canvas *cv = label_canvas(t.width, t.height);
		struct ff_buf told = FF_BUF_INIT;
		struct ff_labels l;
		struct ff_frame f;

		ff_labels_init(&l, cv, &t);
		ff_frame_layout(&f, &t, &l, &words);
		/* lines from above */
		for (double y = 0; y < t.height; y += .5)
			for (size_t k = 0; k < l.count; k++)
				if (strcmp(l.items[k].role, "footer") == 0 &&
				    l.items[k].y >= y && l.items[k].y < y + .5)
					ff_buf_addf(&told, "%s%s", told.len ? " " : "",
						    l.items[k].text);
		assert_non_null(strstr(ff_buf_str(&told), command));
		assert_non_null(strstr(ff_buf_str(&told), words.counts));
		assert_non_null(strstr(ff_buf_str(&told), words.source));
		ff_buf_release(&told);
		ff_labels_release(&l);
		ff_canvas_free(cv);
	}
}

/* ---- theme and palette ---- */

static void test_sizes(void **state)
{
	static const struct {
		const char *size;
		double dpi, w, h, got_dpi; /* w 0 = refused */
	} rows[] = {
		{"page", 0, 508.32, 317.7, 300},
		{"slide", 0, 960, 540, 144},
		{NULL, 0, 508.32, 317.7, 300},
		{"100x50mm", 0, 283.46, 141.73, 300},
		{"10x5cm", 0, 283.46, 141.73, 300},
		{"1920x1080px", 0, 960, 540, 144},
		{"1920x1080px", 96, 1440, 810, 96},
		{"5x4in", 150, 360, 288, 150},
		{"300x200pt", 0, 300, 200, 300},
		{"300x200", 0, 0, 0, 0},
		{"1x1in", 0, 0, 0, 0},
		{"200x4in", 0, 0, 0, 0},
		{"poster", 0, 0, 0, 0},
		{"x5in", 0, 0, 0, 0},
		{"nanx5in", 0, 0, 0, 0},
		{"page", 5000, 0, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_figure_opts opts = {.size = rows[i].size, .dpi = rows[i].dpi};
		double w = 0, h = 0, dpi = 0;
		int rc = ff_figure_size(&w, &h, &dpi, &opts, 1.6, NULL);

		assert_int_equal(rc, rows[i].w > 0 ? FF_OK : FF_EUSAGE);
		if (fabs(w - rows[i].w) > .01 || fabs(h - rows[i].h) > .01 ||
		    dpi != rows[i].got_dpi)
			fail_msg("row %zu: %g x %g at %g", i, w, h, dpi);
	}
}

static void test_themes(void **state)
{
	static const char *const sizes[] = {"page", "column", "slide", "2x1.5in",
					    "40x30in"};
	static const char *const themes[] = {"print", "slide", "dark"};
	struct ff_figure_opts bad = {.theme = "sepia"};
	struct ff_theme t;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (size_t k = 0; k < sizeof(themes) / sizeof(themes[0]); k++) {
			t = label_theme(sizes[i], themes[k]);
			assert_true(t.foot >= (t.is_slide ? 12 : 7));
			assert_true(t.fs >= t.small && t.small >= t.foot &&
				    t.title > t.fs);
			/* WCAG AA for all words */
			assert_true(ff_contrast(t.ink, t.background) > 7);
			assert_true(ff_contrast(t.grey, t.background) > 4.5);
			assert_int_equal(t.is_dark, k == 2);
		}
	assert_int_equal(ff_theme_init(&t, &bad, 1.6, NULL), FF_EUSAGE);
}

/* Few is seen on the ground, many is farther from it, and no step goes back. */
static void test_ramps(void **state)
{
	static const char *const themes[] = {"print", "dark"};
	static const double least[] = {2.5, 3.1};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct ff_theme t = label_theme("page", themes[i % 2]);
		struct ff_figure_opts opts = {.palette = ""};
		struct ff_ramp r;

		assert_int_equal(ff_ramp_init(&r, &t, &opts, least[i / 2], NULL), FF_OK);
		assert_true(ff_contrast(r.c[0], t.background) >= least[i / 2]);
		assert_true(ff_contrast(r.c[0], t.background) < least[i / 2] + .3);
		for (int k = 1; k < 256; k++)
			assert_true(ff_contrast(r.c[k], t.background) >=
				    ff_contrast(r.c[k - 1], t.background) - .05);
		assert_true(ff_contrast(r.c[255], t.background) > 10);
	}
}

static void test_palette_names(void **state)
{
	static const char *const names[] = {"no-such-map", "../batlow", "a/b"};
	struct ff_palette p;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(ff_palette_load(&p, names[i], "palettes", NULL),
				 FF_EUSAGE);
	assert_int_equal(ff_palette_load(&p, NULL, NULL, NULL), FF_OK);
	assert_int_equal(p.count, 256);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place),	      cmocka_unit_test(test_boxes),
		cmocka_unit_test(test_wrap),	      cmocka_unit_test(test_wrap_words),
		cmocka_unit_test(test_ellipsis),      cmocka_unit_test(test_frame),
		cmocka_unit_test(test_footer_wraps),  cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_themes),	      cmocka_unit_test(test_ramps),
		cmocka_unit_test(test_palette_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
