/* SPDX-License-Identifier: MIT */
/* The matrix: rows are the left side, columns the right one, a cell is a whole number of
 * device pixels and coloured by the logarithm of its value; nothing is drawn for zero.
 * Bars along both edges, the heaviest links ringed and numbered. */
#include "figure/bundle_matrix.h"
#include "figure/key.h"
#include "figure/words.h"

#include <math.h>

#define MATRIX_CELL 15.0   /* points of a cell at most, */
#define MATRIX_LEAST .62   /* but few columns take this share of the width */
#define MATRIX_BESIDE 1.25 /* width / height from which the table stands beside */

/* ---- rooms ---- */

static void matrix_slots(struct ff_bundle_matrix *m, const struct ff_bundle_data *d,
			 const struct ff_bundle_params *params)
{
	for (int side = 0; side < 2; side++) {
		const struct ff_bundle_side *s = &d->side[side];
		bool is_fit = params->arc == FF_BUNDLE_FIT &&
			      s->used <= FF_BUNDLE_SMALL && s->used < s->parts;

		m->is_fit[side] = is_fit;
		m->n[side] = 0;
		for (unsigned i = 0; i < s->parts; i++) {
			m->slot[side][i] = (uint16_t)m->n[side];
			if (!is_fit || s->part[i].value)
				m->n[side]++;
		}
	}
}

/* Room that names of rows take, guessed without a canvas. */
static double matrix_names(const struct ff_bundle_data *d, const struct ff_theme *t,
			   const struct ff_bundle_matrix *m, struct ff_canvas *cv)
{
	const struct ff_bundle_side *s = &d->side[0];
	struct ff_text_style st = ff_theme_grey(t, FF_REGULAR);
	size_t level = ff_bundle_label_level(s);
	double most = 0;

	if (t->is_narrow)
		st.size_pt = t->small;
	for (unsigned i = 0; i < s->parts; i++) {
		struct ff_buf b = FF_BUF_INIT;
		bool is_one = m->is_fit[0] || level == s->levels;

		if (is_one ? !s->part[i].value : i % s->level_parts[level] != 0)
			continue;
		if (is_one)
			ff_bundle_short_name(&b, s, i);
		else
			ff_bundle_group_name(&b, s, level, i);
		most = fmax(most, cv ? ff_canvas_measure(cv, &st, ff_buf_str(&b)).width
				     : .56 * st.size_pt * (double)b.len);
		ff_buf_release(&b);
	}
	return fmin(most, .25 * t->width) + .8 * t->fs;
}

/* Cells for a plot of the width and at most the height, in whole device pixels; both
 * edges of a large square matrix alike. */
static void matrix_cells(struct ff_bundle_matrix *m, const struct ff_theme *t,
			 double width, double height)
{
	double px = 72 / t->dpi;
	double room[2] = {height - m->bars - 1.7 * t->fs,
			  width - m->names - m->bars - .4 * t->fs};

	for (int side = 0; side < 2; side++) {
		double most = side ? MATRIX_LEAST * room[side] / m->n[side] : 0;
		double cell = fmin(room[side] / m->n[side],
				   fmax(most, MATRIX_CELL * t->fs / 8));

		m->cell[side] = fmax(1, floor(cell / px + 1e-6)) * px;
	}
	if (m->n[0] == m->n[1] && m->n[0] > 64)
		m->cell[0] = m->cell[1] = fmin(m->cell[0], m->cell[1]);
}

static void matrix_sizes(struct ff_bundle_matrix *m, const struct ff_bundle_data *d,
			 const struct ff_theme *t, const struct ff_bundle_params *params,
			 struct ff_canvas *cv, double width)
{
	matrix_slots(m, d, params);
	m->names = matrix_names(d, t, m, cv);
	m->bars = fmax(.11 * width, 3 * t->fs);
	m->heads = 2.75 * (t->is_narrow ? t->small : t->fs) * 1.27;
}

static double matrix_table_height(const struct ff_bundle_data *d,
				  const struct ff_theme *t)
{
	return ff_bundle_row(t) *
	       (1.7 + fmax(3, (double)ff_bundle_table_rows(d, t, false)) +
		(t->is_narrow && d->ntop > 5));
}

double ff_bundle_matrix_height(const struct ff_theme *t, const struct ff_bundle_data *d,
			       const struct ff_bundle_params *params)
{
	double width = t->width - 2 * t->margin;
	size_t lines = ff_bundle_caption_lines(d, params, t, width);
	struct ff_bundle_matrix m;

	matrix_sizes(&m, d, t, params, NULL, width);
	matrix_cells(&m, t, width, width * 1.02);
	return m.heads + m.bars + m.cell[0] * m.n[0] + 2.2 * t->fs +
	       matrix_table_height(d, t) + 1.2 * t->fs + (double)lines * 1.3 * t->small;
}

