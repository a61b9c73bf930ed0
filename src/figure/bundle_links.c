/* SPDX-License-Identifier: MIT */
/* Links as strokes: strength by the logarithm of the value, a fixed budget of ink through
 * the waist, light to heavy, the heaviest again on top. */
#include "figure/bundle.h"
#include "figure/spline.h"

#include <math.h>

#define LINKS_HALF .42 /* of the radius: where the colours are full */
#define LINKS_GREY .35 /* how grey the quarter stops are */

/* ---- colours ---- */

/* Of strength 0 and 1: from, middle, to. */
static const unsigned char links_light[2][3][3] = {
	{{0xBC, 0xD7, 0xEC}, {0xE0, 0xE1, 0xE2}, {0xFB, 0xE0, 0xAE}},
	{{0x00, 0x57, 0x8F}, {0x74, 0x78, 0x7C}, {0xD8, 0x74, 0x00}},
};
static const unsigned char links_dark[2][3][3] = {
	{{0x1F, 0x42, 0x5C}, {0x3A, 0x3E, 0x44}, {0x57, 0x3D, 0x10}},
	{{0x6C, 0xBD, 0xF2}, {0xB4, 0xB9, 0xBF}, {0xFF, 0xB0, 0x3A}},
};

static struct ff_color links_rgb(const unsigned char c[3])
{
	return ff_rgb(c[0] / 255.0, c[1] / 255.0, c[2] / 255.0);
}

/* side 0, 1; 2 = between them */
static struct ff_color links_color(const struct ff_theme *t, int side, double strength)
{
	const unsigned char(*ends)[3][3] = t->is_dark ? links_dark : links_light;
	int i = side == 2 ? 1 : 2 * side;

	return ff_mix_oklab(links_rgb(ends[0][i]), links_rgb(ends[1][i]), strength);
}

struct ff_color ff_bundle_color(const struct ff_theme *t, int side, double strength)
{
	return links_color(t, side, strength);
}

struct ff_color ff_bundle_bar_color(const struct ff_theme *t, int side)
{
	if (t->is_dark)
		return side ? ff_rgb(.93, .65, .22) : ff_rgb(.36, .65, .86);
	return side ? links_rgb((const unsigned char[3]){0xE3, 0x9A, 0x1C})
		    : links_rgb((const unsigned char[3]){0x3B, 0x87, 0xBE});
}

struct ff_color ff_bundle_word_color(const struct ff_theme *t, int side)
{
	if (t->is_dark)
		return side ? ff_rgb(.98, .70, .28) : ff_rgb(.45, .74, .95);
	return side ? links_rgb((const unsigned char[3]){0xB4, 0x5F, 0x00})
		    : links_rgb((const unsigned char[3]){0x00, 0x67, 0xA8});
}

static struct ff_gradient links_gradient(const struct ff_bundle_layout *l,
					 struct ff_color from, struct ff_color grey,
					 struct ff_color to)
{
	struct ff_gradient g = {.x0 = l->cx - LINKS_HALF * l->rad,
				.x1 = l->cx + LINKS_HALF * l->rad,
				.n = 5};
	const struct ff_color stops[] = {from, ff_mix_oklab(from, grey, LINKS_GREY), grey,
					 ff_mix_oklab(to, grey, LINKS_GREY), to};

	for (int i = 0; i < 5; i++) {
		g.stops[i].at = i / 4.0;
		g.stops[i].color = stops[i];
	}
	return g;
}

/* ---- strength ---- */

double ff_bundle_strength(const struct ff_bundle_ink *ink, double value)
{
	double u = (log10(value) - ink->low) / (ink->high - ink->low);

	return u < 0 ? 0 : u > 1 ? 1 : u;
}

double ff_bundle_width(const struct ff_bundle_ink *ink, double strength)
{
	return ink->width0 + (ink->width1 - ink->width0) * pow(strength, 1.6);
}

static double links_bare_alpha(double strength)
{
	return .30 + .60 * pow(strength, 1.3);
}

double ff_bundle_alpha(const struct ff_bundle_ink *ink, double strength)
{
	double a = links_bare_alpha(strength) * ink->opacity;

	return a < .05 ? .05 : a > .95 ? .95 : a;
}

