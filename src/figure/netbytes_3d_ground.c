/* SPDX-License-Identifier: MIT */
/* What the impulses stand on and before: back wall, floor with its strips and its grid;
 * axes over the marks. */
#include "figure/netbytes_3d.h"

#include <math.h>

static void ground_strip(const struct ff_net3d *s, const struct ff_net3d_strip *strip,
			 struct ff_color color)
{
	struct ff_point p[4];

	ff_oblique_floor(&s->o, strip->v0, strip->v1, p);
	ff_canvas_polygon(s->n->cv, p, 4, color, FF_NO_COLOR, 0);
}

static void ground_wall(const struct ff_net3d *s)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_canvas *cv = s->n->cv;
	double x0 = s->o.x0 + s->o.s, x1 = x0 + s->o.wd, foot = s->o.y0 - s->o.dp;

	ff_canvas_note(cv, "back wall");
	ff_canvas_rect(cv, x0, foot - s->o.hh, s->o.wd, s->o.hh,
		       ff_mix(t->background, t->floor, .35));
	for (size_t i = 0; i < s->height_ticks.count; i++)
		if (s->height_ticks.at[i].is_major)
			ff_canvas_line(cv, x0, s->height_ticks.at[i].pos, x1,
				       s->height_ticks.at[i].pos, t->grid, t->hair, NULL);
}

/* Lines of time over the floor, and where each labelled date ends at the back. */
static void ground_grid(const struct ff_net3d *s)
{
	const struct ff_theme *t = &s->n->theme;

	for (size_t i = 0; i < s->time_ticks.count; i++) {
		const struct ff_tick *tick = &s->time_ticks.at[i];

		if (tick->pos < s->o.x0 + .01 || tick->pos > s->o.x0 + s->o.wd - .01)
			continue;
		if (tick->is_major)
			ff_canvas_line(s->n->cv, tick->pos, s->o.y0, tick->pos + s->o.s,
				       s->o.y0 - s->o.dp, ff_mix(t->grid, t->grey, .35),
				       1.2 * t->hair, NULL);
		else
			ff_canvas_line(s->n->cv, tick->pos, s->o.y0, tick->pos + s->o.s,
				       s->o.y0 - s->o.dp, ff_mix(t->floor, t->grid, .7),
				       .6 * t->hair, NULL);
	}
}

void ff_net3d_draw_ground(const struct ff_net3d *s)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_canvas *cv = s->n->cv;
	struct ff_point floor[4];

	ground_wall(s);
	ff_canvas_note(cv, "floor");
	ff_oblique_floor(&s->o, 0, 1, floor);
	ff_canvas_polygon(cv, floor, 4, ff_mix(t->background, t->floor, .8), FF_NO_COLOR,
			  0);
	for (size_t i = 0; i < s->lanes.nlanes; i++) {
		struct ff_color c = ff_netbytes_color(t, s->lanes.lanes[i].opener);

		/* every other lane a little stronger: lanes of one group stay apart */
		ground_strip(s, &s->strips[i], ff_mix(t->floor, c, i % 2 ? .05 : .11));
	}
	for (size_t i = 0; i < s->lanes.nbands; i++)
		ground_strip(s, ff_net3d_band(s, i), ff_mix(t->floor, t->ink, .05));
	ground_grid(s);
}

static void ground_height_axis(const struct ff_net3d *s)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_canvas *cv = s->n->cv;
	double x = s->o.x0 + s->o.s, foot = s->o.y0 - s->o.dp;

	ff_canvas_note(cv, "height axis");
	ff_canvas_line(cv, x, foot, x, foot - s->o.hh, t->ink, t->axis, NULL);
	for (size_t i = 0; i < s->height_ticks.count; i++) {
		const struct ff_tick *tick = &s->height_ticks.at[i];

		ff_canvas_line(cv, x - (tick->is_major ? t->tick : t->tick_minor),
			       tick->pos, x, tick->pos, t->ink, t->axis, NULL);
	}
}

/* Ticks at the right: a lane's base line, a band's whole width. */
static void ground_port_axis(const struct ff_net3d *s)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_canvas *cv = s->n->cv;
	struct ff_point front = ff_oblique_at(&s->o, 1, 0, 0);
	struct ff_point back = ff_oblique_at(&s->o, 1, 1, 0);

	ff_canvas_note(cv, "port axis");
	ff_canvas_line(cv, front.x, front.y, back.x, back.y, t->ink, t->axis, NULL);
	for (size_t i = 0; i < s->lanes.nlanes; i++) {
		struct ff_point p = ff_oblique_at(&s->o, 1, s->strips[i].base, 0);

		ff_canvas_line(cv, p.x, p.y, p.x + .6 * t->fs, p.y,
			       ff_net3d_color(s, s->lanes.lanes[i].port), 2 * t->axis,
			       NULL);
	}
	for (size_t i = 0; i < s->lanes.nbands; i++) {
		struct ff_point p[2] = {
			ff_oblique_at(&s->o, 1, ff_net3d_band(s, i)->v0, 0),
			ff_oblique_at(&s->o, 1, ff_net3d_band(s, i)->v1, 0)};

		p[0].x += .45 * t->fs;
		p[1].x += .45 * t->fs;
		ff_canvas_polyline(cv, p, 2, t->grey, 3 * t->axis, NULL);
	}
}

void ff_net3d_draw_axes(const struct ff_net3d *s)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_canvas *cv = s->n->cv;

	ground_height_axis(s);
	ground_port_axis(s);
	ff_canvas_note(cv, "time axis");
	ff_canvas_line(cv, s->o.x0, s->o.y0, s->o.x0 + s->o.wd, s->o.y0, t->ink,
		       1.6 * t->axis, NULL);
	for (size_t i = 0; i < s->time_ticks.count; i++) {
		const struct ff_tick *tick = &s->time_ticks.at[i];

		ff_canvas_line(cv, tick->pos, s->o.y0, tick->pos,
			       s->o.y0 + (tick->is_major ? t->tick : t->tick_minor),
			       t->ink, t->axis, NULL);
	}
}
