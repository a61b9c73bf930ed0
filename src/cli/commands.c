/* SPDX-License-Identifier: MIT */
/* commands - the commands that are no figures, sorted by name: add yours here. */
#include "cli/cli.h"

#include <string.h>

static const struct ff_command *const commands[] = {
	&ff_command_aggregate, &ff_command_cut,	  &ff_command_help,	&ff_command_info,
	&ff_command_list,      &ff_command_merge, &ff_command_simulate,
};

const struct ff_command *ff_command_at(size_t i)
{
	return i < sizeof commands / sizeof *commands ? commands[i] : NULL;
}

const struct ff_command *ff_command_find(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

const char *ff_command_nearest(const char *word)
{
	const char *names[64];
	size_t n = 0;
	for (size_t i = 0; ff_command_at(i) && n < 64; i++)
		names[n++] = ff_command_at(i)->name;
	for (size_t i = 0; ff_figure_at(i) && n < 64; i++)
		names[n++] = ff_figure_at(i)->name;
	return ff_nearest(word, names, n);
}
