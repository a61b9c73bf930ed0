/* SPDX-License-Identifier: MIT */
/* Where arcs, cells, rings and bars are, and the paths between them: numbers only. */
#include "figure/bundle.h"
#include "figure/spline.h"

#include <math.h>
#include <stdlib.h>

#define LAYOUT_DEGREE (3.14159265358979323846 / 180)
#define LAYOUT_GAP 11.0	 /* degrees from the top and the bottom to the arcs */
#define LAYOUT_ARC 158.0 /* degrees of an arc */
#define LAYOUT_USED \
	.86 /* of the arc, for the parts in use, when the others are squeezed */
#define LAYOUT_WIDEST 14.0 /* degrees of a part */
#define LAYOUT_CUT 2.2	   /* bars above this many axis ends are cut */
#define LAYOUT_OVER 1.16   /* of the axis, where cut bars end */

static const double layout_control[] = {.74, .52}; /* radii of groups' control points */

double ff_bundle_nice(double v)
{
	static const double steps[] = {1, 2, 5, 10};
	double decade = pow(10, floor(log10(v)));

	for (int i = 0; i < 4; i++)
		if (steps[i] * decade >= v * (1 - 1e-9))
			return steps[i] * decade;
	return 10 * decade;
}

/* ---- angles ---- */

/* Parts in use share most of the arc, the others the rest. */
static void layout_fit(struct ff_bundle_arc *a, const struct ff_bundle_side *s)
{
	unsigned empty = s->parts - s->used;
	double share = empty ? LAYOUT_USED : 1;
	double wide = fmin(LAYOUT_WIDEST, LAYOUT_ARC * share / s->used);
	double narrow = empty ? wide * s->used * (1 - share) / share / empty : 0;
	double whole = wide * s->used + narrow * empty;
	double at = LAYOUT_GAP + (LAYOUT_ARC - whole) / 2;

	for (unsigned i = 0; i < s->parts; i++) {
		a->from[i] = at * LAYOUT_DEGREE;
		at += s->part[i].value ? wide : narrow;
		a->to[i] = at * LAYOUT_DEGREE;
	}
}

/* Degrees between part i and the one before it. */
static double layout_gap(const struct ff_bundle_side *s, unsigned i)
{
	if (i == 0)
		return 0;
	if (s->levels == 2 && i % s->level_parts[1] == 0)
		return 1.5;
	if (s->levels > 0 && i % s->level_parts[0] == 0)
		return s->levels == 2 ? .7 : .9;
	return 0;
}

static void layout_equal(struct ff_bundle_arc *a, const struct ff_bundle_side *s)
{
	double gaps = 0, at, wide;

	for (unsigned i = 0; i < s->parts; i++)
		gaps += layout_gap(s, i);
	wide = fmin(LAYOUT_WIDEST, (LAYOUT_ARC - gaps) / s->parts);
	at = LAYOUT_GAP + (LAYOUT_ARC - gaps - wide * s->parts) / 2;
	for (unsigned i = 0; i < s->parts; i++) {
		at += layout_gap(s, i);
		a->from[i] = at * LAYOUT_DEGREE;
		at += wide;
		a->to[i] = at * LAYOUT_DEGREE;
	}
}

/* Control points of groups stand at the mean angle of their parts in use. */
static void layout_groups(struct ff_bundle_arc *a, const struct ff_bundle_side *s)
{
	for (size_t level = 0; level < s->levels; level++) {
		for (unsigned i = 0; i < s->parts; i += s->level_parts[level]) {
			double sum = 0, n = 0;

			for (unsigned k = i;
			     k < i + s->level_parts[level] && k < s->parts; k++) {
				if (!s->part[k].value)
					continue;
				sum += (a->from[k] + a->to[k]) / 2;
				n++;
			}
			a->group[level][i / s->level_parts[level]] = n > 0 ? sum / n : 0;
		}
	}
}

void ff_bundle_angles(struct ff_bundle_layout *l, const struct ff_bundle_data *d, int arc)
{
	*l = (struct ff_bundle_layout){0};
	for (int side = 0; side < 2; side++) {
		const struct ff_bundle_side *s = &d->side[side];
		struct ff_bundle_arc *a = &l->arc[side];

		a->is_fit = arc == FF_BUNDLE_FIT && s->used <= FF_BUNDLE_SMALL;
		if (a->is_fit)
			layout_fit(a, s);
		else
			layout_equal(a, s);
		layout_groups(a, s);
		a->low = a->from[0];
		a->high = a->to[s->parts - 1];
	}
}

double ff_bundle_steepness(const struct ff_bundle_layout *l)
{
	double most = 0;

	for (int side = 0; side < 2; side++)
		most = fmax(most, fmax(cos(l->arc[side].low), -cos(l->arc[side].high)));
	return most;
}

/* ---- radii and bars ---- */

static double layout_rings(const struct ff_bundle_layout *l,
			   const struct ff_bundle_side *s, int side, double k)
{
	size_t rings = l->arc[side].is_fit || s->levels == 0 || !s->level_bits[0]
			       ? 1
			       : s->levels;

	return 2 * k + (double)rings * 2.1 * k;
}

