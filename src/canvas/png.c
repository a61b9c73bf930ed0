/* SPDX-License-Identifier: MIT */
/* png - libpng, told to be quick. See png.h. */
#include "canvas/png.h"
#include "canvas/png_colors.h"
#include "canvas/png_deflate.h"

#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <string.h>

struct pngout_job {
	const struct ff_png_image *image;
	struct ff_png_colors colors;
	struct ff_png_parts data;
	struct ff_buf *out;
	struct ff_err *err;
	bool starved; /* memory ran out: libpng's own words do not tell */
};

static void pngout_put_rgb(uint8_t *to, uint32_t rgb)
{
	to[0] = (uint8_t)(rgb >> 16);
	to[1] = (uint8_t)(rgb >> 8);
	to[2] = (uint8_t)rgb;
}

static void pngout_fill_row(const void *arg, unsigned y, uint8_t *row)
{
	const struct pngout_job *job = arg;
	const uint32_t *px = job->image->pixels + y * job->image->stride;
	unsigned width = job->image->width;

	*row++ = PNG_FILTER_VALUE_NONE;
	if (job->image->has_alpha) {
		for (unsigned x = 0; x < width; x++, row += 4) {
			pngout_put_rgb(row, px[x]);
			row[3] = (uint8_t)(px[x] >> 24);
		}
		return;
	}
	for (unsigned x = 0, run; x < width; x += run) {
		uint32_t to = ff_png_color_to(&job->colors, px[x] & 0xffffff);

		run = ff_png_run(px + x, width - x);
		if (job->colors.count && run == 1)
			row[x] = (uint8_t)to;
		else if (job->colors.count)
			memset(row + x, (int)to, run);
		for (unsigned i = x; !job->colors.count && i < x + run; i++)
			pngout_put_rgb(row + 3 * (size_t)i, to);
	}
}

/* page-sized surface and map, zlib 1.2.13, one thread, ms and kB: no filter at level 3
 * 27, 18 and 576, 365; level 1 25, 17 and 603, 447; level 4 41, 28 and 554, 391; SUB or
 * UP at 1 to 3 24 to 30, 20 to 28 and 646 to 747, 400 to 497; RLE after UP 21, 25 and
 * 977, 527. Strategies other than RLE change nothing below level 4. */
static int pngout_deflate(struct pngout_job *job, struct ff_err *err)
{
	const struct ff_png_image *image = job->image;
	size_t channels = job->colors.count ? 1 : image->has_alpha ? 4 : 3;
	const struct ff_png_rows rows = {
		.fill = pngout_fill_row,
		.arg = job,
		.row_bytes = 1 + image->width * channels,
		.height = image->height,
		.level = 3,
	};

	return ff_png_deflate(&job->data, &rows, image->threads, err);
}

/* ---- what libpng calls ---- */

static void pngout_on_error(png_structp png, png_const_charp text)
{
	struct pngout_job *job = png_get_error_ptr(png);

	if (job->starved || job->out->failed)
		ff_fail_nomem(job->err);
	else
		ff_fail(job->err, FF_EIO, "cannot write PNG: %s", text);
	png_longjmp(png, 1);
}

static void pngout_on_warning(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

static void pngout_on_write(png_structp png, png_bytep data, size_t len)
{
	struct pngout_job *job = png_get_io_ptr(png);

	ff_buf_add(job->out, data, len);
	if (job->out->failed)
		png_error(png, "out of memory");
}

static void pngout_on_flush(png_structp png)
{
	(void)png;
}

static png_voidp pngout_on_malloc(png_structp png, png_alloc_size_t size)
{
	struct pngout_job *job = png_get_mem_ptr(png);
	void *p = ff_alloc(1, size);

	job->starved |= !p;
	return p;
}

static void pngout_on_free(png_structp png, png_voidp p)
{
	(void)png;
	ff_free(p);
}

/* ---- the file ---- */

static void pngout_put_texts(png_structp png, png_infop info,
			     const struct ff_png_image *image)
{
	/* all but Provenance are keywords of the PNG specification, 11.3.4.2 */
	const char *const texts[][2] = {
		{"Title", image->title},
		{"Description", image->description},
		{"Software", "flowfig " FF_VERSION},
		{"Provenance", image->provenance},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		png_text text;

		if (!texts[i][1][0])
			continue;
		memset(&text, 0, sizeof(text));
		/* not compressed: exiftool and grep alike find it */
		text.compression = PNG_ITXT_COMPRESSION_NONE;
		text.key = (char *)texts[i][0];
		text.text = (char *)texts[i][1];
		text.lang = (char *)"";
		text.lang_key = (char *)"";
		png_set_text(png, info, &text, 1);
	}
}

static void pngout_put_header(png_structp png, png_infop info,
			      const struct pngout_job *job)
{
	const struct ff_png_image *image = job->image;
	png_uint_32 per_metre = (png_uint_32)lround(image->dpi / 0.0254);
	int type = job->colors.count  ? PNG_COLOR_TYPE_PALETTE
		   : image->has_alpha ? PNG_COLOR_TYPE_RGB_ALPHA
				      : PNG_COLOR_TYPE_RGB;
	png_color palette[FF_PNG_PALETTE];

	png_set_IHDR(png, info, image->width, image->height, 8, type, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	for (unsigned i = 0; i < job->colors.count; i++)
		palette[i] = (png_color){(png_byte)(job->colors.palette[i] >> 16),
					 (png_byte)(job->colors.palette[i] >> 8),
					 (png_byte)job->colors.palette[i]};
	if (job->colors.count)
		png_set_PLTE(png, info, palette, (int)job->colors.count);
	if (image->title) {
		png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
		png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
		pngout_put_texts(png, info, image);
	}
	png_write_info(png, info);
}

/* All that can longjmp; nothing that the caller frees changes in here. */
static int pngout_put_file(png_structp png, png_infop info, const struct pngout_job *job)
{
	if (setjmp(png_jmpbuf(png)))
		return job->starved || job->out->failed ? FF_ENOMEM : FF_EIO;
	png_set_write_fn(png, (void *)job, pngout_on_write, pngout_on_flush);
	pngout_put_header(png, info, job);
	for (unsigned i = 0; i < job->data.count; i++)
		png_write_chunk(png, (png_const_bytep) "IDAT", job->data.parts[i].data,
				job->data.parts[i].len);
	/* png_write_end() would miss the rows that did not go through it */
	png_write_chunk(png, (png_const_bytep) "IEND", NULL, 0);
	return FF_OK;
}

int ff_png_write(struct ff_buf *out, const struct ff_png_image *image, struct ff_err *err)
{
	struct pngout_job job = {.image = image, .out = out, .err = err};
	png_structp png = NULL;
	png_infop info = NULL;
	int status = FF_OK;

	if (!image->has_alpha)
		status = ff_png_colors_init(&job.colors, image, err);
	if (status == FF_OK)
		status = pngout_deflate(&job, err);
	if (status == FF_OK) {
		png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, &job,
						pngout_on_error, pngout_on_warning, &job,
						pngout_on_malloc, pngout_on_free);
		info = png ? png_create_info_struct(png) : NULL;
		status = info ? pngout_put_file(png, info, &job) : ff_fail_nomem(err);
	}
	png_destroy_write_struct(&png, &info);
	ff_png_parts_release(&job.data);
	ff_png_colors_release(&job.colors);
	return status;
}
