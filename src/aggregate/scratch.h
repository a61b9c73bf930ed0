/* SPDX-License-Identifier: MIT */
/* scratch - an unnamed file for what does not fit into the memory budget: it vanishes
 * with the process, however that ends. Messages name its folder. */
#ifndef FF_AGGREGATE_SCRATCH_H
#define FF_AGGREGATE_SCRATCH_H

#include <flowfig/base.h>

int ff_scratch_open(int *fd, const char *dir, struct ff_err *err);
void ff_scratch_close(int fd); /* below 0: nothing to do */
int ff_scratch_write(int fd, const void *data, size_t len, uint64_t offset,
		     const char *dir, struct ff_err *err);
/* Exactly len bytes. */
int ff_scratch_read(int fd, void *data, size_t len, uint64_t offset, const char *dir,
		    struct ff_err *err);

#endif
