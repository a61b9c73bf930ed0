/* SPDX-License-Identifier: MIT */
/* option_value - one option's text into the member that its row points to. */
#include "base/option.h"

#include <stdio.h>
#include <string.h>

bool option_wants_value(const struct ff_opt *o)
{
	return o->kind != FF_OPT_FLAG && !o->optional &&
	       (o->kind != FF_OPT_CALL || o->arg);
}

/* False if `value` says neither. */
static bool option_yes_or_no(bool *to, const char *value)
{
	static const char *const words[] = {"no",  "yes", "false", "true",
					    "off", "on",  "0",	   "1"};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(value, words[i]) == 0) {
			*to = i % 2 == 1;
			return true;
		}
	}
	return false;
}

bool option_is_on(const struct ff_opt *o)
{
	bool on = false;

	return o->kind == FF_OPT_FLAG && o->def && option_yes_or_no(&on, o->def) && on;
}

static int option_store_flag(bool *to, const char *typed, const char *value,
			     struct ff_err *err)
{
	if (option_yes_or_no(to, value ? value : "yes"))
		return FF_OK;
	return ff_fail(err, FF_EUSAGE, "option '%s' is a flag, yes or no, not '%s'",
		       typed, value);
}

static int option_bad_range(const struct ff_opt *o, const char *typed, const char *value,
			    struct ff_err *err)
{
	char low[32], high[32];

	return ff_fail(err, FF_EUSAGE, "option '%s' must be from %s to %s, not '%s'",
		       typed, ff_format_double(low, sizeof(low), o->min),
		       ff_format_double(high, sizeof(high), o->max), value);
}

static int option_store_uint(const struct ff_opt *o, uint64_t *to, const char *typed,
			     const char *value, struct ff_err *err)
{
	uint64_t v;

	if (!ff_parse_u64(&v, value, strlen(value)))
		return ff_fail(err, FF_EUSAGE,
			       "option '%s' needs a whole number, not '%s'", typed,
			       value);
	if ((o->min != 0 || o->max != 0) && ((double)v < o->min || (double)v > o->max))
		return option_bad_range(o, typed, value, err);
	*to = v;
	return FF_OK;
}

static int option_store_double(const struct ff_opt *o, double *to, const char *typed,
			       const char *value, struct ff_err *err)
{
	bool negative = value[0] == '-';
	double v;

	if (!ff_parse_double(&v, value + negative, strlen(value) - negative))
		return ff_fail(err, FF_EUSAGE, "option '%s' needs a number, not '%s'",
			       typed, value);
	if (negative)
		v = -v;
	if ((o->min != 0 || o->max != 0) && (v < o->min || v > o->max))
		return option_bad_range(o, typed, value, err);
	*to = v;
	return FF_OK;
}

static int option_store_choice(const struct ff_opt *o, int *to, const char *typed,
			       const char *value, struct ff_err *err)
{
	struct ff_buf list = FF_BUF_INIT;
	const char *near;
	size_t count;
	int status;

	for (count = 0; o->choices[count]; count++) {
		if (strcmp(value, o->choices[count]) == 0) {
			*to = (int)count;
			return FF_OK;
		}
	}
	near = ff_nearest(value, o->choices, count);
	if (near)
		return ff_fail(err, FF_EUSAGE,
			       "option '%s' knows no '%s'; did you mean '%s'?", typed,
			       value, near);
	for (count = 0; o->choices[count]; count++)
		ff_buf_addf(&list, "%s'%s'", count ? ", " : "", o->choices[count]);
	status = ff_fail(err, FF_EUSAGE, "option '%s' knows no '%s'; one of %s", typed,
			 value, ff_buf_str(&list));
	ff_buf_release(&list);
	return status;
}

int option_store(const struct ff_opt *o, void *params, const char *typed,
		 const char *value, struct ff_err *err)
{
	void *to = (char *)params + o->offset;
	const char *wanted;

	if (o->kind == FF_OPT_CALL && (value || !o->arg || o->optional))
		return o->set(params, o->name, value, err);
	if (!value && option_wants_value(o))
		return ff_fail(err, FF_EUSAGE, "option '%s' needs a value", typed);
	switch (o->kind) {
	case FF_OPT_FLAG:
		return option_store_flag(to, typed, value, err);
	case FF_OPT_UINT:
		return option_store_uint(o, to, typed, value, err);
	case FF_OPT_DOUBLE:
		return option_store_double(o, to, typed, value, err);
	case FF_OPT_STRING:
		*(const char **)to = value;
		return FF_OK;
	case FF_OPT_CHOICE:
		return option_store_choice(o, to, typed, value, err);
	case FF_OPT_DURATION:
		if (ff_parse_duration(to, value))
			return FF_OK;
		wanted = "a duration like 30s, 5m, 1h or 1d";
		break;
	case FF_OPT_SIZE:
		if (ff_parse_size(to, value))
			return FF_OK;
		wanted = "a size like 512M or 4G";
		break;
	case FF_OPT_TIME:
		if (ff_parse_time(to, NULL, value, strlen(value)))
			return FF_OK;
		wanted = "a time like 2006/04/01:12:30";
		break;
	case FF_OPT_LIST:
		return ff_strings_add(to, value, err);
	default:
		return FF_OK;
	}
	return ff_fail(err, FF_EUSAGE, "option '%s' needs %s, not '%s'", typed, wanted,
		       value);
}

/* What a member holds when its row names no default. */
static void option_clear(const struct ff_opt *o, void *params)
{
	void *to = (char *)params + o->offset;

	switch (o->kind) {
	case FF_OPT_FLAG:
		*(bool *)to = false;
		break;
	case FF_OPT_UINT:
	case FF_OPT_SIZE:
		*(uint64_t *)to = 0;
		break;
	case FF_OPT_DOUBLE:
		*(double *)to = 0;
		break;
	case FF_OPT_STRING:
		*(const char **)to = NULL;
		break;
	case FF_OPT_CHOICE:
		*(int *)to = 0;
		break;
	case FF_OPT_DURATION:
		*(int64_t *)to = 0;
		break;
	case FF_OPT_TIME:
		*(int64_t *)to = INT64_MIN;
		break;
	case FF_OPT_LIST:
		*(struct ff_strings *)to = (struct ff_strings){NULL, 0, 0};
		break;
	case FF_OPT_CALL:
		break;
	}
}

int ff_opts_defaults(const struct ff_opt *opts, void *params, struct ff_err *err)
{
	const struct ff_opt *o;
	int status;

	for (o = opts; o->name; o++)
		option_clear(o, params);
	for (o = opts; o->name; o++) {
		/* a list starts empty: its default would stay beside what the user adds
		 */
		if (!o->def || o->kind == FF_OPT_LIST)
			continue;
		status = option_store(o, params, o->name, o->def, err);
		if (status < 0)
			return status;
	}
	return FF_OK;
}

int ff_opts_set(const struct ff_opt *opts, void *params, const char *name,
		const char *value, struct ff_err *err)
{
	const struct ff_opt_group group = {.opts = opts, .params = params};
	struct option_match m;
	char typed[80];
	int status = option_find(&m, &group, 1, name, strlen(name), err);

	if (status < 0)
		return status;
	if (m.negated && value)
		return ff_fail(err, FF_EUSAGE, "option '--no-%s' takes no value",
			       m.opt->name);
	snprintf(typed, sizeof(typed), "--%s", m.opt->name);
	return option_store(m.opt, params, typed, m.negated ? "no" : value, err);
}
