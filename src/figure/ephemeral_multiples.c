/* SPDX-License-Identifier: MIT */
/* Several hosts: a small panel each, all over the same ports, each over its own time. */
#include "figure/ephemeral.h"

#include <math.h>
#include <stdio.h>

#define MULTIPLES_MOST 12
#define MULTIPLES_TAIL \
	.002 /* of the flows at either end may lie outside a panel's time */

struct multiples_panel {
	struct ff_ephemeral_plot plot;
	struct ff_ticks time, port; /* owned */
};
struct multiples {
	struct ff_ephemeral *e;
	struct multiples_panel *panels; /* owned */
	size_t count, across;
	uint64_t most; /* marks on a pixel, over all dense panels */
	struct ff_key key;
	bool has_key, has_claims; /* claims: some host has a verdict or a reason */
	double marks_x[FF_EPHEMERAL_CLASSES], marks_y; /* of the key; 0: none */
};

size_t ff_ephemeral_multiples_shown(const struct ff_theme *t, size_t hosts,
				    size_t *across)
{
	/* narrower and lower panels show nothing */
	size_t columns =
		(size_t)fmax(fmin(t->width / (t->is_narrow ? 15 * t->fs : 19 * t->fs),
				  t->is_slide	 ? 4
				  : t->is_narrow ? 2
						 : 3),
			     1);
	size_t rows = (size_t)fmax((t->height - 9 * t->fs) / (13.5 * t->fs), 1), most;

	most = columns * rows < MULTIPLES_MOST ? columns * rows : MULTIPLES_MOST;
	if (hosts < most)
		most = hosts;
	*across = most < columns ? (most ? most : 1) : columns;
	return most;
}

/* The time that holds all but a few flows at either end. */
static void multiples_span(struct ff_ephemeral_plot *p)
{
	const struct ff_ephemeral_data *d = &p->e->data;
	const struct ff_ephemeral_host *h = p->host;
	size_t cut = (size_t)(MULTIPLES_TAIL * (double)h->count);

	p->t0 = d->time[ff_ephemeral_row(d, h->first + cut)];
	p->t1 = d->time[ff_ephemeral_row(d, h->first + h->count - 1 - cut)];
	if (p->t1 <= p->t0) {
		p->t0 = h->t0;
		p->t1 = h->t1;
	}
}

/* ---- layout ---- */

/* "TCP 849,934, 50 % even; UDP 150,066"; level 1: "TCP 850k, ..."; 2: no parity. */
static void multiples_counts(struct ff_buf *b, const struct ff_ephemeral_host *h,
			     int level)
{
	const uint64_t flows[] = {h->count - h->udp, h->udp};

	for (int i = 0; i < 2; i++) {
		if (!flows[i])
			continue;
		ff_buf_adds(b, b->len ? "; " : "");
		ff_buf_adds(b, i == 0 ? "TCP " : "UDP ");
		if (level > 0)
			ff_word_short(b, (double)flows[i]);
		else
			ff_word_count(b, flows[i]);
		if (i == 0 && level < 2)
			ff_buf_addf(b, ", %.0f" FF_NBSP "%% even",
				    100 * (double)h->even / (double)flows[0]);
	}
}

/* Places one panel's words over it: address and n, claim, numbers. Lines that the box is
 * too low for are left out. */
static void multiples_head(struct multiples *m, const struct multiples_panel *p,
			   double x0, double x1, double top)
{
	struct ff_ephemeral *e = m->e;
	const struct ff_theme *t = &e->theme;
	const struct ff_ephemeral_host *h = p->plot.host;
	struct ff_text_style bold = ff_theme_text(t, FF_BOLD), st;
	struct ff_buf b = FF_BUF_INIT, cut = FF_BUF_INIT;
	double y = top + .8 * t->fs, step = 1.3 * t->fs, width;

	ff_buf_adds(&b, "n = ");
	ff_word_count(&b, h->count);
	st = ff_theme_grey(t, FF_REGULAR);
	width = ff_canvas_measure(e->cv, &bold, h->name).width +
		ff_canvas_measure(e->cv, &st, ff_buf_str(&b)).width + t->fs;
	ff_ellipsize_middle(&cut, e->cv, &bold, h->name, x1 - x0);
	ff_labels_put(&e->labels, "host", bold, x0, y, FF_LEFT, ff_buf_str(&cut));
	if (width <= x1 - x0)
		ff_labels_put(&e->labels, "host n", st, x1, y, FF_RIGHT, ff_buf_str(&b));
	else
		e->labels.dropped++;
	ff_buf_clear(&b);
	ff_buf_clear(&cut);
	if (h->claim[0])
		ff_ephemeral_claim(&b, h->claim);
	else if (h->reason[0])
		ff_buf_addf(&b, "No verdict: %s", h->reason);
	st = ff_theme_text(t, h->claim[0] ? FF_SEMIBOLD : FF_REGULAR);
	st.color = h->claim[0] ? e->dot : t->grey;
	ff_wrap(&cut, e->cv, &st, ff_buf_str(&b), x1 - x0, 1);
	if (cut.len)
		ff_labels_put(&e->labels, "claim", st, x0, y + step, FF_LEFT,
			      ff_buf_str(&cut));
	ff_buf_clear(&b);
	st = ff_theme_grey(t, FF_REGULAR);
	for (int level = 0; level < 3; level++) {
		ff_buf_clear(&b);
		multiples_counts(&b, h, level);
		if (ff_canvas_measure(e->cv, &st, ff_buf_str(&b)).width <= x1 - x0)
			break;
	}
	ff_buf_clear(&cut);
	ff_wrap(&cut, e->cv, &st, ff_buf_str(&b), x1 - x0, 1);
	ff_labels_put(&e->labels, "host counts", st, x0,
		      y + (m->has_claims ? 2 : 1) * step, FF_LEFT, ff_buf_str(&cut));
	e->labels.failed |= b.failed || cut.failed;
	ff_buf_release(&b);
	ff_buf_release(&cut);
}

