/* SPDX-License-Identifier: MIT */
/* utf8 - texts come from files and command lines: they may hold anything. What is drawn
 * or written into a figure file is valid UTF-8 without control characters. */
#ifndef FF_CANVAS_UTF8_H
#define FF_CANVAS_UTF8_H

#include <flowfig/base.h>

/* FF_MARK_BOLD and FF_MARK_END as code points */
#define FF_CODE_BOLD UINT32_C(1)
#define FF_CODE_END UINT32_C(2)

/* The code point at *s, which moves past it; U+FFFD for a byte that starts no valid
 * sequence (one byte is skipped). *s must not be at `end`. */
uint32_t ff_utf8_next(const char **s, const char *end);
/* What is drawn for a code point: a space for a control character, U+FFFD for what XML
 * forbids. */
uint32_t ff_utf8_inked(uint32_t code);
void ff_utf8_put(struct ff_buf *out, uint32_t code);
/* Appends `s` as valid UTF-8; control characters other than tab and line feed, and
 * noncharacters that XML forbids, become U+FFFD. */
void ff_utf8_clean(struct ff_buf *out, const char *s, size_t len);

#endif
