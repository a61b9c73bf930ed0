/* SPDX-License-Identifier: MIT */
/* unpack_lz4 - LZ4 frames. */
#include "file/stream.h"

#ifdef FF_HAVE_LZ4
#include <lz4frame.h>

static int lz4_open(void **self, struct ff_err *err)
{
	LZ4F_dctx *z;

	if (LZ4F_isError(LZ4F_createDecompressionContext(&z, LZ4F_VERSION)))
		return ff_fail_nomem(err);
	*self = z;
	return FF_OK;
}

static enum file_step lz4_step(void *self, struct file_io *io)
{
	size_t used = io->in_len, made = io->out_len;
	size_t left = LZ4F_decompress(self, io->out, &made, io->in, &used, NULL);

	if (LZ4F_isError(left)) {
		io->reason = LZ4F_getErrorName(left);
		return FILE_STEP_FAILED;
	}
	io->in += used;
	io->in_len -= used;
	io->out += made;
	io->out_len -= made;
	/* 0 without any work is the answer to an empty input, not the end of a frame */
	return left == 0 && used + made > 0 ? FILE_STEP_MEMBER_END : FILE_STEP_MORE;
}

static void lz4_close(void *self)
{
	LZ4F_freeDecompressionContext(self);
}
#endif

const struct file_unpack_type file_unpack_lz4 = {
	.name = "lz4",
	.magic = "\x04\x22\x4d\x18",
	.magic_len = 4,
#ifdef FF_HAVE_LZ4
	.open = lz4_open,
	.step = lz4_step,
	.close = lz4_close,
#endif
};
