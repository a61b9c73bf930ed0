/* SPDX-License-Identifier: MIT */
/* contact_set - see contact_set.h. */
#include "aggregate/contact_set.h"

#include <stdlib.h>
#include <string.h>

enum {
	SET_MIN = 8,
	SET_SMALL = 64, /* keys, below which memory is never dear */
	FEW = 4096,	/* keys whose table, 16 KiB of slots, stays in the first cache */
	DIGITS = 256,
	DEPTH_MAX = 4, /* digits of the hash that parting uses up */
};

int contact_set_reserve(struct contact_set *set, size_t n, unsigned words, uint64_t begin,
			bool roomy, uint64_t *bytes, struct ff_err *err)
{
	if (set->cap - set->len >= n)
		return FF_OK;
	if (!roomy && set->distinct < set->len)
		contact_set_compact(set, words);
	uint64_t cap = set->cap, need = (uint64_t)set->len + n;
	if (need <= cap - cap / 4)
		return FF_OK;
	cap = roomy || cap < SET_SMALL ? cap * 2 : cap + cap / 3;
	if (!set->cap)
		cap = begin > SET_MIN ? begin : SET_MIN;
	if (cap < need)
		cap = need;
	if (cap > UINT32_MAX)
		return ff_fail(err, FF_ELIMIT,
			       "one time bin holds more than 3.6 billion contacts of a "
			       "sixteenth of the sources");
	uint64_t *keys = ff_realloc(set->keys, cap, words * sizeof *keys);
	if (!keys)
		return ff_fail_nomem(err);
	*bytes += (cap - set->cap) * words * sizeof *keys;
	set->keys = keys;
	set->cap = (uint32_t)cap;
	return FF_OK;
}

void contact_set_append(struct contact_set *set, const uint64_t *keys, size_t n,
			unsigned words, bool ascend)
{
	uint64_t *to = set->keys + (size_t)set->len * words;
	bool follows = set->len == 0 || (contact_set_is_sorted(set) &&
					 contact_key_cmp(to - words, keys, words) < 0);
	memcpy(to, keys, n * words * sizeof *keys);
	set->len += (uint32_t)n;
	if (ascend && follows) {
		set->distinct = set->len;
		set->ascends = true;
	}
}

/* ---- repeats ---- */

static inline uint64_t key_hash(const uint64_t *key, unsigned words)
{
	uint64_t h = key[0] * UINT64_C(0x9e3779b97f4a7c15);
	for (unsigned i = 1; i < words; i++)
		h = (h ^ h >> 29 ^ key[i]) * UINT64_C(0xbf58476d1ce4e5b9);
	return h;
}

/* Moves the first of equal keys to the front and gives their number. At most FEW keys.
 * The topmost `used` bits of their hashes are all the same. */
static inline size_t unique_few(uint64_t *keys, size_t n, unsigned words, unsigned used)
{
	uint16_t slots[2 * FEW]; /* place of a key among those kept, plus 1; 0 = free */
	unsigned bits = 4;
	size_t kept = 0;
	while ((size_t)1 << bits < 2 * n)
		bits++;
	size_t mask = ((size_t)1 << bits) - 1;
	memset(slots, 0, (mask + 1) * sizeof *slots);
	for (size_t i = 0; i < n; i++) {
		const uint64_t *key = keys + i * words;
		size_t at = (size_t)(key_hash(key, words) << used >> (64 - bits));
		while (slots[at] &&
		       !contact_key_equal(keys + (slots[at] - 1u) * words, key, words))
			at = (at + 1) & mask;
		if (slots[at])
			continue;
		contact_key_copy(keys + kept * words, key, words);
		slots[at] = (uint16_t)++kept;
	}
	return kept;
}

static size_t unique_of(uint64_t *keys, size_t n, unsigned words, unsigned used)
{
	switch (words) { /* a constant, so that the loops over words unroll */
	case 1:
		return unique_few(keys, n, 1, used);
	case 2:
		return unique_few(keys, n, 2, used);
	case 4:
		return unique_few(keys, n, 4, used);
	default:
		return unique_few(keys, n, 5, used);
	}
}