static int layout_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

/* The axis ends at the largest share, or at a round one above the eighth largest when
 * that would leave most bars hairlines. */
static double layout_axis(const struct ff_bundle_data *d)
{
	double shares[2 * FF_BUNDLE_PARTS], most;
	size_t n = 0;

	for (int side = 0; side < 2; side++)
		for (unsigned i = 0; i < d->side[side].parts; i++)
			if (d->side[side].part[i].value)
				shares[n++] =
					(double)d->side[side].part[i].value / d->total;
	qsort(shares, n, sizeof(shares[0]), layout_compare);
	most = shares[0];
	if (n >= 8 && most > LAYOUT_CUT * ff_bundle_nice(shares[7]))
		return ff_bundle_nice(shares[7]);
	return fmin(1, ff_bundle_nice(most));
}

void ff_bundle_radii(struct ff_bundle_layout *l, const struct ff_bundle_data *d,
		     double rad, double k)
{
	l->rad = rad;
	l->k = k;
	l->bar_height = FF_BUNDLE_BAR * rad;
	l->bar_share = layout_axis(d);
	for (int side = 0; side < 2; side++) {
		const struct ff_bundle_side *s = &d->side[side];
		struct ff_bundle_arc *a = &l->arc[side];

		a->ring0 = rad + 2 * k;
		a->bars0 = rad + layout_rings(l, s, side, k) + .6 * k;
		for (unsigned i = 0; i < s->parts; i++) {
			double part = (double)s->part[i].value / d->total / l->bar_share;

			a->is_cut[i] = part > LAYOUT_OVER;
			a->bar[i] = fmin(part, LAYOUT_OVER) * l->bar_height;
			if (s->part[i].value)
				a->bar[i] = fmax(a->bar[i], .4 * k);
		}
	}
	l->bars1 = fmax(l->arc[0].bars0, l->arc[1].bars0) + l->bar_height;
	l->label_rad = l->bars1 + (LAYOUT_OVER - 1) * l->bar_height + 2.5 * k;
}

double ff_bundle_reach(const struct ff_bundle_data *d, double rad, double k)
{
	size_t rings = 1;

	for (int side = 0; side < 2; side++)
		if (d->side[side].levels > rings)
			rings = d->side[side].levels;
	return rad * (1 + FF_BUNDLE_BAR * LAYOUT_OVER) + (5.1 + 2.1 * (double)rings) * k;
}

struct ff_point ff_bundle_at(const struct ff_bundle_layout *l, int side, double angle,
			     double radius)
{
	double x = radius * sin(angle);

	return (struct ff_point){l->cx + (side ? x : -x), l->cy - radius * cos(angle)};
}

/* ---- paths ---- */

/* Control points of one side, from the leaf inwards; returns how many. */
static size_t layout_side(struct ff_point *p, const struct ff_bundle_layout *l,
			  const struct ff_bundle_data *d, int side, unsigned part)
{
	const struct ff_bundle_side *s = &d->side[side];
	const struct ff_bundle_arc *a = &l->arc[side];
	double angle = (a->from[part] + a->to[part]) / 2;
	size_t n = 0;

	p[n++] = ff_bundle_at(l, side, angle, l->rad);
	for (size_t level = 0; level < s->levels; level++)
		p[n++] = ff_bundle_at(l, side,
				      a->group[level][part / s->level_parts[level]],
				      l->rad * layout_control[level]);
	/* without groups one point keeps links from being bare lines */
	if (s->levels == 0)
		p[n++] = ff_bundle_at(l, side, angle, l->rad * layout_control[1]);
	return n;
}

static size_t layout_points(const struct ff_bundle_side *s)
{
	return s->levels ? 1 + s->levels : 2;
}

size_t ff_bundle_half(struct ff_point *p, const struct ff_bundle_layout *l,
		      const struct ff_bundle_data *d, int side, unsigned part,
		      double beta)
{
	size_t n = layout_points(&d->side[0]) + layout_points(&d->side[1]);
	struct ff_point own[1 + FF_BUNDLE_LEVELS];
	size_t count = layout_side(own, l, d, side, part);

	for (size_t i = 0; i < n; i++)
		p[i] = (struct ff_point){0, 0};
	for (size_t i = 0; i < count; i++)
		p[side ? n - 1 - i : i] = own[i];
	ff_spline_straighten(p, n, beta);
	return n;
}

size_t ff_bundle_path(struct ff_point *p, const struct ff_bundle_layout *l,
		      const struct ff_bundle_data *d, const struct ff_bundle_link *link,
		      double beta)
{
	struct ff_point other[1 + FF_BUNDLE_LEVELS];
	size_t n = layout_side(p, l, d, 0, link->left);

	for (size_t i = layout_side(other, l, d, 1, link->right); i-- > 0;)
		p[n++] = other[i];
	ff_spline_straighten(p, n, beta);
	return n;
}
