/* SPDX-License-Identifier: MIT */
/* input/source: chunks, lanes, damaged records, digests; and hostile text */
#include "input_help.h"

#include "support/pack.h"

#include <pthread.h>
#include <unistd.h>

#define MIB (UINT64_C(1) << 20)

/* ---- a large text, made here ---- */

struct text {
	char *s;
	size_t len, cap;
};

static void text_add(struct text *t, const char *s, size_t n)
{
	if (t->len + n > t->cap) {
		t->cap = 2 * (t->len + n);
		t->s = realloc(t->s, t->cap);
		assert_non_null(t->s);
	}
	memcpy(t->s + t->len, s, n);
	t->len += n;
}

/* Line i is a flow of its own: its sum over any order of reading is known. */
static void text_add_flow(struct text *t, unsigned i)
{
	char line[128];
	int n = snprintf(line, sizeof line, "10.%u.%u.%u,192.0.2.%u,%u.%03u,%u\n",
			 i >> 16 & 255, i >> 8 & 255, i & 255, i % 251,
			 1700000000 + i / 7, i % 1000, i % 65536);

	text_add(t, line, (size_t)n);
}

static struct text text_of_flows(unsigned n)
{
	struct text t = {0};

	text_add(&t, "sip,dip,stime,sport\n", 20);
	for (unsigned i = 0; i < n; i++)
		text_add_flow(&t, i);
	return t;
}

static uint64_t flow_sum(const struct ff_flow *f)
{
	return ff_mix64(ff_addr_to_v4(&f->sip) + ff_mix64(ff_addr_to_v4(&f->dip)) +
			ff_mix64((uint64_t)f->start_ns) + f->sport);
}

/* ---- many lanes ---- */

struct lanes {
	struct ff_source *source;
	pthread_mutex_t lock;
	uint64_t flows, sum;
};

static int lanes_run(void *arg, unsigned i, struct ff_err *err)
{
	struct lanes *l = arg;
	struct ff_lane lane = {0};
	struct ff_batch batch;
	uint64_t flows = 0, sum = 0;
	int n;

	assert_int_equal(ff_batch_init(&batch, 64 + i, err), FF_OK);
	while ((n = ff_source_next(l->source, &lane, &batch, err)) > 0)
		for (size_t k = 0; k < batch.count; k++, flows++)
			sum += flow_sum(&batch.flows[k]);
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	pthread_mutex_lock(&l->lock);
	l->flows += flows;
	l->sum += sum;
	pthread_mutex_unlock(&l->lock);
	return n;
}

struct totals {
	uint64_t flows, sum, bad, digest;
	struct ff_err first_bad;
};

static struct totals read_lanes_as(const char *format, const void *data, size_t len,
				   unsigned nlanes)
{
	struct lanes l = {.lock = PTHREAD_MUTEX_INITIALIZER};
	struct ff_input_opts o = {.format = format};
	struct ff_stream *in;
	struct totals t;
	struct ff_err err;

	assert_int_equal(ff_site_new(&o.site, NULL), FF_OK);
	assert_int_equal(ff_stream_memory(&in, "big.csv", data, len, NULL), FF_OK);
	assert_int_equal(ff_source_open_stream(&l.source, in, &o, &err), FF_OK);
	assert_int_equal(ff_source_digest(l.source), 0); /* not at the end yet */
	if (ff_parallel(nlanes, lanes_run, &l, &err) < 0)
		fail_msg("%s", err.text);
	t.flows = l.flows;
	t.sum = l.sum;
	t.bad = ff_source_bad(l.source, &t.first_bad);
	t.digest = ff_source_digest(l.source);
	if (t.digest)
		assert_int_equal(ff_source_bytes_done(l.source), len);
	assert_int_equal(ff_source_bytes_total(l.source), len);
	ff_source_close(l.source);
	ff_site_free(o.site);
	return t;
}

static struct totals read_lanes(const void *data, size_t len, unsigned nlanes)
{
	return read_lanes_as(NULL, data, len, nlanes);
}

/* As file.h defines it. */
static uint64_t digest_of(const char *s, size_t len)
{
	uint8_t digests[64 * 8];
	size_t n = 0;

	for (size_t at = 0; at < len; at += MIB) {
		uint64_t d = ff_digest64(s + at, len - at < MIB ? len - at : MIB);

		assert_true(n + 8 <= sizeof digests);
		for (unsigned k = 0; k < 8; k++)
			digests[n++] = (uint8_t)(d >> (8 * k));
	}
	return ff_digest64(digests, n);
}

