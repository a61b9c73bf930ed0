/* SPDX-License-Identifier: MIT */
/* cmd_figure - `flowfig KIND ... INPUT... -o FIGURE`: every figure kind is a command of
 * this shape. */
#include "cli/cli.h"
#include "cli/read.h"

#include <stdio.h>
#include <string.h>

struct output_opts {
	struct ff_strings figures, data;
	const char *findings;
};
static const struct ff_opt output_options[] = {
	{.name = "output",
	 .letter = 'o',
	 .kind = FF_OPT_LIST,
	 .arg = "FILE",
	 .offset = offsetof(struct output_opts, figures),
	 .help = "figure to write: .png, .svg or .pdf; may be given many times"},
	{.name = "data",
	 .kind = FF_OPT_LIST,
	 .arg = "FILE",
	 .offset = offsetof(struct output_opts, data),
	 .help = "the plotted table: .csv, .json, .md or .tex, or - for CSV on standard "
		 "output"},
	{.name = "findings",
	 .kind = FF_OPT_STRING,
	 .arg = "FILE",
	 .offset = offsetof(struct output_opts, findings),
	 .help = "the findings as JSON, each with the switches that select its flows"},
	{.name = NULL},
};

struct figure_run {
	const struct ff_figure_type *type;
	const struct ff_agg_type *agg_type;
	struct ff_cli_read read;
	struct output_opts out;
	struct ff_figure_opts opts;
	void *params, *agg_params, *how; /* of the figure, of the aggregate, of its end */
	size_t agg_given;
	void *agg;
	struct ff_run_report report;
	struct ff_result result;
	struct ff_task *warming, *freeing; /* beside the reading, beside the drawing */
	char *provenance, *footer, *source;
};

const struct ff_opt *ff_cli_figure_options(const struct ff_figure_type *figure, size_t i,
					   const char **title)
{
	const struct ff_agg_type *agg = ff_agg_find(figure->aggregate);
	const struct {
		const char *title;
		const struct ff_opt *opts;
	} tables[] = {
		{"Output", output_options},
		{"Counting", agg ? agg->opts : NULL},
		{"Findings", agg ? agg->how_opts : NULL},
		{"View", figure->opts},
		{"Drawing", ff_figure_opt_table},
		{"Selection", ff_select_opt_table},
		{"Input", ff_input_opt_table},
		{"Running", ff_cli_read_options},
	};
	enum { FINDINGS = 2 };
	if (i >= FINDINGS && !(agg && agg->how_opts))
		i++; /* kinds without such options have no such section */
	if (i >= sizeof tables / sizeof *tables)
		return NULL;
	*title = tables[i].title;
	return tables[i].opts;
}

/* ---- options ---- */

static int figure_defaults(struct figure_run *f, struct ff_err *err)
{
	f->params = ff_calloc(1, f->type->params_size + 1);
	f->agg_params = ff_calloc(1, f->agg_type->params_size + 1);
	f->how = ff_calloc(1, f->agg_type->how_size + 1);
	if (!f->params || !f->agg_params || !f->how)
		return ff_fail_nomem(err);
	int rc = ff_opts_defaults(f->type->opts, f->params, err);
	if (rc == FF_OK)
		rc = ff_opts_defaults(f->agg_type->opts, f->agg_params, err);
	if (rc == FF_OK && f->agg_type->how_opts)
		rc = ff_opts_defaults(f->agg_type->how_opts, f->how, err);
	if (rc == FF_OK)
		rc = ff_opts_defaults(ff_figure_opt_table, &f->opts, err);
	return rc;
}

/* The switches of a finding are those of its place; what the figure was drawn of belongs
 * to them, so that they select its flows alone. */
