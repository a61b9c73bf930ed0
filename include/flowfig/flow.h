/* SPDX-License-Identifier: MIT */
/* flow - the flow record, batches of records, and the table of fields. */
#ifndef FLOWFIG_FLOW_H
#define FLOWFIG_FLOW_H

#include <flowfig/base.h>

/* Orientation relative to the monitored (inside) network. */
enum ff_orient {
	FF_ORIENT_UNKNOWN, /* not decided yet; readers leave this when the input says
			      nothing */
	FF_ORIENT_IN,	   /* only dIP is inside */
	FF_ORIENT_OUT,	   /* only sIP is inside */
	FF_ORIENT_INTERNAL,
	FF_ORIENT_EXTERNAL,
	FF_ORIENTS,
};
extern const char *const ff_orient_names[FF_ORIENTS]; /* "unknown" "inbound" "outbound"
							 "internal" "external" */

/* Fields of a record. Bit i of `present` (and of a `want` mask) is field i. */
enum ff_field {
	FF_SIP,
	FF_DIP,
	FF_SPORT,
	FF_DPORT,
	FF_PROTOCOL,
	FF_PACKETS,
	FF_BYTES,
	FF_FLAGS,
	FF_STIME,
	FF_DURATION,
	FF_ETIME,
	FF_SENSOR,
	FF_FLOWTYPE,
	FF_IN,
	FF_OUT,
	FF_NHIP,
	FF_INITIAL_FLAGS,
	FF_SESSION_FLAGS,
	FF_ATTRIBUTES,
	FF_APPLICATION,
	FF_ICMP_TYPE,
	FF_ICMP_CODE,
	FF_FIELDS,
};
#define FF_BIT(field) (UINT32_C(1) << (field))
#define FF_ALL_FIELDS ((UINT32_C(1) << FF_FIELDS) - 1)

/* TCP flag bits; text order is FSRPAUEC. */
enum {
	FF_FIN = 0x01,
	FF_SYN = 0x02,
	FF_RST = 0x04,
	FF_PSH = 0x08,
	FF_ACK = 0x10,
	FF_URG = 0x20,
	FF_ECE = 0x40,
	FF_CWR = 0x80
};
/* attribute bits, as SiLK stores them; text order is T C F S */
enum {
	FF_ATTR_EXPANDED = 0x01,
	FF_ATTR_FIN = 0x08,
	FF_ATTR_SAME_SIZE = 0x10,
	FF_ATTR_TIMEOUT = 0x20,
	FF_ATTR_CONTINUED = 0x40
};

#define FF_SENSOR_NONE 65535
#define FF_FLOWTYPE_NONE 255

/* One unidirectional flow record. A field whose bit in `present` is 0 was not carried by
 * the input (or not asked for): its value is zero and means nothing. */
struct ff_flow {
	struct ff_addr sip, dip, nhip;
	int64_t start_ns, end_ns; /* UTC; end may lie before start in damaged exports */
	uint64_t packets, bytes;
	uint32_t present;
	uint32_t in, out;      /* SNMP interfaces */
	uint16_t sport, dport; /* 0 for ICMP: its type and code are fields of their own */
	uint16_t sensor, application;
	uint8_t protocol;
	uint8_t flags, initial_flags, session_flags;
	uint8_t attributes; /* FF_ATTR_* */
	uint8_t flowtype;
	uint8_t icmp_type, icmp_code; /* present only for protocols 1 and 58 */
	uint8_t orient;		      /* enum ff_orient */
	bool is_v6_record;	      /* stored as IPv6, whatever the addresses (rwfilter
					 --ip-version) */
};

/* ---- a filter: whether a flow matters, as far as its addresses tell ---- */

/* A flow passes when it passes all tests: an address that is looked at lies in the net,
 * or, negated, none does. */
#define FF_FILTER_TESTS 4
struct ff_filter {
	unsigned count;
	struct ff_filter_test {
		uint64_t net[2], mask[2]; /* as ff_prefix_words() has them */
		bool sip, dip;		  /* which addresses are looked at */
		bool negated;
	} tests[FF_FILTER_TESTS];
};
/* When there is no more room the test is left out: then too many flows pass. */
void ff_filter_add(struct ff_filter *f, const struct ff_filter_test *test);
static inline bool ff_filter_pass(const struct ff_filter *f, const struct ff_addr *sip,
				  const struct ff_addr *dip)
{
	uint64_t s[2], d[2];

	memcpy(s, sip->b, 16);
	memcpy(d, dip->b, 16);
	for (const struct ff_filter_test *t = f->tests, *end = t + f->count; t < end;
	     t++) {
		bool of_s = !(((s[0] ^ t->net[0]) & t->mask[0]) |
			      ((s[1] ^ t->net[1]) & t->mask[1]));
		bool of_d = !(((d[0] ^ t->net[0]) & t->mask[0]) |
			      ((d[1] ^ t->net[1]) & t->mask[1]));

		if (((of_s & t->sip) | (of_d & t->dip)) == t->negated)
			return false;
	}
	return true;
}

