/* SPDX-License-Identifier: MIT */
/* text_layout - what each column is, from the title line and --columns, and the plan of
 * which columns a line's parser visits. */
#include "input/text.h"

#include <string.h>

/* ---- from the title line ---- */

static int layout_no_key(const char *file, const struct text_layout *l,
			 const struct text_cell *titles, size_t count, struct ff_err *err)
{
	static const struct {
		int field;
		const char *option;
	} keys[] = {{FF_SIP, "sip"}, {FF_DIP, "dip"}, {FF_STIME, "stime"}};
	struct ff_buf names = FF_BUF_INIT, options = FF_BUF_INIT, list = FF_BUF_INIT;
	int rc;

	for (size_t k = 0; k < 3; k++) {
		if (l->carries & FF_BIT(keys[k].field))
			continue;
		ff_buf_addf(&names, "%s%s", names.len ? " or " : "",
			    text_field_name(keys[k].field));
		ff_buf_addf(&options, "%s%s=HEADER", options.len ? "," : "",
			    keys[k].option);
	}
	for (size_t i = 0; i < count; i++) {
		ff_buf_adds(&list, i ? ", " : "");
		ff_buf_add(&list, titles[i].s, titles[i].len);
	}
	for (size_t i = 0; i < list.len; i++)
		if (list.data[i] < ' ' || list.data[i] > '~')
			list.data[i] = '?';
	rc = ff_fail(err, FF_EFORMAT,
		     "no column of '%s' is known as %s: map it with --columns=%s; its "
		     "columns are %s",
		     file, ff_buf_str(&names), ff_buf_str(&options), ff_buf_str(&list));
	ff_buf_release(&names);
	ff_buf_release(&options);
	ff_buf_release(&list);
	return rc;
}

/* Of two columns that are the same field the first counts, but for SiLK's "sTime+msec".
 */
static void layout_dedupe(struct text_layout *l, const struct text_cell *titles)
{
	uint8_t first[TEXT_OWN + TEXT_OWN_MAX];

	memset(first, 0xff, sizeof first);
	for (size_t i = 0; i < l->columns; i++) {
		uint8_t f = l->field[i];

		if (f == TEXT_SKIP)
			continue;
		if (first[f] == 0xff) {
			first[f] = (uint8_t)i;
		} else if (titles[i].len && memchr(titles[i].s, '+', titles[i].len)) {
			l->field[first[f]] = TEXT_SKIP;
			first[f] = (uint8_t)i;
		} else {
			l->field[i] = TEXT_SKIP;
		}
	}
}

static bool layout_has(const struct text_layout *l, int field)
{
	for (size_t i = 0; i < l->columns; i++)
		if (l->field[i] == field)
			return true;
	return false;
}

static void layout_set_carries(struct text_layout *l, const struct text_dialect *d)
{
	uint32_t c = 0, gives = 0;

	for (size_t i = 0; i < l->columns; i++)
		if (l->field[i] < FF_FIELDS)
			c |= FF_BIT(l->field[i]);
		else
			l->has_class |= l->field[i] == TEXT_CLASS;
	/* of start, end and duration two give the third */
	if (!!(c & FF_BIT(FF_STIME)) + !!(c & FF_BIT(FF_ETIME)) +
		    !!(c & FF_BIT(FF_DURATION)) >=
	    2)
		c |= FF_BIT(FF_STIME) | FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION);
	for (const struct text_title *own = d->titles; own && own->name; own++)
		if (layout_has(l, own->column))
			gives |= own->gives;
	if (!(c & FF_BIT(FF_STIME))) /* a length without a place in time */
		gives &= ~(FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION));
	c |= gives;
	if (l->icmp_in_ports && (c & FF_BIT(FF_PROTOCOL)) && (c & FF_BIT(FF_DPORT)))
		c |= FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
	l->carries = c;
}

/* ---- the plan ---- */

