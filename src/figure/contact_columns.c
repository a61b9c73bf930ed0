/* SPDX-License-Identifier: MIT */
/* contact_columns - see contact_columns.h. */
#include "figure/contact_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_DENSE 4096 /* n below it are joined in an array, others by sorting */

struct columns_joiner {
	uint64_t best[COLUMNS_DENSE];
	uint64_t end;		       /* past the largest n in it */
	struct ff_contact_cell *large; /* n >= COLUMNS_DENSE of the column */
	size_t nlarge, large_cap;
};

static int columns_compare(const void *pa, const void *pb)
{
	const struct ff_contact_cell *a = pa, *b = pb;

	if (a->n != b->n)
		return a->n > b->n ? 1 : -1;
	return (a->sources < b->sources) - (a->sources > b->sources);
}

/* Writes the joined column out, n ascending, and empties the joiner. */
static void columns_flush(struct ff_contact_columns *c, struct columns_joiner *j,
			  uint32_t column)
{
	for (uint64_t n = 0; n < j->end; n++) {
		if (j->best[n])
			c->cells[c->ncells++] =
				(struct ff_contact_cell){column, n, j->best[n]};
		j->best[n] = 0;
	}
	j->end = 0;
	if (j->nlarge)
		qsort(j->large, j->nlarge, sizeof(*j->large), columns_compare);
	for (size_t i = 0; i < j->nlarge; i++)
		if (i == 0 || j->large[i].n != j->large[i - 1].n)
			c->cells[c->ncells++] = j->large[i];
	j->nlarge = 0;
}

static int columns_join_bin(struct columns_joiner *j, const struct ff_contact_data *d,
			    const struct ff_contact_bin *bin, uint32_t column,
			    struct ff_err *err)
{
	for (size_t i = bin->first; i < bin->first + bin->count; i++) {
		uint64_t n = d->n[i], sources = d->sources[i];
		int status;

		if (n < COLUMNS_DENSE) {
			if (sources > j->best[n])
				j->best[n] = sources;
			if (n >= j->end)
				j->end = n + 1;
			continue;
		}
		status = ff_grow(&j->large, &j->large_cap, j->nlarge + 1,
				 sizeof(*j->large), err);
		if (status != FF_OK)
			return status;
		j->large[j->nlarge++] = (struct ff_contact_cell){column, n, sources};
	}
	return FF_OK;
}

static int columns_fill(struct ff_contact_columns *c, const struct ff_contact_data *d,
			struct columns_joiner *j, struct ff_err *err)
{
	size_t column = 0;

	for (size_t i = 0; i < c->edges.count; i++)
		c->sources[i] = -1;
	for (size_t b = 0; b < d->nbins; b++) {
		const struct ff_contact_bin *bin = &d->bins[b];
		int status;

		while (column + 1 < c->edges.count &&
		       c->edges.at[column + 1] <= bin->start) {
			columns_flush(c, j, (uint32_t)column);
			column++;
		}
		c->sources[column] = fmax(c->sources[column], (double)bin->sources);
		c->is_partial[column] |= bin->is_partial;
		status = columns_join_bin(j, d, bin, (uint32_t)column, err);
		if (status != FF_OK)
			return status;
	}
	columns_flush(c, j, (uint32_t)column);
	return FF_OK;
}

int ff_contact_columns_init(struct ff_contact_columns *c, const struct ff_contact_data *d,
			    size_t most, struct ff_err *err)
{
	struct columns_joiner *j;
	int status;

	memset(c, 0, sizeof(*c));
	j = ff_calloc(1, sizeof(*j));
	if (!j)
		return ff_fail_nomem(err);
	status = ff_contact_edges_init(&c->edges, d, most, FF_EDGES_COMB, err);
	if (status != FF_OK)
		goto out;
	c->sources = ff_alloc(c->edges.count, sizeof(*c->sources));
	c->is_partial = ff_calloc(c->edges.count, sizeof(*c->is_partial));
	c->cells = ff_alloc(d->ncells, sizeof(*c->cells));
	status = c->sources && c->is_partial && c->cells ? columns_fill(c, d, j, err)
							 : ff_fail_nomem(err);
out:
	ff_free(j->large);
	ff_free(j);
	if (status != FF_OK)
		ff_contact_columns_release(c);
	return status;
}

void ff_contact_columns_release(struct ff_contact_columns *c)
{
	ff_edges_release(&c->edges);
	ff_free(c->sources);
	ff_free(c->is_partial);
	ff_free(c->cells);
	memset(c, 0, sizeof(*c));
}
