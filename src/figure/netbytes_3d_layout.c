/* SPDX-License-Identifier: MIT */
/* Where the floor of the 3d view stands on the page, and its strips: numbers only. */
#include "figure/netbytes_3d.h"

#include <math.h>

#define DEPTH_PART .58 /* of the plot's height; the rest is for z */
#define DEPTH_FIT .62  /* of a page whose height is free */
#define DEPTH_MOST .70 /* when many lanes need it */
#define LEAN_PART .14  /* of the plot's width goes to the lean */
#define PITCH_LEAST                                                         \
	1.03 /* of lanes, body sizes: their words stand one under the other \
	      */
#define PITCH_MOST 1.5
#define WORDS_MOST .42 /* of the width, at most, for the words of the lanes */
/* In units of a lane's pitch. */
#define GAP_GROUP .4
#define GAP_BAND .25
#define GAP_EDGE .3
#define BAND_DEPTH 1.5
#define LANE_BASE .3 /* from a lane's front edge */

static double layout_units(const struct ff_netbytes_lanes *l)
{
	double units = 2 * GAP_EDGE + (double)l->nlanes;

	for (size_t i = 1; i < l->nlanes; i++)
		if (l->lanes[i].opener != l->lanes[i - 1].opener)
			units += GAP_GROUP;
	if (l->nbands > 0)
		units += (double)l->nbands * BAND_DEPTH +
			 (double)(l->nbands - 1) * GAP_BAND +
			 (l->nlanes > 0 ? GAP_GROUP : 0);
	return units;
}

double ff_net3d_fit(const struct ff_netbytes_lanes *l, double fs)
{
	/* with axis title and dates */
	return layout_units(l) * PITCH_LEAST * fs / DEPTH_FIT + 3.6 * fs;
}

/* Of the plot: from under the axis title to the dates. */
static double layout_height(const struct ff_netbytes *n, double *y0)
{
	const struct ff_theme *t = &n->theme;
	const struct ff_box *plot = &n->frame.plot;

	*y0 = plot->y1 - t->tick - 1.45 * t->fs;
	return fmax(*y0 - (plot->y0 + 1.75 * t->fs), 2 * t->fs);
}

size_t ff_net3d_most_lanes(const struct ff_netbytes *n, const struct ff_netbytes_lanes *l)
{
	struct ff_netbytes_lanes less = *l;
	double y0, h = layout_height(n, &y0);
	double part = ff_oblique_depth_part(n->params->elevation, DEPTH_MOST);

	/* folding a lane may need one more band */
	if (less.nbands == 0 &&
	    layout_units(&less) * PITCH_LEAST * n->theme.fs > part * h)
		less.nbands = 1;
	while (less.nlanes > 1 &&
	       layout_units(&less) * PITCH_LEAST * n->theme.fs > part * h)
		less.nlanes--;
	return less.nlanes;
}

size_t ff_net3d_most_columns(const struct ff_netbytes *n)
{
	const struct ff_theme *t = &n->theme;
	double room = (t->width - 2 * t->margin) * (1 - LEAN_PART) - 11 * t->fs;
	/* on paper as on screens an impulse and a gap must be seen */
	double least = fmax(n->px * 2, t->is_slide ? 1 : .48);

	return room > 8 * least ? (size_t)(room / least) : 8;
}

static void layout_strips(struct ff_net3d *s)
{
	const struct ff_netbytes_lanes *l = &s->lanes;
	double units = layout_units(l), at = GAP_EDGE;

	for (size_t i = l->nbands; i-- > 0;) {
		struct ff_net3d_strip *strip = &s->strips[FF_NETBYTES_LANES + i];

		strip->v0 = at / units;
		strip->v1 = (at + BAND_DEPTH) / units;
		strip->base = (at + BAND_DEPTH / 2) / units;
		at += BAND_DEPTH + (i > 0 ? GAP_BAND : GAP_GROUP);
	}
	for (size_t i = l->nlanes; i-- > 0;) {
		struct ff_net3d_strip *strip = &s->strips[i];

		strip->v0 = at / units;
		strip->v1 = (at + 1) / units;
		strip->base = (at + LANE_BASE) / units;
		at += 1;
		if (i > 0 && l->lanes[i].opener != l->lanes[i - 1].opener)
			at += GAP_GROUP;
	}
}