static int multiples_ticks(struct multiples *m, struct multiples_panel *p, bool is_left,
			   struct ff_err *err)
{
	struct ff_ephemeral *e = m->e;
	const struct ff_theme *t = &e->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	const struct ff_box *b = &p->plot.box;
	unsigned most = (unsigned)fmin(fmax((b->y1 - b->y0) / (2.2 * t->fs), 2), 5);
	int rc = ff_ticks_linear(&p->port, &p->plot.port, most, err);

	if (rc == FF_OK)
		rc = ff_ticks_time(&p->time, &p->plot.time, e->tz_ns, 4.2 * t->fs, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < p->time.count; i++) {
		struct ff_tick *tick = &p->time.at[i];
		double half = ff_canvas_measure(e->cv, &st, tick->text).width / 2;

		if (tick->pos - half < b->x0 - t->fs || tick->pos + half > b->x1 + t->fs)
			tick->text[0] = '\0';
	}
	ff_ticks_thin(&p->time, e->cv, &st, true, .5 * t->fs);
	ff_labels_ticks(&e->labels, t, &p->time, true, b->y1 + t->tick + 1.05 * t->fs);
	if (is_left)
		ff_labels_ticks(&e->labels, t, &p->port, false,
				b->x0 - t->tick - .3 * t->fs);
	return FF_OK;
}

static int multiples_panel_layout(struct multiples *m, size_t i, struct ff_box cell,
				  struct ff_err *err)
{
	struct ff_ephemeral *e = m->e;
	const struct ff_theme *t = &e->theme;
	struct multiples_panel *p = &m->panels[i];
	double head = (m->has_claims ? 3.9 : 2.6) * t->fs, left = cell.x0;
	int rc;

	p->plot.e = e;
	p->plot.host = &e->data.hosts[i];
	p->plot.low = 0;
	p->plot.high = FF_PORTS;
	multiples_span(&p->plot);
	p->plot.box = (struct ff_box){
		left, cell.y0 + head + .4 * t->fs, cell.x1,
		fmax(cell.y1 - 1.7 * t->fs, cell.y0 + head + 2.4 * t->fs)};
	rc = ff_ephemeral_plot_init(&p->plot, err);
	if (rc < 0)
		return rc;
	if (p->plot.most > m->most)
		m->most = p->plot.most;
	multiples_head(m, p, p->plot.box.x0, p->plot.box.x1, cell.y0);
	return multiples_ticks(m, p, i % m->across == 0, err);
}

/* Marks by class at the right of a line, the key of counts before it. */
static int multiples_key(struct multiples *m, double y, struct ff_err *err)
{
	struct ff_ephemeral *e = m->e;
	const struct ff_theme *t = &e->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	double x = t->width - t->margin, left = t->margin + 7 * t->fs;
	int rc = FF_OK;

	ff_labels_put(&e->labels, "panel title", ff_theme_text(t, FF_SEMIBOLD), t->margin,
		      y, FF_LEFT, "Source port");
	m->marks_y = y - .34 * t->fs;
	for (size_t i = e->classes.count; i-- > 0;) {
		double w = ff_canvas_measure(e->cv, &st, e->classes.at[i].name).width;

		if (x - w - .9 * t->fs < left) {
			e->labels.dropped++;
			continue;
		}
		ff_labels_put(&e->labels, "key", st, x, y, FF_RIGHT,
			      e->classes.at[i].name);
		m->marks_x[i] = x - w - .55 * t->fs;
		x -= w + 1.9 * t->fs;
	}
	if (m->most > 0 && x - 10 * t->fs > left) {
		struct ff_text_style grey = ff_theme_grey(t, FF_REGULAR);
		const char *words = "Flows that cover a pixel";
		double width = fmin(12 * t->fs, .5 * (x - left));

		m->has_key = true;
		m->key.ramp = &e->classes.at[0].ramp;
		m->key.least = 1;
		m->key.most = (double)m->most;
		m->key.is_above = true;
		m->key.box =
			(struct ff_box){x - width, y - .75 * t->fs, x, y + .1 * t->fs};
		rc = ff_key_layout(&m->key, &e->labels, t, err);
		x = m->key.box.x0 - .6 * t->fs;
		if (x - ff_canvas_measure(e->cv, &grey, words).width > left)
			ff_labels_put(&e->labels, "key title", grey, x, y, FF_RIGHT,
				      words);
	}
	return rc;
}

