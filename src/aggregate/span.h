/* SPDX-License-Identifier: MIT */
/* span - bounds of bins and times, shared by the aggregates that have bins: so that a
 * wrong clock or a wrong width costs a message and not all memory. */
#ifndef FF_AGGREGATE_SPAN_H
#define FF_AGGREGATE_SPAN_H

#include <flowfig/aggregate.h>

#define AGG_MAX_BINS 1000000 /* between the first and the last flow */
/* So that sums and differences of a few times and widths stay within int64_t. */
#define AGG_MAX_WIDTH (3660 * FF_DAY) /* of a bin: ten years */
#define AGG_MAX_SPAN \
	((uint64_t)(36600 * FF_DAY)) /* first to last flow: a hundred years */
#define AGG_MAX_TIME \
	INT64_C(8500000000000000000) /* either side of 1970: years 1701 to 2238 */

/* The value of --bin (`name` for the message). FF_EUSAGE. */
int agg_set_bins(struct ff_bins *bins, const char *name, const char *value,
		 struct ff_err *err);
/* Whether bins that a state tells are such as agg_set_bins() makes. */
bool agg_bins_good(const struct ff_bins *bins);
/* FF_ELIMIT when flows from first_ns to last_ns make too many bins or lie too far apart
 * or away; no flows (first > last) are good. */
int agg_check_span(const struct ff_bins *bins, int64_t first_ns, int64_t last_ns,
		   struct ff_err *err);
/* The bin that holds ns, which is [*lo, *hi); the ends of time for one bin over
 * everything. */
int64_t agg_bin_find(int64_t *lo, int64_t *hi, const struct ff_bins *bins, int64_t ns);
/* Nanoseconds of a bin; 0 for one over everything, -1 for months: attribute bin_ns. */
int64_t agg_bin_ns(const struct ff_bins *bins);
/* rwfilter's way of writing a time, which ends at the millisecond; buf holds 32. */
char *agg_silk_time(char *buf, int64_t ns);

#endif
