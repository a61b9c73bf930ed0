/* SPDX-License-Identifier: MIT */
/* What `flowfig info` reads out of a PNG, SVG or PDF. */
#include "fuzz/fuzz.h"

#include <flowfig/canvas.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_buf out = FF_BUF_INIT;
	struct ff_err err;
	ff_canvas_read_metadata(&out, data, size, &err);
	ff_buf_release(&out);
	return 0;
}
