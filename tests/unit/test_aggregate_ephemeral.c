/* SPDX-License-Identifier: MIT */
/* ephemeral: the tables against brute force; any order, split, thread count, budget and
 * way through states gives the same bytes */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "aggregate/ephemeral.h"
#include "aggregate/ephemeral_sort.h"
#include "aggregate/verdict.h"
#include <flowfig/file.h>

enum { FLOWS = 5000 };

static uint64_t seed = 1;
static uint32_t below(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((seed >> 33) % n);
}

/* Few hosts, ports and times, so that ties and equal rows are common; records with and
 * without flags; some IPv6, some mixed families. */
static void make_flows(struct ff_flow *f, size_t n)
{
	static const uint16_t ports[] = {53, 80, 443, 1023, 1024, 40000};
	static const uint8_t protocols[] = {6, 6, 6, 17, 17, 1};
	memset(f, 0, n * sizeof *f);
	for (size_t i = 0; i < n; i++) {
		f[i].present =
			FF_ALL_FIELDS & ~(FF_BIT(FF_FLAGS) | FF_BIT(FF_INITIAL_FLAGS));
		if (below(3))
			f[i].present |= FF_BIT(FF_FLAGS);
		if (below(3) == 0)
			f[i].present |= FF_BIT(FF_INITIAL_FLAGS);
		if (below(50) == 0)
			f[i].present &= ~FF_BIT(FF_DPORT);
		f[i].flags = (uint8_t)below(256);
		f[i].initial_flags = below(2) ? FF_SYN : (uint8_t)below(256);
		f[i].sip = ff_addr_from_v4(0x0a000000u + below(12));
		f[i].dip = ff_addr_from_v4(0xc0000200u + below(5));
		if (below(6) == 0)
			memset(f[i].dip.b, 0x20, 12);
		if (below(6) == 0)
			memset(f[i].sip.b, 0x26, 12);
		f[i].start_ns = (int64_t)below(400) * FF_MS - 100 * FF_MS +
				(below(4) ? 0 : (int64_t)below(3));
		f[i].protocol = protocols[below(6)];
		f[i].sport = below(4) ? (uint16_t)(32768 + below(40)) : ports[below(6)];
		f[i].dport = ports[below(6)];
	}
}

static const char *scratch(void)
{
	const char *tmp = getenv("FF_TMP");
	return tmp ? tmp : "out";
}

static struct ephemeral_params params(const char *host, int initiator)
{
	struct ephemeral_params p = {0};
	char any[2][4] = {"syn", "any"};
	assert_int_equal(ff_opts_defaults(ff_agg_ephemeral.opts, &p, NULL), FF_OK);
	assert_int_equal(ff_agg_ephemeral.check(&p, NULL), FF_EUSAGE);
	assert_int_equal(ff_opts_set(ff_agg_ephemeral.opts, &p, "host", host, NULL),
			 FF_OK);
	assert_int_equal(
		ff_opts_set(ff_agg_ephemeral.opts, &p, "initiator", any[initiator], NULL),
		FF_OK);
	assert_int_equal(ff_agg_ephemeral.check(&p, NULL), FF_OK);
	return p;
}

static void *create(const struct ephemeral_params *p, uint64_t memory)
{
	struct ff_agg_context ctx = {.memory_bytes = memory, .scratch_dir = scratch()};
	void *self;
	assert_int_equal(ff_agg_ephemeral.create(&self, p, &ctx, NULL), FF_OK);
	return self;
}

static void add(void *self, const struct ff_flow *f, size_t n)
{
	struct ff_batch b = {.flows = (struct ff_flow *)f, .count = n, .cap = n};
	assert_int_equal(ff_agg_ephemeral.add(self, &b, NULL), FF_OK);
}

/* Tables, attributes and findings as text; the aggregate is destroyed. */
static char *finish(void *self, size_t *rows)
{
	struct ff_result r = {0};
	struct ff_buf b = FF_BUF_INIT;
	struct ff_err err = {0};
	int rc = ff_agg_finish(&ff_agg_ephemeral, self, &r, 2, &err);
	if (rc)
		fail_msg("%s", err.text);
	*rows = r.tables[0].rows;
	for (size_t i = 0; i < r.ntables; i++)
		ff_table_write(&b, &r.tables[i], FF_TABLE_CSV);
	ff_findings_write(&b, &r);
	for (size_t i = 0; i < r.nattrs; i++)
		ff_buf_addf(&b, "%s %lld %s\n", r.attrs[i].key,
			    (long long)r.attrs[i].number,
			    r.attrs[i].text ? r.attrs[i].text : "");
	ff_result_release(&r);
	ff_agg_ephemeral.destroy(self);
	return (char *)b.data;
}

