/* SPDX-License-Identifier: MIT */
/* cmd_simulate - flowfig simulate SCENARIO: deterministic synthetic flows and a truth
 * file. */
#include "cli/cli.h"
#include "cli/simulate.h"

#include <inttypes.h>
#include <string.h>

static const struct ff_sim_scenario *const simulate_scenarios[] = {
	/* sorted: add yours here */
	&ff_sim_border,
	&ff_sim_slow_scan,
	&ff_sim_stacks,
};
#define SIMULATE_SCENARIOS (sizeof simulate_scenarios / sizeof *simulate_scenarios)

enum { SIMULATE_AUTO, SIMULATE_RWCUT, SIMULATE_CSV, SIMULATE_SILK, SIMULATE_SILK6 };

struct simulate_params {
	uint64_t seed, flows, days;
	double scale; /* 0 = not given */
	int64_t start_ns;
	int format;
	bool quiet;
	const char *inside, *output, *truth;
};

static const char *const simulate_formats[] = {"auto", "rwcut", "csv",
					       "silk", "silk6", NULL};
static const struct ff_opt simulate_opts[] = {
	{.name = "days",
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .help = "length in days",
	 .offset = offsetof(struct simulate_params, days),
	 .def = "30",
	 .min = 1,
	 .max = 366},
	{.name = "flows",
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .help = "number of flows, exactly; about 64 bytes of memory each",
	 .offset = offsetof(struct simulate_params, flows),
	 .min = 1,
	 .max = 200000000},
	{.name = "format",
	 .kind = FF_OPT_CHOICE,
	 .arg = "FORMAT",
	 .help = "auto goes by the extension of the output: .txt rwcut, .csv, .rw or "
		 ".silk SiLK; silk6 "
		 "writes SiLK's IPv6 records",
	 .offset = offsetof(struct simulate_params, format),
	 .def = "auto",
	 .choices = simulate_formats},
	{.name = "inside",
	 .kind = FF_OPT_STRING,
	 .arg = "CIDR",
	 .help = "the monitored network, 256 to 65536 addresses, IPv4 or IPv6",
	 .offset = offsetof(struct simulate_params, inside),
	 .def = "198.18.4.0/22"},
	{.name = "output",
	 .letter = 'o',
	 .kind = FF_OPT_STRING,
	 .arg = "FILE",
	 .help = "where the flows go; - is standard output",
	 .offset = offsetof(struct simulate_params, output)},
	{.name = "quiet",
	 .letter = 'q',
	 .kind = FF_OPT_FLAG,
	 .help = "no progress",
	 .offset = offsetof(struct simulate_params, quiet)},
	{.name = "scale",
	 .kind = FF_OPT_DOUBLE,
	 .arg = "X",
	 .help = "size instead of --flows; 1 is 1,000,000 flows for border and about "
		 "400,000 for "
		 "slow-scan in 30 days, and the connections asked for with stacks",
	 .offset = offsetof(struct simulate_params, scale),
	 .min = 0.001,
	 .max = 200},
	{.name = "seed",
	 .kind = FF_OPT_UINT,
	 .arg = "N",
	 .help = "the same seed and options give the same bytes on every machine",
	 .offset = offsetof(struct simulate_params, seed),
	 .def = "1"},
	{.name = "start",
	 .kind = FF_OPT_TIME,
	 .arg = "TIME",
	 .help = "first hour, UTC",
	 .offset = offsetof(struct simulate_params, start_ns),
	 .def = "2024/04/01"},
	{.name = "truth",
	 .kind = FF_OPT_STRING,
	 .arg = "FILE.json",
	 .help = "writes what was put in, by population, and what contact must find",
	 .offset = offsetof(struct simulate_params, truth)},
	{.name = NULL},
};

static const struct ff_opt *simulate_options(size_t i, const char **title)
{
	if (i == 0) {
		*title = "Simulation";
		return simulate_opts;
	}
	if (i > SIMULATE_SCENARIOS)
		return NULL;
	*title = simulate_scenarios[i - 1]->title;
	return simulate_scenarios[i - 1]->opts;
}

