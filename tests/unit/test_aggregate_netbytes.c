/* SPDX-License-Identifier: MIT */
/* netbytes: the tables against brute force; any order, split, thread count and way
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

#include "aggregate/measure.h"
#include "aggregate/netbytes.h"

enum { FLOWS = 3000 };

static uint64_t seed = 1;
static uint32_t below(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((seed >> 33) % n);
}

static struct ff_addr address(void)
{
	struct ff_addr a = ff_addr_from_v4(0x0a000000 + below(6));

	if (below(4) == 0)
		memset(a.b, 0x20, 12);
	return a;
}

static uint16_t port(void)
{
	static const uint16_t usual[] = {0,    22,    53,    80,    443,  1023,
					 1024, 32767, 32768, 65535, 3306, 8080};

	return below(3) ? usual[below(12)] : (uint16_t)below(65536);
}

static void make_flows(struct ff_flow *f, size_t n)
{
	static const uint8_t protocols[] = {6, 6, 17, 1, 47, 132, 33, 136};

	memset(f, 0, n * sizeof *f);
	for (size_t i = 0; i < n; i++) {
		f[i].present = FF_ALL_FIELDS;
		if (below(10) == 0)
			f[i].present &= ~FF_BIT(below(FF_FIELDS));
		f[i].sip = address();
		f[i].dip = address();
		f[i].sport = port();
		f[i].dport = port();
		f[i].protocol = protocols[below(8)];
		f[i].flags = (uint8_t)below(32);
		f[i].initial_flags = (uint8_t)below(32);
		f[i].start_ns = ((int64_t)below(20) - 5) * FF_HOUR +
				(int64_t)below(3600) * FF_SEC;
		if (f[i].present & FF_BIT(FF_PACKETS))
			f[i].packets = below(1000);
		if (f[i].present & FF_BIT(FF_BYTES))
			f[i].bytes = below(5) ? below(100000) : below(1u << 30);
	}
}

/* ---- making and finishing ---- */

struct row {
	const char *bin, *host, *port, *direction, *ports;
};
static const struct row cases[] = {
	{"1h", "10.0.0.1", "host", "both", "0-65535"},
	{"1h", "10.0.0.0/30", "host", "both", "0-65535"},
	{"90m", "10.0.0.1", "peer", "in", "0-65535"},
	{"1d", "10.0.0.2/31", "sport", "out", "20-1024"},
	{"all", "0.0.0.0/0", "dport", "both", "1024-65535"},
	{"1mo", "2020:2020:2020:2020:2020:2020::/64", "host", "in", "0-40000"},
	{"30s", "::/0", "peer", "both", "80"},
};
enum { CASES = sizeof cases / sizeof *cases };

static void *create_with(const struct row *c, uint64_t memory)
{
	struct ff_agg_context ctx = {.memory_bytes = memory};
	struct netbytes_params p = {0};
	struct ff_err err = {0};
	const char *const words[][2] = {{"bin", c->bin},
					{"host", c->host},
					{"port", c->port},
					{"direction", c->direction},
					{"ports", c->ports}};
	void *self;

	assert_int_equal(ff_opts_defaults(ff_agg_netbytes.opts, &p, NULL), FF_OK);
	for (size_t i = 0; i < 5; i++)
		if (ff_opts_set(ff_agg_netbytes.opts, &p, words[i][0], words[i][1], &err))
			fail_msg("%s", err.text);
	if (ff_agg_netbytes.create(&self, &p, &ctx, &err))
		fail_msg("%s", err.text);
	return self;
}

static void *create(const struct row *c)
{
	return create_with(c, 1 << 30);
}

static void add(void *self, const struct ff_flow *f, size_t n)
{
	struct ff_batch b = {.flows = (struct ff_flow *)f, .count = n, .cap = n};

	assert_int_equal(ff_agg_netbytes.add(self, &b, NULL), FF_OK);
}

static struct ff_result finish_by(void *self, int measure, uint64_t top)
{
	struct netbytes_how how = {measure, top};
	struct ff_result r = {0};
	struct ff_err err = {0};

	if (ff_agg_netbytes.finish(self, &how, &r, 1, &err))
		fail_msg("%s", err.text);
	ff_agg_netbytes.destroy(self);
	return r;
}

static char *finish(void *self)
{
	struct ff_result r = finish_by(self, NETBYTES_AUTO, 10);
	struct ff_buf b = FF_BUF_INIT;

	for (size_t i = 0; i < r.ntables; i++)
		ff_table_write(&b, &r.tables[i], FF_TABLE_CSV);
	ff_findings_write(&b, &r);
	for (size_t i = 0; i < r.nattrs; i++)
		ff_buf_addf(&b, "%s %lld %s\n", r.attrs[i].key,
			    (long long)r.attrs[i].number,
			    r.attrs[i].text ? r.attrs[i].text : "");
	ff_result_release(&r);
	assert_false(b.failed);
	return (char *)b.data;
}

/* ---- brute force ---- */

struct event { /* one end of a flow that counts */
	int64_t start;
	unsigned protocol, port;
	uint64_t packets, bytes, by_host, by_peer;
};

