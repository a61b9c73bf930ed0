/* SPDX-License-Identifier: MIT */
/* label - every text of a figure is an item with a box here before it is drawn. Items are
 * offered in order of importance: one that would leave the page or meet a text already
 * placed is refused and counted. So nothing ever overlaps, by construction; and the test
 * proves it again from the report. */
#ifndef FIGURE_LABEL_H
#define FIGURE_LABEL_H

#include "figure/theme.h"

struct ff_box {
	double x0, y0, x1, y1;
};
struct ff_text_item {
	double x, y; /* anchor on the baseline */
	enum ff_anchor anchor;
	double angle; /* degrees counter-clockwise: 0, 90 or any */
	struct ff_text_style style;
	struct ff_color plate; /* under the text, over marks; alpha 0 = none */
	const char *role;      /* static: "title", "tick", ... */
	const char *text;      /* copied by ff_labels_add; may hold bold marks */
};
struct ff_labels {
	struct ff_canvas *cv; /* measures */
	struct ff_box page;
	struct ff_text_item *items; /* text owned */
	struct ff_box
		*boxes; /* one an item: what the eye sees, cap height to descender */
	size_t count, cap, boxes_cap;
	struct ff_box *blocked; /* places that text must not cover (keys, marks) */
	size_t nblocked, blocked_cap;
	size_t dropped;
	bool failed; /* sticky: memory ran out */
};
void ff_labels_init(struct ff_labels *l, struct ff_canvas *cv, const struct ff_theme *t);
void ff_labels_release(struct ff_labels *l);

/* An upright text without a plate. */
struct ff_text_item ff_text_item_of(const char *role, struct ff_text_style st, double x,
				    double y, enum ff_anchor anchor, const char *text);
/* Box of an item as placed. Lines of one text 1.25 size apart do not meet. */
struct ff_box ff_text_box(struct ff_canvas *cv, const struct ff_text_item *item);
bool ff_box_meets(const struct ff_box *a, const struct ff_box *b);
/* Whether all n items fit together, without placing them. */
bool ff_labels_fit(struct ff_labels *l, const struct ff_text_item *items, size_t n);
/* Places all n items (lines of one label) or none; false and dropped += 1 when they do
 * not fit. */
bool ff_labels_add(struct ff_labels *l, const struct ff_text_item *items, size_t n);
/* ff_labels_add() of one upright text. */
bool ff_labels_put(struct ff_labels *l, const char *role, struct ff_text_style st,
		   double x, double y, enum ff_anchor anchor, const char *text);
/* Tries `ntries` alternatives of n items each (tries[i * n]); the first that fits is
 * placed. */
bool ff_labels_try(struct ff_labels *l, const struct ff_text_item *tries, size_t ntries,
		   size_t n);
/* Keeps later text out of a box. */
void ff_labels_block(struct ff_labels *l, struct ff_box box);
void ff_labels_draw(const struct ff_labels *l, struct ff_canvas *cv);
/* Copies boxes, drops and the smallest type into the report (may be NULL). FF_ENOMEM also
 * when `failed` is set. */
int ff_labels_report(const struct ff_labels *l, const struct ff_theme *t,
		     struct ff_layout_report *report, struct ff_err *err);

/* Breaks `text` into at most max_lines lines of at most `width` points, greedily at
 * spaces (a no-break space U+00A0 never breaks), balanced when two; the last is
 * ellipsised if still too long. Lines are separated by '\n' in *out (appended). Returns
 * the number of lines. */
size_t ff_wrap(struct ff_buf *out, struct ff_canvas *cv, const struct ff_text_style *st,
	       const char *text, double width, size_t max_lines);
/* Appends text, with its middle replaced by "…" as far as needed to fit `width`. */
void ff_ellipsize_middle(struct ff_buf *out, struct ff_canvas *cv,
			 const struct ff_text_style *st, const char *text, double width);

#endif
