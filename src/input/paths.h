/* SPDX-License-Identifier: MIT */
/* paths - what the files of the search for inputs share. */
#ifndef FF_INPUT_PATHS_H
#define FF_INPUT_PATHS_H

#include <flowfig/input.h>

/* Whether a file of a folder is one to read: 1, or 0 with the reason in *why, where there
 * is one and none is there yet. `o` is what the user said of the format, or NULL. A file
 * that cannot be opened is an error; one that is damaged from the start is one to read,
 * so that reading tells.
 */
int paths_probe(const char *path, const struct ff_input_opts *o, struct ff_err *why,
		struct ff_err *err);
/* Refuses a file, or standard input, that would be read twice. */
int paths_check_twice(const struct ff_paths *p, struct ff_err *err);

#endif
