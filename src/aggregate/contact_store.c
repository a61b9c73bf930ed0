/* SPDX-License-Identifier: MIT */
/* contact_store - see contact_store.h for the layout. */
#include "aggregate/contact_store.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SET_MIN = 8, INDEX_MIN = 16, PART_MIN = 4096 };
/* While a part is smaller than this (40 MiB for all parts) its tables stay emptier, which
 * is faster: 35..70 % full instead of 52..85 %. */
enum { PART_ROOMY = 5 << 19 };

int contact_store_init(struct contact_store *s, unsigned words, uint64_t budget,
		       const char *scratch_dir, struct ff_err *err)
{
	*s = (struct contact_store){.words = words, .scratch_dir = scratch_dir};
	s->part_budget = budget / CONTACT_PARTS;
	if (s->part_budget < PART_MIN) /* below, every addition would spill */
		s->part_budget = PART_MIN;
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
		ff_free(p->bins);
		ff_free(p->index);
		ff_free(p->runs);
		if (s->words && p->spill_fd >= 0)
			close(p->spill_fd);
		if (s->words)
			pthread_mutex_destroy(&p->lock);
	}
	*s = (struct contact_store){0};
}

unsigned contact_part_of(const uint64_t *key, unsigned words)
{
	uint64_t source = words <= 2 ? key[0] >> 32 : key[0] ^ ff_mix64(key[1]);
	return (unsigned)(source * UINT64_C(0xd1342543de82ef95) >> 60);
}

bool contact_same_source(const uint64_t *a, const uint64_t *b, unsigned words)
{
	if (words <= 2)
		return a[0] >> 32 == b[0] >> 32;
	return a[0] == b[0] && a[1] == b[1];
}

/* ---- one set ---- */

static inline uint32_t key_hash(const uint64_t *key, unsigned words)
{
	uint64_t h = key[0] * UINT64_C(0x9e3779b97f4a7c15);
	for (unsigned i = 1; i < words; i++)
		h = (h ^ h >> 29 ^ key[i]) * UINT64_C(0xbf58476d1ce4e5b9);
	return (uint32_t)(h >> 32);
}

/* Lemire's multiply-shift range reduction: any capacity will do, so tables can grow by
 * half. */
static inline uint32_t key_slot(uint32_t hash, uint32_t cap)
{
	return (uint32_t)((uint64_t)hash * cap >> 32);
}

static inline bool key_is_zero(const uint64_t *key, unsigned words)
{
	uint64_t any = 0;
	for (unsigned i = 0; i < words; i++)
		any |= key[i];
	return any == 0;
}

static inline bool key_equal(const uint64_t *a, const uint64_t *b, unsigned words)
{
	uint64_t diff = 0;
	for (unsigned i = 0; i < words; i++)
		diff |= a[i] ^ b[i];
	return diff == 0;
}

static inline void key_copy(uint64_t *to, const uint64_t *from, unsigned words)
{
	for (unsigned i = 0; i < words; i++)
		to[i] = from[i];
}

/* Puts a key that is not in the table yet. */
static inline void set_place(uint64_t *keys, uint32_t cap, const uint64_t *key,
			     unsigned words)
{
	uint32_t i = key_slot(key_hash(key, words), cap);
	while (!key_is_zero(keys + (size_t)i * words, words))
		if (++i == cap)
			i = 0;
	key_copy(keys + (size_t)i * words, key, words);
}

/* While there is room a new set begins half as large as the sets of its part are on the
 * mean: that saves most of its growing. */
static int set_grow(struct contact_set *set, struct contact_part *p, unsigned words,
		    struct ff_err *err)
{
	bool roomy = p->bytes < PART_ROOMY;
	uint64_t begin = roomy ? p->bytes / (16 * words * p->nsets) : 0;
	uint64_t cap = set->cap;
	if (cap)
		cap = roomy ? cap * 2 : cap * 13 / 8;
	else
		cap = begin > SET_MIN ? begin : SET_MIN;
	if (cap > UINT32_MAX)
		return ff_fail(err, FF_ELIMIT,
			       "one time bin holds more than 3.6 billion contacts of a "
			       "sixteenth of the sources");
	uint64_t *keys = ff_calloc(cap, words * sizeof *keys);
	if (!keys)
		return ff_fail_nomem(err);
	for (uint32_t i = 0; i < set->cap; i++) {
		const uint64_t *key = set->keys + (size_t)i * words;
		if (!key_is_zero(key, words))
			set_place(keys, (uint32_t)cap, key, words);
	}
	p->bytes += (cap - set->cap) * words * sizeof *keys;
	ff_free(set->keys);
	set->keys = keys;
	set->cap = (uint32_t)cap;
	return FF_OK;
}

