/* SPDX-License-Identifier: MIT */
/* Columns of a time axis. Spans come from files: differences of times are taken unsigned,
 * where they cannot overflow. */
#include "figure/edges.h"
#include "figure/words.h"

static int64_t edges_floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Columns of `width` ns that cover [t0, t1). */
static uint64_t edges_needed(const struct ff_edges_span *d, int64_t width)
{
	return (uint64_t)edges_floor_div(d->t1 - 1, width) -
	       (uint64_t)edges_floor_div(d->t0, width) + 1;
}

static bool edges_fit_period(int64_t width, int64_t period, enum ff_edges_rule rule)
{
	if (period == 0 || width % period == 0)
		return true;
	return rule == FF_EDGES_COMB && width * 3 <= period && period % width == 0;
}

/* Smallest fitting width among the clock's and calendar's own, else any multiple. */
static int64_t edges_width(const struct ff_edges_span *d, size_t most,
			   enum ff_edges_rule rule)
{
	static const int64_t nice_s[] = {
		1,	2,	5,	 10,	  15,	   30,	    60,
		120,	300,	600,	 900,	  1200,	   1800,    3600,
		7200,	10800,	14400,	 21600,	  28800,   43200,   86400,
		172800, 604800, 1209600, 2419200, 4838400, 9676800, 31449600,
	};
	int64_t period = d->period_ns;
	uint64_t times;

	if (edges_needed(d, d->bin_ns) <= most)
		return d->bin_ns;
	for (int strict = period > 0; strict >= 0; strict--) {
		for (size_t i = 0; i < sizeof(nice_s) / sizeof(nice_s[0]); i++) {
			int64_t width = nice_s[i] * FF_SEC;
			uint64_t need;

			if (width <= d->bin_ns || width % d->bin_ns != 0)
				continue;
			need = edges_needed(d, width);
			/* not more than four times as coarse as the paper asks for */
			if (need > most || need < most / 4 ||
			    (strict && !edges_fit_period(width, period, rule)))
				continue;
			return width;
		}
	}
	/* one more than needed: the first and last column may be cut */
	times = edges_needed(d, d->bin_ns);
	times = most > 1 ? times / (most - 1) + 1 : times;
	if (times > (uint64_t)(INT64_MAX / d->bin_ns))
		times = (uint64_t)(INT64_MAX / d->bin_ns);
	return d->bin_ns * (int64_t)times;
}

static int edges_allocate(struct ff_edges *e, uint64_t count, struct ff_err *err)
{
	e->count = (size_t)count;
	e->at = ff_calloc(e->count + 1, sizeof(*e->at));
	return e->at ? FF_OK : ff_fail_nomem(err);
}

static int edges_make_fixed(struct ff_edges *e, const struct ff_edges_span *d,
			    size_t most, enum ff_edges_rule rule, struct ff_err *err)
{
	int64_t width = edges_width(d, most, rule), first = edges_floor_div(d->t0, width);
	uint64_t count = edges_needed(d, width);
	int rc;

	if (count > most &&
	    most > 1) /* only a width that cannot grow any more gets here */
		return ff_fail(err, FF_EFORMAT, "times span too many bins to draw");
	e->width_ns = width;
	e->joined = (uint64_t)(width / d->bin_ns);
	rc = edges_allocate(e, count, err);
	for (size_t i = 0; rc == FF_OK && i <= e->count; i++) {
		int64_t at = first + (int64_t)i;

		/* the outer edges of a joined axis may lie past the range of time */
		e->at[i] = at < INT64_MIN / width   ? INT64_MIN
			   : at > INT64_MAX / width ? INT64_MAX
						    : at * width;
	}
	return rc;
}

/* Months since year 0. */
static int64_t edges_month(int64_t ns)
{
	struct ff_date date;

	ff_date_from_time(&date, ns);
	return (int64_t)date.year * 12 + date.month - 1;
}

static int64_t edges_month_start(int64_t month)
{
	struct ff_date date = {.month = 1, .day = 1};

	date.year = (int)edges_floor_div(month, 12);
	date.month = (int)(month - (int64_t)date.year * 12) + 1;
	return ff_time_from_date(&date);
}

