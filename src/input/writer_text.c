/* SPDX-License-Identifier: MIT */
/* writer_text - numbers, addresses and times of text records, without printf. */
#include "input/writer.h"

#include <stdio.h>
#include <string.h>

char *writer_u64(char *p, uint64_t v)
{
	char digits[20];
	size_t n = sizeof digits;

	do {
		digits[--n] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	memcpy(p, digits + n, sizeof digits - n);
	return p + (sizeof digits - n);
}

char *writer_addr(char *p, const struct ff_addr *a)
{
	if (!ff_addr_is_v4(a)) {
		ff_format_addr(p, FF_ADDR_TEXT, a);
		return p + strlen(p);
	}
	for (unsigned i = 12; i < 16; i++) {
		p = writer_u64(p, a->b[i]);
		*p++ = '.';
	}
	return p - 1;
}

static char *writer_pair(char *p, unsigned v)
{
	*p++ = (char)('0' + v / 10);
	*p++ = (char)('0' + v % 10);
	return p;
}

static char *writer_fraction(char *p, int64_t ns, unsigned digits)
{
	char all[9];

	for (unsigned i = 9; i-- > 0; ns /= 10)
		all[i] = (char)('0' + ns % 10);
	*p++ = '.';
	memcpy(p, all, digits);
	return p + digits;
}

/* Quotient rounded down, so that times before 1970 fall on the right day. */
static int64_t writer_floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

char *writer_time(struct ff_flow_writer *w, char *p, int64_t ns, char slash,
		  unsigned digits)
{
	int64_t day = writer_floor_div(ns, FF_DAY);
	/* in unsigned numbers: the first instant of the earliest day lies outside of
	 * int64 */
	int64_t rest = (int64_t)((uint64_t)ns - (uint64_t)day * (uint64_t)FF_DAY);
	unsigned second = (unsigned)(rest / FF_SEC);

	if (!w->date[0] || w->day != day) {
		struct ff_date d;
		char *q;

		ff_date_from_time(&d, ns);
		q = writer_pair(w->date, (unsigned)d.year / 100);
		q = writer_pair(q, (unsigned)d.year % 100);
		*q++ = slash;
		q = writer_pair(q, (unsigned)d.month);
		*q++ = slash;
		writer_pair(q, (unsigned)d.day);
		w->day = day;
	}
	memcpy(p, w->date, 10);
	p[10] = 'T';
	p = writer_pair(p + 11, second / 3600);
	*p++ = ':';
	p = writer_pair(p, second / 60 % 60);
	*p++ = ':';
	p = writer_pair(p, second % 60);
	return digits ? writer_fraction(p, rest % FF_SEC, digits) : p;
}

char *writer_seconds(char *p, int64_t ns, unsigned digits)
{
	uint64_t abs = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;

	if (ns < 0)
		*p++ = '-';
	p = writer_u64(p, abs / (uint64_t)FF_SEC);
	return digits ? writer_fraction(p, (int64_t)(abs % (uint64_t)FF_SEC), digits) : p;
}

uint16_t writer_dport(const struct ff_flow *f)
{
	if (f->present & FF_BIT(FF_ICMP_TYPE))
		return (uint16_t)(f->icmp_type << 8 | f->icmp_code);
	return f->dport;
}

const char *writer_type(const struct ff_flow_writer *w, const struct ff_flow *f,
			char buf[8])
{
	const struct ff_site_type *t = ff_site_type(w->site, f->flowtype);

	if (t->known)
		return t->type_name;
	snprintf(buf, 8, "%u", (unsigned)f->flowtype);
	return buf;
}
