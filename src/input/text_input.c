/* SPDX-License-Identifier: MIT */
/* text_input - opens text, claims chunks of plain files, cuts streams at newlines, and
 * finds the line number of what is damaged. */
#include "input/text.h"
#include "input/block.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	TEXT_PEEK = 1 << 16, /* a title line must end within it */
	TEXT_TAIL = 1 << 12, /* read past a chunk at once: most last lines end in it */
};

/* ---- opening ---- */

/* Bytes of the first line at s without its newline; *whole tells whether it has one. */
static size_t input_line(const char *s, size_t len, bool *whole)
{
	const char *eol = memchr(s, '\n', len);

	*whole = eol != NULL;
	return eol ? (size_t)(eol - s) : len;
}

static uint64_t input_count_lines(const uint8_t *s, size_t len)
{
	uint64_t n = 0;

	for (const uint8_t *end = s + len;
	     (s = memchr(s, '\n', (size_t)(end - s))) != NULL; n++)
		s++;
	return n;
}

bool text_is_blank(const char *s, size_t len)
{
	if (len > 0 && s[0] == '#')
		return true;
	for (size_t i = 0; i < len; i++)
		if (s[i] != ' ' && s[i] != '\t' && s[i] != '\r')
			return false;
	return true;
}

bool text_looks(const void *data, size_t len)
{
	const uint8_t *head = data;

	for (size_t i = 0; i < len; i++)
		if (head[i] < ' ' && !(head[i] >= '\t' && head[i] <= '\r'))
			return false;
	return true;
}

