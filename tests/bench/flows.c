/* SPDX-License-Identifier: MIT */
/* flows - makes the data of `make bench`: always the same flows of a /22 over 30 days.
 *
 *   flows NUMBER FOLDER             border traffic, about half of it inbound
 *   flows --distinct NUMBER FOLDER  inbound flows, no two of one source, host and hour
 *   flows --gateway NUMBER FOLDER   flows that one gateway opened
 *
 * The first writes into the folder, in order of start time unless said otherwise:
 *   flows.rw, shuffled.rw  SiLK FT_RWGENERIC v5, 52-byte records
 *   flows.raw              struct flow, for floor.c and numpy
 *   flows.csv              dotted quads, times in epoch seconds
 *   flows.nfcapd           nfdump layout 2, uncompressed
 * the second distinct.rw, in no order, and the third gateway.rw. It takes 64 bytes of
 * memory a flow and a little-endian machine. */
#include "flows.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct flow *flows;
static size_t count, room;

/* ---- chance: xorshift64* (Vigna 2016), one stream ---- */

static uint64_t chance_state = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t chance(void)
{
	chance_state ^= chance_state >> 12;
	chance_state ^= chance_state << 25;
	chance_state ^= chance_state >> 27;
	return chance_state * UINT64_C(0x2545f4914f6cdd1d);
}

static uint32_t below(uint32_t n)
{
	return (uint32_t)((chance() >> 32) * n >> 32);
}

static double uniform(void) /* (0, 1] */
{
	return (double)((chance() >> 11) + 1) / 9007199254740992.0;
}

/* Whole numbers with P(X >= k) = k^-shape, none above `most`. */
static uint32_t pareto(double shape, uint32_t most)
{
	double x = pow(uniform(), -1 / shape);
	return x < most ? (uint32_t)x : most;
}

/* A start time, with day and night and weekends in it. */
static uint32_t busy_time(void)
{
	for (;;) {
		uint32_t ms = below(SPAN_MS), day = ms / DAY_MS % 7;
		double hour = ms % DAY_MS / (double)HOUR_MS;
		double busy = 0.6 + 0.4 * sin((hour - 8) / 24 * 6.283185307179586);
		if (day == 3 || day == 4) /* Saturday, Sunday */
			busy *= 0.7;
		if (uniform() < busy)
			return ms;
	}
}

