/* SPDX-License-Identifier: MIT */
/* canvas - the front: checks what callers hand in, keeps the first error, and passes the
 * operations on to the backend of the canvas. */
#include "canvas/backend.h"
#include "canvas/cairo_text.h"
#include "canvas/utf8.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define CANVAS_SIDE_MAX \
	14400.0 /* points: 200 inches, the most that PDF 1.5 readers take */

#define CANVAS_FONT "Inter, DejaVu Sans"

static const struct ff_canvas_backend *const canvas_backends[] = {
	[FF_CANVAS_PNG] = &ff_canvas_cairo,
	[FF_CANVAS_SVG] = &ff_canvas_svg,
	[FF_CANVAS_PDF] = &ff_canvas_cairo,
	[FF_CANVAS_TRACE] = &ff_canvas_trace,
};

static int canvas_check_opts(const struct ff_canvas_opts *o, struct ff_err *err)
{
	/* written so that NaN fails too */
	if (!(o->width_pt >= 1 && o->width_pt <= CANVAS_SIDE_MAX) ||
	    !(o->height_pt >= 1 && o->height_pt <= CANVAS_SIDE_MAX))
		return ff_fail(err, FF_EUSAGE,
			       "a figure of %g x %g points: each side must be 1 to %g",
			       o->width_pt, o->height_pt, CANVAS_SIDE_MAX);
	if (o->kind == FF_CANVAS_PNG && !(o->dpi >= 1 && o->dpi <= FF_CANVAS_DPI_MAX))
		return ff_fail(err, FF_EUSAGE, "resolution %g dpi: must be 1 to %g",
			       o->dpi, FF_CANVAS_DPI_MAX);
	return FF_OK;
}

/* *to becomes an owned, clean copy of `from`. */
static int canvas_copy_text(const char **to, const char *from, struct ff_err *err)
{
	struct ff_buf b = FF_BUF_INIT;
	char *copy;

	if (!from)
		from = "";
	ff_utf8_clean(&b, from, strlen(from));
	copy = b.failed ? NULL : ff_strdup(ff_buf_str(&b));
	ff_buf_release(&b);
	if (!copy)
		return ff_fail_nomem(err);
	*to = copy;
	return FF_OK;
}

int ff_canvas_new(struct ff_canvas **out, const struct ff_canvas_opts *opts,
		  struct ff_err *err)
{
	struct ff_canvas *cv = NULL;
	int status = canvas_check_opts(opts, err);

	if (status < 0)
		return status;
	cv = ff_calloc(1, sizeof(*cv));
	if (!cv)
		return ff_fail_nomem(err);
	cv->opts = *opts;
	cv->opts.title = cv->opts.description = cv->opts.provenance = cv->opts.font =
		NULL;
	cv->backend = canvas_backends[opts->kind];
	status = canvas_copy_text(&cv->opts.title, opts->title, err);
	if (status == FF_OK)
		status = canvas_copy_text(&cv->opts.description, opts->description, err);
	if (status == FF_OK)
		status = canvas_copy_text(&cv->opts.provenance, opts->provenance, err);
	if (status == FF_OK)
		status = canvas_copy_text(&cv->opts.font,
					  opts->font ? opts->font : CANVAS_FONT, err);
	if (status == FF_OK)
		status = cv->backend->open(cv, err);
	if (status < 0) {
		ff_canvas_free(cv);
		return status;
	}
	*out = cv;
	return FF_OK;
}

void ff_canvas_warm(const char *font)
{
	ff_texts_warm(font ? font : CANVAS_FONT);
}

bool ff_canvas_has_pixels(const struct ff_canvas *cv)
{
	return cv->opts.kind != FF_CANVAS_SVG && cv->opts.kind != FF_CANVAS_PDF;
}

int ff_canvas_finish(struct ff_canvas *cv, struct ff_buf *out, struct ff_err *err)
{
	assert(!cv->finished && cv->clips == 0);
	cv->finished = true;
	if (cv->err.status != FF_OK) {
		if (err)
			*err = cv->err;
		return cv->err.status;
	}
	return cv->backend->finish(cv, out, err);
}

