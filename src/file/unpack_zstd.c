/* SPDX-License-Identifier: MIT */
/* unpack_zstd - Zstandard frames (RFC 8878). */
#include "file/stream.h"

#ifdef FF_HAVE_ZSTD
#include <zstd.h>

static int zstd_open(void **self, struct ff_err *err)
{
	ZSTD_DStream *z = ZSTD_createDStream();

	if (!z)
		return ff_fail_nomem(err);
	*self = z;
	return FF_OK;
}

static enum file_step zstd_step(void *self, struct file_io *io)
{
	ZSTD_inBuffer in = {io->in, io->in_len, 0};
	ZSTD_outBuffer out = {io->out, io->out_len, 0};
	size_t left = ZSTD_decompressStream(self, &out, &in);

	io->in += in.pos;
	io->in_len -= in.pos;
	io->out += out.pos;
	io->out_len -= out.pos;
	if (ZSTD_isError(left)) {
		io->reason = ZSTD_getErrorName(left);
		return FILE_STEP_FAILED;
	}
	return left == 0 ? FILE_STEP_MEMBER_END : FILE_STEP_MORE;
}

static void zstd_close(void *self)
{
	ZSTD_freeDStream(self);
}
#endif

const struct file_unpack_type file_unpack_zstd = {
	.name = "zstd",
	.magic = "\x28\xb5\x2f\xfd",
	.magic_len = 4,
#ifdef FF_HAVE_ZSTD
	.open = zstd_open,
	.step = zstd_step,
	.close = zstd_close,
#endif
};
