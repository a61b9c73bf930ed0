/* SPDX-License-Identifier: MIT */
/* select/join: two selections as one line. What is joined passes what both pass, for
 * every pair of switches that can be worked out. */
#include "select_help.h"

static void join_says(void **state)
{
	static const struct {
		const char *outer, *inner, *want;
	} rows[] = {
		{"", "", ""},
		{"--protocol=6", "", "--protocol=6"},
		{"", "--dport=1", "--dport=1"},
		{"--protocol=6 --scidr=10.0.0.0/8", "--dport=1-3",
		 "--dport=1-3 --protocol=6 --scidr=10.0.0.0/8"},
		{"--protocol=6,17", "--protocol=6", "--protocol=6"},
		{"--dport=1-1000,2000-", "--dport=22,80-90,999-2001",
		 "--dport=22,80-90,999-1000,2000-2001"},
		{"--bytes=10-", "--bytes=5-50", "--bytes=10-50"},
		{"--bytes=10-", "--bytes=7-", "--bytes=10-"},
		{"--stime=2024/04/01:12:30-2024/04/02",
		 "--stime=2024/04/01T12:00:00.000-2024/04/01T12:59:59.999",
		 "--stime=2024/04/01T12:30:00.000-2024/04/01T12:59:59.999"},
		{"--scidr=10.0.0.0/8", "--scidr=10.1.0.0/16 --dport=1",
		 "--saddress=10.1.0.0/16 --dport=1 --scidr=10.0.0.0/8"},
		{"--not-scidr=10.1.2.0/24", "--scidr=10.1.0.0/16",
		 "--saddress=10.1.0.0/16 --not-scidr=10.1.2.0/24"},
		{"--any-address=10.0.x.1", "--any-address=10.0.0.1",
		 "--any-cidr=10.0.0.1 --any-address=10.0.x.1"},
		/* what cannot be said stays with the inner one */
		{"--scidr=10.0.0.0/8 --saddress=10.x.0.1", "--scidr=10.1.0.0/16",
		 "--scidr=10.1.0.0/16 --saddress=10.x.0.1"},
		{"--scidr=10.0.0.0/8", "--scidr=10.1.0.0/16,10.2.0.0/16",
		 "--scidr=10.1.0.0/16,10.2.0.0/16"},
		{"--dport=80", "--dport=443", "--dport=443"},
		{"--aport=80", "--aport=443", "--aport=443"},
		{"--sipset='a --b' --bytes=1", "--sipset='c'\\'' d' --dport=1",
		 "--sipset='c'\\'' d' --dport=1 --bytes=1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *got = NULL;

		assert_int_equal(ff_select_join(&got, rows[i].outer, rows[i].inner, NULL),
				 FF_OK);
		assert_string_equal(got, rows[i].want);
		ff_free(got);
	}
}

static struct ff_flow random_flow(uint64_t *seed)
{
	struct ff_flow f = {.present = FF_ALL_FIELDS &
				       ~(FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE))};

	f.sip = ff_addr_from_v4(0x0a000000 | (uint32_t)help_below(seed, 1 << 6));
	f.dip = ff_addr_from_v4(0x0a000000 | (uint32_t)help_below(seed, 1 << 6));
	f.protocol = help_below(seed, 2) ? 6 : 17;
	f.sport = (uint16_t)help_below(seed, 40);
	f.dport = (uint16_t)help_below(seed, 40);
	f.packets = help_below(seed, 40);
	f.start_ns =
		INT64_C(1711929600) * FF_SEC + (int64_t)help_below(seed, 40) * FF_SEC;
	f.end_ns = f.start_ns + (int64_t)help_below(seed, 40) * FF_SEC;
	return f;
}

