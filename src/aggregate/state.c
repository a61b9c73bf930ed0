/* SPDX-License-Identifier: MIT */
/* state - an aggregate in a file, with its origin.
 *
 *   "FFSTATE\n"
 *   frames: u32 length (1..1 MiB), bytes, u64 checksum of (previous checksum, bytes)
 *   end:    u32 0, u64 checksum of (previous checksum)
 * All fixed-size numbers are little-endian, all others varints, so a state can move
 * between machines. The chain of checksums finds damaged, lost, repeated and swapped
 * frames and a cut end. The frames carry: container version, kind, state version, origin,
 * the aggregate's payload. */
#include <flowfig/aggregate.h>
#include <flowfig/file.h>

#include <inttypes.h>
#include <string.h>

#define STATE_MAGIC "FFSTATE\n"
enum {
	MAGIC_LEN = 8,
	FRAME_MAX = 1 << 20,
	CONTAINER_VERSION = 1,
	CONTAINER_WITH_GEO = 2,
	TEXT_MAX = 1 << 16
};
#define SOURCES_MAX (UINT64_C(1) << 24)

bool ff_state_is(const uint8_t *head, size_t len)
{
	return len >= MAGIC_LEN && memcmp(head, STATE_MAGIC, MAGIC_LEN) == 0;
}

