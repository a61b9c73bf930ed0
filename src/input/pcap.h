/* SPDX-License-Identifier: MIT */
/* pcap - from captured packets to flows, in four steps that can be used one by one:
 *
 *	capture    bytes of a file -> frames	       pcap_capture.c, by libpcap
 *	link       frame -> IP packet	       pcap_link.c, pcap_wlan.c
 *	packet     IP packet -> ports, payload  pcap_packet.c
 *	flows      packets -> flows	       pcap_flows.c
 *
 * Who wants what UDP packets carry, such as exports of NetFlow and IPFIX, takes the first
 * three and reads `payload` of struct packet. */
#ifndef FF_INPUT_PCAP_H
#define FF_INPUT_PCAP_H

#include <flowfig/input.h>

enum { PACKET_ICMP = 1, PACKET_TCP = 6, PACKET_UDP = 17, PACKET_ICMPV6 = 58 };

/* ---- capture ---- */

/* The rest of a frame: first the whole of it, in the end an IP packet. */
struct packet_frame {
	const uint8_t *data; /* borrowed until the next frame */
	size_t len;	     /* bytes captured */
	size_t wire;	     /* bytes there were on the wire, from data on; >= len */
	int64_t time_ns;
	uint32_t vlan; /* identifiers of the last two tags, 12 bits each; 0 = none */
};

struct packet_capture;
/* Reads the header of a pcap or pcapng file. `in` is borrowed. `filter` is an expression
 * of pcap-filter(7), or NULL: frames that do not pass are left out; a wrong one is
 * FF_EUSAGE. FF_EFORMAT, with the package's name, when libpcap was left out of the build.
 */
int packet_capture_open(struct packet_capture **out, struct ff_stream *in,
			const char *filter, struct ff_err *err);
void packet_capture_close(struct packet_capture *c); /* NULL allowed */
/* 1 with a frame, 0 at the end; < 0: FF_EFORMAT when nothing further can be read, of
 * which
 * `*cut` tells whether the file merely ends in the middle of a record. Times outside of
 * 1678 to 2261 are given as INT64_MIN. */
int packet_capture_next(struct packet_capture *c, struct packet_frame *f, bool *cut,
			struct ff_err *err);
/* Of the record that was read last, or could not be: the byte after it. */
uint64_t packet_capture_offset(const struct packet_capture *c);
int packet_capture_link(const struct packet_capture *c); /* link type, DLT_... */
/* "EN10MB (Ethernet)" */
void packet_capture_link_name(char *buf, size_t cap, int link);
/* "pcap 2.4, little-endian, nanoseconds, EN10MB (Ethernet), snapshots of 65535 bytes" */
void packet_capture_detail(const struct packet_capture *c, char *buf, size_t cap);

/* ---- link ---- */

/* Moves the frame on to its IP packet; false when it carries none (ARP, management...) or
 * too little of it was captured. */
typedef bool packet_link_fn(struct packet_frame *f);
packet_link_fn *packet_link_find(int link); /* NULL: not known */
packet_link_fn packet_link_wlan, packet_link_radiotap, packet_link_prism, packet_link_avs;
/* What follows an LLC header, or an Ethernet type. */
bool packet_link_llc(struct packet_frame *f);
bool packet_link_type(struct packet_frame *f, unsigned type);
/* False when there are fewer bytes. */
static inline bool packet_skip(struct packet_frame *f, size_t n)
{
	if (f->len < n)
		return false;
	f->data += n;
	f->len -= n;
	f->wire -= n;
	return true;
}

/* ---- packet ---- */

struct packet {
	struct ff_addr sip, dip;
	int64_t time_ns;
	uint64_t bytes; /* of the IP packet with its headers, as it says itself */
	uint32_t vlan;
	uint16_t sport, dport; /* 0 when there are none; ICMP: 0, type * 256 + code */
	uint8_t protocol;      /* past the extension headers of IPv6 */
	uint8_t flags;	       /* of TCP */
	bool is_v6;
	bool has_ports, has_flags; /* they were captured */
	uint32_t hash;		   /* set by packet_flows_expect() */
	/* UDP, not of a later fragment: what was captured past the header; borrowed until
	 * the next frame */
	const uint8_t *payload;
	size_t payload_len;
};

/* Which ports the first fragment of a packet had. Bounded: the oldest are forgotten. */
struct packet_fragments;
int packet_fragments_new(struct packet_fragments **out, struct ff_err *err);
void packet_fragments_free(struct packet_fragments *t); /* NULL allowed */
void packet_fragments_put(struct packet_fragments *t, const struct packet *p,
			  uint32_t id);
/* Gives *p protocol and ports of the fragment's packet; false if not known. */
bool packet_fragments_get(const struct packet_fragments *t, struct packet *p,
			  uint32_t id);

/* False when the frame, which packet_link_fn has moved on, holds no sound IP header. */
bool packet_read(struct packet *p, const struct packet_frame *f,
		 struct packet_fragments *fragments);

/* ---- flows ---- */

/* Whether a is later than b by more than `by`, whatever they are. */
static inline bool packet_is_later(int64_t a, int64_t b, int64_t by)
{
	return a > b && (uint64_t)a - (uint64_t)b > (uint64_t)by;
}

struct packet_flows_opts {
	int64_t idle_ns, active_ns; /* > 0 */
	uint64_t max_active;	    /* 1..PACKET_FLOWS_MAX */
};
#define PACKET_FLOWS_MAX UINT64_C(1000000000)

/* Flows that may still go on. Packets of one key - addresses, ports, protocol, VLAN - are
 * one flow until none came for idle_ns, or it has lasted active_ns; what comes then
 * begins another. About 130 bytes for each flow. */
struct packet_flows;
int packet_flows_new(struct packet_flows **out, const struct packet_flows_opts *o,
		     struct ff_err *err);
void packet_flows_free(struct packet_flows *t); /* NULL allowed */
/* Before any packet is counted: looks at where the next n packets will be counted, so
 * that they wait for memory together. */
void packet_flows_expect(struct packet_flows *t, struct packet *p, size_t n);
/* Counts the packet. Returns 1 when that ended a flow, which is written to *out, else 0;
 * < 0 on error. */
int packet_flows_add(struct packet_flows *t, const struct packet *p, struct ff_flow *out,
		     struct ff_err *err);
/* Takes out flows that have been idle for too long by the time of the last packets, at
 * most `room`; returns how many. */
size_t packet_flows_expire(struct packet_flows *t, struct ff_flow *out, size_t room);
/* Takes out any flows, for the end of the input; 0 = none is left. */
size_t packet_flows_flush(struct packet_flows *t, struct ff_flow *out, size_t room);
/* Flows that were ended only to make room for others. */
uint64_t packet_flows_forced(const struct packet_flows *t);

#endif
