/* SPDX-License-Identifier: MIT */
/* input/nfdump, blocks: cut, damaged, claimed by many lanes at once; hostile files, and
 * memory that runs out. */
#include "input_help.h"

#include "support/nfdump_file.h"
#include "support/pack.h"

#include <pthread.h>

static const enum ff_codec codecs[] = {FF_CODEC_NONE, FF_CODEC_LZO1X, FF_CODEC_LZ4,
				       FF_CODEC_BZ2, FF_CODEC_ZSTD};
enum { CODECS = sizeof(codecs) / sizeof(codecs[0]) };

/* ---- heads of blocks ---- */

/* Two flows in each of three blocks, numbered on; the second begins at *second. */
static void six_flows(struct ff_buf *f, unsigned layout, size_t *second)
{
	struct ff_buf r = FF_BUF_INIT, e = FF_BUF_INIT;

	ff_buf_clear(f);
	nfdump_file_header(f, layout, FF_CODEC_NONE, 3);
	for (unsigned i = 0; i < 6; i++) {
		struct nfdump_file_flow flow = nfdump_file_flow(i);

		if (i == 0 && layout == 1)
			nfdump_file_map(&r, 0, NULL, 0);
		if (layout == 1) {
			nfdump_file_flow_1(&r, 10, &flow, NULL, 0);
		} else {
			nfdump_file_basic(&e, &flow);
			nfdump_file_flow_2(&r, 2, 1, 0, &e);
		}
		if (i == 2)
			*second = f->len;
		if (i % 2)
			nfdump_file_block(f, FF_CODEC_NONE, layout + 1,
					  i == 1 && layout == 1 ? 3 : 2, &r);
	}
	ff_buf_release(&r);
	ff_buf_release(&e);
}

/* Flows in order, those from `gap` on `lost` further; as many damaged ones told. */
static void check_six(const struct ff_buf *f, const char *what, size_t flows,
		      unsigned gap, unsigned lost, uint64_t bad, const char *message)
{
	struct ff_input_opts o = {.format = "nfdump"};
	struct read_result r[2];

	r[0] = read_memory(f->data, f->len, o);
	r[1] = read_gzip(f->data, f->len, o);
	for (int i = 0; i < 2; i++) {
		const char *told = r[i].status ? r[i].err.text : r[i].first_bad.text;

		if (r[i].count != flows || r[i].bad != bad || !strstr(told, message) ||
		    (r[i].status != FF_OK) != (bad == 0 && message[0]))
			fail_msg("%s: status %d, %zu flows, %llu bad: %s", what,
				 r[i].status, r[i].count, (unsigned long long)r[i].bad,
				 told);
		for (unsigned k = 0; k < r[i].count; k++)
			assert_int_equal(ff_addr_to_v4(&r[i].flows[k].sip) & 0xff,
					 k < gap ? k : k + lost);
		read_release(&r[i]);
	}
}

static void put_u32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static void test_heads(void **state)
{
	static const struct {
		const char *what;
		size_t at; /* of the second block's head */
		uint32_t value;
		size_t flows;
		unsigned gap, lost;
		uint64_t bad;
		const char *message;
	} rows[] = {
		{"too many", 0, 3, 6, 6, 0, 1, "fewer records than its head says"},
		{"far too many", 0, UINT32_MAX, 6, 6, 0, 1, "fewer records"},
		{"too few", 0, 1, 5, 3, 1, 1, "bytes behind the last record"},
		{"none", 0, 0, 4, 2, 2, 1, "says it has no records"},
		{"no bytes", 4, 0, 2, 2, 0, 0, "block of 0 bytes in 'x.txt' at byte "},
		{"huge", 4, UINT32_MAX, 2, 2, 0, 0, "block of 4294967295 bytes"},
		{"over the limit", 4, (5 << 20) + 1, 2, 2, 0, 0, "block of 5242881"},
		{"beyond the end", 4, 5 << 20, 2, 2, 0, 2, "block cut short: "},
		{"nfdump 1.5", 8, 1, 4, 2, 2, 2, "block of flows of nfdump 1.5"},
		{"array", 8, 4, 4, 2, 2, 0, ""},
		{"unknown", 8, 77, 4, 2, 2, 2, "block of an unknown kind"},
	};
	struct ff_buf f = FF_BUF_INIT;

	(void)state;
	for (unsigned layout = 1; layout <= 2; layout++)
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			size_t second;

			six_flows(&f, layout, &second);
			put_u32(f.data + second + rows[i].at, rows[i].value);
			check_six(&f, rows[i].what, rows[i].flows, rows[i].gap,
				  rows[i].lost, rows[i].bad, rows[i].message);
		}
	ff_buf_release(&f);
}

