/* SPDX-License-Identifier: MIT */
/* ephemeral_findings - facts that a reader of source ports looks for, from the tables
 * alone.
 *
 * kinds: verdict  one a host of table hosts: which allocator its ports are consistent
 *                 with, or why that cannot be said; low, high of the model's range;
 *                 numbers family and generation (enums of verdict.h), n (ports judged),
 *                 flows (of the stream), margin (nats), explained, even, wraps, lanes,
 *                 cover, thread_s (how long connections to one destination keep to
 *                 neighbouring ports; 0: they do not), row (of table hosts)
 *        range    low, high; numbers share, flows
 *        parity   numbers share (of even ports), n, tail (natural logarithm), row; where
 *                 chance cannot explain the share
 *        threads  of Linux 4.2 or later: numbers pairs, near, expected, parted, row
 *        wrap     from_ns: the counter of the only host begins again */
#include "aggregate/ephemeral_findings.h"
#include "aggregate/ephemeral.h"
#include "aggregate/ephemeral_ranges.h"

#include <math.h>
#include <string.h>

#define PARITY_TAIL (-13.8) /* ln 1e-6: chance does not do that */
enum { PARITY_MIN = 20 };

void ephemeral_number(struct ff_finding *f, const char *name, double value)
{
	size_t i = 0;
	while (f->numbers[i].name)
		i++;
	f->numbers[i].name = name;
	f->numbers[i].value = value;
}

int ephemeral_finding(struct ff_result *r, struct ff_finding **out, const char *kind,
		      double weight, struct ff_buf *sentence, struct ff_buf *selection,
		      struct ff_err *err)
{
	struct ff_finding *f;
	int rc = sentence->failed || selection->failed
			 ? ff_fail_nomem(err)
			 : ff_result_add_finding(r, &f, err);
	if (rc == FF_OK) {
		f->kind = kind;
		f->weight = weight;
		f->sentence = ff_strdup(ff_buf_str(sentence));
		f->selection = ff_strdup(ff_buf_str(selection));
		if (!f->sentence || !f->selection)
			rc = ff_fail_nomem(err);
		*out = f;
	}
	ff_buf_release(sentence);
	ff_buf_release(selection);
	return rc;
}

static int find_ranges(struct ff_result *r, const char *host, struct ff_err *err)
{
	const struct ff_table *t = ff_result_table(r, "ranges");
	double all = (double)ff_result_table(r, "ephemeral")->rows;
	int rc = FF_OK;
	for (size_t i = 0; i < t->rows && all > 0 && rc == FF_OK; i++) {
		struct ff_buf sentence = FF_BUF_INIT, selection = FF_BUF_INIT;
		const struct ephemeral_range *range = &ephemeral_ranges[i];
		double flows = (double)t->columns[3].v.u64[i], share = flows / all;
		struct ff_finding *f;
		ff_buf_addf(&sentence, "%.0f %% of the source ports lie in %u-%u (%s)",
			    100 * share, range->low, range->high, range->system);
		ff_buf_addf(&selection, "--saddress=%s --sport=%u-%u --protocol=6,17",
			    host, range->low, range->high);
		rc = ephemeral_finding(r, &f, "range", .1 * share, &sentence, &selection,
				       err);
		if (rc)
			break;
		f->low = range->low;
		f->high = range->high;
		ephemeral_number(f, "share", share);
		ephemeral_number(f, "flows", flows);
	}
	return rc;
}

/* ln of a bound on the chance of k or more of n at one half (Chernoff). */
static double parity_tail(double k, double n)
{
	double q = k / n;
	if (q <= .5)
		return 0;
	return -n * (q * log(2 * q) + (q < 1 ? (1 - q) * log(2 * (1 - q)) : 0));
}

static int find_parity(struct ff_result *r, size_t row, struct ff_err *err)
{
	const struct ff_table *t = ff_result_table(r, "hosts");
	double n = (double)ff_table_column(t, "tcp")->v.u64[row];
	double even = (double)ff_table_column(t, "even")->v.u64[row];
	struct ff_buf sentence = FF_BUF_INIT, selection = FF_BUF_INIT;
	char host[FF_ADDR_TEXT], count[32];
	struct ff_finding *f;
	if (n < PARITY_MIN)
		return FF_OK;
	double tail = parity_tail(even > n - even ? even : n - even, n);
	if (tail > PARITY_TAIL)
		return FF_OK;
	ff_format_addr(host, sizeof host, &ff_table_column(t, "host")->v.addr[row]);
	ff_format_thousands(count, sizeof count, (uint64_t)n);
	ff_buf_addf(&sentence, "%.0f %% of the %s TCP source ports of %s are even",
		    100 * even / n, count, host);
	ff_buf_addf(&selection, "--saddress=%s --protocol=6", host);
	int rc = ephemeral_finding(r, &f, "parity", .3, &sentence, &selection, err);
	if (rc)
		return rc;
	ephemeral_number(f, "share", even / n);
	ephemeral_number(f, "n", n);
	ephemeral_number(f, "tail", tail);
	ephemeral_number(f, "row", (double)row);
	return FF_OK;
}

int ephemeral_findings(struct ff_result *r, unsigned threads, struct ff_err *err)
{
	size_t hosts = ff_result_table(r, "hosts")->rows;
	int rc = find_ranges(r, ff_result_text(r, "host"), err);
	for (size_t i = 0; i < hosts && rc == FF_OK; i++)
		rc = find_parity(r, i, err);
	if (rc == FF_OK)
		rc = ephemeral_judge(r, threads ? threads : 1, err);
	if (rc == FF_OK)
		ff_result_sort_findings(r);
	return rc;
}
