/* SPDX-License-Identifier: MIT */
/* Small drawings that several figures make. */
#include "figure/marks.h"

#include <math.h>

void ff_hatch(struct ff_canvas *cv, const struct ff_theme *t, struct ff_box box)
{
	const struct ff_point corners[] = {
		{box.x0, box.y0}, {box.x1, box.y0}, {box.x1, box.y1}, {box.x0, box.y1}};
	double height = box.y1 - box.y0, gap = .5 * t->fs;

	if (!(box.x1 > box.x0 && height > 0))
		return;
	ff_canvas_clip(cv, corners, 4);
	/* anchored to the page, so that neighbouring boxes share their lines */
	for (double x = floor((box.x0 - height) / gap) * gap; x < box.x1; x += gap) {
		const struct ff_point line[] = {{x, box.y1}, {x + height, box.y0}};

		ff_canvas_polyline(cv, line, 2, t->grid, t->hair, NULL);
	}
	ff_canvas_unclip(cv);
}

void ff_outline(struct ff_canvas *cv, const struct ff_theme *t, struct ff_box box)
{
	const struct ff_point p[] = {
		{box.x0, box.y0}, {box.x1, box.y0}, {box.x1, box.y1}, {box.x0, box.y1}};

	ff_canvas_polygon(cv, p, 4, FF_NO_COLOR, t->grey, .7 * t->axis);
}
