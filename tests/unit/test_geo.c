/* SPDX-License-Identifier: MIT */
/* Countries and systems of addresses: databases of every shape and record size, text,
 * prefix maps, held against the longest prefix by brute force; damage; the whole
 * databases of the shared data against libmaxminddb's own lookup. */
#include "select_help.h"

#include <dirent.h>
#include <flowfig/geo.h>

#include "support/geo_file.h"

/* ---- help ---- */

static char path[256];

static struct ff_geo *geo_open(const char *file)
{
	struct ff_err err = {0};
	struct ff_geo *g;

	assert_int_equal(ff_geo_new(&g, &err), FF_OK);
	if (ff_geo_add(g, file, &err) != FF_OK)
		fail_msg("%s", err.text);
	return g;
}

static struct ff_geo *geo_of(const void *data, size_t len)
{
	help_write(help_scratch(path, "geo"), data, len);
	return geo_open(path);
}

static void geo_bad(const void *data, size_t len, const char *says)
{
	struct ff_err err = {0};
	struct ff_geo *g;

	help_write(help_scratch(path, "geo"), data, len);
	assert_int_equal(ff_geo_new(&g, &err), FF_OK);
	if (ff_geo_add(g, path, &err) != FF_EFORMAT)
		fail_msg("no error of the format: '%s'", err.text);
	help_has(&err, says, "message");
	help_has(&err, path, "message");
	assert_int_equal(ff_geo_has(g), 0);
	ff_geo_free(g);
}

static void is_country(const struct ff_geo *g, const char *addr, const char *code)
{
	struct ff_addr a = help_addr(addr);
	char buf[3];

	if (strcmp(ff_format_country(buf, ff_geo_country(g, &a)), code) != 0)
		fail_msg("%s is '%s', not '%s'", addr, buf, code);
}

/* ---- codes ---- */

static void test_codes(void **state)
{
	uint16_t c;
	char buf[3];

	(void)state;
	assert_true(ff_country_count() <= 256);
	assert_int_equal(ff_country_at(0), FF_COUNTRY_NONE);
	for (size_t i = 0; i < ff_country_count(); i++) {
		assert_true(i == 0 || ff_country_at(i - 1) < ff_country_at(i));
		assert_int_equal(ff_country_index(ff_country_at(i)), i);
		assert_true((*ff_country_name(ff_country_at(i)) != 0) == (i > 0));
		ff_format_country(buf, ff_country_at(i));
		assert_true(ff_parse_country(&c, buf, 2) && c == ff_country_at(i));
	}
	assert_string_equal(ff_country_name(FF_COUNTRY('d', 'e')), "Germany");
	assert_string_equal(ff_country_name(FF_COUNTRY('a', 'a')), "");
	assert_int_equal(ff_country_index(FF_COUNTRY('z', 'y')), -1);
	assert_true(ff_parse_country(&c, "DE", 2) && c == FF_COUNTRY('d', 'e'));
	assert_true(ff_parse_country(&c, "zZ", 2) && c == FF_COUNTRY_NONE);
	assert_true(ff_parse_country(&c, "A1", 2) && c == FF_COUNTRY('a', '1'));
	assert_false(ff_parse_country(&c, "D", 1));
	assert_false(ff_parse_country(&c, "DEU", 3));
	assert_false(ff_parse_country(&c, "1A", 2));
	assert_false(ff_parse_country(&c, "??", 2));
	assert_false(ff_parse_country(&c, "-a", 2));
	assert_false(ff_parse_country(&c, "\xc3\xa9", 2));
}

/* ---- trees against the longest prefix ---- */

enum { PREFIXES = 200, PROBES = 3000 };

struct model {
	struct ff_prefix prefix[PREFIXES];
	uint32_t value[PREFIXES];
	unsigned count;
	bool v6, v4;
};

static int by_bits(const void *a, const void *b)
{
	const struct ff_prefix *x = a, *y = b;

	return x->bits - y->bits;
}

