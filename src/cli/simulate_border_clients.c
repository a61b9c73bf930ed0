/* SPDX-License-Identifier: MIT */
/* simulate_border_clients - hosts inside that open connections, each with the source
 * ports that its operating system would choose: a gateway that keeps the ports of the
 * hosts behind it, Linux, Windows, and P2P. */
#include "cli/simulate.h"

#include <stdlib.h>

/* ---- source ports ---- */

enum clients_kind {
	CLIENTS_WINDOWS, /* Vista and later: TCP counts up over 49152-65535 */
	CLIENTS_LINUX, /* 4.2 to 5.17: even ports of 32768-60999, hash of the destination
			  plus one counter */
	CLIENTS_LINUX_NEW, /* 5.18 and later: hash that changes every 10 s, steps of 2..16
			      a destination */
};
struct clients_ports {
	enum clients_kind kind;
	uint64_t secret;
	uint32_t next; /* counter, within the range */
};

static uint16_t clients_port(struct ff_sim *sim, struct clients_ports *p,
			     const struct ff_sim_talk *t)
{
	struct ff_sim_random *r = &sim->random;
	bool is_linux = p->kind != CLIENTS_WINDOWS;
	if (t->protocol == 17) /* datagram sockets: random, any parity */
		return (uint16_t)(is_linux ? ff_sim_random_between(r, 32768, 60999)
					   : ff_sim_random_between(r, 49152, 65535));
	if (!is_linux) {
		/* other sockets of the host, which do not pass the border, leave gaps */
		p->next += 1 +
			   (ff_sim_random_percent(r, 12) ? ff_sim_random_below(r, 4) : 0);
		p->next %= 16384;
		return (uint16_t)(49152 + p->next);
	}
	uint64_t to = (uint64_t)t->outside << 16 | t->server_port;
	uint64_t key =
		p->kind == CLIENTS_LINUX ? p->secret : p->secret + t->start_ms / 10000;
	p->next += p->kind == CLIENTS_LINUX ? 1 : ff_sim_random_between(r, 1, 8);
	uint32_t offset = (uint32_t)(ff_mix64(key ^ ff_mix64(to)) % 14116);
	return (uint16_t)(32768 + 2 * ((offset + p->next) % 14116));
}

/* ---- a host at work ---- */

struct clients_host {
	uint16_t inside;
	struct clients_ports ports;
};
struct clients_world { /* sites outside, the most popular first */
	uint32_t first, count;
};

static int clients_compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

static void clients_connect(struct ff_sim *sim, struct clients_host *c,
			    const struct clients_world *world, uint64_t at)
{
	/* what a site offers is its own property, so that (address, port) come back */
	static const uint16_t offers[16] = {443, 443, 443, 443, 443, 443, 443, 443,
					    443, 443, 80,  80,	443, 993, 22,  5222};
	struct ff_sim_random *r = &sim->random;
	uint32_t site = ff_sim_random_popular(r, world->count),
		 draw = ff_sim_random_below(r, 100);
	struct ff_sim_talk t = {
		.start_ms = at,
		.rtt_ms = 6 + (uint32_t)(ff_mix64(site + 77) % 180),
		.outside = ff_sim_outside(sim, world->first + site),
		.inside = c->inside,
		.server_port = site < 8 ? 443 : offers[ff_mix64(site) & 15],
		.protocol = 6,
		.is_from_inside = true,
		.answer = draw < 95   ? FF_SIM_ANSWERED
			  : draw < 97 ? FF_SIM_REFUSED
				      : FF_SIM_SILENCE,
	};
	if (t.server_port == 443 && site % 3 == 0 && ff_sim_random_percent(r, 45))
		t.protocol = 17; /* QUIC */
	t.application = t.server_port;
	t.client_port = clients_port(sim, &c->ports, &t);
	t.up = ff_sim_volume(sim, 1800, 1.1, 5);
	t.down = ff_sim_volume(sim, 14000, 1.8, 5);
	t.duration_ms = ff_sim_duration(sim, 6000, 1.7);
	if (t.protocol == 17)
		t.answer = FF_SIM_ANSWERED;
	ff_sim_talk(sim, &t);
}

