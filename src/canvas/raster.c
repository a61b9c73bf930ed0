/* SPDX-License-Identifier: MIT */
/* raster - see raster.h. */
#include "canvas/raster.h"
#include "canvas/markup.h"

#include <math.h>

void ff_raster_snap(double start, double length, double scale, double *from, double *to)
{
	*from = floor(start * scale + 0.5);
	*to = floor((start + length) * scale + 0.5);
	if (*to <= *from) {
		*from = floor((start + length / 2) * scale);
		*to = *from + 1;
	}
}

void ff_raster_box(struct ff_raster *r, double x0, double y0, double x1, double y1,
		   struct ff_color color)
{
	int left = (int)fmax(0, x0), right = (int)fmin(x1, r->width);
	int top = (int)fmax(0, y0), bottom = (int)fmin(y1, r->height);
	uint32_t rgb = ff_color_byte(color.r) << 16 | ff_color_byte(color.g) << 8 |
		       ff_color_byte(color.b);
	uint32_t weight = (uint32_t)(fmin(color.a, 1) * 256 + 0.5);

	for (int y = top; y < bottom; y++) {
		uint32_t *row = r->pixels + (size_t)y * r->width;

		for (int x = left; x < right; x++)
			row[x] = weight == 256 ? rgb : ff_raster_mix(row[x], rgb, weight);
	}
}
