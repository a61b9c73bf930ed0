/* SPDX-License-Identifier: MIT */
/* --style=ridges: every row a filled ridgeline. Narrower columns than blocks, so that
 * days and nights are seen; colour follows height within a ridge, as on the key. */
#include "figure/contact_surface.h"

#include <math.h>

#define RIDGE_STEPS 40 /* colour bands over the height of the key */

/* Outline of the run of non-empty columns [from, to): foot left, crest, foot right. */
static size_t ridge_outline(struct ff_point *p, const struct ff_surface *s, size_t r,
			    size_t from, size_t to)
{
	/* at the back of its row: n = 1 stands on the lines of the back wall */
	double v = s->grid.rows[r].v1;
	size_t n = 0;

	p[n++] = ff_surface_at(s, ff_surface_u(s, from), v, 0);
	for (size_t i = from; i < to; i++) {
		double z = ff_surface_z(s, ff_grid_at(&s->grid, r, i));
		double left = ff_surface_u(s, i), right = ff_surface_u(s, i + 1);

		/* values stand at the middle of their column; the ends of a run are flat,
		 * so that a lone column is a post and no needle */
		if (i == from)
			p[n++] = ff_surface_at(s, left, v, z);
		p[n++] = ff_surface_at(s, (left + right) / 2, v, z);
		if (i + 1 == to)
			p[n++] = ff_surface_at(s, right, v, z);
	}
	p[n++] = ff_surface_at(s, ff_surface_u(s, to), v, 0);
	return n;
}

static void ridge_fill(const struct ff_surface *s, const struct ff_point *p, size_t n)
{
	double foot = p[0].y, top = foot, one = s->o.hh * ff_surface_z(s, s->unit);

	for (size_t i = 0; i < n; i++)
		top = fmin(top, p[i].y);
	ff_canvas_clip(s->c->cv, p, n);
	/* from the top down, each band reaching to the foot: no seams */
	for (int k = RIDGE_STEPS - 1; k >= 0; k--) {
		double y = k == 0 ? foot - one - (s->o.hh - one) / RIDGE_STEPS
				  : foot - one - (s->o.hh - one) * (k + 1) / RIDGE_STEPS;
		double low =
			k == 0 ? foot : foot - one - (s->o.hh - one) * k / RIDGE_STEPS;

		if (low <= top)
			continue;
		ff_canvas_rect(s->c->cv, p[0].x, y, p[n - 1].x - p[0].x, foot - y,
			       ff_ramp_at(&s->ramp, (k + .5) / RIDGE_STEPS));
	}
	ff_canvas_unclip(s->c->cv);
}

void ff_surface_draw_ridges(const struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	size_t columns = s->grid.edges.count;
	struct ff_point *p = ff_alloc(columns + 4, sizeof(*p));
	struct ff_color under = t->background;

	if (!p) {
		s->c->labels.failed = true;
		return;
	}
	under.a = .8;
	ff_canvas_note(s->c->cv, "ridges");
	for (size_t r = 0; r < s->grid.nrows; r++) {
		for (size_t i = 0; i < columns; i++) {
			size_t from = i, n;

			while (i < columns && ff_grid_at(&s->grid, r, i) > 0)
				i++;
			if (i == from)
				continue;
			n = ridge_outline(p, s, r, from, i);
			ridge_fill(s, p, n);
			ff_canvas_polyline(s->c->cv, p + 1, n - 2, under,
					   3.2 * t->outline, NULL);
			ff_canvas_polyline(s->c->cv, p + 1, n - 2,
					   ff_mix(t->ink, t->floor, .1), 1.4 * t->outline,
					   NULL);
		}
	}
	ff_free(p);
}
