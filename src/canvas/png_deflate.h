/* SPDX-License-Identifier: MIT */
/* png_deflate - the image data of a PNG on several processors. The rows are cut into
 * bands of a fixed size, each is deflated alone with the 32 KiB before it as dictionary,
 * and the parts make up one zlib stream (as pigz does): the same bytes for any number of
 * threads. */
#ifndef FF_CANVAS_PNG_DEFLATE_H
#define FF_CANVAS_PNG_DEFLATE_H

#include <flowfig/base.h>

struct ff_png_rows {
	void (*fill)(const void *arg, unsigned y, uint8_t *row); /* on any thread */
	const void *arg;
	size_t row_bytes; /* with the filter byte in front, > 0 */
	unsigned height;  /* > 0 */
	int level;	  /* of zlib, 2 to 5 */
};
struct ff_png_parts { /* zero-initialise; one zlib stream, one IDAT chunk each */
	struct ff_buf *parts;
	unsigned count;
};
int ff_png_deflate(struct ff_png_parts *out, const struct ff_png_rows *rows,
		   unsigned threads, struct ff_err *err);
void ff_png_parts_release(struct ff_png_parts *p);

#endif
