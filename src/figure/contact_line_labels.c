/* SPDX-License-Identifier: MIT */
/* contact_line_labels - names of lines, fit, prefixes and shares, each beside what it
 * names and off every line. */
#include "figure/contact_line.h"

#include <math.h>
#include <string.h>

#define LABELS_TRIES 64

/* names keep off every line; among free places the first wins */
static const struct ff_ink_rule labels_clear = {.002, .001};

/* Ends one label: counts it when it was dropped, else keeps a little air over and under
 * it. */
static void labels_done(struct ff_contact_line *v, struct ff_buf *b, bool placed)
{
	struct ff_labels *labels = &v->c->labels;

	labels->failed |= b->failed;
	labels->dropped += !placed;
	if (placed && !labels->failed) {
		struct ff_box box = labels->boxes[labels->count - 1];

		box.y0 -= .22 * v->c->theme.fs;
		box.y1 += .22 * v->c->theme.fs;
		ff_labels_block(labels, box);
	}
	ff_buf_release(b);
}

/* Names each mean line at the row where it stands farthest from the other one. */
static void labels_period(struct ff_contact_line *v, int which)
{
	const struct ff_theme *t = &v->c->theme;
	const struct ff_contact_rows *rows = &v->means.rows;
	const double *own = v->means.mean[which].row, *other = v->means.mean[!which].row;
	struct ff_text_item tries[2 * FF_CONTACT_ROWS];
	double apart[2 * FF_CONTACT_ROWS];
	struct ff_text_style st = ff_with_halo(t, ff_theme_text(t, FF_SEMIBOLD));
	struct ff_buf b = FF_BUF_INIT;
	size_t n = 0;

	ff_contact_period_words(&b, v->c, &v->means, which, false);
	st.color = ff_contact_period_color(v->c, &v->means, which);
	for (size_t i = 0; i < 2 * rows->count; i++) {
		size_t row = i / 2, at;
		double gap;
		bool is_right;

		if (!(own[row] > 0))
			continue;
		is_right = !(other[row] > own[row]);
		gap = other[row] > 0 ? fabs(log(own[row] / other[row])) : 3;
		/* the second try of a row stands a line farther off */
		gap -= i % 2 ? .4 : 0;
		for (at = n; at > 0 && apart[at - 1] < gap; at--) {
			apart[at] = apart[at - 1];
			tries[at] = tries[at - 1];
		}
		apart[at] = gap;
		tries[at] = ff_text_item_of(
			"line name", st,
			ff_scale_at(&v->density.x, rows->row[row].at) +
				(is_right ? .7 : -.7) * t->fs,
			ff_scale_at(&v->density.y, own[row]) +
				(i % 2 ? (is_right ? -.5 : 1.3) : .36) * t->fs,
			is_right ? FF_LEFT : FF_RIGHT, ff_buf_str(&b));
		n++;
	}
	labels_done(
		v, &b,
		ff_ink_place(&v->density.ink, &v->c->labels, tries, n, 1, labels_clear));
}

/* "fit n = 2–10, slope −2.69" above the upper part of the fit, else below it. */
static void labels_fit(struct ff_contact_line *v)
{
	const struct ff_theme *t = &v->c->theme;
	struct ff_text_style st = ff_with_halo(t, ff_theme_text(t, FF_REGULAR));
	struct ff_text_item tries[2 * FF_LINE_FIT];
	struct ff_point p[FF_LINE_FIT];
	struct ff_buf b = FF_BUF_INIT;
	size_t n = ff_contact_line_fit(v, p);

	if (!n)
		return;
	ff_buf_adds(&b, "fit n = ");
	ff_word_range(&b, v->c->data.fit->low, v->c->data.fit->high);
	ff_buf_adds(&b, ", slope ");
	ff_word_number(&b, ff_finding_number(v->c->data.fit, "slope", 0), 2);
	for (size_t i = 0; i < n; i++) {
		/* from the first quarter on, and around to the beginning */
		struct ff_point at = p[(i + n / 6) % n];

		tries[i] = ff_text_item_of("fit", st, at.x + .9 * t->fs,
					   at.y - .1 * t->fs, FF_LEFT, ff_buf_str(&b));
		tries[n + i] =
			ff_text_item_of("fit", st, at.x - .9 * t->fs, at.y + .8 * t->fs,
					FF_RIGHT, ff_buf_str(&b));
	}
	labels_done(v, &b,
		    ff_ink_place(&v->density.ink, &v->c->labels, tries, 2 * n, 1,
				 labels_clear));
}

