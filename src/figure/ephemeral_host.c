/* SPDX-License-Identifier: MIT */
/* One host: verdict, ports over time, histogram and known ranges beside, strips below. */
#include "figure/ephemeral_host.h"

#include <math.h>
#include <stdio.h>

/* ---- words above and below ---- */

/* Breaks the verdict into lines. Whole clauses are left out from its end until the lines
 * are enough; the claim itself stays, and is ellipsised at worst. */
static void host_verdict_lines(struct ff_buf *lines, const struct ff_ephemeral *e,
			       struct ff_buf *words, const struct ff_text_style *st,
			       size_t most)
{
	double width = e->theme.width - 2 * e->theme.margin;
	char *text = words->failed ? NULL : (char *)words->data;
	char *claim = text ? strstr(text, FF_MARK_END) : NULL;

	while (claim) {
		struct ff_buf all = FF_BUF_INIT;
		size_t n = ff_wrap(&all, e->cv, st, text, width, most + 1);
		char *cut = NULL;

		ff_buf_release(&all);
		for (char *c = claim; n > most && *c; c++)
			if (strchr(";.,", *c) && c[1] == ' ')
				cut = c;
		if (!cut)
			break;
		*cut = '\0';
	}
	ff_wrap(lines, e->cv, st, text ? text : "", width, most);
}

/* The verdict, two lines at most, three in a column. Returns where they end. */
static double host_verdict(struct ff_ephemeral_page *h, double y, double room)
{
	struct ff_ephemeral *e = h->e;
	const struct ff_theme *t = &e->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	struct ff_buf words = FF_BUF_INIT, lines = FF_BUF_INIT;
	size_t most = t->is_narrow ? 3 : 2;

	ff_ephemeral_verdict(&words, e);
	ff_buf_addc(&words, '\0');
	while (most > 0 && (double)most * 1.3 * t->fs > room)
		most--;
	if (words.len > 1 && most == 0)
		e->labels.dropped++;
	if (words.len > 1 && most > 0)
		host_verdict_lines(&lines, e, &words, &st, most);
	ff_buf_addc(&lines, '\0');
	for (char *line = lines.failed ? NULL : (char *)lines.data; line && *line;) {
		char *end = strchr(line, '\n');

		if (end)
			*end = '\0';
		ff_labels_put(&e->labels, "verdict", st, t->margin, y + .8 * t->fs,
			      FF_LEFT, line);
		y += 1.3 * t->fs;
		line = end ? end + 1 : NULL;
	}
	e->labels.failed |= words.failed || lines.failed;
	ff_buf_release(&words);
	ff_buf_release(&lines);
	return y;
}

static void host_note_outside(const struct ff_ephemeral_page *h, struct ff_buf *b)
{
	char low[32], high[32];

	if (!h->plot.outside)
		return;
	ff_word_count(b, h->plot.outside);
	ff_buf_addf(b, " flow%s (", ff_s(h->plot.outside));
	ff_word_percent(b, (double)h->plot.outside / (double)h->plot.host->count);
	ff_buf_addf(b, ") outside ports %s" FF_NDASH "%s",
		    ff_format_u64(low, sizeof(low), h->plot.low),
		    ff_format_u64(high, sizeof(high),
				  h->plot.high > FF_PORTS - 1 ? FF_PORTS - 1
							      : h->plot.high - 1));
}

/* What the reader must know of the strips, at their right or on a line below. */
static void host_notes(struct ff_ephemeral_page *h, double bottom)
{
	struct ff_ephemeral *e = h->e;
	const struct ff_theme *t = &e->theme;
	struct ff_text_style st = ff_theme_grey(t, FF_REGULAR);
	struct ff_buf notes[2] = {FF_BUF_INIT, FF_BUF_INIT}, lines = FF_BUF_INIT;
	bool is_beside = h->strips.notes_x > 0;
	double x = is_beside ? h->strips.notes_x : t->margin, y;
	size_t n = 0;

	st.size_pt = t->small;
	if (h->strips.even.y1 > h->strips.even.y0)
		ff_buf_adds(&notes[is_beside ? n++ : n],
			    "Grey: 95" FF_NBSP "% range if parity were random");
	if (!is_beside && notes[0].len && h->plot.outside)
		ff_buf_adds(&notes[0], "; ");
	host_note_outside(h, &notes[n]);
	/* beside the strip of even ports, the other above it */
	for (size_t i = 0; i < 2; i++) {
		size_t count = notes[i].len ? 1 : 0;
		char *line;

		if (!count)
			continue;
		ff_buf_clear(&lines);
		count = ff_wrap(&lines, e->cv, &st, ff_buf_str(&notes[i]),
				t->width - t->margin - x, is_beside ? 3 : 1);
		y = is_beside ? ((i == 0 && n ? h->strips.even.y0 + h->strips.even.y1
					      : h->strips.flows.y0 + h->strips.flows.y1) -
				 (double)count * 1.27 * st.size_pt) /
					2
			      : bottom - 1.27 * st.size_pt;
		ff_buf_addc(&lines, '\0');
		for (line = lines.failed ? NULL : (char *)lines.data; line && *line;) {
			char *end = strchr(line, '\n');

			if (end)
				*end = '\0';
			ff_labels_put(&e->labels, "note", st, x, y + .8 * st.size_pt,
				      FF_LEFT, line);
			y += 1.27 * st.size_pt;
			line = end ? end + 1 : NULL;
		}
	}
	e->labels.failed |= notes[0].failed || notes[1].failed || lines.failed;
	ff_buf_release(&notes[0]);
	ff_buf_release(&notes[1]);
	ff_buf_release(&lines);
}

