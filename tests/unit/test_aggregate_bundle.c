/* SPDX-License-Identifier: MIT */
/* bundle: the table against brute force; any order, split, thread count and way through
 * states gives the same bytes; ranges, findings, hostile states, failing memory */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "aggregate/bundle.h"
#include "aggregate/measure.h"
#include <flowfig/select.h>

enum { FLOWS = 4000 };

static uint64_t seed = 1;
static uint32_t below(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((seed >> 33) % n);
}

/* Values at the edges of ranges and parts as often as between them. */
static uint64_t number(uint64_t max)
{
	static const uint64_t edges[] = {0,   1,   80,	  255,	      256,
					 257, 999, 65535, UINT32_MAX, UINT64_C(1) << 32};
	uint64_t v = below(3) ? ((uint64_t)below(1u << 31) << 3 | below(8)) >> below(34)
			      : edges[below(10)];

	return v > max ? v % (max + 1) : v;
}

static struct ff_addr address(void)
{
	static const uint32_t nets[] = {0x0a000000, 0x0a010000, 0xc0000200, 0};
	static const uint8_t v6[16] = {0x20, 0x01, 0x0d, 0xb8};
	struct ff_addr a;
	unsigned bytes = below(5); /* that are random, at the end */

	if (below(3)) {
		uint32_t net = nets[below(4)], host = below(65536) << 16 | below(65536);

		return bytes ? ff_addr_from_v4(net ^ host >> (32 - 8 * bytes))
			     : ff_addr_from_v4(0x0a00004d);
	}
	memcpy(a.b, v6, 16);
	for (unsigned i = 16 - 3 * bytes; i < 16; i++)
		a.b[i] ^= (uint8_t)(below(2) ? below(256) : 0);
	if (!bytes)
		a.b[15] = (uint8_t)below(16);
	return a;
}

static void make_flows(struct ff_flow *f, size_t n)
{
	static const uint8_t protocols[] = {6, 17, 1, 58, 47, 132};

	memset(f, 0, n * sizeof *f);
	for (size_t i = 0; i < n; i++) {
		f[i].present = FF_ALL_FIELDS;
		if (below(20) == 0)
			f[i].present &= ~FF_BIT(below(FF_FIELDS));
		f[i].sip = address();
		f[i].dip = address();
		f[i].nhip = address();
		f[i].protocol = protocols[below(6)];
		f[i].sport = (uint16_t)number(65535);
		f[i].dport = (uint16_t)number(65535);
		f[i].packets = number(UINT64_MAX - 1);
		f[i].bytes = number(UINT64_MAX - 1);
		f[i].start_ns = (int64_t)below(1u << 30) * FF_SEC;
		f[i].end_ns = f[i].start_ns + (int64_t)number(UINT32_MAX) * FF_MS / 2;
		if (below(30) == 0)
			f[i].end_ns = f[i].start_ns - 1;
		f[i].sensor = (uint16_t)number(65535);
		f[i].in = (uint32_t)number(UINT32_MAX);
		f[i].out = (uint32_t)number(UINT32_MAX);
		f[i].icmp_type = (uint8_t)below(256);
		f[i].icmp_code = (uint8_t)below(20);
		f[i].application = (uint16_t)number(65535);
		if (f[i].protocol != 1 && f[i].protocol != 58)
			f[i].present &= ~(FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE));
		if (!(f[i].present & FF_BIT(FF_PACKETS)))
			f[i].packets = 0;
		if (!(f[i].present & FF_BIT(FF_BYTES)))
			f[i].bytes = 0;
	}
}

/* ---- making and finishing ---- */

struct sides {
	const char *left, *right, *left_range, *right_range;
	uint64_t lo[2], size[2]; /* numbers only; size 0 = address */
};

