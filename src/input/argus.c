/* SPDX-License-Identifier: MIT */
/* argus - text printed by ra of Argus with a title line and a character between columns
 * (ra -c ,). A record is a transaction and becomes a flow for each side that sent
 * something. Bytes are those of frames, as Argus counts them. Times are read as UTC
 * unless they name an offset; ra prints the local time of where it ran. */
#include "input/text_fast.h"

#include <stdio.h>
#include <strings.h>

enum { ARGUS_ICMP = 1, ARGUS_TCP = 6, ARGUS_ICMPV6 = 58 };

/* ---- columns ---- */

enum {
	ARGUS_SADDR,
	ARGUS_DADDR,
	ARGUS_SPORT,
	ARGUS_DPORT,
	ARGUS_PROTO,
	ARGUS_DIR,
	ARGUS_STATE,
	ARGUS_PKTS,
	ARGUS_SPKTS,
	ARGUS_DPKTS,
	ARGUS_BYTES,
	ARGUS_SBYTES,
	ARGUS_DBYTES,
};
#define ARGUS_PORTS                                                   \
	(FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) | FF_BIT(FF_ICMP_TYPE) | \
	 FF_BIT(FF_ICMP_CODE))

/* As ra prints titles, as its option -s has them, and as data sets made from it do. */
static const struct text_title argus_titles[] = {
	{"StartTime", FF_STIME, 0},
	{"stime", FF_STIME, 0},
	{"LastTime", FF_ETIME, 0},
	{"ltime", FF_ETIME, 0},
	{"Dur", FF_DURATION, 0},
	{"SrcAddr", TEXT_OWN + ARGUS_SADDR, FF_BIT(FF_SIP)},
	{"saddr", TEXT_OWN + ARGUS_SADDR, FF_BIT(FF_SIP)},
	{"srcip", TEXT_OWN + ARGUS_SADDR, FF_BIT(FF_SIP)},
	{"DstAddr", TEXT_OWN + ARGUS_DADDR, FF_BIT(FF_DIP)},
	{"daddr", TEXT_OWN + ARGUS_DADDR, FF_BIT(FF_DIP)},
	{"dstip", TEXT_OWN + ARGUS_DADDR, FF_BIT(FF_DIP)},
	{"Sport", TEXT_OWN + ARGUS_SPORT, ARGUS_PORTS},
	{"Dport", TEXT_OWN + ARGUS_DPORT, ARGUS_PORTS},
	{"dsport", TEXT_OWN + ARGUS_DPORT, ARGUS_PORTS},
	{"Proto", TEXT_OWN + ARGUS_PROTO, FF_BIT(FF_PROTOCOL)},
	{"Dir", TEXT_OWN + ARGUS_DIR, 0},
	{"State", TEXT_OWN + ARGUS_STATE, FF_BIT(FF_FLAGS)},
	{"TotPkts", TEXT_OWN + ARGUS_PKTS, FF_BIT(FF_PACKETS)},
	{"pkts", TEXT_OWN + ARGUS_PKTS, FF_BIT(FF_PACKETS)},
	{"SrcPkts", TEXT_OWN + ARGUS_SPKTS, FF_BIT(FF_PACKETS)},
	{"spkts", TEXT_OWN + ARGUS_SPKTS, FF_BIT(FF_PACKETS)},
	{"DstPkts", TEXT_OWN + ARGUS_DPKTS, FF_BIT(FF_PACKETS)},
	{"dpkts", TEXT_OWN + ARGUS_DPKTS, FF_BIT(FF_PACKETS)},
	{"TotBytes", TEXT_OWN + ARGUS_BYTES, FF_BIT(FF_BYTES)},
	{"bytes", TEXT_OWN + ARGUS_BYTES, FF_BIT(FF_BYTES)},
	{"SrcBytes", TEXT_OWN + ARGUS_SBYTES, FF_BIT(FF_BYTES)},
	{"sbytes", TEXT_OWN + ARGUS_SBYTES, FF_BIT(FF_BYTES)},
	{"DstBytes", TEXT_OWN + ARGUS_DBYTES, FF_BIT(FF_BYTES)},
	{"dbytes", TEXT_OWN + ARGUS_DBYTES, FF_BIT(FF_BYTES)},
	{NULL, 0, 0},
};

