/* SPDX-License-Identifier: MIT */
/* png - writes pixels and metadata as a PNG file with libpng; private to this layer. */
#ifndef FF_CANVAS_PNG_H
#define FF_CANVAS_PNG_H

#include <flowfig/base.h>

struct ff_png_image {
	const uint32_t *pixels; /* 0xAARRGGBB, native order, not premultiplied */
	bool has_alpha;		/* false: the top byte is ignored */
	size_t stride;		/* pixels from row to row */
	unsigned width, height;
	double dpi;
	unsigned threads; /* to encode on; the bytes are the same for any number */
	/* valid UTF-8; an empty one is left out. All NULL: bare pixels without dpi */
	const char *title, *description, *provenance;
};
int ff_png_write(struct ff_buf *out, const struct ff_png_image *image,
		 struct ff_err *err);

#endif
