/* SPDX-License-Identifier: MIT */
/* One figure into one file image: options that every figure has, canvas by file name. */
#include "figure/axis.h"
#include "figure/palette.h"
#include "figure/theme.h"

#include <stddef.h>
#include <string.h>

/* A column carries as many lines of words as a page in half the width, so it is taller.
 */
#define COLUMN_STRETCH 1.5

/* Theme names are words for ff_theme_init(), which says what is wrong with others. */
const struct ff_opt ff_figure_opt_table[] = {
	{.name = "size",
	 .kind = FF_OPT_STRING,
	 .arg = "SIZE",
	 .help = "paper size: column, page, slide, or WxH with mm, cm, in, px or pt",
	 .offset = offsetof(struct ff_figure_opts, size),
	 .def = "page"},
	{.name = "dpi",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "N",
	 .help = "pixels an inch of raster files (0 = 300, or 144 for slides and sizes "
		 "in px)",
	 .offset = offsetof(struct ff_figure_opts, dpi),
	 .def = "0",
	 .min = 0,
	 .max = 2400},
	{.name = "theme",
	 .kind = FF_OPT_STRING,
	 .arg = "THEME",
	 .help = "print (white), slide (white, large type) or dark",
	 .offset = offsetof(struct ff_figure_opts, theme),
	 .def = "print"},
	{
		.name = "palette",
		.kind = FF_OPT_STRING,
		.arg = "NAME",
		.help = "colours from few to many: batlow (default), cividis, viridis, "
			"magma, greys",
		.offset = offsetof(struct ff_figure_opts, palette),
	},
	{.name = "title",
	 .kind = FF_OPT_STRING,
	 .arg = "TEXT",
	 .help = "title instead of the one written from the findings; empty = none",
	 .offset = offsetof(struct ff_figure_opts, title)},
	{.name = "subtitle",
	 .kind = FF_OPT_STRING,
	 .arg = "TEXT",
	 .help = "subtitle instead of selection and span; empty = none",
	 .offset = offsetof(struct ff_figure_opts, subtitle)},
	{.name = "source",
	 .kind = FF_OPT_STRING,
	 .arg = "TEXT",
	 .help = "words about the data for the footer",
	 .offset = offsetof(struct ff_figure_opts, source)},
	{.name = "marking",
	 .kind = FF_OPT_STRING,
	 .arg = "TEXT",
	 .help = "words on both edges, such as TLP:AMBER",
	 .offset = offsetof(struct ff_figure_opts, marking)},
	{.name = "tz",
	 .kind = FF_OPT_STRING,
	 .arg = "ZONE",
	 .help = "zone of tick labels: UTC or an offset such as +02:00",
	 .offset = offsetof(struct ff_figure_opts, tz),
	 .def = "UTC"},
	{.name = NULL},
};

int ff_canvas_kind_of(const char *path)
{
	static const struct {
		const char *ext;
		enum ff_canvas_kind kind;
	} kinds[] = {{".png", FF_CANVAS_PNG},
		     {".svg", FF_CANVAS_SVG},
		     {".pdf", FF_CANVAS_PDF},
		     {".trace", FF_CANVAS_TRACE}};
	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t n = strlen(kinds[i].ext);

		if (len > n && strcmp(path + len - n, kinds[i].ext) == 0)
			return (int)kinds[i].kind;
	}
	return -1;
}

int ff_figure_check(const struct ff_figure_type *type, const struct ff_figure_opts *opts,
		    struct ff_err *err)
{
	struct ff_theme theme;
	struct ff_palette *palette = ff_alloc(1, sizeof(*palette));
	int64_t tz_ns;
	int rc = palette ? ff_theme_init(&theme, opts, type->aspect, err)
			 : ff_fail_nomem(err);

	if (rc == FF_OK)
		rc = ff_palette_load(palette, opts->palette, opts->palette_dir, err);
	if (rc == FF_OK)
		rc = ff_parse_tz(&tz_ns, opts->tz, err);
	ff_free(palette);
	return rc;
}

/* Width / height of the figure's page when only its width is given. */
static double render_aspect(const struct ff_figure_type *type, const struct ff_result *r,
			    const struct ff_figure_opts *opts, const void *params)
{
	bool is_column = opts->size && strcmp(opts->size, "column") == 0;

	if (type->fit)
		return type->fit(r, opts, params);
	return is_column ? type->aspect / COLUMN_STRETCH : type->aspect;
}

int ff_figure_render(struct ff_buf *out, enum ff_canvas_kind kind,
		     const struct ff_figure_type *type, const struct ff_result *r,
		     const struct ff_figure_opts *opts, const void *params,
		     const char *provenance, int64_t created_s,
		     struct ff_layout_report *report, struct ff_err *err)
{
	struct ff_buf title = FF_BUF_INIT, description = FF_BUF_INIT;
	struct ff_canvas_opts canvas = {
		.kind = kind, .provenance = provenance, .created_s = created_s};
	struct ff_canvas *cv = NULL;
	struct ff_theme theme;
	int rc = ff_theme_init(&theme, opts, render_aspect(type, r, opts, params), err);

	if (rc == FF_OK)
		rc = type->describe(&title, &description, r, opts, params, &theme, err);
	if (rc < 0)
		goto out;
	if (title.failed || description.failed) {
		rc = ff_fail_nomem(err);
		goto out;
	}
	canvas.width_pt = theme.width;
	canvas.height_pt = theme.height;
	canvas.dpi = theme.dpi;
	canvas.threads = opts->threads;
	canvas.background = theme.background;
	canvas.title = opts->title && opts->title[0] ? opts->title : ff_buf_str(&title);
	canvas.description = ff_buf_str(&description);
	rc = ff_canvas_new(&cv, &canvas, err);
	if (rc == FF_OK)
		rc = type->draw(cv, r, opts, params, &theme, report, err);
	if (rc == FF_OK)
		rc = ff_canvas_finish(cv, out, err);
out:
	ff_canvas_free(cv);
	ff_buf_release(&title);
	ff_buf_release(&description);
	return rc;
}