static int figure_selections(struct figure_run *f, struct ff_err *err)
{
	const char *outer = f->report.origin.selection;
	int rc = FF_OK;
	for (size_t i = 0; outer && *outer && rc == FF_OK && i < f->result.nfindings;
	     i++) {
		struct ff_finding *finding = &f->result.findings[i];
		char *joined = NULL;
		rc = ff_select_join(&joined, outer,
				    finding->selection ? finding->selection : "", err);
		if (rc == FF_OK) {
			ff_free(finding->selection);
			finding->selection = joined;
		}
	}
	return rc;
}

/* Outputs are checked before anything is read: a wrong name must not cost an hour. */
static int check_outputs(const struct figure_run *f, struct ff_err *err)
{
	if (!f->out.figures.count && !f->out.data.count && !f->out.findings)
		return ff_fail(err, FF_EUSAGE,
			       "no output: give -o FIGURE.png (or .svg, .pdf), or "
			       "--data=FILE.csv");
	for (size_t i = 0; i < f->out.figures.count; i++)
		if (ff_canvas_kind_of(f->out.figures.items[i]) < 0)
			return ff_fail(err, FF_EUSAGE,
				       "cannot tell the kind of figure from '%s': use "
				       ".png, .svg or .pdf",
				       f->out.figures.items[i]);
	for (size_t i = 0; i < f->out.data.count; i++) {
		const char *path = f->out.data.items[i];
		if (strcmp(path, "-") != 0 && ff_table_format_of(path) < 0)
			return ff_fail(err, FF_EUSAGE,
				       "cannot tell the kind of table from '%s': use "
				       ".csv, .json, .md or .tex",
				       path);
	}
	int rc = f->out.findings ? ff_cli_can_write(f->out.findings, err) : FF_OK;
	for (size_t i = 0; i < f->out.figures.count && rc == FF_OK; i++)
		rc = ff_cli_can_write(f->out.figures.items[i], err);
	for (size_t i = 0; i < f->out.data.count && rc == FF_OK; i++)
		rc = ff_cli_can_write(f->out.data.items[i], err);
	return rc;
}

static int figure_parse(struct ff_cli *cli, struct figure_run *f, int argc, char **argv,
			struct ff_err *err)
{
	struct ff_opt_group groups[8];
	size_t n = 0;
	int rc = figure_defaults(f, err);
	if (rc)
		return rc;
	groups[n++] = (struct ff_opt_group){
		.title = "Output", .opts = output_options, .params = &f->out};
	groups[n++] = (struct ff_opt_group){.title = "Counting",
					    .opts = f->agg_type->opts,
					    .params = f->agg_params,
					    .given = &f->agg_given};
	if (f->agg_type->how_opts)
		groups[n++] = (struct ff_opt_group){.title = "Findings",
						    .opts = f->agg_type->how_opts,
						    .params = f->how};
	groups[n++] = (struct ff_opt_group){
		.title = "View", .opts = f->type->opts, .params = f->params};
	groups[n++] = (struct ff_opt_group){
		.title = "Drawing", .opts = ff_figure_opt_table, .params = &f->opts};
	if ((rc = ff_cli_read_init(&f->read, groups, &n, err)))
		return rc;
	/* defaults above went through the same tables; only the user's words count as
	 * given */
	f->agg_given = f->read.select_given = 0;
	f->opts.palette_dir = cli->palette_dir;
	if ((rc = ff_opts_parse(groups, n, argc, argv, &f->read.words, err)) ||
	    (rc = ff_figure_check(f->type, &f->opts, err)) ||
	    (rc = check_outputs(f, err)))
		return rc;
	rc = ff_cli_read_prepare(cli, &f->read, err);
	if (rc == FF_OK)
		rc = ff_cli_read_check(&f->read, f->agg_type, f->agg_params, f->agg_given,
				       err);
	for (size_t i = 0; i < f->out.figures.count && rc == FF_OK; i++)
		rc = ff_cli_read_spare(&f->read, f->out.figures.items[i], err);
	for (size_t i = 0; i < f->out.data.count && rc == FF_OK; i++)
		rc = ff_cli_read_spare(&f->read, f->out.data.items[i], err);
	if (rc == FF_OK && f->out.findings)
		rc = ff_cli_read_spare(&f->read, f->out.findings, err);
	return rc;
}

