/* SPDX-License-Identifier: MIT */
/* bundle_sample - every link of a bundle as points in a grid, each with the value of the
 * link times the length it stands for.
 *
 * A curve is linear in its control points, and each of those belongs to one of its ends:
 * the point at t of the link (i, k) is U_i(t) + V_k(t), a half of each side. So sixteen
 * by sixteen links are sampled together: 32 halves are evaluated a step, and neighbours
 * whose halves lie within a pixel, as all do near the other end, make one point. */
#include "figure/bundle.h"
#include "figure/spline.h"

#include <math.h>

enum {
	BLOCK = 16, /* parts */
	BLOCKS = FF_BUNDLE_PARTS / BLOCK,
	LEVELS = 5, /* of clusters: 1, 2 ... 16 parts */
	SHARES = 2, /* grids, which are summed in order: the same bytes on any threads */
	BEZIERS = FF_SPLINE_POINTS + 1,
};
/* Pixels between points at most. Smoothing by means of three, and their like, joins
 * points that are three apart without a trace. */
#define SAMPLE_STEP 3.2
#define SAMPLE_CLUSTER 1.5f /* pixels: the parts of a cluster with their room */

/* Bezier points of the halves of a block. */
struct sample_half {
	float x[4][BLOCK], y[4][BLOCK];
};
/* The halves of a block at t, in clusters. */
struct sample_at {
	float x[BLOCK], y[BLOCK];
	float dx[BLOCK], dy[BLOCK]; /* of a step */
	int level;
};
struct sample_job {
	const struct ff_bundle *g;
	const struct ff_bundle_layout *l;
	const struct ff_bundle_density *m;
	struct sample_half (*half)[2][BLOCKS]; /* by Bezier */
	size_t beziers;
	const float *value; /* of all pairs of parts */
	float *grid[SHARES];
	unsigned threads;
};
/* Sums of clusters of one level by clusters of another. */
struct sample_values {
	float at[LEVELS][LEVELS][BLOCK][BLOCK];
	bool any;
};

/* ---- halves ---- */

static void sample_half(struct sample_job *job, int side, unsigned part)
{
	const struct ff_bundle_density *m = job->m;
	double scale = m->width / (m->box.x1 - m->box.x0);
	struct ff_point p[FF_SPLINE_POINTS], q[FF_SPLINE_BEZIERS(FF_SPLINE_POINTS)];
	size_t n = ff_bundle_half(p, job->l, &job->g->data, side, part,
				  job->g->params->beta);

	n = ff_spline_bezier(q, p, n);
	job->beziers = n / 3;
	for (size_t i = 0; i < n; i++) {
		/* the corner is taken off once; pixels have their middle at .5 */
		double x = (q[i].x - (side ? 0 : m->box.x0)) * scale - (side ? 0 : .5);
		double y = (q[i].y - (side ? 0 : m->box.y0)) * scale - (side ? 0 : .5);

		for (size_t k = 0; k < 2; k++) {
			size_t bezier = i / 3 - k, at = i - 3 * bezier;
			struct sample_half *h;

			if (bezier >= job->beziers || at > 3)
				continue;
			h = &job->half[bezier][side][part / BLOCK];
			h->x[at][part % BLOCK] = (float)x;
			h->y[at][part % BLOCK] = (float)y;
		}
	}
}

/* Most pixels between points of a link of the block, were it one step. */
static double sample_reach(const struct sample_half *u, const struct sample_half *v)
{
	static const int some[] = {0, BLOCK / 2, BLOCK - 1};
	double most = 0;

	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 3; k++)
			for (int leg = 0; leg < 3; leg++) {
				int a = some[i], b = some[k];
				float dx = u->x[leg + 1][a] - u->x[leg][a] +
					   v->x[leg + 1][b] - v->x[leg][b];
				float dy = u->y[leg + 1][a] - u->y[leg][a] +
					   v->y[leg + 1][b] - v->y[leg][b];

				most = fmax(most, 3 * sqrtf(dx * dx + dy * dy));
			}
	return most;
}

