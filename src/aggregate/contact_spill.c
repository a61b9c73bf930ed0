/* SPDX-License-Identifier: MIT */
/* contact_spill - past the memory budget the sets of a part become sorted runs in an
 * unnamed scratch file; reading a bin merges its runs with what is still in memory. */
#include "aggregate/contact_store.h"
#include "aggregate/scratch.h"

#include <stdlib.h>
#include <string.h>

static int spill_set(struct contact_store *s, struct contact_part *p, size_t i,
		     struct ff_err *err)
{
	struct contact_set *set = &p->sets[i];
	contact_set_sort(set, s->words);
	size_t bytes = (size_t)set->len * s->words * sizeof *set->keys;
	int rc = ff_grow(&p->runs, &p->runs_cap, p->nruns + 1, sizeof *p->runs, err);
	if (rc == FF_OK)
		rc = ff_scratch_write(p->spill_fd, set->keys, bytes, p->spill_bytes,
				      s->scratch_dir, err);
	if (rc)
		return rc;
	p->runs[p->nruns++] = (struct contact_run){set->bin, p->spill_bytes, set->len};
	p->spill_bytes += bytes;
	ff_free(set->keys);
	*set = (struct contact_set){.bin = set->bin};
	return FF_OK;
}

int contact_spill_part(struct contact_store *s, struct contact_part *p,
		       struct ff_err *err)
{
	int rc = p->spill_fd < 0 ? ff_scratch_open(&p->spill_fd, s->scratch_dir, err)
				 : FF_OK;
	for (size_t i = 0; i < p->nsets && rc == FF_OK; i++)
		if (p->sets[i].len)
			rc = spill_set(s, p, i, err);
	p->bytes = 0;
	for (size_t i = 0; i < p->nsets; i++)
		p->bytes += (uint64_t)p->sets[i].cap * s->words * sizeof(uint64_t);
	return rc;
}

/* ---- k-way merge ---- */

struct lane { /* one sorted stream: a run read through a small buffer, or the keys in
		 memory */
	uint64_t *buf;
	size_t at, have;       /* keys in buf */
	uint64_t offset, left; /* bytes; keys still in the file */
};

static int lane_fill(struct lane *l, const struct contact_store *s,
		     const struct contact_part *p, size_t cap, struct ff_err *err)
{
	size_t n = l->left < cap ? (size_t)l->left : cap;
	size_t bytes = n * s->words * sizeof *l->buf;
	int rc = ff_scratch_read(p->spill_fd, l->buf, bytes, l->offset, s->scratch_dir,
				 err);
	if (rc)
		return rc;
	l->offset += bytes;
	l->left -= n;
	l->at = 0;
	l->have = n;
	return FF_OK;
}

static const uint64_t *lane_key(const struct lane *l, unsigned words)
{
	return l->buf + l->at * words;
}

static void heap_down(struct lane **heap, size_t n, size_t i, unsigned words)
{
	for (;;) {
		size_t c = 2 * i + 1;
		if (c >= n)
			return;
		if (c + 1 < n && contact_key_cmp(lane_key(heap[c + 1], words),
						 lane_key(heap[c], words), words) < 0)
			c++;
		if (contact_key_cmp(lane_key(heap[c], words), lane_key(heap[i], words),
				    words) >= 0)
			return;
		struct lane *t = heap[i];
		heap[i] = heap[c];
		heap[c] = t;
		i = c;
	}
}

static int merge_lanes(const struct contact_store *s, const struct contact_part *p,
		       struct lane **heap, size_t n, size_t cap,
		       int (*each)(void *arg, const uint64_t *key, struct ff_err *err),
		       void *arg, struct ff_err *err)
{
	unsigned words = s->words;
	uint64_t last[CONTACT_MAX_WORDS];
	bool any = false;
	for (size_t i = n; i-- > 0;)
		heap_down(heap, n, i, words);
	while (n) {
		struct lane *l = heap[0];
		const uint64_t *key = lane_key(l, words);
		if (!any || contact_key_cmp(last, key, words) != 0) {
			memcpy(last, key, words * sizeof *key);
			any = true;
			int rc = each(arg, last, err);
			if (rc)
				return rc;
		}
		if (++l->at == l->have) {
			int rc = l->left ? lane_fill(l, s, p, cap, err) : FF_OK;
			if (rc)
				return rc;
			if (l->at == l->have)
				heap[0] = heap[--n];
		}
		heap_down(heap, n, 0, words);
	}
	return FF_OK;
}

static int run_cmp(const void *a, const void *b)
{
	const struct contact_run *x = a, *y = b;
	if (x->bin != y->bin)
		return x->bin < y->bin ? -1 : 1;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

bool contact_store_has_runs(const struct contact_store *s)
{
	size_t n = 0;
	for (int i = 0; i < CONTACT_PARTS; i++)
		n += s->parts[i].nruns;
	return n > 0;
}

void contact_store_seal(struct contact_store *s)
{
	for (int i = 0; i < CONTACT_PARTS; i++)
		if (s->parts[i].nruns)
			qsort(s->parts[i].runs, s->parts[i].nruns,
			      sizeof *s->parts[i].runs, run_cmp);
}

/* Number of the first run of `bin`, or of the next bin. */
static size_t first_run(const struct contact_part *p, int64_t bin)
{
	size_t lo = 0, hi = p->nruns;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (p->runs[mid].bin < bin)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int contact_merge_runs(const struct contact_store *s, const struct contact_part *p,
		       int64_t bin, const struct contact_set *memory,
		       int (*each)(void *arg, const uint64_t *key, struct ff_err *err),
		       void *arg, struct ff_err *err)
{
	size_t first = first_run(p, bin), n = 0, k = 0;
	while (first + n < p->nruns && p->runs[first + n].bin == bin)
		n++;
	/* about 1 MiB for all buffers, never under 64 keys a run */
	size_t cap = (1 << 17) / s->words / (n + 1);
	if (cap < 64)
		cap = 64;
	struct lane *lanes = ff_calloc(n + 1, sizeof *lanes);
	struct lane **heap = ff_calloc(n + 1, sizeof *heap);
	uint64_t *bufs = ff_alloc(n * cap, s->words * sizeof *bufs);
	int rc = lanes && heap && bufs ? FF_OK : ff_fail_nomem(err);
	for (size_t i = first; i < first + n && rc == FF_OK; i++) {
		lanes[k] = (struct lane){.buf = bufs + k * cap * s->words,
					 .offset = p->runs[i].offset,
					 .left = p->runs[i].count};
		rc = lane_fill(&lanes[k], s, p, cap, err);
		heap[k] = &lanes[k];
		k++;
	}
	if (rc == FF_OK && memory && memory->len) {
		lanes[k] = (struct lane){.buf = memory->keys, .have = memory->len};
		heap[k] = &lanes[k];
		k++;
	}
	if (rc == FF_OK)
		rc = merge_lanes(s, p, heap, k, cap, each, arg, err);
	ff_free(bufs);
	ff_free(heap);
	ff_free(lanes);
	return rc;
}
