/* SPDX-License-Identifier: MIT */
/* bundle_words - ranges and parts as text, as words, and as the switches that select
 * them. */
#include "aggregate/bundle.h"
#include "aggregate/measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* LO-HI, LO alone when both are one, with `dash` between. */
static char *words_numbers(char *buf, uint64_t lo, uint64_t hi, const char *dash)
{
	if (lo == hi)
		snprintf(buf, BUNDLE_TEXT, "%" PRIu64, lo);
	else
		snprintf(buf, BUNDLE_TEXT, "%" PRIu64 "%s%" PRIu64, lo, dash, hi);
	return buf;
}

/* IPv4 from lo to hi: as CIDR block if it is one; one address alone. */
static char *words_v4(char *buf, uint32_t lo, uint32_t hi, const char *dash)
{
	char a[FF_ADDR_TEXT], b[FF_ADDR_TEXT];
	struct ff_addr from = ff_addr_from_v4(lo), to = ff_addr_from_v4(hi);
	uint32_t size = hi - lo; /* less one */
	int bits = 32;

	ff_format_addr(a, sizeof a, &from);
	ff_format_addr(b, sizeof b, &to);
	if (size & (size + 1) || lo & size) {
		snprintf(buf, BUNDLE_TEXT, "%s%s%s", a, dash, b);
		return buf;
	}
	for (; size; size >>= 1)
		bits--;
	if (bits == 32)
		snprintf(buf, BUNDLE_TEXT, "%s", a);
	else
		snprintf(buf, BUNDLE_TEXT, "%s/%d", a, bits);
	return buf;
}

static char *words_prefix(char *buf, const struct ff_prefix *p)
{
	return p->bits == 128 ? ff_format_addr(buf, BUNDLE_TEXT, &p->addr)
			      : ff_format_prefix(buf, BUNDLE_TEXT, p);
}

static char *words_part(char *buf, const struct bundle_side *s, unsigned part,
			const char *dash)
{
	uint64_t lo, hi;

	if (s->is_v6) {
		struct ff_prefix p = {.addr = bundle_part_addr(s, part, false)};

		p.bits = s->prefix.bits < 120 ? (uint8_t)(s->prefix.bits + 8) : 128;
		return words_prefix(buf, &p);
	}
	if (s->field->is_country)
		return ff_format_country(buf, ff_country_at(part));
	lo = bundle_part_number(s, part, false);
	hi = bundle_part_number(s, part, true);
	return s->field->is_addr ? words_v4(buf, (uint32_t)lo, (uint32_t)hi, dash)
				 : words_numbers(buf, lo, hi, dash);
}

char *bundle_side_text(char *buf, const struct bundle_side *s)
{
	uint64_t hi = s->lo + s->size - 1;

	if (s->is_v6)
		return words_prefix(buf, &s->prefix);
	if (s->field->is_country) {
		/* a list of another length is of another version: its parts differ */
		snprintf(buf, BUNDLE_TEXT, "all %" PRIu64, s->size);
		return buf;
	}
	return s->field->is_addr ? words_v4(buf, (uint32_t)s->lo, (uint32_t)hi, "-")
				 : words_numbers(buf, s->lo, hi, "-");
}

char *bundle_part_text(char *buf, const struct bundle_side *s, unsigned part)
{
	return words_part(buf, s, part, "-");
}

bool bundle_part_plural(const struct bundle_side *s, unsigned part)
{
	return !s->field->is_addr &&
	       bundle_part_number(s, part, false) != bundle_part_number(s, part, true);
}

char *bundle_part_words(char *buf, const struct bundle_side *s, unsigned part)
{
	const struct bundle_field *f = s->field;
	char text[BUNDLE_TEXT];

	if (f->is_country) {
		const char *name = ff_country_name(ff_country_at(part));

		snprintf(buf, BUNDLE_TEXT, "%s%s%s%.60s%s", f->one,
			 bundle_part_text(text, s, part), *name ? " (" : "", name,
			 *name ? ")" : "");
		return buf;
	}
	snprintf(buf, BUNDLE_TEXT, "%s%.60s%s",
		 bundle_part_plural(s, part) ? f->many : f->one,
		 words_part(text, s, part, "\xe2\x80\x93"), f->unit);
	return buf;
}

/* ---- switches ---- */

/* The fewest CIDR blocks that hold lo..hi and nothing else. */
static void words_blocks(struct ff_buf *out, uint64_t lo, uint64_t hi)
{
	char text[BUNDLE_TEXT];

	for (const char *comma = ""; lo <= hi; comma = ",") {
		uint64_t size = lo ? lo & (0 - lo) : UINT64_C(1) << 32;

		while (size > hi - lo + 1)
			size >>= 1;
		ff_buf_addf(out, "%s%s", comma,
			    words_v4(text, (uint32_t)lo, (uint32_t)(lo + size - 1), "-"));
		lo += size;
	}
}

/* Milliseconds as --duration takes them: seconds with a fraction. */
static void words_seconds(struct ff_buf *out, uint64_t lo, uint64_t hi)
{
	ff_buf_addf(out, "%" PRIu64 ".%03u-%" PRIu64 ".%03u", lo / 1000,
		    (unsigned)(lo % 1000), hi / 1000, (unsigned)(hi % 1000));
}

/* The switch for the numbers or IPv4 addresses lo..hi. */
static void words_switch(struct ff_buf *out, const struct bundle_field *f, uint64_t lo,
			 uint64_t hi)
{
	char text[BUNDLE_TEXT];

	if (f->option_max && hi > f->option_max)
		hi = f->option_max;
	if (hi < lo)
		return;
	ff_buf_addf(out, "--%s=", f->option);
	if (f->is_addr)
		words_blocks(out, lo, hi);
	else if (f->is_ms)
		words_seconds(out, lo, hi);
	else
		ff_buf_adds(out, words_numbers(text, lo, hi, "-"));
}

void bundle_part_switch(struct ff_buf *out, const struct bundle_side *s, unsigned part)
{
	char text[BUNDLE_TEXT];

	if (s->is_v6 || s->field->is_country)
		ff_buf_addf(out, "--%s=%s", s->field->option,
			    bundle_part_text(text, s, part));
	else
		words_switch(out, s->field, bundle_part_number(s, part, false),
			     bundle_part_number(s, part, true));
}

/* Every country of the list: a database may have codes that are not in it. */
static void words_countries(struct ff_buf *out, const struct bundle_side *s)
{
	char text[BUNDLE_TEXT];

	ff_buf_addf(out, "--%s=", s->field->option);
	for (unsigned i = 0; i < s->parts; i++)
		ff_buf_addf(out, "%s%s", i ? "," : "", bundle_part_text(text, s, i));
}

void bundle_side_switch(struct ff_buf *out, const struct bundle_side *s)
{
	char text[BUNDLE_TEXT];

	if (s->field->is_country)
		words_countries(out, s);
	else if (s->is_v6)
		ff_buf_addf(out, "--%s=%s", s->field->option, bundle_side_text(text, s));
	else
		words_switch(out, s->field, s->lo, s->lo + s->size - 1);
}
