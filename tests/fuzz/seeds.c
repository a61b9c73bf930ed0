/* SPDX-License-Identifier: MIT */
/* seeds FOLDER - makes the corpora that are not text: silk, nfdump, netflow, ipfix,
 * ipset, metadata, pcap. See README.md. */
#include "input/silk.h"
#include "support/export_file.h"
#include "support/nfdump_file.h"
#include "support/pack.h"
#include "support/packets.h"

#include <flowfig/canvas.h>
#include <flowfig/select.h>

#include <stdio.h>
#include <stdlib.h>

static const char *folder;

static void seed_write(const char *target, const char *name, struct ff_buf *b)
{
	char path[1024];
	snprintf(path, sizeof path, "%s/%s/%s", folder, target, name);
	FILE *f = fopen(path, "wb");
	if (b->failed || !f || fwrite(b->data, 1, b->len, f) != b->len || fclose(f) != 0)
		exit((perror(path), 1));
	ff_buf_clear(b);
}

/* ---- SiLK flow files ---- */

/* An hour's file of sensor 3, type 0, with an invocation and a note. */
static void silk_entries(struct ff_buf *b)
{
	struct ff_buf packed = FF_BUF_INIT;
	pack_u64(&packed, true, UINT64_C(1700006400000));
	pack_u32(&packed, true, 0);
	pack_u32(&packed, true, 3);
	pack_silk_entry(b, 1, packed.data, packed.len);
	pack_silk_entry(b, 2, "rwcat a", 8);
	pack_silk_entry(b, 3, "note", 5);
	pack_silk_entry(b, 4, "S3", 3);
	ff_buf_release(&packed);
}

/* Three records of noise, with small numbers in most places, so that times are possible.
 */
static void silk_records(struct ff_buf *b, unsigned length, uint64_t seed)
{
	for (unsigned i = 0; i < 3 * length; i++) {
		uint64_t h = ff_mix64(seed * 1000 + i);
		ff_buf_addc(b, (char)(h % 3 ? 0 : h >> 32));
	}
}

/* One file for each way of laying out a record, every other one big-endian. */
static void seed_layouts(void)
{
	struct ff_buf b = FF_BUF_INIT;
	const struct silk_layout *l, *before = NULL;
	for (unsigned i = 0; (l = silk_layout_at(i)); before = l, i++) {
		char name[64];
		if (before && before->unpack == l->unpack)
			continue; /* the same bytes under another version */
		pack_silk_fixed(&b, i % 2, l->format, FF_CODEC_NONE, l->length,
				l->version);
		if (i % 3)
			silk_entries(&b);
		pack_silk_entry(&b, 0, NULL, 0);
		silk_records(&b, l->length, i);
		snprintf(name, sizeof name, "%02x-v%u", l->format, l->version);
		seed_write("silk", name, &b);
	}
	ff_buf_release(&b);
}

static void seed_codecs(void)
{
	static const char *const whole[] = {"gzip", "zstd", "bz2", "lz4"};
	struct ff_buf b = FF_BUF_INIT, records = FF_BUF_INIT, plain = FF_BUF_INIT;
	silk_records(&records, 52, 77);
	for (enum ff_codec c = FF_CODEC_NONE; c <= FF_CODEC_SNAPPY; c++) {
		pack_silk_fixed(&b, false, SILK_RWGENERIC, c, 52, 5);
		pack_silk_entry(&b, 0, NULL, 0);
		if (c == FF_CODEC_NONE) {
			ff_buf_add(&plain, b.data, b.len);
			ff_buf_add(&plain, records.data, records.len);
		} else if (pack_block(&b, c, records.data, 104) &&
			   pack_block(&b, c, records.data + 104, 52)) {
			seed_write("silk", ff_codec_name(c), &b);
		}
		ff_buf_clear(&b);
	}
	for (size_t i = 0; i < 4; i++)
		if (pack_member(&b, whole[i], plain.data, plain.len))
			seed_write("silk", whole[i], &b);
	ff_buf_release(&b);
	ff_buf_release(&plain);
	ff_buf_release(&records);
}

/* ---- nfcapd files: both layouts, every compression ---- */

static void seed_nfdump(void)
{
	static const enum ff_codec codecs[] = {FF_CODEC_NONE, FF_CODEC_LZO1X,
					       FF_CODEC_LZ4, FF_CODEC_BZ2, FF_CODEC_ZSTD};
	struct ff_buf b = FF_BUF_INIT;
	for (unsigned layout = 1; layout <= 2; layout++)
		for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++) {
			char name[32];
			snprintf(name, sizeof name, "v%u-%s", layout,
				 ff_codec_name(codecs[i]));
			/* layout 1 has no zstd */
			if ((layout == 2 || codecs[i] != FF_CODEC_ZSTD) &&
			    nfdump_file_sample(&b, layout, codecs[i]))
				seed_write("nfdump", name, &b);
			ff_buf_clear(&b);
		}
	ff_buf_release(&b);
}

/* ---- IP sets: every record version ---- */

