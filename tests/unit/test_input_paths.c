/* SPDX-License-Identifier: MIT */
/* input/paths: folders to files, and the silk.conf that belongs to them */
#define _XOPEN_SOURCE 700 /* realpath */
#include "input_help.h"

#include <sys/stat.h>
#include <unistd.h>

static char root[400];

static const char *at(const char *name)
{
	static char path[4][512];
	static unsigned turn;
	char *p = path[turn++ % 4];

	snprintf(p, sizeof path[0], "%s/%s", root, name);
	return p;
}

static void put(const char *name, const char *text)
{
	assert_int_equal(ff_output_whole(at(name), text, strlen(text), NULL), FF_OK);
}

static const char flows[] = "sIP|dIP|sTime|\n1.1.1.1|2.2.2.2|1|\n";

static int setup(void **state)
{
	const char *dir = getenv("FF_TMP");

	(void)state;
	snprintf(root, sizeof root, "%s/input-paths-%ld", dir ? dir : "out",
		 (long)getpid());
	if (mkdir(root, 0777) < 0)
		return -1;
	mkdir(at("repo"), 0777);
	mkdir(at("repo/in"), 0777);
	mkdir(at("repo/in/2024"), 0777);
	mkdir(at("repo/.cache"), 0777);
	mkdir(at("empty"), 0777);
	mkdir(at("prose"), 0777);
	put("repo/silk.conf", "version 1\n");
	put("repo/b.txt", flows);
	put("repo/a.csv", "sip,dip,stime\n");
	put("repo/in/2024/c.txt", flows);
	put("repo/in/2024/README", "Not flows, but words.\n");
	put("repo/in/2024/nothing", "");
	put("repo/in/2024/.hidden", flows);
	put("repo/.cache/d.txt", flows);
	put("prose/README", "Words\n");
	mkdir(at("columns"), 0777);
	put("columns/a", "client,server,seen\n1.1.1.1,2.2.2.2,1711929600\n");
	put("columns/b", "1.1.1.1,2.2.2.2,1711929600\n");
	put("columns/c", "sip,dip,stime\n1.1.1.1,2.2.2.2,1711929600\n");
	put("columns/README", "Words, and no flows\nat all.\n");
	/* back up, to a file of the tree, to nothing, to a folder outside */
	mkdir(at("outside"), 0777);
	put("outside/e.txt", flows);
	return symlink("../../repo", at("repo/in/loop")) |
	       symlink("b.txt", at("repo/a-latest")) |
	       symlink("gone", at("repo/dangling")) |
	       symlink("../outside", at("repo/z-linked")) |
	       symlink("in", at("repo/0-again")) | mkfifo(at("repo/pipe"), 0666);
}

static int teardown(void **state)
{
	static const char *const names[] = {
		"repo/pipe",
		"repo/0-again",
		"repo/z-linked",
		"repo/dangling",
		"repo/a-latest",
		"repo/in/loop",
		"outside/e.txt",
		"outside",
		"prose/README",
		"columns/a",
		"columns/b",
		"columns/c",
		"columns/README",
		"columns",
		"repo/.cache/d.txt",
		"repo/in/2024/.hidden",
		"repo/in/2024/nothing",
		"repo/in/2024/README",
		"repo/in/2024/c.txt",
		"repo/a.csv",
		"repo/b.txt",
		"repo/silk.conf",
		"prose",
		"empty",
		"repo/.cache",
		"repo/in/2024",
		"repo/in",
		"repo",
	};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		remove(at(names[i]));
	return rmdir(root);
}

