/* SPDX-License-Identifier: MIT */
/* Words of the port view: axes, key, and what the largest ports carry. */
#include "figure/netbytes_port.h"

#include <math.h>

enum { WORDS_TRIES = 8 };

/* "● TCP  ○ UDP" at the right, where more than one protocol is drawn. */
static void words_key(struct ff_netport *v)
{
	static const char *const names[] = {"TCP", "UDP", "others"};
	const struct ff_theme *t = &v->n->theme;
	double x = v->box.x1, y = v->n->frame.plot.y0 + .9 * t->fs;
	bool is_there[FF_NETPORT_PROTOCOLS] = {false};

	for (size_t i = 0; i < v->nmarks; i++)
		is_there[ff_netport_protocol(v, v->marks[i].port)] = true;
	if (is_there[0] + is_there[1] + is_there[2] < 2)
		return;
	for (unsigned i = FF_NETPORT_PROTOCOLS; i-- > 0;) {
		struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
		double width = ff_canvas_measure(v->n->cv, &st, names[i]).width;

		st.color = ff_netbytes_word_color(t, ff_netport_color(t, i));
		if (!is_there[i] ||
		    !ff_labels_put(&v->n->labels, "key", st, x, y, FF_RIGHT, names[i]))
			continue;
		v->key[i] = (struct ff_point){x - width - .55 * t->fs, y - .35 * t->fs};
		ff_labels_block(&v->n->labels,
				(struct ff_box){v->key[i].x - .25 * t->fs, y - .7 * t->fs,
						v->key[i].x + .25 * t->fs, y});
		x -= width + 1.9 * t->fs;
	}
}

void ff_netport_place_axes(struct ff_netport *v)
{
	struct ff_netbytes *n = v->n;
	const struct ff_theme *t = &n->theme;
	struct ff_text_style bold = ff_theme_text(t, FF_SEMIBOLD);
	static const char *const names[][2] = {{"Well-known ports", "Well-known"},
					       {"Registered ports", "Registered"},
					       {"Dynamic ports", "Dynamic"}};
	static const char *const sums[] = {"Bytes", "Packets", "Flows"};
	struct ff_buf b = FF_BUF_INIT;
	bool is_short = false;

	for (size_t i = 0; i < v->ticks.count; i++) {
		struct ff_tick *tick = &v->ticks.at[i];

		if (n->data.measure != FF_NETBYTES_BYTES &&
		    tick->value != floor(tick->value))
			tick->text[0] = '\0';
		if (tick->text[0])
			ff_tick_say(tick, ff_netbytes_tick_words(&n->data));
	}
	ff_labels_ticks(&n->labels, t, &v->ticks, false,
			v->box.x0 - t->tick - .3 * t->fs);
	ff_buf_adds(&b, sums[n->data.measure]);
	if (n->at_from == INT64_MIN) {
		ff_buf_adds(&b, " in all");
	} else if (n->data.bin_ns != 0) {
		ff_buf_adds(&b, " from ");
		ff_netbytes_when(&b, n, n->at_from);
	}
	if (v->is_log)
		ff_buf_adds(&b, ", log scale");
	ff_labels_put(&n->labels, "axis title", bold, t->margin,
		      n->frame.plot.y0 + .9 * t->fs, FF_LEFT, ff_buf_str(&b));
	n->labels.failed |= b.failed;
	ff_buf_release(&b);
	words_key(v);
	for (size_t i = 0; i < FF_NETPORT_PARTS; i++)
		is_short |= ff_canvas_measure(n->cv, &bold, names[i][0]).width >
			    v->parts[i].r1 - v->parts[i].r0;
	for (size_t i = 0; i < FF_NETPORT_PARTS; i++) {

		for (size_t k = 0; k < v->part_ticks[i].count; k++)
			ff_format_u64(v->part_ticks[i].at[k].text,
				      sizeof(v->part_ticks[i].at[k].text),
				      (uint64_t)v->part_ticks[i].at[k].value);
		ff_labels_ticks(&n->labels, t, &v->part_ticks[i], true,
				v->box.y1 + t->tick + 1.15 * t->fs);
		ff_labels_put(
			&n->labels, "part", bold, (v->parts[i].r0 + v->parts[i].r1) / 2,
			v->box.y1 + t->tick + 2.4 * t->fs, FF_CENTER, names[i][is_short]);
	}
}

/* How a label is tried: first where no impulse crosses it, and beside its tip. */
struct words_pass {
	int words; /* 0 = all, 1 = without the service's name, 2 = the port */
	int tries;
	struct ff_ink_rule rule;
};
static const struct words_pass words_passes[] = {
	{0, 2, {.004, 0}},	     {1, 2, {.004, 0}},
	{0, WORDS_TRIES, {.004, 0}}, {1, WORDS_TRIES, {.004, 0}},
	{0, WORDS_TRIES, {.6, .02}}, {1, WORDS_TRIES, {.6, .02}},
	{2, WORDS_TRIES, {.3, .02}},
};
enum { WORDS_PASSES = sizeof(words_passes) / sizeof(words_passes[0]) };

