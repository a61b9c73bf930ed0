/* SPDX-License-Identifier: MIT */
/* Title, subtitle, counts and alt text of the netbytes figure, written by rule from the
 * lanes and the findings. */
#include "figure/netbytes.h"

#include <math.h>
#include <string.h>

#define TITLE_FEW .75 /* ports that carry this much together are named, up to three */
#define TITLE_SOME .2 /* less is not worth a title */

static const char *title_measure(const struct ff_netbytes_data *d)
{
	static const char *const names[] = {"bytes", "packets", "flows"};

	return names[d->measure];
}

static void title_capital(struct ff_buf *b, size_t from)
{
	if (!b->failed && b->len > from && b->data[from] >= 'a' && b->data[from] <= 'z')
		b->data[from] = (uint8_t)(b->data[from] - 'a' + 'A');
}

static void title_number(struct ff_buf *b, uint64_t n)
{
	if (n == 11 || n == 12)
		ff_buf_adds(b, n == 11 ? "eleven" : "twelve");
	else
		ff_word_small(b, n);
}

static double title_share(const struct ff_netbytes_data *d, uint64_t value)
{
	return d->value > 0 ? (double)value / (double)d->value : 0;
}

/* "96 %": a title needs no decimals. */
static void title_percent(struct ff_buf *b, double share)
{
	if (share >= .01 && share < .995)
		ff_buf_addf(b, "%d" FF_NBSP "%%", (int)lround(share * 100));
	else
		ff_word_percent(b, share);
}

/* Lanes by value: few. Returns how many of them carry TITLE_FEW together, or 0; one or
 * two are also few when no other has a share. */
static size_t title_few(const struct ff_netbytes_data *d,
			const struct ff_netbytes_lanes *l, size_t top[3])
{
	uint64_t sum = 0;
	size_t large = 0;

	for (size_t i = 0; i < l->nlanes; i++)
		large += title_share(d, d->ports[l->lanes[i].port].value) >=
			 FF_NETBYTES_SHARE;
	for (size_t k = 0; k < 3 && k < l->nlanes; k++) {
		size_t best = d->nports;

		for (size_t i = 0; i < l->nlanes; i++) {
			size_t port = l->lanes[i].port;
			bool is_taken = false;

			for (size_t j = 0; j < k; j++)
				is_taken |= top[j] == port;
			if (!is_taken && (best == d->nports ||
					  d->ports[port].value > d->ports[best].value))
				best = port;
		}
		top[k] = best;
		sum += d->ports[best].value;
		if (title_share(d, sum) >= TITLE_FEW ||
		    (k + 1 == large && large <= 2 && title_share(d, sum) >= TITLE_SOME))
			return k + 1;
	}
	return 0;
}

/* "443 and 80 carry 96 % of the bytes", "Eleven ports carry 88 % of the bytes" */
static void title_carry(struct ff_buf *b, const struct ff_netbytes_data *d,
			const struct ff_netbytes_lanes *l)
{
	size_t top[3], few = title_few(d, l, top), start = b->len, large = 0;
	uint64_t value = 0;

	for (size_t i = 0; i < l->nlanes; i++) {
		uint64_t v = d->ports[l->lanes[i].port].value;

		large += title_share(d, v) >= FF_NETBYTES_SHARE;
		value += title_share(d, v) >= FF_NETBYTES_SHARE ? v : 0;
	}
	if (few > 0) {
		value = 0;
		ff_buf_adds(b, few == 1 ? "port " : "ports ");
		for (size_t k = 0; k < few; k++) {
			ff_buf_adds(b, k == 0 ? "" : k + 1 == few ? " and " : ", ");
			ff_netbytes_port_word(b, d, top[k]);
			value += d->ports[top[k]].value;
		}
		ff_buf_adds(b, few == 1 ? " carries " : " carry ");
	} else if (large > 0 && title_share(d, value) >= TITLE_SOME) {
		title_number(b, large);
		ff_buf_adds(b, large == 1 ? " port carries " : " ports carry ");
	} else {
		ff_word_count(b, d->nports);
		ff_buf_addf(b, " port%s carr%s ", ff_s(d->nports),
			    d->nports == 1 ? "ies" : "y");
		value = d->value;
	}
	if (value == d->value) {
		ff_buf_adds(b, d->nports > 1 && few > 0 ? "all " : "");
		ff_netbytes_value(b, d, (double)d->value);
	} else {
		title_percent(b, title_share(d, value));
		ff_buf_addf(b, " of the %s", title_measure(d));
	}
	title_capital(b, start);
}

