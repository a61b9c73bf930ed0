/* SPDX-License-Identifier: MIT */
/* netbytes_state - a netbytes aggregate in a state: parameters, sums, who opened what by
 * ascending port, then the cells by bin and port. Sorted, so the bytes depend on the
 * flows alone. */
#include "aggregate/netbytes.h"
#include "aggregate/span.h"

#include <string.h>

static void put_sum(struct ff_state_writer *w, const struct netbytes_sum *s)
{
	ff_state_put_u64(w, s->flows);
	ff_state_put_u64(w, s->packets);
	ff_state_put_u64(w, s->bytes);
}

static void save_params(const struct netbytes_params *p, struct ff_state_writer *w)
{
	ff_state_put_u64(w, p->bins.kind);
	ff_state_put_i64(w, p->bins.width_ns);
	ff_state_put_bytes(w, p->host.addr.b, 16);
	ff_state_put_u64(w, p->host.bits);
	ff_state_put_u64(w, (uint64_t)p->direction);
	ff_state_put_u64(w, (uint64_t)p->port);
	ff_state_put_u64(w, p->first);
	ff_state_put_u64(w, p->last);
}

static void save_opened(const struct netbytes *n, struct ff_state_writer *w)
{
	uint64_t used = 0;
	uint32_t last = 0;

	for (uint32_t i = 0; i < NETBYTES_SLOTS; i++)
		used += n->opened[i].by_host || n->opened[i].by_peer;
	ff_state_put_u64(w, used);
	for (uint32_t i = 0; i < NETBYTES_SLOTS; i++) {
		if (!n->opened[i].by_host && !n->opened[i].by_peer)
			continue;
		ff_state_put_u64(w, i - last);
		ff_state_put_u64(w, n->opened[i].by_host);
		ff_state_put_u64(w, n->opened[i].by_peer);
		last = i;
	}
}

/* Bins as the distance from the one before, slots as they are. */
static int save_cells(const struct netbytes *n, struct ff_state_writer *w,
		      struct ff_err *err)
{
	struct netbytes_cell *cells;
	int64_t last = 0;
	int rc = netbytes_store_sorted(&n->store, &cells, err);

	if (rc)
		return rc;
	ff_state_put_u64(w, n->store.used);
	for (size_t i = 0; i < n->store.used; i++) {
		ff_state_put_i64(w, cells[i].bin - last);
		ff_state_put_u64(w, cells[i].slot);
		put_sum(w, &cells[i].sum);
		last = cells[i].bin;
	}
	ff_free(cells);
	return FF_OK;
}

int netbytes_save(void *self, struct ff_state_writer *w, struct ff_err *err)
{
	struct netbytes *n = self;
	int rc = netbytes_flush(n, err);

	if (rc)
		return rc;
	save_params(&n->core->params, w);
	ff_state_put_i64(w, n->first_ns);
	ff_state_put_i64(w, n->last_ns);
	ff_state_put_u64(w, n->flows);
	ff_state_put_u64(w, n->elsewhere);
	ff_state_put_u64(w, n->without_packets);
	ff_state_put_u64(w, n->without_bytes);
	put_sum(w, &n->portless);
	put_sum(w, &n->outside);
	save_opened(n, w);
	return save_cells(n, w, err);
}

/* ---- loading ---- */

static int get_sum(struct netbytes_sum *s, struct ff_state_reader *r, struct ff_err *err)
{
	uint64_t v[3];
	int rc = ff_state_get_u64s(r, v, 3, err);

	if (rc == FF_OK)
		*s = (struct netbytes_sum){v[0], v[1], v[2]};
	return rc;
}

static int load_params(struct netbytes_params *p, struct ff_state_reader *r,
		       struct ff_err *err)
{
	char text[FF_ADDR_TEXT];
	struct ff_prefix again;
	uint64_t kind, v[5];
	int rc;

	if ((rc = ff_state_get_u64(r, &kind, err)) ||
	    (rc = ff_state_get_i64(r, &p->bins.width_ns, err)) ||
	    (rc = ff_state_get_bytes(r, p->host.addr.b, 16, err)) ||
	    (rc = ff_state_get_u64s(r, v, 5, err)))
		return rc;
	if (kind > FF_BINS_ALL || v[0] > 128 || v[1] > NETBYTES_OUT ||
	    v[2] > NETBYTES_SERVICE || v[3] > v[4] || v[4] > UINT16_MAX)
		return ff_state_bad(r, err, "parameters that no netbytes state has");
	p->bins.kind = (int)kind;
	p->has_host = true;
	p->host.bits = (uint8_t)v[0];
	p->direction = (int)v[1];
	p->port = (int)v[2];
	p->first = (uint16_t)v[3];
	p->last = (uint16_t)v[4];
	/* host bits that are not zero do not come back from text */
	ff_format_prefix(text, sizeof text, &p->host);
	if (!agg_bins_good(&p->bins) || (kind != FF_BINS_FIXED && p->bins.width_ns) ||
	    !ff_parse_prefix(&again, text, strlen(text)) ||
	    ff_addr_cmp(&again.addr, &p->host.addr) || again.bits != p->host.bits)
		return ff_state_bad(r, err, "parameters that no netbytes state has");
	return FF_OK;
}

