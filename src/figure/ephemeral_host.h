/* SPDX-License-Identifier: MIT */
/* ephemeral_host - one host's page between its files: ephemeral_host.c places and draws
 * the panels, ephemeral_heads.c the row of heads and keys over them. */
#ifndef FIGURE_EPHEMERAL_HOST_H
#define FIGURE_EPHEMERAL_HOST_H

#include "figure/ephemeral.h"

#define FF_EPHEMERAL_GAPS 64

struct ff_ephemeral_page {
	struct ff_ephemeral *e;
	struct ff_ephemeral_plot plot;
	struct ff_ephemeral_ports *ports; /* owned */
	struct ff_ephemeral_side side;
	struct ff_ephemeral_strips strips;
	struct ff_ephemeral_gap gaps[FF_EPHEMERAL_GAPS];
	size_t ngaps;
	struct ff_ticks time, port; /* owned */
	struct ff_key key;
	bool has_key, has_swatch; /* of counts, of silent spans */
	double head_y;		  /* baseline of the heads over the panels */
	double swatch_x, swatch_w;
	struct {
		double x, y;
	} marks[FF_EPHEMERAL_CLASSES]; /* of the key of marks; x 0: none */
	double wrap_x;		       /* likewise */
};

/* Baseline head_y and the plot's box are settled. */
int ff_ephemeral_heads_layout(struct ff_ephemeral_page *h, struct ff_err *err);
void ff_ephemeral_heads_draw(const struct ff_ephemeral_page *h);
/* A wrap's mark with its tip at (x, y). */
void ff_ephemeral_caret(const struct ff_ephemeral *e, double x, double y);

#endif
