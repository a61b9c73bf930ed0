/* SPDX-License-Identifier: MIT */
/* file/output: a file appears whole or not at all, and what stood there before stays
 * until then. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <flowfig/file.h>

#define PATH 1024

static char folder[400];

static char *in_folder(char *buf, const char *name)
{
	snprintf(buf, PATH, "%s/%s", folder, name);
	return buf;
}

static unsigned count_files(void)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	unsigned n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(d);
	return n;
}

static void expect_content(const char *path, const char *want)
{
	char got[256] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	got[fread(got, 1, sizeof(got) - 1, f)] = 0;
	fclose(f);
	assert_string_equal(got, want);
}

static int make_folder(void **state)
{
	const char *tmp = getenv("FF_TMP");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/test_file_output.XXXXXX", tmp ? tmp : "out");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static void test_commit(void **state)
{
	struct ff_output *o;
	struct ff_err err;
	struct stat st;
	char path[PATH];
	mode_t old = umask(027);

	(void)state;
	in_folder(path, "a.txt");
	assert_int_equal(ff_output_open(&o, path, &err), FF_OK);
	assert_int_equal(ff_output_write(o, "_____, world", 12, &err), FF_OK);
	assert_int_equal(ff_output_patch(o, 0, "hell", 4, &err), FF_OK);
	assert_int_equal(ff_output_patch(o, 4, "o", 1, &err), FF_OK);
	assert_int_equal(ff_output_write(o, "\n", 1, &err), FF_OK);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(count_files(), 1);
	assert_int_equal(ff_output_commit(&o, &err), FF_OK);
	assert_null(o);
	expect_content(path, "hello, world\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);

	/* replacing keeps the mode, and the old content until the end */
	assert_int_equal(chmod(path, 0604), 0);
	assert_int_equal(ff_output_open(&o, path, &err), FF_OK);
	assert_int_equal(ff_output_write(o, "new", 3, &err), FF_OK);
	expect_content(path, "hello, world\n");
	assert_int_equal(ff_output_commit(&o, &err), FF_OK);
	expect_content(path, "new");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0604);
	assert_int_equal(count_files(), 1);
	umask(old);
	remove(path);
}

static void test_abort(void **state)
{
	struct ff_output *o, *other, *none = NULL;
	struct ff_err err;
	char path[PATH], path2[PATH];

	(void)state;
	assert_int_equal(ff_output_whole(in_folder(path, "a"), "old", 3, &err), FF_OK);
	assert_int_equal(ff_output_open(&o, path, &err), FF_OK);
	assert_int_equal(ff_output_write(o, "new", 3, &err), FF_OK);
	ff_output_abort(&o);
	assert_null(o);
	ff_output_abort(&none);
	expect_content(path, "old");
	assert_int_equal(count_files(), 1);

	/* as a signal handler would */
	assert_int_equal(ff_output_open(&o, path, &err), FF_OK);
	assert_int_equal(ff_output_open(&other, in_folder(path2, "b"), &err), FF_OK);
	assert_int_equal(count_files(), 3);
	ff_output_abort_all();
	assert_int_equal(count_files(), 1);
	ff_output_abort(&o);
	assert_int_equal(ff_output_commit(&other, &err), FF_EIO);
	assert_null(other);
	assert_int_equal(count_files(), 1);
	expect_content(path, "old");
	remove(path);
}

static void test_link(void **state)
{
	struct ff_err err;
	struct stat st;
	char path[PATH], name[PATH];

	(void)state;
	in_folder(path, "real");
	in_folder(name, "link");
	assert_int_equal(symlink("real", name), 0);
	assert_int_equal(ff_output_whole(name, "1", 1, &err),
			 FF_OK); /* dangling until now */
	assert_int_equal(ff_output_whole(name, "22", 2, &err), FF_OK);
	expect_content(path, "22");
	assert_int_equal(lstat(name, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	remove(path);
	remove(name);
	assert_int_equal(symlink("link", name), 0); /* leads to itself */
	assert_int_equal(ff_output_whole(name, "1", 1, &err), FF_EIO);
	remove(name);
}

static void test_in_place(void **state)
{
	char path[PATH], got[8] = "";
	struct ff_err err;
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(ff_output_whole("/dev/null", "x", 1, &err), FF_OK);
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(mkfifo(in_folder(path, "pipe"), 0600), 0);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(ff_output_whole(path, "abc", 3, &err), FF_OK);
	assert_int_equal(read(fd, got, sizeof(got)), 3);
	assert_string_equal(got, "abc");
	assert_int_equal(count_files(), 1);
	close(fd);
	remove(path);
}

static void test_failures(void **state)
{
	struct ff_output *o;
	struct ff_err err, again;
	char path[5000];
	char big[4096];

	(void)state;
	memset(big, 'x', sizeof(big));
	assert_int_equal(ff_output_open(&o, in_folder(path, "none/a"), &err), FF_EIO);
	assert_non_null(strstr(err.text, "cannot write '"));
	assert_int_equal(ff_output_open(&o, folder, &err), FF_EIO);
	assert_int_equal(ff_output_open(&o, "", &err), FF_EIO);
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	assert_int_equal(ff_output_open(&o, path, &err), FF_EIO);

	/* a full disk: the first failure stays */
	assert_int_equal(ff_output_open(&o, "/dev/full", &err), FF_OK);
	for (int i = 0; i < 200; i++)
		ff_output_write(o, big, sizeof(big), &err);
	assert_int_equal(ff_output_write(o, big, 1, &err), FF_EIO);
	assert_string_equal(err.text,
			    "cannot write '/dev/full': No space left on device");
	assert_int_equal(ff_output_commit(&o, &again), FF_EIO);
	assert_string_equal(again.text, err.text);
	assert_null(o);
	assert_int_equal(ff_output_whole("/dev/full", "x", 1, &err), FF_EIO);
	assert_int_equal(count_files(), 0);
}

/* A long base name still gets a temporary file. */
static void test_long_name(void **state)
{
	char path[PATH], name[256];
	struct ff_err err;

	(void)state;
	memset(name, 'n', 255);
	name[255] = 0;
	assert_int_equal(ff_output_whole(in_folder(path, name), "x", 1, &err), FF_OK);
	expect_content(path, "x");
	remove(path);
}

static void test_many(void **state)
{
	struct ff_output *o[40] = {NULL};
	char path[PATH], name[16];
	struct ff_err err;
	int status = FF_OK, n;

	(void)state;
	for (n = 0; n < 40 && status == FF_OK; n++) {
		snprintf(name, sizeof(name), "%d", n);
		status = ff_output_open(&o[n], in_folder(path, name), &err);
	}
	assert_int_equal(status, FF_ELIMIT);
	for (n = 0; n < 40; n++)
		ff_output_abort(&o[n]);
	assert_int_equal(count_files(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commit),	 cmocka_unit_test(test_abort),
		cmocka_unit_test(test_link),	 cmocka_unit_test(test_in_place),
		cmocka_unit_test(test_failures), cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
