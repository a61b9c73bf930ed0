/* SPDX-License-Identifier: MIT */
/* codec - the block codecs of SiLK and nfdump files. */
#include <flowfig/file.h>

#include <limits.h>
#include <string.h>
#include <zlib.h>
#ifdef FF_HAVE_LZO
#include <lzo/lzo1x.h>
#endif
#ifdef FF_HAVE_SNAPPY
#include <snappy-c.h>
#endif
#ifdef FF_HAVE_LZ4
#include <lz4.h>
#endif
#ifdef FF_HAVE_BZ2
#include <bzlib.h>
#endif
#ifdef FF_HAVE_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
#endif

/* Decompresses to at most *made bytes and sets *made: FF_OK, FF_ENOMEM, or FF_EFORMAT. */
typedef int codec_fn(void *out, size_t *made, const void *in, size_t in_len);

static int codec_none(void *out, size_t *made, const void *in, size_t in_len)
{
	if (in_len > *made)
		return FF_EFORMAT;
	if (in_len > 0)
		memcpy(out, in, in_len);
	*made = in_len;
	return FF_OK;
}

static int codec_zlib(void *out, size_t *made, const void *in, size_t in_len)
{
	uLongf n = (uLongf)*made;

	switch (uncompress(out, &n, in, (uLong)in_len)) {
	case Z_OK:
		*made = (size_t)n;
		return FF_OK;
	case Z_MEM_ERROR:
		return FF_ENOMEM;
	default:
		return FF_EFORMAT;
	}
}

#ifdef FF_HAVE_LZO
static int codec_lzo1x(void *out, size_t *made, const void *in, size_t in_len)
{
	lzo_uint n = *made;

	if (lzo1x_decompress_safe(in, in_len, out, &n, NULL) != LZO_E_OK)
		return FF_EFORMAT;
	*made = (size_t)n;
	return FF_OK;
}
#endif

#ifdef FF_HAVE_SNAPPY
static int codec_snappy(void *out, size_t *made, const void *in, size_t in_len)
{
	size_t n = 0;

	/* the length first: snappy trusts it and would write so many bytes */
	if (snappy_uncompressed_length(in, in_len, &n) != SNAPPY_OK || n > *made ||
	    snappy_uncompress(in, in_len, out, &n) != SNAPPY_OK)
		return FF_EFORMAT;
	*made = n;
	return FF_OK;
}
#endif

#ifdef FF_HAVE_LZ4
static int codec_lz4(void *out, size_t *made, const void *in, size_t in_len)
{
	int cap = *made < INT_MAX ? (int)*made : INT_MAX, n;

	n = in_len > INT_MAX ? -1 : LZ4_decompress_safe(in, out, (int)in_len, cap);
	if (n < 0)
		return FF_EFORMAT;
	*made = (size_t)n;
	return FF_OK;
}
#endif

#ifdef FF_HAVE_BZ2
static void *codec_bz2_alloc(void *unused, int items, int size)
{
	(void)unused;
	return items < 0 || size < 0 ? NULL : ff_alloc((size_t)items, (size_t)size);
}

static void codec_bz2_release(void *unused, void *p)
{
	(void)unused;
	ff_free(p);
}

static int codec_bz2(void *out, size_t *made, const void *in, size_t in_len)
{
	bz_stream z = {.bzalloc = codec_bz2_alloc, .bzfree = codec_bz2_release};
	unsigned cap = *made < UINT_MAX ? (unsigned)*made : UINT_MAX;
	int rc;

	if (in_len > UINT_MAX)
		return FF_EFORMAT;
	if (BZ2_bzDecompressInit(&z, 0, 0) != BZ_OK)
		return FF_ENOMEM;
	z.next_in = (char *)(uintptr_t)in;
	z.avail_in = (unsigned)in_len;
	z.next_out = out;
	z.avail_out = cap;
	rc = BZ2_bzDecompress(&z);
	*made = cap - z.avail_out;
	BZ2_bzDecompressEnd(&z);
	if (rc == BZ_MEM_ERROR)
		return FF_ENOMEM;
	return rc == BZ_STREAM_END ? FF_OK : FF_EFORMAT;
}
#endif

#ifdef FF_HAVE_ZSTD
static int codec_zstd(void *out, size_t *made, const void *in, size_t in_len)
{
	size_t n = ZSTD_decompress(out, *made, in, in_len);

	if (ZSTD_isError(n))
		return ZSTD_getErrorCode(n) == ZSTD_error_memory_allocation ? FF_ENOMEM
									    : FF_EFORMAT;
	*made = n;
	return FF_OK;
}
#endif

/* By enum ff_codec; without a function it was left out of this build. */
static const struct {
	const char *name;
	codec_fn *decode;
} codecs[] = {
	{"none", codec_none},	  {"zlib", codec_zlib},
#ifdef FF_HAVE_LZO
	{"lzo1x", codec_lzo1x},
#else
	{"lzo1x", NULL},
#endif
#ifdef FF_HAVE_SNAPPY
	{"snappy", codec_snappy},
#else
	{"snappy", NULL},
#endif
#ifdef FF_HAVE_LZ4
	{"lz4", codec_lz4},
#else
	{"lz4", NULL},
#endif
#ifdef FF_HAVE_BZ2
	{"bz2", codec_bz2},
#else
	{"bz2", NULL},
#endif
#ifdef FF_HAVE_ZSTD
	{"zstd", codec_zstd},
#else
	{"zstd", NULL},
#endif
};
#define CODECS (sizeof(codecs) / sizeof(codecs[0]))

const char *ff_codec_name(enum ff_codec c)
{
	return (size_t)c < CODECS ? codecs[c].name : "unknown";
}

bool ff_codec_built_in(enum ff_codec c)
{
	return (size_t)c < CODECS && codecs[c].decode;
}

static int codec_missing(enum ff_codec c, struct ff_err *err)
{
	return ff_fail(err, FF_EFORMAT, "support for %s was left out of this build",
		       ff_codec_name(c));
}

int ff_codec_decode(enum ff_codec c, void *out, size_t out_len, const void *in,
		    size_t in_len, struct ff_err *err)
{
	size_t made = out_len;
	int status;

	if (!ff_codec_built_in(c))
		return codec_missing(c, err);
	status = codecs[c].decode(out, &made, in, in_len);
	if (status == FF_ENOMEM)
		return ff_fail_nomem(err);
	if (status != FF_OK || made != out_len)
		return ff_fail(err, FF_EFORMAT,
			       "%s block does not decompress to %zu bytes",
			       ff_codec_name(c), out_len);
	return FF_OK;
}

int ff_codec_decode_upto(size_t *out_len, enum ff_codec c, void *out, size_t out_cap,
			 const void *in, size_t in_len, struct ff_err *err)
{
	size_t made = out_cap;
	int status;

	if (!ff_codec_built_in(c))
		return codec_missing(c, err);
	status = codecs[c].decode(out, &made, in, in_len);
	if (status == FF_ENOMEM)
		return ff_fail_nomem(err);
	if (status != FF_OK)
		return ff_fail(err, FF_EFORMAT,
			       "%s block does not decompress, or to more than %zu bytes",
			       ff_codec_name(c), out_cap);
	*out_len = made;
	return FF_OK;
}
