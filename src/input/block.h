/* SPDX-License-Identifier: MIT */
/* block - what the source and the readers of plain files have to say alike. */
#ifndef FF_INPUT_BLOCK_H
#define FF_INPUT_BLOCK_H

#include <flowfig/input.h>

/* The file ends before what was claimed of it: FF_EIO, for the rest is lost. */
int block_shrank(const struct ff_stream *in, struct ff_err *err);

#endif
