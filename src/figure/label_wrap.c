/* SPDX-License-Identifier: MIT */
/* Breaking long texts into lines, and shortening them. */
#include "figure/label.h"
#include "figure/words.h"

#include <math.h>
#include <string.h>

/* No line of a figure shows more bytes than this: a bound on measuring hostile words. */
#define WRAP_BYTES 600

/* What lines are measured with; is_bold: the line begins within a bold run. */
struct wrap {
	struct ff_canvas *cv;
	const struct ff_text_style *st;
	double width;
	bool is_bold;
};

/* Width of text[0..len) and a tail. */
static double wrap_measure(const struct wrap *w, const char *text, size_t len,
			   const char *tail)
{
	struct ff_buf b = FF_BUF_INIT;
	double width;

	if (w->is_bold)
		ff_buf_adds(&b, FF_MARK_BOLD);
	ff_buf_add(&b, text, len);
	ff_buf_adds(&b, tail);
	width = ff_canvas_measure(w->cv, w->st, ff_buf_str(&b)).width;
	ff_buf_release(&b);
	return width;
}

static bool wrap_fits(const struct wrap *w, const char *text, size_t len)
{
	return len <= WRAP_BYTES && wrap_measure(w, text, len, "") <= w->width;
}

/* Where the word that byte `at` < len is in, or stands before, ends. */
static size_t wrap_word(const char *text, size_t len, size_t at)
{
	at++;
	while (at < len && text[at] != ' ')
		at++;
	return at;
}

/* Where the word before the one that ends at `at` ends; 0 when that is the first. */
static size_t wrap_word_before(const char *text, size_t at)
{
	do
		at--;
	while (at > 0 && text[at] != ' ');
	return at;
}

/* Bytes of `text` that go on one line: up to the last space that still fits, at least one
 * word. Begins where letters of a usual width would end and walks from there: measuring
 * is what takes time. */
static size_t wrap_line(const struct wrap *w, const char *text)
{
	size_t len = strlen(text), before;
	double guess = fmax(0, w->width) / (.5 * w->st->size_pt);
	size_t at = wrap_word(text, len, guess < (double)len ? (size_t)guess : len - 1);

	if (wrap_fits(w, text, at)) {
		while (at < len) {
			size_t next = wrap_word(text, len, at);

			if (!wrap_fits(w, text, next))
				break;
			at = next;
		}
		return at;
	}
	while ((before = wrap_word_before(text, at)) > 0) {
		at = before;
		if (wrap_fits(w, text, at))
			break;
	}
	return at;
}

/* Whether a bold run crosses the end of the line. */
static bool wrap_ends_bold(const struct wrap *w, const char *text, size_t len)
{
	bool is_bold = w->is_bold;

	for (size_t i = 0; i < len; i++)
		is_bold = text[i] == FF_MARK_BOLD[0] ||
			  (is_bold && text[i] != FF_MARK_END[0]);
	return is_bold;
}

/* Moves past one line and the spaces after it. */
static const char *wrap_next(struct wrap *w, const char *text, size_t len)
{
	w->is_bold = wrap_ends_bold(w, text, len);
	text += len;
	while (*text == ' ')
		text++;
	return text;
}

/* Lines that the text takes, max_lines + 1 if more or if a word is too long. */
static size_t wrap_count(struct wrap w, const char *text, size_t max_lines)
{
	size_t lines = 0;

	while (*text) {
		size_t len = wrap_line(&w, text);

		if (++lines > max_lines || wrap_measure(&w, text, len, "") > w.width)
			return max_lines + 1;
		text = wrap_next(&w, text, len);
	}
	return lines;
}

/* Where text[0..len] last has the mark, when most of it is before that; else 0. */
static size_t wrap_whole(const char *text, size_t len, const char *mark)
{
	for (size_t i = len; 2 * i > len; i--)
		if (strncmp(text + i, mark, strlen(mark)) == 0)
			return i;
	return 0;
}

