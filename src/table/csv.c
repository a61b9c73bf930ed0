/* SPDX-License-Identifier: MIT */
/* csv - RFC 4180 with a header line; lines end in LF. Written without printf: a table may
 * have millions of rows. */
#include "table/cell.h"

#include <string.h>

static void csv_text(struct ff_buf *out, const char *s)
{
	size_t len = strcspn(s, ",\"\r\n");

	if (s[len] == '\0' && s[0] != ' ' && (len == 0 || s[len - 1] != ' ')) {
		ff_buf_add(out, s, len);
		return;
	}
	ff_buf_addc(out, '"');
	while (*s) {
		len = strcspn(s, "\"");
		ff_buf_add(out, s, len);
		s += len;
		if (*s == '"') {
			ff_buf_add(out, "\"\"", 2);
			s++;
		}
	}
	ff_buf_addc(out, '"');
}

static void csv_row(struct ff_buf *out, const struct ff_table *t, size_t row)
{
	size_t start = out->len, i;

	for (i = 0; i < t->ncolumns; i++) {
		const struct ff_column *c = &t->columns[i];

		/* room for the comma and the line end too */
		if (ff_buf_reserve(out, CELL_MAX + 2) < 0)
			return;
		if (i > 0)
			out->data[out->len++] = ',';
		if (c->kind == FF_COL_TEXT)
			csv_text(out, cell_text(c, row));
		else
			out->len += cell_put((char *)out->data + out->len, c, row);
	}
	/* a line without anything would be no record */
	if (out->len == start)
		ff_buf_adds(out, "\"\"");
	ff_buf_addc(out, '\n');
}

void csv_write(struct ff_buf *out, const struct ff_table *t)
{
	size_t i;

	for (i = 0; i < t->ncolumns; i++) {
		if (i > 0)
			ff_buf_addc(out, ',');
		csv_text(out, t->columns[i].name);
	}
	ff_buf_addc(out, '\n');
	for (i = 0; i < t->rows && !out->failed; i++)
		csv_row(out, t, i);
}
