/* SPDX-License-Identifier: MIT */
/* measure - see measure.h. */
#include "aggregate/measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const agg_measure_names[AGG_MEASURES + 1] = {"flows", "packets", "bytes",
							 NULL};

int agg_measure_check(enum agg_measure m, uint64_t without, uint64_t flows,
		      struct ff_err *err)
{
	const char *name = agg_measure_names[m];

	if (m == AGG_FLOWS || !without)
		return FF_OK;
	if (without == flows)
		return ff_fail(err, FF_EABSENT,
			       "'--measure=%s' needs the field %s, which the input does "
			       "not carry",
			       name, name);
	return ff_fail(err, FF_EABSENT,
		       "'--measure=%s' needs the field %s, which %" PRIu64 " of %" PRIu64
		       " flows do not carry",
		       name, name, without, flows);
}

char *agg_percent(char *buf, double share)
{
	unsigned hundredths = (unsigned)(share * 10000 + .5);
	unsigned tenths = (unsigned)(share * 1000 + .5);

	if (share >= 1)
		return strcpy(buf, "100 %");
	if (share > 0 && !hundredths)
		return strcpy(buf, "under 0.01 %");
	if (hundredths < 100)
		snprintf(buf, 16, "0.%02u %%", hundredths);
	else if (tenths < 1000)
		snprintf(buf, 16, "%u.%u %%", tenths / 10, tenths % 10);
	else
		strcpy(buf, "over 99.9 %");
	return buf;
}

static int double_cmp(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double agg_median(double *v, size_t n)
{
	qsort(v, n, sizeof *v, double_cmp);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

void agg_number(struct ff_finding *f, const char *name, double value)
{
	for (size_t i = 0; i < sizeof f->numbers / sizeof *f->numbers; i++)
		if (!f->numbers[i].name) {
			f->numbers[i].name = name;
			f->numbers[i].value = value;
			return;
		}
}
