/* SPDX-License-Identifier: MIT */
/* input/nfdump: files made in memory, of both layouts and every compression; what their
 * records become, what is refused, sampling, and fields that are absent. */
#include "input_help.h"

#include "support/nfdump_file.h"
#include "support/pack.h"

static const enum ff_codec codecs[] = {FF_CODEC_NONE, FF_CODEC_LZO1X, FF_CODEC_LZ4,
				       FF_CODEC_BZ2, FF_CODEC_ZSTD};
enum { CODECS = sizeof(codecs) / sizeof(codecs[0]) };

#define START "@1704546000123000000"
#define FLOW_1 "192.0.2.1 10.0.0.1 s40000 d443 p6 k3 b180 fFSPA " START " +1500000000"

/* The flows, a line each, then what was damaged. */
static void expect(struct ff_buf *f, struct ff_input_opts o, const char *expected)
{
	const struct read_row row = {.text = "an nfcapd file", .expected = expected};
	struct read_result r = read_memory(f->data, f->len, o);

	check_result(&row, &r);
	read_release(&r);
	r = read_gzip(f->data, f->len, o);
	check_result(&row, &r);
	read_release(&r);
	ff_buf_clear(f);
}

static void expect_plain(struct ff_buf *f, const char *expected)
{
	expect(f, (struct ff_input_opts){0}, expected);
}

/* ---- whole files ---- */

static void test_samples(void **state)
{
	static const char *const flows[] = {
		FLOW_1
		" i1 o2\n"
		"192.0.2.1 10.0.0.1 s0 d0 p1 k3 b180 " START " +1500000000 i1 o2 c8.0\n"
		"2001:db8::2 fd00::2 s40000 d443 p6 k3 b180 fFSPA " START
		" +1500000000 i70000 o70001 h2001:db8::ff v6\n"
		"fd00::2 2001:db8::2 s443 d40000 p6 k2 b100 " START " +1500000000 v6",
		FLOW_1 " i1 o2 h10.0.0.254\n"
		       "10.0.0.1 192.0.2.1 s443 d40000 p6 k2 b100 fSA " START
		       " +1500000000\n"
		       "2001:db8::2 fd00::2 s40000 d443 p6 k3 b180 fFSPA " START
		       " +1500000000 v6\n"
		       "2001:db8::2 fd00::2 s0 d0 p58 k3 b180 @1704546000128000000 +0 "
		       "c128.0 v6",
	};
	struct ff_buf f = FF_BUF_INIT;

	(void)state;
	for (unsigned layout = 1; layout <= 2; layout++)
		for (size_t i = 0; i < CODECS; i++) {
			if (nfdump_file_sample(&f, layout, codecs[i]) &&
			    (layout == 2 || codecs[i] != FF_CODEC_ZSTD))
				expect_plain(&f, flows[layout - 1]);
			ff_buf_clear(&f);
		}
	ff_buf_release(&f);
}

static void describe(struct ff_buf *f, const char *detail, const char *more)
{
	struct ff_input_opts o = {0};
	struct ff_input_info info = {0};
	struct ff_stream *in;
	struct ff_source *s;

	assert_int_equal(ff_site_new(&o.site, NULL), FF_OK);
	assert_int_equal(ff_stream_memory(&in, "x", f->data, f->len, NULL), FF_OK);
	assert_int_equal(ff_source_open_stream(&s, in, &o, NULL), FF_OK);
	assert_int_equal(ff_source_describe(s, &info, NULL), FF_OK);
	assert_string_equal(info.detail, detail);
	assert_string_equal(ff_buf_str(&info.more), more);
	ff_buf_release(&info.more);
	ff_source_close(s);
	ff_site_free(o.site);
}

