/* SPDX-License-Identifier: MIT */
/* geo_file - MaxMind databases and SiLK prefix maps in memory, for tests of what reads
 * them. A tree of prefixes, each with a number; the longest prefix that holds an address
 * has its number. */
#ifndef FLOWFIG_TESTS_GEO_FILE_H
#define FLOWFIG_TESTS_GEO_FILE_H

#include <flowfig/geo.h>

struct geo_tree {
	struct geo_node {
		int64_t child[2]; /* > 0: a node; <= 0: minus a number, 0 = none */
	} * nodes;
	size_t count, cap;
};

void geo_tree_init(struct geo_tree *t);
void geo_tree_release(struct geo_tree *t);
/* Shorter prefixes must come first. `bits` of the address's 16 bytes, from bit `skip` on;
 * value > 0. */
void geo_tree_put(struct geo_tree *t, const uint8_t *addr, unsigned skip, unsigned bits,
		  uint32_t value);
/* The prefix of `bits` leads to where `to` of `to_bits` leads, which must be a node. */
void geo_tree_link(struct geo_tree *t, const uint8_t *addr, unsigned bits,
		   const uint8_t *to, unsigned to_bits);

/* What data of a database look like. */
enum geo_shape {
	GEO_ISO_CODE, /* {"country":{"iso_code":"DE"}} */
	GEO_CODE,     /* {"country_code":"DE"} */
	GEO_TEXT,     /* {"country":"DE"} */
	GEO_NUMBER,   /* {"autonomous_system_number":1} */
	GEO_AS_TEXT,  /* {"asn":"AS1"} */
	GEO_TRAITS,   /* {"country":...,"traits":{"autonomous_system_number":1}} */
	GEO_SHAPES,
};
/* A database; a number is a country's 16 bits, or that of a system. record_bits: 24, 28
 * or 32. */
void geo_file_mmdb(struct ff_buf *out, const struct geo_tree *t, unsigned record_bits,
		   unsigned ip_version, enum geo_shape shape);
/* A prefix map of version 1 or 5; every address has a number, 0 is written as "--". */
void geo_file_pmap(struct ff_buf *out, const struct geo_tree *t, unsigned version,
		   bool big);

#endif
