/* SPDX-License-Identifier: MIT */
/* writer - flows to bytes, the inverse of the readers: one file a format, each a row of
 * functions. */
#ifndef FF_INPUT_WRITER_H
#define FF_INPUT_WRITER_H

#include <flowfig/input.h>

struct writer_format {
	const char *name;
	int (*begin)(struct ff_flow_writer *w, const char *invocation,
		     struct ff_err *err);
	/* Adds one record to w->buf. */
	int (*put)(struct ff_flow_writer *w, const struct ff_flow *f, struct ff_err *err);
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

/* ---- writer_text.c: pieces of text; each returns the end of what it wrote ---- */

enum { WRITER_CELL = 64 }; /* bytes that hold any cell but a name */

char *writer_u64(char *p, uint64_t v);
char *writer_addr(char *p, const struct ff_addr *a);
/* Date, 'T', time; the date's parts parted by `slash`; `digits` of the fraction, cut off.
 */
char *writer_time(struct ff_flow_writer *w, char *p, int64_t ns, char slash,
		  unsigned digits);
/* Seconds with `digits` of the fraction, cut off; a minus when negative. */
char *writer_seconds(char *p, int64_t ns, unsigned digits);
/* dPort as NetFlow and SiLK keep it: for ICMP type * 256 + code. */
uint16_t writer_dport(const struct ff_flow *f);
/* Name of the type, its number when the site has no name for it. */
const char *writer_type(const struct ff_flow_writer *w, const struct ff_flow *f,
			char buf[8]);

#endif