static void matrix_rooms_below(struct ff_bundle *g, struct ff_box plot)
{
	const struct ff_theme *t = &g->theme;
	double h = plot.y1 - plot.y0, w = plot.x1 - plot.x0;
	double caption = 1.3 * t->small *
			 (double)ff_bundle_caption_lines(&g->data, g->params, t, w);
	double table = matrix_table_height(&g->data, t);

	g->plot = plot;
	if (h - caption - table >= .5 * h) {
		g->caption = plot;
		g->caption.y0 = plot.y1 - caption;
		g->plot.y1 -= caption + .6 * t->fs;
	}
	if (g->plot.y1 - g->plot.y0 - table < .45 * h || w < 150)
		return;
	g->table = g->plot;
	g->table.y0 = g->plot.y1 - table;
	g->key = g->table;
	g->key.x1 = plot.x0 + (t->is_narrow ? .31 * w : fmax(.18 * w, 11 * t->fs));
	g->table.x0 = g->key.x1 + 1.6 * t->fs;
	g->plot.y1 = g->table.y0 - .6 * t->fs;
}

static void matrix_rooms_beside(struct ff_bundle *g, struct ff_box plot)
{
	const struct ff_theme *t = &g->theme;
	double w = plot.x1 - plot.x0, row = ff_bundle_row(t);
	double x = plot.x1 - fmax(.31 * w, fmin(.4 * w, 27 * t->fs));
	double table = (1.4 + (double)ff_bundle_table_rows(&g->data, t, true)) * row;

	g->plot = plot;
	g->plot.x1 = x - 1.5 * t->fs;
	g->table = (struct ff_box){x, plot.y0, plot.x1, fmin(plot.y0 + table, plot.y1)};
	if (plot.y1 - g->table.y1 < 5 * row)
		return;
	g->key = (struct ff_box){x, g->table.y1 + .8 * row, fmin(plot.x1, x + 18 * t->fs),
				 g->table.y1 + 4.4 * row};
	g->caption = (struct ff_box){x, g->key.y1, plot.x1, plot.y1};
}

/* ---- geometry ---- */

double ff_bundle_matrix_edge(const struct ff_bundle_matrix *m, int side, unsigned part)
{
	double start = side ? m->cells.x0 : m->cells.y0;

	return start + m->cell[side] * m->slot[side][part];
}

static void matrix_place(struct ff_bundle_matrix *m, struct ff_bundle *g)
{
	double px = 72 / g->theme.dpi;
	double x0 = g->plot.x0 + m->names, y0 = g->plot.y0 + m->heads + m->bars;

	/* what whole pixels leave over, on both sides */
	x0 += fmax(0,
		   (g->plot.x1 - x0 - m->bars - .4 * g->theme.fs - m->cell[1] * m->n[1]) /
			   2);
	m->cells.x0 = ceil(x0 / px) * px;
	m->cells.y0 = ceil(y0 / px) * px;
	m->cells.x1 = m->cells.x0 + m->cell[1] * m->n[1];
	m->cells.y1 = m->cells.y0 + m->cell[0] * m->n[0];
}

/* ---- drawing ---- */

/* Pale cividis, so that a lone cell is pale and still no paper. */
static int matrix_ramp(struct ff_ramp *ramp, const struct ff_bundle *g,
		       struct ff_err *err)
{
	static const unsigned rgb[] = {0xF8F4DC, 0xEADD94, 0xCFC274, 0x9C9B77, 0x767A78,
				       0x575D6D, 0x35456C, 0x0B2C5E, 0x00193F};
	enum { LAST = sizeof(rgb) / sizeof(rgb[0]) - 1 };

	if (g->theme.is_dark || (g->opts->palette && g->opts->palette[0]))
		return ff_ramp_init(ramp, &g->theme, g->opts, 1.3, err);
	for (int i = 0; i < 256; i++) {
		double at = i / 255.0 * LAST;
		unsigned k = at >= LAST ? LAST - 1 : (unsigned)at;
		struct ff_color c[2];

		for (unsigned e = 0; e < 2; e++)
			c[e] = ff_rgb((rgb[k + e] >> 16) / 255.0,
				      (rgb[k + e] >> 8 & 255) / 255.0,
				      (rgb[k + e] & 255) / 255.0);
		ramp->c[i] = ff_mix_oklab(c[0], c[1], at - k);
	}
	return FF_OK;
}