/* The number of blocks in the header. */
static void test_block_count(void **state)
{
	static const struct {
		uint32_t blocks;
		size_t flows[2]; /* by layout */
		uint64_t bad;
		const char *message;
	} rows[] = {
		{3, {6, 6}, 0, ""},
		{0, {6, 6}, 0, ""},
		{2, {6, 4}, 0, ""}, /* nothing says where layout 1 ends */
		{5, {6, 6}, 2, "after 3 of 5 blocks"},
		{UINT32_MAX, {6, 6}, UINT32_MAX - 3, "after 3 of 4294967295 blocks"},
	};
	struct ff_buf f = FF_BUF_INIT;
	size_t second;

	(void)state;
	for (unsigned layout = 1; layout <= 2; layout++)
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			six_flows(&f, layout, &second);
			put_u32(f.data + (layout == 1 ? 8 : 36), rows[i].blocks);
			check_six(&f, rows[i].message, rows[i].flows[layout - 1], 6, 0,
				  rows[i].bad, rows[i].message);
		}
	/* the appendix ends the blocks whatever their number */
	six_flows(&f, 2, &second);
	nfdump_file_appendix(&f, FF_CODEC_NONE);
	put_u32(f.data + 36, 0);
	check_six(&f, "appendix", 6, 6, 0, 0, "");
	put_u32(f.data + 36, 1000);
	check_six(&f, "appendix", 6, 6, 0, 1, "after 3 of 1000 blocks");
	ff_buf_release(&f);
}

/* Records of the second block: sizes that cannot be, and kinds that are not known. */
static void test_records(void **state)
{
	static const struct {
		const char *what;
		size_t at; /* of the first record */
		uint8_t value;
		size_t flows;
		unsigned gap, lost;
		uint64_t bad;
		const char *message;
	} rows[] = {
		{"no bytes", 2, 0, 4, 2, 2, 2, "record of an impossible size"},
		{"3 bytes", 2, 3, 4, 2, 2, 2, "record of an impossible size"},
		{"too long", 3, 1, 4, 2, 2, 2, "record of an impossible size"},
		{"nfdump 1.8", 0, 16, 5, 2, 1, 1, "flow record of nfdump 1.8"},
		{"unknown", 0, 99, 5, 2, 1, 1, "record of an unknown kind"},
		{"layout 1", 0, 10, 5, 2, 1, 1, "extension map that is not known"},
		{"histogram", 0, 3, 5, 2, 1, 0, ""},
		{"elements", 4, 3, 5, 2, 1, 1, "fewer elements than it says"},
		{"elements", 4, 1, 5, 2, 1, 1, "do not add up to its size"},
		{"element 0", 14, 0, 5, 2, 1, 1, "element of a flow record has a wrong"},
		{"element 3", 14, 3, 5, 2, 1, 1, "element of a flow record has a wrong"},
		{"element 51", 14, 51, 5, 2, 1, 1, "element of a flow record has a wron"},
		{"element 200", 14, 200, 5, 2, 1, 1, "element of a flow record has a "},
	};
	struct ff_buf f = FF_BUF_INIT;
	size_t second;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		six_flows(&f, 2, &second);
		f.data[second + 12 + rows[i].at] = rows[i].value;
		check_six(&f, rows[i].what, rows[i].flows, rows[i].gap, rows[i].lost,
			  rows[i].bad, rows[i].message);
	}
	ff_buf_release(&f);
}

