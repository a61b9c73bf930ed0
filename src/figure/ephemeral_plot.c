/* SPDX-License-Identifier: MIT */
/* Ports over time: every flow a mark, or, of many, marks counted on the device's pixels.
 */
#include "figure/ephemeral.h"

#include <math.h>

/* A plot's density has at most this many pixels; finer devices share one among k x k. */
#define PLOT_PIXELS (1 << 24)
/* Pixels of SVG and PDF, an inch: a mark of two is as large as one of three at 300, in
 * half the bytes, and moves by a sixteenth of a millimetre at most. */
#define PLOT_VECTOR_DPI 200.0
/* No row of the grid: the port is off the axis. */
#define PLOT_OFF UINT32_MAX
#define PLOT_KEY_STEPS 96

/* ---- places ---- */

static unsigned plot_width(const struct ff_ephemeral_plot *p)
{
	return (unsigned)fmax(lround((p->box.x1 - p->box.x0) / p->px), 1);
}

static unsigned plot_height(const struct ff_ephemeral_plot *p)
{
	return (unsigned)fmax(lround((p->box.y1 - p->box.y0) / p->px), 1);
}

static bool plot_shows(const struct ff_ephemeral_plot *p, size_t row)
{
	const struct ff_ephemeral_data *d = &p->e->data;

	return ff_ephemeral_sport(d, row) >= p->low &&
	       ff_ephemeral_sport(d, row) < p->high && d->time[row] >= p->t0 &&
	       d->time[row] <= p->t1;
}

/* Half a mark stays free on every side, so that every mark is whole. */
static void plot_scales(struct ff_ephemeral_plot *p)
{
	double x = fmin(p->mark * p->px / 2, (p->box.x1 - p->box.x0) / 4);
	double y = fmin(p->mark * p->px / 2, (p->box.y1 - p->box.y0) / 4);

	p->time = ff_scale_time(p->t0, p->t1, p->box.x0 + x, p->box.x1 - x);
	p->port = ff_scale_linear(p->low, p->high, p->box.y1 - y, p->box.y0 + y);
}

/* ---- density ---- */

/* The grid's row of every port. */
static void plot_rows(const struct ff_ephemeral_plot *p, uint32_t *rows, unsigned height)
{
	for (unsigned port = 0; port < FF_PORTS; port++) {
		double y = (ff_scale_at(&p->port, port + .5) - p->box.y0) / p->px;

		rows[port] = PLOT_OFF;
		if (port >= p->low && port < p->high)
			rows[port] = (uint32_t)fmin(fmax(floor(y), 0), height - 1.0);
	}
}

static int plot_count(struct ff_ephemeral_plot *p, struct ff_err *err)
{
	const struct ff_ephemeral_data *d = &p->e->data;
	const struct ff_ephemeral_classes *c = &p->e->classes;
	unsigned width = plot_width(p), height = plot_height(p);
	unsigned inset = (p->mark - 1) / 2;
	uint32_t *rows = ff_alloc(FF_PORTS, sizeof(*rows));
	double per_ns = ((double)width - p->mark) / ((double)p->t1 - (double)p->t0);
	int rc = rows ? FF_OK : ff_fail_nomem(err);

	for (size_t k = 0; k < c->count && rc == FF_OK; k++)
		rc = ff_density_init(&p->grids[k], width, height, err);
	if (rc == FF_OK)
		plot_rows(p, rows, height);
	for (size_t i = p->host->first, end = i + p->host->count; i < end && rc == FF_OK;
	     i++) {
		size_t row = ff_ephemeral_row(d, i);
		uint32_t y = rows[ff_ephemeral_sport(d, row)];
		double x;

		if (y == PLOT_OFF || d->time[row] < p->t0 || d->time[row] > p->t1) {
			p->outside++;
			continue;
		}
		x = (double)((uint64_t)d->time[row] - (uint64_t)p->t0) * per_ns + .5;
		x = x > 0 ? x + inset : inset;
		ff_density_add(&p->grids[ff_ephemeral_class_of(c, d, row)],
			       x < width ? (unsigned)x : width - 1, y);
	}
	ff_free(rows);
	for (size_t k = 0; k < c->count && rc == FF_OK; k++)
		rc = ff_density_spread(&p->grids[k], p->mark, err);
	p->most = rc == FF_OK ? ff_density_most(p->grids, c->count) : 0;
	return rc;
}

