/* SPDX-License-Identifier: MIT */
/* contact_findings - facts that a reader of a contact surface looks for, computed from
 * its tables alone: the peak at n = 1, the power law of the middle, whole-prefix
 * scanners, a slow-scanning band, regions, partial bins. Same tables, same findings. */
#include "aggregate/contact_findings.h"
#include "aggregate/contact.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEW = 16 }; /* up to this nmax every n is looked at by itself */

const char *contact_unit(const struct contact_view *v, bool plural)
{
	if (v->width == FF_HOUR)
		return plural ? "hours" : "hour";
	if (v->width == FF_DAY)
		return plural ? "days" : "day";
	return plural ? "bins" : "bin";
}

const char *contact_noun(const struct contact_view *v)
{
	return ff_result_number(v->result, "pairs", 0) ? "services" : "hosts";
}

bool contact_is_size(const struct contact_view *v, uint64_t n)
{
	for (size_t i = 0; i < v->nsizes; i++)
		if (v->sizes[i] == n)
			return true;
	return false;
}

double contact_expected(const struct contact_view *v, uint64_t n)
{
	return (double)v->bins * pow(10, v->intercept + v->slope * log10((double)n));
}

void contact_number(struct ff_finding *f, const char *name, double value)
{
	for (size_t i = 0; i < sizeof f->numbers / sizeof *f->numbers; i++)
		if (!f->numbers[i].name) {
			f->numbers[i].name = name;
			f->numbers[i].value = value;
			return;
		}
}

int contact_finding(struct ff_result *r, const struct contact_view *v,
		    struct ff_finding **out, const char *kind, double weight,
		    int64_t from_ns, int64_t to_ns, const char *sentence,
		    struct ff_err *err)
{
	struct ff_finding *f;
	int rc = ff_result_add_finding(r, &f, err);
	if (rc)
		return rc;
	f->kind = kind;
	f->weight = weight;
	f->from_ns = from_ns;
	f->to_ns = to_ns;
	f->sentence = ff_strdup(sentence);
	struct ff_buf sel = FF_BUF_INIT;
	if (from_ns != INT64_MIN) {
		char a[32], b[32];
		/* a range there includes both ends to the millisecond */
		ff_buf_addf(&sel, "--stime=%s-%s%s", agg_silk_time(a, from_ns),
			    agg_silk_time(b, to_ns - FF_MS), v->selection);
	} else {
		ff_buf_adds(&sel, *v->selection ? v->selection + 1 : "");
	}
	f->selection = ff_strdup(ff_buf_str(&sel));
	bool failed = sel.failed || !f->sentence || !f->selection;
	ff_buf_release(&sel);
	*out = f;
	return failed ? ff_fail_nomem(err) : FF_OK;
}

/* ---- the view ---- */

static int view_init(struct contact_view *v, const struct ff_result *r,
		     struct ff_err *err)
{
	const struct ff_table *t = ff_result_table(r, "contact"),
			      *b = ff_result_table(r, "bins");
	*v = (struct contact_view){
		.result = r, .rows = t->rows, .bins = b->rows, .selection = ""};
	v->start = t->columns[0].v.time;
	v->n = t->columns[1].v.u64;
	v->sources = t->columns[2].v.u64;
	v->bin = b->columns[0].v.time;
	v->counted = b->columns[2].v.u64;
	int64_t width = ff_result_number(r, "bin_ns", FF_HOUR);
	v->width = width > 0   ? width
		   : width < 0 ? 30 * FF_DAY
			       : ff_result_number(r, "last_ns", 0) -
					 ff_result_number(r, "first_ns", 0) + 1;
	uint64_t nmax = (uint64_t)ff_result_number(r, "nmax", 0);
	v->nmax = nmax < CONTACT_TOP_N ? nmax : CONTACT_TOP_N;
	v->total = ff_calloc(v->nmax + 1, sizeof *v->total);
	if (!v->total)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < v->rows; i++) {
		v->all += (double)v->sources[i];
		if (v->n[i] <= v->nmax)
			v->total[v->n[i]] += v->sources[i];
	}
	const char *s = ff_result_text(r, "sizes");
	while (*s && v->nsizes < sizeof v->sizes / sizeof *v->sizes) {
		char *end;
		v->sizes[v->nsizes++] = strtoull(s, &end, 10);
		s = *end ? end + 1 : end;
	}
	return FF_OK;
}

