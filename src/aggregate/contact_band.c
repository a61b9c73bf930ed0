/* SPDX-License-Identifier: MIT */
/* contact_band - a range of n whose sources stand far above the power law for part of the
 * time: many hosts scanning at one slow rate (Gates and McHugh 2008).
 *
 * 1. n stands out when its sources over all bins are at least 2.5 times what the fit of n
 * = 2..10 expects and at least 4 Poisson deviations more. Neighbouring such n form
 * groups; the group with the largest excess is taken and trimmed to where the excess is
 * 0.3 of its peak.
 * 2. A bin is active when the sources in that range are 4 deviations above what the fit
 * expects in one bin. Runs of active bins are pulses, weak ones are chance. A gap of more
 * than four times the usual one ends the band; the part with most sources is kept. Pulses
 * between which a third of the sources stay are one.
 * 3. Pulses whose starts are evenly spaced (70 % within one bin of the median) have a
 * period. */
#include "aggregate/contact_findings.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct range {
	uint64_t low, high;
	double excess;
};
struct pulse {
	int64_t from, to; /* half open, ns */
	uint64_t sources;
	size_t bins;
};

static double excess_at(const struct contact_view *v, uint64_t n)
{
	return (double)v->total[n] - contact_expected(v, n);
}

static bool stands_out(const struct contact_view *v, uint64_t n)
{
	double e = contact_expected(v, n), t = (double)v->total[n];
	return t >= 2.5 * e && t - e >= 4 * sqrt(fmax(e, 0.25)) && t >= 5;
}

static struct range best_range(const struct contact_view *v)
{
	struct range best = {0}, cur = {0};
	for (uint64_t n = 3; n <= v->nmax + 1; n++) {
		bool last = n > v->nmax,
		     out = !last && !contact_is_size(v, n) && stands_out(v, n);
		if (out && cur.low) {
			cur.high = n;
			cur.excess += excess_at(v, n);
		} else if (out) {
			cur = (struct range){n, n, excess_at(v, n)};
		}
		/* a gap of n / 12 ends a group: single n may dip by chance */
		if (cur.low && (last || n - cur.high > 1 + n / 12)) {
			if (cur.excess > best.excess)
				best = cur;
			cur = (struct range){0};
		}
	}
	double peak = 0;
	for (uint64_t n = best.low; best.low && n <= best.high; n++)
		if (!contact_is_size(v, n))
			peak = fmax(peak, excess_at(v, n));
	while (best.low < best.high && excess_at(v, best.low) < 0.3 * peak)
		best.low++;
	while (best.high > best.low && excess_at(v, best.high) < 0.3 * peak)
		best.high--;
	return best;
}

/* Sources in the range for every bin of table bins. */
static uint64_t *range_series(const struct contact_view *v, const struct range *g)
{
	uint64_t *s = ff_calloc(v->bins, sizeof *s);
	for (size_t i = 0, k = 0; s && i < v->rows; i++) {
		while (v->bin[k] < v->start[i])
			k++;
		if (v->n[i] >= g->low && v->n[i] <= g->high &&
		    !contact_is_size(v, v->n[i]))
			s[k] += v->sources[i];
	}
	return s;
}

static size_t find_pulses(const struct contact_view *v, const struct range *g,
			  const uint64_t *s, struct pulse *pulses)
{
	double e = 0;
	size_t n = 0;
	for (uint64_t k = g->low; k <= g->high; k++)
		e += contact_expected(v, k) / (double)v->bins;
	double limit = fmax(e + 4 * sqrt(e), 3);
	for (size_t i = 0; i < v->bins; i++) {
		if ((double)s[i] < limit)
			continue;
		if (n && pulses[n - 1].to == v->bin[i]) {
			pulses[n - 1].to += v->width;
			pulses[n - 1].sources += s[i];
			pulses[n - 1].bins++;
		} else {
			pulses[n++] =
				(struct pulse){v->bin[i], v->bin[i] + v->width, s[i], 1};
		}
	}
	return n;
}

static int i64_cmp(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* Chance bins are no pulses: what has less than a fifth of the strongest pulse's sources
 * a bin, or less than a twentieth of the largest one's sources, goes. */
static size_t drop_weak(struct pulse *p, size_t n)
{
	double strongest = 0, largest = 0;
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		strongest = fmax(strongest, (double)p[i].sources / (double)p[i].bins);
		largest = fmax(largest, (double)p[i].sources);
	}
	for (size_t i = 0; i < n; i++) {
		double sources = (double)p[i].sources;
		if (sources / (double)p[i].bins >= strongest / 5 &&
		    sources >= largest / 20)
			p[kept++] = p[i];
	}
	return kept;
}

/* Between pulses the sources must all but go away; else the band is one, with a ragged
 * edge. */
static bool is_continuous(const struct contact_view *v, const struct pulse *p, size_t n,
			  const uint64_t *s)
{
	double active = 0, rest = 0, nactive = 0, nrest = 0;
	size_t k = 0;
	for (size_t i = 0; i < v->bins; i++) {
		if (v->bin[i] < p[0].from || v->bin[i] >= p[n - 1].to)
			continue;
		while (v->bin[i] >= p[k].to)
			k++;
		if (v->bin[i] >= p[k].from) {
			active += (double)s[i];
			nactive++;
		} else {
			rest += (double)s[i];
			nrest++;
		}
	}
	return nrest > 0 && rest / nrest > active / nactive / 3;
}