/* "in a single hour", "in 10 min at 08:40 on 3 May" */
static void title_cell(struct ff_buf *b, const struct ff_netbytes *n, size_t cell,
		       bool is_single)
{
	const struct ff_netbytes_data *d = &n->data;
	int64_t start = d->cells[cell].start;

	if (is_single && (d->bin_ns == FF_HOUR || d->bin_ns == FF_DAY)) {
		ff_buf_adds(b, " in a single ");
		ff_netbytes_bin_word(b, d);
		return;
	}
	if (d->bin_ns < 0) {
		ff_buf_adds(b, " in ");
		ff_netbytes_when(b, n, start);
		return;
	}
	if (d->bin_ns > 0 && d->bin_ns < FF_DAY) {
		ff_buf_adds(b, d->bin_ns == FF_HOUR ? " in the " : " in ");
		ff_netbytes_bin_word(b, d);
		ff_buf_adds(b, " from ");
		ff_word_date(b, start, n->tz_ns, true);
	} else {
		ff_buf_adds(b, " on ");
		ff_word_date(b, start, n->tz_ns, false);
	}
}

static void title_tallest(struct ff_buf *b, const struct ff_netbytes *n,
			  const struct ff_netbytes_lanes *lanes)
{
	const struct ff_netbytes_data *d = &n->data;
	size_t best = 0, top[3];

	if (d->bins < 3)
		return;
	for (size_t i = 1; i < d->nports; i++)
		if (d->cells[d->ports[i].peak].value >
		    d->cells[d->ports[best].peak].value)
			best = i;
	if (title_few(d, lanes, top) == 1 && top[0] == best) {
		ff_buf_adds(b, ", up to ");
	} else {
		ff_buf_adds(b, "; ");
		ff_netbytes_port_word(b, d, best);
		ff_buf_adds(b, " carries up to ");
	}
	ff_netbytes_value(b, d, (double)d->cells[d->ports[best].peak].value);
	ff_buf_addc(b, ' ');
	ff_word_per(b, d->bin_ns);
}

/* "; port 22448 moves 65 MB in a single hour", "; 80 moves 2.9 MB in the hour from 15:00
 * on 13 June, 38 times its usual"; of the one port that the title is about ", all in a
 * single hour" */
static void title_clause(struct ff_buf *b, const struct ff_netbytes *n,
			 const struct ff_netbytes_lanes *lanes,
			 const struct ff_netbytes_news *news)
{
	const struct ff_netbytes_data *d = &n->data;
	const struct ff_netbytes_cell *c = &d->cells[news->cell];
	bool is_single = d->ports[c->port].count == 1;
	size_t top[3];

	if (title_few(d, lanes, top) == 1 && top[0] == c->port) {
		ff_buf_adds(b, is_single ? ", all" : ", ");
		if (!is_single)
			ff_netbytes_value(b, d, (double)c->value);
	} else {
		ff_buf_adds(b, "; port ");
		ff_netbytes_port_word(b, d, c->port);
		ff_buf_adds(b, d->measure == FF_NETBYTES_BYTES ? " moves " : " has ");
		ff_netbytes_value(b, d, (double)c->value);
	}
	if (n->theme.is_narrow && !is_single &&
	    (d->bin_ns == FF_HOUR || d->bin_ns == FF_DAY)) {
		/* when that was is told in the plot */
		ff_buf_adds(b, " in one ");
		ff_netbytes_bin_word(b, d);
		return;
	}
	title_cell(b, n, news->cell, is_single);
	if (news->times >= 2) {
		ff_buf_adds(b, ", ");
		ff_word_count(b, (uint64_t)fmin(news->times + .5, 1e15));
		ff_buf_adds(b, " times its usual");
	}
}

