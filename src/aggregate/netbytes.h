/* SPDX-License-Identifier: MIT */
/* netbytes - what a host's ports carried, and when (NetBytes Viewer: Taylor et al., 2007;
 * FloVis, 2009; McHugh's VLF talk, 2008).
 *
 * A flow counts once for each of its ends that lies in --host: an end of the sender goes
 * out of the host, an end of the receiver into it, and --direction keeps one of them. It
 * counts in the bin that holds its start, under its protocol and one port: of that end
 * (--port=host), of the other (peer), of the sender (sport), of the receiver (dport), or
 * of the side that was opened (service: see below; where that cannot be told, the lower).
 * Only TCP, UDP, DCCP, SCTP and UDP-Lite (6 17 33 132 136) have ports; ends of other
 * flows, and of flows whose input carries no port, are summed up apart as portless, and
 * ends whose port is outside of --ports as outside. Exact, in any order of records,
 * files, threads and states.
 *
 * Who opened a flow, as far as one record tells:
 *   1. TCP with initial flags: SYN without ACK, the sender; SYN with ACK, the receiver
 *   2. TCP with SYN and without ACK in all its flags: the sender
 *   3. one port is below 1024, the other is not: the end with the higher port
 *   4. one port is below 32768, the other is not: the end with the higher port
 *   5. otherwise it cannot be told
 *
 * finish() gives
 *   table netbytes  bin_start, protocol, port, flows, packets, bytes: no zero rows; flows
 *                   are ends
 *   table ports     protocol, port, flows, packets, bytes, bins (with flows),
 *                   opened_by_host, opened_by_peer (flows; the rest cannot be told),
 *                   peak_start (the bin with most by the measure, the first of equals),
 *                   peak (its value)
 *   table bins      bin_start, flows (all selected), counted (ends), packets, bytes (of
 *                   these): every bin that holds any selected flow
 *   numbers         bin_ns (0 = all, -1 = months), first_ns, last_ns (of all flows),
 * flows (all selected), counted, counted_packets, counted_bytes; portless, outside, each
 * also with _packets and _bytes; elsewhere (flows without an end that counts);
 * without_packets, without_bytes: ends of these (counted, portless or outside) whose
 * input does not carry them; ports_lo, ports_hi; bins (rows of that table); host_bits
 * (prefix length in its family), top texts           host, bin, port, direction, measure
 * (flows, packets, bytes) findings        see netbytes_findings.c */
#ifndef FF_AGGREGATE_NETBYTES_H
#define FF_AGGREGATE_NETBYTES_H

#include <flowfig/aggregate.h>

#include <stdatomic.h>

enum { NETBYTES_BOTH, NETBYTES_IN, NETBYTES_OUT };
enum { NETBYTES_HOST, NETBYTES_PEER, NETBYTES_SPORT, NETBYTES_DPORT, NETBYTES_SERVICE };

struct netbytes_params {
	struct ff_bins bins;
	bool has_host;
	struct ff_prefix host;
	int direction, port;  /* as above */
	uint16_t first, last; /* ports */
};
enum { NETBYTES_AUTO, NETBYTES_MEASURE /* less this: enum agg_measure */ };
struct netbytes_how {
	int measure;
	uint64_t top;
};

struct netbytes_sum {
	uint64_t flows, packets, bytes;
};
static inline void netbytes_sum_add(struct netbytes_sum *to,
				    const struct netbytes_sum *from)
{
	to->flows += from->flows;
	to->packets += from->packets;
	to->bytes += from->bytes;
}

/* ---- cells: sums by bin, protocol and port (netbytes_store.c) ---- */

/* What a cell holds is numbered protocol first: NETBYTES_PORTS * place of the protocol +
 * port; one number more stands for all selected flows of the bin. */
