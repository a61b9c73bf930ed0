/* SPDX-License-Identifier: MIT */
/* ephemeral - the figure between its files: which system is behind this address?
 * ephemeral.c reads the result and draws frame and labels; ephemeral_host.c lays out one
 * host, ephemeral_multiples.c several; ephemeral_plot.c draws ports over time,
 * ephemeral_side.c the histogram and the known ranges beside it, ephemeral_strips.c the
 * strips below; ephemeral_classes.c says which flows share a colour, ephemeral_words.c
 * writes the texts. */
#ifndef FIGURE_EPHEMERAL_H
#define FIGURE_EPHEMERAL_H

#include "figure/axis.h"
#include "figure/density.h"
#include "figure/ephemeral_data.h"
#include "figure/frame.h"
#include "figure/key.h"
#include "figure/marks.h"
#include "figure/words.h"

/* Up to here every flow is a mark of its own; above, marks are counted a pixel. */
#define FF_EPHEMERAL_POINTS 20000

enum ff_ephemeral_colour { FF_EPHEMERAL_PROTOCOL, FF_EPHEMERAL_DEST, FF_EPHEMERAL_DPORT };
struct ff_ephemeral_params { /* filled by ff_figure_ephemeral.opts */
	int colour;
};

/* ---- flows of one colour ---- */
#define FF_EPHEMERAL_CLASSES 6
struct ff_ephemeral_class {
	char name[FF_ADDR_TEXT];
	uint64_t flows;
	struct ff_color color;
	struct ff_ramp ramp; /* of its density */
	bool is_cross;	     /* the mark in the key */
	/* what belongs to it, by enum ff_ephemeral_colour */
	struct ff_addr daddr;
	uint64_t service; /* protocol << 16 | port */
};
struct ff_ephemeral_classes {
	int colour;	     /* enum ff_ephemeral_colour */
	size_t count, named; /* the last one takes the rest when count > named */
	struct ff_ephemeral_class at[FF_EPHEMERAL_CLASSES];
};
struct ff_ephemeral;
/* Over all hosts of the data. Flows of a class keep the table's order. */
int ff_ephemeral_classes_init(struct ff_ephemeral_classes *c,
			      const struct ff_ephemeral *e, struct ff_err *err);
size_t ff_ephemeral_class_of(const struct ff_ephemeral_classes *c,
			     const struct ff_ephemeral_data *d, size_t row);

/* ---- the figure ---- */
struct ff_ephemeral {
	struct ff_canvas *cv;
	const struct ff_figure_opts *opts;
	const struct ff_ephemeral_params *params;
	int64_t tz_ns;
	double k; /* the design's lengths are for 8 pt type: what they are here */
	struct ff_theme theme;
	struct ff_ephemeral_data data;
	struct ff_ephemeral_classes classes;
	struct ff_labels labels;
	struct ff_frame frame;
	struct ff_color bar, dot, band; /* of histogram and strips */
};
int ff_ephemeral_host_draw(struct ff_ephemeral *e, struct ff_err *err);
int ff_ephemeral_multiples_draw(struct ff_ephemeral *e, struct ff_err *err);
/* How many hosts a page of this size shows, and how many panels stand side by side. */
size_t ff_ephemeral_multiples_shown(const struct ff_theme *t, size_t hosts,
				    size_t *across);

/* ---- ports over time ---- */
struct ff_ephemeral_plot {
	struct ff_ephemeral *e;
	const struct ff_ephemeral_host *host;
	struct ff_box box;    /* on whole pixels */
	struct ff_scale time; /* both reach the middle of the outermost whole marks */
	struct ff_scale port; /* low edge of a port */
	unsigned low, high;   /* ports shown, half open */
	int64_t t0, t1;	      /* span shown */
	double px;	      /* points a pixel of the density */
	unsigned mark;	      /* pixels a side of its marks */
	bool is_dense;
	uint64_t most;	  /* marks on one pixel */
	uint64_t outside; /* flows that the axes do not reach */
	struct ff_density grids[FF_EPHEMERAL_CLASSES]; /* owned, when dense */
};
/* Box, host, low, high, t0 and t1 are the caller's; the box is moved to whole pixels.
 * Dense plots are counted here. */
