/* SPDX-License-Identifier: MIT */
/* simulate_tools - what scenarios are made of: outside addresses, rhythms, conversations.
 */
#include "cli/simulate.h"

#include <assert.h>

/* ---- outside hosts ---- */

uint32_t ff_sim_take(struct ff_sim *sim, uint32_t count)
{
	uint32_t first = sim->next_source;
	if (count > FF_SIM_SOURCES_MAX - first) {
		if (!sim->stopped)
			ff_fail(&sim->why, FF_ELIMIT,
				"the simulation needs more than %lu outside hosts",
				(unsigned long)FF_SIM_SOURCES_MAX);
		sim->stopped = true;
		return 0;
	}
	sim->next_source += count;
	return first;
}

/* IPv4 blocks that are no public unicast addresses: RFC 6890, multicast, class E. */
static const struct {
	uint32_t addr, mask;
} tools_special[] = {
	{0x00000000, 0xff000000}, {0x0a000000, 0xff000000}, {0x64400000, 0xffc00000},
	{0x7f000000, 0xff000000}, {0xa9fe0000, 0xffff0000}, {0xac100000, 0xfff00000},
	{0xc0000000, 0xffffff00}, {0xc0000200, 0xffffff00}, {0xc0586300, 0xffffff00},
	{0xc0a80000, 0xffff0000}, {0xc6120000, 0xfffe0000}, {0xc6336400, 0xffffff00},
	{0xcb007100, 0xffffff00}, {0xe0000000, 0xe0000000},
};

static bool tools_is_public(const struct ff_sim *sim, uint32_t addr)
{
	for (size_t i = 0; i < sizeof tools_special / sizeof *tools_special; i++)
		if ((addr & tools_special[i].mask) == tools_special[i].addr)
			return false;
	if (ff_sim_is_v6(sim))
		return true;
	struct ff_addr a = ff_addr_from_v4(addr);
	return !ff_prefix_has(&sim->inside, &a);
}

uint32_t ff_sim_outside(const struct ff_sim *sim, uint32_t number)
{
	/* three strangers in four come from some crowded /8 */
	static const uint8_t crowded[] = {
		1,   5,	  14,  31,  37,	 45,  46,  58,	59,  61,  77,  78,  82,	 89,
		91,  93,  95,  103, 109, 112, 113, 114, 116, 117, 121, 123, 125, 139,
		159, 162, 175, 176, 178, 183, 185, 186, 187, 188, 189, 190, 194, 195,
		200, 201, 202, 203, 212, 213, 217, 218, 220, 221, 222};
	assert(number < FF_SIM_SOURCES_MAX);
	/* The low 24 bits are a permutation of the number, so addresses differ whatever
	 * the first octet; that one may be drawn as unevenly as we like, and again when
	 * the result is not public. */
	uint32_t low = ff_sim_permute(number, 24, sim->seed);
	uint64_t draw = ff_mix64(sim->seed ^ ((uint64_t)number << 20));
	for (;;) {
		draw = ff_mix64(draw + UINT64_C(0x9e3779b97f4a7c15));
		uint32_t octet = (uint32_t)(draw >> 56);
		if (draw & 3) {
			/* a product of two draws favours the front of the table */
			uint32_t a = (uint32_t)(draw >> 8 & 0xff),
				 b = (uint32_t)(draw >> 16 & 0xff);
			octet = crowded[a * b * sizeof crowded >> 16];
		}
		uint32_t addr = octet << 24 | low;
		if (tools_is_public(sim, addr))
			return addr;
	}
}

/* ---- rhythm ---- */

uint32_t ff_sim_activity(const struct ff_sim *sim, enum ff_sim_rhythm rhythm,
			 uint64_t hour)
{
	/* per cent of the busiest hour, by hour of day UTC: strangers of all time zones,
	 * and the people of one office */
	static const uint8_t world[24] = {70, 66, 64, 62, 62, 64, 67,  72,
					  78, 84, 89, 93, 96, 98, 100, 100,
					  99, 97, 94, 91, 87, 83, 79,  74};
	static const uint8_t office[24] = {9,  7,  6,	6,  7,	10, 22, 48,
					   78, 95, 100, 97, 80, 88, 98, 95,
					   86, 70, 46,	34, 28, 24, 18, 12};
	if (rhythm == FF_SIM_STEADY)
		return 100;
	uint64_t hours = (uint64_t)(sim->start_ns / FF_HOUR) + hour;
	uint32_t weekday =
		(uint32_t)((hours / 24 + 4) % 7); /* 1970-01-01 was a Thursday */
	bool is_weekend = weekday == 0 || weekday == 6;
	if (rhythm == FF_SIM_WORLD)
		return is_weekend ? world[hours % 24] * 75u / 100 : world[hours % 24];
	return is_weekend ? (office[hours % 24] + 3u) / 4 : office[hours % 24];
}

