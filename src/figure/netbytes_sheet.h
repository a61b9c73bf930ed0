/* SPDX-License-Identifier: MIT */
/* netbytes_sheet - the sheet view between its files: rows of ports by time as a heat map,
 * with the sums of both ways at its margins. netbytes_sheet.c chooses and places the
 * rows, netbytes_sheet_cells.c draws them, netbytes_sheet_around.c draws what is around
 * them. */
#ifndef FIGURE_NETBYTES_SHEET_H
#define FIGURE_NETBYTES_SHEET_H

#include "figure/key.h"
#include "figure/netbytes.h"

#define FF_SHEET_BURSTS 4
#define FF_SHEET_ROWS (FF_NETBYTES_LANES + FF_SHEET_BURSTS + FF_NETBYTES_BANDS)
enum ff_sheet_kind { FF_SHEET_LANE, FF_SHEET_BURST, FF_SHEET_BAND };
struct ff_sheet_row {
	enum ff_sheet_kind kind;
	size_t index; /* port, or band of the lanes */
	enum ff_netbytes_opener opener;
	uint64_t value; /* sum */
	size_t ports;	/* of a band */
	double y0, y1;
};
struct ff_sheet {
	struct ff_netbytes *n;
	struct ff_netbytes_lanes lanes;
	struct ff_edges edges;
	struct ff_sheet_row rows[FF_SHEET_ROWS];
	size_t nrows;
	double *value; /* nrows x columns: the largest bin; 0 = none; owned */
	double *sum;   /* of each column: all ports' largest bin; -1 = no data; owned */
	double least, most; /* ends of the colours */
	bool is_cut;	    /* some value is under `least` */
	bool has_gaps, has_bars;
	double column_px; /* width of a column, device pixels */
	struct ff_box cells, strip, bars;
	double key_title_y;
	struct ff_ramp ramp;
	struct ff_key key;
	struct ff_scale time, level;
	struct ff_ticks time_ticks, level_ticks;
};
/* Left edge of a column, on a device pixel; i may be the count of columns. */
double ff_sheet_x(const struct ff_sheet *s, size_t i);
/* Words of a row at its left: the port, `has_name` its service. */
void ff_sheet_row_words(struct ff_buf *b, const struct ff_sheet *s,
			const struct ff_sheet_row *row, bool has_name);
int ff_sheet_draw_cells(const struct ff_sheet *s, struct ff_err *err);
/* Words beside the largest cell of each burst. After the other labels. */
void ff_sheet_place_bursts(struct ff_sheet *s);
void ff_sheet_draw_bursts(const struct ff_sheet *s);
int ff_sheet_place_around(struct ff_sheet *s, struct ff_err *err);
int ff_sheet_draw_around(const struct ff_sheet *s, struct ff_err *err);

#endif