static const struct sides cases[] = {
	{"sip", "dip", NULL, NULL, {0, 0}, {0, 0}},
	{"sip", "dip", "10.0.0.0/8", "10.1.0.0/22", {0, 0}, {0, 0}},
	{"dip", "nhip", "10.0.0.77", "10.0.0.0/27", {0, 0}, {0, 0}},
	{"sip", "dip", "10.0.0.3-10.1.0.200", "192.0.0.1-193.0.2.0", {0, 0}, {0, 0}},
	{"sip", "dip", "2001:db8::/29", "2001:db8::/32", {0, 0}, {0, 0}},
	{"sip", "nhip", "2001:db8::/61", "::/0", {0, 0}, {0, 0}},
	{"sip", "dip", "2001:db8::/120", "2001:db8::/125", {0, 0}, {0, 0}},
	{"sport", "dport", NULL, "0-1023", {0, 0}, {65536, 1024}},
	{"sport", "dport", "1-65535", "80", {1, 80}, {65535, 1}},
	{"protocol", "packets", NULL, NULL, {0, 0}, {256, UINT64_C(1) << 32}},
	{"bytes", "duration", "40-1500", "0-9999", {40, 0}, {1461, 10000}},
	{"bytes", "packets", "4294967000-4294968000", "1-3", {4294967000, 1}, {1001, 3}},
	{"sensor", "in", NULL, NULL, {0, 0}, {65536, UINT64_C(1) << 32}},
	{"out", "application", "3-259", "5-777", {3, 5}, {257, 773}},
	{"icmp-type", "icmp-code", NULL, "0-15", {0, 0}, {256, 16}},
	{"icmp-type", "next-hop", "8", NULL, {8, 0}, {1, 0}},
};
enum { CASES = sizeof cases / sizeof *cases };

static int set_params(struct bundle_params *p, const struct sides *s, struct ff_err *err)
{
	int rc = ff_opts_defaults(ff_agg_bundle.opts, p, err);

	if (rc == FF_OK)
		rc = ff_opts_set(ff_agg_bundle.opts, p, "left", s->left, err);
	if (rc == FF_OK)
		rc = ff_opts_set(ff_agg_bundle.opts, p, "right", s->right, err);
	p->left_range = s->left_range;
	p->right_range = s->right_range;
	return rc;
}

static int create_rc(void **self, const struct sides *s, struct ff_err *err)
{
	struct ff_agg_context ctx = {.memory_bytes = 1 << 20};
	struct bundle_params p;
	int rc = set_params(&p, s, err);

	return rc ? rc : ff_agg_bundle.create(self, &p, &ctx, err);
}

static void *create(const struct sides *s)
{
	struct ff_err err = {0};
	void *self = NULL;

	if (create_rc(&self, s, &err))
		fail_msg("%s", err.text);
	return self;
}

static void add(void *self, const struct ff_flow *f, size_t n)
{
	struct ff_batch b = {.flows = (struct ff_flow *)f, .count = n, .cap = n};

	assert_int_equal(ff_agg_bundle.add(self, &b, NULL), FF_OK);
}

static struct ff_result finish_how(void *self, enum agg_measure m, uint64_t top)
{
	struct bundle_how how = {m, top};
	struct ff_result r = {0};
	struct ff_err err = {0};

	if (ff_agg_bundle.finish(self, &how, &r, 1, &err))
		fail_msg("%s", err.text);
	ff_agg_bundle.destroy(self);
	return r;
}

static char *text_of(struct ff_result *r)
{
	struct ff_buf b = FF_BUF_INIT;

	for (size_t i = 0; i < r->ntables; i++)
		ff_table_write(&b, &r->tables[i], FF_TABLE_CSV);
	ff_findings_write(&b, r);
	for (size_t i = 0; i < r->nattrs; i++)
		ff_buf_addf(&b, "%s %lld %s\n", r->attrs[i].key,
			    (long long)r->attrs[i].number,
			    r->attrs[i].text ? r->attrs[i].text : "");
	ff_result_release(r);
	assert_false(b.failed);
	return (char *)b.data;
}

static char *finish(void *self)
{
	struct ff_result r = finish_how(self, AGG_FLOWS, 10);

	return text_of(&r);
}

/* ---- brute force ---- */

static const struct ff_addr *brute_addr(const struct ff_flow *f, const char *field)
{
	return field[0] == 's' ? &f->sip : field[0] == 'd' ? &f->dip : &f->nhip;
}

