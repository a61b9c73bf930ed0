/* SPDX-License-Identifier: MIT */
/* Reading an ephemeral result: rows by host, verdicts, wraps. A result may come out of a
 * state file, so nothing in it is trusted to be in order. */
#include "figure/ephemeral_data.h"

#include <stdlib.h>
#include <string.h>

static int data_bad(struct ff_err *err, const char *what)
{
	return ff_fail(err, FF_EFORMAT, "the ephemeral result has %s", what);
}

static const struct ff_column *data_column(const struct ff_table *t, const char *name,
					   enum ff_column_kind kind)
{
	const struct ff_column *c = ff_table_column(t, name);

	return c && c->kind == kind ? c : NULL;
}

static const struct ff_column *data_numbers(const struct ff_table *t, const char *name)
{
	const struct ff_column *c = ff_table_column(t, name);

	return c && (c->kind == FF_COL_U8 || c->kind == FF_COL_U16 ||
		     c->kind == FF_COL_U64)
		       ? c
		       : NULL;
}

static const struct ff_column *data_addrs(const struct ff_table *t, const char *name)
{
	const struct ff_column *c = ff_table_column(t, name);

	return c && (c->kind == FF_COL_V4 || c->kind == FF_COL_ADDR) ? c : NULL;
}

static int data_read_columns(struct ff_ephemeral_data *d, const struct ff_table *t,
			     struct ff_err *err)
{
	const struct ff_column *time = data_column(t, "time", FF_COL_TIME);

	d->sport = data_numbers(t, "sport");
	d->protocol = data_numbers(t, "protocol");
	d->daddr = data_addrs(t, "daddr");
	d->dport = data_numbers(t, "dport");
	if (!time || !d->sport || !d->protocol || !d->daddr || !d->dport)
		return data_bad(err, "no columns time, sport, protocol, daddr, dport");
	if (t->rows > UINT32_MAX)
		return ff_fail(err, FF_ELIMIT, "more than 4294967295 flows to draw");
	d->rows = t->rows;
	d->time = time->v.time;
	for (size_t i = 0; i < d->rows; i++)
		if (ff_column_u64(d->sport, i) >= FF_PORTS ||
		    ff_column_u64(d->dport, i) >= FF_PORTS ||
		    ff_column_u64(d->protocol, i) > 255)
			return data_bad(err, "a port above 65535");
	return FF_OK;
}

/* ---- hosts ---- */

static const char *data_text(const struct ff_column *c, size_t row)
{
	return c && c->v.text[row] ? c->v.text[row] : "";
}

/* The busiest hosts and their verdicts, from the table `hosts`. */
static void data_read_hosts(struct ff_ephemeral_data *d)
{
	const struct ff_table *t = ff_result_table(d->result, "hosts");
	const struct ff_column *host = t ? data_column(t, "host", FF_COL_ADDR) : NULL;
	const struct ff_column *claim = t ? data_column(t, "claim", FF_COL_TEXT) : NULL;
	const struct ff_column *reason = t ? data_column(t, "reason", FF_COL_TEXT) : NULL;
	size_t most = d->is_single ? 1 : FF_EPHEMERAL_HOSTS;

	for (size_t i = 0; host && i < t->rows && d->nhosts < most; i++) {
		struct ff_ephemeral_host *h = &d->hosts[d->nhosts++];

		*h = (struct ff_ephemeral_host){.addr = host->v.addr[i],
						.claim = data_text(claim, i),
						.reason = data_text(reason, i)};
		ff_format_addr(h->name, sizeof(h->name), &h->addr);
	}
	d->hosts_seen = (uint64_t)ff_result_number(d->result, "hosts", 0);
}

/* Which of the hosts it is; `by_addr` holds their indices by address. */
static size_t data_find_host(const struct ff_ephemeral_data *d, const size_t *by_addr,
			     const struct ff_addr *addr)
{
	size_t low = 0, high = d->nhosts;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = ff_addr_cmp(&d->hosts[by_addr[mid]].addr, addr);

		if (c == 0)
			return by_addr[mid];
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return SIZE_MAX;
}

/* The rows of each host, in the order of the table. */
static int data_order(struct ff_ephemeral_data *d, const struct ff_column *host,
		      struct ff_err *err)
{
	size_t by_addr[FF_EPHEMERAL_HOSTS], at[FF_EPHEMERAL_HOSTS], sum = 0, last = 0;
	size_t shown = 0;

	for (size_t i = 0; i < d->nhosts; i++) {
		size_t k = i;

		for (; k > 0 &&
		       ff_addr_cmp(&d->hosts[by_addr[k - 1]].addr, &d->hosts[i].addr) > 0;
		     k--)
			by_addr[k] = by_addr[k - 1];
		by_addr[k] = i;
	}
	d->order = ff_alloc(d->rows, sizeof(*d->order));
	if (!d->order)
		return ff_fail_nomem(err);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < d->rows; i++) {
			struct ff_addr addr = ff_column_addr(host, i);

			if (last == SIZE_MAX || ff_addr_cmp(&d->hosts[last].addr, &addr))
				last = data_find_host(d, by_addr, &addr);
			if (last == SIZE_MAX)
				continue;
			if (pass == 0)
				d->hosts[last].count++;
			else
				d->order[at[last]++] = (uint32_t)i;
		}
		for (size_t i = 0; i < d->nhosts && pass == 0; i++) {
			at[i] = d->hosts[i].first = sum;
			sum += d->hosts[i].count;
		}
	}
	for (size_t i = 0; i < d->nhosts; i++)
		if (d->hosts[i].count > 0)
			d->hosts[shown++] = d->hosts[i];
	d->nhosts = shown;
	return FF_OK;
}

