/* SPDX-License-Identifier: MIT */
/* Rows: each n to 10, then ten a decade, every whole-prefix size a row of its own; all n
 * alone when there are 16 at most. Columns: runs of bins, joined by the maximum. */
#include "figure/contact_grid.h"

#include <math.h>
#include <string.h>

#define LINEAR_MAX 16
#define LEAST_DEPTH .010 /* of the whole depth: a size row of one n is still seen */
#define LEAST_PART .2	 /* of a row that a size has split: less joins the next row */

/* First n of row k (k = 0..9 are n = 1..10, k = 10 begins at 11), 0 past 2^63. */
static uint64_t grid_edge(unsigned k)
{
	double edge;

	if (k < 11)
		return k + 1;
	edge = ceil(pow(10, k / 10.0) - 1e-6);
	return edge < 9e18 ? (uint64_t)edge : 0;
}

static double grid_log_width(uint64_t low, uint64_t high)
{
	return log(((double)high + 1) / (double)low);
}

/* Appends [low, high], cut into parts at the sizes within; parts too thin to read go to
 * the neighbour on their side. `whole` is the log width that the row has when nmax does
 * not end it. */
static void grid_add_row(struct ff_contact_grid *g, const struct ff_contact_data *d,
			 uint64_t low, uint64_t high, double whole)
{
	uint64_t at = low;

	for (size_t i = 0; i < d->nsizes && d->sizes[i] <= high; i++) {
		uint64_t size = d->sizes[i];
		struct ff_grid_row *before = g->nrows > 0 ? &g->rows[g->nrows - 1] : NULL;

		/* 768 of a /22 is no prefix: the map shows it */
		if (size < at || size <= 10 || d->size_bits[i] == 0)
			continue;
		if (size > at) {
			bool is_thin = grid_log_width(at, size - 1) < LEAST_PART * whole;

			if (is_thin && before && !before->is_size)
				before->high = size - 1;
			else if (g->nrows < FF_GRID_ROWS - 2)
				g->rows[g->nrows++] =
					(struct ff_grid_row){.low = at, .high = size - 1};
		}
		if (g->nrows < FF_GRID_ROWS - 1)
			g->rows[g->nrows++] = (struct ff_grid_row){
				.low = size, .high = size, .is_size = true};
		at = size + 1;
	}
	if (at <= high && g->nrows < FF_GRID_ROWS)
		g->rows[g->nrows++] = (struct ff_grid_row){.low = at, .high = high};
}

/* A thin part after a size joins the row that follows it. */
static void grid_join_thin(struct ff_contact_grid *g)
{
	for (size_t i = 1; i + 1 < g->nrows; i++) {
		struct ff_grid_row *row = &g->rows[i], *next = row + 1;

		if (!row[-1].is_size || row->is_size || next->is_size ||
		    grid_log_width(row->low, row->high) >=
			    LEAST_PART * grid_log_width(next->low, next->high))
			continue;
		next->low = row->low;
		memmove(row, next, (g->nrows - i - 1) * sizeof(*row));
		g->nrows--;
	}
}

void ff_contact_grid_rows(struct ff_contact_grid *g, const struct ff_contact_data *d)
{
	double total = 0, at = 1;

	g->nrows = 0;
	g->is_linear = d->nmax <= LINEAR_MAX;
	if (g->is_linear) {
		for (uint64_t n = 1; n <= d->nmax; n++)
			g->rows[g->nrows++] = (struct ff_grid_row){.low = n, .high = n};
	} else {
		for (unsigned k = 0; grid_edge(k) != 0 && grid_edge(k) <= d->nmax; k++) {
			uint64_t next = grid_edge(k + 1);
			bool is_last = next == 0 || next > d->nmax;

			grid_add_row(g, d, grid_edge(k), is_last ? d->nmax : next - 1,
				     next == 0 ? 1
					       : grid_log_width(grid_edge(k), next - 1));
		}
		grid_join_thin(g);
	}
	for (size_t i = 0; i < g->nrows; i++)
		total += grid_log_width(g->rows[i].low, g->rows[i].high);
	for (size_t i = 0; i < g->nrows; i++) {
		struct ff_grid_row *row = &g->rows[i];
		double w = g->is_linear ? 1 : grid_log_width(row->low, row->high) / total;

		row->v0 = w > LEAST_DEPTH ? w : LEAST_DEPTH;
	}
	total = 0;
	for (size_t i = 0; i < g->nrows; i++)
		total += g->rows[i].v0;
	for (size_t i = 0; i < g->nrows; i++) {
		struct ff_grid_row *row = &g->rows[i];
		double w = row->v0 / total;

		row->v1 = at;
		at = i + 1 == g->nrows ? 0 : at - w;
		row->v0 = at;
	}
}

