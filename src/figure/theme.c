/* SPDX-License-Identifier: MIT */
/* Paper size, type, line widths and colours. */
#include "figure/theme.h"

#include <math.h>
#include <string.h>

#define PAGE_WIDTH (7.06 * 72)
#define PAGE_HEIGHT (4.4 * 72)
#define COLUMN_WIDTH (3.5 * 72)
#define SLIDE_WIDTH 960.0 /* 13.33 in: 1920 px at 144 dpi */
#define SLIDE_HEIGHT 540.0

struct ff_color ff_rgb(double r, double g, double b)
{
	return (struct ff_color){r, g, b, 1};
}

struct ff_color ff_rgba(double r, double g, double b, double a)
{
	return (struct ff_color){r, g, b, a};
}

struct ff_color ff_mix(struct ff_color a, struct ff_color b, double t)
{
	return (struct ff_color){
		a.r + (b.r - a.r) * t,
		a.g + (b.g - a.g) * t,
		a.b + (b.b - a.b) * t,
		a.a + (b.a - a.a) * t,
	};
}

static double theme_linear_light(double v)
{
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static void theme_to_oklab(double lab[3], struct ff_color c)
{
	double r = theme_linear_light(c.r), g = theme_linear_light(c.g),
	       b = theme_linear_light(c.b);
	double l = cbrt(.4122214708 * r + .5363325363 * g + .0514459929 * b);
	double m = cbrt(.2119034982 * r + .6806995451 * g + .1073969566 * b);
	double s = cbrt(.0883024619 * r + .2817188376 * g + .6299787005 * b);

	lab[0] = .2104542553 * l + .7936177850 * m - .0040720468 * s;
	lab[1] = 1.9779984951 * l - 2.4285922050 * m + .4505937099 * s;
	lab[2] = .0259040371 * l + .7827717662 * m - .8086757660 * s;
}

static double theme_gamma(double v)
{
	v = v <= .0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - .055;
	return fmin(fmax(v, 0), 1);
}

static struct ff_color theme_from_oklab(const double lab[3])
{
	double l = lab[0] + .3963377774 * lab[1] + .2158037573 * lab[2];
	double m = lab[0] - .1055613458 * lab[1] - .0638541728 * lab[2];
	double s = lab[0] - .0894841775 * lab[1] - 1.2914855480 * lab[2];

	l = l * l * l;
	m = m * m * m;
	s = s * s * s;
	return ff_rgb(theme_gamma(4.0767416621 * l - 3.3077115913 * m + .2309699292 * s),
		      theme_gamma(-1.2684380046 * l + 2.6097574011 * m - .3413193965 * s),
		      theme_gamma(-.0041960863 * l - .7034186147 * m + 1.7076147010 * s));
}

struct ff_color ff_mix_oklab(struct ff_color a, struct ff_color b, double t)
{
	double x[3], y[3];
	struct ff_color c;

	theme_to_oklab(x, a);
	theme_to_oklab(y, b);
	for (int i = 0; i < 3; i++)
		x[i] += (y[i] - x[i]) * t;
	c = theme_from_oklab(x);
	c.a = a.a + (b.a - a.a) * t;
	return c;
}

double ff_luminance(struct ff_color c)
{
	return 0.2126 * theme_linear_light(c.r) + 0.7152 * theme_linear_light(c.g) +
	       0.0722 * theme_linear_light(c.b);
}

double ff_contrast(struct ff_color a, struct ff_color b)
{
	double la = ff_luminance(a), lb = ff_luminance(b);

	return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}

/* "170x100mm": false when it is not WxH with a known unit. */
static bool theme_parse_box(double *w, double *h, double dpi, const char *s)
{
	static const struct {
		const char *name;
		double pt;
	} units[] = {
		{"mm", 72 / 25.4}, {"cm", 72 / 2.54}, {"in", 72}, {"pt", 1}, {"px", 0}};
	const char *x = strchr(s, 'x');
	size_t len = strlen(s);

	if (!x || len < 5)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		double scale = units[i].pt > 0 ? units[i].pt : 72 / dpi;

		if (strcmp(s + len - 2, units[i].name) != 0)
			continue;
		if (!ff_parse_double(w, s, (size_t)(x - s)) ||
		    !ff_parse_double(h, x + 1, (size_t)(s + len - 2 - (x + 1))))
			return false;
		*w *= scale;
		*h *= scale;
		return true;
	}
	return false;
}

