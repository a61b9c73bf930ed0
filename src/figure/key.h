/* SPDX-License-Identifier: MIT */
/* key - the log colour key: a horizontal ramp from `least` to `most` with decade ticks
 * and, before it, swatches for "none" and "no data". */
#ifndef FIGURE_KEY_H
#define FIGURE_KEY_H

#include "figure/axis.h"
#include "figure/palette.h"

#define FF_KEY_STACK 1.5
struct ff_key {
	/* filled by the caller */
	struct ff_box box; /* of swatches and ramp; words stand below it, or above */
	const struct ff_ramp *ramp; /* borrowed until drawn */
	double least, most;	    /* > 0; colours of the two ends */
	bool has_none, has_gaps;    /* swatches wanted */
	bool is_above;		    /* ticks and words above the box */
	bool is_stacked; /* swatches on a line of their own below the words: narrow, and
			    FF_KEY_STACK body sizes higher; not with is_above */
	bool is_cut;	 /* smaller values have the colour of the least */
	struct ff_color none_fill; /* of that swatch; alpha 0 = the background */
	/* words of a number; NULL = ff_word_short */
	void (*word)(struct ff_buf *b, double v);
	/* filled by layout */
	double none1, gap0, gap1, ramp0; /* x where the parts end and begin */
	double swatch0, swatch1;	 /* y of the swatches */
	struct ff_scale scale;
	struct ff_ticks ticks; /* owned; ff_key_release */
};
/* Places the words into `labels` and the parts into the box. FF_ENOMEM. */
int ff_key_layout(struct ff_key *k, struct ff_labels *labels, const struct ff_theme *t,
		  struct ff_err *err);
void ff_key_draw(const struct ff_key *k, const struct ff_theme *t, struct ff_canvas *cv);
void ff_key_release(struct ff_key *k);

#endif
