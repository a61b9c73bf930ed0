/* SPDX-License-Identifier: MIT */
/* block - the bytes that a lane has claimed, and the count of its damaged records. */
#include "input/block.h"

#include <stdarg.h>
#include <stdio.h>

int ff_block_reserve(struct ff_block *b, size_t cap, struct ff_err *err)
{
	uint8_t *data;

	if (cap <= b->cap)
		return FF_OK;
	data = ff_realloc(b->data, cap, 1);
	if (!data)
		return ff_fail_nomem(err);
	b->data = data;
	b->cap = cap;
	return FF_OK;
}

int block_shrank(const struct ff_stream *in, struct ff_err *err)
{
	return ff_fail(err, FF_EIO, "'%s' became shorter while it was read",
		       ff_stream_name(in));
}

void ff_block_release(struct ff_block *b)
{
	ff_free(b->data);
	ff_buf_release(&b->scratch);
	*b = (struct ff_block){0};
}

void ff_block_bad(struct ff_block *b, uint64_t offset, uint64_t records, const char *fmt,
		  ...)
{
	char text[2 * sizeof b->first_bad.text];
	va_list ap;

	if (records == 0)
		return;
	b->bad = b->bad > UINT64_MAX - records ? UINT64_MAX : b->bad + records;
	if (b->first_bad.status != FF_OK && b->first_bad_offset <= offset)
		return;
	b->first_bad_offset = offset;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	ff_fail(&b->first_bad, FF_EFORMAT, "%s", text);
}
