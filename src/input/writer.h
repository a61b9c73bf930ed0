/* SPDX-License-Identifier: MIT */
/* writer - flows to bytes, the inverse of the readers: one file a format, each a row of
 * functions. */
#ifndef FF_INPUT_WRITER_H
#define FF_INPUT_WRITER_H

#include <flowfig/input.h>

struct writer_format {
	int (*begin)(struct ff_flow_writer *w, const char *invocation,
		     struct ff_err *err);
	/* Adds one record to w->buf. */
	int (*put)(struct ff_flow_writer *w, const struct ff_flow *f, struct ff_err *err);
	const struct writer_style *style; /* of the text formats */
};
/* What the text formats differ in. Functions return the end of what they wrote. */
struct writer_style {
	const char *titles; /* the first line */
	const char *end;    /* of a line */
	char delim;
	const char *no_flags; /* flags that the flow does not carry */
	char *(*time)(struct ff_flow_writer *w, char *p, int64_t ns);
	char *(*duration)(char *p, const struct ff_flow *f);
	/* at most two bytes for each of the name's and two more */
	char *(*name)(char *p, const char *name);
};
extern const struct writer_format writer_rwcut, writer_csv, writer_silk;

struct ff_flow_writer {
	const struct writer_format *format;
	struct ff_output *to;
	const struct ff_site *site;
	struct ff_buf buf; /* records on their way to the output */
	uint64_t records;
	bool silk_v6;
	int64_t day;   /* text: days since 1970 of ... */
	char date[11]; /* ... this date; "" = none yet */
};

/* ---- writer_text.c ---- */

int writer_text_begin(struct ff_flow_writer *w, const char *invocation,
		      struct ff_err *err);
int writer_text_put(struct ff_flow_writer *w, const struct ff_flow *f,
		    struct ff_err *err);
/* Date, 'T', time; the date's parts parted by `slash`; `digits` of the fraction, cut off.
 */
char *writer_time(struct ff_flow_writer *w, char *p, int64_t ns, char slash,
		  unsigned digits);
/* Seconds with `digits` of the fraction, cut off; a minus when negative. */
char *writer_seconds(char *p, int64_t ns, unsigned digits);
/* dPort as NetFlow and SiLK keep it: for ICMP type * 256 + code. */
uint16_t writer_dport(const struct ff_flow *f);

#endif
