/* SPDX-License-Identifier: MIT */
/* pattern - one address, one CIDR block, or one wildcard (10.0-1.x.1,3 and
 * 2001:db8:0-1:x:x:x:x:x), as --saddress and its sisters take them.
 *
 * IPv4 is v4-mapped, so a pattern of either family is held against a flow of either, as
 * in rwfilter: 10.0.0.0/8 also finds ::ffff:10.1.2.3 in an IPv6 record. */
#include <string.h>

#include "select/predicate.h"

#define PATTERN_MAP_WORDS (65536 / 64)

/* A wildcard while it is read: fixed bytes, and sets of values for the rest. */
struct pattern_part {
	bool any;
	uint32_t first, last; /* of all values; first == last is one value */
	uint64_t bits[PATTERN_MAP_WORDS];
};

void select_match_prefix(struct select_match *m, const struct ff_prefix *p)
{
	ff_prefix_words(m->net, m->mask, p);
}

void select_match_release(struct select_match *m)
{
	ff_free(m->maps);
	ff_ipset_free(m->set);
	memset(m, 0, sizeof(*m));
}

static int pattern_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

static bool pattern_number(uint32_t *out, const char **at, const char *end, unsigned base,
			   uint32_t max)
{
	const char *p = *at;
	uint32_t v = 0;

	for (; p < end && pattern_digit(*p) < (int)base; p++) {
		v = v * base + (uint32_t)pattern_digit(*p);
		if (v > max)
			return false;
	}
	if (p == *at)
		return false;
	*at = p;
	*out = v;
	return true;
}

/* "x", or numbers and ranges with commas between. */
static bool pattern_read(struct pattern_part *part, const char *s, const char *end,
			 unsigned base, uint32_t max)
{
	memset(part, 0, sizeof(*part));
	if (end - s == 1 && (*s == 'x' || *s == 'X')) {
		part->any = true;
		part->last = max;
		memset(part->bits, 0xff, sizeof(part->bits));
		return true;
	}
	part->first = max;
	for (;;) {
		uint32_t first, last;

		if (!pattern_number(&first, &s, end, base, max))
			return false;
		last = first;
		if (s < end && *s == '-') {
			s++;
			if (!pattern_number(&last, &s, end, base, max))
				return false;
		}
		if (last < first)
			return false;
		for (uint32_t i = first; i <= last; i++)
			part->bits[i / 64] |= UINT64_C(1) << (i % 64);
		part->first = first < part->first ? first : part->first;
		part->last = last > part->last ? last : part->last;
		if (s == end)
			return true;
		if (*s++ != ',')
			return false;
	}
}

