/* SPDX-License-Identifier: MIT */
/* Impulses, drawn back to front, and the dots on the floor: the thousands of small cells
 * of ports without a lane, as one image on the grid of device pixels. */
#include "figure/netbytes_3d.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- dots ---- */

#define DOTS_SIDE 4000.0 /* pixels of the image at most: more than paper shows */
#define DOTS_LEVELS 5	 /* of darkness: few, so that files stay small */

struct dots_image {
	double x, y, px; /* left and top edge, points; size of a pixel */
	unsigned width, height;
	uint8_t *count;
};

/* The floor of all bands, with dots as large as their number allows. */
static void dots_place(struct dots_image *im, const struct ff_net3d *s)
{
	const struct ff_theme *t = &s->n->theme;
	double v0 = ff_net3d_band(s, s->lanes.nbands - 1)->v0,
	       v1 = ff_net3d_band(s, 0)->v1;
	double x0 = s->o.x0 + s->o.s * v0, x1 = s->o.x0 + s->o.wd + s->o.s * v1;
	double y0 = s->o.y0 - s->o.dp * v1, y1 = s->o.y0 - s->o.dp * v0;
	double area = s->o.wd * (y1 - y0), dot;

	dot = sqrt(.12 * area / (double)s->ndots);
	dot = fmin(fmax(dot, .055 * t->fs), .13 * t->fs);
	/* whole device pixels a dot: sharp, and small files */
	im->px = s->n->px * fmax(round(dot / s->n->px), 1);
	im->px *= ceil(fmax(x1 - x0, y1 - y0) / im->px / DOTS_SIDE);
	im->x = floor(x0 / im->px) * im->px;
	im->y = floor(y0 / im->px) * im->px;
	im->width = (unsigned)ceil((x1 - im->x) / im->px) + 1;
	im->height = (unsigned)ceil((y1 - im->y) / im->px) + 1;
}

static void dots_add(struct dots_image *im, const struct ff_net3d *s, size_t cell)
{
	const struct ff_netbytes_cell *c = &s->n->data.cells[cell];
	struct ff_point at =
		ff_oblique_at(&s->o, ff_net3d_u(s, ff_edges_find(&s->edges, c->start)),
			      ff_net3d_v(s, c->port), 0);
	double x = floor((at.x - im->x) / im->px), y = floor((at.y - im->y) / im->px);
	uint8_t *to;

	if (x < 0 || y < 0 || x >= im->width || y >= im->height)
		return;
	to = &im->count[(size_t)y * im->width + (size_t)x];
	*to = (uint8_t)(*to < DOTS_LEVELS ? *to + 1 : DOTS_LEVELS);
}

int ff_net3d_draw_dots(const struct ff_net3d *s, struct ff_err *err)
{
	struct ff_color c = ff_netbytes_odd_color(&s->n->theme);
	double alone = s->ndots > 20000 ? .34 : s->ndots > 2000 ? .5 : .75;
	struct dots_image im;
	uint8_t *rgba;

	if (s->ndots == 0 || s->lanes.nbands == 0)
		return FF_OK;
	dots_place(&im, s);
	im.count = ff_calloc((size_t)im.width * im.height, 1);
	rgba = ff_calloc((size_t)im.width * im.height, 4);
	if (im.count && rgba) {
		for (size_t i = 0; i < s->n->data.ncells; i++) {
			const struct ff_netbytes_cell *cell = &s->n->data.cells[i];

			if (s->lanes.place[cell->port] >= FF_NETBYTES_LANES &&
			    cell->value > 0 && (double)cell->value < s->least)
				dots_add(&im, s, i);
		}
		for (size_t i = 0; i < (size_t)im.width * im.height; i++) {
			double a = 1 - pow(1 - alone, im.count[i]);

			rgba[4 * i] = (uint8_t)lround(255 * c.r);
			rgba[4 * i + 1] = (uint8_t)lround(255 * c.g);
			rgba[4 * i + 2] = (uint8_t)lround(255 * c.b);
			rgba[4 * i + 3] = (uint8_t)lround(255 * a);
		}
		ff_canvas_note(s->n->cv, "floor dots");
		ff_canvas_image(s->n->cv, im.x, im.y, im.width * im.px, im.height * im.px,
				rgba, im.width, im.height);
	}
	if (!im.count || !rgba) {
		ff_free(im.count);
		ff_free(rgba);
		return ff_fail_nomem(err);
	}
	ff_free(im.count);
	ff_free(rgba);
	return FF_OK;
}

/* ---- impulses ---- */

static struct ff_cell marks_impulse(const struct ff_net3d *s, double u, double v,
				    double z)
{
	struct ff_point foot = ff_oblique_at(&s->o, u, v, 0);
	/* the least flow is seen: a lane without it is a line */
	double h = fmax(s->o.hh * z, fmax(.12 * s->n->theme.fs, s->n->px));

	return (struct ff_cell){(float)(foot.x - s->width / 2), (float)(foot.y - h),
				(float)s->width, (float)h, 0};
}

