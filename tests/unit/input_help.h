/* SPDX-License-Identifier: MIT */
/* input_help - reads text held in memory into an array of flows, plain (decode() reads
 * the chunks) or gzipped (fetch() reads the stream). */
#ifndef FF_TEST_INPUT_HELP_H
#define FF_TEST_INPUT_HELP_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <flowfig/input.h>

struct read_result {
	struct ff_flow *flows;
	size_t count;
	int status;	   /* of opening or reading */
	struct ff_err err; /* its message */
	uint64_t bad;
	struct ff_err first_bad;
	uint64_t digest;
	char format[16];
	uint32_t carries;
};

static inline void read_release(struct read_result *r)
{
	free(r->flows);
	*r = (struct read_result){0};
}

static inline void read_source(struct read_result *r, struct ff_source *s)
{
	struct ff_input_info info;
	struct ff_lane lane = {0};
	struct ff_batch batch;
	size_t cap = 0;
	int n;

	assert_int_equal(ff_batch_init(&batch, 100, NULL), FF_OK);
	assert_int_equal(ff_source_describe(s, &info, NULL), FF_OK);
	r->carries = info.carries;
	snprintf(r->format, sizeof r->format, "%s", info.format);
	ff_buf_release(&info.more);
	while ((n = ff_source_next(s, &lane, &batch, &r->err)) > 0) {
		assert_int_equal(n, batch.count);
		if (r->count + batch.count > cap) {
			cap = 2 * (r->count + batch.count);
			r->flows = realloc(r->flows, cap * sizeof *r->flows);
			assert_non_null(r->flows);
		}
		memcpy(r->flows + r->count, batch.flows, batch.count * sizeof *r->flows);
		r->count += batch.count;
	}
	r->status = n;
	r->bad = ff_source_bad(s, &r->first_bad);
	r->digest = ff_source_digest(s);
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	ff_source_close(s);
}

static inline struct read_result read_memory(const void *data, size_t len,
					     struct ff_input_opts o)
{
	struct read_result r = {0};
	struct ff_site *site = NULL;
	struct ff_stream *in;
	struct ff_source *s;

	if (!o.site) {
		assert_int_equal(ff_site_new(&site, NULL), FF_OK);
		o.site = site;
	}
	assert_int_equal(ff_stream_memory(&in, "x.txt", data, len, NULL), FF_OK);
	r.status = ff_source_open_stream(&s, in, &o, &r.err);
	if (r.status == FF_OK)
		read_source(&r, s);
	ff_site_free(site);
	return r;
}

/* malloc'ed; *len becomes the length of the gzip member */
static inline uint8_t *gzip_memory(const void *data, size_t *len)
{
	z_stream z = {0};
	size_t cap = *len + *len / 100 + 1000;
	uint8_t *out = malloc(cap);

	assert_non_null(out);
	assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	z.next_in = (Bytef *)(uintptr_t)data;
	z.avail_in = (uInt)*len;
	z.next_out = out;
	z.avail_out = (uInt)cap;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	*len = z.total_out;
	deflateEnd(&z);
	return out;
}

static inline struct read_result read_gzip(const void *data, size_t len,
					   struct ff_input_opts o)
{
	uint8_t *gz = gzip_memory(data, &len);
	struct read_result r = read_memory(gz, len, o);

	free(gz);
	return r;
}

