/* SPDX-License-Identifier: MIT */
/* Sets of addresses: text, every SiLK record version in both byte orders, damage, the
 * smallest cover, and the samples that SiLK made. */
#include "select_help.h"

#include <math.h>
#include <zlib.h>

/* ---- SiLK sets made here ---- */

struct maker {
	uint8_t bytes[4096];
	size_t len;
	bool big;
};

static void put(struct maker *m, uint64_t v, unsigned size, bool big)
{
	for (unsigned i = 0; i < size; i++)
		m->bytes[m->len++] = (uint8_t)(v >> 8 * (big ? size - 1 - i : i));
}

static void put_header(struct maker *m, uint16_t version, bool big, const uint32_t *entry)
{
	memset(m, 0, sizeof(*m));
	m->big = big;
	put(m, 0xdeadbeef, 4, true);
	put(m, big, 1, true);
	put(m, 0x1d, 1, true);
	put(m, 16, 1, true);
	put(m, 0, 1, true);
	put(m, 3019001, 4, true);
	put(m, 1, 2, true);
	put(m, version, 2, true);
	if (entry) {
		put(m, 7, 4, true);
		put(m, 32, 4, true);
		for (unsigned i = 0; i < 6; i++)
			put(m, entry[i], 4, true);
	}
	put(m, 0, 4, true);
	put(m, 8, 4, true);
}

/* 10.1.2.3, 10.1.2.4, 10.1.2.255 */
static void put_map(struct maker *m)
{
	for (unsigned w = 0; w < 8; w++)
		put(m, w == 0 ? 0x18 : w == 7 ? 0x80000000 : 0, 4, m->big);
}

static void put_v6(struct maker *m, const char *text)
{
	struct ff_addr a = help_addr(text);

	memcpy(m->bytes + m->len, a.b, 16);
	m->len += 16;
}

static void make_set(struct maker *m, uint16_t version, bool big)
{
	const uint32_t v3[6] = {16, 3, 8, 2, 10, 1}, v4[6] = {0, 0, 4, 0, 0, 0};
	const uint32_t v46[6] = {0, 0, 16, 0, 0, 0};

	switch (version) {
	case 3: /* two nodes of ten bytes, a dummy leaf, two leaves */
		put_header(m, 3, big, v3);
		for (unsigned i = 0; i < 28; i++)
			put(m, 0xee, 1, true);
		put(m, 31, 4, false); /* prefix and three of padding */
		put(m, 0x0a010202, 4, big);
		put(m, 32, 4, false);
		put(m, 0x0a0102ff, 4, big);
		break;
	case 4:
		put_header(m, 4, big, v4);
		put(m, 0x0a010200, 4, big);
		put(m, 0x81, 1, true);
		put_map(m);
		put(m, 0xc0a80000, 4, big);
		put(m, 16, 1, true);
		break;
	case 46: /* version 4 with IPv6 */
		put_header(m, 4, big, v46);
		put_v6(m, "2001:db8::");
		put(m, 32, 1, true);
		put_v6(m, "fe80::a00");
		put(m, 0x81, 1, true);
		put_map(m);
		break;
	case 5:
		put_header(m, 5, big, v46);
		put(m, UINT64_C(0x20010db800000000), 8, big);
		put(m, 32, 1, true);
		put(m, UINT64_C(0xfe80000000000000), 8, big);
		put(m, 0x82, 1, true);
		put(m, 0xa00, 8, big);
		put(m, 0x81, 1, true);
		put_map(m);
		put(m, UINT64_C(0x8000000000000000), 8, big);
		put(m, 65, 1, true);
		break;
	default:
		put_header(m, version, big, NULL);
		put(m, 0x0a010200, 4, big);
		put_map(m);
		put(m, 0x0a010300, 4, big);
		put_map(m);
	}
}

/* As SiLK writes it: one address without its length. */
static const char *block_text(char *buf, const struct ff_prefix *p)
{
	return p->bits == 128 ? ff_format_addr(buf, FF_ADDR_TEXT, &p->addr)
			      : ff_format_prefix(buf, FF_ADDR_TEXT, p);
}

static void cover_text(struct ff_buf *out, const struct ff_ipset *s)
{
	struct ff_prefix *p = NULL;
	size_t n = 0;
	char text[FF_ADDR_TEXT];

	assert_int_equal(ff_ipset_prefixes(&p, &n, s, NULL), FF_OK);
	for (size_t i = 0; i < n; i++)
		ff_buf_addf(out, "%s%s", i ? " " : "", block_text(text, &p[i]));
	ff_free(p);
}

