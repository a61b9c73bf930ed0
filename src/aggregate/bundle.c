/* SPDX-License-Identifier: MIT */
/* bundle - descriptor, options, add and merge; see bundle.h. */
#include "aggregate/bundle.h"
#include "aggregate/measure.h"

#include <string.h>

/* ---- options ---- */

static int bundle_set_field(void *params, const char *name, const char *value,
			    struct ff_err *err)
{
	struct bundle_params *p = params;
	const struct bundle_field *f = bundle_field_find(value);
	struct ff_buf names = FF_BUF_INIT;

	if (!f) {
		bundle_field_names(&names);
		ff_fail(err, FF_EUSAGE, "option '--%s' knows no '%s'; one of %s", name,
			value, ff_buf_str(&names));
		ff_buf_release(&names);
		return FF_EUSAGE;
	}
	*(strcmp(name, "left") == 0 ? &p->left : &p->right) = f;
	return FF_OK;
}

static const struct ff_opt options[] = {
	{.name = "left",
	 .kind = FF_OPT_CALL,
	 .arg = "FIELD",
	 .def = "sip",
	 .set = bundle_set_field,
	 .help = "field at the left: sip, dip, nhip, sport, dport, protocol, packets, "
		 "bytes, duration (in ms), sensor (by number), in, out, icmp-type, "
		 "icmp-code, application, scc or dcc (countries)"},
	{.name = "right",
	 .kind = FF_OPT_CALL,
	 .arg = "FIELD",
	 .def = "dip",
	 .set = bundle_set_field,
	 .help = "field at the right, another one"},
	{.name = "left-range",
	 .kind = FF_OPT_STRING,
	 .arg = "RANGE",
	 .offset = offsetof(struct bundle_params, left_range),
	 .help = "values at the left, cut into at most 256 equal parts: a CIDR block, a "
		 "value, or LO-HI; without it the whole field, all of IPv4 for addresses "
		 "and 32 bits for counters"},
	{.name = "right-range",
	 .kind = FF_OPT_STRING,
	 .arg = "RANGE",
	 .offset = offsetof(struct bundle_params, right_range),
	 .help = "the same at the right"},
	{.name = NULL},
};

static const struct ff_opt how_options[] = {
	{.name = "measure",
	 .kind = FF_OPT_CHOICE,
	 .arg = "WHAT",
	 .def = "flows",
	 .choices = agg_measure_names,
	 .offset = offsetof(struct bundle_how, measure),
	 .help = "what a link is weighed by: flows, packets or bytes"},
	{.name = "top",
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .def = "10",
	 .max = 100,
	 .offset = offsetof(struct bundle_how, top),
	 .help = "how many of the heaviest links are findings"},
	{.name = NULL},
};

static uint32_t bundle_needs(const void *params)
{
	const struct bundle_params *p = params;

	return p->left->needs | p->right->needs | FF_BIT(FF_STIME) | FF_BIT(FF_PACKETS) |
	       FF_BIT(FF_BYTES);
}

static unsigned bundle_geo(const void *params)
{
	const struct bundle_params *p = params;

	return p->left->is_country || p->right->is_country ? FF_GEO_COUNTRY : 0;
}

/* ---- life ---- */

int bundle_new(struct bundle **out, const struct bundle_side side[2],
	       const struct ff_site *site, const struct ff_geo *geo, struct ff_err *err)
{
	struct bundle *b = ff_calloc(1, sizeof *b);

	if (!b)
		return ff_fail_nomem(err);
	*b = (struct bundle){.side = {side[0], side[1]},
			     .site = site,
			     .first_ns = INT64_MAX,
			     .last_ns = INT64_MIN};
	b->side[0].geo = b->side[1].geo = geo;
	b->grid = ff_calloc((size_t)BUNDLE_STRIDE * BUNDLE_STRIDE, sizeof *b->grid);
	if (!b->grid) {
		ff_free(b);
		return ff_fail_nomem(err);
	}
	*out = b;
	return FF_OK;
}

static int bundle_sides(struct bundle_side side[2], const struct bundle_params *p,
			struct ff_err *err)
{
	int rc;

	if (p->left == p->right)
		return ff_fail(err, FF_EUSAGE,
			       "'--left' and '--right' are the same field, '%s'",
			       p->left->name);
	rc = bundle_side_init(&side[0], p->left, p->left_range, "left", err);
	return rc ? rc
		  : bundle_side_init(&side[1], p->right, p->right_range, "right", err);
}

static int bundle_check(const void *params, struct ff_err *err)
{
	struct bundle_side side[2];

	return bundle_sides(side, params, err);
}

static int bundle_create(void **self, const void *params,
			 const struct ff_agg_context *ctx, struct ff_err *err)
{
	struct bundle_side side[2];
	struct bundle *b;
	int rc = bundle_sides(side, params, err);

	if (rc || (rc = bundle_new(&b, side, ctx->site, ctx->geo, err)))
		return rc;
	*self = b;
	return FF_OK;
}

