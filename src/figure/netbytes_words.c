/* SPDX-License-Identifier: MIT */
/* What ports, sizes and times are called in the netbytes figure. */
#include "figure/netbytes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *words_unit(enum ff_netbytes_measure m)
{
	return m == FF_NETBYTES_FLOWS ? "flow" : "packet";
}

void ff_netbytes_value(struct ff_buf *b, const struct ff_netbytes_data *d, double v)
{
	if (d->measure == FF_NETBYTES_BYTES) {
		ff_word_bytes(b, v);
		return;
	}
	if (v < 1e6)
		ff_word_count(b, (uint64_t)v);
	else
		ff_word_short(b, v);
	ff_buf_addf(b, FF_NBSP "%s%s", words_unit(d->measure), v == 1 ? "" : "s");
}

static void words_protocol(struct ff_buf *b, unsigned protocol)
{
	char name[32];

	ff_protocol_name(name, sizeof(name), protocol);
	for (char *p = name; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	if (name[0])
		ff_buf_addf(b, "/%s", name);
	else
		ff_buf_addf(b, "/%u", protocol);
}

static void words_suffix(struct ff_buf *b, const struct ff_netbytes_data *d, size_t port)
{
	if (d->has_tcp + d->has_udp + d->has_other > 1 || d->has_other)
		words_protocol(b, d->ports[port].protocol);
}

void ff_netbytes_port_word(struct ff_buf *b, const struct ff_netbytes_data *d,
			   size_t port)
{
	ff_buf_addf(b, "%u", d->ports[port].number);
	words_suffix(b, d, port);
}

void ff_netbytes_port_bold(struct ff_buf *b, const struct ff_netbytes_data *d,
			   size_t port)
{
	ff_buf_addf(b, FF_MARK_BOLD "%u" FF_MARK_END, d->ports[port].number);
	words_suffix(b, d, port);
}

void ff_netbytes_band_word(struct ff_buf *b, const struct ff_netbytes_band *band)
{
	ff_word_range(b, band->low, band->high);
}

void ff_netbytes_when(struct ff_buf *b, const struct ff_netbytes *n, int64_t start)
{
	const struct ff_netbytes_data *d = &n->data;
	int64_t local = ff_local_time(start, n->tz_ns);
	struct ff_date date, first, last;
	bool has_year;

	ff_date_from_time(&date, local);
	ff_date_from_time(&first, ff_local_time(d->t0, n->tz_ns));
	ff_date_from_time(&last, ff_local_time(d->t1 - 1, n->tz_ns));
	has_year = first.year != last.year;
	if (d->bin_ns == 0) {
		ff_buf_adds(b, "in all");
		return;
	}
	if (d->bin_ns < 0) {
		ff_buf_addf(b, "%s" FF_NBSP "%d", ff_month_short[date.month - 1],
			    date.year);
		return;
	}
	if (d->bin_ns >= FF_DAY || has_year || first.month != last.month ||
	    first.day != last.day) {
		ff_buf_addf(b, "%d" FF_NBSP "%s", date.day,
			    ff_month_short[date.month - 1]);
		if (has_year)
			ff_buf_addf(b, FF_NBSP "%d", date.year);
		if (d->bin_ns >= FF_DAY)
			return;
		ff_buf_addc(b, ' ');
	}
	ff_buf_addf(b, "%02d:%02d", date.hour, date.minute);
	if (d->bin_ns % (60 * FF_SEC) != 0)
		ff_buf_addf(b, ":%02d", date.second);
}

void ff_netbytes_bin_word(struct ff_buf *b, const struct ff_netbytes_data *d)
{
	if (d->bin_ns == 10 * 60 * FF_SEC)
		ff_buf_adds(b, "ten minutes");
	else if (d->bin_ns == 5 * 60 * FF_SEC)
		ff_buf_adds(b, "five minutes");
	else
		ff_word_bin(b, d->bin_ns);
}

void ff_netbytes_in_bins(struct ff_buf *b, const struct ff_netbytes_data *d, size_t count)
{
	if (d->bins <= 1)
		return;
	ff_buf_adds(b, count == d->bins ? " in all " : " in ");
	if (count != d->bins) {
		ff_word_count(b, count);
		ff_buf_adds(b, " of ");
	}
	ff_word_count(b, d->bins);
	ff_buf_adds(b, d->bin_ns == FF_HOUR  ? " hours"
		       : d->bin_ns == FF_DAY ? " days"
		       : d->bin_ns < 0	     ? " months"
					     : " bins");
}

void ff_netbytes_axis_title(struct ff_buf *b, const struct ff_netbytes_data *d,
			    enum ff_netbytes_measure measure)
{
	static const char *const names[] = {"Bytes", "Packets", "Flows"};
	struct ff_buf bin = FF_BUF_INIT;

	ff_buf_adds(b, names[measure]);
	ff_netbytes_bin_word(&bin, d);
	/* "in the hour", "in ten minutes", "in 4 h" */
	if (d->bin_ns == 0)
		ff_buf_adds(b, " in all");
	else if (strchr(ff_buf_str(&bin), ' ') || strstr(ff_buf_str(&bin), FF_NBSP))
		ff_buf_addf(b, " in %s", ff_buf_str(&bin));
	else
		ff_buf_addf(b, " in the %s", ff_buf_str(&bin));
	b->failed |= bin.failed;
	ff_buf_release(&bin);
}

static void words_bytes(struct ff_buf *b, double v)
{
	if (v == 0)
		ff_buf_adds(b, "0");
	else
		ff_word_bytes(b, v);
}

ff_netbytes_word_fn *ff_netbytes_tick_words(const struct ff_netbytes_data *d)
{
	return d->measure == FF_NETBYTES_BYTES ? words_bytes : ff_word_short;
}
