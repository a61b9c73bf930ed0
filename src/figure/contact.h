/* SPDX-License-Identifier: MIT */
/* contact - the contact figure: three views of one result. contact.c reads the result,
 * the view places and draws, contact.c draws frame and labels on top. */
#ifndef FIGURE_CONTACT_H
#define FIGURE_CONTACT_H

#include "figure/axis.h"
#include "figure/contact_data.h"
#include "figure/frame.h"
#include "figure/palette.h"
#include "figure/words.h"

enum ff_contact_view_kind { FF_CONTACT_SURFACE, FF_CONTACT_MAP, FF_CONTACT_LINE };
enum ff_contact_style { FF_CONTACT_BLOCKS, FF_CONTACT_RIDGES };
struct ff_contact_params { /* filled by ff_figure_contact.opts */
	int view, style;
	bool is_density;
	double azimuth, elevation; /* degrees; 0 = the view's own */
};
/* What a view works with; all of it is contact.c's. */
struct ff_contact {
	struct ff_canvas *cv;
	const struct ff_figure_opts *opts;
	const struct ff_contact_params *params;
	int64_t tz_ns;
	struct ff_theme theme;
	struct ff_contact_data data;
	struct ff_labels labels; /* the view adds its texts; drawn on top of its marks */
	struct ff_frame frame;	 /* valid after ff_contact_frame() */
};
/* A view first calls this with the words about its own reductions ("each column the
 * largest hour of a half day", may be ""), then places inside c->frame.plot, adds labels,
 * and draws its marks. */
int ff_contact_frame(struct ff_contact *c, const char *reduction, struct ff_err *err);

int ff_contact_surface_draw(struct ff_contact *c, struct ff_err *err);
int ff_contact_map_draw(struct ff_contact *c, struct ff_err *err);
int ff_contact_line_draw(struct ff_contact *c, struct ff_err *err);

/* ---- words by rule (contact_title.c, contact_words.c); all append ---- */
void ff_contact_title(struct ff_buf *b, const struct ff_contact_data *d, int64_t tz_ns);
/* "Contact map of inbound flows to 198.18.4.0/22, 15 Nov – 15 Dec 2023 UTC: 1-hour bins,
 * <reduction>" */
void ff_contact_subtitle(struct ff_buf *b, const struct ff_contact *c,
			 const char *reduction);
/* "10,000,000 flows, 1,714,351 source-hours" */
void ff_contact_counts(struct ff_buf *b, const struct ff_contact_data *d);
void ff_contact_alt(struct ff_buf *b, const struct ff_contact *c);
/* "Inside hosts contacted in the hour" (hosts / services, inside / outside, by direction
 * and pairs). */
void ff_contact_n_title(struct ff_buf *b, const struct ff_contact_data *d);
/* "256 = a /24: 953" with the number of source-bins; bold marks round n when `bold`. */
void ff_contact_ridge_words(struct ff_buf *b, const struct ff_contact_data *d,
			    const struct ff_finding *ridge, bool bold);
/* "Slow-scanning band: 20–37 hosts, 29 pulses 12 h apart, 15–29 Nov" or some of it; the
 * name is bold-marked. Where room is short, the last part goes first. */
enum ff_band_parts {
	FF_BAND_NAME = 1,
	FF_BAND_HOSTS = 2,
	FF_BAND_PULSES = 4,
	FF_BAND_DATES = 8,
	FF_BAND_HEAD = FF_BAND_NAME | FF_BAND_HOSTS,
	FF_BAND_TAIL = FF_BAND_PULSES | FF_BAND_DATES,
	FF_BAND_ALL = FF_BAND_HEAD | FF_BAND_TAIL
};
void ff_contact_band_words(struct ff_buf *b, const struct ff_contact_data *d,
			   const struct ff_finding *band, int64_t tz_ns, unsigned parts);
/* "One contact: 88.0 % of source-hours, up to 3,923 an hour, a quarter fewer at
 * weekends"; `level` 0 = long .. 2 = short. */
void ff_contact_peak_words(struct ff_buf *b, const struct ff_contact_data *d, int level);

#endif
