/* SPDX-License-Identifier: MIT */
/* flowfig - everything, for users of the library. The library itself includes the layers
 * one by one. */
#ifndef FLOWFIG_H
#define FLOWFIG_H

#include <flowfig/aggregate.h>
#include <flowfig/base.h>
#include <flowfig/canvas.h>
#include <flowfig/figure.h>
#include <flowfig/file.h>
#include <flowfig/flow.h>
#include <flowfig/geo.h>
#include <flowfig/input.h>
#include <flowfig/run.h>
#include <flowfig/select.h>
#include <flowfig/table.h>

#endif
