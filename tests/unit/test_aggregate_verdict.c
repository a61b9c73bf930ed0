/* SPDX-License-Identifier: MIT */
/* verdict: what is cleaned away, order, ties, windows, damaged input, memory that runs
 * out, and hosts whose system is known by other means (FF_SHARED). */
#include "verdict_help.h"

#include <flowfig/input.h>

#include <sys/stat.h>

enum { MANY = 30000 };

/* ---- cleaning ---- */

static void test_nothing(void **state)
{
	(void)state;
	struct verdict v;
	help_judge(&v, NULL, 0, NULL);
	assert_int_equal(v.lead, VERDICT_TCP);
	assert_string_equal(v.headline,
			    "No verdict: 0 initiated flows, at least 20 are needed");
	assert_int_equal(v.resolution_ns, 0);
	verdict_release(&v);
	verdict_release(&v);
}

static void test_roles(void **state)
{
	(void)state;
	struct verdict_flow flows[] = {
		help_flow(0, 6, 50000, 1, 443),
		help_flow(1, 6, 50000, 1, 443),	  /* again: repeat */
		help_flow(2, 6, 50001, 1, 53),	  /* DNS over TCP: apart */
		help_flow(3, 6, 50000, 2, 443),	  /* the same socket */
		help_flow(4, 6, 1023, 1, 443),	  /* not allocated */
		help_flow(5, 6, 1024, 1, 8080),	  /* a SYN is known */
		help_flow(6, 6, 1025, 1, 8080),	  /* none is: not initiated */
		help_flow(7, 17, 50000, 1, 53),	  /* another stream */
		help_flow(8, 17, 50000, 1, 5353), /* apart */
		help_flow(9, 17, 2000, 1, 5000),  /* not initiated */
		help_flow(10, 17, 50002, 1, 443),
		help_flow(11, 1, 2048, 1, 0),	  /* ICMP */
		help_flow(400, 6, 50000, 1, 443), /* a repeat is one within 300 s */
	};
	static const uint8_t want[] = {
		VERDICT_USED,	VERDICT_REPEAT, VERDICT_APART,	VERDICT_SAME,
		VERDICT_UNREAD, VERDICT_USED,	VERDICT_UNREAD, VERDICT_USED,
		VERDICT_APART,	VERDICT_UNREAD, VERDICT_USED,	VERDICT_UNREAD,
		VERDICT_USED,
	};
	struct verdict v;
	flows[6].syn_known = false;
	help_judge(&v, flows, sizeof flows / sizeof *flows, NULL);
	for (size_t i = 0; i < sizeof want; i++)
		if (v.roles[i] != want[i])
			fail_msg("flow %zu: role %u, want %u", i, v.roles[i], want[i]);
	assert_int_equal(v.streams[VERDICT_TCP].flows, 8);
	assert_int_equal(v.streams[VERDICT_TCP].used, 3);
	assert_int_equal(v.streams[VERDICT_TCP].reuse, 1);
	assert_int_equal(v.streams[VERDICT_DNS].flows, 1);
	assert_int_equal(v.streams[VERDICT_UDP].flows, 3);
	verdict_release(&v);
}

static void test_fixed(void **state)
{
	(void)state;
	struct verdict_flow flows[300];
	struct verdict v;
	for (uint32_t i = 0; i < 300; i++)
		flows[i] = help_flow(i, 6, i % 3 ? 6000 : 6001, i, 22);
	help_judge(&v, flows, 300, NULL);
	assert_int_equal(v.streams[VERDICT_TCP].family, VERDICT_FIXED);
	assert_int_equal(v.streams[VERDICT_TCP].nfixed, 2);
	assert_int_equal(v.streams[VERDICT_TCP].fixed[0], 6000); /* the busier */
	assert_int_equal(v.streams[VERDICT_TCP].fixed[1], 6001);
	assert_int_equal(v.roles[0], VERDICT_IS_FIXED);
	assert_non_null(strstr(v.headline, "300 flows from 2 ports"));
	verdict_release(&v);
	/* a fixed port among others is set aside, and the counter still shows */
	for (uint32_t i = 0; i < 300; i++)
		flows[i] = help_flow(i, 6, i % 3 ? 50000 + i : 6000, i, 443);
	help_judge(&v, flows, 300, NULL);
	assert_int_equal(v.streams[VERDICT_TCP].family, VERDICT_UP_IANA);
	assert_int_equal(v.streams[VERDICT_TCP].roles[VERDICT_IS_FIXED], 100);
	verdict_release(&v);
}

