/* SPDX-License-Identifier: MIT */
/* Key, dates and the axis of n around a surface. The key is also the height axis: it
 * stands at the back floor and is as tall as z reaches. */
#include "figure/contact_surface.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- ticks ---- */

/* Decades of the key: 1,000, but 10M. */
static void axes_key_text(struct ff_tick *tick)
{
	if (tick->text[0] && tick->value >= 1e6) {
		double millions = tick->value / 1e6;

		if (millions >= 1e6)
			snprintf(tick->text, sizeof(tick->text), "%.3g", tick->value);
		else
			snprintf(tick->text, sizeof(tick->text), "%.0fM", millions);
	}
}

static int axes_key_ticks(struct ff_surface *s, struct ff_err *err)
{
	double foot = s->o.y0 - s->o.dp;
	struct ff_scale scale =
		ff_scale_log(s->unit, s->top, foot - s->o.hh * ff_surface_z(s, s->unit),
			     foot - s->o.hh);
	struct ff_text_style st = ff_theme_text(&s->c->theme, FF_REGULAR);
	int rc = ff_ticks_log(&s->key_ticks, &scale, false, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < s->key_ticks.count; i++)
		axes_key_text(&s->key_ticks.at[i]);
	ff_ticks_thin(&s->key_ticks, s->c->cv, &st, false, .12 * s->c->theme.fs);
	return FF_OK;
}

/* Whole prefixes only: 768 of a /22 has no row. */
static size_t axes_sizes(const struct ff_surface *s, uint64_t *sizes)
{
	size_t count = 0;

	for (size_t i = 0; i < s->c->data.nsizes; i++)
		if (s->c->data.size_bits[i] > 0 && s->c->data.sizes[i] > 10)
			sizes[count++] = s->c->data.sizes[i];
	return count;
}

static int axes_n_ticks(struct ff_surface *s, struct ff_err *err)
{
	uint64_t sizes[FF_CONTACT_SIZES];
	size_t nsizes = axes_sizes(s, sizes);
	struct ff_scale scale =
		s->grid.is_linear ? ff_scale_linear(1, (double)s->c->data.nmax, 0, 1)
				  : ff_scale_log(1, (double)s->c->data.nmax, 0, 1);
	int rc;

	if (s->c->data.nmax == 1) { /* no scale has one value: its tick is written here */
		scale = ff_scale_linear(1, 1.5, 0, 1);
	}
	rc = ff_ticks_hosts(&s->n_ticks, &scale, sizes, nsizes, err);
	for (size_t i = 0; rc == FF_OK && i < s->n_ticks.count; i++)
		s->n_ticks.at[i].pos =
			ff_contact_grid_depth(&s->grid, (uint64_t)s->n_ticks.at[i].value);
	return rc;
}

static int axes_time_ticks(struct ff_surface *s, struct ff_err *err)
{
	const struct ff_edges *e = &s->grid.edges;
	struct ff_scale scale =
		ff_scale_time(e->at[0], e->at[e->count], s->o.x0, s->o.x0 + s->o.wd);
	struct ff_text_style st = ff_theme_text(&s->c->theme, FF_REGULAR);
	int rc = ff_ticks_time(&s->time_ticks, &scale, s->c->tz_ns, 5.2 * s->c->theme.fs,
			       err);

	if (rc == FF_OK)
		ff_ticks_thin(&s->time_ticks, s->c->cv, &st, true, .7 * s->c->theme.fs);
	return rc;
}

double ff_surface_n_label_width(const struct ff_surface *s)
{
	struct ff_text_style st = ff_theme_text(&s->c->theme, FF_REGULAR);
	char text[32];

	return ff_canvas_measure(s->c->cv, &st,
				 ff_format_u64(text, sizeof(text), s->c->data.nmax))
		.width;
}

double ff_surface_key_label_width(const struct ff_surface *s)
{
	struct ff_text_style st = ff_theme_text(&s->c->theme, FF_REGULAR);
	double decade = pow(10, floor(log10(s->top) + 1e-9)), low = s->unit;
	double width = ff_canvas_measure(s->c->cv, &st, "none").width;

	for (double v = decade; v >= low * .99; v /= 10) {
		struct ff_tick tick = {.value = v};

		if (v >= 1)
			ff_format_thousands(tick.text, sizeof(tick.text),
					    (uint64_t)(v + .5));
		else
			ff_format_g(tick.text, sizeof(tick.text), v, 3);
		axes_key_text(&tick);
		width = fmax(width, ff_canvas_measure(s->c->cv, &st, tick.text).width);
	}
	return width;
}

/* ---- labels ---- */

/* After the title of the key, where nothing else can be: a swatch for columns without
 * data. */
static void axes_gap_label(struct ff_surface *s, const struct ff_text_item *title)
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_text_item item = {.y = title->y,
				    .style = ff_theme_text(t, FF_REGULAR),
				    .role = "tick",
				    .text = "no data"};

	s->gap_x = ff_text_box(s->c->cv, title).x1 + 1.3 * t->fs;
	item.x = s->gap_x + 1.25 * t->fs;
	if (!s->has_gaps || !ff_labels_add(&s->c->labels, &item, 1))
		s->gap_x = 0;
}