static int load_sums(struct netbytes *n, struct ff_state_reader *r, struct ff_err *err)
{
	uint64_t v[4];
	int rc;

	if ((rc = ff_state_get_i64(r, &n->first_ns, err)) ||
	    (rc = ff_state_get_i64(r, &n->last_ns, err)) ||
	    (rc = ff_state_get_u64s(r, v, 4, err)) ||
	    (rc = get_sum(&n->portless, r, err)) || (rc = get_sum(&n->outside, r, err)))
		return rc;
	n->flows = v[0];
	n->elsewhere = v[1];
	n->without_packets = v[2];
	n->without_bytes = v[3];
	if ((n->flows > 0) != (n->first_ns <= n->last_ns) ||
	    (!n->flows && (n->first_ns != INT64_MAX || n->last_ns != INT64_MIN)) ||
	    agg_check_span(&n->core->params.bins, n->first_ns, n->last_ns, NULL))
		return ff_state_bad(r, err, "times that no netbytes state has");
	if (n->elsewhere > n->flows)
		return ff_state_bad(r, err, "more flows than there are");
	return FF_OK;
}

static int load_opened(struct netbytes *n, struct ff_state_reader *r, struct ff_err *err)
{
	uint64_t used, v[3], at = 0;
	int rc = ff_state_get_u64(r, &used, err);

	for (uint64_t i = 0; i < used && rc == FF_OK; i++) {
		if ((rc = ff_state_get_u64s(r, v, 3, err)))
			return rc;
		if (v[0] >= NETBYTES_SLOTS - at || (i && !v[0]) || (!v[1] && !v[2]))
			return ff_state_bad(r, err, "an impossible port");
		at += v[0];
		n->opened[at] = (struct netbytes_opened){v[1], v[2]};
	}
	return rc;
}

/* A cell of a state: after the last one, within time and ports. */
static bool cell_good(const struct netbytes *n, const struct netbytes_cell *c,
		      const struct netbytes_cell *last, bool is_first)
{
	const struct netbytes_params *p = &n->core->params;
	uint32_t port = c->slot % NETBYTES_PORTS;

	if (!c->sum.flows || c->slot > NETBYTES_ALL ||
	    c->bin < ff_bin_of(&p->bins, n->first_ns) ||
	    c->bin > ff_bin_of(&p->bins, n->last_ns))
		return false;
	if (c->slot < NETBYTES_ALL && (port < p->first || port > p->last))
		return false;
	return is_first || c->bin > last->bin ||
	       (c->bin == last->bin && c->slot > last->slot);
}

static int load_cells(struct netbytes *n, struct ff_state_reader *r, struct ff_err *err)
{
	struct netbytes_cell c = {0}, last = {0};
	uint64_t used, all = 0, v[5];
	int rc = ff_state_get_u64(r, &used, err);

	if (rc == FF_OK && (used > 0) != (n->flows > 0))
		return ff_state_bad(r, err, "cells without flows");
	for (uint64_t i = 0; i < used && rc == FF_OK; i++) {
		if ((rc = ff_state_get_u64s(r, v, 5, err)))
			return rc;
		c.bin = (int64_t)((uint64_t)last.bin + (uint64_t)ff_state_signed(v[0]));
		c.slot = v[1] > NETBYTES_ALL ? NETBYTES_ALL + 1 : (uint32_t)v[1];
		c.sum = (struct netbytes_sum){v[2], v[3], v[4]};
		if (!cell_good(n, &c, &last, i == 0))
			return ff_state_bad(r, err, "an impossible cell");
		/* the flows of a bin come after its ports */
		if (i && c.bin != last.bin && last.slot != NETBYTES_ALL)
			return ff_state_bad(r, err, "ports in a bin without flows");
		if (c.slot == NETBYTES_ALL) {
			if (c.sum.flows > n->flows - all)
				return ff_state_bad(r, err, "more flows than there are");
			all += c.sum.flows;
		}
		last = c;
		rc = netbytes_store_add(&n->store, c.bin, c.slot, &c.sum, &n->core->held,
					n->core->room, err);
	}
	if (rc == FF_OK && (all != n->flows || (used && last.slot != NETBYTES_ALL)))
		rc = ff_state_bad(r, err, "ports in a bin without flows");
	return rc;
}

int netbytes_load(void **self, const struct ff_agg_context *ctx,
		  struct ff_state_reader *r, struct ff_err *err)
{
	struct netbytes_params p = {0};
	void *n = NULL;
	int rc;

	if ((rc = load_params(&p, r, err)) || (rc = netbytes_create(&n, &p, ctx, err)) ||
	    (rc = load_sums(n, r, err)) || (rc = load_opened(n, r, err)) ||
	    (rc = load_cells(n, r, err))) {
		netbytes_destroy(n);
		return rc;
	}
	*self = n;
	return FF_OK;
}
