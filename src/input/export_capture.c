/* SPDX-License-Identifier: MIT */
/* export_capture - the UDP datagrams in pcap and pcapng files. Nothing of the capture
 * matters but who sent what: times are those of the exporters. */
#include "input/export.h"

enum {
	PCAP_HEAD = 24,
	PCAP_PACKET_HEAD = 16,
	NG_HEAD = 8, /* and the length again at the end */
	PIECE_MAX = 16 << 20,
	NG_SECTION = 0x0a0d0d0a,
	NG_INTERFACE = 1,
	NG_OLD_PACKET = 2,
	NG_SIMPLE_PACKET = 3,
	NG_PACKET = 6,
	NG_ORDER = 0x1a2b3c4d,
};
enum {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_LOOP = 108,
	LINK_SLL = 113,
	LINK_SLL2 = 276
};
enum {
	ETHER_IPV4 = 0x0800,
	ETHER_IPV6 = 0x86dd,
	ETHER_VLAN = 0x8100,
	ETHER_QINQ = 0x88a8
};
enum {
	IP_HOP_BY_HOP = 0,
	IP_UDP = 17,
	IP_ROUTING = 43,
	IP_FRAGMENT = 44,
	IP_OPTIONS = 60
};
enum { UDP_HEAD = 8, VLANS_MAX = 4 };

/* ---- packets: what was captured is data[at..end) ---- */

struct packet_view {
	const uint8_t *data;
	size_t at, end;
};

static bool packet_has(const struct packet_view *v, size_t n)
{
	return v->end - v->at >= n;
}

/* `whole` is the length of UDP with its head that IP tells. */
static void packet_udp(struct export_packet *out, const struct packet_view *v,
		       size_t whole)
{
	size_t len;

	if (!packet_has(v, UDP_HEAD))
		return;
	len = ff_get_u16(v->data + v->at + 4, true);
	if (len < UDP_HEAD || len > whole)
		return;
	out->is_udp = true;
	out->at = v->at + UDP_HEAD;
	out->len = len - UDP_HEAD;
	out->is_cut = v->end - out->at < out->len;
	if (out->is_cut)
		out->len = v->end - out->at;
}

static void packet_ipv4(struct export_packet *out, struct packet_view v)
{
	const uint8_t *p = v.data + v.at;
	size_t head, whole;

	if (!packet_has(&v, 20))
		return;
	head = (p[0] & 0xfU) * 4;
	whole = ff_get_u16(p + 2, true);
	if (head < 20 || !packet_has(&v, head) || whole < head || p[9] != IP_UDP)
		return;
	out->from = ff_addr_from_v4(ff_get_u32(p + 12, true));
	out->is_fragment = (ff_get_u16(p + 6, true) & 0x3fff) != 0;
	v.at += head;
	if (!out->is_fragment)
		packet_udp(out, &v, whole - head);
}

static void packet_ipv6(struct export_packet *out, struct packet_view v)
{
	const uint8_t *p = v.data + v.at;
	size_t whole, n;
	unsigned next;

	if (!packet_has(&v, 40))
		return;
	whole = ff_get_u16(p + 4, true);
	next = p[6];
	memcpy(out->from.b, p + 8, sizeof out->from.b);
	v.at += 40;
	while (next == IP_HOP_BY_HOP || next == IP_ROUTING || next == IP_OPTIONS) {
		if (!packet_has(&v, 8))
			return;
		n = (v.data[v.at + 1] + 1U) * 8;
		if (!packet_has(&v, n) || n > whole)
			return;
		next = v.data[v.at];
		v.at += n;
		whole -= n;
	}
	out->is_fragment =
		next == IP_FRAGMENT && packet_has(&v, 1) && v.data[v.at] == IP_UDP;
	if (next == IP_UDP)
		packet_udp(out, &v, whole);
}

