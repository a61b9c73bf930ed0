/* SPDX-License-Identifier: MIT */
/* writer_csv - comma-separated text with flowfig's names: exact to the nanosecond, times
 * in ISO 8601 UTC, flags as letters. What a flow does not carry is an empty cell, but for
 * flags, where empty means "no flags" and "-" means "not carried". */
#include "input/writer.h"

#include <string.h>

static int csv_begin(struct ff_flow_writer *w, const char *invocation, struct ff_err *err)
{
	(void)invocation;
	ff_buf_adds(&w->buf,
		    "sip,dip,sport,dport,protocol,packets,bytes,flags,stime,duration,"
		    "etime,sensor,type\n");
	return w->buf.failed ? ff_fail_nomem(err) : FF_OK;
}

/* Digits of the fraction that say all of it: 0, 3, 6 or 9. */
static unsigned csv_digits(int64_t ns)
{
	int64_t rest = ns % FF_SEC;

	return rest == 0 ? 0 : rest % FF_MS == 0 ? 3 : rest % 1000 == 0 ? 6 : 9;
}

static char *csv_number(char *p, const struct ff_flow *f, unsigned field, uint64_t v)
{
	if (f->present & FF_BIT(field))
		p = writer_u64(p, v);
	*p++ = ',';
	return p;
}

/* Quoted as in RFC 4180 where the name needs it; the reader's cells hold no newline. */
static char *csv_name(char *p, const char *name)
{
	bool quote = strpbrk(name, ",\"; \t|") != NULL;

	if (quote)
		*p++ = '"';
	for (; *name; name++) {
		if (*name == '"')
			*p++ = '"';
		*p++ = (unsigned char)*name < ' ' ? '_' : *name;
	}
	if (quote)
		*p++ = '"';
	return p;
}

static char *csv_time(struct ff_flow_writer *w, char *p, int64_t ns)
{
	p = writer_time(w, p, ns, '-', csv_digits(ns));
	*p++ = 'Z';
	return p;
}

/* End minus start; damaged times may lie further apart than int64 can say. */
static int64_t csv_duration(const struct ff_flow *f)
{
	if (f->start_ns < 0 && f->end_ns > INT64_MAX + f->start_ns)
		return INT64_MAX;
	if (f->start_ns > 0 && f->end_ns < INT64_MIN + f->start_ns)
		return INT64_MIN;
	return f->end_ns - f->start_ns;
}

static char *csv_times(struct ff_flow_writer *w, char *p, const struct ff_flow *f)
{
	if (f->present & FF_BIT(FF_STIME))
		p = csv_time(w, p, f->start_ns);
	*p++ = ',';
	if (f->present & FF_BIT(FF_DURATION)) {
		int64_t ns = csv_duration(f);

		p = writer_seconds(p, ns, csv_digits(ns));
	}
	*p++ = ',';
	if (f->present & FF_BIT(FF_ETIME))
		p = csv_time(w, p, f->end_ns);
	*p++ = ',';
	return p;
}

static int csv_put(struct ff_flow_writer *w, const struct ff_flow *f, struct ff_err *err)
{
	char number[8], type[8];
	const char *sensor = ff_site_sensor(w->site, f->sensor, number, sizeof number);
	const char *type_name = writer_type(w, f, type);
	char *p;

	if (ff_buf_reserve(&w->buf, 13 * WRITER_CELL +
					    2 * (strlen(sensor) + strlen(type_name))) < 0)
		return ff_fail_nomem(err);
	p = (char *)w->buf.data + w->buf.len;
	if (f->present & FF_BIT(FF_SIP))
		p = writer_addr(p, &f->sip);
	*p++ = ',';
	if (f->present & FF_BIT(FF_DIP))
		p = writer_addr(p, &f->dip);
	*p++ = ',';
	p = csv_number(p, f, FF_SPORT, f->sport);
	p = csv_number(p, f, FF_DPORT, writer_dport(f));
	p = csv_number(p, f, FF_PROTOCOL, f->protocol);
	p = csv_number(p, f, FF_PACKETS, f->packets);
	p = csv_number(p, f, FF_BYTES, f->bytes);
	if (f->present & FF_BIT(FF_FLAGS))
		p += strlen(ff_format_flags(p, f->flags));
	else
		*p++ = '-';
	*p++ = ',';
	p = csv_times(w, p, f);
	if (f->present & FF_BIT(FF_SENSOR))
		p = csv_name(p, sensor);
	*p++ = ',';
	if (f->present & FF_BIT(FF_FLOWTYPE))
		p = csv_name(p, type_name);
	*p++ = '\n';
	w->buf.len = (size_t)(p - (char *)w->buf.data);
	return FF_OK;
}

const struct writer_format writer_csv = {"csv", csv_begin, csv_put};
