/* SPDX-License-Identifier: MIT */
/* flows - what the programs of the bench share: the raw record and the network watched.
 */
#ifndef BENCH_FLOWS_H
#define BENCH_FLOWS_H

#include <stddef.h>
#include <stdint.h>

#define BASE_MS UINT64_C(1700006400000) /* 2023-11-15 00:00 UTC, a Wednesday */
#define HOUR_MS 3600000u
#define DAY_MS (24 * HOUR_MS)
#define SPAN_MS (30 * DAY_MS)
#define INSIDE 0xC6120400u /* 198.18.4.0/22, of the range for benchmarks (RFC 2544) */
#define HOSTS 1024u
#define IS_INSIDE(address) ((address) / HOSTS == INSIDE / HOSTS)

struct flow {		   /* 32 bytes: flows.raw is an array of these */
	uint32_t start_ms; /* since BASE_MS */
	uint32_t sip, dip;
	uint16_t sport, dport;
	uint32_t duration_ms, packets, bytes;
	uint8_t protocol, flags;
	uint16_t zero;
};

/* Writers of flows.c: each makes one file, whole, or ends the program. */
void flows_write_raw(const char *path, const struct flow *flows, size_t count);
void flows_write_silk(const char *path, const struct flow *flows, size_t count);
void flows_write_csv(const char *path, const struct flow *flows, size_t count);
void flows_write_nfcapd(const char *path, const struct flow *flows, size_t count);

#endif