/* ---- peak at n = 1 ---- */

static int u64_cmp(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* Median of whole weekend days over median of whole weekdays, or 0 when that says
 * nothing. */
static double weekend_ratio(const struct contact_view *v)
{
	int64_t width = ff_result_number(v->result, "bin_ns", 0);
	if (width <= 0 || width > FF_DAY || v->bins < 14 || FF_DAY % width)
		return 0;
	int64_t first = v->bin[0] / FF_DAY, last = v->bin[v->bins - 1] / FF_DAY;
	if (last - first < 14 || v->bin[0] < 0 || last - first > 36600)
		return 0;
	size_t days = (size_t)(last - first + 1), nw = 0, ne = 0;
	uint64_t *day = ff_calloc(days * 3, sizeof *day), *week = day + days,
		 *end = week + days;
	if (!day)
		return 0;
	for (size_t i = 0; i < v->rows; i++)
		if (v->n[i] == 1)
			day[v->start[i] / FF_DAY - first] += v->sources[i];
	for (size_t i = 1; i + 1 < days; i++) { /* the outer days may be partial */
		int64_t weekday = ((int64_t)i + first + 4) % 7;
		if (weekday == 0 || weekday == 6)
			end[ne++] = day[i];
		else
			week[nw++] = day[i];
	}
	qsort(week, nw, sizeof *week, u64_cmp);
	qsort(end, ne, sizeof *end, u64_cmp);
	double ratio = ne >= 4 && week[nw / 2] >= 50
			       ? (double)end[ne / 2] / (double)week[nw / 2]
			       : 0;
	ff_free(day);
	return fabs(ratio - 1) >= 0.1 ? ratio : 0;
}

static int find_peak(struct ff_result *r, const struct contact_view *v,
		     struct ff_err *err)
{
	uint64_t max = 0, min = UINT64_MAX;
	int64_t at = 0;
	size_t with = 0;
	if (v->nmax < 1 || !v->total[1])
		return FF_OK;
	for (size_t i = 0; i < v->rows; i++) {
		if (v->n[i] != 1)
			continue;
		with++;
		if (v->sources[i] > max) {
			max = v->sources[i];
			at = v->start[i];
		}
		if (v->sources[i] < min)
			min = v->sources[i];
	}
	double share = (double)v->total[1] / v->all, weekend = weekend_ratio(v);
	char text[200], many[32];
	snprintf(text, sizeof text,
		 "one contact: %.1f %% of source-%s, up to %s in %s %s", 100 * share,
		 contact_unit(v, true), ff_format_thousands(many, sizeof many, max),
		 v->width == FF_HOUR ? "an" : "a", contact_unit(v, false));
	struct ff_finding *f;
	int rc = contact_finding(r, v, &f, "peak", 10, at, at + v->width, text, err);
	if (rc)
		return rc;
	f->low = f->high = 1;
	contact_number(f, "share", share);
	contact_number(f, "total", (double)v->total[1]);
	contact_number(f, "max", (double)max);
	contact_number(f, "min", (double)(with < v->bins ? 0 : min));
	if (weekend > 0)
		contact_number(f, "weekend", weekend);
	return FF_OK;
}

/* ---- power law of the middle ---- */

static int find_fit(struct ff_result *r, struct contact_view *v, struct ff_err *err)
{
	double sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
	uint64_t points = 0, low = 0, high = 0;
	for (uint64_t n = 2; n <= 10 && n <= v->nmax; n++) {
		if (!v->total[n])
			continue;
		double x = log10((double)n),
		       y = log10((double)v->total[n] / (double)v->bins);
		sx += x;
		sy += y;
		sxx += x * x;
		sxy += x * y;
		syy += y * y;
		low = low ? low : n;
		high = n;
		points++;
	}
	if (points < 4)
		return FF_OK;
	double k = (double)points, dx = k * sxx - sx * sx, dy = k * syy - sy * sy;
	v->slope = (k * sxy - sx * sy) / dx;
	v->intercept = (sy - v->slope * sx) / k;
	v->has_fit = v->slope < 0;
	if (!v->has_fit)
		return FF_OK;
	double c = k * sxy - sx * sy, r2 = dy > 0 ? c * c / (dx * dy) : 1;
	char text[160];
	snprintf(text, sizeof text,
		 "sources fall as a power law with slope %.2f from n = %" PRIu64
		 " to %" PRIu64,
		 v->slope, low, high);
	struct ff_finding *f;
	int rc = contact_finding(r, v, &f, "fit", 5, INT64_MIN, INT64_MIN, text, err);
	if (rc)
		return rc;
	f->low = low;
	f->high = high;
	contact_number(f, "slope", v->slope);
	contact_number(f, "intercept", v->intercept);
	contact_number(f, "r2", r2);
	return FF_OK;
}

/* ---- ridges ---- */

/* Mean of the source-bins at n within 15 % of this one, without it and without prefix
 * sizes. */
static double neighbours(const struct contact_view *v, uint64_t n)
{
	uint64_t low = n - n * 15 / 100, high = n + n * 15 / 100;
	double sum = 0, count = 0;
	for (uint64_t k = low > 1 ? low : 2; k <= high; k++) {
		if (k == n || contact_is_size(v, k))
			continue;
		sum += k <= v->nmax ? (double)v->total[k] : 0;
		count++;
	}
	return count > 0 ? sum / count : 0;
}

/* Length of the prefix that holds n hosts, -1 if none does; *whole: it is the inside
 * network. */
static double prefix_bits(const struct ff_prefix *inside, size_t ninside, uint64_t n,
			  bool *whole)
{
	int family = ninside && !ff_addr_is_v4(&inside[0].addr) ? 128 : 32;
	*whole = false;
	for (size_t i = 0; i < ninside; i++)
		if (inside[i].bits > 96 && UINT64_C(1) << (128 - inside[i].bits) == n)
			*whole = ninside == 1;
	for (int host = 0; host <= 32; host++)
		if (UINT64_C(1) << host == n)
			return family - host;
	return -1;
}

static int add_ridge(struct ff_result *r, const struct contact_view *v, uint64_t low,
		     uint64_t high, double excess, const struct ff_prefix *inside,
		     size_t ninside, struct ff_err *err)
{
	uint64_t total = 0;
	size_t with = 0;
	int64_t last = INT64_MIN;
	bool whole = false, size = low == high && contact_is_size(v, low);
	for (uint64_t n = low; n <= high; n++)
		total += v->total[n];
	for (size_t i = 0; i < v->rows; i++) {
		if (v->n[i] < low || v->n[i] > high || v->start[i] == last)
			continue;
		last = v->start[i];
		with++;
	}
	double days =
		(double)(v->bin[v->bins - 1] - v->bin[0] + v->width) / (double)FF_DAY;
	double bits = size ? prefix_bits(inside, ninside, low, &whole) : -1;
	char text[200], many[32], range[48], prefix[32] = "";
	if (whole)
		snprintf(prefix, sizeof prefix, ", the whole network");
	else if (bits >= 0)
		snprintf(prefix, sizeof prefix, ", a whole /%.0f", bits);
	if (low == high)
		snprintf(range, sizeof range, "%" PRIu64, low);
	else
		snprintf(range, sizeof range, "%" PRIu64 " to %" PRIu64, low, high);
	snprintf(text, sizeof text, "ridge at %s %s%s: %s source-%s in %zu of %zu %s",
		 range, contact_noun(v), prefix,
		 ff_format_thousands(many, sizeof many, total), contact_unit(v, true),
		 with, v->bins, contact_unit(v, true));
	struct ff_finding *f;
	double weight = (bits >= 0 ? 200 : 100) + log10((double)total + 1);
	int rc = contact_finding(r, v, &f, "ridge", weight, INT64_MIN, INT64_MIN, text,
				 err);
	if (rc)
		return rc;
	f->low = low;
	f->high = high;
	contact_number(f, "sources", (double)total);
	contact_number(f, "bins", (double)with);
	contact_number(f, "per_day", (double)total / days);
	contact_number(f, "excess", excess);
	if (size && bits >= 0)
		contact_number(f, "prefix", bits);
	if (size && whole)
		contact_number(f, "whole", 1);
	return FF_OK;
}

/* Small n: where the line climbs instead of falling, by 4 Poisson deviations and 30 %. */
static int find_climbs(struct ff_result *r, const struct contact_view *v,
		       const struct ff_prefix *inside, size_t ninside, struct ff_err *err)
{
	for (uint64_t n = 3; n <= v->nmax && n <= FEW; n++) {
		double before = (double)v->total[n - 1], t = (double)v->total[n];
		if (t < 1.3 * before || t - before < 4 * sqrt(fmax(before, 1)))
			continue;
		uint64_t high = n;
		double peak = t;
		while (high < v->nmax && high < FEW &&
		       (double)v->total[high + 1] >= 0.4 * peak) {
			high++;
			peak = fmax(peak, (double)v->total[high]);
		}
		/* the slope up to a band is the band's */
		bool is_band =
			v->band_low && high + 1 >= v->band_low && n <= v->band_high;
		int rc = is_band ? FF_OK
				 : add_ridge(r, v, n, high, peak / fmax(before, 1),
					     inside, ninside, err);
		if (rc)
			return rc;
		n = high;
	}
	return FF_OK;
}

static int find_ridges(struct ff_result *r, const struct contact_view *v,
		       const struct ff_prefix *inside, size_t ninside, struct ff_err *err)
{
	int rc = find_climbs(r, v, inside, ninside, err);
	for (size_t i = 0; i < v->nsizes && rc == FF_OK; i++) {
		uint64_t n = v->sizes[i];
		if (n <= FEW || n > v->nmax || v->total[n] < 3)
			continue;
		double around = neighbours(v, n);
		if ((double)v->total[n] >= 5 * around)
			rc = add_ridge(r, v, n, n, (double)v->total[n] / fmax(around, 1),
				       inside, ninside, err);
	}
	return rc;
}

/* ---- regions ---- */

static int add_region(struct ff_result *r, const struct contact_view *v, const char *kind,
		      const char *word, double weight, uint64_t low, uint64_t high,
		      struct ff_err *err)
{
	uint64_t sources = 0;
	if (low > high)
		return FF_OK;
	for (size_t i = 0; i < v->rows; i++)
		if (v->n[i] >= low && v->n[i] <= high)
			sources += v->sources[i];
	char text[120];
	double share = v->all > 0 ? (double)sources / v->all : 0;
	snprintf(text, sizeof text,
		 "%s (%" PRIu64 " to %" PRIu64 "): %.2f %% of source-%s", word, low, high,
		 100 * share, contact_unit(v, true));
	struct ff_finding *f;
	int rc = contact_finding(r, v, &f, kind, weight, INT64_MIN, INT64_MIN, text, err);
	if (rc)
		return rc;
	f->low = low;
	f->high = high;
	contact_number(f, "share", share);
	contact_number(f, "sources", (double)sources);
	return FF_OK;
}

static int find_regions(struct ff_result *r, const struct contact_view *v,
			struct ff_err *err)
{
	uint64_t nmax = (uint64_t)ff_result_number(r, "nmax", 0);
	int rc;
	if (nmax <= FEW) {
		/* sweeps begin where the line first climbs, or in the upper half */
		uint64_t sweeps = nmax / 2 + 2;
		for (size_t i = r->nfindings; i-- > 0;)
			if (strcmp(r->findings[i].kind, "ridge") == 0)
				sweeps = r->findings[i].low;
		if ((rc = add_region(r, v, "region-one", "one", 1.3, 1, nmax ? 1 : 0,
				     err)) ||
		    (rc = add_region(r, v, "region-few", "a few", 1.2, 2,
				     sweeps - 1 < nmax ? sweeps - 1 : nmax, err)))
			return rc;
		return add_region(r, v, "region-sweeps", "sweeps", 1.1, sweeps, nmax,
				  err);
	}
	/* scanners begin a little below the smallest whole prefix: a sweep may miss a few
	 * hosts */
	uint64_t scan = v->nsizes ? v->sizes[0] * 25 / 32 : 200;
	if ((rc = add_region(r, v, "region-vlf", "VLF", 1.3, 1, 10, err)) ||
	    (rc = add_region(r, v, "region-middle", "middle", 1.2, 11,
			     scan - 1 < nmax ? scan - 1 : nmax, err)))
		return rc;
	return add_region(r, v, "region-scanners", "scanners", 1.1, scan, nmax, err);
}

/* ---- partial bins ---- */

/* The first or last bin is partial when the flows leave more of it empty than twenty mean
 * gaps. */
static int find_partial(struct ff_result *r, const struct contact_view *v,
			struct ff_err *err)
{
	int64_t bin_ns = ff_result_number(r, "bin_ns", 0);
	int64_t first = ff_result_number(r, "first_ns", 0),
		last = ff_result_number(r, "last_ns", 0);
	double flows = (double)ff_result_number(r, "flows", 0);
	if (bin_ns <= 0 || v->bins < 2 || flows < 2)
		return FF_OK;
	double gap = 20 * (double)(last - first) / flows,
	       least = fmax(gap, 0.05 * (double)bin_ns);
	for (int end = 0; end < 2; end++) {
		int64_t bin = v->bin[end ? v->bins - 1 : 0];
		double empty = (double)(end ? bin + bin_ns - 1 - last : first - bin);
		if (empty < least)
			continue;
		char at[40], text[120];
		snprintf(text, sizeof text,
			 "the %s bin is partial: the %s flow starts at %s",
			 end ? "last" : "first", end ? "last" : "first",
			 ff_format_time(at, sizeof at, end ? last : first));
		struct ff_finding *f;
		int rc = contact_finding(r, v, &f, "partial", 0.5, bin, bin + bin_ns,
					 text, err);
		if (rc)
			return rc;
		contact_number(f, end ? "last" : "first", 1);
	}
	return FF_OK;
}

int contact_findings(struct ff_result *r, const struct ff_prefix *inside, size_t ninside,
		     struct ff_err *err)
{
	struct contact_view v;
	struct ff_buf sel = FF_BUF_INIT;
	int rc = view_init(&v, r, err);
	if (rc || !v.bins)
		goto out;
	bool out = ff_result_number(r, "direction", 0) != 0;
	for (size_t i = 0; i < ninside; i++) {
		char buf[FF_ADDR_TEXT];
		ff_buf_addf(&sel, "%s%s",
			    i	  ? ","
			    : out ? " --scidr="
				  : " --dcidr=",
			    ff_format_prefix(buf, sizeof buf, &inside[i]));
	}
	if (sel.failed) {
		rc = ff_fail_nomem(err);
		goto out;
	}
	v.selection = ff_buf_str(&sel);
	if ((rc = find_fit(r, &v, err)) || (rc = contact_find_band(r, &v, err)) ||
	    (rc = find_peak(r, &v, err)) ||
	    (rc = find_ridges(r, &v, inside, ninside, err)) ||
	    (rc = find_regions(r, &v, err)) || (rc = find_partial(r, &v, err)))
		goto out;
	ff_result_sort_findings(r);
out:
	ff_buf_release(&sel);
	ff_free(v.total);
	return rc;
}
