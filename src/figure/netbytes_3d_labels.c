/* SPDX-License-Identifier: MIT */
/* Words of the 3d view: heights, dates, lanes, groups, and what the tallest impulses
 * carried. */
#include "figure/netbytes_3d.h"

#include <math.h>
#include <string.h>

#define HEADS_TALLEST 10 /* discs on the tallest impulses */
#define HEADS_NARROW 5	 /* on a column */
#define HEADS_ODD 3	 /* and on the largest of ports without a lane: told first */
#define HEADS_WORDS 5	 /* in all; more is no reading */
#define HEADS_OF_PORT 2	 /* and of one port */
#define HEADS_LEAST .1	 /* of the tallest: less is not tall, however few there are */
enum { HEADS_TRIES = 8 };

/* ---- axes ---- */

static int labels_heights(struct ff_net3d *s, struct ff_err *err)
{
	const struct ff_theme *t = &s->n->theme;
	double foot = s->o.y0 - s->o.dp, top = foot - s->o.hh;
	unsigned room = (unsigned)fmax(s->o.hh / (2.2 * t->fs), 2);
	struct ff_scale scale = s->n->params->is_log
					? ff_scale_log(s->base, s->top, foot, top)
					: ff_scale_linear(0, s->top, foot, top);
	int rc = s->n->params->is_log
			 ? ff_ticks_log(&s->height_ticks, &scale, false, err)
			 : ff_ticks_linear(&s->height_ticks, &scale, room, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < s->height_ticks.count; i++) {
		struct ff_tick *tick = &s->height_ticks.at[i];

		if (s->n->data.measure != FF_NETBYTES_BYTES &&
		    tick->value != floor(tick->value)) {
			tick->text[0] = '\0'; /* packets and flows are whole */
			tick->is_major = false;
		}
		if (tick->text[0])
			ff_tick_say(tick, ff_netbytes_tick_words(&s->n->data));
	}
	return FF_OK;
}

double ff_net3d_height_width(const struct ff_net3d *s)
{
	struct ff_text_style st = ff_theme_text(&s->n->theme, FF_REGULAR);
	const char *widest = s->n->data.measure == FF_NETBYTES_BYTES ? "200 MB" : "500k";

	return ff_canvas_measure(s->n->cv, &st, widest).width;
}

const char *ff_net3d_group_word(const struct ff_net3d *s, size_t place, int line)
{
	static const char *const words[][3] = {
		[FF_NETBYTES_PEER] = {"Opened", "by peers", "By peers"},
		[FF_NETBYTES_HOST] = {"Opened", "by host", "By host"},
		[FF_NETBYTES_UNCLEAR] = {"Opener", "unclear", "Unclear"},
	};
	static const char *const others[] = {"Other", "ports", "Others"};
	bool has_openers = false;

	if (place >= FF_NETBYTES_LANES)
		return s->lanes.nlanes > 0 ? others[line] : "";
	/* one group of which nothing is known is no group */
	for (size_t i = 0; i < s->lanes.nlanes; i++)
		has_openers |= s->lanes.lanes[i].opener != FF_NETBYTES_UNCLEAR;
	return has_openers ? words[s->lanes.lanes[place].opener][line] : "";
}

/* Left of the floor, at the middle of the strips first..last: two lines where the strips
 * are deep enough, else one, short. */
static void labels_group(struct ff_net3d *s, size_t first, size_t last,
			 struct ff_color color)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_text_style st = ff_theme_text(t, FF_BOLD);
	double v = (s->strips[first].v1 + s->strips[last].v0) / 2;
	double depth = (s->strips[first].v1 - s->strips[last].v0) * s->o.dp;
	struct ff_point p = ff_oblique_at(&s->o, 0, v, 0);
	double lean = s->o.s / s->o.dp, x = p.x - .5 * t->fs;
	struct ff_text_item two[2];

	if (!ff_net3d_group_word(s, first, 2)[0])
		return;
	st.color = ff_netbytes_word_color(t, color);
	/* each line follows the slant of the floor's edge */
	two[0] = ff_text_item_of("group", st, x + .35 * lean * t->fs, p.y - .25 * t->fs,
				 FF_RIGHT, ff_net3d_group_word(s, first, 0));
	two[1] = ff_text_item_of("group", st, x - .85 * lean * t->fs, p.y + .95 * t->fs,
				 FF_RIGHT, ff_net3d_group_word(s, first, 1));
	if (depth >= 2.3 * t->fs && ff_labels_fit(&s->n->labels, two, 2))
		ff_labels_add(&s->n->labels, two, 2);
	else
		ff_labels_put(&s->n->labels, "group", st, x - .1 * t->fs,
			      p.y + .36 * t->fs, FF_RIGHT,
			      ff_net3d_group_word(s, first, 2));
}

