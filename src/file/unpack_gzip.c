/* SPDX-License-Identifier: MIT */
/* unpack_gzip - gzip members (RFC 1952) by zlib, which checks their CRC. */
#include "file/stream.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

static void *gzip_alloc(void *unused, unsigned items, unsigned size)
{
	(void)unused;
	return ff_alloc(items, size);
}

static void gzip_release(void *unused, void *p)
{
	(void)unused;
	ff_free(p);
}

static int gzip_open(void **self, struct ff_err *err)
{
	z_stream *z = ff_calloc(1, sizeof(*z));

	if (!z)
		return ff_fail_nomem(err);
	z->zalloc = gzip_alloc;
	z->zfree = gzip_release;
	if (inflateInit2(z, 16 + MAX_WBITS) != Z_OK) { /* 16: gzip header and trailer */
		ff_free(z);
		return ff_fail_nomem(err);
	}
	*self = z;
	return FF_OK;
}

static enum file_step gzip_step(void *self, struct file_io *io)
{
	z_stream *z = self;
	size_t room = io->out_len < UINT_MAX ? io->out_len : UINT_MAX;
	size_t given = io->in_len < UINT_MAX ? io->in_len : UINT_MAX;
	int result;

	z->next_in = (z_const Bytef *)io->in;
	z->avail_in = (uInt)given;
	z->next_out = io->out;
	z->avail_out = (uInt)room;
	result = inflate(z, Z_NO_FLUSH);
	io->in += given - z->avail_in;
	io->in_len -= given - z->avail_in;
	io->out += room - z->avail_out;
	io->out_len -= room - z->avail_out;
	switch (result) {
	case Z_OK:
	case Z_BUF_ERROR: /* no progress was possible: not fatal */
		return FILE_STEP_MORE;
	case Z_STREAM_END:
		inflateReset(z);
		return FILE_STEP_MEMBER_END;
	case Z_MEM_ERROR:
		io->reason = NULL;
		return FILE_STEP_FAILED;
	default:
		io->reason = z->msg ? z->msg : "inflate failed";
		return FILE_STEP_FAILED;
	}
}

static void gzip_close(void *self)
{
	inflateEnd(self);
	ff_free(self);
}

const struct file_unpack_type file_unpack_gzip = {
	.name = "gzip",
	.magic = "\x1f\x8b",
	.magic_len = 2,
	.open = gzip_open,
	.step = gzip_step,
	.close = gzip_close,
};
