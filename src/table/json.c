/* SPDX-License-Identifier: MIT */
/* json - strings, tables and findings as JSON (RFC 8259). What JSON cannot say, an
 * infinite or absent number, is null. */
#include "table/cell.h"

#include <math.h>
#include <string.h>

void ff_json_string(struct ff_buf *out, const char *s)
{
	static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *plain = s, *special;
	size_t len;

	ff_buf_addc(out, '"');
	while (*s) {
		len = cell_utf8(s);
		special = strchr(escaped, *s);
		if (len > 0 && !special && (unsigned char)*s >= 0x20) {
			s += len;
			continue;
		}
		ff_buf_add(out, plain, (size_t)(s - plain));
		if (len == 0)
			ff_buf_adds(out, "\xef\xbf\xbd"); /* U+FFFD */
		else if (special)
			ff_buf_addf(out, "\\%c", letters[special - escaped]);
		else
			ff_buf_addf(out, "\\u%04x", (unsigned char)*s);
		plain = ++s;
	}
	ff_buf_add(out, plain, (size_t)(s - plain));
	ff_buf_addc(out, '"');
}

static void json_double(struct ff_buf *out, double v)
{
	char text[CELL_MAX];

	ff_buf_adds(out, isfinite(v) ? ff_format_double(text, sizeof(text), v) : "null");
}

static void json_time(struct ff_buf *out, int64_t ns)
{
	char text[CELL_MAX];

	if (ns == INT64_MIN)
		ff_buf_adds(out, "null");
	else
		ff_json_string(out, ff_format_time(text, sizeof(text), ns));
}

static void json_member(struct ff_buf *out, const char *before, const char *key)
{
	ff_buf_adds(out, before);
	ff_json_string(out, key);
	ff_buf_adds(out, ": ");
}

/* ---- tables ---- */

static void json_column(struct ff_buf *out, const struct ff_column *c)
{
	static const char *const types[] = {
		[FF_COL_U64] = "integer",   [FF_COL_TIME] = "time",
		[FF_COL_DOUBLE] = "number", [FF_COL_ADDR] = "address",
		[FF_COL_TEXT] = "text",	    [FF_COL_U16] = "integer",
		[FF_COL_U8] = "integer",    [FF_COL_V4] = "address",
		[FF_COL_CODE] = "text",
	};

	json_member(out, "{", "name");
	ff_json_string(out, c->name);
	json_member(out, ", ", "unit");
	ff_json_string(out, c->unit ? c->unit : "");
	json_member(out, ", ", "meaning");
	ff_json_string(out, c->meaning ? c->meaning : "");
	json_member(out, ", ", "type");
	ff_json_string(out, types[c->kind]);
	ff_buf_addc(out, '}');
}

static void json_cell(struct ff_buf *out, const struct ff_column *c, size_t row)
{
	size_t len;

	if (c->kind == FF_COL_TEXT) {
		ff_json_string(out, cell_text(c, row));
		return;
	}
	if (c->kind == FF_COL_DOUBLE) {
		json_double(out, c->v.number[row]);
		return;
	}
	if (c->kind == FF_COL_TIME && c->v.time[row] == INT64_MIN) {
		ff_buf_adds(out, "null");
		return;
	}
	/* digits, or the plain letters of a time or an address: nothing to escape */
	if (ff_buf_reserve(out, CELL_MAX + 2) < 0)
		return;
	if (!cell_is_number(c))
		out->data[out->len++] = '"';
	len = cell_put((char *)out->data + out->len, c, row);
	out->len += len;
	if (!cell_is_number(c))
		out->data[out->len++] = '"';
}

void json_write(struct ff_buf *out, const struct ff_table *t)
{
	size_t i, row;

	json_member(out, "{", "table");
	ff_json_string(out, t->name);
	json_member(out, ",\n ", "columns");
	ff_buf_addc(out, '[');
	for (i = 0; i < t->ncolumns; i++) {
		ff_buf_adds(out, i ? ",\n  " : "\n  ");
		json_column(out, &t->columns[i]);
	}
	ff_buf_addc(out, ']');
	json_member(out, ",\n ", "rows");
	ff_buf_addc(out, '[');
	for (row = 0; row < t->rows && !out->failed; row++) {
		ff_buf_adds(out, row ? ",\n  [" : "\n  [");
		for (i = 0; i < t->ncolumns; i++) {
			if (i)
				ff_buf_add(out, ", ", 2);
			json_cell(out, &t->columns[i], row);
		}
		ff_buf_addc(out, ']');
	}
	ff_buf_adds(out, "]}\n");
}

/* ---- findings ---- */

static void json_finding(struct ff_buf *out, const struct ff_finding *f)
{
	const size_t most = sizeof(f->numbers) / sizeof(f->numbers[0]);
	bool has_range = f->low != 0 || f->high != 0;
	size_t i;

	json_member(out, "{", "kind");
	ff_json_string(out, f->kind ? f->kind : "");
	json_member(out, ",\n  ", "sentence");
	ff_json_string(out, f->sentence ? f->sentence : "");
	json_member(out, ",\n  ", "selection");
	ff_json_string(out, f->selection ? f->selection : "");
	json_member(out, ",\n  ", "from");
	json_time(out, f->from_ns);
	json_member(out, ", ", "to");
	json_time(out, f->to_ns);
	json_member(out, ", ", "low");
	if (has_range)
		ff_buf_addf(out, "%ju", (uintmax_t)f->low);
	else
		ff_buf_adds(out, "null");
	json_member(out, ", ", "high");
	if (has_range)
		ff_buf_addf(out, "%ju", (uintmax_t)f->high);
	else
		ff_buf_adds(out, "null");
	json_member(out, ",\n  ", "numbers");
	ff_buf_addc(out, '{');
	for (i = 0; i < most && f->numbers[i].name; i++) {
		json_member(out, i ? ", " : "", f->numbers[i].name);
		json_double(out, f->numbers[i].value);
	}
	ff_buf_adds(out, "}}");
}

void ff_findings_write(struct ff_buf *out, const struct ff_result *r)
{
	size_t i;

	json_member(out, "{", "findings");
	ff_buf_addc(out, '[');
	for (i = 0; i < r->nfindings; i++) {
		ff_buf_adds(out, i ? ",\n " : "\n ");
		json_finding(out, &r->findings[i]);
	}
	ff_buf_adds(out, "]}\n");
}