/* Hosts work hour by hour; in an hour they open pages, and a page is some connections
 * within seconds. Ports are given out in the order of time, which is what the counters
 * are about. */
static void clients_work(struct ff_sim *sim, struct clients_host *hosts, uint32_t nhosts,
			 const struct clients_world *world, enum ff_sim_rhythm rhythm)
{
	enum { MOST = 8192 }; /* connections of one host in one hour; more are cut */
	static const double page = 4.5; /* mean connections of a page */
	struct ff_sim_random *r = &sim->random;
	uint32_t *times = ff_alloc(MOST, sizeof *times);
	if (!times) {
		sim->stopped = true;
		ff_fail_nomem(&sim->why);
		return;
	}
	/* 1.96 flows a connection; aim a little low, so that the last days are not cut
	 * short */
	double pages =
		(double)ff_sim_room(sim) * 0.97 / 1.96 / page /
		(ff_sim_mean_activity(sim, rhythm) * (double)ff_sim_hours(sim) * nhosts);
	uint64_t hours = ff_sim_hours(sim);
	for (uint64_t turn = 0; turn < hours * nhosts && !ff_sim_full(sim); turn++) {
		uint64_t hour = turn / nhosts, start = hour * FF_SIM_HOUR_MS;
		uint32_t i = (uint32_t)(turn % nhosts), n = 0;
		/* some hosts are four times as busy as others */
		double mean = pages * (0.4 + 1.2 * (i + 0.5) / nhosts);
		uint32_t opened = ff_sim_random_poisson(
			r, mean * ff_sim_activity(sim, rhythm, hour) / 100);
		for (; opened && n < MOST; opened--) {
			uint32_t at = ff_sim_random_below(r, FF_SIM_HOUR_MS - 20000);
			uint32_t parts = ff_sim_random_between(r, 1, 8);
			for (uint32_t k = 0; k < parts && n < MOST; k++) {
				times[n++] = at;
				at += ff_sim_random_between(r, 5, 1500);
			}
		}
		qsort(times, n, sizeof *times, clients_compare);
		for (uint32_t k = 0; k < n && !ff_sim_full(sim); k++)
			clients_connect(sim, &hosts[i], world, start + times[k]);
	}
	ff_free(times);
}

#define CLIENTS_MOST 64

static void clients_population(struct ff_sim *sim, uint32_t first, uint32_t count,
			       enum clients_kind kind)
{
	struct clients_host hosts[CLIENTS_MOST];
	struct clients_world world = {.count = (uint32_t)(ff_sim_room(sim) / 25 + 40)};
	world.first = ff_sim_take(sim, world.count);
	count = count < CLIENTS_MOST ? count : CLIENTS_MOST;
	for (uint32_t i = 0; i < count; i++) {
		hosts[i] = (struct clients_host){.inside = (uint16_t)(first + i)};
		hosts[i].ports.kind =
			kind == CLIENTS_LINUX && i % 2 ? CLIENTS_LINUX_NEW : kind;
		hosts[i].ports.secret = ff_sim_random_bits(&sim->random);
		hosts[i].ports.next = ff_sim_random_below(&sim->random, 14116);
	}
	clients_work(sim, hosts, count, &world, FF_SIM_OFFICE);
	ff_sim_fact(sim, "hosts", FF_SIM_NUMBER, count);
	ff_sim_fact(sim, "first_host", FF_SIM_HOST, first);
}

void ff_sim_border_linux(struct ff_sim *sim, const struct ff_sim_house *h,
			 uint64_t budget)
{
	ff_sim_begin(sim, "linux", "clients with even source ports of 32768-60999",
		     budget);
	clients_population(sim, h->linux_first, h->linux_count, CLIENTS_LINUX);
}

void ff_sim_border_windows(struct ff_sim *sim, const struct ff_sim_house *h,
			   uint64_t budget)
{
	ff_sim_begin(sim, "windows",
		     "clients with source ports that count up over 49152-65535", budget);
	clients_population(sim, h->windows_first, h->windows_count, CLIENTS_WINDOWS);
}

