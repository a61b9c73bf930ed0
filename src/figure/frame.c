/* SPDX-License-Identifier: MIT */
/* Title, subtitle, hairline, footer and marking: placed before everything else, each in a
 * band of its own, so that they never meet. */
#include "figure/frame.h"
#include "figure/words.h"

#include <math.h>
#include <string.h>

#define FRAME_LINE 1.27 /* from baseline to baseline, in type sizes */

static void frame_put(struct ff_labels *labels, double x, double y, enum ff_anchor anchor,
		      const struct ff_text_style *st, const char *role, const char *text)
{
	struct ff_text_item item = {.x = x,
				    .y = y,
				    .anchor = anchor,
				    .style = *st,
				    .role = role,
				    .text = text};

	if (text[0])
		ff_labels_add(labels, &item, 1);
}

/* How much of the words the paper has room for: lines at most. */
struct frame_budget {
	size_t title, subtitle, command, facts;
};

/* Up to max_lines lines down from *y (top of the first line's ascenders); *y moves below.
 * A dry run only measures. */
static void frame_lines(struct ff_labels *labels, const struct ff_theme *t, double *y,
			const struct ff_text_style *st, const char *role,
			const char *text, size_t max_lines, bool is_dry)
{
	struct ff_buf lines = FF_BUF_INIT;
	char *line;

	if (!text[0] || max_lines == 0)
		return;
	ff_wrap(&lines, labels->cv, st, text, t->width - 2 * t->margin, max_lines);
	ff_buf_addc(&lines, '\0');
	for (line = lines.failed ? NULL : (char *)lines.data; line && *line;) {
		char *end = strchr(line, '\n');

		if (end)
			*end = '\0';
		if (!is_dry)
			frame_put(labels, t->margin, *y + .76 * st->size_pt, FF_LEFT, st,
				  role, line);
		*y += FRAME_LINE * st->size_pt;
		line = end ? end + 1 : NULL;
	}
	labels->failed |= lines.failed;
	ff_buf_release(&lines);
}

static void frame_title(struct ff_labels *labels, const struct ff_theme *t, double *y,
			const char *title, size_t max_lines, bool is_dry)
{
	struct ff_text_style st = ff_theme_text(t, FF_BOLD);
	double room = t->width - 2 * t->margin;
	double least = 1.15 * t->fs;

	st.size_pt = t->title;
	/* a little smaller on one line is better than two lines */
	while (st.size_pt > .93 * t->title &&
	       ff_canvas_measure(labels->cv, &st, title).width > room)
		st.size_pt -= .01 * t->title;
	if (ff_canvas_measure(labels->cv, &st, title).width > room) {
		st.size_pt = t->title;
		while (st.size_pt > least &&
		       ff_canvas_measure(labels->cv, &st, title).width >
			       (max_lines > 1 ? 1.9 : 1) * room)
			st.size_pt = fmax(least, st.size_pt - .02 * t->title);
	}
	frame_lines(labels, t, y, &st, "title", title, max_lines, is_dry);
	if (title[0] && max_lines > 0)
		*y += .12 * t->fs;
}

/* Type size that saves the subtitle a second line, else the style's own: a little smaller
 * on one line is better than two. */
static double frame_one_line(struct ff_labels *labels, const struct ff_theme *t,
			     const struct ff_text_style *st, const char *text)
{
	struct ff_text_style try = *st;

	for (; try.size_pt >= t->small; try.size_pt -= .02 * t->fs)
		if (ff_canvas_measure(labels->cv, &try, text).width <=
		    t->width - 2 * t->margin)
			return try.size_pt;
	return st->size_pt;
}

/* Lines up from *bottom, the last word of the last one at the bottom. */
static void frame_lines_up(struct ff_labels *labels, const struct ff_theme *t,
			   double *bottom, const struct ff_text_style *st,
			   const char *text, size_t max_lines, bool is_dry)
{
	double y = 0;

	frame_lines(labels, t, &y, st, "footer", text, max_lines, true);
	*bottom -= y;
	y = *bottom + (FRAME_LINE - .98) * st->size_pt;
	frame_lines(labels, t, &y, st, "footer", text, max_lines, is_dry);
}

