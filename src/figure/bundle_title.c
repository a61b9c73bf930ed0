/* SPDX-License-Identifier: MIT */
/* Title, subtitle, caption and alt text, written from the numbers by rule. */
#include "figure/bundle.h"
#include "figure/words.h"

#include <flowfig/geo.h>

#include <math.h>
#include <string.h>

#define TITLE_PART .2	/* share of one part that makes a title */
#define TITLE_ALONE .35 /* that needs no other beside it */
#define TITLE_LINK .25	/* share of one link that does */
#define TITLE_FEW .5	/* what a few parts together must hold */

/* A part with what it is: "10.1.24.0/24", "source port 443 (https)", "6 TCP", "China". */
static void title_part(struct ff_buf *b, const struct ff_bundle_data *d, int side,
		       unsigned part)
{
	static const struct {
		const char *field, *words;
	} names[] = {{"sport", "source port"},
		     {"dport", "port"},
		     {"protocol", "protocol"},
		     {"sensor", "sensor"},
		     {"in", "input"},
		     {"out", "output"},
		     {"icmp-type", "ICMP type"},
		     {"icmp-code", "ICMP code"},
		     {"application", "application"}};
	const struct ff_bundle_side *s = &d->side[side];
	static const char *const units[][2] = {
		{"packets", " packets"}, {"bytes", " bytes"}, {"duration", " ms"}};

	if (s->is_code) {
		const char *name = ff_country_name(s->lo->v.u16[part]);

		ff_buf_adds(b, *name ? name : "an unknown country");
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(s->field, names[i].field) == 0)
			ff_buf_addf(b, "%s ", names[i].words);
	ff_bundle_name(b, s, part);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(s->field, units[i][0]) == 0)
			ff_buf_adds(b, units[i][1]);
}

static void title_capital(struct ff_buf *b, size_t from)
{
	if (!b->failed && b->len > from && b->data[from] >= 'a' && b->data[from] <= 'z' &&
	    !(b->len > from + 1 && b->data[from + 1] == ':'))
		b->data[from] = (uint8_t)(b->data[from] - 'a' + 'A');
}

static unsigned title_heaviest(const struct ff_bundle_side *s)
{
	unsigned best = 0;

	for (unsigned i = 1; i < s->parts; i++)
		if (s->part[i].value > s->part[best].value)
			best = i;
	return best;
}

static bool title_is_single(const struct ff_bundle_side *s)
{
	if (s->is_code)
		return true;
	return s->is_addr ? ff_addr_cmp(&s->lo->v.addr[0], &s->hi->v.addr[0]) == 0
			  : s->lo->v.u64[0] == s->hi->v.u64[0];
}

/* "hosts", "ports", "parts" */
static const char *title_noun(const struct ff_bundle_side *s, uint64_t n)
{
	static const struct {
		const char *field, *one, *many;
	} names[] = {{"sport", "port", "ports"},
		     {"dport", "port", "ports"},
		     {"protocol", "protocol", "protocols"},
		     {"sensor", "sensor", "sensors"},
		     {"scc", "country", "countries"},
		     {"dcc", "country", "countries"}};

	if (!title_is_single(s))
		return s->is_addr ? (n == 1 ? "block" : "blocks")
		       : n == 1	  ? "range"
				  : "ranges";
	if (s->is_addr)
		return n == 1 ? "address" : "addresses";
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(s->field, names[i].field) == 0)
			return n == 1 ? names[i].one : names[i].many;
	return n == 1 ? "value" : "values";
}

/* "All 10 flows run from A to B" */
static void title_one(struct ff_buf *b, const struct ff_bundle_data *d)
{
	const struct ff_bundle_link *link = &d->links[0];

	if (d->counted == 1 && d->measure[0] == 'f') {
		ff_buf_adds(b, "One flow runs from ");
	} else {
		ff_buf_adds(b, "All ");
		ff_bundle_value(b, d, (double)link->value);
		ff_buf_addf(b, "%s%s %s ", d->measure[0] == 'b' ? "" : " ",
			    d->measure[0] == 'b' ? "" : d->measure,
			    ff_bundle_talks(d) ? "run from" : "join");
	}
	title_part(b, d, 0, link->left);
	ff_buf_adds(b, ff_bundle_talks(d) ? " to " : " and ");
	title_part(b, d, 1, link->right);
}

