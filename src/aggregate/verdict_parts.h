/* SPDX-License-Identifier: MIT */
/* verdict_parts - what the files of the verdict share: clean streams, scored models. */
#ifndef FF_AGGREGATE_VERDICT_PARTS_H
#define FF_AGGREGATE_VERDICT_PARTS_H

#include "aggregate/verdict.h"

/* One allocation of a source port. Events ascend by time; those of equal time share
 * `tie` and stand in an order by hash. */
struct verdict_event {
	int64_t time_ns;
	uint32_t dest; /* number of the (daddr, dport) */
	uint32_t flow; /* index into the caller's flows */
	uint32_t tie;  /* number of the group of equal times */
	uint16_t port;
};

/* From `a` to the later `b`, at any times that a record may hold. */
static inline uint64_t verdict_apart_ns(int64_t a, int64_t b)
{
	return (uint64_t)b - (uint64_t)a;
}
/* Ports counted round the circle of a range: from a to b, 0..width-1. */
static inline uint32_t verdict_gap(uint16_t a, uint16_t b, uint32_t width)
{
	return b >= a ? (uint32_t)(b - a) : width - (uint32_t)(a - b);
}

/* A cleaned stream, or one window of it. */
struct verdict_clean {
	struct verdict_event *events;
	size_t n;
	size_t raw;	 /* flows but for repeats, with those on fixed ports */
	size_t fixed;	 /* flows on fixed ports */
	size_t distinct; /* ports among `raw` */
	size_t reuse;
	uint16_t raw_lo, raw_hi;
	uint16_t ports[8]; /* see verdict_stream.fixed */
	size_t nports;
};

/* ---- verdict_map.c: open addressing from 64 bits ---- */

struct verdict_slot {
	uint64_t key;
	int64_t value;
	bool is_used;
};
struct verdict_map {
	struct verdict_slot *slots;
	size_t mask, used; /* `used` is the caller's */
};
int verdict_map_init(struct verdict_map *m, size_t n, struct ff_err *err); /* n keys */
/* The slot of the key, or the unused one where it goes; the caller fills it. */
struct verdict_slot *verdict_map_slot(struct verdict_map *m, uint64_t key);
void verdict_map_release(struct verdict_map *m);

/* ---- verdict_clean.c ---- */

/* The flows of one stream in the order that the verdict gives them, not numbered yet;
 * `roles` of the others are left alone. *out is the caller's. */
int verdict_gather(struct verdict_event **out, size_t *n, enum verdict_stream_kind kind,
		   const struct verdict_flow *flows, size_t nflows, uint8_t *roles,
		   struct ff_err *err);
/* What is used already, of one protocol or of all streams (0); numbered. */
int verdict_gather_used(struct verdict_event **out, size_t *n, uint8_t protocol,
			const struct verdict_flow *flows, size_t nflows,
			const uint8_t *roles, struct ff_err *err);
/* Numbers events[0..n) and cleans them into *out, whose events are the caller's; writes
 * the roles. */
int verdict_clean(struct verdict_clean *out, struct verdict_event *events, size_t n,
		  const struct verdict_flow *flows, uint8_t *roles, struct ff_err *err);

/* ---- verdict_models.c ---- */

enum verdict_kernel {
	VERDICT_K_RANDOM,
	VERDICT_K_UP,
	VERDICT_K_DOWN,
	VERDICT_K_SHARED, /* hash per destination and one counter */
	VERDICT_K_PER,	  /* counter per destination */
	VERDICT_K_PER10,  /* the same, forgotten after 10 s */
	VERDICT_K_LANES,
};
struct verdict_model {
	enum verdict_family family;
	enum verdict_kernel kernel;
	uint16_t lo, hi; /* 0, 0: as the data */
	bool is_even;
	double handicap; /* nats */
	const char *name;
};
extern const struct verdict_model verdict_models[];
extern const size_t verdict_nmodels;
/* The best fit of a kernel. */
struct verdict_fit {
	double ll;   /* nats */
	double step; /* m: mean step, or the step per event of VERDICT_K_SHARED */
	double e;    /* share of a uniform in the mixture */
	int gap;     /* VERDICT_K_LANES: G, the largest gap within a lane */
};
struct verdict_score {
	const struct verdict_model *model;
	struct verdict_fit fit;
	double ll;	 /* of the whole model, with penalties */
	double outside;	 /* share of the ports outside lo..hi */
	uint16_t lo, hi; /* filled in for models of the data's range */
};
/* Scores every model that fits, best first; *out is the caller's. */
int verdict_assess(struct verdict_score **out, size_t *n,
		   const struct verdict_event *events, size_t nevents,
		   struct ff_err *err);

/* ---- verdict_generation.c ---- */

struct verdict_threads {
	size_t pairs, brief, brief_near; /* brief: < 1.5 s apart */
	double expected, variance;	 /* E: threads that should break in 10 s */
	double expected_10;		 /* the same of pairs < 10 s apart */
	size_t breaks, breaks_10;	 /* B */
	size_t far, below;		 /* near pairs with D >= 8; of them d <= D */
	size_t step_24, step_16;	 /* near pairs with steps 2 or 4; up to 16 */
	size_t near, dests;
};
int verdict_threads(struct verdict_threads *out, const struct verdict_event *events,
		    size_t n, struct ff_err *err);
enum verdict_generation verdict_generation_of(const struct verdict_threads *t);

/* ---- verdict_decide.c ---- */

/* What the gates look at. */
struct verdict_case {
	struct verdict_stream *stream;
	const struct verdict_clean *clean;
	struct verdict_score *scores; /* best first */
	size_t nscores;
	const struct verdict_score *best[VERDICT_FAMILIES]; /* one a family, best first */
	size_t nbest;
	const struct verdict_score *top;
	int16_t *lanes; /* of the caller's flows */
};
/* Judges one clean stream; `lanes` is written where it is a NAT of several counters. */
int verdict_decide(struct verdict_stream *s, const struct verdict_clean *c,
		   int16_t *lanes, struct ff_err *err);
bool verdict_is_counter(enum verdict_family f); /* one counter for all destinations */
bool verdict_is_random(enum verdict_family f);

/* ---- verdict_gates.c ---- */

/* Tests the winner; stream->family and `reason` say what came of it. */
int verdict_gates(struct verdict_case *c, struct ff_err *err);
/* True of a family that is named beside the winner, however near, but is no rival. */
bool verdict_is_footnote(enum verdict_family winner, enum verdict_family f);
/* ln P(Bin(n, p) >= k), Chernoff's upper bound */
double verdict_tail(size_t k, size_t n, double p);
double verdict_even_tail(size_t even, size_t n); /* of a share so far from one half */

/* ---- verdict_udp.c ---- */

/* Asks UDP where TCP alone cannot tell; may change the TCP stream. */
int verdict_ask_udp(struct verdict *v, const struct verdict_flow *flows, size_t n,
		    struct ff_err *err);

/* ---- verdict_words.c ---- */

void verdict_refuse(struct verdict_stream *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Fills `claim` of a stream that has a verdict; `top` is NULL for fixed ports. */
void verdict_claim(struct verdict_stream *s, const struct verdict_clean *c,
		   const struct verdict_score *top);
/* Fills headline and notes. */
int verdict_words(struct verdict *v, const struct verdict_flow *flows, size_t n,
		  const struct verdict_side *side, struct ff_err *err);

#endif
