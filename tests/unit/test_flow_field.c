/* SPDX-License-Identifier: MIT */
/* flow/field and flow/flags: names find their field and no other; letters and bits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <string.h>

#include <flowfig/flow.h>

static void test_find(void **state)
{
	static const struct {
		const char *name;
		int field;
	} rows[] = {
		/* SiLK */
		{"sIP", FF_SIP},
		{"sip", FF_SIP},
		{"DPORT", FF_DPORT},
		{"protocol", FF_PROTOCOL},
		{"pro", FF_PROTOCOL},
		{"prot", FF_PROTOCOL},
		{"packets", FF_PACKETS},
		{"pac", FF_PACKETS},
		{"byt", FF_BYTES},
		{"bytes", FF_BYTES},
		{"sTime", FF_STIME},
		{"dur", FF_DURATION},
		{"durat", FF_DURATION},
		{"eTime", FF_ETIME},
		{"sen", FF_SENSOR},
		{"sensor", FF_SENSOR},
		{"type", FF_FLOWTYPE},
		{"in", FF_IN},
		{"out", FF_OUT},
		{"nhIP", FF_NHIP},
		{"initialFl", FF_INITIAL_FLAGS},
		{"sessionFl", FF_SESSION_FLAGS},
		{"attribut", FF_ATTRIBUTES},
		{"appli", FF_APPLICATION},
		{"iType", FF_ICMP_TYPE},
		{"iCode", FF_ICMP_CODE},
		/* others */
		{"Src IP", FF_SIP},
		{"src_ip", FF_SIP},
		{"id.orig_h", FF_SIP},
		{"SrcAddr", FF_SIP},
		{"saddr", FF_SIP},
		{"sourceIPv4Address", FF_SIP},
		{"IPV4_SRC_ADDR", FF_SIP},
		{"source.ip", FF_SIP},
		{"%sa", FF_SIP},
		{"id.resp_h", FF_DIP},
		{"dest_ip", FF_DIP},
		{"destinationIPv6Address", FF_DIP},
		{"id.resp_p", FF_DPORT},
		{"L4_DST_PORT", FF_DPORT},
		{"dsport", FF_DPORT},
		{"proto", FF_PROTOCOL},
		{"protocolIdentifier", FF_PROTOCOL},
		{"octetDeltaCount", FF_BYTES},
		{"ibyt", FF_BYTES},
		{"TotBytes", FF_BYTES},
		{"ipkt", FF_PACKETS},
		{"IN_PKTS", FF_PACKETS},
		{"ts", FF_STIME},
		{"first", FF_STIME},
		{"StartTime", FF_STIME},
		{"start", FF_STIME},
		{"te", FF_ETIME},
		{"end", FF_ETIME},
		{"LAST_SWITCHED", FF_ETIME},
		{"td", FF_DURATION},
		{"tcp_flags", FF_FLAGS},
		{"flg", FF_FLAGS},
		{"INPUT_SNMP", FF_IN},
		{"input", FF_IN},
		{"nexthop", FF_NHIP},
		/* none, or not one */
		{"", -1},
		{"_", -1},
		{"s", -1},
		{"d", -1},
		{"ip", -1},
		{"port", -1},
		{"i", -1},
		{"flow_duration", -1},
		{"dst_bytes", -1},
		{"sIPx", -1},
		{"pr0", -1},
		{"by", -1},
		{"a name that is much longer than any name of a field that anybody has "
		 "used",
		 -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int got = ff_field_find(rows[i].name, strlen(rows[i].name));

		if (got != rows[i].field)
			fail_msg("'%s' gives %d, not %d", rows[i].name, got,
				 rows[i].field);
	}
	assert_int_equal(ff_field_find("sIP|dIP", 3), FF_SIP);
}