int ff_ephemeral_plot_init(struct ff_ephemeral_plot *p, struct ff_err *err)
{
	const struct ff_theme *t = &p->e->theme;
	bool is_vector = !ff_canvas_has_pixels(p->e->cv);
	double device = 72 / (is_vector ? fmin(t->dpi, PLOT_VECTOR_DPI) : t->dpi);
	double pixels;

	p->px = device;
	do {
		pixels =
			(p->box.x1 - p->box.x0) / p->px * (p->box.y1 - p->box.y0) / p->px;
		p->px += pixels > PLOT_PIXELS ? device : 0;
	} while (pixels > PLOT_PIXELS);
	p->box.x0 = ceil(p->box.x0 / p->px - 1e-6) * p->px;
	p->box.y0 = ceil(p->box.y0 / p->px - 1e-6) * p->px;
	p->box.x1 = fmax(floor(p->box.x1 / p->px + 1e-6), p->box.x0 / p->px + 8) * p->px;
	p->box.y1 = fmax(floor(p->box.y1 / p->px + 1e-6), p->box.y0 / p->px + 8) * p->px;
	p->mark = (unsigned)fmin(fmax(round(.7 * p->e->k / p->px), 1), 8);
	p->is_dense = p->host->count > FF_EPHEMERAL_POINTS;
	plot_scales(p);
	if (p->is_dense)
		return plot_count(p, err);
	for (size_t i = p->host->first; i < p->host->first + p->host->count; i++)
		p->outside += !plot_shows(p, ff_ephemeral_row(&p->e->data, i));
	return FF_OK;
}

void ff_ephemeral_plot_release(struct ff_ephemeral_plot *p)
{
	for (size_t k = 0; k < FF_EPHEMERAL_CLASSES; k++)
		ff_density_release(&p->grids[k]);
}

/* ---- marks ---- */

void ff_ephemeral_mark(const struct ff_ephemeral *e, double x, double y, double r,
		       struct ff_color c, bool is_cross)
{
	const struct ff_point a[] = {{x - r, y - r}, {x + r, y + r}};
	const struct ff_point b[] = {{x - r, y + r}, {x + r, y - r}};

	if (!is_cross) {
		ff_canvas_circle(e->cv, x, y, r, c, FF_NO_COLOR, 0);
		return;
	}
	ff_canvas_polyline(e->cv, a, 2, c, .45 * e->k, NULL);
	ff_canvas_polyline(e->cv, b, 2, c, .45 * e->k, NULL);
}

void ff_ephemeral_key_draw(const struct ff_ephemeral *e, const struct ff_key *key)
{
	const struct ff_box *k = &key->box;

	ff_key_draw(key, &e->theme, e->cv);
	for (size_t c = 1; c < e->classes.count; c++) {
		double y = k->y0 + (k->y1 - k->y0) * (double)c / (double)e->classes.count;
		double x0 = key->ramp0, x1 = k->x1;

		/* a count of one everywhere is a swatch of 2.2 type sizes */
		if (!(key->most > key->least))
			x1 = x0 + 2.2 * e->theme.fs;
		for (int i = 0; i < PLOT_KEY_STEPS; i++) {
			double x = x0 + (x1 - x0) * i / PLOT_KEY_STEPS;
			double shade =
				key->most > key->least ? (i + .5) / PLOT_KEY_STEPS : 0;

			ff_canvas_rect(e->cv, x, y, x1 - x, k->y1 - y,
				       ff_ramp_at(&e->classes.at[c].ramp, shade));
		}
	}
}

/* The rarer class over the commoner one; of classes by destination, the rest undermost.
 */
