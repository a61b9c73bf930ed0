/* SPDX-License-Identifier: MIT */
/* simulate_random - random numbers that are the same on every machine, and the
 * distributions that the scenarios draw from. */
#include "cli/simulate.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- generator ---- */

static uint64_t random_splitmix(uint64_t *state)
{
	*state += UINT64_C(0x9e3779b97f4a7c15);
	return ff_mix64(*state);
}

void ff_sim_random_seed(struct ff_sim_random *r, uint64_t seed, const char *stream)
{
	/* FNV-1a, not ff_hash_bytes: the stream must not move when the library's hash
	 * changes */
	uint64_t name = UINT64_C(0xcbf29ce484222325);
	for (; *stream; stream++)
		name = (name ^ (unsigned char)*stream) * UINT64_C(0x100000001b3);
	uint64_t state = seed ^ ff_mix64(name);
	for (int i = 0; i < 4; i++)
		r->s[i] = random_splitmix(&state);
	r->has_spare = false;
	r->spare = 0;
}

static uint64_t random_rotate(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

uint64_t ff_sim_random_bits(struct ff_sim_random *r)
{
	uint64_t *s = r->s, result = random_rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = random_rotate(s[3], 45);
	return result;
}

uint32_t ff_sim_random_below(struct ff_sim_random *r, uint32_t n)
{
	assert(n > 0);
	/* Lemire 2019: multiply, and draw again in the small zone that would be uneven */
	uint64_t m = (ff_sim_random_bits(r) >> 32) * n;
	if ((uint32_t)m < n) {
		uint32_t zone = (0 - n) % n;
		while ((uint32_t)m < zone)
			m = (ff_sim_random_bits(r) >> 32) * n;
	}
	return (uint32_t)(m >> 32);
}

uint32_t ff_sim_random_between(struct ff_sim_random *r, uint32_t low, uint32_t high)
{
	assert(low <= high && high - low < UINT32_MAX);
	return low + ff_sim_random_below(r, high - low + 1);
}

bool ff_sim_random_percent(struct ff_sim_random *r, uint32_t percent)
{
	return ff_sim_random_below(r, 100) < percent;
}

double ff_sim_random_unit(struct ff_sim_random *r)
{
	return (double)((ff_sim_random_bits(r) >> 11) + 1) * 0x1p-53;
}

/* ---- logarithm and exponential from + - * / only ---- */

#define RANDOM_LN2 0.693147180559945309417

double ff_sim_log(double x)
{
	/* x = m * 2^e with m near 1; ln m = 2 atanh((m-1)/(m+1)), |s| <= 0.172, error <
	 * 1e-16 */
	int e;
	double m = frexp(x, &e); /* exact */
	if (m < 0.70710678118654752440) {
		m *= 2;
		e--;
	}
	double s = (m - 1) / (m + 1), q = s * s, sum = 0;
	for (int k = 19; k >= 1; k -= 2)
		sum = sum * q + 1.0 / k;
	return 2 * s * sum + e * RANDOM_LN2;
}

double ff_sim_exp(double x)
{
	double scaled = x / RANDOM_LN2;
	int e = (int)(scaled + (scaled < 0 ? -0.5 : 0.5));
	double t = x - e * RANDOM_LN2, sum = 1; /* |t| <= 0.35: Taylor to t^14 */
	for (int k = 14; k >= 1; k--)
		sum = sum * t / k + 1;
	return ldexp(sum, e); /* exact */
}

/* ---- distributions ---- */

double ff_sim_random_exponential(struct ff_sim_random *r, double mean)
{
	return -mean * ff_sim_log(ff_sim_random_unit(r));
}

double ff_sim_random_normal(struct ff_sim_random *r)
{
	if (r->has_spare) {
		r->has_spare = false;
		return r->spare;
	}
	double u, v,
		q; /* Marsaglia's polar method: no sine, and sqrt is exact in IEEE 754 */
	do {
		u = 2 * ff_sim_random_unit(r) - 1;
		v = 2 * ff_sim_random_unit(r) - 1;
		q = u * u + v * v;
	} while (q >= 1 || q < 1e-300);
	double f = sqrt(-2 * ff_sim_log(q) / q);
	r->spare = v * f;
	r->has_spare = true;
	return u * f;
}

double ff_sim_random_lognormal(struct ff_sim_random *r, double median, double sigma)
{
	return median * ff_sim_exp(sigma * ff_sim_random_normal(r));
}

uint32_t ff_sim_random_poisson(struct ff_sim_random *r, double mean)
{
	if (!(mean > 0))
		return 0;
	if (mean > 64) {
		double v = mean + sqrt(mean) * ff_sim_random_normal(r) + 0.5;
		return v < 0 ? 0 : v > 4e9 ? UINT32_C(4000000000) : (uint32_t)v;
	}
	uint32_t k = 0;
	double product = ff_sim_random_unit(r), floor_at = ff_sim_exp(-mean);
	while (product > floor_at) {
		product *= ff_sim_random_unit(r);
		k++;
	}
	return k;
}

uint32_t ff_sim_random_popular(struct ff_sim_random *r, uint32_t n)
{
	assert(n > 0);
	/* log-uniform over [1, n + 1): P(k) = ln((k+2)/(k+1)) / ln(n+1), close to
	 * 1/(k+1.5) */
	double u = ff_sim_random_unit(r);
	uint32_t k = (uint32_t)ff_sim_exp(u * ff_sim_log((double)n + 1));
	return k < 1 ? 0 : k > n ? n - 1 : k - 1;
}

int ff_sim_powerlaw_init(struct ff_sim_powerlaw *p, double exponent, uint32_t max,
			 struct ff_err *err)
{
	assert(max > 0);
	p->sums = ff_alloc(max, sizeof *p->sums);
	p->max = max;
	if (!p->sums)
		return ff_fail_nomem(err);
	double sum = 0;
	for (uint32_t n = 1; n <= max; n++) {
		sum += ff_sim_exp(-exponent * ff_sim_log(n));
		p->sums[n - 1] = sum;
	}
	for (uint32_t n = 0; n < max; n++)
		p->sums[n] /= sum;
	p->sums[max - 1] = 1;
	return FF_OK;
}

void ff_sim_powerlaw_release(struct ff_sim_powerlaw *p)
{
	ff_free(p->sums);
	p->sums = NULL;
}

uint32_t ff_sim_powerlaw_draw(const struct ff_sim_powerlaw *p, struct ff_sim_random *r)
{
	double u = ff_sim_random_unit(r);
	if (u <= p->sums[0]) /* most draws */
		return 1;
	uint32_t low = 1, high = p->max - 1;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		if (p->sums[mid] < u)
			low = mid + 1;
		else
			high = mid;
	}
	return low + 1;
}

uint32_t ff_sim_permute(uint32_t x, unsigned bits, uint64_t key)
{
	assert(bits >= 1 && bits <= 32);
	uint32_t mask = bits == 32 ? UINT32_MAX : (UINT32_C(1) << bits) - 1;
	unsigned half = (bits + 1) / 2;
	/* each step is one-to-one modulo 2^bits: add, multiply by an odd number, fold the
	 * high half */
	for (int round = 0; round < 3; round++) {
		key = ff_mix64(key + UINT64_C(0x9e3779b97f4a7c15));
		x = (x + (uint32_t)(key >> 32)) & mask;
		x = (x * ((uint32_t)key | 1)) & mask;
		x ^= x >> half;
	}
	return x & mask;
}
