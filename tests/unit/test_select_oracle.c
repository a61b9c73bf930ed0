/* SPDX-License-Identifier: MIT */
/* The counts of rwfilter itself: every command line of the oracle that flowfig has the
 * switches for must read, pass and fail as many records as SiLK did, or be refused where
 * SiLK refused. */
#include "select_help.h"

#include <flowfig/input.h>

/* Switches that flowfig does not have; their rows are counted, not run. */
static const char *const absent_switches[] = {
	"--tuple-file",
	"--max-pass-records",
};
enum { ORACLE_ABSENT_ROWS = 5, ORACLE_ROWS = 171 };

/* The same records as SiLK stored them and as rwcut printed them. */
static const struct alias {
	const char *name, *file, *text;
} aliases[] = {
	{"v4", "full/v4-generic-little-none.rw", "oracle/full-v4.cut.txt.gz"},
	{"v4r", "full/v4-ipv6routing-little-zlib.rw", "oracle/full-v4.cut.txt.gz"},
	{"v6", "full/v6-ipv6routing-big-none.rw", "oracle/full-v6.cut.txt.gz"},
	{"mix", "full/mixed-ipv6routing-little-zlib.rw", "oracle/full-mixed.cut.txt.gz"},
};

static struct ff_site *load_site(void)
{
	struct ff_site *site = NULL;
	struct ff_err err = {0};
	char path[256], text[4096];
	FILE *f = fopen(help_shared(path, "silk.conf"), "rb");
	size_t len;

	assert_non_null(f);
	len = fread(text, 1, sizeof(text), f);
	fclose(f);
	if (ff_site_parse(&site, path, text, len, &err) != FF_OK)
		fail_msg("%s", err.text);
	return site;
}

/* The line with "set=sets/x" made "set=<shared>/sets/x". */
static void expand_paths(char *out, size_t cap, const char *line)
{
	char dir[256];
	size_t used = 0;

	help_shared(dir, "sets");
	for (; *line && used + 1 < cap; line++) {
		if (strncmp(line, "=sets/", 6) == 0) {
			used += (size_t)snprintf(out + used, cap - used, "=%s/", dir);
			line += 5;
		} else {
			out[used++] = *line;
		}
	}
	out[used] = 0;
}

static void count_flows(struct ff_select_counts *counts, const struct ff_select *s,
			const char *file, struct ff_site *site, const char *line)
{
	struct ff_input_opts opts = {.site = site, .want = ff_select_needs(s)};
	struct ff_source *source = NULL;
	struct ff_lane lane = {0};
	struct ff_batch batch;
	struct ff_err err = {0};
	char path[256];
	int n;

	assert_int_equal(ff_batch_init(&batch, FF_BATCH_FLOWS, NULL), FF_OK);
	if (ff_source_open(&source, help_shared(path, file), &opts, &err) != FF_OK)
		fail_msg("%s", err.text);
	while ((n = ff_source_next(source, &lane, &batch, &err)) > 0)
		if (ff_select_apply(s, &batch, counts, &err) != FF_OK)
			fail_msg("%s: %s", line, err.text);
	if (n < 0)
		fail_msg("%s", err.text);
	ff_lane_release(&lane);
	ff_source_close(source);
	ff_batch_release(&batch);
}

static void check_row(char *row, struct ff_site *site, const struct ff_geo *geo,
		      bool text)
{
	const char *file = NULL;
	struct ff_select_counts counts = {0};
	struct ff_select *s = NULL;
	struct ff_err err = {0};
	char *alias = row, *line, *rest, full[1024];
	unsigned long read, pass, fail;

	line = strchr(row, '\t');
	assert_non_null(line);
	*line++ = 0;
	rest = strchr(line, '\t');
	assert_non_null(rest);
	*rest++ = 0;
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcmp(alias, aliases[i].name) == 0)
			file = text ? aliases[i].text : aliases[i].file;
	assert_non_null(file);
	expand_paths(full, sizeof(full), line);
	if (strncmp(rest, "ERR", 3) == 0) {
		if (help_select_geo(&s, full, site, geo, &err) != FF_EUSAGE)
			fail_msg("%s: was not refused: %s", line, err.text);
		return;
	}
	if (help_select_geo(&s, full, site, geo, &err) != FF_OK)
		fail_msg("%s: %s", line, err.text);
	count_flows(&counts, s, file, site, line);
	ff_select_free(s);
	assert_int_equal(sscanf(rest, "%lu %lu %lu", &read, &pass, &fail), 3);
	if (counts.read != read || counts.passed != pass || read - pass != fail)
		fail_msg("%s %s: read %lu passed %lu, not %lu and %lu", alias, line,
			 (unsigned long)counts.read, (unsigned long)counts.passed, read,
			 pass);
}

static bool is_absent(const char *row)
{
	for (size_t i = 0; i < sizeof(absent_switches) / sizeof(absent_switches[0]); i++)
		if (strstr(row, absent_switches[i]))
			return true;
	return false;
}

static void check_all(bool text)
{
	char path[256], row[1024];
	struct ff_site *site = load_site();
	unsigned rows = 0, absent = 0;
	struct ff_geo *geo;
	FILE *f = fopen(help_shared(path, "oracle/filter-queries.tsv"), "r");

	assert_non_null(f);
	assert_non_null(fgets(row, sizeof(row), f)); /* the title */
	assert_int_equal(ff_geo_new(&geo, NULL), FF_OK);
	assert_int_equal(ff_geo_add(geo, help_shared(path, "pmap/cc-v4.pmap"), NULL),
			 FF_OK);
	for (; fgets(row, sizeof(row), f); rows++) {
		if (is_absent(row))
			absent++;
		else
			check_row(row, site, geo, text);
	}
	fclose(f);
	ff_geo_free(geo);
	ff_site_free(site);
	assert_int_equal(rows, ORACLE_ROWS);
	assert_int_equal(absent, ORACLE_ABSENT_ROWS);
}

static void test_silk(void **state)
{
	(void)state;
	check_all(false);
}

static void test_text(void **state)
{
	(void)state;
	check_all(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silk),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
