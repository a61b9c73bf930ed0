/* SPDX-License-Identifier: MIT */
/* The row over the panels of one host: heads, the key of marks or of counts, the swatch
 * of silent spans, the number of wraps. */
#include "figure/ephemeral_host.h"

#include <math.h>
#include <stdio.h>

/* One entry ending at *x, its mark before it; *x moves to the left. False when it would
 * pass `left`. */
static bool heads_key_entry(struct ff_ephemeral_page *h, double *x, double y, double left,
			    const char *text, struct ff_color color, double mark,
			    double *mark_x)
{
	struct ff_ephemeral *e = h->e;
	const struct ff_theme *t = &e->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	double width = ff_canvas_measure(e->cv, &st, text).width;

	/* words in the mark's colour where they can be read */
	st.color = ff_contrast(color, t->background) > 4.4 ? color : t->grey;
	if (*x - width - mark - .45 * t->fs < left) {
		e->labels.dropped++;
		return false;
	}
	if (!ff_labels_put(&e->labels, "key", st, *x, y, FF_RIGHT, text))
		return false;
	*mark_x = *x - width - .45 * t->fs - mark / 2;
	*x -= width + mark + 1.3 * t->fs;
	return true;
}

static void heads_class_words(struct ff_buf *b, const struct ff_ephemeral_class *c)
{
	ff_buf_addf(b, "%s ", c->name);
	ff_word_count(b, c->flows);
}

/* Classes by name, mark and count: rightmost the last. Two rows where one is too short.
 */
static void heads_key_classes(struct ff_ephemeral_page *h, double *x, double left)
{
	struct ff_ephemeral *e = h->e;
	const struct ff_ephemeral_classes *c = &e->classes;
	double y = h->head_y, right = *x;
	bool is_second = false;

	for (size_t i = c->count; i-- > 0;) {
		struct ff_buf b = FF_BUF_INIT;
		struct ff_text_style st = ff_theme_text(&e->theme, FF_REGULAR);
		double need;

		heads_class_words(&b, &c->at[i]);
		need = ff_canvas_measure(e->cv, &st, ff_buf_str(&b)).width +
		       1.1 * e->theme.fs;
		if (*x - need < left && !is_second) {
			is_second = true;
			*x = right;
			y -= 1.35 * e->theme.fs;
		}
		if (heads_key_entry(h, x, y, left, ff_buf_str(&b), c->at[i].color,
				    .5 * e->theme.fs, &h->marks[i].x))
			h->marks[i].y = y - .34 * e->theme.fs;
		e->labels.failed |= b.failed;
		ff_buf_release(&b);
	}
	if (is_second)
		*x = left;
}

/* What the names of the classes take on one line, when there is more than one class. */
static double heads_classes_room(const struct ff_ephemeral_page *h)
{
	const struct ff_ephemeral *e = h->e;
	struct ff_text_style st = ff_theme_text(&e->theme, FF_REGULAR);
	double room = e->data.nwraps ? 7 * e->theme.fs : 0;

	for (size_t i = 0; i < e->classes.count && e->classes.count > 1; i++) {
		struct ff_buf b = FF_BUF_INIT;

		heads_class_words(&b, &e->classes.at[i]);
		room += ff_canvas_measure(e->cv, &st, ff_buf_str(&b)).width +
			1.8 * e->theme.fs;
		ff_buf_release(&b);
	}
	return room;
}

/* The key of a density: "Marks on a pixel", the ramp of each class one over another. */
static int heads_key_density(struct ff_ephemeral_page *h, double *x, double left,
			     struct ff_err *err)
{
	struct ff_ephemeral *e = h->e;
	const struct ff_theme *t = &e->theme;
	struct ff_text_style st = ff_theme_grey(t, FF_REGULAR);
	double width = fmin(11.5 * t->fs, .4 * (*x - left)), at;
	bool is_above = e->classes.count == 2;
	char words[4][64];
	int rc;