/* A compressed block that expands beyond the limit, and one that does not at all. */
static void test_expanding(void **state)
{
	static uint8_t zeros[(5 << 20) + 1];
	struct ff_buf f = FF_BUF_INIT, r = FF_BUF_INIT;
	struct ff_input_opts o = {0};

	(void)state;
	for (size_t i = 1; i < CODECS; i++)
		for (size_t len = sizeof(zeros) - 1; len <= sizeof(zeros); len++) {
			struct read_result got;

			nfdump_file_header(&f, 2, codecs[i], 2);
			ff_buf_add(&r, zeros, len);
			if (nfdump_file_block(&f, codecs[i], 3, 9, &r)) {
				ff_buf_adds(&r, "xyz");
				nfdump_file_block(&f, FF_CODEC_NONE, 3, 5, &r);
				got = read_memory(f.data, f.len, o);
				assert_int_equal(got.status, FF_OK);
				assert_int_equal(got.count, 0);
				/* zeros are records of an impossible size */
				assert_int_equal(got.bad, 9 + 5);
				assert_non_null(strstr(got.first_bad.text,
						       len < sizeof(zeros)
							       ? "impossible"
							       : "does not decompress"));
				read_release(&got);
			}
			ff_buf_clear(&f);
		}
	ff_buf_release(&f);
	ff_buf_release(&r);
}

/* ---- many lanes ---- */

enum { LANES = 3 };
struct shared {
	struct ff_source *source;
	pthread_mutex_t lock;
	uint64_t flows, sum, ports;
};

static int read_lane(void *arg, unsigned i, struct ff_err *err)
{
	struct shared *s = arg;
	struct ff_lane lane = {0};
	struct ff_batch batch;
	int n;

	(void)i;
	assert_int_equal(ff_batch_init(&batch, 64, NULL), FF_OK);
	while ((n = ff_source_next(s->source, &lane, &batch, err)) > 0) {
		pthread_mutex_lock(&s->lock);
		for (size_t k = 0; k < batch.count; k++) {
			s->flows++;
			s->sum += ff_addr_to_v4(&batch.flows[k].dip) - 0x0a000000;
			/* the interface is told by the latest map */
			s->ports += batch.flows[k].in != batch.flows[k].packets;
		}
		pthread_mutex_unlock(&s->lock);
	}
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	return n;
}

