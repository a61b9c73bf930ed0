/* SPDX-License-Identifier: MIT */
/* The port view: what every port carried in one bin, or in all, as impulses over a port
 * axis in three equal parts: well-known, registered and dynamic ports. On one linear axis
 * the first of these would be a sixty-fourth. */
#include "figure/ink.h"
#include "figure/netbytes.h"

#include <math.h>
#include <stdlib.h>

#define PORT_WORDS 14 /* ports with words beside them at most */
enum { PORT_PARTS = 3, PORT_TRIES = 6 };
static const struct {
	uint16_t low, high;
} port_parts[PORT_PARTS] = {{0, 1023}, {1024, 49151}, {49152, 65535}};

struct port_mark {
	size_t port;
	double value;
	double x, y; /* tip */
};
struct port_view {
	struct ff_netbytes *n;
	struct port_mark *marks; /* largest first; owned */
	size_t nmarks;
	double total;
	struct ff_box box;
	double width; /* of an impulse, points */
	struct ff_scale parts[PORT_PARTS], scale;
	struct ff_ticks part_ticks[PORT_PARTS], ticks;
	struct ff_ink ink;
};

/* Largest first; ties as in ports[]. */
static int port_compare(const void *pa, const void *pb)
{
	const struct port_mark *a = pa, *b = pb;

	if (a->value != b->value)
		return a->value > b->value ? -1 : 1;
	return (a->port > b->port) - (a->port < b->port);
}

static int port_marks(struct port_view *v, struct ff_err *err)
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
			v->marks[v->nmarks++] = (struct port_mark){p, value, 0, 0};
		v->total += value;
	}
	qsort(v->marks, v->nmarks, sizeof(*v->marks), port_compare);
	return FF_OK;
}

static struct ff_color port_color(const struct port_view *v, size_t port)
{
	unsigned protocol = v->n->data.ports[port].protocol;

	return ff_category(&v->n->theme, protocol == 6	  ? FF_BLUE
					 : protocol == 17 ? FF_VERMILLION
							  : FF_GREEN);
}

/* ---- layout ---- */

static int port_scales(struct port_view *v, struct ff_err *err)
{
	const struct ff_theme *t = &v->n->theme;
	double most = v->nmarks ? v->marks[0].value : 1, gap = .8 * t->fs;
	double part = (v->box.x1 - v->box.x0 - 2 * gap) / PORT_PARTS;
	double least = v->nmarks ? v->marks[v->nmarks - 1].value : 1;
	int rc;

	if (v->n->params->is_log) {
		least = fmax(least, most / 1e7);
		least = .5 * pow(10, floor(log10(least) + 1e-9));
		v->scale = ff_scale_log(least, fmax(most * 1.6, 10 * least), v->box.y1,
					v->box.y0);
		rc = ff_ticks_log(&v->ticks, &v->scale, false, err);
	} else {
		v->scale = ff_scale_linear(0, most * 1.08, v->box.y1, v->box.y0);
		rc = ff_ticks_linear(&v->ticks, &v->scale, 5, err);
	}
	for (size_t i = 0; i < PORT_PARTS && rc == FF_OK; i++) {
		double x = v->box.x0 + (double)i * (part + gap);

		v->parts[i] = ff_scale_linear(port_parts[i].low, port_parts[i].high + 1.,
					      x, x + part);
		rc = ff_ticks_linear(&v->part_ticks[i], &v->parts[i],
				     (unsigned)fmax(part / (4.5 * t->fs), 1), err);
	}
	for (size_t i = 0; i < v->nmarks; i++) {
		struct port_mark *m = &v->marks[i];
		unsigned number = v->n->data.ports[m->port].number;
		size_t k = number < 1024 ? 0 : number < 49152 ? 1 : 2;

		m->x = ff_scale_at(&v->parts[k], number + .5);
		m->y = fmin(ff_scale_at(&v->scale, m->value), v->box.y1 - v->n->px);
	}
	v->width = fmax(fmax(v->n->px, .08 * t->fs), v->nmarks < 200 ? .14 * t->fs : 0);
	return rc;
}

