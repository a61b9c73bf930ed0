/* SPDX-License-Identifier: MIT */
/* simulate - the toolbox of `flowfig simulate`: random numbers, compact flow records,
 * outside addresses, daily rhythms, conversations, the truth file. A scenario is one file
 * with one const descriptor, listed in cmd_simulate.c.
 *
 * The same command gives the same bytes on every machine. Random numbers are integers
 * from our own generator; logarithm, exponential and power are our own too, made of + - *
 * / and sqrt, which IEEE 754 rounds in one way only (libm's differ in the last bit). No
 * fused multiply-add may creep in: gcc keeps them out with -std=c11, clang needs the
 * pragma below. And because C leaves open in which order arguments and members of an
 * initializer are evaluated, no argument list and no initializer draws more than one
 * random number.
 *
 * Memory: 40 bytes a flow for the records, 16 to sort them, 8 more when a truth file is
 * asked for: 640 MB for 10 million flows. */
#ifndef FF_CLI_SIMULATE_H
#define FF_CLI_SIMULATE_H

#include <flowfig/base.h>
#include <flowfig/flow.h>
#include <flowfig/input.h>

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

/* ---- random numbers: simulate_random.c ---- */

struct ff_sim_random { /* xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64 */
	uint64_t s[4];
	double spare; /* second normal of a pair */
	bool has_spare;
};
/* Streams with different names are independent, so that one population can change without
 * moving the others. */
void ff_sim_random_seed(struct ff_sim_random *r, uint64_t seed, const char *stream);
uint64_t ff_sim_random_bits(struct ff_sim_random *r);
uint32_t ff_sim_random_below(struct ff_sim_random *r,
			     uint32_t n); /* 0..n-1, unbiased; n > 0 */
uint32_t ff_sim_random_between(struct ff_sim_random *r, uint32_t low,
			       uint32_t high); /* inclusive */
bool ff_sim_random_percent(struct ff_sim_random *r, uint32_t percent);
double ff_sim_random_unit(struct ff_sim_random *r); /* (0, 1] */
double ff_sim_random_exponential(struct ff_sim_random *r, double mean);
double ff_sim_random_normal(struct ff_sim_random *r);
double ff_sim_random_lognormal(struct ff_sim_random *r, double median, double sigma);
/* Exact up to a mean of 64; above, the rounded normal (off by under 1 % of the
 * deviation). */
uint32_t ff_sim_random_poisson(struct ff_sim_random *r, double mean);
/* 0..n-1 with P(k) ~ 1/(k+1): a Zipf law without a table. */
uint32_t ff_sim_random_popular(struct ff_sim_random *r, uint32_t n);

double ff_sim_log(double x); /* x > 0, normal */
double ff_sim_exp(double x); /* |x| < 700 */

/* P(n) ~ n^-exponent for n = 1..max, by inversion of the table of sums. */
struct ff_sim_powerlaw {
	double *sums; /* `max` items, the last is 1 */
	uint32_t max;
};
int ff_sim_powerlaw_init(struct ff_sim_powerlaw *p, double exponent, uint32_t max,
			 struct ff_err *err);
void ff_sim_powerlaw_release(struct ff_sim_powerlaw *p);
uint32_t ff_sim_powerlaw_draw(const struct ff_sim_powerlaw *p, struct ff_sim_random *r);

/* A keyed one-to-one map of 0..2^bits-1 onto itself: distinct inputs, distinct outputs.
 * bits 1..32. */
uint32_t ff_sim_permute(uint32_t x, unsigned bits, uint64_t key);

/* ---- records ---- */

