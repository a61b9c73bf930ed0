/* SPDX-License-Identifier: MIT */
/* cells - heat map cells in the order of their colours, for the vector backends. */
#ifndef FF_CANVAS_CELLS_H
#define FF_CANVAS_CELLS_H

#include <flowfig/canvas.h>

/* Calls put(arg, cells, order, count, color) once for each colour that is seen, in the
 * order of colours: `order` has the indices of its cells, rising. */
typedef void ff_cells_fn(void *arg, const struct ff_cell *cells, const size_t *order,
			 size_t count, struct ff_color color);
int ff_cells_by_color(const struct ff_cell *cells, size_t n,
		      const struct ff_color *colors, size_t ncolors, ff_cells_fn *put,
		      void *arg, struct ff_err *err);

#endif