int ff_figure_size(double *width, double *height, double *dpi,
		   const struct ff_figure_opts *opts, double aspect, struct ff_err *err)
{
	const char *size = opts->size && opts->size[0] ? opts->size : "page";
	size_t len = strlen(size);
	/* who counts pixels thinks of screens: 1920x1080px is a slide */
	bool is_screen =
		strcmp(size, "slide") == 0 || (len > 2 && !strcmp(size + len - 2, "px"));
	double d = opts->dpi > 0 ? opts->dpi : is_screen ? 144 : 300;
	double w, h;

	if (strcmp(size, "page") == 0) {
		w = PAGE_WIDTH;
		h = PAGE_WIDTH / aspect;
	} else if (strcmp(size, "column") == 0) {
		w = COLUMN_WIDTH;
		h = COLUMN_WIDTH / aspect;
	} else if (strcmp(size, "slide") == 0) {
		w = SLIDE_WIDTH;
		h = SLIDE_HEIGHT;
	} else if (!theme_parse_box(&w, &h, d, size)) {
		return ff_fail(err, FF_EUSAGE,
			       "'%s' is no size: column, page, slide or WxH with mm, cm, "
			       "in, px or pt",
			       size);
	}
	if (!(w >= 2 * 72 && h >= 1.5 * 72 && w <= 100 * 72 && h <= 100 * 72))
		return ff_fail(err, FF_EUSAGE,
			       "size '%s' is outside 2 x 1.5 to 100 x 100 inches", size);
	if (!(d >= 20 && d <= 2400))
		return ff_fail(err, FF_EUSAGE, "%g dpi is outside 20 to 2400", d);
	*width = w;
	*height = h;
	*dpi = d;
	return FF_OK;
}

static void theme_colors(struct ff_theme *t)
{
	if (t->is_dark) {
		t->background = ff_rgb(.075, .082, .098);
		t->ink = ff_rgb(.93, .94, .95);
		t->grey = ff_rgb(.68, .70, .73);
		t->hairline = ff_rgb(.24, .25, .28);
		t->floor = ff_rgb(.135, .145, .165);
		t->grid = ff_rgb(.27, .28, .31);
	} else {
		t->background = ff_rgb(1, 1, 1);
		t->ink = ff_rgb(.10, .11, .13);
		t->grey = ff_rgb(.36, .38, .41);
		t->hairline = ff_rgb(.88, .89, .90);
		t->floor = ff_rgb(.945, .95, .957);
		t->grid = ff_rgb(.84, .85, .87);
	}
	t->halo = t->background;
	t->halo.a = .9;
}

static void theme_type(struct ff_theme *t)
{
	/* posters grow their type with the square root: they are read from farther away,
	 * but not in proportion */
	double grow = sqrt(fmin(t->width / PAGE_WIDTH, t->height / PAGE_HEIGHT));

	if (t->is_slide) {
		grow = sqrt(fmin(t->width / SLIDE_WIDTH, t->height / SLIDE_HEIGHT));
		t->fs = 13 * fmax(grow, 12.0 / 13);
		t->small = t->foot = t->fs * 12 / 13;
		t->foot = t->small = fmax(t->small, 12);
		t->title = 1.62 * t->fs;
		t->margin = 2 * t->fs;
		t->axis = .9;
		t->hair = .8;
		t->outline = .45;
		t->line = 2;
	} else {
		t->fs = 8 * fmax(grow, 1);
		t->is_narrow = t->width < 5 * 72;
		t->foot = t->small = 7 * fmax(grow, 1);
		t->title = (t->is_narrow ? 1.25 : 1.36) * t->fs;
		t->margin = (t->is_narrow ? .9 : 1.25) * t->fs;
		t->axis = .5 * fmax(grow, 1);
		t->hair = .4 * fmax(grow, 1);
		t->outline = .2 * fmax(grow, 1);
		t->line = 1.2 * fmax(grow, 1);
	}
	t->tick = .4 * t->fs;
	t->tick_minor = .2 * t->fs;
}

int ff_theme_init(struct ff_theme *t, const struct ff_figure_opts *opts, double aspect,
		  struct ff_err *err)
{
	const char *name = opts->theme && opts->theme[0] ? opts->theme : "print";
	bool is_dark = strcmp(name, "dark") == 0, is_slide = strcmp(name, "slide") == 0;
	int rc;

	if (!is_dark && !is_slide && strcmp(name, "print") != 0)
		return ff_fail(err, FF_EUSAGE, "'%s' is no theme: print, slide or dark",
			       name);
	*t = (struct ff_theme){.is_dark = is_dark, .is_slide = is_slide};
	rc = ff_figure_size(&t->width, &t->height, &t->dpi, opts, aspect, err);
	if (rc < 0)
		return rc;
	if (opts->size && strcmp(opts->size, "slide") == 0)
		t->is_slide = true;
	theme_type(t);
	theme_colors(t);
	return FF_OK;
}

struct ff_text_style ff_theme_text(const struct ff_theme *t, enum ff_weight weight)
{
	return (struct ff_text_style){
		.size_pt = t->fs, .weight = weight, .color = t->ink};
}

struct ff_text_style ff_theme_grey(const struct ff_theme *t, enum ff_weight weight)
{
	return (struct ff_text_style){
		.size_pt = t->fs, .weight = weight, .color = t->grey};
}

struct ff_text_style ff_with_halo(const struct ff_theme *t, struct ff_text_style st)
{
	st.halo_pt = .2 * st.size_pt;
	st.halo = t->halo;
	return st;
}
