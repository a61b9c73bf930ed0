/* SPDX-License-Identifier: MIT */
/* contact_line - the contact line itself: mean sources a bin for each n on log-log axes,
 * with the power law fitted to its middle, and beside it the share of sources with at
 * least n. A band splits time in two lines; thin lines show how much hours or days
 * differ.
 *
 * Past n = 10 values are densities per unit n in ten rows a decade. A row without sources
 * breaks the line: nothing is drawn for zero. */
#include "figure/contact_line.h"

#include <math.h>
#include <string.h>

#define LINE_FIT_REACH 11 /* the fit is drawn this many times past its range */
#define LINE_FIRST .93	  /* left end of a log axis of n */

/* ---- geometry ---- */

size_t ff_contact_line_path(const struct ff_contact_line *v, const double *row,
			    struct ff_point *p, size_t *i)
{
	const struct ff_contact_rows *rows = &v->means.rows;
	size_t n = 0;

	while (*i < rows->count && !(row[*i] > 0))
		(*i)++;
	for (; *i < rows->count && row[*i] > 0; (*i)++)
		p[n++] = (struct ff_point){ff_scale_at(&v->density.x, rows->row[*i].at),
					   ff_scale_at(&v->density.y, row[*i])};
	return n;
}

/* P(N >= x) falls just after each n that occurs: left of the first it is one. */
size_t ff_contact_line_steps(const struct ff_contact_line *v,
			     const struct ff_contact_mean *mean, struct ff_point *p)
{
	const struct ff_line_panel *panel = &v->share;
	double x = panel->box.x0;
	size_t n = 0;

	for (size_t i = 0; i < mean->nsteps; i++) {
		double y = ff_scale_at(&panel->y, 100 * mean->steps[i].at_least);

		p[n++] = (struct ff_point){x, y};
		x = ff_scale_at(&panel->x, (double)mean->steps[i].n);
		p[n++] = (struct ff_point){x, y};
	}
	p[n++] = (struct ff_point){x, panel->box.y1};
	return n;
}

size_t ff_contact_line_fit(const struct ff_contact_line *v, struct ff_point *p)
{
	const struct ff_finding *fit = v->c->data.fit;
	double low, high;

	if (!fit || fit->low < 1 || !(ff_contact_fit_at(&v->c->data, 1) > 0))
		return 0;
	low = fmax((double)fit->low / 1.4, 1);
	high = fmin((double)fit->high * LINE_FIT_REACH, (double)v->c->data.nmax);
	for (; high > low && ff_contact_fit_at(&v->c->data, high) < v->density.y.d0;
	     high /= 1.02)
		;
	if (high <= low || ff_contact_fit_at(&v->c->data, low) > v->density.y.d1)
		return 0;
	/* a curve when the axis of n is linear */
	for (size_t i = 0; i < FF_LINE_FIT; i++) {
		double n = low * pow(high / low, (double)i / (FF_LINE_FIT - 1));

		p[i] = (struct ff_point){
			ff_scale_at(&v->density.x, n),
			ff_scale_at(&v->density.y, ff_contact_fit_at(&v->c->data, n))};
	}
	return FF_LINE_FIT;
}

struct ff_point ff_contact_line_size(const struct ff_contact_line *v, int which, size_t i)
{
	return (struct ff_point){
		ff_scale_at(&v->density.x, (double)v->c->data.sizes[i]),
		ff_scale_at(&v->density.y, v->means.mean[which].size[i])};
}

bool ff_contact_line_band(const struct ff_contact_line *v, double *x0, double *x1)
{
	const struct ff_box *box = &v->density.box;

	if (!v->c->data.nbands || v->c->data.bands[0]->low < 1)
		return false;
	*x0 = fmax(ff_scale_at(&v->density.x, (double)v->c->data.bands[0]->low - .5),
		   box->x0);
	*x1 = fmin(ff_scale_at(&v->density.x, (double)v->c->data.bands[0]->high + .5),
		   box->x1);
	return *x1 > *x0;
}

/* ---- layout ---- */

