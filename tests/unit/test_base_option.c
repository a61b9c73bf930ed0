/* SPDX-License-Identifier: MIT */
/* base/option: option tables on command lines, their messages and their help */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <flowfig/base.h>

struct values {
	bool labels, quiet;
	uint64_t threads, memory;
	double beta;
	const char *output;
	int view;
	int64_t bin, from;
	struct ff_strings inside;
	char called[80]; /* "name=value;" of every call */
};

static int values_call(void *params, const char *name, const char *value,
		       struct ff_err *err)
{
	struct values *v = params;
	size_t used = strlen(v->called);

	if (value && strcmp(value, "bad") == 0)
		return ff_fail(err, FF_EUSAGE, "'%s' is no port list", value);
	snprintf(v->called + used, sizeof(v->called) - used, "%s=%s;", name,
		 value ? value : "-");
	return FF_OK;
}

static const char *const views[] = {"surface", "map", "line", NULL};
static const struct ff_opt options[] = {
	{.name = "labels",
	 .kind = FF_OPT_FLAG,
	 .help = "write labels beside the findings",
	 .offset = offsetof(struct values, labels),
	 .def = "yes"},
	{.name = "quiet",
	 .letter = 'q',
	 .kind = FF_OPT_FLAG,
	 .help = "say less",
	 .offset = offsetof(struct values, quiet)},
	{.name = "threads",
	 .letter = 't',
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .help = "threads that read",
	 .offset = offsetof(struct values, threads),
	 .def = "4",
	 .min = 1,
	 .max = 64},
	{.name = "memory",
	 .kind = FF_OPT_SIZE,
	 .arg = "SIZE",
	 .help = "memory to use",
	 .offset = offsetof(struct values, memory),
	 .def = "512M"},
	{.name = "beta",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "X",
	 .help = "straightening",
	 .offset = offsetof(struct values, beta),
	 .def = "0.85",
	 .min = -1,
	 .max = 1},
	{.name = "output",
	 .letter = 'o',
	 .kind = FF_OPT_STRING,
	 .arg = "FILE",
	 .help = "where the figure goes; the extension tells its format, and - is "
		 "standard output",
	 .offset = offsetof(struct values, output)},
	{.name = "view",
	 .kind = FF_OPT_CHOICE,
	 .arg = "NAME",
	 .help = "how to draw",
	 .offset = offsetof(struct values, view),
	 .def = "surface",
	 .choices = views},
	{.name = "bin",
	 .kind = FF_OPT_DURATION,
	 .arg = "TIME",
	 .help = "width of a bin",
	 .offset = offsetof(struct values, bin),
	 .def = "1h"},
	{.name = "from",
	 .kind = FF_OPT_TIME,
	 .arg = "TIME",
	 .help = "first moment",
	 .offset = offsetof(struct values, from)},
	{.name = "inside",
	 .kind = FF_OPT_LIST,
	 .arg = "CIDR",
	 .help = "the network that is watched",
	 .offset = offsetof(struct values, inside)},
	{.name = NULL},
};
static const struct ff_opt selection[] = {
	{.name = "sport",
	 .kind = FF_OPT_CALL,
	 .arg = "LIST",
	 .help = "source ports",
	 .set = values_call},
	{.name = "not-sport", .kind = FF_OPT_CALL, .arg = "LIST", .set = values_call},
	{.name = "saddress",
	 .kind = FF_OPT_CALL,
	 .arg = "WILD",
	 .help = "source addresses",
	 .set = values_call},
	{.name = "scidr",
	 .letter = 's',
	 .kind = FF_OPT_CALL,
	 .arg = "LIST",
	 .help = "source networks",
	 .set = values_call},
	{.name = "delimited",
	 .kind = FF_OPT_CALL,
	 .arg = "CHAR",
	 .help = "a word or none",
	 .set = values_call,
	 .optional = true},
	{.name = "syn-flag",
	 .kind = FF_OPT_CALL,
	 .help = "a bare word",
	 .set = values_call},
	{.name = NULL},
};

static size_t options_given;

/* Words separated by spaces. Fills *v; returns the status. */
static int option_run(struct values *v, struct ff_strings *rest, const char *line,
		      struct ff_err *err)
{
	static char words[200];
	struct ff_opt_group groups[] = {
		{.title = "Options",
		 .opts = options,
		 .params = v,
		 .given = &options_given},
		{.title = "Selection", .opts = selection, .params = v},
	};
	char *argv[32], *p;
	int argc = 0;

	options_given = 0;
	*v = (struct values){.quiet = true};
	*rest = (struct ff_strings){NULL, 0, 0};
	snprintf(words, sizeof(words), "%s", line);
	for (p = strtok(words, " "); p; p = strtok(NULL, " "))
		argv[argc++] = p;
	assert_int_equal(ff_opts_defaults(options, v, err), FF_OK);
	return ff_opts_parse(groups, 2, argc, argv, rest, err);
}

