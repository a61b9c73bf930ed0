/* SPDX-License-Identifier: MIT */
/* The circle: rooms on the paper, then rings, bars, links and words. */
#include "figure/bundle.h"
#include "figure/words.h"

#include <math.h>

#define CIRCLE_DEGREE (3.14159265358979323846 / 180)
#define CIRCLE_MOST .335 /* of the width: radius of the links */
#define CIRCLE_LEAST .16
#define CIRCLE_AIR .7	  /* type sizes between the subtitle and the heads */
#define CIRCLE_BESIDE 1.2 /* width / height from which the table stands beside */

double ff_bundle_scale(const struct ff_theme *t)
{
	return t->is_slide ? 1.25 * t->fs / 13 : t->is_narrow ? .8 : t->fs / 8;
}

/* ---- radius ---- */

/* Width of the marked name at the end of a link, with its ranks; guessed where there is
 * no canvas. */
static double circle_name(const struct ff_bundle_data *d, const struct ff_theme *t,
			  struct ff_canvas *cv, int side, unsigned part)
{
	struct ff_text_style st = ff_theme_text(t, FF_SEMIBOLD);
	struct ff_buf b = FF_BUF_INIT;
	double width = 0;

	if (t->is_narrow)
		st.size_pt = t->small;
	ff_bundle_short_name(&b, &d->side[side], part);
	ff_buf_addc(&b, ' ');
	ff_bundle_ranks(&b, d, side, part);
	if (cv)
		width = ff_canvas_measure(cv, &st, ff_buf_str(&b)).width;
	for (size_t i = 0; !cv && i < b.len; i++)
		width += (b.data[i] & 0xc0) == 0x80 ? 0 : .57 * st.size_pt;
	ff_buf_release(&b);
	return width + 1.1 * st.size_pt;
}

/* The largest circle that leaves room for the marked names at its sides. */
static double circle_radius(const struct ff_bundle_data *d, const struct ff_theme *t,
			    const struct ff_bundle_layout *l, struct ff_canvas *cv,
			    double width, double k)
{
	double extra = ff_bundle_reach(d, 0, k) + 5 * k;
	double per_rad = ff_bundle_reach(d, 1, 0);
	double rad = fmin(CIRCLE_MOST * width, (width / 2 - extra - 4 * t->fs) / per_rad);

	for (size_t i = 0; i < d->ntop; i++) {
		for (int side = 0; side < 2; side++) {
			unsigned part = side ? d->links[i].right : d->links[i].left;
			double angle = l->arc[side].from[part];
			double name = fmin(circle_name(d, t, cv, side, part), .3 * width);

			rad = fmin(rad, (width / 2 - extra - name) /
						(per_rad * fmax(.8, sin(angle))));
		}
	}
	return fmax(CIRCLE_LEAST * width, rad);
}

/* Half of the height that arcs and words around them take. */
static double circle_half(const struct ff_bundle_data *d, const struct ff_theme *t,
			  const struct ff_bundle_layout *l, double rad, double k)
{
	double reach = ff_bundle_reach(d, rad, k);
	size_t marks = d->ntop < 12 ? d->ntop : 12;
	double words = ((double)marks * .5 + 1) * 1.26 * t->fs;

	return fmax(reach * fmin(1, ff_bundle_steepness(l) + .03), words) + .7 * t->fs;
}

/* ---- rooms ---- */

static double circle_table_height(const struct ff_bundle_data *d,
				  const struct ff_theme *t)
{
	size_t rows = ff_bundle_table_rows(d, t, false);
	double more = t->is_narrow && d->ntop > 5 ? 1 : 0;

	/* the key takes up to seven lines */
	return ff_bundle_row(t) *
	       fmax(d->nlinks > 1 ? 6.6 : 3.4, 1.5 + (double)rows + more);
}

double ff_bundle_circle_height(const struct ff_theme *t, const struct ff_bundle_data *d,
			       const struct ff_bundle_params *params)
{
	double width = t->width - 2 * t->margin, k = ff_bundle_scale(t);
	size_t lines = ff_bundle_caption_lines(d, params, t, width);
	struct ff_bundle_layout l;
	double rad;

	ff_bundle_angles(&l, d, params->arc);
	rad = circle_radius(d, t, &l, NULL, width, k);
	return CIRCLE_AIR * t->fs + 2 * circle_half(d, t, &l, rad, k) +
	       (t->is_narrow ? 1.2 : .4) * ff_bundle_row(t) + circle_table_height(d, t) +
	       .6 * t->fs + (double)lines * 1.3 * t->small;
}

