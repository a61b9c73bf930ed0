/* SPDX-License-Identifier: MIT */
/* file/codec and file/silk_header: the container of SiLK files, entry by entry, block by
 * block, and every way in which it can be wrong. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <flowfig/file.h>

#include "support/pack.h"

#define IPSET 0x1d

static struct ff_stream *stream_of(const struct ff_buf *b)
{
	struct ff_stream *s;

	assert_int_equal(ff_stream_memory(&s, "x.rw", b->data, b->len, NULL), FF_OK);
	return s;
}

static void expect_refusal(const struct ff_buf *file, const char *what)
{
	struct ff_stream *s = stream_of(file);
	struct ff_silk_header h;
	struct ff_err err = {0};

	assert_int_equal(ff_silk_header_read(&h, s, &err), FF_EFORMAT);
	if (!strstr(err.text, what) || !strstr(err.text, "'x.rw'"))
		fail_msg("'%s' does not say '%s'", err.text, what);
	ff_stream_close(s);
}

static void test_header(void **state)
{
	struct ff_buf f = FF_BUF_INIT, p = FF_BUF_INIT;
	struct ff_silk_header h;
	struct ff_stream *s;
	struct ff_err err;

	(void)state;
	pack_silk_fixed(&f, true, IPSET, FF_CODEC_SNAPPY, 1, 4);
	pack_u64(&p, true, UINT64_C(1704546000000));
	pack_u32(&p, true, 3);
	pack_u32(&p, true, 12);
	pack_silk_entry(&f, 1, p.data, p.len);
	pack_silk_entry(&f, 2, "rwsort --a\nb", 13);
	pack_silk_entry(&f, 2, "rwcat", 5); /* without its NUL */
	pack_silk_entry(&f, 3, "a note", 7);
	pack_silk_entry(&f, 4, "probe-1", 8);
	pack_silk_entry(&f, 77, "what is this", 12);
	ff_buf_clear(&p);
	for (uint32_t i = 0; i < 6; i++)
		pack_u32(&p, true, 10 + i);
	pack_silk_entry(&f, 7, p.data, p.len);
	pack_silk_entry(&f, 0, "\0\0\0\0\0", 5);
	ff_buf_adds(&f, "body");

	s = stream_of(&f);
	assert_int_equal(ff_silk_header_read(&h, s, &err), FF_OK);
	assert_true(h.big_endian);
	assert_int_equal(h.format, IPSET);
	assert_int_equal(h.file_version, 16);
	assert_int_equal(h.codec, FF_CODEC_SNAPPY);
	assert_int_equal(h.silk_version, 3019001);
	assert_int_equal(h.record_length, 1);
	assert_int_equal(h.record_version, 4);
	assert_true(h.has_packed);
	assert_true(h.hour_ns == INT64_C(1704546000) * FF_SEC);
	assert_int_equal(h.flowtype, 3);
	assert_int_equal(h.sensor, 12);
	assert_string_equal(ff_buf_str(&h.invocations), "rwsort --a b\nrwcat\n");
	assert_string_equal(ff_buf_str(&h.notes), "a note\n");
	assert_string_equal(ff_buf_str(&h.probe), "probe-1");
	assert_true(h.has_ipset);
	assert_int_equal(h.ipset[5], 15);
	assert_int_equal(h.body_offset, f.len - 4);
	assert_int_equal(ff_stream_offset(s), f.len - 4);
	ff_silk_header_release(&h);
	ff_stream_close(s);

	/* cut anywhere, it is refused and nothing leaks */
	for (size_t len = f.len - 5; len > 4; len--) {
		struct ff_buf cut = {f.data, len, len, false};

		expect_refusal(&cut, "ends within its SiLK header");
	}
	ff_buf_release(&f);
	ff_buf_release(&p);
}

