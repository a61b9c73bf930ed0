/* SPDX-License-Identifier: MIT */
/* ephemeral_finish - the runs become one table, and on the way each host's ports are
 * counted. */
#include "aggregate/ephemeral.h"
#include "aggregate/ephemeral_ranges.h"

#include <string.h>

/* ---- the rows ---- */

/* The rows of both kinds as one sequence. */
struct rows {
	const struct ephemeral_store *store;
	struct ephemeral_cursor cursors[EPHEMERAL_KINDS];
	const uint8_t *at[EPHEMERAL_KINDS];
	size_t left[EPHEMERAL_KINDS]; /* 0: at the end */
};

static int rows_fill(struct rows *r, unsigned kind, struct ff_err *err)
{
	int rc = ephemeral_cursor_next(&r->cursors[kind], &r->at[kind], &r->left[kind],
				       err);
	if (rc == 0)
		r->left[kind] = 0;
	return rc < 0 ? rc : FF_OK;
}

static int rows_init(struct rows *r, const struct ephemeral_store *s, struct ff_err *err)
{
	int rc = FF_OK;
	*r = (struct rows){.store = s};
	for (unsigned kind = 0; kind < EPHEMERAL_KINDS && rc == FF_OK; kind++)
		if ((rc = ephemeral_cursor_init(&r->cursors[kind], s, kind, err)) ==
		    FF_OK)
			rc = rows_fill(r, kind, err);
	return rc;
}

static void rows_release(struct rows *r)
{
	for (unsigned kind = 0; kind < EPHEMERAL_KINDS; kind++)
		ephemeral_cursor_release(&r->cursors[kind]);
}

/* In the order of the packed rows. */
static int row_cmp(const struct ephemeral_row *a, const struct ephemeral_row *b)
{
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	int c = ff_addr_cmp(&a->host, &b->host);
	if (c)
		return c;
	if (a->sport != b->sport)
		return a->sport < b->sport ? -1 : 1;
	if (a->protocol != b->protocol)
		return a->protocol < b->protocol ? -1 : 1;
	if ((c = ff_addr_cmp(&a->daddr, &b->daddr)))
		return c;
	if (a->dport != b->dport)
		return a->dport < b->dport ? -1 : 1;
	return a->syn_known - b->syn_known;
}

/* Which kind has the next row; rows of one kind are left at least. */
static unsigned rows_kind(const struct rows *r)
{
	struct ephemeral_row first[EPHEMERAL_KINDS];
	if (!r->left[EPHEMERAL_NARROW] || !r->left[EPHEMERAL_WIDE])
		return r->left[EPHEMERAL_NARROW] ? EPHEMERAL_NARROW : EPHEMERAL_WIDE;
	for (unsigned kind = 0; kind < EPHEMERAL_KINDS; kind++)
		ephemeral_unpack(r->store, kind, &first[kind], r->at[kind]);
	return row_cmp(&first[EPHEMERAL_WIDE], &first[EPHEMERAL_NARROW]) < 0
		       ? EPHEMERAL_WIDE
		       : EPHEMERAL_NARROW;
}

/* 1 and a row, or 0 at the end. */
static int rows_next(struct rows *r, struct ephemeral_row *out, struct ff_err *err)
{
	unsigned kind = rows_kind(r);
	if (!r->left[kind])
		return 0;
	ephemeral_unpack(r->store, kind, out, r->at[kind]);
	r->at[kind] += r->store->runs[kind].length;
	int rc = --r->left[kind] ? FF_OK : rows_fill(r, kind, err);
	return rc ? rc : 1;
}

/* ---- tables ---- */

enum { AT_TIME, AT_HOST, AT_SPORT, AT_PROTOCOL, AT_DADDR, AT_DPORT, COLUMNS };

static int table_rows_init(struct ff_table *t, const struct ephemeral *e,
			   struct ff_err *err)
{
	const struct ephemeral_runs *runs = e->core->store.runs;
	enum ff_column_kind addr = runs[EPHEMERAL_WIDE].rows ? FF_COL_ADDR : FF_COL_V4;
	const struct ff_column columns[COLUMNS] = {
		{"time", "", "start of the flow, UTC", FF_COL_TIME, {NULL}},
		{"host", "", "host that initiated it", addr, {NULL}},
		{"sport", "", "its source port", FF_COL_U16, {NULL}},
		{"protocol", "", "6 TCP, 17 UDP", FF_COL_U8, {NULL}},
		{"daddr", "", "destination address", addr, {NULL}},
		{"dport", "", "destination port", FF_COL_U16, {NULL}},
	};
	struct ff_column used[COLUMNS];
	size_t n = 0;
	for (size_t i = 0; i < COLUMNS; i++)
		if (i != AT_HOST || !ephemeral_is_single(&e->core->params))
			used[n++] = columns[i];
	int rc = ff_table_init(t, "ephemeral", used, n, err);
	return rc ? rc
		  : ff_table_reserve(t,
				     (size_t)(runs[EPHEMERAL_NARROW].rows +
					      runs[EPHEMERAL_WIDE].rows),
				     err);
}

