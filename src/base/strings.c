/* SPDX-License-Identifier: MIT */
/* strings - list of borrowed words, and the nearest word to one mistyped. */
#include <flowfig/base.h>

#include <string.h>

int ff_strings_add(struct ff_strings *s, const char *borrowed, struct ff_err *err)
{
	int status = ff_grow(&s->items, &s->cap, s->count + 1, sizeof(*s->items), err);

	if (status == FF_OK)
		s->items[s->count++] = borrowed;
	return status;
}

void ff_strings_release(struct ff_strings *s)
{
	ff_free(s->items);
	*s = (struct ff_strings){NULL, 0, 0};
}

enum { STRINGS_LONGEST = 63 }; /* bytes of a word that is compared */

static char strings_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned strings_min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edits from a to b: insert, delete, replace, swap of neighbours (optimal string
 * alignment); case does not count. Three rows of the usual matrix are kept. */
static unsigned strings_distance(const char *a, size_t alen, const char *b, size_t blen)
{
	unsigned rows[3][STRINGS_LONGEST + 1];
	unsigned *before = rows[0], *last = rows[1], *now = rows[2], *spare;
	size_t i, j;

	for (j = 0; j <= blen; j++)
		last[j] = (unsigned)j;
	for (i = 1; i <= alen; i++) {
		now[0] = (unsigned)i;
		for (j = 1; j <= blen; j++) {
			bool same = strings_lower(a[i - 1]) == strings_lower(b[j - 1]);
			unsigned d = last[j - 1] + !same;

			d = strings_min(d, strings_min(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 &&
			    strings_lower(a[i - 1]) == strings_lower(b[j - 2]) &&
			    strings_lower(a[i - 2]) == strings_lower(b[j - 1]))
				d = strings_min(d, before[j - 2] + 1);
			now[j] = d;
		}
		spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[blen];
}

const char *ff_nearest(const char *word, const char *const *words, size_t count)
{
	size_t len = strlen(word), i;
	/* a third of the letters may be wrong; more is another word */
	unsigned best = (unsigned)(len + 2) / 3 + 1;
	const char *found = NULL;

	if (len == 0 || len > STRINGS_LONGEST)
		return NULL;
	for (i = 0; i < count; i++) {
		size_t other = strlen(words[i]);
		unsigned d;

		if (other > STRINGS_LONGEST)
			continue;
		d = strings_distance(word, len, words[i], other);
		/* a word that only was cut short is as near as one wrong letter */
		if (d > 1 && len >= 3 && other > len && strncmp(word, words[i], len) == 0)
			d = 1;
		if (d < best && d < (len > other ? len : other)) {
			best = d;
			found = words[i];
		}
	}
	return found;
}
