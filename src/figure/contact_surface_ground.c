/* SPDX-License-Identifier: MIT */
/* What a surface stands on and before: key, back wall, floor under the marks; axes over
 * them. */
#include "figure/contact_surface.h"

#include <math.h>

static void ground_draw_key(const struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_canvas *cv = s->c->cv;
	double foot = s->o.y0 - s->o.dp, one = foot - s->o.hh * ff_surface_z(s, s->unit);
	double top = foot - s->o.hh, swatch = .9 * t->fs;
	const int steps = 96;

	ff_canvas_note(cv, "key");
	ff_canvas_rect(cv, s->key_x, one, s->key_w, foot - one, t->floor);
	/* each step reaches down to the foot: no seams between them in any viewer */
	for (int i = steps - 1; i >= 0; i--) {
		double y = one + (top - one) * (i + 1) / steps;

		ff_canvas_rect(cv, s->key_x, y, s->key_w, (one - top) / steps * 1.02,
			       ff_ramp_at(&s->ramp, (i + .5) / steps));
	}
	for (size_t i = 0; i < s->key_ticks.count; i++) {
		const struct ff_tick *tick = &s->key_ticks.at[i];
		double length = tick->is_major ? t->tick : t->tick_minor;

		ff_canvas_line(cv, s->key_x - length, tick->pos, s->key_x, tick->pos,
			       t->ink, t->axis, NULL);
	}
	ff_canvas_line(cv, s->key_x, one, s->key_x + s->key_w, one, t->ink, t->axis,
		       NULL);
	ff_canvas_polygon(cv,
			  (struct ff_point[]){{s->key_x, top},
					      {s->key_x + s->key_w, top},
					      {s->key_x + s->key_w, foot},
					      {s->key_x, foot}},
			  4, FF_NO_COLOR, t->ink, t->axis);
	if (s->gap_x > 0) {
		double y = s->c->frame.plot.y0 - .08 * t->fs;
		struct ff_point p[] = {{s->gap_x, y},
				       {s->gap_x + swatch, y},
				       {s->gap_x + swatch, y + swatch},
				       {s->gap_x, y + swatch}};

		ff_surface_hatch(s, p, 4, t->grey);
		ff_canvas_polygon(cv, p, 4, FF_NO_COLOR, t->grey, t->hair);
	}
}

static void ground_draw_gaps(const struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	size_t count = s->grid.edges.count;

	for (size_t i = 0; i < count;) {
		size_t end = i;

		while (end < count && !s->grid.has_data[end])
			end++;
		if (end > i) {
			double u0 = ff_surface_u(s, i), u1 = ff_surface_u(s, end);
			struct ff_point p[] = {
				ff_surface_at(s, u0, 0, 0), ff_surface_at(s, u1, 0, 0),
				ff_surface_at(s, u1, 1, 0), ff_surface_at(s, u0, 1, 0)};

			ff_surface_hatch(s, p, 4, ff_mix(t->grey, t->floor, .35));
		}
		i = end + 1;
	}
}

void ff_surface_draw_back(const struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_canvas *cv = s->c->cv;
	struct ff_point floor[] = {ff_surface_at(s, 0, 0, 0), ff_surface_at(s, 1, 0, 0),
				   ff_surface_at(s, 1, 1, 0), ff_surface_at(s, 0, 1, 0)};

	ff_canvas_note(cv, "back wall");
	for (size_t i = 0; i < s->key_ticks.count; i++)
		if (s->key_ticks.at[i].text[0])
			ff_canvas_line(cv, s->key_x + s->key_w, s->key_ticks.at[i].pos,
				       s->o.x0 + s->o.s + s->o.wd, s->key_ticks.at[i].pos,
				       t->grid, t->hair, NULL);
	ff_canvas_note(cv, "floor");
	ff_canvas_polygon(cv, floor, 4, t->floor, FF_NO_COLOR, 0);
	for (size_t i = 0; i < s->time_ticks.count; i++) {
		double x = s->time_ticks.at[i].pos;

		if (s->time_ticks.at[i].text[0] && x > s->o.x0 + .01 &&
		    x < s->o.x0 + s->o.wd - .01)
			ff_canvas_line(cv, x, s->o.y0, x + s->o.s, s->o.y0 - s->o.dp,
				       t->background, 1.4 * t->hair, NULL);
	}
	ground_draw_gaps(s);
	ground_draw_key(s);
}

void ff_surface_draw_front(const struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_canvas *cv = s->c->cv;
	struct ff_point right = ff_surface_at(s, 1, 0, 0),
			back = ff_surface_at(s, 1, 1, 0);

	ff_canvas_note(cv, "time axis");
	ff_canvas_line(cv, s->o.x0, s->o.y0, s->o.x0 + s->o.wd, s->o.y0, t->ink,
		       1.6 * t->axis, NULL);
	for (size_t i = 0; i < s->time_ticks.count; i++) {
		const struct ff_tick *tick = &s->time_ticks.at[i];
		double length = tick->is_major ? t->tick : t->tick_minor;

		ff_canvas_line(cv, tick->pos, s->o.y0, tick->pos, s->o.y0 + length,
			       t->ink, t->axis, NULL);
	}
	ff_canvas_note(cv, "n axis");
	ff_canvas_line(cv, right.x, right.y, back.x, back.y, t->ink, t->axis, NULL);
	for (size_t i = 0; i < s->n_ticks.count; i++) {
		struct ff_point p = ff_surface_at(s, 1, s->n_ticks.at[i].pos, 0);

		ff_canvas_line(cv, p.x, p.y, p.x + .3 * t->fs, p.y, t->ink, t->axis,
			       NULL);
	}
}

void ff_surface_hatch(const struct ff_surface *s, const struct ff_point *p, size_t n,
		      struct ff_color color)
{
	const struct ff_theme *t = &s->c->theme;
	double x0 = HUGE_VAL, x1 = -HUGE_VAL, y0 = HUGE_VAL, y1 = -HUGE_VAL,
	       step = .38 * t->fs;

	for (size_t i = 0; i < n; i++) {
		x0 = fmin(x0, p[i].x);
		x1 = fmax(x1, p[i].x);
		y0 = fmin(y0, p[i].y);
		y1 = fmax(y1, p[i].y);
	}
	ff_canvas_clip(s->c->cv, p, n);
	/* lines fall to the right, against the lean of the floor; one grid for the whole
	 * page, so that neighbours join */
	for (double k = floor((x0 + y0) / step) * step; k <= x1 + y1; k += step)
		ff_canvas_line(s->c->cv, k - y0, y0, k - y1, y1, color, t->hair, NULL);
	ff_canvas_unclip(s->c->cv);
}
