/* SPDX-License-Identifier: MIT */
/* verdict_help - flows of made-up hosts for the tests of the verdict. */
#ifndef FF_TEST_VERDICT_HELP_H
#define FF_TEST_VERDICT_HELP_H

#include "aggregate/verdict.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct help_random {
	uint64_t state;
};

static inline uint64_t help_next(struct help_random *r)
{
	r->state += UINT64_C(0x9e3779b97f4a7c15);
	return ff_mix64(r->state);
}

static inline uint32_t help_below(struct help_random *r, uint32_t n)
{
	return (uint32_t)(help_next(r) % n);
}

static inline struct verdict_flow help_flow(double time_s, uint8_t protocol,
					    uint32_t sport, uint32_t site, uint16_t dport)
{
	return (struct verdict_flow){
		.time_ns = (int64_t)(time_s * 1e9),
		.daddr = ff_addr_from_v4(site + 1),
		.sport = (uint16_t)sport,
		.dport = dport,
		.protocol = protocol,
		.syn_known = protocol == 6,
	};
}

static inline int help_by_time(const void *pa, const void *pb)
{
	const struct verdict_flow *a = pa, *b = pb;
	return (a->time_ns > b->time_ns) - (a->time_ns < b->time_ns);
}

static inline void help_judge(struct verdict *v, const struct verdict_flow *flows,
			      size_t n, const struct verdict_side *side)
{
	struct ff_err err = {0};
	if (verdict_judge(v, flows, n, side, 2, &err) != FF_OK)
		fail_msg("%s", err.text);
	for (int k = 0; k < VERDICT_STREAMS; k++) {
		const struct verdict_stream *s = &v->streams[k];
		size_t sum = 0;
		for (int i = 0; i < VERDICT_ROLES; i++)
			sum += s->roles[i];
		assert_int_equal(sum, s->flows);
		assert_true(isfinite(s->margin) && isfinite(s->even_tail));
		assert_true(s->nwithin <= s->nrivals && s->nrivals <= VERDICT_FAMILIES);
		/* a claim or a reason, never both */
		assert_true((s->family != VERDICT_NONE) == (s->claim[0] != '\0'));
		assert_true((s->family == VERDICT_NONE) == (s->reason[0] != '\0'));
	}
}

#endif
