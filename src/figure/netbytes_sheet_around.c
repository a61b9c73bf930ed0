/* SPDX-License-Identifier: MIT */
/* What is around the sheet: rows' words and brackets, sums of the ports at the right, the
 * strip of all ports above, the key, dates. */
#include "figure/netbytes_sheet.h"

#include <math.h>
#include <stdlib.h>

void ff_sheet_row_words(struct ff_buf *b, const struct ff_sheet *s,
			const struct ff_sheet_row *row, bool has_name)
{
	const struct ff_netbytes_data *d = &s->n->data;
	char name[32] = "";

	if (row->kind == FF_SHEET_BAND) {
		ff_buf_adds(b, FF_MARK_BOLD);
		ff_netbytes_band_word(b, &s->lanes.bands[row->index]);
		ff_buf_adds(b, FF_MARK_END);
		return;
	}
	ff_netbytes_port_bold(b, d, row->index);
	if (has_name)
		ff_service_name(name, sizeof(name), d->ports[row->index].number,
				d->ports[row->index].protocol);
	if (name[0])
		ff_buf_addf(b, " %s", name);
}

static void around_rows(struct ff_sheet *s)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	double total = s->n->data.value > 0 ? (double)s->n->data.value : 1, most = 1;
	struct ff_buf b = FF_BUF_INIT;

	for (size_t i = 0; i < s->nrows; i++)
		most = fmax(most, (double)s->rows[i].value);
	for (size_t i = 0; i < s->nrows; i++) {
		const struct ff_sheet_row *row = &s->rows[i];
		double y = (row->y0 + row->y1) / 2 + .36 * t->fs, x = s->bars.x0;
		struct ff_text_style grey = ff_theme_grey(t, FF_REGULAR);

		ff_buf_clear(&b);
		ff_sheet_row_words(&b, s, row, !t->is_narrow);
		ff_labels_put(&s->n->labels, "row", st, s->cells.x0 - .5 * t->fs, y,
			      FF_RIGHT, ff_buf_str(&b));
		ff_buf_clear(&b);
		ff_word_percent(&b, (double)row->value / total);
		if (s->has_bars)
			x += (s->bars.x1 - s->bars.x0 - 3.6 * t->fs) *
				     (double)row->value / most +
			     .4 * t->fs;
		ff_labels_put(&s->n->labels, "share", grey,
			      x - (s->has_bars ? 0 : .4 * t->fs), y, FF_LEFT,
			      ff_buf_str(&b));
	}
	s->n->labels.failed |= b.failed;
	ff_buf_release(&b);
}

static const char *around_group(const struct ff_sheet *s, const struct ff_sheet_row *row,
				bool is_short)
{
	static const char *const names[][2] = {
		[FF_NETBYTES_PEER] = {"Opened by peers", "By peers"},
		[FF_NETBYTES_HOST] = {"Opened by host", "By host"},
		[FF_NETBYTES_UNCLEAR] = {"Top ports", "Top"},
	};

	if (row->kind == FF_SHEET_BURST)
		return is_short ? "Burst" : "Bursts";
	if (row->kind == FF_SHEET_BAND)
		return "Rest";
	for (size_t i = 0; i < s->nrows && row->opener == FF_NETBYTES_UNCLEAR; i++)
		if (s->rows[i].kind == FF_SHEET_LANE &&
		    s->rows[i].opener != FF_NETBYTES_UNCLEAR)
			return is_short ? "Unclear" : "Opener unclear";
	return names[row->opener][is_short];
}

static bool around_is_same(const struct ff_sheet_row *a, const struct ff_sheet_row *b)
{
	return a->kind == b->kind && (a->kind != FF_SHEET_LANE || a->opener == b->opener);
}

/* Upright words left of the brackets, where the rows are high enough. */
static void around_groups(struct ff_sheet *s)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_text_style st = ff_theme_grey(t, FF_REGULAR);

	for (size_t i = 0, j; i < s->nrows; i = j) {
		bool is_done = false;

		for (j = i + 1; j < s->nrows && around_is_same(&s->rows[i], &s->rows[j]);)
			j++;
		for (int k = 0; k < 2 && !is_done; k++) {
			const char *word = around_group(s, &s->rows[i], k);
			struct ff_text_item item = ff_text_item_of(
				"group", st, t->margin + .8 * t->fs,
				(s->rows[i].y0 + s->rows[j - 1].y1) / 2, FF_CENTER, word);

			item.angle = 90;
			if (ff_canvas_measure(s->n->cv, &st, word).width <=
			    s->rows[j - 1].y1 - s->rows[i].y0 + .4 * t->fs)
				is_done = ff_labels_fit(&s->n->labels, &item, 1) &&
					  ff_labels_add(&s->n->labels, &item, 1);
		}
		s->n->labels.dropped += !is_done;
	}
}

static int around_compare(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return (a > b) - (a < b);
}

