/* SPDX-License-Identifier: MIT */
/* input/nfdump-csv: what nfdump -o csv prints */
#include "input_help.h"

#define HEAD                                                                   \
	"ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas," \
	"das,smk,dmk,dtos,dir,nh,nhb,svln,dvln,ismc,odmc,idmc,osmc,mpls1,"     \
	"mpls2,mpls3,mpls4,mpls5,mpls6,mpls7,mpls8,mpls9,mpls10,cl,sl,al,ra,"  \
	"eng,exid,tr\n"
#define DAY "2013-03-03 21:53:5"
#define REST                                                                   \
	",0,0,0,0,0,0,9.9.9.9,0.0.0.0,0,0,a,b,c,d,1,2,3,4,5,6,7,8,9,10,0,0,0," \
	"8.8.8.8,0/0,1,2013-03-03 21:54:00.000\n"
#define AT "@1362347639000000000"
#define SUMMARY                                                  \
	"Summary\nflows,bytes,packets,avg_bps,avg_pps,avg_bpp\n" \
	"4,27576229,43558,3645840,719,633\n"

static void test_nfdump_csv_rows(void **state)
{
	static const struct read_row rows[] = {
		/* the duration is finer than the times; answers */
		ROW(HEAD DAY "9," DAY "9,0.505,1.1.1.1,2.2.2.2,4000,80,TCP,...AP.S.,0,0,"
			     "9,930,4,916,7,8" REST SUMMARY,
		    "1.1.1.1 2.2.2.2 s4000 d80 p6 k9 b930 fSPA " AT
		    " +505000000 i7 o8 h9.9.9.9\n"
		    "2.2.2.2 1.1.1.1 s80 d4000 p6 k4 b916 " AT " +505000000"),
		/* an end before the start, no titles; ICMP in the port; flags are TCP's
		 */
		ROW(DAY "9," DAY "7,18446744073709549.000,1.1.1.1,2.2.2.2,0,769,ICMP,"
			"........,0,0,1,56,0,0,0,0" REST,
		    "1.1.1.1 2.2.2.2 s0 d0 p1 k1 b56 " AT
		    " +-2000000000 i0 o0 h9.9.9.9 c3.1"),
		/* the line of a tunnel */
		ROW(HEAD DAY "9," DAY
			     "9,0.000,0.0.0.0,0.0.0.0,0,0,GRE,........,0,0,0,0,0,"
			     "0,0,0" REST HEAD,
		    ""),
		ROW("firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,"
		    "bytes,flows\n" DAY "9.123,1.5,UDP,1.1.1.1,1,2.2.2.2,2,3,4,1\n" DAY
		    "9.000,0.000,ICMP6,fe80::1,0,fe80::2,128.0,1,56,1\n",
		    "1.1.1.1 2.2.2.2 s1 d2 p17 k3 b4 @1362347639123000000 +1500000000\n"
		    "fe80::1 fe80::2 s0 d0 p58 k1 b56 " AT " +0 c128.0 v6"),
		/* damaged */
		ROW(HEAD DAY "9," DAY
			     "9,x,1.1.1.1,2.2.2.2,0,0,GRE,........,0,0,1,1,0,0,0,"
			     "0" REST,
		    "?bad td 'x' in 'x.txt' at line 2"),
		ROW(HEAD DAY "9," DAY
			     "9,0,1.1.1.1,2.2.2.2,0,3.4,TCP,........,0,0,1,1,0,0,"
			     "0,0" REST,
		    "?bad dp '3.4'"),
		ROW(HEAD DAY "9," DAY "9,0\n", "?3 columns where 48 are due"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nfdump_csv_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
