/* SPDX-License-Identifier: MIT */
/* Words around the arcs: the ends of the top links and cut bars with leaders, then parts
 * or groups where there is room. All horizontal, anchored by their side. */
#include "figure/bundle.h"
#include "figure/words.h"

#include <math.h>
#include <stdlib.h>

#define LABELS_PITCH 1.26 /* type sizes from line to line */
enum { LABELS_MARKS = 48 };

static struct ff_text_style labels_style(const struct ff_bundle *g, enum ff_weight weight,
					 struct ff_color color)
{
	const struct ff_theme *t = &g->theme;
	struct ff_text_style st = ff_theme_text(t, weight);

	if (t->is_narrow)
		st.size_pt = t->small;
	st.color = color;
	return st;
}

bool ff_bundle_put(struct ff_bundle *g, const char *role, enum ff_weight weight,
		   struct ff_color color, double x, double y, enum ff_anchor anchor,
		   const char *text)
{
	return ff_labels_put(&g->labels, role, labels_style(g, weight, color), x, y,
			     anchor, text);
}

/* ---- heads ---- */

static void labels_head(struct ff_bundle *g, struct ff_box box, int side)
{
	const struct ff_theme *t = &g->theme;
	const struct ff_bundle_side *s = &g->data.side[side];
	bool talks = ff_bundle_talks(&g->data);
	enum ff_anchor anchor = side ? FF_RIGHT : FF_LEFT;
	double x = side ? box.x1 : box.x0, y = box.y0 + .9 * t->fs;
	double room = (t->is_narrow ? .45 : .3) * (box.x1 - box.x0);
	struct ff_buf b[3] = {FF_BUF_INIT, FF_BUF_INIT, FF_BUF_INIT};
	struct ff_text_style grey = labels_style(g, FF_REGULAR, t->grey);
	int lines = t->is_narrow ? 1 : 3;
	double widest = 0;

	ff_labels_put(&g->labels, "side",
		      labels_style(g, FF_SEMIBOLD, ff_bundle_word_color(t, side)), x, y,
		      anchor, talks ? (side ? "TO" : "FROM") : (side ? "RIGHT" : "LEFT"));
	ff_buf_adds(&b[0], ff_bundle_field_title(s));
	ff_buf_adds(&b[1], s->range);
	ff_bundle_parts_words(&b[2], s);
	for (int i = 0; i < lines; i++) {
		if (!b[i].len)
			continue;
		struct ff_text_style st = i ? grey : labels_style(g, FF_SEMIBOLD, t->ink);
		struct ff_buf fit = FF_BUF_INIT;

		y += 1.27 * st.size_pt;
		ff_ellipsize_middle(&fit, g->cv, &st, ff_buf_str(&b[i]), room);
		ff_labels_put(&g->labels, "side", st, x, y, anchor, ff_buf_str(&fit));
		widest = fmax(widest,
			      ff_canvas_measure(g->cv, &st, ff_buf_str(&fit)).width);
		g->labels.failed |= fit.failed || b[i].failed;
		ff_buf_release(&fit);
	}
	for (int i = 0; i < 3; i++)
		ff_buf_release(&b[i]);
	widest += .5 * t->fs;
	ff_labels_block(&g->labels,
			(struct ff_box){side ? x - widest : x, box.y0,
					side ? x : x + widest, y + .2 * t->fs});
}

void ff_bundle_heads(struct ff_bundle *g, struct ff_box box)
{
	labels_head(g, box, 0);
	labels_head(g, box, 1);
}

/* ---- ranks ---- */

void ff_bundle_ranks(struct ff_buf *b, const struct ff_bundle_data *d, int side,
		     unsigned part)
{
	bool is_here[FF_BUNDLE_TOP + 2] = {false};

	for (size_t i = 0; i < d->ntop; i++)
		is_here[i] = (side ? d->links[i].right : d->links[i].left) == part;
	for (size_t i = 0, k; i < d->ntop; i = k + 1) {
		for (k = i; is_here[i] && is_here[k + 1]; k++)
			;
		if (!is_here[i])
			continue;
		if (k == i + 1) /* two are no run */
			k = i;
		ff_buf_addf(b, "%s%zu", b->len ? " " : "", i + 1);
		if (k > i)
			ff_buf_addf(b, FF_NDASH "%zu", k + 1);
	}
}

