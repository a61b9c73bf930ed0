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

/* ---- countries: ranges that the addresses fall into, one with a code of no country ----
 */

static const struct {
	const char *first, *last, *code;
} countries[] = {
	{"0.0.0.0", "0.0.0.255", "us"},	     {"0.0.1.0", "0.0.200.0", "qq"},
	{"10.0.0.0", "10.0.0.77", "de"},     {"10.0.0.78", "10.0.255.255", "fr"},
	{"10.1.0.0", "10.1.3.255", "zw"},    {"192.0.2.0", "192.0.3.0", "ad"},
	{"2001:db8::", "2001:db8::7", "de"}, {"2001:db8::8", "2001:db8:1::", "jp"},
};
static struct ff_geo *geo;

static int open_countries(void **state)
{
	const char *dir = getenv("FF_TMP");
	char path[300];
	FILE *f;
	int rc;

	(void)state;
	snprintf(path, sizeof path, "%s/bundle-countries", dir ? dir : "/tmp");
	if (!(f = fopen(path, "w")))
		return -1;
	for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
		fprintf(f, "%s,%s,%s\n", countries[i].first, countries[i].last,
			countries[i].code);
	fclose(f);
	rc = ff_geo_new(&geo, NULL) || ff_geo_add(geo, path, NULL) ? -1 : 0;
	unlink(path);
	return rc;
}

static int close_countries(void **state)
{
	(void)state;
	ff_geo_free(geo);
	return 0;
}

static const char *brute_country(const struct ff_addr *a)
{
	for (size_t i = 0; i < sizeof countries / sizeof *countries; i++) {
		struct ff_addr first, last;

		assert_true(ff_parse_addr(&first, countries[i].first,
					  strlen(countries[i].first)));
		assert_true(ff_parse_addr(&last, countries[i].last,
					  strlen(countries[i].last)));
		if (ff_addr_is_v4(a) == ff_addr_is_v4(&first) &&
		    ff_addr_cmp(&first, a) <= 0 && ff_addr_cmp(a, &last) <= 0)
			return countries[i].code;
	}
	return "--";
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
	{"scc", "dcc", NULL, NULL, {0, 0}, {0, 0}},
	{"scc", "dport", "all 256", NULL, {0, 0}, {0, 65536}},
	{"sip", "dcc", "10.0.0.0/8", NULL, {0, 0}, {0, 0}},
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
	struct ff_agg_context ctx = {.memory_bytes = 1 << 20, .geo = geo};
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
		{"sensor", f->sensor, f->present >> FF_SENSOR & 1 && f->sensor < 65535},
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

	if (lo->kind == FF_COL_CODE) {
		int bit = name[0] == 's' ? FF_SIP : FF_DIP;
		const char *code = brute_country(bit == FF_SIP ? &f->sip : &f->dip);

		if (!(f->present >> bit & 1))
			return BUNDLE_ABSENT;
		for (unsigned i = 0; i < t->rows; i++)
			if (lo->v.u16[i] == FF_COUNTRY(code[0], code[1]))
				return i;
		return BUNDLE_OUTSIDE;
	}
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
		if (lo->kind == FF_COL_CODE) {
			assert_true(i == 0 || lo->v.u16[i - 1] < lo->v.u16[i]);
			assert_int_equal(lo->v.u16[i], hi->v.u16[i]);
			continue;
		}
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

/* ---- states ---- */

static const char *scratch(void)
{
	const char *tmp = getenv("FF_TMP");

	return tmp ? tmp : "out";
}

static char *state_path(char *buf, size_t cap, const char *name)
{
	snprintf(buf, cap, "%s/bundle-%s-%ld.ffs", scratch(), name, (long)getpid());
	return buf;
}

static void save(const char *path, void *a)
{
	struct ff_agg_origin o = {0};

	assert_int_equal(ff_state_save(path, &ff_agg_bundle, a, &o, NULL), FF_OK);
}

static int load(void **a, const char *path, struct ff_err *err)
{
	struct ff_agg_context ctx = {.memory_bytes = 1 << 30, .scratch_dir = scratch()};
	const struct ff_agg_type *type;
	struct ff_agg_origin o = {0};
	int rc = ff_state_load(a, &type, &o, path, &ctx, err);

	if (rc == FF_OK)
		assert_ptr_equal(type, &ff_agg_bundle);
	ff_agg_origin_release(&o);
	return rc;
}

static uint8_t *slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(1 << 22);

	assert_true(f && data);
	*len = fread(data, 1, 1 << 22, f);
	fclose(f);
	return data;
}

