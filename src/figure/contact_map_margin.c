/* SPDX-License-Identifier: MIT */
/* contact_map_margin - right of the map: brackets of the regions, and the mean contact
 * line (or two, split by the band) along the map's own axis of n, with the fit. */
#include "figure/contact_map.h"

#include <math.h>
#include <string.h>

#define MARGIN_FIT_REACH 11 /* the fit is drawn this many times past its range */

/* names of lines keep off every line; the first free place is the best */
static const struct ff_ink_rule margin_rule = {.002, .001};

/* ---- regions ---- */

/* Ends of a region on the axis, pulled in so that two brackets do not touch. */
static void margin_region(const struct ff_contact_map *m,
			  const struct ff_contact_region *r, double *top, double *bottom)
{
	double gap = .1 * m->c->theme.fs;

	*top = fmax(ff_contact_map_top(m, (double)r->high), m->cells.y0) + gap;
	*bottom = ff_contact_map_bottom(m, (double)r->low) - gap;
}

/* Turned names, as long as their bracket allows. */
static void margin_region_words(struct ff_contact_map *m)
{
	struct ff_contact *c = m->c;
	const struct ff_theme *t = &c->theme;
	struct ff_buf b = FF_BUF_INIT;

	for (size_t i = 0; i < c->data.nregions; i++) {
		const struct ff_contact_region *r = &c->data.regions[i];
		double top, bottom;
		bool placed = false;

		margin_region(m, r, &top, &bottom);
		for (int level = 0; level < 2 && !placed; level++) {
			struct ff_text_item item;

			ff_buf_clear(&b);
			ff_buf_adds(&b, r->name);
			if (level == 0) {
				ff_buf_adds(&b, " ");
				ff_word_percent(&b, r->share);
			}
			item = ff_text_item_of("region", ff_theme_grey(t, FF_REGULAR),
					       m->bracket_x + 1.3 * t->fs,
					       (top + bottom) / 2, FF_CENTER,
					       ff_buf_str(&b));
			item.angle = 90;
			if (ff_canvas_measure(c->cv, &item.style, item.text).width >
			    bottom - top)
				continue;
			placed = ff_labels_fit(&c->labels, &item, 1) &&
				 ff_labels_add(&c->labels, &item, 1);
		}
		c->labels.dropped += !placed;
	}
	c->labels.failed |= b.failed;
	ff_buf_release(&b);
}

static void margin_draw_regions(const struct ff_contact_map *m)
{
	const struct ff_contact *c = m->c;
	const struct ff_theme *t = &c->theme;
	double x = m->bracket_x, arm = .28 * t->fs;

	ff_canvas_note(c->cv, "regions");
	for (size_t i = 0; i < c->data.nregions; i++) {
		double top, bottom;

		margin_region(m, &c->data.regions[i], &top, &bottom);
		if (bottom <= top)
			continue;
		ff_canvas_line(c->cv, x, top, x, bottom, t->grey, t->axis, NULL);
		ff_canvas_line(c->cv, x - arm, top, x, top, t->grey, t->axis, NULL);
		ff_canvas_line(c->cv, x - arm, bottom, x, bottom, t->grey, t->axis, NULL);
	}
}

/* ---- panel ---- */

static int margin_lines(const struct ff_contact_map *m)
{
	return m->means.is_split ? 2 : 1;
}

/* Decades that hold every density drawn. */
static int margin_scale(struct ff_contact_map *m, struct ff_err *err)
{
	const struct ff_theme *t = &m->c->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	double low = HUGE_VAL, high = 0;
	int status;

	for (int k = 0; k < margin_lines(m); k++) {
		const struct ff_contact_mean *mean = &m->means.mean[k];

		for (size_t i = 0; i < m->means.rows.count + m->c->data.nsizes; i++) {
			double v = i < m->means.rows.count
					   ? mean->row[i]
					   : mean->size[i - m->means.rows.count];

			if (v > 0) {
				low = fmin(low, v);
				high = fmax(high, v);
			}
		}
	}
	if (!(high > 0))
		low = high = 1;
	low = fmin(low * .8, high / 20);
	m->density =
		ff_scale_log(low, high * 1.25, m->panel.x0 + .2 * t->fs, m->panel.x1);
	status = ff_ticks_log(&m->density_ticks, &m->density, false, err);
	if (status != FF_OK)
		return status;
	ff_ticks_decade_texts(&m->density_ticks, "");
	ff_ticks_thin(&m->density_ticks, m->c->cv, &st, true, .45 * t->fs);
	return FF_OK;
}

