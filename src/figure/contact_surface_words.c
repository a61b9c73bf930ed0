/* SPDX-License-Identifier: MIT */
/* Words beside a surface: the regions of n along the slanted edge, and how rows were
 * made. */
#include "figure/contact_surface.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LINES_MOST 6
#define LINE_STEP 1.26 /* body sizes from baseline to baseline */

struct words_lines {
	char text[LINES_MOST][112];
	size_t n;
};

static void words_add(struct words_lines *lines, const struct ff_buf *b)
{
	if (lines->n == LINES_MOST || b->failed)
		return;
	snprintf(lines->text[lines->n], sizeof(lines->text[0]), "%s", ff_buf_str(b));
	lines->n++;
}

static bool words_ridge_in(const struct ff_finding *f,
			   const struct ff_contact_region *region)
{
	return f->low >= region->low && f->high <= region->high;
}

/* "ridge at 6 and 7:", "912 and 1,207", "source-days" */
static void words_plain_ridge(struct words_lines *lines, const struct ff_surface *s,
			      const struct ff_finding *f)
{
	const struct ff_contact_data *d = &s->c->data;
	uint64_t sums[2] = {0, 0};
	struct ff_buf b = FF_BUF_INIT;
	char text[32];

	ff_buf_addf(&b, "ridge at %s", ff_format_u64(text, sizeof(text), f->low));
	if (f->high > f->low)
		ff_buf_addf(&b, "%s%s", f->high == f->low + 1 ? " and " : FF_NDASH,
			    ff_format_u64(text, sizeof(text), f->high));
	ff_buf_addc(&b, ':');
	words_add(lines, &b);
	ff_buf_clear(&b);
	if (f->high == f->low + 1) {
		for (size_t i = 0; i < d->ncells; i++)
			if (d->n[i] == f->low || d->n[i] == f->high)
				sums[d->n[i] - f->low] += d->sources[i];
		ff_word_count(&b, sums[0]);
		ff_buf_adds(&b, " and ");
		ff_word_count(&b, sums[1]);
	} else {
		ff_word_count(&b, ff_contact_count(f, "sources"));
	}
	words_add(lines, &b);
	ff_buf_clear(&b);
	ff_buf_adds(&b, ff_word_unit(d->bin_ns));
	words_add(lines, &b);
	ff_buf_release(&b);
}

/* Whole prefixes have a row and a line of their own; other ridges only where every n has
 * a row. */
static bool words_tells(const struct ff_surface *s, const struct ff_finding *f,
			const struct ff_contact_region *region)
{
	return words_ridge_in(f, region) &&
	       (s->grid.is_linear || ff_contact_prefix(f) > 0);
}

/* The `most` heaviest ridges within the region, from small to large n. */
static void words_ridges(struct words_lines *lines, const struct ff_surface *s,
			 const struct ff_contact_region *region, size_t most)
{
	const struct ff_contact_data *d = &s->c->data;
	const struct ff_finding *told[LINES_MOST];
	size_t n = 0;

	for (size_t i = 0; i < d->nridges && n < most && n < LINES_MOST; i++) {
		size_t k = n;

		if (!words_tells(s, d->ridges[i], region))
			continue;
		for (; k > 0 && told[k - 1]->low > d->ridges[i]->low; k--)
			told[k] = told[k - 1];
		told[k] = d->ridges[i];
		n++;
	}
	for (size_t i = 0; i < n; i++) {
		struct ff_buf b = FF_BUF_INIT;

		if (ff_contact_prefix(told[i]) > 0) {
			ff_contact_ridge_words(&b, d, told[i], false);
			words_add(lines, &b);
			ff_buf_release(&b);
		} else if (lines->n + 3 <= LINES_MOST) {
			words_plain_ridge(lines, s, told[i]);
		}
	}
}

/* What is said of a region, from most to least. */
static const struct {
	size_t ridges;			      /* lines of ridges */
	bool has_range, has_share, is_joined; /* joined: name and share on one line */
} region_levels[] = {
	{5, true, true, true},	  {3, true, true, true},  {2, true, true, true},
	{0, true, true, false},	  {0, false, true, true}, {0, false, true, false},
	{0, false, false, false},
};
#define REGION_LEVELS ((int)(sizeof(region_levels) / sizeof(region_levels[0])))

