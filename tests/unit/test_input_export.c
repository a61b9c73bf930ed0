/* SPDX-License-Identifier: MIT */
/* input/ipfix, input/netflow: messages one after the other and in captures, templates
 * that come late, come again, are withdrawn or never come, options, and what is damaged.
 */
#include "input_help.h"
#include "support/export_file.h"
#include "support/pack.h"

/* ---- the files of tests/data ---- */

#define V5_FLOWS                                                                   \
	"192.0.2.1 10.0.0.1 s40000 d443 p6 k5 b300 fFSPA @1700006340250000000 "    \
	"+1500000000 i1 o2 h10.0.0.254\n"                                          \
	"192.0.2.2 10.0.0.2 s5353 d53 p17 k1 b80 @1700006400249000000 +0 i1 o2 "   \
	"h0.0.0.0\n" /* the uptime turned over since: 2^32 ms are 49.7 days */     \
	"192.0.2.3 10.0.0.3 s0 d0 p1 k2 b168 @1700005799954000000 +1296000000 i1 " \
	"o2 h0.0.0.0 c8.0"
#define CAPTURE_FLOWS                                   \
	"192.0.2.1 10.0.0.1 k1 @1700006400000000000\n"  \
	"192.0.2.2 10.0.0.2 b40 @1700006400000000000\n" \
	"192.0.2.3 10.0.0.3 k3 @1700006400000000000\n" V5_FLOWS

static const struct {
	const char *name, *format, *flows;
} samples[] = {
	{"ipfix/redefined.ipfix", "ipfix",
	 "192.0.2.1 10.0.0.1 k1 @1700006400000000000\n"
	 "192.0.2.2 10.0.0.1 b40 @1700006400000000000\n"
	 "192.0.2.3 10.0.0.1 p17 @1700006400000000000\n"
	 "192.0.2.4 10.0.0.1 k1 b50 @1700006400000000000"},
	{"ipfix/times.ipfix", "ipfix",
	 "192.0.2.1 10.0.0.1 @1700006000000000000 +2000000000\n"
	 "192.0.2.1 10.0.0.1 @1700006000123000000 +2000000000\n"
	 "192.0.2.1 10.0.0.1 @1700006000123456000 +2000000000\n"
	 "192.0.2.1 10.0.0.1 @1700006000500000000 +2000000000\n"
	 "192.0.2.1 10.0.0.1 @1700006001000000000 +2000000000\n"
	 "192.0.2.1 10.0.0.1 @1700006398000000000 +1000000000\n"
	 "192.0.2.1 10.0.0.1 @1700006000000000000\n"
	 "192.0.2.1 10.0.0.1 @1700006000500000000"},
	{"ipfix/yaf.ipfix", "ipfix",
	 "192.0.2.1 10.0.0.1 s40000 d80 p6 k6 b600 fFSPA @1700006390000000000 "
	 "+2500000000 IS SFPA ATS a80\n"
	 "10.0.0.1 192.0.2.1 s80 d40000 p6 k5 b4000 fSPA @1700006390020000000 "
	 "+2480000000 ISA SPA AT a80\n"
	 "192.0.2.2 10.0.0.1 s40001 d81 p6 k1 b60 fS @1700006391000000000 +0 IS S A a0"},
	{"netflow/exports.pcap", "netflow", CAPTURE_FLOWS},
	{"netflow/exports.pcapng", "netflow", CAPTURE_FLOWS},
	{"netflow/v5.dat", "netflow", V5_FLOWS},
	{"netflow/v9.dat", "netflow",
	 "192.0.2.1 10.0.0.1 s40000 d443 p6 k9 b999 fS @1700006390000000000 "
	 "+8000000000\n"
	 "2001:db8::1 2001:db8::2 s0 d0 p58 k3 b300 @1700006397500000000 +1500000000 "
	 "c128.0 v6"},
};

static void check_flows(const struct ff_buf *b, const char *expected,
			struct ff_input_opts o)
{
	struct read_row row = {.text = "(binary)", .expected = expected};
	struct read_result r = read_memory(b->data, b->len, o);

