/* SPDX-License-Identifier: MIT */
/* text - ranges as text: FIRST,LAST,WHAT lines, as in tor-geoipdb's geoip and geoip6 and
 * in the CSV files of ip-location-db and DB-IP. WHAT is a country or the number of an
 * autonomous system, the same in all lines. */
#include "geo/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct text_range {
	struct geo_num first, last;
	uint32_t value;
	uint32_t line;
};

struct text_list {
	struct text_range *ranges;
	size_t count, cap;
};

struct text_reader {
	struct geo_source *out;
	const char *name;
	uint64_t line;
	struct text_list v4, v6;
	enum { TEXT_NEITHER, TEXT_COUNTRY, TEXT_ASN } what;
};

/* ---- a line ---- */

static int text_bad(const struct text_reader *t, struct ff_err *err, const char *why,
		    const char *word, size_t len)
{
	char shown[41];
	size_t n = len < sizeof(shown) - 1 ? len : sizeof(shown) - 1;

	for (size_t i = 0; i < n; i++)
		shown[i] = word[i] < 0x20 || word[i] > 0x7e ? '?' : word[i];
	shown[n] = '\0';
	return ff_fail(err, FF_EFORMAT, "'%s' line %" PRIu64 ": '%s' %s", t->name,
		       t->line, shown, why);
}

static bool text_addr(struct ff_addr *out, const char *s, size_t len)
{
	uint64_t v4;

	if (ff_parse_addr(out, s, len))
		return true;
	if (!ff_parse_u64(&v4, s, len) || v4 > UINT32_MAX)
		return false;
	*out = ff_addr_from_v4((uint32_t)v4);
	return true;
}

/* The third column; `more` tells that others follow, such as the name of a system. */
static int text_value(uint32_t *out, struct text_reader *t, const char *s, size_t len,
		      bool more, struct ff_err *err)
{
	uint16_t country = FF_COUNTRY_NONE;
	uint64_t asn;
	int what = TEXT_COUNTRY;

	*out = FF_COUNTRY_NONE;
	if (ff_parse_country(&country, s, len)) {
		/* a fourth column: the third may be a continent, of two letters too */
		if (more)
			return text_bad(t, err,
					"is not the last column: give FIRST,LAST,COUNTRY",
					s, len);
		*out = country;
	} else if (len != 2 || memcmp(s, "??", 2) != 0) {
		if (len > 2 && memcmp(s, "AS", 2) == 0) {
			s += 2;
			len -= 2;
		}
		if (!ff_parse_u64(&asn, s, len) || asn > UINT32_MAX)
			return text_bad(t, err, "is no country and no number of a system",
					s, len);
		*out = (uint32_t)asn;
		what = TEXT_ASN;
	}
	if (t->what != TEXT_NEITHER && (int)t->what != what)
		return text_bad(t, err, "is something else than in the lines before", s,
				len);
	t->what = what == TEXT_ASN ? TEXT_ASN : TEXT_COUNTRY;
	return FF_OK;
}

static int text_add(struct text_reader *t, const struct ff_addr *first,
		    const struct ff_addr *last, uint32_t value, struct ff_err *err)
{
	struct text_list *l = ff_addr_is_v4(first) ? &t->v4 : &t->v6;
	int rc = ff_grow(&l->ranges, &l->cap, l->count + 1, sizeof(*l->ranges), err);

	if (rc)
		return rc;
	l->ranges[l->count++] = (struct text_range){geo_num_of(first), geo_num_of(last),
						    value, (uint32_t)t->line};
	return FF_OK;
}

static int text_line(struct text_reader *t, const char *s, size_t len, struct ff_err *err)
{
	const char *end = s + len, *comma[3] = {NULL, NULL, NULL};
	struct ff_addr first, last;
	uint32_t value;
	int rc;

	for (int i = 0; i < 3; i++) {
		const char *from = i ? comma[i - 1] + 1 : s;

		comma[i] = memchr(from, ',', (size_t)(end - from));
		if (!comma[i] && i < 2)
			return text_bad(t, err, "is not FIRST,LAST,COUNTRY", s, len);
	}
	if (!text_addr(&first, s, (size_t)(comma[0] - s)))
		return text_bad(t, err, "is no address", s, (size_t)(comma[0] - s));
	if (!text_addr(&last, comma[0] + 1, (size_t)(comma[1] - comma[0] - 1)))
		return text_bad(t, err, "is no address", comma[0] + 1,
				(size_t)(comma[1] - comma[0] - 1));
	if (ff_addr_is_v4(&first) != ff_addr_is_v4(&last) ||
	    ff_addr_cmp(&first, &last) > 0)
		return text_bad(t, err, "ends before it begins", s,
				(size_t)(comma[1] - s));
	rc = text_value(&value, t, comma[1] + 1,
			(size_t)((comma[2] ? comma[2] : end) - comma[1] - 1),
			comma[2] != NULL, err);
	return rc ? rc : text_add(t, &first, &last, value, err);
}

