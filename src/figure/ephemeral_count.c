/* SPDX-License-Identifier: MIT */
/* What the ephemeral figure counts over the rows of one host: ports, bins of time, silent
 * spans; and the default ranges that systems are known for. */
#include "figure/ephemeral_data.h"

/* FIGURES.md, "ephemeral". In the order of the brackets. */
const struct ff_ephemeral_range ff_ephemeral_ranges[] = {
	{"Windows Vista+, macOS", "Windows, macOS", 49152, 65535, true},
	{"Linux 2.4+", "Linux", 32768, 60999, true},
	{"FreeBSD 8+", "FreeBSD", 10000, 65535, true},
	{"OpenBSD", "OpenBSD", 1024, 49151, true},
	{"Windows NT\xe2\x80\x93"
	 "2003",
	 "Windows NT", 1025, 5000, true},
	{"Solaris, AIX", "Solaris", 32768, 65535, false},
	{"pf NAT", "pf", 50001, 65535, false},
};
const size_t ff_ephemeral_nranges =
	sizeof(ff_ephemeral_ranges) / sizeof(ff_ephemeral_ranges[0]);

int ff_ephemeral_ports_new(struct ff_ephemeral_ports **out,
			   const struct ff_ephemeral_data *d,
			   const struct ff_ephemeral_host *h, struct ff_err *err)
{
	struct ff_ephemeral_ports *p = ff_calloc(1, sizeof(*p));

	if (!p)
		return ff_fail_nomem(err);
	for (size_t i = h->first; i < h->first + h->count; i++) {
		size_t row = ff_ephemeral_row(d, i);

		p->flows[ff_ephemeral_is_udp(d, row)][ff_ephemeral_sport(d, row)]++;
	}
	*out = p;
	return FF_OK;
}

uint64_t ff_ephemeral_ports_sum(const struct ff_ephemeral_ports *p, unsigned low,
				unsigned high)
{
	uint64_t sum = 0;

	for (unsigned i = low; i <= high && i < FF_PORTS; i++)
		sum += (uint64_t)p->flows[0][i] + p->flows[1][i];
	return sum;
}

void ff_ephemeral_zoom(const struct ff_ephemeral_ports *p, uint64_t flows, unsigned *low,
		       unsigned *high)
{
	uint64_t most = 0;

	*low = 0;
	*high = FF_PORTS;
	for (size_t i = 0; i < ff_ephemeral_nranges; i++) {
		const struct ff_ephemeral_range *r = &ff_ephemeral_ranges[i];
		uint64_t in = ff_ephemeral_ports_sum(p, r->low, r->high);

		/* 26214 ports are 40 % of all; Linux's 28232 are worth their own axis */
		if (r->high - r->low >= .44 * FF_PORTS || in * 100 <= flows * 99 ||
		    in <= most)
			continue;
		most = in;
		*low = (r->low - 500) / 1000 * 1000;
		*high = (r->high + 1000) / 1000 * 1000;
	}
}

/* ---- bins of time ---- */

#define MINUTE (60 * FF_SEC)
static const int64_t strip_widths[] = {
	FF_MS,	     10 * FF_MS,  100 * FF_MS, FF_SEC,	     5 * FF_SEC,
	10 * FF_SEC, 30 * FF_SEC, MINUTE,      5 * MINUTE,   10 * MINUTE,
	30 * MINUTE, FF_HOUR,	  3 * FF_HOUR, 6 * FF_HOUR,  FF_DAY,
	7 * FF_DAY,  30 * FF_DAY, 90 * FF_DAY, 365 * FF_DAY, 3650 * FF_DAY,
};

static int64_t strip_floor(int64_t t, int64_t width)
{
	int64_t rest = t % width;

	if (rest < 0)
		rest += width;
	return t < INT64_MIN + rest ? INT64_MIN : t - rest;
}

int ff_ephemeral_strip_init(struct ff_ephemeral_strip *s,
			    const struct ff_ephemeral_data *d,
			    const struct ff_ephemeral_host *h, int64_t tz_ns, size_t most,
			    struct ff_err *err)
{
	const size_t widths = sizeof(strip_widths) / sizeof(strip_widths[0]);
	uint64_t span = (uint64_t)h->t1 - (uint64_t)h->t0;

	*s = (struct ff_ephemeral_strip){0};
	for (size_t i = 0; i < widths; i++) {
		s->width = strip_widths[i];
		if (span / (uint64_t)s->width + 2 <= most)
			break;
	}
	/* whole bins of the reader's clock; a shift past the calendar changes nothing */
	s->start = strip_floor(h->t0, s->width);
	if (h->t0 > INT64_MIN + FF_DAY && h->t0 < INT64_MAX - FF_DAY)
		s->start = strip_floor(h->t0 + tz_ns, s->width) - tz_ns;
	s->count =
		(size_t)(((uint64_t)h->t1 - (uint64_t)s->start) / (uint64_t)s->width) + 1;
	s->flows = ff_calloc(s->count, sizeof(*s->flows));
	s->tested = ff_calloc(s->count, sizeof(*s->tested));
	s->even = ff_calloc(s->count, sizeof(*s->even));
	if (!s->flows || !s->tested || !s->even) {
		ff_ephemeral_strip_release(s);
		return ff_fail_nomem(err);
	}
	s->is_tcp = h->count - h->udp >= 20;
	for (size_t i = h->first, bin = 0; i < h->first + h->count; i++) {
		size_t row = ff_ephemeral_row(d, i);
		uint64_t into = (uint64_t)d->time[row] - (uint64_t)s->start;

		/* times ascend: most flows fall into the bin of the one before */
		if (into - bin * (uint64_t)s->width >= (uint64_t)s->width)
			bin = (size_t)(into / (uint64_t)s->width);
		s->flows[bin]++;
		if (s->is_tcp && ff_ephemeral_is_udp(d, row))
			continue;
		s->tested[bin]++;
		s->even[bin] += ff_ephemeral_sport(d, row) % 2 == 0;
	}
	for (size_t i = 0; i < s->count; i++)
		s->most = s->flows[i] > s->most ? s->flows[i] : s->most;
	return FF_OK;
}

void ff_ephemeral_strip_release(struct ff_ephemeral_strip *s)
{
	ff_free(s->flows);
	ff_free(s->tested);
	ff_free(s->even);
	*s = (struct ff_ephemeral_strip){0};
}

size_t ff_ephemeral_gaps(struct ff_ephemeral_gap *out, size_t cap,
			 const struct ff_ephemeral_data *d,
			 const struct ff_ephemeral_host *h)
{
	double span = (double)h->t1 - (double)h->t0;
	double least = 12 * span / (double)h->count;
	size_t n = 0;

	least = least > .04 * span ? least : .04 * span;
	for (size_t i = h->first + 1; i < h->first + h->count && n < cap; i++) {
		int64_t from = d->time[ff_ephemeral_row(d, i - 1)];
		int64_t to = d->time[ff_ephemeral_row(d, i)];

		if ((double)to - (double)from > least)
			out[n++] = (struct ff_ephemeral_gap){from, to};
	}
	return n;
}
