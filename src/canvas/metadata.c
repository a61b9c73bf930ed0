/* SPDX-License-Identifier: MIT */
/* metadata - reads back what ff_canvas_finish() wrote into figure files. The bytes may be
 * anybody's: every length is checked, every loop moves forward. */
#include "canvas/metadata.h"
#include "canvas/utf8.h"

#include <flowfig/canvas.h>
#include <string.h>

bool ff_has_bytes(const uint8_t *data, size_t len, size_t at, const char *word)
{
	size_t n = strlen(word);

	return at <= len && len - at >= n && memcmp(data + at, word, n) == 0;
}

size_t ff_find_bytes(const uint8_t *data, size_t len, size_t from, const char *word)
{
	while (from < len) {
		const uint8_t *p = memchr(data + from, word[0], len - from);

		if (!p)
			break;
		from = (size_t)(p - data);
		if (ff_has_bytes(data, len, from, word))
			return from;
		from++;
	}
	return len;
}

/* "key: value", clean and on one line; nothing for an empty value. */
static void metadata_put(struct ff_buf *out, const char *key, const struct ff_buf *value)
{
	size_t from;

	if (!value->len)
		return;
	ff_buf_addf(out, "%s: ", key);
	from = out->len;
	ff_utf8_clean(out, (const char *)value->data, value->len);
	for (size_t i = from; i < out->len; i++) {
		if (out->data[i] == '\n' || out->data[i] == '\t')
			out->data[i] = ' ';
	}
	ff_buf_addc(out, '\n');
}

static bool metadata_failed(const struct ff_metadata *m)
{
	return m->software.failed || m->title.failed || m->description.failed ||
	       m->provenance.failed || m->shape.failed;
}

static void metadata_release(struct ff_metadata *m)
{
	ff_buf_release(&m->software);
	ff_buf_release(&m->title);
	ff_buf_release(&m->description);
	ff_buf_release(&m->provenance);
	ff_buf_release(&m->shape);
}

static int metadata_read(struct ff_metadata *m, const uint8_t *data, size_t len,
			 struct ff_err *err)
{
	if (ff_has_bytes(data, len, 0, "\x89PNG\r\n\x1a\n"))
		return ff_metadata_read_png(m, data, len, err);
	if (ff_has_bytes(data, len, 0, "%PDF-"))
		return ff_metadata_read_pdf(m, data, len, err);
	if (ff_has_bytes(data, len, 0, "<?xml ") || ff_has_bytes(data, len, 0, "<svg "))
		return ff_metadata_read_svg(m, data, len, err);
	return ff_fail(err, FF_EFORMAT, "no PNG, SVG or PDF file");
}

int ff_canvas_read_metadata(struct ff_buf *out, const uint8_t *data, size_t len,
			    struct ff_err *err)
{
	struct ff_metadata m;
	int status;

	memset(&m, 0, sizeof(m));
	status = metadata_read(&m, data, len, err);
	if (status == FF_OK && metadata_failed(&m))
		status = ff_fail_nomem(err);
	if (status == FF_OK &&
	    !ff_has_bytes(m.software.data, m.software.len, 0, "flowfig"))
		status = ff_fail(err, FF_EFORMAT, "a figure that flowfig did not draw");
	if (status == FF_OK) {
		metadata_put(out, "software", &m.software);
		metadata_put(out, "size", &m.shape);
		metadata_put(out, "title", &m.title);
		metadata_put(out, "description", &m.description);
		metadata_put(out, "provenance", &m.provenance);
		if (out->failed)
			status = ff_fail_nomem(err);
	}
	metadata_release(&m);
	return status;
}