/* Round ends under the ranks. */
void ff_bundle_pills_draw(const struct ff_bundle *g)
{
	enum { STEPS = 12 };

	ff_canvas_note(g->cv, "ranks");
	for (size_t i = 0; i < g->npills; i++) {
		const struct ff_box *box = &g->pills[i];
		double r = (box->y1 - box->y0) / 2, y = (box->y0 + box->y1) / 2;
		struct ff_point p[2 * (STEPS + 1)];

		for (int k = 0; k <= STEPS; k++) {
			double a = acos(-1) * k / STEPS;

			p[k] = (struct ff_point){box->x1 - r + r * sin(a),
						 y - r * cos(a)};
			p[STEPS + 1 + k] = (struct ff_point){box->x0 + r - r * sin(a),
							     y + r * cos(a)};
		}
		ff_canvas_polygon(g->cv, p, 2 * (STEPS + 1),
				  ff_bundle_word_color(&g->theme, g->pill_sides[i]),
				  FF_NO_COLOR, 0);
	}
}

/* ---- marks: labels with leaders ---- */

struct labels_mark {
	unsigned part;
	double angle;
	double want, y; /* of the middle of the text */
	bool is_top;
	uint64_t value;
};
struct labels_side {
	struct labels_mark at[LABELS_MARKS];
	size_t n;
};
/* Middles of what stands on one side: nothing comes nearer than the pitch. */
struct labels_rows {
	double y[LABELS_MARKS + FF_BUNDLE_PARTS];
	size_t n;
	bool is_named[FF_BUNDLE_PARTS];
};

static bool labels_is_free(const struct labels_rows *rows, double y, double pitch)
{
	for (size_t i = 0; i < rows->n; i++)
		if (fabs(rows->y[i] - y) < pitch - 1e-6)
			return false;
	return true;
}

static int labels_by_importance(const void *a, const void *b)
{
	const struct labels_mark *x = a, *y = b;

	if (x->is_top != y->is_top)
		return x->is_top ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? 1 : -1;
	return (x->part > y->part) - (x->part < y->part);
}

static int labels_by_angle(const void *a, const void *b)
{
	const struct labels_mark *x = a, *y = b;

	return (x->angle > y->angle) - (x->angle < y->angle);
}

static void labels_collect(struct labels_side *m, const struct ff_bundle *g,
			   const struct ff_bundle_layout *l, int side, size_t most)
{
	const struct ff_bundle_side *s = &g->data.side[side];
	struct labels_mark all[FF_BUNDLE_PARTS];
	bool is_top[FF_BUNDLE_PARTS] = {false};
	size_t n = 0;

	for (size_t i = 0; i < g->data.ntop; i++)
		is_top[side ? g->data.links[i].right : g->data.links[i].left] = true;
	for (unsigned i = 0; i < s->parts; i++)
		if (is_top[i] || l->arc[side].is_cut[i])
			all[n++] = (struct labels_mark){
				.part = i,
				.angle = (l->arc[side].from[i] + l->arc[side].to[i]) / 2,
				.is_top = is_top[i],
				.value = s->part[i].value};
	qsort(all, n, sizeof(all[0]), labels_by_importance);
	if (most > LABELS_MARKS)
		most = LABELS_MARKS;
	m->n = n < most ? n : most;
	for (size_t i = 0; i < m->n; i++)
		m->at[i] = all[i];
	qsort(m->at, m->n, sizeof(m->at[0]), labels_by_angle);
}

/* Least squares under "at least `pitch` apart, within low..high": pools of neighbours
 * that would meet share the mean of what they want. */
