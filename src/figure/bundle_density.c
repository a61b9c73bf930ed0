/* SPDX-License-Identifier: MIT */
/* Very many links as a density: a pixel holds what passes through it. Tone is
 * logarithmic; the colour is that of the links. */
#include "figure/bundle.h"

#include <math.h>
#include <string.h>

#define DENSITY_LOW .03 /* of the pixels in use are paler than the tone's low end */
#define DENSITY_HIGH .998
#define DENSITY_SINGLE .35 /* of the low end: opaque */

/* ---- smoothing ---- */

/* Five neighbours by three weights: [2] [1] [0] [1] [2]. */
static void density_taps(float *restrict to, const float *const v[5], size_t n,
			 const float weight[3])
{
	enum { AT_ONCE = 16 };
	const float *restrict a = v[0], *restrict b = v[1], *restrict c = v[2],
			      *restrict d = v[3], *restrict e = v[4];
	const float w0 = weight[0], w1 = weight[1], w2 = weight[2];
	size_t i = 0;

	for (; i + AT_ONCE <= n; i += AT_ONCE)
		for (size_t k = i; k < i + AT_ONCE; k++)
			to[k] = w0 * c[k] + w1 * (b[k] + d[k]) + w2 * (a[k] + e[k]);
	for (; i < n; i++)
		to[i] = w0 * c[i] + w1 * (b[i] + d[i]) + w2 * (a[i] + e[i]);
}

/* Means of three both ways, once or twice; `rows` are six and four cells more. */
static void density_smooth(struct ff_bundle_density *m, float *rows, bool twice)
{
	static const float once[] = {1 / 3.0f, 1 / 3.0f, 0};
	static const float both[] = {3 / 9.0f, 2 / 9.0f, 1 / 9.0f};
	const float *weight = twice ? both : once;
	size_t w = m->width;
	float *padded = rows + 5 * w; /* two cells of nothing at both ends */

	memset(rows, 0, (6 * w + 4) * sizeof(*rows));
	for (size_t y = 0; y < m->height + 2; y++) {
		float *across = rows + y % 5 * w;
		const float *v[5];

		memset(across, 0, w * sizeof(*across));
		if (y < m->height) {
			memcpy(padded + 2, m->at + y * w, w * sizeof(*padded));
			for (size_t k = 0; k < 5; k++)
				v[k] = padded + k;
			density_taps(across, v, w, weight);
		}
		for (size_t k = 0; k < 5; k++)
			v[k] = rows + (y + 1 + k) % 5 * w;
		if (y >= 2)
			density_taps(m->at + (y - 2) * w, v, w, weight);
	}
}

/* ---- tone ---- */

/* The upper bits of a positive float are a number that grows with its logarithm, 256 to
 * the octave: a bin to count in and a place in a table. */
enum { DENSITY_SHIFT = 15, DENSITY_BINS = 0x7f800000 >> DENSITY_SHIFT };

static unsigned density_bin(float v)
{
	uint32_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return bits >> DENSITY_SHIFT;
}

