/* SPDX-License-Identifier: MIT */
/* file - how bytes come in and go out: streams that decompress by content, block
 * codecs, the container that all SiLK files share, and files replaced whole or not
 * at all. */
#ifndef FLOWFIG_FILE_H
#define FLOWFIG_FILE_H

#include <flowfig/base.h>

/* ---- reading ---- */

struct ff_stream;

/* Opens `path` ("-" is standard input). gzip, zstd, bz2 and lz4 frames are recognised by
 * content and decompressed (concatenated members too); a codec that was left out of
 * the build is an error that names it. A directory is FF_EIO. */
int ff_stream_open(struct ff_stream **out, const char *path, struct ff_err *err);
/* The same over memory that the caller keeps; `name` is used in messages. For tests and
 * fuzzing. */
int ff_stream_memory(struct ff_stream **out, const char *name, const void *data,
		     size_t len, struct ff_err *err);
void ff_stream_close(struct ff_stream *s);

/* Reads up to n bytes; fewer only at the end of the stream. Returns the count, 0 at the
 * end, < 0 on error. A damaged compressed file is FF_EFORMAT naming file, byte offset and
 * reason, and the bytes decoded before the damage are delivered first. */
ptrdiff_t ff_stream_read(struct ff_stream *s, void *buf, size_t n, struct ff_err *err);
/* Looks ahead without consuming: *data is borrowed until the next call. Returns the
 * number of bytes visible, at most n (n <= 64 KiB). */
ptrdiff_t ff_stream_peek(struct ff_stream *s, const uint8_t **data, size_t n,
			 struct ff_err *err);
const char *
ff_stream_name(const struct ff_stream *s); /* as given; "standard input" for - */
uint64_t
ff_stream_offset(const struct ff_stream *s); /* of the decompressed bytes consumed */
uint64_t
ff_stream_raw_offset(const struct ff_stream *s); /* of the bytes of the file itself */
uint64_t ff_stream_raw_size(const struct ff_stream *s); /* 0 when unknown (pipe) */
const char *ff_stream_codec(const struct ff_stream *s); /* "none", "gzip", "zstd", ... */

/* A plain, seekable, uncompressed file (or memory) can be read at any place from many
 * threads at once. ff_stream_pread does not move the stream; it returns fewer bytes only
 * at the end. */
bool ff_stream_is_plain(const struct ff_stream *s);
ptrdiff_t ff_stream_pread(const struct ff_stream *s, void *buf, size_t n, uint64_t offset,
			  struct ff_err *err);

/* ---- block codecs, as SiLK and nfdump use them ---- */

/* The first four are SiLK's numbers. LZ4 is a raw block without a frame. */
enum ff_codec {
	FF_CODEC_NONE,
	FF_CODEC_ZLIB,
	FF_CODEC_LZO1X,
	FF_CODEC_SNAPPY,
	FF_CODEC_LZ4,
	FF_CODEC_BZ2,
	FF_CODEC_ZSTD,
};
const char *ff_codec_name(enum ff_codec c);
bool ff_codec_built_in(enum ff_codec c);
/* Decompresses one block whose exact size is known. FF_EFORMAT (message is only the
 * reason; the caller puts file and offset in front) when it does not give exactly out_len
 * bytes. */
int ff_codec_decode(enum ff_codec c, void *out, size_t out_len, const void *in,
		    size_t in_len, struct ff_err *err);
/* The same for a block that does not tell its size: *out_len becomes the number of bytes,
 * at most out_cap. */
int ff_codec_decode_upto(size_t *out_len, enum ff_codec c, void *out, size_t out_cap,
			 const void *in, size_t in_len, struct ff_err *err);
/* NULL-separated list for --version: "gzip zstd bz2 lz4 lzo1x snappy", those built in. */
void ff_codec_list(struct ff_buf *out);

/* ---- the container of all SiLK files (flows, IPsets, prefix maps) ---- */

