/* SPDX-License-Identifier: MIT */
/* contact_mean - mean contact lines: how many sources an average bin holds for each n,
 * over the whole span or, when a band was found, over its time and over the rest apart.
 *
 * Past n = 10 single n are too thin to average, so a line has rows: each n to 10, then
 * ten a decade with integer edges. What is drawn of a row is its density, sources a bin
 * divided by the number of n in it. Inside prefix sizes are left out of the rows: they
 * hold the whole-prefix scanners, a population of their own, and are kept apart one by
 * one. */
#ifndef FIGURE_CONTACT_MEAN_H
#define FIGURE_CONTACT_MEAN_H

#include "figure/contact_data.h"

#define FF_CONTACT_ROWS 256  /* 10 + ten a decade to 2^64 is 203 */
#define FF_CONTACT_LINES 100 /* most thin lines: more make a solid */

struct ff_contact_row {
	uint64_t low, high; /* inclusive */
	double width;	    /* number of n in it that are no prefix size, > 0 */
	double at; /* the n where its value stands: the geometric mean of the ends */
};
struct ff_contact_rows {
	struct ff_contact_row row[FF_CONTACT_ROWS]; /* ascending, disjoint */
	size_t count;
};
void ff_contact_rows_init(struct ff_contact_rows *r, const struct ff_contact_data *d);

/* P(N >= n) changes after n: `at_least` is the share of source-bins with this n or more.
 */
struct ff_contact_step {
	uint64_t n;
	double at_least;
};
struct ff_contact_mean {
	size_t bins;	/* bins with any flow, also those where none counted */
	double sources; /* source-bins */
	double row[FF_CONTACT_ROWS];   /* density: mean sources a bin and n; 0 = none */
	double size[FF_CONTACT_SIZES]; /* mean sources a bin with exactly this n */
	struct ff_contact_step *steps; /* one for each n that occurs, ascending; owned */
	size_t nsteps;
};
/* Thin lines: the mean over an hour, a day, ... */
enum ff_contact_span {
	FF_SPAN_BIN,
	FF_SPAN_HOUR,
	FF_SPAN_DAY,
	FF_SPAN_WEEK,
	FF_SPAN_MONTH,
	FF_SPAN_YEAR,
};
struct ff_contact_thin {
	int64_t key; /* number of the hour, day, ... since 1970 or of the month or year
			since 0 */
	size_t bins;
	bool is_during;	 /* touches the band's time */
	bool is_partial; /* holds no whole bin: the data begin or end in its only one */
	double row[FF_CONTACT_ROWS];
};
struct ff_contact_means {
	struct ff_contact_rows rows;
	bool is_split;		    /* by the heaviest band */
	int64_t from_ns, to_ns;	    /* its time, half open */
	bool has_before, has_after; /* bins there */
	struct ff_contact_mean
		mean[2]; /* [0] the band's time, or everything; [1] the rest */
	enum ff_contact_span span;
	struct ff_contact_thin
		*thin; /* owned; none when there would be one or too many */
	size_t nthin;
};
/* `with_thin` also fills the thin lines. */
int ff_contact_means_init(struct ff_contact_means *m, const struct ff_contact_data *d,
			  bool with_thin, struct ff_err *err);
void ff_contact_means_release(struct ff_contact_means *m);
/* P(N >= n): 0 past the last step, 1 up to the first. */
double ff_contact_at_least(const struct ff_contact_mean *m, uint64_t n);
/* Density that the fit says at n, 0 without a fit. */
double ff_contact_fit_at(const struct ff_contact_data *d, double n);

#endif
