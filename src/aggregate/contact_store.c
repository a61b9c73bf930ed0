/* SPDX-License-Identifier: MIT */
/* contact_store - see contact_store.h for the layout. */
#include "aggregate/contact_store.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INDEX_MIN = 16, PART_MIN = 4096 };
/* While a part is smaller than this (40 MiB for all parts) its arrays may hold repeats.
 */
enum { PART_ROOMY = 5 << 19 };

int contact_store_init(struct contact_store *s, unsigned words, uint64_t budget,
		       const char *scratch_dir, struct ff_err *err)
{
	*s = (struct contact_store){.words = words, .scratch_dir = scratch_dir};
	s->part_budget = budget / CONTACT_PARTS;
	if (s->part_budget < PART_MIN) /* below, every addition would spill */
		s->part_budget = PART_MIN;
	s->part_roomy = s->part_budget / 4;
	if (s->part_roomy > PART_ROOMY)
		s->part_roomy = PART_ROOMY;
	for (int i = 0; i < CONTACT_PARTS; i++) {
		s->parts[i].spill_fd = -1;
		if (pthread_mutex_init(&s->parts[i].lock, NULL) != 0)
			return ff_fail(err, FF_ENOMEM, "cannot make a lock");
	}
	return FF_OK;
}

void contact_store_release(struct contact_store *s)
{
	for (int i = 0; i < CONTACT_PARTS; i++) {
		struct contact_part *p = &s->parts[i];
		for (size_t k = 0; k < p->nsets; k++)
			ff_free(p->sets[k].keys);
		ff_free(p->sets);
		ff_free(p->index);
		ff_free(p->runs);
		if (s->words && p->spill_fd >= 0)
			close(p->spill_fd);
		if (s->words)
			pthread_mutex_destroy(&p->lock);
	}
	*s = (struct contact_store){0};
}

bool contact_same_source(const uint64_t *a, const uint64_t *b, unsigned words)
{
	if (words <= 2)
		return a[0] >> 32 == b[0] >> 32;
	return a[0] == b[0] && a[1] == b[1];
}

/* ---- the sets of a part ---- */

/* Bins are numbered in time, so their low bits spread them best. */
static size_t index_slot(const struct contact_part *p, int64_t bin)
{
	size_t i = (size_t)bin & (p->index_cap - 1);
	while (p->index[i] && p->sets[p->index[i] - 1].bin != bin)
		i = (i + 1) & (p->index_cap - 1);
	return i;
}

static struct contact_set *part_find(const struct contact_part *p, int64_t bin)
{
	if (!p->index_cap)
		return NULL;
	uint32_t at = p->index[index_slot(p, bin)];
	return at ? &p->sets[at - 1] : NULL;
}

static int index_grow(struct contact_part *p, struct ff_err *err)
{
	size_t cap = p->index_cap ? p->index_cap * 2 : INDEX_MIN;
	uint32_t *index = ff_calloc(cap, sizeof *index);
	if (!index)
		return ff_fail_nomem(err);
	ff_free(p->index);
	p->index = index;
	p->index_cap = cap;
	for (size_t k = 0; k < p->nsets; k++)
		p->index[index_slot(p, p->sets[k].bin)] = (uint32_t)k + 1;
	return FF_OK;
}

static int part_set(struct contact_part *p, int64_t bin, size_t *out, struct ff_err *err)
{
	int rc;
	if (p->nsets * 2 >= p->index_cap && (rc = index_grow(p, err)))
		return rc;
	size_t slot = index_slot(p, bin);
	if (!p->index[slot]) {
		if ((rc = ff_grow(&p->sets, &p->sets_cap, p->nsets + 1, sizeof *p->sets,
				  err)))
			return rc;
		p->sets[p->nsets] = (struct contact_set){.bin = bin};
		p->index[slot] = (uint32_t)++p->nsets;
	}
	*out = p->index[slot] - 1;
	return FF_OK;
}

/* While there is room a new set begins half as large as the sets of its part are on the
 * mean: that saves most of its growing. */
static int set_grow(struct contact_set *set, struct contact_part *p, size_t n,
		    const struct contact_store *s, struct ff_err *err)
{
	bool roomy = p->bytes < s->part_roomy;
	uint64_t begin = roomy ? p->bytes / (16 * s->words * p->nsets) : 0;
	return contact_set_reserve(set, n, s->words, begin, roomy, &p->bytes, err);
}

/* `words` is s->words, a constant at every call, so that the compiler unrolls the key
 * loops. Entries of one bin in a row, all there are in input in order of time, are looked
 * up once. */