static int multiples_layout(struct multiples *m, struct ff_err *err)
{
	struct ff_ephemeral *e = m->e;
	const struct ff_theme *t = &e->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	double axis =
		ff_canvas_measure(e->cv, &st, "60,000").width + t->tick + .4 * t->fs;
	struct ff_box room = e->frame.plot;
	size_t rows = (m->count + m->across - 1) / m->across;
	double gap = 1.6 * t->fs, row_gap = rows > 1 ? .9 * t->fs : 0, width, height;
	bool has_dense = false;
	int rc = FF_OK;

	for (size_t i = 0; i < m->count; i++) {
		const struct ff_ephemeral_host *h = &e->data.hosts[i];

		has_dense |= h->count > FF_EPHEMERAL_POINTS;
		m->has_claims |= h->claim[0] || h->reason[0];
	}
	room.x0 += axis;
	room.y0 += (has_dense ? 3.4 : 2.2) * t->fs;
	width = (room.x1 - room.x0 - gap * (double)(m->across - 1)) / (double)m->across;
	height = (room.y1 - room.y0 + row_gap) / (double)rows;
	for (size_t i = 0; i < m->count && rc == FF_OK; i++) {
		double x = room.x0 + (width + gap) * (double)(i % m->across);
		double y = room.y0 + height * (double)(i / m->across);

		rc = multiples_panel_layout(
			m, i, (struct ff_box){x, y, x + width, y + height - row_gap},
			err);
	}
	if (rc == FF_OK)
		rc = multiples_key(m, room.y0 - 1.15 * t->fs, err);
	return rc;
}

/* ---- marks ---- */

/* A pale band from 49152 on, dashed lines at the ends of Linux's range. */
static void multiples_ground(const struct multiples *m, const struct multiples_panel *p)
{
	const struct ff_theme *t = &m->e->theme;
	const struct ff_box *b = &p->plot.box;
	const double dash[] = {.25 * t->fs, .2 * t->fs};
	double y = ff_scale_at(&p->plot.port, 49152);
	const double ends[] = {32768, 61000};

	ff_canvas_rect(m->e->cv, b->x0, b->y0, b->x1 - b->x0, y - b->y0, t->floor);
	for (int i = 0; i < 2; i++) {
		double at = ff_scale_at(&p->plot.port, ends[i]);

		ff_canvas_line(m->e->cv, b->x0, at, b->x1, at, t->grid, t->hair, dash);
	}
}

static int multiples_draw(struct multiples *m, struct ff_err *err)
{
	struct ff_ephemeral *e = m->e;
	int rc = FF_OK;

	for (size_t i = 0; i < m->count && rc == FF_OK; i++) {
		const struct multiples_panel *p = &m->panels[i];
		struct ff_ephemeral_gap gaps[16];
		size_t n = ff_ephemeral_gaps(gaps, 16, &e->data, p->plot.host);

		ff_canvas_note(e->cv, "panel");
		multiples_ground(m, p);
		ff_ephemeral_hatch(&p->plot, gaps, n, p->plot.box);
		rc = ff_ephemeral_plot_draw(&p->plot, m->most, FF_NO_COLOR, err);
		ff_ephemeral_axes(&p->plot, &p->time, &p->port);
	}
	if (rc < 0)
		return rc;
	if (m->has_key)
		ff_ephemeral_key_draw(e, &m->key);
	for (size_t i = 0; i < e->classes.count; i++)
		if (m->marks_x[i] > 0)
			ff_ephemeral_mark(e, m->marks_x[i], m->marks_y, 1.2 * e->k,
					  e->classes.at[i].color,
					  e->classes.at[i].is_cross);
	return FF_OK;
}

int ff_ephemeral_multiples_draw(struct ff_ephemeral *e, struct ff_err *err)
{
	struct multiples m = {.e = e};
	int rc;

	m.count = ff_ephemeral_multiples_shown(&e->theme, e->data.nhosts, &m.across);
	m.panels = ff_calloc(m.count ? m.count : 1, sizeof(*m.panels));
	if (!m.panels)
		return ff_fail_nomem(err);
	rc = multiples_layout(&m, err);
	if (rc == FF_OK)
		rc = multiples_draw(&m, err);
	for (size_t i = 0; i < m.count; i++) {
		ff_ephemeral_plot_release(&m.panels[i].plot);
		ff_ticks_release(&m.panels[i].time);
		ff_ticks_release(&m.panels[i].port);
	}
	ff_key_release(&m.key);
	ff_free(m.panels);
	return rc;
}
