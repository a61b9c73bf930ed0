/* SPDX-License-Identifier: MIT */
/* The time view: what a port carried in each bin, as bars from zero; a panel for every
 * port that was named, or for one port its volume and its flows. */
#include "figure/marks.h"
#include "figure/netbytes.h"

#include <math.h>

#define TIME_LEAST 5.2 /* height of a panel, body sizes */
#define TIME_LOG_BASE .5
#define TIME_RUG .32

struct time_panel {
	size_t port;
	enum ff_netbytes_measure measure;
	struct ff_box box;
	double title_y;
	double *value; /* of each column: the largest bin; owned */
	struct ff_scale scale;
	struct ff_ticks ticks;
};
struct time_view {
	struct ff_netbytes *n;
	struct ff_edges edges;
	bool *has_data; /* column holds a bin with any flow; owned */
	double x0, x1, column_px;
	struct time_panel panels[FF_NETBYTES_PINS];
	size_t npanels;
	bool has_rug; /* some port is absent from some bin: marks of its bins below */
	struct ff_ticks ticks;
};

static double time_x(const struct time_view *v, size_t i)
{
	return v->x0 + floor(v->column_px * (double)i + 1e-6) * v->n->px;
}

static uint64_t time_value(const struct time_panel *p, const struct ff_netbytes_cell *c)
{
	return p->measure == FF_NETBYTES_FLOWS ? c->flows : c->value;
}

/* ---- panels ---- */

static void time_choose(struct time_view *v, double height)
{
	struct ff_netbytes *n = v->n;
	size_t most = (size_t)fmax(height / (TIME_LEAST * n->theme.fs), 1), best = 0;

	for (size_t i = 0; i < n->pins.count; i++) {
		if (v->npanels == most) {
			n->labels.dropped++;
			continue;
		}
		v->panels[v->npanels++] = (struct time_panel){.port = n->pins.ports[i],
							      .measure = n->data.measure};
	}
	if (n->pins.count > 1)
		return;
	for (size_t i = 1; i < n->data.nports; i++)
		if (n->data.ports[i].value > n->data.ports[best].value)
			best = i;
	if (v->npanels == 0)
		v->panels[v->npanels++] =
			(struct time_panel){.port = best, .measure = n->data.measure};
	if (n->data.measure != FF_NETBYTES_FLOWS && most > 1)
		v->panels[v->npanels++] = (struct time_panel){
			.port = v->panels[0].port, .measure = FF_NETBYTES_FLOWS};
}

static int time_values(struct time_view *v, struct time_panel *p, struct ff_err *err)
{
	const struct ff_netbytes_data *d = &v->n->data;
	const struct ff_netbytes_port *port = &d->ports[p->port];
	double most = 0, least = HUGE_VAL;

	p->value = ff_calloc(v->edges.count, sizeof(*p->value));
	if (!p->value)
		return ff_fail_nomem(err);
	for (size_t i = port->first; i < port->first + port->count; i++) {
		double value = (double)time_value(p, &d->cells[i]);
		double *to = &p->value[ff_edges_find(&v->edges, d->cells[i].start)];

		*to = fmax(*to, value);
		most = fmax(most, value);
		least = value > 0 ? fmin(least, value) : least;
	}
	most = fmax(most, 1);
	if (!v->n->params->is_log) {
		p->scale = ff_scale_linear(0, 1.04 * most, p->box.y1, p->box.y0);
		return ff_ticks_linear(
			&p->ticks, &p->scale,
			(unsigned)fmax((p->box.y1 - p->box.y0) / (1.8 * v->n->theme.fs),
				       2),
			err);
	}
	least = TIME_LOG_BASE * pow(10, floor(log10(fmin(least, most)) + 1e-9));
	p->scale = ff_scale_log(least, fmax(most, 10 * least), p->box.y1, p->box.y0);
	return ff_ticks_log(&p->ticks, &p->scale, false, err);
}

