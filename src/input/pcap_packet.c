/* SPDX-License-Identifier: MIT */
/* pcap_packet - takes an IP packet apart: IPv4 with options, IPv6 with extension headers,
 * fragments, and the ports of what is within. Only the outermost IP header counts.
 *
 * A packet that was cut by the snapshot length is normal: what is missing is not there,
 * and lengths are those that the headers tell. */
#include "input/pcap.h"

enum {
	PACKET_HOP_BY_HOP = 0,
	PACKET_DCCP = 33,
	PACKET_ROUTING = 43,
	PACKET_FRAGMENT = 44,
	PACKET_NOTHING = 59,
	PACKET_OPTIONS = 60,
	PACKET_SCTP = 132,
	PACKET_MOBILITY = 135,
	PACKET_UDPLITE = 136,
	PACKET_HIP = 139,
	PACKET_SHIM6 = 140,
};

/* What of the packet comes next, captured and not past its own end. */
struct packet_rest {
	const uint8_t *data;
	size_t len;
};

/* Which part of a packet this is. */
struct packet_part {
	bool is_later, is_first; /* of several; neither: it is whole */
	uint32_t id;
};

/* ---- past the IP header ---- */

static void packet_ports(struct packet *p, const struct packet_rest *r)
{
	if (r->len < 4)
		return;
	p->sport = ff_get_u16(r->data, true);
	p->dport = ff_get_u16(r->data + 2, true);
	p->has_ports = true;
}

static void packet_transport(struct packet *p, const struct packet_rest *r)
{
	switch (p->protocol) {
	case PACKET_TCP:
		packet_ports(p, r);
		if (r->len >= 14) {
			p->flags = r->data[13];
			p->has_flags = true;
		}
		break;
	case PACKET_UDP:
		packet_ports(p, r);
		if (r->len >= 8) {
			p->payload = r->data + 8;
			p->payload_len = r->len - 8;
		}
		break;
	case PACKET_DCCP:
	case PACKET_SCTP:
	case PACKET_UDPLITE:
		packet_ports(p, r);
		break;
	case PACKET_ICMP:
	case PACKET_ICMPV6:
		if (r->len >= 2) {
			p->dport = ff_get_u16(r->data, true);
			p->has_ports = true;
		}
		break;
	default:
		break;
	}
}

static void packet_finish(struct packet *p, const struct packet_rest *r,
			  const struct packet_part *part,
			  struct packet_fragments *fragments)
{
	if (part->is_later) {
		packet_fragments_get(fragments, p, part->id);
		return;
	}
	packet_transport(p, r);
	if (part->is_first)
		packet_fragments_put(fragments, p, part->id);
}

/* ---- IPv4 ---- */

static bool packet_v4(struct packet *p, const struct packet_frame *f,
		      struct packet_fragments *fragments)
{
	const uint8_t *d = f->data;
	struct packet_part part;
	struct packet_rest rest;
	size_t head, total;
	uint16_t offset;

	if (f->len < 20)
		return false;
	head = (size_t)(d[0] & 0x0f) * 4;
	total = ff_get_u16(d + 2, true);
	if (total == 0) /* segmented by the network card, after the capture */
		total = f->wire;
	if (head < 20 || total < head)
		return false;
	p->sip = ff_addr_from_v4(ff_get_u32(d + 12, true));
	p->dip = ff_addr_from_v4(ff_get_u32(d + 16, true));
	p->bytes = total;
	p->protocol = d[9];
	offset = ff_get_u16(d + 6, true);
	part.is_later = (offset & 0x1fff) != 0;
	part.is_first = !part.is_later && (offset & 0x2000);
	part.id = ff_get_u16(d + 4, true);
	rest.len = f->len < total ? f->len : total;
	rest.data = d + head;
	rest.len = rest.len > head ? rest.len - head : 0;
	packet_finish(p, &rest, &part, fragments);
	return true;
}

/* ---- IPv6 ---- */

static bool packet_is_extension(uint8_t next)
{
	return next == PACKET_HOP_BY_HOP || next == PACKET_ROUTING ||
	       next == PACKET_OPTIONS || next == PACKET_MOBILITY || next == PACKET_HIP ||
	       next == PACKET_SHIM6 || next == PACKET_FRAGMENT;
}

/* Walks the extension headers; p->protocol becomes what follows the last that was
 * captured. AH and ESP are protocols, as they are over IPv4. */
static void packet_extensions(struct packet *p, struct packet_rest *r,
			      struct packet_part *part)
{
	while (packet_is_extension(p->protocol) && r->len >= 2 && !part->is_later) {
		size_t len = 8;

		if (p->protocol == PACKET_FRAGMENT) {
			if (r->len < len)
				break;
			uint16_t offset = ff_get_u16(r->data + 2, true);

			part->is_later = (offset & 0xfff8) != 0;
			part->is_first = !part->is_later && (offset & 1);
			part->id = ff_get_u32(r->data + 4, true);
		} else {
			len += (size_t)r->data[1] * 8;
		}
		p->protocol = r->data[0];
		if (len > r->len)
			len = r->len;
		r->data += len;
		r->len -= len;
	}
}

static bool packet_v6(struct packet *p, const struct packet_frame *f,
		      struct packet_fragments *fragments)
{
	struct packet_part part = {false, false, 0};
	const uint8_t *d = f->data;
	struct packet_rest rest;
	size_t total;

	if (f->len < 40)
		return false;
	total = 40 + (size_t)ff_get_u16(d + 4, true);
	p->is_v6 = true;
	p->protocol = d[6];
	/* a jumbogram, or segmented by the network card after the capture */
	if (total == 40 && p->protocol != PACKET_NOTHING && f->wire > total)
		total = f->wire;
	memcpy(p->sip.b, d + 8, 16);
	memcpy(p->dip.b, d + 24, 16);
	p->bytes = total;
	rest.data = d + 40;
	rest.len = (f->len < total ? f->len : total) - 40;
	packet_extensions(p, &rest, &part);
	packet_finish(p, &rest, &part, fragments);
	return true;
}

bool packet_read(struct packet *p, const struct packet_frame *f,
		 struct packet_fragments *fragments)
{
	*p = (struct packet){.time_ns = f->time_ns, .vlan = f->vlan};
	if (f->len == 0)
		return false;
	if (f->data[0] >> 4 == 4)
		return packet_v4(p, f, fragments);
	return f->data[0] >> 4 == 6 && packet_v6(p, f, fragments);
}