/* ---- brute force ---- */

static int flow_cmp(const void *a, const void *b)
{
	const struct ff_flow *x = a, *y = b;
	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	int c = ff_addr_cmp(&x->sip, &y->sip);
	if (!c)
		c = (x->sport > y->sport) - (x->sport < y->sport);
	if (!c)
		c = (x->protocol > y->protocol) - (x->protocol < y->protocol);
	if (!c)
		c = ff_addr_cmp(&x->dip, &y->dip);
	return c ? c : (x->dport > y->dport) - (x->dport < y->dport);
}

static bool initiated(const struct ff_flow *f)
{
	if (f->protocol == 6 && (f->present & FF_BIT(FF_INITIAL_FLAGS)))
		return (f->initial_flags & FF_SYN) && !(f->initial_flags & FF_ACK);
	if (f->protocol == 6 && (f->present & FF_BIT(FF_FLAGS)))
		return f->flags & FF_SYN;
	return f->sport >= 1024 && f->dport < f->sport;
}

static char *brute(const struct ff_flow *f, size_t n, const struct ephemeral_params *p)
{
	struct ff_flow *kept = calloc(n, sizeof *kept);
	struct ff_buf out = FF_BUF_INIT;
	char when[40], host[FF_ADDR_TEXT], to[FF_ADDR_TEXT];
	bool single = p->host.bits == 128;
	size_t m = 0;
	ff_buf_addf(&out, "time,%ssport,protocol,daddr,dport\n", single ? "" : "host,");
	for (size_t i = 0; i < n; i++)
		if (ff_prefix_has(&p->host, &f[i].sip) &&
		    (f[i].protocol == 6 || f[i].protocol == 17) &&
		    (f[i].present & FF_BIT(FF_DPORT)) &&
		    (p->initiator || initiated(&f[i])))
			kept[m++] = f[i];
	qsort(kept, m, sizeof *kept, flow_cmp);
	for (size_t i = 0; i < m; i++)
		ff_buf_addf(&out, "%s,%s%s%u,%u,%s,%u\n",
			    ff_format_time(when, sizeof when, kept[i].start_ns),
			    single ? "" : ff_format_addr(host, sizeof host, &kept[i].sip),
			    single ? "" : ",", kept[i].sport, kept[i].protocol,
			    ff_format_addr(to, sizeof to, &kept[i].dip), kept[i].dport);
	free(kept);
	return (char *)out.data;
}

static const char *const hosts[] = {"10.0.0.3",
				    "10.0.0.0/30",
				    "10.0.0.0/24",
				    "2626::/16",
				    "::/0",
				    "10.0.0.200",
				    "2626:2626:2626:2626:2626:2626:a00:3"};
#define HOSTS (sizeof hosts / sizeof *hosts)

static void table_is_what_brute_force_gives(void **state)
{
	struct ff_flow *f = calloc(FLOWS, sizeof *f);
	(void)state;
	for (size_t i = 0; i < HOSTS; i++)
		for (int initiator = 0; initiator < 2; initiator++) {
			struct ephemeral_params p = params(hosts[i], initiator);
			size_t rows;
			make_flows(f, FLOWS);
			void *self = create(&p, 1 << 30);
			add(self, f, FLOWS);
			char *want = brute(f, FLOWS, &p), *got = finish(self, &rows);
			if (strncmp(got, want, strlen(want)) != 0)
				fail_msg("%s: want\n%.900s\ngot\n%.900s", hosts[i], want,
					 got);
			assert_int_equal(strncmp(got + strlen(want), "host,flows", 10),
					 0);
			/* "::/0" holds everybody, the last host nearly nobody */
			if (i != 5)
				assert_true(rows > 10);
			free(want);
			free(got);
		}
	free(f);
}

/* ---- the same bytes, however the flows came in ---- */

