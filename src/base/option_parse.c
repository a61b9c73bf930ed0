/* SPDX-License-Identifier: MIT */
/* option_parse - the words of a command line over several option tables, GNU-style. */
#include "base/option.h"

#include <stdio.h>
#include <string.h>

/* ---- find a row by what was typed ---- */

static bool option_begins(const char *name, const char *word, size_t len)
{
	return strncmp(name, word, len) == 0;
}

/* The row's long name, or its negation, written so far with `len` bytes of `word`? */
static bool option_fits(const struct ff_opt *o, bool negated, const char *word,
			size_t len)
{
	if (!negated)
		return option_begins(o->name, word, len);
	/* "no-" itself may not be cut: it would match every flag */
	return o->kind == FF_OPT_FLAG && len > 3 && option_begins("no-", word, 3) &&
	       option_begins(o->name, word + 3, len - 3);
}

static size_t option_length(const struct option_match *m)
{
	return strlen(m->opt->name) + (m->negated ? 3 : 0);
}

/* Where a walk over all names, and the negations of flags, has come to. */
struct option_walk {
	const struct ff_opt_group *groups;
	size_t ngroups, group, row;
	bool negated; /* the row's own name is done */
};

/* The next name that fits; false at the end. */
static bool option_walk_next(struct option_match *out, struct option_walk *w,
			     const char *word, size_t len)
{
	while (w->group < w->ngroups) {
		const struct ff_opt_group *group = &w->groups[w->group];
		const struct ff_opt *o = &group->opts[w->row];
		bool negated = w->negated;

		if (!o->name) {
			w->group++;
			w->row = 0;
			continue;
		}
		w->row += negated;
		w->negated = !negated;
		if (option_fits(o, negated, word, len)) {
			*out = (struct option_match){group, o, negated};
			return true;
		}
	}
	return false;
}

/* Names the words that could be meant; "..." when the message has no room for more. */
static int option_ambiguous(const struct ff_opt_group *groups, size_t ngroups,
			    const char *word, size_t len, struct ff_err *err)
{
	struct option_walk walk = {.groups = groups, .ngroups = ngroups};
	struct option_match m;
	char text[150] = "";
	size_t used = 0;

	while (option_walk_next(&m, &walk, word, len)) {
		if (used + option_length(&m) + 10 > sizeof(text)) {
			snprintf(text + used, sizeof(text) - used, " ...");
			break;
		}
		used += (size_t)snprintf(text + used, sizeof(text) - used, " '--%s%s'",
					 m.negated ? "no-" : "", m.opt->name);
	}
	return ff_fail(err, FF_EUSAGE, "option '--%.*s' is ambiguous:%s", (int)len, word,
		       text);
}

static int option_unknown(const struct ff_opt_group *groups, size_t ngroups,
			  const char *word, size_t len, struct ff_err *err)
{
	struct ff_strings names = {NULL, 0, 0};
	char *typed = ff_strndup(word, len);
	const struct ff_opt *o;
	const char *near;
	int status = FF_OK;
	size_t g;

	for (g = 0; g < ngroups; g++)
		for (o = groups[g].opts; o->name && status == FF_OK; o++)
			status = ff_strings_add(&names, o->name, NULL);
	/* without memory the message goes without the hint */
	near = typed ? ff_nearest(typed, names.items, names.count) : NULL;
	status = ff_fail(err, FF_EUSAGE, "unknown option '--%.*s'%s%s%s",
			 (int)(len > 100 ? 100 : len), word,
			 near ? "; did you mean '--" : "", near ? near : "",
			 near ? "'?" : "");
	ff_strings_release(&names);
	ff_free(typed);
	return status;
}

int option_find(struct option_match *out, const struct ff_opt_group *groups,
		size_t ngroups, const char *name, size_t len, struct ff_err *err)
{
	struct option_walk walk = {.groups = groups, .ngroups = ngroups};
	struct option_match found = {NULL, NULL, false}, m;
	bool ambiguous = false;

	while (option_walk_next(&m, &walk, name, len)) {
		if (option_length(&m) == len) {
			*out = m;
			return FF_OK;
		}
		/* the same name in two tables is one option: the first */
		if (!found.opt)
			found = m;
		else if (found.negated != m.negated ||
			 strcmp(found.opt->name, m.opt->name) != 0)
			ambiguous = true;
	}
	if (len == 0 || !found.opt)
		return option_unknown(groups, ngroups, name, len, err);
	if (ambiguous)
		return option_ambiguous(groups, ngroups, name, len, err);
	*out = found;
	return FF_OK;
}