/* The columns that must be read for the fields that are wanted. */
static uint32_t layout_needs(const struct text_layout *l, uint32_t want)
{
	uint32_t times = FF_BIT(FF_STIME) | FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION);
	uint32_t ports = FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) | FF_BIT(FF_PROTOCOL) |
			 FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);

	if (want == 0)
		want = FF_ALL_FIELDS;
	if ((want & (FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION))) ||
	    ((want & FF_BIT(FF_STIME)) && !layout_has(l, FF_STIME)))
		want |= times;
	if (layout_has(l, FF_STIME) && layout_has(l, FF_ETIME))
		want &= ~FF_BIT(FF_DURATION);
	/* an ICMP flow hides its type and code in dPort; IPv6 decides what ICMP is */
	if (want & ports & ~FF_BIT(FF_PROTOCOL))
		want |= ports;
	return want | FF_BIT(FF_SIP);
}

/* Visits the columns before `test` for `needs`, the others for `needs_after`; returns how
 * many steps lie before it. */
static unsigned layout_plan(struct text_plan *p, const struct text_layout *l, size_t test,
			    uint32_t needs, uint32_t needs_after)
{
	unsigned skip = 0, before = 0;

	for (size_t i = 0; i < l->columns; i++, skip++) {
		uint32_t need = i < test ? needs : needs_after;
		uint8_t f = l->field[i];
		bool visit = f == TEXT_CLASS ? (need & FF_BIT(FF_FLOWTYPE)) != 0
			     : f < FF_FIELDS ? (need & FF_BIT(f)) != 0
					     : f >= TEXT_OWN;

		if (!visit)
			continue;
		p->steps[p->nsteps++] = (struct text_step){(uint16_t)skip, f};
		before += i < test;
		if (f < FF_FIELDS)
			p->parsed |= FF_BIT(f);
		skip = 0;
	}
	p->after = (uint16_t)(skip - 1);
	return before;
}

/* Dialects that make other flows of a line than it has know more than the filter. */
static void layout_plans(struct text_layout *l, const struct text_dialect *d,
			 const struct ff_input_opts *o)
{
	uint32_t needs = layout_needs(l, o->want) | d->needs;
	uint32_t brief = layout_needs(l, o->want_failed) | d->needs;
	size_t test = 0; /* the column behind both addresses */

	layout_plan(&l->full, l, l->columns, needs, needs);
	l->test = TEXT_NO_TEST;
	if (!(o->keep.count + o->filter.count) || !o->want_failed || d->flows)
		return;
	for (size_t i = 0; i < l->columns; i++)
		if (l->field[i] == FF_SIP || l->field[i] == FF_DIP)
			test = i + 1;
	l->keep = o->keep;
	l->filter = o->filter;
	l->test = layout_plan(&l->brief, l, test, needs | brief, brief);
}

/* ---- the whole ---- */

/* With the order given, a first line that names the fields, or whose key cells are no
 * values, is a title line. */
static bool layout_order_is_title(const struct text_layout *l,
				  const struct text_cell *cells)
{
	unsigned damaged = 0;

	for (size_t i = 0; i < l->columns; i++) {
		struct ff_addr a;
		int64_t ns;

		if (l->field[i] == TEXT_SKIP)
			continue;
		if (text_title_field(cells[i].s, cells[i].len) == l->field[i])
			return true;
		if (l->field[i] == FF_SIP || l->field[i] == FF_DIP)
			damaged += !text_cell_addr(&a, cells[i].s, cells[i].len);
		else if (l->field[i] == FF_STIME)
			damaged += !text_cell_time(&ns, cells[i].s, cells[i].len);
	}
	return damaged >= 2;
}

static char layout_order_delimiter(const char *line, size_t len, size_t columns)
{
	static const char candidates[] = "|\t,; ";
	struct text_cell cells[TEXT_COLUMNS_MAX];

	for (const char *c = candidates; *c; c++) {
		size_t n = text_split(cells, TEXT_COLUMNS_MAX, line, len, *c, true);

		if (n == columns || (n == columns + 1 && cells[n - 1].len == 0))
			return *c;
	}
	return 0;
}