/* The scenario decides which options there are, so it is found before they are parsed:
 * the first word that is the name of one. */
static int simulate_find(const struct ff_sim_scenario **out, int argc, char **argv,
			 struct ff_err *err)
{
	const char *names[SIMULATE_SCENARIOS];
	for (size_t i = 0; i < SIMULATE_SCENARIOS; i++)
		names[i] = simulate_scenarios[i]->name;
	for (int a = 0; a < argc; a++)
		for (size_t i = 0; i < SIMULATE_SCENARIOS; i++)
			if (strcmp(argv[a], names[i]) == 0) {
				*out = simulate_scenarios[i];
				return FF_OK;
			}
	if (argc < 1 || argv[0][0] == '-')
		return ff_fail(err, FF_EUSAGE,
			       "no scenario: give border, slow-scan or stacks");
	const char *near = ff_nearest(argv[0], names, SIMULATE_SCENARIOS);
	if (near)
		return ff_fail(err, FF_EUSAGE,
			       "unknown scenario '%s'; did you mean '%s'?", argv[0],
			       near);
	return ff_fail(err, FF_EUSAGE,
		       "unknown scenario '%s'; there are border, slow-scan and stacks",
		       argv[0]);
}

static int simulate_check(const struct simulate_params *p,
			  const struct ff_sim_scenario *s, const struct ff_strings *rest,
			  struct ff_err *err)
{
	if (rest->count == 0 || strcmp(rest->items[0], s->name) != 0)
		return ff_fail(err, FF_EUSAGE,
			       "no scenario: give border, slow-scan or stacks");
	if (rest->count > 1)
		return ff_fail(err, FF_EUSAGE, "unexpected word '%s'", rest->items[1]);
	if (!p->output)
		return ff_fail(err, FF_EUSAGE,
			       "no output: give -o FILE, or -o - for standard output");
	if (p->truth && strcmp(p->truth, p->output) == 0)
		return ff_fail(err, FF_EUSAGE, "flows and truth can not both go to '%s'",
			       p->output);
	if (p->flows && p->scale > 0)
		return ff_fail(err, FF_EUSAGE, "--flows and --scale exclude each other");
	return FF_OK;
}

static int simulate_parse(struct simulate_params *p, void **own,
			  const struct ff_sim_scenario **scenario, int argc, char **argv,
			  struct ff_err *err)
{
	const struct ff_sim_scenario *s = NULL;
	int status = simulate_find(&s, argc, argv, err);
	if (status != FF_OK)
		return status;
	struct ff_strings rest = {0};
	void *params = ff_calloc(1, s->params_size);
	if (!params)
		return ff_fail_nomem(err);
	struct ff_opt_group groups[] = {
		{.title = "Simulation", .opts = simulate_opts, .params = p},
		{.title = s->title, .opts = s->opts, .params = params}};
	status = ff_opts_defaults(simulate_opts, p, err);
	if (status == FF_OK)
		status = ff_opts_defaults(s->opts, params, err);
	if (status == FF_OK)
		status = ff_opts_parse(groups, 2, argc, argv, &rest, err);
	if (status == FF_OK)
		status = simulate_check(p, s, &rest, err);
	ff_strings_release(&rest);
	if (status != FF_OK) {
		ff_free(params);
		return status;
	}
	*own = params;
	*scenario = s;
	return FF_OK;
}

static bool simulate_ends(const char *path, const char *end)
{
	size_t n = strlen(path), m = strlen(end);
	return n > m && strcmp(path + n - m, end) == 0;
}

