/* SPDX-License-Identifier: MIT */
/* zeek - what the two forms of Zeek's conn.log, tab-separated and JSON, share. */
#ifndef FF_INPUT_ZEEK_H
#define FF_INPUT_ZEEK_H

#include "input/text.h"

extern const struct text_dialect zeek_tsv, zeek_json;

/* The two sides of a connection. */
enum { ZEEK_ORIG, ZEEK_RESP };

/* What a record says beside addresses, ports and times. */
struct zeek_conn {
	struct text_cell proto;	  /* "tcp", "icmp", "unknown_transport"; len 0: unknown */
	struct text_cell history; /* likewise */
	bool has_ip_proto;
	uint8_t ip_proto;
	struct zeek_side {
		bool has_packets, has_bytes;
		uint64_t packets;
		uint64_t bytes; /* of IP packets, or else of payload */
		int local;	/* 1, 0, or -1 when unknown */
	} side[2];
};

/* f[0] holds the originator's addresses, ports and times: makes f[0] and f[1] the flows
 * of the sides that sent something, and returns how many. -1: damaged. */
int zeek_flows(const struct zeek_conn *c, struct ff_flow f[TEXT_LINE_FLOWS],
	       char why[TEXT_WHY]);
/* FF_BIT mask of what history, and of what local_orig and local_resp, lead to. */
#define ZEEK_HISTORY_GIVES (FF_BIT(FF_FLAGS) | FF_BIT(FF_INITIAL_FLAGS))
#define ZEEK_PROTO_GIVES \
	(FF_BIT(FF_PROTOCOL) | FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE))

#endif
