/* SPDX-License-Identifier: MIT */
/* netbytes_findings - facts that a reader of a host's ports looks for; "value" is by the
 * measure, shares are of the value of all ports, 0..1.
 *
 * port   one of the --top ports that carry most. Numbers: rank (from 1), protocol, port,
 *        value, share, bins.
 * lone   a port that is seen in one bin only, with at least a hundredth of all, or a
 *        thousandth when that is 10 times the median value of a port; when there are at
 *        least 3 bins with selected flows. from, to = the bin. Numbers: protocol, port,
 *        value, share.
 * burst  the largest bin of a port that is seen in at least 8, when it is at least 5
 *        times m and more than m + 8 * 1.4826 * MAD, where m is the median and MAD the
 *        median absolute deviation of the port's bins with flows, and at least a
 *        thousandth of all. from, to = the bin. Numbers: protocol, port, value, share,
 *        median, ratio (value / median).
 *
 * low = high = the port. At most --top of each kind, by value; heaviest first: ports,
 * then lone ones, then bursts. The selection pulls the flows behind it; with
 * --port=host or peer and --direction=both, and with --port=service, also those that have
 * the port at their other end, for no switch tells the ends apart. */
#include "aggregate/measure.h"
#include "aggregate/netbytes.h"
#include "aggregate/span.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stddef.h>
#include <string.h>

enum { LONE_BINS = 3, LONE_TIMES = 10, BURST_BINS = 8, BURST_TIMES = 5, DEVIATIONS = 8 };
static const double LEAST_SHARE = .001, LONE_SHARE = .01;

struct view {
	const struct netbytes_params *p;
	const struct netbytes_ports *ports;
	double all; /* value of all ports */
	uint64_t top;
};

/* ---- words ---- */

enum { WORDS = 64 };

static char *port_words(char *buf, uint32_t slot)
{
	snprintf(buf, WORDS, "%u/%s", slot % NETBYTES_PORTS,
		 netbytes_protocol_names[slot / NETBYTES_PORTS]);
	return buf;
}

static char *value_words(char *buf, uint64_t value, int measure)
{
	char number[32];

	if (measure == AGG_BYTES)
		return ff_format_size(buf, WORDS, value);
	snprintf(buf, WORDS, "%s %.*s", ff_format_thousands(number, sizeof number, value),
		 (int)strlen(agg_measure_names[measure]) - (value == 1),
		 agg_measure_names[measure]);
	return buf;
}

/* "in one hour, 23 Nov 14:00" */
static char *bin_words(char *buf, const struct ff_bins *b, int64_t bin)
{
	struct ff_date d;
	char width[24];

	ff_date_from_time(&d, ff_bin_start(b, bin));
	if (b->kind == FF_BINS_MONTH)
		snprintf(buf, WORDS, "in one month, %s %d", ff_month_names[d.month - 1],
			 d.year);
	else if (b->width_ns % FF_DAY == 0)
		snprintf(buf, WORDS, "in %s, %d %s %d",
			 b->width_ns == FF_DAY
				 ? "one day"
				 : ff_format_duration(width, sizeof width, b->width_ns),
			 d.day, ff_month_short[d.month - 1], d.year);
	else if (b->width_ns % (60 * FF_SEC) == 0)
		snprintf(buf, WORDS, "in %s, %d %s %02d:%02d",
			 b->width_ns == FF_HOUR
				 ? "one hour"
				 : ff_format_duration(width, sizeof width, b->width_ns),
			 d.day, ff_month_short[d.month - 1], d.hour, d.minute);
	else
		snprintf(buf, WORDS, "in %s, %d %s %02d:%02d:%02d",
			 ff_format_duration(width, sizeof width, b->width_ns), d.day,
			 ff_month_short[d.month - 1], d.hour, d.minute, d.second);
	return buf;
}

/* ---- selection ---- */

static void add_end(struct ff_buf *out, const struct netbytes_params *p, unsigned port)
{
	static const char *const address[] = {"any-address", "daddress", "saddress"};
	const char *of = "aport";
	char host[FF_ADDR_TEXT];

	/* the host is the receiver of what goes in */
	if (p->port == NETBYTES_SPORT)
		of = "sport";
	else if (p->port == NETBYTES_DPORT)
		of = "dport";
	else if (p->port != NETBYTES_SERVICE && p->direction != NETBYTES_BOTH)
		of = (p->port == NETBYTES_HOST) == (p->direction == NETBYTES_IN)
			     ? "dport"
			     : "sport";
	ff_buf_addf(out, "--%s=%s --%s=%u", address[p->direction],
		    p->host.bits == 128 ? ff_format_addr(host, sizeof host, &p->host.addr)
					: ff_format_prefix(host, sizeof host, &p->host),
		    of, port);
}