/* "12 MB in 37 of 720 hours, most 3 MB on 21 Nov 16:00" */
static void time_facts(struct ff_buf *b, const struct time_view *v,
		       const struct time_panel *p, bool is_short)
{
	const struct ff_netbytes_data *d = &v->n->data;
	const struct ff_netbytes_port *port = &d->ports[p->port];
	struct ff_netbytes_data as = *d;
	size_t peak = port->first;

	as.measure = p->measure;
	for (size_t i = port->first; i < port->first + port->count; i++)
		if (time_value(p, &d->cells[i]) > time_value(p, &d->cells[peak]))
			peak = i;
	if (!is_short) {
		ff_netbytes_value(b, &as,
				  (double)(p->measure == FF_NETBYTES_FLOWS
						   ? port->flows
						   : port->value));
		ff_netbytes_in_bins(b, d, port->count);
		ff_buf_adds(b, ", ");
	}
	ff_buf_adds(b, "most ");
	ff_netbytes_value(b, &as, (double)time_value(p, &d->cells[peak]));
	if (d->bin_ns != 0) {
		ff_buf_adds(b, d->bin_ns < 0 ? " in " : " on ");
		ff_netbytes_when(b, v->n, d->cells[peak].start);
	}
}

static void time_title(struct time_view *v, const struct time_panel *p)
{
	struct ff_netbytes *n = v->n;
	const struct ff_theme *t = &n->theme;
	const struct ff_netbytes_port *port = &n->data.ports[p->port];
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	struct ff_buf b = FF_BUF_INIT;
	char name[32];
	double end;

	ff_netbytes_port_bold(&b, &n->data, p->port);
	ff_service_name(name, sizeof(name), port->number, port->protocol);
	if (name[0])
		ff_buf_addf(&b, " %s", name);
	ff_buf_adds(&b, ": " FF_MARK_BOLD);
	ff_netbytes_axis_title(&b, &n->data, p->measure);
	ff_buf_adds(&b, FF_MARK_END);
	ff_labels_put(&n->labels, "panel title", st, v->x0, p->title_y, FF_LEFT,
		      ff_buf_str(&b));
	end = v->x0 + ff_canvas_measure(n->cv, &st, ff_buf_str(&b)).width + t->fs;
	for (int shorter = 0; shorter < 2; shorter++) {
		st = ff_theme_grey(t, FF_REGULAR);
		ff_buf_clear(&b);
		time_facts(&b, v, p, shorter);
		if (v->x1 - ff_canvas_measure(n->cv, &st, ff_buf_str(&b)).width < end)
			continue;
		ff_labels_put(&n->labels, "panel facts", st, v->x1, p->title_y, FF_RIGHT,
			      ff_buf_str(&b));
		break;
	}
	n->labels.failed |= b.failed;
	ff_buf_release(&b);
}

static int time_place_panel(struct time_view *v, struct time_panel *p, struct ff_err *err)
{
	const struct ff_theme *t = &v->n->theme;
	struct ff_netbytes_data as = v->n->data;
	int rc = time_values(v, p, err);

	if (rc < 0)
		return rc;
	as.measure = p->measure;
	for (size_t i = 0; i < p->ticks.count; i++) {
		struct ff_tick *tick = &p->ticks.at[i];

		if (p->measure != FF_NETBYTES_BYTES &&
		    tick->value != floor(tick->value)) {
			tick->text[0] = '\0';
			tick->is_major = false;
		}
		if (tick->text[0])
			ff_tick_say(tick, ff_netbytes_tick_words(&as));
	}
	ff_labels_ticks(&v->n->labels, t, &p->ticks, false, v->x0 - t->tick - .3 * t->fs);
	time_title(v, p);
	return FF_OK;
}

/* ---- layout ---- */

static int time_columns(struct time_view *v, struct ff_err *err)
{
	const struct ff_theme *t = &v->n->theme;
	const struct ff_netbytes_data *d = &v->n->data;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	double px = v->n->px, room;
	int rc;

	v->x0 = t->margin + ff_canvas_measure(v->n->cv, &st, "200 MB").width + t->tick +
		.5 * t->fs;
	v->x0 = ceil(v->x0 / px) * px;
	room = fmax(t->width - t->margin - v->x0, 4 * t->fs);
	rc = ff_netbytes_edges(&v->edges, d, (size_t)fmax(room / px / 1.5, 1), err);
	if (rc < 0)
		return rc;
	v->column_px = room / px / (double)v->edges.count;
	if (floor(v->column_px) >= .88 * v->column_px)
		v->column_px = floor(v->column_px);
	v->x1 = time_x(v, v->edges.count);
	v->has_data = ff_calloc(v->edges.count, sizeof(*v->has_data));
	if (!v->has_data)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < d->nbins; i++)
		v->has_data[ff_edges_find(&v->edges, d->bin[i].start)] = true;
	return FF_OK;
}

