/* SPDX-License-Identifier: MIT */
/* cmd_cut - `flowfig cut ... INPUT... [-o FILE]`: prints or converts the flows that a
 * selection passes, in the order of the inputs. */
#include "cli/read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CUT_AUTO, CUT_RWCUT, CUT_CSV, CUT_NDJSON, CUT_SILK };
static const char *const cut_formats[] = {"auto", "rwcut", "csv", "ndjson", "silk", NULL};
static const char *const cut_times[] = {"default", "iso", "epoch", NULL};

struct cut_opts {
	const char *output, *fields, *tz, *separator;
	int format, times;
	uint64_t num_recs;
	bool ipv4_output, no_titles, no_columns, no_final_delimiter, delimited;
};
static const struct ff_opt output_options[] = {
	{.name = "output",
	 .letter = 'o',
	 .kind = FF_OPT_STRING,
	 .arg = "FILE",
	 .def = "-",
	 .offset = offsetof(struct cut_opts, output),
	 .help = "where the flows go; - is standard output"},
	{.name = "format",
	 .kind = FF_OPT_CHOICE,
	 .arg = "FORMAT",
	 .def = "auto",
	 .choices = cut_formats,
	 .offset = offsetof(struct cut_opts, format),
	 .help = "auto goes by the extension of the output: .txt rwcut, .csv, .ndjson, "
		 ".rw or .silk SiLK; rwcut on standard output"},
	{.name = "fields",
	 .kind = FF_OPT_STRING,
	 .arg = "LIST",
	 .offset = offsetof(struct cut_opts, fields),
	 .help = "columns of text, by rwcut's names or numbers (sIP,dIP,9-11); without "
		 "it 1-12 for rwcut, and all for csv and ndjson"},
	{.name = "num-recs",
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .offset = offsetof(struct cut_opts, num_recs),
	 .help = "no more than N flows; 0 is all"},
	{.name = "no-titles",
	 .kind = FF_OPT_FLAG,
	 .offset = offsetof(struct cut_opts, no_titles),
	 .help = "rwcut, csv: no line with the names of the columns"},
	{.name = "timestamp-format",
	 .kind = FF_OPT_CHOICE,
	 .arg = "FORMAT",
	 .def = "default",
	 .choices = cut_times,
	 .offset = offsetof(struct cut_opts, times),
	 .help = "text: times as rwcut prints them by default, with hyphens and a blank, "
		 "or as seconds since 1970"},
	{.name = "tz",
	 .kind = FF_OPT_STRING,
	 .arg = "ZONE",
	 .def = "UTC",
	 .offset = offsetof(struct cut_opts, tz),
	 .help = "text: zone of times: UTC or an offset such as +02:00"},
	{.name = "ipv4-output",
	 .kind = FF_OPT_FLAG,
	 .offset = offsetof(struct cut_opts, ipv4_output),
	 .help = "silk: records of 52 bytes instead of 88, which cannot hold IPv6"},
	{.name = NULL},
};

static int cut_delimited(void *params, const char *name, const char *value,
			 struct ff_err *err)
{
	struct cut_opts *o = params;
	(void)name;
	(void)err;
	o->delimited = true;
	if (value)
		o->separator = value;
	return FF_OK;
}

static const struct ff_opt rwcut_options[] = {
	{.name = "column-separator",
	 .kind = FF_OPT_STRING,
	 .arg = "CHAR",
	 .def = "|",
	 .offset = offsetof(struct cut_opts, separator),
	 .help = "what stands between columns: one character, or tab"},
	{.name = "delimited",
	 .kind = FF_OPT_CALL,
	 .arg = "CHAR",
	 .optional = true,
	 .set = cut_delimited,
	 .help = "--no-columns, --no-final-delimiter, and --column-separator=CHAR when "
		 "it "
		 "is given"},
	{.name = "no-columns",
	 .kind = FF_OPT_FLAG,
	 .offset = offsetof(struct cut_opts, no_columns),
	 .help = "no blanks that align the columns"},
	{.name = "no-final-delimiter",
	 .kind = FF_OPT_FLAG,
	 .offset = offsetof(struct cut_opts, no_final_delimiter),
	 .help = "no separator at the end of the line"},
	{.name = NULL},
};

