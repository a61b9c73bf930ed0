/* SPDX-License-Identifier: MIT */
/* contact_map_cells - the cells of the map. None is smaller than a mark that is seen,
 * none is blended, and more covers fewer: a lone scanner is one full-colour mark.
 *
 * Cells of one shade side by side are one rectangle. In vector files two neighbours that
 * only touch show the ground between them as a hair: so the fewer of two reaches under
 * the more, which is drawn later and covers all of it. On raster nothing changes by that.
 */
#include "figure/contact_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A cell as one number that sorts by row, then column: n << 32 | column << 8 | shade.
 * Columns are fewer than device pixels, far below 2^24; n past 2^32 no bin can hold. */
static uint64_t cells_key(const struct ff_contact_map *m,
			  const struct ff_contact_cell *cell)
{
	uint64_t row = cell->n < UINT32_MAX ? cell->n : UINT32_MAX;
	uint64_t shade =
		(uint64_t)lround(255 * ff_contact_map_shade(m, (double)cell->sources));

	return row << 32 | (uint64_t)cell->column << 8 | shade;
}
static uint64_t cells_row(uint64_t key)
{
	return key >> 32;
}
static uint32_t cells_column(uint64_t key)
{
	return (uint32_t)(key >> 8 & 0xffffff);
}
static unsigned cells_shade(uint64_t key)
{
	return (unsigned)(key & 0xff);
}

static int cells_compare(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return (a > b) - (a < b);
}

/* Whether columns first..last of a row (keys from *at to end) are all of a darker shade;
 * *at moves up to the first of them. */
static bool cells_covered(const uint64_t *keys, size_t *at, size_t end, uint32_t first,
			  uint32_t last, unsigned shade)
{
	while (*at < end && cells_column(keys[*at]) < first)
		(*at)++;
	if (end - *at <= last - first)
		return false;
	for (uint32_t c = first; c <= last; c++)
		if (cells_column(keys[*at + (c - first)]) != c ||
		    cells_shade(keys[*at + (c - first)]) <= shade)
			return false;
	return true;
}

struct cells_run { /* of keys, in one row and of one shade */
	uint64_t row;
	uint32_t first, last; /* columns */
	unsigned shade;
	bool under_left, under_right, under_below; /* a neighbour there covers more */
};

/* Its rectangle, reaching under its neighbours; what is seen of it goes into the ink. */
static struct ff_cell cells_rectangle(struct ff_contact_map *m,
				      const struct cells_run *run)
{
	double n = (double)run->row;
	double top = ff_contact_map_top(m, n), bottom = ff_contact_map_bottom(m, n);
	double left = ff_contact_map_x(m, run->first);
	double right = fmax(ff_contact_map_x(m, run->last + 1), left + m->cell_w);

	if (right > m->cells.x1) {
		left -= right - m->cells.x1;
		right = m->cells.x1;
	}
	if (bottom - top < m->cell_h) {
		top = round((top + bottom - m->cell_h) / 2 / m->px) * m->px;
		bottom = top + m->cell_h;
	}
	ff_ink_rect(&m->ink, left, top, right, bottom);
	if (run->under_left)
		left = fmin(left, ff_contact_map_x(m, run->first - 1));
	if (run->under_right)
		right = fmax(right, ff_contact_map_x(m, run->last + 2));
	if (run->under_below)
		bottom = ff_contact_map_bottom(m, n - 1);
	return (struct ff_cell){(float)left, (float)top, (float)(right - left),
				(float)(bottom - top), (uint8_t)run->shade};
}

/* Rectangles of the sorted keys, row by row. Returns their number. */
static size_t cells_make(struct ff_contact_map *m, const uint64_t *keys, size_t n,
			 struct ff_cell *out)
{
	size_t count = 0, row_start = 0, below = 0, below_end = 0;

	for (size_t i = 0, j; i < n; i = j) {
		struct cells_run run = {.row = cells_row(keys[i]),
					.first = cells_column(keys[i]),
					.shade = cells_shade(keys[i])};

		for (j = i + 1; j < n && keys[j] == keys[j - 1] + (1 << 8); j++)
			;
		run.last = cells_column(keys[j - 1]);
		if (i == 0 || cells_row(keys[i - 1]) != run.row) {
			/* the row before is the one below only when n is one less */
			below = i && cells_row(keys[i - 1]) + 1 == run.row ? row_start
									   : i;
			below_end = i;
			row_start = i;
		}
		run.under_left = i > row_start &&
				 cells_column(keys[i - 1]) + 1 == run.first &&
				 cells_shade(keys[i - 1]) > run.shade;
		run.under_right = j < n && cells_row(keys[j]) == run.row &&
				  cells_column(keys[j]) == run.last + 1 &&
				  cells_shade(keys[j]) > run.shade;
		/* corners too must be covered */
		if (ff_contact_map_bottom(m, (double)run.row) -
			    ff_contact_map_top(m, (double)run.row) >=
		    m->cell_h)
			run.under_below = cells_covered(
				keys, &below, below_end, run.first - run.under_left,
				run.last + run.under_right, run.shade);
		out[count++] = cells_rectangle(m, &run);
	}
	return count;
}

/* Lighter first, in a stable order: a counting sort. */
static void cells_sort(struct ff_cell *to, const struct ff_cell *from, size_t n)
{
	size_t start[257] = {0};

	for (size_t i = 0; i < n; i++)
		start[from[i].color + 1]++;
	for (size_t k = 1; k < 257; k++)
		start[k] += start[k - 1];
	for (size_t i = 0; i < n; i++)
		to[start[from[i].color]++] = from[i];
}

int ff_contact_map_cells_draw(struct ff_contact_map *m, struct ff_err *err)
{
	size_t n = m->cols.ncells;
	uint64_t *keys = ff_alloc(n, sizeof(*keys));
	struct ff_cell *cells = ff_alloc(n, sizeof(*cells));
	struct ff_cell *sorted = ff_alloc(n, sizeof(*sorted));
	int status = FF_OK;

	if (!keys || !cells || !sorted) {
		status = ff_fail_nomem(err);
	} else {
		size_t count;

		for (size_t i = 0; i < n; i++)
			keys[i] = cells_key(m, &m->cols.cells[i]);
		qsort(keys, n, sizeof(*keys), cells_compare);
		count = cells_make(m, keys, n, cells);
		cells_sort(sorted, cells, count);
		ff_canvas_note(m->c->cv, "cells");
		ff_canvas_cells(m->c->cv, sorted, count, m->ramp.c, 256);
	}
	ff_free(keys);
	ff_free(cells);
	ff_free(sorted);
	return status;
}
