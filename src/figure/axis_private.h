/* SPDX-License-Identifier: MIT */
/* axis_private - shared by axis.c and axis_time.c. */
#ifndef FIGURE_AXIS_PRIVATE_H
#define FIGURE_AXIS_PRIVATE_H

#include "figure/axis.h"

/* Appends; silently stops at a count that no paper can show. */
int ff_ticks_push(struct ff_ticks *t, const struct ff_tick *tick, struct ff_err *err);

#endif
