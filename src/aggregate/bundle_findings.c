/* SPDX-License-Identifier: MIT */
/* bundle_findings - facts that a reader of a bundle diagram looks for.
 *
 * link     one of the --top heaviest cells by the measure. low, high = its parts;
 * numbers: rank (from 1), share (of what is counted, 0..1), left_part, right_part, flows,
 *          packets, bytes. Equal weights rank in the order of their parts.
 * fan-out  a part of the left side that has flows to outlyingly many parts of the right
 *          one; fan-in: the reverse. A part is outlying when it has at least 8 partners
 *          and more than m + 8 * max(1.4826 * MAD, 1), where m is the median and MAD the
 *          median absolute deviation of the partners of all parts that have any, of
 *          which there must be 8; 1.4826 * MAD estimates a standard deviation, 8 of them
 *          are far out for any distribution that decides about a median. At most --top
 *          each. low = high = the part; numbers: part, partners, median, parts (of the
 *          other side).
 * expand   nine tenths of the counted flows lie in one part of a side, so that its range
 *          says little: the sentence names the option that looks into the part. low =
 *          high = the part; numbers: side (0 left, 1 right), part, share.
 *
 * Heaviest first: links, then fans, then expand. The selection of each pulls the flows
 * behind it. */
#include "aggregate/bundle.h"
#include "aggregate/measure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { FAN_LEAST = 8, FAN_DEVIATIONS = 8 };

/* ---- selection ---- */

/* Whether the part of side `which` has flows that do not lie in the other side's range.
 */
static bool has_others(const struct bundle *b, int which, unsigned part)
{
	for (unsigned k = BUNDLE_PARTS; k < BUNDLE_STRIDE; k++)
		if ((which ? bundle_at(b, k, part) : bundle_at(b, part, k))->flows)
			return true;
	return false;
}

/* Of flows in the part `left` at the left and `right` at the right; one of them may be
 * negative, for all of its side's range. */
static char *make_selection(const struct bundle *b, int left, int right)
{
	const int parts[2] = {left, right};
	struct ff_buf out = FF_BUF_INIT;
	bool ports = false, protocol = false;
	char *s;

	for (int i = 0; i < 2; i++) {
		const struct bundle_side *side = &b->side[i];
		size_t before = out.len;

		ports |= side->field->has_ports;
		protocol |= side->field->needs == FF_BIT(FF_PROTOCOL);
		if (before)
			ff_buf_addc(&out, ' ');
		if (parts[i] >= 0)
			bundle_part_switch(&out, side, (unsigned)parts[i]);
		else if (has_others(b, !i, (unsigned)parts[!i]))
			bundle_side_switch(&out, side);
		if (before && out.len == before + 1 && !out.failed)
			out.data[--out.len] = '\0'; /* nothing to say: no blank either */
	}
	/* the port switches see ICMP's type and code, and other protocols' zero */
	if (ports && !protocol)
		ff_buf_addf(&out, "%s--protocol=%s", out.len ? " " : "",
			    AGG_PORT_PROTOCOLS);
	s = out.failed ? NULL : ff_strdup(ff_buf_str(&out));
	ff_buf_release(&out);
	return s;
}

static int add_finding(struct ff_result *r, struct ff_finding **out, const char *kind,
		       double weight, const char *sentence, char *selection,
		       struct ff_err *err)
{
	struct ff_finding *f;
	int rc = selection ? ff_result_add_finding(r, &f, err) : ff_fail_nomem(err);

	if (rc) {
		ff_free(selection);
		return rc;
	}
	f->kind = kind;
	f->weight = weight;
	f->selection = selection;
	f->sentence = ff_strdup(sentence);
	*out = f;
	return f->sentence ? FF_OK : ff_fail_nomem(err);
}

/* ---- links ---- */

struct link {
	uint64_t value;
	uint32_t left, right;
};

