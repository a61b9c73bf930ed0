/* SPDX-License-Identifier: MIT */
/* option - what the files of the option tables share. */
#ifndef FLOWFIG_BASE_OPTION_H
#define FLOWFIG_BASE_OPTION_H

#include <flowfig/base.h>

/* Takes a word after the option, when the value was not written with "="? */
bool option_wants_value(const struct ff_opt *o);

/* A flag that is set by default? */
bool option_is_on(const struct ff_opt *o);

/* Stores `value` (NULL: a bare flag) as `typed` ("--bin", "-o") was given. */
int option_store(const struct ff_opt *o, void *params, const char *typed,
		 const char *value, struct ff_err *err);

/* A row found by name. */
struct option_match {
	const struct ff_opt_group *group;
	const struct ff_opt *opt;
	bool negated; /* --no-name of a flag */
};
/* By long name of `len` bytes: exact, "no-" exact, or an unambiguous prefix. */
int option_find(struct option_match *out, const struct ff_opt_group *groups,
		size_t ngroups, const char *name, size_t len, struct ff_err *err);

#endif