/* Cuts at unusual gaps; moves the part with most sources to the front and returns its
 * length. */
static size_t keep_densest(const struct contact_view *v, struct pulse *p, size_t n,
			   int64_t *work)
{
	for (size_t i = 1; i < n; i++)
		work[i - 1] = p[i].from - p[i - 1].to;
	int64_t limit = 3 * v->width;
	if (n > 1) {
		qsort(work, n - 1, sizeof *work, i64_cmp);
		if (work[(n - 1) / 2] > limit / 4)
			limit = 4 * work[(n - 1) / 2];
	}
	size_t best = 0, best_len = 0, at = 0;
	uint64_t best_sum = 0, sum = 0;
	for (size_t i = 0; i < n; i++) {
		if (i && p[i].from - p[i - 1].to > limit) {
			at = i;
			sum = 0;
		}
		sum += p[i].sources;
		if (sum > best_sum) {
			best_sum = sum;
			best = at;
			best_len = i + 1 - at;
		}
	}
	memmove(p, p + best, best_len * sizeof *p);
	return best_len;
}

static int64_t find_period(const struct contact_view *v, const struct pulse *p, size_t n,
			   int64_t *work)
{
	if (n < 4)
		return 0;
	for (size_t i = 1; i < n; i++)
		work[i - 1] = p[i].from - p[i - 1].from;
	qsort(work, n - 1, sizeof *work, i64_cmp);
	int64_t median = work[(n - 1) / 2], near = 0;
	for (size_t i = 0; i < n - 1; i++)
		near += llabs(work[i] - median) <= v->width;
	return median > 2 * v->width && near * 10 >= (int64_t)(n - 1) * 7 ? median : 0;
}

static int add_band(struct ff_result *r, struct contact_view *v, const struct range *g,
		    struct pulse *p, size_t n, const uint64_t *series, int64_t *work,
		    struct ff_err *err)
{
	uint64_t total = 0;
	size_t bins = 0;
	double expected = 0;
	for (size_t i = 0; i < n; i++) {
		total += p[i].sources;
		bins += p[i].bins;
	}
	if (bins < 3)
		return FF_OK; /* too short to be a band */
	if (is_continuous(v, p, n, series)) {
		p[0] = (struct pulse){p[0].from, p[n - 1].to, total, bins};
		n = 1;
	}
	int64_t period = find_period(v, p, n, work);
	/* a pulse that is one run of many bins says how many sources were there at a time
	 */
	for (size_t i = 0; i < n; i++)
		work[i] = (int64_t)(period ? p[i].sources : p[i].sources / p[i].bins);
	qsort(work, n, sizeof *work, i64_cmp);
	double typical = (double)work[n / 2];
	for (uint64_t k = g->low; k <= g->high; k++)
		expected += contact_expected(v, k) / (double)v->bins * (double)bins;
	char text[200], when[80], every[64] = "throughout";
	if (n > 1)
		snprintf(every, sizeof every, "%zu pulses", n);
	if (period) {
		char d[24];
		snprintf(every, sizeof every, "%zu pulses, one every %s", n,
			 ff_format_duration(d, sizeof d, period));
	}
	char from[40], to[40];
	snprintf(when, sizeof when, "%s to %s",
		 ff_format_time(from, sizeof from, p[0].from),
		 ff_format_time(to, sizeof to, p[n - 1].to));
	snprintf(text, sizeof text,
		 "slow-scanning band: about %.0f sources at %" PRIu64 " to %" PRIu64
		 " %s, %s, %s",
		 typical, g->low, g->high, contact_noun(v), every, when);
	struct ff_finding *f;
	int rc = contact_finding(r, v, &f, "band", 1000 + log10((double)total + 1),
				 p[0].from, p[n - 1].to, text, err);
	if (rc)
		return rc;
	f->low = v->band_low = g->low;
	f->high = v->band_high = g->high;
	contact_number(f, "z", ((double)total - expected) / sqrt(fmax(expected, 0.25)));
	contact_number(f, "sources", typical);
	contact_number(f, "pulses", (double)n);
	contact_number(f, "period_ns", (double)period);
	contact_number(f, "total", (double)total);
	contact_number(f, "expected", expected);
	return FF_OK;
}

int contact_find_band(struct ff_result *r, struct contact_view *v, struct ff_err *err)
{
	if (!v->has_fit || v->nmax <= 16 || v->bins < 6)
		return FF_OK;
	struct range g = best_range(v);
	if (!g.low || g.high < g.low + 2)
		return FF_OK; /* one or two n are a ridge */
	uint64_t *series = range_series(v, &g);
	struct pulse *pulses = ff_alloc(v->bins, sizeof *pulses);
	int64_t *work = ff_alloc(v->bins, sizeof *work);
	int rc = series && pulses && work ? FF_OK : ff_fail_nomem(err);
	if (rc == FF_OK) {
		size_t n = drop_weak(pulses, find_pulses(v, &g, series, pulses));
		n = n ? keep_densest(v, pulses, n, work) : 0;
		if (n)
			rc = add_band(r, v, &g, pulses, n, series, work, err);
	}
	ff_free(series);
	ff_free(pulses);
	ff_free(work);
	return rc;
}
