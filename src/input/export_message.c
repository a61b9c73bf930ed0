/* SPDX-License-Identifier: MIT */
/* export_message - walks a message: learns templates, lists data sets. */
#include "input/export_session.h"

#include <inttypes.h>
#include <stdio.h>

enum { V5_HEAD = 24, V5_RECORD = 48, V9_HEAD = 20, IPFIX_HEAD = 16, SET_HEAD = 4 };
enum { SET_RESERVED = 256 }; /* data sets have the ids from here on */

/* The message at hand. */
struct message {
	struct export_session *s;
	struct ff_block *b;
	struct export_domain *domain;
	struct export_item item; /* what all of its data sets have */
	size_t at, end;		 /* of what has not been walked yet */
	bool cut;
};

/* What follows from an end that is missing has been counted with it. */
static void message_bad(struct message *m, size_t at, const char *what)
{
	uint64_t offset = m->b->offset + at;

	if (m->item.cut)
		return;
	ff_block_bad(m->b, offset, 1, "damaged: %s in '%s' at byte %" PRIu64, what,
		     m->s->name, offset);
}

/* ---- data sets ---- */

static int block_list(struct ff_block *b, const struct export_item *item,
		      struct ff_err *err)
{
	ff_buf_add(&b->scratch, item, sizeof *item);
	return b->scratch.failed ? ff_fail_nomem(err) : FF_OK;
}

void export_begin(struct ff_block *b)
{
	ff_buf_clear(&b->scratch);
}

/* Records whose template is known: of flows, or options. */
static int message_records(struct message *m, struct export_domain *d,
			   struct export_item *item, struct ff_err *err)
{
	if (item->template->scopes == 0)
		return block_list(m->b, item, err);
	return export_options(m->s, d, item, m->b, err);
}

/* Keeps a data set until its template comes. */
static int message_wait(struct message *m, unsigned id, const struct export_item *item,
			struct ff_err *err)
{
	size_t bytes = sizeof(struct export_pending) + item->len;
	struct export_slot *slot;
	struct export_pending *p;
	int rc = export_slot_make(&slot, m->s, m->domain, id, err);

	if (rc < 0 && rc != FF_ELIMIT)
		return rc;
	if (rc == FF_ELIMIT || bytes > EXPORT_PENDING_MAX - m->s->pending) {
		export_undecodable(m->s, m->b, m->domain, id, item->offset,
				   ", and too much waits for templates");
		return FF_OK;
	}
	p = ff_alloc(1, bytes);
	if (!p)
		return ff_fail_nomem(err);
	p->next = NULL;
	p->item = *item;
	memcpy(p->data, m->b->data + item->at, item->len);
	*slot->last = p;
	slot->last = &p->next;
	m->s->pending += bytes;
	return FF_OK;
}

static int message_data(struct message *m, unsigned id, size_t at, size_t len,
			struct ff_err *err)
{
	struct export_item item = m->item;

	item.at = at;
	item.len = len;
	item.offset = m->b->offset + at;
	item.has_boot = m->domain->has_boot;
	item.boot_ns = m->domain->boot_ns;
	item.sampling = m->domain->sampling;
	item.template = export_slot_template(export_slot_find(m->s, m->domain, id));
	if (!item.template)
		return message_wait(m, id, &item, err);
	return message_records(m, m->domain, &item, err);
}

/* The sets that waited follow the block's own bytes. */
static int message_late(struct message *m, struct export_slot *slot, struct ff_err *err)
{
	struct ff_block *b = m->b;
	struct export_pending *p;

	while ((p = slot->first) != NULL) {
		struct export_item item = p->item;
		size_t want = b->len + item.len;
		int rc = want <= b->cap ? FF_OK
					: ff_block_reserve(b, want + want / 2, err);

		if (rc < 0)
			return rc;
		memcpy(b->data + b->len, p->data, item.len);
		item.at = b->len;
		item.template = slot->template;
		b->len += item.len;
		slot->first = p->next;
		if (!slot->first)
			slot->last = &slot->first;
		m->s->pending -= sizeof *p + item.len;
		ff_free(p);
		rc = message_records(m, slot->domain, &item, err);
		if (rc < 0)
			return rc;
	}
	return FF_OK;
}

