/* SPDX-License-Identifier: MIT */
/* The four registries - readers, aggregates, figures, commands - walked: order, names,
 * summaries, option tables and their defaults; and, with every allocation failing in
 * turn, that each kind can be made, used and destroyed. That the manual names them all is
 * tested in test_cli_manual.c. */
#include "cli/cli.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* ---- form ---- */

static void check_name(const char *name)
{
	assert_non_null(name);
	if (!islower((unsigned char)name[0]) ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		fail_msg("'%s' is no name", name);
}

/* One line without full stop; lower case begins it, unless it is a name or an
 * abbreviation. */
static void check_sentence(const char *of, const char *text, size_t most)
{
	if (!text || !text[0])
		fail_msg("no words about '%s'", of);
	size_t len = strlen(text);
	if (len > most || strchr(text, '\n') || text[len - 1] == '.' ||
	    text[len - 1] == ' ')
		fail_msg("not one line without full stop: '%s'", text);
	if (strstr(text, "  "))
		fail_msg("two blanks: '%s'", text);
	if (isupper((unsigned char)text[0]) && islower((unsigned char)text[1]) &&
	    strncmp(text, "SiLK", 4) != 0)
		fail_msg("begins with a capital: '%s'", text);
}

struct entry {
	const char *name, *summary;
};

static size_t list_entries(struct entry *out, int registry)
{
	size_t n = 0;

	if (registry == 0)
		for (const struct ff_reader_type *t; (t = ff_reader_at(n)) != NULL; n++)
			out[n] = (struct entry){t->name, t->summary};
	else if (registry == 1)
		for (const struct ff_agg_type *t; (t = ff_agg_at(n)) != NULL; n++)
			out[n] = (struct entry){t->name, t->summary};
	else if (registry == 2)
		for (const struct ff_figure_type *t; (t = ff_figure_at(n)) != NULL; n++)
			out[n] = (struct entry){t->name, t->summary};
	else
		for (const struct ff_command *t; (t = ff_command_at(n)) != NULL; n++)
			out[n] = (struct entry){t->name, t->summary};
	return n;
}

static const void *find_entry(const char *name, int registry)
{
	return registry == 0   ? (const void *)ff_reader_find(name)
	       : registry == 1 ? (const void *)ff_agg_find(name)
	       : registry == 2 ? (const void *)ff_figure_find(name)
			       : (const void *)ff_command_find(name);
}

static void registries_are_sorted_and_say_what_they_hold(void **state)
{
	(void)state;
	for (int registry = 0; registry < 4; registry++) {
		struct entry e[64];
		size_t n = list_entries(e, registry);

		assert_in_range(n, 1, 64);
		for (size_t i = 0; i < n; i++) {
			check_name(e[i].name);
			check_sentence(e[i].name, e[i].summary, 90);
			if (i > 0 && strcmp(e[i - 1].name, e[i].name) >= 0)
				fail_msg("'%s' stands before '%s'", e[i - 1].name,
					 e[i].name);
			assert_non_null(find_entry(e[i].name, registry));
		}
		assert_null(find_entry("", registry));
		assert_null(find_entry("no-such", registry));
		assert_null(find_entry("Contact", registry));
	}
	/* a figure is a command: no name may be both; and its aggregate is there */
	for (size_t i = 0; ff_figure_at(i); i++) {
		assert_null(ff_command_find(ff_figure_at(i)->name));
		assert_non_null(ff_agg_find(ff_figure_at(i)->aggregate));
	}
}

static void descriptors_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; ff_reader_at(i); i++) {
		const struct ff_reader_type *t = ff_reader_at(i);
		assert_true(t->probe && t->open && t->fetch && t->decode && t->describe &&
			    t->close);
		t->close(NULL);
		assert_int_equal(t->probe((const uint8_t *)"", 0), 0);
	}
	for (size_t i = 0; ff_agg_at(i); i++) {
		const struct ff_agg_type *t = ff_agg_at(i);
		assert_true(t->opts && t->needs && t->create && t->add && t->merge &&
			    t->save);
		assert_true(t->load && t->finish && t->destroy && t->state_version > 0);
		check_sentence(t->name, t->empty, 120);
		t->destroy(NULL);
	}
	for (size_t i = 0; ff_figure_at(i); i++) {
		const struct ff_figure_type *t = ff_figure_at(i);
		assert_true(t->opts && t->draw && t->describe && t->aspect > 0);
	}
	for (size_t i = 0; ff_command_at(i); i++) {
		const struct ff_command *t = ff_command_at(i);
		char begin[80];
		snprintf(begin, sizeof(begin), "flowfig %s", t->name);
		assert_non_null(t->run);
		assert_int_equal(strncmp(t->usage, begin, strlen(begin)), 0);
	}
}

