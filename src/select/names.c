/* SPDX-License-Identifier: MIT */
/* names - switches whose words are names of the site: --type, --class, --flowtypes,
 * --sensors.
 *
 * Types are known once the site is. Sensors are known from a silk.conf; without one, text
 * inputs name theirs only while they are read, so the decision about a sensor is made
 * when it is first met, and kept. */
#include <stdio.h>
#include <string.h>

#include "select/predicate.h"

enum { NAMES_TYPES = 256, NAMES_SENSORS = 65536 };

/* Comma-separated words, one after the other. */
struct names_word {
	const char *s;
	size_t len;
};

static bool names_next(struct names_word *w, const char **at)
{
	if (!*at)
		return false;
	w->s = *at;
	w->len = strcspn(*at, ",");
	*at = w->s[w->len] ? w->s + w->len + 1 : NULL;
	return true;
}

static bool names_is(const struct names_word *w, const char *s)
{
	return s && strlen(s) == w->len && memcmp(s, w->s, w->len) == 0;
}

static bool names_has(const char *list, const char *name)
{
	struct names_word w;

	for (const char *at = list; names_next(&w, &at);)
		if (names_is(&w, name))
			return true;
	return false;
}

static void names_set(uint64_t *bits, unsigned i)
{
	bits[i / 64] |= UINT64_C(1) << (i % 64);
}

/* Says which word is no name, and the nearest that is. */
static int names_unknown(const struct ff_select *s, const char *name, const char *value,
			 const struct names_word *w, bool classes, struct ff_err *err)
{
	const char *known[NAMES_TYPES], *near;
	char word[64];
	size_t n = 0;

	for (unsigned i = 0; i < NAMES_TYPES; i++) {
		const struct ff_site_type *t = ff_site_type(s->site, i);

		if (t->known)
			known[n++] = classes ? t->class_name : t->type_name;
	}
	snprintf(word, sizeof(word), "%.*s", (int)(w->len < 60 ? w->len : 60), w->s);
	near = ff_nearest(word, known, n);
	return select_bad(err, name, value, "'%s' is no %s of the site%s%s%s", word,
			  classes ? "class" : "type", near ? "; did you mean '" : "",
			  near ? near : "", near ? "'?" : "");
}

/* "all" is every class, unless a class has that name, as it mostly has. */
static bool names_in_class(const struct ff_select *s, const struct names_word *w,
			   const char *name)
{
	return names_is(w, name) ||
	       (names_is(w, "all") && !ff_site_has_class(s->site, "all"));
}

/* Marks the types of one class and name; "all" is any. Returns whether there was one. */
static bool names_mark(const struct ff_select *s, uint64_t *bits,
		       const struct names_word *class_name,
		       const struct names_word *type_name)
{
	bool any = false;

	for (unsigned i = 0; i < NAMES_TYPES; i++) {
		const struct ff_site_type *t = ff_site_type(s->site, i);

		if (!t->known)
			continue;
		if (!names_in_class(s, class_name, t->class_name))
			continue;
		if (!names_is(type_name, "all") && !names_is(type_name, t->type_name))
			continue;
		names_set(bits, i);
		any = true;
	}
	return any;
}

static bool names_class_known(const struct ff_select *s, const struct names_word *w)
{
	for (unsigned i = 0; i < NAMES_TYPES; i++) {
		const struct ff_site_type *t = ff_site_type(s->site, i);

		if (t->known && names_is(w, t->class_name))
			return true;
	}
	return names_is(w, "all");
}

/* --flowtypes=CLASS/TYPE,... */
static int names_flowtypes(struct ff_select *s, uint64_t *bits, const char *value,
			   struct ff_err *err)
{
	struct names_word w;

