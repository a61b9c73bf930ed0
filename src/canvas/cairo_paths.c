/* SPDX-License-Identifier: MIT */
/* cairo_paths - lines, areas and curves of the painting backend, and clips. */
#include "canvas/cairo.h"

#include <math.h>

#define PAINT_PIECES 24 /* of one colour each, in which PDF cuts a gradient */
#define PAINT_FAINT .35 /* opacity under which it does */

void ff_paint_use(cairo_t *cr, struct ff_color c)
{
	cairo_set_source_rgba(cr, c.r, c.g, c.b, c.a);
}

void ff_paint_trace_points(cairo_t *cr, const struct ff_point *p, size_t n)
{
	cairo_move_to(cr, p[0].x, p[0].y);
	for (size_t i = 1; i < n; i++)
		cairo_line_to(cr, p[i].x, p[i].y);
}

/* Fills and outlines the current path, which ends. */
static void paint_path(cairo_t *cr, struct ff_color fill, struct ff_color line,
		       double line_pt)
{
	if (fill.a > 0) {
		ff_paint_use(cr, fill);
		cairo_fill_preserve(cr);
	}
	if (line.a > 0) {
		ff_paint_use(cr, line);
		cairo_set_line_width(cr, line_pt);
		cairo_stroke_preserve(cr);
	}
	cairo_new_path(cr);
}

void ff_paint_stroke_path(cairo_t *cr, struct ff_color line, double line_pt,
			  const double *dash_pt)
{
	ff_paint_use(cr, line);
	cairo_set_line_width(cr, line_pt);
	if (dash_pt)
		cairo_set_dash(cr, dash_pt, 2, 0);
	cairo_stroke(cr);
	if (dash_pt)
		cairo_set_dash(cr, NULL, 0, 0);
}

void ff_paint_polygon(struct ff_canvas *cv, const struct ff_point *p, size_t n,
		      struct ff_color fill, struct ff_color line, double line_pt)
{
	cairo_t *cr = ff_paint_of(cv)->cr;

	ff_paint_trace_points(cr, p, n);
	cairo_close_path(cr);
	paint_path(cr, fill, line, line_pt);
}

void ff_paint_polyline(struct ff_canvas *cv, const struct ff_point *p, size_t n,
		       struct ff_color line, double line_pt, const double *dash_pt)
{
	cairo_t *cr = ff_paint_of(cv)->cr;

	ff_paint_trace_points(cr, p, n);
	ff_paint_stroke_path(cr, line, line_pt, dash_pt);
}

static void paint_trace_curves(cairo_t *cr, const struct ff_point *p, size_t n)
{
	cairo_move_to(cr, p[0].x, p[0].y);
	for (size_t i = 1; i + 2 < n; i += 3)
		cairo_curve_to(cr, p[i].x, p[i].y, p[i + 1].x, p[i + 1].y, p[i + 2].x,
			       p[i + 2].y);
}

void ff_paint_bezier(struct ff_canvas *cv, const struct ff_point *p, size_t n,
		     struct ff_color line, double line_pt)
{
	cairo_t *cr = ff_paint_of(cv)->cr;

	paint_trace_curves(cr, p, n);
	ff_paint_stroke_path(cr, line, line_pt, NULL);
}

static void paint_gradient(cairo_t *cr, const struct ff_gradient *g, double alpha)
{
	cairo_pattern_t *pattern = cairo_pattern_create_linear(g->x0, 0, g->x1, 0);

	for (size_t i = 0; i < g->n; i++)
		cairo_pattern_add_color_stop_rgba(
			pattern, g->stops[i].at, g->stops[i].color.r, g->stops[i].color.g,
			g->stops[i].color.b, alpha);
	cairo_set_source(cr, pattern);
	cairo_pattern_destroy(pattern);
}

