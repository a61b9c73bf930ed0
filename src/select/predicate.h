/* SPDX-License-Identifier: MIT */
/* predicate - private to select: the rows of the switch table, the parsed value of a
 * switch, and the tests that a finished selection runs on every flow.
 *
 * A switch goes through three hands: a parser (list.c, range.c, timespan.c, flags.c,
 * pattern.c) turns its words into a select_value when it is given; compile.c resolves
 * names and files and picks a test (test.c) when the selection is finished; apply.c runs
 * the tests, cheapest first. */
#ifndef FF_SELECT_PREDICATE_H
#define FF_SELECT_PREDICATE_H

#include <flowfig/select.h>

#include "select/ipset.h"

/* How the words of a switch are read. */
enum select_syntax {
	SYNTAX_LIST,	/* 80,443,8000-8080,49152- */
	SYNTAX_COUNT,	/* N, N-M, N- : whole numbers */
	SYNTAX_RATIO,	/* the same, decimal */
	SYNTAX_SECONDS, /* the same, seconds kept as whole milliseconds */
	SYNTAX_SPAN,	/* TIME, TIME-TIME */
	SYNTAX_TIME,	/* TIME */
	SYNTAX_PAIRS,	/* HIGH/MASK[,HIGH/MASK...] */
	SYNTAX_LETTERS, /* SF */
	SYNTAX_BIT,	/* 0 or 1 */
	SYNTAX_VERSION, /* 4, 6, or 4,6 */
	SYNTAX_PATTERN, /* one address, CIDR block or wildcard */
	SYNTAX_CIDRS,	/* addresses and CIDR blocks */
	SYNTAX_SET,	/* the name of an IPset file */
	SYNTAX_NAMES,	/* names that need the site */
	SYNTAX_INSIDE,	/* CIDR blocks or a file */
	SYNTAX_CODES,	/* countries, two letters each */
};

/* What of a flow a switch looks at. */
enum select_subject {
	ON_PROTOCOL,
	ON_SPORT,
	ON_DPORT,
	ON_APORT,
	ON_APPLICATION,
	ON_IN,
	ON_OUT,
	ON_ANY_INDEX,
	ON_ICMP_TYPE,
	ON_ICMP_CODE,
	ON_PACKETS,
	ON_BYTES,
	ON_RATIO,
	ON_DURATION,
	ON_STIME,
	ON_ETIME,
	ON_ACTIVE,
	ON_FROM_TO,
	ON_FLAGS,
	ON_INITIAL,
	ON_SESSION,
	ON_TCP_FLAGS,
	ON_ATTRIBUTES,
	ON_VERSION,
	ON_SIP,
	ON_DIP,
	ON_ANY_ADDRESS,
	ON_NHIP,
	ON_SENSOR,
	ON_FLOWTYPE,
	ON_INSIDE,
	ON_SCC,
	ON_DCC,
	ON_ANY_CC,
	SELECT_SUBJECTS,
};

/* One row a switch; the index of the row is the index of its slot. */
struct select_switch {
	const char *name;
	enum select_syntax syntax;
	enum select_subject subject;
	uint32_t arg; /* LIST: the highest number; BIT: the flag */
};
extern const struct select_switch select_switches[];
extern const size_t select_switch_count;
#define SELECT_SWITCHES_MAX 84

/* rwfilter takes 16 pairs; one more is made of --syn-flag and its sisters. */
#define SELECT_PAIRS_MAX 17
struct select_pairs {
	unsigned count;
	struct select_pair {
		uint8_t high, mask;
	} pairs[SELECT_PAIRS_MAX];
};

/* Addresses: fixed bits first, then the sixteen-bit groups that take a list of values,
 * then a set. The words are the address as it lies in memory. */
struct select_match {
	uint64_t net[2], mask[2];
	unsigned lists;	      /* groups with a list of values */
	uint8_t group[8];     /* which of the address's eight groups each is */
	uint64_t *maps;	      /* lists x 65536 bits */
	struct ff_ipset *set; /* NULL: the pattern alone decides */
};

/* Which sensors pass, when the names are met only while the flows are read. */
struct select_sensors;

struct select_value {
	const struct select_switch *sw;
	bool negated;	    /* a --not- switch */
	uint64_t *bits;	    /* lists: one bit a number; countries: one a code */
	uint64_t low, high; /* counts, milliseconds; inclusive */
	double ratio_low, ratio_high;
	int64_t first_ns,
		last_ns; /* inclusive; `last` is the last ns of its millisecond */
	struct select_pairs pairs;
	uint8_t letters; /* flags, or bit 0 = IPv4 and bit 1 = IPv6 records */
	struct select_match match;
	struct select_sensors *sensors;
};

struct select_test {
	bool (*pass)(const struct select_value *v, const struct ff_flow *f);
	const struct select_value *value;
	unsigned cost; /* rough; decides the order */
};

