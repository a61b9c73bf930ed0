/* SPDX-License-Identifier: MIT */
/* contact_map_labels - findings written into the map: the n = 1 row in itself, bands
 * under their bracket, ridges beside their line. Each has several texts and places; the
 * first text with a place that hides little wins. */
#include "figure/contact_map.h"

#include <math.h>
#include <string.h>

#define LABELS_BANDS 3
#define LABELS_RIDGES 8
#define LABELS_ALIKE .35 /* of the ramp: one colour of text reads on all of it */
#define LABELS_ACROSS 12 /* places tried along the map */

/* how much a text may hide, and how soon it moves along the map to hide less */
static const struct ff_ink_rule labels_by_band = {.6, .05};
static const struct ff_ink_rule labels_by_ridge = {.3, .015};
static const struct ff_ink_rule labels_anywhere = {1, .05};

/* Text over a row of cells: in the colour that reads on their mean. */
static struct ff_text_style labels_row_style(const struct ff_contact_map *m,
					     double sources)
{
	const struct ff_theme *t = &m->c->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);

	st.halo = ff_contact_map_color(m, sources / (double)m->c->data.nbins);
	st.halo_pt = .21 * t->fs;
	st.color = ff_rgb(1, 1, 1);
	if (ff_contrast(st.color, st.halo) < ff_contrast(ff_rgb(0, 0, 0), st.halo))
		st.color = ff_rgb(.05, .06, .08);
	return st;
}

/* Whether (nearly) all columns with data have a cell at n, much like the mean of the row.
 */
static bool labels_is_solid(const struct ff_contact_map *m, double n, double mean)
{
	size_t cells = 0, columns = 0;

	for (size_t i = 0; i < m->cols.ncells; i++)
		cells += (double)m->cols.cells[i].n == n &&
			 fabs(ff_contact_map_shade(m, (double)m->cols.cells[i].sources) -
			      ff_contact_map_shade(m, mean)) < LABELS_ALIKE;
	for (size_t i = 0; i < m->cols.edges.count; i++)
		columns += m->cols.sources[i] >= 0;
	return (double)cells >= .97 * (double)columns;
}

/* Places a text in the row of n where cells fill it: from the middle outwards or from the
 * left. In a row with holes, where they fill it least, on a plate. */
static bool labels_in_row(struct ff_contact_map *m, const char *role, double n,
			  double sources, bool from_middle, const char *text)
{
	struct ff_contact *c = m->c;
	const struct ff_theme *t = &c->theme;
	struct ff_text_item item =
		ff_text_item_of(role, labels_row_style(m, sources), 0, 0, FF_LEFT, text);
	double left = m->cells.x0 + .6 * t->fs, room, least = 2, at = -1;
	bool is_solid = labels_is_solid(m, n, sources / (double)c->data.nbins);

	/* clear of a first column that differs from all others */
	if (m->cols.is_partial[0])
		left += m->cell_w;
	room = m->cells.x1 - .6 * t->fs - left -
	       ff_canvas_measure(c->cv, &item.style, text).width;
	if (room < 0 || ff_contact_map_bottom(m, n) - ff_contact_map_top(m, n) < t->fs)
		return false;
	item.y = (ff_contact_map_top(m, n) + ff_contact_map_bottom(m, n)) / 2 +
		 .36 * t->fs;
	for (int i = 0; i < LABELS_ACROSS; i++) {
		double f = (double)i / (LABELS_ACROSS - 1), cover;
		struct ff_box box;

		if (from_middle) /* .5, .4, .6, .3, ... */
			f = .5 + (i % 2 ? -1 : 1) * ((i + 1) / 2) * (1. / LABELS_ACROSS);
		item.x = left + fmin(fmax(f, 0), 1) * room;
		box = ff_text_box(c->cv, &item);
		cover = ff_ink_cover(&m->ink, &box);
		if (is_solid && cover >= .97 && ff_labels_fit(&c->labels, &item, 1))
			return ff_labels_add(&c->labels, &item, 1);
		if (cover < least - .03 && ff_labels_fit(&c->labels, &item, 1)) {
			least = cover;
			at = item.x;
		}
	}
	if (at < 0)
		return false;
	item.x = at;
	item.style = ff_theme_text(t, FF_REGULAR);
	item.plate = t->background;
	return ff_labels_add(&c->labels, &item, 1);
}

/* One contact, in its own row. */
static void labels_peak(struct ff_contact_map *m)
{
	struct ff_contact *c = m->c;
	struct ff_buf b = FF_BUF_INIT;
	bool placed = false;

	if (!c->data.peak)
		return;
	for (int level = 0; level < 3 && !placed; level++) {
		ff_buf_clear(&b);
		ff_contact_peak_words(&b, &c->data, level);
		placed = labels_in_row(m, "peak", 1,
				       ff_finding_number(c->data.peak, "total", 0), true,
				       ff_buf_str(&b));
	}
	c->labels.dropped += !placed;
	c->labels.failed |= b.failed;
	ff_buf_release(&b);
}

