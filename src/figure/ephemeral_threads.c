/* SPDX-License-Identifier: MIT */
/* Threads: systems that count ports for each destination draw lines of neighbouring
 * ports, which are joined where the verdict says how long they last. */
#include "figure/ephemeral.h"

#define THREADS_SLOTS 65536 /* more than twice the points that are ever joined */
#define THREADS_NEAR 441    /* ports; VERDICT.md, step i: 21^2 */

_Static_assert(THREADS_SLOTS > 2 * FF_EPHEMERAL_POINTS, "slots must stay half empty");

static bool threads_same(const struct ff_ephemeral_data *d, size_t a, size_t b)
{
	struct ff_addr x = ff_column_addr(d->daddr, a), y = ff_column_addr(d->daddr, b);

	return ff_column_u64(d->dport, a) == ff_column_u64(d->dport, b) &&
	       ff_addr_cmp(&x, &y) == 0;
}

/* Where the last row to the same destination is kept, 1 + row; 0: none yet. */
static uint32_t *threads_slot(uint32_t *slots, const struct ff_ephemeral_data *d,
			      size_t row)
{
	struct ff_addr addr = ff_column_addr(d->daddr, row);
	uint64_t hash =
		ff_hash_bytes(addr.b, sizeof(addr.b), ff_column_u64(d->dport, row));
	size_t i = (size_t)hash % THREADS_SLOTS;

	while (slots[i] && !threads_same(d, slots[i] - 1, row))
		i = (i + 1) % THREADS_SLOTS;
	return &slots[i];
}

int ff_ephemeral_threads_draw(const struct ff_ephemeral_plot *p, struct ff_err *err)
{
	const struct ff_ephemeral *e = p->e;
	const struct ff_ephemeral_data *d = &e->data;
	double most_s = d->verdict ? ff_finding_number(d->verdict, "thread_s", 0) : 0;
	uint32_t *slots;

	if (!(most_s > 0) || p->is_dense)
		return FF_OK;
	slots = ff_calloc(THREADS_SLOTS, sizeof(*slots));
	if (!slots)
		return ff_fail_nomem(err);
	ff_canvas_note(e->cv, "threads");
	for (size_t i = p->host->first; i < p->host->first + p->host->count; i++) {
		size_t row = ff_ephemeral_row(d, i), last;
		unsigned a, b = ff_ephemeral_sport(d, row);
		struct ff_color c =
			e->classes.at[ff_ephemeral_class_of(&e->classes, d, row)].color;
		uint32_t *slot;

		if (ff_ephemeral_is_udp(d, row))
			continue;
		slot = threads_slot(slots, d, row);
		last = *slot;
		*slot = (uint32_t)row + 1;
		if (!last--)
			continue;
		a = ff_ephemeral_sport(d, last);
		if (((double)d->time[row] - (double)d->time[last]) / 1e9 > most_s ||
		    (a > b ? a - b : b - a) > THREADS_NEAR || a < p->low ||
		    a >= p->high || b < p->low || b >= p->high)
			continue;
		c.a = .6;
		ff_canvas_polyline(e->cv,
				   (const struct ff_point[]){
					   {ff_scale_at_time(&p->time, d->time[last]),
					    ff_scale_at(&p->port, a + .5)},
					   {ff_scale_at_time(&p->time, d->time[row]),
					    ff_scale_at(&p->port, b + .5)}},
				   2, c, .4 * e->k, NULL);
	}
	ff_free(slots);
	return FF_OK;
}
