/* SPDX-License-Identifier: MIT */
/* select - a selection while its switches are given: every switch is parsed into its slot
 * as it comes, so that a wrong word is told at once. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "select/predicate.h"

int ff_select_new(struct ff_select **out, struct ff_err *err)
{
	struct ff_select *s = ff_calloc(1, sizeof(*s));

	if (!s)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < select_switch_count; i++) {
		s->values[i].sw = &select_switches[i];
		s->values[i].negated = strncmp(select_switches[i].name, "not-", 4) == 0;
	}
	*out = s;
	return FF_OK;
}

void ff_select_free(struct ff_select *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < select_switch_count; i++) {
		ff_free(s->words[i]);
		ff_free(s->values[i].bits);
		select_match_release(&s->values[i].match);
		select_sensors_free(s->values[i].sensors);
	}
	select_inside_release(&s->inside);
	ff_buf_release(&s->text);
	ff_free(s);
}

/* A list of addresses and blocks; one block becomes a pattern, which is faster than a
 * set. */
static int select_parse_cidrs(struct select_match *m, const char *name, const char *value,
			      struct ff_err *err)
{
	struct ff_prefix *prefixes = NULL;
	struct ff_ipset *set = NULL;
	char what[40];
	size_t count = 0;
	int status;

	snprintf(what, sizeof(what), "--%s", name);
	status = ff_ipset_parse(&set, what, value, err);
	if (status != FF_OK)
		return status;
	status = ff_ipset_prefixes(&prefixes, &count, set, err);
	if (status == FF_OK && count == 1)
		select_match_prefix(m, &prefixes[0]);
	if (status == FF_OK && count != 1) {
		m->set = set;
		set = NULL;
	}
	ff_free(prefixes);
	ff_ipset_free(set);
	return status;
}

static int select_parse_version(uint8_t *out, const char *name, const char *value,
				struct ff_err *err)
{
	if (strcmp(value, "4") == 0)
		*out = 1;
	else if (strcmp(value, "6") == 0)
		*out = 2;
	else if (strcmp(value, "4,6") == 0 || strcmp(value, "6,4") == 0)
		*out = 3;
	else
		return select_bad(err, name, value, "it must be 4, 6 or 4,6");
	return FF_OK;
}

static int select_parse_bit(uint8_t *out, const char *name, const char *value,
			    struct ff_err *err)
{
	if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
		return select_bad(err, name, value, "it must be 0 or 1");
	*out = value[0] == '1';
	return FF_OK;
}

static int select_parse(struct select_value *v, const char *value, struct ff_err *err)
{
	const char *name = v->sw->name;

	switch (v->sw->syntax) {
	case SYNTAX_LIST:
		return select_parse_list(&v->bits, v->sw->arg, name, value, err);
	case SYNTAX_COUNT:
		return select_parse_count(v, name, value, err);
	case SYNTAX_RATIO:
		return select_parse_ratio(v, name, value, err);
	case SYNTAX_SECONDS:
		return select_parse_seconds(v, name, value, err);
	case SYNTAX_SPAN:
		return select_parse_span(v, name, value, err);
	case SYNTAX_TIME:
		return select_parse_time(v, name, value, err);
	case SYNTAX_PAIRS:
		return select_parse_pairs(&v->pairs, v->sw->subject == ON_ATTRIBUTES,
					  name, value, err);
	case SYNTAX_LETTERS:
		return select_parse_letters(&v->letters, name, value, err);
	case SYNTAX_BIT:
		return select_parse_bit(&v->letters, name, value, err);
	case SYNTAX_VERSION:
		return select_parse_version(&v->letters, name, value, err);
	case SYNTAX_PATTERN:
		return select_parse_pattern(&v->match, name, value, err);
	case SYNTAX_CIDRS:
		return select_parse_cidrs(&v->match, name, value, err);
	case SYNTAX_CODES:
		return select_parse_countries(&v->bits, name, value, err);
	case SYNTAX_SET:
	case SYNTAX_NAMES:
	case SYNTAX_INSIDE:
		break; /* when the selection is finished */
	}
	return *value ? FF_OK : select_bad(err, name, value, "it is empty");
}

/* The flag switches may come again and add pairs. */
static bool select_repeats(const struct select_switch *sw)
{
	return sw->syntax == SYNTAX_PAIRS && sw->subject != ON_ATTRIBUTES;
}

static int select_unknown(const char *name, struct ff_err *err)
{
	const char *names[SELECT_SWITCHES_MAX], *near;

	for (size_t i = 0; i < select_switch_count; i++)
		names[i] = select_switches[i].name;
	near = ff_nearest(name, names, select_switch_count);
	return ff_fail(err, FF_EUSAGE, "unknown switch '--%.60s'%s%s%s", name,
		       near ? "; did you mean '--" : "", near ? near : "",
		       near ? "'?" : "");
}

int ff_select_set(struct ff_select *s, const char *name, const char *value,
		  struct ff_err *err)
{
	ptrdiff_t i = select_switch_find(name);
	struct ff_buf words = FF_BUF_INIT;
	int status;

	assert(!s->finished);
	if (i < 0)
		return select_unknown(name, err);
	if (!value)
		return ff_fail(err, FF_EUSAGE, "'--%s' needs a value", name);
	if (s->words[i] && !select_repeats(&select_switches[i]))
		return ff_fail(err, FF_EUSAGE, "'--%s' is given twice",
			       select_switches[i].name);
	status = select_parse(&s->values[i], value, err);
	if (status != FF_OK)
		return status;
	if (s->words[i])
		ff_buf_addf(&words, "%s,", s->words[i]);
	ff_buf_adds(&words, value);
	if (words.failed) {
		ff_buf_release(&words);
		return ff_fail_nomem(err);
	}
	ff_free(s->words[i]);
	s->words[i] = ff_strdup(ff_buf_str(&words));
	ff_buf_release(&words);
	return s->words[i] ? FF_OK : ff_fail_nomem(err);
}

uint32_t ff_select_needs(const struct ff_select *s)
{
	return s->needs;
}

static bool select_filters(enum select_subject subject)
{
	return subject == ON_SIP || subject == ON_DIP || subject == ON_ANY_ADDRESS;
}

bool ff_select_filter(const struct ff_select *s, struct ff_filter *filter)
{
	for (size_t i = 0; i < s->tests_count; i++) {
		const struct select_value *v = s->tests[i].value;
		enum select_subject subject = v->sw->subject;
		struct ff_filter_test t = {.negated = v->negated};

		if (!select_filters(subject) || v->match.set || v->match.lists)
			continue;
		t.sip = subject != ON_DIP;
		t.dip = subject != ON_SIP;
		memcpy(t.net, v->match.net, sizeof(t.net));
		memcpy(t.mask, v->match.mask, sizeof(t.mask));
		ff_filter_add(filter, &t);
	}
	return !(s->required & ~(FF_BIT(FF_SIP) | FF_BIT(FF_DIP)));
}

const char *ff_select_text(const struct ff_select *s)
{
	return ff_buf_str(&s->text);
}

const struct ff_prefix *ff_select_inside(const struct ff_select *s, size_t *count)
{
	*count = s->inside.count;
	return s->inside.prefixes;
}

const char *ff_select_inside_text(const struct ff_select *s)
{
	return s->inside.text;
}