/* Whether no heavier ridge (they come heaviest first) lies between two heights: a text
 * over it would hide a finding. */
static bool labels_between_ridges(const struct ff_contact_map *m, size_t ridge,
				  double top, double bottom)
{
	for (size_t i = 0; i < ridge; i++) {
		double n = (double)m->c->data.ridges[i]->low;
		double y = (ff_contact_map_top(m, n) + ff_contact_map_bottom(m, n)) / 2;

		if (y > top && y < bottom)
			return false;
	}
	return true;
}

/* ---- bands ---- */

struct labels_band {
	double x0, x1, y; /* bracket */
};

static struct labels_band labels_bracket(const struct ff_contact_map *m,
					 const struct ff_finding *band)
{
	struct labels_band at = {m->cells.x0, m->cells.x1, 0};

	if (band->from_ns != INT64_MIN)
		at.x0 = fmax(at.x0, ff_scale_at_time(&m->time, band->from_ns));
	if (band->to_ns != INT64_MIN)
		at.x1 = fmin(at.x1, ff_scale_at_time(&m->time, band->to_ns));
	at.y = fmax(ff_contact_map_top(m, (double)band->high) - .45 * m->c->theme.fs,
		    m->cells.y0 + .2 * m->c->theme.fs);
	return at;
}

/* What is said of a band, from most to least: its lines. The first two say the same. */
static const unsigned labels_band_ways[][2] = {
	{FF_BAND_ALL, 0},
	{FF_BAND_HEAD, FF_BAND_TAIL},
	{FF_BAND_HEAD | FF_BAND_PULSES, 0},
	{FF_BAND_HEAD, 0},
};
#define LABELS_BAND_WAYS (sizeof(labels_band_ways) / sizeof(labels_band_ways[0]))

/* Returns the number of lines. */
static size_t labels_band_words(struct ff_buf out[2], const struct ff_contact *c,
				const struct ff_finding *band, size_t way)
{
	const unsigned *parts = labels_band_ways[way];

	ff_buf_clear(&out[0]);
	ff_buf_clear(&out[1]);
	ff_contact_band_words(&out[0], &c->data, band, c->tz_ns, parts[0]);
	if (parts[1] == 0)
		return 1;
	ff_buf_addc(&out[0], ',');
	ff_contact_band_words(&out[1], &c->data, band, c->tz_ns, parts[1]);
	return 2;
}

static double labels_width(const struct ff_contact *c, const struct ff_text_style *st,
			   const struct ff_buf b[2])
{
	return fmax(ff_canvas_measure(c->cv, st, ff_buf_str(&b[0])).width,
		    b[1].len ? ff_canvas_measure(c->cv, st, ff_buf_str(&b[1])).width : 0);
}

static void labels_band(struct ff_contact_map *m, const struct ff_finding *band)
{
	struct ff_contact *c = m->c;
	const struct ff_theme *t = &c->theme;
	struct ff_text_style st = ff_with_halo(t, ff_theme_text(t, FF_REGULAR));
	struct labels_band at = labels_bracket(m, band);
	struct ff_buf b[2] = {FF_BUF_INIT, FF_BUF_INIT};
	bool placed = false;
	size_t first;

	/* two lines when one would reach far past the bracket */
	labels_band_words(b, c, band, 0);
	first = labels_width(c, &st, b) > 1.25 * (at.x1 - at.x0);
	for (size_t i = 0; i < LABELS_BAND_WAYS && !placed; i++) {
		struct ff_text_item tries[2 * LABELS_ACROSS];
		size_t lines = labels_band_words(b, c, band, i < 2 ? first ^ i : i),
		       n = 0;
		double last = m->cells.x1 - .5 * t->fs - labels_width(c, &st, b);
		bool is_last = i + 1 == LABELS_BAND_WAYS;

		if (!is_last && !labels_between_ridges(
					m, c->data.nridges,
					at.y - (.4 + 1.22 * (double)lines) * t->fs, at.y))
			continue;
		for (int k = 0; k < LABELS_ACROSS; k++) {
			double x = at.x0 + (.4 + 1.5 * k) * t->fs;

			x = fmax(fmin(x, last), m->cells.x0 + .3 * t->fs);

			for (size_t line = 0; line < lines; line++)
				tries[n++] = ff_text_item_of(
					"band", st, x,
					at.y - (.4 + 1.22 * (double)(lines - 1 - line)) *
							t->fs,
					FF_LEFT, ff_buf_str(&b[line]));
		}
		/* the shortest words go in whatever they hide: the bracket needs its name
		 */
		placed = ff_ink_place(&m->ink, &c->labels, tries, n / lines, lines,
				      is_last ? labels_anywhere : labels_by_band);
	}
	c->labels.dropped += !placed;
	c->labels.failed |= b[0].failed || b[1].failed;
	ff_buf_release(&b[0]);
	ff_buf_release(&b[1]);
}

