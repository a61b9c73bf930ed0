/* SPDX-License-Identifier: MIT */
/* geo_file - see geo_file.h. */
#include "support/geo_file.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/pack.h"

/* ---- the tree ---- */

static int64_t tree_node(struct geo_tree *t, int64_t both)
{
	if (ff_grow(&t->nodes, &t->cap, t->count + 1, sizeof(*t->nodes), NULL))
		abort();
	t->nodes[t->count] = (struct geo_node){{both, both}};
	return (int64_t)t->count++;
}

void geo_tree_init(struct geo_tree *t)
{
	*t = (struct geo_tree){0};
	tree_node(t, 0);
}

void geo_tree_release(struct geo_tree *t)
{
	ff_free(t->nodes);
	*t = (struct geo_tree){0};
}

/* The node and side at which the prefix ends. */
static int64_t *tree_find(struct geo_tree *t, const uint8_t *addr, unsigned skip,
			  unsigned bits)
{
	int64_t at = 0;

	assert(bits > 0);
	for (unsigned i = skip;; i++) {
		int side = addr[i / 8] >> (7 - i % 8) & 1;

		if (i + 1 == skip + bits)
			return &t->nodes[at].child[side];
		if (t->nodes[at].child[side] <= 0) {
			int64_t made = tree_node(t, t->nodes[at].child[side]);

			t->nodes[at].child[side] = made;
		}
		at = t->nodes[at].child[side];
	}
}

void geo_tree_put(struct geo_tree *t, const uint8_t *addr, unsigned skip, unsigned bits,
		  uint32_t value)
{
	if (bits)
		*tree_find(t, addr, skip, bits) = -(int64_t)value;
	else
		t->nodes[0].child[0] = t->nodes[0].child[1] = -(int64_t)value;
}

void geo_tree_link(struct geo_tree *t, const uint8_t *addr, unsigned bits,
		   const uint8_t *to, unsigned to_bits)
{
	int64_t node = *tree_find(t, to, 0, to_bits);

	assert(node > 0);
	*tree_find(t, addr, 0, bits) = node;
}

/* ---- a database (maxmind.github.io/MaxMind-DB) ---- */

enum {
	TYPE_STRING = 2,
	TYPE_U16 = 5,
	TYPE_U32 = 6,
	TYPE_MAP = 7,
	TYPE_U64 = 9,
	TYPE_ARRAY = 11
};

static void put_type(struct ff_buf *out, unsigned type, unsigned size)
{
	assert(size < 29);
	ff_buf_addc(out, (char)((type < 8 ? type << 5 : 0) | size));
	if (type > 7)
		ff_buf_addc(out, (char)(type - 7));
}

static void put_string(struct ff_buf *out, const char *s)
{
	put_type(out, TYPE_STRING, (unsigned)strlen(s));
	ff_buf_adds(out, s);
}

static void put_number(struct ff_buf *out, unsigned type, unsigned size, uint64_t v)
{
	put_type(out, type, size);
	while (size-- > 0)
		ff_buf_addc(out, (char)(v >> 8 * size));
}

static void put_data(struct ff_buf *out, enum geo_shape shape, uint32_t value)
{
	char code[3], text[16];

	ff_format_country(code, (uint16_t)value);
	code[0] = (char)(code[0] & 0xdf);
	code[1] = (char)(code[1] & 0xdf);
	snprintf(text, sizeof(text), "AS%u", (unsigned)value);
	put_type(out, TYPE_MAP, shape == GEO_TRAITS ? 2 : 1);
	if (shape == GEO_ISO_CODE || shape == GEO_TRAITS) {
		put_string(out, "country");
		put_type(out, TYPE_MAP, 2);
		put_string(out, "geoname_id");
		put_number(out, TYPE_U32, 4, 2921044);
		put_string(out, "iso_code");
		put_string(out, code);
	} else if (shape == GEO_CODE || shape == GEO_TEXT) {
		put_string(out, shape == GEO_CODE ? "country_code" : "country");
		put_string(out, code);
	} else if (shape == GEO_AS_TEXT) {
		put_string(out, "asn");
		put_string(out, text);
	}
	if (shape == GEO_TRAITS) {
		put_string(out, "traits");
		put_type(out, TYPE_MAP, 1);
	}
	if (shape == GEO_NUMBER || shape == GEO_TRAITS) {
		put_string(out, "autonomous_system_number");
		put_number(out, TYPE_U32, 4, value);
	}
}

