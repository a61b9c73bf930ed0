/* SPDX-License-Identifier: MIT */
/* What the bundle figure draws, out of the result: links by weight, parts, hierarchy. A
 * result may come from a foreign state: nothing in it is trusted. */
#include "figure/bundle.h"

#include <stddef.h>
#include <string.h>

static int data_bad(struct ff_err *err, const char *what)
{
	return ff_fail(err, FF_EFORMAT, "the bundle's %s", what);
}

static const struct ff_column *data_column(const struct ff_table *t, const char *name,
					   enum ff_column_kind kind)
{
	const struct ff_column *c = t ? ff_table_column(t, name) : NULL;

	return c && c->kind == kind ? c : NULL;
}

/* ---- sides ---- */

static bool data_bounds(struct ff_bundle_side *s, const struct ff_table *t)
{
	const struct ff_column *lo = ff_table_column(t, "lo");

	enum ff_column_kind kind =
		lo && (lo->kind == FF_COL_ADDR || lo->kind == FF_COL_CODE) ? lo->kind
									   : FF_COL_U64;

	s->is_addr = kind == FF_COL_ADDR;
	s->is_code = kind == FF_COL_CODE;
	s->lo = data_column(t, "lo", kind);
	s->hi = data_column(t, "hi", kind);
	return s->lo && s->hi;
}

/* Finest first; two levels of one size are one. */
static void data_add_level(struct ff_bundle_side *s, unsigned parts, unsigned bits)
{
	size_t at = s->levels;

	if (parts < 2 || parts >= s->parts || at == FF_BUNDLE_LEVELS ||
	    (at == 1 && s->level_parts[0] == parts))
		return;
	if (at == 1 && parts < s->level_parts[0]) {
		s->level_parts[1] = s->level_parts[0];
		s->level_bits[1] = s->level_bits[0];
		at = 0;
	}
	s->level_parts[at] = parts;
	s->level_bits[at] = bits;
	s->levels++;
}

/* None of countries, whose neighbours have nothing in common. Sixteen groups, and in a
 * CIDR block also those of an octet's (IPv6: group's) boundary.
 */
static void data_levels(struct ff_bundle_side *s)
{
	unsigned bits = 0, unit = s->is_v6 ? 16 : 8;

	while (bits < 8 && 1u << bits < s->parts)
		bits++;
	if (s->is_addr && s->prefix >= 0 && 1u << bits == s->parts) {
		unsigned prefix = (unsigned)s->prefix, whole = (prefix / unit + 1) * unit;

		if (bits > 4)
			data_add_level(s, s->parts >> 4, prefix + 4);
		if (whole > prefix && whole < prefix + bits)
			data_add_level(s, 1u << (prefix + bits - whole), whole);
	} else if (s->parts >= 32 && !s->is_code) {
		data_add_level(s, (s->parts + 15) / 16, 0);
	}
}

/* Octets, or groups of two of IPv6, that the first and the last address share. */
static unsigned data_fixed(const struct ff_bundle_side *s)
{
	const struct ff_addr *a, *b;
	unsigned n = 0;

	if (!s->is_addr)
		return 0;
	a = &s->lo->v.addr[0];
	b = &s->hi->v.addr[s->parts - 1];
	if (!s->is_v6) {
		while (n < 3 && a->b[12 + n] == b->b[12 + n])
			n++;
		return n;
	}
	while (n < 7 && a->b[2 * n] == b->b[2 * n] && a->b[2 * n + 1] == b->b[2 * n + 1])
		n++;
	return n;
}

static int data_side(struct ff_bundle_side *s, const struct ff_result *r, bool is_right,
		     struct ff_err *err)
{
	const struct ff_table *t = ff_result_table(r, is_right ? "right" : "left");
	int64_t prefix =
		ff_result_number(r, is_right ? "right_prefix" : "left_prefix", -1);

	if (!t || t->rows < 1 || t->rows > FF_BUNDLE_PARTS || !data_bounds(s, t))
		return data_bad(err, "sides are not 1 to 256 parts");
	s->parts = (unsigned)t->rows;
	s->field = ff_result_text(r, is_right ? "right_field" : "left_field");
	s->range = s->is_code
			   ? "" /* always all */
			   : ff_result_text(r, is_right ? "right_range" : "left_range");
	s->is_v6 = ff_result_number(r, is_right ? "right_v6" : "left_v6", 0) != 0;
	s->prefix = prefix >= 0 && prefix <= (s->is_v6 ? 128 : 32) ? (int)prefix : -1;
	data_levels(s);
	s->fixed = data_fixed(s);
	return FF_OK;
}

