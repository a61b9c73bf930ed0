/* SPDX-License-Identifier: MIT */
/* export_template - definitions of records, compiled to the steps that read one. */
#include "input/export_fields.h"

#include <stdlib.h>

/* ---- tables ---- */

static struct export_node *table_match(struct export_node *n, uint64_t hash)
{
	while (n && n->hash != hash)
		n = n->next;
	return n;
}

struct export_node *export_table_first(const struct export_table *t, uint64_t hash)
{
	return t->cap ? table_match(t->heads[hash & (t->cap - 1)], hash) : NULL;
}

struct export_node *export_table_next(const struct export_node *n)
{
	return table_match(n->next, n->hash);
}

static int table_grow(struct export_table *t, struct ff_err *err)
{
	size_t cap = t->cap ? 2 * t->cap : 64;
	struct export_node **heads = ff_calloc(cap, sizeof *heads), *n, *next;

	if (!heads)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < t->cap; i++)
		for (n = t->heads[i]; n; n = next) {
			next = n->next;
			n->next = heads[n->hash & (cap - 1)];
			heads[n->hash & (cap - 1)] = n;
		}
	ff_free(t->heads);
	t->heads = heads;
	t->cap = cap;
	return FF_OK;
}

int export_table_add(struct export_table *t, struct export_node *n, uint64_t hash,
		     struct ff_err *err)
{
	int rc = t->count < t->cap ? FF_OK : table_grow(t, err);

	if (rc < 0)
		return rc;
	n->hash = hash;
	n->next = t->heads[hash & (t->cap - 1)];
	t->heads[hash & (t->cap - 1)] = n;
	t->count++;
	return FF_OK;
}

void export_table_release(struct export_table *t)
{
	for (size_t i = 0; i < t->cap; i++)
		for (struct export_node *n = t->heads[i], *next; n; n = next) {
			next = n->next;
			ff_free(n);
		}
	ff_free(t->heads);
	*t = (struct export_table){0};
}

/* ---- compiling ---- */

struct template_field {
	uint32_t pen;
	uint16_t id, len;
};

/* One field of a definition; the bytes it has there, 0 when they are not all there. */
static size_t template_field(struct template_field *f, unsigned version, const uint8_t *p,
			     size_t len)
{
	bool pen = version == EXPORT_IPFIX && len > 0 && (p[0] & 0x80);

	if (len < (pen ? 8U : 4U))
		return 0;
	*f = (struct template_field){.id = ff_get_u16(p, true),
				     .len = ff_get_u16(p + 2, true)};
	if (!pen)
		return 4;
	f->id &= 0x7fff;
	f->pen = ff_get_u32(p + 4, true);
	return 8;
}

/* The bytes of all fields of the definition, and of a record. */
static int template_measure(size_t *used, uint64_t *size, bool *variable,
			    unsigned version, unsigned count, const uint8_t *p,
			    size_t len, struct ff_err *err)
{
	struct template_field f;

	*used = 0;
	*size = 0;
	*variable = false;
	for (unsigned i = 0; i < count; i++) {
		size_t n = template_field(&f, version, p + *used, len - *used);

		if (n == 0)
			return ff_fail(err, FF_EFORMAT, "ends after %u of its %u fields",
				       i, count);
		*used += n;
		*size += f.len == EXPORT_VARIABLE ? 1 : f.len;
		*variable |= f.len == EXPORT_VARIABLE;
	}
	if (*size == 0)
		return ff_fail(err, FF_EFORMAT, "describes records of no length");
	if (*size > EXPORT_MESSAGE_MAX)
		return ff_fail(err, FF_EFORMAT,
			       "describes records longer than a message");
	return FF_OK;
}

/* A field that says nothing; those of fixed length next to each other are one step. */
static void template_skip(struct export_template *t, unsigned len)
{
	struct export_step *last = t->nsteps ? &t->steps[t->nsteps - 1] : NULL;

	if (!t->variable)
		return;
	if (last && last->kind == EXPORT_SKIP && len != EXPORT_VARIABLE &&
	    last->len != EXPORT_VARIABLE && last->len + len < EXPORT_VARIABLE)
		last->len = (uint16_t)(last->len + len);
	else
		t->steps[t->nsteps++] = (struct export_step){.len = (uint16_t)len};
}

static void template_compile(struct export_template *t, unsigned count, uint32_t want)
{
	size_t used = 0, at = 0;

	for (unsigned i = 0; i < count; i++) {
		struct template_field f;
		uint8_t side;
		unsigned kind;

		used += template_field(&f, t->version, t->defined + used,
				       t->defined_len - used);
		kind = export_field_kind(&side, f.pen, f.id, f.len, want);
		/* the scopes of NetFlow v9 have numbers of their own */
		if (t->version == EXPORT_V9 && i < t->scopes)
			kind = EXPORT_SKIP;
		/* of a field that comes again the first counts */
		if (kind == EXPORT_SKIP || (t->kinds[side] & EXPORT_BIT(kind))) {
			template_skip(t, f.len);
		} else {
			t->kinds[side] |= EXPORT_BIT(kind);
			t->steps[t->nsteps++] =
				(struct export_step){.at = (uint16_t)at,
						     .len = f.len,
						     .kind = (uint8_t)kind,
						     .side = side};
		}
		at += f.len;
	}
}

