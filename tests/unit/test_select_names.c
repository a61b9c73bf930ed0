/* SPDX-License-Identifier: MIT */
/* Names of the site: classes, types, flowtypes and sensors, with a silk.conf, without
 * one, and with sensors that only the input names. And every selection under failing
 * memory. */
#include "select_help.h"

static const char conf[] = "version 2\n"
			   "sensor 0 edge-1\n"
			   "sensor 3 edge-2\n"
			   "sensor 7 core\n"
			   "class ops\n"
			   "  sensors edge-1 edge-2\n"
			   "  type 0 in\n"
			   "  type 1 out\n"
			   "  type 2 inweb\n"
			   "  default-types in inweb\n"
			   "end class\n"
			   "class lab\n"
			   "  sensors core\n"
			   "  type 5 in\n"
			   "  type 6 odd\n"
			   "  default-types odd\n"
			   "end class\n"
			   "default-class ops\n";

static struct ff_site *parse_site(void)
{
	struct ff_site *site = NULL;
	struct ff_err err = {0};

	if (ff_site_parse(&site, "silk.conf", conf, strlen(conf), &err) != FF_OK)
		fail_msg("%s", err.text);
	return site;
}

static const struct names_row {
	const char *line;
	const char *ids; /* flowtypes or sensors from 0 to 9 that pass */
	const char *error;
} names_rows[] = {
	{"--type=in", "0", NULL},
	{"--type=in,out", "01", NULL},
	{"--type=all", "012", NULL},
	{"--type=in,all", "012", NULL},
	{"--class=ops", "02", NULL},
	{"--class=lab", "6", NULL},
	{"--class=lab,ops", "026", NULL},
	{"--class=all", "026", NULL},
	{"--class=all --type=in", "05", NULL},
	{"--class=lab --type=all", "56", NULL},
	{"--flowtypes=ops/in,lab/odd", "06", NULL},
	{"--flowtypes=all/in", "05", NULL},
	{"--flowtypes=all/all", "01256", NULL},
	{"--flowtypes=lab/all", "56", NULL},
	{"--type=odd", NULL, "'odd' is no type of the site"},
	{"--type=inwep", NULL, "'inwep' is no type of the site; did you mean 'inweb'?"},
	{"--type=", NULL, "it is empty"},
	{"--type=in,", NULL, "'' is no type"},
	{"--class=nope", NULL, "'nope' is no class of the site"},
	{"--class=lib", NULL, "did you mean 'lab'?"},
	{"--flowtypes=in", NULL, "not CLASS/TYPE"},
	{"--flowtypes=lab/out", NULL, "'out' is no type"},
	{"--flowtypes=all/in --type=out", NULL,
	 "'--flowtypes' cannot be used with '--type'"},
	{"--flowtypes=all/in --class=ops", NULL,
	 "'--flowtypes' cannot be used with '--class'"},
	{"--sensors=edge-1", "0", NULL},
	{"--sensor=edge-2,core", "37", NULL},
	{"--sensors=3", "3", NULL},
	{"--sensors=2-5,core", "23457", NULL},
	{"--sensors=8", NULL, "above the highest sensor 7"},
	{"--sensors=5-3", NULL, "the range is reversed"},
	{"--sensors=edge", NULL, "'edge' is no sensor of the site"},
	{"--sensors=edge-1,,core", NULL, "'' is no sensor"},
};

/* Which of ten flows with flowtype and sensor 0..9 pass, as digits. */
static int passing(char *ids, const struct ff_select *s, struct ff_err *err)
{
	struct ff_select_counts counts = {0};
	struct ff_batch b;
	int status;

	assert_int_equal(ff_batch_init(&b, 10, NULL), FF_OK);
	memset(b.flows, 0, 10 * sizeof(*b.flows));
	for (unsigned i = 0; i < 10; i++) {
		b.flows[i].present = FF_ALL_FIELDS;
		b.flows[i].flowtype = (uint8_t)i;
		b.flows[i].sensor = (uint16_t)i;
		b.flows[i].protocol = 6;
	}
	b.flows[9].flowtype = FF_FLOWTYPE_NONE;
	b.flows[9].sensor = FF_SENSOR_NONE;
	b.count = 10;
	status = ff_select_apply(s, &b, &counts, err);
	for (size_t i = 0; status == FF_OK && i < b.count; i++)
		*ids++ = (char)('0' + (b.flows[i].sensor < 9 ? b.flows[i].sensor : 9));
	*ids = 0;
	ff_batch_release(&b);
	return status;
}