static int time_layout(struct time_view *v, struct ff_err *err)
{
	struct ff_netbytes *n = v->n;
	const struct ff_theme *t = &n->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	const struct ff_box *plot = &n->frame.plot;
	double bottom = plot->y1 - t->tick - 1.35 * t->fs, each, y = plot->y0;
	struct ff_scale time =
		ff_scale_time(v->edges.at[0], v->edges.at[v->edges.count], v->x0,
			      v->x0 + v->column_px * (double)v->edges.count * n->px);
	int rc = FF_OK;

	time_choose(v, bottom - plot->y0);
	each = (bottom - plot->y0) / (double)v->npanels;
	for (size_t i = 0; i < v->npanels && rc == FF_OK; i++) {
		struct time_panel *p = &v->panels[i];
		/* of one port the volume is the larger panel */
		double h = n->pins.count > 1 || v->npanels == 1 ? each
			   : i == 0				? each * 1.3
								: each * .7;

		p->title_y = y + .9 * t->fs;
		p->box = (struct ff_box){
			v->x0, y + 1.6 * t->fs, v->x1,
			fmax(y + h - (i + 1 < v->npanels ? .9 * t->fs : 0),
			     y + 2.2 * t->fs)};
		rc = time_place_panel(v, p, err);
		y += h;
	}
	if (rc == FF_OK && n->data.bin_ns != 0)
		rc = ff_ticks_time(&v->ticks, &time, n->tz_ns, 4.2 * t->fs, err);
	if (rc < 0)
		return rc;
	ff_ticks_thin(&v->ticks, n->cv, &st, true, .5 * t->fs);
	ff_labels_ticks(&n->labels, t, &v->ticks, true, bottom + t->tick + 1.15 * t->fs);
	return FF_OK;
}

/* ---- drawing ---- */

static void time_ground(const struct time_view *v, const struct time_panel *p)
{
	const struct ff_theme *t = &v->n->theme;
	struct ff_canvas *cv = v->n->cv;

	for (size_t i = 0; i < p->ticks.count; i++)
		if (p->ticks.at[i].is_major)
			ff_canvas_line(cv, v->x0, p->ticks.at[i].pos, v->x1,
				       p->ticks.at[i].pos, t->hairline, t->hair, NULL);
	for (size_t i = 0; i < v->ticks.count; i++)
		if (v->ticks.at[i].text[0])
			ff_canvas_line(cv, v->ticks.at[i].pos, p->box.y0,
				       v->ticks.at[i].pos, p->box.y1, t->hairline,
				       t->hair, NULL);
	for (size_t i = 0, j; i < v->edges.count; i = j) {
		struct ff_box box = p->box;

		for (j = i; j < v->edges.count && !v->has_data[j]; j++)
			;
		box.x0 = time_x(v, i);
		box.x1 = time_x(v, j);
		if (j > i) {
			ff_canvas_rect(cv, box.x0, box.y0, box.x1 - box.x0,
				       box.y1 - box.y0, t->floor);
			ff_hatch(cv, t, box);
		}
		j += j == i;
	}
}

static int time_draw_panel(const struct time_view *v, const struct time_panel *p,
			   struct ff_err *err)
{
	const struct ff_theme *t = &v->n->theme;
	struct ff_canvas *cv = v->n->cv;
	struct ff_cell *cells = ff_alloc(v->edges.count, sizeof(*cells));
	struct ff_color color =
		ff_netbytes_color(t, ff_netbytes_opener_of(&v->n->data.ports[p->port]));
	/* single bars apart, where they are wide enough */
	double gap = v->column_px >= 6 ? v->n->px * floor(v->column_px / 6) : 0;
	size_t count = 0;

