/* SPDX-License-Identifier: MIT */
/* read - what figures, `aggregate` and `info` share: options of reading, expanding the
 * inputs, the site file, selection, the run. */
#ifndef FF_CLI_READ_H
#define FF_CLI_READ_H

#include "cli/cli.h"

struct ff_cli_read {
	/* filled by options */
	uint64_t threads, memory;
	const char *max_bad;
	const char *site_file;
	struct ff_strings geo_files; /* as given, or "none" */
	bool quiet;
	struct ff_input_opts input;
	struct ff_select *select;
	size_t select_given;
	struct ff_strings words; /* the inputs as typed */
	/* filled by ff_cli_read_prepare */
	struct ff_paths paths;
	struct ff_site *site;
	struct ff_geo *geo;
	size_t states; /* how many of the paths are states */
	struct ff_run_opts run;
};
extern const struct ff_opt ff_cli_read_options[];

/* Appends the groups "Selection" (over r->select), "Input" and "Running" to groups[*n].
 */
int ff_cli_read_init(struct ff_cli_read *r, struct ff_opt_group *groups, size_t *n,
		     struct ff_err *err);
/* After parsing: expands inputs, finds the site, finishes the selection. */
int ff_cli_read_prepare(struct ff_cli *cli, struct ff_cli_read *r, struct ff_err *err);
/* What the kind says of its options; a state among the inputs brings its own unless the
 * user gave some. */
int ff_cli_read_check(const struct ff_cli_read *r, const struct ff_agg_type *type,
		      const void *params, size_t given, struct ff_err *err);
/* Refuses an output that would replace one of the prepared inputs; a state may be
 * replaced by what it went into. */
int ff_cli_read_spare(const struct ff_cli_read *r, const char *output,
		      struct ff_err *err);
/* Runs, and says on standard error which orientation rule was used and what was damaged.
 */
int ff_cli_read_run(struct ff_cli *cli, struct ff_cli_read *r,
		    struct ff_run_report *report, void **agg,
		    const struct ff_agg_type *type, const void *params, size_t given,
		    struct ff_err *err);
void ff_cli_read_release(struct ff_cli_read *r);
/* Says what the readers remarked. FF_EXIT_BAD when damaged records were skipped (and says
 * so), else FF_EXIT_OK. */
int ff_cli_read_status(struct ff_cli *cli, const struct ff_run_report *report);

/* geo.c: opens r->geo with what --geo says, or, when `wanted` (FF_GEO_* mask) is asked
 * for, with what is in the usual places, and says what it found. Does nothing when it is
 * open or nothing is wanted. */
int ff_cli_geo_open(struct ff_cli *cli, struct ff_cli_read *r, unsigned wanted,
		    struct ff_err *err);

/* provenance.c: JSON text of where the result came from; the caller's. */
int ff_cli_provenance(char **out, const struct ff_cli *cli, const struct ff_agg_origin *o,
		      struct ff_err *err);

#endif