static const struct ff_opt *cut_options(size_t i, const char **title)
{
	const struct {
		const char *title;
		const struct ff_opt *opts;
	} tables[] = {
		{"Output", output_options},
		{"Text as rwcut prints it", rwcut_options},
		{"Selection", ff_select_opt_table},
		{"Input", ff_input_opt_table},
		{"Running", ff_cli_read_options},
	};
	if (i >= sizeof tables / sizeof *tables)
		return NULL;
	*title = tables[i].title;
	return tables[i].opts;
}

struct cut_run {
	struct cut_opts opts;
	size_t rwcut_given;
	struct ff_cli_read read;
	struct ff_flow_writer_opts how;
	struct ff_output *out;
	struct ff_flow_writer *writer;
	struct ff_run_report report;
	uint64_t written;
};

/* ---- what is asked for ---- */

static int cut_format(int *format, const struct cut_opts *o, struct ff_err *err)
{
	static const struct {
		const char *end;
		int format;
	} ends[] = {
		{".csv", CUT_CSV}, {".jsonl", CUT_NDJSON}, {".ndjson", CUT_NDJSON},
		{".rw", CUT_SILK}, {".silk", CUT_SILK},	   {".txt", CUT_RWCUT},
	};
	size_t len = strlen(o->output);
	*format = o->format;
	if (*format == CUT_AUTO && strcmp(o->output, "-") == 0)
		*format = CUT_RWCUT;
	for (size_t i = 0; *format == CUT_AUTO && i < sizeof ends / sizeof *ends; i++) {
		size_t n = strlen(ends[i].end);
		if (len > n && strcmp(o->output + len - n, ends[i].end) == 0)
			*format = ends[i].format;
	}
	if (*format != CUT_AUTO)
		return FF_OK;
	return ff_fail(err, FF_EUSAGE,
		       "the extension of '%s' names no format: use .txt, .csv, .ndjson, "
		       ".rw or --format",
		       o->output);
}

static int cut_separator(char *out, const char *word, struct ff_err *err)
{
	bool tab = strcmp(word, "tab") == 0 || strcmp(word, "\\t") == 0;
	*out = tab ? '\t' : word[0];
	if (tab || (strlen(word) == 1 && *out != '\n' && *out != '\r'))
		return FF_OK;
	return ff_fail(err, FF_EUSAGE,
		       "'%s' is no separator of columns: one character, or tab", word);
}

/* Options that the format has no place for are refused, so that nobody waits for what
 * they say. */
static int cut_check(const struct cut_run *c, int format, struct ff_err *err)
{
	const char *wrong = NULL;
	if (format != CUT_RWCUT && c->rwcut_given)
		wrong = "the options of rwcut's text";
	if (format == CUT_SILK && c->opts.fields)
		wrong = "'--fields'";
	if (format == CUT_SILK && c->opts.times)
		wrong = "'--timestamp-format'";
	if (format != CUT_SILK && c->opts.ipv4_output)
		wrong = "'--ipv4-output'";
	if (wrong)
		return ff_fail(err, FF_EUSAGE, "%s cannot be had with --format=%s", wrong,
			       cut_formats[format]);
	if (format == CUT_SILK && strcmp(c->opts.output, "-") == 0 &&
	    isatty(STDOUT_FILENO))
		return ff_fail(err, FF_EUSAGE,
			       "SiLK's records are nothing for a terminal: give -o FILE");
	return FF_OK;
}

