/* SPDX-License-Identifier: MIT */
/* contact_map - time x exact n: a cell for each (bin, n) that holds a source, coloured by
 * the number of sources.
 *
 * Columns are a whole number of device pixels wide where the paper allows; elsewhere all
 * cells get the larger width, so that equal cells look equal and no false pattern arises.
 */
#include "figure/contact_map.h"

#include <math.h>
#include <string.h>

#define MAP_MIN_COLUMN_PX 1.5 /* narrower bins are joined */
#define MAP_WASTE .85	      /* whole-pixel columns must fill this much of the width */
#define MAP_CONTRAST 3.1      /* of a lone cell with the ground */

double ff_contact_map_bottom(const struct ff_contact_map *m, double n)
{
	return ff_scale_at(&m->n, n);
}

double ff_contact_map_top(const struct ff_contact_map *m, double n)
{
	return ff_scale_at(&m->n, n + 1);
}

double ff_contact_map_x(const struct ff_contact_map *m, size_t i)
{
	double x = ff_scale_at_time(&m->time, m->cols.edges.at[i]);

	return m->cells.x0 + floor((x - m->cells.x0) / m->px + 1e-6) * m->px;
}

double ff_contact_map_shade(const struct ff_contact_map *m, double sources)
{
	double most = (double)m->c->data.smax;

	return most > 1 ? log(fmax(sources, 1)) / log(most) : 0;
}

struct ff_color ff_contact_map_color(const struct ff_contact_map *m, double sources)
{
	return ff_ramp_at(&m->ramp, ff_contact_map_shade(m, sources));
}

/* ---- layout ---- */

/* Room at the left for the labels of n and of the strip, from the page's margin. */
static double map_left_room(const struct ff_contact_map *m)
{
	const struct ff_theme *t = &m->c->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	char text[32];
	double width;

	ff_format_u64(text, sizeof(text), m->c->data.nmax);
	width = ff_canvas_measure(m->c->cv, &st, text).width;
	/* the strip's labels are short numbers: five characters */
	width = fmax(width, ff_canvas_measure(m->c->cv, &st, "100k").width);
	return 1.3 * t->fs + fmin(width, 6 * t->fs) + t->tick + .3 * t->fs;
}

/* Width of a column in device pixels, for a map of about `room` points and at most
 * `most`: a whole number where one comes near enough, else as it falls. */
static double map_column_px(const struct ff_contact_map *m, double room, double most)
{
	double count = (double)m->cols.edges.count, px = room / m->px / count;
	double whole = floor(most / m->px / count + 1e-9);
	double fs = m->c->theme.fs, widest = fmax(4 * fs, 12 * fs / count);

	if (whole >= 1 && whole >= MAP_WASTE * px)
		px = whole;
	/* few bins: not wider than needed, the panel takes what is left */
	return m->has_panel ? fmin(px, fmax(floor(widest / m->px), 1)) : px;
}

/* Across: axis, map, regions, panel; and how many columns the map has. */
static int map_layout_x(struct ff_contact_map *m, struct ff_err *err)
{
	const struct ff_theme *t = &m->c->theme;
	double left = t->margin + map_left_room(m), right = t->width - t->margin;
	double regions = (m->c->data.nregions ? 2 : .4) * t->fs, gap = 1.1 * t->fs;
	double room, most;
	int status;

	m->px = 72 / t->dpi;
	m->has_panel = right - t->margin >= 44 * t->fs;
	left = ceil(left / m->px) * m->px;
	room = most = fmax(right - left - regions, m->px);
	if (m->has_panel) {
		room -= gap + 12 * t->fs;
		most -= gap + 9.6 * t->fs;
	}
	status = ff_contact_columns_init(
		&m->cols, &m->c->data, (size_t)fmax(room / m->px / MAP_MIN_COLUMN_PX, 1),
		err);
	if (status != FF_OK)
		return status;
	m->column_px = map_column_px(m, room, most);
	m->cell_w = ceil(m->column_px - 1e-6) * m->px;
	m->cell_h = ceil(.12 * t->fs / m->px) * m->px;
	m->cells.x0 = left;
	m->cells.x1 =
		left + floor(m->column_px * (double)m->cols.edges.count + 1e-6) * m->px;
	m->bracket_x = m->cells.x1 + .5 * t->fs;
	m->panel.x0 = m->cells.x1 + regions + gap;
	m->panel.x1 = right;
	m->time = ff_scale_time(
		m->cols.edges.at[0], m->cols.edges.at[m->cols.edges.count], m->cells.x0,
		m->cells.x0 + m->column_px * (double)m->cols.edges.count * m->px);
	for (size_t i = 0; i < m->cols.edges.count; i++)
		m->has_gaps |= m->cols.sources[i] < 0 || m->cols.is_partial[i];
	return FF_OK;
}

/* Down: key and strip beside each other over a page's map, above each other in a column.
 */
