/* SPDX-License-Identifier: MIT */
/* canvas - a dozen drawing operations on paper measured in points (1/72 inch, y down),
 * with a cairo backend (PNG, SVG, PDF) and a text trace backend for tests.
 *
 * Drawing calls return void; the first error sticks to the canvas and finish() tells it.
 */
#ifndef FLOWFIG_CANVAS_H
#define FLOWFIG_CANVAS_H

#include <flowfig/base.h>

struct ff_canvas;
struct ff_color {
	double r, g, b, a; /* sRGB, 0..1 */
};
struct ff_point {
	double x, y;
};
enum ff_weight { FF_REGULAR, FF_SEMIBOLD, FF_BOLD };
struct ff_text_style {
	double size_pt;
	enum ff_weight weight; /* of the plain parts; *markers* in the text make bold, see
				  below */
	struct ff_color color;
	double halo_pt; /* 0 = none: stroke of this width (each side) under the glyphs */
	struct ff_color halo;
};
/* Extents of a text line in points: advance width, and ascent / descent of the font. */
struct ff_extents {
	double width, ascent, descent;
};
enum ff_anchor { FF_LEFT, FF_CENTER, FF_RIGHT };

enum ff_canvas_kind { FF_CANVAS_PNG, FF_CANVAS_SVG, FF_CANVAS_PDF, FF_CANVAS_TRACE };
struct ff_canvas_opts {
	enum ff_canvas_kind kind;
	double width_pt, height_pt;
	double dpi; /* raster resolution; PNG size is round(width_pt * dpi / 72) px */
	unsigned threads; /* to encode a PNG on, 0 = 1; the bytes are the same for any */
	struct ff_color background;
	const char *font; /* family list, e.g. "Inter, DejaVu Sans"; NULL = that */
	/* file metadata: PNG tEXt/iTXt, SVG title/desc/metadata, PDF info */
	const char *title, *description, *provenance; /* UTF-8; provenance is JSON text */
	int64_t created_s; /* SOURCE_DATE_EPOCH or the end of the data, epoch seconds;
			      never a clock reading */
};
int ff_canvas_new(struct ff_canvas **out, const struct ff_canvas_opts *opts,
		  struct ff_err *err);
/* The finished file is appended to *out; afterwards only free is allowed. */
int ff_canvas_finish(struct ff_canvas *cv, struct ff_buf *out, struct ff_err *err);
void ff_canvas_free(struct ff_canvas *cv);

/* Loads what the first text of a process needs, 10 to 30 ms: may run on another thread
 * while the data is read. The next canvas finds it, on whatever thread. NULL: the default
 * fonts. Changes nothing but the time. */
void ff_canvas_warm(const char *font);

/* False of SVG and PDF: what is drawn finds its pixels at the reader's. */
bool ff_canvas_has_pixels(const struct ff_canvas *cv);

/* Measures as the canvas would draw; layout needs it before anything is drawn. In text,
 * the bytes \1 ... \2 enclose a bold run (FF_MARK_BOLD / FF_MARK_END). */
#define FF_MARK_BOLD "\1"
#define FF_MARK_END "\2"
struct ff_extents ff_canvas_measure(struct ff_canvas *cv, const struct ff_text_style *st,
				    const char *text);

/* ---- the operations ---- */
/* 1. Polygon, filled and / or outlined (alpha 0 = not). `join_round` avoids spikes on
 * thin slivers: always round. */
void ff_canvas_polygon(struct ff_canvas *cv, const struct ff_point *p, size_t n,
		       struct ff_color fill, struct ff_color line, double line_pt);
/* 2. Open polyline; dash_pt NULL or {on, off}. Butt caps, round joins. */
void ff_canvas_polyline(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			struct ff_color line, double line_pt, const double *dash_pt);
/* 3. Cubic Bezier chain: p[0], then triples; n = 1 + 3k */
void ff_canvas_bezier(struct ff_canvas *cv, const struct ff_point *p, size_t n,
		      struct ff_color line, double line_pt);
/* 3b. The same, coloured by a gradient from left to right: stops at parts 0..1 of the way
 * from x0 to x1, ascending; the first colour reaches to the left of x0, the last to the
 * right of x1. The stops are opaque, `alpha` is the whole line's. Vector files hold a
 * gradient once for all lines that share it. */
#define FF_GRADIENT_STOPS 8
struct ff_gradient {
	double x0, x1; /* points, x0 < x1 */
	size_t n;      /* of stops, 2..FF_GRADIENT_STOPS */
	struct ff_gradient_stop {
		double at;
		struct ff_color color;
	} stops[FF_GRADIENT_STOPS];
};
void ff_canvas_bezier_gradient(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			       const struct ff_gradient *g, double alpha, double line_pt);
/* 4. Axis-parallel filled rectangle. On raster its edges snap to device pixels, never to
 * nothing: at least 1 px. */
void ff_canvas_rect(struct ff_canvas *cv, double x, double y, double w, double h,
		    struct ff_color fill);
/* 5. Straight line; horizontal and vertical ones snap to whole device pixels on raster.
 */
void ff_canvas_line(struct ff_canvas *cv, double x0, double y0, double x1, double y1,
		    struct ff_color line, double line_pt, const double *dash_pt);
/* 6. Disc, filled and / or outlined. */
void ff_canvas_circle(struct ff_canvas *cv, double x, double y, double r,
		      struct ff_color fill, struct ff_color line, double line_pt);
/* 7. Text on one line; (x, y) is the anchor on the baseline; angle in degrees
 * counter-clockwise about it. */
void ff_canvas_text(struct ff_canvas *cv, double x, double y, enum ff_anchor anchor,
		    double angle, const struct ff_text_style *st, const char *text);
/* 8. RGBA raster (not premultiplied, 4 bytes a pixel, row-major), stretched over the box
 * without smoothing. */
void ff_canvas_image(struct ff_canvas *cv, double x, double y, double w, double h,
		     const uint8_t *rgba, unsigned px_w, unsigned px_h);
/* 9, 10. Clip to a polygon until the matching pop. Nesting allowed. */
void ff_canvas_clip(struct ff_canvas *cv, const struct ff_point *p, size_t n);
void ff_canvas_unclip(struct ff_canvas *cv);
/* 11. Names the marks that follow ("axis", "surface row 3"): a line in the trace; nothing
 * elsewhere. */
void ff_canvas_note(struct ff_canvas *cv, const char *name);
/* 12. Many small rectangles of few colours at once (heat maps): same as rect() for each,
 * but vector backends merge those of one colour into one path. */
struct ff_cell {
	float x, y, w, h;
	uint8_t color; /* index into colours */
};
void ff_canvas_cells(struct ff_canvas *cv, const struct ff_cell *cells, size_t n,
		     const struct ff_color *colors, size_t ncolors);

/* Reads back what a figure file carries: title, description, provenance ("flowfig info
 * FIGURE"). Appends "key: value" lines. FF_EFORMAT when data is no PNG, SVG or PDF of
 * ours. */
int ff_canvas_read_metadata(struct ff_buf *out, const uint8_t *data, size_t len,
			    struct ff_err *err);

#endif