/* The widths of all links together must leave the waist readable. */
static double links_opacity(const struct ff_bundle_ink *ink,
			    const struct ff_bundle_data *d, double rad)
{
	double sum = 0;

	for (size_t i = 0; i < d->nlinks; i++) {
		double u = ff_bundle_strength(ink, (double)d->links[i].value);

		sum += ff_bundle_width(ink, u) * links_bare_alpha(u);
	}
	return fmin(1, 1.3 * 2 * rad / sum);
}

void ff_bundle_ink_init(struct ff_bundle_ink *ink, const struct ff_bundle *g,
			const struct ff_bundle_layout *l)
{
	const struct ff_bundle_data *d = &g->data;
	const struct ff_theme *t = &g->theme;
	double most = (double)d->links[0].value;
	double least = (double)d->links[d->nlinks - 1].value;

	ink->high = log10(most);
	ink->low = fmin(floor(log10(least) + 1e-9), ink->high - 1);
	ink->width0 = .3 * l->k;
	ink->width1 = (d->nlinks <= 200 ? 5 : d->nlinks <= 2500 ? 3.6 : 2.6) * l->k;
	ink->opacity = links_opacity(ink, d, l->rad);
	ink->top_width = .9 * l->k;
	for (int i = 0; i < FF_BUNDLE_STRENGTHS; i++) {
		double u = (double)i / (FF_BUNDLE_STRENGTHS - 1);

		ink->gradient[i] =
			links_gradient(l, links_color(t, 0, u), links_color(t, 2, u),
				       links_color(t, 1, u));
	}
	ink->top = links_gradient(
		l, t->is_dark ? links_color(t, 0, 1) : ff_bundle_word_color(t, 0),
		links_color(t, 2, 1),
		t->is_dark ? links_color(t, 1, 1)
			   : links_rgb((const unsigned char[3]){0xDB, 0x7F, 0x00}));
}

/* ---- drawing ---- */

static size_t links_curve(struct ff_point *out, const struct ff_bundle *g,
			  const struct ff_bundle_layout *l,
			  const struct ff_bundle_link *link)
{
	struct ff_point p[FF_SPLINE_POINTS];
	size_t n = ff_bundle_path(p, l, &g->data, link, g->params->beta);

	return ff_spline_bezier(out, p, n);
}

int ff_bundle_links_draw(const struct ff_bundle *g, const struct ff_bundle_layout *l,
			 const struct ff_bundle_ink *ink, struct ff_err *err)
{
	struct ff_point curve[FF_SPLINE_BEZIERS(FF_SPLINE_POINTS)];

	(void)err;
	ff_canvas_note(g->cv, "links");
	for (size_t i = g->data.nlinks; i-- > g->data.ntop;) {
		const struct ff_bundle_link *link = &g->data.links[i];
		double u = ff_bundle_strength(ink, (double)link->value);
		int step = (int)(u * (FF_BUNDLE_STRENGTHS - 1) + .5);
		size_t n = links_curve(curve, g, l, link);

		/* what shares a step shares all: smaller files */
		u = (double)step / (FF_BUNDLE_STRENGTHS - 1);
		ff_canvas_bezier_gradient(g->cv, curve, n, &ink->gradient[step],
					  ff_bundle_alpha(ink, u),
					  ff_bundle_width(ink, u));
	}
	return FF_OK;
}

void ff_bundle_top_draw(const struct ff_bundle *g, const struct ff_bundle_layout *l,
			const struct ff_bundle_ink *ink)
{
	struct ff_point curve[FF_SPLINE_BEZIERS(FF_SPLINE_POINTS)];
	struct ff_color casing = g->theme.background;
	struct ff_gradient under = {
		ink->top.x0, ink->top.x1, 2, {{0, casing}, {1, casing}}};

	ff_canvas_note(g->cv, "top links");
	for (size_t i = g->data.ntop; i-- > 0;) {
		const struct ff_bundle_link *link = &g->data.links[i];
		double u = ff_bundle_strength(ink, (double)link->value);
		double width = fmax(ink->top_width, ff_bundle_width(ink, u));
		size_t n = links_curve(curve, g, l, link);

		ff_canvas_bezier_gradient(g->cv, curve, n, &under, .85,
					  width + 1.1 * l->k);
		ff_canvas_bezier_gradient(g->cv, curve, n, &ink->top, 1, width);
	}
}
