/* SPDX-License-Identifier: MIT */
/* site - names of sensors, classes and types. Sensor names may be added while other
 * threads look them up: names and index are fixed tables whose entries only go from empty
 * to set. */
#include "flow/site.h"

#include <stdio.h>
#include <string.h>

int site_new(struct ff_site **out, struct ff_err *err)
{
	struct ff_site *s = ff_calloc(1, sizeof(*s));

	if (!s)
		return ff_fail_nomem(err);
	if (pthread_mutex_init(&s->lock, NULL) != 0) {
		ff_free(s);
		return ff_fail_nomem(err);
	}
	s->sensors = ff_calloc(SITE_SENSORS, sizeof(*s->sensors));
	s->index = ff_calloc(SITE_INDEX, sizeof(*s->index));
	if (!s->sensors || !s->index) {
		ff_site_free(s);
		return ff_fail_nomem(err);
	}
	*out = s;
	return FF_OK;
}

void ff_site_free(struct ff_site *s)
{
	size_t i;

	if (!s)
		return;
	for (i = 0; s->sensors && i <= atomic_load(&s->max_sensor); i++)
		ff_free(atomic_load(&s->sensors[i]));
	for (i = 0; i < s->nclasses; i++)
		ff_free(s->classes[i]);
	for (i = 0; i < s->nstrings; i++)
		ff_free(s->strings[i]);
	ff_free(s->classes);
	ff_free(s->strings);
	ff_free((void *)s->sensors);
	ff_free((void *)s->index);
	pthread_mutex_destroy(&s->lock);
	ff_free(s);
}

const char *site_class(struct ff_site *s, const char *name, struct ff_err *err)
{
	size_t i;
	char *own;

	for (i = 0; i < s->nclasses; i++) {
		if (strcmp(s->classes[i], name) == 0)
			return s->classes[i];
	}
	if (ff_grow(&s->classes, &s->classes_cap, s->nclasses + 1, sizeof(*s->classes),
		    err) != FF_OK)
		return NULL;
	own = ff_strdup(name);
	if (!own) {
		ff_fail_nomem(err);
		return NULL;
	}
	s->classes[s->nclasses++] = own;
	return own;
}

/* SiLK has no notion of direction beyond the name; these are the names of its site files.
 * "int" before "in": int2int is no inbound type. */
static enum ff_orient site_orient(const char *type_name)
{
	if (strncmp(type_name, "int", 3) == 0)
		return FF_ORIENT_INTERNAL;
	if (strncmp(type_name, "ext", 3) == 0)
		return FF_ORIENT_EXTERNAL;
	if (strncmp(type_name, "in", 2) == 0)
		return FF_ORIENT_IN;
	if (strncmp(type_name, "out", 3) == 0)
		return FF_ORIENT_OUT;
	return FF_ORIENT_UNKNOWN;
}

int site_add_type(struct ff_site *s, unsigned id, const char *class_name,
		  const char *type_name, struct ff_err *err)
{
	const char *owner = site_class(s, class_name, err);
	char *own;
	int status;

	if (!owner)
		return FF_ENOMEM;
	status = ff_grow(&s->strings, &s->strings_cap, s->nstrings + 1,
			 sizeof(*s->strings), err);
	if (status != FF_OK)
		return status;
	own = ff_strdup(type_name);
	if (!own)
		return ff_fail_nomem(err);
	s->strings[s->nstrings++] = own;
	s->types[id] = (struct ff_site_type){
		.class_name = owner,
		.type_name = own,
		.orient = site_orient(own),
		.known = true,
	};
	return FF_OK;
}

int ff_site_new(struct ff_site **out, struct ff_err *err)
{
	static const struct site_twoway {
		const char *name;
		bool is_default;
	} twoway[] = {
		{"in", true},	    {"out", false},	{"inweb", true},
		{"outweb", false},  {"innull", false},	{"outnull", false},
		{"int2int", false}, {"ext2ext", false}, {"inicmp", true},
		{"outicmp", false}, {"other", false},
	};
	struct ff_site *s;
	unsigned i;
	int status = site_new(&s, err);

	if (status != FF_OK)
		return status;
	for (i = 0; i < sizeof(twoway) / sizeof(twoway[0]) && status == FF_OK; i++) {
		status = site_add_type(s, i, "all", twoway[i].name, err);
		s->types[i].is_default = twoway[i].is_default;
	}
	if (status != FF_OK) {
		ff_site_free(s);
		return status;
	}
	s->default_class = s->classes[0];
	*out = s;
	return FF_OK;
}

