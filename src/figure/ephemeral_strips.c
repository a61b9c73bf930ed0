/* SPDX-License-Identifier: MIT */
/* Below the ports: flows by time, and the share of even ports with the range that chance
 * would give. */
#include "figure/ephemeral.h"

#include <math.h>
#include <stdio.h>

#define STRIPS_BAR 1.2	 /* k: narrowest bar */
#define STRIPS_FULL 10	 /* flows a bin, on average at least */
#define STRIPS_BAND 1.96 /* of a 95 % range, in standard errors */
#define STRIPS_ODD 1.55	 /* so many bands off one half is no chance: z about 3 */
#define STRIPS_LEAST 5	 /* flows without which a share says nothing */

static bool strips_has(struct ff_box b)
{
	return b.y1 > b.y0;
}

/* ---- layout ---- */

static void strips_head(struct ff_ephemeral_strips *s, struct ff_box box,
			const char *text)
{
	struct ff_ephemeral *e = s->e;

	ff_labels_put(&e->labels, "strip title", ff_theme_text(&e->theme, FF_SEMIBOLD),
		      box.x0, box.y0 - .62 * e->theme.fs, FF_LEFT, text);
}

static int strips_flows_layout(struct ff_ephemeral_strips *s, struct ff_err *err)
{
	struct ff_ephemeral *e = s->e;
	struct ff_buf b = FF_BUF_INIT;
	int rc;

	s->level = ff_scale_linear(0, fmax(s->strip.most, 1), s->flows.y1, s->flows.y0);
	rc = ff_ticks_linear(&s->ticks, &s->level, 3, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < s->ticks.count; i++) {
		struct ff_tick *tick = &s->ticks.at[i];

		if (tick->value != floor(tick->value))
			tick->text[0] = '\0';
	}
	ff_labels_ticks(&e->labels, &e->theme, &s->ticks, false,
			s->flows.x0 - e->theme.tick - .3 * e->theme.fs);
	ff_buf_adds(&b, "Flows per ");
	ff_word_bin(&b, s->strip.width);
	strips_head(s, s->flows, ff_buf_str(&b));
	rc = b.failed ? ff_fail_nomem(err) : FF_OK;
	ff_buf_release(&b);
	return rc;
}

static double strips_share_y(const struct ff_ephemeral_strips *s, double share)
{
	share = fmin(fmax(share, 0), 1);
	return s->even.y1 + (s->even.y0 - s->even.y1) * share;
}

static void strips_even_layout(struct ff_ephemeral_strips *s)
{
	static const struct {
		double share;
		const char *text;
	} ticks[] = {
		{.5, "50" FF_NBSP "%"}, {0, "0" FF_NBSP "%"}, {1, "100" FF_NBSP "%"}};
	struct ff_ephemeral *e = s->e;
	struct ff_text_style st = ff_theme_text(&e->theme, FF_REGULAR);

	for (int i = 0; i < 3; i++)
		ff_labels_put(&e->labels, "tick", st,
			      s->even.x0 - e->theme.tick - .3 * e->theme.fs,
			      strips_share_y(s, ticks[i].share) + .36 * st.size_pt,
			      FF_RIGHT, ticks[i].text);
	strips_head(s, s->even,
		    s->strip.is_tcp && s->plot->host->udp ? "Share of even ports, TCP"
							  : "Share of even ports");
}

int ff_ephemeral_strips_layout(struct ff_ephemeral_strips *s, struct ff_err *err)
{
	const struct ff_ephemeral_plot *p = s->plot;
	double bars = (p->box.x1 - p->box.x0) / (STRIPS_BAR * s->e->k);
	int rc;

	if (!strips_has(s->flows) && !strips_has(s->even))
		return FF_OK;
	/* bins that hold some flows each say more than empty ones */
	bars = fmax(fmin(bars, (double)p->host->count / STRIPS_FULL), 12);
	rc = ff_ephemeral_strip_init(&s->strip, &s->e->data, p->host, s->e->tz_ns,
				     (size_t)bars, err);
	if (rc == FF_OK && strips_has(s->flows))
		rc = strips_flows_layout(s, err);
	if (rc == FF_OK && strips_has(s->even))
		strips_even_layout(s);
	return rc;
}

/* ---- marks ---- */

/* Edges of a bin within the panel; false when it lies outside. */
static bool strips_bin(const struct ff_ephemeral_strips *s, size_t i, double *x0,
		       double *x1)
{
	const struct ff_ephemeral_plot *p = s->plot;
	double ns = (double)p->t1 - (double)p->t0;
	double from = ((double)s->strip.start - (double)p->t0) +
		      (double)s->strip.width * (double)i;
	double per_ns = (p->time.r1 - p->time.r0) / ns;

	*x0 = fmax(p->time.r0 + from * per_ns, p->box.x0);
	*x1 = fmin(p->time.r0 + (from + (double)s->strip.width) * per_ns, p->box.x1);
	return *x1 > *x0;
}