static int event_cmp(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->protocol != y->protocol)
		return x->protocol < y->protocol ? -1 : 1;
	return (x->port > y->port) - (x->port < y->port);
}

static int port_cmp(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->protocol != y->protocol || x->port != y->port)
		return x->protocol * 65536 + x->port < y->protocol * 65536 + y->port ? -1
										     : 1;
	return (x->start > y->start) - (x->start < y->start);
}

/* 's' the sender, 'r' the receiver, '?' */
static char brute_opener(const struct ff_flow *f)
{
	bool initial = f->protocol == 6 && f->present >> FF_INITIAL_FLAGS & 1;
	bool flags = f->protocol == 6 && f->present >> FF_FLAGS & 1;
	unsigned lo = f->sport < f->dport ? f->sport : f->dport;
	unsigned hi = f->sport < f->dport ? f->dport : f->sport;

	if (initial && f->initial_flags & 2)
		return f->initial_flags & 16 ? 'r' : 's';
	if (flags && f->flags & 2 && !(f->flags & 16))
		return 's';
	if ((lo <= 1023 && hi >= 1024) || (lo <= 32767 && hi >= 32768))
		return hi == f->sport ? 's' : 'r';
	return '?';
}

struct brute {
	struct event *v;
	size_t n;
	uint64_t portless, outside, elsewhere;
};

static void brute_end(struct brute *b, const struct ff_flow *f, const struct row *c,
		      const struct ff_bins *bins, bool sender)
{
	struct event e = {.protocol = f->protocol,
			  .packets = f->packets,
			  .bytes = f->bytes,
			  .start = ff_bin_start(bins, ff_bin_of(bins, f->start_ns))};
	char opener = brute_opener(f);
	unsigned lo = (unsigned)atoi(c->ports), hi = lo;
	bool has = f->present >> FF_SPORT & 1 && f->present >> FF_DPORT & 1 &&
		   f->protocol != 1 && f->protocol != 47;

	if (strchr(c->ports, '-'))
		hi = (unsigned)atoi(strchr(c->ports, '-') + 1);
	switch (c->port[0]) {
	case 'h':
		e.port = sender ? f->sport : f->dport;
		break;
	case 'p':
		e.port = sender ? f->dport : f->sport;
		break;
	case 's':
		e.port = f->sport;
		break;
	default:
		e.port = f->dport;
	}
	if (opener != '?') {
		e.by_host = sender == (opener == 's');
		e.by_peer = !e.by_host;
	}
	if (!has)
		b->portless++;
	else if (e.port < lo || e.port > hi)
		b->outside++;
	else
		b->v[b->n++] = e;
}

static struct brute brute(const struct ff_flow *f, size_t n, const struct row *c)
{
	struct brute b = {.v = calloc(2 * n, sizeof *b.v)};
	struct ff_prefix host;
	struct ff_bins bins;

	assert_true(ff_parse_prefix(&host, c->host, strlen(c->host)));
	assert_true(ff_bins_parse(&bins, c->bin));
	for (size_t i = 0; i < n; i++) {
		bool out = ff_prefix_has(&host, &f[i].sip) &&
			   strcmp(c->direction, "in") != 0;
		bool in = ff_prefix_has(&host, &f[i].dip) &&
			  strcmp(c->direction, "out") != 0;

		if (out)
			brute_end(&b, &f[i], c, &bins, true);
		if (in)
			brute_end(&b, &f[i], c, &bins, false);
		b.elsewhere += !in && !out;
	}
	return b;
}

#define AT(t, column, row) ((t)->columns[column].v.u64[row])

static void check_cells(const struct ff_table *t, struct brute *b)
{
	size_t row = 0;

	qsort(b->v, b->n, sizeof *b->v, event_cmp);
	for (size_t i = 0; i < b->n; row++) {
		uint64_t flows = 0, packets = 0, bytes = 0;
		const struct event *first = &b->v[i];

		for (; i < b->n && event_cmp(first, &b->v[i]) == 0; i++) {
			flows++;
			packets += b->v[i].packets;
			bytes += b->v[i].bytes;
		}
		assert_true(row < t->rows);
		assert_int_equal(t->columns[0].v.time[row], first->start);
		assert_int_equal(AT(t, 1, row), first->protocol);
		assert_int_equal(AT(t, 2, row), first->port);
		assert_int_equal(AT(t, 3, row), flows);
		assert_int_equal(AT(t, 4, row), packets);
		assert_int_equal(AT(t, 5, row), bytes);
	}
	assert_int_equal(row, t->rows);
}