/* Prefixes of one or both families, crowded so that they nest, shortest first. */
static void model_make(struct model *m, uint64_t *seed, bool v4, bool v6)
{
	*m = (struct model){.v4 = v4, .v6 = v6};
	for (unsigned i = 0; i < PREFIXES; i++) {
		struct ff_addr a =
			ff_addr_from_v4((uint32_t)help_random(seed) & 0xc00ff0ff);
		unsigned bits = 96 + (unsigned)help_below(seed, 33);

		if (v6 && (!v4 || help_below(seed, 2))) {
			memset(&a, 0, sizeof(a));
			a.b[0] = 0x20 | (uint8_t)help_below(seed, 8);
			a.b[1] = (uint8_t)help_below(seed, 3);
			a.b[7] = (uint8_t)help_below(seed, 3);
			a.b[15] = (uint8_t)help_random(seed);
			/* 2001::/32 and 2002::/16 are for aliases */
			if (a.b[0] == 0x20)
				a.b[0] = 0x21;
			bits = 8 + (unsigned)help_below(seed, 121);
		}
		m->prefix[i].addr = a;
		m->prefix[i].bits = (uint8_t)bits;
		for (unsigned k = bits; k < 128; k++)
			m->prefix[i].addr.b[k / 8] &= (uint8_t) ~(0x80 >> k % 8);
	}
	qsort(m->prefix, PREFIXES, sizeof(m->prefix[0]), by_bits);
	m->count = PREFIXES;
	for (unsigned i = 0; i < PREFIXES; i++)
		m->value[i] = FF_COUNTRY('a' + help_below(seed, 25),
					 'a' + help_below(seed, 26));
}

/* 0 when no prefix has it. Of equal prefixes the last one counts, as in the tree. */
static uint32_t model_find(const struct model *m, const struct ff_addr *a)
{
	for (unsigned i = m->count; i > 0; i--)
		if (ff_addr_is_v4(a) == (m->prefix[i - 1].bits >= 96 &&
					 ff_addr_is_v4(&m->prefix[i - 1].addr)) &&
		    ff_prefix_has(&m->prefix[i - 1], a))
			return m->value[i - 1];
	return 0;
}

/* A random address, or one at an edge of a prefix. */
static struct ff_addr model_probe(const struct model *m, uint64_t *seed)
{
	const struct ff_prefix *p = &m->prefix[help_below(seed, m->count)];
	struct ff_addr a = p->addr;
	uint64_t kind = help_below(seed, 4);

	for (unsigned k = p->bits; k < 128 && kind > 0; k++)
		if (kind == 1 || (kind == 2 && help_below(seed, 2)))
			a.b[k / 8] |= (uint8_t)(0x80 >> k % 8);
	if (kind == 3) /* just outside, on either side */
		for (int i = 15, step = help_below(seed, 2) ? 1 : -1; i >= 12; i--) {
			a.b[i] = (uint8_t)(a.b[i] + step);
			if (a.b[i] != (step > 0 ? 0 : 0xff))
				break;
		}
	return a;
}

static void model_tree(struct geo_tree *t, const struct model *m, bool mapped)
{
	geo_tree_init(t);
	for (unsigned i = 0; i < m->count; i++) {
		struct ff_addr a = m->prefix[i].addr;
		bool is_v4 = m->prefix[i].bits >= 96 && ff_addr_is_v4(&a);

		if (is_v4 && m->v6 && !mapped)
			memset(a.b, 0, 12); /* a database has them in ::/96 */
		if (is_v4 && !m->v6)
			geo_tree_put(t, a.b, 96, m->prefix[i].bits - 96u, m->value[i]);
		else
			geo_tree_put(t, a.b, 0, m->prefix[i].bits, m->value[i]);
	}
}

static void model_check(const struct model *m, const struct ff_geo *g, uint64_t *seed,
			bool country, bool asn, const char *what)
{
	for (unsigned i = 0; i < PROBES; i++) {
		struct ff_addr a = model_probe(m, seed);
		uint32_t want = model_find(m, &a);
		char text[FF_ADDR_TEXT];

		ff_format_addr(text, sizeof(text), &a);
		if (country && ff_geo_country(g, &a) != (want ? want : FF_COUNTRY_NONE))
			fail_msg("%s: country of %s is %x, not %x", what, text,
				 ff_geo_country(g, &a), (unsigned)want);
		if (asn && ff_geo_asn(g, &a) != want)
			fail_msg("%s: system of %s is %u, not %u", what, text,
				 (unsigned)ff_geo_asn(g, &a), (unsigned)want);
	}
}

static void need_maxminddb(void)
{
#ifndef FF_HAVE_MAXMINDDB
	skip();
#endif
}

