/* SPDX-License-Identifier: MIT */
/* text_columns - the two forms of --columns: "sip=src,dip=dst" maps titles to fields,
 * "sip,dip,-,stime" gives the order of a file without titles. */
#include "input/text.h"

#include <string.h>
#include <strings.h>

static struct text_cell columns_trim(const char *s, size_t len)
{
	while (len > 0 && (s[0] == ' ' || s[0] == '\t'))
		s++, len--;
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	return (struct text_cell){s, len};
}

/* The next item of a comma list; false at the end. */
static bool columns_next(struct text_cell *item, const char **list)
{
	size_t n;

	if (!*list)
		return false;
	n = strcspn(*list, ",");
	*item = columns_trim(*list, n);
	*list = (*list)[n] == ',' ? *list + n + 1 : NULL;
	return true;
}

static int columns_no_title(struct text_cell want, const struct text_cell *titles,
			    size_t count, const char *file, struct ff_err *err)
{
	struct ff_buf list = FF_BUF_INIT;
	int rc;

	for (size_t i = 0; i < count; i++) {
		ff_buf_adds(&list, i ? ", " : "");
		ff_buf_add(&list, titles[i].s, titles[i].len);
	}
	rc = ff_fail(err, FF_EUSAGE,
		     "no column '%.*s' (--columns) in '%s': its columns are %s",
		     (int)(want.len < 60 ? want.len : 60), want.s, file,
		     ff_buf_str(&list));
	ff_buf_release(&list);
	return rc;
}

int text_columns_map(uint8_t *fields, const struct text_cell *titles, size_t count,
		     const char *file, const char *columns, struct ff_err *err)
{
	struct text_cell item;

	while (columns_next(&item, &columns)) {
		const char *eq = item.len ? memchr(item.s, '=', item.len) : NULL;
		struct text_cell name, title;
		size_t at = 0;
		int field;

		if (item.len == 0)
			continue;
		if (!eq)
			return ff_fail(err, FF_EUSAGE,
				       "bad item '%.*s' in --columns: want FIELD=HEADER",
				       (int)(item.len < 60 ? item.len : 60), item.s);
		name = columns_trim(item.s, (size_t)(eq - item.s));
		title = columns_trim(eq + 1, item.len - (size_t)(eq + 1 - item.s));
		field = text_title_field(name.s, name.len);
		if (field == TEXT_SKIP)
			return ff_fail(err, FF_EUSAGE,
				       "unknown field '%.*s' in --columns",
				       (int)(name.len < 60 ? name.len : 60), name.s);
		while (at < count &&
		       !(titles[at].len == title.len &&
			 strncasecmp(titles[at].s, title.s, title.len) == 0))
			at++;
		if (at == count)
			return columns_no_title(title, titles, count, file, err);
		for (size_t i = 0; i < count;
		     i++) /* the user's word beats a known title */
			if (fields[i] == field)
				fields[i] = TEXT_SKIP;
		fields[at] = (uint8_t)field;
	}
	return FF_OK;
}

/* "5" or "4-7" in SiLK's numbering. */
static bool columns_number(uint8_t *fields, size_t *count, struct text_cell item)
{
	const char *dash = memchr(item.s, '-', item.len);
	size_t len = dash ? (size_t)(dash - item.s) : item.len;
	uint64_t from, to;

	if (!ff_parse_u64(&from, item.s, len))
		return false;
	to = from;
	if (dash && !ff_parse_u64(&to, dash + 1, item.len - len - 1))
		return false;
	if (from < 1 || to < from || to > 29)
		return false;
	for (; from <= to && *count + 2 <= TEXT_COLUMNS_MAX; from++) {
		if (from == 25) { /* icmpTypeCode prints as two columns */
			fields[(*count)++] = FF_ICMP_TYPE;
			fields[(*count)++] = FF_ICMP_CODE;
		} else {
			fields[(*count)++] = (uint8_t)text_number_field((unsigned)from);
		}
	}
	return true;
}

int text_columns_order(uint8_t *fields, size_t *count, const char *option,
		       const char *columns, struct ff_err *err)
{
	struct text_cell item;
	size_t n = 0;

	while (columns_next(&item, &columns)) {
		int field;

		if (n + 2 > TEXT_COLUMNS_MAX)
			return ff_fail(err, FF_ELIMIT, "more than %d columns in %s",
				       TEXT_COLUMNS_MAX - 2, option);
		if (item.len == 0 || (item.len == 1 && item.s[0] == '-')) {
			fields[n++] = TEXT_SKIP;
			continue;
		}
		if (item.s[0] >= '0' && item.s[0] <= '9') {
			if (!columns_number(fields, &n, item))
				return ff_fail(err, FF_EUSAGE,
					       "bad field number '%.*s' in %s",
					       (int)(item.len < 60 ? item.len : 60),
					       item.s, option);
			continue;
		}
		field = text_title_field(item.s, item.len);
		if (field == TEXT_SKIP)
			return ff_fail(err, FF_EUSAGE, "unknown field '%.*s' in %s",
				       (int)(item.len < 60 ? item.len : 60), item.s,
				       option);
		fields[n++] = (uint8_t)field;
	}
	*count = n;
	return FF_OK;
}