/* ---- walk over the words ---- */

struct option_words {
	const struct ff_opt_group *groups;
	size_t ngroups;
	char *const *argv;
	int argc, next;
};

/* The value that was not written inline: the next word, whatever it is. */
static const char *option_next(struct option_words *w, const struct ff_opt *o)
{
	return option_wants_value(o) && w->next < w->argc ? w->argv[w->next++] : NULL;
}

/* "--name", "--name=value" */
static int option_parse_long(struct option_words *w, const char *word, struct ff_err *err)
{
	size_t len = strcspn(word + 2, "=");
	const char *value = word[2 + len] ? word + 2 + len + 1 : NULL;
	struct option_match m;
	char typed[80];
	int status = option_find(&m, w->groups, w->ngroups, word + 2, len, err);

	if (status < 0)
		return status;
	snprintf(typed, sizeof(typed), "--%s%s", m.negated ? "no-" : "", m.opt->name);
	if (value && (m.negated || (m.opt->kind == FF_OPT_CALL && !m.opt->arg)))
		return ff_fail(err, FF_EUSAGE, "option '%s' takes no value", typed);
	if (!value)
		value = option_next(w, m.opt);
	if (m.group->given)
		++*m.group->given;
	return option_store(m.opt, m.group->params, typed, m.negated ? "no" : value, err);
}

static bool option_find_letter(struct option_match *out, const struct option_words *w,
			       char letter)
{
	const struct ff_opt *o;
	size_t g;

	for (g = 0; g < w->ngroups; g++) {
		for (o = w->groups[g].opts; o->name; o++) {
			if (o->letter == letter) {
				*out = (struct option_match){&w->groups[g], o, false};
				return true;
			}
		}
	}
	return false;
}

/* "-x", "-xvalue", "-xyz" where x and y are flags */
static int option_parse_letters(struct option_words *w, const char *word,
				struct ff_err *err)
{
	const char *p;

	for (p = word + 1; *p; p++) {
		char typed[3] = {'-', *p, '\0'};
		struct option_match m;
		const char *value = NULL;
		int status;

		if (!option_find_letter(&m, w, *p)) {
			/* "-bin=1h": a long name with one dash */
			if (p == word + 1 && p[1] &&
			    option_find(&m, w->groups, w->ngroups, p, strcspn(p, "="),
					NULL) == FF_OK)
				return ff_fail(
					err, FF_EUSAGE,
					"unknown option '%s'; did you mean '--%s'?", word,
					m.opt->name);
			if ((unsigned char)*p >= 0x80)
				return ff_fail(err, FF_EUSAGE, "unknown option '%s'",
					       word);
			return ff_fail(err, FF_EUSAGE, "unknown option '%s'%s%s%s", typed,
				       p[1] || p > word + 1 ? " in '" : "",
				       p[1] || p > word + 1 ? word : "",
				       p[1] || p > word + 1 ? "'" : "");
		}
		if (option_wants_value(m.opt))
			value = p[1] ? p + 1 : option_next(w, m.opt);
		if (m.group->given)
			++*m.group->given;
		status = option_store(m.opt, m.group->params, typed, value, err);
		if (status < 0 || value)
			return status;
	}
	return FF_OK;
}

static int option_operand(struct ff_strings *rest, const char *word, struct ff_err *err)
{
	if (!rest)
		return ff_fail(err, FF_EUSAGE, "unexpected word '%s'", word);
	return ff_strings_add(rest, word, err);
}

int ff_opts_parse(const struct ff_opt_group *groups, size_t ngroups, int argc,
		  char *const *argv, struct ff_strings *rest, struct ff_err *err)
{
	struct option_words w = {groups, ngroups, argv, argc, 0};
	bool only_operands = false;

	while (w.next < argc) {
		const char *word = argv[w.next++];
		int status = FF_OK;

		if (only_operands || word[0] != '-' || word[1] == '\0')
			status = option_operand(rest, word, err);
		else if (word[1] != '-')
			status = option_parse_letters(&w, word, err);
		else if (word[2])
			status = option_parse_long(&w, word, err);
		else
			only_operands = true;
		if (status < 0)
			return status;
	}
	return FF_OK;
}
