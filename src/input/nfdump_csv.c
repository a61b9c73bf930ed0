/* SPDX-License-Identifier: MIT */
/* nfdump_csv - what nfdump -o csv prints: 48 columns up to 1.7.4, also without titles
 * (-q), ten since. A line with answers (opkt, obyt) becomes two flows. Times are read as
 * UTC; nfdump prints the local time of where it ran. */
#include "input/text.h"

#include <string.h>

enum { NFCSV_ICMP = 1, NFCSV_TCP = 6, NFCSV_ICMPV6 = 58 };

enum { NFCSV_DURATION, NFCSV_DPORT, NFCSV_OPKT, NFCSV_OBYT };
#define NFCSV_DURATION_GIVES (FF_BIT(FF_DURATION) | FF_BIT(FF_ETIME))
#define NFCSV_DPORT_GIVES                                             \
	(FF_BIT(FF_DPORT) | FF_BIT(FF_SPORT) | FF_BIT(FF_ICMP_TYPE) | \
	 FF_BIT(FF_ICMP_CODE))

static const struct text_title nfcsv_titles[] = {
	{"ts", FF_STIME, 0},
	{"te", FF_ETIME, 0},
	{"td", TEXT_OWN + NFCSV_DURATION, NFCSV_DURATION_GIVES},
	{"sa", FF_SIP, 0},
	{"da", FF_DIP, 0},
	{"sp", FF_SPORT, FF_BIT(FF_DPORT)},
	{"dp", TEXT_OWN + NFCSV_DPORT, NFCSV_DPORT_GIVES},
	{"pr", FF_PROTOCOL, 0},
	{"flg", FF_FLAGS, 0},
	{"ipkt", FF_PACKETS, 0},
	{"ibyt", FF_BYTES, 0},
	{"opkt", TEXT_OWN + NFCSV_OPKT, FF_BIT(FF_PACKETS)},
	{"obyt", TEXT_OWN + NFCSV_OBYT, FF_BIT(FF_BYTES)},
	{"in", FF_IN, 0},
	{"out", FF_OUT, 0},
	{"nh", FF_NHIP, 0},
	{"firstSeen", FF_STIME, 0},
	{"lastSeen", FF_ETIME, 0},
	{"duration", TEXT_OWN + NFCSV_DURATION, NFCSV_DURATION_GIVES},
	{"proto", FF_PROTOCOL, 0},
	{"srcAddr", FF_SIP, 0},
	{"srcPort", FF_SPORT, FF_BIT(FF_DPORT)},
	{"dstAddr", FF_DIP, 0},
	{"dstPort", TEXT_OWN + NFCSV_DPORT, NFCSV_DPORT_GIVES},
	{"packets", FF_PACKETS, 0},
	{"bytes", FF_BYTES, 0},
	{NULL, 0, 0},
};

/* ---- cells ---- */

/* The duration is told in milliseconds, the times of 48 columns in seconds. Where the end
 * lies before the start the duration is a huge number, and the times have to do. */
static int nfcsv_times(struct ff_flow *f, const struct text_layout *l,
		       struct text_cell td, char why[TEXT_WHY])
{
	int64_t duration;

	if (text_is_unset(l, td))
		return 0;
	if (text_cell_duration(&duration, td.s, td.len) && duration >= 0 &&
	    f->start_ns <= INT64_MAX - duration) {
		f->end_ns = f->start_ns + duration;
		f->present |= FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION);
		return 0;
	}
	if ((f->present & FF_BIT(FF_ETIME)) && td.s[0] >= '0' && td.s[0] <= '9')
		return 0;
	text_why(why, "td", td.s, td.len);
	return -1;
}

static void nfcsv_set_icmp(struct ff_flow *f, uint64_t type, uint64_t code)
{
	f->icmp_type = (uint8_t)type;
	f->icmp_code = (uint8_t)code;
	f->present |= FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
	f->sport = f->dport = 0;
	f->present |= FF_BIT(FF_DPORT);
}

/* A port; of ICMP type * 256 + code or, since 1.7.5, "type.code". */
static int nfcsv_dport(struct ff_flow *f, const struct text_layout *l,
		       struct text_cell dp, char why[TEXT_WHY])
{
	bool icmp = f->protocol == NFCSV_ICMP || f->protocol == NFCSV_ICMPV6;
	const char *dot = icmp && dp.len ? memchr(dp.s, '.', dp.len) : NULL;
	size_t n = dot ? (size_t)(dot - dp.s) : 0;
	uint64_t type, code, port;
	int rc;

	if (dot && ff_parse_u64(&type, dp.s, n) && type <= UINT8_MAX &&
	    ff_parse_u64(&code, dot + 1, dp.len - n - 1) && code <= UINT8_MAX) {
		nfcsv_set_icmp(f, type, code);
		return 0;
	}
	rc = text_own_number(&port, UINT16_MAX, l, dp, "dp", why);
	if (rc <= 0)
		return rc;
	if (icmp) {
		nfcsv_set_icmp(f, port >> 8, port & 255);
	} else {
		f->dport = (uint16_t)port;
		f->present |= FF_BIT(FF_DPORT);
	}
	return 0;
}

/* ---- flows ---- */

