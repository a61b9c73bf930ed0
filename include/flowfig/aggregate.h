/* SPDX-License-Identifier: MIT */
/* aggregate - from flows to a table and findings. An aggregate is a commutative monoid:
 * the order of records, files, threads and states never changes a byte of the result.
 *
 * To add one: a file with one const descriptor, one line in registry.c, one test. */
#ifndef FLOWFIG_AGGREGATE_H
#define FLOWFIG_AGGREGATE_H

#include <flowfig/base.h>
#include <flowfig/flow.h>
#include <flowfig/geo.h>
#include <flowfig/table.h>

/* What the run tells every aggregate. */
struct ff_agg_context {
	uint64_t memory_bytes;	 /* budget; past it sorted runs go to scratch_dir */
	const char *scratch_dir; /* borrowed */
	const struct ff_prefix *inside; /* may be NULL */
	size_t ninside;
	const struct ff_site *site; /* names of sensors; may be NULL, borrowed */
	/* Countries and systems, the one that the selection asks too; may be NULL,
	 * borrowed. */
	const struct ff_geo *geo;
};
/* Provenance that travels with a state. All are sums or sorted sets, so merging is
 * order-free. */
struct ff_agg_source {
	char *name;   /* as given */
	char *format; /* reader's name */
	uint64_t records, bad, digest;
};
struct ff_agg_origin {
	struct ff_agg_source *sources; /* sorted by name, then digest */
	size_t count, cap;
	char *selection; /* switches in use, "" if none; must agree when merging */
	char *inside; /* canonical prefixes, comma-separated, "" if not given; must agree
		       */
	/* The database that told the countries, for people, and its digest, which must
	 * agree when merging; NULL or "", and 0, when none was asked. */
	char *geo;
	uint64_t geo_digest;
	uint64_t read, passed, orient[FF_ORIENTS];
};
void ff_agg_origin_release(struct ff_agg_origin *o);
int ff_agg_origin_add(struct ff_agg_origin *o, const char *name, const char *format,
		      uint64_t records, uint64_t bad, uint64_t digest,
		      struct ff_err *err);
/* FF_EFORMAT when selection, inside or the database differ. `from` is emptied. */
int ff_agg_origin_merge(struct ff_agg_origin *to, struct ff_agg_origin *from,
			struct ff_err *err);

struct ff_state_writer; /* little-endian numbers and varints into a checksummed state */
struct ff_state_reader;

struct ff_agg_type {
	const char *name;    /* [a-z][a-z0-9-]*, unique */
	const char *summary; /* one line for `flowfig list`, no full stop */
	/* What is counted: parse, defaults, ranges, help, manual, provenance. A state
	 * keeps these, and states that differ in them do not merge. */
	const struct ff_opt *opts;
	size_t params_size; /* bytes of the struct that opts fill */
	/* What finish() looks for in what was counted, such as a measure: free to choose
	 * for every drawing from a state. NULL and 0 when there is nothing to choose. */
	const struct ff_opt *how_opts;
	size_t how_size;
	/* What the option tables cannot say of params, such as a missing network, told
	 * before anything is read: FF_EUSAGE. NULL = nothing. */
	int (*check)(const void *params, struct ff_err *err);
	const char *empty; /* what to look at when no flow counts: "check '--host'" */
	bool is_oriented; /* add() looks at flows' orientation: how it was told is said */
	uint32_t state_version;
	uint32_t (*needs)(
		const void *params); /* FF_BIT mask of the fields add() looks at */
	/* Adds a test that tells flows of which add() looks at few fields only; returns
	 * the FF_BIT mask of these. NULL: all flows are alike. */
	uint32_t (*filter)(const void *params, struct ff_filter *filter);
	/* FF_GEO_* mask of what it asks a database for; NULL = nothing. With a bit set
	 * ctx->geo of create() has it. */
	unsigned (*geo)(const void *params);
	int (*create)(void **self, const void *params, const struct ff_agg_context *ctx,
		      struct ff_err *err);
	/* A handle for another thread. add() on different handles of one aggregate may
	 * run at once; merge(self, handle) ends it. NULL: the run creates independent
	 * instances instead. */
	int (*fork)(void **handle, void *self, struct ff_err *err);
	int (*add)(void *self, const struct ff_batch *flows,
		   struct ff_err *err); /* flows borrowed */
	int (*merge)(void *self, void *other,
		     struct ff_err *err); /* empties other; order must not matter;
					   * differing parameters are FF_EFORMAT */
	int (*save)(void *self, struct ff_state_writer *w, struct ff_err *err);
	int (*load)(void **self, const struct ff_agg_context *ctx,
		    struct ff_state_reader *r, struct ff_err *err);
	/* Tables sorted by key, findings, attributes. `how` is what how_opts filled, not
	 * looked at without them. `threads` may be used. Afterwards only destroy is
	 * allowed. */
	int (*finish)(void *self, const void *how, struct ff_result *out,
		      unsigned threads, struct ff_err *err);
	void (*destroy)(void *self); /* NULL allowed */
};
extern const struct ff_agg_type ff_agg_bundle;
extern const struct ff_agg_type ff_agg_contact;
extern const struct ff_agg_type ff_agg_ephemeral;
extern const struct ff_agg_type ff_agg_netbytes;
const struct ff_agg_type *ff_agg_find(const char *name);
const struct ff_agg_type *ff_agg_at(size_t i); /* sorted by name; NULL past the end */
/* type->finish() with what how_opts give by default. */
int ff_agg_finish(const struct ff_agg_type *type, void *self, struct ff_result *out,
		  unsigned threads, struct ff_err *err);

