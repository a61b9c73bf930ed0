/* SPDX-License-Identifier: MIT */
/* Words of the switches: what is taken, what is refused and how, and the selection as
 * text. */
#include "select_help.h"

static const struct parse_row {
	const char *line;
	const char *error; /* part of the message; NULL = fine */
} parse_rows[] = {
	/* lists */
	{"--protocol=6", NULL},
	{"--protocol=0-", NULL},
	{"--protocol=1,17,50-89,255", NULL},
	{"--protocol=256", "bad value '256' for '--protocol': above the maximum 255"},
	{"--sport=70000", "bad value '70000' for '--sport': above the maximum 65535"},
	{"--sport=99999999999999999999999", "above the maximum 65535"},
	{"--sport=80-70000", "above the maximum 65535"},
	{"--sport=80-70", "the range is reversed"},
	{"--protocol=tcp", "unexpected character 't'"},
	{"--dport=80,", "a number is missing"},
	{"--dport=,80", "unexpected character ','"},
	{"--dport=", "a number is missing"},
	{"--dport=-5", "unexpected character '-'"},
	{"--dport=1-2-3", "unexpected character '-'"},
	{"--dport=80;443", "unexpected character ';'"},
	{"--aport=0080", NULL},
	{"--icmp-type=256", "above the maximum 255"},
	{"--icmp-code=0-", NULL},
	{"--application=65536", "above the maximum 65535"},
	{"--input-index=65535", NULL},
	/* ranges */
	{"--packets=4-", NULL},
	{"--packets=18446744073709551615", NULL},
	{"--packets=18446744073709551616", "above the maximum 18446744073709551615"},
	{"--packets=", "bad value '' for '--packets': it is empty"},
	{"--packets=5-2", "the range is reversed"},
	{"--packets=1,2", "unexpected character ','"},
	{"--packets=-2", "not a number or a range"},
	{"--packets=1-2-3", "not a number or a range"},
	{"--bytes=1e3-", "unexpected character 'e'"},
	{"--bytes=1.5", "unexpected character '.'"},
	{"--bytes-per-packet=0.5-1.5", NULL},
	{"--bytes-per-packet=60-", NULL},
	{"--bytes-per-packet=1.5.2", "not a number or a range"},
	{"--bytes-per-packet=2-1", "the range is reversed"},
	{"--duration=0-1.5", NULL},
	{"--duration=5-1", "the range is reversed"},
	{"--duration=1.2.3", "not a number of seconds"},
	{"--duration=.", "not a number of seconds"},
	{"--duration=99999999999999999999", "not a number of seconds"},
	{"--duration=1e3", "unexpected character 'e'"},
	/* times */
	{"--stime=2024/01/05", NULL},
	{"--stime=2024/01/05-", NULL},
	{"--stime=2262/04/11-2262/04/11",
	 NULL}, /* the last day that 64 bits of ns hold */
	{"--stime=2024/01/05:12-2024/01/05:13", NULL},
	{"--stime=2024-01-05T12-2024-01-06", NULL},
	{"--stime=1704456000-1704459600", NULL},
	{"--stime=2024/01/05-2024/01/04", "the range is reversed"},
	{"--stime=2024/13/05", "not a time"},
	{"--stime=", "it is empty"},
	{"--stime=-2024/01/05", "not a time"},
	{"--active-time=yesterday", "not a time"},
	{"--from=2024/01/05 --to=2024/01/06", NULL},
	{"--from=2024/01/05 --to=2024/01/05",
	 "'--from=2024/01/05' is not before '--to=2024/01/05'"},
	{"--from=2024/01/05-2024/01/06", "not a time"},
	/* flags */
	{"--flags-all=S/SA", NULL},
	{"--flags-all=s/sa,/F", NULL},
	{"--flags-all=S/SA --flags-all=R/R", NULL},
	{"--flags-all=S/A", "must be within the mask"},
	{"--flags-all=SX/SA", "'X' is none of the letters FSRPAUEC"},
	{"--flags-all=S", "not HIGH/MASK"},
	{"--flags-all=", "not HIGH/MASK"},
	{"--flags-all=/", "the mask after '/' is empty"},
	{"--flags-all=S/S/A", "followed by another"},
	{"--flags-all=S/S,", "not HIGH/MASK"},
	{"--flags-initial=F/F,S/S,R/R,P/P,A/A,U/U,E/E,C/C,F/F,S/S,R/R,P/P,A/A,U/U,E/E,C/"
	 "C",
	 NULL},
	{"--flags-initial=F/F,S/S,R/R,P/P,A/A,U/U,E/E,C/C,F/F,S/S,R/R,P/P,A/A,U/U,E/E,C/"
	 "C,F/F",
	 "more than 16 pairs"},
	{"--attributes=/TC", NULL},
	{"--attributes=T/T,S/S,C/C,F/F,T/T,S/S,C/C,F/F,T/T", "more than 8 pairs"},
	{"--attributes=A/A", "'A' is none of the letters STCF"},
	{"--attributes=T/T --attributes=C/C", "'--attributes' is given twice"},
	{"--syn-flag=1 --fin-flag=0", NULL},
	{"--ack-flag=2", "it must be 0 or 1"},
	{"--tcp-flags=SF", NULL},
	{"--tcp-flags=", "it is empty"},
	{"--tcp-flags=S/F", "'/' is none of the letters"},
	{"--ip-version=4,6", NULL},
	{"--ip-version=5", "it must be 4, 6 or 4,6"},
	/* addresses */
	{"--saddress=10.1.2.3", NULL},
	{"--saddress=10.0.0.0/8", NULL},
	{"--saddress=10.0-1.x.1,3", NULL},
	{"--saddress=2001:db8:0-1:x:x:x:x:x", NULL},
	{"--saddress=2001:db8::x", NULL},
	{"--saddress=::ffff:10.x.1-3.4", NULL},
	{"--saddress=10.0.0.0/8,11.0.0.0/8", "not one address"},
	{"--saddress=10.x.x.x,11", "not one address"},
	{"--saddress=10.x.x.x/8", "not one address"},
	{"--saddress=10.x.x", "not one address"},
	{"--saddress=10.x.x.x.x", "not one address"},
	{"--saddress=10.5-3.x.x", "not one address"},
	{"--saddress=10.256.x.x", "not one address"},
	{"--saddress=10..x.x", "not one address"},
	{"--saddress=1:2:3:x", "not one address"},
	{"--saddress=1::x::2", "not one address"},
	{"--saddress=1:2:3:4:5:6:7:8:x", "not one address"},
	{"--saddress=::x:10000", "not one address"},
	{"--saddress=x:1:", "not one address"},
	{"--saddress=", "not one address"},
	{"--scidr=10.0.0.0/24,10.1.0.0/16,1.2.3.4", NULL},
	{"--scidr=10.0.0.0-10.0.0.9", "for '--scidr': '10.0.0.0-10.0.0.9' is no address"},
	{"--scidr=10.x.0.0", "is no address or CIDR block"},
	{"--scidr=10.0.0.0/33", "is no address or CIDR block"},
	{"--scidr=", "'' is no address"},
	{"--not-any-cidr=10.0.0.0/8 --any-cidr=11.0.0.0/8",
	 "'--any-cidr' and '--not-any-cidr' exclude each other"},
	{"--sipset=", "it is empty"},
	{"--sipset=/nowhere/at.set", "'/nowhere/at.set'"},
	{"--sipset=- --dipset=-", "standard input can be only one"},
	/* combinations */
	{"--protocol=6 --protocol=17", "'--protocol' is given twice"},
	{"--sensor=1 --sensors=2", "'--sensors' is given twice"},
	{"--icmp-type=8 --protocol=6", "'--icmp-type' needs protocol 1 or 58"},
	{"--icmp-code=8 --protocol=2-57", "'--icmp-code' needs protocol 1 or 58"},
	{"--icmp-type=8 --protocol=1,6", NULL},
	{"--icmp-type=8 --protocol=58", NULL},
	{"--sports=80", "unknown switch '--sports'; did you mean '--sport'?"},
	/* inside */
	{"--inside=198.18.4.0/22", NULL},
	{"--inside=198.18.4.0/33",
	 "for '--inside': '198.18.4.0/33' is no address or CIDR block"},
	{"--inside=/nowhere/inside.txt", "'/nowhere/inside.txt'"},
	{"--inside=", "it is empty"},
};