/* ---- template sets ---- */

struct definition {
	unsigned id, count, scopes;
	size_t head; /* bytes before the fields */
	bool withdraws;
};

/* 1; 0: padding; -1: damaged. */
static int definition_read(struct definition *d, unsigned version, bool options,
			   const uint8_t *p, size_t len)
{
	unsigned second, third;

	if (len < 4)
		return 0;
	*d = (struct definition){.id = ff_get_u16(p, true), .head = 4};
	second = ff_get_u16(p + 2, true);
	if (d->id == 0 && second == 0)
		return 0;
	d->count = second;
	d->withdraws = version == EXPORT_IPFIX && second == 0;
	if (d->withdraws)
		return d->id >= SET_RESERVED || d->id == 2U + options ? 1 : -1;
	if (d->id < SET_RESERVED)
		return -1;
	if (!options)
		return 1;
	if (len < 6)
		return -1;
	third = ff_get_u16(p + 4, true);
	d->head = 6;
	if (version == EXPORT_IPFIX) {
		d->scopes = third;
	} else { /* both in bytes */
		d->scopes = second / 4;
		d->count = second / 4 + third / 4;
	}
	/* one without a scope is no options template by RFC 7011, but it happens */
	if (d->scopes == 0)
		d->scopes = 1;
	return d->scopes <= d->count ? 1 : -1;
}

static void message_withdraw(struct message *m, const struct definition *d, bool options)
{
	struct export_slot *slot;

	if (d->id < SET_RESERVED) {
		m->domain->withdrawn[options]++;
		return;
	}
	slot = export_slot_find(m->s, m->domain, d->id);
	if (slot)
		slot->template = NULL;
}

/* Returns the bytes of the definition, 0 when what follows cannot be found, < 0. */
static ptrdiff_t message_define(struct message *m, const struct definition *d, size_t at,
				size_t len, struct ff_err *err)
{
	const struct export_template *t;
	struct export_slot *slot;
	struct ff_err why = {0};
	char what[sizeof why.text + 64];
	size_t used;
	int rc = export_template_find(&t, &used, &m->s->templates, m->item.version,
				      d->count, d->scopes, m->b->data + at + d->head,
				      len - d->head, &why);

	if (rc == FF_OK)
		rc = export_slot_make(&slot, m->s, m->domain, d->id, &why);
	if (rc == FF_ENOMEM)
		return ff_fail(err, FF_ENOMEM, "%s", why.text);
	if (rc < 0) {
		snprintf(what, sizeof what, "template %u of domain %" PRIu32 " %s", d->id,
			 m->domain->id,
			 rc == FF_ELIMIT ? "is one too many to keep" : why.text);
		message_bad(m, at, what);
		return rc == FF_ELIMIT ? (ptrdiff_t)(d->head + used) : 0;
	}
	slot->template = t;
	slot->withdrawn = m->domain->withdrawn[t->scopes > 0];
	rc = message_late(m, slot, err);
	return rc < 0 ? rc : (ptrdiff_t)(d->head + used);
}

static int message_templates(struct message *m, bool options, size_t at, size_t len,
			     struct ff_err *err)
{
	size_t end = at + len;

	while (at < end) {
		struct definition d;
		ptrdiff_t used;
		int rc = definition_read(&d, m->item.version, options, m->b->data + at,
					 end - at);

		if (rc == 0)
			return FF_OK;
		if (rc < 0) {
			message_bad(m, at, "a template that is none");
			return FF_OK;
		}
		if (d.withdraws) {
			message_withdraw(m, &d, options);
			at += d.head;
			continue;
		}
		used = message_define(m, &d, at, end - at, err);
		if (used <= 0)
			return (int)used;
		at += (size_t)used;
	}
	return FF_OK;
}

/* ---- messages ---- */

static bool message_is_zero(const struct message *m)
{
	for (size_t i = m->at; i < m->end; i++)
		if (m->b->data[i])
			return false;
	return true;
}

static int message_set(struct message *m, unsigned id, size_t len, struct ff_err *err)
{
	unsigned templates = m->item.version == EXPORT_V9 ? 0 : 2;
	size_t at = m->at + SET_HEAD;

	if (id == templates || id == templates + 1)
		return message_templates(m, id != templates, at, len - SET_HEAD, err);
	if (id >= SET_RESERVED)
		return message_data(m, id, at, len - SET_HEAD, err);
	message_bad(m, m->at, "a set of no known kind");
	return FF_OK;
}

