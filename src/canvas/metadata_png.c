/* SPDX-License-Identifier: MIT */
/* metadata_png - text chunks of a PNG file (PNG specification, third
 * edition, 5.3, 11.3.3, 11.3.4.3). The pixels are not looked at. */
#include "canvas/metadata.h"
#include "canvas/utf8.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

#define PNGIN_HEAD 8u /* of a chunk: length, type */
#define PNGIN_SIGNATURE 8u

struct pngin_chunk {
	const uint8_t *type, *data;
	size_t len;
};

/* The chunk at *at, which moves past it. */
static int pngin_next(struct pngin_chunk *c, const uint8_t *file, size_t len, size_t *at,
		      struct ff_err *err)
{
	size_t left = len - *at;
	uint32_t crc;

	if (left < PNGIN_HEAD + 4)
		return ff_fail(err, FF_EFORMAT, "PNG file ends early at byte %zu", len);
	c->len = ff_get_u32(file + *at, true);
	c->type = file + *at + 4;
	c->data = c->type + 4;
	if (c->len > left - PNGIN_HEAD - 4)
		return ff_fail(err, FF_EFORMAT,
			       "PNG chunk of %zu bytes at byte %zu passes the end",
			       c->len, *at);
	crc = (uint32_t)crc32_z(0, c->type, c->len + 4);
	/* pixel data are checked by whoever decodes them */
	if (memcmp(c->type, "IDAT", 4) != 0 && crc != ff_get_u32(c->data + c->len, true))
		return ff_fail(err, FF_EFORMAT, "damaged PNG chunk at byte %zu", *at);
	*at += PNGIN_HEAD + c->len + 4;
	return FF_OK;
}

static struct ff_buf *pngin_field(struct ff_metadata *m, const char *key)
{
	const struct {
		const char *key;
		struct ff_buf *field;
	} fields[] = {
		{"Title", &m->title},
		{"Description", &m->description},
		{"Software", &m->software},
		{"Provenance", &m->provenance},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (strcmp(key, fields[i].key) == 0)
			return fields[i].field;
	}
	return NULL;
}

/* Keyword, NUL, compression flag and method, language, NUL, translated keyword, NUL,
 * text. */
static void pngin_take_text(struct ff_metadata *m, const struct pngin_chunk *c)
{
	const uint8_t *p = c->data, *end = c->data + c->len;
	const uint8_t *nul = memchr(p, 0, c->len);
	struct ff_buf *field = nul ? pngin_field(m, (const char *)p) : NULL;

	if (!field || end - nul < 3 || nul[1] != 0)
		return;
	p = nul + 3;
	for (int i = 0; i < 2; i++) {
		nul = memchr(p, 0, (size_t)(end - p));
		if (!nul)
			return;
		p = nul + 1;
	}
	/* the first one counts */
	if (!field->len)
		ff_buf_add(field, p, (size_t)(end - p));
}

int ff_metadata_read_png(struct ff_metadata *m, const uint8_t *data, size_t len,
			 struct ff_err *err)
{
	size_t at = PNGIN_SIGNATURE;
	struct pngin_chunk c = {NULL, NULL, 0};

	do {
		int status = pngin_next(&c, data, len, &at, err);

		if (status < 0)
			return status;
		if (memcmp(c.type, "IHDR", 4) == 0 && c.len >= 8 && !m->shape.len)
			ff_buf_addf(&m->shape, "%u x %u px",
				    (unsigned)ff_get_u32(c.data, true),
				    (unsigned)ff_get_u32(c.data + 4, true));
		else if (memcmp(c.type, "pHYs", 4) == 0 && c.len == 9 && c.data[8] == 1)
			ff_buf_addf(&m->shape, ", %.0f dpi",
				    ff_get_u32(c.data, true) * 0.0254);
		else if (memcmp(c.type, "iTXt", 4) == 0)
			pngin_take_text(m, &c);
	} while (memcmp(c.type, "IEND", 4) != 0);
	return FF_OK;
}
