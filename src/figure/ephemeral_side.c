/* SPDX-License-Identifier: MIT */
/* Beside the ports: how many flows used each, and the default ranges of known systems
 * with the share of flows that lies in them. */
#include "figure/ephemeral.h"

#include <math.h>
#include <stdio.h>

#define SIDE_HEAD "In known range"
#define SIDE_RANGES (FF_EPHEMERAL_CLASSES + 2)

/* ---- known ranges ---- */

/* Whether the verdict's model is this range; kernels differ by a port or two at its ends.
 */
static bool side_is_named(const struct ff_ephemeral *e,
			  const struct ff_ephemeral_range *r)
{
	const struct ff_finding *f = e->data.verdict;

	return f && f->high > 0 && f->low + 1 >= r->low && f->low <= r->low + 1 &&
	       f->high + 1 >= r->high && f->high <= r->high + 1;
}

size_t ff_ephemeral_side_ranges(const struct ff_ephemeral *e, unsigned low, unsigned high,
				size_t *range, bool *is_named, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < ff_ephemeral_nranges && n < cap; i++) {
		const struct ff_ephemeral_range *r = &ff_ephemeral_ranges[i];
		bool named = side_is_named(e, r);

		if ((!r->is_common && !named) || r->low >= high || r->high < low)
			continue;
		range[n] = i;
		is_named[n++] = named;
	}
	return n;
}

/* ---- layout ---- */

/* The smallest power of two whose bars are 1.5 k high. */
static unsigned side_bin(const struct ff_ephemeral_side *s)
{
	const struct ff_ephemeral_plot *p = s->plot;
	double per_port = (p->box.y1 - p->box.y0) / (p->high - p->low);
	unsigned bin = 16;

	while (bin < 1024 && bin * per_port < 1.5 * s->e->k)
		bin *= 2;
	return bin;
}

/* Flows of one bar: [0] all but UDP, [1] UDP. Bars begin at multiples of the bin. */
static void side_bar(const struct ff_ephemeral_side *s, unsigned first, uint64_t flows[2])
{
	flows[0] = flows[1] = 0;
	for (unsigned i = first; i < first + s->bin && i < FF_PORTS; i++) {
		if (i < s->plot->low || i >= s->plot->high)
			continue;
		flows[0] += s->ports->flows[0][i];
		flows[1] += s->ports->flows[1][i];
	}
}

static int side_histogram_layout(struct ff_ephemeral_side *s, struct ff_err *err)
{
	struct ff_ephemeral *e = s->e;
	const struct ff_theme *t = &e->theme;
	struct ff_text_style st = ff_theme_text(t, FF_SEMIBOLD);
	double end = t->width - t->margin;
	char head[3][48];
	uint64_t most = 1;
	int rc;

	s->bin = side_bin(s);
	for (unsigned i = s->plot->low / s->bin * s->bin; i < s->plot->high;
	     i += s->bin) {
		uint64_t flows[2];

		side_bar(s, i, flows);
		most = flows[0] + flows[1] > most ? flows[0] + flows[1] : most;
	}
	s->flows = ff_scale_linear(0, (double)most, s->histogram.x0, s->histogram.x1);
	/* one count besides zero is enough, none too few */
	for (unsigned labels = 2; labels <= 4; labels++) {
		rc = ff_ticks_linear(&s->ticks, &s->flows, labels, err);
		if (rc < 0)
			return rc;
		if (s->ticks.count > 1)
			break;
	}
	for (size_t i = 0; i < s->ticks.count; i++) {
		struct ff_tick *tick = &s->ticks.at[i];
		struct ff_buf b = FF_BUF_INIT;

		ff_word_short(&b, tick->value);
		snprintf(tick->text, sizeof(tick->text), "%s",
			 tick->value == floor(tick->value) ? ff_buf_str(&b) : "");
		tick->rank = tick->value > 0;
		ff_buf_release(&b);
	}
	ff_labels_ticks(&e->labels, t, &s->ticks, true,
			s->plot->box.y1 + t->tick + 1.05 * t->fs);
	snprintf(head[0], sizeof(head[0]), "Flows per %u ports", s->bin);
	snprintf(head[1], sizeof(head[1]), "Per %u ports", s->bin);
	snprintf(head[2], sizeof(head[2]), "Flows");
	/* well clear of the head at the right */
	if (s->nranges)
		end = s->ranges.x1 - ff_canvas_measure(e->cv, &st, SIDE_HEAD).width -
		      .7 * t->fs;
	for (int i = 0; i < 3; i++)
		if (i == 2 ||
		    s->histogram.x0 + ff_canvas_measure(e->cv, &st, head[i]).width <=
			    end) {
			ff_labels_put(&e->labels, "panel title", st, s->histogram.x0,
				      s->head_y, FF_LEFT, head[i]);
			break;
		}
	return FF_OK;
}

