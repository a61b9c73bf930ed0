/* SPDX-License-Identifier: MIT */
/* netbytes_3d - the 3d view between its files: impulses at (time, lane) over a floor in
 * oblique projection. netbytes_3d.c measures values, netbytes_3d_layout.c places the
 * floor, netbytes_3d_ground.c draws what the marks stand on, netbytes_3d_marks.c the
 * impulses and the dots on the floor, netbytes_3d_labels.c writes. */
#ifndef FIGURE_NETBYTES_3D_H
#define FIGURE_NETBYTES_3D_H

#include "figure/ink.h"
#include "figure/netbytes.h"
#include "figure/oblique.h"

#define FF_NET3D_HEADS 24
struct ff_net3d_strip { /* of the floor, by depth */
	double v0, v1;	/* front and back edge */
	double base;	/* where a lane's impulses stand */
};
struct ff_net3d_head { /* an impulse that is marked with a disc */
	size_t cell;
	struct ff_point at;
	bool is_odd, is_told;
};
struct ff_net3d {
	struct ff_netbytes *n;
	struct ff_netbytes_lanes lanes;
	struct ff_edges edges;
	uint64_t *value;  /* nlanes x columns: the largest bin of each; owned */
	double top, base; /* values at z = 1 and, with log heights, at z = 0 */
	double least; /* of ports without a lane: less is a dot on the floor; 0 = no dots
		       */
	size_t *odd;  /* cells of ports without a lane that stand up, as cells[]; owned */
	size_t nodd;
	size_t ndots;
	struct ff_oblique o;
	struct ff_net3d_strip
		strips[FF_NETBYTES_LANES + FF_NETBYTES_BANDS]; /* as place[] */
	double pitch; /* of lanes, points on paper */
	int words;    /* how much the words of lanes say: 0 = all .. 3 = the port */
	double width; /* of an impulse, points */
	struct ff_net3d_head heads[FF_NET3D_HEADS];
	size_t nheads;
	struct ff_ticks time_ticks, height_ticks;
};

static inline const struct ff_net3d_strip *ff_net3d_band(const struct ff_net3d *s,
							 size_t band)
{
	return &s->strips[FF_NETBYTES_LANES + band];
}
/* Height 0..1 of a value; a little above 0 for the smallest that is there. */
double ff_net3d_z(const struct ff_net3d *s, double value);
/* Middle of a column, 0..1. */
double ff_net3d_u(const struct ff_net3d *s, size_t column);
/* Depth of a port: of its lane, or within its band. */
double ff_net3d_v(const struct ff_net3d *s, size_t port);
/* Where the top of a cell's impulse is. */
struct ff_point ff_net3d_tip(const struct ff_net3d *s, size_t cell);
struct ff_color ff_net3d_color(const struct ff_net3d *s, size_t port);
/* Largest number of lanes whose words stay apart at the height of the plot. */
size_t ff_net3d_most_lanes(const struct ff_netbytes *n,
			   const struct ff_netbytes_lanes *l);
size_t ff_net3d_most_columns(const struct ff_netbytes *n);

/* After lanes, edges and scale are known. */
void ff_net3d_layout(struct ff_net3d *s);
/* What stands beside a lane or (lane >= FF_NETBYTES_LANES) a band. */
void ff_net3d_lane_words(struct ff_buf *b, const struct ff_net3d *s, size_t place,
			 int words);
/* Name of a group left of the floor; `line` 0 or 1, or both on one line, short, when 2.
 */
const char *ff_net3d_group_word(const struct ff_net3d *s, size_t place, int line);
/* Room for the words of heights and groups, points. */
double ff_net3d_height_width(const struct ff_net3d *s);

int ff_net3d_place_axes(struct ff_net3d *s, struct ff_err *err);
int ff_net3d_place_heads(struct ff_net3d *s, struct ff_err *err);
void ff_net3d_draw_ground(const struct ff_net3d *s);
void ff_net3d_draw_axes(const struct ff_net3d *s);
int ff_net3d_draw_dots(const struct ff_net3d *s, struct ff_err *err);
int ff_net3d_draw_impulses(const struct ff_net3d *s, struct ff_err *err);

#endif