static void test_server(void **state)
{
	(void)state;
	struct verdict_flow flow = help_flow(0, 6, 50000, 1, 443);
	struct verdict_side side = {.seen = 500, .answered_tcp = 499};
	struct verdict v;
	help_judge(&v, &flow, 1, &side);
	assert_int_equal(v.streams[VERDICT_TCP].family, VERDICT_SERVER);
	assert_non_null(strstr(v.headline, "499 flows answered, 1 opened"));
	verdict_release(&v);
}

/* ---- hosts ---- */

static void test_marks(void **state)
{
	(void)state;
	static struct verdict_flow flows[3000];
	struct verdict v;
	for (uint32_t i = 0; i < 3000; i++) /* wraps once, then restarts lower */
		flows[i] = help_flow(
			i, 6, i < 2000 ? 49152 + (15500 + i) % 16384 : 49152 + i - 1900,
			i * 7 % 50, 443);
	help_judge(&v, flows, 3000, NULL);
	const struct verdict_stream *s = &v.streams[VERDICT_TCP];
	assert_int_equal(s->family, VERDICT_UP_IANA);
	assert_int_equal(s->wraps, 1);
	assert_int_equal(s->wraps_ns[0], 884 * FF_SEC);
	assert_int_equal(s->drops, 1);
	assert_int_equal(s->drops_ns[0], 2000 * FF_SEC);
	assert_int_equal(s->port_lo, 49152);
	assert_int_equal(s->port_hi, 65535);
	assert_true(s->explained > .99 && s->margin > 20);
	verdict_release(&v);
}

/* IPv6 destinations that differ in the last byte alone are different. */
static void test_ipv6(void **state)
{
	(void)state;
	struct help_random r = {1};
	struct verdict_flow flows[400];
	uint32_t next[20];
	struct verdict v;
	for (int i = 0; i < 20; i++)
		next[i] = help_below(&r, 14000);
	for (uint32_t i = 0; i < 400; i++) {
		uint32_t site = help_below(&r, 20);
		next[site] = (next[site] + 1) % 14116;
		flows[i] = help_flow(i * .1, 6, 32768 + 2 * next[site], 0, 443);
		flows[i].daddr = (struct ff_addr){{0x20, 1, 0x0d, 0xb8}};
		flows[i].daddr.b[15] = (uint8_t)site;
	}
	help_judge(&v, flows, 400, NULL);
	assert_int_equal(v.streams[VERDICT_TCP].family, VERDICT_LINUX);
	const struct verdict_stream *s = &v.streams[VERDICT_TCP];
	assert_int_equal(s->pairs, s->used - 20);
	assert_true(s->used > 350 && s->near > s->pairs - 9);
	assert_int_equal(s->even, s->used);
	verdict_release(&v);
}

static void test_lanes(void **state)
{
	(void)state;
	struct help_random r = {2};
	struct verdict_flow flows[600];
	uint32_t next[3] = {50000, 55000, 60000};
	size_t hosts[3] = {0};
	struct verdict v;
	int whose[600];
	for (uint32_t i = 0; i < 600; i++) {
		whose[i] = (int)help_below(&r, 3);
		flows[i] = help_flow(i, 6, next[whose[i]]++, help_below(&r, 50), 443);
	}
	help_judge(&v, flows, 600, NULL);
	assert_int_equal(v.streams[VERDICT_TCP].family, VERDICT_LANES);
	assert_int_equal(v.streams[VERDICT_TCP].lanes, 3);
	assert_true(v.streams[VERDICT_TCP].cover > .95);
	/* each flow is on the lane of its host */
	for (int h = 0; h < 3; h++)
		for (int i = 0; i < 600; i++)
			hosts[h] += v.lanes[i] == v.lanes[0] && whose[i] == h;
	for (int h = 0; h < 3; h++)
		assert_true(h == whose[0] ? hosts[h] > 150 : hosts[h] == 0);
	verdict_release(&v);
}

/* ---- equal times ---- */

static void help_rounded(struct verdict_flow *flows, size_t n, struct help_random *r)
{
	for (size_t i = 0; i < n; i++)
		flows[i].time_ns = flows[i].time_ns / FF_SEC * FF_SEC;
	for (size_t i = 0; i < n; i++) { /* shuffle what is equal */
		size_t end = i;
		while (end < n && flows[end].time_ns == flows[i].time_ns)
			end++;
		size_t j = i + help_below(r, (uint32_t)(end - i));
		struct verdict_flow t = flows[i];
		flows[i] = flows[j];
		flows[j] = t;
	}
}

