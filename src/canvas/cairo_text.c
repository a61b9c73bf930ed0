/* SPDX-License-Identifier: MIT */
/* cairo_text - pango's side of the cairo backend, see cairo_text.h. */
#include "canvas/cairo_text.h"
#include "canvas/utf8.h"

#include <pango/pangocairo.h>
#include <string.h>

/* Slots of the table of shaped lines, a power of two. A figure has a few hundred texts;
 * when more come than fit, all are let go and shaped again as needed. */
#define TEXT_SLOTS 1024u
#define TEXT_LINES_MAX (TEXT_SLOTS / 2)
#define TEXT_FONTS 64u /* families, weights and scripts of one figure */

struct text_slot {
	char *key; /* the weight's digit and the text as the caller gave it; NULL = free
		    */
	uint64_t hash;
	PangoLayout *layout;
	struct ff_text_line line;
};

struct ff_texts {
	PangoContext *context;
	PangoFontDescription *fonts[FF_BOLD + 1];
	double ascent, descent; /* of the first family that is installed, in em */
	cairo_t *outliner;	/* glyph outlines are taken from its path */
	PangoFont *numbered[TEXT_FONTS]; /* those that glyphs were given out of */
	unsigned numbered_count;
	size_t count;
	struct text_slot slots[TEXT_SLOTS];
};

static const PangoWeight text_weights[] = {
	PANGO_WEIGHT_NORMAL,
	PANGO_WEIGHT_SEMIBOLD,
	PANGO_WEIGHT_BOLD,
};

/* From the font itself: pango would load a font for every script of the language. */
static void text_set_metrics(struct ff_texts *t)
{
	PangoFont *font = pango_context_load_font(t->context, t->fonts[FF_REGULAR]);
	cairo_font_extents_t e = {.ascent = FF_TEXT_UNITS, .descent = FF_TEXT_UNITS / 4};

	if (font)
		cairo_scaled_font_extents(
			pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)), &e);
	t->ascent = e.ascent / FF_TEXT_UNITS;
	t->descent = e.descent / FF_TEXT_UNITS;
	g_clear_object(&font);
}

static void text_set_context(struct ff_texts *t)
{
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(t->context, options);
	cairo_font_options_destroy(options);
	pango_context_set_round_glyph_positions(t->context, FALSE);
	/* not the user's: line breaking and font choice must not follow the environment
	 */
	pango_context_set_language(t->context, pango_language_from_string("en"));
	pango_context_set_base_dir(t->context, PANGO_DIRECTION_LTR);
	text_set_metrics(t);
}

/* A surface of one pixel: cairo leaves glyphs out of the paths of an empty one. */
static void text_set_outliner(struct ff_texts *t)
{
	cairo_surface_t *nothing = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);

	t->outliner = cairo_create(nothing);
	cairo_surface_destroy(nothing);
}

/* Pango has a font map a thread. A warmed one waits here until a thread makes it its own.
 */
static _Atomic(PangoFontMap *) text_warmed;

static PangoFontMap *text_map(void)
{
	PangoFontMap *warmed = atomic_exchange(&text_warmed, NULL);

	if (warmed) {
		pango_cairo_font_map_set_default(PANGO_CAIRO_FONT_MAP(warmed));
		g_object_unref(warmed);
	}
	return pango_cairo_font_map_get_default();
}

int ff_texts_new(struct ff_texts **out, const char *families, struct ff_err *err)
{
	struct ff_texts *t = ff_calloc(1, sizeof(*t));

	if (!t)
		return ff_fail_nomem(err);
	for (int w = FF_REGULAR; w <= FF_BOLD; w++) {
		t->fonts[w] = pango_font_description_new();
		pango_font_description_set_family(t->fonts[w], families);
		pango_font_description_set_weight(t->fonts[w], text_weights[w]);
		pango_font_description_set_absolute_size(t->fonts[w],
							 FF_TEXT_UNITS * PANGO_SCALE);
	}
	/* the thread's own map: the second figure of a run finds its fonts loaded */
	t->context = pango_font_map_create_context(text_map());
	text_set_context(t);
	text_set_outliner(t);
	*out = t;
	return FF_OK;
}