enum {
	NETBYTES_PORTS = 65536,
	NETBYTES_PROTOCOLS = 5,
	NETBYTES_SLOTS = NETBYTES_PROTOCOLS * NETBYTES_PORTS,
	NETBYTES_ALL = NETBYTES_SLOTS
};
extern const uint8_t netbytes_protocols[NETBYTES_PROTOCOLS];	      /* ascending */
extern const char *const netbytes_protocol_names[NETBYTES_PROTOCOLS]; /* "tcp" */
/* Place of a protocol; -1 when it has no ports. */
int netbytes_protocol(unsigned protocol);

struct netbytes_cell {
	int64_t bin;
	uint32_t slot;
	struct netbytes_sum sum; /* flows 0 = empty */
};
struct netbytes_store {
	struct netbytes_cell *cells; /* open addressing */
	size_t used, cap;
};
void netbytes_store_release(struct netbytes_store *s);
/* FF_ELIMIT past `room` cells of all handles, which `held` counts. */
int netbytes_store_add(struct netbytes_store *s, int64_t bin, uint32_t slot,
		       const struct netbytes_sum *sum, _Atomic uint64_t *held,
		       uint64_t room, struct ff_err *err);
/* Puts them in the order of their slots; those of one slot stay in theirs. */
void netbytes_sort_slots(struct netbytes_cell *cells, struct netbytes_cell *room,
			 size_t n);
/* All cells, by bin, then slot; the array is the caller's. */
int netbytes_store_sorted(const struct netbytes_store *s, struct netbytes_cell **out,
			  struct ff_err *err);

/* ---- the aggregate ---- */

/* A cell has 40 bytes in a table that is at least three eighths full, and half as much
 * again while it grows; in the end 80 in two sorted arrays and 48 in a row. */
enum { NETBYTES_CELL_BYTES = 192 };

struct netbytes_core { /* what all handles of one aggregate share */
	struct netbytes_params params;
	uint64_t host[2], mask[2]; /* of the prefix, as they lie in memory */
	_Atomic uint64_t held;	   /* cells of all handles */
	uint64_t room;
};
struct netbytes_opened { /* flows of a port */
	uint64_t by_host, by_peer;
};
struct netbytes {
	struct netbytes_core *core;
	bool is_owner;
	struct netbytes_store store;
	struct netbytes_opened *opened; /* NETBYTES_SLOTS */
	uint64_t flows, elsewhere, without_packets, without_bytes;
	struct netbytes_sum portless, outside;
	int64_t first_ns, last_ns;   /* first > last = no flow */
	int64_t bin_lo, bin_hi, bin; /* cached bin: [lo, hi) */
	uint64_t pending; /* flows of the cached bin that are not in the store yet */
};

/* Puts the pending flows into the store. */
int netbytes_flush(struct netbytes *n, struct ff_err *err);
/* netbytes.c */
int netbytes_create(void **self, const void *params, const struct ff_agg_context *ctx,
		    struct ff_err *err);
void netbytes_destroy(void *self);
extern const char *const netbytes_directions[], *const netbytes_port_kinds[];
/* netbytes_finish.c */
int netbytes_finish(void *self, const void *how, struct ff_result *out, unsigned threads,
		    struct ff_err *err);
/* A port that carried something: its cells by bin, and their sums. */
struct netbytes_port {
	uint32_t slot;
	const struct netbytes_cell *cells;
	size_t bins;
	struct netbytes_sum sum;
	size_t peak; /* of cells: the most by the measure, the first of equals */
};
struct netbytes_ports {
	const struct netbytes_port *v; /* by slot */
	size_t count;
	int measure; /* enum agg_measure */
};
static inline uint64_t netbytes_value(const struct netbytes_sum *s, int measure)
{
	return measure == 0 ? s->flows : measure == 1 ? s->packets : s->bytes;
}
/* netbytes_findings.c */
int netbytes_findings(struct ff_result *r, const struct netbytes *n,
		      const struct netbytes_ports *ports, uint64_t top,
		      struct ff_err *err);
/* netbytes_state.c */
int netbytes_save(void *self, struct ff_state_writer *w, struct ff_err *err);
int netbytes_load(void **self, const struct ff_agg_context *ctx,
		  struct ff_state_reader *r, struct ff_err *err);

#endif
