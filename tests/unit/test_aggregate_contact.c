/* SPDX-License-Identifier: MIT */
/* contact: the table against brute force; any order, split, thread count, budget and way
 * through states gives the same bytes */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "aggregate/contact.h"
#include <flowfig/file.h>

enum { FLOWS = 6000, HOSTS = 40 };

static uint64_t seed = 1;
static uint32_t below(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((seed >> 33) % n);
}

/* Few sources, hosts and bins, so that repeats are common; some IPv6, some mixed
 * families. */
static void make_flows(struct ff_flow *f, size_t n, bool mixed)
{
	memset(f, 0, n * sizeof *f);
	for (size_t i = 0; i < n; i++) {
		bool v6 = below(8) == 0;
		uint32_t s = below(25) == 0 ? 3 : below(400), d = below(HOSTS);
		f[i].sip = ff_addr_from_v4(s * 77u);
		f[i].dip = ff_addr_from_v4(0x0a000000u + d);
		if (v6) {
			if (!mixed || below(2))
				memset(f[i].sip.b, 0x20, 12);
			memset(f[i].dip.b, 0x26, 12);
		}
		f[i].start_ns = ((int64_t)below(50) - 10) * FF_HOUR +
				(int64_t)below(3600) * FF_SEC;
		f[i].dport = (uint16_t)below(3);
		f[i].protocol = below(2) ? 6 : 17;
		f[i].orient = (uint8_t)(FF_ORIENT_IN + below(2));
	}
}

static const char *scratch(void)
{
	const char *tmp = getenv("FF_TMP");
	return tmp ? tmp : "out";
}

static void *create(struct contact_params p, uint64_t memory)
{
	struct ff_agg_context ctx = {.memory_bytes = memory, .scratch_dir = scratch()};
	void *self;
	assert_int_equal(ff_agg_contact.create(&self, &p, &ctx, NULL), FF_OK);
	return self;
}

static void add(void *self, const struct ff_flow *f, size_t n)
{
	struct ff_batch b = {.flows = (struct ff_flow *)f, .count = n, .cap = n};
	assert_int_equal(ff_agg_contact.add(self, &b, NULL), FF_OK);
}

/* Tables, attributes and findings as text; the aggregate is destroyed. */
static char *finish(void *self, unsigned threads)
{
	struct ff_result r = {0};
	struct ff_buf b = FF_BUF_INIT;
	struct ff_err err = {0};
	int rc = ff_agg_contact.finish(self, NULL, &r, threads, &err);
	if (rc)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < r.ntables; i++)
		ff_table_write(&b, &r.tables[i], FF_TABLE_CSV);
	ff_findings_write(&b, &r);
	for (size_t i = 0; i < r.nattrs; i++)
		ff_buf_addf(&b, "%s %lld %s\n", r.attrs[i].key,
			    (long long)r.attrs[i].number,
			    r.attrs[i].text ? r.attrs[i].text : "");
	ff_result_release(&r);
	ff_agg_contact.destroy(self);
	return (char *)b.data;
}

/* ---- brute force ---- */

struct triple {
	int64_t bin;
	struct ff_addr s, d;
	uint32_t port;
};
static int triple_cmp(const void *a, const void *b)
{
	const struct triple *x = a, *y = b;
	if (x->bin != y->bin)
		return x->bin < y->bin ? -1 : 1;
	int c = ff_addr_cmp(&x->s, &y->s);
	if (!c)
		c = ff_addr_cmp(&x->d, &y->d);
	return c ? c : (x->port > y->port) - (x->port < y->port);
}

static char *brute(const struct ff_flow *f, size_t n, struct contact_params p)
{
	struct triple *t = calloc(n, sizeof *t);
	struct {
		int64_t bin;
		uint64_t count[FLOWS];
	} *line = calloc(1, sizeof *line);
	struct ff_buf out = FF_BUF_INIT;
	size_t m = 0;
	char when[40];
	ff_buf_adds(&out, "bin_start,destinations,sources\n");
	for (size_t i = 0; i < n; i++) {
		if (f[i].orient != (p.direction ? FF_ORIENT_OUT : FF_ORIENT_IN))
			continue;
		t[m++] = (struct triple){ff_bin_of(&p.bins, f[i].start_ns), f[i].sip,
					 f[i].dip,
					 p.pairs ? f[i].dport * 256u + f[i].protocol : 0};
	}
	qsort(t, m, sizeof *t, triple_cmp);
	for (size_t i = 0; i < m;) {
		int64_t bin = t[i].bin;
		memset(line->count, 0, sizeof line->count);
		while (i < m && t[i].bin == bin) {
			size_t distinct = 0, first = i;
			for (; i < m && t[i].bin == bin &&
			       ff_addr_cmp(&t[i].s, &t[first].s) == 0;
			     i++)
				distinct +=
					i == first || triple_cmp(&t[i], &t[i - 1]) != 0;
			line->count[distinct]++;
		}
		for (size_t k = 0; k < FLOWS; k++)
			if (line->count[k])
				ff_buf_addf(&out, "%s,%zu,%llu\n",
					    ff_format_time(when, sizeof when,
							   ff_bin_start(&p.bins, bin)),
					    k, (unsigned long long)line->count[k]);
	}
	free(t);
	free(line);
	return (char *)out.data;
}