/* The format by option or extension; IPv6 needs the SiLK format that has room for it. */
static int simulate_format(int *out, const struct simulate_params *p,
			   const struct ff_sim *sim, struct ff_err *err)
{
	int format = p->format;
	if (format == SIMULATE_AUTO) {
		if (strcmp(p->output, "-") == 0 || simulate_ends(p->output, ".txt"))
			format = SIMULATE_RWCUT;
		else if (simulate_ends(p->output, ".csv"))
			format = SIMULATE_CSV;
		else if (simulate_ends(p->output, ".rw") ||
			 simulate_ends(p->output, ".silk"))
			format = ff_sim_is_v6(sim) ? SIMULATE_SILK6 : SIMULATE_SILK;
		else
			return ff_fail(err, FF_EUSAGE,
				       "the extension of '%s' names no format; use .txt, "
				       ".csv, .rw or --format",
				       p->output);
	}
	if (format == SIMULATE_SILK && ff_sim_is_v6(sim))
		return ff_fail(err, FF_EUSAGE,
			       "--format=silk has no room for IPv6; use --format=silk6");
	*out = format;
	return FF_OK;
}

static int simulate_prepare(struct ff_sim *sim, const struct simulate_params *p,
			    const struct ff_sim_scenario *s, const void *own,
			    struct ff_err *err)
{
	if (!ff_parse_prefix(&sim->inside, p->inside, strlen(p->inside)))
		return ff_fail(err, FF_EUSAGE, "--inside='%s' is no CIDR prefix",
			       p->inside);
	sim->inside_bits = 128u - sim->inside.bits;
	if (sim->inside_bits < 8 || sim->inside_bits > 16)
		return ff_fail(err, FF_EUSAGE,
			       "--inside='%s' must hold 256 to 65536 addresses",
			       p->inside);
	/* at least 1970, and the last flow within what SiLK's unsigned seconds can say */
	int64_t latest =
		(int64_t)UINT32_MAX * FF_SEC - (int64_t)p->days * FF_DAY - FF_DAY;
	if (p->start_ns % FF_HOUR || p->start_ns < 0 || p->start_ns > latest)
		return ff_fail(err, FF_EUSAGE,
			       "--start must be a full hour from 1970 on");
	sim->seed = p->seed;
	sim->days = (uint32_t)p->days;
	sim->start_ns = p->start_ns;
	sim->target = p->flows;
	if (p->flows)
		return FF_OK;
	sim->scale = p->scale > 0 ? p->scale : 1;
	int status = s->plan(&sim->target, sim, own, sim->scale, err);
	if (status == FF_OK && (sim->target < 1 || sim->target > 200000000))
		status = ff_fail(err, FF_EUSAGE,
				 "these options make %" PRIu64
				 " flows; 1 to 200000000 are possible",
				 sim->target);
	return status;
}

static int simulate_write_flows(struct ff_output *output, const struct ff_sim *sim,
				int format, const char *invocation,
				const struct ff_progress *progress, struct ff_err *err)
{
	static const enum ff_flow_format formats[] = {
		[SIMULATE_AUTO] = FF_WRITE_RWCUT, [SIMULATE_RWCUT] = FF_WRITE_RWCUT,
		[SIMULATE_CSV] = FF_WRITE_CSV,	  [SIMULATE_SILK] = FF_WRITE_SILK,
		[SIMULATE_SILK6] = FF_WRITE_SILK,
	};
	struct ff_site *site = NULL;
	struct ff_flow_writer_opts opts = {.format = formats[format],
					   .silk_v6 = format == SIMULATE_SILK6,
					   .invocation = invocation};
	struct ff_flow_writer *writer = NULL;
	int status = ff_site_new(&site, err);
	if (status != FF_OK)
		return status;
	opts.site = site;
	if (ff_site_intern(site, "S0", 2) != 0) /* every flow carries sensor 0 */
		status = ff_fail_nomem(err);
	/* rwcut's own columns, and the type, which tells in from out */
	if (status == FF_OK)
		status = ff_columns_parse(&opts.columns, "1-12,type", err);
	if (status == FF_OK)
		status = ff_flow_writer_new(&writer, output, &opts, err);
	if (status == FF_OK)
		status = ff_sim_write(sim, writer, progress, err);
	if (status == FF_OK)
		status = ff_flow_writer_finish(writer, err);
	ff_flow_writer_free(writer);
	ff_site_free(site);
	return status;
}