static int edges_make_months(struct ff_edges *e, const struct ff_edges_span *d,
			     size_t most, struct ff_err *err)
{
	/* all of time is 7,000 months: 100 years a column are coarse enough for any paper
	 */
	static const int64_t nice[] = {1, 2, 3, 4, 6, 12, 24, 60, 120, 240, 600, 1200};
	int64_t first = edges_month(d->t0), last = edges_month(d->t1 - 1), step = 1,
		start;
	int rc;

	for (size_t i = 0; i < sizeof(nice) / sizeof(nice[0]); i++) {
		step = nice[i];
		if ((uint64_t)(edges_floor_div(last, step) -
			       edges_floor_div(first, step)) < most)
			break;
	}
	start = edges_floor_div(first, step);
	if ((uint64_t)(edges_floor_div(last, step) - start) >= most && most > 1)
		return ff_fail(err, FF_EFORMAT, "times span too many months to draw");
	e->width_ns = -1;
	e->joined = (uint64_t)step;
	rc = edges_allocate(e, (uint64_t)(edges_floor_div(last, step) - start) + 1, err);
	for (size_t i = 0; rc == FF_OK && i <= e->count; i++)
		e->at[i] = edges_month_start((start + (int64_t)i) * step);
	return rc;
}

int ff_edges_init(struct ff_edges *e, const struct ff_edges_span *d, size_t most,
		  enum ff_edges_rule rule, struct ff_err *err)
{
	int rc;

	*e = (struct ff_edges){.joined = 1};
	if (d->bin_ns > 0) {
		rc = edges_make_fixed(e, d, most, rule, err);
	} else if (d->bin_ns < 0) {
		rc = edges_make_months(e, d, most, err);
	} else {
		rc = edges_allocate(e, 1, err);
		if (rc == FF_OK) {
			e->at[0] = d->t0;
			e->at[1] = d->t1;
		}
	}
	if (rc < 0)
		ff_edges_release(e);
	return rc;
}

void ff_edges_release(struct ff_edges *e)
{
	ff_free(e->at);
	*e = (struct ff_edges){0};
}

size_t ff_edges_find(const struct ff_edges *e, int64_t ns)
{
	size_t low = 0, high = e->count;

	while (low + 1 < high) {
		size_t mid = low + (high - low) / 2;

		if (e->at[mid] <= ns)
			low = mid;
		else
			high = mid;
	}
	return low;
}

/* What a joined column spans: "a half day", "a day", "8 hours". */
static void edges_span_words(struct ff_buf *b, const struct ff_edges *e)
{
	int64_t w = e->width_ns;

	if (w < 0) {
		if (e->joined == 12)
			ff_buf_adds(b, "a year");
		else if (e->joined == 3)
			ff_buf_adds(b, "a quarter");
		else
			ff_buf_addf(b, "%d months", (int)e->joined);
	} else if (w == FF_DAY / 2) {
		ff_buf_adds(b, "a half day");
	} else if (w == FF_HOUR || w == FF_DAY || w == 7 * FF_DAY || w == 60 * FF_SEC) {
		ff_word_per(b, w);
	} else if (w < FF_DAY && w % FF_HOUR == 0) {
		ff_buf_addf(b, "%d hours", (int)(w / FF_HOUR));
	} else if (w < FF_HOUR && w % (60 * FF_SEC) == 0) {
		ff_buf_addf(b, "%d minutes", (int)(w / (60 * FF_SEC)));
	} else {
		ff_word_span(b, w);
	}
}

void ff_edges_words(struct ff_buf *b, const struct ff_edges *e, int64_t bin_ns)
{
	if (bin_ns == 0)
		return;
	if (e->joined == 1) {
		ff_buf_adds(b, "one column ");
		if (bin_ns < 0 || ff_word_unit(bin_ns)[7] != 'b')
			ff_word_per(b, bin_ns);
		else
			ff_buf_adds(b, "a bin");
		return;
	}
	ff_buf_adds(b, "each column the largest ");
	if (bin_ns > 0 && ff_word_unit(bin_ns)[7] == 'b')
		ff_buf_adds(b, "bin");
	else
		ff_word_bin(b, bin_ns);
	ff_buf_adds(b, " of ");
	edges_span_words(b, e);
}
