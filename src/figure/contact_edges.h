/* SPDX-License-Identifier: MIT */
/* contact_edges - where the columns of a time axis begin and end: one column a bin or,
 * when the paper holds fewer, equal runs of bins. */
#ifndef FIGURE_CONTACT_EDGES_H
#define FIGURE_CONTACT_EDGES_H

#include "figure/contact_data.h"

/* How joined columns go with the period of a band. A pulse train under columns that do
 * not fit it comes and goes in a pattern that is not in the data. */
enum ff_edges_rule {
	FF_EDGES_WHOLE, /* whole periods a column: every column of the band holds a pulse
			 */
	FF_EDGES_COMB,	/* that, or whole columns a period: pulses stand apart evenly */
};
struct ff_contact_edges {
	size_t count;
	int64_t *at;	  /* count + 1 times, ns; owned */
	int64_t width_ns; /* of a column; 0 and -1 as bin_ns */
	uint64_t joined;  /* bins a column, 1 = none joined */
};
/* At most `most` (>= 1) columns over [t0, t1). Joined columns are divisors of a day, or
 * whole days and weeks, where they can be. */
int ff_contact_edges_init(struct ff_contact_edges *e, const struct ff_contact_data *d,
			  size_t most, enum ff_edges_rule rule, struct ff_err *err);
void ff_contact_edges_release(struct ff_contact_edges *e);
/* Column that holds the time; times outside fall into the first or last. */
size_t ff_contact_edges_find(const struct ff_contact_edges *e, int64_t ns);
/* "each column the largest hour of a half day"; "one column a day" when nothing is
 * joined. */
void ff_contact_edges_words(struct ff_buf *b, const struct ff_contact_edges *e,
			    const struct ff_contact_data *d);

#endif
