/* SPDX-License-Identifier: MIT */
/* Below or beside the circle: the table of the heaviest links, the key, the caption. */
#include "figure/axis.h"
#include "figure/bundle.h"
#include "figure/words.h"

#include <math.h>
#include <string.h>

/* Alone on paper a stroke must be seen; among others they add up. */
#define KEY_ALPHA .6

static struct ff_text_style table_style(const struct ff_theme *t, enum ff_weight weight,
					struct ff_color color)
{
	struct ff_text_style st = ff_theme_text(t, weight);

	st.size_pt = t->is_slide ? t->fs : t->small;
	st.color = color;
	return st;
}

double ff_bundle_row(const struct ff_theme *t)
{
	return 1.4 * (t->is_slide ? t->fs : t->small);
}

size_t ff_bundle_table_rows(const struct ff_bundle_data *d, const struct ff_theme *t,
			    bool is_beside)
{
	size_t n = d->ntop < 10 ? d->ntop : 10;

	if (is_beside)
		return n;
	return t->is_narrow ? (n < 5 ? n : 5) : (n + 1) / 2;
}

/* ---- table ---- */

enum { TABLE_RANK, TABLE_FROM, TABLE_TO, TABLE_VALUE, TABLE_SHARE, TABLE_COLUMNS };

struct table_block { /* x of its columns: left edges, right edges of numbers */
	double x[TABLE_COLUMNS], x0, x1;
	double values; /* width of the numbers */
	bool is_short; /* names */
};

static void table_text(struct ff_bundle *g, int column, const struct table_block *b,
		       double y, struct ff_text_style st, const char *role,
		       const char *text)
{
	bool is_right =
		column == TABLE_VALUE || column == TABLE_SHARE || column == TABLE_RANK;
	struct ff_buf fit = FF_BUF_INIT;
	double room = column == TABLE_FROM
			      ? b->x[TABLE_TO] - b->x[TABLE_FROM]
			      : b->x[TABLE_VALUE] - b->x[TABLE_TO] - 3.5 * st.size_pt;

	if (is_right)
		ff_buf_adds(&fit, text);
	else
		ff_ellipsize_middle(&fit, g->cv, &st, text, room - .5 * st.size_pt);
	ff_labels_put(&g->labels, role, st, b->x[column], y,
		      is_right ? FF_RIGHT : FF_LEFT, ff_buf_str(&fit));
	g->labels.failed |= fit.failed;
	ff_buf_release(&fit);
}

static void table_name(struct ff_buf *b, const struct ff_bundle *g, int side, size_t i,
		       bool is_short)
{
	const struct ff_bundle_link *link = &g->data.links[i];

	(is_short ? ff_bundle_short_name : ff_bundle_name)(
		b, &g->data.side[side], side ? link->right : link->left);
}

static void table_row(struct ff_bundle *g, const struct table_block *b, size_t i,
		      double y)
{
	const struct ff_bundle_data *d = &g->data;
	const struct ff_bundle_link *link = &d->links[i];
	const struct ff_theme *t = &g->theme;
	struct ff_buf cells[TABLE_COLUMNS] = {FF_BUF_INIT, FF_BUF_INIT, FF_BUF_INIT,
					      FF_BUF_INIT, FF_BUF_INIT};

	ff_buf_addf(&cells[TABLE_RANK], "%zu", i + 1);
	table_name(&cells[TABLE_FROM], g, 0, i, b->is_short);
	table_name(&cells[TABLE_TO], g, 1, i, b->is_short);
	ff_bundle_value(&cells[TABLE_VALUE], d, (double)link->value);
	ff_word_percent(&cells[TABLE_SHARE], (double)link->value / d->total);
	for (int c = 0; c < TABLE_COLUMNS; c++) {
		enum ff_weight weight =
			c == TABLE_RANK || c == TABLE_SHARE ? FF_SEMIBOLD : FF_REGULAR;

		table_text(g, c, b, y,
			   table_style(t, weight,
				       c == TABLE_RANK ? ff_bundle_word_color(t, 0)
						       : t->ink),
			   "table", ff_buf_str(&cells[c]));
		g->labels.failed |= cells[c].failed;
		ff_buf_release(&cells[c]);
	}
}

