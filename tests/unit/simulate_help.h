/* SPDX-License-Identifier: MIT */
/* simulate_help - makes a simulation in memory for the tests of `flowfig simulate`. */
#ifndef FF_TEST_SIMULATE_HELP_H
#define FF_TEST_SIMULATE_HELP_H

#include "cli/simulate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NET "198.18.4.0/22"
#define HELP_START (INT64_C(1711929600) * FF_SEC) /* 2024-04-01, a Monday */

struct help_case {
	const struct ff_sim_scenario *scenario;
	uint64_t seed, flows;
	uint32_t days;
	const char *inside;
	const char *options[4]; /* "mode=burst", NULL ends */
};

/* Options in, flows out; returns the status. `params` is the caller's to free. */
static inline int help_run(struct ff_sim *sim, void **params, const struct help_case *c,
			   struct ff_err *err)
{
	memset(sim, 0, sizeof *sim);
	*params = calloc(1, c->scenario->params_size);
	assert_non_null(*params);
	assert_int_equal(ff_opts_defaults(c->scenario->opts, *params, err), FF_OK);
	for (size_t i = 0; i < 4 && c->options[i]; i++) {
		char name[32];
		const char *equals = strchr(c->options[i], '=');
		size_t len = (size_t)(equals - c->options[i]);
		memcpy(name, c->options[i], len);
		name[len] = '\0';
		assert_int_equal(
			ff_opts_set(c->scenario->opts, *params, name, equals + 1, err),
			FF_OK);
	}
	sim->seed = c->seed;
	sim->target = c->flows;
	sim->days = c->days;
	sim->start_ns = HELP_START;
	assert_true(ff_parse_prefix(&sim->inside, c->inside, strlen(c->inside)));
	sim->inside_bits = 128u - sim->inside.bits;
	int status = ff_sim_init(sim, err);
	return status == FF_OK ? ff_sim_generate(sim, c->scenario, *params, err) : status;
}

static inline const struct ff_sim_flow *help_at(const struct ff_sim *sim, uint64_t i)
{
	return &sim->flows[sim->order[i] & FF_SIM_INDEX_MASK];
}

static inline int population(const struct ff_sim *sim, const char *name)
{
	for (unsigned p = 0; p < sim->npopulations; p++)
		if (strcmp(sim->populations[p].name, name) == 0)
			return (int)p;
	fail_msg("no population '%s'", name);
	return -1;
}

/* A number of the truth file. */
static inline int64_t fact(const struct ff_sim *sim, const char *name, const char *key)
{
	const struct ff_sim_population *p = &sim->populations[population(sim, name)];
	for (size_t i = 0; i < p->nfacts; i++)
		if (strcmp(p->facts[i].key, key) == 0)
			return p->facts[i].value;
	fail_msg("no fact '%s' of '%s'", key, name);
	return -1;
}

#endif