static void axes_key_labels(struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_labels *labels = &s->c->labels;
	double foot = s->o.y0 - s->o.dp,
	       none = foot - s->o.hh * ff_surface_z(s, s->unit) / 2;
	double right = s->key_x - t->tick - .2 * t->fs;
	struct ff_text_item tries[4], item = {.x = t->margin,
					      .y = s->c->frame.plot.y0 + .76 * t->fs,
					      .style = ff_theme_text(t, FF_SEMIBOLD),
					      .role = "axis title"};

	item.text = s->c->params->is_density ? "Sources per n"
		    : s->grid.is_linear	     ? "Sources"
					     : "Sources in the row";
	ff_labels_add(labels, &item, 1);
	axes_gap_label(s, &item);
	item.style = ff_theme_text(t, FF_REGULAR);
	item.anchor = FF_RIGHT;
	item.x = right;
	item.role = "tick";
	for (size_t i = s->key_ticks.count; i-- > 0;) {
		item.text = s->key_ticks.at[i].text;
		item.y = s->key_ticks.at[i].pos + .36 * t->fs;
		if (item.text[0])
			ff_labels_add(labels, &item, 1);
	}
	for (int i = 0; i < 4; i++) {
		tries[i] = item;
		tries[i].text = "none";
		tries[i].y = none + (.36 + .3 * i) * t->fs;
	}
	ff_labels_try(labels, tries, 4, 1);
}

/* Dates under the front edge; the outer ones slide inwards when they would leave the
 * page. */
static void axes_time_labels(struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_text_item item = {.style = ff_theme_text(t, FF_REGULAR),
				    .y = s->o.y0 + t->tick + 1.15 * t->fs,
				    .anchor = FF_CENTER,
				    .role = "tick"};

	for (int rank = 9; rank >= 0; rank--) {
		for (size_t i = 0; i < s->time_ticks.count; i++) {
			double half;

			if (!s->time_ticks.at[i].text[0] ||
			    s->time_ticks.at[i].rank != rank)
				continue;
			item.text = s->time_ticks.at[i].text;
			half = ff_canvas_measure(s->c->cv, &item.style, item.text).width /
			       2;
			item.x = fmax(s->time_ticks.at[i].pos, t->margin + half);
			item.x = fmin(item.x, t->width - t->margin - half);
			ff_labels_add(&s->c->labels, &item, 1);
		}
	}
}

static void axes_n_labels(struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_text_item item = {.style = ff_theme_text(t, FF_REGULAR),
				    .role = "tick"};

	for (int rank = 100; rank >= 0; rank--) {
		for (size_t i = 0; i < s->n_ticks.count; i++) {
			struct ff_tick *tick = &s->n_ticks.at[i];
			struct ff_point p = ff_surface_at(s, 1, tick->pos, 0);

			if (!tick->text[0] || tick->rank != rank)
				continue;
			item.text = tick->text;
			item.x = p.x + s->n_offset;
			item.y = p.y + .36 * t->fs;
			if (!ff_labels_add(&s->c->labels, &item, 1))
				tick->text[0] = '\0';
		}
	}
}

/* The title of n in short lines above its first number, right of the back wall. */
static void axes_n_title(struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_text_style st = ff_theme_text(t, FF_SEMIBOLD);
	struct ff_buf words = FF_BUF_INIT, lines = FF_BUF_INIT;
	struct ff_text_item items[6];
	double x = s->o.x0 + s->o.wd + s->o.s + .8 * t->fs;
	size_t n = 0, count;

	if (t->is_narrow)
		st.size_pt = t->small;
	ff_contact_n_title(&words, &s->c->data);
	ff_wrap(&lines, s->c->cv, &st, ff_buf_str(&words), t->width - t->margin - x, 5);
	count = 1;
	for (const char *p = ff_buf_str(&lines); *p; p++)
		count += *p == '\n';
	for (char *p = (char *)lines.data; p && n < count && n < 6; n++) {
		char *end = strchr(p, '\n');

		if (end)
			*end = '\0';
		items[n] = (struct ff_text_item){
			.x = x,
			.y = s->o.y0 - s->o.dp - .75 * t->fs -
			     1.27 * st.size_pt * (double)(count - 1 - n),
			.style = st,
			.role = "axis title",
			.text = p,
		};
		p = end ? end + 1 : NULL;
	}
	ff_labels_add(&s->c->labels, items, n);
	s->c->labels.failed |= words.failed || lines.failed;
	ff_buf_release(&words);
	ff_buf_release(&lines);
}

int ff_surface_place_axes(struct ff_surface *s, struct ff_err *err)
{
	int rc = axes_key_ticks(s, err);

	if (rc == FF_OK)
		rc = axes_n_ticks(s, err);
	if (rc == FF_OK)
		rc = axes_time_ticks(s, err);
	if (rc < 0)
		return rc;
	axes_key_labels(s);
	axes_time_labels(s);
	axes_n_title(s);
	axes_n_labels(s);
	return FF_OK;
}
