/* SPDX-License-Identifier: MIT */
/* ephemeral - the source ports of the flows that a host initiated, in time: what they
 * look like tells which system chose them (CMU/SEI-2012-TR-006).
 *
 * A flow counts when its sIP is the host (or within the CIDR), it is TCP or UDP, and the
 * host initiated it. TCP with initial flags: SYN without ACK; with flags only: SYN; TCP
 * without flags and UDP: sPort >= 1024 and dPort < sPort. --initiator=any drops that
 * test. Exact at any size and for any order of records, files, threads and states.
 *
 * finish() gives
 *   table ephemeral  time, [host,] sport, protocol, daddr, dport: one row a flow, sorted
 *                    by all columns in this order; host only when --host has more than
 *                    one address
 *   table hosts      the --top hosts with most flows, busiest first: host, flows (sent),
 *                    initiated, tcp, udp, even (even ports of tcp), answered, first,
 *                    last, claim, reason (of the verdict)
 *   table ranges     known ranges of allocators: system, low, high, flows (rows inside)
 *   table marks      of a single host, a row for each of `ephemeral`: role (enum
 *                    verdict_role: which ports the verdict set aside, and why), lane
 *                    (counter behind a NAT, 65535 for none)
 *   numbers          first_ns, last_ns (of the rows), flows (sent by the hosts),
 *                    counted (rows), tcp, udp, by_flags (opened as their flags say),
 *                    answered (not initiated), other (no TCP, no UDP, or no ports),
 *                    hosts (that sent anything), single, initiator
 *   text             host
 *   findings         see ephemeral_findings.c */
#ifndef FF_AGGREGATE_EPHEMERAL_H
#define FF_AGGREGATE_EPHEMERAL_H

#include "aggregate/ephemeral_hosts.h"
#include "aggregate/ephemeral_store.h"

#include <flowfig/aggregate.h>

enum ephemeral_initiator { EPHEMERAL_SYN, EPHEMERAL_ANY };

struct ephemeral_params {
	struct ff_prefix host;
	bool has_host;
	int initiator; /* enum ephemeral_initiator */
};
struct ephemeral_how {
	uint64_t top;
};

/* What all handles of one aggregate share. */
struct ephemeral_core {
	struct ephemeral_params params;
	struct ephemeral_store store;
};
struct ephemeral {
	struct ephemeral_core *core;
	bool is_owner;
	struct ephemeral_buffer buffers[EPHEMERAL_KINDS];
	struct ephemeral_hosts hosts;
	int64_t first_ns, last_ns; /* of the rows; first > last = none */
};

bool ephemeral_is_single(const struct ephemeral_params *p); /* one address */
/* Whether the host initiated a flow of these: `flags` what is known of it. */
enum ephemeral_flags { EPHEMERAL_UNKNOWN, EPHEMERAL_OPENS, EPHEMERAL_ANSWERS };
bool ephemeral_initiates(enum ephemeral_flags flags, uint16_t sport, uint16_t dport);
/* Refuses times that are out of bounds, before anybody draws them. */
int ephemeral_check_span(const struct ephemeral *e, struct ff_err *err);
/* Counts a row for its host and in the span. */
int ephemeral_count_row(struct ephemeral *e, const struct ephemeral_row *row,
			struct ff_err *err);

/* ephemeral_finish.c */
int ephemeral_finish(void *self, const void *how, struct ff_result *out, unsigned threads,
		     struct ff_err *err);
/* ephemeral_findings.c: fills the claims of table hosts, adds findings */
int ephemeral_findings(struct ff_result *r, unsigned threads, struct ff_err *err);
/* ephemeral_state.c */
int ephemeral_save(void *self, struct ff_state_writer *w, struct ff_err *err);
int ephemeral_load(void **self, const struct ff_agg_context *ctx,
		   struct ff_state_reader *r, struct ff_err *err);
/* ephemeral.c */
int ephemeral_create(void **self, const void *params, const struct ff_agg_context *ctx,
		     struct ff_err *err);
void ephemeral_destroy(void *self);

#endif
