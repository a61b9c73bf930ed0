/* SPDX-License-Identifier: MIT */
/* bundle_finish - from the grid to tables and attributes; see bundle.h. */
#include "aggregate/bundle.h"
#include "aggregate/measure.h"

#include <string.h>

enum { BUNDLE, LINKS, LEFT, RIGHT, TABLES };

/* Kinds of the columns of values are those of the fields. */
static const struct ff_column bundle_columns[] = {
	{"left_lo", "", "first value of the part at the left", FF_COL_U64, {0}},
	{"left_hi", "", "last value of the part at the left", FF_COL_U64, {0}},
	{"right_lo", "", "first value of the part at the right", FF_COL_U64, {0}},
	{"right_hi", "", "last value of the part at the right", FF_COL_U64, {0}},
	{"flows", "", "flows from the left part to the right part", FF_COL_U64, {0}},
	{"packets", "packets", "packets of these flows", FF_COL_U64, {0}},
	{"bytes", "bytes", "bytes of these flows", FF_COL_U64, {0}},
};
static const struct ff_column links_columns[] = {
	{"left_part", "", "number of the part at the left", FF_COL_U64, {0}},
	{"right_part", "", "number of the part at the right", FF_COL_U64, {0}},
};
static const struct ff_column side_columns[] = {
	{"part", "", "number of the part, from 0", FF_COL_U64, {0}},
	{"lo", "", "first value of the part", FF_COL_U64, {0}},
	{"hi", "", "last value of the part", FF_COL_U64, {0}},
	{"flows", "", "flows of the part", FF_COL_U64, {0}},
	{"packets", "packets", "packets of these flows", FF_COL_U64, {0}},
	{"bytes", "bytes", "bytes of these flows", FF_COL_U64, {0}},
	{"partners",
	 "",
	 "parts of the other side that it has flows with",
	 FF_COL_U64,
	 {0}},
};
enum { BUNDLE_COLUMNS = 7, LINKS_COLUMNS = 2, SIDE_COLUMNS = 7 };

/* ---- tables ---- */

static void set_kind(struct ff_column *c, const struct bundle_side *s)
{
	c->kind = s->field->is_addr	 ? FF_COL_ADDR
		  : s->field->is_country ? FF_COL_CODE
					 : FF_COL_U64;
	c->unit = s->field->is_ms ? "ms" : "";
}

static int init_tables(struct ff_result *r, const struct bundle *b, struct ff_err *err)
{
	struct ff_column wide[BUNDLE_COLUMNS], left[SIDE_COLUMNS], right[SIDE_COLUMNS];
	int rc;

	memcpy(wide, bundle_columns, sizeof wide);
	memcpy(left, side_columns, sizeof left);
	memcpy(right, side_columns, sizeof right);
	for (int i = 0; i < 2; i++) {
		set_kind(&wide[i], &b->side[0]);
		set_kind(&wide[2 + i], &b->side[1]);
		set_kind(&left[1 + i], &b->side[0]);
		set_kind(&right[1 + i], &b->side[1]);
	}
	if (!(r->tables = ff_calloc(TABLES, sizeof *r->tables)))
		return ff_fail_nomem(err);
	r->ntables = TABLES;
	if ((rc = ff_table_init(&r->tables[BUNDLE], "bundle", wide, BUNDLE_COLUMNS,
				err)) ||
	    (rc = ff_table_init(&r->tables[LINKS], "links", links_columns, LINKS_COLUMNS,
				err)) ||
	    (rc = ff_table_init(&r->tables[LEFT], "left", left, SIDE_COLUMNS, err)))
		return rc;
	return ff_table_init(&r->tables[RIGHT], "right", right, SIDE_COLUMNS, err);
}

/* First and last value of a part into two columns. */
static void put_bounds(struct ff_table *t, size_t column, const struct bundle_side *s,
		       unsigned part)
{
	for (unsigned last = 0; last < 2; last++) {
		struct ff_column *c = &t->columns[column + last];

		if (s->field->is_addr)
			c->v.addr[t->rows] = bundle_part_addr(s, part, last);
		else if (s->field->is_country)
			c->v.u16[t->rows] = ff_country_at(part);
		else
			c->v.u64[t->rows] = bundle_part_number(s, part, last);
	}
}

static void put_sums(struct ff_table *t, size_t column, const struct bundle_cell *c)
{
	t->columns[column].v.u64[t->rows] = c->flows;
	t->columns[column + 1].v.u64[t->rows] = c->packets;
	t->columns[column + 2].v.u64[t->rows] = c->bytes;
}

static int fill_links(struct ff_result *r, const struct bundle *b, struct ff_err *err)
{
	struct ff_table *t = &r->tables[BUNDLE], *l = &r->tables[LINKS];
	unsigned parts[2] = {b->side[0].parts, b->side[1].parts};
	size_t rows = 0;
	int rc;

	for (unsigned i = 0; i < parts[0]; i++)
		for (unsigned k = 0; k < parts[1]; k++)
			rows += bundle_at(b, i, k)->flows > 0;
	if ((rc = ff_table_reserve(t, rows, err)) ||
	    (rc = ff_table_reserve(l, rows, err)))
		return rc;
	for (unsigned i = 0; i < parts[0]; i++) {
		for (unsigned k = 0; k < parts[1]; k++) {
			if (!bundle_at(b, i, k)->flows)
				continue;
			put_bounds(t, 0, &b->side[0], i);
			put_bounds(t, 2, &b->side[1], k);
			put_sums(t, 4, bundle_at(b, i, k));
			l->columns[0].v.u64[l->rows] = i;
			l->columns[1].v.u64[l->rows] = k;
			t->rows++;
			l->rows++;
		}
	}
	return FF_OK;
}

