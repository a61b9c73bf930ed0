/* SPDX-License-Identifier: MIT */
/* contact_set - the keys of one bin and part:
 *
 *   keys [0, distinct)    no two are the same
 *        [distinct, len)  as they came: may repeat each other and those before
 *
 * Adding only appends, which is quick wherever the array lies in memory. Repeats are
 * dropped later, many at once, when they are in the processor's cache together: before an
 * array grows while memory is dear, and before it is read. */
#ifndef FF_AGGREGATE_CONTACT_SET_H
#define FF_AGGREGATE_CONTACT_SET_H

#include <flowfig/base.h>

#define CONTACT_MAX_WORDS 5

struct contact_set {
	int64_t bin;
	uint64_t *keys; /* cap * words; order of words: see contact_store.h */
	uint32_t len, distinct, cap;
	bool ascends; /* while distinct == len: the keys do */
};
static inline bool contact_set_is_sorted(const struct contact_set *set)
{
	return set->distinct == set->len && set->ascends;
}

/* Room for n more keys. `begin` is the size of a first array. While `roomy` the array
 * doubles; else its repeats go first, and it grows by a third when over three quarters
 * are left: 14.3 bytes a distinct one-word key at most. *bytes follows. */
int contact_set_reserve(struct contact_set *set, size_t n, unsigned words, uint64_t begin,
			bool roomy, uint64_t *bytes, struct ff_err *err);
/* Adds n > 0 keys for which there is room. `ascend`: each is greater than the one before.
 */
void contact_set_append(struct contact_set *set, const uint64_t *keys, size_t n,
			unsigned words, bool ascend);
/* Drops repeats: distinct == len afterwards. Needs no memory. */
void contact_set_compact(struct contact_set *set, unsigned words);
/* The same, and ascending. */
void contact_set_sort(struct contact_set *set, unsigned words);

static inline int contact_key_cmp(const uint64_t *a, const uint64_t *b, unsigned words)
{
	for (unsigned i = 0; i < words; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

static inline bool contact_key_equal(const uint64_t *a, const uint64_t *b, unsigned words)
{
	uint64_t diff = 0;
	for (unsigned i = 0; i < words; i++)
		diff |= a[i] ^ b[i];
	return diff == 0;
}

static inline void contact_key_copy(uint64_t *to, const uint64_t *from, unsigned words)
{
	for (unsigned i = 0; i < words; i++)
		to[i] = from[i];
}

#endif
