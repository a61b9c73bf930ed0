/* SPDX-License-Identifier: MIT */
/* fuzz - what the fuzz targets share. A target is one function that may be given any
 * bytes and must neither crash, hang, leak nor take memory without bound. driver.c or
 * libFuzzer calls it.
 *
 * Functions are static: a target links with nothing but its driver and the library. */
#ifndef FLOWFIG_TESTS_FUZZ_H
#define FLOWFIG_TESTS_FUZZ_H

#include <flowfig/input.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* For what can only be opened by name: the same scratch file again and again. */
static inline const char *fuzz_file(const uint8_t *data, size_t size)
{
	static char path[512];
	const char *dir = getenv("FF_TMP");
	snprintf(path, sizeof path, "%s/fuzz-%ld", dir ? dir : "/tmp", (long)getpid());
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(data, 1, size, f) != size || fclose(f) != 0)
		abort();
	return path;
}

/* Reads all flows as the format (NULL: whichever it is taken for), by one lane, in
 * batches of an odd size, and asks everything that can be asked of a source. */
static inline void fuzz_source(const uint8_t *data, size_t size, const char *format,
			       uint32_t want)
{
	struct ff_input_opts opts = {.format = format, .want = want};
	struct ff_input_info info = {0};
	struct ff_batch batch = {0};
	struct ff_lane lane = {0};
	struct ff_stream *stream;
	struct ff_source *source = NULL;
	struct ff_err err = {0};
	if (ff_site_new(&opts.site, &err))
		abort();
	if (ff_stream_memory(&stream, "fuzz", data, size, &err) == FF_OK &&
	    ff_source_open_stream(&source, stream, &opts, &err) == FF_OK) {
		int n = ff_source_describe(source, &info, &err);
		if (ff_batch_init(&batch, 7, &err))
			abort();
		do
			n = ff_source_next(source, &lane, &batch, &err);
		while (n > 0);
		if (n == 0)
			ff_source_digest(source);
		ff_source_bad(source, &err);
		ff_source_bytes_done(source);
	}
	if (err.status > 0 || !memchr(err.text, '\0', sizeof err.text))
		abort();
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	ff_buf_release(&info.more);
	ff_source_close(source);
	ff_site_free(opts.site);
}

#endif
