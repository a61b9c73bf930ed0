/* SPDX-License-Identifier: MIT */
/* words - numbers, dates and units as people write them. All append to a buffer. */
#ifndef FIGURE_WORDS_H
#define FIGURE_WORDS_H

#include <flowfig/base.h>

#define FF_NBSP "\xc2\xa0"
#define FF_NDASH "\xe2\x80\x93"
#define FF_MINUS "\xe2\x88\x92"
#define FF_MIDDOT "\xc2\xb7"
#define FF_ELLIPSIS "\xe2\x80\xa6"

void ff_word_count(struct ff_buf *b, uint64_t v); /* 1,714,351 */
/* 0.88 -> "88.0 %"; "0.03 %", "<0.01 %" */
void ff_word_percent(struct ff_buf *b, double share);
void ff_word_short(struct ff_buf *b, double v); /* on axes and keys: 1, 10, 100k, 1.5M */
void ff_word_bytes(struct ff_buf *b, double v); /* "275 MB", "53.8 GB", "12 B" */
/* Rounded: 520 -> "500", 23.5 -> "24", 1234 -> "1,200" */
void ff_word_some(struct ff_buf *b, double v);
void ff_word_number(struct ff_buf *b, double v, int decimals); /* U+2212 for minus */
void ff_word_small(struct ff_buf *b, uint64_t v); /* one .. ten in words, else digits */
void ff_word_range(struct ff_buf *b, uint64_t low, uint64_t high); /* "7", "20–37" */
void ff_word_span(struct ff_buf *b, int64_t ns);	 /* "12 h", "5 min", "2 days" */
void ff_word_every(struct ff_buf *b, int64_t period_ns); /* "twice a day", "every 8 h" */
/* The reader's clock: ns + tz_ns, kept within int64. */
int64_t ff_local_time(int64_t ns, int64_t tz_ns);
/* "15 Nov – 14 Dec 2023", "15 Nov 2023", "15 Nov 2023, 12:00–14:30". The end is
 * exclusive: a day that only its midnight touches is not named. By the clock of UTC +
 * tz_ns. */
void ff_word_dates(struct ff_buf *b, int64_t from_ns, int64_t to_ns, int64_t tz_ns);
/* "29 November", with the hour when the time is not midnight and `with_time`. */
void ff_word_date(struct ff_buf *b, int64_t ns, int64_t tz_ns, bool with_time);
/* What a bin is called: "hour", "day", "5 minutes", "month", "whole time" ... */
void ff_word_bin(struct ff_buf *b, int64_t bin_ns);
/* What is counted: "source-hours", "source-days", "source-months", "source-bins",
 * "sources" (bin = all). */
const char *ff_word_unit(int64_t bin_ns);
/* "an hour", "a day", "in 5 min", "in all": rates per bin. */
void ff_word_per(struct ff_buf *b, int64_t bin_ns);
/* Plural s: ff_s(1) = "", else "s". */
const char *ff_s(uint64_t n);

#endif