/* Path of one line: a step a row, from index *i on up to the next empty row. */
static size_t margin_path(const struct ff_contact_map *m,
			  const struct ff_contact_mean *mean, struct ff_point *p,
			  size_t *i)
{
	const struct ff_contact_rows *rows = &m->means.rows;
	size_t n = 0;

	while (*i < rows->count && !(mean->row[*i] > 0))
		(*i)++;
	for (; *i < rows->count && mean->row[*i] > 0; (*i)++) {
		double x = ff_scale_at(&m->density, mean->row[*i]);

		p[n++] = (struct ff_point){
			x, ff_contact_map_bottom(m, (double)rows->row[*i].low)};
		p[n++] = (struct ff_point){
			x, ff_contact_map_top(m, (double)rows->row[*i].high)};
	}
	return n;
}

/* The fit as a line in the panel; false when there is none. */
static bool margin_fit(const struct ff_contact_map *m, struct ff_point ends[2])
{
	const struct ff_finding *fit = m->c->data.fit;
	double low, high;

	if (!fit || fit->low < 1 || !(ff_contact_fit_at(&m->c->data, 1) > 0) ||
	    !m->is_log)
		return false;
	low = fmax((double)fit->low / 1.4, 1);
	high = fmin((double)fit->high * MARGIN_FIT_REACH, (double)m->c->data.nmax);
	for (; high > low && ff_contact_fit_at(&m->c->data, high) < m->density.d0;
	     high /= 1.02)
		;
	/* n stands in the middle of its cell [n, n + 1) */
	ends[0].x = ff_scale_at(&m->density, ff_contact_fit_at(&m->c->data, low));
	ends[0].y = ff_contact_map_bottom(m, sqrt(low * (low + 1)));
	ends[1].x = ff_scale_at(&m->density, ff_contact_fit_at(&m->c->data, high));
	ends[1].y = ff_contact_map_bottom(m, sqrt(high * (high + 1)));
	return high > low && ends[0].x < m->panel.x1 && ends[1].x > m->panel.x0;
}

static struct ff_point margin_size(const struct ff_contact_map *m, int which, size_t i)
{
	double n = (double)m->c->data.sizes[i];

	return (struct ff_point){
		ff_scale_at(&m->density, m->means.mean[which].size[i]),
		(ff_contact_map_top(m, n) + ff_contact_map_bottom(m, n)) / 2};
}

/* Where marks of the panel are, for its own labels. */
static int margin_ink(const struct ff_contact_map *m, struct ff_ink *ink,
		      struct ff_err *err)
{
	struct ff_point path[2 * FF_CONTACT_ROWS];
	struct ff_box box = m->panel;
	int status;

	box.x1 += .6 * m->c->theme.fs; /* names may reach into the page's margin */
	status = ff_ink_init(ink, box, err);
	if (status != FF_OK)
		return status;
	for (int k = 0; k < margin_lines(m); k++) {
		const struct ff_contact_mean *mean = &m->means.mean[k];
		double r = ff_contact_dot_radius(m->c);

		for (size_t i = 0; i < m->means.rows.count;)
			ff_ink_line(ink, path, margin_path(m, mean, path, &i));
		for (size_t i = 0; i < m->c->data.nsizes; i++) {
			struct ff_point p = margin_size(m, k, i);

			if (mean->size[i] > 0)
				ff_ink_rect(ink, p.x - r, p.y - r, p.x + r, p.y + r);
		}
	}
	if (margin_fit(m, path))
		ff_ink_line(ink, path, 2);
	ff_ink_seal(ink);
	return FF_OK;
}

struct margin_tries {
	struct ff_text_item item[2 * FF_CONTACT_ROWS];
	double apart[2 * FF_CONTACT_ROWS]; /* descending */
	size_t n;
};

