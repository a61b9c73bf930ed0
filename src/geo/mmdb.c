/* SPDX-License-Identifier: MIT */
/* mmdb - a MaxMind DB, walked once from end to end through libmaxminddb.
 *
 * In an IPv6 database the IPv4 addresses lie in ::/96, and writers let other prefixes
 * (::ffff:0:0/96, 2001::/32, 2002::/16) point to the same node. Such places become
 * aliases, so that each node is walked once; a file whose nodes are met much more often
 * than there are nodes is no tree and is refused. */
#include "geo/source.h"

#ifdef FF_HAVE_MAXMINDDB
#include <maxminddb.h>

#include <inttypes.h>
#include <stdio.h>

enum { MMDB_CACHE = 1 << 14, MMDB_SPARE_VISITS = 1 << 16 };

/* What the data at an offset says; many networks share one. */
struct mmdb_said {
	uint32_t offset; /* from the start of the data, plus 1; 0 = empty slot */
	uint32_t asn;
	uint16_t country;
};

struct mmdb_record {
	uint64_t node; /* of a node */
	uint8_t type;
	MMDB_entry_s entry; /* of data */
};

struct mmdb_walk {
	struct geo_source *out;
	const char *path;
	const MMDB_s *db;
	struct mmdb_said *cache;
	uint64_t visits, visits_max;
	struct mmdb_record v4; /* where the IPv4 addresses are */
	bool is_v4;	       /* walking below it */
};

static int mmdb_damaged(const struct mmdb_walk *w, int code, struct ff_err *err)
{
	const char *why = "its data are damaged";

	switch (code) {
	case MMDB_OUT_OF_MEMORY_ERROR:
		return ff_fail_nomem(err);
	case MMDB_FILE_OPEN_ERROR:
	case MMDB_IO_ERROR:
		return ff_fail(err, FF_EIO, "cannot read '%s'", w->path);
	case MMDB_UNKNOWN_DATABASE_FORMAT_ERROR:
		why = "it is of a version of the MaxMind DB format that is not known";
		break;
	case MMDB_INVALID_METADATA_ERROR:
	case MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR: /* while opening */
		why = "its metadata are damaged";
		break;
	case MMDB_CORRUPT_SEARCH_TREE_ERROR:
	case MMDB_INVALID_NODE_NUMBER_ERROR:
		why = "its search tree is damaged";
		break;
	}
	return ff_fail(err, FF_EFORMAT, "'%s': %s", w->path, why);
}

/* ---- what a record says ---- */

/* 1 = found, 0 = no such key, < 0 = damaged. */
static int mmdb_get(MMDB_entry_data_s *data, const struct mmdb_walk *w,
		    MMDB_entry_s *entry, const char *const *keys, struct ff_err *err)
{
	int code = MMDB_aget_value(entry, data, keys);

	if (code == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR)
		return 0;
	if (code != MMDB_SUCCESS)
		return mmdb_damaged(w, code, err);
	return data->has_data;
}

static int mmdb_country(uint16_t *out, const struct mmdb_walk *w, MMDB_entry_s *entry,
			struct ff_err *err)
{
	static const char *const keys[][3] = {
		{"country", "iso_code"},
		{"country_code"},
		{"country"},
	};

	*out = FF_COUNTRY_NONE;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		MMDB_entry_data_s data;
		int rc = mmdb_get(&data, w, entry, keys[i], err);

		if (rc < 0)
			return rc;
		if (rc && data.type == MMDB_DATA_TYPE_UTF8_STRING &&
		    ff_parse_country(out, data.utf8_string, data.data_size))
			return FF_OK;
	}
	return FF_OK;
}

/* 13335 of "AS13335" and "13335". */
static uint32_t mmdb_asn_text(const char *s, size_t len)
{
	uint64_t v;

	if (len > 2 && s[0] == 'A' && s[1] == 'S') {
		s += 2;
		len -= 2;
	}
	return ff_parse_u64(&v, s, len) && v <= UINT32_MAX ? (uint32_t)v : 0;
}

static int mmdb_asn(uint32_t *out, const struct mmdb_walk *w, MMDB_entry_s *entry,
		    struct ff_err *err)
{
	static const char *const keys[][3] = {
		{"autonomous_system_number"},
		{"asn"},
		{"traits", "autonomous_system_number"},
	};