static void a_state_keeps_everything(void **state)
{
	struct ff_flow *f = calloc(FLOWS, sizeof *f);
	char one[300], two[300];

	(void)state;
	state_path(one, sizeof one, "one");
	state_path(two, sizeof two, "two");
	for (size_t c = 0; c < CASES; c++) {
		size_t count = c ? FLOWS : 0, n, m; /* also one without flows */
		void *a = create(&cases[c]), *b;

		make_flows(f, FLOWS);
		add(a, f, count);
		save(one, a);
		shuffle(f, count);
		b = scattered(f, count, &cases[c]);
		save(two, b);
		ff_agg_bundle.destroy(b);
		uint8_t *x = slurp(one, &n), *y = slurp(two, &m);
		assert_int_equal(n, m);
		assert_memory_equal(x, y, n);
		free(x);
		free(y);
		assert_int_equal(load(&b, two, NULL), FF_OK);
		char *want = finish(a), *got = finish(b);
		assert_string_equal(got, want);
		ff_free(want);
		ff_free(got);
	}
	unlink(one);
	unlink(two);
	free(f);
}

/* A sound payload, number by number, and one of them changed. Flows lie in cells (0, 1),
 * (255, 255) and (outside, absent). */
static const uint64_t sound[] = {0,	0,	    /* times, added to 7 s */
				 1,	2,	    /* without */
				 3,	1, 5, 6, 7, /* used; step, sums */
				 65788, 5, 6, 7, 260, 5, 6, 7};
enum { SOUND = sizeof sound / sizeof *sound };
static size_t hostile_at;
static uint64_t hostile_value;

static int save_hostile(void *self, struct ff_state_writer *w, struct ff_err *err)
{
	(void)self;
	(void)err;
	ff_state_put_text(w, hostile_at == 100 ? "sop" : "sip");
	ff_state_put_text(w, hostile_at == 101 ? "10.0.0.0/33" : "10.0.0.0/8");
	ff_state_put_text(w, hostile_at == 102 ? "sip" : "sport");
	ff_state_put_text(w, hostile_at == 102	 ? "10.0.0.0/8"
			     : hostile_at == 103 ? "5-65536"
						 : "0-65535");
	for (size_t i = 0; i < SOUND; i++) {
		uint64_t v = hostile_at == i ? hostile_value : sound[i];

		if (i < 2)
			ff_state_put_i64(w, 7 * FF_SEC + (int64_t)v);
		else
			ff_state_put_u64(w, v);
	}
	return FF_OK;
}

static const struct {
	const char *says; /* NULL: nothing is wrong */
	size_t at;
	uint64_t value;
} hostile[] = {
	{NULL, 200, 0},
	{"a field", 100, 0},
	{"a range", 101, 0},
	{"same field", 102, 0},
	{"a range", 103, 0},
	{"times", 0, 1},
	{"more flows", 2, 16},
	{"more flows", 3, UINT64_MAX},
	{"ends too early", 4, 4},
	{"bytes after", 4, 2},
	{"times", 4, 0},
	{"impossible cell", 5, 258 * 258},
	{"impossible cell", 5, UINT64_MAX},
	{"impossible cell", 6, 0},
	{"impossible cell", 6, UINT64_MAX - 9},
	{"impossible cell", 9, 0},
	{"impossible cell", 9, UINT64_MAX},
	{"impossible cell", 9, 67000},
};

static void hostile_states_are_refused(void **state)
{
	struct ff_agg_type type = ff_agg_bundle;
	struct ff_agg_origin origin = {0};
	char path[300];

	(void)state;
	state_path(path, sizeof path, "hostile");
	type.save = save_hostile;
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		struct ff_err err = {0};
		void *agg = NULL;

		hostile_at = hostile[i].at;
		hostile_value = hostile[i].value;
		assert_int_equal(ff_state_save(path, &type, NULL, &origin, NULL), FF_OK);
		int rc = load(&agg, path, &err);
		if (!hostile[i].says) {
			if (rc)
				fail_msg("row %d: %s", (int)i, err.text);
			ff_free(finish(agg));
		} else if (rc != FF_EFORMAT || !strstr(err.text, hostile[i].says) ||
			   !strstr(err.text, path)) {
			fail_msg("row %d: status %d, '%s'", (int)i, rc, err.text);
		}
	}
	unlink(path);
}

/* ---- options and parameters ---- */