	check_result(&row, &r);
	read_release(&r);
	r = read_gzip(b->data, b->len, o);
	check_result(&row, &r);
	read_release(&r);
}

static void test_export_samples(void **state)
{
	struct ff_buf b = FF_BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct read_result r;
		uint8_t file[4096];
		char path[512];
		size_t len;
		FILE *f;

		assert_string_equal(export_file_name(i), samples[i].name);
		export_file_make(&b, i);
		check_flows(&b, samples[i].flows, (struct ff_input_opts){0});
		r = read_memory(b.data, b.len, (struct ff_input_opts){0});
		assert_string_equal(r.format, samples[i].format);
		read_release(&r);
		/* the file is the same */
		snprintf(path, sizeof path, "tests/data/%s", samples[i].name);
		f = fopen(path, "rb");
		assert_non_null(f);
		len = fread(file, 1, sizeof file, f);
		fclose(f);
		assert_int_equal(len, b.len);
		assert_memory_equal(file, b.data, len);
		ff_buf_clear(&b);
	}
	assert_null(export_file_name(sizeof samples / sizeof *samples));
	ff_buf_release(&b);
}

/* ---- messages after each other ---- */

static void put_flow(struct export_file *f, unsigned version, unsigned domain)
{
	export_file_message(f, version, domain);
	EXPORT_FILE_TEMPLATE(f, 256, 0, 0, 8, 4, 0, 12, 4, 0, 2, 2);
	export_file_set(f, 256);
	export_file_put(f, "4:0xc0000201 4:0x0a000001");
	pack_u16(f->b, true, domain);
	export_file_end(f);
}

#define PUT_FLOW(n) "192.0.2.1 10.0.0.1 k" #n " @1700006400000000000"

static void test_export_mixed(void **state)
{
	struct ff_buf b = FF_BUF_INIT;
	struct export_file f = {.b = &b};

	(void)state;
	put_flow(&f, 9, 1);
	put_flow(&f, 9, 2);
	put_flow(&f, 10, 3);
	for (int i = 0; i < 333; i++) /* padding of datagrams of one size */
		ff_buf_addc(&b, 0);
	put_flow(&f, 9, 4);
	ff_buf_addc(&b, 0);
	check_flows(&b, PUT_FLOW(1) "\n" PUT_FLOW(2) "\n" PUT_FLOW(3) "\n" PUT_FLOW(4),
		    (struct ff_input_opts){0});
	ff_buf_release(&b);
}

/* What is no message is told once, and the next one is found. */
static void test_export_gaps(void **state)
{
	struct ff_buf b = FF_BUF_INIT;
	struct export_file f = {.b = &b};
	struct read_result r;

	(void)state;
	put_flow(&f, 10, 1);
	for (uint64_t i = 0; i < 100000; i++)
		ff_buf_addc(&b, (char)(ff_mix64(i) | 0x40));
	put_flow(&f, 10, 2);
	ff_buf_adds(&b, "and more");
	put_flow(&f, 9, 3);
	check_flows(&b,
		    PUT_FLOW(1) "\n" PUT_FLOW(2) "\n" PUT_FLOW(
			    3) "\n?no message begins in 'x.txt' at byte 50",
		    (struct ff_input_opts){0});
	r = read_memory(b.data, b.len, (struct ff_input_opts){0});
	assert_int_equal(r.bad, 2);
	read_release(&r);
	ff_buf_release(&b);
}

/* Cut at any byte: what is whole is read. */
static void test_export_cut(void **state)
{
	struct ff_buf b = FF_BUF_INIT;
	struct export_file f = {.b = &b};

	(void)state;
	for (unsigned version = 9; version <= 10; version++) {
		size_t first;

		put_flow(&f, version, 1);
		first = b.len;
		put_flow(&f, version, 2);
		for (size_t len = first + 4; len < b.len; len++) {
			struct read_result r;

			/* NetFlow v9 may end after any set, and up to 3 bytes of padding
			 */
			if (version == 9 && (len - first) / 4 % 5 == 0)
				continue;
			r = read_memory(b.data, len, (struct ff_input_opts){0});

			assert_int_equal(r.status, FF_OK);
			assert_int_equal(r.count, 1);
			if (r.bad != 1)
				fail_msg("v%u, %zu of %zu bytes: %d bad: %s", version,
					 len, b.len, (int)r.bad, r.first_bad.text);
			read_release(&r);
		}
		ff_buf_clear(&b);
	}
	ff_buf_release(&b);
}