static void packet_ip(struct export_packet *out, const struct packet_view *v)
{
	if (!packet_has(v, 1))
		return;
	if (v->data[v->at] >> 4 == 4)
		packet_ipv4(out, *v);
	else if (v->data[v->at] >> 4 == 6)
		packet_ipv6(out, *v);
}

/* Steps over the type of what is carried, which ends `n` bytes from here, and VLAN tags.
 */
static void packet_typed(struct export_packet *out, struct packet_view v, size_t type_at,
			 size_t n)
{
	for (int tags = 0; tags <= VLANS_MAX && packet_has(&v, n); tags++) {
		unsigned type = ff_get_u16(v.data + v.at + type_at, true);

		v.at += n;
		if (type == ETHER_IPV4 || type == ETHER_IPV6) {
			packet_ip(out, &v);
			return;
		}
		if (type != ETHER_VLAN && type != ETHER_QINQ)
			return;
		type_at = 2;
		n = 4;
	}
}

static void packet_read(struct export_packet *out, uint32_t link, const uint8_t *data,
			size_t at, size_t end)
{
	struct packet_view v = {data, at, end};

	out->is_packet = true;
	switch (link) {
	case LINK_ETHERNET:
		packet_typed(out, v, 12, 14);
		return;
	case LINK_SLL:
		packet_typed(out, v, 14, 16);
		return;
	case LINK_SLL2:
		packet_typed(out, v, 0, 20);
		return;
	case LINK_NULL:
	case LINK_LOOP:
		if (packet_has(&v, 4)) {
			v.at += 4;
			packet_ip(out, &v);
		}
		return;
	default: /* IP as it is, or nothing that looks like it */
		packet_ip(out, &v);
	}
}

/* ---- containers ---- */

enum export_container export_capture_kind(const uint8_t *head, size_t len)
{
	uint32_t magic = len >= 4 ? ff_get_u32(head, true) : 0;
	uint32_t swapped = len >= 4 ? ff_get_u32(head, false) : 0;

	if (magic == NG_SECTION)
		return EXPORT_PCAPNG;
	if (magic == 0xa1b2c3d4 || magic == 0xa1b23c4d || swapped == 0xa1b2c3d4 ||
	    swapped == 0xa1b23c4d)
		return EXPORT_PCAP;
	return EXPORT_BARE;
}

/* A piece that is there whole: its bytes; else what it needs is told. */
static ptrdiff_t capture_need(size_t *need, size_t bytes, size_t len, struct ff_err *err)
{
	if (bytes > PIECE_MAX)
		return ff_fail(err, FF_EFORMAT, "a packet of %zu bytes", bytes);
	*need = bytes;
	return bytes <= len ? (ptrdiff_t)bytes : 0;
}

/* Files that were put together have their heads in the middle: magic, version 2.4. */
static bool pcap_is_head(const uint8_t *data, size_t len)
{
	return len >= 8 && export_capture_kind(data, len) == EXPORT_PCAP &&
	       ff_get_u16(data + 4, data[0] == 0xa1) == 2 &&
	       ff_get_u16(data + 6, data[0] == 0xa1) == 4;
}

static ptrdiff_t pcap_next(struct export_capture *c, struct export_packet *p,
			   size_t *need, const uint8_t *data, size_t len,
			   struct ff_err *err)
{
	ptrdiff_t n = capture_need(need, PCAP_PACKET_HEAD, len, err);

	if (n <= 0)
		return n;
	n = capture_need(need, PCAP_PACKET_HEAD + (size_t)ff_get_u32(data + 8, c->big),
			 len, err);
	if (n > 0)
		packet_read(p, c->link, data, PCAP_PACKET_HEAD, (size_t)n);
	return n;
}

static ptrdiff_t pcap_begin(struct export_capture *c, size_t *need, const uint8_t *data,
			    size_t len, struct ff_err *err)
{
	ptrdiff_t n = capture_need(need, PCAP_HEAD, len, err);

	if (n <= 0)
		return n;
	c->big = data[0] == 0xa1;
	c->link = ff_get_u32(data + 20, c->big) & 0xffff;
	c->begun = true;
	return n;
}