static bool words_place(struct ff_netport *v, const struct ff_ink *ink,
			const struct ff_netport_mark *m, const struct words_pass *pass)
{
	struct ff_netbytes *n = v->n;
	const struct ff_theme *t = &n->theme;
	const struct ff_netbytes_port *port = &n->data.ports[m->port];
	struct ff_text_style st = ff_with_halo(t, ff_theme_text(t, FF_REGULAR));
	double dx = .5 * t->fs, y = .34 * t->fs, up = -.6 * t->fs;
	/* slid against an edge of the part where it stands above its tip */
	double left = ink->box.x0 + .3 * t->fs - m->x;
	double right = ink->box.x1 - .3 * t->fs - m->x;
	const struct {
		double x, y;
		enum ff_anchor anchor;
	} at[WORDS_TRIES] = {{dx, y, FF_LEFT},	    {-dx, y, FF_RIGHT},
			     {0, up, FF_LEFT},	    {0, up, FF_RIGHT},
			     {0, up, FF_CENTER},    {left, up, FF_LEFT},
			     {right, up, FF_RIGHT}, {0, up - t->fs, FF_LEFT}};
	struct ff_text_item tries[WORDS_TRIES];
	struct ff_buf b = FF_BUF_INIT;
	char name[32] = "";
	bool is_placed;
	double width;
	int count = 0;

	st.color = ff_netbytes_word_color(
		t, ff_netport_color(t, ff_netport_protocol(v, m->port)));
	ff_netbytes_port_bold(&b, &n->data, m->port);
	if (pass->words == 0)
		ff_service_name(name, sizeof(name), port->number, port->protocol);
	if (name[0])
		ff_buf_addf(&b, " %s", name);
	if (pass->words <= 1) {
		ff_buf_adds(&b, "  ");
		ff_netbytes_value(&b, &n->data, m->value);
	}
	width = ff_canvas_measure(n->cv, &st, ff_buf_str(&b)).width;
	for (int i = 0; i < pass->tries; i++) {
		bool is_slid = i == 5 || i == 6;

		if (is_slid && (i == 5 ? left + width < 0 : right - width > 0))
			continue; /* would stand apart from its tip */
		tries[count++] =
			ff_text_item_of("port", st, m->x + at[i].x, m->y + at[i].y,
					at[i].anchor, ff_buf_str(&b));
	}
	is_placed = ff_ink_place(ink, &n->labels, tries, (size_t)count, 1, pass->rule);
	n->labels.failed |= b.failed;
	ff_buf_release(&b);
	return is_placed;
}

/* Words stay within their part of the axis: a grid of marks for each. */
static int words_inks(struct ff_netport *v, struct ff_ink inks[FF_NETPORT_PARTS],
		      struct ff_err *err)
{
	int rc = FF_OK;

	for (size_t i = 0; i < FF_NETPORT_PARTS && rc == FF_OK; i++) {
		const struct ff_box room = {v->parts[i].r0, v->n->frame.plot.y0,
					    v->parts[i].r1, v->box.y1};

		rc = ff_ink_init(&inks[i], room, err);
	}
	for (size_t i = 0; i < v->nmarks && rc == FF_OK; i++) {
		const struct ff_netport_mark *m = &v->marks[i];

		ff_ink_rect(&inks[ff_netport_part(v->n->data.ports[m->port].number)],
			    m->x - v->width / 2, m->y, m->x + v->width / 2, v->box.y1);
	}
	for (size_t i = 0; i < FF_NETPORT_PARTS && rc == FF_OK; i++)
		ff_ink_seal(&inks[i]);
	return rc;
}

int ff_netport_place_words(struct ff_netport *v, struct ff_err *err)
{
	struct ff_labels *labels = &v->n->labels;
	size_t told = v->nmarks < FF_NETPORT_WORDS ? v->nmarks : FF_NETPORT_WORDS;
	struct ff_ink inks[FF_NETPORT_PARTS] = {{.sum = NULL}};
	double r = .22 * v->n->theme.fs;
	int rc = words_inks(v, inks, err);

	for (size_t i = 0; i < told && rc == FF_OK; i++) {
		const struct ff_netport_mark *m = &v->marks[i];

		ff_labels_block(labels,
				(struct ff_box){m->x - r, m->y - r, m->x + r, m->y + r});
	}
	for (size_t i = 0; i < told && rc == FF_OK; i++) {
		const struct ff_netport_mark *m = &v->marks[i];
		size_t part = ff_netport_part(v->n->data.ports[m->port].number);
		bool is_placed = false;

		for (size_t k = 0; k < WORDS_PASSES && !is_placed; k++)
			is_placed = words_place(v, &inks[part], m, &words_passes[k]);
		labels->dropped += !is_placed;
	}
	for (size_t i = 0; i < FF_NETPORT_PARTS; i++)
		ff_ink_release(&inks[i]);
	return rc;
}