/* "One address, 172.16.1.11, reaches 50 addresses of its own /24" */
static void title_star(struct ff_buf *b, const struct ff_bundle_data *d, int hub)
{
	const struct ff_bundle_side *s = &d->side[hub], *other = &d->side[!hub];
	bool is_same =
		s->is_addr && other->is_addr && strcmp(s->range, other->range) == 0;
	bool is_host = title_is_single(s) && s->is_addr;

	ff_buf_addf(b, "One %s, ", is_host ? "host" : title_noun(s, 1));
	title_part(b, d, hub, title_heaviest(s));
	ff_buf_addf(b, ", %s ",
		    !ff_bundle_talks(d) ? "occurs with"
		    : hub		? "is reached by"
					: "reaches");
	ff_word_count(b, other->used);
	ff_buf_addf(b, " %s", title_noun(other, other->used));
	if (is_same && other->prefix >= 0)
		ff_buf_addf(b, " of its own /%d", other->prefix);
	else if (other->is_addr && other->prefix > 0)
		ff_buf_addf(b, " of %s", other->range);
}

/* How many of the heaviest parts hold half of all; their share. */
static unsigned title_few(double *share, const struct ff_bundle_data *d, int side)
{
	uint64_t left[FF_BUNDLE_PARTS];
	const struct ff_bundle_side *s = &d->side[side];
	double sum = 0;
	unsigned n = 0;

	for (unsigned i = 0; i < s->parts; i++)
		left[i] = s->part[i].value;
	while (n < 10 && sum < TITLE_FEW * d->total) {
		unsigned best = 0;

		for (unsigned i = 1; i < s->parts; i++)
			if (left[i] > left[best])
				best = i;
		if (!left[best])
			break;
		sum += (double)left[best];
		left[best] = 0;
		n++;
	}
	*share = sum / d->total;
	return n;
}

/* "57.0.0.0/8 sends 21 % of the flows", "three of 256 blocks receive 54 %" */
static void title_side(struct ff_buf *b, const struct ff_bundle_data *d, int side,
		       unsigned few, double share)
{
	const struct ff_bundle_side *s = &d->side[side];
	bool talks = ff_bundle_talks(d) && (s->is_addr || s->is_code);

	if (few == 1) {
		title_part(b, d, side, title_heaviest(s));
		ff_buf_adds(b, !talks ? " carries " : side ? " receives " : " sends ");
	} else {
		ff_word_small(b, few);
		ff_buf_adds(b, " of ");
		ff_word_small(b, s->used);
		ff_buf_addf(b, " %s%s", title_noun(s, s->used),
			    !talks ? " carry "
			    : side ? " receive "
				   : " send ");
	}
	ff_word_percent(b, share);
}

/* What is news about one side: its heaviest part, or the few that hold half. */
static bool title_news(unsigned *few, double *share, const struct ff_bundle_data *d,
		       int side)
{
	const struct ff_bundle_side *s = &d->side[side];
	double one = (double)s->part[title_heaviest(s)].value / d->total;

	*few = title_few(share, d, side);
	if (s->used < 4)
		return false;
	if (*share >= TITLE_FEW && *few > 1 &&
	    ((*few <= 3 && 3 * *few <= s->used) || 8 * *few <= s->used) &&
	    one < TITLE_ALONE)
		return true;
	*few = 1;
	*share = one;
	/* a fifth is much for one of many, not for one of six */
	return one >= fmax(TITLE_PART, 2.0 / s->used);
}

static bool title_parts(struct ff_buf *b, const struct ff_bundle_data *d)
{
	double share[2];
	unsigned few[2];
	bool has[2];
	size_t mark = b->len;

	for (int side = 0; side < 2; side++)
		has[side] = title_news(&few[side], &share[side], d, side);
	if (!has[0] && !has[1])
		return false;
	for (int side = 0; side < 2; side++) {
		if (!has[side])
			continue;
		if (side && has[0])
			ff_buf_adds(b, "; ");
		title_side(b, d, side, few[side], share[side]);
		if (!side || !has[0])
			ff_buf_addf(b, " of the %s", d->measure);
	}
	title_capital(b, mark);
	return true;
}

static double title_top_share(const struct ff_bundle_data *d)
{
	double sum = 0;

	for (size_t i = 0; i < d->ntop; i++)
		sum += (double)d->links[i].value;
	return sum / d->total;
}

