/* SPDX-License-Identifier: MIT */
/* unpack_bz2 - bzip2 streams. */
#include "file/stream.h"

#ifdef FF_HAVE_BZ2
#include <bzlib.h>
#include <limits.h>
#include <string.h>

static void *bz2_alloc(void *unused, int items, int size)
{
	(void)unused;
	return items < 0 || size < 0 ? NULL : ff_alloc((size_t)items, (size_t)size);
}

static void bz2_release(void *unused, void *p)
{
	(void)unused;
	ff_free(p);
}

static int bz2_start(bz_stream *z)
{
	memset(z, 0, sizeof(*z));
	z->bzalloc = bz2_alloc;
	z->bzfree = bz2_release;
	return BZ2_bzDecompressInit(z, 0, 0);
}

static int bz2_open(void **self, struct ff_err *err)
{
	bz_stream *z = ff_calloc(1, sizeof(*z));

	if (!z)
		return ff_fail_nomem(err);
	if (bz2_start(z) != BZ_OK) {
		ff_free(z);
		return ff_fail_nomem(err);
	}
	*self = z;
	return FF_OK;
}

static enum file_step bz2_failed(struct file_io *io, int result)
{
	switch (result) {
	case BZ_MEM_ERROR:
		io->reason = NULL;
		break;
	case BZ_DATA_ERROR_MAGIC:
		io->reason = "no bzip2 header";
		break;
	default:
		io->reason = "checksum or code error";
	}
	return FILE_STEP_FAILED;
}

static enum file_step bz2_step(void *self, struct file_io *io)
{
	bz_stream *z = self;
	size_t room = io->out_len < UINT_MAX ? io->out_len : UINT_MAX;
	size_t given = io->in_len < UINT_MAX ? io->in_len : UINT_MAX;
	int result;

	if (!z->state) /* an earlier restart failed */
		return bz2_failed(io, BZ_MEM_ERROR);
	z->next_in = (char *)(uintptr_t)io->in; /* the library does not write to it */
	z->avail_in = (unsigned)given;
	z->next_out = (char *)io->out;
	z->avail_out = (unsigned)room;
	result = BZ2_bzDecompress(z);
	io->in += given - z->avail_in;
	io->in_len -= given - z->avail_in;
	io->out += room - z->avail_out;
	io->out_len -= room - z->avail_out;
	if (result == BZ_OK)
		return FILE_STEP_MORE;
	if (result != BZ_STREAM_END)
		return bz2_failed(io, result);
	BZ2_bzDecompressEnd(z);
	result = bz2_start(z);
	return result == BZ_OK ? FILE_STEP_MEMBER_END : bz2_failed(io, result);
}

static void bz2_close(void *self)
{
	BZ2_bzDecompressEnd(self);
	ff_free(self);
}
#endif

const struct file_unpack_type file_unpack_bz2 = {
	.name = "bz2",
	.magic = "BZh",
	.magic_len = 3,
#ifdef FF_HAVE_BZ2
	.open = bz2_open,
	.step = bz2_step,
	.close = bz2_close,
#endif
};