static void test_rows(void **state)
{
	struct ff_site *site = NULL;

	(void)state;
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	for (size_t i = 0; i < sizeof(parse_rows) / sizeof(parse_rows[0]); i++) {
		const struct parse_row *r = &parse_rows[i];
		struct ff_select *s = NULL;
		struct ff_err err = {0};
		int status;

		status = help_select(&s, r->line, site, &err);
		if (!r->error && status != FF_OK)
			fail_msg("%s: %s", r->line, err.text);
		if (r->error && status == FF_OK)
			fail_msg("%s: was taken", r->line);
		if (r->error) {
			assert_int_equal(status, err.status);
			assert_true(status == FF_EUSAGE || status == FF_EIO);
			help_has(&err, r->error, r->line);
		}
		ff_select_free(s);
	}
	ff_site_free(site);
}

static void test_no_value(void **state)
{
	struct ff_select *s = NULL;
	struct ff_err err = {0};

	(void)state;
	assert_int_equal(ff_select_new(&s, NULL), FF_OK);
	assert_int_equal(ff_select_set(s, "sport", NULL, &err), FF_EUSAGE);
	assert_string_equal(err.text, "'--sport' needs a value");
	assert_int_equal(ff_select_set(s, "dport", "80 443", &err), FF_EUSAGE);
	help_has(&err, "unexpected character ' '", "blank in a list");
	/* a refused word leaves the switch free */
	assert_int_equal(ff_select_set(s, "dport", "80", &err), FF_OK);
	ff_select_free(s);
	ff_select_free(NULL);
}