static void test_describe(void **state)
{
	struct ff_buf f = FF_BUF_INIT;

	(void)state;
	nfdump_file_sample(&f, 1, FF_CODEC_NONE);
	describe(&f, "layout 1 (nfdump 1.6), not compressed",
		 "blocks: 2\nrecords in blocks: 6\nident: here\nflows: 7\npackets: 70\n"
		 "bytes: 7,000\nfirst: 2024-01-06T13:00:00.123Z\n"
		 "last: 2024-01-06T13:01:00.009Z\nsequence failures: 5\n");
	ff_buf_clear(&f);
	nfdump_file_sample(&f, 2, FF_CODEC_NONE);
	describe(&f, "layout 2 (nfdump 1.7.3, nfcapd), not compressed",
		 "blocks: 2\nrecords in blocks: 4\nident: there\n"
		 "created: 2024-01-06T13:00:00Z\nflows: 7\npackets: 70\nbytes: 7,000\n"
		 "first: 2024-01-06T13:00:00.123Z\nlast: 2024-01-06T13:01:00.123Z\n"
		 "sequence failures: 5\n");
	f.data[24] ^= 1; /* the appendix is not there */
	describe(&f, "layout 2 (nfdump 1.7.3, nfcapd), not compressed",
		 "blocks: 2\nrecords in blocks: 4\ncreated: 2024-01-06T13:00:00Z\n"
		 "note: ident and statistics are missing\n");
	ff_buf_release(&f);
}

/* An ident without its NUL, and with bytes that are not for a terminal. */
static void test_describe_ident(void **state)
{
	char want[400];
	struct ff_buf f = FF_BUF_INIT;

	(void)state;
	nfdump_file_sample(&f, 1, FF_CODEC_NONE);
	memset(f.data + 12, 'a', 128);
	f.data[12] = '\033';
	f.data[4] |= 2;
	snprintf(want, sizeof(want),
		 "blocks: 2\nrecords in blocks: 6\nident: ?%.127s\n"
		 "note: addresses are anonymised\nflows: 7\npackets: 70\n"
		 "bytes: 7,000\nfirst: 2024-01-06T13:00:00.123Z\n"
		 "last: 2024-01-06T13:01:00.009Z\nsequence failures: 5\n",
		 (const char *)f.data + 13);
	describe(&f, "layout 1 (nfdump 1.6), not compressed", want);
	ff_buf_release(&f);
}

static void test_refused(void **state)
{
	static const struct {
		unsigned layout;
		size_t at;
		uint8_t value;
		const char *message;
	} rows[] = {
		{1, 2, 3, "!'x.txt' is an nfcapd file of layout 3 (nfdump 1.8)"},
		{2, 2, 4, "!of layout 4, which"},
		{1, 4, 9, "!more than one compression (flags 0x9)"},
		{1, 4, 0x18, "!more than one compression"},
		{2, 16, 5, "!unknown compression 5 in the nfcapd header of 'x.txt'"},
		{2, 17, 1, "!'x.txt' is an encrypted nfcapd file"},
		{1, 0, 0x0b, "!no flow file"},
	};
	struct ff_buf f = FF_BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		nfdump_file_sample(&f, rows[i].layout, FF_CODEC_NONE);
		f.data[rows[i].at] = rows[i].value;
		expect_plain(&f, rows[i].message);
	}
	ff_buf_add(&f, "\xa5\x0c\0\1", 4);
	expect_plain(&f, "!an nfcapd file of a big-endian machine");
	ff_buf_add(&f, "\x0c\xa5\2\0", 4);
	expect_plain(&f, "!ends within its nfcapd header");
	ff_buf_release(&f);
}

/* ---- records of layout 2 ---- */

/* A file of the flows in *records. */
static void layout_2(struct ff_buf *f, uint32_t count, struct ff_buf *records)
{
	nfdump_file_header(f, 2, FF_CODEC_NONE, 1);
	assert_true(nfdump_file_block(f, FF_CODEC_NONE, 3, count, records));
}

static void put_u64s(struct ff_buf *b, const uint64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		pack_u64(b, false, v[i]);
}

