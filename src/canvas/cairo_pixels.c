/* SPDX-License-Identifier: MIT */
/* cairo_pixels - what the painting backend puts on whole pixels: rectangles, upright and
 * level lines, cells, images. */
#include "canvas/cairo.h"
#include "canvas/cells.h"

#include <math.h>
#include <string.h>

/* ---- what snaps to pixels ---- */

/* Adds the rectangle to the path; device pixels on raster, points on vector. */
static void paint_add_rect(struct paint_canvas *c, double x, double y, double w, double h)
{
	double x1, y1;

	if (c->raster.pixels) {
		ff_raster_snap(x, w, c->scale, &x, &x1);
		ff_raster_snap(y, h, c->scale, &y, &y1);
		w = x1 - x;
		h = y1 - y;
	}
	cairo_rectangle(c->cr, x, y, w, h);
}

static void paint_enter_pixels(struct paint_canvas *c)
{
	if (c->raster.pixels) {
		cairo_save(c->cr);
		cairo_identity_matrix(c->cr);
	}
}

static void paint_leave_pixels(struct paint_canvas *c)
{
	if (c->raster.pixels)
		cairo_restore(c->cr);
}

/* Straight into the pixels: only when nothing is clipped. */
static void paint_box(struct paint_canvas *c, double x, double y, double w, double h,
		      struct ff_color fill)
{
	double x1, y1;

	ff_raster_snap(x, w, c->scale, &x, &x1);
	ff_raster_snap(y, h, c->scale, &y, &y1);
	cairo_surface_flush(c->surface);
	ff_raster_box(&c->raster, x, y, x1, y1, fill);
	cairo_surface_mark_dirty(c->surface);
}

void ff_paint_rect(struct ff_canvas *cv, double x, double y, double w, double h,
		   struct ff_color fill)
{
	struct paint_canvas *c = ff_paint_of(cv);

	if (c->raster.pixels && cv->clips == 0) {
		paint_box(c, x, y, w, h, fill);
		return;
	}
	paint_enter_pixels(c);
	paint_add_rect(c, x, y, w, h);
	ff_paint_use(c->cr, fill);
	cairo_fill(c->cr);
	paint_leave_pixels(c);
}

/* Where the middle of a line of `width` whole pixels goes so that both its edges lie
 * between pixels. */
static double paint_snap_middle(double v, double width)
{
	return fmod(width, 2) == 1 ? floor(v) + 0.5 : floor(v + 0.5);
}

void ff_paint_line(struct ff_canvas *cv, const struct ff_point ends[2],
		   struct ff_color line, double line_pt, const double *dash_pt)
{
	struct paint_canvas *c = ff_paint_of(cv);
	struct ff_point p[2] = {ends[0], ends[1]};
	double dash[2], width;

	if (!c->raster.pixels || (p[0].x != p[1].x && p[0].y != p[1].y)) {
		ff_paint_polyline(cv, ends, 2, line, line_pt, dash_pt);
		return;
	}
	width = fmax(1, floor(line_pt * c->scale + 0.5));
	for (int i = 0; i < 2; i++) {
		p[i].x *= c->scale;
		p[i].y *= c->scale;
		if (ends[0].x == ends[1].x) {
			p[i].x = paint_snap_middle(p[i].x, width);
			p[i].y = floor(p[i].y + 0.5);
		} else {
			p[i].y = paint_snap_middle(p[i].y, width);
			p[i].x = floor(p[i].x + 0.5);
		}
		if (dash_pt)
			dash[i] = fmax(1, floor(dash_pt[i] * c->scale + 0.5));
	}
	paint_enter_pixels(c);
	ff_paint_trace_points(c->cr, p, 2);
	ff_paint_stroke_path(c->cr, line, width, dash_pt ? dash : NULL);
	paint_leave_pixels(c);
}

/* ---- cells ---- */

/* One path a colour: small files, and no seams of antialiasing between equal neighbours.
 */
static void paint_cells_of_color(void *arg, const struct ff_cell *cells,
				 const size_t *order, size_t count, struct ff_color color)
{
	struct paint_canvas *c = arg;

	for (size_t i = 0; i < count; i++) {
		const struct ff_cell *cell = &cells[order[i]];

		paint_add_rect(c, cell->x, cell->y, cell->w, cell->h);
	}
	ff_paint_use(c->cr, color);
	cairo_fill(c->cr);
}

