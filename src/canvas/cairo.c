/* SPDX-License-Identifier: MIT */
/* cairo - the backend that paints: PNG on an image surface, PDF on cairo's own. With
 * cairo_*.c the only files of flowfig that know cairo. Here life and text. */
#include "canvas/cairo.h"
#include "canvas/png.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>

#define PAINT_SIDE_MAX 32767.0 /* pixels a side of an image surface */
/* 1 GiB of pixels: an A0 poster at 300 dpi needs half of it */
#define PAINT_PIXELS_MAX (UINT64_C(1) << 28)
/* From here on edges take 17 shades of grey instead of 256: no eye tells them apart, they
 * take half the time, and the file is smaller by up to an eighth. */
#define PAINT_FINE_DPI 200

struct paint_canvas *ff_paint_of(struct ff_canvas *cv)
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
	struct paint_canvas *c = ff_paint_of(cv);
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
	struct paint_canvas *c = ff_paint_of(cv);
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

/* ---- text ---- */

/* NULL, and an error on the canvas, when they cannot be had. */
static struct ff_texts *paint_texts(struct ff_canvas *cv)
{
	struct paint_canvas *c = ff_paint_of(cv);

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
	cairo_t *cr = ff_paint_of(cv)->cr;
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
		ff_paint_use(cr, st->halo);
		cairo_set_line_width(cr, 2 * st->halo_pt / size);
		cairo_stroke(cr);
		cairo_move_to(cr, 0, 0);
	}
	ff_paint_use(cr, st->color);
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

const struct ff_canvas_backend ff_canvas_cairo = {
	.open = paint_open,
	.finish = paint_finish,
	.close = paint_close,
	.measure = paint_measure,
	.polygon = ff_paint_polygon,
	.polyline = ff_paint_polyline,
	.bezier = ff_paint_bezier,
	.bezier_gradient = ff_paint_bezier_gradient,
	.rect = ff_paint_rect,
	.circle = ff_paint_circle,
	.text = paint_text,
	.image = ff_paint_image,
	.clip = ff_paint_clip_to,
	.unclip = ff_paint_unclip,
	.line = ff_paint_line,
	.cells = ff_paint_cells,
};
