/* SPDX-License-Identifier: MIT */
/* trace - the backend of tests: one text line an operation, numbers with two decimals.
 *
 * Text has fixed metrics, so that a trace does not depend on the fonts of a machine.
 * Lines of a figure can be compared exactly; `note` lines say what the marks belong to.
 */
#include "canvas/backend.h"
#include "canvas/markup.h"
#include "canvas/utf8.h"

#include <string.h>

#define TRACE_ADVANCE 0.55 /* of the size, each code point; near the mean of Inter */
#define TRACE_ADVANCE_BOLD 0.58
#define TRACE_ASCENT 0.95
#define TRACE_DESCENT 0.25

static const char *const trace_anchors[] = {"left", "center", "right"};
static const char *const trace_weights[] = {"regular", "semibold", "bold"};

/* " 12.50" */
static void trace_number(struct ff_buf *out, double v)
{
	ff_buf_addc(out, ' ');
	ff_put_fixed(out, ff_hundredths(v));
}

static void trace_points(struct ff_buf *out, const struct ff_point *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		trace_number(out, p[i].x);
		trace_number(out, p[i].y);
	}
}

/* " fill #rrggbb", with "/aa" when not opaque; nothing when transparent */
static void trace_color(struct ff_buf *out, const char *word, struct ff_color c)
{
	if (c.a <= 0)
		return;
	ff_buf_addf(out, " %s ", word);
	ff_put_rgb(out, c);
	if (ff_color_byte(c.a) != 255)
		ff_buf_addf(out, "/%02x", ff_color_byte(c.a));
}

static void trace_stroke(struct ff_buf *out, struct ff_color line, double line_pt,
			 const double *dash_pt)
{
	if (line.a <= 0)
		return;
	trace_color(out, "line", line);
	trace_number(out, line_pt);
	if (dash_pt) {
		ff_buf_adds(out, " dash");
		trace_number(out, dash_pt[0]);
		trace_number(out, dash_pt[1]);
	}
}

/* In quotes, on one line: bold runs as <b> </b>, controls as \xNN */
static void trace_quote(struct ff_buf *out, const char *s)
{
	const char *end = s + strlen(s);

	ff_buf_adds(out, " \"");
	while (s < end) {
		uint32_t code = ff_utf8_next(&s, end);

		if (code == FF_CODE_BOLD)
			ff_buf_adds(out, "<b>");
		else if (code == FF_CODE_END)
			ff_buf_adds(out, "</b>");
		else if (code < 0x20 || code == 0x7f)
			ff_buf_addf(out, "\\x%02x", (unsigned)code);
		else
			ff_utf8_put(out, code);
	}
	ff_buf_addc(out, '"');
}

static struct ff_extents trace_measure(struct ff_canvas *cv,
				       const struct ff_text_style *st, const char *text)
{
	struct ff_extents e = {0, TRACE_ASCENT * st->size_pt,
			       TRACE_DESCENT * st->size_pt};
	const char *end = text + strlen(text);
	bool bold = st->weight != FF_REGULAR;
	bool marked = false;

	(void)cv;
	while (text < end) {
		uint32_t code = ff_utf8_next(&text, end);

		if (code == FF_CODE_BOLD || code == FF_CODE_END)
			marked = code == FF_CODE_BOLD;
		else
			e.width += bold || marked ? TRACE_ADVANCE_BOLD : TRACE_ADVANCE;
	}
	e.width *= st->size_pt;
	return e;
}

static int trace_open(struct ff_canvas *cv, struct ff_err *err)
{
	struct ff_buf *b = ff_calloc(1, sizeof(*b));

	if (!b)
		return ff_fail_nomem(err);
	cv->self = b;
	ff_buf_adds(b, "canvas");
	trace_number(b, cv->opts.width_pt);
	trace_number(b, cv->opts.height_pt);
	trace_color(b, "fill", cv->opts.background);
	ff_buf_adds(b, "\ntitle");
	trace_quote(b, cv->opts.title);
	ff_buf_adds(b, "\ndescription");
	trace_quote(b, cv->opts.description);
	ff_buf_addc(b, '\n');
	return FF_OK;
}

static int trace_finish(struct ff_canvas *cv, struct ff_buf *out, struct ff_err *err)
{
	struct ff_buf *b = cv->self;

	if (!b->failed)
		ff_buf_add(out, b->data, b->len);
	return b->failed || out->failed ? ff_fail_nomem(err) : FF_OK;
}

static void trace_close(struct ff_canvas *cv)
{
	if (!cv->self)
		return;
	ff_buf_release(cv->self);
	ff_free(cv->self);
}

static void trace_polygon(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			  struct ff_color fill, struct ff_color line, double line_pt)
{
	ff_buf_adds(cv->self, "polygon");
	trace_points(cv->self, p, n);
	trace_color(cv->self, "fill", fill);
	trace_stroke(cv->self, line, line_pt, NULL);
	ff_buf_addc(cv->self, '\n');
}

static void trace_path(struct ff_canvas *cv, const char *word, const struct ff_point *p,
		       size_t n, struct ff_color line, double line_pt,
		       const double *dash_pt)
{
	ff_buf_adds(cv->self, word);
	trace_points(cv->self, p, n);
	trace_stroke(cv->self, line, line_pt, dash_pt);
	ff_buf_addc(cv->self, '\n');
}

