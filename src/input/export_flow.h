/* SPDX-License-Identifier: MIT */
/* export_flow - the values of a record become flows. */
#ifndef FF_INPUT_EXPORT_FLOW_H
#define FF_INPUT_EXPORT_FLOW_H

#include "input/export.h"

static inline bool export_has(const struct export_values *v, int side, unsigned kind)
{
	return (v->has[side] & EXPORT_BIT(kind)) != 0;
}

/* The start (or end) in any of the ways to say it: 1, 0 when the record does not tell, -1
 * when it is out of range. */
int export_time(int64_t *out, const struct export_values *v, const struct export_item *it,
		int side, bool end);
/* Start and end of both directions into f[0] and f[1], which may share them; false when
 * one is out of range. */
bool export_times(struct ff_flow f[2], const struct export_values *v,
		  const struct export_item *it);

/* Type and code out of fields of their own, or out of the ports; these become 0. */
void export_icmp(struct ff_flow *f, const struct export_values *v, int side);

/* Multiplies packets and bytes by what the sampling stands for. */
void export_scale(struct ff_flow *f, struct export_rate rate);
struct export_rate export_rate_of(const struct export_values *v,
				  const struct export_sampling *known);

/* f[0] and f[1] of the record, whose orientation is `orient` of its flow type; returns
 * how many, 0 when it tells of no flow, -1 when it is damaged, with the reason. */
int export_flows(struct ff_flow f[2], const struct export_values *v,
		 const struct export_item *it, const uint8_t orient[256],
		 const char **why);

#endif
