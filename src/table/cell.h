/* SPDX-License-Identifier: MIT */
/* cell - one value of a table as text, the same for every writer. */
#ifndef FLOWFIG_TABLE_CELL_H
#define FLOWFIG_TABLE_CELL_H

#include <flowfig/table.h>

enum { CELL_MAX = 48 }; /* bytes that hold any value but a text */

/* Writes the value, without NUL, into CELL_MAX bytes; returns the length: 0 for what is
 * not there (a double that is NaN, a time that is INT64_MIN). Not for FF_COL_TEXT. */
size_t cell_put(char *dst, const struct ff_column *c, size_t row);

/* The text of a FF_COL_TEXT cell; "" when it was never set. */
const char *cell_text(const struct ff_column *c, size_t row);

/* Is the column read as a number (and aligned as one)? */
bool cell_is_number(const struct ff_column *c);

/* "sources" or "width (ms)": the heading where tables are typeset. A time carries its
 * zone in every cell, so it needs no unit. */
void cell_heading(struct ff_buf *out, const struct ff_column *c);

/* Bytes of the UTF-8 sequence at s (RFC 3629: shortest form, no surrogates), 0 if it is
 * none. */
size_t cell_utf8(const char *s);

void csv_write(struct ff_buf *out, const struct ff_table *t);
void json_write(struct ff_buf *out, const struct ff_table *t);
void markdown_write(struct ff_buf *out, const struct ff_table *t);
void latex_write(struct ff_buf *out, const struct ff_table *t);

#endif