double ff_sim_mean_activity(const struct ff_sim *sim, enum ff_sim_rhythm rhythm)
{
	uint64_t sum = 0, hours = ff_sim_hours(sim);
	for (uint64_t h = 0; h < hours; h++)
		sum += ff_sim_activity(sim, rhythm, h);
	return (double)sum / 100 / (double)hours;
}

uint64_t ff_sim_hour(struct ff_sim *sim, enum ff_sim_rhythm rhythm)
{
	uint32_t hours = (uint32_t)ff_sim_hours(sim);
	for (;;) {
		uint64_t hour = ff_sim_random_below(&sim->random, hours);
		if (rhythm == FF_SIM_STEADY ||
		    ff_sim_random_percent(&sim->random,
					  ff_sim_activity(sim, rhythm, hour)))
			return hour;
	}
}

uint64_t ff_sim_when(struct ff_sim *sim, enum ff_sim_rhythm rhythm)
{
	uint64_t hour = ff_sim_hour(sim, rhythm);
	return hour * FF_SIM_HOUR_MS + ff_sim_random_below(&sim->random, FF_SIM_HOUR_MS);
}

/* ---- sizes ---- */

struct ff_sim_volume ff_sim_volume(struct ff_sim *sim, double median_bytes, double sigma,
				   uint32_t min_packets)
{
	double drawn = ff_sim_random_lognormal(&sim->random, median_bytes, sigma);
	struct ff_sim_volume v;
	uint32_t load = drawn > 3e9 ? UINT32_C(3000000000) : (uint32_t)drawn;
	v.packets = min_packets +
		    load / 1380; /* full packets, and those of hand shake and end */
	v.bytes = load + v.packets * 52;
	return v;
}

uint32_t ff_sim_duration(struct ff_sim *sim, double median_ms, double sigma)
{
	/* flow meters cut at 30 minutes; we stay below, so that no flow needs to be
	 * continued */
	double drawn = ff_sim_random_lognormal(&sim->random, median_ms, sigma);
	return drawn > 1790000 ? 1790000 : (uint32_t)drawn;
}

/* ---- flows ---- */

/* SiLK's twoway types: in 0, out 1, inweb 2, outweb 3, inicmp 8, outicmp 9. */
static uint8_t tools_flowtype(const struct ff_sim_flow *f)
{
	static const uint16_t web[] = {80, 443, 8080};
	uint8_t type = 0;
	if (f->protocol == 1 || f->protocol == 58)
		type = 8;
	for (size_t i = 0; f->protocol == 6 && i < sizeof web / sizeof *web; i++)
		if (f->sport == web[i] || f->dport == web[i])
			type = 2;
	return f->is_inbound ? type : (uint8_t)(type + 1);
}

static void tools_add(struct ff_sim *sim, struct ff_sim_flow *f)
{
	if (f->protocol == 6)
		f->attributes |= FF_ATTR_EXPANDED;
	bool is_syn_again =
		f->protocol == 6 && f->initial == FF_SYN && f->session == FF_SYN;
	bool is_icmp = f->protocol == 1 || f->protocol == 58;
	if (f->packets > 1 && (is_syn_again || is_icmp))
		f->attributes |= FF_ATTR_SAME_SIZE;
	f->flowtype = tools_flowtype(f);
	ff_sim_add(sim, f);
}

/* The client's side of an attempt that nobody or a reset answers: one SYN, or three when
 * there is silence and the client tries again. */
static void tools_attempt(struct ff_sim *sim, const struct ff_sim_talk *t,
			  struct ff_sim_flow *f)
{
	if (t->protocol == 17) {
		f->packets = t->up.packets;
		f->bytes = t->up.bytes;
		f->duration_ms = f->packets > 1 ? t->duration_ms : 0;
		return;
	}
	bool again =
		t->answer == FF_SIM_SILENCE && ff_sim_random_percent(&sim->random, 35);
	f->packets = again ? 3 : 1;
	f->bytes = f->packets * (ff_sim_random_percent(&sim->random, 50) ? 60 : 52);
	f->duration_ms = again ? 3000 + ff_sim_random_below(&sim->random, 40) : 0;
	f->initial = FF_SYN;
	f->session = again ? FF_SYN : 0;
}