/* Records without addresses or times are no flows; unknown and longer elements are no
 * matter. */
static void test_absent(void **state)
{
	static const uint8_t zeros[80];
	static const uint64_t answer[] = {1, 0, 77};
	struct nfdump_file_flow flow = nfdump_file_flow(1);
	struct ff_buf f = FF_BUF_INIT, r = FF_BUF_INIT, e = FF_BUF_INIT, p = FF_BUF_INIT;

	(void)state;
	nfdump_file_flow_2(&r, 0, 1, 0, &e); /* nothing at all */
	nfdump_file_basic(&e, &flow);
	e.len -= 12; /* without addresses */
	nfdump_file_element(&e, 4, zeros, 16);
	nfdump_file_flow_2(&r, 2, 1, 0, &e);
	nfdump_file_element(&e, 2, "\1\2\0\300\1\0\0\012more", 12);
	nfdump_file_element(&e, 60000, zeros, 3);
	nfdump_file_element(&e, 43, zeros, 80);
	nfdump_file_flow_2(&r, 3, 1, 0, &e); /* without times and counts */
	nfdump_file_basic(&e, &flow);
	nfdump_file_element(&e, 60000, zeros, 3);
	nfdump_file_element(&e, 43, zeros, 80);
	nfdump_file_flow_2(&r, 4, 1, 0, &e);
	flow.packets = flow.bytes = 0; /* only the answer has bytes */
	put_u64s(&p, answer, 3);
	nfdump_file_element(&e, 5, p.data, p.len);
	nfdump_file_basic(&e, &flow);
	nfdump_file_flow_2(&r, 3, 1, 0, &e);
	layout_2(&f, 5, &r);
	expect_plain(&f, FLOW_1
		     "\n192.0.2.1 10.0.0.1 s40000 d443 p6 k0 b0 fFSPA " START
		     " +1500000000\n10.0.0.1 192.0.2.1 s443 d40000 p6 k0 b77 " START
		     " +1500000000");
	ff_buf_release(&f);
	ff_buf_release(&r);
	ff_buf_release(&e);
	ff_buf_release(&p);
}

/* Ends that lie before starts stay; times of events; times that cannot be. */
static void test_times(void **state)
{
	static const uint64_t event[] = {NFDUMP_FILE_MS + 9, 0};
	struct nfdump_file_flow flow = nfdump_file_flow(1);
	struct ff_buf f = FF_BUF_INIT, r = FF_BUF_INIT, e = FF_BUF_INIT, p = FF_BUF_INIT;

	(void)state;
	put_u64s(&p, event, 2);
	flow.protocol = 17;
	flow.last_ms = flow.first_ms - 5000;
	nfdump_file_basic(&e, &flow);
	nfdump_file_flow_2(&r, 2, 1, 0, &e);
	flow.last_ms = 0; /* no event: kept */
	nfdump_file_basic(&e, &flow);
	nfdump_file_flow_2(&r, 2, 1, 0, &e);
	nfdump_file_basic(&e, &flow); /* an event of which no time is told */
	nfdump_file_flow_2(&r, 2, 1, 1, &e);
	nfdump_file_basic(&e, &flow);
	nfdump_file_element(&e, 19, p.data, p.len);
	nfdump_file_flow_2(&r, 3, 1, 1, &e);
	flow.first_ms = UINT64_MAX / 2;
	nfdump_file_basic(&e, &flow);
	nfdump_file_flow_2(&r, 2, 1, 0, &e);
	flow.first_ms = 1;
	flow.last_ms = UINT64_C(9223372036855);
	nfdump_file_basic(&e, &flow);
	nfdump_file_flow_2(&r, 2, 1, 0, &e);
	layout_2(&f, 6, &r);
#define UDP "192.0.2.1 10.0.0.1 s40000 d443 p17 k3 b180 " START
	{
		const struct read_row row = {
			.text = "times",
			.expected =
				UDP " +-5000000000\n" UDP " +-1704546000123000000\n" UDP
				    " +0\n" UDP " +9000000\n"
				    "?start time out of range in 'x.txt' at byte"};
		struct read_result got =
			read_memory(f.data, f.len, (struct ff_input_opts){0});

		assert_int_equal(got.bad, 2);
		check_result(&row, &got);
		read_release(&got);
	}
	ff_buf_release(&f);
	ff_buf_release(&r);
	ff_buf_release(&e);
	ff_buf_release(&p);
}