/* ---- templates ---- */

static void test_export_no_template(void **state)
{
	struct ff_buf b = FF_BUF_INIT, m = FF_BUF_INIT;
	struct export_file f = {.b = &b};

	(void)state;
	export_file_message(&f, 9, 5);
	export_file_set(&f, 259);
	export_file_put(&f, "8:1 8:2");
	export_file_end(&f);
	check_flows(&b, "?no template 259 of domain 5 for the data in 'x.txt' at byte 24",
		    (struct ff_input_opts){0});
	f.b = &m;
	put_flow(&f, 9, 5);
	ff_buf_clear(&b);
	/* another exporter's template is not this one's */
	export_file_pcap(&b, false, true);
	export_file_packet(&b, false, true, 1, m.data, m.len);
	ff_buf_clear(&m);
	export_file_message(&f, 9, 5);
	export_file_set(&f, 256);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 2:1");
	export_file_end(&f);
	export_file_packet(&b, false, true, 2, m.data, m.len);
	check_flows(
		&b,
		PUT_FLOW(5) "\n?no template 256 of domain 5 of 192.0.2.2 for the data",
		(struct ff_input_opts){0});
	ff_buf_release(&b);
	ff_buf_release(&m);
}

/* Definitions that are none: a reason for each, and the next message is read. */
static void test_export_bad_templates(void **state)
{
	static const struct {
		const char *set;
		const char *why;
	} rows[] = {
		{"2:2 2:12 2:256 2:2 2:8 2:4", "template 256 of domain 1 ends after 1"},
		{"2:2 2:12 2:256 2:1 2:8 2:0", "describes records of no length"},
		{"2:2 2:16 2:256 2:2 2:8 2:65534 2:9 2:2", "longer than a message"},
		{"2:2 2:12 2:255 2:1 2:8 2:4", "a template that is none"},
		{"2:3 2:12 2:256 2:1 2:2 2:4", "a template that is none"},
		{"2:3 2:8 2:256 2:1", "a template that is none"},
		{"2:4 2:8 4:1", "a set of no known kind"},
		{"2:256 2:3 4:1", "a set shorter than its head"},
		{"2:256 2:300 4:1", "a set longer than its message"},
	};
	struct ff_buf b = FF_BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct export_file f = {.b = &b};
		char expected[200];

		export_file_message(&f, 10, 1);
		export_file_put(&f, rows[i].set);
		put_flow(&f, 10, 2);
		snprintf(expected, sizeof expected, PUT_FLOW(2) "\n?%s", rows[i].why);
		check_flows(&b, expected, (struct ff_input_opts){.format = "ipfix"});
		ff_buf_clear(&b);
	}
	ff_buf_release(&b);
}

/* More waits for its template than is kept: the rest is told to be lost. */
static void test_export_pending_limit(void **state)
{
	struct ff_buf b = FF_BUF_INIT;
	struct export_file f = {.b = &b};
	struct read_result r;
	const unsigned sets = 2000;

	(void)state;
	for (unsigned i = 0; i < sets; i++) {
		export_file_message(&f, 10, 1);
		export_file_set(&f, 256);
		for (unsigned k = 0; k < 300; k++)
			export_file_put(&f, "4:0xc0000201 4:0x0a000001 2:1");
	}
	export_file_message(&f, 10, 1);
	EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 8, 4, 0, 12, 4, 0, 2, 2);
	export_file_end(&f);
	r = read_memory(b.data, b.len, (struct ff_input_opts){0});
	assert_int_equal(r.status, FF_OK);
	assert_int_equal(r.count + 300 * r.bad, 300 * sets);
	assert_in_range(r.bad, sets / 4, sets / 2);
	assert_non_null(strstr(r.first_bad.text, "too much waits for templates"));
	read_release(&r);
	ff_buf_release(&b);
}

