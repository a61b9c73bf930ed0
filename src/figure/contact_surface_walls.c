/* SPDX-License-Identifier: MIT */
/* Findings written on their own wall: where the front of a row is exposed over the rows
 * before it, widely and highly enough for the words. Where it is not, they get a leader.
 */
#include "figure/contact_surface.h"

#include <math.h>
#include <string.h>

/* What is seen of one row's fronts, sampled along x. */
struct wall {
	size_t n;
	double x0, step; /* of samples, points */
	double *top;	 /* y of the crest */
	double *bottom;	 /* y where rows in front, or the foot, begin */
	size_t from, to; /* columns the finding covers */
	size_t row;
};

static size_t wall_sample(const struct wall *w, double x)
{
	double i = (x - w->x0) / w->step;

	return i <= 0 ? 0 : i >= (double)w->n ? w->n : (size_t)i;
}

/* Lowers the visible end of the wall to the silhouette of one block before it. */
static void wall_cover(struct wall *w, double x0, double x1, double y_front, double dx,
		       double dy)
{
	/* top face leans by (dx, dy): it rises from the front's left end */
	for (size_t i = wall_sample(w, x0); i < wall_sample(w, x1 + dx + w->step); i++) {
		double x = w->x0 + (double)i * w->step;
		double f = dx > 0 ? fmin(fmax((x - x0) / dx, 0), 1) : 1;

		w->bottom[i] = fmin(w->bottom[i], y_front + f * dy);
	}
}

/* Leaves the wall only the larger part over or under a line, with room for its halo. */
static void wall_cross(struct wall *w, struct ff_point a, struct ff_point b)
{
	for (size_t i = wall_sample(w, fmin(a.x, b.x) - w->step);
	     i < wall_sample(w, fmax(a.x, b.x) + 2 * w->step); i++) {
		double x = w->x0 + (double)i * w->step;
		double f = a.x == b.x ? 0 : fmin(fmax((x - a.x) / (b.x - a.x), 0), 1);
		double y = a.y + f * (b.y - a.y);

		if (a.x == b.x) /* upright: the sample is lost */
			w->bottom[i] = w->top[i];
		else if (y - w->top[i] > w->bottom[i] - y)
			w->bottom[i] = fmin(w->bottom[i], y - 2 * w->step);
		else
			w->top[i] = fmax(w->top[i], y + 2 * w->step);
	}
}

static void wall_fill(struct wall *w, const struct ff_surface *s)
{
	const struct ff_grid_row *row = &s->grid.rows[w->row];
	double foot = s->o.y0 - s->o.dp * row->v0;

	for (size_t i = 0; i < w->n; i++) {
		w->top[i] = foot;
		w->bottom[i] = foot;
	}
	for (size_t c = w->from; c < w->to; c++) {
		struct ff_point p =
			ff_surface_at(s, ff_surface_u(s, c), row->v0,
				      ff_surface_z(s, ff_grid_at(&s->grid, w->row, c)));
		double x1 = ff_surface_at(s, ff_surface_u(s, c + 1), row->v0, 0).x;

		for (size_t i = wall_sample(w, p.x); i < wall_sample(w, x1); i++)
			w->top[i] = p.y;
	}
	for (size_t i = 0; i < s->nleaders; i++)
		wall_cross(w, s->leaders[i].from, s->leaders[i].to);
	for (size_t r = w->row + 1; r < s->grid.nrows; r++) {
		const struct ff_grid_row *front = &s->grid.rows[r];
		double dv = front->v1 - front->v0;

		for (size_t c = 0; c < s->grid.edges.count; c++) {
			double value = ff_grid_at(&s->grid, r, c);
			struct ff_point p = ff_surface_at(
				s, ff_surface_u(s, c), front->v0, ff_surface_z(s, value));

			if (value > 0)
				wall_cover(w, p.x,
					   ff_surface_at(s, ff_surface_u(s, c + 1),
							 front->v0, 0)
						   .x,
					   p.y, s->o.s * dv, -s->o.dp * dv);
		}
	}
}

