/* SPDX-License-Identifier: MIT */
/* text - the core that the rwcut and csv readers share: a title line says which column
 * is which field, then every line is one flow.
 *
 * Plain files are cut into chunks at MiB borders: fetch() only claims one, decode() reads
 * it; a line belongs to the chunk in which it starts. Other streams are read by fetch()
 * and cut at the last newline. Columns that nobody wants are stepped over, not parsed. */
#ifndef FF_INPUT_TEXT_H
#define FF_INPUT_TEXT_H

#include <flowfig/input.h>

enum {
	TEXT_CHUNK = 1 << 20,	 /* bytes claimed at once */
	TEXT_LINE_MAX = 1 << 16, /* bytes of one line; longer ones are damaged */
	TEXT_PAD = 32,		 /* readable bytes past the end of a block's data */
	TEXT_COLUMNS_MAX = 256,
};

/* A column is an enum ff_field, or one of these. */
enum {
	TEXT_CLASS = FF_FIELDS, /* SiLK class; the type column alone is FF_FLOWTYPE */
	TEXT_SKIP,		/* nothing that flowfig knows */
};

/* What the two readers differ in. */
struct text_dialect {
	const char *name;
	bool quotes; /* cells may be quoted as in RFC 4180 (but not hold newlines) */
};

struct text_cell {
	const char *s;
	size_t len;
};

/* From the end of the last parsed cell: skip `skip` delimiters, then parse `field`. */
struct text_step {
	uint16_t skip;
	uint8_t field;
};

/* How the lines are laid out; fixed once the title line is read. */
struct text_layout {
	char delim;
	bool quotes;
	uint16_t columns;
	uint8_t field[TEXT_COLUMNS_MAX]; /* of each column */
	uint32_t carries;		 /* FF_BIT mask, with what can be derived */
	struct text_step steps[FF_FIELDS + 1];
	uint16_t nsteps;
	uint16_t after;	 /* delimiters due after the last step's cell */
	uint32_t parsed; /* FF_BIT mask of the steps' fields */
	bool has_class;
};

struct text_input {
	const struct text_dialect *dialect;
	struct ff_stream *in;
	struct ff_site *site;
	struct text_layout layout;
	struct ff_buf titles; /* "sIP, dIP, ...", for describe */
	bool plain;
	uint64_t size;	      /* plain: of the file */
	uint64_t body_offset; /* of the first line after the title */
	uint64_t next;	      /* plain: where the next chunk starts */
	/* streams: the part of a line that the last block left over */
	struct ff_buf rest;
	uint64_t rest_offset, line;
	bool in_long_line; /* its beginning was dropped, its end is still to come */
	bool at_end;
	_Atomic uint64_t first_bad; /* lowest offset of a damaged line so far */
};

/* ---- text_layout.c: which column is what ---- */

/* Finds the delimiter and the columns from the first line, which is the title line
 * (*consume set to true) or, when --columns gave the order, data. The message names
 * `file`. */
int text_layout_find(struct text_layout *out, bool *consume, const char *file,
		     const struct text_dialect *d, const struct ff_input_opts *o,
		     const char *line, size_t len, struct ff_err *err);

/* ---- text_guess.c: splitting, and what a title line says ---- */

/* For probe(): the best delimiter of a line that may be a title line, and what was found.
 */
struct text_guess {
	char delim;
	unsigned columns;
	unsigned known;	    /* distinct fields found */
	unsigned key;	    /* of sIP, dIP and a time, how many */
	bool silk_names;    /* every known title is written as SiLK writes it */
	unsigned addresses; /* cells that are IP addresses: this is no title line */
};
void text_guess_line(struct text_guess *out, const char *line, size_t len);
/* Splits a line; returns the number of cells, at most max (the rest is left out). Quotes
 * are taken off, doubled ones stay. A blank last cell after a final delimiter counts. */
size_t text_split(struct text_cell *cells, size_t max, const char *line, size_t len,
		  char delim, bool quotes);
/* The field of each title: by name, or by number when all are numbers of rwcut --fields.
 */
void text_name_titles(uint8_t *fields, const struct text_cell *titles, size_t count);
/* Of sIP, dIP and the start (also as eTime and duration) how many a FF_BIT mask holds. */
unsigned text_key(uint32_t fields);

/* ---- text_title.c: the names of columns ---- */

/* enum ff_field, TEXT_CLASS, or TEXT_SKIP when unknown. */
int text_title_field(const char *s, size_t len);
/* SiLK's number of a field in --fields (1 = sIP, ...), likewise. */
int text_number_field(unsigned number);
const char *text_field_name(int field);
/* One character of --delimiter ("tab", ","); 0 when it is none. */
char text_delimiter(const char *word);

