/* SPDX-License-Identifier: MIT */
/* ephemeral_sort - sorts rows of bytes as memcmp orders them. */
#ifndef FF_AGGREGATE_EPHEMERAL_SORT_H
#define FF_AGGREGATE_EPHEMERAL_SORT_H

#include <flowfig/base.h>

/* `length` <= EPHEMERAL_MAX_ROW. Needs as much memory again for a while. */
int ephemeral_sort(uint8_t *rows, size_t count, size_t length, struct ff_err *err);

#endif
