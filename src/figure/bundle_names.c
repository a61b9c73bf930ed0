/* SPDX-License-Identifier: MIT */
/* Names of parts, groups and fields. */
#include "figure/bundle.h"
#include "figure/words.h"

#include <flowfig/geo.h>

#include <stdio.h>
#include <string.h>

/* ---- addresses ---- */

static unsigned name_full(const struct ff_bundle_side *s)
{
	return s->is_v6 ? 128 : 32;
}

/* Bits of the block from lo to hi, -1 when it is none. */
static int name_bits(const struct ff_bundle_side *s, const struct ff_addr *lo,
		     const struct ff_addr *hi)
{
	unsigned first = 128 - name_full(s), bits = 128;

	while (bits > first) {
		unsigned i = bits - 1, mask = 0x80u >> i % 8;

		if ((lo->b[i / 8] & mask) || !(hi->b[i / 8] & mask))
			break;
		bits--;
	}
	for (unsigned i = first; i < bits; i++)
		if ((lo->b[i / 8] ^ hi->b[i / 8]) & (0x80u >> i % 8))
			return -1;
	return (int)(bits - first);
}

/* Octets from `fixed` to the one that bit `bits` ends in, at least one. */
static void name_octets(struct ff_buf *b, const struct ff_addr *a, unsigned fixed,
			unsigned bits)
{
	unsigned end = (bits + 7) / 8;

	if (end <= fixed)
		end = fixed + 1;
	for (unsigned i = fixed; i < end && i < 4; i++)
		ff_buf_addf(b, i > fixed ? ".%u" : "%u", a->b[12 + i]);
}

static void name_groups(struct ff_buf *b, const struct ff_addr *a, unsigned fixed,
			unsigned bits)
{
	unsigned end = (bits + 15) / 16;

	if (end <= fixed)
		end = fixed + 1;
	for (unsigned i = fixed; i < end && i < 8; i++)
		ff_buf_addf(b, i > fixed ? ":%x" : "%x",
			    (unsigned)a->b[2 * i] << 8 | a->b[2 * i + 1]);
}

static void name_addr(struct ff_buf *b, const struct ff_bundle_side *s,
		      const struct ff_addr *a, unsigned bits, bool is_short)
{
	char text[FF_ADDR_TEXT];

	if (!is_short)
		ff_buf_adds(b, ff_format_addr(text, sizeof(text), a));
	else if (s->is_v6)
		name_groups(b, a, s->fixed, bits);
	else
		name_octets(b, a, s->fixed, bits);
}

static void name_block(struct ff_buf *b, const struct ff_bundle_side *s,
		       const struct ff_addr *lo, const struct ff_addr *hi, bool is_short)
{
	unsigned full = name_full(s);
	int bits = name_bits(s, lo, hi);

	name_addr(b, s, lo, bits < 0 ? full : (unsigned)bits, is_short);
	if (bits < 0) {
		ff_buf_adds(b, FF_NDASH);
		name_addr(b, s, hi, full, is_short);
	} else if ((unsigned)bits < full) {
		ff_buf_addf(b, "/%d", bits);
	}
}

/* ---- numbers ---- */

static bool name_is(const struct ff_bundle_side *s, const char *field)
{
	return strcmp(s->field, field) == 0;
}

static bool name_is_port(const struct ff_bundle_side *s)
{
	return name_is(s, "sport") || name_is(s, "dport");
}

/* What a single value is called. */
static void name_known(char *buf, size_t cap, const struct ff_bundle_side *s, uint64_t v)
{
	buf[0] = '\0';
	if (name_is_port(s) && v <= UINT16_MAX)
		ff_service_name(buf, cap, (unsigned)v, 0);
	else if (name_is(s, "protocol") && v <= UINT8_MAX)
		ff_protocol_name(buf, cap, (unsigned)v);
}

static void name_number(struct ff_buf *b, uint64_t v, bool is_short)
{
	if (is_short && v >= 100000)
		ff_word_short(b, (double)v);
	else if (v >= 10000 && !is_short && v > UINT16_MAX)
		ff_word_count(b, v);
	else
		ff_buf_addf(b, "%llu", (unsigned long long)v);
}

static void name_numbers(struct ff_buf *b, const struct ff_bundle_side *s, uint64_t lo,
			 uint64_t hi, bool is_short)
{
	char known[FF_SERVICE_TEXT];

	name_number(b, lo, is_short);
	if (hi > lo) {
		ff_buf_adds(b, FF_NDASH);
		/* the end of "16.8M" to "33.6M" is where the next begins */
		name_number(b, is_short && hi >= 100000 && hi < UINT64_MAX ? hi + 1 : hi,
			    is_short);
		return;
	}
	name_known(known, sizeof(known), s, lo);
	if (known[0])
		ff_buf_addf(b, " %s", known);
}

/* "cn China"; nothing stands for one whose country is not known but "-- unknown". */
static void name_country(struct ff_buf *b, uint16_t code)
{
	char text[3];
	const char *name = ff_country_name(code);

	ff_buf_adds(b, ff_format_country(text, code));
	ff_buf_addf(b, " %s", *name ? name : "unknown");
}

