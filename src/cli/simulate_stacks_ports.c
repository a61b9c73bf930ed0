/* SPDX-License-Identifier: MIT */
/* simulate_stacks_ports - how systems choose source ports.
 *
 * Linux: net/ipv4/inet_hashtables.c, __inet_hash_connect() and
 * net/core/secure_seq.c of the versions named. BSD: in_pcb.c. RFC 6056 names the
 * algorithms: 3 is the hash with one counter (Linux 2.6), 4 the hash with a table of
 * counters (Linux 5.12). Counters of 49152-65535 as measured on Windows 7 to 10 and
 * macOS. */
#include "cli/simulate_stacks.h"

#include <assert.h>
#include <string.h>

enum { PERTURB_512 = 256, PERTURB_518 = 65536, RESALT_S = 10 };

/* Of the counting systems, and of the random ones. */
static const struct {
	uint16_t low, high;
	int8_t step;	/* 0: random */
	bool is_shared; /* TCP and UDP count on one counter */
} ports[FF_STACK_KINDS] = {
	[FF_STACK_XP] = {1025, 5000, 1, true},
	[FF_STACK_WINDOWS] = {49152, 65535, 1, false},
	[FF_STACK_MACOS] = {49152, 65535, 1, false},
	[FF_STACK_NETBSD] = {49152, 65535, -1, false},
	[FF_STACK_LINUX_24] = {32768, 61000, 1, false},
	[FF_STACK_LINUX_26] = {32768, 61000, 0, false},
	[FF_STACK_LINUX_42] = {32768, 60999, 0, false},
	[FF_STACK_LINUX_512] = {32768, 60999, 0, false},
	[FF_STACK_LINUX_518] = {32768, 60999, 0, false},
	[FF_STACK_FREEBSD] = {10000, 65535, 0, false},
	[FF_STACK_OPENBSD] = {1024, 49151, 0, false},
	[FF_STACK_SOLARIS] = {32768, 65535, 0, false},
	[FF_STACK_PF] = {50001, 65535, 0, false},
	[FF_STACK_RANDOM] = {1024, 65535, 0, false},
};

/* ---- what is in use ---- */

static size_t busy_slot(const struct ff_stack_busy *b, uint64_t key)
{
	size_t i = (size_t)ff_mix64(key) & (b->cap - 1);
	while (b->slots[i].key && b->slots[i].key != key)
		i = (i + 1) & (b->cap - 1);
	return i;
}

bool ff_stack_busy_at(const struct ff_stack_busy *b, uint64_t key, double time_s)
{
	return b->cap && b->slots[busy_slot(b, key)].key == key &&
	       b->slots[busy_slot(b, key)].until_s > time_s;
}

static int busy_grow(struct ff_stack_busy *b, struct ff_err *err)
{
	struct ff_stack_busy bigger = {.cap = b->cap ? b->cap * 2 : 256};
	bigger.slots = ff_calloc(bigger.cap, sizeof *bigger.slots);
	if (!bigger.slots)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < b->cap; i++)
		if (b->slots[i].key)
			bigger.slots[busy_slot(&bigger, b->slots[i].key)] = b->slots[i];
	bigger.used = b->used;
	ff_free(b->slots);
	*b = bigger;
	return FF_OK;
}

int ff_stack_busy_until(struct ff_stack_busy *b, uint64_t key, double until_s,
			struct ff_err *err)
{
	int rc = b->used * 2 >= b->cap ? busy_grow(b, err) : FF_OK;
	if (rc)
		return rc;
	size_t i = busy_slot(b, key);
	b->used += b->slots[i].key == 0;
	b->slots[i].key = key;
	b->slots[i].until_s = until_s;
	return FF_OK;
}

static uint64_t port_key(uint8_t protocol, uint16_t port)
{
	return UINT64_C(1) << 63 | (uint64_t)protocol << 16 | port;
}

static uint64_t tuple_key(uint32_t site, uint16_t dport, uint16_t port)
{
	return UINT64_C(1) << 62 | (uint64_t)site << 32 | (uint64_t)dport << 16 | port;
}

/* How long a socket keeps its port: its life, and for TCP a minute of TIME_WAIT. */
static double lifetime(struct ff_stack *s, uint8_t protocol)
{
	double life = ff_sim_random_exponential(s->random, 40);
	return protocol == 6 ? 60 + life : life;
}