static int help_by_port(const void *pa, const void *pb)
{
	const struct verdict_flow *a = pa, *b = pb;
	int by_time = help_by_time(pa, pb);
	return by_time ? by_time : a->sport - b->sport;
}

static void assert_same(const struct verdict *a, const struct verdict *b)
{
	assert_string_equal(a->headline, b->headline);
	assert_int_equal(a->nnotes, b->nnotes);
	for (size_t i = 0; i < a->nnotes; i++)
		assert_string_equal(a->notes[i], b->notes[i]);
	for (int k = 0; k < VERDICT_STREAMS; k++) {
		struct verdict_stream x = a->streams[k], y = b->streams[k];
		assert_int_equal(x.wraps, y.wraps);
		assert_int_equal(x.drops, y.drops);
		if (x.wraps)
			assert_memory_equal(x.wraps_ns, y.wraps_ns, x.wraps * 8);
		x.wraps_ns = y.wraps_ns = x.drops_ns = y.drops_ns = NULL;
		assert_memory_equal(&x.margin, &y.margin, sizeof x.margin);
		assert_memory_equal(x.roles, y.roles, sizeof x.roles);
		assert_memory_equal(x.rivals, y.rivals, sizeof x.rivals);
		assert_string_equal(x.claim, y.claim);
		assert_string_equal(x.reason, y.reason);
	}
}

static uint32_t help_port(int kind, uint32_t i, struct help_random *r)
{
	switch (kind) {
	case 0:
		return 1025 + i % 3976;
	case 1:
		return 65535 - i % 16384;
	case 2:
		return 49152 + help_below(r, 16384);
	case 3:
		return 49152 + i / 2 + (i % 2 ? 0 : 8000);
	default:
		return 1024 + help_below(r, 64512);
	}
}

/* The order of equal times changes nothing, and sorting them by port makes no counter. */
static void test_ties(void **state)
{
	(void)state;
	static const enum verdict_family want[] = {
		VERDICT_XP,    VERDICT_NETBSD,	   VERDICT_RANDOM_IANA,
		VERDICT_LANES, VERDICT_RANDOM_ALL,
	};
	static struct verdict_flow flows[600];
	for (int kind = 0; kind < 5; kind++) {
		struct help_random r = {(uint64_t)kind + 10};
		struct verdict a, b;
		for (uint32_t i = 0; i < 600; i++)
			flows[i] = help_flow(i * .1, 6, help_port(kind, i, &r),
					     help_below(&r, 80), 443);
		help_rounded(flows, 600, &r);
		help_judge(&a, flows, 600, NULL);
		help_rounded(flows, 600, &r);
		help_judge(&b, flows, 600, NULL);
		assert_same(&a, &b);
		verdict_release(&b);
		qsort(flows, 600, sizeof *flows, help_by_port);
		help_judge(&b, flows, 600, NULL);
		assert_same(&a, &b);
		if (a.streams[VERDICT_TCP].family != want[kind])
			fail_msg("kind %d: %s", kind, a.headline);
		assert_int_equal(a.resolution_ns, FF_SEC);
		verdict_release(&a);
		verdict_release(&b);
	}
}

/* ---- long streams ---- */

static void test_windows(void **state)
{
	(void)state;
	struct verdict_flow *flows = calloc(MANY, sizeof *flows);
	struct help_random r = {3};
	struct verdict v;
	assert_non_null(flows);
	for (uint32_t i = 0; i < MANY; i++)
		flows[i] = help_flow(i, 6, help_port(0, i, &r), help_below(&r, 99), 443);
	help_judge(&v, flows, MANY, NULL);
	assert_int_equal(v.streams[VERDICT_TCP].family, VERDICT_XP);
	assert_int_equal(v.streams[VERDICT_TCP].windows, VERDICT_WINDOWS);
	assert_int_equal(v.streams[VERDICT_TCP].used, VERDICT_WINDOWS * VERDICT_WINDOW);
	assert_int_equal(v.streams[VERDICT_TCP].roles[VERDICT_OUTSIDE],
			 MANY - VERDICT_WINDOWS * VERDICT_WINDOW);
	assert_int_equal(v.roles[0], VERDICT_USED);
	assert_int_equal(v.roles[MANY - 1], VERDICT_USED);
	/* wraps every 3,976 ports, in the windows alone */
	assert_in_range(v.streams[VERDICT_TCP].wraps, 3, 6);
	verdict_release(&v);
	/* another system from the middle on: no verdict on the whole */
	for (uint32_t i = MANY * 2 / 3; i < MANY; i++)
		flows[i].sport = (uint16_t)help_port(4, i, &r);
	help_judge(&v, flows, MANY, NULL);
	assert_int_equal(v.streams[VERDICT_TCP].family, VERDICT_NONE);
	assert_non_null(strstr(v.headline, "stretches of the time differ"));
	verdict_release(&v);
	free(flows);
}

