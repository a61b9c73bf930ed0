/* SPDX-License-Identifier: MIT */
/* writer_columns - which columns text has: the list of --fields, their titles, and the
 * widths that rwcut pads them to. */
#include "input/text.h"
#include "input/writer.h"

#include <string.h>

/* The list names columns in the order of a file's lines just as --columns does. */
int ff_columns_parse(struct ff_columns *out, const char *list, struct ff_err *err)
{
	uint8_t items[TEXT_COLUMNS_MAX];
	struct ff_columns c = {.count = 0};
	uint32_t seen = 0;
	size_t count = 0;
	int rc = text_columns_order(items, &count, "--fields", list, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++) {
		if (items[i] == TEXT_SKIP)
			return ff_fail(err, FF_EUSAGE,
				       "no field at place %zu of --fields='%.60s'", i + 1,
				       list);
		if (seen & FF_BIT(items[i]))
			return ff_fail(err, FF_EUSAGE,
				       "field '%s' is twice in --fields='%.60s'",
				       text_field_name(items[i]), list);
		seen |= FF_BIT(items[i]);
		c.items[c.count++] = items[i];
	}
	if (!c.count)
		return ff_fail(err, FF_EUSAGE, "no field in --fields");
	*out = c;
	return FF_OK;
}

uint32_t ff_columns_needs(const struct ff_columns *c)
{
	/* whether a record is IPv6 shows in its addresses, and matters to other columns
	 */
	uint32_t needs = FF_BIT(FF_SIP) | FF_BIT(FF_DIP);

	for (size_t i = 0; i < c->count; i++) {
		switch (c->items[i]) {
		case FF_COLUMN_CLASS:
			needs |= FF_BIT(FF_FLOWTYPE);
			break;
		case FF_DPORT: /* may be an ICMP type and code */
		case FF_ICMP_TYPE:
		case FF_ICMP_CODE:
			needs |= FF_BIT(FF_DPORT) | FF_BIT(FF_PROTOCOL) |
				 FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
			break;
		case FF_DURATION:
		case FF_ETIME:
			needs |=
				FF_BIT(FF_STIME) | FF_BIT(FF_DURATION) | FF_BIT(FF_ETIME);
			break;
		default:
			needs |= FF_BIT(c->items[i]);
		}
	}
	return needs;
}

const char *writer_title(unsigned column)
{
	return text_field_name((int)column);
}

char *writer_key(char *buf, unsigned column)
{
	size_t i = 0;

	for (const char *s = writer_title(column); *s; s++)
		buf[i++] = *s >= 'A' && *s <= 'Z' ? (char)(*s + 32) : *s;
	buf[i] = '\0';
	return buf;
}

/* ---- widths: those of SiLK 3.19, whose columns are fit for IPv6 ---- */

enum { WIDTH_NAME_MIN = 3, WIDTH_NAME_MAX = 255 };

static unsigned width_of_name(unsigned width, const char *name)
{
	size_t len = strlen(name);

	len = len < WIDTH_NAME_MAX ? len : WIDTH_NAME_MAX;
	return len > width ? (unsigned)len : width;
}

/* Of the names of a silk.conf; names that text brings later may be longer. */
static unsigned width_sensor(const struct ff_site *site)
{
	unsigned width = WIDTH_NAME_MIN, last = ff_site_max_sensor(site);

	for (unsigned id = 0; ff_site_is_loaded(site) && id <= last; id++) {
		char number[8];
		const char *name = ff_site_sensor(site, id, number, sizeof number);

		if (name != number)
			width = width_of_name(width, name);
	}
	return width;
}

static unsigned width_flowtype(const struct ff_site *site, unsigned column)
{
	unsigned width = WIDTH_NAME_MIN;

	for (unsigned id = 0; id < FF_FLOWTYPE_NONE; id++) {
		const struct ff_site_type *t = ff_site_type(site, id);

		if (t->known)
			width = width_of_name(width, column == FF_COLUMN_CLASS
							     ? t->class_name
							     : t->type_name);
	}
	return width;
}

unsigned writer_width(const struct ff_flow_writer *w, unsigned column)
{
	switch (column) {
	case FF_SIP:
	case FF_DIP:
	case FF_NHIP:
		return 39;
	case FF_PROTOCOL:
	case FF_ICMP_TYPE:
	case FF_ICMP_CODE:
		return 3;
	case FF_PACKETS:
	case FF_BYTES:
		return 10;
	case FF_FLAGS:
	case FF_INITIAL_FLAGS:
	case FF_SESSION_FLAGS:
	case FF_ATTRIBUTES:
		return 8;
	case FF_STIME:
	case FF_ETIME:
		return w->opts.times == FF_TIMES_EPOCH ? 14 : 23;
	case FF_DURATION:
		return 9;
	case FF_SENSOR:
		return width_sensor(w->opts.site);
	case FF_FLOWTYPE:
	case FF_COLUMN_CLASS:
		return width_flowtype(w->opts.site, column);
	default: /* ports, interfaces, application */
		return 5;
	}
}
