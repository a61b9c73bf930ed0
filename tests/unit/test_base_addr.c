/* SPDX-License-Identifier: MIT */
/* base/addr: addresses and prefixes in text (RFC 4291, RFC 5952) */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include <flowfig/base.h>

static void test_addr_text(void **state)
{
	static const struct {
		const char *text, *canonical; /* NULL: refused */
	} rows[] = {
		{"0.0.0.0", "0.0.0.0"},
		{"255.255.255.255", "255.255.255.255"},
		{"198.18.4.1", "198.18.4.1"},
		{"010.001.000.099", "10.1.0.99"}, /* padding, not octal */
		{"::ffff:1.2.3.4", "1.2.3.4"},
		{"::FFFF:102:304", "1.2.3.4"},
		{"0:0:0:0:0:ffff:1.2.3.4", "1.2.3.4"},
		{"::", "::"},
		{"::1", "::1"},
		{"1::", "1::"},
		{"0:0:0:0:0:0:0:0", "::"},
		{"2001:db8::1", "2001:db8::1"},
		{"2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
		/* RFC 5952 4.2.2: one zero group is not shortened */
		{"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		/* 4.2.3: the longest run, the first of equals */
		{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
		{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"0:0:1:0:0:0:0:0", "0:0:1::"},
		{"1:0:0:0:0:0:0:0", "1::"},
		{"0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"},
		{"1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"},
		{"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
		{"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
		{"1:2:3::5:6:7:8", "1:2:3:0:5:6:7:8"},
		{"abcd:ef01:2345:6789:abcd:ef01:2345:6789",
		 "abcd:ef01:2345:6789:abcd:ef01:2345:6789"},
		{"::1.2.3.4", "::102:304"},
		{"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
		{"fe80::", "fe80::"},
		{"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
		{"", NULL},
		{"1", NULL},
		{"1.2.3", NULL},
		{"1.2.3.", NULL},
		{"1.2.3.4.", NULL},
		{"1.2.3.4.5", NULL},
		{".1.2.3.4", NULL},
		{"1..3.4", NULL},
		{"1.2.3.256", NULL},
		{"1.2.3.0004", NULL},
		{"1.2.3.4 ", NULL},
		{" 1.2.3.4", NULL},
		{"1.2.3.-4", NULL},
		{"16909060", NULL},
		{":", NULL},
		{":::", NULL},
		{":1", NULL},
		{"1:", NULL},
		{":1:2:3:4:5:6:7:8", NULL},
		{"1:2:3:4:5:6:7:8:", NULL},
		{"1:2:3:4:5:6:7", NULL},
		{"1:2:3:4:5:6:7:8:9", NULL},
		{"1:2:3:4:5:6:7:8::", NULL},
		{"::1:2:3:4:5:6:7:8", NULL},
		{"1::2::3", NULL},
		{"1:::2", NULL},
		{"12345::", NULL},
		{"g::", NULL},
		{"::1.2.3", NULL},
		{"::1.2.3.4:5", NULL},
		{"1:2:3:4:5:6:7:1.2.3.4", NULL},
		{"fe80::1%eth0", NULL},
		{"[::1]", NULL},
		{"::/0", NULL},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[FF_ADDR_TEXT] = "refused";
		struct ff_addr a;

		if (ff_parse_addr(&a, rows[i].text, strlen(rows[i].text)))
			ff_format_addr(text, sizeof(text), &a);
		if (strcmp(text, rows[i].canonical ? rows[i].canonical : "refused") != 0)
			fail_msg("'%s' became '%s'", rows[i].text, text);
	}
}

/* Any address: our text is the system's (but for ::a.b.c.d), and comes back the same. */
static void test_addr_against_system(void **state)
{
	uint64_t x = 9;
	int i, j;

	(void)state;
	for (i = 0; i < 20000; i++) {
		char ours[FF_ADDR_TEXT], theirs[INET6_ADDRSTRLEN];
		struct ff_addr a, back;

		x = ff_mix64(x + (uint64_t)i);
		for (j = 0; j < 16; j++)
			a.b[j] = (uint8_t)(ff_mix64(x + (uint64_t)j / 8) >> j % 8 * 8);
		for (j = 0; j < 8; j++)
			if (x >> j & 1)
				a.b[2 * j] = a.b[2 * j + 1] = 0;
		if (i % 3 == 0)
			a = ff_addr_from_v4((uint32_t)x);
		ff_format_addr(ours, sizeof(ours), &a);
		assert_true(ff_parse_addr(&back, ours, strlen(ours)));
		assert_int_equal(ff_addr_cmp(&a, &back), 0);
		inet_ntop(AF_INET6, a.b, theirs, sizeof(theirs));
		if (ff_addr_is_v4(&a))
			assert_string_equal(ours, theirs + strlen("::ffff:"));
		else if (!strchr(theirs, '.'))
			assert_string_equal(ours, theirs);
		assert_true(ff_parse_addr(&back, theirs, strlen(theirs)));
		assert_int_equal(ff_addr_cmp(&a, &back), 0);
	}
}

static void test_v4(void **state)
{
	struct ff_addr a = ff_addr_from_v4(UINT32_C(0xc6120401)), b = ff_addr_from_v4(0);
	char small[6] = "xxxxx";

	(void)state;
	assert_true(ff_addr_is_v4(&a));
	assert_true(ff_addr_to_v4(&a) == UINT32_C(0xc6120401));
	assert_true(ff_addr_cmp(&a, &b) > 0);
	assert_true(ff_addr_cmp(&b, &a) < 0);
	a.b[10] = 0;
	assert_false(ff_addr_is_v4(&a));
	assert_true(ff_addr_cmp(&a, &b) < 0);
	assert_string_equal(ff_format_addr(small, 5, &b), "0.0.");
	assert_int_equal(small[5], '\0');
}

static void test_prefix(void **state)
{
	static const struct {
		const char *text, *canonical; /* NULL: refused */
	} rows[] = {
		{"10.0.0.0/8", "10.0.0.0/8"},
		{"10.1.2.3/8", "10.0.0.0/8"},
		{"198.18.7.255/22", "198.18.4.0/22"},
		{"1.2.3.4", "1.2.3.4/32"},
		{"1.2.3.4/32", "1.2.3.4/32"},
		{"1.2.3.4/0", "0.0.0.0/0"},
		{"255.255.255.255/1", "128.0.0.0/1"},
		{"2001:db8::/32", "2001:db8::/32"},
		{"2001:db8:ffff::1/33", "2001:db8:8000::/33"},
		{"::1", "::1/128"},
		{"::/0", "::/0"},
		{"ffff::/0", "::/0"},
		{"::ffff:10.1.2.3/104", "10.0.0.0/8"},
		{"::ffff:0:0/96", "0.0.0.0/0"},
		{"::ffff:0:0/95", "::fffe:0:0/95"},
		{"1.2.3.4/33", NULL},
		{"1.2.3.4/", NULL},
		{"/8", NULL},
		{"::/129", NULL},
		{"::/0128", NULL},
		{"1.2.3.4/-1", NULL},
		{"1.2.3.4/8/8", NULL},
		{"1.2.3.4/255.0.0.0", NULL},
		{"", NULL},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[FF_ADDR_TEXT] = "refused";
		struct ff_prefix p;

		if (ff_parse_prefix(&p, rows[i].text, strlen(rows[i].text)))
			ff_format_prefix(text, sizeof(text), &p);
		if (strcmp(text, rows[i].canonical ? rows[i].canonical : "refused") != 0)
			fail_msg("'%s' became '%s'", rows[i].text, text);
	}
}

static void test_prefix_has(void **state)
{
	static const struct {
		const char *prefix, *addr;
		bool has;
	} rows[] = {
		{"198.18.4.0/22", "198.18.4.0", true},
		{"198.18.4.0/22", "198.18.7.255", true},
		{"198.18.4.0/22", "198.18.3.255", false},
		{"198.18.4.0/22", "198.18.8.0", false},
		{"0.0.0.0/0", "255.255.255.255", true},
		{"0.0.0.0/0", "2001:db8::1", false},
		{"::/0", "2001:db8::1", true},
		{"::/0", "1.2.3.4", true},
		{"1.2.3.4", "1.2.3.4", true},
		{"1.2.3.4", "1.2.3.5", false},
		{"fc00::/7", "fdff::1", true},
		{"fc00::/7", "fe00::1", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_prefix p;
		struct ff_addr a;

		assert_true(ff_parse_prefix(&p, rows[i].prefix, strlen(rows[i].prefix)));
		assert_true(ff_parse_addr(&a, rows[i].addr, strlen(rows[i].addr)));
		if (ff_prefix_has(&p, &a) != rows[i].has)
			fail_msg("%s in %s?", rows[i].addr, rows[i].prefix);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addr_text),
		cmocka_unit_test(test_addr_against_system),
		cmocka_unit_test(test_v4),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_prefix_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
