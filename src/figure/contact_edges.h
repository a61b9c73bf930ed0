/* SPDX-License-Identifier: MIT */
/* contact_edges - the columns of a contact figure: in step with the period of its
 * heaviest periodic band. */
#ifndef FIGURE_CONTACT_EDGES_H
#define FIGURE_CONTACT_EDGES_H

#include "figure/contact_data.h"
#include "figure/edges.h"

/* At most `most` (>= 1) columns over the data's span. */
int ff_contact_edges_init(struct ff_edges *e, const struct ff_contact_data *d,
			  size_t most, enum ff_edges_rule rule, struct ff_err *err);
/* As ff_edges_words(); nothing when the data are one bin. */
void ff_contact_edges_words(struct ff_buf *b, const struct ff_edges *e,
			    const struct ff_contact_data *d);

#endif