static int add_link(struct ff_result *r, const struct bundle *b, const struct link *l,
		    size_t rank, double share, enum agg_measure m, struct ff_err *err)
{
	const struct bundle_cell *c = bundle_at(b, l->left, l->right);
	char left[BUNDLE_TEXT], right[BUNDLE_TEXT], percent[16], text[400];
	bool both = b->side[0].field->is_addr == b->side[1].field->is_addr;
	struct ff_finding *f;
	int rc;

	snprintf(text, sizeof text, "%s %s %s %s %s of the %s",
		 bundle_part_words(left, &b->side[0], l->left), both ? "to" : "with",
		 bundle_part_words(right, &b->side[1], l->right),
		 bundle_part_plural(&b->side[0], l->left) ? "carry" : "carries",
		 agg_percent(percent, share), agg_measure_names[m]);
	if ((rc = add_finding(r, &f, "link", 50 + 50 * share, text,
			      make_selection(b, (int)l->left, (int)l->right), err)))
		return rc;
	f->low = l->left;
	f->high = l->right;
	agg_number(f, "rank", (double)rank);
	agg_number(f, "share", share);
	agg_number(f, "left_part", l->left);
	agg_number(f, "right_part", l->right);
	agg_number(f, "flows", (double)c->flows);
	agg_number(f, "packets", (double)c->packets);
	agg_number(f, "bytes", (double)c->bytes);
	return FF_OK;
}

static uint64_t cell_value(const struct bundle_cell *c, enum agg_measure m)
{
	return m == AGG_FLOWS ? c->flows : m == AGG_PACKETS ? c->packets : c->bytes;
}

static int find_links(struct ff_result *r, const struct bundle *b,
		      const struct bundle_how *how, struct ff_err *err)
{
	enum agg_measure m = (enum agg_measure)how->measure;
	const struct ff_table *t = ff_result_table(r, "links");
	struct link *v = ff_alloc(t->rows, sizeof *v);
	double all = 0;
	int rc = FF_OK;

	if (!v)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < t->rows; i++) {
		v[i].left = (uint32_t)t->columns[0].v.u64[i];
		v[i].right = (uint32_t)t->columns[1].v.u64[i];
		v[i].value = cell_value(bundle_at(b, v[i].left, v[i].right), m);
		all += (double)v[i].value;
	}
	/* the table goes by left, then right, and so do equal links */
	rc = ff_sort_falling(v, t->rows, sizeof *v, offsetof(struct link, value), err);
	for (size_t i = 0; i < t->rows && i < how->top && v[i].value && rc == FF_OK; i++)
		rc = add_link(r, b, &v[i], i + 1, (double)v[i].value / all, m, err);
	ff_free(v);
	return rc;
}

/* ---- fans ---- */

struct fan {
	uint64_t partners;
	unsigned part;
};

static int fan_cmp(const void *a, const void *b)
{
	const struct fan *x = a, *y = b;

	if (x->partners != y->partners)
		return x->partners < y->partners ? 1 : -1;
	return (x->part > y->part) - (x->part < y->part);
}

static int add_fan(struct ff_result *r, const struct bundle *b, int which,
		   const struct fan *fan, double median, struct ff_err *err)
{
	const struct bundle_side *s = &b->side[which], *other = &b->side[!which];
	bool talk = s->field->is_addr && other->field->is_addr;
	const char *verb = talk ? which ? "receives from" : "sends to"
			   : bundle_part_plural(s, fan->part) ? "occur with"
							      : "occurs with";
	char words[BUNDLE_TEXT], number[32], text[300];
	struct ff_finding *f;
	int rc;

	snprintf(text, sizeof text,
		 "%s %s %" PRIu64 " of the %u parts at the %s; the "
		 "median is %s",
		 bundle_part_words(words, s, fan->part), verb, fan->partners,
		 other->parts, which ? "left" : "right",
		 ff_format_double(number, sizeof number, median));
	rc = add_finding(r, &f, which ? "fan-in" : "fan-out",
			 20 + 20.0 * (double)fan->partners / BUNDLE_PARTS, text,
			 make_selection(b, which ? -1 : (int)fan->part,
					which ? (int)fan->part : -1),
			 err);
	if (rc)
		return rc;
	f->low = f->high = fan->part;
	agg_number(f, "part", fan->part);
	agg_number(f, "partners", (double)fan->partners);
	agg_number(f, "median", median);
	agg_number(f, "parts", other->parts);
	return FF_OK;
}

