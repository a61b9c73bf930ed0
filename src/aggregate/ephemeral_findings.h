/* SPDX-License-Identifier: MIT */
/* ephemeral_findings - what the files that find facts share. */
#ifndef FF_AGGREGATE_EPHEMERAL_FINDINGS_H
#define FF_AGGREGATE_EPHEMERAL_FINDINGS_H

#include <flowfig/table.h>

void ephemeral_number(struct ff_finding *f, const char *name, double value);
/* Takes over what the buffers hold, also when it fails. */
int ephemeral_finding(struct ff_result *r, struct ff_finding **out, const char *kind,
		      double weight, struct ff_buf *sentence, struct ff_buf *selection,
		      struct ff_err *err);

/* ephemeral_verdict.c: judges the hosts of table `hosts` on so many threads, fills their
 * claims and reasons, adds the findings. */
int ephemeral_judge(struct ff_result *r, unsigned threads, struct ff_err *err);

#endif