static void labels_spread(struct labels_side *m, double pitch, double low, double high)
{
	double sum[LABELS_MARKS];
	size_t count[LABELS_MARKS], first[LABELS_MARKS], pools = 0;

	for (size_t i = 0; i < m->n; i++) {
		sum[pools] = m->at[i].want - pitch * (double)i;
		count[pools] = 1;
		first[pools++] = i;
		while (pools > 1 && sum[pools - 1] / (double)count[pools - 1] <
					    sum[pools - 2] / (double)count[pools - 2]) {
			sum[pools - 2] += sum[pools - 1];
			count[pools - 2] += count[pools - 1];
			pools--;
		}
	}
	for (size_t k = 0; k < pools; k++) {
		double at = sum[k] / (double)count[k];

		/* within the bounds the order of pools stays */
		at = fmin(fmax(at, low), high - pitch * (double)(m->n - 1));
		for (size_t i = first[k]; i < first[k] + count[k]; i++)
			m->at[i].y = at + pitch * (double)i;
	}
}

/* The texts of a mark, from the circle outwards. */
struct labels_texts {
	struct ff_buf name, ranks, share;
};

static void labels_texts_release(struct labels_texts *w)
{
	ff_buf_release(&w->name);
	ff_buf_release(&w->ranks);
	ff_buf_release(&w->share);
}

static void labels_texts_of(struct labels_texts *w, struct ff_bundle *g, int side,
			    const struct labels_mark *mark)
{
	*w = (struct labels_texts){FF_BUF_INIT, FF_BUF_INIT, FF_BUF_INIT};
	ff_bundle_short_name(&w->name, &g->data.side[side], mark->part);
	ff_bundle_ranks(&w->ranks, &g->data, side, mark->part);
	ff_word_percent(&w->share, (double)mark->value / g->data.total);
	g->labels.failed |= w->name.failed || w->ranks.failed || w->share.failed;
}

/* The items of a mark: name, ranks, share, as many as it has; where the pill under its
 * ranks goes. */
struct labels_items {
	struct ff_text_item at[3];
	size_t n; /* without the share, which is at[n] */
	struct ff_box pill;
};

static void labels_items_of(struct labels_items *m, struct ff_bundle *g, int side,
			    const struct labels_texts *w, double x, double y)
{
	const struct ff_theme *t = &g->theme;
	struct ff_text_style bold = labels_style(g, FF_SEMIBOLD, t->ink);
	struct ff_text_style rank = labels_style(
		g, FF_SEMIBOLD, t->is_dark ? t->background : ff_rgb(1, 1, 1));
	double dir = side ? 1 : -1, size = bold.size_pt, pad = .42 * size;
	enum ff_anchor anchor = side ? FF_LEFT : FF_RIGHT;
	double base = y + .36 * size;

	m->n = 0;
	m->at[m->n++] =
		ff_text_item_of("end", bold, x, base, anchor, ff_buf_str(&w->name));
	x += dir *
	     (ff_canvas_measure(g->cv, &bold, ff_buf_str(&w->name)).width + .45 * size);
	if (w->ranks.len) {
		double text =
			ff_canvas_measure(g->cv, &rank, ff_buf_str(&w->ranks)).width;
		double width = fmax(text + 2 * pad, 1.18 * size);

		m->at[m->n++] = ff_text_item_of("rank", rank, x + dir * width / 2, base,
						FF_CENTER, ff_buf_str(&w->ranks));
		m->pill = (struct ff_box){fmin(x, x + dir * width), y - .58 * size,
					  fmax(x, x + dir * width), y + .58 * size};
		x += dir * (width + .45 * size);
	}
	m->at[m->n] = ff_text_item_of("share", labels_style(g, FF_REGULAR, t->grey), x,
				      base, anchor, ff_buf_str(&w->share));
}

/* Places the label with or without the share. Returns whether it stands. */
static bool labels_put_mark(struct ff_bundle *g, int side, const struct labels_texts *w,
			    double x, double y)
{
	struct labels_items m;
	size_t n;

	labels_items_of(&m, g, side, w, x, y);
	n = ff_labels_fit(&g->labels, m.at, m.n + 1) ? m.n + 1 : m.n;
	if (!ff_labels_add(&g->labels, m.at, n))
		return false;
	if (w->ranks.len && g->npills < 2 * FF_BUNDLE_TOP) {
		g->pill_sides[g->npills] = side;
		g->pills[g->npills++] = m.pill;
	}
	return true;
}

