/* SPDX-License-Identifier: MIT */
#include "support/packets.h"
#include "support/pack.h"

/* ---- files ---- */

void packets_block(struct packets_file *f, uint32_t type, const void *data, size_t len)
{
	size_t padded = (len + 3) & ~(size_t)3;

	pack_u32(&f->out, f->big, type);
	pack_u32(&f->out, f->big, (uint32_t)(12 + padded));
	ff_buf_add(&f->out, data, len);
	for (; len < padded; len++)
		ff_buf_addc(&f->out, 0);
	pack_u32(&f->out, f->big, (uint32_t)(12 + padded));
}

void packets_interface(struct packets_file *f, int link, uint32_t snaplen)
{
	struct ff_buf b = FF_BUF_INIT;

	pack_u16(&b, f->big, (unsigned)link);
	pack_u16(&b, f->big, 0);
	pack_u32(&b, f->big, snaplen);
	if (f->nano) { /* if_tsresol 9, end of options */
		pack_u16(&b, f->big, 9);
		pack_u16(&b, f->big, 1);
		ff_buf_add(&b, "\x09\0\0", 4);
		pack_u32(&b, f->big, 0);
	}
	packets_block(f, 1, b.data, b.len);
	ff_buf_release(&b);
}

void packets_begin(struct packets_file *f)
{
	struct ff_buf b = FF_BUF_INIT;

	if (f->snaplen == 0)
		f->snaplen = 65535;
	if (f->ng) {
		pack_u32(&b, f->big, 0x1a2b3c4d);
		pack_u16(&b, f->big, 1);
		pack_u16(&b, f->big, 0);
		pack_u64(&b, f->big, UINT64_MAX);
		packets_block(f, 0x0a0d0d0a, b.data, b.len);
		packets_interface(f, f->link, f->snaplen);
		ff_buf_release(&b);
		return;
	}
	pack_u32(&f->out, f->big, f->nano ? 0xa1b23c4d : 0xa1b2c3d4);
	pack_u16(&f->out, f->big, 2);
	pack_u16(&f->out, f->big, 4);
	pack_u64(&f->out, f->big, 0);
	pack_u32(&f->out, f->big, f->snaplen);
	pack_u32(&f->out, f->big, (uint32_t)f->link);
}

void packets_add(struct packets_file *f, int64_t time_ns, struct ff_buf *frame)
{
	size_t captured = frame->len < f->snaplen ? frame->len : f->snaplen;
	uint64_t ticks = (uint64_t)time_ns / (f->nano ? 1 : 1000);
	uint64_t second = f->nano ? (uint64_t)FF_SEC : 1000000;
	struct ff_buf b = FF_BUF_INIT;

	if (f->ng) {
		pack_u32(&b, f->big, 0);
		pack_u32(&b, f->big, (uint32_t)(ticks >> 32));
		pack_u32(&b, f->big, (uint32_t)ticks);
	} else {
		pack_u32(&b, f->big, (uint32_t)(ticks / second));
		pack_u32(&b, f->big, (uint32_t)(ticks % second));
	}
	pack_u32(&b, f->big, (uint32_t)captured);
	pack_u32(&b, f->big, (uint32_t)frame->len);
	ff_buf_add(&b, frame->data, captured);
	if (f->ng)
		packets_block(f, 6, b.data, b.len);
	else
		ff_buf_add(&f->out, b.data, b.len);
	ff_buf_release(&b);
	ff_buf_clear(frame);
}

/* ---- headers ---- */

void packets_u8(struct ff_buf *b, unsigned v)
{
	ff_buf_addc(b, (char)v);
}

void packets_u16(struct ff_buf *b, unsigned v)
{
	pack_u16(b, true, v);
}

void packets_u32(struct ff_buf *b, uint32_t v)
{
	pack_u32(b, true, v);
}

void packets_fill(struct ff_buf *b, size_t n)
{
	while (n-- > 0)
		ff_buf_addc(b, 'x');
}

void packets_ethernet(struct ff_buf *b, unsigned type)
{
	ff_buf_add(b, "\x02\0\0\0\0\x01\x02\0\0\0\0\x02", 12);
	packets_u16(b, type);
}