static void test_mmdb(void **state)
{
	static const unsigned record_bits[] = {24, 28, 32};
	uint64_t seed = 11;

	(void)state;
	need_maxminddb();
	for (unsigned round = 0; round < 3 * 3 * GEO_SHAPES; round++) {
		unsigned family = round / 3 % 3;
		enum geo_shape shape = (enum geo_shape)(round / 9);
		bool country = shape != GEO_NUMBER && shape != GEO_AS_TEXT;
		bool asn = !country || shape == GEO_TRAITS;
		struct ff_buf file = FF_BUF_INIT;
		struct geo_tree tree;
		struct model m;
		struct ff_geo *g;
		char what[64];

		snprintf(what, sizeof(what), "shape %d, family %u, %u bits", (int)shape,
			 family, record_bits[round % 3]);
		model_make(&m, &seed, family != 2, family != 0);
		model_tree(&tree, &m, false);
		geo_file_mmdb(&file, &tree, record_bits[round % 3], family ? 6 : 4,
			      shape);
		g = geo_of(file.data, file.len);
		assert_int_equal(ff_geo_has(g), country | asn << 1);
		model_check(&m, g, &seed, country, asn, what);
		assert_non_null(strstr(ff_geo_text(g), ", built 2024-05-01, digest "));
		ff_geo_free(g);
		geo_tree_release(&tree);
		ff_buf_release(&file);
	}
}

/* Addresses that carry an IPv4 address have what it has. */
static void test_aliases(void **state)
{
	static const uint8_t v4[16] = {0}, mapped[16] = {[10] = 0xff, [11] = 0xff},
			     teredo[16] = {0x20, 0x01}, six[16] = {0x20, 0x02};
	const struct ff_addr net = help_addr("192.0.2.0"),
			     other = help_addr("2001:db8::");
	struct ff_buf file = FF_BUF_INIT;
	struct geo_tree tree;
	struct ff_geo *g;
	uint8_t at[16] = {0};

	(void)state;
	need_maxminddb();
	geo_tree_init(&tree);
	memcpy(at + 12, net.b + 12, 4);
	geo_tree_put(&tree, at, 0, 120, FF_COUNTRY('d', 'e'));
	geo_tree_put(&tree, other.b, 0, 32, FF_COUNTRY('f', 'r'));
	geo_tree_link(&tree, mapped, 96, v4, 96);
	geo_tree_link(&tree, teredo, 32, v4, 96);
	geo_tree_link(&tree, six, 16, v4, 96);
	geo_file_mmdb(&file, &tree, 28, 6, GEO_ISO_CODE);
	g = geo_of(file.data, file.len);
	is_country(g, "192.0.2.1", "de");
	is_country(g, "192.0.3.1", "--");
	is_country(g, "::192.0.2.255", "de");
	is_country(g, "::192.0.1.255", "--");
	is_country(g, "2002:c000:0200::1", "de");
	is_country(g, "2002:c000:0300::1", "--");
	is_country(g, "2001:0:c000:2ff:ffff::", "de");
	is_country(g, "2001:0:c001:2ff:ffff::", "--");
	is_country(g, "2001:db8:ffff::", "fr");
	is_country(g, "2001:db9::", "--");
	ff_geo_free(g);
	geo_tree_release(&tree);
	ff_buf_release(&file);
}

/* ---- prefix maps ---- */

static void test_pmap(void **state)
{
	uint64_t seed = 5;

	(void)state;
	for (unsigned round = 0; round < 8; round++) {
		bool v6 = round & 1, big = round & 2;
		struct ff_buf file = FF_BUF_INIT;
		struct geo_tree tree;
		struct model m;
		struct ff_geo *g;

		model_make(&m, &seed, !v6 || round & 4, v6);
		model_tree(&tree, &m, true);
		geo_file_pmap(&file, &tree, v6 ? 5 : 1, big);
		g = geo_of(file.data, file.len);
		model_check(&m, g, &seed, true, false, v6 ? "IPv6 map" : "IPv4 map");
		ff_geo_free(g);
		geo_bad(file.data, file.len - 1, "number of nodes");
		if (round == 0)
			for (unsigned version = 2; version < 5; version += 1) {
				file.data[15] = (uint8_t)version;
				geo_bad(file.data, file.len, "no prefix map of country");
			}
		geo_tree_release(&tree);
		ff_buf_release(&file);
	}
}

/* A leaf above ::ffff:0:0/96 holds all of IPv4; one below does not. */
static void test_pmap_mapped(void **state)
{
	static const uint8_t zero[16] = {0}, near[16] = {[10] = 0xff, [11] = 0xfe};
	struct ff_buf file = FF_BUF_INIT;
	struct geo_tree tree;
	struct ff_geo *g;

	(void)state;
	geo_tree_init(&tree);
	geo_tree_put(&tree, zero, 0, 80, FF_COUNTRY('d', 'e'));
	geo_tree_put(&tree, near, 0, 96, FF_COUNTRY('f', 'r'));
	geo_file_pmap(&file, &tree, 5, false);
	g = geo_of(file.data, file.len);
	is_country(g, "0.0.0.0", "de");
	is_country(g, "255.255.255.255", "de");
	is_country(g, "::fffe:102:304", "fr");
	is_country(g, "::1:0:0:0", "--");
	ff_geo_free(g);
	file.data[file.len - 1] = 0x7f; /* a leaf becomes a node that is not there */
	geo_bad(file.data, file.len, "lies past the end");
	ff_buf_release(&file);
	geo_tree_release(&tree);
}