int ff_ephemeral_plot_init(struct ff_ephemeral_plot *p, struct ff_err *err);
void ff_ephemeral_plot_release(struct ff_ephemeral_plot *p);
/* Marks of every flow; densities from 1 to `most`, over `ground`. */
int ff_ephemeral_plot_draw(const struct ff_ephemeral_plot *p, uint64_t most,
			   struct ff_color ground, struct ff_err *err);
/* Joins the flows to one destination that lie close in time and port, when the verdict's
 * number thread_s says for how many seconds such threads last. */
int ff_ephemeral_threads_draw(const struct ff_ephemeral_plot *p, struct ff_err *err);
/* Hatches the silent spans over a box that shares the plot's time. */
void ff_ephemeral_hatch(const struct ff_ephemeral_plot *p,
			const struct ff_ephemeral_gap *gaps, size_t n, struct ff_box box);
/* Lines from tick labels across the box, and the left and the lower axis. */
void ff_ephemeral_grid(const struct ff_ephemeral_plot *p, const struct ff_ticks *time,
		       const struct ff_ticks *port);
void ff_ephemeral_axes(const struct ff_ephemeral_plot *p, const struct ff_ticks *time,
		       const struct ff_ticks *port);
/* The colours of counts, a slice of the key for each class. */
void ff_ephemeral_key_draw(const struct ff_ephemeral *e, const struct ff_key *key);
/* The mark of a class or protocol as the key shows it, about (x, y). */
void ff_ephemeral_mark(const struct ff_ephemeral *e, double x, double y, double r,
		       struct ff_color c, bool is_cross);

/* ---- beside it ---- */
struct ff_ephemeral_side {
	struct ff_ephemeral *e;
	const struct ff_ephemeral_plot *plot;
	const struct ff_ephemeral_ports *ports;
	struct ff_box histogram; /* x1 <= x0: none */
	struct ff_box ranges;	 /* likewise */
	double head_y;		 /* baseline of the heads */
	/* filled by layout */
	unsigned bin; /* ports a bar */
	struct ff_scale flows;
	struct ff_ticks ticks; /* owned */
	size_t nranges;
	size_t range[FF_EPHEMERAL_CLASSES + 2]; /* of ff_ephemeral_ranges */
	bool is_named[FF_EPHEMERAL_CLASSES + 2];
};
int ff_ephemeral_side_layout(struct ff_ephemeral_side *s, struct ff_err *err);
void ff_ephemeral_side_draw(const struct ff_ephemeral_side *s);
void ff_ephemeral_side_release(struct ff_ephemeral_side *s);
/* How many brackets a page would show beside ports low..high. */
size_t ff_ephemeral_side_ranges(const struct ff_ephemeral *e, unsigned low, unsigned high,
				size_t *range, bool *is_named, size_t cap);

/* ---- below it ---- */
struct ff_ephemeral_strips {
	struct ff_ephemeral *e;
	const struct ff_ephemeral_plot *plot;
	struct ff_box flows, even; /* y1 <= y0: none */
	double notes_x;		   /* room at their right for words; 0 = none */
	const struct ff_ephemeral_gap *gaps;
	size_t ngaps;
	/* filled by layout */
	struct ff_ephemeral_strip strip; /* owned */
	struct ff_scale level;
	struct ff_ticks ticks; /* owned */
};
int ff_ephemeral_strips_layout(struct ff_ephemeral_strips *s, struct ff_err *err);
void ff_ephemeral_strips_draw(const struct ff_ephemeral_strips *s);
void ff_ephemeral_strips_release(struct ff_ephemeral_strips *s);

/* ---- words by rule; all append ---- */
void ff_ephemeral_title(struct ff_buf *b, const struct ff_ephemeral *e);
void ff_ephemeral_subtitle(struct ff_buf *b, const struct ff_ephemeral *e);
void ff_ephemeral_counts(struct ff_buf *b, const struct ff_ephemeral *e);
/* A claim without what it says in brackets. */
void ff_ephemeral_claim(struct ff_buf *b, const char *claim);
/* The only host's verdict, its claim in bold marks; nothing when there is none. */
void ff_ephemeral_verdict(struct ff_buf *b, const struct ff_ephemeral *e);
void ff_ephemeral_alt(struct ff_buf *b, const struct ff_ephemeral *e);

#endif