static const struct made_row {
	uint16_t version;
	const char *cover;
} made_rows[] = {
	{0, "10.1.2.3 10.1.2.4 10.1.2.255 10.1.3.3 10.1.3.4 10.1.3.255"},
	{1, "10.1.2.3 10.1.2.4 10.1.2.255 10.1.3.3 10.1.3.4 10.1.3.255"},
	{2, "10.1.2.3 10.1.2.4 10.1.2.255 10.1.3.3 10.1.3.4 10.1.3.255"},
	{3, "10.1.2.2/31 10.1.2.255"},
	{4, "10.1.2.3 10.1.2.4 10.1.2.255 192.168.0.0/16"},
	{46, "2001:db8::/32 fe80::a03 fe80::a04 fe80::aff"},
	{5, "2001:db8::/32 fe80::a03 fe80::a04 fe80::aff fe80::8000:0:0:0/65"},
};

static void test_made(void **state)
{
	char path[256];

	(void)state;
	help_scratch(path, "test_select_made.set");
	for (size_t i = 0; i < sizeof(made_rows) / sizeof(made_rows[0]) * 2; i++) {
		const struct made_row *r = &made_rows[i / 2];
		struct ff_buf text = FF_BUF_INIT;
		struct ff_ipset *s = NULL;
		struct ff_err err = {0};
		struct maker m;

		make_set(&m, r->version, i % 2);
		help_write(path, m.bytes, m.len);
		if (ff_ipset_load(&s, path, &err) != FF_OK)
			fail_msg("version %u: %s", r->version, err.text);
		cover_text(&text, s);
		assert_string_equal(ff_buf_str(&text), r->cover);
		ff_buf_release(&text);
		ff_ipset_free(s);
	}
}

/* Every cut and every changed byte: an error or a set, never a crash. */
static void test_damage(void **state)
{
	char path[256];

	(void)state;
	help_scratch(path, "test_select_damage.set");
	for (size_t i = 0; i < sizeof(made_rows) / sizeof(made_rows[0]); i++) {
		struct maker m;

		make_set(&m, made_rows[i].version, false);
		for (size_t at = 4; at < m.len; at++) {
			static const uint8_t values[] = {0,    1,    0x20, 0x7f,
							 0x81, 0x82, 0xff};
			struct ff_ipset *s = NULL;
			struct ff_err err = {0};
			uint8_t was = m.bytes[at];

			for (size_t k = 0; k < sizeof(values); k++) {
				m.bytes[at] = values[k];
				help_write(path, m.bytes, m.len);
				if (ff_ipset_load(&s, path, &err) == FF_OK)
					ff_ipset_free(s);
				else
					assert_true(err.text[0]);
			}
			m.bytes[at] = was;
			help_write(path, m.bytes, at);
			if (ff_ipset_load(&s, path, &err) == FF_OK)
				ff_ipset_free(s);
		}
	}
}

static void refuse(const struct maker *m, const char *part)
{
	struct ff_ipset *s = NULL;
	struct ff_err err = {0};
	char path[256];

	help_scratch(path, "test_select_refused.set");
	help_write(path, m->bytes, m->len);
	assert_int_equal(ff_ipset_load(&s, path, &err), FF_EFORMAT);
	assert_null(s);
	help_has(&err, part, "refused");
	help_has(&err, path, "refused");
}

static void test_refused(void **state)
{
	const uint32_t huge[6] = {16, UINT32_MAX, 24, UINT32_MAX, UINT32_MAX, 0};
	const uint32_t odd[6] = {16, 1, 12, 0, 0, 0};
	struct maker m;

	(void)state;
	make_set(&m, 2, false);
	m.len--;
	refuse(&m,
	       "at byte 60: the set ends within a block"); /* 24 of header, one of 36 */
	make_set(&m, 2, false);
	m.bytes[15] = 6;
	refuse(&m, "IPset record version 6 is not known");
	m.bytes[5] = 0x16;
	refuse(&m, "");
	put_header(&m, 3, false, huge);
	refuse(&m, "more nodes and leaves than there are");
	put_header(&m, 3, false, odd);
	refuse(&m, "leaves of a size other than");
	put_header(&m, 4, false, odd);
	refuse(&m, "addresses of a size other than");
	put_header(&m, 4, false, NULL);
	refuse(&m, "the IPset entry of the header is missing");
	put_header(&m, 5, false, odd);
	put(&m, 5, 8, false);
	put(&m, 100, 1, false);
	refuse(&m, "a lower half without its upper half");
	put_header(&m, 5, false, odd);
	put(&m, 5, 8, false);
	put(&m, 0, 1, false);
	refuse(&m, "a prefix length that is none");
}

/* ---- text ---- */

