/* SPDX-License-Identifier: MIT */
/* Reading a netbytes result. It may come out of a state file, so nothing in it is trusted
 * to be in order or to add up. */
#include "figure/netbytes_data.h"

#include <string.h>

/* A cell's place in the table, to be sorted by protocol and port: 24 bits. */
struct data_key {
	uint32_t key;
	uint32_t row;
};
enum { DATA_DIGIT = 12, DATA_DIGITS = 2 };

static int data_bad(struct ff_err *err, const char *what)
{
	return ff_fail(err, FF_EFORMAT, "the netbytes result has %s", what);
}

static uint64_t data_sum(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Stable: rows of one port stay in order of time. */
static void data_sort(struct data_key *keys, struct data_key *spare, size_t n)
{
	for (int digit = 0; digit < DATA_DIGITS; digit++) {
		size_t start[(1 << DATA_DIGIT) + 1] = {0};
		unsigned shift = (unsigned)digit * DATA_DIGIT,
			 mask = (1u << DATA_DIGIT) - 1;
		struct data_key *swap = keys;

		for (size_t i = 0; i < n; i++)
			start[(keys[i].key >> shift & mask) + 1]++;
		for (size_t k = 1; k <= mask; k++)
			start[k] += start[k - 1];
		for (size_t i = 0; i < n; i++)
			spare[start[keys[i].key >> shift & mask]++] = keys[i];
		keys = spare;
		spare = swap;
	}
}

struct data_columns { /* of the table `netbytes` */
	const int64_t *start;
	const uint64_t *protocol, *port, *flows, *value;
	size_t rows;
};

static const uint64_t *data_numbers(const struct ff_table *t, const char *name)
{
	const struct ff_column *c = t ? ff_table_column(t, name) : NULL;

	return c && c->kind == FF_COL_U64 ? c->v.u64 : NULL;
}

static int data_columns_init(struct data_columns *c, const struct ff_netbytes_data *d,
			     const struct ff_table *t, struct ff_err *err)
{
	static const char *const values[] = {"bytes", "packets", "flows"};
	const struct ff_column *start = t ? ff_table_column(t, "bin_start") : NULL;

	if (!start || start->kind != FF_COL_TIME)
		return data_bad(err, "no column bin_start");
	*c = (struct data_columns){
		.start = start->v.time,
		.protocol = data_numbers(t, "protocol"),
		.port = data_numbers(t, "port"),
		.flows = data_numbers(t, "flows"),
		.value = data_numbers(t, values[d->measure]),
		.rows = t->rows,
	};
	if (c->rows == 0)
		return data_bad(err, "no flow with a port");
	if (!c->protocol || !c->port || !c->flows || !c->value)
		return data_bad(err, "no columns protocol, port, flows, and the measure");
	if (c->rows > UINT32_MAX)
		return data_bad(err, "too many rows");
	for (size_t i = 0; i < c->rows; i++) {
		if (c->protocol[i] > UINT8_MAX || c->port[i] > UINT16_MAX)
			return data_bad(err, "a row that is no port");
		if (i > 0 && c->start[i] < c->start[i - 1])
			return data_bad(err, "rows out of order");
	}
	return FF_OK;
}

/* Cells out of the sorted keys; rows of no value are nothing to draw. */
static int data_fill(struct ff_netbytes_data *d, const struct data_columns *c,
		     const struct data_key *keys, struct ff_err *err)
{
	size_t cap = 0;

	for (size_t i = 0; i < c->rows; i++) {
		size_t row = keys[i].row;
		struct ff_netbytes_port *p = d->nports ? &d->ports[d->nports - 1] : NULL;
		struct ff_netbytes_cell *last =
			d->ncells ? &d->cells[d->ncells - 1] : NULL;
		bool is_new = i == 0 || keys[i].key != keys[i - 1].key;

		if (!is_new && c->start[row] == last->start)
			return data_bad(err, "a port twice in a bin");
		if (is_new) {
			int rc = ff_grow(&d->ports, &cap, d->nports + 1,
					 sizeof(*d->ports), err);

			if (rc < 0)
				return rc;
			p = &d->ports[d->nports++];
			*p = (struct ff_netbytes_port){.protocol =
							       (uint8_t)c->protocol[row],
						       .number = (uint16_t)c->port[row],
						       .first = d->ncells,
						       .peak = d->ncells};
		}
		d->cells[d->ncells] = (struct ff_netbytes_cell){
			c->start[row], c->value[row], c->flows[row],
			(uint32_t)(d->nports - 1)};
		if (c->value[row] > d->cells[p->peak].value)
			p->peak = d->ncells;
		p->count++;
		p->value = data_sum(p->value, c->value[row]);
		p->flows = data_sum(p->flows, c->flows[row]);
		d->value = data_sum(d->value, c->value[row]);
		d->flows = data_sum(d->flows, c->flows[row]);
		d->ncells++;
	}
	return FF_OK;
}

/* Who opened the flows of each port, where the result tells. */
static void data_read_openers(struct ff_netbytes_data *d, const struct ff_table *t)
{
	const uint64_t *protocol = data_numbers(t, "protocol");
	const uint64_t *port = data_numbers(t, "port");
	const uint64_t *by_host = data_numbers(t, "opened_by_host");
	const uint64_t *by_peer = data_numbers(t, "opened_by_peer");

	if (!protocol || !port || !by_host || !by_peer)
		return;
	for (size_t i = 0; i < t->rows; i++) {
		size_t p = protocol[i] <= UINT8_MAX && port[i] <= UINT16_MAX
				   ? ff_netbytes_find(d, (unsigned)protocol[i],
						      (unsigned)port[i])
				   : d->nports;

		if (p < d->nports) {
			d->ports[p].by_host = by_host[i];
			d->ports[p].by_peer = by_peer[i];
		}
	}
}

int64_t ff_netbytes_bin_end(const struct ff_netbytes_data *d, int64_t start)
{
	struct ff_date date;

	if (d->bin_ns > 0)
		return start > INT64_MAX - d->bin_ns ? INT64_MAX : start + d->bin_ns;
	if (d->bin_ns == 0)
		return d->last_ns >= start && d->last_ns < INT64_MAX ? d->last_ns + 1
								     : start + 1;
	if (start > INT64_MAX - 32 * FF_DAY)
		return INT64_MAX;
	ff_date_from_time(&date, start);
	date.month++;
	if (date.month > 12) {
		date.month = 1;
		date.year++;
	}
	date.day = 1;
	date.hour = date.minute = date.second = date.nanosecond = 0;
	return ff_time_from_date(&date);
}

static uint64_t data_count_bins(const struct ff_netbytes_data *d)
{
	struct ff_date a, z;

	if (d->bin_ns > 0)
		return ((uint64_t)d->t1 - (uint64_t)d->t0 + (uint64_t)d->bin_ns - 1) /
		       (uint64_t)d->bin_ns;
	if (d->bin_ns == 0)
		return 1;
	ff_date_from_time(&a, d->t0);
	ff_date_from_time(&z, d->t1 - 1);
	return (uint64_t)((z.year - a.year) * 12 + z.month - a.month + 1);
}

/* The union of the bins that have cells and those of the table `bins`: one merge of two
 * ascending lists. */
static int data_read_bins(struct ff_netbytes_data *d, const struct data_columns *c,
			  const struct ff_table *t, struct ff_err *err)
{
	const struct ff_column *start = t ? ff_table_column(t, "bin_start") : NULL;
	size_t rows = start && start->kind == FF_COL_TIME ? t->rows : 0, cap = 0;

	for (size_t i = 0, k = 0; i < c->rows || k < rows;) {
		bool is_row =
			k < rows && (i >= c->rows || start->v.time[k] <= c->start[i]);
		int64_t at = is_row ? start->v.time[k] : c->start[i];
		struct ff_netbytes_bin *bin;
		int rc;

		if (d->nbins > 0 && at <= d->bin[d->nbins - 1].start)
			return data_bad(err, "bins out of order");
		rc = ff_grow(&d->bin, &cap, d->nbins + 1, sizeof(*d->bin), err);
		if (rc < 0)
			return rc;
		bin = &d->bin[d->nbins++];
		*bin = (struct ff_netbytes_bin){.start = at};
		k += is_row;
		for (; i < c->rows && c->start[i] == at; i++) {
			bin->value = data_sum(bin->value, c->value[i]);
			bin->is_counted = true;
		}
	}
	return FF_OK;
}

static int data_read_cells(struct ff_netbytes_data *d, const struct ff_table *t,
			   const struct ff_table *bins, struct ff_err *err)
{
	struct data_columns c = {0};
	struct data_key *keys, *spare;
	int rc = data_columns_init(&c, d, t, err);

	if (rc < 0)
		return rc;
	keys = ff_alloc(c.rows, sizeof(*keys));
	spare = ff_alloc(c.rows, sizeof(*spare));
	d->cells = ff_alloc(c.rows, sizeof(*d->cells));
	if (keys && spare && d->cells) {
		for (size_t i = 0; i < c.rows; i++)
			keys[i] = (struct data_key){
				(uint32_t)(c.protocol[i] << 16 | c.port[i]), (uint32_t)i};
		data_sort(keys, spare, c.rows); /* two digits: back in `keys` */
		rc = data_fill(d, &c, keys, err);
	} else {
		rc = ff_fail_nomem(err);
	}
	if (rc == FF_OK)
		rc = data_read_bins(d, &c, bins, err);
	ff_free(keys);
	ff_free(spare);
	return rc;
}

static void data_read_span(struct ff_netbytes_data *d)
{
	d->t0 = d->bin[0].start;
	d->t1 = d->bin[d->nbins - 1].start;
	/* one bin over everything begins where the data do */
	if (d->bin_ns == 0 && d->first_ns > d->t0 && d->first_ns <= d->last_ns)
		d->t0 = d->first_ns;
	d->t1 = ff_netbytes_bin_end(d, d->t1 > d->t0 ? d->t1 : d->t0);
	if (d->t1 <= d->t0) /* at the end of time */
		d->t0 = d->t1 - 1;
	d->bins = data_count_bins(d);
}

static void data_read_protocols(struct ff_netbytes_data *d)
{
	for (size_t i = 0; i < d->nports; i++) {
		d->has_tcp |= d->ports[i].protocol == 6;
		d->has_udp |= d->ports[i].protocol == 17;
		d->has_other |= d->ports[i].protocol != 6 && d->ports[i].protocol != 17;
	}
}

int ff_netbytes_data_init(struct ff_netbytes_data *d, const struct ff_result *r,
			  struct ff_err *err)
{
	const char *measure = ff_result_text(r, "measure");
	int64_t portless = ff_result_number(r, "portless", 0);
	int rc;

	*d = (struct ff_netbytes_data){
		.result = r,
		.measure = strcmp(measure, "flows") == 0     ? FF_NETBYTES_FLOWS
			   : strcmp(measure, "packets") == 0 ? FF_NETBYTES_PACKETS
							     : FF_NETBYTES_BYTES,
		.bin_ns = ff_result_number(r, "bin_ns", FF_HOUR),
		.first_ns = ff_result_number(r, "first_ns", 0),
		.last_ns = ff_result_number(r, "last_ns", -1),
		.portless = portless > 0 ? (uint64_t)portless : 0,
		.host = ff_result_text(r, "host"),
		.side = ff_result_text(r, "port"),
		.direction = ff_result_text(r, "direction"),
	};
	if (d->bin_ns < -1)
		return data_bad(err, "bins of no width");
	rc = data_read_cells(d, ff_result_table(r, "netbytes"),
			     ff_result_table(r, "bins"), err);
	if (rc == FF_OK) {
		data_read_openers(d, ff_result_table(r, "ports"));
		data_read_span(d);
		data_read_protocols(d);
	} else {
		ff_netbytes_data_release(d);
	}
	return rc;
}

void ff_netbytes_data_release(struct ff_netbytes_data *d)
{
	ff_free(d->cells);
	ff_free(d->ports);
	ff_free(d->bin);
	d->bin = NULL;
	d->cells = NULL;
	d->ports = NULL;
}

size_t ff_netbytes_find(const struct ff_netbytes_data *d, unsigned protocol,
			unsigned number)
{
	uint32_t key = protocol << 16 | number;
	size_t low = 0, high = d->nports;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct ff_netbytes_port *p = &d->ports[mid];
		uint32_t at = (uint32_t)p->protocol << 16 | p->number;

		if (at == key)
			return mid;
		if (at < key)
			low = mid + 1;
		else
			high = mid;
	}
	return d->nports;
}

size_t ff_netbytes_bin_at(const struct ff_netbytes_data *d, int64_t start)
{
	size_t low = 0, high = d->nbins;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (d->bin[mid].start == start)
			return mid;
		if (d->bin[mid].start < start)
			low = mid + 1;
		else
			high = mid;
	}
	return d->nbins;
}
