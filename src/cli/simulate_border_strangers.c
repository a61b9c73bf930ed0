/* SPDX-License-Identifier: MIT */
/* simulate_border_strangers - what comes from outside without being asked for: very low
 * frequency strangers, backscatter, ICMP. */
#include "cli/simulate.h"

/* ---- strangers with one to ten flows ---- */

/* Sources with 1..10 flows in 14 months at a /22 border (McHugh, VLF talk, 2008). */
static const uint64_t strangers_talk[10] = {6196337, 2261307, 1034589, 648227, 419928,
					    310678,  224984,  184987,  145821, 126003};
#define STRANGERS_FLOWS UINT64_C(26006537) /* the sum of source counts times flows */

/* A visit of a server in use that answers, or a probe of any address. The answer is a
 * flow of its own that the ratio does not count. */
static void strangers_flow(struct ff_sim *sim, const struct ff_sim_house *h,
			   uint32_t outside, uint64_t at)
{
	struct ff_sim_random *r = &sim->random;
	uint16_t sport = (uint16_t)ff_sim_random_between(r, 1024, 65535);
	if (ff_sim_random_percent(r, 6)) {
		bool is_web = ff_sim_random_percent(r, 80);
		struct ff_sim_talk t = {
			.start_ms = at,
			.outside = outside,
			.inside = (uint16_t)(is_web ? h->web[ff_sim_random_below(r, 2)]
						    : h->mail),
			.client_port = sport,
			.server_port = is_web ? 80 : 25,
			.application = is_web ? 80 : 25,
			.protocol = 6,
			.answer = FF_SIM_ANSWERED,
		};
		t.rtt_ms = ff_sim_random_between(r, 8, 240);
		t.duration_ms = ff_sim_duration(sim, 900, 1);
		t.up = ff_sim_volume(sim, 300, 0.7, 4);
		t.down = ff_sim_volume(sim, 1500, 1, 4);
		ff_sim_talk(sim, &t);
		return;
	}
	uint8_t protocol;
	uint16_t dport = ff_sim_scanned_port(sim, &protocol);
	ff_sim_probe(sim, at, outside, ff_sim_random_below(r, ff_sim_hosts(sim)), sport,
		     dport, protocol);
}

void ff_sim_border_strangers(struct ff_sim *sim, const struct ff_sim_house *h,
			     uint64_t budget)
{
	ff_sim_begin(sim, "vlf", "strangers with one to ten flows in the whole time",
		     budget);
	/* 10 % of the budget is kept for the answers of servers */
	uint64_t inbound = budget - budget / 10, expect[10];
	uint64_t done = 0;
	for (unsigned k = 0; k < 10; k++) {
		/* the number of sources with k + 1 flows is exact, not drawn: cut the
		 * running sum */
		uint64_t upto = 0;
		for (unsigned i = 0; i <= k; i++)
			upto += strangers_talk[i];
		upto = (uint64_t)((double)inbound / (double)STRANGERS_FLOWS *
					  (double)upto +
				  0.5);
		expect[k] = upto - done;
		done = upto;
		uint32_t first = ff_sim_take(sim, (uint32_t)expect[k]);
		for (uint64_t s = 0; s < expect[k] && !ff_sim_full(sim); s++) {
			uint32_t outside = ff_sim_outside(sim, first + (uint32_t)s);
			/* a third comes once, for some minutes; the others now and then
			 * in the month */
			bool is_visit = ff_sim_random_percent(&sim->random, 35);
			uint64_t at = ff_sim_when(sim, FF_SIM_WORLD);
			for (unsigned f = 0; f <= k; f++) {
				strangers_flow(sim, h, outside, at);
				if (is_visit)
					at += ff_sim_random_between(&sim->random, 20,
								    60000);
				else
					at = ff_sim_when(sim, FF_SIM_WORLD);
			}
		}
	}
	static const char *const keys[10] = {"sources_1_flow",	"sources_2_flows",
					     "sources_3_flows", "sources_4_flows",
					     "sources_5_flows", "sources_6_flows",
					     "sources_7_flows", "sources_8_flows",
					     "sources_9_flows", "sources_10_flows"};
	for (unsigned k = 0; k < 10; k++)
		ff_sim_fact(sim, keys[k], FF_SIM_NUMBER, (int64_t)expect[k]);
}

/* Strangers that probe more than ten hosts in one visit of less than an hour: the numbers
 * go on from the ten of the talk as a power law, so that the contact line has a middle.
 */