static const struct text_row {
	const char *line, *text;
} text_rows[] = {
	{"--packets=4- --protocol=6", "--protocol=6 --packets=4-"},
	{"--protocol=6 --packets=4-", "--protocol=6 --packets=4-"},
	{"--flags-all=s/sa --flags-all=R/r,A/A", "--flags-all=R/R,A/A,S/SA"},
	{"--flags-all=A/A,S/SA --flags-all=R/R", "--flags-all=R/R,A/A,S/SA"},
	{"--attributes=C/TC,t/T", "--attributes=T/T,C/TC"},
	{"--inside=10.0.0.0/8", ""},
	{"--to=2024/01/06 --from=2024/01/05", "--from=2024/01/05 --to=2024/01/06"},
	{"--sensor=3", "--sensors=3"},
	{"--saddress=2001:db8::x --not-dcidr=::/0",
	 "--saddress=2001:db8::x --not-dcidr=::/0"},
	{"", ""},
};

static void test_text(void **state)
{
	struct ff_site *site = NULL;
	struct ff_select *s = NULL;

	(void)state;
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	for (size_t i = 0; i < sizeof(text_rows) / sizeof(text_rows[0]); i++) {
		struct ff_err err = {0};

		if (help_select(&s, text_rows[i].line, site, &err) != FF_OK)
			fail_msg("%s: %s", text_rows[i].line, err.text);
		assert_string_equal(ff_select_text(s), text_rows[i].text);
		ff_select_free(s);
	}
	assert_int_equal(ff_select_new(&s, NULL), FF_OK);
	assert_int_equal(ff_select_set(s, "sensors", "don't $HOME", NULL), FF_OK);
	assert_int_equal(ff_select_finish(s, site, NULL), FF_OK);
	assert_string_equal(ff_select_text(s), "--sensors='don'\\''t $HOME'");
	ff_select_free(s);
	ff_site_free(site);
}