struct ff_silk_header {
	bool big_endian; /* byte order of the records */
	uint8_t format, file_version;
	enum ff_codec codec;
	uint32_t silk_version;
	uint16_t record_length, record_version;
	bool has_packed; /* entry 1 */
	int64_t hour_ns; /* start of the hour, ns UTC */
	uint32_t flowtype, sensor;
	bool has_ipset;	   /* entry 7 */
	uint32_t ipset[6]; /* children/node, leaf count, leaf size, node count, node size,
			      root */
	uint64_t body_offset;	   /* where the body begins, in decompressed bytes */
	struct ff_buf probe;	   /* entry 4, "" if none */
	struct ff_buf invocations; /* entries 2, one line each */
	struct ff_buf notes;	   /* entries 3, one line each */
};
#define FF_SILK_MAGIC "\xde\xad\xbe\xef"

/* Reads and checks the header (file version >= 16; older: a clear refusal). The stream
 * stands at the first body byte afterwards. Release *h also after failure is not needed.
 */
int ff_silk_header_read(struct ff_silk_header *h, struct ff_stream *s,
			struct ff_err *err);
void ff_silk_header_release(struct ff_silk_header *h);

/* One raw (still compressed) block of a compressed body. Returns 1 with the block, 0 at
 * the end, < 0 on error (naming file, offset, reason). *out_len is the block's
 * decompressed size; the bytes are put into *raw (cleared first). offset: of the block's
 * header. When the block is cut short by the end of the file, *out_len is set all the
 * same (else 0). */
int ff_silk_block_read(struct ff_stream *s, struct ff_buf *raw, size_t *out_len,
		       uint64_t *offset, struct ff_err *err);
/* Reads the whole body, decompressed, into *out. For IPsets and prefix maps; refuses more
 * than `limit` bytes. */
int ff_silk_body_read(struct ff_buf *out, struct ff_stream *s,
		      const struct ff_silk_header *h, uint64_t limit, struct ff_err *err);

/* ---- writing: whole or not at all ---- */

struct ff_output;

/* Opens a temporary file beside `path` (same folder), or standard output for "-". On
 * ff_output_commit it is flushed, fsynced and renamed over `path`; on ff_output_abort, or
 * when the process ends without commit after ff_output_abort_all, nothing is left. */
int ff_output_open(struct ff_output **out, const char *path, struct ff_err *err);
/* Buffered; the first failure is remembered and told by commit (ENOSPC, EPIPE, ...). */
int ff_output_write(struct ff_output *o, const void *data, size_t len,
		    struct ff_err *err);
/* Overwrites bytes already written (headers with counts). Not for standard output. */
int ff_output_patch(struct ff_output *o, uint64_t offset, const void *data, size_t len,
		    struct ff_err *err);
int ff_output_commit(struct ff_output **o,
		     struct ff_err *err);   /* frees and NULLs *o always */
void ff_output_abort(struct ff_output **o); /* NULL allowed */
/* Removes the temporary files of all open outputs: async-signal-safe, for SIGINT. */
void ff_output_abort_all(void);
/* open + write + commit */
int ff_output_whole(const char *path, const void *data, size_t len, struct ff_err *err);

/* ---- digest: names the content of an input in provenance ----
 * 64-bit XXH3 over the XXH3 digests of consecutive 1 MiB pieces of the file as stored
 * (the digests as 8 little-endian bytes each). An empty file has no piece. */
#define FF_DIGEST_PIECE (UINT64_C(1) << 20)
uint64_t ff_digest64(const void *data, size_t len);
uint64_t ff_digest_join(const uint64_t *pieces,
			size_t count); /* of a file, from its pieces */
/* The digest of a stream's file as stored. A plain stream is read again from its start
 * (unless the caller has hashed the pieces as it read them: then join them); any other
 * stream has hashed its raw bytes as they came in, and what was not read yet is read now
 * and thrown away. */
int ff_stream_digest(uint64_t *out, struct ff_stream *s, struct ff_err *err);

#endif
