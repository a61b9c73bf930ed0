/* SPDX-License-Identifier: MIT */
/* table: columns, the four writers, JSON strings */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include <flowfig/table.h>

static const struct ff_column columns[] = {
	{"bin_start", "", "start of the bin", FF_COL_TIME, {NULL}},
	{"sources", "", "how many \"strangers\"", FF_COL_U64, {NULL}},
	{"width", "ms", "a width", FF_COL_DOUBLE, {NULL}},
	{"host", "", "an address", FF_COL_ADDR, {NULL}},
	{"note", "", "free words", FF_COL_TEXT, {NULL}},
};

static void table_make(struct ff_table *t)
{
	static const char *const notes[] = {"plain", "a, \"b\"\n", NULL,
					    " x|y_z & 5% #1 "};
	static const double widths[] = {0.5, NAN, INFINITY, -1.0 / 3};
	size_t i;

	assert_int_equal(ff_table_init(t, "demo", columns, 5, NULL), FF_OK);
	assert_int_equal(ff_table_reserve(t, 4, NULL), FF_OK);
	for (i = 0; i < 4; i++) {
		t->columns[0].v.time[i] =
			i == 1 ? INT64_MIN : 1143849600 * FF_SEC + (int64_t)i * FF_MS;
		t->columns[1].v.u64[i] = i == 3 ? UINT64_MAX : i;
		t->columns[2].v.number[i] = widths[i];
		t->columns[3].v.addr[i] = ff_addr_from_v4((uint32_t)i);
		t->columns[4].v.text[i] = notes[i] ? ff_strdup(notes[i]) : NULL;
	}
	t->columns[3].v.addr[2].b[0] = 0x20;
	t->rows = 4;
}

static void table_expect(enum ff_table_format format, const char *want)
{
	struct ff_buf b = FF_BUF_INIT;
	struct ff_table t;

	table_make(&t);
	ff_table_write(&b, &t, format);
	assert_false(b.failed);
	assert_string_equal(ff_buf_str(&b), want);
	ff_buf_release(&b);
	ff_table_release(&t);
}

static void test_csv(void **state)
{
	(void)state;
	table_expect(FF_TABLE_CSV, "bin_start,sources,width,host,note\n"
				   "2006-04-01T00:00:00Z,0,0.5,0.0.0.0,plain\n"
				   ",1,,0.0.0.1,\"a, \"\"b\"\"\n\"\n"
				   "2006-04-01T00:00:00.002Z,2,inf,2000::ffff:0:2,\n"
				   "2006-04-01T00:00:00.003Z,18446744073709551615,-0."
				   "3333333333333333,0.0.0.3,"
				   "\" x|y_z & 5% #1 \"\n");
}

