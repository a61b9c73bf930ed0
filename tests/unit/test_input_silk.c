/* SPDX-License-Identifier: MIT */
/* input/silk, records: one of each head built in memory, and every layout on bytes of any
 * kind. test_input_silk_oracle has SiLK's own files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <flowfig/input.h>

#include "input/silk.h"
#include "support/pack.h"
#include "support/silk_file.h"

static int free_site(void **state)
{
	(void)state;
	silk_file_free_site();
	return 0;
}

static struct ff_flow read_one(const struct ff_buf *f)
{
	struct ff_flow flow;
	struct ff_err err = {0};
	uint64_t bad;

	if (silk_file_read(&flow, 1, f, 0, &bad, &err) != 1 || bad != 0)
		fail_msg("%s", err.text);
	return flow;
}

static void expect_v4(const struct ff_addr *a, uint32_t want)
{
	assert_true(ff_addr_is_v4(a));
	assert_int_equal(ff_addr_to_v4(a), want);
}

static void test_generic(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct ff_buf f = FF_BUF_INIT;
		struct ff_flow r;

		silk_file_header(&f, big, SILK_RWGENERIC, 5, FF_CODEC_NONE, false);
		silk_file_generic(&f, big, 5, 6, 1025, 443, 2);
		r = read_one(&f);
		expect_v4(&r.sip, 0x0a000005);
		expect_v4(&r.dip, 0xc0a80005);
		expect_v4(&r.nhip, 0x01020304);
		assert_true(r.start_ns == SILK_FILE_HOUR_NS + 5 * FF_MS);
		assert_true(r.end_ns == r.start_ns + 2500 * FF_MS);
		assert_true(r.packets == 4000000000U && r.bytes == 4100000000U);
		assert_int_equal(r.sport, 1025);
		assert_int_equal(r.dport, 443);
		assert_int_equal(r.protocol, 6);
		assert_int_equal(r.flags, 0x1b);
		assert_int_equal(r.initial_flags, 0x02);
		assert_int_equal(r.session_flags, 0x19);
		assert_int_equal(r.attributes, FF_ATTR_EXPANDED | FF_ATTR_FIN |
						       FF_ATTR_TIMEOUT |
						       FF_ATTR_CONTINUED);
		assert_int_equal(r.application, 443);
		assert_int_equal(r.in, 3);
		assert_int_equal(r.out, 65535);
		assert_int_equal(r.sensor, 12);
		assert_int_equal(r.flowtype, 2);
		assert_int_equal(r.orient, FF_ORIENT_IN);
		assert_false(r.is_v6_record);
		assert_int_equal(r.present, FF_ALL_FIELDS & ~FF_BIT(FF_ICMP_TYPE) &
						    ~FF_BIT(FF_ICMP_CODE));
		ff_buf_release(&f);
	}
}

/* Split flags are TCP's; unknown sensor and type are absent. */
static void test_generic_absent(void **state)
{
	struct ff_buf f = FF_BUF_INIT;
	struct ff_flow r;

	(void)state;
	silk_file_header(&f, false, SILK_RWGENERIC, 5, FF_CODEC_NONE, false);
	silk_file_generic(&f, false, 0, 17, 53, 53, 255);
	r = read_one(&f);
	assert_int_equal(r.initial_flags | r.session_flags, 0);
	assert_int_equal(r.attributes, FF_ATTR_FIN | FF_ATTR_TIMEOUT | FF_ATTR_CONTINUED);
	assert_int_equal(r.flags, 0x1b);
	assert_int_equal(r.sensor | r.flowtype, 0);
	assert_int_equal(r.present & (FF_BIT(FF_SENSOR) | FF_BIT(FF_FLOWTYPE)), 0);
	assert_int_equal(r.orient, FF_ORIENT_UNKNOWN);
	ff_buf_release(&f);
}