/* ---- words for the footer ---- */

/* The command without what does not change the picture: inputs, outputs, how it was run.
 */
static char *footer_command(const struct figure_run *f, int argc, char **argv)
{
	static const char *const left_out[] = {
		"--data",    "--findings", "--threads", "--memory", "--quiet",
		"--max-bad", "--size",	   "--dpi",	"--theme",  "--source",
		"--title",   "--subtitle", "--marking", "--output", "--geo"};
	struct ff_buf b = FF_BUF_INIT;
	ff_buf_addf(&b, "flowfig %s", f->type->name);
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
		bool skip = argv[i][0] != '-' || argv[i][1] != '-';
		for (size_t k = 0; k < sizeof left_out / sizeof *left_out && !skip; k++)
			skip = strncmp(argv[i], left_out[k], strlen(left_out[k])) == 0;
		if (!skip)
			ff_buf_addf(&b, " %s", argv[i]);
	}
	char *s = b.failed ? NULL : ff_strdup(ff_buf_str(&b));
	ff_buf_release(&b);
	return s;
}

/* Of the databases that were asked, without their digests. */
static void source_geo(struct ff_buf *b, const char *geo)
{
	static const char digest[] = ", digest ";
	const char *at;
	ff_buf_adds(b, "; countries: ");
	while ((at = strstr(geo, digest))) {
		ff_buf_add(b, geo, (size_t)(at - geo));
		geo = at + sizeof digest - 1;
		geo += strspn(geo, "0123456789abcdef");
	}
	ff_buf_adds(b, geo);
}

/* "april.rw", or "720 files". */
static char *source_words(const struct ff_agg_origin *o)
{
	struct ff_buf b = FF_BUF_INIT;
	if (o->count == 1) {
		const char *slash = strrchr(o->sources[0].name, '/');
		ff_buf_adds(&b, slash ? slash + 1 : o->sources[0].name);
	} else {
		ff_buf_addf(&b, "%zu files", o->count);
	}
	if (o->geo_digest)
		source_geo(&b, o->geo);
	char *s = b.failed ? NULL : ff_strdup(ff_buf_str(&b));
	ff_buf_release(&b);
	return s;
}

/* ---- outputs ---- */

static int write_figure(struct ff_cli *cli, struct figure_run *f, const char *path,
			struct ff_err *err)
{
	struct ff_buf image = FF_BUF_INIT;
	int64_t created = cli->source_date_epoch >= 0
				  ? cli->source_date_epoch
				  : ff_result_number(&f->result, "last_ns", 0) / FF_SEC;
	int rc = ff_figure_render(&image, (enum ff_canvas_kind)ff_canvas_kind_of(path),
				  f->type, &f->result, &f->opts, f->params, f->provenance,
				  created, NULL, err);
	if (rc == FF_OK)
		rc = ff_output_whole(path, image.data, image.len, err);
	ff_buf_release(&image);
	return rc;
}

static int write_outputs(struct ff_cli *cli, struct figure_run *f, struct ff_err *err)
{
	int rc = FF_OK;
	for (size_t i = 0; i < f->out.data.count && rc == FF_OK; i++) {
		const char *path = f->out.data.items[i];
		int format =
			strcmp(path, "-") == 0 ? FF_TABLE_CSV : ff_table_format_of(path);
		struct ff_buf b = FF_BUF_INIT;
		ff_table_write(&b, &f->result.tables[0], (enum ff_table_format)format);
		rc = b.failed ? ff_fail_nomem(err)
			      : ff_output_whole(path, b.data, b.len, err);
		ff_buf_release(&b);
	}
	if (rc == FF_OK && f->out.findings) {
		struct ff_buf b = FF_BUF_INIT;
		ff_findings_write(&b, &f->result);
		rc = b.failed ? ff_fail_nomem(err)
			      : ff_output_whole(f->out.findings, b.data, b.len, err);
		ff_buf_release(&b);
	}
	for (size_t i = 0; i < f->out.figures.count && rc == FF_OK; i++)
		rc = write_figure(cli, f, f->out.figures.items[i], err);
	return rc;
}

