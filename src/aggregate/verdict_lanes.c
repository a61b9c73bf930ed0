/* SPDX-License-Identifier: MIT */
/* verdict_lanes - several counters at once, as behind a NAT that keeps ports: a
 * move-to-front list of counter heads. A port joins the head that it is nearest to, else
 * it starts one and the oldest drops. The density of a port is predicted from the heads
 * before it, so the product over all ports is a likelihood. */
#include "aggregate/verdict_kernel.h"

#include <math.h>
#include <stdlib.h>

enum {
	LANES_GAPS = 2,
	LANES_STEPS = 10, /* of Geo */
	LANES_STAYS = 4,
	LANES_ES = 6,
	LANES_FACTORS = 24, /* multiplied before a log: at least 7e-8 each */
	LANES_REACH = 45,   /* Geo is nothing beyond so many mean steps */
};
static const int lanes_gap[LANES_GAPS] = {40, 300};
static const double lanes_step[LANES_STEPS] = {1.02, 1.5, 2.5, 4, 6, 9, 16, 32, 64, 128};
static const double lanes_stay[LANES_STAYS] = {.4, .7, .9, .97};
static const double lanes_e[LANES_ES] = {.005, .02, .05, .15, .3, .5};
#define LANES_BACK .1	  /* share of steps that go backwards */
#define LANES_PENALTY 2.5 /* half of BIC's, for five parameters */

/* Sorts groups of equal times by port, in which each counter's ports ascend whatever
 * lies between; returns the charge. */
static double lanes_order(struct verdict_room *r, size_t n)
{
	double charge = 0;
	size_t end;

	for (size_t i = 0; i < n; i = end) {
		end = verdict_tie_end(r, i, n);
		if (end - i < 2)
			continue;
		for (size_t j = i; j < end; j++)
			r->keys[j] = (struct verdict_key){
				.offset = r->part[j].port,
				.event = r->part[j],
			};
		verdict_sort_keys(r, i, end);
		charge += verdict_log_factorial(end - i);
	}
	return charge;
}

/* Fills heads[] and lane[] for the largest gap G. */
static void lanes_follow(struct verdict_room *r, size_t n, uint32_t width, int gap)
{
	struct {
		uint16_t port;
		int32_t lane;
	} head[VERDICT_HEADS];
	int used = 0;
	int32_t lanes = 0;

	for (size_t i = 0; i < n; i++) {
		uint16_t port = r->part[i].port;
		uint32_t nearest = (uint32_t)gap + 1;
		int at = -1;
		r->heads[i].n = (uint16_t)used;
		for (int j = 0; j < used; j++) {
			uint32_t g = verdict_gap(head[j].port, port, width);
			g = g ? g : width;
			r->heads[i].gaps[j] = (uint16_t)(g - 1);
			uint32_t back = width - g;
			if (g < nearest) {
				nearest = g;
				at = j;
			} else if (back * 2 <= (uint32_t)gap && back + 1 < nearest) {
				nearest = back + 1;
				at = j;
			}
		}
		int32_t lane = at < 0 ? lanes++ : head[at].lane;
		if (at >= 0 && verdict_gap(head[at].port, port, width) > width / 2)
			port = head[at].port; /* a late one does not set it back */
		if (at < 0)
			at = used < VERDICT_HEADS ? used++ : VERDICT_HEADS - 1;
		for (; at > 0; at--)
			head[at] = head[at - 1];
		head[0].port = port;
		head[0].lane = lane;
		r->lane[i] = lane;
	}
}

struct lanes_grid {
	double ll[LANES_STAYS][LANES_ES], product[LANES_STAYS][LANES_ES];
};

static void lanes_flush(struct lanes_grid *grid)
{
	for (int a = 0; a < LANES_STAYS; a++)
		for (int j = 0; j < LANES_ES; j++) {
			grid->ll[a][j] += log(grid->product[a][j]);
			grid->product[a][j] = 1;
		}
}

/* Geo of a mean step, by gap less one; returns how far it reaches. */
static uint32_t lanes_table(double *table, double mean, uint32_t width)
{
	uint32_t reach = (uint32_t)(mean * LANES_REACH) + 1;
	reach = reach < width ? reach : width;
	for (uint32_t g = 0; g < reach; g++)
		table[g] = exp(g * log1p(-1 / mean)) / mean;
	return reach;
}

/* The best of the grid for one mean step. */
static void lanes_fit_step(struct verdict_fit *best, const struct verdict_heads *heads,
			   size_t n, uint32_t width, int gap, double mean)
{
	static const struct lanes_grid start = {
		.product = {{1, 1, 1, 1, 1, 1},
			    {1, 1, 1, 1, 1, 1},
			    {1, 1, 1, 1, 1, 1},
			    {1, 1, 1, 1, 1, 1}},
	};
	double table[128 * LANES_REACH + 1];
	uint32_t reach = lanes_table(table, mean, width);
	struct lanes_grid grid = start;

	for (size_t i = 1; i < n; i++) {
		const struct verdict_heads *h = &heads[i];
		/* Geo of W - gap, at least 1 */
		uint32_t back = width - h->gaps[0] - 1;
		back = back ? back - 1 : 0;
		double first = h->gaps[0] < reach ? table[h->gaps[0]] : 0, rest = 0;
		first = (1 - LANES_BACK) * first +
			(back < reach ? LANES_BACK * table[back] : 0);
		for (int j = 1; j < h->n; j++)
			rest += h->gaps[j] < reach ? table[h->gaps[j]] : 0;
		rest = h->n > 1 ? rest / (h->n - 1) : first;
		for (int a = 0; a < LANES_STAYS; a++) {
			double f = lanes_stay[a] * first + (1 - lanes_stay[a]) * rest;
			for (int j = 0; j < LANES_ES; j++)
				grid.product[a][j] *=
					(1 - lanes_e[j]) * f + lanes_e[j] / width;
		}
		if (i % LANES_FACTORS == 0)
			lanes_flush(&grid);
	}
	lanes_flush(&grid);
	for (int a = 0; a < LANES_STAYS; a++)
		for (int j = 0; j < LANES_ES; j++)
			if (grid.ll[a][j] > best->ll)
				*best = (struct verdict_fit){grid.ll[a][j], mean,
							     lanes_e[j], gap};
}