/* Templates without end: told when they are too many, and those before go on. */
static void test_export_kept_limit(void **state)
{
	struct ff_buf b = FF_BUF_INIT;
	struct export_file f = {.b = &b};
	struct read_result r;

	(void)state;
	put_flow(&f, 10, 1);
	for (uint32_t i = 0; i < 400000; i++) {
		export_file_message(&f, 10, 1 + i);
		EXPORT_FILE_TEMPLATE(&f, 257, 0, 7, i % 65535, 8);
	}
	export_file_message(&f, 10, 1);
	export_file_set(&f, 256);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 2:2");
	export_file_end(&f);
	r = read_memory(b.data, b.len, (struct ff_input_opts){0});
	assert_int_equal(r.status, FF_OK);
	assert_int_equal(r.count, 2);
	assert_in_range(r.bad, 1, 400000);
	assert_non_null(strstr(r.first_bad.text, "one too many to keep"));
	read_release(&r);
	ff_buf_release(&b);
}

/* ---- what records tell ---- */

static void test_export_records(void **state)
{
	struct ff_buf b = FF_BUF_INIT;
	struct export_file f = {.b = &b};

	(void)state;
	/* a firewall: created, denied, ended with what both sides sent */
	export_file_message(&f, 9, 1);
	EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 8, 4, 0, 12, 4, 0, 4, 1, 0, 176, 1, 0, 177, 1,
			     0, 7, 2, 0, 11, 2, 0, 233, 1, 0, 152, 8, 0, 323, 8, 0, 231,
			     4, 0, 232, 4);
	export_file_set(&f, 256);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 1:6 1:0 1:0 2:40000 2:443 1:1 "
			    "8:1700006000000 8:1700006000000 4:0 4:0");
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 1:6 1:0 1:0 2:40000 2:443 1:3 "
			    "8:1700006000000 8:1700006000000 4:0 4:0");
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 1:6 1:0 1:0 2:40000 2:443 1:2 "
			    "8:1700006000000 8:1700006005000 4:100 4:900");
	/* an echo reply has type and code zero, and its identifier as a port */
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 1:1 1:0 1:0 2:7 2:7777 1:2 "
			    "8:1700006000000 8:1700006005000 4:0 4:56");
	export_file_end(&f);
	check_flows(&b,
		    "192.0.2.1 10.0.0.1 s40000 d443 p6 b0 @1700006000000000000\n"
		    "192.0.2.1 10.0.0.1 s40000 d443 p6 b100 @1700006000000000000\n"
		    "10.0.0.1 192.0.2.1 s443 d40000 p6 b900 @1700006000000000000\n"
		    "10.0.0.1 192.0.2.1 s0 d0 p1 b56 @1700006000000000000",
		    (struct ff_input_opts){0});
	ff_buf_clear(&b);
	/* SiLK: sensor, type, state of TCP; and a reverse direction with its own times */
	export_file_message(&f, 10, 1);
	EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 27, 16, 0, 28, 16, 6871, 30, 1, 6871, 31, 2,
			     6871, 32, 1, 0, 6, 2, 0, 150, 4, 0, 161, 4, 29305, 150, 4,
			     29305, 161, 4, 0, 2, 65535, 29305, 2, 3);
	export_file_set(&f, 256);
	export_file_put(&f, "8:0 8:1 8:0 8:2 1:2 2:9 1:8 2:0x112 4:1700006000 4:1500 "
			    "4:1700006001 4:250 1:5 5:70000 3:9");
	export_file_put(&f, "8:0 8:3 8:0 8:4 1:255 2:65535 1:0 2:2 4:1700006000 4:0 "
			    "4:0 4:0 1:255 2:1 1:8 3:0");
	export_file_end(&f);
	check_flows(
		&b,
		"::1 ::2 k70000 fSA @1700006000000000000 +1500000000 n9 t2/inbound AF "
		"v6\n"
		"::2 ::1 k9 @1700006001000000000 +250000000 n9 t2/outbound AF v6\n"
		"::3 ::4 k8 fS @1700006000000000000 +0 A v6",
		(struct ff_input_opts){0});
	ff_buf_clear(&b);
	/* an uptime that turned over twice since the device booted; one that cannot */
	export_file_message(&f, 10, 1);
	EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 8, 4, 0, 12, 4, 0, 22, 4, 0, 21, 4, 0, 160,
			     8);
	EXPORT_FILE_TEMPLATE(&f, 257, 0, 0, 8, 4, 0, 12, 4, 0, 22, 8, 0, 21, 8, 0, 160,
			     8);
	export_file_set(&f, 256);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 4:10000 4:10500 8:1691416454592");
	export_file_set(&f, 257);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 8:8589944592 8:8589945092 "
			    "8:1691416454592");
	/* the field for IPv4 and a port that is none, as nfdump sends ICMPv6 */
	EXPORT_FILE_TEMPLATE(&f, 260, 0, 0, 27, 16, 0, 28, 16, 0, 4, 1, 0, 7, 2, 0, 11, 2,
			     0, 32, 2, 0, 150, 4);
	export_file_set(&f, 260);
	export_file_put(&f, "8:0 8:1 8:0 8:2 1:58 2:40000 2:0 2:0x8100 4:1700006000");
	export_file_put(&f, "8:0 8:1 8:0 8:2 1:58 2:40000 2:0x8002 2:0 4:1700006000");
	/* only how long it lasted */
	EXPORT_FILE_TEMPLATE(&f, 258, 0, 0, 8, 4, 0, 12, 4, 0, 22, 4, 0, 21, 4);
	export_file_set(&f, 258);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 4:10000 4:10500");
	EXPORT_FILE_TEMPLATE(&f, 259, 0, 0, 8, 4, 0, 12, 4, 0, 152, 8);
	export_file_set(&f, 259);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 8:0xffffffffffffffff");
	export_file_end(&f);
	check_flows(&b,
		    "192.0.2.1 10.0.0.1 @1700006399184000000 +500000000\n"
		    "192.0.2.1 10.0.0.1 @1700006399184000000 +500000000\n"
		    "::1 ::2 s0 d0 p58 @1700006000000000000 c129.0 v6\n"
		    "::1 ::2 s0 d0 p58 @1700006000000000000 c128.2 v6\n"
		    "192.0.2.1 10.0.0.1 @1700006399500000000 +500000000\n"
		    "?a time out of range in 'x.txt' at byte",
		    (struct ff_input_opts){0});
	ff_buf_release(&b);
}