void ff_canvas_free(struct ff_canvas *cv)
{
	if (!cv)
		return;
	cv->backend->close(cv);
	ff_free((char *)cv->opts.title);
	ff_free((char *)cv->opts.description);
	ff_free((char *)cv->opts.provenance);
	ff_free((char *)cv->opts.font);
	ff_free(cv);
}

/* ---- what every operation asks first ---- */

static bool canvas_live(const struct ff_canvas *cv)
{
	assert(!cv->finished);
	return cv->err.status == FF_OK;
}

/* A coordinate that is no number would silently spoil the whole path in cairo. */
static bool canvas_near(struct ff_canvas *cv, double v)
{
	if (fabs(v) <= FF_CANVAS_REACH)
		return true;
	ff_fail(&cv->err, FF_EUSAGE, "cannot draw at coordinate %g", v);
	return false;
}

static bool canvas_near_all(struct ff_canvas *cv, const struct ff_point *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!canvas_near(cv, p[i].x) || !canvas_near(cv, p[i].y))
			return false;
	}
	return true;
}

static bool canvas_draws_line(struct ff_color line, double line_pt)
{
	return line.a > 0 && line_pt > 0;
}

/* ---- the operations ---- */

struct ff_extents ff_canvas_measure(struct ff_canvas *cv, const struct ff_text_style *st,
				    const char *text)
{
	struct ff_extents none = {0, 0, 0};

	if (!canvas_live(cv) || !canvas_near(cv, st->size_pt))
		return none;
	return cv->backend->measure(cv, st, text);
}

void ff_canvas_polygon(struct ff_canvas *cv, const struct ff_point *p, size_t n,
		       struct ff_color fill, struct ff_color line, double line_pt)
{
	if (!canvas_draws_line(line, line_pt))
		line.a = 0;
	if (!canvas_live(cv) || n < 2 || (fill.a <= 0 && line.a <= 0))
		return;
	if (canvas_near_all(cv, p, n) && canvas_near(cv, line_pt))
		cv->backend->polygon(cv, p, n, fill, line, line_pt);
}

void ff_canvas_polyline(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			struct ff_color line, double line_pt, const double *dash_pt)
{
	if (!canvas_live(cv) || n < 2 || !canvas_draws_line(line, line_pt))
		return;
	if (canvas_near_all(cv, p, n) && canvas_near(cv, line_pt))
		cv->backend->polyline(cv, p, n, line, line_pt, dash_pt);
}

void ff_canvas_bezier(struct ff_canvas *cv, const struct ff_point *p, size_t n,
		      struct ff_color line, double line_pt)
{
	if (!canvas_live(cv) || n < 4 || !canvas_draws_line(line, line_pt))
		return;
	assert(n % 3 == 1);
	if (canvas_near_all(cv, p, n) && canvas_near(cv, line_pt))
		cv->backend->bezier(cv, p, n, line, line_pt);
}

void ff_canvas_bezier_gradient(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			       const struct ff_gradient *g, double alpha, double line_pt)
{
	if (!canvas_live(cv) || n < 4 || !(alpha > 0) || !(line_pt > 0))
		return;
	assert(n % 3 == 1 && g->n >= 2 && g->n <= FF_GRADIENT_STOPS && g->x0 < g->x1);
	if (canvas_near_all(cv, p, n) && canvas_near(cv, line_pt) &&
	    canvas_near(cv, g->x0) && canvas_near(cv, g->x1))
		cv->backend->bezier_gradient(cv, p, n, g, fmin(alpha, 1), line_pt);
}

void ff_canvas_rect(struct ff_canvas *cv, double x, double y, double w, double h,
		    struct ff_color fill)
{
	if (!canvas_live(cv) || fill.a <= 0)
		return;
	if (canvas_near(cv, x) && canvas_near(cv, y) && canvas_near(cv, w) &&
	    canvas_near(cv, h))
		cv->backend->rect(cv, w < 0 ? x + w : x, h < 0 ? y + h : y, fabs(w),
				  fabs(h), fill);
}

