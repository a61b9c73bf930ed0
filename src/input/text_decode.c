/* SPDX-License-Identifier: MIT */
/* text_decode - lines to flows: visits the wanted cells of each line in the order of its
 * columns, then works out what follows from them. */
#include "input/text_fast.h"

#include <assert.h>
#include <stdio.h>

/* ---- what follows from the cells ---- */

/* The end from the duration or the duration from the end, or the start from both. */
static bool decode_times(struct text_cursor *c, struct ff_flow *f)
{
	const uint32_t start = FF_BIT(FF_STIME), end = FF_BIT(FF_ETIME),
		       dur = FF_BIT(FF_DURATION);

	if ((f->present & (start | end)) == (start | end)) {
		f->present |= dur;
		return true;
	}
	if ((f->present & (start | dur)) == (start | dur)) {
		if (c->duration_ns > 0 ? f->start_ns > INT64_MAX - c->duration_ns
				       : f->start_ns < INT64_MIN - c->duration_ns)
			return false;
		f->end_ns = f->start_ns + c->duration_ns;
		f->present |= end;
		return true;
	}
	if ((f->present & (end | dur)) == (end | dur)) {
		if (c->duration_ns < 0 ? f->end_ns > INT64_MAX + c->duration_ns
				       : f->end_ns < INT64_MIN + 1 + c->duration_ns)
			return false;
		f->start_ns = f->end_ns - c->duration_ns;
		f->present |= start;
		return true;
	}
	/* one of the three alone: a duration says nothing without its place in time */
	f->present &= ~dur;
	if (f->present & start)
		f->end_ns = f->start_ns;
	else if (f->present & end)
		f->present &= ~end;
	return true;
}

/* NetFlow and SiLK keep an ICMP flow's type and code in dPort as type * 256 + code (some
 * exporters in sPort). iType and iCode columns count where they hold something. */
static void decode_icmp(struct ff_flow *f)
{
	const uint32_t icmp = FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);

	if (!(f->present & FF_BIT(FF_PROTOCOL)) ||
	    !(f->protocol == 1 || (f->protocol == 58 && f->is_v6_record))) {
		f->icmp_type = f->icmp_code = 0;
		f->present &= ~icmp;
		return;
	}
	if ((f->present & icmp) != icmp && (f->present & FF_BIT(FF_DPORT))) {
		uint16_t both = f->dport ? f->dport : f->sport;

		f->icmp_type = (uint8_t)(both >> 8);
		f->icmp_code = (uint8_t)both;
		f->present |= icmp;
	}
	f->sport = f->dport = 0;
}

static bool decode_finish(const struct text_layout *l, const struct text_plan *plan,
			  struct text_cursor *c, struct ff_flow *f, char why[TEXT_WHY])
{
	const uint32_t ports = FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) | FF_BIT(FF_ICMP_TYPE);

	if (plan->parsed & (FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION))) {
		if (!decode_times(c, f)) {
			snprintf(why, TEXT_WHY, "a time out of range");
			return false;
		}
	} else {
		f->end_ns = f->start_ns;
	}
	if (l->icmp_in_ports && (plan->parsed & ports))
		decode_icmp(f);
	if (plan->parsed & FF_BIT(FF_FLOWTYPE))
		text_cell_flowtype(c, f);
	return true;
}

/* ---- a line ---- */

/* The usual form of one cell; NULL when text_cell_any has to look. */
static inline const char *decode_fast(struct text_cursor *c, struct ff_flow *f,
				      unsigned field, const char *p, const char *eol)
{
	uint64_t v;

	switch (field) {
	case FF_SIP:
		p = fast_quad(p, &f->sip);
		break;
	case FF_DIP:
		p = fast_quad(p, &f->dip);
		break;
	case FF_NHIP:
		p = fast_quad(p, &f->nhip);
		break;
	case FF_STIME:
		p = fast_time(c, p, eol, &f->start_ns);
		break;
	case FF_ETIME:
		p = fast_time(c, p, eol, &f->end_ns);
		break;
	case FF_DURATION:
		p = fast_seconds(p, &c->duration_ns);
		break;
	case FF_PACKETS:
	case FF_BYTES:
	case FF_SPORT:
	case FF_DPORT:
	case FF_IN:
	case FF_OUT:
	case FF_APPLICATION:
	case FF_PROTOCOL:
	case FF_FLAGS:
		p = fast_uint(p, &v);
		if (!p || v > text_number_max(field))
			return NULL;
		text_set_number(f, field, v);
		break;
	default:
		return NULL;
	}
	if (p)
		f->present |= FF_BIT(field);
	return p;
}

