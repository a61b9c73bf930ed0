/* SPDX-License-Identifier: MIT */
/* contact_set: what is left of arrays with repeats against a plain sort, for every width
 * of key, for sizes on both sides of each way to drop repeats, and while an array grows
 * within its bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "aggregate/contact_set.h"

static const unsigned widths[] = {1, 2, 4, 5};
static uint64_t dice = 1;

static uint64_t below(uint64_t n)
{
	return ff_mix64(dice += UINT64_C(0x9e3779b97f4a7c15)) % n;
}

/* Keys of `kinds` different values; value 0 is the key of all zeroes. */
static void make_keys(uint64_t *keys, size_t n, unsigned words, uint64_t kinds)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t v = below(kinds);
		for (unsigned w = 0; w < words; w++)
			keys[i * words + w] = v == 0 ? 0 : ff_mix64(v / (w + 1));
		if (v)
			keys[i * words] = v;
	}
}

static unsigned cmp_words;
static int cmp(const void *a, const void *b)
{
	return contact_key_cmp(a, b, cmp_words);
}

/* The plain way: sort, keep the first of each. Gives how many. */
static size_t plain(uint64_t *keys, size_t n, unsigned words)
{
	size_t kept = 0;
	cmp_words = words;
	qsort(keys, n, words * sizeof *keys, cmp);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || cmp(keys + i * words, keys + (kept - 1) * words) != 0) {
			memmove(keys + kept * words, keys + i * words,
				words * sizeof *keys);
			kept++;
		}
	return kept;
}

static void append(struct contact_set *set, const uint64_t *keys, size_t n,
		   unsigned words, bool roomy, uint64_t *bytes)
{
	assert_int_equal(contact_set_reserve(set, n, words, 0, roomy, bytes, NULL),
			 FF_OK);
	assert_true(set->cap - set->len >= n);
	assert_int_equal(*bytes, set->cap * words * sizeof *keys);
	if (n)
		memcpy(set->keys + (size_t)set->len * words, keys,
		       n * words * sizeof *keys);
	set->len += (uint32_t)n;
}

static void check(struct contact_set *set, uint64_t *all, size_t n, unsigned words)
{
	size_t want = plain(all, n, words);
	contact_set_compact(set, words);
	assert_int_equal(set->len, want);
	assert_int_equal(set->distinct, want);
	contact_set_sort(set, words);
	assert_int_equal(set->len, want);
	if (want)
		assert_memory_equal(set->keys, all, want * words * sizeof *all);
}

static void repeats_go_and_nothing_else(void **state)
{
	static const size_t sizes[] = {0, 1, 2, 7, 100, 4095, 4096, 4097, 30000, 100000};
	(void)state;
	for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
		for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
			for (uint64_t kinds = 1; kinds < 1000000; kinds *= 99) {
				struct contact_set set = {0};
				uint64_t bytes = 0;
				size_t n = sizes[s];
				uint64_t *all = calloc(n + 1, widths[w] * sizeof *all);
				make_keys(all, n, widths[w], kinds);
				append(&set, all, n, widths[w], true, &bytes);
				check(&set, all, n, widths[w]);
				ff_free(set.keys);
				free(all);
			}
}

/* Keys made so that the first bits of their hashes are all the same. */
static void keys_that_collide_are_kept_apart(void **state)
{
	enum { N = 6000 };
	/* the inverse of the odd factor of the hash, modulo 2^64 */
	uint64_t factor = UINT64_C(0x9e3779b97f4a7c15), inverse = factor, bytes = 0;
	struct contact_set set = {0};
	uint64_t *all = calloc(2 * N, sizeof *all);
	(void)state;
	for (int i = 0; i < 6; i++)
		inverse *= 2 - factor * inverse;
	assert_true(inverse * factor == 1);
	for (uint64_t i = 0; i < 2 * N; i++)
		all[i] = (i % N) * inverse;
	append(&set, all, 2 * N, 1, true, &bytes);
	check(&set, all, 2 * N, 1);
	ff_free(set.keys);
	free(all);
}

static void a_growing_array_stays_within_its_bound(void **state)
{
	enum { N = 60000 };
	(void)state;
	for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
		for (uint64_t kinds = 50; kinds < 1000000; kinds *= 20) {
			unsigned words = widths[w];
			struct contact_set set = {0};
			uint64_t bytes = 0;
			uint64_t *all = calloc(N, words * sizeof *all);
			make_keys(all, N, words, kinds);
			for (size_t at = 0; at < N;) {
				size_t n = 1 + below(9);
				n = n < N - at ? n : N - at;
				append(&set, all + at * words, n, words, false, &bytes);
				at += n;
			}
			check(&set, all, N, words);
			if (set.len > 1000)
				assert_true(set.cap < set.len * 1.79);
			ff_free(set.keys);
			free(all);
		}
}

/* Pieces in order, as states hold them, follow each other in any order; raw keys between
 * them too. */
static void pieces_in_order_join(void **state)
{
	enum { N = 3000 };
	(void)state;
	for (int round = 0; round < 200; round++) {
		unsigned words = widths[round % 4];
		struct contact_set set = {0};
		uint64_t bytes = 0;
		uint64_t *all = calloc(N, words * sizeof *all);
		bool is_sorted = true;
		size_t n = 0;
		make_keys(all, N, words, 1 << (round % 24));
		if (round % 3 == 0)
			plain(all, N, words);
		while (n < N / 2) {
			uint64_t *piece = all + n * words;
			size_t m = plain(piece, 1 + below(N / 8), words);
			is_sorted &= n == 0 ||
				     contact_key_cmp(piece - words, piece, words) < 0;
			assert_int_equal(contact_set_reserve(&set, m, words, 0, round & 1,
							     &bytes, NULL),
					 FF_OK);
			contact_set_append(&set, piece, m, words, below(9) > 0);
			n += m;
			is_sorted &= contact_set_is_sorted(&set);
			assert_true(is_sorted || !contact_set_is_sorted(&set) ||
				    set.len == plain(set.keys, set.len, words));
			if (below(9) == 0)
				contact_set_compact(&set, words);
		}
		check(&set, all, n, words);
		ff_free(set.keys);
		free(all);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repeats_go_and_nothing_else),
		cmocka_unit_test(keys_that_collide_are_kept_apart),
		cmocka_unit_test(pieces_in_order_join),
		cmocka_unit_test(a_growing_array_stays_within_its_bound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
