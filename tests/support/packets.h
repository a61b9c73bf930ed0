/* SPDX-License-Identifier: MIT */
/* packets - writes capture files, and packets header by header, for tests of what reads
 * them. Everything is appended to a buffer; lengths that a header must tell are given,
 * so that they can be wrong on purpose. */
#ifndef FLOWFIG_TESTS_PACKETS_H
#define FLOWFIG_TESTS_PACKETS_H

#include <flowfig/base.h>

/* ---- files ---- */

struct packets_file {
	struct ff_buf out;
	bool ng, nano, big; /* pcapng; nanoseconds; byte order */
	int link;
	uint32_t snaplen; /* packets are cut to it; 0 = 65535 */
};
/* File header, or section and interface. */
void packets_begin(struct packets_file *f);
/* An interface more, of pcapng. */
void packets_interface(struct packets_file *f, int link, uint32_t snaplen);
/* A record with the frame; cleared, so that the next can be put together. */
void packets_add(struct packets_file *f, int64_t time_ns, struct ff_buf *frame);
/* A block of pcapng of another type. */
void packets_block(struct packets_file *f, uint32_t type, const void *data, size_t len);

/* ---- headers ---- */

void packets_u8(struct ff_buf *b, unsigned v);
void packets_u16(struct ff_buf *b, unsigned v); /* network order */
void packets_u32(struct ff_buf *b, uint32_t v);
void packets_fill(struct ff_buf *b, size_t n); /* n bytes of payload */
void packets_ethernet(struct ff_buf *b, unsigned type);
void packets_vlan(struct ff_buf *b, unsigned id, unsigned type); /* after a tag's type */
void packets_mpls(struct ff_buf *b, uint32_t label, bool last);

enum { PACKETS_MORE = 0x2000 };
/* IPv4 addresses are 10.0.0.src and 10.0.0.dst, IPv6 fd00::src and fd00::dst. `payload`:
 * bytes that follow the header; `fragment`: offset in units of 8 bytes, PACKETS_MORE. */
void packets_v4(struct ff_buf *b, unsigned src, unsigned dst, unsigned protocol,
		size_t payload);
void packets_v4_fragment(struct ff_buf *b, unsigned src, unsigned dst, unsigned protocol,
			 size_t payload, unsigned id, unsigned fragment);
void packets_v6(struct ff_buf *b, unsigned src, unsigned dst, unsigned next,
		size_t payload);
/* An extension header of 8 * (1 + more) bytes. */
void packets_extension(struct ff_buf *b, unsigned next, unsigned more);
void packets_v6_fragment(struct ff_buf *b, unsigned next, uint32_t id, unsigned offset,
			 bool more);
void packets_tcp(struct ff_buf *b, unsigned sport, unsigned dport, unsigned flags);
void packets_udp(struct ff_buf *b, unsigned sport, unsigned dport, size_t payload);
void packets_icmp(struct ff_buf *b, unsigned type, unsigned code); /* 8 bytes */

/* A small file of each kind, for corpora: their number, names and bytes. */
size_t packets_sample_count(void);
const char *packets_sample(struct ff_buf *out, size_t i);

#endif
