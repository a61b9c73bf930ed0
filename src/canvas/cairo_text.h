/* SPDX-License-Identifier: MIT */
/* cairo_text - lines of text, shaped once and kept; private to this layer.
 *
 * Every line is laid out at one reference size with hinting and rounding off and scaled
 * when drawn. So width is exactly proportional to size, all file formats agree, and a
 * text that is measured ten times and drawn once is shaped once. */
#ifndef FF_CANVAS_CAIRO_TEXT_H
#define FF_CANVAS_CAIRO_TEXT_H

#include <flowfig/canvas.h>

struct ff_texts;
struct _PangoLayoutLine;

/* The reference size: one em. Lengths below are in these units, y down, from the start of
 * the line on its baseline. */
#define FF_TEXT_UNITS 64.0

struct ff_text_line {
	struct _PangoLayoutLine *shaped; /* borrowed */
	double width;
};
struct ff_glyph {
	unsigned font; /* a number that this ff_texts gave to the font */
	uint32_t code; /* in the font: no character */
	double x, y;   /* of its origin */
};
/* A piece of an outline: 'M' and 'L' have one point, 'C' three, 'Z' none. */
typedef void ff_outline_fn(void *arg, char op, const struct ff_point p[3]);
typedef void ff_glyph_fn(void *arg, const struct ff_glyph *glyph);

int ff_texts_new(struct ff_texts **out, const char *families, struct ff_err *err);
void ff_texts_free(struct ff_texts *t);
/* Loads fonts into a font map that the next ff_texts_new(), on any thread, takes over. */
void ff_texts_warm(const char *families);
/* NULL when memory ran out. Borrowed until the next call. */
const struct ff_text_line *ff_texts_line(struct ff_texts *t, enum ff_weight weight,
					 const char *text);
/* What ff_canvas_measure() tells; false when memory ran out. */
bool ff_texts_measure(struct ff_texts *t, const struct ff_text_style *st,
		      const char *text, struct ff_extents *out);
/* Calls fn for every glyph that may leave ink. */
void ff_texts_glyphs(struct ff_texts *t, const struct ff_text_line *line, ff_glyph_fn *fn,
		     void *arg);
/* Calls fn for the outline of a glyph at the origin; nothing for a space. */
void ff_texts_outline(struct ff_texts *t, const struct ff_glyph *glyph, ff_outline_fn *fn,
		      void *arg);

#endif