static void test_rows(void **state)
{
	struct ff_site *site = parse_site();

	(void)state;
	for (size_t i = 0; i < sizeof(names_rows) / sizeof(names_rows[0]); i++) {
		const struct names_row *r = &names_rows[i];
		struct ff_select *s = NULL;
		struct ff_err err = {0};
		int status = help_select(&s, r->line, site, &err);
		char ids[16];

		if (r->error) {
			assert_int_equal(status, FF_EUSAGE);
			help_has(&err, r->error, r->line);
			continue;
		}
		if (status != FF_OK)
			fail_msg("%s: %s", r->line, err.text);
		assert_int_equal(passing(ids, s, &err), FF_OK);
		if (strcmp(ids, r->ids) != 0)
			fail_msg("%s: %s pass, not %s", r->line, ids, r->ids);
		ff_select_free(s);
	}
	ff_site_free(site);
}

/* Without a silk.conf a reader of text adds names while it reads. */
static void test_interned(void **state)
{
	struct ff_site *site = NULL;
	struct ff_select *s = NULL;
	struct ff_err err = {0};
	char ids[16];
	int berlin, ten;

	(void)state;
	assert_int_equal(ff_site_new(&site, NULL), FF_OK);
	assert_int_equal(help_select(&s, "--sensors=berlin", site, &err), FF_OK);
	/* a number without a name: nobody knows whether it is berlin */
	assert_int_equal(passing(ids, s, &err), FF_EABSENT);
	help_has(&err, "'--sensors=berlin' needs the names of sensors", "no names");
	ff_select_free(s);

	assert_int_equal(help_select(&s, "--sensors=2,5-7", site, &err), FF_OK);
	assert_int_equal(passing(ids, s, &err), FF_OK);
	assert_string_equal(ids, "2567");
	ff_select_free(s);

	assert_int_equal(help_select(&s, "--sensors=berlin,10", site, &err), FF_OK);
	for (unsigned i = 0; i < 9; i++) {
		char name[16];

		snprintf(name, sizeof(name), "other%u", i);
		if (i == 4)
			berlin = ff_site_intern(site, "berlin", 6);
		else if (i == 6)
			ten = ff_site_intern(site, "10", 2);
		else
			ff_site_intern(site, name, strlen(name));
	}
	assert_int_equal(passing(ids, s, &err), FF_OK);
	assert_int_equal(strlen(ids), 2);
	assert_int_equal(ids[0] - '0', berlin);
	assert_int_equal(ids[1] - '0', ten);
	/* asked again, from what was learned */
	assert_int_equal(passing(ids, s, &err), FF_OK);
	assert_int_equal(strlen(ids), 2);
	ff_select_free(s);
	assert_int_equal(help_select(&s, "--sensors=70000", site, &err), FF_EUSAGE);
	ff_site_free(site);
}

/* Memory fails at the first, second, ... request: an error, and nothing leaks or breaks.
 * Does nothing unless the library was built for it. */
static void test_memory(void **state)
{
	static const char line[] =
		"--inside=10.0.0.0/8,11.0.0.0/9,192.168.0.0/16 --protocol=6,17 "
		"--sport=1- "
		"--saddress=10.x.1-3.x --daddress=2001:db8::x --scidr=1.2.3.4,10.0.0.0/8 "
		"--flags-all=S/S --flags-all=A/A --type=in --sensors=edge-1 "
		"--stime=2024/01/05";
	struct ff_site *site = parse_site();
	struct ff_select *s = NULL;

	(void)state;
	for (uint64_t n = 1; n < 2000; n++) {
		struct ff_err err = {0};
		char copy[512], *at = copy;
		int status;

		snprintf(copy, sizeof(copy), "%s", line);
		ff_alloc_fail_after(n);
		status = ff_select_new(&s, &err);
		for (char *word; status == FF_OK && (word = strtok(at, " ")) != NULL;
		     at = NULL) {
			char *equals = strchr(word, '=');

			*equals = 0;
			status = ff_select_set(s, word + 2, equals + 1, &err);
		}
		if (status == FF_OK)
			status = ff_select_finish(s, site, &err);
		ff_alloc_fail_after(0);
		ff_select_free(s);
		s = NULL;
		if (status == FF_OK)
			break;
		assert_int_equal(status, FF_ENOMEM);
		assert_int_equal(err.status, FF_ENOMEM);
	}
	ff_site_free(site);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_interned),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
