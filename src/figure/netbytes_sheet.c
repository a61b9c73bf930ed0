/* SPDX-License-Identifier: MIT */
/* The sheet view: which rows, their values, and where they stand. */
#include "figure/netbytes_sheet.h"

#include <math.h>
#include <stdlib.h>

#define SHEET_BURST .03	 /* of the tallest cell, from which on an odd cell has a row */
#define SHEET_ODD 24	 /* odd cells that are asked */
#define SHEET_DECADES 8	 /* of colour */
#define SHEET_PITCH 1.14 /* of rows at least, body sizes */
#define SHEET_PITCH_MOST 2.6
#define SHEET_GAP .45	 /* between groups of rows */
#define SHEET_MIN_PX 1.5 /* narrower bins are joined */
#define SHEET_WASTE .85	 /* whole-pixel columns must fill this much of the width */
#define SHEET_CONTRAST 2.5
#define SHEET_BARS 11.4 /* width of the sums at the right, and of the key above them */

double ff_sheet_x(const struct ff_sheet *s, size_t i)
{
	return s->cells.x0 + floor(s->column_px * (double)i + 1e-6) * s->n->px;
}

/* ---- rows ---- */

static void sheet_add(struct ff_sheet *s, struct ff_sheet_row row)
{
	if (s->nrows < FF_SHEET_ROWS)
		s->rows[s->nrows++] = row;
}

static void sheet_bands(struct ff_sheet *s, const size_t *bursts, size_t nbursts)
{
	const struct ff_netbytes_data *d = &s->n->data;

	for (size_t i = 0; i < s->lanes.nbands; i++) {
		struct ff_sheet_row row = {.kind = FF_SHEET_BAND,
					   .index = i,
					   .value = s->lanes.bands[i].value,
					   .ports = s->lanes.bands[i].ports};

		for (size_t k = 0; k < nbursts; k++) {
			size_t port = d->cells[bursts[k]].port;

			if (s->lanes.place[port] != FF_NETBYTES_LANES + i)
				continue;
			row.value -= d->ports[port].value;
			row.ports--;
		}
		if (row.ports > 0)
			sheet_add(s, row);
	}
}

static int sheet_rows(struct ff_sheet *s, size_t lanes, size_t bursts, struct ff_err *err)
{
	const struct ff_netbytes_data *d = &s->n->data;
	size_t odd[SHEET_ODD], count, nodd = 0;
	uint64_t tallest = 0, crowd = 0;
	int rc;

	ff_netbytes_lanes_release(&s->lanes);
	rc = ff_netbytes_lanes(&s->lanes, s->n, lanes, err);
	if (rc < 0)
		return rc;
	s->nrows = 0;
	for (size_t i = 0; i < d->nports; i++)
		if (d->cells[d->ports[i].peak].value > tallest)
			tallest = d->cells[d->ports[i].peak].value;
	count = d->bins >= 3 ? ff_netbytes_odd(d, &s->lanes, odd, SHEET_ODD, true) : 0;
	/* one of many equals is no burst */
	if (count == SHEET_ODD)
		crowd = d->cells[odd[count - 1]].value;
	for (size_t i = 0; i < count && nodd < bursts; i++)
		if (((double)d->cells[odd[i]].value >= SHEET_BURST * (double)tallest &&
		     d->cells[odd[i]].value / 2 >= crowd) ||
		    ff_netbytes_finding(d, "lone", d->cells[odd[i]].port) ||
		    ff_netbytes_finding(d, "burst", d->cells[odd[i]].port))
			odd[nodd++] = odd[i];
	for (size_t i = 0; i < s->lanes.nlanes; i++)
		sheet_add(s, (struct ff_sheet_row){
				     .kind = FF_SHEET_LANE,
				     .index = s->lanes.lanes[i].port,
				     .opener = s->lanes.lanes[i].opener,
				     .value = d->ports[s->lanes.lanes[i].port].value});
	for (size_t i = 0; i < nodd; i++)
		sheet_add(s, (struct ff_sheet_row){
				     .kind = FF_SHEET_BURST,
				     .index = d->cells[odd[i]].port,
				     .value = d->ports[d->cells[odd[i]].port].value});
	sheet_bands(s, odd, nodd);
	return FF_OK;
}

/* Gaps before row i: between kinds of rows, and between openers. */
static bool sheet_is_apart(const struct ff_sheet *s, size_t i)
{
	const struct ff_sheet_row *row = &s->rows[i];

	return i > 0 && (row->kind != row[-1].kind ||
			 (row->kind == FF_SHEET_LANE && row->opener != row[-1].opener));
}

static double sheet_units(const struct ff_sheet *s, double *gaps)
{
	*gaps = 0;
	for (size_t i = 0; i < s->nrows; i++)
		*gaps += sheet_is_apart(s, i) * SHEET_GAP;
	return (double)s->nrows;
}