static int cut_prepare(struct cut_run *c, const struct ff_cli *cli, struct ff_err *err)
{
	static const enum ff_flow_format formats[] = {
		[CUT_AUTO] = FF_WRITE_RWCUT, [CUT_RWCUT] = FF_WRITE_RWCUT,
		[CUT_CSV] = FF_WRITE_CSV,    [CUT_NDJSON] = FF_WRITE_NDJSON,
		[CUT_SILK] = FF_WRITE_SILK,
	};
	const struct cut_opts *o = &c->opts;
	const char *fields = o->fields;
	int format = CUT_AUTO;
	int rc = cut_format(&format, o, err);
	if (rc || (rc = cut_check(c, format, err)) ||
	    (rc = cut_separator(&c->how.delimiter, o->separator, err)) ||
	    (rc = ff_parse_tz(&c->how.tz_ns, o->tz, err)))
		return rc;
	c->how.format = formats[format];
	c->how.times = (enum ff_flow_times)o->times;
	c->how.no_titles = o->no_titles;
	c->how.pad = !o->no_columns && !o->delimited && format == CUT_RWCUT;
	c->how.no_end = o->no_final_delimiter || o->delimited;
	c->how.silk_v6 = !o->ipv4_output;
	c->how.invocation = cli->command_line;
	/* what nobody prints need not be parsed */
	if (!fields && format == CUT_RWCUT)
		fields = "1-12";
	if (fields && (rc = ff_columns_parse(&c->how.columns, fields, err)) == FF_OK)
		c->read.input.want = ff_columns_needs(&c->how.columns);
	return rc;
}

/* ---- running ---- */

static int cut_states(const struct ff_cli_read *r, struct ff_err *err)
{
	for (size_t i = 0; r->states && i < r->paths.count; i++)
		if (ff_run_is_state(r->paths.items[i]))
			return ff_fail(err, FF_EUSAGE,
				       "'%s' is a state, which holds counts and no flows",
				       r->paths.items[i]);
	return FF_OK;
}

static int cut_add(void *arg, const struct ff_batch *flows, struct ff_err *err)
{
	struct cut_run *c = arg;
	struct ff_batch some = *flows;
	uint64_t most = c->opts.num_recs;
	if (most && some.count > most - c->written)
		some.count = (size_t)(most - c->written);
	int rc = ff_flow_writer_add(c->writer, &some, err);
	c->written += some.count;
	return rc < 0 ? rc : most && c->written == most;
}

/* What was read before a failure has its place on standard output, as any filter's; a
 * file appears whole or not at all. */
static int cut_close(struct cut_run *c, int rc, struct ff_err *err)
{
	struct ff_err *why = rc ? NULL : err;
	int closed = rc;
	if (c->writer && (rc == FF_OK || strcmp(c->opts.output, "-") == 0)) {
		closed = ff_flow_writer_finish(c->writer, why);
		if (closed == FF_OK)
			closed = ff_output_commit(&c->out, why);
	}
	ff_output_abort(&c->out);
	return rc ? rc : closed;
}

static int cut_read(struct ff_cli *cli, struct cut_run *c, struct ff_err *err)
{
	struct ff_cli_progress progress;
	struct ff_run_opts *run = &c->read.run;
	bool on_terminal = strcmp(c->opts.output, "-") == 0 && isatty(STDOUT_FILENO);
	const struct ff_progress *shown = ff_cli_progress_start(&progress, cli);
	run->progress = on_terminal ? NULL : shown;
	/* names of sensors that text brings get their numbers as they come in, and SiLK
	 * holds only numbers: one thread gives the same ones every time */
	if (c->how.format == FF_WRITE_SILK && !ff_site_is_loaded(c->read.site))
		run->threads = 1;
	c->how.site = c->read.site;
	int rc = ff_output_open(&c->out, c->opts.output, err);
	if (rc == FF_OK)
		rc = ff_flow_writer_new(&c->writer, c->out, &c->how, err);
	if (rc == FF_OK)
		rc = ff_run_flows(&c->report, run, cut_add, c, err);
	ff_cli_progress_end(&progress);
	return cut_close(c, rc, err);
}

