/* SPDX-License-Identifier: MIT */
/* list - lists of numbers as rwfilter takes them: N, N-M and N- (to the highest), with
 * commas between. A list becomes one bit a number. */
#include <string.h>

#include "select/predicate.h"

bool select_scan_number(uint64_t *out, const char **at, uint64_t max, const char **why)
{
	const char *p = *at;
	uint64_t v = 0;

	if (*p < '0' || *p > '9') {
		*why = *p ? "unexpected character" : "a number is missing";
		return false;
	}
	for (; *p >= '0' && *p <= '9'; p++) {
		unsigned digit = (unsigned)(*p - '0');

		if (v > (max - digit) / 10 || digit > max) {
			*why = "above the maximum";
			return false;
		}
		v = v * 10 + digit;
	}
	*out = v;
	*at = p;
	return true;
}

static int list_fail(struct ff_err *err, const char *name, const char *value,
		     const char *at, uint64_t max, const char *why)
{
	if (strcmp(why, "above the maximum") == 0)
		return select_bad(err, name, value, "above the maximum %llu",
				  (unsigned long long)max);
	if (strcmp(why, "unexpected character") == 0)
		return select_bad(err, name, value, "unexpected character '%c'", *at);
	return select_bad(err, name, value, "%s", why);
}

static void list_set(uint64_t *bits, uint64_t first, uint64_t last)
{
	for (uint64_t i = first; i <= last; i++)
		bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static int list_fill(uint64_t *bits, uint64_t max, const char *name, const char *value,
		     struct ff_err *err)
{
	const char *p = value, *why = NULL;

	for (;;) {
		uint64_t first, last;

		if (!select_scan_number(&first, &p, max, &why))
			return list_fail(err, name, value, p, max, why);
		last = first;
		if (*p == '-') {
			p++;
			last = max;
			if (*p && *p != ',' && !select_scan_number(&last, &p, max, &why))
				return list_fail(err, name, value, p, max, why);
		}
		if (last < first)
			return select_bad(err, name, value, "the range is reversed");
		list_set(bits, first, last);
		if (!*p)
			return FF_OK;
		if (*p != ',')
			return list_fail(err, name, value, p, max,
					 "unexpected character");
		p++;
	}
}

int select_parse_list(uint64_t **out, uint64_t max, const char *name, const char *value,
		      struct ff_err *err)
{
	uint64_t *bits = ff_calloc((size_t)(max / 64 + 1), sizeof(*bits));
	int status;

	if (!bits)
		return ff_fail_nomem(err);
	status = list_fill(bits, max, name, value, err);
	if (status != FF_OK) {
		ff_free(bits);
		return status;
	}
	*out = bits;
	return FF_OK;
}
