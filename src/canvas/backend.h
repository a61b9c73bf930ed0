/* SPDX-License-Identifier: MIT */
/* backend - what a canvas backend is, and the canvas itself; private to this layer. */
#ifndef FF_CANVAS_BACKEND_H
#define FF_CANVAS_BACKEND_H

#include <flowfig/canvas.h>

/* The front calls a drawing slot only while nothing failed, with finite coordinates
 * within FF_CANVAS_REACH and with something to see (a colour that is not transparent). A
 * slot that fails sets cv->err; the front then draws nothing more. A NULL slot of the
 * second group falls back to the first group. */
struct ff_canvas_backend {
	int (*open)(struct ff_canvas *cv, struct ff_err *err); /* sets cv->self */
	int (*finish)(struct ff_canvas *cv, struct ff_buf *out, struct ff_err *err);
	void (*close)(
		struct ff_canvas *cv); /* also after a failed open; self may be NULL */
	struct ff_extents (*measure)(struct ff_canvas *cv, const struct ff_text_style *st,
				     const char *text);
	void (*polygon)(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			struct ff_color fill, struct ff_color line, double line_pt);
	void (*polyline)(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			 struct ff_color line, double line_pt, const double *dash_pt);
	void (*bezier)(struct ff_canvas *cv, const struct ff_point *p, size_t n,
		       struct ff_color line, double line_pt);
	void (*bezier_gradient)(struct ff_canvas *cv, const struct ff_point *p, size_t n,
				const struct ff_gradient *g, double alpha,
				double line_pt);
	void (*rect)(struct ff_canvas *cv, double x, double y, double w, double h,
		     struct ff_color fill);
	void (*circle)(struct ff_canvas *cv, double x, double y, double r,
		       struct ff_color fill, struct ff_color line, double line_pt);
	void (*text)(struct ff_canvas *cv, double x, double y, enum ff_anchor anchor,
		     double angle, const struct ff_text_style *st, const char *text);
	void (*image)(struct ff_canvas *cv, double x, double y, double w, double h,
		      const uint8_t *rgba, unsigned px_w, unsigned px_h);
	void (*clip)(struct ff_canvas *cv, const struct ff_point *p, size_t n);
	void (*unclip)(struct ff_canvas *cv);

	void (*line)(struct ff_canvas *cv, const struct ff_point ends[2],
		     struct ff_color line, double line_pt, const double *dash_pt);
	void (*note)(struct ff_canvas *cv, const char *name);
	void (*cells)(struct ff_canvas *cv, const struct ff_cell *cells, size_t n,
		      const struct ff_color *colors, size_t ncolors);
};

struct ff_canvas {
	const struct ff_canvas_backend *backend;
	struct ff_canvas_opts opts; /* the texts are owned, valid UTF-8, never NULL */
	void *self;		    /* the backend's */
	struct ff_err err;	    /* sticky: the first error */
	unsigned clips;		    /* clips not yet popped */
	bool finished;
};

/* Points: nothing is drawn farther from the page. cairo's fixed numbers hold 2^23 pixels,
 * which this stays below at the largest resolution. */
#define FF_CANVAS_REACH 2e5
#define FF_CANVAS_DPI_MAX 2400.0

extern const struct ff_canvas_backend ff_canvas_cairo; /* PNG and PDF */
extern const struct ff_canvas_backend ff_canvas_svg;
extern const struct ff_canvas_backend ff_canvas_trace;

#endif
