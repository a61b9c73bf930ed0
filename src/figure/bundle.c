/* SPDX-License-Identifier: MIT */
/* The bundle figure: who talks to whom, in one circle or as a matrix. Its options, and
 * what the two views share. */
#include "figure/axis.h"
#include "figure/bundle.h"
#include "figure/words.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const char *const bundle_views[] = {"circle", "matrix", NULL};
static const char *const bundle_arcs[] = {"fit", "equal", NULL};

static const struct ff_opt bundle_opts[] = {
	{.name = "view",
	 .kind = FF_OPT_CHOICE,
	 .arg = "VIEW",
	 .help = "what to draw: links in a circle, or the matrix of all pairs, which "
		 "tells pairs apart where links are many",
	 .offset = offsetof(struct ff_bundle_params, view),
	 .def = "circle",
	 .choices = bundle_views},
	{.name = "arc",
	 .kind = FF_OPT_CHOICE,
	 .arg = "HOW",
	 .help = "room of parts: fit squeezes the empty ones where few are in use, equal "
		 "keeps places comparable between figures",
	 .offset = offsetof(struct ff_bundle_params, arc),
	 .def = "fit",
	 .choices = bundle_arcs},
	{.name = "beta",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "B",
	 .help = "how tightly links are bundled, from 0 (straight lines) to 1",
	 .offset = offsetof(struct ff_bundle_params, beta),
	 .def = "0.85",
	 .min = 0,
	 .max = 1},
	{.name = NULL},
};

static int bundle_frame(struct ff_bundle *g, struct ff_err *err)
{
	struct ff_frame_texts own = {0};

	ff_bundle_title(&own.title, &g->data);
	ff_bundle_subtitle(&own.subtitle, &g->data, g->tz_ns);
	ff_word_count(&own.counts, g->data.flows);
	ff_buf_addf(&own.counts, " flow%s, ", ff_s(g->data.flows));
	ff_word_count(&own.counts, g->data.nlinks);
	ff_buf_addf(&own.counts, " link%s", ff_s(g->data.nlinks));
	return ff_frame_say(&g->frame, &g->theme, &g->labels, g->opts, &own, err);
}

/* Height of the frame's own words, guessed without a canvas: letters are about half as
 * wide as high. */
static double bundle_frame_height(const struct ff_theme *t,
				  const struct ff_figure_opts *o,
				  const struct ff_bundle_data *d)
{
	double width = t->width - 2 * t->margin, lines;
	struct ff_buf title = FF_BUF_INIT, subtitle = FF_BUF_INIT;
	double sub = t->is_narrow ? t->small : t->fs, height;

	if (o->title)
		ff_buf_adds(&title, o->title);
	else
		ff_bundle_title(&title, d);
	if (o->subtitle)
		ff_buf_adds(&subtitle, o->subtitle);
	else
		ff_bundle_subtitle(&subtitle, d, 0);
	lines = title.len == 0
			? 0
			: fmin(2, ceil((double)title.len * .53 * t->title / width));
	height = 1.27 * t->title * lines;
	lines = subtitle.len == 0 ? 0
				  : fmin(t->is_narrow ? 3 : 2,
					 ceil((double)subtitle.len * .49 * sub / width));
	height += 1.27 * sub * lines;
	/* footer, hairline, margins */
	height += 1.27 * t->foot * (t->is_narrow ? 2 : 1) + 1.6 * t->margin + 1.5 * t->fs;
	if (o->marking && o->marking[0])
		height += 3 * t->foot;
	ff_buf_release(&title);
	ff_buf_release(&subtitle);
	return height;
}

static double bundle_fit(const struct ff_result *r, const struct ff_figure_opts *opts,
			 const void *params)
{
	const struct ff_bundle_params *p = params;
	double aspect = ff_figure_bundle.aspect, height;
	struct ff_bundle_data d;
	struct ff_theme t;

	if (ff_theme_init(&t, opts, aspect, NULL) < 0 ||
	    ff_bundle_data_init(&d, r, NULL) < 0)
		return aspect;
	height = p->view == FF_BUNDLE_MATRIX ? ff_bundle_matrix_height(&t, &d, p)
					     : ff_bundle_circle_height(&t, &d, p);
	height += bundle_frame_height(&t, opts, &d);
	ff_bundle_data_release(&d);
	return fmax(.25, fmin(4, t.width / height));
}

/* Everything that needs no canvas. */
static int bundle_prepare(struct ff_bundle *g, const struct ff_result *r,
			  const struct ff_figure_opts *opts, const void *params,
			  const struct ff_theme *theme, struct ff_err *err)
{
	int rc;

	*g = (struct ff_bundle){.opts = opts, .params = params, .theme = *theme};
	rc = ff_parse_tz(&g->tz_ns, opts->tz, err);
	g->k = ff_bundle_scale(&g->theme);
	if (rc == FF_OK)
		rc = ff_bundle_data_init(&g->data, r, err);
	return rc;
}

static int bundle_draw(struct ff_canvas *cv, const struct ff_result *r,
		       const struct ff_figure_opts *opts, const void *params,
		       const struct ff_theme *theme, struct ff_layout_report *report,
		       struct ff_err *err)
{
	struct ff_bundle g;
	int rc = bundle_prepare(&g, r, opts, params, theme, err);

	if (rc < 0)
		return rc;
	g.cv = cv;
	ff_labels_init(&g.labels, cv, &g.theme);
	rc = bundle_frame(&g, err);
	if (rc == FF_OK)
		rc = g.params->view == FF_BUNDLE_MATRIX ? ff_bundle_matrix_draw(&g, err)
							: ff_bundle_circle_draw(&g, err);
	if (rc == FF_OK)
		rc = ff_frame_end(&g.frame, &g.theme, &g.labels, report, err);
	ff_labels_release(&g.labels);
	ff_bundle_data_release(&g.data);
	return rc;
}

static int bundle_describe(struct ff_buf *title, struct ff_buf *description,
			   const struct ff_result *r, const struct ff_figure_opts *opts,
			   const void *params, const struct ff_theme *theme,
			   struct ff_err *err)
{
	struct ff_bundle g;
	int rc = bundle_prepare(&g, r, opts, params, theme, err);

	if (rc < 0)
		return rc;
	ff_bundle_title(title, &g.data);
	ff_bundle_alt(description, &g.data, g.params->view, g.tz_ns);
	ff_bundle_data_release(&g.data);
	return FF_OK;
}

const struct ff_figure_type ff_figure_bundle = {
	.name = "bundle",
	.summary = "who talks to whom: links between two fields in a circle, or a matrix",
	.aggregate = "bundle",
	.opts = bundle_opts,
	.params_size = sizeof(struct ff_bundle_params),
	.aspect = 7.06 / 7.7,
	.fit = bundle_fit,
	.draw = bundle_draw,
	.describe = bundle_describe,
};
