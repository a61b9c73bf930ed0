/* SPDX-License-Identifier: MIT */
/* contact_map_around - what stands over the map: the strip of sources a bin and the
 * colour key with its swatches for none and no data. */
#include "figure/contact_map.h"

#include <math.h>

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
		ff_tick_say(tick, ff_word_short);
		tick->rank = tick->value == 0 ? 3 : 1;
		if (tick->value > most)
			most = tick->value;
	}
	for (size_t i = 0; i < m->level_ticks.count; i++)
		if (m->level_ticks.at[i].text[0] && m->level_ticks.at[i].value == most &&
		    most > 0)
			m->level_ticks.at[i].rank = 2;
	ff_labels_ticks(&c->labels, &c->theme, &m->level_ticks, false,
			m->cells.x0 - t->tick - .3 * t->fs);
	ff_buf_adds(&b, "Sources ");
	ff_word_per(&b, c->data.bin_ns);
	ff_labels_put(&c->labels, "strip title", ff_theme_text(t, FF_SEMIBOLD),
		      m->strip.x0, baseline, FF_LEFT, ff_buf_str(&b));
	if (c->data.nbins > 1) {
		ff_buf_clear(&b);
		ff_buf_adds(&b, "median ");
		ff_word_count(&b, map_median(&c->data));
		ff_buf_adds(&b, ", peak ");
		ff_word_count(&b, (uint64_t)m->level.d1);
		ff_labels_put(&c->labels, "strip words", ff_theme_grey(t, FF_REGULAR),
			      m->strip.x1, baseline, FF_RIGHT, ff_buf_str(&b));
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

	if (m->key_title[0])
		ff_labels_put(&c->labels, "key title",
			      ff_theme_text(&c->theme, FF_SEMIBOLD),
			      m->has_panel ? m->words_x : m->cells.x0, m->key_title_y,
			      FF_LEFT, m->key_title);
	m->key.ramp = &m->ramp;
	m->key.least = 1;
	m->key.most = (double)c->data.smax;
	m->key.has_none = true;
	m->key.has_gaps = m->has_gaps;
	return ff_key_layout(&m->key, &c->labels, &c->theme, err);
}
