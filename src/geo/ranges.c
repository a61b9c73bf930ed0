/* SPDX-License-Identifier: MIT */
/* ranges - see ranges.h. */
#include "geo/ranges.h"

void geo_ranges_release(struct geo_ranges *r)
{
	ff_free(r->v4);
	ff_free(r->v6);
	ff_free(r->index4);
	ff_free(r->near4);
	ff_free(r->index6);
	*r = (struct geo_ranges){.none = r->none, .wants_near = r->wants_near};
}

/* ---- making ---- */

int geo_ranges_add4(struct geo_ranges *r, uint32_t first, uint32_t value,
		    struct ff_err *err)
{
	int rc;

	r->has_v4 |= value != r->none;
	if (r->count4 && r->v4[r->count4 - 1].value == value)
		return FF_OK;
	if ((rc = ff_grow(&r->v4, &r->cap4, r->count4 + 1, sizeof(*r->v4), err)))
		return rc;
	r->v4[r->count4++] = (struct geo_range4){first, value};
	return FF_OK;
}

int geo_ranges_add6(struct geo_ranges *r, struct geo_num first, uint32_t value,
		    struct ff_err *err)
{
	int rc;

	r->has_v6 |= value != r->none;
	if (r->count6 && r->v6[r->count6 - 1].value == value)
		return FF_OK;
	if ((rc = ff_grow(&r->v6, &r->cap6, r->count6 + 1, sizeof(*r->v6), err)))
		return rc;
	r->v6[r->count6++] = (struct geo_range6){first, value};
	return FF_OK;
}

bool geo_ranges_alias(struct geo_ranges *r, struct geo_num net, unsigned bits)
{
	struct geo_alias *a = &r->aliases[r->alias_count];

	if (r->alias_count == GEO_ALIASES)
		return false;
	a->net = net;
	a->bits = bits;
	a->mask.hi = bits >= 64 ? UINT64_MAX : bits ? UINT64_MAX << (64 - bits) : 0;
	a->mask.lo = bits > 64 ? UINT64_MAX << (128 - bits) : 0;
	r->alias_count++;
	return true;
}

/* index[h] is the range that holds the first address of block h; the last one ends the
 * search in the last block. */
static int ranges_index4(struct geo_ranges *r, struct ff_err *err)
{
	size_t at = 0;

	if (!(r->index4 = ff_alloc(GEO_INDEX, sizeof(*r->index4))))
		return ff_fail_nomem(err);
	for (uint32_t h = 0; h < GEO_INDEX - 1; h++) {
		while (at + 1 < r->count4 && r->v4[at + 1].first <= h << 16)
			at++;
		r->index4[h] = (uint32_t)at;
	}
	r->index4[GEO_INDEX - 1] = (uint32_t)(r->count4 - 1);
	return FF_OK;
}

static int ranges_index6(struct geo_ranges *r, struct ff_err *err)
{
	size_t at = 0;

	if (!(r->index6 = ff_alloc(GEO_INDEX, sizeof(*r->index6))))
		return ff_fail_nomem(err);
	for (uint64_t h = 0; h < GEO_INDEX - 1; h++) {
		struct geo_num begin = {h << 48, 0};

		while (at + 1 < r->count6 && !geo_num_less(begin, r->v6[at + 1].first))
			at++;
		r->index6[h] = (uint32_t)at;
	}
	r->index6[GEO_INDEX - 1] = (uint32_t)(r->count6 - 1);
	return FF_OK;
}

/* The place of a number among the few, 0 when they are full without it. */
static uint8_t ranges_place(struct geo_ranges *r, uint32_t value, unsigned *count)
{
	for (unsigned i = 1; i <= *count; i++)
		if (r->few[i] == value)
			return (uint8_t)i;
	if (*count == 255)
		return 0;
	r->few[++*count] = value;
	return (uint8_t)*count;
}

static int ranges_near4(struct geo_ranges *r, struct ff_err *err)
{
	unsigned count = 0;

	if (!(r->near4 = ff_calloc(GEO_NEAR, sizeof(*r->near4))))
		return ff_fail_nomem(err);
	for (size_t i = 0; i < r->count4; i++) {
		uint64_t end = i + 1 < r->count4 ? r->v4[i + 1].first : UINT64_C(1) << 32;

		/* those that lie in the range as a whole */
		uint64_t at = ((uint64_t)r->v4[i].first + 255) >> 8;

		if (at < end >> 8)
			memset(r->near4 + at, ranges_place(r, r->v4[i].value, &count),
			       (size_t)((end >> 8) - at));
	}
	return FF_OK;
}

int geo_ranges_seal(struct geo_ranges *r, struct ff_err *err)
{
	int rc = FF_OK;

	if (!r->has_v4)
		r->alias_count = 0; /* they lead to nothing */
	r->has_v6 |= r->alias_count > 0;
	if (r->has_v4)
		rc = ranges_index4(r, err);
	if (rc == FF_OK && r->has_v4 && r->wants_near && r->count4 >= GEO_MANY)
		rc = ranges_near4(r, err);
	if (rc == FF_OK && r->has_v6 && !r->count6)
		rc = geo_ranges_add6(r, (struct geo_num){0, 0}, r->none, err);
	if (rc == FF_OK && r->has_v6)
		rc = ranges_index6(r, err);
	return rc;
}

void geo_ranges_take4(struct geo_ranges *r, struct geo_ranges *from)
{
	r->v4 = from->v4;
	r->index4 = from->index4;
	r->near4 = from->near4;
	memcpy(r->few, from->few, sizeof(r->few));
	r->count4 = from->count4;
	r->has_v4 = true;
	from->v4 = NULL;
	from->index4 = NULL;
	from->near4 = NULL;
}

void geo_ranges_take6(struct geo_ranges *r, struct geo_ranges *from)
{
	r->v6 = from->v6;
	r->index6 = from->index6;
	r->count6 = from->count6;
	r->has_v6 = true;
	memcpy(r->aliases, from->aliases, sizeof(r->aliases));
	r->alias_count = from->alias_count;
	from->v6 = NULL;
	from->index6 = NULL;
}

/* ---- asking ---- */

uint32_t geo_ranges_find6(const struct geo_ranges *r, struct geo_num a)
{
	const struct geo_range6 *at = r->v6 + r->index6[a.hi >> 48];
	uint32_t n = r->index6[(a.hi >> 48) + 1] - r->index6[a.hi >> 48];

	for (unsigned i = 0; i < r->alias_count; i++) {
		const struct geo_alias *s = &r->aliases[i];

		if (!(((a.hi ^ s->net.hi) & s->mask.hi) |
		      ((a.lo ^ s->net.lo) & s->mask.lo)))
			return geo_ranges_find4(r, geo_num_32(a, s->bits));
	}
	while (n > 0) {
		uint32_t half = (n + 1) / 2;

		at += geo_num_less(a, at[half].first) ? 0 : half;
		n -= half;
	}
	return at->value;
}
