/* SPDX-License-Identifier: MIT */
/* contact_surface - geometry of the surface view, in oblique projection: u = time, v = 0
 * for the largest n and 1 for n = 1, z = sources. */
#ifndef FIGURE_CONTACT_SURFACE_H
#define FIGURE_CONTACT_SURFACE_H

#include "figure/contact.h"
#include "figure/contact_grid.h"
#include "figure/oblique.h"

#define FF_SURFACE_ROWS_WORDS "one row per n to 10, then ten a decade"
#define FF_SURFACE_LEADERS 4
struct ff_surface {
	struct ff_contact *c;
	struct ff_contact_grid grid;
	struct ff_ramp ramp;
	struct ff_oblique o;
	/* height axis: z = log(value / base) / log(top / base); colour from unit (few) to
	 * top */
	double base, unit, top;
	/* key */
	double key_x, key_w;   /* left edge and width of the bar */
	struct ff_box key_box; /* bar, labels and title */
	double bracket;	       /* of regions, points right of the floor's edge */
	double n_offset;       /* of numbers on the n axis, likewise */
	double gap_x;	       /* left edge of the swatch for gaps, 0 = none */
	bool has_gaps;	       /* some column has no data at all */
	struct ff_ticks n_ticks, key_ticks, time_ticks;
	struct {
		struct ff_point from, to; /* from the words to what they tell about */
	} leaders[FF_SURFACE_LEADERS];
	size_t nleaders;
	bool has_region[FF_CONTACT_REGIONS]; /* its words found a place */
};

static inline struct ff_point ff_surface_at(const struct ff_surface *s, double u,
					    double v, double z)
{
	return ff_oblique_at(&s->o, u, v, z);
}
/* u of a column's left edge. */
double ff_surface_u(const struct ff_surface *s, size_t column);
double ff_surface_z(const struct ff_surface *s, double value); /* 0 for none */
struct ff_color ff_surface_color(const struct ff_surface *s, double value);

/* contact_surface_layout.c: fills geometry from frame and grid (both valid). */
void ff_surface_layout(struct ff_surface *s);
/* How many columns the paper holds, before the frame is known. */
size_t ff_surface_most_columns(const struct ff_contact *c);

/* contact_surface_axes.c: key, dates, n axis: ticks and their labels. */
int ff_surface_place_axes(struct ff_surface *s, struct ff_err *err);
/* Widest label of the n axis and of the key, points; for the layout. */
double ff_surface_n_label_width(const struct ff_surface *s);
double ff_surface_key_label_width(const struct ff_surface *s);

/* contact_surface_words.c: regions at the right, the note under the key. */
void ff_surface_place_words(struct ff_surface *s);
/* Room that the words right of the floor want, points. */
double ff_surface_words_pad(const struct ff_surface *s);
void ff_surface_draw_brackets(const struct ff_surface *s);
/* contact_surface_walls.c: findings written on the wall that shows them. */
int ff_surface_place_walls(struct ff_surface *s, struct ff_err *err);
/* contact_surface_leaders.c: a band without a wall gets words and a line to it; false
 * when they fit nowhere. */
bool ff_surface_place_leader(struct ff_surface *s, const struct ff_finding *f);
void ff_surface_draw_leaders(const struct ff_surface *s);

/* contact_surface_ground.c: floor, back wall and key under the marks; axes over them. */
void ff_surface_draw_back(const struct ff_surface *s);
void ff_surface_draw_front(const struct ff_surface *s);

/* Marks. */
void ff_surface_draw_blocks(const struct ff_surface *s); /* contact_surface_blocks.c */
void ff_surface_draw_ridges(const struct ff_surface *s); /* contact_ridges.c */
/* Diagonal lines, over a rectangle of the page clipped to a polygon. */
void ff_surface_hatch(const struct ff_surface *s, const struct ff_point *p, size_t n,
		      struct ff_color color);

#endif