static const struct contact_params cases[] = {
	{{FF_BINS_FIXED, FF_HOUR}, 0, 0}, {{FF_BINS_FIXED, FF_HOUR}, 1, 0},
	{{FF_BINS_FIXED, FF_HOUR}, 0, 1}, {{FF_BINS_FIXED, 7 * FF_HOUR}, 1, 1},
	{{FF_BINS_ALL, 0}, 0, 0},	  {{FF_BINS_MONTH, 0}, 0, 1},
};

static void table_equals_brute_force(void **state)
{
	(void)state;
	struct ff_flow *f = calloc(FLOWS, sizeof *f);
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		for (int mixed = 0; mixed < 2; mixed++) {
			make_flows(f, FLOWS, mixed);
			void *a = create(cases[c], 1 << 30);
			add(a, f, FLOWS);
			char *got = finish(a, 2), *want = brute(f, FLOWS, cases[c]);
			assert_memory_equal(got, want, strlen(want));
			assert_memory_equal(got + strlen(want), "bin_start,flows", 15);
			ff_free(got);
			ff_free(want);
		}
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
static char *scattered(const struct ff_flow *f, size_t n, struct contact_params p,
		       uint64_t memory)
{
	enum { PARTS = 5 };
	void *self[PARTS], *handle[PARTS];
	for (int i = 0; i < PARTS; i++) {
		self[i] = create(p, memory);
		assert_int_equal(ff_agg_contact.fork(&handle[i], self[i], NULL), FF_OK);
	}
	for (size_t at = 0; at < n;) {
		size_t len = 1 + below(700);
		if (len > n - at)
			len = n - at;
		uint32_t to = below(PARTS);
		add(below(2) ? self[to] : handle[to], f + at, len);
		at += len;
	}
	for (int i = 0; i < PARTS; i++) {
		assert_int_equal(ff_agg_contact.merge(self[i], handle[i], NULL), FF_OK);
		ff_agg_contact.destroy(handle[i]);
	}
	int base = (int)below(PARTS);
	for (int i = 0; i < PARTS; i++) {
		if (i == base)
			continue;
		assert_int_equal(ff_agg_contact.merge(self[base], self[i], NULL), FF_OK);
		ff_agg_contact.destroy(self[i]);
	}
	return finish(self[base], 1 + below(4));
}

static void any_permutation_and_split_gives_the_same_bytes(void **state)
{
	(void)state;
	struct ff_flow *f = calloc(FLOWS, sizeof *f);
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		make_flows(f, FLOWS, c % 2 == 0);
		void *a = create(cases[c], 1 << 30);
		add(a, f, FLOWS);
		char *want = finish(a, 1);
		for (int i = 0; i < 4; i++) {
			shuffle(f, FLOWS);
			/* the second half of the tries spills all the time */
			char *got =
				scattered(f, FLOWS, cases[c], i < 2 ? 1 << 30 : 1 << 12);
			assert_string_equal(got, want);
			ff_free(got);
		}
		ff_free(want);
	}
	free(f);
}

/* ---- states ---- */

static char *state_path(char *buf, size_t cap, const char *name)
{
	snprintf(buf, cap, "%s/contact-%s-%ld.ffs", scratch(), name, (long)getpid());
	return buf;
}

static void save(const char *path, void *a)
{
	struct ff_agg_origin o = {0};
	assert_int_equal(ff_agg_origin_add(&o, "a.rw", "silk", 10, 1, 77, NULL), FF_OK);
	o.read = FLOWS;
	assert_int_equal(ff_state_save(path, &ff_agg_contact, a, &o, NULL), FF_OK);
	ff_agg_origin_release(&o);
}

static uint8_t *slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	uint8_t *data = malloc(1 << 22);
	*len = fread(data, 1, 1 << 22, f);
	fclose(f);
	return data;
}

static int load(void **a, const char *path, struct ff_err *err)
{
	struct ff_agg_context ctx = {.memory_bytes = 1 << 30, .scratch_dir = scratch()};
	const struct ff_agg_type *type;
	struct ff_agg_origin o = {0};
	int rc = ff_state_load(a, &type, &o, path, &ctx, err);
	if (rc == FF_OK) {
		assert_ptr_equal(type, &ff_agg_contact);
		assert_int_equal(o.count, 1);
		assert_string_equal(o.sources[0].name, "a.rw");
		assert_int_equal(o.read, FLOWS);
	}
	ff_agg_origin_release(&o);
	return rc;
}