/* A batch is reused; nobody allocates per record. */
struct ff_batch {
	struct ff_flow *flows;
	size_t count, cap;
	size_t left_out; /* flows that were read with these, but are not wanted */
};
#define FF_BATCH_FLOWS 1024
int ff_batch_init(struct ff_batch *b, size_t cap, struct ff_err *err);
void ff_batch_release(struct ff_batch *b);

/* ---- field table ---- */

enum ff_field_kind {
	FF_KIND_ADDR,
	FF_KIND_NUMBER,
	FF_KIND_TIME,
	FF_KIND_DURATION,
	FF_KIND_FLAGS,
	FF_KIND_ATTRIBUTES,
	FF_KIND_SENSOR,
	FF_KIND_FLOWTYPE,
};
struct ff_field_info {
	const char *name;    /* SiLK's, e.g. "sIP" */
	const char *aliases; /* space-separated other header names, lower case, e.g.
				"srcaddr src_ip sa" */
	const char *unit;    /* "" or e.g. "bytes" */
	enum ff_field_kind kind;
	uint8_t bits; /* of the widest value */
	const char *help;
};
extern const struct ff_field_info ff_field_infos[FF_FIELDS];
/* By name or alias, ignoring case, and unambiguous SiLK prefixes ("pro", "sen"); -1 if
 * none. */
int ff_field_find(const char *name, size_t len);
/* Value of a numeric field (not addresses); times and durations in ns. */
uint64_t ff_field_value(const struct ff_flow *f, enum ff_field field);

/* "FSRPAUEC" letters of the flags; "" for none. buf holds 9 bytes. */
char *ff_format_flags(char *buf, uint8_t flags);
/* Letters in any order and case, spaces and '-'/'.' padding ignored. */
bool ff_parse_flags(uint8_t *out, const char *s, size_t len);
char *ff_format_attributes(char *buf, uint8_t attributes); /* "TCFS" order; 5 bytes */
bool ff_parse_attributes(uint8_t *out, const char *s, size_t len);

/* ---- site: names of sensors, classes and types (SiLK's silk.conf) ----
 * Immutable after loading, except that ff_site_intern may add sensor names (thread-safe).
 */

struct ff_site;
struct ff_site_type {
	const char *class_name, *type_name; /* borrowed from the site */
	enum ff_orient orient; /* from the name: in..., out..., int..., ext... */
	bool is_default;       /* in the class's default-types */
	bool known;
};
/* The built-in site of SiLK's twoway.conf: class all; 0 in 1 out 2 inweb 3 outweb 4
 * innull 5 outnull 6 int2int 7 ext2ext 8 inicmp 9 outicmp 10 other; default-types in
 * inweb inicmp. No sensor names. */
int ff_site_new(struct ff_site **out, struct ff_err *err);
/* Parses silk.conf text (version, sensor, class ... end class, sensors, type,
 * default-types, default-class, group, packing-logic, path-format, include refused by
 * name); `name` is for messages. */
int ff_site_parse(struct ff_site **out, const char *name, const char *text, size_t len,
		  struct ff_err *err);
void ff_site_free(struct ff_site *s);
bool ff_site_is_loaded(const struct ff_site *s); /* from a silk.conf, not built in */
const struct ff_site_type *ff_site_type(const struct ff_site *s,
					unsigned flowtype); /* never NULL; .known tells */
int ff_site_find_type(const struct ff_site *s, const char *class_name,
		      const char *type_name); /* id or -1 */
bool ff_site_has_class(const struct ff_site *s, const char *class_name);
const char *ff_site_default_class(const struct ff_site *s);
/* Name of a sensor: "S1", or its number as text when it has none, "?" for 65535. buf
 * >= 8. */
const char *ff_site_sensor(const struct ff_site *s, unsigned id, char *buf, size_t cap);
int ff_site_find_sensor(const struct ff_site *s, const char *name,
			size_t len); /* id or -1 */
unsigned
ff_site_max_sensor(const struct ff_site *s); /* highest defined id; 0 when none */
/* Finds or adds a sensor name met in text input; ids count up from 0 in free places. -1
 * when full, or when the name is longer than 255 bytes. */
int ff_site_intern(struct ff_site *s, const char *name, size_t len);

#endif