/* Where a text of width x height fits on the wall: nearest to the middle. False if
 * nowhere. *x and *y are its centre. */
static bool wall_find(const struct wall *w, const struct ff_surface *s, double width,
		      double height, double *x, double *y)
{
	const struct ff_grid_row *row = &s->grid.rows[w->row];
	double left = ff_surface_at(s, ff_surface_u(s, w->from), row->v0, 0).x;
	double right = ff_surface_at(s, ff_surface_u(s, w->to), row->v0, 0).x;
	double best = HUGE_VAL;

	for (double at = left; at + width <= right; at += w->step * 2) {
		double top = -HUGE_VAL, bottom = HUGE_VAL, away;

		away = fabs(at + width / 2 - (left + right) / 2);
		if (away >= best)
			continue;
		for (size_t i = wall_sample(w, at);
		     i <= wall_sample(w, at + width) && i < w->n; i++) {
			top = fmax(top, w->top[i]);
			bottom = fmin(bottom, w->bottom[i]);
			if (bottom - top < height)
				break;
		}
		if (bottom - top < height)
			continue;
		best = away;
		*x = at + width / 2;
		*y = (top + bottom) / 2;
	}
	return best < HUGE_VAL;
}

/* Mean colour of the wall under [x0, x1]. */
static struct ff_color wall_color(const struct wall *w, const struct ff_surface *s,
				  double x0, double x1)
{
	struct ff_color sum = {0, 0, 0, 0};
	double n = 0, shift = s->o.s * s->grid.rows[w->row].v0;

	for (size_t c = w->from; c < w->to; c++) {
		double left = s->o.x0 + shift + s->o.wd * ff_surface_u(s, c);
		double right = s->o.x0 + shift + s->o.wd * ff_surface_u(s, c + 1);
		double value = ff_grid_at(&s->grid, w->row, c);
		struct ff_color color;

		if (value <= 0 || right < x0 || left > x1)
			continue;
		color = ff_surface_color(s, value);
		sum.r += color.r;
		sum.g += color.g;
		sum.b += color.b;
		n++;
	}
	return n > 0 ? ff_rgb(sum.r / n, sum.g / n, sum.b / n) : s->c->theme.floor;
}

/* Words in lines (separated by '\n') on the wall; false when they do not fit. */
static bool wall_write(const struct wall *w, struct ff_surface *s, const char *words,
		       double size)
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_text_item items[4];
	char lines[4][160];
	size_t n = 0;
	double width = 0, x = 0, y = 0, pad = size < t->fs ? .35 * size : .8 * size;
	struct ff_color wall, white = ff_rgb(1, 1, 1), black = ff_rgb(.04, .05, .06);

	while (*words && n < 4) {
		size_t len = strcspn(words, "\n");

		if (len >= sizeof(lines[0]))
			return false;
		memcpy(lines[n], words, len);
		lines[n][len] = '\0';
		items[n] = (struct ff_text_item){.anchor = FF_CENTER,
						 .style = ff_theme_text(t, FF_REGULAR),
						 .role = "wall",
						 .text = lines[n]};
		items[n].style.size_pt = size;
		width = fmax(
			width,
			ff_canvas_measure(s->c->cv, &items[n].style, lines[n]).width);
		n++;
		words += len;
		words += *words == '\n';
	}
	if (!wall_find(w, s, width + 2 * pad, (double)n * 1.27 * size, &x, &y))
		return false;
	wall = wall_color(w, s, x - width / 2, x + width / 2);
	for (size_t i = 0; i < n; i++) {
		items[i].x = x;
		items[i].y =
			y + ((double)i - ((double)n - 1) / 2) * 1.25 * size + .36 * size;
		items[i].style.color =
			ff_contrast(white, wall) >= ff_contrast(black, wall) ? white
									     : black;
		items[i].style.halo = wall;
		items[i].style.halo_pt = .21 * size;
	}
	return ff_labels_fit(&s->c->labels, items, n) &&
	       ff_labels_add(&s->c->labels, items, n);
}

