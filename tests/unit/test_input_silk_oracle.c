/* SPDX-License-Identifier: MIT */
/* Every SiLK sample must decode to the text that rwcut prints of it. Needs the shared
 * samples (FF_SHARED); skipped without them. */
#include <flowfig/input.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TITLE                                                                           \
	"sIP|dIP|sPort|dPort|protocol|packets|bytes|flags|sTime|duration|eTime|sensor|" \
	"class|type|"                                                                   \
	"in|out|nhIP|initialFlags|sessionFlags|attributes|application|iType|iCode\n"

static char data[512]; /* the folder of the SiLK samples */
static struct ff_site *site;

static char *path_of(char *buf, size_t cap, const char *name)
{
	snprintf(buf, cap, "%s/%s", data, name);
	return buf;
}

/* The whole file, decompressed. */
static void slurp(struct ff_buf *out, const char *path)
{
	struct ff_stream *s;
	struct ff_err err;
	ptrdiff_t got;

	if (ff_stream_open(&s, path, &err) != FF_OK)
		fail_msg("%s", err.text);
	do {
		assert_int_equal(ff_buf_reserve(out, 65536), FF_OK);
		got = ff_stream_read(s, out->data + out->len, 65536, &err);
		if (got < 0)
			fail_msg("%s", err.text);
		out->len += (size_t)got;
	} while (got > 0);
	ff_buf_addc(out, 0);
	out->len--;
	ff_stream_close(s);
}

/* ---- rwcut's text ---- */

/* An IPv4 address in an IPv6 record is written as IPv6; an absent one as zero. */
static const char *addr_text(char *buf, size_t cap, const struct ff_flow *f,
			     const struct ff_addr *a, bool present)
{
	char v4[FF_ADDR_TEXT];

	if (!present)
		return f->is_v6_record ? "::" : "0.0.0.0";
	if (!f->is_v6_record || !ff_addr_is_v4(a))
		return ff_format_addr(buf, cap, a);
	snprintf(buf, cap, "::ffff:%s", ff_format_addr(v4, sizeof(v4), a));
	return buf;
}

static const char *time_text(char *buf, size_t cap, int64_t ns)
{
	struct ff_date d;

	ff_date_from_time(&d, ns);
	snprintf(buf, cap, "%04d/%02d/%02dT%02d:%02d:%02d.%03d", d.year, d.month, d.day,
		 d.hour, d.minute, d.second, d.nanosecond / 1000000);
	return buf;
}

static void cut_line(struct ff_buf *out, const struct ff_flow *f)
{
	char a[64], b[64], c[64], d[64], e[64], initial[9], session[9], all[9],
		attributes[5];
	bool icmp = f->present & FF_BIT(FF_ICMP_TYPE);
	bool typed = f->present & FF_BIT(FF_FLOWTYPE);
	const struct ff_site_type *t =
		ff_site_type(site, typed ? f->flowtype : FF_FLOWTYPE_NONE);
	unsigned dport = icmp ? (unsigned)(f->icmp_type << 8 | f->icmp_code) : f->dport;
	int64_t ms = (f->end_ns - f->start_ns) / FF_MS;

	ff_buf_addf(
		out,
		"%s|%s|%u|%u|%u|%" PRIu64 "|%" PRIu64 "|%s|%s|%" PRId64 ".%03d|%s|%s|",
		addr_text(a, sizeof(a), f, &f->sip, true),
		addr_text(b, sizeof(b), f, &f->dip, true), f->sport, dport, f->protocol,
		f->packets, f->bytes, ff_format_flags(all, f->flags),
		time_text(c, sizeof(c), f->start_ns), ms / 1000, (int)(ms % 1000),
		time_text(d, sizeof(d), f->end_ns),
		ff_site_sensor(
			site, f->present & FF_BIT(FF_SENSOR) ? f->sensor : FF_SENSOR_NONE,
			e, sizeof(e)));
	if (t->known)
		ff_buf_addf(out, "%s|%s|", t->class_name, t->type_name);
	else
		ff_buf_addf(out, "?|%u|", typed ? f->flowtype : FF_FLOWTYPE_NONE);
	ff_buf_addf(out, "%u|%u|%s|%s|%s|%s|%u|", f->in, f->out,
		    addr_text(a, sizeof(a), f, &f->nhip, f->present & FF_BIT(FF_NHIP)),
		    ff_format_flags(initial, f->initial_flags),
		    ff_format_flags(session, f->session_flags),
		    ff_format_attributes(attributes, f->attributes), f->application);
	if (icmp)
		ff_buf_addf(out, "%u|%u\n", f->icmp_type, f->icmp_code);
	else
		ff_buf_adds(out, "|\n");
}

