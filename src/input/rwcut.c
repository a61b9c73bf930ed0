/* SPDX-License-Identifier: MIT */
/* rwcut - the text of SiLK's rwcut: a title line of SiLK's field names, which may be cut
 * to the width of their columns, and one line a flow, in any order and with any
 * delimiter. */
#include "input/text.h"

static const struct text_dialect rwcut_dialect = {.name = "rwcut", .quotes = false};

static int rwcut_probe(const uint8_t *head, size_t len)
{
	struct text_guess g;
	const char *line;
	size_t n;

	if (!text_first_line(&line, &n, head, len) || !text_looks(line, n))
		return 0;
	text_guess_line(&g, line, n);
	if (g.delim == '|' && g.key == 3)
		return 95;
	if (g.silk_names && g.key == 3)
		return 90;
	/* a title line without what flowfig needs, or no title line: open() tells */
	if (g.delim == '|' && (g.key == 2 || g.addresses >= 2))
		return 45;
	return 0;
}

static int rwcut_open(void **self, struct ff_stream *in, const struct ff_input_opts *o,
		      struct ff_err *err)
{
	return text_open(self, &rwcut_dialect, in, o, err);
}

const struct ff_reader_type ff_reader_rwcut = {
	.name = "rwcut",
	.summary = "text printed by SiLK's rwcut, any columns in any order",
	.probe = rwcut_probe,
	.open = rwcut_open,
	.fetch = text_fetch,
	.decode = text_decode,
	.describe = text_describe,
	.close = text_close,
};
