/* SPDX-License-Identifier: MIT */
/* The allocators of `flowfig simulate stacks`: ranges, steps and parity that each system
 * is known for, no port twice at once; traces and what impairs them. */
#include "cli/simulate_stacks.h"

#include "aggregate/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void trace(struct ff_stack_trace *t, const char *name, int impair, uint32_t n,
		  uint64_t seed)
{
	struct ff_err err = {0};
	for (size_t i = 0; i < FF_STACK_HOSTS; i++)
		if (strcmp(ff_stack_hosts[i].name, name) == 0) {
			if (ff_stack_trace_make(t, &ff_stack_hosts[i],
						&ff_stack_impairs[impair], n, seed, &err))
				fail_msg("%s", err.text);
			return;
		}
	fail_msg("no host '%s'", name);
}

/* ---- allocators ---- */

/* What successive ports of one protocol do. `near` are steps of 1..16 from the port
 * before; `threads` those of 1..64 from the port before to the same destination. */
struct habit {
	size_t n, even, up, down, near, repeats, threads;
	unsigned low, high;
};

static struct habit habit_of(const char *name, uint8_t protocol, uint16_t dport)
{
	static uint16_t last[FF_STACK_SITES + 10][2];
	struct ff_stack_trace t;
	struct habit h = {.low = 65536};
	unsigned before = 0;
	memset(last, 0, sizeof last);
	trace(&t, name, FF_STACK_CLEAN, 4000, 5);
	for (size_t i = 0; i < t.count; i++) {
		const struct ff_stack_event *e = &t.events[i];
		if (e->protocol != protocol || (dport && e->dport != dport))
			continue;
		int step = before ? (int)e->sport - (int)before : 0;
		uint16_t *there = &last[e->site][e->dport == 443];
		h.n++;
		h.even += e->sport % 2 == 0;
		h.low = e->sport < h.low ? e->sport : h.low;
		h.high = e->sport > h.high ? e->sport : h.high;
		h.up += step > 0;
		h.down += step < 0;
		h.near += step >= 1 && step <= 16;
		if (*there) {
			h.repeats++;
			h.threads += e->sport > *there && e->sport - *there <= 64;
		}
		*there = before = e->sport;
	}
	ff_stack_trace_release(&t);
	return h;
}

static void systems_keep_their_habits(void **state)
{
	static const struct {
		const char *name;
		uint8_t protocol;
		uint16_t dport;
		unsigned low, high; /* of the range */
		int even;	    /* per cent: at least, or at most when negative */
		int near;	    /* the same, of steps 1..16 */
		int threads;	    /* the same, of repeats */
	} rows[] = {
		{"xp", 6, 0, 1025, 5000, -60, 95, 0},
		{"xp", 17, 0, 1025, 5000, -60, 70, 0},
		{"windows", 6, 0, 49152, 65535, -60, 98, 0},
		{"windows", 17, 0, 49152, 65535, -60, -3, 0},
		{"macos", 6, 0, 49152, 65535, -60, 98, 0},
		{"macos", 17, 53, 1024, 65535, -60, -3, 0},
		{"macos", 17, 443, 49152, 65535, -60, -3, 0},
		{"netbsd", 6, 0, 49152, 65535, -60, -2, 0},
		{"linux-2.4", 6, 0, 32768, 61000, -60, 98, 0},
		{"linux-2.6", 6, 0, 32768, 61000, -60, -50, 40},
		{"linux-4.2", 6, 0, 32768, 60999, 100, -50, 30},
		{"linux-5.12", 6, 0, 32768, 60999, 100, -60, 85},
		{"linux-5.18", 6, 0, 32768, 60999, 100, -60, -75},
		{"linux-5.18", 17, 0, 32768, 60999, -60, -3, 0},
		{"freebsd", 6, 0, 10000, 65535, -60, -3, -3},
		{"openbsd", 6, 0, 1024, 49151, -60, -3, -3},
		{"solaris", 6, 0, 32768, 65535, -60, -3, -3},
		{"pf", 6, 0, 50001, 65535, -60, -3, -3},
		{"random", 6, 0, 1024, 65535, -60, -3, -3},
		{"resolver", 17, 0, 1024, 65535, -60, -3, -3},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct habit h = habit_of(rows[i].name, rows[i].protocol, rows[i].dport);
		int got[3] = {(int)(100 * h.even / h.n), (int)(100 * h.near / h.n),
			      h.repeats ? (int)(100 * h.threads / h.repeats) : 0};
		const int want[3] = {rows[i].even, rows[i].near, rows[i].threads};
		unsigned width = rows[i].high - rows[i].low;
		bool ok = h.n > 100 && h.low >= rows[i].low && h.high <= rows[i].high;
		/* all of the range is used, unless too few flows count through it */
		if (h.near * 10 < h.n && h.down * 10 < h.n * 7)
			ok = ok && h.high - h.low > width - width / 10;
		for (int k = 0; k < 3; k++)
			ok = ok && (want[k] > 0 ? got[k] >= want[k]
				    : want[k]	? got[k] <= -want[k]
						: true);
		if (!ok)
			fail_msg("%s/%u: n %zu, %u-%u, even %d %%, near %d %%, threads "
				 "%d %%",
				 rows[i].name, rows[i].protocol, h.n, h.low, h.high,
				 got[0], got[1], got[2]);
	}
	struct habit down = habit_of("netbsd", 6, 0);
	assert_true(down.down > 10 * down.up);
}

