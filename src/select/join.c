/* SPDX-License-Identifier: MIT */
/* join - two selections in words as one, for flows that pass both. rwfilter takes each
 * switch once, so what both say is worked out: lists, counts and windows of time are
 * intersected, an address moves to the sister of its switch. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "select/predicate.h"

enum { JOIN_NAME = 32 };

/* "--name=value" within a line of such words, as text.c writes them. */
struct join_word {
	char name[JOIN_NAME];
	const char *value;
	size_t len;
};

/* The blank after a word, or the end; those within single quotes are the word's own. */
static const char *join_end(const char *p)
{
	bool quoted = false;

	for (; *p && (quoted || *p != ' '); p++) {
		if (*p == '\'')
			quoted = !quoted;
		else if (*p == '\\' && !quoted && p[1])
			p++;
	}
	return p;
}

static bool join_next(struct join_word *w, const char **at)
{
	const char *p = *at, *end, *equals;

	if (strncmp(p, "--", 2) != 0)
		return false;
	p += 2;
	end = join_end(p);
	equals = memchr(p, '=', (size_t)(end - p));
	if (!equals || (size_t)(equals - p) >= sizeof(w->name))
		return false;
	memcpy(w->name, p, (size_t)(equals - p));
	w->name[equals - p] = '\0';
	w->value = equals + 1;
	w->len = (size_t)(end - w->value);
	*at = *end ? end + 1 : end;
	return true;
}

/* Whether rwfilter refuses both of them together. */
static bool join_clashes(const char *a, const char *b)
{
	return strcmp(a, b) == 0 ||
	       (strncmp(a, "not-", 4) == 0 && strcmp(a + 4, b) == 0) ||
	       (strncmp(b, "not-", 4) == 0 && strcmp(b + 4, a) == 0);
}

/* The word of the line that cannot stand beside `name`. */
static bool join_find(struct join_word *out, const char *line, const char *name)
{
	while (join_next(out, &line))
		if (join_clashes(out->name, name))
			return true;
	return false;
}

static void join_add_word(struct ff_buf *out, const char *name, const char *value,
			  size_t len)
{
	ff_buf_addf(out, "%s--%s=", out->len ? " " : "", name);
	ff_buf_add(out, value, len);
}

/* ---- intersections; false when there is none ---- */

static bool join_list(struct ff_buf *out, const char *name, uint64_t max, const char *a,
		      const char *b)
{
	uint64_t *x = NULL, *y = NULL, from = 0;
	size_t before = out->len;
	bool in = false;

	if (select_parse_list(&x, max, name, a, NULL) == FF_OK &&
	    select_parse_list(&y, max, name, b, NULL) == FF_OK) {
		for (uint64_t i = 0; i <= max + 1; i++) {
			bool has = i <= max && (x[i / 64] & y[i / 64]) >> (i % 64) & 1;

			if (has && !in)
				from = i;
			if (!has && in)
				ff_buf_addf(out, "%s%" PRIu64,
					    out->len > before ? "," : "", from);
			if (!has && in && i - 1 > from)
				ff_buf_addf(out, "-%" PRIu64, i - 1);
			in = has;
		}
	}
	ff_free(x);
	ff_free(y);
	return out->len > before;
}

static bool join_count(struct ff_buf *out, const char *name, const char *a, const char *b)
{
	struct select_value x = {0}, y = {0};

	if (select_parse_count(&x, name, a, NULL) < 0 ||
	    select_parse_count(&y, name, b, NULL) < 0)
		return false;
	x.low = x.low > y.low ? x.low : y.low;
	x.high = x.high < y.high ? x.high : y.high;
	if (x.low > x.high)
		return false;
	ff_buf_addf(out, "%" PRIu64 "-", x.low);
	if (x.high < UINT64_MAX)
		ff_buf_addf(out, "%" PRIu64, x.high);
	return true;
}

static void join_time(struct ff_buf *out, int64_t ns)
{
	struct ff_date d;

	ff_date_from_time(&d, ns);
	ff_buf_addf(out, "%04d/%02d/%02dT%02d:%02d:%02d.%03d", d.year, d.month, d.day,
		    d.hour, d.minute, d.second, d.nanosecond / 1000000);
}