static char *make_selection(const struct netbytes_params *p, uint32_t slot,
			    int64_t from_ns, int64_t to_ns)
{
	struct ff_buf out = FF_BUF_INIT;
	char a[32], b[32], *s;

	add_end(&out, p, slot % NETBYTES_PORTS);
	ff_buf_addf(&out, " --protocol=%u", netbytes_protocols[slot / NETBYTES_PORTS]);
	if (from_ns != INT64_MIN) /* both ends are included, to the millisecond */
		ff_buf_addf(&out, " --stime=%s-%s", agg_silk_time(a, from_ns),
			    agg_silk_time(b, to_ns - FF_MS));
	s = out.failed ? NULL : ff_strdup(ff_buf_str(&out));
	ff_buf_release(&out);
	return s;
}

/* `bin` NULL: over all time. */
static int add_finding(struct ff_result *r, struct ff_finding **out, const char *kind,
		       double weight, const struct view *v, uint32_t slot,
		       const int64_t *bin, const char *sentence, struct ff_err *err)
{
	struct ff_finding *f;
	int rc = ff_result_add_finding(r, &f, err);

	if (rc)
		return rc;
	f->kind = kind;
	f->weight = weight;
	f->low = f->high = slot % NETBYTES_PORTS;
	if (bin && v->p->bins.kind != FF_BINS_ALL) {
		f->from_ns = ff_bin_start(&v->p->bins, *bin);
		f->to_ns = ff_bin_start(&v->p->bins, *bin + 1);
	}
	f->sentence = ff_strdup(sentence);
	f->selection = make_selection(v->p, slot, f->from_ns, f->to_ns);
	if (!f->sentence || !f->selection)
		return ff_fail_nomem(err);
	agg_number(f, "protocol", netbytes_protocols[slot / NETBYTES_PORTS]);
	agg_number(f, "port", slot % NETBYTES_PORTS);
	*out = f;
	return FF_OK;
}

/* ---- ports in order of what they carry ---- */

struct ranked {
	uint64_t value;
	const struct netbytes_port *port;
	double median;
};

/* They come by slot, and so do equal ones go. */
static int ranked_sort(struct ranked *v, size_t n, struct ff_err *err)
{
	return ff_sort_falling(v, n, sizeof *v, offsetof(struct ranked, value), err);
}

static uint64_t peak_value(const struct view *v, const struct netbytes_port *p)
{
	return netbytes_value(&p->cells[p->peak].sum, v->ports->measure);
}

static int find_ports(struct ff_result *r, const struct view *v,
		      const struct ranked *ranked, struct ff_err *err)
{
	int rc = FF_OK;

	for (size_t i = 0; i < v->ports->count && i < v->top && rc == FF_OK; i++) {
		const struct ranked *k = &ranked[i];
		double share = (double)k->value / v->all;
		char port[WORDS], value[WORDS], percent[16], text[300];
		struct ff_finding *f;

		if (!k->value)
			break;
		snprintf(text, sizeof text, "%s carries %s of the %s, %s",
			 port_words(port, k->port->slot), agg_percent(percent, share),
			 agg_measure_names[v->ports->measure],
			 value_words(value, k->value, v->ports->measure));
		rc = add_finding(r, &f, "port", 50 + 50 * share, v, k->port->slot, NULL,
				 text, err);
		if (rc)
			return rc;
		agg_number(f, "rank", (double)(i + 1));
		agg_number(f, "value", (double)k->value);
		agg_number(f, "share", share);
		agg_number(f, "bins", (double)k->port->bins);
	}
	return rc;
}

/* ---- ports of one bin ---- */

static int add_lone(struct ff_result *r, const struct view *v, const struct ranked *k,
		    struct ff_err *err)
{
	int measure = v->ports->measure;
	double share = (double)k->value / v->all;
	char port[WORDS], value[WORDS], when[WORDS], text[300];
	struct ff_finding *f;
	int rc;

	snprintf(text, sizeof text, "%s %s %s %s, and nothing else",
		 port_words(port, k->port->slot), measure == AGG_FLOWS ? "has" : "moves",
		 value_words(value, k->value, measure),
		 bin_words(when, &v->p->bins, k->port->cells[0].bin));
	rc = add_finding(r, &f, "lone", 30 + 10 * share, v, k->port->slot,
			 &k->port->cells[0].bin, text, err);
	if (rc)
		return rc;
	agg_number(f, "value", (double)k->value);
	agg_number(f, "share", share);
	return FF_OK;
}