static void test_refusals(void **state)
{
	static const struct {
		size_t at;
		uint8_t byte;
		const char *what;
	} rows[] = {
		{0, 0xdf, "no SiLK file"},
		{6, 15, "legacy header"},
		{6, 0, "legacy header"},
		{7, 4, "unknown compression 4"},
		{23, 23, "entry 1 of 'x.rw' at byte 16 cannot be 23 bytes"},
		{23, 7, "cannot be 7 bytes"},
		{20, 1, "cannot be 16777240 bytes"},
		{20, 0xff, "cannot be"},
		{24, 0x7f, "out of range"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_buf f = FF_BUF_INIT;

		pack_silk_fixed(&f, false, 0x16, FF_CODEC_NONE, 52, 5);
		pack_silk_entry(&f, 1, "\0\0\1\2\3\4\5\6\0\0\0\0\0\0\0\1", 16);
		pack_silk_entry(&f, 0, "", 0);
		f.data[rows[i].at] = rows[i].byte;
		expect_refusal(&f, rows[i].what);
		ff_buf_release(&f);
	}
}

static void test_blocks(void **state)
{
	static const enum ff_codec codecs[] = {FF_CODEC_ZLIB, FF_CODEC_LZO1X,
					       FF_CODEC_SNAPPY};
	char text[5000];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + ff_mix64(i) % 4);
	for (size_t c = 0; c < 3; c++) {
		struct ff_buf f = FF_BUF_INIT, raw = FF_BUF_INIT, body = FF_BUF_INIT;
		struct ff_silk_header h = {.codec = codecs[c]};
		struct ff_stream *s;
		struct ff_err err = {0};
		uint64_t offset;
		size_t len;
		uint8_t out[5001];

		if (!pack_block(&f, codecs[c], text, 3000) ||
		    !pack_block(&f, codecs[c], text + 3000, 2000))
			continue; /* left out of this build */
		s = stream_of(&f);
		assert_int_equal(ff_silk_block_read(s, &raw, &len, &offset, &err), 1);
		assert_int_equal(len, 3000);
		assert_int_equal(offset, 0);
		assert_int_equal(
			ff_codec_decode(codecs[c], out, 3000, raw.data, raw.len, &err),
			0);
		assert_memory_equal(out, text, 3000);
		/* neither more nor less than exactly so many */
		assert_int_equal(
			ff_codec_decode(codecs[c], out, 2999, raw.data, raw.len, &err),
			FF_EFORMAT);
		assert_int_equal(
			ff_codec_decode(codecs[c], out, 3001, raw.data, raw.len, &err),
			FF_EFORMAT);
		assert_int_equal(ff_codec_decode(codecs[c], out, 3000, raw.data,
						 raw.len / 2, &err),
				 FF_EFORMAT);
		assert_non_null(strstr(err.text, ff_codec_name(codecs[c])));
		assert_int_equal(ff_silk_block_read(s, &raw, &len, &offset, &err), 1);
		assert_int_equal(ff_silk_block_read(s, &raw, &len, &offset, &err), 0);
		ff_stream_close(s);

		s = stream_of(&f);
		assert_int_equal(ff_silk_body_read(&body, s, &h, 5000, &err), FF_OK);
		assert_int_equal(body.len, 5000);
		assert_memory_equal(body.data, text, 5000);
		ff_stream_close(s);
		s = stream_of(&f);
		assert_int_equal(ff_silk_body_read(&body, s, &h, 4999, &err), FF_ELIMIT);
		ff_stream_close(s);

		/* cut within the second block: its length is told all the same */
		f.len--;
		s = stream_of(&f);
		assert_int_equal(ff_silk_block_read(s, &raw, &len, &offset, &err), 1);
		assert_int_equal(ff_silk_block_read(s, &raw, &len, &offset, &err),
				 FF_EFORMAT);
		assert_int_equal(len, 2000);
		assert_non_null(strstr(err.text, "block cut short"));
		ff_stream_close(s);
		ff_buf_release(&f);
		ff_buf_release(&raw);
		ff_buf_release(&body);
	}
}

static void test_block_heads(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		int status;
		const char *what;
	} rows[] = {
		{"", 0, 0, ""},
		{"\0\0\0\0\0\0\0\0", 8, 0, ""},
		{"\0\0\0\0", 4, 0, ""}, /* end mark without a second size */
		{"\0\0\0\1", 4, FF_EFORMAT, "block header cut short"},
		{"\0\0\0", 3, FF_EFORMAT, "block header cut short"},
		{"\0\x10\0\1\0\0\0\1", 8, FF_EFORMAT, "larger than SiLK makes them"},
		{"\0\0\0\1\0\x0f\xff\xfe", 8, FF_EFORMAT, "larger than SiLK makes them"},
		{"\0\0\0\1\0\x0f\xff\xfd", 8, FF_EFORMAT, "block cut short: 0 of 1"},
		{"\xff\xff\xff\xff\xff\xff\xff\xff", 8, FF_EFORMAT, "larger"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_buf f = FF_BUF_INIT, raw = FF_BUF_INIT;
		struct ff_stream *s;
		struct ff_err err = {0};
		uint64_t offset;
		size_t len;

		ff_buf_add(&f, rows[i].bytes, rows[i].len);
		s = stream_of(&f);
		assert_int_equal(ff_silk_block_read(s, &raw, &len, &offset, &err),
				 rows[i].status);
		assert_non_null(strstr(err.text, rows[i].what));
		ff_stream_close(s);
		ff_buf_release(&f);
		ff_buf_release(&raw);
	}
}

static void test_plain_body(void **state)
{
	struct ff_silk_header h = {.codec = FF_CODEC_NONE};
	struct ff_buf f = FF_BUF_INIT, body = FF_BUF_INIT;
	struct ff_stream *s;
	struct ff_err err;

	(void)state;
	ff_buf_adds(&f, "0123456789");
	s = stream_of(&f);
	assert_int_equal(ff_silk_body_read(&body, s, &h, 10, &err), FF_OK);
	assert_string_equal(ff_buf_str(&body), "0123456789");
	ff_stream_close(s);
	s = stream_of(&f);
	assert_int_equal(ff_silk_body_read(&body, s, &h, 9, &err), FF_ELIMIT);
	ff_stream_close(s);
	ff_buf_release(&f);
	ff_buf_release(&body);
}

static void test_codec_list(void **state)
{
	struct ff_buf b = FF_BUF_INIT;

	(void)state;
	ff_codec_list(&b);
	assert_true(strncmp(ff_buf_str(&b), "gzip", 4) == 0);
	assert_true(!strstr(ff_buf_str(&b), "snappy") ==
		    !ff_codec_built_in(FF_CODEC_SNAPPY));
	assert_true(ff_codec_built_in(FF_CODEC_ZLIB));
	assert_string_equal(ff_codec_name(FF_CODEC_LZO1X), "lzo1x");
	ff_buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),	   cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_blocks),	   cmocka_unit_test(test_block_heads),
		cmocka_unit_test(test_plain_body), cmocka_unit_test(test_codec_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
