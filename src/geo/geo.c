/* SPDX-License-Identifier: MIT */
/* geo - databases of countries and systems: which format a file is of, what was added,
 * asking. */
#include "geo/source.h"

#include <inttypes.h>
#include <stdio.h>

struct ff_geo {
	struct geo_ranges country, asn;
	struct ff_buf text;
	uint64_t digest;
};

int ff_geo_new(struct ff_geo **out, struct ff_err *err)
{
	struct ff_geo *g = ff_calloc(1, sizeof(*g));

	if (!g)
		return ff_fail_nomem(err);
	g->country.none = FF_COUNTRY_NONE;
	g->country.wants_near = true;
	*out = g;
	return FF_OK;
}

void ff_geo_free(struct ff_geo *g)
{
	if (!g)
		return;
	geo_ranges_release(&g->country);
	geo_ranges_release(&g->asn);
	ff_buf_release(&g->text);
	ff_free(g);
}

/* ---- one file ---- */

/* The metadata of a MaxMind DB are at its end, and so is what tells it from others. */
static int geo_is_mmdb(bool *out, const struct ff_stream *s, struct ff_err *err)
{
	static const char mark[] = "\xab\xcd\xefMaxMind.com";
	enum { MARK = sizeof(mark) - 1, TAIL = 128 << 10 };
	uint64_t size = ff_stream_raw_size(s);
	uint8_t *tail;
	ptrdiff_t n;

	*out = false;
	if (!ff_stream_is_plain(s))
		return FF_OK;
	if (!(tail = ff_alloc(TAIL, 1)))
		return ff_fail_nomem(err);
	n = ff_stream_pread(s, tail, TAIL, size > TAIL ? size - TAIL : 0, err);
	for (ptrdiff_t i = 0; i + MARK <= n && !*out; i++)
		*out = tail[i] == 0xab && memcmp(tail + i, mark, MARK) == 0;
	ff_free(tail);
	return n < 0 ? (int)n : FF_OK;
}

static int geo_read(struct geo_source *g, struct ff_stream *s, const char *path,
		    struct ff_err *err)
{
	const uint8_t *head;
	ptrdiff_t n;
	bool is_mmdb;
	int rc = geo_is_mmdb(&is_mmdb, s, err);

	if (rc)
		return rc;
	if (is_mmdb)
		return geo_read_mmdb(g, path, err);
	if ((n = ff_stream_peek(s, &head, 4096, err)) < 0)
		return (int)n;
	if (n >= 4 && memcmp(head, FF_SILK_MAGIC, 4) == 0)
		return geo_read_pmap(g, s, err);
	if (memchr(head, '\0', (size_t)n))
		return ff_fail(err, FF_EFORMAT,
			       "'%s' is no MaxMind DB%s, no list of ranges and no SiLK "
			       "prefix map",
			       ff_stream_name(s),
			       ff_stream_is_plain(s) ? "" : " (one must be unpacked)");
	return geo_read_text(g, s, err);
}

static int geo_seal(struct geo_source *g, const char *name, struct ff_err *err)
{
	int rc;

	if ((rc = geo_ranges_seal(&g->country, err)) ||
	    (rc = geo_ranges_seal(&g->asn, err)))
		return rc;
	if (g->country.index4 || g->country.index6 || g->asn.index4 || g->asn.index6)
		return FF_OK;
	return ff_fail(err, FF_EFORMAT,
		       "'%s' (%s) tells neither countries nor numbers of systems", name,
		       g->type);
}

/* ---- all files ---- */

static int geo_clash(const struct geo_ranges *a, const struct geo_ranges *b,
		     const char *what, const char *name, struct ff_err *err)
{
	bool v4 = a->index4 && b->index4, v6 = a->index6 && b->index6;

	if (!v4 && !v6)
		return FF_OK;
	return ff_fail(err, FF_EUSAGE,
		       "'%s' tells %s of IPv%d addresses, as a database before it does",
		       name, what, v4 ? 4 : 6);
}

static void geo_take(struct geo_ranges *to, struct geo_ranges *from)
{
	if (from->index4)
		geo_ranges_take4(to, from);
	if (from->index6)
		geo_ranges_take6(to, from);
}