/* Widest of the labels that the left axis may get. */
static double line_left_room(const struct ff_contact_line *v, const char *widest)
{
	struct ff_text_style st = ff_theme_text(&v->c->theme, FF_REGULAR);

	return ff_canvas_measure(v->c->cv, &st, widest).width + v->c->theme.tick +
	       .45 * v->c->theme.fs;
}

/* Half of the last tick's label hangs over the end of the axis. */
static double line_right_room(const struct ff_contact_line *v)
{
	struct ff_text_style st = ff_theme_text(&v->c->theme, FF_REGULAR);
	char text[32];

	ff_format_u64(text, sizeof(text), v->c->data.nmax);
	return fmin(ff_canvas_measure(v->c->cv, &st, text).width / 2, 4 * v->c->theme.fs);
}

/* Beside each other, above each other with one axis of n, or the first panel alone. */
static void line_layout_boxes(struct ff_contact_line *v)
{
	const struct ff_theme *t = &v->c->theme;
	const struct ff_box *plot = &v->c->frame.plot;
	double fs = t->fs, height = plot->y1 - plot->y0, width = plot->x1 - plot->x0;
	double left = line_left_room(v, "0.0001"),
	       share_left = line_left_room(v, "0.01" FF_NBSP "%");
	double top = plot->y0 + 1.75 * fs, bottom = plot->y1 - 3.15 * fs;
	double right = plot->x1 - line_right_room(v);
	struct ff_box *a = &v->density.box, *b = &v->share.box;

	v->density.title_x = v->share.title_x = plot->x0;
	v->density.title_y = v->share.title_y = plot->y0 + .9 * fs;
	v->density.has_x_labels = v->share.has_x_labels = true;
	v->has_share = true;
	*a = *b = (struct ff_box){plot->x0 + left, top, right, fmax(bottom, top + fs)};
	if (width >= 44 * fs) {
		double each = (right - plot->x0 - left - share_left - 2.8 * fs) / 2;

		a->x1 = a->x0 + 1.06 * each;
		b->x0 = right - .94 * each;
		v->share.title_x = b->x0 - share_left;
	} else if (height >= 17.5 * fs) {
		double room = bottom - top - 2.1 * fs;

		a->y1 = a->y0 + .56 * room;
		b->y0 = a->y1 + 2.1 * fs;
		v->share.title_y = b->y0 - .7 * fs;
		v->density.has_x_labels = false;
	} else {
		v->has_share = false;
	}
}

/* Range of densities: of the means whole, of thin lines as far as a factor of three more.
 */
static void line_density_range(const struct ff_contact_line *v, double *low, double *high)
{
	double thin_low = HUGE_VAL;

	*low = HUGE_VAL;
	*high = 0;
	for (int k = 0; k < v->lines; k++) {
		const struct ff_contact_mean *mean = &v->means.mean[k];

		for (size_t i = 0; i < v->means.rows.count + v->c->data.nsizes; i++) {
			double value = i < v->means.rows.count
					       ? mean->row[i]
					       : mean->size[i - v->means.rows.count];

			if (value > 0) {
				*low = fmin(*low, value);
				*high = fmax(*high, value);
			}
		}
	}
	for (size_t k = 0; k < v->means.nthin; k++) {
		for (size_t i = 0;
		     i < v->means.rows.count && !v->means.thin[k].is_partial; i++) {
			if (v->means.thin[k].row[i] > 0)
				thin_low = fmin(thin_low, v->means.thin[k].row[i]);
			*high = fmax(*high, v->means.thin[k].row[i]);
		}
	}
	if (!(*high > 0))
		*low = *high = 1;
	*low = fmin(fmax(thin_low * .8, *low / 3), *low * .7);
	*high *= 1.7;
	*low = fmin(*low, *high / 30);
}

static int line_layout_x(struct ff_contact_line *v, struct ff_line_panel *panel,
			 struct ff_err *err)
{
	const struct ff_contact_data *d = &v->c->data;
	struct ff_text_style st = ff_theme_text(&v->c->theme, FF_REGULAR);
	int status;

