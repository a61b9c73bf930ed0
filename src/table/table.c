/* SPDX-License-Identifier: MIT */
/* table - typed columns that grow together. */
#include "table/cell.h"

#include <string.h>

static size_t table_item_size(enum ff_column_kind kind)
{
	switch (kind) {
	case FF_COL_U64:
		return sizeof(uint64_t);
	case FF_COL_TIME:
		return sizeof(int64_t);
	case FF_COL_DOUBLE:
		return sizeof(double);
	case FF_COL_ADDR:
		return sizeof(struct ff_addr);
	case FF_COL_U16:
	case FF_COL_CODE:
		return sizeof(uint16_t);
	case FF_COL_U8:
		return sizeof(uint8_t);
	case FF_COL_V4:
		return sizeof(uint32_t);
	case FF_COL_TEXT:
		break;
	}
	return sizeof(char *);
}

/* Where the column's array is, whatever its type. */
static void *table_items(struct ff_column *c)
{
	switch (c->kind) {
	case FF_COL_U64:
		return &c->v.u64;
	case FF_COL_TIME:
		return &c->v.time;
	case FF_COL_DOUBLE:
		return &c->v.number;
	case FF_COL_ADDR:
		return &c->v.addr;
	case FF_COL_U16:
	case FF_COL_CODE:
		return &c->v.u16;
	case FF_COL_U8:
		return &c->v.u8;
	case FF_COL_V4:
		return &c->v.v4;
	case FF_COL_TEXT:
		break;
	}
	return &c->v.text;
}

int ff_table_init(struct ff_table *t, const char *name, const struct ff_column *columns,
		  size_t ncolumns, struct ff_err *err)
{
	struct ff_column *copy = ff_alloc(ncolumns, sizeof(*copy));
	size_t i;

	*t = (struct ff_table){0};
	if (!copy)
		return ff_fail_nomem(err);
	for (i = 0; i < ncolumns; i++) {
		copy[i] = columns[i];
		memset(&copy[i].v, 0, sizeof(copy[i].v));
	}
	t->name = name;
	t->columns = copy;
	t->ncolumns = ncolumns;
	return FF_OK;
}

int ff_table_reserve(struct ff_table *t, size_t rows, struct ff_err *err)
{
	size_t cap = t->cap, i;

	if (rows <= t->cap)
		return FF_OK;
	for (i = 0; i < t->ncolumns; i++) {
		struct ff_column *c = &t->columns[i];
		int status;

		cap = t->cap;
		status = ff_grow(table_items(c), &cap, rows, table_item_size(c->kind),
				 err);
		if (status < 0)
			return status;
		/* so that release may free every text, written or not */
		if (c->kind == FF_COL_TEXT)
			memset(c->v.text + t->cap, 0,
			       (cap - t->cap) * sizeof(*c->v.text));
	}
	t->cap = t->ncolumns ? cap : rows;
	return FF_OK;
}

void ff_table_release(struct ff_table *t)
{
	size_t i, row;

	for (i = 0; i < t->ncolumns; i++) {
		struct ff_column *c = &t->columns[i];

		for (row = 0; c->kind == FF_COL_TEXT && row < t->cap; row++)
			ff_free(c->v.text[row]);
		switch (c->kind) {
		case FF_COL_U64:
			ff_free(c->v.u64);
			break;
		case FF_COL_TIME:
			ff_free(c->v.time);
			break;
		case FF_COL_DOUBLE:
			ff_free(c->v.number);
			break;
		case FF_COL_ADDR:
			ff_free(c->v.addr);
			break;
		case FF_COL_U16:
		case FF_COL_CODE:
			ff_free(c->v.u16);
			break;
		case FF_COL_U8:
			ff_free(c->v.u8);
			break;
		case FF_COL_V4:
			ff_free(c->v.v4);
			break;
		case FF_COL_TEXT:
			ff_free(c->v.text);
			break;
		}
	}
	ff_free(t->columns);
	*t = (struct ff_table){0};
}

const struct ff_column *ff_table_column(const struct ff_table *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->ncolumns; i++)
		if (strcmp(t->columns[i].name, name) == 0)
			return &t->columns[i];
	return NULL;
}

/* ---- writers ---- */

/* In the order of enum ff_table_format. */
static const struct {
	const char *extension;
	void (*write)(struct ff_buf *out, const struct ff_table *t);
} table_formats[] = {
	{".csv", csv_write},
	{".json", json_write},
	{".md", markdown_write},
	{".tex", latex_write},
};

int ff_table_format_of(const char *path)
{
	size_t len = strlen(path), i;

	for (i = 0; i < sizeof(table_formats) / sizeof(table_formats[0]); i++) {
		size_t n = strlen(table_formats[i].extension);

		if (len > n && strcmp(path + len - n, table_formats[i].extension) == 0)
			return (int)i;
	}
	return -1;
}

void ff_table_write(struct ff_buf *out, const struct ff_table *t,
		    enum ff_table_format format)
{
	table_formats[format].write(out, t);
}