static void text_forget(struct ff_texts *t)
{
	for (size_t i = 0; i < TEXT_SLOTS; i++) {
		if (!t->slots[i].key)
			continue;
		g_object_unref(t->slots[i].layout);
		ff_free(t->slots[i].key);
		t->slots[i].key = NULL;
	}
	t->count = 0;
}

void ff_texts_free(struct ff_texts *t)
{
	if (!t)
		return;
	text_forget(t);
	for (unsigned i = 0; i < t->numbered_count; i++)
		g_object_unref(t->numbered[i]);
	cairo_destroy(t->outliner);
	for (int w = FF_REGULAR; w <= FF_BOLD; w++)
		pango_font_description_free(t->fonts[w]);
	g_object_unref(t->context);
	ff_free(t);
}

static void text_add_bold(PangoAttrList *attrs, size_t from, size_t to)
{
	PangoAttribute *a = pango_attr_weight_new(PANGO_WEIGHT_BOLD);

	a->start_index = (guint)from;
	a->end_index = (guint)to;
	pango_attr_list_insert(attrs, a);
}

/* Takes the bold markers out of `text`, giving valid UTF-8 on one line and the runs. */
static void text_strip(struct ff_buf *plain, PangoAttrList *attrs, const char *text)
{
	const char *end = text + strlen(text);
	size_t bold_from = 0;
	bool bold = false;

	while (text < end) {
		uint32_t code = ff_utf8_next(&text, end);

		if (code == FF_CODE_BOLD || code == FF_CODE_END) {
			if (bold)
				text_add_bold(attrs, bold_from, plain->len);
			bold = code == FF_CODE_BOLD;
			bold_from = plain->len;
		} else {
			ff_utf8_put(plain, ff_utf8_inked(code));
		}
	}
	if (bold)
		text_add_bold(attrs, bold_from, plain->len);
}

static PangoLayout *text_shape(struct ff_texts *t, enum ff_weight weight,
			       const char *text)
{
	struct ff_buf plain = FF_BUF_INIT;
	PangoAttrList *attrs = pango_attr_list_new();
	PangoLayout *layout = NULL;

	text_strip(&plain, attrs, text);
	if (!plain.failed && plain.len <= INT32_MAX) {
		layout = pango_layout_new(t->context);
		/* digits of one width, so that columns of numbers stand still */
		pango_attr_list_insert(attrs, pango_attr_font_features_new("tnum=1"));
		pango_layout_set_font_description(layout, t->fonts[weight]);
		pango_layout_set_single_paragraph_mode(layout, TRUE);
		pango_layout_set_attributes(layout, attrs);
		pango_layout_set_text(layout, ff_buf_str(&plain), (int)plain.len);
	}
	pango_attr_list_unref(attrs);
	ff_buf_release(&plain);
	return layout;
}

static bool text_fill_slot(struct ff_texts *t, struct text_slot *slot, uint64_t hash,
			   enum ff_weight weight, const char *text, size_t len)
{
	PangoRectangle logical;
	char *key = ff_alloc(len + 2, 1);

	if (!key)
		return false;
	slot->layout = text_shape(t, weight, text);
	if (!slot->layout) {
		ff_free(key);
		return false;
	}
	key[0] = (char)('0' + weight);
	memcpy(key + 1, text, len + 1);
	slot->key = key;
	slot->hash = hash;
	slot->line.shaped = pango_layout_get_line_readonly(slot->layout, 0);
	pango_layout_line_get_extents(slot->line.shaped, NULL, &logical);
	slot->line.width = (double)logical.width / PANGO_SCALE;
	t->count++;
	return true;
}

const struct ff_text_line *ff_texts_line(struct ff_texts *t, enum ff_weight weight,
					 const char *text)
{
	size_t len = strlen(text);
	uint64_t hash = ff_hash_bytes(text, len, (uint64_t)weight);
	struct text_slot *slot;
	size_t i;

	for (i = hash % TEXT_SLOTS; t->slots[i].key; i = (i + 1) % TEXT_SLOTS) {
		slot = &t->slots[i];
		if (slot->hash == hash && slot->key[0] == '0' + (int)weight &&
		    strcmp(slot->key + 1, text) == 0)
			return &slot->line;
	}
	if (t->count >= TEXT_LINES_MAX) {
		text_forget(t);
		i = hash % TEXT_SLOTS;
	}
	slot = &t->slots[i];
	return text_fill_slot(t, slot, hash, weight, text, len) ? &slot->line : NULL;
}

