/* SPDX-License-Identifier: MIT */
/* read - see read.h. */
#include "cli/read.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const struct ff_opt ff_cli_read_options[] = {
	{.name = "threads",
	 .letter = 'j',
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .max = 1024,
	 .def = "0",
	 .offset = offsetof(struct ff_cli_read, threads),
	 .help = "threads that read; 0 is one per processor"},
	{.name = "memory",
	 .kind = FF_OPT_SIZE,
	 .arg = "SIZE",
	 .def = "4G",
	 .offset = offsetof(struct ff_cli_read, memory),
	 .help = "memory for distinct contacts; past it sorted runs go to a scratch file "
		 "in "
		 "$TMPDIR"},
	{.name = "max-bad",
	 .kind = FF_OPT_STRING,
	 .arg = "N",
	 .def = "0.1%",
	 .offset = offsetof(struct ff_cli_read, max_bad),
	 .help = "damaged records to skip before giving up: a number or a share such as "
		 "0.1%"},
	{.name = "site-config-file",
	 .kind = FF_OPT_STRING,
	 .arg = "FILE",
	 .offset = offsetof(struct ff_cli_read, site_file),
	 .help = "silk.conf with the names of types and sensors; by default the one in "
		 "or above "
		 "the first input's folder"},
	{.name = "geo",
	 .kind = FF_OPT_LIST,
	 .arg = "FILE",
	 .offset = offsetof(struct ff_cli_read, geo_files),
	 .help = "database of countries or systems: a MaxMind DB, text ranges, a SiLK "
		 "country map; may be given many times; none turns off the search in "
		 "the usual places"},
	{.name = "quiet",
	 .letter = 'q',
	 .kind = FF_OPT_FLAG,
	 .offset = offsetof(struct ff_cli_read, quiet),
	 .help = "no notes and no progress on standard error"},
	{.name = NULL},
};

int ff_cli_read_init(struct ff_cli_read *r, struct ff_opt_group *groups, size_t *n,
		     struct ff_err *err)
{
	*r = (struct ff_cli_read){0};
	int rc = ff_select_new(&r->select, err);
	if (rc || (rc = ff_opts_defaults(ff_cli_read_options, r, err)) ||
	    (rc = ff_opts_defaults(ff_input_opt_table, &r->input, err)))
		return rc;
	groups[(*n)++] = (struct ff_opt_group){.title = "Selection",
					       .opts = ff_select_opt_table,
					       .params = r->select,
					       .given = &r->select_given};
	groups[(*n)++] = (struct ff_opt_group){
		.title = "Input", .opts = ff_input_opt_table, .params = &r->input};
	groups[(*n)++] = (struct ff_opt_group){
		.title = "Running", .opts = ff_cli_read_options, .params = r};
	return FF_OK;
}

static int read_max_bad(struct ff_run_opts *run, const char *text, struct ff_err *err)
{
	size_t len = strlen(text);
	double share;
	run->max_bad = UINT64_MAX;
	if (len > 1 && text[len - 1] == '%' && ff_parse_double(&share, text, len - 1) &&
	    share >= 0 && share <= 100) {
		run->max_bad_share = share / 100;
		return FF_OK;
	}
	if (ff_parse_u64(&run->max_bad, text, len))
		return FF_OK;
	return ff_fail(
		err, FF_EUSAGE,
		"bad value '%s' for '--max-bad': give a number, or a share such as 0.1%%",
		text);
}

/* A silk.conf is small; a huge file under that name is a mistake. */
enum { SITE_MAX = 16 << 20 };

static int read_site_file(struct ff_site **out, const char *path, struct ff_err *err)
{
	struct ff_stream *s;
	struct ff_buf text = FF_BUF_INIT;
	int rc = ff_stream_open(&s, path, err);
	if (rc)
		return rc;
	ptrdiff_t n = 1;
	while (n > 0 && text.len <= SITE_MAX && rc == FF_OK) {
		rc = ff_buf_reserve(&text, 65536);
		if (rc == FF_OK &&
		    (n = ff_stream_read(s, text.data + text.len, 65536, err)) > 0)
			text.len += (size_t)n;
	}
	if (rc)
		rc = ff_fail_nomem(err);
	else if (n < 0)
		rc = (int)n;
	else if (text.len > SITE_MAX)
		rc = ff_fail(err, FF_ELIMIT, "'%s' is too large for a site file", path);
	else
		rc = ff_site_parse(out, path, (const char *)text.data, text.len, err);
	ff_buf_release(&text);
	ff_stream_close(s);
	return rc;
}

