/* SPDX-License-Identifier: MIT */
/* svg - what the two files of the SVG backend share. */
#ifndef FF_CANVAS_SVG_H
#define FF_CANVAS_SVG_H

#include "canvas/backend.h"
#include "canvas/cairo_text.h"

/* The glyphs that stand in <defs>; a glyph's number is its place in `used`. */
struct svg_glyphs {
	struct ff_glyph *used;
	size_t count, cap;
	uint32_t *slots; /* 1 + number, 0 = free */
	size_t nslots;	 /* 0 or a power of two, at least twice count */
};

/* What the open group says of lines; none is open while width is 0. */
struct svg_pen {
	int64_t width;	  /* hundredths of a point */
	unsigned opacity; /* 0..255 */
	int64_t dash[2];  /* hundredths; 0 0 = solid */
};

struct svg_canvas {
	struct ff_buf body;	/* all that follows <defs> */
	struct ff_texts *texts; /* made at the first text */
	struct svg_glyphs glyphs;
	struct svg_pen pen;
	unsigned clips;		       /* clip paths so far: names the next one */
	struct ff_gradient *gradients; /* those defined; a gradient's name is its place */
	size_t ngradients, gradients_cap;
	char prefix[16]; /* of ids: two figures in one web page must not share them */
};

void ff_svg_fill(struct ff_buf *b,
		 struct ff_color c); /* fill="#rrggbb" and its opacity */
void ff_svg_opacity(struct ff_buf *b, const char *name, unsigned byte);
/* A number of a path or list: a minus sign needs no space before it. */
void ff_svg_step(struct ff_buf *b, int64_t hundredths, bool first);

struct ff_extents ff_svg_measure(struct ff_canvas *cv, const struct ff_text_style *st,
				 const char *text);
void ff_svg_text(struct ff_canvas *cv, double x, double y, enum ff_anchor anchor,
		 double angle, const struct ff_text_style *st, const char *text);
void ff_svg_put_defs(struct ff_buf *out, struct svg_canvas *s);

#endif
