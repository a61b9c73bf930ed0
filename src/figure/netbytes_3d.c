/* SPDX-License-Identifier: MIT */
/* The 3d view: values by lane and column, the height scale, and which ports stand up from
 * the bands. */
#include "figure/netbytes_3d.h"

#include <math.h>

#define LINEAR_ODD 300 /* impulses of ports without a lane, about */
#define LOG_ODD 24     /* log heights make tall impulses of everything: fewer of them */
#define LINEAR_LEAST .015 /* of the tallest: less would be no higher than a dot */
#define LOG_DECADES 6

/* 1, 2 or 5 x 10^k at or above v. */
static double net3d_round(double v)
{
	double unit = pow(10, floor(log10(v)));

	return v <= unit * (1 + 1e-9) ? unit
	       : v <= 2 * unit	      ? 2 * unit
	       : v <= 5 * unit	      ? 5 * unit
				      : 10 * unit;
}

static int net3d_values(struct ff_net3d *s, struct ff_err *err)
{
	const struct ff_netbytes_data *d = &s->n->data;
	double least = HUGE_VAL;

	s->value = ff_calloc(s->lanes.nlanes * s->edges.count, sizeof(*s->value));
	if (!s->value)
		return ff_fail_nomem(err);
	for (size_t k = 0; k < s->lanes.nlanes; k++) {
		const struct ff_netbytes_port *p = &d->ports[s->lanes.lanes[k].port];

		for (size_t i = p->first; i < p->first + p->count; i++) {
			uint64_t v = d->cells[i].value;
			uint64_t *to =
				&s->value[k * s->edges.count +
					  ff_edges_find(&s->edges, d->cells[i].start)];

			if (v > *to)
				*to = v;
			if (v > 0)
				least = fmin(least, (double)v);
		}
	}
	s->top = 1;
	for (size_t i = 0; i < d->nports; i++)
		s->top = fmax(s->top, (double)d->cells[d->ports[i].peak].value);
	if (s->n->params->is_log) {
		s->top = ff_round_up(s->top);
		least = fmin(least, s->top / 10);
		least = fmax(least, s->top / pow(10, LOG_DECADES));
		s->base = .5 * pow(10, floor(log10(least) + 1e-9));
	} else {
		s->top *= 1.02;
	}
	return FF_OK;
}

/* From which value on a cell of a port without a lane is an impulse; others are dots. */
static int net3d_least(struct ff_net3d *s, struct ff_err *err)
{
	const struct ff_netbytes_data *d = &s->n->data;
	size_t most = s->n->params->is_log ? LOG_ODD : LINEAR_ODD;
	double least = s->n->params->is_log ? 0 : LINEAR_LEAST * s->top;
	size_t *odd = ff_alloc(most + 1, sizeof(*odd));

	if (!odd)
		return ff_fail_nomem(err);
	if (ff_netbytes_odd(d, &s->lanes, odd, most + 1, false) > most)
		least = fmax(least, (double)d->cells[odd[most]].value + 1);
	/* a round number can be told in words */
	s->least = least > 1 ? net3d_round(least) : 0;
	ff_free(odd);
	return FF_OK;
}

static int net3d_odd(struct ff_net3d *s, struct ff_err *err)
{
	const struct ff_netbytes_data *d = &s->n->data;

	s->nodd = s->ndots = 0;
	for (int pass = 0; pass < 2; pass++) {
		if (pass == 1)
			s->odd = ff_alloc(s->nodd, sizeof(*s->odd));
		if (pass == 1 && !s->odd)
			return ff_fail_nomem(err);
		s->nodd = s->ndots = 0;
		for (size_t i = 0; i < d->ncells; i++) {
			if (s->lanes.place[d->cells[i].port] < FF_NETBYTES_LANES ||
			    d->cells[i].value == 0)
				continue;
			if ((double)d->cells[i].value < s->least)
				s->ndots++;
			else if (pass == 1)
				s->odd[s->nodd++] = i;
			else
				s->nodd++;
		}
	}
	return FF_OK;
}

double ff_net3d_z(const struct ff_net3d *s, double value)
{
	if (!(value > 0))
		return 0;
	if (s->n->params->is_log)
		return fmax(log(value / s->base) / log(s->top / s->base), .01);
	return value / s->top;
}

double ff_net3d_u(const struct ff_net3d *s, size_t column)
{
	const struct ff_edges *e = &s->edges;
	double span = (double)e->at[e->count] - (double)e->at[0];
	double at = ((double)e->at[column] - (double)e->at[0]) / 2 +
		    ((double)e->at[column + 1] - (double)e->at[0]) / 2;

	/* at the end of time differences vanish in a double */
	return span > 0 ? at / span : ((double)column + .5) / (double)e->count;
}

