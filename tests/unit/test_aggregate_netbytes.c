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
#include <flowfig/select.h>

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
	{"1h", "10.0.0.0/29", "service", "both", "0-65535"},
	{"all", "::/0", "service", "in", "0-9000"},
};
enum { CASES = sizeof cases / sizeof *cases };

static int create_with(void **self, const struct row *c, uint64_t memory,
		       struct ff_err *err)
{
	struct ff_agg_context ctx = {.memory_bytes = memory};
	struct netbytes_params p = {0};
	const char *const words[][2] = {{"bin", c->bin},
					{"host", c->host},
					{"port", c->port},
					{"direction", c->direction},
					{"ports", c->ports}};
	int rc = ff_opts_defaults(ff_agg_netbytes.opts, &p, err);

	for (size_t i = 0; i < 5 && rc == FF_OK; i++)
		if (words[i][1])
			rc = ff_opts_set(ff_agg_netbytes.opts, &p, words[i][0],
					 words[i][1], err);
	return rc ? rc : ff_agg_netbytes.create(self, &p, &ctx, err);
}

static int create_rc(void **self, const struct row *c, struct ff_err *err)
{
	return create_with(self, c, 1 << 30, err);
}

static void *create(const struct row *c)
{
	struct ff_err err = {0};
	void *self;

	if (create_rc(&self, c, &err))
		fail_msg("%s", err.text);
	return self;
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
		if (c->port[1] == 'e' &&
		    (opener == 's' || (opener == '?' && f->dport < f->sport)))
			e.port = f->dport;
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

/* ---- states ---- */

static const char *scratch(void)
{
	const char *tmp = getenv("FF_TMP");

	return tmp ? tmp : "out";
}

static char *state_path(char *buf, size_t cap, const char *name)
{
	snprintf(buf, cap, "%s/netbytes-%s-%ld.ffs", scratch(), name, (long)getpid());
	return buf;
}

static void save(const char *path, void *a)
{
	struct ff_agg_origin o = {0};

	assert_int_equal(ff_state_save(path, &ff_agg_netbytes, a, &o, NULL), FF_OK);
}

static int load(void **a, const char *path, struct ff_err *err)
{
	struct ff_agg_context ctx = {.memory_bytes = 1 << 30, .scratch_dir = scratch()};
	const struct ff_agg_type *type;
	struct ff_agg_origin o = {0};
	int rc = ff_state_load(a, &type, &o, path, &ctx, err);

	if (rc == FF_OK)
		assert_ptr_equal(type, &ff_agg_netbytes);
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
		ff_agg_netbytes.destroy(b);
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

/* Numbers of every length, on every side of the eight bytes that are read at once. */
static void a_state_keeps_numbers_of_any_size(void **state)
{
	enum { BITS = 64, EACH = 3 };
	struct ff_flow f[BITS * EACH];
	char path[300];
	void *a = create(&cases[0]), *b;

	(void)state;
	make_flows(f, BITS * EACH);
	for (unsigned i = 0; i < BITS * EACH; i++) {
		uint64_t power = UINT64_C(1) << i / EACH;

		f[i].present = FF_ALL_FIELDS;
		f[i].sip = ff_addr_from_v4(0x0a000001);
		f[i].sport = (uint16_t)(i * 331);
		f[i].bytes = power - 1 + i % EACH;
		f[i].packets = i % EACH ? power : 0;
	}
	add(a, f, BITS * EACH);
	state_path(path, sizeof path, "numbers");
	save(path, a);
	assert_int_equal(load(&b, path, NULL), FF_OK);
	unlink(path);
	char *want = finish(a), *got = finish(b);
	assert_string_equal(got, want);
	ff_free(want);
	ff_free(got);
}

/* A sound payload, number by number, and one of them changed: one flow of two ends, of
 * which one is 80/tcp and one portless. */
static const uint64_t sound[] = {FF_BINS_FIXED,
				 (uint64_t)FF_HOUR,
				 /* host between */ 124,
				 NETBYTES_BOTH,
				 NETBYTES_HOST,
				 20,
				 1000, /* ports */
				 0,
				 0, /* times, from 7 s */
				 1,
				 0,
				 0,
				 0, /* flows, elsewhere, without */
				 1,
				 2,
				 3, /* portless */
				 0,
				 0,
				 0, /* outside */
				 1,
				 80,
				 0,
				 1, /* opened: used, step, by host, by peer */
				 2, /* cells: bin, slot, sums */
				 0,
				 80,
				 1,
				 2,
				 3,
				 0,
				 NETBYTES_ALL,
				 1,
				 0,
				 0};
enum {
	SOUND = sizeof sound / sizeof *sound,
	AT_WIDTH = 1,
	AT_FIRST = 7,
	AT_LAST,
	AT_OPENED = 19,
	AT_USED = 23,
	AT_CELL,
	AT_ALL = AT_CELL + 5
};
static size_t hostile_at;
static uint64_t hostile_value;

static int save_hostile(void *self, struct ff_state_writer *w, struct ff_err *err)
{
	(void)self;
	(void)err;
	for (size_t i = 0; i < SOUND; i++) {
		uint64_t v = hostile_at == i ? hostile_value : sound[i];
		struct ff_addr host = ff_addr_from_v4(0x0a000000 + (hostile_at == 100));

		if (i == 2)
			ff_state_put_bytes(w, host.b, 16);
		if (i == AT_FIRST || i == AT_LAST)
			ff_state_put_i64(w, 7 * FF_SEC + (int64_t)v);
		else if (i == AT_WIDTH || i == AT_CELL || i == AT_ALL)
			ff_state_put_i64(w, (int64_t)v);
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
	{"parameters", 0, FF_BINS_MONTH},
	{"parameters", 0, 7},
	{"parameters", AT_WIDTH, 0},
	{"parameters", AT_WIDTH, UINT64_MAX},
	{"parameters", AT_WIDTH, INT64_MAX},
	{"parameters", 100, 0}, /* host bits */
	{"parameters", 2, 129},
	{"parameters", 3, 3},
	{"parameters", 4, 5},
	{"parameters", 5, 1001},
	{"parameters", 6, 65536},
	{"times", AT_FIRST, 1},
	{"times", AT_LAST, INT64_MAX - 8 * FF_SEC},
	{"times", 9, 0},
	{"more flows", 10, 2},
	{"impossible port", AT_OPENED + 1, NETBYTES_SLOTS},
	{"impossible port", AT_OPENED + 1, UINT64_MAX},
	{"impossible port", AT_OPENED + 3, 0},
	{"cells without", AT_USED, 0},
	{"ports in a bin without", AT_USED, 1},
	{"impossible cell", AT_CELL, 1},
	{"impossible cell", AT_CELL, UINT64_MAX},
	{"impossible cell", AT_CELL, (uint64_t)INT64_MIN},
	{"impossible cell", AT_CELL + 1, 19},
	{"impossible cell", AT_CELL + 1, 1001},
	{"impossible cell", AT_CELL + 1, NETBYTES_ALL},
	{"impossible cell", AT_CELL + 1, NETBYTES_ALL + 1},
	{"impossible cell", AT_CELL + 1, UINT64_MAX},
	{"impossible cell", AT_CELL + 2, 0},
	{"impossible cell", AT_ALL, 1},
	{"impossible cell", AT_ALL + 1, 80},
	{"more flows", AT_ALL + 2, 2},
};

static void hostile_states_are_refused(void **state)
{
	struct ff_agg_type type = ff_agg_netbytes;
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
		struct row r;
		const char *says;
	} rows[] = {
		{{.bin = "1h"}, "give '--host=ADDRESS'"},
		{{.host = "10.0.0"}, "bad value '10.0.0' for '--host'"},
		{{.host = "10.0.0.1", .bin = "5"}, "--bin"},
		{{.host = "10.0.0.1", .port = "mine"}, "knows no 'mine'"},
		{{.host = "10.0.0.1", .ports = "5-4"}, "--ports"},
		{{.host = "10.0.0.1", .ports = "5-65536"}, "--ports"},
		{{.host = "10.0.0.1", .ports = "-5"}, "--ports"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ff_err err = {0};
		void *self;

		assert_int_equal(create_rc(&self, &rows[i].r, &err), FF_EUSAGE);
		if (!strstr(err.text, rows[i].says))
			fail_msg("row %d: '%s'", (int)i, err.text);
	}
}

static void other_parameters_do_not_merge(void **state)
{
	static const struct {
		struct row r;
		const char *says;
	} rows[] = {
		{{.host = "10.0.0.1", .bin = "5m"}, "bins: 1h and 5m"},
		{{.host = "10.0.0.2"}, "hosts: 10.0.0.1/32 and 10.0.0.2/32"},
		{{.host = "10.0.0.1", .port = "peer"}, "ports: host and peer"},
		{{.host = "10.0.0.1", .direction = "in"}, "directions: both and in"},
		{{.host = "10.0.0.1", .ports = "1-2"}, "ports: 0-65535 and 1-2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ff_err err = {0};
		void *a = create(&cases[0]), *b = create(&rows[i].r);

		assert_int_equal(ff_agg_netbytes.merge(a, b, &err), FF_EFORMAT);
		if (!strstr(err.text, rows[i].says))
			fail_msg("row %d: '%s'", (int)i, err.text);
		ff_agg_netbytes.destroy(a);
		ff_agg_netbytes.destroy(b);
	}
}

static void memory_and_time_have_bounds(void **state)
{
	struct ff_flow *f = calloc(FLOWS, sizeof *f);
	struct ff_batch b = {.flows = f, .count = FLOWS, .cap = FLOWS};
	struct ff_err err = {0};
	void *a, *h;

	(void)state;
	make_flows(f, FLOWS);
	assert_int_equal(create_with(&a, &cases[4], 100 * NETBYTES_CELL_BYTES, NULL),
			 FF_OK);
	assert_int_equal(ff_agg_netbytes.fork(&h, a, NULL), FF_OK);
	b.count = 30;
	assert_int_equal(ff_agg_netbytes.add(a, &b, &err), FF_OK);
	assert_int_equal(ff_agg_netbytes.merge(h, a, &err), FF_OK); /* frees its room */
	b.count = FLOWS;
	assert_int_equal(ff_agg_netbytes.add(h, &b, &err), FF_ELIMIT);
	assert_non_null(strstr(err.text, "more than 100 cells"));
	ff_agg_netbytes.destroy(h);
	ff_agg_netbytes.destroy(a);

	a = create(&cases[6]);
	f[1].start_ns = 400 * FF_DAY;
	b.count = 2;
	assert_int_equal(ff_agg_netbytes.add(a, &b, &err), FF_ELIMIT);
	assert_non_null(strstr(err.text, "bins of 30s"));
	ff_agg_netbytes.destroy(a);
	free(f);
}

/* ---- measures and findings ---- */

static void measures(void **state)
{
	struct ff_flow f[2];
	struct netbytes_how how = {NETBYTES_AUTO, 10};
	struct ff_result r = {0};
	struct ff_err err = {0};

	(void)state;
	memset(f, 0, sizeof f);
	for (int i = 0; i < 2; i++) {
		f[i].present = FF_ALL_FIELDS & ~(i ? FF_BIT(FF_BYTES) : 0);
		f[i].sip = ff_addr_from_v4(0x0a000001);
		f[i].protocol = 6;
		f[i].bytes = i ? 0 : 40;
	}
	void *a = create(&cases[0]);
	add(a, f, 1);
	assert_int_equal(ff_agg_netbytes.finish(a, &how, &r, 1, &err), FF_OK);
	assert_string_equal(ff_result_text(&r, "measure"), "bytes");
	ff_result_release(&r);
	add(a, f, 2);
	assert_int_equal(ff_agg_netbytes.finish(a, &how, &r, 1, &err), FF_OK);
	assert_string_equal(ff_result_text(&r, "measure"), "flows");
	ff_result_release(&r);
	how.measure = NETBYTES_MEASURE + AGG_BYTES;
	assert_int_equal(ff_agg_netbytes.finish(a, &how, &r, 1, &err), FF_EABSENT);
	assert_non_null(strstr(err.text, "field bytes, which 1 of 3 flows do not carry"));
	ff_agg_netbytes.destroy(a);
}

/* The flows that the switches of a finding select. */
static size_t selected(const char *switches, struct ff_flow *copy,
		       const struct ff_flow *f, size_t n)
{
	struct ff_select_counts counts = {0};
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
	if (ff_select_finish(s, site, &err) || ff_select_apply(s, &b, &counts, &err))
		fail_msg("'%s': %s", switches, err.text);
	ff_select_free(s);
	ff_site_free(site);
	free(words);
	return b.count;
}

static void switches_of_findings_select_their_flows(void **state)
{
	struct ff_flow *f = calloc(FLOWS, sizeof *f), *some = calloc(FLOWS, sizeof *f);
	size_t kinds[3] = {0};

	(void)state;
	for (size_t c = 0; c < CASES; c++) {
		make_flows(f, FLOWS);
		for (size_t i = 0; i < FLOWS; i++) {
			f[i].present = FF_ALL_FIELDS &
				       ~(FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE));
			if (below(5) == 0)
				f[i].bytes *= 1000;
		}
		void *a = create(&cases[c]), *b;
		add(a, f, FLOWS);
		struct ff_result r = finish_by(a, NETBYTES_MEASURE + AGG_BYTES, 15);
		for (size_t i = 0; i < r.nfindings; i++) {
			const struct ff_finding *x = &r.findings[i];
			unsigned port = (unsigned)x->low, n, found = 0;
			double value = 0, want = ff_finding_number(x, "value", 0);

			kinds[x->kind[0] == 'p' ? 0 : x->kind[0] == 'l' ? 1 : 2]++;
			assert_true(i == 0 || x->weight <= x[-1].weight);
			/* counting what was selected gives the finding again */
			n = (unsigned)selected(x->selection, some, f, FLOWS);
			assert_true(n > 0);
			b = create(&cases[c]);
			add(b, some, n);
			struct ff_result again = finish_by(b, NETBYTES_AUTO, 1);
			const struct ff_table *t = ff_result_table(&again, "ports");
			for (size_t k = 0; k < t->rows; k++)
				if (AT(t, 1, k) == port) {
					value = (double)AT(t, 4, k);
					found++;
				}
			bool is_alone = strcmp(cases[c].direction, "both") != 0 &&
					strcmp(cases[c].port, "service") != 0;
			if (found != 1 || value != want || (is_alone && t->rows != 1))
				fail_msg("%s: '%s' gives %g, not %g", x->sentence,
					 x->selection, value, want);
			ff_result_release(&again);
		}
		ff_result_release(&r);
	}
	assert_true(kinds[0] > 50 && kinds[1] > 5);
	free(f);
	free(some);
}

static void findings_in_words(void **state)
{
	enum { HOURS = 40 };
	struct ff_flow f[HOURS + 1];
	static const char *const want[] = {
		"80/tcp carries 77.9 % of the bytes, 21.1 MB",
		"22448/tcp moves 6.0 MB in one hour, 2 Jan 14:00, and nothing else",
		"80/tcp moves 9.8 MB in one hour, 1 Jan 07:00, 34 times its usual 290 kB",
	};

	(void)state;
	memset(f, 0, sizeof f);
	for (int i = 0; i <= HOURS; i++) {
		f[i].present = FF_ALL_FIELDS;
		f[i].protocol = 6;
		f[i].dip = ff_addr_from_v4(0x0a000001);
		f[i].dport = i < HOURS ? 80 : 22448;
		f[i].bytes = i == 7	 ? 9800000
			     : i < HOURS ? 300000 - i % 5 * 5000
					 : 6000000;
		f[i].start_ns = (i < HOURS ? i : 38) * FF_HOUR;
	}
	void *a = create(&cases[0]);
	add(a, f, HOURS + 1);
	struct ff_result r = finish_by(a, NETBYTES_AUTO, 1);
	assert_int_equal(r.nfindings, 3);
	for (int i = 0; i < 3; i++)
		assert_string_equal(r.findings[i].sentence, want[i]);
	assert_string_equal(r.findings[1].selection,
			    "--any-address=10.0.0.1 --aport=22448 --protocol=6 "
			    "--stime=1970/01/02T14:00:00.000-1970/01/02T14:59:59.999");
	ff_result_release(&r);
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
		    (rc = ff_agg_netbytes.fork(&handle, self, NULL)) == FF_OK &&
		    (rc = ff_agg_netbytes.add(handle, &b, NULL)) == FF_OK &&
		    (rc = ff_agg_netbytes.merge(self, handle, NULL)) == FF_OK &&
		    (rc = ff_state_save(path, &ff_agg_netbytes, self, &o, NULL)) ==
			    FF_OK &&
		    (rc = load(&loaded, path, NULL)) == FF_OK)
			rc = ff_agg_finish(&ff_agg_netbytes, loaded, &r, 1, NULL);
		ff_alloc_fail_after(0);
		ff_agg_netbytes.destroy(handle);
		ff_agg_netbytes.destroy(self);
		if (loaded)
			ff_agg_netbytes.destroy(loaded);
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
		cmocka_unit_test(tables_equal_brute_force),
		cmocka_unit_test(any_permutation_and_split_gives_the_same_bytes),
		cmocka_unit_test(a_state_keeps_everything),
		cmocka_unit_test(a_state_keeps_numbers_of_any_size),
		cmocka_unit_test(hostile_states_are_refused),
		cmocka_unit_test(wrong_words_are_refused),
		cmocka_unit_test(other_parameters_do_not_merge),
		cmocka_unit_test(memory_and_time_have_bounds),
		cmocka_unit_test(measures),
		cmocka_unit_test(switches_of_findings_select_their_flows),
		cmocka_unit_test(findings_in_words),
		cmocka_unit_test(memory_may_fail_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
