/* SPDX-License-Identifier: MIT */
/* export_session - what is remembered from message to message. */
#ifndef FF_INPUT_EXPORT_SESSION_H
#define FF_INPUT_EXPORT_SESSION_H

#include "input/export.h"

/* A process that exports: one device may have many, each with templates of its own. */
struct export_domain {
	struct export_node node;
	struct ff_addr exporter;
	uint32_t id;
	uint8_t version;
	bool has_boot;
	int64_t boot_ns;
	const struct export_sampling *sampling;
	uint32_t withdrawn[2]; /* times that all templates (options templates) were */
};

/* A data set that waits, with a copy of its records. */
struct export_pending {
	struct export_pending *next;
	struct export_item item;
	uint8_t data[];
};

/* The place of a template; NULL while it is only known by data sets that need it. */
struct export_slot {
	struct export_node node;
	struct export_domain *domain;
	const struct export_template *template;
	uint32_t withdrawn; /* of its domain when it came */
	uint16_t id;
	struct export_pending *first, **last;
};

struct export_session {
	const char *name;
	bool scale;
	uint8_t orient[256]; /* of SiLK's flow types */
	struct export_templates templates;
	const struct export_template *v5;
	struct export_table domains, slots;
	struct export_sampling *samplings;
	size_t pending; /* bytes */
};

/* The domain, new or known; FF_ELIMIT without a message when there are too many. */
int export_domain_find(struct export_domain **out, struct export_session *s,
		       const struct ff_addr *exporter, unsigned version, uint32_t id,
		       struct ff_err *err);
/* The place of a template: NULL when there is none; or one is made, FF_ELIMIT as above.
 */
struct export_slot *export_slot_find(const struct export_session *s,
				     const struct export_domain *d, unsigned id);
int export_slot_make(struct export_slot **out, struct export_session *s,
		     struct export_domain *d, unsigned id, struct ff_err *err);
/* The template that is in force; NULL for none, also of no place. */
const struct export_template *export_slot_template(const struct export_slot *slot);
/* Counts a data set in the block whose template is not known. */
void export_undecodable(const struct export_session *s, struct ff_block *b,
			const struct export_domain *d, unsigned id, uint64_t offset,
			const char *why);

/* Takes in what the records of an options template tell; in the order of the stream. They
 * count as other records. */
int export_options(struct export_session *s, struct export_domain *d,
		   const struct export_item *item, struct ff_block *b,
		   struct ff_err *err);

/* Bytes that are kept until the session ends; false when they would be too many. */
bool export_keep(struct export_session *s, size_t bytes);

#endif
