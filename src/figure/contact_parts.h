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
/* Diagonal lines over a box without any data. */
void ff_contact_hatch(const struct ff_contact *c, struct ff_box box);
/* Offers the words of ticks as labels, most important first: along_x centred with
 * baseline `at`, else right-aligned to `at` about the tick's position. */
void ff_contact_tick_labels(struct ff_contact *c, const struct ff_ticks *t, bool along_x,
			    double at);
/* Short numbers for tick labels on small keys: 1, 10, 1k, 100k, 1M. */
void ff_contact_short_number(char *buf, size_t cap, double v);
/* Words of decade ticks: 1,000, 1, 0.0001, or powers of ten for all when one is smaller,
 * each with `unit` behind; ranks keep every second decade when room is short. */
void ff_contact_decade_texts(struct ff_ticks *t, const char *unit);
struct ff_text_item ff_contact_item(const char *role, struct ff_text_style st, double x,
				    double y, enum ff_anchor anchor, const char *text);

#endif
