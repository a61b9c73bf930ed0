/* SPDX-License-Identifier: MIT */
/* input/pcap: files of packets, put together header by header, become flows; and what is
 * refused. Built without libpcap, that they are refused. */
#include "pcap_help.h"

#ifndef FF_HAVE_PCAP

static void test_left_out(void **state)
{
	struct packets_file f = {.link = 1};
	struct read_result r;

	(void)state;
	packets_begin(&f);
	r = read_memory(f.out.data, f.out.len, (struct ff_input_opts){0});
	assert_int_equal(r.status, FF_EFORMAT);
	assert_non_null(strstr(r.err.text, "libpcap-dev"));
	ff_buf_release(&f.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_left_out)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

/* ---- IP ---- */

static void test_lengths(void **state)
{
	(void)state;
	/* filled up to the least size of Ethernet */
	packets_ethernet(&frame, 0x0800);
	packets_v4(&frame, 1, 2, 6, 20);
	packets_tcp(&frame, 7, 9, FF_SYN);
	packets_fill(&frame, 6);
	one(1, "10.0.0.1 10.0.0.2 s7 d9 p6 k1 b40 fS @0 +0 IS S A");
	/* segmented by the card: no length */
	packets_ethernet(&frame, 0x0800);
	packets_v4(&frame, 1, 2, 6, (size_t)-20);
	packets_tcp(&frame, 7, 9, FF_ACK);
	packets_fill(&frame, 30000);
	one(1, "10.0.0.1 10.0.0.2 s7 d9 p6 k1 b30040 fA @0 +0 IA S A");
	packets_ethernet(&frame, 0x86dd);
	packets_v6(&frame, 1, 2, 6, 0);
	packets_tcp(&frame, 7, 9, FF_ACK);
	packets_fill(&frame, 30000);
	one(1, "fd00::1 fd00::2 s7 d9 p6 k1 b30060 fA @0 +0 IA S A v6");
	/* nothing inside is no jumbogram */
	packets_ethernet(&frame, 0x86dd);
	packets_v6(&frame, 1, 2, 59, 0);
	packets_fill(&frame, 6);
	one(1, "fd00::1 fd00::2 s0 d0 p59 k1 b40 f @0 +0 I S A v6");
	/* ports that lie past the packet's own end are none */
	packets_v4(&frame, 1, 2, 17, 3);
	packets_udp(&frame, 7, 9, 0);
	one(101, "10.0.0.1 10.0.0.2 s0 d0 p17 k1 b23 f @0 +0 I S A");
}

static void test_options(void **state)
{
	(void)state;
	/* IPv4 with 4 bytes of options */
	bytes("4600002000000000401100000a0000010a000002 01010101");
	packets_udp(&frame, 7, 9, 0);
	one(101, "10.0.0.1 10.0.0.2 s7 d9 p17 k1 b32 f @0 +0 I S A");
	/* each extension header, and all of them */
	static const unsigned next[] = {0, 43, 60, 135, 139, 140};
	for (size_t i = 0; i < sizeof next / sizeof *next; i++) {
		packets_v6(&frame, 1, 2, next[i], 24 + 8);
		packets_extension(&frame, 17, 2);
		packets_udp(&frame, 7, 9, 0);
		one(101, "fd00::1 fd00::2 s7 d9 p17 k1 b72 f @0 +0 I S A v6");
	}
	packets_v6(&frame, 1, 2, 0, 8 + 16 + 8 + 8 + 20);
	packets_extension(&frame, 60, 0);
	packets_extension(&frame, 43, 1);
	packets_extension(&frame, 44, 0);
	packets_v6_fragment(&frame, 6, 1, 0, false); /* of one packet alone */
	packets_tcp(&frame, 7, 9, FF_SYN);
	one(101, "fd00::1 fd00::2 s7 d9 p6 k1 b100 fS @0 +0 IS S A v6");
	/* AH is a protocol, over both */
	packets_v6(&frame, 1, 2, 51, 24);
	packets_fill(&frame, 24);
	one(101, "fd00::1 fd00::2 s0 d0 p51 k1 b64 f @0 +0 I S A v6");
	packets_v4(&frame, 1, 2, 51, 24);
	packets_fill(&frame, 24);
	one(101, "10.0.0.1 10.0.0.2 s0 d0 p51 k1 b44 f @0 +0 I S A");
}

static void test_protocols(void **state)
{
	static const unsigned ported[] = {6, 17, 33, 132, 136};
	char want[100];

	(void)state;
	for (size_t i = 0; i < sizeof ported / sizeof *ported; i++) {
		packets_v4(&frame, 1, 2, ported[i], 8);
		packets_udp(&frame, 7, 9, 0);
		/* 8 bytes of TCP have no flags */
		snprintf(want, sizeof want, "10.0.0.1 10.0.0.2 s7 d9 p%u k1 b28%s A",
			 ported[i], i ? " f @0 +0 I S" : " @0 +0");
		one(101, want);
	}
	packets_v4(&frame, 1, 2, 1, 8);
	packets_icmp(&frame, 3, 13);
	one(101, "10.0.0.1 10.0.0.2 s0 d0 p1 k1 b28 f @0 +0 I S A c3.13");
	packets_v6(&frame, 1, 2, 58, 8);
	packets_icmp(&frame, 128, 0);
	one(101, "fd00::1 fd00::2 s0 d0 p58 k1 b48 f @0 +0 I S A c128.0 v6");
	packets_v4(&frame, 1, 2, 47, 8);
	packets_udp(&frame, 7, 9, 0);
	one(101, "10.0.0.1 10.0.0.2 s0 d0 p47 k1 b28 f @0 +0 I S A");
	/* a tunnel counts once, by its outer header */
	packets_v4(&frame, 3, 4, 4, 32);
	udp();
	one(101, "10.0.0.3 10.0.0.4 s0 d0 p4 k1 b52 f @0 +0 I S A");
}

/* ---- fragments ---- */

/* A fragment of a UDP packet whose first one has the ports. */
static void fragment(struct packets_file *f, int64_t time_ns, unsigned id, bool first)
{
	packets_v4_fragment(&frame, 1, 2, 17, 16, id, first ? PACKETS_MORE : 2);
	if (first)
		packets_udp(&frame, 7, 9, 24);
	packets_fill(&frame, first ? 8 : 16);
	packets_add(f, time_ns, &frame);
}

static void test_fragments(void **state)
{
	struct packets_file f = {.link = LINK_RAW};

	(void)state;
	packets_begin(&f);
	fragment(&f, 0, 5, true);
	fragment(&f, 1 * S, 5, false);
	fragment(&f, 2 * S, 6, false); /* before its first */
	fragment(&f, 3 * S, 6, true);
	fragment(&f, 4 * S, 6, false);
	finish(&f, NULL,
	       "10.0.0.1 10.0.0.2 s0 d0 p17 k1 b36 f @2000000000 +0 I S A\n"
	       "10.0.0.1 10.0.0.2 s7 d9 p17 k4 b144 f @0 +4000000000 I S AS");

	/* an identifier is another packet's after a minute */
	f = (struct packets_file){.link = LINK_RAW};
	packets_begin(&f);
	fragment(&f, 0, 5, true);
	fragment(&f, 61 * S, 5, false);
	finish(&f, NULL,
	       "10.0.0.1 10.0.0.2 s7 d9 p17 k1 b36 f @0 +0 I S A\n"
	       "10.0.0.1 10.0.0.2 s0 d0 p17 k1 b36 f @61000000000 +0 I S A");

	/* the first has an extension header that others lack; another identifier */
	f = (struct packets_file){.link = LINK_RAW, .ng = true};
	packets_begin(&f);
	packets_v6(&frame, 1, 2, 44, 8 + 8 + 16);
	packets_v6_fragment(&frame, 60, 77, 0, true);
	packets_extension(&frame, 17, 0);
	packets_udp(&frame, 7, 9, 100);
	packets_fill(&frame, 8);
	packets_add(&f, 0, &frame);
	packets_v6(&frame, 1, 2, 44, 8 + 16);
	packets_v6_fragment(&frame, 60, 77, 3, false);
	packets_fill(&frame, 16);
	packets_add(&f, 0, &frame);
	packets_v6(&frame, 1, 2, 44, 8 + 16);
	packets_v6_fragment(&frame, 17, 78, 3, false);
	packets_fill(&frame, 16);
	packets_add(&f, 0, &frame);
	finish(&f, NULL,
	       "fd00::1 fd00::2 s7 d9 p17 k2 b136 f @0 +0 I S A v6\n"
	       "fd00::1 fd00::2 s0 d0 p17 k1 b64 f @0 +0 I S A v6");
}

/* More packets in pieces than are remembered: the later ones are still known. */
static void test_fragments_bounded(void **state)
{
	struct packets_file f = {.link = LINK_RAW};
	struct read_result r;

	(void)state;
	packets_begin(&f);
	for (unsigned id = 0; id < 20000; id++)
		fragment(&f, id, id, true);
	for (unsigned id = 19900; id < 20000; id++)
		fragment(&f, id, id, false);
	r = read_memory(f.out.data, f.out.len, (struct ff_input_opts){0});
	assert_int_equal(r.status, FF_OK);
	assert_int_equal(r.count, 1);
	assert_int_equal(r.flows[0].packets, 20100);
	read_release(&r);
	ff_buf_release(&f.out);
}

/* ---- files ---- */

static void test_kinds_of_files(void **state)
{
	(void)state;
	for (int kind = 0; kind < 8; kind++) {
		struct packets_file f = {.link = LINK_RAW,
					 .ng = kind & 1,
					 .nano = kind & 2,
					 .big = kind & 4};
		char want[200];

		packets_begin(&f);
		udp();
		packets_add(&f, 1711929600 * S + 123456789, &frame);
		snprintf(want, sizeof want,
			 "10.0.0.1 10.0.0.2 s53 d5353 p17 k1 b32 f @1711929600123456%s "
			 "+0 I S A",
			 f.nano ? "789" : "000");
		finish(&f, NULL, want);
	}
}

/* Other blocks, a second interface, a second section. */
static void test_blocks(void **state)
{
	struct packets_file f = {.link = LINK_ETHERNET, .ng = true};

	(void)state;
	packets_begin(&f);
	packets_block(&f, 4, "\0\0\0\0", 4); /* names */
	packets_ethernet(&frame, 0x0800);
	udp();
	packets_add(&f, 0, &frame);
	packets_block(&f, 0x0bad, "what is this?", 13);
	packets_ethernet(&frame, 0x0800);
	udp();
	packets_add(&f, 1000, &frame);
	packets_begin(&f);
	packets_ethernet(&frame, 0x0800);
	udp();
	packets_add(&f, 2000, &frame);
	packets_block(&f, 5, "\0\0\0\0\0\0\0\0\0\0\0\0", 12); /* statistics */
	finish(&f, NULL, "10.0.0.1 10.0.0.2 s53 d5353 p17 k3 b96 f @0 +2000 I S AS");

	f = (struct packets_file){.link = LINK_ETHERNET, .ng = true};
	packets_begin(&f);
	packets_interface(&f, LINK_ETHERNET, f.snaplen);
	packets_ethernet(&frame, 0x0800);
	udp();
	packets_add(&f, 0, &frame);
	check_file(&f, NULL, UDP);
	/* what libpcap does not read is told in its words */
	packets_interface(&f, LINK_WLAN, f.snaplen);
	finish(&f, NULL, "!different from the type of the first interface");
}

static void test_times(void **state)
{
	struct packets_file f = {.link = LINK_RAW};

	(void)state;
	/* 2106: the last second of 32 bits, of a file that has no others */
	packets_begin(&f);
	udp();
	packets_add(&f, INT64_C(4294967295) * S, &frame);
	finish(&f, NULL,
	       "10.0.0.1 10.0.0.2 s53 d5353 p17 k1 b32 f @4294967295000000000 +0 I S A");
	/* microseconds that are none; others go on */
	f = (struct packets_file){.link = LINK_RAW};
	packets_begin(&f);
	udp();
	packets_add(&f, 0, &frame);
	memset(f.out.data + 24 + 4, 0x7f, 4);
	udp();
	packets_add(&f, 0, &frame);
	finish(&f, NULL, UDP "\n?time out of range in 'x.txt', before byte 72");
	f = (struct packets_file){.link = LINK_RAW, .ng = true};
	packets_begin(&f);
	udp();
	packets_add(&f, INT64_MAX, &frame);
	memset(f.out.data + f.out.len - 52, 0x7f, 8);
	finish(&f, NULL, "?time out of range");
}

static void test_cut_short(void **state)
{
	struct packets_file f = {.link = LINK_RAW};

	(void)state;
	packets_begin(&f);
	check_file(&f, NULL, ""); /* no packets are no error */
	udp();
	packets_add(&f, 0, &frame);
	udp();
	packets_add(&f, 0, &frame);
	f.out.len--;
	check_file(&f, NULL,
		   UDP "\n?damaged: 'x.txt' at byte 119: truncated dump file; tried to "
		       "read 32 captured bytes, only got 31");
	f.out.len -= 40;
	check_file(&f, NULL, UDP "\n?tried to read 16 header bytes, only got 7");
	f.out.len = 20;
	check_file(&f, NULL, "!damaged: 'x.txt' at byte 20: truncated dump file");
	f.out.len = 120;
	memset(f.out.data + 72 + 8, 0x7f, 4); /* a length: what follows is lost */
	finish(&f, NULL, "!damaged: 'x.txt' at byte 88: invalid packet capture length");
}

/* ---- options ---- */

static void two_flows(struct packets_file *f)
{
	packets_begin(f);
	for (int i = 0; i < 4; i++) {
		packets_ethernet(&frame, 0x0800);
		packets_v4(&frame, 1, 2, i % 2 ? 6 : 17, 20);
		packets_tcp(&frame, 7, 9, FF_ACK);
		packets_add(f, 40 * i * S, &frame);
	}
}

static void test_options_of_flows(void **state)
{
	struct packets_file f = {.link = LINK_ETHERNET};
	struct ff_site *site;

	(void)state;
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	two_flows(&f);
	check_file(&f, NULL,
		   "10.0.0.1 10.0.0.2 s7 d9 p17 k1 b40 f @0 +0 I S A\n"
		   "10.0.0.1 10.0.0.2 s7 d9 p6 k1 b40 fA @40000000000 +0 IA S A\n"
		   "10.0.0.1 10.0.0.2 s7 d9 p17 k1 b40 f @80000000000 +0 I S A\n"
		   "10.0.0.1 10.0.0.2 s7 d9 p6 k1 b40 fA @120000000000 +0 IA S A");
	check_file(&f, &(struct ff_input_opts){.idle_ns = 80 * S, .site = site},
		   "10.0.0.1 10.0.0.2 s7 d9 p17 k2 b80 f @0 +80000000000 I S AS\n"
		   "10.0.0.1 10.0.0.2 s7 d9 p6 k2 b80 fA @40000000000 +80000000000 IA SA "
		   "AS");
	check_file(&f,
		   &(struct ff_input_opts){.idle_ns = 80 * S, .bpf = "tcp", .site = site},
		   "10.0.0.1 10.0.0.2 s7 d9 p6 k2 b80 fA @40000000000 +80000000000 IA SA "
		   "AS");
	check_file(&f, &(struct ff_input_opts){.bpf = "host", .site = site},
		   "!bad filter 'host' for '--bpf': ");
	ff_site_free(site);
	ff_buf_release(&f.out);
}

static void test_filter_elsewhere(void **state)
{
	static const char text[] = "sip,dip,stime\n10.0.0.1,10.0.0.2,1\n";
	struct read_result r =
		read_memory(text, strlen(text), (struct ff_input_opts){.bpf = "tcp"});

	(void)state;
	assert_int_equal(r.status, FF_EUSAGE);
	assert_non_null(strstr(r.err.text, "'--bpf'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_protocols),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_fragments_bounded),
		cmocka_unit_test(test_kinds_of_files),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_options_of_flows),
		cmocka_unit_test(test_filter_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}

#endif
