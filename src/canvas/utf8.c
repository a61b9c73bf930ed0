/* SPDX-License-Identifier: MIT */
/* utf8 - decoding that never fails, see utf8.h. */
#include "canvas/utf8.h"

#include <string.h>

#define UTF8_REPLACEMENT UINT32_C(0xfffd)

uint32_t ff_utf8_next(const char **s, const char *end)
{
	/* smallest code point that may use 2, 3, 4 bytes: shorter forms are overlong */
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)*s;
	size_t room = (size_t)(end - *s);
	uint32_t code = p[0];
	size_t len;

	*s += 1;
	if (code < 0x80)
		return code;
	if (code >= 0xc2 && code <= 0xdf)
		len = 2, code &= 0x1f;
	else if (code >= 0xe0 && code <= 0xef)
		len = 3, code &= 0x0f;
	else if (code >= 0xf0 && code <= 0xf4)
		len = 4, code &= 0x07;
	else
		return UTF8_REPLACEMENT;
	if (len > room)
		return UTF8_REPLACEMENT;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return UTF8_REPLACEMENT;
		code = code << 6 | (p[i] & 0x3f);
	}
	if (code < least[len] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return UTF8_REPLACEMENT;
	*s += len - 1;
	return code;
}

uint32_t ff_utf8_inked(uint32_t code)
{
	if (code < 0x20 || (code >= 0x7f && code < 0xa0))
		return ' ';
	return (code & 0xfffe) == 0xfffe ? UTF8_REPLACEMENT : code;
}

void ff_utf8_put(struct ff_buf *out, uint32_t code)
{
	char b[4];
	size_t n = 0;

	if (code < 0x80) {
		b[n++] = (char)code;
	} else if (code < 0x800) {
		b[n++] = (char)(0xc0 | code >> 6);
		b[n++] = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		b[n++] = (char)(0xe0 | code >> 12);
		b[n++] = (char)(0x80 | (code >> 6 & 0x3f));
		b[n++] = (char)(0x80 | (code & 0x3f));
	} else {
		b[n++] = (char)(0xf0 | code >> 18);
		b[n++] = (char)(0x80 | (code >> 12 & 0x3f));
		b[n++] = (char)(0x80 | (code >> 6 & 0x3f));
		b[n++] = (char)(0x80 | (code & 0x3f));
	}
	ff_buf_add(out, b, n);
}

void ff_utf8_clean(struct ff_buf *out, const char *s, size_t len)
{
	const char *end = s + len;

	while (s < end) {
		uint32_t code = ff_utf8_next(&s, end);

		if ((code < 0x20 && code != '\n' && code != '\t') || code == 0x7f ||
		    (code & 0xfffe) == 0xfffe)
			code = UTF8_REPLACEMENT;
		ff_utf8_put(out, code);
	}
}
