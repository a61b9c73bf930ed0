/* SPDX-License-Identifier: MIT */
/* input/eve: events of Suricata become flows */
#include "input_help.h"

#define HEAD(type)                                                                  \
	"{\"timestamp\":\"2021-06-06T15:59:46.457984+0200\",\"event_type\":\"" type \
	"\",\"src_ip\":\"1.1.1.1\",\"dest_ip\":\"2.2.2.2\","
#define PORTS "\"src_port\":4000,\"dest_port\":80,"
#define TIMES                                                    \
	"\"start\":\"1970-01-01T02:00:01.500000+0200\",\"end\":" \
	"\"1970-01-01T01:00:03.500000+0100\""

static void test_eve_flow(void **state)
{
	static const struct read_row rows[] = {
		ROW(HEAD("flow") PORTS
		    "\"proto\":\"TCP\",\"flow\":{\"pkts_toserver\":3,\"pkts_toclient\":2,"
		    "\"bytes_toserver\":180,\"bytes_toclient\":120," TIMES "},\"tcp\":{"
		    "\"tcp_flags\":\"1f\",\"tcp_flags_ts\":\"1b\",\"tcp_flags_tc\":"
		    "\"14\"}}\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k3 b180 fFSPA @1500000000 +2000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 k2 b120 fRA @1500000000 +2000000000"),
		/* no answer; no flags in old versions; the sensor */
		ROW(HEAD("flow") PORTS
		    "\"proto\":\"TCP\",\"flow\":{\"pkts_toserver\":1,\"pkts_toclient\":0,"
		    "\"bytes_toclient\":0," TIMES "},\"host\":\"s9\"}\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k1 @1500000000 +2000000000 n0"),
		/* only the server was heard */
		ROW(HEAD("flow") PORTS
		    "\"proto\":\"UDP\",\"flow\":{\"pkts_toserver\":0,\"pkts_toclient\":"
		    "2," TIMES "}}\n",
		    "2.2.2.2 1.1.1.1 s80 d4000 p17 k2 @1500000000 +2000000000"),
		/* ICMP, with and without an answer; a flow without an end */
		ROW(HEAD("flow") "\"proto\":\"ICMP\",\"icmp_type\":8,\"icmp_code\":0,"
				 "\"response_icmp_type\":0,\"response_icmp_code\":0,"
				 "\"flow\":{\"pkts_toserver\":1,\"pkts_toclient\":"
				 "1," TIMES "}}\n" HEAD(
					 "flow") "\"proto\":\"ICMP\",\"icmp_type\":3,"
						 "\"icmp_code\":13,"
						 "\"flow\":{\"pkts_toserver\":1,"
						 "\"start\":\"1970-01-01T00:00:02Z\"}}"
						 "\n",
		    "1.1.1.1 2.2.2.2 p1 k1 @1500000000 +2000000000 c8.0\n"
		    "2.2.2.2 1.1.1.1 p1 k1 @1500000000 +2000000000 c0.0\n"
		    "1.1.1.1 2.2.2.2 p1 k1 @2000000000 c3.13"),
		/* protocols by number */
		ROW(HEAD("flow") "\"proto\":\"047\",\"flow\":{\"pkts_toserver\":1," TIMES
				 "}}\n",
		    "1.1.1.1 2.2.2.2 p47 k1 @1500000000 +2000000000"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

#define NETFLOW                                                                     \
	HEAD("netflow")                                                             \
	PORTS "\"proto\":\"TCP\",\"netflow\":{\"pkts\":3,\"bytes\":180," TIMES "}," \
	      "\"tcp\":{\"tcp_flags\":\"12\"}}\n"
#define ALERT HEAD("alert") PORTS "\"proto\":\"TCP\",\"alert\":{\"a\":\"b\"}}\n"

static void test_eve_other(void **state)
{
	static const struct read_row rows[] = {
		ROW(NETFLOW ALERT,
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k3 b180 fSA @1500000000 +2000000000"),
		/* with flow events, netflow would tell everything twice */
		ROW(NETFLOW HEAD("flow") PORTS "\"proto\":\"UDP\",\"flow\":{"
					       "\"pkts_toserver\":1," TIMES "}}\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p17 k1 @1500000000 +2000000000"),
		ROW(ALERT, ""),
		/* damaged */
		ROW(HEAD("flow") "\"proto\":\"ICMP\",\"flow\":{}}\n", "?bad start ''"),
		ROW(HEAD("flow") "\"proto\":\"ICMP\"}\n", "?bad start ''"),
		ROW(ALERT "{\"timestamp\":1}\n", "?bad event_type '' in 'x.txt' at line "
						 "2"),
		ROW(HEAD("flow") "\"proto\":\"TCP\",\"flow\":{" TIMES "},\"tcp\":{"
				 "\"tcp_flags_ts\":\"1g\"}}\n",
		    "?bad tcp_flags_ts '1g'"),
		ROW(HEAD("flow") "\"proto\":\"no-such\",\"flow\":{" TIMES "}}\n",
		    "?bad proto 'no-such'"),
		ROW(HEAD("flow") "\"flow\":{\"pkts_toserver\":1.5," TIMES "}}\n",
		    "?bad pkts_toserver"),
		ROW("{\"event_type\":\"flow\",\"timestamp\":1}\n", "?bad src_ip ''"),
		ROW(ALERT "{\"event_type\":\"flow\"", "?bad JSON"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_eve_counts_others(void **state)
{
	struct ff_input_opts o = {0};
	struct ff_batch batch;
	struct ff_lane lane = {0};
	struct ff_stream *in;
	struct ff_source *s;

	(void)state;
	assert_int_equal(ff_site_new(&o.site, NULL), FF_OK);
	assert_int_equal(ff_batch_init(&batch, 2, NULL), FF_OK);
	assert_int_equal(ff_stream_memory(&in, "x", ALERT NETFLOW ALERT NETFLOW,
					  sizeof ALERT NETFLOW ALERT NETFLOW - 1, NULL),
			 FF_OK);
	assert_int_equal(ff_source_open_stream(&s, in, &o, NULL), FF_OK);
	assert_int_equal(ff_source_next(s, &lane, &batch, NULL), 1);
	assert_int_equal(ff_source_next(s, &lane, &batch, NULL), 1);
	assert_int_equal(ff_source_next(s, &lane, &batch, NULL), 0);
	assert_int_equal(ff_source_other(s), 2);
	assert_int_equal(ff_source_bad(s, NULL), 0);
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	ff_source_close(s);
	ff_site_free(o.site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_eve_flow),
		cmocka_unit_test(test_eve_other),
		cmocka_unit_test(test_eve_counts_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
