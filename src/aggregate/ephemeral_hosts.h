/* SPDX-License-Identifier: MIT */
/* ephemeral_hosts - what each host of the CIDR sent: a hash table. */
#ifndef FF_AGGREGATE_EPHEMERAL_HOSTS_H
#define FF_AGGREGATE_EPHEMERAL_HOSTS_H

#include <flowfig/base.h>

/* A figure shows a few hosts; more than this is a mistake, and would need memory without
 * bound: 50 MB a thread as it is. */
enum { EPHEMERAL_MAX_HOSTS = 1 << 18 };

struct ephemeral_host {
	struct ff_addr addr;
	bool used;
	uint64_t tcp, udp;		     /* initiated; together the host's rows */
	uint64_t by_flags;		     /* of tcp: the flags say so */
	uint64_t answered_tcp, answered_udp; /* sent, not initiated */
	uint64_t other;			     /* sent: no TCP or UDP, or without ports */
	/* of the rows, counted when finished */
	uint64_t even; /* even source ports of tcp */
	int64_t first_ns, last_ns;
};
struct ephemeral_hosts {
	struct ephemeral_host *slots;
	size_t used, cap;
	size_t last; /* slot: most flows come from where the last one came from */
};

/* The entry of the host, made when there is none; valid until the next call. FF_ELIMIT
 * when there are more than EPHEMERAL_MAX_HOSTS. */
int ephemeral_hosts_get(struct ephemeral_hosts *h, struct ephemeral_host **out,
			const struct ff_addr *addr, struct ff_err *err);
int ephemeral_hosts_merge(struct ephemeral_hosts *to, const struct ephemeral_hosts *from,
			  struct ff_err *err);
void ephemeral_hosts_release(struct ephemeral_hosts *h);
/* The used entries; the array is the caller's: by address, or those with most rows first
 * (ties by address). */
int ephemeral_hosts_sorted(const struct ephemeral_hosts *h, struct ephemeral_host **out,
			   bool by_rows, struct ff_err *err);

#endif
