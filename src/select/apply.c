/* SPDX-License-Identifier: MIT */
/* apply - runs a finished selection over a batch: looks that the fields are there, runs
 * the tests, closes the gaps, sets the orientation. */
#include <assert.h>

#include "select/predicate.h"

void ff_select_counts_add(struct ff_select_counts *to,
			  const struct ff_select_counts *from)
{
	to->read += from->read;
	to->passed += from->passed;
	for (unsigned i = 0; i < FF_ORIENTS; i++)
		to->orient[i] += from->orient[i];
	to->by_inside += from->by_inside;
	to->by_hint += from->by_hint;
	to->by_default += from->by_default;
	to->asked += from->asked;
	to->no_country += from->no_country;
}

/* Names the first switch, in the order of the table, that the flow cannot answer. */
static int apply_absent(const struct ff_select *s, uint32_t carried, struct ff_err *err)
{
	for (size_t i = 0; i < select_switch_count; i++) {
		uint32_t missing =
			select_subjects[select_switches[i].subject].required & ~carried;

		if (!s->words[i] || !missing)
			continue;
		for (unsigned field = 0; field < FF_FIELDS; field++)
			if (missing & FF_BIT(field))
				return ff_fail(err, FF_EABSENT,
					       "'--%s' needs the field %s, which the "
					       "input does not carry",
					       select_switches[i].name,
					       ff_field_infos[field].name);
	}
	return ff_fail(err, FF_EABSENT,
		       "a field is needed that the input does not carry");
}

/* Absence is looked for in every flow before the tests, so that it does not depend on the
 * order of the tests whether it is seen. */
static int apply_check(const struct ff_select *s, const struct ff_batch *b,
		       struct ff_err *err)
{
	const uint32_t required = s->required;

	for (const struct ff_flow *f = b->flows, *end = f + b->count; f < end; f++) {
		uint32_t carried;

		if ((f->present & required) == required)
			continue;
		carried = select_carried(f);
		if ((carried & required) != required)
			return apply_absent(s, carried, err);
	}
	return FF_OK;
}

static void apply_tests(const struct ff_select *s, struct ff_batch *b)
{
	const struct select_test *const end = s->tests + s->tests_count;
	size_t kept = 0;

	for (size_t i = 0; i < b->count; i++) {
		const struct select_test *t = s->tests;

		while (t < end && t->pass(t->value, &b->flows[i]))
			t++;
		if (t < end)
			continue;
		if (kept != i)
			b->flows[kept] = b->flows[i];
		kept++;
	}
	b->count = kept;
}

int ff_select_apply(const struct ff_select *s, struct ff_batch *b,
		    struct ff_select_counts *counts, struct ff_err *err)
{
	int status;

	assert(s->finished);
	counts->read += b->count + b->left_out;
	if (s->required) {
		status = apply_check(s, b, err);
		if (status == FF_OK)
			status = select_sensors_learn(s, b, err);
		if (status != FF_OK)
			return status;
	}
	if (s->tests_count)
		apply_tests(s, b);
	select_countries(s, b, counts);
	select_orient(s, b, counts);
	counts->passed += b->count;
	return FF_OK;
}
