/* SPDX-License-Identifier: MIT */
/* png_colors - see png_colors.h. Every choice goes by the number of pixels and then by
 * the colour itself: the same picture gives the same bytes. */
#include "canvas/png_colors.h"

#include <stdlib.h>

#define COLORS_BITS 12	   /* of the first table */
#define COLORS_BITS_MAX 17 /* a photograph has more colours than are worth a look */
#define COLORS_CUBE 8	   /* levels a side */
#define COLORS_SIDE (256 / COLORS_CUBE)

/* How far colours of areas and of edges may move: the first that fits is taken. */
static const struct {
	int area, edge;
} colors_moves[] = {
	{1, 4}, {2, 7}, {2, FF_PNG_MOVES_EDGE}, {FF_PNG_MOVES, FF_PNG_MOVES_EDGE}};

/* ---- which there are ---- */

static int colors_grow(struct ff_png_colors *c, struct ff_err *err)
{
	struct ff_png_colors bigger = {.bits = c->bits ? c->bits + 1 : COLORS_BITS};

	bigger.slots = ff_calloc((size_t)1 << bigger.bits, sizeof(*bigger.slots));
	if (!bigger.slots)
		return ff_fail_nomem(err);
	for (size_t i = 0; c->bits && i < (size_t)1 << c->bits; i++)
		if (c->slots[i].key)
			*ff_png_color_slot(&bigger, c->slots[i].key - 1) = c->slots[i];
	ff_free(c->slots);
	c->slots = bigger.slots;
	c->bits = bigger.bits;
	return FF_OK;
}

static int colors_apart(uint32_t a, uint32_t b)
{
	int most = 0;

	for (int shift = 0; shift < 24; shift += 8) {
		int d = abs((int)(a >> shift & 255) - (int)(b >> shift & 255));

		most = d > most ? d : most;
	}
	return most;
}

static bool colors_at_edge(const struct ff_png_image *image, unsigned x, unsigned y)
{
	const uint32_t *px = image->pixels + y * image->stride + x;

	return (x > 0 && colors_apart(px[0], px[-1]) >= FF_PNG_EDGE) ||
	       (x + 1 < image->width && colors_apart(px[0], px[1]) >= FF_PNG_EDGE) ||
	       (y > 0 && colors_apart(px[0], *(px - image->stride)) >= FF_PNG_EDGE) ||
	       (y + 1 < image->height &&
		colors_apart(px[0], px[image->stride]) >= FF_PNG_EDGE);
}

/* A run of one colour, which begins at x. What runs is an area, however narrow. */
static int colors_add(struct ff_png_colors *c, const struct ff_png_image *image,
		      unsigned x, unsigned y, unsigned run, struct ff_err *err)
{
	uint32_t rgb = image->pixels[y * image->stride + x] & 0xffffff;
	struct ff_png_color *color = ff_png_color_slot(c, rgb);

	color->pixels += run < UINT32_MAX - color->pixels ? run : 0;
	if (!color->is_in_areas)
		color->is_in_areas = run > 1 || !colors_at_edge(image, x, y);
	if (color->key)
		return FF_OK;
	color->key = rgb + 1;
	return ++c->used * 2 < (size_t)1 << c->bits ? FF_OK : colors_grow(c, err);
}

static int colors_count(struct ff_png_colors *c, const struct ff_png_image *image,
			struct ff_err *err)
{
	int rc = colors_grow(c, err);

	for (unsigned y = 0; y < image->height && rc == FF_OK; y++) {
		const uint32_t *px = image->pixels + y * image->stride;

		for (unsigned x = 0, run; x < image->width && rc == FF_OK; x += run) {
			run = ff_png_run(px + x, image->width - x);
			rc = colors_add(c, image, x, y, run, err);
		}
		if (c->bits > COLORS_BITS_MAX)
			break;
	}
	return rc;
}

/* ---- what stands for them ---- */

/* Colours of areas first, the most frequent first. */
static int colors_compare(const void *a, const void *b)
{
	const struct ff_png_color *x = *(struct ff_png_color *const *)a;
	const struct ff_png_color *y = *(struct ff_png_color *const *)b;

	if (x->is_in_areas != y->is_in_areas)
		return x->is_in_areas ? -1 : 1;
	if (x->pixels != y->pixels)
		return x->pixels > y->pixels ? -1 : 1;
	return x->key < y->key ? -1 : x->key > y->key;
}

/* NULL without memory; owned by the caller. */
static struct ff_png_color **colors_sort(const struct ff_png_colors *c)
{
	struct ff_png_color **order = ff_alloc(c->used, sizeof(*order));
	size_t n = 0;

	if (!order)
		return NULL;
	for (size_t i = 0; i < (size_t)1 << c->bits; i++)
		if (c->slots[i].key)
			order[n++] = &c->slots[i];
	qsort(order, n, sizeof(*order), colors_compare);
	return order;
}

/* The nearest of the palette takes a colour, or it becomes one of the palette itself.
 * False when that is full. */
