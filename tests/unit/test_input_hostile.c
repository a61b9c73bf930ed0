/* SPDX-License-Identifier: MIT */
/* input: the small files of tests/data, cut at every byte and with bits turned in every
 * byte, read as the format of their folder and now and then as what they are taken for.
 * What comes out must be sound, whatever it is; that nothing is read or written out of
 * bounds is the sanitizers' to say. And each file as it is, plain, gzipped, and by a
 * path. */
#include "input_help.h"

#include <dirent.h>

enum { FILE_MAX = 1 << 16 };

static const char *const folders[] = {
	"argus", "eve",	 "ipfix", "netflow", "nfdump-csv",
#ifdef FF_HAVE_PCAP
	"pcap",
#endif
	"vpc",	 "zeek",
};

static void check_flow(const struct ff_flow *f, uint32_t carries)
{
	if (f->present & ~carries)
		fail_msg("%s: not among the fields %x", flow_text(f), (unsigned)carries);
	assert_true(f->orient < FF_ORIENTS);
	assert_true(f->present & FF_BIT(FF_SIP));
	assert_true(f->present & FF_BIT(FF_DIP));
	assert_true(f->present & FF_BIT(FF_STIME));
}

/* What is worth keeping from file to file. */
static struct ff_site *site;
static struct ff_lane lane;
static struct ff_batch batch;

static int setup(void **state)
{
	(void)state;
	return ff_site_new(&site, NULL) || ff_batch_init(&batch, 7, NULL);
}

static int teardown(void **state)
{
	(void)state;
	ff_lane_release(&lane);
	ff_batch_release(&batch);
	ff_site_free(site);
	return 0;
}

static void read_once(const uint8_t *data, size_t len, const char *format)
{
	struct ff_input_opts o = {.format = format, .site = site};
	struct ff_input_info info = {0};
	struct ff_stream *in;
	struct ff_source *s;
	struct ff_err err = {0};
	int n;

	assert_int_equal(ff_stream_memory(&in, "x", data, len, NULL), FF_OK);
	if (ff_source_open_stream(&s, in, &o, &err) < 0) {
		assert_true(err.text[0] != '\0');
		return;
	}
	assert_int_equal(ff_source_describe(s, &info, NULL), FF_OK);
	lane.active = false;
	while ((n = ff_source_next(s, &lane, &batch, &err)) > 0)
		for (size_t i = 0; i < batch.count; i++)
			check_flow(&batch.flows[i], info.carries);
	assert_true(n == 0 || err.text[0] != '\0');
	ff_buf_release(&info.more);
	ff_source_close(s);
}

/* Finding the format takes longer than reading these: only now and then. */
static void read_forced(const uint8_t *data, size_t len, const char *format)
{
	static unsigned n;
	/* of its own size, so that a read past the end is seen */
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, data, len);
	read_once(copy, len, n++ % 64 ? format : NULL);
	free(copy);
}

static void hostile_file(const char *folder, uint8_t *data, size_t len)
{
	for (size_t n = 0; n < len; n++)
		read_forced(data, n, folder);
	for (size_t i = 0; i < 2 * len; i++) {
		/* two bits a byte, all of them in turn */
		uint8_t bit = (uint8_t)(1 << (i / 2 * 5 + i % 2 * 3) % 8);

		data[i / 2] ^= bit;
		read_forced(data, len, folder);
		data[i / 2] ^= bit;
	}
}

static void same_flows(const struct read_result *a, const struct read_result *b)
{
	assert_int_equal(a->status, FF_OK);
	assert_int_equal(b->status, FF_OK);
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->bad, b->bad);
	for (size_t i = 0; i < a->count; i++) {
		char text[512];

		snprintf(text, sizeof text, "%s", flow_text(&a->flows[i]));
		assert_string_equal(text, flow_text(&b->flows[i]));
	}
}

/* As it is: known by its content, the same flows plain and gzipped. */
static void whole_file(const char *folder, const char *name, const uint8_t *data,
		       size_t len)
{
	struct read_result plain = read_memory(data, len, (struct ff_input_opts){0});
	struct read_result gz = read_gzip(data, len, (struct ff_input_opts){0});

	if (plain.status != FF_OK || strcmp(plain.format, folder) != 0 ||
	    plain.count == 0)
		fail_msg("'%s/%s' is taken for '%s' (%s), %zu flows", folder, name,
			 plain.format, plain.err.text, plain.count);
	for (size_t i = 0; i < plain.count; i++)
		check_flow(&plain.flows[i], plain.carries);
	same_flows(&plain, &gz);
	read_release(&plain);
	read_release(&gz);
}

static void each_file(void (*hostile)(const char *, uint8_t *, size_t))
{
	static uint8_t data[FILE_MAX];
	char path[512];

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const struct dirent *e;
		unsigned files = 0;
		DIR *d;

		snprintf(path, sizeof path, "tests/data/%s", folders[i]);
		d = opendir(path);
		assert_non_null(d);
		while ((e = readdir(d)) != NULL) {
			size_t len;
			FILE *f;

			if (e->d_name[0] == '.')
				continue;
			snprintf(path, sizeof path, "tests/data/%s/%s", folders[i],
				 e->d_name);
			f = fopen(path, "rb");
			assert_non_null(f);
			len = fread(data, 1, sizeof data, f);
			fclose(f);
			if (hostile)
				hostile(folders[i], data, len);
			else
				whole_file(folders[i], e->d_name, data, len);
			files++;
		}
		closedir(d);
		assert_true(files > 0);
	}
}

static void test_data_whole(void **state)
{
	(void)state;
	each_file(NULL);
}

static void test_data_hostile(void **state)
{
	(void)state;
	each_file(hostile_file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_data_whole),
		cmocka_unit_test(test_data_hostile),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
