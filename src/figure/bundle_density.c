/* SPDX-License-Identifier: MIT */
/* Very many links as a density: each curve is sampled into the pixels of the output, with
 * its value times the length of the step as weight, so that a pixel holds what passes
 * through it. Tone is logarithmic; the colour is that of the links. */
#include "figure/bundle.h"
#include "figure/spline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DENSITY_STEP 2.2      /* pixels between samples, which smoothing twice joins */
#define DENSITY_STEP_ONCE 1.4 /* where it smoothes once */
#define DENSITY_LOW .03	      /* of the pixels in use are paler than the tone's low end */
#define DENSITY_HIGH .998
#define DENSITY_SINGLE .35 /* of the low end: opaque */

/* Parts of the links whose grids are summed in order, whoever sampled them: the same
 * bytes on any number of processors. */
enum { DENSITY_SHARES = 4 };

struct density_job {
	const struct ff_bundle *g;
	const struct ff_bundle_layout *l;
	const struct ff_bundle_density *m;
	double scale, step;	     /* pixels a point; pixels between samples */
	const uint32_t *order;	     /* of the links, neighbours together */
	float *grid[DENSITY_SHARES]; /* owned */
};

/* ---- sampling ---- */

/* One Bezier, pixels from the corner of the grid: midpoints of `n` steps. */
static void density_bezier(const struct density_job *job, float *grid,
			   const struct ff_point *p, float value)
{
	int width = (int)job->m->width, height = (int)job->m->height;
	double length = hypot(p[1].x - p[0].x, p[1].y - p[0].y) +
			hypot(p[2].x - p[1].x, p[2].y - p[1].y) +
			hypot(p[3].x - p[2].x, p[3].y - p[2].y);
	int n = 1 + (int)(length / job->step);
	double bx = 3 * (p[1].x - p[0].x), by = 3 * (p[1].y - p[0].y);
	double cx = 3 * (p[2].x - p[1].x) - bx, cy = 3 * (p[2].y - p[1].y) - by;
	double dx = p[3].x - p[0].x - bx - cx, dy = p[3].y - p[0].y - by - cy;
	float ax = (float)p[0].x, ay = (float)p[0].y;
	float fbx = (float)bx, fby = (float)by, fcx = (float)cx, fcy = (float)cy;
	float fdx = (float)dx, fdy = (float)dy, step = 1 / (float)n;
	float weight = value * step;

	for (int i = 0; i < n; i++) {
		float t = ((float)i + .5f) * step;
		int x = (int)(ax + t * (fbx + t * (fcx + t * fdx)));
		int y = (int)(ay + t * (fby + t * (fcy + t * fdy)));
		/* the speed at t: samples are not evenly far apart */
		float vx = fbx + t * (2 * fcx + t * 3 * fdx);
		float vy = fby + t * (2 * fcy + t * 3 * fdy);

		if (x >= 0 && y >= 0 && x < width && y < height)
			grid[(size_t)y * (size_t)width + (size_t)x] +=
				weight * sqrtf(vx * vx + vy * vy);
	}
}

/* Links by their parts: those that follow each other touch the same pixels. NULL without
 * memory. */
static uint32_t *density_order(const struct ff_bundle_data *d)
{
	enum { PAIRS = FF_BUNDLE_PARTS * FF_BUNDLE_PARTS };
	uint32_t *order = ff_alloc(d->nlinks, sizeof(*order));
	uint32_t *at = ff_calloc(PAIRS, sizeof(*at)); /* 1 + number of the link */
	size_t n = 0;

	for (size_t i = 0; at && order && i < d->nlinks; i++)
		at[d->links[i].left * FF_BUNDLE_PARTS + d->links[i].right] =
			(uint32_t)i + 1;
	for (size_t k = 0; at && order && k < PAIRS; k++)
		if (at[k])
			order[n++] = at[k] - 1;
	if (!at) {
		ff_free(order);
		order = NULL;
	}
	ff_free(at);
	return order;
}

