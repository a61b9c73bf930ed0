/* SPDX-License-Identifier: MIT */
/* png_deflate - see png_deflate.h. */
#include "canvas/png_deflate.h"

#include <zlib.h>

#define BAND_BYTES \
	((size_t)512 << 10) /* of rows, about; 1 % more file than in one piece */
#define BAND_WINDOW ((size_t)32 << 10) /* how far deflate looks back */

struct band_job {
	const struct ff_png_rows *rows;
	struct ff_png_parts *out;
	uint32_t *sums; /* Adler-32 of each band */
	unsigned band_rows, before_rows;
	atomic_uint next;
};
struct band_worker {
	z_stream z;
	uint8_t *rows; /* those that the dictionary needs, then those of the band */
};

static void *band_on_alloc(void *arg, unsigned count, unsigned size)
{
	(void)arg;
	return ff_alloc(count, size);
}

static void band_on_free(void *arg, void *p)
{
	(void)arg;
	ff_free(p);
}

static unsigned band_first(const struct band_job *job, unsigned band)
{
	return band * job->band_rows;
}

static unsigned band_end(const struct band_job *job, unsigned band)
{
	unsigned left = job->rows->height - band_first(job, band);

	return band_first(job, band) + (left < job->band_rows ? left : job->band_rows);
}

/* What the zlib wrapper has in front of and behind the deflated data, RFC 1950. */
static void band_put_head(struct ff_buf *part)
{
	ff_buf_add(part, "\x78\x5e", 2); /* 32 KiB window, a fast level */
}

static void band_put_tail(struct ff_buf *part, uint32_t sum)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		ff_buf_addc(part, (char)(sum >> shift & 0xff));
}

static int band_deflate(struct band_job *job, struct band_worker *w, unsigned band,
			struct ff_err *err)
{
	const struct ff_png_rows *rows = job->rows;
	struct ff_buf *part = &job->out->parts[band];
	unsigned first = band_first(job, band), end = band_end(job, band);
	unsigned from = first < job->before_rows ? 0 : first - job->before_rows;
	size_t before = (first - from) * rows->row_bytes;
	size_t len = (end - first) * rows->row_bytes;
	size_t window = before < BAND_WINDOW ? before : BAND_WINDOW;
	bool is_last = end == rows->height;

	for (unsigned y = from; y < end; y++)
		rows->fill(rows->arg, y, w->rows + (y - from) * rows->row_bytes);
	job->sums[band] = (uint32_t)adler32_z(1, w->rows + before, len);
	deflateReset(&w->z);
	if (window)
		deflateSetDictionary(&w->z, w->rows + before - window, (uInt)window);
	if (band == 0)
		band_put_head(part);
	/* the bound is for one stream; an empty block ends a band that is not the last */
	if (ff_buf_reserve(part, deflateBound(&w->z, (uLong)len) + 16) < 0)
		return ff_fail_nomem(err);
	w->z.next_in = w->rows + before;
	w->z.avail_in = (uInt)len;
	w->z.next_out = part->data + part->len;
	w->z.avail_out = (uInt)(part->cap - part->len - 1);
	if (deflate(&w->z, is_last ? Z_FINISH : Z_SYNC_FLUSH) !=
		    (is_last ? Z_STREAM_END : Z_OK) ||
	    w->z.avail_out == 0)
		return ff_fail(err, FF_EIO, "cannot write PNG: deflate failed");
	part->len = (size_t)(w->z.next_out - part->data);
	return FF_OK;
}

static int band_thread(void *arg, unsigned i, struct ff_err *err)
{
	struct band_job *job = arg;
	struct band_worker w = {.z = {.zalloc = band_on_alloc, .zfree = band_on_free}};
	unsigned band;
	int rc = FF_OK;

	(void)i;
	w.rows = ff_alloc(job->before_rows + job->band_rows, job->rows->row_bytes);
	if (!w.rows || deflateInit2(&w.z, job->rows->level, Z_DEFLATED, -15, 8,
				    Z_DEFAULT_STRATEGY) != Z_OK) {
		ff_free(w.rows);
		return ff_fail_nomem(err);
	}
	while (rc == FF_OK && (band = atomic_fetch_add(&job->next, 1)) < job->out->count)
		rc = band_deflate(job, &w, band, err);
	deflateEnd(&w.z);
	ff_free(w.rows);
	return rc;
}

static uint32_t band_sum(const struct band_job *job)
{
	uint32_t sum = 1;

	for (unsigned i = 0; i < job->out->count; i++) {
		size_t len =
			(band_end(job, i) - band_first(job, i)) * job->rows->row_bytes;

		sum = (uint32_t)adler32_combine(sum, job->sums[i], (z_off_t)len);
	}
	return sum;
}

int ff_png_deflate(struct ff_png_parts *out, const struct ff_png_rows *rows,
		   unsigned threads, struct ff_err *err)
{
	struct band_job job = {.rows = rows, .out = out};
	unsigned count;
	int rc = FF_OK;

	job.band_rows = (unsigned)(BAND_BYTES / rows->row_bytes) + 1;
	job.before_rows = (unsigned)(BAND_WINDOW / rows->row_bytes) + 1;
	count = (rows->height - 1) / job.band_rows + 1;
	job.sums = ff_alloc(count, sizeof(*job.sums));
	out->parts = ff_calloc(count, sizeof(*out->parts));
	if (job.sums && out->parts) {
		out->count = count;
		threads = threads < 1 ? 1 : threads < count ? threads : count;
		rc = ff_parallel(threads, band_thread, &job, err);
	} else {
		rc = ff_fail_nomem(err);
	}
	if (rc == FF_OK) {
		band_put_tail(&out->parts[count - 1], band_sum(&job));
		if (out->parts[count - 1].failed)
			rc = ff_fail_nomem(err);
	}
	ff_free(job.sums);
	return rc;
}

void ff_png_parts_release(struct ff_png_parts *p)
{
	for (unsigned i = 0; i < p->count; i++)
		ff_buf_release(&p->parts[i]);
	ff_free(p->parts);
	*p = (struct ff_png_parts){0};
}
