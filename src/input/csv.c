/* SPDX-License-Identifier: MIT */
/* csv - tables with a header line: comma, semicolon, tab or bar between cells, quoted as
 * in RFC 4180 where needed (but without newlines in cells). Headers are known by the
 * names and aliases of the field table, others by --columns. */
#include "input/text.h"

static const struct text_dialect csv_dialect = {.name = "csv", .quotes = true};

/* Cells of the second line, to tell a table of unknown headers from prose. */
static unsigned csv_second_line(const uint8_t *head, size_t len, const char *line,
				size_t n, char delim)
{
	struct text_cell cells[TEXT_COLUMNS_MAX];
	size_t from = (size_t)((const uint8_t *)line - head) + n;
	const char *next;
	size_t m;

	while (from < len && head[from] != '\n')
		from++;
	if (from >= len || !text_first_line(&next, &m, head + from, len - from))
		return 0;
	return (unsigned)text_split(cells, TEXT_COLUMNS_MAX, next, m, delim, true);
}

static int csv_probe(const uint8_t *head, size_t len)
{
	struct text_guess g;
	const char *line;
	size_t n;

	if (!text_first_line(&line, &n, head, len) || !text_looks(line, n))
		return 0;
	text_guess_line(&g, line, n);
	/* JSON and markup have commas too */
	if (g.columns < 2 || *line == '{' || *line == '[' || *line == '<')
		return 0;
	if (g.key == 3)
		return 80;
	/* no flow file for flowfig as it stands, but a table: open() tells what is
	 * missing */
	if (g.addresses >= 2)
		return 40;
	if (g.columns >= 3 && g.delim != ' ' &&
	    csv_second_line(head, len, line, n, g.delim) == g.columns)
		return g.known > 0 ? 30 : 10;
	return 0;
}

static int csv_open(void **self, struct ff_stream *in, const struct ff_input_opts *o,
		    struct ff_err *err)
{
	return text_open(self, &csv_dialect, in, o, err);
}

const struct ff_reader_type ff_reader_csv = {
	.name = "csv",
	.summary = "comma-, semicolon- or tab-separated text with a header line",
	.probe = csv_probe,
	.open = csv_open,
	.fetch = text_fetch,
	.decode = text_decode,
	.describe = text_describe,
	.close = text_close,
};
