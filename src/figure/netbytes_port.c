/* SPDX-License-Identifier: MIT */
/* The port view: what every port carried in one bin, or in all, as impulses over a port
 * axis in three equal parts: well-known, registered and dynamic ports. On one linear axis
 * the first of these would be a sixty-fourth. */
#include "figure/netbytes_port.h"

#include <math.h>
#include <stdlib.h>

#define PORT_EVEN \
	1000 /* times the median: of more a linear axis shows only the largest */

static const struct {
	uint16_t low, high;
} port_parts[FF_NETPORT_PARTS] = {{0, 1023}, {1024, 49151}, {49152, 65535}};

/* Largest first; ties as in ports[]. */
static int port_compare(const void *pa, const void *pb)
{
	const struct ff_netport_mark *a = pa, *b = pb;

	if (a->value != b->value)
		return a->value > b->value ? -1 : 1;
	return (a->port > b->port) - (a->port < b->port);
}

static int port_marks(struct ff_netport *v, struct ff_err *err)
{
	const struct ff_netbytes_data *d = &v->n->data;

	v->marks = ff_alloc(d->nports, sizeof(*v->marks));
	if (!v->marks)
		return ff_fail_nomem(err);
	for (size_t p = 0; p < d->nports; p++) {
		const struct ff_netbytes_port *port = &d->ports[p];
		double value = 0;

		if (v->n->at_from == INT64_MIN) {
			value = (double)port->value;
		} else {
			for (size_t i = port->first; i < port->first + port->count; i++)
				if (d->cells[i].start == v->n->at_from)
					value = (double)d->cells[i].value;
		}
		if (value > 0)
			v->marks[v->nmarks++] = (struct ff_netport_mark){p, value, 0, 0};
	}
	qsort(v->marks, v->nmarks, sizeof(*v->marks), port_compare);
	v->is_log = v->n->params->is_log ||
		    (v->nmarks > 0 && !v->n->params->is_linear &&
		     v->marks[0].value > PORT_EVEN * v->marks[v->nmarks / 2].value);
	return FF_OK;
}

unsigned ff_netport_protocol(const struct ff_netport *v, size_t port)
{
	unsigned protocol = v->n->data.ports[port].protocol;

	return protocol == 6 ? 0 : protocol == 17 ? 1 : 2;
}

struct ff_color ff_netport_color(const struct ff_theme *t, unsigned protocol)
{
	static const unsigned colors[] = {FF_BLUE, FF_VERMILLION, FF_GREEN};

	return ff_category(t, colors[protocol]);
}

/* ---- layout ---- */

static int port_scales(struct ff_netport *v, struct ff_err *err)
{
	const struct ff_theme *t = &v->n->theme;
	double most = v->nmarks ? v->marks[0].value : 1, gap = .8 * t->fs;
	double part = (v->box.x1 - v->box.x0 - 2 * gap) / FF_NETPORT_PARTS;
	double least = v->nmarks ? v->marks[v->nmarks - 1].value : 1;
	int rc;

	if (v->is_log) {
		least = fmax(least, most / 1e7);
		least = .5 * pow(10, floor(log10(least) + 1e-9));
		v->scale = ff_scale_log(least, fmax(most * 5, 10 * least), v->box.y1,
					v->box.y0);
		rc = ff_ticks_log(&v->ticks, &v->scale, false, err);
	} else {
		v->scale = ff_scale_linear(0, most * 1.08, v->box.y1, v->box.y0);
		rc = ff_ticks_linear(&v->ticks, &v->scale, 5, err);
	}
	for (size_t i = 0; i < FF_NETPORT_PARTS && rc == FF_OK; i++) {
		double x = v->box.x0 + (double)i * (part + gap);

		v->parts[i] = ff_scale_linear(port_parts[i].low, port_parts[i].high + 1.,
					      x, x + part);
		rc = ff_ticks_linear(&v->part_ticks[i], &v->parts[i],
				     (unsigned)fmax(part / (4.5 * t->fs), 2), err);
	}
	for (size_t i = 0; i < v->nmarks; i++) {
		struct ff_netport_mark *m = &v->marks[i];
		unsigned number = v->n->data.ports[m->port].number;
		size_t k = ff_netport_part(number);

		m->x = ff_scale_at(&v->parts[k], number + .5);
		m->y = fmin(ff_scale_at(&v->scale, m->value), v->box.y1 - v->n->px);
	}
	v->width = fmax(fmax(v->n->px, .08 * t->fs), v->nmarks < 200 ? .14 * t->fs : 0);
	return rc;
}

/* ---- drawing ---- */

