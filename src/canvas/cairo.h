/* SPDX-License-Identifier: MIT */
/* cairo - what the files of the painting backend share. */
#ifndef CANVAS_CAIRO_H
#define CANVAS_CAIRO_H

#include "canvas/backend.h"
#include "canvas/cairo_text.h"
#include "canvas/raster.h"
#include "canvas/stroke.h"

#include <cairo.h>

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
struct paint_canvas *ff_paint_of(struct ff_canvas *cv);
void ff_paint_use(cairo_t *cr, struct ff_color c);
/* Adds a polyline to the path; strokes the path, which ends. */
void ff_paint_trace_points(cairo_t *cr, const struct ff_point *p, size_t n);
void ff_paint_stroke_path(cairo_t *cr, struct ff_color line, double line_pt,
			  const double *dash_pt);

/* cairo_paths.c: the operations of backend.h on paths */
void ff_paint_polygon(struct ff_canvas *cv, const struct ff_point *p, size_t n,
		      struct ff_color fill, struct ff_color line, double line_pt);
void ff_paint_polyline(struct ff_canvas *cv, const struct ff_point *p, size_t n,
		       struct ff_color line, double line_pt, const double *dash_pt);
void ff_paint_bezier(struct ff_canvas *cv, const struct ff_point *p, size_t n,
		     struct ff_color line, double line_pt);
void ff_paint_bezier_gradient(struct ff_canvas *cv, const struct ff_point *p, size_t n,
			      const struct ff_gradient *g, double alpha, double line_pt);
void ff_paint_circle(struct ff_canvas *cv, double x, double y, double r,
		     struct ff_color fill, struct ff_color line, double line_pt);
void ff_paint_clip_to(struct ff_canvas *cv, const struct ff_point *p, size_t n);
void ff_paint_unclip(struct ff_canvas *cv);
/* cairo_pixels.c: what snaps to pixels, and images */
void ff_paint_rect(struct ff_canvas *cv, double x, double y, double w, double h,
		   struct ff_color fill);
void ff_paint_line(struct ff_canvas *cv, const struct ff_point ends[2],
		   struct ff_color line, double line_pt, const double *dash_pt);
void ff_paint_cells(struct ff_canvas *cv, const struct ff_cell *cells, size_t n,
		    const struct ff_color *colors, size_t ncolors);
void ff_paint_image(struct ff_canvas *cv, double x, double y, double w, double h,
		    const uint8_t *rgba, unsigned px_w, unsigned px_h);

#endif
