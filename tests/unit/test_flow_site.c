/* SPDX-License-Identifier: MIT */
/* flow/site: the built-in site, silk.conf, and sensor names added by many threads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <flowfig/flow.h>

static void test_built_in(void **state)
{
	static const struct {
		const char *name;
		enum ff_orient orient;
		bool is_default;
	} rows[] = {
		{"in", FF_ORIENT_IN, true},
		{"out", FF_ORIENT_OUT, false},
		{"inweb", FF_ORIENT_IN, true},
		{"outweb", FF_ORIENT_OUT, false},
		{"innull", FF_ORIENT_IN, false},
		{"outnull", FF_ORIENT_OUT, false},
		{"int2int", FF_ORIENT_INTERNAL, false},
		{"ext2ext", FF_ORIENT_EXTERNAL, false},
		{"inicmp", FF_ORIENT_IN, true},
		{"outicmp", FF_ORIENT_OUT, false},
		{"other", FF_ORIENT_UNKNOWN, false},
	};
	struct ff_site *s;
	char buf[8];

	(void)state;
	assert_int_equal(ff_site_new(&s, NULL), FF_OK);
	assert_false(ff_site_is_loaded(s));
	for (unsigned i = 0; i < 11; i++) {
		const struct ff_site_type *t = ff_site_type(s, i);

		assert_true(t->known);
		assert_string_equal(t->class_name, "all");
		assert_string_equal(t->type_name, rows[i].name);
		assert_int_equal(t->orient, rows[i].orient);
		assert_int_equal(t->is_default, rows[i].is_default);
		assert_int_equal(ff_site_find_type(s, "all", rows[i].name), i);
		assert_int_equal(ff_site_find_type(s, NULL, rows[i].name), i);
	}
	assert_false(ff_site_type(s, 11)->known);
	assert_false(ff_site_type(s, 255)->known);
	assert_false(ff_site_type(s, 4000000000U)->known);
	assert_int_equal(ff_site_type(s, 255)->orient, FF_ORIENT_UNKNOWN);
	assert_int_equal(ff_site_find_type(s, "none", "in"), -1);
	assert_true(ff_site_has_class(s, "all"));
	assert_false(ff_site_has_class(s, "none"));
	assert_string_equal(ff_site_default_class(s), "all");
	assert_string_equal(ff_site_sensor(s, 12, buf, sizeof(buf)), "12");
	assert_string_equal(ff_site_sensor(s, 65534, buf, sizeof(buf)), "65534");
	assert_string_equal(ff_site_sensor(s, FF_SENSOR_NONE, buf, sizeof(buf)), "?");
	assert_int_equal(ff_site_find_sensor(s, "S1", 2), -1);
	assert_int_equal(ff_site_max_sensor(s), 0);
	ff_site_free(s);
	ff_site_free(NULL);
}

static const char conf[] =
	"# a site\n"
	"version 2\n"
	"sensor 0 S0\n"
	"sensor 7 \"alpha \\\"x\\\"\" \"a description # here\" # comment\r\n"
	"sensor 65534 last\n"
	"group edge\n"
	"    sensors S0 @other\n"
	"end group\n"
	"class all\n"
	"    sensors @edge\n"
	"    sensors last\n"
	"\ttype 0 in in\n"
	"\ttype 1 out\n"
	"\ttype 20 internal\n"
	"\tdefault-types in internal\n"
	"end class\n"
	"class dmz\n"
	"\ttype 200 in\n"
	"end class\n"
	"default-class dmz\n"
	"packing-logic \"packlogic-twoway.so\"\n"
	"path-format \"%T/%Y/%m/%d/%x\"\n";

static void test_parse(void **state)
{
	struct ff_site *s;
	struct ff_err err;
	char buf[16];

	(void)state;
	if (ff_site_parse(&s, "silk.conf", conf, sizeof(conf) - 1, &err) != FF_OK)
		fail_msg("%s", err.text);
	assert_true(ff_site_is_loaded(s));
	assert_string_equal(ff_site_sensor(s, 7, buf, sizeof(buf)), "alpha \"x\"");
	assert_int_equal(ff_site_find_sensor(s, "alpha \"x\"", 9), 7);
	assert_int_equal(ff_site_find_sensor(s, "last", 4), 65534);
	assert_int_equal(ff_site_max_sensor(s), 65534);
	assert_int_equal(ff_site_find_type(s, "dmz", "in"), 200);
	assert_int_equal(ff_site_find_type(s, "all", "in"), 0);
	assert_true(ff_site_type(s, 20)->is_default);
	assert_false(ff_site_type(s, 1)->is_default);
	assert_int_equal(ff_site_type(s, 20)->orient, FF_ORIENT_INTERNAL);
	assert_string_equal(ff_site_type(s, 200)->class_name, "dmz");
	assert_string_equal(ff_site_default_class(s), "dmz");
	/* free places: 1..6 and 8.. */
	assert_int_equal(ff_site_intern(s, "S0", 2), 0);
	assert_int_equal(ff_site_intern(s, "new", 3), 1);
	assert_int_equal(ff_site_intern(s, "new", 3), 1);
	for (int i = 2; i < 7; i++) {
		snprintf(buf, sizeof(buf), "n%d", i);
		assert_int_equal(ff_site_intern(s, buf, 2), i);
	}
	assert_int_equal(ff_site_intern(s, "n7", 2), 8);
	ff_site_free(s);
}