static inline int set_insert(struct contact_set *set, const uint64_t *key, uint32_t hash,
			     struct contact_part *p, unsigned words, struct ff_err *err)
{
	if (key_is_zero(key, words)) {
		set->has_zero = true;
		return FF_OK;
	}
	if (set->cap) {
		uint32_t i = key_slot(hash, set->cap);
		for (;;) {
			uint64_t *at = set->keys + (size_t)i * words;
			if (key_equal(at, key, words))
				return FF_OK;
			if (key_is_zero(at, words))
				break;
			if (++i == set->cap)
				i = 0;
		}
		uint64_t twentieths =
			p->bytes < PART_ROOMY ? 14 : 17; /* of the table may be full */
		if ((uint64_t)set->used * 20 < (uint64_t)set->cap * twentieths) {
			key_copy(set->keys + (size_t)i * words, key, words);
			set->used++;
			return FF_OK;
		}
	}
	int rc = set_grow(set, p, words, err);
	if (rc)
		return rc;
	set_place(set->keys, set->cap, key, words);
	set->used++;
	return FF_OK;
}

int contact_set_keys(const struct contact_set *set, unsigned words, uint64_t **keys,
		     size_t *count, struct ff_err *err)
{
	size_t n = set ? (size_t)set->used + set->has_zero : 0, k = 0;
	uint64_t *out = ff_alloc(n, words * sizeof *out);
	if (!out)
		return ff_fail_nomem(err);
	if (set && set->has_zero) {
		memset(out, 0, words * sizeof *out);
		k++;
	}
	for (uint32_t i = 0; set && i < set->cap; i++) {
		const uint64_t *key = set->keys + (size_t)i * words;
		if (!key_is_zero(key, words))
			key_copy(out + k++ * words, key, words);
	}
	*keys = out;
	*count = n;
	return FF_OK;
}

/* ---- the sets of a part ---- */

/* Bins are numbered in time, so their low bits spread them best. */
static size_t index_slot(const struct contact_part *p, int64_t bin)
{
	size_t i = (size_t)bin & (p->index_cap - 1);
	while (p->index[i] && p->bins[p->index[i] - 1] != bin)
		i = (i + 1) & (p->index_cap - 1);
	return i;
}

const struct contact_set *contact_part_find(const struct contact_part *p, int64_t bin)
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
		p->index[index_slot(p, p->bins[k])] = (uint32_t)k + 1;
	return FF_OK;
}

static int part_set(struct contact_part *p, int64_t bin, size_t *out, struct ff_err *err)
{
	int rc;
	if (p->nsets * 2 >= p->index_cap && (rc = index_grow(p, err)))
		return rc;
	size_t slot = index_slot(p, bin);
	if (!p->index[slot]) {
		if ((rc = ff_grow(&p->bins, &p->bins_cap, p->nsets + 1, sizeof *p->bins,
				  err)) ||
		    (rc = ff_grow(&p->sets, &p->sets_cap, p->nsets + 1, sizeof *p->sets,
				  err)))
			return rc;
		p->bins[p->nsets] = bin;
		p->sets[p->nsets] = (struct contact_set){0};
		p->index[slot] = (uint32_t)++p->nsets;
	}
	*out = p->index[slot] - 1;
	return FF_OK;
}

/* `words` is a constant at every call, so that the compiler unrolls the key loops.
 * Entries of unsorted input fall into sets all over memory: a block of them is first
 * located, so that the processor fetches their lines at the same time, then inserted. */
static inline int part_add(struct contact_part *p, const uint64_t *entries, size_t n,
			   unsigned words, struct ff_err *err)
{
	enum { BLOCK = 32 };
	size_t stride = 1 + words, where[BLOCK], set = 0;
	uint32_t hash[BLOCK];
	for (size_t done = 0; done < n; done += BLOCK) {
		const uint64_t *e = entries + done * stride;
		size_t m = n - done < BLOCK ? n - done : BLOCK;
		for (size_t i = 0; i < m; i++) {
			const uint64_t *at = e + i * stride;
			if ((done == 0 && i == 0) || at[0] != at[-(ptrdiff_t)stride]) {
				int rc = part_set(p, (int64_t)at[0], &set, err);
				if (rc)
					return rc;
			}
			where[i] = set;
			hash[i] = key_hash(at + 1, words);
			size_t slot = key_slot(hash[i], p->sets[set].cap);
			if (p->sets[set].keys)
				__builtin_prefetch(p->sets[set].keys + slot * words, 1);
		}
		for (size_t i = 0; i < m; i++) {
			int rc = set_insert(&p->sets[where[i]], e + i * stride + 1,
					    hash[i], p, words, err);
			if (rc)
				return rc;
		}
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
		rc = part_add(p, entries, n, 1, err);
		break;
	case 2:
		rc = part_add(p, entries, n, 2, err);
		break;
	case 4:
		rc = part_add(p, entries, n, 4, err);
		break;
	default:
		rc = part_add(p, entries, n, 5, err);
	}
	if (rc == FF_OK && p->bytes > s->part_budget)
		rc = contact_spill_part(s, p, err);
	pthread_mutex_unlock(&p->lock);
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
			all[n++] = s->parts[i].bins[k];
	qsort(all, total, sizeof *all, bin_cmp);
	n = 0;
	for (size_t i = 0; i < total; i++)
		if (n == 0 || all[n - 1] != all[i])
			all[n++] = all[i];
	*bins = all;
	*count = n;
	return FF_OK;
}

