/* SPDX-License-Identifier: MIT */
/* country - --scc, --dcc and --any-cc. They come after all other tests, because a look
 * into a database costs more than any of them, and so that it can be told how many flows
 * have an address that the database does not know. */
#include <string.h>

#include "select/predicate.h"

enum { COUNTRY_CODES = 1 << 16, COUNTRY_LOOKS = 256 };

static bool country_bit(const uint64_t *bits, uint16_t code)
{
	return bits[code / 64] >> (code % 64) & 1;
}

int select_parse_countries(uint64_t **out, const char *name, const char *value,
			   struct ff_err *err)
{
	uint64_t *bits = ff_calloc(COUNTRY_CODES / 64, sizeof(*bits));

	if (!bits)
		return ff_fail_nomem(err);
	for (const char *p = value;; p++) {
		size_t len = strcspn(p, ",");
		uint16_t code;

		if (!ff_parse_country(&code, p, len)) {
			ff_free(bits);
			return select_bad(err, name, value,
					  "'%.*s' is no code of a country, such as de "
					  "or --",
					  (int)(len < 40 ? len : 40), p);
		}
		bits[code / 64] |= UINT64_C(1) << (code % 64);
		p += len;
		if (!*p)
			break;
	}
	*out = bits;
	return FF_OK;
}

unsigned ff_select_geo(const struct ff_select *s)
{
	return select_given(s, "scc") || select_given(s, "dcc") ||
			       select_given(s, "any-cc")
		       ? FF_GEO_COUNTRY
		       : 0;
}

void ff_select_use_geo(struct ff_select *s, const struct ff_geo *geo)
{
	s->geo = geo;
}

int select_compile_countries(struct ff_select *s, struct ff_err *err)
{
	if (ff_select_geo(s) && !(s->geo && ff_geo_has(s->geo) & FF_GEO_COUNTRY))
		return ff_fail(err, FF_EUSAGE,
			       "'--%s' needs a database of countries; give '--geo=FILE'",
			       select_given(s, "scc")	? "scc"
			       : select_given(s, "dcc") ? "dcc"
							: "any-cc");
	s->scc = s->values[select_slot("scc")].bits;
	s->dcc = s->values[select_slot("dcc")].bits;
	s->any_cc = s->values[select_slot("any-cc")].bits;
	return FF_OK;
}

static bool country_passes(const struct ff_select *s, uint16_t from, uint16_t to)
{
	return (!s->scc || country_bit(s->scc, from)) &&
	       (!s->dcc || country_bit(s->dcc, to)) &&
	       (!s->any_cc || country_bit(s->any_cc, from) || country_bit(s->any_cc, to));
}

void select_countries(const struct ff_select *s, struct ff_batch *b,
		      struct ff_select_counts *counts)
{
	const bool source = s->scc || s->any_cc, dest = s->dcc || s->any_cc;
	size_t kept = 0;

	if (!source && !dest)
		return;
	counts->asked += b->count;
	for (size_t done = 0; done < b->count; done += COUNTRY_LOOKS) {
		size_t n =
			b->count - done < COUNTRY_LOOKS ? b->count - done : COUNTRY_LOOKS;
		const struct ff_flow *f = b->flows + done;
		/* a side that is not asked about is looked up for nobody */
		uint16_t from[COUNTRY_LOOKS] = {0}, to[COUNTRY_LOOKS] = {0};

		if (source)
			ff_geo_countries(s->geo, from, &f->sip, sizeof(*f), n);
		if (dest)
			ff_geo_countries(s->geo, to, &f->dip, sizeof(*f), n);
		for (size_t i = 0; i < n; i++) {
			counts->no_country +=
				from[i] == FF_COUNTRY_NONE || to[i] == FF_COUNTRY_NONE;
			if (!country_passes(s, from[i], to[i]))
				continue;
			if (kept != done + i)
				b->flows[kept] = f[i];
			kept++;
		}
	}
	b->count = kept;
}