void ff_sim_border_probers(struct ff_sim *sim, uint64_t budget)
{
	ff_sim_begin(sim, "probers",
		     "strangers that probe eleven hosts and more in one visit", budget);
	struct ff_sim_random *r = &sim->random;
	uint32_t most = ff_sim_hosts(sim) / 4 - 1;
	while (!ff_sim_full(sim)) {
		/* P(n >= x) = (11/x)^1.7 */
		double drawn = 11 * ff_sim_exp(-ff_sim_log(ff_sim_random_unit(r)) / 1.7);
		uint32_t n = drawn > most ? most : (uint32_t)drawn;
		uint32_t outside = ff_sim_outside(sim, ff_sim_take(sim, 1));
		uint32_t window = ff_sim_random_between(r, 60000, FF_SIM_HOUR_MS - 60000);
		uint64_t at = ff_sim_hour(sim, FF_SIM_WORLD) * FF_SIM_HOUR_MS, key;
		key = ff_sim_random_bits(r);
		at += ff_sim_random_below(r, FF_SIM_HOUR_MS - window);
		uint8_t protocol;
		uint16_t dport = ff_sim_scanned_port(sim, &protocol);
		uint16_t sport = (uint16_t)ff_sim_random_between(r, 1024, 65535);
		for (uint32_t i = 0; i < n; i++)
			ff_sim_probe(sim, at + ff_sim_random_below(r, window), outside,
				     ff_sim_permute(i, sim->inside_bits, key), sport,
				     dport, protocol);
	}
	ff_sim_fact(sim, "destinations_low", FF_SIM_NUMBER, 11);
	ff_sim_fact(sim, "destinations_high", FF_SIM_NUMBER, most);
	ff_sim_fact(sim, "exponent_thousandths", FF_SIM_NUMBER, 2700);
}

/* ---- backscatter ---- */

/* An attacker floods a victim outside with forged sources; the victim answers to
 * addresses inside that never asked. The numbers of answers follow a power law. */
void ff_sim_border_backscatter(struct ff_sim *sim, const struct ff_sim_house *h,
			       uint64_t budget)
{
	static const uint16_t victim_ports[] = {80, 80, 80,   443,  443,
						53, 22, 6667, 25565};
	ff_sim_begin(sim, "backscatter",
		     "answers of flooded victims to addresses that are not in use",
		     budget);
	struct ff_sim_random *r = &sim->random;
	int64_t victims = 0;
	while (!ff_sim_full(sim)) {
		uint32_t outside = ff_sim_outside(sim, ff_sim_take(sim, 1));
		uint16_t port = victim_ports[ff_sim_random_below(
			r, sizeof victim_ports / sizeof *victim_ports)];
		uint32_t n = 1 + ff_sim_random_popular(r, 250),
			 draw = ff_sim_random_below(r, 20);
		uint8_t flags = draw < 11   ? FF_SYN | FF_ACK
				: draw < 16 ? FF_RST | FF_ACK
					    : FF_RST;
		uint64_t start = ff_sim_when(sim, FF_SIM_STEADY);
		uint32_t span = ff_sim_random_between(r, 60000, 4 * FF_SIM_HOUR_MS);
		victims++;
		for (uint32_t i = 0; i < n; i++) {
			uint32_t host;
			do
				host = ff_sim_random_below(r, ff_sim_hosts(sim));
			while (ff_sim_house_used(h, host));
			/* a SYN-ACK is sent again when no ACK comes */
			uint32_t packets = flags == (FF_SYN | FF_ACK)
						   ? ff_sim_random_between(r, 1, 4)
						   : 1;
			struct ff_sim_flow f = {
				.duration_ms = packets == 1
						       ? 0
						       : (1000u << (packets - 1)) - 1000,
				.outside = outside,
				.inside = (uint16_t)host,
				.packets = packets,
				.bytes = packets * (flags & FF_SYN ? 44 : 40),
				.sport = port,
				.protocol = 6,
				.initial = flags,
				.session = packets > 1 ? flags : 0,
				.attributes = FF_ATTR_EXPANDED |
					      (packets > 1 ? FF_ATTR_SAME_SIZE : 0),
				.flowtype = port == 80 || port == 443 ? 2 : 0,
				.is_inbound = true,
			};
			f.start_ms = start + ff_sim_random_below(r, span);
			f.dport = (uint16_t)ff_sim_random_between(r, 1024, 65535);
			ff_sim_add(sim, &f);
		}
	}
	ff_sim_fact(sim, "victims", FF_SIM_NUMBER, victims);
}

/* ---- ICMP ---- */

/* Echo requests to a quarter of the prefix within an hour: one more kind of sweep. */
static bool icmp_sweep(struct ff_sim *sim)
{
	struct ff_sim_random *r = &sim->random;
	uint32_t hosts = ff_sim_hosts(sim) / 4, base = ff_sim_random_below(r, 4) * hosts;
	uint32_t span = ff_sim_random_between(r, 60000, 1800000);
	uint64_t start = ff_sim_hour(sim, FF_SIM_WORLD) * FF_SIM_HOUR_MS;
	start += ff_sim_random_below(r, FF_SIM_HOUR_MS - span);
	if (ff_sim_room(sim) < hosts)
		return false;
	uint32_t outside = ff_sim_outside(sim, ff_sim_take(sim, 1));
	for (uint32_t i = 0; i < hosts; i++)
		ff_sim_icmp(sim, start + (uint64_t)span * i / hosts, true, outside,
			    base + i, 8, 0, 1, 92);
	return true;
}

