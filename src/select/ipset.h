/* SPDX-License-Identifier: MIT */
/* ipset - private to select: a set of addresses while it is filled. */
#ifndef FF_SELECT_IPSET_H
#define FF_SELECT_IPSET_H

#include <flowfig/file.h>
#include <flowfig/select.h>

/* A set may hold this many ranges (2 GiB) and come from this many bytes. */
#define IPSET_RANGES_MAX (UINT64_C(1) << 26)
#define IPSET_BYTES_MAX (UINT64_C(1) << 30)
/* Low word of ::ffff:0:0. */
#define IPSET_V4 UINT64_C(0xffff00000000)

/* An address as a number. */
struct ipset_num {
	uint64_t hi, lo;
};
struct ipset_range {
	struct ipset_num first, last;
};

/* Ranges are sorted, disjoint and apart once sealed; until then in the order they came.
 * IPv4
 * (::ffff:0:0/96) stands a second time in arrays of its own: most flows ask for it. */
struct ff_ipset {
	struct ipset_range *ranges;
	size_t count, cap;
	bool unsorted;
	uint32_t *v4_first, *v4_last;
	size_t v4_count;
	uint32_t *v4_index; /* by upper 16 bits: the first range that ends there or later;
			       or NULL */
};

static inline struct ipset_num ipset_num_of(const struct ff_addr *a)
{
	return (struct ipset_num){ff_get_u64(a->b, true), ff_get_u64(a->b + 8, true)};
}
static inline bool ipset_less(struct ipset_num a, struct ipset_num b)
{
	return a.hi != b.hi ? a.hi < b.hi : a.lo < b.lo;
}

int ipset_new(struct ff_ipset **out, struct ff_err *err);
/* Adds first..last. */
int ipset_add(struct ff_ipset *s, struct ipset_num first, struct ipset_num last,
	      struct ff_err *err);
/* Adds the block of `bits` (0..128) around `a`. */
int ipset_add_block(struct ff_ipset *s, struct ipset_num a, unsigned bits,
		    struct ff_err *err);
/* Sorts, joins what touches, builds the IPv4 arrays. */
int ipset_seal(struct ff_ipset *s, struct ff_err *err);
/* Fills the set from a stream that stands at a SiLK header. */
int ipset_read_silk(struct ff_ipset *s, struct ff_stream *in, struct ff_err *err);

#endif