static bool pattern_bit(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

/* The byte-wise shape of a pattern, before it goes into a select_match. */
struct pattern_shape {
	uint8_t net[16], mask[16];
	struct select_match *m;
};

/* Adds the map of group g; the memory for eight is there. */
static uint64_t *pattern_add_map(struct select_match *m, unsigned g)
{
	uint64_t *map = m->maps + (size_t)m->lists * PATTERN_MAP_WORDS;

	m->group[m->lists++] = (uint8_t)g;
	return map;
}

static void pattern_group(struct pattern_shape *t, unsigned g,
			  const struct pattern_part *part)
{
	if (part->any)
		return;
	if (part->first == part->last) {
		t->net[2 * g] = (uint8_t)(part->first >> 8);
		t->net[2 * g + 1] = (uint8_t)part->first;
		t->mask[2 * g] = t->mask[2 * g + 1] = 0xff;
		return;
	}
	memcpy(pattern_add_map(t->m, g), part->bits, sizeof(part->bits));
}

/* Two octets of dotted notation make one group. */
static void pattern_octets(struct pattern_shape *t, unsigned g,
			   const struct pattern_part *pair)
{
	bool list = false;
	uint64_t *map;

	for (unsigned i = 0; i < 2; i++) {
		if (pair[i].any)
			continue;
		if (pair[i].first != pair[i].last) {
			list = true;
			continue;
		}
		t->net[2 * g + i] = (uint8_t)pair[i].first;
		t->mask[2 * g + i] = 0xff;
	}
	if (!list)
		return;
	map = pattern_add_map(t->m, g);
	for (uint32_t i = 0; i < 65536; i++)
		if (pattern_bit(pair[0].bits, i >> 8) &&
		    pattern_bit(pair[1].bits, i & 255))
			map[i / 64] |= UINT64_C(1) << (i % 64);
}

/* Four octets, into the last two groups. */
static bool pattern_dotted(struct pattern_shape *t, struct pattern_part *parts,
			   const char *s)
{
	for (unsigned i = 0; i < 4; i++) {
		const char *end = i < 3 ? strchr(s, '.') : s + strlen(s);

		if (!end || !pattern_read(&parts[i], s, end, 10, 255))
			return false;
		s = end + 1;
	}
	pattern_octets(t, 6, parts);
	pattern_octets(t, 7, parts + 2);
	return true;
}

/* Groups between colons from `s` to `end`, from group `g` on; the end may be dotted when
 * it is the end of the text. Returns the group after the last, or 99 for no pattern. */
static unsigned pattern_groups(struct pattern_shape *t, struct pattern_part *parts,
			       const char *s, const char *end, unsigned g)
{
	while (s < end) {
		const char *colon = memchr(s, ':', (size_t)(end - s));
		const char *stop = colon ? colon : end;

		if (!colon && !*end && memchr(s, '.', (size_t)(end - s)))
			return g == 6 && pattern_dotted(t, parts, s) ? 8 : 99;
		if (g >= 8 || !pattern_read(parts, s, stop, 16, 65535))
			return 99;
		pattern_group(t, g++, parts);
		if (!colon)
			break;
		s = colon + 1;
		if (s == end)
			return 99;
	}
	return g;
}

static unsigned pattern_count(const char *s)
{
	unsigned n = 0;

	if (!*s)
		return 0;
	for (; *s; s++)
		n += *s == ':';
	return n + 1;
}

static bool pattern_colons(struct pattern_shape *t, struct pattern_part *parts,
			   const char *s)
{
	const char *gap = strstr(s, "::");
	unsigned left, right;

	if (!gap)
		return pattern_groups(t, parts, s, s + strlen(s), 0) == 8;
	if (strstr(gap + 1, "::"))
		return false;
	left = pattern_groups(t, parts, s, gap, 0);
	right = pattern_count(gap + 2) + (strchr(gap, '.') != NULL);
	if (left + right > 7)
		return false;
	for (unsigned g = left; g < 8 - right; g++)
		t->mask[2 * g] = t->mask[2 * g + 1] = 0xff;
	return pattern_groups(t, parts, gap + 2, gap + 2 + strlen(gap + 2), 8 - right) ==
	       8;
}

static int pattern_wildcard(struct select_match *m, const char *name, const char *value,
			    struct ff_err *err)
{
	struct pattern_part *parts = ff_alloc(4, sizeof(*parts));
	struct pattern_shape t = {{0}, {0}, m};
	int status = FF_OK;
	bool good;

	m->maps = ff_calloc(8 * PATTERN_MAP_WORDS, sizeof(*m->maps));
	if (!parts || !m->maps) {
		status = ff_fail_nomem(err);
		goto out;
	}
	if (strchr(value, ':')) {
		good = pattern_colons(&t, parts, value);
	} else {
		t.net[10] = t.net[11] = 0xff;
		memset(t.mask, 0xff, 12);
		good = pattern_dotted(&t, parts, value);
	}
	memcpy(m->net, t.net, 16);
	memcpy(m->mask, t.mask, 16);
	if (!good)
		status = select_bad(
			err, name, value,
			"not one address, CIDR block or wildcard such as 10.x.0-3.1,5");
out:
	ff_free(parts);
	return status;
}

int select_parse_pattern(struct select_match *m, const char *name, const char *value,
			 struct ff_err *err)
{
	struct ff_prefix p;
	int status;

	memset(m, 0, sizeof(*m));
	if (ff_parse_prefix(&p, value, strlen(value))) {
		select_match_prefix(m, &p);
		return FF_OK;
	}
	if (strchr(value, '/'))
		return select_bad(err, name, value,
				  "not one address, CIDR block or wildcard");
	status = pattern_wildcard(m, name, value, err);
	if (status != FF_OK)
		select_match_release(m);
	return status;
}
