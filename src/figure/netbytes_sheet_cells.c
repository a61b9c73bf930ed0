/* SPDX-License-Identifier: MIT */
/* The cells of the sheet, and the words beside the bursts in it. */
#include "figure/marks.h"
#include "figure/netbytes_sheet.h"

#include <math.h>

#define CELLS_SPARSE 12 /* rows of fewer cells get wider ones */

static uint8_t cells_shade(const struct ff_sheet *s, double value)
{
	double t =
		s->most > s->least ? log(value / s->least) / log(s->most / s->least) : 1;

	return (uint8_t)lround(255 * fmin(fmax(t, 0), 1));
}

/* Cells of one row, each at least a pixel; neighbours of one shade are one. */
static size_t cells_row(const struct ff_sheet *s, size_t row, struct ff_cell *out)
{
	const double *v = &s->value[row * s->edges.count];
	double y = s->rows[row].y0, h = s->rows[row].y1 - y, wide = 0;
	size_t count = 0, filled = 0;

	for (size_t i = 0; i < s->edges.count; i++)
		filled += v[i] > 0;
	if (filled < CELLS_SPARSE && s->column_px < 4)
		wide = s->n->px;
	for (size_t i = 0, j; i < s->edges.count; i = j) {
		double x0, x1;

		j = i + 1;
		if (!(v[i] > 0))
			continue;
		while (j < s->edges.count && v[j] > 0 &&
		       cells_shade(s, v[j]) == cells_shade(s, v[i]))
			j++;
		x0 = fmax(ff_sheet_x(s, i) - wide, s->cells.x0);
		x1 = fmin(fmax(ff_sheet_x(s, j), ff_sheet_x(s, i) + s->n->px) + wide,
			  s->cells.x1);
		out[count++] = (struct ff_cell){(float)x0, (float)y, (float)(x1 - x0),
						(float)h, cells_shade(s, v[i])};
	}
	return count;
}

int ff_sheet_draw_cells(const struct ff_sheet *s, struct ff_err *err)
{
	struct ff_canvas *cv = s->n->cv;
	struct ff_cell *cells = ff_alloc(s->nrows * s->edges.count, sizeof(*cells));
	size_t count = 0;

	if (!cells)
		return ff_fail_nomem(err);
	ff_canvas_note(cv, "rows");
	for (size_t r = 0; r < s->nrows; r++) {
		ff_canvas_rect(cv, s->cells.x0, s->rows[r].y0, s->cells.x1 - s->cells.x0,
			       s->rows[r].y1 - s->rows[r].y0, s->n->theme.floor);
		count += cells_row(s, r, cells + count);
	}
	ff_canvas_note(cv, "no data");
	for (size_t i = 0, j; i < s->edges.count; i = j) {
		for (j = i; j < s->edges.count && s->sum[j] < 0; j++)
			;
		for (size_t r = 0; r < s->nrows && j > i; r++)
			ff_hatch(cv, &s->n->theme,
				 (struct ff_box){ff_sheet_x(s, i), s->rows[r].y0,
						 ff_sheet_x(s, j), s->rows[r].y1});
		if (j > i)
			ff_hatch(cv, &s->n->theme,
				 (struct ff_box){ff_sheet_x(s, i), s->strip.y0,
						 ff_sheet_x(s, j), s->strip.y1});
		j += j == i;
	}
	ff_canvas_note(cv, "cells");
	ff_canvas_cells(cv, cells, count, s->ramp.c, 256);
	ff_free(cells);
	return FF_OK;
}

/* ---- bursts ---- */

static struct ff_box cells_burst_box(const struct ff_sheet *s,
				     const struct ff_sheet_row *row)
{
	const struct ff_netbytes_data *d = &s->n->data;
	size_t column =
		ff_edges_find(&s->edges, d->cells[d->ports[row->index].peak].start);
	double x0 = ff_sheet_x(s, column), x1 = ff_sheet_x(s, column + 1);
	double more = fmax((.7 * s->n->theme.fs - (x1 - x0)) / 2, 0);

	return (struct ff_box){x0 - more, row->y0, x1 + more, row->y1};
}