static void words_region(struct words_lines *lines, const struct ff_surface *s, size_t i,
			 int level)
{
	const struct ff_contact_region *region = &s->c->data.regions[i];
	struct ff_buf b = FF_BUF_INIT;
	bool has_ridges = false, is_one = region->low == region->high;

	for (size_t k = 0; k < s->c->data.nridges; k++)
		has_ridges |= words_tells(s, s->c->data.ridges[k], region);
	lines->n = 0;
	ff_buf_addf(&b, FF_MARK_BOLD "%s" FF_MARK_END, region->name);
	/* a list of ridges stands for the range */
	if (!has_ridges && region_levels[level].ridges > 0)
		level = 3;
	if (region_levels[level].has_share &&
	    (region_levels[level].is_joined || is_one)) {
		ff_buf_adds(&b, is_one ? ": " : ", ");
		ff_word_percent(&b, region->share);
		words_add(lines, &b);
		words_ridges(lines, s, region, region_levels[level].ridges);
		ff_buf_release(&b);
		return;
	}
	words_add(lines, &b);
	if (region_levels[level].has_range) {
		ff_buf_clear(&b);
		ff_word_range(&b, region->low, region->high);
		words_add(lines, &b);
	}
	if (region_levels[level].has_share) {
		ff_buf_clear(&b);
		ff_word_percent(&b, region->share);
		words_add(lines, &b);
	}
	ff_buf_release(&b);
}

/* Depths of the ends of a region: front and back. */
static void words_region_ends(const struct ff_surface *s,
			      const struct ff_contact_region *region, double *front,
			      double *back)
{
	*back = s->grid.rows[ff_contact_grid_row(&s->grid, region->low)].v1;
	*front = s->grid.rows[ff_contact_grid_row(&s->grid, region->high)].v0;
}

static struct ff_text_style words_region_style(const struct ff_theme *t)
{
	struct ff_text_style st = ff_theme_grey(t, FF_REGULAR);

	if (t->is_narrow)
		st.size_pt = t->small;
	return st;
}

double ff_surface_words_pad(const struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_text_style st = words_region_style(t);
	double pad = (t->is_narrow ? 5 : 6.2) * t->fs;
	double lean = s->o.s / s->o.dp;

	for (size_t i = 0; i < s->c->data.nregions; i++) {
		struct words_lines lines;
		double front, back;

		words_region(&lines, s, i, t->is_narrow ? 3 : 0);
		words_region_ends(s, &s->c->data.regions[i], &front, &back);
		for (size_t k = 0; k < lines.n; k++) {
			double below =
				s->o.dp * (1 - (front + back) / 2) +
				((double)k - (double)lines.n / 2) * LINE_STEP * t->fs;
			double w = ff_canvas_measure(s->c->cv, &st, lines.text[k]).width;

			pad = fmax(pad,
				   s->bracket + .9 * t->fs + w - lean * fmax(below, 0));
		}
	}
	return fmin(pad, (t->is_narrow ? .27 : .21) * t->width);
}

static bool words_place_region(struct ff_surface *s, size_t i, int level)
{
	const struct ff_theme *t = &s->c->theme;
	struct words_lines lines;
	struct ff_text_item items[LINES_MOST];
	struct ff_text_style st = words_region_style(t);
	double front, back, middle, reach, half;

	words_region(&lines, s, i, level);
	words_region_ends(s, &s->c->data.regions[i], &front, &back);
	middle = s->o.y0 - s->o.dp * (front + back) / 2;
	/* words may slide along their bracket, and pass its ends by half a line */
	half = s->o.dp * (back - front) / 2;
	reach = half - (double)lines.n * .5 * LINE_STEP * st.size_pt + .6 * t->fs;
	if (reach < 0 && level < REGION_LEVELS - 1)
		return false;
	reach = fmax(reach, .4 * t->fs);
	for (int step = 0; step <= 24; step++) {
		double shift = (step % 2 ? -1 : 1) * (step + 1) / 2 * reach / 12;

		for (size_t k = 0; k < lines.n; k++) {
			double y = middle + shift +
				   ((double)k - ((double)lines.n - 1) / 2) * LINE_STEP *
					   st.size_pt +
				   .36 * st.size_pt;
			/* clear of the bracket at the top of the letters, where it is
			 * nearest */
			double edge =
				s->o.x0 + s->o.wd +
				s->o.s * (s->o.y0 - (y - .76 * st.size_pt)) / s->o.dp;

			items[k] = (struct ff_text_item){
				.x = edge + s->bracket + .45 * t->fs,
				.y = y,
				.style = st,
				.role = "region",
				.text = lines.text[k],
			};
		}
		if (ff_labels_fit(&s->c->labels, items, lines.n))
			return ff_labels_add(&s->c->labels, items, lines.n);
	}
	return false;
}

