/* SPDX-License-Identifier: MIT */
/* cmd_help - `flowfig help [KIND]`: printed from the same tables that parse. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void help_overview(struct ff_buf *b)
{
	ff_buf_adds(
		b,
		"flowfig " FF_VERSION
		" turns network flow records into figures fit to print\n\n"
		"  flowfig KIND [SWITCHES] [OPTIONS] INPUT... -o FIGURE [-o FIGURE2]\n\n"
		"INPUT is a flow file, a folder of them, a saved state, or - for "
		"standard input.\n\n"
		"Figures:\n");
	for (size_t i = 0; ff_figure_at(i); i++)
		ff_buf_addf(b, "  %-11s %s\n", ff_figure_at(i)->name,
			    ff_figure_at(i)->summary);
	ff_buf_adds(b, "\nCommands:\n");
	for (size_t i = 0; ff_command_at(i); i++)
		ff_buf_addf(b, "  %-11s %s\n", ff_command_at(i)->name,
			    ff_command_at(i)->summary);
	ff_buf_adds(b, "\n'flowfig help KIND' lists the options of a figure or command; "
		       "flowfig(1) is the "
		       "manual.\n");
}

static void help_tables(struct ff_buf *b,
			const struct ff_opt *(*at)(const void *, size_t, const char **),
			const void *of)
{
	const char *title;
	const struct ff_opt *opts;
	for (size_t i = 0; (opts = at(of, i, &title)) != NULL; i++) {
		struct ff_opt_group g = {.title = title, .opts = opts};
		ff_buf_addc(b, '\n');
		ff_opts_help(b, &g);
	}
}

static const struct ff_opt *figure_at(const void *of, size_t i, const char **title)
{
	return ff_cli_figure_options(of, i, title);
}

static const struct ff_opt *command_at(const void *of, size_t i, const char **title)
{
	const struct ff_command *c = of;
	return c->options ? c->options(i, title) : NULL;
}

static int help_run(struct ff_cli *cli, int argc, char **argv)
{
	struct ff_buf b = FF_BUF_INIT;
	const struct ff_figure_type *f = argc > 0 ? ff_figure_find(argv[0]) : NULL;
	const struct ff_command *c = argc > 0 ? ff_command_find(argv[0]) : NULL;
	int status = FF_EXIT_OK;
	if (argc == 0) {
		help_overview(&b);
	} else if (f) {
		ff_buf_addf(&b,
			    "flowfig %s - %s\n\n  flowfig %s [SWITCHES] [OPTIONS] "
			    "INPUT... -o FIGURE\n",
			    f->name, f->summary, f->name);
		help_tables(&b, figure_at, f);
	} else if (c) {
		ff_buf_addf(&b, "flowfig %s - %s\n\n  %s\n", c->name, c->summary,
			    c->usage);
		help_tables(&b, command_at, c);
	} else {
		struct ff_err err;
		const char *near = ff_command_nearest(argv[0]);
		ff_fail(&err, FF_EUSAGE,
			near ? "no help for '%s'; did you mean '%s'?"
			     : "no help for '%s'; 'flowfig help' lists figures and "
			       "commands",
			argv[0], near);
		status = ff_cli_fail(cli, &err);
	}
	fputs(ff_buf_str(&b), stdout);
	ff_buf_release(&b);
	return status;
}

const struct ff_command ff_command_help = {
	.name = "help",
	.summary = "options of a figure or command",
	.usage = "flowfig help [KIND]",
	.run = help_run,
};