/* Narrow columns are written as the wide ones that hold the same. */
static void test_narrow(void **state)
{
	static const struct ff_column wide[] = {{"port", "", "", FF_COL_U64, {NULL}},
						{"protocol", "", "", FF_COL_U64, {NULL}},
						{"host", "", "", FF_COL_ADDR, {NULL}}};
	static const struct ff_column narrow[] = {{"port", "", "", FF_COL_U16, {NULL}},
						  {"protocol", "", "", FF_COL_U8, {NULL}},
						  {"host", "", "", FF_COL_V4, {NULL}}};
	static const uint32_t values[] = {0, 1, 255, 65535, UINT32_MAX};
	struct ff_table t[2];

	(void)state;
	assert_int_equal(ff_table_init(&t[0], "t", wide, 3, NULL), FF_OK);
	assert_int_equal(ff_table_init(&t[1], "t", narrow, 3, NULL), FF_OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(ff_table_reserve(&t[i], 5, NULL), FF_OK);
	for (size_t i = 0; i < 5; i++) {
		t[0].columns[0].v.u64[i] = (uint16_t)values[i];
		t[0].columns[1].v.u64[i] = (uint8_t)values[i];
		t[0].columns[2].v.addr[i] = ff_addr_from_v4(values[i]);
		t[1].columns[0].v.u16[i] = (uint16_t)values[i];
		t[1].columns[1].v.u8[i] = (uint8_t)values[i];
		t[1].columns[2].v.v4[i] = values[i];
		t[0].rows = t[1].rows = i + 1;
		for (size_t c = 0; c < 2; c++)
			assert_true(ff_column_u64(&t[0].columns[c], i) ==
				    ff_column_u64(&t[1].columns[c], i));
		struct ff_addr a = ff_column_addr(&t[0].columns[2], i),
			       b = ff_column_addr(&t[1].columns[2], i);
		assert_int_equal(ff_addr_cmp(&a, &b), 0);
	}
	for (int format = FF_TABLE_CSV; format <= FF_TABLE_TEX; format++) {
		struct ff_buf b[2] = {FF_BUF_INIT, FF_BUF_INIT};
		for (int i = 0; i < 2; i++)
			ff_table_write(&b[i], &t[i], (enum ff_table_format)format);
		assert_string_equal(ff_buf_str(&b[0]), ff_buf_str(&b[1]));
		ff_buf_release(&b[0]);
		ff_buf_release(&b[1]);
	}
	ff_table_release(&t[0]);
	ff_table_release(&t[1]);
}

static void test_json(void **state)
{
	(void)state;
	table_expect(
		FF_TABLE_JSON,
		"{\"table\": \"demo\",\n"
		" \"columns\": [\n"
		"  {\"name\": \"bin_start\", \"unit\": \"\", \"meaning\": \"start of the "
		"bin\", "
		"\"type\": \"time\"},\n"
		"  {\"name\": \"sources\", \"unit\": \"\", \"meaning\": \"how many "
		"\\\"strangers\\\"\", \"type\": \"integer\"},\n"
		"  {\"name\": \"width\", \"unit\": \"ms\", \"meaning\": \"a width\", "
		"\"type\": "
		"\"number\"},\n"
		"  {\"name\": \"host\", \"unit\": \"\", \"meaning\": \"an address\", "
		"\"type\": "
		"\"address\"},\n"
		"  {\"name\": \"note\", \"unit\": \"\", \"meaning\": \"free words\", "
		"\"type\": "
		"\"text\"}],\n"
		" \"rows\": [\n"
		"  [\"2006-04-01T00:00:00Z\", 0, 0.5, \"0.0.0.0\", \"plain\"],\n"
		"  [null, 1, null, \"0.0.0.1\", \"a, \\\"b\\\"\\n\"],\n"
		"  [\"2006-04-01T00:00:00.002Z\", 2, null, \"2000::ffff:0:2\", \"\"],\n"
		"  [\"2006-04-01T00:00:00.003Z\", 18446744073709551615, "
		"-0.3333333333333333, "
		"\"0.0.0.3\", \" x|y_z & 5% #1 \"]]}\n");
}

static void test_markdown(void **state)
{
	(void)state;
	table_expect(FF_TABLE_MD,
		     "| bin_start | sources | width (ms) | host | note |\n"
		     "| --- | ---: | ---: | --- | --- |\n"
		     "| 2006-04-01T00:00:00Z | 0 | 0.5 | 0.0.0.0 | plain |\n"
		     "|  | 1 |  | 0.0.0.1 | a, \"b\"  |\n"
		     "| 2006-04-01T00:00:00.002Z | 2 | inf | 2000::ffff:0:2 |  |\n"
		     "| 2006-04-01T00:00:00.003Z | 18446744073709551615 | "
		     "-0.3333333333333333 | "
		     "0.0.0.3 |  x\\|y_z \\& 5% #1  |\n");
}

static void test_latex(void **state)
{
	(void)state;
	table_expect(
		FF_TABLE_TEX,
		"% \\usepackage{booktabs}\n"
		"\\begin{tabular}{lrrll}\n"
		"\\toprule\n"
		"bin\\_start & sources & width (ms) & host & note \\\\\n"
		"\\midrule\n"
		"2006-04-01T00:00:00Z & 0 & 0.5 & 0.0.0.0 & plain \\\\\n"
		" & 1 &  & 0.0.0.1 & a, \"b\"  \\\\\n"
		"2006-04-01T00:00:00.002Z & 2 & inf & 2000::ffff:0:2 &  \\\\\n"
		"2006-04-01T00:00:00.003Z & 18446744073709551615 & -0.3333333333333333 & "
		"0.0.0.3 &  x|y\\_z \\& 5\\% \\#1  \\\\\n"
		"\\bottomrule\n"
		"\\end{tabular}\n");
}

/* One text column with awkward words, as each format writes the cell. */
static void test_words(void **state)
{
	static const struct ff_column one[] = {{"word", "", "", FF_COL_TEXT, {NULL}}};
	static const struct {
		const char *word, *csv, *md, *tex;
	} rows[] = {
		{"", "\"\"", "", ""},
		{"a b", "a b", "a b", "a b"},
		{"a;b", "a;b", "a;b", "a;b"},
		{"\"", "\"\"\"\"", "\"", "\""},
		{"a\r", "\"a\r\"", "a ", "a "},
		{"--", "--", "--", "-{}-"},
		{"_a_", "_a_", "\\_a\\_", "\\_a\\_"},
		{"a_", "a_", "a\\_", "a\\_"},
		{"[x]", "[x]", "\\[x\\]", "{[}x]"},
		{"*", "*", "\\*", "{*}"},
		{"\\~^", "\\~^", "\\\\\\~^",
		 "\\textbackslash{}\\textasciitilde{}\\textasciicircum{}"},
		{"<>${}", "<>${}", "\\<\\>\\${}", "\\textless{}\\textgreater{}\\$\\{\\}"},
		{"\xc3\xa9", "\xc3\xa9", "\xc3\xa9", "\xc3\xa9"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_buf b = FF_BUF_INIT, want = FF_BUF_INIT;
		struct ff_table t;

		assert_int_equal(ff_table_init(&t, "words", one, 1, NULL), FF_OK);
		assert_int_equal(ff_table_reserve(&t, 1, NULL), FF_OK);
		t.columns[0].v.text[0] = ff_strdup(rows[i].word);
		t.rows = 1;
		ff_buf_addf(&want, "word\n%s\n", rows[i].csv);
		ff_table_write(&b, &t, FF_TABLE_CSV);
		assert_string_equal(ff_buf_str(&b), ff_buf_str(&want));
		ff_buf_clear(&b);
		ff_buf_clear(&want);
		ff_buf_addf(&want, "| word |\n| --- |\n| %s |\n", rows[i].md);
		ff_table_write(&b, &t, FF_TABLE_MD);
		assert_string_equal(ff_buf_str(&b), ff_buf_str(&want));
		ff_buf_clear(&b);
		ff_buf_clear(&want);
		ff_buf_addf(&want, "\\midrule\n%s \\\\\n\\bottomrule", rows[i].tex);
		ff_table_write(&b, &t, FF_TABLE_TEX);
		assert_non_null(strstr(ff_buf_str(&b), ff_buf_str(&want)));
		ff_buf_release(&b);
		ff_buf_release(&want);
		ff_table_release(&t);
	}
}

static void test_empty_table(void **state)
{
	struct ff_buf b = FF_BUF_INIT;
	struct ff_table t;

	(void)state;
	assert_int_equal(ff_table_init(&t, "demo", columns, 5, NULL), FF_OK);
	ff_table_write(&b, &t, FF_TABLE_CSV);
	assert_string_equal(ff_buf_str(&b), "bin_start,sources,width,host,note\n");
	ff_buf_clear(&b);
	ff_table_write(&b, &t, FF_TABLE_JSON);
	assert_non_null(strstr(ff_buf_str(&b), "\"rows\": []}\n"));
	ff_buf_release(&b);
	ff_table_release(&t);
}

static void test_columns(void **state)
{
	struct ff_err err;
	struct ff_table t;

	(void)state;
	table_make(&t);
	assert_string_equal(ff_table_column(&t, "host")->meaning, "an address");
	assert_null(ff_table_column(&t, "hos"));
	assert_int_equal(ff_table_reserve(&t, 100, &err), FF_OK);
	assert_true(t.cap >= 100);
	assert_true(t.columns[1].v.u64[3] == UINT64_MAX);
	assert_string_equal(t.columns[4].v.text[0], "plain");
	assert_null(t.columns[4].v.text[99]);
	assert_int_equal(ff_table_reserve(&t, SIZE_MAX / 8, &err), FF_ENOMEM);
	assert_true(t.columns[1].v.u64[3] == UINT64_MAX);
	ff_table_release(&t);
	assert_null(t.columns);
}

static void test_format_of(void **state)
{
	(void)state;
	assert_int_equal(ff_table_format_of("a/b.csv"), FF_TABLE_CSV);
	assert_int_equal(ff_table_format_of("b.c.json"), FF_TABLE_JSON);
	assert_int_equal(ff_table_format_of("x.md"), FF_TABLE_MD);
	assert_int_equal(ff_table_format_of("x.tex"), FF_TABLE_TEX);
	assert_int_equal(ff_table_format_of(".csv"), -1);
	assert_int_equal(ff_table_format_of("csv"), -1);
	assert_int_equal(ff_table_format_of("x.png"), -1);
	assert_int_equal(ff_table_format_of(""), -1);
}

static void test_json_string(void **state)
{
	static const struct {
		const char *text, *json;
	} rows[] = {
		{"", "\"\""},
		{"a\"b\\c/", "\"a\\\"b\\\\c/\""},
		{"\b\f\n\r\t\x01\x1f\x7f", "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\""},
		{"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7",
		 "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7\""},
		{"x\xff"
		 "y",
		 "\"x\xef\xbf\xbdy\""},
		{"\xc3", "\"\xef\xbf\xbd\""},
		{"\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
		{"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""}, /* long form of '/' */
		{"\xed\xa0\x80",
		 "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* surrogate */
		{"\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\""},
		{"\xf4\x90\x80\x80",
		 "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_buf b = FF_BUF_INIT;

		ff_json_string(&b, rows[i].text);
		assert_string_equal(ff_buf_str(&b), rows[i].json);
		ff_buf_release(&b);
	}
}

/* Each allocation in turn fails, in the table and in every writer. */
static void test_without_memory(void **state)
{
	struct ff_table whole;
	uint64_t n;
	int format;

	(void)state;
	ff_alloc_fail_after(0);
	ff_free(ff_alloc(1, 1));
	if (ff_alloc_fail_after(0) == 0)
		skip();
	table_make(&whole);
	for (n = 1; n < 10; n++) {
		struct ff_err err = {FF_OK, ""};
		struct ff_table t;
		int status;

		ff_alloc_fail_after(n);
		status = ff_table_init(&t, "demo", columns, 5, &err);
		if (status == FF_OK)
			status = ff_table_reserve(&t, 10, &err);
		ff_alloc_fail_after(0);
		assert_int_equal(status, n <= 6 ? FF_ENOMEM : FF_OK);
		assert_int_equal(err.status, status);
		ff_table_release(&t);
		for (format = FF_TABLE_CSV; format <= FF_TABLE_TEX; format++) {
			struct ff_buf b = FF_BUF_INIT;

			ff_alloc_fail_after(n);
			ff_table_write(&b, &whole, (enum ff_table_format)format);
			ff_alloc_fail_after(0);
			assert_true(b.failed || strlen(ff_buf_str(&b)) > 100);
			assert_int_equal(strlen(ff_buf_str(&b)), b.len);
			ff_buf_release(&b);
		}
	}
	ff_table_release(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_latex),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_empty_table),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_format_of),
		cmocka_unit_test(test_json_string),
		cmocka_unit_test(test_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
