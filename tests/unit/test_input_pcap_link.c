/* SPDX-License-Identifier: MIT */
/* input/pcap_link: the IP packet is found in frames of every link type, cut anywhere, and
 * not found where there is none. */
#include "pcap_help.h"

#ifdef FF_HAVE_PCAP

/* Bytes that come before the IP packet. */
static const struct {
	int link;
	const char *head;
	bool is_v6;
} heads[] = {
	{1, "0200000000010200000000020800", false},
	{1, "02000000000102000000000286dd", true},
	/* tags: one, two, three, of all types; a priority tag; a length and SNAP */
	{1, "020000000001020000000002 8100 0007 0800", false},
	{1, "020000000001020000000002 88a8 0007 8100 0008 86dd", true},
	{1, "020000000001020000000002 9100 0007 9200 0008 8100 0009 0800", false},
	{1, "020000000001020000000002 8100 0007 0024 aaaa03000000 0800", false},
	{1, "020000000001020000000002 0024 aaaa03000000 0800", false},
	/* labels */
	{1, "020000000001020000000002 8847 00064140", false},
	{1, "020000000001020000000002 8848 00064040 00065140", true},
	{1, "020000000001020000000002 8100 0007 8847 00064140", false},
	/* PPPoE, with one and two bytes of protocol, and with labels */
	{1, "020000000001020000000002 8864 110000010022 0021", false},
	{1, "020000000001020000000002 8864 110000010021 21", false},
	{1, "020000000001020000000002 8864 110000010036 0057", true},
	{1, "020000000001020000000002 8864 110000010026 0281 00064140", false},
	{51, "110000010022 0021", false},
	/* cooked */
	{113, "0000 0001 0006 0200000000010000 0800", false},
	{113, "0000 0001 0006 0200000000010000 8100 0007 86dd", true},
	{276, "0800 0000 00000001 0001 00 06 0200000000010000", false},
	{276, "86dd 0000 00000001 0001 00 06 0200000000010000", true},
	/* bare */
	{101, "", false},
	{101, "", true},
	{12, "", false},
	{228, "", false},
	{229, "", true},
	/* loopback, in either order, with the numbers of several systems */
	{0, "02000000", false},
	{0, "00000002", false},
	{0, "18000000", true},
	{0, "0000001c", true},
	{0, "1e000000", true},
	{108, "00000002", false},
	{108, "0000000a", true},
	/* PPP, and Cisco's */
	{9, "ff03 0021", false},
	{9, "0057", true},
	{9, "0f00 0800", false},
	{50, "ff03 21", false},
	{104, "0f00 0800", false},
	{104, "8f00 86dd", true},
	/* wireless: data, with QoS, between stations, behind driver's headers */
	{105, "0802 0000 020202020202 020202020202 020202020202 0000 aaaa03000000 0800",
	 false},
	{105,
	 "8803 0000 020202020202 020202020202 020202020202 0000 020202020202 0000 "
	 "aaaa03000000 86dd",
	 true},
	{105,
	 "8882 0000 020202020202 020202020202 020202020202 0000 0000 00000000 "
	 "aaaa03000000 0800",
	 false},
	{127,
	 "0000 0800 00000000 0802 0000 020202020202 020202020202 020202020202 0000 "
	 "aaaa03000000 0800",
	 false},
	/* padded, as flags behind the time tell; a second word of what is there */
	{127,
	 "0000 1900 03000080 00000000 00000000 0000000000000000 20 8802 0000 "
	 "020202020202 "
	 "020202020202 020202020202 0000 0000 0000 aaaa03000000 0800",
	 false},
	{163,
	 "80211001 00000008 0802 0000 020202020202 020202020202 020202020202 0000 "
	 "aaaa03000000 0800",
	 false},
	{119,
	 "80211001 00000008 0802 0000 020202020202 020202020202 020202020202 0000 "
	 "aaaa03000000 0800",
	 false},
	{192,
	 "0000 0800 69000000 0802 0000 020202020202 020202020202 020202020202 0000 "
	 "aaaa03000000 0800",
	 false},
};

static void test_links(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		size_t whole;

		bytes(heads[i].head);
		(heads[i].is_v6 ? udp6 : udp)();
		whole = frame.len;
		/* cut anywhere it holds less, or nothing, and nobody minds */
		for (size_t n = 0; n < whole; n++) {
			struct packets_file f = {.link = heads[i].link,
						 .snaplen = (uint32_t)n};
			struct ff_buf copy = FF_BUF_INIT;
			struct read_result r;

			packets_begin(&f);
			ff_buf_add(&copy, frame.data, whole);
			f.snaplen = (uint32_t)n;
			packets_add(&f, 0, &copy);
			r = read_memory(f.out.data, f.out.len, (struct ff_input_opts){0});
			assert_int_equal(r.status, FF_OK);
			assert_int_equal(r.bad, 0);
			assert_true(r.count <= 1);
			if (r.count == 1)
				assert_int_equal(r.flows[0].bytes,
						 heads[i].is_v6 ? 52 : 32);
			read_release(&r);
			ff_buf_release(&copy);
			ff_buf_release(&f.out);
		}
		one(heads[i].link, heads[i].is_v6 ? UDP6 : UDP);
	}
}

static void test_no_ip(void **state)
{
	static const struct {
		int link;
		const char *bytes;
	} rows[] = {
		{1, "020000000001020000000002 0806 0001080006040001"},
		{1, "020000000001020000000002 0026 4242030000000000"},
		{1, "020000000001020000000002 88cc 0000000000000000"},
		{1, "020000000001020000000002 8847 00064140 00000000"},
		{1, "020000000001020000000002 8864 110900010022 0021"},
		{1, "020000000001020000000002 8864 110000010022 c021"},
		/* no version, a header too short, a length below it */
		{1, "020000000001020000000002 0800 "
		    "7500001400000000400000000a0000010a000002"},
		{1, "020000000001020000000002 0800 "
		    "4400001400000000400000000a0000010a000002"},
		{1, "020000000001020000000002 0800 "
		    "4500001300000000400000000a0000010a000002"},
		{113, "0000 0001 0006 0200000000010000 0004 4242030000"},
		{0, "07000000 4500"},
		{9, "c021 0101"},
		{104, "0f00 2000 0000"},
		/* beacon, null function, protected, several in one */
		{105, "8000 0000 020202020202 020202020202 020202020202 0000 0000000000"},
		{105, "4800 0000 020202020202 020202020202 020202020202 0000 0000000000"},
		{105, "0842 0000 020202020202 020202020202 020202020202 0000 "
		      "aaaa030000000800"},
		{105, "8802 0000 020202020202 020202020202 020202020202 0000 8000 "
		      "aaaa030000000800"},
		{127, "0000 ffff 00000000 0802"},
		{192, "0000 0800 c0000000 0000 0800 c0000000"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bytes(rows[i].bytes);
		one(rows[i].link, "");
	}
}

static void test_unknown_link(void **state)
{
	(void)state;
	packets_fill(&frame, 10);
	one(195, "!link type IEEE802_15_4 (IEEE 802.15.4 with FCS)");
	packets_fill(&frame, 10);
	one(9999, "!link type 9999");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_no_ip),
		cmocka_unit_test(test_unknown_link),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}

#else

int main(void)
{
	return 0;
}

#endif
