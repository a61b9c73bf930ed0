/* SPDX-License-Identifier: MIT */
/* pack - compresses bytes for tests of what reads them; and builds SiLK files in memory.
 */
#ifndef FLOWFIG_TESTS_PACK_H
#define FLOWFIG_TESTS_PACK_H

#include <flowfig/file.h>

/* Appends the whole of `data` as one member (frame) of "gzip", "zstd", "bz2" or "lz4" to
 * *out. False when that codec is not built in. */
bool pack_member(struct ff_buf *out, const char *codec, const void *data, size_t len);
/* Puts the bytes of one block, without any header, into the empty *out. False when the
 * codec is not built in. */
bool pack_codec(struct ff_buf *out, enum ff_codec codec, const void *data, size_t len);
/* Appends one SiLK block with its header. False when the codec is not built in. */
bool pack_block(struct ff_buf *out, enum ff_codec codec, const void *data, size_t len);

void pack_u16(struct ff_buf *out, bool big, unsigned v);
void pack_u32(struct ff_buf *out, bool big, uint32_t v);
void pack_u64(struct ff_buf *out, bool big, uint64_t v);
/* The 16 fixed bytes of a SiLK header, file version 16. */
void pack_silk_fixed(struct ff_buf *out, bool big, unsigned format, enum ff_codec codec,
		     unsigned record_length, unsigned record_version);
void pack_silk_entry(struct ff_buf *out, uint32_t id, const void *payload, size_t len);

#endif