/* Rows until they fit into the height: bursts go first, then lanes. */
static int sheet_fit_rows(struct ff_sheet *s, double height, struct ff_err *err)
{
	double fs = s->n->theme.fs, gaps;
	size_t lanes = FF_NETBYTES_LANES, bursts = FF_SHEET_BURSTS;
	int rc = sheet_rows(s, lanes, bursts, err);

	while (rc == FF_OK &&
	       sheet_units(s, &gaps) * SHEET_PITCH * fs + gaps * fs > height &&
	       (bursts > 0 || lanes > 1)) {
		if (bursts > (lanes > 6 ? 2 : 0))
			bursts--;
		else if (lanes > s->lanes.nlanes && s->lanes.nlanes > 1)
			lanes = s->lanes.nlanes - 1;
		else if (lanes > 1)
			lanes--;
		else
			bursts = 0;
		rc = sheet_rows(s, lanes, bursts, err);
	}
	return rc;
}

static void sheet_place_rows(struct ff_sheet *s)
{
	double fs = s->n->theme.fs, px = s->n->px, gaps, pitch, y = s->cells.y0;
	double units = sheet_units(s, &gaps), height = s->cells.y1 - s->cells.y0;
	double spare = height - units * SHEET_PITCH_MOST * fs - gaps * fs;

	/* few ports need no high rows: the strip gets what they leave */
	if (spare > 0) {
		spare = floor(spare / px) * px;
		s->strip.y1 += spare;
		y = s->cells.y0 += spare;
		height -= spare;
	}
	pitch = fmin((height - gaps * fs) / units, SHEET_PITCH_MOST * fs);
	pitch = fmax(floor(pitch / px), 2) * px;
	for (size_t i = 0; i < s->nrows; i++) {
		if (sheet_is_apart(s, i))
			y += round(SHEET_GAP * fs / px) * px;
		s->rows[i].y0 = y;
		s->rows[i].y1 = y + pitch - fmax(round(.06 * fs / px), 1) * px;
		y += pitch;
	}
	s->cells.y1 = y;
}

/* ---- values ---- */

static int sheet_compare(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;

	return (a > b) - (a < b);
}

/* Ends of the colours: from the decade below all but a twelfth of the cells. */
static int sheet_colors(struct ff_sheet *s, struct ff_err *err)
{
	size_t all = s->nrows * s->edges.count, count = 0;
	double *sorted = ff_alloc(all, sizeof(*sorted));

	if (!sorted)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < all; i++)
		if (s->value[i] > 0)
			sorted[count++] = s->value[i];
	qsort(sorted, count, sizeof(*sorted), sheet_compare);
	s->least = s->most = 1;
	if (count > 0) {
		s->most = sorted[count - 1];
		s->least = fmax(sorted[count / 12], s->most / pow(10, SHEET_DECADES));
		s->least = pow(10, floor(log10(fmax(s->least, 1)) + 1e-9));
		s->is_cut = sorted[0] < s->least;
	}
	ff_free(sorted);
	return FF_OK;
}

/* Row of every port: bursts before bands. */
static size_t sheet_row_of(const struct ff_sheet *s, size_t port)
{
	size_t place = s->lanes.place[port];

	if (place < FF_NETBYTES_LANES)
		return place;
	for (size_t i = s->lanes.nlanes; i < s->nrows; i++)
		if (s->rows[i].kind == FF_SHEET_BURST
			    ? s->rows[i].index == port
			    : s->rows[i].index == place - FF_NETBYTES_LANES)
			return i;
	return s->nrows;
}

/* Ports of a band are summed in each bin before the largest bin is taken. */
static int sheet_values(struct ff_sheet *s, struct ff_err *err)
{
	const struct ff_netbytes_data *d = &s->n->data;
	size_t columns = s->edges.count, row = s->nrows, last = d->nports;
	double *bins = ff_calloc(s->nrows * d->nbins, sizeof(*bins));

	s->value = ff_calloc(s->nrows * columns, sizeof(*s->value));
	s->sum = ff_alloc(columns, sizeof(*s->sum));
	if (!bins || !s->value || !s->sum) {
		ff_free(bins);
		return ff_fail_nomem(err);
	}
	for (size_t i = 0; i < d->ncells; i++) {
		size_t bin = ff_netbytes_bin_at(d, d->cells[i].start);

		if (d->cells[i].port != last)
			row = sheet_row_of(s, d->cells[i].port);
		last = d->cells[i].port;
		if (row < s->nrows && bin < d->nbins)
			bins[row * d->nbins + bin] += (double)d->cells[i].value;
	}
	for (size_t i = 0; i < columns; i++)
		s->sum[i] = -1;
	for (size_t b = 0; b < d->nbins; b++) {
		size_t column = ff_edges_find(&s->edges, d->bin[b].start);

		s->sum[column] = fmax(s->sum[column], (double)d->bin[b].value);
		for (size_t r = 0; r < s->nrows; r++) {
			double *to = &s->value[r * columns + column];

			*to = fmax(*to, bins[r * d->nbins + b]);
		}
	}
	for (size_t i = 0; i < columns; i++)
		s->has_gaps |= s->sum[i] < 0;
	ff_free(bins);
	return sheet_colors(s, err);
}

