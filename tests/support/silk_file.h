/* SPDX-License-Identifier: MIT */
/* silk_file - SiLK flow files in memory, and all their flows, for tests of the reader. */
#ifndef FLOWFIG_TESTS_SILK_FILE_H
#define FLOWFIG_TESTS_SILK_FILE_H

#include <flowfig/input.h>

#define SILK_FILE_HOUR_MS INT64_C(1704546000000) /* 2024-01-06 13:00 */
#define SILK_FILE_HOUR_NS (SILK_FILE_HOUR_MS * FF_MS)

/* The site that the sources below use: the built-in one. Free it at the end. */
struct ff_site *silk_file_site(void);
void silk_file_free_site(void);

/* A header; `packed` adds the entry of an hourly file: HOUR, type 1 (out), sensor 9. */
void silk_file_header(struct ff_buf *f, bool big, unsigned format, unsigned version,
		      enum ff_codec codec, bool packed);
/* A RWGENERIC v5 record that tells its number: start, sIP 10.0.0.0 and dIP 192.168.0.0
 * count up. */
void silk_file_generic(struct ff_buf *f, bool big, uint32_t i, unsigned proto,
		       unsigned sport, unsigned dport, unsigned flowtype);
/* A source over the bytes under the name "x.rw"; aborts when it cannot be opened. */
struct ff_source *silk_file_source(const struct ff_buf *f, uint32_t want);
/* All flows in order, through a small batch that another reader has used. Returns their
 * number; *bad counts damaged records, err tells the first, or what ended the source
 * early, or "". */
size_t silk_file_read(struct ff_flow *flows, size_t cap, const struct ff_buf *f,
		      uint32_t want, uint64_t *bad, struct ff_err *err);

#endif
