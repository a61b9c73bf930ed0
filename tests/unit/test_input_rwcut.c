/* SPDX-License-Identifier: MIT */
/* input/rwcut: the text of rwcut in all its styles */
#include "input_help.h"

#define S INT64_C(1000000000)

/* 2013-03-03 21:53:59 is 1362347639 */
static void test_rwcut_styles(void **state)
{
	static const struct read_row rows[] = {
		/* --delimited */
		ROW("sIP|dIP|sPort|dPort|pro|packets|bytes|flags|sTime|duration|eTime|"
		    "sen|\n"
		    "61.131.218.218|10.77.0.3|6000|1433|6|1|40|S|2013/03/"
		    "03T21:53:59.000|0.000|"
		    "2013/03/03T21:53:59.000|S1|\n",
		    "61.131.218.218 10.77.0.3 s6000 d1433 p6 k1 b40 fS "
		    "@1362347639000000000 +0 n0"),
		/* the default: padded to the column's width, titles cut, delimiter at the
		   end */
		ROW("            sIP|            dIP|sPort|dPort|pro|   packets|     "
		    "bytes|   flags|"
		    "                  sTime| duration|                  eTime|sen|\n"
		    "      10.0.0.12|     192.0.2.33|49855| 3389|  6|         3|       "
		    "120|FS PA   |"
		    "2013/03/03T21:53:59.250|    1.500|2013/03/03T21:54:00.750| S7|\n",
		    "10.0.0.12 192.0.2.33 s49855 d3389 p6 k3 b120 fFSPA "
		    "@1362347639250000000 "
		    "+1500000000 n0"),
		/* no delimiter at the end, other orders, columns that flowfig does not
		   know */
		ROW("sTime|scc|dIP|sIP\n2013/03/03T21:53:59|us|1.2.3.4|5.6.7.8\n",
		    "5.6.7.8 1.2.3.4 @1362347639000000000"),
		/* time styles */
		ROW("sIP|dIP|sTime|\n"
		    "1.2.3.4|5.6.7.8|2013-03-03 21:53:59.5|\n"
		    "1.2.3.4|5.6.7.8|2013/03/03:21:53:59.5|\n"
		    "1.2.3.4|5.6.7.8|2013-03-03T21:53:59.500Z|\n"
		    "1.2.3.4|5.6.7.8|1362347639.500|\n"
		    "1.2.3.4|5.6.7.8|1362347639|\n"
		    "1.2.3.4|5.6.7.8|2013/03/03|\n"
		    "1.2.3.4|5.6.7.8|2013/03/03T21:53:59.123456789|\n",
		    "1.2.3.4 5.6.7.8 @1362347639500000000\n"
		    "1.2.3.4 5.6.7.8 @1362347639500000000\n"
		    "1.2.3.4 5.6.7.8 @1362347639500000000\n"
		    "1.2.3.4 5.6.7.8 @1362347639500000000\n"
		    "1.2.3.4 5.6.7.8 @1362347639000000000\n"
		    "1.2.3.4 5.6.7.8 @1362268800000000000\n"
		    "1.2.3.4 5.6.7.8 @1362347639123456789"),
		/* --ip-format=decimal, --zero-pad-ips, IPv6 */
		ROW("sIP|dIP|sTime\n1032051418|10|1\n061.131.218.218|000.000.000.010|1\n"
		    "2001:db8::1|10.1.2.3|1\n::ffff:10.1.2.3|::|1\n",
		    "61.131.218.218 0.0.0.10 @1000000000\n"
		    "61.131.218.218 0.0.0.10 @1000000000\n"
		    "2001:db8::1 10.1.2.3 @1000000000 v6\n"
		    "10.1.2.3 :: @1000000000 v6"),
		/* older SiLK: whole seconds first, milliseconds in columns of their own
		 */
		ROW("sIP|dIP|sTime|dur|sTime+msec|dur+msec\n1.1.1.1|2.2.2.2|7|1|7.250|1."
		    "125\n",
		    "1.1.1.1 2.2.2.2 @7250000000 +1125000000"),
		/* flags: blanks, dots, nothing, a number */
		ROW("sIP|dIP|sTime|flags|\n1.1.1.1|2.2.2.2|1| S  A   "
		    "|\n1.1.1.1|2.2.2.2|1|.S..A...|\n"
		    "1.1.1.1|2.2.2.2|1||\n1.1.1.1|2.2.2.2|1|18|\n",
		    "1.1.1.1 2.2.2.2 fSA @1000000000\n1.1.1.1 2.2.2.2 fSA @1000000000\n"
		    "1.1.1.1 2.2.2.2 f @1000000000\n1.1.1.1 2.2.2.2 fSA @1000000000"),
		/* titles cut to the width of their columns */
		ROW("sIP|dIP|sTime|pro|initialF|sessionF|attribut|appli|  in|  "
		    "out|nhIP|iTy|iCo|\n"
		    "1.1.1.1|2.2.2.2|1|6|S|PA|T  S|443|3|4|9.9.9.9|||\n"
		    "1.1.1.1|2.2.2.2|1|1||||0|3|4|9.9.9.9|3|1|\n",
		    "1.1.1.1 2.2.2.2 p6 @1000000000 i3 o4 h9.9.9.9 IS SPA ATS a443\n"
		    "1.1.1.1 2.2.2.2 p1 @1000000000 i3 o4 h9.9.9.9 I S A a0 c3.1"),
		/* any delimiter */
		ROW("sIP^dIP^sTime^\n1.2.3.4^5.6.7.8^1^\n",
		    "1.2.3.4 5.6.7.8 @1000000000"),
		ROW("sIP dIP sTime\n 1.2.3.4   5.6.7.8  1.5 \n",
		    "1.2.3.4 5.6.7.8 @1500000000"),
		ROW("sIP\tdIP\tsTime\n1.2.3.4\t5.6.7.8\t1\n",
		    "1.2.3.4 5.6.7.8 @1000000000"),
		ROW_OPTS("sIP/dIP/sTime\n1.2.3.4/5.6.7.8/1\n",
			 "1.2.3.4 5.6.7.8 @1000000000", .delimiter = "/"),
		/* --fields numbers as titles */
		ROW("1|2|3|4|5|9|\n1.2.3.4|5.6.7.8|1|2|6|1|\n",
		    "1.2.3.4 5.6.7.8 s1 d2 p6 @1000000000"),
		/* one of eTime and duration; start from both */
		ROW("sIP|dIP|sTime|eTime|\n1.1.1.1|2.2.2.2|5|7.5|\n1.1.1.1|2.2.2.2|5|4|"
		    "\n",
		    "1.1.1.1 2.2.2.2 @5000000000 +2500000000\n"
		    "1.1.1.1 2.2.2.2 @5000000000 +-1000000000"),
		ROW("sIP|dIP|dur|eTime|\n1.1.1.1|2.2.2.2|2.5|7.5|\n",
		    "1.1.1.1 2.2.2.2 @5000000000 +2500000000"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_rwcut_icmp(void **state)
{
	static const struct read_row rows[] = {
		ROW("sIP|dIP|sPort|dPort|pro|sTime|\n"
		    "1.1.1.1|2.2.2.2|0|769|1|1|\n"
		    "1.1.1.1|2.2.2.2|2048|0|1|1|\n"
		    "1.1.1.1|2.2.2.2|0|34560|58|1|\n" /* no IPv6 record: 58 is no ICMP */
		    "2001:db8::1|2001:db8::2|0|34560|58|1|\n",
		    "1.1.1.1 2.2.2.2 s0 d0 p1 @1000000000 c3.1\n"
		    "1.1.1.1 2.2.2.2 s0 d0 p1 @1000000000 c8.0\n"
		    "1.1.1.1 2.2.2.2 s0 d34560 p58 @1000000000\n"
		    "2001:db8::1 2001:db8::2 s0 d0 p58 @1000000000 c135.0 v6"),
		/* columns of their own win */
		ROW("sIP|dIP|dPort|pro|sTime|iTy|iCo|\n1.1.1.1|2.2.2.2|769|1|1|5|6|\n"
		    "1.1.1.1|2.2.2.2|80|6|1|||\n",
		    "1.1.1.1 2.2.2.2 d0 p1 @1000000000 c5.6\n1.1.1.1 2.2.2.2 d80 p6 "
		    "@1000000000"),
		/* the protocol is read when only ports are wanted */
		ROW_OPTS("sIP|dIP|dPort|pro|sTime|\n1.1.1.1|2.2.2.2|769|1|1|\n",
			 "1.1.1.1 d0 p1 c3.1", .want = FF_BIT(FF_DPORT)),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_rwcut_site(void **state)
{
	static const char conf[] =
		"version 1\nsensor 0 east\nsensor 5 west\nclass all\n"
		"sensors east west\ntype 0 in\ntype 1 out\nend class\n"
		"class lab\nsensors west\ntype 7 in\ntype 8 outweb\nend class\n";
	static const char text[] =
		"sIP|dIP|sTime|sen|class|type|\n"
		"1.1.1.1|2.2.2.2|1|west|lab|in|\n"
		"1.1.1.1|2.2.2.2|1|east|all|out|\n"
		"1.1.1.1|2.2.2.2|1|17|?|200|\n" /* numbers without names */
		"1.1.1.1|2.2.2.2|1|?|?|255|\n"
		"1.1.1.1|2.2.2.2|1|north|all|sideways|\n";
	static const char no_class[] = "sIP|dIP|sTime|type|\n1.1.1.1|2.2.2.2|1|in|\n"
				       "1.1.1.1|2.2.2.2|1|outweb|\n";
	struct ff_input_opts o = {0};
	struct read_row row;

	(void)state;
	assert_int_equal(ff_site_parse(&o.site, "silk.conf", conf, strlen(conf), NULL),
			 FF_OK);
	row = (struct read_row){text,
				"1.1.1.1 2.2.2.2 @1000000000 n5 t7/inbound\n"
				"1.1.1.1 2.2.2.2 @1000000000 n0 t1/outbound\n"
				"1.1.1.1 2.2.2.2 @1000000000 n17 t200/unknown\n"
				"1.1.1.1 2.2.2.2 @1000000000\n"
				"1.1.1.1 2.2.2.2 @1000000000 n1",
				o};
	check_rows(&row, 1);
	assert_int_equal(ff_site_find_sensor(o.site, "north", 5), 1);
	row = (struct read_row){no_class,
				"1.1.1.1 2.2.2.2 @1000000000 t0/inbound\n"
				"1.1.1.1 2.2.2.2 @1000000000 t8/outbound",
				o};
	check_rows(&row, 1);
	ff_site_free(o.site);
}

static void test_rwcut_columns(void **state)
{
	static const struct read_row rows[] = {
		/* --no-titles: the order by name, by number, with gaps */
		ROW_OPTS("1.2.3.4|5.6.7.8|80|1.5|\n", "1.2.3.4 5.6.7.8 s80 @1500000000",
			 .columns = "sip,dip,sport,stime"),
		ROW_OPTS("1.2.3.4|5.6.7.8|80|443|6|9|9|S|1.5|\n",
			 "1.2.3.4 5.6.7.8 s80 d443 p6 k9 b9 fS @1500000000",
			 .columns = "1-9"),
		ROW_OPTS("x|1.2.3.4|5.6.7.8|y|1.5\n", "1.2.3.4 5.6.7.8 @1500000000",
			 .columns = "-,sip,dip,-,stime"),
		/* a title line is seen and stepped over */
		ROW_OPTS("sIP|dIP|sTime\n1.2.3.4|5.6.7.8|1\n",
			 "1.2.3.4 5.6.7.8 @1000000000", .columns = "sip,dip,stime"),
		ROW_OPTS("von|nach|wann\n1.2.3.4|5.6.7.8|1\n",
			 "1.2.3.4 5.6.7.8 @1000000000", .columns = "sip,dip,stime"),
		ROW_OPTS("1.2.3.4|5.6.7.8|1\n", "!names 4 columns",
			 .columns = "sip,dip,stime,dur"),
		ROW_OPTS("1.2.3.4|5.6.7.8|1\n", "!must name sip, dip and stime",
			 .columns = "sip,dip,sport"),
		ROW_OPTS("1.2.3.4|5.6.7.8|1\n", "!unknown field 'sipp'",
			 .columns = "sipp,dip,stime"),
		ROW_OPTS("1.2.3.4|5.6.7.8|1\n", "!bad field number", .columns = "1-30"),
		/* the other form: titles to fields */
		ROW_OPTS("von|nach|wann|sTime\n1.2.3.4|5.6.7.8|1|2\n",
			 "1.2.3.4 5.6.7.8 @1000000000",
			 .columns = "sip=von, dip=NACH,stime=wann"),
		ROW_OPTS("von|nach|wann\n1.2.3.4|5.6.7.8|1\n",
			 "!its columns are von, nach, wann",
			 .columns = "sip=vom,dip=nach,stime=wann"),
		ROW_OPTS("sIP|dIP|sTime\n", "!bad --delimiter", .delimiter = "ab"),
		/* neither titles nor an order */
		ROW("1.2.3.4|5.6.7.8|80|443|6|1|40|S|2013/03/03T21:53:59.000|\n",
		    "!no title line"),
		ROW("sIP|dIP|sPort|\n1.2.3.4|5.6.7.8|1|\n",
		    "!no column of 'x.txt' is known as sTime"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

static void test_rwcut_lines(void **state)
{
	static const struct read_row rows[] = {
		/* CR LF, blank lines, comments, no newline at the end */
		ROW("\n# made by hand\r\nsIP|dIP|sTime\r\n1.2.3.4|5.6.7.8|1\r\n\r\n   "
		    "\n# x\n"
		    "1.2.3.4|5.6.7.8|2",
		    "1.2.3.4 5.6.7.8 @1000000000\n1.2.3.4 5.6.7.8 @2000000000"),
		ROW("sIP|dIP|sTime", ""),
		ROW("sIP|dIP|sTime\n", ""),
		ROW("sIP|dIP|sTime\n1.2.3.4|5.6.7.8|1\nfoo|5.6.7.8|1\n1.2.3.4|5.6.7.8|"
		    "1\n",
		    "1.2.3.4 5.6.7.8 @1000000000\n1.2.3.4 5.6.7.8 @1000000000\n"
		    "?bad sIP 'foo' in 'x.txt' at line 3"),
		ROW("sIP|dIP|sTime\n1.2.3.4|5.6.7.8\n",
		    "?2 columns where 3 are due in 'x.txt' at line 2"),
		ROW("sIP|dIP|sTime\n1.2.3.4|5.6.7.8|1|2\n",
		    "?4 columns where 3 are due in 'x.txt' at line 2"),
		ROW("sIP|dIP|sTime|\n1.2.3.4|5.6.7.8|1|2|\n", "?columns where 3 are due"),
		ROW("sIP|dIP|sTime\n1.2.3.4|5.6.7.8|1||\n", "?5 columns where 3 are due"),
		ROW("sIP|dIP|sTime\n||\n", "?bad sIP ''"),
		ROW("sIP|dIP|sTime\n1.2.3.4|1.2.3.256|1\n", "?bad dIP '1.2.3.256'"),
		ROW("sIP|dIP|sTime\n1.2.3.4|1.2.3|1\n", "?bad dIP '1.2.3'"),
		ROW("sIP|dIP|sTime\n1.2.3.4|4294967296|1\n", "?bad dIP '4294967296'"),
		ROW("sIP|dIP|sTime\n1.2.3.4|1.2.3.4|\n", "?bad sTime ''"),
		ROW("sIP|dIP|sTime\n1.2.3.4|1.2.3.4|2013/02/29T00:00:00\n",
		    "?bad sTime '2013/02/29T"),
		ROW("sIP|dIP|sTime\n1.2.3.4|1.2.3.4|2013/02/28T24:00:00\n", "?bad sTime"),
		ROW("sIP|dIP|sTime\n1.2.3.4|1.2.3.4|9999999999\n", "?bad sTime"),
		ROW("sIP|dIP|sTime\n1.2.3.4|1.2.3.4|-1\n", "?bad sTime"),
		ROW("sIP|dIP|sTime|sPort\n1.2.3.4|1.2.3.4|1|65536\n",
		    "?bad sPort '65536'"),
		ROW("sIP|dIP|sTime|bytes\n1.2.3.4|1.2.3.4|1|18446744073709551616\n",
		    "?bad bytes"),
		ROW("sIP|dIP|sTime|bytes\n1.2.3.4|1.2.3.4|1|18446744073709551615\n",
		    "1.2.3.4 1.2.3.4 b18446744073709551615 @1000000000"),
		ROW("sIP|dIP|sTime|pro\n1.2.3.4|1.2.3.4|1|256\n", "?bad protocol '256'"),
		ROW("sIP|dIP|sTime|flags\n1.2.3.4|1.2.3.4|1|SX\n", "?bad flags 'SX'"),
		ROW("sIP|dIP|sTime|dur\n1.2.3.4|1.2.3.4|1|1s\n", "?bad duration '1s'"),
		ROW("sIP|dIP|sTime|dur\n1.2.3.4|1.2.3.4|9000000000|9000000000\n",
		    "?out of range"),
		ROW("sIP|dIP|sTime\n\x01\x02|5.6.7.8|1\n", "?bad sIP '"),
		/* what is not wanted is not looked at; cells may be absent */
		ROW_OPTS("sIP|dIP|sTime|bytes|sPort\n1.2.3.4|5.6.7.8|1|x|9\n",
			 "1.2.3.4 5.6.7.8 @1000000000",
			 .want = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_STIME)),
		ROW("sIP|dIP|sTime|bytes|sPort\n1.2.3.4|5.6.7.8|1||-\n",
		    "1.2.3.4 5.6.7.8 @1000000000"),
	};

	(void)state;
	check_rows(rows, sizeof rows / sizeof *rows);
}

/* ---- rwcut's own output, beside the files that it was made from ---- */

static struct read_result read_path(const char *path, struct ff_site *site)
{
	struct ff_input_opts o = {.site = site};
	struct read_result r = {0};
	struct ff_source *s;

	r.status = ff_source_open(&s, path, &o, &r.err);
	if (r.status < 0)
		fail_msg("%s", r.err.text);
	read_source(&r, s);
	return r;
}

static void compare_with_silk(const char *text, const char *silk, struct ff_site *site)
{
	struct read_result t = read_path(text, site), b = read_path(silk, site);

	assert_string_equal(t.format, "rwcut");
	assert_string_equal(b.format, "silk");
	assert_int_equal(t.status, 0);
	assert_int_equal(t.bad, 0);
	assert_int_equal(t.count, b.count);
	for (size_t i = 0; i < t.count; i++) {
		char have[512];

		b.flows[i].attributes &=
			(uint8_t)~FF_ATTR_EXPANDED; /* rwcut does not print it */
		snprintf(have, sizeof have, "%s", flow_text(&t.flows[i]));
		if (strcmp(have, flow_text(&b.flows[i])) != 0)
			fail_msg("%s, flow %zu:\n  text %s\n  silk %s", text, i, have,
				 flow_text(&b.flows[i]));
		assert_int_equal(t.flows[i].orient, b.flows[i].orient);
	}
	read_release(&t);
	read_release(&b);
}

static const char *shared_dir(void)
{
	const char *dir = getenv("FF_SHARED");

	return dir ? dir : "../shared";
}

static void test_rwcut_against_silk(void **state)
{
	static const char *const pairs[][2] = {
		{"full-v4", "v4-generic-little-none.rw"},
		{"full-v6", "v6-ipv6routing-big-none.rw"},
		{"full-mixed", "mixed-ipv6routing-little-zlib.rw"},
	};
	char text[512], silk[512], conf[4096];
	struct ff_site *site;
	size_t n;
	FILE *f;

	(void)state;
	snprintf(text, sizeof text, "%s/data/silk/silk.conf", shared_dir());
	f = fopen(text, "r");
	if (!f)
		skip();
	n = fread(conf, 1, sizeof conf, f);
	fclose(f);
	assert_int_equal(ff_site_parse(&site, text, conf, n, NULL), FF_OK);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		snprintf(text, sizeof text, "%s/data/silk/oracle/%s.cut.txt.gz",
			 shared_dir(), pairs[i][0]);
		snprintf(silk, sizeof silk, "%s/data/silk/full/%s", shared_dir(),
			 pairs[i][1]);
		compare_with_silk(text, silk, site);
	}
	ff_site_free(site);
}

static void test_rwcut_marx(void **state)
{
	struct ff_site *site;
	struct read_result r;
	char path[512];
	FILE *f;

	(void)state;
	snprintf(path, sizeof path, "%s/data/aws-marx/marx-mar-may.rwcut.txt.gz",
		 shared_dir());
	f = fopen(path, "r");
	if (!f)
		skip();
	fclose(f);
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	r = read_path(path, site);
	assert_int_equal(r.count, 187849);
	assert_int_equal(r.bad, 0);
	assert_true(r.digest != 0);
	assert_string_equal(flow_text(&r.flows[0]),
			    "61.131.218.218 10.77.0.3 s6000 d1433 p6 k1 b0 fS "
			    "@1362347639000000000 +0 n0");
	assert_true(ff_site_find_sensor(site, "groucho-oregon", 14) >= 0);
	read_release(&r);
	ff_site_free(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rwcut_styles),
		cmocka_unit_test(test_rwcut_icmp),
		cmocka_unit_test(test_rwcut_site),
		cmocka_unit_test(test_rwcut_columns),
		cmocka_unit_test(test_rwcut_lines),
		cmocka_unit_test(test_rwcut_against_silk),
		cmocka_unit_test(test_rwcut_marx),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
