/* SPDX-License-Identifier: MIT */
/* pcap_flow - one flow of the table that pcap_flows.c keeps. */
#ifndef FF_INPUT_PCAP_FLOW_H
#define FF_INPUT_PCAP_FLOW_H

#include "input/pcap.h"

struct packet_flow_key {
	struct ff_addr sip, dip;
	uint32_t vlan;
	uint16_t sport, dport;
	uint8_t protocol, is_v6;
	uint8_t filler[6]; /* zero: keys are compared as bytes */
};

enum {
	FLOW_HAS_INITIAL = 1,
	FLOW_HAS_SESSION = 2,
	FLOW_HAS_ICMP = 4,
	FLOW_SIZES_DIFFER = 8,
	FLOW_FINISHED = 16,  /* a FIN came */
	FLOW_AFTER_FIN = 32, /* and then more than a bare ACK */
	FLOW_CONTINUED = 64,
};

struct packet_flow {
	struct packet_flow_key key;
	int64_t start_ns, end_ns;
	uint64_t packets, bytes;
	uint64_t first_bytes; /* of the first packet */
	uint32_t hash;
	uint8_t initial, session, state; /* FLOW_... */
};

/* A flow of one packet; its key and hash are left as they are. */
void packet_flow_begin(struct packet_flow *f, const struct packet *p);
void packet_flow_go_on(struct packet_flow *f, const struct packet *p);
/* With these attributes, and those that the packets tell. */
void packet_flow_write(const struct packet_flow *f, uint8_t attributes,
		       struct ff_flow *out);
/* Whether there is so much time between the flow and the moment, in either direction: a
 * clock may be set back. */
bool packet_flow_is_apart(const struct packet_flow *f, int64_t ns, int64_t idle_ns);

#endif