/* nfdump prints a line of its own for the tunnel that a flow went through. */
static bool nfcsv_is_tunnel(const struct ff_flow *f)
{
	static const uint8_t zero[4];
	bool sip, dip;

	if (f->packets || f->bytes)
		return false;
	sip = ff_addr_is_v4(&f->sip) && memcmp(f->sip.b + 12, zero, 4) == 0;
	dip = ff_addr_is_v4(&f->dip) && memcmp(f->dip.b + 12, zero, 4) == 0;
	return sip && dip;
}

static int nfcsv_flows(const struct text_layout *l, struct text_cursor *c,
		       struct ff_flow f[TEXT_LINE_FLOWS], char why[TEXT_WHY])
{
	const struct text_cell *own = c->own;
	uint64_t packets = 0, bytes = 0;
	int has_packets, has_bytes;

	if (nfcsv_is_tunnel(f))
		return 0;
	if (nfcsv_times(f, l, own[NFCSV_DURATION], why) < 0 ||
	    nfcsv_dport(f, l, own[NFCSV_DPORT], why) < 0)
		return -1;
	has_packets =
		text_own_number(&packets, UINT64_MAX, l, own[NFCSV_OPKT], "opkt", why);
	has_bytes = text_own_number(&bytes, UINT64_MAX, l, own[NFCSV_OBYT], "obyt", why);
	if (has_packets < 0 || has_bytes < 0)
		return -1;
	if (f->protocol != NFCSV_TCP)
		f->present &= ~FF_BIT(FF_FLAGS);
	if (packets == 0 && bytes == 0)
		return 1;
	text_reverse(&f[1], &f[0]);
	f[1].packets = packets;
	f[1].bytes = bytes;
	f[1].present |= (has_packets ? FF_BIT(FF_PACKETS) : 0) |
			(has_bytes ? FF_BIT(FF_BYTES) : 0);
	/* these are of the one direction that was told */
	f[1].in = f[1].out = 0;
	f[1].nhip = (struct ff_addr){{0}};
	f[1].present &= ~(FF_BIT(FF_IN) | FF_BIT(FF_OUT) | FF_BIT(FF_NHIP));
	return 2;
}

/* The totals at the end: two lines of words, one of six numbers. */
static bool nfcsv_ignores(const char *line, size_t len)
{
	static const char *const starts[] = {
		"Summary",	"flows,bytes,packets,avg", "No matching flows",
		"Time window:", "Total flows processed:",  "Sys:"};
	size_t numbers = 0;

	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (len >= strlen(starts[i]) &&
		    memcmp(line, starts[i], strlen(starts[i])) == 0)
			return true;
	for (size_t i = 0; i < len; i++) {
		if (line[i] != ',' && line[i] != '.' && (line[i] < '0' || line[i] > '9'))
			return false;
		numbers += line[i] == ',';
	}
	return numbers == 5;
}

static const struct text_dialect nfcsv_dialect = {
	.name = "nfdump-csv",
	.delim = ',',
	.titles = nfcsv_titles,
	.untitled = "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,"
		    "das,smk,dmk,dtos,dir,nh,nhb,svln,dvln,ismc,odmc,idmc,osmc,mpls1,"
		    "mpls2,mpls3,mpls4,mpls5,mpls6,mpls7,mpls8,mpls9,mpls10,cl,sl,al,ra,"
		    "eng,exid,tr",
	.needs = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_PROTOCOL) |
		 FF_BIT(FF_SPORT) | FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES) |
		 FF_BIT(FF_ETIME),
	.ignores = nfcsv_ignores,
	.flows = nfcsv_flows,
};

/* ---- the reader ---- */

static bool nfcsv_begins(const char *line, size_t n, const char *titles)
{
	return n >= strlen(titles) && memcmp(line, titles, strlen(titles)) == 0;
}

static int nfcsv_probe(const uint8_t *head, size_t len)
{
	struct text_cell cells[TEXT_COLUMNS_MAX];
	struct ff_addr a;
	const char *line;
	int64_t ns;
	size_t n;

	if (!text_looks(head, len) || !text_first_line(&line, &n, head, len))
		return 0;
	if (nfcsv_begins(line, n, "ts,te,td,sa,da,sp,dp,pr,") ||
	    nfcsv_begins(line, n, "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,"))
		return 94;
	if (text_split(cells, TEXT_COLUMNS_MAX, line, n, ',', false) != 48)
		return 0;
	return text_cell_time(&ns, cells[0].s, cells[0].len) &&
			       text_cell_time(&ns, cells[1].s, cells[1].len) &&
			       ff_parse_addr(&a, cells[3].s, cells[3].len) &&
			       ff_parse_addr(&a, cells[4].s, cells[4].len)
		       ? 94
		       : 0;
}

static int nfcsv_open(void **self, struct ff_stream *in, const struct ff_input_opts *o,
		      struct ff_err *err)
{
	return text_open(self, &nfcsv_dialect, in, o, err);
}

const struct ff_reader_type ff_reader_nfdump_csv = {
	.name = "nfdump-csv",
	.summary = "text printed by nfdump -o csv, of 48 or ten columns",
	.probe = nfcsv_probe,
	.open = nfcsv_open,
	.fetch = text_fetch,
	.decode = text_decode,
	.describe = text_describe,
	.close = text_close,
};
