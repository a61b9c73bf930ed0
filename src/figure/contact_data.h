/* SPDX-License-Identifier: MIT */
/* contact_data - the contact result as the views read it. Borrows from the result. */
#ifndef FIGURE_CONTACT_DATA_H
#define FIGURE_CONTACT_DATA_H

#include <flowfig/table.h>

struct ff_contact_bin {
	int64_t start, end;  /* ns, half open */
	uint64_t flows;	     /* all selected flows */
	uint64_t counted;    /* those that counted */
	uint64_t sources;    /* sum over n */
	size_t first, count; /* its cells: n[first .. first + count), ascending */
	bool is_partial;     /* the data begins or ends inside this bin */
};
struct ff_contact_region {
	const char *kind;   /* "region-vlf", ... */
	const char *name;   /* "VLF", "Middle", "Scanners", "One", "A few", "Sweeps" */
	uint64_t low, high; /* inclusive */
	double share, sources;
};
#define FF_CONTACT_SIZES 24
#define FF_CONTACT_REGIONS 4
struct ff_contact_data {
	const struct ff_result *result;
	/* cells of all bins, in order of (bin, n); borrowed columns of the table */
	size_t ncells;
	const int64_t *cell_start;
	const uint64_t *n, *sources;
	/* bins that hold any flow, ascending; the time between them has no data at all */
	struct ff_contact_bin *bins;
	size_t nbins;
	int64_t bin_ns; /* width; 0 = one bin over everything, -1 = calendar months */
	int64_t t0, t1; /* span of the axis: start of the first bin, end of the last */
	int64_t first_ns, last_ns;
	uint64_t flows, counted, source_bins;
	uint64_t nmax; /* >= 1 */
	uint64_t smax; /* largest cell */
	bool is_out, is_ports;
	const char *inside;		  /* text, "" if the default private space */
	uint64_t sizes[FF_CONTACT_SIZES]; /* whole-prefix host counts, ascending, <= nmax
					   */
	unsigned size_bits[FF_CONTACT_SIZES]; /* prefix length of each, 0 if none (768) */
	bool size_whole[FF_CONTACT_SIZES];    /* the whole inside network */
	size_t nsizes;
	struct ff_contact_region regions[FF_CONTACT_REGIONS]; /* by low; may be none */
	size_t nregions;
	/* findings, NULL if not found; arrays are heaviest first */
	const struct ff_finding *peak, *fit;
	const struct ff_finding *bands[8], *ridges[16];
	size_t nbands, nridges;
};
/* FF_EFORMAT when the result is no contact result or holds no cell. */
int ff_contact_data_init(struct ff_contact_data *d, const struct ff_result *r,
			 struct ff_err *err);
void ff_contact_data_release(struct ff_contact_data *d);
/* Numbers of a finding as counts and times: 0 when absent or no such thing (a state may
 * hold anything), at most 10^18. */
uint64_t ff_contact_count(const struct ff_finding *f, const char *name);
int64_t ff_contact_period(const struct ff_finding *f);
/* Prefix length that a ridge sweeps, 0 if none. */
unsigned ff_contact_prefix(const struct ff_finding *f);
/* Sources with low <= n <= high in the bin. */
uint64_t ff_contact_sum(const struct ff_contact_data *d, const struct ff_contact_bin *b,
			uint64_t low, uint64_t high);

#endif
