/* SPDX-License-Identifier: MIT */
/* The log colour key. */
#include "figure/key.h"

#include "figure/marks.h"
#include "figure/words.h"

#include <math.h>
#include <stdio.h>

#define KEY_STEPS 96
#define KEY_MINOR 1.2 /* decades narrower than this, body sizes, have no minor ticks */
#define KEY_THIN 3.0  /* and narrower than this thin ones */

static void key_word(struct ff_buf *b, const struct ff_key *k, double v)
{
	if (k->is_cut && v == k->least)
		ff_buf_adds(b, "\xe2\x89\xa4"); /* at most */
	(k->word ? k->word : ff_word_short)(b, v);
}

/* Swatches as wide as their words; the ramp begins where its first word stands clear of
 * them. */
static void key_parts(struct ff_key *k, struct ff_labels *labels,
		      const struct ff_theme *t)
{
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	bool has_swatches = k->has_none || k->has_gaps;

	k->swatch0 = k->box.y0;
	k->swatch1 = k->box.y1;
	k->ramp0 = k->box.x0;
	if (k->is_stacked) {
		k->swatch0 = k->box.y1 + 1.5 * t->fs;
		k->swatch1 = k->swatch0 + .8 * t->fs;
		k->none1 = k->gap0 = k->gap1 = k->box.x0;
		if (k->has_none) {
			k->none1 += 1.4 * t->fs;
			k->gap0 = k->none1 + 1.3 * t->fs +
				  ff_canvas_measure(labels->cv, &st, "none").width;
		}
		k->gap1 = k->gap0 + (k->has_gaps ? 1.4 * t->fs : 0);
		return;
	}
	k->none1 = k->box.x0;
	if (k->has_none)
		k->none1 += ff_canvas_measure(labels->cv, &st, "none").width;
	k->gap0 = k->gap1 = k->none1;
	if (k->has_gaps) {
		k->gap0 += k->has_none ? .45 * t->fs : 0;
		k->gap1 = k->gap0 + ff_canvas_measure(labels->cv, &st, "no data").width;
	}
	k->ramp0 = k->gap1;
	if (has_swatches) {
		struct ff_buf b = FF_BUF_INIT;

		key_word(&b, k, k->least);
		k->ramp0 += .4 * t->fs +
			    ff_canvas_measure(labels->cv, &st, ff_buf_str(&b)).width / 2;
		labels->failed |= b.failed;
		ff_buf_release(&b);
	}
}

static void key_texts(struct ff_key *k, struct ff_labels *labels)
{
	for (size_t i = 0; i < k->ticks.count; i++) {
		struct ff_tick *tick = &k->ticks.at[i];

		if (tick->text[0]) {
			struct ff_buf b = FF_BUF_INIT;

			key_word(&b, k, tick->value);
			snprintf(tick->text, sizeof(tick->text), "%s", ff_buf_str(&b));
			labels->failed |= b.failed;
			ff_buf_release(&b);
		}
		/* both ends tell the range */
		if (tick->value == k->least)
			tick->rank = 9;
		else if (tick->value > k->most / 10 && tick->is_major)
			tick->rank = 8;
	}
}

static void key_swatch_words(const struct ff_key *k, struct ff_labels *labels,
			     const struct ff_theme *t, double y)
{
	const struct {
		bool is_there;
		double x0, x1;
		const char *word;
	} swatches[] = {{k->has_none, k->box.x0, k->none1, "none"},
			{k->has_gaps, k->gap0, k->gap1, "no data"}};
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);

	for (int i = 0; i < 2; i++) {
		if (!swatches[i].is_there)
			continue;
		if (k->is_stacked)
			ff_labels_put(labels, "key", st, swatches[i].x1 + .4 * t->fs,
				      k->swatch1 - .04 * t->fs, FF_LEFT,
				      swatches[i].word);
		else
			ff_labels_put(labels, "key", st,
				      (swatches[i].x0 + swatches[i].x1) / 2, y, FF_CENTER,
				      swatches[i].word);
	}
}

int ff_key_layout(struct ff_key *k, struct ff_labels *labels, const struct ff_theme *t,
		  struct ff_err *err)
{
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	double y = k->is_above ? k->box.y0 - .4 * t->fs : k->box.y1 + 1.05 * t->fs;
	bool is_flat = !(k->most > k->least);
	int rc;

	key_parts(k, labels, t);
	key_swatch_words(k, labels, t, y);
	k->scale = ff_scale_log(k->least, is_flat ? k->least * 1.0001 : k->most, k->ramp0,
				k->box.x1);
	if (is_flat) { /* one value, one swatch */
		struct ff_buf b = FF_BUF_INIT;

		key_word(&b, k, k->least);
		ff_labels_put(labels, "key", st, k->ramp0 + 1.1 * t->fs, y, FF_CENTER,
			      ff_buf_str(&b));
		rc = b.failed ? ff_fail_nomem(err) : FF_OK;
		ff_buf_release(&b);
		return rc;
	}
	rc = ff_ticks_log(&k->ticks, &k->scale, k->most / k->least < 30, err);
	if (rc < 0)
		return rc;
	key_texts(k, labels);
	ff_labels_ticks(labels, t, &k->ticks, true, y);
	return FF_OK;
}

void ff_key_draw(const struct ff_key *k, const struct ff_theme *t, struct ff_canvas *cv)
{
	double y0 = k->box.y0, h = k->box.y1 - k->box.y0;
	double decade = (k->box.x1 - k->ramp0) / fmax(log10(k->most / k->least), .01);
	double edge = k->is_above ? y0 : k->box.y1, out = k->is_above ? -1 : 1;

	ff_canvas_note(cv, "key");
	if (k->has_none && k->none_fill.a > 0)
		ff_canvas_rect(cv, k->box.x0, k->swatch0, k->none1 - k->box.x0,
			       k->swatch1 - k->swatch0, k->none_fill);
	if (k->has_none)
		ff_outline(cv, t,
			   (struct ff_box){k->box.x0, k->swatch0, k->none1, k->swatch1});
	if (k->has_gaps) {
		struct ff_box gap = {k->gap0, k->swatch0, k->gap1, k->swatch1};

		ff_canvas_rect(cv, gap.x0, gap.y0, gap.x1 - gap.x0, gap.y1 - gap.y0,
			       t->floor);
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
		double width =
			tick->is_major || decade >= KEY_THIN * t->fs ? t->axis : t->hair;

		if (tick->is_major || decade >= KEY_MINOR * t->fs)
			ff_canvas_line(cv, tick->pos, edge, tick->pos,
				       edge + out * length, t->ink, width, NULL);
	}
}

void ff_key_release(struct ff_key *k)
{
	ff_ticks_release(&k->ticks);
}
