/* SPDX-License-Identifier: MIT */
/* writer - writes flows in a chosen format through a buffer. */
#include "input/writer.h"

#include <assert.h>

enum { WRITER_FULL = 1 << 16 }; /* bytes that are handed on at once */

int ff_flow_writer_new(struct ff_flow_writer **out, struct ff_output *to,
		       const struct ff_flow_writer_opts *opts, struct ff_err *err)
{
	static const struct writer_format *const formats[] = {
		[FF_WRITE_RWCUT] = &writer_rwcut,
		[FF_WRITE_CSV] = &writer_csv,
		[FF_WRITE_NDJSON] = &writer_ndjson,
		[FF_WRITE_SILK] = &writer_silk,
	};
	struct ff_flow_writer *w;
	int rc = FF_OK;

	assert((size_t)opts->format < sizeof formats / sizeof *formats);
	w = ff_calloc(1, sizeof *w);
	if (!w)
		return ff_fail_nomem(err);
	w->format = formats[opts->format];
	w->opts = *opts;
	w->to = to;
	if (!w->opts.delimiter)
		w->opts.delimiter = '|';
	if (!w->opts.columns.count && w->format->columns)
		rc = ff_columns_parse(&w->opts.columns, w->format->columns, err);
	for (size_t i = 0; i < w->opts.columns.count; i++)
		w->widths[i] = (uint8_t)writer_width(w, w->opts.columns.items[i]);
	if (rc == FF_OK)
		rc = w->format->begin(w, err);
	if (rc < 0) {
		ff_flow_writer_free(w);
		return rc;
	}
	*out = w;
	return FF_OK;
}

static int writer_flush(struct ff_flow_writer *w, struct ff_err *err)
{
	int rc;

	if (w->buf.failed)
		return ff_fail_nomem(err);
	rc = ff_output_write(w->to, w->buf.data, w->buf.len, err);
	ff_buf_clear(&w->buf);
	return rc;
}

int ff_flow_writer_add(struct ff_flow_writer *w, const struct ff_batch *flows,
		       struct ff_err *err)
{
	for (size_t i = 0; i < flows->count; i++) {
		int rc = w->format->put(w, &flows->flows[i], err);

		if (rc < 0)
			return rc;
		w->records++;
		if (w->buf.len < WRITER_FULL && !w->buf.failed)
			continue;
		rc = writer_flush(w, err);
		if (rc < 0)
			return rc;
	}
	return FF_OK;
}

int ff_flow_writer_finish(struct ff_flow_writer *w, struct ff_err *err)
{
	return writer_flush(w, err);
}

void ff_flow_writer_free(struct ff_flow_writer *w)
{
	if (!w)
		return;
	ff_buf_release(&w->buf);
	ff_free(w);
}
