/* SPDX-License-Identifier: MIT */
/* base/services: names of ports and protocols */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <flowfig/base.h>

static void test_services(void **state)
{
	static const struct {
		unsigned port, protocol;
		const char *name;
	} rows[] = {
		{7, 6, "echo"},	     {22, 6, "ssh"},	  {53, 17, "domain"},
		{80, 6, "http"},     {443, 17, "https"},  {443, 0, "https"},
		{123, 0, "ntp"},     {123, 17, "ntp"},	  {51820, 17, "wireguard"},
		{80, 1, ""},	     {65536 + 80, 6, ""}, {80, 300, ""},
		{UINT32_MAX, 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char buf[FF_SERVICE_TEXT] = "?";

		assert_ptr_equal(
			ff_service_name(buf, sizeof(buf), rows[i].port, rows[i].protocol),
			buf);
		assert_string_equal(buf, rows[i].name);
	}
}

/* Whatever the system knows: a text, and the same one twice. */
static void test_all_ports(void **state)
{
	(void)state;
	for (unsigned port = 0; port <= 65535; port += 97) {
		char a[FF_SERVICE_TEXT] = "?", b[FF_SERVICE_TEXT] = "!";

		ff_service_name(a, sizeof(a), port, 6);
		ff_service_name(b, sizeof(b), port, 6);
		assert_string_equal(a, b);
		assert_null(strchr(a, ' '));
	}
}

static void test_short_buffer(void **state)
{
	char buf[4] = "??";

	(void)state;
	assert_string_equal(ff_service_name(buf, sizeof(buf), 80, 6), "htt");
	ff_service_name(buf, 0, 80, 6);
	assert_string_equal(buf, "htt");
	assert_string_equal(ff_protocol_name(buf, sizeof(buf), 58), "ICM");
}

static void test_protocols(void **state)
{
	char buf[FF_SERVICE_TEXT];

	(void)state;
	assert_string_equal(ff_protocol_name(buf, sizeof(buf), 6), "TCP");
	assert_string_equal(ff_protocol_name(buf, sizeof(buf), 0), "HOPOPT");
	assert_string_equal(ff_protocol_name(buf, sizeof(buf), 47), "GRE");
	assert_string_equal(ff_protocol_name(buf, sizeof(buf), 132), "SCTP");
	assert_string_equal(ff_protocol_name(buf, sizeof(buf), 255), "");
	assert_string_equal(ff_protocol_name(buf, sizeof(buf), 1000), "");
}

/* Every name is found again, so the tables are sorted. */
static void test_tables_are_sorted(void **state)
{
	static const unsigned known[] = {7,    19,   20,   21,	 22,   23,
					 25,   110,  389,  445,	 993,  1433,
					 3306, 5432, 6379, 8080, 27017};
	char buf[FF_SERVICE_TEXT];
	size_t protocols = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_true(ff_service_name(buf, sizeof(buf), known[i], 6)[0] != '\0');
	for (unsigned p = 0; p < 256; p++)
		protocols += ff_protocol_name(buf, sizeof(buf), p)[0] != '\0';
	assert_int_equal(protocols, 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_services),
		cmocka_unit_test(test_all_ports),
		cmocka_unit_test(test_short_buffer),
		cmocka_unit_test(test_protocols),
		cmocka_unit_test(test_tables_are_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