static void save_and_load(void **agg, uint64_t memory)
{
	struct ff_agg_context ctx = {.memory_bytes = memory, .scratch_dir = scratch()};
	struct ff_agg_origin origin = {0}, loaded = {0};
	const struct ff_agg_type *type;
	struct ff_err err = {0};
	char path[512];
	snprintf(path, sizeof path, "%s/ephemeral.ffs", scratch());
	if (ff_state_save(path, &ff_agg_ephemeral, *agg, &origin, &err))
		fail_msg("%s", err.text);
	ff_agg_ephemeral.destroy(*agg);
	if (ff_state_load(agg, &type, &loaded, path, &ctx, &err))
		fail_msg("%s", err.text);
	assert_ptr_equal(type, &ff_agg_ephemeral);
	ff_agg_origin_release(&loaded);
	remove(path);
}

static void any_order_and_split_gives_the_same_bytes(void **state)
{
	static const uint64_t budgets[] = {1 << 30, 100000, 1};
	struct ff_flow *f = calloc(FLOWS, sizeof *f);
	(void)state;
	for (size_t h = 0; h < HOSTS; h++)
		for (int round = 0; round < 6; round++) {
			struct ephemeral_params p = params(hosts[h], round % 2);
			uint64_t memory = budgets[round % 3];
			size_t rows, half = below(FLOWS);
			void *one, *two = NULL, *handle = NULL;
			make_flows(f, FLOWS);
			one = create(&p, 1 << 30);
			add(one, f, FLOWS);
			char *want = finish(one, &rows);
			for (size_t i = FLOWS; i > 1; i--) {
				size_t k = below((uint32_t)i);
				struct ff_flow swap = f[i - 1];
				f[i - 1] = f[k];
				f[k] = swap;
			}
			one = create(&p, memory);
			if (round < 3) {
				assert_int_equal(
					ff_agg_ephemeral.fork(&handle, one, NULL), FF_OK);
				add(handle, f, half);
			} else {
				two = create(&p, memory);
				add(two, f, half);
				if (round == 4)
					save_and_load(&two, memory);
				handle = two;
			}
			for (size_t i = half; i < FLOWS; i += 100)
				add(one, f + i, FLOWS - i < 100 ? FLOWS - i : 100);
			assert_int_equal(ff_agg_ephemeral.merge(one, handle, NULL),
					 FF_OK);
			ff_agg_ephemeral.destroy(handle);
			if (round >= 3)
				save_and_load(&one, memory);
			char *got = finish(one, &rows);
			assert_string_equal(got, want);
			free(got);
			free(want);
		}
	free(f);
}

/* A state is the same bytes too. */
static void states_depend_on_the_flows_alone(void **state)
{
	struct ff_flow *f = calloc(FLOWS, sizeof *f);
	struct ff_agg_origin origin = {0};
	struct ephemeral_params p = params("::/0", 0);
	uint64_t digest[2];
	char path[512];
	(void)state;
	snprintf(path, sizeof path, "%s/ephemeral2.ffs", scratch());
	make_flows(f, FLOWS);
	for (int i = 0; i < 2; i++) {
		void *agg = create(&p, i ? 1 : 1 << 30);
		for (size_t k = 0; k < FLOWS; k++)
			add(agg, &f[i ? FLOWS - 1 - k : k], 1);
		assert_int_equal(
			ff_state_save(path, &ff_agg_ephemeral, agg, &origin, NULL),
			FF_OK);
		ff_agg_ephemeral.destroy(agg);
		FILE *file = fopen(path, "rb");
		static uint8_t bytes[1 << 20];
		size_t n = fread(bytes, 1, sizeof bytes, file);
		fclose(file);
		assert_in_range(n, 10000, sizeof bytes - 1);
		digest[i] = ff_digest64(bytes, n);
	}
	assert_true(digest[0] == digest[1]);
	remove(path);
	free(f);
}

static void other_parameters_do_not_merge(void **state)
{
	struct ephemeral_params a = params("10.0.0.0/8", 0), b = params("10.0.0.0/9", 0),
				c = params("10.0.0.0/8", 1);
	void *x = create(&a, 1), *y = create(&b, 1), *z = create(&c, 1);
	struct ff_err err = {0};
	(void)state;
	assert_int_equal(ff_agg_ephemeral.merge(x, y, &err), FF_EFORMAT);
	assert_non_null(strstr(err.text, "10.0.0.0/8 and 10.0.0.0/9"));
	assert_int_equal(ff_agg_ephemeral.merge(x, z, &err), FF_EFORMAT);
	assert_non_null(strstr(err.text, "syn and any"));
	ff_agg_ephemeral.destroy(x);
	ff_agg_ephemeral.destroy(y);
	ff_agg_ephemeral.destroy(z);
}