void packets_vlan(struct ff_buf *b, unsigned id, unsigned type)
{
	packets_u16(b, id);
	packets_u16(b, type);
}

void packets_mpls(struct ff_buf *b, uint32_t label, bool last)
{
	packets_u32(b, label << 12 | (last ? 0x100 : 0) | 64);
}

void packets_v4_fragment(struct ff_buf *b, unsigned src, unsigned dst, unsigned protocol,
			 size_t payload, unsigned id, unsigned fragment)
{
	packets_u16(b, 0x4500);
	packets_u16(b, (unsigned)(20 + payload));
	packets_u16(b, id);
	packets_u16(b, fragment);
	packets_u8(b, 64);
	packets_u8(b, protocol);
	packets_u16(b, 0); /* checksum: nobody looks */
	packets_u32(b, 0x0a000000 + src);
	packets_u32(b, 0x0a000000 + dst);
}

void packets_v4(struct ff_buf *b, unsigned src, unsigned dst, unsigned protocol,
		size_t payload)
{
	packets_v4_fragment(b, src, dst, protocol, payload, 0, 0);
}

void packets_v6(struct ff_buf *b, unsigned src, unsigned dst, unsigned next,
		size_t payload)
{
	packets_u32(b, 0x60000000);
	packets_u16(b, (unsigned)payload);
	packets_u8(b, next);
	packets_u8(b, 64);
	for (int i = 0; i < 2; i++) {
		packets_u32(b, 0xfd000000);
		packets_u32(b, 0);
		packets_u32(b, 0);
		packets_u32(b, i ? dst : src);
	}
}

void packets_extension(struct ff_buf *b, unsigned next, unsigned more)
{
	packets_u8(b, next);
	packets_u8(b, more);
	for (size_t i = 2; i < 8 * (1 + (size_t)more); i++)
		packets_u8(b, 0);
}

void packets_v6_fragment(struct ff_buf *b, unsigned next, uint32_t id, unsigned offset,
			 bool more)
{
	packets_u8(b, next);
	packets_u8(b, 0);
	packets_u16(b, offset << 3 | more);
	packets_u32(b, id);
}

void packets_tcp(struct ff_buf *b, unsigned sport, unsigned dport, unsigned flags)
{
	packets_u16(b, sport);
	packets_u16(b, dport);
	packets_u32(b, 1);
	packets_u32(b, 2);
	packets_u8(b, 0x50);
	packets_u8(b, flags);
	packets_u16(b, 1024);
	packets_u32(b, 0);
}

void packets_udp(struct ff_buf *b, unsigned sport, unsigned dport, size_t payload)
{
	packets_u16(b, sport);
	packets_u16(b, dport);
	packets_u16(b, (unsigned)(8 + payload));
	packets_u16(b, 0);
}

void packets_icmp(struct ff_buf *b, unsigned type, unsigned code)
{
	packets_u8(b, type);
	packets_u8(b, code);
	packets_u16(b, 0);
	packets_u32(b, 0);
}

/* ---- samples ---- */

static const int64_t sample_start = INT64_C(1711929600) * FF_SEC;

/* Both ways of a connection, an echo, IPv6 behind an extension header. */
static void sample_talk(struct packets_file *f, void (*link)(struct ff_buf *, unsigned))
{
	struct ff_buf b = FF_BUF_INIT;
	static const uint8_t flags[] = {0x02, 0x12, 0x10, 0x18, 0x11, 0x11, 0x10};
	int64_t t = sample_start;

	for (unsigned i = 0; i < sizeof flags; i++, t += FF_SEC / 8) {
		bool back = i == 1 || i == 5;

		link(&b, 0x0800);
		packets_v4(&b, back ? 2 : 1, back ? 1 : 2, 6, 20 + (i == 3) * 30);
		packets_tcp(&b, back ? 443 : 40000, back ? 40000 : 443, flags[i]);
		packets_fill(&b, (i == 3) * 30);
		packets_add(f, t, &b);
	}
	for (unsigned i = 0; i < 2; i++, t += FF_SEC) {
		link(&b, 0x0800);
		packets_v4(&b, 3 + i, 4 - i, 1, 8);
		packets_icmp(&b, i ? 0 : 8, 0);
		packets_add(f, t, &b);
	}
	link(&b, 0x86dd);
	packets_v6(&b, 1, 2, 0, 8 + 8 + 4);
	packets_extension(&b, 17, 0);
	packets_udp(&b, 5353, 53, 4);
	packets_fill(&b, 4);
	packets_add(f, t, &b);
	ff_buf_release(&b);
}

