/* SPDX-License-Identifier: MIT */
/* unpack - the decompressors of whole files, and which of them a file needs. */
#include "file/stream.h"

#include <string.h>

static const struct file_unpack_type *const unpack_types[] = {
	&file_unpack_gzip,
	&file_unpack_zstd,
	&file_unpack_bz2,
	&file_unpack_lz4,
};
#define UNPACK_TYPES (sizeof(unpack_types) / sizeof(unpack_types[0]))

const struct file_unpack_type *file_unpack_find(const uint8_t *head, size_t len)
{
	size_t i;

	for (i = 0; i < UNPACK_TYPES; i++) {
		const struct file_unpack_type *t = unpack_types[i];

		if (len >= t->magic_len && memcmp(head, t->magic, t->magic_len) == 0)
			return t;
	}
	return NULL;
}

void ff_codec_list(struct ff_buf *out)
{
	enum ff_codec c;
	size_t i;

	for (i = 0; i < UNPACK_TYPES; i++) {
		if (unpack_types[i]->open) {
			ff_buf_adds(out, i > 0 ? " " : "");
			ff_buf_adds(out, unpack_types[i]->name);
		}
	}
	for (c = FF_CODEC_LZO1X; c <= FF_CODEC_SNAPPY; c++) {
		if (ff_codec_built_in(c)) {
			ff_buf_adds(out, " ");
			ff_buf_adds(out, ff_codec_name(c));
		}
	}
}
