/* SPDX-License-Identifier: MIT */
/* compile - finishes a selection: looks at how the switches go together, loads sets,
 * resolves names, and lays the tests out in the order in which they are run. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "select/predicate.h"

/* A switch and its opposite say the same thing twice or nothing at all. */
static int compile_opposites(const struct ff_select *s, struct ff_err *err)
{
	for (size_t i = 0; i < select_switch_count; i++) {
		const char *name = select_switches[i].name;

		if (s->words[i] && strncmp(name, "not-", 4) == 0 &&
		    select_given(s, name + 4))
			return ff_fail(err, FF_EUSAGE,
				       "'--%s' and '--%s' exclude each other", name + 4,
				       name);
	}
	return FF_OK;
}

static int compile_icmp(const struct ff_select *s, struct ff_err *err)
{
	const uint64_t *protocols = s->values[select_slot("protocol")].bits;
	const char *name = select_given(s, "icmp-type")	  ? "icmp-type"
			   : select_given(s, "icmp-code") ? "icmp-code"
							  : NULL;

	if (!name || !protocols ||
	    (protocols[0] & (UINT64_C(1) << 1 | UINT64_C(1) << 58)))
		return FF_OK;
	return ff_fail(
		err, FF_EUSAGE,
		"'--%s' needs protocol 1 or 58, which '--protocol=%.80s' leaves out",
		name, s->words[select_slot("protocol")]);
}

/* --from and --to become windows of start times. */
static int compile_from_to(struct ff_select *s, struct ff_err *err)
{
	size_t from = select_slot("from"), to = select_slot("to");

	if (s->words[from] && s->words[to] &&
	    s->values[from].first_ns >= s->values[to].first_ns)
		return ff_fail(err, FF_EUSAGE,
			       "'--from=%.60s' is not before '--to=%.60s'",
			       s->words[from], s->words[to]);
	s->values[from].last_ns = INT64_MAX;
	if (s->values[to].first_ns > INT64_MIN)
		s->values[to].last_ns = s->values[to].first_ns - 1;
	s->values[to].first_ns = INT64_MIN;
	return FF_OK;
}

/* --syn-flag and its sisters: one pair, one more of the pairs of --flags-all. */
static void compile_flag_bits(struct ff_select *s)
{
	struct select_pairs *p = &s->values[select_slot("flags-all")].pairs;
	struct select_pair pair = {0, 0};

	for (size_t i = 0; i < select_switch_count; i++) {
		uint8_t flag = (uint8_t)select_switches[i].arg;

		if (!s->words[i] || select_switches[i].syntax != SYNTAX_BIT)
			continue;
		pair.mask |= flag;
		if (s->values[i].letters)
			pair.high |= flag;
	}
	if (pair.mask)
		p->pairs[p->count++] = pair;
}

static bool compile_is_file(const struct ff_select *s, size_t i)
{
	enum select_syntax syntax = select_switches[i].syntax;

	return s->words[i] && (syntax == SYNTAX_SET || syntax == SYNTAX_INSIDE);
}

static int compile_sets(struct ff_select *s, struct ff_err *err)
{
	unsigned stdin_uses = 0;

	for (size_t i = 0; i < select_switch_count; i++)
		stdin_uses += compile_is_file(s, i) && strcmp(s->words[i], "-") == 0;
	if (stdin_uses > 1)
		return ff_fail(err, FF_EUSAGE,
			       "standard input can be only one of the sets");
	for (size_t i = 0; i < select_switch_count; i++) {
		int status;

		if (!compile_is_file(s, i))
			continue;
		if (select_switches[i].syntax == SYNTAX_INSIDE)
			status = select_inside_load(&s->inside, s->words[i], err);
		else
			status = ff_ipset_load(&s->values[i].match.set, s->words[i], err);
		if (status != FF_OK)
			return status;
	}
	return FF_OK;
}

static bool compile_has_test(const struct ff_select *s, size_t i)
{
	const struct select_switch *sw = &select_switches[i];

	switch (sw->syntax) {
	case SYNTAX_INSIDE:
	case SYNTAX_BIT:
	case SYNTAX_CODES: /* has a stage of its own */
		return false;
	case SYNTAX_NAMES: /* of --type and --class one holds the test */
		return s->values[i].bits || s->values[i].sensors;
	case SYNTAX_PAIRS:
		return s->values[i].pairs.count > 0;
	default:
		return s->words[i] != NULL;
	}
}

static int compile_by_cost(const void *a, const void *b)
{
	const struct select_test *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	return x->value < y->value ? -1 : x->value > y->value;
}

static void compile_tests(struct ff_select *s)
{
	for (size_t i = 0; i < select_switch_count; i++) {
		const struct select_subject_info *info =
			&select_subjects[select_switches[i].subject];
		const struct select_value *v = &s->values[i];

		if (s->words[i]) {
			s->required |= info->required;
			s->needs |= info->required | info->wanted;
		}
		if (!compile_has_test(s, i))
			continue;
		s->tests[s->tests_count++] = (struct select_test){
			.pass = info->pass,
			.value = v,
			.cost = info->cost + (v->match.set ? 4 : 0) + v->match.lists,
		};
	}
	qsort(s->tests, s->tests_count, sizeof(s->tests[0]), compile_by_cost);
	s->needs |= FF_BIT(FF_SIP) | FF_BIT(FF_DIP);
	if (!s->inside.set)
		s->needs |= FF_BIT(FF_FLOWTYPE); /* readers take their hint from it */
}

int ff_select_finish(struct ff_select *s, const struct ff_site *site, struct ff_err *err)
{
	int status;

	assert(!s->finished && site);
	s->site = site;
	status = compile_opposites(s, err);
	if (status == FF_OK)
		status = compile_icmp(s, err);
	if (status == FF_OK)
		status = compile_from_to(s, err);
	if (status == FF_OK)
		status = select_resolve_types(s, err);
	if (status == FF_OK)
		status = select_resolve_sensors(s, err);
	if (status == FF_OK)
		status = select_compile_countries(s, err);
	if (status == FF_OK)
		status = compile_sets(s, err);
	if (status == FF_OK)
		status = select_write_text(s, err);
	if (status != FF_OK)
		return status;
	compile_flag_bits(s);
	compile_tests(s);
	s->finished = true;
	return FF_OK;
}
