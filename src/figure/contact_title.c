/* SPDX-License-Identifier: MIT */
/* Title, subtitle and alt text of the contact figure, written from the findings by rule.
 */
#include "figure/contact.h"

#include <math.h>
#include <string.h>

/* A share below this is no news for a title. */
#define TITLE_SHARE (1.0 / 3)

/* "outside source" from the view of the monitored network; outbound turns it round. */
static const char *title_side(const struct ff_contact_data *d, bool is_source)
{
	return d->is_out == is_source ? "inside" : "outside";
}

static const char *title_target(const struct ff_contact_data *d)
{
	return d->is_ports ? "service" : "host";
}

/* "20 to 37", "6 or 7", "6" */
static void title_range(struct ff_buf *b, uint64_t low, uint64_t high)
{
	char text[32];

	ff_buf_adds(b, ff_format_u64(text, sizeof(text), low));
	if (high > low) {
		ff_buf_adds(b, high == low + 1 ? " or " : " to ");
		ff_buf_adds(b, ff_format_u64(text, sizeof(text), high));
	}
}

/* Upper-cases the first letter of what was appended since `from`. */
static void title_capital(struct ff_buf *b, size_t from)
{
	if (!b->failed && b->len > from && b->data[from] >= 'a' && b->data[from] <= 'z')
		b->data[from] = (uint8_t)(b->data[from] - 'a' + 'A');
}

/* "from 10 to 21 April", "from 28 March to 2 April", "from 02:00 on 3 May to ..." */
static void title_between(struct ff_buf *b, const struct ff_finding *f, int64_t tz_ns,
			  bool is_short)
{
	int64_t last = is_short ? f->to_ns : f->to_ns - 1;
	struct ff_date from, to;

	ff_date_from_time(&from, ff_local_time(f->from_ns, tz_ns));
	ff_date_from_time(&to, ff_local_time(last, tz_ns));
	ff_buf_adds(b, "from ");
	if (!is_short && from.year == to.year && from.month == to.month)
		ff_buf_addf(b, "%d", from.day);
	else
		ff_word_date(b, f->from_ns, tz_ns, is_short);
	ff_buf_adds(b, " to ");
	ff_word_date(b, last, tz_ns, is_short);
}

/* When the band was there: nothing if it lasts as long as the data does. */
static void title_when(struct ff_buf *b, const struct ff_contact_data *d,
		       const struct ff_finding *f, int64_t tz_ns)
{
	double span = (double)d->t1 - (double)d->t0;
	double slack = fmax((double)ff_contact_period(f) * 1.5, span * .02);
	bool from_start = (double)f->from_ns - (double)d->t0 <= slack;
	bool to_end = (double)d->t1 - (double)f->to_ns <= slack;
	bool is_short = span < 3 * (double)FF_DAY;

	if (f->from_ns == INT64_MIN || f->to_ns == INT64_MIN || (from_start && to_end))
		return;
	if (from_start) {
		ff_buf_adds(b, "until ");
		ff_word_date(b, is_short ? f->to_ns : f->to_ns - 1, tz_ns, is_short);
	} else if (to_end) {
		ff_buf_adds(b, "from ");
		ff_word_date(b, f->from_ns, tz_ns, is_short);
		ff_buf_adds(b, " on");
	} else {
		title_between(b, f, tz_ns, is_short);
	}
}

static void title_band(struct ff_buf *b, const struct ff_contact_data *d,
		       const struct ff_finding *f, int64_t tz_ns)
{
	double sources = ff_finding_number(f, "sources", 0);
	int64_t period = ff_contact_period(f);
	size_t start = b->len, mark;

	if (period > 0) {
		ff_word_every(b, period);
		ff_buf_addc(b, ' ');
	}
	mark = b->len;
	title_when(b, d, f, tz_ns);
	if (b->len > mark)
		ff_buf_addc(b, ' ');
	if (b->len > start) { /* the clause takes a comma: "..., some 500" */
		b->len--;
		ff_buf_adds(b, ", ");
	}
	if (sources < 1.5) {
		ff_buf_addf(b, "one %s source", title_side(d, true));
	} else {
		ff_buf_adds(b, "some ");
		ff_word_some(b, sources);
		ff_buf_adds(b, " sources");
	}
	if (period <= 0) {
		ff_buf_addc(b, ' ');
		ff_word_per(b, d->bin_ns);
	}
	ff_buf_adds(b, sources < 1.5 ? " sweeps " : " sweep ");
	title_range(b, f->low, f->high);
	ff_buf_addf(b, " %s%s each", title_target(d), ff_s(f->high));
	title_capital(b, start);
}