static int read_site(struct ff_cli *cli, struct ff_cli_read *r, struct ff_err *err)
{
	char *found = NULL;
	int rc = r->site_file ? FF_OK : ff_paths_find_site(&found, &r->paths, err);
	const char *path = r->site_file ? r->site_file : found;
	if (rc == FF_OK)
		rc = path ? read_site_file(&r->site, path, err)
			  : ff_site_new(&r->site, err);
	if (rc == FF_OK && found)
		ff_cli_note(cli, "types and sensors are named by '%s'", found);
	ff_free(found);
	return rc;
}

int ff_cli_read_prepare(struct ff_cli *cli, struct ff_cli_read *r, struct ff_err *err)
{
	size_t skipped = 0;
	cli->quiet = cli->quiet || r->quiet;
	if (!r->words.count)
		return ff_fail(
			err, FF_EUSAGE,
			"no input: name files or folders, or - for standard input");
	int rc = read_max_bad(&r->run, r->max_bad, err);
	if (rc || (rc = ff_paths_expand(&r->paths, r->words.items, r->words.count,
					&r->input, &skipped, err)))
		return rc;
	if (skipped)
		ff_cli_note(
			cli,
			"%zu files in the folders are no flow files and were left out",
			skipped);
	if ((rc = read_site(cli, r, err)))
		return rc;
	r->input.site = r->site;
	if ((rc = ff_cli_geo_open(cli, r, ff_select_geo(r->select), err)))
		return rc;
	ff_select_use_geo(r->select, r->geo);
	if ((rc = ff_select_finish(r->select, r->site, err)))
		return rc;
	for (size_t i = 0; i < r->paths.count; i++)
		r->states += ff_run_is_state(r->paths.items[i]);
	r->run.paths = &r->paths;
	r->run.input = r->input;
	r->run.select = r->select;
	r->run.threads = (unsigned)r->threads;
	r->run.interrupted = cli->interrupted;
	return FF_OK;
}

int ff_cli_read_check(const struct ff_cli_read *r, const struct ff_agg_type *type,
		      const void *params, size_t given, struct ff_err *err)
{
	if (!type->check || (r->states && !given))
		return FF_OK;
	return type->check(params, err);
}

int ff_cli_read_spare(const struct ff_cli_read *r, const char *output, struct ff_err *err)
{
	struct stat out, in;
	if (strcmp(output, "-") == 0 || stat(output, &out) != 0 || !S_ISREG(out.st_mode))
		return FF_OK;
	for (size_t i = 0; i < r->paths.count; i++)
		if (stat(r->paths.items[i], &in) == 0 && in.st_ino == out.st_ino &&
		    in.st_dev == out.st_dev && !ff_run_is_state(r->paths.items[i]))
			return ff_fail(err, FF_EUSAGE,
				       "the output '%s' would replace an input", output);
	return FF_OK;
}

/* Says by which rule flows were told in from out, and how many of each there were. */
static void note_orientation(struct ff_cli *cli, const struct ff_cli_read *r,
			     const struct ff_run_report *rep)
{
	const struct ff_select_counts *c = &rep->counts;
	const struct ff_agg_origin *o = &rep->origin;
	struct ff_buf line = FF_BUF_INIT;
	char n[32];
	if (c->passed) {
		ff_buf_adds(&line, "orientation by ");
		if (c->by_inside)
			ff_buf_addf(&line, "--inside=%s",
				    ff_select_inside_text(r->select));
		if (c->by_hint)
			ff_buf_addf(&line, "the input's own types (%s flows)",
				    ff_format_thousands(n, sizeof n, c->by_hint));
		if (c->by_default)
			ff_buf_addf(&line, "%sprivate address space%s",
				    c->by_hint ? ", else by " : "",
				    c->by_hint ? "" : " (no --inside given)");
		ff_buf_adds(&line, ": ");
	}
	for (int i = FF_ORIENT_IN; i < FF_ORIENTS; i++)
		ff_buf_addf(&line, "%s%s %s", i > FF_ORIENT_IN ? ", " : "",
			    ff_format_thousands(n, sizeof n, o->orient[i]),
			    ff_orient_names[i]);
	ff_cli_note(cli, "%s", ff_buf_str(&line));
	ff_buf_release(&line);
}

