/* SPDX-License-Identifier: MIT */
/* base/number: text to numbers and back, exact at every border */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <flowfig/base.h>

static void test_parse_u64(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		uint64_t value;
	} rows[] = {
		{"0", true, 0},
		{"00012", true, 12},
		{"999999999999999999", true, UINT64_C(999999999999999999)},
		{"18446744073709551615", true, UINT64_MAX},
		{"018446744073709551615", true, UINT64_MAX},
		{"18446744073709551616", false, 0},
		{"18446744073709551620", false, 0},
		{"99999999999999999999", false, 0},
		{"184467440737095516150", false, 0},
		{"", false, 0},
		{"-1", false, 0},
		{"+1", false, 0},
		{" 1", false, 0},
		{"1 ", false, 0},
		{"0x10", false, 0},
		{"1e3", false, 0},
		{"1\xb2", false, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t v = 77;
		bool ok = ff_parse_u64(&v, rows[i].text, strlen(rows[i].text));

		if (ok != rows[i].ok || v != (rows[i].ok ? rows[i].value : 77))
			fail_msg("'%s' gives %d, %" PRIu64, rows[i].text, ok, v);
	}
	/* only `len` bytes count */
	{
		uint64_t v;

		assert_true(ff_parse_u64(&v, "123456", 3));
		assert_true(v == 123);
	}
}

static void test_parse_double(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		double value;
	} rows[] = {
		{"0", true, 0},
		{"0.0000", true, 0},
		{"0e999999999999999999999", true, 0},
		{"1", true, 1},
		{"0.1", true, 0.1},
		{"1.", true, 1},
		{".5", true, 0.5},
		{"1e3", true, 1e3},
		{"1E+3", true, 1e3},
		{"25e-1", true, 2.5},
		{"123456789012345678", true, 123456789012345678.0},
		{"9007199254740993", true, 9007199254740992.0},
		{"9007199254740993.00000000000000000000000001", true, 9007199254740994.0},
		{"0.000000000000000000000000000000001", true, 1e-33},
		{"1e22", true, 1e22},
		{"1e23", true, 1e23},
		{"1.7976931348623157e308", true, DBL_MAX},
		{"1.7976931348623159e308", false, 0},
		{"1e309", false, 0},
		{"1e99999999999999999999999", false, 0},
		{"4.9e-324", true, 4.9406564584124654e-324},
		{"2.2250738585072011e-308", true, 2.2250738585072011e-308},
		{"1e-400", true, 0},
		{"1e-99999999999999999999999", true, 0},
		{"", false, 0},
		{".", false, 0},
		{"e5", false, 0},
		{"1e", false, 0},
		{"1e+", false, 0},
		{"-1", false, 0},
		{"+1", false, 0},
		{"1,5", false, 0},
		{"1.2.3", false, 0},
		{"nan", false, 0},
		{"inf", false, 0},
		{"0x1p3", false, 0},
		{" 1", false, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		double v = 77;
		bool ok = ff_parse_double(&v, rows[i].text, strlen(rows[i].text));

		if (ok != rows[i].ok || (ok && v != rows[i].value))
			fail_msg("'%s' gives %d, %.17g", rows[i].text, ok, v);
	}
}

/* A thousand digits: the value just above the middle of two doubles must round up. */
static void test_parse_double_long(void **state)
{
	char text[1200] = "9007199254740993.";
	size_t len = strlen(text);
	double v;

	(void)state;
	memset(text + len, '0', 1000);
	assert_true(ff_parse_double(&v, text, len + 1000));
	assert_true(v == 9007199254740992.0);
	text[len + 999] = '1';
	assert_true(ff_parse_double(&v, text, len + 1000));
	assert_true(v == 9007199254740994.0);
	/* many digits before the point */
	memset(text, '9', 300);
	assert_true(ff_parse_double(&v, text, 300));
	assert_true(v == 1e300);
	memset(text, '0', 1100);
	text[1100] = '7';
	assert_true(ff_parse_double(&v, text, 1101));
	assert_true(v == 7);
}