/* ---- text ---- */

static void test_text(void **state)
{
	static const char good[] = "# Generated: Thu, 25 Jun 2026 04:33:59 GMT\r\n"
				   "16777216,16777471,AU\r\n"
				   "\n"
				   "2001:db8:1::,2001:db8:1:ffff:ffff:ffff:ffff:ffff,fr\n"
				   "1.0.1.0,1.0.1.255,CN\n"
				   "0.0.0.0,0.255.255.255,??\n"
				   "255.255.255.0,255.255.255.255,ZZ\n"
				   "ffff::,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,--\n"
				   "2001:db8::,2001:db8::,de";
	struct ff_geo *g = geo_of(good, sizeof(good) - 1);

	(void)state;
	assert_int_equal(ff_geo_has(g), FF_GEO_COUNTRY);
	assert_non_null(
		strstr(ff_geo_text(g), "geo, text ranges, built 2026-06-25, digest "));
	is_country(g, "0.255.255.255", "--");
	is_country(g, "1.0.0.0", "au");
	is_country(g, "1.0.0.255", "au");
	is_country(g, "1.0.1.0", "cn");
	is_country(g, "1.0.2.0", "--");
	is_country(g, "255.255.255.255", "--");
	is_country(g, "2001:db8::", "de");
	is_country(g, "2001:db8::1", "--");
	is_country(g, "2001:db8:1::", "fr");
	is_country(g, "2001:db8:1:ffff:ffff:ffff:ffff:ffff", "fr");
	is_country(g, "2001:db8:2::", "--");
	is_country(g, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "--");
	ff_geo_free(g);
}

static void test_text_asn(void **state)
{
	static const char good[] = "1.0.0.0,1.0.0.255,13335,\"Cloudflare, Inc.\"\n"
				   "1.0.1.0,1.0.1.255,AS4294967295\n"
				   "::,::ffff,1,x\n";
	struct ff_addr a = help_addr("1.0.0.9"), b = help_addr("1.0.1.9"),
		       c = help_addr("::9"), d = help_addr("1.0.2.0");
	struct ff_geo *g = geo_of(good, sizeof(good) - 1);

	(void)state;
	assert_int_equal(ff_geo_has(g), FF_GEO_ASN);
	assert_int_equal(ff_geo_asn(g, &a), 13335);
	assert_int_equal(ff_geo_asn(g, &b), UINT32_MAX);
	assert_int_equal(ff_geo_asn(g, &c), 1);
	assert_int_equal(ff_geo_asn(g, &d), 0);
	assert_int_equal(ff_geo_country(g, &a), FF_COUNTRY_NONE);
	ff_geo_free(g);
}

static void test_text_random(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (unsigned round = 0; round < 40; round++) {
		/* every address of a small space has a number; ranges are its runs */
		uint16_t of[256];
		char lines[256][64];
		unsigned n = 0;
		struct ff_buf text = FF_BUF_INIT;
		struct ff_geo *g;
		const char *head = round & 1 ? "2001:db8::" : "10.0.255.";

		for (unsigned i = 0; i < 256; i++) {
			of[i] = i && help_below(&seed, 4)
					? of[i - 1]
					: (uint16_t)(help_below(&seed, 3)
							     ? FF_COUNTRY(
								       'a' + help_below(
										     &seed,
										     3),
								       'z')
							     : FF_COUNTRY_NONE);
		}
		of[0] = FF_COUNTRY('q', 'q');
		for (unsigned i = 0, end; i < 256; i = end) {
			char a[8], code[3];

			for (end = i + 1; end < 256 && of[end] == of[i];)
				end++;
			if (of[i] == FF_COUNTRY_NONE)
				continue;
			snprintf(a, sizeof(a), round & 1 ? "%x" : "%u", i);
			snprintf(lines[n], sizeof(lines[n]), "%s%s,", head, a);
			snprintf(a, sizeof(a), round & 1 ? "%x" : "%u", end - 1);
			snprintf(lines[n] + strlen(lines[n]), 40, "%s%s,%s\n", head, a,
				 ff_format_country(code, of[i]));
			n++;
		}
		for (unsigned left = n; left > 0; left--) { /* in any order */
			unsigned pick = (unsigned)help_below(&seed, left);

			ff_buf_adds(&text, lines[pick]);
			memmove(lines[pick], lines[left - 1], sizeof(lines[0]));
		}
		g = geo_of(text.data, text.len);
		for (unsigned i = 0; i < 256; i++) {
			struct ff_addr a =
				help_addr(round & 1 ? "2001:db8::" : "10.0.255.0");

			a.b[15] = (uint8_t)i;
			if (ff_geo_country(g, &a) != of[i])
				fail_msg("round %u: address %u", round, i);
		}
		ff_geo_free(g);
		ff_buf_release(&text);
	}
}