/* Table, key and caption below the circle; what has no room goes, the caption first. */
static void circle_rooms_below(struct ff_bundle *g, struct ff_box plot)
{
	const struct ff_theme *t = &g->theme;
	double h = plot.y1 - plot.y0, w = plot.x1 - plot.x0;
	double table = circle_table_height(&g->data, t), key;
	double caption = 1.3 * t->small *
			 (double)ff_bundle_caption_lines(&g->data, g->params, t, w);

	g->plot = plot;
	if (h - caption - table - .6 * t->fs >= .5 * h) {
		g->caption = plot;
		g->caption.y0 = plot.y1 - caption;
		plot.y1 -= caption + .6 * t->fs;
		g->plot.y1 = plot.y1;
	}
	if (plot.y1 - plot.y0 - table < .45 * h || w < 150)
		return;
	key = t->is_narrow ? .31 * w : fmax(.19 * w, 11 * t->fs);
	g->table = plot;
	g->table.y0 = plot.y1 - table;
	g->key = g->table;
	g->key.x1 = plot.x0 + key;
	g->table.x0 = g->key.x1 + 1.2 * t->fs;
	g->plot.y1 = g->table.y0 - .5 * t->fs;
}

static void circle_rooms_beside(struct ff_bundle *g, struct ff_box plot)
{
	const struct ff_theme *t = &g->theme;
	double w = plot.x1 - plot.x0, row = ff_bundle_row(t);
	double x = plot.x1 - fmax(.31 * w, fmin(.4 * w, 27 * t->fs));
	double table = (1.4 + (double)ff_bundle_table_rows(&g->data, t, true)) * row;
	double key = ff_bundle_key_rows(&g->data) * row;

	g->plot = plot;
	g->plot.x1 = x - 1.5 * t->fs;
	g->table = (struct ff_box){x, plot.y0, plot.x1, fmin(plot.y0 + table, plot.y1)};
	if (plot.y1 - g->table.y1 < key)
		return;
	g->key = (struct ff_box){x, g->table.y1 + .8 * row, plot.x1,
				 g->table.y1 + .8 * row + key};
	g->caption = g->key;
	g->caption.y0 = g->key.y1;
	g->caption.y1 = plot.y1;
}

/* ---- drawing ---- */

/* The outline of a sector between two radii; returns its points. */
static size_t circle_sector(struct ff_point *p, const struct ff_bundle_layout *l,
			    int side, double a0, double a1, double r0, double r1)
{
	size_t n = 1 + (size_t)ceil((a1 - a0) / (1.2 * CIRCLE_DEGREE));

	if (n > 160)
		n = 160;
	for (size_t i = 0; i <= n; i++) {
		double a = a0 + (a1 - a0) * (double)i / (double)n;

		p[i] = ff_bundle_at(l, side, a, r0);
		p[2 * n + 1 - i] = ff_bundle_at(l, side, a, r1);
	}
	return 2 * n + 2;
}

static void circle_fill(const struct ff_bundle *g, const struct ff_bundle_layout *l,
			int side, const double angles[2], const double radii[2],
			struct ff_color color)
{
	struct ff_point p[400];
	size_t n = circle_sector(p, l, side, angles[0], angles[1], radii[0], radii[1]);

	ff_canvas_polygon(g->cv, p, n, color, FF_NO_COLOR, 0);
}

struct circle_colors {
	struct ff_color used, empty;
};

static struct circle_colors circle_colors(const struct ff_theme *t)
{
	return t->is_dark ? (struct circle_colors){ff_rgb(.56, .60, .64),
						   ff_rgb(.22, .24, .27)}
			  : (struct circle_colors){ff_rgb(.435, .475, .514),
						   ff_rgb(.863, .878, .894)};
}

