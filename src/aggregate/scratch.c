/* SPDX-License-Identifier: MIT */
/* scratch - see scratch.h. */
#include "aggregate/scratch.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

int ff_scratch_open(int *fd, const char *dir, struct ff_err *err)
{
	struct ff_buf path = FF_BUF_INIT;
	ff_buf_addf(&path, "%s/flowfig-XXXXXX", dir);
	if (path.failed)
		return ff_fail_nomem(err);
	int f = mkstemp((char *)path.data);
	int rc = FF_OK;
	if (f < 0)
		rc = ff_fail_errno(err, errno, "cannot make a scratch file in '%s'", dir);
	else
		unlink((char *)path.data);
	ff_buf_release(&path);
	if (rc == FF_OK)
		*fd = f;
	return rc;
}

void ff_scratch_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

int ff_scratch_write(int fd, const void *data, size_t len, uint64_t offset,
		     const char *dir, struct ff_err *err)
{
	const uint8_t *p = data;
	while (len) {
		ssize_t n = pwrite(fd, p, len, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ff_fail_errno(err, n ? errno : ENOSPC,
					     "cannot write a scratch file in '%s'", dir);
		p += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return FF_OK;
}

int ff_scratch_read(int fd, void *data, size_t len, uint64_t offset, const char *dir,
		    struct ff_err *err)
{
	uint8_t *p = data;
	while (len) {
		ssize_t n = pread(fd, p, len, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ff_fail_errno(err, n ? errno : EIO,
					     "cannot read a scratch file in '%s'", dir);
		p += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return FF_OK;
}
