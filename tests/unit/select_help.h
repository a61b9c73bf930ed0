/* SPDX-License-Identifier: MIT */
/* select_help - what the tests of select share: selections from a line of switches,
 * flows, random numbers, scratch files, the folder of shared data. */
#ifndef FF_TEST_SELECT_HELP_H
#define FF_TEST_SELECT_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include <flowfig/flow.h>
#include <flowfig/select.h>

/* Gives every switch of "--a=b --c=d" to a new selection. */
static inline int help_give(struct ff_select **out, const char *line, struct ff_err *err)
{
	struct ff_select *s = NULL;
	char copy[1024], *at = copy;
	int status = ff_select_new(&s, err);

	assert_int_equal(status, FF_OK);
	snprintf(copy, sizeof(copy), "%s", line);
	while (status == FF_OK && *at) {
		char *end = strchr(at, ' '), *equals;

		if (end)
			*end = 0;
		equals = strchr(at, '=');
		assert_true(strncmp(at, "--", 2) == 0 && equals != NULL);
		*equals = 0;
		status = ff_select_set(s, at + 2, equals + 1, err);
		if (!end)
			break;
		at = end + 1;
	}
	if (status != FF_OK) {
		ff_select_free(s);
		s = NULL;
	}
	*out = s;
	return status;
}

/* The same, finished; geo may be NULL. */
static inline int help_select_geo(struct ff_select **out, const char *line,
				  const struct ff_site *site, const struct ff_geo *geo,
				  struct ff_err *err)
{
	int status = help_give(out, line, err);

	if (status == FF_OK)
		ff_select_use_geo(*out, geo);
	if (status == FF_OK)
		status = ff_select_finish(*out, site, err);
	if (status != FF_OK) {
		ff_select_free(*out);
		*out = NULL;
	}
	return status;
}

static inline int help_select(struct ff_select **out, const char *line,
			      const struct ff_site *site, struct ff_err *err)
{
	return help_select_geo(out, line, site, NULL, err);
}

static inline struct ff_addr help_addr(const char *text)
{
	struct ff_addr a;

	assert_true(ff_parse_addr(&a, text, strlen(text)));
	return a;
}

static inline uint64_t help_random(uint64_t *state)
{
	*state += UINT64_C(0x9e3779b97f4a7c15);
	return ff_mix64(*state);
}

static inline uint64_t help_below(uint64_t *state, uint64_t n)
{
	return help_random(state) % n;
}

/* A path in the scratch folder; `buf` holds 256 bytes. */
static inline const char *help_scratch(char *buf, const char *name)
{
	const char *dir = getenv("FF_TMP");

	snprintf(buf, 256, "%s/%s", dir ? dir : "out", name);
	return buf;
}

static inline void help_write(const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* A path below the shared data, or skips the test. */
static inline const char *help_shared(char *buf, const char *name)
{
	const char *dir = getenv("FF_SHARED");
	struct stat st;

	snprintf(buf, 256, "%s/data/silk/%s", dir ? dir : "../shared", name);
	if (stat(buf, &st) != 0)
		skip();
	return buf;
}

static inline void help_has(const struct ff_err *err, const char *part, const char *what)
{
	if (!strstr(err->text, part))
		fail_msg("%s: got '%s', which lacks '%s'", what, err->text, part);
}

#endif
