/* SPDX-License-Identifier: MIT */
/* ephemeral_data - the ephemeral result as the figure reads it: one host or a few, their
 * flows, what the aggregate found. Borrows from the result. */
#ifndef FIGURE_EPHEMERAL_DATA_H
#define FIGURE_EPHEMERAL_DATA_H

#include <flowfig/table.h>

#define FF_PORTS 65536

struct ff_ephemeral_host {
	char name[FF_ADDR_TEXT];
	struct ff_addr addr;
	size_t first, count; /* its rows: first .. first + count of ff_ephemeral_row(),
				ascending by time */
	uint64_t udp, even;  /* flows by UDP; even ports of the others */
	int64_t t0, t1;	     /* first and last start; t1 > t0 */
	const char *claim;   /* what it is consistent with, "" without a verdict */
	const char *reason;  /* why there is none, "" with one */
};
/* A span without any flow, long against the mean. */
struct ff_ephemeral_gap {
	int64_t from, to;
};
/* A default range of a known system. */
struct ff_ephemeral_range {
	const char *name, *brief; /* static; brief where the panel is low */
	unsigned low, high;
	bool is_common; /* shown though nothing names it */
};
extern const struct ff_ephemeral_range ff_ephemeral_ranges[];
extern const size_t ff_ephemeral_nranges;

#define FF_EPHEMERAL_WRAPS 4096
#define FF_EPHEMERAL_HOSTS 64
struct ff_ephemeral_data {
	const struct ff_result *result;
	/* columns of the table, `rows` long */
	size_t rows;
	const int64_t *time;
	const struct ff_column *sport, *protocol, *daddr, *dport; /* borrowed */
	uint32_t *order;  /* rows by host; NULL: as they stand; owned */
	const char *name; /* the host or network asked for */
	bool is_single;	  /* one address was asked for */
	struct ff_ephemeral_host hosts[FF_EPHEMERAL_HOSTS]; /* busiest first, count > 0 */
	size_t nhosts;
	uint64_t hosts_seen;		  /* in all */
	const struct ff_finding *verdict; /* of the only host; NULL if none */
	int64_t *wraps;			  /* ascending; owned */
	size_t nwraps;
	/* ports that the verdict set aside, which no allocator chose: bits by port */
	uint64_t aside[FF_PORTS / 64];
	bool has_aside;
};
/* FF_EFORMAT when the result is no ephemeral result or holds no flow. */
int ff_ephemeral_data_init(struct ff_ephemeral_data *d, const struct ff_result *r,
			   struct ff_err *err);
void ff_ephemeral_data_release(struct ff_ephemeral_data *d);
/* The row of the table at place i of the rows by host. */
static inline size_t ff_ephemeral_row(const struct ff_ephemeral_data *d, size_t i)
{
	return d->order ? d->order[i] : i;
}
static inline bool ff_ephemeral_is_aside(const struct ff_ephemeral_data *d, unsigned port)
{
	return d->has_aside && (d->aside[port / 64] >> port % 64 & 1);
}
static inline unsigned ff_ephemeral_sport(const struct ff_ephemeral_data *d, size_t row)
{
	return (unsigned)ff_column_u64(d->sport, row);
}
static inline unsigned ff_ephemeral_protocol(const struct ff_ephemeral_data *d,
					     size_t row)
{
	return (unsigned)ff_column_u64(d->protocol, row);
}
static inline bool ff_ephemeral_is_udp(const struct ff_ephemeral_data *d, size_t row)
{
	return ff_ephemeral_protocol(d, row) == 17;
}

/* ---- counts over the rows of one host ---- */

/* Flows by source port: [0] all but UDP, [1] UDP. */
struct ff_ephemeral_ports {
	uint32_t flows[2][FF_PORTS];
};
int ff_ephemeral_ports_new(struct ff_ephemeral_ports **out,
			   const struct ff_ephemeral_data *d,
			   const struct ff_ephemeral_host *h, struct ff_err *err);
/* Flows with low <= port <= high. */
uint64_t ff_ephemeral_ports_sum(const struct ff_ephemeral_ports *p, unsigned low,
				unsigned high);
/* The ports that the axis shows, half open: all, or when more than 99 % of the flows lie
 * in one known range narrower than 44 % of them, that range with some room. */
void ff_ephemeral_zoom(const struct ff_ephemeral_ports *p, uint64_t flows, unsigned *low,
		       unsigned *high);

/* Flows and even ports by time. Parity tells of TCP only, where there is TCP enough. */
struct ff_ephemeral_strip {
	int64_t start, width; /* of the first bin, ns */
	size_t count;
	bool is_tcp;		 /* tested and even are of TCP, else of all flows */
	uint32_t *flows;	 /* owned, with the next two */
	uint32_t *tested, *even; /* ports tested for parity, even ones */
	uint32_t most;		 /* flows of the fullest bin */
};
/* At most `most` bins of a width that people count in, on the clock of UTC + tz_ns. */
int ff_ephemeral_strip_init(struct ff_ephemeral_strip *s,
			    const struct ff_ephemeral_data *d,
			    const struct ff_ephemeral_host *h, int64_t tz_ns, size_t most,
			    struct ff_err *err);
void ff_ephemeral_strip_release(struct ff_ephemeral_strip *s);

/* Silent spans of a host: longer than 4 % of its time and 12 mean gaps. At most `cap`,
 * the earliest; returns how many. */
size_t ff_ephemeral_gaps(struct ff_ephemeral_gap *out, size_t cap,
			 const struct ff_ephemeral_data *d,
			 const struct ff_ephemeral_host *h);

#endif
