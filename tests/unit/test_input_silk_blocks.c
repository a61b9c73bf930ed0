/* SPDX-License-Identifier: MIT */
/* input/silk, blocks: files built in memory, compressed, cut, damaged, shared by lanes;
 * what is refused and what is told of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <flowfig/input.h>

#include "input/silk.h"
#include "support/pack.h"
#include "support/silk_file.h"

static int free_site(void **state)
{
	(void)state;
	silk_file_free_site();
	return 0;
}

/* Records in order 0, 1, 2 ... but those from `gap` on for `lost` records. */
static void expect_counted(const struct ff_flow *flows, size_t n, uint32_t gap,
			   uint32_t lost)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t want = i < gap ? i : i + lost;

		if (ff_addr_to_v4(&flows[i].sip) != 0x0a000000 + want)
			fail_msg("record %u is not number %u", i, want);
	}
}

enum { RECORDS = 3000 };
static struct ff_flow flows[RECORDS];

static void records(struct ff_buf *body)
{
	for (uint32_t i = 0; i < RECORDS; i++)
		silk_file_generic(body, false, i, 6, 1, 2, 0);
}

/* Blocks of whole records, and of a length that cuts them. */
static void test_compressed(void **state)
{
	static const size_t parts[] = {52 * 100, 52 * 100 + 1, 51, 1000, 100000};

	(void)state;
	for (enum ff_codec c = FF_CODEC_ZLIB; c <= FF_CODEC_SNAPPY; c++) {
		struct ff_buf body = FF_BUF_INIT;

		records(&body);
		for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
			struct ff_buf f = FF_BUF_INIT;
			struct ff_err err;
			uint64_t bad;
			bool ok = true;

			silk_file_header(&f, false, SILK_RWGENERIC, 5, c, false);
			for (size_t at = 0; at < body.len && ok; at += parts[k])
				ok = pack_block(&f, c, body.data + at,
						body.len - at < parts[k] ? body.len - at
									 : parts[k]);
			if (ok) {
				assert_int_equal(
					silk_file_read(flows, RECORDS, &f, 0, &bad, &err),
					RECORDS);
				assert_int_equal(bad, 0);
				expect_counted(flows, RECORDS, 0, 0);
			}
			ff_buf_release(&f);
		}
		ff_buf_release(&body);
	}
}

/* A block in the middle does not decompress: its records are lost and told, no others. */
static void test_damaged_block(void **state)
{
	static const struct {
		size_t part; /* bytes a block; the second of them is damaged */
		uint32_t gap, lost;
	} rows[] = {
		{52 * 100, 100, 100},
		{52 * 100 + 10, 100,
		 101}, /* and the records that it shares with its neighbours */
		{52 * 100 - 10, 99, 101},
	};
	struct ff_buf body = FF_BUF_INIT;

	(void)state;
	records(&body);
	for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
		struct ff_buf f = FF_BUF_INIT;
		struct ff_err err = {0};
		uint64_t bad;
		size_t second = 0, n;

		silk_file_header(&f, false, SILK_RWGENERIC, 5, FF_CODEC_ZLIB, false);
		for (size_t at = 0; at < body.len; at += rows[k].part) {
			if (at == rows[k].part)
				second = f.len;
			assert_true(pack_block(&f, FF_CODEC_ZLIB, body.data + at,
					       body.len - at < rows[k].part
						       ? body.len - at
						       : rows[k].part));
		}
		f.data[second + 30] ^= 0xff;
		n = silk_file_read(flows, RECORDS, &f, 0, &bad, &err);
		assert_int_equal(bad, rows[k].lost);
		assert_int_equal(n, RECORDS - rows[k].lost);
		expect_counted(flows, n, rows[k].gap, rows[k].lost);
		assert_non_null(strstr(err.text, "'x.rw' at byte"));
		ff_buf_release(&f);
	}
	ff_buf_release(&body);
}

/* The record that began in a damaged block may end several small blocks later: it stays
 * lost, and is never made up from what is left. */