/* ---- option tables ---- */

static void check_row(const struct ff_opt *o)
{
	double v;

	check_name(o->name);
	check_sentence(o->name, o->help, 400);
	if ((o->kind == FF_OPT_FLAG) != !o->arg)
		fail_msg("--%s: flags have no word for a value, others do", o->name);
	if ((o->kind == FF_OPT_CHOICE) != !!o->choices)
		fail_msg("--%s: choices belong to a choice", o->name);
	if ((o->kind == FF_OPT_CALL) != !!o->set)
		fail_msg("--%s: set() belongs to a call", o->name);
	if (o->kind == FF_OPT_CHOICE && !o->def)
		fail_msg("--%s: a choice needs a default", o->name);
	if (o->min > o->max)
		fail_msg("--%s: min is above max", o->name);
	if ((o->kind == FF_OPT_UINT || o->kind == FF_OPT_DOUBLE) && o->def &&
	    o->max > o->min)
		if (!ff_parse_double(&v, o->def, strlen(o->def)) || v < o->min ||
		    v > o->max)
			fail_msg("--%s: the default %s is out of range", o->name, o->def);
}

/* All tables of one command: names and letters are unique over them. */
static void check_tables(const char *command,
			 const struct ff_opt *(*at)(const void *, size_t, const char **),
			 const void *of)
{
	const char *names[400], *title;
	char letters[64] = "";
	const struct ff_opt *t;
	size_t n = 0;

	for (size_t i = 0; (title = NULL, t = at(of, i, &title)) != NULL; i++) {
		assert_non_null(title);
		assert_true(isupper((unsigned char)title[0]));
		for (; t->name; t++) {
			check_row(t);
			for (size_t k = 0; k < n; k++)
				if (strcmp(names[k], t->name) == 0)
					fail_msg("%s has --%s twice", command, t->name);
			assert_true(n < 400);
			names[n++] = t->name;
			if (!t->letter)
				continue;
			if (strchr(letters, t->letter) || strchr("hV", t->letter))
				fail_msg("%s has -%c twice", command, t->letter);
			letters[strlen(letters) + 1] = '\0';
			letters[strlen(letters)] = t->letter;
		}
	}
}

static const struct ff_opt *figure_table(const void *of, size_t i, const char **title)
{
	return ff_cli_figure_options(of, i, title);
}

static const struct ff_opt *command_table(const void *of, size_t i, const char **title)
{
	const struct ff_command *c = of;

	return c->options ? c->options(i, title) : NULL;
}

static void option_rows_are_well_formed(void **state)
{
	(void)state;
	for (size_t i = 0; ff_figure_at(i); i++)
		check_tables(ff_figure_at(i)->name, figure_table, ff_figure_at(i));
	for (size_t i = 0; ff_command_at(i); i++) {
		/* each scenario of simulate has a table, of which one is used */
		if (ff_command_at(i) != &ff_command_simulate)
			check_tables(ff_command_at(i)->name, command_table,
				     ff_command_at(i));
	}
}

/* The defaults of a table fill a struct of its size, and nothing past it. */
static void check_defaults(const struct ff_opt *opts, size_t size)
{
	enum { GUARD = 64 };
	unsigned char *params = malloc(size + GUARD);
	struct ff_err err = {0};

	assert_non_null(params);
	memset(params, 0, size);
	memset(params + size, 0xa5, GUARD);
	if (ff_opts_defaults(opts, params, &err) != FF_OK)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < GUARD; i++)
		assert_int_equal(params[size + i], 0xa5);
	free(params);
}