static int find_lone(struct ff_result *r, const struct view *v,
		     const struct ranked *ranked, struct ff_err *err)
{
	size_t n = v->ports->count;
	uint64_t found = 0;
	double median;
	int rc = FF_OK;

	if (ff_result_number(r, "bins", 0) < LONE_BINS || n == 0)
		return FF_OK;
	median = n % 2 ? (double)ranked[n / 2].value
		       : ((double)ranked[n / 2 - 1].value + (double)ranked[n / 2].value) /
				 2;
	for (size_t i = 0; i < n && found < v->top && rc == FF_OK; i++) {
		double value = (double)ranked[i].value;

		if (value < LEAST_SHARE * v->all ||
		    (value < LONE_SHARE * v->all && value < LONE_TIMES * median))
			break;
		if (ranked[i].port->bins != 1)
			continue;
		rc = add_lone(r, v, &ranked[i], err);
		found++;
	}
	return rc;
}

/* ---- bursts ---- */

/* Whether the largest bin of the port is a burst, and the median of its bins. */
static bool is_burst(const struct view *v, const struct netbytes_port *p, double *values,
		     double *median)
{
	double peak = (double)peak_value(v, p), mad;

	if (p->bins < BURST_BINS || peak < LEAST_SHARE * v->all)
		return false;
	for (size_t i = 0; i < p->bins; i++)
		values[i] = (double)netbytes_value(&p->cells[i].sum, v->ports->measure);
	*median = agg_median(values, p->bins);
	for (size_t i = 0; i < p->bins; i++)
		values[i] = fabs(values[i] - *median);
	mad = agg_median(values, p->bins);
	return *median > 0 && peak >= BURST_TIMES * *median &&
	       peak > *median + DEVIATIONS * 1.4826 * mad;
}

static int add_burst(struct ff_result *r, const struct view *v, const struct ranked *k,
		     struct ff_err *err)
{
	int measure = v->ports->measure;
	double share = (double)k->value / v->all, ratio = (double)k->value / k->median;
	const struct netbytes_cell *peak = &k->port->cells[k->port->peak];
	char port[WORDS], value[WORDS], usual[WORDS], when[WORDS], text[300];
	struct ff_finding *f;
	int rc;

	snprintf(text, sizeof text, "%s %s %s %s, %" PRIu64 " times its usual %s",
		 port_words(port, k->port->slot), measure == AGG_FLOWS ? "has" : "moves",
		 value_words(value, k->value, measure),
		 bin_words(when, &v->p->bins, peak->bin), (uint64_t)(ratio + .5),
		 value_words(usual, (uint64_t)(k->median + .5), measure));
	rc = add_finding(r, &f, "burst", 10 + 10 * share, v, k->port->slot, &peak->bin,
			 text, err);
	if (rc)
		return rc;
	agg_number(f, "value", (double)k->value);
	agg_number(f, "share", share);
	agg_number(f, "median", k->median);
	agg_number(f, "ratio", ratio);
	return FF_OK;
}

static int find_bursts(struct ff_result *r, const struct view *v, struct ff_err *err)
{
	const struct netbytes_ports *ports = v->ports;
	size_t most = 0, n = 0;
	int rc = FF_OK;

	for (size_t i = 0; i < ports->count; i++)
		most = ports->v[i].bins > most ? ports->v[i].bins : most;
	double *values = ff_alloc(most, sizeof *values);
	struct ranked *bursts = ff_alloc(ports->count, sizeof *bursts);
	if (!values || !bursts)
		rc = ff_fail_nomem(err);
	for (size_t i = 0; i < ports->count && rc == FF_OK; i++) {
		const struct netbytes_port *p = &ports->v[i];
		double median;

		if (is_burst(v, p, values, &median))
			bursts[n++] = (struct ranked){peak_value(v, p), p, median};
	}
	if (rc == FF_OK)
		rc = ranked_sort(bursts, n, err);
	for (size_t i = 0; i < n && i < v->top && rc == FF_OK; i++)
		rc = add_burst(r, v, &bursts[i], err);
	ff_free(values);
	ff_free(bursts);
	return rc;
}

int netbytes_findings(struct ff_result *r, const struct netbytes *n,
		      const struct netbytes_ports *ports, uint64_t top,
		      struct ff_err *err)
{
	struct view v = {.p = &n->core->params, .ports = ports, .top = top};
	struct ranked *ranked = ff_alloc(ports->count, sizeof *ranked);
	int rc = FF_OK;

	if (!ranked)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < ports->count; i++) {
		uint64_t value = netbytes_value(&ports->v[i].sum, ports->measure);

		ranked[i] = (struct ranked){.value = value, .port = &ports->v[i]};
		v.all += (double)value;
	}
	rc = ranked_sort(ranked, ports->count, err);
	if (rc == FF_OK && v.all > 0 && (rc = find_ports(r, &v, ranked, err)) == FF_OK &&
	    (rc = find_lone(r, &v, ranked, err)) == FF_OK)
		rc = find_bursts(r, &v, err);
	ff_free(ranked);
	if (rc == FF_OK)
		ff_result_sort_findings(r);
	return rc;
}
