/* SPDX-License-Identifier: MIT */
/* netbytes_store - a hash table of cells; see netbytes.h. */
#include "aggregate/netbytes.h"

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

/* ---- order ---- */

enum { DIGIT_BITS = 10, DIGITS = 1 << DIGIT_BITS };

/* One stable pass by a digit of the slot, or of how far the bin is from `first`. */
static void store_pass(struct netbytes_cell *to, const struct netbytes_cell *from,
		       size_t n, bool by_bin, int64_t first, unsigned shift)
{
	size_t starts[DIGITS] = {0}, sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t key =
			by_bin ? (uint64_t)from[i].bin - (uint64_t)first : from[i].slot;

		starts[key >> shift & (DIGITS - 1)]++;
	}
	for (size_t d = 0; d < DIGITS; d++) {
		size_t here = starts[d];

		starts[d] = sum;
		sum += here;
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t key =
			by_bin ? (uint64_t)from[i].bin - (uint64_t)first : from[i].slot;

		to[starts[key >> shift & (DIGITS - 1)]++] = from[i];
	}
}

void netbytes_sort_slots(struct netbytes_cell *cells, struct netbytes_cell *room,
			 size_t n)
{
	store_pass(room, cells, n, false, 0, 0);
	store_pass(cells, room, n, false, 0, DIGIT_BITS);
}

int netbytes_store_sorted(const struct netbytes_store *s, struct netbytes_cell **out,
			  struct ff_err *err)
{
	struct netbytes_cell *v = ff_alloc(s->used, sizeof *v);
	struct netbytes_cell *room = ff_alloc(s->used, sizeof *room), *swap;
	int64_t first = INT64_MAX, last = INT64_MIN;
	size_t n = 0;

	if (!v || !room) {
		ff_free(v);
		ff_free(room);
		return ff_fail_nomem(err);
	}
	for (size_t i = 0; i < s->cap; i++) {
		if (!s->cells[i].sum.flows)
			continue;
		v[n] = s->cells[i];
		first = v[n].bin < first ? v[n].bin : first;
		last = v[n].bin > last ? v[n].bin : last;
		n++;
	}
	netbytes_sort_slots(v, room, n);
	for (unsigned shift = 0; n && shift < 64; shift += DIGIT_BITS) {
		if (((uint64_t)last - (uint64_t)first) >> shift == 0)
			break;
		store_pass(room, v, n, true, first, shift);
		swap = v;
		v = room;
		room = swap;
	}
	ff_free(room);
	*out = v;
	return FF_OK;
}