void ff_sim_talk(struct ff_sim *sim, const struct ff_sim_talk *t)
{
	struct ff_sim_flow up = {
		.start_ms = t->start_ms,
		.duration_ms = t->duration_ms,
		.outside = t->outside,
		.inside = t->inside,
		.packets = t->up.packets,
		.bytes = t->up.bytes,
		.sport = t->client_port,
		.dport = t->server_port,
		.protocol = t->protocol,
		.is_inbound = !t->is_from_inside,
	};
	struct ff_sim_flow down = up;
	down.is_inbound = t->is_from_inside;
	down.sport = t->server_port;
	down.dport = t->client_port;
	down.start_ms += t->rtt_ms;
	if (t->answer != FF_SIM_ANSWERED) {
		tools_attempt(sim, t, &up);
		down.packets = 1;
		down.bytes = 40;
		down.duration_ms = 0;
		down.initial = FF_RST | FF_ACK;
	} else {
		down.packets = t->down.packets;
		down.bytes = t->down.bytes;
		down.duration_ms =
			t->duration_ms > t->rtt_ms ? t->duration_ms - t->rtt_ms : 0;
		up.application = down.application = t->application;
		if (t->protocol == 6) {
			/* one connection in twelve is cut off by the client */
			bool reset = ff_sim_random_below(&sim->random, 12) == 0;
			up.initial = FF_SYN;
			up.session = FF_ACK | FF_PSH | (reset ? FF_RST : FF_FIN);
			down.initial = FF_SYN | FF_ACK;
			down.session = FF_ACK | FF_PSH | FF_FIN;
		}
	}
	tools_add(sim, &up);
	/* a refusal of a datagram would be an ICMP message: the caller's business */
	if (t->answer == FF_SIM_ANSWERED ||
	    (t->answer == FF_SIM_REFUSED && t->protocol == 6))
		tools_add(sim, &down);
}

void ff_sim_probe(struct ff_sim *sim, uint64_t start_ms, uint32_t outside,
		  uint32_t inside, uint16_t sport, uint16_t dport, uint8_t protocol)
{
	uint32_t bytes = 40 + 4 * (outside % 3); /* a SYN with or without options */
	if (protocol == 17)
		bytes = dport == 5060 ? 440 : 60 + dport % 71u;
	struct ff_sim_flow f = {
		.start_ms = start_ms,
		.outside = outside,
		.inside = (uint16_t)inside,
		.packets = 1,
		.bytes = bytes,
		.sport = sport,
		.dport = dport,
		.protocol = protocol,
		.initial = protocol == 6 ? FF_SYN : 0,
		.is_inbound = true,
	};
	tools_add(sim, &f);
}

void ff_sim_icmp(struct ff_sim *sim, uint64_t start_ms, bool is_inbound, uint32_t outside,
		 uint32_t inside, uint8_t type, uint8_t code, uint32_t packets,
		 uint32_t bytes)
{
	static const struct {
		uint8_t v4, v6;
	} types[] = {{8, 128}, {0, 129}, {3, 1}, {11, 3}};
	bool is_v6 = ff_sim_is_v6(sim);
	for (size_t i = 0; is_v6 && i < sizeof types / sizeof *types; i++)
		if (types[i].v4 == type) {
			type = types[i].v6;
			break;
		}
	struct ff_sim_flow f = {
		.start_ms = start_ms,
		.duration_ms =
			packets > 1 ? (packets - 1) * 1000 : 0, /* ping: one a second */
		.outside = outside,
		.inside = (uint16_t)inside,
		.packets = packets,
		.bytes = bytes,
		.sport = type,
		.dport = code,
		.protocol = is_v6 ? 58 : 1,
		.is_inbound = is_inbound,
	};
	tools_add(sim, &f);
}

uint16_t ff_sim_scanned_port(struct ff_sim *sim, uint8_t *protocol)
{
	static const struct {
		uint16_t port;
		uint8_t protocol, weight; /* per cent */
	} ports[] = {
		{23, 6, 19},  {445, 6, 15}, {22, 6, 12},  {80, 6, 9},	 {3389, 6, 8},
		{8080, 6, 6}, {443, 6, 5},  {2323, 6, 4}, {5060, 17, 4}, {1433, 6, 3},
		{5900, 6, 3}, {6379, 6, 3}, {123, 17, 2}, {161, 17, 2},	 {1900, 17, 1},
		{53, 17, 1},  {25, 6, 1},
	};
	uint32_t draw = ff_sim_random_below(&sim->random, 100);
	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
		if (draw < ports[i].weight) {
			*protocol = ports[i].protocol;
			return ports[i].port;
		}
		draw -= ports[i].weight;
	}
	*protocol = 6; /* the rest: anything */
	return (uint16_t)ff_sim_random_between(&sim->random, 1, 65535);
}
