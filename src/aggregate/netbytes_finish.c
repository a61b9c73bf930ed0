/* SPDX-License-Identifier: MIT */
/* netbytes_finish - from the cells to tables and attributes; see netbytes.h. */
#include "aggregate/measure.h"
#include "aggregate/netbytes.h"
#include "aggregate/span.h"

#include <string.h>

static const struct ff_column cell_columns[] = {
	{"bin_start", "", "start of the time bin, UTC", FF_COL_TIME, {0}},
	{"protocol", "", "IP protocol number", FF_COL_U64, {0}},
	{"port", "", "port", FF_COL_U64, {0}},
	{"flows", "", "flows, once for each end that is the host", FF_COL_U64, {0}},
	{"packets", "packets", "packets of these flows", FF_COL_U64, {0}},
	{"bytes", "bytes", "bytes of these flows", FF_COL_U64, {0}},
};
static const struct ff_column port_columns[] = {
	{"protocol", "", "IP protocol number", FF_COL_U64, {0}},
	{"port", "", "port", FF_COL_U64, {0}},
	{"flows", "", "flows, once for each end that is the host", FF_COL_U64, {0}},
	{"packets", "packets", "packets of these flows", FF_COL_U64, {0}},
	{"bytes", "bytes", "bytes of these flows", FF_COL_U64, {0}},
	{"bins", "", "bins with flows", FF_COL_U64, {0}},
	{"opened_by_host", "", "flows that the host opened", FF_COL_U64, {0}},
	{"opened_by_peer", "", "flows that the other end opened", FF_COL_U64, {0}},
	{"peak_start", "", "start of the largest bin, UTC", FF_COL_TIME, {0}},
	{"peak", "", "what the largest bin holds, by the measure", FF_COL_U64, {0}},
};
static const struct ff_column bin_columns[] = {
	{"bin_start", "", "start of the time bin, UTC", FF_COL_TIME, {0}},
	{"flows", "", "selected flows that start in the bin", FF_COL_U64, {0}},
	{"counted", "", "flows that count, once for each end", FF_COL_U64, {0}},
	{"packets", "packets", "packets of these", FF_COL_U64, {0}},
	{"bytes", "bytes", "bytes of these", FF_COL_U64, {0}},
};
enum { CELL_COLUMNS = 6, PORT_COLUMNS = 10, BIN_COLUMNS = 5 };
enum { CELLS, PORTS, BINS, TABLES };

struct finish {
	struct netbytes_cell *cells; /* those of ports, by bin, then slot */
	size_t count;
	struct netbytes_cell *by_port; /* the same, by slot, then bin */
	struct netbytes_cell *all;     /* all flows of each bin */
	size_t nall;
	struct netbytes_port *ports;
	size_t nports;
	struct netbytes_sum counted;
	enum agg_measure measure;
};

/* ---- sorting out ---- */

/* Parts the cells of ports from those of whole bins. */
static int finish_cells(struct finish *f, const struct netbytes *n, struct ff_err *err)
{
	size_t used = n->store.used, kept = 0;
	struct netbytes_cell *room;
	int rc = netbytes_store_sorted(&n->store, &f->cells, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < used; i++)
		f->nall += f->cells[i].slot == NETBYTES_ALL;
	f->all = ff_alloc(f->nall, sizeof *f->all);
	f->by_port = ff_alloc(used - f->nall, sizeof *f->by_port);
	if (!f->all || !f->by_port)
		return ff_fail_nomem(err);
	f->nall = 0;
	for (size_t i = 0; i < used; i++) {
		if (f->cells[i].slot == NETBYTES_ALL) {
			f->all[f->nall++] = f->cells[i];
			continue;
		}
		netbytes_sum_add(&f->counted, &f->cells[i].sum);
		f->cells[kept++] = f->cells[i];
	}
	f->count = kept;
	if (!(room = ff_alloc(kept, sizeof *room)))
		return ff_fail_nomem(err);
	memcpy(f->by_port, f->cells, kept * sizeof *f->cells);
	netbytes_sort_slots(f->by_port, room, kept);
	ff_free(room);
	return FF_OK;
}

