/* SPDX-License-Identifier: MIT */
/* select - rwfilter-style switches compiled to one predicate; IP sets; orientation. */
#ifndef FLOWFIG_SELECT_H
#define FLOWFIG_SELECT_H

#include <flowfig/base.h>
#include <flowfig/flow.h>
#include <flowfig/geo.h>

/* ---- IP sets: sorted, disjoint ranges ---- */
struct ff_ipset;
/* Reads a SiLK IPset (record versions 0-5, any codec and byte order) or text: one address
 * or CIDR per line or comma, '#' comments. "-" is standard input. */
int ff_ipset_load(struct ff_ipset **out, const char *path, struct ff_err *err);
/* From "10.0.0.0/8,192.168.0.0/16"; `what` names the switch in messages. */
int ff_ipset_parse(struct ff_ipset **out, const char *what, const char *list,
		   struct ff_err *err);
void ff_ipset_free(struct ff_ipset *s);
bool ff_ipset_has(const struct ff_ipset *s, const struct ff_addr *a);
/* The smallest list of CIDR blocks that covers the set exactly, in order; *out is the
 * caller's (ff_free). */
int ff_ipset_prefixes(struct ff_prefix **out, size_t *count, const struct ff_ipset *s,
		      struct ff_err *err);
/* Number of IPv4 / IPv6 addresses as text (may pass 2^64). */
double ff_ipset_size(const struct ff_ipset *s);

/* ---- the predicate ---- */
struct ff_select;
/* Rows of kind FF_OPT_CALL for every selection switch (with --not-...) and for --inside
 * --from
 * --to; params is the struct ff_select itself. */
extern const struct ff_opt ff_select_opt_table[];

int ff_select_new(struct ff_select **out, struct ff_err *err);
void ff_select_free(struct ff_select *s);
/* Names of types and sensors are resolved in finish(), when the site is known. */
int ff_select_set(struct ff_select *s, const char *name, const char *value,
		  struct ff_err *err);
/* FF_GEO_* mask of what the switches given so far ask a database for. */
unsigned ff_select_geo(const struct ff_select *s);
/* The database that they ask, borrowed; before finish(). */
void ff_select_use_geo(struct ff_select *s, const struct ff_geo *geo);
/* Checks combinations, loads sets, resolves names, compiles. The site is borrowed. Call
 * once. */
int ff_select_finish(struct ff_select *s, const struct ff_site *site, struct ff_err *err);
/* FF_BIT mask of the fields the predicate and the orientation look at. */
uint32_t ff_select_needs(const struct ff_select *s);
/* Adds the tests of addresses that flows must pass. Of flows that do not,
 * ff_select_apply() looks at ff_select_needs() only; at nothing, which is true, if they
 * carry their addresses. */
bool ff_select_filter(const struct ff_select *s, struct ff_filter *filter);
/* The switches in use, as they would be typed, in a fixed order: "--protocol=6
 * --dport=443"; borrowed. */
const char *ff_select_text(const struct ff_select *s);
/* Two selections in such words as one, the caller's (ff_free), for flows that pass both:
 * the switches of `inner` first. Where both give the same switch and it cannot say what
 * both do, the one of `inner` stays. */
int ff_select_join(char **out, const char *outer, const char *inner, struct ff_err *err);
/* The inside network as prefixes; count 0 when --inside was not given. Borrowed. */
const struct ff_prefix *ff_select_inside(const struct ff_select *s, size_t *count);
/* "198.18.4.0/22", "3 prefixes", or "" when --inside was not given; borrowed */
const char *ff_select_inside_text(const struct ff_select *s);

struct ff_select_counts { /* per thread; add them up */
	uint64_t read, passed;
	uint64_t orient[FF_ORIENTS]; /* of the passed flows */
	uint64_t by_inside, by_hint,
		by_default;  /* which rule told the orientation of the passed flows */
	uint64_t asked;	     /* flows that came to --scc, --dcc or --any-cc, */
	uint64_t no_country; /* and of these had an address of no known country there */
};
void ff_select_counts_add(struct ff_select_counts *to,
			  const struct ff_select_counts *from);
/* Keeps in the batch, in order, the flows that pass, and sets their orientation.
 * Thread-safe. FF_EABSENT, naming the field, when a switch in use needs a field that a
 * flow does not carry. */
int ff_select_apply(const struct ff_select *s, struct ff_batch *b,
		    struct ff_select_counts *counts, struct ff_err *err);

#endif