static int find_fans(struct ff_result *r, const struct bundle *b, int which,
		     const struct bundle_how *how, struct ff_err *err)
{
	const struct ff_table *t = ff_result_table(r, which ? "right" : "left");
	const uint64_t *partners = t->columns[6].v.u64;
	struct fan fans[BUNDLE_PARTS];
	double d[BUNDLE_PARTS], median, mad, most;
	size_t n = 0;
	int rc = FF_OK;

	for (size_t i = 0; i < t->rows; i++)
		if (partners[i])
			fans[n++] = (struct fan){partners[i], (unsigned)i};
	if (n < FAN_LEAST)
		return FF_OK;
	for (size_t i = 0; i < n; i++)
		d[i] = (double)fans[i].partners;
	median = agg_median(d, n);
	for (size_t i = 0; i < n; i++)
		d[i] = fabs((double)fans[i].partners - median);
	mad = 1.4826 * agg_median(d, n);
	most = median + FAN_DEVIATIONS * (mad > 1 ? mad : 1);
	qsort(fans, n, sizeof *fans, fan_cmp);
	for (size_t i = 0; i < n && i < how->top && rc == FF_OK; i++) {
		if (fans[i].partners < FAN_LEAST || (double)fans[i].partners <= most)
			break;
		rc = add_fan(r, b, which, &fans[i], median, err);
	}
	return rc;
}

/* ---- a range that says little ---- */

static int find_expand(struct ff_result *r, const struct bundle *b, int which,
		       struct ff_err *err)
{
	const struct bundle_side *s = &b->side[which];
	const struct ff_table *t = ff_result_table(r, which ? "right" : "left");
	double counted = (double)ff_result_number(r, "counted", 0), share = 0;
	char words[BUNDLE_TEXT], range[BUNDLE_TEXT], percent[16], text[400];
	struct ff_finding *f;
	size_t part = 0;
	int rc;

	for (size_t i = 0; i < t->rows; i++)
		if (t->columns[3].v.u64[i] > t->columns[3].v.u64[part])
			part = i;
	if (counted > 0)
		share = (double)t->columns[3].v.u64[part] / counted;
	if (share < .9 || s->parts < BUNDLE_PARTS ||
	    (s->is_v6 ? s->prefix.bits >= 120 : s->size <= BUNDLE_PARTS))
		return FF_OK;
	snprintf(text, sizeof text,
		 "%s of the flows lie in one part at the %s, %s; --%s-range=%s looks "
		 "into it",
		 agg_percent(percent, share), which ? "right" : "left",
		 bundle_part_words(words, s, (unsigned)part), which ? "right" : "left",
		 bundle_part_text(range, s, (unsigned)part));
	rc = add_finding(
		r, &f, "expand", share, text,
		make_selection(b, which ? -1 : (int)part, which ? (int)part : -1), err);
	if (rc)
		return rc;
	f->low = f->high = part;
	agg_number(f, "side", which);
	agg_number(f, "part", (double)part);
	agg_number(f, "share", share);
	return FF_OK;
}

int bundle_findings(struct ff_result *r, const struct bundle *b,
		    const struct bundle_how *how, struct ff_err *err)
{
	int rc = find_links(r, b, how, err);

	for (int side = 0; side < 2 && rc == FF_OK; side++)
		rc = find_fans(r, b, side, how, err);
	for (int side = 0; side < 2 && rc == FF_OK; side++)
		rc = find_expand(r, b, side, err);
	if (rc == FF_OK)
		ff_result_sort_findings(r);
	return rc;
}
