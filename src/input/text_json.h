/* SPDX-License-Identifier: MIT */
/* text_json - a line that is one JSON object, and the values in it. Getters return 1, 0
 * when the key is missing or null, -1 when its value is of another kind, with the reason.
 */
#ifndef FF_INPUT_TEXT_JSON_H
#define FF_INPUT_TEXT_JSON_H

#include "input/text.h"

#include <jansson.h>

/* For probe(): whether the key stands in the text, and with that word (NULL: whatever).
 */
bool text_json_has(const uint8_t *head, size_t len, const char *key, const char *word);
/* 1, -1 with the reason, or TEXT_NOMEM. Give *out to json_decref. */
int text_json_line(json_t **out, const char *line, const char *eol, char why[TEXT_WHY]);
/* Borrowed from the object. */
int text_json_word(struct text_cell *out, const json_t *object, const char *key,
		   char why[TEXT_WHY]);
int text_json_number(uint64_t *out, uint64_t max, const json_t *object, const char *key,
		     char why[TEXT_WHY]);
/* *is_v6 is set when the address is written with colons, and else left. */
int text_json_addr(struct ff_addr *out, bool *is_v6, const json_t *object,
		   const char *key, char why[TEXT_WHY]);
/* Text in any form of text_cell_time, or a number as there; numbers with a fraction are
 * rounded to microseconds. */
int text_json_time(int64_t *out_ns, const json_t *object, const char *key,
		   char why[TEXT_WHY]);
/* Seconds, rounded to microseconds. */
int text_json_duration(int64_t *out_ns, const json_t *object, const char *key,
		       char why[TEXT_WHY]);

#endif