/* Only what is wanted need be there. */
static void test_want(void **state)
{
	struct ff_buf f = FF_BUF_INIT;

	(void)state;
	nfdump_file_sample(&f, 2, FF_CODEC_NONE);
	expect(&f, (struct ff_input_opts){.want = FF_BIT(FF_SIP) | FF_BIT(FF_NHIP)},
	       FLOW_1 " h10.0.0.254\n"
		      "10.0.0.1 192.0.2.1 s443 d40000 p6 k2 b100 fSA " START
		      " +1500000000\n"
		      "2001:db8::2 fd00::2 s40000 d443 p6 k3 b180 fFSPA " START
		      " +1500000000 v6\n"
		      "2001:db8::2 fd00::2 s0 d0 p58 k3 b180 @1704546000128000000 +0 "
		      "c128.0 v6");
	ff_buf_release(&f);
}

/* ---- sampling ---- */

static void put_sampled(struct ff_buf *r, unsigned layout, unsigned exporter,
			bool is_marked, uint64_t bytes)
{
	struct nfdump_file_flow flow = nfdump_file_flow(1);
	struct ff_buf e = FF_BUF_INIT;

	flow.bytes = bytes;
	flow.exporter = exporter;
	if (layout == 2) {
		nfdump_file_basic(&e, &flow);
		nfdump_file_flow_2(r, 2, exporter, is_marked ? 2 : 0, &e);
	} else {
		flow.flags = 6 | (is_marked ? 0x80 : 0);
		nfdump_file_flow_1(r, exporter == 7 ? 1 : 10, &flow, NULL, 0);
	}
	ff_buf_release(&e);
}

/* Flows before the sampler is told, marked as multiplied, of another exporter, of one
 * whose sampler counts for some flows only; then the most that fits. */
static void test_sampling(void **state)
{
	static const uint64_t counts[2][9] = {
		{180, 180, 180, 180, 180, 180, 180, 180, UINT64_MAX / 2},
		{180, 18000, 180, 180, 180, 9000, 1800, 1440, UINT64_MAX},
	};
	struct ff_buf f = FF_BUF_INIT, r = FF_BUF_INIT;

	(void)state;
	for (unsigned layout = 1; layout <= 2; layout++) {
		unsigned type = layout == 1 ? 9 : 15;

		nfdump_file_header(&f, layout, FF_CODEC_NONE, 2);
		if (layout == 1)
			nfdump_file_map(&r, 0, NULL, 0);
		put_sampled(&r, layout, 300, false, 180);
		nfdump_file_sampler(&r, type, -1, 100, 300);
		nfdump_file_sampler(&r, type, 5, 1000, 8);
		put_sampled(&r, layout, 300, false, 180);
		put_sampled(&r, layout, 300, true, 180);
		put_sampled(&r, layout, 301, false, 180);
		put_sampled(&r, layout, 8, false, 180);
		nfdump_file_block(&f, FF_CODEC_NONE, layout + 1, layout == 1 ? 8 : 7, &r);
		/* an overriding sampler counts before others, a default one after */
		nfdump_file_sampler(&r, type, -3, 50, 300);
		nfdump_file_sampler(&r, type, -2, 10, 9);
		nfdump_file_sampler(&r, type, -1, 8, 7);
		put_sampled(&r, layout, 300, false, 180);
		put_sampled(&r, layout, 9, false, 180);
		put_sampled(&r, layout, 7, false, 180);
		put_sampled(&r, layout, 300, false, UINT64_MAX / 2);
		nfdump_file_block(&f, FF_CODEC_NONE, layout + 1, 7, &r);
		for (int scale = 0; scale <= 1; scale++) {
			struct read_result got = read_memory(
				f.data, f.len,
				(struct ff_input_opts){.scale_sampling = scale});

			assert_int_equal(got.status, FF_OK);
			assert_int_equal(got.bad, 0);
			assert_int_equal(got.count, 9);
			for (size_t i = 0; i < 9; i++)
				if (got.flows[i].bytes != counts[scale][i])
					fail_msg("layout %u, flow %zu: %s", layout, i,
						 flow_text(&got.flows[i]));
			read_release(&got);
		}
		ff_buf_clear(&f);
	}
	ff_buf_release(&f);
	ff_buf_release(&r);
}

