/* SPDX-License-Identifier: MIT */
/* ink - see ink.h. Until sealed, `sum` holds 0 and 1; sealing turns it into a summed-area
 * table (Crow 1984), so that any box is asked in constant time. */
#include "figure/ink.h"

#include <math.h>
#include <string.h>

#define INK_MAX 512.0

int ff_ink_init(struct ff_ink *ink, struct ff_box box, struct ff_err *err)
{
	double width = fmax(box.x1 - box.x0, 1), height = fmax(box.y1 - box.y0, 1);

	memset(ink, 0, sizeof(*ink));
	ink->box = box;
	ink->step = fmax(1, fmax(width, height) / INK_MAX);
	ink->nx = (size_t)ceil(width / ink->step);
	ink->ny = (size_t)ceil(height / ink->step);
	ink->sum = ff_calloc((ink->nx + 1) * (ink->ny + 1), sizeof(*ink->sum));
	return ink->sum ? FF_OK : ff_fail_nomem(err);
}

void ff_ink_release(struct ff_ink *ink)
{
	ff_free(ink->sum);
	ink->sum = NULL;
}

/* Grid line at or before v, within 0..n. */
static size_t ink_floor(double v, size_t n)
{
	if (!(v > 0))
		return 0;
	return v >= (double)n ? n : (size_t)v;
}

static size_t ink_ceil(double v, size_t n)
{
	return ink_floor(ceil(v), n);
}

void ff_ink_rect(struct ff_ink *ink, double x0, double y0, double x1, double y1)
{
	size_t left = ink_floor((x0 - ink->box.x0) / ink->step, ink->nx);
	size_t right = ink_ceil((x1 - ink->box.x0) / ink->step, ink->nx);
	size_t top = ink_floor((y0 - ink->box.y0) / ink->step, ink->ny);
	size_t bottom = ink_ceil((y1 - ink->box.y0) / ink->step, ink->ny);

	for (size_t y = top; y < bottom; y++)
		for (size_t x = left; x < right; x++)
			ink->sum[(y + 1) * (ink->nx + 1) + x + 1] = 1;
}

void ff_ink_line(struct ff_ink *ink, const struct ff_point *p, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		double dx = p[i + 1].x - p[i].x, dy = p[i + 1].y - p[i].y;
		double length = fmin(hypot(dx, dy), 4 * INK_MAX * ink->step);
		size_t steps = (size_t)(length / (ink->step / 2)) + 1;

		for (size_t k = 0; k <= steps; k++) {
			double t = (double)k / (double)steps;
			double x = p[i].x + t * dx, y = p[i].y + t * dy;

			ff_ink_rect(ink, x, y, x + 0.01, y + 0.01);
		}
	}
}

void ff_ink_seal(struct ff_ink *ink)
{
	size_t stride = ink->nx + 1;

	for (size_t y = 1; y <= ink->ny && !ink->is_sealed; y++) {
		uint32_t row = 0;

		for (size_t x = 1; x <= ink->nx; x++) {
			row += ink->sum[y * stride + x];
			ink->sum[y * stride + x] = ink->sum[(y - 1) * stride + x] + row;
		}
	}
	ink->is_sealed = true;
}

double ff_ink_cover(const struct ff_ink *ink, const struct ff_box *box)
{
	size_t stride = ink->nx + 1;
	size_t left = ink_floor((box->x0 - ink->box.x0) / ink->step, ink->nx);
	size_t right = ink_ceil((box->x1 - ink->box.x0) / ink->step, ink->nx);
	size_t top = ink_floor((box->y0 - ink->box.y0) / ink->step, ink->ny);
	size_t bottom = ink_ceil((box->y1 - ink->box.y0) / ink->step, ink->ny);
	uint32_t marked;

	if (box->x0 < ink->box.x0 || box->x1 > ink->box.x1 || box->y0 < ink->box.y0 ||
	    box->y1 > ink->box.y1 || left >= right || top >= bottom)
		return 1;
	marked = ink->sum[bottom * stride + right] - ink->sum[top * stride + right] -
		 ink->sum[bottom * stride + left] + ink->sum[top * stride + left];
	return (double)marked / (double)((right - left) * (bottom - top));
}

/* Box of the item; measuring is dear, so an item that is the last one moved moves its
 * box. */
static struct ff_box ink_box(struct ff_canvas *cv, const struct ff_text_item *item,
			     const struct ff_text_item *last, struct ff_box box)
{
	double dx, dy;

	if (!last || last->text != item->text || last->anchor != item->anchor ||
	    last->angle != item->angle || last->style.size_pt != item->style.size_pt ||
	    last->style.weight != item->style.weight)
		return ff_text_box(cv, item);
	dx = item->x - last->x;
	dy = item->y - last->y;
	return (struct ff_box){box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy};
}

bool ff_ink_place(const struct ff_ink *ink, struct ff_labels *labels,
		  const struct ff_text_item *tries, size_t ntries, size_t n,
		  struct ff_ink_rule rule)
{
	const struct ff_text_item *last = NULL;
	struct ff_box box = {0, 0, 0, 0};
	size_t best = ntries;
	double least = 0;

	for (size_t i = 0; i < ntries; i++) {
		double cover = 0;

		for (size_t k = 0; k < n; k++) {
			box = ink_box(labels->cv, &tries[i * n + k], last, box);
			last = &tries[i * n + k];
			cover = fmax(cover, ff_ink_cover(ink, &box));
		}
		if (cover > rule.most)
			continue;
		cover += rule.patience * (double)i;
		if (best < ntries && cover >= least)
			continue;
		if (!ff_labels_fit(labels, &tries[i * n], n))
			continue;
		best = i;
		least = cover;
	}
	if (best == ntries)
		return false;
	return ff_labels_add(labels, &tries[best * n], n);
}
