/* SPDX-License-Identifier: MIT */
/* site_parse - reads silk.conf. Statements are lines of words; '#' begins a comment; a
 * word may stand in double quotes. Known statements are checked, unknown ones refused by
 * name: a misread site file would give wrong directions. */
#include "flow/site.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SITE_TEXT_MAX ((size_t)16 << 20)

struct site_parser {
	struct ff_site *site;
	const char *name; /* for messages */
	unsigned line;
	char **words; /* into `text`, NUL-terminated */
	size_t nwords, words_cap;
	const char *class_name; /* within class ... end class, else NULL */
	bool in_group;
	struct ff_err *err;
};

static int site_error(struct site_parser *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int site_error(struct site_parser *p, const char *fmt, ...)
{
	char why[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	return ff_fail(p->err, FF_EFORMAT, "site file '%s', line %u: %s", p->name,
		       p->line, why);
}

/* A quoted word, in place; `\` keeps the next character as it is. */
static char *site_quoted(char *s, char **end)
{
	char *to = s;

	while (*s && *s != '"') {
		if (*s == '\\' && s[1])
			s++;
		*to++ = *s++;
	}
	if (!*s)
		return NULL;
	*end = s + 1;
	*to = 0;
	return to;
}

/* Cuts a line (NUL-terminated, changed) into words. */
static int site_split(struct site_parser *p, char *s)
{
	int status;

	p->nwords = 0;
	for (;;) {
		char *word, *end;

		s += strspn(s, " \t\r\v\f");
		if (!*s || *s == '#')
			return FF_OK;
		if (*s == '"') {
			word = s + 1;
			if (!site_quoted(word, &end))
				return site_error(p, "a quote is not closed");
			s = end;
		} else {
			word = s;
			s += strcspn(s, " \t\r\v\f#");
			if (*s == '#')
				*s = 0; /* the comment ends the line */
			else if (*s)
				*s++ = 0;
		}
		status = ff_grow(&p->words, &p->words_cap, p->nwords + 1,
				 sizeof(*p->words), p->err);
		if (status != FF_OK)
			return status;
		p->words[p->nwords++] = word;
	}
}

static int site_number(struct site_parser *p, unsigned *out, const char *word,
		       unsigned max)
{
	uint64_t v;

	if (!ff_parse_u64(&v, word, strlen(word)) || v > max)
		return site_error(p, "'%s' is no number of 0 to %u", word, max);
	*out = (unsigned)v;
	return FF_OK;
}

static int site_version(struct site_parser *p)
{
	unsigned version = 0;
	int status = site_number(p, &version, p->words[1], 1000);

	if (status == FF_OK && (version < 1 || version > 2))
		return site_error(p, "version %u is not known", version);
	return status;
}

static int site_sensor(struct site_parser *p)
{
	const char *name = p->words[2];
	char other[8];
	unsigned id = 0;
	int status = site_number(p, &id, p->words[1], SITE_SENSORS - 1);

	if (status != FF_OK)
		return status;
	if (!*name)
		return site_error(p, "sensor %u has no name", id);
	if (atomic_load(&p->site->sensors[id]))
		return site_error(p, "sensor %u is defined twice: '%s' and '%s'", id,
				  ff_site_sensor(p->site, id, other, sizeof(other)),
				  name);
	if (ff_site_find_sensor(p->site, name, strlen(name)) >= 0)
		return site_error(p, "sensor '%s' is defined twice", name);
	return site_add_sensor(p->site, id, name, strlen(name), p->err);
}

static int site_type(struct site_parser *p)
{
	const char *name = p->words[2];
	unsigned id = 0;
	int status = site_number(p, &id, p->words[1], SITE_TYPES - 1);

	if (status != FF_OK)
		return status;
	if (p->site->types[id].known)
		return site_error(p, "type %u is defined twice", id);
	if (ff_site_find_type(p->site, p->class_name, name) >= 0)
		return site_error(p, "type '%s' of class '%s' is defined twice", name,
				  p->class_name);
	return site_add_type(p->site, id, p->class_name, name, p->err);
}

static int site_default_types(struct site_parser *p)
{
	size_t i;

	for (i = 1; i < p->nwords; i++) {
		int id = ff_site_find_type(p->site, p->class_name, p->words[i]);

		if (id < 0)
			return site_error(p, "class '%s' has no type '%s'", p->class_name,
					  p->words[i]);
		p->site->types[id].is_default = true;
	}
	return FF_OK;
}

static int site_begin_class(struct site_parser *p)
{
	if (ff_site_has_class(p->site, p->words[1]))
		return site_error(p, "class '%s' is defined twice", p->words[1]);
	if (p->site->nclasses >= SITE_TYPES) /* each of use has a type */
		return site_error(p, "more than %d classes", SITE_TYPES);
	p->class_name = site_class(p->site, p->words[1], p->err);
	return p->class_name ? FF_OK : FF_ENOMEM;
}

static int site_begin_group(struct site_parser *p)
{
	p->in_group = true;
	return FF_OK;
}

static int site_end(struct site_parser *p)
{
	const char *open = p->class_name ? "class" : p->in_group ? "group" : NULL;

	if (!open || strcmp(p->words[1], open) != 0)
		return site_error(p, "'end %s' ends nothing", p->words[1]);
	p->class_name = NULL;
	p->in_group = false;
	return FF_OK;
}

static int site_default_class(struct site_parser *p)
{
	if (!ff_site_has_class(p->site, p->words[1]))
		return site_error(p, "class '%s' is not defined", p->words[1]);
	p->site->default_class = site_class(p->site, p->words[1], p->err);
	return p->site->default_class ? FF_OK : FF_ENOMEM;
}

/* Which sensors a class or a group has, the packing logic and the path format do not
 * matter here. */
static int site_ignore(struct site_parser *p)
{
	(void)p;
	return FF_OK;
}

static int site_include(struct site_parser *p)
{
	return site_error(p, "include \"%s\" is not supported: put its lines here",
			  p->words[1]);
}

enum site_place { SITE_TOP = 1, SITE_CLASS = 2, SITE_GROUP = 4 };

static const struct site_statement {
	const char *word;
	unsigned places;
	size_t min, max; /* words, with the first */
	int (*run)(struct site_parser *p);
} site_statements[] = {
	{"version", SITE_TOP, 2, 2, site_version},
	{"sensor", SITE_TOP, 3, 4, site_sensor},
	{"class", SITE_TOP, 2, 2, site_begin_class},
	{"group", SITE_TOP, 2, 2, site_begin_group},
	{"end", SITE_CLASS | SITE_GROUP | SITE_TOP, 2, 2, site_end},
	{"sensors", SITE_CLASS | SITE_GROUP, 1, SIZE_MAX, site_ignore},
	{"type", SITE_CLASS, 3, 4, site_type},
	{"default-types", SITE_CLASS, 1, SIZE_MAX, site_default_types},
	{"default-class", SITE_TOP, 2, 2, site_default_class},
	{"packing-logic", SITE_TOP, 2, 2, site_ignore},
	{"path-format", SITE_TOP, 2, 2, site_ignore},
	{"include", SITE_TOP, 2, 2, site_include},
};

static int site_statement(struct site_parser *p)
{
	unsigned place = p->class_name ? SITE_CLASS : p->in_group ? SITE_GROUP : SITE_TOP;
	size_t i;

	for (i = 0; i < sizeof(site_statements) / sizeof(site_statements[0]); i++) {
		const struct site_statement *st = &site_statements[i];

		if (strcmp(st->word, p->words[0]) != 0)
			continue;
		if (!(st->places & place))
			return site_error(p, "'%s' cannot stand %s", st->word,
					  place == SITE_TOP ? "outside a class or group"
							    : "within a class or group");
		if (p->nwords < st->min || p->nwords > st->max)
			return site_error(p, "'%s' has %zu words", st->word, p->nwords);
		return st->run(p);
	}
	return site_error(p, "unknown statement '%s'", p->words[0]);
}

static int site_parse_lines(struct site_parser *p, char *text)
{
	int status = FF_OK;

	while (text && status == FF_OK) {
		char *end = strchr(text, '\n');

		if (end)
			*end = 0;
		p->line++;
		status = site_split(p, text);
		if (status == FF_OK && p->nwords > 0)
			status = site_statement(p);
		text = end ? end + 1 : NULL;
	}
	if (status != FF_OK)
		return status;
	if (p->class_name || p->in_group)
		return site_error(p, "the last %s is not ended",
				  p->in_group ? "group" : "class");
	/* SiLK wants the statement; one class alone leaves no doubt */
	if (!p->site->default_class && p->site->nclasses == 1)
		p->site->default_class = p->site->classes[0];
	return FF_OK;
}

int ff_site_parse(struct ff_site **out, const char *name, const char *text, size_t len,
		  struct ff_err *err)
{
	struct site_parser p = {.name = name, .err = err};
	char *copy = NULL;
	int status;

	if (len > SITE_TEXT_MAX || memchr(text, 0, len))
		return ff_fail(err, FF_EFORMAT, "'%s' is no site file", name);
	status = site_new(&p.site, err);
	if (status != FF_OK)
		return status;
	copy = ff_strndup(text, len);
	status = copy ? site_parse_lines(&p, copy) : ff_fail_nomem(err);
	ff_free(copy);
	ff_free(p.words);
	if (status != FF_OK) {
		ff_site_free(p.site);
		return status;
	}
	p.site->loaded = true;
	*out = p.site;
	return FF_OK;
}