	h->key.ramp = &e->classes.at[0].ramp;
	h->key.least = 1;
	h->key.most = (double)h->plot.most;
	h->key.is_above = true;
	h->key.box = (struct ff_box){*x - width, h->head_y - .75 * t->fs, *x,
				     h->head_y + .1 * t->fs};
	h->has_key = true;
	rc = ff_key_layout(&h->key, &e->labels, t, err);
	if (rc < 0)
		return rc;
	at = h->key.box.x0 - .6 * t->fs;
	snprintf(words[0], sizeof(words[0]), "Flows whose %u-pixel mark covers a pixel",
		 h->plot.mark);
	snprintf(words[1], sizeof(words[1]), "Flows that cover a pixel");
	snprintf(words[2], sizeof(words[2]), "Flows on a pixel");
	snprintf(words[3], sizeof(words[3]), "Flows");
	*x = h->key.box.x0 - 1.1 * t->fs;
	/* beside the ticks, a row above the names of two classes; else beside the ramp */
	for (int i = 0; i < 4; i++) {
		double w = ff_canvas_measure(e->cv, &st, words[i]).width;
		double y = is_above ? h->key.box.y0 - .4 * t->fs : h->head_y;
		double need = is_above ? t->margin : left + heads_classes_room(h);

		if (i < 3 && at - w - (is_above ? 0 : 1.3 * t->fs) < need)
			continue;
		if (ff_labels_put(&e->labels, "key title", st, at, y, FF_RIGHT,
				  words[i]) &&
		    !is_above)
			*x = at - w - 1.3 * t->fs;
		break;
	}
	return FF_OK;
}

int ff_ephemeral_heads_layout(struct ff_ephemeral_page *h, struct ff_err *err)
{
	struct ff_ephemeral *e = h->e;
	const struct ff_theme *t = &e->theme;
	struct ff_text_style st = ff_theme_text(t, FF_SEMIBOLD);
	double x = h->plot.box.x1, left = t->margin;
	int rc = FF_OK;

	if (ff_labels_put(&e->labels, "panel title", st, t->margin, h->head_y, FF_LEFT,
			  "Source port"))
		left += ff_canvas_measure(e->cv, &st, "Source port").width + 1.2 * t->fs;
	if (h->plot.is_dense)
		rc = heads_key_density(h, &x, left, err);
	if (rc == FF_OK && (!h->plot.is_dense || e->classes.count > 1))
		heads_key_classes(h, &x, left);
	if (rc == FF_OK && h->ngaps)
		h->has_swatch = heads_key_entry(h, &x, h->head_y, left, "no flows",
						t->grey, 1.3 * t->fs, &h->swatch_x);
	if (rc == FF_OK && e->data.nwraps) {
		struct ff_buf b = FF_BUF_INIT;

		ff_word_count(&b, e->data.nwraps);
		ff_buf_addf(&b, " wrap%s", ff_s(e->data.nwraps));
		heads_key_entry(h, &x, h->head_y, left, ff_buf_str(&b), t->grey,
				.7 * t->fs, &h->wrap_x);
		e->labels.failed |= b.failed;
		ff_buf_release(&b);
	}
	return rc;
}

/* ---- marks ---- */

void ff_ephemeral_caret(const struct ff_ephemeral *e, double x, double y)
{
	double r = 1.7 * e->k;
	const struct ff_point p[] = {{x - r, y - 2 * r}, {x + r, y - 2 * r}, {x, y}};

	ff_canvas_polygon(e->cv, p, 3, ff_category(&e->theme, FF_VERMILLION), FF_NO_COLOR,
			  0);
}

void ff_ephemeral_heads_draw(const struct ff_ephemeral_page *h)
{
	struct ff_ephemeral *e = h->e;
	const struct ff_theme *t = &e->theme;
	double r = 1.3 * e->k;

	if (h->has_key)
		ff_ephemeral_key_draw(e, &h->key);
	ff_canvas_note(e->cv, "key of marks");
	for (size_t i = 0; i < e->classes.count; i++)
		if (h->marks[i].x > 0)
			ff_ephemeral_mark(e, h->marks[i].x, h->marks[i].y, r,
					  e->classes.at[i].color,
					  e->classes.at[i].is_cross && !h->plot.is_dense);
	if (h->has_swatch) {
		struct ff_box b = {h->swatch_x - .65 * t->fs, h->head_y - .72 * t->fs,
				   h->swatch_x + .65 * t->fs, h->head_y + .04 * t->fs};

		ff_hatch(e->cv, t, b);
		ff_outline(e->cv, t, b);
	}
	if (h->wrap_x > 0)
		ff_ephemeral_caret(e, h->wrap_x, h->head_y - .05 * t->fs);
}
