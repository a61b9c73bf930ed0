/* SPDX-License-Identifier: MIT */
/* density - see density.h. */
#include "figure/density.h"

#include <math.h>
#include <string.h>

#define DENSITY_PIXELS (UINT64_C(1) << 28)
/* Counts up to here find their colour in a table. */
#define DENSITY_TABLE 4096
#define DENSITY_COLORS 254 /* and the ground: what a palette holds */
#define DENSITY_STEPS 64   /* of a ramp: fewer than three of 255 apart */

int ff_density_init(struct ff_density *d, unsigned width, unsigned height,
		    struct ff_err *err)
{
	uint64_t pixels = (uint64_t)width * height;

	*d = (struct ff_density){.width = width, .height = height};
	if (pixels > DENSITY_PIXELS)
		return ff_fail(err, FF_ELIMIT, "a grid of %u x %u pixels is too large",
			       width, height);
	d->count = ff_calloc(pixels ? (size_t)pixels : 1, sizeof(*d->count));
	return d->count ? FF_OK : ff_fail_nomem(err);
}

void ff_density_release(struct ff_density *d)
{
	ff_free(d->count);
	*d = (struct ff_density){0};
}

/* Sums of `side` neighbours along a row: to[x] = from[x - side / 2] + ... +
 * from[x + (side - 1) / 2]. */
static void density_row(uint32_t *to, const uint32_t *from, unsigned width, unsigned side)
{
	unsigned before = side / 2, after = (side - 1) / 2;
	uint32_t sum = 0;

	for (unsigned x = 0; x < after && x < width; x++)
		sum += from[x];
	for (unsigned x = 0; x < width; x++) {
		if (x + after < width)
			sum += from[x + after];
		to[x] = sum;
		if (x >= before)
			sum -= from[x - before];
	}
}

int ff_density_spread(struct ff_density *d, unsigned side, struct ff_err *err)
{
	size_t w = d->width, h = d->height, before = side / 2, after = (side - 1) / 2;
	uint32_t *rows, *sum;

	if (side <= 1 || w == 0 || h == 0)
		return FF_OK;
	rows = ff_alloc(w * h, sizeof(*rows));
	sum = ff_calloc(w, sizeof(*sum));
	if (!rows || !sum) {
		ff_free(rows);
		ff_free(sum);
		return ff_fail_nomem(err);
	}
	for (size_t y = 0; y < h; y++)
		density_row(rows + y * w, d->count + y * w, d->width, side);
	for (size_t y = 0; y < after && y < h; y++)
		for (size_t x = 0; x < w; x++)
			sum[x] += rows[y * w + x];
	for (size_t y = 0; y < h; y++) {
		if (y + after < h)
			for (size_t x = 0; x < w; x++)
				sum[x] += rows[(y + after) * w + x];
		memcpy(d->count + y * w, sum, w * sizeof(*sum));
		if (y >= before)
			for (size_t x = 0; x < w; x++)
				sum[x] -= rows[(y - before) * w + x];
	}
	ff_free(rows);
	ff_free(sum);
	return FF_OK;
}

uint64_t ff_density_most(const struct ff_density *grids, size_t n)
{
	size_t pixels = n ? (size_t)grids[0].width * grids[0].height : 0;
	uint64_t most = 0;

	for (size_t i = 0; i < pixels; i++) {
		uint64_t sum = 0;

		for (size_t k = 0; k < n; k++)
			sum += grids[k].count[i];
		most = sum > most ? sum : most;
	}
	return most;
}

double ff_density_shade(uint64_t count, uint64_t most)
{
	if (most <= 1 || count <= 1)
		return 0;
	return fmin(log((double)count) / log((double)most), 1);
}

/* Place on the ramp, in so many steps. */
static unsigned density_step(uint64_t count, uint64_t most, unsigned steps)
{
	unsigned step = (unsigned)(ff_density_shade(count, most) * (steps - 1) + .5);

	return step * 255 / (steps - 1);
}

static uint8_t density_byte(double v)
{
	return (uint8_t)(fmin(fmax(v, 0), 1) * 255 + .5);
}

static void density_put(uint8_t rgba[4], struct ff_color c)
{
	rgba[0] = density_byte(c.r);
	rgba[1] = density_byte(c.g);
	rgba[2] = density_byte(c.b);
	rgba[3] = density_byte(c.a);
}

typedef uint8_t density_ramp[256][4];

static void density_fill(uint8_t (*rgba)[4], const struct ff_density *grids, size_t n,
			 density_ramp *colors, const uint8_t ground[4], uint64_t most,
			 unsigned levels)
{
	size_t pixels = (size_t)grids[0].width * grids[0].height;
	uint8_t steps[DENSITY_TABLE];

	for (unsigned v = 0; v < DENSITY_TABLE; v++)
		steps[v] = (uint8_t)density_step(v, most, levels);
	for (size_t i = 0; i < pixels; i++) {
		uint64_t sum = 0;
		uint32_t top = 0;
		size_t hue = 0;

		for (size_t k = 0; k < n; k++) {
			uint32_t v = grids[k].count[i];

			sum += v;
			if (v > top) {
				top = v;
				hue = k;
			}
		}
		memcpy(rgba[i],
		       sum == 0 ? ground
		       : sum < DENSITY_TABLE
			       ? colors[hue][steps[sum]]
			       : colors[hue][density_step(sum, most, levels)],
		       sizeof(rgba[i]));
	}
}

int ff_density_draw(struct ff_canvas *cv, struct ff_box box,
		    const struct ff_density *grids, const struct ff_ramp *ramps, size_t n,
		    uint64_t most, struct ff_color ground, struct ff_err *err)
{
	size_t pixels = n ? (size_t)grids[0].width * grids[0].height : 0;
	unsigned levels = n > DENSITY_COLORS / DENSITY_STEPS
				  ? (unsigned)(DENSITY_COLORS / n)
				  : DENSITY_STEPS;
	uint8_t(*rgba)[4], under[4];
	density_ramp *colors;

	if (!pixels)
		return FF_OK;
	rgba = ff_alloc(pixels, sizeof(*rgba));
	colors = ff_alloc(n, sizeof(*colors));
	if (!rgba || !colors) {
		ff_free(rgba);
		ff_free(colors);
		return ff_fail_nomem(err);
	}
	for (size_t k = 0; k < n; k++)
		for (int i = 0; i < 256; i++)
			density_put(colors[k][i], ramps[k].c[i]);
	density_put(under, ground);
	density_fill(rgba, grids, n, colors, under, most, levels);
	ff_canvas_image(cv, box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0, rgba[0],
			grids[0].width, grids[0].height);
	ff_free(rgba);
	ff_free(colors);
	return FF_OK;
}
