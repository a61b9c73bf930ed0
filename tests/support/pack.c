/* SPDX-License-Identifier: MIT */
/* pack - see pack.h; failures of the libraries are bugs of the test and abort it. */
#include "support/pack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#ifdef FF_HAVE_ZSTD
#include <zstd.h>
#endif
#ifdef FF_HAVE_BZ2
#include <bzlib.h>
#endif
#ifdef FF_HAVE_LZ4
#include <lz4.h>
#include <lz4frame.h>
#endif
#ifdef FF_HAVE_LZO
#include <lzo/lzo1x.h>
#endif
#ifdef FF_HAVE_SNAPPY
#include <snappy-c.h>
#endif

static void pack_must(bool ok)
{
	if (!ok)
		abort();
}

static void pack_gzip(struct ff_buf *out, const void *data, size_t len)
{
	z_stream z = {0};

	pack_must(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8,
			       Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_in = (z_const Bytef *)data;
	z.avail_in = (uInt)len;
	z.avail_out = (uInt)deflateBound(&z, (uLong)len);
	pack_must(ff_buf_reserve(out, z.avail_out) == FF_OK);
	z.next_out = out->data + out->len;
	pack_must(deflate(&z, Z_FINISH) == Z_STREAM_END);
	out->len += z.total_out;
	deflateEnd(&z);
}

bool pack_member(struct ff_buf *out, const char *codec, const void *data, size_t len)
{
	if (strcmp(codec, "gzip") == 0) {
		pack_gzip(out, data, len);
		return true;
	}
#ifdef FF_HAVE_ZSTD
	if (strcmp(codec, "zstd") == 0) {
		size_t cap = ZSTD_compressBound(len), n;

		pack_must(ff_buf_reserve(out, cap) == FF_OK);
		n = ZSTD_compress(out->data + out->len, cap, data, len, 3);
		pack_must(!ZSTD_isError(n));
		out->len += n;
		return true;
	}
#endif
#ifdef FF_HAVE_BZ2
	if (strcmp(codec, "bz2") == 0) {
		unsigned n = (unsigned)(len + len / 100 + 600);

		pack_must(ff_buf_reserve(out, n) == FF_OK);
		pack_must(BZ2_bzBuffToBuffCompress((char *)out->data + out->len, &n,
						   (char *)(uintptr_t)data, (unsigned)len,
						   1, 0, 0) == BZ_OK);
		out->len += n;
		return true;
	}
#endif
#ifdef FF_HAVE_LZ4
	if (strcmp(codec, "lz4") == 0) {
		size_t cap = LZ4F_compressFrameBound(len, NULL), n;

		pack_must(ff_buf_reserve(out, cap) == FF_OK);
		n = LZ4F_compressFrame(out->data + out->len, cap, data, len, NULL);
		pack_must(!LZ4F_isError(n));
		out->len += n;
		return true;
	}
#endif
	return false;
}

bool pack_codec(struct ff_buf *out, enum ff_codec codec, const void *data, size_t len)
{
	if (codec == FF_CODEC_BZ2 || codec == FF_CODEC_ZSTD)
		return pack_member(out, ff_codec_name(codec), data, len);
#ifdef FF_HAVE_LZ4
	if (codec == FF_CODEC_LZ4) {
		int cap = LZ4_compressBound((int)len), n;

		pack_must(ff_buf_reserve(out, (size_t)cap) == FF_OK);
		n = LZ4_compress_default(data, (char *)out->data, (int)len, cap);
		pack_must(n > 0);
		out->len = (size_t)n;
		return true;
	}
#endif
	if (codec == FF_CODEC_ZLIB) {
		uLongf n = compressBound((uLong)len);

		pack_must(ff_buf_reserve(out, n) == FF_OK);
		pack_must(compress(out->data, &n, data, (uLong)len) == Z_OK);
		out->len = n;
		return true;
	}
#ifdef FF_HAVE_LZO
	if (codec == FF_CODEC_LZO1X) {
		void *work = malloc(LZO1X_1_MEM_COMPRESS);
		lzo_uint n;

		pack_must(work && ff_buf_reserve(out, len + len / 16 + 67) == FF_OK);
		pack_must(lzo1x_1_compress(data, len, out->data, &n, work) == LZO_E_OK);
		free(work);
		out->len = n;
		return true;
	}
#endif
#ifdef FF_HAVE_SNAPPY
	if (codec == FF_CODEC_SNAPPY) {
		size_t n = snappy_max_compressed_length(len);

		pack_must(ff_buf_reserve(out, n) == FF_OK);
		pack_must(snappy_compress(data, len, (char *)out->data, &n) == SNAPPY_OK);
		out->len = n;
		return true;
	}
#endif
	return false;
}

bool pack_block(struct ff_buf *out, enum ff_codec codec, const void *data, size_t len)
{
	struct ff_buf packed = FF_BUF_INIT;
	bool ok = pack_codec(&packed, codec, data, len);

	if (ok) {
		pack_u32(out, true, (uint32_t)packed.len);
		pack_u32(out, true, (uint32_t)len);
		ff_buf_add(out, packed.data, packed.len);
	}
	ff_buf_release(&packed);
	return ok;
}

static void pack_number(struct ff_buf *out, bool big, uint64_t v, int bytes)
{
	int i;

	for (i = 0; i < bytes; i++)
		ff_buf_addc(out, (char)(uint8_t)(v >> 8 * (big ? bytes - 1 - i : i)));
}

void pack_u16(struct ff_buf *out, bool big, unsigned v)
{
	pack_number(out, big, v, 2);
}

void pack_u32(struct ff_buf *out, bool big, uint32_t v)
{
	pack_number(out, big, v, 4);
}

void pack_u64(struct ff_buf *out, bool big, uint64_t v)
{
	pack_number(out, big, v, 8);
}

void pack_silk_fixed(struct ff_buf *out, bool big, unsigned format, enum ff_codec codec,
		     unsigned record_length, unsigned record_version)
{
	ff_buf_add(out, FF_SILK_MAGIC, 4);
	ff_buf_addc(out, big ? 1 : 0);
	ff_buf_addc(out, (char)format);
	ff_buf_addc(out, 16);
	ff_buf_addc(out, (char)codec);
	pack_u32(out, true, 3019001);
	pack_u16(out, true, record_length);
	pack_u16(out, true, record_version);
}

void pack_silk_entry(struct ff_buf *out, uint32_t id, const void *payload, size_t len)
{
	pack_u32(out, true, id);
	pack_u32(out, true, (uint32_t)(8 + len));
	ff_buf_add(out, payload, len);
}
