/* SPDX-License-Identifier: MIT */
/* result - what an aggregate hands on: tables, findings, attributes. */
#include <flowfig/table.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	RESULT_NUMBERS = sizeof(((struct ff_finding *)0)->numbers) /
			 sizeof(((struct ff_finding *)0)->numbers[0])
};

void ff_result_release(struct ff_result *r)
{
	size_t i;

	for (i = 0; i < r->ntables; i++)
		ff_table_release(&r->tables[i]);
	for (i = 0; i < r->nfindings; i++) {
		ff_free(r->findings[i].sentence);
		ff_free(r->findings[i].selection);
	}
	for (i = 0; i < r->nattrs; i++)
		ff_free(r->attrs[i].text);
	ff_free(r->tables);
	ff_free(r->findings);
	ff_free(r->attrs);
	*r = (struct ff_result){0};
}

const struct ff_table *ff_result_table(const struct ff_result *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->ntables; i++)
		if (strcmp(r->tables[i].name, name) == 0)
			return &r->tables[i];
	return NULL;
}

/* ---- findings ---- */

int ff_result_add_finding(struct ff_result *r, struct ff_finding **out,
			  struct ff_err *err)
{
	int status = ff_grow(&r->findings, &r->findings_cap, r->nfindings + 1,
			     sizeof(*r->findings), err);

	if (status < 0)
		return status;
	*out = &r->findings[r->nfindings++];
	**out = (struct ff_finding){.from_ns = INT64_MIN, .to_ns = INT64_MIN};
	return FF_OK;
}

/* NULL before any text. */
static int result_order_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

/* NaN after any number, so that the order stays total. */
static int result_order_double(double a, double b)
{
	if (isnan(a) || isnan(b))
		return !!isnan(a) - !!isnan(b);
	return (a > b) - (a < b);
}

static int result_order_numbers(const struct ff_finding *a, const struct ff_finding *b)
{
	int order = 0, i;

	for (i = 0; i < RESULT_NUMBERS && order == 0; i++) {
		order = result_order_text(a->numbers[i].name, b->numbers[i].name);
		if (!a->numbers[i].name)
			break;
		if (order == 0)
			order = result_order_double(a->numbers[i].value,
						    b->numbers[i].value);
	}
	return order;
}

/* Past the stated keys everything else, so that equal means the same bytes: the order in
 * which the findings were made never shows. */
static int result_order(const void *left, const void *right)
{
	const struct ff_finding *a = left, *b = right;
	int order;

	if (isnan(a->weight) || isnan(b->weight))
		order = result_order_double(a->weight, b->weight);
	else
		order = result_order_double(b->weight, a->weight);
	if (order == 0)
		order = result_order_text(a->kind, b->kind);
	if (order == 0)
		order = (a->from_ns > b->from_ns) - (a->from_ns < b->from_ns);
	if (order == 0)
		order = (a->low > b->low) - (a->low < b->low);
	if (order == 0)
		order = (a->to_ns > b->to_ns) - (a->to_ns < b->to_ns);
	if (order == 0)
		order = (a->high > b->high) - (a->high < b->high);
	if (order == 0)
		order = result_order_text(a->sentence, b->sentence);
	if (order == 0)
		order = result_order_text(a->selection, b->selection);
	return order ? order : result_order_numbers(a, b);
}

void ff_result_sort_findings(struct ff_result *r)
{
	if (r->nfindings > 1)
		qsort(r->findings, r->nfindings, sizeof(*r->findings), result_order);
}

double ff_finding_number(const struct ff_finding *f, const char *name, double fallback)
{
	size_t i;

	for (i = 0; i < RESULT_NUMBERS && f->numbers[i].name; i++)
		if (strcmp(f->numbers[i].name, name) == 0)
			return f->numbers[i].value;
	return fallback;
}

/* ---- attributes ---- */

static struct ff_attr *result_attr(const struct ff_result *r, const char *key)
{
	size_t i;

	for (i = 0; i < r->nattrs; i++)
		if (strcmp(r->attrs[i].key, key) == 0)
			return &r->attrs[i];
	return NULL;
}

/* Sets the attribute, new or not; `text` is taken over, NULL for a number. */
static int result_set_take(struct ff_result *r, const char *key, int64_t number,
			   char *text, struct ff_err *err)
{
	struct ff_attr *attr = result_attr(r, key);

	if (!attr) {
		int status = ff_grow(&r->attrs, &r->attrs_cap, r->nattrs + 1,
				     sizeof(*r->attrs), err);

		if (status < 0) {
			ff_free(text);
			return status;
		}
		attr = &r->attrs[r->nattrs++];
		attr->text = NULL;
	}
	ff_free(attr->text);
	*attr = (struct ff_attr){key, text != NULL, number, text};
	return FF_OK;
}

int ff_result_set_number(struct ff_result *r, const char *key, int64_t v,
			 struct ff_err *err)
{
	return result_set_take(r, key, v, NULL, err);
}

int ff_result_set_text(struct ff_result *r, const char *key, const char *v,
		       struct ff_err *err)
{
	char *copy = ff_strdup(v); /* first: v may be the old text */

	if (!copy)
		return ff_fail_nomem(err);
	return result_set_take(r, key, 0, copy, err);
}

int64_t ff_result_number(const struct ff_result *r, const char *key, int64_t fallback)
{
	const struct ff_attr *attr = result_attr(r, key);

	return attr && !attr->is_text ? attr->number : fallback;
}

const char *ff_result_text(const struct ff_result *r, const char *key)
{
	const struct ff_attr *attr = result_attr(r, key);

	return attr && attr->is_text ? attr->text : "";
}
