/* SPDX-License-Identifier: MIT */
/* codec - the block codecs of SiLK files. */
#include <flowfig/file.h>

#include <string.h>
#include <zlib.h>
#ifdef FF_HAVE_LZO
#include <lzo/lzo1x.h>
#endif
#ifdef FF_HAVE_SNAPPY
#include <snappy-c.h>
#endif

const char *ff_codec_name(enum ff_codec c)
{
	static const char *const names[] = {"none", "zlib", "lzo1x", "snappy"};

	return (size_t)c < sizeof(names) / sizeof(names[0]) ? names[c] : "unknown";
}

bool ff_codec_built_in(enum ff_codec c)
{
	switch (c) {
	case FF_CODEC_NONE:
	case FF_CODEC_ZLIB:
		return true;
	case FF_CODEC_LZO1X:
#ifdef FF_HAVE_LZO
		return true;
#else
		return false;
#endif
	case FF_CODEC_SNAPPY:
#ifdef FF_HAVE_SNAPPY
		return true;
#else
		return false;
#endif
	}
	return false;
}

/* All of them: FF_OK when exactly out_len bytes came out, FF_ENOMEM, or FF_EFORMAT. */
static int codec_zlib(void *out, size_t out_len, const void *in, size_t in_len)
{
	uLongf made = (uLongf)out_len;

	switch (uncompress(out, &made, in, (uLong)in_len)) {
	case Z_OK:
		return made == out_len ? FF_OK : FF_EFORMAT;
	case Z_MEM_ERROR:
		return FF_ENOMEM;
	default:
		return FF_EFORMAT;
	}
}

static int codec_lzo1x(void *out, size_t out_len, const void *in, size_t in_len)
{
#ifdef FF_HAVE_LZO
	lzo_uint made = out_len;

	if (lzo1x_decompress_safe(in, in_len, out, &made, NULL) == LZO_E_OK &&
	    made == out_len)
		return FF_OK;
#else
	(void)out, (void)out_len, (void)in, (void)in_len;
#endif
	return FF_EFORMAT;
}

static int codec_snappy(void *out, size_t out_len, const void *in, size_t in_len)
{
#ifdef FF_HAVE_SNAPPY
	size_t made = 0;

	/* the length first: snappy trusts it and would write so many bytes */
	if (snappy_uncompressed_length(in, in_len, &made) == SNAPPY_OK &&
	    made == out_len && snappy_uncompress(in, in_len, out, &made) == SNAPPY_OK &&
	    made == out_len)
		return FF_OK;
#else
	(void)out, (void)out_len, (void)in, (void)in_len;
#endif
	return FF_EFORMAT;
}

int ff_codec_decode(enum ff_codec c, void *out, size_t out_len, const void *in,
		    size_t in_len, struct ff_err *err)
{
	int status = FF_EFORMAT;

	if (!ff_codec_built_in(c))
		return ff_fail(err, FF_EFORMAT,
			       "support for %s was left out of this build",
			       ff_codec_name(c));
	switch (c) {
	case FF_CODEC_NONE:
		if (in_len == out_len) {
			if (out_len > 0)
				memcpy(out, in, out_len);
			status = FF_OK;
		}
		break;
	case FF_CODEC_ZLIB:
		status = codec_zlib(out, out_len, in, in_len);
		break;
	case FF_CODEC_LZO1X:
		status = codec_lzo1x(out, out_len, in, in_len);
		break;
	case FF_CODEC_SNAPPY:
		status = codec_snappy(out, out_len, in, in_len);
		break;
	}
	if (status == FF_ENOMEM)
		return ff_fail_nomem(err);
	if (status != FF_OK)
		return ff_fail(err, FF_EFORMAT,
			       "%s block does not decompress to %zu bytes",
			       ff_codec_name(c), out_len);
	return FF_OK;
}
