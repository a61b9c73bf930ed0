/* SPDX-License-Identifier: MIT */
/* svg_text - texts of the SVG backend: every glyph is defined once as an outline at the
 * reference size and used wherever it stands. */
#include "canvas/svg.h"
#include "canvas/markup.h"
#include "canvas/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define SVG_SLOTS_MIN 256u

/* ---- the table of glyphs ---- */

static size_t svg_find_slot(const struct svg_glyphs *g, const struct ff_glyph *glyph)
{
	uint64_t hash = ff_mix64((uint64_t)glyph->font << 32 | glyph->code);
	size_t i;

	for (i = hash & (g->nslots - 1); g->slots[i]; i = (i + 1) & (g->nslots - 1)) {
		const struct ff_glyph *u = &g->used[g->slots[i] - 1];

		if (u->font == glyph->font && u->code == glyph->code)
			break;
	}
	return i;
}

static int svg_grow_slots(struct svg_glyphs *g, struct ff_err *err)
{
	size_t nslots = g->nslots ? g->nslots * 2 : SVG_SLOTS_MIN;
	uint32_t *slots = ff_calloc(nslots, sizeof(*slots));

	if (!slots)
		return ff_fail_nomem(err);
	ff_free(g->slots);
	g->slots = slots;
	g->nslots = nslots;
	for (size_t i = 0; i < g->count; i++)
		g->slots[svg_find_slot(g, &g->used[i])] = (uint32_t)i + 1;
	return FF_OK;
}

/* The number of a glyph, which is new or seen before. */
static int svg_number_glyph(size_t *number, struct svg_glyphs *g,
			    const struct ff_glyph *glyph, struct ff_err *err)
{
	size_t slot;

	if ((g->count + 1) * 2 > g->nslots && svg_grow_slots(g, err) < 0)
		return FF_ENOMEM;
	slot = svg_find_slot(g, glyph);
	if (!g->slots[slot]) {
		if (ff_grow(&g->used, &g->cap, g->count + 1, sizeof(*g->used), err) < 0)
			return FF_ENOMEM;
		g->used[g->count++] = *glyph;
		g->slots[slot] = (uint32_t)g->count;
	}
	*number = g->slots[slot] - 1;
	return FF_OK;
}

static void svg_put_outline(void *arg, char op, const struct ff_point p[3])
{
	struct ff_buf *b = arg;
	int n = op == 'C' ? 3 : op == 'Z' ? 0 : 1;

	ff_buf_addc(b, op);
	for (int i = 0; i < n; i++) {
		ff_svg_step(b, ff_hundredths(p[i].x), i == 0);
		ff_svg_step(b, ff_hundredths(p[i].y), false);
	}
}

void ff_svg_put_defs(struct ff_buf *out, struct svg_canvas *s)
{
	if (!s->glyphs.count)
		return;
	ff_buf_adds(out, "<defs>\n");
	for (size_t i = 0; i < s->glyphs.count; i++) {
		ff_buf_addf(out, "<path id=\"%s-%zu\" d=\"", s->prefix, i);
		ff_texts_outline(s->texts, &s->glyphs.used[i], svg_put_outline, out);
		ff_buf_adds(out, "\"/>\n");
	}
	ff_buf_adds(out, "</defs>\n");
}

/* ---- a line of text ---- */

static struct ff_texts *svg_texts(struct ff_canvas *cv)
{
	struct svg_canvas *s = cv->self;

	if (!s->texts)
		ff_texts_new(&s->texts, cv->opts.font, &cv->err);
	return s->texts;
}

struct ff_extents ff_svg_measure(struct ff_canvas *cv, const struct ff_text_style *st,
				 const char *text)
{
	struct ff_texts *texts = svg_texts(cv);
	struct ff_extents e = {0, 0, 0};

	if (texts && !ff_texts_measure(texts, st, text, &e))
		ff_fail_nomem(&cv->err);
	return e;
}

