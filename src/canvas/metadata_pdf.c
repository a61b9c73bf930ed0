/* SPDX-License-Identifier: MIT */
/* metadata_pdf - the information dictionary of a PDF file as cairo writes it (ISO
 * 32000-1, 7.3.4 strings, 14.3.3): a plain object, strings in brackets or UTF-16 in
 * hexadecimal. */
#include "canvas/metadata.h"
#include "canvas/utf8.h"

#include <string.h>

struct pdfin {
	const uint8_t *p, *end;
};

static int pdfin_hex(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that a backslash at in->p[-1] introduces; -1 for a line that goes on. */
static int pdfin_take_escape(struct pdfin *in)
{
	static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
	const char *known;
	int c = *in->p++, v = 0;

	if (c == '\n')
		return -1;
	if (c < '0' || c > '7') {
		known = c ? strchr(from, c) : NULL;
		return known ? to[known - from] : c;
	}
	in->p--;
	for (int i = 0; i < 3 && in->p < in->end && *in->p >= '0' && *in->p <= '7'; i++)
		v = v * 8 + (*in->p++ - '0');
	return v & 0xff;
}

/* Past the opening bracket, to past the closing one. */
static void pdfin_take_literal(struct ff_buf *out, struct pdfin *in)
{
	unsigned depth = 1;

	while (in->p < in->end) {
		int c = *in->p++;

		if (c == '\\' && in->p < in->end)
			c = pdfin_take_escape(in);
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			return;
		if (c >= 0)
			ff_buf_addc(out, (char)c);
	}
}

static void pdfin_take_hex(struct ff_buf *out, struct pdfin *in)
{
	int high = -1;

	while (in->p < in->end && *in->p != '>') {
		int digit = pdfin_hex(*in->p++);

		if (digit < 0)
			continue;
		if (high >= 0)
			ff_buf_addc(out, (char)(high << 4 | digit));
		high = high >= 0 ? -1 : digit;
	}
	if (high >= 0)
		ff_buf_addc(out, (char)(high << 4));
	if (in->p < in->end)
		in->p++;
}

/* UTF-16BE past its mark, to UTF-8; a lone surrogate becomes U+FFFD. */
static void pdfin_put_utf16(struct ff_buf *out, const uint8_t *p, size_t len)
{
	for (size_t i = 2; i + 1 < len; i += 2) {
		uint32_t code = ff_get_u16(p + i, true);

		if (code >= 0xd800 && code <= 0xdbff && i + 3 < len) {
			uint32_t low = ff_get_u16(p + i + 2, true);

			if (low >= 0xdc00 && low <= 0xdfff) {
				code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
				i += 2;
			}
		}
		ff_utf8_put(out, code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
	}
}

static struct ff_buf *pdfin_field(struct ff_metadata *m, const struct pdfin *in)
{
	const struct {
		const char *key;
		struct ff_buf *field;
	} fields[] = {
		{"/Title", &m->title},
		{"/Subject", &m->description},
		{"/Creator", &m->software},
		{"/Keywords", &m->provenance},
	};
	size_t room = (size_t)(in->end - in->p);

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		size_t n = strlen(fields[i].key);

		if (n + 1 < room && memcmp(in->p, fields[i].key, n) == 0 &&
		    in->p[n] == ' ')
			return fields[i].field;
	}
	return NULL;
}

/* One string, into `field` if that is not NULL. */
static void pdfin_take_string(struct ff_buf *field, struct pdfin *in)
{
	struct ff_buf s = FF_BUF_INIT;

	if (*in->p++ == '(')
		pdfin_take_literal(&s, in);
	else
		pdfin_take_hex(&s, in);
	if (field && !field->len) {
		if (s.len >= 2 && s.data[0] == 0xfe && s.data[1] == 0xff)
			pdfin_put_utf16(field, s.data, s.len);
		else if (s.len)
			ff_buf_add(field, s.data, s.len);
		field->failed |= s.failed;
	}
	ff_buf_release(&s);
}

/* From past "<<" to its ">>". */
static void pdfin_take_dictionary(struct ff_metadata *m, struct pdfin *in)
{
	struct ff_buf *field = NULL;

	while (in->p < in->end && *in->p != '>') {
		if (*in->p == '/') {
			field = pdfin_field(m, in);
			in->p++;
		} else if (*in->p == '(' || *in->p == '<') {
			pdfin_take_string(field, in);
			field = NULL;
		} else {
			in->p++;
		}
	}
}

/* Where the last `word` stands, or len. */
static size_t pdfin_find_last(const uint8_t *data, size_t len, const char *word)
{
	size_t last = len, at = ff_find_bytes(data, len, 0, word);

	while (at < len) {
		last = at;
		at = ff_find_bytes(data, len, at + 1, word);
	}
	return last;
}

/* The page size stands in the first /MediaBox [ 0 0 w h ]. */
static void pdfin_take_shape(struct ff_buf *out, const uint8_t *data, size_t len)
{
	static const char word[] = "/MediaBox [ 0 0 ";
	size_t at = ff_find_bytes(data, len, 0, word) + strlen(word);
	size_t end = at < len ? ff_find_bytes(data, len, at, " ]") : len;
	size_t gap = ff_find_bytes(data, end, at < end ? at : end, " ");

	if (end == len || gap == end || end - at > 40)
		return;
	ff_buf_add(out, data + at, gap - at);
	ff_buf_adds(out, " x ");
	ff_buf_add(out, data + gap + 1, end - gap - 1);
	ff_buf_adds(out, " pt");
}

int ff_metadata_read_pdf(struct ff_metadata *m, const uint8_t *data, size_t len,
			 struct ff_err *err)
{
	size_t at = pdfin_find_last(data, len, "/Info ");
	char object[32] = "\n";
	size_t digits = 0;
	struct pdfin in = {data, data + len};

	/* "/Info 48 0 R" names the object "\n48 0 obj" */
	for (at += 6; at < len && digits < 10 && data[at] >= '0' && data[at] <= '9'; at++)
		object[1 + digits++] = (char)data[at];
	strcpy(object + 1 + digits, " 0 obj");
	at = digits ? pdfin_find_last(data, len, object) : len;
	at = ff_find_bytes(data, len, at, "<<");
	if (at == len)
		return ff_fail(err, FF_EFORMAT, "PDF file without plain information");
	in.p = data + at + 2;
	pdfin_take_dictionary(m, &in);
	pdfin_take_shape(&m->shape, data, len);
	return FF_OK;
}
