/* SPDX-License-Identifier: MIT */
/* writer - writes flows in a chosen format through a buffer. */
#include "input/writer.h"

#include <assert.h>

enum { WRITER_FULL = 1 << 16 }; /* bytes that are handed on at once */

int ff_flow_writer_new(struct ff_flow_writer **out, struct ff_output *to,
		       enum ff_flow_format format, bool silk_v6, const char *invocation,
		       const struct ff_site *site, struct ff_err *err)
{
	static const struct writer_format *const formats[] = {
		[FF_WRITE_RWCUT] = &writer_rwcut,
		[FF_WRITE_CSV] = &writer_csv,
		[FF_WRITE_SILK] = &writer_silk,
	};
	struct ff_flow_writer *w;
	int rc;

	assert((size_t)format < sizeof formats / sizeof *formats);
	w = ff_calloc(1, sizeof *w);
	if (!w)
		return ff_fail_nomem(err);
	w->format = formats[format];
	w->to = to;
	w->site = site;
	w->silk_v6 = silk_v6;
	rc = w->format->begin(w, invocation ? invocation : "", err);
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