/* All flows once, and the digest of the file as it is. */
static void check_lanes(const struct ff_buf *f, uint64_t flows)
{
	struct ff_input_opts o = {0};
	struct shared s = {0};
	struct ff_stream *in;
	struct ff_err err = {0};
	uint64_t digest;

	assert_int_equal(ff_site_new(&o.site, NULL), FF_OK);
	pthread_mutex_init(&s.lock, NULL);
	assert_int_equal(ff_stream_memory(&in, "x", f->data, f->len, NULL), FF_OK);
	assert_int_equal(ff_stream_digest(&digest, in, NULL), FF_OK);
	assert_int_equal(ff_source_open_stream(&s.source, in, &o, NULL), FF_OK);
	if (ff_parallel(LANES, read_lane, &s, &err) != FF_OK)
		fail_msg("%s", err.text);
	if (ff_source_bad(s.source, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(s.flows, flows);
	assert_int_equal(s.sum, flows * (flows - 1) / 2);
	assert_int_equal(s.ports, 0);
	assert_true(ff_source_digest(s.source) == digest);
	ff_source_close(s.source);
	pthread_mutex_destroy(&s.lock);
	ff_site_free(o.site);
}

/* Layout 1: every block says anew how the flows of the next one are laid out. */
static void test_lanes_layout_1(void **state)
{
	static const uint16_t narrow[] = {4}, wide[] = {5};
	enum { BLOCKS = 200, EACH = 40 };
	struct ff_buf f = FF_BUF_INIT, r = FF_BUF_INIT, x = FF_BUF_INIT;
	unsigned number = 0;
	bool ok = true;

	(void)state;
	for (size_t c = 0; c < 4; c++) {
		nfdump_file_header(&f, 1, codecs[c], BLOCKS + 1);
		nfdump_file_map(&r, 7, wide, 1);
		ok = nfdump_file_block(&f, codecs[c], 2, 1, &r);
		number = 0;
		for (unsigned b = 0; b < BLOCKS && ok; b++) {
			for (unsigned i = 0; i < EACH; i++) {
				struct nfdump_file_flow flow = nfdump_file_flow(number++);

				flow.map = 7;
				flow.packets = flow.number;
				ff_buf_clear(&x);
				if (b % 2) {
					pack_u16(&x, false, flow.number);
					pack_u16(&x, false, 1);
				} else {
					pack_u32(&x, false, flow.number);
					pack_u32(&x, false, 1);
				}
				nfdump_file_flow_1(&r, 10, &flow, x.data, x.len);
			}
			nfdump_file_map(&r, 7, b % 2 ? wide : narrow, 1);
			ok = nfdump_file_block(&f, codecs[c], 2, EACH + 1, &r);
		}
		if (ok)
			check_lanes(&f, number);
		ff_buf_clear(&f);
	}
	ff_buf_release(&f);
	ff_buf_release(&r);
	ff_buf_release(&x);
}

/* Layout 2, not compressed: blocks far smaller and larger than the pieces of the digest.
 */
static void test_lanes_layout_2(void **state)
{
	static const unsigned each[] = {1, 900, 14000, 30000, 60000};
	struct ff_buf f = FF_BUF_INIT, r = FF_BUF_INIT, e = FF_BUF_INIT;

	(void)state;
	for (size_t c = 0; c < sizeof(each) / sizeof(each[0]); c++) {
		unsigned number = 0, all = each[c] == 1 ? 20000 : 60000;

		nfdump_file_header(&f, 2, FF_CODEC_NONE, (all + each[c] - 1) / each[c]);
		while (number < all) {
			unsigned n = 0;

			for (; n < each[c] && number < all; n++) {
				struct nfdump_file_flow flow = nfdump_file_flow(number++);

				flow.packets = 0;
				nfdump_file_basic(&e, &flow);
				nfdump_file_flow_2(&r, 2, 1, 0, &e);
			}
			nfdump_file_block(&f, FF_CODEC_NONE, 3, n, &r);
		}
		nfdump_file_appendix(&f, FF_CODEC_NONE);
		check_lanes(&f, number);
		ff_buf_clear(&f);
	}
	ff_buf_release(&f);
	ff_buf_release(&r);
	ff_buf_release(&e);
}

/* ---- hostile files ---- */

static struct ff_site *site;
static struct ff_lane lane;
static struct ff_batch batch;

static int setup(void **state)
{
	(void)state;
	return ff_site_new(&site, NULL) || ff_batch_init(&batch, 3, NULL);
}

static int teardown(void **state)
{
	(void)state;
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	ff_site_free(site);
	return 0;
}

/* Whatever comes, it is sound. Returns the status. */
static int read_once(const uint8_t *data, size_t len, bool scale, struct ff_err *err)
{
	const uint32_t required = FF_BIT(FF_SIP) | FF_BIT(FF_DIP) | FF_BIT(FF_STIME);
	struct ff_input_opts o = {
		.format = "nfdump", .site = site, .scale_sampling = scale};
	struct ff_input_info info = {0};
	struct ff_stream *in;
	struct ff_source *s = NULL;
	int n = ff_stream_memory(&in, "x", data, len, err);

	if (n == FF_OK)
		n = ff_source_open_stream(&s, in, &o, err);
	if (n == FF_OK)
		n = ff_source_describe(s, &info, err);
	lane.active = false;
	while (n >= 0 && (n = ff_source_next(s, &lane, &batch, err)) > 0)
		for (size_t i = 0; i < batch.count; i++) {
			const struct ff_flow *f = &batch.flows[i];

			assert_int_equal(f->present & required, required);
			assert_int_equal(f->present & ~info.carries, 0);
		}
	ff_buf_release(&info.more);
	ff_source_close(s);
	return n;
}

/* Of its own size, so that a read past the end is seen. */
static void read_copy(const uint8_t *data, size_t len, bool scale)
{
	struct ff_err err = {0};
	uint8_t *copy = malloc(len ? len : 1);
	int n;

	assert_non_null(copy);
	memcpy(copy, data, len);
	n = read_once(copy, len, scale, &err);
	assert_true(n == 0 || (n == FF_EFORMAT && err.text[0]));
	free(copy);
}

/* Cut at every byte, and with bits turned in every byte: all of them where it is not
 * compressed, else two. */
static void test_hostile(void **state)
{
	struct ff_buf f = FF_BUF_INIT;

	(void)state;
	for (unsigned layout = 1; layout <= 2; layout++)
		for (size_t c = 0; c < CODECS; c++) {
			if (!nfdump_file_sample(&f, layout, codecs[c])) {
				ff_buf_clear(&f);
				continue;
			}
			for (size_t n = 0; n <= f.len; n++)
				read_copy(f.data, n, n % 2);
			for (size_t i = 0; i < 8 * f.len; i++) {
				uint8_t bit = (uint8_t)(1 << i % 8);

				if (c > 0 && i % 8 != i / 8 % 8 &&
				    i % 8 != (i / 8 + 3) % 8)
					continue;
				f.data[i / 8] ^= bit;
				read_copy(f.data, f.len, i % 2);
				f.data[i / 8] ^= bit;
			}
			ff_buf_clear(&f);
		}
	ff_buf_release(&f);
}

/* Many maps and samplers, told again and again, take no more memory than there are
 * numbers of them. */
static void test_hostile_many(void **state)
{
	static const uint16_t narrow[] = {4};
	struct ff_buf f = FF_BUF_INIT, r = FF_BUF_INIT;
	struct nfdump_file_flow flow = nfdump_file_flow(1);
	struct ff_err err = {0};
	uint32_t n = 0;

	(void)state;
	nfdump_file_header(&f, 1, FF_CODEC_NONE, 4);
	for (unsigned b = 0; b < 4; b++) {
		for (n = 0; r.len < (size_t)4 << 20; n += 3) {
			flow.map = n * 7919 & 0xffff;
			nfdump_file_map(&r, flow.map, narrow, n % 2);
			nfdump_file_sampler(&r, 9, -1 - (int)(n % 3), n, flow.map);
			nfdump_file_flow_1(&r, 10, &flow, "abcd", 4);
		}
		nfdump_file_block(&f, FF_CODEC_NONE, 2, n, &r);
	}
	assert_int_equal(read_once(f.data, f.len, true, &err), FF_OK);
	ff_buf_release(&f);
	ff_buf_release(&r);
}

/* The n-th allocation and all after it fail, for every n. */
static void test_no_memory(void **state)
{
	struct ff_buf f = FF_BUF_INIT;
	struct ff_err err = {0};

	(void)state;
	for (unsigned layout = 1; layout <= 2; layout++)
		for (size_t c = 0; c < CODECS; c++) {
			if (!nfdump_file_sample(&f, layout, codecs[c]) ||
			    (layout == 1 && codecs[c] == FF_CODEC_ZSTD)) {
				ff_buf_clear(&f);
				continue;
			}
			ff_alloc_fail_after(0);
			ff_lane_release(&lane);
			assert_int_equal(read_once(f.data, f.len, true, &err), FF_OK);
			uint64_t asked = ff_alloc_fail_after(0);

			for (uint64_t n = 1; n <= asked; n++) {
				ff_lane_release(&lane);
				ff_alloc_fail_after(n);
				int rc = read_once(f.data, f.len, true, &err);

				ff_alloc_fail_after(0);
				if (rc != FF_ENOMEM)
					fail_msg("%s, allocation %d of %d: %d '%s'",
						 ff_codec_name(codecs[c]), (int)n,
						 (int)asked, rc, err.text);
			}
			ff_buf_clear(&f);
		}
	ff_buf_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_block_count),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_expanding),
		cmocka_unit_test(test_lanes_layout_1),
		cmocka_unit_test(test_lanes_layout_2),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_hostile_many),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