/* Sums over the rows of one host, which must ascend by time. */
static int data_sum_host(const struct ff_ephemeral_data *d, struct ff_ephemeral_host *h,
			 struct ff_err *err)
{
	h->t0 = d->time[ff_ephemeral_row(d, h->first)];
	h->t1 = h->t0;
	for (size_t i = h->first; i < h->first + h->count; i++) {
		size_t row = ff_ephemeral_row(d, i);
		bool is_udp = ff_ephemeral_is_udp(d, row);

		if (d->time[row] < h->t1)
			return data_bad(err, "rows out of order");
		h->udp += is_udp;
		h->even += !is_udp && ff_ephemeral_sport(d, row) % 2 == 0;
		h->t1 = d->time[row];
	}
	/* one moment is drawn as a second */
	if (h->t1 == h->t0)
		h->t1 += h->t0 < INT64_MAX - FF_SEC ? FF_SEC : 0;
	if (h->t1 == h->t0)
		h->t0 -= FF_SEC;
	return FF_OK;
}

static int data_compare_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void data_set_aside(struct ff_ephemeral_data *d, uint64_t low, uint64_t high)
{
	for (uint64_t port = low; port <= high && port < FF_PORTS; port++) {
		d->aside[port / 64] |= UINT64_C(1) << port % 64;
		d->has_aside = true;
	}
}

static int data_read_findings(struct ff_ephemeral_data *d, struct ff_err *err)
{
	const struct ff_ephemeral_host *h = &d->hosts[0];
	size_t cap = 0;

	/* of several hosts the table tells, not the findings */
	for (size_t i = 0; d->is_single && i < d->result->nfindings; i++) {
		const struct ff_finding *f = &d->result->findings[i];

		if (strcmp(f->kind, "verdict") == 0 && !d->verdict)
			d->verdict = f;
		if (strcmp(f->kind, "fixed") == 0)
			data_set_aside(d, f->low, f->high);
		if (strcmp(f->kind, "wrap") == 0 && f->from_ns >= h->t0 &&
		    f->from_ns <= h->t1 && d->nwraps < FF_EPHEMERAL_WRAPS) {
			int rc = ff_grow(&d->wraps, &cap, d->nwraps + 1,
					 sizeof(*d->wraps), err);

			if (rc < 0)
				return rc;
			d->wraps[d->nwraps++] = f->from_ns;
		}
	}
	if (d->nwraps)
		qsort(d->wraps, d->nwraps, sizeof(*d->wraps), data_compare_time);
	return FF_OK;
}

static int data_init(struct ff_ephemeral_data *d, const struct ff_table *t,
		     struct ff_err *err)
{
	const struct ff_column *host = data_addrs(t, "host");
	int rc = data_read_columns(d, t, err);

	if (rc < 0)
		return rc;
	d->is_single = !host;
	data_read_hosts(d);
	if (host && d->nhosts == 0 && d->rows > 0)
		return data_bad(err, "no table 'hosts'");
	if (host && d->rows > 0)
		rc = data_order(d, host, err);
	if (rc < 0)
		return rc;
	if (d->is_single) {
		/* its words may be missing, its rows are all */
		d->nhosts = 1;
		d->hosts[0].count = d->rows;
		if (!d->hosts[0].claim)
			d->hosts[0].claim = d->hosts[0].reason = "";
		/* a single address may stand as a prefix of full length */
		d->hosts[0].name[0] = '\0';
		strncat(d->hosts[0].name, d->name,
			strcspn(d->name, "/") < sizeof(d->hosts[0].name)
				? strcspn(d->name, "/")
				: sizeof(d->hosts[0].name) - 1);
	}
	if (d->rows == 0 || d->nhosts == 0)
		return ff_fail(err, FF_EFORMAT, "nothing to draw: %s opened no flow",
			       d->name[0] ? d->name : "the host");
	for (size_t i = 0; i < d->nhosts && rc == FF_OK; i++)
		rc = data_sum_host(d, &d->hosts[i], err);
	return rc == FF_OK ? data_read_findings(d, err) : rc;
}

int ff_ephemeral_data_init(struct ff_ephemeral_data *d, const struct ff_result *r,
			   struct ff_err *err)
{
	const struct ff_table *t = ff_result_table(r, "ephemeral");
	int rc;

	*d = (struct ff_ephemeral_data){.result = r};
	d->name = ff_result_text(r, "host");
	rc = t ? data_init(d, t, err) : data_bad(err, "no table 'ephemeral'");
	if (rc < 0)
		ff_ephemeral_data_release(d);
	return rc;
}

void ff_ephemeral_data_release(struct ff_ephemeral_data *d)
{
	ff_free(d->order);
	ff_free(d->wraps);
	*d = (struct ff_ephemeral_data){0};
}