/* Every row of the option table is a switch that can be given, and once only. */
static void test_table(void **state)
{
	size_t rows = 0;

	(void)state;
	for (const struct ff_opt *o = ff_select_opt_table; o->name; o++, rows++) {
		struct ff_err err = {0};
		struct ff_select *s = NULL;

		assert_int_equal(o->kind, FF_OPT_CALL);
		assert_non_null(o->arg);
		assert_non_null(o->help);
		assert_true(o->help[0] && o->help[strlen(o->help) - 1] != '.');
		assert_int_equal(ff_select_new(&s, NULL), FF_OK);
		assert_int_equal(o->set(s, o->name, "", &err), FF_EUSAGE);
		help_has(&err, "bad value '' for '--", o->name);
		ff_select_free(s);
		for (const struct ff_opt *p = o + 1; p->name; p++)
			assert_string_not_equal(o->name, p->name);
	}
	assert_true(rows > 60);
}

static const struct needs_row {
	const char *line;
	uint32_t fields;
} needs_rows[] = {
	{"", FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_FLOWTYPE)},
	{"--inside=10.0.0.0/8", FF_BIT(FF_SIP) | FF_BIT(FF_DIP)},
	{"--inside=10.0.0.0/8 --dport=443",
	 FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_DPORT) | FF_BIT(FF_PROTOCOL) |
		 FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE)},
	{"--inside=10.0.0.0/8 --icmp-type=8",
	 FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_PROTOCOL) | FF_BIT(FF_ICMP_TYPE)},
	{"--inside=10.0.0.0/8 --syn-flag=1",
	 FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_FLAGS)},
	{"--inside=10.0.0.0/8 --etime=2024/01/01",
	 FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_STIME) | FF_BIT(FF_DURATION) |
		 FF_BIT(FF_ETIME)},
	{"--inside=10.0.0.0/8 --bytes-per-packet=1-",
	 FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES)},
	{"--inside=10.0.0.0/8 --type=in --sensors=1",
	 FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_FLOWTYPE) | FF_BIT(FF_SENSOR)},
};

static void test_needs(void **state)
{
	struct ff_site *site = NULL;

	(void)state;
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	for (size_t i = 0; i < sizeof(needs_rows) / sizeof(needs_rows[0]); i++) {
		struct ff_select *s = NULL;

		assert_int_equal(help_select(&s, needs_rows[i].line, site, NULL), FF_OK);
		if (ff_select_needs(s) != needs_rows[i].fields)
			fail_msg("%s: needs %x, not %x", needs_rows[i].line,
				 (unsigned)ff_select_needs(s),
				 (unsigned)needs_rows[i].fields);
		ff_select_free(s);
	}
	ff_site_free(site);
}

/* Noise in every switch: taken or refused with a message, never worse. */
static void test_noise(void **state)
{
	static const char letters[] = "0123456789,,--..:://xXabfFSAC TZ$\xff";
	uint64_t seed = 99;

	(void)state;
	for (const struct ff_opt *o = ff_select_opt_table; o->name; o++) {
		for (unsigned round = 0; round < 300; round++) {
			struct ff_select *s = NULL;
			struct ff_err err = {0};
			char word[40];
			size_t len = help_below(&seed, sizeof(word));

			for (size_t i = 0; i < len; i++)
				word[i] = letters[help_below(&seed, sizeof(letters) - 1)];
			word[len] = 0;
			assert_int_equal(ff_select_new(&s, NULL), FF_OK);
			if (ff_select_set(s, o->name, word, &err) != FF_OK) {
				assert_int_equal(err.status, FF_EUSAGE);
				help_has(&err, o->name[0] == 's' ? "--s" : o->name, word);
			}
			ff_select_free(s);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),  cmocka_unit_test(test_no_value),
		cmocka_unit_test(test_text),  cmocka_unit_test(test_table),
		cmocka_unit_test(test_needs), cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