/* The tip of an impulse, where log heights would make a wall of solid ones. */
static struct ff_cell marks_cap(const struct ff_net3d *s, const struct ff_cell *stem)
{
	double h = .18 * s->n->theme.fs, w = fmax(s->width, h);
	double x = stem->x + stem->w / 2 - w / 2;

	return (struct ff_cell){(float)x, stem->y, (float)w,
				(float)fmin(h, fmax(stem->h, s->n->px)), 0};
}

static void marks_draw(const struct ff_net3d *s, struct ff_cell *cells, size_t count,
		       struct ff_color color)
{
	const struct ff_theme *t = &s->n->theme;
	bool is_log = s->n->params->is_log;
	struct ff_color stem = is_log ? ff_mix(color, t->background, .55)
				      : ff_mix(color, t->background, .12);

	if (count == 0)
		return;
	ff_canvas_cells(s->n->cv, cells, count, &stem, 1);
	if (!is_log)
		return;
	for (size_t i = 0; i < count; i++)
		cells[i] = marks_cap(s, &cells[i]);
	ff_canvas_cells(s->n->cv, cells, count, &color, 1);
}

static void marks_lane(const struct ff_net3d *s, size_t lane, struct ff_cell *cells)
{
	const struct ff_theme *t = &s->n->theme;
	double v = s->strips[lane].base;
	struct ff_point from = ff_oblique_at(&s->o, 0, v, 0),
			to = ff_oblique_at(&s->o, 1, v, 0);
	struct ff_color color = ff_net3d_color(s, s->lanes.lanes[lane].port);
	size_t count = 0;

	for (size_t i = 0; i < s->edges.count; i++) {
		uint64_t value = s->value[lane * s->edges.count + i];

		if (value > 0)
			cells[count++] = marks_impulse(s, ff_net3d_u(s, i), v,
						       ff_net3d_z(s, (double)value));
	}
	ff_canvas_line(s->n->cv, from.x, from.y, to.x, to.y,
		       ff_mix(color, t->background, .35), .6 * t->axis, NULL);
	marks_draw(s, cells, count, color);
}

struct marks_odd { /* an impulse without a lane, to be sorted */
	double v;
	size_t cell;
};

/* Back to front; then as in the table. */
static int marks_compare(const void *pa, const void *pb)
{
	const struct marks_odd *a = pa, *b = pb;

	if (a->v != b->v)
		return a->v > b->v ? -1 : 1;
	return (a->cell > b->cell) - (a->cell < b->cell);
}

static void marks_odd(const struct ff_net3d *s, struct marks_odd *odd,
		      struct ff_cell *cells)
{
	struct ff_color color = ff_netbytes_odd_color(&s->n->theme);

	for (size_t i = 0; i < s->nodd; i++)
		odd[i] = (struct marks_odd){
			ff_net3d_v(s, s->n->data.cells[s->odd[i]].port), s->odd[i]};
	qsort(odd, s->nodd, sizeof(*odd), marks_compare);
	for (size_t i = 0; i < s->nodd; i++) {
		const struct ff_netbytes_cell *c = &s->n->data.cells[odd[i].cell];

		cells[i] = marks_impulse(
			s, ff_net3d_u(s, ff_edges_find(&s->edges, c->start)), odd[i].v,
			ff_net3d_z(s, (double)c->value));
	}
	/* one colour: their order is seen only where they are outlined by nothing */
	marks_draw(s, cells, s->nodd, color);
}

static void marks_heads(const struct ff_net3d *s)
{
	const struct ff_theme *t = &s->n->theme;

	for (size_t i = 0; i < s->nheads; i++)
		ff_canvas_circle(
			s->n->cv, s->heads[i].at.x, s->heads[i].at.y, .2 * t->fs,
			ff_net3d_color(s, s->n->data.cells[s->heads[i].cell].port),
			t->background, .5 * t->axis);
}

int ff_net3d_draw_impulses(const struct ff_net3d *s, struct ff_err *err)
{
	size_t most = s->edges.count > s->nodd ? s->edges.count : s->nodd;
	struct ff_cell *cells = ff_alloc(most, sizeof(*cells));
	struct marks_odd *odd = ff_alloc(s->nodd, sizeof(*odd));
	int rc = FF_OK;

	if (cells && odd) {
		ff_canvas_note(s->n->cv, "lanes");
		for (size_t i = 0; i < s->lanes.nlanes; i++)
			marks_lane(s, i, cells);
		ff_canvas_note(s->n->cv, "other ports");
		marks_odd(s, odd, cells);
		ff_canvas_note(s->n->cv, "heads");
		marks_heads(s);
	} else {
		rc = ff_fail_nomem(err);
	}
	ff_free(cells);
	ff_free(odd);
	return rc;
}
