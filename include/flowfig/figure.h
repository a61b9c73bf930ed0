/* SPDX-License-Identifier: MIT */
/* figure - from a result (table, findings, attributes) to a drawing. A figure is a pure
 * function of the result and its options: it never sees a flow. table -> scale -> layout
 * (numbers only) -> draw.
 *
 * To add one: a file with one const descriptor, one line in registry.c, one test. */
#ifndef FLOWFIG_FIGURE_H
#define FLOWFIG_FIGURE_H

#include <flowfig/base.h>
#include <flowfig/canvas.h>
#include <flowfig/table.h>

/* Options that every figure has. */
struct ff_figure_opts {
	const char *size;    /* column, page, slide, or WxH{mm,in,px,pt} */
	double dpi;	     /* 0 = 300, or 144 for slides */
	const char *theme;   /* print, slide, dark */
	const char *palette; /* sequential palette by name; NULL or "" = theme's */
	const char *title;   /* NULL = written from the findings; "" = none */
	const char *subtitle;
	const char *source;  /* words about the data for the footer, e.g. "AWS honeypots
				(Marx)" */
	const char *marking; /* e.g. "TLP:AMBER", on both edges */
	const char *tz;	     /* zone of tick labels: "UTC", "+02:00" */
	/* filled by the command line, not options: */
	const char *command;	 /* the command as typed, for the footer and provenance */
	const char *palette_dir; /* folder with .gpl files */
	unsigned threads;	 /* to encode a PNG on, 0 = 1 */
};
extern const struct ff_opt ff_figure_opt_table[]; /* for struct ff_figure_opts */

/* One box of text that the layout placed; tests read them to prove that nothing collides.
 */
struct ff_label_box {
	double x0, y0, x1, y1; /* points; of a turned or slanted text: its bounding box */
	char text[96];
	const char *role; /* static: "title", "tick", "region", "wall", ... */
};
struct ff_layout_report { /* zero-initialise */
	struct ff_label_box *boxes;
	size_t count, cap;
	size_t dropped; /* labels left out because they would not fit */
	double width_pt, height_pt;
	double min_text_pt; /* smallest type used */
};
void ff_layout_report_release(struct ff_layout_report *r);

struct ff_theme; /* private to the layer */
struct ff_figure_type {
	const char *name;	   /* [a-z][a-z0-9-]*, unique; also the command */
	const char *summary;	   /* one line, no full stop */
	const char *aggregate;	   /* name of the aggregate whose result it draws */
	const struct ff_opt *opts; /* own options: --view, --style, ... */
	size_t params_size;
	/* Width / height of the page when only its width is given (page; a column stands
	 * somewhat taller). */
	double aspect;
	/* The same fitted to the content: pure, needs no canvas. NULL = always `aspect`;
	 * the answer must be between 0.2 and 5. */
	double (*fit)(const struct ff_result *r, const struct ff_figure_opts *opts,
		      const void *params);
	/* Measures, places, draws. The theme is that of opts on the fitted page. `report`
	 * may be NULL. FF_EFORMAT when there is nothing to draw. */
	int (*draw)(struct ff_canvas *cv, const struct ff_result *r,
		    const struct ff_figure_opts *opts, const void *params,
		    const struct ff_theme *theme, struct ff_layout_report *report,
		    struct ff_err *err);
	/* The figure's own title, and alt text: kind, axes, n, span, the main finding in
	 * numbers; appended. */
	int (*describe)(struct ff_buf *title, struct ff_buf *description,
			const struct ff_result *r, const struct ff_figure_opts *opts,
			const void *params, const struct ff_theme *theme,
			struct ff_err *err);
};
extern const struct ff_figure_type ff_figure_bundle;
extern const struct ff_figure_type ff_figure_contact;
extern const struct ff_figure_type ff_figure_ephemeral;
extern const struct ff_figure_type ff_figure_netbytes;
const struct ff_figure_type *ff_figure_find(const char *name);
const struct ff_figure_type *
ff_figure_at(size_t i); /* sorted by name; NULL past the end */

/* Draws the figure into a file image: size and theme from opts, metadata from describe()
 * and from the title of opts.
 * `provenance` is JSON text, created_s as in canvas.h. */
int ff_figure_render(struct ff_buf *out, enum ff_canvas_kind kind,
		     const struct ff_figure_type *type, const struct ff_result *r,
		     const struct ff_figure_opts *opts, const void *params,
		     const char *provenance, int64_t created_s,
		     struct ff_layout_report *report, struct ff_err *err);
/* What a drawing would refuse of size, resolution, theme, palette and zone, told before
 * anything is read: a wrong word must not cost an hour. */
int ff_figure_check(const struct ff_figure_type *type, const struct ff_figure_opts *opts,
		    struct ff_err *err);
/* PNG, SVG, PDF or TRACE by the path's extension (.png .svg .pdf .trace); -1 if none. */
int ff_canvas_kind_of(const char *path);

#endif
