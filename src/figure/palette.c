/* SPDX-License-Identifier: MIT */
/* Colour maps from .gpl files, sequential ramps cut by contrast, categorical colours. */
#include "figure/palette.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void palette_batlow(struct ff_palette *p)
{
	p->count = 256;
	for (size_t i = 0; i < 256; i++)
		p->c[i] = ff_rgb(ff_batlow_rgb[i][0] / 255.0, ff_batlow_rgb[i][1] / 255.0,
				 ff_batlow_rgb[i][2] / 255.0);
}

/* One line of a .gpl file: true when it is a colour. */
static bool palette_parse_line(struct ff_color *c, const char *line)
{
	int r, g, b;

	if (sscanf(line, "%5d %5d %5d", &r, &g, &b) != 3)
		return false;
	if (r < 0 || r > 255 || g < 0 || g > 255 || b < 0 || b > 255)
		return false;
	*c = ff_rgb(r / 255.0, g / 255.0, b / 255.0);
	return true;
}

static int palette_read(struct ff_palette *p, FILE *f, const char *path,
			struct ff_err *err)
{
	char line[256];

	p->count = 0;
	if (!fgets(line, sizeof(line), f) || strncmp(line, "GIMP Palette", 12) != 0)
		return ff_fail(err, FF_EFORMAT, "'%s' is no GIMP palette", path);
	while (fgets(line, sizeof(line), f)) {
		struct ff_color c;

		if (!palette_parse_line(&c, line))
			continue;
		if (p->count == FF_PALETTE_MAX)
			return ff_fail(err, FF_ELIMIT, "more than %d colours in '%s'",
				       FF_PALETTE_MAX, path);
		p->c[p->count++] = c;
	}
	if (ferror(f))
		return ff_fail_errno(err, errno, "cannot read '%s'", path);
	if (p->count < 2)
		return ff_fail(err, FF_EFORMAT, "fewer than 2 colours in '%s'", path);
	return FF_OK;
}

int ff_palette_load(struct ff_palette *p, const char *name, const char *dir,
		    struct ff_err *err)
{
	struct ff_buf path = FF_BUF_INIT;
	FILE *f;
	int rc;

	if (!name || !name[0] || strcmp(name, "batlow") == 0) {
		palette_batlow(p);
		return FF_OK;
	}
	if (strchr(name, '/') || strchr(name, '\\'))
		return ff_fail(err, FF_EUSAGE, "'%s' is no palette name", name);
	ff_buf_addf(&path, "%s/%s.gpl", dir && dir[0] ? dir : ".", name);
	if (path.failed) {
		ff_buf_release(&path);
		return ff_fail_nomem(err);
	}
	f = fopen(ff_buf_str(&path), "r");
	if (!f) {
		rc = errno == ENOENT ? ff_fail(err, FF_EUSAGE,
					       "no palette '%s' ('%s' is missing)", name,
					       ff_buf_str(&path))
				     : ff_fail_errno(err, errno, "cannot open '%s'",
						     ff_buf_str(&path));
	} else {
		rc = palette_read(p, f, ff_buf_str(&path), err);
		fclose(f);
	}
	ff_buf_release(&path);
	return rc;
}

static struct ff_color palette_at(const struct ff_palette *p, double t)
{
	double x = t * (double)(p->count - 1);
	size_t i = (size_t)x;

	if (i + 1 >= p->count)
		return p->c[p->count - 1];
	return ff_mix(p->c[i], p->c[i + 1], x - (double)i);
}

int ff_ramp_init(struct ff_ramp *r, const struct ff_theme *t,
		 const struct ff_figure_opts *opts, double min_contrast,
		 struct ff_err *err)
{
	struct ff_palette p;
	double few, many;
	bool dark_first;
	int rc = ff_palette_load(&p, opts->palette, opts->palette_dir, err);

	if (rc < 0)
		return rc;
	dark_first = ff_luminance(p.c[0]) < ff_luminance(p.c[p.count - 1]);
	/* many lies as far from the ground as the map goes, few as near as is still seen
	 */
	many = dark_first != t->is_dark ? 0 : 1;
	few = 1 - many;
	for (int step = 0; step < 256; step++) {
		few = 1 - many + (2 * many - 1) * step / 255.0;
		if (ff_contrast(palette_at(&p, few), t->background) >= min_contrast)
			break;
	}
	for (int i = 0; i < 256; i++)
		r->c[i] = palette_at(&p, few + (many - few) * i / 255.0);
	return FF_OK;
}

struct ff_color ff_ramp_at(const struct ff_ramp *r, double t)
{
	double x = (t < 0 ? 0 : t > 1 ? 1 : t) * 255;

	return r->c[(int)(x + .5)];
}

struct ff_color ff_category(const struct ff_theme *t, unsigned i)
{
	/* Okabe, M. and Ito, K. (2008), Color universal design */
	static const unsigned char rgb[8][3] = {
		{213, 94, 0},  {0, 114, 178},  {0, 158, 115},  {204, 121, 167},
		{230, 159, 0}, {86, 180, 233}, {240, 228, 66}, {0, 0, 0},
	};
	const unsigned char *c = rgb[i % 8];
	struct ff_color color = ff_rgb(c[0] / 255.0, c[1] / 255.0, c[2] / 255.0);

	if (i % 8 == FF_PLAIN)
		return t->ink;
	/* the blue and the vermillion are dim on dark paper */
	return t->is_dark ? ff_mix(color, ff_rgb(1, 1, 1), .25) : color;
}
