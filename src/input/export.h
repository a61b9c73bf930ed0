/* SPDX-License-Identifier: MIT */
/* export - what devices export: NetFlow v5 and v9, IPFIX (RFC 7011, and files of RFC
 * 5655).
 *
 * A session is what must be remembered from message to message: templates, what options
 * told, and data sets whose template has not come yet. export_message() walks a message
 * in the order of the stream, learns its templates, and lists its data sets as items of
 * the block, each with the template that was in force there. export_decode() turns items
 * into flows on any thread, for what an item points to never changes: templates are kept
 * by content, once, until the session ends.
 *
 * libfixbuf was weighed and left: it gives NetFlow v9 only from sockets that it
 * listens on itself, drops data that comes before its template, takes memory through
 * GLib, which ends the process when there is none, and copies each record through a
 * template of the reader's own. */
#ifndef FF_INPUT_EXPORT_H
#define FF_INPUT_EXPORT_H

#include <flowfig/input.h>

enum {
	EXPORT_V5 = 5,
	EXPORT_V9 = 9,
	EXPORT_IPFIX = 10,
	EXPORT_MESSAGE_MAX = 65535,
	EXPORT_PENDING_MAX = 4 << 20, /* bytes of data sets that wait for templates */
	EXPORT_KEPT_MAX = 16 << 20,   /* bytes of templates and domains */
};

/* ---- templates ---- */

/* What a field of a record means: addresses first, then numbers. A pair of times is the
 * start, then the end. */
enum export_kind {
	EXPORT_SKIP,
	EXPORT_SIP4,
	EXPORT_DIP4,
	EXPORT_NHIP4,
	EXPORT_SIP6,
	EXPORT_DIP6,
	EXPORT_NHIP6,
	EXPORT_ADDRESSES,
	EXPORT_SPORT = EXPORT_ADDRESSES,
	EXPORT_DPORT,
	EXPORT_TCP_SPORT, /* of templates that have TCP's ports apart */
	EXPORT_TCP_DPORT,
	EXPORT_PROTOCOL,
	EXPORT_VERSION,
	EXPORT_BYTES,
	EXPORT_BYTES_TOTAL,
	EXPORT_BYTES_POST, /* after what the device did to them */
	EXPORT_BYTES_LAYER2,
	EXPORT_PACKETS,
	EXPORT_PACKETS_TOTAL,
	EXPORT_PACKETS_POST,
	EXPORT_INITIATOR_BYTES,
	EXPORT_RESPONDER_BYTES,
	EXPORT_INITIATOR_PACKETS,
	EXPORT_RESPONDER_PACKETS,
	EXPORT_FLAGS,
	EXPORT_INITIAL_FLAGS,
	EXPORT_UNION_FLAGS,
	EXPORT_IN,
	EXPORT_OUT,
	EXPORT_START_MS,
	EXPORT_END_MS,
	EXPORT_START_NTP_NS,
	EXPORT_END_NTP_NS,
	EXPORT_START_NTP_US,
	EXPORT_END_NTP_US,
	EXPORT_START_S,
	EXPORT_END_S,
	EXPORT_START_UPTIME,
	EXPORT_END_UPTIME,
	EXPORT_START_DELTA_US, /* before the message */
	EXPORT_END_DELTA_US,
	EXPORT_OBSERVED_MS,
	EXPORT_OBSERVED_S,
	EXPORT_DURATION_MS,
	EXPORT_DURATION_US,
	EXPORT_REVERSE_DELAY_MS,
	EXPORT_BOOT_MS,
	EXPORT_ICMP4, /* type * 256 + code */
	EXPORT_ICMP6,
	EXPORT_ICMP_TYPE,
	EXPORT_ICMP_CODE,
	EXPORT_END_REASON,
	EXPORT_ATTRIBUTES,
	EXPORT_TCP_STATE,
	EXPORT_FLOWTYPE,
	EXPORT_SENSOR,
	EXPORT_APPLICATION,
	EXPORT_EVENT,
	EXPORT_NAT_EVENT,
	EXPORT_SAMPLING,	 /* one packet in so many */
	EXPORT_SAMPLING_PACKETS, /* so many packets taken, ... */
	EXPORT_SAMPLING_SPACE,	 /* ... then so many left out */
	EXPORT_SAMPLER,
	EXPORT_KINDS,
};
_Static_assert(EXPORT_KINDS <= 64, "kinds are bits of a mask");
#define EXPORT_BIT(kind) (UINT64_C(1) << (kind))
#define EXPORT_RATES (EXPORT_BIT(EXPORT_SAMPLING) | EXPORT_BIT(EXPORT_SAMPLING_PACKETS))

enum { EXPORT_VARIABLE = 65535 }; /* length of a field whose length is in the record */

struct export_step {
	uint16_t at;  /* in a record of fixed length */
	uint16_t len; /* or EXPORT_VARIABLE */
	uint8_t kind; /* enum export_kind */
	uint8_t side; /* 1: of the reverse direction (RFC 5103) */
};

struct export_node {
	struct export_node *next;
	uint64_t hash;
};
/* Chained, keyed by what the nodes hold; looks at ->next with equal ->hash. */
struct export_table {
	struct export_node **heads;
	size_t cap, count;
};
struct export_node *export_table_first(const struct export_table *t, uint64_t hash);
struct export_node *export_table_next(const struct export_node *n);
int export_table_add(struct export_table *t, struct export_node *n, uint64_t hash,
		     struct ff_err *err);
void export_table_release(struct export_table *t); /* frees the nodes too */

/* Immutable. */
struct export_template {
	struct export_node node;
	bool variable; /* the length of a record is in it */
	uint16_t nsteps;
	uint32_t size; /* of a record; the least when it varies */
	uint64_t kinds[2];
	/* the definition, to know it again */
	uint8_t version;
	uint16_t scopes;
	uint32_t defined_len;
	const uint8_t *defined;
	struct export_step steps[];
};

