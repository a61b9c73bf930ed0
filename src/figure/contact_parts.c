/* SPDX-License-Identifier: MIT */
/* contact_parts - see contact_parts.h. */
#include "figure/contact_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ff_color ff_contact_period_color(const struct ff_contact *c,
					const struct ff_contact_means *m, int which)
{
	return ff_category(&c->theme,
			   m->is_split && which == 0 ? FF_VERMILLION : FF_BLUE);
}

/* "29 Nov", "02:00" when the data are of one or two days, with the year when of many. */
static void parts_date(struct ff_buf *b, const struct ff_contact *c,
		       const struct ff_date *d, bool with_month)
{
	double span = (double)c->data.t1 - (double)c->data.t0;

	if (span < 2.5 * (double)FF_DAY)
		ff_buf_addf(b, "%02d:%02d" FF_NBSP, d->hour, d->minute);
	ff_buf_addf(b, "%d", d->day);
	if (with_month)
		ff_buf_addf(b, FF_NBSP "%s", ff_month_short[d->month - 1]);
	if (with_month && span > 360 * (double)FF_DAY)
		ff_buf_addf(b, FF_NBSP "%d", d->year);
}

void ff_contact_period_words(struct ff_buf *b, const struct ff_contact *c,
			     const struct ff_contact_means *m, int which, bool is_short)
{
	int64_t from = m->from_ns > c->data.t0 ? m->from_ns : c->data.t0;
	int64_t to = m->to_ns < c->data.t1 ? m->to_ns : c->data.t1;
	bool is_brief = (double)c->data.t1 - (double)c->data.t0 < 2.5 * (double)FF_DAY;
	struct ff_date first, last;

	if (!m->is_split)
		return;
	ff_date_from_time(&first, ff_local_time(from, c->tz_ns));
	/* the end is exclusive: of days the last one is named, of hours the end itself */
	ff_date_from_time(&last,
			  ff_local_time(is_brief || to <= from ? to : to - 1, c->tz_ns));
	if (which == 1) {
		if (m->has_before && m->has_after) {
			ff_buf_adds(b, is_short ? "other" : "before and after");
			return;
		}
		ff_buf_adds(b, m->has_before ? "before" : "after");
		if (!is_short) {
			ff_buf_adds(b, " ");
			parts_date(b, c, m->has_before ? &first : &last, true);
		}
		return;
	}
	if (is_short && !m->has_before) {
		ff_buf_adds(b, "to ");
	} else if (is_short && !m->has_after) {
		ff_buf_adds(b, "from ");
		parts_date(b, c, &first, true);
		return;
	} else if (first.year != last.year || first.month != last.month || is_brief) {
		parts_date(b, c, &first, true);
		ff_buf_adds(b, FF_NBSP FF_NDASH " ");
	} else if (first.day != last.day) {
		parts_date(b, c, &first, false);
		ff_buf_adds(b, FF_NDASH);
	}
	parts_date(b, c, &last, true);
}

double ff_contact_dot_radius(const struct ff_contact *c)
{
	return .3 * c->theme.fs;
}

void ff_contact_dot(const struct ff_contact *c, const struct ff_contact_means *m,
		    int which, double x, double y)
{
	double r = ff_contact_dot_radius(c);
	struct ff_color color = ff_contact_period_color(c, m, which);

	if (m->is_split && which == 1)
		ff_canvas_circle(c->cv, x, y, r * .95, FF_NO_COLOR, color,
				 .7 * c->theme.line);
	else
		ff_canvas_circle(c->cv, x, y, r * .55, color, FF_NO_COLOR, 0);
}

