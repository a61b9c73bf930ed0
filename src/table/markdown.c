/* SPDX-License-Identifier: MIT */
/* markdown - pipe table (GitHub Flavored Markdown, "Tables"), numbers to the right. */
#include "table/cell.h"

#include <string.h>

static bool markdown_is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static void markdown_text(struct ff_buf *out, const char *s)
{
	const char *p;

	for (p = s; *p; p++) {
		bool inside = *p == '_' && p > s && markdown_is_word(p[-1]) &&
			      markdown_is_word(p[1]);

		if ((unsigned char)*p < 0x20) { /* a cell is one line */
			ff_buf_addc(out, ' ');
			continue;
		}
		/* an underscore within a word is no emphasis */
		if (strchr("\\|`*_[]<>&~$", *p) && !inside)
			ff_buf_addc(out, '\\');
		ff_buf_addc(out, *p);
	}
}

static void markdown_cell(struct ff_buf *out, const struct ff_column *c, size_t row)
{
	if (c->kind == FF_COL_TEXT)
		markdown_text(out, cell_text(c, row));
	else if (ff_buf_reserve(out, CELL_MAX) == FF_OK)
		out->len += cell_put((char *)out->data + out->len, c, row);
}

void markdown_write(struct ff_buf *out, const struct ff_table *t)
{
	struct ff_buf heading = FF_BUF_INIT;
	size_t i, row;

	for (i = 0; i < t->ncolumns; i++) {
		ff_buf_clear(&heading);
		cell_heading(&heading, &t->columns[i]);
		out->failed |= heading.failed;
		ff_buf_adds(out, i ? " | " : "| ");
		markdown_text(out, ff_buf_str(&heading));
	}
	ff_buf_adds(out, " |\n");
	for (i = 0; i < t->ncolumns; i++)
		ff_buf_adds(out, cell_is_number(&t->columns[i]) ? "| ---: " : "| --- ");
	ff_buf_adds(out, "|\n");
	for (row = 0; row < t->rows && !out->failed; row++) {
		for (i = 0; i < t->ncolumns; i++) {
			ff_buf_adds(out, i ? " | " : "| ");
			markdown_cell(out, &t->columns[i], row);
		}
		ff_buf_adds(out, " |\n");
	}
	ff_buf_release(&heading);
}
