/* SPDX-License-Identifier: MIT */
/* cairo - the backend that paints: PNG on an image surface, PDF on cairo's own. With
 * cairo_text.c the only file of flowfig that knows cairo. */
#include "canvas/backend.h"
#include "canvas/cairo_text.h"
#include "canvas/cells.h"
#include "canvas/png.h"
#include "canvas/raster.h"
#include "canvas/stroke.h"

#include <assert.h>
#include <cairo-pdf.h>
#include <cairo.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define PAINT_SIDE_MAX 32767.0 /* pixels a side of an image surface */
/* 1 GiB of pixels: an A0 poster at 300 dpi needs half of it */
#define PAINT_PIXELS_MAX (UINT64_C(1) << 28)
/* From here on edges take 17 shades of grey instead of 256: no eye tells them apart, they
 * take half the time, and the file is smaller by up to an eighth. */
#define PAINT_FINE_DPI 200
#define PAINT_PIECES 24 /* of one colour each, in which PDF cuts a gradient */
#define PAINT_FAINT .35 /* opacity under which it does */
#define PAINT_PI 3.14159265358979323846

struct paint_canvas {
	cairo_surface_t *surface;
	cairo_t *cr;
	struct ff_texts *texts;	 /* made at the first text */
	struct ff_buf bytes;	 /* SVG, PDF: what cairo wrote */
	struct ff_raster raster; /* PNG: the image; pixels NULL on vector */
	struct ff_strokes strokes;
	double scale; /* device pixels per point; 1 on vector */
};

/* The canvas with all strokes painted that wait: whoever asks draws over them. */
static struct paint_canvas *paint_of(struct ff_canvas *cv)
{
	struct paint_canvas *c = cv->self;

	if (c && c->strokes.count > 0) {
		cairo_surface_flush(c->surface);
		ff_strokes_paint(&c->strokes, &c->raster, &cv->err);
		cairo_surface_mark_dirty(c->surface);
	}
	return c;
}

static int paint_check(cairo_status_t status, struct ff_err *err)
{
	if (status == CAIRO_STATUS_SUCCESS)
		return FF_OK;
	if (status == CAIRO_STATUS_NO_MEMORY)
		return ff_fail_nomem(err);
	return ff_fail(err, FF_EIO, "cannot draw: %s", cairo_status_to_string(status));
}

/* ---- life ---- */

static cairo_status_t paint_on_write(void *arg, const unsigned char *data, unsigned len)
{
	struct ff_buf *b = arg;

	ff_buf_add(b, data, len);
	return b->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static int paint_open_image(struct paint_canvas *c, const struct ff_canvas_opts *o,
			    struct ff_err *err)
{
	double w, h;

	c->scale = o->dpi / 72;
	w = fmax(1, round(o->width_pt * c->scale));
	h = fmax(1, round(o->height_pt * c->scale));
	if (w > PAINT_SIDE_MAX || h > PAINT_SIDE_MAX || w * h > PAINT_PIXELS_MAX)
		return ff_fail(err, FF_ELIMIT,
			       "a picture of %.0f x %.0f pixels is too large", w, h);
	c->raster.width = (unsigned)w;
	c->raster.height = (unsigned)h;
	c->raster.pixels = ff_calloc((size_t)w * (size_t)h, 4);
	if (!c->raster.pixels)
		return ff_fail_nomem(err);
	/* RGB24 rows need no padding: four bytes a pixel */
	c->surface = cairo_image_surface_create_for_data(
		(unsigned char *)c->raster.pixels, CAIRO_FORMAT_RGB24, (int)w, (int)h,
		(int)w * 4);
	return FF_OK;
}

static void paint_put_info(cairo_surface_t *pdf, const struct ff_canvas_opts *o)
{
	const struct {
		cairo_pdf_metadata_t what;
		const char *text;
	} info[] = {
		{CAIRO_PDF_METADATA_TITLE, o->title},
		{CAIRO_PDF_METADATA_SUBJECT, o->description},
		{CAIRO_PDF_METADATA_KEYWORDS, o->provenance},
		{CAIRO_PDF_METADATA_CREATOR, "flowfig " FF_VERSION},
	};
	/* 1970 to 2262: what nanoseconds hold and cairo reads */
	const int64_t last = INT64_MAX / FF_SEC;
	int64_t s = o->created_s < 0 ? 0 : o->created_s > last ? last : o->created_s;
	char date[40];

	/* newer versions of the format hide the information in compressed objects */
	cairo_pdf_surface_restrict_to_version(pdf, CAIRO_PDF_VERSION_1_4);
	for (size_t i = 0; i < sizeof(info) / sizeof(info[0]); i++) {
		if (info[i].text[0])
			cairo_pdf_surface_set_metadata(pdf, info[i].what, info[i].text);
	}
	/* else cairo would ask the clock */
	ff_format_time(date, sizeof(date), s * FF_SEC);
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, date);
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_MOD_DATE, date);
}

