/* SPDX-License-Identifier: MIT */
/* contact_add - the hot half of contact: a batch of flows to counts a bin and to buffers
 * of contacts, one a part, that go to the shared store when they are full. */
#include "aggregate/contact.h"

#include <string.h>

enum { SLICE = 256 }; /* flows whose bins are found before their contacts are put */

/* ---- flows a bin ---- */

static size_t bins_slot(const struct contact_bins *b, int64_t bin)
{
	size_t i = ff_mix64((uint64_t)bin) & (b->cap - 1);
	while (b->slots[i].flows && b->slots[i].bin != bin)
		i = (i + 1) & (b->cap - 1);
	return i;
}

static int bins_grow(struct contact_bins *b, struct ff_err *err)
{
	struct contact_bins bigger = {.used = b->used, .cap = b->cap ? b->cap * 2 : 64};
	bigger.slots = ff_calloc(bigger.cap, sizeof *bigger.slots);
	if (!bigger.slots)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < b->cap; i++)
		if (b->slots[i].flows)
			bigger.slots[bins_slot(&bigger, b->slots[i].bin)] = b->slots[i];
	ff_free(b->slots);
	*b = bigger;
	return FF_OK;
}

bool contact_bins_has(const struct contact_bins *b, int64_t bin)
{
	return b->cap && b->slots[bins_slot(b, bin)].flows;
}

int contact_bins_add(struct contact_bins *b, int64_t bin, uint64_t flows,
		     uint64_t counted, struct ff_err *err)
{
	if (b->used * 2 >= b->cap) {
		int rc = bins_grow(b, err);
		if (rc)
			return rc;
	}
	size_t i = bins_slot(b, bin);
	b->used += b->slots[i].flows == 0;
	b->slots[i].bin = bin;
	b->slots[i].flows += flows;
	b->slots[i].counted += counted;
	return FF_OK;
}

/* Lets go of a recent bin: what it counted goes to the table of all bins. */
static int recent_flush(struct contact *c, struct contact_bin *recent, struct ff_err *err)
{
	if (!recent->flows)
		return FF_OK;
	int rc = contact_bins_add(&c->bins, recent->bin, recent->flows, recent->counted,
				  err);
	if (rc == FF_OK)
		recent->flows = recent->counted = 0;
	return rc;
}

/* ---- contacts ---- */

/* Puts the entries of a bin together, in order of the low bits of the bins. */
static void buffer_sort(uint64_t *to, const uint64_t *from, size_t n, size_t stride)
{
	size_t starts[CONTACT_RECENT] = {0}, sum = 0;
	for (size_t i = 0; i < n; i++)
		starts[from[i * stride] & (CONTACT_RECENT - 1)]++;
	for (size_t d = 0; d < CONTACT_RECENT; d++) {
		size_t here = starts[d];
		starts[d] = sum;
		sum += here;
	}
	for (size_t i = 0; i < n; i++) {
		const uint64_t *e = from + i * stride;
		uint64_t *at = to + starts[e[0] & (CONTACT_RECENT - 1)]++ * stride;
		for (size_t k = 0; k < stride; k++)
			at[k] = e[k];
	}
}

static int buffer_flush(struct contact *c, unsigned kind, unsigned part,
			struct ff_err *err)
{
	struct contact_store *s = kind ? &c->core->wide : &c->core->narrow;
	struct contact_buffer *b = &c->buffers[kind][part];
	const uint64_t *entries = b->entries;
	size_t n = b->count, stride = 1 + s->words;
	if (n > CONTACT_BUFFERED) {
		int rc = ff_grow(&c->sorted.entries, &c->sorted.cap, b->cap * stride,
				 sizeof *entries, err);
		if (rc)
			return rc;
		buffer_sort(c->sorted.entries, entries, n, stride);
		entries = c->sorted.entries;
	}
	b->count = 0;
	return n ? contact_store_add(s, part, entries, n, err) : FF_OK;
}

/* A buffer that is full goes to the store, unless its entries change their bins so often
 * that it is better to gather more. */
static int buffer_full(struct contact *c, unsigned kind, unsigned part,
		       struct ff_err *err)
{
	enum { OFTEN = CONTACT_BUFFERED / 4 };
	struct contact_buffer *b = &c->buffers[kind][part];
	size_t stride = 1 + (kind ? &c->core->wide : &c->core->narrow)->words, turns = 0;
	if (b->cap >= CONTACT_DISORDERED)
		return buffer_flush(c, kind, part, err);
	for (size_t i = 1; i < b->count; i++)
		turns += b->entries[i * stride] != b->entries[(i - 1) * stride];
	if (b->cap && turns < OFTEN)
		return buffer_flush(c, kind, part, err);
	size_t cap = b->cap ? CONTACT_DISORDERED : CONTACT_BUFFERED;
	uint64_t *entries = ff_realloc(b->entries, cap, stride * sizeof *entries);
	if (!entries)
		return ff_fail_nomem(err);
	b->entries = entries;
	b->cap = cap;
	return FF_OK;
}

