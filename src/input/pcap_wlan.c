/* SPDX-License-Identifier: MIT */
/* pcap_wlan - finds the IP packet in a frame of IEEE 802.11, bare or behind one of the
 * headers that drivers put in front. Encrypted frames, and several packets in one frame,
 * tell nothing. */
#include "input/pcap.h"

enum {
	WLAN_TYPE = 0x0c,
	WLAN_DATA = 0x08,
	WLAN_NO_DATA = 0x40, /* within data frames: null functions */
	WLAN_QOS = 0x80,
	/* second byte */
	WLAN_TO = 0x01,
	WLAN_FROM = 0x02,
	WLAN_MORE_FRAGMENTS = 0x04,
	WLAN_PROTECTED = 0x40,
	WLAN_ORDER = 0x80,
};

/* `padded`: the header is filled up to a multiple of 4 bytes. */
static bool wlan_frame(struct packet_frame *f, bool padded)
{
	size_t head = 24;
	uint8_t type, flags;

	if (f->len < head)
		return false;
	type = f->data[0];
	flags = f->data[1];
	if ((type & WLAN_TYPE) != WLAN_DATA || (type & WLAN_NO_DATA) ||
	    (flags & WLAN_PROTECTED))
		return false;
	if ((flags & WLAN_TO) && (flags & WLAN_FROM))
		head += 6;
	if (f->data[22] & 0x0f) /* a later fragment */
		return false;
	if (type & WLAN_QOS) {
		if (f->len < head + 2 || (f->data[head] & 0x80)) /* several packets */
			return false;
		head += 2;
		if (flags & WLAN_ORDER)
			head += 4;
	}
	if (padded)
		head = (head + 3) & ~(size_t)3;
	return packet_skip(f, head) && packet_link_llc(f);
}

bool packet_link_wlan(struct packet_frame *f)
{
	return wlan_frame(f, false);
}

/* The first of its fields are the time, 8 bytes, and flags, of which one tells of
 * padding.
 */
bool packet_link_radiotap(struct packet_frame *f)
{
	size_t len, at = 4;
	uint32_t present, first;
	bool padded = false;

	if (f->len < 8)
		return false;
	len = ff_get_u16(f->data + 2, false);
	if (len < 8 || len > f->len)
		return false;
	first = present = ff_get_u32(f->data + 4, false);
	for (at = 8; (present & UINT32_C(0x80000000)) && at + 4 <= len; at += 4)
		present = ff_get_u32(f->data + at, false);
	if (first & 1)
		at = ((at + 7) & ~(size_t)7) + 8;
	if ((first & 2) && at < len)
		padded = f->data[at] & 0x20;
	return packet_skip(f, len) && wlan_frame(f, padded);
}

bool packet_link_avs(struct packet_frame *f)
{
	uint32_t len;

	if (f->len < 8)
		return false;
	len = ff_get_u32(f->data + 4, true);
	return len >= 8 && packet_skip(f, len) && wlan_frame(f, false);
}

/* Some drivers wrote the other header under this type: its first bytes tell. */
bool packet_link_prism(struct packet_frame *f)
{
	if (f->len >= 4 && ff_get_u32(f->data, true) >> 12 == 0x80211)
		return packet_link_avs(f);
	return packet_skip(f, 144) && wlan_frame(f, false);
}