/* "median 65 MB, peak 406 MB on 14 Dec 14:00", over all bins that hold any flow. */
static int around_strip_words(struct ff_buf *b, const struct ff_sheet *s,
			      struct ff_err *err)
{
	const struct ff_netbytes_data *d = &s->n->data;
	uint64_t *sorted = ff_alloc(d->nbins, sizeof(*sorted));
	size_t peak = 0;

	if (!sorted)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < d->nbins; i++) {
		sorted[i] = d->bin[i].value;
		peak = d->bin[i].value > d->bin[peak].value ? i : peak;
	}
	qsort(sorted, d->nbins, sizeof(*sorted), around_compare);
	ff_buf_adds(b, "median ");
	ff_netbytes_value(b, d, (double)sorted[(d->nbins - 1) / 2]);
	ff_buf_adds(b, ", peak ");
	ff_netbytes_value(b, d, (double)d->bin[peak].value);
	ff_buf_adds(b, d->bin_ns < 0 ? " in " : " on ");
	ff_netbytes_when(b, s->n, d->bin[peak].start);
	ff_free(sorted);
	return FF_OK;
}

static int around_strip(struct ff_sheet *s, struct ff_err *err)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_text_style bold = ff_theme_text(t, FF_SEMIBOLD);
	struct ff_text_style grey = ff_theme_grey(t, FF_REGULAR);
	struct ff_labels *labels = &s->n->labels;
	struct ff_buf b = FF_BUF_INIT;
	double peak = 0, y = s->strip.y0 - .5 * t->fs;
	int rc;

	for (size_t i = 0; i < s->edges.count; i++)
		peak = fmax(peak, s->sum[i]);
	s->level = ff_scale_linear(0, fmax(peak, 1), s->strip.y1, s->strip.y0);
	rc = ff_ticks_linear(&s->level_ticks, &s->level, 3, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < s->level_ticks.count; i++)
		if (s->level_ticks.at[i].value == floor(s->level_ticks.at[i].value))
			ff_tick_say(&s->level_ticks.at[i],
				    ff_netbytes_tick_words(&s->n->data));
		else
			s->level_ticks.at[i].text[0] = '\0';
	ff_labels_ticks(labels, t, &s->level_ticks, false,
			s->cells.x0 - t->tick - .3 * t->fs);
	ff_buf_adds(&b, "All ports: ");
	ff_netbytes_axis_title(&b, &s->n->data, s->n->data.measure);
	if (b.len > 11 && !b.failed && b.data[11] >= 'A' && b.data[11] <= 'Z')
		b.data[11] = (uint8_t)(b.data[11] - 'A' + 'a');
	ff_labels_put(labels, "strip title", bold, s->strip.x0, y, FF_LEFT,
		      ff_buf_str(&b));
	ff_buf_clear(&b);
	if (s->n->data.nbins > 1)
		rc = around_strip_words(&b, s, err);
	if (b.len > 0) {
		struct ff_text_item item = ff_text_item_of(
			"strip words", grey, s->strip.x1, y, FF_RIGHT, ff_buf_str(&b));

		if (ff_text_box(s->n->cv, &item).x0 > s->strip.x0)
			ff_labels_add(labels, &item, 1);
	}
	labels->failed |= b.failed;
	ff_buf_release(&b);
	return rc;
}

static int around_key(struct ff_sheet *s, struct ff_err *err)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_text_style st = ff_theme_text(t, FF_SEMIBOLD);
	static const char *const titles[] = {"Bytes in the cell", "Packets in the cell",
					     "Flows in the cell"};
	const char *title = titles[s->n->data.measure];
	double top = s->n->frame.plot.y0, x = s->has_bars ? s->bars.x0 : t->margin;
	double beside =
		s->has_bars ? 0
			    : ff_canvas_measure(s->n->cv, &st, title).width + .8 * t->fs;

	s->key = (struct ff_key){.ramp = &s->ramp,
				 .least = s->least,
				 .most = fmax(s->most, s->least * 1.0001),
				 .has_none = true,
				 .has_gaps = s->has_gaps,
				 .is_cut = s->is_cut,
				 .none_fill = t->floor,
				 .is_stacked = s->has_bars};
	if (s->has_bars)
		s->key.box = (struct ff_box){x, top + 1.3 * t->fs, s->bars.x1,
					     top + 2.2 * t->fs};
	else
		s->key.box = (struct ff_box){x + beside, top + .2 * t->fs,
					     t->width - t->margin - t->fs, top + t->fs};
	ff_labels_put(&s->n->labels, "key title", st, x, top + .9 * t->fs, FF_LEFT,
		      title);
	if (s->key.box.x1 - s->key.box.x0 < 6 * t->fs) {
		s->n->labels.dropped++;
		s->key.ramp = NULL;
		return FF_OK;
	}
	return ff_key_layout(&s->key, &s->n->labels, t, err);
}