/* "/24" over the marks of each prefix size. */
static void labels_sizes(struct ff_contact_line *v)
{
	const struct ff_theme *t = &v->c->theme;
	struct ff_text_style st = ff_with_halo(t, ff_theme_grey(t, FF_REGULAR));
	double r = ff_contact_dot_radius(v->c);

	for (size_t i = v->c->data.nsizes; i-- > 0;) {
		struct ff_buf b = FF_BUF_INIT;
		struct ff_text_item tries[2];
		double top = HUGE_VAL, bottom = -HUGE_VAL, x;

		for (int k = 0; k < v->lines; k++) {
			struct ff_point p = ff_contact_line_size(v, k, i);

			if (!(v->means.mean[k].size[i] > 0))
				continue;
			top = fmin(top, p.y - r);
			bottom = fmax(bottom, p.y + r);
		}
		if (top > bottom || !v->c->data.size_bits[i])
			continue;
		x = ff_scale_at(&v->density.x, (double)v->c->data.sizes[i]);
		ff_buf_addf(&b, "/%u", v->c->data.size_bits[i]);
		tries[0] = ff_text_item_of("prefix", st, x, top - .4 * t->fs, FF_CENTER,
					   ff_buf_str(&b));
		tries[1] = tries[0];
		tries[1].y = bottom + 1.0 * t->fs;
		labels_done(v, &b,
			    ff_ink_place(&v->density.ink, &v->c->labels, tries, 2, 1,
					 labels_clear));
	}
}

/* "thin: each day", where the lower left is free. */
static void labels_thin(struct ff_contact_line *v)
{
	static const char *const spans[] = {NULL, "hour", "day", "week", "month", "year"};
	const struct ff_theme *t = &v->c->theme;
	const struct ff_box *box = &v->density.box;
	struct ff_text_style st = ff_with_halo(t, ff_theme_grey(t, FF_REGULAR));
	struct ff_text_item tries[LABELS_TRIES];
	struct ff_buf b = FF_BUF_INIT;

	if (!v->means.nthin)
		return;
	ff_buf_adds(&b, "thin lines: each ");
	if (v->means.span == FF_SPAN_BIN)
		ff_word_bin(&b, v->c->data.bin_ns);
	else
		ff_buf_adds(&b, spans[v->means.span]);
	for (int i = 0; i < LABELS_TRIES; i++) {
		double step_y = (box->y1 - box->y0 - 2 * t->fs) / (LABELS_TRIES / 4);

		tries[i] = ff_text_item_of(
			"thin", st,
			i % 4 < 2 ? box->x0 + .7 * t->fs + (i % 4) * 3 * t->fs
				  : box->x1 - .7 * t->fs - (i % 4 - 2) * 3 * t->fs,
			i % 4 < 2 ? box->y1 - .8 * t->fs - i / 4 * step_y
				  : box->y0 + 1.2 * t->fs + i / 4 * step_y,
			i % 4 < 2 ? FF_LEFT : FF_RIGHT, ff_buf_str(&b));
	}
	labels_done(v, &b,
		    ff_ink_place(&v->density.ink, &v->c->labels, tries, LABELS_TRIES, 1,
				 labels_clear));
}

/* The range of the band at the top of its tint. */
static void labels_band(struct ff_contact_line *v)
{
	const struct ff_theme *t = &v->c->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	struct ff_text_item tries[3];
	struct ff_buf b = FF_BUF_INIT;
	double x0, x1;

	if (!ff_contact_line_band(v, &x0, &x1))
		return;
	ff_buf_adds(&b, FF_MARK_BOLD "Band" FF_MARK_END " ");
	ff_word_range(&b, v->c->data.bands[0]->low, v->c->data.bands[0]->high);
	st.color = ff_mix(t->ink, ff_category(t, FF_VERMILLION), .3);
	for (int i = 0; i < 3; i++)
		tries[i] = ff_text_item_of("band", st,
					   i == 0   ? (x0 + x1) / 2
					   : i == 1 ? x0 + .2 * t->fs
						    : x1 - .2 * t->fs,
					   v->density.box.y0 + 1.1 * t->fs,
					   i == 0   ? FF_CENTER
					   : i == 1 ? FF_LEFT
						    : FF_RIGHT,
					   ff_buf_str(&b));
	labels_done(
		v, &b,
		ff_ink_place(&v->density.ink, &v->c->labels, tries, 3, 1, labels_clear));
}

/* ---- shares ---- */

