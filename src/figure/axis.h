/* SPDX-License-Identifier: MIT */
/* axis - which ticks an axis has and what they say. Positions come from a scale; drawing
 * is the figure's. Text is thinned so that labels along an axis never meet. */
#ifndef FIGURE_AXIS_H
#define FIGURE_AXIS_H

#include "figure/label.h"
#include "figure/scale.h"

struct ff_tick {
	double pos;   /* along the axis, points */
	double value; /* linear and log */
	int64_t t_ns; /* time */
	int rank;     /* importance of the label, larger stays longer */
	bool is_major;
	char text[24]; /* "" = no label */
};
struct ff_ticks {
	struct ff_tick *at; /* ordered along the domain */
	size_t count, cap;
};
#define FF_TICKS_INIT      \
	{                  \
		NULL, 0, 0 \
	}
void ff_ticks_release(struct ff_ticks *t);

/* Steps of 1, 2 or 5 x 10^k, at most max_labels labels, thousands separated. */
int ff_ticks_linear(struct ff_ticks *out, const struct ff_scale *s, unsigned max_labels,
		    struct ff_err *err);
/* Decades labelled ("1,000", "0.01"), 2..9 minor. With `with_125`, 2 and 5 are major and
 * labelled too (of lower rank): for axes of few decades. */
int ff_ticks_log(struct ff_ticks *out, const struct ff_scale *s, bool with_125,
		 struct ff_err *err);
/* The axis of n, numbers of hosts: 1 2 5 10 20 50 ... below the first of `sizes`
 * (whole-prefix host counts, ascending), then the sizes themselves, which rank highest;
 * every integer when the domain ends at 16 or less. */
int ff_ticks_hosts(struct ff_ticks *out, const struct ff_scale *s, const uint64_t *sizes,
		   size_t nsizes, struct ff_err *err);
/* Dates: the step of labels is the smallest whose labels stand `room_pt` apart; "15 Nov",
 * "14:00", "Nov 2023", "2023" by step; the first label carries the date and, when the
 * span is not named by the subtitle, nothing more. tz_ns is added for the reader's clock
 * only. */
int ff_ticks_time(struct ff_ticks *out, const struct ff_scale *s, int64_t tz_ns,
		  double room_pt, struct ff_err *err);

/* Clears the text of lower-ranked ticks until labels stand at least gap_pt apart: widths
 * as measured in `st` when along_x, else line heights. Returns how many were cleared. */
size_t ff_ticks_thin(struct ff_ticks *t, struct ff_canvas *cv,
		     const struct ff_text_style *st, bool along_x, double gap_pt);

/* The tick says its value in the words of `word`, such as ff_word_short. */
void ff_tick_say(struct ff_tick *tick, void (*word)(struct ff_buf *b, double v));
/* Words of decade ticks: 1,000, 1, 0.0001, or powers of ten for all when one is smaller,
 * each with `unit` behind; ranks keep every second decade when room is short. */
void ff_ticks_decade_texts(struct ff_ticks *t, const char *unit);
/* Offers the words of ticks as labels, most important first: along_x centred with
 * baseline `at`, else right-aligned to `at` about the tick's position. */
void ff_labels_ticks(struct ff_labels *l, const struct ff_theme *theme,
		     const struct ff_ticks *t, bool along_x, double at);

#endif
