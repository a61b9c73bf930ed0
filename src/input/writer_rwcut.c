/* SPDX-License-Identifier: MIT */
/* writer_rwcut - text as rwcut prints it with --delimited and ISO times: milliseconds,
 * the rest cut off. What a flow does not carry is blank; a blank flags cell reads as "no
 * flags", since rwcut has no other word. */
#include "input/writer.h"

/* The duration between the times as printed, so that eTime = sTime + duration holds in
 * the text; rwcut knows no negative one. */
static char *rwcut_duration(char *p, const struct ff_flow *f)
{
	int64_t start = f->start_ns / FF_MS - (f->start_ns % FF_MS < 0);
	int64_t end = f->end_ns / FF_MS - (f->end_ns % FF_MS < 0);
	int64_t ms = end > start ? end - start : 0;

	return writer_seconds(p, ms > INT64_MAX / FF_MS ? INT64_MAX : ms * FF_MS, 3);
}

/* A name may come from any text: what would break the line is replaced. */
static char *rwcut_name(char *p, const char *name)
{
	for (; *name; name++)
		*p++ = *name == '|' || (unsigned char)*name < ' ' ? '_' : *name;
	return p;
}

static char *rwcut_time(struct ff_flow_writer *w, char *p, int64_t ns)
{
	return writer_time(w, p, ns, '/', 3);
}

static const struct writer_style rwcut_style = {
	.titles = "sIP|dIP|sPort|dPort|pro|packets|bytes|flags|sTime|duration|eTime|"
		  "sensor|type|\n",
	.end = "|\n",
	.delim = '|',
	.no_flags = "",
	.time = rwcut_time,
	.duration = rwcut_duration,
	.name = rwcut_name,
};
const struct writer_format writer_rwcut = {writer_text_begin, writer_text_put,
					   &rwcut_style};