/* The body of a packet block: its interface at 0, the captured length at `len_at`, the
 * packet itself at `at`. */
static void ng_packet(const struct export_capture *c, struct export_packet *p,
		      const uint8_t *data, size_t interface, size_t captured, size_t at,
		      size_t end)
{
	if (interface >= c->nlinks || at > end)
		return;
	if (captured < end - at)
		end = at + captured;
	packet_read(p, c->links[interface], data, at, end);
}

static void ng_block(struct export_capture *c, struct export_packet *p, uint32_t type,
		     const uint8_t *data, size_t len)
{
	size_t end = len - 4;

	switch (type) {
	case NG_SECTION:
		c->nlinks = 0;
		return;
	case NG_INTERFACE:
		if (end >= 16 && c->nlinks < EXPORT_INTERFACES)
			c->links[c->nlinks++] = ff_get_u16(data + 8, c->big);
		return;
	case NG_PACKET:
		if (end >= 28)
			ng_packet(c, p, data, ff_get_u32(data + 8, c->big),
				  ff_get_u32(data + 20, c->big), 28, end);
		return;
	case NG_OLD_PACKET:
		if (end >= 28)
			ng_packet(c, p, data, ff_get_u16(data + 8, c->big),
				  ff_get_u32(data + 20, c->big), 28, end);
		return;
	case NG_SIMPLE_PACKET:
		if (end >= 12)
			ng_packet(c, p, data, 0, ff_get_u32(data + 8, c->big), 12, end);
		return;
	default:
		return;
	}
}

static ptrdiff_t ng_next(struct export_capture *c, struct export_packet *p, size_t *need,
			 const uint8_t *data, size_t len, struct ff_err *err)
{
	ptrdiff_t n = capture_need(need, NG_HEAD + 4, len, err);
	uint32_t type;
	size_t bytes;

	if (n <= 0)
		return n;
	/* a section says in which order its bytes are */
	if (ff_get_u32(data, true) == NG_SECTION)
		c->big = ff_get_u32(data + 8, true) == NG_ORDER;
	type = ff_get_u32(data, c->big);
	bytes = ff_get_u32(data + 4, c->big);
	if (bytes < NG_HEAD + 4 || bytes % 4 != 0)
		return ff_fail(err, FF_EFORMAT, "a block of %zu bytes", bytes);
	n = capture_need(need, bytes, len, err);
	if (n <= 0)
		return n;
	ng_block(c, p, type, data, bytes);
	return n;
}

ptrdiff_t export_capture_next(struct export_capture *c, struct export_packet *p,
			      size_t *need, const uint8_t *data, size_t len,
			      struct ff_err *err)
{
	*p = (struct export_packet){0};
	if (c->kind == EXPORT_PCAPNG)
		return ng_next(c, p, need, data, len, err);
	return c->begun && !pcap_is_head(data, len)
		       ? pcap_next(c, p, need, data, len, err)
		       : pcap_begin(c, need, data, len, err);
}

/* ---- the first bytes ---- */

bool export_capture_first(struct export_packet *out, const uint8_t *head, size_t len)
{
	struct export_capture c = {.kind = export_capture_kind(head, len)};
	bool found = false;
	size_t at = 0;

	while (c.kind != EXPORT_BARE && at < len) {
		struct export_packet p;
		size_t need = 0;
		ptrdiff_t n =
			export_capture_next(&c, &p, &need, head + at, len - at, NULL);

		/* the last packet may go on behind what is seen */
		if (n <= 0)
			break;
		if (p.is_udp && !p.is_fragment) {
			p.at += at;
			if (!export_is_datagram(head + p.at, p.len, p.len)) {
				found = false;
				break;
			}
			if (!found)
				*out = p;
			found = true;
		}
		at += (size_t)n;
	}
	return found;
}