/* Decodes a file to text. Returns the status; *bad is the number of damaged records. */
static int cut(struct ff_buf *out, const char *path, size_t cap, uint64_t *bad,
	       struct ff_err *err)
{
	struct ff_input_opts opts = {.site = site};
	struct ff_source *source;
	struct ff_lane lane = {0};
	struct ff_batch batch;
	int got = ff_source_open(&source, path, &opts, err);

	*bad = 0;
	ff_buf_adds(out, TITLE);
	if (got != FF_OK)
		return got;
	assert_int_equal(ff_batch_init(&batch, cap, NULL), FF_OK);
	while ((got = ff_source_next(source, &lane, &batch, err)) > 0) {
		for (size_t i = 0; i < batch.count; i++)
			cut_line(out, &batch.flows[i]);
	}
	if (got == 0)
		*bad = ff_source_bad(source, err);
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	ff_source_close(source);
	return got;
}

static void compare(const char *file, const char *got, const char *want)
{
	unsigned line = 1;

	while (*got && *want) {
		size_t a = strcspn(got, "\n"), b = strcspn(want, "\n");

		if (a != b || memcmp(got, want, a) != 0)
			fail_msg("%s, line %u\ngot  %.*s\nwant %.*s", file, line, (int)a,
				 got, (int)b, want);
		got += a + (got[a] != 0);
		want += b + (want[b] != 0);
		line++;
	}
	if (*got || *want)
		fail_msg("%s: %s after %u lines", file, *got ? "too long" : "too short",
			 line - 1);
}

static void check(const char *file, const char *oracle, size_t cap)
{
	struct ff_buf got = FF_BUF_INIT, want = FF_BUF_INIT;
	struct ff_err err = {0};
	char path[1024];
	uint64_t bad;

	slurp(&want, path_of(path, sizeof(path), oracle));
	if (cut(&got, path_of(path, sizeof(path), file), cap, &bad, &err) != 0 ||
	    bad != 0)
		fail_msg("%s: %s", file, err.text);
	compare(file, ff_buf_str(&got), ff_buf_str(&want));
	ff_buf_release(&got);
	ff_buf_release(&want);
}

/* ---- the samples ---- */

static int open_samples(void **state)
{
	const char *shared = getenv("FF_SHARED");
	struct ff_buf text = FF_BUF_INIT;
	struct stat st;
	char path[1024];

	(void)state;
	snprintf(data, sizeof(data), "%s/data/silk", shared ? shared : "../shared");
	if (stat(path_of(path, sizeof(path), "silk.conf"), &st) != 0) {
		data[0] = 0;
		return 0;
	}
	slurp(&text, path);
	if (ff_site_parse(&site, path, ff_buf_str(&text), text.len, NULL) != FF_OK)
		return -1;
	ff_buf_release(&text);
	return 0;
}

static int close_samples(void **state)
{
	(void)state;
	ff_site_free(site);
	return 0;
}

static void full_samples(void **state)
{
	static const char *const kinds[] = {"v4", "v6", "mixed"};
	char path[1024], oracle[64], name[512];
	struct dirent *e;
	unsigned files = 0;
	DIR *dir;

	(void)state;
	if (!data[0])
		skip();
	dir = opendir(path_of(path, sizeof(path), "full"));
	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL) {
		for (size_t k = 0; k < 3; k++) {
			if (strncmp(e->d_name, kinds[k], strlen(kinds[k])) != 0)
				continue;
			snprintf(name, sizeof(name), "full/%.200s", e->d_name);
			snprintf(oracle, sizeof(oracle), "oracle/full-%s.cut.txt.gz",
				 kinds[k]);
			check(name, oracle, FF_BATCH_FLOWS);
			files++;
		}
	}
	closedir(dir);
	assert_true(files >= 23);
}

