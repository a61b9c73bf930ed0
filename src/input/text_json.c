/* SPDX-License-Identifier: MIT */
/* text_json - see text_json.h. */
#include "input/text_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const uint8_t *json_skip_blanks(const uint8_t *p, const uint8_t *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

/* Behind the quoted word at p; NULL when another stands there. */
static const uint8_t *json_word_at(const uint8_t *p, const uint8_t *end, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(end - p) < n + 2 || p[0] != '"' || memcmp(p + 1, word, n) != 0 ||
	    p[n + 1] != '"')
		return NULL;
	return p + n + 2;
}

bool text_json_has(const uint8_t *head, size_t len, const char *key, const char *word)
{
	const uint8_t *end = head + len;

	for (const uint8_t *p = head; p < end && (p = memchr(p, '"', (size_t)(end - p)));
	     p++) {
		const uint8_t *q = json_word_at(p, end, key);

		if (!q)
			continue;
		q = json_skip_blanks(q, end);
		if (q == end || *q != ':')
			continue;
		if (!word || json_word_at(json_skip_blanks(q + 1, end), end, word))
			return true;
	}
	return false;
}

int text_json_line(json_t **out, const char *line, const char *eol, char why[TEXT_WHY])
{
	json_error_t e;
	json_t *o = json_loadb(line, (size_t)(eol - line), 0, &e);
	char *near;

	if (!o) {
		if (json_error_code(&e) == json_error_out_of_memory)
			return TEXT_NOMEM;
		/* what jansson quotes of the text may be no text */
		for (char *p = e.text; *p; p++)
			if (*p < ' ' || *p > '~')
				*p = '?';
		near = strstr(e.text, " near '");
		if (near)
			*near = '\0';
		snprintf(why, TEXT_WHY, "bad JSON (%.80s, byte %d of the line)", e.text,
			 e.position);
		return -1;
	}
	if (!json_is_object(o)) {
		json_decref(o);
		snprintf(why, TEXT_WHY, "JSON that is no object");
		return -1;
	}
	*out = o;
	return 1;
}

static int json_bad(char why[TEXT_WHY], const char *key, const json_t *v)
{
	if (json_is_string(v))
		text_why(why, key, json_string_value(v), json_string_length(v));
	else
		snprintf(why, TEXT_WHY, "bad %s", key);
	return -1;
}

int text_json_word(struct text_cell *out, const json_t *object, const char *key,
		   char why[TEXT_WHY])
{
	const json_t *v = json_object_get(object, key);

	if (!v || json_is_null(v))
		return 0;
	if (!json_is_string(v))
		return json_bad(why, key, v);
	*out = (struct text_cell){json_string_value(v), json_string_length(v)};
	return 1;
}

int text_json_number(uint64_t *out, uint64_t max, const json_t *object, const char *key,
		     char why[TEXT_WHY])
{
	const json_t *v = json_object_get(object, key);
	json_int_t n;

	if (!v || json_is_null(v))
		return 0;
	n = json_integer_value(v); /* 0 when it is none */
	if (!json_is_integer(v) || n < 0 || (uint64_t)n > max)
		return json_bad(why, key, v);
	*out = (uint64_t)n;
	return 1;
}

int text_json_addr(struct ff_addr *out, bool *is_v6, const json_t *object,
		   const char *key, char why[TEXT_WHY])
{
	struct text_cell word;
	int rc = text_json_word(&word, object, key, why);

	if (rc <= 0)
		return rc;
	if (!ff_parse_addr(out, word.s, word.len)) {
		text_why(why, key, word.s, word.len);
		return -1;
	}
	*is_v6 |= memchr(word.s, ':', word.len) != NULL;
	return 1;
}

/* Such numbers are doubles that were microseconds. */
static bool json_micros(int64_t *out_ns, double seconds)
{
	double us = nearbyint(seconds * 1e6);

	if (!(fabs(us) < 9.2e15))
		return false;
	*out_ns = (int64_t)us * 1000;
	return true;
}

int text_json_time(int64_t *out_ns, const json_t *object, const char *key,
		   char why[TEXT_WHY])
{
	const json_t *v = json_object_get(object, key);
	char text[32];

	if (!v || json_is_null(v))
		return 0;
	if (json_is_string(v) &&
	    text_cell_time(out_ns, json_string_value(v), json_string_length(v)))
		return 1;
	if (json_is_integer(v) && json_integer_value(v) >= 0) {
		int n = snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT,
				 json_integer_value(v));

		if (text_cell_time(out_ns, text, (size_t)n))
			return 1;
	}
	if (json_is_real(v)) {
		double s = json_real_value(v);

		/* ms: as with digits, 11 of them begin in April 1970 */
		if (s >= 0 && json_micros(out_ns, s >= 1e10 ? s / 1000 : s))
			return 1;
	}
	return json_bad(why, key, v);
}

int text_json_duration(int64_t *out_ns, const json_t *object, const char *key,
		       char why[TEXT_WHY])
{
	const json_t *v = json_object_get(object, key);

	if (!v || json_is_null(v))
		return 0;
	if (json_is_number(v) && json_micros(out_ns, json_number_value(v)))
		return 1;
	return json_bad(why, key, v);
}