static void labels_share_words(struct ff_buf *b, double share, uint64_t n)
{
	char number[24];

	ff_buf_clear(b);
	if (n)
		ff_buf_addf(b, "n \xe2\x89\xa5 %s: ",
			    ff_format_u64(number, sizeof(number), n));
	ff_buf_adds(b, FF_MARK_BOLD);
	ff_word_percent(b, share);
	ff_buf_adds(b, FF_MARK_END);
}

/* Places around a point, in type sizes: x, y of the baseline, anchor; for a text above
 * and right of a falling line. The mirror image is below and left of it. */
static const double labels_around[][3] = {
	{.5, -.4, -1}, {.8, -.9, -1}, {.6, .36, -1}, {1.2, -1.6, -1},
	{-.3, -.5, 1}, {0, -.5, 0},   {.5, 1, -1},   {2, -.4, -1},
	{2, -1.4, -1}, {3, -2.4, -1}, {3, .36, -1},  {3.6, 1, -1},
};
#define LABELS_AROUND (sizeof(labels_around) / sizeof(labels_around[0]))
#define LABELS_NEAR 3 /* of them, those right at the point */

static struct ff_point labels_share_point(const struct ff_contact_line *v, int which,
					  uint64_t n)
{
	return (struct ff_point){
		ff_scale_at(&v->share.x, (double)n),
		ff_scale_at(&v->share.y,
			    100 * ff_contact_at_least(&v->means.mean[which], n))};
}

static void labels_share_mark(const struct ff_contact_line *v, struct ff_point p,
			      struct ff_color color)
{
	const struct ff_theme *t = &v->c->theme;

	ff_canvas_circle(v->c->cv, p.x, p.y, 1.2 * t->line, color, t->background,
			 .5 * t->axis);
}

/* "n ≥ 20: 2.1 %" at the step of n, above the line or below it. */
static bool labels_share(struct ff_contact_line *v, int which, uint64_t n, bool is_below,
			 size_t ntries, struct ff_color color)
{
	const struct ff_theme *t = &v->c->theme;
	struct ff_text_style st = ff_with_halo(t, ff_theme_text(t, FF_REGULAR));
	struct ff_point p = labels_share_point(v, which, n);
	struct ff_text_item tries[LABELS_AROUND];
	struct ff_buf b = FF_BUF_INIT;
	double side = is_below ? -1 : 1;
	bool placed;

	labels_share_words(&b, ff_contact_at_least(&v->means.mean[which], n), n);
	st.color = color;
	for (size_t i = 0; i < LABELS_AROUND; i++) {
		const double *o = labels_around[i];
		double anchor = side * o[2];

		tries[i] = ff_text_item_of("share", st, p.x + side * o[0] * t->fs,
					   p.y + (is_below ? .72 - o[1] : o[1]) * t->fs,
					   anchor < 0	? FF_LEFT
					   : anchor > 0 ? FF_RIGHT
							: FF_CENTER,
					   ff_buf_str(&b));
	}
	placed = ff_ink_place(&v->share.ink, &v->c->labels, tries, ntries, 1,
			      labels_clear);
	if (placed)
		labels_share_mark(v, p, color);
	v->c->labels.failed |= b.failed;
	ff_buf_release(&b);
	return placed;
}

/* Where the two are too near each other for two places: "n ≥ 2: 13.3 %  10.9 %", each in
 * the colour of its line, over the upper one. */
static bool labels_share_both(struct ff_contact_line *v, int upper, uint64_t n)
{
	const struct ff_theme *t = &v->c->theme;
	struct ff_text_style st = ff_with_halo(t, ff_theme_text(t, FF_REGULAR));
	struct ff_point p = labels_share_point(v, upper, n);
	struct ff_text_item tries[2 * LABELS_AROUND];
	struct ff_buf b[2] = {FF_BUF_INIT, FF_BUF_INIT};
	double width;
	bool placed;

	for (int k = 0; k < 2; k++)
		labels_share_words(
			&b[k], ff_contact_at_least(&v->means.mean[k ? !upper : upper], n),
			k ? 0 : n);
	width = ff_canvas_measure(v->c->cv, &st, ff_buf_str(&b[0])).width + .6 * t->fs;
	for (size_t i = 0; i < LABELS_AROUND; i++) {
		for (size_t k = 0; k < 2; k++) {
			st.color = ff_contact_period_color(v->c, &v->means,
							   k ? !upper : upper);
			tries[2 * i + k] = ff_text_item_of(
				"share", st,
				p.x + fabs(labels_around[i][0]) * t->fs + (k ? width : 0),
				p.y + labels_around[i][1] * t->fs, FF_LEFT,
				ff_buf_str(&b[k]));
		}
	}
	placed = ff_ink_place(&v->share.ink, &v->c->labels, tries, LABELS_AROUND, 2,
			      labels_clear);
	for (int k = 0; k < 2 && placed; k++)
		labels_share_mark(v, labels_share_point(v, k, n),
				  ff_contact_period_color(v->c, &v->means, k));
	v->c->labels.failed |= b[0].failed || b[1].failed;
	ff_buf_release(&b[0]);
	ff_buf_release(&b[1]);
	return placed;
}

