/* SPDX-License-Identifier: MIT */
/* ephemeral_sort - rows begin with their time, and few have the same: radix sort by the
 * bytes of the time, the last one first, then each group of equal times by comparison. */
#include "aggregate/ephemeral_sort.h"
#include "aggregate/ephemeral_store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TIME_BYTES = 8 };

#define ROW_COMPARE(length)                                      \
	static int row_cmp##length(const void *a, const void *b) \
	{                                                        \
		return memcmp(a, b, length);                     \
	}
ROW_COMPARE(18)
ROW_COMPARE(22)
ROW_COMPARE(46)

/* By time alone, as most inputs are. */
static bool sort_is_done(const uint8_t *rows, size_t count, size_t length)
{
	for (size_t i = 1; i < count; i++)
		if (ff_get_u64(rows + (i - 1) * length, true) >
		    ff_get_u64(rows + i * length, true))
			return false;
	return true;
}

/* One stable pass by the byte at `digit`; false when all rows have the same there. */
static bool sort_pass(uint8_t *to, const uint8_t *from, size_t count, size_t length,
		      size_t digit)
{
	size_t starts[256] = {0}, sum = 0;
	for (size_t i = 0; i < count; i++)
		starts[from[i * length + digit]]++;
	if (starts[from[digit]] == count)
		return false;
	for (size_t d = 0; d < 256; d++) {
		size_t here = starts[d];
		starts[d] = sum;
		sum += here;
	}
	for (size_t i = 0; i < count; i++) {
		const uint8_t *row = from + i * length;
		memcpy(to + starts[row[digit]]++ * length, row, length);
	}
	return true;
}

static void sort_ties(uint8_t *rows, size_t count, size_t length)
{
	int (*cmp)(const void *, const void *) = length == 18	? row_cmp18
						 : length == 22 ? row_cmp22
								: row_cmp46;
	assert(length == 18 || length == 22 || length == 46);
	for (size_t i = 0, j; i < count; i = j) {
		const uint8_t *first = rows + i * length;
		for (j = i + 1; j < count; j++)
			if (ff_get_u64(first, true) !=
			    ff_get_u64(rows + j * length, true))
				break;
		if (j - i > 1)
			qsort(rows + i * length, j - i, length, cmp);
	}
}

static int sort_times(uint8_t *rows, size_t count, size_t length, struct ff_err *err)
{
	uint8_t *other = ff_alloc(count, length), *from = rows, *to = other;
	if (!other)
		return ff_fail_nomem(err);
	for (size_t digit = TIME_BYTES; digit-- > 0;)
		if (sort_pass(to, from, count, length, digit)) {
			uint8_t *swap = from;
			from = to;
			to = swap;
		}
	if (from != rows)
		memcpy(rows, from, count * length);
	ff_free(other);
	return FF_OK;
}

int ephemeral_sort(uint8_t *rows, size_t count, size_t length, struct ff_err *err)
{
	int rc = sort_is_done(rows, count, length) ? FF_OK
						   : sort_times(rows, count, length, err);
	if (rc == FF_OK)
		sort_ties(rows, count, length);
	return rc;
}