static void empty_sample(void **state)
{
	struct ff_buf got = FF_BUF_INIT;
	struct ff_err err = {0};
	char path[1024];
	uint64_t bad;

	(void)state;
	if (!data[0])
		skip();
	assert_int_equal(
		cut(&got, path_of(path, sizeof(path), "full/empty.rw"), 10, &bad, &err),
		0);
	assert_int_equal(bad, 0);
	assert_string_equal(ff_buf_str(&got), TITLE);
	ff_buf_release(&got);
}

/* FT_<format>-v<n>-c<codec>-<B|L>.dat, all variants with one text */
static void all_formats(void **state)
{
	static const char *const sets[] = {"pack", "pack6", "web"};
	char path[1024], oracle[256], name[512];
	unsigned files = 0;

	(void)state;
	if (!data[0])
		skip();
	for (size_t k = 0; k < 3; k++) {
		struct dirent *e;
		DIR *dir;

		snprintf(name, sizeof(name), "allfmt/%s", sets[k]);
		dir = opendir(path_of(path, sizeof(path), name));
		assert_non_null(dir);
		while ((e = readdir(dir)) != NULL) {
			const char *codec = strstr(e->d_name, "-c");

			if (e->d_name[0] == '.' || !codec)
				continue;
			snprintf(name, sizeof(name), "allfmt/%s/%.200s", sets[k],
				 e->d_name);
			snprintf(oracle, sizeof(oracle),
				 "oracle/allfmt-%s-%.*s.cut.txt.gz", sets[k],
				 (int)(codec - e->d_name), e->d_name);
			check(name, oracle, 97); /* batches that end within blocks */
			files++;
		}
		closedir(dir);
	}
	assert_int_equal(files, 1016);
}

static void quirks(void **state)
{
	(void)state;
	if (!data[0])
		skip();
	check("quirk/FT_RWSPLIT-v5-c0-B.dat", "quirk/FT_RWSPLIT-v5.cut.txt", 3);
	check("quirk/FT_RWSPLIT-v5-c0-L.dat", "quirk/FT_RWSPLIT-v5.cut.txt", 3);
}

static unsigned count_lines(const char *s)
{
	unsigned n = 0;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}

/* What is told of damaged files, and that what stands before the damage is delivered. */
static void damaged(void **state)
{
	static const struct {
		const char *file, *message;
		int status;
		uint64_t bad;
		unsigned lines; /* with the title */
	} rows[] = {
		{"block-corrupt.rw", "zlib block does not decompress", 0, 2520, 1},
		{"block-huge.rw", "larger than SiLK makes them", FF_EFORMAT, 0, 1},
		{"compmethod9.rw", "unknown compression 9", FF_EFORMAT, 0, 1},
		{"hdrentry-huge.rw", "cannot be", FF_EFORMAT, 0, 1},
		{"hdrentry-short.rw", "cannot be", FF_EFORMAT, 0, 1},
		{"magic.rw", "no flow file", FF_EFORMAT, 0, 1},
		{"reclen48.rw", "48 bytes a record, but FT_RWGENERIC version 5 has 52",
		 FF_EFORMAT, 0, 1},
		{"trunc-block.rw", "block cut short", 0, 1260, 1},
		{"trunc-header.rw", "ends within its SiLK header", FF_EFORMAT, 0, 1},
		{"trunc-record.rw", "record cut short: 36 of 52 bytes", 0, 1, 57},
		{"version7.rw", "FT_RWGENERIC records of version 7", FF_EFORMAT, 0, 1},
		{"zero-records.rw", "", 0, 0, 1},
	};

	(void)state;
	if (!data[0])
		skip();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ff_buf got = FF_BUF_INIT;
		struct ff_err err = {0};
		char path[1024], name[64];
		uint64_t bad;
		int status;

		snprintf(name, sizeof(name), "bad/%s", rows[i].file);
		status = cut(&got, path_of(path, sizeof(path), name), 1000, &bad, &err);
		if (status != rows[i].status || bad != rows[i].bad ||
		    count_lines(ff_buf_str(&got)) != rows[i].lines ||
		    !strstr(err.text, rows[i].message) ||
		    (rows[i].message[0] && !strstr(err.text, rows[i].file)))
			fail_msg("%s: status %d, %" PRIu64 " bad, %u lines: %s",
				 rows[i].file, status, bad, count_lines(ff_buf_str(&got)),
				 err.text);
		ff_buf_release(&got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_samples), cmocka_unit_test(empty_sample),
		cmocka_unit_test(all_formats),	cmocka_unit_test(quirks),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, open_samples, close_samples);
}
