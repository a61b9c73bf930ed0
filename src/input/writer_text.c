/* SPDX-License-Identifier: MIT */
/* writer_text - the lines of text formats, cell by cell, without printf. */
#include "input/writer.h"

#include <string.h>

enum { WRITER_CELL = 64 }; /* bytes that hold any cell but a name */

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
	p += ff_put_u64(p, abs / (uint64_t)FF_SEC);
	return digits ? writer_fraction(p, (int64_t)(abs % (uint64_t)FF_SEC), digits) : p;
}

uint16_t writer_dport(const struct ff_flow *f)
{
	if (f->present & FF_BIT(FF_ICMP_TYPE))
		return (uint16_t)(f->icmp_type << 8 | f->icmp_code);
	return f->dport;
}

/* Name of the type, its number when the site has no name for it. */
static const char *writer_type(const struct ff_flow_writer *w, const struct ff_flow *f,
			       char buf[8])
{
	const struct ff_site_type *t = ff_site_type(w->site, f->flowtype);

	return t->known ? t->type_name : ff_format_u64(buf, 8, f->flowtype);
}

int writer_text_begin(struct ff_flow_writer *w, const char *invocation,
		      struct ff_err *err)
{
	(void)invocation; /* text has no place for it */
	ff_buf_adds(&w->buf, w->format->style->titles);
	return w->buf.failed ? ff_fail_nomem(err) : FF_OK;
}

static char *text_addr(char *p, const struct ff_flow *f, unsigned field,
		       const struct ff_addr *a)
{
	if (!(f->present & FF_BIT(field)))
		return p;
	ff_format_addr(p, FF_ADDR_TEXT, a);
	return p + strlen(p);
}

static char *text_number(char *p, const struct ff_flow *f, unsigned field, uint64_t v)
{
	return f->present & FF_BIT(field) ? p + ff_put_u64(p, v) : p;
}

static char *text_flags(char *p, const struct ff_flow *f, const char *absent)
{
	if (f->present & FF_BIT(FF_FLAGS))
		ff_format_flags(p, f->flags);
	else
		strcpy(p, absent);
	return p + strlen(p);
}

int writer_text_put(struct ff_flow_writer *w, const struct ff_flow *f, struct ff_err *err)
{
	const struct writer_style *s = w->format->style;
	char number[8], type_number[8];
	const char *sensor = ff_site_sensor(w->site, f->sensor, number, sizeof number);
	const char *type = writer_type(w, f, type_number);
	char *p;

	if (ff_buf_reserve(&w->buf,
			   13 * WRITER_CELL + 2 * (strlen(sensor) + strlen(type))) < 0)
		return ff_fail_nomem(err);
	p = (char *)w->buf.data + w->buf.len;
	p = text_addr(p, f, FF_SIP, &f->sip);
	*p++ = s->delim;
	p = text_addr(p, f, FF_DIP, &f->dip);
	*p++ = s->delim;
	p = text_number(p, f, FF_SPORT, f->sport);
	*p++ = s->delim;
	p = text_number(p, f, FF_DPORT, writer_dport(f));
	*p++ = s->delim;
	p = text_number(p, f, FF_PROTOCOL, f->protocol);
	*p++ = s->delim;
	p = text_number(p, f, FF_PACKETS, f->packets);
	*p++ = s->delim;
	p = text_number(p, f, FF_BYTES, f->bytes);
	*p++ = s->delim;
	p = text_flags(p, f, s->no_flags);
	*p++ = s->delim;
	p = f->present & FF_BIT(FF_STIME) ? s->time(w, p, f->start_ns) : p;
	*p++ = s->delim;
	p = f->present & FF_BIT(FF_DURATION) ? s->duration(p, f) : p;
	*p++ = s->delim;
	p = f->present & FF_BIT(FF_ETIME) ? s->time(w, p, f->end_ns) : p;
	*p++ = s->delim;
	p = f->present & FF_BIT(FF_SENSOR) ? s->name(p, sensor) : p;
	*p++ = s->delim;
	p = f->present & FF_BIT(FF_FLOWTYPE) ? s->name(p, type) : p;
	strcpy(p, s->end);
	w->buf.len = (size_t)(p + strlen(p) - (char *)w->buf.data);
	return FF_OK;
}