/* So many ranges that IPv4 has its table of /24s, and more countries than that knows; one
 * by one and together. */
static void test_many(void **state)
{
	enum { MANY = 30000 };
	uint32_t *first = ff_alloc(MANY + 1, sizeof(*first));
	uint16_t *code = ff_alloc(MANY, sizeof(*code)), *all;
	struct ff_buf text = FF_BUF_INIT;
	struct ff_flow *flows = ff_calloc(2 * MANY, sizeof(*flows));
	uint64_t seed = 8, at = 0;
	unsigned n = 0, wrong = 0;
	struct ff_geo *g;

	(void)state;
	for (; n < MANY && at < UINT32_MAX; n++) {
		static const uint32_t sizes[] = {1, 255, 256, 257, 512, 4096, 300000};
		char buf[3];

		first[n] = (uint32_t)at;
		at += help_below(&seed, 2) ? sizes[help_below(&seed, 7)]
					   : 1 + help_below(&seed, 700);
		if (at > UINT32_MAX || n == MANY - 1)
			at = UINT64_C(1) << 32;
		code[n] = FF_COUNTRY('a' + help_below(&seed, 25),
				     'a' + help_below(&seed, 26));
		ff_buf_addf(&text, "%u,%u,%s\n", (unsigned)first[n], (unsigned)(at - 1),
			    ff_format_country(buf, code[n]));
		flows[2 * n].sip = ff_addr_from_v4(first[n]);
		flows[2 * n + 1].sip = ff_addr_from_v4((uint32_t)(at - 1));
	}
	assert_true(n > 15000);
	ff_buf_adds(&text, "::,::ff,zw\n");
	flows[7].sip = help_addr("::1");
	g = geo_of(text.data, text.len);
	all = ff_alloc(2 * n, sizeof(*all));
	ff_geo_countries(g, all, &flows[0].sip, sizeof(*flows), 2 * (size_t)n);
	for (unsigned i = 0; i < 2 * n; i++) {
		uint16_t want = i == 7 ? FF_COUNTRY('z', 'w') : code[i / 2];

		wrong += ff_geo_country(g, &flows[i].sip) != want || all[i] != want;
	}
	assert_int_equal(wrong, 0);
	ff_geo_free(g);
	ff_buf_release(&text);
	ff_free(first);
	ff_free(code);
	ff_free(all);
	ff_free(flows);
}