	*out = 0;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && !*out; i++) {
		MMDB_entry_data_s data;
		int rc = mmdb_get(&data, w, entry, keys[i], err);

		if (rc < 0)
			return rc;
		if (!rc)
			continue;
		if (data.type == MMDB_DATA_TYPE_UINT32)
			*out = data.uint32;
		else if (data.type == MMDB_DATA_TYPE_UINT16)
			*out = data.uint16;
		else if (data.type == MMDB_DATA_TYPE_UINT64 && data.uint64 <= UINT32_MAX)
			*out = (uint32_t)data.uint64;
		else if (data.type == MMDB_DATA_TYPE_UTF8_STRING)
			*out = mmdb_asn_text(data.utf8_string, data.data_size);
	}
	return FF_OK;
}

static int mmdb_ask(struct mmdb_said *out, struct mmdb_walk *w,
		    const struct mmdb_record *r, struct ff_err *err)
{
	MMDB_entry_s entry = r->entry;
	struct mmdb_said *said;
	int rc;

	*out = (struct mmdb_said){.country = FF_COUNTRY_NONE};
	if (r->type == MMDB_RECORD_TYPE_EMPTY)
		return FF_OK;
	said = &w->cache[ff_mix64(entry.offset) % MMDB_CACHE];
	if (said->offset != entry.offset + 1) {
		out->offset = entry.offset + 1;
		if ((rc = mmdb_country(&out->country, w, &entry, err)) ||
		    (rc = mmdb_asn(&out->asn, w, &entry, err)))
			return rc;
		*said = *out;
	}
	*out = *said;
	return FF_OK;
}

/* ---- the tree ---- */

static int mmdb_leaf(struct mmdb_walk *w, const struct mmdb_record *r, struct geo_num at,
		     struct ff_err *err)
{
	struct geo_source *g = w->out;
	struct mmdb_said said;
	int rc = mmdb_ask(&said, w, r, err);

	if (rc)
		return rc;
	if (w->is_v4) {
		rc = geo_ranges_add4(&g->country, (uint32_t)at.lo, said.country, err);
		return rc ? rc : geo_ranges_add4(&g->asn, (uint32_t)at.lo, said.asn, err);
	}
	rc = geo_ranges_add6(&g->country, at, said.country, err);
	return rc ? rc : geo_ranges_add6(&g->asn, at, said.asn, err);
}

static int mmdb_read(struct mmdb_record out[2], struct mmdb_walk *w, uint64_t node,
		     struct ff_err *err)
{
	MMDB_search_node_s n;
	int code = MMDB_read_node(w->db, (uint32_t)node, &n);

	if (code != MMDB_SUCCESS)
		return mmdb_damaged(w, code, err);
	out[0] = (struct mmdb_record){n.left_record, n.left_record_type,
				      n.left_record_entry};
	out[1] = (struct mmdb_record){n.right_record, n.right_record_type,
				      n.right_record_entry};
	for (int i = 0; i < 2; i++)
		/* some versions of the library take the separator before the data for
		 * data, at an offset below 0 */
		if (out[i].type == MMDB_RECORD_TYPE_INVALID ||
		    (out[i].type == MMDB_RECORD_TYPE_DATA &&
		     out[i].entry.offset >= w->db->data_section_size))
			return ff_fail(err, FF_EFORMAT,
				       "'%s': node %" PRIu64
				       " of the search tree points outside of the data",
				       w->path, node);
	return FF_OK;
}

/* Whether the place is one from which the IPv4 addresses are reached. */
static bool mmdb_is_alias(struct mmdb_walk *w, const struct mmdb_record *r,
			  struct geo_num at, unsigned bits)
{
	return !w->is_v4 && r->type == MMDB_RECORD_TYPE_SEARCH_NODE &&
	       w->v4.type == MMDB_RECORD_TYPE_SEARCH_NODE && r->node == w->v4.node &&
	       bits <= 96 && geo_ranges_alias(&w->out->country, at, bits) &&
	       geo_ranges_alias(&w->out->asn, at, bits);
}

