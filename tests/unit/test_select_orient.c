/* SPDX-License-Identifier: MIT */
/* Orientation: by --inside in all its forms, by the reader's hint, by private address
 * space; the counts of each; and the inside network as prefixes and text. */
#include "select_help.h"

enum { UNK = FF_ORIENT_UNKNOWN, IN = FF_ORIENT_IN, OUT = FF_ORIENT_OUT };
enum { INT = FF_ORIENT_INTERNAL, EXT = FF_ORIENT_EXTERNAL };
enum rule { BY_INSIDE, BY_HINT, BY_DEFAULT, BY_NOTHING };

static const struct orient_row {
	const char *line, *sip, *dip;
	uint8_t hint, expect;
	enum rule rule;
} orient_rows[] = {
	{"", "10.0.0.1", "192.0.2.1", UNK, OUT, BY_DEFAULT},
	{"", "192.0.2.1", "10.255.255.255", UNK, IN, BY_DEFAULT},
	{"", "11.0.0.0", "9.255.255.255", UNK, EXT, BY_DEFAULT},
	{"", "172.16.0.0", "172.31.255.255", UNK, INT, BY_DEFAULT},
	{"", "172.15.255.255", "172.32.0.0", UNK, EXT, BY_DEFAULT},
	{"", "192.168.0.0", "192.167.255.255", UNK, OUT, BY_DEFAULT},
	{"", "192.169.0.0", "192.168.255.255", UNK, IN, BY_DEFAULT},
	{"", "100.64.0.0", "100.127.255.255", UNK, INT, BY_DEFAULT},
	{"", "100.63.255.255", "100.128.0.0", UNK, EXT, BY_DEFAULT},
	{"", "169.254.0.1", "169.253.0.1", UNK, OUT, BY_DEFAULT},
	{"", "fc00::1", "fdff::1", UNK, INT, BY_DEFAULT},
	{"", "fe80::1", "febf::1", UNK, INT, BY_DEFAULT},
	{"", "fe7f::1", "fec0::1", UNK, EXT, BY_DEFAULT},
	{"", "2080::1", "2480::1", UNK, EXT, BY_DEFAULT},
	{"", "fb00::1", "fe00::1", UNK, EXT, BY_DEFAULT},
	{"", "2001:db8::1", "10.0.0.1", UNK, IN, BY_DEFAULT},
	{"", "::a00:1", "192.0.2.1", UNK, EXT, BY_DEFAULT}, /* not v4-mapped */
	{"", "10.0.0.1", "192.0.2.1", IN, IN, BY_HINT},
	{"", "10.0.0.1", "192.0.2.1", EXT, EXT, BY_HINT},
	{"--inside=192.0.2.0/24", "10.0.0.1", "192.0.2.1", UNK, IN, BY_INSIDE},
	{"--inside=192.0.2.0/24", "10.0.0.1", "192.0.2.1", OUT, IN, BY_INSIDE},
	{"--inside=192.0.2.0/24", "192.0.2.255", "192.0.3.0", UNK, OUT, BY_INSIDE},
	{"--inside=192.0.2.9", "192.0.2.9", "192.0.2.8", UNK, OUT, BY_INSIDE},
	{"--inside=0.0.0.0/0", "10.0.0.1", "2001:db8::1", UNK, OUT, BY_INSIDE},
	{"--inside=::/0", "10.0.0.1", "2001:db8::1", UNK, INT, BY_INSIDE},
	{"--inside=2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1", UNK, OUT,
	 BY_INSIDE},
	{"--inside=10.0.0.0/8,2001:db8::/32", "10.0.0.1", "2001:db8::1", UNK, INT,
	 BY_INSIDE},
	{"--inside=1.0.0.0/8,3.0.0.0/8,5.0.0.0/8,7.0.0.0/8,9.0.0.0/8,fe80::/10",
	 "9.1.1.1", "8.1.1.1", UNK, OUT, BY_INSIDE},
	{"--inside=1.0.0.0/8,3.0.0.0/8,5.0.0.0/8,7.0.0.0/8,9.0.0.0/8,fe80::/10",
	 "2.1.1.1", "fe80::1", UNK, IN, BY_INSIDE},
};

