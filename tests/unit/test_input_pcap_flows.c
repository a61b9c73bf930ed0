/* SPDX-License-Identifier: MIT */
/* input/pcap_flows: packets into flows, against a table that looks at every flow for
 * every packet; timeouts, flags, times out of order, too many flows. */
#include "input_help.h"

#include "input/pcap.h"

#define S FF_SEC
enum { ROOM = 4 };

static struct ff_flow *got;
static size_t got_count, got_cap;

static void keep(const struct ff_flow *f)
{
	assert_int_equal(ff_grow(&got, &got_cap, got_count + 1, sizeof *got, NULL),
			 FF_OK);
	got[got_count++] = *f;
}

static struct packet_flows *begin(int64_t idle_ns, int64_t active_ns, uint64_t most)
{
	struct packet_flows_opts o = {idle_ns, active_ns, most};
	struct packet_flows *t = NULL;

	got_count = 0;
	assert_int_equal(packet_flows_new(&t, &o, NULL), FF_OK);
	return t;
}

static void expire(struct packet_flows *t)
{
	struct ff_flow out[ROOM];
	size_t n;

	while ((n = packet_flows_expire(t, out, ROOM)) > 0)
		for (size_t i = 0; i < n; i++)
			keep(&out[i]);
}

static void add(struct packet_flows *t, struct packet p)
{
	struct ff_flow out;
	int rc;

	packet_flows_expect(t, &p, 1);
	rc = packet_flows_add(t, &p, &out, NULL);
	assert_in_range(rc, 0, 1);
	if (rc == 1)
		keep(&out);
	expire(t);
}

static void end(struct packet_flows *t)
{
	struct ff_flow out[ROOM];
	size_t n;

	while ((n = packet_flows_flush(t, out, ROOM)) > 0)
		for (size_t i = 0; i < n; i++)
			keep(&out[i]);
	packet_flows_free(t);
}

/* TCP from 10.0.0.1 to 10.0.0.2, whose ports tell flows apart. */
static struct packet tcp(int64_t time_ns, unsigned sport, uint8_t flags, uint64_t bytes)
{
	return (struct packet){.sip = ff_addr_from_v4(0x0a000001),
			       .dip = ff_addr_from_v4(0x0a000002),
			       .time_ns = time_ns,
			       .bytes = bytes,
			       .sport = (uint16_t)sport,
			       .dport = 80,
			       .protocol = PACKET_TCP,
			       .flags = flags,
			       .has_ports = true,
			       .has_flags = true};
}

static void expect(const char *const *lines, size_t n)
{
	for (size_t i = 0; i < n || i < got_count; i++) {
		const char *have = i < got_count ? flow_text(&got[i]) : "(none)";
		const char *want = i < n ? lines[i] : "(none)";

		if (strcmp(have, want) != 0)
			fail_msg("flow %zu\n  want %s\n  have %s", i, want, have);
	}
}
#define EXPECT(...)                                          \
	do {                                                 \
		const char *lines[] = {__VA_ARGS__};         \
		expect(lines, sizeof lines / sizeof *lines); \
	} while (0)
#define ENDS "10.0.0.1 10.0.0.2 "

/* ---- timeouts ---- */

static void test_idle(void **state)
{
	struct packet_flows *t = begin(60 * S, 1800 * S, 100);

	(void)state;
	add(t, tcp(0, 1, FF_SYN, 40));
	add(t, tcp(60 * S, 1, FF_ACK, 50));	 /* just not idle */
	add(t, tcp(120 * S + 1, 1, FF_ACK, 60)); /* just */
	assert_int_equal(got_count, 1);
	end(t);
	EXPECT(ENDS "s1 d80 p6 k2 b90 fSA @0 +60000000000 IS SA A",
	       ENDS "s1 d80 p6 k1 b60 fA @120000000001 +0 IA S A");
}

static void test_idle_ends_without_a_packet(void **state)
{
	struct packet_flows *t = begin(60 * S, 1800 * S, 100);

	(void)state;
	add(t, tcp(0, 1, FF_SYN, 40));
	add(t, tcp(1 * S, 2, FF_SYN, 40));
	add(t, tcp(62 * S, 3, FF_SYN, 40));
	assert_int_equal(got_count, 0); /* one packet's time may be wild */
	add(t, tcp(62 * S, 3, FF_SYN, 40));
	assert_int_equal(got_count, 2);
	end(t);
	EXPECT(ENDS "s1 d80 p6 k1 b40 fS @0 +0 IS S A",
	       ENDS "s2 d80 p6 k1 b40 fS @1000000000 +0 IS S A",
	       ENDS "s3 d80 p6 k2 b80 fS @62000000000 +0 IS SS AS");
}