static void table_head(struct ff_bundle *g, const struct table_block *b, double y)
{
	static const char *const heads[] = {"", "From", "To", "", "Share"};
	static const char *const pairs[] = {"", "Left", "Right", "", "Share"};
	const struct ff_theme *t = &g->theme;
	struct ff_text_style st = table_style(t, FF_SEMIBOLD, t->grey);
	bool talks = ff_bundle_talks(&g->data);
	const char *measure = g->data.measure;

	for (int c = TABLE_FROM; c < TABLE_COLUMNS; c++)
		table_text(g, c, b, y, st, "head",
			   c != TABLE_VALUE    ? (talks ? heads : pairs)[c]
			   : measure[0] == 'f' ? "Flows"
			   : measure[0] == 'p' ? "Packets"
					       : "Bytes");
	ff_canvas_line(g->cv, b->x0, y + .45 * st.size_pt, b->x1, y + .45 * st.size_pt,
		       t->hairline, t->axis, NULL);
}

/* Widest name of the side among the links of the table. */
static double table_widest(struct ff_bundle *g, int side, bool is_short)
{
	struct ff_text_style st = table_style(&g->theme, FF_REGULAR, g->theme.ink);
	double most = 3 * st.size_pt;

	for (size_t i = 0; i < g->data.ntop && i < 10; i++) {
		struct ff_buf b = FF_BUF_INIT;

		table_name(&b, g, side, i, is_short);
		most = fmax(most, ff_canvas_measure(g->cv, &st, ff_buf_str(&b)).width);
		g->labels.failed |= b.failed;
		ff_buf_release(&b);
	}
	return most;
}

static double table_values(struct ff_bundle *g)
{
	struct ff_text_style st = table_style(&g->theme, FF_REGULAR, g->theme.ink);
	double most = 3.3 * st.size_pt; /* the head */

	for (size_t i = 0; i < g->data.ntop && i < 10; i++) {
		struct ff_buf b = FF_BUF_INIT;

		ff_bundle_value(&b, &g->data, (double)g->data.links[i].value);
		most = fmax(most, ff_canvas_measure(g->cv, &st, ff_buf_str(&b)).width);
		g->labels.failed |= b.failed;
		ff_buf_release(&b);
	}
	return most;
}

/* Whole names where they fit, with what is left over shared out between the columns. */
static struct table_block table_block(struct ff_bundle *g, double x0, double x1)
{
	const struct ff_theme *t = &g->theme;
	double fs = t->is_slide ? t->fs : t->small;
	double room = x1 - x0 - 3.1 * fs - 4.6 * fs - table_values(g);
	struct table_block b = {.x0 = x0, .x1 = x1};
	double names[2] = {table_widest(g, 0, false), table_widest(g, 1, false)};

	if (names[0] + names[1] > room) {
		b.is_short = true;
		names[0] = table_widest(g, 0, true);
		names[1] = table_widest(g, 1, true);
	}
	b.x[TABLE_RANK] = x0 + 1.4 * fs;
	b.x[TABLE_FROM] = x0 + 2.3 * fs;
	b.x[TABLE_SHARE] = x1;
	b.x[TABLE_VALUE] = x1 - 4.1 * fs;
	b.values = table_values(g);
	b.x[TABLE_TO] = b.x[TABLE_FROM] +
			room * fmin(.65, fmax(.35, names[0] / (names[0] + names[1]))) +
			.8 * fs;
	return b;
}

int ff_bundle_table_draw(struct ff_bundle *g, size_t blocks, struct ff_err *err)
{
	const struct ff_theme *t = &g->theme;
	double row = ff_bundle_row(t), gap = 2 * t->fs;
	double width =
		(g->table.x1 - g->table.x0 - gap * (double)(blocks - 1)) / (double)blocks;
	size_t rows = ff_bundle_table_rows(&g->data, t, blocks == 1 && !t->is_narrow);
	size_t last = 0;

	(void)err;
	if (g->table.x1 <= g->table.x0 || rows == 0)
		return FF_OK;
	ff_canvas_note(g->cv, "table");
	for (size_t k = 0; k < blocks; k++) {
		double x = g->table.x0 + (double)k * (width + gap);
		struct table_block b = table_block(g, x, x + width);
		double y = g->table.y0 + .8 * row;

		if (k * rows >= g->data.ntop)
			break;
		table_head(g, &b, y);
		y += .25 * row;
		for (size_t i = k * rows; i < (k + 1) * rows && i < g->data.ntop; i++) {
			if (y + 1.2 * row > g->table.y1 + .3 * row)
				break;
			y += row;
			table_row(g, &b, i, y);
			last = i + 1;
		}
	}
	if (last < g->data.ntop) {
		struct ff_buf b = FF_BUF_INIT;

		ff_buf_addf(&b, "and ranks %zu" FF_NDASH "%zu as marked", last + 1,
			    g->data.ntop);
		ff_labels_put(&g->labels, "table", table_style(t, FF_REGULAR, t->grey),
			      g->table.x0 + 2.3 * t->small,
			      g->table.y0 + (2.1 + (double)rows) * row, FF_LEFT,
			      ff_buf_str(&b));
		g->labels.failed |= b.failed;
		ff_buf_release(&b);
	}
	return FF_OK;
}