	for (const char *at = value; names_next(&w, &at);) {
		const char *slash = memchr(w.s, '/', w.len);
		struct names_word class_name, type_name;

		if (!slash)
			return select_bad(err, "flowtypes", value, "not CLASS/TYPE");
		class_name = (struct names_word){w.s, (size_t)(slash - w.s)};
		type_name = (struct names_word){slash + 1, w.len - class_name.len - 1};
		if (!names_class_known(s, &class_name))
			return names_unknown(s, "flowtypes", value, &class_name, true,
					     err);
		if (!names_mark(s, bits, &class_name, &type_name))
			return names_unknown(s, "flowtypes", value, &type_name, false,
					     err);
	}
	return FF_OK;
}

/* The types that a class has by default. */
static void names_defaults(const struct ff_select *s, uint64_t *bits,
			   const struct names_word *w)
{
	for (unsigned i = 0; i < NAMES_TYPES; i++) {
		const struct ff_site_type *t = ff_site_type(s->site, i);

		if (t->known && t->is_default && names_in_class(s, w, t->class_name))
			names_set(bits, i);
	}
}

/* --type within the classes of --class; either may be missing. */
static int names_class_type(struct ff_select *s, uint64_t *bits, const char *classes,
			    const char *types, struct ff_err *err)
{
	const char *default_class = ff_site_default_class(s->site);
	const char *in = classes ? classes : default_class ? default_class : "all";
	struct names_word c, t;

	for (const char *at = in; names_next(&c, &at);) {
		if (!names_class_known(s, &c))
			return names_unknown(s, "class", classes ? classes : "", &c, true,
					     err);
		if (!types)
			names_defaults(s, bits, &c);
	}
	for (const char *at = types; types && names_next(&t, &at);) {
		bool any = false;

		for (const char *cat = in; names_next(&c, &cat);)
			any = names_mark(s, bits, &c, &t) || any;
		if (!any)
			return names_unknown(s, "type", types, &t, false, err);
	}
	return FF_OK;
}

int select_resolve_types(struct ff_select *s, struct ff_err *err)
{
	const char *type = s->words[select_slot("type")];
	const char *classes = s->words[select_slot("class")];
	const char *flowtypes = s->words[select_slot("flowtypes")];
	struct select_value *v;

	if (!type && !classes && !flowtypes)
		return FF_OK;
	if (flowtypes && (type || classes))
		return ff_fail(err, FF_EUSAGE, "'--flowtypes' cannot be used with '--%s'",
			       type ? "type" : "class");
	/* one test for all three, in the slot of the first that was given */
	v = &s->values[select_slot(flowtypes ? "flowtypes" : type ? "type" : "class")];
	v->bits = ff_calloc(NAMES_TYPES / 64, sizeof(*v->bits));
	if (!v->bits)
		return ff_fail_nomem(err);
	if (flowtypes)
		return names_flowtypes(s, v->bits, flowtypes, err);
	return names_class_type(s, v->bits, classes, type, err);
}

/* ---- sensors ---- */

enum { SENSOR_UNMET, SENSOR_FAILS, SENSOR_PASSES };

struct select_sensors {
	const struct ff_site *site;
	const char *words; /* borrowed; as given */
	uint64_t *numbers; /* those given as numbers */
	bool has_names;
	_Atomic uint8_t state[NAMES_SENSORS]; /* threads that race write the same */
};

void select_sensors_free(struct select_sensors *t)
{
	if (!t)
		return;
	ff_free(t->numbers);
	ff_free(t);
}

bool select_sensors_pass(const struct select_sensors *t, unsigned sensor)
{
	return atomic_load_explicit(&t->state[sensor & 0xffff], memory_order_relaxed) ==
	       SENSOR_PASSES;
}

static bool names_all_digits(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == 0;
}

/* Decides about a sensor that was not met before. */
static int names_decide(struct select_sensors *t, unsigned sensor, uint8_t *state,
			struct ff_err *err)
{
	char buf[16];
	const char *name = ff_site_sensor(t->site, sensor, buf, sizeof(buf));
	bool passes = names_has(t->words, name);
	uint64_t number;

