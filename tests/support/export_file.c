/* SPDX-License-Identifier: MIT */
#include "support/export_file.h"
#include "support/pack.h"

#include <stdlib.h>

/* ---- messages ---- */

static void export_file_patch(struct export_file *f, size_t at, size_t v)
{
	f->b->data[at] = (uint8_t)(v >> 8);
	f->b->data[at + 1] = (uint8_t)v;
}

static void export_file_close_set(struct export_file *f)
{
	if (f->set)
		export_file_patch(f, f->set + 2, f->b->len - f->set);
	f->set = 0;
}

void export_file_end(struct export_file *f)
{
	export_file_close_set(f);
	if (f->open && f->version == 10)
		export_file_patch(f, f->message + 2, f->b->len - f->message);
	f->open = false;
}

void export_file_message(struct export_file *f, unsigned version, uint32_t domain)
{
	export_file_end(f);
	f->open = true;
	f->version = version;
	f->message = f->b->len;
	pack_u16(f->b, true, version);
	pack_u16(f->b, true, 1);
	if (version == 9)
		pack_u32(f->b, true, EXPORT_FILE_UPTIME_MS);
	pack_u32(f->b, true, EXPORT_FILE_S);
	pack_u32(f->b, true, 7);
	pack_u32(f->b, true, domain);
}

void export_file_v5(struct export_file *f, unsigned count, unsigned sampling)
{
	export_file_end(f);
	pack_u16(f->b, true, 5);
	pack_u16(f->b, true, count);
	pack_u32(f->b, true, EXPORT_FILE_UPTIME_MS);
	pack_u32(f->b, true, EXPORT_FILE_S);
	pack_u32(f->b, true, 250000000);
	pack_u32(f->b, true, 7);
	pack_u16(f->b, true, 0);
	pack_u16(f->b, true, 0x4000 | sampling);
}

void export_file_set(struct export_file *f, unsigned id)
{
	export_file_close_set(f);
	f->set = f->b->len;
	pack_u16(f->b, true, id);
	pack_u16(f->b, true, 0);
}

void export_file_template(struct export_file *f, unsigned id, unsigned scopes,
			  unsigned count, const uint32_t *fields)
{
	bool v9 = f->version == 9;

	export_file_set(f, (v9 ? 0 : 2) + (scopes > 0));
	pack_u16(f->b, true, id);
	if (v9 && scopes) {
		pack_u16(f->b, true, 4 * scopes);
		pack_u16(f->b, true, 4 * (count - scopes));
	} else {
		pack_u16(f->b, true, count);
		if (scopes)
			pack_u16(f->b, true, scopes);
	}
	for (unsigned i = 0; i < count; i++, fields += 3) {
		pack_u16(f->b, true, fields[1] | (fields[0] ? 0x8000 : 0));
		pack_u16(f->b, true, fields[2]);
		if (fields[0])
			pack_u32(f->b, true, fields[0]);
	}
}

void export_file_put(struct export_file *f, const char *numbers)
{
	while (*numbers) {
		char *end;
		unsigned long len = strtoul(numbers, &end, 10);
		uint64_t v = strtoull(end + 1, &end, 0);

		for (; len > 8; len--)
			ff_buf_addc(f->b, 0);
		while (len-- > 0)
			ff_buf_addc(f->b, (char)(uint8_t)(v >> 8 * len));
		numbers = end + (*end == ' ');
	}
}

/* ---- captures ---- */

void export_file_pcap(struct ff_buf *b, bool ng, bool big)
{
	if (ng) {
		pack_u32(b, big, 0x0a0d0d0a);
		pack_u32(b, big, 28);
		pack_u32(b, big, 0x1a2b3c4d);
		pack_u32(b, big, 1);
		pack_u64(b, big, UINT64_MAX);
		pack_u32(b, big, 28);
		pack_u32(b, big, 1); /* an interface */
		pack_u32(b, big, 20);
		pack_u32(b, big, big ? 0x10000 : 1);
		pack_u32(b, big, 0);
		pack_u32(b, big, 20);
		return;
	}
	pack_u32(b, big, 0xa1b2c3d4);
	pack_u32(b, big, big ? 0x20004 : 0x40002);
	pack_u64(b, big, 0);
	pack_u32(b, big, 65535);
	pack_u32(b, big, 1);
}

void export_file_packet(struct ff_buf *b, bool ng, bool big, unsigned host,
			const void *data, size_t len)
{
	size_t frame = 14 + 20 + 8 + len, padded = (frame + 3) / 4 * 4;

	if (ng) {
		pack_u32(b, big, 6);
		pack_u32(b, big, (uint32_t)(32 + padded));
		pack_u32(b, big, 0);
	}
	pack_u64(b, big, 0); /* the time */
	pack_u32(b, big, (uint32_t)frame);
	pack_u32(b, big, (uint32_t)frame);
	for (int i = 0; i < 12; i++)
		ff_buf_addc(b, (char)i);
	pack_u16(b, true, 0x0800);
	pack_u16(b, true, 0x4500);
	pack_u16(b, true, (unsigned)(20 + 8 + len));
	pack_u32(b, true, 0);
	pack_u32(b, true, 0x40110000);
	pack_u32(b, true, 0xc0000200 | host);
	pack_u32(b, true, 0xc00002fe);
	pack_u16(b, true, 40000);
	pack_u16(b, true, 2055);
	pack_u16(b, true, (unsigned)(8 + len));
	pack_u16(b, true, 0);
	ff_buf_add(b, data, len);
	if (!ng)
		return;
	for (; frame < padded; frame++)
		ff_buf_addc(b, 0);
	pack_u32(b, big, (uint32_t)(32 + padded));
}