static bool decode_miscounted(const struct text_layout *l, unsigned found,
			      char why[TEXT_WHY])
{
	snprintf(why, TEXT_WHY, "%u columns where %u are due", found,
		 (unsigned)l->columns);
	return false;
}

/* Whether the delimiters from p on are those that are due; rwcut adds one at the end. */
static bool decode_count_rest(const struct text_layout *l, unsigned due, const char *p,
			      const char *eol, uint64_t pattern)
{
	unsigned n = fast_count_to(p, eol, pattern);

	if (n == due)
		return true;
	while (eol > p && eol[-1] == ' ')
		eol--;
	return n == due + 1 && eol > p && eol[-1] == l->delim;
}

/* The next step of a line, or NULL: before step `test` it may turn out not to matter, and
 * goes on by the brief plan. */
static inline const struct text_step *decode_step(const struct text_layout *l,
						  struct text_cursor *c,
						  const struct text_plan **plan,
						  unsigned i, const struct ff_flow *f)
{
	const uint32_t both = FF_BIT(FF_SIP) | FF_BIT(FF_DIP);

	if (i == l->test) {
		c->leave_out = !ff_filter_pass(&l->keep, &f->sip, &f->dip) &&
			       (f->present & both) == both;
		if (c->leave_out || !ff_filter_pass(&l->filter, &f->sip, &f->dip))
			*plan = &l->brief;
	}
	return i < (*plan)->nsteps ? &(*plan)->steps[i] : NULL;
}

static inline const char *decode_own(const struct text_layout *l, struct text_cursor *c,
				     unsigned field, const char *p, const char *eol)
{
	const char *q = p, *end;

	while (q < eol && *q != l->delim)
		q++;
	for (end = q; end > p && end[-1] == ' ';)
		end--;
	c->own[field - TEXT_OWN] = (struct text_cell){p, (size_t)(end - p)};
	return q;
}

/* A cell of any form. */
static bool decode_cell(const struct text_layout *l, struct text_cursor *c,
			struct ff_flow *f, unsigned field, const char *s, size_t len)
{
	if (l->unset_len && len == l->unset_len && memcmp(s, l->unset, len) == 0)
		return text_cell_any(c, f, field, "-", 1);
	return text_cell_any(c, f, field, s, len);
}

/* Cells are found on the way; `eol` is where the line ends, without its CR. */
static bool decode_line(const struct text_layout *l, struct text_cursor *c,
			struct ff_flow *f, const char *p, const char *eol,
			char why[TEXT_WHY])
{
	const uint64_t pattern = (uint8_t)l->delim * FAST_BYTES;
	const struct text_plan *plan = &l->full;
	const struct text_step *s;
	const char *line = p;

	for (unsigned i = 0; (s = decode_step(l, c, &plan, i, f)); i++) {
		const char *cell, *q;

		if (s->skip && !(p = fast_skip(p, eol, pattern, s->skip)))
			return decode_miscounted(l, 1 + fast_count_to(line, eol, pattern),
						 why);
		while (*p == ' ')
			p++;
		if (s->field >= TEXT_OWN) {
			p = decode_own(l, c, s->field, p, eol);
			continue;
		}
		q = decode_fast(c, f, s->field, p, eol);
		if (q) {
			while (*q == ' ')
				q++;
			if (q == eol || *q == l->delim) {
				p = q;
				continue;
			}
			f->present &= ~FF_BIT(s->field);
		}
		cell = p;
		q = cell < eol ? memchr(cell, l->delim, (size_t)(eol - cell)) : NULL;
		p = q ? q : eol;
		for (q = p; q > cell && q[-1] == ' ';)
			q--;
		if (!decode_cell(l, c, f, s->field, cell, (size_t)(q - cell))) {
			text_why(why, text_field_name(s->field), cell,
				 (size_t)(q - cell));
			return false;
		}
	}
	if (!decode_count_rest(l, plan->after, p, eol, pattern))
		return decode_miscounted(l, 1 + fast_count_to(line, eol, pattern), why);
	return decode_finish(l, plan, c, f, why);
}

/* RFC 4180: a doubled quote stands for one. */
static struct text_cell decode_unquote(struct text_cell cell, char *buf, size_t cap)
{
	size_t n = 0;

	if (cell.len > cap || !memchr(cell.s, '"', cell.len))
		return cell;
	for (size_t i = 0; i < cell.len; i++) {
		buf[n++] = cell.s[i];
		if (cell.s[i] == '"' && i + 1 < cell.len && cell.s[i + 1] == '"')
			i++;
	}
	return (struct text_cell){buf, n};
}