static void test_icmp(void **state)
{
	static const struct {
		unsigned proto, sport, dport;
		bool icmp;
		unsigned type, code, want_sport, want_dport;
	} rows[] = {
		{1, 0, 0x0800, true, 8, 0, 0, 0},	{1, 0, 0x0303, true, 3, 3, 0, 0},
		{1, 0x0b01, 0, true, 11, 1, 0, 0}, /* in the wrong place */
		{1, 77, 0x0303, true, 3, 3, 0, 0},	{1, 0, 0, true, 0, 0, 0, 0},
		{58, 1, 2, false, 0, 0, 1, 2}, /* ICMPv6 in an IPv4 record is not */
		{6, 1, 0x0800, false, 0, 0, 1, 0x0800},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_buf f = FF_BUF_INIT;
		struct ff_flow r;

		silk_file_header(&f, false, SILK_RWGENERIC, 5, FF_CODEC_NONE, false);
		silk_file_generic(&f, false, 0, rows[i].proto, rows[i].sport,
				  rows[i].dport, 0);
		r = read_one(&f);
		assert_int_equal(!!(r.present & FF_BIT(FF_ICMP_TYPE)), rows[i].icmp);
		assert_int_equal(!!(r.present & FF_BIT(FF_ICMP_CODE)), rows[i].icmp);
		assert_int_equal(r.icmp_type, rows[i].type);
		assert_int_equal(r.icmp_code, rows[i].code);
		assert_int_equal(r.sport, rows[i].want_sport);
		assert_int_equal(r.dport, rows[i].want_dport);
		ff_buf_release(&f);
	}
}

static void test_ipv6routing(void **state)
{
	(void)state;
	for (int v6 = 0; v6 < 2; v6++) {
		struct ff_buf f = FF_BUF_INIT, g = FF_BUF_INIT;
		struct ff_addr a;
		struct ff_flow r;

		silk_file_header(&f, true, SILK_RWIPV6ROUTING, 1, FF_CODEC_NONE, false);
		silk_file_generic(&g, true, 1, 58, 0, 0x8000, 0);
		g.data[23] |= v6 ? 0x80 : 0;
		ff_buf_add(&f, g.data, 40);
		/* the first bytes of an IPv4 address do not count */
		assert_true(ff_parse_addr(&a, "2001:db8::1:2", 13));
		for (int k = 0; k < 3; k++)
			ff_buf_add(&f, a.b, 16);
		r = read_one(&f);
		assert_int_equal(r.is_v6_record, v6);
		assert_int_equal(r.attributes & 0x80, 0);
		if (v6) {
			assert_memory_equal(r.sip.b, a.b, 16);
			assert_memory_equal(r.nhip.b, a.b, 16);
			assert_int_equal(r.icmp_type, 128);
			assert_int_equal(r.dport, 0);
		} else {
			expect_v4(&r.dip, 0x00010002);
			assert_int_equal(r.dport, 0x8000);
		}
		ff_buf_release(&f);
		ff_buf_release(&g);
	}
}

