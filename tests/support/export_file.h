/* SPDX-License-Identifier: MIT */
/* export_file - messages of NetFlow and IPFIX in memory, for tests of what reads them. */
#ifndef FLOWFIG_TESTS_EXPORT_FILE_H
#define FLOWFIG_TESTS_EXPORT_FILE_H

#include <flowfig/base.h>

/* A message under construction; begins as {.b = buffer}. */
struct export_file {
	struct ff_buf *b;
	unsigned version;
	size_t message, set; /* where they begin; set is 0 when none is open */
	bool open;
};
#define EXPORT_FILE_S UINT32_C(1700006400) /* when all messages are sent */
#define EXPORT_FILE_UPTIME_MS UINT32_C(600000)

/* Each ends what was open before. A message of v5 has no sets: `count` records follow. */
void export_file_message(struct export_file *f, unsigned version, uint32_t domain);
void export_file_v5(struct export_file *f, unsigned count, unsigned sampling);
void export_file_set(struct export_file *f, unsigned id);
void export_file_end(struct export_file *f);
/* A template of `count` fields, three numbers each: enterprise (0: none), id, length; as
 * a set of its own. scopes > 0: an options template. */
void export_file_template(struct export_file *f, unsigned id, unsigned scopes,
			  unsigned count, const uint32_t *fields);
#define EXPORT_FILE_TEMPLATE(f, id, scopes, ...)                           \
	export_file_template(f, id, scopes,                                \
			     sizeof((const uint32_t[]){__VA_ARGS__}) / 12, \
			     (const uint32_t[]){__VA_ARGS__})
/* Big-endian numbers, as text: "4:167772161 2:443 1:6". */
void export_file_put(struct export_file *f, const char *numbers);

/* A capture: pcap (or pcapng) of Ethernet, and a UDP datagram in it, from 192.0.2.`host`.
 */
void export_file_pcap(struct ff_buf *b, bool ng, bool big);
void export_file_packet(struct ff_buf *b, bool ng, bool big, unsigned host,
			const void *data, size_t len);

/* The files of tests/data: by name, NULL past the end; "netflow/v5" and so on. */
const char *export_file_name(size_t i);
void export_file_make(struct ff_buf *b, size_t i);

#endif
