/* SPDX-License-Identifier: MIT */
/* marks - small drawings that several figures make. */
#ifndef FIGURE_MARKS_H
#define FIGURE_MARKS_H

#include "figure/label.h"

/* Diagonal lines over a box without any data. */
void ff_hatch(struct ff_canvas *cv, const struct ff_theme *t, struct ff_box box);
/* Thin outline of a swatch or an empty panel. */
void ff_outline(struct ff_canvas *cv, const struct ff_theme *t, struct ff_box box);

#endif