static int take_port(struct ff_stack *s, double time_s, uint8_t protocol, uint16_t port,
		     struct ff_err *err)
{
	double until = time_s + lifetime(s, protocol);
	return ff_stack_busy_until(&s->busy, port_key(protocol, port), until, err);
}

/* ---- life ---- */

void ff_stack_boot(struct ff_stack *s, bool is_old)
{
	unsigned low = ports[s->kind].low, high = ports[s->kind].high;
	for (size_t i = 0; i < s->busy.cap; i++)
		s->busy.slots[i].until_s = 0;
	for (int i = 0; i < 2; i++) {
		uint32_t behind = is_old ? ff_sim_random_below(s->random, high - low + 1)
					 : ff_sim_random_between(s->random, 3, 24);
		s->next[i] = (uint16_t)(ports[s->kind].step < 0 ? high - behind
								: low + behind);
	}
	s->hint = is_old ? ff_sim_random_below(s->random, 1 << 20)
			 : 2 * ff_sim_random_between(s->random, 3, 24);
	s->secret = ff_sim_random_bits(s->random);
	s->epoch_s = RESALT_S * ff_sim_random_unit(s->random);
	for (size_t i = 0; s->perturb && i < PERTURB_518; i++)
		s->perturb[i] = (uint32_t)ff_sim_random_bits(s->random);
}

int ff_stack_init(struct ff_stack *s, enum ff_stack_kind kind, bool is_old,
		  struct ff_sim_random *random, struct ff_err *err)
{
	*s = (struct ff_stack){.kind = kind, .random = random};
	if ((kind == FF_STACK_LINUX_512 || kind == FF_STACK_LINUX_518) &&
	    !(s->perturb = ff_alloc(PERTURB_518, sizeof *s->perturb)))
		return ff_fail_nomem(err);
	ff_stack_boot(s, is_old);
	return FF_OK;
}

void ff_stack_release(struct ff_stack *s)
{
	ff_free(s->busy.slots);
	ff_free(s->perturb);
	*s = (struct ff_stack){0};
}

/* ---- counters and chance ---- */

static uint16_t next_port(struct ff_stack *s, double time_s, uint8_t protocol)
{
	unsigned low = ports[s->kind].low, high = ports[s->kind].high;
	uint16_t *next = &s->next[protocol == 17 && !ports[s->kind].is_shared], port;
	for (unsigned tries = high - low + 1; tries > 0; tries--) {
		port = *next;
		if (ports[s->kind].step > 0)
			*next = (uint16_t)(port >= high ? low : port + 1u);
		else
			*next = (uint16_t)(port <= low ? high : port - 1u);
		if (!ff_stack_busy_at(&s->busy, port_key(protocol, port), time_s))
			return port;
	}
	return *next; /* none is free: a host would fail, we share */
}

/* in_pcb.c of the BSDs, pf_get_sport(), Solaris: a random place, and from there the next
 * free one. */
static uint16_t random_port(struct ff_stack *s, double time_s, uint8_t protocol,
			    unsigned low, unsigned high)
{
	unsigned port = ff_sim_random_between(s->random, low, high);
	for (unsigned tries = high - low; tries > 0; tries--) {
		if (!ff_stack_busy_at(&s->busy, port_key(protocol, (uint16_t)port),
				      time_s))
			break;
		port = port >= high ? low : port + 1;
	}
	return (uint16_t)port;
}

/* ---- Linux: a hash of the destination, and a counter ---- */

/* A keyed hash, as siphash of (addresses, dport) is. */
static uint64_t linux_hash(uint64_t secret, uint32_t site, uint16_t dport)
{
	uint64_t x = ff_mix64(secret + ((uint64_t)site << 16 | dport));
	return ff_mix64(x ^ (secret >> 7));
}

/* 2.6 to 4.1: port = low + (i + hint + hash) % range for i = 1, 2, ... ; hint += i. The
 * first that is not in use towards this destination; another destination may share it. */
static uint16_t linux_26(struct ff_stack *s, double time_s, uint32_t site, uint16_t dport)
{
	uint32_t low = ports[s->kind].low, range = ports[s->kind].high - low + 1u, i;
	uint32_t offset = s->hint + (uint32_t)linux_hash(s->secret, site, dport);
	uint16_t port = 0;
	for (i = 1; i <= range; i++) {
		port = (uint16_t)(low + (i + offset) % range);
		if (!ff_stack_busy_at(&s->busy, tuple_key(site, dport, port), time_s))
			break;
	}
	s->hint += i;
	return port;
}

