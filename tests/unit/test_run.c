/* SPDX-License-Identifier: MIT */
/* run: many files and threads, damaged records and their limit, missing fields,
 * interruption, states */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <flowfig/run.h>

enum { FILES = 5, LINES = 400 };

static char folder[256];
static struct ff_paths paths;
static struct ff_site *site;

static const char *path_of(char *buf, size_t cap, const char *name)
{
	snprintf(buf, cap, "%s/%s", folder, name);
	return buf;
}

static void write_text(const char *path, const char *head, int first, int lines, int bad)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(head, f);
	for (int i = first; i < first + lines; i++)
		fprintf(f, "%s%d.2.3.%d|10.0.0.%d|%d|2024/01/%02dT0%d:00:00.000|\n",
			i - first < bad ? "x" : "", 1 + i % 9, i % 200, i % 7, i % 50 + 1,
			1 + i % 3, i % 10);
	fclose(f);
}

static int setup(void **state)
{
	(void)state;
	const char *tmp = getenv("FF_TMP");
	const char *args[1];
	char path[300];
	snprintf(folder, sizeof folder, "%s/run-XXXXXX", tmp ? tmp : "out");
	if (!mkdtemp(folder) || ff_site_new(&site, NULL))
		return -1;
	for (int i = 0; i < FILES; i++) {
		char name[24];
		snprintf(name, sizeof name, "f%d.txt", i);
		write_text(path_of(path, sizeof path, name), "sIP|dIP|dPort|sTime|\n",
			   i * LINES, LINES, i == 3 ? 2 : 0);
	}
	args[0] = folder;
	return ff_paths_expand(&paths, args, 1, NULL, NULL, NULL);
}

static int teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < paths.count; i++)
		unlink(paths.items[i]);
	ff_paths_release(&paths);
	ff_site_free(site);
	return rmdir(folder);
}

struct outcome {
	int rc;
	struct ff_err err;
	struct ff_run_report report;
	char *csv; /* NULL after a failure */
};

static struct ff_select *selection(const char *name, const char *value)
{
	struct ff_select *s;
	assert_int_equal(ff_select_new(&s, NULL), FF_OK);
	assert_int_equal(ff_select_set(s, "inside", "10.0.0.0/24", NULL), FF_OK);
	if (name)
		assert_int_equal(ff_select_set(s, name, value, NULL), FF_OK);
	assert_int_equal(ff_select_finish(s, site, NULL), FF_OK);
	return s;
}

static void *default_params(void)
{
	void *p = calloc(1, ff_agg_contact.params_size);
	assert_int_equal(ff_opts_defaults(ff_agg_contact.opts, p, NULL), FF_OK);
	return p;
}

static struct outcome run(const struct ff_paths *p, struct ff_run_opts o,
			  const char *name, const char *value, const char *state_path)
{
	struct outcome out = {0};
	struct ff_select *s = selection(name, value);
	struct ff_agg_context ctx = {.memory_bytes = 1 << 26, .scratch_dir = folder};
	struct ff_result r = {0};
	struct ff_buf csv = FF_BUF_INIT;
	void *agg = NULL, *params = default_params();
	o.paths = p;
	o.select = s;
	o.input.site = site;
	ctx.inside = ff_select_inside(s, &ctx.ninside);
	out.rc = ff_run(&out.report, &agg, &ff_agg_contact, params, &ctx, &o, &out.err);
	if (out.rc == FF_OK && state_path)
		out.rc = ff_state_save(state_path, &ff_agg_contact, agg,
				       &out.report.origin, &out.err);
	if (out.rc == FF_OK &&
	    (out.rc = ff_agg_contact.finish(agg, NULL, &r, 2, &out.err)) == FF_OK) {
		ff_table_write(&csv, &r.tables[0], FF_TABLE_CSV);
		out.csv = (char *)csv.data;
	}
	ff_result_release(&r);
	ff_agg_contact.destroy(agg);
	ff_select_free(s);
	free(params);
	return out;
}

static void release(struct outcome *o)
{
	ff_run_report_release(&o->report);
	ff_free(o->csv);
}

