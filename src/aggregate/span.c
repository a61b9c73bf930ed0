/* SPDX-License-Identifier: MIT */
/* span - see span.h. */
#include "aggregate/span.h"

#include <stdio.h>

bool agg_bins_good(const struct ff_bins *bins)
{
	if (bins->kind == FF_BINS_FIXED)
		return bins->width_ns > 0 && bins->width_ns <= AGG_MAX_WIDTH;
	return bins->kind == FF_BINS_MONTH || bins->kind == FF_BINS_ALL;
}

int agg_set_bins(struct ff_bins *bins, const char *name, const char *value,
		 struct ff_err *err)
{
	if (!ff_bins_parse(bins, value))
		return ff_fail(err, FF_EUSAGE,
			       "bad value '%s' for '--%s': give a width such as 5m, 1h, "
			       "1d, or 1mo, or all",
			       value, name);
	if (!agg_bins_good(bins))
		return ff_fail(err, FF_EUSAGE,
			       "bad value '%s' for '--%s': a bin has at most 3660d",
			       value, name);
	return FF_OK;
}

int agg_check_span(const struct ff_bins *bins, int64_t first_ns, int64_t last_ns,
		   struct ff_err *err)
{
	char from[40], to[40], width[24], count[32];

	if (first_ns > last_ns)
		return FF_OK;
	if (first_ns < -AGG_MAX_TIME || last_ns > AGG_MAX_TIME ||
	    (uint64_t)last_ns - (uint64_t)first_ns > AGG_MAX_SPAN)
		return ff_fail(err, FF_ELIMIT,
			       "the flows start from %s to %s; a hundred years between "
			       "1701 and 2238 can "
			       "be counted: give '--from' and '--to'",
			       ff_format_time(from, sizeof from, first_ns),
			       ff_format_time(to, sizeof to, last_ns));
	int64_t n = ff_bin_of(bins, last_ns) - ff_bin_of(bins, first_ns) + 1;
	if (n <= AGG_MAX_BINS)
		return FF_OK;
	ff_format_thousands(count, sizeof count, (uint64_t)n);
	return ff_fail(
		err, FF_ELIMIT,
		"the flows start from %s to %s: %s bins of %s, more than 1,000,000; "
		"give a longer '--bin', or '--from' and '--to'",
		ff_format_time(from, sizeof from, first_ns),
		ff_format_time(to, sizeof to, last_ns), count,
		ff_bins_format(width, sizeof width, bins));
}

int64_t agg_bin_find(int64_t *lo, int64_t *hi, const struct ff_bins *bins, int64_t ns)
{
	int64_t bin;

	if (bins->kind == FF_BINS_FIXED && ns >= 0 && ns < AGG_MAX_TIME) {
		/* nearly all; no end of time to look for */
		bin = ns / bins->width_ns;
		*lo = bin * bins->width_ns;
		*hi = *lo + bins->width_ns;
		return bin;
	}
	bin = ff_bin_of(bins, ns);
	if (bins->kind == FF_BINS_ALL) {
		*lo = INT64_MIN;
		*hi = INT64_MAX;
	} else {
		*lo = ff_bin_start(bins, bin);
		*hi = ff_bin_start(bins, bin + 1);
	}
	return bin;
}

int64_t agg_bin_ns(const struct ff_bins *bins)
{
	return bins->kind == FF_BINS_FIXED ? bins->width_ns
	       : bins->kind == FF_BINS_ALL ? 0
					   : -1;
}

char *agg_silk_time(char *buf, int64_t ns)
{
	struct ff_date d;

	ff_date_from_time(&d, ns);
	snprintf(buf, 32, "%04d/%02d/%02dT%02d:%02d:%02d.%03d", d.year % 10000, d.month,
		 d.day, d.hour, d.minute, d.second, d.nanosecond / 1000000);
	return buf;
}