/* ---- key ---- */

/* A short stroke of a value as the links are drawn, over `x0` to `x1`. */
static void key_stroke(const struct ff_bundle *g, double x0, double x1, double y,
		       const struct ff_gradient *like, double alpha, double width)
{
	struct ff_gradient here = *like;
	struct ff_point p[4];

	here.x0 = x0 + .15 * (x1 - x0);
	here.x1 = x1 - .15 * (x1 - x0);
	for (int i = 0; i < 4; i++)
		p[i] = (struct ff_point){x0 + (x1 - x0) * i / 3, y};
	ff_canvas_bezier_gradient(g->cv, p, 4, &here, alpha, width);
}

static double key_head(struct ff_bundle *g, const char *words)
{
	const struct ff_theme *t = &g->theme;
	double row = ff_bundle_row(t);
	struct ff_buf b = FF_BUF_INIT;

	ff_buf_addf(&b, "%s in a link", g->data.measure);
	if (words)
		ff_buf_clear(&b), ff_buf_addf(&b, "%s %s", g->data.measure, words);
	if (!b.failed)
		b.data[0] = (uint8_t)(b.data[0] - 'a' + 'A');
	ff_labels_put(&g->labels, "key", table_style(t, FF_SEMIBOLD, t->ink), g->key.x0,
		      g->key.y0 + .8 * row, FF_LEFT, ff_buf_str(&b));
	g->labels.failed |= b.failed;
	ff_buf_release(&b);
	return g->key.y0 + .8 * row;
}

static void key_top(struct ff_bundle *g, const struct ff_bundle_ink *ink, double y,
		    double x1)
{
	const struct ff_theme *t = &g->theme;
	struct ff_text_style st = table_style(t, FF_REGULAR, t->grey);
	struct ff_buf b = FF_BUF_INIT;

	if (g->data.ntop == 0 || g->data.ntop == g->data.nlinks)
		return;
	key_stroke(g, g->key.x0, x1, y - .27 * st.size_pt, &ink->top, 1,
		   fmax(ink->top_width, 1.3 * g->k));
	ff_buf_addf(&b, t->is_narrow ? "top %zu" : "top %zu, opaque", g->data.ntop);
	ff_labels_put(&g->labels, "key", st, x1 + .6 * st.size_pt, y, FF_LEFT,
		      ff_buf_str(&b));
	g->labels.failed |= b.failed;
	ff_buf_release(&b);
}

/* Decades between the smallest and the largest link, then the largest; at most six. */
static size_t key_values(double out[8], const struct ff_bundle_data *d)
{
	double most = (double)d->links[0].value;
	double least = (double)d->links[d->nlinks - 1].value;
	double decades = log10(most) - ceil(log10(least) - 1e-9);
	double by = decades > 4 ? ceil(decades / 4) : 1;
	size_t n = 0;

	for (double e = ceil(log10(least) - 1e-9); n < 6; e += by) {
		if (pow(10, e) > most * .7)
			break;
		out[n++] = pow(10, e);
	}
	if (n == 0 && least < most * .7)
		out[n++] = least;
	out[n++] = most;
	return n;
}

double ff_bundle_key_rows(const struct ff_bundle_data *d)
{
	double values[8];

	return d->nlinks > FF_BUNDLE_DENSE ? 4.6 : 2.3 + (double)key_values(values, d);
}

static void key_links(struct ff_bundle *g, const struct ff_bundle_ink *ink)
{
	const struct ff_theme *t = &g->theme;
	struct ff_text_style st = table_style(t, FF_REGULAR, t->grey);
	double row = ff_bundle_row(t) * .95, values[8];
	double x1 = g->key.x0 + (t->is_slide ? 6.5 : 4.6) * st.size_pt;
	double y = key_head(g, NULL);
	size_t n = key_values(values, &g->data);

	for (size_t i = 0; i < n && y + 1.3 * row < g->key.y1 + row; i++) {
		double u = ff_bundle_strength(ink, values[i]);
		int step = (int)(u * (FF_BUNDLE_STRENGTHS - 1) + .5);
		struct ff_buf b = FF_BUF_INIT;

		y += row;
		u = (double)step / (FF_BUNDLE_STRENGTHS - 1);
		key_stroke(g, g->key.x0, x1, y - .27 * st.size_pt, &ink->gradient[step],
			   fmax(ff_bundle_alpha(ink, u), KEY_ALPHA),
			   fmax(ff_bundle_width(ink, u), .6 * g->k));
		ff_bundle_value(&b, &g->data, values[i]);
		ff_labels_put(&g->labels, "key", st, x1 + .6 * st.size_pt, y, FF_LEFT,
			      ff_buf_str(&b));
		g->labels.failed |= b.failed;
		ff_buf_release(&b);
	}
	key_top(g, ink, y + row, x1);
}

