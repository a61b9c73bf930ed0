/* SPDX-License-Identifier: MIT */
/* contact_grid - the numbers under a surface: rows of n, columns of time, one value a
 * cell. */
#ifndef FIGURE_CONTACT_GRID_H
#define FIGURE_CONTACT_GRID_H

#include "figure/contact_edges.h"

/* n up to 2^64 takes 10 rows a decade; each whole-prefix size splits one row in three. */
#define FF_GRID_ROWS 256
struct ff_grid_row {
	uint64_t low, high; /* inclusive */
	double v0, v1;	    /* depth: 0 = front (largest n), 1 = back (n = 1); v0 < v1 */
	bool is_size;	    /* a whole-prefix host count alone */
};
struct ff_contact_grid {
	struct ff_grid_row rows[FF_GRID_ROWS]; /* rows[0] is the back row: n = 1 */
	size_t nrows;
	bool is_linear; /* every n has an equal row: nmax <= 16 */
	struct ff_edges edges;
	double *value;	  /* nrows x columns by row: sources (or sources per n); 0 = none;
			     owned */
	bool *has_data;	  /* column holds a bin with any flow; owned */
	bool *is_partial; /* data begins or ends inside the column; owned */
	double min, max;  /* smallest and largest value that is not 0 */
};
int ff_contact_grid_init(struct ff_contact_grid *g, const struct ff_contact_data *d,
			 size_t most_columns, enum ff_edges_rule rule, bool is_density,
			 struct ff_err *err);
void ff_contact_grid_release(struct ff_contact_grid *g);
/* Rows of n, without values. */
void ff_contact_grid_rows(struct ff_contact_grid *g, const struct ff_contact_data *d);
/* Depth where n stands: the middle of its share of a row. */
double ff_contact_grid_depth(const struct ff_contact_grid *g, uint64_t n);
/* Row that holds n. */
size_t ff_contact_grid_row(const struct ff_contact_grid *g, uint64_t n);
static inline double ff_grid_at(const struct ff_contact_grid *g, size_t row,
				size_t column)
{
	return g->value[row * g->edges.count + column];
}

#endif
