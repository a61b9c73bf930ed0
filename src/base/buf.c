/* SPDX-License-Identifier: MIT */
/* buf - growing byte buffer with a sticky failure, so that writers need to look only
 * once, at the end. After a failure nothing more is added: the text has no holes. */
#include <flowfig/base.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void ff_buf_release(struct ff_buf *b)
{
	ff_free(b->data);
	*b = (struct ff_buf)FF_BUF_INIT;
}

void ff_buf_clear(struct ff_buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data)
		b->data[0] = '\0';
}

int ff_buf_reserve(struct ff_buf *b, size_t room)
{
	if (b->failed)
		return FF_ENOMEM;
	if (room < b->cap - b->len) /* strictly: one byte more for the NUL */
		return FF_OK;
	if (room > SIZE_MAX - b->len - 1 ||
	    ff_grow(&b->data, &b->cap, b->len + room + 1, 1, NULL) < 0) {
		b->failed = true;
		/* a writer that filled the room itself may not have come to the NUL */
		if (b->data)
			b->data[b->len] = '\0';
		return FF_ENOMEM;
	}
	return FF_OK;
}

void ff_buf_add(struct ff_buf *b, const void *data, size_t len)
{
	if (ff_buf_reserve(b, len) < 0)
		return;
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void ff_buf_adds(struct ff_buf *b, const char *s)
{
	ff_buf_add(b, s, strlen(s));
}

void ff_buf_addc(struct ff_buf *b, char c)
{
	ff_buf_add(b, &c, 1);
}

void ff_buf_addf(struct ff_buf *b, const char *fmt, ...)
{
	va_list ap;
	int len;

	if (ff_buf_reserve(b, 64) < 0)
		return;
	va_start(ap, fmt);
	len = vsnprintf((char *)b->data + b->len, b->cap - b->len, fmt, ap);
	va_end(ap);
	if (len >= 0 && (size_t)len >= b->cap - b->len) {
		if (ff_buf_reserve(b, (size_t)len) < 0) {
			b->data[b->len] = '\0';
			return;
		}
		va_start(ap, fmt);
		len = vsnprintf((char *)b->data + b->len, b->cap - b->len, fmt, ap);
		va_end(ap);
	}
	if (len < 0) {
		b->data[b->len] = '\0';
		b->failed = true;
		return;
	}
	b->len += (size_t)len;
}

const char *ff_buf_str(const struct ff_buf *b)
{
	return b->data ? (const char *)b->data : "";
}
