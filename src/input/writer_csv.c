/* SPDX-License-Identifier: MIT */
/* writer_csv - comma-separated text with flowfig's names: exact to the nanosecond, times
 * in ISO 8601, flags as letters. What a flow does not carry is an empty cell, but for
 * flags and attributes, where empty means "none" and "-" means "not carried". */
#include "input/writer.h"

#include <string.h>

/* Digits of the fraction that say all of it: 0, 3, 6 or 9. */
static unsigned csv_digits(int64_t ns)
{
	int64_t rest = ns % FF_SEC;

	return rest == 0 ? 0 : rest % FF_MS == 0 ? 3 : rest % 1000 == 0 ? 6 : 9;
}

/* "Z", "+02:00" */
static char *csv_zone(char *p, int64_t tz_ns)
{
	unsigned minutes = (unsigned)((tz_ns < 0 ? -tz_ns : tz_ns) / (60 * FF_SEC));

	if (tz_ns == 0) {
		*p++ = 'Z';
		return p;
	}
	*p++ = tz_ns < 0 ? '-' : '+';
	*p++ = (char)('0' + minutes / 600);
	*p++ = (char)('0' + minutes / 60 % 10);
	*p++ = ':';
	*p++ = (char)('0' + minutes % 60 / 10);
	*p++ = (char)('0' + minutes % 10);
	return p;
}

char *writer_exact_time(struct ff_flow_writer *w, char *p, int64_t ns)
{
	int64_t tz = w->opts.tz_ns;

	if (w->opts.times == FF_TIMES_EPOCH)
		return writer_seconds(p, ns, csv_digits(ns));
	/* the ends of time are told in UTC */
	if (tz > 0 ? ns > INT64_MAX - tz : ns < INT64_MIN - tz)
		tz = 0;
	p = writer_time(w, p, ns + tz, '-', 'T', csv_digits(ns));
	return csv_zone(p, tz);
}

/* End minus start; damaged times may lie further apart than int64 can say. */
char *writer_exact_duration(char *p, const struct ff_flow *f)
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

static const struct writer_style csv_style = {
	.time = writer_exact_time,
	.duration = writer_exact_duration,
	.name = csv_name,
};

static int csv_begin(struct ff_flow_writer *w, struct ff_err *err)
{
	for (size_t i = 0; i < w->opts.columns.count && !w->opts.no_titles; i++) {
		char key[WRITER_CELL];

		ff_buf_adds(&w->buf, i ? "," : "");
		ff_buf_adds(&w->buf, writer_key(key, w->opts.columns.items[i]));
	}
	if (!w->opts.no_titles)
		ff_buf_addc(&w->buf, '\n');
	return w->buf.failed ? ff_fail_nomem(err) : FF_OK;
}

static bool csv_is_letters(unsigned column)
{
	return column == FF_FLAGS || column == FF_INITIAL_FLAGS ||
	       column == FF_SESSION_FLAGS || column == FF_ATTRIBUTES;
}

static int csv_put(struct ff_flow_writer *w, const struct ff_flow *f, struct ff_err *err)
{
	char *p = writer_reserve(w, f, 2);

	if (!p)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < w->opts.columns.count; i++) {
		unsigned column = w->opts.columns.items[i];

		if (i > 0)
			*p++ = ',';
		if (writer_has(f, column))
			p = writer_cell(w, p, f, column);
		else if (csv_is_letters(column))
			*p++ = '-';
	}
	*p++ = '\n';
	w->buf.len = (size_t)(p - (char *)w->buf.data);
	return FF_OK;
}

const struct writer_format writer_csv = {
	.begin = csv_begin,
	.put = csv_put,
	.style = &csv_style,
	.columns = WRITER_ALL_COLUMNS,
};
