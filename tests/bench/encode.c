/* SPDX-License-Identifier: MIT */
/* encode KIND FLOWS.RAW FILE [MOST] - the bench's flows, the first MOST of them, in a
 * format that nothing of ours writes: zeek, argus, eve and vpc (text), ipfix, and pcap,
 * where each flow is two packets of its first millisecond. */
#include "flows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *out;

static void put(uint64_t v, int bytes)
{
	while (bytes-- > 0)
		putc((int)(v >> (8 * bytes) & 0xff), out);
}

static void put_little(uint64_t v, int bytes)
{
	for (; bytes > 0; bytes--, v >>= 8)
		putc((int)(v & 0xff), out);
}

/* ---- text ---- */

static const char *quad(char *buf, uint32_t a)
{
	snprintf(buf, 16, "%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
	return buf;
}

static const char *protocol(const struct flow *f)
{
	return f->protocol == 6 ? "tcp" : f->protocol == 17 ? "udp" : "icmp";
}

static void zeek(const struct flow *f)
{
	char s[16], d[16];
	uint64_t ms = BASE_MS + f->start_ms;
	fprintf(out,
		"%" PRIu64 ".%03u000\tC%08x\t%s\t%u\t%s\t%u\t%s\t-\t%u.%03u000\t%"
		"u\t0\tSF\tS\t%u\t%u\t0\t"
		"0\n",
		ms / 1000, (unsigned)(ms % 1000), f->start_ms, quad(s, f->sip), f->sport,
		quad(d, f->dip), f->dport, protocol(f), f->duration_ms / 1000,
		f->duration_ms % 1000, f->bytes, f->packets, f->bytes);
}

static void argus(const struct flow *f)
{
	char s[16], d[16];
	uint64_t ms = BASE_MS + f->start_ms;
	fprintf(out, "%" PRIu64 ".%03u000,%u.%03u000,%s,%s,%u,   ->,%s,%u,%u,%u,%u,CON\n",
		ms / 1000, (unsigned)(ms % 1000), f->duration_ms / 1000,
		f->duration_ms % 1000, protocol(f), quad(s, f->sip), f->sport,
		quad(d, f->dip), f->dport, f->packets, f->bytes, f->bytes);
}

static void eve(const struct flow *f)
{
	char s[16], d[16];
	uint64_t ms = BASE_MS + f->start_ms, day = ms / DAY_MS - BASE_MS / DAY_MS,
		 rest = ms % DAY_MS;
	char at[48];
	/* the flows are of 30 days from 15 November on */
	snprintf(at, sizeof at, "2023-%02u-%02uT%02u:%02u:%02u.%03u000+0000",
		 day < 16 ? 11u : 12u, (unsigned)(day < 16 ? 15 + day : day - 15),
		 (unsigned)(rest / HOUR_MS), (unsigned)(rest / 60000 % 60),
		 (unsigned)(rest / 1000 % 60), (unsigned)(rest % 1000));
	fprintf(out,
		"{\"timestamp\":\"%s\",\"flow_id\":%u,\"event_type\":\"flow\",\"src_ip\":"
		"\"%s\","
		"\"src_port\":%u,\"dest_ip\":\"%s\",\"dest_port\":%u,\"proto\":\"%s\","
		"\"flow\":{"
		"\"pkts_toserver\":%u,\"pkts_toclient\":0,\"bytes_toserver\":%u,"
		"\"bytes_toclient\":0,\"start\":\"%s\",\"end\":\"%s\",\"age\":0,"
		"\"state\":\"new\"}}\n",
		at, f->start_ms, quad(s, f->sip), f->sport, quad(d, f->dip), f->dport,
		f->protocol == 6    ? "TCP"
		: f->protocol == 17 ? "UDP"
				    : "ICMP",
		f->packets, f->bytes, at, at);
}

static void vpc(const struct flow *f)
{
	char s[16], d[16];
	uint64_t at = (BASE_MS + f->start_ms) / 1000;
	fprintf(out,
		"2 123456789012 eni-0a1b2c3d %s %s %u %u %u %u %u %" PRIu64 " %" PRIu64
		" ACCEPT OK\n",
		quad(s, f->sip), quad(d, f->dip), f->sport, f->dport, f->protocol,
		f->packets, f->bytes, at, at + f->duration_ms / 1000);
}

/* ---- binary ---- */

enum { IPFIX_RECORD = 46, IPFIX_MOST = 1000 };
static const uint16_t ipfix_fields[][2] = {
	{8, 4}, {12, 4}, {7, 2}, {11, 2},  {4, 1},
	{6, 1}, {2, 8},	 {1, 8}, {152, 8}, {153, 8},
};
enum { IPFIX_FIELDS = sizeof ipfix_fields / sizeof *ipfix_fields };

static void ipfix(const struct flow *flows, size_t count)
{
	for (size_t i = 0; i < count; i += IPFIX_MOST) {
		size_t n = count - i < IPFIX_MOST ? count - i : IPFIX_MOST;
		size_t template = i == 0 ? 8 + 4 * IPFIX_FIELDS : 0;
		put(10, 2);
		put(16 + template + 4 + n * IPFIX_RECORD, 2);
		put((BASE_MS + flows[i].start_ms) / 1000, 4);
		put(i, 4);
		put(1, 4);
		if (template) {
			put(2, 2);
			put(template, 2);
			put(256, 2);
			put(IPFIX_FIELDS, 2);
			for (int k = 0; k < IPFIX_FIELDS; k++) {
				put(ipfix_fields[k][0], 2);
				put(ipfix_fields[k][1], 2);
			}
		}
		put(256, 2);
		put(4 + n * IPFIX_RECORD, 2);
		for (const struct flow *f = flows + i; f < flows + i + n; f++) {
			put(f->sip, 4);
			put(f->dip, 4);
			put(f->sport, 2);
			put(f->dport, 2);
			put(f->protocol, 1);
			put(f->flags, 1);
			put(f->packets, 8);
			put(f->bytes, 8);
			put(BASE_MS + f->start_ms, 8);
			put(BASE_MS + f->start_ms + f->duration_ms, 8);
		}
	}
}

static void packet(const struct flow *f, unsigned k)
{
	unsigned len = f->protocol == 6 ? 40 : 28;
	uint64_t ms = BASE_MS + f->start_ms;
	put_little(ms / 1000, 4);
	put_little(ms % 1000 * 1000 + k, 4);
	put_little(14 + len, 4);
	put_little(14 + len, 4);
	put(UINT64_C(0x020000000001), 6);
	put(UINT64_C(0x020000000002), 6);
	put(0x0800, 2);
	put(0x45000000 | len, 4);
	put(0, 4);
	put(0x4000 | f->protocol, 2);
	put(0, 2);
	put(f->sip, 4);
	put(f->dip, 4);
	put(f->sport, 2);
	put(f->dport, 2);
	if (f->protocol == 6) {
		put(k, 4);
		put(0, 4);
		put(0x5000 | f->flags, 2);
		put(0xffff, 2);
		put(0, 4);
	} else {
		put(8, 2);
		put(0, 2);
	}
}

static void pcap(const struct flow *flows, size_t count)
{
	put_little(0xa1b2c3d4, 4);
	put_little(2, 2);
	put_little(4, 2);
	put_little(0, 8);
	put_little(65535, 4);
	put_little(1, 4);
	for (size_t i = 0; i < count; i++)
		for (unsigned k = 0; k < 2; k++)
			packet(&flows[i], k);
}

static const struct {
	const char *name, *head;
	void (*line)(const struct flow *f);
	void (*all)(const struct flow *flows, size_t count);
} kinds[] = {
	{"zeek",
	 "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
	 "#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_"
	 "p\tproto\t"
	 "service\tduration\torig_bytes\tresp_bytes\tconn_state\thistory\torig_pkts\t"
	 "orig_ip_bytes\tresp_pkts\tresp_ip_bytes\n",
	 zeek, NULL},
	{"argus",
	 "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,TotPkts,TotBytes,SrcBytes,"
	 "State\n",
	 argus, NULL},
	{"eve", "", eve, NULL},
	{"vpc",
	 "version account-id interface-id srcaddr dstaddr srcport dstport protocol "
	 "packets "
	 "bytes start end action log-status\n",
	 vpc, NULL},
	{"ipfix", "", NULL, ipfix},
	{"pcap", "", NULL, pcap},
};

int main(int argc, char **argv)
{
	size_t kind = 0, count = 0, most;
	if (argc < 4)
		return fputs("usage: encode KIND FLOWS.RAW FILE [MOST]\n", stderr), 2;
	while (kind < sizeof kinds / sizeof *kinds &&
	       strcmp(kinds[kind].name, argv[1]) != 0)
		kind++;
	most = argc > 4 ? (size_t)strtoull(argv[4], NULL, 10) : SIZE_MAX;
	FILE *in = fopen(argv[2], "rb");
	out = fopen(argv[3], "wb");
	if (kind == sizeof kinds / sizeof *kinds || !in || !out)
		return perror("encode"), 1;
	fseek(in, 0, SEEK_END);
	count = (size_t)ftell(in) / sizeof(struct flow);
	count = count < most ? count : most;
	rewind(in);
	struct flow *flows = malloc(count * sizeof *flows + 1);
	if (!flows || fread(flows, sizeof *flows, count, in) != count)
		return perror(argv[2]), 1;
	fputs(kinds[kind].head, out);
	for (size_t i = 0; kinds[kind].line && i < count; i++)
		kinds[kind].line(&flows[i]);
	if (kinds[kind].all)
		kinds[kind].all(flows, count);
	free(flows);
	fclose(in);
	return fclose(out) == 0 ? 0 : (perror(argv[3]), 1);
}