/* Someone pings a server, and it answers; or a host inside pings the world. */
static void icmp_ping(struct ff_sim *sim, const struct ff_sim_house *h, uint32_t outside)
{
	struct ff_sim_random *r = &sim->random;
	bool is_inbound = ff_sim_random_percent(r, 70);
	uint32_t packets = ff_sim_random_between(r, 1, 5),
		 rtt = ff_sim_random_between(r, 8, 240);
	uint32_t host = is_inbound
				? h->web[0]
				: h->linux_first + ff_sim_random_below(r, h->linux_count);
	uint64_t at = ff_sim_when(sim, FF_SIM_WORLD);
	ff_sim_icmp(sim, at, is_inbound, outside, host, 8, 0, packets, packets * 84);
	if (ff_sim_random_percent(r, 85))
		ff_sim_icmp(sim, at + rtt, !is_inbound, outside, host, 0, 0, packets,
			    packets * 84);
}

/* Types that no one has defined, and codes that their type does not have. */
static void icmp_nonsense(struct ff_sim *sim, uint32_t outside, uint32_t host)
{
	static const struct {
		uint8_t type, code;
	} odd[] = {{1, 0},   {2, 0},	{7, 13},   {3, 200},   {8, 37},	 {8, 1},
		   {44, 44}, {69, 248}, {123, 45}, {255, 255}, {11, 77}, {5, 9}};
	uint32_t i = ff_sim_random_below(&sim->random, sizeof odd / sizeof *odd);
	ff_sim_icmp(sim, ff_sim_when(sim, FF_SIM_STEADY), true, outside, host,
		    odd[i].type, odd[i].code, 1, 84);
}

/* Errors about packets that someone sent: mostly unreachable, some expired. */
static void icmp_error(struct ff_sim *sim, const struct ff_sim_house *h, uint32_t outside)
{
	static const uint8_t codes[] = {1, 1, 1, 1, 3, 3, 3, 13, 13, 10, 0};
	struct ff_sim_random *r = &sim->random;
	uint64_t at = ff_sim_when(sim, FF_SIM_OFFICE);
	uint32_t draw = ff_sim_random_below(r, 100);
	uint8_t code = codes[ff_sim_random_below(r, sizeof codes)];
	uint32_t host = ff_sim_random_percent(r, 50) ? h->gateway : h->dns;
	if (draw < 25) /* a datagram to a closed port inside */
		ff_sim_icmp(sim, at, false, outside, h->web[0], 3, 3, 1, 68);
	else if (draw < 80)
		ff_sim_icmp(sim, at, true, outside, host, 3, code, 1,
			    56 + 4 * (outside % 5));
	else if (draw < 97)
		ff_sim_icmp(sim, at, true, outside, host, 11, 0, 1, 56);
	else if (draw < 99)
		ff_sim_icmp(sim, at, true, outside, host, 5, 1, 1, 56);
	else /* source quench, deprecated by RFC 6633 and still met */
		ff_sim_icmp(sim, at, true, outside, host, 4, 0, 1, 56);
}

void ff_sim_border_icmp(struct ff_sim *sim, const struct ff_sim_house *h, uint64_t budget)
{
	ff_sim_begin(sim, "icmp",
		     "echo sweeps, pings, errors, and types that do not exist", budget);
	struct ff_sim_random *r = &sim->random;
	int64_t sweeps = 0;
	while (ff_sim_room(sim) > budget * 65 / 100 && icmp_sweep(sim))
		sweeps++;
	/* routers and pingers that are met again and again */
	uint32_t routers = (uint32_t)(budget / 20 + 10),
		 first = ff_sim_take(sim, routers);
	while (!ff_sim_full(sim)) {
		uint32_t outside =
			ff_sim_outside(sim, first + ff_sim_random_popular(r, routers));
		uint32_t draw = ff_sim_random_below(r, 100);
		if (draw < 45)
			icmp_ping(sim, h, outside);
		else if (draw < 95)
			icmp_error(sim, h, outside);
		else
			icmp_nonsense(sim, outside,
				      ff_sim_random_below(r, ff_sim_hosts(sim)));
	}
	ff_sim_fact(sim, "sweep_hosts", FF_SIM_NUMBER, ff_sim_hosts(sim) / 4);
	ff_sim_fact(sim, "sweeps", FF_SIM_NUMBER, sweeps);
}
