/* SPDX-License-Identifier: MIT */
/* netbytes_store - a hash table of cells; see netbytes.h. */
#include "aggregate/netbytes.h"

#include <stdlib.h>
#include <string.h>

const uint8_t netbytes_protocols[NETBYTES_PROTOCOLS] = {6, 17, 33, 132, 136};
const char *const netbytes_protocol_names[NETBYTES_PROTOCOLS] = {"tcp", "udp", "dccp",
								 "sctp", "udplite"};

int netbytes_protocol(unsigned protocol)
{
	for (int i = 0; i < NETBYTES_PROTOCOLS; i++)
		if (netbytes_protocols[i] == protocol)
			return i;
	return -1;
}

void netbytes_store_release(struct netbytes_store *s)
{
	ff_free(s->cells);
	*s = (struct netbytes_store){0};
}

/* Ports of one bin lie scattered, so that neighbours do not make runs. */
static size_t store_find(const struct netbytes_store *s, int64_t bin, uint32_t slot)
{
	uint64_t key = (uint64_t)bin * UINT64_C(0x9e3779b97f4a7c15) + slot;
	size_t i = ff_mix64(key) & (s->cap - 1);

	while (s->cells[i].sum.flows &&
	       (s->cells[i].bin != bin || s->cells[i].slot != slot))
		i = (i + 1) & (s->cap - 1);
	return i;
}

static int store_grow(struct netbytes_store *s, struct ff_err *err)
{
	struct netbytes_store bigger = {.used = s->used,
					.cap = s->cap ? s->cap * 2 : 256};

	bigger.cells = ff_alloc(bigger.cap, sizeof *bigger.cells);
	if (!bigger.cells)
		return ff_fail_nomem(err);
	/* not ff_calloc: pages that are read before they are written are faulted in
	 * twice, and the second time all threads are stopped */
	memset(bigger.cells, 0, bigger.cap * sizeof *bigger.cells);
	for (size_t i = 0; i < s->cap; i++) {
		const struct netbytes_cell *c = &s->cells[i];

		if (c->sum.flows)
			bigger.cells[store_find(&bigger, c->bin, c->slot)] = *c;
	}
	ff_free(s->cells);
	*s = bigger;
	return FF_OK;
}

int netbytes_store_add(struct netbytes_store *s, int64_t bin, uint32_t slot,
		       const struct netbytes_sum *sum, _Atomic uint64_t *held,
		       uint64_t room, struct ff_err *err)
{
	struct netbytes_cell *c;
	char most[32];
	int rc;

	if (s->used * 4 >= s->cap * 3 && (rc = store_grow(s, err)))
		return rc;
	c = &s->cells[store_find(s, bin, slot)];
	if (!c->sum.flows) {
		if (atomic_fetch_add_explicit(held, 1, memory_order_relaxed) >= room)
			return ff_fail(
				err, FF_ELIMIT,
				"more than %s cells of bin and port, which is what "
				"'--memory' allows: give a longer '--bin', fewer "
				"'--ports', '--from' and '--to', or more memory",
				ff_format_thousands(most, sizeof most, room));
		s->used++;
		c->bin = bin;
		c->slot = slot;
	}
	netbytes_sum_add(&c->sum, sum);
	return FF_OK;
}

static int cell_cmp(const void *a, const void *b)
{
	const struct netbytes_cell *x = a, *y = b;

	if (x->bin != y->bin)
		return x->bin < y->bin ? -1 : 1;
	return (x->slot > y->slot) - (x->slot < y->slot);
}

int netbytes_store_sorted(const struct netbytes_store *s, struct netbytes_cell **out,
			  struct ff_err *err)
{
	struct netbytes_cell *v = ff_alloc(s->used, sizeof *v);
	size_t n = 0;

	if (!v)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < s->cap; i++)
		if (s->cells[i].sum.flows)
			v[n++] = s->cells[i];
	if (n)
		qsort(v, n, sizeof *v, cell_cmp);
	*out = v;
	return FF_OK;
}
