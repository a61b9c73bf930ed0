/* SPDX-License-Identifier: MIT */
/* Findings that found no wall: their words stand in the triangle right of the back wall,
 * or over it, with a line to what they tell about. */
#include "figure/contact_surface.h"

#include <math.h>
#include <string.h>

#define LEADER_LINES 6
#define LEADER_TRIES 8

/* Lines of the words from (x, y) down within the right margin; 0 when they would be cut.
 */
static size_t leader_wrap(struct ff_buf *lines, const struct ff_surface *s,
			  const char *words, double x, double y,
			  struct ff_text_item items[LEADER_LINES])
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	size_t n = 0;

	st.size_pt = t->small;
	ff_buf_clear(lines);
	ff_wrap(lines, s->c->cv, &st, words, t->width - t->margin - x, LEADER_LINES);
	if (lines->failed || strstr(ff_buf_str(lines), FF_ELLIPSIS))
		return 0;
	for (char *p = (char *)lines->data; p && n < LEADER_LINES; n++) {
		char *end = strchr(p, '\n');

		if (end)
			*end = '\0';
		items[n] = (struct ff_text_item){.x = x,
						 .y = y + 1.25 * st.size_pt * (double)n,
						 .style = st,
						 .role = "finding",
						 .text = p};
		p = end ? end + 1 : NULL;
	}
	return n;
}

/* The top of the last column that the finding covers, in its front row. */
static struct ff_point leader_target(const struct ff_surface *s,
				     const struct ff_finding *f)
{
	size_t row = ff_contact_grid_row(&s->grid, f->high);
	size_t column = f->to_ns == INT64_MIN
				? s->grid.edges.count - 1
				: ff_edges_find(&s->grid.edges, f->to_ns - 1);

	return ff_surface_at(s, ff_surface_u(s, column),
			     (s->grid.rows[row].v0 + s->grid.rows[row].v1) / 2,
			     ff_surface_z(s, ff_grid_at(&s->grid, row, column)));
}

/* On the line of the key's title: over the target, else as little to the right as the
 * title allows. */
static bool leader_over_wall(const struct ff_surface *s, const char *words,
			     double target_x, struct ff_text_item *item)
{
	const struct ff_theme *t = &s->c->theme;
	double near, most = t->width - t->margin;

	*item = (struct ff_text_item){.y = s->c->frame.plot.y0 + .76 * t->fs,
				      .anchor = FF_RIGHT,
				      .style = ff_theme_text(t, FF_REGULAR),
				      .role = "finding",
				      .text = words};
	item->style.size_pt = t->small;
	near = target_x + ff_canvas_measure(s->c->cv, &item->style, words).width / 2;
	near = fmin(near, most);
	for (int k = 0; k <= LEADER_TRIES; k++) {
		struct ff_text_item both[2] = {*item, *item};

		/* with a space of its own at the left */
		both[0].x = near + (most - near) * k / LEADER_TRIES;
		both[1].x = both[0].x - 1.2 * t->fs;
		*item = both[0];
		if (ff_labels_fit(&s->c->labels, both, 2))
			return true;
	}
	return false;
}

static bool leader_place(struct ff_surface *s, const struct ff_finding *f,
			 const char *words)
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_labels *labels = &s->c->labels;
	struct ff_text_item items[LEADER_LINES];
	struct ff_buf lines = FF_BUF_INIT;
	double x = s->o.x0 + s->o.wd + s->o.s + .8 * t->fs,
	       y = s->c->frame.plot.y0 + 1.2 * t->fs;
	size_t n = leader_wrap(&lines, s, words, x, y, items);
	struct ff_point from = {x - .3 * t->fs, y + .2 * t->fs};
	struct ff_point to = leader_target(s, f);
	bool is_placed = n > 0 && ff_labels_fit(labels, items, n);

	if (!is_placed && leader_over_wall(s, words, to.x, &items[0])) {
		struct ff_box box = ff_text_box(s->c->cv, &items[0]);

		from.x = fmin(fmax(to.x, box.x0 + .5 * t->fs), box.x1);
		from.y = box.y1 + .15 * t->fs;
		n = 1;
		is_placed = true;
	}
	if (is_placed) {
		is_placed = ff_labels_add(labels, items, n);
		s->leaders[s->nleaders].from = from;
		s->leaders[s->nleaders++].to = to;
	}
	ff_buf_release(&lines);
	return is_placed;
}

bool ff_surface_place_leader(struct ff_surface *s, const struct ff_finding *f)
{
	static const unsigned parts[] = {FF_BAND_ALL, FF_BAND_HEAD | FF_BAND_PULSES,
					 FF_BAND_HEAD, FF_BAND_NAME};
	bool is_placed = false;

	if (s->nleaders == FF_SURFACE_LEADERS)
		return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && !is_placed; i++) {
		struct ff_buf words = FF_BUF_INIT;

		ff_contact_band_words(&words, &s->c->data, f, s->c->tz_ns, parts[i]);
		is_placed = leader_place(s, f, ff_buf_str(&words));
		s->c->labels.failed |= words.failed;
		ff_buf_release(&words);
	}
	return is_placed;
}

void ff_surface_draw_leaders(const struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;

	for (size_t i = 0; i < s->nleaders; i++) {
		struct ff_point a = s->leaders[i].from, b = s->leaders[i].to;
		struct ff_color halo = t->background;

		halo.a = .75;
		ff_canvas_line(s->c->cv, a.x, a.y, b.x, b.y, halo, 4 * t->axis, NULL);
		ff_canvas_line(s->c->cv, a.x, a.y, b.x, b.y, t->ink, t->axis, NULL);
		ff_canvas_circle(s->c->cv, b.x, b.y, 2 * t->axis, t->ink, FF_NO_COLOR, 0);
	}
}
