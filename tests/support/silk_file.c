/* SPDX-License-Identifier: MIT */
/* silk_file - see silk_file.h; what cannot fail here aborts the test. */
#include "support/silk_file.h"

#include "input/silk.h"
#include "support/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct ff_site *silk_file_the_site;

static void silk_file_must(int status, const struct ff_err *err)
{
	if (status == FF_OK)
		return;
	fprintf(stderr, "silk_file: %s\n", err->text);
	abort();
}

struct ff_site *silk_file_site(void)
{
	struct ff_err err;

	if (!silk_file_the_site)
		silk_file_must(ff_site_new(&silk_file_the_site, &err), &err);
	return silk_file_the_site;
}

void silk_file_free_site(void)
{
	ff_site_free(silk_file_the_site);
	silk_file_the_site = NULL;
}

void silk_file_header(struct ff_buf *f, bool big, unsigned format, unsigned version,
		      enum ff_codec codec, bool packed)
{
	const struct silk_layout *l = silk_layout_find(format, version);
	struct ff_buf p = FF_BUF_INIT;

	pack_silk_fixed(f, big, format, codec, l ? l->length : 52, version);
	if (packed) {
		pack_u64(&p, true, (uint64_t)SILK_FILE_HOUR_MS);
		pack_u32(&p, true, 1); /* out */
		pack_u32(&p, true, 9);
		pack_silk_entry(f, 1, p.data, p.len);
	}
	pack_silk_entry(f, 0, "", 0);
	ff_buf_release(&p);
}

void silk_file_generic(struct ff_buf *f, bool big, uint32_t i, unsigned proto,
		       unsigned sport, unsigned dport, unsigned flowtype)
{
	pack_u64(f, big, (uint64_t)SILK_FILE_HOUR_MS + i);
	pack_u32(f, big, 2500);
	pack_u16(f, big, sport);
	pack_u16(f, big, dport);
	ff_buf_addc(f, (char)proto);
	ff_buf_addc(f, (char)flowtype);
	pack_u16(f, big, flowtype == 255 ? 65535 : 12);
	ff_buf_add(f, "\x1b\x02\x19\x69", 4); /* FSPA, S, FPA; expanded, F, T, C */
	pack_u16(f, big, 443);
	pack_u16(f, big, 0xffff);
	pack_u16(f, big, 3);
	pack_u16(f, big, 65535);
	pack_u32(f, big, 4000000000U);
	pack_u32(f, big, 4100000000U);
	pack_u32(f, big, 0x0a000000 + i);
	pack_u32(f, big, 0xc0a80000 + i);
	pack_u32(f, big, 0x01020304);
}

struct ff_source *silk_file_source(const struct ff_buf *f, uint32_t want)
{
	struct ff_input_opts o = {.site = silk_file_site(), .want = want};
	struct ff_stream *stream;
	struct ff_source *s;
	struct ff_err err;

	silk_file_must(ff_stream_memory(&stream, "x.rw", f->data, f->len, &err), &err);
	silk_file_must(ff_source_open_stream(&s, stream, &o, &err), &err);
	return s;
}

size_t silk_file_read(struct ff_flow *flows, size_t cap, const struct ff_buf *f,
		      uint32_t want, uint64_t *bad, struct ff_err *err)
{
	struct ff_source *s = silk_file_source(f, want);
	struct ff_lane lane = {0};
	struct ff_batch batch;
	size_t n = 0;
	int got;

	silk_file_must(ff_batch_init(&batch, 7, err), err);
	memset(batch.flows, 0xaa, 7 * sizeof(*batch.flows)); /* left by another reader */
	while ((got = ff_source_next(s, &lane, &batch, err)) > 0) {
		for (size_t i = 0; i < batch.count && n < cap; i++)
			flows[n++] = batch.flows[i];
	}
	*bad = got == 0 ? ff_source_bad(s, err) : 0;
	if (got == 0 && *bad == 0)
		err->text[0] = 0;
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	ff_source_close(s);
	return n;
}
