/* SPDX-License-Identifier: MIT */
/* netbytes - the netbytes figure: four views of one result. netbytes.c reads the result,
 * the view places and draws, netbytes.c draws frame and labels on top. */
#ifndef FIGURE_NETBYTES_H
#define FIGURE_NETBYTES_H

#include "figure/axis.h"
#include "figure/edges.h"
#include "figure/frame.h"
#include "figure/netbytes_lanes.h"
#include "figure/palette.h"
#include "figure/words.h"

enum ff_netbytes_view {
	FF_NETBYTES_3D,
	FF_NETBYTES_TIME,
	FF_NETBYTES_PORT,
	FF_NETBYTES_SHEET
};
struct ff_netbytes_params { /* filled by ff_figure_netbytes.opts */
	int view;
	bool is_log, is_linear;	   /* neither: as the view chooses */
	double azimuth, elevation; /* degrees; 0 = the view's own */
	const char *at_port;	   /* "3306/tcp,137/udp"; NULL = none */
	int64_t at_time;	   /* INT64_MIN = none */
};
/* What a view works with; all of it is netbytes.c's. */
struct ff_netbytes {
	struct ff_canvas *cv;
	const struct ff_figure_opts *opts;
	const struct ff_netbytes_params *params;
	int64_t tz_ns;
	double px; /* points a device pixel */
	struct ff_theme theme;
	struct ff_netbytes_data data;
	struct ff_netbytes_pins pins; /* ports of --at-port */
	bool shows_small;	      /* of the view: see ff_netbytes_room */
	int64_t at_from, at_to;	      /* bin of --at-time; INT64_MIN = none */
	struct ff_labels labels; /* the view adds its texts; drawn on top of its marks */
	struct ff_frame frame;	 /* valid after ff_netbytes_frame() */
};
/* A view first calls this with its lanes and the words about its own reductions ("each
 * column the largest hour of 4 hours", may be ""), then places inside n->frame.plot, adds
 * labels, and draws its marks. */
int ff_netbytes_frame(struct ff_netbytes *n, const struct ff_netbytes_lanes *lanes,
		      const char *reduction, struct ff_err *err);

/* Height that the plot of the 3d view wants for these lanes, points. */
double ff_net3d_fit(const struct ff_netbytes_lanes *l, double fs);
int ff_netbytes_3d_draw(struct ff_netbytes *n, struct ff_err *err);
int ff_netbytes_time_draw(struct ff_netbytes *n, struct ff_err *err);
int ff_netbytes_port_draw(struct ff_netbytes *n, struct ff_err *err);
int ff_netbytes_sheet_draw(struct ff_netbytes *n, struct ff_err *err);

/* Lanes as the view has room for, at most `most`. */
int ff_netbytes_lanes(struct ff_netbytes_lanes *l, const struct ff_netbytes *n,
		      size_t most, struct ff_err *err);
/* Columns over the whole axis, at most `most`. */
int ff_netbytes_edges(struct ff_edges *e, const struct ff_netbytes_data *d, size_t most,
		      struct ff_err *err);
/* Colour of a group of lanes, and of ports without a lane. */
struct ff_color ff_netbytes_color(const struct ff_theme *t, enum ff_netbytes_opener o);
struct ff_color ff_netbytes_odd_color(const struct ff_theme *t);
/* The same dark (or, on dark, light) enough for words. */
struct ff_color ff_netbytes_word_color(const struct ff_theme *t, struct ff_color c);

/* ---- words (netbytes_words.c); all append ---- */
/* "275 MB", "1,200 packets", "3M flows" */
void ff_netbytes_value(struct ff_buf *b, const struct ff_netbytes_data *d, double v);
/* "443/tcp"; "443" where every port of the result is of one protocol. */
void ff_netbytes_port_word(struct ff_buf *b, const struct ff_netbytes_data *d,
			   size_t port);
/* The same with the number in bold. */
void ff_netbytes_port_bold(struct ff_buf *b, const struct ff_netbytes_data *d,
			   size_t port);
/* "21 Nov 16:00", by bin and span shorter or longer. */
void ff_netbytes_when(struct ff_buf *b, const struct ff_netbytes *n, int64_t start);
/* "1–1023" */
void ff_netbytes_band_word(struct ff_buf *b, const struct ff_netbytes_band *band);
/* "Bytes in the hour", "Flows in ten minutes", "Bytes in all" */
void ff_netbytes_axis_title(struct ff_buf *b, const struct ff_netbytes_data *d,
			    enum ff_netbytes_measure measure);
/* " in 37 of 720 hours", " in all 720 hours"; nothing of one bin. */
void ff_netbytes_in_bins(struct ff_buf *b, const struct ff_netbytes_data *d,
			 size_t count);
/* "hour", "10 min": one bin. */
void ff_netbytes_bin_word(struct ff_buf *b, const struct ff_netbytes_data *d);
/* Words of a tick, by the measure: "100 MB", "20k". */
typedef void ff_netbytes_word_fn(struct ff_buf *b, double v);
ff_netbytes_word_fn *ff_netbytes_tick_words(const struct ff_netbytes_data *d);

/* A cell that says more than which port is the largest: that of a port without a lane or
 * in one bin only, else a burst. False when none does. */
struct ff_netbytes_news {
	size_t cell;
	double times; /* its usual value, of a burst; else 0 */
};
bool ff_netbytes_news(struct ff_netbytes_news *news, const struct ff_netbytes_data *d,
		      const struct ff_netbytes_lanes *l);

/* ---- title, subtitle, counts, alt text (netbytes_title.c); all append ---- */
void ff_netbytes_title(struct ff_buf *b, const struct ff_netbytes *n,
		       const struct ff_netbytes_lanes *lanes);
void ff_netbytes_subtitle(struct ff_buf *b, const struct ff_netbytes *n,
			  const char *reduction);
void ff_netbytes_counts(struct ff_buf *b, const struct ff_netbytes_data *d);
void ff_netbytes_alt(struct ff_buf *b, const struct ff_netbytes *n,
		     const struct ff_netbytes_lanes *lanes);

#endif
