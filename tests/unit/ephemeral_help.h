/* SPDX-License-Identifier: MIT */
/* ephemeral_help - ephemeral results made in memory: tables, attributes and findings as
 * the aggregate hands them on. Hosts count up, spread over even ports, or both behind one
 * address; or are anything at all. */
#ifndef TEST_EPHEMERAL_HELP_H
#define TEST_EPHEMERAL_HELP_H

#include "contact_help.h"

enum trace_kind { TRACE_COUNTER, TRACE_LINUX, TRACE_GATEWAY, TRACE_RANDOM, TRACE_KINDS };

static inline void trace_init(struct ff_result *r, bool has_host)
{
	static const struct ff_column rows[] = {
		{"time", "", "", FF_COL_TIME, {NULL}},
		{"host", "", "", FF_COL_V4, {NULL}},
		{"sport", "", "", FF_COL_U16, {NULL}},
		{"protocol", "", "", FF_COL_U8, {NULL}},
		{"daddr", "", "", FF_COL_V4, {NULL}},
		{"dport", "", "", FF_COL_U16, {NULL}},
	};
	static const struct ff_column hosts[] = {
		{"host", "", "", FF_COL_ADDR, {NULL}},
		{"claim", "", "", FF_COL_TEXT, {NULL}},
		{"reason", "", "", FF_COL_TEXT, {NULL}},
	};
	struct ff_column used[6];
	size_t n = 0;

	for (size_t i = 0; i < 6; i++)
		if (i != 1 || has_host)
			used[n++] = rows[i];
	memset(r, 0, sizeof(*r));
	r->tables = ff_calloc(2, sizeof(*r->tables));
	r->ntables = 2;
	ff_table_init(&r->tables[0], "ephemeral", used, n, NULL);
	ff_table_init(&r->tables[1], "hosts", hosts, 3, NULL);
}

static inline void trace_row(struct ff_result *r, int64_t time, uint32_t host,
			     unsigned sport, unsigned protocol, uint32_t daddr,
			     unsigned dport)
{
	struct ff_table *t = &r->tables[0];
	size_t at = t->rows, i = 0;

	ff_table_reserve(t, at + 1, NULL);
	t->columns[i++].v.time[at] = time;
	if (t->ncolumns == 6)
		t->columns[i++].v.v4[at] = host;
	t->columns[i++].v.u16[at] = (uint16_t)sport;
	t->columns[i++].v.u8[at] = (uint8_t)protocol;
	t->columns[i++].v.v4[at] = daddr;
	t->columns[i].v.u16[at] = (uint16_t)dport;
	t->rows++;
}

static inline void trace_host(struct ff_result *r, uint32_t addr, const char *claim,
			      const char *reason)
{
	struct ff_table *t = &r->tables[1];

	ff_table_reserve(t, t->rows + 1, NULL);
	t->columns[0].v.addr[t->rows] = ff_addr_from_v4(addr);
	t->columns[1].v.text[t->rows] = ff_strdup(claim);
	t->columns[2].v.text[t->rows] = ff_strdup(reason);
	t->rows++;
}

/* What a host of the kind does next: `step` counts its flows. */
static inline unsigned trace_port(struct dice *d, enum trace_kind kind, uint64_t step,
				  bool is_udp)
{
	if (kind == TRACE_GATEWAY)
		kind = is_udp ? TRACE_LINUX : TRACE_COUNTER;
	if (kind == TRACE_COUNTER)
		return 49152 + (unsigned)(step % 16384);
	if (kind == TRACE_LINUX)
		return 32768 + 2 * (unsigned)dice_roll(d, 14116);
	return (unsigned)dice_roll(d, 65536);
}

/* n flows of one host, times ascending over `span`. */
static inline void trace_flows(struct ff_result *r, struct dice *d, enum trace_kind kind,
			       uint32_t host, size_t n, int64_t start, int64_t span)
{
	uint64_t step = dice_roll(d, 16384);
	size_t last_wrap = SIZE_MAX;

	for (size_t i = 0; i < n; i++) {
		int64_t t = start + (int64_t)((double)span * (double)i / (double)n);
		bool is_udp = dice_roll(d, 5) == 0;
		unsigned port = trace_port(d, kind, step, is_udp);

		step += !is_udp;
		if (kind == TRACE_COUNTER && !is_udp && step % 16384 == 0 &&
		    last_wrap != step && r->tables[0].ncolumns == 5) {
			struct ff_finding *f = sample_finding(r, "wrap", .05, 0, 0);

			f->from_ns = t;
			last_wrap = step;
		}
		trace_row(r, t, host, port, is_udp ? 17 : 6,
			  0xc6336400 + (uint32_t)dice_roll(d, 40),
			  dice_roll(d, 3) ? 443 : (unsigned)dice_roll(d, 1024));
	}
}