static void test_damaged_small_blocks(void **state)
{
	static const size_t parts[] = {52 * 3 + 10, 12, 12, 12, 52 * 4 + 6};
	struct ff_buf body = FF_BUF_INIT, f = FF_BUF_INIT;
	struct ff_err err = {0};
	size_t at = 0, first = 0, n;
	uint64_t bad;

	(void)state;
	records(&body);
	silk_file_header(&f, false, SILK_RWGENERIC, 5, FF_CODEC_ZLIB, false);
	for (size_t k = 0; k < 5; at += parts[k++]) {
		first = k == 0 ? f.len : first;
		assert_true(pack_block(&f, FF_CODEC_ZLIB, body.data + at, parts[k]));
	}
	assert_int_equal(at, 52 * 8);
	f.data[first + 30] ^= 0xff;
	n = silk_file_read(flows, RECORDS, &f, 0, &bad, &err);
	assert_int_equal(bad, 4);
	assert_int_equal(n, 4);
	expect_counted(flows, n, 0, 4);
	ff_buf_release(&f);
	ff_buf_release(&body);
}

/* Cut anywhere, whole records are read and the rest is told as one bad record (or block).
 */
static void test_cut_short(void **state)
{
	struct ff_buf plain = FF_BUF_INIT, packed = FF_BUF_INIT;
	size_t body;

	(void)state;
	silk_file_header(&plain, false, SILK_RWGENERIC, 5, FF_CODEC_NONE, false);
	body = plain.len;
	for (uint32_t i = 0; i < 10; i++)
		silk_file_generic(&plain, false, i, 6, 1, 2, 0);
	silk_file_header(&packed, false, SILK_RWGENERIC, 5, FF_CODEC_ZLIB, false);
	assert_true(pack_block(&packed, FF_CODEC_ZLIB, plain.data + body, 520));
	for (size_t len = body; len <= plain.len; len++) {
		struct ff_buf cut = {plain.data, len, len, false}, gz = FF_BUF_INIT;
		size_t whole = (len - body) / 52, rest = (len - body) % 52;
		struct ff_err err;
		uint64_t bad;
		char want[100];

		snprintf(want, sizeof(want),
			 "damaged: record cut short: %zu of 52 bytes in 'x.rw' at byte "
			 "%zu",
			 rest, body + whole * 52);
		assert_int_equal(silk_file_read(flows, 10, &cut, 0, &bad, &err), whole);
		assert_int_equal(bad, rest > 0);
		assert_string_equal(err.text, rest > 0 ? want : "");
		pack_member(&gz, "gzip", cut.data, cut.len);
		assert_int_equal(silk_file_read(flows, 10, &gz, 0, &bad, &err), whole);
		assert_int_equal(bad, rest > 0);
		assert_string_equal(err.text, rest > 0 ? want : "");
		ff_buf_release(&gz);
	}
	for (size_t len = body + 9; len < packed.len; len++) {
		struct ff_buf cut = {packed.data, len, len, false};
		struct ff_err err;
		uint64_t bad;

		assert_int_equal(silk_file_read(flows, 10, &cut, 0, &bad, &err), 0);
		assert_int_equal(bad, 10);
		assert_non_null(strstr(err.text, "block cut short"));
	}
	ff_buf_release(&plain);
	ff_buf_release(&packed);
}

/* A start time that does not fit is one bad record. */
static void test_bad_time(void **state)
{
	struct ff_buf f = FF_BUF_INIT;
	struct ff_err err = {0};
	uint64_t bad;

	(void)state;
	silk_file_header(&f, false, SILK_RWGENERIC, 5, FF_CODEC_NONE, false);
	for (uint32_t i = 0; i < 20; i++)
		silk_file_generic(&f, false, i, 6, 1, 2, 0);
	memset(f.data + f.len - 20 * 52 + 3 * 52, 0x7f, 8);
	memset(f.data + f.len - 20 * 52 + 4 * 52, 0x80, 8);
	assert_int_equal(silk_file_read(flows, 20, &f, SILK_BRIEF, &bad, &err), 18);
	assert_int_equal(bad, 2);
	expect_counted(flows, 18, 3, 2);
	assert_non_null(
		strstr(err.text, "start time out of range in 'x.rw' at byte 180"));
	ff_buf_release(&f);
}

