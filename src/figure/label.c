/* SPDX-License-Identifier: MIT */
/* Placing texts so that none meets another or leaves the page. Breaking and shortening of
 * long texts is in label_wrap.c. */
#include "figure/label.h"

#include <math.h>
#include <string.h>

/* What the eye sees of a line, as parts of the type size: ascenders and descenders of
 * Inter, rounded up. Lines 1.2 apart stay clear. Figures stand on the baseline. */
#define BOX_ABOVE .76
#define BOX_BELOW .22
#define BOX_BELOW_FIGURES .04
/* Two texts on one line need this much between them, each side, to read as two. */
#define BOX_APART .25

void ff_labels_init(struct ff_labels *l, struct ff_canvas *cv, const struct ff_theme *t)
{
	double edge = .4 * t->margin; /* printers and projectors cut there */

	*l = (struct ff_labels){.cv = cv,
				.page = {edge, edge, t->width - edge, t->height - edge}};
}

void ff_labels_release(struct ff_labels *l)
{
	for (size_t i = 0; i < l->count; i++)
		ff_free((char *)l->items[i].text);
	ff_free(l->items);
	ff_free(l->boxes);
	ff_free(l->blocked);
	*l = (struct ff_labels){0};
}

struct ff_box ff_text_box(struct ff_canvas *cv, const struct ff_text_item *item)
{
	double w = ff_canvas_measure(cv, &item->style, item->text).width;
	double size = item->style.size_pt;
	double left = item->anchor == FF_LEFT	  ? 0
		      : item->anchor == FF_CENTER ? -w / 2
						  : -w;
	double a = item->angle * acos(-1) / 180, c = cos(a), s = sin(a);
	bool is_figures = item->text[strspn(item->text, "0123456789. ")] == '\0';
	double below = is_figures ? BOX_BELOW_FIGURES : BOX_BELOW;
	const double xs[] = {left, left + w}, ys[] = {-BOX_ABOVE * size, below * size};
	struct ff_box box = {HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL};

	for (int i = 0; i < 4; i++) {
		/* y points down and the angle is counter-clockwise */
		double x = item->x + xs[i & 1] * c + ys[i >> 1] * s;
		double y = item->y - xs[i & 1] * s + ys[i >> 1] * c;

		box.x0 = fmin(box.x0, x);
		box.x1 = fmax(box.x1, x);
		box.y0 = fmin(box.y0, y);
		box.y1 = fmax(box.y1, y);
	}
	return box;
}

bool ff_box_meets(const struct ff_box *a, const struct ff_box *b)
{
	return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1;
}

static bool label_fits(const struct ff_labels *l, struct ff_box box, double size)
{
	const double tiny = 1e-6;

	if (box.x0 < l->page.x0 - tiny || box.x1 > l->page.x1 + tiny ||
	    box.y0 < l->page.y0 - tiny || box.y1 > l->page.y1 + tiny)
		return false;
	box.x0 -= BOX_APART * size;
	box.x1 += BOX_APART * size;
	for (size_t i = 0; i < l->count; i++)
		if (ff_box_meets(&box, &l->boxes[i]))
			return false;
	for (size_t i = 0; i < l->nblocked; i++)
		if (ff_box_meets(&box, &l->blocked[i]))
			return false;
	return true;
}

bool ff_labels_fit(struct ff_labels *l, const struct ff_text_item *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!label_fits(l, ff_text_box(l->cv, &items[i]), items[i].style.size_pt))
			return false;
	return true;
}

static void label_place(struct ff_labels *l, const struct ff_text_item *item)
{
	char *text = ff_strdup(item->text);

	if (!text ||
	    ff_grow(&l->items, &l->cap, l->count + 1, sizeof(*l->items), NULL) < 0 ||
	    ff_grow(&l->boxes, &l->boxes_cap, l->count + 1, sizeof(*l->boxes), NULL) <
		    0) {
		ff_free(text);
		l->failed = true;
		return;
	}
	l->boxes[l->count] = ff_text_box(l->cv, item);
	l->items[l->count] = *item;
	l->items[l->count++].text = text;
}

bool ff_labels_try(struct ff_labels *l, const struct ff_text_item *tries, size_t ntries,
		   size_t n)
{
	for (size_t i = 0; i < ntries; i++) {
		if (!ff_labels_fit(l, tries + i * n, n))
			continue;
		for (size_t k = 0; k < n; k++)
			label_place(l, &tries[i * n + k]);
		return true;
	}
	l->dropped++;
	return false;
}