static void test_text_bad(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{"1.0.0.0,1.0.0.255\n", "line 1: '1.0.0.0,1.0.0.255' is not FIRST,LAST"},
		{"# a\n\n1.0.0.0,1.0.0,AU\n", "line 3: '1.0.0' is no address"},
		{"x,1.0.0.0,AU\n", "line 1: 'x' is no address"},
		{"4294967296,1.0.0.0,AU\n", "'4294967296' is no address"},
		{"1.0.0.1,1.0.0.0,AU\n", "'1.0.0.1,1.0.0.0' ends before it begins"},
		{"1.0.0.1,::2,AU\n", "ends before it begins"},
		{"1.0.0.0,1.0.0.255,AUS\n", "'AUS' is no country"},
		{"1.0.0.0,1.0.0.255,\n", "'' is no country"},
		{"1.0.0.0,1.0.0.255,OC,AU\n", "'OC' is not the last column"},
		{"1.0.0.0,1.0.0.255,AU\n1.0.1.0,1.0.1.255,12\n",
		 "line 2: '12' is something else"},
		{"1.0.0.0,1.0.0.255,AU\n1.0.0.255,1.0.1.255,DE\n",
		 "lines 1 and 2 overlap"},
		{"1.0.0.0,1.0.0.255,AU\n1.0.0.0,1.0.0.255,AU\n", "overlap"},
		{"::3,::4,AU\n::1,::3,DE\n", "lines 2 and 1 overlap"},
		{"1.0.0.0,1.0.0.255,??\n", "tells neither"},
		{"# nothing\n", "tells neither"},
		{"", "tells neither"},
		{"\x1b[31m,b,c\n", "'?[31m' is no address"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		geo_bad(bad[i].text, strlen(bad[i].text), bad[i].says);
	geo_bad("a\0b", 3, "is no MaxMind DB");
}

/* ---- more files than one ---- */

static void add(struct ff_geo *g, const char *name, const char *text, int want,
		const char *says)
{
	struct ff_err err = {0};

	help_write(help_scratch(path, name), text, strlen(text));
	if (ff_geo_add(g, path, &err) != want)
		fail_msg("%s: '%s'", name, err.text);
	if (says)
		help_has(&err, says, name);
}

static void test_files(void **state)
{
	static const char v4[] = "1.0.0.0,1.0.0.255,AU\n", v6[] = "::1,::2,de\n",
			  asn[] = "1.0.0.0,1.0.0.255,7\n",
			  both[] = "1.0.0.0,1.0.0.1,de\n"
				   "::1,::2,fr\n";
	struct ff_geo *g, *other;
	struct ff_addr a = help_addr("1.0.0.1");

	(void)state;
	assert_int_equal(ff_geo_new(&g, NULL), FF_OK);
	assert_int_equal(ff_geo_new(&other, NULL), FF_OK);
	assert_int_equal(ff_geo_has(g), 0);
	assert_int_equal(ff_geo_country(g, &a), FF_COUNTRY_NONE);
	assert_string_equal(ff_geo_text(g), "");
	add(g, "v4", v4, FF_OK, NULL);
	is_country(g, "::1", "--");
	add(g, "v6", v6, FF_OK, NULL);
	add(g, "both", both, FF_EUSAGE, "the countries of IPv4 addresses");
	add(g, "asn", asn, FF_OK, NULL);
	add(g, "asn", asn, FF_EUSAGE, "the systems of IPv4 addresses");
	assert_int_equal(ff_geo_add(g, "/nowhere/x", NULL), FF_EIO);
	is_country(g, "1.0.0.1", "au");
	is_country(g, "::1", "de");
	assert_int_equal(ff_geo_asn(g, &a), 7);
	assert_int_equal(ff_geo_has(g), FF_GEO_COUNTRY | FF_GEO_ASN);
	assert_non_null(strstr(ff_geo_text(g), "; v6, text ranges, digest "));
	add(other, "asn", asn, FF_OK, NULL);
	add(other, "v6", v6, FF_OK, NULL);
	assert_true(ff_geo_digest(g) != ff_geo_digest(other));
	add(other, "v4", v4, FF_OK, NULL);
	assert_true(ff_geo_digest(g) == ff_geo_digest(other));
	ff_geo_free(other);
	ff_geo_free(g);
}

/* ---- memory and damage ---- */

static int whole(const char *file)
{
	struct ff_geo *g = NULL;
	int rc = ff_geo_new(&g, NULL);

	if (rc == FF_OK)
		rc = ff_geo_add(g, file, NULL);
	ff_geo_free(g);
	return rc;
}

static void no_memory(const struct ff_buf *file)
{
	uint64_t asked;

	help_write(help_scratch(path, "geo"), file->data, file->len);
	ff_alloc_fail_after(0);
	assert_int_equal(whole(path), FF_OK);
	asked = ff_alloc_fail_after(0);
	for (uint64_t n = 1; n <= asked; n++) {
		int rc;

		ff_alloc_fail_after(n);
		rc = whole(path);
		ff_alloc_fail_after(0);
		assert_int_equal(rc, FF_ENOMEM);
	}
}

/* Any change of some bytes: refused or read, never a crash; no cut file is taken for
 * whole. */
static void damage(const struct ff_buf *file, uint64_t *seed)
{
	uint8_t *copy = ff_alloc(file->len, 1);

	for (unsigned i = 0; i < 300; i++) {
		size_t len = i % 3 ? file->len : (size_t)help_below(seed, file->len);

		memcpy(copy, file->data, len);
		for (uint64_t k = help_below(seed, 4); k > 0 && len; k--)
			copy[help_below(seed, len)] = (uint8_t)help_random(seed);
		help_write(help_scratch(path, "geo"), copy, len);
		whole(path);
	}
	ff_free(copy);
}

static void test_failures(void **state)
{
	static const char text[] = "1.0.0.0,1.0.0.255,AU\n::1,::2,de\n";
	struct ff_buf file = FF_BUF_INIT;
	struct geo_tree tree;
	struct model m;
	uint64_t seed = 9;

	(void)state;
	ff_buf_adds(&file, text);
	no_memory(&file);
	damage(&file, &seed);
	model_make(&m, &seed, true, true);
	m.count = 40;
	model_tree(&tree, &m, true);
	ff_buf_clear(&file);
	geo_file_pmap(&file, &tree, 5, true);
	no_memory(&file);
	damage(&file, &seed);
	geo_tree_release(&tree);
#ifdef FF_HAVE_MAXMINDDB
	model_tree(&tree, &m, false);
	for (unsigned bits = 24; bits <= 32; bits += 4) {
		ff_buf_clear(&file);
		geo_file_mmdb(&file, &tree, bits, 6, GEO_TRAITS);
		no_memory(&file);
		damage(&file, &seed);
	}
	geo_tree_release(&tree);
#endif
	ff_buf_release(&file);
}

/* A tree that is none: the same nodes again and again, 2^128 ways through them. */
static void test_loops(void **state)
{
	struct ff_buf file = FF_BUF_INIT;
	struct geo_tree tree;

	(void)state;
	geo_tree_init(&tree);
	for (unsigned i = 0; i < 130; i++) {
		uint8_t zero[16] = {0};

		if (i < 128)
			geo_tree_put(&tree, zero, 0, i + 1, FF_COUNTRY('d', 'e'));
	}
	for (size_t i = 0; i + 1 < tree.count; i++)
		tree.nodes[i].child[1] = tree.nodes[i].child[0] = (int64_t)i + 1;
	geo_file_pmap(&file, &tree, 5, false);
	geo_bad(file.data, file.len, "met twice");
#ifdef FF_HAVE_MAXMINDDB
	ff_buf_clear(&file);
	tree.nodes[0].child[1] = 5; /* reached at another depth than from the left */
	geo_file_mmdb(&file, &tree, 24, 6, GEO_CODE);
	geo_bad(file.data, file.len, "the search tree");
#endif
	ff_buf_release(&file);
	geo_tree_release(&tree);
}

/* ---- the shared data ---- */

static const char *shared(const char *name)
{
	const char *dir = getenv("FF_SHARED");
	struct stat st;

	snprintf(path, sizeof(path), "%s/data/%s", dir ? dir : "../shared", name);
	if (stat(path, &st) != 0)
		skip();
	return path;
}

/* What rwpmapcat printed. */
static void test_shared_pmap(void **state)
{
	struct ff_geo *g = geo_open(shared("silk/pmap/cc-v4.pmap"));
	FILE *f = fopen(shared("silk/pmap/cc-v4.txt"), "r");
	char line[128], block[64];
	unsigned value, lines = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		struct ff_prefix p;

		if (sscanf(line, " %63[0-9./]|%u|", block, &value) != 2)
			continue;
		assert_true(ff_parse_prefix(&p, block, strlen(block)));
		assert_int_equal(ff_geo_country(g, &p.addr), value);
		for (unsigned k = p.bits; k < 128; k++)
			p.addr.b[k / 8] |= (uint8_t)(0x80 >> k % 8);
		assert_int_equal(ff_geo_country(g, &p.addr), value);
		lines++;
	}
	assert_true(lines > 30);
	fclose(f);
	ff_geo_free(g);
}

