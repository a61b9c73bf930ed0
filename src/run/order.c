/* SPDX-License-Identifier: MIT */
/* order - see order.h. */
#include "run/order.h"

#include <string.h>

enum { ORDER_KEPT = 16 * FF_BATCH_FLOWS }; /* flows that a thread keeps, about 2 MB */

int order_init(struct order *o, size_t sources, struct ff_err *err)
{
	/* one more, which is never done: the walk over them ends there */
	o->done = ff_calloc(sources + 1, sizeof *o->done);
	if (!o->done)
		return ff_fail_nomem(err);
	if (pthread_mutex_init(&o->lock, NULL) != 0) {
		ff_free(o->done);
		return ff_fail(err, FF_ENOMEM, "cannot make a lock");
	}
	if (pthread_cond_init(&o->moved, NULL) != 0) {
		pthread_mutex_destroy(&o->lock);
		ff_free(o->done);
		return ff_fail(err, FF_ENOMEM, "cannot make a lock");
	}
	return FF_OK;
}

void order_release(struct order *o)
{
	pthread_cond_destroy(&o->moved);
	pthread_mutex_destroy(&o->lock);
	ff_free(o->done);
}

void order_lane_release(struct order_lane *l)
{
	ff_free(l->kept.flows);
	*l = (struct order_lane){0};
}

void order_stop(struct order *o)
{
	pthread_mutex_lock(&o->lock);
	o->stopped = true;
	pthread_cond_broadcast(&o->moved);
	pthread_mutex_unlock(&o->lock);
}

void order_begin(struct order_lane *l, size_t source, uint64_t block)
{
	l->source = source;
	l->block = block;
	l->is_due = false;
	l->kept.count = 0;
}

/* Looks, or waits, whether the lane's block is due: 1, 0, or -1 when stopped. */
static int order_is_due(struct order *o, struct order_lane *l, bool wait)
{
	int due = 0;

	pthread_mutex_lock(&o->lock);
	for (;;) {
		if (o->stopped)
			due = -1;
		else if (o->source == l->source && o->block == l->block)
			due = 1;
		if (due || !wait)
			break;
		pthread_cond_wait(&o->moved, &o->lock);
	}
	pthread_mutex_unlock(&o->lock);
	return due;
}

static int order_hand_on(struct order *o, const struct ff_batch *flows,
			 struct ff_err *err)
{
	int rc = flows->count ? o->each(o->arg, flows, err) : 0;

	if (rc > 0)
		order_stop(o);
	return rc;
}

/* What was kept goes first; only the lane whose block is due comes here. */
static int order_hand_on_kept(struct order *o, struct order_lane *l, struct ff_err *err)
{
	int rc = order_hand_on(o, &l->kept, err);

	l->kept.count = 0;
	l->is_due = true;
	return rc;
}

static int order_keep(struct order_lane *l, const struct ff_batch *flows,
		      struct ff_err *err)
{
	size_t count = l->kept.count + flows->count;
	int rc = ff_grow(&l->kept.flows, &l->kept.cap, count, sizeof *l->kept.flows, err);

	if (rc < 0)
		return rc;
	memcpy(l->kept.flows + l->kept.count, flows->flows,
	       flows->count * sizeof *flows->flows);
	l->kept.count = count;
	return FF_OK;
}

int order_put(struct order *o, struct order_lane *l, const struct ff_batch *flows,
	      struct ff_err *err)
{
	int due, rc;

	if (!flows->count)
		return 0;
	if (!l->is_due) {
		due = order_is_due(o, l, l->kept.count + flows->count > ORDER_KEPT);
		if (due < 0)
			return 1;
		if (due == 0)
			return order_keep(l, flows, err);
		if ((rc = order_hand_on_kept(o, l, err)) != 0)
			return rc;
	}
	return order_hand_on(o, flows, err);
}

int order_end(struct order *o, struct order_lane *l, struct ff_err *err)
{
	int rc;

	if (!l->is_due) {
		if (order_is_due(o, l, true) < 0)
			return 1;
		if ((rc = order_hand_on_kept(o, l, err)) != 0)
			return rc;
	}
	pthread_mutex_lock(&o->lock);
	o->block++;
	pthread_cond_broadcast(&o->moved);
	pthread_mutex_unlock(&o->lock);
	return 0;
}

void order_source_done(struct order *o, size_t source)
{
	pthread_mutex_lock(&o->lock);
	o->done[source] = true;
	while (o->done[o->source]) {
		o->source++;
		o->block = 0;
	}
	pthread_cond_broadcast(&o->moved);
	pthread_mutex_unlock(&o->lock);
}