/* ---- the files of tests/data ---- */

/* sIP dIP next hop; in out; packets bytes; first last; ports; x flags protocol tos; the
 * rest */
static void sample_v5(struct ff_buf *b)
{
	struct export_file f = {.b = b};

	export_file_v5(&f, 3, 0);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 4:0x0a0000fe 2:1 2:2 4:5 4:300 "
			    "4:540000 4:541500 2:40000 2:443 1:0 1:27 1:6 1:0 8:0");
	export_file_put(&f, "4:0xc0000202 4:0x0a000002 4:0 2:1 2:2 4:1 4:80 "
			    "4:599999 4:599999 2:5353 2:53 1:0 1:16 1:17 1:0 8:0");
	export_file_put(&f, "4:0xc0000203 4:0x0a000003 4:0 2:1 2:2 4:2 4:168 "
			    "4:4294967000 4:1000 2:0 2:0x0800 1:0 1:0 1:1 1:0 8:0");
}

/* The records before their template, in a message before; both versions of IP; options.
 */
static void sample_v9(struct ff_buf *b)
{
	struct export_file f = {.b = b};

	export_file_message(&f, 9, 3);
	export_file_set(&f, 260);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 2:40000 2:443 1:6 1:2 4:9 4:999 "
			    "4:590000 4:598000 2:0");
	export_file_message(&f, 9, 3);
	EXPORT_FILE_TEMPLATE(&f, 260, 0, 0, 8, 4, 0, 12, 4, 0, 7, 2, 0, 11, 2, 0, 4, 1, 0,
			     6, 1, 0, 2, 4, 0, 1, 4, 0, 22, 4, 0, 21, 4);
	EXPORT_FILE_TEMPLATE(&f, 261, 0, 0, 27, 16, 0, 28, 16, 0, 7, 2, 0, 11, 2, 0, 4, 1,
			     0, 139, 2, 0, 2, 8, 0, 1, 8, 0, 153, 8, 0, 161, 4);
	EXPORT_FILE_TEMPLATE(&f, 262, 1, 0, 1, 4, 0, 48, 1, 0, 49, 1, 0, 50, 2);
	export_file_set(&f, 262);
	export_file_put(&f, "4:1 1:0 1:2 2:10");
	export_file_set(&f, 261);
	export_file_put(&f, "8:0x20010db800000000 8:1 8:0x20010db800000000 8:2 2:0 2:0 "
			    "1:58 2:0x8000 8:3 8:300 8:1700006399000 4:1500");
	export_file_end(&f);
}

/* Two exporters with the same template id, and a packet that is none. */
static void sample_capture(struct ff_buf *b, bool ng, bool big)
{
	struct ff_buf m = FF_BUF_INIT;
	struct export_file f = {.b = &m};

	export_file_pcap(b, ng, big);
	export_file_message(&f, 9, 3);
	EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 8, 4, 0, 12, 4, 0, 2, 4);
	export_file_set(&f, 256);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 4:1");
	export_file_end(&f);
	export_file_packet(b, ng, big, 1, m.data, m.len);
	ff_buf_clear(&m);
	export_file_message(&f, 9, 3);
	EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 12, 4, 0, 8, 4, 0, 1, 4);
	export_file_set(&f, 256);
	export_file_put(&f, "4:0x0a000002 4:0xc0000202 4:40");
	export_file_end(&f);
	export_file_packet(b, ng, big, 2, m.data, m.len);
	ff_buf_clear(&m);
	export_file_message(&f, 9, 3);
	export_file_set(&f, 256);
	export_file_put(&f, "4:0xc0000203 4:0x0a000003 4:3");
	export_file_end(&f);
	export_file_packet(b, ng, big, 1, m.data, m.len);
	ff_buf_clear(&m);
	sample_v5(&m);
	export_file_packet(b, ng, big, 2, m.data, m.len);
	ff_buf_release(&m);
}

static void sample_pcap(struct ff_buf *b)
{
	sample_capture(b, false, false);
}

static void sample_pcapng(struct ff_buf *b)
{
	sample_capture(b, true, true);
}

