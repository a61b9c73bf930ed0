/* SPDX-License-Identifier: MIT */
/* cells - a counting sort by colour, see cells.h. */
#include "canvas/cells.h"

#define CELLS_COLORS 256u /* what uint8_t can tell apart */

int ff_cells_by_color(const struct ff_cell *cells, size_t n,
		      const struct ff_color *colors, size_t ncolors, ff_cells_fn *put,
		      void *arg, struct ff_err *err)
{
	size_t start[CELLS_COLORS + 1] = {0};
	size_t next[CELLS_COLORS];
	size_t *order = ff_alloc(n, sizeof(*order));

	if (!order)
		return ff_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		start[cells[i].color + 1]++;
	for (size_t k = 0; k < CELLS_COLORS; k++) {
		next[k] = start[k];
		start[k + 1] += start[k];
	}
	for (size_t i = 0; i < n; i++)
		order[next[cells[i].color]++] = i;
	for (size_t k = 0; k < CELLS_COLORS && k < ncolors; k++) {
		if (start[k + 1] > start[k] && colors[k].a > 0)
			put(arg, cells, order + start[k], start[k + 1] - start[k],
			    colors[k]);
	}
	ff_free(order);
	return FF_OK;
}
