/* SPDX-License-Identifier: MIT */
/* The manual page src/cli/flowfig.1 against the option tables: each row of each table is
 * an item with its short form, its word for the value, its choices and its default; and
 * the page names no option, command or format that is not there. Runs at the root of the
 * checkout. */
#include "cli/cli.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define PAGE "src/cli/flowfig.1"
enum { LINES_MAX = 4000, WORDS_MAX = 40, TABLES_MAX = 64 };

static char *page_text;
static const char *page_lines[LINES_MAX];
static size_t page_count;
static size_t wrong; /* complaints of the running test: all are told, then it fails */

static int page_load(void **state)
{
	FILE *f = fopen(PAGE, "r");
	long size;

	(void)state;
	if (!f || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) <= 0)
		return -1;
	rewind(f);
	page_text = calloc(1, (size_t)size + 1);
	if (!page_text || fread(page_text, 1, (size_t)size, f) != (size_t)size)
		return -1;
	fclose(f);
	for (char *s = strtok(page_text, "\n"); s && page_count < LINES_MAX;
	     s = strtok(NULL, "\n"))
		page_lines[page_count++] = s;
	return page_count < LINES_MAX ? 0 : -1;
}

static int page_unload(void **state)
{
	(void)state;
	free(page_text);
	return 0;
}

/* ---- words of a line ---- */

struct words {
	char text[256];
	char *v[WORDS_MAX];
	size_t count;
};

static void words_split(struct words *w, const char *line)
{
	memset(w, 0, sizeof(*w));
	strncpy(w->text, line, sizeof(w->text) - 1);
	for (char *s = strtok(w->text, " "); s && w->count < WORDS_MAX;
	     s = strtok(NULL, " "))
		w->v[w->count++] = s;
}

/* ".It Fl o , Fl -output Ns = Ns Ar FILE" */
struct item {
	const char *name; /* "output"; NULL if the line is no item of an option */
	char letter;
	const char *arg; /* NULL for flags */
};

static void item_parse(struct item *item, const struct words *w)
{
	memset(item, 0, sizeof(*item));
	if (w->count < 3 || strcmp(w->v[0], ".It") != 0 || strcmp(w->v[1], "Fl") != 0)
		return;
	for (size_t i = 1; i + 1 < w->count; i++) {
		const char *next = w->v[i + 1];

		if (strcmp(w->v[i], "Fl") == 0 && next[0] == '-')
			item->name = next + 1;
		else if (strcmp(w->v[i], "Fl") == 0 && strlen(next) == 1)
			item->letter = next[0];
		else if (strcmp(w->v[i], "Ar") == 0)
			item->arg = next;
	}
}

/* Whether `word` stands in the body of the item at page_lines[at], not within another
 * word. */
static bool item_says(size_t at, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = at + 1; i < page_count; i++) {
		if (strncmp(page_lines[i], ".It ", 4) == 0 ||
		    strcmp(page_lines[i], ".El") == 0)
			return false;
		for (const char *s = page_lines[i]; (s = strstr(s, word)) != NULL; s++) {
			char before = s > page_lines[i] ? s[-1] : ' ', after = s[len];

			if (strchr(" (", before) &&
			    (after == '\0' || strchr(" .,:);%", after)))
				return true;
		}
	}
	return false;
}

/* ---- the tables ---- */

static const struct ff_opt *tables[TABLES_MAX];
static size_t ntables;

static void tables_add(const struct ff_opt *t)
{
	for (size_t i = 0; i < ntables; i++)
		if (tables[i] == t)
			return;
	assert_true(ntables < TABLES_MAX);
	tables[ntables++] = t;
}

static void tables_collect(void)
{
	const struct ff_opt *t;
	const char *title;

	ntables = 0;
	for (size_t f = 0; ff_figure_at(f); f++)
		for (size_t i = 0;
		     (t = ff_cli_figure_options(ff_figure_at(f), i, &title)); i++)
			tables_add(t);
	for (size_t i = 0; ff_agg_at(i); i++) { /* also without a figure */
		tables_add(ff_agg_at(i)->opts);
		if (ff_agg_at(i)->how_opts)
			tables_add(ff_agg_at(i)->how_opts);
	}
	for (size_t c = 0; ff_command_at(c); c++)
		for (size_t i = 0; ff_command_at(c)->options &&
				   (t = ff_command_at(c)->options(i, &title)) != NULL;
		     i++)
			tables_add(t);
}

static const struct ff_opt *tables_find(const char *name, char letter)
{
	for (size_t i = 0; i < ntables; i++)
		for (const struct ff_opt *o = tables[i]; o->name; o++)
			if (name ? strcmp(o->name, name) == 0 : o->letter == letter)
				return o;
	return NULL;
}

