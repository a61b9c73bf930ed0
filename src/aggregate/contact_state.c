/* SPDX-License-Identifier: MIT */
/* contact_state - a contact aggregate in a state: parameters, bins, then the keys of each
 * store, bin by bin in ascending order, in groups of at most 4096; each key as the
 * difference of its first word to the last key's and the XOR of the others. Sorted, so
 * the bytes depend on the flows alone. */
#include "aggregate/contact.h"

#include <string.h>

enum { GROUP = 4096 };

struct key_writer {
	struct ff_state_writer *w;
	unsigned words;
	uint64_t *group; /* GROUP keys */
	size_t n;
	uint64_t last[CONTACT_MAX_WORDS];
};

static void write_group(struct key_writer *k)
{
	if (!k->n)
		return;
	ff_state_put_u64(k->w, k->n);
	for (size_t i = 0; i < k->n; i++) {
		const uint64_t *key = k->group + i * k->words;
		ff_state_put_u64(k->w, key[0] - k->last[0]);
		for (unsigned j = 1; j < k->words; j++)
			ff_state_put_u64(k->w, key[j] ^ k->last[j]);
		memcpy(k->last, key, k->words * sizeof *key);
	}
	k->n = 0;
}

static int write_key(void *arg, const uint64_t *key, struct ff_err *err)
{
	(void)err;
	struct key_writer *k = arg;
	memcpy(k->group + k->n++ * k->words, key, k->words * sizeof *key);
	if (k->n == GROUP)
		write_group(k);
	return FF_OK;
}

static int save_store(struct contact_store *s, struct ff_state_writer *w,
		      struct ff_err *err)
{
	struct key_writer k = {.w = w, .words = s->words};
	int64_t *bins;
	size_t n;
	int rc = contact_store_bins(s, &bins, &n, err);
	if (rc)
		return rc;
	k.group = ff_alloc(GROUP * s->words, sizeof *k.group);
	if (!k.group)
		rc = ff_fail_nomem(err);
	ff_state_put_u64(w, n);
	for (size_t i = 0; i < n && rc == FF_OK; i++) {
		ff_state_put_i64(w, bins[i]);
		for (unsigned p = 0; p < CONTACT_PARTS && rc == FF_OK; p++) {
			memset(k.last, 0, sizeof k.last);
			rc = contact_store_sorted(s, p, bins[i], write_key, &k, err);
			write_group(&k);
			ff_state_put_u64(w, 0);
		}
	}
	ff_free(k.group);
	ff_free(bins);
	return rc;
}

int contact_save(void *self, struct ff_state_writer *w, struct ff_err *err)
{
	struct contact *c = self;
	struct contact_bin *bins;
	int rc = contact_flush(c, err);
	if (rc == FF_OK && atomic_load(&c->core->mixed))
		rc = contact_widen(c->core, err);
	if (rc || (rc = contact_bins_sorted(&c->bins, &bins, err)))
		return rc;
	contact_store_seal(&c->core->narrow);
	contact_store_seal(&c->core->wide);
	const struct contact_params *p = &c->core->params;
	ff_state_put_u64(w, p->bins.kind);
	ff_state_put_i64(w, p->bins.width_ns);
	ff_state_put_u64(w, (uint64_t)p->direction);
	ff_state_put_u64(w, (uint64_t)p->pairs);
	ff_state_put_u64(w, c->core->ninside);
	for (size_t i = 0; i < c->core->ninside; i++) {
		ff_state_put_bytes(w, c->core->inside[i].addr.b, 16);
		ff_state_put_u64(w, c->core->inside[i].bits);
	}
	ff_state_put_i64(w, c->first_ns);
	ff_state_put_i64(w, c->last_ns);
	ff_state_put_u64(w, c->bins.used);
	for (size_t i = 0; i < c->bins.used; i++) {
		ff_state_put_i64(w, bins[i].bin);
		ff_state_put_u64(w, bins[i].flows);
		ff_state_put_u64(w, bins[i].counted);
	}
	ff_free(bins);
	rc = save_store(&c->core->narrow, w, err);
	return rc ? rc : save_store(&c->core->wide, w, err);
}

/* ---- loading ---- */

/* What is left of a part of a bin. */
struct key_reader {
	struct contact_store *s;
	struct ff_state_reader *r;
	int64_t bin;
	unsigned part;
	bool any; /* there is a last key */
	uint64_t last[CONTACT_MAX_WORDS];
};

/* What follows the last key. `words` is that of the store, a constant at every call. */
static inline int load_keys(struct key_reader *k, uint64_t *keys, size_t n,
			    unsigned words, struct ff_err *err)
{
	uint64_t last[CONTACT_MAX_WORDS];
	int rc = ff_state_get_u64s(k->r, keys, n * words, err);
	if (rc)
		return rc;
	memcpy(last, k->last, words * sizeof *last);
	for (size_t i = 0; i < n; i++) {
		uint64_t *key = keys + i * words;
		key[0] += last[0];
		for (unsigned j = 1; j < words; j++)
			key[j] ^= last[j];
		if (k->any && contact_key_cmp(last, key, words) >= 0)
			return ff_state_bad(k->r, err, "contacts out of order");
		if (contact_part_of(key, words) != k->part)
			return ff_state_bad(k->r, err,
					    "a contact where it does not belong");
		contact_key_copy(last, key, words);
		k->any = true;
	}
	memcpy(k->last, last, words * sizeof *last);
	return FF_OK;
}