	if (!cells)
		return ff_fail_nomem(err);
	if (p->measure == FF_NETBYTES_FLOWS)
		color = ff_mix(t->grey, t->background, .2);
	ff_canvas_note(cv, "panel");
	time_ground(v, p);
	for (size_t i = 0; i < v->edges.count; i++) {
		double x = time_x(v, i), y;

		if (!(p->value[i] > 0))
			continue;
		y = fmin(ff_scale_at(&p->scale, p->value[i]), p->box.y1 - v->n->px);
		cells[count++] = (struct ff_cell){(float)x, (float)y,
						  (float)(time_x(v, i + 1) - x - gap),
						  (float)(p->box.y1 - y), 0};
	}
	ff_canvas_cells(cv, cells, count, &color, 1);
	/* the least flow is seen below, however large others are */
	for (size_t i = 0; i < count && v->has_rug; i++) {
		cells[i].y = (float)(p->box.y1 + .12 * t->fs);
		cells[i].h = (float)(TIME_RUG * t->fs);
	}
	if (v->has_rug)
		ff_canvas_cells(cv, cells, count, &color, 1);
	ff_free(cells);
	ff_canvas_line(cv, v->x0, p->box.y1, v->x1, p->box.y1, t->ink, t->axis, NULL);
	ff_canvas_line(cv, v->x0, p->box.y0, v->x0, p->box.y1, t->ink, t->axis, NULL);
	for (size_t i = 0; i < p->ticks.count; i++)
		ff_canvas_line(
			cv, v->x0 - (p->ticks.at[i].is_major ? t->tick : t->tick_minor),
			p->ticks.at[i].pos, v->x0, p->ticks.at[i].pos, t->ink, t->axis,
			NULL);
	for (size_t i = 0; i < v->ticks.count; i++)
		ff_canvas_line(
			cv, v->ticks.at[i].pos, p->box.y1, v->ticks.at[i].pos,
			p->box.y1 + (v->ticks.at[i].is_major ? t->tick : t->tick_minor),
			t->ink, t->axis, NULL);
	return FF_OK;
}

static int time_draw(struct time_view *v, struct ff_err *err)
{
	struct ff_netbytes *n = v->n;
	struct ff_netbytes_lanes lanes;
	struct ff_buf words = FF_BUF_INIT;
	int rc = time_columns(v, err);

	if (rc < 0)
		return rc;
	if (v->edges.joined > 1)
		ff_edges_words(&words, &v->edges, n->data.bin_ns);
	if (n->pins.count == 0) {
		size_t best = 0;

		for (size_t i = 1; i < n->data.nports; i++)
			if (n->data.ports[i].value > n->data.ports[best].value)
				best = i;
		v->has_rug = n->data.ports[best].count < n->data.bins;
	}
	for (size_t i = 0; i < n->pins.count; i++)
		v->has_rug |= n->data.ports[n->pins.ports[i]].count < n->data.bins;
	if (v->has_rug)
		ff_buf_adds(&words, words.len ? "; marks below: any flow"
					      : "marks below: any flow");
	if (n->params->is_log)
		ff_buf_adds(&words, words.len ? ", log scale" : "log scale");
	rc = words.failed ? ff_fail_nomem(err)
			  : ff_netbytes_lanes(&lanes, n, FF_NETBYTES_LANES, err);
	if (rc == FF_OK) {
		rc = ff_netbytes_frame(n, &lanes, ff_buf_str(&words), err);
		ff_netbytes_lanes_release(&lanes);
	}
	ff_buf_release(&words);
	if (rc == FF_OK)
		rc = time_layout(v, err);
	for (size_t i = 0; i < v->npanels && rc == FF_OK; i++)
		rc = time_draw_panel(v, &v->panels[i], err);
	return rc;
}

int ff_netbytes_time_draw(struct ff_netbytes *n, struct ff_err *err)
{
	struct time_view v = {.n = n};
	int rc = time_draw(&v, err);

	for (size_t i = 0; i < v.npanels; i++) {
		ff_free(v.panels[i].value);
		ff_ticks_release(&v.panels[i].ticks);
	}
	ff_edges_release(&v.edges);
	ff_ticks_release(&v.ticks);
	ff_free(v.has_data);
	return rc;
}
