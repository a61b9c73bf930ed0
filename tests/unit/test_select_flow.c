/* SPDX-License-Identifier: MIT */
/* Single flows, each a change of a plain one, against a switch: what no random flow
 * shows. The ends of windows, flags that are joined, fields that are not carried. */
#include "select_help.h"

#define NOON INT64_C(1704456000) /* 2024-01-05 12:00:00 */

enum { PASS = 1, FAIL = 0, ABSENT = -6 };
static const struct flow_row {
	const char *line;
	int64_t start_ms, end_ms; /* after noon */
	uint8_t protocol, flags;
	uint32_t lacks; /* fields not carried */
	int expect;
	const char *message;
} flow_rows[] = {
	/* times: rwfilter's ends */
	{"--stime=2024/01/05:12-2024/01/05:12", 3599999, 0, 6, 0, 0, PASS, NULL},
	{"--stime=2024/01/05:12-2024/01/05:12", 3600000, 0, 6, 0, 0, FAIL, NULL},
	{"--stime=2024/01/05:12", 0, 0, 6, 0, 0, PASS, NULL},
	{"--stime=2024/01/05:12", 1, 0, 6, 0, 0, FAIL, NULL},
	{"--stime=2024/01/05:12-", 1, 0, 6, 0, 0, FAIL, NULL},
	{"--active-time=2024/01/05:12:30:00", 0, 1800000, 6, 0, 0, PASS, NULL},
	{"--active-time=2024/01/05:12:30:00", 0, 1799999, 6, 0, 0, FAIL, NULL},
	{"--active-time=2024/01/05:12:30:00", 1800001, 1900000, 6, 0, 0, FAIL, NULL},
	/* from and to are half open */
	{"--from=2024/01/05:12", 0, 0, 6, 0, 0, PASS, NULL},
	{"--from=2024/01/05:12", -1, 0, 6, 0, 0, FAIL, NULL},
	{"--to=2024/01/05:12", -1, 0, 6, 0, 0, PASS, NULL},
	{"--to=2024/01/05:12", 0, 0, 6, 0, 0, FAIL, NULL},
	{"--from=2024/01/05 --to=2024/01/06", 0, 0, 6, 0, 0, PASS, NULL},
	{"--to=2024/01/05", 0, 0, 6, 0, 0, FAIL, NULL},
	/* durations */
	{"--duration=1.001", 0, 1001, 6, 0, 0, PASS, NULL},
	{"--duration=1.0009-", 0, 1000, 6, 0, 0, PASS, NULL},
	{"--duration=0.5-1.5", 0, 500, 6, 0, 0, PASS, NULL},
	{"--duration=0.5-1.5", 0, 499, 6, 0, 0, FAIL, NULL},
	{"--duration=0.5-1.5", 0, 1500, 6, 0, 0, PASS, NULL},
	{"--duration=0.5-1.5", 0, 1501, 6, 0, 0, FAIL, NULL},
	{"--duration=0-", 0, -1, 6, 0, 0, FAIL, NULL},
	/* flags: the single ones make one pair, which joins the others */
	{"--syn-flag=1 --ack-flag=0", 0, 0, 6, FF_SYN, 0, PASS, NULL},
	{"--syn-flag=1 --ack-flag=0", 0, 0, 6, FF_SYN | FF_ACK, 0, FAIL, NULL},
	{"--syn-flag=1 --flags-all=A/A", 0, 0, 6, FF_ACK, 0, PASS, NULL},
	{"--syn-flag=1 --flags-all=A/A", 0, 0, 6, FF_RST, 0, FAIL, NULL},
	/* absent fields */
	{"--dport=80", 0, 0, 6, 0, FF_BIT(FF_DPORT), ABSENT,
	 "'--dport' needs the field dPort, which the input does not carry"},
	{"--dport=0", 0, 0, 1, 0, FF_BIT(FF_DPORT) | FF_BIT(FF_SPORT), PASS, NULL},
	{"--type=in", 0, 0, 6, 0, FF_BIT(FF_FLOWTYPE), ABSENT,
	 "'--type' needs the field"},
	{"--class=all", 0, 0, 6, 0, FF_BIT(FF_FLOWTYPE), ABSENT,
	 "'--class' needs the field"},
	{"--sensor=1", 0, 0, 6, 0, FF_BIT(FF_SENSOR), ABSENT,
	 "'--sensors' needs the field"},
	{"--syn-flag=1", 0, 0, 6, 0, FF_BIT(FF_FLAGS), ABSENT,
	 "'--syn-flag' needs the field flags"},
	{"--protocol=6 --bytes=1-", 0, 0, 17, 0, FF_BIT(FF_BYTES), ABSENT,
	 "'--bytes' needs"},
	{"--duration=1", 0, 1000, 6, 0, FF_BIT(FF_DURATION), PASS, NULL},
	{"--etime=2024/01/05:12", -5, 0, 6, 0, FF_BIT(FF_ETIME), PASS, NULL},
	{"--etime=2024/01/05:12", 0, 0, 6, 0, FF_BIT(FF_ETIME) | FF_BIT(FF_DURATION),
	 ABSENT, "'--etime' needs the field eTime"},
	{"--icmp-type=8", 0, 0, 6, 0, FF_BIT(FF_ICMP_TYPE), FAIL, NULL},
	{"--icmp-type=8", 0, 0, 1, 0, FF_BIT(FF_ICMP_TYPE), ABSENT,
	 "'--icmp-type' needs the field"},
	{"--icmp-type=8", 0, 0, 6, 0, FF_BIT(FF_PROTOCOL) | FF_BIT(FF_ICMP_TYPE), ABSENT,
	 "'--icmp-type'"},
	{"--icmp-code=0", 0, 0, 58, 0, 0, FAIL, NULL}, /* an IPv4 record */
	{"--inside=10.0.0.0/8", 0, 0, 6, 0, FF_BIT(FF_DIP), ABSENT,
	 "'--inside' needs the field dIP"},
	{"--saddress=10.0.0.0/8", 0, 0, 6, 0, FF_BIT(FF_DIP), PASS, NULL},
	{"--not-saddress=10.0.0.0/8", 0, 0, 6, 0, FF_BIT(FF_SIP), ABSENT,
	 "'--not-saddress' needs"},
	{"--not-anyset=/nowhere", 0, 0, 6, 0, 0, FF_EIO, "/nowhere"},
};

