/* SPDX-License-Identifier: MIT */
/* zeek_conn - a connection of Zeek's becomes the originator's flow and the responder's,
 * of each side that sent something. Both have the connection's times: Zeek does not keep
 * them apart. */
#include "input/zeek.h"

#include <string.h>

enum { ZEEK_ICMP = 1, ZEEK_TCP = 6, ZEEK_UDP = 17, ZEEK_ICMPV6 = 58 };

static bool conn_says(struct text_cell cell, const char *word)
{
	return cell.len == strlen(word) && memcmp(cell.s, word, cell.len) == 0;
}

/* ---- protocol ---- */

/* Zeek has one "icmp" for both versions, and no name for what it does not analyse. */
static bool conn_protocol(const struct zeek_conn *c, struct ff_flow *f,
			  char why[TEXT_WHY])
{
	if (conn_says(c->proto, "tcp"))
		f->protocol = ZEEK_TCP;
	else if (conn_says(c->proto, "udp"))
		f->protocol = ZEEK_UDP;
	else if (conn_says(c->proto, "icmp"))
		f->protocol = f->is_v6_record ? ZEEK_ICMPV6 : ZEEK_ICMP;
	else if (c->has_ip_proto)
		f->protocol = c->ip_proto;
	else if (c->proto.len == 0 || conn_says(c->proto, "unknown_transport"))
		return true;
	else if (!text_cell_protocol(&f->protocol, c->proto.s, c->proto.len)) {
		text_why(why, "proto", c->proto.s, c->proto.len);
		return false;
	}
	f->present |= FF_BIT(FF_PROTOCOL);
	return true;
}

/* ---- ICMP ---- */

/* Of types that Zeek matches with their answers the responder's "port" is the type of the
 * answer, of code 0; else it is the code. */
static void conn_icmp(struct ff_flow f[2])
{
	const uint32_t ports = FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT);
	const uint32_t icmp = FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
	uint16_t type = f[0].sport, second = f[0].dport;

	if ((f[0].present & ports) == ports && type <= UINT8_MAX && second <= UINT8_MAX) {
		bool answered = text_icmp_answer(f[0].protocol, type) >= 0;

		f[0].icmp_type = (uint8_t)type;
		f[0].icmp_code = answered ? 0 : (uint8_t)second;
		f[0].present |= icmp;
		if (answered) {
			f[1].icmp_type = (uint8_t)second;
			f[1].present |= icmp;
		}
	}
	f[0].sport = f[0].dport = f[1].sport = f[1].dport = 0;
}

/* ---- history ---- */

/* Upper case is the originator's doing, lower case the responder's; each kind of packet
 * is noted once, when it first occurs. 's' SYN, 'h' SYN+ACK, 'a' ACK, 'f' FIN, 'r' RST,
 * 'q' SYN with FIN or RST, 'i' FIN with RST; of the others ('d' payload, 'c' bad
 * checksum,
 * ...) the flags are not known. '^' and 'g' (a gap) are no packets. */
struct conn_history {
	bool sent;
	uint8_t flags;
	bool has_initial;
	uint8_t initial;
};

static void conn_history_letter(struct conn_history *h, char lower)
{
	uint8_t flags = 0;
	bool exact = false;

	switch (lower) {
	case '^':
	case 'g':
		return;
	case 's':
		flags = FF_SYN;
		exact = true;
		break;
	case 'h':
		flags = FF_SYN | FF_ACK;
		exact = true;
		break;
	case 'a':
		flags = FF_ACK;
		exact = true;
		break;
	case 'f':
		flags = FF_FIN;
		break;
	case 'r':
		flags = FF_RST;
		break;
	case 'i':
		flags = FF_FIN | FF_RST;
		break;
	case 'q':
		flags = FF_SYN;
		break;
	default:
		break;
	}
	if (!h->sent && exact) {
		h->has_initial = true;
		h->initial = flags;
	}
	h->sent = true;
	h->flags |= flags;
}

static void conn_history(struct conn_history h[2], struct text_cell history)
{
	for (size_t i = 0; i < history.len; i++) {
		char c = history.s[i];

		if (c >= 'A' && c <= 'Z')
			conn_history_letter(&h[ZEEK_ORIG], (char)(c - 'A' + 'a'));
		else if (c >= 'a' && c <= 'z')
			conn_history_letter(&h[ZEEK_RESP], c);
	}
}

static void conn_flags(struct ff_flow *f, const struct conn_history *h)
{
	if (h->flags) {
		f->flags = h->flags;
		f->present |= FF_BIT(FF_FLAGS);
	}
	if (h->has_initial) {
		f->initial_flags = h->initial;
		f->present |= FF_BIT(FF_INITIAL_FLAGS);
	}
}

/* ---- the whole ---- */

static uint8_t conn_orient(const struct zeek_conn *c)
{
	static const uint8_t orient[2][2] = {
		{FF_ORIENT_EXTERNAL, FF_ORIENT_IN},
		{FF_ORIENT_OUT, FF_ORIENT_INTERNAL},
	};
	int orig = c->side[ZEEK_ORIG].local, resp = c->side[ZEEK_RESP].local;

	return orig < 0 || resp < 0 ? FF_ORIENT_UNKNOWN : orient[orig][resp];
}

static void conn_counts(struct ff_flow *f, const struct zeek_side *s)
{
	if (s->has_packets) {
		f->packets = s->packets;
		f->present |= FF_BIT(FF_PACKETS);
	}
	if (s->has_bytes) {
		f->bytes = s->bytes;
		f->present |= FF_BIT(FF_BYTES);
	}
}

/* Packets with bad checksums are in the history, but not in the counts. */
static bool conn_sent(const struct zeek_side *s, const struct conn_history *h)
{
	return (s->has_packets && s->packets > 0) || (s->has_bytes && s->bytes > 0) ||
	       h->sent;
}

/* Known to have sent nothing: of a record that says neither how much nor what, the
 * originator is there by definition. */
static bool conn_silent(const struct zeek_side *s, const struct conn_history *h,
			bool has_history)
{
	return (s->has_packets || s->has_bytes || has_history) && !conn_sent(s, h);
}

int zeek_flows(const struct zeek_conn *c, struct ff_flow f[TEXT_LINE_FLOWS],
	       char why[TEXT_WHY])
{
	struct conn_history h[2] = {{0}};

	if (!conn_protocol(c, &f[0], why))
		return -1;
	f[0].orient = conn_orient(c);
	text_reverse(&f[1], &f[0]);
	if (f[0].protocol == ZEEK_ICMP || f[0].protocol == ZEEK_ICMPV6)
		conn_icmp(f);
	conn_history(h, c->history);
	for (int i = 0; i < 2; i++) {
		conn_counts(&f[i], &c->side[i]);
		if (f[i].protocol == ZEEK_TCP)
			conn_flags(&f[i], &h[i]);
	}
	if (!conn_sent(&c->side[ZEEK_RESP], &h[ZEEK_RESP]))
		return 1; /* also when neither did: a record tells of some flow */
	if (!conn_silent(&c->side[ZEEK_ORIG], &h[ZEEK_ORIG], c->history.len > 0))
		return 2;
	f[0] = f[1];
	return 1;
}