static void put_le(uint8_t *p, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

/* ---- writing ---- */

struct ff_state_writer {
	struct ff_output *out;
	struct ff_buf frame; /* begins with the 8 bytes of the previous checksum */
	uint64_t chain;
	struct ff_err err; /* sticky */
};

static void writer_begin(struct ff_state_writer *w)
{
	uint8_t chain[8];
	put_le(chain, w->chain, 8);
	ff_buf_clear(&w->frame);
	ff_buf_add(&w->frame, chain, sizeof chain);
}

static void writer_flush(struct ff_state_writer *w)
{
	uint8_t n[8];
	if (w->frame.failed)
		ff_fail_nomem(&w->err);
	if (w->err.status)
		return;
	w->chain = ff_digest64(w->frame.data, w->frame.len);
	put_le(n, w->frame.len - 8, 4);
	if (ff_output_write(w->out, n, 4, &w->err) ||
	    ff_output_write(w->out, w->frame.data + 8, w->frame.len - 8, &w->err))
		return;
	put_le(n, w->chain, 8);
	ff_output_write(w->out, n, 8, &w->err);
	writer_begin(w);
}

void ff_state_put_bytes(struct ff_state_writer *w, const void *p, size_t len)
{
	const uint8_t *bytes = p;
	while (len && !w->err.status) {
		size_t room = FRAME_MAX + 8 - w->frame.len, n = len < room ? len : room;
		ff_buf_add(&w->frame, bytes, n);
		bytes += n;
		len -= n;
		if (w->frame.failed || w->frame.len == FRAME_MAX + 8)
			writer_flush(w);
	}
}

void ff_state_put_u64(struct ff_state_writer *w, uint64_t v)
{
	uint8_t b[10];
	size_t n = 0;
	for (; v >= 0x80; v >>= 7)
		b[n++] = (uint8_t)(v | 0x80);
	b[n++] = (uint8_t)v;
	ff_state_put_bytes(w, b, n);
}

void ff_state_put_i64(struct ff_state_writer *w, int64_t v)
{
	ff_state_put_u64(w, (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0));
}

void ff_state_put_text(struct ff_state_writer *w, const char *s)
{
	size_t n = s ? strlen(s) : 0;
	ff_state_put_u64(w, n);
	ff_state_put_bytes(w, s, n);
}

static void put_origin(struct ff_state_writer *w, const struct ff_agg_origin *o)
{
	ff_state_put_text(w, o->selection);
	ff_state_put_text(w, o->inside);
	if (o->geo_digest) {
		ff_state_put_text(w, o->geo);
		ff_state_put_u64(w, o->geo_digest);
	}
	ff_state_put_u64(w, o->read);
	ff_state_put_u64(w, o->passed);
	for (int i = 0; i < FF_ORIENTS; i++)
		ff_state_put_u64(w, o->orient[i]);
	ff_state_put_u64(w, o->count);
	for (size_t i = 0; i < o->count; i++) {
		const struct ff_agg_source *s = &o->sources[i];
		ff_state_put_text(w, s->name);
		ff_state_put_text(w, s->format);
		ff_state_put_u64(w, s->records);
		ff_state_put_u64(w, s->bad);
		ff_state_put_u64(w, s->digest);
	}
}

int ff_state_save(const char *path, const struct ff_agg_type *type, void *agg,
		  const struct ff_agg_origin *origin, struct ff_err *err)
{
	struct ff_state_writer w = {0};
	int rc = ff_output_open(&w.out, path, err);
	if (rc)
		return rc;
	ff_output_write(w.out, STATE_MAGIC, MAGIC_LEN, &w.err);
	writer_begin(&w);
	ff_state_put_u64(&w, origin->geo_digest ? CONTAINER_WITH_GEO : CONTAINER_VERSION);
	ff_state_put_text(&w, type->name);
	ff_state_put_u64(&w, type->state_version);
	put_origin(&w, origin);
	if ((rc = type->save(agg, &w, err)))
		goto out;
	if (w.frame.len > 8)
		writer_flush(&w);
	if (!w.err.status) {
		uint8_t end[12] = {0};
		put_le(end + 4, ff_digest64(w.frame.data, 8), 8);
		ff_output_write(w.out, end, sizeof end, &w.err);
	}
	if (w.err.status) {
		rc = ff_fail(err, w.err.status, "%s", w.err.text);
		goto out;
	}
	rc = ff_output_commit(&w.out, err);
out:
	ff_output_abort(&w.out);
	ff_buf_release(&w.frame);
	return rc;
}

/* ---- reading ---- */

struct ff_state_reader {
	struct ff_stream *in;
	uint8_t *frame; /* 8 bytes of chain, then the frame */
	size_t len, pos;
	uint64_t chain, frame_offset;
	bool ended;
};

int ff_state_bad(struct ff_state_reader *r, struct ff_err *err, const char *reason)
{
	return ff_fail(err, FF_EFORMAT, "damaged state '%s' at byte %" PRIu64 ": %s",
		       ff_stream_name(r->in), r->frame_offset, reason);
}

static int read_exact(struct ff_state_reader *r, void *to, size_t n, struct ff_err *err)
{
	ptrdiff_t got = ff_stream_read(r->in, to, n, err);
	if (got < 0)
		return (int)got;
	return (size_t)got == n ? FF_OK : ff_state_bad(r, err, "it is cut short");
}

static int reader_frame(struct ff_state_reader *r, struct ff_err *err)
{
	uint8_t n[8];
	r->frame_offset = ff_stream_offset(r->in);
	int rc = read_exact(r, n, 4, err);
	if (rc)
		return rc;
	uint32_t len = ff_get_u32(n, false);
	if (len > FRAME_MAX)
		return ff_state_bad(r, err, "a frame length that no state has");
	put_le(r->frame, r->chain, 8);
	if ((rc = read_exact(r, r->frame + 8, len, err)) ||
	    (rc = read_exact(r, n, 8, err)))
		return rc;
	r->chain = ff_digest64(r->frame, 8 + (size_t)len);
	if (ff_get_u64(n, false) != r->chain)
		return ff_state_bad(r, err, "the checksum is wrong");
	r->len = 8 + (size_t)len;
	r->pos = 8;
	r->ended = len == 0;
	return FF_OK;
}

int ff_state_get_bytes(struct ff_state_reader *r, void *p, size_t len, struct ff_err *err)
{
	uint8_t *to = p;
	while (len) {
		if (r->pos == r->len) {
			int rc = r->ended ? ff_state_bad(r, err, "it ends too early")
					  : reader_frame(r, err);
			if (rc)
				return rc;
			continue;
		}
		size_t n = r->len - r->pos < len ? r->len - r->pos : len;
		memcpy(to, r->frame + r->pos, n);
		r->pos += n;
		to += n;
		len -= n;
	}
	return FF_OK;
}

int ff_state_get_u64(struct ff_state_reader *r, uint64_t *v, struct ff_err *err)
{
	uint64_t x = 0;
	if (r->pos < r->len && r->frame[r->pos] < 0x80) {
		*v = r->frame[r->pos++];
		return FF_OK;
	}
	for (int shift = 0; shift < 64; shift += 7) {
		uint8_t b;
		int rc = FF_OK;
		if (r->pos < r->len)
			b = r->frame[r->pos++];
		else if ((rc = ff_state_get_bytes(r, &b, 1, err)))
			return rc;
		x |= (uint64_t)(b & 0x7f) << shift;
		if (!(b & 0x80)) {
			*v = x;
			return FF_OK;
		}
	}
	return ff_state_bad(r, err, "a number is too long");
}

/* A number of at most eight bytes, all at once: 56 bits in groups of seven, the end
 * marked by a byte without its highest bit. Returns its bytes; 0 when it is longer. */
static inline size_t varint_take(uint64_t *v, const uint8_t *p)
{
	uint64_t x = ff_get_u64(p, false), ends = ~x & UINT64_C(0x8080808080808080),
		 first;
	if (!ends)
		return 0;
	first = ends & (0 - ends);
	x &= (first - 1) & UINT64_C(0x7f7f7f7f7f7f7f7f);
	x = (x & UINT64_C(0x007f007f007f007f)) | (x & UINT64_C(0x7f007f007f007f00)) >> 1;
	x = (x & UINT64_C(0x00003fff00003fff)) | (x & UINT64_C(0x3fff00003fff0000)) >> 2;
	*v = (x & UINT64_C(0x000000000fffffff)) | (x & UINT64_C(0x0fffffff00000000)) >> 4;
	/* `first` is bit 8 n - 1 of the n-th byte: byte 8 - n of the factor comes to the
	 * top */
	return (size_t)((first >> 7) * UINT64_C(0x0102030405060708) >> 56);
}

int ff_state_get_u64s(struct ff_state_reader *r, uint64_t *v, size_t n,
		      struct ff_err *err)
{
	for (size_t i = 0; i < n; i++) {
		size_t bytes =
			r->len - r->pos < 8 ? 0 : varint_take(&v[i], r->frame + r->pos);
		int rc = bytes ? FF_OK : ff_state_get_u64(r, &v[i], err);
		if (rc)
			return rc;
		r->pos += bytes;
	}
	return FF_OK;
}

int ff_state_get_i64(struct ff_state_reader *r, int64_t *v, struct ff_err *err)
{
	uint64_t u;
	int rc = ff_state_get_u64(r, &u, err);
	if (rc == FF_OK)
		*v = ff_state_signed(u);
	return rc;
}

int ff_state_get_text(struct ff_state_reader *r, char **owned, size_t max,
		      struct ff_err *err)
{
	uint64_t n;
	int rc = ff_state_get_u64(r, &n, err);
	if (rc)
		return rc;
	if (n > max)
		return ff_state_bad(r, err, "a text is too long");
	char *s = ff_alloc((size_t)n + 1, 1);
	if (!s)
		return ff_fail_nomem(err);
	if ((rc = ff_state_get_bytes(r, s, (size_t)n, err))) {
		ff_free(s);
		return rc;
	}
	s[n] = '\0';
	*owned = s;
	return FF_OK;
}

static int get_source(struct ff_state_reader *r, struct ff_agg_origin *o,
		      struct ff_err *err)
{
	struct ff_agg_source s = {0};
	int rc = ff_state_get_text(r, &s.name, TEXT_MAX, err);
	if (rc == FF_OK)
		rc = ff_state_get_text(r, &s.format, TEXT_MAX, err);
	if (rc == FF_OK)
		rc = ff_state_get_u64(r, &s.records, err);
	if (rc == FF_OK)
		rc = ff_state_get_u64(r, &s.bad, err);
	if (rc == FF_OK)
		rc = ff_state_get_u64(r, &s.digest, err);
	if (rc == FF_OK)
		rc = ff_agg_origin_add(o, s.name, s.format, s.records, s.bad, s.digest,
				       err);
	ff_free(s.name);
	ff_free(s.format);
	return rc;
}

static int get_geo(struct ff_state_reader *r, struct ff_agg_origin *o, struct ff_err *err)
{
	int rc = ff_state_get_text(r, &o->geo, TEXT_MAX, err);
	if (rc || (rc = ff_state_get_u64(r, &o->geo_digest, err)))
		return rc;
	return o->geo_digest ? FF_OK
			     : ff_state_bad(r, err, "a database without a digest");
}

static int get_origin(struct ff_state_reader *r, struct ff_agg_origin *o, bool with_geo,
		      struct ff_err *err)
{
	uint64_t n = 0;
	int rc = ff_state_get_text(r, &o->selection, TEXT_MAX, err);
	if (rc == FF_OK)
		rc = ff_state_get_text(r, &o->inside, TEXT_MAX, err);
	if (rc == FF_OK && with_geo)
		rc = get_geo(r, o, err);
	if (rc == FF_OK)
		rc = ff_state_get_u64(r, &o->read, err);
	if (rc == FF_OK)
		rc = ff_state_get_u64(r, &o->passed, err);
	for (int i = 0; i < FF_ORIENTS && rc == FF_OK; i++)
		rc = ff_state_get_u64(r, &o->orient[i], err);
	if (rc == FF_OK)
		rc = ff_state_get_u64(r, &n, err);
	if (rc == FF_OK && n > SOURCES_MAX)
		rc = ff_state_bad(r, err, "too many inputs");
	while (rc == FF_OK && n--)
		rc = get_source(r, o, err);
	return rc;
}

static void reader_close(struct ff_state_reader *r)
{
	ff_stream_close(r->in);
	ff_free(r->frame);
}

/* Opens the file and reads everything before the payload. */
static int reader_open(struct ff_state_reader *r, const struct ff_agg_type **type,
		       char **kind, uint64_t *version, struct ff_agg_origin *origin,
		       const char *path, struct ff_err *err)
{
	uint8_t magic[MAGIC_LEN];
	uint64_t container = 0;
	*r = (struct ff_state_reader){.frame = ff_alloc(FRAME_MAX + 8, 1)};
	if (!r->frame)
		return ff_fail_nomem(err);
	int rc = ff_stream_open(&r->in, path, err);
	if (rc || (rc = read_exact(r, magic, MAGIC_LEN, err)))
		return rc;
	if (!ff_state_is(magic, MAGIC_LEN))
		return ff_fail(err, FF_EFORMAT, "'%s' is no flowfig state", path);
	if ((rc = ff_state_get_u64(r, &container, err)))
		return rc;
	if (container != CONTAINER_VERSION && container != CONTAINER_WITH_GEO)
		return ff_fail(err, FF_EFORMAT,
			       "'%s' is a state of version %" PRIu64
			       ", this flowfig reads versions %d and %d",
			       path, container, CONTAINER_VERSION, CONTAINER_WITH_GEO);
	if ((rc = ff_state_get_text(r, kind, 64, err)) ||
	    (rc = ff_state_get_u64(r, version, err)) ||
	    (rc = get_origin(r, origin, container == CONTAINER_WITH_GEO, err)))
		return rc;
	*type = ff_agg_find(*kind);
	return FF_OK;
}

/* Nothing may follow but the end mark, and nothing that one: of two states put one behind
 * the other the second must not be lost in silence. */
static int reader_end(struct ff_state_reader *r, struct ff_err *err)
{
	uint8_t more;
	ptrdiff_t n;
	int rc = r->pos == r->len ? reader_frame(r, err) : FF_OK;
	if (rc)
		return rc;
	if (!r->ended || (n = ff_stream_read(r->in, &more, 1, err)) > 0)
		return ff_state_bad(r, err, "bytes after the end");
	return (int)n;
}

int ff_state_load(void **agg, const struct ff_agg_type **type,
		  struct ff_agg_origin *origin, const char *path,
		  const struct ff_agg_context *ctx, struct ff_err *err)
{
	struct ff_state_reader r;
	struct ff_agg_origin from = {0};
	const struct ff_agg_type *t = NULL;
	void *self = NULL;
	char *kind = NULL;
	uint64_t version = 0;
	int rc = reader_open(&r, &t, &kind, &version, &from, path, err);
	if (rc)
		goto out;
	if (!t)
		rc = ff_fail(err, FF_EFORMAT, "'%s' is a state of unknown kind '%s'",
			     path, kind);
	else if (version != t->state_version)
		rc = ff_fail(err, FF_EFORMAT,
			     "'%s' is a '%s' state of version %" PRIu64
			     ", this flowfig reads version %" PRIu32,
			     path, kind, version, t->state_version);
	if (rc || (rc = t->load(&self, ctx, &r, err)))
		goto out;
	if ((rc = reader_end(&r, err)))
		goto out;
	*agg = self;
	*type = t;
	*origin = from;
	from = (struct ff_agg_origin){0};
	self = NULL;
out:
	if (self)
		t->destroy(self);
	ff_agg_origin_release(&from);
	ff_free(kind);
	reader_close(&r);
	return rc;
}

int ff_state_merge(void **agg, const struct ff_agg_type **type,
		   struct ff_agg_origin *origin, const char *path,
		   const struct ff_agg_context *ctx, struct ff_err *err)
{
	const struct ff_agg_type *kind;
	struct ff_agg_origin from = {0};
	struct ff_err why = {0};
	void *other;
	int rc = ff_state_load(&other, &kind, &from, path, ctx, err);
	if (rc)
		return rc;
	if (!*agg) {
		*agg = other;
		*type = kind;
		*origin = from;
		return FF_OK;
	}
	if (kind != *type)
		rc = ff_fail(&why, FF_EFORMAT,
			     "it is a '%s' state, the others are '%s' states", kind->name,
			     (*type)->name);
	else if ((rc = kind->merge(*agg, other, &why)) == FF_OK)
		rc = ff_agg_origin_merge(origin, &from, &why);
	if (rc)
		ff_fail(err, rc, "cannot merge '%s': %s", path, why.text);
	kind->destroy(other);
	ff_agg_origin_release(&from);
	return rc;
}

int ff_state_describe(struct ff_buf *out, const char *path, struct ff_err *err)
{
	struct ff_state_reader r;
	struct ff_agg_origin o = {0};
	const struct ff_agg_type *type;
	char *kind = NULL, n[32];
	uint64_t version = 0;
	int rc = reader_open(&r, &type, &kind, &version, &o, path, err);
	if (rc == FF_OK) {
		ff_buf_addf(out, "format: flowfig state\nkind: %s, version %" PRIu64 "\n",
			    kind, version);
		if (type)
			ff_buf_addf(out, "holds: %s\n", type->summary);
		ff_buf_addf(out, "inside: %s\nselection: %s\n",
			    o.inside[0] ? o.inside : "(none given)",
			    o.selection[0] ? o.selection : "(all)");
		if (o.geo_digest)
			ff_buf_addf(out, "countries: %s\n", o.geo);
		ff_buf_addf(out, "flows: %s read, ",
			    ff_format_thousands(n, sizeof n, o.read));
		ff_buf_addf(out, "%s selected\n",
			    ff_format_thousands(n, sizeof n, o.passed));
		for (int i = 0; i < FF_ORIENTS; i++)
			if (o.orient[i])
				ff_buf_addf(
					out, "%s: %s\n", ff_orient_names[i],
					ff_format_thousands(n, sizeof n, o.orient[i]));
		for (size_t i = 0; i < o.count; i++)
			ff_buf_addf(out,
				    "input: %s, %s, %" PRIu64 " records, %" PRIu64
				    " damaged, digest %016" PRIx64 "\n",
				    o.sources[i].name, o.sources[i].format,
				    o.sources[i].records, o.sources[i].bad,
				    o.sources[i].digest);
		if (out->failed)
			rc = ff_fail_nomem(err);
	}
	ff_agg_origin_release(&o);
	ff_free(kind);
	reader_close(&r);
	return rc;
}