static void times_out_of_bounds_are_refused(void **state)
{
	struct ff_flow f[2];
	struct ephemeral_params p = params("10.0.0.3", 1);
	struct ff_batch b = {.flows = f, .count = 2, .cap = 2};
	struct ff_err err = {0};
	(void)state;
	for (int i = 0; i < 3; i++) {
		void *self = create(&p, 1 << 20);
		memset(f, 0, sizeof f);
		for (int k = 0; k < 2; k++) {
			f[k].sip = ff_addr_from_v4(0x0a000003);
			f[k].dip = ff_addr_from_v4(1);
			f[k].protocol = 17;
			f[k].present = FF_ALL_FIELDS;
		}
		f[1].start_ns = i == 0 ? INT64_MAX : i == 1 ? INT64_MIN : 40000 * FF_DAY;
		assert_int_equal(ff_agg_ephemeral.add(self, &b, &err), FF_ELIMIT);
		assert_non_null(strstr(err.text, "--from"));
		ff_agg_ephemeral.destroy(self);
	}
}

/* ---- verdicts ---- */

static void client_flows(struct ff_flow *f, size_t n, uint32_t host, unsigned low,
			 unsigned step)
{
	memset(f, 0, n * sizeof *f);
	for (size_t i = 0; i < n; i++) {
		f[i].present = FF_ALL_FIELDS;
		f[i].sip = ff_addr_from_v4(host);
		f[i].dip = ff_addr_from_v4(0xc0000200u + below(30));
		f[i].start_ns = (int64_t)i * 3 * FF_SEC;
		f[i].protocol = 6;
		f[i].initial_flags = FF_SYN;
		f[i].dport = 443;
		f[i].sport = (uint16_t)(low + (i * step) % (65536 - low));
	}
}

/* The verdict of each host stands in table hosts, busiest first, and in a finding that
 * selects its flows; a lone host's wraps are told too. */
static void hosts_get_their_verdicts(void **state)
{
	enum { A = 16500, B = 300 };
	static struct ff_flow f[A + B];
	struct ephemeral_params p = params("10.0.0.0/24", 0);
	struct ff_result r = {0};
	(void)state;
	client_flows(f, A, 0x0a000005, 49152, 1);
	client_flows(f + A, B, 0x0a000002, 1025, 9973);
	void *self = create(&p, 1 << 20);
	add(self, f, A + B);
	assert_int_equal(ff_agg_finish(&ff_agg_ephemeral, self, &r, 2, NULL), FF_OK);
	ff_agg_ephemeral.destroy(self);
	const struct ff_table *t = ff_result_table(&r, "hosts");
	assert_int_equal(t->rows, 2);
	assert_int_equal(ff_addr_to_v4(&t->columns[0].v.addr[0]), 0x0a000005);
	assert_non_null(strstr(ff_table_column(t, "claim")->v.text[0], "macOS"));
	assert_int_equal(ff_table_column(t, "tcp")->v.u64[1], B);
	assert_string_equal(r.findings[0].kind, "verdict");
	assert_non_null(strstr(r.findings[0].sentence, "Consistent with Windows Vista"));
	assert_string_equal(r.findings[0].selection, "--saddress=10.0.0.5 --protocol=6");
	assert_int_equal(r.findings[0].low, 49152);
	assert_int_equal(r.findings[0].high, 65535);
	assert_string_equal(r.findings[1].kind, "verdict");
	ff_result_release(&r);

	p = params("10.0.0.5", 0);
	self = create(&p, 1 << 20);
	add(self, f, A + B);
	assert_int_equal(ff_agg_finish(&ff_agg_ephemeral, self, &r, 1, NULL), FF_OK);
	ff_agg_ephemeral.destroy(self);
	size_t wraps = 0;
	for (size_t i = 0; i < r.nfindings; i++)
		if (strcmp(r.findings[i].kind, "wrap") == 0) {
			wraps++; /* 16384 ports on */
			assert_in_range(r.findings[i].from_ns, 16380 * 3 * FF_SEC,
					16390 * 3 * FF_SEC);
		}
	assert_int_equal(wraps, 1);
	t = ff_result_table(&r, "marks");
	assert_int_equal(t->rows, A);
	for (size_t i = 0; i < A; i++) {
		assert_int_equal(t->columns[0].v.u8[i], VERDICT_USED);
		assert_int_equal(t->columns[1].v.u16[i], UINT16_MAX);
	}
	ff_result_release(&r);
}

