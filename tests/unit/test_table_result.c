/* SPDX-License-Identifier: MIT */
/* table/result: findings in one order, attributes, the findings as JSON */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <flowfig/table.h>

/* A finding as the rows below name it. */
struct row {
	double weight;
	const char *kind;
	int64_t from_ns;
	uint64_t low, high;
	const char *sentence;
};

static const struct row ordered[] = {
	{9, "ridge", 5, 0, 0, "heaviest first"},
	{2, "band", 7, 1, 0, "then by kind"},
	{2, "peak", INT64_MIN, 3, 0, "then by time"},
	{2, "peak", -4, 2, 0, "before 1970"},
	{2, "peak", 4, 1, 8, "then by n"},
	{2, "peak", 4, 2, 8, "a same place"},
	{2, "peak", 4, 2, 8, "b same place"},
	{2, "peak", 4, 2, 9, "a higher end"},
	{-INFINITY, "peak", 0, 0, 0, "light"},
	{NAN, "peak", 0, 0, 0, "without a weight"},
	{NAN, "ridge", 0, 0, 0, "without a weight"},
};
enum { ORDERED = sizeof(ordered) / sizeof(ordered[0]) };

static void result_add(struct ff_result *r, const struct row *row)
{
	struct ff_finding *f;

	assert_int_equal(ff_result_add_finding(r, &f, NULL), FF_OK);
	f->kind = row->kind;
	f->weight = row->weight;
	f->from_ns = row->from_ns;
	f->low = row->low;
	f->high = row->high;
	f->sentence = ff_strdup(row->sentence);
}

/* Whatever the order they were found in. */
static void test_sort_findings(void **state)
{
	uint64_t round, x;
	int i, at[ORDERED];

	(void)state;
	for (round = 0; round < 50; round++) {
		struct ff_result r = {0};

		for (i = 0; i < ORDERED; i++)
			at[i] = i;
		for (i = ORDERED - 1; i > 0; i--) {
			int j, swap = at[i];

			x = ff_mix64(round * 100 + (uint64_t)i);
			j = (int)(x % (uint64_t)(i + 1));
			at[i] = at[j];
			at[j] = swap;
		}
		for (i = 0; i < ORDERED; i++)
			result_add(&r, &ordered[at[i]]);
		ff_result_sort_findings(&r);
		for (i = 0; i < ORDERED; i++) {
			assert_string_equal(r.findings[i].sentence, ordered[i].sentence);
			assert_string_equal(r.findings[i].kind, ordered[i].kind);
		}
		ff_result_release(&r);
	}
}

static void test_numbers(void **state)
{
	struct ff_result r = {0};
	struct ff_finding *f;
	int i;

	(void)state;
	ff_result_sort_findings(&r);
	assert_int_equal(ff_result_add_finding(&r, &f, NULL), FF_OK);
	assert_true(f->from_ns == INT64_MIN && f->to_ns == INT64_MIN);
	assert_true(f->weight == 0 && !f->kind && !f->sentence && f->low == 0);
	assert_true(ff_finding_number(f, "slope", -9) == -9);
	for (i = 0; i < 12; i++)
		f->numbers[i].name = i == 11 ? "slope" : "other";
	f->numbers[11].value = -1.73;
	assert_true(ff_finding_number(f, "slope", 0) == -1.73);
	assert_true(ff_finding_number(f, "none", 4) == 4);
	ff_result_release(&r);
}

static void test_attributes(void **state)
{
	struct ff_result r = {0};

	(void)state;
	assert_true(ff_result_number(&r, "bin", -1) == -1);
	assert_string_equal(ff_result_text(&r, "inside"), "");
	assert_int_equal(ff_result_set_number(&r, "bin", 3600, NULL), FF_OK);
	assert_int_equal(ff_result_set_text(&r, "inside", "10.0.0.0/8", NULL), FF_OK);
	assert_true(ff_result_number(&r, "bin", -1) == 3600);
	assert_string_equal(ff_result_text(&r, "inside"), "10.0.0.0/8");
	/* of the other kind */
	assert_true(ff_result_number(&r, "inside", -1) == -1);
	assert_string_equal(ff_result_text(&r, "bin"), "");
	/* again, also from itself, also as another kind */
	assert_int_equal(
		ff_result_set_text(&r, "inside", ff_result_text(&r, "inside"), NULL),
		FF_OK);
	assert_string_equal(ff_result_text(&r, "inside"), "10.0.0.0/8");
	assert_int_equal(ff_result_set_number(&r, "inside", 5, NULL), FF_OK);
	assert_true(ff_result_number(&r, "inside", -1) == 5);
	assert_int_equal(r.nattrs, 2);
	ff_result_release(&r);
}