static inline void trace_attrs(struct ff_result *r, const char *host)
{
	const struct ff_table *t = &r->tables[0];

	ff_result_set_text(r, "host", host, NULL);
	ff_result_set_number(r, "flows", (int64_t)t->rows + 17, NULL);
	ff_result_set_number(r, "counted", (int64_t)t->rows, NULL);
	ff_result_set_number(r, "first_ns", t->columns[0].v.time[0], NULL);
	ff_result_set_number(r, "last_ns", t->columns[0].v.time[t->rows - 1], NULL);
}

static inline void trace_verdict(struct ff_result *r, enum trace_kind kind)
{
	static const struct {
		const char *sentence;
		unsigned low, high;
	} verdicts[TRACE_KINDS] = {
		{"Consistent with Windows Vista or later, macOS or iOS (counts up in "
		 "49152-65535): TCP 3,391 of 3,863 flows, 12 dropped; seen "
		 "56888-64688; explained 98 %; even 51 %; 41 nats before the next",
		 49152, 65535},
		{"Consistent with Linux 4.2 or later (even ports only): TCP 800 of 1,000 "
		 "flows; seen 32768-60998; even 800 of 800; 12 nats before the next",
		 32768, 60999},
		{"Consistent with at least 2 hosts behind a port-keeping NAT: 85 % on "
		 "2 lanes",
		 1024, 65535},
		{"No verdict: ambiguous between random over 1024-65535 and one counter "
		 "that was seen in part only",
		 0, 0},
	};
	static const char *const claims[TRACE_KINDS] = {
		"Windows Vista or later, macOS or iOS (counts up in 49152-65535)",
		"Linux 4.2 or later (even ports only)",
		"at least 2 hosts behind a port-keeping NAT", ""};
	struct ff_finding *f =
		sample_finding(r, "verdict", 1, verdicts[kind].low, verdicts[kind].high);

	ff_free(f->sentence);
	f->sentence = ff_strdup(verdicts[kind].sentence);
	if (kind == TRACE_LINUX)
		sample_number(f, "thread_s", 10);
	trace_host(r, 0x0a000001, claims[kind], kind == TRACE_RANDOM ? "ambiguous" : "");
}

/* One host of a kind with n flows. */
static inline void trace_single(struct ff_result *r, enum trace_kind kind, size_t n,
				int64_t span, unsigned seed)
{
	struct dice d = {seed};

	trace_init(r, false);
	trace_flows(r, &d, kind, 0x0a000001, n, INT64_C(1700006400) * FF_SEC, span);
	trace_attrs(r, "10.0.0.1/32");
	trace_verdict(r, kind);
	ff_result_sort_findings(r);
}

/* A host or a network of any shape, with or without verdicts, silent spans or wraps. */
static inline void trace_any(struct ff_result *r, struct dice *d)
{
	static const int64_t spans[] = {1,	     FF_MS,	  FF_SEC,
					60 * FF_SEC, FF_HOUR,	  FF_DAY,
					5 * FF_DAY,  40 * FF_DAY, 400 * FF_DAY};
	int64_t start = (int64_t)dice_roll(d, 50 * 365) * FF_DAY +
			(int64_t)dice_roll(d, (uint64_t)FF_DAY);
	int64_t span = spans[dice_roll(d, 9)];
	size_t hosts = dice_roll(d, 3) ? 1 : 1 + dice_roll(d, 14);
	bool is_single = hosts == 1 && dice_roll(d, 4);
	size_t n = (size_t)pow(10, 4.4 * dice_unit(d)) / hosts + 1;
	enum trace_kind kind = (enum trace_kind)dice_roll(d, TRACE_KINDS);

	trace_init(r, !is_single);
	for (size_t h = 0; h < hosts; h++) {
		enum trace_kind k =
			is_single ? kind : (enum trace_kind)dice_roll(d, TRACE_KINDS);
		uint32_t addr = 0x0a000001 + (uint32_t)h;

		/* two halves with a silent span between them */
		trace_flows(r, d, k, addr, n, start, span / 3 + 1);
		trace_flows(r, d, k, addr, 1 + n / 3, start + span / 3 * 2 + 2,
			    span / 3 + 1);
		if (!is_single)
			trace_host(r, addr, dice_roll(d, 2) ? "Linux 4.2 or later" : "",
				   dice_roll(d, 2) ? "fewer than 20 ports" : "");
	}
	trace_attrs(r, is_single ? "2001:db8:1234:5678:9abc:def0:1234:5678/128"
				 : "10.0.0.0/24");
	if (is_single && dice_roll(d, 2))
		trace_verdict(r, kind);
	ff_result_sort_findings(r);
}

#endif