static int matrix_draw_cells(const struct ff_bundle *g, const struct ff_bundle_matrix *m,
			     struct ff_err *err)
{
	const struct ff_bundle_data *d = &g->data;
	struct ff_cell *cells = ff_alloc(d->nlinks, sizeof(*cells));
	double low = log((double)d->links[d->nlinks - 1].value);
	double span = log((double)d->links[0].value) - low;

	if (!cells)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < d->nlinks; i++) {
		const struct ff_bundle_link *link = &d->links[i];
		double u = span > 0 ? (log((double)link->value) - low) / span : 1;

		cells[i] = (struct ff_cell){
			(float)ff_bundle_matrix_edge(m, 1, link->right),
			(float)ff_bundle_matrix_edge(m, 0, link->left), (float)m->cell[1],
			(float)m->cell[0], (uint8_t)(u * 255 + .5)};
	}
	ff_canvas_note(g->cv, "cells");
	ff_canvas_cells(g->cv, cells, d->nlinks, m->ramp.c, 256);
	ff_free(cells);
	return FF_OK;
}

static void matrix_grid(const struct ff_bundle *g, const struct ff_bundle_matrix *m)
{
	const struct ff_theme *t = &g->theme;
	const struct ff_box *c = &m->cells;

	ff_canvas_note(g->cv, "grid");
	for (int side = 0; side < 2; side++) {
		const struct ff_bundle_side *s = &g->data.side[side];

		for (size_t level = 0; level < s->levels && !m->is_fit[side]; level++) {
			bool is_coarse = level > 0;
			struct ff_color color = is_coarse ? t->grey : t->grid;
			double width = (is_coarse ? .4 : .22) * g->k;

			for (unsigned i = s->level_parts[level]; i < s->parts;
			     i += s->level_parts[level]) {
				double at = ff_bundle_matrix_edge(m, side, i);

				if (side)
					ff_canvas_line(g->cv, at, c->y0, at, c->y1, color,
						       width, NULL);
				else
					ff_canvas_line(g->cv, c->x0, at, c->x1, at, color,
						       width, NULL);
			}
		}
	}
	ff_canvas_line(g->cv, c->x0, c->y0, c->x0, c->y1, t->grey, t->axis, NULL);
	ff_canvas_line(g->cv, c->x0, c->y1, c->x1, c->y1, t->grey, t->axis, NULL);
}

/* Above the columns and at the right of the rows. */
static void matrix_bars(struct ff_bundle *g, const struct ff_bundle_matrix *m)
{
	const struct ff_theme *t = &g->theme;
	const struct ff_box *c = &m->cells;
	double height = m->bars / 1.25, gap = .25 * t->fs;
	double notch = 1.02 * height, thick = fmax(1.3 * g->k, 72 / t->dpi);
	struct ff_bundle_layout l;

	ff_bundle_angles(&l, &g->data, g->params->arc);
	ff_bundle_radii(&l, &g->data, height / FF_BUNDLE_BAR, g->k);
	ff_canvas_note(g->cv, "bars");
	for (int side = 0; side < 2; side++) {
		struct ff_color color = ff_bundle_bar_color(t, side);
		double cell = m->cell[side],
		       air = cell > 8 * 72 / t->dpi ? .08 * cell : 0;

		for (unsigned i = 0; i < g->data.side[side].parts; i++) {
			double at = ff_bundle_matrix_edge(m, side, i) + air;
			double bar = l.arc[side].bar[i], w = cell - 2 * air;

			if (bar <= 0)
				continue;
			if (side)
				ff_canvas_rect(g->cv, at, c->y0 - gap - bar, w, bar,
					       color);
			else
				ff_canvas_rect(g->cv, c->x1 + gap, at, bar, w, color);
			if (!l.arc[side].is_cut[i])
				continue;
			if (side)
				ff_canvas_rect(g->cv, at, c->y0 - gap - notch - thick, w,
					       thick, t->background);
			else
				ff_canvas_rect(g->cv, c->x1 + gap + notch, at, thick, w,
					       t->background);
		}
	}
	ff_labels_block(&g->labels, (struct ff_box){c->x0, c->y0 - gap - m->bars, c->x1,
						    c->y0 - gap});
	ff_labels_block(&g->labels, (struct ff_box){c->x1 + gap, c->y0,
						    c->x1 + gap + m->bars, c->y1});
	ff_bundle_matrix_axis(g, m, l.bar_share, gap + height);
}

