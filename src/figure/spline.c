/* SPDX-License-Identifier: MIT */
/* B-splines as Beziers. */
#include "figure/spline.h"

#include <assert.h>

void ff_spline_straighten(struct ff_point *p, size_t n, double beta)
{
	struct ff_point first = p[0], last = p[n - 1];

	for (size_t i = 1; i + 1 < n; i++) {
		double t = (double)i / (double)(n - 1);
		double x = first.x + t * (last.x - first.x);
		double y = first.y + t * (last.y - first.y);

		p[i].x = x + beta * (p[i].x - x);
		p[i].y = y + beta * (p[i].y - y);
	}
}

/* a..d are four consecutive control points; the segment begins where the last one ended.
 */
static void spline_segment(struct ff_point *out, const struct ff_point *b,
			   const struct ff_point *c, const struct ff_point *d)
{
	out[0] = (struct ff_point){(2 * b->x + c->x) / 3, (2 * b->y + c->y) / 3};
	out[1] = (struct ff_point){(b->x + 2 * c->x) / 3, (b->y + 2 * c->y) / 3};
	out[2] = (struct ff_point){(b->x + 4 * c->x + d->x) / 6,
				   (b->y + 4 * c->y + d->y) / 6};
}

size_t ff_spline_bezier(struct ff_point *out, const struct ff_point *p, size_t n)
{
	struct ff_point q[FF_SPLINE_POINTS + 4]; /* both ends twice more */
	size_t count = 1;

	assert(n >= 2 && n <= FF_SPLINE_POINTS);
	for (size_t i = 0; i < n + 4; i++)
		q[i] = p[i < 2 ? 0 : i - 2 < n ? i - 2 : n - 1];
	out[0] = p[0];
	for (size_t i = 0; i + 3 < n + 4; i++, count += 3)
		spline_segment(out + count, &q[i + 1], &q[i + 2], &q[i + 3]);
	return count;
}
