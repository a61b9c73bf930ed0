/* SPDX-License-Identifier: MIT */
/* cmd_merge - `flowfig merge STATE... -o STATE`: joins states of one kind and equal
 * parameters. */
#include "cli/read.h"

#include <string.h>

struct merge_opts {
	const char *output;
	uint64_t memory;
	bool quiet;
};
static const struct ff_opt options[] = {
	{.name = "output",
	 .letter = 'o',
	 .kind = FF_OPT_STRING,
	 .arg = "STATE",
	 .offset = offsetof(struct merge_opts, output),
	 .help = "state to write"},
	{.name = "memory",
	 .kind = FF_OPT_SIZE,
	 .arg = "SIZE",
	 .def = "4G",
	 .offset = offsetof(struct merge_opts, memory),
	 .help = "memory; past it sorted runs go to a scratch file in $TMPDIR"},
	{.name = "quiet",
	 .letter = 'q',
	 .kind = FF_OPT_FLAG,
	 .offset = offsetof(struct merge_opts, quiet),
	 .help = "no notes on standard error"},
	{.name = NULL},
};

static const struct ff_opt *merge_options(size_t i, const char **title)
{
	*title = "Options";
	return i == 0 ? options : NULL;
}

static int merge_run(struct ff_cli *cli, int argc, char **argv)
{
	struct merge_opts opts = {0};
	struct ff_opt_group group = {
		.title = "Options", .opts = options, .params = &opts};
	struct ff_strings words = {0};
	struct ff_agg_origin origin = {0};
	const struct ff_agg_type *type = NULL;
	struct ff_err err = {0};
	void *agg = NULL;
	int rc = ff_opts_defaults(options, &opts, &err);
	if (rc == FF_OK)
		rc = ff_opts_parse(&group, 1, argc, argv, &words, &err);
	if (rc == FF_OK && !opts.output)
		rc = ff_fail(&err, FF_EUSAGE, "no output: give -o STATE");
	if (rc == FF_OK && !words.count)
		rc = ff_fail(&err, FF_EUSAGE, "no input: name the states to merge");
	if (rc == FF_OK)
		rc = ff_cli_can_write(opts.output, &err);
	struct ff_agg_context ctx = {.memory_bytes = opts.memory,
				     .scratch_dir = cli->scratch_dir};
	for (size_t i = 0; i < words.count && rc == FF_OK; i++) {
		rc = ff_state_merge(&agg, &type, &origin, words.items[i], &ctx, &err);
		if (rc == FF_OK && atomic_load(cli->interrupted))
			rc = ff_fail(&err, FF_EINTR, "interrupted");
	}
	if (rc == FF_OK)
		rc = ff_state_save(opts.output, type, agg, &origin, &err);
	if (agg)
		type->destroy(agg);
	ff_agg_origin_release(&origin);
	ff_strings_release(&words);
	return rc ? ff_cli_fail(cli, &err) : FF_EXIT_OK;
}

const struct ff_command ff_command_merge = {
	.name = "merge",
	.summary = "join states of one kind into one",
	.usage = "flowfig merge STATE... -o STATE",
	.options = merge_options,
	.run = merge_run,
};