#ifdef FF_HAVE_MAXMINDDB
#include <maxminddb.h>
#include <netinet/in.h>
#include <zlib.h>

static uint16_t asked_mmdb(const MMDB_s *db, const struct ff_addr *a,
			   const char *const *keys)
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	struct sockaddr_in four = {.sin_family = AF_INET};
	MMDB_entry_data_s data;
	MMDB_lookup_result_s r;
	uint16_t c = FF_COUNTRY_NONE;
	int code;

	memcpy(&six.sin6_addr, a->b, 16);
	memcpy(&four.sin_addr, a->b + 12, 4);
	r = MMDB_lookup_sockaddr(db,
				 ff_addr_is_v4(a) ? (const struct sockaddr *)&four
						  : (const struct sockaddr *)&six,
				 &code);
	if (code == MMDB_SUCCESS && r.found_entry &&
	    MMDB_aget_value(&r.entry, &data, keys) == MMDB_SUCCESS && data.has_data)
		ff_parse_country(&c, data.utf8_string, data.data_size);
	return c;
}

static void compare(const struct ff_geo *g, const MMDB_s *db, const char *const *keys,
		    const struct ff_addr *a)
{
	uint16_t want = asked_mmdb(db, a, keys);

	if (ff_geo_country(g, a) != want) {
		char text[FF_ADDR_TEXT];

		fail_msg("%s is %x, not %x", ff_format_addr(text, sizeof(text), a),
			 ff_geo_country(g, a), want);
	}
}