static void name_span(struct ff_buf *b, const struct ff_bundle_side *s, unsigned first,
		      unsigned last, bool is_short)
{
	if (s->is_addr)
		name_block(b, s, &s->lo->v.addr[first], &s->hi->v.addr[last], is_short);
	else if (s->is_code)
		name_country(b, s->lo->v.u16[first]);
	else
		name_numbers(b, s, s->lo->v.u64[first], s->hi->v.u64[last], is_short);
}

void ff_bundle_name(struct ff_buf *b, const struct ff_bundle_side *s, unsigned part)
{
	name_span(b, s, part, part, false);
}

void ff_bundle_short_name(struct ff_buf *b, const struct ff_bundle_side *s, unsigned part)
{
	name_span(b, s, part, part, true);
}

void ff_bundle_group_name(struct ff_buf *b, const struct ff_bundle_side *s, size_t level,
			  unsigned first)
{
	unsigned last = first + s->level_parts[level] - 1;

	name_span(b, s, first, last < s->parts ? last : s->parts - 1, true);
}

void ff_bundle_omitted(struct ff_buf *b, const struct ff_bundle_side *s)
{
	const struct ff_addr *a = s->is_addr ? &s->lo->v.addr[0] : NULL;

	for (unsigned i = 0; i < s->fixed; i++) {
		if (s->is_v6)
			ff_buf_addf(b,
				    "%x:", (unsigned)a->b[2 * i] << 8 | a->b[2 * i + 1]);
		else
			ff_buf_addf(b, "%u.", a->b[12 + i]);
	}
}

/* ---- fields ---- */

static const struct {
	const char *field, *title, *one, *many;
} name_fields[] = {
	{"sip", "Source addresses", "address", "addresses"},
	{"dip", "Destination addresses", "address", "addresses"},
	{"nhip", "Next hops", "address", "addresses"},
	{"sport", "Source ports", "port", "ports"},
	{"dport", "Destination ports", "port", "ports"},
	{"protocol", "Protocols", "protocol", "protocols"},
	{"packets", "Packets a flow", "value", "values"},
	{"bytes", "Bytes a flow", "value", "values"},
	{"duration", "Duration, ms", "value", "values"},
	{"sensor", "Sensors", "sensor", "sensors"},
	{"in", "Input interfaces", "interface", "interfaces"},
	{"out", "Output interfaces", "interface", "interfaces"},
	{"icmp-type", "ICMP types", "type", "types"},
	{"icmp-code", "ICMP codes", "code", "codes"},
	{"application", "Applications", "application", "applications"},
	{"scc", "Source countries", "country", "countries"},
	{"dcc", "Destination countries", "country", "countries"},
};
#define NAME_FIELDS (sizeof(name_fields) / sizeof(name_fields[0]))

static size_t name_field(const struct ff_bundle_side *s)
{
	size_t i = 0;

	while (i < NAME_FIELDS && !name_is(s, name_fields[i].field))
		i++;
	return i;
}

const char *ff_bundle_field_title(const struct ff_bundle_side *s)
{
	size_t i = name_field(s);

	return i < NAME_FIELDS ? name_fields[i].title : s->field;
}

void ff_bundle_parts_words(struct ff_buf *b, const struct ff_bundle_side *s)
{
	size_t i = name_field(s);
	int bits = s->is_addr ? name_bits(s, &s->lo->v.addr[0], &s->hi->v.addr[0]) : -1;
	bool is_single;

	if (s->is_code) {
		ff_buf_addf(b, "%u of %u countries", s->used, s->parts);
		return;
	}
	is_single = s->is_addr ? bits == (int)name_full(s)
			       : s->hi->v.u64[0] == s->lo->v.u64[0];
	if (is_single)
		ff_buf_addf(b, "%u single %s", s->parts,
			    i == NAME_FIELDS ? "values"
			    : s->parts == 1  ? name_fields[i].one
					     : name_fields[i].many);
	else if (bits >= 0)
		ff_buf_addf(b, "%u part%s of a /%d", s->parts, ff_s(s->parts), bits);
	else if (!s->is_addr) {
		ff_buf_addf(b, "%u part%s of ", s->parts, ff_s(s->parts));
		ff_word_short(b, (double)(s->hi->v.u64[0] - s->lo->v.u64[0]) + 1);
	} else
		ff_buf_addf(b, "%u part%s", s->parts, ff_s(s->parts));
}

bool ff_bundle_talks(const struct ff_bundle_data *d)
{
	const struct ff_bundle_side *l = &d->side[0], *r = &d->side[1];

	/* a country talks through its addresses */
	if ((l->is_addr || l->is_code) && (r->is_addr || r->is_code))
		return true;
	return !l->is_addr && !r->is_addr &&
	       ((name_is_port(l) && name_is_port(r)) ||
		(name_is(l, "in") && name_is(r, "out")));
}

/* ---- values ---- */

void ff_bundle_value(struct ff_buf *b, const struct ff_bundle_data *d, double v)
{
	if (d->measure[0] == 'b')
		ff_word_bytes(b, v);
	else
		ff_word_count(b, v < 1.8e19 ? (uint64_t)(v + .5) : UINT64_MAX);
}

void (*ff_bundle_key_word(const struct ff_bundle_data *d))(struct ff_buf *b, double v)
{
	return d->measure[0] == 'b' ? ff_word_bytes : ff_word_short;
}
