/* SPDX-License-Identifier: MIT */
/* --scc, --dcc and --any-cc: random lists on random flows against lookups one by one,
 * what is counted, and what is refused. */
#include "select_help.h"

/* Four countries and nobody's addresses, of both versions. */
static const char database[] = "10.0.0.0,10.0.0.63,de\n"
			       "10.0.0.64,10.0.0.127,fr\n"
			       "10.0.0.128,10.0.0.159,a1\n"
			       "2001:db8::,2001:db8::3f,de\n"
			       "2001:db8::80,2001:db8::bf,us\n";
static const char *const codes[] = {"de", "FR", "a1", "Us", "--", "ZZ", "cn"};

static struct ff_geo *open_database(const char *text)
{
	char path[256];
	struct ff_geo *g;

	help_write(help_scratch(path, "countries"), text, strlen(text));
	assert_int_equal(ff_geo_new(&g, NULL), FF_OK);
	assert_int_equal(ff_geo_add(g, path, NULL), FF_OK);
	return g;
}

static struct ff_flow random_flow(uint64_t *seed)
{
	struct ff_flow f = {.present = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) |
				       FF_BIT(FF_PROTOCOL)};

	f.sip = help_addr(help_below(seed, 3) ? "10.0.0.0" : "2001:db8::");
	f.dip = help_addr(help_below(seed, 3) ? "10.0.0.0" : "2001:db8::");
	f.sip.b[15] = (uint8_t)help_random(seed);
	f.dip.b[15] = (uint8_t)help_random(seed);
	f.protocol = (uint8_t)help_below(seed, 3);
	return f;
}

/* One of the switches: its list as text, and as codes. */
struct list {
	char text[64];
	uint16_t codes[8];
	unsigned count;
};

static void random_list(struct list *l, uint64_t *seed)
{
	l->count = help_below(seed, 2) ? 1 + (unsigned)help_below(seed, 4) : 0;
	l->text[0] = 0;
	for (unsigned i = 0; i < l->count; i++) {
		const char *code = codes[help_below(seed, 7)];

		assert_true(ff_parse_country(&l->codes[i], code, 2));
		snprintf(l->text + strlen(l->text), 8, "%s%s", i ? "," : "", code);
	}
}

static bool list_has(const struct list *l, uint16_t code)
{
	for (unsigned i = 0; i < l->count; i++)
		if (l->codes[i] == code)
			return true;
	return false;
}

static void check_round(const struct ff_geo *geo, struct ff_site *site, uint64_t *seed)
{
	static const char *const names[] = {"scc", "dcc", "any-cc"};
	struct ff_select_counts counts = {0};
	struct list lists[3];
	struct ff_select *s;
	struct ff_batch batch;
	char line[300] = "";
	bool protocol = help_below(seed, 2);
	uint64_t asked = 0, none = 0;
	size_t kept = 0;
	struct ff_flow flows[200];

	for (unsigned i = 0; i < 3; i++) {
		random_list(&lists[i], seed);
		if (lists[i].count)
			snprintf(line + strlen(line), 100, "%s--%s=%s", *line ? " " : "",
				 names[i], lists[i].text);
	}
	if (protocol)
		snprintf(line + strlen(line), 20, "%s--protocol=1", *line ? " " : "");
	assert_int_equal(help_select_geo(&s, line, site, geo, NULL), FF_OK);
	assert_int_equal(ff_batch_init(&batch, 200, NULL), FF_OK);
	for (batch.count = 0; batch.count < 200; batch.count++) {
		struct ff_flow *f = &batch.flows[batch.count];
		uint16_t from, to;
		bool source = lists[0].count || lists[2].count,
		     dest = lists[1].count || lists[2].count;

		*f = random_flow(seed);
		from = ff_geo_country(geo, &f->sip);
		to = ff_geo_country(geo, &f->dip);
		if (protocol && f->protocol != 1)
			continue;
		asked += source || dest;
		none += (source && from == FF_COUNTRY_NONE) ||
			(dest && to == FF_COUNTRY_NONE);
		if ((!lists[0].count || list_has(&lists[0], from)) &&
		    (!lists[1].count || list_has(&lists[1], to)) &&
		    (!lists[2].count || list_has(&lists[2], from) ||
		     list_has(&lists[2], to)))
			flows[kept++] = *f;
	}
	assert_int_equal(ff_select_apply(s, &batch, &counts, NULL), FF_OK);
	if (batch.count != kept || counts.passed != kept)
		fail_msg("%s: %zu flows, not %zu", line, batch.count, kept);
	for (size_t i = 0; i < kept; i++)
		assert_true(memcmp(&batch.flows[i].sip, &flows[i].sip, 32) == 0);
	assert_int_equal(counts.asked, asked);
	assert_int_equal(counts.no_country, none);
	ff_batch_release(&batch);
	ff_select_free(s);
}

static void test_random(void **state)
{
	struct ff_geo *geo = open_database(database);
	struct ff_site *site;
	uint64_t seed = 4;

	(void)state;
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	for (unsigned round = 0; round < 400; round++)
		check_round(geo, site, &seed);
	ff_site_free(site);
	ff_geo_free(geo);
}

static void refused(const char *line, const struct ff_geo *geo, const char *says)
{
	struct ff_select *s;
	struct ff_site *site;
	struct ff_err err = {0};

	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	assert_int_equal(help_select_geo(&s, line, site, geo, &err), FF_EUSAGE);
	help_has(&err, says, line);
	ff_site_free(site);
}

static void test_refused(void **state)
{
	struct ff_geo *geo = open_database(database);
	struct ff_geo *systems = open_database("10.0.0.0,10.0.0.1,7\n");

	(void)state;
	refused("--scc=de", NULL, "'--scc' needs a database of countries");
	refused("--dcc=de", systems, "'--dcc' needs a database");
	refused("--scc=deu", geo, "bad value 'deu' for '--scc': 'deu' is no code");
	refused("--any-cc=de,,fr", geo, "'' is no code");
	refused("--dcc=de,", geo, "'' is no code");
	refused("--scc=d", geo, "'d' is no code");
	refused("--scc=??", geo, "'?\?' is no code");
	refused("--scc=de --scc=fr", geo, "given twice");
	ff_geo_free(systems);
	ff_geo_free(geo);
}

/* Without the switches no database is needed; a flow without an address is an error. */
static void test_needs(void **state)
{
	struct ff_geo *geo = open_database(database);
	struct ff_flow flow = {.present = FF_BIT(FF_DIP)};
	struct ff_batch batch = {.flows = &flow, .count = 1, .cap = 1};
	struct ff_select_counts counts = {0};
	struct ff_err err = {0};
	struct ff_select *s;
	struct ff_site *site;

	(void)state;
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	assert_int_equal(help_select(&s, "--protocol=6", site, NULL), FF_OK);
	assert_int_equal(ff_select_geo(s), 0);
	ff_select_free(s);
	assert_int_equal(help_select_geo(&s, "--scc=DE,fr", site, geo, NULL), FF_OK);
	assert_int_equal(ff_select_geo(s), FF_GEO_COUNTRY);
	assert_string_equal(ff_select_text(s), "--scc=DE,fr");
	assert_int_equal(ff_select_apply(s, &batch, &counts, &err), FF_EABSENT);
	help_has(&err, "'--scc' needs the field sIP", "absent");
	ff_select_free(s);
	ff_site_free(site);
	ff_geo_free(geo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