static void test_tables(void **state)
{
	static const struct ff_column column = {"n", "", "", FF_COL_U64, {NULL}};
	struct ff_result r = {0};

	(void)state;
	assert_null(ff_result_table(&r, "contact"));
	r.tables = ff_calloc(2, sizeof(*r.tables));
	assert_int_equal(ff_table_init(&r.tables[0], "contact", &column, 1, NULL), FF_OK);
	r.ntables = 1;
	assert_int_equal(ff_table_init(&r.tables[1], "bins", &column, 1, NULL), FF_OK);
	r.ntables = 2;
	assert_ptr_equal(ff_result_table(&r, "bins"), &r.tables[1]);
	assert_null(ff_result_table(&r, "none"));
	ff_result_release(&r);
	assert_int_equal(r.ntables, 0);
}

static void test_findings_json(void **state)
{
	struct ff_result r = {0};
	struct ff_buf b = FF_BUF_INIT;
	struct ff_finding *f;

	(void)state;
	ff_findings_write(&b, &r);
	assert_string_equal(ff_buf_str(&b), "{\"findings\": []}\n");
	ff_buf_clear(&b);
	assert_int_equal(ff_result_add_finding(&r, &f, NULL), FF_OK);
	f->kind = "band";
	f->sentence = ff_strdup("\"slow\" scan");
	f->selection = ff_strdup("--stime=2006/04/01-2006/04/02");
	f->from_ns = 1143849600 * FF_SEC;
	f->to_ns = f->from_ns + FF_DAY;
	f->low = 20;
	f->high = UINT64_MAX;
	f->numbers[0].name = "z";
	f->numbers[0].value = 4.25;
	f->numbers[1].name = "p";
	f->numbers[1].value = NAN;
	assert_int_equal(ff_result_add_finding(&r, &f, NULL), FF_OK);
	ff_findings_write(&b, &r);
	assert_string_equal(
		ff_buf_str(&b),
		"{\"findings\": [\n"
		" {\"kind\": \"band\",\n"
		"  \"sentence\": \"\\\"slow\\\" scan\",\n"
		"  \"selection\": \"--stime=2006/04/01-2006/04/02\",\n"
		"  \"from\": \"2006-04-01T00:00:00Z\", \"to\": \"2006-04-02T00:00:00Z\", "
		"\"low\": 20, \"high\": 18446744073709551615,\n"
		"  \"numbers\": {\"z\": 4.25, \"p\": null}},\n"
		" {\"kind\": \"\",\n"
		"  \"sentence\": \"\",\n"
		"  \"selection\": \"\",\n"
		"  \"from\": null, \"to\": null, \"low\": null, \"high\": null,\n"
		"  \"numbers\": {}}]}\n");
	ff_buf_release(&b);
	ff_result_release(&r);
}

static void test_without_memory(void **state)
{
	uint64_t n;

	(void)state;
	for (n = 1; n < 6; n++) {
		struct ff_result r = {0};
		struct ff_finding *f = NULL;
		int finding, number, text;

		ff_alloc_fail_after(n);
		finding = ff_result_add_finding(&r, &f, NULL);
		number = ff_result_set_number(&r, "a", 1, NULL);
		text = ff_result_set_text(&r, "b", "x", NULL);
		ff_alloc_fail_after(0);
		assert_true(finding == FF_OK ||
			    (finding == FF_ENOMEM && r.nfindings == 0 && !f));
		assert_true(ff_result_number(&r, "a", 0) == (number == FF_OK));
		assert_string_equal(ff_result_text(&r, "b"), text == FF_OK ? "x" : "");
		ff_result_release(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sort_findings),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_findings_json),
		cmocka_unit_test(test_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