static void test_source_lanes(void **state)
{
	struct text t = text_of_flows(130000); /* more than five chunks */
	size_t gz_len = t.len;
	uint8_t *gz = gzip_memory(t.s, &gz_len);
	uint64_t sum = 0;

	(void)state;
	assert_true(t.len > 5 * MIB);
	for (unsigned i = 0; i < 130000; i++) {
		struct ff_flow f = {.sip = ff_addr_from_v4(10U << 24 | (i & 0xffffff)),
				    .dip = ff_addr_from_v4(0xc0000200 + i % 251),
				    .start_ns = (1700000000 + (int64_t)(i / 7)) * FF_SEC +
						i % 1000 * FF_MS,
				    .sport = (uint16_t)i};

		sum += flow_sum(&f);
	}
	for (unsigned n = 1; n <= 4; n++) {
		struct totals plain = read_lanes(t.s, t.len, n),
			      zip = read_lanes(gz, gz_len, n);

		assert_int_equal(plain.flows, 130000);
		assert_int_equal(plain.bad, 0);
		assert_true(plain.sum == sum);
		assert_true(plain.digest == digest_of(t.s, t.len));
		assert_int_equal(zip.flows, 130000);
		assert_true(zip.sum == sum);
		assert_true(zip.digest == digest_of((const char *)gz, gz_len));
	}
	free(gz);
	free(t.s);
}

/* Lines may end anywhere around the border of a chunk, also exactly on it. */
static void test_source_borders(void **state)
{
	(void)state;
	for (unsigned shift = 0; shift < 45; shift++) { /* the length of a line */
		struct text t = {0};
		unsigned n = 0;
		struct totals plain;

		text_add(&t, "sip,dip,stime,sport\n", 20);
		for (unsigned k = 0; k < shift; k++)
			text_add(&t, "\n", 1);
		while (t.len < 3 * MIB + 70 + shift)
			text_add_flow(&t, n++);
		t.len -= shift % 2; /* the last newline may be missing */
		plain = read_lanes(t.s, t.len, 2);
		assert_int_equal(plain.flows, n);
		assert_int_equal(plain.bad, 0);
		assert_true(plain.digest == digest_of(t.s, t.len));
		free(t.s);
	}
}

/* The title line may end on, before and behind the border of the first MiB. */
static void test_source_late_title(void **state)
{
	(void)state;
	for (int d = -30; d <= 30; d += 3) {
		struct text t = {0};
		struct totals plain;
		char *comment = malloc(2 * MIB);

		assert_non_null(comment);
		memset(comment, 'x', 2 * MIB); /* long comments before the title */
		for (size_t i = 0; i < 2 * MIB; i += 60000)
			comment[i] = '#';
		for (size_t i = 59999; i < 2 * MIB; i += 60000)
			comment[i] = '\n';
		text_add(&t, comment, (size_t)((int64_t)MIB - 20 + d));
		t.s[t.len - 1] = '\n';
		text_add(&t, "sip,dip,stime,sport\n", 20);
		for (unsigned i = 0; i < 60000; i++)
			text_add_flow(&t, i);
		plain = read_lanes_as("csv", t.s, t.len, 2);
		assert_int_equal(plain.flows, 60000);
		assert_int_equal(plain.bad, 0);
		assert_true(plain.digest == digest_of(t.s, t.len));
		free(comment);
		free(t.s);
	}
}

static void test_source_bad(void **state)
{
	struct text t = text_of_flows(30000);
	size_t gz_len;
	uint8_t *gz;

	(void)state;
	text_add(&t, "oops,1.1.1.1,1,1\n", 17); /* line 30002 */
	for (unsigned i = 0; i < 60000; i++) {
		text_add_flow(&t, i);
		if (i % 100 == 0)
			text_add(&t, "1.1.1.1\n", 8);
	}
	gz_len = t.len;
	gz = gzip_memory(t.s, &gz_len);
	for (unsigned n = 1; n <= 3; n++) {
		struct totals both[2] = {read_lanes(t.s, t.len, n),
					 read_lanes(gz, gz_len, n)};

		for (unsigned k = 0; k < 2; k++) {
			assert_int_equal(both[k].flows, 90000);
			assert_int_equal(both[k].bad, 601);
			assert_int_equal(both[k].first_bad.status, FF_EFORMAT);
			assert_string_equal(both[k].first_bad.text,
					    "bad sIP 'oops' in 'big.csv' at line 30002");
		}
	}
	free(gz);
	free(t.s);
}