/* What a ridge sweeps: "a whole /24", "the whole /22", "6 or 7 of the 9 inside hosts". */
static void title_swept(struct ff_buf *b, const struct ff_contact_data *d,
			const struct ff_finding *f)
{
	unsigned prefix = ff_contact_prefix(f);
	char text[32];

	if (prefix > 0) {
		ff_buf_addf(b, "%s whole /%u",
			    ff_finding_number(f, "whole", 0) > 0 ? "the" : "a", prefix);
		return;
	}
	title_range(b, f->low, f->high);
	if (d->nmax <= 16 && f->high < d->nmax)
		ff_buf_addf(b, " of the %s", ff_format_u64(text, sizeof(text), d->nmax));
	ff_buf_addf(b, " %s %s%s", title_side(d, false), title_target(d),
		    ff_s(d->nmax <= 16 && f->high < d->nmax ? d->nmax : f->high));
}

static void title_ridge(struct ff_buf *b, const struct ff_contact_data *d,
			const struct ff_finding *f)
{
	uint64_t times = ff_contact_count(f, "sources");
	double per_day = ff_finding_number(f, "per_day", 0);
	bool is_long = (double)d->t1 - (double)d->t0 >= 3 * (double)FF_DAY;

	if (per_day >= 2 && is_long && d->bin_ns > 0 && ff_contact_prefix(f) == 0) {
		ff_buf_adds(b, "Some ");
		ff_word_some(b, per_day);
		ff_buf_addf(b, " %s sources a day sweep ", title_side(d, true));
	} else if (times <= 1) {
		ff_buf_addf(b, "Once, one %s source sweeps ", title_side(d, true));
	} else {
		ff_word_count(b, times);
		ff_buf_addf(b, " times an %s source sweeps ", title_side(d, true));
	}
	title_swept(b, d, f);
}

static void title_peak(struct ff_buf *b, const struct ff_contact_data *d)
{
	double share = ff_finding_number(d->peak, "share", 0);

	if (d->source_bins == 1) {
		ff_buf_addf(b, "One %s source touches one %s %s", title_side(d, true),
			    title_side(d, false), title_target(d));
		return;
	}
	if (share >= 1)
		ff_buf_addf(b, "All ");
	if (share >= 1)
		ff_word_count(b, d->source_bins);
	else
		ff_word_percent(b, share);
	ff_buf_addf(b, share >= 1 ? " %s touch one %s %s" : " of %s touch one %s %s",
		    ff_word_unit(d->bin_ns), title_side(d, false), title_target(d));
}

/* Nothing stands out and nobody touches just one. */
static void title_plain(struct ff_buf *b, const struct ff_contact_data *d)
{
	uint64_t low = d->nmax;

	for (size_t i = 0; i < d->ncells; i++)
		if (d->n[i] < low)
			low = d->n[i];
	if (d->source_bins == 1) {
		ff_buf_addf(b, "One %s source touches ", title_side(d, true));
	} else {
		ff_buf_adds(b, d->is_out ? "Inside sources touch "
					 : "Outside sources touch ");
	}
	title_range(b, low, d->nmax);
	ff_buf_addf(b, " %s %s%s", title_side(d, false), title_target(d), ff_s(d->nmax));
	if (d->source_bins > 1) {
		ff_buf_addc(b, ' ');
		ff_word_per(b, d->bin_ns);
	}
}

void ff_contact_title(struct ff_buf *b, const struct ff_contact_data *d, int64_t tz_ns)
{
	/* findings are heaviest first; these kinds make titles */
	for (size_t i = 0; i < d->result->nfindings; i++) {
		const struct ff_finding *f = &d->result->findings[i];

		if (d->nbands > 0 && f == d->bands[0]) {
			title_band(b, d, f, tz_ns);
			return;
		}
		if (d->nridges > 0 && f == d->ridges[0]) {
			title_ridge(b, d, f);
			return;
		}
		if (f == d->peak && ff_finding_number(f, "share", 0) >= TITLE_SHARE) {
			title_peak(b, d);
			return;
		}
	}
	title_plain(b, d);
}

/* "198.18.4.0/22", "10.0.0.0/8 and 4 more networks", "private addresses" */
static void title_network(struct ff_buf *b, const char *inside)
{
	const char *comma = strchr(inside, ',');
	size_t more = 0;

	if (!inside[0]) {
		ff_buf_adds(b, "private addresses");
		return;
	}
	for (const char *p = inside; *p; p++)
		more += *p == ',';
	if (more <= 1 && strlen(inside) < 60) {
		for (const char *p = inside; *p; p++) {
			if (*p == ',') {
				ff_buf_adds(b, " and ");
				p += p[1] == ' ';
			} else {
				ff_buf_addc(b, *p);
			}
		}
		return;
	}
	ff_buf_add(b, inside, comma ? (size_t)(comma - inside) : strnlen(inside, 60));
	if (more > 0)
		ff_buf_addf(b, " and %zu more network%s", more, ff_s(more));
}