static void wrong_words_are_refused(void **state)
{
	static const struct {
		struct sides s;
		const char *says;
	} rows[] = {
		{{.left = "foo", .right = "dip"}, "knows no 'foo'; one of sip, dip"},
		{{.left = "sip", .right = "sip"}, "same field, 'sip'"},
		{{.left = "nhip", .right = "next-hop"}, "same field, 'nhip'"},
		{{"sip", "dip", "10.0.0.0/33", NULL, {0}, {0}}, "--left-range"},
		{{"sip", "dip", NULL, "10.0.0.9-10.0.0.8", {0}, {0}}, "--right-range"},
		{{"sip", "dip", NULL, "2001:db8::1-2001:db8::2", {0}, {0}}, "CIDR"},
		{{"sip", "dip", "80", NULL, {0}, {0}}, "an address"},
		{{"sip", "dip", "", NULL, {0}, {0}}, "an address"},
		{{"sport", "dip", "0-65536", NULL, {0}, {0}}, "up to 65535"},
		{{"sport", "dip", "10.0.0.0/8", NULL, {0}, {0}}, "up to 65535"},
		{{"sport", "dip", "5-4", NULL, {0}, {0}}, "up to 65535"},
		{{"protocol", "dip", "-", NULL, {0}, {0}}, "up to 255"},
		{{"protocol", "dip", "0-256", NULL, {0}, {0}}, "up to 255"},
		{{"bytes", "dip", "0-4294967296", NULL, {0}, {0}},
		 "at most 4294967296 values"},
		{{"scc", "dip", "de", NULL, {0}, {0}}, "with '--scc'"},
		{{"sip", "dcc", NULL, "all 255", {0}, {0}}, "with '--dcc'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ff_err err = {0};
		void *self;

		assert_int_equal(create_rc(&self, &rows[i].s, &err), FF_EUSAGE);
		if (!strstr(err.text, rows[i].says))
			fail_msg("row %d: '%s'", (int)i, err.text);
	}
}

static void countries_need_a_database(void **state)
{
	const struct sides s = {.left = "scc", .right = "dip"};
	struct ff_geo *kept = geo;
	struct ff_flow f = {.present = FF_ALL_FIELDS};
	struct ff_batch b = {.flows = &f, .count = 1, .cap = 1};
	struct ff_err err = {0};
	void *self;

	(void)state;
	geo = NULL;
	self = create(&s);
	assert_int_equal(ff_agg_bundle.add(self, &b, &err), FF_EUSAGE);
	assert_non_null(strstr(err.text, "'scc' needs a database"));
	ff_agg_bundle.destroy(self);
	geo = kept;
}

static void ranges_are_told_as_they_can_be_given(void **state)
{
	static const char *const rows[][3] = {
		{"sip", "10.1.2.3/8", "10.0.0.0/8"},
		{"sip", "10.1.2.3", "10.1.2.3"},
		{"sip", "10.0.0.0-10.255.255.255", "10.0.0.0/8"},
		{"sip", "10.0.0.1-10.0.0.4", "10.0.0.1-10.0.0.4"},
		{"sip", "0.0.0.0-255.255.255.255", "0.0.0.0/0"},
		{"sip", "::ffff:10.0.0.0/104", "10.0.0.0/8"},
		{"sip", "2001:db8:0::/32", "2001:db8::/32"},
		{"sip", "2001:db8::1/128", "2001:db8::1"},
		{"sport", "80", "80"},
		{"sport", "080-0443", "80-443"},
		{"scc", NULL, "all 256"},
		{"scc", "all 256", "all 256"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sides s = {rows[i][0], "protocol", rows[i][1], NULL, {0}, {0}};
		struct ff_result r = finish_how(create(&s), AGG_FLOWS, 10);

		assert_string_equal(ff_result_text(&r, "left_range"), rows[i][2]);
		assert_int_equal(ff_result_number(&r, "first_ns", 0), INT64_MAX);
		ff_result_release(&r);
	}
}

static void other_parameters_do_not_merge(void **state)
{
	static const struct {
		struct sides s;
		const char *says;
	} rows[] = {
		{{.left = "nhip", .right = "dip"}, "fields at the left: sip and nhip"},
		{{.left = "sip", .right = "sport"}, "fields at the right: dip and sport"},
		{{"sip", "dip", "10.0.0.0/8", NULL, {0}, {0}},
		 "ranges at the left: 0.0.0.0/0 and 10.0.0.0/8"},
		{{"sip", "dip", NULL, "::/0", {0}, {0}},
		 "ranges at the right: 0.0.0.0/0 and ::/0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ff_err err = {0};
		void *a = create(&cases[0]), *b = create(&rows[i].s);

		assert_int_equal(ff_agg_bundle.merge(a, b, &err), FF_EFORMAT);
		if (!strstr(err.text, rows[i].says))
			fail_msg("row %d: '%s'", (int)i, err.text);
		ff_agg_bundle.destroy(a);
		ff_agg_bundle.destroy(b);
	}
}

/* ---- measures and findings ---- */

static void a_measure_that_is_not_there_is_an_error(void **state)
{
	struct ff_flow f[2];
	struct bundle_how how = {AGG_BYTES, 10};
	struct ff_result r = {0};
	struct ff_err err = {0};

	(void)state;
	make_flows(f, 2);
	f[0].present = f[1].present = FF_ALL_FIELDS & ~FF_BIT(FF_BYTES);
	void *a = create(&cases[0]);
	add(a, f, 2);
	assert_int_equal(ff_agg_bundle.finish(a, &how, &r, 1, &err), FF_EABSENT);
	assert_string_equal(err.text,
			    "'--measure=bytes' needs the field bytes, which the "
			    "input does not carry");
	f[0].present = FF_ALL_FIELDS;
	add(a, f, 1);
	assert_int_equal(ff_agg_bundle.finish(a, &how, &r, 1, &err), FF_EABSENT);
	assert_non_null(strstr(err.text, "which 2 of 3 flows do not carry"));
	how.measure = AGG_PACKETS;
	assert_int_equal(ff_agg_bundle.finish(a, &how, &r, 1, &err), FF_OK);
	ff_result_release(&r);
	ff_agg_bundle.destroy(a);
}

/* How many of the flows the switches of a finding select. */
static size_t selected(const char *switches, const struct ff_flow *f, size_t n)
{
	struct ff_select_counts counts = {0};
	struct ff_flow *copy = malloc(n * sizeof *copy);
	struct ff_batch b = {.flows = copy, .count = n, .cap = n};
	struct ff_site *site;
	struct ff_select *s;
	struct ff_err err = {0};
	char *words = strdup(switches);

	memcpy(copy, f, n * sizeof *f);
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	assert_int_equal(ff_select_new(&s, NULL), FF_OK);
	for (char *w = strtok(words, " "); w; w = strtok(NULL, " ")) {
		char *value = strchr(w, '=');

		assert_true(value && strncmp(w, "--", 2) == 0);
		*value = '\0';
		if (ff_select_set(s, w + 2, value + 1, &err))
			fail_msg("%s", err.text);
	}
	ff_select_use_geo(s, geo);
	if (ff_select_finish(s, site, &err) || ff_select_apply(s, &b, &counts, &err))
		fail_msg("'%s': %s", switches, err.text);
	ff_select_free(s);
	ff_site_free(site);
	free(words);
	free(copy);
	return b.count;
}

/* Carried everywhere and countable: then a selection is exact. */
static size_t sound_flows(struct ff_flow *f, size_t n)
{
	size_t kept = 0;

	make_flows(f, n);
	for (size_t i = 0; i < n; i++) {
		uint32_t icmp = FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);

		f[i].present |= FF_ALL_FIELDS & ~icmp;
		if (f[i].protocol == 1 || f[i].protocol == 58) {
			f[i].present |= icmp;
			f[i].sport = f[i].dport = 0;
			f[i].is_v6_record = true; /* else 58 is no ICMP */
		}
		f[i].in &= 65535; /* as far as the switches go */
		f[i].out &= 65535;
		if (f[i].end_ns >= f[i].start_ns)
			f[kept++] = f[i];
	}
	return kept;
}

static void switches_of_findings_select_their_flows(void **state)
{
	struct ff_flow *f = calloc(FLOWS, sizeof *f);
	size_t links = 0, fans = 0;

	(void)state;
	for (size_t c = 0; c < CASES; c++) {
		size_t n = sound_flows(f, FLOWS);
		void *a = create(&cases[c]);

		add(a, f, n);
		struct ff_result r = finish_how(a, AGG_FLOWS, 20);
		for (size_t i = 0; i < r.nfindings; i++) {
			const struct ff_finding *x = &r.findings[i];
			const struct ff_table *side = ff_result_table(
				&r, strcmp(x->kind, "fan-in") == 0 ? "right" : "left");
			size_t want = (size_t)ff_finding_number(x, "flows", 0);

			assert_true(i == 0 || x->weight <= x[-1].weight);
			if (strcmp(x->kind, "expand") == 0)
				continue;
			if (strcmp(x->kind, "link") != 0) {
				want = side->columns[3].v.u64[x->low];
				assert_int_equal(ff_finding_number(x, "partners", 0),
						 side->columns[6].v.u64[x->low]);
				fans++;
			} else {
				assert_int_equal(ff_finding_number(x, "rank", 0), i + 1);
				links++;
			}
			if (selected(x->selection, f, n) != want)
				fail_msg("%s: '%s' does not select %zu", x->sentence,
					 x->selection, want);
		}
		ff_result_release(&r);
	}
	assert_true(links > 100 && fans > 3);
	free(f);
}

static void findings_in_words(void **state)
{
	enum { N = 400 };
	struct ff_flow *f = calloc(N, sizeof *f);
	struct sides s = {.left = "sip", .right = "dport"};

	(void)state;
	for (size_t i = 0; i < N; i++) { /* one scanner among many that ask one port */
		bool scan = i % 4 == 0;

		f[i].present = FF_ALL_FIELDS;
		f[i].protocol = 6;
		f[i].sip = ff_addr_from_v4(scan ? 0x0a000001 : (uint32_t)i << 24 | 5);
		f[i].dport = (uint16_t)(scan ? i * 150 : 443);
	}
	void *a = create(&s);
	add(a, f, N);
	struct ff_result r = finish_how(a, AGG_FLOWS, 1);
	assert_int_equal(r.nfindings, 3);
	assert_string_equal(r.findings[0].kind, "link");
	assert_string_equal(r.findings[1].sentence,
			    "destination ports 256–511 occur with 192 of the 256 parts "
			    "at the left; the median is 1");
	assert_string_equal(r.findings[2].sentence,
			    "10.0.0.0/8 occurs with 101 of the 256 parts at the right; "
			    "the median is 1");
	assert_string_equal(r.findings[2].selection,
			    "--scidr=10.0.0.0/8 --protocol=6,17,33,132,136");
	ff_result_release(&r);
	free(f);
}

/* ---- failing memory: an error, never a crash or a leak (the sanitizers look) ---- */

static void memory_may_fail_anywhere(void **state)
{
	enum { SOME = 300 };
	struct ff_flow *f = calloc(SOME, sizeof *f);
	char path[300];

	(void)state;
	make_flows(f, SOME);
	state_path(path, sizeof path, "fail");
	for (uint64_t nth = 1;; nth++) {
		void *self = NULL, *handle = NULL, *loaded = NULL;
		struct ff_batch b = {.flows = f, .count = SOME, .cap = SOME};
		struct ff_agg_origin o = {0};
		struct ff_result r = {0};
		int rc;

		ff_alloc_fail_after(nth);
		if ((rc = create_rc(&self, &cases[0], NULL)) == FF_OK &&
		    (rc = ff_agg_bundle.fork(&handle, self, NULL)) == FF_OK &&
		    (rc = ff_agg_bundle.add(handle, &b, NULL)) == FF_OK &&
		    (rc = ff_agg_bundle.merge(self, handle, NULL)) == FF_OK &&
		    (rc = ff_state_save(path, &ff_agg_bundle, self, &o, NULL)) == FF_OK &&
		    (rc = load(&loaded, path, NULL)) == FF_OK)
			rc = ff_agg_finish(&ff_agg_bundle, loaded, &r, 1, NULL);
		ff_alloc_fail_after(0);
		ff_agg_bundle.destroy(handle);
		ff_agg_bundle.destroy(self);
		if (loaded)
			ff_agg_bundle.destroy(loaded);
		ff_result_release(&r);
		if (rc == FF_OK)
			break;
		assert_int_equal(rc, FF_ENOMEM);
	}
	unlink(path);
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_equals_brute_force),
		cmocka_unit_test(any_permutation_and_split_gives_the_same_bytes),
		cmocka_unit_test(a_state_keeps_everything),
		cmocka_unit_test(hostile_states_are_refused),
		cmocka_unit_test(wrong_words_are_refused),
		cmocka_unit_test(countries_need_a_database),
		cmocka_unit_test(ranges_are_told_as_they_can_be_given),
		cmocka_unit_test(other_parameters_do_not_merge),
		cmocka_unit_test(a_measure_that_is_not_there_is_an_error),
		cmocka_unit_test(switches_of_findings_select_their_flows),
		cmocka_unit_test(findings_in_words),
		cmocka_unit_test(memory_may_fail_anywhere),
	};

	return cmocka_run_group_tests(tests, open_countries, close_countries);
}