/* The same as strtod on many doubles, and back again as the shortest text. */
static void test_double_round_trip(void **state)
{
	uint64_t x = 1, i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		char text[64], shorter[64];
		double v, back;
		uint64_t bits;
		int digits;

		x = ff_mix64(x + i);
		bits = x & (UINT64_MAX >> 1);
		memcpy(&v, &bits, sizeof(v));
		if (i % 4 == 0) /* the ones that tables hold */
			v = (double)(x % 10000000) / (i % 8 ? 1000.0 : 7.0);
		if (!isfinite(v))
			continue;
		snprintf(text, sizeof(text), "%.17g", v);
		assert_true(ff_parse_double(&back, text, strlen(text)));
		if (back != v)
			fail_msg("%s parsed as %.17g", text, back);
		ff_format_double(text, sizeof(text), v);
		assert_true(ff_parse_double(&back, text, strlen(text)));
		if (back != v)
			fail_msg("%.17g printed as %s", v, text);
		for (digits = 1; digits < 17; digits++) {
			snprintf(shorter, sizeof(shorter), "%.*g", digits, v);
			if (strtod(shorter, NULL) == v)
				break;
		}
		if (digits >= 15) {
			snprintf(shorter, sizeof(shorter), "%.*g", digits, v);
			assert_string_equal(text, shorter);
		}
	}
}

static void test_parse_duration(void **state)
{
	static const struct {
		const char *text;
		int64_t ns; /* 0: refused */
	} rows[] = {
		{"30s", 30 * FF_SEC},
		{"5m", 300 * FF_SEC},
		{"1h", FF_HOUR},
		{"1d", FF_DAY},
		{"7d", 7 * FF_DAY},
		{"2w", 14 * FF_DAY},
		{"1.5h", 5400 * FF_SEC},
		{"250ms", 250 * FF_MS},
		{"10us", 10000},
		{"1ns", 1},
		{"0.5d", 12 * FF_HOUR},
		{"0.000000001s", 1},
		{"0.0000000010s", 1},
		{"1.10s", 1100 * FF_MS},
		{"106751d", 106751 * FF_DAY},
		{"9223372036854775807ns", INT64_MAX},
		{"9223372036854775808ns", 0},
		{"106752d", 0},
		{"106751.99999d", 0},
		{"18446744073709551616ns", 0},
		{"0.0000000001s", 0},
		{"1.5ns", 0},
		{"0s", 0},
		{"0.0h", 0},
		{"", 0},
		{"s", 0},
		{".5h", 0},
		{"1.h", 0},
		{"5", 0},
		{"5 m", 0},
		{"-5m", 0},
		{"5M", 0},
		{"5min", 0},
		{"1mo", 0},
		{"1h30m", 0},
		{"1e3s", 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t ns = 0;
		bool ok = ff_parse_duration(&ns, rows[i].text);

		if (ok != (rows[i].ns != 0) || ns != rows[i].ns)
			fail_msg("'%s' gives %d, %" PRId64, rows[i].text, ok, ns);
	}
}

static void test_parse_size(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		uint64_t value;
	} rows[] = {
		{"64", true, 64},
		{"0", true, 0},
		{"64B", true, 64},
		{"64k", true, 65536},
		{"64K", true, 65536},
		{"64kB", true, 65536},
		{"64KiB", true, 65536},
		{"512M", true, UINT64_C(512) << 20},
		{"4G", true, UINT64_C(4) << 30},
		{"4GiB", true, UINT64_C(4) << 30},
		{"1.5G", true, UINT64_C(3) << 29},
		{"2T", true, UINT64_C(2) << 40},
		{"15E", true, UINT64_C(15) << 60},
		{"16E", false, 0},
		{"16777216T", false, 0},
		{"18446744073709551615", true, UINT64_MAX},
		{"", false, 0},
		{"k", false, 0},
		{"B", false, 0},
		{"64Ki", false, 0},
		{"64iB", false, 0},
		{"64 k", false, 0},
		{"64kk", false, 0},
		{"64b", false, 0},
		{"1.5", false, 0},
		{"1.2.3G", false, 0},
		{".G", false, 0},
		{"-1", false, 0},
		{"999999999999999999999.5G", false, 0},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t v = 77;
		bool ok = ff_parse_size(&v, rows[i].text);

		if (ok != rows[i].ok || v != (rows[i].ok ? rows[i].value : 77))
			fail_msg("'%s' gives %d, %" PRIu64, rows[i].text, ok, v);
	}
}