static int geo_describe(struct ff_buf *out, const struct ff_geo *g,
			const struct geo_source *s, const char *name, uint64_t digest,
			struct ff_err *err)
{
	const char *slash = strrchr(name, '/');
	char built[40];

	ff_buf_addf(out, "%s%s%s, %s", ff_buf_str(&g->text), g->text.len ? "; " : "",
		    slash ? slash + 1 : name, s->type);
	if (s->built_ns != INT64_MIN)
		ff_buf_addf(out, ", built %.10s",
			    ff_format_time(built, sizeof(built), s->built_ns));
	ff_buf_addf(out, ", digest %016" PRIx64, digest);
	return out->failed ? ff_fail_nomem(err) : FF_OK;
}

int ff_geo_add(struct ff_geo *g, const char *path, struct ff_err *err)
{
	struct geo_source s = {.country = {.none = FF_COUNTRY_NONE, .wants_near = true},
			       .built_ns = INT64_MIN};
	struct ff_buf text = FF_BUF_INIT;
	struct ff_stream *in;
	uint64_t digest;
	int rc = ff_stream_open(&in, path, err);

	if (rc)
		return rc;
	if ((rc = geo_read(&s, in, path, err)) ||
	    (rc = geo_seal(&s, ff_stream_name(in), err)) ||
	    (rc = geo_clash(&g->country, &s.country, "the countries", ff_stream_name(in),
			    err)) ||
	    (rc = geo_clash(&g->asn, &s.asn, "the systems", ff_stream_name(in), err)) ||
	    (rc = ff_stream_digest(&digest, in, err)) ||
	    (rc = geo_describe(&text, g, &s, ff_stream_name(in), digest, err)))
		goto out;
	geo_take(&g->country, &s.country);
	geo_take(&g->asn, &s.asn);
	ff_buf_release(&g->text);
	g->text = text;
	text = (struct ff_buf)FF_BUF_INIT;
	g->digest += ff_mix64(digest);
out:
	geo_ranges_release(&s.country);
	geo_ranges_release(&s.asn);
	ff_buf_release(&text);
	ff_stream_close(in);
	return rc;
}

bool ff_geo_is(const struct ff_stream *s, const uint8_t *head, size_t len)
{
	bool is_mmdb;

	if (len >= 6 && memcmp(head, FF_SILK_MAGIC, 4) == 0)
		return head[5] == GEO_PMAP_FORMAT;
	return geo_is_mmdb(&is_mmdb, s, NULL) == FF_OK && is_mmdb;
}

/* ---- asking ---- */

unsigned ff_geo_has(const struct ff_geo *g)
{
	return (g->country.index4 || g->country.index6 ? FF_GEO_COUNTRY : 0u) |
	       (g->asn.index4 || g->asn.index6 ? FF_GEO_ASN : 0u);
}

uint16_t ff_geo_country(const struct ff_geo *g, const struct ff_addr *a)
{
	return (uint16_t)geo_ranges_find(&g->country, a);
}

void ff_geo_countries(const struct ff_geo *g, uint16_t *out, const struct ff_addr *first,
		      size_t stride, size_t n)
{
	const struct geo_ranges *r = &g->country;
	const char *at = (const char *)first;

	if (r->near4) { /* nothing here but looks: many are under way at once */
		for (size_t i = 0; i < n; i++) {
			const struct ff_addr *a = (const void *)(at + i * stride);

			out[i] = ff_addr_is_v4(a) ? r->near4[ff_addr_to_v4(a) >> 8] : 0;
		}
	} else {
		memset(out, 0, n * sizeof(*out));
	}
	for (size_t i = 0; i < n; i++)
		out[i] = (uint16_t)(out[i] ? r->few[out[i]]
					   : geo_ranges_find(
						     r, (const void *)(at + i * stride)));
}

uint32_t ff_geo_asn(const struct ff_geo *g, const struct ff_addr *a)
{
	return geo_ranges_find(&g->asn, a);
}

const char *ff_geo_text(const struct ff_geo *g)
{
	return ff_buf_str(&g->text);
}

uint64_t ff_geo_digest(const struct ff_geo *g)
{
	return g->digest;
}
