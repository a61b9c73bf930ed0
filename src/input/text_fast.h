/* SPDX-License-Identifier: MIT */
/* text_fast - the usual forms of cells, parsed without a call and without knowing where
 * the cell ends: each returns where its digits ended, or NULL when text_cell_any has to
 * look. They read past the line's end by less than TEXT_PAD bytes and stop at any byte
 * that is no digit, so no cell runs into the next line. */
#ifndef FF_INPUT_TEXT_FAST_H
#define FF_INPUT_TEXT_FAST_H

#include "input/text.h"

#include <string.h>

#define FAST_BYTES UINT64_C(0x0101010101010101)

static inline uint64_t fast_load(const char *p)
{
	return ff_get_u64((const uint8_t *)p, false);
}

/* 0x80 in each byte of the word that equals the pattern's, 0 elsewhere; exact. */
static inline uint64_t fast_marks(uint64_t word, uint64_t pattern)
{
	const uint64_t low = 0x7f * FAST_BYTES;
	uint64_t x = word ^ pattern;

	return ~(((x & low) + low) | x | low);
}

/* The place of the lowest bit that is set; there is one. */
static inline unsigned fast_lowest(uint32_t bits)
{
#ifdef __GNUC__
	return (unsigned)__builtin_ctz(bits);
#else
	unsigned n = 0;

	while (!(bits >> n & 1))
		n++;
	return n;
#endif
}

static inline unsigned fast_count(uint64_t marks)
{
	return (unsigned)(((marks >> 7) * FAST_BYTES) >> 56);
}

/* Past the n-th delimiter (n >= 1) from p on; NULL when the line has not as many. */
static inline const char *fast_skip(const char *p, const char *eol, uint64_t pattern,
				    unsigned n)
{
	for (; p < eol; p += 8) {
		uint64_t marks = fast_marks(fast_load(p), pattern);
		unsigned here = fast_count(marks);

		if (here < n) {
			n -= here;
			continue;
		}
		for (; n > 1; n--)
			marks &= marks - 1;
		/* bits 0 of the bytes up to the lowest mark: as many as its place + 1 */
		p += (((((marks & (0 - marks)) - 1) & FAST_BYTES) * FAST_BYTES) >> 56);
		return p <= eol ? p : NULL;
	}
	return NULL;
}

/* How many delimiters stand in [p, eol). */
static inline unsigned fast_count_to(const char *p, const char *eol, uint64_t pattern)
{
	unsigned n = 0;

	for (; eol - p >= 8; p += 8)
		n += fast_count(fast_marks(fast_load(p), pattern));
	if (p < eol)
		n += fast_count(fast_marks(fast_load(p), pattern) &
				((UINT64_C(1) << (8 * (eol - p))) - 1));
	return n;
}

static inline unsigned fast_digit(char c)
{
	return (unsigned)(unsigned char)c - (unsigned)'0';
}

/* Up to 19 digits, which fit; none or more: NULL. */
static inline const char *fast_uint(const char *p, uint64_t *out)
{
	const char *from = p;
	uint64_t v = 0;
	unsigned d;

	while ((d = fast_digit(*p)) <= 9 && p - from < 20) {
		v = v * 10 + d;
		p++;
	}
	*out = v;
	return p > from && p - from < 20 ? p : NULL;
}

/* The places of the marks in a word, bit i for byte i. */
static inline unsigned fast_places(uint64_t marks)
{
	return (unsigned)(((marks >> 7) * UINT64_C(0x0102040810204080)) >> 56);
}

static inline uint64_t fast_no_digits(uint64_t word)
{
	uint64_t x = word ^ 0x30 * FAST_BYTES;

	return (((x & 0x7f * FAST_BYTES) + 0x76 * FAST_BYTES) | x) & 0x80 * FAST_BYTES;
}

/* The value of one to three digits at p; more than 255 when it is none. */
static inline unsigned fast_octet(const char *p, unsigned length)
{
	uint64_t text = ff_get_u32((const uint8_t *)p, false);
	unsigned digits = (unsigned)(text << ((32 - 8 * length) & 63)) & 0x0f0f0f0f;
	unsigned v =
		(digits >> 8 & 15) * 100 + ((digits >> 16) * (10 << 8 | 1) >> 8 & 255);

	return v | (length - 1 > 2) << 8;
}

/* Dotted quad; octets may be padded with zeros to three digits (rwcut's zero-padded form
 * is decimal, not octal). Without branches inside: the lengths of octets are as random as
 * the addresses, and a wrong guess costs more than the whole octet. First the four places
 * where digits end, then the octets, which do not wait for each other. */