static int density_sample(void *arg, unsigned share, struct ff_err *err)
{
	struct density_job *job = arg;
	const struct ff_bundle_data *d = &job->g->data;
	size_t from = d->nlinks * share / DENSITY_SHARES;
	size_t to = d->nlinks * (share + 1) / DENSITY_SHARES;
	struct ff_point p[FF_SPLINE_POINTS], q[FF_SPLINE_BEZIERS(FF_SPLINE_POINTS)];
	float *grid = ff_calloc((size_t)job->m->width * job->m->height, sizeof(*grid));

	if (!grid)
		return ff_fail_nomem(err);
	job->grid[share] = grid;
	for (size_t i = from; i < to; i++) {
		const struct ff_bundle_link *link = &d->links[job->order[i]];
		size_t n = ff_bundle_path(p, job->l, d, link, job->g->params->beta);

		n = ff_spline_bezier(q, p, n);
		for (size_t k = 0; k < n; k++) {
			q[k].x = (q[k].x - job->m->box.x0) * job->scale;
			q[k].y = (q[k].y - job->m->box.y0) * job->scale;
		}
		for (size_t k = 0; k + 3 < n; k += 3)
			density_bezier(job, grid, q + k, (float)link->value);
	}
	return FF_OK;
}

/* ---- smoothing ---- */

/* Means of three along one line of n cells that are `stride` apart. */
static void density_smooth_line(float *v, size_t n, size_t stride)
{
	float before = 0, at = v[0];

	for (size_t i = 0; i < n; i++) {
		float after = i + 1 < n ? v[(i + 1) * stride] : 0;

		v[i * stride] = (before + at + after) * (1 / 3.0f);
		before = at;
		at = after;
	}
}

/* Column means row by row, as memory lies. */
static void density_smooth_columns(float *v, float *rows, size_t w, size_t h)
{
	float *before = rows, *at = rows + w;

	memset(before, 0, w * sizeof(*v));
	for (size_t y = 0; y < h; y++) {
		float *row = v + y * w;
		float *swap;

		memcpy(at, row, w * sizeof(*v));
		for (size_t x = 0; x < w; x++)
			row[x] = (before[x] + at[x] + (y + 1 < h ? row[w + x] : 0)) *
				 (1 / 3.0f);
		swap = before;
		before = at;
		at = swap;
	}
}

static void density_smooth(struct ff_bundle_density *m, float *rows)
{
	for (size_t y = 0; y < m->height; y++)
		density_smooth_line(m->at + y * m->width, m->width, 1);
	density_smooth_columns(m->at, rows, m->width, m->height);
}

/* ---- tone ---- */

/* The logarithms of all values fall into bins; where do the shares lie? */
static void density_tone(struct ff_bundle_density *m)
{
	enum { BINS = 2048 };
	size_t n = (size_t)m->width * m->height, used = 0, sum = 0, bins[BINS] = {0};
	float least = HUGE_VALF, most = 0;
	double low, width;
	int i = 0;

	for (size_t k = 0; k < n; k++) {
		if (m->at[k] <= 0)
			continue;
		least = fminf(least, m->at[k]);
		most = fmaxf(most, m->at[k]);
	}
	m->low = m->high = 1;
	if (!(most > 0))
		return;
	/* smoothing leaves traces that no one sees */
	low = log(fmax(least, most * 1e-9));
	width = (log(most) - low) / BINS + 1e-12;
	for (size_t k = 0; k < n; k++) {
		double at;

		if (m->at[k] <= 0)
			continue;
		at = (log(m->at[k]) - low) / width;
		bins[at < 0 ? 0 : at < BINS ? (int)at : BINS - 1]++;
		used++;
	}
	for (; i < BINS && (double)sum < DENSITY_LOW * (double)used; i++)
		sum += bins[i];
	m->low = exp(low + i * width);
	for (; i < BINS && (double)sum < DENSITY_HIGH * (double)used; i++)
		sum += bins[i];
	m->high = fmax(exp(low + i * width), m->low * 3);
}

/* ---- life ---- */

/* Whole device pixels around the links. */
static void density_box(struct ff_bundle_density *m, const struct ff_bundle *g,
			const struct ff_bundle_layout *l)
{
	double px = 72 / g->theme.dpi, rad = l->rad + 2 * px;
	double x0 = floor((l->cx - rad) / px), y0 = floor((l->cy - rad) / px);
	double x1 = ceil((l->cx + rad) / px), y1 = ceil((l->cy + rad) / px);

	/* large posters: cells of several pixels */
	while (fmax(x1 - x0, y1 - y0) > 6000) {
		px *= 2;
		x0 = floor((l->cx - rad) / px);
		y0 = floor((l->cy - rad) / px);
		x1 = ceil((l->cx + rad) / px);
		y1 = ceil((l->cy + rad) / px);
	}
	m->width = (unsigned)(x1 - x0);
	m->height = (unsigned)(y1 - y0);
	m->box = (struct ff_box){x0 * px, y0 * px, x1 * px, y1 * px};
}

