/* SPDX-License-Identifier: MIT */
#include "aggregate/verdict_parts.h"

int verdict_map_init(struct verdict_map *m, size_t n, struct ff_err *err)
{
	size_t cap = 16;
	while (cap / 2 < n)
		cap *= 2;
	m->slots = ff_calloc(cap, sizeof *m->slots);
	m->mask = cap - 1;
	m->used = 0;
	return m->slots ? FF_OK : ff_fail_nomem(err);
}

struct verdict_slot *verdict_map_slot(struct verdict_map *m, uint64_t key)
{
	size_t i = ff_mix64(key) & m->mask;
	while (m->slots[i].is_used && m->slots[i].key != key)
		i = (i + 1) & m->mask;
	return &m->slots[i];
}

void verdict_map_release(struct verdict_map *m)
{
	ff_free(m->slots);
	m->slots = NULL;
}