int ff_sheet_place_around(struct ff_sheet *s, struct ff_err *err)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	struct ff_buf b = FF_BUF_INIT;
	int rc = around_key(s, err);

	if (rc == FF_OK)
		rc = around_strip(s, err);
	if (rc == FF_OK && s->n->data.bin_ns != 0)
		rc = ff_ticks_time(&s->time_ticks, &s->time, s->n->tz_ns, 4.2 * t->fs,
				   err);
	if (rc < 0)
		return rc;
	ff_ticks_thin(&s->time_ticks, s->n->cv, &st, true, .5 * t->fs);
	ff_labels_ticks(&s->n->labels, t, &s->time_ticks, true,
			s->cells.y1 + t->tick + 1.15 * t->fs);
	if (s->has_bars) {
		static const char *const sums[] = {"Bytes", "Packets", "Flows"};

		ff_buf_addf(&b, "%s in all", sums[s->n->data.measure]);
		ff_labels_put(&s->n->labels, "bars title", ff_theme_text(t, FF_SEMIBOLD),
			      s->bars.x0, s->cells.y0 - .45 * t->fs, FF_LEFT,
			      ff_buf_str(&b));
	}
	s->n->labels.failed |= b.failed;
	ff_buf_release(&b);
	around_rows(s);
	around_groups(s);
	return FF_OK;
}

/* ---- drawing ---- */

static int around_draw_strip(const struct ff_sheet *s, struct ff_err *err)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_canvas *cv = s->n->cv;
	struct ff_cell *cells = ff_alloc(s->edges.count, sizeof(*cells));
	struct ff_color color = ff_mix(t->background, ff_ramp_at(&s->ramp, .6), .75);
	size_t count = 0;

	if (!cells)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < s->edges.count; i++) {
		double x = ff_sheet_x(s, i), y = ff_scale_at(&s->level, s->sum[i]);

		if (s->sum[i] > 0)
			cells[count++] = (struct ff_cell){
				(float)x, (float)y, (float)(ff_sheet_x(s, i + 1) - x),
				(float)(s->strip.y1 - y), 0};
	}
	ff_canvas_note(cv, "strip");
	ff_canvas_cells(cv, cells, count, &color, 1);
	ff_free(cells);
	ff_canvas_line(cv, s->strip.x0, s->strip.y1, s->strip.x1, s->strip.y1, t->ink,
		       t->axis, NULL);
	ff_canvas_line(cv, s->strip.x0, s->strip.y0, s->strip.x0, s->strip.y1, t->ink,
		       t->axis, NULL);
	for (size_t i = 0; i < s->level_ticks.count; i++)
		if (s->level_ticks.at[i].text[0])
			ff_canvas_line(cv, s->strip.x0 - t->tick,
				       s->level_ticks.at[i].pos, s->strip.x0,
				       s->level_ticks.at[i].pos, t->ink, t->axis, NULL);
	return FF_OK;
}

static void around_draw_rows(const struct ff_sheet *s)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_canvas *cv = s->n->cv;
	struct ff_color color = ff_mix(t->background, ff_ramp_at(&s->ramp, .6), .75);
	double most = 1, x = t->margin + 1.5 * t->fs;

	ff_canvas_note(cv, "bars");
	for (size_t i = 0; i < s->nrows; i++)
		most = fmax(most, (double)s->rows[i].value);
	for (size_t i = 0; i < s->nrows && s->has_bars; i++) {
		double w = (s->bars.x1 - s->bars.x0 - 3.6 * t->fs) *
			   (double)s->rows[i].value / most;
		double pad = .18 * (s->rows[i].y1 - s->rows[i].y0);

		ff_canvas_rect(cv, s->bars.x0, s->rows[i].y0 + pad, fmax(w, s->n->px),
			       s->rows[i].y1 - s->rows[i].y0 - 2 * pad, color);
	}
	for (size_t i = 0, j; i < s->nrows; i = j) {
		struct ff_point p[4];

		for (j = i + 1; j < s->nrows && around_is_same(&s->rows[i], &s->rows[j]);)
			j++;
		p[0] = (struct ff_point){x + .3 * t->fs, s->rows[i].y0};
		p[1] = (struct ff_point){x, s->rows[i].y0};
		p[2] = (struct ff_point){x, s->rows[j - 1].y1};
		p[3] = (struct ff_point){x + .3 * t->fs, s->rows[j - 1].y1};
		ff_canvas_polyline(cv, p, 4, t->grey, t->axis, NULL);
	}
}

int ff_sheet_draw_around(const struct ff_sheet *s, struct ff_err *err)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_canvas *cv = s->n->cv;
	int rc = around_draw_strip(s, err);

	if (rc < 0)
		return rc;
	around_draw_rows(s);
	if (s->key.ramp)
		ff_key_draw(&s->key, t, cv);
	ff_canvas_note(cv, "time axis");
	ff_canvas_line(cv, s->cells.x0, s->cells.y1, s->cells.x1, s->cells.y1, t->ink,
		       t->axis, NULL);
	for (size_t i = 0; i < s->time_ticks.count; i++)
		ff_canvas_line(
			cv, s->time_ticks.at[i].pos, s->cells.y1, s->time_ticks.at[i].pos,
			s->cells.y1 +
				(s->time_ticks.at[i].is_major ? t->tick : t->tick_minor),
			t->ink, t->axis, NULL);
	return FF_OK;
}
