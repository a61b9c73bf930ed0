/* SPDX-License-Identifier: MIT */
/* svg - the backend that writes SVG 1.1 itself: half the bytes of cairo's, in an order
 * and with identifiers that depend on the figure alone, with title, desc and metadata.
 *
 * Texts are outlines, each glyph defined once, so that a figure looks the same with and
 * without its fonts; the words are kept in aria-label. Coordinates are points with two
 * decimals. Widths and opacities of lines stand on groups that neighbours share. */
#include "canvas/svg.h"
#include "canvas/cells.h"
#include "canvas/markup.h"
#include "canvas/png.h"
#include "canvas/stroke.h"

#include <math.h>
#include <string.h>

static struct svg_canvas *svg_of(struct ff_canvas *cv)
{
	return cv->self;
}

/* ---- pieces ---- */

static void svg_number(struct ff_buf *b, const char *name, double v)
{
	ff_buf_addf(b, " %s=\"", name);
	ff_put_short(b, ff_hundredths(v));
	ff_buf_addc(b, '"');
}

void ff_svg_opacity(struct ff_buf *b, const char *name, unsigned byte)
{
	/* three decimals tell 256 levels apart */
	if (byte < 255)
		ff_buf_addf(b, " %s=\".%03u\"", name, byte * 1000 / 255);
}

void ff_svg_fill(struct ff_buf *b, struct ff_color c)
{
	if (ff_color_byte(c.a) == 0) {
		ff_buf_adds(b, " fill=\"none\"");
		return;
	}
	ff_buf_adds(b, " fill=\"");
	ff_put_rgb(b, c);
	ff_buf_addc(b, '"');
	ff_svg_opacity(b, "fill-opacity", ff_color_byte(c.a));
}

static void svg_stroke(struct ff_buf *b, struct ff_color c)
{
	if (c.a <= 0)
		return;
	ff_buf_adds(b, " stroke=\"");
	ff_put_rgb(b, c);
	ff_buf_addc(b, '"');
}

void ff_svg_step(struct ff_buf *b, int64_t hundredths, bool first)
{
	if (!first && hundredths >= 0)
		ff_buf_addc(b, ' ');
	ff_put_short(b, hundredths);
}

static void svg_step_to(struct ff_buf *b, const struct ff_point *p, int64_t at[2],
			bool first)
{
	int64_t x = ff_hundredths(p->x), y = ff_hundredths(p->y);

	ff_svg_step(b, x - at[0], first);
	ff_svg_step(b, y - at[1], false);
	at[0] = x;
	at[1] = y;
}

/* Steps between rounded points, so that roundings do not add up. */
static void svg_path(struct ff_buf *b, const struct ff_point *p, size_t n, bool closed)
{
	int64_t at[2] = {0, 0};

	ff_buf_addc(b, 'M');
	svg_step_to(b, &p[0], at, true);
	for (size_t i = 1; i < n; i++) {
		if (i == 1)
			ff_buf_addc(b, 'l');
		svg_step_to(b, &p[i], at, i == 1);
	}
	if (closed)
		ff_buf_addc(b, 'z');
}

static void svg_rect_path(struct ff_buf *b, const int64_t r[4])
{
	ff_buf_addc(b, 'M');
	ff_svg_step(b, r[0], true);
	ff_svg_step(b, r[1], false);
	ff_buf_addc(b, 'h');
	ff_put_short(b, r[2] - r[0]);
	ff_buf_addc(b, 'v');
	ff_put_short(b, r[3] - r[1]);
	ff_buf_addc(b, 'h');
	ff_put_short(b, r[0] - r[2]);
	ff_buf_addc(b, 'z');
}

/* ---- the group of the pen ---- */

static void svg_drop_pen(struct svg_canvas *s)
{
	if (s->pen.width)
		ff_buf_adds(&s->body, "</g>\n");
	s->pen.width = 0;
}