/* "1-hour bins", "calendar months", "one 1-hour bin" */
static void title_bins(struct ff_buf *b, int64_t bin_ns, bool is_one)
{
	static const struct {
		int64_t ns;
		const char *name;
	} units[] = {{7 * FF_DAY, "week"},    {FF_DAY, "day"},	  {FF_HOUR, "hour"},
		     {60 * FF_SEC, "minute"}, {FF_SEC, "second"}, {FF_MS, "ms"}};

	if (bin_ns < 0)
		ff_buf_adds(b, is_one ? "one calendar month" : "calendar months");
	for (size_t i = 0; bin_ns > 0 && i < sizeof(units) / sizeof(units[0]); i++) {
		char text[32];

		if (bin_ns % units[i].ns != 0)
			continue;
		ff_buf_addf(b, "%s%s-%s bin%s", is_one ? "one " : "",
			    ff_format_u64(text, sizeof(text),
					  (uint64_t)(bin_ns / units[i].ns)),
			    units[i].name, is_one ? "" : "s");
		return;
	}
}

static void title_zone(struct ff_buf *b, int64_t tz_ns)
{
	int64_t minutes = (tz_ns < 0 ? -tz_ns : tz_ns) / (60 * FF_SEC);

	ff_buf_adds(b, FF_NBSP "UTC");
	if (minutes == 0)
		return;
	ff_buf_adds(b, tz_ns < 0 ? FF_MINUS : "+");
	ff_buf_addf(b, "%d", (int)(minutes / 60));
	if (minutes % 60 != 0)
		ff_buf_addf(b, ":%02d", (int)(minutes % 60));
}

static const char *title_view(const struct ff_contact *c)
{
	return c->params->view == FF_CONTACT_MAP    ? "Contact map"
	       : c->params->view == FF_CONTACT_LINE ? "Contact lines"
						    : "Contact surface";
}

void ff_contact_subtitle(struct ff_buf *b, const struct ff_contact *c,
			 const char *reduction)
{
	const struct ff_contact_data *d = &c->data;
	size_t mark;

	ff_buf_addf(b, "%s of %s flows %s ", title_view(c),
		    d->is_out ? "outbound" : "inbound", d->is_out ? "from" : "to");
	title_network(b, d->inside);
	ff_buf_adds(b, ", ");
	if (d->bin_ns == 0 && d->last_ns >= d->first_ns && d->first_ns > 0)
		ff_word_dates(b, d->first_ns, d->last_ns + 1, c->tz_ns);
	else
		ff_word_dates(b, d->t0, d->t1, c->tz_ns);
	title_zone(b, c->tz_ns);
	mark = b->len;
	ff_buf_adds(b, ": ");
	if (d->bin_ns != 0)
		title_bins(b, d->bin_ns, d->nbins == 1);
	else if (!reduction[0])
		ff_buf_adds(b, "all in one bin");
	if (reduction[0]) {
		if (d->bin_ns != 0)
			ff_buf_adds(b, ", ");
		ff_buf_adds(b, reduction);
	}
	if (b->len == mark + 2)
		b->len = mark;
	if (b->data)
		b->data[b->len] = '\0';
}

void ff_contact_counts(struct ff_buf *b, const struct ff_contact_data *d)
{
	ff_word_count(b, d->flows);
	ff_buf_addf(b, " flow%s, ", ff_s(d->flows));
	ff_word_count(b, d->source_bins);
	ff_buf_addc(b, ' ');
	if (d->source_bins == 1)
		ff_buf_add(b, ff_word_unit(d->bin_ns),
			   strlen(ff_word_unit(d->bin_ns)) - 1);
	else
		ff_buf_adds(b, ff_word_unit(d->bin_ns));
}

void ff_contact_alt(struct ff_buf *b, const struct ff_contact *c)
{
	const struct ff_contact_data *d = &c->data;

	ff_contact_subtitle(b, c, "");
	if (c->params->view == FF_CONTACT_LINE)
		ff_buf_adds(b, ". Axes: number of ");
	else
		ff_buf_adds(b, ". Axes: time, and number of ");
	ff_buf_addf(b, "%s %ss contacted (n, 1 to ", title_side(d, false),
		    title_target(d));
	ff_word_count(b, d->nmax);
	ff_buf_addf(b, "); value: %s sources with that n, 1 to ", title_side(d, true));
	ff_word_count(b, d->smax);
	ff_buf_adds(b, " in a cell, logarithmic. ");
	ff_contact_counts(b, d);
	ff_buf_addc(b, '.');
	for (size_t i = 0, told = 0; i < d->result->nfindings && told < 5; i++) {
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