static int load_group(struct key_reader *k, uint64_t n, struct ff_err *err)
{
	enum { ROOM = 1024 };
	uint64_t keys[ROOM * CONTACT_MAX_WORDS];
	int rc = FF_OK;
	while (n && rc == FF_OK) {
		size_t m = n < ROOM ? (size_t)n : ROOM;
		switch (k->s->words) {
		case 1:
			rc = load_keys(k, keys, m, 1, err);
			break;
		case 2:
			rc = load_keys(k, keys, m, 2, err);
			break;
		case 4:
			rc = load_keys(k, keys, m, 4, err);
			break;
		default:
			rc = load_keys(k, keys, m, 5, err);
		}
		if (rc == FF_OK)
			rc = contact_store_put(k->s, k->part, k->bin, keys, m, err);
		n -= m;
	}
	return rc;
}

static int load_store(struct contact_store *s, const struct contact_bins *bins,
		      struct ff_state_reader *r, struct ff_err *err)
{
	uint64_t n, count;
	int64_t bin;
	int rc = ff_state_get_u64(r, &n, err);
	if (rc == FF_OK && n > AGG_MAX_BINS)
		rc = ff_state_bad(r, err, "too many bins");
	while (rc == FF_OK && n--) {
		rc = ff_state_get_i64(r, &bin, err);
		if (rc == FF_OK && !contact_bins_has(bins, bin))
			rc = ff_state_bad(r, err, "contacts in a bin without flows");
		for (unsigned p = 0; p < CONTACT_PARTS && rc == FF_OK; p++) {
			struct key_reader k = {.s = s, .r = r, .bin = bin, .part = p};
			while ((rc = ff_state_get_u64(r, &count, err)) == FF_OK &&
			       count) {
				if (count > GROUP)
					rc = ff_state_bad(r, err, "a group is too large");
				else
					rc = load_group(&k, count, err);
				if (rc)
					break;
			}
		}
	}
	return rc;
}

static int load_params(struct contact_params *p, struct ff_prefix **inside,
		       size_t *ninside, struct ff_state_reader *r, struct ff_err *err)
{
	uint64_t kind, direction, pairs, n, bits;
	int rc;
	if ((rc = ff_state_get_u64(r, &kind, err)) ||
	    (rc = ff_state_get_i64(r, &p->bins.width_ns, err)) ||
	    (rc = ff_state_get_u64(r, &direction, err)) ||
	    (rc = ff_state_get_u64(r, &pairs, err)) ||
	    (rc = ff_state_get_u64(r, &n, err)))
		return rc;
	if (kind > FF_BINS_ALL ||
	    (kind == FF_BINS_FIXED &&
	     (p->bins.width_ns <= 0 || p->bins.width_ns > AGG_MAX_WIDTH)) ||
	    direction > 1 || pairs > 1 || n > AGG_MAX_BINS)
		return ff_state_bad(r, err, "parameters that no contact state has");
	p->bins.kind = (int)kind;
	p->direction = (int)direction;
	p->pairs = (int)pairs;
	if (!(*inside = ff_calloc((size_t)n, sizeof **inside)))
		return ff_fail_nomem(err);
	for (size_t i = 0; i < n; i++) {
		if ((rc = ff_state_get_bytes(r, (*inside)[i].addr.b, 16, err)) ||
		    (rc = ff_state_get_u64(r, &bits, err)))
			return rc;
		if (bits > 128)
			return ff_state_bad(r, err, "a prefix longer than an address");
		(*inside)[i].bits = (uint8_t)bits;
	}
	*ninside = (size_t)n;
	return FF_OK;
}

static int load_bins(struct contact *c, struct ff_state_reader *r, struct ff_err *err)
{
	uint64_t n, flows, counted;
	int64_t bin;
	int rc;
	if ((rc = ff_state_get_i64(r, &c->first_ns, err)) ||
	    (rc = ff_state_get_i64(r, &c->last_ns, err)) ||
	    (rc = ff_state_get_u64(r, &n, err)))
		return rc;
	if (n > AGG_MAX_BINS)
		return ff_state_bad(r, err, "too many bins");
	if ((n > 0) != (c->first_ns <= c->last_ns) || contact_check_span(c, NULL))
		return ff_state_bad(r, err, "times that no contact state has");
	const struct ff_bins *b = &c->core->params.bins;
	while (n--) {
		if ((rc = ff_state_get_i64(r, &bin, err)) ||
		    (rc = ff_state_get_u64(r, &flows, err)) ||
		    (rc = ff_state_get_u64(r, &counted, err)))
			return rc;
		if (!flows || counted > flows || bin < ff_bin_of(b, c->first_ns) ||
		    bin > ff_bin_of(b, c->last_ns))
			return ff_state_bad(r, err, "an impossible bin");
		if ((rc = contact_bins_add(&c->bins, bin, flows, counted, err)))
			return rc;
		c->flows += flows;
		c->counted += counted;
	}
	return FF_OK;
}

int contact_load(void **self, const struct ff_agg_context *ctx, struct ff_state_reader *r,
		 struct ff_err *err)
{
	struct contact_params p = {0};
	struct ff_agg_context own = *ctx;
	struct ff_prefix *inside = NULL;
	void *c = NULL;
	int rc = load_params(&p, &inside, &own.ninside, r, err);
	own.inside = inside;
	if (rc == FF_OK && (rc = contact_create(&c, &p, &own, err)) == FF_OK &&
	    (rc = load_bins(c, r, err)) == FF_OK) {
		struct contact *loaded = c;
		rc = load_store(&loaded->core->narrow, &loaded->bins, r, err);
		if (rc == FF_OK)
			rc = load_store(&loaded->core->wide, &loaded->bins, r, err);
	}
	ff_free(inside);
	if (rc) {
		contact_destroy(c);
		return rc;
	}
	*self = c;
	return FF_OK;
}