static void test_paths_folder(void **state)
{
	/* sorted by path; the loop, the second names and the pipe are left out */
	static const char *const expected[] = {
		"repo/a.csv",
		"repo/b.txt",
		"repo/in/2024/c.txt",
		"repo/z-linked/e.txt",
	};
	const char *args[] = {at("repo")};
	struct ff_paths p = {0};
	size_t skipped = 0;
	struct ff_err err;

	(void)state;
	if (ff_paths_expand(&p, args, 1, NULL, &skipped, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(p.count, 4);
	for (size_t i = 0; i < p.count; i++)
		assert_string_equal(p.items[i], at(expected[i]));
	/* silk.conf, README, nothing, a-latest, dangling, pipe */
	assert_int_equal(skipped, 6);
	ff_paths_release(&p);
}

static void test_paths_named(void **state)
{
	/* what the caller names stays, flow file or not */
	const char *args[] = {"-", at("prose/README"), at("repo/b.txt")};
	struct ff_paths p = {0};
	size_t skipped = 0;

	(void)state;
	assert_int_equal(ff_paths_expand(&p, args, 3, NULL, &skipped, NULL), FF_OK);
	assert_int_equal(p.count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(p.items[i], args[i]);
	assert_int_equal(skipped, 0);
	ff_paths_release(&p);
}

/* Flows that would count twice are refused, whatever the names. */
static void test_paths_twice(void **state)
{
	static const struct {
		const char *args[3], *message;
	} rows[] = {
		{{"repo/b.txt", "prose/README", "repo/b.txt"}, "b.txt' is named twice"},
		{{"repo/b.txt", "repo/in", "repo/a-latest"}, "are one file"},
		{{"repo", "prose/README", "repo/in/2024/c.txt"}, "is named twice"},
		{{"repo/in", "prose/README", "repo"}, "are one file"},
		{{"-", "repo", "-"}, "standard input is named twice"},
		{{"repo/b.txt", "columns", "outside"}, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ff_paths p = {0};
		struct ff_err err = {0};
		const char *args[3];
		char text[3][512];
		int rc;

		for (int k = 0; k < 3; k++) {
			const char *name = rows[i].args[k];

			snprintf(text[k], sizeof text[k], "%s",
				 strcmp(name, "-") == 0 ? name : at(name));
			args[k] = text[k];
		}
		rc = ff_paths_expand(&p, args, 3, NULL, NULL, &err);
		assert_int_equal(rc, rows[i].message ? FF_EUSAGE : FF_OK);
		if (rows[i].message && !strstr(err.text, rows[i].message))
			fail_msg("'%s', not '%s'", err.text, rows[i].message);
		ff_paths_release(&p);
	}
}

/* Columns and formats that the user names make flow files of what no probe knows. */
static void test_paths_columns(void **state)
{
	static const struct {
		struct ff_input_opts o;
		size_t files; /* 0: an error */
	} rows[] = {
		{{.columns = NULL}, 1},
		{{.columns = "sip=client,dip=server,stime=seen"}, 2},
		{{.columns = "sip,dip,stime", .delimiter = "comma"}, 3},
		{{.columns = "sip,dip,stime", .format = "csv"}, 3},
		{{.format = "csv"}, 1},
		{{.format = "silk"}, 0},
		{{.columns = "sip=nobody", .format = "csv"}, 0},
	};
	const char *args[] = {at("columns")};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ff_paths p = {0};
		struct ff_err err = {0};
		int rc = ff_paths_expand(&p, args, 1, &rows[i].o, NULL, &err);

		assert_int_equal(rc, rows[i].files ? FF_OK : FF_EFORMAT);
		assert_int_equal(p.count, rows[i].files);
		ff_paths_release(&p);
	}
}

static void test_paths_errors(void **state)
{
	static const struct {
		const char *name, *message;
		int status;
	} rows[] = {
		{"empty", "no flow files in folder", FF_EFORMAT},
		{"prose", "no flow files in folder", FF_EFORMAT},
		{"nowhere", "cannot open", FF_EIO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *args[] = {at("repo/b.txt"), at(rows[i].name)};
		struct ff_paths p = {0};
		struct ff_err err;

		assert_int_equal(ff_paths_expand(&p, args, 2, NULL, NULL, &err),
				 rows[i].status);
		assert_non_null(strstr(err.text, rows[i].message));
		assert_non_null(strstr(err.text, rows[i].name));
		assert_int_equal(p.count, 0);
		ff_paths_release(&p);
	}
}

static void test_paths_site(void **state)
{
	static const struct {
		const char *first;
		bool found;
	} rows[] = {
		{"repo/b.txt", true},
		{"repo/in/2024/c.txt", true},
		{"repo/z-linked/e.txt", false}, /* the folder it really lies in counts */
	};
	char *here, *site, *want;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *args[] = {at(rows[i].first)};
		struct ff_paths p = {0};

		assert_int_equal(ff_paths_expand(&p, args, 1, NULL, NULL, NULL), FF_OK);
		assert_int_equal(ff_paths_find_site(&site, &p, NULL), FF_OK);
		want = realpath(at("repo/silk.conf"), NULL);
		if (rows[i].found)
			assert_string_equal(site, want);
		else
			assert_true(!site || strcmp(site, want) != 0);
		free(want);
		ff_free(site);
		ff_paths_release(&p);
	}
	/* a name without a folder is looked for from here on up */
	here = realpath(".", NULL);
	assert_int_equal(chdir(at("repo")), 0);
	{
		char *items[] = {(char[]){"b.txt"}};
		struct ff_paths p = {items, 1, 1}, none = {0};

		assert_int_equal(ff_paths_find_site(&site, &p, NULL), FF_OK);
		assert_non_null(site);
		assert_non_null(strstr(site, "/repo/silk.conf"));
		ff_free(site);
		items[0] = (char[]){"-"};
		assert_int_equal(ff_paths_find_site(&site, &p, NULL), FF_OK);
		assert_null(site);
		assert_int_equal(ff_paths_find_site(&site, &none, NULL), FF_OK);
		assert_null(site);
	}
	assert_int_equal(chdir(here), 0);
	free(here);
}

static void test_paths_failing_memory(void **state)
{
	int rc = FF_ENOMEM;

	(void)state;
	for (uint64_t n = 1; rc != FF_OK; n++) {
		const char *args[] = {"-", at("repo")};
		struct ff_paths p = {0};
		char *site = NULL;

		ff_alloc_fail_after(n);
		rc = ff_paths_expand(&p, args, 2, NULL, NULL, NULL);
		if (rc == FF_OK) {
			struct ff_paths files = {p.items + 1, p.count - 1, 0};

			rc = ff_paths_find_site(&site, &files, NULL);
		}
		ff_alloc_fail_after(0);
		assert_true(rc == FF_OK || rc == FF_ENOMEM);
		ff_free(site);
		ff_paths_release(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths_folder),
		cmocka_unit_test(test_paths_named),
		cmocka_unit_test(test_paths_twice),
		cmocka_unit_test(test_paths_columns),
		cmocka_unit_test(test_paths_errors),
		cmocka_unit_test(test_paths_site),
		cmocka_unit_test(test_paths_failing_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