/* ---- links ---- */

static int data_links(struct ff_bundle_data *d, const struct ff_table *t,
		      const struct ff_table *parts, struct ff_err *err)
{
	const struct ff_column *left = data_column(parts, "left_part", FF_COL_U64);
	const struct ff_column *right = data_column(parts, "right_part", FF_COL_U64);
	const struct ff_column *value = data_column(t, d->measure, FF_COL_U64);

	if (!left || !right || !value || parts->rows != t->rows)
		return data_bad(err, "links are not whole");
	d->links = ff_alloc(t->rows, sizeof(*d->links));
	if (!d->links)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < t->rows; i++) {
		struct ff_bundle_link *link = &d->links[d->nlinks];

		if (left->v.u64[i] >= d->side[0].parts ||
		    right->v.u64[i] >= d->side[1].parts)
			return data_bad(err, "links leave its sides");
		if (value->v.u64[i] == 0)
			continue;
		*link = (struct ff_bundle_link){(uint16_t)left->v.u64[i],
						(uint16_t)right->v.u64[i],
						value->v.u64[i]};
		d->side[0].part[link->left].value += link->value;
		d->side[0].part[link->left].partners++;
		d->side[1].part[link->right].value += link->value;
		d->side[1].part[link->right].partners++;
		d->total += (double)link->value;
		d->nlinks++;
	}
	for (size_t i = 1; i < t->rows; i++)
		if (left->v.u64[i] * FF_BUNDLE_PARTS + right->v.u64[i] <=
		    left->v.u64[i - 1] * FF_BUNDLE_PARTS + right->v.u64[i - 1])
			return data_bad(err, "links are not in order");
	if (d->nlinks == 0)
		return ff_fail(err, FF_EFORMAT,
			       "nothing to draw: no flow lies within both ranges");
	return ff_sort_falling(d->links, d->nlinks, sizeof(*d->links),
			       offsetof(struct ff_bundle_link, value), err);
}

static uint64_t data_sum(const struct ff_result *r, const char *flows,
			 const char *packets, const char *bytes, const char *measure)
{
	const char *key = measure[0] == 'f' ? flows : measure[0] == 'p' ? packets : bytes;
	int64_t v = ff_result_number(r, key, 0);

	return v > 0 ? (uint64_t)v : 0;
}

static void data_numbers(struct ff_bundle_data *d, const struct ff_result *r)
{
	int64_t top = ff_result_number(r, "top", 10);
	uint64_t most = top < 0 ? 0 : top > FF_BUNDLE_TOP ? FF_BUNDLE_TOP : (uint64_t)top;

	d->ntop = d->nlinks < most ? d->nlinks : (size_t)most;
	d->all = data_sum(r, "flows", "packets", "bytes", d->measure);
	d->counted =
		data_sum(r, "counted", "counted_packets", "counted_bytes", d->measure);
	d->outside =
		data_sum(r, "outside", "outside_packets", "outside_bytes", d->measure);
	d->absent = data_sum(r, "absent", "absent_packets", "absent_bytes", d->measure);
	d->flows = data_sum(r, "counted", "", "", "flows");
	d->first_ns = ff_result_number(r, "first_ns", 0);
	d->last_ns = ff_result_number(r, "last_ns", -1);
	for (int side = 0; side < 2; side++)
		for (unsigned i = 0; i < d->side[side].parts; i++)
			d->side[side].used += d->side[side].part[i].value > 0;
}

int ff_bundle_data_init(struct ff_bundle_data *d, const struct ff_result *r,
			struct ff_err *err)
{
	const struct ff_table *t = ff_result_table(r, "bundle");
	const char *measure = ff_result_text(r, "measure");
	int rc;

	memset(d, 0, sizeof(*d));
	d->result = r;
	d->measure = measure[0] == 'p'	 ? "packets"
		     : measure[0] == 'b' ? "bytes"
					 : "flows";
	if (!t)
		return data_bad(err, "table is missing");
	rc = data_side(&d->side[0], r, false, err);
	if (rc == FF_OK)
		rc = data_side(&d->side[1], r, true, err);
	if (rc == FF_OK)
		rc = data_links(d, t, ff_result_table(r, "links"), err);
	if (rc < 0) {
		ff_bundle_data_release(d);
		return rc;
	}
	data_numbers(d, r);
	return FF_OK;
}

void ff_bundle_data_release(struct ff_bundle_data *d)
{
	ff_free(d->links);
	d->links = NULL;
}