static int finish_ports(struct finish *f, struct ff_err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < f->count; i++)
		n += i == 0 || f->by_port[i].slot != f->by_port[i - 1].slot;
	if (!(f->ports = ff_calloc(n, sizeof *f->ports)))
		return ff_fail_nomem(err);
	for (size_t i = 0; i < f->count; i++) {
		const struct netbytes_cell *c = &f->by_port[i];
		struct netbytes_port *p;

		if (i == 0 || c->slot != f->by_port[i - 1].slot)
			f->ports[f->nports++] =
				(struct netbytes_port){.slot = c->slot, .cells = c};
		p = &f->ports[f->nports - 1];
		netbytes_sum_add(&p->sum, &c->sum);
		if (netbytes_value(&c->sum, f->measure) >
		    netbytes_value(&p->cells[p->peak].sum, f->measure))
			p->peak = p->bins;
		p->bins++;
	}
	return FF_OK;
}

static int choose_measure(struct finish *f, const struct netbytes *n, int asked,
			  struct ff_err *err)
{
	uint64_t ends = f->counted.flows + n->portless.flows + n->outside.flows;

	if (asked == NETBYTES_AUTO) {
		f->measure =
			n->without_bytes || !f->counted.bytes ? AGG_FLOWS : AGG_BYTES;
		return FF_OK;
	}
	f->measure = (enum agg_measure)(asked - NETBYTES_MEASURE);
	return agg_measure_check(f->measure,
				 f->measure == AGG_BYTES ? n->without_bytes
							 : n->without_packets,
				 ends, err);
}

/* ---- tables ---- */

static void put_port(struct ff_table *t, size_t column, uint32_t slot)
{
	t->columns[column].v.u64[t->rows] = netbytes_protocols[slot / NETBYTES_PORTS];
	t->columns[column + 1].v.u64[t->rows] = slot % NETBYTES_PORTS;
}

static void put_sums(struct ff_table *t, size_t column, const struct netbytes_sum *s)
{
	t->columns[column].v.u64[t->rows] = s->flows;
	t->columns[column + 1].v.u64[t->rows] = s->packets;
	t->columns[column + 2].v.u64[t->rows] = s->bytes;
}

static int fill_cells(struct ff_table *t, const struct finish *f,
		      const struct ff_bins *bins, struct ff_err *err)
{
	int rc = ff_table_reserve(t, f->count, err);

	for (size_t i = 0; i < f->count && rc == FF_OK; i++) {
		t->columns[0].v.time[t->rows] = ff_bin_start(bins, f->cells[i].bin);
		put_port(t, 1, f->cells[i].slot);
		put_sums(t, 3, &f->cells[i].sum);
		t->rows++;
	}
	return rc;
}

static int fill_ports(struct ff_table *t, const struct finish *f,
		      const struct netbytes *n, struct ff_err *err)
{
	int rc = ff_table_reserve(t, f->nports, err);

	for (size_t i = 0; i < f->nports && rc == FF_OK; i++) {
		const struct netbytes_port *p = &f->ports[i];
		const struct netbytes_cell *peak = &p->cells[p->peak];

		put_port(t, 0, p->slot);
		put_sums(t, 2, &p->sum);
		t->columns[5].v.u64[t->rows] = p->bins;
		t->columns[6].v.u64[t->rows] = n->opened[p->slot].by_host;
		t->columns[7].v.u64[t->rows] = n->opened[p->slot].by_peer;
		t->columns[8].v.time[t->rows] =
			ff_bin_start(&n->core->params.bins, peak->bin);
		t->columns[9].v.u64[t->rows] = netbytes_value(&peak->sum, f->measure);
		t->rows++;
	}
	return rc;
}

static int fill_bins(struct ff_table *t, const struct finish *f,
		     const struct ff_bins *bins, struct ff_err *err)
{
	int rc = ff_table_reserve(t, f->nall, err);

	for (size_t i = 0, k = 0; i < f->nall && rc == FF_OK; i++) {
		struct netbytes_sum sum = {0};

		for (; k < f->count && f->cells[k].bin == f->all[i].bin; k++)
			netbytes_sum_add(&sum, &f->cells[k].sum);
		t->columns[0].v.time[t->rows] = ff_bin_start(bins, f->all[i].bin);
		t->columns[1].v.u64[t->rows] = f->all[i].sum.flows;
		put_sums(t, 2, &sum);
		t->rows++;
	}
	return rc;
}

static int make_tables(struct ff_result *r, const struct finish *f,
		       const struct netbytes *n, struct ff_err *err)
{
	const struct ff_bins *bins = &n->core->params.bins;
	int rc;

	if (!(r->tables = ff_calloc(TABLES, sizeof *r->tables)))
		return ff_fail_nomem(err);
	r->ntables = TABLES;
	if ((rc = ff_table_init(&r->tables[CELLS], "netbytes", cell_columns, CELL_COLUMNS,
				err)) ||
	    (rc = ff_table_init(&r->tables[PORTS], "ports", port_columns, PORT_COLUMNS,
				err)) ||
	    (rc = ff_table_init(&r->tables[BINS], "bins", bin_columns, BIN_COLUMNS,
				err)) ||
	    (rc = fill_cells(&r->tables[CELLS], f, bins, err)) ||
	    (rc = fill_ports(&r->tables[PORTS], f, n, err)))
		return rc;
	return fill_bins(&r->tables[BINS], f, bins, err);
}

