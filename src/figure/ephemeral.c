/* SPDX-License-Identifier: MIT */
/* The ephemeral figure: which system is behind this address? Its options, and what one
 * host and several share. */
#include "figure/ephemeral.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const char *const ephemeral_colours[] = {"protocol", "dest", "dport", NULL};

static const struct ff_opt ephemeral_opts[] = {
	{.name = "colour",
	 .kind = FF_OPT_CHOICE,
	 .arg = "BY",
	 .help = "what colours tell apart: protocol, or the five busiest destinations "
		 "(dest) or services (dport)",
	 .offset = offsetof(struct ff_ephemeral_params, colour),
	 .def = "protocol",
	 .choices = ephemeral_colours},
	{.name = NULL},
};

static void ephemeral_colors(struct ff_ephemeral *e)
{
	bool is_dark = e->theme.is_dark;

	e->bar = is_dark ? ff_rgb(.36, .47, .58) : ff_rgb(.561, .663, .761);
	e->dot = is_dark ? ff_rgb(.70, .81, .92) : ff_rgb(.133, .286, .486);
	e->band = is_dark ? ff_rgb(.21, .23, .26) : ff_rgb(.895, .91, .925);
}

/* Everything that needs no canvas. */
static int ephemeral_prepare(struct ff_ephemeral *e, const struct ff_result *r,
			     const struct ff_figure_opts *opts, const void *params,
			     const struct ff_theme *theme, struct ff_err *err)
{
	int rc;

	*e = (struct ff_ephemeral){.opts = opts, .params = params, .theme = *theme};
	rc = ff_parse_tz(&e->tz_ns, opts->tz, err);
	if (rc < 0)
		return rc;
	e->k = e->theme.fs / 8 * (e->theme.is_narrow ? .8 : 1) *
	       (e->theme.is_slide ? .8 : 1);
	ephemeral_colors(e);
	return ff_ephemeral_data_init(&e->data, r, err);
}

static int ephemeral_frame(struct ff_ephemeral *e, struct ff_err *err)
{
	struct ff_frame_texts own = {0};

	ff_ephemeral_title(&own.title, e);
	ff_ephemeral_subtitle(&own.subtitle, e);
	ff_ephemeral_counts(&own.counts, e);
	return ff_frame_say(&e->frame, &e->theme, &e->labels, e->opts, &own, err);
}

static int ephemeral_draw(struct ff_canvas *cv, const struct ff_result *r,
			  const struct ff_figure_opts *opts, const void *params,
			  const struct ff_theme *theme, struct ff_layout_report *report,
			  struct ff_err *err)
{
	struct ff_ephemeral *e = ff_alloc(1, sizeof(*e));
	int rc = e ? ephemeral_prepare(e, r, opts, params, theme, err)
		   : ff_fail_nomem(err);

	if (rc < 0) {
		ff_free(e);
		return rc;
	}
	e->cv = cv;
	ff_labels_init(&e->labels, cv, &e->theme);
	rc = ff_ephemeral_classes_init(&e->classes, e, err);
	if (rc == FF_OK)
		rc = ephemeral_frame(e, err);
	if (rc == FF_OK)
		rc = e->data.is_single ? ff_ephemeral_host_draw(e, err)
				       : ff_ephemeral_multiples_draw(e, err);
	if (rc == FF_OK)
		rc = ff_frame_end(&e->frame, &e->theme, &e->labels, report, err);
	ff_labels_release(&e->labels);
	ff_ephemeral_data_release(&e->data);
	ff_free(e);
	return rc;
}

static int ephemeral_describe(struct ff_buf *title, struct ff_buf *description,
			      const struct ff_result *r,
			      const struct ff_figure_opts *opts, const void *params,
			      const struct ff_theme *theme, struct ff_err *err)
{
	struct ff_ephemeral *e = ff_alloc(1, sizeof(*e));
	int rc = e ? ephemeral_prepare(e, r, opts, params, theme, err)
		   : ff_fail_nomem(err);

	if (rc == FF_OK) {
		ff_ephemeral_title(title, e);
		ff_ephemeral_alt(description, e);
		ff_ephemeral_data_release(&e->data);
	}
	ff_free(e);
	return rc;
}

/* Heights are multiples of 6 pt, whole pixels at 300 dpi, so that the pixels of a density
 * stand alike from the top of the page and, in PDF, from its bottom. */
#define PAGE_HEIGHT 420.0
#define COLUMN_HEIGHT 330.0

/* Several hosts take a row of panels for every three, in a column for every two. */
static double ephemeral_fit(const struct ff_result *r, const struct ff_figure_opts *opts,
			    const void *params)
{
	const struct ff_table *t = ff_result_table(r, "ephemeral");
	const struct ff_table *hosts = ff_result_table(r, "hosts");
	bool is_column = opts->size && strcmp(opts->size, "column") == 0;
	double width = is_column ? 3.5 * 72 : 7.06 * 72, rows;

	(void)params;
	if (!t || !hosts || !ff_table_column(t, "host"))
		return width / (is_column ? COLUMN_HEIGHT : PAGE_HEIGHT);
	rows = fmax(1, fmin(ceil((double)hosts->rows / (is_column ? 2 : 3)), 4));
	return width / (is_column ? 84 + 138 * rows : 96 + 162 * rows);
}

const struct ff_figure_type ff_figure_ephemeral = {
	.name = "ephemeral",
	.summary = "which system is behind an address, by its source ports in time",
	.aggregate = "ephemeral",
	.opts = ephemeral_opts,
	.params_size = sizeof(struct ff_ephemeral_params),
	.aspect = 7.06 * 72 / PAGE_HEIGHT,
	.fit = ephemeral_fit,
	.draw = ephemeral_draw,
	.describe = ephemeral_describe,
};
