/* SPDX-License-Identifier: MIT */
/* pcap_link - finds the IP packet in a frame: Ethernet with VLAN tags, MPLS labels and
 * PPPoE, Linux's cooked headers, PPP, Cisco HDLC, BSD loopback, bare IP; wireless frames
 * are taken apart in pcap_wlan.c.
 *
 * Types are those of https://www.tcpdump.org/linktypes.html; their numbers within libpcap
 * are the same, but for bare IP. */
#include "input/pcap.h"

enum {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_RAW = 12,
	LINK_RAW_OPENBSD = 14,
	LINK_PPP_SERIAL = 50,
	LINK_PPP_ETHER = 51,
	LINK_RAW_FILE = 101,
	LINK_CISCO_HDLC = 104,
	LINK_WLAN = 105,
	LINK_LOOP = 108,
	LINK_COOKED = 113,
	LINK_PRISM = 119,
	LINK_RADIOTAP = 127,
	LINK_AVS = 163,
	LINK_PPI = 192,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_COOKED2 = 276,
};

enum {
	TYPE_MIN = 0x600, /* below it is a length: an LLC header follows */
	TYPE_IPV4 = 0x0800,
	TYPE_IPV6 = 0x86dd,
	TYPE_VLAN = 0x8100,
	TYPE_QINQ = 0x88a8,
	TYPE_QINQ_OLD = 0x9100,
	TYPE_QINQ_OLDER = 0x9200,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_MULTICAST = 0x8848,
	TYPE_PPPOE = 0x8864,
};

static unsigned link_u16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* ---- what may stand between a link header and IP ---- */

/* Nothing tells what follows the last label; IP begins with its version. */
static bool link_mpls(struct packet_frame *f)
{
	bool last = false;

	while (!last) {
		if (f->len < 4)
			return false;
		last = f->data[2] & 1;
		packet_skip(f, 4);
	}
	return f->len > 0 && (f->data[0] >> 4 == 4 || f->data[0] >> 4 == 6);
}

/* After address and control, if any, the protocol in one byte or two. */
static bool link_ppp(struct packet_frame *f)
{
	unsigned protocol;

	if (f->len >= 2 && f->data[0] == 0xff && f->data[1] == 0x03)
		packet_skip(f, 2);
	if (f->len < 2)
		return false;
	protocol = f->data[0] & 1 ? f->data[0] : link_u16(f->data);
	packet_skip(f, f->data[0] & 1 ? 1 : 2);
	if (protocol == 0x0281 || protocol == 0x0283)
		return link_mpls(f);
	return protocol == 0x0021 || protocol == 0x0057;
}

static bool link_pppoe(struct packet_frame *f)
{
	/* version 1, type 1; code 0 is a session's data */
	if (f->len < 6 || f->data[0] != 0x11 || f->data[1] != 0)
		return false;
	packet_skip(f, 6);
	return link_ppp(f);
}

bool packet_link_llc(struct packet_frame *f)
{
	/* SNAP of an Ethernet type */
	static const uint8_t snap[6] = {0xaa, 0xaa, 0x03, 0, 0, 0};
	unsigned type;

	if (f->len < 8 || memcmp(f->data, snap, sizeof snap) != 0)
		return false;
	type = link_u16(f->data + 6);
	packet_skip(f, 8);
	return packet_link_type(f, type);
}

bool packet_link_type(struct packet_frame *f, unsigned type)
{
	for (;;) {
		switch (type) {
		case TYPE_IPV4:
		case TYPE_IPV6:
			return true;
		case TYPE_VLAN:
		case TYPE_QINQ:
		case TYPE_QINQ_OLD:
		case TYPE_QINQ_OLDER:
			if (f->len < 4)
				return false;
			f->vlan =
				(f->vlan << 12 | (link_u16(f->data) & 0xfff)) & 0xffffff;
			type = link_u16(f->data + 2);
			packet_skip(f, 4);
			if (type < TYPE_MIN)
				return packet_link_llc(f);
			continue;
		case TYPE_MPLS:
		case TYPE_MPLS_MULTICAST:
			return link_mpls(f);
		case TYPE_PPPOE:
			return link_pppoe(f);
		default:
			return false;
		}
	}
}