static void matrix_rings(struct ff_bundle *g, const struct ff_bundle_matrix *m)
{
	struct ff_color color = ff_category(&g->theme, FF_VERMILLION);
	double cell = fmin(m->cell[0], m->cell[1]);
	double r = fmax(.75 * cell, 1.9 * g->k);

	/* cells with a room of their own need no wide ring */
	if (cell > 6 * g->k)
		r = .36 * cell;
	ff_canvas_note(g->cv, "rings");
	for (size_t i = 0; i < g->data.ntop; i++) {
		const struct ff_bundle_link *link = &g->data.links[i];
		double x = ff_bundle_matrix_edge(m, 1, link->right) + m->cell[1] / 2;
		double y = ff_bundle_matrix_edge(m, 0, link->left) + m->cell[0] / 2;

		ff_canvas_circle(g->cv, x, y, r, FF_NO_COLOR, g->theme.background,
				 2 * g->k);
		ff_canvas_circle(g->cv, x, y, r, FF_NO_COLOR, color, .9 * g->k);
		ff_labels_block(&g->labels, (struct ff_box){x - .8 * r, y - .8 * r,
							    x + .8 * r, y + .8 * r});
	}
	for (size_t i = 0; i < g->data.ntop; i++) {
		const struct ff_bundle_link *link = &g->data.links[i];

		ff_bundle_matrix_rank(
			g, i, ff_bundle_matrix_edge(m, 1, link->right) + m->cell[1] / 2,
			ff_bundle_matrix_edge(m, 0, link->left) + m->cell[0] / 2, r);
	}
}

/* ---- key ---- */

static int matrix_key(struct ff_bundle *g, const struct ff_bundle_matrix *m,
		      struct ff_key *key, struct ff_err *err)
{
	const struct ff_theme *t = &g->theme;
	double row = ff_bundle_row(t);
	struct ff_buf b = FF_BUF_INIT;
	int rc;

	if (g->key.x1 <= g->key.x0)
		return FF_OK;
	ff_buf_addf(&b, "%s in a cell", g->data.measure);
	if (!b.failed)
		b.data[0] = (uint8_t)(b.data[0] - 'a' + 'A');
	ff_bundle_put(g, "key", FF_SEMIBOLD, t->ink, g->key.x0, g->key.y0 + .8 * row,
		      FF_LEFT, ff_buf_str(&b));
	rc = b.failed ? ff_fail_nomem(err) : FF_OK;
	ff_buf_release(&b);
	if (rc < 0)
		return rc;
	*key = (struct ff_key){.box = {g->key.x0, g->key.y0 + 1.2 * row, g->key.x1,
				       g->key.y0 + 1.85 * row},
			       .ramp = &m->ramp,
			       .least = (double)g->data.links[g->data.nlinks - 1].value,
			       .most = (double)g->data.links[0].value,
			       .has_none = !t->is_narrow,
			       .word = ff_bundle_key_word(&g->data)};
	rc = ff_key_layout(key, &g->labels, t, err);
	if (rc == FF_OK)
		ff_key_draw(key, t, g->cv);
	ff_key_release(key);
	return rc;
}

int ff_bundle_matrix_draw(struct ff_bundle *g, struct ff_err *err)
{
	struct ff_box plot = g->frame.plot;
	const struct ff_theme *t = &g->theme;
	struct ff_bundle_matrix m;
	struct ff_key key;
	bool is_beside;
	int rc;

	plot.y0 += .5 * t->fs;
	is_beside = plot.x1 - plot.x0 > MATRIX_BESIDE * (plot.y1 - plot.y0) &&
		    plot.x1 - plot.x0 > 45 * t->fs &&
		    ff_bundle_matrix_height(t, &g->data, g->params) >
			    1.08 * (plot.y1 - plot.y0);
	if (is_beside)
		matrix_rooms_beside(g, plot);
	else
		matrix_rooms_below(g, plot);
	matrix_sizes(&m, &g->data, t, g->params, g->cv, g->plot.x1 - g->plot.x0);
	matrix_cells(&m, t, g->plot.x1 - g->plot.x0, g->plot.y1 - g->plot.y0 - m.heads);
	matrix_place(&m, g);
	rc = matrix_ramp(&m.ramp, g, err);
	if (rc == FF_OK)
		rc = matrix_draw_cells(g, &m, err);
	if (rc < 0)
		return rc;
	matrix_grid(g, &m);
	ff_bundle_matrix_heads(g, &m);
	matrix_bars(g, &m);
	matrix_rings(g, &m);
	ff_bundle_caption_place(g);
	rc = ff_bundle_table_draw(g, is_beside || t->is_narrow ? 1 : 2, err);
	if (rc == FF_OK)
		rc = matrix_key(g, &m, &key, err);
	if (rc == FF_OK)
		ff_bundle_matrix_names(g, &m);
	return rc;
}