static inline int part_add(struct contact_part *p, const uint64_t *entries, size_t n,
			   unsigned words, const struct contact_store *s,
			   struct ff_err *err)
{
	size_t stride = 1 + words, at = 0;
	for (size_t i = 0, k; i < n; i = k) {
		const uint64_t *e = entries + i * stride;
		for (k = i + 1; k < n && entries[k * stride] == e[0];)
			k++;
		int rc = part_set(p, (int64_t)e[0], &at, err);
		if (rc)
			return rc;
		struct contact_set *set = &p->sets[at];
		if (set->cap - set->len < k - i && (rc = set_grow(set, p, k - i, s, err)))
			return rc;
		uint64_t *to = set->keys + (size_t)set->len * words;
		set->len += (uint32_t)(k - i);
		for (size_t j = 0; j < k - i; j++)
			contact_key_copy(to + j * words, e + j * stride + 1, words);
	}
	return FF_OK;
}

int contact_store_add(struct contact_store *s, unsigned part, const uint64_t *entries,
		      size_t n, struct ff_err *err)
{
	struct contact_part *p = &s->parts[part];
	int rc;
	pthread_mutex_lock(&p->lock);
	switch (s->words) {
	case 1:
		rc = part_add(p, entries, n, 1, s, err);
		break;
	case 2:
		rc = part_add(p, entries, n, 2, s, err);
		break;
	case 4:
		rc = part_add(p, entries, n, 4, s, err);
		break;
	default:
		rc = part_add(p, entries, n, 5, s, err);
	}
	if (rc == FF_OK && p->bytes > s->part_budget)
		rc = contact_spill_part(s, p, err);
	pthread_mutex_unlock(&p->lock);
	return rc;
}

int contact_store_put(struct contact_store *s, unsigned part, int64_t bin,
		      const uint64_t *keys, size_t n, struct ff_err *err)
{
	struct contact_part *p = &s->parts[part];
	size_t at;
	pthread_mutex_lock(&p->lock);
	int rc = part_set(p, bin, &at, err);
	if (rc == FF_OK)
		rc = set_grow(&p->sets[at], p, n, s, err);
	if (rc == FF_OK)
		contact_set_append(&p->sets[at], keys, n, s->words, true);
	if (rc == FF_OK && p->bytes > s->part_budget)
		rc = contact_spill_part(s, p, err);
	pthread_mutex_unlock(&p->lock);
	return rc;
}

/* A set that the part does not have yet is taken over as it is. */
static int move_set(struct contact_part *p, struct contact_set *from,
		    const struct contact_store *s, struct ff_err *err)
{
	size_t at;
	int rc = from->len ? part_set(p, from->bin, &at, err) : FF_OK;
	if (rc || !from->len)
		return rc;
	struct contact_set *set = &p->sets[at];
	if (!set->cap) {
		*set = *from;
		p->bytes += (uint64_t)set->cap * s->words * sizeof *set->keys;
		*from = (struct contact_set){.bin = set->bin};
		return FF_OK;
	}
	if ((rc = set_grow(set, p, from->len, s, err)))
		return rc;
	contact_set_append(set, from->keys, from->len, s->words,
			   contact_set_is_sorted(from));
	ff_free(from->keys);
	*from = (struct contact_set){.bin = set->bin};
	return FF_OK;
}

int contact_store_move(struct contact_store *to, struct contact_store *from,
		       struct ff_err *err)
{
	int rc = FF_OK;
	for (int i = 0; i < CONTACT_PARTS && rc == FF_OK; i++) {
		struct contact_part *p = &to->parts[i], *q = &from->parts[i];
		pthread_mutex_lock(&p->lock);
		for (size_t k = 0; k < q->nsets && rc == FF_OK; k++) {
			rc = move_set(p, &q->sets[k], to, err);
			if (rc == FF_OK && p->bytes > to->part_budget)
				rc = contact_spill_part(to, p, err);
		}
		pthread_mutex_unlock(&p->lock);
	}
	return rc;
}

/* ---- reading back ---- */

