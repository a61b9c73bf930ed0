/* SPDX-License-Identifier: MIT */
/* contact_map_around - what stands over the map: the strip of sources a bin and the
 * colour key with its swatches for none and no data. */
#include "figure/contact_map.h"

#include <math.h>

#define MAP_KEY_STEPS 96

static void map_put(struct ff_contact_map *m, const char *role, struct ff_text_style st,
		    double x, double y, enum ff_anchor anchor, const char *text)
{
	struct ff_text_item item = ff_contact_item(role, st, x, y, anchor, text);

	ff_labels_add(&m->c->labels, &item, 1);
}

/* ---- strip ---- */

/* The middle value of the bins: bisection by counting, as they may be millions. */
static uint64_t map_median(const struct ff_contact_data *d)
{
	uint64_t low = 0, high = 0;

	for (size_t i = 0; i < d->nbins; i++)
		high = d->bins[i].sources > high ? d->bins[i].sources : high;
	while (low < high) {
		uint64_t mid = low + (high - low) / 2;
		size_t upto = 0;

		for (size_t i = 0; i < d->nbins; i++)
			upto += d->bins[i].sources <= mid;
		if (2 * upto >= d->nbins)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

void ff_contact_map_strip_layout(struct ff_contact_map *m)
{
	struct ff_contact *c = m->c;
	const struct ff_theme *t = &c->theme;
	struct ff_buf b = FF_BUF_INIT;
	double baseline = m->strip.y0 - .5 * t->fs, most = 0;

	for (size_t i = 0; i < m->level_ticks.count; i++) {
		struct ff_tick *tick = &m->level_ticks.at[i];

		tick->is_major =
			tick->value == floor(tick->value); /* sources are whole */
		if (!tick->is_major) {
			tick->text[0] = '\0';
			continue;
		}
		ff_contact_short_number(tick->text, sizeof(tick->text), tick->value);
		tick->rank = tick->value == 0 ? 3 : 1;
		if (tick->value > most)
			most = tick->value;
	}
	for (size_t i = 0; i < m->level_ticks.count; i++)
		if (m->level_ticks.at[i].text[0] && m->level_ticks.at[i].value == most &&
		    most > 0)
			m->level_ticks.at[i].rank = 2;
	ff_contact_tick_labels(c, &m->level_ticks, false,
			       m->cells.x0 - t->tick - .3 * t->fs);
	ff_buf_adds(&b, "Sources ");
	ff_word_per(&b, c->data.bin_ns);
	map_put(m, "strip title", ff_theme_text(t, FF_SEMIBOLD), m->strip.x0, baseline,
		FF_LEFT, ff_buf_str(&b));
	if (c->data.nbins > 1) {
		ff_buf_clear(&b);
		ff_buf_adds(&b, "median ");
		ff_word_count(&b, map_median(&c->data));
		ff_buf_adds(&b, ", peak ");
		ff_word_count(&b, (uint64_t)m->level.d1);
		map_put(m, "strip words", ff_theme_grey(t, FF_REGULAR), m->strip.x1,
			baseline, FF_RIGHT, ff_buf_str(&b));
	}
	c->labels.failed |= b.failed;
	ff_buf_release(&b);
}

/* Filled steps from zero; a break where there is no data. */
int ff_contact_map_strip_draw(const struct ff_contact_map *m, struct ff_err *err)
{
	struct ff_contact *c = m->c;
	const struct ff_theme *t = &c->theme;
	struct ff_point *p = ff_alloc(2 * m->cols.edges.count + 2, sizeof(*p));
	struct ff_color dark = ff_ramp_at(&m->ramp, .6);

	if (!p)
		return ff_fail_nomem(err);
	ff_canvas_note(c->cv, "strip");
	for (size_t i = 0, j; i < m->cols.edges.count; i = j) {
		size_t n = 0;

		for (j = i; j < m->cols.edges.count && m->cols.sources[j] >= 0; j++) {
			double y = ff_scale_at(&m->level, m->cols.sources[j]);

			p[n++] = (struct ff_point){ff_contact_map_x(m, j), y};
			p[n++] = (struct ff_point){ff_contact_map_x(m, j + 1), y};
		}
		if (j == i) {
			j++;
			continue;
		}
		p[n] = (struct ff_point){p[n - 1].x, m->strip.y1};
		p[n + 1] = (struct ff_point){p[0].x, m->strip.y1};
		ff_canvas_polygon(c->cv, p, n + 2, ff_mix(t->background, dark, .3),
				  FF_NO_COLOR, 0);
		ff_canvas_polyline(c->cv, p, n, dark, .6 * t->axis, NULL);
	}
	ff_free(p);
	ff_canvas_line(c->cv, m->strip.x0, m->strip.y1, m->strip.x1, m->strip.y1, t->ink,
		       t->axis, NULL);
	ff_canvas_line(c->cv, m->strip.x0, m->strip.y0, m->strip.x0, m->strip.y1, t->ink,
		       t->axis, NULL);
	for (size_t i = 0; i < m->level_ticks.count; i++)
		if (m->level_ticks.at[i].is_major)
			ff_canvas_line(c->cv, m->strip.x0 - t->tick,
				       m->level_ticks.at[i].pos, m->strip.x0,
				       m->level_ticks.at[i].pos, t->ink, t->axis, NULL);
	return FF_OK;
}

/* ---- colour key ---- */

struct map_key { /* of the key: x of its parts */
	double none1, gap0, gap1, ramp0;
};

/* Swatches as wide as their words; the ramp begins where its "1" stands clear of them. */
static struct map_key map_key_parts(const struct ff_contact_map *m)
{
	const struct ff_theme *t = &m->c->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	struct ff_canvas *cv = m->c->cv;
	struct map_key k;

	k.none1 = m->key.x0 + ff_canvas_measure(cv, &st, "none").width;
	k.gap0 = k.gap1 = k.none1;
	if (m->has_gaps) {
		k.gap0 += .45 * t->fs;
		k.gap1 = k.gap0 + ff_canvas_measure(cv, &st, "no data").width;
	}
	k.ramp0 = k.gap1 + .4 * t->fs + ff_canvas_measure(cv, &st, "1").width / 2;
	return k;
}

/* In a column title and key share a line: the longest words that leave the key its room.
 */
double ff_contact_map_key_title(struct ff_contact_map *m)
{
	static const char *const titles[] = {"Sources in the cell", "Sources", ""};
	struct ff_text_style st = ff_theme_text(&m->c->theme, FF_SEMIBOLD);
	double fs = m->c->theme.fs, width = 0;

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		m->key_title = titles[i];
		width = titles[i][0] ? ff_canvas_measure(m->c->cv, &st, titles[i]).width +
					       .9 * fs
				     : 0;
		if (m->cells.x1 - m->cells.x0 - width >= (m->has_gaps ? 11 : 7.5) * fs)
			break;
	}
	return width;
}

int ff_contact_map_key_layout(struct ff_contact_map *m, struct ff_err *err)
{
	struct ff_contact *c = m->c;
	const struct ff_theme *t = &c->theme;
	struct map_key k = map_key_parts(m);
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	double baseline = m->key.y1 + 1.05 * t->fs, most = (double)c->data.smax;
	int status;

	if (m->key_title[0])
		map_put(m, "key title", ff_theme_text(t, FF_SEMIBOLD),
			m->has_panel ? m->words_x : m->cells.x0, m->key_title_y, FF_LEFT,
			m->key_title);
	map_put(m, "key", st, (m->key.x0 + k.none1) / 2, baseline, FF_CENTER, "none");
	if (m->has_gaps)
		map_put(m, "key", st, (k.gap0 + k.gap1) / 2, baseline, FF_CENTER,
			"no data");
	m->color = ff_scale_log(1, fmax(most, 1.0001), k.ramp0, m->key.x1);
	if (most > 1)
		status = ff_ticks_log(&m->color_ticks, &m->color, most < 30, err);
	else
		status = ff_ticks_linear(&m->color_ticks, &m->color, 1, err);
	if (status != FF_OK)
		return status;
	for (size_t i = 0; i < m->color_ticks.count; i++) {
		struct ff_tick *tick = &m->color_ticks.at[i];

		if (tick->text[0])
			ff_contact_short_number(tick->text, sizeof(tick->text),
						tick->value);
		/* both ends tell the range */
		if (tick->value == 1)
			tick->rank = 9;
		else if (tick->value > most / 10 && tick->is_major)
			tick->rank = 8;
	}
	if (most == 1) {
		map_put(m, "key", st, k.ramp0 + 1.1 * t->fs, baseline, FF_CENTER, "1");
		m->color_ticks.count = 0;
	}
	ff_contact_tick_labels(c, &m->color_ticks, true, baseline);
	return FF_OK;
}

static void map_draw_frame_of(const struct ff_contact_map *m, struct ff_box b)
{
	const struct ff_point p[] = {
		{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}};

	ff_canvas_polygon(m->c->cv, p, 4, FF_NO_COLOR, m->c->theme.grey,
			  .7 * m->c->theme.axis);
}

void ff_contact_map_key_draw(const struct ff_contact_map *m)
{
	struct ff_contact *c = m->c;
	const struct ff_theme *t = &c->theme;
	struct map_key k = map_key_parts(m);
	double h = m->key.y1 - m->key.y0;

	ff_canvas_note(c->cv, "key");
	map_draw_frame_of(m, (struct ff_box){m->key.x0, m->key.y0, k.none1, m->key.y1});
	if (m->has_gaps) {
		struct ff_box gap = {k.gap0, m->key.y0, k.gap1, m->key.y1};

		ff_canvas_rect(c->cv, gap.x0, gap.y0, gap.x1 - gap.x0, h, t->floor);
		ff_contact_hatch(c, gap);
		map_draw_frame_of(m, gap);
	}
	if (c->data.smax == 1) {
		ff_canvas_rect(c->cv, k.ramp0, m->key.y0, 2.2 * t->fs, h, m->ramp.c[0]);
		return;
	}
	/* each piece reaches to the end, so that no seam shows between them */
	for (int i = 0; i < MAP_KEY_STEPS; i++) {
		double x = k.ramp0 + (m->key.x1 - k.ramp0) * i / MAP_KEY_STEPS;

		ff_canvas_rect(c->cv, x, m->key.y0, m->key.x1 - x, h,
			       ff_ramp_at(&m->ramp, (i + .5) / MAP_KEY_STEPS));
	}
	for (size_t i = 0; i < m->color_ticks.count; i++) {
		const struct ff_tick *tick = &m->color_ticks.at[i];

		ff_canvas_line(
			c->cv, tick->pos, m->key.y1, tick->pos,
			m->key.y1 + (tick->is_major ? .6 * t->tick : t->tick_minor * .7),
			t->ink, t->axis, NULL);
	}
}