static int paint_open(struct ff_canvas *cv, struct ff_err *err)
{
	const struct ff_canvas_opts *o = &cv->opts;
	struct paint_canvas *c = ff_calloc(1, sizeof(*c));
	int status = FF_OK;

	if (!c)
		return ff_fail_nomem(err);
	cv->self = c;
	c->scale = 1;
	if (o->kind == FF_CANVAS_PNG)
		status = paint_open_image(c, o, err);
	else
		c->surface = cairo_pdf_surface_create_for_stream(
			paint_on_write, &c->bytes, o->width_pt, o->height_pt);
	if (status < 0)
		return status;
	if (o->kind == FF_CANVAS_PDF)
		paint_put_info(c->surface, o);
	c->cr = cairo_create(c->surface);
	if (c->raster.pixels && o->background.a < 1) {
		cairo_set_source_rgb(c->cr, 1, 1, 1);
		cairo_paint(c->cr);
	}
	if (c->raster.pixels && o->dpi >= PAINT_FINE_DPI)
		cairo_set_antialias(c->cr, CAIRO_ANTIALIAS_FAST);
	cairo_scale(c->cr, c->scale, c->scale);
	cairo_set_line_join(c->cr, CAIRO_LINE_JOIN_ROUND);
	cairo_set_source_rgba(c->cr, o->background.r, o->background.g, o->background.b,
			      o->background.a);
	cairo_paint(c->cr);
	return paint_check(cairo_status(c->cr), err);
}

static int paint_finish_image(struct ff_canvas *cv, struct ff_buf *out,
			      struct ff_err *err)
{
	struct paint_canvas *c = paint_of(cv);
	const struct ff_png_image image = {
		.pixels = c->raster.pixels,
		.stride = c->raster.width,
		.width = c->raster.width,
		.height = c->raster.height,
		.dpi = cv->opts.dpi,
		.threads = cv->opts.threads,
		.title = cv->opts.title,
		.description = cv->opts.description,
		.provenance = cv->opts.provenance,
	};

	return ff_png_write(out, &image, err);
}

static int paint_finish(struct ff_canvas *cv, struct ff_buf *out, struct ff_err *err)
{
	struct paint_canvas *c = paint_of(cv);
	int status = paint_check(cairo_status(c->cr), err);

	if (status == FF_OK && cv->err.status != FF_OK) {
		if (err)
			*err = cv->err;
		status = cv->err.status;
	}
	if (status < 0)
		return status;
	cairo_surface_finish(c->surface);
	status = paint_check(cairo_surface_status(c->surface), err);
	if (status < 0)
		return status;
	if (cv->opts.kind == FF_CANVAS_PNG)
		return paint_finish_image(cv, out, err);
	ff_buf_add(out, c->bytes.data, c->bytes.len);
	return out->failed ? ff_fail_nomem(err) : FF_OK;
}

static void paint_close(struct ff_canvas *cv)
{
	struct paint_canvas *c = cv->self;

	if (!c)
		return;
	ff_texts_free(c->texts);
	cairo_destroy(c->cr);
	cairo_surface_destroy(c->surface);
	ff_buf_release(&c->bytes);
	ff_strokes_release(&c->strokes);
	ff_free(c->raster.pixels);
	ff_free(c);
}

/* ---- paths ---- */

static void paint_use(cairo_t *cr, struct ff_color c)
{
	cairo_set_source_rgba(cr, c.r, c.g, c.b, c.a);
}