static void labels_groups(struct ff_net3d *s)
{
	for (size_t i = 0, j; i < s->lanes.nlanes; i = j) {
		for (j = i + 1; j < s->lanes.nlanes; j++)
			if (s->lanes.lanes[j].opener != s->lanes.lanes[i].opener)
				break;
		labels_group(s, i, j - 1, ff_net3d_color(s, s->lanes.lanes[i].port));
	}
	if (s->lanes.nbands > 0)
		labels_group(s, FF_NETBYTES_LANES,
			     FF_NETBYTES_LANES + s->lanes.nbands - 1, s->n->theme.grey);
}

void ff_net3d_lane_words(struct ff_buf *b, const struct ff_net3d *s, size_t place,
			 int words)
{
	const struct ff_netbytes_data *d = &s->n->data;
	double total = d->value > 0 ? (double)d->value : 1;
	char name[32];

	if (place >= FF_NETBYTES_LANES) {
		const struct ff_netbytes_band *band =
			&s->lanes.bands[place - FF_NETBYTES_LANES];

		ff_buf_adds(b, FF_MARK_BOLD);
		ff_netbytes_band_word(b, band);
		ff_buf_adds(b, FF_MARK_END);
		if (words <= 1) {
			ff_buf_adds(b, "  ");
			if (words == 0)
				ff_word_count(b, band->ports);
			else
				ff_word_short(b, (double)band->ports);
			ff_buf_adds(b, " more");
		}
		if (words <= 2) {
			ff_buf_adds(b, "  ");
			ff_word_percent(b, (double)band->value / total);
		}
		return;
	}
	ff_netbytes_port_bold(b, d, s->lanes.lanes[place].port);
	if (words <= 1) {
		const struct ff_netbytes_port *p = &d->ports[s->lanes.lanes[place].port];

		ff_service_name(name, sizeof(name), p->number, p->protocol);
		if (name[0] && (words == 0 || strlen(name) <= 7))
			ff_buf_addf(b, " %s", name);
	}
	if (words <= 2) {
		ff_buf_adds(b, "  ");
		ff_word_percent(b, (double)d->ports[s->lanes.lanes[place].port].value /
					   total);
	}
}

static void labels_lanes(struct ff_net3d *s)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_buf b = FF_BUF_INIT;

	for (size_t i = 0; i < FF_NETBYTES_LANES + FF_NETBYTES_BANDS; i++) {
		bool is_band = i >= FF_NETBYTES_LANES;
		struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
		struct ff_point p = ff_oblique_at(&s->o, 1, s->strips[i].base, 0);

		if (is_band ? i - FF_NETBYTES_LANES >= s->lanes.nbands
			    : i >= s->lanes.nlanes)
			continue;
		st.color =
			is_band ? t->grey
				: ff_netbytes_word_color(
					  t, ff_net3d_color(s, s->lanes.lanes[i].port));
		ff_buf_clear(&b);
		ff_net3d_lane_words(&b, s, i, s->words);
		ff_labels_put(&s->n->labels, is_band ? "band" : "lane", st,
			      p.x + (is_band ? 1.2 : .9) * t->fs, p.y + .36 * t->fs,
			      FF_LEFT, ff_buf_str(&b));
	}
	s->n->labels.failed |= b.failed;
	ff_buf_release(&b);
}

int ff_net3d_place_axes(struct ff_net3d *s, struct ff_err *err)
{
	const struct ff_theme *t = &s->n->theme;
	struct ff_labels *labels = &s->n->labels;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	struct ff_scale time = ff_scale_time(s->edges.at[0], s->edges.at[s->edges.count],
					     s->o.x0, s->o.x0 + s->o.wd);
	struct ff_buf b = FF_BUF_INIT;
	int rc = labels_heights(s, err);

	if (rc == FF_OK && s->n->data.bin_ns != 0)
		rc = ff_ticks_time(&s->time_ticks, &time, s->n->tz_ns, 4.2 * t->fs, err);
	if (rc < 0)
		return rc;
	labels_lanes(s);
	ff_labels_ticks(labels, t, &s->height_ticks, false,
			s->o.x0 + s->o.s - t->tick - .3 * t->fs);
	ff_ticks_thin(&s->time_ticks, s->n->cv, &st, true, .5 * t->fs);
	ff_labels_ticks(labels, t, &s->time_ticks, true,
			s->o.y0 + t->tick + 1.15 * t->fs);
	ff_netbytes_axis_title(&b, &s->n->data, s->n->data.measure);
	ff_labels_put(labels, "axis title", ff_theme_text(t, FF_SEMIBOLD), t->margin,
		      s->n->frame.plot.y0 + .9 * t->fs, FF_LEFT, ff_buf_str(&b));
	labels->failed |= b.failed;
	ff_buf_release(&b);
	labels_groups(s);
	return FF_OK;
}

