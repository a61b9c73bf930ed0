/* SPDX-License-Identifier: MIT */
/* thread - fork and join of a few equal jobs; one job beside the caller. */
#include <flowfig/base.h>

#include <pthread.h>

typedef int thread_fn(void *arg, unsigned i, struct ff_err *err);

struct thread_job {
	pthread_t id;
	bool started;
	thread_fn *fn;
	void *arg;
	unsigned i;
	int status;
	struct ff_err err;
};

static void thread_run(struct thread_job *job)
{
	job->status = job->fn(job->arg, job->i, &job->err);
}

static void *thread_main(void *job)
{
	thread_run(job);
	return NULL;
}

/* Without memory for the jobs: one after the other. All run, as they would in threads. */
static int thread_in_turn(unsigned n, thread_fn *fn, void *arg, struct ff_err *err)
{
	int status = FF_OK;
	unsigned i;

	for (i = 0; i < n; i++) {
		struct ff_err mine = {FF_OK, ""};
		int got = fn(arg, i, &mine);

		if (got < 0 && status == FF_OK) {
			status = got;
			if (err)
				*err = mine;
		}
	}
	return status;
}

int ff_parallel(unsigned n, int (*fn)(void *arg, unsigned i, struct ff_err *err),
		void *arg, struct ff_err *err)
{
	struct thread_job *jobs;
	int status = FF_OK;
	unsigned i;

	if (n <= 1)
		return thread_in_turn(n, fn, arg, err);
	jobs = ff_calloc(n, sizeof(*jobs));
	if (!jobs)
		return thread_in_turn(n, fn, arg, err);
	for (i = 0; i < n; i++) {
		jobs[i].fn = fn;
		jobs[i].arg = arg;
		jobs[i].i = i;
		jobs[i].started = i > 0 && pthread_create(&jobs[i].id, NULL, thread_main,
							  &jobs[i]) == 0;
	}
	for (i = 0; i < n; i++)
		if (!jobs[i].started)
			thread_run(&jobs[i]);
	for (i = 0; i < n; i++) {
		if (jobs[i].started)
			pthread_join(jobs[i].id, NULL);
		if (jobs[i].status < 0 && status == FF_OK) {
			status = jobs[i].status;
			if (err)
				*err = jobs[i].err;
		}
	}
	ff_free(jobs);
	return status;
}

/* ---- one job ---- */

struct ff_task {
	pthread_t id;
	void (*fn)(void *arg);
	void *arg;
};

static void *task_main(void *arg)
{
	struct ff_task *t = arg;

	t->fn(t->arg);
	return NULL;
}

void ff_task_start(struct ff_task **out, void (*fn)(void *arg), void *arg)
{
	struct ff_task *t = ff_alloc(1, sizeof(*t));

	*out = NULL;
	if (t) {
		*t = (struct ff_task){.fn = fn, .arg = arg};
		if (pthread_create(&t->id, NULL, task_main, t) == 0) {
			*out = t;
			return;
		}
	}
	ff_free(t);
	fn(arg);
}

void ff_task_wait(struct ff_task *t)
{
	if (!t)
		return;
	pthread_join(t->id, NULL);
	ff_free(t);
}