/* ---- link types ---- */

static bool link_ethernet(struct packet_frame *f)
{
	unsigned type;

	if (f->len < 14)
		return false;
	type = link_u16(f->data + 12);
	packet_skip(f, 14);
	return type < TYPE_MIN ? packet_link_llc(f) : packet_link_type(f, type);
}

static bool link_cooked(struct packet_frame *f)
{
	unsigned type;

	if (f->len < 16)
		return false;
	type = link_u16(f->data + 14);
	packet_skip(f, 16);
	return type == 4 ? packet_link_llc(f) : packet_link_type(f, type);
}

static bool link_cooked2(struct packet_frame *f)
{
	unsigned type;

	if (f->len < 20)
		return false;
	type = link_u16(f->data);
	packet_skip(f, 20);
	return type == 4 ? packet_link_llc(f) : packet_link_type(f, type);
}

static bool link_raw(struct packet_frame *f)
{
	return f->len > 0;
}

/* The address family in four bytes, in the order of the machine that captured; that of
 * IPv6 depends on its system. */
static bool link_loop(struct packet_frame *f)
{
	uint32_t family;

	if (f->len < 4)
		return false;
	family = ff_get_u32(f->data, false);
	if (family > 0xffff)
		family = ff_get_u32(f->data, true);
	packet_skip(f, 4);
	return family == 2 || family == 10 || family == 24 || family == 28 ||
	       family == 30;
}

static bool link_hdlc(struct packet_frame *f)
{
	unsigned type;

	if (f->len < 4 || (f->data[0] != 0x0f && f->data[0] != 0x8f))
		return false;
	type = link_u16(f->data + 2);
	packet_skip(f, 4);
	return packet_link_type(f, type);
}

/* Over a serial line either of the two. */
static bool link_ppp_serial(struct packet_frame *f)
{
	return f->len > 0 && (f->data[0] == 0x0f || f->data[0] == 0x8f) ? link_hdlc(f)
									: link_ppp(f);
}

/* A header that says its own length, and the type of what follows. */
static bool link_ppi(struct packet_frame *f)
{
	packet_link_fn *inner;
	uint32_t link;

	if (f->len < 8)
		return false;
	link = ff_get_u32(f->data + 4, false);
	inner = link == LINK_PPI || link > INT32_MAX ? NULL : packet_link_find((int)link);
	return inner && ff_get_u16(f->data + 2, false) >= 8 &&
	       packet_skip(f, ff_get_u16(f->data + 2, false)) && inner(f);
}

packet_link_fn *packet_link_find(int link)
{
	static const struct {
		int link;
		packet_link_fn *fn;
	} links[] = {
		{LINK_NULL, link_loop},		 {LINK_ETHERNET, link_ethernet},
		{LINK_PPP, link_ppp_serial},	 {LINK_RAW, link_raw},
		{LINK_RAW_OPENBSD, link_raw},	 {LINK_PPP_SERIAL, link_ppp_serial},
		{LINK_PPP_ETHER, link_pppoe},	 {LINK_RAW_FILE, link_raw},
		{LINK_CISCO_HDLC, link_hdlc},	 {LINK_WLAN, packet_link_wlan},
		{LINK_LOOP, link_loop},		 {LINK_COOKED, link_cooked},
		{LINK_PRISM, packet_link_prism}, {LINK_RADIOTAP, packet_link_radiotap},
		{LINK_AVS, packet_link_avs},	 {LINK_PPI, link_ppi},
		{LINK_IPV4, link_raw},		 {LINK_IPV6, link_raw},
		{LINK_COOKED2, link_cooked2},
	};

	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (links[i].link == link)
			return links[i].fn;
	return NULL;
}