struct ff_sim_flow {	   /* 40 bytes */
	uint64_t start_ms; /* since the beginning of the simulation */
	uint32_t duration_ms;
	uint32_t outside; /* IPv4 number, or what stands for it in the IPv6 address */
	uint32_t packets, bytes;
	uint16_t inside;       /* host number within the inside prefix */
	uint16_t sport, dport; /* ICMP: type and code */
	uint16_t application;
	uint8_t protocol;
	uint8_t initial, session; /* TCP flags of the first packet and of the others */
	uint8_t attributes;	  /* FF_ATTR_* */
	uint8_t flowtype;	  /* of SiLK's twoway site */
	uint8_t population;
	bool is_inbound;
};

/* What the truth file says of a population beside its counts. */
struct ff_sim_fact {
	const char *key; /* static */
	enum {
		FF_SIM_NUMBER,
		FF_SIM_TIME,
		FF_SIM_DURATION,
		FF_SIM_HOST,
		FF_SIM_TEXT
	} kind;
	int64_t value;	  /* times and durations in ns; hosts inside by number */
	const char *text; /* static */
};
struct ff_sim_population {
	const char *name, *summary; /* static */
	struct ff_sim_fact facts[12];
	size_t nfacts;
};
#define FF_SIM_POPULATIONS 32

/* One run of a scenario. */
struct ff_sim {
	/* set by the command before generate() */
	uint64_t seed;
	uint64_t target;  /* flows to make, exactly */
	double scale;	  /* that gave the target; 0 when it was given itself */
	int64_t start_ns; /* a whole hour */
	uint32_t days;
	struct ff_prefix inside;
	unsigned inside_bits; /* host bits of the prefix, 8..16 */
	const atomic_bool *interrupted;

	/* the work of the toolbox */
	struct ff_sim_flow *flows;
	uint64_t count;
	uint64_t limit;	      /* the current population may fill up to here */
	uint64_t *order;      /* after sorting: record numbers in the low bits */
	uint32_t next_source; /* outside addresses handed out so far */
	bool stopped;	      /* interrupted, or the addresses ran out */
	struct ff_err why;
	struct ff_sim_random random; /* the current population's */
	struct ff_sim_population populations[FF_SIM_POPULATIONS];
	unsigned npopulations;
};
#define FF_SIM_INDEX_BITS \
	28 /* of `order`: up to 268 million records; the rest is time in ms */
#define FF_SIM_INDEX_MASK ((UINT64_C(1) << FF_SIM_INDEX_BITS) - 1)
#define FF_SIM_HOUR_MS 3600000
#define FF_SIM_SOURCES_MAX (UINT32_C(1) << 24)

struct ff_sim_scenario {
	const char *name;	   /* [a-z][a-z0-9-]*, unique */
	const char *summary;	   /* one line, no full stop */
	const char *title;	   /* heading of its options */
	const struct ff_opt *opts; /* names must not repeat the common ones */
	size_t params_size;
	bool is_scaled; /* asking for as many flows as a scale gives makes others */
	/* Number of flows at this scale, after checking the parameters. */
	int (*plan)(uint64_t *flows, const struct ff_sim *sim, const void *params,
		    double scale, struct ff_err *err);
	/* Adds exactly sim->target flows in any order. */
	int (*generate)(struct ff_sim *sim, const void *params, struct ff_err *err);
};
extern const struct ff_sim_scenario ff_sim_border, ff_sim_slow_scan, ff_sim_stacks;

/* ---- running: simulate_core.c ---- */

int ff_sim_init(struct ff_sim *sim,
		struct ff_err *err); /* members above are set; reserves memory */
void ff_sim_release(struct ff_sim *sim);
/* Starts a population with its own random stream, allowed `budget` more flows (never past
 * the target). Names and summaries are static. */
void ff_sim_begin(struct ff_sim *sim, const char *name, const char *summary,
		  uint64_t budget);
/* The population's budget is used up, or the run is to stop. Every loop asks. */
bool ff_sim_full(const struct ff_sim *sim);
uint64_t ff_sim_room(const struct ff_sim *sim);
/* Adds a flow of the current population; without room it is dropped. A start past the end
 * of the simulation is moved to its last millisecond. */