/* A ring whose segments hold `step` parts; joined where nothing parts them. */
static void circle_ring(const struct ff_bundle *g, const struct ff_bundle_layout *l,
			int side, unsigned step, double radius, bool is_joined)
{
	const struct ff_bundle_side *s = &g->data.side[side];
	const struct ff_bundle_arc *a = &l->arc[side];
	struct circle_colors colors = circle_colors(&g->theme);

	for (unsigned i = 0, next; i < s->parts; i = next) {
		bool used = false, is_single;

		next = i + step < s->parts ? i + step : s->parts;
		for (unsigned k = i; k < next; k++)
			used |= s->part[k].value > 0;
		is_single = step == 1 && used && !is_joined;
		while (step == 1 && !is_single && next < s->parts &&
		       (s->part[next].value > 0) == used &&
		       a->from[next] - a->to[next - 1] < 1e-9)
			next++;
		{
			double gap = is_single ? .05 * (a->to[i] - a->from[i]) : 0;
			double angles[2] = {a->from[i] + gap, a->to[next - 1] - gap};
			double thick = (!used ? .6 : a->is_fit ? 1.6 : 1.1) * l->k;
			double radii[2] = {radius, radius + thick};

			circle_fill(g, l, side, angles, radii,
				    used ? colors.used : colors.empty);
		}
	}
}

static void circle_rings(const struct ff_bundle *g, const struct ff_bundle_layout *l)
{
	ff_canvas_note(g->cv, "rings");
	for (int side = 0; side < 2; side++) {
		const struct ff_bundle_side *s = &g->data.side[side];
		const struct ff_bundle_arc *a = &l->arc[side];

		if (a->is_fit || s->levels == 0 || !s->level_bits[0]) {
			circle_ring(g, l, side, 1, a->ring0, !a->is_fit);
			continue;
		}
		for (size_t level = 0; level < s->levels; level++)
			circle_ring(g, l, side, s->level_parts[level],
				    a->ring0 + (double)level * 2.1 * l->k, true);
	}
}

static void circle_bars(const struct ff_bundle *g, const struct ff_bundle_layout *l)
{
	ff_canvas_note(g->cv, "bars");
	for (int side = 0; side < 2; side++) {
		const struct ff_bundle_side *s = &g->data.side[side];
		const struct ff_bundle_arc *a = &l->arc[side];
		struct ff_color color = ff_bundle_bar_color(&g->theme, side);

		for (unsigned i = 0; i < s->parts; i++) {
			double mid = (a->from[i] + a->to[i]) / 2;
			double half = .46 * (a->to[i] - a->from[i]);
			double most = 3.5 * l->k / a->bars0;
			double notch = a->bars0 + 1.02 * l->bar_height;

			if (a->bar[i] <= 0)
				continue;
			half = fmin(half, most);
			circle_fill(g, l, side, (double[2]){mid - half, mid + half},
				    (double[2]){a->bars0, a->bars0 + a->bar[i]}, color);
			if (a->is_cut[i])
				circle_fill(
					g, l, side,
					(double[2]){mid - 1.3 * half, mid + 1.3 * half},
					(double[2]){notch, notch + 1.3 * l->k},
					g->theme.background);
		}
	}
}

/* The dotted end of the bars' axis and its words. */
static void circle_axis(struct ff_bundle *g, const struct ff_bundle_layout *l)
{
	enum { STEPS = 90 };
	const struct ff_theme *t = &g->theme;
	struct ff_text_style st = ff_theme_grey(t, FF_REGULAR);
	const double dash[2] = {.6 * l->k, 2.2 * l->k};
	struct ff_point p[STEPS + 1], at;
	struct ff_buf b = FF_BUF_INIT;

	ff_canvas_note(g->cv, "bar axis");
	for (int side = 0; side < 2; side++) {
		const struct ff_bundle_arc *a = &l->arc[side];
		double more = 1.5 * CIRCLE_DEGREE, r = a->bars0 + l->bar_height;

		for (int i = 0; i <= STEPS; i++)
			p[i] = ff_bundle_at(
				l, side,
				a->low - more + (a->high - a->low + 2 * more) * i / STEPS,
				r);
		ff_canvas_polyline(g->cv, p, STEPS + 1, ff_mix(t->grey, t->grid, .55),
				   .45 * l->k, dash);
	}
	if (t->is_narrow)
		st.size_pt = t->small;
	/* in the gap at the top, or at the upper end of a short arc */
	at = l->arc[0].low < 20 * CIRCLE_DEGREE && l->arc[1].low < 20 * CIRCLE_DEGREE
		     ? (struct ff_point){l->cx, l->cy - l->bars1 + .8 * st.size_pt}
		     : ff_bundle_at(l, l->arc[1].low < l->arc[0].low,
				    fmin(l->arc[0].low, l->arc[1].low) -
					    4.5 * CIRCLE_DEGREE,
				    l->bars1);
	ff_word_number(&b, 100 * l->bar_share, l->bar_share < .0099 ? 1 : 0);
	ff_buf_adds(&b, FF_NBSP "%");
	ff_labels_put(&g->labels, "axis", st, at.x, at.y, FF_CENTER, ff_buf_str(&b));
	g->labels.failed |= b.failed;
	ff_buf_release(&b);
}

