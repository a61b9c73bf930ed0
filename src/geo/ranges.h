/* SPDX-License-Identifier: MIT */
/* ranges - every address has one number: sorted ranges without gaps, IPv4 and IPv6 apart,
 * each family with an index over its first 16 bits. A range ends where the next one
 * begins. Made in ascending order, sealed, then only asked.
 *
 * Many ranges of few numbers also get a table of all IPv4 /24s, 16 MB of which only what
 * is asked for comes near: one look instead of a search whose steps no processor
 * foresees. */
#ifndef FF_GEO_RANGES_H
#define FF_GEO_RANGES_H

#include <flowfig/base.h>

/* An IPv6 address in host order. */
struct geo_num {
	uint64_t hi, lo;
};
static inline struct geo_num geo_num_of(const struct ff_addr *a)
{
	return (struct geo_num){ff_get_u64(a->b, true), ff_get_u64(a->b + 8, true)};
}
static inline bool geo_num_less(struct geo_num a, struct geo_num b)
{
	return a.hi != b.hi ? a.hi < b.hi : a.lo < b.lo;
}
/* The bits that follow the first `bits` of the address, 32 of them; bits <= 96. */
static inline uint32_t geo_num_32(struct geo_num a, unsigned bits)
{
	if (bits >= 64)
		return (uint32_t)(a.lo >> (96 - bits));
	if (bits <= 32)
		return (uint32_t)(a.hi >> (32 - bits));
	return (uint32_t)(a.hi << (bits - 32) | a.lo >> (96 - bits));
}

/* IPv6 prefixes below which the next 32 bits are asked for as an IPv4 address. */
enum { GEO_ALIASES = 8, GEO_INDEX = 65536 + 1, GEO_NEAR = 1 << 24, GEO_MANY = 10000 };

struct geo_range4 {
	uint32_t first, value;
};
struct geo_range6 {
	struct geo_num first;
	uint32_t value;
};
struct geo_ranges {
	struct geo_range4 *v4;
	struct geo_range6 *v6;
	uint32_t *index4, *index6; /* NULL: nothing is known of the family */
	uint8_t *near4; /* of each /24, a place among `few`; 0 = ask the ranges; may be
			   NULL */
	uint32_t few[256];
	size_t count4, count6, cap4, cap6;
	struct geo_alias {
		struct geo_num net, mask;
		unsigned bits;
	} aliases[GEO_ALIASES];
	unsigned alias_count;
	bool has_v4,
		has_v6; /* an address of the family has a number that is not `none` */
	uint32_t none;
	bool wants_near;
};

void geo_ranges_release(struct geo_ranges *r);
/* From here on addresses have this number; in ascending order. */
int geo_ranges_add4(struct geo_ranges *r, uint32_t first, uint32_t value,
		    struct ff_err *err);
int geo_ranges_add6(struct geo_ranges *r, struct geo_num first, uint32_t value,
		    struct ff_err *err);
/* False when there is no room for another one. */
bool geo_ranges_alias(struct geo_ranges *r, struct geo_num net, unsigned bits);
int geo_ranges_seal(struct geo_ranges *r, struct ff_err *err);
/* Takes over what `from` has of one family. */
void geo_ranges_take4(struct geo_ranges *r, struct geo_ranges *from);
void geo_ranges_take6(struct geo_ranges *r, struct geo_ranges *from);

/* Of sealed ranges. */
uint32_t geo_ranges_find6(const struct geo_ranges *r, struct geo_num a);
static inline uint32_t geo_ranges_find4(const struct geo_ranges *r, uint32_t a)
{
	const struct geo_range4 *at = r->v4 + r->index4[a >> 16];
	uint32_t n = r->index4[(a >> 16) + 1] - r->index4[a >> 16];

	/* the last of at[0..n] that does not begin above a; at[0] never does */
	while (n > 0) {
		uint32_t half = (n + 1) / 2;

		at += at[half].first <= a ? half : 0;
		n -= half;
	}
	return at->value;
}
static inline uint32_t geo_ranges_find(const struct geo_ranges *r,
				       const struct ff_addr *a)
{
	if (!ff_addr_is_v4(a))
		return r->index6 ? geo_ranges_find6(r, geo_num_of(a)) : r->none;
	if (r->near4 && r->near4[ff_addr_to_v4(a) >> 8])
		return r->few[r->near4[ff_addr_to_v4(a) >> 8]];
	return r->index4 ? geo_ranges_find4(r, ff_addr_to_v4(a)) : r->none;
}

#endif
