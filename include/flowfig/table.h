/* SPDX-License-Identifier: MIT */
/* table - what a figure plots, and nothing else: typed columns with unit and meaning,
 * findings, attributes; and their writers (CSV, JSON, Markdown, LaTeX). */
#ifndef FLOWFIG_TABLE_H
#define FLOWFIG_TABLE_H

#include <flowfig/base.h>

enum ff_column_kind {
	FF_COL_U64,    /* uint64_t */
	FF_COL_TIME,   /* int64_t ns UTC */
	FF_COL_DOUBLE, /* double */
	FF_COL_ADDR,   /* struct ff_addr */
	FF_COL_TEXT,   /* char *, owned by the table */
	/* narrow twins for tables of many millions of rows: written as their wide ones */
	FF_COL_U16,  /* uint16_t, a number */
	FF_COL_U8,   /* uint8_t, a number */
	FF_COL_V4,   /* uint32_t, an IPv4 address in host order */
	FF_COL_CODE, /* uint16_t, two letters, the first in the high byte: a country */
};
struct ff_column {
	const char *name;    /* static, as in the CSV header */
	const char *unit;    /* static, "" if none */
	const char *meaning; /* static, one line */
	enum ff_column_kind kind;
	union {
		uint64_t *u64;
		int64_t *time;
		double *number;
		struct ff_addr *addr;
		char **text;
		uint16_t *u16;
		uint8_t *u8;
		uint32_t *v4;
	} v; /* `rows` items */
};
struct ff_table {
	const char *name; /* static */
	struct ff_column *columns;
	size_t ncolumns, rows, cap;
};
/* Columns are copied from `columns` (their v is ignored). */
int ff_table_init(struct ff_table *t, const char *name, const struct ff_column *columns,
		  size_t ncolumns, struct ff_err *err);
int ff_table_reserve(struct ff_table *t, size_t rows, struct ff_err *err);
void ff_table_release(struct ff_table *t);
const struct ff_column *ff_table_column(const struct ff_table *t,
					const char *name); /* NULL if none */

/* A cell of a column of whole numbers (U64, U16, U8) or of addresses (ADDR, V4). */
static inline uint64_t ff_column_u64(const struct ff_column *c, size_t row)
{
	return c->kind == FF_COL_U8    ? c->v.u8[row]
	       : c->kind == FF_COL_U16 ? c->v.u16[row]
				       : c->v.u64[row];
}
static inline struct ff_addr ff_column_addr(const struct ff_column *c, size_t row)
{
	return c->kind == FF_COL_V4 ? ff_addr_from_v4(c->v.v4[row]) : c->v.addr[row];
}

/* A fact that the aggregate found and the figure annotates. */
struct ff_finding {
	const char *kind; /* static, e.g. "peak", "fit", "ridge", "band", "partial" */
	double weight;	  /* importance: labels and title take the heaviest first */
	char *sentence;	  /* owned; plain text, a clause without full stop */
	char *selection;  /* owned; switches that pull the flows behind it, "" if none */
	/* region of the figure; meaning by aggregate; unused = INT64_MIN / 0 */
	int64_t from_ns, to_ns; /* half open */
	uint64_t low, high;	/* inclusive, e.g. the n-range */
	struct {
		const char *name;
		double value;
	} numbers[12]; /* static names, NULL ends */
};
/* A named fact about the whole result: scalar attributes the figure needs. */
struct ff_attr {
	const char *key; /* static */
	bool is_text;
	int64_t number;
	char *text; /* owned, NULL for numbers */
};
struct ff_result {
	struct ff_table *tables; /* tables[0] is the one `--data` writes */
	size_t ntables;
	struct ff_finding *findings; /* heaviest first, ties by kind, from_ns, low */
	size_t nfindings, findings_cap;
	struct ff_attr *attrs;
	size_t nattrs, attrs_cap;
};
void ff_result_release(struct ff_result *r);
const struct ff_table *ff_result_table(const struct ff_result *r, const char *name);
/* Appends a finding, zeroed but for its times, which are INT64_MIN; the pointer is valid
 * until the next append. */
int ff_result_add_finding(struct ff_result *r, struct ff_finding **out,
			  struct ff_err *err);
void ff_result_sort_findings(struct ff_result *r);
double ff_finding_number(const struct ff_finding *f, const char *name, double fallback);
int ff_result_set_number(struct ff_result *r, const char *key, int64_t v,
			 struct ff_err *err);
int ff_result_set_text(struct ff_result *r, const char *key, const char *v,
		       struct ff_err *err);
int64_t ff_result_number(const struct ff_result *r, const char *key, int64_t fallback);
const char *ff_result_text(const struct ff_result *r, const char *key); /* "" if none */

/* ---- writers: append the whole document to *out ---- */
enum ff_table_format { FF_TABLE_CSV, FF_TABLE_JSON, FF_TABLE_MD, FF_TABLE_TEX };
/* By extension (.csv .json .md .tex); -1 if none. */
int ff_table_format_of(const char *path);
void ff_table_write(struct ff_buf *out, const struct ff_table *t,
		    enum ff_table_format format);
/* {"findings":[{kind, sentence, selection, from, to, low, high, numbers}]} */
void ff_findings_write(struct ff_buf *out, const struct ff_result *r);
/* A JSON string with quotes, escaped; invalid UTF-8 becomes U+FFFD. */
void ff_json_string(struct ff_buf *out, const char *s);

#endif
