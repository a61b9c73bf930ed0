/* SPDX-License-Identifier: MIT */
/* writer_rwcut - text as rwcut prints it with --delimited and ISO times: milliseconds,
 * the rest cut off. What a flow does not carry is blank; a blank flags cell reads as "no
 * flags", since rwcut has no other word. */
#include "input/writer.h"

#include <string.h>

static int rwcut_begin(struct ff_flow_writer *w, const char *invocation,
		       struct ff_err *err)
{
	(void)invocation;
	ff_buf_adds(&w->buf,
		    "sIP|dIP|sPort|dPort|pro|packets|bytes|flags|sTime|duration|eTime|"
		    "sensor|type|\n");
	return w->buf.failed ? ff_fail_nomem(err) : FF_OK;
}

/* The duration between the times as printed, so that eTime = sTime + duration holds in
 * the text; rwcut knows no negative one. */
static int64_t rwcut_duration(const struct ff_flow *f)
{
	int64_t start = f->start_ns / FF_MS - (f->start_ns % FF_MS < 0);
	int64_t end = f->end_ns / FF_MS - (f->end_ns % FF_MS < 0);

	return end > start ? (end - start > INT64_MAX / FF_MS ? INT64_MAX
							      : (end - start) * FF_MS)
			   : 0;
}

/* A name may come from any text: what would break the line is replaced. */
static char *rwcut_name(char *p, const char *name)
{
	for (; *name; name++)
		*p++ = *name == '|' || (unsigned char)*name < ' ' ? '_' : *name;
	return p;
}

static char *rwcut_number(char *p, const struct ff_flow *f, unsigned field, uint64_t v)
{
	if (f->present & FF_BIT(field))
		p = writer_u64(p, v);
	*p++ = '|';
	return p;
}

static char *rwcut_times(struct ff_flow_writer *w, char *p, const struct ff_flow *f)
{
	if (f->present & FF_BIT(FF_STIME))
		p = writer_time(w, p, f->start_ns, '/', 3);
	*p++ = '|';
	if (f->present & FF_BIT(FF_DURATION))
		p = writer_seconds(p, rwcut_duration(f), 3);
	*p++ = '|';
	if (f->present & FF_BIT(FF_ETIME))
		p = writer_time(w, p, f->end_ns, '/', 3);
	*p++ = '|';
	return p;
}

static int rwcut_put(struct ff_flow_writer *w, const struct ff_flow *f,
		     struct ff_err *err)
{
	char number[8], type[8];
	const char *sensor = ff_site_sensor(w->site, f->sensor, number, sizeof number);
	const char *type_name = writer_type(w, f, type);
	char *p;

	if (ff_buf_reserve(&w->buf,
			   13 * WRITER_CELL + strlen(sensor) + strlen(type_name)) < 0)
		return ff_fail_nomem(err);
	p = (char *)w->buf.data + w->buf.len;
	if (f->present & FF_BIT(FF_SIP))
		p = writer_addr(p, &f->sip);
	*p++ = '|';
	if (f->present & FF_BIT(FF_DIP))
		p = writer_addr(p, &f->dip);
	*p++ = '|';
	p = rwcut_number(p, f, FF_SPORT, f->sport);
	p = rwcut_number(p, f, FF_DPORT, writer_dport(f));
	p = rwcut_number(p, f, FF_PROTOCOL, f->protocol);
	p = rwcut_number(p, f, FF_PACKETS, f->packets);
	p = rwcut_number(p, f, FF_BYTES, f->bytes);
	if (f->present & FF_BIT(FF_FLAGS))
		p += strlen(ff_format_flags(p, f->flags));
	*p++ = '|';
	p = rwcut_times(w, p, f);
	if (f->present & FF_BIT(FF_SENSOR))
		p = rwcut_name(p, sensor);
	*p++ = '|';
	if (f->present & FF_BIT(FF_FLOWTYPE))
		p = rwcut_name(p, type_name);
	*p++ = '|';
	*p++ = '\n';
	w->buf.len = (size_t)(p - (char *)w->buf.data);
	return FF_OK;
}

const struct writer_format writer_rwcut = {"rwcut", rwcut_begin, rwcut_put};