static void port_axis_words(struct port_view *v)
{
	struct ff_netbytes *n = v->n;
	const struct ff_theme *t = &n->theme;
	struct ff_text_style bold = ff_theme_text(t, FF_SEMIBOLD);
	static const char *const names[][2] = {{"Well-known ports", "Well-known"},
					       {"Registered ports", "Registered"},
					       {"Dynamic ports", "Dynamic"}};
	static const char *const sums[] = {"Bytes", "Packets", "Flows"};
	struct ff_buf b = FF_BUF_INIT;

	for (size_t i = 0; i < v->ticks.count; i++) {
		struct ff_tick *tick = &v->ticks.at[i];

		if (n->data.measure != FF_NETBYTES_BYTES &&
		    tick->value != floor(tick->value))
			tick->text[0] = '\0';
		if (tick->text[0])
			ff_tick_say(tick, ff_netbytes_tick_words(&n->data));
	}
	ff_labels_ticks(&n->labels, t, &v->ticks, false,
			v->box.x0 - t->tick - .3 * t->fs);
	ff_buf_adds(&b, sums[n->data.measure]);
	if (n->at_from == INT64_MIN) {
		ff_buf_adds(&b, " in all");
	} else if (n->data.bin_ns != 0) {
		ff_buf_adds(&b, " from ");
		ff_netbytes_when(&b, n, n->at_from);
	}
	ff_labels_put(&n->labels, "axis title", bold, t->margin,
		      n->frame.plot.y0 + .9 * t->fs, FF_LEFT, ff_buf_str(&b));
	n->labels.failed |= b.failed;
	ff_buf_release(&b);
	for (size_t i = 0; i < PORT_PARTS; i++) {
		double width = v->parts[i].r1 - v->parts[i].r0;
		bool is_short =
			ff_canvas_measure(n->cv, &bold, names[i][0]).width > width;

		for (size_t k = 0; k < v->part_ticks[i].count; k++)
			ff_format_u64(v->part_ticks[i].at[k].text,
				      sizeof(v->part_ticks[i].at[k].text),
				      (uint64_t)v->part_ticks[i].at[k].value);
		ff_labels_ticks(&n->labels, t, &v->part_ticks[i], true,
				v->box.y1 + t->tick + 1.15 * t->fs);
		ff_labels_put(
			&n->labels, "part", bold, (v->parts[i].r0 + v->parts[i].r1) / 2,
			v->box.y1 + t->tick + 2.4 * t->fs, FF_CENTER, names[i][is_short]);
	}
}

static bool port_place(struct port_view *v, const struct port_mark *m, bool is_short)
{
	struct ff_netbytes *n = v->n;
	const struct ff_theme *t = &n->theme;
	const struct ff_netbytes_port *port = &n->data.ports[m->port];
	struct ff_text_style st = ff_with_halo(t, ff_theme_text(t, FF_REGULAR));
	struct ff_text_item tries[PORT_TRIES];
	struct ff_buf b = FF_BUF_INIT;
	double dx = .5 * t->fs, y = m->y + .34 * t->fs, up = m->y - .6 * t->fs;
	char name[32] = "";
	bool is_placed;

	st.color = ff_netbytes_word_color(t, port_color(v, m->port));
	ff_netbytes_port_bold(&b, &n->data, m->port);
	if (!is_short)
		ff_service_name(name, sizeof(name), port->number, port->protocol);
	if (name[0])
		ff_buf_addf(&b, " %s", name);
	ff_buf_adds(&b, "  ");
	ff_netbytes_value(&b, &n->data, m->value);
	tries[0] = ff_text_item_of("port", st, m->x + dx, y, FF_LEFT, ff_buf_str(&b));
	tries[1] = ff_text_item_of("port", st, m->x - dx, y, FF_RIGHT, ff_buf_str(&b));
	tries[2] = ff_text_item_of("port", st, m->x, up, FF_LEFT, ff_buf_str(&b));
	tries[3] = ff_text_item_of("port", st, m->x, up, FF_RIGHT, ff_buf_str(&b));
	tries[4] = ff_text_item_of("port", st, m->x, up, FF_CENTER, ff_buf_str(&b));
	tries[5] = ff_text_item_of("port", st, m->x, up - t->fs, FF_LEFT, ff_buf_str(&b));
	is_placed = ff_ink_place(&v->ink, &n->labels, tries, PORT_TRIES, 1,
				 (struct ff_ink_rule){.6, .05});
	n->labels.failed |= b.failed;
	ff_buf_release(&b);
	return is_placed;
}