void verdict_fit_lanes(struct verdict_fit *out, struct verdict_room *r, size_t n,
		       uint16_t lo, uint16_t hi)
{
	uint32_t width = (uint32_t)(hi - lo) + 1;
	double charge = lanes_order(r, n);

	*out = (struct verdict_fit){.ll = -HUGE_VAL};
	for (int i = 0; i < LANES_GAPS; i++) {
		int gap = lanes_gap[i];
		if (i > 0 && gap * 32 > (int)width)
			continue;
		lanes_follow(r, n, width, gap);
		for (int m = 0; m < LANES_STEPS; m++)
			if (lanes_step[m] <= width / 32. && lanes_step[m] <= gap / 2.)
				lanes_fit_step(out, r->heads, n, width, gap,
					       lanes_step[m]);
	}
	out->ll -= charge + LANES_PENALTY * log((double)n) + log(width);
}

enum {
	LANES_BIG = 6,	      /* ports that a lane has at least */
	LANES_BIG_SHARE = 50, /* and at least one port in so many */
	LANES_ALIVE = 3,      /* ports of a lane within a window in which it counts */
};

static int lanes_compare(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	return (x > y) - (x < y);
}

/* One lane about a window: its ports in it, and where it begins and ends. */
struct lanes_span {
	size_t ports, first, last; /* last: one past */
};

/* The most lanes of from..end-1 that run at the same time, seen from a window's width
 * before to one after: a lane that a gap broke goes on under another number, but after
 * the first. */
static size_t lanes_alive(const int32_t *lane, size_t n, size_t from, size_t end,
			  struct lanes_span *spans)
{
	size_t width = end - from, depth = 0, most = 0;
	size_t before = from > width ? from - width : 0;
	size_t after = n - end > width ? end + width : n;

	for (size_t i = before; i < after; i++) {
		if (lane[i] < 0)
			continue;
		struct lanes_span *s = &spans[lane[i]];
		s->first = s->last ? s->first : i;
		s->last = i + 1;
		s->ports += i >= from && i < end;
	}
	for (size_t i = before; i < after; i++) {
		const struct lanes_span *s = lane[i] < 0 ? NULL : &spans[lane[i]];
		if (!s || s->ports < LANES_ALIVE)
			continue;
		depth += s->first == i;
		most = depth > most ? depth : most;
		depth -= s->last == i + 1;
	}
	for (size_t i = before; i < after; i++)
		if (lane[i] >= 0)
			spans[lane[i]] = (struct lanes_span){0};
	return most;
}

/* The median over half-overlapping windows of the lanes alive. */
static size_t lanes_together(const struct verdict_room *r, size_t n,
			     struct lanes_span *spans, size_t *counts)
{
	size_t width = n / 3 < 20 ? 20 : n / 3 > 100 ? 100 : n / 3, windows = 0;

	for (size_t from = 0; from == 0 || from + width <= n; from += width / 2) {
		size_t end = from + width < n ? from + width : n;
		counts[windows++] = lanes_alive(r->lane, n, from, end, spans);
	}
	qsort(counts, windows, sizeof *counts, lanes_compare);
	return (counts[(windows - 1) / 2] + counts[windows / 2]) / 2;
}

int verdict_count_lanes(struct verdict_lanes *out, struct verdict_room *r, size_t n,
			uint16_t lo, uint16_t hi, int gap, struct ff_err *err)
{
	struct lanes_span *spans = ff_calloc(n + 1, sizeof *spans);
	size_t *counts = ff_calloc(n + 1, sizeof *counts);
	int32_t *names = ff_alloc(n + 1, sizeof *names);
	struct verdict_lanes lanes = {0};
	int rc = FF_OK;

	if (!spans || !counts || !names) {
		rc = ff_fail_nomem(err);
		goto out;
	}
	lanes_order(r, n);
	lanes_follow(r, n, (uint32_t)(hi - lo) + 1, gap);
	for (size_t i = 0; i < n; i++)
		spans[r->lane[i]].ports++;
	for (size_t i = 0; i < n; i++)
		names[i] = -1;
	for (size_t i = 0; i < n; i++) {
		int32_t lane = r->lane[i];
		bool is_big = spans[lane].ports >= LANES_BIG &&
			      spans[lane].ports * LANES_BIG_SHARE >= n;
		if (is_big && names[lane] < 0)
			names[lane] = (int32_t)lanes.count++;
		lanes.covered += is_big;
		r->lane[i] = names[lane];
	}
	memset(spans, 0, n * sizeof *spans);
	lanes.together = lanes_together(r, n, spans, counts);
	*out = lanes;
out:
	ff_free(spans);
	ff_free(counts);
	ff_free(names);
	return rc;
}