static void test_format_integers(void **state)
{
	static const struct {
		uint64_t value;
		const char *plain, *thousands, *size;
	} rows[] = {
		{0, "0", "0", "0 B"},
		{9, "9", "9", "9 B"},
		{10, "10", "10", "10 B"},
		{99, "99", "99", "99 B"},
		{100, "100", "100", "100 B"},
		{999, "999", "999", "999 B"},
		{1000, "1000", "1,000", "1.0 kB"},
		{1049, "1049", "1,049", "1.0 kB"},
		{1050, "1050", "1,050", "1.1 kB"},
		{99949, "99949", "99,949", "99.9 kB"},
		{99950, "99950", "99,950", "100 kB"},
		{999499, "999499", "999,499", "999 kB"},
		{999500, "999500", "999,500", "1.0 MB"},
		{999999, "999999", "999,999", "1.0 MB"},
		{1714351, "1714351", "1,714,351", "1.7 MB"},
		{12345678, "12345678", "12,345,678", "12.3 MB"},
		{UINT64_C(4294967296), "4294967296", "4,294,967,296", "4.3 GB"},
		{UINT64_MAX, "18446744073709551615", "18,446,744,073,709,551,615",
		 "18.4 EB"},
	};
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_equal(ff_format_u64(text, sizeof(text), rows[i].value),
				    rows[i].plain);
		assert_string_equal(
			ff_format_thousands(text, sizeof(text), rows[i].value),
			rows[i].thousands);
		assert_string_equal(ff_format_size(text, sizeof(text), rows[i].value),
				    rows[i].size);
	}
	/* no byte past the room, and a NUL in it */
	memset(text, 'x', sizeof(text));
	assert_string_equal(ff_format_u64(text, 4, 1714351), "171");
	assert_int_equal(text[4], 'x');
	assert_ptr_equal(ff_format_u64(text, 0, 5), text);
	assert_int_equal(text[0], '1');
}

static void test_format_duration(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} rows[] = {
		{0, "0s"},
		{1, "1ns"},
		{1500, "1.5us"},
		{250 * FF_MS, "250ms"},
		{500 * FF_MS, "500ms"},
		{1500 * FF_MS, "1.5s"},
		{FF_SEC, "1s"},
		{30 * FF_SEC, "30s"},
		{60 * FF_SEC, "1m"},
		{90 * FF_SEC, "90s"},
		{300 * FF_SEC, "5m"},
		{5400 * FF_SEC, "90m"},
		{FF_HOUR, "1h"},
		{12 * FF_HOUR, "12h"},
		{36 * FF_HOUR, "36h"},
		{FF_DAY, "1d"},
		{7 * FF_DAY, "7d"},
		{365 * FF_DAY, "365d"},
		{9000 * FF_SEC, "150m"},
		{FF_SEC + 1, "1000000001ns"},
		{-FF_HOUR, "-1h"},
		{INT64_MAX, "9223372036854775807ns"},
		{INT64_MIN, "-9223372036854775808ns"},
	};
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t back;

		ff_format_duration(text, sizeof(text), rows[i].ns);
		assert_string_equal(text, rows[i].text);
		if (rows[i].ns > 0) {
			assert_true(ff_parse_duration(&back, text));
			assert_true(back == rows[i].ns);
		}
	}
}

static void test_format_double(void **state)
{
	static const struct {
		double value;
		const char *text;
	} rows[] = {
		{0, "0"},
		{-0.0, "0"},
		{1, "1"},
		{-1.5, "-1.5"},
		{0.1, "0.1"},
		{0.3, "0.3"},
		{0.1 + 0.2, "0.30000000000000004"},
		{-1.73, "-1.73"},
		{0.0001, "0.0001"},
		{0.00012, "0.00012"},
		{0.00001, "1e-05"},
		{123456.789, "123456.789"},
		{999999999, "999999999"},
		{1e9, "1000000000"},
		{1e15, "1e+15"},
		{1e20, "1e+20"},
		{1.0 / 3, "0.3333333333333333"},
		{DBL_MAX, "1.7976931348623157e+308"},
		{INFINITY, "inf"},
		{-INFINITY, "-inf"},
		{NAN, "nan"},
	};
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(ff_format_double(text, sizeof(text), rows[i].value),
				    rows[i].text);
	assert_string_equal(ff_format_g(text, sizeof(text), 3.14159, 3), "3.14");
	assert_string_equal(ff_format_g(text, sizeof(text), 1e6, 3), "1e+06");
}

/* A decimal comma in the user's locale must not come in. */
static void test_locale(void **state)
{
	double v;
	char text[64];

	(void)state;
	if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
		skip();
	assert_string_equal(ff_format_g(text, sizeof(text), 0.5, 3), "0.5");
	assert_string_equal(ff_format_double(text, sizeof(text), 1.0 / 3),
			    "0.3333333333333333");
	assert_true(ff_parse_double(&v, "1.5e300", 7));
	assert_true(v == 1.5e300);
	setlocale(LC_ALL, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_u64),
		cmocka_unit_test(test_parse_double),
		cmocka_unit_test(test_parse_double_long),
		cmocka_unit_test(test_double_round_trip),
		cmocka_unit_test(test_parse_duration),
		cmocka_unit_test(test_parse_size),
		cmocka_unit_test(test_format_integers),
		cmocka_unit_test(test_format_duration),
		cmocka_unit_test(test_format_double),
		cmocka_unit_test(test_locale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