/* ---- attributes ---- */

static int set_sums(struct ff_result *r, const char *const keys[3],
		    const struct netbytes_sum *s, struct ff_err *err)
{
	int rc;

	if ((rc = ff_result_set_number(r, keys[0], agg_attr(s->flows), err)) ||
	    (rc = ff_result_set_number(r, keys[1], agg_attr(s->packets), err)))
		return rc;
	return ff_result_set_number(r, keys[2], agg_attr(s->bytes), err);
}

static int set_numbers(struct ff_result *r, const struct finish *f,
		       const struct netbytes *n, uint64_t top, struct ff_err *err)
{
	static const char *const counted[] = {"counted", "counted_packets",
					      "counted_bytes"};
	static const char *const portless[] = {"portless", "portless_packets",
					       "portless_bytes"};
	static const char *const outside[] = {"outside", "outside_packets",
					      "outside_bytes"};
	const struct netbytes_params *p = &n->core->params;
	bool v4 = p->host.bits >= 96 && ff_addr_is_v4(&p->host.addr);
	const struct {
		const char *key;
		int64_t v;
	} numbers[] = {
		{"bin_ns", agg_bin_ns(&p->bins)},
		{"first_ns", n->first_ns},
		{"last_ns", n->last_ns},
		{"flows", agg_attr(n->flows)},
		{"elsewhere", agg_attr(n->elsewhere)},
		{"without_packets", agg_attr(n->without_packets)},
		{"without_bytes", agg_attr(n->without_bytes)},
		{"ports_lo", p->first},
		{"ports_hi", p->last},
		{"bins", agg_attr(f->nall)},
		{"host_bits", v4 ? p->host.bits - 96 : p->host.bits},
		{"top", agg_attr(top)},
	};
	int rc = FF_OK;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers && rc == FF_OK; i++)
		rc = ff_result_set_number(r, numbers[i].key, numbers[i].v, err);
	if (rc || (rc = set_sums(r, counted, &f->counted, err)) ||
	    (rc = set_sums(r, portless, &n->portless, err)))
		return rc;
	return set_sums(r, outside, &n->outside, err);
}

static int set_texts(struct ff_result *r, const struct finish *f,
		     const struct netbytes_params *p, struct ff_err *err)
{
	char host[FF_ADDR_TEXT], width[24];
	int rc;

	if (p->host.bits == 128)
		ff_format_addr(host, sizeof host, &p->host.addr);
	else
		ff_format_prefix(host, sizeof host, &p->host);
	ff_bins_format(width, sizeof width, &p->bins);
	if ((rc = ff_result_set_text(r, "host", host, err)) ||
	    (rc = ff_result_set_text(r, "bin", width, err)) ||
	    (rc = ff_result_set_text(r, "port", netbytes_port_kinds[p->port], err)) ||
	    (rc = ff_result_set_text(r, "direction", netbytes_directions[p->direction],
				     err)))
		return rc;
	return ff_result_set_text(r, "measure", agg_measure_names[f->measure], err);
}

/* ---- finish ---- */

int netbytes_finish(void *self, const void *how, struct ff_result *out, unsigned threads,
		    struct ff_err *err)
{
	struct netbytes *n = self;
	const struct netbytes_how *h = how;
	struct finish f = {0};
	struct ff_result r = {0};
	int rc;

	(void)threads;
	if ((rc = netbytes_flush(n, err)) || (rc = finish_cells(&f, n, err)) ||
	    (rc = choose_measure(&f, n, h->measure, err)) ||
	    (rc = finish_ports(&f, err)) || (rc = make_tables(&r, &f, n, err)) ||
	    (rc = set_numbers(&r, &f, n, h->top, err)) ||
	    (rc = set_texts(&r, &f, &n->core->params, err)))
		goto out;
	struct netbytes_ports ports = {f.ports, f.nports, (int)f.measure};
	if ((rc = netbytes_findings(&r, n, &ports, h->top, err)))
		goto out;
	*out = r;
	r = (struct ff_result){0};
out:
	ff_free(f.cells);
	ff_free(f.by_port);
	ff_free(f.all);
	ff_free(f.ports);
	ff_result_release(&r);
	return rc;
}