static void sample_bernstein(float w[4], float d[4], float t)
{
	float u = 1 - t;

	w[0] = u * u * u;
	w[1] = 3 * u * u * t;
	w[2] = 3 * u * t * t;
	w[3] = t * t * t;
	d[0] = -3 * u * u;
	d[1] = 3 * u * (u - 2 * t);
	d[2] = 3 * t * (2 * u - t);
	d[3] = 3 * t * t;
}

static void sample_weigh(float *restrict out, float (*restrict p)[BLOCK],
			 const float w[4])
{
	for (int i = 0; i < BLOCK; i++)
		out[i] =
			w[0] * p[0][i] + w[1] * p[1][i] + w[2] * p[2][i] + w[3] * p[3][i];
}

/* How large clusters may be: by the neighbours that are farthest apart. */
static int sample_level(const struct sample_at *at)
{
	float most = 0;
	int level = 0;

	for (int i = 0; i + 1 < BLOCK; i++) {
		float dx = fabsf(at->x[i + 1] - at->x[i]);
		float dy = fabsf(at->y[i + 1] - at->y[i]);
		float d = dx > dy ? dx : dy;

		most = d > most ? d : most;
	}
	while (level + 1 < LEVELS && most * (float)(2 << level) <= SAMPLE_CLUSTER)
		level++;
	return level;
}

static void sample_cluster(float v[BLOCK], int level)
{
	for (int n = BLOCK / 2; level > 0; level--, n /= 2)
		for (int i = 0; i < n; i++)
			v[i] = .5f * (v[2 * i] + v[2 * i + 1]);
}

static void sample_step(struct sample_at at[2], struct sample_half *const half[2],
			float t, float step)
{
	float w[4], d[4];

	sample_bernstein(w, d, t);
	for (int i = 0; i < 4; i++)
		d[i] *= step;
	for (int side = 0; side < 2; side++) {
		struct sample_at *to = &at[side];

		sample_weigh(to->x, half[side]->x, w);
		sample_weigh(to->y, half[side]->y, w);
		sample_weigh(to->dx, half[side]->x, d);
		sample_weigh(to->dy, half[side]->y, d);
		to->level = sample_level(to);
		sample_cluster(to->x, to->level);
		sample_cluster(to->y, to->level);
		sample_cluster(to->dx, to->level);
		sample_cluster(to->dy, to->level);
	}
}

/* ---- values ---- */

static void sample_values(struct sample_values *v, const float *value, unsigned left,
			  unsigned right)
{
	v->any = false;
	for (int i = 0; i < BLOCK; i++)
		for (int k = 0; k < BLOCK; k++) {
			float x = value[(left * BLOCK + i) * FF_BUNDLE_PARTS +
					right * BLOCK + k];

			v->at[0][0][i][k] = x;
			v->any |= x > 0;
		}
	for (int a = 0; v->any && a < LEVELS; a++) {
		for (int i = 0; a > 0 && i < BLOCK >> a; i++)
			for (int k = 0; k < BLOCK; k++)
				v->at[a][0][i][k] = v->at[a - 1][0][2 * i][k] +
						    v->at[a - 1][0][2 * i + 1][k];
		for (int b = 1; b < LEVELS; b++)
			for (int i = 0; i < BLOCK >> a; i++)
				for (int k = 0; k < BLOCK >> b; k++)
					v->at[a][b][i][k] = v->at[a][b - 1][i][2 * k] +
							    v->at[a][b - 1][i][2 * k + 1];
	}
}

/* ---- points ---- */

/* A point takes part in the four pixels around it. */
static void sample_put(const struct ff_bundle_density *m, float *grid, float x, float y,
		       float value)
{
	int left = (int)x, top = (int)y;
	float right = x - (float)left, below = y - (float)top, here = value * right;
	float *at;

	if (x < 0 || y < 0 || left + 1 >= (int)m->width || top + 1 >= (int)m->height)
		return;
	at = grid + (size_t)top * m->width + (size_t)left;
	at[0] += (value - here) * (1 - below);
	at[1] += here * (1 - below);
	at += m->width;
	at[0] += (value - here) * below;
	at[1] += here * below;
}