static bool argus_is(struct text_cell cell, const char *word)
{
	return cell.len == strlen(word) && strncasecmp(cell.s, word, cell.len) == 0;
}

/* ---- counts of each side ---- */

/* Of packets or bytes: each side's, as far as known. */
struct argus_count {
	bool known[2];
	uint64_t n[2];
	bool has_total;
	uint64_t total;
};

/* Two of source, destination and total give the third. */
static int argus_count_read(struct argus_count *c, const struct text_layout *l,
			    const struct text_cell *own, int total, int src, int dst,
			    const char *what, char why[TEXT_WHY])
{
	int rc[3] = {
		text_own_number(&c->n[0], UINT64_MAX, l, own[src], what, why),
		text_own_number(&c->n[1], UINT64_MAX, l, own[dst], what, why),
		text_own_number(&c->total, UINT64_MAX, l, own[total], what, why),
	};

	if (rc[0] < 0 || rc[1] < 0 || rc[2] < 0)
		return -1;
	c->known[0] = rc[0] > 0;
	c->known[1] = rc[1] > 0;
	c->has_total = rc[2] > 0;
	for (int i = 0; i < 2; i++) {
		if (!c->has_total || !c->known[i] || c->known[!i])
			continue;
		if (c->n[i] > c->total) {
			snprintf(why, TEXT_WHY, "more %s of one side than of both", what);
			return -1;
		}
		c->n[!i] = c->total - c->n[i];
		c->known[!i] = true;
		break;
	}
	return 0;
}

/* With a total alone: all of it is the sender's when there is but one, and both have sent
 * one packet when two were seen. */
static void argus_count_share(struct argus_count *c, const bool sent[2], bool packets)
{
	if (c->known[0] || c->known[1] || !c->has_total)
		return;
	for (int i = 0; i < 2; i++) {
		if (sent[i] && sent[!i] && !(packets && c->total == 2))
			continue;
		c->known[i] = true;
		c->n[i] = !sent[i] ? 0 : sent[!i] ? 1 : c->total;
	}
}

/* 1: sent something, 0: nothing, -1: not said. */
static int argus_side_sent(const struct argus_count *packets,
			   const struct argus_count *bytes, int side)
{
	if ((packets->known[side] && packets->n[side] > 0) ||
	    (bytes->known[side] && bytes->n[side] > 0))
		return 1;
	return packets->known[side] || bytes->known[side] ? 0 : -1;
}

/* ---- state ---- */

/* "FSPA_SRPA", the TCP flags of either side (ra -Z b); other words are states. */
static bool argus_state_flags(uint8_t flags[2], struct text_cell state)
{
	const char *bar = state.len ? memchr(state.s, '_', state.len) : NULL;
	unsigned side = 0;

	if (!bar)
		return false;
	flags[0] = flags[1] = 0;
	for (size_t i = 0; i < state.len; i++) {
		static const char letters[] = "FSRPAUEC";
		char c = state.s[i];
		const char *at;

		c = c == '7' ? 'E' : c == '8' ? 'C' : c; /* as older ra has them */
		if (c == '_' && side == 0) {
			side = 1;
			continue;
		}
		at = c ? strchr(letters, c) : NULL;
		if (!at)
			return false;
		flags[side] |= (uint8_t)(1U << (at - letters));
	}
	return true;
}

/* ---- addresses, ports, protocol ---- */

/* Ethernet addresses, of what is no IP. */
static bool argus_is_mac(struct text_cell cell)
{
	if (cell.len != 17)
		return false;
	for (size_t i = 0; i < cell.len; i++)
		if (i % 3 == 2 ? cell.s[i] != ':'
			       : !memchr("0123456789abcdefABCDEF", cell.s[i], 22))
			return false;
	return true;
}