/* ---- text_columns.c: --columns ---- */

/* Fills fields of the `count` titles as "sip=src,dip=dst" says. */
int text_columns_map(uint8_t *fields, const struct text_cell *titles, size_t count,
		     const char *file, const char *columns, struct ff_err *err);
/* Reads "sip,dip,-,4-7,stime"; *count columns. */
int text_columns_order(uint8_t *fields, size_t *count, const char *columns,
		       struct ff_err *err);

/* ---- text_input.c: open, fetch, describe ---- */

int text_open(void **self, const struct text_dialect *d, struct ff_stream *in,
	      const struct ff_input_opts *o, struct ff_err *err);
int text_fetch(void *self, struct ff_block *b, struct ff_err *err);
int text_fill(struct text_input *t, struct ff_block *b, struct ff_err *err);
int text_describe(void *self, struct ff_input_info *info, struct ff_err *err);
void text_close(void *self);
/* The first line of `head` that is neither blank nor a comment; false when there is none.
 */
bool text_first_line(const char **line, size_t *len, const uint8_t *head,
		     size_t head_len);
/* No control characters but white space. */
bool text_looks(const void *data, size_t len);
/* Nothing but white space, or a '#' comment. */
bool text_is_blank(const char *line, size_t len);
/* Counts a damaged line that starts at data[pos]; `what` is the reason. */
void text_bad(struct text_input *t, struct ff_block *b, size_t pos, const char *what);

/* ---- text_decode.c: lines to flows ---- */

int text_decode(void *self, struct ff_block *b, struct ff_batch *out, struct ff_err *err);

/* ---- text_cell.c: cells to values ---- */

/* What one decode() call remembers between lines, so that it is worked out once. */
struct text_cursor {
	struct ff_site *site;
	char day[10]; /* "2013/03/03" */
	int64_t day_ns;
	char sensor[32];
	size_t sensor_len; /* 0 = none yet */
	uint16_t sensor_id;
	char class_type[64]; /* "all/inweb" */
	size_t class_type_len;
	int flowtype; /* -1 = the site does not know it */
	/* of the line at hand */
	struct text_cell class_name, type_name;
	int64_t duration_ns;
};
/* Every accepted form; s has no blanks around. A blank cell or "-" leaves the field
 * absent (flags and attributes: none). False when it is none of the field's forms. */
bool text_cell_any(struct text_cursor *c, struct ff_flow *f, unsigned field,
		   const char *s, size_t len);
/* Stores a number that is at most text_number_max(). */
static inline uint64_t text_number_max(unsigned field)
{
	switch (field) {
	case FF_PACKETS:
	case FF_BYTES:
		return UINT64_MAX;
	case FF_IN:
	case FF_OUT:
		return UINT32_MAX;
	case FF_SPORT:
	case FF_DPORT:
	case FF_APPLICATION:
		return UINT16_MAX;
	default:
		return UINT8_MAX;
	}
}

static inline void text_set_number(struct ff_flow *f, unsigned field, uint64_t v)
{
	switch (field) {
	case FF_PACKETS:
		f->packets = v;
		break;
	case FF_BYTES:
		f->bytes = v;
		break;
	case FF_IN:
		f->in = (uint32_t)v;
		break;
	case FF_OUT:
		f->out = (uint32_t)v;
		break;
	case FF_SPORT:
		f->sport = (uint16_t)v;
		break;
	case FF_DPORT:
		f->dport = (uint16_t)v;
		break;
	case FF_APPLICATION:
		f->application = (uint16_t)v;
		break;
	case FF_PROTOCOL:
		f->protocol = (uint8_t)v;
		break;
	case FF_FLAGS:
		f->flags = (uint8_t)v;
		break;
	case FF_ICMP_TYPE:
		f->icmp_type = (uint8_t)v;
		break;
	case FF_ICMP_CODE:
		f->icmp_code = (uint8_t)v;
		break;
	default:
		break;
	}
}
/* Turns the line's class and type cells into f->flowtype; absent when unknown to the
 * site. */
void text_cell_flowtype(struct text_cursor *c, struct ff_flow *f);
/* An IPv4 or IPv6 address or a decimal IPv4 number. */
bool text_cell_addr(struct ff_addr *out, const char *s, size_t len);
/* A time in any form of ff_parse_time, with an offset like +02:00 too, or epoch seconds,
 * ms, us, ns by the count of digits (up to 10, 13, 16, 19) with a fraction; but 14 digits
 * that are a date of 1970 to 2099 are YYYYMMDDhhmmss. */
bool text_cell_time(int64_t *out_ns, const char *s, size_t len);

#endif
