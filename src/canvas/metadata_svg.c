/* SPDX-License-Identifier: MIT */
/* metadata_svg - title, desc and metadata of an SVG file as svg.c writes them. No XML
 * parser: elements of others (prefixes, CDATA, nested markup) are not understood. */
#include "canvas/metadata.h"
#include "canvas/utf8.h"

#include <string.h>

#define SVGIN_ENTITY_MAX 10u /* "#x10ffff;" */

/* The text that an entity at p (past the ampersand) stands for; returns the bytes read, 0
 * if it is none. */
static size_t svgin_take_entity(struct ff_buf *out, const char *p, size_t room)
{
	static const struct {
		const char *name;
		char c;
	} names[] = {{"amp;", '&'},
		     {"lt;", '<'},
		     {"gt;", '>'},
		     {"quot;", '"'},
		     {"apos;", '\''}};
	uint32_t code = 0;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i].name);

		if (n <= room && memcmp(p, names[i].name, n) == 0) {
			ff_buf_addc(out, names[i].c);
			return n;
		}
	}
	if (room < 3 || p[0] != '#')
		return 0;
	for (i = 1; i < room && i < SVGIN_ENTITY_MAX && p[i] >= '0' && p[i] <= '9'; i++)
		code = code * 10 + (uint32_t)(p[i] - '0');
	if (i == 1 || i == room || p[i] != ';' || code > 0x10ffff)
		return 0;
	ff_utf8_put(out, code);
	return i + 1;
}

static void svgin_unescape(struct ff_buf *out, const char *p, size_t len)
{
	const char *end = p + len;

	while (p < end) {
		size_t n = 0;

		if (*p == '&')
			n = svgin_take_entity(out, p + 1, (size_t)(end - p - 1));
		if (n == 0)
			ff_buf_addc(out, *p);
		p += n + 1;
	}
}

/* The text of the first element `open` ("<title"), which `close` ends. */
static void svgin_take_element(struct ff_buf *out, const uint8_t *data, size_t len,
			       size_t from, const char *open, const char *close)
{
	size_t start = ff_find_bytes(data, len, from, open);
	size_t text = ff_find_bytes(data, len, start, ">");
	size_t end = ff_find_bytes(data, len, text, close);

	if (end < len)
		svgin_unescape(out, (const char *)data + text + 1, end - text - 1);
}

/* The value of an attribute of the element that starts at `from`. */
static void svgin_take_attribute(struct ff_buf *out, const uint8_t *data, size_t len,
				 size_t from, const char *name)
{
	size_t end = ff_find_bytes(data, len, from, ">");
	size_t start = ff_find_bytes(data, end, from, name);
	size_t value = start + strlen(name);

	if (start < end)
		ff_buf_add(out, data + value,
			   ff_find_bytes(data, end, value, "\"") - value);
}

int ff_metadata_read_svg(struct ff_metadata *m, const uint8_t *data, size_t len,
			 struct ff_err *err)
{
	static const char maker[] = "<!-- ";
	size_t root = ff_find_bytes(data, len, 0, "<svg ");
	size_t comment = ff_find_bytes(data, root, 0, maker);
	size_t comment_end = ff_find_bytes(data, root, comment, " -->");

	if (root == len)
		return ff_fail(err, FF_EFORMAT, "XML, but no SVG");
	if (comment_end < root)
		ff_buf_add(&m->software, data + comment + strlen(maker),
			   comment_end - comment - strlen(maker));
	/* ours stand before all that is drawn */
	svgin_take_attribute(&m->shape, data, len, root, " width=\"");
	ff_buf_adds(&m->shape, " x ");
	svgin_take_attribute(&m->shape, data, len, root, " height=\"");
	svgin_take_element(&m->title, data, len, root, "<title", "</title>");
	svgin_take_element(&m->description, data, len, root, "<desc", "</desc>");
	svgin_take_element(&m->provenance, data, len, root, "<metadata", "</metadata>");
	return FF_OK;
}
