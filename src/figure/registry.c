/* SPDX-License-Identifier: MIT */
/* The figures by name. */
#include <flowfig/figure.h>

#include <string.h>

static const struct ff_figure_type *const figures[] = {
	/* sorted: add yours here */
	&ff_figure_bundle,
	&ff_figure_contact,
	&ff_figure_ephemeral,
	&ff_figure_netbytes,
};
#define FIGURES (sizeof(figures) / sizeof(figures[0]))

const struct ff_figure_type *ff_figure_at(size_t i)
{
	return i < FIGURES ? figures[i] : NULL;
}

const struct ff_figure_type *ff_figure_find(const char *name)
{
	for (size_t i = 0; i < FIGURES; i++)
		if (strcmp(figures[i]->name, name) == 0)
			return figures[i];
	return NULL;
}