static void layout_depth(struct ff_net3d *s)
{
	const struct ff_theme *t = &s->n->theme;
	double h = layout_height(s->n, &s->o.y0), units = layout_units(&s->lanes);
	double part = ff_oblique_depth_part(s->n->params->elevation, DEPTH_PART);

	s->o.dp = part * h;
	if (s->n->params->elevation <= 0)
		s->o.dp =
			fmin(fmax(s->o.dp, units * PITCH_LEAST * t->fs), DEPTH_MOST * h);
	s->o.dp = fmin(s->o.dp, units * PITCH_MOST * t->fs);
	s->o.hh = h - s->o.dp;
	s->pitch = s->o.dp / units;
}

static double layout_words_width(const struct ff_net3d *s, size_t place, int words)
{
	struct ff_text_style st = ff_theme_text(&s->n->theme, FF_REGULAR);
	struct ff_buf b = FF_BUF_INIT;
	double width;

	ff_net3d_lane_words(&b, s, place, words);
	width = ff_canvas_measure(s->n->cv, &st, ff_buf_str(&b)).width;
	s->n->labels.failed |= b.failed;
	ff_buf_release(&b);
	return width;
}

/* Right of the floor's front corner: the lean and the words beside it. */
static double layout_right(const struct ff_net3d *s, int words)
{
	double pad = s->o.s, fs = s->n->theme.fs;

	for (size_t i = 0; i < s->lanes.nlanes; i++)
		pad = fmax(pad, s->o.s * s->strips[i].base + 1.1 * fs +
					layout_words_width(s, i, words));
	for (size_t i = 0; i < s->lanes.nbands; i++)
		pad = fmax(pad,
			   s->o.s * ff_net3d_band(s, i)->base + 1.3 * fs +
				   layout_words_width(s, FF_NETBYTES_LANES + i, words));
	return pad;
}

/* Left end of the front edge: words of groups and heights stand left of the floor. */
static double layout_left(const struct ff_net3d *s)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_text_style st = ff_theme_text(t, FF_BOLD);
	double need = t->margin + 1.3 * t->fs; /* half of the first date */

	need = fmax(need, t->margin + ff_net3d_height_width(s) + .75 * t->fs - s->o.s);
	for (size_t i = 0; i < FF_NETBYTES_LANES + FF_NETBYTES_BANDS; i++) {
		bool is_there = i < FF_NETBYTES_LANES
					? i < s->lanes.nlanes
					: i - FF_NETBYTES_LANES < s->lanes.nbands;
		const char *word = is_there ? ff_net3d_group_word(s, i, 2) : "";

		if (word[0])
			need = fmax(need,
				    t->margin +
					    ff_canvas_measure(s->n->cv, &st, word).width +
					    .6 * t->fs - s->o.s * s->strips[i].base);
	}
	return fmin(need, t->margin + .3 * t->width);
}

static void layout_width(struct ff_net3d *s)
{
	const struct ff_theme *t = &s->n->theme;
	double room = t->width - 2 * t->margin, px = s->n->px, whole;
	double columns = (double)s->edges.count;

	s->o.s = LEAN_PART * room;
	ff_oblique_lean(&s->o, s->n->params->azimuth,
			s->o.s * s->o.dp / (DEPTH_PART * (s->o.dp + s->o.hh)), .8 * room);
	s->o.x0 = layout_left(s);
	for (s->words = 0; s->words < 3; s->words++)
		if (layout_right(s, s->words) - s->o.s * .8 <= WORDS_MOST * room)
			break;
	s->o.wd = t->width - t->margin - s->o.x0 - layout_right(s, s->words);
	s->o.wd = fmax(s->o.wd, .2 * room);
	/* whole pixels a column, where that wastes little: equal columns look equal */
	whole = floor(s->o.wd / columns / px + 1e-6);
	if (whole >= 1 && whole * px * columns >= .88 * s->o.wd)
		s->o.wd = whole * px * columns;
	s->o.x0 = round(s->o.x0 / px) * px;
	s->width = fmin(fmax(.62 * s->o.wd / columns, fmin(s->o.wd / columns, .28)),
			.45 * t->fs);
}

void ff_net3d_layout(struct ff_net3d *s)
{
	layout_strips(s);
	layout_depth(s);
	layout_width(s);
}