/* A mark's line from the end of its bar to its words; blocks its own way. */
static void labels_leader(struct ff_bundle *g, const struct ff_bundle_layout *l,
			  struct ff_point from, struct ff_point to, int side,
			  bool is_blocking)
{
	double dir = side ? 1 : -1, r = .3 * l->k;
	const struct ff_point p[] = {
		from, {to.x - dir * 3 * l->k, to.y}, {to.x - dir * .9 * l->k, to.y}};

	if (!is_blocking) {
		ff_canvas_polyline(g->cv, p, 3, ff_mix(g->theme.grey, g->theme.grid, .3),
				   .45 * l->k, NULL);
		return;
	}
	for (int i = 0; i <= 8; i++) {
		double x = p[0].x + (p[1].x - p[0].x) * i / 8;
		double y = p[0].y + (p[1].y - p[0].y) * i / 8;

		ff_labels_block(&g->labels, (struct ff_box){x - r, y - r, x + r, y + r});
	}
}

/* x beyond the labels' circle for a text about y. */
static double labels_x(const struct ff_bundle_layout *l, double y, double size)
{
	double dy = fmax(0, fabs(y - l->cy) - .62 * size);

	return dy < l->label_rad ? sqrt(l->label_rad * l->label_rad - dy * dy) : 0;
}

/* Where the words of a mark begin. */
static double labels_mark_x(const struct ff_bundle_layout *l, int side,
			    const struct labels_mark *mark, double size)
{
	struct ff_point elbow = ff_bundle_at(l, side, mark->angle, l->label_rad);
	double x = fmax(labels_x(l, mark->y, size), fabs(elbow.x - l->cx)) + 4 * l->k;

	return l->cx + (side ? x : -x);
}

/* Spreads the marks; one that meets the heads above it wants to be lower. */
static void labels_spread_free(struct ff_bundle *g, const struct ff_bundle_layout *l,
			       int side, struct labels_side *m, double size, double low,
			       double high)
{
	double pitch = LABELS_PITCH * size;
	bool fits = false;

	for (int step = 0; step < 12 && !fits; step++) {
		fits = true;
		labels_spread(m, pitch, low, high);
		for (size_t i = 0; i < m->n && m->at[i].y < l->cy; i++) {
			struct labels_texts w;
			struct labels_items items;

			labels_texts_of(&w, g, side, &m->at[i]);
			labels_items_of(&items, g, side, &w,
					labels_mark_x(l, side, &m->at[i], size),
					m->at[i].y);
			if (!ff_labels_fit(&g->labels, items.at, items.n)) {
				m->at[i].want = m->at[i].y + pitch / 2;
				fits = false;
			}
			labels_texts_release(&w);
		}
	}
}

static void labels_marks(struct ff_bundle *g, const struct ff_bundle_layout *l, int side,
			 struct ff_box box, struct labels_rows *rows)
{
	double size = labels_style(g, FF_REGULAR, g->theme.ink).size_pt;
	double pitch = LABELS_PITCH * size;
	double low = fmax(l->cy - l->label_rad, box.y0) + .6 * size;
	double high = fmin(l->cy + l->label_rad, box.y1) - .6 * size;
	struct ff_point from[LABELS_MARKS], to[LABELS_MARKS];
	struct labels_side m;
	size_t placed = 0;

	labels_collect(&m, g, l, side,
		       high > low ? (size_t)((high - low) / pitch) + 1 : 0);
	for (size_t i = 0; i < m.n; i++)
		m.at[i].want = ff_bundle_at(l, side, m.at[i].angle, l->label_rad).y;
	labels_spread_free(g, l, side, &m, size, low, high);
	for (size_t i = 0; i < m.n; i++) {
		const struct labels_mark *mark = &m.at[i];
		double end =
			l->arc[side].bars0 + l->arc[side].bar[mark->part] + .8 * l->k;
		double x = labels_mark_x(l, side, mark, size);
		struct labels_texts w;

		labels_texts_of(&w, g, side, mark);
		if (labels_put_mark(g, side, &w, x, mark->y)) {
			rows->y[rows->n++] = mark->y;
			rows->is_named[mark->part] = true;
			from[placed] = ff_bundle_at(l, side, mark->angle, end);
			to[placed++] = (struct ff_point){x, mark->y};
		}
		labels_texts_release(&w);
	}
	for (size_t i = 0; i < placed; i++) {
		labels_leader(g, l, from[i], to[i], side, false);
		labels_leader(g, l, from[i], to[i], side, true);
	}
}