static double side_bracket_x(const struct ff_ephemeral_side *s, size_t i)
{
	double step = (s->ranges.x1 - s->ranges.x0) / (double)s->nranges;

	return s->ranges.x0 + step * (double)i + .25 * s->e->theme.fs;
}

static double side_y(const struct ff_ephemeral_side *s, double port)
{
	const struct ff_ephemeral_plot *p = s->plot;

	return fmin(fmax(ff_scale_at(&p->port, port), p->box.y0), p->box.y1);
}

/* Along its line; where the range is short, up or down from it within the panel. */
static void side_range_words(struct ff_ephemeral_side *s, size_t i)
{
	struct ff_ephemeral *e = s->e;
	const struct ff_theme *t = &e->theme;
	const struct ff_ephemeral_range *r = &ff_ephemeral_ranges[s->range[i]];
	struct ff_text_style st = s->is_named[i] ? ff_theme_text(t, FF_SEMIBOLD)
						 : ff_theme_grey(t, FF_REGULAR);
	double share = (double)ff_ephemeral_ports_sum(s->ports, r->low, r->high) /
		       (double)s->plot->host->count;
	double middle = (side_y(s, r->low) + side_y(s, r->high + 1)) / 2, half;
	struct ff_text_item item;

	for (int level = 0; level < 2; level++) {
		struct ff_buf b = FF_BUF_INIT;
		bool is_put = false;
		double at;

		ff_buf_addf(&b, "%s" FF_NBSP FF_NBSP, level == 0 ? r->name : r->brief);
		if (share > 0 && share < .005)
			ff_buf_adds(&b, "<1" FF_NBSP "%");
		else if (share < 1 && share > .995)
			ff_buf_adds(&b, ">99" FF_NBSP "%");
		else
			ff_buf_addf(&b, "%.0f" FF_NBSP "%%", 100 * share);
		half = ff_canvas_measure(e->cv, &st, ff_buf_str(&b)).width / 2;
		at = fmin(fmax(middle, s->plot->box.y0 + half), s->plot->box.y1 - half);
		item = ff_text_item_of("range", st, side_bracket_x(s, i) + 1.05 * t->fs,
				       at, FF_CENTER, ff_buf_str(&b));
		item.angle = 90;
		if (2 * half <= s->plot->box.y1 - s->plot->box.y0 &&
		    ff_labels_fit(&e->labels, &item, 1))
			is_put = ff_labels_add(&e->labels, &item, 1);
		e->labels.failed |= b.failed;
		ff_buf_release(&b);
		if (is_put)
			return;
	}
	e->labels.dropped++;
}

int ff_ephemeral_side_layout(struct ff_ephemeral_side *s, struct ff_err *err)
{
	struct ff_ephemeral *e = s->e;
	int rc = FF_OK;

	if (s->ranges.x1 > s->ranges.x0)
		s->nranges = ff_ephemeral_side_ranges(e, s->plot->low, s->plot->high,
						      s->range, s->is_named, SIDE_RANGES);
	if (s->nranges)
		ff_labels_put(&e->labels, "panel title",
			      ff_theme_text(&e->theme, FF_SEMIBOLD), s->ranges.x1,
			      s->head_y, FF_RIGHT, SIDE_HEAD);
	if (s->histogram.x1 > s->histogram.x0)
		rc = side_histogram_layout(s, err);
	for (int named = 1; named >= 0 && rc == FF_OK; named--)
		for (size_t i = 0; i < s->nranges; i++)
			if (s->is_named[i] == named)
				side_range_words(s, i);
	return rc;
}