/* Both lines at n, or only one when they say the same. */
static void labels_shares_at(struct ff_contact_line *v, uint64_t n)
{
	double a = ff_contact_at_least(&v->means.mean[0], n);
	double b = v->lines > 1 ? ff_contact_at_least(&v->means.mean[1], n) : 0;
	int upper = a < b;
	bool placed;

	if (!(fmax(a, b) > 0))
		return;
	if (v->lines == 1 || fabs(a - b) <= .12 * fmax(a, b)) {
		struct ff_color color =
			v->lines > 1 ? v->c->theme.ink
				     : ff_contact_period_color(v->c, &v->means, 0);

		placed = labels_share(v, upper, n, false, LABELS_AROUND, color) ||
			 labels_share(v, upper, n, true, LABELS_AROUND, color);
	} else if (fmin(a, b) > .4 * fmax(a, b)) {
		placed = labels_share_both(v, upper, n);
	} else {
		struct ff_color color = ff_contact_period_color(v->c, &v->means, upper);

		/* without room over it, between the two lines */
		placed = labels_share(v, upper, n, false, LABELS_AROUND, color) ||
			 labels_share(v, upper, n, true, LABELS_NEAR, color);
		v->c->labels.dropped += !placed;
		placed = !(fmin(a, b) > 0) ||
			 labels_share(v, !upper, n, true, LABELS_AROUND,
				      ff_contact_period_color(v->c, &v->means, !upper));
	}
	v->c->labels.dropped += !placed;
}

/* Few n: each point of the only line has its value. */
static void labels_values(struct ff_contact_line *v)
{
	const struct ff_theme *t = &v->c->theme;
	struct ff_text_style st = ff_with_halo(t, ff_theme_text(t, FF_SEMIBOLD));
	const struct ff_contact_rows *rows = &v->means.rows;

	st.color = ff_contact_period_color(v->c, &v->means, 0);
	for (size_t i = 0; i < rows->count; i++) {
		double value = v->means.mean[0].row[i];
		struct ff_text_item tries[3];
		struct ff_buf b = FF_BUF_INIT;

		if (!(value > 0))
			continue;
		if (value >= 100)
			ff_word_count(&b, (uint64_t)fmin(round(value), 1e18));
		else
			ff_word_number(&b, value,
				       value >= 9.95   ? 0
				       : value >= .995 ? 1
						       : 2);
		tries[0] = ff_text_item_of(
			"value", st, ff_scale_at(&v->density.x, rows->row[i].at),
			ff_scale_at(&v->density.y, value) - .55 * t->fs, FF_CENTER,
			ff_buf_str(&b));
		tries[1] = tries[2] = tries[0];
		tries[1].x += .5 * t->fs;
		tries[1].y += .3 * t->fs;
		tries[1].anchor = FF_LEFT;
		tries[2].y += 1.8 * t->fs; /* below */
		labels_done(v, &b,
			    ff_ink_place(&v->density.ink, &v->c->labels, tries, 3, 1,
					 labels_clear));
	}
}

/* Where the second share is told: the band, a ridge among few n, else the end of the fit.
 */
static uint64_t labels_middle(const struct ff_contact_data *d)
{
	if (d->nbands)
		return d->bands[0]->low;
	if (d->nmax > 16)
		return 10;
	return d->nridges ? d->ridges[0]->low : (d->nmax + 2) / 2;
}

void ff_contact_line_labels(struct ff_contact_line *v)
{
	const struct ff_contact_data *d = &v->c->data;
	uint64_t middle = labels_middle(d);

	for (int k = 0; k < v->lines && v->lines > 1; k++)
		labels_period(v, k);
	if (!v->is_log && v->lines == 1)
		labels_values(v);
	labels_fit(v);
	labels_band(v);
	labels_sizes(v);
	labels_thin(v);
	if (!v->has_share)
		return;
	ff_canvas_note(v->c->cv, "marked shares");
	if (d->nmax >= 2)
		labels_shares_at(v, 2);
	if (middle > 2)
		labels_shares_at(v, middle);
	if (d->nsizes && d->sizes[0] > middle)
		labels_shares_at(v, d->sizes[0]);
}
