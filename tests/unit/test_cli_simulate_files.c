/* SPDX-License-Identifier: MIT */
/* `flowfig simulate` as a command: its files go through the readers and come back as they
 * were made; the same command gives the same bytes; wrong words are refused before
 * anything is written. */
#include "simulate_help.h"

#include "cli/cli.h"

#include <stdio.h>
#include <unistd.h>

static char folder[512];

static const char *in_folder(char *buf, size_t cap, const char *name)
{
	snprintf(buf, cap, "%s/simulate-%ld-%s", folder, (long)getpid(), name);
	return buf;
}

static int set_folder(void **state)
{
	(void)state;
	const char *tmp = getenv("FF_TMP");
	snprintf(folder, sizeof folder, "%s", tmp && *tmp ? tmp : "out");
	return 0;
}

/* ---- round trips ---- */

static void compare(const struct ff_flow *got, const struct ff_flow *made, bool is_silk,
		    bool has_flags)
{
	assert_int_equal(ff_addr_cmp(&got->sip, &made->sip), 0);
	assert_int_equal(ff_addr_cmp(&got->dip, &made->dip), 0);
	assert_true(got->start_ns == made->start_ns && got->end_ns == made->end_ns);
	assert_true(got->packets == made->packets && got->bytes == made->bytes);
	assert_int_equal(got->sport, made->sport);
	assert_int_equal(got->dport, made->dport);
	assert_int_equal(got->protocol, made->protocol);
	assert_int_equal(got->flowtype, made->flowtype);
	assert_int_equal(got->sensor, 0);
	if (made->protocol == 1 || made->protocol == 58) {
		assert_int_equal(got->icmp_type, made->icmp_type);
		assert_int_equal(got->icmp_code, made->icmp_code);
	}
	if (has_flags)
		assert_int_equal(got->flags, made->flags);
	if (is_silk) {
		assert_int_equal(got->initial_flags, made->initial_flags);
		assert_int_equal(got->session_flags, made->session_flags);
		assert_int_equal(got->attributes, made->attributes);
		assert_int_equal(got->application, made->application);
		assert_int_equal(got->in, made->in);
	}
}

static void write_file(const char *path, const struct ff_sim *sim,
		       enum ff_flow_format format, bool is_v6)
{
	struct ff_err err = {FF_OK, ""};
	struct ff_site *site;
	struct ff_output *output;
	struct ff_flow_writer *writer;
	struct ff_flow_writer_opts opts = {
		.format = format, .silk_v6 = is_v6, .invocation = "test"};
	assert_int_equal(ff_site_new(&site, &err), FF_OK);
	opts.site = site;
	assert_int_equal(ff_site_intern(site, "S0", 2), 0);
	assert_int_equal(ff_output_open(&output, path, &err), FF_OK);
	assert_int_equal(ff_columns_parse(&opts.columns, "1-12,type", &err), FF_OK);
	assert_int_equal(ff_flow_writer_new(&writer, output, &opts, &err), FF_OK);
	if (ff_sim_write(sim, writer, NULL, &err) != FF_OK ||
	    ff_flow_writer_finish(writer, &err) != FF_OK)
		fail_msg("%s", err.text);
	ff_flow_writer_free(writer);
	assert_int_equal(ff_output_commit(&output, &err), FF_OK);
	ff_site_free(site);
}

static void round_trip(const struct help_case *c, enum ff_flow_format format, bool is_v6,
		       const char *name)
{
	char path[600];
	struct ff_err err = {FF_OK, ""};
	struct ff_sim sim;
	void *params;
	assert_int_equal(help_run(&sim, &params, c, &err), FF_OK);
	write_file(in_folder(path, sizeof path, name), &sim, format, is_v6);

	struct ff_site *site;
	struct ff_source *source;
	struct ff_lane lane = {0};
	struct ff_batch batch = {0};
	assert_int_equal(ff_site_new(&site, &err), FF_OK);
	assert_int_equal(ff_site_intern(site, "S0", 2), 0);
	assert_int_equal(ff_batch_init(&batch, FF_BATCH_FLOWS, &err), FF_OK);
	struct ff_input_opts opts = {.site = site};
	if (ff_source_open(&source, path, &opts, &err) != FF_OK)
		fail_msg("%s", err.text);
	uint64_t at = 0;
	int got;
	while ((got = ff_source_next(source, &lane, &batch, &err)) > 0)
		for (size_t i = 0; i < batch.count; i++) {
			struct ff_flow made;
			assert_true(at < sim.count);
			ff_sim_convert(&sim, &made, help_at(&sim, at++));
			compare(&batch.flows[i], &made, format == FF_WRITE_SILK,
				made.protocol == 6);
		}
	if (got < 0)
		fail_msg("%s: %s", name, err.text);
	assert_true(at == sim.count);
	assert_true(ff_source_bad(source, NULL) == 0);
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	ff_source_close(source);
	ff_site_free(site);
	ff_sim_release(&sim);
	free(params);
	unlink(path);
}

static void files_come_back(void **state)
{
	(void)state;
	static const struct help_case v4 = {&ff_sim_border,  1,	    30000, 5,
					    "198.18.4.0/22", {NULL}};
	static const struct help_case v6 = {&ff_sim_border,   1,     30000, 5,
					    "2001:db8::/118", {NULL}};
	round_trip(&v4, FF_WRITE_SILK, false, "v4.rw");
	round_trip(&v4, FF_WRITE_SILK, true, "v4in6.rw");
	round_trip(&v6, FF_WRITE_SILK, true, "v6.rw");
	round_trip(&v4, FF_WRITE_RWCUT, false, "v4.txt");
	round_trip(&v6, FF_WRITE_RWCUT, false, "v6.txt");
	round_trip(&v4, FF_WRITE_CSV, false, "v4.csv");
	round_trip(&v6, FF_WRITE_CSV, false, "v6.csv");
}