static void defaults_are_in_range(void **state)
{
	(void)state;
	for (size_t i = 0; ff_agg_at(i); i++) {
		check_defaults(ff_agg_at(i)->opts, ff_agg_at(i)->params_size);
		if (ff_agg_at(i)->how_opts)
			check_defaults(ff_agg_at(i)->how_opts, ff_agg_at(i)->how_size);
	}
	for (size_t i = 0; ff_figure_at(i); i++)
		check_defaults(ff_figure_at(i)->opts, ff_figure_at(i)->params_size);
	check_defaults(ff_figure_opt_table, sizeof(struct ff_figure_opts));
	check_defaults(ff_input_opt_table, sizeof(struct ff_input_opts));
}

/* ---- failing allocations ---- */

/* A few flows as each reader has them: text, or a file; with neither, the file made
 * below.
 */
static const struct sample {
	const char *reader, *text, *file;
} samples[] = {
	{"argus",
	 "StartTime,Proto,SrcAddr,Sport,DstAddr,Dport,TotPkts,SrcPkts\n"
	 "1711929601.000000,tcp,192.0.2.1,1,10.0.0.1,2,3,2\n"
	 "1711929602.000000,udp,192.0.2.1,1,10.0.0.2,0x0035,1,1\n",
	 NULL},
	{"csv",
	 "sip,dip,sport,dport,protocol,stime,etime,sensor,type\n"
	 "192.0.2.1,10.0.0.1,50001,80,6,2024-04-01T00:00:01Z,2024-04-01T00:00:02Z,S0,in\n"
	 "192.0.2.1,10.0.0.2,50002,80,6,2024-04-01T01:00:01Z,2024-04-01T01:00:02Z,S0,in\n"
	 "2001:db8::1,fd00::1,1,2,17,2024-04-02T00:00:01Z,2024-04-02T00:00:02Z,S1,in\n",
	 NULL},
	{"eve",
	 "{\"timestamp\":\"2024-04-01T00:00:09.0+0000\",\"event_type\":\"flow\","
	 "\"src_ip\":\"192.0.2.1\",\"src_port\":1,\"dest_ip\":\"10.0.0.1\","
	 "\"dest_port\":2,\"proto\":\"TCP\",\"flow\":{\"pkts_toserver\":2,"
	 "\"pkts_toclient\":1,\"bytes_toserver\":120,\"bytes_toclient\":60,"
	 "\"start\":\"2024-04-01T00:00:01.0+0000\","
	 "\"end\":\"2024-04-01T00:00:02.0+0000\"}}\n",
	 NULL},
	{"ipfix", NULL, "tests/data/ipfix/yaf.ipfix"},
	{"netflow", NULL, "tests/data/netflow/v9.dat"},
	{"nfdump", NULL, "tests/data/nfdump/layout1"},
	{"nfdump-csv",
	 "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n"
	 "2024-04-01 00:00:01.000,1.000,TCP,192.0.2.1,1,10.0.0.1,2,9,930,1\n",
	 NULL},
	{"pcap", NULL, "tests/data/pcap/odd-ng"},
	{"rwcut",
	 "sIP|dIP|sTime|sensor|type|\n"
	 "192.0.2.1|10.0.0.1|2024/04/01T00:00:01.000|S0|in|\n"
	 "192.0.2.7|10.0.0.3|2024/04/01T05:00:01.000|S2|in|\n",
	 NULL},
	{"silk", NULL, NULL},
	{"vpc",
	 "version account-id interface-id srcaddr dstaddr srcport dstport "
	 "protocol packets bytes start end action log-status\n"
	 "2 1 eni-00000001 192.0.2.1 10.0.0.1 1 2 6 20 4249 1711929601 "
	 "1711929602 ACCEPT OK\n",
	 NULL},
	{"zeek",
	 "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n"
	 "#unset_field\t-\n#path\tconn\n"
	 "#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\thistory\n"
	 "1711929601.000000\t192.0.2.1\t1\t10.0.0.1\t2\ttcp\tShAdDa\n",
	 NULL},
};

static const struct sample *sample_of(const char *reader)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		if (strcmp(samples[i].reader, reader) == 0)
			return &samples[i];
	fail_msg("no sample for reader '%s'", reader);
	return NULL;
}

static char silk_path[512];

