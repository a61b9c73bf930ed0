/* SPDX-License-Identifier: MIT */
/* metadata - what one figure file says of itself, however its format writes it. */
#ifndef FF_CANVAS_METADATA_H
#define FF_CANVAS_METADATA_H

#include <flowfig/base.h>

/* Texts as found: any bytes, taken for UTF-8. */
struct ff_metadata {
	struct ff_buf software, title, description, provenance;
	struct ff_buf shape; /* "2118 x 1320 px, 300 dpi" or "508.32 x 316.8 pt" */
};

/* Each reads a file that its signature says is of the kind. */
int ff_metadata_read_png(struct ff_metadata *m, const uint8_t *data, size_t len,
			 struct ff_err *err);
int ff_metadata_read_svg(struct ff_metadata *m, const uint8_t *data, size_t len,
			 struct ff_err *err);
int ff_metadata_read_pdf(struct ff_metadata *m, const uint8_t *data, size_t len,
			 struct ff_err *err);

/* First place of `word` in data[from..len), or len. */
size_t ff_find_bytes(const uint8_t *data, size_t len, size_t from, const char *word);
bool ff_has_bytes(const uint8_t *data, size_t len, size_t at, const char *word);

#endif