static void threads_do_not_change_the_result(void **state)
{
	(void)state;
	struct ff_run_opts o = {.max_bad = 2, .threads = 1};
	struct outcome want = run(&paths, o, NULL, NULL, NULL);
	assert_int_equal(want.rc, FF_OK);
	assert_int_equal(want.report.origin.read, FILES * LINES - 2);
	assert_int_equal(want.report.bad, 2);
	assert_int_equal(want.report.origin.count, FILES);
	assert_int_equal(want.report.origin.sources[3].bad, 2);
	assert_non_null(strstr(want.report.first_bad.text, "f3.txt"));
	assert_non_null(strstr(want.report.first_bad.text, "line 2"));
	for (unsigned t = 2; t <= 6; t++) {
		o.threads = t;
		struct outcome got = run(&paths, o, NULL, NULL, NULL);
		assert_int_equal(got.rc, FF_OK);
		assert_string_equal(got.csv, want.csv);
		assert_string_equal(got.report.first_bad.text,
				    want.report.first_bad.text);
		assert_int_equal(got.report.origin.orient[FF_ORIENT_IN],
				 FILES * LINES - 2);
		for (int i = 0; i < FILES; i++)
			assert_true(got.report.origin.sources[i].digest ==
				    want.report.origin.sources[i].digest);
		release(&got);
	}
	release(&want);
}

static void too_much_damage_is_an_error(void **state)
{
	(void)state;
	struct outcome got = run(&paths, (struct ff_run_opts){.max_bad = 1, .threads = 2},
				 NULL, NULL, NULL);
	assert_int_equal(got.rc, FF_EFORMAT);
	if (!strstr(got.err.text, "2 of 2000"))
		fail_msg("%s", got.err.text);
	release(&got);
	got = run(&paths,
		  (struct ff_run_opts){.max_bad = UINT64_MAX, .max_bad_share = 0.001},
		  NULL, NULL, NULL);
	assert_int_equal(got.rc, FF_OK);
	release(&got);
	got = run(&paths,
		  (struct ff_run_opts){.max_bad = UINT64_MAX, .max_bad_share = 0.0009},
		  NULL, NULL, NULL);
	assert_int_equal(got.rc, FF_EFORMAT);
	release(&got);
}

static void a_missing_field_names_file_and_format(void **state)
{
	(void)state;
	struct ff_paths one = {.items = paths.items, .count = 1};
	struct outcome got =
		run(&one, (struct ff_run_opts){.max_bad = 9}, "packets", "1-", NULL);
	assert_int_equal(got.rc, FF_EABSENT);
	assert_non_null(strstr(got.err.text, "packets"));
	assert_non_null(strstr(got.err.text, "f0.txt"));
	assert_non_null(strstr(got.err.text, "rwcut"));
	release(&got);
}

static void interruption_stops_the_run(void **state)
{
	(void)state;
	atomic_bool stop = true;
	struct outcome got =
		run(&paths, (struct ff_run_opts){.max_bad = 9, .interrupted = &stop},
		    NULL, NULL, NULL);
	assert_int_equal(got.rc, FF_EINTR);
	release(&got);
}

static void states_and_files_mix(void **state)
{
	(void)state;
	char ffs[300];
	path_of(ffs, sizeof ffs, "part.ffs");
	struct ff_run_opts o = {.max_bad = 9, .threads = 3};
	struct ff_paths part = {.items = paths.items + 2, .count = FILES - 2};
	struct outcome all = run(&paths, o, NULL, NULL, NULL),
		       some = run(&part, o, NULL, NULL, ffs);
	assert_int_equal(some.rc, FF_OK);
	char *mixed_items[] = {paths.items[0], ffs, paths.items[1]};
	struct ff_paths mixed = {.items = mixed_items, .count = 3};
	struct outcome got = run(&mixed, o, NULL, NULL, NULL);
	assert_int_equal(got.rc, FF_OK);
	assert_string_equal(got.csv, all.csv);
	assert_int_equal(got.report.states, 1);
	assert_int_equal(got.report.origin.count, FILES);
	release(&got);
	/* a state of flows that were selected otherwise must not be mixed in */
	got = run(&mixed, o, "dport", "1-20", NULL);
	assert_int_equal(got.rc, FF_EFORMAT);
	assert_non_null(strstr(got.err.text, "part.ffs"));
	release(&got);
	release(&all);
	release(&some);
	unlink(ffs);
}