/* Some packets of several: 2 of 7. */
static void test_sampling_fraction(void **state)
{
	static const uint64_t bytes[] = {180, UINT64_C(6000000000000000001), 6, 0};
	static const uint64_t scaled[] = {630, UINT64_MAX, 21, 0};
	struct ff_buf f = FF_BUF_INIT, r = FF_BUF_INIT;
	struct read_result got;

	(void)state;
	nfdump_file_header(&f, 2, FF_CODEC_NONE, 1);
	nfdump_file_sampler(&r, 15, -1, 6, 1);
	r.data[16] = 2; /* two taken, five left out */
	for (size_t i = 0; i < 4; i++)
		put_sampled(&r, 2, 1, false, bytes[i]);
	nfdump_file_block(&f, FF_CODEC_NONE, 3, 5, &r);
	got = read_memory(f.data, f.len, (struct ff_input_opts){.scale_sampling = true});
	assert_int_equal(got.count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(got.flows[i].bytes, scaled[i]);
	read_release(&got);
	ff_buf_release(&f);
	ff_buf_release(&r);
}

/* ---- layout 1 ---- */

/* The latest map of a number counts, also over blocks; of a wrong one nothing does. */
static void test_maps(void **state)
{
	static const uint16_t narrow[] = {4}, wide[] = {5}, unknown[] = {4, 50};
	static const uint8_t x[8] = {1, 0, 2, 0, 3};
	struct nfdump_file_flow flow = nfdump_file_flow(1);
	struct ff_buf f = FF_BUF_INIT, r = FF_BUF_INIT;

	(void)state;
	flow.map = 65535;
	nfdump_file_header(&f, 1, FF_CODEC_NONE, 3);
	nfdump_file_flow_1(&r, 10, &flow, x, 8); /* before its map */
	nfdump_file_map(&r, 65535, narrow, 1);
	nfdump_file_flow_1(&r, 10, &flow, x, 4);
	nfdump_file_map(&r, 65535, wide, 1);
	nfdump_file_flow_1(&r, 10, &flow, x, 8);
	nfdump_file_block(&f, FF_CODEC_NONE, 2, 5, &r);
	nfdump_file_flow_1(&r, 10, &flow, x, 8);
	nfdump_file_flow_1(&r, 10, &flow, x, 4); /* too short for it */
	nfdump_file_block(&f, FF_CODEC_NONE, 2, 2, &r);
	nfdump_file_map(&r, 65535, unknown, 2);
	nfdump_file_flow_1(&r, 10, &flow, x, 4);
	nfdump_file_block(&f, FF_CODEC_NONE, 2, 2, &r);
	expect_plain(&f,
		     FLOW_1 " i1 o2\n" FLOW_1 " i131073 o3\n" FLOW_1 " i131073 o3\n"
			    "?extension map that is not known in 'x.txt' at byte 288");
	ff_buf_release(&f);
	ff_buf_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_describe),
		cmocka_unit_test(test_describe_ident),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_want),
		cmocka_unit_test(test_sampling),
		cmocka_unit_test(test_sampling_fraction),
		cmocka_unit_test(test_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
