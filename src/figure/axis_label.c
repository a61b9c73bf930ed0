/* SPDX-License-Identifier: MIT */
/* The words of ticks: powers of ten, and placing them as labels. */
#include "figure/axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void ff_tick_say(struct ff_tick *tick, void (*word)(struct ff_buf *b, double v))
{
	struct ff_buf b = FF_BUF_INIT;

	word(&b, tick->value);
	if (!b.failed && b.len < sizeof(tick->text))
		memcpy(tick->text, ff_buf_str(&b), b.len + 1);
	ff_buf_release(&b);
}

void ff_labels_ticks(struct ff_labels *l, const struct ff_theme *theme,
		     const struct ff_ticks *t, bool along_x, double at)
{
	struct ff_text_style st = ff_theme_text(theme, FF_REGULAR);
	int rank = INT32_MIN;

	for (size_t i = 0; i < t->count; i++)
		if (t->at[i].text[0] && t->at[i].rank > rank)
			rank = t->at[i].rank;
	/* few ranks: a pass for each, highest first */
	while (t->count) {
		int next = INT32_MIN;

		for (size_t i = 0; i < t->count; i++) {
			const struct ff_tick *tick = &t->at[i];
			struct ff_text_item item;

			if (!tick->text[0])
				continue;
			if (tick->rank < rank && tick->rank > next)
				next = tick->rank;
			if (tick->rank != rank)
				continue;
			item = along_x ? ff_text_item_of("tick", st, tick->pos, at,
							 FF_CENTER, tick->text)
				       : ff_text_item_of("tick", st, at,
							 tick->pos + .36 * st.size_pt,
							 FF_RIGHT, tick->text);
			ff_labels_add(l, &item, 1);
		}
		if (next == INT32_MIN)
			break;
		rank = next;
	}
}

/* A power of 10, in superscript digits. */
static void tick_power(struct ff_buf *b, int exponent)
{
	static const char *const digits[] = {
		"\xe2\x81\xb0", "\xc2\xb9",	"\xc2\xb2",	"\xc2\xb3",
		"\xe2\x81\xb4", "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7",
		"\xe2\x81\xb8", "\xe2\x81\xb9",
	};
	int power = abs(exponent);

	ff_buf_adds(b, exponent < 0 ? "10\xe2\x81\xbb" : "10");
	if (power >= 10)
		ff_buf_adds(b, digits[power / 10 % 10]);
	ff_buf_adds(b, digits[power % 10]);
}

void ff_ticks_decade_texts(struct ff_ticks *t, const char *unit)
{
	bool has_powers = false;

	for (size_t i = 0; i < t->count; i++)
		has_powers |= t->at[i].text[0] && t->at[i].value < .99e-4;
	for (size_t i = 0; i < t->count; i++) {
		struct ff_tick *tick = &t->at[i];
		int exponent = (int)lround(log10(tick->value));
		struct ff_buf b = FF_BUF_INIT;

		if (!tick->text[0])
			continue;
		if (has_powers)
			tick_power(&b, exponent);
		else
			ff_buf_adds(&b, tick->text);
		ff_buf_adds(&b, unit);
		tick->rank = exponent == 0 ? 9 : exponent % 2 == 0 ? 5 : 1;
		if (!b.failed && b.len < sizeof(tick->text))
			memcpy(tick->text, ff_buf_str(&b), b.len + 1);
		ff_buf_release(&b);
	}
}