/* A line over 64 KiB is one damaged record, however long it is and wherever it stands. */
static void test_source_long_lines(void **state)
{
	static const size_t sizes[] = {65530,  65536,	65537,	       70000,
				       131072, 1 << 20, (1 << 20) + 1, 3 << 20};
	static const unsigned places[] = {0, 24000, 50000};

	(void)state;
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
		for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
			struct text t = text_of_flows(places[p]);
			char *line = malloc(sizes[k] + 1);
			struct totals plain, zip;
			size_t gz_len;
			uint8_t *gz;

			assert_non_null(line);
			memset(line, '7', sizes[k]);
			line[sizes[k]] = '\n';
			text_add(&t, line, sizes[k] + 1);
			for (unsigned i = 0; i < 50; i++)
				text_add_flow(&t, i);
			gz_len = t.len;
			gz = gzip_memory(t.s, &gz_len);
			plain = read_lanes(t.s, t.len, 2);
			zip = read_lanes(gz, gz_len, 2);
			if (plain.flows != places[p] + 50 ||
			    zip.flows != places[p] + 50 || plain.bad != 1 || zip.bad != 1)
				fail_msg("line of %zu after %u: %llu, %llu flows, %llu, "
					 "%llu bad",
					 sizes[k], places[p],
					 (unsigned long long)plain.flows,
					 (unsigned long long)zip.flows,
					 (unsigned long long)plain.bad,
					 (unsigned long long)zip.bad);
			assert_true(plain.digest == digest_of(t.s, t.len));
			free(gz);
			free(line);
			free(t.s);
		}
	}
}

/* ---- hostile text: nothing to find out but that it ends well ---- */

static const char sample[] =
	"# "
	"flows\nsIP|dIP|sPort|dPort|pro|packets|bytes|flags|sTime|duration|eTime|sen|"
	"type|iTy|\n"
	"61.131.218.218|10.77.0.3|6000|1433|6|1|40|S|2013/03/03T21:53:59.000|0.000|"
	"2013/03/03T21:53:59.000|S1|in||\n"
	"2001:db8::1|2001:db8::2|0|34560|58|1|40||1362347639.250|1.5|1362347640.75|S2|"
	"out|135|\n";

enum { WAYS = 5 };

/* One of the ways to read it. */
static void read_quietly(const void *data, size_t len, size_t way)
{
	static const struct ff_input_opts opts[WAYS] = {
		{.format = NULL},	    {.format = NULL},	    {.format = "csv"},
		{.columns = "1-12,type,-"}, {.delimiter = "space"},
	};
	struct read_result r = way % WAYS ? read_memory(data, len, opts[way % WAYS])
					  : read_gzip(data, len, opts[0]);

	read_release(&r);
}

static void test_source_truncations(void **state)
{
	(void)state;
	for (size_t len = 0; len <= strlen(sample); len++) {
		char *copy = malloc(len +
				    1); /* its own, so that reads past its end are seen */

		assert_non_null(copy);
		memcpy(copy, sample, len);
		for (size_t way = 0; way < WAYS; way++)
			read_quietly(copy, len, way);
		free(copy);
	}
}

static void test_source_bit_flips(void **state)
{
	size_t len = strlen(sample);
	char copy[sizeof sample];

	(void)state;
	for (size_t bit = 0; bit < 8 * len; bit++) {
		memcpy(copy, sample, len);
		copy[bit / 8] = (char)(copy[bit / 8] ^ 1 << bit % 8);
		read_quietly(copy, len, bit);
	}
}

