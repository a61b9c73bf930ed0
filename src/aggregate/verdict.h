/* SPDX-License-Identifier: MIT */
/* verdict - which allocator chose the source ports of one host, seen from this sensor: a
 * passive fingerprint by likelihood, with a margin, gates and abstention. It says
 * "consistent with", never "is": NATs, proxies and administrators can change every clue.
 *
 * Method: three streams (TCP, DNS over UDP, other UDP), each cleaned of what no allocator
 * chose (retransmissions, fixed ports, resolvers, discovery), then scored against every
 * model of verdict_models.c. The best family wins when it leads by VERDICT_MARGIN nats
 * and passes the gates of verdict_decide.c.
 *
 * Order: the flows are a set. Flows of equal time have no order, and none is invented: a
 * model that needs one is charged ln(k!) for the k! orders that a group of k equal times
 * could have had, and then uses its likeliest one; what is a statistic of neighbours uses
 * an order by hash. So the result depends neither on the order of equal times nor on the
 * order of the file.
 *
 * Cost: linear in the flows. A stream of more than VERDICT_WHOLE flows is judged in
 * VERDICT_WINDOWS windows of VERDICT_WINDOW flows, evenly spread from the first flow to
 * the last, and gets a verdict only when at least two have the same and none another. */
#ifndef FF_AGGREGATE_VERDICT_H
#define FF_AGGREGATE_VERDICT_H

#include <flowfig/base.h>

#define VERDICT_MARGIN 6.0 /* nats between the winner and the next family */
#define VERDICT_MIN 20	   /* allocations without which nothing is said */
enum {
	VERDICT_WHOLE = 20000, /* allocations of a stream that are judged as a whole */
	VERDICT_WINDOW = 5000,
	VERDICT_WINDOWS = 3,
};

/* One flow that the host initiated. */
struct verdict_flow {
	int64_t time_ns; /* start, UTC */
	struct ff_addr daddr;
	uint16_t sport, dport;
	uint8_t protocol; /* 6 and 17 are read, others ignored */
	/* the record's flags say that the host opened it; when false, the flow counts
	 * only if sport >= 1024 and dport < sport */
	bool syn_known;
};

/* What else is known of the host and the sensor; all zero is allowed. */
struct verdict_side {
	uint64_t seen;	       /* flows of the host at either end, of any protocol */
	uint64_t answered_tcp; /* flows of the host that the other end opened */
	uint64_t answered_udp;
	int64_t resolution_ns; /* of the time stamps; 0: taken from the flows */
	uint64_t sampling;     /* one packet or flow in so many; 0 unknown, 1 all */
};

enum verdict_family {
	VERDICT_NONE,	    /* no verdict: see `reason` */
	VERDICT_XP,	    /* counts up in 1025-5000 */
	VERDICT_UP_IANA,    /* counts up in 49152-65535 */
	VERDICT_ROVER,	    /* counts up in 32768-61000 */
	VERDICT_UP_OTHER,   /* counts up, range not a known default */
	VERDICT_NETBSD,	    /* counts down in 49152-65535 */
	VERDICT_LINUX_OLD,  /* hash per destination and one counter, all parities */
	VERDICT_LINUX,	    /* even ports only */
	VERDICT_HASH_OTHER, /* like VERDICT_LINUX_OLD, range not a default */
	VERDICT_LANES,	    /* several counters: NAT that keeps ports */
	VERDICT_FREEBSD,    /* random, from here down to the last */
	VERDICT_RANDOM_IANA,
	VERDICT_OPENBSD,
	VERDICT_SOLARIS,
	VERDICT_PF,
	VERDICT_RANDOM_ALL,
	VERDICT_RANDOM_LINUX,
	VERDICT_RANDOM_OTHER,
	VERDICT_FIXED,	/* fixed source ports or a small pool: no allocator visible */
	VERDICT_SERVER, /* the host answers, it hardly opens: no client visible */
	VERDICT_FAMILIES,
};
extern const char *const verdict_family_names[VERDICT_FAMILIES]; /* "none" "xp" ... */

enum verdict_generation {		    /* of VERDICT_LINUX */
			  VERDICT_GEN_OPEN, /* not resolved, or another family */
			  VERDICT_GEN_42, /* 4.2-5.11: one counter for all destinations */
			  VERDICT_GEN_42_517, /* threads to a destination last */
			  VERDICT_GEN_512, /* 5.12-5.17: a counter a destination, steps of
					      2 */
			  VERDICT_GEN_518, /* threads break within 10 s: 5.18 or patched
					    */
			  VERDICT_GEN_518_IF, /* the same, if this sensor sees all
						 connections */
			  VERDICT_GENERATIONS,
};
extern const char *const verdict_generation_names[VERDICT_GENERATIONS];

