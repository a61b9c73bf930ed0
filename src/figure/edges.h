/* SPDX-License-Identifier: MIT */
/* edges - where the columns of a time axis begin and end: one column a bin or, when the
 * paper holds fewer, equal runs of bins. */
#ifndef FIGURE_EDGES_H
#define FIGURE_EDGES_H

#include <flowfig/base.h>

/* How joined columns go with a period in the data. A pulse train under columns that do
 * not fit it comes and goes in a pattern that is not in the data. */
enum ff_edges_rule {
	FF_EDGES_WHOLE, /* whole periods a column: every column of the band holds a pulse
			 */
	FF_EDGES_COMB,	/* that, or whole columns a period: pulses stand apart evenly */
};
struct ff_edges_span {
	int64_t t0, t1;	   /* ns, half open, t0 < t1 */
	int64_t bin_ns;	   /* width; 0 = one bin over everything, -1 = calendar months */
	int64_t period_ns; /* of what the columns shall fit; 0 = none */
};
struct ff_edges {
	size_t count;
	int64_t *at;	  /* count + 1 times, ns; owned */
	int64_t width_ns; /* of a column; 0 and -1 as bin_ns */
	uint64_t joined;  /* bins a column, 1 = none joined */
};
/* At most `most` (>= 1) columns over [t0, t1). Joined columns are divisors of a day, or
 * whole days and weeks, where they can be. */
int ff_edges_init(struct ff_edges *e, const struct ff_edges_span *span, size_t most,
		  enum ff_edges_rule rule, struct ff_err *err);
void ff_edges_release(struct ff_edges *e);
/* Column that holds the time; times outside fall into the first or last. */
size_t ff_edges_find(const struct ff_edges *e, int64_t ns);
/* "each column the largest hour of a half day"; "one column a day" when nothing is
 * joined; nothing for bin_ns = 0. */
void ff_edges_words(struct ff_buf *b, const struct ff_edges *e, int64_t bin_ns);

#endif