/* False when the flow does not have it. */
static bool brute_number(uint64_t *v, const struct ff_flow *f, const char *name)
{
	bool ports = f->protocol == 6 || f->protocol == 17 || f->protocol == 132 ||
		     !(f->present & FF_BIT(FF_PROTOCOL));
	const struct {
		const char *name;
		uint64_t v;
		bool has;
	} rows[] = {
		{"sport", f->sport, f->present >> FF_SPORT & 1 && ports},
		{"dport", f->dport, f->present >> FF_DPORT & 1 && ports},
		{"protocol", f->protocol, f->present >> FF_PROTOCOL & 1},
		{"packets", f->packets, f->present >> FF_PACKETS & 1},
		{"bytes", f->bytes, f->present >> FF_BYTES & 1},
		{"duration", (uint64_t)(f->end_ns - f->start_ns) / 1000000,
		 f->end_ns >= f->start_ns &&
			 f->present & (FF_BIT(FF_DURATION) | FF_BIT(FF_ETIME))},
		{"sensor", f->sensor, f->present >> FF_SENSOR & 1},
		{"in", f->in, f->present >> FF_IN & 1},
		{"out", f->out, f->present >> FF_OUT & 1},
		{"icmp-type", f->icmp_type, f->present >> FF_ICMP_TYPE & 1},
		{"icmp-code", f->icmp_code, f->present >> FF_ICMP_CODE & 1},
		{"application", f->application, f->present >> FF_APPLICATION & 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].name, name) == 0) {
			*v = rows[i].v;
			return rows[i].has;
		}
	fail_msg("no field %s", name);
	return false;
}

/* Looks the value up among the bounds that the result tells. */
static unsigned brute_part(const struct ff_table *t, const struct ff_flow *f,
			   const char *name)
{
	const struct ff_column *lo = &t->columns[1], *hi = &t->columns[2];
	uint64_t v;

	if (lo->kind == FF_COL_ADDR) {
		const struct ff_addr *a = brute_addr(f, name);
		int bit = name[0] == 's' ? FF_SIP : name[0] == 'd' ? FF_DIP : FF_NHIP;
		bool v4 = ff_addr_is_v4(&lo->v.addr[0]);

		if (!(f->present >> bit & 1))
			return BUNDLE_ABSENT;
		for (unsigned i = 0; i < t->rows && ff_addr_is_v4(a) == v4; i++)
			if (ff_addr_cmp(&lo->v.addr[i], a) <= 0 &&
			    ff_addr_cmp(a, &hi->v.addr[i]) <= 0)
				return i;
		return BUNDLE_OUTSIDE;
	}
	if (!brute_number(&v, f, name))
		return BUNDLE_ABSENT;
	for (unsigned i = 0; i < t->rows; i++)
		if (lo->v.u64[i] <= v && v <= hi->v.u64[i])
			return i;
	return BUNDLE_OUTSIDE;
}

/* a + 1 == b, of 128 bits */
static bool follows(struct ff_addr a, const struct ff_addr *b)
{
	for (int i = 15; i >= 0 && ++a.b[i] == 0; i--)
		;
	return ff_addr_cmp(&a, b) == 0;
}

static void check_bounds(const struct ff_table *t, const struct sides *s, int side)
{
	const struct ff_column *lo = &t->columns[1], *hi = &t->columns[2];
	uint64_t n = t->rows, size = s->size[side];

	assert_in_range(n, 1, 256);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(t->columns[0].v.u64[i], i);
		if (lo->kind == FF_COL_ADDR) {
			assert_true(ff_addr_cmp(&lo->v.addr[i], &hi->v.addr[i]) <= 0);
			if (i)
				assert_true(follows(hi->v.addr[i - 1], &lo->v.addr[i]));
			continue;
		}
		assert_int_equal(n, size < 256 ? size : 256);
		assert_int_equal(lo->v.u64[i], s->lo[side] + i * size / n);
		assert_int_equal(hi->v.u64[i], s->lo[side] + (i + 1) * size / n - 1);
	}
}

