/* SPDX-License-Identifier: MIT */
/* batch - room for flows, reused from call to call. */
#include <flowfig/flow.h>

int ff_batch_init(struct ff_batch *b, size_t cap, struct ff_err *err)
{
	/* zeroed: readers may rely on fields they never store being zero */
	b->flows = ff_calloc(cap, sizeof(*b->flows));
	b->count = b->left_out = 0;
	b->cap = b->flows ? cap : 0;
	return b->flows ? FF_OK : ff_fail_nomem(err);
}

void ff_batch_release(struct ff_batch *b)
{
	ff_free(b->flows);
	b->flows = NULL;
	b->count = b->cap = 0;
}
