/* SPDX-License-Identifier: MIT */
/* Words around the matrix. */
#include "figure/bundle_matrix.h"
#include "figure/words.h"

#include <math.h>

/* ---- heads ---- */

void ff_bundle_matrix_heads(struct ff_bundle *g, const struct ff_bundle_matrix *m)
{
	const struct ff_theme *t = &g->theme;
	double size = t->is_narrow ? t->small : t->fs;
	bool talks = ff_bundle_talks(&g->data);
	double room = .47 * (g->plot.x1 - g->plot.x0);

	(void)m;
	for (int side = 0; side < 2; side++) {
		const struct ff_bundle_side *s = &g->data.side[side];
		double x = side ? g->plot.x1 : g->plot.x0, y = g->plot.y0 + .9 * size;
		enum ff_anchor anchor = side ? FF_RIGHT : FF_LEFT;
		struct ff_text_style st = ff_theme_grey(t, FF_REGULAR);
		struct ff_buf b = FF_BUF_INIT, fit = FF_BUF_INIT;

		ff_buf_addf(&b, "%s  %s",
			    talks ? (side ? "TO" : "FROM") : (side ? "COLUMNS" : "ROWS"),
			    ff_bundle_field_title(s));
		ff_bundle_put(g, "side", FF_SEMIBOLD, ff_bundle_word_color(t, side), x, y,
			      anchor, ff_buf_str(&b));
		ff_buf_clear(&b);
		ff_buf_addf(&b, "%s%s", s->range, s->range[0] ? ", " : "");
		ff_bundle_parts_words(&b, s);
		st.size_pt = size;
		ff_ellipsize_middle(&fit, g->cv, &st, ff_buf_str(&b), room);
		ff_bundle_put(g, "side", FF_REGULAR, t->grey, x, y + 1.27 * size, anchor,
			      ff_buf_str(&fit));
		g->labels.failed |= b.failed || fit.failed;
		ff_buf_release(&b);
		ff_buf_release(&fit);
	}
}

void ff_bundle_matrix_axis(struct ff_bundle *g, const struct ff_bundle_matrix *m,
			   double share, double reach)
{
	const struct ff_theme *t = &g->theme;
	const double dash[2] = {.6 * g->k, 2.2 * g->k};
	double size = t->is_narrow ? t->small : t->fs;
	struct ff_color color = ff_mix(t->grey, t->grid, .55);
	const struct ff_box *c = &m->cells;
	struct ff_buf b = FF_BUF_INIT;

	ff_canvas_line(g->cv, c->x0, c->y0 - reach, c->x1, c->y0 - reach, color,
		       .45 * g->k, dash);
	ff_canvas_line(g->cv, c->x1 + reach, c->y0, c->x1 + reach, c->y1, color,
		       .45 * g->k, dash);
	ff_word_number(&b, 100 * share, share < .0099 ? 1 : 0);
	ff_buf_adds(&b, FF_NBSP "%");
	ff_bundle_put(g, "axis", FF_REGULAR, t->grey, c->x1 + .4 * size,
		      c->y0 - reach + .36 * size, FF_LEFT, ff_buf_str(&b));
	ff_bundle_put(g, "axis", FF_REGULAR, t->grey, c->x1 + reach, c->y1 + 1.1 * size,
		      FF_CENTER, ff_buf_str(&b));
	g->labels.failed |= b.failed;
	ff_buf_release(&b);
}

/* ---- ranks ---- */

void ff_bundle_matrix_rank(struct ff_bundle *g, size_t i, double x, double y, double r)
{
	enum { TRIES = 12 };
	/* right and left first, then the rest of the clock */
	static const int order[TRIES] = {0, 6, 1, 11, 5, 7, 3, 9, 2, 4, 8, 10};
	struct ff_text_style st = ff_theme_text(&g->theme, FF_SEMIBOLD);
	struct ff_text_item tries[TRIES];
	char text[24];

	if (g->theme.is_narrow)
		st.size_pt = g->theme.small;
	st.color = ff_mix(ff_category(&g->theme, FF_VERMILLION), g->theme.ink, .25);
	st = ff_with_halo(&g->theme, st);
	ff_format_u64(text, sizeof(text), i + 1);
	for (int k = 0; k < TRIES; k++) {
		double a = acos(-1) / 6 * order[k], c = cos(a);
		double out = r + .35 * st.size_pt;

		tries[k] = ff_text_item_of("rank", st, x + c * out,
					   y - sin(a) * (out + .3 * st.size_pt) +
						   .36 * st.size_pt,
					   c > .3    ? FF_LEFT
					   : c < -.3 ? FF_RIGHT
						     : FF_CENTER,
					   text);
	}
	ff_labels_try(&g->labels, tries, TRIES, 1);
}

/* ---- names ---- */

static void matrix_name(struct ff_bundle *g, const struct ff_bundle_matrix *m, int side,
			const double span[2], bool is_used, const char *text)
{
	const struct ff_theme *t = &g->theme;
	double size = t->is_narrow ? t->small : t->fs, middle = (span[0] + span[1]) / 2;
	struct ff_color color = is_used ? t->grey : ff_mix(t->grey, t->grid, .6);

	if (!side)
		ff_bundle_put(g, "row", FF_REGULAR, color, m->cells.x0 - .45 * size,
			      middle + .36 * size, FF_RIGHT, text);
	else
		ff_bundle_put(g, "column", FF_REGULAR, color, middle,
			      m->cells.y1 + 1.1 * size, FF_CENTER, text);
}

void ff_bundle_matrix_names(struct ff_bundle *g, const struct ff_bundle_matrix *m)
{
	for (int side = 0; side < 2; side++) {
		const struct ff_bundle_side *s = &g->data.side[side];
		size_t level = ff_bundle_label_level(s);
		bool is_one = m->is_fit[side] || level == s->levels;
		unsigned step = is_one ? 1 : s->level_parts[level];

		for (unsigned i = 0; i < s->parts; i += step) {
			struct ff_buf b = FF_BUF_INIT;
			double span[2] = {ff_bundle_matrix_edge(m, side, i), 0};
			bool is_used = false;

			for (unsigned k = i; k < i + step && k < s->parts; k++)
				is_used |= s->part[k].value > 0;
			if (is_one && !is_used)
				continue;
			span[1] = span[0] + m->cell[side] * step;
			if (is_one)
				ff_bundle_short_name(&b, s, i);
			else
				ff_bundle_group_name(&b, s, level, i);
			matrix_name(g, m, side, span, is_used, ff_buf_str(&b));
			g->labels.failed |= b.failed;
			ff_buf_release(&b);
		}
	}
}