/* From 4.2: the first free even port from (counter + hash) % range on; *past says how far
 * it had to go. Odd ports only when all even ones are in use. */
static uint16_t linux_even(struct ff_stack *s, double time_s, uint32_t site,
			   uint16_t dport, uint32_t start, uint32_t *past)
{
	uint32_t low = ports[s->kind].low;
	uint32_t range = (ports[s->kind].high + 1u - low) & ~1u;
	uint32_t offset = start % range & ~1u;
	uint16_t port = 0;
	for (unsigned odd = 0; odd < 2; odd++)
		for (*past = 0; *past < range; *past += 2) {
			port = (uint16_t)(low + (offset + odd + *past) % range);
			if (!ff_stack_busy_at(&s->busy, tuple_key(site, dport, port),
					      time_s))
				return port;
		}
	return port;
}

static uint16_t linux_42(struct ff_stack *s, double time_s, uint32_t site, uint16_t dport)
{
	uint32_t past;
	uint32_t start = s->hint + (uint32_t)linux_hash(s->secret, site, dport);
	uint16_t port = linux_even(s, time_s, site, dport, start, &past);
	s->hint += past + 2;
	return port;
}

/* 5.12: 256 counters, chosen by hash; one in sixteen skips a port. */
static uint16_t linux_512(struct ff_stack *s, double time_s, uint32_t site,
			  uint16_t dport)
{
	uint32_t hash = (uint32_t)linux_hash(s->secret, site, dport), past;
	uint32_t *counter = &s->perturb[hash * UINT32_C(0x61c88647) >> 24];
	uint16_t port = linux_even(s, time_s, site, dport, *counter + hash, &past);
	if (past == 0 && ff_sim_random_below(s->random, 16) == 0)
		past = 2;
	*counter += past + 2;
	return port;
}

/* 5.18: 65536 counters, steps of 2 to 16, and a new secret every ten seconds. */
static uint16_t linux_518(struct ff_stack *s, double time_s, uint32_t site,
			  uint16_t dport)
{
	uint64_t period = (uint64_t)((time_s + s->epoch_s) / RESALT_S);
	uint64_t hash = linux_hash(ff_mix64(s->secret + period), site, dport);
	uint32_t *counter = &s->perturb[hash % PERTURB_518], past;
	uint16_t port = linux_even(s, time_s, site, dport,
				   *counter + (uint32_t)(hash >> 32), &past);
	uint32_t skip = 2 * ff_sim_random_below(s->random, 8);
	*counter += (past > skip ? past : skip) + 2;
	return port;
}

static int linux_tcp(uint16_t *out, struct ff_stack *s, double time_s, uint32_t site,
		     uint16_t dport, struct ff_err *err)
{
	*out = s->kind == FF_STACK_LINUX_26    ? linux_26(s, time_s, site, dport)
	       : s->kind == FF_STACK_LINUX_42  ? linux_42(s, time_s, site, dport)
	       : s->kind == FF_STACK_LINUX_512 ? linux_512(s, time_s, site, dport)
					       : linux_518(s, time_s, site, dport);
	return ff_stack_busy_until(&s->busy, tuple_key(site, dport, *out),
				   time_s + lifetime(s, 6), err);
}

/* ---- all ---- */

int ff_stack_port(uint16_t *out, struct ff_stack *s, double time_s, uint8_t protocol,
		  uint32_t site, uint16_t dport, struct ff_err *err)
{
	unsigned low = ports[s->kind].low, high = ports[s->kind].high;
	bool is_linux = s->kind >= FF_STACK_LINUX_26 && s->kind <= FF_STACK_LINUX_518;
	assert(protocol == 6 || protocol == 17);
	if (protocol == 6 && is_linux)
		return linux_tcp(out, s, time_s, site, dport, err);
	/* mDNSResponder binds its own; UDP of Windows and macOS is random */
	if (protocol == 17 && s->kind == FF_STACK_MACOS)
		*out = random_port(s, time_s, 17, dport == 53 ? 1024 : low, high);
	else if (protocol == 17 && s->kind == FF_STACK_WINDOWS)
		*out = random_port(s, time_s, 17, low, high);
	else if (ports[s->kind].step)
		*out = next_port(s, time_s, protocol);
	else
		*out = random_port(s, time_s, protocol, low, high);
	return take_port(s, time_s, protocol, *out, err);
}
