/* SPDX-License-Identifier: MIT */
/* stroke - see stroke.h. An outline is summed into a buffer of signed areas (as font
 * rasterisers do it: R. Levien, font-rs), which a sweep along each row turns into
 * coverage; the sweep leaves the buffer empty. */
#include "canvas/stroke.h"
#include "canvas/markup.h"

#include <limits.h>
#include <math.h>

#define STROKE_TOLERANCE .08 /* pixels between a curve and its chords */
#define STROKE_CHORDS 64     /* of one Bezier at most */
#define STROKE_FAINT (1.0f / 1024)

enum { STROKE_BAND = 64 }; /* rows */

void ff_strokes_release(struct ff_strokes *s)
{
	ff_free(s->at);
	ff_free(s->points);
	ff_free(s->columns);
	*s = (struct ff_strokes){0};
}

/* ---- colour ---- */

bool ff_gradient_same(const struct ff_gradient *a, const struct ff_gradient *b)
{
	bool same = a->n == b->n && a->x0 == b->x0 && a->x1 == b->x1;

	for (size_t i = 0; same && i < a->n; i++) {
		const struct ff_color c = a->stops[i].color, d = b->stops[i].color;

		same = a->stops[i].at == b->stops[i].at && c.r == d.r && c.g == d.g &&
		       c.b == d.b;
	}
	return same;
}

struct ff_color ff_gradient_at(const struct ff_gradient *g, double x)
{
	double t = (x - g->x0) / (g->x1 - g->x0);
	size_t i = 0;
	struct ff_color a, b;
	double part;

	while (i + 1 < g->n && t > g->stops[i + 1].at)
		i++;
	a = g->stops[i].color;
	if (i + 1 == g->n || t <= g->stops[i].at)
		return (struct ff_color){a.r, a.g, a.b, 1};
	b = g->stops[i + 1].color;
	part = (t - g->stops[i].at) / (g->stops[i + 1].at - g->stops[i].at);
	return (struct ff_color){a.r + (b.r - a.r) * part, a.g + (b.g - a.g) * part,
				 a.b + (b.b - a.b) * part, 1};
}

static int stroke_colors(struct ff_strokes *s, const struct ff_raster *r, double scale,
			 const struct ff_gradient *g, struct ff_err *err)
{
	uint32_t *row;

	if (s->ncolumns > 0 && ff_gradient_same(&s->gradient, g))
		return FF_OK;
	if (ff_grow(&s->columns, &s->columns_cap, s->ncolumns + r->width,
		    sizeof(*s->columns), err) < 0)
		return FF_ENOMEM;
	row = s->columns + s->ncolumns;
	for (unsigned x = 0; x < r->width; x++) {
		struct ff_color c = ff_gradient_at(g, (x + .5) / scale);

		row[x] = (uint32_t)ff_color_byte(c.r) << 16 |
			 (uint32_t)ff_color_byte(c.g) << 8 | ff_color_byte(c.b);
	}
	s->ncolumns += r->width;
	s->gradient = *g;
	return FF_OK;
}

/* ---- outline ---- */

/* How many chords a Bezier takes: their error goes with the second difference over the
 * square of their number; where it turns within its own width the sides need more points
 * than the middle. */
static int stroke_chords(const struct ff_point *p, double half)
{
	double ax = p[0].x - 2 * p[1].x + p[2].x, ay = p[0].y - 2 * p[1].y + p[2].y;
	double bx = p[1].x - 2 * p[2].x + p[3].x, by = p[1].y - 2 * p[2].y + p[3].y;
	double bend = fmax(hypot(ax, ay), hypot(bx, by));
	double chords =
		ceil(sqrt(.75 * bend / STROKE_TOLERANCE) + (bend > 1 ? sqrt(half) : 0));

	return (int)fmin(fmax(chords, 1), STROKE_CHORDS);
}

/* Point and direction at t. */
static void stroke_at(const struct ff_point *p, double t, struct ff_point *at,
		      struct ff_point *to)
{
	double u = 1 - t;
	double w0 = u * u * u, w1 = 3 * u * u * t, w2 = 3 * u * t * t, w3 = t * t * t;

	at->x = w0 * p[0].x + w1 * p[1].x + w2 * p[2].x + w3 * p[3].x;
	at->y = w0 * p[0].y + w1 * p[1].y + w2 * p[2].y + w3 * p[3].y;
	to->x = u * u * (p[1].x - p[0].x) + 2 * u * t * (p[2].x - p[1].x) +
		t * t * (p[3].x - p[2].x);
	to->y = u * u * (p[1].y - p[0].y) + 2 * u * t * (p[2].y - p[1].y) +
		t * t * (p[3].y - p[2].y);
	if (to->x == 0 && to->y == 0) { /* control points on each other */
		to->x = p[3].x - p[0].x;
		to->y = p[3].y - p[0].y;
	}
}

