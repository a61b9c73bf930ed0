/* SPDX-License-Identifier: MIT */
/* writer_csv - comma-separated text with flowfig's names: exact to the nanosecond, times
 * in ISO 8601 UTC, flags as letters. What a flow does not carry is an empty cell, but for
 * flags, where empty means "no flags" and "-" means "not carried". */
#include "input/writer.h"

#include <string.h>

/* Digits of the fraction that say all of it: 0, 3, 6 or 9. */
static unsigned csv_digits(int64_t ns)
{
	int64_t rest = ns % FF_SEC;

	return rest == 0 ? 0 : rest % FF_MS == 0 ? 3 : rest % 1000 == 0 ? 6 : 9;
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
static char *csv_duration(char *p, const struct ff_flow *f)
{
	int64_t ns;

	if (f->start_ns < 0 && f->end_ns > INT64_MAX + f->start_ns)
		ns = INT64_MAX;
	else if (f->start_ns > 0 && f->end_ns < INT64_MIN + f->start_ns)
		ns = INT64_MIN;
	else
		ns = f->end_ns - f->start_ns;
	return writer_seconds(p, ns, csv_digits(ns));
}

static const struct writer_style csv_style = {
	.titles = "sip,dip,sport,dport,protocol,packets,bytes,flags,stime,duration,etime,"
		  "sensor,type\n",
	.end = "\n",
	.delim = ',',
	.no_flags = "-",
	.time = csv_time,
	.duration = csv_duration,
	.name = csv_name,
};
const struct writer_format writer_csv = {writer_text_begin, writer_text_put, &csv_style};