void ff_paint_cells(struct ff_canvas *cv, const struct ff_cell *cells, size_t n,
		    const struct ff_color *colors, size_t ncolors)
{
	struct paint_canvas *c = ff_paint_of(cv);

	if (!c->raster.pixels || cv->clips > 0) {
		paint_enter_pixels(c);
		ff_cells_by_color(cells, n, colors, ncolors, paint_cells_of_color, c,
				  &cv->err);
		paint_leave_pixels(c);
		return;
	}
	for (size_t i = 0; i < n; i++)
		paint_box(c, cells[i].x, cells[i].y, cells[i].w, cells[i].h,
			  colors[cells[i].color]);
}

/* ---- images ---- */

/* Not premultiplied bytes to cairo's premultiplied words. */
static uint32_t paint_premultiply(const uint8_t rgba[4])
{
	uint32_t a = rgba[3], word = a;

	if (a == 255)
		return a << 24 | (uint32_t)rgba[0] << 16 | (uint32_t)rgba[1] << 8 |
		       rgba[2];
	for (int i = 0; i < 3; i++)
		word = word << 8 | (rgba[i] * a + 127) / 255;
	return word;
}

/* Each pixel of an opaque image on one of the picture: only when nothing is clipped.
 * False when it is not so. */
static bool paint_pixels(struct paint_canvas *c, double x, double y, double x1, double y1,
			 const uint32_t *words, unsigned px_w, unsigned px_h)
{
	struct ff_raster *r = &c->raster;

	if (x < 0 || y < 0 || x1 > r->width || y1 > r->height || x1 - x != px_w ||
	    y1 - y != px_h)
		return false;
	cairo_surface_flush(c->surface);
	for (unsigned row = 0; row < px_h; row++)
		memcpy(r->pixels + ((size_t)y + row) * r->width + (size_t)x,
		       words + (size_t)row * px_w, px_w * sizeof(*words));
	cairo_surface_mark_dirty(c->surface);
	return true;
}

static void paint_words(struct paint_canvas *c, double x, double y, double w, double h,
			uint32_t *words, unsigned px_w, unsigned px_h)
{
	cairo_surface_t *image = cairo_image_surface_create_for_data(
		(unsigned char *)words, CAIRO_FORMAT_ARGB32, (int)px_w, (int)px_h,
		(int)px_w * 4);

	cairo_save(c->cr);
	if (c->raster.pixels)
		cairo_identity_matrix(c->cr);
	cairo_rectangle(c->cr, x, y, w, h);
	cairo_translate(c->cr, x, y);
	cairo_scale(c->cr, w / px_w, h / px_h);
	cairo_set_source_surface(c->cr, image, 0, 0);
	cairo_pattern_set_filter(cairo_get_source(c->cr), CAIRO_FILTER_NEAREST);
	cairo_fill(c->cr);
	cairo_restore(c->cr);
	cairo_surface_finish(image);
	cairo_surface_destroy(image);
}

void ff_paint_image(struct ff_canvas *cv, double x, double y, double w, double h,
		    const uint8_t *rgba, unsigned px_w, unsigned px_h)
{
	struct paint_canvas *c = ff_paint_of(cv);
	size_t count = (size_t)px_w * px_h;
	uint32_t *words = ff_alloc(count, 4), alpha = 255;

	if (!words) {
		ff_fail_nomem(&cv->err);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		words[i] = paint_premultiply(rgba + 4 * i);
		alpha &= rgba[4 * i + 3];
	}
	if (c->raster.pixels) {
		double x1, y1;

		ff_raster_snap(x, w, c->scale, &x, &x1);
		ff_raster_snap(y, h, c->scale, &y, &y1);
		w = x1 - x;
		h = y1 - y;
	}
	if (!c->raster.pixels || cv->clips > 0 || alpha < 255 ||
	    !paint_pixels(c, x, y, x + w, y + h, words, px_w, px_h))
		paint_words(c, x, y, w, h, words, px_w, px_h);
	ff_free(words);
}