/* What became of a flow. */
enum verdict_role {
	VERDICT_USED,
	VERDICT_UNREAD,	  /* another protocol, or not initiated by the port test */
	VERDICT_OUTSIDE,  /* between the windows of a long stream */
	VERDICT_REPEAT,	  /* the same five fields again within 300 s */
	VERDICT_SAME,	  /* the same port again within moments: one socket */
	VERDICT_IS_FIXED, /* on a port that returns too often to be allocated */
	VERDICT_APART, /* a service that binds its own ports: DNS by TCP, mDNS, NTP... */
	VERDICT_ROLES,
};

enum verdict_stream_kind {
	VERDICT_TCP,
	VERDICT_DNS, /* UDP to port 53 */
	VERDICT_UDP, /* other UDP */
	VERDICT_STREAMS,
};

struct verdict_rival {
	enum verdict_family family;
	double nats;	  /* behind the winner; 0 for the winner itself */
	const char *name; /* static */
};

/* One stream judged. Numbers that need a verdict are 0 without one. */
struct verdict_stream {
	enum verdict_family family;
	enum verdict_generation generation;
	char claim[200];  /* "Windows Vista or later, macOS or iOS (counts up in ...)": no
			     "consistent with"; "" without a verdict */
	char reason[280]; /* why there is none; "" with one */
	/* flows by role; the sum is the flows of the stream that were given */
	size_t flows, roles[VERDICT_ROLES];
	size_t used;		   /* == roles[VERDICT_USED] */
	size_t reuse;		   /* ports that served two destinations within moments */
	uint16_t fixed[8];	   /* the busiest fixed ports, ascending */
	size_t nfixed;		   /* how many there are, maybe more than 8 */
	uint16_t port_lo, port_hi; /* of the flows used */
	uint16_t model_lo, model_hi; /* of the winning model */
	double margin;		     /* nats to the next family */
	double explained; /* 1 - e: share of the steps that the model explains */
	size_t even;	  /* even ports among `used` */
	double even_tail; /* ln of the tail probability of that share at one half */
	size_t wraps;
	int64_t *wraps_ns; /* ascending */
	size_t drops;	   /* falls of the counter that are no wraps: reboots? */
	int64_t *drops_ns;
	size_t lanes;			/* counters at the same time */
	double cover;			/* share of the ports that lie on them */
	double breaks_expected, breaks; /* E and B: see verdict_generation.c */
	size_t pairs, near; /* to the same destination; of these near in port */
	/* every family scored within 6 nats of the best, best first; and the next one */
	struct verdict_rival rivals[VERDICT_FAMILIES];
	size_t nrivals, nwithin;
	bool is_ambiguous; /* refused only because another family is too near */
	bool asked_udp;	   /* the ports of UDP took part in the verdict on TCP */
	size_t windows;	   /* judged; 1 unless the stream is long */
};

struct verdict {
	struct verdict_stream streams[VERDICT_STREAMS];
	/* the stream that the headline is about: TCP unless only UDP can tell */
	enum verdict_stream_kind lead;
	/* one line: "Consistent with Linux 4.2 or later (even ports only)" or
	 * "No verdict: <reason>" */
	char headline[320];
	/* whole sentences without full stop: DNS habit, an old Linux not excluded, NAT
	 * mixtures not excluded below 100 ports, resolution, sampling */
	char **notes;
	size_t nnotes;
	int64_t resolution_ns; /* of the time stamps; 0 without flows */
	uint8_t *roles;	       /* n of enum verdict_role, in the order given */
	/* n: counter (0, 1, ...) on which the port lies when the lead stream is
	 * VERDICT_LANES, else -1 */
	int16_t *lanes;
};

/* Judges `n` flows, ascending by time (asserted); what order equal times have changes no
 * byte of *out but the order of roles[] and lanes[]. `side` may be NULL. FF_ENOMEM only;
 * *out is released and zero then. Pure: no clock, no locale, no chance. `threads` may be
 * used. */
int verdict_judge(struct verdict *out, const struct verdict_flow *flows, size_t n,
		  const struct verdict_side *side, unsigned threads, struct ff_err *err);
void verdict_release(struct verdict *v);

#endif