/* ---- the command ---- */

static int run(const char *const *words)
{
	atomic_bool interrupted = false;
	struct ff_cli cli = {.quiet = true, .interrupted = &interrupted};
	char copies[16][700], *argv[17];
	int argc = 0;
	for (; words[argc]; argc++) {
		snprintf(copies[argc], sizeof copies[argc], "%s", words[argc]);
		argv[argc] = copies[argc];
	}
	argv[argc] = NULL;
	return ff_command_simulate.run(&cli, argc, argv);
}

static size_t slurp(uint8_t **out, const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t cap = 1 << 24, n;
	assert_non_null(f);
	*out = malloc(cap);
	assert_non_null(*out);
	n = fread(*out, 1, cap, f);
	fclose(f);
	assert_true(n > 0 && n < cap);
	return n;
}

static void same_command_same_bytes(void **state)
{
	(void)state;
	static const char *const kinds[] = {"rw", "txt", "csv"};
	for (size_t i = 0; i < 3; i++) {
		char a[700], b[700], truth_a[700], truth_b[700], name[32];
		uint8_t *x, *y;
		snprintf(name, sizeof name, "a.%s", kinds[i]);
		in_folder(a, sizeof a, name);
		snprintf(name, sizeof name, "b.%s", kinds[i]);
		in_folder(b, sizeof b, name);
		in_folder(truth_a, sizeof truth_a, "a.json");
		in_folder(truth_b, sizeof truth_b, "b.json");
		const char *one[] = {"border",	 "--seed=5", "--flows=9000",
				     "--days=2", "--truth",  truth_a,
				     "-o",	 a,	     NULL};
		/* the order of words does not matter, nor does where it goes */
		const char *two[] = {"-o",	 b,	  "--days",	  "2",
				     "--truth",	 truth_b, "--flows=9000", "border",
				     "--seed=5", NULL};
		assert_int_equal(run(one), FF_EXIT_OK);
		assert_int_equal(run(two), FF_EXIT_OK);
		size_t n = slurp(&x, a);
		assert_true(n == slurp(&y, b));
		assert_memory_equal(x, y, n);
		free(x);
		free(y);
		n = slurp(&x, truth_a);
		assert_true(n == slurp(&y, truth_b));
		assert_memory_equal(x, y, n);
		free(x);
		free(y);
		const char *other[] = {
			"border", "--seed=6", "--flows=9000", "--days=2", "-o", b, NULL};
		assert_int_equal(run(other), FF_EXIT_OK);
		size_t m = slurp(&y, b);
		n = slurp(&x, a);
		assert_true(n != m || memcmp(x, y, n) != 0);
		free(x);
		free(y);
		unlink(a);
		unlink(b);
		unlink(truth_a);
		unlink(truth_b);
	}
}

static void wrong_words_are_refused(void **state)
{
	(void)state;
	char flows[700];
	in_folder(flows, sizeof flows, "never.rw");
	const char *rows[][8] = {
		{NULL},
		{"bordr", "-o", flows, NULL},
		{"--flows=10", "-o", flows, NULL},
		{"border", "slow-scan", "-o", flows, NULL},
		{"border", NULL},
		{"border", "-o", flows, "--flows=10", "--scale=1", NULL},
		{"border", "-o", flows, "--flows=0", NULL},
		{"border", "-o", flows, "--mode=burst", NULL}, /* of the other scenario */
		{"border", "-o", "never.png", "--flows=10", NULL},
		{"border", "-o", flows, "--inside=10.0.0.0/25", NULL},
		{"border", "-o", flows, "--inside=10.0.0.0/8", NULL},
		{"border", "-o", flows, "--inside=house", NULL},
		{"border", "-o", flows, "--start=2024/04/01:10:30", NULL},
		{"border", "-o", flows, "--inside=2001:db8::/120", "--format=silk", NULL},
		{"border", "-o", flows, "--flows=10", "--truth", flows, NULL},
		{"slow-scan", "-o", flows, "--flows=1000", NULL},
		{"slow-scan", "-o", flows, "--exponent=0.5", NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (run(rows[i]) != FF_EXIT_USAGE)
			fail_msg("row %zu was not refused", i);
		assert_int_not_equal(access(flows, F_OK), 0);
	}
}

static void unwritable_output_is_an_error(void **state)
{
	(void)state;
	char flows[700];
	in_folder(flows, sizeof flows, "orphan.rw");
	const char *no_folder[] = {"border", "--flows=10", "-o", "/nonexistent/x.rw",
				   NULL};
	const char *no_truth[] = {
		"border", "--flows=10", "-o", flows, "--truth=/nonexistent/t.json", NULL};
	assert_int_equal(run(no_folder), FF_EXIT_DATA);
	assert_int_equal(run(no_truth), FF_EXIT_DATA);
	assert_int_not_equal(access(flows, F_OK), 0); /* both files or neither */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_come_back),
		cmocka_unit_test(same_command_same_bytes),
		cmocka_unit_test(wrong_words_are_refused),
		cmocka_unit_test(unwritable_output_is_an_error),
	};
	return cmocka_run_group_tests(tests, set_folder, NULL);
}