/* The same words broken to the width of the wall. */
static bool wall_write_wrapped(const struct wall *w, struct ff_surface *s,
			       const struct ff_buf *words, double size)
{
	struct ff_text_style st = ff_theme_text(&s->c->theme, FF_REGULAR);
	struct ff_buf lines = FF_BUF_INIT;
	double width = s->o.wd * (ff_surface_u(s, w->to) - ff_surface_u(s, w->from));
	bool is_written;

	st.size_pt = size;
	ff_wrap(&lines, s->c->cv, &st, ff_buf_str(words),
		width - (size < s->c->theme.fs ? .9 : 1.9) * size, 4);
	is_written = !strstr(ff_buf_str(&lines), FF_ELLIPSIS) &&
		     wall_write(w, s, ff_buf_str(&lines), st.size_pt);
	ff_buf_release(&lines);
	return is_written;
}

/* ---- what is said ---- */

/* Columns that a finding covers. */
static void wall_columns(struct wall *w, const struct ff_surface *s, int64_t from_ns,
			 int64_t to_ns)
{
	const struct ff_edges *e = &s->grid.edges;

	w->from = from_ns == INT64_MIN ? 0 : ff_edges_find(e, from_ns);
	w->to = to_ns == INT64_MIN ? e->count : ff_edges_find(e, to_ns - 1) + 1;
	if (w->to <= w->from)
		w->to = w->from + 1;
}

/* From saying all in the body's type to the bare name in small type. */
static const struct {
	unsigned line1, line2; /* parts */
	bool is_small, is_wrapped;
} wall_tries[] = {
	{FF_BAND_HEAD, FF_BAND_TAIL, false, false},
	{FF_BAND_ALL, 0, false, false},
	{FF_BAND_ALL, 0, false, true},
	{FF_BAND_HEAD | FF_BAND_PULSES, 0, false, true},
	{FF_BAND_HEAD, 0, false, true},
	{FF_BAND_ALL, 0, true, true},
	{FF_BAND_HEAD | FF_BAND_PULSES, 0, true, true},
	{FF_BAND_HEAD, 0, true, true},
	{FF_BAND_NAME, 0, false, true},
	{FF_BAND_NAME, 0, true, true},
};

static void wall_band_words(struct ff_buf *b, const struct ff_surface *s,
			    const struct ff_finding *f, unsigned line1, unsigned line2)
{
	ff_buf_clear(b);
	ff_contact_band_words(b, &s->c->data, f, s->c->tz_ns, line1);
	if (line2 == 0)
		return;
	ff_buf_adds(b, ",\n");
	ff_contact_band_words(b, &s->c->data, f, s->c->tz_ns, line2);
}

static bool wall_band(struct wall *w, struct ff_surface *s, const struct ff_finding *f,
		      struct ff_buf *words)
{
	size_t back = ff_contact_grid_row(&s->grid, f->low);
	size_t front = ff_contact_grid_row(&s->grid, f->high);
	const struct ff_theme *t = &s->c->theme;

	wall_columns(w, s, f->from_ns, f->to_ns);
	for (size_t i = 0; i < sizeof(wall_tries) / sizeof(wall_tries[0]); i++) {
		double size = wall_tries[i].is_small ? t->small : t->fs;

		wall_band_words(words, s, f, wall_tries[i].line1, wall_tries[i].line2);
		/* the front row of the band is the wall that is seen */
		for (w->row = front + 1; w->row-- > back;) {
			wall_fill(w, s);
			if (wall_tries[i].is_wrapped
				    ? wall_write_wrapped(w, s, words, size)
				    : wall_write(w, s, ff_buf_str(words), size))
				return true;
		}
	}
	return false;
}