int contact_flush(struct contact *c, struct ff_err *err)
{
	for (unsigned kind = 0; kind < 2; kind++) {
		for (unsigned i = 0; i < CONTACT_PARTS; i++) {
			int rc = buffer_flush(c, kind, i, err);
			if (rc)
				return rc;
		}
	}
	for (size_t i = 0; i < CONTACT_RECENT; i++) {
		int rc = recent_flush(c, &c->recent[i], err);
		if (rc)
			return rc;
	}
	return FF_OK;
}

/* Puts one entry (bin and key) into the buffer of its part. `words` is constant where it
 * is hot. */
static inline int buffer_add(struct contact *c, unsigned kind, int64_t bin,
			     const uint64_t *key, unsigned words, struct ff_err *err)
{
	unsigned part = contact_part_of(key, words);
	struct contact_buffer *b = &c->buffers[kind][part];
	if (b->count == b->cap) {
		int rc = buffer_full(c, kind, part, err);
		if (rc)
			return rc;
	}
	uint64_t *at = b->entries + b->count++ * (1 + words);
	at[0] = (uint64_t)bin;
	for (unsigned i = 0; i < words; i++)
		at[1 + i] = key[i];
	return FF_OK;
}

int contact_put(struct contact *c, unsigned kind, int64_t bin, const uint64_t *key,
		unsigned words, struct ff_err *err)
{
	return buffer_add(c, kind, bin, key, words, err);
}

static inline bool addr_v4(const struct ff_addr *a, uint32_t *v4)
{
	uint64_t high;
	uint32_t mid;
	memcpy(&high, a->b, 8);
	memcpy(&mid, a->b + 8, 4);
	const uint8_t *p = a->b + 12;
	*v4 = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	const uint8_t mapped[4] = {0, 0, 0xff, 0xff};
	return high == 0 && memcmp(&mid, mapped, 4) == 0;
}

static inline int contact_key(struct contact *c, const struct ff_flow *f, int64_t bin,
			      struct ff_err *err)
{
	uint64_t key[CONTACT_MAX_WORDS];
	uint64_t port = (uint64_t)f->dport << 8 | f->protocol;
	bool ports = c->core->params.pairs != 0;
	uint32_t s, d;
	bool s4 = addr_v4(&f->sip, &s), d4 = addr_v4(&f->dip, &d);
	if (s4 && d4) {
		key[0] = (uint64_t)s << 32 | d;
		if (!ports)
			return buffer_add(c, 0, bin, key, 1, err);
		key[1] = port;
		return buffer_add(c, 0, bin, key, 2, err);
	}
	if (s4)
		atomic_store(&c->core->mixed, true);
	key[0] = ff_get_u64(f->sip.b, true);
	key[1] = ff_get_u64(f->sip.b + 8, true);
	key[2] = ff_get_u64(f->dip.b, true);
	key[3] = ff_get_u64(f->dip.b + 8, true);
	key[4] = port;
	return buffer_add(c, 1, bin, key, c->core->wide.words, err);
}

/* ---- bins ---- */

int contact_check_span(const struct contact *c, struct ff_err *err)
{
	return agg_check_span(&c->core->params.bins, c->first_ns, c->last_ns, err);
}

/* Turns to the bin of a flow that is not in the last one's. */
static int contact_turn(struct contact *c, int64_t ns, struct ff_err *err)
{
	c->bin = agg_bin_find(&c->bin_lo, &c->bin_hi, &c->core->params.bins, ns);
	c->now = &c->recent[(size_t)c->bin & (CONTACT_RECENT - 1)];
	if (c->now->bin == c->bin)
		return FF_OK;
	int rc = recent_flush(c, c->now, err);
	if (rc == FF_OK)
		c->now->bin = c->bin;
	else
		c->bin_hi = c->bin_lo; /* the next flow turns again */
	return rc;
}

/* First the bins, then the contacts of the flows that count. Which do follows no pattern
 * that a processor could guess, so each is noted and the note kept or overwritten. */
static int contact_add_slice(struct contact *c, const struct ff_flow *f, size_t n,
			     struct ff_err *err)
{
	unsigned wanted = c->core->params.direction ? FF_ORIENT_OUT : FF_ORIENT_IN;
	const struct ff_flow *counted[SLICE];
	int64_t bins[SLICE];
	size_t kept = 0;
	int rc;
	for (size_t i = 0; i < n; i++) {
		int64_t ns = f[i].start_ns;
		bool counts = f[i].orient == wanted;
		if (ns < c->first_ns)
			c->first_ns = ns;
		if (ns > c->last_ns)
			c->last_ns = ns;
		if ((ns < c->bin_lo || ns >= c->bin_hi) &&
		    (rc = contact_turn(c, ns, err)))
			return rc;
		c->now->flows++;
		c->now->counted += counts;
		counted[kept] = &f[i];
		bins[kept] = c->bin;
		kept += counts;
	}
	c->flows += n;
	c->counted += kept;
	for (size_t i = 0; i < kept; i++)
		if ((rc = contact_key(c, counted[i], bins[i], err)))
			return rc;
	return contact_check_span(c, err);
}

int contact_add(void *self, const struct ff_batch *flows, struct ff_err *err)
{
	int rc = FF_OK;
	for (size_t i = 0; i < flows->count && rc == FF_OK; i += SLICE) {
		size_t n = flows->count - i < SLICE ? flows->count - i : SLICE;
		rc = contact_add_slice(self, flows->flows + i, n, err);
	}
	return rc;
}
