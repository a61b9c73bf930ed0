/* SPDX-License-Identifier: MIT */
/* silk - the parts of the SiLK reader: silk.c (blocks), silk_layout.c (which record of
 * which format and version is laid out how), silk_unpack_*.c (records to flows). */
#ifndef FLOWFIG_INPUT_SILK_H
#define FLOWFIG_INPUT_SILK_H

#include <flowfig/file.h>
#include <flowfig/flow.h>

/* Format ids of files with flows. */
enum silk_format {
	SILK_RWIPV6 = 0x0b,
	SILK_RWIPV6ROUTING = 0x0c,
	SILK_RWAUGSNMPOUT = 0x0d,
	SILK_RWAUGROUTING = 0x0e,
	SILK_RWROUTED = 0x10,
	SILK_RWNOTROUTED = 0x11,
	SILK_RWSPLIT = 0x12,
	SILK_RWFILTER = 0x13,
	SILK_RWAUGMENTED = 0x14,
	SILK_RWAUGWEB = 0x15,
	SILK_RWGENERIC = 0x16,
	SILK_FLOWCAP = 0x1c,
	SILK_RWWWW = 0x1f,
};

/* `keep` for IPv4 addresses in host order. */
struct silk_keep_v4 {
	unsigned count;
	struct {
		uint32_t net, mask;
		bool sip, dip, negated;
	} tests[FF_FILTER_TESTS];
};

/* What unpacking needs besides the record; constant for a file. */
struct silk_context {
	bool big;	       /* byte order of the records */
	int64_t hour_ns;       /* of header entry 1; 0 without it */
	uint16_t sensor;       /* of header entry 1, else FF_SENSOR_NONE */
	uint8_t flowtype;      /* of header entry 1, else FF_FLOWTYPE_NONE */
	uint32_t present;      /* what every record of the layout carries */
	uint8_t orient[256];   /* enum ff_orient by flowtype; all unknown when nobody asks
				*/
	struct ff_filter keep; /* for silk_sift_fn */
	struct silk_keep_v4 keep_v4;
};

/* Unpacks n records to flows[0..n); stops before a record whose times cannot be. Returns
 * the number unpacked. Every member of the flows is set. */
typedef size_t silk_unpack_fn(const struct silk_context *c, const uint8_t *records,
			      size_t n, struct ff_flow *flows);

/* Goes through n records, at most SILK_SIFT, as far as silk_unpack_fn does, and unpacks
 * the flows that pass `keep`, *kept of them. Returns the number gone through. */
typedef size_t silk_sift_fn(const struct silk_context *c, const uint8_t *records,
			    size_t n, struct ff_flow *flows, size_t *kept);
enum { SILK_SIFT = 1024 };

/* Ways to unpack less of a layout. */
struct silk_less {
	/* only SILK_BRIEF, which is all that finding who touched whom needs */
	silk_unpack_fn *brief;
	silk_sift_fn *sift; /* or NULL */
};

struct silk_layout {
	uint8_t format;
	uint8_t version;
	uint16_t length;  /* bytes of a record */
	uint32_t carries; /* FF_BIT mask, without sensor and type of header entry 1 */
	silk_unpack_fn *unpack;
	const struct silk_less *less; /* or NULL */
};
#define SILK_BRIEF                                                                  \
	(FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_STIME) | FF_BIT(FF_PROTOCOL) | \
	 FF_BIT(FF_SENSOR) | FF_BIT(FF_FLOWTYPE))

const struct silk_layout *silk_layout_find(unsigned format,
					   unsigned version); /* or NULL */
const struct silk_layout *silk_layout_at(size_t i);	      /* NULL past the end */
const char *silk_format_name(unsigned format); /* "FT_RWGENERIC"; NULL when unknown */
bool silk_format_has_flows(unsigned format);

/* silk_unpack_expanded.c: formats with all fields at full width */
silk_unpack_fn silk_generic_v0, silk_generic_v1, silk_generic_v2, silk_generic_v3,
	silk_generic_v5, silk_generic_v5_brief, silk_ipv6routing_v1,
	silk_ipv6routing_v1_brief, silk_ipv6routing_v2, silk_ipv6routing_v3, silk_ipv6_v1,
	silk_ipv6_v2;
silk_sift_fn silk_generic_v5_sift, silk_ipv6routing_v1_sift;
/* What the two leave out. */
void silk_set_keep(struct silk_context *c, const struct ff_filter *keep);
/* silk_unpack_flowcap.c: flow collectors' and old rwfilter's */
silk_unpack_fn silk_flowcap_v2, silk_flowcap_v3, silk_flowcap_v4, silk_flowcap_v5,
	silk_flowcap_v6, silk_filter_v1, silk_filter_v2, silk_filter_v3, silk_filter_v4;
/* silk_unpack_packed.c: hourly repository files, times within the hour, bytes per packet
 */
silk_unpack_fn silk_split_v1, silk_split_v3, silk_split_v5, silk_notrouted_v1,
	silk_notrouted_v3, silk_notrouted_v5, silk_routed_v1, silk_routed_v3,
	silk_routed_v5, silk_www_v1, silk_www_v3, silk_www_v5;
/* silk_unpack_augmented.c: the same with split TCP flags and application */
silk_unpack_fn silk_augmented_v1, silk_augmented_v4, silk_augmented_v5,
	silk_augrouting_v1, silk_augrouting_v4, silk_augrouting_v5, silk_augsnmpout_v1,
	silk_augsnmpout_v4, silk_augsnmpout_v5, silk_augweb_v1, silk_augweb_v4,
	silk_augweb_v5;

#endif
