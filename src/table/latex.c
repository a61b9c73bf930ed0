/* SPDX-License-Identifier: MIT */
/* latex - tabular with the rules of the booktabs package, numbers to the right. */
#include "table/cell.h"

#include <string.h>

static void latex_text(struct ff_buf *out, const char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s <
		    0x20) { /* an empty line would end the paragraph */
			ff_buf_addc(out, ' ');
			continue;
		}
		switch (*s) {
		case '\\':
			ff_buf_adds(out, "\\textbackslash{}");
			break;
		case '~':
			ff_buf_adds(out, "\\textasciitilde{}");
			break;
		case '^':
			ff_buf_adds(out, "\\textasciicircum{}");
			break;
		case '<':
			ff_buf_adds(out, "\\textless{}");
			break;
		case '>':
			ff_buf_adds(out, "\\textgreater{}");
			break;
		case '[':
		case '*': /* the line break before would take them as its own */
			ff_buf_addf(out, "{%c}", *s);
			break;
		case '-':
			/* no dash out of two hyphens */
			ff_buf_adds(out, s[1] == '-' ? "-{}" : "-");
			break;
		default:
			if (strchr("&%$#_{}", *s))
				ff_buf_addc(out, '\\');
			ff_buf_addc(out, *s);
		}
	}
}

static void latex_cell(struct ff_buf *out, const struct ff_column *c, size_t row)
{
	if (c->kind == FF_COL_TEXT)
		latex_text(out, cell_text(c, row));
	else if (c->kind == FF_COL_CODE) {
		char code[CELL_MAX] = "";

		cell_put(code, c, row);
		latex_text(out, code); /* "--" is no dash */
	} else if (ff_buf_reserve(out, CELL_MAX) == FF_OK)
		out->len += cell_put((char *)out->data + out->len, c, row);
}

void latex_write(struct ff_buf *out, const struct ff_table *t)
{
	struct ff_buf heading = FF_BUF_INIT;
	size_t i, row;

	ff_buf_adds(out, "% \\usepackage{booktabs}\n\\begin{tabular}{");
	for (i = 0; i < t->ncolumns; i++)
		ff_buf_addc(out, cell_is_number(&t->columns[i]) ? 'r' : 'l');
	ff_buf_adds(out, "}\n\\toprule\n");
	for (i = 0; i < t->ncolumns; i++) {
		ff_buf_clear(&heading);
		cell_heading(&heading, &t->columns[i]);
		out->failed |= heading.failed;
		ff_buf_adds(out, i ? " & " : "");
		latex_text(out, ff_buf_str(&heading));
	}
	ff_buf_adds(out, " \\\\\n\\midrule\n");
	for (row = 0; row < t->rows && !out->failed; row++) {
		for (i = 0; i < t->ncolumns; i++) {
			ff_buf_adds(out, i ? " & " : "");
			latex_cell(out, &t->columns[i], row);
		}
		ff_buf_adds(out, " \\\\\n");
	}
	ff_buf_adds(out, "\\bottomrule\n\\end{tabular}\n");
	ff_buf_release(&heading);
}
