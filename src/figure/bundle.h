/* SPDX-License-Identifier: MIT */
/* bundle - the bundle figure between its files: bundle.c chooses the view, bundle_data.c
 * reads the result, bundle_names.c and bundle_title.c write its words, bundle_layout.c
 * places arcs, cells and bars (numbers only), bundle_links.c draws the links,
 * bundle_density.c what is too many to be drawn one by one, which bundle_sample.c counts
 * on the pixels, bundle_labels.c the words around the arcs, bundle_table.c the table of
 * the heaviest links and the key, bundle_circle.c all of it; bundle_matrix.c the same
 * table as a matrix. */
#ifndef FIGURE_BUNDLE_H
#define FIGURE_BUNDLE_H

#include "figure/frame.h"
#include "figure/palette.h"
#include "figure/scale.h"

enum { FF_BUNDLE_CIRCLE, FF_BUNDLE_MATRIX };
enum { FF_BUNDLE_FIT, FF_BUNDLE_EQUAL };
struct ff_bundle_params {
	int view, arc;
	double beta;
};

/* ---- what is drawn (bundle_data.c) ---- */

enum { FF_BUNDLE_PARTS = 256, FF_BUNDLE_LEVELS = 2 };
#define FF_BUNDLE_SMALL 64    /* parts in use, up to which the empty ones are squeezed */
#define FF_BUNDLE_TOP 20      /* links marked at most */
#define FF_BUNDLE_BAR .135    /* of the radius: height of the bars' axis */
#define FF_BUNDLE_DENSE 10000 /* links above which a density stands for them */

struct ff_bundle_part {
	uint64_t value;	   /* by the measure */
	uint64_t partners; /* parts of the other side */
};
struct ff_bundle_side {
	const char *field, *range; /* borrowed from the result; range "" of countries */
	bool is_addr, is_v6, is_code; /* is_code: countries, a part each */
	int prefix; /* bits of the range's block in its family, -1 = it is none */
	unsigned parts, used;
	const struct ff_column *lo, *hi; /* bounds of the parts; borrowed */
	struct ff_bundle_part part[FF_BUNDLE_PARTS];
	/* groups of the hierarchy: parts in one, finest first; parts of one group share
	 * their first bits[level] bits where is_addr, else bits is 0 */
	unsigned level_parts[FF_BUNDLE_LEVELS], level_bits[FF_BUNDLE_LEVELS];
	size_t levels;
	unsigned fixed; /* octets (groups of IPv6) that all parts share: labels omit them
			 */
};
struct ff_bundle_link {
	uint16_t left, right;
	uint64_t value;
};
struct ff_bundle_data {
	const struct ff_result *result; /* borrowed */
	struct ff_bundle_side side[2];	/* left, right */
	struct ff_bundle_link *links;	/* heaviest first; owned */
	size_t nlinks, ntop;
	double total;				/* sum of all links */
	uint64_t counted, outside, absent, all; /* by the measure */
	uint64_t flows;				/* counted */
	const char *measure;			/* static: "flows", "packets", "bytes" */
	int64_t first_ns, last_ns;
};
int ff_bundle_data_init(struct ff_bundle_data *d, const struct ff_result *r,
			struct ff_err *err);
void ff_bundle_data_release(struct ff_bundle_data *d);

/* ---- words (bundle_names.c, bundle_title.c); all append ---- */

/* "10.1.24.0/24", "80–95", "443 https", "6 TCP" */
void ff_bundle_name(struct ff_buf *b, const struct ff_bundle_side *s, unsigned part);
/* Without what all parts of the side share: "24/24" */
void ff_bundle_short_name(struct ff_buf *b, const struct ff_bundle_side *s,
			  unsigned part);
/* A group of the level, in the same way. */
void ff_bundle_group_name(struct ff_buf *b, const struct ff_bundle_side *s, size_t level,
			  unsigned first);
/* What short names omit: "172.16.1."; nothing if they omit nothing. */
void ff_bundle_omitted(struct ff_buf *b, const struct ff_bundle_side *s);
/* Hosts to hosts or ports to ports: links run from one to the other. Else values only
 * occur together. */
