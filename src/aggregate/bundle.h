/* SPDX-License-Identifier: MIT */
/* bundle - who talks to whom (McHugh's VLF talk, 2008; FloVis, 2007; edges after Holten,
 * 2006): flows between two fields, each cut into at most 256 equal parts.
 *
 * Side s has the values LO..HI and n = min(256, HI - LO + 1) parts; part i holds
 * [LO + i*size/n, LO + (i+1)*size/n - 1] with size = HI - LO + 1, rounded down, so that a
 * CIDR block is cut into CIDR blocks. An IPv6 range is a CIDR block, cut by the 8 bits
 * below its prefix. Countries are a part each, those that ff_country_at() lists, in that
 * order; another code that a database may have lies outside. All selected flows count, in
 * the direction they have; exact, in any order of records, files, threads and states. A
 * handle holds 1.6 MB, whatever is read.
 *
 * A flow counts as
 *   absent   a field is not there: the input does not carry it, the protocol has no ports
 *            (only 6, 17, 33, 132 and 136 have), it is no ICMP, it ends before it starts
 *   outside  both are there, one lies outside of its range; an IPv6 address lies outside
 *            of every IPv4 range and the reverse
 *   counted  all others
 *
 * finish() gives
 *   table bundle   left_lo, left_hi, right_lo, right_hi (addresses, numbers or codes of
 *                  countries; durations in ms, sensors by number), flows, packets,
 *                  bytes: by part, no zero rows
 *   table links    left_part, right_part: row i is row i of bundle, parts count from 0
 *   tables left, right   part, lo, hi, flows, packets, bytes, partners: every part of the
 *                  side, also those without flows; partners = parts of the other side
 *   numbers        flows, counted, outside, absent; the same with _packets and _bytes
 *                  (packets, bytes; counted_packets ...); without_packets, without_bytes:
 *                  flows whose input does not carry them, they add nothing to the sums;
 *                  left_parts, right_parts; left_prefix, right_prefix (bits of the range
 *                  in its family, -1 if it is no CIDR block); left_v6, right_v6;
 * first_ns, last_ns (of all flows; first > last without any); top texts left_field,
 * right_field; left_range, right_range ("10.0.0.0/8", "0-65535", "80"); measure (flows,
 * packets, bytes) findings       see bundle_findings.c */
#ifndef FF_AGGREGATE_BUNDLE_H
#define FF_AGGREGATE_BUNDLE_H

#include <flowfig/aggregate.h>
#include <flowfig/geo.h>

enum {
	BUNDLE_PARTS = 256,
	BUNDLE_OUTSIDE = BUNDLE_PARTS, /* in place of a part */
	BUNDLE_ABSENT,
	BUNDLE_STRIDE
};

/* ---- fields and ranges (bundle_field.c) ---- */

/* A kind of side; a new field is a row in bundle_field.c. */
struct bundle_field {
	const char *name, *alias; /* as --left takes it; alias may be NULL */
	uint32_t needs;		  /* FF_BIT of what get() looks at */
	uint64_t max;		  /* highest value of the default range */
	bool is_wide;		  /* a range may lie above max */
	/* addresses: where the member is */
	bool is_addr;
	size_t offset;
	/* numbers: false when the flow does not carry the value */
	bool (*get)(uint64_t *out, const struct ff_flow *f);
	const char *option;  /* the switch that selects by it, "scidr" */
	uint64_t option_max; /* highest value it takes; 0 = any */
	bool is_country; /* of the address at `offset`; values are places in the list */
	bool is_ms;	 /* it takes seconds */
	bool is_sensor;
	bool has_ports; /* it takes other protocols too: they must be named */
	const char *one,
		*many;	  /* words before a value: "source port ", "source ports " */
	const char *unit; /* words after it: " packets" */
};
const struct bundle_field *bundle_field_find(const char *name); /* NULL if none */
/* All names with commas, for messages. */
void bundle_field_names(struct ff_buf *out);

