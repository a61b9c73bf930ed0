/* SPDX-License-Identifier: MIT */
/* nfdump - the parts of the reader of nfcapd files: nfdump_header.c (what the file says
 * of itself), nfdump_fetch.c (claiming blocks), nfdump.c (decoding them), nfdump_order.c
 * (what records of one block mean for those after it), nfdump_flow.c (records to flows).
 *
 * A file is a header and blocks; a block is a head of 12 bytes and records, which may be
 * compressed together; a record is u16 type, u16 size with these four bytes, and what
 * it holds. All numbers are little-endian. Layout 1 is of nfdump 1.6, layout 2 of 1.7. */
#ifndef FLOWFIG_INPUT_NFDUMP_H
#define FLOWFIG_INPUT_NFDUMP_H

#include <flowfig/input.h>

enum {
	NFDUMP_BLOCK_MAX = 5 << 20, /* nfdump's own limit, stored and expanded */
	NFDUMP_BLOCK_HEAD = 12,
	NFDUMP_RECORD_HEAD = 4,
};

enum nfdump_block_type {
	NFDUMP_BLOCK_15 = 1, /* flows of nfdump 1.5 */
	NFDUMP_BLOCK_1 = 2,  /* records, layout 1 */
	NFDUMP_BLOCK_2 = 3,  /* records, layout 2; a histogram in layout 1 */
	NFDUMP_BLOCK_ARRAY = 4,
};

enum nfdump_record_type {
	NFDUMP_FLOW_OLD = 1, /* before 1.6.12 */
	NFDUMP_MAP = 2,
	NFDUMP_SAMPLER_OLD = 9,
	NFDUMP_FLOW_1 = 10,
	NFDUMP_FLOW_2 = 11,
	NFDUMP_SAMPLER = 15,
	NFDUMP_FLOW_18 = 16, /* nfdump 1.8 */
	NFDUMP_IDENT = 0x8001,
	NFDUMP_STATISTICS = 0x8002,
};

/* ---- nfdump_header.c ---- */

struct nfdump_statistics { /* of the file, as its writer counted */
	uint64_t flows, bytes, packets;
	uint64_t first_ms, last_ms; /* 0 = unknown */
	uint64_t failures;	    /* of the sequence numbers of the exporters */
};

struct nfdump_header {
	unsigned layout;  /* 1 or 2 */
	uint32_t version; /* of nfdump, 0x01070100 = 1.7.1; layout 2 */
	enum ff_codec codec;
	bool is_anonymised; /* layout 1 */
	unsigned creator;   /* program; 0 = unknown; layout 2 */
	int64_t created_s;  /* layout 2 */
	uint32_t blocks;    /* of data; 0 also when the writer has not finished */
	uint64_t body;	    /* where they begin */
	uint64_t appendix;  /* layout 2: where ident and statistics stand; 0 = nowhere */
	unsigned appendix_blocks;
	char ident[129];
	bool has_statistics;
	struct nfdump_statistics statistics;
};

/* Reads and checks the header; what is not supported is refused by name. The stream
 * stands at the first block afterwards. */
int nfdump_header_read(struct nfdump_header *out, struct ff_stream *in,
		       struct ff_err *err);
/* Ident and statistics of layout 2, where they can be read; else nothing happens. */
int nfdump_header_appendix(struct nfdump_header *h, const struct ff_stream *in,
			   struct ff_err *err);
int nfdump_header_describe(const struct nfdump_header *h, const struct ff_stream *in,
			   struct ff_input_info *info, struct ff_err *err);

/* ---- blocks and records ---- */

struct nfdump_block {
	uint32_t records; /* as its head says */
	uint32_t stored;  /* bytes after the head */
	unsigned type;
};

static inline struct nfdump_block nfdump_block_head(const uint8_t *p)
{
	return (struct nfdump_block){ff_get_u32(p, false), ff_get_u32(p + 4, false),
				     ff_get_u16(p + 8, false)};
}

/* The size of the record at p, of which `left` bytes are there; 0 when it cannot be. */
static inline size_t nfdump_record_size(const uint8_t *p, size_t left)
{
	size_t size;

	if (left < NFDUMP_RECORD_HEAD)
		return 0;
	size = ff_get_u16(p + 2, false);
	return size < NFDUMP_RECORD_HEAD || size > left ? 0 : size;
}