bool ff_bundle_talks(const struct ff_bundle_data *d);
/* "Source addresses" */
const char *ff_bundle_field_title(const struct ff_bundle_side *s);
/* "256 parts of a /8", "256 single addresses" */
void ff_bundle_parts_words(struct ff_buf *b, const struct ff_bundle_side *s);
/* "3,419", "1.5 GB": a value of the measure. */
void ff_bundle_value(struct ff_buf *b, const struct ff_bundle_data *d, double v);
/* The same on keys: "3k", "100 MB". */
void (*ff_bundle_key_word(const struct ff_bundle_data *d))(struct ff_buf *b, double v);
void ff_bundle_title(struct ff_buf *b, const struct ff_bundle_data *d);
void ff_bundle_subtitle(struct ff_buf *b, const struct ff_bundle_data *d, int64_t tz_ns);
void ff_bundle_caption(struct ff_buf *b, const struct ff_bundle_data *d,
		       const struct ff_bundle_params *params, bool is_narrow);
void ff_bundle_alt(struct ff_buf *b, const struct ff_bundle_data *d, int view,
		   int64_t tz_ns);

/* ---- the figure ---- */

struct ff_bundle {
	struct ff_canvas *cv;
	const struct ff_figure_opts *opts;
	const struct ff_bundle_params *params;
	struct ff_theme theme;
	struct ff_bundle_data data;
	struct ff_labels labels;
	struct ff_frame frame;
	double k; /* size of lines and marks: 1 on a page */
	int64_t tz_ns;
	/* rooms within the frame; empty where x1 <= x0 */
	struct ff_box plot, key, table, caption;
	struct ff_box pills[2 * FF_BUNDLE_TOP]; /* under ranks beside names */
	int pill_sides[2 * FF_BUNDLE_TOP];
	size_t npills;
};
/* Size of lines and marks. */
double ff_bundle_scale(const struct ff_theme *t);
int ff_bundle_circle_draw(struct ff_bundle *g, struct ff_err *err);
int ff_bundle_matrix_draw(struct ff_bundle *g, struct ff_err *err);
/* Of the figure without its frame, points, for a page of the width of `t`. */
double ff_bundle_circle_height(const struct ff_theme *t, const struct ff_bundle_data *d,
			       const struct ff_bundle_params *params);
double ff_bundle_matrix_height(const struct ff_theme *t, const struct ff_bundle_data *d,
			       const struct ff_bundle_params *params);

/* ---- arcs (bundle_layout.c) ---- */

struct ff_bundle_arc { /* of one side; angles in radians from the top, growing down */
	double from[FF_BUNDLE_PARTS], to[FF_BUNDLE_PARTS];
	double group[FF_BUNDLE_LEVELS][FF_BUNDLE_PARTS]; /* of its control point */
	double bar[FF_BUNDLE_PARTS]; /* height, points; 0 = nothing to show */
	bool is_cut[FF_BUNDLE_PARTS];
	bool is_fit;
	double ring0, bars0; /* radii where rings and bars begin */
	double low, high;    /* angles of both ends */
};
struct ff_bundle_layout {
	double cx, cy, rad, k;
	double bar_height, bar_share; /* of the axis' end, and the share it stands for */
	double bars1;		      /* radius of the axis' end, of both sides */
	double label_rad;
	struct ff_bundle_arc arc[2];
};
/* Angles only: what does not depend on the size. */
void ff_bundle_angles(struct ff_bundle_layout *l, const struct ff_bundle_data *d,
		      int arc);
/* Radii and bars for a centre and a link radius. */
void ff_bundle_radii(struct ff_bundle_layout *l, const struct ff_bundle_data *d,
		     double rad, double k);
/* How far the labels' circle reaches, as multiple of rad, with k of that radius' part. */
double ff_bundle_reach(const struct ff_bundle_data *d, double rad, double k);
/* How far up and down of the centre the arcs go: sine of the steepest end, 0..1. */
double ff_bundle_steepness(const struct ff_bundle_layout *l);
struct ff_point ff_bundle_at(const struct ff_bundle_layout *l, int side, double angle,
			     double radius);
/* Control points of a link, straightened; returns how many. */
size_t ff_bundle_path(struct ff_point *p, const struct ff_bundle_layout *l,
		      const struct ff_bundle_data *d, const struct ff_bundle_link *link,
		      double beta);
/* What one end of a link has of that path: both halves together, point by point, are it.
 * The other end's is at the origin. */
size_t ff_bundle_half(struct ff_point *p, const struct ff_bundle_layout *l,
		      const struct ff_bundle_data *d, int side, unsigned part,
		      double beta);

/* ---- links (bundle_links.c, bundle_density.c, bundle_sample.c) ---- */