static void test_active(void **state)
{
	struct packet_flows *t = begin(60 * S, 100 * S, 100);

	(void)state;
	for (int i = 0; i <= 210; i += 10)
		add(t, tcp(i * S, 1, i ? FF_ACK : FF_SYN, 40));
	end(t);
	EXPECT(ENDS "s1 d80 p6 k11 b440 fSA @0 +100000000000 IS SA ATS",
	       ENDS "s1 d80 p6 k11 b440 fA @110000000000 +100000000000 IA SA ACS");
}

/* ---- flags ---- */

static void test_flags(void **state)
{
	struct packet_flows *t = begin(60 * S, 1800 * S, 100);
	struct packet blind = tcp(0, 5, 0, 40);

	(void)state;
	/* a bare ACK after a FIN is nothing, data is */
	add(t, tcp(0, 1, FF_SYN, 40));
	add(t, tcp(1, 1, FF_FIN | FF_ACK, 40));
	add(t, tcp(2, 1, FF_ACK, 40));
	add(t, tcp(3, 2, FF_FIN | FF_ACK, 40));
	add(t, tcp(4, 2, FF_PSH | FF_ACK, 50));
	add(t, tcp(5, 3, FF_RST, 40));
	add(t, tcp(6, 3, FF_SYN, 40)); /* RST ends no flow */
	add(t, tcp(7, 4, FF_ECE | FF_CWR | FF_URG, 40));
	/* flags that were not captured */
	blind.has_flags = false;
	add(t, blind);
	add(t, tcp(8, 6, FF_SYN, 40));
	blind.sport = 6;
	add(t, blind);
	blind.sport = 7;
	add(t, blind);
	add(t, tcp(9, 7, FF_SYN, 40));
	/* of UDP they are known: none */
	blind.protocol = PACKET_UDP;
	add(t, blind);
	end(t);
	EXPECT(ENDS "s1 d80 p6 k3 b120 fFSA @0 +2 IS SFA AS",
	       ENDS "s2 d80 p6 k2 b90 fFPA @3 +1 IFA SPA AF",
	       ENDS "s3 d80 p6 k2 b80 fSR @5 +1 IR SS AS",
	       ENDS "s4 d80 p6 k1 b40 fUEC @7 +0 IUEC S A",
	       ENDS "s5 d80 p6 k1 b40 @0 +0 A", ENDS "s6 d80 p6 k2 b80 fS @0 +8 IS S AS",
	       ENDS "s7 d80 p6 k2 b80 fS @0 +9 AS",
	       ENDS "s7 d80 p17 k1 b40 f @0 +0 I S A");
}

static void test_icmp(void **state)
{
	struct packet_flows *t = begin(60 * S, 1800 * S, 100);
	struct packet p = tcp(0, 0, 0, 84);

	(void)state;
	p.protocol = PACKET_ICMP;
	p.has_flags = false;
	p.dport = 3 << 8 | 13;
	add(t, p);
	p.dport = 8 << 8;
	add(t, p);
	p.has_ports = false;
	p.dport = 0;
	add(t, p);
	end(t);
	EXPECT(ENDS "s0 d0 p1 k1 b84 f @0 +0 I S A c3.13",
	       ENDS "s0 d0 p1 k1 b84 f @0 +0 I S A c8.0",
	       ENDS "s0 d0 p1 k1 b84 f @0 +0 I S A");
}

static void test_keys(void **state)
{
	struct packet_flows *t = begin(60 * S, 1800 * S, 100);
	struct packet p = tcp(0, 1, 0, 40);

	(void)state;
	add(t, p);
	p.vlan = 7;
	add(t, p);
	p.vlan = 7 << 12;
	add(t, p);
	p.is_v6 = true; /* an IPv6 packet with mapped addresses */
	add(t, p);
	p.dport = 81;
	add(t, p);
	p.sip = p.dip;
	add(t, p);
	p.protocol = PACKET_UDP;
	add(t, p);
	end(t);
	assert_int_equal(got_count, 7);
}

/* ---- times out of order ---- */