/* As YAF writes: both directions, application, flags, payload of any length, options. */
static void sample_yaf(struct ff_buf *b)
{
	struct export_file f = {.b = b};

	export_file_message(&f, 10, 1);
	EXPORT_FILE_TEMPLATE(&f, 300, 1, 0, 149, 4, 0, 160, 8);
	export_file_set(&f, 300);
	export_file_put(&f, "4:1 8:1700000000000");
	EXPORT_FILE_TEMPLATE(&f, 45841, 0, 0, 152, 8, 0, 153, 8, 0, 1, 8, 29305, 1, 8, 0,
			     2, 4, 29305, 2, 4, 0, 8, 4, 0, 12, 4, 0, 7, 2, 0, 11, 2, 0,
			     4, 1, 0, 136, 1, 6871, 21, 4, 6871, 33, 2, 6871, 14, 1, 6871,
			     15, 1, 6871, 16398, 1, 6871, 16399, 1, 6871, 40, 2, 6871, 18,
			     65535);
	export_file_set(&f, 45841);
	export_file_put(&f, "8:1700006390000 8:1700006392500 8:600 8:4000 4:6 4:5 "
			    "4:0xc0000201 4:0x0a000001 2:40000 2:80 1:6 1:2 4:20 2:80 "
			    "1:2 1:0x19 1:0x12 1:0x18 2:1 1:3 3:0x414243");
	export_file_put(&f, "8:1700006391000 8:1700006391000 8:60 8:0 4:1 4:0 "
			    "4:0xc0000202 4:0x0a000001 2:40001 2:81 1:6 1:1 4:0 2:0 "
			    "1:2 1:0 1:0 1:0 2:0 1:255 2:0");
	export_file_end(&f);
}

/* Each way of saying when, a template each. */
static void sample_times(struct ff_buf *b)
{
	static const uint32_t kinds[][2] = {{150, 4}, {152, 8}, {154, 8}, {156, 8},
					    {22, 4},  {158, 4}, {322, 4}, {323, 8}};
	static const char *const values[] = {
		"4:1700006000 4:1700006002",
		"8:1700006000123 8:1700006002123",
		/* 1700006000 + 2208988800 in the upper half */
		"8:0xe8fe86f01f9acffa 8:0xe8fe86f21f9acffa",
		"8:0xe8fe86f080000001 8:0xe8fe86f280000001",
		"4:1000 4:3000",
		"4:2000000 4:1000000",
		"4:1700006000 4:0",
		"8:1700006000500 8:0",
	};
	struct export_file f = {.b = b};

	export_file_message(&f, 10, 1);
	for (unsigned i = 0; i < 8; i++) {
		uint32_t end = kinds[i][0] == 22 ? 21 : kinds[i][0] + 1;

		EXPORT_FILE_TEMPLATE(&f, 256 + i, 0, 0, 8, 4, 0, 12, 4, 0, kinds[i][0],
				     kinds[i][1], 0, i < 6 ? end : 999, kinds[i][1], 0,
				     i == 4 ? 160 : 999, 8);
		export_file_set(&f, 256 + i);
		export_file_put(&f, "4:0xc0000201 4:0x0a000001");
		export_file_put(&f, values[i]);
		export_file_put(&f, "8:1700006000000");
	}
	export_file_end(&f);
}

/* The same template id again with other fields, withdrawn, and in another domain. */
static void sample_redefined(struct ff_buf *b)
{
	struct export_file f = {.b = b};

	export_file_message(&f, 10, 1);
	EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 8, 4, 0, 12, 4, 0, 2, 4);
	export_file_set(&f, 256);
	export_file_put(&f, "4:0xc0000201 4:0x0a000001 4:1");
	EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 12, 4, 0, 8, 4, 0, 1, 2);
	export_file_set(&f, 256);
	export_file_put(&f, "4:0x0a000001 4:0xc0000202 2:40 1:0"); /* and padding */
	export_file_message(&f, 10, 2);
	EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 8, 4, 0, 12, 4, 0, 85, 8, 0, 86, 8);
	export_file_message(&f, 10, 1);
	export_file_template(&f, 256, 0, 0, NULL); /* withdrawn */
	export_file_set(&f, 256);		   /* waits for the next */
	export_file_put(&f, "4:0xc0000203 4:0x0a000001 1:17");
	EXPORT_FILE_TEMPLATE(&f, 256, 0, 0, 8, 4, 0, 12, 4, 0, 4, 1);
	export_file_message(&f, 10, 2);
	export_file_set(&f, 256);
	export_file_put(&f, "4:0xc0000204 4:0x0a000001 8:50 8:1");
	export_file_end(&f);
}

static const struct {
	const char *name;
	void (*make)(struct ff_buf *b);
} samples[] = {
	{"ipfix/redefined.ipfix", sample_redefined},
	{"ipfix/times.ipfix", sample_times},
	{"ipfix/yaf.ipfix", sample_yaf},
	{"netflow/exports.pcap", sample_pcap},
	{"netflow/exports.pcapng", sample_pcapng},
	{"netflow/v5.dat", sample_v5},
	{"netflow/v9.dat", sample_v9},
};

const char *export_file_name(size_t i)
{
	return i < sizeof samples / sizeof *samples ? samples[i].name : NULL;
}

void export_file_make(struct ff_buf *b, size_t i)
{
	samples[i].make(b);
	if (b->failed)
		abort();
}
