/* SPDX-License-Identifier: MIT */
/* measure - what sizes are measured by, and small things that findings are made of;
 * shared by the aggregates. */
#ifndef FF_AGGREGATE_MEASURE_H
#define FF_AGGREGATE_MEASURE_H

#include <flowfig/flow.h>
#include <flowfig/table.h>

enum agg_measure { AGG_FLOWS, AGG_PACKETS, AGG_BYTES, AGG_MEASURES };
extern const char *const agg_measure_names[AGG_MEASURES + 1]; /* NULL ends it */

/* FF_EABSENT when `without` of `flows` flows do not carry what is measured. */
int agg_measure_check(enum agg_measure m, uint64_t without, uint64_t flows,
		      struct ff_err *err);

/* Only these protocols have ports: TCP, UDP, DCCP, SCTP, UDP-Lite. */
static inline bool agg_protocol_has_ports(unsigned protocol)
{
	return protocol == 6 || protocol == 17 || protocol == 33 || protocol == 132 ||
	       protocol == 136;
}
#define AGG_PORT_PROTOCOLS "6,17,33,132,136" /* as --protocol takes them */

/* "12.3 %", "0.04 %", "under 0.01 %", "over 99.9 %"; share is 0..1, buf holds 16. */
char *agg_percent(char *buf, double share);
/* Of n > 0 numbers, which are put into order. */
double agg_median(double *v, size_t n);
/* Appends a number to a finding; one too many is left out. */
void agg_number(struct ff_finding *f, const char *name, double value);
/* Sums for attributes, which are signed. */
static inline int64_t agg_attr(uint64_t v)
{
	return v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

#endif
