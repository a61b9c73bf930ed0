/* SPDX-License-Identifier: MIT */
/* cell - one value of a table as text, the same for every writer. */
#include "table/cell.h"

#include <assert.h>
#include <math.h>
#include <string.h>

size_t cell_put(char *dst, const struct ff_column *c, size_t row)
{
	struct ff_addr a;

	switch (c->kind) {
	case FF_COL_U64:
	case FF_COL_U16:
	case FF_COL_U8:
		return ff_put_u64(dst, ff_column_u64(c, row));
	case FF_COL_TIME:
		if (c->v.time[row] == INT64_MIN)
			return 0;
		return ff_put_time(dst, c->v.time[row]);
	case FF_COL_DOUBLE:
		if (isnan(c->v.number[row]))
			return 0;
		return strlen(ff_format_double(dst, CELL_MAX, c->v.number[row]));
	case FF_COL_ADDR:
	case FF_COL_V4:
		a = ff_column_addr(c, row);
		return ff_put_addr(dst, &a);
	case FF_COL_CODE:
		dst[0] = (char)(c->v.u16[row] >> 8);
		dst[1] = (char)(c->v.u16[row] & 0xff);
		return 2;
	case FF_COL_TEXT:
		break;
	}
	assert(!"cell_put: a text has no bound");
	return 0;
}

const char *cell_text(const struct ff_column *c, size_t row)
{
	return c->v.text[row] ? c->v.text[row] : "";
}

bool cell_is_number(const struct ff_column *c)
{
	return c->kind == FF_COL_U64 || c->kind == FF_COL_U16 || c->kind == FF_COL_U8 ||
	       c->kind == FF_COL_DOUBLE;
}

void cell_heading(struct ff_buf *out, const struct ff_column *c)
{
	ff_buf_adds(out, c->name);
	if (c->unit && c->unit[0] && c->kind != FF_COL_TIME)
		ff_buf_addf(out, " (%s)", c->unit);
}

size_t cell_utf8(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	/* the second byte's bounds keep out long forms, surrogates and what is past
	 * U+10FFFF */
	unsigned char low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
	unsigned char high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
	size_t len, i;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[1] < low || p[1] > high)
		return 0;
	for (i = 2; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return len;
}