static void put_metadata(struct ff_buf *out, size_t nodes, unsigned record_bits,
			 unsigned ip_version, enum geo_shape shape)
{
	ff_buf_add(out, "\xab\xcd\xefMaxMind.com", 14);
	put_type(out, TYPE_MAP, 9);
	put_string(out, "node_count");
	put_number(out, TYPE_U32, 4, nodes);
	put_string(out, "record_size");
	put_number(out, TYPE_U16, 2, record_bits);
	put_string(out, "ip_version");
	put_number(out, TYPE_U16, 2, ip_version);
	put_string(out, "database_type");
	put_string(out, shape == GEO_NUMBER || shape == GEO_AS_TEXT ? "Made-ASN"
								    : "Made-Country");
	put_string(out, "languages");
	put_type(out, TYPE_ARRAY, 1);
	put_string(out, "en");
	put_string(out, "binary_format_major_version");
	put_number(out, TYPE_U16, 2, 2);
	put_string(out, "binary_format_minor_version");
	put_number(out, TYPE_U16, 2, 0);
	put_string(out, "build_epoch");
	put_number(out, TYPE_U64, 8, 1714521600); /* 2024-05-01 */
	put_string(out, "description");
	put_type(out, TYPE_MAP, 1);
	put_string(out, "en");
	put_string(out, "made by a test");
}

/* Where the data of a number are, written at the first use. */
static uint32_t data_of(struct ff_buf *data, uint32_t *seen, uint32_t value,
			enum geo_shape shape)
{
	if (!seen[value]) {
		seen[value] = (uint32_t)data->len + 1;
		put_data(data, shape, value);
	}
	return seen[value] - 1;
}

static void put_node(struct ff_buf *out, const uint64_t record[2], unsigned bits)
{
	for (int i = 0; i < 2; i++) {
		if (bits == 28 && i == 1)
			ff_buf_addc(out, (char)((record[0] >> 20 & 0xf0) |
						(record[1] >> 24 & 0x0f)));
		for (int shift = bits == 32 ? 24 : 16; shift >= 0; shift -= 8)
			ff_buf_addc(out, (char)(record[i] >> shift));
	}
}

void geo_file_mmdb(struct ff_buf *out, const struct geo_tree *t, unsigned record_bits,
		   unsigned ip_version, enum geo_shape shape)
{
	uint32_t *seen = ff_calloc(1 << 16, sizeof(*seen));
	struct ff_buf data = FF_BUF_INIT;

	for (size_t i = 0; i < t->count; i++) {
		uint64_t record[2];

		for (int side = 0; side < 2; side++) {
			int64_t child = t->nodes[i].child[side];

			if (child > 0)
				record[side] = (uint64_t)child;
			else if (child == 0)
				record[side] = t->count;
			else
				record[side] =
					t->count + 16 +
					data_of(&data, seen, (uint32_t)-child, shape);
		}
		put_node(out, record, record_bits);
	}
	for (int i = 0; i < 16; i++)
		ff_buf_addc(out, 0);
	ff_buf_add(out, data.data, data.len);
	put_metadata(out, t->count, record_bits, ip_version, shape);
	ff_buf_release(&data);
	ff_free(seen);
}

/* ---- a prefix map ---- */

void geo_file_pmap(struct ff_buf *out, const struct geo_tree *t, unsigned version,
		   bool big)
{
	pack_silk_fixed(out, big, 0x25, FF_CODEC_NONE, 1, version);
	pack_silk_entry(out, 0, NULL, 0);
	pack_u32(out, big, (uint32_t)t->count);
	for (size_t i = 0; i < t->count; i++)
		for (int side = 0; side < 2; side++) {
			int64_t child = t->nodes[i].child[side];

			if (child > 0)
				pack_u32(out, big, (uint32_t)child);
			else
				pack_u32(out, big,
					 0x80000000 | (child ? (uint32_t)-child
							     : FF_COUNTRY_NONE));
		}
}
