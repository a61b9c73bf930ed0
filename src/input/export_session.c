/* SPDX-License-Identifier: MIT */
/* export_session - what is remembered from message to message: domains, and the places of
 * their templates with the data sets that wait for them. */
#include "input/export_session.h"

#include <inttypes.h>
#include <stdio.h>

bool export_keep(struct export_session *s, size_t bytes)
{
	if (bytes > EXPORT_KEPT_MAX - s->templates.kept)
		return false;
	s->templates.kept += bytes;
	return true;
}

/* ---- opening and closing ---- */

/* NetFlow v5 as a template: 0 sIP; 4 dIP; 8 next hop; 12 in; 14 out; 16 packets; 20
 * bytes; 24 first; 28 last; 32 sPort; 34 dPort; 36 x; 37 flags; 38 protocol; 39 the
 * rest. */
static int session_v5(struct export_session *s, struct ff_err *err)
{
	static const uint8_t fields[] = {
		0, 8,  0, 4, 0, 12, 0, 4, 0, 15, 0, 4, 0, 10, 0, 2, 0, 14, 0, 2,
		0, 2,  0, 4, 0, 1,  0, 4, 0, 22, 0, 4, 0, 21, 0, 4, 0, 7,  0, 2,
		0, 11, 0, 2, 0, 0,  0, 1, 0, 6,	 0, 1, 0, 4,  0, 1, 0, 0,  0, 9};
	size_t used;

	return export_template_find(&s->v5, &used, &s->templates, EXPORT_V5,
				    sizeof fields / 4, 0, fields, sizeof fields, err);
}

int export_session_new(struct export_session **out, const char *name,
		       const struct ff_input_opts *o, struct ff_err *err)
{
	struct export_session *s = ff_calloc(1, sizeof *s);
	int rc;

	if (!s)
		return ff_fail_nomem(err);
	s->name = name;
	s->scale = o->scale_sampling;
	s->templates.want = o->want ? o->want : FF_ALL_FIELDS;
	for (unsigned i = 0; i < 256 && o->site; i++)
		s->orient[i] = (uint8_t)ff_site_type(o->site, i)->orient;
	rc = session_v5(s, err);
	if (rc < 0) {
		export_session_free(s);
		return rc;
	}
	*out = s;
	return FF_OK;
}

static void slot_drop_pending(struct export_slot *slot)
{
	for (struct export_pending *p = slot->first, *next; p; p = next) {
		next = p->next;
		ff_free(p);
	}
	slot->first = NULL;
	slot->last = &slot->first;
}

void export_session_free(struct export_session *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->slots.cap; i++)
		for (struct export_node *n = s->slots.heads[i]; n; n = n->next)
			slot_drop_pending((struct export_slot *)n);
	export_table_release(&s->slots);
	export_table_release(&s->domains);
	export_templates_release(&s->templates);
	for (struct export_sampling *p = s->samplings, *next; p; p = next) {
		next = p->next;
		ff_free(p);
	}
	ff_free(s);
}

/* ---- domains and the places of templates ---- */

/* NULL with FF_ELIMIT when there are too many. */
int export_domain_find(struct export_domain **out, struct export_session *s,
		       const struct ff_addr *exporter, unsigned version, uint32_t id,
		       struct ff_err *err)
{
	static const struct ff_addr nobody;
	struct export_domain *d;
	struct export_node *n;
	uint64_t hash;
	int rc;

	if (!exporter)
		exporter = &nobody;
	hash = ff_hash_bytes(exporter->b, sizeof exporter->b,
			     (uint64_t)version << 32 | id);
	for (n = export_table_first(&s->domains, hash); n; n = export_table_next(n)) {
		d = (struct export_domain *)n;
		if (d->version == version && d->id == id &&
		    ff_addr_cmp(&d->exporter, exporter) == 0) {
			*out = d;
			return FF_OK;
		}
	}
	if (!export_keep(s, sizeof *d))
		return FF_ELIMIT;
	d = ff_calloc(1, sizeof *d);
	if (!d)
		return ff_fail_nomem(err);
	d->exporter = *exporter;
	d->version = (uint8_t)version;
	d->id = id;
	rc = export_table_add(&s->domains, &d->node, hash, err);
	if (rc < 0)
		ff_free(d);
	else
		*out = d;
	return rc;
}

static uint64_t slot_hash(const struct export_domain *d, unsigned id)
{
	return ff_mix64(d->node.hash ^ ff_mix64(id));
}

/* NULL when there is none. */
struct export_slot *export_slot_find(const struct export_session *s,
				     const struct export_domain *d, unsigned id)
{
	struct export_node *n = export_table_first(&s->slots, slot_hash(d, id));

	for (; n; n = export_table_next(n)) {
		struct export_slot *slot = (struct export_slot *)n;

		if (slot->domain == d && slot->id == id)
			return slot;
	}
	return NULL;
}

int export_slot_make(struct export_slot **out, struct export_session *s,
		     struct export_domain *d, unsigned id, struct ff_err *err)
{
	struct export_slot *slot = export_slot_find(s, d, id);
	int rc;

	*out = slot;
	if (slot)
		return FF_OK;
	if (!export_keep(s, sizeof *slot))
		return FF_ELIMIT;
	slot = ff_calloc(1, sizeof *slot);
	if (!slot)
		return ff_fail_nomem(err);
	slot->domain = d;
	slot->id = (uint16_t)id;
	slot->last = &slot->first;
	rc = export_table_add(&s->slots, &slot->node, slot_hash(d, id), err);
	if (rc < 0)
		ff_free(slot);
	else
		*out = slot;
	return rc;
}

/* The template that is in force. */
const struct export_template *export_slot_template(const struct export_slot *slot)
{
	const struct export_template *t = slot ? slot->template : NULL;

	return t && slot->withdrawn == slot->domain->withdrawn[t->scopes > 0] ? t : NULL;
}

/* ---- what cannot be decoded ---- */

/* "domain 3", "domain 3 of 192.0.2.1" */
static const char *domain_name(char *buf, size_t cap, const struct export_domain *d)
{
	static const struct ff_addr nobody;
	char addr[FF_ADDR_TEXT];

	if (ff_addr_cmp(&d->exporter, &nobody) == 0)
		snprintf(buf, cap, "domain %" PRIu32, d->id);
	else
		snprintf(buf, cap, "domain %" PRIu32 " of %s", d->id,
			 ff_format_addr(addr, sizeof addr, &d->exporter));
	return buf;
}

void export_undecodable(const struct export_session *s, struct ff_block *b,
			const struct export_domain *d, unsigned id, uint64_t offset,
			const char *why)
{
	char name[32 + FF_ADDR_TEXT];

	ff_block_bad(b, offset, 1,
		     "no template %u of %s for the data in '%s' at byte %" PRIu64 "%s",
		     id, domain_name(name, sizeof name, d), s->name, offset, why);
}

void export_end(struct export_session *s, struct ff_block *b)
{
	for (size_t i = 0; i < s->slots.cap; i++)
		for (struct export_node *n = s->slots.heads[i]; n; n = n->next) {
			struct export_slot *slot = (struct export_slot *)n;

			for (struct export_pending *p = slot->first; p; p = p->next)
				export_undecodable(s, b, slot->domain, slot->id,
						   p->item.offset, "");
			slot_drop_pending(slot);
		}
	s->pending = 0;
}