/* The inside network in the form the hot loop wants. */
#define SELECT_INSIDE_FEW 4
struct select_inside {
	struct ff_ipset *set; /* NULL: --inside was not given */
	struct ff_prefix *prefixes;
	size_t count;
	unsigned few; /* masks in use; 0 = too many, ask the set */
	uint64_t net[SELECT_INSIDE_FEW][2], mask[SELECT_INSIDE_FEW][2];
	char text[FF_ADDR_TEXT];
};

struct ff_select {
	char *words[SELECT_SWITCHES_MAX]; /* as given; NULL = not given */
	struct select_value values[SELECT_SWITCHES_MAX];
	struct select_test tests[SELECT_SWITCHES_MAX];
	size_t tests_count;
	uint32_t required; /* fields that every flow must carry */
	uint32_t needs;
	const struct ff_site *site;
	struct select_sensors
		*sensors; /* of the slot of --sensors; NULL = nothing to learn */
	struct select_inside inside;
	const struct ff_geo *geo;
	/* of --scc, --dcc, --any-cc; NULL when not given */
	const uint64_t *scc, *dcc, *any_cc;
	struct ff_buf text;
	bool finished;
};

/* ---- messages ---- */
int select_bad(struct ff_err *err, const char *name, const char *value, const char *fmt,
	       ...) __attribute__((format(printf, 4, 5)));

/* ---- the table (option.c) ---- */
ptrdiff_t select_switch_find(const char *name); /* -1: none */
/* The slot of a row that is known to be there. */
size_t select_slot(const char *name);
bool select_given(const struct ff_select *s, const char *name);

/* ---- parsers: the name is the switch, for messages ---- */
int select_parse_list(uint64_t **bits, uint64_t max, const char *name, const char *value,
		      struct ff_err *err);
int select_parse_count(struct select_value *v, const char *name, const char *value,
		       struct ff_err *err);
int select_parse_ratio(struct select_value *v, const char *name, const char *value,
		       struct ff_err *err);
int select_parse_seconds(struct select_value *v, const char *name, const char *value,
			 struct ff_err *err);
int select_parse_span(struct select_value *v, const char *name, const char *value,
		      struct ff_err *err);
int select_parse_time(struct select_value *v, const char *name, const char *value,
		      struct ff_err *err);
/* Adds to the pairs that are there. */
int select_parse_pairs(struct select_pairs *p, bool attributes, const char *name,
		       const char *value, struct ff_err *err);
int select_parse_letters(uint8_t *out, const char *name, const char *value,
			 struct ff_err *err);
int select_parse_pattern(struct select_match *m, const char *name, const char *value,
			 struct ff_err *err);

/* A number at *at, at most `max`; moves *at past it. False: no digit there, or above max.
 */
bool select_scan_number(uint64_t *out, const char **at, uint64_t max, const char **why);

/* ---- matching addresses (pattern.c) ---- */
void select_match_prefix(struct select_match *m, const struct ff_prefix *p);
void select_match_release(struct select_match *m);

/* ---- tests (test.c) ---- */
struct select_subject_info {
	uint32_t required; /* a flow without these is an error */
	uint32_t wanted;   /* looked at when they are there */
	bool (*pass)(const struct select_value *v, const struct ff_flow *f);
	unsigned cost;
};
extern const struct select_subject_info select_subjects[SELECT_SUBJECTS];
/* The fields of `f`, with those counted as there that follow from others. */
uint32_t select_carried(const struct ff_flow *f);

/* ---- names (names.c) ---- */
int select_resolve_types(struct ff_select *s, struct ff_err *err);
int select_resolve_sensors(struct ff_select *s, struct ff_err *err);
/* Learns which sensors of the batch pass; only when the selection goes by sensor names
 * that no site file tells. */
int select_sensors_learn(const struct ff_select *s, const struct ff_batch *b,
			 struct ff_err *err);
bool select_sensors_pass(const struct select_sensors *t, unsigned sensor);
void select_sensors_free(struct select_sensors *t);

/* ---- countries (country.c) ---- */
int select_parse_countries(uint64_t **bits, const char *name, const char *value,
			   struct ff_err *err);
int select_compile_countries(struct ff_select *s, struct ff_err *err);
/* Keeps the flows whose addresses are in the countries asked for. */
void select_countries(const struct ff_select *s, struct ff_batch *b,
		      struct ff_select_counts *counts);

/* ---- orientation (orient.c) ---- */
int select_inside_load(struct select_inside *in, const char *value, struct ff_err *err);
void select_inside_release(struct select_inside *in);
void select_orient(const struct ff_select *s, struct ff_batch *b,
		   struct ff_select_counts *counts);

/* ---- text (text.c) ---- */
int select_write_text(struct ff_select *s, struct ff_err *err);

#endif