/* A file of several pieces, in turn by two lanes: each record once, and one digest. */
static void test_lanes(void **state)
{
	enum { MANY = 70000 };
	struct ff_buf f = FF_BUF_INIT;
	struct ff_lane lanes[2] = {0};
	uint64_t pieces[4], seen = 0, sum = 0;
	struct ff_source *s;
	struct ff_batch batch;
	struct ff_err err;
	size_t n = 0;
	int done = 0, got;

	(void)state;
	silk_file_header(&f, true, SILK_RWGENERIC, 5, FF_CODEC_NONE, false);
	for (uint32_t i = 0; i < MANY; i++)
		silk_file_generic(&f, true, i, 6, 1, 2, 0);
	for (size_t at = 0; at < f.len; at += FF_DIGEST_PIECE)
		pieces[n++] = ff_digest64(f.data + at, f.len - at < FF_DIGEST_PIECE
							       ? f.len - at
							       : FF_DIGEST_PIECE);
	assert_int_equal(n, 4);
	s = silk_file_source(&f, 0);
	assert_int_equal(ff_batch_init(&batch, 300, NULL), FF_OK);
	for (unsigned turn = 0; done < 2; turn++) {
		got = ff_source_next(s, &lanes[turn % 2], &batch, &err);
		assert_true(got >= 0);
		done = got == 0 ? done + 1 : 0;
		for (int i = 0; i < got; i++) {
			seen++;
			sum += ff_addr_to_v4(&batch.flows[i].sip) - 0x0a000000;
		}
	}
	assert_int_equal(seen, MANY);
	assert_int_equal(sum, (uint64_t)MANY * (MANY - 1) / 2);
	assert_int_equal(ff_source_bad(s, NULL), 0);
	assert_true(ff_source_digest(s) == ff_digest_join(pieces, n));
	ff_batch_release(&batch);
	ff_lane_release(&lanes[0]);
	ff_lane_release(&lanes[1]);
	ff_source_close(s);
	ff_buf_release(&f);
}

/* Whichever allocation fails, nothing leaks and it is not taken for damage. */
static void test_no_memory(void **state)
{
	static const size_t parts[] = {52 * 1000, 52 * 1000 + 1};
	struct ff_buf body = FF_BUF_INIT;
	struct ff_batch batch;

	(void)state;
	records(&body);
	assert_int_equal(ff_batch_init(&batch, RECORDS, NULL), FF_OK);
	for (size_t k = 0; k < 3; k++) {
		struct ff_buf f = FF_BUF_INIT;
		int status = FF_ENOMEM;

		silk_file_header(&f, false, SILK_RWGENERIC, 5,
				 k < 2 ? FF_CODEC_ZLIB : FF_CODEC_NONE, true);
		for (size_t at = 0; k < 2 && at < body.len; at += parts[k])
			pack_block(&f, FF_CODEC_ZLIB, body.data + at,
				   body.len - at < parts[k] ? body.len - at : parts[k]);
		if (k == 2)
			ff_buf_add(&f, body.data, body.len);
		for (uint64_t n = 1; status != 0 && n < 100; n++) {
			struct ff_input_opts o = {.site = silk_file_site()};
			struct ff_lane lane = {0};
			struct ff_stream *stream = NULL;
			struct ff_source *s = NULL;
			struct ff_err err;

			ff_alloc_fail_after(n);
			status = ff_stream_memory(&stream, "x", f.data, f.len, &err);
			if (status == FF_OK)
				status = ff_source_open_stream(&s, stream, &o, &err);
			while (status >= 0 &&
			       (status = ff_source_next(s, &lane, &batch, &err)) > 0)
				;
			ff_alloc_fail_after(0);
			assert_true(status == 0 || status == FF_ENOMEM);
			assert_true(!s || ff_source_bad(s, NULL) == 0);
			ff_lane_release(&lane);
			ff_source_close(s);
		}
		assert_int_equal(status, 0);
		ff_buf_release(&f);
	}
	ff_batch_release(&batch);
	ff_buf_release(&body);
}

/* ---- refusing and telling ---- */

