/* SPDX-License-Identifier: MIT */
/* contact_columns - the numbers under a map: bins joined into columns by the maximum of
 * each n. Time without any data has columns too: the axis is whole. */
#ifndef FIGURE_CONTACT_COLUMNS_H
#define FIGURE_CONTACT_COLUMNS_H

#include "figure/contact_edges.h"

struct ff_contact_cell {
	uint32_t column;
	uint64_t n, sources; /* of the bin that has most with this n */
};
struct ff_contact_columns {
	struct ff_edges edges;
	double *sources;  /* largest sum of one bin; -1 = no data at all; owned */
	bool *is_partial; /* the data begins or ends inside; owned */
	struct ff_contact_cell *cells; /* by column, then n; owned */
	size_t ncells;
};
/* At most `most` (>= 1) columns, in step with the period of a band. */
int ff_contact_columns_init(struct ff_contact_columns *c, const struct ff_contact_data *d,
			    size_t most, struct ff_err *err);
void ff_contact_columns_release(struct ff_contact_columns *c);

#endif