static void test_order(void **state)
{
	struct packet_flows *t = begin(60 * S, 100 * S, 100);

	(void)state;
	/* a little: the same flow, which then begins earlier */
	add(t, tcp(50 * S, 1, FF_ACK, 40));
	add(t, tcp(20 * S, 1, FF_SYN, 40));
	add(t, tcp(40 * S, 1, FF_ACK, 40));
	end(t);
	EXPECT(ENDS "s1 d80 p6 k3 b120 fSA @20000000000 +30000000000 IA SSA AS");
}

static void test_clock_set_back(void **state)
{
	struct packet_flows *t = begin(60 * S, 1800 * S, 100);

	(void)state;
	/* by more than the timeout: another flow */
	add(t, tcp(1000 * S, 1, FF_SYN, 40));
	add(t, tcp(1000 * S, 2, FF_SYN, 40));
	add(t, tcp(100 * S, 1, FF_SYN, 40));
	assert_int_equal(got_count, 1);
	add(t, tcp(101 * S, 1, FF_ACK, 40)); /* the second ends as well: it is far off */
	assert_int_equal(got_count, 2);
	end(t);
	EXPECT(ENDS "s1 d80 p6 k1 b40 fS @1000000000000 +0 IS S A",
	       ENDS "s2 d80 p6 k1 b40 fS @1000000000000 +0 IS S A",
	       ENDS "s1 d80 p6 k2 b80 fSA @100000000000 +1000000000 IS SA AS");
}

/* One packet with a wild time takes no others with it. */
static void test_wild_time(void **state)
{
	static const int64_t wild[] = {0, 4000000000, -4000000000, 9200000000,
				       -9200000000};

	(void)state;
	for (size_t i = 0; i < sizeof wild / sizeof *wild; i++) {
		struct packet_flows *t = begin(60 * S, 1800 * S, 100);

		for (int k = 0; k < 10; k++) {
			add(t, tcp((1000000 + k) * S, 1, FF_ACK, 40));
			add(t, tcp((1000000 + k) * S, 2, FF_ACK, 40));
			if (k == 5)
				add(t, tcp(wild[i] * S, 3, FF_ACK, 40));
		}
		assert_int_equal(got_count, 1); /* the wild one's */
		assert_int_equal(got[0].sport, 3);
		end(t);
		assert_int_equal(got_count, 3);
		assert_int_equal(got[1].packets, 10);
		assert_int_equal(got[2].packets, 10);
	}
}

/* ---- too many ---- */

static void test_max_active(void **state)
{
	struct packet_flows *t = begin(60 * S, 1800 * S, 3);

	(void)state;
	add(t, tcp(1 * S, 1, FF_SYN, 40));
	add(t, tcp(2 * S, 2, FF_SYN, 40));
	add(t, tcp(3 * S, 3, FF_SYN, 40));
	add(t, tcp(4 * S, 1, FF_ACK, 40));
	assert_int_equal(got_count, 0);
	add(t, tcp(5 * S, 4, FF_SYN, 40));
	assert_int_equal(got_count, 1);
	assert_int_equal(packet_flows_forced(t), 1);
	/* one that was idle for too long makes room by itself */
	add(t, tcp(64 * S, 5, FF_SYN, 40));
	assert_int_equal(packet_flows_forced(t), 1);
	end(t);
	assert_int_equal(got_count, 5);
	assert_int_equal(got[0].sport, 2);
	assert_int_equal(got[1].sport, 3);
	assert_int_equal(got[2].sport, 1);
	assert_int_equal(got[3].sport, 4);
}

static void test_one_active(void **state)
{
	struct packet_flows *t = begin(60 * S, 1800 * S, 1);
	uint64_t packets = 0;

	(void)state;
	for (unsigned i = 0; i < 5000; i++)
		add(t, tcp(i, i / 3 % 7, FF_ACK, 40));
	assert_int_equal(packet_flows_forced(t), 5000 / 3);
	end(t);
	for (size_t i = 0; i < got_count; i++)
		packets += got[i].packets;
	assert_int_equal(packets, 5000);
}

/* ---- against a table that looks at everything ---- */

static uint64_t chance_state;

static uint64_t chance(uint64_t below)
{
	chance_state += UINT64_C(0x9e3779b97f4a7c15);
	return ff_mix64(chance_state) % below;
}