/* Everything below a record; its addresses begin at `at` and have `bits` in common. */
static int mmdb_walk(struct mmdb_walk *w, const struct mmdb_record *r, struct geo_num at,
		     unsigned bits, struct ff_err *err)
{
	static const struct mmdb_record nothing = {.type = MMDB_RECORD_TYPE_EMPTY};
	struct mmdb_record half[2];
	unsigned below = 127 - bits;
	int rc;

	if (r->type != MMDB_RECORD_TYPE_SEARCH_NODE)
		return mmdb_leaf(w, r, at, err);
	if (mmdb_is_alias(w, r, at, bits))
		return mmdb_leaf(w, &nothing, at, err);
	if (bits == 128)
		return ff_fail(err, FF_EFORMAT, "'%s': the search tree is too deep",
			       w->path);
	if (++w->visits > w->visits_max)
		return ff_fail(err, FF_EFORMAT, "'%s': the search tree runs into itself",
			       w->path);
	if ((rc = mmdb_read(half, w, r->node, err)) ||
	    (rc = mmdb_walk(w, &half[0], at, bits + 1, err)))
		return rc;
	if (below >= 64)
		at.hi |= UINT64_C(1) << (below - 64);
	else
		at.lo |= UINT64_C(1) << below;
	return mmdb_walk(w, &half[1], at, bits + 1, err);
}

/* The record of ::/96. */
static int mmdb_find_v4(struct mmdb_walk *w, const struct mmdb_record *root,
			struct ff_err *err)
{
	w->v4 = *root;
	for (int i = 0; i < 96 && w->v4.type == MMDB_RECORD_TYPE_SEARCH_NODE; i++) {
		struct mmdb_record half[2];
		int rc = mmdb_read(half, w, w->v4.node, err);

		if (rc)
			return rc;
		w->v4 = half[0];
	}
	return FF_OK;
}

static int mmdb_walk_all(struct mmdb_walk *w, struct ff_err *err)
{
	const struct mmdb_record root = {.type = MMDB_RECORD_TYPE_SEARCH_NODE};
	const struct geo_num zero = {0, 0};
	int rc = FF_OK;

	w->v4 = root;
	if (w->db->metadata.ip_version == 6 && (rc = mmdb_find_v4(w, &root, err)))
		return rc;
	w->is_v4 = true;
	if ((rc = mmdb_walk(w, &w->v4, zero, 96, err)))
		return rc;
	w->is_v4 = false;
	return w->db->metadata.ip_version == 6 ? mmdb_walk(w, &root, zero, 0, err)
					       : FF_OK;
}

/* For messages: what cannot be printed becomes '?'. */
static void mmdb_type(char out[GEO_TYPE_TEXT], const char *type)
{
	snprintf(out, GEO_TYPE_TEXT, "%s", type);
	for (; *out; out++)
		if (*out < 0x20 || *out > 0x7e)
			*out = '?';
}

int geo_read_mmdb(struct geo_source *g, const char *path, struct ff_err *err)
{
	struct mmdb_walk w = {.out = g, .path = path};
	MMDB_s db;
	int code = MMDB_open(path, MMDB_MODE_MMAP, &db), rc;

	w.db = &db;
	if (code != MMDB_SUCCESS)
		return mmdb_damaged(&w, code, err);
	w.visits_max = 2 * (uint64_t)db.metadata.node_count + MMDB_SPARE_VISITS;
	if (!(w.cache = ff_calloc(MMDB_CACHE, sizeof(*w.cache)))) {
		rc = ff_fail_nomem(err);
	} else {
		rc = mmdb_walk_all(&w, err);
		mmdb_type(g->type, db.metadata.database_type);
		if (db.metadata.build_epoch < INT64_MAX / FF_SEC)
			g->built_ns = (int64_t)db.metadata.build_epoch * FF_SEC;
	}
	ff_free(w.cache);
	MMDB_close(&db);
	return rc;
}

#else

int geo_read_mmdb(struct geo_source *g, const char *path, struct ff_err *err)
{
	(void)g;
	return ff_fail(err, FF_EFORMAT,
		       "'%s' is a MaxMind DB, which this build cannot read; install "
		       "libmaxminddb and build again",
		       path);
}

#endif