static void test_defaults(void **state)
{
	struct ff_strings rest;
	struct ff_err err;
	struct values v;

	(void)state;
	assert_int_equal(option_run(&v, &rest, "", &err), FF_OK);
	assert_true(v.labels);
	assert_false(v.quiet);
	assert_int_equal(v.threads, 4);
	assert_int_equal(v.memory, 512 << 20);
	assert_true(v.beta == 0.85);
	assert_null(v.output);
	assert_int_equal(v.view, 0);
	assert_true(v.bin == FF_HOUR);
	assert_true(v.from == INT64_MIN);
	assert_int_equal(v.inside.count, 0);
}

static void test_every_kind(void **state)
{
	struct ff_strings rest;
	struct ff_err err;
	struct values v;

	(void)state;
	assert_int_equal(
		option_run(
			&v, &rest,
			"a --no-labels -q --threads=8 b --memory 2G --beta=-0.5 -o x.png "
			"--view=line --bin 5m --from 2006/04/01 --inside=10.0.0.0/8 "
			"--inside 192.168.0.0/16 - -- --bin -q",
			&err),
		FF_OK);
	assert_false(v.labels);
	assert_true(v.quiet);
	assert_int_equal(v.threads, 8);
	assert_true(v.memory == UINT64_C(2) << 30);
	assert_true(v.beta == -0.5);
	assert_string_equal(v.output, "x.png");
	assert_int_equal(v.view, 2);
	assert_true(v.bin == 300 * FF_SEC);
	assert_true(v.from == 1143849600 * FF_SEC);
	assert_int_equal(v.inside.count, 2);
	assert_string_equal(v.inside.items[1], "192.168.0.0/16");
	assert_int_equal(options_given, 11);
	assert_int_equal(rest.count, 5);
	assert_string_equal(rest.items[0], "a");
	assert_string_equal(rest.items[1], "b");
	assert_string_equal(rest.items[2], "-");
	assert_string_equal(rest.items[3], "--bin");
	assert_string_equal(rest.items[4], "-q");
	ff_strings_release(&v.inside);
	ff_strings_release(&rest);
}

