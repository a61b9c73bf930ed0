/* SPDX-License-Identifier: MIT */
/* hash - XXH64 (Yann Collet, xxHash specification 0.1.1): the same value on every
 * machine, so it may be stored. Not for secrets or against forgery. */
#include <flowfig/base.h>

#define HASH_P1 UINT64_C(0x9e3779b185ebca87)
#define HASH_P2 UINT64_C(0xc2b2ae3d27d4eb4f)
#define HASH_P3 UINT64_C(0x165667b19e3779f9)
#define HASH_P4 UINT64_C(0x85ebca77c2b2ae63)
#define HASH_P5 UINT64_C(0x27d4eb2f165667c5)

static uint64_t hash_rotl(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static uint64_t hash_round(uint64_t acc, uint64_t word)
{
	return hash_rotl(acc + word * HASH_P2, 31) * HASH_P1;
}

static uint64_t hash_merge(uint64_t h, uint64_t lane)
{
	return (h ^ hash_round(0, lane)) * HASH_P1 + HASH_P4;
}

/* All whole 32-byte stripes, four lanes side by side. */
static uint64_t hash_stripes(const uint8_t **p, const uint8_t *end, uint64_t seed)
{
	uint64_t a = seed + HASH_P1 + HASH_P2, b = seed + HASH_P2;
	uint64_t c = seed, d = seed - HASH_P1, h;

	for (; end - *p >= 32; *p += 32) {
		a = hash_round(a, ff_get_u64(*p, false));
		b = hash_round(b, ff_get_u64(*p + 8, false));
		c = hash_round(c, ff_get_u64(*p + 16, false));
		d = hash_round(d, ff_get_u64(*p + 24, false));
	}
	h = hash_rotl(a, 1) + hash_rotl(b, 7) + hash_rotl(c, 12) + hash_rotl(d, 18);
	h = hash_merge(h, a);
	h = hash_merge(h, b);
	h = hash_merge(h, c);
	return hash_merge(h, d);
}

uint64_t ff_hash_bytes(const void *data, size_t len, uint64_t seed)
{
	const uint8_t *p = data, *end = p + len;
	uint64_t h = len >= 32 ? hash_stripes(&p, end, seed) : seed + HASH_P5;

	h += len;
	for (; end - p >= 8; p += 8)
		h = hash_rotl(h ^ hash_round(0, ff_get_u64(p, false)), 27) * HASH_P1 +
		    HASH_P4;
	if (end - p >= 4) {
		h = hash_rotl(h ^ ff_get_u32(p, false) * HASH_P1, 23) * HASH_P2 + HASH_P3;
		p += 4;
	}
	for (; p < end; p++)
		h = hash_rotl(h ^ *p * HASH_P5, 11) * HASH_P1;
	h = (h ^ h >> 33) * HASH_P2;
	h = (h ^ h >> 29) * HASH_P3;
	return h ^ h >> 32;
}
