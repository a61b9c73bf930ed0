/* SPDX-License-Identifier: MIT */
/* contact_map - the map view between its files: contact_map.c measures and draws the map
 * itself, contact_map_cells.c its cells, contact_map_around.c the strip and the key over
 * it, contact_map_margin.c the mean contact lines at its right and the regions,
 * contact_map_labels.c writes the findings into it. */
#ifndef FIGURE_CONTACT_MAP_H
#define FIGURE_CONTACT_MAP_H

#include "figure/contact_columns.h"
#include "figure/contact_parts.h"
#include "figure/key.h"
#include "figure/marks.h"

struct ff_contact_map {
	struct ff_contact *c;
	struct ff_contact_columns cols;
	struct ff_contact_means means;
	struct ff_ramp ramp;
	struct ff_ink ink; /* cells and lines, for the labels */
	double px;	   /* points a device pixel */
	double column_px;  /* a column, device pixels; whole where that wastes little */
	double cell_w, cell_h; /* smallest cell, points, whole pixels */
	bool is_log;	       /* the axis of n */
	bool has_panel, has_strip,
		has_gaps;		   /* gaps: some time has no data or part of it */
	struct ff_box cells;		   /* the map */
	struct ff_box strip;		   /* sources a bin, above it */
	struct ff_key key;		   /* colour bar with its swatches */
	struct ff_box panel;		   /* mean contact lines, at the right */
	double bracket_x;		   /* of the regions */
	double words_x;			   /* titles of key and panel */
	const char *key_title;		   /* static */
	double key_title_y, panel_title_y; /* baselines */
	struct ff_scale time;		   /* columns' edges */
	struct ff_scale n;	 /* lower edge of n's cell: it covers [n, n + 1) */
	struct ff_scale level;	 /* strip */
	struct ff_scale density; /* panel, along x */
	struct ff_ticks time_ticks, n_ticks, level_ticks, density_ticks;
};

/* Edges of the cell of n, y of its top and of its bottom. */
double ff_contact_map_top(const struct ff_contact_map *m, double n);
double ff_contact_map_bottom(const struct ff_contact_map *m, double n);
/* Left edge of a column, on a device pixel; i may be the count of columns. */
double ff_contact_map_x(const struct ff_contact_map *m, size_t i);
/* 0 for one source, 1 for the largest cell, logarithmic. */
double ff_contact_map_shade(const struct ff_contact_map *m, double sources);
struct ff_color ff_contact_map_color(const struct ff_contact_map *m, double sources);

/* Draws the cells and marks them in the ink. */
int ff_contact_map_cells_draw(struct ff_contact_map *m, struct ff_err *err);
/* Strip (with has_strip) and key: layout puts labels. */
void ff_contact_map_strip_layout(struct ff_contact_map *m);
int ff_contact_map_strip_draw(const struct ff_contact_map *m, struct ff_err *err);
/* Chooses the key's title for a key beside it; returns the room it takes, points. */
double ff_contact_map_key_title(struct ff_contact_map *m);
int ff_contact_map_key_layout(struct ff_contact_map *m, struct ff_err *err);
/* Regions and, with has_panel, the mean lines: layout puts labels and ink, draw the
 * marks. */
int ff_contact_map_margin_layout(struct ff_contact_map *m, struct ff_err *err);
void ff_contact_map_margin_draw(const struct ff_contact_map *m);
/* Findings: draws brackets, places texts. After the ink is sealed. */
void ff_contact_map_findings(struct ff_contact_map *m);

#endif
