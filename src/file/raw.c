/* SPDX-License-Identifier: MIT */
/* raw - the bytes of a file as stored, hashed piece by piece as they pass. */
#include "file/stream.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One read(): small at first, so that a probe of many files stays cheap. */
#define RAW_FIRST_READ ((size_t)64 << 10)
#define RAW_READ ((size_t)256 << 10)

static int raw_init(struct file_raw *r, struct ff_err *err)
{
	r->piece = ff_alloc(FF_DIGEST_PIECE, 1);
	return r->piece ? FF_OK : ff_fail_nomem(err);
}

/* Standard input may be a regular file too, read from where the descriptor stands. */
static int raw_stat(struct file_raw *r, struct ff_err *err)
{
	struct stat st;

	if (fstat(r->fd, &st) != 0)
		return ff_fail_errno(err, errno, "cannot read '%s'", r->name);
	if (S_ISDIR(st.st_mode))
		return ff_fail_errno(err, EISDIR, "cannot read '%s'", r->name);
	if (S_ISREG(st.st_mode)) {
		off_t at = lseek(r->fd, 0, SEEK_CUR);

		/* size 0: files of /proc, which can only be read to their end */
		if (at >= 0 && st.st_size > at) {
			r->seekable = true;
			r->base = (uint64_t)at;
			r->size = (uint64_t)(st.st_size - at);
		}
	}
	return FF_OK;
}

int file_raw_open(struct file_raw *r, const char *path, struct ff_err *err)
{
	int status;

	if (strcmp(path, "-") == 0)
		r->fd = STDIN_FILENO;
	else
		r->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0)
		return ff_fail_errno(err, errno, "cannot open '%s'", r->name);
	r->hashing = true;
	status = raw_stat(r, err);
	return status == FF_OK ? raw_init(r, err) : status;
}

int file_raw_memory(struct file_raw *r, const void *data, size_t len, struct ff_err *err)
{
	r->fd = -1;
	r->memory = data;
	r->memory_len = len;
	r->seekable = true;
	r->hashing = true;
	r->size = len;
	return raw_init(r, err);
}

void file_raw_close(struct file_raw *r)
{
	if (r->fd > STDIN_FILENO)
		close(r->fd);
	ff_free(r->piece);
	ff_free(r->digests);
	memset(r, 0, sizeof(*r));
	r->fd = -1;
}

/* The piece is full, or the last one: remember its digest. */
static int raw_end_piece(struct file_raw *r, struct ff_err *err)
{
	int status;

	if (r->hashing && r->len > 0) {
		status = ff_grow(&r->digests, &r->cap, r->ndigests + 1,
				 sizeof(*r->digests), err);
		if (status != FF_OK)
			return status;
		r->digests[r->ndigests++] = ff_digest64(r->piece, r->len);
	}
	r->piece_offset += r->len;
	r->pos = r->len = 0;
	return FF_OK;
}

static ptrdiff_t raw_read(struct file_raw *r, uint8_t *buf, size_t n, struct ff_err *err)
{
	uint64_t at = r->piece_offset + r->len, left;
	ssize_t got;

	if (r->fd < 0) {
		n = n < r->memory_len - at ? n : (size_t)(r->memory_len - at);
		if (n > 0)
			memcpy(buf, r->memory + at, n);
		return (ptrdiff_t)n;
	}
	/* a plain file is what it was when it was opened, for those too who read it at
	 * any place */
	left = at < r->size ? r->size - at : 0;
	if (!r->hashing && left < n)
		n = (size_t)left;
	do { /* a signal that is not meant to end the program must not end the file */
		got = read(r->fd, buf, n);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return ff_fail_errno(err, errno, "cannot read '%s' at byte %" PRIu64,
				     r->name, at);
	return got;
}

int file_raw_fill(struct file_raw *r, struct ff_err *err)
{
	size_t room;
	ptrdiff_t got;
	int status;

	assert(r->pos == r->len);
	if (r->ended)
		return 0;
	if (r->len == FF_DIGEST_PIECE) {
		status = raw_end_piece(r, err);
		if (status != FF_OK)
			return status;
	}
	room = FF_DIGEST_PIECE - r->len;
	got = r->piece_offset + r->len == 0 ? (ptrdiff_t)RAW_FIRST_READ
					    : (ptrdiff_t)RAW_READ;
	got = raw_read(r, r->piece + r->len, room < (size_t)got ? room : (size_t)got,
		       err);
	if (got < 0)
		return (int)got;
	if (got == 0) {
		r->ended = true;
		status = raw_end_piece(r, err);
		return status == FF_OK ? 0 : status;
	}
	r->len += (size_t)got;
	return 1;
}

int file_raw_head(struct file_raw *r, size_t n, struct ff_err *err)
{
	ptrdiff_t got;

	assert(r->pos == 0 && r->piece_offset == 0);
	while (r->len < n && !r->ended) {
		got = raw_read(r, r->piece + r->len, RAW_FIRST_READ, err);
		if (got < 0)
			return (int)got;
		if (got == 0)
			break; /* file_raw_fill() meets the end again */
		r->len += (size_t)got;
	}
	return FF_OK;
}

ptrdiff_t file_raw_pread(const struct file_raw *r, void *buf, size_t n, uint64_t offset,
			 struct ff_err *err)
{
	size_t done = 0;

	if (r->fd < 0) {
		if (offset >= r->memory_len)
			return 0;
		n = n < r->memory_len - offset ? n : (size_t)(r->memory_len - offset);
		memcpy(buf, r->memory + offset, n);
		return (ptrdiff_t)n;
	}
	if (offset > (uint64_t)INT64_MAX - r->base)
		return 0;
	while (done < n) {
		ssize_t got = pread(r->fd, (uint8_t *)buf + done, n - done,
				    (off_t)(r->base + offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ff_fail_errno(err, errno,
					     "cannot read '%s' at byte %" PRIu64, r->name,
					     offset + done);
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ptrdiff_t)done;
}

/* A plain file: its pieces are read again, into the piece buffer. */
static int raw_digest_again(uint64_t *out, struct file_raw *r, struct ff_err *err)
{
	uint8_t *piece = ff_alloc(FF_DIGEST_PIECE, 1);
	uint64_t *digests = NULL, offset = 0;
	size_t n = 0, cap = 0;
	ptrdiff_t got = 0;
	int status = piece ? FF_OK : ff_fail_nomem(err);

	while (status == FF_OK) {
		got = file_raw_pread(r, piece, FF_DIGEST_PIECE, offset, err);
		if (got <= 0) {
			status = (int)got;
			break;
		}
		status = ff_grow(&digests, &cap, n + 1, sizeof(*digests), err);
		if (status == FF_OK)
			digests[n++] = ff_digest64(piece, (size_t)got);
		offset += (uint64_t)got;
	}
	if (status == FF_OK)
		*out = ff_digest_join(digests, n);
	ff_free(digests);
	ff_free(piece);
	return status;
}

int file_raw_digest(uint64_t *out, struct file_raw *r, struct ff_err *err)
{
	int more;

	if (!r->hashing)
		return raw_digest_again(out, r, err);
	do {
		r->pos = r->len;
		more = file_raw_fill(r, err);
	} while (more > 0);
	if (more < 0)
		return more;
	*out = ff_digest_join(r->digests, r->ndigests);
	return FF_OK;
}