static int message_sets(struct message *m, struct ff_err *err)
{
	while (m->end - m->at >= SET_HEAD) {
		const uint8_t *p = m->b->data + m->at;
		unsigned id = ff_get_u16(p, true);
		size_t len = ff_get_u16(p + 2, true);
		int rc;

		if (len < SET_HEAD) {
			/* some devices send datagrams of one size */
			if (id != 0 || len != 0 || !message_is_zero(m))
				message_bad(m, m->at, "a set shorter than its head");
			return FF_OK;
		}
		if (len > m->end - m->at) {
			if (!m->cut)
				message_bad(m, m->at, "a set longer than its message");
			len = m->end - m->at;
			m->item.cut = true;
		}
		rc = message_set(m, id, len, err);
		if (rc < 0)
			return rc;
		m->at += len;
	}
	return FF_OK;
}

/* 2 count; 4 uptime ms; 8 s; 12 ns; 16 sequence; 20 engine; 22 sampling */
static int message_v5(struct message *m, struct ff_err *err)
{
	const uint8_t *p = m->b->data + m->at;
	size_t records = (m->end - m->at - V5_HEAD) / V5_RECORD;
	unsigned count = ff_get_u16(p + 2, true);

	if (count > records && !m->cut)
		message_bad(m, m->at, "fewer records than the header says");
	m->item.cut = m->cut;
	m->item.template = m->s->v5;
	m->item.uptime_ms = ff_get_u32(p + 4, true);
	m->item.export_ns = (int64_t)ff_get_u32(p + 8, true) * FF_SEC +
			    (int64_t)(ff_get_u32(p + 12, true) / 1000000) * FF_MS;
	m->item.interval = ff_get_u16(p + 22, true) & 0x3fff;
	m->item.at = m->at + V5_HEAD;
	m->item.len = (count < records ? count : records) * V5_RECORD;
	m->item.offset = m->b->offset + m->item.at;
	return block_list(m->b, &m->item, err);
}

/* NetFlow v9: 2 count; 4 uptime ms; 8 s; 12 sequence; 16 source. IPFIX: 2 length; 4 s; 8
 * sequence; 12 domain. */
static int message_begin(struct message *m, const struct ff_addr *exporter,
			 struct ff_err *err)
{
	bool v9 = m->item.version == EXPORT_V9;
	const uint8_t *p = m->b->data + m->at;
	int rc = export_domain_find(&m->domain, m->s, exporter, m->item.version,
				    ff_get_u32(p + (v9 ? 16 : 12), true), err);

	if (rc == FF_ELIMIT) {
		message_bad(m, m->at, "one domain too many to keep");
		return 0;
	}
	if (rc < 0)
		return rc;
	m->item.export_ns = (int64_t)ff_get_u32(p + (v9 ? 8 : 4), true) * FF_SEC;
	if (v9)
		m->item.uptime_ms = ff_get_u32(p + 4, true);
	m->at += v9 ? V9_HEAD : IPFIX_HEAD;
	return 1;
}

int export_message(struct export_session *s, const struct ff_addr *exporter,
		   struct ff_block *b, size_t at, size_t len, bool cut,
		   struct ff_err *err)
{
	unsigned version = len >= 2 ? ff_get_u16(b->data + at, true) : 0;
	size_t head = version == EXPORT_V5   ? V5_HEAD
		      : version == EXPORT_V9 ? V9_HEAD
					     : IPFIX_HEAD;
	struct message m = {
		.s = s,
		.b = b,
		.item = {.version = (uint8_t)version},
		.at = at,
		.end = at + len,
		.cut = cut,
	};
	int rc;

	if (cut)
		message_bad(&m, at, "a message cut short");
	if (len < head) {
		if (!cut)
			message_bad(&m, at, "a message shorter than its head");
		return FF_OK;
	}
	if (version == EXPORT_V5)
		return message_v5(&m, err);
	rc = message_begin(&m, exporter, err);
	return rc > 0 ? message_sets(&m, err) : rc;
}
