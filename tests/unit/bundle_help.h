/* SPDX-License-Identifier: MIT */
/* bundle_help - bundle results made in memory, as the aggregate hands them on. */
#ifndef TEST_BUNDLE_HELP_H
#define TEST_BUNDLE_HELP_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <flowfig/geo.h>
#include <flowfig/table.h>

struct dice {
	uint64_t state;
};
static inline uint64_t dice_roll(struct dice *d, uint64_t sides)
{
	d->state += UINT64_C(0x9e3779b97f4a7c15);
	return ff_mix64(d->state) % sides;
}
static inline double dice_unit(struct dice *d)
{
	return ((double)dice_roll(d, UINT64_C(1) << 53) + .5) / 9007199254740992.0;
}

/* One side: a field and its range. IPv6 ranges have `prefix` bits of 2001:db8::. */
struct sample_side {
	const char *field;
	bool is_addr, is_v6;
	int prefix; /* -1 = no block */
	uint64_t lo, size;
	unsigned parts;
};
static inline bool sample_is_code(const struct sample_side *s) /* countries */
{
	return strcmp(s->field + 1, "cc") == 0;
}

static inline struct ff_addr sample_v6(const struct sample_side *s, unsigned part,
				       bool is_last)
{
	struct ff_addr a = {{0x20, 0x01, 0x0d, 0xb8, 0, 7}};
	int end = s->prefix + 8 < 128 ? s->prefix + 8 : 128;

	for (int i = s->prefix; i < 128; i++)
		a.b[i / 8] &= (uint8_t) ~(0x80u >> i % 8);
	for (int i = s->prefix; i < end; i++)
		if (part >> (end - 1 - i) & 1)
			a.b[i / 8] |= (uint8_t)(0x80u >> i % 8);
	for (int i = end; is_last && i < 128; i++)
		a.b[i / 8] |= (uint8_t)(0x80u >> i % 8);
	return a;
}

static inline void sample_bounds(const struct ff_table *t, size_t column, size_t row,
				 const struct sample_side *s, unsigned part)
{
	for (unsigned last = 0; last < 2; last++) {
		uint64_t v = s->lo + (part + last) * s->size / s->parts - last;

		if (sample_is_code(s))
			t->columns[column + last].v.u16[row] = ff_country_at(part);
		else if (!s->is_addr)
			t->columns[column + last].v.u64[row] = v;
		else
			t->columns[column + last].v.addr[row] =
				s->is_v6 ? sample_v6(s, part, last)
					 : ff_addr_from_v4((uint32_t)v);
	}
}

static inline void sample_tables(struct ff_result *r, const struct sample_side side[2])
{
	static const char *const names[] = {"bundle", "links", "left", "right"};
	static const char *const columns[4][8] = {
		{"left_lo", "left_hi", "right_lo", "right_hi", "flows", "packets",
		 "bytes"},
		{"left_part", "right_part"},
		{"part", "lo", "hi", "flows", "packets", "bytes", "partners"},
		{"part", "lo", "hi", "flows", "packets", "bytes", "partners"},
	};

	memset(r, 0, sizeof(*r));
	r->tables = ff_calloc(4, sizeof(*r->tables));
	r->ntables = 4;
	for (int t = 0; t < 4; t++) {
		struct ff_column c[8];
		size_t n = 0;

		for (; n < 8 && columns[t][n]; n++) {
			int which = t == 0 ? (int)n / 2 : t - 2;
			bool is_bound = t == 0 ? n < 4 : t > 1 && (n == 1 || n == 2);

			c[n] = (struct ff_column){.name = columns[t][n],
						  .unit = "",
						  .meaning = "",
						  .kind = FF_COL_U64};
			if (is_bound)
				c[n].kind = side[which].is_addr		   ? FF_COL_ADDR
					    : sample_is_code(&side[which]) ? FF_COL_CODE
									   : FF_COL_U64;
		}
		ff_table_init(&r->tables[t], names[t], c, n, NULL);
	}
	for (int k = 0; k < 2; k++) {
		struct ff_table *t = &r->tables[2 + k];

		ff_table_reserve(t, side[k].parts, NULL);
		for (unsigned i = 0; i < side[k].parts; i++) {
			for (size_t c = 0; c < 7; c++)
				if (t->columns[c].kind == FF_COL_U64)
					t->columns[c].v.u64[i] = 0;
			t->columns[0].v.u64[i] = i;
			sample_bounds(t, 1, i, &side[k], i);
			t->rows++;
		}
	}
}

/* Cells must come in the order of their parts. */
static inline void sample_cell(struct ff_result *r, const struct sample_side side[2],
			       unsigned left, unsigned right, uint64_t flows)
{
	struct ff_table *t = &r->tables[0], *l = &r->tables[1];

	ff_table_reserve(t, t->rows + 1, NULL);
	ff_table_reserve(l, l->rows + 1, NULL);
	sample_bounds(t, 0, t->rows, &side[0], left);
	sample_bounds(t, 2, t->rows, &side[1], right);
	t->columns[4].v.u64[t->rows] = flows;
	t->columns[5].v.u64[t->rows] = 3 * flows;
	t->columns[6].v.u64[t->rows] = 100 * flows;
	l->columns[0].v.u64[l->rows] = left;
	l->columns[1].v.u64[l->rows] = right;
	t->rows++;
	l->rows++;
}