static int fill_side(struct ff_table *t, const struct bundle *b, int which,
		     struct ff_err *err)
{
	const struct bundle_side *s = &b->side[which];
	unsigned others = b->side[!which].parts;
	int rc = ff_table_reserve(t, s->parts, err);

	for (unsigned i = 0; i < s->parts && rc == FF_OK; i++) {
		struct bundle_cell sum = {0};
		uint64_t partners = 0;

		for (unsigned k = 0; k < others; k++) {
			const struct bundle_cell *c =
				which ? bundle_at(b, k, i) : bundle_at(b, i, k);

			bundle_cell_add(&sum, c);
			partners += c->flows > 0;
		}
		t->columns[0].v.u64[t->rows] = i;
		put_bounds(t, 1, s, i);
		put_sums(t, 3, &sum);
		t->columns[6].v.u64[t->rows] = partners;
		t->rows++;
	}
	return rc;
}

/* ---- attributes ---- */

static int set_sums(struct ff_result *r, const char *const keys[3],
		    const struct bundle_cell *c, struct ff_err *err)
{
	int rc;

	if ((rc = ff_result_set_number(r, keys[0], agg_attr(c->flows), err)) ||
	    (rc = ff_result_set_number(r, keys[1], agg_attr(c->packets), err)))
		return rc;
	return ff_result_set_number(r, keys[2], agg_attr(c->bytes), err);
}

/* Sums of all flows, and of the three things that a flow can count as. */
static int set_totals(struct ff_result *r, const struct bundle *b, struct ff_err *err)
{
	static const char *const keys[][3] = {
		{"flows", "packets", "bytes"},
		{"counted", "counted_packets", "counted_bytes"},
		{"outside", "outside_packets", "outside_bytes"},
		{"absent", "absent_packets", "absent_bytes"},
	};
	struct bundle_cell sums[4] = {{0}};
	int rc = FF_OK;

	for (unsigned i = 0; i < BUNDLE_STRIDE; i++) {
		for (unsigned k = 0; k < BUNDLE_STRIDE; k++) {
			bool absent = i == BUNDLE_ABSENT || k == BUNDLE_ABSENT;
			bool outside = i == BUNDLE_OUTSIDE || k == BUNDLE_OUTSIDE;

			bundle_cell_add(&sums[0], bundle_at(b, i, k));
			bundle_cell_add(&sums[absent	? 3
					      : outside ? 2
							: 1],
					bundle_at(b, i, k));
		}
	}
	for (int i = 0; i < 4 && rc == FF_OK; i++)
		rc = set_sums(r, keys[i], &sums[i], err);
	return rc;
}

static int set_texts(struct ff_result *r, const struct bundle *b, enum agg_measure m,
		     struct ff_err *err)
{
	char left[BUNDLE_TEXT], right[BUNDLE_TEXT];
	int rc;

	bundle_side_text(left, &b->side[0]);
	bundle_side_text(right, &b->side[1]);
	if ((rc = ff_result_set_text(r, "left_field", b->side[0].field->name, err)) ||
	    (rc = ff_result_set_text(r, "right_field", b->side[1].field->name, err)) ||
	    (rc = ff_result_set_text(r, "left_range", left, err)) ||
	    (rc = ff_result_set_text(r, "right_range", right, err)))
		return rc;
	return ff_result_set_text(r, "measure", agg_measure_names[m], err);
}

static int set_attributes(struct ff_result *r, const struct bundle *b,
			  const struct bundle_how *how, struct ff_err *err)
{
	const struct {
		const char *key;
		int64_t v;
	} numbers[] = {
		{"without_packets", agg_attr(b->without_packets)},
		{"without_bytes", agg_attr(b->without_bytes)},
		{"left_parts", b->side[0].parts},
		{"right_parts", b->side[1].parts},
		{"left_prefix", bundle_side_bits(&b->side[0])},
		{"right_prefix", bundle_side_bits(&b->side[1])},
		{"left_v6", b->side[0].is_v6},
		{"right_v6", b->side[1].is_v6},
		{"first_ns", b->first_ns},
		{"last_ns", b->last_ns},
		{"top", agg_attr(how->top)},
	};
	int rc = set_totals(r, b, err);

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers && rc == FF_OK; i++)
		rc = ff_result_set_number(r, numbers[i].key, numbers[i].v, err);
	return rc ? rc : set_texts(r, b, (enum agg_measure)how->measure, err);
}

/* ---- finish ---- */

int bundle_finish(void *self, const void *how, struct ff_result *out, unsigned threads,
		  struct ff_err *err)
{
	const struct bundle *b = self;
	const struct bundle_how *h = how;
	enum agg_measure m = (enum agg_measure)h->measure;
	struct ff_result r = {0};
	int rc;

	(void)threads;
	if ((rc = init_tables(&r, b, err)) || (rc = fill_links(&r, b, err)) ||
	    (rc = fill_side(&r.tables[LEFT], b, 0, err)) ||
	    (rc = fill_side(&r.tables[RIGHT], b, 1, err)) ||
	    (rc = set_attributes(&r, b, h, err)))
		goto out;
	rc = agg_measure_check(m, m == AGG_BYTES ? b->without_bytes : b->without_packets,
			       (uint64_t)ff_result_number(&r, "flows", 0), err);
	if (rc || (rc = bundle_findings(&r, b, h, err)))
		goto out;
	*out = r;
	r = (struct ff_result){0};
out:
	ff_result_release(&r);
	return rc;
}
