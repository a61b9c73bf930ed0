/* SPDX-License-Identifier: MIT */
/* cli - what the commands share: the command table, the environment that main() read,
 * messages, exit status. A command is one file with one const descriptor, listed in
 * commands.c. */
#ifndef FF_CLI_CLI_H
#define FF_CLI_CLI_H

#include <flowfig/base.h>
#include <flowfig/figure.h>
#include <flowfig/run.h>

enum {
	FF_EXIT_OK = 0,
	FF_EXIT_DATA = 1,  /* the data could not be read or drawn */
	FF_EXIT_USAGE = 2, /* the command line is wrong */
	FF_EXIT_BAD = 3,   /* done, but damaged records were skipped */
};

struct ff_cli {
	bool quiet;		   /* no notes, no progress */
	bool is_tty;		   /* standard error is a terminal */
	atomic_bool *interrupted;  /* set by SIGINT, SIGTERM */
	int64_t source_date_epoch; /* SOURCE_DATE_EPOCH, or -1 */
	const char *scratch_dir;   /* TMPDIR, or /tmp */
	const char *palette_dir;   /* FLOWFIG_PALETTES, or the installed folder */
	const char *geo_path;	   /* FLOWFIG_GEO: folders with colons between, or NULL */
	const char *country_map;   /* SILK_COUNTRY_CODES, or NULL */
	char *command_line;	   /* as typed, words quoted where a shell needs it */
};

struct ff_command {
	const char *name;    /* [a-z][a-z0-9-]*, unique */
	const char *summary; /* one line, no full stop */
	const char *usage;   /* "flowfig merge STATE... -o STATE" */
	/* The i-th option table and its heading, for help; NULL past the end. NULL slot =
	 * no options. */
	const struct ff_opt *(*options)(size_t i, const char **title);
	/* argv without program and command name; returns the exit status. */
	int (*run)(struct ff_cli *cli, int argc, char **argv);
};
extern const struct ff_command ff_command_aggregate, ff_command_cut, ff_command_help,
	ff_command_info, ff_command_list, ff_command_merge, ff_command_simulate;
const struct ff_command *ff_command_find(const char *name); /* NULL if none */
const struct ff_command *ff_command_at(size_t i); /* sorted by name; NULL past the end */
const char *ff_command_nearest(
	const char *word); /* command or figure kind, or NULL when none is near */

/* Every figure kind is a command of its own; this runs it. */
int ff_cli_figure(struct ff_cli *cli, const struct ff_figure_type *figure, int argc,
		  char **argv);
const struct ff_opt *ff_cli_figure_options(const struct ff_figure_type *figure, size_t i,
					   const char **title);

/* Standard error, "flowfig: text\n". ff_cli_note is silent with --quiet. */
void ff_cli_error(struct ff_cli *cli, const struct ff_err *err);
void ff_cli_note(struct ff_cli *cli, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Prints the error; returns FF_EXIT_USAGE for FF_EUSAGE, else FF_EXIT_DATA. */
int ff_cli_fail(struct ff_cli *cli, const struct ff_err *err);
/* Whether an output can be opened for writing; leaves nothing behind. Asked before
 * anything is read. */
int ff_cli_can_write(const char *path, struct ff_err *err);
atomic_bool *ff_cli_interrupted(struct ff_cli *cli);
/* Shows records, rate, share and time left on a terminal; NULL when not wanted. `state`
 * is the caller's. */
struct ff_cli_progress {
	struct ff_progress progress;
	struct ff_cli *cli;
	int64_t started_ns, shown_ns;
	bool any;
};
const struct ff_progress *ff_cli_progress_start(struct ff_cli_progress *state,
						struct ff_cli *cli);
void ff_cli_progress_end(struct ff_cli_progress *state);

#endif