static void sample_blocks(const struct sample_job *job, float *grid, unsigned left,
			  unsigned right, const struct sample_values *values)
{
	struct sample_at at[2];

	for (size_t bezier = 0; bezier < job->beziers; bezier++) {
		struct sample_half *half[2] = {&job->half[bezier][0][left],
					       &job->half[bezier][1][right]};
		int n = 1 + (int)(sample_reach(half[0], half[1]) / SAMPLE_STEP);
		float step = 1 / (float)n;

		for (int s = 0; s < n; s++) {
			int a, b;

			sample_step(at, half, ((float)s + .5f) * step, step);
			a = at[0].level;
			b = at[1].level;
			for (int i = 0; i < BLOCK >> a; i++)
				for (int k = 0; k < BLOCK >> b; k++) {
					float v = values->at[a][b][i][k];
					float dx = at[0].dx[i] + at[1].dx[k];
					float dy = at[0].dy[i] + at[1].dy[k];

					if (v > 0)
						sample_put(job->m, grid,
							   at[0].x[i] + at[1].x[k],
							   at[0].y[i] + at[1].y[k],
							   v * sqrtf(dx * dx + dy * dy));
				}
		}
	}
}

static int sample_share(struct sample_job *job, unsigned share, struct ff_err *err)
{
	struct sample_values *values = ff_alloc(1, sizeof(*values));

	job->grid[share] = ff_calloc((size_t)job->m->width * job->m->height,
				     sizeof(*job->grid[share]));
	if (!job->grid[share] || !values) {
		ff_free(values);
		return ff_fail_nomem(err);
	}
	for (unsigned left = share; left < BLOCKS; left += SHARES)
		for (unsigned right = 0; right < BLOCKS; right++) {
			sample_values(values, job->value, left, right);
			if (values->any)
				sample_blocks(job, job->grid[share], left, right, values);
		}
	ff_free(values);
	return FF_OK;
}

static int sample_thread(void *arg, unsigned i, struct ff_err *err)
{
	struct sample_job *job = arg;
	int rc = FF_OK;

	for (unsigned share = i; share < SHARES && rc == FF_OK; share += job->threads)
		rc = sample_share(job, share, err);
	return rc;
}

int ff_bundle_sample(struct ff_bundle_density *m, const struct ff_bundle *g,
		     const struct ff_bundle_layout *l, struct ff_err *err)
{
	const struct ff_bundle_data *d = &g->data;
	size_t n = (size_t)m->width * m->height;
	struct sample_job job = {.g = g, .l = l, .m = m};
	float *value =
		ff_calloc((size_t)FF_BUNDLE_PARTS * FF_BUNDLE_PARTS, sizeof(*value));
	int rc = FF_OK;

	job.half = ff_calloc(BEZIERS, sizeof(*job.half));
	job.value = value;
	job.threads = g->opts && g->opts->threads > 1 ? SHARES : 1;
	if (!value || !job.half)
		rc = ff_fail_nomem(err);
	for (size_t i = 0; rc == FF_OK && i < d->nlinks; i++)
		value[d->links[i].left * FF_BUNDLE_PARTS + d->links[i].right] =
			(float)d->links[i].value;
	for (int side = 0; rc == FF_OK && side < 2; side++)
		for (unsigned part = 0; part < FF_BUNDLE_PARTS; part++)
			sample_half(&job, side,
				    part < d->side[side].parts ? part
							       : d->side[side].parts - 1);
	if (rc == FF_OK)
		rc = ff_parallel(job.threads, sample_thread, &job, err);
	for (size_t i = 0; rc == FF_OK && i < n; i++)
		job.grid[0][i] += job.grid[1][i];
	m->at = job.grid[0];
	ff_free(job.grid[1]);
	ff_free(job.half);
	ff_free(value);
	return rc;
}
