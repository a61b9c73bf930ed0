/* SPDX-License-Identifier: MIT */
/* contact_findings - what the findings of a contact surface are computed from: its own
 * tables. */
#ifndef FF_AGGREGATE_CONTACT_FINDINGS_H
#define FF_AGGREGATE_CONTACT_FINDINGS_H

#include <flowfig/aggregate.h>

#define CONTACT_TOP_N (UINT64_C(1) << 20) /* findings look at n up to here */

struct contact_view {
	const struct ff_result *result;
	const int64_t *start; /* rows of table contact */
	const uint64_t *n, *sources;
	size_t rows;
	const int64_t *bin; /* rows of table bins */
	const uint64_t *counted;
	size_t bins;
	int64_t width;	    /* of a bin, ns; for months the mean, for `all` the span */
	uint64_t nmax;	    /* at most CONTACT_TOP_N */
	uint64_t *total;    /* [nmax + 1]: source-bins with exactly n */
	double all;	    /* source-bins */
	uint64_t sizes[64]; /* whole prefixes */
	size_t nsizes;
	double slope, intercept; /* log10 of the mean sources a bin = intercept + slope
				    log10 n */
	bool has_fit;
	uint64_t band_low, band_high; /* 0 = no band found */
	const char *selection;	      /* " --dcidr=..." or "" */
};

const char *contact_unit(const struct contact_view *v,
			 bool plural); /* "hour", "days", "bins" */
const char *
contact_noun(const struct contact_view *v); /* what a source touches: "hosts" */
bool contact_is_size(const struct contact_view *v, uint64_t n);
double contact_expected(const struct contact_view *v,
			uint64_t n); /* by the fit, over all bins */
/* A finding with its sentence; the selection is the span of time and the inside network.
 */
int contact_finding(struct ff_result *r, const struct contact_view *v,
		    struct ff_finding **out, const char *kind, double weight,
		    int64_t from_ns, int64_t to_ns, const char *sentence,
		    struct ff_err *err);
void contact_number(struct ff_finding *f, const char *name, double value);

/* contact_band.c */
int contact_find_band(struct ff_result *r, struct contact_view *v, struct ff_err *err);

#endif
