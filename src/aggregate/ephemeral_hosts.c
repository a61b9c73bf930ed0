/* SPDX-License-Identifier: MIT */
/* ephemeral_hosts - see ephemeral_hosts.h. */
#include "aggregate/ephemeral_hosts.h"

#include <stdlib.h>
#include <string.h>

static size_t hosts_slot(const struct ephemeral_hosts *h, const struct ff_addr *addr)
{
	uint64_t key = ff_get_u64(addr->b, true) * UINT64_C(0x9e3779b97f4a7c15) ^
		       ff_get_u64(addr->b + 8, true);
	size_t i = (size_t)ff_mix64(key) & (h->cap - 1);
	while (h->slots[i].used && ff_addr_cmp(&h->slots[i].addr, addr) != 0)
		i = (i + 1) & (h->cap - 1);
	return i;
}

static int hosts_grow(struct ephemeral_hosts *h, struct ff_err *err)
{
	struct ephemeral_hosts bigger = {.used = h->used, .cap = h->cap ? h->cap * 2 : 8};
	bigger.slots = ff_calloc(bigger.cap, sizeof *bigger.slots);
	if (!bigger.slots)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < h->cap; i++)
		if (h->slots[i].used)
			bigger.slots[hosts_slot(&bigger, &h->slots[i].addr)] =
				h->slots[i];
	ff_free(h->slots);
	*h = bigger;
	return FF_OK;
}

int ephemeral_hosts_get(struct ephemeral_hosts *h, struct ephemeral_host **out,
			const struct ff_addr *addr, struct ff_err *err)
{
	if (h->used && h->slots[h->last].used &&
	    ff_addr_cmp(&h->slots[h->last].addr, addr) == 0) {
		*out = &h->slots[h->last];
		return FF_OK;
	}
	int rc = h->used * 2 >= h->cap ? hosts_grow(h, err) : FF_OK;
	if (rc)
		return rc;
	h->last = hosts_slot(h, addr);
	struct ephemeral_host *host = &h->slots[h->last];
	if (!host->used) {
		if (h->used == EPHEMERAL_MAX_HOSTS)
			return ff_fail(err, FF_ELIMIT,
				       "more than %d hosts of '--host' send flows: give "
				       "a longer prefix",
				       EPHEMERAL_MAX_HOSTS);
		*host = (struct ephemeral_host){.addr = *addr,
						.used = true,
						.first_ns = INT64_MAX,
						.last_ns = INT64_MIN};
		h->used++;
	}
	*out = host;
	return FF_OK;
}

int ephemeral_hosts_merge(struct ephemeral_hosts *to, const struct ephemeral_hosts *from,
			  struct ff_err *err)
{
	for (size_t i = 0; i < from->cap; i++) {
		const struct ephemeral_host *f = &from->slots[i];
		struct ephemeral_host *t;
		if (!f->used)
			continue;
		int rc = ephemeral_hosts_get(to, &t, &f->addr, err);
		if (rc)
			return rc;
		t->tcp += f->tcp;
		t->udp += f->udp;
		t->by_flags += f->by_flags;
		t->answered_tcp += f->answered_tcp;
		t->answered_udp += f->answered_udp;
		t->other += f->other;
	}
	return FF_OK;
}

void ephemeral_hosts_release(struct ephemeral_hosts *h)
{
	ff_free(h->slots);
	*h = (struct ephemeral_hosts){0};
}

static int host_cmp(const void *a, const void *b)
{
	const struct ephemeral_host *x = a, *y = b;
	return ff_addr_cmp(&x->addr, &y->addr);
}

static int rows_cmp(const void *a, const void *b)
{
	const struct ephemeral_host *x = a, *y = b;
	uint64_t n = x->tcp + x->udp, m = y->tcp + y->udp;
	return n == m ? host_cmp(a, b) : n > m ? -1 : 1;
}

int ephemeral_hosts_sorted(const struct ephemeral_hosts *h, struct ephemeral_host **out,
			   bool by_rows, struct ff_err *err)
{
	struct ephemeral_host *v = ff_alloc(h->used, sizeof *v);
	size_t n = 0;
	if (!v)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < h->cap; i++)
		if (h->slots[i].used)
			v[n++] = h->slots[i];
	qsort(v, n, sizeof *v, by_rows ? rows_cmp : host_cmp);
	*out = v;
	return FF_OK;
}
