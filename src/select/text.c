/* SPDX-License-Identifier: MIT */
/* text - the selection in words that a shell takes back, in the order of the table, so
 * that the same selection always reads the same. */
#include <stdlib.h>
#include <string.h>

#include "select/predicate.h"

static bool text_is_plain(const char *s)
{
	return s[strspn(s,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			"_@%+=:,./-")] == 0;
}

static void text_quoted(struct ff_buf *out, const char *s)
{
	if (text_is_plain(s)) {
		ff_buf_adds(out, s);
		return;
	}
	ff_buf_addc(out, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			ff_buf_adds(out, "'\\''");
		else
			ff_buf_addc(out, *s);
	}
	ff_buf_addc(out, '\'');
}

static int text_by_value(const void *a, const void *b)
{
	const struct select_pair *x = a, *y = b;

	return x->mask != y->mask ? x->mask - y->mask : x->high - y->high;
}

/* Pairs have no order among themselves: sorted by mask, then by what must be set. */
static void text_pairs(struct ff_buf *out, const struct select_value *v)
{
	struct select_pairs p = v->pairs;
	bool attributes = v->sw->subject == ON_ATTRIBUTES;

	qsort(p.pairs, p.count, sizeof(p.pairs[0]), text_by_value);
	for (unsigned i = 0; i < p.count; i++) {
		char high[16], mask[16];

		if (attributes) {
			ff_format_attributes(high, p.pairs[i].high);
			ff_format_attributes(mask, p.pairs[i].mask);
		} else {
			ff_format_flags(high, p.pairs[i].high);
			ff_format_flags(mask, p.pairs[i].mask);
		}
		ff_buf_addf(out, "%s%s/%s", i ? "," : "", high, mask);
	}
}

int select_write_text(struct ff_select *s, struct ff_err *err)
{
	struct ff_buf *out = &s->text;

	for (size_t i = 0; i < select_switch_count; i++) {
		const struct select_switch *sw = &select_switches[i];

		if (!s->words[i] || sw->syntax == SYNTAX_INSIDE)
			continue;
		ff_buf_addf(out, "%s--%s=", out->len ? " " : "", sw->name);
		if (sw->syntax == SYNTAX_PAIRS)
			text_pairs(out, &s->values[i]);
		else
			text_quoted(out, s->words[i]);
	}
	return out->failed ? ff_fail_nomem(err) : FF_OK;
}