static void test_forms(void **state)
{
	static const struct {
		const char *line, *called;
		const char *output;
		uint64_t threads;
		bool quiet;
	} rows[] = {
		{"--sport=80", "sport=80;", NULL, 4, false},
		{"--sport 80", "sport=80;", NULL, 4, false},
		{"--sport --threads", "sport=--threads;", NULL, 4,
		 false}, /* as GNU takes it */
		{"--sport=", "sport=;", NULL, 4, false},
		{"--sport==x", "sport==x;", NULL, 4, false},
		{"--sp=80", "sport=80;", NULL, 4, false},
		{"--not-sport=1-", "not-sport=1-;", NULL, 4, false},
		{"--not=1-", "not-sport=1-;", NULL, 4, false},
		{"--syn", "syn-flag=-;", NULL, 4, false},
		{"--syn-flag x", "syn-flag=-;", NULL, 4, false},
		{"--delimited x", "delimited=-;", NULL, 4, false},
		{"--delimited=x --del", "delimited=x;delimited=-;", NULL, 4, false},
		{"-s10/8", "scidr=10/8;", NULL, 4, false},
		{"-qt9", "", NULL, 9, true},
		{"-qt 9", "", NULL, 9, true},
		{"-ox.png -q", "", "x.png", 4, true},
		{"-o -q", "", "-q", 4, false},
		{"--quiet --no-quiet", "", NULL, 4, false},
		{"--no-q", "", NULL, 4, false},
		{"--quiet=yes", "", NULL, 4, true},
		{"--t=3 --t=5", "", NULL, 5, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_err err = {FF_OK, ""};
		struct ff_strings rest;
		struct values v;

		if (option_run(&v, &rest, rows[i].line, &err) < 0)
			fail_msg("'%s': %s", rows[i].line, err.text);
		if (strcmp(v.called, rows[i].called) != 0 ||
		    v.threads != rows[i].threads || v.quiet != rows[i].quiet ||
		    strcmp(v.output ? v.output : "",
			   rows[i].output ? rows[i].output : "") != 0)
			fail_msg("'%s' was taken otherwise: '%s'", rows[i].line,
				 v.called);
		ff_strings_release(&rest);
	}
}

static void test_messages(void **state)
{
	static const struct {
		const char *line, *text;
	} rows[] = {
		{"--bim=1h", "unknown option '--bim'; did you mean '--bin'?"},
		{"--ouptut x", "unknown option '--ouptut'; did you mean '--output'?"},
		{"--xylophone", "unknown option '--xylophone'"},
		{"--=5", "unknown option '--'"},
		{"-bin=1h", "unknown option '-bin=1h'; did you mean '--bin'?"},
		{"-x", "unknown option '-x'"},
		{"-qx", "unknown option '-x' in '-qx'"},
		{"-5", "unknown option '-5'"},
		{"--bin", "option '--bin' needs a value"},
		{"--sp", "option '--sport' needs a value"},
		{"-o", "option '-o' needs a value"},
		{"--s=5", "option '--s' is ambiguous: '--sport' '--saddress' '--scidr' "
			  "'--syn-flag'"},
		{"--no-=5", "unknown option '--no-'"},
		{"--no-bin", "unknown option '--no-bin'"},
		{"--no-labels=yes", "option '--no-labels' takes no value"},
		{"--syn-flag=1", "option '--syn-flag' takes no value"},
		{"--labels=maybe", "option '--labels' is a flag, yes or no, not 'maybe'"},
		{"--threads=0", "option '--threads' must be from 1 to 64, not '0'"},
		{"-t65", "option '-t' must be from 1 to 64, not '65'"},
		{"--threads=two", "option '--threads' needs a whole number, not 'two'"},
		{"--threads=-1", "option '--threads' needs a whole number, not '-1'"},
		{"--beta=1.01", "option '--beta' must be from -1 to 1, not '1.01'"},
		{"--beta=x", "option '--beta' needs a number, not 'x'"},
		{"--beta=nan", "option '--beta' needs a number, not 'nan'"},
		{"--memory=5X",
		 "option '--memory' needs a size like 512M or 4G, not '5X'"},
		{"--bin=5",
		 "option '--bin' needs a duration like 30s, 5m, 1h or 1d, not '5'"},
		{"--from=april",
		 "option '--from' needs a time like 2006/04/01:12:30, not 'april'"},
		{"--view=linea",
		 "option '--view' knows no 'linea'; did you mean 'line'?"},
		{"--view=3",
		 "option '--view' knows no '3'; one of 'surface', 'map', 'line'"},
		{"--sport=bad", "'bad' is no port list"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_err err = {FF_OK, "none"};
		struct ff_strings rest;
		struct values v;

		assert_int_equal(option_run(&v, &rest, rows[i].line, &err), FF_EUSAGE);
		assert_int_equal(err.status, FF_EUSAGE);
		if (strcmp(err.text, rows[i].text) != 0)
			fail_msg("'%s': %s", rows[i].line, err.text);
		ff_strings_release(&rest);
	}
}

/* An exact name is no prefix of another; the same name in two tables is the first. */
static void test_exact_wins(void **state)
{
	static const struct ff_opt first[] = {
		{.name = "binary", .kind = FF_OPT_CALL, .arg = "X", .set = values_call},
		{.name = "shared", .kind = FF_OPT_CALL, .arg = "X", .set = values_call},
		{.name = NULL},
	};
	static const struct ff_opt second[] = {
		{.name = "bin", .kind = FF_OPT_CALL, .arg = "X", .set = values_call},
		{.name = "shared", .kind = FF_OPT_CALL, .arg = "X", .set = values_call},
		{.name = NULL},
	};
	struct values a = {.quiet = false}, b = {.quiet = false};
	struct ff_opt_group groups[] = {{.opts = first, .params = &a},
					{.opts = second, .params = &b}};
	char w1[] = "--bin=1", w2[] = "--bina=2", w3[] = "--share=3", w4[] = "word";
	char *argv[] = {w1, w2, w3, w4};
	struct ff_err err;

	(void)state;
	assert_int_equal(ff_opts_parse(groups, 2, 3, argv, NULL, &err), FF_OK);
	assert_string_equal(a.called, "binary=2;shared=3;");
	assert_string_equal(b.called, "bin=1;");
	assert_int_equal(ff_opts_parse(groups, 2, 4, argv, NULL, &err), FF_EUSAGE);
	assert_string_equal(err.text, "unexpected word 'word'");
}

static void test_set(void **state)
{
	struct values v = {.quiet = false};
	struct ff_err err;

	(void)state;
	assert_int_equal(ff_opts_defaults(options, &v, &err), FF_OK);
	assert_int_equal(ff_opts_set(options, &v, "view", "map", &err), FF_OK);
	assert_int_equal(v.view, 1);
	assert_int_equal(ff_opts_set(options, &v, "no-labels", NULL, &err), FF_OK);
	assert_false(v.labels);
	assert_int_equal(ff_opts_set(options, &v, "labels", NULL, &err), FF_OK);
	assert_true(v.labels);
	assert_int_equal(ff_opts_set(options, &v, "labels", "no", &err), FF_OK);
	assert_false(v.labels);
	assert_int_equal(ff_opts_set(options, &v, "no-labels", "no", &err), FF_EUSAGE);
	assert_int_equal(ff_opts_set(options, &v, "view", NULL, &err), FF_EUSAGE);
	assert_string_equal(err.text, "option '--view' needs a value");
	assert_int_equal(ff_opts_set(options, &v, "veiw", "map", &err), FF_EUSAGE);
	assert_string_equal(err.text, "unknown option '--veiw'; did you mean '--view'?");
}

static void test_help(void **state)
{
	static const char want[] =
		"Options:\n"
		"      --[no-]labels  write labels beside the findings (default yes)\n"
		"  -q, --quiet        say less\n"
		"  -t, --threads=N    threads that read (1 to 64; default 4)\n"
		"      --memory=SIZE  memory to use (default 512M)\n"
		"      --beta=X       straightening (-1 to 1; default 0.85)\n"
		"  -o, --output=FILE  where the figure goes; the extension tells its "
		"format, and\n"
		"                     - is standard output\n"
		"      --view=NAME    how to draw (surface, map or line; default "
		"surface)\n"
		"      --bin=TIME     width of a bin (default 1h)\n"
		"      --from=TIME    first moment\n"
		"      --inside=CIDR  the network that is watched\n";
	static const struct ff_opt wide[] = {
		{.name = "a-name-that-takes-a-whole-line",
		 .kind = FF_OPT_STRING,
		 .arg = "VALUE",
		 .help = "below"},
		{.name = "hidden", .kind = FF_OPT_FLAG},
		{.name = "short", .kind = FF_OPT_FLAG, .help = "beside"},
		{.name = "c",
		 .kind = FF_OPT_CALL,
		 .arg = "D",
		 .help = "if",
		 .optional = true},
		{.name = NULL},
	};
	struct ff_opt_group group = {.title = "Options", .opts = options};
	struct ff_buf b = FF_BUF_INIT;

	(void)state;
	ff_opts_help(&b, &group);
	assert_string_equal(ff_buf_str(&b), want);
	ff_buf_clear(&b);
	group = (struct ff_opt_group){.opts = wide};
	ff_opts_help(&b, &group);
	assert_string_equal(ff_buf_str(&b), "  --a-name-that-takes-a-whole-line=VALUE\n"
					    "           below\n"
					    "  --short  beside\n"
					    "  --c[=D]  if\n");
	ff_buf_release(&b);
}

static void test_nearest(void **state)
{
	static const char *const words[] = {"contact", "bundle", "netbytes", "vlf",
					    "ports"};
	static const struct {
		const char *word, *nearest;
	} rows[] = {
		{"contcat", "contact"},
		{"Contact", "contact"},
		{"conta", "contact"},
		{"bundel", "bundle"},
		{"vfl", "vlf"},
		{"port", "ports"},
		{"netbites", "netbytes"},
		{"x", NULL},
		{"", NULL},
		{"something", NULL},
		{"con", "contact"},
		{"abc", NULL},
	};
	char huge[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *near = ff_nearest(rows[i].word, words, 5);

		if ((near == NULL) != (rows[i].nearest == NULL) ||
		    (near && strcmp(near, rows[i].nearest) != 0))
			fail_msg("'%s' is near '%s'", rows[i].word,
				 near ? near : "nothing");
	}
	memset(huge, 'c', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	assert_null(ff_nearest(huge, words, 5));
	assert_null(ff_nearest("contact", NULL, 0));
}

/* Each allocation in turn fails: a status, never a crash; hints may be missing. */
static void test_without_memory(void **state)
{
	uint64_t n;

	(void)state;
	for (n = 1; n < 8; n++) {
		struct ff_opt_group group = {.title = "Options", .opts = options};
		struct ff_err err = {FF_OK, ""};
		struct ff_buf b = FF_BUF_INIT;
		struct ff_strings rest;
		struct values v;
		int status;

		ff_alloc_fail_after(n);
		status =
			option_run(&v, &rest, "a b c d e f g h i --inside=x --bim", &err);
		ff_opts_help(&b, &group);
		ff_alloc_fail_after(0);
		assert_true(status == FF_ENOMEM || status == FF_EUSAGE);
		assert_int_equal(err.status, status);
		ff_buf_release(&b);
		ff_strings_release(&v.inside);
		ff_strings_release(&rest);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),       cmocka_unit_test(test_every_kind),
		cmocka_unit_test(test_forms),	       cmocka_unit_test(test_messages),
		cmocka_unit_test(test_exact_wins),     cmocka_unit_test(test_set),
		cmocka_unit_test(test_help),	       cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
