/* SPDX-License-Identifier: MIT */
/* text - the core that all readers of text share: lines are found and handed out, a title
 * line says which column is which field, and a line becomes flows: one where the text is
 * of flows, up to two where it is of connections, or none.
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
	TEXT_WHY = 160,	     /* bytes that hold a reason */
	TEXT_OWN_MAX = 16,   /* columns that only their dialect understands */
	TEXT_LINE_FLOWS = 2, /* flows that one line may become */
	TEXT_NOMEM = -2,
	TEXT_NO_TEST = 0xffff, /* more steps than there are */
};

/* A column is an enum ff_field, or one of these. */
enum {
	TEXT_CLASS = FF_FIELDS, /* SiLK class; the type column alone is FF_FLOWTYPE */
	TEXT_SKIP,		/* nothing that flowfig knows */
	TEXT_OWN,		/* TEXT_OWN + i: cell i of the dialect's own */
};

struct text_cell {
	const char *s;
	size_t len;
};

/* A title of a dialect that has its own. */
struct text_title {
	const char *name; /* whatever the case; NULL ends the list */
	uint8_t column;	  /* enum ff_field, or TEXT_OWN + i */
	uint32_t gives;	  /* FF_BIT mask of further fields that the column leads to */
};

struct text_input;
struct text_layout;
struct text_cursor;

/* What the readers of text differ in. All functions may be NULL. */
struct text_dialect {
	const char *name;
	bool quotes; /* cells may be quoted as in RFC 4180 (but not hold newlines) */
	/* all titles it knows; NULL: the names and aliases of the field table */
	const struct text_title *titles;
	uint32_t needs; /* FF_BIT mask of the fields that flows() looks at */
	/* titles of a file whose first line has none, but data */
	const char *untitled;
	char delim; /* 0: found from the title line */
	/* Reads what stands before the first record, instead of a title line. */
	int (*header)(struct text_input *t, const struct ff_input_opts *o,
		      struct ff_err *err);
	/* A line that begins with '#' at data[pos], after the header; others are stepped
	 * over. */
	int (*comment)(struct text_input *t, const struct ff_block *b, size_t pos,
		       const char *eol, struct ff_err *err);
	/* Whether a line that is no record stands there by right: totals at the end. */
	bool (*ignores)(const char *line, size_t len);
	/* f[0] holds what the columns said, ICMP type and code not yet worked out, and
	 * the own cells are in the cursor: makes f[0] and f[1] of it and returns how
	 * many; 0 is a line that tells of no flow. -1: damaged, with the reason;
	 * TEXT_NOMEM: no memory is left. */
	int (*flows)(const struct text_layout *l, struct text_cursor *c,
		     struct ff_flow f[TEXT_LINE_FLOWS], char why[TEXT_WHY]);
	/* Reads the whole line instead; f[0] is zero. Returns as flows() does. */
	int (*line)(const struct text_input *t, struct text_cursor *c,
		    struct ff_flow f[TEXT_LINE_FLOWS], const char *line, const char *eol,
		    char why[TEXT_WHY]);
	uint32_t carries; /* of a dialect that reads whole lines */
};

/* From the end of the last parsed cell: skip `skip` delimiters, then parse `field`. */
struct text_step {
	uint16_t skip;
	uint8_t field;
};

/* Which cells of a line are parsed. */
struct text_plan {
	struct text_step steps[FF_FIELDS + 1 + TEXT_OWN_MAX];
	uint16_t nsteps;
	uint16_t after;	 /* delimiters due after the last step's cell */
	uint32_t parsed; /* FF_BIT mask of the steps' fields */
};

/* How the lines are laid out; fixed once the title line is read. */
struct text_layout {
	char delim;
	bool quotes;
	uint16_t columns;
	uint8_t field[TEXT_COLUMNS_MAX]; /* of each column */
	uint32_t carries;		 /* FF_BIT mask, with what can be derived */
	/* A line goes by the full plan. Before step `test`, when both addresses are
	 * known, it goes on by the brief one, which has the same steps up to there, if it
	 * does not pass a filter. */
	struct text_plan full, brief;
	unsigned test; /* TEXT_NO_TEST: always the full plan */
	struct ff_filter keep, filter;
	bool has_class;
	bool icmp_in_ports; /* as SiLK and NetFlow have it; else flows() knows */
	/* the word for an absent value where it is not "-" */
	char unset[16];
	uint8_t unset_len;
};