/* One switch, of those that can be joined. */
static void random_switch(char *out, size_t cap, unsigned which, uint64_t *seed)
{
	static const char *const lists[] = {"sport", "dport", "protocol"};
	static const char *const cidrs[] = {"scidr", "dcidr"};
	unsigned a = (unsigned)help_below(seed, 30),
		 b = a + (unsigned)help_below(seed, 30);

	if (which < 3)
		snprintf(out, cap, "--%s=%u-%u,%u", lists[which], a, b,
			 (unsigned)help_below(seed, 40));
	else if (which == 3)
		snprintf(out, cap, "--packets=%u-%u", a, b);
	else if (which < 6)
		snprintf(out, cap, "--%s=2024/04/01T00:00:%02u-2024/04/01T00:00:%02u",
			 which == 4 ? "stime" : "etime", a, b);
	else
		snprintf(out, cap, "--%s=10.0.0.%u/%u", cidrs[which - 6], a,
			 27 + (unsigned)help_below(seed, 4));
}

static bool passes(const char *line, const struct ff_site *site, struct ff_flow f)
{
	struct ff_batch b = {.flows = &f, .count = 1, .cap = 1};
	struct ff_select_counts counts = {0};
	struct ff_select *s = NULL;
	struct ff_err err = {0};

	if (help_select(&s, line, site, &err) != FF_OK)
		fail_msg("%s: %s", line, err.text);
	assert_int_equal(ff_select_apply(s, &b, &counts, &err), FF_OK);
	ff_select_free(s);
	return b.count == 1;
}

static void joined_passes_what_both_pass(void **state)
{
	struct ff_site *site;
	uint64_t seed = 1;
	unsigned both = 0;

	(void)state;
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	for (int i = 0; i < 400; i++) {
		char outer[200] = "", inner[200] = "", *joined = NULL;
		bool disjoint = true;
		struct ff_flow flows[64];

		for (unsigned which = 0; which < 8; which++) {
			char word[80];

			random_switch(word, sizeof word, which, &seed);
			if (help_below(&seed, 4) == 0)
				snprintf(outer + strlen(outer),
					 sizeof outer - strlen(outer), "%s%s",
					 *outer ? " " : "", word);
			random_switch(word, sizeof word, which, &seed);
			if (help_below(&seed, 4) == 0)
				snprintf(inner + strlen(inner),
					 sizeof inner - strlen(inner), "%s%s",
					 *inner ? " " : "", word);
		}
		if (!*outer || !*inner)
			continue;
		assert_int_equal(ff_select_join(&joined, outer, inner, NULL), FF_OK);
		for (size_t k = 0; k < 64; k++) {
			flows[k] = random_flow(&seed);
			disjoint &= !(passes(outer, site, flows[k]) &&
				      passes(inner, site, flows[k]));
		}
		/* nothing in common has no word: such findings there are none */
		for (size_t k = 0; k < 64 && !disjoint; k++) {
			bool want = passes(outer, site, flows[k]) &&
				    passes(inner, site, flows[k]);

			both += want;
			if (passes(joined, site, flows[k]) != want)
				fail_msg("'%s' and '%s' are not '%s'", outer, inner,
					 joined);
		}
		ff_free(joined);
	}
	ff_site_free(site);
	assert_true(both > 200);
}

static void memory_runs_out(void **state)
{
	int rc = FF_ENOMEM;

	(void)state;
	for (uint64_t n = 1; rc != FF_OK; n++) {
		char *got = NULL;

		ff_alloc_fail_after(n);
		rc = ff_select_join(&got, "--dport=1-9 --scidr=10.0.0.0/8",
				    "--dport=3,4 --scidr=10.1.0.0/16", NULL);
		ff_alloc_fail_after(0);
		assert_true(rc == FF_OK || rc == FF_ENOMEM);
		if (rc == FF_OK)
			assert_string_equal(got, "--dport=3-4 --saddress=10.1.0.0/16 "
						 "--scidr=10.0.0.0/8");
		ff_free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(join_says),
		cmocka_unit_test(joined_passes_what_both_pass),
		cmocka_unit_test(memory_runs_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