/* ---- places ---- */

static double host_left_room(const struct ff_ephemeral *e)
{
	struct ff_text_style st = ff_theme_text(&e->theme, FF_REGULAR);

	return ff_canvas_measure(e->cv, &st, "60,000").width + e->theme.tick +
	       .4 * e->theme.fs;
}

/* Across: axis, ports over time, histogram, known ranges. */
static void host_layout_x(struct ff_ephemeral_page *h)
{
	struct ff_ephemeral *e = h->e;
	const struct ff_theme *t = &e->theme;
	double fs = t->fs, left = t->margin + host_left_room(e);
	double right = t->width - t->margin, room = right - left;
	size_t range[FF_EPHEMERAL_CLASSES + 2];
	bool is_named[FF_EPHEMERAL_CLASSES + 2];
	size_t ranges = ff_ephemeral_side_ranges(e, h->plot.low, h->plot.high, range,
						 is_named, FF_EPHEMERAL_CLASSES + 2);
	double histogram = room > 44 * fs ? 6.25 * fs : room > 20 * fs ? 3.4 * fs : 0;
	double brackets = room > 44 * fs ? (double)ranges * 2.2 * fs : 0;

	/* the heads of both stand side by side */
	if (brackets > 0)
		histogram = fmax(histogram, 17.3 * fs - brackets);
	h->plot.box.x0 = left;
	h->plot.box.x1 = right - brackets - (brackets > 0 ? .8 * fs : 0) - histogram -
			 (histogram > 0 ? .9 * fs : 0);
	h->side.histogram.x0 = h->plot.box.x1 + .9 * fs;
	h->side.histogram.x1 = h->side.histogram.x0 + histogram;
	h->side.ranges.x0 = right - brackets;
	h->side.ranges.x1 = right;
	/* counts below the last bar need half a number */
	if (!(brackets > 0))
		h->side.histogram.x1 -= .6 * fs;
	if (!(histogram > 0))
		h->side.histogram.x1 = h->side.histogram.x0;
	h->strips.notes_x = brackets + histogram > 10 * fs ? h->side.histogram.x0 : 0;
}

/* Down: verdict, heads, ports, time, strips. */
static void host_layout_y(struct ff_ephemeral_page *h)
{
	struct ff_ephemeral *e = h->e;
	const struct ff_theme *t = &e->theme;
	const struct ff_box *plot = &e->frame.plot;
	double fs = t->fs, strip = 4.25 * fs, bottom, room;
	bool has_two_rows = e->classes.count > 2;
	double top = host_verdict(h, plot->y0 - .2 * fs, .25 * (plot->y1 - plot->y0));

	top += (h->plot.is_dense ? 2.9 : has_two_rows ? 3.1 : 1.7) * fs;
	h->head_y = top - .35 * fs;
	top += (e->data.nwraps ? .85 : .3) * fs;
	bottom = plot->y1 - (h->strips.notes_x > 0 ? 0 : 1.5 * t->small);
	room = bottom - top - 1.75 * fs;
	/* strips as tall as they should be, less where the page is low, or none */
	strip = fmin(strip, .13 * room);
	h->strips.flows = h->strips.even = (struct ff_box){0};
	if (strip >= 2.2 * fs) {
		h->strips.even.y1 = bottom - .4 * fs;
		h->strips.even.y0 = h->strips.even.y1 - strip;
		bottom = h->strips.even.y0 - 2.1 * fs;
		h->strips.flows.y1 = bottom;
		h->strips.flows.y0 = bottom - strip;
		bottom = h->strips.flows.y0 - 2.1 * fs;
	}
	h->plot.box.y0 = top;
	h->plot.box.y1 = fmax(bottom - 1.75 * fs, top + 3 * fs);
}

/* What the plot's box, now on whole pixels, settles. */
static void host_layout_boxes(struct ff_ephemeral_page *h)
{
	h->side.histogram.y0 = h->side.ranges.y0 = h->plot.box.y0;
	h->side.histogram.y1 = h->side.ranges.y1 = h->plot.box.y1;
	h->strips.flows.x0 = h->strips.even.x0 = h->plot.box.x0;
	h->strips.flows.x1 = h->strips.even.x1 = h->plot.box.x1;
	h->side.head_y = h->head_y;
}

