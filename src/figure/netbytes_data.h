/* SPDX-License-Identifier: MIT */
/* netbytes_data - the netbytes result as the views read it: cells by port, and what each
 * port sums up to. Borrows from the result. */
#ifndef FIGURE_NETBYTES_DATA_H
#define FIGURE_NETBYTES_DATA_H

#include <flowfig/table.h>

struct ff_netbytes_cell {
	int64_t start;	/* of the bin */
	uint64_t value; /* by the measure */
	uint64_t flows;
	uint32_t port; /* index in ports[] */
};
struct ff_netbytes_port {
	uint8_t protocol;
	uint16_t number;
	uint64_t value, flows;	   /* over the whole time */
	uint64_t by_host, by_peer; /* flows that each end opened, as far as known */
	size_t first, count;	   /* its cells, ascending by time: one a bin */
	size_t peak;		   /* index of its largest cell; the first of equals */
};
struct ff_netbytes_bin {
	int64_t start;
	uint64_t value;	 /* sum over its cells */
	bool is_counted; /* has cells; else other selected flows only */
};
enum ff_netbytes_measure { FF_NETBYTES_BYTES, FF_NETBYTES_PACKETS, FF_NETBYTES_FLOWS };
struct ff_netbytes_data {
	const struct ff_result *result;
	struct ff_netbytes_cell *cells; /* by port, then time; owned */
	size_t ncells;
	struct ff_netbytes_port *ports; /* by protocol, then number; owned */
	size_t nports;
	/* that hold any selected flow, ascending: the time between them has no data at
	 * all; owned */
	struct ff_netbytes_bin *bin;
	size_t nbins;
	enum ff_netbytes_measure measure;
	int64_t bin_ns; /* width; 0 = one bin over everything, -1 = calendar months */
	int64_t t0, t1; /* span of the axis: start of the first bin, end of the last */
	int64_t first_ns, last_ns;
	uint64_t value, flows; /* sums over all cells */
	uint64_t portless;     /* selected flows of the host that have no port */
	uint64_t bins;	       /* on the axis, with or without cells */
	const char *host;      /* "198.18.5.10", "10.0.0.0/24" */
	const char *side;      /* "host", "peer", "sport", "dport", "service" */
	const char *direction; /* "in", "out", "both" */
	bool has_udp, has_tcp, has_other; /* protocols seen */
};
/* FF_EFORMAT when the result is no netbytes result or holds no cell. */
int ff_netbytes_data_init(struct ff_netbytes_data *d, const struct ff_result *r,
			  struct ff_err *err);
void ff_netbytes_data_release(struct ff_netbytes_data *d);
/* Index of the bin that begins at `start`, or nbins. */
size_t ff_netbytes_bin_at(const struct ff_netbytes_data *d, int64_t start);
/* Index of the port, or nports. */
size_t ff_netbytes_find(const struct ff_netbytes_data *d, unsigned protocol,
			unsigned number);
/* Exclusive end of the bin that begins at `start`. */
int64_t ff_netbytes_bin_end(const struct ff_netbytes_data *d, int64_t start);

#endif
