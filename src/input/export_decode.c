/* SPDX-License-Identifier: MIT */
/* export_decode - the listed data sets of a block become flows; options are taken in. */
#include "input/export_flow.h"
#include "input/export_session.h"

#include <inttypes.h>

enum { SAMPLERS_MAX = 1024 };

/* ---- flows ---- */

/* What is left of a data set: padding, unless it is more than that. */
static void decode_tail(const struct export_session *s, struct ff_block *b,
			const struct export_item *it)
{
	const uint8_t *p = b->data + it->at + b->pos, *end = b->data + it->at + it->len;
	uint64_t offset = it->offset + b->pos;

	if (it->cut || end - p < 4)
		return;
	while (p < end && *p == 0)
		p++;
	if (p < end)
		ff_block_bad(b, offset, 1,
			     "damaged: record cut short in '%s' at byte %" PRIu64,
			     s->name, offset);
}

static int decode_record(const struct export_session *s, const struct export_item *it,
			 const struct export_values *v, struct ff_flow f[2],
			 const char **why)
{
	int n = export_flows(f, v, it, s->orient, why);

	if (!s->scale)
		return n;
	for (int i = 0; i < n; i++) {
		struct export_rate rate = {.sent = 1, .of = it->interval};

		if (it->version != EXPORT_V5)
			rate = export_rate_of(v, it->sampling);
		export_scale(&f[i], rate);
	}
	return n;
}

void export_decode(const struct export_session *s, struct ff_block *b,
		   struct ff_batch *out)
{
	const struct export_item *items =
		(const struct export_item *)(const void *)b->scratch.data;
	size_t n = b->scratch.len / sizeof *items;
	struct export_values v;

	while (b->note < n && out->cap - out->count >= 2) {
		const struct export_item *it = &items[b->note];
		const char *why = "";
		size_t len;
		int flows;

		len = export_values_read(&v, it->template, b->data + it->at + b->pos,
					 it->len - b->pos);
		if (len == 0) {
			decode_tail(s, b, it);
			b->note++;
			b->pos = 0;
			continue;
		}
		flows = decode_record(s, it, &v, out->flows + out->count, &why);
		if (flows > 0)
			out->count += (size_t)flows;
		else if (flows == 0)
			b->other++;
		else
			ff_block_bad(b, it->offset + b->pos, 1,
				     "damaged: %s in '%s' at byte %" PRIu64, why, s->name,
				     it->offset + b->pos);
		b->pos += len;
	}
}

/* ---- options ---- */

/* Blocks that were listed before keep what was known then. */
static int options_rate(struct export_session *s, struct export_domain *d,
			struct export_rate rate, struct ff_err *err)
{
	const struct export_sampling *old = d->sampling;
	size_t count = old ? old->count : 0, i = 0, bytes;
	struct export_sampling *made;

	while (i < count && old->rates[i].sampler != rate.sampler)
		i++;
	if (i < count ? old->rates[i].sent == rate.sent && old->rates[i].of == rate.of
		      : i == SAMPLERS_MAX)
		return FF_OK;
	bytes = sizeof *made + (count + (i == count)) * sizeof *made->rates;
	if (!export_keep(s, bytes))
		return FF_OK;
	made = ff_alloc(1, bytes);
	if (!made)
		return ff_fail_nomem(err);
	made->count = count + (i == count);
	if (count > 0)
		memcpy(made->rates, old->rates, count * sizeof *made->rates);
	made->rates[i] = rate;
	made->next = s->samplings;
	s->samplings = made;
	d->sampling = made;
	return FF_OK;
}

int export_options(struct export_session *s, struct export_domain *d,
		   const struct export_item *item, struct ff_block *b, struct ff_err *err)
{
	const uint8_t *p = b->data + item->at;
	size_t left = item->len, len;
	struct export_values v;

	while ((len = export_values_read(&v, item->template, p, left)) > 0) {
		int rc = FF_OK;

		if (export_has(&v, 0, EXPORT_BOOT_MS) &&
		    v.number[0][EXPORT_BOOT_MS] <= INT64_MAX / FF_MS) {
			d->boot_ns = (int64_t)v.number[0][EXPORT_BOOT_MS] * FF_MS;
			d->has_boot = true;
		}
		if (s->scale && (v.has[0] & EXPORT_RATES))
			rc = options_rate(s, d, export_rate_of(&v, NULL), err);
		if (rc < 0)
			return rc;
		b->other++;
		p += len;
		left -= len;
	}
	return FF_OK;
}