static void test_refusals(void **state)
{
	static const struct {
		unsigned format, version, length;
		const char *what;
	} rows[] = {
		{SILK_RWGENERIC, 6, 52, "FT_RWGENERIC records of version 6"},
		{SILK_RWIPV6ROUTING, 4, 96, "re-write it with 'rwcat --milliseconds'"},
		{0x99, 1, 52, "unknown SiLK format 0x99"},
		{0x1d, 2, 1, "FT_IPSET, which holds no flows"},
		{SILK_RWGENERIC, 5, 48,
		 "48 bytes a record, but FT_RWGENERIC version 5 has 52"},
		{SILK_RWGENERIC, 5, 0, "0 bytes a record"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_input_opts o = {.site = silk_file_site()};
		struct ff_buf f = FF_BUF_INIT;
		struct ff_stream *stream;
		struct ff_source *s;
		struct ff_err err = {0};

		pack_silk_fixed(&f, false, rows[i].format, FF_CODEC_NONE, rows[i].length,
				rows[i].version);
		pack_silk_entry(&f, 0, "", 0);
		assert_int_equal(ff_stream_memory(&stream, "x.rw", f.data, f.len, NULL),
				 FF_OK);
		assert_int_equal(ff_source_open_stream(&s, stream, &o, &err), FF_EFORMAT);
		if (!strstr(err.text, rows[i].what) || !strstr(err.text, "'x.rw'"))
			fail_msg("'%s' does not say '%s'", err.text, rows[i].what);
		ff_buf_release(&f);
	}
}

static void test_probe(void **state)
{
	struct ff_buf f = FF_BUF_INIT;

	(void)state;
	silk_file_header(&f, false, SILK_RWSPLIT, 5, FF_CODEC_NONE, true);
	assert_int_equal(ff_reader_silk.probe(f.data, f.len), 100);
	assert_int_equal(ff_reader_silk.probe(f.data, 5), 0);
	f.data[5] = 0x1d; /* IPset */
	assert_true(ff_reader_silk.probe(f.data, f.len) < 50);
	f.data[0] = 0;
	assert_int_equal(ff_reader_silk.probe(f.data, f.len), 0);
	ff_buf_release(&f);
}

static void test_describe(void **state)
{
	struct ff_buf body = FF_BUF_INIT;

	(void)state;
	records(&body);
	for (int packed = 0; packed < 2; packed++) {
		struct ff_buf f = FF_BUF_INIT;
		struct ff_input_info info;
		struct ff_source *s;

		pack_silk_fixed(&f, false, SILK_RWGENERIC,
				packed ? FF_CODEC_ZLIB : FF_CODEC_NONE, 52, 5);
		pack_silk_entry(&f, 2, "rwcat a", 8);
		pack_silk_entry(&f, 2, "rwsort", 7);
		pack_silk_entry(&f, 3, "hello", 6);
		pack_silk_entry(&f, 0, "", 0);
		for (size_t at = 0; packed && at < body.len; at += 52 * 1000)
			assert_true(
				pack_block(&f, FF_CODEC_ZLIB, body.data + at, 52 * 1000));
		if (!packed)
			ff_buf_add(&f, body.data, body.len);
		s = silk_file_source(&f, 0);
		assert_int_equal(ff_source_describe(s, &info, NULL), FF_OK);
		assert_string_equal(info.format, "silk");
		assert_string_equal(
			info.detail,
			packed ? "FT_RWGENERIC v5, 52-byte records, little-endian, zlib"
			       : "FT_RWGENERIC v5, 52-byte records, little-endian, not "
				 "compressed");
		assert_int_equal(info.records, RECORDS);
		assert_int_equal(info.carries, FF_ALL_FIELDS);
		assert_string_equal(ff_buf_str(&info.more), "silk version: 3.19.1\n"
							    "invocation: rwcat a\n"
							    "invocation: rwsort\n"
							    "note: hello\n");
		ff_buf_release(&info.more);
		ff_source_close(s);
		ff_buf_release(&f);
	}
	ff_buf_release(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compressed),
		cmocka_unit_test(test_damaged_block),
		cmocka_unit_test(test_damaged_small_blocks),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_bad_time),
		cmocka_unit_test(test_lanes),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_describe),
	};

	return cmocka_run_group_tests(tests, NULL, free_site);
}