/* Words apart by dots; empty ones are left out. */
static void frame_join(struct ff_buf *b, const char *more)
{
	if (b->len > 0 && more && more[0])
		ff_buf_adds(b, "  " FF_MIDDOT "  ");
	ff_buf_adds(b, more ? more : "");
}

static bool frame_fits(const struct ff_labels *labels, const struct ff_theme *t,
		       const struct ff_text_style *st, const char *text)
{
	return ff_canvas_measure(labels->cv, st, text).width <= t->width - 2 * t->margin;
}

/* counts · source, or the source below. */
static void frame_facts(struct ff_labels *labels, const struct ff_theme *t,
			double *bottom, const struct ff_text_style *st,
			const struct ff_frame_words *words, size_t max_lines, bool is_dry)
{
	struct ff_buf line = FF_BUF_INIT;

	frame_join(&line, words->counts);
	frame_join(&line, words->source);
	if (max_lines > 1 && !frame_fits(labels, t, st, ff_buf_str(&line))) {
		ff_buf_clear(&line);
		ff_ellipsize_middle(&line, labels->cv, st,
				    words->source ? words->source : "",
				    t->width - 2 * t->margin);
		frame_lines_up(labels, t, bottom, st, ff_buf_str(&line), 1, is_dry);
		frame_lines_up(labels, t, bottom, st, words->counts ? words->counts : "",
			       max_lines, is_dry);
	} else {
		frame_lines_up(labels, t, bottom, st, ff_buf_str(&line), max_lines,
			       is_dry);
	}
	labels->failed |= line.failed;
	ff_buf_release(&line);
}

/* command · counts · source on one line where they fit; else the command has lines of its
 * own. */
static void frame_footer(struct ff_labels *labels, const struct ff_theme *t,
			 double *bottom, const struct ff_frame_words *words,
			 const struct frame_budget *budget, bool is_dry)
{
	struct ff_text_style st = ff_theme_grey(t, FF_REGULAR);
	struct ff_buf line = FF_BUF_INIT;

	st.size_pt = t->foot;
	frame_join(&line, words->command);
	frame_join(&line, words->counts);
	frame_join(&line, words->source);
	if (!t->is_narrow && budget->command > 0 &&
	    frame_fits(labels, t, &st, ff_buf_str(&line))) {
		frame_lines_up(labels, t, bottom, &st, ff_buf_str(&line), 1, is_dry);
	} else {
		frame_facts(labels, t, bottom, &st, words, budget->facts, is_dry);
		frame_lines_up(labels, t, bottom, &st,
			       words->command ? words->command : "", budget->command,
			       is_dry);
	}
	labels->failed |= line.failed;
	ff_buf_release(&line);
}

/* The same words in the middle of the top and the bottom edge. */
static void frame_marking(struct ff_labels *labels, const struct ff_theme *t, double *top,
			  double *bottom, const char *marking)
{
	struct ff_text_style st = ff_theme_text(t, FF_BOLD);
	struct ff_buf b = FF_BUF_INIT;

	st.size_pt = t->foot;
	ff_ellipsize_middle(&b, labels->cv, &st, marking, t->width - 2 * t->margin);
	frame_put(labels, t->width / 2, *top + .76 * t->foot, FF_CENTER, &st, "marking",
		  ff_buf_str(&b));
	frame_put(labels, t->width / 2, *bottom - .22 * t->foot, FF_CENTER, &st,
		  "marking", ff_buf_str(&b));
	*top += 1.5 * t->foot;
	*bottom -= 1.5 * t->foot;
	labels->failed |= b.failed;
	ff_buf_release(&b);
}