/* The peak is by packets. */
static void check_ports(const struct ff_table *t, struct brute *b)
{
	size_t row = 0;

	qsort(b->v, b->n, sizeof *b->v, port_cmp);
	for (size_t i = 0; i < b->n; row++) {
		struct event all = b->v[i];
		uint64_t flows = 0, bins = 0, peak = 0, peak_bin = 0;
		int64_t peak_start = 0, bin = INT64_MIN;

		all.packets = all.bytes = all.by_host = all.by_peer = 0;
		for (; i < b->n && b->v[i].protocol == all.protocol &&
		       b->v[i].port == all.port;
		     i++) {
			bool same = bins && b->v[i].start == bin;
			bool more = i + 1 < b->n && port_cmp(&b->v[i], &b->v[i + 1]) == 0;

			flows++;
			bins += !same;
			peak_bin = (same ? peak_bin : 0) + b->v[i].packets;
			bin = b->v[i].start;
			if (!more && (peak_bin > peak || bins == 1)) {
				peak = peak_bin;
				peak_start = bin;
			}
			all.packets += b->v[i].packets;
			all.bytes += b->v[i].bytes;
			all.by_host += b->v[i].by_host;
			all.by_peer += b->v[i].by_peer;
		}
		assert_true(row < t->rows);
		assert_int_equal(AT(t, 0, row), all.protocol);
		assert_int_equal(AT(t, 1, row), all.port);
		assert_int_equal(AT(t, 2, row), flows);
		assert_int_equal(AT(t, 3, row), all.packets);
		assert_int_equal(AT(t, 4, row), all.bytes);
		assert_int_equal(AT(t, 5, row), bins);
		assert_int_equal(AT(t, 6, row), all.by_host);
		assert_int_equal(AT(t, 7, row), all.by_peer);
		assert_int_equal(t->columns[8].v.time[row], peak_start);
		assert_int_equal(AT(t, 9, row), peak);
	}
	assert_int_equal(row, t->rows);
}

static void check_bins(const struct ff_table *t, const struct ff_flow *f, size_t n,
		       const struct row *c, const struct brute *b)
{
	struct ff_bins bins;
	uint64_t flows = 0;

	assert_true(ff_bins_parse(&bins, c->bin));
	for (size_t row = 0; row < t->rows; row++) {
		int64_t start = t->columns[0].v.time[row];
		uint64_t all = 0, counted = 0, bytes = 0;

		assert_true(row == 0 || start > t->columns[0].v.time[row - 1]);
		for (size_t i = 0; i < n; i++)
			all += ff_bin_start(&bins, ff_bin_of(&bins, f[i].start_ns)) ==
			       start;
		for (size_t i = 0; i < b->n; i++) {
			counted += b->v[i].start == start;
			bytes += b->v[i].start == start ? b->v[i].bytes : 0;
		}
		assert_int_equal(AT(t, 1, row), all);
		assert_int_equal(AT(t, 2, row), counted);
		assert_int_equal(AT(t, 4, row), bytes);
		flows += all;
	}
	assert_int_equal(flows, n);
}

static void tables_equal_brute_force(void **state)
{
	struct ff_flow *f = calloc(FLOWS, sizeof *f);

	(void)state;
	for (size_t c = 0; c < CASES; c++) {
		make_flows(f, FLOWS);
		for (size_t i = 0; i < FLOWS; i++)
			f[i].present |= FF_BIT(FF_PACKETS);
		void *a = create(&cases[c]);
		add(a, f, FLOWS);
		struct ff_result r = finish_by(a, NETBYTES_MEASURE + AGG_PACKETS, 10);
		struct brute b = brute(f, FLOWS, &cases[c]);
		assert_true(b.n > 20);
		check_cells(&r.tables[0], &b);
		check_ports(ff_result_table(&r, "ports"), &b);
		check_bins(ff_result_table(&r, "bins"), f, FLOWS, &cases[c], &b);
		assert_int_equal(ff_result_number(&r, "flows", -1), FLOWS);
		assert_int_equal(ff_result_number(&r, "counted", -1), b.n);
		assert_int_equal(ff_result_number(&r, "portless", -1), b.portless);
		assert_int_equal(ff_result_number(&r, "outside", -1), b.outside);
		assert_int_equal(ff_result_number(&r, "elsewhere", -1), b.elsewhere);
		ff_result_release(&r);
		free(b.v);
	}
	free(f);
}

/* ---- order ---- */

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
static void *scattered(const struct ff_flow *f, size_t n, const struct row *c)
{
	enum { PARTS = 4 };
	void *self[PARTS], *handle[PARTS];

	for (int i = 0; i < PARTS; i++) {
		self[i] = create(c);
		assert_int_equal(ff_agg_netbytes.fork(&handle[i], self[i], NULL), FF_OK);
	}
	for (size_t at = 0; at < n;) {
		size_t len = 1 + below(700), to = below(PARTS);

		len = len > n - at ? n - at : len;
		add(below(2) ? self[to] : handle[to], f + at, len);
		at += len;
	}
	uint32_t base = below(PARTS);
	for (uint32_t i = 0; i < PARTS; i++) {
		assert_int_equal(ff_agg_netbytes.merge(self[i], handle[i], NULL), FF_OK);
		ff_agg_netbytes.destroy(handle[i]);
	}
	for (uint32_t i = 0; i < PARTS; i++) {
		if (i == base)
			continue;
		assert_int_equal(ff_agg_netbytes.merge(self[base], self[i], NULL), FF_OK);
		ff_agg_netbytes.destroy(self[i]);
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
		cmocka_unit_test(tables_equal_brute_force),
		cmocka_unit_test(any_permutation_and_split_gives_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