static size_t input_bom(const uint8_t *head, size_t len)
{
	return len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

bool text_first_line(const char **line, size_t *len, const uint8_t *head, size_t head_len)
{
	const char *s = (const char *)head + input_bom(head, head_len);
	const char *end = (const char *)head + head_len;

	while (s < end) {
		bool whole;
		size_t n = input_line(s, (size_t)(end - s), &whole);

		if (!text_is_blank(s, n)) {
			*line = s;
			*len = n > 0 && s[n - 1] == '\r' ? n - 1 : n;
			return true;
		}
		s += n + whole;
	}
	return false;
}

int text_consume(struct text_input *t, size_t n, struct ff_err *err)
{
	uint8_t sink[512];

	while (n > 0) {
		size_t want = n < sizeof sink ? n : sizeof sink;
		ptrdiff_t got = ff_stream_read(t->in, sink, want, err);

		if (got < 0)
			return (int)got;
		if (got == 0)
			break;
		n -= (size_t)got;
	}
	return FF_OK;
}

static void input_keep_titles(struct text_input *t, const char *line, size_t len)
{
	struct text_cell cells[TEXT_COLUMNS_MAX];
	size_t n = text_split(cells, TEXT_COLUMNS_MAX, line, len, t->layout.delim,
			      t->layout.quotes);

	for (size_t i = 0; i < n && i < t->layout.columns; i++) {
		ff_buf_adds(&t->titles, i ? ", " : "");
		ff_buf_add(&t->titles, cells[i].s, cells[i].len);
	}
}

int text_open_titles(struct text_input *t, bool *consume, const struct ff_input_opts *o,
		     const char *line, size_t len, struct ff_err *err)
{
	int rc = text_layout_find(&t->layout, consume, ff_stream_name(t->in), t->dialect,
				  o, line, len, err);

	if (rc == FF_OK && *consume) {
		input_keep_titles(t, line, len);
		ff_buf_add(&t->header, line, len);
	}
	return rc;
}

/* The title line (or with --columns the first line of data) at the front of `n` bytes:
 * the stream is left behind the title, before data. */
static int input_open_title(struct text_input *t, const struct ff_input_opts *o,
			    const uint8_t *head, size_t n, struct ff_err *err)
{
	const char *name = ff_stream_name(t->in), *line = (const char *)head;
	bool whole, consume;
	size_t len = input_line(line, n, &whole);
	size_t text = len > 0 && line[len - 1] == '\r' ? len - 1 : len;
	int rc;

	if (!whole && n == TEXT_PEEK)
		return ff_fail(err, FF_EFORMAT,
			       "the title line of '%s' is longer than 64 KiB", name);
	rc = text_open_titles(t, &consume, o, line, text, err);
	if (rc < 0 || !consume)
		return rc;
	t->line++;
	return text_consume(t, len + whole, err);
}

/* Reads blank lines, comments and the title line, as many at once as can be seen. */
static int input_open_header(struct text_input *t, const struct ff_input_opts *o,
			     struct ff_err *err)
{
	for (;;) {
		const uint8_t *head;
		ptrdiff_t n = ff_stream_peek(t->in, &head, TEXT_PEEK, err);
		size_t blank = 0;
		const char *line;
		size_t len;
		int rc;

		if (n < 0)
			return (int)n;
		if (n == 0)
			return ff_fail(err, FF_EFORMAT,
				       "'%s' holds nothing but blank lines",
				       ff_stream_name(t->in));
		if (text_first_line(&line, &len, head, (size_t)n))
			blank = (size_t)((const uint8_t *)line - head);
		else /* what follows the last newline may go on */
			for (blank = (size_t)n; n == TEXT_PEEK && blank > 0; blank--)
				if (head[blank - 1] == '\n')
					break;
		if (blank == 0)
			return input_open_title(t, o, head, (size_t)n, err);
		t->line += input_count_lines(head, blank);
		rc = text_consume(t, blank, err);
		if (rc < 0)
			return rc;
	}
}

int text_open(void **self, const struct text_dialect *d, struct ff_stream *in,
	      const struct ff_input_opts *o, struct ff_err *err)
{
	struct text_input *t = ff_calloc(1, sizeof *t);
	int rc = FF_OK;

	*self = NULL;
	if (!t)
		return ff_fail_nomem(err);
	t->dialect = d;
	t->in = in;
	t->site = o->site;
	atomic_init(&t->first_bad, UINT64_MAX);
	if (d->line)
		t->layout.carries = d->carries;
	t->line = 1;
	if (d->header)
		rc = d->header(t, o, err);
	else if (!d->line)
		rc = input_open_header(t, o, err);
	if (rc == FF_OK && (t->titles.failed || t->header.failed))
		rc = ff_fail_nomem(err);
	if (rc < 0) {
		text_close(t);
		return rc;
	}
	t->plain = ff_stream_is_plain(in);
	t->size = ff_stream_raw_size(in);
	t->body_offset = t->next = t->rest_offset = ff_stream_offset(in);
	*self = t;
	return FF_OK;
}

void text_close(void *self)
{
	struct text_input *t = self;

	if (!t)
		return;
	ff_buf_release(&t->titles);
	ff_buf_release(&t->header);
	ff_buf_release(&t->rest);
	ff_free(t);
}

/* How many lines follow the title, counted where they are few, else worked out from the
 * first of them. Of a plain file; others would have to be read. */
static int input_lines(struct text_input *t, struct ff_buf *out, struct ff_err *err)
{
	enum { SAMPLE = 1 << 18 };
	uint64_t rest = t->plain ? t->size - t->body_offset : 0, lines = 0;
	char text[32], *data;
	ptrdiff_t n;

	if (rest == 0)
		return FF_OK;
	data = ff_alloc(SAMPLE, 1);
	if (!data)
		return ff_fail_nomem(err);
	n = ff_stream_pread(t->in, data, SAMPLE, t->body_offset, err);
	for (ptrdiff_t i = 0; i < n; i++)
		lines += data[i] == '\n';
	if (n > 0 && (uint64_t)n == rest)
		ff_buf_addf(out, "lines: %s\n",
			    ff_format_thousands(text, sizeof text,
						lines + (data[n - 1] != '\n')));
	else if (n > 0 && lines > 0)
		ff_buf_addf(out, "lines: about %s\n",
			    ff_format_thousands(text, sizeof text,
						(uint64_t)((double)rest / (double)n *
							   (double)lines)));
	ff_free(data);
	return n < 0 ? (int)n : FF_OK;
}

int text_describe(void *self, struct ff_input_info *info, struct ff_err *err)
{
	struct text_input *t = self;
	unsigned known = 0;
	char delim[16];
	int rc = input_lines(t, &info->more, err);

	if (rc < 0)
		return rc;
	info->carries = t->layout.carries;
	if (t->dialect->line) {
		snprintf(info->detail, sizeof info->detail, "JSON, one object a line");
		return info->more.failed ? ff_fail_nomem(err) : FF_OK;
	}
	for (size_t i = 0; i < t->layout.columns; i++)
		known += t->layout.field[i] != TEXT_SKIP;
	if (t->layout.delim == '\t')
		snprintf(delim, sizeof delim, "tabs");
	else
		snprintf(delim, sizeof delim, "'%c'", t->layout.delim);
	snprintf(info->detail, sizeof info->detail,
		 "text, %u of %u columns known, %s between them", known,
		 (unsigned)t->layout.columns, delim);
	if (t->titles.len)
		ff_buf_addf(&info->more, "columns: %s\n", ff_buf_str(&t->titles));
	return info->more.failed ? ff_fail_nomem(err) : FF_OK;
}

/* Ends the data with a newline, for a last line that has none, and notes whether any cell
 * may be quoted: then lines take the careful way. */
static void input_seal(const struct text_input *t, struct ff_block *b)
{
	memset(b->data + b->len, 0, TEXT_PAD);
	b->data[b->len] = '\n';
	b->note = t->layout.delim == ' ' ||
		  (t->layout.quotes && memchr(b->data, '"', b->len) != NULL);
}

/* ---- claiming ---- */

/* A claim of a later chunk starts one byte early: whether that byte is a newline tells
 * whether a line starts with the chunk. The first chunk is longer than the rest so that
 * no later claim can start at body_offset. */
static int input_claim(struct text_input *t, struct ff_block *b)
{
	uint64_t end;

	if (t->next >= t->size)
		return 0;
	end = (t->next / TEXT_CHUNK + 1) * TEXT_CHUNK;
	if (t->next == t->body_offset)
		end += TEXT_CHUNK;
	if (end > t->size)
		end = t->size;
	b->offset = t->next - (t->next > t->body_offset);
	b->claim_len = (size_t)(end - b->offset);
	t->next = end;
	return 1;
}

/* Drops from the block the end of a line whose beginning was too long to keep. */
static void input_end_long_line(struct text_input *t, struct ff_block *b)
{
	uint8_t *eol = memchr(b->data, '\n', b->len);

	if (!t->in_long_line)
		return;
	if (!eol) {
		b->pos = b->len;
		return;
	}
	t->in_long_line = false;
	b->pos = (size_t)(eol + 1 - b->data);
}

/* The part behind the last newline waits for the next block. */
static int input_cut(struct text_input *t, struct ff_block *b, struct ff_err *err)
{
	size_t len = b->len;

	while (len > b->pos && b->data[len - 1] != '\n')
		len--;
	if (len > b->pos || b->len - len <= TEXT_LINE_MAX) {
		ff_buf_clear(&t->rest);
		ff_buf_add(&t->rest, b->data + len, b->len - len);
		if (t->rest.failed)
			return ff_fail_nomem(err);
		b->len = len;
		return FF_OK;
	}
	/* a MiB without a newline: the line is damaged and not worth the memory */
	if (!t->in_long_line)
		text_bad(t, b, b->pos, "a line of more than 64 KiB");
	t->in_long_line = true;
	ff_buf_clear(&t->rest);
	b->pos = b->len;
	return FF_OK;
}

static int input_read(struct text_input *t, struct ff_block *b, struct ff_err *err)
{
	size_t rest = t->rest.len;
	ptrdiff_t n;
	int rc;

	if (t->at_end)
		return 0;
	rc = ff_block_reserve(b, rest + TEXT_CHUNK + TEXT_PAD, err);
	if (rc < 0)
		return rc;
	if (rest)
		memcpy(b->data, t->rest.data, rest);
	n = ff_stream_read(t->in, b->data + rest, TEXT_CHUNK, err);
	if (n < 0)
		return (int)n;
	b->len = rest + (size_t)n;
	b->offset = t->rest_offset;
	b->line = t->line;
	b->filled = true;
	t->at_end = n == 0; /* fewer bytes than asked for may also come before an error */
	input_end_long_line(t, b);
	if (!t->at_end) {
		rc = input_cut(t, b, err);
		if (rc < 0)
			return rc;
	}
	input_seal(t, b);
	t->line += input_count_lines(b->data, b->len);
	t->rest_offset += b->len;
	return b->len > 0 || !t->at_end;
}

int text_fetch(void *self, struct ff_block *b, struct ff_err *err)
{
	struct text_input *t = self;

	return t->plain ? input_claim(t, b) : input_read(t, b, err);
}

/* ---- reading a claim ---- */

/* Adds up to n bytes of the file behind b->len; *eof when the file ends there. */
static int input_extend(struct text_input *t, struct ff_block *b, size_t n, bool *eof,
			struct ff_err *err)
{
	ptrdiff_t got;
	int rc = ff_block_reserve(b, b->len + n + TEXT_PAD, err);

	if (rc < 0)
		return rc;
	got = ff_stream_pread(t->in, b->data + b->len, n, b->offset + b->len, err);
	if (got < 0)
		return (int)got;
	*eof = (size_t)got < n;
	b->len += (size_t)got;
	return FF_OK;
}

/* Reads what fetch() claimed and the end of its last line; b->len ends there, but at
 * least at the claim's end. A last line of more than 64 KiB stays cut, and so is found
 * too long. */
int text_fill(struct text_input *t, struct ff_block *b, struct ff_err *err)
{
	size_t claim = b->claim_len, from;
	const uint8_t *eol;
	bool eof = false;
	int rc;

	b->claim_len = 0;
	b->filled = b->raw = true;
	rc = input_extend(t, b, claim + TEXT_TAIL, &eof, err);
	if (rc < 0)
		return rc;
	if (b->len < claim)
		return block_shrank(t->in, err);
	from = claim - 1;
	for (;;) {
		eol = from < b->len ? memchr(b->data + from, '\n', b->len - from) : NULL;
		if (eol || eof || b->len > claim + TEXT_LINE_MAX)
			break;
		from = b->len;
		rc = input_extend(t, b, TEXT_LINE_MAX, &eof, err);
		if (rc < 0)
			return rc;
	}
	if (eol)
		b->len = (size_t)(eol + 1 - b->data);
	input_seal(t, b);
	if (b->offset > t->body_offset) {
		eol = memchr(b->data, '\n', b->len);
		b->pos = eol && (size_t)(eol - b->data) + 1 < claim
				 ? (size_t)(eol + 1 - b->data)
				 : b->len;
	}
	return FF_OK;
}

/* ---- damaged lines ---- */

/* The number of the line at `offset` of a plain file; 0 when it cannot be read. */
static uint64_t input_line_at(const struct text_input *t, uint64_t offset)
{
	uint8_t buf[16384];
	uint64_t line = 1;

	for (uint64_t at = 0; at < offset;) {
		size_t want =
			offset - at < sizeof buf ? (size_t)(offset - at) : sizeof buf;
		ptrdiff_t n = ff_stream_pread(t->in, buf, want, at, NULL);

		if (n <= 0)
			return 0;
		line += input_count_lines(buf, (size_t)n);
		at += (uint64_t)n;
	}
	return line;
}

void text_bad(struct text_input *t, struct ff_block *b, size_t pos, const char *what)
{
	uint64_t offset = b->offset + pos, lowest = atomic_load(&t->first_bad), line = 0;

	/* Counting lines reads the file from its start, so only a line that stands before
	 * all that were found so far is worth its number: the source keeps the first
	 * message. */
	while (offset < lowest &&
	       !atomic_compare_exchange_weak(&t->first_bad, &lowest, offset))
		;
	if (offset < lowest)
		line = t->plain ? input_line_at(t, offset)
				: b->line + input_count_lines(b->data, pos);
	if (line > 0)
		ff_block_bad(b, offset, 1, "%s in '%s' at line %" PRIu64, what,
			     ff_stream_name(t->in), line);
	else
		ff_block_bad(b, offset, 1, "%s in '%s' at byte %" PRIu64, what,
			     ff_stream_name(t->in), offset);
}