static void trace_polyline(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			   struct ff_color line, double line_pt, const double *dash_pt)
{
	trace_path(cv, "polyline", p, n, line, line_pt, dash_pt);
}

static void trace_bezier(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			 struct ff_color line, double line_pt)
{
	trace_path(cv, "bezier", p, n, line, line_pt, NULL);
}

static void trace_bezier_gradient(struct ff_canvas *cv, const struct ff_point *p,
				  size_t n, const struct ff_gradient *g, double alpha,
				  double line_pt)
{
	ff_buf_adds(cv->self, "bezier");
	trace_points(cv->self, p, n);
	ff_buf_adds(cv->self, " gradient");
	trace_number(cv->self, g->x0);
	trace_number(cv->self, g->x1);
	for (size_t i = 0; i < g->n; i++) {
		trace_number(cv->self, g->stops[i].at);
		ff_buf_addc(cv->self, ' ');
		ff_put_rgb(cv->self, g->stops[i].color);
	}
	ff_buf_addf(cv->self, " alpha %02x", ff_color_byte(alpha));
	trace_number(cv->self, line_pt);
	ff_buf_addc(cv->self, '\n');
}

static void trace_line(struct ff_canvas *cv, const struct ff_point ends[2],
		       struct ff_color line, double line_pt, const double *dash_pt)
{
	trace_path(cv, "line", ends, 2, line, line_pt, dash_pt);
}

static void trace_box(struct ff_canvas *cv, const char *word, double x, double y,
		      double w, double h)
{
	const struct ff_point corner_and_size[] = {{x, y}, {w, h}};

	ff_buf_adds(cv->self, word);
	trace_points(cv->self, corner_and_size, 2);
}

static void trace_rect(struct ff_canvas *cv, double x, double y, double w, double h,
		       struct ff_color fill)
{
	trace_box(cv, "rect", x, y, w, h);
	trace_color(cv->self, "fill", fill);
	ff_buf_addc(cv->self, '\n');
}

static void trace_circle(struct ff_canvas *cv, double x, double y, double r,
			 struct ff_color fill, struct ff_color line, double line_pt)
{
	ff_buf_adds(cv->self, "circle");
	trace_number(cv->self, x);
	trace_number(cv->self, y);
	trace_number(cv->self, r);
	trace_color(cv->self, "fill", fill);
	trace_stroke(cv->self, line, line_pt, NULL);
	ff_buf_addc(cv->self, '\n');
}

static void trace_text(struct ff_canvas *cv, double x, double y, enum ff_anchor anchor,
		       double angle, const struct ff_text_style *st, const char *text)
{
	ff_buf_adds(cv->self, "text");
	trace_number(cv->self, x);
	trace_number(cv->self, y);
	ff_buf_addf(cv->self, " %s", trace_anchors[anchor]);
	trace_number(cv->self, angle);
	trace_number(cv->self, st->size_pt);
	ff_buf_addf(cv->self, " %s", trace_weights[st->weight]);
	trace_color(cv->self, "fill", st->color);
	if (st->halo_pt > 0) {
		trace_color(cv->self, "halo", st->halo);
		trace_number(cv->self, st->halo_pt);
	}
	trace_quote(cv->self, text);
	ff_buf_addc(cv->self, '\n');
}

static void trace_image(struct ff_canvas *cv, double x, double y, double w, double h,
			const uint8_t *rgba, unsigned px_w, unsigned px_h)
{
	uint64_t hash = ff_hash_bytes(rgba, (size_t)px_w * px_h * 4, 0);

	trace_box(cv, "image", x, y, w, h);
	ff_buf_addf(cv->self, " %ux%u %08x%08x\n", px_w, px_h, (unsigned)(hash >> 32),
		    (unsigned)(hash & 0xffffffff));
}

static void trace_clip(struct ff_canvas *cv, const struct ff_point *p, size_t n)
{
	ff_buf_adds(cv->self, "clip");
	trace_points(cv->self, p, n);
	ff_buf_addc(cv->self, '\n');
}

static void trace_unclip(struct ff_canvas *cv)
{
	ff_buf_adds(cv->self, "unclip\n");
}

static void trace_note(struct ff_canvas *cv, const char *name)
{
	ff_buf_adds(cv->self, "note");
	trace_quote(cv->self, name);
	ff_buf_addc(cv->self, '\n');
}

static void trace_cells(struct ff_canvas *cv, const struct ff_cell *cells, size_t n,
			const struct ff_color *colors, size_t ncolors)
{
	(void)ncolors;
	for (size_t i = 0; i < n; i++) {
		trace_box(cv, "cell", cells[i].x, cells[i].y, cells[i].w, cells[i].h);
		trace_color(cv->self, "fill", colors[cells[i].color]);
		ff_buf_addc(cv->self, '\n');
	}
}

const struct ff_canvas_backend ff_canvas_trace = {
	.open = trace_open,
	.finish = trace_finish,
	.close = trace_close,
	.measure = trace_measure,
	.polygon = trace_polygon,
	.polyline = trace_polyline,
	.bezier = trace_bezier,
	.bezier_gradient = trace_bezier_gradient,
	.rect = trace_rect,
	.circle = trace_circle,
	.text = trace_text,
	.image = trace_image,
	.clip = trace_clip,
	.unclip = trace_unclip,
	.line = trace_line,
	.note = trace_note,
	.cells = trace_cells,
};
