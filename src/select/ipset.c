/* SPDX-License-Identifier: MIT */
/* ipset - a set of addresses as sorted ranges: filled in any order, then sealed, then
 * asked by binary search. IPv4 is asked in arrays of 32-bit numbers behind a table of the
 * upper sixteen bits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "select/ipset.h"

/* Below this many IPv4 ranges the search is as fast without the table. */
#define IPSET_INDEX_FROM 64

int ipset_new(struct ff_ipset **out, struct ff_err *err)
{
	struct ff_ipset *s = ff_calloc(1, sizeof(*s));

	if (!s)
		return ff_fail_nomem(err);
	*out = s;
	return FF_OK;
}

void ff_ipset_free(struct ff_ipset *s)
{
	if (!s)
		return;
	ff_free(s->ranges);
	ff_free(s->v4_first);
	ff_free(s->v4_last);
	ff_free(s->v4_index);
	ff_free(s);
}

/* True if b begins at or before the address after the end of a. */
static bool ipset_touches(const struct ipset_range *a, struct ipset_num b)
{
	struct ipset_num next = {a->last.hi + (a->last.lo == UINT64_MAX), a->last.lo + 1};
	bool at_top = a->last.hi == UINT64_MAX && a->last.lo == UINT64_MAX;

	return at_top || !ipset_less(next, b);
}

int ipset_add(struct ff_ipset *s, struct ipset_num first, struct ipset_num last,
	      struct ff_err *err)
{
	struct ipset_range *tail = s->count ? &s->ranges[s->count - 1] : NULL;
	int status;

	/* files are sorted, so most of what touches can be joined here */
	if (tail && !ipset_less(first, tail->first) && ipset_touches(tail, first)) {
		if (ipset_less(tail->last, last))
			tail->last = last;
		return FF_OK;
	}
	if (tail && ipset_less(first, tail->first))
		s->unsorted = true;
	if (s->count >= IPSET_RANGES_MAX)
		return ff_fail(err, FF_ELIMIT, "more than %llu ranges of addresses",
			       (unsigned long long)IPSET_RANGES_MAX);
	status = ff_grow(&s->ranges, &s->cap, s->count + 1, sizeof(*s->ranges), err);
	if (status != FF_OK)
		return status;
	s->ranges[s->count++] = (struct ipset_range){first, last};
	return FF_OK;
}

int ipset_add_block(struct ff_ipset *s, struct ipset_num a, unsigned bits,
		    struct ff_err *err)
{
	uint64_t host_hi = bits >= 64 ? 0 : UINT64_MAX >> bits;
	uint64_t host_lo = bits >= 128	? 0
			   : bits <= 64 ? UINT64_MAX
					: UINT64_MAX >> (bits - 64);

	return ipset_add(s, (struct ipset_num){a.hi & ~host_hi, a.lo & ~host_lo},
			 (struct ipset_num){a.hi | host_hi, a.lo | host_lo}, err);
}

static int ipset_compare(const void *a, const void *b)
{
	const struct ipset_range *x = a, *y = b;

	if (ipset_less(x->first, y->first))
		return -1;
	return ipset_less(y->first, x->first);
}

static void ipset_join(struct ff_ipset *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct ipset_range *tail = kept ? &s->ranges[kept - 1] : NULL;

		if (tail && ipset_touches(tail, s->ranges[i].first)) {
			if (ipset_less(tail->last, s->ranges[i].last))
				tail->last = s->ranges[i].last;
			continue;
		}
		s->ranges[kept++] = s->ranges[i];
	}
	s->count = kept;
}

/* The part of a range within ::ffff:0:0/96; false if none. */
static bool ipset_v4_part(const struct ipset_range *r, uint32_t *first, uint32_t *last)
{
	const uint64_t low = IPSET_V4, high = IPSET_V4 | UINT32_MAX;

	if (r->first.hi != 0 || r->first.lo > high)
		return false;
	if (r->last.hi == 0 && r->last.lo < low)
		return false;
	*first = r->first.lo < low ? 0 : (uint32_t)r->first.lo;
	*last = r->last.hi || r->last.lo > high ? UINT32_MAX : (uint32_t)r->last.lo;
	return true;
}

static int ipset_index_v4(struct ff_ipset *s, struct ff_err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++) {
		uint32_t first, last;

		n += ipset_v4_part(&s->ranges[i], &first, &last);
	}
	s->v4_first = ff_alloc(n, sizeof(*s->v4_first));
	s->v4_last = ff_alloc(n, sizeof(*s->v4_last));
	if (n >= IPSET_INDEX_FROM)
		s->v4_index = ff_alloc(65537, sizeof(*s->v4_index));
	if (!s->v4_first || !s->v4_last || (n >= IPSET_INDEX_FROM && !s->v4_index))
		return ff_fail_nomem(err);
	for (size_t i = 0; i < s->count; i++)
		if (ipset_v4_part(&s->ranges[i], &s->v4_first[s->v4_count],
				  &s->v4_last[s->v4_count]))
			s->v4_count++;
	if (!s->v4_index)
		return FF_OK;
	n = 0;
	for (uint32_t top = 0; top <= 65536; top++) {
		while (n < s->v4_count && s->v4_last[n] >> 16 < top)
			n++;
		s->v4_index[top] = (uint32_t)n;
	}
	return FF_OK;
}