/* Every name and alias finds its own field, so no alias stands with two. */
static void test_aliases(void **state)
{
	(void)state;
	for (int i = 0; i < FF_FIELDS; i++) {
		const struct ff_field_info *f = &ff_field_infos[i];
		const char *p = f->aliases;

		assert_int_equal(ff_field_find(f->name, strlen(f->name)), i);
		assert_true(f->bits > 0 && f->help[0] &&
			    f->help[strlen(f->help) - 1] != '.');
		while (*p) {
			size_t n = strcspn(p, " ");

			for (size_t k = 0; k < n; k++)
				assert_true(islower((unsigned char)p[k]) ||
					    isdigit((unsigned char)p[k]));
			if (ff_field_find(p, n) != i)
				fail_msg("alias '%.*s' of %s finds %d", (int)n, p,
					 f->name, ff_field_find(p, n));
			p += n + (p[n] == ' ');
		}
	}
}

static void test_values(void **state)
{
	struct ff_flow f = {
		.start_ns = 5,
		.end_ns = 17,
		.packets = UINT64_MAX,
		.bytes = 3,
		.in = 70000,
		.sport = 1,
		.dport = 2,
		.flags = FF_SYN,
		.icmp_code = 9,
	};

	(void)state;
	assert_int_equal(ff_field_value(&f, FF_STIME), 5);
	assert_int_equal(ff_field_value(&f, FF_ETIME), 17);
	assert_int_equal(ff_field_value(&f, FF_DURATION), 12);
	assert_true(ff_field_value(&f, FF_PACKETS) == UINT64_MAX);
	assert_int_equal(ff_field_value(&f, FF_IN), 70000);
	assert_int_equal(ff_field_value(&f, FF_SPORT), 1);
	assert_int_equal(ff_field_value(&f, FF_DPORT), 2);
	assert_int_equal(ff_field_value(&f, FF_FLAGS), 2);
	assert_int_equal(ff_field_value(&f, FF_ICMP_CODE), 9);
	assert_int_equal(ff_field_value(&f, FF_SIP), 0);
	f.start_ns = INT64_MIN;
	f.end_ns = INT64_MAX;
	assert_true(ff_field_value(&f, FF_DURATION) == UINT64_MAX);
}

static void test_flags(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		uint8_t bits;
		const char *back;
	} rows[] = {
		{"", true, 0, ""},
		{"S", true, FF_SYN, "S"},
		{"FSRPAUEC", true, 0xff, "FSRPAUEC"},
		{"caeuprsf", true, 0xff, "FSRPAUEC"},
		{" S  A   ", true, FF_SYN | FF_ACK, "SA"},
		{"...AP.SF", true, FF_ACK | FF_PSH | FF_SYN | FF_FIN, "FSPA"},
		{"--", true, 0, ""},
		{"SS", true, FF_SYN, "S"},
		{"X", false, 0, NULL},
		{"S/SA", false, 0, NULL},
		{"2", false, 0, NULL},
	};
	char buf[9];
	uint8_t bits;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bits = 0;
		assert_int_equal(
			ff_parse_flags(&bits, rows[i].text, strlen(rows[i].text)),
			rows[i].ok);
		assert_int_equal(bits, rows[i].bits);
		if (rows[i].ok)
			assert_string_equal(ff_format_flags(buf, bits), rows[i].back);
	}
	assert_string_equal(ff_format_attributes(buf, 0xff), "TCFS");
	assert_string_equal(ff_format_attributes(buf, FF_ATTR_EXPANDED), "");
	assert_true(ff_parse_attributes(&bits, "s cT", 4));
	assert_int_equal(bits, FF_ATTR_SAME_SIZE | FF_ATTR_CONTINUED | FF_ATTR_TIMEOUT);
	assert_false(ff_parse_attributes(&bits, "A", 1));
}

static void test_batch(void **state)
{
	struct ff_batch b;

	(void)state;
	assert_int_equal(ff_batch_init(&b, 100, NULL), FF_OK);
	assert_int_equal(b.cap, 100);
	assert_int_equal(b.count, 0);
	assert_int_equal(b.flows[99].present, 0);
	ff_batch_release(&b);
	assert_null(b.flows);
	assert_int_equal(ff_batch_init(&b, SIZE_MAX / 2, NULL), FF_ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),   cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_values), cmocka_unit_test(test_flags),
		cmocka_unit_test(test_batch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