	/* n = 1 stands clear of the axis: what falls there is seen */
	panel->x = v->is_log ? ff_scale_log(LINE_FIRST, (double)d->nmax * 1.14,
					    panel->box.x0, panel->box.x1)
			     : ff_scale_linear(.5, (double)d->nmax + .5, panel->box.x0,
					       panel->box.x1);
	status = ff_ticks_hosts(&panel->x_ticks, &panel->x, d->sizes, d->nsizes, err);
	if (status == FF_OK)
		ff_ticks_thin(&panel->x_ticks, v->c->cv, &st, true, .4 * v->c->theme.fs);
	return status;
}

static int line_layout_scales(struct ff_contact_line *v, struct ff_err *err)
{
	const struct ff_theme *t = &v->c->theme;
	struct ff_text_style st = ff_theme_text(t, FF_REGULAR);
	double low, high, least = 1;
	int status;

	line_density_range(v, &low, &high);
	v->density.y = ff_scale_log(low, high, v->density.box.y1, v->density.box.y0);
	for (int k = 0; k < v->lines; k++)
		if (v->means.mean[k].nsteps)
			least = fmin(least, v->means.mean[k]
						    .steps[v->means.mean[k].nsteps - 1]
						    .at_least);
	v->share.y = ff_scale_log(fmin(100 * least / 1.6, 5), 100, v->share.box.y1,
				  v->share.box.y0);
	status = line_layout_x(v, &v->density, err);
	if (status == FF_OK && v->has_share)
		status = line_layout_x(v, &v->share, err);
	if (status == FF_OK)
		status = ff_ticks_log(&v->density.y_ticks, &v->density.y, false, err);
	if (status == FF_OK && v->has_share)
		status = ff_ticks_log(&v->share.y_ticks, &v->share.y, false, err);
	if (status != FF_OK)
		return status;
	ff_ticks_decade_texts(&v->density.y_ticks, "");
	ff_ticks_decade_texts(&v->share.y_ticks, FF_NBSP "%");
	ff_ticks_thin(&v->density.y_ticks, v->c->cv, &st, false, .25 * t->fs);
	ff_ticks_thin(&v->share.y_ticks, v->c->cv, &st, false, .25 * t->fs);
	return FF_OK;
}

/* ---- words on the axes ---- */

static void line_axis_words(struct ff_contact_line *v, struct ff_line_panel *panel,
			    const char *title)
{
	struct ff_contact *c = v->c;
	const struct ff_theme *t = &c->theme;
	struct ff_text_item item;
	struct ff_buf b = FF_BUF_INIT;

	item = ff_text_item_of("panel title", ff_theme_text(t, FF_SEMIBOLD),
			       panel->title_x, panel->title_y, FF_LEFT, title);
	ff_labels_add(&c->labels, &item, 1);
	ff_labels_ticks(&c->labels, &c->theme, &panel->y_ticks, false,
			panel->box.x0 - t->tick - .3 * t->fs);
	if (!panel->has_x_labels)
		return;
	ff_labels_ticks(&c->labels, &c->theme, &panel->x_ticks, true,
			panel->box.y1 + t->tick + 1.1 * t->fs);
	ff_contact_n_title(&b, &c->data);
	ff_buf_adds(&b, ", n");
	item = ff_text_item_of("axis title", ff_theme_text(t, FF_REGULAR),
			       (panel->box.x0 + panel->box.x1) / 2,
			       panel->box.y1 + t->tick + 2.4 * t->fs, FF_CENTER,
			       ff_buf_str(&b));
	ff_labels_add(&c->labels, &item, 1);
	c->labels.failed |= b.failed;
	ff_buf_release(&b);
}

static void line_words(struct ff_contact_line *v)
{
	struct ff_buf b = FF_BUF_INIT;

	ff_buf_adds(&b, "Sources ");
	ff_word_per(&b, v->c->data.bin_ns);
	ff_buf_adds(&b, ", per n");
	line_axis_words(v, &v->density, ff_buf_str(&b));
	if (v->has_share)
		line_axis_words(v, &v->share, "Share of sources with at least n");
	v->c->labels.failed |= b.failed;
	ff_buf_release(&b);
}