/* "65 MB on 23 Nov 14:00, and nothing else", or shorter. */
static void cells_burst_words(struct ff_buf *b, const struct ff_sheet *s,
			      const struct ff_sheet_row *row, bool is_short)
{
	const struct ff_netbytes_data *d = &s->n->data;
	const struct ff_netbytes_port *p = &d->ports[row->index];

	ff_netbytes_value(b, d, (double)d->cells[p->peak].value);
	ff_buf_adds(b, d->bin_ns < 0 ? " in " : " on ");
	ff_netbytes_when(b, s->n, d->cells[p->peak].start);
	if (is_short)
		return;
	if (p->count == 1) {
		ff_buf_adds(b, ", and nothing else");
		return;
	}
	ff_buf_adds(b, ", seen in ");
	ff_word_count(b, p->count);
	ff_buf_adds(b, d->bin_ns == FF_HOUR  ? " hours"
		       : d->bin_ns == FF_DAY ? " days"
		       : d->bin_ns < 0	     ? " months"
					     : " bins");
}

/* Cells of the row that a text from x0 to x1 would cover. */
static size_t cells_covered(const struct ff_sheet *s, size_t row, double x0, double x1)
{
	size_t count = 0;

	for (size_t i = 0; i < s->edges.count; i++)
		count += s->value[row * s->edges.count + i] > 0 &&
			 ff_sheet_x(s, i) < x1 && ff_sheet_x(s, i + 1) > x0;
	return count;
}

void ff_sheet_place_bursts(struct ff_sheet *s)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_text_style st = ff_with_halo(t, ff_theme_text(t, FF_REGULAR));

	for (size_t r = 0; r < s->nrows; r++) {
		struct ff_box box;
		struct ff_text_item item;
		bool is_done = false;

		if (s->rows[r].kind != FF_SHEET_BURST)
			continue;
		box = cells_burst_box(s, &s->rows[r]);
		for (int shorter = 0; shorter < 2 && !is_done; shorter++) {
			struct ff_buf b = FF_BUF_INIT;
			double y = (box.y0 + box.y1) / 2 + .36 * t->fs, w;
			double right = box.x1 + .4 * t->fs, left = box.x0 - .4 * t->fs;
			bool fits_right, fits_left, to_left;

			cells_burst_words(&b, s, &s->rows[r], shorter);
			w = ff_canvas_measure(s->n->cv, &st, ff_buf_str(&b)).width;
			fits_right = right + w <= s->cells.x1;
			fits_left = left - w >= s->cells.x0;
			to_left = fits_left &&
				  (!fits_right ||
				   cells_covered(s, r, left - w, left) <
					   cells_covered(s, r, right, right + w));
			item = ff_text_item_of("burst", st, to_left ? left : right, y,
					       to_left ? FF_RIGHT : FF_LEFT,
					       ff_buf_str(&b));
			if ((fits_left || fits_right) &&
			    ff_labels_fit(&s->n->labels, &item, 1))
				is_done = ff_labels_add(&s->n->labels, &item, 1);
			s->n->labels.failed |= b.failed;
			ff_buf_release(&b);
		}
		s->n->labels.dropped += !is_done;
	}
}

void ff_sheet_draw_bursts(const struct ff_sheet *s)
{
	const struct ff_theme *t = &s->n->theme;

	ff_canvas_note(s->n->cv, "bursts");
	for (size_t r = 0; r < s->nrows; r++) {
		struct ff_box b;

		if (s->rows[r].kind != FF_SHEET_BURST)
			continue;
		b = cells_burst_box(s, &s->rows[r]);
		ff_canvas_polygon(
			s->n->cv,
			(struct ff_point[]){
				{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}},
			4, FF_NO_COLOR, t->ink, 1.4 * t->axis);
	}
}