/* The three packed heads, with the volume, the flags and the web ports. */
static void test_heads(void **state)
{
	struct ff_buf f = FF_BUF_INIT;
	struct ff_flow r;

	(void)state;
	/* TV12: start 3599.999 s, bpp 40 + 32/64, duration 4000.5 s, S A, packets 3 */
	silk_file_header(&f, true, SILK_RWSPLIT, 5, FF_CODEC_NONE, true);
	pack_u32(&f, true, 3599999U << 10 | 2592 >> 10);
	pack_u32(&f, true, (2592U & 0x3ff) << 22 | 4000500);
	pack_u32(&f, true, 0x12U << 24 | 1U << 22 | 3);
	pack_u16(&f, true, 1000);
	pack_u16(&f, true, 2000);
	pack_u32(&f, true, 0x01010101);
	pack_u32(&f, true, 0x02020202);
	r = read_one(&f);
	assert_true(r.start_ns == SILK_FILE_HOUR_NS + 3599999 * FF_MS);
	assert_true(r.end_ns == r.start_ns + 4000500 * FF_MS);
	assert_int_equal(r.packets, 3);
	assert_int_equal(r.bytes, 122); /* 121.5 rounds up */
	assert_int_equal(r.protocol, 6);
	assert_int_equal(r.flags, 0x12);
	assert_int_equal(r.sport, 1000);
	assert_int_equal(r.sensor, 9);
	assert_int_equal(r.flowtype, 1);
	assert_int_equal(r.orient, FF_ORIENT_OUT);
	assert_int_equal(r.present & FF_BIT(FF_APPLICATION), 0);
	assert_int_equal(r.present & FF_BIT(FF_NHIP), 0);
	for (size_t i = 0; i < 16; i++)
		assert_int_equal(r.nhip.b[i], 0);

	/* the product that SiLK loses bits of: 67,108,800 packets of 40 + 63/64 bytes */
	ff_buf_clear(&f);
	silk_file_header(&f, false, SILK_RWSPLIT, 5, FF_CODEC_NONE, true);
	pack_u32(&f, false, 500U << 10 | 2623 >> 10);
	pack_u32(&f, false, (2623U & 0x3ff) << 22 | 1000);
	pack_u32(&f, false, 17U << 24 | 1U << 23 | 1048575);
	ff_buf_add(&f, "\1\0\2\0\4\3\2\1\10\7\6\5", 12);
	r = read_one(&f);
	assert_int_equal(r.packets, 67108800);
	assert_true(r.bytes == 2683303361U);
	assert_int_equal(r.protocol, 17);
	assert_int_equal(r.flags, 0);

	/* TB12 web: server is the source, port code 1 */
	ff_buf_clear(&f);
	silk_file_header(&f, false, SILK_RWWWW, 3, FF_CODEC_NONE, true);
	ff_buf_add(&f, "\4\3\2\1\10\7\6\5", 8);
	pack_u32(&f, false, 2U << 12 | 3599);
	pack_u32(&f, false, (100U << 6) << 12 | 2);
	pack_u32(&f, false, 999U << 22 | 5U << 12 | 1U << 11 | 1U << 10 | 1U << 8 | 0x1a);
	pack_u16(&f, false, 5555);
	r = read_one(&f);
	expect_v4(&r.sip, 0x01020304);
	assert_true(r.start_ns == SILK_FILE_HOUR_NS + 3599999 * FF_MS);
	assert_true(r.end_ns == r.start_ns + 2005 * FF_MS);
	assert_int_equal(r.packets, 128);
	assert_int_equal(r.bytes, 12800);
	assert_int_equal(r.protocol, 6);
	assert_int_equal(r.flags, 0x1a);
	assert_int_equal(r.sport, 443);
	assert_int_equal(r.dport, 5555);

	/* SP8 web: client is the source, another port */
	ff_buf_clear(&f);
	silk_file_header(&f, true, SILK_RWWWW, 1, FF_CODEC_NONE, true);
	ff_buf_add(&f, "\1\2\3\4\5\6\7\10", 8);
	pack_u32(&f, true, 7U << 12 | 2047U << 1);
	pack_u32(&f, true, 60U << 20 | 64 << 6);
	pack_u16(&f, true, 5555);
	ff_buf_addc(&f, 0x02);
	ff_buf_addc(&f, (char)0xc0);
	r = read_one(&f);
	assert_true(r.start_ns == SILK_FILE_HOUR_NS + 60 * FF_SEC);
	assert_true(r.end_ns == r.start_ns + 2047 * FF_SEC);
	assert_int_equal(r.bytes, 448);
	assert_int_equal(r.sport, 5555);
	assert_int_equal(r.dport, 0);
	assert_int_equal(r.flags, 2);
	ff_buf_release(&f);
}