/* Whether text in the box would lie over the floor or a block. */
static bool words_meets_surface(const struct ff_surface *s, const struct ff_box *box)
{
	for (size_t r = 0; r < s->grid.nrows; r++) {
		const struct ff_grid_row *row = &s->grid.rows[r];

		for (size_t i = 0; i < s->grid.edges.count; i++) {
			double z = ff_surface_z(s, ff_grid_at(&s->grid, r, i));
			struct ff_point low =
				ff_surface_at(s, ff_surface_u(s, i), row->v0, 0);
			struct ff_box block = {low.x,
					       s->o.y0 - s->o.dp * row->v1 - s->o.hh * z,
					       HUGE_VAL, low.y};

			if (i > 0 && z <= 0)
				continue;
			if (block.x0 < box->x1 && block.y0 < box->y1 &&
			    box->y0 < block.y1)
				return true;
		}
	}
	return false;
}

/* "one row per n to 10, then ten a decade", in the triangle left of the floor. */
static bool words_rows_note(struct ff_surface *s, double width)
{
	const struct ff_theme *t = &s->c->theme;
	struct ff_text_style st = ff_theme_grey(t, FF_REGULAR);
	struct ff_text_item items[LINES_MOST];
	struct ff_buf lines = FF_BUF_INIT;
	size_t n = 0;
	bool is_clear = true;
	double top = s->o.y0 - s->o.dp + 1.3 * t->fs;

	st.size_pt = t->small;
	ff_wrap(&lines, s->c->cv, &st, FF_SURFACE_ROWS_WORDS, width, LINES_MOST);
	for (char *p = (char *)lines.data; p && n < LINES_MOST; n++) {
		char *end = strchr(p, '\n');
		struct ff_box box;

		if (end)
			*end = '\0';
		items[n] = (struct ff_text_item){
			.x = t->margin,
			.y = top + (.76 + 1.24 * (double)n) * st.size_pt,
			.style = st,
			.role = "note",
			.text = p,
		};
		box = ff_text_box(s->c->cv, &items[n]);
		box.x1 += .4 * t->fs;
		is_clear &=
			!words_meets_surface(s, &box) && box.y1 < s->o.y0 - .3 * t->fs;
		p = end ? end + 1 : NULL;
	}
	is_clear = is_clear && ff_labels_fit(&s->c->labels, items, n) &&
		   ff_labels_add(&s->c->labels, items, n);
	ff_buf_release(&lines);
	return is_clear;
}

void ff_surface_place_words(struct ff_surface *s)
{
	size_t n = s->c->data.nregions;

	/* the rarest region is the one to read about: from the front backwards */
	for (size_t i = n; i-- > 0;) {
		int level = 0;

		while (level < REGION_LEVELS && !words_place_region(s, i, level))
			level++;
		s->has_region[i] = level < REGION_LEVELS;
		s->c->labels.dropped += !s->has_region[i];
	}
	if (!s->grid.is_linear && !s->c->theme.is_narrow) {
		double width = 6 * s->c->theme.fs;

		while (width > 3 * s->c->theme.fs && !words_rows_note(s, width))
			width -= .5 * s->c->theme.fs;
		s->c->labels.dropped += width <= 3 * s->c->theme.fs;
	}
}

void ff_surface_draw_brackets(const struct ff_surface *s)
{
	const struct ff_theme *t = &s->c->theme;
	double end = .3 * t->fs;

	if (s->c->data.nregions > 0)
		ff_canvas_note(s->c->cv, "regions");
	for (size_t i = 0; i < s->c->data.nregions; i++) {
		double front, back, gap;
		struct ff_point p[4];

		if (!s->has_region[i])
			continue;
		words_region_ends(s, &s->c->data.regions[i], &front, &back);
		gap = fmin(.12 * t->fs / s->o.dp, (back - front) / 4);
		p[1] = ff_surface_at(s, 1, back - gap, 0);
		p[2] = ff_surface_at(s, 1, front + gap, 0);
		p[1].x += s->bracket;
		p[2].x += s->bracket;
		p[0] = (struct ff_point){p[1].x - end, p[1].y};
		p[3] = (struct ff_point){p[2].x - end, p[2].y};
		ff_canvas_polyline(s->c->cv, p, 4, t->grey, 1.2 * t->axis, NULL);
	}
}