static int host_layout_ticks(struct ff_ephemeral_page *h, struct ff_err *err)
{
	struct ff_ephemeral *e = h->e;
	const struct ff_theme *t = &e->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	const struct ff_box *b = &h->plot.box;
	unsigned most = (unsigned)fmin(fmax((b->y1 - b->y0) / (2 * t->fs), 2), 8);
	int rc = ff_ticks_linear(&h->port, &h->plot.port, most, err);

	if (rc == FF_OK)
		rc = ff_ticks_time(&h->time, &h->plot.time, e->tz_ns, 4.2 * t->fs, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < h->time.count; i++) {
		struct ff_tick *tick = &h->time.at[i];
		double half = ff_canvas_measure(e->cv, &st, tick->text).width / 2;

		/* below the panel only */
		if (tick->pos - half < b->x0 - 2 * t->fs || tick->pos + half > b->x1)
			tick->text[0] = '\0';
	}
	ff_ticks_thin(&h->time, e->cv, &st, true, .5 * t->fs);
	ff_labels_ticks(&e->labels, t, &h->port, false, b->x0 - t->tick - .3 * t->fs);
	ff_labels_ticks(&e->labels, t, &h->time, true, b->y1 + t->tick + 1.05 * t->fs);
	return FF_OK;
}

static int host_layout(struct ff_ephemeral_page *h, struct ff_err *err)
{
	struct ff_ephemeral *e = h->e;
	int rc;

	h->plot.host = &e->data.hosts[0];
	h->plot.t0 = h->plot.host->t0;
	h->plot.t1 = h->plot.host->t1;
	rc = ff_ephemeral_ports_new(&h->ports, &e->data, h->plot.host, err);
	if (rc < 0)
		return rc;
	ff_ephemeral_zoom(h->ports, h->plot.host->count, &h->plot.low, &h->plot.high);
	h->ngaps = ff_ephemeral_gaps(h->gaps, FF_EPHEMERAL_GAPS, &e->data, h->plot.host);
	h->plot.is_dense = h->plot.host->count > FF_EPHEMERAL_POINTS;
	host_layout_x(h);
	host_layout_y(h);
	rc = ff_ephemeral_plot_init(&h->plot, err);
	if (rc < 0)
		return rc;
	host_layout_boxes(h);
	h->side.ports = h->ports;
	h->strips.gaps = h->gaps;
	h->strips.ngaps = h->ngaps;
	rc = host_layout_ticks(h, err);
	if (rc == FF_OK)
		rc = ff_ephemeral_heads_layout(h, err);
	if (rc == FF_OK)
		rc = ff_ephemeral_side_layout(&h->side, err);
	if (rc == FF_OK)
		rc = ff_ephemeral_strips_layout(&h->strips, err);
	if (rc == FF_OK)
		host_notes(h, e->frame.plot.y1);
	return rc;
}

/* ---- marks ---- */

static int host_draw(struct ff_ephemeral_page *h, struct ff_err *err)
{
	struct ff_ephemeral *e = h->e;
	int rc = FF_OK;

	/* a density hides what is under it, and is quiet where the grid crosses it */
	if (h->plot.is_dense)
		rc = ff_ephemeral_plot_draw(&h->plot, h->plot.most, e->theme.background,
					    err);
	ff_canvas_note(e->cv, "grid");
	ff_ephemeral_hatch(&h->plot, h->gaps, h->ngaps, h->plot.box);
	ff_ephemeral_grid(&h->plot, &h->time, &h->port);
	if (rc == FF_OK)
		rc = ff_ephemeral_threads_draw(&h->plot, err);
	if (rc == FF_OK && !h->plot.is_dense)
		rc = ff_ephemeral_plot_draw(&h->plot, 1, FF_NO_COLOR, err);
	if (rc < 0)
		return rc;
	ff_canvas_note(e->cv, "axes");
	ff_ephemeral_axes(&h->plot, &h->time, &h->port);
	ff_canvas_note(e->cv, "wraps");
	for (size_t i = 0; i < e->data.nwraps; i++)
		ff_ephemeral_caret(e, ff_scale_at_time(&h->plot.time, e->data.wraps[i]),
				   h->plot.box.y0 - .5 * e->k);
	ff_ephemeral_heads_draw(h);
	ff_ephemeral_side_draw(&h->side);
	ff_ephemeral_strips_draw(&h->strips);
	return FF_OK;
}

int ff_ephemeral_host_draw(struct ff_ephemeral *e, struct ff_err *err)
{
	struct ff_ephemeral_page *h = ff_calloc(1, sizeof(*h));
	int rc;

	if (!h)
		return ff_fail_nomem(err);
	h->e = h->plot.e = h->side.e = h->strips.e = e;
	h->side.plot = h->strips.plot = &h->plot;
	rc = host_layout(h, err);
	if (rc == FF_OK)
		rc = host_draw(h, err);
	ff_ephemeral_strips_release(&h->strips);
	ff_ephemeral_side_release(&h->side);
	ff_ephemeral_plot_release(&h->plot);
	ff_key_release(&h->key);
	ff_ticks_release(&h->time);
	ff_ticks_release(&h->port);
	ff_free(h->ports);
	ff_free(h);
	return rc;
}
