/* SPDX-License-Identifier: MIT */
/* writer_rwcut - text as SiLK's rwcut prints it, byte for byte: times in milliseconds,
 * the rest cut off. What a flow does not carry is blank; a blank flags cell reads as "no
 * flags", since rwcut has no other word; it has one for no sensor and no type. */
#include "input/writer.h"

#include <string.h>

static int64_t rwcut_ms(int64_t ns)
{
	return ns / FF_MS - (ns % FF_MS < 0);
}

/* The duration between the times as printed, so that eTime = sTime + duration holds in
 * the text; rwcut knows no negative one. */
static char *rwcut_duration(char *p, const struct ff_flow *f)
{
	int64_t start = rwcut_ms(f->start_ns), end = rwcut_ms(f->end_ns);
	int64_t ms = end > start ? end - start : 0;

	return writer_seconds(p, ms > INT64_MAX / FF_MS ? INT64_MAX : ms * FF_MS, 3);
}

/* A name may come from any text: what would break the line is replaced. */
static char *rwcut_name(char *p, const char *name)
{
	for (; *name; name++)
		*p++ = *name == '|' || (unsigned char)*name < ' ' ? '_' : *name;
	return p;
}

static char *rwcut_time(struct ff_flow_writer *w, char *p, int64_t ns)
{
	int64_t tz = w->opts.tz_ns;

	if (w->opts.times == FF_TIMES_EPOCH)
		return writer_seconds(p, ns, 3);
	if (tz > 0 ? ns <= INT64_MAX - tz : ns >= INT64_MIN - tz)
		ns += tz;
	return w->opts.times == FF_TIMES_ISO ? writer_time(w, p, ns, '-', ' ', 3)
					     : writer_time(w, p, ns, '/', 'T', 3);
}

static const struct writer_style rwcut_style = {
	.time = rwcut_time,
	.duration = rwcut_duration,
	.name = rwcut_name,
};

static const char *rwcut_absent(unsigned column)
{
	switch (column) {
	case FF_SENSOR:
	case FF_COLUMN_CLASS:
		return "?";
	case FF_FLOWTYPE:
		return "255";
	default:
		return "";
	}
}

/* Moves the cell from `from` to `to` to the right end of its column. */
static char *rwcut_pad(const struct ff_flow_writer *w, size_t i, char *from, char *to)
{
	size_t len = (size_t)(to - from), width = w->widths[i];

	if (!w->opts.pad || len >= width)
		return to;
	memmove(from + (width - len), from, len);
	memset(from, ' ', width - len);
	return from + width;
}

static char *rwcut_end(const struct ff_flow_writer *w, char *p)
{
	if (!w->opts.no_end)
		*p++ = w->opts.delimiter;
	*p++ = '\n';
	return p;
}

static int rwcut_begin(struct ff_flow_writer *w, struct ff_err *err)
{
	static const struct ff_flow none;
	char *p = writer_reserve(w, &none, 2);

	if (!p)
		return ff_fail_nomem(err);
	if (w->opts.no_titles)
		return FF_OK;
	for (size_t i = 0; i < w->opts.columns.count; i++) {
		const char *title = writer_title(w->opts.columns.items[i]);
		size_t len = strlen(title);
		char *from;

		if (i > 0)
			*p++ = w->opts.delimiter;
		from = p;
		if (w->opts.pad && len > w->widths[i])
			len = w->widths[i];
		memcpy(p, title, len);
		p = rwcut_pad(w, i, from, p + len);
	}
	w->buf.len = (size_t)(rwcut_end(w, p) - (char *)w->buf.data);
	return FF_OK;
}

static int rwcut_put(struct ff_flow_writer *w, const struct ff_flow *f,
		     struct ff_err *err)
{
	char *p = writer_reserve(w, f, 2);

	if (!p)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < w->opts.columns.count; i++) {
		unsigned column = w->opts.columns.items[i];
		char *from;

		if (i > 0)
			*p++ = w->opts.delimiter;
		from = p;
		if (writer_has(f, column))
			p = writer_cell(w, p, f, column);
		else
			for (const char *s = rwcut_absent(column); *s;)
				*p++ = *s++;
		p = rwcut_pad(w, i, from, p);
	}
	w->buf.len = (size_t)(rwcut_end(w, p) - (char *)w->buf.data);
	return FF_OK;
}

const struct writer_format writer_rwcut = {
	.begin = rwcut_begin,
	.put = rwcut_put,
	.style = &rwcut_style,
	.columns = "1-12",
};
