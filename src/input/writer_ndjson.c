/* SPDX-License-Identifier: MIT */
/* writer_ndjson - one JSON object a line, with the names that CSV has: numbers as numbers
 * (exact, whatever their size), times in ISO 8601 or as seconds since 1970, flags as
 * letters. What a flow does not carry is left out. */
#include "input/writer.h"

#include <string.h>

/* Bytes of the UTF-8 sequence that s begins with; 0 when it is none. */
static size_t ndjson_sequence(const unsigned char *s)
{
	static const struct {
		uint8_t mask, head;
		uint32_t least;
	} forms[] = {{0x80, 0x00, 0},
		     {0xe0, 0xc0, 0x80},
		     {0xf0, 0xe0, 0x800},
		     {0xf8, 0xf0, 0x10000}};

	for (size_t n = 0; n < sizeof forms / sizeof *forms; n++) {
		uint32_t c = s[0] & (uint8_t)~forms[n].mask;

		if ((s[0] & forms[n].mask) != forms[n].head)
			continue;
		for (size_t i = 1; i <= n; i++) {
			if ((s[i] & 0xc0) != 0x80)
				return 0;
			c = c << 6 | (s[i] & 0x3f);
		}
		if (c < forms[n].least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
			return 0;
		return n + 1;
	}
	return 0;
}

/* A name may come from any text; bytes that are no UTF-8 are replaced. */
static char *ndjson_name(char *p, const char *name)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *s = (const unsigned char *)name;

	while (*s) {
		size_t n = ndjson_sequence(s);

		if (n == 0) {
			memcpy(p, "\xef\xbf\xbd", 3); /* U+FFFD */
			p += 3;
			s++;
		} else if (*s < ' ') {
			memcpy(p, "\\u00", 4);
			p[4] = hex[*s >> 4];
			p[5] = hex[*s++ & 15];
			p += 6;
		} else {
			if (*s == '"' || *s == '\\')
				*p++ = '\\';
			memcpy(p, s, n);
			p += n;
			s += n;
		}
	}
	return p;
}

static const struct writer_style ndjson_style = {
	.time = writer_exact_time,
	.duration = writer_exact_duration,
	.name = ndjson_name,
};

static bool ndjson_is_text(const struct ff_flow_writer *w, unsigned column)
{
	if (column == FF_COLUMN_CLASS)
		return true;
	switch (ff_field_infos[column].kind) {
	case FF_KIND_NUMBER:
	case FF_KIND_DURATION:
		return false;
	case FF_KIND_TIME:
		return w->opts.times != FF_TIMES_EPOCH;
	default:
		return true;
	}
}

static int ndjson_begin(struct ff_flow_writer *w, struct ff_err *err)
{
	(void)w; /* nothing stands before the first record */
	(void)err;
	return FF_OK;
}

static int ndjson_put(struct ff_flow_writer *w, const struct ff_flow *f,
		      struct ff_err *err)
{
	char *p = writer_reserve(w, f, WRITER_CELL), *start = p;

	if (!p)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < w->opts.columns.count; i++) {
		unsigned column = w->opts.columns.items[i];
		bool text = ndjson_is_text(w, column);

		if (!writer_has(f, column))
			continue;
		*p = p == start ? '{' : ',';
		p[1] = '"';
		p = p + 2 + strlen(writer_key(p + 2, column));
		*p++ = '"';
		*p++ = ':';
		if (text)
			*p++ = '"';
		p = writer_cell(w, p, f, column);
		if (text)
			*p++ = '"';
	}
	if (p == start)
		*p++ = '{';
	*p++ = '}';
	*p++ = '\n';
	w->buf.len = (size_t)(p - (char *)w->buf.data);
	return FF_OK;
}

const struct writer_format writer_ndjson = {
	.begin = ndjson_begin,
	.put = ndjson_put,
	.style = &ndjson_style,
	.columns = WRITER_ALL_COLUMNS,
};