static void ipset_head(struct ff_buf *b, bool big, unsigned version,
		       const uint32_t *entry)
{
	struct ff_buf words = FF_BUF_INIT;
	pack_silk_fixed(b, big, 0x1d, FF_CODEC_NONE, 1, version);
	for (int i = 0; entry && i < 6; i++)
		pack_u32(&words, true, entry[i]);
	if (entry)
		pack_silk_entry(b, 7, words.data, words.len);
	pack_silk_entry(b, 0, NULL, 0);
	ff_buf_release(&words);
}

/* Hosts 3, 4 and 255 of a /24 */
static void ipset_bits(struct ff_buf *b, bool big)
{
	for (int i = 0; i < 8; i++)
		pack_u32(b, big, i == 0 ? 0x18 : i == 7 ? 0x80000000 : 0);
}

static void seed_ipsets(void)
{
	static const uint32_t tree[6] = {16, 3, 8, 2, 10, 1};
	static const uint32_t v4[6] = {0, 0, 4, 0, 0, 0}, v6[6] = {0, 0, 16, 0, 0, 0};
	static const uint8_t net[16] = {0x20, 1, 0x0d, 0xb8};
	struct ff_buf b = FF_BUF_INIT;
	ipset_head(&b, true, 2, NULL); /* blocks of /24 with a map of their hosts */
	pack_u32(&b, true, 0x0a010200);
	ipset_bits(&b, true);
	seed_write("ipset", "v2", &b);
	ipset_head(&b, false, 3,
		   tree); /* two nodes (skipped), an unused leaf, two leaves */
	for (int i = 0; i < 28; i++)
		ff_buf_addc(&b, 0);
	for (uint32_t i = 0; i < 2; i++) {
		pack_u32(&b, false, 31 + i);
		pack_u32(&b, false, 0x0a010202 + i * 0xfd);
	}
	seed_write("ipset", "v3", &b);
	ipset_head(&b, false, 4, v4); /* address, length; or a /24 and its map */
	pack_u32(&b, false, 0x0a010200);
	ff_buf_addc(&b, (char)0x81);
	ipset_bits(&b, false);
	pack_u32(&b, false, 0xc0a80000);
	ff_buf_addc(&b, 16);
	seed_write("ipset", "v4", &b);
	ipset_head(&b, false, 4, v6);
	ff_buf_add(&b, net, 16);
	ff_buf_addc(&b, 32);
	seed_write("ipset", "v4-ipv6", &b);
	ipset_head(&b, true, 5, v6); /* upper halves, then lower ones */
	pack_u64(&b, true, UINT64_C(0x20010db800000000));
	ff_buf_addc(&b, 32);
	pack_u64(&b, true, UINT64_C(0xfe80000000000000));
	ff_buf_addc(&b, (char)0x82);
	pack_u64(&b, true, 0xa00);
	ff_buf_addc(&b, (char)0x81);
	ipset_bits(&b, true);
	pack_u64(&b, true, UINT64_C(0x8000000000000000));
	ff_buf_addc(&b, 65);
	seed_write("ipset", "v5", &b);
	ff_buf_release(&b);
}

/* ---- figures: a few points of paper with a line on it ---- */

static void seed_figures(void)
{
	static const char *const names[] = {"png", "svg", "pdf"};
	struct ff_buf b = FF_BUF_INIT;
	struct ff_err err;
	for (int kind = FF_CANVAS_PNG; kind <= FF_CANVAS_PDF; kind++) {
		const struct ff_canvas_opts opts = {
			.kind = (enum ff_canvas_kind)kind,
			.width_pt = 4,
			.height_pt = 4,
			.dpi = 72,
			.background = {1, 1, 1, 1},
			.title = "A title",
			.description = "5 < 6 & \303\244",
			.provenance = "{\"flowfig\":\"0\",\"inputs\":[{\"name\":\"a\"}]}",
			.created_s = 1700006400};
		struct ff_canvas *cv;
		if (ff_canvas_new(&cv, &opts, &err))
			exit((fprintf(stderr, "%s\n", err.text), 1));
		ff_canvas_line(cv, 0, 0, 4, 4, (struct ff_color){0, 0, 0, 1}, 1, NULL);
		if (ff_canvas_finish(cv, &b, &err))
			exit((fprintf(stderr, "%s\n", err.text), 1));
		ff_canvas_free(cv);
		seed_write("metadata", names[kind - FF_CANVAS_PNG], &b);
	}
	ff_buf_release(&b);
}

/* ---- captures ---- */

static void seed_captures(void)
{
	for (size_t i = 0; i < packets_sample_count(); i++) {
		struct ff_buf b = FF_BUF_INIT;
		const char *name = packets_sample(&b, i);
		seed_write("pcap", name, &b);
		ff_buf_release(&b);
	}
}

/* ---- NetFlow and IPFIX: the files of tests/data ---- */

static void seed_exports(void)
{
	struct ff_buf b = FF_BUF_INIT;
	for (size_t i = 0; export_file_name(i); i++) {
		export_file_make(&b, i);
		seed_write(".", export_file_name(i), &b);
	}
	ff_buf_release(&b);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return fputs("usage: seeds FOLDER\n", stderr), 2;
	folder = argv[1];
	seed_layouts();
	seed_codecs();
	seed_nfdump();
	seed_ipsets();
	seed_figures();
	seed_captures();
	seed_exports();
	return 0;
}
