/* SPDX-License-Identifier: MIT */
/* raster - boxes of whole pixels straight into an image: a heat map is a hundred thousand
 * of them, and cairo takes a microsecond for each. */
#ifndef FF_CANVAS_RASTER_H
#define FF_CANVAS_RASTER_H

#include <flowfig/canvas.h>

struct ff_raster {
	uint32_t *pixels; /* 0x..RRGGBB, width a row */
	unsigned width, height;
};

/* Whole pixels [*from, *to) for a span in points, never none: a span that rounds to
 * nothing takes the pixel its middle lies in. Spans that abut give pixels that abut. */
void ff_raster_snap(double start, double length, double scale, double *from, double *to);
/* Whole pixels [x0, x1) x [y0, y1); what lies outside the image is left out. */
void ff_raster_box(struct ff_raster *r, double x0, double y0, double x1, double y1,
		   struct ff_color color);

#endif