	if (sensor == FF_SENSOR_NONE) {
		passes = false;
	} else if (names_all_digits(name) && ff_parse_u64(&number, name, strlen(name)) &&
		   number < NAMES_SENSORS) {
		if (t->has_names && ff_site_find_sensor(t->site, name, strlen(name)) < 0)
			return ff_fail(err, FF_EABSENT,
				       "'--sensors=%.80s' needs the names of sensors, "
				       "which are in a "
				       "silk.conf; sensor %u has none",
				       t->words, sensor);
		passes = passes || (t->numbers[number / 64] >> (number % 64) & 1);
	}
	*state = passes ? SENSOR_PASSES : SENSOR_FAILS;
	return FF_OK;
}

int select_sensors_learn(const struct ff_select *s, const struct ff_batch *b,
			 struct ff_err *err)
{
	struct select_sensors *t = s->sensors;

	if (!t)
		return FF_OK;
	for (size_t i = 0; i < b->count; i++) {
		_Atomic uint8_t *state = &t->state[b->flows[i].sensor];
		uint8_t decided;
		int status;

		if (atomic_load_explicit(state, memory_order_relaxed) != SENSOR_UNMET)
			continue;
		status = names_decide(t, b->flows[i].sensor, &decided, err);
		if (status != FF_OK)
			return status;
		atomic_store_explicit(state, decided, memory_order_relaxed);
	}
	return FF_OK;
}

/* A word of --sensors: a number or a range of numbers, at most `max`, or a name. */
static int names_sensor(struct ff_select *s, uint64_t *bits, bool *is_name,
			const char *value, const struct names_word *w, struct ff_err *err)
{
	uint64_t max = ff_site_is_loaded(s->site) ? ff_site_max_sensor(s->site)
						  : FF_SENSOR_NONE - 1;
	int id = ff_site_find_sensor(s->site, w->s, w->len);
	const char *dash = memchr(w->s, '-', w->len);
	uint64_t first, last;
	bool numbers;

	*is_name = false;
	if (id >= 0 && ff_site_is_loaded(s->site)) {
		names_set(bits, (unsigned)id);
		return FF_OK;
	}
	numbers = ff_parse_u64(&first, w->s, dash ? (size_t)(dash - w->s) : w->len);
	last = first;
	if (numbers && dash)
		numbers =
			ff_parse_u64(&last, dash + 1, (size_t)(w->s + w->len - dash - 1));
	if (!numbers && !ff_site_is_loaded(s->site) && w->len) {
		*is_name = true;
		return FF_OK;
	}
	if (!numbers)
		return select_bad(err, "sensors", value,
				  "'%.*s' is no sensor of the site",
				  (int)(w->len < 60 ? w->len : 60), w->s);
	if (last < first)
		return select_bad(err, "sensors", value, "the range is reversed");
	if (last > max)
		return select_bad(err, "sensors", value, "above the highest sensor %llu",
				  (unsigned long long)max);
	for (uint64_t i = first; i <= last; i++)
		names_set(bits, (unsigned)i);
	return FF_OK;
}

int select_resolve_sensors(struct ff_select *s, struct ff_err *err)
{
	size_t slot = select_slot("sensors");
	const char *value = s->words[slot];
	struct select_value *v = &s->values[slot];
	struct names_word w;
	bool has_names = false;

	if (!value)
		return FF_OK;
	v->bits = ff_calloc(NAMES_SENSORS / 64, sizeof(*v->bits));
	if (!v->bits)
		return ff_fail_nomem(err);
	for (const char *at = value; names_next(&w, &at);) {
		bool is_name;
		int status = names_sensor(s, v->bits, &is_name, value, &w, err);

		if (status != FF_OK)
			return status;
		has_names = has_names || is_name;
	}
	if (ff_site_is_loaded(s->site))
		return FF_OK;
	v->sensors = ff_calloc(1, sizeof(*v->sensors));
	if (!v->sensors)
		return ff_fail_nomem(err);
	v->sensors->site = s->site;
	v->sensors->words = value;
	v->sensors->numbers = v->bits;
	v->sensors->has_names = has_names;
	v->bits = NULL;
	s->sensors = v->sensors;
	return FF_OK;
}
