/* SPDX-License-Identifier: MIT */
/* nfdump_file - nfcapd files in memory, for tests of their reader: layout 1 as nfdump 1.6
 * writes it, layout 2 as 1.7 does, in every compression. */
#ifndef FLOWFIG_TESTS_NFDUMP_FILE_H
#define FLOWFIG_TESTS_NFDUMP_FILE_H

#include <flowfig/file.h>

#define NFDUMP_FILE_MS UINT64_C(1704546000123) /* 2024-01-06 13:00:00.123 */

/* The header; of layout 1 with ident "here" and statistics. */
void nfdump_file_header(struct ff_buf *f, unsigned layout, enum ff_codec codec,
			uint32_t blocks);
/* Adds a block of records and clears them. False when the codec is not built in. */
bool nfdump_file_block(struct ff_buf *f, enum ff_codec codec, unsigned type,
		       uint32_t count, struct ff_buf *records);
/* Layout 2: ident "there" and statistics at the end of the file; the header is told. */
bool nfdump_file_appendix(struct ff_buf *f, enum ff_codec codec);

/* ---- records of layout 1 ---- */

void nfdump_file_map(struct ff_buf *records, unsigned id, const uint16_t *extensions,
		     size_t count);
struct nfdump_file_flow {
	unsigned number; /* 192.0.2.0 and 10.0.0.0, or 2001:db8:: and fd00::, and so on */
	unsigned flags;	 /* layout 1: 1 IPv6, 2 and 4 wide counters, 0x40, 0x80 */
	unsigned map, exporter;
	unsigned protocol, sport, dport, tcp_flags;
	uint64_t first_ms, last_ms, packets, bytes;
};
/* 40000 -> 443/tcp of `number` with 3 packets, 180 bytes, 1.5 s from NFDUMP_FILE_MS on */
struct nfdump_file_flow nfdump_file_flow(unsigned number);
/* `type` is 10, or 1 for those before 1.6.12; with its map's extensions. */
void nfdump_file_flow_1(struct ff_buf *records, unsigned type,
			const struct nfdump_file_flow *flow, const void *extensions,
			size_t len);
/* A sampler of 1.6 (type 9) or 1.7 (type 15): one packet of `rate`. */
void nfdump_file_sampler(struct ff_buf *records, unsigned type, int id, uint32_t rate,
			 unsigned exporter);

/* ---- records of layout 2 ---- */

void nfdump_file_element(struct ff_buf *elements, unsigned id, const void *payload,
			 size_t len);
/* Elements 1, and 2 or 3 by bit 0 of the flow's flags. */
void nfdump_file_basic(struct ff_buf *elements, const struct nfdump_file_flow *flow);
/* A record of `count` elements, which are cleared. `flags`: 1 event, 2 sampled. */
void nfdump_file_flow_2(struct ff_buf *records, unsigned count, unsigned exporter,
			unsigned flags, struct ff_buf *elements);
/* A record of any type. */
void nfdump_file_record(struct ff_buf *records, unsigned type, const void *payload,
			size_t len);

/* ---- whole files ---- */

/* All that the reader knows, in two blocks: a file of the fuzzer's corpus, and of
 * tests/data. False when the codec is not built in. */
bool nfdump_file_sample(struct ff_buf *f, unsigned layout, enum ff_codec codec);

#endif