/* A port is free before it is given again: on counting and random systems for everybody,
 * on Linux towards one destination. */
static void ports_in_use_are_not_given(void **state)
{
	(void)state;
	for (int kind = 0; kind < FF_STACK_KINDS; kind++) {
		static bool used[2][65536];
		struct ff_sim_random r;
		struct ff_stack s;
		uint16_t port;
		memset(used, 0, sizeof used);
		ff_sim_random_seed(&r, 1, "busy");
		assert_int_equal(
			ff_stack_init(&s, (enum ff_stack_kind)kind, true, &r, NULL),
			FF_OK);
		/* all at the same moment */
		for (int i = 0; i < 3000; i++) {
			assert_int_equal(ff_stack_port(&port, &s, 1, 6, 7, 443, NULL),
					 FF_OK);
			assert_false(used[0][port]);
			used[0][port] = true;
		}
		ff_stack_release(&s);
	}
}

/* Even ports run out before odd ones are touched. */
static void linux_prefers_even_ports(void **state)
{
	struct ff_sim_random r;
	struct ff_stack s;
	uint16_t port;
	(void)state;
	ff_sim_random_seed(&r, 1, "even");
	assert_int_equal(ff_stack_init(&s, FF_STACK_LINUX_42, true, &r, NULL), FF_OK);
	for (int i = 0; i < 28232; i++) {
		assert_int_equal(ff_stack_port(&port, &s, 1, 6, 7, 443, NULL), FF_OK);
		assert_int_equal(port % 2, i >= 14116);
	}
	ff_stack_release(&s);
}

/* ---- traces ---- */

