/* SPDX-License-Identifier: MIT */
/* States. Checksums would stop nearly every change at the door, so after the file as it
 * came a second one is tried with the checksums made right; what loads is merged with
 * itself, finished and drawn. */
#include "fuzz/fuzz.h"

#include <flowfig/aggregate.h>
#include <flowfig/figure.h>

enum { MAGIC = 8, CHECKSUM = 8 };

static void put_le(uint8_t *p, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* What stands between the first frame's length and the last frame's checksum becomes the
 * one frame of a new state: u32 length, bytes, u64 checksum over the previous one (0 at
 * first) and the bytes; then an empty frame. */
static void state_seal(struct ff_buf *out, const uint8_t *data, size_t size)
{
	const size_t head = MAGIC + 4, tail = CHECKSUM + 4 + CHECKSUM;
	size_t n = size > head + tail ? size - head - tail : 0;
	struct ff_buf sealed = FF_BUF_INIT;
	uint8_t number[CHECKSUM] = {0};
	ff_buf_add(&sealed, number, CHECKSUM);
	ff_buf_add(&sealed, data + head, n);
	ff_buf_add(out, data, MAGIC);
	put_le(number, n, 4);
	ff_buf_add(out, number, 4);
	ff_buf_add(out, data + head, n);
	put_le(number, ff_digest64(sealed.data, sealed.len), CHECKSUM);
	ff_buf_add(out, number, CHECKSUM);
	if (n > 0) {
		ff_buf_addf(out, "%c%c%c%c", 0, 0, 0, 0);
		put_le(number, ff_digest64(number, CHECKSUM), CHECKSUM);
		ff_buf_add(out, number, CHECKSUM);
	}
	ff_buf_release(&sealed);
}

static const struct ff_figure_type *state_figure(const struct ff_agg_type *type)
{
	const struct ff_figure_type *f = NULL;
	for (size_t i = 0; (f = ff_figure_at(i)); i++)
		if (strcmp(f->aggregate, type->name) == 0)
			break;
	return f;
}

/* Choice number `view` of --view, where the figure has that option and as many. */
static void state_view(const struct ff_figure_type *figure, void *params, int view)
{
	struct ff_err err;
	for (const struct ff_opt *o = figure->opts; o->name; o++)
		for (int i = 0; strcmp(o->name, "view") == 0 && o->choices[i]; i++)
			if (i == view && ff_opts_set(figure->opts, params, "view",
						     o->choices[i], &err))
				abort();
}

static void state_draw(const struct ff_figure_type *figure, const struct ff_result *r,
		       int view)
{
	struct ff_figure_opts opts = {0};
	struct ff_layout_report report = {0};
	struct ff_buf out = FF_BUF_INIT;
	struct ff_err err;
	void *params = ff_calloc(1, figure->params_size + 1);
	if (!params || ff_opts_defaults(ff_figure_opt_table, &opts, &err) ||
	    ff_opts_defaults(figure->opts, params, &err))
		abort();
	state_view(figure, params, view);
	ff_figure_render(&out, FF_CANVAS_TRACE, figure, r, &opts, params, "{}", 0,
			 &report, &err);
	ff_layout_report_release(&report);
	ff_buf_release(&out);
	ff_free(params);
}

static void state_load(const uint8_t *data, size_t size)
{
	const struct ff_agg_context context = {.memory_bytes = 1 << 24,
					       .scratch_dir = "/tmp"};
	const char *path = fuzz_file(data, size);
	const struct ff_agg_type *type;
	struct ff_agg_origin origin = {0}, again = {0};
	struct ff_result result = {0};
	struct ff_buf text = FF_BUF_INIT;
	struct ff_err err;
	void *agg, *other;
	ff_state_describe(&text, path, &err);
	ff_buf_release(&text);
	if (ff_state_load(&agg, &type, &origin, path, &context, &err))
		return;
	if (size % 8 < 4 &&
	    ff_state_load(&other, &type, &again, path, &context, &err) == FF_OK) {
		type->merge(agg, other, &err);
		ff_agg_origin_merge(&origin, &again, &err);
		type->destroy(other);
	}
	if (ff_agg_finish(type, agg, &result, 1, &err) == FF_OK && size % 5 < 4 &&
	    state_figure(type))
		state_draw(state_figure(type), &result, (int)(size % 5));
	ff_result_release(&result);
	type->destroy(agg);
	ff_agg_origin_release(&origin);
	ff_agg_origin_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_buf sealed = FF_BUF_INIT;
	state_load(data, size);
	if (size > MAGIC + 4 && ff_state_is(data, size)) {
		state_seal(&sealed, data, size);
		state_load(sealed.data, sealed.len);
		ff_buf_release(&sealed);
	}
	return 0;
}