static void svg_take_pen(struct svg_canvas *s, struct ff_color line, double line_pt,
			 const double *dash_pt)
{
	struct svg_pen pen = {ff_hundredths(line_pt), ff_color_byte(line.a), {0, 0}};

	if (line.a <= 0)
		return;
	if (pen.width == 0)
		pen.width = 1;
	for (int i = 0; dash_pt && i < 2; i++)
		pen.dash[i] = ff_hundredths(dash_pt[i]);
	if (pen.width == s->pen.width && pen.opacity == s->pen.opacity &&
	    pen.dash[0] == s->pen.dash[0] && pen.dash[1] == s->pen.dash[1])
		return;
	svg_drop_pen(s);
	s->pen = pen;
	ff_buf_adds(&s->body, "<g stroke-width=\"");
	ff_put_short(&s->body, pen.width);
	ff_buf_addc(&s->body, '"');
	ff_svg_opacity(&s->body, "stroke-opacity", pen.opacity);
	if (pen.dash[0] || pen.dash[1]) {
		ff_buf_adds(&s->body, " stroke-dasharray=\"");
		ff_put_short(&s->body, pen.dash[0]);
		ff_buf_addc(&s->body, ' ');
		ff_put_short(&s->body, pen.dash[1]);
		ff_buf_addc(&s->body, '"');
	}
	ff_buf_adds(&s->body, ">\n");
}

/* ---- life ---- */

