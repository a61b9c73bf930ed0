/* SPDX-License-Identifier: MIT */
/* ink - where the marks of a plot are, on a coarse grid, so that labels can be put where
 * they hide least. Marks are added, then the grid is sealed and asked. */
#ifndef FIGURE_INK_H
#define FIGURE_INK_H

#include "figure/label.h"

struct ff_ink {
	struct ff_box box;
	double step; /* of the grid, points */
	size_t nx, ny;
	uint32_t *sum; /* (nx + 1) x (ny + 1) sums of the marked squares above and left;
			  owned */
	bool is_sealed;
};
/* A grid over the box of about 1 pt, at most 512 squares a side. */
int ff_ink_init(struct ff_ink *ink, struct ff_box box, struct ff_err *err);
void ff_ink_release(struct ff_ink *ink);
void ff_ink_rect(struct ff_ink *ink, double x0, double y0, double x1, double y1);
void ff_ink_line(struct ff_ink *ink, const struct ff_point *p, size_t n);
void ff_ink_seal(struct ff_ink *ink);
/* Share of the box that marks cover, 0..1; 1 where it leaves the grid. */
double ff_ink_cover(const struct ff_ink *ink, const struct ff_box *box);

/* Of `ntries` alternatives of n items each (tries[i * n], best first) places the one that
 * hides least; each later try must hide `patience` less, as a share, than the one before
 * it. False when none fits or all would hide more than `most`: the caller has a shorter
 * text, or counts it as dropped. */
struct ff_ink_rule {
	double most, patience;
};
bool ff_ink_place(const struct ff_ink *ink, struct ff_labels *labels,
		  const struct ff_text_item *tries, size_t ntries, size_t n,
		  struct ff_ink_rule rule);

#endif