static int layout_from_order(struct text_layout *l, bool *consume, const char *file,
			     const struct text_dialect *d, const char *columns,
			     const char *line, size_t len, struct ff_err *err)
{
	struct text_cell cells[TEXT_COLUMNS_MAX];
	size_t count, n;
	int rc = text_columns_order(l->field, &count, "--columns", columns, err);

	if (rc < 0)
		return rc;
	if (!l->delim)
		l->delim = layout_order_delimiter(line, len, count);
	n = l->delim ? text_split(cells, TEXT_COLUMNS_MAX, line, len, l->delim, l->quotes)
		     : 0;
	if (n != count && !(n == count + 1 && cells[n - 1].len == 0))
		return ff_fail(err, FF_EFORMAT,
			       "--columns names %u columns, but the first line of '%s' "
			       "has not as many%s",
			       (unsigned)count, file,
			       l->delim ? "" : " (give --delimiter?)");
	l->columns = (uint16_t)count;
	layout_dedupe(l, cells);
	layout_set_carries(l, d);
	*consume = layout_order_is_title(l, cells);
	if (text_key(l->carries) < 3)
		return ff_fail(err, FF_EUSAGE, "--columns must name sip, dip and stime");
	return FF_OK;
}

/* Whether a line has no titles: fewer than two are known. */
static bool layout_is_data(const struct text_title *own, const char *line, size_t len,
			   char delim, bool quotes)
{
	struct text_cell cells[TEXT_COLUMNS_MAX];
	uint8_t fields[TEXT_COLUMNS_MAX];
	size_t n = text_split(cells, TEXT_COLUMNS_MAX, line, len, delim, quotes);
	unsigned known = 0;

	text_name_titles(fields, own, cells, n);
	for (size_t i = 0; i < n; i++)
		known += fields[i] != TEXT_SKIP;
	return known < 2;
}

static int layout_from_titles(struct text_layout *l, bool *consume, const char *file,
			      const struct text_dialect *d, const char *columns,
			      const char *line, size_t len, struct ff_err *err)
{
	struct text_cell titles[TEXT_COLUMNS_MAX];
	struct text_guess g = {0};
	size_t n;
	int rc;

	if (!l->delim || !d->titles)
		text_guess_line(&g, line, len);
	if (!l->delim)
		l->delim = g.delim;
	if (d->untitled && layout_is_data(d->titles, line, len, l->delim, l->quotes)) {
		*consume = false;
		line = d->untitled;
		len = strlen(line);
	}
	n = text_split(titles, TEXT_COLUMNS_MAX, line, len, l->delim, l->quotes);
	if (n == TEXT_COLUMNS_MAX)
		return ff_fail(err, FF_ELIMIT, "more than %d columns in '%s'",
			       TEXT_COLUMNS_MAX - 1, file);
	if (n > 1 && titles[n - 1].len == 0)
		n--;
	l->columns = (uint16_t)n;
	text_name_titles(l->field, d->titles, titles, n);
	layout_dedupe(l, titles);
	if (columns) {
		rc = text_columns_map(l->field, titles, n, file, columns, err);
		if (rc < 0)
			return rc;
	}
	layout_set_carries(l, d);
	if (text_key(l->carries) == 3)
		return FF_OK;
	if (g.addresses >= 2)
		return ff_fail(err, FF_EFORMAT,
			       "'%s' has no title line: name its columns in order, as in "
			       "--columns=sip,dip,-,stime (- steps over one)",
			       file);
	return layout_no_key(file, l, titles, n, err);
}

int text_layout_find(struct text_layout *out, bool *consume, const char *file,
		     const struct text_dialect *d, const struct ff_input_opts *o,
		     const char *line, size_t len, struct ff_err *err)
{
	struct text_layout l = {
		.quotes = d->quotes, .delim = d->delim, .icmp_in_ports = !d->flows};
	int rc;

	if (o->delimiter) {
		l.delim = text_delimiter(o->delimiter);
		if (!l.delim)
			return ff_fail(err, FF_EUSAGE,
				       "bad --delimiter '%s': want one character or tab, "
				       "space, comma, "
				       "semicolon, pipe",
				       o->delimiter);
	}
	*consume = true;
	if (o->columns && !strchr(o->columns, '='))
		rc = layout_from_order(&l, consume, file, d, o->columns, line, len, err);
	else
		rc = layout_from_titles(&l, consume, file, d, o->columns, line, len, err);
	if (rc < 0)
		return rc;
	layout_plans(&l, d, o);
	*out = l;
	return FF_OK;
}