static int circle_links(struct ff_bundle *g, const struct ff_bundle_layout *l,
			const struct ff_bundle_ink *ink, bool is_dense,
			struct ff_bundle_density *density, struct ff_err *err)
{
	int rc;

	if (is_dense) {
		rc = ff_bundle_density_init(density, g, l, err);
		if (rc == FF_OK)
			rc = ff_bundle_density_draw(density, g, ink, err);
	} else {
		rc = ff_bundle_links_draw(g, l, ink, err);
	}
	if (rc == FF_OK)
		ff_bundle_top_draw(g, l, ink);
	return rc;
}

int ff_bundle_circle_draw(struct ff_bundle *g, struct ff_err *err)
{
	const struct ff_theme *t = &g->theme;
	struct ff_box plot = g->frame.plot;
	bool is_dense = g->data.nlinks > FF_BUNDLE_DENSE, is_beside;
	struct ff_bundle_density density = {.at = NULL};
	struct ff_bundle_layout l;
	struct ff_bundle_ink ink;
	double w, h, rad, half;
	int rc;

	plot.y0 += CIRCLE_AIR * t->fs;
	is_beside = plot.x1 - plot.x0 > CIRCLE_BESIDE * (plot.y1 - plot.y0) &&
		    plot.x1 - plot.x0 > 45 * t->fs &&
		    ff_bundle_circle_height(t, &g->data, g->params) >
			    1.08 * (plot.y1 - plot.y0);
	if (is_beside)
		circle_rooms_beside(g, plot);
	else
		circle_rooms_below(g, plot);
	w = g->plot.x1 - g->plot.x0;
	h = g->plot.y1 - g->plot.y0;
	ff_bundle_angles(&l, &g->data, g->params->arc);
	rad = circle_radius(&g->data, t, &l, g->cv, w, g->k);
	while (rad > 10 && 2 * circle_half(&g->data, t, &l, rad, g->k) > h + 1.4 * t->fs)
		rad *= .98;
	half = circle_half(&g->data, t, &l, rad, g->k);
	l.cx = (g->plot.x0 + g->plot.x1) / 2;
	l.cy = fmax(g->plot.y1 - half, (g->plot.y0 + g->plot.y1) / 2);
	l.cy = (l.cy + (g->plot.y0 + g->plot.y1) / 2) / 2;
	ff_bundle_radii(&l, &g->data, rad, g->k);
	ff_bundle_ink_init(&ink, g, &l);
	rc = circle_links(g, &l, &ink, is_dense, &density, err);
	if (rc == FF_OK) {
		circle_rings(g, &l);
		circle_bars(g, &l);
		ff_bundle_heads(g, g->plot);
		ff_bundle_caption_place(g);
		rc = ff_bundle_table_draw(g, is_beside || t->is_narrow ? 1 : 2, err);
	}
	if (rc == FF_OK)
		rc = ff_bundle_key_draw(g, &ink, is_dense ? &density : NULL, err);
	if (rc == FF_OK)
		rc = ff_bundle_labels(g, &l, err);
	if (rc == FF_OK) {
		circle_axis(g, &l);
		ff_bundle_pills_draw(g);
	}
	ff_bundle_density_release(&density);
	return rc;
}
