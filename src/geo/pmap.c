/* SPDX-License-Identifier: MIT */
/* pmap - SiLK's country-code prefix maps, record versions 1 (IPv4) and 5 (IPv6): a count,
 * then so many pairs of a left and a right record. A record with the top bit is a leaf,
 * whose low 31 bits are two letters; others are numbers of pairs. IPv4 addresses are
 * ::ffff:0:0/96 of an IPv6 map. */
#include "geo/source.h"

#include <inttypes.h>
#include <stdio.h>

enum { PMAP_V4 = 1, PMAP_V6 = 5 };
#define PMAP_LEAF UINT32_C(0x80000000)

struct pmap_walk {
	struct geo_ranges *out;
	const char *name;
	const uint8_t *nodes;
	uint32_t count;
	uint64_t visits;
	bool big, is_v6;
};

static int pmap_leaf(const struct pmap_walk *w, uint32_t value, struct geo_num at,
		     unsigned bits, struct ff_err *err)
{
	const char letters[2] = {(char)(value >> 8), (char)value};
	bool mapped = at.hi == 0 && at.lo >> 32 == 0xffff;
	uint16_t country;
	int rc = FF_OK;

	if (value > UINT16_MAX || !ff_parse_country(&country, letters, 2))
		return ff_fail(err, FF_EFORMAT,
			       "'%s': the value %" PRIu32 " is no country", w->name,
			       value);
	if (w->is_v6)
		rc = geo_ranges_add6(w->out, at, country, err);
	/* a leaf above /96 that holds ::ffff:0:0/96 */
	if (w->is_v6 && bits < 96 && at.hi == 0 &&
	    (bits <= 64 ? at.lo == 0
			: (at.lo ^ UINT64_C(0xffff00000000)) >> (128 - bits) == 0))
		return rc ? rc : geo_ranges_add4(w->out, 0, country, err);
	if (rc == FF_OK && (!w->is_v6 || (bits >= 96 && mapped)))
		rc = geo_ranges_add4(w->out, (uint32_t)at.lo, country, err);
	return rc;
}

static int pmap_walk(struct pmap_walk *w, uint32_t record, struct geo_num at,
		     unsigned bits, struct ff_err *err)
{
	unsigned below = 127 - bits;
	int rc;

	if (record & PMAP_LEAF)
		return pmap_leaf(w, record & ~PMAP_LEAF, at, bits, err);
	if (bits == 128 || record >= w->count || ++w->visits > w->count)
		return ff_fail(err, FF_EFORMAT, "'%s': node %" PRIu32 " %s", w->name,
			       record,
			       record >= w->count ? "lies past the end of the map"
						  : "is met twice: this is no tree");
	if ((rc = pmap_walk(w, ff_get_u32(w->nodes + 8 * (size_t)record, w->big), at,
			    bits + 1, err)))
		return rc;
	if (below >= 64)
		at.hi |= UINT64_C(1) << (below - 64);
	else
		at.lo |= UINT64_C(1) << below;
	return pmap_walk(w, ff_get_u32(w->nodes + 8 * (size_t)record + 4, w->big), at,
			 bits + 1, err);
}

static int pmap_body(struct geo_source *g, struct ff_stream *in,
		     const struct ff_silk_header *h, struct ff_err *err)
{
	struct pmap_walk w = {.out = &g->country,
			      .name = ff_stream_name(in),
			      .big = h->big_endian,
			      .is_v6 = h->record_version == PMAP_V6};
	struct ff_buf body = FF_BUF_INIT;
	int rc = ff_silk_body_read(&body, in, h, GEO_FILE_MAX, err);

	if (rc == FF_OK && (body.len < 4 || (body.len - 4) % 8 != 0 ||
			    ff_get_u32(body.data, w.big) != (body.len - 4) / 8))
		rc = ff_fail(err, FF_EFORMAT,
			     "'%s': the number of nodes is not that of the file", w.name);
	if (rc == FF_OK) {
		w.count = (uint32_t)((body.len - 4) / 8);
		w.nodes = body.data + 4;
		rc = pmap_walk(&w, 0, (struct geo_num){0, 0}, w.is_v6 ? 0 : 96, err);
	}
	ff_buf_release(&body);
	return rc;
}

int geo_read_pmap(struct geo_source *g, struct ff_stream *in, struct ff_err *err)
{
	struct ff_silk_header h = {0};
	int rc = ff_silk_header_read(&h, in, err);

	if (rc)
		return rc;
	snprintf(g->type, sizeof(g->type), "SiLK prefix map");
	if (h.format != GEO_PMAP_FORMAT ||
	    (h.record_version != PMAP_V4 && h.record_version != PMAP_V6))
		rc = ff_fail(err, FF_EFORMAT,
			     "'%s' is a SiLK file of format 0x%02x version %u, no prefix "
			     "map of country codes",
			     ff_stream_name(in), h.format, h.record_version);
	else
		rc = pmap_body(g, in, &h, err);
	ff_silk_header_release(&h);
	return rc;
}