/* ---- hostile ---- */

static void test_extremes(void **state)
{
	(void)state;
	struct help_random r = {4};
	for (int round = 0; round < 300; round++) {
		struct verdict_flow flows[200];
		size_t n = help_below(&r, 200);
		uint32_t ports = 1u << help_below(&r, 17), sites = 1 + help_below(&r, 9);
		struct verdict v;
		for (size_t i = 0; i < n; i++) {
			flows[i] = help_flow(0, help_below(&r, 3) ? 6 : 17,
					     help_below(&r, ports), help_below(&r, sites),
					     (uint16_t)(help_below(&r, 2) ? 53 : 65535));
			flows[i].sport += (uint16_t)(round % 2 ? 1024 : 0);
			flows[i].syn_known = help_below(&r, 2);
			flows[i].time_ns = round % 5 == 0 ? INT64_MIN
					   : round % 5 == 1
						   ? (int64_t)help_next(&r)
						   : (int64_t)help_below(&r, 1u << 31);
		}
		qsort(flows, n, sizeof *flows, help_by_time);
		help_judge(&v, flows, n, NULL);
		verdict_release(&v);
	}
}

static void test_memory(void **state)
{
	(void)state;
	struct help_random r = {5};
	static struct verdict_flow flows[400];
	if (ff_alloc_fail_after(0) == 0) {
		void *p = ff_alloc(1, 1);
		ff_free(p);
		if (ff_alloc_fail_after(0) == 0)
			skip();
	}
	/* several counters of TCP, random DNS; then ambiguous TCP that asks UDP; then a
	 * counter that UDP shares */
	for (int kind = 0; kind < 3; kind++) {
		for (uint32_t i = 0; i < 400; i++) {
			bool is_udp = i % 3 == 0;
			uint32_t port = kind == 0   ? help_port(is_udp ? 4 : 3, i, &r)
					: kind == 1 ? 50001 + help_below(&r, 15535)
						    : 50000 + i;
			flows[i] = help_flow(i / 2, is_udp ? 17 : 6, port,
					     help_below(&r, 30), is_udp ? 53 : 443);
		}
		uint64_t asked;
		struct verdict v;
		struct ff_err err;
		ff_alloc_fail_after(0);
		assert_int_equal(verdict_judge(&v, flows, 400, NULL, 1, &err), FF_OK);
		verdict_release(&v);
		asked = ff_alloc_fail_after(0);
		assert_true(asked > 20);
		for (uint64_t nth = 1; nth <= asked; nth++) {
			ff_alloc_fail_after(nth);
			int rc = verdict_judge(&v, flows, 400, NULL, 1, &err);
			ff_alloc_fail_after(0);
			assert_int_equal(rc, FF_ENOMEM);
			assert_null(v.notes);
			assert_null(v.roles);
		}
	}
}

/* ---- real hosts ---- */

struct real {
	const char *path, *host;
	enum verdict_family family; /* of TCP */
	size_t used;		    /* ports of TCP, at least */
};

struct real_flows {
	struct verdict_flow *flows;
	size_t n, cap;
	struct verdict_side side;
};

static bool real_is_initiated(const struct ff_flow *f)
{
	if (f->protocol == 6 && f->present & FF_BIT(FF_INITIAL_FLAGS))
		return f->initial_flags & FF_SYN;
	if (f->protocol == 6 && f->present & FF_BIT(FF_FLAGS))
		return f->flags & FF_SYN;
	return f->sport >= 1024 && f->dport < f->sport;
}