/* The careful way: quoted cells, and blanks as delimiter. */
static bool decode_split(const struct text_layout *l, struct text_cursor *c,
			 struct ff_flow *f, const char *line, const char *eol,
			 char why[TEXT_WHY])
{
	struct text_cell cells[TEXT_COLUMNS_MAX + 2];
	char text[3][128]; /* class and type are still looked at after the last cell */
	size_t n = text_split(cells, l->columns + 2U, line, (size_t)(eol - line),
			      l->delim, l->quotes);
	const struct text_plan *plan = &l->full;
	const struct text_step *s;
	size_t at = 0;

	if (n != l->columns && !(n == l->columns + 1U && cells[n - 1].len == 0))
		return decode_miscounted(l, (unsigned)n, why);
	for (unsigned i = 0; (s = decode_step(l, c, &plan, i, f)); i++) {
		unsigned field = s->field;
		unsigned slot = field == TEXT_CLASS ? 0 : field == FF_FLOWTYPE ? 1 : 2;
		struct text_cell cell;

		at += s->skip;
		if (field >= TEXT_OWN) {
			c->own[field - TEXT_OWN] = cells[at];
			continue;
		}
		cell = decode_unquote(cells[at], text[slot], sizeof text[slot]);
		if (!decode_cell(l, c, f, field, cell.s, cell.len)) {
			text_why(why, text_field_name((int)field), cell.s, cell.len);
			return false;
		}
	}
	return decode_finish(l, plan, c, f, why);
}

/* ---- a block ---- */

/* The flows of one line, at most TEXT_LINE_FLOWS; -1 with the reason when it is damaged.
 */
static int decode_flows(struct text_input *t, struct text_cursor *c, struct ff_flow *f,
			bool split, const char *line, const char *eol, char why[TEXT_WHY])
{
	static const struct ff_flow
		none; /* copying it beats what compilers make of memset */
	const struct text_dialect *d = t->dialect;

	*f = none;
	if (d->line)
		return d->line(t, c, f, line, eol, why);
	c->class_name.len = c->type_name.len = 0;
	if (!(split ? decode_split(&t->layout, c, f, line, eol, why)
		    : decode_line(&t->layout, c, f, line, eol, why)))
		return -1;
	return d->flows ? d->flows(&t->layout, c, f, why) : 1;
}

/* Titles again, in files that were put together, or what else the dialect knows. */
static bool decode_is_no_record(const struct text_input *t, const char *line, size_t len)
{
	if (t->header.len > 0 && len == t->header.len &&
	    memcmp(line, t->header.data, len) == 0)
		return true;
	return t->dialect->ignores && t->dialect->ignores(line, len);
}

int text_decode(void *self, struct ff_block *b, struct ff_batch *out, struct ff_err *err)
{
	struct text_input *t = self;
	const struct text_dialect *d = t->dialect;
	struct text_cursor c = {.site = t->site};
	size_t before = out->count + out->left_out,
	       room = d->flows || d->line ? TEXT_LINE_FLOWS : 1;
	char why[TEXT_WHY];
	int rc;

	assert(out->cap >= TEXT_LINE_FLOWS);
	if (!b->filled && (rc = text_fill(t, b, err)) < 0)
		return rc;
	while (out->cap - out->count >= room && b->pos < b->len) {
		const char *line = (const char *)b->data + b->pos;
		const char *eol = memchr(line, '\n', b->len + 1 - b->pos);
		size_t pos = b->pos;

		b->pos = (size_t)(eol + 1 - (const char *)b->data);
		if (eol - line > TEXT_LINE_MAX) {
			text_bad(t, b, pos, "a line of more than 64 KiB");
			continue;
		}
		if (eol > line && eol[-1] == '\r')
			eol--;
		if (*line == '#' && d->comment &&
		    (rc = d->comment(t, b, pos, eol, err)) < 0)
			return rc;
		if (*line <= '#' && text_is_blank(line, (size_t)(eol - line)))
			continue;
		rc = decode_flows(t, &c, &out->flows[out->count], b->note, line, eol,
				  why);
		if (rc > 0 && c.leave_out)
			out->left_out++;
		else if (rc > 0)
			out->count += (size_t)rc;
		else if (rc == 0)
			b->other++;
		else if (rc == TEXT_NOMEM)
			return ff_fail_nomem(err);
		else if (!decode_is_no_record(t, line, (size_t)(eol - line)))
			text_bad(t, b, pos, why);
	}
	return (int)(out->count + out->left_out - before);
}
