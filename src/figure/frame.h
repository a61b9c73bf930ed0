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
void ff_frame_draw(const struct ff_frame *f, const struct ff_theme *t,
		   struct ff_canvas *cv);

#endif