enum { FF_BUNDLE_STRENGTHS = 16 };
struct ff_bundle_ink {	  /* how strength is drawn */
	double low, high; /* decimal logarithms of the values of strength 0 and 1 */
	double width0, width1, opacity;
	struct ff_gradient gradient[FF_BUNDLE_STRENGTHS], top;
	double top_width; /* least */
};
void ff_bundle_ink_init(struct ff_bundle_ink *ink, const struct ff_bundle *g,
			const struct ff_bundle_layout *l);
double ff_bundle_strength(const struct ff_bundle_ink *ink, double value);
double ff_bundle_width(const struct ff_bundle_ink *ink, double strength);
double ff_bundle_alpha(const struct ff_bundle_ink *ink, double strength);
int ff_bundle_links_draw(const struct ff_bundle *g, const struct ff_bundle_layout *l,
			 const struct ff_bundle_ink *ink, struct ff_err *err);
void ff_bundle_top_draw(const struct ff_bundle *g, const struct ff_bundle_layout *l,
			const struct ff_bundle_ink *ink);
/* Colour of a side at full or pale strength, on this paper. */
struct ff_color ff_bundle_color(const struct ff_theme *t, int side, double strength);
struct ff_color ff_bundle_bar_color(const struct ff_theme *t, int side);
struct ff_color ff_bundle_word_color(const struct ff_theme *t, int side);

/* Flows that pass through each pixel of a box of whole device pixels. */
struct ff_bundle_density {
	struct ff_box box;
	unsigned width, height;
	float *at;	  /* owned */
	double low, high; /* values of the two ends of the tone */
};
/* bundle_sample.c: fills `at`, not yet smooth; the sum is value times pixels of length.
 */
int ff_bundle_sample(struct ff_bundle_density *m, const struct ff_bundle *g,
		     const struct ff_bundle_layout *l, struct ff_err *err);
int ff_bundle_density_init(struct ff_bundle_density *m, const struct ff_bundle *g,
			   const struct ff_bundle_layout *l, struct ff_err *err);
int ff_bundle_density_draw(const struct ff_bundle_density *m, const struct ff_bundle *g,
			   const struct ff_bundle_ink *ink, struct ff_err *err);
void ff_bundle_density_release(struct ff_bundle_density *m);

/* ---- words around (bundle_labels.c) and below (bundle_table.c) ---- */

/* The heads FROM and TO in the upper corners of a box. */
void ff_bundle_heads(struct ff_bundle *g, struct ff_box box);
/* Places and draws what stands around the arcs. */
int ff_bundle_labels(struct ff_bundle *g, const struct ff_bundle_layout *l,
		     struct ff_err *err);
/* "1 4–10": ranks of the top links that end in the part; nothing if none does. */
void ff_bundle_ranks(struct ff_buf *b, const struct ff_bundle_data *d, int side,
		     unsigned part);
void ff_bundle_pills_draw(const struct ff_bundle *g);
/* The level whose groups are named: the finest of at most sixteen; s->levels = parts. */
size_t ff_bundle_label_level(const struct ff_bundle_side *s);
/* A text at body size, or small on narrow paper. */
bool ff_bundle_put(struct ff_bundle *g, const char *role, enum ff_weight weight,
		   struct ff_color color, double x, double y, enum ff_anchor anchor,
		   const char *text);
/* Room the table wants for a number of blocks side by side: rows and points. */
size_t ff_bundle_table_rows(const struct ff_bundle_data *d, const struct ff_theme *t,
			    bool is_beside);
double ff_bundle_row(const struct ff_theme *t);
/* Rows that the key takes. */
double ff_bundle_key_rows(const struct ff_bundle_data *d);
int ff_bundle_table_draw(struct ff_bundle *g, size_t blocks, struct ff_err *err);
int ff_bundle_key_draw(struct ff_bundle *g, const struct ff_bundle_ink *ink,
		       const struct ff_bundle_density *density, struct ff_err *err);
/* Places the caption into its room, as much as fits. */
void ff_bundle_caption_place(struct ff_bundle *g);
/* Lines that the caption takes on about `width` points, without a canvas. */
size_t ff_bundle_caption_lines(const struct ff_bundle_data *d,
			       const struct ff_bundle_params *params,
			       const struct ff_theme *t, double width);

/* Smallest of 1, 2, 5 x 10^k that is >= v > 0. */
double ff_bundle_nice(double v);

#endif
