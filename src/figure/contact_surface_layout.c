/* SPDX-License-Identifier: MIT */
/* Where the surface stands on the page: numbers only. */
#include "figure/contact_surface.h"

#include <math.h>

#define DEPTH_PART .56	/* of the plot's height; the rest is for z */
#define SHEAR_PART .185 /* of the plot's width goes to the lean */
#define ROW_MOST 3.4	/* body sizes: few rows do not become carpets */

double ff_surface_u(const struct ff_surface *s, size_t column)
{
	const struct ff_edges *e = &s->grid.edges;

	if (e->count ==
	    1) /* also at the end of time, where differences vanish in a double */
		return (double)column;
	return ((double)e->at[column] - (double)e->at[0]) /
	       ((double)e->at[e->count] - (double)e->at[0]);
}

double ff_surface_z(const struct ff_surface *s, double value)
{
	return value > 0 ? log(value / s->base) / log(s->top / s->base) : 0;
}

struct ff_color ff_surface_color(const struct ff_surface *s, double value)
{
	return ff_ramp_at(&s->ramp, log(value / s->unit) / log(s->top / s->unit));
}

/* A column must show its three faces. */
static double layout_least_column(const struct ff_contact *c)
{
	double blocks = c->theme.is_slide ? .54 * c->theme.fs : .475 * c->theme.fs;

	return c->params->style == FF_CONTACT_RIDGES ? blocks / 2 : blocks;
}

size_t ff_surface_most_columns(const struct ff_contact *c)
{
	const struct ff_theme *t = &c->theme;
	double full = t->width - 2 * t->margin - 7.5 * t->fs;
	double most = full * (1 - SHEAR_PART) / layout_least_column(c);

	return most < 2 ? 2 : (size_t)most;
}

/* Height scale: from below the smallest value, so that it is seen, to a round end. */
static void layout_height_scale(struct ff_surface *s)
{
	double least = s->c->params->is_density ? s->grid.min : 1;

	s->unit = least;
	s->base = .4 * least;
	s->top = ff_round_up(fmax(s->grid.max, 10 * least));
}

static void layout_depth(struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	const struct ff_box *plot = &s->c->frame.plot;
	double top = plot->y0 + 1.75 * t->fs;
	double part = ff_oblique_depth_part(s->c->params->elevation, DEPTH_PART), h;

	s->o.y0 = plot->y1 - t->tick - 1.45 * t->fs;
	h = fmax(s->o.y0 - top, 2 * t->fs);
	s->o.dp = fmin(part * h, (double)s->grid.nrows * ROW_MOST * t->fs);
	s->o.hh = h - s->o.dp;
}

/* Left end of the floor's front edge: no block may stand before the key. */
static double layout_clear_of_key(const struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	double right = s->key_x + s->key_w + .6 * t->fs;
	double need = fmax(t->margin + .6 * t->fs, right - s->o.s);
	double key_y1 = s->o.y0 - s->o.dp + .5 * t->fs;

	for (size_t r = 0; r < s->grid.nrows; r++) {
		const struct ff_grid_row *row = &s->grid.rows[r];

		for (size_t i = 0; i < s->grid.edges.count; i++) {
			double z = ff_surface_z(s, ff_grid_at(&s->grid, r, i));
			double y = s->o.y0 - s->o.dp * row->v1 - s->o.hh * z;

			if (z > 0 && y < key_y1)
				need = fmax(need, right - s->o.s * row->v0 -
							  s->o.wd * ff_surface_u(s, i));
		}
	}
	return need;
}

static void layout_width(struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	double lean = SHEAR_PART, n_width = ff_surface_n_label_width(s), pad = 0;

	s->key_w = .95 * t->fs;
	s->key_x = t->margin + ff_surface_key_label_width(s) + .65 * t->fs;
	s->o.x0 = t->margin + .9 * t->fs;
	s->o.s = .5 * s->o.dp;
	s->o.wd = 0;
	/* x0 and the words at the right depend on lean and width, they on them: it
	 * settles at once */
	for (int i = 0; i < 5; i++) {
		double full, slope = s->o.s / s->o.dp;

		/* labels must clear the slanted edge at their upper left corner, the
		 * bracket at their lower right */
		s->n_offset = fmax(.5, .42 * slope + .2) * t->fs;
		s->bracket = s->n_offset + n_width + fmax(.85, .42 * slope + .35) * t->fs;
		pad = ff_surface_words_pad(s);
		full = t->width - t->margin - pad - s->o.x0;
		ff_oblique_lean(
			&s->o, s->c->params->azimuth,
			lean * full * s->o.dp / (DEPTH_PART * (s->o.dp + s->o.hh)), full);
		s->o.wd = full - s->o.s;
		s->o.x0 = fmin(layout_clear_of_key(s), t->margin + .3 * t->width);
	}
	s->o.wd = t->width - t->margin - pad - s->o.x0 - s->o.s;
}

void ff_surface_layout(struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;

	layout_height_scale(s);
	layout_depth(s);
	layout_width(s);
	s->key_box = (struct ff_box){t->margin, s->c->frame.plot.y0, s->key_x + s->key_w,
				     s->o.y0 - s->o.dp};
	for (size_t i = 0; i < s->grid.edges.count; i++)
		s->has_gaps |= !s->grid.has_data[i];
}