static void note_countries(struct ff_cli *cli, const struct ff_select_counts *c)
{
	char none[32], asked[32];
	if (c->asked)
		ff_cli_note(cli,
			    "countries: %s of %s flows have an address whose country is "
			    "not known",
			    ff_format_thousands(none, sizeof none, c->no_country),
			    ff_format_thousands(asked, sizeof asked, c->asked));
}

/* Joining with an empty aggregate of the parameters that were asked for tells whether the
 * states have others. */
static int read_check_params(void *agg, const struct ff_agg_type *type,
			     const void *params, const struct ff_agg_context *ctx,
			     struct ff_err *err)
{
	struct ff_err why = {0};
	void *empty = NULL;
	int rc = type->create(&empty, params, ctx, err);
	if (rc)
		return rc;
	if ((rc = type->merge(agg, empty, &why)))
		ff_fail(err, rc, "the state has other parameters than asked for: %s",
			why.text);
	type->destroy(empty);
	return rc;
}

int ff_cli_read_run(struct ff_cli *cli, struct ff_cli_read *r,
		    struct ff_run_report *report, void **agg,
		    const struct ff_agg_type *type, const void *params, size_t given,
		    struct ff_err *err)
{
	struct ff_agg_context ctx = {.memory_bytes = r->memory,
				     .scratch_dir = cli->scratch_dir,
				     .site = r->site};
	struct ff_cli_progress progress;
	/* states alone bring their own parameters, selection and inside network */
	bool adopt = r->states == r->paths.count && !r->select_given;
	int rc =
		ff_cli_geo_open(cli, r, type->geo && !adopt ? type->geo(params) : 0, err);
	if (rc)
		return rc;
	ctx.geo = r->geo;
	ctx.inside = ff_select_inside(r->select, &ctx.ninside);
	r->run.progress = ff_cli_progress_start(&progress, cli);
	rc = ff_run(report, agg, type, adopt ? NULL : params, &ctx, &r->run, err);
	ff_cli_progress_end(&progress);
	if (rc == FF_OK && adopt && given)
		rc = read_check_params(*agg, type, params, &ctx, err);
	if (rc == FF_OK && type->is_oriented)
		note_orientation(cli, r, report);
	if (rc == FF_OK)
		note_countries(cli, &report->counts);
	return rc;
}

static void note_remarks(struct ff_cli *cli, const struct ff_buf *remarks)
{
	const char *s = ff_buf_str(remarks);
	while (*s) {
		int len = (int)strcspn(s, "\n");
		ff_cli_note(cli, "%.*s", len, s);
		s += len + 1;
	}
}

int ff_cli_read_status(struct ff_cli *cli, const struct ff_run_report *report)
{
	note_remarks(cli, &report->remarks);
	if (!report->bad)
		return FF_EXIT_OK;
	fprintf(stderr, "flowfig: %" PRIu64 " damaged %s skipped; the first: %s\n",
		report->bad, report->bad == 1 ? "record was" : "records were",
		report->first_bad.text);
	return FF_EXIT_BAD;
}

void ff_cli_read_release(struct ff_cli_read *r)
{
	ff_select_free(r->select);
	ff_site_free(r->site);
	ff_geo_free(r->geo);
	ff_strings_release(&r->geo_files);
	ff_paths_release(&r->paths);
	ff_strings_release(&r->words);
	*r = (struct ff_cli_read){0};
}
