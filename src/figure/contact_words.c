/* SPDX-License-Identifier: MIT */
/* What the labels inside the contact figure say. */
#include "figure/contact.h"

#include <string.h>

void ff_contact_n_title(struct ff_buf *b, const struct ff_contact_data *d)
{
	ff_buf_adds(b, d->is_out ? "Outside " : "Inside ");
	ff_buf_adds(b, d->is_ports ? "services" : "hosts");
	ff_buf_adds(b, " contacted");
	if (d->bin_ns != 0) {
		ff_buf_adds(b, " in the ");
		if (d->bin_ns > 0 && ff_word_unit(d->bin_ns)[strlen("source-")] == 'b')
			ff_buf_adds(b, "bin");
		else
			ff_word_bin(b, d->bin_ns);
	}
}

void ff_contact_ridge_words(struct ff_buf *b, const struct ff_contact_data *d,
			    const struct ff_finding *ridge, bool bold)
{
	unsigned prefix = ff_contact_prefix(ridge);

	(void)d;
	if (bold)
		ff_buf_adds(b, FF_MARK_BOLD);
	ff_word_range(b, ridge->low, ridge->high);
	if (bold)
		ff_buf_adds(b, FF_MARK_END);
	if (prefix > 0)
		ff_buf_addf(b, " = %s /%u",
			    ff_finding_number(ridge, "whole", 0) > 0 ? "the" : "a",
			    prefix);
	ff_buf_adds(b, ": ");
	ff_word_count(b, ff_contact_count(ridge, "sources"));
}

/* "29 pulses 12 h apart", of a band without a period "some 60 sources an hour" */
static void words_pulses(struct ff_buf *b, const struct ff_contact_data *d,
			 const struct ff_finding *band)
{
	int64_t period = ff_contact_period(band);
	uint64_t pulses = ff_contact_count(band, "pulses");

	if (period > 0 && pulses > 1) {
		ff_word_count(b, pulses);
		ff_buf_adds(b, " pulses ");
		ff_word_span(b, period);
		ff_buf_adds(b, " apart");
	} else {
		ff_buf_adds(b, "some ");
		ff_word_some(b, ff_finding_number(band, "sources", 0));
		ff_buf_adds(b, " sources ");
		ff_word_per(b, d->bin_ns);
	}
}

/* "15–29 Nov": the subtitle names the year. */
static void words_dates(struct ff_buf *b, const struct ff_finding *band, int64_t tz_ns)
{
	struct ff_buf dates = FF_BUF_INIT;
	size_t len;

	ff_word_dates(&dates, band->from_ns, band->to_ns, tz_ns);
	len = dates.len;
	if (len > 6 && strncmp(ff_buf_str(&dates) + len - 6, FF_NBSP, 2) == 0)
		len -= 6;
	ff_buf_add(b, ff_buf_str(&dates), len);
	ff_buf_release(&dates);
}

void ff_contact_band_words(struct ff_buf *b, const struct ff_contact_data *d,
			   const struct ff_finding *band, int64_t tz_ns, unsigned parts)
{
	const char *before = "";

	if (parts & FF_BAND_NAME) {
		ff_buf_adds(b, FF_MARK_BOLD);
		ff_buf_adds(b,
			    ff_contact_period(band) > 0 ? "Slow-scanning band" : "Band");
		ff_buf_adds(b, FF_MARK_END);
		before = ": ";
	}
	if (parts & FF_BAND_HOSTS) {
		ff_buf_adds(b, before);
		ff_word_range(b, band->low, band->high);
		ff_buf_addf(b, " %s%s", d->is_ports ? "service" : "host",
			    ff_s(band->high));
		before = ", ";
	}
	if (parts & FF_BAND_PULSES) {
		ff_buf_adds(b, before);
		words_pulses(b, d, band);
		before = ", ";
	}
	if ((parts & FF_BAND_DATES) && band->from_ns != INT64_MIN &&
	    band->to_ns != INT64_MIN) {
		ff_buf_adds(b, before);
		words_dates(b, band, tz_ns);
	}
}

/* "a quarter fewer at weekends": only steps that a reader can see. */
static void words_weekend(struct ff_buf *b, double ratio)
{
	static const struct {
		double low, high;
		const char *text;
	} steps[] = {
		{.08, .30, "three quarters fewer"}, {.30, .41, "two thirds fewer"},
		{.41, .59, "half as many"},	    {.59, .71, "a third fewer"},
		{.71, .79, "a quarter fewer"},	    {.79, .86, "a fifth fewer"},
		{1.20, 1.40, "a third more"},	    {1.40, 1.65, "half as many more"},
		{1.85, 2.3, "twice as many"},
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (ratio < steps[i].low || ratio >= steps[i].high)
			continue;
		ff_buf_addf(b, ", %s at weekends", steps[i].text);
		return;
	}
}

/* Fewest and most with n = 1, over the bins that the data cover whole (over all, when
 * none is whole). */
static void words_extremes(const struct ff_contact_data *d, uint64_t *least,
			   uint64_t *most)
{
	size_t whole = 0;

	for (size_t i = 0; i < d->nbins; i++)
		whole += !d->bins[i].is_partial;
	*least = UINT64_MAX;
	*most = 0;
	for (size_t i = 0; i < d->nbins; i++) {
		uint64_t sources = ff_contact_sum(d, &d->bins[i], 1, 1);

		if (d->bins[i].is_partial && whole > 0)
			continue;
		*least = sources < *least ? sources : *least;
		*most = sources > *most ? sources : *most;
	}
}

void ff_contact_peak_words(struct ff_buf *b, const struct ff_contact_data *d, int level)
{
	uint64_t most, least;

	if (!d->peak)
		return;
	words_extremes(d, &least, &most);
	ff_buf_adds(b, FF_MARK_BOLD "One contact" FF_MARK_END ": ");
	ff_word_percent(b, ff_finding_number(d->peak, "share", 0));
	if (level >= 2)
		return;
	ff_buf_addf(b, " of %s", ff_word_unit(d->bin_ns));
	if (level >= 1 || d->nbins < 2 || d->bin_ns == 0)
		return;
	/* an even row is told by both ends, an uneven one by its top */
	if (most == least) {
		ff_buf_adds(b, ", ");
	} else if (least > 0 && most / 2 < least) {
		ff_buf_adds(b, ", ");
		ff_word_count(b, least);
		ff_buf_adds(b, " to ");
	} else {
		ff_buf_adds(b, ", up to ");
	}
	ff_word_count(b, most);
	ff_buf_addc(b, ' ');
	ff_word_per(b, d->bin_ns);
	words_weekend(b, ff_finding_number(d->peak, "weekend", 1));
}