static void paint_trace_points(cairo_t *cr, const struct ff_point *p, size_t n)
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
		paint_use(cr, fill);
		cairo_fill_preserve(cr);
	}
	if (line.a > 0) {
		paint_use(cr, line);
		cairo_set_line_width(cr, line_pt);
		cairo_stroke_preserve(cr);
	}
	cairo_new_path(cr);
}

static void paint_stroke_path(cairo_t *cr, struct ff_color line, double line_pt,
			      const double *dash_pt)
{
	paint_use(cr, line);
	cairo_set_line_width(cr, line_pt);
	if (dash_pt)
		cairo_set_dash(cr, dash_pt, 2, 0);
	cairo_stroke(cr);
	if (dash_pt)
		cairo_set_dash(cr, NULL, 0, 0);
}

static void paint_polygon(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			  struct ff_color fill, struct ff_color line, double line_pt)
{
	cairo_t *cr = paint_of(cv)->cr;

	paint_trace_points(cr, p, n);
	cairo_close_path(cr);
	paint_path(cr, fill, line, line_pt);
}

static void paint_polyline(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			   struct ff_color line, double line_pt, const double *dash_pt)
{
	cairo_t *cr = paint_of(cv)->cr;

	paint_trace_points(cr, p, n);
	paint_stroke_path(cr, line, line_pt, dash_pt);
}

static void paint_trace_curves(cairo_t *cr, const struct ff_point *p, size_t n)
{
	cairo_move_to(cr, p[0].x, p[0].y);
	for (size_t i = 1; i + 2 < n; i += 3)
		cairo_curve_to(cr, p[i].x, p[i].y, p[i + 1].x, p[i + 1].y, p[i + 2].x,
			       p[i + 2].y);
}