/* ---- states: a file with one aggregate and its origin ----
 * "FFSTATE\n", u32 container version, kind, state version, payload, XXH3 checksum; all
 * little-endian, so portable. Damaged, foreign or newer files are refused with file,
 * place and reason. */
void ff_state_put_u64(struct ff_state_writer *w, uint64_t v); /* varint */
void ff_state_put_i64(struct ff_state_writer *w, int64_t v);  /* zigzag varint */
void ff_state_put_bytes(struct ff_state_writer *w, const void *p, size_t len); /* raw */
void ff_state_put_text(struct ff_state_writer *w, const char *s);
int ff_state_get_u64(struct ff_state_reader *r, uint64_t *v, struct ff_err *err);
/* n of them, quicker than one by one; what put_i64() wrote is then for _signed(). */
int ff_state_get_u64s(struct ff_state_reader *r, uint64_t *v, size_t n,
		      struct ff_err *err);
static inline int64_t ff_state_signed(uint64_t v)
{
	return (int64_t)(v >> 1 ^ (v & 1 ? UINT64_MAX : 0));
}
int ff_state_get_i64(struct ff_state_reader *r, int64_t *v, struct ff_err *err);
int ff_state_get_bytes(struct ff_state_reader *r, void *p, size_t len,
		       struct ff_err *err);
int ff_state_get_text(struct ff_state_reader *r, char **owned, size_t max,
		      struct ff_err *err);
/* FF_EFORMAT with file, offset and the reason. */
int ff_state_bad(struct ff_state_reader *r, struct ff_err *err, const char *reason);

bool ff_state_is(const uint8_t *head, size_t len); /* first 8 bytes suffice */
int ff_state_save(const char *path, const struct ff_agg_type *type, void *agg,
		  const struct ff_agg_origin *origin, struct ff_err *err);
/* *type tells the kind. All out-values are the caller's. */
int ff_state_load(void **agg, const struct ff_agg_type **type,
		  struct ff_agg_origin *origin, const char *path,
		  const struct ff_agg_context *ctx, struct ff_err *err);
/* Merges the state at `path` into *agg of *type with its origin; while *agg is NULL the
 * state is taken as it is. FF_EFORMAT, naming the file, when it is of another kind,
 * parameters or selection. */
int ff_state_merge(void **agg, const struct ff_agg_type **type,
		   struct ff_agg_origin *origin, const char *path,
		   const struct ff_agg_context *ctx, struct ff_err *err);
/* Kind, version, size of payload, origin, without loading the payload ("flowfig info").
 */
int ff_state_describe(struct ff_buf *out, const char *path, struct ff_err *err);

/* ---- time bins, shared by the aggregates ---- */
struct ff_bins {
	enum { FF_BINS_FIXED, FF_BINS_MONTH, FF_BINS_ALL } kind;
	int64_t width_ns; /* FIXED only */
};
bool ff_bins_parse(struct ff_bins *out, const char *s); /* "5m", "1mo", "all" */
char *ff_bins_format(char *buf, size_t cap, const struct ff_bins *b);
int64_t ff_bin_of(const struct ff_bins *b, int64_t ns);	      /* index */
int64_t ff_bin_start(const struct ff_bins *b, int64_t index); /* ns; 0 for ALL */

#endif