static void port_ground(const struct ff_netport *v)
{
	const struct ff_theme *t = &v->n->theme;
	struct ff_canvas *cv = v->n->cv;

	ff_canvas_note(cv, "grid");
	for (size_t i = 0; i < FF_NETPORT_PARTS; i++) {
		double x0 = v->parts[i].r0, x1 = v->parts[i].r1;

		ff_canvas_rect(cv, x0, v->box.y0, x1 - x0, v->box.y1 - v->box.y0,
			       ff_mix(t->background, t->floor, .6));
		for (size_t k = 0; k < v->ticks.count; k++)
			if (v->ticks.at[k].is_major)
				ff_canvas_line(cv, x0, v->ticks.at[k].pos, x1,
					       v->ticks.at[k].pos, t->grid, t->hair,
					       NULL);
		ff_canvas_line(cv, x0, v->box.y1, x1, v->box.y1, t->ink, t->axis, NULL);
		for (size_t k = 0; k < v->part_ticks[i].count; k++)
			ff_canvas_line(cv, v->part_ticks[i].at[k].pos, v->box.y1,
				       v->part_ticks[i].at[k].pos, v->box.y1 + t->tick,
				       t->ink, t->axis, NULL);
	}
	ff_canvas_line(cv, v->box.x0, v->box.y0, v->box.x0, v->box.y1, t->ink, t->axis,
		       NULL);
	for (size_t i = 0; i < v->ticks.count; i++)
		ff_canvas_line(
			cv,
			v->box.x0 - (v->ticks.at[i].is_major ? t->tick : t->tick_minor),
			v->ticks.at[i].pos, v->box.x0, v->ticks.at[i].pos, t->ink,
			t->axis, NULL);
}

/* A disc for TCP, a ring for others: not by colour alone. */
static void port_disc(const struct ff_netport *v, double x, double y, unsigned protocol)
{
	const struct ff_theme *t = &v->n->theme;
	struct ff_color c = ff_netport_color(t, protocol);

	ff_canvas_circle(v->n->cv, x, y, .2 * t->fs, protocol == 0 ? c : t->background, c,
			 protocol == 0 ? 0 : .6 * t->line);
}

static int port_impulses(const struct ff_netport *v, struct ff_err *err)
{
	const struct ff_theme *t = &v->n->theme;
	struct ff_color colors[3] = {t->ink, t->ink, t->ink}, stems[3];
	bool is_log = v->is_log;
	struct ff_cell *cells = ff_alloc(v->nmarks, sizeof(*cells));
	size_t told = v->nmarks < FF_NETPORT_WORDS ? v->nmarks : FF_NETPORT_WORDS;

	if (!cells)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < v->nmarks; i++) {
		const struct ff_netport_mark *m = &v->marks[i];
		unsigned protocol = ff_netport_protocol(v, m->port);

		cells[i] = (struct ff_cell){(float)(m->x - v->width / 2), (float)m->y,
					    (float)v->width, (float)(v->box.y1 - m->y),
					    (uint8_t)protocol};
		colors[protocol] = ff_netport_color(t, protocol);
	}
	ff_canvas_note(v->n->cv, "ports");
	for (size_t i = 0; i < 3; i++)
		stems[i] = is_log ? ff_mix(colors[i], t->background, .62) : colors[i];
	ff_canvas_cells(v->n->cv, cells, v->nmarks, stems, 3);
	/* log heights would make a wall of the thousands: their tips tell */
	for (size_t i = 0; i < v->nmarks && is_log; i++)
		cells[i].h = (float)fmin(.14 * t->fs, cells[i].h);
	if (is_log)
		ff_canvas_cells(v->n->cv, cells, v->nmarks, colors, 3);
	ff_free(cells);
	for (size_t i = 0; i < told; i++)
		port_disc(v, v->marks[i].x, v->marks[i].y,
			  ff_netport_protocol(v, v->marks[i].port));
	for (unsigned i = 0; i < FF_NETPORT_PROTOCOLS; i++)
		if (v->key[i].x > 0)
			port_disc(v, v->key[i].x, v->key[i].y, i);
	return FF_OK;
}

static int port_draw(struct ff_netport *v, struct ff_err *err)
{
	struct ff_netbytes *n = v->n;
	const struct ff_theme *t = &n->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	struct ff_netbytes_lanes lanes;
	int rc = ff_netbytes_lanes(&lanes, n, FF_NETBYTES_LANES, err);

	if (rc == FF_OK)
		rc = ff_netbytes_frame(n, &lanes, "", err);
	ff_netbytes_lanes_release(&lanes);
	if (rc == FF_OK)
		rc = port_marks(v, err);
	if (rc < 0)
		return rc;
	v->box.x0 = t->margin + ff_canvas_measure(n->cv, &st, "200 MB").width + t->tick +
		    .5 * t->fs;
	v->box.x1 = t->width - t->margin;
	v->box.y0 = n->frame.plot.y0 + 1.8 * t->fs;
	v->box.y1 = fmax(n->frame.plot.y1 - t->tick - 2.6 * t->fs, v->box.y0 + 2 * t->fs);
	rc = port_scales(v, err);
	if (rc < 0)
		return rc;
	ff_netport_place_axes(v);
	rc = ff_netport_place_words(v, err);
	if (rc < 0)
		return rc;
	port_ground(v);
	return port_impulses(v, err);
}

int ff_netbytes_port_draw(struct ff_netbytes *n, struct ff_err *err)
{
	struct ff_netport v = {.n = n};
	int rc = port_draw(&v, err);

	for (size_t i = 0; i < FF_NETPORT_PARTS; i++)
		ff_ticks_release(&v.part_ticks[i]);
	ff_ticks_release(&v.ticks);
	ff_free(v.marks);
	return rc;
}
