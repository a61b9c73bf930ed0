/* SPDX-License-Identifier: MIT */
/* See contact_edges.h. */
#include "figure/contact_edges.h"

int ff_contact_edges_init(struct ff_edges *e, const struct ff_contact_data *d,
			  size_t most, enum ff_edges_rule rule, struct ff_err *err)
{
	struct ff_edges_span span = {.t0 = d->t0, .t1 = d->t1, .bin_ns = d->bin_ns};

	for (size_t i = 0; i < d->nbands && span.period_ns == 0; i++)
		if (ff_contact_period(d->bands[i]) > 0)
			span.period_ns = ff_contact_period(d->bands[i]);
	return ff_edges_init(e, &span, most, rule, err);
}

void ff_contact_edges_words(struct ff_buf *b, const struct ff_edges *e,
			    const struct ff_contact_data *d)
{
	if (d->nbins > 1)
		ff_edges_words(b, e, d->bin_ns);
}