/* Bytes at random, with those that mean something more often. */
static void test_source_noise(void **state)
{
	static const char likely[] = "0123456789.:|,\n\n\r\"\t -/T#SAx\0";
	uint64_t seed = 1;
	char noise[4096];

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		size_t head = round % 3 ? strcspn(sample + 8, "\n") + 9 : 0;

		memcpy(noise, sample, head);
		for (size_t i = head; i < sizeof noise; i++) {
			seed = ff_mix64(seed + i);
			noise[i] = seed & 0x700 ? likely[seed % (sizeof likely - 1)]
						: (char)(seed >> 32);
		}
		read_quietly(noise, sizeof noise, round);
	}
}

/* A gzip stream that breaks off gives the flows before the break, then the error. */
static void test_source_broken_gzip(void **state)
{
	struct text t = text_of_flows(100000);
	size_t len = t.len;
	uint8_t *gz = gzip_memory(t.s, &len);
	struct read_result r = read_memory(gz, len / 2, (struct ff_input_opts){0});

	(void)state;
	assert_int_equal(r.status, FF_EFORMAT);
	assert_non_null(strstr(r.err.text, "x.txt"));
	assert_true(r.count > 1000 && r.count < 100000);
	assert_int_equal(r.bad, 0);
	read_release(&r);
	free(gz);
	free(t.s);
}

/* ---- files ---- */

static void test_source_file_digest(void **state)
{
	struct text t = text_of_flows(40000);
	size_t gz_len = t.len;
	uint8_t *gz = gzip_memory(t.s, &gz_len);
	const struct {
		const void *data;
		size_t len;
	} files[] = {{t.s, t.len}, {gz, gz_len}};
	const char *dir = getenv("FF_TMP");
	char path[512];

	(void)state;
	snprintf(path, sizeof path, "%s/input-source-%ld", dir ? dir : "out",
		 (long)getpid());
	for (unsigned i = 0; i < 2; i++) {
		struct ff_input_opts o = {0};
		struct read_result r = {0};
		struct ff_source *s;

		assert_int_equal(ff_output_whole(path, files[i].data, files[i].len, NULL),
				 FF_OK);
		assert_int_equal(ff_site_new(&o.site, NULL), FF_OK);
		assert_int_equal(ff_source_open(&s, path, &o, NULL), FF_OK);
		assert_string_equal(ff_source_name(s), path);
		assert_string_equal(ff_source_format(s), "csv");
		read_source(&r, s);
		assert_int_equal(r.count, 40000);
		assert_true(r.digest == digest_of(files[i].data, files[i].len));
		read_release(&r);
		ff_site_free(o.site);
	}
	remove(path);
	free(gz);
	free(t.s);
}

/* Reads all of it with the n-th allocation failing; the status, or 1 when lines were
 * lost. */
static int read_starved(const void *data, size_t len, struct ff_site *site, uint64_t n)
{
	struct ff_input_opts o = {.site = site};
	struct ff_lane lane = {0};
	struct ff_batch batch;
	struct ff_source *s = NULL;
	struct ff_stream *in;
	int rc;

	assert_int_equal(ff_batch_init(&batch, 100, NULL), FF_OK);
	ff_alloc_fail_after(n);
	rc = ff_stream_memory(&in, "x.txt", data, len, NULL);
	if (rc == FF_OK)
		rc = ff_source_open_stream(&s, in, &o, NULL);
	if (rc == FF_OK)
		while ((rc = ff_source_next(s, &lane, &batch, NULL)) > 0)
			;
	ff_alloc_fail_after(0);
	if (rc == FF_OK && ff_source_bad(s, NULL) > 0)
		rc = 1;
	ff_source_close(s);
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	return rc;
}

/* Where memory runs out is said as such; nothing is lost in silence and nothing leaks.
 * Only builds for tests can make an allocation fail. */
static void test_source_failing_memory(void **state)
{
	size_t gz_len = strlen(sample);
	uint8_t *gz = gzip_memory(sample, &gz_len);

	(void)state;
	for (unsigned k = 0; k < 2; k++) {
		int rc = FF_ENOMEM;

		for (uint64_t n = 1; rc != FF_OK; n++) {
			struct ff_site *site;

			assert_int_equal(ff_site_new(&site, NULL), FF_OK);
			rc = k ? read_starved(gz, gz_len, site, n)
			       : read_starved(sample, strlen(sample), site, n);
			if (rc != FF_OK && rc != FF_ENOMEM && rc != 1)
				fail_msg("allocation %llu failed, status %d",
					 (unsigned long long)n, rc);
			ff_site_free(site);
			assert_true(n < 1000);
		}
	}
	free(gz);
}