static void check_against_brute(const struct ff_flow *f, size_t n, const struct sides *s,
				const struct ff_result *r)
{
	const struct ff_table *left = ff_result_table(r, "left"),
			      *right = ff_result_table(r, "right"),
			      *links = ff_result_table(r, "links"), *t = &r->tables[0];
	struct bundle_cell *grid =
		calloc((size_t)BUNDLE_STRIDE * BUNDLE_STRIDE, sizeof *grid);
	uint64_t counted = 0, outside = 0, absent = 0, bytes = 0;
	size_t row = 0;

	check_bounds(left, s, 0);
	check_bounds(right, s, 1);
	for (size_t i = 0; i < n; i++) {
		unsigned a = brute_part(left, &f[i], s->left),
			 b = brute_part(right, &f[i], s->right);

		if (a == BUNDLE_ABSENT || b == BUNDLE_ABSENT)
			absent++;
		else if (a == BUNDLE_OUTSIDE || b == BUNDLE_OUTSIDE)
			outside++;
		else
			counted++;
		bytes += f[i].bytes;
		grid[a * BUNDLE_STRIDE + b].flows++;
		grid[a * BUNDLE_STRIDE + b].packets += f[i].packets;
		grid[a * BUNDLE_STRIDE + b].bytes += f[i].bytes;
	}
	for (unsigned a = 0; a < left->rows; a++)
		for (unsigned b = 0; b < right->rows; b++) {
			const struct bundle_cell *c = &grid[a * BUNDLE_STRIDE + b];

			if (!c->flows)
				continue;
			assert_true(row < t->rows);
			assert_int_equal(links->columns[0].v.u64[row], a);
			assert_int_equal(links->columns[1].v.u64[row], b);
			assert_int_equal(t->columns[4].v.u64[row], c->flows);
			assert_int_equal(t->columns[5].v.u64[row], c->packets);
			assert_int_equal(t->columns[6].v.u64[row], c->bytes);
			row++;
		}
	assert_int_equal(row, t->rows);
	assert_int_equal(ff_result_number(r, "flows", -1), n);
	assert_int_equal(ff_result_number(r, "counted", -1), counted);
	assert_int_equal(ff_result_number(r, "outside", -1), outside);
	assert_int_equal(ff_result_number(r, "absent", -1), absent);
	if (!counted || !(outside + absent))
		fail_msg("%s %s: nothing to compare", s->left, s->right);
	assert_int_equal(ff_result_number(r, "bytes", -1),
			 bytes > INT64_MAX ? INT64_MAX : (int64_t)bytes);
	free(grid);
}

static void table_equals_brute_force(void **state)
{
	struct ff_flow *f = calloc(FLOWS, sizeof *f);

	(void)state;
	for (size_t c = 0; c < CASES; c++) {
		make_flows(f, FLOWS);
		void *a = create(&cases[c]);
		add(a, f, FLOWS);
		struct ff_result r = finish_how(a, AGG_FLOWS, 10);
		check_against_brute(f, FLOWS, &cases[c], &r);
		ff_result_release(&r);
	}
	free(f);
}

static void shuffle(struct ff_flow *f, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = below((uint32_t)i);
		struct ff_flow t = f[i - 1];

		f[i - 1] = f[k];
		f[k] = t;
	}
}

/* Splits the flows over handles and independent instances, merges in any order. */
static void *scattered(const struct ff_flow *f, size_t n, const struct sides *s)
{
	enum { PARTS = 4 };
	void *self[PARTS], *handle[PARTS];

	for (int i = 0; i < PARTS; i++) {
		self[i] = create(s);
		assert_int_equal(ff_agg_bundle.fork(&handle[i], self[i], NULL), FF_OK);
	}
	for (size_t at = 0; at < n;) {
		size_t len = 1 + below(1500), to = below(PARTS);

		len = len > n - at ? n - at : len;
		add(below(2) ? self[to] : handle[to], f + at, len);
		at += len;
	}
	uint32_t base = below(PARTS);
	for (uint32_t i = 0; i < PARTS; i++) {
		assert_int_equal(ff_agg_bundle.merge(self[i], handle[i], NULL), FF_OK);
		ff_agg_bundle.destroy(handle[i]);
	}
	for (uint32_t i = 0; i < PARTS; i++) {
		if (i == base)
			continue;
		assert_int_equal(ff_agg_bundle.merge(self[base], self[i], NULL), FF_OK);
		ff_agg_bundle.destroy(self[i]);
	}
	return self[base];
}

static void any_permutation_and_split_gives_the_same_bytes(void **state)
{
	struct ff_flow *f = calloc(FLOWS, sizeof *f);

	(void)state;
	for (size_t c = 0; c < CASES; c++) {
		make_flows(f, FLOWS);
		void *a = create(&cases[c]);
		add(a, f, FLOWS);
		char *want = finish(a);
		for (int i = 0; i < 3; i++) {
			shuffle(f, FLOWS);
			char *got = finish(scattered(f, FLOWS, &cases[c]));
			assert_string_equal(got, want);
			ff_free(got);
		}
		ff_free(want);
	}
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_equals_brute_force),
		cmocka_unit_test(any_permutation_and_split_gives_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
