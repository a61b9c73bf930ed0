/* SPDX-License-Identifier: MIT */
/* contact_line_marks - grid, axes and lines of the two panels of the line view. */
#include "figure/contact_line.h"

static void line_draw_ground(const struct ff_contact_line *v,
			     const struct ff_line_panel *panel)
{
	struct ff_canvas *cv = v->c->cv;
	const struct ff_theme *t = &v->c->theme;
	const struct ff_box *b = &panel->box;
	const double dots[] = {.12 * t->fs, .3 * t->fs};
	double x0, x1;

	ff_canvas_note(cv, "grid");
	if (ff_contact_line_band(v, &x0, &x1)) {
		double shift = b->x0 - v->density.box.x0;
		double stretch =
			(b->x1 - b->x0) / (v->density.box.x1 - v->density.box.x0);

		x0 = v->density.box.x0 + (x0 - v->density.box.x0) * stretch + shift;
		x1 = v->density.box.x0 + (x1 - v->density.box.x0) * stretch + shift;
		ff_canvas_rect(cv, x0, b->y0, x1 - x0, b->y1 - b->y0,
			       ff_mix(t->background, ff_category(t, FF_VERMILLION), .1));
	}
	for (size_t i = 0; i < panel->y_ticks.count; i++)
		if (panel->y_ticks.at[i].is_major)
			ff_canvas_line(cv, b->x0, panel->y_ticks.at[i].pos, b->x1,
				       panel->y_ticks.at[i].pos, t->hairline, t->hair,
				       NULL);
	for (size_t i = 0; i < v->c->data.nsizes; i++) {
		double x = ff_scale_at(&panel->x, (double)v->c->data.sizes[i]);

		ff_canvas_line(cv, x, b->y0, x, b->y1, t->grid, 1.5 * t->hair, dots);
	}
}

static void line_draw_axes(const struct ff_contact_line *v,
			   const struct ff_line_panel *panel)
{
	struct ff_canvas *cv = v->c->cv;
	const struct ff_theme *t = &v->c->theme;
	const struct ff_box *b = &panel->box;

	ff_canvas_note(cv, "axes");
	ff_canvas_line(cv, b->x0, b->y1, b->x1, b->y1, t->ink, t->axis, NULL);
	ff_canvas_line(cv, b->x0, b->y0, b->x0, b->y1, t->ink, t->axis, NULL);
	for (size_t i = 0; i < panel->x_ticks.count; i++) {
		const struct ff_tick *tick = &panel->x_ticks.at[i];

		ff_canvas_line(cv, tick->pos, b->y1, tick->pos,
			       b->y1 + (tick->text[0] ? t->tick : t->tick_minor), t->ink,
			       t->axis, NULL);
	}
	for (size_t i = 0; i < panel->y_ticks.count; i++) {
		const struct ff_tick *tick = &panel->y_ticks.at[i];

		if (tick->is_major)
			ff_canvas_line(
				cv, b->x0 - (tick->text[0] ? t->tick : t->tick_minor),
				tick->pos, b->x0, tick->pos, t->ink, t->axis, NULL);
	}
}

/* One line with its breaks; a row alone between two empty ones is a dot. */
static void line_draw_rows(const struct ff_contact_line *v, const double *row,
			   struct ff_color color, double width, bool with_dots)
{
	struct ff_point path[FF_CONTACT_ROWS];

	for (size_t i = 0; i < v->means.rows.count;) {
		size_t n = ff_contact_line_path(v, row, path, &i);

		if (n > 1)
			ff_canvas_polyline(v->c->cv, path, n, color, width, NULL);
		for (size_t k = 0; k < n && (n == 1 || with_dots); k++)
			ff_canvas_circle(v->c->cv, path[k].x, path[k].y, 1.1 * width,
					 color, FF_NO_COLOR, 0);
	}
}

static void line_clip(const struct ff_contact_line *v, const struct ff_box *b)
{
	const struct ff_point p[] = {
		{b->x0, b->y0}, {b->x1, b->y0}, {b->x1, b->y1}, {b->x0, b->y1}};

	ff_canvas_clip(v->c->cv, p, 4);
}

void ff_contact_line_density_draw(const struct ff_contact_line *v)
{
	const struct ff_contact *c = v->c;
	const struct ff_theme *t = &c->theme;
	const double dash[] = {.5 * t->fs, .3 * t->fs};
	struct ff_point fit[FF_LINE_FIT];
	size_t n = ff_contact_line_fit(v, fit);

	line_draw_ground(v, &v->density);
	line_clip(v, &v->density.box);
	ff_canvas_note(c->cv, "thin lines");
	for (size_t i = 0; i < v->means.nthin; i++) {
		struct ff_color color = ff_contact_period_color(
			c, &v->means, v->means.is_split && !v->means.thin[i].is_during);

		if (v->means.thin[i].is_partial)
			continue;
		line_draw_rows(v, v->means.thin[i].row, ff_mix(t->background, color, .42),
			       .28 * t->line, false);
	}
	ff_canvas_note(c->cv, "mean lines");
	for (int k = 0; k < v->lines; k++)
		line_draw_rows(v, v->means.mean[k].row,
			       ff_contact_period_color(c, &v->means, k),
			       t->line * (k == 0 ? 1.15 : .85), !v->is_log);
	if (n)
		ff_canvas_polyline(c->cv, fit, n, t->ink, t->axis, dash);
	ff_canvas_unclip(c->cv);
	for (int k = v->lines; k-- > 0;) { /* dots over rings */
		for (size_t i = 0; i < c->data.nsizes; i++) {
			struct ff_point p = ff_contact_line_size(v, k, i);

			if (v->means.mean[k].size[i] > 0)
				ff_contact_dot(c, &v->means, k, p.x, p.y);
		}
	}
	line_draw_axes(v, &v->density);
}

int ff_contact_line_share_draw(const struct ff_contact_line *v, struct ff_err *err)
{
	const struct ff_contact *c = v->c;

	line_draw_ground(v, &v->share);
	ff_canvas_note(c->cv, "shares");
	for (int k = 0; k < v->lines; k++) {
		const struct ff_contact_mean *mean = &v->means.mean[k];
		struct ff_point *p = ff_alloc(2 * mean->nsteps + 2, sizeof(*p));

		if (!p)
			return ff_fail_nomem(err);
		ff_canvas_polyline(c->cv, p, ff_contact_line_steps(v, mean, p),
				   ff_contact_period_color(c, &v->means, k),
				   c->theme.line * (k == 0 ? 1.15 : .85), NULL);
		ff_free(p);
	}
	line_draw_axes(v, &v->share);
	return FF_OK;
}