static inline unsigned key_digit(const uint64_t *key, unsigned words, unsigned depth)
{
	return key_hash(key, words) >> (56 - 8 * depth) & (DIGITS - 1);
}

/* Parts the keys in place by one digit of their hashes; ends[d] is where those of digit d
 * end. */
static void part_keys(uint64_t *keys, size_t n, unsigned words, unsigned depth,
		      size_t ends[DIGITS])
{
	size_t next[DIGITS] = {0}, sum = 0;
	for (size_t i = 0; i < n; i++)
		next[key_digit(keys + i * words, words, depth)]++;
	for (unsigned d = 0; d < DIGITS; d++) {
		size_t count = next[d];
		next[d] = sum;
		ends[d] = sum += count;
	}
	for (unsigned d = 0; d < DIGITS; d++) {
		while (next[d] < ends[d]) {
			uint64_t *at = keys + next[d] * words, held[CONTACT_MAX_WORDS];
			unsigned to = key_digit(at, words, depth);
			if (to == d) {
				next[d]++;
				continue;
			}
			uint64_t *there = keys + next[to]++ * words;
			contact_key_copy(held, there, words);
			contact_key_copy(there, at, words);
			contact_key_copy(at, held, words);
		}
	}
}

static size_t unique_sorted(uint64_t *keys, size_t n, unsigned words);

/* Parts many keys until few are left to be looked at together. What does not part, a key
 * repeated or made to collide thousands of times, is sorted. */
static size_t unique_any(uint64_t *keys, size_t n, unsigned words, unsigned depth)
{
	if (n <= FEW)
		return unique_of(keys, n, words, 8 * depth);
	if (depth == DEPTH_MAX)
		return unique_sorted(keys, n, words);
	size_t ends[DIGITS], begin = 0, kept = 0;
	part_keys(keys, n, words, depth, ends);
	for (unsigned d = 0; d < DIGITS; d++) {
		uint64_t *part = keys + begin * words;
		size_t m = unique_any(part, ends[d] - begin, words, depth + 1);
		memmove(keys + kept * words, part, m * words * sizeof *keys);
		kept += m;
		begin = ends[d];
	}
	return kept;
}

void contact_set_compact(struct contact_set *set, unsigned words)
{
	if (set->distinct == set->len)
		return;
	set->len = (uint32_t)unique_any(set->keys, set->len, words, 0);
	set->distinct = set->len;
	set->ascends = false;
}

/* ---- order ---- */

static int key_cmp1(const void *a, const void *b)
{
	return contact_key_cmp(a, b, 1);
}
static int key_cmp2(const void *a, const void *b)
{
	return contact_key_cmp(a, b, 2);
}
static int key_cmp4(const void *a, const void *b)
{
	return contact_key_cmp(a, b, 4);
}
static int key_cmp5(const void *a, const void *b)
{
	return contact_key_cmp(a, b, 5);
}

static size_t unique_sorted(uint64_t *keys, size_t n, unsigned words)
{
	int (*cmp)(const void *, const void *) = words == 1   ? key_cmp1
						 : words == 2 ? key_cmp2
						 : words == 4 ? key_cmp4
							      : key_cmp5;
	size_t kept = 0;
	qsort(keys, n, words * sizeof *keys, cmp);
	for (size_t i = 0; i < n; i++) {
		const uint64_t *key = keys + i * words;
		if (i == 0 || !contact_key_equal(key, keys + (kept - 1) * words, words))
			contact_key_copy(keys + kept++ * words, key, words);
	}
	return kept;
}

void contact_set_sort(struct contact_set *set, unsigned words)
{
	if (set->len && !contact_set_is_sorted(set))
		set->len = (uint32_t)unique_sorted(set->keys, set->len, words);
	set->distinct = set->len;
	set->ascends = true;
}
