/* SPDX-License-Identifier: MIT */
/* Title, subtitle, verdict and alt text of the ephemeral figure, by rule. */
#include "figure/ephemeral.h"

#include <string.h>

/* "Linux 4.2 or later" of "Linux 4.2 or later (even ports only)". */
void ff_ephemeral_claim(struct ff_buf *b, const char *claim)
{
	const char *bracket = strstr(claim, " (");

	ff_buf_add(b, claim,
		   bracket && bracket > claim ? (size_t)(bracket - claim)
					      : strlen(claim));
}

static uint64_t words_flows(const struct ff_ephemeral *e)
{
	uint64_t n = 0;

	for (size_t i = 0; i < e->data.nhosts; i++)
		n += e->data.hosts[i].count;
	return n;
}

void ff_ephemeral_title(struct ff_buf *b, const struct ff_ephemeral *e)
{
	const struct ff_ephemeral_data *d = &e->data;
	const struct ff_ephemeral_host *h = &d->hosts[0];
	size_t across, shown;

	if (!d->is_single) {
		shown = ff_ephemeral_multiples_shown(&e->theme, d->nhosts, &across);
		ff_buf_adds(b, "Source ports of the ");
		if (shown > 1)
			ff_word_small(b, shown);
		ff_buf_addf(b, "%sbusiest host%s in %s", shown > 1 ? " " : "",
			    ff_s(shown), d->name);
	} else if (h->claim[0]) {
		ff_buf_addf(b, "The source ports of %s %s ", h->name,
			    strncmp(h->claim, "at least", 8) == 0 ? "suggest" : "fit");
		ff_ephemeral_claim(b, h->claim);
	} else if (h->reason[0] || d->verdict) {
		ff_buf_addf(b, "The source ports of %s fit no one system", h->name);
	} else {
		ff_buf_addf(b, "Source ports of the flows that %s opened", h->name);
	}
}

static void words_zone(struct ff_buf *b, int64_t tz_ns)
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

/* Of long spans the seconds are no news: whole minutes around it. */
static void words_dates(struct ff_buf *b, int64_t from, int64_t to, int64_t tz_ns)
{
	const int64_t minute = 60 * FF_SEC;
	int64_t rest = from % minute;

	to += to < INT64_MAX;
	if ((double)to - (double)from > 60 * (double)minute &&
	    from > INT64_MIN + minute && to < INT64_MAX - minute) {
		from -= rest < 0 ? rest + minute : rest;
		rest = to % minute;
		rest += rest < 0 ? minute : 0;
		to += rest ? minute - rest : 0;
	}
	ff_word_dates(b, from, to, tz_ns);
}

void ff_ephemeral_subtitle(struct ff_buf *b, const struct ff_ephemeral *e)
{
	static const char *const by[] = {"", ", by destination", ", by service"};
	const struct ff_ephemeral_data *d = &e->data;
	int64_t t0 = d->hosts[0].t0, t1 = d->hosts[0].t1;

	for (size_t i = 1; i < d->nhosts; i++) {
		t0 = d->hosts[i].t0 < t0 ? d->hosts[i].t0 : t0;
		t1 = d->hosts[i].t1 > t1 ? d->hosts[i].t1 : t1;
	}
	ff_buf_addf(b, "Source port of each flow that %s opened%s, ",
		    d->is_single ? "the host" : "they", by[e->params->colour]);
	words_dates(b, t0, t1, e->tz_ns);
	words_zone(b, e->tz_ns);
	ff_buf_adds(b, " " FF_MIDDOT " n = ");
	ff_word_count(b, words_flows(e));
}

void ff_ephemeral_counts(struct ff_buf *b, const struct ff_ephemeral *e)
{
	const struct ff_result *r = e->data.result;
	int64_t flows = ff_result_number(r, "flows", 0);

	if (flows > 0) {
		ff_word_count(b, (uint64_t)flows);
		ff_buf_addf(b, " flow%s sent, ", ff_s((uint64_t)flows));
	}
	ff_word_count(b,
		      (uint64_t)ff_result_number(r, "counted", (int64_t)words_flows(e)));
	ff_buf_adds(b, " opened");
}

/* The sentence of the finding, bold up to its first colon or bracket; else the claim. */
void ff_ephemeral_verdict(struct ff_buf *b, const struct ff_ephemeral *e)
{
	const struct ff_ephemeral_data *d = &e->data;
	const char *text = d->verdict ? d->verdict->sentence : NULL;
	const struct ff_ephemeral_host *h = &d->hosts[0];
	size_t bold;

	if (text && text[0]) {
		bold = strcspn(text, ":");
		bold += text[bold] == ':';
		ff_buf_adds(b, FF_MARK_BOLD);
		for (size_t i = 0; text[i]; i++) {
			if (i == bold)
				ff_buf_adds(b, FF_MARK_END);
			/* a number and its unit stay together */
			if (text[i] == ' ' && text[i + 1] == '%')
				ff_buf_adds(b, FF_NBSP);
			else
				ff_buf_addc(b, text[i]);
		}
		if (strlen(text) <= bold)
			ff_buf_adds(b, FF_MARK_END);
	} else if (h->claim[0]) {
		ff_buf_addf(b, FF_MARK_BOLD "Consistent with %s" FF_MARK_END, h->claim);
	} else if (h->reason[0]) {
		ff_buf_addf(b, FF_MARK_BOLD "No verdict:" FF_MARK_END " %s", h->reason);
	}
}

static void words_alt_host(struct ff_buf *b, const struct ff_ephemeral_host *h)
{
	ff_buf_addf(b, " %s: ", h->name);
	ff_word_count(b, h->count - h->udp);
	ff_buf_adds(b, " TCP flows");
	if (h->count > h->udp) {
		ff_buf_adds(b, " (");
		ff_word_percent(b, (double)h->even / (double)(h->count - h->udp));
		ff_buf_adds(b, " from even ports)");
	}
	ff_buf_adds(b, ", ");
	ff_word_count(b, h->udp);
	ff_buf_adds(b, " UDP flows");
	if (h->claim[0])
		ff_buf_addf(b, "; consistent with %s", h->claim);
	else if (h->reason[0])
		ff_buf_addf(b, "; no verdict: %s", h->reason);
	ff_buf_addc(b, '.');
}

void ff_ephemeral_alt(struct ff_buf *b, const struct ff_ephemeral *e)
{
	const struct ff_ephemeral_data *d = &e->data;
	size_t across,
		shown = ff_ephemeral_multiples_shown(&e->theme, d->nhosts, &across);

	ff_ephemeral_subtitle(b, e);
	ff_buf_adds(b, ". Axes: start time, and source port (0 to 65535). ");
	ff_ephemeral_counts(b, e);
	ff_buf_addc(b, '.');
	for (size_t i = 0; i < (d->is_single ? 1 : shown); i++)
		words_alt_host(b, &d->hosts[i]);
	for (size_t i = 0, told = 0; i < d->result->nfindings && told < 5; i++) {
		const struct ff_finding *f = &d->result->findings[i];

		if (!f->sentence || !f->sentence[0] || strcmp(f->kind, "wrap") == 0)
			continue;
		ff_buf_addf(b, " %s.", f->sentence);
		told++;
	}
	if (d->nwraps) {
		ff_buf_addc(b, ' ');
		ff_word_count(b, d->nwraps);
		ff_buf_addf(b, " wrap%s of the counter.", ff_s(d->nwraps));
	}
}
