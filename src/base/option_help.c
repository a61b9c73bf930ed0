/* SPDX-License-Identifier: MIT */
/* option_help - an option table as help text, aligned and wrapped to 80 columns. */
#include "base/option.h"

#include <string.h>

enum { HELP_WIDTH = 80, HELP_LEFT_MAX = 30 };

/* "a, b or c" */
static void help_choices(struct ff_buf *out, const char *const *choices)
{
	size_t i;

	for (i = 0; choices[i]; i++)
		ff_buf_addf(out, "%s%s",
			    i == 0	     ? ""
			    : choices[i + 1] ? ", "
					     : " or ",
			    choices[i]);
}

/* The sentence, then "(range or choices; default X)". */
static void help_right(struct ff_buf *out, const struct ff_opt *o)
{
	bool has_default = o->kind == FF_OPT_FLAG ? option_is_on(o) : o->def && o->def[0];
	/* bounds that only say "not absurd" tell the reader nothing */
	bool has_range = (o->kind == FF_OPT_UINT || o->kind == FF_OPT_DOUBLE) &&
			 o->max > o->min && o->max <= 1e6;
	char low[32], high[32];

	ff_buf_adds(out, o->help);
	if (!o->choices && !has_range && !has_default)
		return;
	ff_buf_adds(out, " (");
	if (o->choices)
		help_choices(out, o->choices);
	else if (has_range)
		ff_buf_addf(out, "%s to %s", ff_format_double(low, sizeof(low), o->min),
			    ff_format_double(high, sizeof(high), o->max));
	if (has_default)
		ff_buf_addf(out, "%sdefault %s", o->choices || has_range ? "; " : "",
			    o->def);
	ff_buf_addc(out, ')');
}

/* "  -o, --output=FILE"; without any letters in the table their room is left out. */
static void help_left(struct ff_buf *out, const struct ff_opt *o, bool letters)
{
	if (o->letter)
		ff_buf_addf(out, "  -%c, ", o->letter);
	else
		ff_buf_adds(out, letters ? "      " : "  ");
	/* a flag that is on can only be switched off */
	ff_buf_addf(out, "--%s%s%s%s%s", option_is_on(o) ? "[no-]" : "", o->name,
		    !o->arg	  ? ""
		    : o->optional ? "[="
				  : "=",
		    o->arg ? o->arg : "", o->optional ? "]" : "");
}

/* Columns: bytes that do not continue a UTF-8 sequence. */
static size_t help_columns(const char *s, size_t len)
{
	size_t columns = 0, i;

	for (i = 0; i < len; i++)
		columns += ((unsigned char)s[i] & 0xc0) != 0x80;
	return columns;
}

static void help_pad(struct ff_buf *out, size_t count)
{
	for (; count > 0; count--)
		ff_buf_addc(out, ' ');
}

/* Adds words between columns `left` and HELP_WIDTH; the cursor stands at `left`. */
static void help_wrap(struct ff_buf *out, const char *text, size_t left)
{
	size_t at = left;

	while (*text) {
		size_t len = strcspn(text, " "), columns = help_columns(text, len);

		if (at > left && at + 1 + columns > HELP_WIDTH) {
			ff_buf_addc(out, '\n');
			help_pad(out, left);
			at = left;
		}
		if (at > left) {
			ff_buf_addc(out, ' ');
			at++;
		}
		ff_buf_add(out, text, len);
		at += columns;
		text += len;
		text += strspn(text, " ");
	}
	ff_buf_addc(out, '\n');
}

void ff_opts_help(struct ff_buf *out, const struct ff_opt_group *group)
{
	struct ff_buf left = FF_BUF_INIT, right = FF_BUF_INIT;
	const struct ff_opt *o;
	bool letters = false;
	size_t column = 0;

	for (o = group->opts; o->name; o++)
		letters |= o->help && o->letter;
	for (o = group->opts; o->name; o++) {
		if (!o->help)
			continue;
		ff_buf_clear(&left);
		help_left(&left, o, letters);
		if (left.len > column && left.len <= HELP_LEFT_MAX)
			column = left.len;
	}
	column = column ? column + 2 : 8;
	if (group->title && group->title[0])
		ff_buf_addf(out, "%s:\n", group->title);
	for (o = group->opts; o->name; o++) {
		if (!o->help)
			continue;
		ff_buf_clear(&left);
		ff_buf_clear(&right);
		help_left(&left, o, letters);
		help_right(&right, o);
		if (left.failed || right.failed)
			out->failed = true; /* half a table is worse than none */
		ff_buf_add(out, left.data, left.len);
		if (left.len + 2 > column) {
			ff_buf_addc(out, '\n');
			help_pad(out, column);
		} else {
			help_pad(out, column - left.len);
		}
		help_wrap(out, ff_buf_str(&right), column);
	}
	ff_buf_release(&left);
	ff_buf_release(&right);
}
