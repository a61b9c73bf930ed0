/* SPDX-License-Identifier: MIT */
/* input/argus: transactions become flows */
#include "input_help.h"

#define HEAD "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State"
#define TCP "1.5,2,tcp,1.1.1.1,4000,   ->,2.2.2.2,80,"
#define UDP "1.5,2,udp,1.1.1.1,4000,  <->,2.2.2.2,53,CON"

static void test_argus_counts(void **state)
{
	static const struct read_row rows[] = {
		/* of source, destination and total two give the third */
		ROW(HEAD ",TotPkts,SrcPkts,TotBytes,SrcBytes\n" TCP
			 "CON,10,6,900,500\n" TCP "CON,6,6,500,500\n" TCP
			 "CON,4,0,400,0\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k6 b500 @1500000000 +2000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 k4 b400 @1500000000 +2000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k6 b500 @1500000000 +2000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 k4 b400 @1500000000 +2000000000"),
		ROW(HEAD ",SrcPkts,DstPkts,SrcBytes,DstBytes\n" TCP "CON,6,4,500,400\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k6 b500 @1500000000 +2000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 k4 b400 @1500000000 +2000000000"),
		/* a total of packets alone: known when one side sent, or two were seen */
		ROW(HEAD ",TotPkts,TotBytes,SrcBytes\n" TCP "CON,10,900,500\n" TCP
			 "CON,10,500,500\n" TCP "CON,2,120,60\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 b500 @1500000000 +2000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 b400 @1500000000 +2000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k10 b500 @1500000000 +2000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k1 b60 @1500000000 +2000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 k1 b60 @1500000000 +2000000000"),
		/* no word of either side: the arrow, or the flags */
		ROW(HEAD ",TotPkts\n" UDP ",5\n" TCP "S_,5\n" TCP "SA_S,5\n" TCP
			 "CON,5\n",
		    "1.1.1.1 2.2.2.2 s4000 d53 p17 @1500000000 +2000000000\n"
		    "2.2.2.2 1.1.1.1 s53 d4000 p17 @1500000000 +2000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k5 fS @1500000000 +2000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 fSA @1500000000 +2000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 fS @1500000000 +2000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k5 @1500000000 +2000000000"),
		ROW(HEAD ",TotBytes,SrcBytes\n" TCP "CON,10,20\n",
		    "?more bytes of one side than of both"),
		/* the names of ra -s and of data sets, and the last time */
		ROW("stime,ltime,proto,saddr,sport,daddr,dport,spkts,dpkts\n"
		    "1,3.5,tcp,1.1.1.1,1,2.2.2.2,2,1,0\n",
		    "1.1.1.1 2.2.2.2 s1 d2 p6 k1 @1000000000 +2500000000"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_argus_cells(void **state)
{
	static const struct read_row rows[] = {
		/* flags of both sides; state words are none */
		ROW(HEAD "\n" TCP "FSPA_SRPAE\n" TCP "S_\n" TCP "ACC\n" TCP "SA\n",
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 fFSPA @1500000000 +2000000000\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 fSRPAE @1500000000 +2000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 fS @1500000000 +2000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 @1500000000 +2000000000\n"
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 @1500000000 +2000000000"),
		/* hexadecimal ports; ICMP: code * 256 + type, and the answer */
		ROW(HEAD "\n1,0,tcp,1.1.1.1,0x0050,->,2.2.2.2,0x1f90,CON\n"
			 "1,0,icmp,1.1.1.1,0x0403,->,2.2.2.2,0xfe25,URF\n"
			 "1,0,icmp,1.1.1.1,0x0008,<->,2.2.2.2,0x4c48,ECO\n"
			 "1,0,ipv6-icmp,fe80::1,135,<->,fe80::2,0,NNS\n"
			 "1,0,igmp,1.1.1.1,,->,2.2.2.2,,INT\n",
		    "1.1.1.1 2.2.2.2 s80 d8080 p6 @1000000000 +0\n"
		    "1.1.1.1 2.2.2.2 s0 d0 p1 @1000000000 +0 c3.4\n"
		    "1.1.1.1 2.2.2.2 s0 d0 p1 @1000000000 +0 c8.0\n"
		    "2.2.2.2 1.1.1.1 s0 d0 p1 @1000000000 +0 c0.0\n"
		    "fe80::1 fe80::2 s0 d0 p58 @1000000000 +0 c135.0 v6\n"
		    "fe80::2 fe80::1 s0 d0 p58 @1000000000 +0 c136.0 v6\n"
		    "1.1.1.1 2.2.2.2 p2 @1000000000 +0"),
		/* tabs, dates, no end of line */
		ROW("StartTime\tProto\tSrcAddr\tDir\tDstAddr\n"
		    "2013/03/03 21:53:59.000001\tip\t1.1.1.1\t->\t2.2.2.2",
		    "1.1.1.1 2.2.2.2 @1362347639000001000"),
		/* what is no flow */
		ROW(HEAD "\n1,0,arp,1.1.1.1,,who,2.2.2.2,,CON\n1,0,man,0,0,,0,0,STA\n"
			 "1,0,ip,00:0d:3a:9a:33:1a,0,->,12:34:56:78:9a:bc,0,INT\n",
		    ""),
		/* damaged */
		ROW(HEAD "\n1,0,tcp,host.example,1,->,2.2.2.2,2,CON\n",
		    "?bad SrcAddr 'host.example' in 'x.txt' at line 2"),
		ROW(HEAD "\n1,0,tcp,1.1.1.1,1,->,,2,CON\n", "?bad DstAddr ''"),
		ROW(HEAD "\n1,0,tcp,1.1.1.1,http,->,2.2.2.2,2,CON\n",
		    "?bad Sport 'http'"),
		ROW(HEAD "\n1,0,tcp,1.1.1.1,65536,->,2.2.2.2,2,CON\n",
		    "?bad Sport '65536'"),
		ROW(HEAD "\n1,0,no-such,1.1.1.1,1,->,2.2.2.2,2,CON\n",
		    "?bad Proto 'no-such'"),
		ROW(HEAD "\n1,0,tcp,1.1.1.1\n", "?4 columns where 9 are due"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

/* Tables of flows that have some of the same titles stay with the reader of CSV. */
static void test_argus_probe(void **state)
{
	static const char *const others[] = {
		"StartTime,Proto,SrcAddr,DstAddr,TotBytes\n",
		"stime,proto,srcip,dstip,bytes,state\n",
		"sIP,dIP,sTime\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(ff_reader_argus.probe((const uint8_t *)others[i],
						       strlen(others[i])),
				 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_argus_counts),
		cmocka_unit_test(test_argus_cells),
		cmocka_unit_test(test_argus_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
