/* SPDX-License-Identifier: MIT */
/* flows_write - the files of flows.c. Written from the formats' descriptions, not with
 * flowfig's own writers, so that the bench also tests its readers. */
#include "flows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *make(const char *path)
{
	static char buffer[1 << 20]; /* one file at a time */
	FILE *f = fopen(path, "wb");
	if (!f) {
		fprintf(stderr, "flows: cannot write '%s': %s\n", path, strerror(errno));
		exit(1);
	}
	setvbuf(f, buffer, _IOFBF, sizeof buffer);
	return f;
}

static void finish(FILE *f, const char *path)
{
	int failed = ferror(f);
	if (fclose(f) != 0 || failed) {
		fprintf(stderr, "flows: cannot write '%s': %s\n", path, strerror(errno));
		remove(path);
		exit(1);
	}
}

/* Little-endian numbers of 2, 4 and 8 bytes. */
static void put_le(uint8_t *p, unsigned bytes, uint64_t v)
{
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

void flows_write_raw(const char *path, const struct flow *flows, size_t count)
{
	FILE *f = make(path);
	fwrite(flows, sizeof *flows, count, f);
	finish(f, path);
}

/* ---- SiLK: FT_RWGENERIC, record version 5 ---- */

void flows_write_silk(const char *path, const struct flow *flows, size_t count)
{
	/* magic; little-endian records, format, header version, no compression; SiLK
	 * version (none); record length and version; then the end entry, whose padding
	 * makes the header one record */
	static const uint8_t head[52] = {0xde, 0xad, 0xbe, 0xef, 0, 0x16, 16, 0,
					 0,    0,    0,	   0,	 0, 52,	  0,  5,
					 0,    0,    0,	   0,	 0, 0,	  0,  36};
	FILE *f = make(path);
	fwrite(head, sizeof head, 1, f);
	for (const struct flow *r = flows; r < flows + count; r++) {
		uint8_t p[52] = {0};
		put_le(p, 8, BASE_MS + r->start_ms);
		put_le(p + 8, 4, r->duration_ms);
		put_le(p + 12, 2, r->sport);
		put_le(p + 14, 2, r->dport);
		p[16] = r->protocol;
		p[17] = (uint8_t)(IS_INSIDE(r->dip) ? 0 : 1); /* in, out */
		p[20] = r->flags;
		put_le(p + 32, 4, r->packets);
		put_le(p + 36, 4, r->bytes);
		put_le(p + 40, 4, r->sip);
		put_le(p + 44, 4, r->dip);
		fwrite(p, sizeof p, 1, f);
	}
	finish(f, path);
}

/* ---- CSV ---- */

static char *put_number(char *p, uint32_t v)
{
	char digits[10];
	int n = 0;
	do
		digits[n++] = (char)('0' + v % 10);
	while (v /= 10);
	while (n > 0)
		*p++ = digits[--n];
	return p;
}

static char *put_address(char *p, uint32_t a)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		p = put_number(p, a >> shift & 255);
		*p++ = shift ? '.' : ',';
	}
	return p;
}

static char *put_seconds(char *p, uint64_t ms) /* 12.345 */
{
	p = put_number(p, (uint32_t)(ms / 1000));
	uint32_t rest = (uint32_t)(ms % 1000);
	*p++ = '.';
	*p++ = (char)('0' + rest / 100);
	*p++ = (char)('0' + rest / 10 % 10);
	*p++ = (char)('0' + rest % 10);
	return p;
}

void flows_write_csv(const char *path, const struct flow *flows, size_t count)
{
	FILE *f = make(path);
	fputs("sip,dip,sport,dport,proto,packets,bytes,flags,stime,dur\n", f);
	for (const struct flow *r = flows; r < flows + count; r++) {
		const uint32_t numbers[] = {r->sport,	r->dport, r->protocol,
					    r->packets, r->bytes, r->flags};
		char line[160], *p = put_address(line, r->sip);
		p = put_address(p, r->dip);
		for (int i = 0; i < 6; i++) {
			p = put_number(p, numbers[i]);
			*p++ = ',';
		}
		p = put_seconds(p, BASE_MS + r->start_ms);
		*p++ = ',';
		p = put_seconds(p, r->duration_ms);
		*p++ = '\n';
		fwrite(line, (size_t)(p - line), 1, f);
	}
	finish(f, path);
}

/* ---- nfdump layout 2: 40-byte header, blocks of records, no appendix ---- */

enum {
	NF_HEAD = 40,
	NF_BLOCK_HEAD = 12,
	NF_RECORD = 12 + 52 + 12, /* head, generic element, IPv4 element */
	NF_IN_BLOCK = ((1 << 20) - 64) / NF_RECORD
};

static void put_nf_record(uint8_t *p, const struct flow *r)
{
	uint64_t first = BASE_MS + r->start_ms, last = first + r->duration_ms;
	memset(p, 0, NF_RECORD);
	put_le(p, 2, 11); /* a flow */
	put_le(p + 2, 2, NF_RECORD);
	put_le(p + 4, 2, 2); /* elements */
	p[11] = 9;	     /* NetFlow version */
	put_le(p + 12, 2, 1);
	put_le(p + 14, 2, 52);
	put_le(p + 16, 8, first);
	put_le(p + 24, 8, last);
	put_le(p + 32, 8, last); /* received */
	put_le(p + 40, 8, r->packets);
	put_le(p + 48, 8, r->bytes);
	put_le(p + 56, 2, r->sport);
	put_le(p + 58, 2, r->dport);
	p[60] = r->protocol;
	p[61] = r->flags;
	put_le(p + 64, 2, 2);
	put_le(p + 66, 2, 12);
	put_le(p + 68, 4, r->sip);
	put_le(p + 72, 4, r->dip);
}

void flows_write_nfcapd(const char *path, const struct flow *flows, size_t count)
{
	static uint8_t block[NF_BLOCK_HEAD + NF_IN_BLOCK * NF_RECORD];
	uint8_t head[NF_HEAD] = {0x0c, 0xa5, 2, 0,
				 1,    1,    7, 1}; /* layout 2, nfdump 1.7.1 */
	size_t blocks = (count + NF_IN_BLOCK - 1) / NF_IN_BLOCK;
	FILE *f = make(path);
	put_le(head + 8, 8, BASE_MS / 1000);
	head[20] = 1; /* made by nfcapd */
	put_le(head + 36, 4, blocks);
	fwrite(head, sizeof head, 1, f);
	for (size_t at = 0; at < count; at += NF_IN_BLOCK) {
		size_t n = count - at < NF_IN_BLOCK ? count - at : NF_IN_BLOCK;
		put_le(block, 4, n);
		put_le(block + 4, 4, n * NF_RECORD);
		put_le(block + 8, 4, 3); /* a block of records, no flags */
		for (size_t i = 0; i < n; i++)
			put_nf_record(block + NF_BLOCK_HEAD + i * NF_RECORD,
				      &flows[at + i]);
		fwrite(block, NF_BLOCK_HEAD + n * NF_RECORD, 1, f);
	}
	finish(f, path);
}