struct stroke_sides {
	struct ff_point left[1 + STROKE_CHORDS], right[1 + STROKE_CHORDS];
	size_t n;
};

static void stroke_sides(struct stroke_sides *out, const struct ff_point *p, double half,
			 bool is_first)
{
	int n = stroke_chords(p, half);

	out->n = 0;
	for (int i = is_first ? 0 : 1; i <= n; i++) {
		struct ff_point at, to;
		double length;

		stroke_at(p, (double)i / n, &at, &to);
		length = hypot(to.x, to.y);
		if (!(length > 0))
			continue;
		to.x *= half / length;
		to.y *= half / length;
		out->left[out->n] = (struct ff_point){at.x + to.y, at.y - to.x};
		out->right[out->n++] = (struct ff_point){at.x - to.y, at.y + to.x};
	}
}

/* All of one side, then all of the other: first into the store as pairs. */
static void stroke_unpair(struct ff_point *p, struct ff_point *spare, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		spare[i] = p[2 * i + 1];
		p[i] = p[2 * i];
	}
	memcpy(p + n, spare, n * sizeof(*p));
}

int ff_strokes_add(struct ff_strokes *s, const struct ff_raster *r, double scale,
		   const struct ff_point *p, size_t n, const struct ff_gradient *g,
		   double alpha, double line_pt, struct ff_err *err)
{
	double half = line_pt * scale / 2, low = HUGE_VAL, high = -HUGE_VAL;
	struct ff_stroke stroke = {.first = s->npoints, .weight = (float)(alpha * 256)};
	size_t most = n / 3 * (1 + STROKE_CHORDS);

	if (stroke_colors(s, r, scale, g, err) < 0 ||
	    ff_grow(&s->at, &s->cap, s->count + 1, sizeof(*s->at), err) < 0 ||
	    ff_grow(&s->points, &s->points_cap, s->npoints + 3 * most, sizeof(*s->points),
		    err) < 0)
		return FF_ENOMEM;
	for (size_t i = 0; i + 3 < n; i += 3) {
		struct stroke_sides sides;
		struct ff_point q[4];

		for (size_t k = 0; k < 4; k++) {
			q[k] = (struct ff_point){p[i + k].x * scale, p[i + k].y * scale};
			low = fmin(low, q[k].y);
			high = fmax(high, q[k].y);
		}
		stroke_sides(&sides, q, half, i == 0);
		for (size_t k = 0; k < sides.n; k++) {
			s->points[s->npoints++] = sides.left[k];
			s->points[s->npoints++] = sides.right[k];
		}
	}
	stroke.n = (s->npoints - stroke.first) / 2;
	stroke.colors = s->ncolumns - r->width;
	stroke.top = (int)fmax(0, floor(low - half) - 1);
	stroke.bottom = (int)fmin(r->height, fmax(0, ceil(high + half) + 1));
	stroke_unpair(s->points + stroke.first, s->points + s->npoints, stroke.n);
	if (stroke.n > 1)
		s->at[s->count++] = stroke;
	return FF_OK;
}

/* ---- area ---- */

/* Rows [top, bottom) of the image, and the areas in them. */
struct stroke_band {
	const struct ff_strokes *s;
	struct ff_raster *r;
	float *cover; /* a cell a pixel and one more a row, all zero between strokes */
	int left[STROKE_BAND], right[STROKE_BAND]; /* of what is touched */
	int top, bottom;
};

/* The part of an edge in one row: its height there with its sign, and where it enters and
 * leaves. */
static void stroke_row(struct stroke_band *b, int y, float d, float xa, float xb)
{
	float *row = b->cover + (size_t)y * (b->r->width + 1);
	float x0 = xa < xb ? xa : xb, x1 = xa < xb ? xb : xa;
	int i0 = (int)x0, i1 = (int)x1 + 1;

	if (i0 < b->left[y])
		b->left[y] = i0;
	if (i1 > b->right[y])
		b->right[y] = i1;
	if (i1 <= i0 + 1) {
		float middle = .5f * (x0 + x1) - (float)i0;

		row[i0] += d - d * middle;
		row[i0 + 1] += d * middle;
	} else {
		float slope = 1 / (x1 - x0), from = x0 - (float)i0;
		float first = .5f * slope * (1 - from) * (1 - from);
		float to = x1 - (float)i1 + 1, last = .5f * slope * to * to;

		row[i0] += d * first;
		if (i1 == i0 + 2) {
			row[i0 + 1] += d * (1 - first - last);
		} else {
			float second = slope * (1.5f - from);
			float before = second + (float)(i1 - i0 - 3) * slope;

			row[i0 + 1] += d * (second - first);
			for (int i = i0 + 2; i < i1 - 1; i++)
				row[i] += d * slope;
			row[i1 - 1] += d * (1 - before - last);
		}
		row[i1] += d * last;
	}
}