/* Counts are those of the sample, unless they are to be scaled. */
static void test_export_sampling(void **state)
{
	const struct ff_input_opts scaled = {.scale_sampling = true};
	struct ff_buf b = FF_BUF_INIT;
	struct export_file f = {.b = &b};

	(void)state;
	export_file_v5(&f, 1, 100);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 4:0 2:0 2:0 4:5 4:300 4:600000 "
			    "4:600000 2:1 2:2 1:0 1:0 1:17 1:0 8:0");
#define SAMPLED(k, b)                               \
	"192.0.2.1 10.0.0.1 s1 d2 p17 k" #k " b" #b \
	" @1700006400250000000 +0 i0 o0 h0.0.0.0"
	check_flows(&b, SAMPLED(5, 300), (struct ff_input_opts){0});
	check_flows(&b, SAMPLED(500, 30000), scaled);
	ff_buf_clear(&b);
	/* by sampler, by any sampler, in the record; as told by then */
	export_file_message(&f, 10, 1);
	EXPORT_FILE_TEMPLATE(&f, 300, 1, 0, 302, 4, 0, 305, 4, 0, 306, 4);
	EXPORT_FILE_TEMPLATE(&f, 301, 1, 0, 144, 4, 0, 34, 4);
	EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 8, 4, 0, 12, 4, 0, 2, 8, 0, 302, 4);
	EXPORT_FILE_TEMPLATE(&f, 257, 0, 0, 8, 4, 0, 12, 4, 0, 2, 8, 0, 34, 4);
	export_file_set(&f, 256);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 8:1 4:7");
	export_file_set(&f, 300);
	export_file_put(&f, "4:7 4:2 4:3");
	export_file_set(&f, 301);
	export_file_put(&f, "4:1 4:1000");
	export_file_set(&f, 256);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 8:3 4:7");
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 8:4 4:8");
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 8:0xf000000000000000 4:8");
	export_file_set(&f, 257);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 8:5 4:10");
	export_file_end(&f);
	check_flows(&b,
		    PUT_FLOW(1) "\n" PUT_FLOW(8) "\n" PUT_FLOW(4000) "\n" PUT_FLOW(
			    18446744073709551615) "\n" PUT_FLOW(50),
		    scaled);
	ff_buf_release(&b);
}