static void svg_use_glyph(void *arg, const struct ff_glyph *glyph)
{
	struct ff_canvas *cv = arg;
	struct svg_canvas *s = cv->self;
	int64_t x = ff_hundredths(glyph->x), y = ff_hundredths(glyph->y);
	size_t number;

	if (svg_number_glyph(&number, &s->glyphs, glyph, &cv->err) < 0)
		return;
	ff_buf_addf(&s->body, "<use xlink:href=\"#%s-%zu\"", s->prefix, number);
	if (x) {
		ff_buf_adds(&s->body, " x=\"");
		ff_put_short(&s->body, x);
		ff_buf_addc(&s->body, '"');
	}
	if (y) {
		ff_buf_adds(&s->body, " y=\"");
		ff_put_short(&s->body, y);
		ff_buf_addc(&s->body, '"');
	}
	ff_buf_adds(&s->body, "/>");
}

/* Opens the group of the text: its words, its place, its size. */
static void svg_open_text(struct ff_buf *b, double x, double y, double angle, double size,
			  const char *text)
{
	struct ff_buf words = FF_BUF_INIT;
	const char *end = text + strlen(text);
	int64_t micro;

	while (text < end) {
		uint32_t code = ff_utf8_next(&text, end);

		if (code != FF_CODE_BOLD && code != FF_CODE_END)
			ff_utf8_put(&words, ff_utf8_inked(code));
	}
	ff_buf_adds(b, "<g aria-label=\"");
	ff_put_xml(b, ff_buf_str(&words));
	ff_buf_adds(b, "\" transform=\"translate(");
	ff_put_short(b, ff_hundredths(x));
	ff_buf_addc(b, ' ');
	ff_put_short(b, ff_hundredths(y));
	ff_buf_addc(b, ')');
	if (angle != 0) {
		ff_buf_adds(b, "rotate(");
		ff_put_short(b, ff_hundredths(-angle));
		ff_buf_addc(b, ')');
	}
	/* six decimals: at the end of a long line the error is multiplied by its length
	 */
	micro = llround(size * 1e6);
	ff_buf_addf(b, "scale(%" PRId64 ".%06" PRId64 ")\"", micro / 1000000,
		    micro % 1000000);
	b->failed |= words.failed;
	ff_buf_release(&words);
}

void ff_svg_text(struct ff_canvas *cv, double x, double y, enum ff_anchor anchor,
		 double angle, const struct ff_text_style *st, const char *text)
{
	struct svg_canvas *s = cv->self;
	struct ff_texts *texts = svg_texts(cv);
	const struct ff_text_line *line =
		texts ? ff_texts_line(texts, st->weight, text) : NULL;
	double size = st->size_pt / FF_TEXT_UNITS;
	double back, turn = angle * (3.14159265358979323846 / 180);

	if (!line) {
		ff_fail_nomem(&cv->err);
		return;
	}
	back = line->width * size * anchor / 2;
	svg_open_text(&s->body, x - back * cos(turn), y + back * sin(turn), angle, size,
		      text);
	ff_svg_fill(&s->body, st->color);
	ff_buf_addc(&s->body, '>');
	if (st->halo_pt > 0 && st->halo.a > 0) {
		ff_buf_adds(&s->body, "<g fill=\"none\" stroke=\"");
		ff_put_rgb(&s->body, st->halo);
		ff_buf_adds(&s->body, "\" stroke-dasharray=\"none\" stroke-width=\"");
		ff_put_short(&s->body, ff_hundredths(2 * st->halo_pt / size));
		ff_buf_addc(&s->body, '"');
		ff_svg_opacity(&s->body, "stroke-opacity", ff_color_byte(st->halo.a));
		ff_buf_addc(&s->body, '>');
		ff_texts_glyphs(texts, line, svg_use_glyph, cv);
		ff_buf_adds(&s->body, "</g>");
	}
	ff_texts_glyphs(texts, line, svg_use_glyph, cv);
	ff_buf_adds(&s->body, "</g>\n");
}