void ff_sim_add(struct ff_sim *sim, const struct ff_sim_flow *f);
void ff_sim_fact(struct ff_sim *sim, const char *key, int kind, int64_t value);
void ff_sim_fact_text(struct ff_sim *sim, const char *key, const char *text);
/* Makes the flows, and orders them by start time, equal times by order of making. */
int ff_sim_generate(struct ff_sim *sim, const struct ff_sim_scenario *scenario,
		    const void *params, struct ff_err *err);
void ff_sim_convert(const struct ff_sim *sim, struct ff_flow *out,
		    const struct ff_sim_flow *f);
int ff_sim_write(const struct ff_sim *sim, struct ff_flow_writer *w,
		 const struct ff_progress *progress, struct ff_err *err);
struct ff_addr ff_sim_inside_addr(const struct ff_sim *sim, uint32_t host);
struct ff_addr ff_sim_outside_addr(const struct ff_sim *sim, uint32_t outside);
bool ff_sim_is_v6(const struct ff_sim *sim);
uint32_t ff_sim_hosts(const struct ff_sim *sim); /* addresses inside */
uint64_t ff_sim_hours(const struct ff_sim *sim); /* of the simulation */
uint64_t ff_sim_span_ms(const struct ff_sim *sim);

/* ---- toolbox: simulate_tools.c ---- */

/* `count` new outside hosts: numbers first .. first + count - 1 for ff_sim_outside. */
uint32_t ff_sim_take(struct ff_sim *sim, uint32_t count);
/* Public-looking IPv4 address of an outside host, different for every number: never
 * inside, private, multicast or set aside (RFC 6890). */
uint32_t ff_sim_outside(const struct ff_sim *sim, uint32_t number);

enum ff_sim_rhythm { FF_SIM_STEADY, FF_SIM_WORLD, FF_SIM_OFFICE };
/* Share of full activity in an hour of the simulation, 1..100, by hour of day and
 * weekday. */
uint32_t ff_sim_activity(const struct ff_sim *sim, enum ff_sim_rhythm rhythm,
			 uint64_t hour);
/* Mean of ff_sim_activity over the simulation, as a factor 0..1. */
double ff_sim_mean_activity(const struct ff_sim *sim, enum ff_sim_rhythm rhythm);
uint64_t ff_sim_hour(struct ff_sim *sim, enum ff_sim_rhythm rhythm); /* a random hour */
uint64_t ff_sim_when(struct ff_sim *sim, enum ff_sim_rhythm rhythm); /* a random ms */

/* Bytes with a log-normal size and the packets that carry them. */
struct ff_sim_volume {
	uint32_t packets, bytes;
};
struct ff_sim_volume ff_sim_volume(struct ff_sim *sim, double median_bytes, double sigma,
				   uint32_t min_packets);
uint32_t ff_sim_duration(struct ff_sim *sim, double median_ms,
			 double sigma); /* under 30 minutes */

enum ff_sim_answer { FF_SIM_SILENCE, FF_SIM_REFUSED, FF_SIM_ANSWERED };
/* A client speaks to a server; "up" is from the client. One flow, or two when there is an
 * answer. */
struct ff_sim_talk {
	uint64_t start_ms;
	uint32_t duration_ms, rtt_ms;
	uint32_t outside;
	uint16_t inside;
	uint16_t client_port, server_port, application;
	uint8_t protocol; /* 6 or 17 */
	bool is_from_inside;
	enum ff_sim_answer answer;
	struct ff_sim_volume up, down;
};
void ff_sim_talk(struct ff_sim *sim, const struct ff_sim_talk *t);
/* One unanswered connection attempt or probe packet from outside. */
void ff_sim_probe(struct ff_sim *sim, uint64_t start_ms, uint32_t outside,
		  uint32_t inside, uint16_t sport, uint16_t dport, uint8_t protocol);