/* A ramp of each side's colours, one above the other. */
static int key_density(struct ff_bundle *g, const struct ff_bundle_ink *ink,
		       const struct ff_bundle_density *m, struct ff_err *err)
{
	enum { STEPS = 48 };
	const struct ff_theme *t = &g->theme;
	struct ff_text_style st = table_style(t, FF_REGULAR, t->grey);
	double row = ff_bundle_row(t), y = key_head(g, "through a pixel") + .45 * row;
	double x0 = g->key.x0, x1 = fmin(g->key.x1, x0 + 13 * t->fs), h = .45 * row;
	struct ff_scale scale = ff_scale_log(m->low, m->high, x0, x1);
	struct ff_ticks ticks = FF_TICKS_INIT;
	int rc = ff_ticks_log(&ticks, &scale, m->high / m->low < 150, err);

	if (rc < 0)
		return rc;
	for (int side = 0; side < 2; side++)
		for (int i = 0; i < STEPS; i++) {
			double x = x0 + (x1 - x0) * i / STEPS;

			ff_canvas_rect(g->cv, x, y + side * h, x1 - x, h,
				       ff_bundle_color(t, side, (i + .5) / STEPS));
		}
	y += 2 * h;
	for (size_t i = 0; i < ticks.count; i++) {
		struct ff_tick *tick = &ticks.at[i];

		if (tick->text[0]) {
			ff_tick_say(tick, ff_bundle_key_word(&g->data));
			ff_canvas_line(g->cv, tick->pos, y, tick->pos, y + .6 * t->tick,
				       t->ink, t->axis, NULL);
			ff_labels_put(
				&g->labels, "key", st,
				fmin(fmax(tick->pos, x0 + st.size_pt), x1 - st.size_pt),
				y + 1.25 * st.size_pt, FF_CENTER, tick->text);
		}
	}
	ff_ticks_release(&ticks);
	key_top(g, ink, y + 1.25 * st.size_pt + row, x0 + 4.6 * st.size_pt);
	return FF_OK;
}

int ff_bundle_key_draw(struct ff_bundle *g, const struct ff_bundle_ink *ink,
		       const struct ff_bundle_density *density, struct ff_err *err)
{
	if (g->key.x1 <= g->key.x0)
		return FF_OK;
	ff_canvas_note(g->cv, "key");
	if (density)
		return key_density(g, ink, density, err);
	key_links(g, ink);
	return FF_OK;
}

/* ---- caption ---- */

size_t ff_bundle_caption_lines(const struct ff_bundle_data *d,
			       const struct ff_bundle_params *params,
			       const struct ff_theme *t, double width)
{
	struct ff_buf b = FF_BUF_INIT;
	double letters = width / (.53 * t->small);
	size_t lines;

	ff_bundle_caption(&b, d, params, t->is_narrow);
	lines = (size_t)ceil((double)b.len * 1.04 / letters);
	ff_buf_release(&b);
	return lines < 1 ? 1 : lines;
}

void ff_bundle_caption_place(struct ff_bundle *g)
{
	const struct ff_theme *t = &g->theme;
	struct ff_text_style st = ff_theme_grey(t, FF_REGULAR);
	struct ff_buf words = FF_BUF_INIT, lines = FF_BUF_INIT;
	double step = 1.3 * t->small, y = g->caption.y0 + .95 * t->small;
	size_t most = (size_t)fmax(0, (g->caption.y1 - g->caption.y0 + .3 * step) / step);
	char *line;

	st.size_pt = t->small;
	if (most == 0 || g->caption.x1 <= g->caption.x0)
		return;
	ff_bundle_caption(&words, &g->data, g->params, t->is_narrow);
	ff_wrap(&lines, g->cv, &st, ff_buf_str(&words), g->caption.x1 - g->caption.x0,
		most);
	ff_buf_addc(&lines, '\0');
	for (line = lines.failed ? NULL : (char *)lines.data; line && *line;) {
		char *end = strchr(line, '\n');

		if (end)
			*end = '\0';
		ff_labels_put(&g->labels, "caption", st, g->caption.x0, y, FF_LEFT, line);
		y += step;
		line = end ? end + 1 : NULL;
	}
	g->labels.failed |= words.failed || lines.failed;
	ff_buf_release(&words);
	ff_buf_release(&lines);
}