static float stroke_within(float v, float most)
{
	return v < 0 ? 0 : v > most ? most : v;
}

/* Adds an edge of the outline; beyond the sides of the image it counts at the side. */
static void stroke_edge(struct stroke_band *b, struct ff_point from, struct ff_point to)
{
	float dir = from.y < to.y ? 1 : -1;
	struct ff_point top = dir > 0 ? from : to, end = dir > 0 ? to : from;
	float slope, x, width = (float)b->r->width - .01f;
	int last;

	if (top.y == end.y || end.y <= b->top || top.y >= b->bottom)
		return;
	slope = (float)((end.x - top.x) / (end.y - top.y));
	x = (float)top.x;
	if (top.y < b->top) {
		x += slope * (float)(b->top - top.y);
		top.y = b->top;
	}
	last = (int)fmin(b->bottom, ceil(end.y));
	for (int y = (int)top.y; y < last; y++) {
		float y0 = fmaxf((float)y, (float)top.y);
		float dy = fminf((float)(y + 1), (float)end.y) - y0,
		      next = x + slope * dy;

		stroke_row(b, y - b->top, dir * dy, stroke_within(x, width),
			   stroke_within(next, width));
		x = next;
	}
}

static void stroke_outline(struct stroke_band *b, const struct ff_stroke *stroke)
{
	const struct ff_point *left = b->s->points + stroke->first;
	const struct ff_point *right = left + stroke->n;
	size_t end = stroke->n - 1;

	stroke_edge(b, right[0], left[0]);
	for (size_t i = 0; i < end; i++)
		stroke_edge(b, left[i], left[i + 1]);
	stroke_edge(b, left[end], right[end]);
	for (size_t i = end; i-- > 0;)
		stroke_edge(b, right[i + 1], right[i]);
}

static void stroke_sweep(struct stroke_band *b, const struct ff_stroke *stroke)
{
	const uint32_t *columns = b->s->columns + stroke->colors;
	int width = (int)b->r->width;

	for (int y = 0; y < b->bottom - b->top; y++) {
		float *cover = b->cover + (size_t)y * (b->r->width + 1), sum = 0;
		uint32_t *row = b->r->pixels + (size_t)(y + b->top) * b->r->width;

		for (int x = b->left[y]; x <= b->right[y]; x++) {
			float part;

			sum += cover[x];
			cover[x] = 0;
			part = fabsf(sum);
			if (part < STROKE_FAINT || x >= width)
				continue;
			part = part < 1 ? part * stroke->weight : stroke->weight;
			row[x] =
				ff_raster_mix(row[x], columns[x], (uint32_t)(part + .5f));
		}
		b->left[y] = INT_MAX;
		b->right[y] = -1;
	}
}

/* ---- bands ---- */

struct stroke_job {
	const struct ff_strokes *s;
	struct ff_raster *r;
	atomic_int next; /* band */
};

static int stroke_paint_bands(void *arg, unsigned i, struct ff_err *err)
{
	struct stroke_job *job = arg;
	struct stroke_band b = {.s = job->s, .r = job->r};
	int height = (int)job->r->height;

	(void)i;
	b.cover = ff_calloc((size_t)STROKE_BAND * (job->r->width + 1), sizeof(*b.cover));
	if (!b.cover)
		return ff_fail_nomem(err);
	for (int y = 0; y < STROKE_BAND; y++) {
		b.left[y] = INT_MAX;
		b.right[y] = -1;
	}
	for (;;) {
		b.top = atomic_fetch_add(&job->next, 1) * STROKE_BAND;
		if (b.top >= height)
			break;
		b.bottom = b.top + STROKE_BAND < height ? b.top + STROKE_BAND : height;
		for (size_t k = 0; k < job->s->count; k++) {
			const struct ff_stroke *stroke = &job->s->at[k];

			if (stroke->top >= b.bottom || stroke->bottom <= b.top)
				continue;
			stroke_outline(&b, stroke);
			stroke_sweep(&b, stroke);
		}
	}
	ff_free(b.cover);
	return FF_OK;
}

int ff_strokes_paint(struct ff_strokes *s, struct ff_raster *r, struct ff_err *err)
{
	struct stroke_job job = {.s = s, .r = r};
	/* threads cost more than a few strokes do */
	unsigned threads = s->count < 64 ? 1 : ff_cpu_count();
	int status = FF_OK;

	atomic_init(&job.next, 0);
	if (s->count > 0)
		status = ff_parallel(threads < 8 ? threads : 8, stroke_paint_bands, &job,
				     err);
	s->count = s->npoints = s->ncolumns = 0;
	return status;
}