int ff_bundle_density_init(struct ff_bundle_density *m, const struct ff_bundle *g,
			   const struct ff_bundle_layout *l, struct ff_err *err)
{
	struct density_job job = {.g = g, .l = l, .m = m};
	uint32_t *order;
	float *rows;
	size_t n;
	int rc;

	*m = (struct ff_bundle_density){0};
	density_box(m, g, l);
	job.step = g->theme.is_narrow ? DENSITY_STEP_ONCE : DENSITY_STEP;
	job.scale = m->width / (m->box.x1 - m->box.x0);
	n = (size_t)m->width * m->height;
	rows = ff_alloc(2 * (size_t)m->width, sizeof(*rows));
	job.order = order = density_order(&g->data);
	rc = rows && order ? ff_parallel(DENSITY_SHARES, density_sample, &job, err)
			   : ff_fail_nomem(err);
	for (size_t i = 0; rc == FF_OK && i < n; i++)
		job.grid[0][i] = (job.grid[0][i] + job.grid[1][i]) +
				 (job.grid[2][i] + job.grid[3][i]);
	for (int i = rc == FF_OK ? 1 : 0; i < DENSITY_SHARES; i++)
		ff_free(job.grid[i]);
	if (rc == FF_OK) {
		m->at = job.grid[0];
		density_smooth(m, rows);
		if (!g->theme.is_narrow)
			density_smooth(m, rows);
		density_tone(m);
	}
	ff_free(rows);
	ff_free(order);
	return rc;
}

void ff_bundle_density_release(struct ff_bundle_density *m)
{
	ff_free(m->at);
	m->at = NULL;
}

/* ---- drawing ---- */

/* Colours of a column at each of these strengths. */
enum { DENSITY_TONES = 64 };

static void density_column(uint8_t rgb[DENSITY_TONES][3], const struct ff_bundle_ink *ink,
			   double x)
{
	const struct ff_gradient *g = ink->gradient;
	double t = (x - g->x0) / (g->x1 - g->x0) * 4;
	int stop = t < 0 ? 0 : t >= 4 ? 3 : (int)t;
	double part = t < 0 ? 0 : t >= 4 ? 1 : t - stop;

	for (int i = 0; i < DENSITY_TONES; i++) {
		double u = (double)i / (DENSITY_TONES - 1) * (FF_BUNDLE_STRENGTHS - 1);
		int step = (int)fmin(u, FF_BUNDLE_STRENGTHS - 2);
		struct ff_color a = ff_mix(g[step].stops[stop].color,
					   g[step].stops[stop + 1].color, part);
		struct ff_color b = ff_mix(g[step + 1].stops[stop].color,
					   g[step + 1].stops[stop + 1].color, part);
		struct ff_color c = ff_mix(a, b, u - step);

		rgb[i][0] = (uint8_t)(c.r * 255 + .5);
		rgb[i][1] = (uint8_t)(c.g * 255 + .5);
		rgb[i][2] = (uint8_t)(c.b * 255 + .5);
	}
}

int ff_bundle_density_draw(const struct ff_bundle_density *m, const struct ff_bundle *g,
			   const struct ff_bundle_ink *ink, struct ff_err *err)
{
	uint8_t *rgba = ff_calloc((size_t)m->width * m->height, 4);
	uint8_t(*columns)[DENSITY_TONES][3] = ff_alloc(m->width, sizeof(*columns));
	float scale = (float)((DENSITY_TONES - 1) / log(m->high / m->low));
	float base = (float)log(m->low), single = (float)(DENSITY_SINGLE * m->low);
	double px = (m->box.x1 - m->box.x0) / m->width;

	if (!rgba || !columns) {
		ff_free(rgba);
		ff_free(columns);
		return ff_fail_nomem(err);
	}
	for (unsigned x = 0; x < m->width; x++)
		density_column(columns[x], ink, m->box.x0 + (x + .5) * px);
	for (size_t i = 0; i < (size_t)m->width * m->height; i++) {
		float v = m->at[i], tone;
		const uint8_t *c;

		if (v <= 0)
			continue;
		tone = (logf(v) - base) * scale + .5f;
		c = columns[i % m->width][tone < 0		 ? 0
					  : tone < DENSITY_TONES ? (int)tone
								 : DENSITY_TONES - 1];
		memcpy(rgba + 4 * i, c, 3);
		rgba[4 * i + 3] = v >= single ? 255 : (uint8_t)(v / single * 255);
	}
	ff_canvas_note(g->cv, "density");
	ff_canvas_image(g->cv, m->box.x0, m->box.y0, m->box.x1 - m->box.x0,
			m->box.y1 - m->box.y0, rgba, m->width, m->height);
	ff_free(rgba);
	ff_free(columns);
	return FF_OK;
}
