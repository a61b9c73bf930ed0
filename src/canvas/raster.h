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

/* `over` on `under`, 0xRRGGBB, weight 0..256; two channels at a time. */
static inline uint32_t ff_raster_mix(uint32_t under, uint32_t over, uint32_t weight)
{
	uint32_t keep = 256 - weight;
	uint32_t rb = (under & 0xff00ff) * keep + (over & 0xff00ff) * weight + 0x800080;
	uint32_t g = (under & 0x00ff00) * keep + (over & 0x00ff00) * weight + 0x008000;

	return (rb >> 8 & 0xff00ff) | (g >> 8 & 0x00ff00);
}

/* Whole pixels [*from, *to) for a span in points, never none: a span that rounds to
 * nothing takes the pixel its middle lies in. Spans that abut give pixels that abut. */
void ff_raster_snap(double start, double length, double scale, double *from, double *to);
/* Whole pixels [x0, x1) x [y0, y1); what lies outside the image is left out. */
void ff_raster_box(struct ff_raster *r, double x0, double y0, double x1, double y1,
		   struct ff_color color);

#endif
