/* SPDX-License-Identifier: MIT */
/* input/csv: tables by header names and by --columns */
#include "input_help.h"

static void test_csv_cells(void **state)
{
	static const struct read_row rows[] = {
		/* comma, all of the columns that a simple exporter has */
		ROW("sip,dip,sport,dport,proto,packets,bytes,flags,stime,dur\n"
		    "185.151.115.11,198.18.5.53,59998,8080,6,1,840,27,1700006400.243,2."
		    "644\n",
		    "185.151.115.11 198.18.5.53 s59998 d8080 p6 k1 b840 fFSPA "
		    "@1700006400243000000 +2644000000"),
		ROW("sip;dip;stime\n1.1.1.1;2.2.2.2;1\n", "1.1.1.1 2.2.2.2 @1000000000"),
		ROW("sip\tdip\tstime\n1.1.1.1\t2.2.2.2\t2013-03-03 21:53:59\n",
		    "1.1.1.1 2.2.2.2 @1362347639000000000"),
		ROW("sip|dip|stime\n1.1.1.1|2.2.2.2|1\n", "1.1.1.1 2.2.2.2 @1000000000"),
		/* a byte order mark, as spreadsheets put it */
		ROW("\xef\xbb\xbfsip,dip,stime\n1.1.1.1,2.2.2.2,1\n",
		    "1.1.1.1 2.2.2.2 @1000000000"),
		/* protocols by name */
		ROW("sip,dip,stime,proto\n1.1.1.1,2.2.2.2,1,tcp\n1.1.1.1,2.2.2.2,1,UDP\n"
		    "1.1.1.1,2.2.2.2,1,ipv6-icmp\n1.1.1.1,2.2.2.2,1,gre\n1.1.1.1,2.2.2.2,"
		    "1,132\n",
		    "1.1.1.1 2.2.2.2 p6 @1000000000\n1.1.1.1 2.2.2.2 p17 @1000000000\n"
		    "1.1.1.1 2.2.2.2 p58 @1000000000\n1.1.1.1 2.2.2.2 p47 @1000000000\n"
		    "1.1.1.1 2.2.2.2 p132 @1000000000"),
		/* flags as number, hexadecimal, letters, with the padding of other tools
		 */
		ROW("sip,dip,stime,flags\n1.1.1.1,2.2.2.2,1,18\n1.1.1.1,2.2.2.2,1,0x12\n"
		    "1.1.1.1,2.2.2.2,1,SA\n1.1.1.1,2.2.2.2,1,.A..S.\n1.1.1.1,2.2.2.2,1,\n"
		    "1.1.1.1,2.2.2.2,1,-\n",
		    "1.1.1.1 2.2.2.2 fSA @1000000000\n1.1.1.1 2.2.2.2 fSA @1000000000\n"
		    "1.1.1.1 2.2.2.2 fSA @1000000000\n1.1.1.1 2.2.2.2 fSA @1000000000\n"
		    "1.1.1.1 2.2.2.2 f @1000000000\n1.1.1.1 2.2.2.2 @1000000000"),
		/* epoch time in four units, by its digits */
		ROW("sip,dip,stime\n1.1.1.1,2.2.2.2,1700006400\n1.1.1.1,2.2.2.2,"
		    "1700006400243\n"
		    "1.1.1.1,2.2.2.2,1700006400243001\n1.1.1.1,2.2.2.2,"
		    "1700006400243001002\n"
		    "1.1.1.1,2.2.2.2,1700006400.1234567891\n1.1.1.1,2.2.2.2,"
		    "1700006400243.5\n",
		    "1.1.1.1 2.2.2.2 @1700006400000000000\n1.1.1.1 2.2.2.2 "
		    "@1700006400243000000\n"
		    "1.1.1.1 2.2.2.2 @1700006400243001000\n1.1.1.1 2.2.2.2 "
		    "@1700006400243001002\n"
		    "1.1.1.1 2.2.2.2 @1700006400123456789\n1.1.1.1 2.2.2.2 "
		    "@1700006400243500000"),
		/* dates without anything between, not us; what is no date is us */
		ROW("sip,dip,stime\n1.1.1.1,2.2.2.2,20130303215359\n"
		    "1.1.1.1,2.2.2.2,20130303215359.25\n"
		    "1.1.1.1,2.2.2.2,20131303215359\n1.1.1.1,2.2.2.2,99999999999999\n",
		    "1.1.1.1 2.2.2.2 @1362347639000000000\n"
		    "1.1.1.1 2.2.2.2 @1362347639250000000\n"
		    "1.1.1.1 2.2.2.2 @20131303215359000\n"
		    "1.1.1.1 2.2.2.2 @99999999999999000"),
		/* with a quote in the block, lines are read another way: to the same end
		 */
		ROW("sip,dip,stime\n1.1.1.1,2.2.2.2,2013-03-03 21:53:59.\n",
		    "?bad sTime '2013-03-03 21:53:59.'"),
		ROW("sip,dip,stime\n1.1.1.1,\"2.2.2.2\",2013-03-03 21:53:59.\n",
		    "?bad sTime '2013-03-03 21:53:59.'"),
		ROW("sip,dip,stime\n1.1.1.1,2.2.2.2,2013-03-03 21:53:59.1234567891\n",
		    "?bad sTime '2013-03-03 21:53:59.1234567891'"),
		/* local time with its offset */
		ROW("sip,dip,stime\n1.1.1.1,2.2.2.2,2013-03-03T23:53:59+02:00\n"
		    "1.1.1.1,2.2.2.2,2013-03-03 "
		    "16:23:59.5-0530\n1.1.1.1,2.2.2.2,2013-03-03 21:53:59+00\n",
		    "1.1.1.1 2.2.2.2 @1362347639000000000\n1.1.1.1 2.2.2.2 "
		    "@1362347639500000000\n"
		    "1.1.1.1 2.2.2.2 @1362347639000000000"),
		/* whole numbers with a point, as tables with gaps print them; absent
		   cells */
		ROW("sip,dip,stime,sport,packets\n1.1.1.1,2.2.2.2,1,80.0,3.0\n"
		    "1.1.1.1,2.2.2.2,1,,\n1.1.1.1,2.2.2.2,1,-,-\n",
		    "1.1.1.1 2.2.2.2 s80 k3 @1000000000\n1.1.1.1 2.2.2.2 @1000000000\n"
		    "1.1.1.1 2.2.2.2 @1000000000"),
		ROW("sip,dip,stime,packets\n1.1.1.1,2.2.2.2,1,3.5\n",
		    "?bad packets '3.5'"),
		/* blanks around cells */
		ROW("sip, dip, stime\n1.1.1.1, 2.2.2.2, 1\n",
		    "1.1.1.1 2.2.2.2 @1000000000"),
		ROW("sip,dip,stime,etime\n1.1.1.1,2.2.2.2,1.5,4\n",
		    "1.1.1.1 2.2.2.2 @1500000000 +2500000000"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_csv_quotes(void **state)
{
	static const struct read_row rows[] = {
		ROW("\"sip\",\"dip\",\"stime\"\n\"1.1.1.1\",\"2.2.2.2\",\"1.5\"\n1.1.1.1,"
		    "2.2.2.2,2\n",
		    "1.1.1.1 2.2.2.2 @1500000000\n1.1.1.1 2.2.2.2 @2000000000"),
		ROW("sip,dip,stime\n\"1.1.1.1\", \"2.2.2.2\",  \"2\"\n",
		    "1.1.1.1 2.2.2.2 @2000000000"),
		/* delimiters and doubled quotes inside of cells */
		ROW("sip,note,dip,stime\n1.1.1.1,\"a, \"\"b\"\", c\",2.2.2.2,1\n",
		    "1.1.1.1 2.2.2.2 @1000000000"),
		ROW("sip,dip,stime,type,class\n1.1.1.1,2.2.2.2,1,\"inweb\",\"all\"\n",
		    "1.1.1.1 2.2.2.2 @1000000000 t2/inbound"),
		ROW("sip,note,dip,stime\n1.1.1.1,,2.2.2.2,1\n1.1.1.1,\"\",2.2.2.2,1\n",
		    "1.1.1.1 2.2.2.2 @1000000000\n1.1.1.1 2.2.2.2 @1000000000"),
		/* a quote that nobody closes is a character like others */
		ROW("sip,note,dip,stime\n1.1.1.1,\"a,2.2.2.2,1\n1.1.1.1,5\"\" "
		    "disk,2.2.2.2,1\n",
		    "1.1.1.1 2.2.2.2 @1000000000\n1.1.1.1 2.2.2.2 @1000000000"),
		ROW("sip,dip,stime\n\"1.1.1.1,2.2.2.2,1\n", "?bad sIP '\"1.1.1.1'"),
		ROW("sip,dip,stime\n\"1.1.1.1\",\"2.2.2.2\"\n",
		    "?2 columns where 3 are due"),
		ROW("sip,dip,stime\n\"1.1.1.1\",2.2.2.2,1,9\n",
		    "?4 columns where 3 are due"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_csv_columns(void **state)
{
	static const struct read_row rows[] = {
		ROW_OPTS("src,dst,ts\n1.1.1.1,2.2.2.2,1\n", "1.1.1.1 2.2.2.2 @1000000000",
			 .columns = "sip=src,dip=dst,stime=ts"),
		/* the user's word beats a known header */
		ROW_OPTS("sip,dip,stime,when\n1.1.1.1,2.2.2.2,1,7\n",
			 "1.1.1.1 2.2.2.2 @7000000000", .columns = "stime=when"),
		ROW_OPTS("a,b,c\n1.1.1.1,2.2.2.2,7\n", "!no column 'x' (--columns)",
			 .columns = "sip=x"),
		ROW_OPTS("a,b,c\n1.1.1.1,2.2.2.2,7\n", "!unknown field 'sipp'",
			 .columns = "sipp=a"),
		ROW_OPTS("a,b,c\n1.1.1.1,2.2.2.2,7\n", "!want FIELD=HEADER",
			 .columns = "sip=a,b"),
		ROW_OPTS("1.1.1.1,2.2.2.2,80,7\n1.1.1.1,2.2.2.2,81,8\n",
			 "1.1.1.1 2.2.2.2 s80 @7000000000\n1.1.1.1 2.2.2.2 s81 "
			 "@8000000000",
			 .columns = "sip,dip,sport,stime"),
		ROW_OPTS("1.1.1.1%2.2.2.2%7\n", "1.1.1.1 2.2.2.2 @7000000000",
			 .columns = "sip,dip,stime", .delimiter = "%"),
		/* what is missing is said, and what there is */
		ROW("datetime,host,src,proto,type,spt,dpt\n"
		    "2013-03-03 21:53:59,groucho-oregon,1032051418,TCP,,6000,1433\n",
		    "!no column of 'x.txt' is known as dIP: map it with "
		    "--columns=dip=HEADER; its "
		    "columns are datetime, host, src, proto, type, spt, dpt"),
		ROW("red,green,blue\n1,2,3\n",
		    "!is known as sIP or dIP or sTime: map it with "
		    "--columns=sip=HEADER,dip=HEADER,stime=HEADER; its columns are red, "
		    "green, blue"),
		/* blanks in titles part nothing when commas do */
		ROW("\"Src Address\",\"Dst Peer\",\"Start Time\"\na,b,1\n",
		    "!is known as dIP: map it with --columns=dip=HEADER; its columns are "
		    "Src Address, Dst Peer, Start Time"),
		ROW("1.1.1.1,2.2.2.2,7\n", "!has no title line"),
		/* no table at all */
		ROW("Dear analyst,\n\nhere are the flows, as you asked, and more.\n",
		    "!is no flow file that flowfig knows: text without a header naming "
		    "sIP, dIP and "
		    "sTime"),
		ROW("{\"ts\": 1, \"src\": \"1.1.1.1\", \"dst\": \"2.2.2.2\"}\n"
		    "{\"ts\": 1, \"src\": \"1.1.1.1\", \"dst\": \"2.2.2.2\"}\n",
		    "!is no flow file that flowfig knows: text"),
		ROW("hello\n", "!is no flow file that flowfig knows: text"),
		ROW("\n\n", "!is no flow file that flowfig knows: text"),
		ROW("\x7f\x45LF\x02\x01", "!begins with the bytes 7f 45 4c 46"),
		ROW("", "!'x.txt' is empty"),
		ROW_OPTS("sip,dip,stime\n", "!unknown input format 'cvs'",
			 .format = "cvs"),
		ROW_OPTS("sIP|dIP|sTime\n1.1.1.1|2.2.2.2|7\n",
			 "1.1.1.1 2.2.2.2 @7000000000", .format = "csv"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

/* Every name and alias of the field table is understood as a header. */
static void test_csv_aliases(void **state)
{
	(void)state;
	for (int f = 0; f < FF_FIELDS; f++) {
		const char *alias = ff_field_infos[f].aliases;

		while (alias && *alias) {
			size_t n = strcspn(alias, " ");
			char text[256];
			struct read_result r;

			snprintf(text, sizeof text, "%s,%s,%s,%.*s\n",
				 f == FF_SIP ? "x" : "sIP", f == FF_DIP ? "y" : "dIP",
				 f == FF_STIME ? "z" : "sTime", (int)n, alias);
			r = read_memory(text, strlen(text),
					(struct ff_input_opts){.format = "csv"});
			if (r.status != FF_OK || !(r.carries & FF_BIT(f)))
				fail_msg("'%.*s' is not taken for %s: %s", (int)n, alias,
					 ff_field_infos[f].name, r.err.text);
			read_release(&r);
			alias += n + (alias[n] == ' ');
		}
	}
}

/* Any number of blank lines and comments before the title, read in one go. */
static void test_csv_late_title(void **state)
{
	static const char rest[] = "sip,dip,stime\n1.1.1.1,2.2.2.2,1\nbad\n";
	static const size_t blanks[] = {2, 60000, 65535, 65536, 3000000};

	(void)state;
	for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
		size_t len = blanks[i] + sizeof rest - 1;
		char *text = malloc(len), line[32];

		assert_non_null(text);
		memset(text, '\n', blanks[i]);
		text[0] = '#';
		memcpy(text + blanks[i], rest, sizeof rest - 1);
		snprintf(line, sizeof line, "line %zu", blanks[i] - 1 + 3);
		for (unsigned gz = 0; gz < 2; gz++) {
			struct ff_input_opts o = {.format = "csv"};
			struct read_result r =
				gz ? read_gzip(text, len, o) : read_memory(text, len, o);

			assert_int_equal(r.count, 1);
			assert_int_equal(r.bad, 1);
			assert_non_null(strstr(r.first_bad.text, line));
			read_release(&r);
		}
		free(text);
	}
}

/* Headers of a table that is not SiLK's are not guessed from one or two letters. */
static void test_csv_no_guess(void **state)
{
	static const char text[] = "sip,dip,stime,b,st,a\n1.1.1.1,2.2.2.2,1,x,y,z\n";
	struct read_result r = read_memory(text, strlen(text), (struct ff_input_opts){0});

	(void)state;
	assert_int_equal(r.status, FF_OK);
	assert_int_equal(r.bad, 0);
	assert_int_equal(r.carries, FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_STIME));
	read_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv_cells),
		cmocka_unit_test(test_csv_quotes),
		cmocka_unit_test(test_csv_columns),
		cmocka_unit_test(test_csv_aliases),
		cmocka_unit_test(test_csv_no_guess),
		cmocka_unit_test(test_csv_late_title),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
