/* SPDX-License-Identifier: MIT */
/* bundle_matrix - the matrix view between its two files: bundle_matrix.c draws cells,
 * bars and rings, bundle_matrix_words.c writes around them. */
#ifndef FIGURE_BUNDLE_MATRIX_H
#define FIGURE_BUNDLE_MATRIX_H

#include "figure/bundle.h"

struct ff_bundle_matrix { /* side 0 = rows, 1 = columns */
	uint16_t slot[2][FF_BUNDLE_PARTS];
	unsigned n[2];		   /* slots */
	bool is_fit[2];		   /* only parts in use have slots */
	double cell[2];		   /* height, width, points */
	double names, bars, heads; /* rooms at the left, at top and right, at the top */
	struct ff_box cells;
	struct ff_ramp ramp;
};
/* Upper or left edge of a part's slot. */
double ff_bundle_matrix_edge(const struct ff_bundle_matrix *m, int side, unsigned part);
void ff_bundle_matrix_heads(struct ff_bundle *g, const struct ff_bundle_matrix *m);
/* Dotted ends of the bars' axes, `reach` from the cells, and their words. */
void ff_bundle_matrix_axis(struct ff_bundle *g, const struct ff_bundle_matrix *m,
			   double share, double reach);
/* The number of the i-th link beside its ring, where it is free. */
void ff_bundle_matrix_rank(struct ff_bundle *g, size_t i, double x, double y, double r);
/* Names of rows and columns. */
void ff_bundle_matrix_names(struct ff_bundle *g, const struct ff_bundle_matrix *m);

#endif