static int port_words(struct port_view *v, struct ff_err *err)
{
	const struct ff_theme *t = &v->n->theme;
	size_t told = v->nmarks < PORT_WORDS ? v->nmarks : PORT_WORDS;
	struct ff_box room = {v->box.x0, v->n->frame.plot.y0, t->width - t->margin,
			      v->box.y1};
	int rc = ff_ink_init(&v->ink, room, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < v->nmarks; i++)
		ff_ink_rect(&v->ink, v->marks[i].x - .1, v->marks[i].y,
			    v->marks[i].x + .1, v->box.y1);
	ff_ink_seal(&v->ink);
	for (size_t i = 0; i < told; i++)
		ff_labels_block(&v->n->labels,
				(struct ff_box){v->marks[i].x - .22 * t->fs,
						v->marks[i].y - .22 * t->fs,
						v->marks[i].x + .22 * t->fs,
						v->marks[i].y + .22 * t->fs});
	for (size_t i = 0; i < told; i++)
		v->n->labels.dropped += !port_place(v, &v->marks[i], false) &&
					!port_place(v, &v->marks[i], true);
	return FF_OK;
}

/* ---- drawing ---- */

static void port_ground(const struct port_view *v)
{
	const struct ff_theme *t = &v->n->theme;
	struct ff_canvas *cv = v->n->cv;

	ff_canvas_note(cv, "grid");
	for (size_t i = 0; i < PORT_PARTS; i++) {
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

static int port_impulses(const struct port_view *v, struct ff_err *err)
{
	const struct ff_theme *t = &v->n->theme;
	struct ff_color colors[3] = {t->ink, t->ink, t->ink}, stems[3];
	bool is_log = v->n->params->is_log;
	struct ff_cell *cells = ff_alloc(v->nmarks, sizeof(*cells));
	size_t told = v->nmarks < PORT_WORDS ? v->nmarks : PORT_WORDS;

	if (!cells)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < v->nmarks; i++) {
		unsigned protocol = v->n->data.ports[v->marks[i].port].protocol;
		const struct port_mark *m = &v->marks[i];

		cells[i] = (struct ff_cell){(float)(m->x - v->width / 2), (float)m->y,
					    (float)v->width, (float)(v->box.y1 - m->y),
					    protocol == 6    ? 0
					    : protocol == 17 ? 1
							     : 2};
		colors[cells[i].color] = port_color(v, m->port);
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
	/* a disc for TCP, a ring for others: not by colour alone */
	for (size_t i = 0; i < told; i++) {
		const struct port_mark *m = &v->marks[i];
		struct ff_color c = port_color(v, m->port);
		bool is_tcp = v->n->data.ports[m->port].protocol == 6;

		ff_canvas_circle(v->n->cv, m->x, m->y, .2 * t->fs,
				 is_tcp ? c : t->background, c,
				 is_tcp ? 0 : .6 * t->line);
	}
	return FF_OK;
}

static int port_draw(struct port_view *v, struct ff_err *err)
{
	struct ff_netbytes *n = v->n;
	const struct ff_theme *t = &n->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	struct ff_netbytes_lanes lanes;
	int rc = ff_netbytes_lanes(&lanes, n, FF_NETBYTES_LANES, err);

	if (rc == FF_OK)
		rc = ff_netbytes_frame(n, &lanes, n->params->is_log ? "log height" : "",
				       err);
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
	port_axis_words(v);
	rc = port_words(v, err);
	if (rc < 0)
		return rc;
	port_ground(v);
	return port_impulses(v, err);
}

int ff_netbytes_port_draw(struct ff_netbytes *n, struct ff_err *err)
{
	struct port_view v = {.n = n};
	int rc = port_draw(&v, err);

	for (size_t i = 0; i < PORT_PARTS; i++)
		ff_ticks_release(&v.part_ticks[i]);
	ff_ticks_release(&v.ticks);
	ff_ink_release(&v.ink);
	ff_free(v.marks);
	return rc;
}