/* "# Generated: Thu, 25 Jun 2026 04:33:59 GMT" tells the day. */
static void text_comment(struct text_reader *t, const char *s, size_t len)
{
	static const char word[] = "Generated: ";
	char line[80], month[4];
	struct ff_date d = {0};
	const char *at;

	snprintf(line, sizeof(line), "%.*s", (int)(len < 79 ? len : 79), s);
	if (!(at = strstr(line, word)) ||
	    sscanf(at + sizeof(word) - 1, "%*3s, %2d %3s %4d", &d.day, month, &d.year) !=
		    3)
		return;
	for (int i = 0; i < 12; i++)
		if (strcmp(month, ff_month_short[i]) == 0)
			d.month = i + 1;
	if (d.month && d.day >= 1 && d.day <= 31 && d.year >= 1970 && d.year <= 2200)
		t->out->built_ns = ff_time_from_date(&d);
}

static int text_lines(struct text_reader *t, const char *s, size_t len,
		      struct ff_err *err)
{
	const char *end = s + len;
	int rc = FF_OK;

	if (len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		s += 3;
	while (s < end && rc == FF_OK) {
		const char *eol = memchr(s, '\n', (size_t)(end - s));
		const char *stop = eol ? eol : end;
		size_t n = (size_t)(stop - s);

		t->line++;
		while (n && (s[n - 1] == '\r' || s[n - 1] == ' '))
			n--;
		if (n && s[0] == '#')
			text_comment(t, s, n);
		else if (n)
			rc = text_line(t, s, n, err);
		s = stop + 1;
	}
	return rc;
}

/* ---- from lines to ranges ---- */

static int text_cmp(const void *a, const void *b)
{
	const struct text_range *x = a, *y = b;

	return geo_num_less(y->first, x->first) - geo_num_less(x->first, y->first);
}

/* Sorted, as files mostly are already. */
static int text_sort(const struct text_reader *t, struct text_list *l, struct ff_err *err)
{
	size_t i = 1;

	while (i < l->count && geo_num_less(l->ranges[i - 1].first, l->ranges[i].first))
		i++;
	if (i < l->count)
		qsort(l->ranges, l->count, sizeof(*l->ranges), text_cmp);
	for (i = 1; i < l->count; i++)
		if (!geo_num_less(l->ranges[i - 1].last, l->ranges[i].first))
			return ff_fail(err, FF_EFORMAT,
				       "'%s': the ranges of the lines %" PRIu32
				       " and %" PRIu32 " overlap",
				       t->name, l->ranges[i - 1].line, l->ranges[i].line);
	return FF_OK;
}

static struct geo_num text_after(struct geo_num a)
{
	a.lo++;
	a.hi += a.lo == 0;
	return a;
}

/* The ranges with `none` in the gaps. */
static int text_fill(struct geo_ranges *r, const struct text_list *l, bool is_v4,
		     struct ff_err *err)
{
	struct geo_num next = {0, is_v4 ? UINT64_C(0xffff00000000) : 0};
	int rc = FF_OK;

	for (size_t i = 0; i <= l->count && rc == FF_OK; i++) {
		const struct text_range *t = &l->ranges[i];
		bool gap = i == l->count || geo_num_less(next, t->first);

		if (gap && is_v4)
			rc = geo_ranges_add4(r, (uint32_t)next.lo, r->none, err);
		else if (gap)
			rc = geo_ranges_add6(r, next, r->none, err);
		if (rc || i == l->count)
			break;
		if (is_v4)
			rc = geo_ranges_add4(r, (uint32_t)t->first.lo, t->value, err);
		else
			rc = geo_ranges_add6(r, t->first, t->value, err);
		next = text_after(t->last);
		if (is_v4 ? (uint32_t)next.lo == 0 : !next.hi && !next.lo)
			break; /* the last address */
	}
	return rc;
}

static int text_finish(struct text_reader *t, struct ff_err *err)
{
	struct geo_ranges *r = t->what == TEXT_ASN ? &t->out->asn : &t->out->country;
	int rc;

	if ((rc = text_sort(t, &t->v4, err)) || (rc = text_sort(t, &t->v6, err)) ||
	    (rc = text_fill(r, &t->v4, true, err)))
		return rc;
	return text_fill(r, &t->v6, false, err);
}

/* ---- the file ---- */

static int text_load(struct ff_buf *out, struct ff_stream *in, struct ff_err *err)
{
	enum { PIECE = 1 << 20 };
	ptrdiff_t n = 1;

	while (n > 0) {
		if (out->len > GEO_FILE_MAX)
			return ff_fail(err, FF_ELIMIT,
				       "'%s' is too large for a list of ranges",
				       ff_stream_name(in));
		if (ff_buf_reserve(out, PIECE))
			return ff_fail_nomem(err);
		n = ff_stream_read(in, out->data + out->len, PIECE, err);
		if (n > 0)
			out->len += (size_t)n;
	}
	return (int)n;
}

int geo_read_text(struct geo_source *g, struct ff_stream *in, struct ff_err *err)
{
	struct text_reader t = {.out = g, .name = ff_stream_name(in)};
	struct ff_buf text = FF_BUF_INIT;
	int rc = text_load(&text, in, err);

	snprintf(g->type, sizeof(g->type), "text ranges");
	if (rc == FF_OK)
		rc = text_lines(&t, (const char *)text.data, text.len, err);
	ff_buf_release(&text);
	if (rc == FF_OK)
		rc = text_finish(&t, err);
	ff_free(t.v4.ranges);
	ff_free(t.v6.ranges);
	return rc;
}