static void a_state_keeps_everything(void **state)
{
	(void)state;
	struct ff_flow *f = calloc(FLOWS, sizeof *f);
	char one[200], two[200];
	state_path(one, sizeof one, "one");
	state_path(two, sizeof two, "two");
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		make_flows(f, FLOWS, c % 2 == 0);
		void *a = create(cases[c], 1 << 30);
		add(a, f, FLOWS);
		save(one, a);
		shuffle(f, FLOWS);
		void *b = create(cases[c], 1 << 12);
		add(b, f, FLOWS);
		save(two, b);
		ff_agg_contact.destroy(b);
		size_t n, m;
		uint8_t *x = slurp(one, &n), *y = slurp(two, &m);
		assert_int_equal(n, m);
		assert_memory_equal(x, y, n);
		free(x);
		free(y);
		assert_int_equal(load(&b, one, NULL), FF_OK);
		char *want = finish(a, 1), *got = finish(b, 2);
		assert_string_equal(got, want);
		ff_free(want);
		ff_free(got);
	}
	unlink(one);
	unlink(two);
	free(f);
}

static void write_file(const char *path, const uint8_t *data, size_t len)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

static void a_damaged_state_is_refused(void **state)
{
	(void)state;
	struct ff_flow f[60];
	char good[200], bad[200];
	void *a = create(cases[0], 1 << 30), *b;
	size_t n;
	state_path(good, sizeof good, "good");
	state_path(bad, sizeof bad, "bad");
	make_flows(f, 60, false);
	add(a, f, 60);
	save(good, a);
	ff_agg_contact.destroy(a);
	uint8_t *data = slurp(good, &n);
	for (size_t i = 0; i < n; i++) {
		struct ff_err err = {0};
		write_file(bad, data, i); /* cut short */
		assert_true(load(&b, bad, &err) < 0);
		assert_true(strlen(err.text) > 10);
		data[i] ^= 0x10; /* one bit */
		write_file(bad, data, n);
		assert_true(load(&b, bad, &err) < 0);
		data[i] ^= 0x10;
	}
	data[n] = 0;
	write_file(bad, data, n);
	assert_int_equal(load(&b, bad, NULL), FF_OK);
	ff_agg_contact.destroy(b);
	unlink(good);
	unlink(bad);
	free(data);
}

static void other_parameters_do_not_merge(void **state)
{
	(void)state;
	struct contact_params p = cases[0];
	static const char *const words[] = {"bins", "directions", "pairs"};
	for (int i = 0; i < 3; i++) {
		struct contact_params q = p;
		struct ff_err err = {0};
		if (i == 0)
			q.bins.width_ns = FF_DAY;
		else if (i == 1)
			q.direction = 1;
		else
			q.pairs = 1;
		void *a = create(p, 1 << 20), *b = create(q, 1 << 20);
		assert_int_equal(ff_agg_contact.merge(a, b, &err), FF_EFORMAT);
		assert_non_null(strstr(err.text, words[i]));
		ff_agg_contact.destroy(a);
		ff_agg_contact.destroy(b);
	}
}

static void absurd_spans_are_refused(void **state)
{
	(void)state;
	struct ff_flow f[2];
	struct ff_err err = {0};
	make_flows(f, 2, false);
	f[0].start_ns = 0;
	f[1].start_ns = 20 * 365 * FF_DAY;
	struct contact_params p = {{FF_BINS_FIXED, 300 * FF_SEC}, 0, 0};
	void *a = create(p, 1 << 20);
	struct ff_batch b = {.flows = f, .count = 2, .cap = 2};
	assert_int_equal(ff_agg_contact.add(a, &b, &err), FF_ELIMIT);
	assert_non_null(strstr(err.text, "2,102,401 bins of 5m"));
	ff_agg_contact.destroy(a);
}

/* ---- failing memory: an error, never a crash or a leak (the sanitizers look) ---- */

static void memory_may_fail_anywhere(void **state)
{
	(void)state;
	enum { SOME = 200 };
	struct ff_flow *f = calloc(SOME, sizeof *f);
	make_flows(f, SOME, true);
	struct ff_agg_context ctx = {.memory_bytes = 1 << 12, .scratch_dir = scratch()};
	for (uint64_t nth = 1;; nth += 1 + nth / 16) {
		struct ff_batch b = {.flows = f, .count = SOME, .cap = SOME};
		struct ff_result r = {0};
		void *self = NULL;
		ff_alloc_fail_after(nth);
		int rc = ff_agg_contact.create(&self, &cases[0], &ctx, NULL);
		if (rc == FF_OK)
			rc = ff_agg_contact.add(self, &b, NULL);
		if (rc == FF_OK)
			rc = ff_agg_contact.finish(self, NULL, &r, 1, NULL);
		ff_alloc_fail_after(0);
		ff_agg_contact.destroy(self);
		ff_result_release(&r);
		if (rc == FF_OK)
			break;
		assert_int_equal(rc, FF_ENOMEM);
	}
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_equals_brute_force),
		cmocka_unit_test(any_permutation_and_split_gives_the_same_bytes),
		cmocka_unit_test(a_state_keeps_everything),
		cmocka_unit_test(a_damaged_state_is_refused),
		cmocka_unit_test(other_parameters_do_not_merge),
		cmocka_unit_test(absurd_spans_are_refused),
		cmocka_unit_test(memory_may_fail_anywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