static void test_refusals(void **state)
{
	static const struct {
		const char *text, *what;
	} rows[] = {
		{"version 3\n", "line 1: version 3"},
		{"\nsensor 65535 x\n", "line 2: '65535'"},
		{"sensor -1 x\n", "'-1'"},
		{"sensor 1 a\nsensor 1 b\n",
		 "line 2: sensor 1 is defined twice: 'a' and 'b'"},
		{"sensor 1 a\nsensor 2 a\n", "'a' is defined twice"},
		{"sensor 1 \"\"\n", "no name"},
		{"sensor 1\n", "'sensor' has 2 words"},
		{"sensor 1 \"abc\n", "quote"},
		{"class a\nclass b\n", "within a class"},
		{"class a\n", "the last class is not ended"},
		{"group a\nsensors S0\n", "the last group is not ended"},
		{"class a\nend group\n", "ends nothing"},
		{"end class\n", "ends nothing"},
		{"class a\nend class\nclass a\n", "class 'a' is defined twice"},
		{"type 1 in\n", "outside a class"},
		{"class a\ntype 255 in\n", "'255'"},
		{"class a\ntype 1 in\ntype 1 out\n", "type 1 is defined twice"},
		{"class a\ntype 1 in\ntype 2 in\n",
		 "type 'in' of class 'a' is defined twice"},
		{"class a\ndefault-types in\n", "class 'a' has no type 'in'"},
		{"default-class a\n", "class 'a' is not defined"},
		{"include \"other.conf\"\n", "include \"other.conf\" is not supported"},
		{"frobnicate 1\n", "unknown statement 'frobnicate'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_site *s = NULL;
		struct ff_err err = {0};

		assert_int_equal(ff_site_parse(&s, "my.conf", rows[i].text,
					       strlen(rows[i].text), &err),
				 FF_EFORMAT);
		if (!strstr(err.text, rows[i].what) || !strstr(err.text, "'my.conf'"))
			fail_msg("'%s' does not say '%s'", err.text, rows[i].what);
		assert_null(s);
	}
	assert_int_equal(ff_site_parse(&(struct ff_site *){NULL}, "x", "a\0b", 3, NULL),
			 FF_EFORMAT);
}

static void test_empty(void **state)
{
	struct ff_site *s;

	(void)state;
	assert_int_equal(ff_site_parse(&s, "x", "", 0, NULL), FF_OK);
	assert_false(ff_site_type(s, 0)->known);
	assert_null(ff_site_default_class(s));
	ff_site_free(s);
}

/* Whichever allocation fails, nothing leaks and the reason is told. */
static void test_no_memory(void **state)
{
	struct ff_err err;
	int status = FF_ENOMEM;

	(void)state;
	for (uint64_t n = 1; status != FF_OK && n < 100; n++) {
		struct ff_site *s = NULL;

		ff_alloc_fail_after(n);
		status = ff_site_parse(&s, "silk.conf", conf, sizeof(conf) - 1, &err);
		if (status == FF_OK && n % 2 == 0)
			ff_site_intern(s, "another", 7);
		ff_alloc_fail_after(0);
		assert_true(status == FF_OK || (status == FF_ENOMEM && !s));
		ff_site_free(s);
	}
	assert_int_equal(status, FF_OK);
}

enum { NAMES = 500 };

/* Interns the same names in another order in each thread. */
static void *intern_all(void *arg)
{
	struct ff_site *s = arg;
	uintptr_t bad = 0;
	char name[16];

	for (int i = 0; i < NAMES; i++) {
		int id, len = snprintf(name, sizeof(name), "sensor%d", i * 7 % NAMES);
		char buf[8];

		id = ff_site_intern(s, name, (size_t)len);
		bad += id < 0 || strcmp(ff_site_sensor(s, (unsigned)id, buf, sizeof(buf)),
					name) != 0;
		bad += ff_site_find_sensor(s, name, (size_t)len) != id;
	}
	return (void *)bad;
}

static void test_threads(void **state)
{
	pthread_t threads[4];
	struct ff_site *s;
	void *bad;

	(void)state;
	assert_int_equal(ff_site_new(&s, NULL), FF_OK);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, intern_all, s), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &bad), 0);
		assert_null(bad);
	}
	assert_int_equal(ff_site_max_sensor(s), NAMES - 1);
	ff_site_free(s);
}

static void test_full(void **state)
{
	struct ff_site *s;
	char name[16], longest[256];

	(void)state;
	assert_int_equal(ff_site_new(&s, NULL), FF_OK);
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(ff_site_intern(s, longest, 256), -1);
	for (int i = 0; i < 65535; i++) {
		int len = snprintf(name, sizeof(name), "%d", i);

		assert_int_equal(ff_site_intern(s, name, (size_t)len), i);
	}
	assert_int_equal(ff_site_intern(s, "one more", 8), -1);
	assert_int_equal(ff_site_intern(s, "65534", 5), 65534);
	ff_site_free(s);
}

/* More classes than types could ever fill: refused before their number makes it slow. */
static void test_many_classes(void **state)
{
	struct ff_buf text = FF_BUF_INIT;
	struct ff_site *s;
	struct ff_err err;

	(void)state;
	for (unsigned i = 0; i < 256; i++)
		ff_buf_addf(&text, "class c%u\nend class\n", i);
	assert_int_equal(
		ff_site_parse(&s, "silk.conf", ff_buf_str(&text), text.len, &err),
		FF_EFORMAT);
	assert_non_null(strstr(err.text, "line 511: more than 255 classes"));
	ff_buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_built_in),  cmocka_unit_test(test_parse),
		cmocka_unit_test(test_refusals),  cmocka_unit_test(test_empty),
		cmocka_unit_test(test_no_memory), cmocka_unit_test(test_threads),
		cmocka_unit_test(test_full),	  cmocka_unit_test(test_many_classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