/* IPv4 types are turned into their ICMPv6 counterparts where the simulation is IPv6. */
void ff_sim_icmp(struct ff_sim *sim, uint64_t start_ms, bool is_inbound, uint32_t outside,
		 uint32_t inside, uint8_t type, uint8_t code, uint32_t packets,
		 uint32_t bytes);
/* A port that strangers look for, by how often they do; sets the protocol. */
uint16_t ff_sim_scanned_port(struct ff_sim *sim, uint8_t *protocol);
/* Scans of a quarter, a half or the whole inside prefix, each within one hour of the
 * clock: as many as the budget holds, at most `max`. Adds facts. */
void ff_sim_sweeps(struct ff_sim *sim, uint32_t max);
/* Periodic slow scanning by the hosts numbers first .. first + hosts - 1: in every period
 * from from_ms to to_ms each contacts its own number of inside hosts, low..high, within
 * half an hour. */
struct ff_sim_slow {
	uint32_t first, hosts;
	uint32_t low, high;
	uint64_t from_ms, to_ms, period_ms;
	uint16_t port;
	uint8_t protocol;
};
void ff_sim_slow_periodic(struct ff_sim *sim, const struct ff_sim_slow *s);
uint32_t ff_sim_slow_rate(const struct ff_sim *sim, const struct ff_sim_slow *s,
			  uint32_t host);

/* ---- border, by population: simulate_border_*.c ---- */

/* Who lives where inside: host numbers. */
struct ff_sim_house {
	uint32_t gateway, web[2], mail, dns, shell;
	uint32_t linux_first, linux_count;
	uint32_t windows_first, windows_count;
	uint32_t p2p_first, p2p_count;
};
bool ff_sim_house_used(const struct ff_sim_house *h, uint32_t host);
void ff_sim_border_strangers(struct ff_sim *sim, const struct ff_sim_house *h,
			     uint64_t budget);
void ff_sim_border_probers(struct ff_sim *sim, uint64_t budget);
void ff_sim_border_backscatter(struct ff_sim *sim, const struct ff_sim_house *h,
			       uint64_t budget);
void ff_sim_border_icmp(struct ff_sim *sim, const struct ff_sim_house *h,
			uint64_t budget);
void ff_sim_border_mail(struct ff_sim *sim, const struct ff_sim_house *h,
			uint64_t budget);
void ff_sim_border_resolver(struct ff_sim *sim, const struct ff_sim_house *h,
			    uint64_t budget);
void ff_sim_border_servers(struct ff_sim *sim, const struct ff_sim_house *h,
			   uint64_t budget);
void ff_sim_border_nat(struct ff_sim *sim, const struct ff_sim_house *h, uint64_t budget);
void ff_sim_border_linux(struct ff_sim *sim, const struct ff_sim_house *h,
			 uint64_t budget);
void ff_sim_border_windows(struct ff_sim *sim, const struct ff_sim_house *h,
			   uint64_t budget);
void ff_sim_border_p2p(struct ff_sim *sim, const struct ff_sim_house *h, uint64_t budget);

/* ---- truth: simulate_truth.c ---- */

/* Counts by sorting, straight from the records, what `flowfig contact --bin=1h` must
 * find. */
struct ff_sim_contact {
	uint64_t *sources; /* sources[n]: with exactly n distinct inside destinations in
			      an hour, over all hours */
	uint32_t max;	   /* highest index */
};
int ff_sim_contact_count(struct ff_sim_contact *out, const struct ff_sim *sim,
			 struct ff_err *err);
void ff_sim_contact_release(struct ff_sim_contact *c);
/* The options of a table as "--name=value" words, or as members of a JSON object. */
void ff_sim_options_text(struct ff_buf *out, const struct ff_opt *opts,
			 const void *params);
void ff_sim_options_json(struct ff_buf *out, const struct ff_opt *opts,
			 const void *params);
int ff_sim_truth(struct ff_buf *out, const struct ff_sim *sim,
		 const struct ff_sim_scenario *scenario, const void *params,
		 struct ff_err *err);

#endif