static bool wall_peak(struct wall *w, struct ff_surface *s, struct ff_buf *words)
{
	wall_columns(w, s, INT64_MIN, INT64_MIN);
	w->row = 0;
	wall_fill(w, s);
	for (int level = 0; level < 3; level++) {
		ff_buf_clear(words);
		ff_contact_peak_words(words, &s->c->data, level);
		if (wall_write(w, s, ff_buf_str(words), s->c->theme.fs))
			return true;
	}
	return false;
}

/* Ridgelines are no walls: the words stand over the band on a plate. */
static bool wall_over_ridges(struct wall *w, struct ff_surface *s,
			     const struct ff_finding *f, struct ff_buf *words)
{
	static const unsigned ways[][2] = {{FF_BAND_HEAD, FF_BAND_TAIL},
					   {FF_BAND_HEAD, FF_BAND_PULSES},
					   {FF_BAND_HEAD, 0},
					   {FF_BAND_NAME, 0}};
	const struct ff_theme *t = &s->c->theme;
	const struct ff_grid_row *row =
		&s->grid.rows[ff_contact_grid_row(&s->grid, f->high)];
	double u0, u1;

	wall_columns(w, s, f->from_ns, f->to_ns);
	u0 = ff_surface_u(s, w->from);
	u1 = ff_surface_u(s, w->to);
	for (size_t k = 0; k < sizeof(ways) / sizeof(ways[0]); k++) {
		struct ff_text_item items[2];
		size_t n = ways[k][1] ? 2 : 1;
		double width = 0;
		char *end;

		wall_band_words(words, s, f, ways[k][0], ways[k][1]);
		end = words->failed ? NULL : strchr((char *)words->data, '\n');
		if (end)
			*end = '\0';
		for (size_t i = 0; i < n; i++) {
			items[i] = (struct ff_text_item){
				.x = ff_surface_at(s, (u0 + u1) / 2, row->v0, 0).x,
				.y = s->o.y0 - s->o.dp * row->v0 -
				     (.65 + 1.25 * (double)(n - 1 - i)) * t->fs,
				.anchor = FF_CENTER,
				.style = ff_theme_text(t, FF_REGULAR),
				.plate = t->background,
				.role = "wall",
				.text = i == 0 || !end ? ff_buf_str(words) : end + 1,
			};
			width = fmax(width, ff_canvas_measure(s->c->cv, &items[i].style,
							      items[i].text)
						    .width);
		}
		if (width <= (u1 - u0) * s->o.wd &&
		    ff_labels_fit(&s->c->labels, items, n))
			return ff_labels_add(&s->c->labels, items, n);
	}
	return false;
}

/* On a wall, else with a leader, else not at all. */
static void wall_place_band(struct wall *w, struct ff_surface *s,
			    const struct ff_finding *f, struct ff_buf *words)
{
	if (s->c->params->style == FF_CONTACT_BLOCKS ? wall_band(w, s, f, words)
						     : wall_over_ridges(w, s, f, words))
		return;
	s->c->labels.dropped += !ff_surface_place_leader(s, f);
}

int ff_surface_place_walls(struct ff_surface *s, struct ff_err *err)
{
	const struct ff_contact_data *d = &s->c->data;
	struct wall w = {.x0 = s->o.x0, .step = fmax(1, s->c->theme.width / 1000)};
	struct ff_buf words = FF_BUF_INIT;
	int rc = FF_OK;

	w.n = (size_t)((s->o.wd + s->o.s) / w.step) + 2;
	w.top = ff_calloc(w.n, sizeof(*w.top));
	w.bottom = ff_calloc(w.n, sizeof(*w.bottom));
	if (!w.top || !w.bottom) {
		rc = ff_fail_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < d->nbands; i++)
		wall_place_band(&w, s, d->bands[i], &words);
	if (d->peak && s->c->params->style == FF_CONTACT_BLOCKS &&
	    !wall_peak(&w, s, &words))
		s->c->labels.dropped++;
	if (words.failed)
		rc = ff_fail_nomem(err);
out:
	ff_free(w.top);
	ff_free(w.bottom);
	ff_buf_release(&words);
	return rc;
}
