/* SPDX-License-Identifier: MIT */
/* The scenarios of `flowfig simulate`: determinism, order, addresses, the numbers that
 * each population promises, and the truth against a count by brute force. Seeds are
 * fixed. */
#include "simulate_help.h"

#include <math.h>
#include <stdio.h>

/* FNV-1a over every member of every flow in order: one changed bit shows. */
static uint64_t digest(const struct ff_sim *sim)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	for (uint64_t i = 0; i < sim->count; i++) {
		const struct ff_sim_flow *f = help_at(sim, i);
		const uint64_t v[] = {
			f->start_ms, f->duration_ms, f->outside,     f->inside,
			f->packets,  f->bytes,	     f->sport,	     f->dport,
			f->protocol, f->initial,     f->session,     f->attributes,
			f->flowtype, f->population,  f->application, f->is_inbound};
		for (size_t k = 0; k < sizeof v / sizeof *v; k++)
			h = (h ^ v[k]) * UINT64_C(0x100000001b3);
	}
	return h;
}

static uint64_t digest_of(const struct help_case *c)
{
	struct ff_sim sim;
	struct ff_err err = {FF_OK, ""};
	void *params;
	if (help_run(&sim, &params, c, &err) != FF_OK)
		fail_msg("%s", err.text);
	assert_true(sim.count == c->flows);
	uint64_t h = digest(&sim);
	ff_sim_release(&sim);
	free(params);
	return h;
}

/* The constants hold on every machine and compiler. They change when a scenario is tuned,
 * which is a change users see: the same command then gives other flows. */
static void same_seed_same_flows(void **state)
{
	(void)state;
	static const struct {
		struct help_case c;
		uint64_t digest;
	} rows[] = {
		{{&ff_sim_border, 1, 50000, 30, NET, {NULL}},
		 UINT64_C(0xe51ef8888ed64769)},
		{{&ff_sim_slow_scan, 1, 250000, 30, NET, {NULL}},
		 UINT64_C(0x204a1e8af79bbd42)},
		{{&ff_sim_slow_scan, 1, 60000, 3, NET, {"mode=poisson", "scanners=20"}},
		 UINT64_C(0xab3fe18996a46196)},
		{{&ff_sim_slow_scan, 1, 60000, 3, NET, {"mode=burst", "sweeps=3"}},
		 UINT64_C(0x49087341f84764da)},
		{{&ff_sim_stacks, 1, 50000, 30, NET, {NULL}},
		 UINT64_C(0x110f802904cc5932)},
		{{&ff_sim_stacks, 1, 50000, 30, NET, {"impair=all"}},
		 UINT64_C(0x051d1748a2a33116)},
	};
	bool differs = false;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t got = digest_of(&rows[i].c);
		assert_true(got == digest_of(&rows[i].c));
		if (got != rows[i].digest) {
			print_message("row %zu: UINT64_C(0x%016llx)\n", i,
				      (unsigned long long)got);
			differs = true;
		}
		struct help_case other = rows[i].c;
		other.seed = 2;
		assert_true(got != digest_of(&other));
	}
	assert_false(differs);
}

static bool is_reserved(uint32_t a)
{
	uint32_t o = a >> 24, s = a >> 16 & 0xff;
	return o == 0 || o == 10 || o == 127 || o >= 224 ||
	       (o == 100 && s >= 64 && s < 128) || (o == 169 && s == 254) ||
	       (o == 172 && s >= 16 && s < 32) || (o == 192 && s == 168) ||
	       (o == 198 && (s == 18 || s == 19)) || a >> 8 == 0xc00002 ||
	       a >> 8 == 0xc63364 || a >> 8 == 0xcb0071 || a >> 8 == 0xc00000;
}