static void real_add(struct real_flows *out, const struct ff_flow *f,
		     const struct ff_addr *host)
{
	bool is_mine = ff_addr_cmp(&f->sip, host) == 0;
	if (!is_mine && ff_addr_cmp(&f->dip, host) != 0)
		return;
	out->side.seen++;
	if (!is_mine) {
		out->side.answered_tcp += f->protocol == 6;
		out->side.answered_udp += f->protocol == 17;
	}
	if (!is_mine || !real_is_initiated(f))
		return;
	if (out->n == out->cap) {
		out->cap = out->cap ? 2 * out->cap : 1000;
		out->flows = realloc(out->flows, out->cap * sizeof *out->flows);
		assert_non_null(out->flows);
	}
	out->flows[out->n++] = (struct verdict_flow){
		.time_ns = f->start_ns,
		.daddr = f->dip,
		.sport = f->sport,
		.dport = f->dport,
		.protocol = f->protocol,
		.syn_known = f->protocol == 6,
	};
}

static void check_real(const char *path, const struct real *real)
{
	struct ff_input_opts o = {0};
	struct ff_batch batch;
	struct ff_lane lane = {0};
	struct ff_source *s;
	struct ff_err err = {0};
	struct ff_addr host;
	struct real_flows f = {0};
	struct verdict v;

	assert_true(ff_parse_addr(&host, real->host, strlen(real->host)));
	assert_int_equal(ff_site_new(&o.site, NULL), FF_OK);
	assert_int_equal(ff_batch_init(&batch, 1000, NULL), FF_OK);
	if (ff_source_open(&s, path, &o, &err) != FF_OK)
		fail_msg("%s", err.text);
	while (ff_source_next(s, &lane, &batch, &err) > 0)
		for (size_t i = 0; i < batch.count; i++)
			real_add(&f, &batch.flows[i], &host);
	assert_int_equal(err.status, FF_OK);
	qsort(f.flows, f.n, sizeof *f.flows, help_by_time);
	help_judge(&v, f.flows, f.n, &f.side);
	if (v.streams[VERDICT_TCP].family != real->family)
		fail_msg("%s %s: %s", real->path, real->host, v.headline);
	if (v.streams[VERDICT_TCP].used < real->used)
		fail_msg("%s %s: %zu ports, want %zu or more", real->path, real->host,
			 v.streams[VERDICT_TCP].used, real->used);
	verdict_release(&v);
	free(f.flows);
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	ff_source_close(s);
	ff_site_free(o.site);
}

/* Systems known from user agents, SYN options or the publisher. */
static void test_real(void **state)
{
	(void)state;
	static const struct real reals[] = {
		/* Windows 7 */
		{"ctu-zeek/001-zeek-scenario-malicious/conn.log", "192.168.1.115",
		 VERDICT_UP_IANA, 192},
		/* nmap */
		{"ctu-zeek/002-zeek-scenario-port-scanning/conn.log", "172.16.1.11",
		 VERDICT_FIXED, 0},
		/* Windows 10 */
		{"ctu-zeek/008-zeek-mixed/conn.log.labeled", "147.32.81.167",
		 VERDICT_UP_IANA, 864},
		/* macOS */
		{"ctu-zeek/011-zeek-mixed/conn.log.labeled", "147.32.83.165",
		 VERDICT_UP_IANA, 3387},
		/* Windows 7 */
		{"slips/2016-09-09_win1.binetflow", "192.168.1.112", VERDICT_UP_IANA,
		 3166},
		{"slips/test5.binetflow", "10.0.2.15", VERDICT_UP_IANA, 1641},
		/* Android */
		{"slips/test2-malicious.binetflow", "10.8.0.69", VERDICT_LINUX_OLD, 3920},
		/* Windows 10 */
		{"derived-argus/day2-UTICA-A.argus.csv", "10.0.1.5", VERDICT_UP_IANA,
		 317},
	};
	const char *dir = getenv("FF_SHARED");
	char path[1024];
	struct stat st;

	for (size_t i = 0; i < sizeof reals / sizeof *reals; i++) {
		snprintf(path, sizeof path, "%s/data/%s", dir ? dir : "../shared",
			 reals[i].path);
		if (stat(path, &st) != 0)
			skip();
		check_real(path, &reals[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing), cmocka_unit_test(test_roles),
		cmocka_unit_test(test_fixed),	cmocka_unit_test(test_server),
		cmocka_unit_test(test_marks),	cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_lanes),	cmocka_unit_test(test_ties),
		cmocka_unit_test(test_windows), cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_memory),	cmocka_unit_test(test_real),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