void ff_bundle_title(struct ff_buf *b, const struct ff_bundle_data *d)
{
	const struct ff_bundle_link *first = &d->links[0];
	size_t mark = b->len;
	double share = (double)first->value / d->total;

	if (d->nlinks == 1) {
		title_one(b, d);
	} else if (d->side[0].used == 1 || d->side[1].used == 1) {
		title_star(b, d, d->side[0].used != 1);
	} else if (share >= TITLE_LINK) {
		title_part(b, d, 0, first->left);
		ff_buf_adds(b, ff_bundle_talks(d) ? " to " : " with ");
		title_part(b, d, 1, first->right);
		ff_buf_adds(b, " carries ");
		ff_word_percent(b, share);
		ff_buf_addf(b, " of the %s", d->measure);
		title_capital(b, mark);
	} else if (title_parts(b, d)) {
		return;
	} else if (d->nlinks == (size_t)d->side[0].parts * d->side[1].parts && d->ntop) {
		ff_buf_adds(b, "Every pair is in use: the ");
		ff_word_small(b, d->ntop);
		ff_buf_addf(b, " heaviest link%s carr%s only ", ff_s(d->ntop),
			    d->ntop == 1 ? "ies" : "y");
		ff_word_percent(b, title_top_share(d));
	} else {
		ff_word_small(b, d->ntop ? d->ntop : d->nlinks);
		title_capital(b, mark);
		ff_buf_adds(b, " links carry ");
		ff_word_percent(b, d->ntop ? title_top_share(d) : 1);
		ff_buf_addf(b, " of the %s; ", d->measure);
		title_part(b, d, 0, first->left);
		ff_buf_adds(b, " \xe2\x86\x92 ");
		title_part(b, d, 1, first->right);
		ff_buf_adds(b, " leads");
	}
}

/* ---- subtitle ---- */

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

/* "Source addresses 0.0.0.0/0 to destination addresses 10.77.0.0/24, ..." */
void ff_bundle_subtitle(struct ff_buf *b, const struct ff_bundle_data *d, int64_t tz_ns)
{
	static const char dot[] = FF_NBSP FF_MIDDOT " ";
	const char *right = ff_bundle_field_title(&d->side[1]);

	ff_buf_addf(b, "%s%s%s %s ", ff_bundle_field_title(&d->side[0]),
		    d->side[0].range[0] ? " " : "", d->side[0].range,
		    ff_bundle_talks(d) ? "to" : "with");
	if (right[0] >= 'A' && right[0] <= 'Z' && !(right[1] >= 'A' && right[1] <= 'Z'))
		ff_buf_addf(b, "%c%s", right[0] - 'A' + 'a', right + 1);
	else
		ff_buf_adds(b, right);
	ff_buf_addf(b, "%s%s", d->side[1].range[0] ? " " : "", d->side[1].range);
	if (d->last_ns >= d->first_ns) {
		ff_buf_adds(b, dot);
		ff_word_dates(b, d->first_ns,
			      d->last_ns < INT64_MAX ? d->last_ns + 1 : d->last_ns,
			      tz_ns);
		title_zone(b, tz_ns);
	}
	ff_buf_adds(b, dot);
	ff_word_count(b, d->flows);
	ff_buf_addf(b, " flow%s", ff_s(d->flows));
	if (d->measure[0] != 'f') {
		ff_buf_adds(b, ", ");
		ff_bundle_value(b, d, d->total);
		ff_buf_adds(b, d->measure[0] == 'p' ? " packets" : "");
	}
}

/* ---- caption ---- */

/* "4,281 of 4,504 flows (95.0 %)" */
static void caption_part(struct ff_buf *b, const struct ff_bundle_data *d, uint64_t v)
{
	ff_bundle_value(b, d, (double)v);
	ff_buf_adds(b, " of ");
	ff_bundle_value(b, d, (double)d->all);
	ff_buf_addf(b, "%s%s (", d->measure[0] == 'b' ? "" : " ",
		    d->measure[0] == 'b' ? "" : d->measure);
	ff_word_percent(b, d->all ? (double)v / (double)d->all : 0);
	ff_buf_adds(b, ")");
}