/* The gateway keeps a port when it is free, and with a handful of hosts it nearly always
 * is: seen from outside, a few counters run side by side on one address. */
void ff_sim_border_nat(struct ff_sim *sim, const struct ff_sim_house *h, uint64_t budget)
{
	enum { BEHIND = 6 };
	ff_sim_begin(
		sim, "nat",
		"a gateway that keeps the ports of five Windows hosts and one Linux host",
		budget);
	struct clients_host hosts[BEHIND];
	struct clients_world world = {.count = (uint32_t)(budget / 25 + 40)};
	world.first = ff_sim_take(sim, world.count);
	for (uint32_t i = 0; i < BEHIND; i++) {
		hosts[i] = (struct clients_host){.inside = (uint16_t)h->gateway};
		hosts[i].ports.kind = i == 0 ? CLIENTS_LINUX : CLIENTS_WINDOWS;
		hosts[i].ports.secret = ff_sim_random_bits(&sim->random);
		hosts[i].ports.next = ff_sim_random_below(&sim->random, 14116);
	}
	clients_work(sim, hosts, BEHIND, &world, FF_SIM_OFFICE);
	ff_sim_fact(sim, "host", FF_SIM_HOST, h->gateway);
	ff_sim_fact(sim, "behind_sequential", FF_SIM_NUMBER, BEHIND - 1);
	ff_sim_fact(sim, "behind_hashed", FF_SIM_NUMBER, 1);
}

/* ---- P2P ---- */

void ff_sim_border_p2p(struct ff_sim *sim, const struct ff_sim_house *h, uint64_t budget)
{
	ff_sim_begin(sim, "p2p", "hosts with many peers, high ports on both sides",
		     budget);
	struct ff_sim_random *r = &sim->random;
	uint32_t peers = (uint32_t)(budget / 4 + 20), first = ff_sim_take(sim, peers);
	while (!ff_sim_full(sim)) {
		uint32_t who = ff_sim_random_below(r, h->p2p_count),
			 draw = ff_sim_random_below(r, 100);
		uint32_t peer = ff_sim_random_below(r, peers);
		/* everyone listens on a port that was drawn once */
		uint16_t mine = (uint16_t)(10000 + ff_mix64(sim->seed + who) % 50000);
		uint16_t theirs =
			(uint16_t)(10000 + ff_mix64(peer + UINT64_C(0xb17)) % 50000);
		struct ff_sim_talk t = {
			.outside = ff_sim_outside(sim, first + peer),
			.inside = (uint16_t)(h->p2p_first + who),
			.protocol = draw < 60 ? 17 : 6,
			.is_from_inside = ff_sim_random_percent(r, 55),
			.answer = FF_SIM_ANSWERED,
		};
		t.start_ms = ff_sim_when(sim, FF_SIM_WORLD);
		t.rtt_ms = ff_sim_random_between(r, 15, 320);
		t.duration_ms = ff_sim_duration(sim, 20000, 1.8);
		t.up = ff_sim_volume(sim, 4000, 2, 4);
		t.down = ff_sim_volume(sim, 4000, 2, 4);
		t.server_port = t.is_from_inside ? theirs : mine;
		/* datagrams leave from the listening port; connections from a fresh one
		 */
		if (t.protocol == 17)
			t.client_port = t.is_from_inside ? mine : theirs;
		else
			t.client_port = (uint16_t)ff_sim_random_between(r, 32768, 60999);
		uint32_t luck = ff_sim_random_below(r, 100);
		if (t.is_from_inside && luck < 45) {
			t.answer = luck < 35 ? FF_SIM_SILENCE
					     : FF_SIM_REFUSED; /* gone long ago */
			if (t.protocol == 17)
				t.up = (struct ff_sim_volume){1, 131};
		}
		ff_sim_talk(sim, &t);
	}
	ff_sim_fact(sim, "hosts", FF_SIM_NUMBER, h->p2p_count);
	ff_sim_fact(sim, "peers", FF_SIM_NUMBER, peers);
}