/* ---- flows in order ---- */

enum { MOST = 2 * FILES * LINES };
struct seen {
	uint16_t dports[MOST];
	size_t count, enough; /* 0 = never */
	int fail;	      /* returned once `enough` are there */
};

static int see(void *arg, const struct ff_batch *flows, struct ff_err *err)
{
	struct seen *s = arg;
	for (size_t i = 0; i < flows->count && s->count < MOST; i++)
		s->dports[s->count++] = flows->flows[i].dport;
	if (!s->enough || s->count < s->enough)
		return 0;
	return s->fail ? ff_fail(err, (enum ff_status)s->fail, "no more") : 1;
}

static int run_in_order(struct seen *seen, struct ff_run_report *report,
			const struct ff_paths *p, unsigned threads, const char *dports,
			struct ff_err *err)
{
	struct ff_select *s = selection(dports ? "dport" : NULL, dports);
	struct ff_run_opts o = {.paths = p,
				.select = s,
				.max_bad = 9,
				.threads = threads,
				.input = {.site = site, .want = FF_BIT(FF_DPORT)}};
	int rc = ff_run_flows(report, &o, see, seen, err);
	ff_select_free(s);
	return rc;
}

/* The files twice, each behind one that has titles alone. */
static void flows_come_in_order(void **state)
{
	(void)state;
	static const char *const dports[] = {NULL, "1-50", "7", "60000"};
	static struct seen want, got;
	char empty[300], *items[4 * FILES];
	write_text(path_of(empty, sizeof empty, "empty.txt"), "sIP|dIP|dPort|sTime|\n", 0,
		   0, 0);
	for (int i = 0; i < 2 * FILES; i++) {
		items[2 * i] = empty;
		items[2 * i + 1] = paths.items[i % FILES];
	}
	struct ff_paths many = {.items = items, .count = 4 * FILES};
	for (size_t k = 0; k < sizeof dports / sizeof *dports; k++) {
		struct ff_run_report report;
		want.count = 0;
		assert_int_equal(run_in_order(&want, &report, &many, 1, dports[k], NULL),
				 FF_OK);
		size_t flows = report.origin.passed;
		assert_int_equal(want.count, flows);
		ff_run_report_release(&report);
		for (unsigned t = 2; t <= 9; t++) {
			got.count = 0;
			assert_int_equal(
				run_in_order(&got, &report, &many, t, dports[k], NULL),
				FF_OK);
			assert_int_equal(report.origin.passed, flows);
			assert_int_equal(got.count, want.count);
			assert_memory_equal(got.dports, want.dports,
					    want.count * sizeof want.dports[0]);
			ff_run_report_release(&report);
		}
	}
	unlink(empty);
}

static void who_has_enough_ends_the_run(void **state)
{
	(void)state;
	for (unsigned t = 1; t <= 5; t++) {
		struct seen all = {0}, some = {.enough = 700},
			    failed = {.enough = 10, .fail = FF_EIO};
		struct ff_run_report report;
		struct ff_err err = {0};
		assert_int_equal(run_in_order(&all, &report, &paths, t, NULL, NULL),
				 FF_OK);
		ff_run_report_release(&report);
		assert_int_equal(run_in_order(&some, &report, &paths, t, NULL, NULL),
				 FF_OK);
		assert_true(some.count >= 700 && some.count <= 700 + FF_BATCH_FLOWS * 16);
		assert_memory_equal(some.dports, all.dports,
				    some.count * sizeof all.dports[0]);
		ff_run_report_release(&report);
		assert_int_equal(run_in_order(&failed, &report, &paths, t, NULL, &err),
				 FF_EIO);
		assert_string_equal(err.text, "no more");
		ff_run_report_release(&report);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_do_not_change_the_result),
		cmocka_unit_test(too_much_damage_is_an_error),
		cmocka_unit_test(a_missing_field_names_file_and_format),
		cmocka_unit_test(interruption_stops_the_run),
		cmocka_unit_test(states_and_files_mix),
		cmocka_unit_test(flows_come_in_order),
		cmocka_unit_test(who_has_enough_ends_the_run),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