/* Transactions of other layers, and Argus's own reports. */
static bool argus_is_other(const struct text_cell *own)
{
	static const char *const words[] = {"man", "arp", "rarp", "llc", "stp", "lldp"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (argus_is(own[ARGUS_PROTO], words[i]))
			return true;
	return argus_is_mac(own[ARGUS_SADDR]) && argus_is_mac(own[ARGUS_DADDR]);
}

static int argus_ends(struct ff_flow *f, const struct text_cell *own, char why[TEXT_WHY])
{
	const struct text_cell *src = &own[ARGUS_SADDR], *dst = &own[ARGUS_DADDR];
	bool sip = text_own_addr(&f->sip, &f->is_v6_record, *src);

	if (!sip || !text_own_addr(&f->dip, &f->is_v6_record, *dst)) {
		if (sip)
			src = dst;
		text_why(why, sip ? "DstAddr" : "SrcAddr", src->s, src->len);
		return -1;
	}
	f->present |= FF_BIT(FF_SIP) | FF_BIT(FF_DIP);
	return 0;
}

/* "ip" is what Argus has no name for. */
static int argus_protocol(struct ff_flow *f, struct text_cell proto, char why[TEXT_WHY])
{
	if (argus_is(proto, "tcp"))
		f->protocol = ARGUS_TCP;
	else if (argus_is(proto, "udp"))
		f->protocol = 17;
	else if (proto.len == 0 || argus_is(proto, "ip"))
		return 0;
	else if (!text_cell_protocol(&f->protocol, proto.s, proto.len)) {
		text_why(why, "Proto", proto.s, proto.len);
		return -1;
	}
	f->present |= FF_BIT(FF_PROTOCOL);
	return 0;
}

static bool argus_is_icmp(const struct ff_flow *f)
{
	return (f->present & FF_BIT(FF_PROTOCOL)) &&
	       (f->protocol == ARGUS_ICMP || f->protocol == ARGUS_ICMPV6);
}

static int argus_ports(struct ff_flow *f, const struct text_layout *l,
		       const struct text_cell *own, char why[TEXT_WHY])
{
	uint64_t sport = 0, dport = 0;
	int src = text_own_number(&sport, UINT16_MAX, l, own[ARGUS_SPORT], "Sport", why);
	int dst = text_own_number(&dport, UINT16_MAX, l, own[ARGUS_DPORT], "Dport", why);

	if (src < 0 || dst < 0)
		return -1;
	f->sport = (uint16_t)sport;
	f->dport = (uint16_t)dport;
	f->present |= (src ? FF_BIT(FF_SPORT) : 0) | (dst ? FF_BIT(FF_DPORT) : 0);
	return 0;
}

/* The source port is code * 256 + type in hexadecimal, the destination port some id; of
 * ICMPv6 they are type and code. */
static void argus_icmp(struct ff_flow f[2])
{
	const uint32_t icmp = FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
	uint16_t sport = f->sport, dport = f->dport;

	if (f->present & FF_BIT(FF_SPORT)) {
		bool v6 = f->protocol == ARGUS_ICMPV6 && f->present & FF_BIT(FF_DPORT) &&
			  sport <= UINT8_MAX && dport <= UINT8_MAX;
		int answer;

		f[0].icmp_type = (uint8_t)sport;
		f[0].icmp_code = v6 ? (uint8_t)dport : (uint8_t)(sport >> 8);
		f[0].present |= icmp;
		answer = text_icmp_answer(f->protocol, f->icmp_type);
		if (answer >= 0) {
			f[1].icmp_type = (uint8_t)answer;
			f[1].present |= icmp;
		}
	}
	f[0].sport = f[0].dport = f[1].sport = f[1].dport = 0;
}

/* ---- flows ---- */

static void argus_side(struct ff_flow *f, const struct argus_count *packets,
		       const struct argus_count *bytes, int side)
{
	if (packets->known[side]) {
		f->packets = packets->n[side];
		f->present |= FF_BIT(FF_PACKETS);
	}
	if (bytes->known[side]) {
		f->bytes = bytes->n[side];
		f->present |= FF_BIT(FF_BYTES);
	}
}

static int argus_flows(const struct text_layout *l, struct text_cursor *c,
		       struct ff_flow f[TEXT_LINE_FLOWS], char why[TEXT_WHY])
{
	const struct text_cell *own = c->own, *dir = &own[ARGUS_DIR];
	struct argus_count packets, bytes;
	uint8_t flags[2];
	bool has_flags, sent[2];
	int known[2];

	if (argus_is_other(own))
		return 0;
	if (argus_ends(f, own, why) < 0 || argus_protocol(f, own[ARGUS_PROTO], why) < 0 ||
	    argus_ports(f, l, own, why) < 0 ||
	    argus_count_read(&packets, l, own, ARGUS_PKTS, ARGUS_SPKTS, ARGUS_DPKTS,
			     "packets", why) < 0 ||
	    argus_count_read(&bytes, l, own, ARGUS_BYTES, ARGUS_SBYTES, ARGUS_DBYTES,
			     "bytes", why) < 0)
		return -1;
	has_flags = argus_state_flags(flags, own[ARGUS_STATE]);
	for (int i = 0; i < 2; i++)
		known[i] = argus_side_sent(&packets, &bytes, i);
	/* where no count tells: the state's flags, or an arrow to the source */
	sent[0] = known[0] != 0;
	sent[1] =
		known[1] > 0 ||
		(known[1] < 0 &&
		 (has_flags ? flags[1] != 0 : dir->len && memchr(dir->s, '<', dir->len)));
	sent[0] |= !sent[1];
	argus_count_share(&packets, sent, true);
	argus_count_share(&bytes, sent, false);
	text_reverse(&f[1], &f[0]);
	if (argus_is_icmp(f))
		argus_icmp(f);
	for (int i = 0; i < 2; i++) {
		argus_side(&f[i], &packets, &bytes, i);
		if (has_flags && f->protocol == ARGUS_TCP) {
			f[i].flags = flags[i];
			f[i].present |= FF_BIT(FF_FLAGS);
		}
	}
	if (!sent[0])
		f[0] = f[1];
	return 1 + (sent[0] && sent[1]);
}

/* ---- the reader ---- */

static const struct text_dialect argus_dialect = {
	.name = "argus",
	.quotes = true,
	.titles = argus_titles,
	.flows = argus_flows,
};

/* Argus's titles, and among them one that only makes sense for transactions. */
static int argus_probe(const uint8_t *head, size_t len)
{
	struct text_cell cells[TEXT_COLUMNS_MAX];
	uint8_t fields[TEXT_COLUMNS_MAX];
	const char *line;
	uint32_t seen = 0;
	size_t n;

	if (!text_looks(head, len) || !text_first_line(&line, &n, head, len))
		return 0;
	n = text_split(cells, TEXT_COLUMNS_MAX, line, n,
		       memchr(line, '\t', n)  ? '\t'
		       : memchr(line, ',', n) ? ','
					      : '|',
		       true);
	text_name_titles(fields, argus_titles, cells, n);
	for (size_t i = 0; i < n; i++)
		if (fields[i] >= TEXT_OWN)
			seen |= UINT32_C(1) << (fields[i] - TEXT_OWN);
		else if (fields[i] == FF_STIME)
			seen |= UINT32_C(1) << 31;
	if (!(seen >> 31) || !(seen & 1 << ARGUS_SADDR) || !(seen & 1 << ARGUS_DADDR) ||
	    !(seen & 1 << ARGUS_PROTO))
		return 0;
	return seen & (1 << ARGUS_DIR | 1 << ARGUS_SPKTS | 1 << ARGUS_SBYTES) ? 92 : 0;
}

static int argus_open(void **self, struct ff_stream *in, const struct ff_input_opts *o,
		      struct ff_err *err)
{
	return text_open(self, &argus_dialect, in, o, err);
}

const struct ff_reader_type ff_reader_argus = {
	.name = "argus",
	.summary = "text printed by Argus's ra with titles and a delimiter (ra -c ,)",
	.probe = argus_probe,
	.open = argus_open,
	.fetch = text_fetch,
	.decode = text_decode,
	.describe = text_describe,
	.close = text_close,
};