int contact_store_sorted(const struct contact_store *s, unsigned part, int64_t bin,
			 int (*each)(void *arg, const uint64_t *key, struct ff_err *err),
			 void *arg, struct ff_err *err)
{
	const struct contact_part *p = &s->parts[part];
	uint64_t *keys;
	size_t n;
	int rc = contact_set_keys(contact_part_find(p, bin), s->words, &keys, &n, err);
	if (rc)
		return rc;
	contact_sort_keys(keys, n, s->words);
	if (p->nruns)
		rc = contact_merge_runs(s, p, bin, keys, n, each, arg, err);
	else
		for (size_t i = 0; i < n && rc == FF_OK; i++)
			rc = each(arg, keys + i * s->words, err);
	ff_free(keys);
	return rc;
}

struct streak { /* counts the keys of one source in a sorted stream */
	uint64_t last[CONTACT_MAX_WORDS], n;
	unsigned words;
	int (*each)(void *arg, uint64_t n, struct ff_err *err);
	void *arg;
};

static int streak_key(void *arg, const uint64_t *key, struct ff_err *err)
{
	struct streak *k = arg;
	int rc = FF_OK;
	if (k->n && !contact_same_source(k->last, key, k->words)) {
		rc = k->each(k->arg, k->n, err);
		k->n = 0;
	}
	key_copy(k->last, key, k->words);
	k->n++;
	return rc;
}

void contact_scratch_release(struct contact_scratch *t)
{
	ff_free(t->slots);
	*t = (struct contact_scratch){0};
}

/* In memory and one word a key, counting through a table is much faster than sorting.
 * Reading the counts empties the table again. */
static int count_by_table(const struct contact_set *set, struct contact_scratch *t,
			  int (*each)(void *arg, uint64_t n, struct ff_err *err),
			  void *arg, struct ff_err *err)
{
	size_t keys = (size_t)set->used + set->has_zero, cap = 64;
	while (cap < keys * 2)
		cap *= 2;
	if (cap > t->cap) {
		contact_scratch_release(t);
		if (!(t->slots = ff_calloc(cap, sizeof *t->slots)))
			return ff_fail_nomem(err);
		t->cap = cap;
	}
	for (uint32_t i = 0; i < set->cap + (uint32_t)set->has_zero; i++) {
		uint64_t key = i < set->cap ? set->keys[i] : 0;
		if (i < set->cap && !key)
			continue;
		uint32_t source = (uint32_t)(key >> 32);
		size_t at = (source * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (cap - 1);
		while (t->slots[at].n && t->slots[at].source != source)
			at = (at + 1) & (cap - 1);
		t->slots[at].source = source;
		t->slots[at].n++;
	}
	int rc = FF_OK;
	for (size_t i = 0; i < cap; i++) {
		if (t->slots[i].n && rc == FF_OK)
			rc = each(arg, t->slots[i].n, err);
		t->slots[i].n = 0;
	}
	return rc;
}

int contact_store_counts(const struct contact_store *s, unsigned part, int64_t bin,
			 struct contact_scratch *scratch,
			 int (*each)(void *arg, uint64_t n, struct ff_err *err),
			 void *arg, struct ff_err *err)
{
	const struct contact_part *p = &s->parts[part];
	if (s->words == 1 && !p->nruns) {
		const struct contact_set *set = contact_part_find(p, bin);
		return set ? count_by_table(set, scratch, each, arg, err) : FF_OK;
	}
	struct streak k = {.words = s->words, .each = each, .arg = arg};
	int rc = contact_store_sorted(s, part, bin, streak_key, &k, err);
	if (rc == FF_OK && k.n)
		rc = each(arg, k.n, err);
	return rc;
}