void ff_contact_hatch(const struct ff_contact *c, struct ff_box box)
{
	const struct ff_point corners[] = {
		{box.x0, box.y0}, {box.x1, box.y0}, {box.x1, box.y1}, {box.x0, box.y1}};
	double height = box.y1 - box.y0, gap = .5 * c->theme.fs;

	if (!(box.x1 > box.x0 && height > 0))
		return;
	ff_canvas_clip(c->cv, corners, 4);
	/* anchored to the page, so that neighbouring boxes share their lines */
	for (double x = floor((box.x0 - height) / gap) * gap; x < box.x1; x += gap) {
		const struct ff_point line[] = {{x, box.y1}, {x + height, box.y0}};

		ff_canvas_polyline(c->cv, line, 2, c->theme.grid, c->theme.hair, NULL);
	}
	ff_canvas_unclip(c->cv);
}

struct ff_text_item ff_contact_item(const char *role, struct ff_text_style st, double x,
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

void ff_contact_tick_labels(struct ff_contact *c, const struct ff_ticks *t, bool along_x,
			    double at)
{
	struct ff_text_style st = ff_theme_text(&c->theme, FF_REGULAR);
	int rank = INT32_MIN;

	for (size_t i = 0; i < t->count; i++)
		if (t->at[i].text[0] && t->at[i].rank > rank)
			rank = t->at[i].rank;
	/* few ranks: a pass for each, highest first */
	while (t->count) {
		int next = INT32_MIN;

		for (size_t i = 0; i < t->count; i++) {
			const struct ff_tick *tick = &t->at[i];
			struct ff_text_item item;

			if (!tick->text[0])
				continue;
			if (tick->rank < rank && tick->rank > next)
				next = tick->rank;
			if (tick->rank != rank)
				continue;
			item = along_x ? ff_contact_item("tick", st, tick->pos, at,
							 FF_CENTER, tick->text)
				       : ff_contact_item("tick", st, at,
							 tick->pos + .36 * st.size_pt,
							 FF_RIGHT, tick->text);
			ff_labels_add(&c->labels, &item, 1);
		}
		if (next == INT32_MIN)
			break;
		rank = next;
	}
}

void ff_contact_short_number(char *buf, size_t cap, double v)
{
	static const char *const units[] = {"", "k", "M", "G", "T", "P", "E"};
	size_t unit = 0;

	while (v >= 1000 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		v /= 1000;
		unit++;
	}
	ff_format_g(buf, cap, v == 0 ? 0 : v, 3); /* not "-0" */
	if (strlen(buf) + 2 <= cap)
		strcat(buf, units[unit]);
}

/* A power of 10, in superscript digits. */
static void parts_power(struct ff_buf *b, int exponent)
{
	static const char *const digits[] = {
		"\xe2\x81\xb0", "\xc2\xb9",	"\xc2\xb2",	"\xc2\xb3",
		"\xe2\x81\xb4", "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7",
		"\xe2\x81\xb8", "\xe2\x81\xb9",
	};
	int power = abs(exponent);

	ff_buf_adds(b, exponent < 0 ? "10\xe2\x81\xbb" : "10");
	if (power >= 10)
		ff_buf_adds(b, digits[power / 10 % 10]);
	ff_buf_adds(b, digits[power % 10]);
}

void ff_contact_decade_texts(struct ff_ticks *t, const char *unit)
{
	bool has_powers = false;

	for (size_t i = 0; i < t->count; i++)
		has_powers |= t->at[i].text[0] && t->at[i].value < .99e-4;
	for (size_t i = 0; i < t->count; i++) {
		struct ff_tick *tick = &t->at[i];
		int exponent = (int)lround(log10(tick->value));
		struct ff_buf b = FF_BUF_INIT;

		if (!tick->text[0])
			continue;
		if (has_powers)
			parts_power(&b, exponent);
		else
			ff_buf_adds(&b, tick->text);
		ff_buf_adds(&b, unit);
		tick->rank = exponent == 0 ? 9 : exponent % 2 == 0 ? 5 : 1;
		if (!b.failed && b.len < sizeof(tick->text))
			memcpy(tick->text, ff_buf_str(&b), b.len + 1);
		ff_buf_release(&b);
	}
}