static void map_layout_y(struct ff_contact_map *m)
{
	const struct ff_theme *t = &m->c->theme;
	const struct ff_box *plot = &m->c->frame.plot;
	double fs = t->fs, top = plot->y0, bottom = plot->y1 - 1.75 * fs, spare;

	m->has_strip = true;
	m->key_title = "Sources in the cell";
	m->key_title_y = top + .9 * fs;
	if (m->has_panel) {
		m->words_x = m->cells.x1 + 1.3 * fs;
		m->key.box = (struct ff_box){m->words_x, top + 1.3 * fs, m->panel.x1,
					     top + 2.2 * fs};
		m->strip = (struct ff_box){m->cells.x0, top + 1.4 * fs, m->cells.x1,
					   top + 4.6 * fs};
		m->panel_title_y = top + 4.95 * fs;
		top += 5.4 * fs;
	} else {
		m->key.box = (struct ff_box){m->cells.x0 + ff_contact_map_key_title(m),
					     top + .2 * fs, m->cells.x1, top + 1 * fs};
		top += 2.5 * fs;
		m->strip = (struct ff_box){m->cells.x0, top + 1.25 * fs, m->cells.x1,
					   top + 3.3 * fs};
		m->has_strip = bottom - top - 3.8 * fs >= 13 * fs;
		top += m->has_strip ? 3.8 * fs : 0;
	}
	/* few n need no tall rows: the strip gets what they leave */
	spare = bottom - top - (double)m->c->data.nmax * 4.5 * fs;
	if (m->has_strip && m->c->data.nmax <= 16 && spare > 0) {
		m->strip.y1 += spare;
		m->panel_title_y += spare;
		top += spare;
	}
	m->cells.y0 = round(top / m->px) * m->px;
	m->cells.y1 = round(fmax(bottom, top + 2 * fs) / m->px) * m->px;
	m->panel.y0 = m->cells.y0;
	m->panel.y1 = m->cells.y1;
}

static int map_layout_scales(struct ff_contact_map *m, struct ff_err *err)
{
	const struct ff_contact_data *d = &m->c->data;
	const struct ff_theme *t = &m->c->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	double end = (double)d->nmax + 1, peak = 0;
	int status;

	m->is_log = d->nmax > 16;
	m->n = m->is_log ? ff_scale_log(1, end * 1.12, m->cells.y1, m->cells.y0)
			 : ff_scale_linear(1, end, m->cells.y1, m->cells.y0);
	status = ff_ticks_hosts(&m->n_ticks, &m->n, d->sizes, d->nsizes, err);
	if (status != FF_OK)
		return status;
	for (size_t i = 0; i < m->n_ticks.count; i++) {
		struct ff_tick *tick = &m->n_ticks.at[i];

		/* in the middle of its cell; the axis ends past the last n */
		tick->pos = (ff_contact_map_top(m, tick->value) +
			     ff_contact_map_bottom(m, tick->value)) /
			    2;
		if (tick->value >= end) {
			m->n_ticks.count = i;
			break;
		}
	}
	ff_ticks_thin(&m->n_ticks, m->c->cv, &st, false, .15 * t->fs);
	status = ff_ticks_time(&m->time_ticks, &m->time, m->c->tz_ns, 4.2 * t->fs, err);
	if (status != FF_OK)
		return status;
	ff_ticks_thin(&m->time_ticks, m->c->cv, &st, true, .5 * t->fs);
	for (size_t i = 0; i < m->cols.edges.count; i++)
		peak = fmax(peak, m->cols.sources[i]);
	m->level = ff_scale_linear(0, fmax(peak, 1), m->strip.y1, m->strip.y0);
	return ff_ticks_linear(&m->level_ticks, &m->level,
			       (unsigned)fmax((m->strip.y1 - m->strip.y0) / t->fs, 3),
			       err);
}

/* ---- words around the map ---- */

static void map_axis_words(struct ff_contact_map *m)
{
	struct ff_contact *c = m->c;
	const struct ff_theme *t = &c->theme;
	struct ff_buf b = FF_BUF_INIT;
	struct ff_text_item title;
	struct ff_text_style st = ff_theme_text(t, FF_SEMIBOLD);
	double length;

	ff_labels_ticks(&c->labels, &c->theme, &m->n_ticks, false,
			m->cells.x0 - t->tick - .3 * t->fs);
	ff_labels_ticks(&c->labels, &c->theme, &m->time_ticks, true,
			m->cells.y1 + t->tick + 1.15 * t->fs);
	ff_contact_n_title(&b, &c->data);
	title = ff_text_item_of("axis title", st, t->margin + .8 * t->fs, 0, FF_CENTER,
				ff_buf_str(&b));
	title.angle = 90;
	length = ff_canvas_measure(c->cv, &st, title.text).width;
	/* beside the map where it fits; a long one may go up to the strip's height */
	title.y = fmin((m->cells.y0 + m->cells.y1) / 2, m->cells.y1 - length / 2);
	ff_labels_add(&c->labels, &title, 1);
	c->labels.failed |= b.failed;
	ff_buf_release(&b);
}

/* ---- marks ---- */