/* A SiLK file, for its reader. */
static int make_silk(void **state)
{
	const char *tmp = getenv("FF_TMP");
	struct ff_flow flow = {.present = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) |
					  FF_BIT(FF_STIME)};
	struct ff_batch batch = {.flows = &flow, .count = 1, .cap = 1};
	struct ff_output *out = NULL;
	struct ff_flow_writer_opts opts = {.format = FF_WRITE_SILK, .invocation = "test"};
	struct ff_flow_writer *w = NULL;
	struct ff_site *site = NULL;

	(void)state;
	snprintf(silk_path, sizeof(silk_path), "%s/registries.rw", tmp ? tmp : "out");
	flow.sip = ff_addr_from_v4(0xc0000201);
	flow.dip = ff_addr_from_v4(0x0a000001);
	flow.start_ns = flow.end_ns = INT64_C(1711929600) * FF_SEC;
	if (ff_site_new(&site, NULL) != FF_OK)
		return -1;
	opts.site = site;
	if (ff_output_open(&out, silk_path, NULL) != FF_OK ||
	    ff_flow_writer_new(&w, out, &opts, NULL) != FF_OK ||
	    ff_flow_writer_add(w, &batch, NULL) != FF_OK ||
	    ff_flow_writer_finish(w, NULL) != FF_OK ||
	    ff_output_commit(&out, NULL) != FF_OK)
		return -1;
	ff_flow_writer_free(w);
	ff_site_free(site);
	return 0;
}

static int remove_silk(void **state)
{
	(void)state;
	return remove(silk_path);
}

/* All flows of one source; they are put into `agg` when it is not NULL. */
static int read_all(void *agg, const struct ff_agg_type *type, struct ff_site *site,
		    const char *reader, struct ff_err *err)
{
	const struct sample *sample = sample_of(reader);
	const char *text = sample->text, *file = sample->file ? sample->file : silk_path;
	struct ff_input_opts opts = {.format = reader, .site = site};
	struct ff_input_info info = {0};
	struct ff_stream *in = NULL;
	struct ff_source *source = NULL;
	struct ff_lane lane = {0};
	struct ff_batch batch = {0};
	int rc;

#ifndef FF_HAVE_PCAP
	if (strcmp(reader, "pcap") == 0)
		return FF_OK;
#endif
	rc = text ? ff_stream_memory(&in, reader, text, strlen(text), err)
		  : ff_source_open(&source, file, &opts, err);

	if (rc == FF_OK && in)
		rc = ff_source_open_stream(&source, in, &opts, err);
	if (rc == FF_OK)
		rc = ff_source_describe(source, &info, err);
	if (rc == FF_OK && info.more.failed)
		rc = FF_ENOMEM;
	ff_buf_release(&info.more);
	if (rc == FF_OK)
		rc = ff_batch_init(&batch, 2, err);
	while (rc == FF_OK && (rc = ff_source_next(source, &lane, &batch, err)) > 0) {
		for (size_t i = 0; i < batch.count; i++)
			batch.flows[i].orient = FF_ORIENT_IN;
		rc = agg ? type->add(agg, &batch, err) : FF_OK;
	}
	ff_batch_release(&batch);
	ff_lane_release(&lane);
	ff_source_close(source);
	return rc;
}

/* Options that a kind cannot do without. */
static int set_required(const struct ff_agg_type *type, void *params, struct ff_err *err)
{
	static const char *const rows[][3] = {
		{"ephemeral", "host", "192.0.2.0/24"},
		{"netbytes", "host", "192.0.2.0/24"},
	};
	int rc = FF_OK;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && rc == FF_OK; i++)
		if (strcmp(type->name, rows[i][0]) == 0)
			rc = ff_opts_set(type->opts, params, rows[i][1], rows[i][2], err);
	if (rc == FF_OK && type->check)
		rc = type->check(params, err);
	return rc;
}

/* Flows, aggregate, fork, merge, result, every format of figure and table, of one figure
 * kind. */
