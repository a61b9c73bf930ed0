/* SPDX-License-Identifier: MIT */
/* bundle_state - a bundle aggregate in a state: the sides, as they would be given again;
 * times; then the cells with flows in ascending order, each as its distance from the one
 * before and its three sums. */
#include "aggregate/bundle.h"

#include <string.h>

int bundle_save(void *self, struct ff_state_writer *w, struct ff_err *err)
{
	const struct bundle *b = self;
	const size_t cells = (size_t)BUNDLE_STRIDE * BUNDLE_STRIDE;
	uint64_t used = 0;
	size_t last = 0;

	(void)err;
	for (int i = 0; i < 2; i++) {
		char text[BUNDLE_TEXT];

		ff_state_put_text(w, b->side[i].field->name);
		ff_state_put_text(w, bundle_side_text(text, &b->side[i]));
	}
	ff_state_put_i64(w, b->first_ns);
	ff_state_put_i64(w, b->last_ns);
	ff_state_put_u64(w, b->without_packets);
	ff_state_put_u64(w, b->without_bytes);
	for (size_t i = 0; i < cells; i++)
		used += b->grid[i].flows > 0;
	ff_state_put_u64(w, used);
	for (size_t i = 0; i < cells; i++) {
		const struct bundle_cell *c = &b->grid[i];

		if (!c->flows)
			continue;
		ff_state_put_u64(w, i - last);
		ff_state_put_u64(w, c->flows);
		ff_state_put_u64(w, c->packets);
		ff_state_put_u64(w, c->bytes);
		last = i;
	}
	return FF_OK;
}

/* ---- loading ---- */

static int load_side(struct bundle_side *s, const char *which, struct ff_state_reader *r,
		     struct ff_err *err)
{
	char *name = NULL, *range = NULL;
	const struct bundle_field *field = NULL;
	int rc = ff_state_get_text(r, &name, BUNDLE_TEXT, err);

	if (rc == FF_OK && !(field = bundle_field_find(name)))
		rc = ff_state_bad(r, err, "a field that no bundle state has");
	if (rc == FF_OK)
		rc = ff_state_get_text(r, &range, BUNDLE_TEXT, err);
	if (rc == FF_OK && bundle_side_init(s, field, range, which, NULL))
		rc = ff_state_bad(r, err, "a range that no bundle state has");
	ff_free(name);
	ff_free(range);
	return rc;
}

/* Whether a flow can fall into cell `at`. */
static bool load_has(const struct bundle *b, size_t at)
{
	size_t left = at / BUNDLE_STRIDE, right = at % BUNDLE_STRIDE;

	return (left < b->side[0].parts || left >= BUNDLE_PARTS) &&
	       (right < b->side[1].parts || right >= BUNDLE_PARTS);
}

static int load_cells(struct bundle *b, uint64_t used, uint64_t *flows,
		      struct ff_state_reader *r, struct ff_err *err)
{
	const size_t cells = (size_t)BUNDLE_STRIDE * BUNDLE_STRIDE;
	size_t at = 0;

	for (uint64_t i = 0; i < used; i++) {
		uint64_t v[4]; /* step, flows, packets, bytes */
		int rc = ff_state_get_u64s(r, v, 4, err);

		if (rc)
			return rc;
		if (v[0] >= cells - at || (i && !v[0]) || !load_has(b, at + v[0]) ||
		    !v[1] || v[1] > UINT64_MAX - *flows)
			return ff_state_bad(r, err, "an impossible cell");
		at += v[0];
		b->grid[at] = (struct bundle_cell){v[1], v[2], v[3]};
		*flows += v[1];
	}
	return FF_OK;
}

static int load_bundle(struct bundle *b, struct ff_state_reader *r, struct ff_err *err)
{
	uint64_t used, flows = 0;
	int rc;

	if ((rc = ff_state_get_i64(r, &b->first_ns, err)) ||
	    (rc = ff_state_get_i64(r, &b->last_ns, err)) ||
	    (rc = ff_state_get_u64(r, &b->without_packets, err)) ||
	    (rc = ff_state_get_u64(r, &b->without_bytes, err)) ||
	    (rc = ff_state_get_u64(r, &used, err)))
		return rc;
	if ((used > 0) != (b->first_ns <= b->last_ns) ||
	    (!used && (b->first_ns != INT64_MAX || b->last_ns != INT64_MIN)))
		return ff_state_bad(r, err, "times that no bundle state has");
	if ((rc = load_cells(b, used, &flows, r, err)))
		return rc;
	if (b->without_packets > flows || b->without_bytes > flows)
		return ff_state_bad(r, err, "more flows than there are");
	return FF_OK;
}

int bundle_load(void **self, const struct ff_agg_context *ctx, struct ff_state_reader *r,
		struct ff_err *err)
{
	struct bundle_side side[2];
	struct bundle *b = NULL;
	int rc;

	if ((rc = load_side(&side[0], "left", r, err)) ||
	    (rc = load_side(&side[1], "right", r, err)))
		return rc;
	if (side[0].field == side[1].field)
		return ff_state_bad(r, err, "the same field at both sides");
	if ((rc = bundle_new(&b, side, ctx->site, ctx->geo, err)) ||
	    (rc = load_bundle(b, r, err))) {
		bundle_destroy(b);
		return rc;
	}
	*self = b;
	return FF_OK;
}