/* One port over time: "3306/tcp carries 12 MB, in 37 of 720 hours" */
static void title_port(struct ff_buf *b, const struct ff_netbytes *n, size_t port)
{
	const struct ff_netbytes_data *d = &n->data;
	const struct ff_netbytes_port *p = &d->ports[port];
	size_t start = b->len;

	ff_buf_adds(b, "port ");
	ff_netbytes_port_word(b, d, port);
	ff_buf_adds(b, " carries ");
	ff_netbytes_value(b, d, (double)p->value);
	ff_netbytes_in_bins(b, d, p->count);
	if (d->bins > 1 && p->count == 1) {
		ff_buf_adds(b, ": ");
		ff_netbytes_when(b, n, d->cells[p->peak].start);
	} else if (d->bins > 1) {
		ff_buf_adds(b, ", most");
		title_cell(b, n, p->peak, false);
	}
	title_capital(b, start);
}

/* "3389/tcp carries 8.1 GB in all 720 hours, 269/tcp 69.6 MB in 35 of 720 hours" */
static void title_ports(struct ff_buf *b, const struct ff_netbytes *n)
{
	const struct ff_netbytes_data *d = &n->data;
	size_t most = n->pins.count < 3 ? n->pins.count : 3;

	ff_buf_adds(b, "Port ");
	for (size_t i = 0; i < most; i++) {
		const struct ff_netbytes_port *p = &d->ports[n->pins.ports[i]];

		ff_netbytes_port_word(b, d, n->pins.ports[i]);
		ff_buf_adds(b, i == 0 ? " carries " : " ");
		ff_netbytes_value(b, d, (double)p->value);
		ff_netbytes_in_bins(b, d, p->count);
		ff_buf_adds(b, i + 1 < most ? ", " : "");
	}
	if (most < n->pins.count)
		ff_buf_adds(b, " " FF_ELLIPSIS);
}

static size_t title_largest(const struct ff_netbytes_data *d)
{
	size_t best = 0;

	for (size_t i = 1; i < d->nports; i++)
		if (d->ports[i].value > d->ports[best].value)
			best = i;
	return best;
}

/* All ports of one bin: "443 carries 275 of 406 MB ..." */
static void title_bin(struct ff_buf *b, const struct ff_netbytes *n)
{
	const struct ff_netbytes_data *d = &n->data;
	uint64_t sum = 0, ports = 0;
	size_t best = d->ncells, start = b->len;

	for (size_t i = 0; i < d->ncells; i++) {
		if (d->cells[i].start != n->at_from)
			continue;
		sum += d->cells[i].value;
		ports++;
		if (best == d->ncells || d->cells[i].value > d->cells[best].value)
			best = i;
	}
	if (best == d->ncells || sum == 0) {
		ff_buf_adds(b, "No port carries anything");
		return;
	}
	ff_buf_adds(b, "port ");
	ff_netbytes_port_word(b, d, d->cells[best].port);
	ff_buf_adds(b, " carries ");
	title_percent(b, (double)d->cells[best].value / (double)sum);
	ff_buf_adds(b, " of ");
	ff_netbytes_value(b, d, (double)sum);
	ff_buf_adds(b, " on ");
	ff_word_count(b, ports);
	ff_buf_addf(b, " port%s", ff_s(ports));
	title_capital(b, start);
}

void ff_netbytes_title(struct ff_buf *b, const struct ff_netbytes *n,
		       const struct ff_netbytes_lanes *lanes)
{
	const struct ff_netbytes_data *d = &n->data;
	struct ff_netbytes_news news;

	if (n->params->view == FF_NETBYTES_TIME && n->pins.count <= 1) {
		title_port(b, n, n->pins.count ? n->pins.ports[0] : title_largest(d));
		return;
	}
	if (n->params->view == FF_NETBYTES_TIME) {
		title_ports(b, n);
		return;
	}
	if (n->params->view == FF_NETBYTES_PORT && n->at_from != INT64_MIN) {
		title_bin(b, n);
		return;
	}
	title_carry(b, d, lanes);
	if (ff_netbytes_news(&news, d, lanes))
		title_clause(b, n, lanes, &news);
	else
		title_tallest(b, n, lanes);
}

static void title_zone(struct ff_buf *b, int64_t tz_ns)
{
	int64_t minutes = (tz_ns < 0 ? -tz_ns : tz_ns) / (60 * FF_SEC);

	ff_buf_adds(b, FF_NBSP "UTC");
	if (minutes == 0)
		return;
	ff_buf_addf(b, "%s%d", tz_ns < 0 ? FF_MINUS : "+", (int)(minutes / 60));
	if (minutes % 60 != 0)
		ff_buf_addf(b, ":%02d", (int)(minutes % 60));
}

