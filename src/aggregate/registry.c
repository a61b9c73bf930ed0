/* SPDX-License-Identifier: MIT */
/* registry - the aggregates, sorted by name: add yours here. */
#include <flowfig/aggregate.h>

#include <string.h>

static const struct ff_agg_type *const types[] = {
	&ff_agg_contact,
};

const struct ff_agg_type *ff_agg_at(size_t i)
{
	return i < sizeof types / sizeof *types ? types[i] : NULL;
}

const struct ff_agg_type *ff_agg_find(const char *name)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i]->name, name) == 0)
			return types[i];
	return NULL;
}
