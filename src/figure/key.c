/* SPDX-License-Identifier: MIT */
/* The log colour key. */
#include "figure/key.h"

#include "figure/marks.h"
#include "figure/words.h"

#define KEY_STEPS 96

/* Swatches as wide as their words; the ramp begins where its first word stands clear of
 * them. */
static void key_parts(struct ff_key *k, struct ff_canvas *cv, const struct ff_theme *t)
{
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	bool has_swatches = k->has_none || k->has_gaps;

	k->none1 = k->box.x0;
	if (k->has_none)
		k->none1 += ff_canvas_measure(cv, &st, "none").width;
	k->gap0 = k->gap1 = k->none1;
	if (k->has_gaps) {
		k->gap0 += k->has_none ? .45 * t->fs : 0;
		k->gap1 = k->gap0 + ff_canvas_measure(cv, &st, "no data").width;
	}
	k->ramp0 = k->gap1;
	if (has_swatches)
		k->ramp0 += .4 * t->fs + ff_canvas_measure(cv, &st, "1").width / 2;
}

static void key_texts(struct ff_key *k)
{
	for (size_t i = 0; i < k->ticks.count; i++) {
		struct ff_tick *tick = &k->ticks.at[i];

		if (tick->text[0])
			ff_tick_say(tick, k->word ? k->word : ff_word_short);
		/* both ends tell the range */
		if (tick->value == k->least)
			tick->rank = 9;
		else if (tick->value > k->most / 10 && tick->is_major)
			tick->rank = 8;
	}
}

int ff_key_layout(struct ff_key *k, struct ff_labels *labels, const struct ff_theme *t,
		  struct ff_err *err)
{
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	double y = k->is_above ? k->box.y0 - .4 * t->fs : k->box.y1 + 1.05 * t->fs;
	bool is_flat = !(k->most > k->least);
	int rc;

	key_parts(k, labels->cv, t);
	if (k->has_none)
		ff_labels_put(labels, "key", st, (k->box.x0 + k->none1) / 2, y, FF_CENTER,
			      "none");
	if (k->has_gaps)
		ff_labels_put(labels, "key", st, (k->gap0 + k->gap1) / 2, y, FF_CENTER,
			      "no data");
	k->scale = ff_scale_log(k->least, is_flat ? k->least * 1.0001 : k->most, k->ramp0,
				k->box.x1);
	if (is_flat) { /* one value, one swatch */
		struct ff_buf b = FF_BUF_INIT;

		(k->word ? k->word : ff_word_short)(&b, k->least);
		ff_labels_put(labels, "key", st, k->ramp0 + 1.1 * t->fs, y, FF_CENTER,
			      ff_buf_str(&b));
		rc = b.failed ? ff_fail_nomem(err) : FF_OK;
		ff_buf_release(&b);
		return rc;
	}
	rc = ff_ticks_log(&k->ticks, &k->scale, k->most / k->least < 30, err);
	if (rc < 0)
		return rc;
	key_texts(k);
	ff_labels_ticks(labels, t, &k->ticks, true, y);
	return FF_OK;
}

void ff_key_draw(const struct ff_key *k, const struct ff_theme *t, struct ff_canvas *cv)
{
	double y0 = k->box.y0, h = k->box.y1 - k->box.y0;
	double edge = k->is_above ? y0 : k->box.y1, out = k->is_above ? -1 : 1;

	ff_canvas_note(cv, "key");
	if (k->has_none)
		ff_outline(cv, t, (struct ff_box){k->box.x0, y0, k->none1, k->box.y1});
	if (k->has_gaps) {
		struct ff_box gap = {k->gap0, y0, k->gap1, k->box.y1};

		ff_canvas_rect(cv, gap.x0, gap.y0, gap.x1 - gap.x0, h, t->floor);
		ff_hatch(cv, t, gap);
		ff_outline(cv, t, gap);
	}
	if (!(k->most > k->least)) {
		ff_canvas_rect(cv, k->ramp0, y0, 2.2 * t->fs, h, k->ramp->c[0]);
		return;
	}
	/* each piece reaches to the end, so that no seam shows between them */
	for (int i = 0; i < KEY_STEPS; i++) {
		double x = k->ramp0 + (k->box.x1 - k->ramp0) * i / KEY_STEPS;

		ff_canvas_rect(cv, x, y0, k->box.x1 - x, h,
			       ff_ramp_at(k->ramp, (i + .5) / KEY_STEPS));
	}
	for (size_t i = 0; i < k->ticks.count; i++) {
		const struct ff_tick *tick = &k->ticks.at[i];
		double length = tick->is_major ? .6 * t->tick : t->tick_minor * .7;

		ff_canvas_line(cv, tick->pos, edge, tick->pos, edge + out * length,
			       t->ink, t->axis, NULL);
	}
}

void ff_key_release(struct ff_key *k)
{
	ff_ticks_release(&k->ticks);
}