/* ---- what is told ---- */

/* "0 is 'east', 1 is 'west', ..." of the names that no silk.conf gave. */
static void cut_sensors(struct ff_buf *out, const struct ff_site *site)
{
	enum { TOLD = 8 };
	unsigned last = ff_site_max_sensor(site), told = 0;
	for (unsigned id = 0; !ff_site_is_loaded(site) && id <= last; id++) {
		char number[8];
		const char *name = ff_site_sensor(site, id, number, sizeof number);
		if (name == number)
			continue;
		if (told++ < TOLD)
			ff_buf_addf(out, "%s%u is '%s'", out->len ? ", " : "", id, name);
	}
	if (told > TOLD)
		ff_buf_addf(out, " and so on to %u", last);
}

static void cut_notes(struct ff_cli *cli, const struct cut_run *c)
{
	struct ff_buf text = FF_BUF_INIT;
	bool to_file = strcmp(c->opts.output, "-") != 0;
	char some[32], all[32];
	ff_format_thousands(some, sizeof some, c->written);
	ff_format_thousands(all, sizeof all, c->report.origin.read);
	if (to_file && c->opts.num_recs && c->written == c->opts.num_recs)
		ff_cli_note(cli, "the first %s flows are in '%s'", some, c->opts.output);
	else if (to_file)
		ff_cli_note(cli, "%s of %s flows are in '%s'", some, all, c->opts.output);
	ff_flow_writer_losses(&text, c->writer);
	if (text.len)
		ff_cli_note(cli, "SiLK's records cannot hold all of it: %s",
			    ff_buf_str(&text));
	ff_buf_clear(&text);
	if (c->how.format == FF_WRITE_SILK)
		cut_sensors(&text, c->read.site);
	if (text.len)
		ff_cli_note(cli, "SiLK's records hold no names of sensors: %s",
			    ff_buf_str(&text));
	ff_buf_release(&text);
}

static int cut_run(struct ff_cli *cli, int argc, char **argv)
{
	struct cut_run c = {.written = 0};
	struct ff_opt_group groups[8];
	struct ff_err err = {0};
	size_t n = 0;
	int rc = ff_opts_defaults(output_options, &c.opts, &err);
	if (rc == FF_OK)
		rc = ff_opts_defaults(rwcut_options, &c.opts, &err);
	groups[n++] = (struct ff_opt_group){
		.title = "Output", .opts = output_options, .params = &c.opts};
	groups[n++] = (struct ff_opt_group){.title = "Text as rwcut prints it",
					    .opts = rwcut_options,
					    .params = &c.opts,
					    .given = &c.rwcut_given};
	if (rc || (rc = ff_cli_read_init(&c.read, groups, &n, &err)) ||
	    (rc = ff_opts_parse(groups, n, argc, argv, &c.read.words, &err)) ||
	    (rc = cut_prepare(&c, cli, &err)) ||
	    (rc = ff_cli_can_write(c.opts.output, &err)))
		goto out;
	if ((rc = ff_cli_read_prepare(cli, &c.read, &err)) ||
	    (rc = cut_states(&c.read, &err)) ||
	    (rc = ff_cli_read_spare(&c.read, c.opts.output, &err)))
		goto out;
	rc = cut_read(cli, &c, &err);
out:;
	int status = rc ? ff_cli_fail(cli, &err) : ff_cli_read_status(cli, &c.report);
	if (rc == FF_OK)
		cut_notes(cli, &c);
	ff_flow_writer_free(c.writer);
	ff_run_report_release(&c.report);
	ff_cli_read_release(&c.read);
	return status;
}

const struct ff_command ff_command_cut = {
	.name = "cut",
	.summary = "print or convert the flows that a selection passes",
	.usage = "flowfig cut [SWITCHES] [--fields=LIST] INPUT... [-o FILE]",
	.options = cut_options,
	.run = cut_run,
};
