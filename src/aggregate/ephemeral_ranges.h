/* SPDX-License-Identifier: MIT */
/* ephemeral_ranges - the ranges from which known systems take source ports. */
#ifndef FF_AGGREGATE_EPHEMERAL_RANGES_H
#define FF_AGGREGATE_EPHEMERAL_RANGES_H

#include <stdint.h>

struct ephemeral_range {
	const char *system; /* as the margin of the figure names it */
	uint16_t low, high; /* inclusive */
};
enum { EPHEMERAL_RANGES = 9 };
/* By the highest port, then the lowest, downwards. Defaults as shipped: RFC 6335 section
 * 6 (49152-65535), net.ipv4.ip_local_port_range (Linux), net.inet.ip.portrange (BSD),
 * tcp_smallest_anon_port (Solaris), MaxUserPort (Windows to 2003), pf.conf(5). */
extern const struct ephemeral_range ephemeral_ranges[EPHEMERAL_RANGES];

#endif