static void map_draw_ground(const struct ff_contact_map *m)
{
	struct ff_contact *c = m->c;
	const struct ff_theme *t = &c->theme;
	struct ff_box map = m->cells;

	ff_canvas_note(c->cv, "grid");
	for (size_t i = 0; i < m->time_ticks.count; i++)
		if (m->time_ticks.at[i].text[0])
			ff_canvas_line(c->cv, m->time_ticks.at[i].pos, map.y0,
				       m->time_ticks.at[i].pos, map.y1, t->hairline,
				       t->hair, NULL);
	ff_canvas_note(c->cv, "no data");
	for (size_t i = 0, j; i < m->cols.edges.count; i = j) {
		bool is_empty = m->cols.sources[i] < 0;
		struct ff_box box = m->cells;

		j = i + 1;
		if (!is_empty && !m->cols.is_partial[i])
			continue;
		while (j < m->cols.edges.count && is_empty && m->cols.sources[j] < 0)
			j++;
		box.x0 = ff_contact_map_x(m, i);
		box.x1 = ff_contact_map_x(m, j);
		for (int k = 0; k < 1 + m->has_strip; k++) {
			if (is_empty)
				ff_canvas_rect(c->cv, box.x0, box.y0, box.x1 - box.x0,
					       box.y1 - box.y0, t->floor);
			ff_hatch(c->cv, &c->theme, box);
			box.y0 = m->strip.y0;
			box.y1 = m->strip.y1;
		}
	}
}

static void map_draw_axes(const struct ff_contact_map *m)
{
	struct ff_canvas *cv = m->c->cv;
	const struct ff_theme *t = &m->c->theme;
	const struct ff_box *b = &m->cells;

	ff_canvas_note(cv, "axes");
	ff_canvas_line(cv, b->x0, b->y0, b->x1, b->y0, t->grid, t->hair, NULL);
	ff_canvas_line(cv, b->x1, b->y0, b->x1, b->y1, t->grid, t->hair, NULL);
	ff_canvas_line(cv, b->x0, b->y1, b->x1, b->y1, t->ink, t->axis, NULL);
	ff_canvas_line(cv, b->x0, b->y0, b->x0, b->y1, t->ink, t->axis, NULL);
	for (size_t i = 0; i < m->n_ticks.count; i++)
		ff_canvas_line(
			cv, b->x0 - (m->n_ticks.at[i].text[0] ? t->tick : t->tick_minor),
			m->n_ticks.at[i].pos, b->x0, m->n_ticks.at[i].pos, t->ink,
			t->axis, NULL);
	for (size_t i = 0; i < m->time_ticks.count; i++) {
		const struct ff_tick *tick = &m->time_ticks.at[i];

		ff_canvas_line(cv, tick->pos, b->y1, tick->pos,
			       b->y1 + (tick->is_major ? t->tick : t->tick_minor), t->ink,
			       t->axis, NULL);
	}
}

/* ---- the view ---- */

static int map_layout(struct ff_contact_map *m, struct ff_err *err)
{
	struct ff_buf reduction = FF_BUF_INIT;
	int status = map_layout_x(m, err);

	if (status == FF_OK) {
		if (m->cols.edges.joined > 1)
			ff_contact_edges_words(&reduction, &m->cols.edges, &m->c->data);
		status = reduction.failed
				 ? ff_fail_nomem(err)
				 : ff_contact_frame(m->c, ff_buf_str(&reduction), err);
	}
	ff_buf_release(&reduction);
	if (status != FF_OK)
		return status;
	map_layout_y(m);
	status = map_layout_scales(m, err);
	if (status != FF_OK)
		return status;
	map_axis_words(m);
	if (m->has_strip)
		ff_contact_map_strip_layout(m);
	status = ff_contact_map_key_layout(m, err);
	if (status == FF_OK)
		status = ff_ink_init(&m->ink, m->cells, err);
	if (status == FF_OK)
		status = ff_contact_map_margin_layout(m, err);
	return status;
}

static int map_draw(struct ff_contact_map *m, struct ff_err *err)
{
	int status;

	map_draw_ground(m);
	status = ff_contact_map_cells_draw(m, err);
	if (status == FF_OK && m->has_strip)
		status = ff_contact_map_strip_draw(m, err);
	if (status != FF_OK)
		return status;
	map_draw_axes(m);
	ff_key_draw(&m->key, &m->c->theme, m->c->cv);
	ff_contact_map_margin_draw(m);
	ff_ink_seal(&m->ink);
	ff_contact_map_findings(m);
	return FF_OK;
}

int ff_contact_map_draw(struct ff_contact *c, struct ff_err *err)
{
	struct ff_contact_map m = {.c = c};
	int status = ff_ramp_init(&m.ramp, &c->theme, c->opts, MAP_CONTRAST, err);

	if (status == FF_OK)
		status = ff_contact_means_init(&m.means, &c->data, false, err);
	if (status == FF_OK)
		status = map_layout(&m, err);
	if (status == FF_OK)
		status = map_draw(&m, err);
	ff_contact_columns_release(&m.cols);
	ff_contact_means_release(&m.means);
	ff_ink_release(&m.ink);
	ff_ticks_release(&m.time_ticks);
	ff_ticks_release(&m.n_ticks);
	ff_ticks_release(&m.level_ticks);
	ff_key_release(&m.key);
	ff_ticks_release(&m.density_ticks);
	return status;
}
