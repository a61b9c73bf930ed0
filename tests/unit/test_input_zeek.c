/* SPDX-License-Identifier: MIT */
/* input/zeek: connections become flows, from tab-separated text and from JSON */
#include "input_help.h"

/* Columns of the rows below, and the rows' own header. */
#define HEAD(fields)                                                   \
	"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n" \
	"#unset_field\t-\n#path\tconn\n#fields\t" fields "\n#types\tx\n"
#define ENDS "ts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\t"
#define A "1\t1.1.1.1\t4000\t2.2.2.2\t80\t"

static void test_zeek_sides(void **state)
{
	static const struct read_row rows[] = {
		/* both sides, and one */
		ROW(HEAD(ENDS "duration\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_"
			      "bytes") A "tcp\t2.5\t3\t160\t2\t140\n" A
					 "udp\t-\t1\t60\t0\t0\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k3 b160 @1000000000 +2500000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 k2 b140 @1000000000 +2500000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p17 k1 b60 @1000000000"),
		/* only the responder was heard, and nobody was */
		ROW(HEAD(ENDS "orig_pkts\tresp_pkts") A "tcp\t0\t1\n" A "tcp\t0\t0\n",
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 k1 @1000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k0 @1000000000"),
		/* packets with bad checksums are in the history only */
		ROW(HEAD(ENDS "history\torig_pkts\tresp_pkts") A "udp\tCd\t0\t1\n" A
								 "tcp\tCc\t0\t0\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p17 k0 @1000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p17 k1 @1000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k0 @1000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 k0 @1000000000"),
		/* a gap and a turned direction are no packets */
		ROW(HEAD(ENDS "history\torig_pkts\tresp_pkts") A "tcp\t^Sg\t1\t0\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k1 fS @1000000000 IS"),
		/* payload where the bytes of IP are unset or have no column */
		ROW(HEAD(ENDS "orig_bytes\torig_ip_bytes\tresp_bytes\tresp_ip_bytes") A
		    "tcp\t10\t-\t20\t-\n" A "tcp\t10\t50\t20\t60\n" A
		    "tcp\t10\t50\t20\t0\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 b10 @1000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 b20 @1000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 b50 @1000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 b60 @1000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 b50 @1000000000"),
		ROW(HEAD(ENDS "orig_bytes\tresp_bytes\tconn_state") A "tcp\t10\t0\tSF\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 b10 @1000000000"),
		/* nothing but the ends */
		ROW(HEAD(ENDS "conn_state") A "tcp\tSF\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 @1000000000"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_zeek_flags(void **state)
{
	static const struct read_row rows[] = {
		ROW(HEAD(ENDS "history") A "tcp\tShADadFf\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 fFSA @1000000000 IS\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 fFSA @1000000000 ISA"),
		ROW(HEAD(ENDS "history") A "tcp\tS\n" A "tcp\tSr\n" A "tcp\th\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 fS @1000000000 IS\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 fS @1000000000 IS\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 fR @1000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 fSA @1000000000 ISA"),
		/* what the first packet was is not known of payload or a bad checksum */
		ROW(HEAD(ENDS "history") A "tcp\tDdA\n" A "tcp\tCSA\n" A "tcp\tAD\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 fA @1000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 @1000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 fSA @1000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 fA @1000000000 IA"),
		/* flags belong to TCP */
		ROW(HEAD(ENDS "history") A "udp\tDd\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p17 @1000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p17 @1000000000"),
		ROW(HEAD(ENDS "history\tduration") A "tcp\t-\t-\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 @1000000000"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_zeek_icmp(void **state)
{
#define ICMP(a, t, b, c) "1\t" a "\t" t "\t" b "\t" c "\ticmp\t1\t1\n"
	static const struct read_row rows[] = {
		/* echo: the responder's port is the type of its answer */
		ROW(HEAD(ENDS "orig_pkts\tresp_pkts")
			    ICMP("1.1.1.1", "8", "2.2.2.2", "0"),
		    "1.1.1.1 2.2.2.2 s0 d0 p1 k1 @1000000000 c8.0\n"
		    "2.2.2.2 1.1.1.1 s0 d0 p1 k1 @1000000000 c0.0"),
		/* unreachable: the code, and nobody knows what an answer would be */
		ROW(HEAD(ENDS "orig_pkts\tresp_pkts")
			    ICMP("1.1.1.1", "3", "2.2.2.2", "13"),
		    "1.1.1.1 2.2.2.2 s0 d0 p1 k1 @1000000000 c3.13\n"
		    "2.2.2.2 1.1.1.1 s0 d0 p1 k1 @1000000000"),
		ROW(HEAD(ENDS "orig_pkts\tresp_pkts")
			    ICMP("fe80::1", "135", "fe80::2", "136"),
		    "fe80::1 fe80::2 s0 d0 p58 k1 @1000000000 c135.0 v6\n"
		    "fe80::2 fe80::1 s0 d0 p58 k1 @1000000000 c136.0 v6"),
		ROW(HEAD(ENDS "orig_pkts\tresp_pkts")
			    ICMP("fe80::1", "1", "fe80::2", "4"),
		    "fe80::1 fe80::2 s0 d0 p58 k1 @1000000000 c1.4 v6\n"
		    "fe80::2 fe80::1 s0 d0 p58 k1 @1000000000 v6"),
		ROW(HEAD(ENDS "conn_state") "1\t1.1.1.1\t300\t2.2.2.2\t0\ticmp\tOTH\n",
		    "1.1.1.1 2.2.2.2 s0 d0 p1 @1000000000"),
		/* protocols that Zeek does not analyse */
		ROW(HEAD(ENDS "ip_proto\tconn_state") A
		    "unknown_transport\t47\tOTH\n" A "unknown_transport\t-\tOTH\n" A
		    "-\t-\tOTH\n" A "sctp\t-\tOTH\n" A "strange\t-\tOTH\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p47 @1000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 @1000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 @1000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p132 @1000000000\n"
		    "?bad proto 'strange' in 'x.txt' at line 12"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_zeek_headers(void **state)
{
	static const struct read_row rows[] = {
		/* its own separator and word for unset, columns nobody knows */
		ROW("#separator |\n#unset_field|none\n#path|conn\n"
		    "#fields|note|id.resp_h|id.orig_h|ts|resp_pkts|duration\n"
		    "x|2.2.2.2|1.1.1.1|1.5|none|none\n|2.2.2.2|1.1.1.1|2|1|3\n",
		    "1.1.1.1 2.2.2.2 @1500000000\n"
		    "1.1.1.1 2.2.2.2 @2000000000 +3000000000\n"
		    "2.2.2.2 1.1.1.1 k1 @2000000000 +3000000000"),
		/* a header in the middle */
		ROW(HEAD(ENDS "conn_state") A "tcp\tSF\n#close\tx\n" HEAD(
			    ENDS "conn_state") A "udp\tSF\n#close\tx\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 @1000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p17 @1000000000"),
		ROW(HEAD(ENDS "conn_state"), ""),
		/* lines of DOS */
		ROW("#separator "
		    "\\x09\r\n#fields\tts\tid.orig_h\tid.resp_h\tconn_state\r\n"
		    "1\t1.1.1.1\t2.2.2.2\tSF\r\n",
		    "1.1.1.1 2.2.2.2 @1000000000"),
		/* ISO times (Log::default_writer with JSON's sibling formats) */
		ROW(HEAD("ts\tid.orig_h\tid.resp_h\tconn_state") "2013-03-03T21:53:59."
								 "000001Z\t1.1.1.1\t2.2."
								 "2.2\tSF\n",
		    "1.1.1.1 2.2.2.2 @1362347639000001000"),
		/* damaged lines */
		ROW(HEAD(ENDS "resp_pkts") A "tcp\tx\n", "?bad resp_pkts 'x'"),
		ROW(HEAD(ENDS "resp_pkts") A "tcp\n",
		    "?6 columns where 7 are due in 'x.txt' at line 8"),
		ROW(HEAD(ENDS "orig_pkts") A "tcp\t-5\n", "?bad packets '-5'"),
		ROW(HEAD(ENDS "conn_state") "1\t-\t1\t2.2.2.2\t2\ttcp\tSF\n",
		    "?bad sIP '-'"),
		/* what is no conn.log */
		ROW("#separator \\x09\n#path\tdns\n#fields\tts\tid.orig_h\tid.resp_h\t"
		    "query\n",
		    "!'x.txt' is Zeek's log 'dns': flowfig reads 'conn'"),
		ROW("#separator \\x09\n#fields\tts\tid.orig_h\tduration\n",
		    "!no column of 'x.txt' is known as dIP"),
		ROW_OPTS("#separator \\x09\n1\t1.1.1.1\t2.2.2.2\n",
			 "!'x.txt' has no #fields line", .format = "zeek"),
		ROW("#separator \\x00\n#fields\tts\tid.orig_h\tid.resp_h\thistory\n",
		    "!bad #separator"),
		/* the user's word beats the title */
		ROW_OPTS(HEAD("ts\tid.orig_h\tid.resp_h\tconn_state\tfrom") "1\t1.1.1.1\t"
									    "2.2.2.2\tSF"
									    "\t3.3.3.3\n",
			 "3.3.3.3 2.2.2.2 @1000000000", .columns = "sip=from"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

/* Other columns in the middle end the reading: blocks do not know of each other. */
static void test_zeek_other_columns(void **state)
{
	static const char text[] =
		HEAD(ENDS "conn_state") A "tcp\tSF\n" HEAD(ENDS "history") A "tcp\tS\n";
	struct read_result r =
		read_memory(text, sizeof text - 1, (struct ff_input_opts){0});

	(void)state;
	assert_int_equal(r.status, FF_EFORMAT);
	assert_non_null(strstr(r.err.text, "other columns begin in 'x.txt' at byte 2"));
	read_release(&r);
}

#define J "\"id.orig_h\":\"1.1.1.1\",\"id.resp_h\":\"2.2.2.2\","
static void test_zeek_json(void **state)
{
	static const struct read_row rows[] = {
		ROW("{\"ts\":1.5,\"id.orig_h\":\"1.1.1.1\",\"id.orig_p\":4000,"
		    "\"id.resp_h\":\"2.2.2.2\",\"id.resp_p\":80,\"proto\":\"tcp\","
		    "\"duration\":0.1234567,\"history\":\"ShA\",\"orig_pkts\":2,"
		    "\"orig_bytes\":0,\"orig_ip_bytes\":92,\"resp_pkts\":1,"
		    "\"resp_ip_bytes\":52,\"local_orig\":true,\"local_resp\":false,"
		    "\"conn_state\":\"S1\"}\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k2 b92 fSA @1500000000 +123457000 IS\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 k1 b52 fSA @1500000000 +123457000 "
		    "ISA"),
		ROW("{\"ts\":\"2013-03-03T21:53:59.000001Z\",\"id_orig_h\":\"fe80::1\","
		    "\"id_orig_p\":128,\"id_resp_h\":\"fe80::2\",\"id_resp_p\":129,"
		    "\"proto\":\"icmp\",\"orig_pkts\":1,\"resp_pkts\":0,\"conn_state\":"
		    "\"OTH\"}",
		    "fe80::1 fe80::2 s0 d0 p58 k1 @1362347639000001000 c128.0 v6"),
		/* ms, and numbers as seconds; other logs of the same stream */
		ROW("{" J "\"ts\":1700006400243,\"conn_state\":\"SF\"}\n"
		    "{" J "\"ts\":1700006400243.25,\"conn_state\":\"SF\"}\n"
		    "{" J "\"ts\":1588316522.186129,\"conn_state\":\"SF\"}\n"
		    "{" J "\"ts\":3,\"query\":\"a.example\"}\n"
		    "{" J "\"ts\":3,\"_path\":\"ssl\",\"history\":\"S\"}\n",
		    "1.1.1.1 2.2.2.2 @1700006400243000000\n"
		    "1.1.1.1 2.2.2.2 @1700006400243250000\n"
		    "1.1.1.1 2.2.2.2 @1588316522186129000"),
		/* null is absent, whatever the order */
		ROW("{\"conn_state\":null,\"orig_pkts\":null,\"ts\":1," J
		    "\"history\":\"S\",\"duration\":null}",
		    "1.1.1.1 2.2.2.2 @1000000000"),
		/* damaged */
		ROW("{" J "\"ts\":1,\"conn_state\":\"SF\"\n",
		    "?bad JSON ('}' expected near end of file, byte"),
		ROW("{" J "\"ts\":1,\"conn_state\":\"SF\"}\n[1]\n",
		    "1.1.1.1 2.2.2.2 @1000000000\n"
		    "?JSON that is no object in 'x.txt' at line 2"),
		ROW("{" J "\"ts\":1,\"conn_state\":1,\"orig_pkts\":-1}\n",
		    "?bad orig_pkts"),
		ROW("{" J "\"ts\":1,\"conn_state\":1,\"id.orig_p\":65536}\n",
		    "?bad id.orig_p"),
		ROW("{" J "\"ts\":-1.5,\"conn_state\":1}\n", "?bad ts"),
		ROW("{" J "\"conn_state\":1}\n", "?bad ts ''"),
		ROW("{" J "\"ts\":1,\"conn_state\":1,\"duration\":1e300}\n",
		    "?bad duration"),
		ROW("{\"id.orig_h\":\"1.1.1\",\"ts\":1,\"conn_state\":1}\n",
		    "?bad id.orig_h '1.1.1'"),
		ROW("{\"id.orig_h\":\"1.1.1.1\",\"ts\":1,\"conn_state\":1}\n",
		    "?bad id.resp_h ''"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

/* Which network is inside: what local_orig and local_resp say, seen from each side. */
static void test_zeek_orient(void **state)
{
	static const char text[] = HEAD(ENDS "local_orig\tlocal_resp\tresp_pkts") A
		"tcp\tT\tF\t1\n" A "tcp\tF\tT\t1\n" A "tcp\tT\tT\t1\n" A
		"tcp\tF\tF\t1\n" A "tcp\t-\tF\t1\n";
	static const uint8_t expected[] = {
		FF_ORIENT_OUT,	    FF_ORIENT_IN,	FF_ORIENT_IN,
		FF_ORIENT_OUT,	    FF_ORIENT_INTERNAL, FF_ORIENT_INTERNAL,
		FF_ORIENT_EXTERNAL, FF_ORIENT_EXTERNAL, FF_ORIENT_UNKNOWN,
		FF_ORIENT_UNKNOWN,
	};
	struct read_result r =
		read_memory(text, sizeof text - 1, (struct ff_input_opts){0});

	(void)state;
	assert_int_equal(r.count, 10);
	for (size_t i = 0; i < r.count; i++)
		assert_int_equal(r.flows[i].orient, expected[i]);
	read_release(&r);
}

/* The fields that are wanted do not change which flows there are. */
static void test_zeek_want(void **state)
{
	static const char text[] =
		HEAD(ENDS "history\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes") A
		"tcp\tSh\t1\t40\t1\t40\n" A "tcp\t-\t0\t0\t1\t40\n";
	struct ff_input_opts o = {.want = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) |
					  FF_BIT(FF_STIME)};
	struct read_result r = read_memory(text, sizeof text - 1, o);

	(void)state;
	assert_int_equal(r.count, 3);
	assert_int_equal(r.flows[1].sip.b[15], 2);
	assert_int_equal(r.flows[2].sip.b[15], 2);
	read_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zeek_sides),
		cmocka_unit_test(test_zeek_flags),
		cmocka_unit_test(test_zeek_icmp),
		cmocka_unit_test(test_zeek_headers),
		cmocka_unit_test(test_zeek_other_columns),
		cmocka_unit_test(test_zeek_json),
		cmocka_unit_test(test_zeek_orient),
		cmocka_unit_test(test_zeek_want),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
