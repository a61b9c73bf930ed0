/* SPDX-License-Identifier: MIT */
/* bins - time bins [k*w, (k+1)*w) from 1970 UTC, calendar months, or one bin over
 * everything. */
#include <flowfig/aggregate.h>

#include <stdio.h>
#include <string.h>

bool ff_bins_parse(struct ff_bins *out, const char *s)
{
	struct ff_bins b = {FF_BINS_FIXED, 0};
	if (strcmp(s, "all") == 0)
		b.kind = FF_BINS_ALL;
	else if (strcmp(s, "1mo") == 0)
		b.kind = FF_BINS_MONTH;
	else if (!ff_parse_duration(&b.width_ns, s))
		return false;
	*out = b;
	return true;
}

char *ff_bins_format(char *buf, size_t cap, const struct ff_bins *b)
{
	if (b->kind == FF_BINS_FIXED)
		return ff_format_duration(buf, cap, b->width_ns);
	snprintf(buf, cap, "%s", b->kind == FF_BINS_MONTH ? "1mo" : "all");
	return buf;
}

int64_t ff_bin_of(const struct ff_bins *b, int64_t ns)
{
	if (b->kind == FF_BINS_FIXED) {
		int64_t q = ns / b->width_ns;
		return q - (ns % b->width_ns < 0); /* floor, also before 1970 */
	}
	if (b->kind == FF_BINS_ALL)
		return 0;
	struct ff_date d;
	ff_date_from_time(&d, ns);
	return (int64_t)d.year * 12 + d.month - 1;
}

int64_t ff_bin_start(const struct ff_bins *b, int64_t index)
{
	if (b->kind == FF_BINS_FIXED) {
		/* past either end of time a bin ends where time ends */
		if (index > INT64_MAX / b->width_ns)
			return INT64_MAX;
		return index < INT64_MIN / b->width_ns ? INT64_MIN : index * b->width_ns;
	}
	if (b->kind == FF_BINS_ALL)
		return 0;
	int64_t year = index / 12 - (index % 12 < 0);
	struct ff_date d = {
		.year = (int)year, .month = (int)(index - year * 12) + 1, .day = 1};
	return ff_time_from_date(&d);
}
