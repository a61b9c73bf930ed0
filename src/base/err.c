/* SPDX-License-Identifier: MIT */
/* err - the fixed-size error message that travels up with a status. No allocation, so
 * that running out of memory can be reported too. */
#include <flowfig/base.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Length without a UTF-8 sequence that was cut in the middle at the end. */
static size_t err_whole_utf8(const char *text, size_t len)
{
	size_t start = len, want;
	unsigned char lead;

	while (start > 0 && len - start < 3 &&
	       ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start == 0)
		return len;
	lead = (unsigned char)text[start - 1];
	want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
	return len - (start - 1) < want ? start - 1 : len;
}

/* Formats into at most `cap` bytes; returns the length. */
static size_t err_format(char *text, size_t cap, const char *fmt, va_list ap)
	__attribute__((format(printf, 3, 0)));

static size_t err_format(char *text, size_t cap, const char *fmt, va_list ap)
{
	int len = vsnprintf(text, cap, fmt, ap);
	size_t kept;

	if (len < 0)
		kept = 0;
	else if ((size_t)len < cap)
		return (size_t)len;
	else
		kept = err_whole_utf8(text, cap - 1);
	text[kept] = '\0';
	return kept;
}

int ff_fail(struct ff_err *err, enum ff_status status, const char *fmt, ...)
{
	char text[sizeof(err->text)]; /* a copy: the old message may be an argument */
	va_list ap;

	if (!err)
		return status;
	va_start(ap, fmt);
	err_format(text, sizeof(text), fmt, ap);
	va_end(ap);
	memcpy(err->text, text, strlen(text) + 1);
	err->status = status;
	return status;
}

int ff_fail_errno(struct ff_err *err, int errnum, const char *fmt, ...)
{
	enum ff_status status = errnum == ENOMEM  ? FF_ENOMEM
				: errnum == EINTR ? FF_EINTR
						  : FF_EIO;
	char text[sizeof(err->text)], reason[80];
	size_t len;
	va_list ap;

	if (!err)
		return status;
	if (strerror_r(errnum, reason, sizeof(reason)))
		snprintf(reason, sizeof(reason), "error %d", errnum);
	/* a long file name must not push out the reason */
	va_start(ap, fmt);
	len = err_format(text, sizeof(text) - strlen(reason) - 2, fmt, ap);
	va_end(ap);
	memcpy(err->text, text, len);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", reason);
	err->status = status;
	return status;
}

int ff_fail_nomem(struct ff_err *err)
{
	return ff_fail(err, FF_ENOMEM, "out of memory");
}