int ipset_seal(struct ff_ipset *s, struct ff_err *err)
{
	if (s->unsorted) {
		qsort(s->ranges, s->count, sizeof(*s->ranges), ipset_compare);
		ipset_join(s);
		s->unsorted = false;
	}
	return ipset_index_v4(s, err);
}

static bool ipset_has_v4(const struct ff_ipset *s, uint32_t a)
{
	size_t low = 0, high = s->v4_count;

	if (s->v4_index) {
		low = s->v4_index[a >> 16];
		high = s->v4_index[(a >> 16) +
				   1]; /* where the search ends when none before fits */
	}
	while (low < high) { /* the first range that ends at a or later */
		size_t middle = low + (high - low) / 2;

		if (s->v4_last[middle] < a)
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->v4_count && s->v4_first[low] <= a;
}

bool ff_ipset_has(const struct ff_ipset *s, const struct ff_addr *address)
{
	struct ipset_num a = ipset_num_of(address);
	size_t low = 0, high = s->count;

	if (a.hi == 0 && a.lo >> 32 == 0xffff)
		return ipset_has_v4(s, (uint32_t)a.lo);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ipset_less(s->ranges[middle].last, a))
			low = middle + 1;
		else
			high = middle;
	}
	return low < s->count && !ipset_less(a, s->ranges[low].first);
}

double ff_ipset_size(const struct ff_ipset *s)
{
	double sum = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct ipset_range *r = &s->ranges[i];
		uint64_t lo = r->last.lo - r->first.lo;
		uint64_t hi = r->last.hi - r->first.hi - (r->last.lo < r->first.lo);

		sum += ldexp((double)hi, 64) + (double)lo + 1;
	}
	return sum;
}

/* The longest block that begins at `a` and does not pass `last`: its prefix length. */
static unsigned ipset_widest(struct ipset_num a, struct ipset_num last)
{
	unsigned bits = 128;

	while (bits > 0) {
		unsigned b = bits - 1; /* twice as wide */
		uint64_t host_hi = b >= 64 ? 0 : UINT64_MAX >> b;
		uint64_t host_lo = b <= 64 ? UINT64_MAX : UINT64_MAX >> (b - 64);
		struct ipset_num end = {a.hi | host_hi, a.lo | host_lo};

		if ((a.hi & host_hi) || (a.lo & host_lo) || ipset_less(last, end))
			break;
		bits = b;
	}
	return bits;
}

static struct ff_addr ipset_addr_of(struct ipset_num n)
{
	struct ff_addr a;

	for (unsigned i = 0; i < 8; i++) {
		a.b[i] = (uint8_t)(n.hi >> (56 - 8 * i));
		a.b[8 + i] = (uint8_t)(n.lo >> (56 - 8 * i));
	}
	return a;
}

int ff_ipset_prefixes(struct ff_prefix **out, size_t *count, const struct ff_ipset *s,
		      struct ff_err *err)
{
	struct ff_prefix *list = NULL;
	size_t n = 0, cap = 0;
	int status = ff_grow(&list, &cap, 1, sizeof(*list), err);

	for (size_t i = 0; i < s->count && status == FF_OK; i++) {
		struct ipset_num a = s->ranges[i].first, last = s->ranges[i].last;

		for (;;) {
			unsigned bits = ipset_widest(a, last);
			uint64_t step_lo = bits > 64 ? UINT64_C(1) << (128 - bits) : 0;
			uint64_t step_hi =
				bits <= 64 && bits > 0 ? UINT64_C(1) << (64 - bits) : 0;
			struct ipset_num next = {a.hi + step_hi, a.lo + step_lo};

			if (n >= IPSET_RANGES_MAX)
				status = ff_fail(err, FF_ELIMIT,
						 "more than %llu CIDR blocks",
						 (unsigned long long)IPSET_RANGES_MAX);
			if (status == FF_OK)
				status = ff_grow(&list, &cap, n + 1, sizeof(*list), err);
			if (status != FF_OK)
				break;
			list[n++] = (struct ff_prefix){ipset_addr_of(a), (uint8_t)bits};
			next.hi += next.lo < a.lo;
			if (!ipset_less(a, next) || ipset_less(last, next))
				break; /* past the range, or past the last address there
					  is */
			a = next;
		}
	}
	if (status != FF_OK) {
		ff_free(list);
		return status;
	}
	*out = list;
	*count = n;
	return FF_OK;
}