/* Makes a file of `len` bytes, opens it, makes it `after` bytes long, and reads it. */
static struct read_result read_changed(const void *data, size_t len, size_t first,
				       size_t after)
{
	const char *folder = getenv("FF_TMP");
	struct ff_input_opts o = {0};
	struct read_result r = {0};
	struct ff_source *s;
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/test_input_source.changing",
		 folder ? folder : "out");
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, first, f), first);
	assert_int_equal(fflush(f), 0);
	assert_int_equal(ff_site_new(&o.site, NULL), FF_OK);
	assert_int_equal(ff_source_open(&s, path, &o, NULL), FF_OK);
	if (after > first)
		assert_int_equal(fwrite((const char *)data + first, 1, after - first, f),
				 after - first);
	assert_int_equal(fclose(f), 0);
	assert_true(after <= len && truncate(path, (off_t)after) == 0);
	read_source(&r, s);
	ff_site_free(o.site);
	unlink(path);
	return r;
}

static void silk_of_zeros(struct ff_buf *f, size_t records)
{
	static const uint8_t record[52];

	pack_silk_fixed(f, false, 0x16, FF_CODEC_NONE, 52, 5);
	pack_silk_entry(f, 0, NULL, 0);
	while (records-- > 0)
		ff_buf_add(f, record, sizeof record);
}

/* A file is what it was when it was opened. What was written after is not read, and the
 * digest says so; what was cut off is no end like any other. */
static void test_source_changing_file(void **state)
{
	struct text t = text_of_flows(60000);
	struct ff_buf silk = FF_BUF_INIT;
	struct {
		const char *data;
		size_t len, first;
		size_t flows; /* within `first` */
	} rows[2] = {{t.s, t.len, 0, 30000}};

	(void)state;
	for (unsigned lines = 0; lines <= 30000; rows[0].first++)
		lines += t.s[rows[0].first] == '\n';
	silk_of_zeros(&silk, 60000);
	rows[1].data = (const char *)silk.data;
	rows[1].len = silk.len;
	rows[1].first = 24 + 30000 * 52;
	rows[1].flows = 30000;
	for (size_t i = 0; i < 2; i++) {
		size_t len = rows[i].len, first = rows[i].first;
		struct read_result r = read_changed(rows[i].data, len, first, len);

		assert_int_equal(r.status, FF_OK);
		assert_int_equal(r.bad, 0);
		assert_int_equal(r.count, rows[i].flows);
		assert_true(r.digest == digest_of(rows[i].data, first));
		read_release(&r);
		/* cut in the last piece, and before it */
		for (size_t after = first - 100000; after > 50000; after -= MIB) {
			r = read_changed(rows[i].data, len, first, after);
			assert_int_equal(r.status, FF_EIO);
			assert_non_null(strstr(r.err.text, "became shorter"));
			read_release(&r);
			if (after < MIB)
				break;
		}
	}
	ff_buf_release(&silk);
	free(t.s);
}

static void test_source_registry(void **state)
{
	const struct ff_reader_type *t, *last = NULL;

	(void)state;
	for (size_t i = 0; (t = ff_reader_at(i)) != NULL; last = t, i++) {
		size_t n = strlen(t->summary);

		assert_true(!last || strcmp(last->name, t->name) < 0);
		assert_ptr_equal(ff_reader_find(t->name), t);
		assert_true(n > 0 && t->summary[n - 1] != '.');
		assert_int_equal(t->probe((const uint8_t *)"", 0), 0);
		t->close(NULL);
	}
	assert_null(ff_reader_find("nothing"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_source_lanes),
		cmocka_unit_test(test_source_borders),
		cmocka_unit_test(test_source_late_title),
		cmocka_unit_test(test_source_bad),
		cmocka_unit_test(test_source_long_lines),
		cmocka_unit_test(test_source_truncations),
		cmocka_unit_test(test_source_bit_flips),
		cmocka_unit_test(test_source_noise),
		cmocka_unit_test(test_source_broken_gzip),
		cmocka_unit_test(test_source_file_digest),
		cmocka_unit_test(test_source_failing_memory),
		cmocka_unit_test(test_source_changing_file),
		cmocka_unit_test(test_source_registry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