static void test_augmented(void **state)
{
	static const struct {
		bool tcp;
		uint8_t x, attributes, rest;
		unsigned protocol, flags, initial, session;
	} rows[] = {
		{true, 0x02, 0x01, 0x1b, 6, 0x1b, 0x02, 0x1b},
		{true, 0x1b, 0x20, 0x00, 6, 0x1b, 0, 0},
		{false, 17, 0x40, 0x00, 17, 0, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_buf f = FF_BUF_INIT;
		struct ff_flow r;

		silk_file_header(&f, true, SILK_RWAUGROUTING, 5, FF_CODEC_NONE, true);
		pack_u32(&f, true,
			 (uint32_t)rows[i].rest << 24 | (uint32_t)rows[i].tcp << 23 |
				 1234);
		ff_buf_addc(&f, (char)rows[i].x);
		ff_buf_addc(&f, (char)rows[i].attributes);
		pack_u16(&f, true, 53);
		pack_u16(&f, true, 10);
		pack_u16(&f, true, 20);
		pack_u32(&f, true, 99);
		pack_u32(&f, true, 0); /* no packets, which these formats can say */
		pack_u32(&f, true, 0);
		ff_buf_add(&f, "\1\2\3\4\5\6\7\10\11\12\13\14", 12);
		pack_u16(&f, true, 30);
		pack_u16(&f, true, 40);
		r = read_one(&f);
		assert_true(r.start_ns == SILK_FILE_HOUR_NS + 1234 * FF_MS);
		assert_true(r.end_ns == r.start_ns + 99 * FF_MS);
		assert_int_equal(r.protocol, rows[i].protocol);
		assert_int_equal(r.flags, rows[i].flags);
		assert_int_equal(r.initial_flags, rows[i].initial);
		assert_int_equal(r.session_flags, rows[i].session);
		assert_int_equal(r.attributes, rows[i].attributes);
		assert_int_equal(r.application, 53);
		assert_int_equal(r.packets, 0);
		expect_v4(&r.nhip, 0x090a0b0c);
		assert_int_equal(r.in, 30);
		assert_int_equal(r.out, 40);
		ff_buf_release(&f);
	}
}

/* ---- every layout on bytes of any kind ---- */

static void expect_absent_zero(const struct ff_flow *f)
{
	static const struct ff_addr zero;

	for (int i = 0; i < FF_FIELDS; i++) {
		if (f->present & FF_BIT(i))
			continue;
		if (i == FF_NHIP)
			assert_memory_equal(&f->nhip, &zero, sizeof(zero));
		else if (i != FF_SIP && i != FF_DIP && i != FF_DURATION && i != FF_ETIME)
			assert_int_equal(ff_field_value(f, (enum ff_field)i), 0);
	}
}

static void test_any_bytes(void **state)
{
	static struct ff_flow all[64], brief[64];
	const struct silk_layout *l;

	(void)state;
	for (size_t i = 0; (l = silk_layout_at(i)) != NULL; i++) {
		for (unsigned round = 0; round < 4; round++) {
			struct ff_buf f = FF_BUF_INIT;
			struct ff_err err;
			uint64_t bad, bad_brief;
			size_t n, start;

			silk_file_header(&f, round & 1, l->format, l->version,
					 FF_CODEC_NONE, round & 2);
			start = f.len;
			for (uint64_t k = 0; f.len < start + 64U * l->length; k++)
				ff_buf_addc(&f,
					    (char)(ff_mix64(k + 1000 * i + round) >> 20));
			n = silk_file_read(all, 64, &f, 0, &bad, &err);
			assert_int_equal(n + bad, 64);
			for (size_t k = 0; k < n; k++) {
				assert_int_equal(all[k].present & ~(l->carries |
								    FF_BIT(FF_ICMP_TYPE) |
								    FF_BIT(FF_ICMP_CODE) |
								    FF_BIT(FF_SENSOR) |
								    FF_BIT(FF_FLOWTYPE)),
						 0);
				expect_absent_zero(&all[k]);
			}
			/* what is asked for is the same whatever else is asked for */
			assert_int_equal(silk_file_read(brief, 64, &f, SILK_BRIEF,
							&bad_brief, &err),
					 n);
			assert_int_equal(bad, bad_brief);
			for (size_t k = 0; k < n; k++) {
				assert_memory_equal(&brief[k].sip, &all[k].sip, 32);
				assert_true(brief[k].start_ns == all[k].start_ns);
				assert_int_equal(brief[k].protocol, all[k].protocol);
				assert_int_equal(brief[k].sensor, all[k].sensor);
				assert_int_equal(brief[k].flowtype, all[k].flowtype);
				assert_int_equal(brief[k].orient, all[k].orient);
				assert_int_equal(brief[k].is_v6_record,
						 all[k].is_v6_record);
				assert_int_equal(brief[k].present & SILK_BRIEF,
						 all[k].present & SILK_BRIEF);
				expect_absent_zero(&brief[k]);
			}
			ff_buf_release(&f);
		}
	}
}

static void test_layouts(void **state)
{
	const struct silk_layout *l, *before = NULL;

	(void)state;
	for (size_t i = 0; (l = silk_layout_at(i)) != NULL; i++) {
		assert_true(
			!before || l->format > before->format ||
			(l->format == before->format && l->version > before->version));
		assert_true(silk_format_has_flows(l->format));
		assert_non_null(silk_format_name(l->format));
		assert_ptr_equal(silk_layout_find(l->format, l->version), l);
		before = l;
	}
	assert_null(silk_layout_find(SILK_RWGENERIC, 6));
	assert_false(silk_format_has_flows(0x1d));
	assert_null(silk_format_name(0x99));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generic),	  cmocka_unit_test(test_generic_absent),
		cmocka_unit_test(test_icmp),	  cmocka_unit_test(test_ipv6routing),
		cmocka_unit_test(test_heads),	  cmocka_unit_test(test_augmented),
		cmocka_unit_test(test_any_bytes), cmocka_unit_test(test_layouts),
	};

	return cmocka_run_group_tests(tests, NULL, free_site);
}