struct export_templates {
	struct export_table table;
	size_t kept; /* bytes */
	uint32_t want;
};
/* The template that `count` fields at p define; scopes > 0: an options template, whose
 * first fields they are. *used becomes the bytes of the fields. FF_EFORMAT with the bare
 * reason: it is damaged; FF_ELIMIT: there are too many. */
int export_template_find(const struct export_template **out, size_t *used,
			 struct export_templates *all, unsigned version, unsigned count,
			 unsigned scopes, const uint8_t *p, size_t len,
			 struct ff_err *err);
void export_templates_release(struct export_templates *all);

/* ---- records ---- */

/* The values of one record, forward and reverse. Only what `has` tells is set. */
struct export_values {
	uint64_t has[2];
	uint64_t number[2][EXPORT_KINDS];
	const uint8_t *addr[EXPORT_ADDRESSES];
};
/* Reads the record at p; returns its length, 0 when it would pass `len`. */
size_t export_values_read(struct export_values *v, const struct export_template *t,
			  const uint8_t *p, size_t len);

#define EXPORT_NO_SAMPLER UINT32_MAX
struct export_rate {
	uint32_t sampler, sent, of; /* `sent` packets were looked at of `of` */
};
/* What an exporter's options told of its sampling. Immutable. */
struct export_sampling {
	struct export_sampling *next;
	size_t count;
	struct export_rate rates[];
};

/* ---- items: data sets that can be decoded ---- */

struct export_item {
	const struct export_template *template;
	const struct export_sampling *sampling; /* or NULL */
	int64_t export_ns;			/* of the message */
	int64_t boot_ns;			/* IPFIX: of the device */
	uint64_t offset;			/* of the records in the input */
	size_t at, len;				/* and in the block */
	uint32_t uptime_ms;			/* NetFlow: of the device, at export_ns */
	uint16_t interval;			/* NetFlow v5: sampling */
	uint8_t version;
	bool has_boot;
	bool cut; /* the end of it is missing, which has been counted */
};
/* Appends flows of the block's items until the batch has room for less than two or
 * they are used up. The place is kept in b->note (item) and b->pos (byte of it). */
struct export_session;
void export_decode(const struct export_session *s, struct ff_block *b,
		   struct ff_batch *out);
extern const uint32_t export_carries; /* FF_BIT mask of the fields that flows may have */

/* ---- sessions ---- */

/* `name` of the input is for messages, borrowed. */
int export_session_new(struct export_session **out, const char *name,
		       const struct ff_input_opts *o, struct ff_err *err);
void export_session_free(struct export_session *s);
/* Empties the list of items of a block. */
void export_begin(struct ff_block *b);
/* Walks the message at b->data[at..at + len), which is whole, or `cut`: what is left of
 * it. Data sets that waited for its templates are appended to b->data. Damage is counted
 * in the block; < 0 only when memory ran out. `exporter` may be NULL. */
int export_message(struct export_session *s, const struct ff_addr *exporter,
		   struct ff_block *b, size_t at, size_t len, bool cut,
		   struct ff_err *err);
/* Counts in the block what still waits for a template, and forgets it. */
void export_end(struct export_session *s, struct ff_block *b);

/* ---- messages one after the other ---- */

/* How many bytes the message at `data` has, which may be more than `len` when that cuts
 * it short. 0: more must be seen; never when at_end. < 0: no message begins here. */
ptrdiff_t export_frame(const uint8_t *data, size_t len, bool at_end);
/* Whether a message begins here, by its header and what of the first set is seen. */
bool export_looks(const uint8_t *data, size_t len);
/* Whether a datagram of `len` bytes, of which `seen` are at hand, is a message and
 * nothing else. */
bool export_is_datagram(const uint8_t *data, size_t seen, size_t len);

/* ---- captures: pcap and pcapng files with the datagrams in them ---- */

enum { EXPORT_INTERFACES = 1024 };
enum export_container { EXPORT_BARE, EXPORT_PCAP, EXPORT_PCAPNG };
struct export_capture {
	enum export_container kind;
	bool begun, big;
	uint32_t link; /* pcap: link type of the file */
	/* pcapng: of each interface of the section; no more are known than fit */
	uint16_t links[EXPORT_INTERFACES];
	size_t nlinks;
};
/* What a piece of a capture holds. */
struct export_packet {
	bool is_packet; /* else it is of the container's own */
	bool is_udp;
	bool is_fragment; /* of a datagram that is cut in pieces */
	bool is_cut;	  /* not captured whole */
	struct ff_addr from;
	size_t at, len; /* the datagram */
};
/* The kind of container; its first bytes are read. */
enum export_container export_capture_kind(const uint8_t *head, size_t len);
/* Reads the next piece: its bytes; 0: *need of them must be seen; < 0: damaged, with the
 * bare reason. */
ptrdiff_t export_capture_next(struct export_capture *c, struct export_packet *p,
			      size_t *need, const uint8_t *data, size_t len,
			      struct ff_err *err);
/* Whether all UDP datagrams of a capture's first bytes are exports, at least one; *out
 * becomes the first. */
bool export_capture_first(struct export_packet *out, const uint8_t *head, size_t len);

/* ---- the reader of both formats ---- */

int export_open(void **self, struct ff_stream *in, const struct ff_input_opts *o,
		struct ff_err *err);
int export_fetch(void *self, struct ff_block *b, struct ff_err *err);
int export_decode_block(void *self, struct ff_block *b, struct ff_batch *out,
			struct ff_err *err);
int export_describe(void *self, struct ff_input_info *info, struct ff_err *err);
void export_close(void *self);

#endif
