/* SPDX-License-Identifier: MIT */
/* writer - flows to bytes, the inverse of the readers: one file a format, each a row of
 * functions. */
#ifndef FF_INPUT_WRITER_H
#define FF_INPUT_WRITER_H

#include <flowfig/input.h>

struct writer_format {
	int (*begin)(struct ff_flow_writer *w, struct ff_err *err);
	/* Adds one record to w->buf. */
	int (*put)(struct ff_flow_writer *w, const struct ff_flow *f, struct ff_err *err);
	/* Of the text formats. */
	const struct writer_style *style;
	const char *columns; /* as ff_columns_parse() reads them */
};
/* What the text formats differ in. Functions return the end of what they wrote. */
struct writer_style {
	char *(*time)(struct ff_flow_writer *w, char *p, int64_t ns);
	char *(*duration)(char *p, const struct ff_flow *f);
	/* at most WRITER_NAME_GROWTH bytes for each of the name's and two more */
	char *(*name)(char *p, const char *name);
};
enum {
	WRITER_CELL = 64, /* bytes that hold any cell but a name */
	WRITER_NAME_GROWTH = 6,
};
/* rwcut's order, with all that it leaves out by default after its twelve. */
#define WRITER_ALL_COLUMNS "1-12,class,type,13-15,26-29,iType,iCode"
extern const struct writer_format writer_rwcut, writer_csv, writer_ndjson, writer_silk;

/* What SiLK's records have no room or no word for: flows, by field. */
struct writer_losses {
	uint64_t absent[FF_FIELDS];  /* not known, and stored as 0 */
	uint64_t clamped[FF_FIELDS]; /* stored as the largest number there is */
	uint64_t cut;		     /* times with a part below the millisecond */
	uint64_t backward;	     /* end before start, stored as 0 s long */
};

struct ff_flow_writer {
	const struct writer_format *format;
	struct ff_flow_writer_opts opts;
	struct ff_output *to;
	struct ff_buf buf; /* records on their way to the output */
	uint64_t records;
	uint8_t widths[FF_COLUMNS_MAX]; /* of the columns, when they are padded */
	int64_t day;			/* text: days since 1970 of ... */
	char date[11];			/* ... this date; "" = none yet */
	struct writer_losses losses;
};

/* ---- writer_columns.c ---- */

/* Width of a column as rwcut pads it. */
unsigned writer_width(const struct ff_flow_writer *w, unsigned column);
/* "sIP" */
const char *writer_title(unsigned column);
/* "sip"; buf holds WRITER_CELL bytes. */
char *writer_key(char *buf, unsigned column);

/* ---- writer_text.c ---- */

/* Whether the flow carries what the column shows. */
bool writer_has(const struct ff_flow *f, unsigned column);
/* What the column shows of a flow that has it. */
char *writer_cell(struct ff_flow_writer *w, char *p, const struct ff_flow *f,
		  unsigned column);
/* Room for all columns of the flow, `extra` more bytes for each, in w->buf; NULL when
 * memory ran out. */
char *writer_reserve(struct ff_flow_writer *w, const struct ff_flow *f, size_t extra);
/* Date, a byte between, time; the date's parts parted by `slash`; `digits` of the
 * fraction, cut off. */
char *writer_time(struct ff_flow_writer *w, char *p, int64_t ns, char slash, char between,
		  unsigned digits);
/* Seconds with `digits` of the fraction, cut off; a minus when negative. */
char *writer_seconds(char *p, int64_t ns, unsigned digits);
/* dPort as NetFlow and SiLK keep it: for ICMP type * 256 + code. */
uint16_t writer_dport(const struct ff_flow *f);

/* ---- writer_csv.c ---- */

/* ISO 8601, or seconds since 1970, as exact as need be. */
char *writer_exact_time(struct ff_flow_writer *w, char *p, int64_t ns);
char *writer_exact_duration(char *p, const struct ff_flow *f);

/* ---- writer_losses.c ---- */

/* Counts what becomes of the flow in a SiLK record. */
void writer_lose(struct writer_losses *l, const struct ff_flow *f);

#endif