bool ff_texts_measure(struct ff_texts *t, const struct ff_text_style *st,
		      const char *text, struct ff_extents *out)
{
	const struct ff_text_line *line = ff_texts_line(t, st->weight, text);

	if (!line)
		return false;
	out->width = line->width / FF_TEXT_UNITS * st->size_pt;
	out->ascent = t->ascent * st->size_pt;
	out->descent = t->descent * st->size_pt;
	return true;
}

void ff_texts_warm(const char *families)
{
	struct ff_texts *t;
	PangoFontMap *map;

	if (ff_texts_new(&t, families, NULL) < 0)
		return;
	for (int w = FF_REGULAR; w <= FF_BOLD; w++) {
		const struct ff_text_line *line =
			ff_texts_line(t, (enum ff_weight)w, "0123 Flows");

		if (line)
			pango_cairo_layout_line_path(t->outliner, line->shaped);
	}
	map = g_object_ref(pango_cairo_font_map_get_default());
	ff_texts_free(t);
	map = atomic_exchange(&text_warmed, map);
	if (map)
		g_object_unref(map);
}

/* ---- glyphs one by one ---- */

/* TEXT_FONTS when there is no room for one more. */
static unsigned text_number_font(struct ff_texts *t, PangoFont *font)
{
	unsigned i = 0;

	while (i < t->numbered_count && t->numbered[i] != font)
		i++;
	if (i == t->numbered_count && i < TEXT_FONTS) {
		/* kept, so that no other font comes to live at its address */
		t->numbered[i] = g_object_ref(font);
		t->numbered_count++;
	}
	return i;
}

void ff_texts_glyphs(struct ff_texts *t, const struct ff_text_line *line, ff_glyph_fn *fn,
		     void *arg)
{
	double x = 0;

	for (GSList *l = line->shaped->runs; l; l = l->next) {
		const PangoGlyphItem *run = l->data;
		unsigned font = text_number_font(t, run->item->analysis.font);

		for (int i = 0; i < run->glyphs->num_glyphs; i++) {
			const PangoGlyphInfo *info = &run->glyphs->glyphs[i];
			struct ff_glyph g = {font, info->glyph, x, 0};

			g.x += (double)info->geometry.x_offset / PANGO_SCALE;
			g.y += (double)info->geometry.y_offset / PANGO_SCALE;
			x += (double)info->geometry.width / PANGO_SCALE;
			if (info->glyph != PANGO_GLYPH_EMPTY && font < TEXT_FONTS)
				fn(arg, &g);
		}
	}
}

static void text_walk_path(const cairo_path_t *path, ff_outline_fn *fn, void *arg)
{
	for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
		static const char ops[] = {
			[CAIRO_PATH_MOVE_TO] = 'M',
			[CAIRO_PATH_LINE_TO] = 'L',
			[CAIRO_PATH_CURVE_TO] = 'C',
			[CAIRO_PATH_CLOSE_PATH] = 'Z',
		};
		const cairo_path_data_t *d = &path->data[i];
		struct ff_point p[3] = {{0, 0}, {0, 0}, {0, 0}};

		for (int k = 0; k + 1 < d->header.length && k < 3; k++) {
			p[k].x = d[k + 1].point.x;
			p[k].y = d[k + 1].point.y;
		}
		fn(arg, ops[d->header.type], p);
	}
}

void ff_texts_outline(struct ff_texts *t, const struct ff_glyph *glyph, ff_outline_fn *fn,
		      void *arg)
{
	PangoGlyphString *one = pango_glyph_string_new();
	cairo_path_t *path;

	/* through pango, which also draws boxes for what no font has */
	pango_glyph_string_set_size(one, 1);
	memset(&one->glyphs[0], 0, sizeof(one->glyphs[0]));
	one->glyphs[0].glyph = glyph->code;
	one->glyphs[0].geometry.width = (int)FF_TEXT_UNITS * PANGO_SCALE;
	cairo_new_path(t->outliner);
	cairo_move_to(t->outliner, 0, 0);
	pango_cairo_glyph_string_path(t->outliner, t->numbered[glyph->font], one);
	path = cairo_copy_path(t->outliner);
	text_walk_path(path, fn, arg);
	cairo_path_destroy(path);
	pango_glyph_string_free(one);
}
