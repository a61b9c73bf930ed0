/* SPDX-License-Identifier: MIT */
/* filter - tests of addresses that readers can make before they unpack a record. */
#include <flowfig/flow.h>

void ff_filter_add(struct ff_filter *f, const struct ff_filter_test *test)
{
	if (f->count < FF_FILTER_TESTS)
		f->tests[f->count++] = *test;
}