static void put_addr(struct ff_column *c, size_t row, const struct ff_addr *a)
{
	if (c->kind == FF_COL_V4)
		c->v.v4[row] = ff_addr_to_v4(a);
	else
		c->v.addr[row] = *a;
}

static int fill_rows(struct ff_table *t, struct ephemeral *e, struct ff_err *err)
{
	bool single = ephemeral_is_single(&e->core->params);
	struct ff_column *c = t->columns;
	struct ephemeral_host *host;
	struct ephemeral_row row;
	struct rows rows;
	int rc = rows_init(&rows, &e->core->store, err);
	while (rc == FF_OK && (rc = rows_next(&rows, &row, err)) > 0) {
		size_t at = t->rows++, i = 0;
		c[i++].v.time[at] = row.time_ns;
		if (!single)
			put_addr(&c[i++], at, &row.host);
		c[i++].v.u16[at] = row.sport;
		c[i++].v.u8[at] = row.protocol;
		put_addr(&c[i++], at, &row.daddr);
		c[i++].v.u16[at] = row.dport;
		if ((rc = ephemeral_hosts_get(&e->hosts, &host, &row.host, err)))
			break;
		host->even += row.protocol == 6 && row.sport % 2 == 0;
		if (row.time_ns < host->first_ns)
			host->first_ns = row.time_ns;
		host->last_ns = row.time_ns;
	}
	rows_release(&rows);
	return rc;
}

static int fill_hosts(struct ff_table *t, const struct ephemeral *e, uint64_t top,
		      struct ff_err *err)
{
	static const struct ff_column columns[] = {
		{"host", "", "address", FF_COL_ADDR, {NULL}},
		{"flows", "", "flows it sent", FF_COL_U64, {NULL}},
		{"initiated",
		 "",
		 "of these, TCP and UDP it initiated",
		 FF_COL_U64,
		 {NULL}},
		{"tcp", "", "of the initiated, TCP", FF_COL_U64, {NULL}},
		{"udp", "", "of the initiated, UDP", FF_COL_U64, {NULL}},
		{"even",
		 "",
		 "of the initiated TCP, from an even port",
		 FF_COL_U64,
		 {NULL}},
		{"by_flags",
		 "",
		 "of the initiated TCP, by its flags",
		 FF_COL_U64,
		 {NULL}},
		{"answered_tcp", "", "TCP it did not initiate", FF_COL_U64, {NULL}},
		{"answered_udp", "", "UDP it did not initiate", FF_COL_U64, {NULL}},
		{"first", "", "start of its first row, UTC", FF_COL_TIME, {NULL}},
		{"last", "", "start of its last row, UTC", FF_COL_TIME, {NULL}},
		{"claim", "", "what its ports are consistent with", FF_COL_TEXT, {NULL}},
		{"reason", "", "why there is no claim", FF_COL_TEXT, {NULL}},
	};
	struct ephemeral_host *hosts;
	int rc = ephemeral_hosts_sorted(&e->hosts, &hosts, true, err);
	if (rc)
		return rc;
	if ((rc = ff_table_init(t, "hosts", columns, sizeof columns / sizeof *columns,
				err)) == FF_OK)
		rc = ff_table_reserve(
			t, e->hosts.used < top ? e->hosts.used : (size_t)top, err);
	struct ff_column *c = t->columns;
	for (size_t i = 0; rc == FF_OK && i < e->hosts.used && i < top; i++) {
		const struct ephemeral_host *h = &hosts[i];
		uint64_t initiated = h->tcp + h->udp;
		if (!initiated)
			break;
		c[0].v.addr[i] = h->addr;
		c[1].v.u64[i] = initiated + h->answered_tcp + h->answered_udp + h->other;
		c[2].v.u64[i] = initiated;
		c[3].v.u64[i] = h->tcp;
		c[4].v.u64[i] = h->udp;
		c[5].v.u64[i] = h->even;
		c[6].v.u64[i] = h->by_flags;
		c[7].v.u64[i] = h->answered_tcp;
		c[8].v.u64[i] = h->answered_udp;
		c[9].v.time[i] = h->first_ns;
		c[10].v.time[i] = h->last_ns;
		t->rows++;
	}
	ff_free(hosts);
	return rc;
}