/* ---- place ---- */

static double sheet_left(const struct ff_sheet *s)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	struct ff_buf b = FF_BUF_INIT;
	double width = ff_canvas_measure(s->n->cv, &st, "400 MB").width;

	for (size_t i = 0; i < s->nrows; i++) {
		ff_buf_clear(&b);
		ff_sheet_row_words(&b, s, &s->rows[i], !t->is_narrow);
		width = fmax(width,
			     ff_canvas_measure(s->n->cv, &st, ff_buf_str(&b)).width);
	}
	s->n->labels.failed |= b.failed;
	ff_buf_release(&b);
	return t->margin + 2 * t->fs + fmin(width, .25 * t->width) + .5 * t->fs;
}

static int sheet_place_x(struct ff_sheet *s, struct ff_err *err)
{
	const struct ff_theme *t = &s->n->theme;
	double px = s->n->px, left = ceil(sheet_left(s) / px) * px;
	double right = t->width - t->margin, room, whole;
	int rc;

	s->has_bars = right - left >= 32 * t->fs;
	room = right - left - (s->has_bars ? SHEET_BARS * t->fs : 4 * t->fs);
	room = fmax(room, 4 * t->fs);
	rc = ff_netbytes_edges(&s->edges, &s->n->data,
			       (size_t)fmax(room / px / SHEET_MIN_PX, 1), err);
	if (rc < 0)
		return rc;
	s->column_px = room / px / (double)s->edges.count;
	whole = floor(s->column_px + 1e-9);
	if (whole >= 1 && whole >= SHEET_WASTE * s->column_px)
		s->column_px = whole;
	s->cells.x0 = left;
	s->cells.x1 = ff_sheet_x(s, s->edges.count);
	s->bars = (struct ff_box){s->cells.x1 + .8 * t->fs, 0, right, 0};
	s->time = ff_scale_time(s->edges.at[0], s->edges.at[s->edges.count], s->cells.x0,
				s->cells.x0 + s->column_px * (double)s->edges.count * px);
	return FF_OK;
}

/* Frame, then the height that is left decides about rows, these about the width. */
static int sheet_layout(struct ff_sheet *s, struct ff_err *err)
{
	struct ff_netbytes *n = s->n;
	const struct ff_theme *t = &n->theme;
	struct ff_buf words = FF_BUF_INIT;
	double fs = t->fs, top, bottom, px = n->px;
	int rc = sheet_rows(s, FF_NETBYTES_LANES, FF_SHEET_BURSTS, err);

	if (rc == FF_OK)
		rc = sheet_place_x(s, err);
	if (rc < 0)
		return rc;
	if (s->edges.joined > 1)
		ff_edges_words(&words, &s->edges, n->data.bin_ns);
	rc = words.failed ? ff_fail_nomem(err)
			  : ff_netbytes_frame(n, &s->lanes, ff_buf_str(&words), err);
	ff_buf_release(&words);
	if (rc < 0)
		return rc;
	top = n->frame.plot.y0 + (s->has_bars ? 0 : 2.6 * fs);
	bottom = n->frame.plot.y1 - t->tick - 1.35 * fs;
	/* as high as the key beside it */
	s->strip = (struct ff_box){s->cells.x0, top + 1.4 * fs, s->cells.x1,
				   top + (s->has_bars ? 4.3 + FF_KEY_STACK : 4.2) * fs};
	s->cells.y0 = ceil((s->strip.y1 + .6 * fs) / px) * px;
	s->cells.y1 = floor(fmax(bottom, s->cells.y0 + 2 * fs) / px) * px;
	rc = sheet_fit_rows(s, s->cells.y1 - s->cells.y0, err);
	if (rc == FF_OK)
		rc = sheet_values(s, err);
	if (rc == FF_OK)
		sheet_place_rows(s);
	return rc;
}

static int sheet_draw(struct ff_sheet *s, struct ff_err *err)
{
	int rc = ff_ramp_init(&s->ramp, &s->n->theme, s->n->opts, SHEET_CONTRAST, err);

	if (rc == FF_OK)
		rc = sheet_layout(s, err);
	if (rc == FF_OK)
		rc = ff_sheet_place_around(s, err);
	if (rc < 0)
		return rc;
	ff_sheet_place_bursts(s);
	rc = ff_sheet_draw_cells(s, err);
	if (rc == FF_OK)
		rc = ff_sheet_draw_around(s, err);
	ff_sheet_draw_bursts(s);
	return rc;
}

int ff_netbytes_sheet_draw(struct ff_netbytes *n, struct ff_err *err)
{
	struct ff_sheet *s = ff_calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return ff_fail_nomem(err);
	s->n = n;
	rc = sheet_draw(s, err);
	ff_netbytes_lanes_release(&s->lanes);
	ff_edges_release(&s->edges);
	ff_key_release(&s->key);
	ff_ticks_release(&s->time_ticks);
	ff_ticks_release(&s->level_ticks);
	ff_free(s->value);
	ff_free(s->sum);
	ff_free(s);
	return rc;
}