struct model {
	struct ff_flow f;
	bool used, differ, finished, after;
	uint64_t first;
};

static void model_begin(struct model *m, const struct packet *p)
{
	*m = (struct model){.used = true, .first = p->bytes};
	m->f.sport = p->sport;
	m->f.start_ns = m->f.end_ns = p->time_ns;
	m->f.packets = 1;
	m->f.bytes = p->bytes;
	m->f.initial_flags = m->f.flags = p->flags;
	m->finished = p->flags & FF_FIN;
}

static void model_go_on(struct model *m, const struct packet *p)
{
	m->f.end_ns = p->time_ns;
	m->f.packets++;
	m->f.bytes += p->bytes;
	m->f.flags |= p->flags;
	m->f.session_flags |= p->flags;
	m->differ = m->differ || p->bytes != m->first;
	m->after = m->after || (m->finished && p->flags != FF_ACK);
	m->finished = m->finished || (p->flags & FF_FIN);
}

static struct ff_flow model_end(struct model *m, uint8_t attributes)
{
	m->used = false;
	m->f.attributes |= attributes;
	if (m->f.packets > 1 && !m->differ)
		m->f.attributes |= FF_ATTR_SAME_SIZE;
	if (m->after)
		m->f.attributes |= FF_ATTR_FIN;
	return m->f;
}

static int by_port_and_time(const void *a, const void *b)
{
	const struct ff_flow *x = a, *y = b;

	if (x->sport != y->sport)
		return x->sport < y->sport ? -1 : 1;
	return (x->start_ns > y->start_ns) - (x->start_ns < y->start_ns);
}

enum { MODEL_FLOWS = 300, MODEL_PACKETS = 20000 };

static void model_check(struct ff_flow *want, size_t n)
{
	assert_int_equal(got_count, n);
	qsort(want, n, sizeof *want, by_port_and_time);
	qsort(got, n, sizeof *got, by_port_and_time);
	for (size_t i = 0; i < n; i++) {
		want[i].present = got[i].present;
		want[i].sip = got[i].sip;
		want[i].dip = got[i].dip;
		want[i].dport = 80;
		want[i].protocol = PACKET_TCP;
		if (memcmp(&want[i], &got[i], sizeof *want) != 0)
			fail_msg("flow %zu: %s", i, flow_text(&got[i]));
	}
}

static void test_random(void **state)
{
	static struct model m[MODEL_FLOWS];
	static struct ff_flow want[MODEL_PACKETS];

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		int64_t idle = 1 + (int64_t)chance(2000),
			active = 1 + (int64_t)chance(8000);
		struct packet_flows *t = begin(idle, active, 2 * MODEL_FLOWS);
		uint64_t flows = 1 + chance(MODEL_FLOWS);
		int64_t now = 0;
		size_t n = 0;

		memset(m, 0, sizeof m);
		chance_state = seed;
		for (int i = 0; i < MODEL_PACKETS; i++) {
			unsigned port = (unsigned)(chance(flows) * chance(flows) / flows);
			uint8_t flags = (uint8_t)(chance(20) ? FF_ACK : chance(256));
			struct packet p = tcp(now, port, flags, 40 + chance(3) / 2);

			now += (int64_t)(chance(200) ? chance(10) : chance(5000));
			p.time_ns = now;
			add(t, p);
			if (m[port].used && now - m[port].f.end_ns > idle) {
				want[n++] = model_end(&m[port], 0);
			} else if (m[port].used && now - m[port].f.start_ns > active) {
				want[n++] = model_end(&m[port], FF_ATTR_TIMEOUT);
				model_begin(&m[port], &p);
				m[port].f.attributes = FF_ATTR_CONTINUED;
				continue;
			}
			if (m[port].used)
				model_go_on(&m[port], &p);
			else
				model_begin(&m[port], &p);
		}
		for (size_t i = 0; i < MODEL_FLOWS; i++)
			if (m[i].used)
				want[n++] = model_end(&m[i], 0);
		assert_int_equal(packet_flows_forced(t), 0);
		end(t);
		model_check(want, n);
	}
}

static int release(void **state)
{
	(void)state;
	ff_free(got);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_idle_ends_without_a_packet),
		cmocka_unit_test(test_active),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_icmp),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_clock_set_back),
		cmocka_unit_test(test_wild_time),
		cmocka_unit_test(test_max_active),
		cmocka_unit_test(test_one_active),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