struct bundle_side {
	const struct bundle_field *field;
	bool is_v6;
	int shift; /* size is 2^shift parts' worth; -1: it is no power of two */
	struct ff_prefix prefix;  /* IPv6: the range */
	uint64_t lo, size;	  /* else: its first value, and 1..2^32 values */
	unsigned parts;		  /* 1..256 */
	const struct ff_geo *geo; /* asked by countries; set by the aggregate */
};
/* `range` may be NULL for the whole field; `which` is "left" or "right", for messages.
 * FF_EUSAGE. */
int bundle_side_init(struct bundle_side *s, const struct bundle_field *field,
		     const char *range, const char *which, struct ff_err *err);
/* Which part each flow falls into, or BUNDLE_OUTSIDE, BUNDLE_ABSENT. */
void bundle_side_locate(uint16_t *part, const struct bundle_side *s,
			const struct ff_flow *flows, size_t n);
/* FF_EUSAGE when the side is of countries and no database tells them. FF_EABSENT when the
 * side is of sensors and one of the flows has only a name: the number that it got while
 * reading depends on the order of the input. */
int bundle_side_check(const struct bundle_side *s, const struct ff_site *site,
		      const struct ff_flow *flows, size_t n, struct ff_err *err);
/* First or last value of a part. */
uint64_t bundle_part_number(const struct bundle_side *s, unsigned part, bool last);
struct ff_addr bundle_part_addr(const struct bundle_side *s, unsigned part, bool last);
/* Bits of the range's CIDR block in its family; -1 if it is none. */
int bundle_side_bits(const struct bundle_side *s);
/* The range as it can be given again; buf holds BUNDLE_TEXT. */
enum { BUNDLE_TEXT = 100 };
char *bundle_side_text(char *buf, const struct bundle_side *s);
/* A part in the same way. */
char *bundle_part_text(char *buf, const struct bundle_side *s, unsigned part);
/* Whether the words of a part are a plural. */
bool bundle_part_plural(const struct bundle_side *s, unsigned part);
/* A part in words: "source ports 80–95". */
char *bundle_part_words(char *buf, const struct bundle_side *s, unsigned part);
/* Appends the switch that selects the flows of a part, without a blank before it; nothing
 * when there is none. */
void bundle_part_switch(struct ff_buf *out, const struct bundle_side *s, unsigned part);
void bundle_side_switch(struct ff_buf *out, const struct bundle_side *s);

/* ---- the aggregate ---- */

struct bundle_params {
	const struct bundle_field *left, *right;
	const char *left_range, *right_range; /* borrowed; NULL = whole field */
};
struct bundle_how {
	int measure; /* enum agg_measure */
	uint64_t top;
};
struct bundle_cell {
	uint64_t flows, packets, bytes;
};
static inline void bundle_cell_add(struct bundle_cell *to, const struct bundle_cell *from)
{
	to->flows += from->flows;
	to->packets += from->packets;
	to->bytes += from->bytes;
}
struct bundle {
	struct bundle_side side[2]; /* left, right */
	const struct ff_site *site; /* may be NULL */
	struct bundle_cell *grid;   /* BUNDLE_STRIDE rows (left) of as many (right) */
	uint64_t without_packets, without_bytes;
	int64_t first_ns, last_ns; /* first > last = no flow */
};
static inline struct bundle_cell *bundle_at(const struct bundle *b, unsigned left,
					    unsigned right)
{
	return &b->grid[(size_t)left * BUNDLE_STRIDE + right];
}

/* An empty one over these sides. */
int bundle_new(struct bundle **out, const struct bundle_side side[2],
	       const struct ff_site *site, const struct ff_geo *geo, struct ff_err *err);
void bundle_destroy(void *self);
/* bundle_finish.c */
int bundle_finish(void *self, const void *how, struct ff_result *out, unsigned threads,
		  struct ff_err *err);
/* bundle_findings.c: reads the grid and the tables of *r, adds its findings */
int bundle_findings(struct ff_result *r, const struct bundle *b,
		    const struct bundle_how *how, struct ff_err *err);
/* bundle_state.c */
int bundle_save(void *self, struct ff_state_writer *w, struct ff_err *err);
int bundle_load(void **self, const struct ff_agg_context *ctx, struct ff_state_reader *r,
		struct ff_err *err);

#endif