/* What holds for every flow of every scenario, at any size and for any inside network. */
static void check_flows(const struct ff_sim *sim)
{
	uint64_t last = 0;
	for (uint64_t i = 0; i < sim->count; i++) {
		const struct ff_sim_flow *f = help_at(sim, i);
		assert_true(f->start_ms >= last && f->start_ms < ff_sim_span_ms(sim));
		last = f->start_ms;
		assert_true(f->packets >= 1 && f->bytes >= 28 * f->packets);
		assert_true(f->bytes <= 1500 * (uint64_t)f->packets);
		assert_true(f->duration_ms < 1800000);
		assert_true(f->inside < ff_sim_hosts(sim));
		assert_true((f->flowtype % 2 == 0) == f->is_inbound);
		assert_true(f->protocol == 6 || (f->initial | f->session) == 0);
		assert_true(f->packets > 1 || f->session == 0);
		struct ff_flow flow;
		ff_sim_convert(sim, &flow, f);
		const struct ff_addr *in = f->is_inbound ? &flow.dip : &flow.sip;
		const struct ff_addr *out = f->is_inbound ? &flow.sip : &flow.dip;
		assert_true(ff_prefix_has(&sim->inside, in) &&
			    !ff_prefix_has(&sim->inside, out));
		assert_true(ff_addr_is_v4(out) == !ff_sim_is_v6(sim));
		if (ff_addr_is_v4(out))
			assert_false(is_reserved(ff_addr_to_v4(out)));
		assert_true(flow.end_ns >= flow.start_ns && flow.start_ns >= HELP_START);
	}
}

