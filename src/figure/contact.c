/* SPDX-License-Identifier: MIT */
/* The contact figure: how many hosts does each stranger touch? Its options, and what the
 * three views share. */
#include "figure/contact.h"

#include <stddef.h>

static const char *const contact_views[] = {"surface", "map", "line", NULL};
static const char *const contact_styles[] = {"blocks", "ridges", NULL};

static const struct ff_opt contact_opts[] = {
	{.name = "view",
	 .kind = FF_OPT_CHOICE,
	 .arg = "VIEW",
	 .help = "what to draw: the surface, the map of every bin and n, or the contact "
		 "line",
	 .offset = offsetof(struct ff_contact_params, view),
	 .def = "surface",
	 .choices = contact_views},
	{.name = "style",
	 .kind = FF_OPT_CHOICE,
	 .arg = "STYLE",
	 .help = "marks of the surface: stepped blocks or filled ridgelines",
	 .offset = offsetof(struct ff_contact_params, style),
	 .def = "blocks",
	 .choices = contact_styles},
	{.name = "density",
	 .kind = FF_OPT_FLAG,
	 .help = "divide each row of the surface by the number of n that it joins",
	 .offset = offsetof(struct ff_contact_params, is_density)},
	{.name = "azimuth",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "DEGREES",
	 .help = "how far the depth of the surface leans to the right (0 = as fits)",
	 .offset = offsetof(struct ff_contact_params, azimuth),
	 .def = "0",
	 .min = 0,
	 .max = 60},
	{.name = "elevation",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "DEGREES",
	 .help = "how steeply the surface is seen from above (0 = as fits)",
	 .offset = offsetof(struct ff_contact_params, elevation),
	 .def = "0",
	 .min = 0,
	 .max = 80},
	{.name = NULL},
};

int ff_contact_frame(struct ff_contact *c, const char *reduction, struct ff_err *err)
{
	struct ff_frame_texts own = {0};

	ff_contact_title(&own.title, &c->data, c->tz_ns);
	ff_contact_subtitle(&own.subtitle, c, reduction);
	ff_contact_counts(&own.counts, &c->data);
	return ff_frame_say(&c->frame, &c->theme, &c->labels, c->opts, &own, err);
}

/* Everything that needs no canvas. */
static int contact_prepare(struct ff_contact *c, const struct ff_result *r,
			   const struct ff_figure_opts *opts, const void *params,
			   const struct ff_theme *theme, struct ff_err *err)
{
	int rc;

	*c = (struct ff_contact){.opts = opts, .params = params, .theme = *theme};
	rc = ff_parse_tz(&c->tz_ns, opts->tz, err);
	if (rc == FF_OK)
		rc = ff_contact_data_init(&c->data, r, err);
	return rc;
}

static int contact_draw(struct ff_canvas *cv, const struct ff_result *r,
			const struct ff_figure_opts *opts, const void *params,
			const struct ff_theme *theme, struct ff_layout_report *report,
			struct ff_err *err)
{
	static int (*const views[])(struct ff_contact *, struct ff_err *) = {
		ff_contact_surface_draw,
		ff_contact_map_draw,
		ff_contact_line_draw,
	};
	struct ff_contact c;
	int rc = contact_prepare(&c, r, opts, params, theme, err);

	if (rc < 0)
		return rc;
	c.cv = cv;
	ff_labels_init(&c.labels, cv, &c.theme);
	rc = views[c.params->view](&c, err);
	if (rc == FF_OK)
		rc = ff_frame_end(&c.frame, &c.theme, &c.labels, report, err);
	ff_labels_release(&c.labels);
	ff_contact_data_release(&c.data);
	return rc;
}

static int contact_describe(struct ff_buf *title, struct ff_buf *description,
			    const struct ff_result *r, const struct ff_figure_opts *opts,
			    const void *params, const struct ff_theme *theme,
			    struct ff_err *err)
{
	struct ff_contact c;
	int rc = contact_prepare(&c, r, opts, params, theme, err);

	if (rc < 0)
		return rc;
	ff_contact_title(title, &c.data, c.tz_ns);
	ff_contact_alt(description, &c);
	ff_contact_data_release(&c.data);
	return FF_OK;
}

const struct ff_figure_type ff_figure_contact = {
	.name = "contact",
	.summary = "how many hosts each outside source touches, over time",
	.aggregate = "contact",
	.opts = contact_opts,
	.params_size = sizeof(struct ff_contact_params),
	.aspect = 7.06 / 4.4,
	.draw = contact_draw,
	.describe = contact_describe,
};
