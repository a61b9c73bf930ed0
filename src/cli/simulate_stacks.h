/* SPDX-License-Identifier: MIT */
/* simulate_stacks - hosts whose source ports are chosen as known systems choose them, for
 * scenario `stacks` and for measuring the verdict about such ports. Everything here is a
 * pure function of its options: the same on every machine. */
#ifndef FF_CLI_SIMULATE_STACKS_H
#define FF_CLI_SIMULATE_STACKS_H

#include "cli/simulate.h"

#include <flowfig/base.h>

/* ---- allocators: simulate_stacks_ports.c ---- */

enum ff_stack_kind {
	FF_STACK_XP,
	FF_STACK_WINDOWS,
	FF_STACK_MACOS,
	FF_STACK_NETBSD,
	FF_STACK_LINUX_24,
	FF_STACK_LINUX_26,  /* to 4.1 */
	FF_STACK_LINUX_42,  /* to 5.11 */
	FF_STACK_LINUX_512, /* to 5.17 */
	FF_STACK_LINUX_518,
	FF_STACK_FREEBSD,
	FF_STACK_OPENBSD,
	FF_STACK_SOLARIS,
	FF_STACK_PF,
	FF_STACK_RANDOM, /* any port from 1024 */
	FF_STACK_KINDS,
};

/* 4-tuples or ports in use, and until when. */
struct ff_stack_busy {
	struct {
		uint64_t key; /* 0 = empty */
		double until_s;
	} * slots;
	size_t used, cap;
};

/* One system's allocator. Times must not fall. */
struct ff_stack {
	enum ff_stack_kind kind;
	struct ff_sim_random *random; /* borrowed */
	struct ff_stack_busy busy;
	uint16_t next[2];  /* counters of TCP and UDP; the one of TCP serves both when
			      shared */
	uint32_t hint;	   /* Linux to 5.11 */
	uint64_t secret;   /* Linux: of the hash */
	double epoch_s;	   /* Linux 5.18: when the secret was mixed last, modulo 10 s */
	uint32_t *perturb; /* Linux from 5.12 */
};
/* `is_old`: it has run for long, its counters are anywhere; else it was just started. */
int ff_stack_init(struct ff_stack *s, enum ff_stack_kind kind, bool is_old,
		  struct ff_sim_random *random, struct ff_err *err);
void ff_stack_release(struct ff_stack *s);
void ff_stack_boot(struct ff_stack *s, bool is_old);
/* Port for a new connection at time_s; `site` stands for the destination's address. */
int ff_stack_port(uint16_t *out, struct ff_stack *s, double time_s, uint8_t protocol,
		  uint32_t site, uint16_t dport, struct ff_err *err);
/* Is (key) in use at time_s? Key is not 0. */
bool ff_stack_busy_at(const struct ff_stack_busy *b, uint64_t key, double time_s);
int ff_stack_busy_until(struct ff_stack_busy *b, uint64_t key, double until_s,
			struct ff_err *err);

/* ---- hosts and what their sensor sees: simulate_stacks_trace.c ---- */

struct ff_stack_event {
	double time_s;	       /* since the beginning */
	uint32_t order;	       /* of making */
	uint32_t site;	       /* number of the other end */
	uint16_t sport, dport; /* of the host's flow */
	uint8_t protocol;
	bool initiated; /* by the host; else the other end opened it */
	bool answered;
};
struct ff_stack_trace {
	struct ff_stack_event *events; /* as the sensor sees them */
	size_t count, cap;
	uint32_t sites;	   /* numbers of other ends are below this */
	uint32_t counters; /* hosts behind a NAT whose TCP counts */
};

enum { FF_STACK_SITES = 300 };

struct ff_stack_impair {
	uint32_t sampling;	 /* one connection in so many is seen; 1 = all */
	uint32_t reboots, holes; /* a hole is a sixth of the events, missing */
	bool is_reordered;	 /* each time stamp late by up to a second */
	bool is_rounded;	 /* time stamps in whole seconds; ties in no order */
};
enum ff_stack_impairs { /* indices of ff_stack_impairs */
			FF_STACK_CLEAN,
			FF_STACK_SAMPLED,
			FF_STACK_REORDERED,
			FF_STACK_ROUNDED,
			FF_STACK_REBOOTS,
			FF_STACK_HOLES,
			FF_STACK_ALL_AT_ONCE,
			FF_STACK_IMPAIRS,
};
extern const struct ff_stack_impair ff_stack_impairs[FF_STACK_IMPAIRS];

/* A host as the scenario knows it. */
struct ff_stack_host {
	const char *name, *summary;
	/* what a verdict should say, if it says anything: see verdict_family_names. A
	 * mixed NAT with fewer than two counters should have none. */
	const char *family;
	const char *generation; /* of Linux, or "" */
	enum {
		FF_STACK_ONE,
		FF_STACK_NAT,
		FF_STACK_RESOLVER,
		FF_STACK_FIXED_SCAN,
		FF_STACK_RANDOM_SCAN,
		FF_STACK_SERVER
	} role;
	enum ff_stack_kind kind; /* of ONE and RESOLVER */
	uint32_t behind;	 /* hosts behind a NAT that keeps ports */
	bool is_mixed;		 /* these are of different systems */
};
enum { FF_STACK_HOSTS = 24 };
extern const struct ff_stack_host ff_stack_hosts[FF_STACK_HOSTS];

/* What a sensor sees of the host until it has seen `connections` TCP flows (of a
 * resolver: flows), ascending by time; ties in the order seen. */
int ff_stack_trace_make(struct ff_stack_trace *out, const struct ff_stack_host *host,
			const struct ff_stack_impair *impair, uint32_t connections,
			uint64_t seed, struct ff_err *err);
void ff_stack_trace_release(struct ff_stack_trace *t);

#endif