/* ---- many blocks, many lanes ---- */

/* The template of each message is another; lanes take blocks in turn, and what they sum
 * up to is the same. */
static void test_export_lanes(void **state)
{
	struct ff_buf b = FF_BUF_INIT;
	struct export_file f = {.b = &b};
	const unsigned messages = 20000;
	struct ff_input_opts o = {0};
	struct ff_lane lanes[3] = {{.active = false}};
	struct ff_batch batch;
	struct ff_stream *in;
	struct ff_source *s;
	uint64_t packets = 0, bytes = 0, flows = 0;

	(void)state;
	for (unsigned i = 0; i < messages; i++) {
		export_file_message(&f, 9, 1);
		if (i % 2)
			EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 8, 4, 0, 12, 4, 0, 2, 2);
		else
			EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 8, 4, 0, 12, 4, 0, 1, 2);
		export_file_set(&f, 256);
		export_file_put(&f, "4:0xc0000201 4:0x0a000001 2:3");
		export_file_put(&f, "4:0xc0000201 4:0x0a000001 2:4");
	}
	export_file_end(&f);
	assert_int_equal(ff_site_new(&o.site, NULL), FF_OK);
	assert_int_equal(ff_batch_init(&batch, 100, NULL), FF_OK);
	assert_int_equal(ff_stream_memory(&in, "x", b.data, b.len, NULL), FF_OK);
	assert_int_equal(ff_source_open_stream(&s, in, &o, NULL), FF_OK);
	for (unsigned ended = 0, i = 0; ended < 3; i++) {
		int n = ff_source_next(s, &lanes[i % 3], &batch, NULL);

		assert_true(n >= 0);
		ended = n == 0 ? ended + 1 : 0;
		flows += batch.count;
		for (size_t k = 0; k < batch.count; k++) {
			packets += batch.flows[k].packets;
			bytes += batch.flows[k].bytes;
		}
	}
	assert_int_equal(flows, 2 * messages);
	assert_int_equal(packets, 7 * messages / 2);
	assert_int_equal(bytes, 7 * messages / 2);
	assert_int_equal(ff_source_bad(s, NULL), 0);
	assert_int_not_equal(ff_source_digest(s), 0);
	for (int i = 0; i < 3; i++)
		ff_lane_release(&lanes[i]);
	ff_source_close(s);
	ff_batch_release(&batch);
	ff_site_free(o.site);
	ff_buf_release(&b);
}

/* ---- captures ---- */

static void test_export_captures(void **state)
{
	struct ff_buf b = FF_BUF_INIT, m = FF_BUF_INIT;
	struct export_file f = {.b = &m};

	(void)state;
	put_flow(&f, 10, 1);
	for (int i = 0; i < 4; i++) {
		bool ng = i & 1, big = i & 2;

		export_file_pcap(&b, ng, big);
		export_file_packet(&b, ng, big, 1, m.data, m.len);
		check_flows(&b, PUT_FLOW(1), (struct ff_input_opts){0});
		/* other packets among them: only when it is asked for */
		export_file_packet(&b, ng, big, 1, "a question", 10);
		assert_int_equal(ff_reader_netflow.probe(b.data, b.len), 0);
		check_flows(&b, PUT_FLOW(1), (struct ff_input_opts){.format = "netflow"});
		/* cut short */
		export_file_packet(&b, ng, big, 1, m.data, m.len);
		b.len -= 9;
		check_flows(&b, PUT_FLOW(1) "\n?a packet cut short",
			    (struct ff_input_opts){.format = "netflow"});
		ff_buf_clear(&b);
	}
	/* captures put together, of either order */
	for (int i = 0; i < 4; i++) {
		export_file_pcap(&b, i < 2, i & 1);
		export_file_packet(&b, i < 2, i & 1, 1, m.data, m.len);
		export_file_pcap(&b, i < 2, !(i & 1));
		export_file_packet(&b, i < 2, !(i & 1), 1, m.data, m.len);
		check_flows(&b, PUT_FLOW(1) "\n" PUT_FLOW(1), (struct ff_input_opts){0});
		ff_buf_clear(&b);
	}
	ff_buf_release(&b);
	ff_buf_release(&m);
}