size_t ff_contact_grid_row(const struct ff_contact_grid *g, uint64_t n)
{
	size_t i = 0;

	while (i + 1 < g->nrows && n > g->rows[i].high)
		i++;
	return i;
}

double ff_contact_grid_depth(const struct ff_contact_grid *g, uint64_t n)
{
	const struct ff_grid_row *row = &g->rows[ff_contact_grid_row(g, n)];
	double f;

	if (row->low == row->high)
		return (row->v0 + row->v1) / 2;
	f = log(((double)n + .5) / (double)row->low) /
	    grid_log_width(row->low, row->high);
	return row->v1 - fmin(fmax(f, 0), 1) * (row->v1 - row->v0);
}

/* Adds one bin to its column: sums within rows, then the maximum over bins. */
static void grid_add_bin(struct ff_contact_grid *g, const struct ff_contact_data *d,
			 const struct ff_contact_bin *bin, size_t column, bool is_density)
{
	size_t row = 0, i = bin->first, end = bin->first + bin->count;

	while (i < end) {
		double sum = 0, *cell;

		while (row + 1 < g->nrows && d->n[i] > g->rows[row].high)
			row++;
		for (; i < end && (d->n[i] <= g->rows[row].high || row + 1 == g->nrows);
		     i++)
			sum += (double)d->sources[i];
		if (is_density)
			sum /= (double)(g->rows[row].high - g->rows[row].low) + 1;
		cell = &g->value[row * g->edges.count + column];
		*cell = fmax(*cell, sum);
	}
}

static void grid_fill(struct ff_contact_grid *g, const struct ff_contact_data *d,
		      bool is_density)
{
	for (size_t b = 0; b < d->nbins; b++) {
		size_t column = ff_edges_find(&g->edges, d->bins[b].start);

		g->has_data[column] = true;
		if (g->edges.joined == 1)
			g->is_partial[column] = d->bins[b].is_partial;
		grid_add_bin(g, d, &d->bins[b], column, is_density);
	}
	if (g->edges.joined > 1) { /* a maximum over fewer bins than the others */
		g->is_partial[0] = g->edges.at[0] < d->t0;
		g->is_partial[g->edges.count - 1] |= g->edges.at[g->edges.count] > d->t1;
	}
	g->min = HUGE_VAL;
	for (size_t i = 0; i < g->nrows * g->edges.count; i++) {
		if (g->value[i] <= 0)
			continue;
		g->min = fmin(g->min, g->value[i]);
		g->max = fmax(g->max, g->value[i]);
	}
}

int ff_contact_grid_init(struct ff_contact_grid *g, const struct ff_contact_data *d,
			 size_t most_columns, enum ff_edges_rule rule, bool is_density,
			 struct ff_err *err)
{
	int rc;

	memset(g, 0, sizeof(*g));
	ff_contact_grid_rows(g, d);
	rc = ff_contact_edges_init(&g->edges, d, most_columns, rule, err);
	if (rc < 0)
		return rc;
	g->value = ff_calloc(g->nrows * g->edges.count, sizeof(*g->value));
	g->has_data = ff_calloc(g->edges.count, sizeof(*g->has_data));
	g->is_partial = ff_calloc(g->edges.count, sizeof(*g->is_partial));
	if (!g->value || !g->has_data || !g->is_partial) {
		ff_contact_grid_release(g);
		return ff_fail_nomem(err);
	}
	grid_fill(g, d, is_density);
	return FF_OK;
}

void ff_contact_grid_release(struct ff_contact_grid *g)
{
	ff_edges_release(&g->edges);
	ff_free(g->value);
	ff_free(g->has_data);
	ff_free(g->is_partial);
	g->value = NULL;
	g->has_data = g->is_partial = NULL;
}
