/* SPDX-License-Identifier: MIT */
/* registry - the aggregates, sorted by name: add yours here. */
#include <flowfig/aggregate.h>

#include <string.h>

static const struct ff_agg_type *const types[] = {
	&ff_agg_bundle,
	&ff_agg_contact,
	&ff_agg_ephemeral,
	&ff_agg_netbytes,
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

int ff_agg_finish(const struct ff_agg_type *type, void *self, struct ff_result *out,
		  unsigned threads, struct ff_err *err)
{
	void *how = ff_calloc(1, type->how_size + 1);
	int rc = how ? FF_OK : ff_fail_nomem(err);
	if (rc == FF_OK && type->how_opts)
		rc = ff_opts_defaults(type->how_opts, how, err);
	if (rc == FF_OK)
		rc = type->finish(self, how, out, threads, err);
	ff_free(how);
	return rc;
}