static int bin_cmp(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

int contact_store_bins(const struct contact_store *s, int64_t **bins, size_t *count,
		       struct ff_err *err)
{
	size_t total = 0, n = 0;
	for (int i = 0; i < CONTACT_PARTS; i++)
		total += s->parts[i].nsets;
	int64_t *all = ff_alloc(total, sizeof *all);
	if (!all)
		return ff_fail_nomem(err);
	for (int i = 0; i < CONTACT_PARTS; i++)
		for (size_t k = 0; k < s->parts[i].nsets; k++)
			all[n++] = s->parts[i].sets[k].bin;
	qsort(all, total, sizeof *all, bin_cmp);
	n = 0;
	for (size_t i = 0; i < total; i++)
		if (n == 0 || all[n - 1] != all[i])
			all[n++] = all[i];
	*bins = all;
	*count = n;
	return FF_OK;
}

int contact_store_sorted(struct contact_store *s, unsigned part, int64_t bin,
			 int (*each)(void *arg, const uint64_t *key, struct ff_err *err),
			 void *arg, struct ff_err *err)
{
	const struct contact_part *p = &s->parts[part];
	struct contact_set *set = part_find(p, bin);
	int rc = FF_OK;
	if (set)
		contact_set_sort(set, s->words);
	if (p->nruns)
		return contact_merge_runs(s, p, bin, set, each, arg, err);
	for (size_t i = 0; set && i < set->len && rc == FF_OK; i++)
		rc = each(arg, set->keys + i * s->words, err);
	return rc;
}

struct streak { /* counts the keys of one source in a sorted stream */
	uint64_t last[CONTACT_MAX_WORDS];
	struct contact_source source;
	unsigned words;
	int (*each)(void *arg, const struct contact_source *sources, size_t count,
		    struct ff_err *err);
	void *arg;
};

static int streak_key(void *arg, const uint64_t *key, struct ff_err *err)
{
	struct streak *k = arg;
	int rc = FF_OK;
	if (k->source.n && !contact_same_source(k->last, key, k->words)) {
		rc = k->each(k->arg, &k->source, 1, err);
		k->source.n = 0;
	}
	contact_key_copy(k->last, key, k->words);
	k->source.n++;
	return rc;
}

void contact_scratch_release(struct contact_scratch *t)
{
	ff_free(t->sources);
	ff_free(t->slots);
	*t = (struct contact_scratch){0};
}

/* Room for `keys` sources, and a cleared table at most half full. Gives its bits. */
static int scratch_clear(struct contact_scratch *t, unsigned *bits, size_t keys,
			 struct ff_err *err)
{
	*bits = 4;
	while ((size_t)1 << *bits < keys * 2)
		++*bits;
	size_t cap = (size_t)1 << *bits;
	int rc = ff_grow(&t->sources, &t->sources_cap, keys, sizeof *t->sources, err);
	if (rc == FF_OK)
		rc = ff_grow(&t->slots, &t->slots_cap, cap, sizeof *t->slots, err);
	if (rc == FF_OK)
		memset(t->slots, 0, cap * sizeof *t->slots);
	return rc;
}

static int count_in_order(const struct contact_set *set, struct contact_scratch *t,
			  size_t *count, struct ff_err *err)
{
	int rc = ff_grow(&t->sources, &t->sources_cap, set->len, sizeof *t->sources, err);
	size_t n = 0;
	for (uint32_t i = 0; i < set->len && rc == FF_OK; i++) {
		uint32_t address = (uint32_t)(set->keys[i] >> 32);
		if (n == 0 || t->sources[n - 1].address != address)
			t->sources[n++] = (struct contact_source){address, 0};
		t->sources[n - 1].n++;
	}
	*count = n;
	return rc;
}

/* In memory and one word a key, counting through a table is much faster than sorting. */
static int count_by_table(const struct contact_set *set, struct contact_scratch *t,
			  size_t *count, struct ff_err *err)
{
	unsigned bits;
	int rc = scratch_clear(t, &bits, set->len, err);
	if (rc)
		return rc;
	struct contact_source *sources = t->sources;
	uint32_t *slots = t->slots, mask = (uint32_t)(((uint64_t)1 << bits) - 1), n = 0;
	for (uint32_t i = 0; i < set->len; i++) {
		uint32_t address = (uint32_t)(set->keys[i] >> 32);
		uint32_t at =
			(uint32_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> (64 - bits));
		while (slots[at] && sources[slots[at] - 1].address != address)
			at = (at + 1) & mask;
		if (slots[at]) {
			sources[slots[at] - 1].n++;
		} else {
			sources[n] = (struct contact_source){address, 1};
			slots[at] = ++n;
		}
	}
	*count = n;
	return FF_OK;
}

int contact_store_counts(struct contact_store *s, unsigned part, int64_t bin,
			 struct contact_scratch *scratch,
			 int (*each)(void *arg, const struct contact_source *sources,
				     size_t count, struct ff_err *err),
			 void *arg, struct ff_err *err)
{
	const struct contact_part *p = &s->parts[part];
	int rc;
	if (s->words == 1 && !p->nruns) {
		struct contact_set *set = part_find(p, bin);
		size_t count = 0;
		if (!set)
			return FF_OK;
		contact_set_compact(set, 1);
		rc = contact_set_is_sorted(set)
			     ? count_in_order(set, scratch, &count, err)
			     : count_by_table(set, scratch, &count, err);
		return rc ? rc : each(arg, scratch->sources, count, err);
	}
	struct streak k = {.words = s->words, .each = each, .arg = arg};
	rc = contact_store_sorted(s, part, bin, streak_key, &k, err);
	if (rc == FF_OK && k.source.n)
		rc = each(arg, &k.source, 1, err);
	return rc;
}