static void sample_ethernet(struct ff_buf *b, unsigned type)
{
	packets_ethernet(b, type);
}

static void sample_tagged(struct ff_buf *b, unsigned type)
{
	packets_ethernet(b, 0x88a8);
	packets_vlan(b, 7, 0x8100);
	packets_vlan(b, 9, type);
}

static void sample_cooked(struct ff_buf *b, unsigned type)
{
	ff_buf_add(b, "\0\0\0\x01\0\x06\x02\0\0\0\0\x01\0\0", 14);
	packets_u16(b, type);
}

static void sample_raw(struct ff_buf *b, unsigned type)
{
	(void)b;
	(void)type;
}

static void sample_wlan(struct ff_buf *b, unsigned type)
{
	/* a radiotap header with flags, then data with QoS */
	ff_buf_add(b, "\0\0\x09\0\x02\0\0\0\0", 9);
	ff_buf_add(b, "\x88\x01\0\0", 4);
	for (int i = 0; i < 18; i++)
		packets_u8(b, 2);
	packets_u16(b, 0);
	packets_u16(b, 0);
	ff_buf_add(b, "\xaa\xaa\x03\0\0\0", 6);
	packets_u16(b, type);
}

/* Fragments, labels, PPPoE, ARP, a cut packet. */
static void sample_odd(struct packets_file *f)
{
	struct ff_buf b = FF_BUF_INIT;
	int64_t t = sample_start;

	packets_ethernet(&b, 0x0800);
	packets_v4_fragment(&b, 1, 2, 17, 16, 77, PACKETS_MORE);
	packets_udp(&b, 9, 10, 24);
	packets_fill(&b, 8);
	packets_add(f, t, &b);
	packets_ethernet(&b, 0x0800);
	packets_v4_fragment(&b, 1, 2, 17, 16, 77, 2);
	packets_fill(&b, 16);
	packets_add(f, t + 1000, &b);
	packets_ethernet(&b, 0x86dd);
	packets_v6(&b, 1, 2, 44, 8 + 16);
	packets_v6_fragment(&b, 17, 5, 0, true);
	packets_udp(&b, 11, 12, 24);
	packets_fill(&b, 8);
	packets_add(f, t + 2000, &b);
	packets_ethernet(&b, 0x8847);
	packets_mpls(&b, 100, false);
	packets_mpls(&b, 101, true);
	packets_v4(&b, 5, 6, 47, 4);
	packets_fill(&b, 4);
	packets_add(f, t + 3000, &b);
	packets_ethernet(&b, 0x8864);
	ff_buf_add(&b, "\x11\0\0\x01\0\x1e\0\x21", 8);
	packets_v4(&b, 5, 6, 17, 8);
	packets_udp(&b, 13, 14, 0);
	packets_add(f, t + 4000, &b);
	packets_ethernet(&b, 0x0806);
	packets_fill(&b, 28);
	packets_add(f, t + 5000, &b);
	ff_buf_release(&b);
}

static const struct {
	const char *name;
	struct packets_file file;
	void (*link)(struct ff_buf *, unsigned);
} samples[] = {
	{"ethernet", {.link = 1}, sample_ethernet},
	{"big-nano", {.link = 1, .big = true, .nano = true}, sample_tagged},
	{"cooked-short", {.link = 113, .snaplen = 60}, sample_cooked},
	{"raw-ng", {.link = 101, .ng = true, .nano = true}, sample_raw},
	{"wlan", {.link = 127}, sample_wlan},
	{"odd-ng", {.link = 1, .ng = true, .big = true}, NULL},
};

size_t packets_sample_count(void)
{
	return sizeof samples / sizeof *samples;
}

const char *packets_sample(struct ff_buf *out, size_t i)
{
	struct packets_file f = samples[i].file;

	packets_begin(&f);
	if (samples[i].link)
		sample_talk(&f, samples[i].link);
	else
		sample_odd(&f);
	*out = f.out;
	return samples[i].name;
}
