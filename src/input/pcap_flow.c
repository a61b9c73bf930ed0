/* SPDX-License-Identifier: MIT */
/* pcap_flow - what is known of one flow: begun by a packet, counting others, written. */
#include "input/pcap_flow.h"

void packet_flow_write(const struct packet_flow *f, uint8_t attributes,
		       struct ff_flow *out)
{
	const struct packet_flow_key *k = &f->key;
	bool is_tcp = k->protocol == PACKET_TCP;

	if (f->packets > 1 && !(f->state & FLOW_SIZES_DIFFER))
		attributes |= FF_ATTR_SAME_SIZE;
	if (f->state & FLOW_AFTER_FIN)
		attributes |= FF_ATTR_FIN;
	if (f->state & FLOW_CONTINUED)
		attributes |= FF_ATTR_CONTINUED;
	*out = (struct ff_flow){
		.sip = k->sip,
		.dip = k->dip,
		.start_ns = f->start_ns,
		.end_ns = f->end_ns,
		.packets = f->packets,
		.bytes = f->bytes,
		.present = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_SPORT) |
			   FF_BIT(FF_DPORT) | FF_BIT(FF_PROTOCOL) | FF_BIT(FF_PACKETS) |
			   FF_BIT(FF_BYTES) | FF_BIT(FF_STIME) | FF_BIT(FF_DURATION) |
			   FF_BIT(FF_ETIME) | FF_BIT(FF_ATTRIBUTES),
		.sport = k->sport,
		.dport = k->dport,
		.protocol = k->protocol,
		.attributes = attributes,
		.is_v6_record = k->is_v6,
	};
	/* those of another protocol are known: it has none */
	if (!is_tcp || (f->state & (FLOW_HAS_INITIAL | FLOW_HAS_SESSION)))
		out->present |= FF_BIT(FF_FLAGS);
	if (!is_tcp || (f->state & FLOW_HAS_INITIAL))
		out->present |= FF_BIT(FF_INITIAL_FLAGS) | FF_BIT(FF_SESSION_FLAGS);
	out->flags = f->initial | f->session;
	if (f->state & FLOW_HAS_INITIAL) {
		out->initial_flags = f->initial;
		out->session_flags = f->session;
	}
	if (f->state & FLOW_HAS_ICMP) {
		out->icmp_type = (uint8_t)(k->dport >> 8);
		out->icmp_code = (uint8_t)k->dport;
		out->dport = 0;
		out->present |= FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
	}
}

void packet_flow_begin(struct packet_flow *f, const struct packet *p)
{
	f->start_ns = f->end_ns = p->time_ns;
	f->packets = 1;
	f->bytes = f->first_bytes = p->bytes;
	f->initial = p->flags;
	f->session = 0;
	f->state = 0;
	if (p->has_flags)
		f->state |= FLOW_HAS_INITIAL;
	if (p->flags & FF_FIN)
		f->state |= FLOW_FINISHED;
	if ((p->protocol == PACKET_ICMP || p->protocol == PACKET_ICMPV6) && p->has_ports)
		f->state |= FLOW_HAS_ICMP;
}

void packet_flow_go_on(struct packet_flow *f, const struct packet *p)
{
	if (p->time_ns < f->start_ns)
		f->start_ns = p->time_ns;
	if (p->time_ns > f->end_ns)
		f->end_ns = p->time_ns;
	f->packets++;
	f->bytes += p->bytes;
	f->session |= p->flags;
	if (p->bytes != f->first_bytes)
		f->state |= FLOW_SIZES_DIFFER;
	if (!p->has_flags)
		return;
	f->state |= FLOW_HAS_SESSION;
	if ((f->state & FLOW_FINISHED) && p->flags != FF_ACK)
		f->state |= FLOW_AFTER_FIN;
	if (p->flags & FF_FIN)
		f->state |= FLOW_FINISHED;
}

bool packet_flow_is_apart(const struct packet_flow *f, int64_t ns, int64_t idle_ns)
{
	return packet_is_later(ns, f->end_ns, idle_ns) ||
	       packet_is_later(f->start_ns, ns, idle_ns);
}