/* ---- memory ---- */

static int whole_way(const struct ff_flow *f, size_t n, struct ff_err *err)
{
	struct ephemeral_params p = {0};
	struct ff_agg_context ctx = {.memory_bytes = 1, .scratch_dir = scratch()};
	struct ff_batch b = {.flows = (struct ff_flow *)f, .count = n / 2, .cap = n};
	struct ff_agg_origin origin = {0}, loaded = {0};
	const struct ff_agg_type *type = &ff_agg_ephemeral;
	struct ff_result r = {0};
	void *self = NULL, *handle = NULL, *again = NULL;
	char path[512];
	int rc;
	snprintf(path, sizeof path, "%s/ephemeral3.ffs", scratch());
	if ((rc = ff_opts_set(type->opts, &p, "host", "::/0", err)) ||
	    (rc = type->create(&self, &p, &ctx, err)) ||
	    (rc = type->fork(&handle, self, err)) || (rc = type->add(self, &b, err)))
		goto out;
	b.flows += n / 2;
	if ((rc = type->add(handle, &b, err)) || (rc = type->merge(self, handle, err)) ||
	    (rc = ff_state_save(path, type, self, &origin, err)) ||
	    (rc = ff_state_load(&again, &type, &loaded, path, &ctx, err)) ||
	    (rc = type->merge(self, again, err)))
		goto out;
	rc = ff_agg_finish(type, self, &r, 1, err);
out:
	type = &ff_agg_ephemeral;
	type->destroy(handle);
	type->destroy(again);
	type->destroy(self);
	ff_agg_origin_release(&loaded);
	ff_result_release(&r);
	remove(path);
	return rc;
}

/* Built with FF_TEST_ALLOC every allocation fails once. */
static void failing_memory_is_told(void **state)
{
	static struct ff_flow f[120];
	struct ff_err err = {0};
	int rc = FF_ENOMEM;
	(void)state;
	make_flows(f, 60);
	client_flows(f + 60, 60, 0x0a000001, 32768, 2);
	for (uint64_t n = 1; rc != FF_OK; n++) {
		ff_alloc_fail_after(n);
		rc = whole_way(f, 120, &err);
		ff_alloc_fail_after(0);
		if (rc != FF_OK && rc != FF_ENOMEM)
			fail_msg("allocation %d: status %d, '%s'", (int)n, rc, err.text);
		assert_true(n < 20000);
	}
}

/* ---- the sort ---- */

static size_t row_length;
static int bytes_cmp(const void *a, const void *b)
{
	return memcmp(a, b, row_length);
}

static void rows_are_sorted_as_memcmp_says(void **state)
{
	static const size_t lengths[] = {18, 22, 46};
	static uint8_t rows[3000 * EPHEMERAL_MAX_ROW], want[sizeof rows];
	(void)state;
	for (int round = 0; round < 60; round++) {
		size_t n = below(round % 2 ? 3000 : 20);
		uint32_t values = 1 + below(255), most = 1 + below(8);
		row_length = lengths[round % 3];
		for (size_t i = 0; i < n * row_length; i++)
			rows[i] = below(10) < most ? 7 : (uint8_t)below(values);
		memcpy(want, rows, sizeof rows);
		qsort(want, n, row_length, bytes_cmp);
		assert_int_equal(ephemeral_sort(rows, n, row_length, NULL), FF_OK);
		assert_memory_equal(rows, want, n * row_length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_what_brute_force_gives),
		cmocka_unit_test(any_order_and_split_gives_the_same_bytes),
		cmocka_unit_test(states_depend_on_the_flows_alone),
		cmocka_unit_test(other_parameters_do_not_merge),
		cmocka_unit_test(times_out_of_bounds_are_refused),
		cmocka_unit_test(hosts_get_their_verdicts),
		cmocka_unit_test(failing_memory_is_told),
		cmocka_unit_test(rows_are_sorted_as_memcmp_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
