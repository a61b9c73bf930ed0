/* SPDX-License-Identifier: MIT */
/* frame - what all figures share around the plot: title, subtitle, hairline, footer,
 * marking on both edges. */
#ifndef FIGURE_FRAME_H
#define FIGURE_FRAME_H

#include "figure/label.h"

struct ff_frame {
	struct ff_box plot; /* room for the figure: inside margins, below subtitle, above
			       hairline */
	double hairline_y;
	bool has_hairline;
};
struct ff_frame_words {
	const char *title;    /* "" = none */
	const char *subtitle; /* "" = none */
	const char *command;  /* footer: command · counts · source on one line, or the
				 command above the others */
	const char *counts;
	const char *source;  /* NULL or "" = none */
	const char *marking; /* NULL or "" = none */
};
/* Places the words into `labels` (first of all, so they are never dropped). */
void ff_frame_layout(struct ff_frame *f, const struct ff_theme *t,
		     struct ff_labels *labels, const struct ff_frame_words *words);
/* A figure's own words; zero-initialise. */
struct ff_frame_texts {
	struct ff_buf title, subtitle, counts;
};
/* The same with the figure's own words, or those that the options give instead; takes
 * over `own`. */
int ff_frame_say(struct ff_frame *f, const struct ff_theme *t, struct ff_labels *labels,
		 const struct ff_figure_opts *opts, struct ff_frame_texts *own,
		 struct ff_err *err);
/* Ends a drawing: the hairline, and all labels on top of the marks. */
int ff_frame_end(const struct ff_frame *f, const struct ff_theme *t,
		 const struct ff_labels *labels, struct ff_layout_report *report,
		 struct ff_err *err);

#endif