static void strips_draw_flows(const struct ff_ephemeral_strips *s)
{
	const struct ff_ephemeral *e = s->e;
	const struct ff_theme *t = &e->theme;
	double x0, x1;

	ff_canvas_note(e->cv, "flows strip");
	for (size_t i = 0; i < s->ticks.count; i++)
		if (s->ticks.at[i].text[0] && s->ticks.at[i].value > 0)
			ff_canvas_line(e->cv, s->flows.x0, s->ticks.at[i].pos,
				       s->flows.x1, s->ticks.at[i].pos, t->hairline,
				       t->hair, NULL);
	ff_ephemeral_hatch(s->plot, s->gaps, s->ngaps, s->flows);
	for (size_t i = 0; i < s->strip.count; i++) {
		double y = ff_scale_at(&s->level, s->strip.flows[i]), gap;

		if (!s->strip.flows[i] || !strips_bin(s, i, &x0, &x1))
			continue;
		gap = x1 - x0 > 4 * e->k ? .3 * e->k : 0;
		ff_canvas_rect(e->cv, x0, y, fmax(x1 - x0 - gap, .1 * e->k),
			       s->flows.y1 - y, e->bar);
	}
	ff_canvas_line(e->cv, s->flows.x0, s->flows.y1, s->flows.x1, s->flows.y1, t->grey,
		       t->axis, NULL);
}

static void strips_draw_share(const struct ff_ephemeral_strips *s, double x0, double x1,
			      uint32_t flows, uint32_t even)
{
	const struct ff_ephemeral *e = s->e;
	double share = (double)even / flows, half = STRIPS_BAND * .5 / sqrt(flows);
	bool is_odd = flows >= STRIPS_LEAST && fabs(share - .5) > STRIPS_ODD * half;
	struct ff_color c = is_odd ? ff_category(&e->theme, FF_VERMILLION) : e->dot;
	double y = strips_share_y(s, share), r = .75 * e->k;

	if (x1 - x0 > 4 * e->k)
		ff_canvas_rect(e->cv, x0 + .4 * e->k, y - .55 * e->k, x1 - x0 - .8 * e->k,
			       1.1 * e->k, c);
	else
		ff_canvas_circle(e->cv, (x0 + x1) / 2, y, r, c, FF_NO_COLOR, 0);
}

static void strips_draw_even(const struct ff_ephemeral_strips *s)
{
	const struct ff_ephemeral *e = s->e;
	const struct ff_theme *t = &e->theme;
	double x0, x1;

	ff_canvas_note(e->cv, "even ports strip");
	ff_canvas_line(e->cv, s->even.x0, s->even.y0, s->even.x1, s->even.y0, t->hairline,
		       t->hair, NULL);
	ff_ephemeral_hatch(s->plot, s->gaps, s->ngaps, s->even);
	for (size_t i = 0; i < s->strip.count; i++) {
		uint32_t flows = s->strip.tested[i];
		double half = flows ? STRIPS_BAND * .5 / sqrt(flows) : 0, y;

		if (flows < STRIPS_LEAST || !strips_bin(s, i, &x0, &x1))
			continue;
		y = strips_share_y(s, .5 + half);
		ff_canvas_rect(e->cv, x0, y, x1 - x0, strips_share_y(s, .5 - half) - y,
			       e->band);
	}
	ff_canvas_line(e->cv, s->even.x0, strips_share_y(s, .5), s->even.x1,
		       strips_share_y(s, .5), ff_mix(t->background, t->grey, .6), t->hair,
		       NULL);
	ff_canvas_line(e->cv, s->even.x0, s->even.y1, s->even.x1, s->even.y1, t->grey,
		       t->axis, NULL);
	for (size_t i = 0; i < s->strip.count; i++)
		if (s->strip.tested[i] >= STRIPS_LEAST && strips_bin(s, i, &x0, &x1))
			strips_draw_share(s, x0, x1, s->strip.tested[i],
					  s->strip.even[i]);
}

void ff_ephemeral_strips_draw(const struct ff_ephemeral_strips *s)
{
	if (strips_has(s->flows))
		strips_draw_flows(s);
	if (strips_has(s->even))
		strips_draw_even(s);
}

void ff_ephemeral_strips_release(struct ff_ephemeral_strips *s)
{
	ff_ephemeral_strip_release(&s->strip);
	ff_ticks_release(&s->ticks);
}