static void test_rows(void **state)
{
	struct ff_site *site = NULL;
	struct ff_batch b;

	(void)state;
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	assert_int_equal(ff_batch_init(&b, 1, NULL), FF_OK);
	for (size_t i = 0; i < sizeof(orient_rows) / sizeof(orient_rows[0]); i++) {
		const struct orient_row *r = &orient_rows[i];
		struct ff_select_counts c = {0};
		struct ff_select *s = NULL;

		memset(b.flows, 0, sizeof(*b.flows));
		b.flows->present = FF_BIT(FF_SIP) | FF_BIT(FF_DIP);
		b.flows->sip = help_addr(r->sip);
		b.flows->dip = help_addr(r->dip);
		b.flows->orient = r->hint;
		b.count = 1;
		assert_int_equal(help_select(&s, r->line, site, NULL), FF_OK);
		assert_int_equal(ff_select_apply(s, &b, &c, NULL), FF_OK);
		if (b.count != 1 || b.flows->orient != r->expect)
			fail_msg("'%s' %s -> %s: %s", r->line, r->sip, r->dip,
				 ff_orient_names[b.flows->orient]);
		assert_int_equal(c.orient[r->expect], 1);
		assert_int_equal(c.by_inside, r->rule == BY_INSIDE);
		assert_int_equal(c.by_hint, r->rule == BY_HINT);
		assert_int_equal(c.by_default, r->rule == BY_DEFAULT);
		ff_select_free(s);
	}
	ff_batch_release(&b);
	ff_site_free(site);
}

/* Without addresses and hint nothing can be said; and counts add up. */
static void test_unknown(void **state)
{
	struct ff_select_counts c = {0}, sum = {0};
	struct ff_site *site = NULL;
	struct ff_select *s = NULL;
	struct ff_batch b;

	(void)state;
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	assert_int_equal(ff_batch_init(&b, 3, NULL), FF_OK);
	memset(b.flows, 0, 3 * sizeof(*b.flows));
	b.flows[0].present = FF_BIT(FF_SIP) | FF_BIT(FF_PROTOCOL);
	b.flows[1].present = FF_BIT(FF_PROTOCOL);
	b.flows[1].orient = FF_ORIENT_INTERNAL;
	b.flows[2].present = FF_BIT(FF_PROTOCOL);
	b.flows[2].protocol = 6;
	b.count = 3;
	assert_int_equal(help_select(&s, "--protocol=0", site, NULL), FF_OK);
	assert_int_equal(ff_select_apply(s, &b, &c, NULL), FF_OK);
	assert_int_equal(b.count, 2);
	assert_int_equal(b.flows[0].orient, FF_ORIENT_UNKNOWN);
	assert_int_equal(b.flows[1].orient, FF_ORIENT_INTERNAL);
	ff_select_counts_add(&sum, &c);
	ff_select_counts_add(&sum, &c);
	assert_int_equal(sum.read, 6);
	assert_int_equal(sum.passed, 4);
	assert_int_equal(sum.orient[FF_ORIENT_UNKNOWN], 2);
	assert_int_equal(sum.orient[FF_ORIENT_INTERNAL], 2);
	assert_int_equal(sum.by_inside, 0);
	assert_int_equal(sum.by_hint, 2);
	assert_int_equal(sum.by_default, 0);
	ff_select_free(s);
	ff_batch_release(&b);
	ff_site_free(site);
}

static const struct inside_row {
	const char *value;
	size_t count;
	const char *text;
} inside_rows[] = {
	{"198.18.4.0/22", 1, "198.18.4.0/22"},
	{"198.18.4.77/22", 1, "198.18.4.0/22"},
	{"198.18.4.0/23,198.18.6.0/23", 1, "198.18.4.0/22"},
	{"10.0.0.0/8,192.168.0.0/16,2001:db8::/32", 3, "3 prefixes"},
	{NULL, 2, "2 prefixes"}, /* a file, see below */
};

static void test_inside(void **state)
{
	static const char list[] = "# ours\n10.1.0.0/16\n10.2.0.0/16\n10.1.2.0/24\n";
	struct ff_site *site = NULL;
	struct ff_select *s = NULL;
	char path[256];
	size_t count = 9;

	(void)state;
	help_write(help_scratch(path, "test_select_inside.txt"), list, strlen(list));
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	for (size_t i = 0; i < sizeof(inside_rows) / sizeof(inside_rows[0]); i++) {
		const struct inside_row *r = &inside_rows[i];
		struct ff_err err = {0};

		assert_int_equal(ff_select_new(&s, NULL), FF_OK);
		assert_int_equal(
			ff_select_set(s, "inside", r->value ? r->value : path, NULL),
			FF_OK);
		if (ff_select_finish(s, site, &err) != FF_OK)
			fail_msg("%s", err.text);
		assert_non_null(ff_select_inside(s, &count));
		assert_int_equal(count, r->count);
		assert_string_equal(ff_select_inside_text(s), r->text);
		assert_string_equal(ff_select_text(s), "");
		ff_select_free(s);
	}
	assert_int_equal(help_select(&s, "", site, NULL), FF_OK);
	ff_select_inside(s, &count);
	assert_int_equal(count, 0);
	assert_string_equal(ff_select_inside_text(s), "");
	ff_select_free(s);
	ff_site_free(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
