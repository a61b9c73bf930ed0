/* SPDX-License-Identifier: MIT */
/* vpc - flow logs of Amazon VPC, versions 2 to 10: blanks between columns, with titles as
 * in S3 or in the default order without, as in CloudWatch. Flags hold SYN, FIN, RST, and
 * ACK only together with SYN. Of ICMP the type and code are not told. */
#include "input/text.h"

#include <string.h>

enum { VPC_SRCADDR, VPC_DSTADDR, VPC_STATUS, VPC_FLAGS };

static const struct text_title vpc_titles[] = {
	{"srcaddr", TEXT_OWN + VPC_SRCADDR, FF_BIT(FF_SIP)},
	{"dstaddr", TEXT_OWN + VPC_DSTADDR, FF_BIT(FF_DIP)},
	{"srcport", FF_SPORT, 0},
	{"dstport", FF_DPORT, 0},
	{"protocol", FF_PROTOCOL, 0},
	{"packets", FF_PACKETS, 0},
	{"bytes", FF_BYTES, 0},
	{"start", FF_STIME, 0},
	{"end", FF_ETIME, 0},
	{"interface-id", FF_SENSOR, 0},
	{"interface_id", FF_SENSOR, 0},
	{"tcp-flags", TEXT_OWN + VPC_FLAGS, FF_BIT(FF_FLAGS)},
	{"tcp_flags", TEXT_OWN + VPC_FLAGS, FF_BIT(FF_FLAGS)},
	{"log-status", TEXT_OWN + VPC_STATUS, 0},
	{"log_status", TEXT_OWN + VPC_STATUS, 0},
	{NULL, 0, 0},
};

static bool vpc_is(struct text_cell cell, const char *word)
{
	return cell.len == strlen(word) && memcmp(cell.s, word, cell.len) == 0;
}

/* Intervals without traffic, or whose records were lost, have no addresses. */
static bool vpc_is_empty(const struct text_layout *l, const struct text_cell *own)
{
	return vpc_is(own[VPC_STATUS], "NODATA") || vpc_is(own[VPC_STATUS], "SKIPDATA") ||
	       (text_is_unset(l, own[VPC_SRCADDR]) && text_is_unset(l, own[VPC_DSTADDR]));
}

static int vpc_flows(const struct text_layout *l, struct text_cursor *c,
		     struct ff_flow f[TEXT_LINE_FLOWS], char why[TEXT_WHY])
{
	const struct text_cell *own = c->own, *bad = NULL;
	uint64_t flags;
	int rc;

	if (vpc_is_empty(l, own))
		return 0;
	if (!text_own_addr(&f->sip, &f->is_v6_record, own[VPC_SRCADDR]))
		bad = &own[VPC_SRCADDR];
	else if (!text_own_addr(&f->dip, &f->is_v6_record, own[VPC_DSTADDR]))
		bad = &own[VPC_DSTADDR];
	if (bad) {
		text_why(why, bad == &own[VPC_SRCADDR] ? "srcaddr" : "dstaddr", bad->s,
			 bad->len);
		return -1;
	}
	f->present |= FF_BIT(FF_SIP) | FF_BIT(FF_DIP);
	rc = text_own_number(&flags, UINT8_MAX, l, own[VPC_FLAGS], "tcp-flags", why);
	if (rc < 0)
		return -1;
	if (rc > 0 && f->protocol == 6) {
		f->flags = (uint8_t)flags;
		f->present |= FF_BIT(FF_FLAGS);
	}
	if (f->protocol == 1 || f->protocol == 58)
		f->sport = f->dport = 0;
	return 1;
}

static const struct text_dialect vpc_dialect = {
	.name = "vpc",
	.delim = ' ',
	.titles = vpc_titles,
	.untitled = "version account-id interface-id srcaddr dstaddr srcport dstport "
		    "protocol packets bytes start end action log-status",
	.needs = FF_BIT(FF_PROTOCOL),
	.flows = vpc_flows,
};

/* ---- the reader ---- */

static bool vpc_is_titled(const struct text_cell *cells, size_t n)
{
	uint8_t fields[TEXT_COLUMNS_MAX];
	uint32_t seen = 0;
	bool of_vpc = false;

	text_name_titles(fields, vpc_titles, cells, n);
	for (size_t i = 0; i < n; i++) {
		seen |= UINT32_C(1) << fields[i];
		of_vpc |= fields[i] == TEXT_OWN + VPC_STATUS || fields[i] == FF_SENSOR ||
			  vpc_is(cells[i], "account-id") || vpc_is(cells[i], "action") ||
			  vpc_is(cells[i], "vpc-id");
	}
	return of_vpc && (seen & UINT32_C(1) << (TEXT_OWN + VPC_SRCADDR)) &&
	       (seen & UINT32_C(1) << (TEXT_OWN + VPC_DSTADDR)) &&
	       (seen & UINT32_C(1) << FF_STIME);
}

/* "2 123456789010 eni-1235b8ca 172.31.16.139 ... ACCEPT OK" */
static bool vpc_is_default(const struct text_cell *cells, size_t n)
{
	return n == 14 && vpc_is(cells[0], "2") && cells[2].len > 4 &&
	       memcmp(cells[2].s, "eni-", 4) == 0 &&
	       (vpc_is(cells[13], "OK") || vpc_is(cells[13], "NODATA") ||
		vpc_is(cells[13], "SKIPDATA"));
}

static int vpc_probe(const uint8_t *head, size_t len)
{
	struct text_cell cells[TEXT_COLUMNS_MAX];
	const char *line;
	size_t n;

	if (!text_looks(head, len) || !text_first_line(&line, &n, head, len) ||
	    !memchr(line, ' ', n))
		return 0;
	n = text_split(cells, TEXT_COLUMNS_MAX, line, n, ' ', false);
	return vpc_is_titled(cells, n) || vpc_is_default(cells, n) ? 93 : 0;
}

static int vpc_open(void **self, struct ff_stream *in, const struct ff_input_opts *o,
		    struct ff_err *err)
{
	return text_open(self, &vpc_dialect, in, o, err);
}

const struct ff_reader_type ff_reader_vpc = {
	.name = "vpc",
	.summary =
		"flow logs of Amazon VPC, versions 2 and up, default or custom columns",
	.probe = vpc_probe,
	.open = vpc_open,
	.fetch = text_fetch,
	.decode = text_decode,
	.describe = text_describe,
	.close = text_close,
};
