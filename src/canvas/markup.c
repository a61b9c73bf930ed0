/* SPDX-License-Identifier: MIT */
/* markup - see markup.h. */
#include "canvas/markup.h"

#include <math.h>

int64_t ff_hundredths(double v)
{
	return llround(v * 100);
}

/* Writes |v| backwards into the end of buf and returns its first byte. */
static char *markup_digits(char *end, uint64_t v)
{
	do {
		*--end = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	return end;
}

static uint64_t markup_magnitude(int64_t v)
{
	return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

void ff_put_fixed(struct ff_buf *out, int64_t hundredths)
{
	char b[32], *end = b + sizeof(b), *p = end;
	uint64_t v = markup_magnitude(hundredths);

	*--p = (char)('0' + v % 10);
	*--p = (char)('0' + v / 10 % 10);
	*--p = '.';
	p = markup_digits(p, v / 100);
	if (hundredths < 0)
		*--p = '-';
	ff_buf_add(out, p, (size_t)(end - p));
}

void ff_put_short(struct ff_buf *out, int64_t hundredths)
{
	char b[32], *end = b + sizeof(b), *p = end;
	uint64_t v = markup_magnitude(hundredths);
	unsigned part = (unsigned)(v % 100);

	if (part % 10)
		*--p = (char)('0' + part % 10);
	if (part) {
		*--p = (char)('0' + part / 10);
		*--p = '.';
	}
	if (v >= 100 || !part)
		p = markup_digits(p, v / 100);
	if (hundredths < 0)
		*--p = '-';
	ff_buf_add(out, p, (size_t)(end - p));
}

unsigned ff_color_byte(double part)
{
	return part > 0 ? part < 1 ? (unsigned)lround(part * 255) : 255 : 0;
}

void ff_put_rgb(struct ff_buf *out, struct ff_color c)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned parts[] = {ff_color_byte(c.r), ff_color_byte(c.g),
				  ff_color_byte(c.b)};
	char b[7] = {'#'};

	for (int i = 0; i < 3; i++) {
		b[1 + 2 * i] = digits[parts[i] >> 4];
		b[2 + 2 * i] = digits[parts[i] & 15];
	}
	ff_buf_add(out, b, sizeof(b));
}

void ff_put_xml(struct ff_buf *out, const char *clean)
{
	for (; *clean; clean++) {
		switch (*clean) {
		case '&':
			ff_buf_adds(out, "&amp;");
			break;
		case '<':
			ff_buf_adds(out, "&lt;");
			break;
		case '>':
			ff_buf_adds(out, "&gt;");
			break;
		case '"':
			ff_buf_adds(out, "&quot;");
			break;
		default:
			ff_buf_addc(out, *clean);
		}
	}
}

void ff_put_base64(struct ff_buf *out, const uint8_t *data, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t v = (uint32_t)data[i] << 16;
		char b[4];

		v |= i + 1 < len ? (uint32_t)data[i + 1] << 8 : 0;
		v |= i + 2 < len ? (uint32_t)data[i + 2] : 0;
		b[0] = digits[v >> 18];
		b[1] = digits[v >> 12 & 63];
		b[2] = i + 1 < len ? digits[v >> 6 & 63] : '=';
		b[3] = i + 2 < len ? digits[v & 63] : '=';
		ff_buf_add(out, b, 4);
	}
}