static const struct export_template *template_known(const struct export_templates *all,
						    uint64_t hash, unsigned version,
						    unsigned scopes, const uint8_t *p,
						    size_t used)
{
	for (struct export_node *n = export_table_first(&all->table, hash); n;
	     n = export_table_next(n)) {
		const struct export_template *t = (const struct export_template *)n;

		if (t->version == version && t->scopes == scopes &&
		    t->defined_len == used && memcmp(t->defined, p, used) == 0)
			return t;
	}
	return NULL;
}

int export_template_find(const struct export_template **out, size_t *used,
			 struct export_templates *all, unsigned version, unsigned count,
			 unsigned scopes, const uint8_t *p, size_t len,
			 struct ff_err *err)
{
	struct export_template *t;
	uint64_t size, hash;
	size_t steps, bytes;
	bool variable;
	int rc = template_measure(used, &size, &variable, version, count, p, len, err);

	if (rc < 0)
		return rc;
	hash = ff_hash_bytes(p, *used, version << 16 | scopes);
	*out = template_known(all, hash, version, scopes, p, *used);
	if (*out)
		return FF_OK;
	steps = sizeof *t + count * sizeof *t->steps;
	bytes = steps + *used;
	if (bytes > EXPORT_KEPT_MAX - all->kept)
		return ff_fail(err, FF_ELIMIT, "is one too many");
	t = ff_calloc(1, bytes);
	if (!t)
		return ff_fail_nomem(err);
	memcpy((uint8_t *)t + steps, p, *used);
	t->variable = variable;
	t->size = (uint32_t)size;
	t->version = (uint8_t)version;
	t->scopes = (uint16_t)scopes;
	t->defined = (const uint8_t *)t + steps;
	t->defined_len = (uint32_t)*used;
	template_compile(t, count, all->want);
	rc = export_table_add(&all->table, &t->node, hash, err);
	if (rc < 0) {
		ff_free(t);
		return rc;
	}
	all->kept += bytes;
	*out = t;
	return FF_OK;
}

void export_templates_release(struct export_templates *all)
{
	export_table_release(&all->table);
	all->kept = 0;
}

/* ---- reading records ---- */

static inline uint64_t values_number(const uint8_t *p, size_t len)
{
	uint64_t v = 0;

	switch (len) {
	case 1:
		return p[0];
	case 2:
		return ff_get_u16(p, true);
	case 4:
		return ff_get_u32(p, true);
	case 8:
		return ff_get_u64(p, true);
	default:
		for (size_t i = 0; i < len; i++)
			v = v << 8 | p[i];
		return v;
	}
}

static inline void values_put(struct export_values *v, const struct export_step *s,
			      const uint8_t *p, size_t len)
{
	v->has[s->side] |= EXPORT_BIT(s->kind);
	if (s->kind < EXPORT_ADDRESSES)
		v->addr[s->kind] = p;
	else
		v->number[s->side][s->kind] = values_number(p, len);
}

/* One byte, or 255 and two bytes. */
static size_t values_length(size_t *out, const uint8_t *p, size_t len)
{
	if (len < 1)
		return 0;
	*out = p[0];
	if (p[0] < 255)
		return 1;
	if (len < 3)
		return 0;
	*out = ff_get_u16(p + 1, true);
	return 3;
}

static bool values_fit(const struct export_step *s, size_t len)
{
	if (s->kind >= EXPORT_ADDRESSES)
		return len > 0 && len <= 8;
	return s->kind != EXPORT_SKIP && len == (s->kind >= EXPORT_SIP6 ? 16U : 4U);
}

static size_t values_read_variable(struct export_values *v,
				   const struct export_template *t, const uint8_t *p,
				   size_t len)
{
	size_t at = 0;

	for (const struct export_step *s = t->steps, *end = s + t->nsteps; s < end; s++) {
		size_t n = s->len;

		if (n == EXPORT_VARIABLE) {
			size_t head = values_length(&n, p + at, len - at);

			if (head == 0)
				return 0;
			at += head;
		}
		if (n > len - at)
			return 0;
		if (values_fit(s, n))
			values_put(v, s, p + at, n);
		at += n;
	}
	return at;
}

size_t export_values_read(struct export_values *v, const struct export_template *t,
			  const uint8_t *p, size_t len)
{
	v->has[0] = v->has[1] = 0;
	if (t->size > len)
		return 0;
	if (t->variable)
		return values_read_variable(v, t, p, len);
	for (const struct export_step *s = t->steps, *end = s + t->nsteps; s < end; s++)
		values_put(v, s, p + s->at, s->len);
	return t->size;
}