static int bundle_fork(void **handle, void *self, struct ff_err *err)
{
	const struct bundle *b = self;
	struct bundle *h;
	int rc = bundle_new(&h, b->side, b->site, b->side[0].geo, err);

	if (rc == FF_OK)
		*handle = h;
	return rc;
}

void bundle_destroy(void *self)
{
	struct bundle *b = self;

	if (!b)
		return;
	ff_free(b->grid);
	ff_free(b);
}

/* ---- add and merge ---- */

static void bundle_count(struct bundle *b, const struct ff_flow *flows,
			 const uint16_t *left, const uint16_t *right, size_t n)
{
	int64_t first = b->first_ns, last = b->last_ns;
	uint64_t packets = 0, bytes = 0; /* flows that carry them */

	for (size_t i = 0; i < n; i++) {
		const struct ff_flow *f = &flows[i];
		struct bundle_cell *c = bundle_at(b, left[i], right[i]);

		c->flows++;
		c->packets += f->packets;
		c->bytes += f->bytes;
		packets += f->present >> FF_PACKETS & 1;
		bytes += f->present >> FF_BYTES & 1;
		first = f->start_ns < first ? f->start_ns : first;
		last = f->start_ns > last ? f->start_ns : last;
	}
	b->without_packets += n - packets;
	b->without_bytes += n - bytes;
	b->first_ns = first;
	b->last_ns = last;
}

static int bundle_add(void *self, const struct ff_batch *flows, struct ff_err *err)
{
	struct bundle *b = self;
	uint16_t left[FF_BATCH_FLOWS], right[FF_BATCH_FLOWS];
	int rc;

	for (int i = 0; i < 2; i++)
		if ((rc = bundle_side_check(&b->side[i], b->site, flows->flows,
					    flows->count, err)))
			return rc;
	for (size_t at = 0; at < flows->count; at += FF_BATCH_FLOWS) {
		const struct ff_flow *f = flows->flows + at;
		size_t n = flows->count - at;

		if (n > FF_BATCH_FLOWS)
			n = FF_BATCH_FLOWS;
		bundle_side_locate(left, &b->side[0], f, n);
		bundle_side_locate(right, &b->side[1], f, n);
		bundle_count(b, f, left, right, n);
	}
	return FF_OK;
}

static int check_side(const struct bundle_side *a, const struct bundle_side *b,
		      const char *which, struct ff_err *err)
{
	char x[BUNDLE_TEXT], y[BUNDLE_TEXT];

	if (a->field != b->field)
		return ff_fail(err, FF_EFORMAT,
			       "the states have different fields at the %s: %s and %s",
			       which, a->field->name, b->field->name);
	bundle_side_text(x, a);
	bundle_side_text(y, b);
	if (strcmp(x, y) != 0)
		return ff_fail(err, FF_EFORMAT,
			       "the states have different ranges at the %s: %s and %s",
			       which, x, y);
	return FF_OK;
}

static int bundle_merge(void *self, void *other, struct ff_err *err)
{
	struct bundle *b = self, *o = other;
	int rc;

	if ((rc = check_side(&b->side[0], &o->side[0], "left", err)) ||
	    (rc = check_side(&b->side[1], &o->side[1], "right", err)))
		return rc;
	for (size_t i = 0; i < (size_t)BUNDLE_STRIDE * BUNDLE_STRIDE; i++)
		bundle_cell_add(&b->grid[i], &o->grid[i]);
	memset(o->grid, 0, (size_t)BUNDLE_STRIDE * BUNDLE_STRIDE * sizeof *o->grid);
	b->without_packets += o->without_packets;
	b->without_bytes += o->without_bytes;
	b->first_ns = o->first_ns < b->first_ns ? o->first_ns : b->first_ns;
	b->last_ns = o->last_ns > b->last_ns ? o->last_ns : b->last_ns;
	o->without_packets = o->without_bytes = 0;
	o->first_ns = INT64_MAX;
	o->last_ns = INT64_MIN;
	return FF_OK;
}

const struct ff_agg_type ff_agg_bundle = {
	.name = "bundle",
	.summary = "who talks to whom: flows between two fields, each cut into 256 parts",
	.opts = options,
	.params_size = sizeof(struct bundle_params),
	.how_opts = how_options,
	.how_size = sizeof(struct bundle_how),
	.check = bundle_check,
	.empty = "none lies in both ranges; check '--left-range', '--right-range' and "
		 "the selection",
	.state_version = 1,
	.needs = bundle_needs,
	.geo = bundle_geo,
	.create = bundle_create,
	.fork = bundle_fork,
	.add = bundle_add,
	.merge = bundle_merge,
	.save = bundle_save,
	.load = bundle_load,
	.finish = bundle_finish,
	.destroy = bundle_destroy,
};
