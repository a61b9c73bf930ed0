/* SPDX-License-Identifier: MIT */
/* cmd_list - `flowfig list kinds|formats|fields|palettes`. */
#include "cli/cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int list_kinds(struct ff_cli *cli, struct ff_buf *b, struct ff_err *err)
{
	(void)cli;
	(void)err;
	for (size_t i = 0; ff_figure_at(i); i++)
		ff_buf_addf(b, "%-10s %s\n", ff_figure_at(i)->name,
			    ff_figure_at(i)->summary);
	return FF_OK;
}

static int list_formats(struct ff_cli *cli, struct ff_buf *b, struct ff_err *err)
{
	(void)cli;
	(void)err;
	for (size_t i = 0; ff_reader_at(i); i++)
		ff_buf_addf(b, "%-10s %s\n", ff_reader_at(i)->name,
			    ff_reader_at(i)->summary);
	return FF_OK;
}

static int list_fields(struct ff_cli *cli, struct ff_buf *b, struct ff_err *err)
{
	(void)cli;
	(void)err;
	for (int i = 0; i < FF_FIELDS; i++)
		ff_buf_addf(b, "%-13s %-8s %s\n", ff_field_infos[i].name,
			    ff_field_infos[i].unit, ff_field_infos[i].help);
	return FF_OK;
}

static int name_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_palettes(struct ff_cli *cli, struct ff_buf *b, struct ff_err *err)
{
	char **names = NULL;
	size_t n = 0, cap = 0;
	int rc = FF_OK;
	DIR *d = opendir(cli->palette_dir);
	if (!d)
		return ff_fail_errno(err, errno, "cannot open folder '%s'",
				     cli->palette_dir);
	for (struct dirent *e; rc == FF_OK && (e = readdir(d)) != NULL;) {
		size_t len = strlen(e->d_name);
		if (len < 5 || strcmp(e->d_name + len - 4, ".gpl") != 0)
			continue;
		if ((rc = ff_grow(&names, &cap, n + 1, sizeof *names, err)) == FF_OK &&
		    !(names[n++] = ff_strndup(e->d_name, len - 4)))
			rc = ff_fail_nomem(err);
	}
	closedir(d);
	if (rc == FF_OK && n)
		qsort(names, n, sizeof *names, name_cmp);
	for (size_t i = 0; i < n; i++) {
		if (rc == FF_OK)
			ff_buf_addf(b, "%s\n", names[i]);
		ff_free(names[i]);
	}
	ff_free(names);
	return rc;
}

static const struct {
	const char *name;
	int (*print)(struct ff_cli *cli, struct ff_buf *b, struct ff_err *err);
} lists[] = {
	{"kinds", list_kinds},
	{"formats", list_formats},
	{"fields", list_fields},
	{"palettes", list_palettes},
};

static int list_run(struct ff_cli *cli, int argc, char **argv)
{
	struct ff_buf b = FF_BUF_INIT;
	struct ff_err err = {0};
	const char *what = argc > 0 ? argv[0] : "kinds";
	int rc = ff_fail(&err, FF_EUSAGE,
			 "cannot list '%s': choose kinds, formats, fields or palettes",
			 what);
	if (argc > 1)
		ff_fail(&err, FF_EUSAGE, "one list at a time, '%s' is one too many",
			argv[1]);
	for (size_t i = 0; i < sizeof lists / sizeof *lists && argc <= 1; i++)
		if (strcmp(lists[i].name, what) == 0)
			rc = lists[i].print(cli, &b, &err);
	if (rc == FF_OK)
		fputs(ff_buf_str(&b), stdout);
	ff_buf_release(&b);
	return rc ? ff_cli_fail(cli, &err) : FF_EXIT_OK;
}

const struct ff_command ff_command_list = {
	.name = "list",
	.summary = "the figure kinds, file formats, fields or palettes there are",
	.usage = "flowfig list [kinds|formats|fields|palettes]",
	.run = list_run,
};