static bool colors_place(struct ff_png_colors *c, struct ff_png_color *color, int most)
{
	uint32_t rgb = color->key - 1, nearest = c->count;
	int apart = most + 1;

	for (uint32_t i = 0; i < c->count && apart > 0; i++) {
		/* green alone tells most of them apart */
		int d = abs((int)(c->palette[i] >> 8 & 255) - (int)(rgb >> 8 & 255));

		if (d < apart && (d = colors_apart(c->palette[i], rgb)) < apart) {
			apart = d;
			nearest = i;
		}
	}
	if (nearest == c->count) {
		if (c->count == FF_PNG_PALETTE)
			return false;
		c->palette[c->count++] = rgb;
	}
	color->to = nearest;
	return true;
}

static void colors_fit(struct ff_png_colors *c, struct ff_png_color *const *order,
		       int area, int edge)
{
	bool fits = true;

	c->count = 0;
	for (size_t i = 0; i < c->used && fits; i++)
		fits = colors_place(c, order[i], order[i]->is_in_areas ? area : edge);
	if (!fits)
		c->count = 0;
}

/* ---- without a palette ---- */

/* Cubes of the colours, each a list of those in it that stay. */
struct colors_cubes {
	uint32_t first[COLORS_SIDE][COLORS_SIDE][COLORS_SIDE]; /* 1 + place in order */
	uint32_t *next;					       /* likewise */
};

static int colors_cube(uint32_t rgb, int shift, int by)
{
	int level = (int)(rgb >> shift & 255) + by;

	return (level < 0 ? 0 : level > 255 ? 255 : level) / COLORS_CUBE;
}

/* The nearest that stays, at most `most` < COLORS_CUBE levels away: 1 + its place, or 0.
 */
static uint32_t colors_near(const struct colors_cubes *cubes,
			    struct ff_png_color *const *order, uint32_t rgb, int most)
{
	uint32_t nearest = 0;
	int apart = most + 1;

	for (int r = colors_cube(rgb, 16, -most); r <= colors_cube(rgb, 16, most); r++)
		for (int g = colors_cube(rgb, 8, -most); g <= colors_cube(rgb, 8, most);
		     g++)
			for (int b = colors_cube(rgb, 0, -most);
			     b <= colors_cube(rgb, 0, most); b++)
				for (uint32_t i = cubes->first[r][g][b]; i;
				     i = cubes->next[i - 1]) {
					int d = colors_apart(order[i - 1]->key - 1, rgb);

					if (d < apart) {
						apart = d;
						nearest = i;
					}
				}
	return nearest;
}

static int colors_join(struct ff_png_colors *c, struct ff_png_color *const *order,
		       struct ff_err *err)
{
	struct colors_cubes *cubes = ff_calloc(1, sizeof(*cubes));

	if (cubes)
		cubes->next = ff_alloc(c->used, sizeof(*cubes->next));
	if (!cubes || !cubes->next) {
		ff_free(cubes);
		return ff_fail_nomem(err);
	}
	for (size_t i = 0; i < c->used; i++) {
		uint32_t rgb = order[i]->key - 1;
		uint32_t near = colors_near(cubes, order, rgb,
					    order[i]->is_in_areas ? FF_PNG_MOVES
								  : COLORS_CUBE - 1);
		uint32_t *first =
			&cubes->first[colors_cube(rgb, 16, 0)][colors_cube(rgb, 8, 0)]
				     [colors_cube(rgb, 0, 0)];

		order[i]->to = near ? order[near - 1]->key - 1 : rgb;
		if (near)
			continue;
		cubes->next[i] = *first;
		*first = (uint32_t)i + 1;
	}
	ff_free(cubes->next);
	ff_free(cubes);
	return FF_OK;
}

/* ---- all of it ---- */

static int colors_choose(struct ff_png_colors *c, struct ff_err *err)
{
	const size_t tries = sizeof(colors_moves) / sizeof(colors_moves[0]);
	struct ff_png_color **order = colors_sort(c);
	int rc = FF_OK;

	if (!order)
		return ff_fail_nomem(err);
	if (c->used <= FF_PNG_PALETTE)
		colors_fit(c, order, 0, 0);
	for (size_t i = 0; i < tries && c->count == 0; i++)
		colors_fit(c, order, colors_moves[i].area, colors_moves[i].edge);
	if (c->count == 0)
		rc = colors_join(c, order, err);
	ff_free(order);
	return rc;
}

int ff_png_colors_init(struct ff_png_colors *c, const struct ff_png_image *image,
		       struct ff_err *err)
{
	int rc;

	*c = (struct ff_png_colors){0};
	rc = colors_count(c, image, err);
	if (rc == FF_OK && c->bits > COLORS_BITS_MAX) {
		ff_png_colors_release(c);
		return FF_OK;
	}
	if (rc == FF_OK)
		rc = colors_choose(c, err);
	if (rc < 0)
		ff_png_colors_release(c);
	return rc;
}

void ff_png_colors_release(struct ff_png_colors *c)
{
	ff_free(c->slots);
	*c = (struct ff_png_colors){0};
}