/* Longest prefix of whole clauses or words that fits with an ellipsis after it; never
 * splits a UTF-8 sequence. */
static size_t wrap_cut(const struct wrap *w, const char *text)
{
	size_t len = strnlen(text, WRAP_BYTES), whole;

	while (len > 0) {
		if (((unsigned char)text[len] & 0xc0) != 0x80 &&
		    wrap_measure(w, text, len, FF_ELLIPSIS) <= w->width)
			break;
		len--;
	}
	whole = wrap_whole(text, len, ", ");
	if (whole == 0)
		whole = wrap_whole(text, len, " ");
	if (whole > 0)
		len = whole;
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == ','))
		len--;
	return len;
}

/* Appends one line; a bold run that crosses its end is closed here and opened again on
 * the next. */
static void wrap_append(struct ff_buf *out, const struct wrap *w, const char *text,
			size_t len, const char *tail)
{
	if (w->is_bold)
		ff_buf_adds(out, FF_MARK_BOLD);
	ff_buf_add(out, text, len);
	ff_buf_adds(out, tail);
	if (wrap_ends_bold(w, text, len))
		ff_buf_adds(out, FF_MARK_END);
}

size_t ff_wrap(struct ff_buf *out, struct ff_canvas *cv, const struct ff_text_style *st,
	       const char *text, double width, size_t max_lines)
{
	struct wrap w = {.cv = cv, .st = st, .width = width};
	size_t need = wrap_count(w, text, max_lines), lines = 0;

	/* evenly long lines: the narrowest width that takes no more of them */
	for (int step = 0; need > 1 && need <= max_lines && step < 24; step++) {
		struct wrap narrower = w;

		narrower.width *= .97;
		if (wrap_count(narrower, text, max_lines) != need)
			break;
		w = narrower;
	}
	while (*text && lines < max_lines) {
		size_t len = wrap_line(&w, text);
		bool is_last = lines + 1 == max_lines &&
			       *wrap_next(&(struct wrap){0}, text, len);

		if (lines++ > 0)
			ff_buf_addc(out, '\n');
		if (is_last || wrap_measure(&w, text, len, "") > w.width)
			wrap_append(out, &w, text, wrap_cut(&w, text), FF_ELLIPSIS);
		else
			wrap_append(out, &w, text, len, "");
		text = wrap_next(&w, text, len);
	}
	return lines;
}

void ff_ellipsize_middle(struct ff_buf *out, struct ff_canvas *cv,
			 const struct ff_text_style *st, const char *text, double width)
{
	size_t len = strlen(text), head = len / 2, tail = len - len / 2;
	struct ff_buf b = FF_BUF_INIT;

	if (ff_canvas_measure(cv, st, text).width <= width) {
		ff_buf_adds(out, text);
		return;
	}
	if (len > WRAP_BYTES) {
		head = tail = WRAP_BYTES / 2;
		while (head > 0 && ((unsigned char)text[head] & 0xc0) == 0x80)
			head--;
		while (tail > 0 && ((unsigned char)text[len - tail] & 0xc0) == 0x80)
			tail--;
	}
	/* head and tail shrink in turn, both to UTF-8 boundaries */
	while (head + tail > 0) {
		if (head >= tail)
			do
				head--;
			while (head > 0 && ((unsigned char)text[head] & 0xc0) == 0x80);
		else
			do
				tail--;
			while (tail > 0 &&
			       ((unsigned char)text[len - tail] & 0xc0) == 0x80);
		ff_buf_clear(&b);
		ff_buf_add(&b, text, head);
		ff_buf_adds(&b, FF_ELLIPSIS);
		ff_buf_add(&b, text + len - tail, tail);
		if (b.failed || ff_canvas_measure(cv, st, ff_buf_str(&b)).width <= width)
			break;
	}
	ff_buf_adds(out, ff_buf_str(&b));
	ff_buf_release(&b);
}