static inline const char *fast_quad(const char *p, struct ff_addr *out)
{
	/* fewer than four in 16 bytes: the last octet is found too long */
	unsigned ends = fast_places(fast_no_digits(fast_load(p))) |
			fast_places(fast_no_digits(fast_load(p + 8))) << 8 | 0xf0000;
	unsigned a = fast_lowest(ends), b = fast_lowest(ends &= ends - 1),
		 c = fast_lowest(ends &= ends - 1), d = fast_lowest(ends &= ends - 1);
	unsigned v0 = fast_octet(p, a), v1 = fast_octet(p + a + 1, b - a - 1),
		 v2 = fast_octet(p + b + 1, c - b - 1),
		 v3 = fast_octet(p + c + 1, d - c - 1);

	if ((v0 | v1 | v2 | v3) > 255 || p[a] != '.' || p[b] != '.' || p[c] != '.')
		return NULL;
	*out = ff_addr_from_v4(v0 << 24 | v1 << 16 | v2 << 8 | v3);
	return p + d;
}

/* ".123" as nanoseconds, of one to nine digits: text_cell_any has a word on others. */
static inline const char *fast_fraction(const char *p, int64_t *ns)
{
	static const int32_t scale[10] = {1000000000, 100000000, 10000000, 1000000,
					  100000,     10000,	 1000,	   100,
					  10,	      1};
	const char *from = p + 1;
	uint64_t v = 0; /* may wrap: then there are too many digits */
	unsigned d;

	*ns = 0;
	if (*p != '.')
		return p;
	for (p = from; (d = fast_digit(*p)) <= 9; p++)
		v = v * 10 + d;
	if (p == from || p - from > 9)
		return NULL;
	*ns = (int64_t)v * scale[p - from];
	return p;
}

/* Eight digits at once; false when one of the bytes is none. */
static inline bool fast_eight(const char *p, uint64_t *out)
{
	uint64_t v = fast_load(p) ^ 0x30 * FAST_BYTES;

	if (((v + 0x76 * FAST_BYTES) | v) & 0x80 * FAST_BYTES)
		return false;
	v = v * 10 + (v >> 8); /* bytes 0, 2, 4, 6 hold pairs */
	v = ((v & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064) +
	     ((v >> 16) & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001)) >>
	    32;
	*out = v;
	return true;
}

/* Seconds with a fraction; at most ten digits before it, else the unit is another. */
static inline const char *fast_seconds(const char *p, int64_t *ns)
{
	const char *from = p;
	uint64_t v = 0;
	int64_t fraction;
	unsigned d;

	if (fast_eight(p, &v))
		p += 8;
	while ((d = fast_digit(*p)) <= 9 && p - from < 11) {
		v = v * 10 + d;
		p++;
	}
	if (p == from || p - from > 10 || v > (uint64_t)(INT64_MAX / FF_SEC - 1))
		return NULL;
	p = fast_fraction(p, &fraction);
	*ns = (int64_t)v * FF_SEC + fraction;
	return p;
}

static inline unsigned fast_pair(const char *p)
{
	unsigned a = fast_digit(p[0]), b = fast_digit(p[1]);

	return a <= 9 && b <= 9 ? a * 10 + b : 100;
}

/* 2013/03/03T21:53:59.000 and its kin, or epoch seconds. The day is looked up once: flows
 * of one block mostly share it. */
static inline const char *fast_time(struct text_cursor *c, const char *p, const char *eol,
				    int64_t *ns)
{
	unsigned hour, minute, second;
	int64_t fraction;

	if (eol - p < 19 || (p[4] != '/' && p[4] != '-'))
		return fast_seconds(p, ns);
	if (memcmp(p, c->day, sizeof c->day) != 0) {
		enum ff_time_precision precision;

		if (!ff_parse_time(&c->day_ns, &precision, p, sizeof c->day) ||
		    precision != FF_TIME_DAY || c->day_ns > INT64_MAX - FF_DAY) {
			c->day[0] = '\0';
			return NULL;
		}
		memcpy(c->day, p, sizeof c->day);
	}
	if ((p[10] != 'T' && p[10] != ' ' && p[10] != ':') || p[13] != ':' ||
	    p[16] != ':')
		return NULL;
	hour = fast_pair(p + 11);
	minute = fast_pair(p + 14);
	second = fast_pair(p + 17);
	if (hour > 23 || minute > 59 || second > 59)
		return NULL;
	p = fast_fraction(p + 19, &fraction);
	if (!p)
		return NULL;
	if (*p == 'Z')
		p++;
	*ns = c->day_ns + (int64_t)(hour * 3600 + minute * 60 + second) * FF_SEC +
	      fraction;
	return p;
}

#endif