bool ff_site_is_loaded(const struct ff_site *s)
{
	return s->loaded;
}

const struct ff_site_type *ff_site_type(const struct ff_site *s, unsigned flowtype)
{
	return &s->types[flowtype < SITE_TYPES ? flowtype : SITE_TYPES];
}

int ff_site_find_type(const struct ff_site *s, const char *class_name,
		      const char *type_name)
{
	int i;

	for (i = 0; i < SITE_TYPES; i++) {
		const struct ff_site_type *t = &s->types[i];

		if (t->known && strcmp(t->type_name, type_name) == 0 &&
		    (!class_name || strcmp(t->class_name, class_name) == 0))
			return i;
	}
	return -1;
}

bool ff_site_has_class(const struct ff_site *s, const char *class_name)
{
	size_t i;

	for (i = 0; i < s->nclasses; i++) {
		if (strcmp(s->classes[i], class_name) == 0)
			return true;
	}
	return false;
}

const char *ff_site_default_class(const struct ff_site *s)
{
	return s->default_class;
}

const char *ff_site_sensor(const struct ff_site *s, unsigned id, char *buf, size_t cap)
{
	const char *name = NULL;

	if (id >= SITE_SENSORS)
		return "?";
	name = atomic_load_explicit(&s->sensors[id], memory_order_acquire);
	return name ? name : ff_format_u64(buf, cap, id);
}

int ff_site_find_sensor(const struct ff_site *s, const char *name, size_t len)
{
	size_t slot = ff_hash_bytes(name, len, 0) % SITE_INDEX;
	uint32_t entry;

	while ((entry = atomic_load_explicit(&s->index[slot], memory_order_acquire)) !=
	       0) {
		const char *have = atomic_load_explicit(&s->sensors[entry - 1],
							memory_order_acquire);

		if (strlen(have) == len && memcmp(have, name, len) == 0)
			return (int)entry - 1;
		slot = (slot + 1) % SITE_INDEX;
	}
	return -1;
}

unsigned ff_site_max_sensor(const struct ff_site *s)
{
	return atomic_load(&s->max_sensor);
}

int site_add_sensor(struct ff_site *s, unsigned id, const char *name, size_t len,
		    struct ff_err *err)
{
	size_t slot = ff_hash_bytes(name, len, 0) % SITE_INDEX;
	char *own = ff_strndup(name, len);

	if (!own)
		return ff_fail_nomem(err);
	/* the name first, then the index that leads to it */
	atomic_store_explicit(&s->sensors[id], own, memory_order_release);
	if (id > atomic_load(&s->max_sensor))
		atomic_store(&s->max_sensor, id);
	while (atomic_load(&s->index[slot]) != 0)
		slot = (slot + 1) % SITE_INDEX;
	atomic_store_explicit(&s->index[slot], id + 1, memory_order_release);
	return FF_OK;
}

int ff_site_intern(struct ff_site *s, const char *name, size_t len)
{
	int id = ff_site_find_sensor(s, name, len);

	/* of hostile text all names are new, and long */
	if (id >= 0 || len > SITE_NAME_MAX || memchr(name, 0, len))
		return id;
	pthread_mutex_lock(&s->lock);
	id = ff_site_find_sensor(s, name, len); /* another thread may have been first */
	if (id < 0) {
		while (s->free_sensor < SITE_SENSORS &&
		       atomic_load(&s->sensors[s->free_sensor]))
			s->free_sensor++;
		if (s->free_sensor < SITE_SENSORS &&
		    site_add_sensor(s, s->free_sensor, name, len, NULL) == FF_OK)
			id = (int)s->free_sensor++;
	}
	pthread_mutex_unlock(&s->lock);
	return id;
}