static int svg_open(struct ff_canvas *cv, struct ff_err *err)
{
	const struct ff_canvas_opts *o = &cv->opts;
	struct svg_canvas *s = ff_calloc(1, sizeof(*s));
	uint64_t id;

	if (!s)
		return ff_fail_nomem(err);
	cv->self = s;
	id = ff_hash_bytes(o->title, strlen(o->title), 0);
	id = ff_hash_bytes(o->description, strlen(o->description), id);
	id = ff_hash_bytes(o->provenance, strlen(o->provenance), id);
	s->prefix[0] = 'f';
	for (int i = 1; i <= 5; i++, id /= 36)
		s->prefix[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[id % 36];
	if (o->background.a > 0) {
		ff_buf_adds(&s->body, "<path d=\"");
		svg_rect_path(&s->body, (int64_t[4]){0, 0, ff_hundredths(o->width_pt),
						     ff_hundredths(o->height_pt)});
		ff_buf_addc(&s->body, '"');
		ff_svg_fill(&s->body, o->background);
		ff_buf_adds(&s->body, "/>\n");
	}
	return FF_OK;
}

static void svg_put_head(struct ff_buf *out, const struct ff_canvas_opts *o,
			 const char *prefix)
{
	ff_buf_adds(
		out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<!-- flowfig " FF_VERSION " -->\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\""
		" xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\" width=\"");
	ff_put_short(out, ff_hundredths(o->width_pt));
	ff_buf_adds(out, "pt\" height=\"");
	ff_put_short(out, ff_hundredths(o->height_pt));
	ff_buf_adds(out, "pt\" viewBox=\"0 0 ");
	ff_put_short(out, ff_hundredths(o->width_pt));
	ff_buf_addc(out, ' ');
	ff_put_short(out, ff_hundredths(o->height_pt));
	ff_buf_addf(out, "\" role=\"img\" aria-labelledby=\"%st %sd\">\n", prefix,
		    prefix);
	ff_buf_addf(out, "<title id=\"%st\">", prefix);
	ff_put_xml(out, o->title);
	ff_buf_addf(out, "</title>\n<desc id=\"%sd\">", prefix);
	ff_put_xml(out, o->description);
	ff_buf_adds(out, "</desc>\n<metadata>");
	ff_put_xml(out, o->provenance);
	ff_buf_adds(out, "</metadata>\n");
}

static int svg_finish(struct ff_canvas *cv, struct ff_buf *out, struct ff_err *err)
{
	struct svg_canvas *s = svg_of(cv);

	svg_drop_pen(s);
	if (s->body.failed)
		return ff_fail_nomem(err);
	svg_put_head(out, &cv->opts, s->prefix);
	ff_svg_put_defs(out, s);
	ff_buf_adds(out, "<g stroke-linejoin=\"round\">\n");
	if (s->body.len)
		ff_buf_add(out, s->body.data, s->body.len);
	ff_buf_adds(out, "</g>\n</svg>\n");
	return out->failed ? ff_fail_nomem(err) : FF_OK;
}

static void svg_close(struct ff_canvas *cv)
{
	struct svg_canvas *s = svg_of(cv);

	if (!s)
		return;
	ff_texts_free(s->texts);
	ff_buf_release(&s->body);
	ff_free(s->glyphs.used);
	ff_free(s->glyphs.slots);
	ff_free(s->gradients);
	ff_free(s);
}

/* ---- shapes ---- */

static void svg_polygon(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			struct ff_color fill, struct ff_color line, double line_pt)
{
	struct svg_canvas *s = svg_of(cv);

	svg_take_pen(s, line, line_pt, NULL);
	ff_buf_adds(&s->body, "<path");
	ff_svg_fill(&s->body, fill);
	svg_stroke(&s->body, line);
	ff_buf_adds(&s->body, " d=\"");
	svg_path(&s->body, p, n, true);
	ff_buf_adds(&s->body, "\"/>\n");
}

static void svg_polyline(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			 struct ff_color line, double line_pt, const double *dash_pt)
{
	struct svg_canvas *s = svg_of(cv);

	svg_take_pen(s, line, line_pt, dash_pt);
	ff_buf_adds(&s->body, "<path fill=\"none\"");
	svg_stroke(&s->body, line);
	ff_buf_adds(&s->body, " d=\"");
	svg_path(&s->body, p, n, false);
	ff_buf_adds(&s->body, "\"/>\n");
}

static void svg_curves(struct ff_buf *b, const struct ff_point *p, size_t n)
{
	int64_t at[2] = {0, 0};

	ff_buf_adds(b, " d=\"M");
	svg_step_to(b, &p[0], at, true);
	for (size_t i = 1; i + 2 < n; i += 3) {
		/* all three points of a step count from where it starts */
		const int64_t from[2] = {at[0], at[1]};

		ff_buf_addc(b, 'c');
		for (size_t k = i; k < i + 3; k++) {
			at[0] = from[0];
			at[1] = from[1];
			svg_step_to(b, &p[k], at, k == i);
		}
	}
	ff_buf_adds(b, "\"/>\n");
}

static void svg_bezier(struct ff_canvas *cv, const struct ff_point *p, size_t n,
		       struct ff_color line, double line_pt)
{
	struct svg_canvas *s = svg_of(cv);

	svg_take_pen(s, line, line_pt, NULL);
	ff_buf_adds(&s->body, "<path fill=\"none\"");
	svg_stroke(&s->body, line);
	svg_curves(&s->body, p, n);
}

static void svg_define_gradient(struct svg_canvas *s, const struct ff_gradient *g)
{
	struct ff_buf *b = &s->body;

	ff_buf_addf(b, "<linearGradient id=\"%sg%zu\" gradientUnits=\"userSpaceOnUse\"",
		    s->prefix, s->ngradients);
	svg_number(b, "x1", g->x0);
	svg_number(b, "y1", 0);
	svg_number(b, "x2", g->x1);
	svg_number(b, "y2", 0);
	ff_buf_addc(b, '>');
	for (size_t i = 0; i < g->n; i++) {
		ff_buf_adds(b, "<stop");
		svg_number(b, "offset", g->stops[i].at);
		ff_buf_adds(b, " stop-color=\"");
		ff_put_rgb(b, g->stops[i].color);
		ff_buf_adds(b, "\"/>");
	}
	ff_buf_adds(b, "</linearGradient>\n");
	s->gradients[s->ngradients++] = *g;
}

/* Its number, defined at the first use; lines mostly use one of the last few. */
static size_t svg_gradient(struct ff_canvas *cv, const struct ff_gradient *g)
{
	struct svg_canvas *s = svg_of(cv);

	for (size_t i = s->ngradients; i-- > 0;)
		if (ff_gradient_same(&s->gradients[i], g))
			return i;
	if (ff_grow(&s->gradients, &s->gradients_cap, s->ngradients + 1,
		    sizeof(*s->gradients), &cv->err) == FF_OK)
		svg_define_gradient(s, g);
	return s->ngradients - 1;
}

static void svg_bezier_gradient(struct ff_canvas *cv, const struct ff_point *p, size_t n,
				const struct ff_gradient *g, double alpha, double line_pt)
{
	struct svg_canvas *s = svg_of(cv);
	size_t name = svg_gradient(cv, g);

	if (cv->err.status != FF_OK)
		return;
	svg_take_pen(s, (struct ff_color){0, 0, 0, alpha}, line_pt, NULL);
	ff_buf_addf(&s->body, "<path fill=\"none\" stroke=\"url(#%sg%zu)\"", s->prefix,
		    name);
	svg_curves(&s->body, p, n);
}

static void svg_rect(struct ff_canvas *cv, double x, double y, double w, double h,
		     struct ff_color fill)
{
	struct ff_buf *b = &svg_of(cv)->body;
	const int64_t r[4] = {ff_hundredths(x), ff_hundredths(y), ff_hundredths(x + w),
			      ff_hundredths(y + h)};

	ff_buf_adds(b, "<path");
	ff_svg_fill(b, fill);
	ff_buf_adds(b, " d=\"");
	svg_rect_path(b, r);
	ff_buf_adds(b, "\"/>\n");
}

static void svg_circle(struct ff_canvas *cv, double x, double y, double r,
		       struct ff_color fill, struct ff_color line, double line_pt)
{
	struct svg_canvas *s = svg_of(cv);

	svg_take_pen(s, line, line_pt, NULL);
	ff_buf_adds(&s->body, "<circle");
	svg_number(&s->body, "cx", x);
	svg_number(&s->body, "cy", y);
	svg_number(&s->body, "r", r);
	ff_svg_fill(&s->body, fill);
	svg_stroke(&s->body, line);
	ff_buf_adds(&s->body, "/>\n");
}

struct svg_runs {
	struct ff_buf *body;
	int64_t run[4]; /* x0 y0 x1 y1 of the rectangle not yet written; empty: x0 > x1 */
};

static void svg_end_run(struct svg_runs *r)
{
	if (r->run[0] <= r->run[2])
		svg_rect_path(r->body, r->run);
	r->run[0] = 1;
	r->run[2] = 0;
}

/* Cells of one colour that stand in line, across or down, become one rectangle. */
static void svg_add_cell(struct svg_runs *r, const int64_t c[4])
{
	if (r->run[0] <= r->run[2]) {
		int64_t *run = r->run;

		if (run[1] == c[1] && run[3] == c[3] && run[2] == c[0]) {
			run[2] = c[2];
			return;
		}
		if (run[0] == c[0] && run[2] == c[2] && run[3] == c[1]) {
			run[3] = c[3];
			return;
		}
		svg_end_run(r);
	}
	memcpy(r->run, c, sizeof(r->run));
}

static void svg_put_cells(void *arg, const struct ff_cell *cells, const size_t *order,
			  size_t count, struct ff_color color)
{
	struct svg_runs runs = {arg, {1, 0, 0, 0}};

	ff_buf_adds(runs.body, "<path");
	ff_svg_fill(runs.body, color);
	ff_buf_adds(runs.body, " d=\"");
	for (size_t i = 0; i < count; i++) {
		const struct ff_cell *c = &cells[order[i]];
		double x0 = c->x, y0 = c->y, x1 = x0 + c->w, y1 = y0 + c->h;
		const int64_t edges[4] = {
			ff_hundredths(fmin(x0, x1)), ff_hundredths(fmin(y0, y1)),
			ff_hundredths(fmax(x0, x1)), ff_hundredths(fmax(y0, y1))};

		svg_add_cell(&runs, edges);
	}
	svg_end_run(&runs);
	ff_buf_adds(runs.body, "\"/>\n");
}

static void svg_cells(struct ff_canvas *cv, const struct ff_cell *cells, size_t n,
		      const struct ff_color *colors, size_t ncolors)
{
	struct svg_canvas *s = svg_of(cv);
	double least = FF_CANVAS_REACH;

	for (size_t i = 0; i < n; i++)
		least = fmin(least, fmin(fabs(cells[i].w), fabs(cells[i].h)));
	/* Without smoothing, cells abut without seams; but where one is smaller than a
	 * pixel of a screen (0.75 pt) it could be lost, and seams are the lesser harm. */
	ff_buf_adds(&s->body,
		    least >= 0.75 ? "<g shape-rendering=\"crispEdges\">\n" : "<g>\n");
	ff_cells_by_color(cells, n, colors, ncolors, svg_put_cells, &s->body, &cv->err);
	ff_buf_adds(&s->body, "</g>\n");
}

/* ---- images and clips ---- */

/* How many times each pixel is repeated both ways: some viewers smooth a stretched image
 * whatever it says, which then blurs only the edges of its pixels. */
static unsigned svg_repeat(unsigned px_w, unsigned px_h)
{
	unsigned longer = px_w > px_h ? px_w : px_h;
	unsigned times = 1024 / longer;

	return times < 1 ? 1 : times > 16 ? 16 : times;
}

/* Then few colours make a palette, a byte a pixel. */
static bool svg_is_opaque(const uint8_t *rgba, unsigned px_w, unsigned px_h)
{
	for (size_t i = 0; i < (size_t)px_w * px_h; i++)
		if (rgba[4 * i + 3] != 255)
			return false;
	return true;
}

static void svg_spread(uint32_t *to, const uint8_t *rgba, unsigned px_w, unsigned px_h,
		       unsigned times)
{
	size_t width = (size_t)px_w * times;

	for (size_t y = 0; y < px_h; y++) {
		uint32_t *row = to + y * times * width, *at = row;

		for (size_t x = 0; x < px_w; x++, rgba += 4)
			for (unsigned k = 0; k < times; k++)
				*at++ = (uint32_t)rgba[3] << 24 |
					(uint32_t)rgba[0] << 16 | (uint32_t)rgba[1] << 8 |
					rgba[2];
		for (unsigned k = 1; k < times; k++)
			memcpy(row + k * width, row, width * sizeof(*row));
	}
}

static void svg_image(struct ff_canvas *cv, double x, double y, double w, double h,
		      const uint8_t *rgba, unsigned px_w, unsigned px_h)
{
	struct ff_buf *b = &svg_of(cv)->body;
	struct ff_buf file = FF_BUF_INIT;
	unsigned times = svg_repeat(px_w, px_h);
	struct ff_png_image image = {.has_alpha = !svg_is_opaque(rgba, px_w, px_h),
				     .stride = (size_t)px_w * times,
				     .width = px_w * times,
				     .height = px_h * times};
	uint32_t *pixels = ff_alloc(image.stride * image.height, sizeof(*pixels));

	if (!pixels) {
		ff_fail_nomem(&cv->err);
		return;
	}
	svg_spread(pixels, rgba, px_w, px_h, times);
	image.pixels = pixels;
	if (ff_png_write(&file, &image, &cv->err) == FF_OK) {
		ff_buf_adds(b, "<image");
		svg_number(b, "x", x);
		svg_number(b, "y", y);
		svg_number(b, "width", w);
		svg_number(b, "height", h);
		ff_buf_adds(b, " preserveAspectRatio=\"none\""
			       " style=\"image-rendering:pixelated\""
			       " xlink:href=\"data:image/png;base64,");
		ff_put_base64(b, file.data, file.len);
		ff_buf_adds(b, "\"/>\n");
	}
	ff_buf_release(&file);
	ff_free(pixels);
}

static void svg_clip(struct ff_canvas *cv, const struct ff_point *p, size_t n)
{
	struct svg_canvas *s = svg_of(cv);
	unsigned name = s->clips++;

	svg_drop_pen(s);
	ff_buf_addf(&s->body, "<clipPath id=\"%sc%u\"><path d=\"", s->prefix, name);
	svg_path(&s->body, p, n, true);
	ff_buf_addf(&s->body, "\"/></clipPath>\n<g clip-path=\"url(#%sc%u)\">\n",
		    s->prefix, name);
}

static void svg_unclip(struct ff_canvas *cv)
{
	struct svg_canvas *s = svg_of(cv);

	svg_drop_pen(s);
	ff_buf_adds(&s->body, "</g>\n");
}

const struct ff_canvas_backend ff_canvas_svg = {
	.open = svg_open,
	.finish = svg_finish,
	.close = svg_close,
	.measure = ff_svg_measure,
	.polygon = svg_polygon,
	.polyline = svg_polyline,
	.bezier = svg_bezier,
	.bezier_gradient = svg_bezier_gradient,
	.rect = svg_rect,
	.circle = svg_circle,
	.text = ff_svg_text,
	.image = svg_image,
	.clip = svg_clip,
	.unclip = svg_unclip,
	.cells = svg_cells,
};