/* The outside address of a number: the same every time, public, mostly in a dozen /8. */
static uint32_t outside(uint64_t number)
{
	static const uint8_t crowded[12] = {5,	 37,  45,  61,	89,  103,
					    114, 123, 177, 185, 203, 218};
	for (;; number += UINT64_C(1) << 40) {
		uint64_t h = (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
		h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
		h ^= h >> 31;
		uint32_t address = (uint32_t)h;
		if (h >> 32 & 3)
			address = (address & 0xffffff) | (uint32_t)crowded[(h >> 34) % 12]
								 << 24;
		uint32_t net = address >> 24;
		if (net != 0 && net != 10 && net != 127 && net < 224 &&
		    address >> 17 != 0xC6120000 >> 17)
			return address;
	}
}

/* ---- flows ---- */

static void put(uint32_t ms, uint32_t sip, uint32_t dip, uint16_t sport, uint16_t dport,
		uint8_t protocol)
{
	uint32_t packets = pareto(0.9, 100000);
	struct flow f = {.start_ms = ms < SPAN_MS ? ms : SPAN_MS - 1,
			 .sip = sip,
			 .dip = dip,
			 .sport = sport,
			 .dport = dport,
			 .duration_ms = packets > 1 ? below(60000) : 0,
			 .packets = packets,
			 .bytes = packets * (40 + below(1400)),
			 .protocol = protocol};
	if (protocol == 6)
		f.flags = packets > 2 ? 0x1b /* FSPA */ : 0x02 /* S */;
	if (count < room)
		flows[count++] = f;
}

static uint16_t client_port(void)
{
	return (uint16_t)(1024 + below(64512));
}

static const uint16_t services[] = {443, 443, 443, 80, 80, 25, 53, 22, 993, 123};
static const uint32_t servers[] = {INSIDE + 10, INSIDE + 10, INSIDE + 10, INSIDE + 11,
				   INSIDE + 12, INSIDE + 53, INSIDE + 300};

static uint16_t service(void)
{
	return services[below(sizeof services / sizeof *services)];
}

static uint8_t transport(uint16_t port)
{
	return port == 53 || port == 123 || port == 161 || port == 5060 ? 17 : 6;
}

/* Sources of few flows and some of many; a visit is some flows in 20 minutes, most of
 * them to servers. */
static void make_strangers(size_t until)
{
	for (uint64_t who = 0; count < until; who++) {
		uint32_t source = outside(who), left = pareto(0.95, 5000);
		while (left > 0 && count < until) {
			uint32_t ms = busy_time(), visit = pareto(1.7, left);
			left -= visit;
			for (; visit > 0; visit--) {
				bool to_server = below(100) < 65;
				/* servers are asked for other ports as well */
				bool to_service = to_server && below(100) < 88;
				uint16_t port = to_service ? service()
							   : (uint16_t)(1 + below(65535));
				put(ms + below(HOUR_MS / 3), source,
				    to_server ? servers[below(7)] : INSIDE + below(HOSTS),
				    client_port(), port, transport(port));
			}
		}
	}
}

/* One of 60 sources sweeps 256, 512 or 1024 hosts within an hour. */
static void make_scanners(size_t until)
{
	static const uint16_t ports[] = {22, 23, 445, 3389, 8080, 1433, 5900, 2323};
	while (count < until) {
		uint32_t kind = below(10), hosts = kind < 6 ? 256 : kind < 8 ? 512 : 1024;
		uint32_t first = INSIDE + below(HOSTS / hosts) * hosts;
		uint32_t source = outside(UINT64_C(1) << 32 | below(60));
		uint32_t takes = HOUR_MS / 12 + below(HOUR_MS / 2);
		uint32_t ms = below(SPAN_MS / HOUR_MS) * HOUR_MS + below(HOUR_MS - takes);
		uint16_t from = client_port(), to = ports[below(8)];
		for (uint32_t i = 0; i < hosts; i++)
			put(ms + (uint32_t)((uint64_t)takes * i / hosts), source,
			    first + i, from, to, 6);
	}
}

/* A population that touches some 30 hosts each, every 12 hours, for the whole month. */
static void make_slow(size_t until)
{
	uint32_t members = (uint32_t)((until - count) / (60 * 29) + 1);
	for (uint32_t round = 0; round < 60; round++)
		for (uint32_t who = 0; who < members && count < until; who++) {
			uint32_t ms = round * 12 * HOUR_MS + who % 3 * HOUR_MS +
				      below(HOUR_MS / 4);
			uint32_t source = outside(UINT64_C(2) << 32 | who);
			for (uint32_t hosts = 22 + below(16); hosts > 0; hosts--)
				put(ms + below(HOUR_MS / 2), source,
				    INSIDE + below(HOSTS),
				    (uint16_t)(40000 + below(5000)), 5060, 17);
		}
}

/* Inside hosts that open flows (host 1 stands for many: a gateway), and servers that
 * answer. */
static void make_outbound(size_t until, bool is_reply)
{
	while (count < until) {
		uint32_t peer =
			outside(is_reply ? below(300000)
					 : (UINT64_C(3) << 32) + pareto(0.5, 50000));
		uint16_t port = service();
		uint32_t host = below(3) ? INSIDE + 2 + below(1000) : INSIDE + 1;
		if (is_reply)
			put(busy_time(), servers[below(7)], peer, port, client_port(),
			    transport(port));
		else
			put(busy_time(), host, peer, client_port(), port,
			    transport(port));
	}
}

static void make_border(void)
{
	make_scanners(room / 100 * 8);
	make_slow(room / 100 * 13);
	make_outbound(room / 100 * 43, false);
	make_outbound(room / 100 * 63, true);
	make_strangers(room);
}

/* Every flow is a new (hour, source, host): the most that a contact surface can have to
 * hold. */
static void make_distinct(void)
{
	for (uint64_t i = 0; count < room; i++) {
		uint32_t hour = (uint32_t)(i % (SPAN_MS / HOUR_MS)),
			 n = (uint32_t)(i / 720);
		put(hour * HOUR_MS + below(HOUR_MS), outside(UINT64_C(4) << 32 | n / 16),
		    INSIDE + n % 16 * 64 + below(64), client_port(), 443, 6);
	}
}

/* All flows are the gateway's. */
static void make_gateway(void)
{
	while (count < room)
		put(busy_time(), INSIDE + 1,
		    outside((UINT64_C(3) << 32) + pareto(0.5, 50000)), client_port(), 443,
		    6);
}

/* ---- order ---- */

/* Stable, by start time: two passes of 16 bits. */
static void sort_by_time(void)
{
	struct flow *other = malloc(room * sizeof *other);
	size_t *start = malloc(65537 * sizeof *start);
	if (!other || !start)
		exit((fputs("flows: out of memory\n", stderr), 1));
	for (int shift = 0; shift < 32; shift += 16) {
		memset(start, 0, 65537 * sizeof *start);
		for (size_t i = 0; i < count; i++)
			start[(flows[i].start_ms >> shift & 0xffff) + 1]++;
		for (size_t i = 0; i < 65536; i++)
			start[i + 1] += start[i];
		for (size_t i = 0; i < count; i++)
			other[start[flows[i].start_ms >> shift & 0xffff]++] = flows[i];
		struct flow *swap = flows;
		flows = other;
		other = swap;
	}
	free(other);
	free(start);
}

/* The gateway keeps the ports of one host that counts them up, and of others that draw
 * theirs. */
static void number_gateway_ports(void)
{
	uint16_t port = 1024;
	for (size_t i = 0; i < count; i++) {
		if (flows[i].sip != INSIDE + 1)
			continue;
		port = port == 65535 ? 1024 : (uint16_t)(port + 1);
		flows[i].sport =
			below(100) < 85 ? port : (uint16_t)(32768 + below(28232));
	}
}

static void shuffle(void)
{
	for (size_t i = count; i > 1; i--) {
		size_t k = (size_t)(chance() % i);
		struct flow swap = flows[i - 1];
		flows[i - 1] = flows[k];
		flows[k] = swap;
	}
}

static const char *in_folder(const char *folder, const char *name)
{
	static char path[4096];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

int main(int argc, char **argv)
{
	const char *what = argc == 4 ? argv[1] : "--border", *folder = argv[argc - 1];
	bool distinct = strcmp(what, "--distinct") == 0;
	bool gateway = strcmp(what, "--gateway") == 0;
	if (argc < 3 || argc > 4 || (argc == 4 && !distinct && !gateway) ||
	    (room = strtoull(argv[argc - 2], NULL, 10)) < 1000)
		return fputs("usage: flows [--distinct|--gateway] NUMBER FOLDER\n",
			     stderr),
		       2;
	if (!(flows = malloc(room * sizeof *flows)))
		return fputs("flows: out of memory\n", stderr), 1;
	if (distinct) {
		make_distinct();
		shuffle();
		flows_write_silk(in_folder(folder, "distinct.rw"), flows, count);
	} else if (gateway) {
		make_gateway();
		sort_by_time();
		number_gateway_ports();
		flows_write_silk(in_folder(folder, "gateway.rw"), flows, count);
	} else {
		make_border();
		sort_by_time();
		number_gateway_ports();
		flows_write_silk(in_folder(folder, "flows.rw"), flows, count);
		flows_write_raw(in_folder(folder, "flows.raw"), flows, count);
		flows_write_csv(in_folder(folder, "flows.csv"), flows, count);
		flows_write_nfcapd(in_folder(folder, "flows.nfcapd"), flows, count);
		shuffle();
		flows_write_silk(in_folder(folder, "shuffled.rw"), flows, count);
	}
	free(flows);
	return 0;
}
