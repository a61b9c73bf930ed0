/* SPDX-License-Identifier: MIT */
/* source - what one file tells, and the readers of the formats. */
#ifndef FF_GEO_SOURCE_H
#define FF_GEO_SOURCE_H

#include <flowfig/file.h>
#include <flowfig/geo.h>

#include "geo/ranges.h"

enum { GEO_TYPE_TEXT = 64, GEO_PMAP_FORMAT = 0x25 };
#define GEO_FILE_MAX (UINT64_C(1) << 30)

struct geo_source {
	struct geo_ranges country, asn; /* sealed by the caller */
	char type[GEO_TYPE_TEXT];	/* "GeoLite2-Country", "text ranges" */
	int64_t built_ns;		/* INT64_MIN when the file does not say */
};

/* Each fills an empty source; what it filled is released by the caller, also after a
 * failure. */
int geo_read_mmdb(struct geo_source *g, const char *path, struct ff_err *err);
int geo_read_text(struct geo_source *g, struct ff_stream *in, struct ff_err *err);
int geo_read_pmap(struct geo_source *g, struct ff_stream *in, struct ff_err *err);

#endif