/* ---- marks ---- */

static void side_draw_bars(const struct ff_ephemeral_side *s)
{
	const struct ff_ephemeral *e = s->e;
	const struct ff_theme *t = &e->theme;
	bool is_split =
		e->classes.colour == FF_EPHEMERAL_PROTOCOL && e->classes.count > 1;
	struct ff_color colors[2] = {e->bar, e->bar};

	if (e->classes.colour == FF_EPHEMERAL_PROTOCOL &&
	    (is_split || !s->plot->is_dense))
		for (size_t k = 0; k < 2; k++)
			colors[k] = ff_mix(t->background,
					   e->classes.at[is_split ? k : 0].color,
					   s->plot->is_dense ? .45 : .58);
	ff_canvas_note(e->cv, "histogram");
	for (unsigned i = s->plot->low / s->bin * s->bin; i < s->plot->high;
	     i += s->bin) {
		double y0 = side_y(s, i + s->bin), y1 = side_y(s, i);
		double x = s->histogram.x0;
		uint64_t flows[2];

		side_bar(s, i, flows);
		for (int k = 0; k < 2; k++) {
			double w = ff_scale_at(&s->flows, (double)flows[k]) -
				   s->histogram.x0;

			if (flows[k] && y1 > y0)
				ff_canvas_rect(e->cv, x, y0, w, y1 - y0, colors[k]);
			x += w;
		}
	}
	for (size_t i = 0; i < s->ticks.count; i++) {
		const struct ff_tick *tick = &s->ticks.at[i];
		struct ff_color line = t->background;

		line.a = .6;
		if (!tick->text[0])
			continue;
		if (tick->value > 0)
			ff_canvas_line(e->cv, tick->pos, s->histogram.y0, tick->pos,
				       s->histogram.y1, line, t->hair, NULL);
		ff_canvas_line(e->cv, tick->pos, s->histogram.y1, tick->pos,
			       s->histogram.y1 + t->tick, t->grey, t->axis, NULL);
	}
	ff_canvas_line(e->cv, s->histogram.x0, s->histogram.y0, s->histogram.x0,
		       s->histogram.y1, t->grey, t->axis, NULL);
}

/* A line with a serif at each end, none where the range goes on past the axis. */
static void side_draw_range(const struct ff_ephemeral_side *s, size_t i)
{
	const struct ff_ephemeral *e = s->e;
	const struct ff_ephemeral_range *r = &ff_ephemeral_ranges[s->range[i]];
	struct ff_color c = s->is_named[i]
				    ? e->theme.ink
				    : ff_mix(e->theme.background, e->theme.grey, .6);
	double width = (s->is_named[i] ? .9 : .6) * e->k, serif = .3 * e->theme.fs;
	double x = side_bracket_x(s, i), y0 = side_y(s, r->high + 1),
	       y1 = side_y(s, r->low);

	ff_canvas_line(e->cv, x, y0, x, y1, c, width, NULL);
	if (r->high < s->plot->high)
		ff_canvas_line(e->cv, x - serif, y0, x, y0, c, width, NULL);
	if (r->low >= s->plot->low)
		ff_canvas_line(e->cv, x - serif, y1, x, y1, c, width, NULL);
}

void ff_ephemeral_side_draw(const struct ff_ephemeral_side *s)
{
	if (s->histogram.x1 > s->histogram.x0)
		side_draw_bars(s);
	ff_canvas_note(s->e->cv, "known ranges");
	for (size_t i = 0; i < s->nranges; i++)
		side_draw_range(s, i);
}

void ff_ephemeral_side_release(struct ff_ephemeral_side *s)
{
	ff_ticks_release(&s->ticks);
}
