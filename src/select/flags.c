/* SPDX-License-Identifier: MIT */
/* flags - TCP flags and attributes in switches: HIGH/MASK pairs, of which any may hold,
 * and plain letters. Letters stand in any order and case; nothing else may. */
#include <string.h>

#include "select/predicate.h"

/* Reads letters up to `stop` or the end; *at then stands on what ended them. */
static bool flags_scan(uint8_t *out, const char **at, bool attributes)
{
	static const char tcp[] = "FSRPAUEC";
	static const struct {
		char letter;
		uint8_t bit;
	} kinds[] = {{'S', FF_ATTR_SAME_SIZE},
		     {'T', FF_ATTR_TIMEOUT},
		     {'C', FF_ATTR_CONTINUED},
		     {'F', FF_ATTR_FIN}};
	uint8_t bits = 0;

	for (; **at && **at != '/' && **at != ','; (*at)++) {
		char c = **at;
		uint8_t bit = 0;

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (!attributes && strchr(tcp, c))
			bit = (uint8_t)(1u << (strchr(tcp, c) - tcp));
		for (size_t i = 0; attributes && i < sizeof(kinds) / sizeof(kinds[0]);
		     i++)
			if (kinds[i].letter == c)
				bit = kinds[i].bit;
		if (!bit)
			return false;
		bits |= bit;
	}
	*out = bits;
	return true;
}

int select_parse_pairs(struct select_pairs *p, bool attributes, const char *name,
		       const char *value, struct ff_err *err)
{
	const char *letters = attributes ? "STCF" : "FSRPAUEC";
	unsigned max = attributes ? 8 : 16;
	const char *at = value;

	for (;; at++) {
		uint8_t high, mask = 0;

		if (!flags_scan(&high, &at, attributes))
			return select_bad(err, name, value,
					  "'%c' is none of the letters %s", *at, letters);
		if (*at != '/')
			return select_bad(err, name, value,
					  "not HIGH/MASK, for example %s",
					  attributes ? "T/T" : "S/SA");
		at++;
		if (!flags_scan(&mask, &at, attributes))
			return select_bad(err, name, value,
					  "'%c' is none of the letters %s", *at, letters);
		if (!mask || *at == '/')
			return select_bad(err, name, value, "the mask after '/' is %s",
					  mask ? "followed by another" : "empty");
		if (high & ~mask)
			return select_bad(
				err, name, value,
				"what is before '/' must be within the mask after it");
		if (p->count >= max)
			return select_bad(err, name, value, "more than %u pairs", max);
		p->pairs[p->count++] = (struct select_pair){high, mask};
		if (!*at)
			return FF_OK;
	}
}

int select_parse_letters(uint8_t *out, const char *name, const char *value,
			 struct ff_err *err)
{
	const char *at = value;

	if (!*value)
		return select_bad(err, name, value, "it is empty");
	if (!flags_scan(out, &at, false) || *at)
		return select_bad(err, name, value,
				  "'%c' is none of the letters FSRPAUEC", *at);
	return FF_OK;
}