void ff_canvas_line(struct ff_canvas *cv, double x0, double y0, double x1, double y1,
		    struct ff_color line, double line_pt, const double *dash_pt)
{
	const struct ff_point ends[2] = {{x0, y0}, {x1, y1}};

	if (!canvas_live(cv) || !canvas_draws_line(line, line_pt))
		return;
	if (!canvas_near_all(cv, ends, 2) || !canvas_near(cv, line_pt))
		return;
	if (cv->backend->line)
		cv->backend->line(cv, ends, line, line_pt, dash_pt);
	else
		cv->backend->polyline(cv, ends, 2, line, line_pt, dash_pt);
}

void ff_canvas_circle(struct ff_canvas *cv, double x, double y, double r,
		      struct ff_color fill, struct ff_color line, double line_pt)
{
	if (!canvas_draws_line(line, line_pt))
		line.a = 0;
	if (!canvas_live(cv) || (fill.a <= 0 && line.a <= 0))
		return;
	if (canvas_near(cv, x) && canvas_near(cv, y) && canvas_near(cv, r) &&
	    canvas_near(cv, line_pt) && r > 0)
		cv->backend->circle(cv, x, y, r, fill, line, line_pt);
}

void ff_canvas_text(struct ff_canvas *cv, double x, double y, enum ff_anchor anchor,
		    double angle, const struct ff_text_style *st, const char *text)
{
	if (!canvas_live(cv) || !text[0] || !(st->size_pt > 0))
		return;
	if (canvas_near(cv, x) && canvas_near(cv, y) && canvas_near(cv, angle) &&
	    canvas_near(cv, st->size_pt) && canvas_near(cv, st->halo_pt))
		cv->backend->text(cv, x, y, anchor, angle, st, text);
}

void ff_canvas_image(struct ff_canvas *cv, double x, double y, double w, double h,
		     const uint8_t *rgba, unsigned px_w, unsigned px_h)
{
	if (!canvas_live(cv) || px_w == 0 || px_h == 0 || !(w > 0) || !(h > 0))
		return;
	/* cairo's images hold 32767 pixels a side */
	if (px_w > 32767 || px_h > 32767) {
		ff_fail(&cv->err, FF_ELIMIT, "an image of %u x %u pixels is too large",
			px_w, px_h);
		return;
	}
	if (canvas_near(cv, x) && canvas_near(cv, y) && canvas_near(cv, w) &&
	    canvas_near(cv, h))
		cv->backend->image(cv, x, y, w, h, rgba, px_w, px_h);
}

void ff_canvas_clip(struct ff_canvas *cv, const struct ff_point *p, size_t n)
{
	assert(n >= 3);
	cv->clips++;
	if (canvas_live(cv) && canvas_near_all(cv, p, n))
		cv->backend->clip(cv, p, n);
}

void ff_canvas_unclip(struct ff_canvas *cv)
{
	assert(cv->clips > 0);
	cv->clips--;
	if (canvas_live(cv))
		cv->backend->unclip(cv);
}

void ff_canvas_note(struct ff_canvas *cv, const char *name)
{
	if (canvas_live(cv) && cv->backend->note)
		cv->backend->note(cv, name);
}

void ff_canvas_cells(struct ff_canvas *cv, const struct ff_cell *cells, size_t n,
		     const struct ff_color *colors, size_t ncolors)
{
	if (!canvas_live(cv))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct ff_cell *c = &cells[i];

		assert(c->color < ncolors);
		if (!canvas_near(cv, c->x) || !canvas_near(cv, c->y) ||
		    !canvas_near(cv, c->w) || !canvas_near(cv, c->h))
			return;
	}
	if (cv->backend->cells) {
		cv->backend->cells(cv, cells, n, colors, ncolors);
		return;
	}
	for (size_t i = 0; i < n; i++)
		ff_canvas_rect(cv, cells[i].x, cells[i].y, cells[i].w, cells[i].h,
			       colors[cells[i].color]);
}