static void flows_are_sound(void **state)
{
	(void)state;
	static const struct help_case rows[] = {
		{&ff_sim_border, 1, 100000, 30, NET, {NULL}},
		{&ff_sim_border, 2, 30000, 1, "10.0.0.0/24", {NULL}},
		{&ff_sim_border, 3, 30000, 40, "5.1.0.0/16", {NULL}},
		{&ff_sim_border, 4, 30000, 7, "2001:db8:1::/118", {NULL}},
		{&ff_sim_border, 5, 30000, 7, "2600:1::/120", {NULL}},
		{&ff_sim_border, 6, 1, 30, NET, {NULL}},
		{&ff_sim_border, 7, 999, 366, NET, {NULL}},
		{&ff_sim_stacks, 1, 60000, 30, NET, {NULL}},
		{&ff_sim_stacks, 2, 24, 30, "10.0.0.0/24", {"impair=all"}},
		{&ff_sim_stacks, 3, 5000, 30, "2001:db8:1::/118", {"impair=rounded"}},
		{&ff_sim_stacks, 4, 777, 30, NET, {"stack=nat-5-mixed"}},
		{&ff_sim_slow_scan, 1, 300000, 30, NET, {NULL}},
		{&ff_sim_slow_scan, 2, 1, 1, NET, {"scanners=0", "sweeps=0"}},
		{&ff_sim_slow_scan,
		 3,
		 40000,
		 1,
		 "10.0.0.0/24",
		 {"scan-from=0.9", "scan-days=1"}},
		{&ff_sim_slow_scan,
		 4,
		 40000,
		 10,
		 "2001:db8::/116",
		 {"scanners=10", "mode=poisson", "sweeps=2"}},
		{&ff_sim_slow_scan,
		 5,
		 40000,
		 10,
		 NET,
		 {"scanners=40", "mode=burst", "sweeps=0"}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ff_sim sim;
		struct ff_err err = {FF_OK, ""};
		void *params;
		if (help_run(&sim, &params, &rows[i], &err) != FF_OK)
			fail_msg("row %zu: %s", i, err.text);
		assert_true(sim.count == rows[i].flows);
		check_flows(&sim);
		ff_sim_release(&sim);
		free(params);
	}
}

static void outside_hosts_are_distinct(void **state)
{
	(void)state;
	enum { HOSTS = 300000 };
	struct ff_sim sim = {.seed = 9};
	assert_true(ff_parse_prefix(&sim.inside, NET, strlen(NET)));
	uint8_t *met = calloc(1u << 29, 1); /* a bit an address */
	assert_non_null(met);
	for (uint32_t n = 0; n < HOSTS; n++) {
		uint32_t a = ff_sim_outside(&sim, n);
		assert_false(met[a >> 3] >> (a & 7) & 1);
		met[a >> 3] |= (uint8_t)(1 << (a & 7));
		assert_false(is_reserved(a));
	}
	free(met);
}

/* ---- populations ---- */

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static void vlf_keeps_the_ratios_of_the_talk(void **state)
{
	(void)state;
	static const double talk[10] = {6196337, 2261307, 1034589, 648227, 419928,
					310678,	 224984,  184987,  145821, 126003};
	static const struct help_case c = {&ff_sim_border, 1, 400000, 30, NET, {NULL}};
	struct ff_sim sim;
	struct ff_err err;
	void *params;
	assert_int_equal(help_run(&sim, &params, &c, &err), FF_OK);
	uint64_t *sources = calloc(sim.count, sizeof *sources), seen[12] = {0}, total = 0;
	size_t n = 0;
	for (uint64_t i = 0; i < sim.count; i++)
		if (help_at(&sim, i)->population == population(&sim, "vlf") &&
		    help_at(&sim, i)->is_inbound)
			sources[n++] = help_at(&sim, i)->outside;
	qsort(sources, n, sizeof *sources, compare_u64);
	for (size_t i = 0, first = 0; i < n; i++)
		if (i + 1 == n || sources[i + 1] != sources[i]) {
			assert_in_range(i + 1 - first, 1, 10);
			seen[i + 1 - first]++;
			total++;
			first = i + 1;
		}
	assert_true(total > 30000);
	for (int k = 1; k <= 10; k++) /* exact up to rounding, not drawn */
		assert_true(fabs((double)seen[k] -
				 (double)total * talk[k - 1] / 11552861) < 2);
	assert_true((int64_t)seen[1] == fact(&sim, "vlf", "sources_1_flow"));
	free(sources);
	ff_sim_release(&sim);
	free(params);
}

/* Source ports of connections that hosts inside open, by population. */
static void ports_are_those_of_the_systems(void **state)
{
	(void)state;
	static const struct help_case c = {&ff_sim_border, 1, 400000, 30, NET, {NULL}};
	struct ff_sim sim;
	struct ff_err err;
	void *params;
	assert_int_equal(help_run(&sim, &params, &c, &err), FF_OK);
	int linux_id = population(&sim, "linux"), windows = population(&sim, "windows");
	int nat = population(&sim, "nat"), p2p = population(&sim, "p2p");
	uint16_t last[1024] = {0};
	uint64_t steps = 0, small = 0, opened = 0, kept = 0, high = 0;
	for (uint64_t i = 0; i < sim.count; i++) {
		const struct ff_sim_flow *f = help_at(&sim, i);
		bool opens = !f->is_inbound && f->protocol == 6 &&
			     (f->initial & (FF_SYN | FF_ACK)) == FF_SYN;
		if (f->population == linux_id && opens)
			assert_true(f->sport >= 32768 && f->sport <= 60999 &&
				    f->sport % 2 == 0);
		if (f->population == windows && opens) {
			assert_true(f->sport >= 49152);
			uint32_t step = (uint32_t)(f->sport - last[f->inside]) & 16383;
			steps++;
			small += step >= 1 && step <= 4;
			last[f->inside] = f->sport;
		}
		if (f->population == nat) {
			assert_int_equal(f->inside, 1);
			opened += opens;
			kept += opens && f->sport >= 32768;
		}
		if (f->population == p2p) {
			assert_true(f->sport >= 10000 && f->dport >= 10000);
			high++;
		}
	}
	assert_true(steps > 5000 &&
		    small >= steps - 45); /* the first of each of 40 hosts is free */
	assert_true(opened > 5000 && kept == opened && high > 10000);
	ff_sim_release(&sim);
	free(params);
}

static void backscatter_hits_what_is_not_in_use(void **state)
{
	(void)state;
	static const struct help_case c = {&ff_sim_border, 1, 200000, 30, NET, {NULL}};
	struct ff_sim sim;
	struct ff_err err;
	void *params;
	assert_int_equal(help_run(&sim, &params, &c, &err), FF_OK);
	bool used[1024] = {false};
	int id = population(&sim, "backscatter");
	uint64_t met = 0;
	for (uint64_t i = 0; i < sim.count; i++)
		if (!help_at(&sim, i)->is_inbound)
			used[help_at(&sim, i)->inside] = true;
	for (uint64_t i = 0; i < sim.count; i++) {
		const struct ff_sim_flow *f = help_at(&sim, i);
		if (f->population != id)
			continue;
		met++;
		assert_true(f->is_inbound && !used[f->inside]);
		assert_true(f->initial & (FF_RST | FF_ACK) && f->initial != FF_SYN);
	}
	assert_true(met >= 3990);
	ff_sim_release(&sim);
	free(params);
}

/* ---- refusals ---- */

static void bad_options_are_refused(void **state)
{
	(void)state;
	static const struct {
		struct help_case c;
		enum ff_status status;
		const char *word;
	} rows[] = {
		{{&ff_sim_slow_scan, 1, 1000, 30, NET, {NULL}},
		 FF_EUSAGE,
		 "--flows=1000"},
		{{&ff_sim_slow_scan, 1, 400000, 30, NET, {"rate=x"}},
		 FF_EUSAGE,
		 "--rate='x'"},
		{{&ff_sim_slow_scan, 1, 400000, 30, NET, {"rate=0-4"}},
		 FF_EUSAGE,
		 "1-256"},
		{{&ff_sim_slow_scan, 1, 400000, 30, NET, {"rate=9-4"}},
		 FF_EUSAGE,
		 "1-256"},
		{{&ff_sim_slow_scan, 1, 400000, 30, NET, {"rate=20-257"}},
		 FF_EUSAGE,
		 "1-256"},
		{{&ff_sim_slow_scan, 1, 400000, 30, NET, {"period=1h"}},
		 FF_EUSAGE,
		 "--period"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ff_sim sim;
		struct ff_err err = {FF_OK, ""};
		void *params;
		assert_int_equal(help_run(&sim, &params, &rows[i].c, &err),
				 rows[i].status);
		assert_non_null(strstr(err.text, rows[i].word));
		ff_sim_release(&sim);
		free(params);
	}
}

static void interruption_stops(void **state)
{
	(void)state;
	atomic_bool flag = true;
	struct ff_sim sim = {.seed = 1,
			     .target = 100000,
			     .days = 30,
			     .start_ns = HELP_START,
			     .interrupted = &flag};
	struct ff_err err = {FF_OK, ""};
	void *params = calloc(1, ff_sim_border.params_size);
	assert_true(ff_parse_prefix(&sim.inside, NET, strlen(NET)));
	sim.inside_bits = 10;
	assert_int_equal(ff_opts_defaults(ff_sim_border.opts, params, &err), FF_OK);
	assert_int_equal(ff_sim_init(&sim, &err), FF_OK);
	assert_int_equal(ff_sim_generate(&sim, &ff_sim_border, params, &err), FF_EINTR);
	ff_sim_release(&sim);
	free(params);
}

/* Built with FF_TEST_ALLOC, every allocation fails once; without, the first round passes.
 */
static void failing_memory_is_told(void **state)
{
	(void)state;
	static const struct help_case rows[] = {
		{&ff_sim_border, 1, 3000, 2, NET, {NULL}},
		{&ff_sim_slow_scan, 1, 60000, 2, NET, {NULL}},
		{&ff_sim_stacks, 1, 500, 2, NET, {NULL}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int status = FF_ENOMEM;
		for (uint64_t n = 1; status != FF_OK; n++) {
			struct ff_sim sim = {.seed = 1,
					     .target = rows[i].flows,
					     .days = 2,
					     .start_ns = HELP_START};
			struct ff_err err = {FF_OK, ""};
			struct ff_buf truth = FF_BUF_INIT;
			void *params = calloc(1, rows[i].scenario->params_size);
			assert_true(ff_parse_prefix(&sim.inside, NET, strlen(NET)));
			sim.inside_bits = 10;
			assert_int_equal(
				ff_opts_defaults(rows[i].scenario->opts, params, &err),
				FF_OK);
			ff_alloc_fail_after(n);
			status = ff_sim_init(&sim, &err);
			if (status == FF_OK)
				status = ff_sim_generate(&sim, rows[i].scenario, params,
							 &err);
			if (status == FF_OK)
				status = ff_sim_truth(&truth, &sim, rows[i].scenario,
						      params, &err);
			ff_alloc_fail_after(0);
			assert_true(status == FF_OK || status == FF_ENOMEM);
			ff_buf_release(&truth);
			ff_sim_release(&sim);
			free(params);
			assert_true(n < 1000);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_seed_same_flows),
		cmocka_unit_test(flows_are_sound),
		cmocka_unit_test(outside_hosts_are_distinct),
		cmocka_unit_test(vlf_keeps_the_ratios_of_the_talk),
		cmocka_unit_test(ports_are_those_of_the_systems),
		cmocka_unit_test(backscatter_hits_what_is_not_in_use),
		cmocka_unit_test(bad_options_are_refused),
		cmocka_unit_test(interruption_stops),
		cmocka_unit_test(failing_memory_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
