/* SPDX-License-Identifier: MIT */
/* run - drives sources through selection into an aggregate on N threads. */
#ifndef FLOWFIG_RUN_H
#define FLOWFIG_RUN_H

#include <flowfig/aggregate.h>
#include <flowfig/input.h>
#include <flowfig/select.h>

struct ff_run_opts {
	const struct ff_paths *paths;	/* flow files and states, mixed */
	struct ff_input_opts input;	/* want is filled in by the run */
	const struct ff_select *select; /* finished */
	unsigned threads;		/* 0 = as many as there are processors */
	double max_bad_share; /* damaged records allowed: share of the records read, ...
			       */
	uint64_t max_bad;     /* ... or this number; UINT64_MAX = use the share */
	const struct ff_progress *progress; /* NULL = silent */
	const atomic_bool *interrupted;	    /* set by a signal handler; NULL = never */
};
struct ff_run_report {
	struct ff_agg_origin origin;
	struct ff_select_counts counts;
	uint64_t bad;		 /* damaged records skipped */
	struct ff_err first_bad; /* of the first input that had one */
	uint64_t other;		 /* sound records that tell of no flow */
	uint64_t states;	 /* states merged */
	struct ff_buf remarks;	 /* of the readers: "'file': words", one line each */
};
/* Reads everything into *agg. With params, *agg is made by type->create; with params NULL
 * the first state among the paths is taken as it is (there must be one). States must be
 * of `type` and have the same parameters, selection and inside network. *agg is the
 * caller's, also after a failure (NULL or to be destroyed). FF_EFORMAT when more records
 * are damaged than allowed. */
int ff_run(struct ff_run_report *report, void **agg, const struct ff_agg_type *type,
	   const void *params, const struct ff_agg_context *ctx,
	   const struct ff_run_opts *opts, struct ff_err *err);
/* Whether the path holds a state; errors of opening are left to the run. */
bool ff_run_is_state(const char *path);
/* Only decodes and selects, and hands the flows that pass to each(arg, batch), when it is
 * not NULL, from one thread at a time and in the order of the inputs, whatever the number
 * of threads; beyond what is being read each of them keeps at most some 2 MB. each()
 * returns 0, 1 when it wants no more flows, or < 0. opts->input.want holds the fields
 * that each() looks at, 0 = all. */
int ff_run_flows(struct ff_run_report *report, const struct ff_run_opts *opts,
		 int (*each)(void *arg, const struct ff_batch *flows, struct ff_err *err),
		 void *arg, struct ff_err *err);
void ff_run_report_release(struct ff_run_report *r);

#endif