/* What made the flows, without where they went: part of the output must not depend on its
 * name. */
static void simulate_invocation(struct ff_buf *out, const struct ff_sim *sim,
				const struct ff_sim_scenario *s, const void *own)
{
	char start[48], inside[FF_ADDR_TEXT], scale[32];
	ff_buf_addf(out, "flowfig simulate %s --seed=%" PRIu64, s->name, sim->seed);
	if (s->is_scaled && sim->scale > 0)
		ff_buf_addf(out, " --scale=%s",
			    ff_format_double(scale, sizeof scale, sim->scale));
	else
		ff_buf_addf(out, " --flows=%" PRIu64, sim->target);
	ff_buf_addf(out, " --start=%s --days=%" PRIu32 " --inside=%s",
		    ff_format_time(start, sizeof start, sim->start_ns), sim->days,
		    ff_format_prefix(inside, sizeof inside, &sim->inside));
	ff_sim_options_text(out, s->opts, own);
}

/* Both files appear, or neither: they are opened before anything is written and put in
 * place at the end. */
static int simulate_write(struct ff_cli *cli, const struct ff_sim *sim,
			  const struct simulate_params *p,
			  const struct ff_sim_scenario *scenario, const void *own,
			  int format, struct ff_err *err)
{
	struct ff_buf text = FF_BUF_INIT, invocation = FF_BUF_INIT;
	struct ff_output *flows = NULL, *truth = NULL;
	struct ff_cli_progress shown;
	int status = ff_output_open(&flows, p->output, err);
	if (status == FF_OK && p->truth) {
		status = ff_output_open(&truth, p->truth, err);
		if (status == FF_OK)
			status = ff_sim_truth(&text, sim, scenario, own, err);
		if (status == FF_OK)
			status = ff_output_write(truth, text.data, text.len, err);
	}
	if (status == FF_OK) {
		simulate_invocation(&invocation, sim, scenario, own);
		const struct ff_progress *progress = ff_cli_progress_start(&shown, cli);
		status = simulate_write_flows(flows, sim, format, ff_buf_str(&invocation),
					      progress, err);
		ff_cli_progress_end(&shown);
	}
	if (status == FF_OK)
		status = ff_output_commit(&flows, err);
	if (status == FF_OK && p->truth)
		status = ff_output_commit(&truth, err);
	ff_output_abort(&flows);
	ff_output_abort(&truth);
	ff_buf_release(&text);
	ff_buf_release(&invocation);
	return status;
}

static int simulate_run(struct ff_cli *cli, int argc, char **argv)
{
	struct ff_err err = {FF_OK, ""};
	struct simulate_params p = {0};
	struct ff_sim sim = {.interrupted = ff_cli_interrupted(cli)};
	const struct ff_sim_scenario *scenario = NULL;
	void *own = NULL;
	int format = SIMULATE_AUTO;
	int status = simulate_parse(&p, &own, &scenario, argc, argv, &err);
	if (p.quiet)
		cli->quiet = true;
	if (status == FF_OK)
		status = simulate_prepare(&sim, &p, scenario, own, &err);
	if (status == FF_OK)
		status = simulate_format(&format, &p, &sim, &err);
	if (status == FF_OK)
		status = ff_sim_init(&sim, &err);
	if (status == FF_OK)
		status = ff_sim_generate(&sim, scenario, own, &err);
	if (status == FF_OK)
		status = simulate_write(cli, &sim, &p, scenario, own, format, &err);
	ff_sim_release(&sim);
	ff_free(own);
	return status == FF_OK ? FF_EXIT_OK : ff_cli_fail(cli, &err);
}

const struct ff_command ff_command_simulate = {
	.name = "simulate",
	.summary = "make deterministic synthetic flows with a truth file",
	.usage = "flowfig simulate border|slow-scan|stacks [OPTIONS] -o FILE",
	.options = simulate_options,
	.run = simulate_run,
};