static void complain(const char *what, const char *of)
{
	fprintf(stderr, PAGE ": %s '%s'\n", what, of);
	wrong++;
}

/* ---- tests ---- */

static bool item_fits(const struct ff_opt *o, size_t at, const struct item *item)
{
	if (item->letter != o->letter || !item->arg != !o->arg ||
	    (o->arg && strcmp(item->arg, o->arg) != 0))
		return false;
	for (size_t i = 0; o->choices && o->choices[i]; i++)
		if (!item_says(at, o->choices[i]))
			return false;
	return !o->def || !o->def[0] || item_says(at, o->def);
}

static size_t rows_named(const char *name)
{
	size_t rows = 0;

	for (size_t t = 0; t < ntables; t++)
		for (const struct ff_opt *o = tables[t]; o->name; o++)
			rows += strcmp(o->name, name) == 0;
	return rows;
}

static void check_option(const struct ff_opt *o)
{
	size_t items = 0, fitting = 0;

	for (size_t i = 0; i < page_count; i++) {
		struct words w;
		struct item item;

		words_split(&w, page_lines[i]);
		item_parse(&item, &w);
		if (!item.name || strcmp(item.name, o->name) != 0)
			continue;
		items++;
		fitting += item_fits(o, i, &item);
	}
	if (items != rows_named(o->name))
		complain("not one item for each table of", o->name);
	else if (fitting == 0)
		complain("wrong letter, value word, choices or default of", o->name);
}

static void each_option_has_its_item(void **state)
{
	(void)state;
	wrong = 0;
	tables_collect();
	assert_true(ntables >= 8);
	for (size_t t = 0; t < ntables; t++)
		for (const struct ff_opt *o = tables[t]; o->name; o++)
			check_option(o);
	assert_int_equal(wrong, 0);
}

static bool name_is_known(const char *name)
{
	/* "no-" and "name" stand in the explanation of how options are written */
	static const char *const others[] = {"help", "version", "no-", "name"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(name, others[i]) == 0)
			return true;
	return tables_find(name, 0) != NULL;
}

static void check_flags(const struct words *w)
{
	for (size_t i = 0; i + 1 < w->count; i++) {
		const char *next = w->v[i + 1];

		if (strcmp(w->v[i], "Fl") != 0 && strcmp(w->v[i], ".Fl") != 0)
			continue;
		if (next[0] == '-' ? !name_is_known(next + 1)
				   : strchr("hV", next[0]) == NULL &&
					     !tables_find(NULL, next[0]))
			complain("there is no option", next);
	}
}

/* In examples options stand as they are typed. */
static void check_typed(const struct words *w)
{
	for (size_t i = 0; i < w->count; i++) {
		char name[64] = "";

		if (strncmp(w->v[i], "--", 2) != 0)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(w->v[i] + 2, "="),
			 w->v[i] + 2);
		if (!name_is_known(name))
			complain("an example has an unknown option", name);
	}
}

static void no_option_is_invented(void **state)
{
	bool literal = false;
	size_t examples = 0;

	(void)state;
	wrong = 0;
	tables_collect();
	for (size_t i = 0; i < page_count; i++) {
		struct words w;

		words_split(&w, page_lines[i]);
		if (strncmp(page_lines[i], ".Bd ", 4) == 0)
			literal = true;
		else if (strcmp(page_lines[i], ".Ed") == 0)
			literal = false;
		else if (literal)
			check_typed(&w);
		else
			check_flags(&w);
		examples += literal && w.count && strcmp(w.v[0], "flowfig") == 0;
	}
	assert_true(examples >= 4);
	assert_int_equal(wrong, 0);
}

static bool page_has(const char *line)
{
	for (size_t i = 0; i < page_count; i++)
		if (strcmp(page_lines[i], line) == 0)
			return true;
	return false;
}

static void check_name(const char *name)
{
	char line[80];

	snprintf(line, sizeof(line), ".It Cm %s", name);
	if (!page_has(line))
		complain("missing item", line);
}

static void all_registered_names_are_told(void **state)
{
	(void)state;
	wrong = 0;
	for (size_t i = 0; ff_command_at(i); i++)
		check_name(ff_command_at(i)->name);
	for (size_t i = 0; ff_figure_at(i); i++)
		check_name(ff_figure_at(i)->name);
	for (size_t i = 0; ff_reader_at(i); i++)
		check_name(ff_reader_at(i)->name);
	for (size_t i = 0; ff_agg_at(i); i++) /* named as the figures that draw them */
		check_name(ff_agg_at(i)->name);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_option_has_its_item),
		cmocka_unit_test(no_option_is_invented),
		cmocka_unit_test(all_registered_names_are_told),
	};

	return cmocka_run_group_tests(tests, page_load, page_unload);
}
