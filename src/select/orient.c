/* SPDX-License-Identifier: MIT */
/* orient - which way a flow goes, seen from the inside network.
 *
 * With --inside its addresses alone decide. Without it the reader's hint does, and where
 * there is none, inside is private address space: RFC 1918, 100.64/10 (RFC 6598),
 * 169.254/16 (RFC 3927), fc00::/7 (RFC 4193), fe80::/10 (RFC 4291). */
#include <stdio.h>
#include <string.h>

#include "select/predicate.h"

static const uint8_t orient_of[2][2] = {
	/* dIP outside, dIP inside */
	{FF_ORIENT_EXTERNAL, FF_ORIENT_IN},  /* sIP outside */
	{FF_ORIENT_OUT, FF_ORIENT_INTERNAL}, /* sIP inside */
};

static bool orient_is_private(const struct ff_addr *a)
{
	const uint8_t *b = a->b;

	if (!ff_addr_is_v4(a))
		return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
	return b[12] == 10 || (b[12] == 172 && (b[13] & 0xf0) == 16) ||
	       (b[12] == 192 && b[13] == 168) || (b[12] == 100 && (b[13] & 0xc0) == 64) ||
	       (b[12] == 169 && b[13] == 254);
}

/* A name of a file, or a list that was mistyped? */
static bool orient_looks_like_list(const char *value)
{
	return strpbrk(value, ".:") && strpbrk(value, "0123456789") &&
	       value[strspn(value, "0123456789abcdefABCDEF.:/,- ")] == 0;
}

int select_inside_load(struct select_inside *in, const char *value, struct ff_err *err)
{
	int status = ff_ipset_parse(&in->set, "--inside", value, NULL);

	if (status == FF_EUSAGE) {
		status = ff_ipset_load(&in->set, value, err);
		if (status == FF_EIO && orient_looks_like_list(value))
			return ff_ipset_parse(&in->set, "--inside", value, err);
	} else if (status == FF_ENOMEM) {
		return ff_fail_nomem(err);
	}
	if (status != FF_OK)
		return status;
	if (in->set->count == 0)
		return ff_fail(err, FF_EUSAGE,
			       "bad value '%s' for '--inside': the set is empty", value);
	status = ff_ipset_prefixes(&in->prefixes, &in->count, in->set, err);
	if (status != FF_OK)
		return status;
	if (in->count == 1)
		ff_format_prefix(in->text, sizeof(in->text), &in->prefixes[0]);
	else
		snprintf(in->text, sizeof(in->text), "%zu prefixes", in->count);
	if (in->count > SELECT_INSIDE_FEW)
		return FF_OK;
	for (size_t i = 0; i < in->count; i++) {
		struct select_match m = {0};

		select_match_prefix(&m, &in->prefixes[i]);
		memcpy(in->net[i], m.net, 16);
		memcpy(in->mask[i], m.mask, 16);
	}
	in->few = (unsigned)in->count;
	return FF_OK;
}

void select_inside_release(struct select_inside *in)
{
	ff_ipset_free(in->set);
	ff_free(in->prefixes);
	memset(in, 0, sizeof(*in));
}

static bool orient_in_mask(const uint64_t net[2], const uint64_t mask[2],
			   const struct ff_addr *a)
{
	uint64_t w[2];

	memcpy(w, a->b, 16);
	return (((w[0] ^ net[0]) & mask[0]) | ((w[1] ^ net[1]) & mask[1])) == 0;
}

static bool orient_in_few(const struct select_inside *in, const struct ff_addr *a)
{
	for (unsigned i = 0; i < in->few; i++)
		if (orient_in_mask(in->net[i], in->mask[i], a))
			return true;
	return false;
}

static void orient_by_inside(const struct select_inside *in, struct ff_batch *b,
			     uint64_t *seen)
{
	struct ff_flow *f = b->flows, *end = f + b->count;

	if (in->few == 1) {
		const uint64_t net[2] = {in->net[0][0], in->net[0][1]};
		const uint64_t mask[2] = {in->mask[0][0], in->mask[0][1]};

		for (; f < end; f++) {
			f->orient = orient_of[orient_in_mask(net, mask, &f->sip)]
					     [orient_in_mask(net, mask, &f->dip)];
			seen[f->orient]++;
		}
	} else if (in->few) {
		for (; f < end; f++) {
			f->orient = orient_of[orient_in_few(in, &f->sip)]
					     [orient_in_few(in, &f->dip)];
			seen[f->orient]++;
		}
	} else {
		for (; f < end; f++) {
			f->orient = orient_of[ff_ipset_has(in->set, &f->sip)]
					     [ff_ipset_has(in->set, &f->dip)];
			seen[f->orient]++;
		}
	}
}

/* Returns how many flows the reader's hint decided. */
static uint64_t orient_by_hint(struct ff_batch *b, uint64_t *seen, uint64_t *by_default)
{
	const uint32_t both = FF_BIT(FF_SIP) | FF_BIT(FF_DIP);
	uint64_t hinted = 0;

	for (struct ff_flow *f = b->flows, *end = f + b->count; f < end; f++) {
		if (f->orient != FF_ORIENT_UNKNOWN) {
			hinted++;
		} else if ((f->present & both) == both) {
			f->orient = orient_of[orient_is_private(&f->sip)]
					     [orient_is_private(&f->dip)];
			++*by_default;
		}
		seen[f->orient]++;
	}
	return hinted;
}

void select_orient(const struct ff_select *s, struct ff_batch *b,
		   struct ff_select_counts *counts)
{
	uint64_t seen[FF_ORIENTS] = {0}, by_default = 0;

	if (s->inside.set) {
		orient_by_inside(&s->inside, b, seen);
		counts->by_inside += b->count;
	} else {
		counts->by_hint += orient_by_hint(b, seen, &by_default);
		counts->by_default += by_default;
	}
	for (unsigned i = 0; i < FF_ORIENTS; i++)
		counts->orient[i] += seen[i];
}