/* A flow as one line of what it carries, in a fixed order. */
static inline const char *flow_text(const struct ff_flow *f)
{
	static char text[512];
	char a[FF_ADDR_TEXT], b[FF_ADDR_TEXT];
	char fl[9], ini[9], ses[9], att[9];
	uint32_t p = f->present;
	size_t n = 0;

	text[0] = '\0';
#define PUT(field, ...)                                                                \
	do {                                                                           \
		if (p & FF_BIT(field))                                                 \
			n += (size_t)snprintf(text + n, sizeof text - n, __VA_ARGS__); \
	} while (0)
	PUT(FF_SIP, "%s", ff_format_addr(a, sizeof a, &f->sip));
	PUT(FF_DIP, " %s", ff_format_addr(b, sizeof b, &f->dip));
	PUT(FF_SPORT, " s%u", (unsigned)f->sport);
	PUT(FF_DPORT, " d%u", (unsigned)f->dport);
	PUT(FF_PROTOCOL, " p%u", (unsigned)f->protocol);
	PUT(FF_PACKETS, " k%llu", (unsigned long long)f->packets);
	PUT(FF_BYTES, " b%llu", (unsigned long long)f->bytes);
	PUT(FF_FLAGS, " f%s", ff_format_flags(fl, f->flags));
	PUT(FF_STIME, " @%lld", (long long)f->start_ns);
	PUT(FF_DURATION, " +%lld", (long long)(f->end_ns - f->start_ns));
	PUT(FF_SENSOR, " n%u", (unsigned)f->sensor);
	PUT(FF_FLOWTYPE, " t%u/%s", (unsigned)f->flowtype, ff_orient_names[f->orient]);
	PUT(FF_IN, " i%u", (unsigned)f->in);
	PUT(FF_OUT, " o%u", (unsigned)f->out);
	PUT(FF_NHIP, " h%s", ff_format_addr(a, sizeof a, &f->nhip));
	PUT(FF_INITIAL_FLAGS, " I%s", ff_format_flags(ini, f->initial_flags));
	PUT(FF_SESSION_FLAGS, " S%s", ff_format_flags(ses, f->session_flags));
	PUT(FF_ATTRIBUTES, " A%s", ff_format_attributes(att, f->attributes));
	PUT(FF_APPLICATION, " a%u", (unsigned)f->application);
	PUT(FF_ICMP_TYPE, " c%u.%u", (unsigned)f->icmp_type, (unsigned)f->icmp_code);
#undef PUT
	if (f->is_v6_record)
		snprintf(text + n, sizeof text - n, " v6");
	return text;
}

/* One row: text in, flows out (newline-separated) or, after "!", part of the message of
 * opening, or after "?", of the first damaged line. Each row is read plain and through
 * gzip. */
struct read_row {
	const char *text, *expected;
	struct ff_input_opts opts;
};
#define ROW(t, e)                        \
	{                                \
		.text = t, .expected = e \
	}
#define ROW_OPTS(t, e, ...)                                       \
	{                                                         \
		.text = t, .expected = e, .opts = { __VA_ARGS__ } \
	}

static inline void check_result(const struct read_row *row, const struct read_result *r)
{
	const char *e = row->expected;
	size_t i = 0;

	if (*e == '!') {
		if (r->status == FF_OK || !strstr(r->err.text, e + 1))
			fail_msg("%s\n  want %s\n  have status %d '%s', %zu flows",
				 row->text, e, r->status, r->err.text, r->count);
		return;
	}
	if (r->status != FF_OK)
		fail_msg("%s\n  status %d '%s'", row->text, r->status, r->err.text);
	while (*e && *e != '?') {
		size_t len = strcspn(e, "\n");
		const char *have = i < r->count ? flow_text(&r->flows[i]) : "(none)";

		if (strlen(have) != len || memcmp(have, e, len) != 0)
			fail_msg("%s\n  want %.*s\n  have %s\n  bad %llu '%s'", row->text,
				 (int)len, e, have, (unsigned long long)r->bad,
				 r->first_bad.text);
		e += len + (e[len] == '\n');
		i++;
	}
	if (i != r->count)
		fail_msg("%s\n  want %zu flows, have %zu", row->text, i, r->count);
	if (*e == '?' ? r->bad == 0 || !strstr(r->first_bad.text, e + 1) : r->bad != 0)
		fail_msg("%s\n  want %s\n  have %llu bad, '%s'", row->text, e,
			 (unsigned long long)r->bad, r->first_bad.text);
}

static inline void check_rows(const struct read_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(rows[i].text);
		struct read_result r = read_memory(rows[i].text, len, rows[i].opts);

		check_result(&rows[i], &r);
		read_release(&r);
		r = read_gzip(rows[i].text, len, rows[i].opts);
		check_result(&rows[i], &r);
		read_release(&r);
	}
}

#endif
