/* SPDX-License-Identifier: MIT */
/* Stepped blocks, back row first, left to right: hidden surfaces are covered by what is
 * painted later, exactly. A cell is one block, a hole stays a hole. */
#include "figure/contact_surface.h"

#include <math.h>

struct block {
	double x0, x1;	  /* front face, points */
	double top, foot; /* y */
	double dx, dy;	  /* to the back edge of the row */
	double side_foot; /* the right side is seen down to here: the top of the next
			     block */
	struct ff_color color;
};

/* The faces' outline: these are the row lines. Light on the darkest, dark on the others.
 */
static struct ff_color block_line(struct ff_color c)
{
	return ff_luminance(c) < .06 ? ff_mix(c, ff_rgb(1, 1, 1), .42)
				     : ff_mix(c, ff_rgb(0, 0, 0), .50);
}

/* Diagonals over the front face of a column that the data cover only in part. */
static void block_hatch(const struct ff_surface *s, const struct block *b,
			struct ff_color line)
{
	double step = .38 * s->c->theme.fs;

	for (double k = ceil((b->x0 + b->top) / step) * step; k < b->x1 + b->foot;
	     k += step) {
		double xa = fmin(b->x1, k - b->top), xb = fmax(b->x0, k - b->foot);

		if (xa > xb)
			ff_canvas_line(s->c->cv, xa, k - xa, xb, k - xb, line,
				       1.5 * s->c->theme.outline, NULL);
	}
}

static void block_draw(const struct ff_surface *s, const struct block *b, bool is_partial)
{
	struct ff_canvas *cv = s->c->cv;
	double w = s->c->theme.outline;
	struct ff_color line = block_line(b->color);
	struct ff_point front[] = {
		{b->x0, b->top}, {b->x1, b->top}, {b->x1, b->foot}, {b->x0, b->foot}};
	struct ff_point top[] = {{b->x0, b->top},
				 {b->x1, b->top},
				 {b->x1 + b->dx, b->top + b->dy},
				 {b->x0 + b->dx, b->top + b->dy}};
	struct ff_point side[] = {{b->x1, b->top},
				  {b->x1 + b->dx, b->top + b->dy},
				  {b->x1 + b->dx, b->side_foot + b->dy},
				  {b->x1, b->side_foot}};

	if (b->side_foot > b->top)
		ff_canvas_polygon(cv, side, 4, ff_mix(b->color, ff_rgb(0, 0, 0), .36),
				  line, w);
	ff_canvas_polygon(cv, top, 4, ff_mix(b->color, ff_rgb(1, 1, 1), .12), line, w);
	ff_canvas_polygon(cv, front, 4, b->color, line, w);
	if (is_partial)
		block_hatch(s, b,
			    ff_luminance(b->color) < .06 ? line : ff_rgba(0, 0, 0, .55));
}

void ff_surface_draw_blocks(const struct ff_surface *s)
{
	size_t columns = s->grid.edges.count;

	ff_canvas_note(s->c->cv, "blocks");
	for (size_t r = 0; r < s->grid.nrows; r++) {
		const struct ff_grid_row *row = &s->grid.rows[r];
		struct ff_point origin = ff_surface_at(s, 0, row->v0, 0);

		for (size_t i = 0; i < columns; i++) {
			double value = ff_grid_at(&s->grid, r, i), next;
			struct block b;

			if (value <= 0)
				continue;
			next = i + 1 < columns ? ff_grid_at(&s->grid, r, i + 1) : 0;
			b = (struct block){
				.x0 = origin.x + s->o.wd * ff_surface_u(s, i),
				.x1 = origin.x + s->o.wd * ff_surface_u(s, i + 1),
				.top = origin.y - s->o.hh * ff_surface_z(s, value),
				.foot = origin.y,
				.dx = s->o.s * (row->v1 - row->v0),
				.dy = -s->o.dp * (row->v1 - row->v0),
				.side_foot = origin.y - s->o.hh * ff_surface_z(s, next),
				.color = ff_surface_color(s, value),
			};
			block_draw(s, &b, s->grid.is_partial[i]);
		}
	}
}
