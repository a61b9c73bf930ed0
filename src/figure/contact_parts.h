/* SPDX-License-Identifier: MIT */
/* contact_parts - what the map and the line view of the contact figure share. */
#ifndef FIGURE_CONTACT_PARTS_H
#define FIGURE_CONTACT_PARTS_H

#include "figure/contact.h"
#include "figure/contact_mean.h"
#include "figure/ink.h"

/* Colour of the line over the band's time (0), or the rest (1); of the only line: 0. */
struct ff_color ff_contact_period_color(const struct ff_contact *c,
					const struct ff_contact_means *m, int which);
/* "15–29 Nov" and "after 29 Nov", or short "to 29 Nov" and "after"; nothing when not
 * split. */
void ff_contact_period_words(struct ff_buf *b, const struct ff_contact *c,
			     const struct ff_contact_means *m, int which, bool is_short);
/* Mark of a whole-prefix count: the band's time a dot, the rest a larger ring, so that
 * both are seen when they meet. */
void ff_contact_dot(const struct ff_contact *c, const struct ff_contact_means *m,
		    int which, double x, double y);
double ff_contact_dot_radius(const struct ff_contact *c);

#endif