static bool join_span(struct ff_buf *out, const char *name, const char *a, const char *b)
{
	struct select_value x = {0}, y = {0};

	if (select_parse_span(&x, name, a, NULL) < 0 ||
	    select_parse_span(&y, name, b, NULL) < 0)
		return false;
	x.first_ns = x.first_ns > y.first_ns ? x.first_ns : y.first_ns;
	x.last_ns = x.last_ns < y.last_ns ? x.last_ns : y.last_ns;
	if (x.first_ns > x.last_ns)
		return false;
	join_time(out, x.first_ns);
	ff_buf_addc(out, '-');
	join_time(out, x.last_ns);
	return true;
}

/* Of two words for the same switch one that passes what both pass. */
static bool join_both(struct ff_buf *out, const struct select_switch *sw,
		      const struct join_word *a, const struct join_word *b)
{
	char *x = ff_strndup(a->value, a->len), *y = ff_strndup(b->value, b->len);
	bool done = false;

	if (!x || !y)
		out->failed = true;
	else if (sw->syntax == SYNTAX_LIST && sw->subject != ON_APORT &&
		 sw->subject != ON_ANY_INDEX) /* these look at two numbers */
		done = join_list(out, sw->name, sw->arg, x, y);
	else if (sw->syntax == SYNTAX_COUNT)
		done = join_count(out, sw->name, x, y);
	else if (sw->syntax == SYNTAX_SPAN && sw->subject != ON_ACTIVE)
		done = join_span(out, sw->name, x, y);
	ff_free(x);
	ff_free(y);
	return done;
}

/* ---- sisters ---- */

/* The switch that says the same of one address or block; NULL if there is none. */
static const char *join_sister(const struct join_word *w)
{
	static const char *const sisters[][2] = {
		{"saddress", "scidr"},
		{"daddress", "dcidr"},
		{"any-address", "any-cidr"},
		{"next-hop-id", "nhcidr"},
	};
	struct ff_prefix p;

	if (!ff_parse_prefix(&p, w->value, w->len))
		return NULL; /* a list, or a wildcard */
	for (size_t i = 0; i < sizeof(sisters) / sizeof(sisters[0]); i++)
		for (int k = 0; k < 2; k++)
			if (strcmp(w->name, sisters[i][k]) == 0)
				return sisters[i][!k];
	return NULL;
}

static void join_word(struct ff_buf *out, const struct join_word *w, const char *outer,
		      const char *inner)
{
	ptrdiff_t slot = select_switch_find(w->name);
	struct ff_buf value = FF_BUF_INIT;
	struct join_word other, taken;
	const char *sister = join_sister(w);

	if (!join_find(&other, outer, w->name))
		join_add_word(out, w->name, w->value, w->len);
	else if (slot >= 0 && strcmp(other.name, w->name) == 0 &&
		 join_both(&value, &select_switches[slot], w, &other))
		join_add_word(out, w->name, ff_buf_str(&value), value.len);
	else if (sister && !join_find(&taken, outer, sister) &&
		 !join_find(&taken, inner, sister))
		join_add_word(out, sister, w->value, w->len);
	else
		join_add_word(out, w->name, w->value, w->len);
	out->failed |= value.failed;
	ff_buf_release(&value);
}

int ff_select_join(char **out, const char *outer, const char *inner, struct ff_err *err)
{
	struct ff_buf line = FF_BUF_INIT, own = FF_BUF_INIT;
	const char *at = inner;
	struct join_word w, clash;

	while (join_next(&w, &at))
		join_word(&own, &w, outer, inner);
	ff_buf_adds(&line, ff_buf_str(&own));
	for (at = outer; join_next(&w, &at);)
		if (!join_find(&clash, ff_buf_str(&own), w.name))
			join_add_word(&line, w.name, w.value, w.len);
	*out = line.failed || own.failed ? NULL : ff_strdup(ff_buf_str(&line));
	ff_buf_release(&line);
	ff_buf_release(&own);
	return *out ? FF_OK : ff_fail_nomem(err);
}
