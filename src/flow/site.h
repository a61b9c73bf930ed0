/* SPDX-License-Identifier: MIT */
/* site - what a site holds; site.c asks and interns, site_parse.c fills it from
 * silk.conf. */
#ifndef FLOWFIG_FLOW_SITE_H
#define FLOWFIG_FLOW_SITE_H

#include <flowfig/flow.h>

#include <pthread.h>

#define SITE_TYPES 255	   /* ids 0..254; 255 = none */
#define SITE_SENSORS 65535 /* ids 0..65534; 65535 = none */
#define SITE_NAME_MAX 255  /* bytes of a name that is added; SiLK allows 64 */
/* Slots of the name index: a power of two at least twice the number of sensors, so that
 * it never grows and readers need no lock. */
#define SITE_INDEX 131072

struct ff_site {
	bool loaded;
	struct ff_site_type types[SITE_TYPES + 1];
	char **classes; /* owned names */
	size_t nclasses, classes_cap;
	const char *default_class; /* borrowed from classes, or NULL */
	char **strings;		   /* owned type names */
	size_t nstrings, strings_cap;
	pthread_mutex_t lock; /* for adding sensors */
	atomic_uint max_sensor;
	unsigned free_sensor;	  /* where to look for a free id; under the lock */
	_Atomic(char *) *sensors; /* SITE_SENSORS names or NULL; owned */
	_Atomic(uint32_t) *index; /* SITE_INDEX slots: id + 1, or 0 */
};

int site_new(struct ff_site **out, struct ff_err *err); /* without any class */
/* The owned class name, added when missing. NULL when memory ran out. */
const char *site_class(struct ff_site *s, const char *name, struct ff_err *err);
/* The type must be free. */
int site_add_type(struct ff_site *s, unsigned id, const char *class_name,
		  const char *type_name, struct ff_err *err);
/* The id must be free and the name new. */
int site_add_sensor(struct ff_site *s, unsigned id, const char *name, size_t len,
		    struct ff_err *err);

#endif