/* ---- the rest ---- */

struct labels_more {
	unsigned first;
	double angle;
	uint64_t value;
};

static int labels_by_value(const void *a, const void *b)
{
	const struct labels_more *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? 1 : -1;
	return (x->first > y->first) - (x->first < y->first);
}

size_t ff_bundle_label_level(const struct ff_bundle_side *s)
{
	for (size_t i = 0; i < s->levels; i++)
		if (s->parts / s->level_parts[i] <= 16)
			return i;
	return s->levels;
}

static size_t labels_find_more(struct labels_more *out, const struct ff_bundle *g,
			       const struct ff_bundle_layout *l, int side, size_t level)
{
	const struct ff_bundle_side *s = &g->data.side[side];
	const struct ff_bundle_arc *a = &l->arc[side];
	unsigned step = level < s->levels ? s->level_parts[level] : 1;
	size_t n = 0;

	for (unsigned i = 0; i < s->parts; i += step) {
		unsigned last = i + step <= s->parts ? i + step - 1 : s->parts - 1;
		uint64_t value = 0;

		for (unsigned k = i; k <= last; k++)
			value += s->part[k].value;
		if (step == 1 && !value)
			continue;
		out[n++] = (struct labels_more){i, (a->from[i] + a->to[last]) / 2, value};
	}
	qsort(out, n, sizeof(*out), labels_by_value);
	return n;
}

static void labels_more(struct ff_bundle *g, const struct ff_bundle_layout *l, int side,
			struct labels_rows *rows)
{
	const struct ff_bundle_side *s = &g->data.side[side];
	const struct ff_theme *t = &g->theme;
	size_t level = l->arc[side].is_fit ? s->levels : ff_bundle_label_level(s);
	struct labels_more more[FF_BUNDLE_PARTS];
	size_t n = labels_find_more(more, g, l, side, level);

	for (size_t i = 0; i < n; i++) {
		struct ff_color color = level == s->levels ? t->ink
					: more[i].value	   ? t->grey
							   : ff_mix(t->grey, t->grid, .6);
		struct ff_text_style st = labels_style(g, FF_REGULAR, color);
		struct ff_point at = ff_bundle_at(l, side, more[i].angle, l->label_rad);
		double x = fmax(labels_x(l, at.y, st.size_pt), 0) + 2 * l->k;
		struct ff_buf b = FF_BUF_INIT;

		if (level == s->levels && rows->is_named[more[i].first])
			continue;
		if (level == s->levels)
			ff_bundle_short_name(&b, s, more[i].first);
		else
			ff_bundle_group_name(&b, s, level, more[i].first);
		if (!labels_is_free(rows, at.y, LABELS_PITCH * st.size_pt))
			g->labels.dropped++;
		else if (ff_labels_put(&g->labels, "group", st, l->cx + (side ? x : -x),
				       at.y + .36 * st.size_pt, side ? FF_LEFT : FF_RIGHT,
				       ff_buf_str(&b)))
			rows->y[rows->n++] = at.y;
		g->labels.failed |= b.failed;
		ff_buf_release(&b);
	}
}

int ff_bundle_labels(struct ff_bundle *g, const struct ff_bundle_layout *l,
		     struct ff_err *err)
{
	struct labels_rows rows[2] = {{.n = 0}, {.n = 0}};
	const double far = 1e5, edge = .5;

	(void)err;
	/* they keep to their room */
	ff_labels_block(&g->labels, (struct ff_box){-far, -far, g->plot.x0 - edge, far});
	ff_labels_block(&g->labels, (struct ff_box){g->plot.x1 + edge, -far, far, far});
	ff_canvas_note(g->cv, "leaders");
	for (int side = 0; side < 2; side++)
		labels_marks(g, l, side, g->plot, &rows[side]);
	for (int side = 0; side < 2; side++)
		labels_more(g, l, side, &rows[side]);
	return FF_OK;
}
