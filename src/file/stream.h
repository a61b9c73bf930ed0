/* SPDX-License-Identifier: MIT */
/* stream - the two halves of a stream: raw bytes as stored (raw.c) and the
 * decompressors of whole files that stand between them and the reader (unpack_*.c). */
#ifndef FLOWFIG_FILE_STREAM_H
#define FLOWFIG_FILE_STREAM_H

#include <flowfig/file.h>

/* What one step of a decompressor works on; step() moves the pointers. */
struct file_io {
	const uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_len;
	const char *reason; /* static text when step() fails; NULL: memory ran out */
};
enum file_step {
	FILE_STEP_FAILED = -1,
	FILE_STEP_MORE,	      /* wants more input or more room */
	FILE_STEP_MEMBER_END, /* one member (frame) ended; ready for the next */
};
struct file_unpack_type {
	const char *name; /* "gzip" */
	const char *magic;
	size_t magic_len;
	/* NULL: left out of this build */
	int (*open)(void **self, struct ff_err *err);
	enum file_step (*step)(void *self, struct file_io *io);
	void (*close)(void *self);
};
extern const struct file_unpack_type file_unpack_gzip, file_unpack_zstd, file_unpack_bz2,
	file_unpack_lz4;
/* NULL when the first bytes belong to none. */
const struct file_unpack_type *file_unpack_find(const uint8_t *head, size_t len);

/* Bytes as stored, in order. They are kept until a whole digest piece is there, hashed,
 * and dropped, so that hashing costs no second read. */
struct file_raw {
	const char *name; /* borrowed */
	int fd;		  /* -1: memory */
	const uint8_t *memory;
	uint64_t memory_len;
	bool seekable; /* regular file or memory: pread works */
	bool hashing;  /* false once the stream is known to be plain */
	bool ended;
	uint64_t base;	 /* of the file descriptor when it was opened (standard input) */
	uint64_t size;	 /* 0 = unknown */
	uint8_t *piece;	 /* FF_DIGEST_PIECE bytes */
	size_t pos, len; /* [pos, len) is not consumed yet */
	uint64_t piece_offset;
	uint64_t *digests;
	size_t ndigests, cap;
};
int file_raw_open(struct file_raw *r, const char *path, struct ff_err *err);
int file_raw_memory(struct file_raw *r, const void *data, size_t len, struct ff_err *err);
void file_raw_close(struct file_raw *r);
/* Makes at least one byte visible: 1, 0 at the end, < 0 on error. Only when pos == len.
 */
int file_raw_fill(struct file_raw *r, struct ff_err *err);
/* Makes n <= 16 bytes visible when there are so many; only before anything was consumed.
 */
int file_raw_head(struct file_raw *r, size_t n, struct ff_err *err);
ptrdiff_t file_raw_pread(const struct file_raw *r, void *buf, size_t n, uint64_t offset,
			 struct ff_err *err);
int file_raw_digest(uint64_t *out, struct file_raw *r, struct ff_err *err);

#endif
