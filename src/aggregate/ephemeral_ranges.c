/* SPDX-License-Identifier: MIT */
/* ephemeral_ranges - see ephemeral_ranges.h. */
#include "aggregate/ephemeral_ranges.h"

const struct ephemeral_range ephemeral_ranges[EPHEMERAL_RANGES] = {
	{"pf NAT", 50001, 65535},
	{"Windows Vista+, macOS, NetBSD", 49152, 65535},
	{"Solaris, AIX", 32768, 65535},
	{"FreeBSD 8+", 10000, 65535},
	{"Linux 2.4-4.1", 32768, 61000},
	{"Linux 4.2+", 32768, 60999},
	{"OpenBSD", 1024, 49151},
	{"Windows NT-2003, BSD", 1025, 5000},
	{"Linux to 2.4, small", 1024, 4999},
};