static float density_of_bin(unsigned bin)
{
	uint32_t bits = (uint32_t)bin << DENSITY_SHIFT;
	float v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* Where do the shares lie? `bins` are all zero. */
static void density_tone(struct ff_bundle_density *m, uint32_t *bins)
{
	size_t n = (size_t)m->width * m->height, used = 0, sum = 0;
	float most = 0;
	unsigned i;

	for (size_t k = 0; k < n; k++)
		most = m->at[k] > most ? m->at[k] : most;
	m->low = m->high = 1;
	if (!(most > 0))
		return;
	/* smoothing leaves traces that no one sees */
	i = density_bin(most * 1e-9f);
	for (size_t k = 0; k < n; k++)
		if (m->at[k] > 0) {
			unsigned bin = density_bin(m->at[k]);

			bins[bin > i ? bin : i]++;
			used++;
		}
	for (; i < DENSITY_BINS && (double)sum < DENSITY_LOW * (double)used; i++)
		sum += bins[i];
	m->low = density_of_bin(i);
	for (; i < DENSITY_BINS && (double)sum < DENSITY_HIGH * (double)used; i++)
		sum += bins[i];
	m->high = fmax(density_of_bin(i), m->low * 3);
}

/* ---- life ---- */

/* Whole device pixels around the links. */
static void density_box(struct ff_bundle_density *m, const struct ff_bundle *g,
			const struct ff_bundle_layout *l)
{
	double px = 72 / g->theme.dpi, rad = l->rad + 2 * px;
	double x0 = floor((l->cx - rad) / px), y0 = floor((l->cy - rad) / px);
	double x1 = ceil((l->cx + rad) / px), y1 = ceil((l->cy + rad) / px);

	/* large posters: cells of several pixels */
	while (fmax(x1 - x0, y1 - y0) > 6000) {
		px *= 2;
		x0 = floor((l->cx - rad) / px);
		y0 = floor((l->cy - rad) / px);
		x1 = ceil((l->cx + rad) / px);
		y1 = ceil((l->cy + rad) / px);
	}
	m->width = (unsigned)(x1 - x0);
	m->height = (unsigned)(y1 - y0);
	m->box = (struct ff_box){x0 * px, y0 * px, x1 * px, y1 * px};
}

int ff_bundle_density_init(struct ff_bundle_density *m, const struct ff_bundle *g,
			   const struct ff_bundle_layout *l, struct ff_err *err)
{
	uint32_t *bins = ff_calloc(DENSITY_BINS + 1, sizeof(*bins));
	float *rows;
	int rc;

	*m = (struct ff_bundle_density){0};
	density_box(m, g, l);
	rows = ff_alloc(6 * (size_t)m->width + 4, sizeof(*rows));
	rc = rows && bins ? ff_bundle_sample(m, g, l, err) : ff_fail_nomem(err);
	if (rc == FF_OK) {
		density_smooth(m, rows, !g->theme.is_narrow);
		density_tone(m, bins);
	}
	ff_free(rows);
	ff_free(bins);
	return rc;
}

void ff_bundle_density_release(struct ff_bundle_density *m)
{
	ff_free(m->at);
	m->at = NULL;
}

/* ---- drawing ---- */

/* Colours of a column: the paper, the palest tone over it ever less faint, the tones.
 * Columns of one hue have the same; no step of hue or tone is more than four of 255. */
enum { DENSITY_FAINT = 8, DENSITY_TONES = 48, DENSITY_HUES = 64 };
enum { DENSITY_SHADES = 1 + DENSITY_FAINT + DENSITY_TONES };
typedef uint8_t density_shades[DENSITY_SHADES][4];

static void density_put(uint8_t to[4], struct ff_color c)
{
	to[0] = (uint8_t)(c.r * 255 + .5);
	to[1] = (uint8_t)(c.g * 255 + .5);
	to[2] = (uint8_t)(c.b * 255 + .5);
	to[3] = 255;
}

static void density_column(density_shades shades, const struct ff_bundle_ink *ink,
			   struct ff_color paper, double x)
{
	const struct ff_gradient *g = ink->gradient;
	double t = round((x - g->x0) / (g->x1 - g->x0) * DENSITY_HUES) * 4 / DENSITY_HUES;
	int stop = t < 0 ? 0 : t >= 4 ? 3 : (int)t;
	double part = t < 0 ? 0 : t >= 4 ? 1 : t - stop;

	for (int i = 0; i < DENSITY_TONES; i++) {
		double u = (double)i / (DENSITY_TONES - 1) * (FF_BUNDLE_STRENGTHS - 1);
		int step = (int)fmin(u, FF_BUNDLE_STRENGTHS - 2);
		struct ff_color a = ff_mix(g[step].stops[stop].color,
					   g[step].stops[stop + 1].color, part);
		struct ff_color b = ff_mix(g[step + 1].stops[stop].color,
					   g[step + 1].stops[stop + 1].color, part);
		struct ff_color c = ff_mix(a, b, u - step);

		density_put(shades[1 + DENSITY_FAINT + i], c);
		for (int k = 0; i == 0 && k <= DENSITY_FAINT; k++)
			density_put(shades[k],
				    ff_mix(paper, c, k / (DENSITY_FAINT + 1.0)));
	}
}

/* The shade of every bin. */
static void density_shade(uint8_t *shade, const struct ff_bundle_density *m)
{
	double scale = (DENSITY_TONES - 1) / log(m->high / m->low);
	double single = DENSITY_SINGLE * m->low;
	unsigned last = density_bin((float)m->high);

	for (unsigned i = 0; i < DENSITY_BINS; i++) {
		double v = density_of_bin(i), tone;

		if (v < single) {
			shade[i] = (uint8_t)(v / single * (DENSITY_FAINT + 1) + .5);
			continue;
		}
		tone = i > last ? DENSITY_TONES - 1
				: fmax(0, log(v / m->low) * scale + .5);
		shade[i] = (uint8_t)(1 + DENSITY_FAINT + fmin(tone, DENSITY_TONES - 1));
	}
}

int ff_bundle_density_draw(const struct ff_bundle_density *m, const struct ff_bundle *g,
			   const struct ff_bundle_ink *ink, struct ff_err *err)
{
	uint8_t(*rgba)[4] = ff_alloc((size_t)m->width * m->height, sizeof(*rgba));
	density_shades *columns = ff_alloc(m->width, sizeof(*columns));
	uint8_t *shade = ff_alloc(DENSITY_BINS + 1, 1);
	double px = (m->box.x1 - m->box.x0) / m->width;
	int rc = rgba && columns && shade ? FF_OK : ff_fail_nomem(err);

	if (rc == FF_OK) {
		density_shade(shade, m);
		for (unsigned x = 0; x < m->width; x++)
			density_column(columns[x], ink, g->theme.background,
				       m->box.x0 + (x + .5) * px);
		for (size_t y = 0, i = 0; y < m->height; y++)
			for (size_t x = 0; x < m->width; x++, i++) {
				unsigned s =
					m->at[i] > 0 ? shade[density_bin(m->at[i])] : 0;

				memcpy(rgba[i], columns[x][s], sizeof(rgba[i]));
			}
		ff_canvas_note(g->cv, "density");
		ff_canvas_image(g->cv, m->box.x0, m->box.y0, m->box.x1 - m->box.x0,
				m->box.y1 - m->box.y0, rgba[0], m->width, m->height);
	}
	ff_free(rgba);
	ff_free(columns);
	ff_free(shade);
	return rc;
}