/* ---- nfdump_order.c: what is told by earlier records ----
 * Flows of layout 1 hold what an extension map before them lists. With --scale-sampling
 * it matters which samplers have been told. Then blocks are decompressed on all threads,
 * but looked through for such records in the order of the file, each once all before it
 * have been: that finds for every flow of the block what counts for it. */

enum { NFDUMP_ABSENT = 0xffff };
struct nfdump_map { /* offsets are behind a record's counters; NFDUMP_ABSENT = not there
		     */
	uint32_t bytes; /* of all extensions */
	uint16_t in_out, next_hop, out_packets, out_bytes, event;
	bool is_wide_in_out, is_v6_next_hop, is_wide_out_packets, is_wide_out_bytes;
	bool is_known; /* else no map of this id has been told */
};

/* From `at` on, up to the next rule, flows are read so. */
struct nfdump_rule {
	uint32_t at; /* offset within the block's records */
	struct nfdump_map map;
	/* counts are multiplied by total / interval; 0 = as they are */
	uint64_t interval, total;
};

struct nfdump_order;
int nfdump_order_new(struct nfdump_order **out, bool with_rates, struct ff_err *err);
void nfdump_order_free(struct nfdump_order *o); /* NULL allowed */
/* Waits until the blocks numbered below `turn` are done. */
void nfdump_order_enter(struct nfdump_order *o, unsigned turn);
/* Appends the rules for the flows among `len` bytes of records to *rules. In turn. */
int nfdump_order_scan(struct nfdump_order *o, struct ff_buf *rules,
		      const uint8_t *records, size_t len, uint32_t count,
		      struct ff_err *err);
/* To be called once for each turn, whatever has become of its block. */
void nfdump_order_leave(struct nfdump_order *o);
/* Why the map at p cannot be, or NULL. */
const char *nfdump_map_read(struct nfdump_map *out, const uint8_t *p, size_t size);

/* ---- nfdump_flow.c ---- */

/* What unpacking needs besides the record; constant for a file. */
struct nfdump_context {
	uint64_t elements; /* of layout 2 that are looked at: bit i is element i */
	bool wants_in_out, wants_next_hop;
};
void nfdump_context_init(struct nfdump_context *c, uint32_t want);
/* Turns the record into one flow or two (a biflow). 0: it is about others, e.g. a map;
 * NFDUMP_NO_FLOW: one of a flow that lacks what every flow must tell, addresses or times;
 * -1 with the reason: damaged, or of a kind that is not supported. `rule` is NULL where
 * blocks stand alone. */
enum { NFDUMP_NO_FLOW = 3 };
int nfdump_flow(const struct nfdump_context *c, const struct nfdump_rule *rule,
		const uint8_t *record, size_t size, struct ff_flow f[2],
		const char **why);
/* FF_BIT mask of what can be had. */
#define NFDUMP_CARRIES                                                                  \
	(FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_SPORT) | FF_BIT(FF_DPORT) |        \
	 FF_BIT(FF_PROTOCOL) | FF_BIT(FF_PACKETS) | FF_BIT(FF_BYTES) |                  \
	 FF_BIT(FF_FLAGS) | FF_BIT(FF_STIME) | FF_BIT(FF_DURATION) | FF_BIT(FF_ETIME) | \
	 FF_BIT(FF_IN) | FF_BIT(FF_OUT) | FF_BIT(FF_NHIP) | FF_BIT(FF_ICMP_TYPE) |      \
	 FF_BIT(FF_ICMP_CODE))

/* ---- the reader; nfdump_fetch.c ---- */

struct nfdump_reader {
	struct ff_stream *in; /* borrowed */
	struct nfdump_header header;
	struct nfdump_context context;
	struct nfdump_order *order; /* NULL when blocks stand alone */
	bool plain;		    /* may be read at any place */
	bool grouped;		    /* many blocks a claim */
	uint64_t next;		    /* where the next block begins */
	uint32_t blocks;	    /* claimed so far */
	bool ended;
};

/* Claims the next block, or all that begin in a piece of the digest. `note` becomes the
 * block's number. */
int nfdump_fetch(void *self, struct ff_block *b, struct ff_err *err);
/* Records lost with a block: as its head says, but no more than can have been there. */
uint64_t nfdump_lost(const struct nfdump_reader *r, struct nfdump_block head);

#endif
