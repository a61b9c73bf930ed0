/* SPDX-License-Identifier: MIT */
/* png_colors - the colours of a picture, made few: a byte a pixel deflates to half and in
 * half the time of three. Up to 256 colours stay as they are. Of more, those at edges
 * (of letters, lines and areas, where the eye cannot tell shades) may move farther than
 * those of areas and gradients, so that 256 hold most figures; pictures of many shades
 * stay RGB with the shades that are next to each other made one. The most frequent
 * colours, paper and fills, never move. */
#ifndef FF_CANVAS_PNG_COLORS_H
#define FF_CANVAS_PNG_COLORS_H

#include "canvas/png.h"

#include <string.h>

/* Levels of 255 in any channel that a colour moves at most. It is at an edge when all its
 * pixels stand beside, above or below one that differs by FF_PNG_EDGE or more. */
#define FF_PNG_MOVES 3
#define FF_PNG_MOVES_EDGE 10
#define FF_PNG_EDGE 32

#define FF_PNG_PALETTE 256u

struct ff_png_colors {
	unsigned count; /* of the palette; 0: the picture stays RGB */
	uint32_t palette[FF_PNG_PALETTE];
	struct ff_png_color *slots; /* owned; a hash table */
	unsigned bits;		    /* of the number of slots; 0: no colour moves */
	size_t used;
};
struct ff_png_color {
	uint32_t key;	 /* 1 + rgb; 0 = free */
	uint32_t pixels; /* stops at the largest number */
	uint32_t to;	 /* number in the palette, or rgb */
	bool is_in_areas;
};
/* `image` has no alpha. */
int ff_png_colors_init(struct ff_png_colors *c, const struct ff_png_image *image,
		       struct ff_err *err);
void ff_png_colors_release(struct ff_png_colors *c);

static inline struct ff_png_color *ff_png_color_slot(const struct ff_png_colors *c,
						     uint32_t rgb)
{
	uint32_t mask = (UINT32_C(1) << c->bits) - 1;
	uint32_t i = rgb * UINT32_C(0x9e3779b1) >> (32 - c->bits);

	while (c->slots[i].key && c->slots[i].key != rgb + 1)
		i = (i + 1) & mask;
	return &c->slots[i];
}
/* How many of the next `most` > 0 pixels are the same, alpha and all. */
static inline unsigned ff_png_run(const uint32_t *px, unsigned most)
{
	enum { BLOCK = 16 };
	unsigned n = 1;

	if (most < 2 || px[1] != px[0])
		return 1;
	while (n + BLOCK <= most && memcmp(px + n - 1, px + n, BLOCK * sizeof(*px)) == 0)
		n += BLOCK;
	while (n < most && px[n] == px[0])
		n++;
	return n;
}
/* What stands for a colour of the picture: its number in the palette, or its rgb. */
static inline uint32_t ff_png_color_to(const struct ff_png_colors *c, uint32_t rgb)
{
	return c->bits ? ff_png_color_slot(c, rgb)->to : rgb;
}

#endif
