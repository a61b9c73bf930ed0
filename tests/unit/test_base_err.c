/* SPDX-License-Identifier: MIT */
/* base/err, base/buf, base/alloc: messages that are cut, buffers that run out */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <flowfig/base.h>

static void test_fail_text(void **state)
{
	struct ff_err err = {FF_OK, "old"};

	(void)state;
	assert_int_equal(ff_fail(&err, FF_EFORMAT, "bad length %d in '%s'", 7, "a.rw"),
			 FF_EFORMAT);
	assert_int_equal(err.status, FF_EFORMAT);
	assert_string_equal(err.text, "bad length 7 in 'a.rw'");
	assert_int_equal(ff_fail(NULL, FF_EIO, "%s", "nobody listens"), FF_EIO);
	/* the old message may be part of the new one */
	ff_fail(&err, FF_EIO, "'x': %s", err.text);
	assert_string_equal(err.text, "'x': bad length 7 in 'a.rw'");
	assert_int_equal(ff_fail_nomem(&err), FF_ENOMEM);
	assert_int_equal(err.status, FF_ENOMEM);
	assert_string_equal(err.text, "out of memory");
}

/* 239 bytes fit; a sequence that does not fit whole goes. */
static void test_fail_cuts_whole_characters(void **state)
{
	static const struct {
		const char *character;
		size_t len;
	} rows[] = {
		{"x", 1}, {"\xc3\xa9", 2}, {"\xe2\x82\xac", 3}, {"\xf0\x9f\x90\xa7", 4}};
	size_t r, pad, i;

	(void)state;
	for (r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
		for (pad = 0; pad < 5; pad++) {
			struct ff_err err;
			char text[500] = "";
			size_t want = pad + (239 - pad) / rows[r].len * rows[r].len;

			for (i = 0; i < pad; i++)
				strcat(text, "-");
			for (i = 0; i < 100 || strlen(text) < 300; i++)
				strcat(text, rows[r].character);
			ff_fail(&err, FF_EIO, "%s", text);
			assert_int_equal(strlen(err.text), want);
			assert_memory_equal(err.text, text, want);
		}
	}
}

static void test_fail_errno(void **state)
{
	struct ff_err err;
	char path[400];

	(void)state;
	assert_int_equal(ff_fail_errno(&err, ENOENT, "cannot open '%s'", "a.rw"), FF_EIO);
	assert_string_equal(err.text, "cannot open 'a.rw': No such file or directory");
	assert_int_equal(ff_fail_errno(&err, ENOMEM, "x"), FF_ENOMEM);
	assert_int_equal(err.status, FF_ENOMEM);
	assert_int_equal(ff_fail_errno(&err, EINTR, "x"), FF_EINTR);
	assert_int_equal(ff_fail_errno(NULL, EACCES, "x"), FF_EIO);
	/* the reason stays, however long the name */
	memset(path, 'p', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	ff_fail_errno(&err, ENOSPC, "cannot write '%s'", path);
	assert_int_equal(strlen(err.text), 239);
	assert_string_equal(err.text + 239 - 25, ": No space left on device");
}

static void test_alloc_overflow(void **state)
{
	char *p, *again;

	(void)state;
	assert_null(ff_alloc(SIZE_MAX / 2, 3));
	assert_null(ff_calloc(SIZE_MAX, 2));
	p = ff_alloc(0, 8);
	assert_non_null(p);
	again = ff_realloc(p, SIZE_MAX / 4, 5);
	assert_null(again);
	again = ff_realloc(p, 0, 0);
	assert_non_null(again);
	ff_free(again);
	ff_free(NULL);
	p = ff_strndup("abcdef", 3);
	assert_string_equal(p, "abc");
	ff_free(p);
	p = ff_strndup("ab", 30);
	assert_string_equal(p, "ab");
	ff_free(p);
}

static void test_grow(void **state)
{
	uint32_t *items = NULL;
	size_t cap = 0, before;
	struct ff_err err;

	(void)state;
	assert_int_equal(ff_grow(&items, &cap, 1, sizeof(*items), &err), FF_OK);
	assert_true(cap >= 1);
	items[0] = 42;
	before = cap;
	assert_int_equal(ff_grow(&items, &cap, before, sizeof(*items), &err), FF_OK);
	assert_int_equal(cap, before);
	assert_int_equal(ff_grow(&items, &cap, before + 1, sizeof(*items), &err), FF_OK);
	assert_int_equal(cap, 2 * before);
	assert_int_equal(items[0], 42);
	assert_int_equal(ff_grow(&items, &cap, SIZE_MAX, sizeof(*items), &err),
			 FF_ENOMEM);
	assert_int_equal(cap, 2 * before);
	assert_int_equal(items[0], 42);
	ff_free(items);
}

static void test_buf(void **state)
{
	struct ff_buf b = FF_BUF_INIT;
	char line[300];
	int i;

	(void)state;
	assert_string_equal(ff_buf_str(&b), "");
	ff_buf_add(&b, NULL, 0);
	assert_string_equal(ff_buf_str(&b), "");
	ff_buf_adds(&b, "ab");
	ff_buf_addc(&b, 'c');
	ff_buf_addf(&b, "-%d-%s", 7, "x");
	assert_string_equal(ff_buf_str(&b), "abc-7-x");
	ff_buf_clear(&b);
	assert_string_equal(ff_buf_str(&b), "");
	/* longer than any first guess of the formatter */
	memset(line, 'y', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	for (i = 0; i < 100; i++)
		ff_buf_addf(&b, "%s", line);
	assert_int_equal(b.len, 100 * 299);
	assert_int_equal(strlen(ff_buf_str(&b)), b.len);
	assert_false(b.failed);
	assert_int_equal(ff_buf_reserve(&b, SIZE_MAX - 4), FF_ENOMEM);
	assert_true(b.failed);
	ff_buf_adds(&b, "not added");
	assert_int_equal(b.len, 100 * 299);
	ff_buf_clear(&b);
	assert_false(b.failed);
	ff_buf_release(&b);
	assert_null(b.data);
}

/* Every allocation in turn fails: the buffer says so and its text has no holes. */
static void test_buf_without_memory(void **state)
{
	uint64_t n;

	(void)state;
	ff_alloc_fail_after(0);
	ff_free(ff_alloc(1, 1));
	if (ff_alloc_fail_after(0) == 0)
		skip();
	for (n = 1; n < 6; n++) {
		struct ff_buf b = FF_BUF_INIT;
		int i;

		ff_alloc_fail_after(n);
		for (i = 0; i < 100; i++)
			ff_buf_addf(&b, "%08d", i);
		ff_alloc_fail_after(0);
		assert_true(b.failed);
		assert_int_equal(strlen(ff_buf_str(&b)), b.len);
		assert_int_equal(b.len % 8, 0);
		for (i = 0; i < (int)b.len / 8; i++) {
			char want[16];

			snprintf(want, sizeof(want), "%08d", i);
			assert_memory_equal(b.data + 8 * i, want, 8);
		}
		ff_buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fail_text),
		cmocka_unit_test(test_fail_cuts_whole_characters),
		cmocka_unit_test(test_fail_errno),
		cmocka_unit_test(test_alloc_overflow),
		cmocka_unit_test(test_grow),
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_buf_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