/* ---- the run ---- */

static void figure_warm(void *arg)
{
	(void)arg;
	ff_canvas_warm(NULL);
}

/* Fonts load while the input is read, when there is a processor for both. */
static void figure_begin_warming(struct figure_run *f)
{
	for (size_t i = 0; i < f->out.figures.count && f->opts.threads > 1; i++)
		if (ff_canvas_kind_of(f->out.figures.items[i]) != FF_CANVAS_TRACE) {
			ff_task_start(&f->warming, figure_warm, NULL);
			return;
		}
}

static void figure_free_store(void *arg)
{
	struct figure_run *f = arg;
	f->agg_type->destroy(f->agg);
	f->agg = NULL;
}

/* The store is no longer needed: the drawing should not find memory full, nor wait. */
static void figure_begin_freeing(struct figure_run *f)
{
	if (f->opts.threads > 1)
		ff_task_start(&f->freeing, figure_free_store, f);
	else
		figure_free_store(f);
}

static int figure_read(struct ff_cli *cli, struct figure_run *f, struct ff_err *err)
{
	char passed[32];
	int rc = ff_cli_read_run(cli, &f->read, &f->report, &f->agg, f->agg_type,
				 f->agg_params, f->agg_given, err);
	if (rc == FF_OK)
		rc = f->agg_type->finish(f->agg, f->how, &f->result, f->opts.threads,
					 err);
	if (rc == FF_OK)
		rc = figure_selections(f, err);
	ff_task_wait(f->warming);
	f->warming = NULL;
	if (rc)
		return rc;
	figure_begin_freeing(f);
	if (!f->report.origin.read)
		return ff_fail(err, FF_EFORMAT,
			       "nothing to draw: there are no flows in the input");
	if (!f->result.tables[0].rows)
		return ff_fail(err, FF_EFORMAT,
			       "nothing to draw: of %s selected flows %s",
			       ff_format_thousands(passed, sizeof passed,
						   f->report.origin.passed),
			       f->agg_type->empty);
	return ff_cli_provenance(&f->provenance, cli, &f->report.origin, err);
}

static void figure_release(struct figure_run *f)
{
	ff_task_wait(f->freeing);
	if (f->agg)
		f->agg_type->destroy(f->agg);
	ff_result_release(&f->result);
	ff_run_report_release(&f->report);
	ff_cli_read_release(&f->read);
	ff_strings_release(&f->out.figures);
	ff_strings_release(&f->out.data);
	ff_free(f->params);
	ff_free(f->agg_params);
	ff_free(f->how);
	ff_free(f->provenance);
	ff_free(f->footer);
	ff_free(f->source);
}

int ff_cli_figure(struct ff_cli *cli, const struct ff_figure_type *figure, int argc,
		  char **argv)
{
	struct figure_run f = {.type = figure,
			       .agg_type = ff_agg_find(figure->aggregate)};
	struct ff_err err = {0};
	int status;
	int rc = figure_parse(cli, &f, argc, argv, &err);
	if (rc == FF_OK) {
		f.opts.threads =
			f.read.threads ? (unsigned)f.read.threads : ff_cpu_count();
		figure_begin_warming(&f);
		rc = figure_read(cli, &f, &err);
	}
	if (rc == FF_OK) {
		f.footer = footer_command(&f, argc, argv);
		f.source = source_words(&f.report.origin);
		f.opts.command = f.footer;
		if (!f.opts.source)
			f.opts.source = f.source;
		rc = f.footer && f.source ? write_outputs(cli, &f, &err)
					  : ff_fail_nomem(&err);
	}
	status = rc ? ff_cli_fail(cli, &err) : ff_cli_read_status(cli, &f.report);
	figure_release(&f);
	return status;
}