/* Keeps the list by how far the lines are apart there, farthest first. */
static void margin_add_try(struct margin_tries *t, const struct ff_text_item *item,
			   double apart)
{
	size_t at = t->n++;

	for (; at > 0 && t->apart[at - 1] < apart; at--) {
		t->apart[at] = t->apart[at - 1];
		t->item[at] = t->item[at - 1];
	}
	t->apart[at] = apart;
	t->item[at] = *item;
}

/* Beside each row of a line, the larger line's at its right; and over a row as far right
 * as the paper goes, for names that are wider than what is left beside it. */
static void margin_period_tries(const struct ff_contact_map *m, int which,
				const char *text, struct margin_tries *t)
{
	const struct ff_theme *theme = &m->c->theme;
	const struct ff_contact_rows *rows = &m->means.rows;
	struct ff_text_style st = ff_theme_text(theme, FF_SEMIBOLD);

	st.color = ff_contact_period_color(m->c, &m->means, which);
	t->n = 0;
	for (size_t i = 0; i < rows->count; i++) {
		double own = m->means.mean[which].row[i],
		       other = m->means.mean[!which].row[i];
		double top = ff_contact_map_top(m, (double)rows->row[i].high);
		double bottom = ff_contact_map_bottom(m, (double)rows->row[i].low);
		bool is_right = !(other > own);
		struct ff_text_item item;
		double apart;

		if (!(own > 0))
			continue;
		apart = other > 0 ? fabs(log(own / other)) : .5;
		item = ff_text_item_of("line name", st,
				       ff_scale_at(&m->density, own) +
					       (is_right ? .4 : -.45) * theme->fs,
				       (top + bottom) / 2 + .36 * theme->fs,
				       is_right ? FF_LEFT : FF_RIGHT, text);
		margin_add_try(t, &item, apart);
		if (!is_right)
			continue;
		item.x = m->panel.x1 + .5 * theme->fs;
		item.y = top - .4 * theme->fs;
		item.anchor = FF_RIGHT;
		margin_add_try(t, &item, apart - .3);
	}
}

static void margin_period_words(struct ff_contact_map *m, const struct ff_ink *ink)
{
	struct ff_contact *c = m->c;
	struct margin_tries tries;
	struct ff_buf b = FF_BUF_INIT;

	for (int k = 0; k < 2 && m->means.is_split; k++) {
		ff_buf_clear(&b);
		ff_contact_period_words(&b, c, &m->means, k, true);
		margin_period_tries(m, k, ff_buf_str(&b), &tries);
		c->labels.dropped += !ff_ink_place(ink, &c->labels, tries.item, tries.n,
						   1, margin_rule);
	}
	c->labels.failed |= b.failed;
	ff_buf_release(&b);
}

static void margin_fit_words(struct ff_contact_map *m, const struct ff_ink *ink)
{
	struct ff_contact *c = m->c;
	const struct ff_theme *t = &c->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	struct ff_point ends[2];
	struct ff_text_item tries[64];
	struct ff_buf b = FF_BUF_INIT;

	if (!margin_fit(m, ends))
		return;
	ff_buf_adds(&b, "slope ");
	ff_word_number(&b, ff_finding_number(c->data.fit, "slope", 0), 1);
	for (size_t i = 0; i < 64; i++) {
		/* along the upper part, at either side, then farther off */
		double f = .15 + .025 * (double)(i / 2 % 16);
		double side = (i % 2 ? -.5 : .5) * (i < 32 ? 1 : 3);

		tries[i] = ff_text_item_of(
			"fit", st, ends[0].x + f * (ends[1].x - ends[0].x) + side * t->fs,
			ends[0].y + f * (ends[1].y - ends[0].y),
			i % 2 ? FF_RIGHT : FF_LEFT, ff_buf_str(&b));
	}
	c->labels.dropped += !ff_ink_place(ink, &c->labels, tries, 64, 1, margin_rule);
	c->labels.failed |= b.failed;
	ff_buf_release(&b);
}

