/* SPDX-License-Identifier: MIT */
/* contact_columns - the time axis of the map: one column a bin or, when the paper holds
 * fewer, equal runs of bins joined by the maximum of each n. Time without any data has
 * columns too: the axis is whole. */
#ifndef FIGURE_CONTACT_COLUMNS_H
#define FIGURE_CONTACT_COLUMNS_H

#include "figure/contact_data.h"

struct ff_contact_cell {
	uint32_t column;
	uint64_t n, sources; /* of the bin that has most with this n */
};
struct ff_contact_columns {
	size_t count;
	int64_t *edges;	  /* count + 1 times, ns; owned */
	double *sources;  /* largest sum of one bin; -1 = no data at all; owned */
	bool *is_partial; /* the data begins or ends inside; owned */
	int64_t width_ns; /* of a column; 0 and -1 as bin_ns */
	uint64_t joined;  /* bins a column, 1 = none joined */
	struct ff_contact_cell *cells; /* by column, then n; owned */
	size_t ncells;
};
/* At most `most` (>= 1) columns. Joined columns are divisors of a day or whole days and
 * weeks where they can be, and do not beat against the period of a band. */
int ff_contact_columns_init(struct ff_contact_columns *c, const struct ff_contact_data *d,
			    size_t most, struct ff_err *err);
void ff_contact_columns_release(struct ff_contact_columns *c);

#endif