/* Every source of the honeypots, and random addresses of both families. */
static void test_shared_mmdb(void **state)
{
	static const char *const keys[] = {"country_code", NULL};
	const char *file =
		shared("mmdb/geo-whois-asn-country/geo-whois-asn-country.mmdb");
	struct ff_geo *g = geo_open(file);
	uint64_t seed = 1, known = 0;
	unsigned n = 0;
	MMDB_s db;
	gzFile f;
	char line[256];

	(void)state;
	assert_int_equal(MMDB_open(file, MMDB_MODE_MMAP, &db), MMDB_SUCCESS);
	assert_non_null(strstr(ff_geo_text(g), "built 2026-06-17"));
	for (unsigned i = 0; i < 300000; i++) {
		struct ff_addr a = ff_addr_from_v4((uint32_t)help_random(&seed));

		if (i % 2) {
			for (int k = 0; k < 16; k++)
				a.b[k] = (uint8_t)help_random(&seed);
			a.b[0] = 0x20 | (a.b[0] & 15);
			a.b[1] = i % 4 == 1 ? a.b[1] & 15 : a.b[1];
			if (i % 16 == 1) /* 6to4 */
				a.b[0] = 0x20, a.b[1] = 2;
		}
		compare(g, &db, keys, &a);
	}
	f = gzopen(shared("aws-marx/marx-mar-may.csv.gz"), "rb");
	assert_non_null(f);
	while (gzgets(f, line, sizeof(line))) {
		const char *at = strchr(line, ',');
		uint64_t v;
		struct ff_addr a;

		at = at ? strchr(at + 1, ',') : NULL;
		if (!at || !ff_parse_u64(&v, at + 1, strcspn(at + 1, ",")))
			continue;
		a = ff_addr_from_v4((uint32_t)v);
		compare(g, &db, keys, &a);
		known += ff_geo_country(g, &a) != FF_COUNTRY_NONE;
		n++;
	}
	gzclose(f);
	assert_int_equal(n, 187849);
	assert_true(known > n * 0.99);
	MMDB_close(&db);
	ff_geo_free(g);
}

/* Those that tell countries or systems tell MaxMind's; all others are refused. */
static void test_shared_maxmind(void **state)
{
	static const char *const keys[] = {"country", "iso_code", NULL};
	const char *dir = shared("mmdb/maxmind-test");
	char folder[256], file[600];
	unsigned good = 0, bad = 0;
	DIR *d;
	const struct dirent *e;

	(void)state;
	snprintf(folder, sizeof(folder), "%s", dir);
	for (int sub = 0; sub < 2; sub++) {
		if (sub)
			strcat(folder, "/bad-data");
		assert_non_null(d = opendir(folder));
		while ((e = readdir(d))) {
			struct ff_err err = {0};
			struct ff_geo *g;
			uint64_t seed = 2;
			MMDB_s db;
			int rc;

			if (!strstr(e->d_name, ".mmdb"))
				continue;
			snprintf(file, sizeof(file), "%s/%s", folder, e->d_name);
			assert_int_equal(ff_geo_new(&g, NULL), FF_OK);
			rc = ff_geo_add(g, file, &err);
			if (rc != FF_OK) {
				assert_int_equal(rc, FF_EFORMAT);
				help_has(&err, e->d_name, e->d_name);
				bad++;
				ff_geo_free(g);
				continue;
			}
			assert_int_equal(sub, 0);
			good++;
			assert_int_equal(MMDB_open(file, MMDB_MODE_MMAP, &db), 0);
			for (unsigned i = 0; i < 20000; i++) {
				struct ff_addr a =
					ff_addr_from_v4((uint32_t)help_random(&seed));

				if (i % 2) {
					a.b[0] = 0x2a;
					a.b[1] = (uint8_t)help_below(&seed, 8);
				}
				compare(g, &db, keys, &a);
			}
			MMDB_close(&db);
			ff_geo_free(g);
		}
		closedir(d);
	}
	assert_int_equal(good, 12);
	assert_true(bad > 40);
}
#else
static void test_shared_mmdb(void **state)
{
	(void)state;
	skip();
}
static void test_shared_maxmind(void **state)
{
	(void)state;
	skip();
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),	    cmocka_unit_test(test_mmdb),
		cmocka_unit_test(test_aliases),	    cmocka_unit_test(test_pmap),
		cmocka_unit_test(test_pmap_mapped), cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_asn),    cmocka_unit_test(test_text_random),
		cmocka_unit_test(test_many),	    cmocka_unit_test(test_text_bad),
		cmocka_unit_test(test_files),	    cmocka_unit_test(test_failures),
		cmocka_unit_test(test_loops),	    cmocka_unit_test(test_shared_pmap),
		cmocka_unit_test(test_shared_mmdb), cmocka_unit_test(test_shared_maxmind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