static void labels_draw_bracket(const struct ff_contact_map *m,
				const struct ff_finding *band)
{
	const struct ff_theme *t = &m->c->theme;
	struct labels_band at = labels_bracket(m, band);
	const struct ff_point p[] = {{at.x0, at.y + .45 * t->fs},
				     {at.x0, at.y},
				     {at.x1, at.y},
				     {at.x1, at.y + .45 * t->fs}};

	ff_canvas_note(m->c->cv, "band");
	ff_canvas_polyline(m->c->cv, p, 4, t->halo, 3.4 * t->axis, NULL);
	ff_canvas_polyline(m->c->cv, p, 4, t->ink, 1.6 * t->axis, NULL);
}

/* ---- ridges ---- */

/* "256 = a /24: 953", and for the heaviest " source-hours in 466 of 720 hours". */
static void labels_ridge_words(struct ff_buf *b, const struct ff_contact *c,
			       const struct ff_finding *ridge, bool is_long)
{
	double bins = ff_finding_number(ridge, "bins", 0);

	ff_buf_clear(b);
	ff_contact_ridge_words(b, &c->data, ridge, true);
	if (!is_long)
		return;
	ff_buf_addf(b, " %s", ff_word_unit(c->data.bin_ns));
	if (c->data.bin_ns == 0 || !(bins > 0))
		return;
	ff_buf_adds(b, " in ");
	ff_word_count(b, (uint64_t)fmin(bins, 1e18));
	ff_buf_adds(b, " of ");
	ff_word_count(b, c->data.nbins);
	ff_buf_addc(b, ' ');
	if (strcmp(ff_word_unit(c->data.bin_ns), "source-bins") == 0)
		ff_buf_adds(b, "bins");
	else
		ff_buf_adds(b, ff_word_unit(c->data.bin_ns) + strlen("source-"));
}

/* Places of one text about its line: below it and above it, along the map. */
static size_t labels_ridge_tries(const struct ff_contact_map *m, size_t which,
				 const char *text, struct ff_text_item *tries)
{
	const struct ff_finding *ridge = m->c->data.ridges[which];
	const struct ff_theme *t = &m->c->theme;
	struct ff_text_style st = ff_with_halo(t, ff_theme_text(t, FF_REGULAR));
	double top = ff_contact_map_top(m, (double)ridge->high);
	double bottom = ff_contact_map_bottom(m, (double)ridge->low);
	size_t n = 0;

	/* thin cells are drawn about their middle */
	if (bottom - top < m->cell_h) {
		top = (top + bottom - m->cell_h) / 2;
		bottom = top + m->cell_h;
	}
	for (int i = 0; i < LABELS_ACROSS; i++) {
		double x = m->cells.x0 + .6 * t->fs +
			   i * (m->cells.x1 - m->cells.x0) / LABELS_ACROSS;

		if (labels_between_ridges(m, which, bottom, bottom + 1.2 * t->fs))
			tries[n++] = ff_text_item_of("ridge", st, x, bottom + .94 * t->fs,
						     FF_LEFT, text);
		if (labels_between_ridges(m, which, top - 1.2 * t->fs, top))
			tries[n++] = ff_text_item_of("ridge", st, x, top - .38 * t->fs,
						     FF_LEFT, text);
	}
	return n;
}

static void labels_ridge(struct ff_contact_map *m, size_t which)
{
	struct ff_contact *c = m->c;
	const struct ff_finding *ridge = c->data.ridges[which];
	struct ff_buf b = FF_BUF_INIT;
	bool placed = false;
	double each = ff_finding_number(ridge, "sources", 0) /
		      ((double)ridge->high - (double)ridge->low + 1);

	for (int is_long = which == 0; is_long >= 0 && !placed; is_long--) {
		struct ff_text_item tries[2 * LABELS_ACROSS];
		size_t n;

		labels_ridge_words(&b, c, ridge, is_long);
		if (!m->is_log) { /* rows as tall as text: in it */
			placed = labels_in_row(m, "ridge", (double)ridge->high, each,
					       false, ff_buf_str(&b));
			continue;
		}
		n = labels_ridge_tries(m, which, ff_buf_str(&b), tries);
		placed = ff_ink_place(&m->ink, &c->labels, tries, n, 1, labels_by_ridge);
	}
	c->labels.dropped += !placed;
	c->labels.failed |= b.failed;
	ff_buf_release(&b);
}

void ff_contact_map_findings(struct ff_contact_map *m)
{
	const struct ff_contact_data *d = &m->c->data;

	labels_peak(m);
	for (size_t i = 0; i < d->nbands && i < LABELS_BANDS; i++) {
		struct labels_band at = labels_bracket(m, d->bands[i]);

		ff_labels_block(
			&m->c->labels,
			(struct ff_box){at.x0, at.y, at.x1, at.y + .4 * m->c->theme.fs});
	}
	for (size_t i = 0; i < d->nbands && i < LABELS_BANDS; i++) {
		labels_draw_bracket(m, d->bands[i]);
		labels_band(m, d->bands[i]);
	}
	for (size_t i = 0; i < d->nridges && i < LABELS_RIDGES; i++)
		labels_ridge(m, i);
}