static void paint_bezier(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			 struct ff_color line, double line_pt)
{
	cairo_t *cr = paint_of(cv)->cr;

	paint_trace_curves(cr, p, n);
	paint_stroke_path(cr, line, line_pt, NULL);
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

static void paint_bezier_gradient(struct ff_canvas *cv, const struct ff_point *p,
				  size_t n, const struct ff_gradient *g, double alpha,
				  double line_pt)
{
	struct paint_canvas *c = cv->self;

	if (c->raster.pixels && cv->clips == 0) {
		ff_strokes_add(&c->strokes, &c->raster, c->scale, p, n, g, alpha, line_pt,
			       &cv->err);
		return;
	}
	c = paint_of(cv);
	cairo_set_line_width(c->cr, line_pt);
	if (alpha < PAINT_FAINT && !c->raster.pixels) {
		paint_pieces(c->cr, p, n, g, alpha);
		return;
	}
	paint_gradient(c->cr, g, alpha);
	paint_trace_curves(c->cr, p, n);
	cairo_stroke(c->cr);
}

static void paint_circle(struct ff_canvas *cv, double x, double y, double r,
			 struct ff_color fill, struct ff_color line, double line_pt)
{
	cairo_t *cr = paint_of(cv)->cr;

	cairo_new_sub_path(cr);
	cairo_arc(cr, x, y, r, 0, 2 * PAINT_PI);
	cairo_close_path(cr);
	paint_path(cr, fill, line, line_pt);
}

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

static void paint_rect(struct ff_canvas *cv, double x, double y, double w, double h,
		       struct ff_color fill)
{
	struct paint_canvas *c = paint_of(cv);

	if (c->raster.pixels && cv->clips == 0) {
		paint_box(c, x, y, w, h, fill);
		return;
	}
	paint_enter_pixels(c);
	paint_add_rect(c, x, y, w, h);
	paint_use(c->cr, fill);
	cairo_fill(c->cr);
	paint_leave_pixels(c);
}

/* Where the middle of a line of `width` whole pixels goes so that both its edges lie
 * between pixels. */
static double paint_snap_middle(double v, double width)
{
	return fmod(width, 2) == 1 ? floor(v) + 0.5 : floor(v + 0.5);
}

static void paint_line(struct ff_canvas *cv, const struct ff_point ends[2],
		       struct ff_color line, double line_pt, const double *dash_pt)
{
	struct paint_canvas *c = paint_of(cv);
	struct ff_point p[2] = {ends[0], ends[1]};
	double dash[2], width;

	if (!c->raster.pixels || (p[0].x != p[1].x && p[0].y != p[1].y)) {
		paint_polyline(cv, ends, 2, line, line_pt, dash_pt);
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
	paint_trace_points(c->cr, p, 2);
	paint_stroke_path(c->cr, line, width, dash_pt ? dash : NULL);
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
	paint_use(c->cr, color);
	cairo_fill(c->cr);
}

static void paint_cells(struct ff_canvas *cv, const struct ff_cell *cells, size_t n,
			const struct ff_color *colors, size_t ncolors)
{
	struct paint_canvas *c = paint_of(cv);

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

/* ---- text ---- */

/* NULL, and an error on the canvas, when they cannot be had. */
static struct ff_texts *paint_texts(struct ff_canvas *cv)
{
	struct paint_canvas *c = paint_of(cv);

	if (!c->texts)
		ff_texts_new(&c->texts, cv->opts.font, &cv->err);
	return c->texts;
}

static struct ff_extents paint_measure(struct ff_canvas *cv,
				       const struct ff_text_style *st, const char *text)
{
	struct ff_texts *texts = paint_texts(cv);
	struct ff_extents e = {0, 0, 0};

	if (texts && !ff_texts_measure(texts, st, text, &e))
		ff_fail_nomem(&cv->err);
	return e;
}

static void paint_text(struct ff_canvas *cv, double x, double y, enum ff_anchor anchor,
		       double angle, const struct ff_text_style *st, const char *text)
{
	cairo_t *cr = paint_of(cv)->cr;
	struct ff_texts *texts = paint_texts(cv);
	const struct ff_text_line *line =
		texts ? ff_texts_line(texts, st->weight, text) : NULL;
	double size = st->size_pt / FF_TEXT_UNITS;

	if (!line) {
		ff_fail_nomem(&cv->err);
		return;
	}
	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_rotate(cr, -angle * PAINT_PI / 180);
	cairo_scale(cr, size, size);
	cairo_translate(cr, -line->width * anchor / 2, 0);
	cairo_move_to(cr, 0, 0);
	if (st->halo_pt > 0 && st->halo.a > 0) {
		pango_cairo_layout_line_path(cr, line->shaped);
		paint_use(cr, st->halo);
		cairo_set_line_width(cr, 2 * st->halo_pt / size);
		cairo_stroke(cr);
		cairo_move_to(cr, 0, 0);
	}
	paint_use(cr, st->color);
	if (cv->opts.kind == FF_CANVAS_PDF) {
		pango_cairo_show_layout_line(cr, line->shaped);
	} else {
		/* cairo would put each glyph on a whole pixel; a path keeps its place */
		pango_cairo_layout_line_path(cr, line->shaped);
		cairo_fill(cr);
	}
	cairo_restore(cr);
	cairo_new_path(cr);
}

/* ---- images and clips ---- */

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

static void paint_image(struct ff_canvas *cv, double x, double y, double w, double h,
			const uint8_t *rgba, unsigned px_w, unsigned px_h)
{
	struct paint_canvas *c = paint_of(cv);
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

static void paint_clip_to(struct ff_canvas *cv, const struct ff_point *p, size_t n)
{
	cairo_t *cr = paint_of(cv)->cr;

	cairo_save(cr);
	paint_trace_points(cr, p, n);
	cairo_close_path(cr);
	cairo_clip(cr);
}

static void paint_unclip(struct ff_canvas *cv)
{
	cairo_restore(paint_of(cv)->cr);
}

const struct ff_canvas_backend ff_canvas_cairo = {
	.open = paint_open,
	.finish = paint_finish,
	.close = paint_close,
	.measure = paint_measure,
	.polygon = paint_polygon,
	.polyline = paint_polyline,
	.bezier = paint_bezier,
	.bezier_gradient = paint_bezier_gradient,
	.rect = paint_rect,
	.circle = paint_circle,
	.text = paint_text,
	.image = paint_image,
	.clip = paint_clip_to,
	.unclip = paint_unclip,
	.line = paint_line,
	.cells = paint_cells,
};