static int whole_path(const struct ff_figure_type *figure, struct ff_err *err)
{
	const struct ff_agg_type *type = ff_agg_find(figure->aggregate);
	struct ff_agg_context ctx = {.memory_bytes = 1 << 20, .scratch_dir = "."};
	struct ff_figure_opts opts = {0};
	struct ff_site *site = NULL;
	struct ff_result result = {0};
	struct ff_buf out = FF_BUF_INIT;
	/* room for the parameters of any kind, aligned for all of them */
	int64_t agg_params[64] = {0}, params[64] = {0};
	void *agg = NULL, *handle = NULL;
	int rc;

	assert_true(type->params_size <= sizeof(agg_params) &&
		    figure->params_size <= sizeof(params));
	if ((rc = ff_opts_defaults(type->opts, agg_params, err)) ||
	    (rc = set_required(type, agg_params, err)) ||
	    (rc = ff_opts_defaults(figure->opts, params, err)) ||
	    (rc = ff_opts_defaults(ff_figure_opt_table, &opts, err)) ||
	    (rc = ff_site_new(&site, err)) ||
	    (rc = type->create(&agg, agg_params, &ctx, err)) ||
	    (rc = type->fork(&handle, agg, err)))
		goto out;
	/* the other readers have a test of their own */
	if ((rc = read_all(agg, type, site, "csv", err)) ||
	    (rc = read_all(handle, type, site, "rwcut", err)) ||
	    (rc = type->merge(agg, handle, err)) ||
	    (rc = ff_agg_finish(type, agg, &result, 2, err)))
		goto out;
	for (int format = FF_TABLE_CSV; format <= FF_TABLE_TEX; format++)
		ff_table_write(&out, &result.tables[0], (enum ff_table_format)format);
	ff_findings_write(&out, &result);
	rc = out.failed ? FF_ENOMEM : ff_figure_check(figure, &opts, err);
	if (rc == FF_OK)
		rc = ff_figure_render(&out, FF_CANVAS_TRACE, figure, &result, &opts,
				      params, "{}", 0, NULL, err);
out:
	if (handle)
		type->destroy(handle);
	if (agg)
		type->destroy(agg);
	ff_result_release(&result);
	ff_site_free(site);
	ff_buf_release(&out);
	return rc;
}

/* All flows of a reader's sample, for themselves. */
static int reader_path(const struct ff_reader_type *reader, struct ff_err *err)
{
	struct ff_site *site = NULL;
	int rc = ff_site_new(&site, err);

	if (rc == FF_OK)
		rc = read_all(NULL, NULL, site, reader->name, err);
	ff_site_free(site);
	return rc;
}

static int figure_path(size_t i, struct ff_err *err)
{
	return whole_path(ff_figure_at(i), err);
}

static int input_path(size_t i, struct ff_err *err)
{
	return reader_path(ff_reader_at(i), err);
}

/* The n-th allocation and all after it fail, for every n: an error that says so, no leak
 * (which the sanitizer sees), no crash; in the end all works. */
static void check_allocations(int (*path)(size_t i, struct ff_err *err), size_t i,
			      uint64_t least)
{
	struct ff_err err = {0};

	ff_alloc_fail_after(0);
	if (path(i, &err) != FF_OK)
		fail_msg("%s", err.text);
	uint64_t asked = ff_alloc_fail_after(0);

	/* 0: this build cannot make allocations fail */
	assert_true(asked == 0 || asked > least);
	for (uint64_t n = 1; n <= asked; n++) {
		ff_alloc_fail_after(n);
		int rc = path(i, &err);

		ff_alloc_fail_after(0);
		if (rc != FF_ENOMEM)
			fail_msg("allocation %d of %d failed: status %d, '%s'", (int)n,
				 (int)asked, rc, err.text);
	}
}

static void every_allocation_of_a_figure_may_fail(void **state)
{
	(void)state;
	for (size_t i = 0; ff_figure_at(i); i++)
		check_allocations(figure_path, i, 50);
}

static void every_allocation_of_a_reader_may_fail(void **state)
{
	(void)state;
	for (size_t i = 0; ff_reader_at(i); i++)
		check_allocations(input_path, i, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registries_are_sorted_and_say_what_they_hold),
		cmocka_unit_test(descriptors_are_whole),
		cmocka_unit_test(option_rows_are_well_formed),
		cmocka_unit_test(defaults_are_in_range),
		cmocka_unit_test(every_allocation_of_a_figure_may_fail),
		cmocka_unit_test(every_allocation_of_a_reader_may_fail),
	};

	return cmocka_run_group_tests(tests, make_silk, remove_silk);
}
