/* SPDX-License-Identifier: MIT */
/* pcap_help - frames that are put together header by header, read as files. */
#ifndef FF_TEST_PCAP_HELP_H
#define FF_TEST_PCAP_HELP_H

#include "input_help.h"
#include "support/packets.h"

enum { LINK_ETHERNET = 1, LINK_RAW = 101, LINK_WLAN = 105 };
#define S FF_SEC

static struct ff_buf frame;

static inline int release(void **state)
{
	(void)state;
	ff_buf_release(&frame);
	return 0;
}

/* Plain and gzipped: the flows in `want`, a line each; how many frames held none. */
static inline void check_file(struct packets_file *f, const struct ff_input_opts *o,
			      const char *want)
{
	struct read_row row = {.text = "", .expected = want};

	assert_false(f->out.failed);
	for (int gz = 0; gz < 2; gz++) {
		struct read_result r = (gz ? read_gzip : read_memory)(
			f->out.data, f->out.len, o ? *o : (struct ff_input_opts){0});

		check_result(&row, &r);
		if (*want != '!')
			assert_string_equal(r.format, "pcap");
		read_release(&r);
	}
}

static inline void finish(struct packets_file *f, const struct ff_input_opts *o,
			  const char *want)
{
	check_file(f, o, want);
	ff_buf_release(&f->out);
}

/* One frame, the one that was put together, at 0. */
static inline void one(int link, const char *want)
{
	struct packets_file f = {.link = link};

	packets_begin(&f);
	packets_add(&f, 0, &frame);
	finish(&f, NULL, want);
}

/* What every frame below carries, and how it comes out. */
static inline void udp(void)
{
	packets_v4(&frame, 1, 2, 17, 8 + 4);
	packets_udp(&frame, 53, 5353, 4);
	packets_fill(&frame, 4);
}
#define UDP "10.0.0.1 10.0.0.2 s53 d5353 p17 k1 b32 f @0 +0 I S A"

static inline void udp6(void)
{
	packets_v6(&frame, 1, 2, 17, 8 + 4);
	packets_udp(&frame, 53, 5353, 4);
	packets_fill(&frame, 4);
}
#define UDP6 "fd00::1 fd00::2 s53 d5353 p17 k1 b52 f @0 +0 I S A v6"

static inline void bytes(const char *hex)
{
	unsigned v;

	for (; sscanf(hex, "%2x", &v) == 1; hex += strspn(hex + 2, " ") + 2) {
		packets_u8(&frame, v);
		if (strlen(hex) <= 2)
			break;
	}
}

#endif