/* A Bezier in `parts`, of which `part` is wanted: de Casteljau's corners by blossoms. */
static void paint_part(const struct ff_point *p, int part, int parts,
		       struct ff_point *out)
{
	double a = (double)part / parts, b = (double)(part + 1) / parts;

	for (int k = 0; k < 4; k++) {
		const double t[3] = {k > 0 ? b : a, k > 1 ? b : a, k > 2 ? b : a};
		struct ff_point q[4] = {p[0], p[1], p[2], p[3]};

		for (int level = 0; level < 3; level++)
			for (int i = 0; i < 3 - level; i++) {
				q[i].x += (q[i + 1].x - q[i].x) * t[level];
				q[i].y += (q[i + 1].y - q[i].y) * t[level];
			}
		out[k] = q[0];
	}
}

/* In PDF a gradient that lets through takes objects of its own, a kilobyte each, and
 * viewers draw it through a mask. A faint line is cut into pieces of one colour each
 * instead; where they meet, the square of the opacity is missing, which no eye sees. */
static void paint_pieces(cairo_t *cr, const struct ff_point *p, size_t n,
			 const struct ff_gradient *g, double alpha)
{
	double step = (g->x1 - g->x0) / PAINT_PIECES;
	struct ff_color last = {-1, 0, 0, 0};

	cairo_move_to(cr, p[0].x, p[0].y);
	for (size_t i = 0; i + 3 < n; i += 3) {
		double from = fmin(fmax(p[i].x, g->x0), g->x1);
		double to = fmin(fmax(p[i + 3].x, g->x0), g->x1);
		int parts = 1 + (int)(fabs(to - from) / step);

		for (int k = 0; k < parts; k++) {
			struct ff_point q[4];
			struct ff_color c;

			paint_part(p + i, k, parts, q);
			c = ff_gradient_at(g, (q[0].x + q[3].x) / 2);
			if (c.r != last.r || c.g != last.g || c.b != last.b) {
				if (last.r >= 0)
					cairo_stroke(cr);
				cairo_set_source_rgba(cr, c.r, c.g, c.b, alpha);
				cairo_move_to(cr, q[0].x, q[0].y);
				last = c;
			}
			cairo_curve_to(cr, q[1].x, q[1].y, q[2].x, q[2].y, q[3].x,
				       q[3].y);
		}
	}
	cairo_stroke(cr);
}

void ff_paint_bezier_gradient(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			      const struct ff_gradient *g, double alpha, double line_pt)
{
	struct paint_canvas *c = cv->self;

	if (c->raster.pixels && cv->clips == 0) {
		ff_strokes_add(&c->strokes, &c->raster, c->scale, p, n, g, alpha, line_pt,
			       &cv->err);
		return;
	}
	c = ff_paint_of(cv);
	cairo_set_line_width(c->cr, line_pt);
	if (alpha < PAINT_FAINT && !c->raster.pixels) {
		paint_pieces(c->cr, p, n, g, alpha);
		return;
	}
	paint_gradient(c->cr, g, alpha);
	paint_trace_curves(c->cr, p, n);
	cairo_stroke(c->cr);
}

void ff_paint_circle(struct ff_canvas *cv, double x, double y, double r,
		     struct ff_color fill, struct ff_color line, double line_pt)
{
	cairo_t *cr = ff_paint_of(cv)->cr;

	cairo_new_sub_path(cr);
	cairo_arc(cr, x, y, r, 0, 2 * PAINT_PI);
	cairo_close_path(cr);
	paint_path(cr, fill, line, line_pt);
}

/* ---- clips ---- */

void ff_paint_clip_to(struct ff_canvas *cv, const struct ff_point *p, size_t n)
{
	cairo_t *cr = ff_paint_of(cv)->cr;

	cairo_save(cr);
	ff_paint_trace_points(cr, p, n);
	cairo_close_path(cr);
	cairo_clip(cr);
}

void ff_paint_unclip(struct ff_canvas *cv)
{
	cairo_restore(ff_paint_of(cv)->cr);
}