/* ---- what is none of it ---- */

static void test_export_probe(void **state)
{
	static const struct {
		size_t len;
		const char *bytes;
	} others[] = {
		{0, ""},
		{1, "\0"},
		{2, "\0\5"},
		{24, "\0\5\0\0\0\0\0\0\1\1\1\1\0\0\0\0\0\0\0\0\0\0\0\0"}, /* no records */
		{24, "\0\5\0\37\0\0\0\0\1\1\1\1\0\0\0\0\0\0\0\0\0\0\0\0"},  /* too many */
		{24, "\0\11\0\1\0\0\0\0\1\1\1\1\0\0\0\0\0\0\0\0\0\7\0\10"}, /* set 7 */
		{24, "\0\7\0\1\0\0\0\0\1\1\1\1\0\0\0\0\0\0\0\0\0\0\0\0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		const uint8_t *p = (const uint8_t *)others[i].bytes;

		assert_int_equal(ff_reader_netflow.probe(p, others[i].len), 0);
		assert_int_equal(ff_reader_ipfix.probe(p, others[i].len), 0);
	}
	check_rows((const struct read_row[]){ROW_OPTS("sip,dip,stime\n",
						      "!is no NetFlow v5 or v9 and no "
						      "IPFIX",
						      .format = "netflow")},
		   1);
}

/* Every allocation fails in turn: an error that says so, or all is well. */
static void test_export_no_memory(void **state)
{
	struct ff_buf b = FF_BUF_INIT;

	(void)state;
	if (ff_alloc_fail_after(0) == 0) {
		void *p = ff_alloc(1, 1);

		ff_free(p);
		if (ff_alloc_fail_after(0) == 0)
			skip();
	}
	for (size_t i = 0; export_file_name(i); i++) {
		bool done = false;

		export_file_make(&b, i);
		for (uint64_t n = 1; !done && n < 1000; n++) {
			struct ff_input_opts o = {.scale_sampling = true};
			struct ff_lane lane = {.active = false};
			struct ff_source *s = NULL;
			struct ff_stream *in = NULL;
			struct ff_batch batch;
			struct ff_err err = {0};
			int rc;

			assert_int_equal(ff_site_new(&o.site, NULL), FF_OK);
			assert_int_equal(ff_batch_init(&batch, 7, NULL), FF_OK);
			ff_alloc_fail_after(n);
			rc = ff_stream_memory(&in, "x", b.data, b.len, &err);
			if (rc == FF_OK)
				rc = ff_source_open_stream(&s, in, &o, &err);
			while (rc == FF_OK &&
			       (rc = ff_source_next(s, &lane, &batch, &err)) > 0)
				rc = FF_OK;
			ff_alloc_fail_after(0);
			if (rc < 0)
				assert_int_equal(rc, FF_ENOMEM);
			done = rc == FF_OK;
			ff_lane_release(&lane);
			ff_source_close(s);
			ff_batch_release(&batch);
			ff_site_free(o.site);
		}
		assert_true(done);
		ff_buf_clear(&b);
	}
	ff_buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_export_samples),
		cmocka_unit_test(test_export_mixed),
		cmocka_unit_test(test_export_gaps),
		cmocka_unit_test(test_export_cut),
		cmocka_unit_test(test_export_no_template),
		cmocka_unit_test(test_export_bad_templates),
		cmocka_unit_test(test_export_pending_limit),
		cmocka_unit_test(test_export_kept_limit),
		cmocka_unit_test(test_export_records),
		cmocka_unit_test(test_export_sampling),
		cmocka_unit_test(test_export_lanes),
		cmocka_unit_test(test_export_captures),
		cmocka_unit_test(test_export_probe),
		cmocka_unit_test(test_export_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