static inline void sample_side_attrs(struct ff_result *r, const struct sample_side *s,
				     bool is_right)
{
	char range[120], text[FF_ADDR_TEXT];
	struct ff_addr a =
		s->is_v6 ? sample_v6(s, 0, false) : ff_addr_from_v4((uint32_t)s->lo);

	if (!s->is_addr)
		snprintf(range, sizeof(range), "%llu-%llu", (unsigned long long)s->lo,
			 (unsigned long long)(s->lo + s->size - 1));
	else
		snprintf(range, sizeof(range), "%s/%d",
			 ff_format_addr(text, sizeof(text), &a), s->prefix);
	ff_result_set_text(r, is_right ? "right_field" : "left_field", s->field, NULL);
	ff_result_set_text(r, is_right ? "right_range" : "left_range", range, NULL);
	ff_result_set_number(r, is_right ? "right_prefix" : "left_prefix", s->prefix,
			     NULL);
	ff_result_set_number(r, is_right ? "right_v6" : "left_v6", s->is_v6, NULL);
}

static inline void sample_attrs(struct ff_result *r, const struct sample_side side[2],
				const char *measure, uint64_t outside, int64_t top)
{
	int64_t flows = 0;

	for (size_t i = 0; i < r->tables[0].rows; i++)
		flows += (int64_t)r->tables[0].columns[4].v.u64[i];
	for (int k = 0; k < 2; k++)
		sample_side_attrs(r, &side[k], k);
	ff_result_set_text(r, "measure", measure, NULL);
	ff_result_set_number(r, "flows", flows + (int64_t)outside, NULL);
	ff_result_set_number(r, "counted", flows, NULL);
	ff_result_set_number(r, "outside", (int64_t)outside, NULL);
	ff_result_set_number(r, "absent", 0, NULL);
	ff_result_set_number(r, "top", top, NULL);
	ff_result_set_number(r, "first_ns", INT64_C(1700000000) * FF_SEC, NULL);
	ff_result_set_number(r, "last_ns", INT64_C(1700300000) * FF_SEC, NULL);
}

/* ---- at random ---- */

static inline struct sample_side sample_random_side(struct dice *d, bool is_right)
{
	int prefix = (int)dice_roll(d, 33), v6 = (int)dice_roll(d, 113);
	struct sample_side s = {.field = is_right ? "dip" : "sip", .prefix = -1};

	switch (dice_roll(d, 9)) {
	case 0: /* any range of addresses */
		s.is_addr = true;
		s.lo = dice_roll(d, UINT64_C(1) << 31);
		s.size = 1 + dice_roll(d, UINT64_C(1) << dice_roll(d, 31));
		break;
	case 1:
		s.is_addr = s.is_v6 = true;
		s.prefix = v6 + (int)dice_roll(d, 16);
		s.size = 256;
		break;
	case 2:
		s.field = is_right ? "dport" : "sport";
		s.size = 65536;
		break;
	case 3:
		s.field = is_right ? "dport" : "sport";
		s.size = 1 + dice_roll(d, 2000);
		break;
	case 4:
		s.field = is_right ? "protocol" : "bytes";
		s.size = is_right ? 256 : UINT64_C(1) << 32;
		break;
	case 5:
		s.field = is_right ? "dcc" : "scc";
		s.size = ff_country_count();
		break;
	default:
		s.is_addr = true;
		s.prefix = prefix;
		s.size = UINT64_C(1) << (32 - prefix);
		s.lo = prefix ? (UINT64_C(0xc6120400) & ~(s.size - 1)) : 0;
	}
	s.parts = s.size < 256 ? (unsigned)s.size : 256;
	return s;
}

static inline uint64_t sample_value(struct dice *d)
{
	return (uint64_t)fmin(1e12, pow(dice_unit(d), -.3 - 2 * dice_unit(d)));
}

/* Of any shape that the aggregate may hand on; about `cells` cells where they fit. */
static inline void sample_random(struct ff_result *r, struct dice *d, double cells)
{
	static const char *const measures[] = {"flows", "packets", "bytes"};
	struct sample_side side[2] = {sample_random_side(d, false),
				      sample_random_side(d, true)};
	double chance = cells / ((double)side[0].parts * side[1].parts);
	unsigned rows = 1 + (unsigned)dice_roll(d, side[0].parts);

	if (dice_roll(d, 3))
		rows = side[0].parts;
	sample_tables(r, side);
	for (unsigned i = 0; i < rows; i++)
		for (unsigned k = 0; k < side[1].parts; k++)
			if (dice_unit(d) < chance)
				sample_cell(r, side, i, k, sample_value(d));
	if (r->tables[0].rows == 0)
		sample_cell(r, side, rows - 1, (unsigned)dice_roll(d, side[1].parts),
			    sample_value(d));
	sample_attrs(r, side, measures[dice_roll(d, 3)],
		     dice_roll(d, 2) ? dice_roll(d, 100000) : 0,
		     dice_roll(d, 4) ? 10 : (int64_t)dice_roll(d, 101));
}

#endif