static const struct text_row {
	const char *text, *cover, *error;
} text_rows[] = {
	{"10.0.0.0/8\n192.168.0.0/16\n", "10.0.0.0/8 192.168.0.0/16", NULL},
	{"192.168.0.0/16,10.0.0.0/8 # both\r\n#none\n", "10.0.0.0/8 192.168.0.0/16",
	 NULL},
	{"10.0.0.0/9\n10.128.0.0/9", "10.0.0.0/8", NULL},
	{"10.1.2.3/8", "10.0.0.0/8", NULL},
	{"\xef\xbb\xbf"
	 "2001:db8::/33 2001:db8:8000::/33",
	 "2001:db8::/32", NULL},
	{"::/0", "::/0", NULL},
	{"::/1 8000::/1", "::/0", NULL},
	{"2001:db8::ffff:ffff:ffff:ff00/120 2001:db8:0:1::/120",
	 "2001:db8::ffff:ffff:ffff:ff00/120 2001:db8:0:1::/120", NULL},
	{"ffff:ffff:ffff:ffff::/64 ffff:ffff:ffff:fffe::/64", "ffff:ffff:ffff:fffe::/63",
	 NULL},
	{"10.0.0.0/8\n\n10.0.0.300\n", NULL, "line 3: '10.0.0.300' is no address"},
	{"\x01\x02\n", NULL, "line 1: '\?\?' is no address"},
	{"2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", NULL, "line 1"},
	{"", NULL, "holds no address"},
	{"# nothing\n", NULL, "holds no address"},
};

static void test_text(void **state)
{
	char path[256];

	(void)state;
	help_scratch(path, "test_select_text.txt");
	for (size_t i = 0; i < sizeof(text_rows) / sizeof(text_rows[0]); i++) {
		const struct text_row *r = &text_rows[i];
		struct ff_buf text = FF_BUF_INIT;
		struct ff_ipset *s = NULL;
		struct ff_err err = {0};
		int status;

		help_write(path, r->text, strlen(r->text));
		status = ff_ipset_load(&s, path, &err);
		if (r->error) {
			assert_int_equal(status, FF_EFORMAT);
			help_has(&err, r->error, r->text);
			continue;
		}
		if (status != FF_OK)
			fail_msg("%s: %s", r->text, err.text);
		cover_text(&text, s);
		assert_string_equal(ff_buf_str(&text), r->cover);
		ff_buf_release(&text);
		ff_ipset_free(s);
	}
}

/* ---- against brute force ---- */

/* Random blocks near each other, in random order: membership, cover and size must agree
 * with asking every block. */
static void check_random(uint64_t *seed, const char *around, unsigned blocks,
			 unsigned shortest)
{
	struct ff_prefix list[512], *cover = NULL;
	struct ff_buf text = FF_BUF_INIT;
	struct ff_ipset *s = NULL;
	struct ff_err err = {0};
	size_t n = 0;
	double size = 0;

	assert_true(blocks <= 512);
	for (unsigned i = 0; i < blocks; i++) {
		struct ff_addr a = help_addr(around);
		char one[FF_ADDR_TEXT];
		unsigned bits = shortest + (unsigned)help_below(seed, 129 - shortest);

		a.b[14] = (uint8_t)help_random(seed);
		a.b[15] = (uint8_t)help_random(seed);
		ff_format_addr(one, sizeof(one), &a);
		ff_buf_addf(&text, "%s%s/%u", i ? "," : "", one,
			    bits - (ff_addr_is_v4(&a) ? 96 : 0));
		snprintf(one + strlen(one), sizeof(one) - strlen(one), "/%u",
			 bits - (ff_addr_is_v4(&a) ? 96 : 0));
		assert_true(ff_parse_prefix(&list[i], one, strlen(one)));
	}
	if (ff_ipset_parse(&s, "--test", ff_buf_str(&text), &err) != FF_OK)
		fail_msg("%s", err.text);
	assert_int_equal(ff_ipset_prefixes(&cover, &n, s, NULL), FF_OK);
	for (size_t i = 0; i < n; i++) {
		size += ldexp(1, 128 - cover[i].bits);
		assert_true(i == 0 ||
			    ff_addr_cmp(&cover[i - 1].addr, &cover[i].addr) < 0);
	}
	assert_true(size == ff_ipset_size(s));
	for (unsigned k = 0; k < 65536 + 512; k++) {
		struct ff_addr a = help_addr(around);
		bool expect = false, covered = false;

		if (k < 65536) {
			a.b[14] = (uint8_t)(k >> 8);
			a.b[15] = (uint8_t)k;
		} else { /* beyond the neighbourhood */
			for (unsigned i = 0; i < 16; i++)
				a.b[i] = (uint8_t)help_random(seed);
			if (k % 2)
				a = ff_addr_from_v4((uint32_t)help_random(seed));
		}
		for (unsigned i = 0; i < blocks && !expect; i++)
			expect = ff_prefix_has(&list[i], &a);
		if (ff_ipset_has(s, &a) != expect)
			fail_msg("%s: address %u", ff_buf_str(&text), k);
		for (size_t i = 0; k % 64 == 0 && i < n && !covered; i++)
			covered = ff_prefix_has(&cover[i], &a);
		if (k % 64 == 0 && covered != expect)
			fail_msg("%s: cover of address %u", ff_buf_str(&text), k);
	}
	ff_free(cover);
	ff_ipset_free(s);
	ff_buf_release(&text);
}

