/* SPDX-License-Identifier: MIT */
/* writer_text - the cells of text formats, without printf. */
#include "input/writer.h"

#include <string.h>

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

char *writer_time(struct ff_flow_writer *w, char *p, int64_t ns, char slash, char between,
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
	p[10] = between;
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

/* ---- cells ---- */

bool writer_has(const struct ff_flow *f, unsigned column)
{
	if (column == FF_COLUMN_CLASS)
		column = FF_FLOWTYPE;
	if (column == FF_DPORT && (f->present & FF_BIT(FF_ICMP_TYPE)))
		return true;
	return (f->present & FF_BIT(column)) != 0;
}

/* An IPv4 address of a record that is stored as IPv6 keeps its colons, as in rwcut, so
 * that it is read as such again. */
static char *text_addr(char *p, const struct ff_flow *f, const struct ff_addr *a)
{
	if (f->is_v6_record && ff_addr_is_v4(a)) {
		memcpy(p, "::ffff:", 7);
		p += 7;
	}
	ff_format_addr(p, FF_ADDR_TEXT, a);
	return p + strlen(p);
}

/* The letters in their places where columns are padded, else side by side. */
static char *text_flags(const struct ff_flow_writer *w, char *p, uint8_t flags)
{
	static const char letters[] = "FSRPAUEC";

	for (unsigned i = 0; i < 8; i++) {
		if (flags >> i & 1)
			*p++ = letters[i];
		else if (w->opts.pad)
			*p++ = ' ';
	}
	return p;
}

static char *text_attributes(const struct ff_flow_writer *w, char *p, uint8_t attributes)
{
	static const uint8_t bits[] = {FF_ATTR_TIMEOUT,
				       FF_ATTR_CONTINUED,
				       FF_ATTR_FIN,
				       FF_ATTR_SAME_SIZE,
				       0,
				       0,
				       0,
				       0};
	static const char letters[] = "TCFS";

	for (unsigned i = 0; i < sizeof bits; i++) {
		if (attributes & bits[i])
			*p++ = letters[i];
		else if (w->opts.pad)
			*p++ = ' ';
	}
	return p;
}

/* Names of sensor, class and type; the numbers of sensor and type when they have none. */
static const char *text_name(const struct ff_flow_writer *w, const struct ff_flow *f,
			     unsigned column, char buf[8])
{
	const struct ff_site_type *t = ff_site_type(w->opts.site, f->flowtype);

	if (column == FF_SENSOR)
		return ff_site_sensor(w->opts.site, f->sensor, buf, 8);
	if (t->known)
		return column == FF_COLUMN_CLASS ? t->class_name : t->type_name;
	return column == FF_COLUMN_CLASS ? "?" : ff_format_u64(buf, 8, f->flowtype);
}

char *writer_cell(struct ff_flow_writer *w, char *p, const struct ff_flow *f,
		  unsigned column)
{
	const struct writer_style *s = w->format->style;
	char buf[8];

	switch (column) {
	case FF_SIP:
		return text_addr(p, f, &f->sip);
	case FF_DIP:
		return text_addr(p, f, &f->dip);
	case FF_NHIP:
		return text_addr(p, f, &f->nhip);
	case FF_DPORT:
		return p + ff_put_u64(p, writer_dport(f));
	case FF_FLAGS:
		return text_flags(w, p, f->flags);
	case FF_INITIAL_FLAGS:
		return text_flags(w, p, f->initial_flags);
	case FF_SESSION_FLAGS:
		return text_flags(w, p, f->session_flags);
	case FF_ATTRIBUTES:
		return text_attributes(w, p, f->attributes);
	case FF_STIME:
		return s->time(w, p, f->start_ns);
	case FF_ETIME:
		return s->time(w, p, f->end_ns);
	case FF_DURATION:
		return s->duration(p, f);
	case FF_SENSOR:
	case FF_FLOWTYPE:
	case FF_COLUMN_CLASS:
		return s->name(p, text_name(w, f, column, buf));
	default:
		return p + ff_put_u64(p, ff_field_value(f, (enum ff_field)column));
	}
}

char *writer_reserve(struct ff_flow_writer *w, const struct ff_flow *f, size_t extra)
{
	size_t room = 1;

	for (size_t i = 0; i < w->opts.columns.count; i++) {
		unsigned column = w->opts.columns.items[i];
		char buf[8];

		room += WRITER_CELL + w->widths[i] + extra;
		if (column == FF_SENSOR || column == FF_FLOWTYPE ||
		    column == FF_COLUMN_CLASS)
			room += WRITER_NAME_GROWTH * strlen(text_name(w, f, column, buf));
	}
	return ff_buf_reserve(&w->buf, room) < 0 ? NULL
						 : (char *)w->buf.data + w->buf.len;
}