static void traces_are_ordered_and_whole(void **state)
{
	(void)state;
	for (size_t h = 0; h < FF_STACK_HOSTS; h++)
		for (int impair = 0; impair < FF_STACK_IMPAIRS; impair++) {
			const struct ff_stack_host *host = &ff_stack_hosts[h];
			struct ff_stack_trace t[2];
			size_t counted = 0;
			for (int i = 0; i < 2; i++)
				assert_int_equal(
					ff_stack_trace_make(&t[i], host,
							    &ff_stack_impairs[impair], 60,
							    3, NULL),
					FF_OK);
			assert_int_equal(t[0].count, t[1].count);
			for (size_t i = 0; i < t[0].count; i++) {
				const struct ff_stack_event *e = &t[0].events[i];
				assert_true(i == 0 || e->time_s >= e[-1].time_s);
				assert_true(e->time_s == t[1].events[i].time_s &&
					    e->sport == t[1].events[i].sport);
				assert_true(e->site < t[0].sites);
				assert_true(e->protocol == 6 || e->protocol == 17);
				if (ff_stack_impairs[impair].is_rounded)
					assert_true(e->time_s ==
						    (double)(int64_t)e->time_s);
				counted += e->protocol == 6 ||
					   host->role == FF_STACK_RESOLVER;
			}
			if (counted != 60)
				fail_msg("%s, impairment %d: %zu connections", host->name,
					 impair, counted);
			ff_stack_trace_release(&t[0]);
			ff_stack_trace_release(&t[1]);
		}
}

static void impairments_do_what_they_say(void **state)
{
	struct ff_stack_trace t;
	size_t back = 0, ties = 0, skipped = 0;
	(void)state;
	trace(&t, "windows", FF_STACK_SAMPLED, 2000, 9);
	for (size_t i = 1; i < t.count; i++)
		skipped += t.events[i].protocol == 6 && t.events[i - 1].protocol == 6 &&
			   (uint16_t)(t.events[i].sport - t.events[i - 1].sport) > 2;
	assert_true(skipped > t.count / 4);
	ff_stack_trace_release(&t);
	trace(&t, "windows", FF_STACK_REORDERED, 2000, 9);
	for (size_t i = 1; i < t.count; i++) /* out of turn, but not by a wrap */
		back += t.events[i].protocol == 6 && t.events[i - 1].protocol == 6 &&
			t.events[i].sport < t.events[i - 1].sport;
	assert_true(back > t.count / 20);
	ff_stack_trace_release(&t);
	trace(&t, "windows", FF_STACK_ROUNDED, 2000, 9);
	for (size_t i = 1; i < t.count; i++)
		ties += t.events[i].time_s == t.events[i - 1].time_s;
	assert_true(ties > t.count / 2);
	ff_stack_trace_release(&t);
}

/* The truth names families and generations as the verdict does. */
static void truth_speaks_as_the_verdict(void **state)
{
	(void)state;
	for (size_t h = 0; h < FF_STACK_HOSTS; h++) {
		const struct ff_stack_host *host = &ff_stack_hosts[h];
		bool family = false, generation = host->generation[0] == '\0';
		for (int i = 0; i < VERDICT_FAMILIES; i++)
			family |= strcmp(verdict_family_names[i], host->family) == 0;
		for (int i = 0; i < VERDICT_GENERATIONS; i++)
			generation |= strcmp(verdict_generation_names[i],
					     host->generation) == 0;
		if (!family || !generation)
			fail_msg("%s: %s %s", host->name, host->family, host->generation);
	}
}

static void failing_memory_is_told(void **state)
{
	(void)state;
	for (size_t h = 0; h < FF_STACK_HOSTS; h++) {
		int status = FF_ENOMEM;
		for (uint64_t n = 1; status != FF_OK; n++) {
			struct ff_stack_trace t = {0};
			ff_alloc_fail_after(n);
			status = ff_stack_trace_make(&t, &ff_stack_hosts[h],
						     &ff_stack_impairs[0], 20, 1, NULL);
			ff_alloc_fail_after(0);
			assert_true(status == FF_OK || status == FF_ENOMEM);
			ff_stack_trace_release(&t);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(systems_keep_their_habits),
		cmocka_unit_test(ports_in_use_are_not_given),
		cmocka_unit_test(linux_prefers_even_ports),
		cmocka_unit_test(traces_are_ordered_and_whole),
		cmocka_unit_test(impairments_do_what_they_say),
		cmocka_unit_test(truth_speaks_as_the_verdict),
		cmocka_unit_test(failing_memory_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
