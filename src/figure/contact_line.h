/* SPDX-License-Identifier: MIT */
/* contact_line - the line view between its files: contact_line.c measures and draws the
 * two panels, contact_line_labels.c names what is in them. */
#ifndef FIGURE_CONTACT_LINE_H
#define FIGURE_CONTACT_LINE_H

#include "figure/contact_parts.h"

struct ff_line_panel {
	struct ff_box box;
	double title_x, title_y; /* baseline of the title, left end */
	bool has_x_labels;	 /* of two panels stacked only the lower one */
	struct ff_scale x, y;	 /* n; sources a bin and n, or percent */
	struct ff_ticks x_ticks, y_ticks;
	struct ff_ink ink;
};
struct ff_contact_line {
	struct ff_contact *c;
	struct ff_contact_means means;
	bool is_log;	/* the axis of n */
	bool has_share; /* there is room for the second panel */
	int lines;	/* mean lines: 2 when split by a band */
	struct ff_line_panel density, share;
};

/* Path of a line of row densities from row *i on up to the next empty row; moves *i. */
size_t ff_contact_line_path(const struct ff_contact_line *v, const double *row,
			    struct ff_point *p, size_t *i);
/* Steps of P(N >= n); p holds 2 * nsteps + 2. */
size_t ff_contact_line_steps(const struct ff_contact_line *v,
			     const struct ff_contact_mean *mean, struct ff_point *p);
/* The fitted power law as a path of at most FF_LINE_FIT points, 0 = none. */
#define FF_LINE_FIT 32
size_t ff_contact_line_fit(const struct ff_contact_line *v, struct ff_point *p);
struct ff_point ff_contact_line_size(const struct ff_contact_line *v, int which,
				     size_t i);
/* Whether a band shows in the axis range, and its left and right edge. */
bool ff_contact_line_band(const struct ff_contact_line *v, double *x0, double *x1);

/* The panels with their marks. */
void ff_contact_line_density_draw(const struct ff_contact_line *v);
int ff_contact_line_share_draw(const struct ff_contact_line *v, struct ff_err *err);
/* Names of lines, fit, prefixes, shares: after the ink is sealed. */
void ff_contact_line_labels(struct ff_contact_line *v);

#endif