/* "bytes an hour to and from each of its ports" */
static void title_what(struct ff_buf *b, const struct ff_netbytes_data *d, bool is_sum)
{
	const char *ways = strcmp(d->direction, "in") == 0    ? "to"
			   : strcmp(d->direction, "out") == 0 ? "from"
							      : "to and from";

	ff_buf_adds(b, title_measure(d));
	if (!is_sum && d->bin_ns != 0) {
		ff_buf_addc(b, ' ');
		ff_word_per(b, d->bin_ns);
	}
	if (strcmp(d->side, "peer") == 0)
		ff_buf_addf(b, " %s it by port of the peers", ways);
	else if (strcmp(d->side, "sport") == 0)
		ff_buf_addf(b, " %s it by source port", ways);
	else if (strcmp(d->side, "dport") == 0)
		ff_buf_addf(b, " %s it by destination port", ways);
	else if (strcmp(d->side, "service") == 0)
		ff_buf_addf(b, " %s it by port of the service", ways);
	else
		ff_buf_addf(b, " %s each of its ports", ways);
}

void ff_netbytes_subtitle(struct ff_buf *b, const struct ff_netbytes *n,
			  const char *reduction)
{
	static const char *const views[] = {"NetBytes", "NetBytes over time",
					    "NetBytes by port", "NetBytes sheet"};
	const struct ff_netbytes_data *d = &n->data;
	bool is_bin = n->params->view == FF_NETBYTES_PORT && n->at_from != INT64_MIN;
	size_t host = strnlen(d->host, 80);

	ff_buf_addf(b, "%s of ", views[n->params->view]);
	ff_buf_add(b, host ? d->host : "a host", host ? host : 6);
	ff_buf_adds(b, ", ");
	if (is_bin)
		ff_word_dates(b, n->at_from, n->at_to, n->tz_ns);
	else if (d->bin_ns == 0 && d->last_ns >= d->first_ns && d->first_ns > 0)
		ff_word_dates(b, d->first_ns, d->last_ns + 1, n->tz_ns);
	else
		ff_word_dates(b, d->t0, d->t1, n->tz_ns);
	title_zone(b, n->tz_ns);
	ff_buf_adds(b, ": ");
	title_what(b, d, is_bin || n->params->view == FF_NETBYTES_PORT);
	if (reduction[0])
		ff_buf_addf(b, "; %s", reduction);
}

void ff_netbytes_counts(struct ff_buf *b, const struct ff_netbytes_data *d)
{
	if (d->measure != FF_NETBYTES_FLOWS) {
		ff_netbytes_value(b, d, (double)d->value);
		ff_buf_adds(b, ", ");
	}
	ff_word_count(b, d->flows);
	ff_buf_addf(b, " flow%s, ", ff_s(d->flows));
	ff_word_count(b, d->nports);
	ff_buf_addf(b, " port%s", ff_s(d->nports));
	if (d->portless > 0) {
		ff_buf_adds(b, "; ");
		ff_word_count(b, d->portless);
		ff_buf_addf(b, " flow%s without ports left out", ff_s(d->portless));
	}
}

void ff_netbytes_alt(struct ff_buf *b, const struct ff_netbytes *n,
		     const struct ff_netbytes_lanes *lanes)
{
	const struct ff_netbytes_data *d = &n->data;

	ff_netbytes_subtitle(b, n, "");
	ff_buf_addf(b,
		    ". Axes: time and port (%d with a lane of their own, the others "
		    "folded into %d bands); value: %s, up to ",
		    (int)lanes->nlanes, (int)lanes->nbands, title_measure(d));
	ff_netbytes_value(b, d, (double)d->cells[d->ports[title_largest(d)].peak].value);
	ff_buf_adds(b, " of the largest port in a bin. ");
	ff_netbytes_counts(b, d);
	ff_buf_addc(b, '.');
	for (size_t i = 0, told = 0; i < d->result->nfindings && told < 6; i++) {
		const struct ff_finding *f = &d->result->findings[i];
		size_t mark;

		if (!f->sentence || !f->sentence[0])
			continue;
		ff_buf_addc(b, ' ');
		mark = b->len;
		ff_buf_adds(b, f->sentence);
		title_capital(b, mark);
		ff_buf_addc(b, '.');
		told++;
	}
}