/* Title and subtitle down from *top, footer up from *bottom. */
static void frame_place(struct ff_labels *labels, const struct ff_theme *t,
			const struct ff_frame_words *words,
			const struct frame_budget *budget, double *top, double *bottom,
			bool is_dry)
{
	struct ff_text_style grey = ff_theme_grey(t, FF_REGULAR);
	const char *subtitle = words->subtitle ? words->subtitle : "";

	frame_title(labels, t, top, words->title ? words->title : "", budget->title,
		    is_dry);
	grey.size_pt =
		t->is_narrow ? t->small : frame_one_line(labels, t, &grey, subtitle);
	frame_lines(labels, t, top, &grey, "subtitle", subtitle, budget->subtitle,
		    is_dry);
	frame_footer(labels, t, bottom, words, budget, is_dry);
}

void ff_frame_layout(struct ff_frame *f, const struct ff_theme *t,
		     struct ff_labels *labels, const struct ff_frame_words *words)
{
	/* what small paper gives up, step by step, so that half of it is left to the
	 * figure */
	const struct frame_budget budgets[] = {
		{2, t->is_narrow ? 3 : 2, t->is_narrow ? 3 : 2, 2},
		{2, 2, 2, 2},
		{2, 2, 1, 1},
		{2, 2, 0, 1},
		{2, 1, 0, 1},
		{2, 0, 0, 1},
		{1, 0, 0, 1},
		{1, 0, 0, 0},
	};
	const size_t last = sizeof(budgets) / sizeof(budgets[0]) - 1;
	double top = t->margin * .95, bottom = t->height - t->margin * .6, at_top,
	       at_bottom;
	size_t i = 0;

	*f = (struct ff_frame){0};
	if (words->marking && words->marking[0]) {
		top = t->margin * .45;
		bottom = t->height - top;
		frame_marking(labels, t, &top, &bottom, words->marking);
	}
	for (; i < last; i++) {
		at_top = top;
		at_bottom = bottom;
		frame_place(labels, t, words, &budgets[i], &at_top, &at_bottom, true);
		if (at_bottom - at_top >= .55 * t->height)
			break;
	}
	labels->dropped += i;
	at_bottom = bottom;
	frame_place(labels, t, words, &budgets[i], &top, &bottom, false);
	f->has_hairline = bottom < at_bottom;
	f->hairline_y = bottom - .3 * t->fs;
	f->plot = (struct ff_box){t->margin, top + .3 * t->fs, t->width - t->margin,
				  f->hairline_y - .6 * t->fs};
}

int ff_frame_say(struct ff_frame *f, const struct ff_theme *t, struct ff_labels *labels,
		 const struct ff_figure_opts *opts, struct ff_frame_texts *own,
		 struct ff_err *err)
{
	bool failed = own->title.failed || own->subtitle.failed || own->counts.failed;

	if (!failed) {
		struct ff_frame_words words = {
			.title = opts->title ? opts->title : ff_buf_str(&own->title),
			.subtitle = opts->subtitle ? opts->subtitle
						   : ff_buf_str(&own->subtitle),
			.command = opts->command,
			.counts = ff_buf_str(&own->counts),
			.source = opts->source,
			.marking = opts->marking,
		};

		ff_frame_layout(f, t, labels, &words);
	}
	ff_buf_release(&own->title);
	ff_buf_release(&own->subtitle);
	ff_buf_release(&own->counts);
	return failed ? ff_fail_nomem(err) : FF_OK;
}

int ff_frame_end(const struct ff_frame *f, const struct ff_theme *t,
		 const struct ff_labels *labels, struct ff_layout_report *report,
		 struct ff_err *err)
{
	struct ff_canvas *cv = labels->cv;

	if (f->has_hairline) {
		ff_canvas_note(cv, "hairline");
		ff_canvas_line(cv, t->margin, f->hairline_y, t->width - t->margin,
			       f->hairline_y, t->hairline, t->hair, NULL);
	}
	ff_canvas_note(cv, "labels");
	ff_labels_draw(labels, cv);
	return ff_labels_report(labels, t, report, err);
}