static void test_random(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (unsigned round = 0; round < 4; round++) {
		check_random(&seed, "10.20.0.0", 5, 112);
		check_random(&seed, "10.20.0.0", 300, 120);
		check_random(&seed, "255.255.0.0", 40, 118);
		check_random(&seed, "0.0.0.0", 3, 97);
		check_random(&seed, "2001:db8::", 5, 112);
		check_random(&seed, "2001:db8::", 200, 121);
		check_random(&seed, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:0", 20, 115);
	}
}

/* ---- what SiLK made ---- */

static void compare_cover(const struct ff_ipset *s, const char *name,
			  const char *cidr_path)
{
	struct ff_prefix *p = NULL;
	char line[128], text[FF_ADDR_TEXT];
	size_t n = 0, i = 0;
	gzFile f = gzopen(cidr_path, "rb");

	assert_non_null(f);
	assert_int_equal(ff_ipset_prefixes(&p, &n, s, NULL), FF_OK);
	for (; gzgets(f, line, sizeof(line)); i++) {
		line[strcspn(line, "\n")] = 0;
		if (i >= n || strcmp(block_text(text, &p[i]), line) != 0)
			fail_msg("%s: block %zu is %s, not %s", name, i,
				 i < n ? text : "missing", line);
	}
	if (i != n)
		fail_msg("%s: %zu blocks, not %zu", name, n, i);
	gzclose(f);
	ff_free(p);
}

static void test_samples(void **state)
{
	static const char *const codecs[] = {"none", "zlib", "lzo1x", "snappy"};
	char path[256], cidr[256], name[64];

	(void)state;
	help_shared(cidr, "sets/set-v4.cidr.txt");
	for (unsigned i = 0; i < 6 * 4; i++) {
		unsigned version = 2 + i / 4 % 3;
		bool v6 = i >= 12;
		struct ff_ipset *s = NULL;
		struct ff_err err = {0};
		double size;

		snprintf(name, sizeof(name), "sets/set-%s-r%u-%s.set", v6 ? "v6" : "v4",
			 version + v6, codecs[i % 4]);
		if (ff_ipset_load(&s, help_shared(path, name), &err) != FF_OK) {
			help_has(&err, "built", name); /* a codec that was left out */
			continue;
		}
		help_shared(cidr, v6 ? "sets/set-v6.cidr.txt" : "sets/set-v4.cidr.txt");
		compare_cover(s, name, cidr);
		size = ff_ipset_size(s);
		assert_true(v6 ? fabs(size / 5192376086697369562984200454276505.0 - 1) <
					    1e-12
			       : size == 88737);
		ff_ipset_free(s);
		/* and the text of it gives the same */
		assert_int_equal(ff_ipset_load(&s, cidr, &err), FF_OK);
		compare_cover(s, cidr, cidr);
		ff_ipset_free(s);
	}
}

static void test_sample_addresses(void **state)
{
	char path[256], line[64];
	struct ff_ipset *s = NULL, *text = NULL;
	struct ff_addr a;
	size_t n = 0;
	gzFile f;

	(void)state;
	assert_int_equal(ff_ipset_load(&s, help_shared(path, "sets/v4-sip.set"), NULL),
			 FF_OK);
	assert_int_equal(
		ff_ipset_load(&text, help_shared(path, "sets/v4-sip.txt.gz"), NULL),
		FF_OK);
	f = gzopen(path, "rb");
	assert_non_null(f);
	for (; gzgets(f, line, sizeof(line)); n++) {
		assert_true(ff_parse_addr(&a, line, strcspn(line, "\n")));
		assert_true(ff_ipset_has(s, &a));
	}
	assert_true(ff_ipset_size(s) == (double)n);
	assert_true(ff_ipset_size(text) == (double)n);
	gzclose(f);
	ff_ipset_free(s);
	ff_ipset_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_sample_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