static void caption_drawn(struct ff_buf *b, const struct ff_bundle_data *d,
			  const struct ff_bundle_params *params)
{
	ff_buf_adds(b, "Drawn: ");
	if (d->nlinks == 1) {
		ff_buf_adds(b, "the only pair.");
		return;
	}
	ff_buf_adds(b, "all ");
	ff_word_count(b, d->nlinks);
	ff_buf_adds(b, " pairs in use of ");
	ff_word_count(b, (uint64_t)d->side[0].parts * d->side[1].parts);
	if (params->view == FF_BUNDLE_CIRCLE && d->nlinks > FF_BUNDLE_DENSE)
		ff_buf_addf(b, ", as a density of %s on the pixels of the figure (log)",
			    d->measure);
	if (d->ntop > 0 && d->ntop < d->nlinks) {
		ff_buf_adds(b, "; the ");
		ff_word_small(b, d->ntop);
		ff_buf_adds(b, " heaviest carry ");
		ff_word_percent(b, title_top_share(d));
	}
	ff_buf_addc(b, '.');
}

static void caption_outside(struct ff_buf *b, const struct ff_bundle_data *d)
{
	if (d->outside) {
		ff_buf_adds(b, " Outside the ranges, so not drawn: ");
		caption_part(b, d, d->outside);
		ff_buf_addc(b, '.');
	} else {
		ff_buf_adds(b, " Outside the ranges: none.");
	}
	if (d->absent) {
		ff_buf_adds(b, " Without one of the two fields: ");
		caption_part(b, d, d->absent);
		ff_buf_addc(b, '.');
	}
}

static void caption_omitted(struct ff_buf *b, const struct ff_bundle_data *d)
{
	struct ff_buf names[2] = {FF_BUF_INIT, FF_BUF_INIT};

	ff_bundle_omitted(&names[0], &d->side[0]);
	ff_bundle_omitted(&names[1], &d->side[1]);
	if (names[0].len && names[1].len &&
	    strcmp(ff_buf_str(&names[0]), ff_buf_str(&names[1])) != 0)
		ff_buf_addf(b, " Labels omit %s at the left, %s at the right.",
			    ff_buf_str(&names[0]), ff_buf_str(&names[1]));
	else if (names[0].len && names[1].len)
		ff_buf_addf(b, " Labels omit %s", ff_buf_str(&names[0]));
	else if (names[0].len || names[1].len)
		ff_buf_addf(b, " Labels at the %s omit %s",
			    names[1].len ? "right" : "left",
			    ff_buf_str(&names[names[1].len > 0]));
	if (!b->failed && b->len && b->data[b->len - 1] == ':')
		ff_buf_addc(b, '.');
	ff_buf_release(&names[0]);
	ff_buf_release(&names[1]);
}

static bool caption_is_fit(const struct ff_bundle_data *d,
			   const struct ff_bundle_params *params, int side)
{
	const struct ff_bundle_side *s = &d->side[side];

	return params->arc == FF_BUNDLE_FIT && s->used <= FF_BUNDLE_SMALL &&
	       s->used < s->parts;
}

void ff_bundle_caption(struct ff_buf *b, const struct ff_bundle_data *d,
		       const struct ff_bundle_params *params, bool is_narrow)
{
	bool left = caption_is_fit(d, params, 0), right = caption_is_fit(d, params, 1);
	bool is_circle = params->view == FF_BUNDLE_CIRCLE;

	caption_drawn(b, d, params);
	caption_outside(b, d);
	if (is_narrow) {
		if (is_circle && (left || right))
			ff_buf_adds(b, " Empty parts are squeezed (pale).");
		if (!is_circle && (left || right))
			ff_buf_adds(b, " Empty parts are left out.");
		caption_omitted(b, d);
		return;
	}
	ff_buf_addf(b,
		    " Bars: share of all %s, linear from zero; a notched bar exceeds "
		    "the axis.",
		    d->measure);
	if (left || right) {
		ff_buf_addf(b,
			    is_circle ? " %s: few parts in use, the empty ones are "
					"squeezed (pale ring)."
				      : " %s: only parts in use have a place.",
			    left && right ? "Both sides"
			    : left	  ? "Left"
					  : "Right");
	}
	caption_omitted(b, d);
	if (is_circle && d->nlinks > FF_BUNDLE_DENSE)
		ff_buf_adds(b, " So many links show groups, not pairs: those are in "
			       "--view=matrix.");
}

void ff_bundle_alt(struct ff_buf *b, const struct ff_bundle_data *d, int view,
		   int64_t tz_ns)
{
	ff_buf_adds(b, view == FF_BUNDLE_MATRIX ? "Matrix: " : "Bundle diagram: ");
	ff_bundle_subtitle(b, d, tz_ns);
	ff_buf_adds(b, ". ");
	ff_word_count(b, d->nlinks);
	ff_buf_addf(b, " links between %u and %u parts.", d->side[0].used,
		    d->side[1].used);
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
