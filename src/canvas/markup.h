/* SPDX-License-Identifier: MIT */
/* markup - numbers, colours and texts as they stand in SVG and in traces; no locale. */
#ifndef FF_CANVAS_MARKUP_H
#define FF_CANVAS_MARKUP_H

#include <flowfig/canvas.h>

/* Paper is written in hundredths of a point: 3.5 micrometres. */
int64_t ff_hundredths(double v);
void ff_put_fixed(struct ff_buf *out, int64_t hundredths); /* 12.50 -0.25 0.00 */
void ff_put_short(struct ff_buf *out, int64_t hundredths); /* 12.5 -.25 0 */

unsigned ff_color_byte(double part);			/* 0..1 to 0..255 */
void ff_put_rgb(struct ff_buf *out, struct ff_color c); /* #rrggbb */

void ff_put_xml(struct ff_buf *out, const char *clean); /* & < > " escaped */
void ff_put_base64(struct ff_buf *out, const uint8_t *data, size_t len);

#endif