bool ff_labels_add(struct ff_labels *l, const struct ff_text_item *items, size_t n)
{
	return ff_labels_try(l, items, 1, n);
}

void ff_labels_block(struct ff_labels *l, struct ff_box box)
{
	if (ff_grow(&l->blocked, &l->blocked_cap, l->nblocked + 1, sizeof(*l->blocked),
		    NULL) < 0) {
		l->failed = true;
		return;
	}
	l->blocked[l->nblocked++] = box;
}

/* Plates of the lines of one text join. Returns how many items they are. */
static size_t label_draw_plate(const struct ff_labels *l, size_t first,
			       struct ff_canvas *cv)
{
	const struct ff_text_item *item = &l->items[first];
	struct ff_box box = l->boxes[first];
	double pad = .3 * item->style.size_pt;
	size_t n = 1;

	while (first + n < l->count && item[n].plate.a > 0 && item[n].x == item->x &&
	       item[n].role == item->role &&
	       l->boxes[first + n].y0 < box.y1 + .3 * item->style.size_pt) {
		box.x0 = fmin(box.x0, l->boxes[first + n].x0);
		box.x1 = fmax(box.x1, l->boxes[first + n].x1);
		box.y1 = l->boxes[first + n++].y1;
	}
	ff_canvas_rect(cv, box.x0 - pad, box.y0 - pad / 2, box.x1 - box.x0 + 2 * pad,
		       box.y1 - box.y0 + pad, item->plate);
	return n;
}

struct ff_text_item ff_text_item_of(const char *role, struct ff_text_style st, double x,
				    double y, enum ff_anchor anchor, const char *text)
{
	return (struct ff_text_item){.x = x,
				     .y = y,
				     .anchor = anchor,
				     .angle = 0,
				     .style = st,
				     .role = role,
				     .text = text};
}

bool ff_labels_put(struct ff_labels *l, const char *role, struct ff_text_style st,
		   double x, double y, enum ff_anchor anchor, const char *text)
{
	struct ff_text_item item = ff_text_item_of(role, st, x, y, anchor, text);

	return ff_labels_add(l, &item, 1);
}

void ff_labels_draw(const struct ff_labels *l, struct ff_canvas *cv)
{
	for (size_t i = 0; i < l->count;)
		i += l->items[i].plate.a > 0 ? label_draw_plate(l, i, cv) : 1;
	for (size_t i = 0; i < l->count; i++) {
		const struct ff_text_item *t = &l->items[i];

		ff_canvas_text(cv, t->x, t->y, t->anchor, t->angle, &t->style, t->text);
	}
}

/* The words without their bold marks, cut to what the report holds. */
static void label_plain(char *out, size_t cap, const char *text)
{
	size_t len = 0;

	for (; *text && len + 1 < cap; text++)
		if (*text != FF_MARK_BOLD[0] && *text != FF_MARK_END[0])
			out[len++] = *text;
	out[len] = '\0';
}

int ff_labels_report(const struct ff_labels *l, const struct ff_theme *t,
		     struct ff_layout_report *report, struct ff_err *err)
{
	int rc;

	if (l->failed)
		return ff_fail_nomem(err);
	if (!report)
		return FF_OK;
	rc = ff_grow(&report->boxes, &report->cap, l->count, sizeof(*report->boxes), err);
	if (rc < 0)
		return rc;
	report->count = l->count;
	report->dropped = l->dropped;
	report->width_pt = t->width;
	report->height_pt = t->height;
	report->min_text_pt = HUGE_VAL;
	for (size_t i = 0; i < l->count; i++) {
		struct ff_label_box *box = &report->boxes[i];

		*box = (struct ff_label_box){.x0 = l->boxes[i].x0,
					     .y0 = l->boxes[i].y0,
					     .x1 = l->boxes[i].x1,
					     .y1 = l->boxes[i].y1,
					     .role = l->items[i].role};
		label_plain(box->text, sizeof(box->text), l->items[i].text);
		report->min_text_pt =
			fmin(report->min_text_pt, l->items[i].style.size_pt);
	}
	return FF_OK;
}

void ff_layout_report_release(struct ff_layout_report *r)
{
	ff_free(r->boxes);
	*r = (struct ff_layout_report){0};
}