double ff_net3d_v(const struct ff_net3d *s, size_t port)
{
	size_t place = s->lanes.place[port];
	const struct ff_net3d_strip *strip = &s->strips[place];
	const struct ff_netbytes_band *band;

	if (place < FF_NETBYTES_LANES)
		return strip->base;
	band = &s->lanes.bands[place - FF_NETBYTES_LANES];
	return strip->v1 - (strip->v1 - strip->v0) *
				   (s->n->data.ports[port].number - band->low + .5) /
				   (band->high - band->low + 1.);
}

struct ff_point ff_net3d_tip(const struct ff_net3d *s, size_t cell)
{
	const struct ff_netbytes_cell *c = &s->n->data.cells[cell];

	return ff_oblique_at(&s->o, ff_net3d_u(s, ff_edges_find(&s->edges, c->start)),
			     ff_net3d_v(s, c->port), ff_net3d_z(s, (double)c->value));
}

struct ff_color ff_net3d_color(const struct ff_net3d *s, size_t port)
{
	size_t place = s->lanes.place[port];

	if (place >= FF_NETBYTES_LANES)
		return ff_netbytes_odd_color(&s->n->theme);
	/* every other lane darker: neighbours of one group stay apart */
	return ff_mix(ff_netbytes_color(&s->n->theme, s->lanes.lanes[place].opener),
		      s->n->theme.ink, place % 2 ? .38 : 0);
}

/* What was folded for the paper, after the columns' own words. */
static void net3d_reduction(struct ff_buf *b, const struct ff_net3d *s)
{
	if (s->edges.joined > 1)
		ff_edges_words(b, &s->edges, s->n->data.bin_ns);
	if (s->n->params->is_log)
		ff_buf_adds(b, b->len ? ", log height" : "log height");
	if (s->ndots > 0) {
		ff_buf_adds(b, b->len ? "; floor dots: " : "floor dots: ");
		if (s->least > 0) {
			ff_buf_adds(b, "under ");
			ff_netbytes_value(b, &s->n->data, s->least);
		} else {
			ff_buf_adds(b, "other ports");
		}
	}
}

/* Frame before lanes: how many lanes there is room for is known after it. */
static int net3d_measure(struct ff_net3d *s, struct ff_err *err)
{
	struct ff_netbytes *n = s->n;
	struct ff_buf words = FF_BUF_INIT;
	size_t most;
	int rc = ff_netbytes_edges(&s->edges, &n->data, ff_net3d_most_columns(n), err);

	if (rc == FF_OK)
		rc = ff_netbytes_lanes(&s->lanes, n, FF_NETBYTES_LANES, err);
	if (rc == FF_OK)
		rc = net3d_values(s, err);
	if (rc == FF_OK)
		rc = net3d_least(s, err);
	if (rc == FF_OK)
		rc = net3d_odd(s, err);
	if (rc < 0)
		return rc;
	net3d_reduction(&words, s);
	rc = words.failed ? ff_fail_nomem(err)
			  : ff_netbytes_frame(n, &s->lanes, ff_buf_str(&words), err);
	ff_buf_release(&words);
	if (rc < 0)
		return rc;
	most = ff_net3d_most_lanes(n, &s->lanes);
	if (most >= s->lanes.nlanes)
		return FF_OK;
	ff_netbytes_lanes_release(&s->lanes);
	ff_free(s->value);
	ff_free(s->odd);
	s->value = NULL;
	s->odd = NULL;
	rc = ff_netbytes_lanes(&s->lanes, n, most, err);
	if (rc == FF_OK)
		rc = net3d_values(s, err);
	if (rc == FF_OK)
		rc = net3d_odd(s, err);
	return rc;
}

static int net3d_draw(struct ff_net3d *s, struct ff_err *err)
{
	int rc = net3d_measure(s, err);

	if (rc < 0)
		return rc;
	ff_net3d_layout(s);
	rc = ff_net3d_place_axes(s, err);
	if (rc == FF_OK)
		rc = ff_net3d_place_heads(s, err);
	if (rc < 0)
		return rc;
	ff_net3d_draw_ground(s);
	rc = ff_net3d_draw_dots(s, err);
	if (rc == FF_OK)
		rc = ff_net3d_draw_impulses(s, err);
	if (rc == FF_OK)
		ff_net3d_draw_axes(s);
	return rc;
}

int ff_netbytes_3d_draw(struct ff_netbytes *n, struct ff_err *err)
{
	struct ff_net3d *s = ff_calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return ff_fail_nomem(err);
	s->n = n;
	rc = net3d_draw(s, err);
	ff_netbytes_lanes_release(&s->lanes);
	ff_edges_release(&s->edges);
	ff_ticks_release(&s->time_ticks);
	ff_ticks_release(&s->height_ticks);
	ff_free(s->value);
	ff_free(s->odd);
	ff_free(s);
	return rc;
}
