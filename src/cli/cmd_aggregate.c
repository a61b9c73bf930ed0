/* SPDX-License-Identifier: MIT */
/* cmd_aggregate - `flowfig aggregate KIND ... INPUT... -o STATE`: stops before drawing.
 */
#include "cli/read.h"

#include <string.h>

struct aggregate_opts {
	const char *output;
};
static const struct ff_opt options[] = {
	{.name = "output",
	 .letter = 'o',
	 .kind = FF_OPT_STRING,
	 .arg = "STATE",
	 .offset = offsetof(struct aggregate_opts, output),
	 .help = "state to write, usually named .ffs"},
	{.name = NULL},
};

static const struct ff_opt *aggregate_options(size_t i, const char **title)
{
	const struct {
		const char *title;
		const struct ff_opt *opts;
	} tables[] = {
		{"Output", options},
		{"Selection", ff_select_opt_table},
		{"Input", ff_input_opt_table},
		{"Running", ff_cli_read_options},
	};
	if (i >= sizeof tables / sizeof *tables)
		return NULL;
	*title = tables[i].title;
	return tables[i].opts;
}

static int find_kind(const struct ff_agg_type **type, int argc, char **argv,
		     struct ff_err *err)
{
	if (argc < 1 || argv[0][0] == '-')
		return ff_fail(err, FF_EUSAGE,
			       "which kind? 'flowfig aggregate KIND INPUT... -o STATE'");
	const struct ff_figure_type *figure = ff_figure_find(argv[0]);
	*type = ff_agg_find(figure ? figure->aggregate : argv[0]);
	if (*type)
		return FF_OK;
	const char *names[64], *near;
	size_t n = 0;
	for (; ff_agg_at(n) && n < 64; n++)
		names[n] = ff_agg_at(n)->name;
	near = ff_nearest(argv[0], names, n);
	return ff_fail(err, FF_EUSAGE,
		       near ? "unknown kind '%s'; did you mean '%s'?"
			    : "unknown kind '%s'; 'flowfig list kinds' names them",
		       argv[0], near);
}

static int aggregate_run(struct ff_cli *cli, int argc, char **argv)
{
	const struct ff_agg_type *type = NULL;
	struct aggregate_opts opts = {NULL};
	struct ff_cli_read read = {0};
	struct ff_run_report report = {0};
	struct ff_opt_group groups[8];
	struct ff_err err = {0};
	size_t n = 0, given = 0;
	void *agg = NULL, *params = NULL;
	int rc = find_kind(&type, argc, argv, &err);
	if (rc == FF_OK && !(params = ff_calloc(1, type->params_size + 1)))
		rc = ff_fail_nomem(&err);
	if (rc || (rc = ff_opts_defaults(type->opts, params, &err)))
		goto out;
	groups[n++] = (struct ff_opt_group){
		.title = "Output", .opts = options, .params = &opts};
	groups[n++] = (struct ff_opt_group){.title = "Counting",
					    .opts = type->opts,
					    .params = params,
					    .given = &given};
	if ((rc = ff_cli_read_init(&read, groups, &n, &err)) ||
	    (rc = ff_opts_parse(groups, n, argc - 1, argv + 1, &read.words, &err)))
		goto out;
	if (!opts.output) {
		rc = ff_fail(&err, FF_EUSAGE, "no output: give -o STATE");
		goto out;
	}
	if ((rc = ff_cli_can_write(opts.output, &err)) ||
	    (rc = ff_cli_read_prepare(cli, &read, &err)) ||
	    (rc = ff_cli_read_check(&read, type, params, given, &err)) ||
	    (rc = ff_cli_read_spare(&read, opts.output, &err)) ||
	    (rc = ff_cli_read_run(cli, &read, &report, &agg, type, params, given, &err)))
		goto out;
	rc = ff_state_save(opts.output, type, agg, &report.origin, &err);
out:;
	int status = rc ? ff_cli_fail(cli, &err) : ff_cli_read_status(cli, &report);
	if (agg)
		type->destroy(agg);
	ff_free(params);
	ff_run_report_release(&report);
	ff_cli_read_release(&read);
	return status;
}

const struct ff_command ff_command_aggregate = {
	.name = "aggregate",
	.summary = "count flows into a state that can be merged and drawn later",
	.usage = "flowfig aggregate KIND [SWITCHES] [OPTIONS] INPUT... -o STATE",
	.options = aggregate_options,
	.run = aggregate_run,
};