static void test_flows(void **state)
{
	struct ff_site *site = NULL;
	struct ff_batch b;

	(void)state;
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	assert_int_equal(ff_batch_init(&b, 1, NULL), FF_OK);
	for (size_t i = 0; i < sizeof(flow_rows) / sizeof(flow_rows[0]); i++) {
		const struct flow_row *r = &flow_rows[i];
		struct ff_select_counts counts = {0};
		struct ff_select *s = NULL;
		struct ff_err err = {0};
		struct ff_flow *f = b.flows;
		int status = help_select(&s, r->line, site, &err);

		memset(f, 0, sizeof(*f));
		f->present = FF_ALL_FIELDS & ~r->lacks;
		f->sip = help_addr("10.0.0.1");
		f->dip = help_addr("192.0.2.1");
		f->protocol = r->protocol;
		f->flags = r->flags;
		f->start_ns = NOON * FF_SEC + r->start_ms * FF_MS;
		f->end_ns = NOON * FF_SEC + r->end_ms * FF_MS;
		b.count = 1;
		if (status == FF_OK)
			status = ff_select_apply(s, &b, &counts, &err);
		if (status == FF_OK)
			status = b.count == 1;
		if (status != r->expect)
			fail_msg("%s (row %zu): %d, not %d: %s", r->line, i, status,
				 r->expect, err.text);
		if (r->message)
			help_has(&err, r->message, r->line);
		ff_select_free(s);
	}
	ff_batch_release(&b);
	ff_site_free(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
