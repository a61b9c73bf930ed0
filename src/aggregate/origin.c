/* SPDX-License-Identifier: MIT */
/* origin - where an aggregate's flows came from: provenance that merges in any order. */
#include <flowfig/aggregate.h>

#include <stdlib.h>
#include <string.h>

void ff_agg_origin_release(struct ff_agg_origin *o)
{
	for (size_t i = 0; i < o->count; i++) {
		ff_free(o->sources[i].name);
		ff_free(o->sources[i].format);
	}
	ff_free(o->sources);
	ff_free(o->selection);
	ff_free(o->inside);
	ff_free(o->geo);
	*o = (struct ff_agg_origin){0};
}

static int source_cmp(const struct ff_agg_source *a, const struct ff_agg_source *b)
{
	int c = strcmp(a->name, b->name);
	if (!c)
		c = (a->digest > b->digest) - (a->digest < b->digest);
	if (!c)
		c = (a->records > b->records) - (a->records < b->records);
	return c ? c : strcmp(a->format, b->format);
}

/* Takes over the strings of *s on success. */
static int origin_insert(struct ff_agg_origin *o, const struct ff_agg_source *s,
			 struct ff_err *err)
{
	int rc = ff_grow(&o->sources, &o->cap, o->count + 1, sizeof *o->sources, err);
	if (rc)
		return rc;
	/* folders come sorted, so the place is nearly always the end */
	size_t at = o->count;
	while (at > 0 && source_cmp(&o->sources[at - 1], s) > 0)
		at--;
	memmove(&o->sources[at + 1], &o->sources[at],
		(o->count - at) * sizeof *o->sources);
	o->sources[at] = *s;
	o->count++;
	return FF_OK;
}

int ff_agg_origin_add(struct ff_agg_origin *o, const char *name, const char *format,
		      uint64_t records, uint64_t bad, uint64_t digest, struct ff_err *err)
{
	struct ff_agg_source s = {ff_strdup(name), ff_strdup(format), records, bad,
				  digest};
	int rc = s.name && s.format ? origin_insert(o, &s, err) : ff_fail_nomem(err);
	if (rc) {
		ff_free(s.name);
		ff_free(s.format);
	}
	return rc;
}

static bool same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

int ff_agg_origin_merge(struct ff_agg_origin *to, struct ff_agg_origin *from,
			struct ff_err *err)
{
	if (!same_text(to->selection, from->selection))
		return ff_fail(err, FF_EFORMAT,
			       "the inputs were selected differently: '%s' and '%s'",
			       to->selection ? to->selection : "",
			       from->selection ? from->selection : "");
	if (!same_text(to->inside, from->inside))
		return ff_fail(err, FF_EFORMAT,
			       "the inputs have different inside networks: '%s' and '%s'",
			       to->inside ? to->inside : "",
			       from->inside ? from->inside : "");
	if (to->geo_digest != from->geo_digest)
		return ff_fail(err, FF_EFORMAT,
			       "the inputs have countries of different databases: '%s' "
			       "and '%s'",
			       to->geo ? to->geo : "", from->geo ? from->geo : "");
	while (from->count) {
		int rc = origin_insert(to, &from->sources[from->count - 1], err);
		if (rc)
			return rc;
		from->count--;
	}
	/* one database under two names: the same one is kept, whoever merges */
	if (from->geo && (!to->geo || strcmp(from->geo, to->geo) < 0)) {
		char *geo = to->geo;
		to->geo = from->geo;
		from->geo = geo;
	}
	to->read += from->read;
	to->passed += from->passed;
	for (int i = 0; i < FF_ORIENTS; i++)
		to->orient[i] += from->orient[i];
	ff_agg_origin_release(from);
	return FF_OK;
}
