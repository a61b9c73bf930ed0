/* SPDX-License-Identifier: MIT */
/* zeek - Zeek's conn.log, tab-separated with '#' lines or JSON. A record is a connection
 * and becomes a flow for each side that sent something. */
#include "input/text_json.h"
#include "input/zeek.h"

#include <string.h>

/* Whether `word` stands in the text. */
static bool zeek_has(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = text, *end = text + len; len >= n; p++) {
		p = memchr(p, word[0], (size_t)(end - p));
		if (!p || (size_t)(end - p) < n)
			return false;
		if (memcmp(p, word, n) == 0)
			return true;
	}
	return false;
}

/* Other logs of Zeek's are told by open(). */
static int zeek_probe_tsv(const char *head, size_t len)
{
	static const char *const conn[] = {"conn_state", "history", "_pkts", "_bytes",
					   "duration"};
	const char *line = head, *end = head + len;

	while (line < end && *line == '#') {
		const char *eol = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)((eol ? eol : end) - line);

		if (n > 8 && memcmp(line, "#fields", 7) == 0) {
			if (!zeek_has(line, n, "id.orig_h"))
				return 0;
			for (size_t i = 0; i < sizeof conn / sizeof *conn; i++)
				if (zeek_has(line, n, conn[i]))
					return 97;
			return 45;
		}
		line = eol ? eol + 1 : end;
	}
	return 0;
}

static int zeek_probe(const uint8_t *head, size_t len)
{
	const char *text = (const char *)head;

	if (len == 0 || !text_looks(head, len))
		return 0;
	if (text[0] == '#')
		return zeek_probe_tsv(text, len);
	if (text[0] != '{' || !(text_json_has(head, len, "id.orig_h", NULL) ||
				text_json_has(head, len, "id_orig_h", NULL)))
		return 0;
	return text_json_has(head, len, "conn_state", NULL) ||
			       text_json_has(head, len, "orig_pkts", NULL)
		       ? 95
		       : 45;
}

static int zeek_open(void **self, struct ff_stream *in, const struct ff_input_opts *o,
		     struct ff_err *err)
{
	const uint8_t *head;
	ptrdiff_t n = ff_stream_peek(in, &head, 1, err);

	*self = NULL;
	if (n < 0)
		return (int)n;
	return text_open(self, n > 0 && head[0] == '{' ? &zeek_json : &zeek_tsv, in, o,
			 err);
}

const struct ff_reader_type ff_reader_zeek = {
	.name = "zeek",
	.summary = "conn.log of Zeek, tab-separated or JSON",
	.probe = zeek_probe,
	.open = zeek_open,
	.fetch = text_fetch,
	.decode = text_decode,
	.describe = text_describe,
	.close = text_close,
};