/* ---- heads ---- */

static void heads_add(struct ff_net3d *s, size_t cell, bool is_odd)
{
	const struct ff_netbytes_cell *c = &s->n->data.cells[cell];
	size_t place = s->lanes.place[c->port];

	for (size_t i = 0; i < s->nheads; i++)
		if (s->heads[i].cell == cell)
			return;
	/* within the impulse of a taller one of its column */
	if (place < FF_NETBYTES_LANES &&
	    c->value <
		    s->value[place * s->edges.count + ff_edges_find(&s->edges, c->start)])
		return;
	if (s->nheads < FF_NET3D_HEADS)
		s->heads[s->nheads++] = (struct ff_net3d_head){
			cell, ff_net3d_tip(s, cell), is_odd, false};
}

/* The tallest of all cells, largest first: a short insertion sort over all of them. */
static size_t heads_tallest(const struct ff_netbytes_data *d, size_t out[HEADS_TALLEST])
{
	size_t count = 0;

	for (size_t i = 0; i < d->ncells; i++) {
		size_t j = count;

		if (d->cells[i].value == 0 ||
		    (count == HEADS_TALLEST &&
		     d->cells[i].value <= d->cells[out[count - 1]].value))
			continue;
		j = count < HEADS_TALLEST ? count++ : count - 1;
		for (; j > 0 && d->cells[i].value > d->cells[out[j - 1]].value; j--)
			out[j] = out[j - 1];
		out[j] = i;
	}
	return count;
}

static bool heads_place(struct ff_net3d *s, const struct ff_ink *ink,
			const struct ff_net3d_head *head)
{
	const struct ff_theme *t = &s->n->theme;
	const struct ff_netbytes_data *d = &s->n->data;
	const struct ff_netbytes_cell *c = &d->cells[head->cell];
	struct ff_text_style st = ff_with_halo(t, ff_theme_text(t, FF_REGULAR));
	struct ff_text_item tries[HEADS_TRIES];
	struct ff_buf b = FF_BUF_INIT;
	double dx = .5 * t->fs, up = .65 * t->fs;
	const struct {
		double x, y;
		enum ff_anchor anchor;
	} at[HEADS_TRIES] = {
		{dx, .34 * t->fs, FF_LEFT},
		{-dx, .34 * t->fs, FF_RIGHT},
		{0, -up, FF_LEFT},
		{0, -up, FF_RIGHT},
		{0, -up, FF_CENTER},
		{dx, -.1 * t->fs, FF_LEFT},
		{0, -up - .9 * t->fs, FF_LEFT},
		{0, -up - .9 * t->fs, FF_RIGHT},
	};
	bool is_placed;

	ff_netbytes_port_bold(&b, d, c->port);
	ff_buf_adds(&b, "  ");
	if (d->bin_ns != 0) {
		ff_netbytes_when(&b, s->n, c->start);
		ff_buf_adds(&b, "  ");
	}
	ff_netbytes_value(&b, d, (double)c->value);
	st.color = ff_netbytes_word_color(t, ff_net3d_color(s, c->port));
	for (int i = 0; i < HEADS_TRIES; i++)
		tries[i] = ff_text_item_of("impulse", st, head->at.x + at[i].x,
					   head->at.y + at[i].y, at[i].anchor,
					   ff_buf_str(&b));
	is_placed = ff_ink_place(ink, &s->n->labels, tries, HEADS_TRIES, 1,
				 (struct ff_ink_rule){head->is_odd ? .95 : .3, .02});
	s->n->labels.failed |= b.failed;
	ff_buf_release(&b);
	return is_placed;
}