struct text_input {
	const struct text_dialect *dialect;
	struct ff_stream *in;
	struct ff_site *site;
	struct text_layout layout;
	struct ff_buf titles; /* "sIP, dIP, ...", for describe */
	struct ff_buf header; /* the title line, as it may come again */
	unsigned mode;	      /* a dialect's own */
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
/* The column of each title: one of `own` (may be NULL), or else by the name of its field,
 * or by number when all are numbers of rwcut --fields. */
void text_name_titles(uint8_t *fields, const struct text_title *own,
		      const struct text_cell *titles, size_t count);
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
/* Reads "sip,dip,-,4-7,stime", the value of `option`; *count columns. */
int text_columns_order(uint8_t *fields, size_t *count, const char *option,
		       const char *columns, struct ff_err *err);

/* ---- text_input.c: open, fetch, describe ---- */

int text_open(void **self, const struct text_dialect *d, struct ff_stream *in,
	      const struct ff_input_opts *o, struct ff_err *err);
int text_fetch(void *self, struct ff_block *b, struct ff_err *err);
int text_fill(struct text_input *t, struct ff_block *b, struct ff_err *err);
int text_describe(void *self, struct ff_input_info *info, struct ff_err *err);
void text_close(void *self);
/* Steps over n bytes of the stream, which were peeked. */
int text_consume(struct text_input *t, size_t n, struct ff_err *err);
/* Fixes the layout by a title line. */
int text_open_titles(struct text_input *t, bool *consume, const struct ff_input_opts *o,
		     const char *line, size_t len, struct ff_err *err);
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

/* ---- text_own.c: what the dialects share ---- */

/* A number of an own cell, decimal or 0x hexadecimal: 1, 0 when the cell is blank or says
 * that it is absent, -1 when it is no number or above `max`, with the reason. */
int text_own_number(uint64_t *out, uint64_t max, const struct text_layout *l,
		    struct text_cell cell, const char *title, char why[TEXT_WHY]);
bool text_is_unset(const struct text_layout *l, struct text_cell cell);
/* "bad TITLE 'CELL'", printable and not too long. */
void text_why(char why[TEXT_WHY], const char *title, const char *s, size_t len);
/* The other direction of the connection whose originator's flow is `from`: addresses,
 * ports and orientation swapped; what only one side can tell (packets, bytes, flags, ICMP
 * type and code) is absent. */
void text_reverse(struct ff_flow *to, const struct ff_flow *from);

/* The type that answers an ICMP or ICMPv6 (protocol 58) type, or that it answers; -1 when
 * there is none. Such messages have code 0. */
int text_icmp_answer(uint8_t protocol, unsigned type);
/* The usual dotted quad, or any address; *is_v6 is set when there are colons, else left.
 */
bool text_own_addr(struct ff_addr *out, bool *is_v6, struct text_cell cell);

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
	struct text_cell own[TEXT_OWN_MAX]; /* raw; quotes are off, doubled ones stay */
	int64_t duration_ns;
	bool leave_out;
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
/* Decimal, 0x hexadecimal, or a decimal whose fraction is zero ("12.0", as tables that
 * hold gaps print whole numbers). */
bool text_cell_uint(uint64_t *out, uint64_t max, const char *s, size_t len);
/* The protocol's number by its name or in digits. */
bool text_cell_protocol(uint8_t *out, const char *s, size_t len);
/* Turns the line's class and type cells into f->flowtype; absent when unknown to the
 * site. */
void text_cell_flowtype(struct text_cursor *c, struct ff_flow *f);
/* An IPv4 or IPv6 address or a decimal IPv4 number. */
bool text_cell_addr(struct ff_addr *out, const char *s, size_t len);
/* A time in any form of ff_parse_time, with an offset like +02:00 too, or epoch seconds,
 * ms, us, ns by the count of digits (up to 10, 13, 16, 19) with a fraction; but 14 digits
 * that are a date of 1970 to 2099 are YYYYMMDDhhmmss. */
bool text_cell_time(int64_t *out_ns, const char *s, size_t len);
/* Seconds with a fraction; a minus marks damaged exports whose end lies before the start.
 */
bool text_cell_duration(int64_t *out_ns, const char *s, size_t len);

#endif