/* ---- ink for the labels ---- */

static int line_make_ink(struct ff_contact_line *v, struct ff_err *err)
{
	struct ff_point
		path[FF_CONTACT_ROWS > FF_LINE_FIT ? FF_CONTACT_ROWS : FF_LINE_FIT];
	double r = ff_contact_dot_radius(v->c);
	struct ff_box box = v->density.box;
	int status;

	box.x1 += 1.5 * v->c->theme.fs; /* names of the last prefix reach past the axis */
	status = ff_ink_init(&v->density.ink, box, err);
	if (status != FF_OK)
		return status;
	for (int k = 0; k < v->lines; k++) {
		const struct ff_contact_mean *mean = &v->means.mean[k];

		for (size_t i = 0; i < v->means.rows.count;)
			ff_ink_line(&v->density.ink, path,
				    ff_contact_line_path(v, mean->row, path, &i));
		for (size_t i = 0; i < v->c->data.nsizes; i++) {
			struct ff_point p = ff_contact_line_size(v, k, i);

			if (mean->size[i] > 0)
				ff_ink_rect(&v->density.ink, p.x - r, p.y - r, p.x + r,
					    p.y + r);
		}
	}
	ff_ink_line(&v->density.ink, path, ff_contact_line_fit(v, path));
	/* names stand clear of the axes */
	box = v->density.box;
	ff_ink_rect(&v->density.ink, box.x0, box.y0, box.x0 + .3 * v->c->theme.fs,
		    box.y1);
	ff_ink_rect(&v->density.ink, box.x0, box.y1 - .2 * v->c->theme.fs, box.x1,
		    box.y1);
	ff_ink_seal(&v->density.ink);
	if (!v->has_share)
		return FF_OK;
	status = ff_ink_init(&v->share.ink, v->share.box, err);
	for (int k = 0; k < v->lines && status == FF_OK; k++) {
		struct ff_point *steps =
			ff_alloc(2 * v->means.mean[k].nsteps + 2, sizeof(*steps));

		if (!steps)
			return ff_fail_nomem(err);
		ff_ink_line(&v->share.ink, steps,
			    ff_contact_line_steps(v, &v->means.mean[k], steps));
		ff_free(steps);
	}
	if (status == FF_OK)
		ff_ink_seal(&v->share.ink);
	return status;
}

/* ---- the view ---- */

static int line_run(struct ff_contact_line *v, struct ff_err *err)
{
	static const char reduction[] = "density per n past 10";
	int status = ff_contact_means_init(&v->means, &v->c->data, true, err);

	if (status != FF_OK)
		return status;
	v->lines = v->means.is_split ? 2 : 1;
	v->is_log = v->c->data.nmax > 16;
	status = ff_contact_frame(v->c, v->c->data.nmax > 10 ? reduction : "", err);
	if (status != FF_OK)
		return status;
	line_layout_boxes(v);
	status = line_layout_scales(v, err);
	if (status != FF_OK)
		return status;
	line_words(v);
	status = line_make_ink(v, err);
	if (status != FF_OK)
		return status;
	ff_contact_line_density_draw(v);
	if (v->has_share)
		status = ff_contact_line_share_draw(v, err);
	if (status == FF_OK)
		ff_contact_line_labels(v);
	return status;
}

int ff_contact_line_draw(struct ff_contact *c, struct ff_err *err)
{
	struct ff_contact_line v = {.c = c};
	int status = line_run(&v, err);

	ff_contact_means_release(&v.means);
	ff_ticks_release(&v.density.x_ticks);
	ff_ticks_release(&v.density.y_ticks);
	ff_ticks_release(&v.share.x_ticks);
	ff_ticks_release(&v.share.y_ticks);
	ff_ink_release(&v.density.ink);
	ff_ink_release(&v.share.ink);
	return status;
}