static void heads_ink(struct ff_ink *ink, const struct ff_net3d *s)
{
	for (size_t k = 0; k < s->lanes.nlanes; k++) {
		for (size_t i = 0; i < s->edges.count; i++) {
			double z =
				ff_net3d_z(s, (double)s->value[k * s->edges.count + i]);
			double v = s->strips[k].base, u = ff_net3d_u(s, i);
			struct ff_point foot = ff_oblique_at(&s->o, u, v, 0);

			if (z > 0)
				ff_ink_rect(ink, foot.x - s->width / 2,
					    foot.y - s->o.hh * z, foot.x + s->width / 2,
					    foot.y);
		}
	}
	ff_ink_seal(ink);
}

/* Words do not run over the axes of ports and of heights. */
static void heads_block_edges(struct ff_net3d *s)
{
	double half = .15 * s->n->theme.fs;
	size_t steps = (size_t)(s->o.dp / (2 * half)) + 1;
	struct ff_point foot = ff_oblique_at(&s->o, 0, 1, 0);
	struct ff_point top = ff_oblique_at(&s->o, 0, 1, 1);

	for (size_t i = 0; i <= steps; i++) {
		struct ff_point p = ff_oblique_at(&s->o, 1, (double)i / (double)steps, 0);

		ff_labels_block(&s->n->labels, (struct ff_box){p.x - half, p.y - half,
							       p.x + half, p.y + half});
	}
	ff_labels_block(&s->n->labels,
			(struct ff_box){top.x - half, top.y, foot.x + half, foot.y});
}

/* Labelled already as often as a port may be. */
static bool heads_is_told(const struct ff_net3d *s, size_t head)
{
	const struct ff_netbytes_cell *cells = s->n->data.cells;
	size_t told = 0;

	for (size_t i = 0; i < head; i++)
		told += s->heads[i].is_told &&
			cells[s->heads[i].cell].port == cells[s->heads[head].cell].port;
	return told >= HEADS_OF_PORT;
}

/* A disc without words only says that it is one of the tallest; log heights have caps of
 * their own. */
static void heads_drop(struct ff_net3d *s, const size_t *tallest, size_t ntallest)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->nheads; i++) {
		bool is_kept = s->heads[i].is_told;

		for (size_t k = 0; k < ntallest && !s->n->params->is_log; k++)
			is_kept |= tallest[k] == s->heads[i].cell;
		if (is_kept)
			s->heads[kept++] = s->heads[i];
	}
	s->nheads = kept;
}

int ff_net3d_place_heads(struct ff_net3d *s, struct ff_err *err)
{
	const struct ff_netbytes_data *d = &s->n->data;
	const struct ff_theme *t = &s->n->theme;
	const struct ff_box room = {s->o.x0, s->n->frame.plot.y0, t->width - t->margin,
				    s->o.y0};
	size_t odd[HEADS_ODD], tallest[HEADS_TALLEST], nodd, ntallest = 0, told = 0;
	struct ff_ink ink;
	int rc = ff_ink_init(&ink, room, err);

	if (rc < 0)
		return rc;
	heads_ink(&ink, s);
	nodd = ff_netbytes_odd(d, &s->lanes, odd, HEADS_ODD, true);
	while (nodd > 0 && (double)d->cells[odd[nodd - 1]].value < s->least)
		nodd--;
	for (size_t i = 0; i < nodd; i++)
		heads_add(s, odd[i], true);
	if (s->n->params->is_log) {
		for (size_t i = 0; i < s->lanes.nlanes; i++)
			heads_add(s, d->ports[s->lanes.lanes[i].port].peak, false);
	} else {
		ntallest = heads_tallest(d, tallest);
		if (t->is_narrow && ntallest > HEADS_NARROW)
			ntallest = HEADS_NARROW;
		for (size_t i = 0; i < ntallest; i++)
			if ((double)d->cells[tallest[i]].value >= HEADS_LEAST * s->top)
				heads_add(s, tallest[i], false);
	}
	heads_block_edges(s);
	for (size_t i = 0; i < s->nheads; i++) {
		double r = .24 * t->fs;
		struct ff_point p = s->heads[i].at;

		ff_labels_block(&s->n->labels,
				(struct ff_box){p.x - r, p.y - r, p.x + r, p.y + r});
	}
	/* the unexpected is the finding; then the tallest */
	for (size_t i = 0; i < s->nheads && told < HEADS_WORDS; i++) {
		if (heads_is_told(s, i))
			continue;
		s->heads[i].is_told = heads_place(s, &ink, &s->heads[i]);
		told += s->heads[i].is_told;
		s->n->labels.dropped += !s->heads[i].is_told;
	}
	heads_drop(s, tallest, ntallest);
	ff_ink_release(&ink);
	return FF_OK;
}
