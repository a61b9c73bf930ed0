/* SPDX-License-Identifier: MIT */
/* contact_columns - see contact_columns.h. Spans come from files: differences of times
 * are taken unsigned, where they cannot overflow. */
#include "figure/contact_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_DENSE 4096 /* n below it are joined in an array, others by sorting */

static int64_t columns_floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Months since year 0. */
static int64_t columns_month(int64_t ns)
{
	struct ff_date date;

	ff_date_from_time(&date, ns);
	return (int64_t)date.year * 12 + date.month - 1;
}

static int64_t columns_month_start(int64_t month)
{
	struct ff_date date = {.month = 1, .day = 1};

	date.year = (int)columns_floor_div(month, 12);
	date.month = (int)(month - (int64_t)date.year * 12) + 1;
	return ff_time_from_date(&date);
}

/* Columns of `width` ns that cover [t0, t1). */
static uint64_t columns_needed(const struct ff_contact_data *d, int64_t width)
{
	int64_t first = columns_floor_div(d->t0, width);
	int64_t last = columns_floor_div(d->t1 - 1, width);

	return (uint64_t)last - (uint64_t)first + 1;
}

/* A period must be a whole number of columns, or a column of periods: else maxima of a
 * pulse train come and go in a pattern that is not in the data. */
static bool columns_beats(const struct ff_contact_data *d, int64_t width)
{
	double period = d->nbands ? ff_finding_number(d->bands[0], "period_ns", 0) : 0;
	int64_t p;

	if (!(period >= 1 && period < 9e18))
		return false;
	p = (int64_t)period;
	return width < p ? p % width != 0 : width % p != 0;
}

/* Smallest fitting width among the clock's and calendar's own, else any multiple. */
static int64_t columns_width(const struct ff_contact_data *d, size_t most)
{
	static const int64_t nice_s[] = {
		1,	2,	5,	 10,	  15,	   30,	    60,
		120,	300,	600,	 900,	  1200,	   1800,    3600,
		7200,	10800,	14400,	 21600,	  28800,   43200,   86400,
		172800, 604800, 1209600, 2419200, 4838400, 9676800, 31449600,
	};
	uint64_t need = columns_needed(d, d->bin_ns);
	uint64_t times;

	if (need <= most)
		return d->bin_ns;
	for (int strict = 1; strict >= 0; strict--) {
		for (size_t i = 0; i < sizeof(nice_s) / sizeof(nice_s[0]); i++) {
			int64_t width = nice_s[i] * FF_SEC;

			if (width <= d->bin_ns || width % d->bin_ns != 0)
				continue;
			/* not more than four times coarser than the paper asks for */
			if (columns_needed(d, width) > most ||
			    columns_needed(d, width) * 4 < most)
				continue;
			if (strict && columns_beats(d, width))
				continue;
			return width;
		}
	}
	/* one more than needed: the first and last column may be cut */
	times = most > 1 ? need / (most - 1) + 1 : need;
	if (times > (uint64_t)(INT64_MAX / d->bin_ns))
		times = (uint64_t)(INT64_MAX / d->bin_ns);
	return d->bin_ns * (int64_t)times;
}

static int columns_allocate(struct ff_contact_columns *c, size_t count,
			    struct ff_err *err)
{
	c->count = count;
	c->edges = ff_calloc(count + 1, sizeof(*c->edges));
	c->sources = ff_calloc(count, sizeof(*c->sources));
	c->is_partial = ff_calloc(count, sizeof(*c->is_partial));
	return c->edges && c->sources && c->is_partial ? FF_OK : ff_fail_nomem(err);
}

static int columns_make_fixed(struct ff_contact_columns *c,
			      const struct ff_contact_data *d, size_t most,
			      struct ff_err *err)
{
	int64_t width = columns_width(d, most);
	int64_t first = columns_floor_div(d->t0, width);
	uint64_t count = columns_needed(d, width);
	int status;

	if (count > most) /* only a width that cannot grow any more gets here */
		return ff_fail(err, FF_EFORMAT, "times span too many bins to draw");
	c->width_ns = width;
	c->joined = (uint64_t)(width / d->bin_ns);
	status = columns_allocate(c, (size_t)count, err);
	if (status != FF_OK)
		return status;
	for (size_t i = 0; i <= c->count; i++) {
		double at = ((double)first + (double)i) * (double)width;

		/* the outer edges of a joined axis may lie past the range of time */
		c->edges[i] = at < -9.2e18  ? INT64_MIN
			      : at > 9.2e18 ? INT64_MAX
					    : (first + (int64_t)i) * width;
	}
	return FF_OK;
}

static int columns_make_months(struct ff_contact_columns *c,
			       const struct ff_contact_data *d, size_t most,
			       struct ff_err *err)
{
	static const int64_t nice[] = {1, 2, 3, 4, 6, 12, 24, 60, 120, 240, 600, 1200};
	int64_t first = columns_month(d->t0), last = columns_month(d->t1 - 1);
	int64_t step = 1, start;
	int status;

	for (size_t i = 0; i < sizeof(nice) / sizeof(nice[0]); i++) {
		step = nice[i];
		if ((uint64_t)(columns_floor_div(last, step) -
			       columns_floor_div(first, step)) < most)
			break;
	}
	start = columns_floor_div(first, step);
	if ((uint64_t)(columns_floor_div(last, step) - start) >= most)
		return ff_fail(err, FF_EFORMAT, "times span too many months to draw");
	c->width_ns = -1;
	c->joined = (uint64_t)step;
	status = columns_allocate(c, (size_t)(columns_floor_div(last, step) - start) + 1,
				  err);
	if (status != FF_OK)
		return status;
	for (size_t i = 0; i <= c->count; i++)
		c->edges[i] = columns_month_start((start + (int64_t)i) * step);
	return FF_OK;
}

static int columns_make(struct ff_contact_columns *c, const struct ff_contact_data *d,
			size_t most, struct ff_err *err)
{
	int status;

	if (d->bin_ns > 0)
		return columns_make_fixed(c, d, most, err);
	if (d->bin_ns < 0)
		return columns_make_months(c, d, most, err);
	status = columns_allocate(c, 1, err);
	if (status != FF_OK)
		return status;
	c->joined = 1;
	c->edges[0] = d->t0;
	c->edges[1] = d->t1;
	return FF_OK;
}

/* ---- cells ---- */

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

	for (size_t i = 0; i < c->count; i++)
		c->sources[i] = -1;
	for (size_t b = 0; b < d->nbins; b++) {
		const struct ff_contact_bin *bin = &d->bins[b];
		int status;

		while (column + 1 < c->count && c->edges[column + 1] <= bin->start) {
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
	status = columns_make(c, d, most, err);
	if (status != FF_OK)
		goto out;
	c->cells = ff_alloc(d->ncells, sizeof(*c->cells));
	status = c->cells ? columns_fill(c, d, j, err) : ff_fail_nomem(err);
out:
	ff_free(j->large);
	ff_free(j);
	if (status != FF_OK)
		ff_contact_columns_release(c);
	return status;
}

void ff_contact_columns_release(struct ff_contact_columns *c)
{
	ff_free(c->edges);
	ff_free(c->sources);
	ff_free(c->is_partial);
	ff_free(c->cells);
	memset(c, 0, sizeof(*c));
}