/* "Sources an hour, per n", shorter where the panel is narrow. */
static void margin_title(struct ff_contact_map *m)
{
	struct ff_contact *c = m->c;
	struct ff_buf b = FF_BUF_INIT, shorter = FF_BUF_INIT;
	struct ff_text_style st = ff_theme_text(&c->theme, FF_SEMIBOLD);
	struct ff_text_item tries[2];

	ff_buf_adds(&b, "Sources ");
	ff_word_per(&b, c->data.bin_ns);
	ff_buf_adds(&b, ", per n");
	ff_buf_adds(&shorter, "Mean per n");
	tries[0] = ff_text_item_of("panel title", st, m->words_x, m->panel_title_y,
				   FF_LEFT, ff_buf_str(&b));
	tries[1] = tries[0];
	tries[1].text = ff_buf_str(&shorter);
	ff_labels_try(&c->labels, tries, 2, 1);
	c->labels.failed |= b.failed || shorter.failed;
	ff_buf_release(&b);
	ff_buf_release(&shorter);
}

int ff_contact_map_margin_layout(struct ff_contact_map *m, struct ff_err *err)
{
	const struct ff_theme *t = &m->c->theme;
	struct ff_ink ink;
	int status;

	if (m->has_panel) {
		status = margin_scale(m, err);
		if (status != FF_OK)
			return status;
		margin_title(m);
		ff_labels_ticks(&m->c->labels, &m->c->theme, &m->density_ticks, true,
				m->panel.y1 + t->tick + 1.15 * t->fs);
		status = margin_ink(m, &ink, err);
		if (status != FF_OK)
			return status;
		margin_period_words(m, &ink);
		margin_fit_words(m, &ink);
		ff_ink_release(&ink);
	}
	margin_region_words(m);
	return FF_OK;
}

static void margin_draw_line(const struct ff_contact_map *m, int which)
{
	const struct ff_contact *c = m->c;
	const struct ff_contact_mean *mean = &m->means.mean[which];
	struct ff_color color = ff_contact_period_color(c, &m->means, which);
	struct ff_point path[2 * FF_CONTACT_ROWS];
	double width = c->theme.line * (which == 0 ? 1 : .6);

	/* the later line is thinner: where they agree both are seen */
	for (size_t i = 0; i < m->means.rows.count;) {
		size_t n = margin_path(m, mean, path, &i);

		if (n)
			ff_canvas_polyline(c->cv, path, n, color, width, NULL);
	}
}

void ff_contact_map_margin_draw(const struct ff_contact_map *m)
{
	struct ff_canvas *cv = m->c->cv;
	const struct ff_theme *t = &m->c->theme;
	const double dash[] = {.45 * t->fs, .25 * t->fs};
	struct ff_point ends[2];

	margin_draw_regions(m);
	if (!m->has_panel)
		return;
	ff_canvas_note(cv, "mean lines");
	for (size_t i = 0; i < m->density_ticks.count; i++) {
		const struct ff_tick *tick = &m->density_ticks.at[i];

		if (!tick->is_major)
			continue;
		ff_canvas_line(cv, tick->pos, m->panel.y0, tick->pos, m->panel.y1,
			       t->hairline, t->hair, NULL);
		ff_canvas_line(cv, tick->pos, m->panel.y1, tick->pos,
			       m->panel.y1 + (tick->text[0] ? t->tick : t->tick_minor),
			       t->ink, t->axis, NULL);
	}
	ff_canvas_line(cv, m->panel.x0, m->panel.y1, m->panel.x1, m->panel.y1, t->ink,
		       t->axis, NULL);
	for (int k = 0; k < margin_lines(m); k++)
		margin_draw_line(m, k);
	for (int k = margin_lines(m); k-- > 0;) { /* dots over rings */
		for (size_t i = 0; i < m->c->data.nsizes; i++) {
			struct ff_point p = margin_size(m, k, i);

			if (m->means.mean[k].size[i] > 0)
				ff_contact_dot(m->c, &m->means, k, p.x, p.y);
		}
	}
	if (margin_fit(m, ends))
		ff_canvas_polyline(cv, ends, 2, t->ink, .8 * t->axis, dash);
}
