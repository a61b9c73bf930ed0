/* SPDX-License-Identifier: MIT */
/* input/vpc: flow logs of Amazon VPC */
#include "input_help.h"

#define HEAD                                                               \
	"version account-id interface-id srcaddr dstaddr srcport dstport " \
	"protocol packets bytes start end action log-status\n"
#define ROW1 "2 123456789010 eni-a 1.1.1.1 2.2.2.2 4000 22 6 20 4249 1 61 ACCEPT OK\n"
#define FLOW1 "1.1.1.1 2.2.2.2 s4000 d22 p6 k20 b4249 @1000000000 +60000000000 n0"

static void test_vpc_rows(void **state)
{
	static const struct read_row rows[] = {
		ROW(HEAD ROW1, FLOW1),
		/* without titles, as long as the columns are the usual */
		ROW(ROW1 "2 123456789010 eni-b fe80::1 fe80::2 1 2 17 1 40 2 2 REJECT "
			 "OK\n",
		    FLOW1 "\nfe80::1 fe80::2 s1 d2 p17 k1 b40 @2000000000 +0 n1 v6"),
		ROW("2 unknown eni-a - - - - - - - 1 2 - NODATA\n" ROW1
		    "2 unknown eni-a - - - - - - - 1 2 - SKIPDATA\n",
		    FLOW1),
		/* custom columns; flags are of TCP */
		ROW("log-status tcp-flags dstaddr srcaddr protocol start\n"
		    "OK 19 2.2.2.2 1.1.1.1 6 1\nOK 0 2.2.2.2 1.1.1.1 17 2\n"
		    "OK - 2.2.2.2 1.1.1.1 6 3\n",
		    "1.1.1.1 2.2.2.2 p6 fFSA @1000000000\n1.1.1.1 2.2.2.2 p17 "
		    "@2000000000\n1.1.1.1 2.2.2.2 p6 @3000000000"),
		/* files put together: titles again are no damage */
		ROW(HEAD ROW1 HEAD ROW1, FLOW1 "\n" FLOW1),
		/* ICMP's type is not told */
		ROW(HEAD "2 1 eni-a 1.1.1.1 2.2.2.2 0 0 1 4 336 1 1 ACCEPT OK\n",
		    "1.1.1.1 2.2.2.2 s0 d0 p1 k4 b336 @1000000000 +0 n0"),
		/* damaged */
		ROW(HEAD "2 1 eni-a 1.1.1.1 - 0 0 1 4 336 1 1 ACCEPT OK\n",
		    "?bad dstaddr '-' in 'x.txt' at line 2"),
		ROW(HEAD "2 1 eni-a 1.1.1.256 2.2.2.2 0 0 1 4 336 1 1 ACCEPT OK\n",
		    "?bad srcaddr '1.1.1.256'"),
		ROW(HEAD "2 1 eni-a 1.1.1.1 2.2.2.2 0 0 1 4 336 x 1 ACCEPT OK\n",
		    "?bad sTime 'x'"),
		ROW(HEAD "2 1 eni-a 1.1.1.1 2.2.2.2 0 0 1\n", "?8 columns where 14"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_vpc_probe(void **state)
{
	static const char *const others[] = {
		"srcaddr dstaddr start\n",
		"2 1 x 1.1.1.1 2.2.2.2 1 2 3 4 5 6 7 ACCEPT OK\n",
		"version account-id\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(ff_reader_vpc.probe((const uint8_t *)others[i],
						     strlen(others[i])),
				 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vpc_rows),
		cmocka_unit_test(test_vpc_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
