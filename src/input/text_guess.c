/* SPDX-License-Identifier: MIT */
/* text_guess - splits lines into cells, names the cells of a title line, and finds the
 * delimiter by what it makes of that line. */
#include "input/text.h"

#include <string.h>
#include <strings.h>

/* ---- splitting ---- */

static struct text_cell guess_trim(struct text_cell c)
{
	while (c.len > 0 && c.s[0] == ' ')
		c.s++, c.len--;
	while (c.len > 0 && c.s[c.len - 1] == ' ')
		c.len--;
	return c;
}

/* The length of a quoted cell with both quotes, or 0 when the closing quote is missing or
 * something else than the delimiter follows it. */
static size_t guess_quoted(const char *s, size_t len, char delim)
{
	for (size_t i = 1; i < len; i++) {
		if (s[i] != '"')
			continue;
		if (i + 1 < len && s[i + 1] == '"') {
			i++;
			continue;
		}
		return i + 1 == len || s[i + 1] == delim ? i + 1 : 0;
	}
	return 0;
}

size_t text_split(struct text_cell *cells, size_t max, const char *line, size_t len,
		  char delim, bool quotes)
{
	size_t n = 0;

	for (;; line++, len--) {
		const char *end;
		size_t cell, quoted = 0;
		struct text_cell c;

		/* padding is no part of a cell, nor between blanks a column of its own */
		while (len > 0 && *line == ' ')
			line++, len--;
		end = len ? memchr(line, delim, len) : NULL;
		cell = end ? (size_t)(end - line) : len;
		c = (struct text_cell){line, cell};
		if (quotes && len && *line == '"')
			quoted = guess_quoted(line, len, delim);
		if (quoted > 0) {
			cell = quoted;
			c = (struct text_cell){line + 1, quoted - 2};
		}
		if (n < max)
			cells[n] = guess_trim(c);
		n++;
		if (cell == len)
			break;
		line += cell;
		len -= cell;
	}
	return n < max ? n : max;
}

/* ---- guessing ---- */

/* "1|2|3|4|9|": the numbers of rwcut --fields. */
static bool guess_is_numbered(const struct text_cell *titles, size_t count)
{
	uint32_t seen = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t v;

		if (!ff_parse_u64(&v, titles[i].s, titles[i].len) || v < 1 || v > 29 ||
		    (seen & UINT32_C(1) << v))
			return false;
		seen |= UINT32_C(1) << v;
	}
	return (seen & 6) == 6 && (seen & (UINT32_C(1) << 9 | UINT32_C(1) << 22));
}

static uint8_t guess_own_title(const struct text_title *own, struct text_cell title)
{
	for (; own->name; own++)
		if (strlen(own->name) == title.len &&
		    strncasecmp(own->name, title.s, title.len) == 0)
			return own->column;
	return TEXT_SKIP;
}

void text_name_titles(uint8_t *fields, const struct text_title *own,
		      const struct text_cell *titles, size_t count)
{
	bool numbered = !own && guess_is_numbered(titles, count);

	for (size_t i = 0; i < count; i++) {
		uint64_t v = 0;

		if (own)
			fields[i] = guess_own_title(own, titles[i]);
		else if (numbered && ff_parse_u64(&v, titles[i].s, titles[i].len))
			fields[i] = (uint8_t)text_number_field((unsigned)v);
		else
			fields[i] = (uint8_t)text_title_field(titles[i].s, titles[i].len);
	}
}

static bool guess_is_silk_name(struct text_cell c, int field)
{
	const char *name = text_field_name(field);
	const char *plus = c.len ? memchr(c.s, '+', c.len) : NULL;
	size_t len = plus ? (size_t)(plus - c.s) : c.len;

	return len <= strlen(name) && memcmp(c.s, name, len) == 0;
}

unsigned text_key(uint32_t fields)
{
	uint32_t end = FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION);

	return !!(fields & FF_BIT(FF_SIP)) + !!(fields & FF_BIT(FF_DIP)) +
	       ((fields & FF_BIT(FF_STIME)) || (fields & end) == end);
}

static void guess_by(struct text_guess *g, const char *line, size_t len, char delim)
{
	struct text_cell cells[TEXT_COLUMNS_MAX];
	uint8_t fields[TEXT_COLUMNS_MAX];
	size_t n = text_split(cells, TEXT_COLUMNS_MAX, line, len, delim, true);
	uint32_t seen = 0;

	*g = (struct text_guess){.delim = delim, .silk_names = true};
	if (n > 1 && cells[n - 1].len == 0)
		n--; /* rwcut ends its lines with the delimiter */
	g->columns = (unsigned)n;
	text_name_titles(fields, NULL, cells, n);
	for (size_t i = 0; i < n; i++) {
		struct ff_addr a;

		if (fields[i] != TEXT_SKIP) {
			g->known += !(seen & FF_BIT(fields[i]));
			seen |= FF_BIT(fields[i]);
			g->silk_names &= guess_is_silk_name(cells[i], fields[i]);
		} else {
			g->addresses += ff_parse_addr(&a, cells[i].s, cells[i].len);
		}
	}
	g->silk_names &= g->known > 0;
	g->key = text_key(seen);
}

void text_guess_line(struct text_guess *out, const char *line, size_t len)
{
	/* the usual ones first: they win when others do as well */
	static const char candidates[] = "|\t,;^~!@#$%&*=/\\:<>?'`(){}[] ";
	struct text_guess best = {0};

	for (const char *c = candidates; *c; c++) {
		struct text_guess g;

		if (!memchr(line, *c, len))
			continue;
		/* titles may hold blanks: "Src Addr,Dst Addr,Start Time" */
		if (*c == ' ' && best.columns > 2 && strchr("|\t,;", best.delim))
			continue;
		guess_by(&g, line, len, *c);
		if (g.columns >= 2 &&
		    4 * g.known + g.addresses > 4 * best.known + best.addresses)
			best = g;
		else if (g.columns >= 2 && best.columns == 0)
			best = g;
	}
	if (best.columns == 0)
		guess_by(&best, line, len, 0);
	*out = best;
}
