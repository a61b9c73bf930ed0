/* SPDX-License-Identifier: MIT */
/* message - what goes to standard error: errors, notes, progress. */
#include "cli/cli.h"

#include <flowfig/file.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void ff_cli_error(struct ff_cli *cli, const struct ff_err *err)
{
	(void)cli;
	fprintf(stderr, "flowfig: %s\n", err->text);
}

void ff_cli_note(struct ff_cli *cli, const char *fmt, ...)
{
	if (cli->quiet)
		return;
	va_list ap;
	va_start(ap, fmt);
	fputs("flowfig: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

int ff_cli_fail(struct ff_cli *cli, const struct ff_err *err)
{
	ff_cli_error(cli, err);
	return err->status == FF_EUSAGE ? FF_EXIT_USAGE : FF_EXIT_DATA;
}

int ff_cli_can_write(const char *path, struct ff_err *err)
{
	struct ff_output *probe = NULL;
	int rc = ff_output_open(&probe, path, err);
	ff_output_abort(&probe);
	return rc;
}

atomic_bool *ff_cli_interrupted(struct ff_cli *cli)
{
	return cli->interrupted;
}

/* ---- progress: one line, rewritten five times a second, after half a second of work
 * ---- */

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * FF_SEC + t.tv_nsec;
}

static void progress_show(void *arg, uint64_t records, uint64_t done, uint64_t total)
{
	struct ff_cli_progress *p = arg;
	int64_t now = now_ns(), spent = now - p->started_ns;
	if (spent < FF_SEC / 2 || now - p->shown_ns < FF_SEC / 5)
		return;
	p->shown_ns = now;
	p->any = true;
	char count[32], line[160];
	double seconds = (double)spent / (double)FF_SEC;
	int n = snprintf(line, sizeof line, "%s records, %.2f M/s",
			 ff_format_thousands(count, sizeof count, records),
			 (double)records / seconds / 1e6);
	if (total && done <= total && done)
		snprintf(line + n, sizeof line - (size_t)n, ", %.0f %%, %.0f s left",
			 100.0 * (double)done / (double)total,
			 seconds * (double)(total - done) / (double)done);
	fprintf(stderr, "\r%-70s", line);
	fflush(stderr);
}

const struct ff_progress *ff_cli_progress_start(struct ff_cli_progress *p,
						struct ff_cli *cli)
{
	*p = (struct ff_cli_progress){.cli = cli, .started_ns = now_ns()};
	p->progress = (struct ff_progress){progress_show, p};
	return cli->is_tty && !cli->quiet ? &p->progress : NULL;
}

void ff_cli_progress_end(struct ff_cli_progress *p)
{
	if (p->any)
		fprintf(stderr, "\r%70s\r", "");
}