static int fill_ranges(struct ff_table *t, const struct ff_table *rows,
		       struct ff_err *err)
{
	static const struct ff_column columns[] = {
		{"system", "", "whose allocator has the range", FF_COL_TEXT, {NULL}},
		{"low", "", "lowest port", FF_COL_U64, {NULL}},
		{"high", "", "highest port", FF_COL_U64, {NULL}},
		{"flows", "", "rows with a source port inside", FF_COL_U64, {NULL}},
	};
	const uint16_t *port = ff_table_column(rows, "sport")->v.u16;
	int rc = ff_table_init(t, "ranges", columns, 4, err);
	if (rc || (rc = ff_table_reserve(t, EPHEMERAL_RANGES, err)))
		return rc;
	uint64_t *counts = ff_calloc(65536, sizeof *counts);
	if (!counts)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < rows->rows; i++)
		counts[port[i]]++;
	for (size_t i = 0; i < EPHEMERAL_RANGES; i++) {
		const struct ephemeral_range *range = &ephemeral_ranges[i];
		uint64_t inside = 0;
		for (unsigned p = range->low; p <= range->high; p++)
			inside += counts[p];
		t->rows++;
		t->columns[1].v.u64[i] = range->low;
		t->columns[2].v.u64[i] = range->high;
		t->columns[3].v.u64[i] = inside;
		if (!(t->columns[0].v.text[i] = ff_strdup(range->system)))
			rc = ff_fail_nomem(err);
	}
	ff_free(counts);
	return rc;
}

/* ---- attributes ---- */

static int set_attributes(struct ff_result *r, const struct ephemeral *e,
			  struct ff_err *err)
{
	const struct ephemeral_params *p = &e->core->params;
	struct ephemeral_host sum = {.used = true};
	char host[FF_ADDR_TEXT];
	for (size_t i = 0; i < e->hosts.cap; i++) {
		const struct ephemeral_host *h = &e->hosts.slots[i];
		sum.tcp += h->tcp;
		sum.udp += h->udp;
		sum.by_flags += h->by_flags;
		sum.answered_tcp += h->answered_tcp;
		sum.answered_udp += h->answered_udp;
		sum.other += h->other;
	}
	uint64_t answered = sum.answered_tcp + sum.answered_udp;
	bool any = e->first_ns <= e->last_ns;
	const struct {
		const char *key;
		int64_t v;
	} numbers[] = {
		{"first_ns", any ? e->first_ns : 0},
		{"last_ns", any ? e->last_ns : 0},
		{"flows", (int64_t)(sum.tcp + sum.udp + answered + sum.other)},
		{"counted", (int64_t)(sum.tcp + sum.udp)},
		{"tcp", (int64_t)sum.tcp},
		{"udp", (int64_t)sum.udp},
		{"by_flags", (int64_t)sum.by_flags},
		{"answered", (int64_t)answered},
		{"other", (int64_t)sum.other},
		{"hosts", (int64_t)e->hosts.used},
		{"single", ephemeral_is_single(p)},
		{"initiator", p->initiator},
	};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		int rc = ff_result_set_number(r, numbers[i].key, numbers[i].v, err);
		if (rc)
			return rc;
	}
	return ff_result_set_text(r, "host",
				  ff_format_prefix(host, sizeof host, &p->host), err);
}

/* ---- finish ---- */

int ephemeral_finish(void *self, const void *how, struct ff_result *out, unsigned threads,
		     struct ff_err *err)
{
	struct ephemeral *e = self;
	const struct ephemeral_how *h = how;
	struct ff_result r = {0};
	int rc = ephemeral_store_flush(&e->core->store, e->buffers, err);
	if (rc)
		return rc;
	if (!(r.tables = ff_calloc(4, sizeof *r.tables))) /* marks may follow */
		return ff_fail_nomem(err);
	r.ntables = 3;
	if ((rc = table_rows_init(&r.tables[0], e, err)) ||
	    (rc = fill_rows(&r.tables[0], e, err)))
		goto out;
	ephemeral_store_release(&e->core->store); /* the table holds it all */
	if ((rc = fill_hosts(&r.tables[1], e, h->top, err)) ||
	    (rc = fill_ranges(&r.tables[2], &r.tables[0], err)) ||
	    (rc = set_attributes(&r, e, err)) ||
	    (rc = ephemeral_findings(&r, threads, err)))
		goto out;
	*out = r;
	r = (struct ff_result){0};
out:
	ff_result_release(&r);
	return rc;
}