static void plot_order(const struct ff_ephemeral_classes *c, size_t *order)
{
	for (size_t i = 0; i < c->count; i++) {
		size_t k = i;

		for (; k > 0 && c->at[order[k - 1]].flows < c->at[i].flows; k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
	if (c->count > c->named) {
		size_t k = 0;

		while (order[k] != c->named)
			k++;
		for (; k > 0; k--)
			order[k] = order[k - 1];
		order[0] = c->named;
	}
}

/* On a port that the verdict set aside. */
static bool plot_is_aside(const struct ff_ephemeral_plot *p, size_t row)
{
	const struct ff_ephemeral_data *d = &p->e->data;

	return ff_ephemeral_is_aside(d, ff_ephemeral_sport(d, row));
}

static void plot_aside(const struct ff_ephemeral_plot *p, double r)
{
	const struct ff_ephemeral_data *d = &p->e->data;
	const struct ff_theme *t = &p->e->theme;
	struct ff_color grey = ff_mix(t->background, t->grey, .5);

	for (size_t i = p->host->first; i < p->host->first + p->host->count; i++) {
		size_t row = ff_ephemeral_row(d, i);

		if (plot_shows(p, row) && plot_is_aside(p, row))
			ff_ephemeral_mark(
				p->e, ff_scale_at_time(&p->time, d->time[row]),
				ff_scale_at(&p->port, ff_ephemeral_sport(d, row) + .5), r,
				grey, ff_ephemeral_is_udp(d, row));
	}
}

static void plot_points(const struct ff_ephemeral_plot *p)
{
	const struct ff_ephemeral_data *d = &p->e->data;
	const struct ff_ephemeral_classes *c = &p->e->classes;
	size_t n = p->host->count, end = p->host->first + n;
	double r = (n > 4000 ? .62 : .8) * p->e->k * (p->e->theme.is_slide ? 1.15 : 1);
	size_t order[FF_EPHEMERAL_CLASSES] = {0};

	plot_order(c, order);
	if (d->has_aside)
		plot_aside(p, r);
	for (size_t k = 0; k < c->count; k++) {
		struct ff_color color = c->at[order[k]].color;

		color.a = n < 2500 ? 1 : .75;
		for (size_t i = p->host->first; i < end; i++) {
			size_t row = ff_ephemeral_row(d, i);

			if (!plot_shows(p, row) || plot_is_aside(p, row) ||
			    ff_ephemeral_class_of(c, d, row) != order[k])
				continue;
			ff_ephemeral_mark(
				p->e, ff_scale_at_time(&p->time, d->time[row]),
				ff_scale_at(&p->port,
					    (double)ff_ephemeral_sport(d, row) + .5),
				r, color, ff_ephemeral_is_udp(d, row));
		}
	}
}

int ff_ephemeral_plot_draw(const struct ff_ephemeral_plot *p, uint64_t most,
			   struct ff_color ground, struct ff_err *err)
{
	const struct ff_ephemeral_classes *c = &p->e->classes;
	struct ff_ramp *ramps;
	int rc;

	ff_canvas_note(p->e->cv, p->is_dense ? "density" : "flows");
	if (!p->is_dense) {
		plot_points(p);
		return FF_OK;
	}
	ramps = ff_alloc(c->count, sizeof(*ramps));
	if (!ramps)
		return ff_fail_nomem(err);
	for (size_t k = 0; k < c->count; k++)
		ramps[k] = c->at[k].ramp;
	rc = ff_density_draw(p->e->cv, p->box, p->grids, ramps, c->count, most, ground,
			     err);
	ff_free(ramps);
	return rc;
}

/* ---- ground and axes ---- */

void ff_ephemeral_hatch(const struct ff_ephemeral_plot *p,
			const struct ff_ephemeral_gap *gaps, size_t n, struct ff_box box)
{
	double room = .8 * p->e->k; /* of the marks at both ends */

	for (size_t i = 0; i < n; i++) {
		struct ff_box gap = box;

		if (gaps[i].to <= p->t0 || gaps[i].from >= p->t1)
			continue;
		gap.x0 = fmax(ff_scale_at_time(&p->time, gaps[i].from) + room, box.x0);
		gap.x1 = fmin(ff_scale_at_time(&p->time, gaps[i].to) - room, box.x1);
		if (gap.x1 > gap.x0)
			ff_hatch(p->e->cv, &p->e->theme, gap);
	}
}

void ff_ephemeral_grid(const struct ff_ephemeral_plot *p, const struct ff_ticks *time,
		       const struct ff_ticks *port)
{
	const struct ff_theme *t = &p->e->theme;
	const struct ff_box *b = &p->box;
	struct ff_color c = t->ink;

	/* as pale as the hairline, but marks show through */
	c.a = t->is_dark ? .18 : .13;
	for (size_t i = 0; i < time->count; i++)
		if (time->at[i].is_major)
			ff_canvas_line(p->e->cv, time->at[i].pos, b->y0, time->at[i].pos,
				       b->y1, c, t->hair, NULL);
	for (size_t i = 0; i < port->count; i++)
		ff_canvas_line(p->e->cv, b->x0, port->at[i].pos, b->x1, port->at[i].pos,
			       c, t->hair, NULL);
}

void ff_ephemeral_axes(const struct ff_ephemeral_plot *p, const struct ff_ticks *time,
		       const struct ff_ticks *port)
{
	const struct ff_theme *t = &p->e->theme;
	const struct ff_box *b = &p->box;

	ff_canvas_line(p->e->cv, b->x0, b->y0, b->x0, b->y1, t->grey, t->axis, NULL);
	ff_canvas_line(p->e->cv, b->x0, b->y1, b->x1, b->y1, t->grey, t->axis, NULL);
	for (size_t i = 0; i < port->count; i++)
		ff_canvas_line(p->e->cv, b->x0 - t->tick, port->at[i].pos, b->x0,
			       port->at[i].pos, t->grey, t->axis, NULL);
	for (size_t i = 0; i < time->count; i++)
		ff_canvas_line(p->e->cv, time->at[i].pos, b->y1, time->at[i].pos,
			       b->y1 + (time->at[i].is_major ? t->tick : t->tick_minor),
			       t->grey, t->axis, NULL);
}
