/* SPDX-License-Identifier: MIT */
/* file/stream: every codec gives back what went in, member after member; damage is told
 * with its place, after what came before it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <flowfig/file.h>

#include "support/pack.h"

static const char *const codecs[] = {"none", "gzip", "zstd", "bz2", "lz4"};
#define CODECS (sizeof(codecs) / sizeof(codecs[0]))

/* Compressible, but not trivially. */
static void text(struct ff_buf *out, size_t len)
{
	uint64_t x = 1;

	while (out->len < len) {
		x = ff_mix64(x + out->len);
		ff_buf_addf(out, "10.1.%u.%u|%u\n", (unsigned)(x >> 8 & 3),
			    (unsigned)(x & 63), (unsigned)(x >> 32 & 1023));
	}
	out->len = len;
}

/* A "none" member is the bytes themselves. */
static bool member(struct ff_buf *out, const char *codec, const void *data, size_t len)
{
	if (strcmp(codec, "none") != 0)
		return pack_member(out, codec, data, len);
	ff_buf_add(out, data, len);
	return true;
}

static void scratch(char *buf, size_t cap, const char *name)
{
	const char *folder = getenv("FF_TMP");

	snprintf(buf, cap, "%s/test_file_stream.%s", folder ? folder : "out", name);
}

/* Reads all of it in reads of n bytes. */
static ptrdiff_t read_all(struct ff_buf *out, struct ff_stream *s, size_t n,
			  struct ff_err *err)
{
	ptrdiff_t got;

	do {
		assert_int_equal(ff_buf_reserve(out, n), FF_OK);
		got = ff_stream_read(s, out->data + out->len, n, err);
		if (got > 0)
			out->len += (size_t)got;
	} while (got > 0);
	return got;
}

static void test_codecs(void **state)
{
	static const size_t sizes[] = {1, 100, 65536, 3000000};
	static const size_t reads[] = {7, 4096, 65536, 1 << 20};

	(void)state;
	for (size_t c = 0; c < CODECS; c++) {
		for (size_t k = 0; k < 4; k++) {
			struct ff_buf plain = FF_BUF_INIT, file = FF_BUF_INIT,
				      got = FF_BUF_INIT;
			struct ff_stream *s;
			struct ff_err err;
			size_t half = sizes[k] / 2;

			text(&plain, sizes[k]);
			/* two members, then the padding that tapes leave */
			if (!member(&file, codecs[c], plain.data, half) ||
			    !member(&file, codecs[c], plain.data + half,
				    plain.len - half))
				break;
			if (c > 0)
				ff_buf_add(&file, "\0\0\0", 3);
			assert_int_equal(
				ff_stream_memory(&s, "x", file.data, file.len, &err),
				FF_OK);
			assert_string_equal(ff_stream_codec(s), codecs[c]);
			assert_true(ff_stream_is_plain(s) == (c == 0));
			assert_int_equal(ff_stream_raw_size(s), file.len);
			assert_int_equal(read_all(&got, s, reads[k], &err), 0);
			assert_int_equal(got.len, plain.len);
			assert_memory_equal(got.data, plain.data, plain.len);
			assert_int_equal(ff_stream_offset(s), plain.len);
			assert_int_equal(ff_stream_raw_offset(s), file.len);
			ff_stream_close(s);
			ff_buf_release(&plain);
			ff_buf_release(&file);
			ff_buf_release(&got);
		}
	}
}

/* Cut anywhere: what was decoded comes first, and then an error that names the file. */
static void test_cut_short(void **state)
{
	(void)state;
	for (size_t c = 1; c < CODECS; c++) {
		struct ff_buf plain = FF_BUF_INIT, file = FF_BUF_INIT;

		text(&plain, 200000);
		if (member(&file, codecs[c], plain.data, plain.len)) {
			for (size_t cut = 8; cut < file.len; cut += 1 + file.len / 37) {
				struct ff_buf got = FF_BUF_INIT;
				struct ff_stream *s;
				struct ff_err err = {0};

				assert_int_equal(ff_stream_memory(&s, "cut.x", file.data,
								  cut, &err),
						 FF_OK);
				assert_int_equal(read_all(&got, s, 5000, &err),
						 FF_EFORMAT);
				assert_non_null(strstr(err.text, "'cut.x'"));
				assert_non_null(strstr(err.text, codecs[c]));
				assert_true(got.len <= plain.len);
				assert_memory_equal(got.data, plain.data, got.len);
				/* and it is told again */
				assert_int_equal(ff_stream_read(s, got.data, 1, &err),
						 FF_EFORMAT);
				ff_stream_close(s);
				ff_buf_release(&got);
			}
		}
		ff_buf_release(&plain);
		ff_buf_release(&file);
	}
}

static void test_garbage_after(void **state)
{
	struct ff_buf file = FF_BUF_INIT, got = FF_BUF_INIT;
	struct ff_stream *s;
	struct ff_err err = {0};

	(void)state;
	pack_member(&file, "gzip", "hello", 5);
	ff_buf_adds(&file, "garbage");
	assert_int_equal(ff_stream_memory(&s, "g", file.data, file.len, &err), FF_OK);
	assert_int_equal(read_all(&got, s, 100, &err), FF_EFORMAT);
	assert_int_equal(got.len, 5);
	assert_non_null(strstr(err.text, "damaged gzip data in 'g' at byte"));
	ff_stream_close(s);
	ff_buf_release(&file);
	ff_buf_release(&got);
}

/* Bits turned at random must give an error or other bytes, never a crash. */
static void test_flipped(void **state)
{
	(void)state;
	for (size_t c = 1; c < CODECS; c++) {
		struct ff_buf plain = FF_BUF_INIT, file = FF_BUF_INIT;

		text(&plain, 20000);
		if (member(&file, codecs[c], plain.data, plain.len)) {
			for (uint64_t i = 0; i < 300; i++) {
				uint64_t at = ff_mix64(i + 1) % (file.len - 4) + 4;
				struct ff_buf got = FF_BUF_INIT;
				struct ff_stream *s;
				struct ff_err err;

				file.data[at] ^= (uint8_t)(1 << i % 8);
				assert_int_equal(ff_stream_memory(&s, "f", file.data,
								  file.len, &err),
						 FF_OK);
				assert_true(read_all(&got, s, 4096, &err) <= 0);
				ff_stream_close(s);
				ff_buf_release(&got);
				file.data[at] ^= (uint8_t)(1 << i % 8);
			}
		}
		ff_buf_release(&plain);
		ff_buf_release(&file);
	}
}

static void test_peek(void **state)
{
	struct ff_buf plain = FF_BUF_INIT, file = FF_BUF_INIT, got = FF_BUF_INIT;
	const uint8_t *head;
	struct ff_stream *s;
	struct ff_err err;
	uint8_t byte;

	(void)state;
	text(&plain, 150000);
	pack_member(&file, "gzip", plain.data, plain.len);
	for (int packed = 0; packed < 2; packed++) {
		const struct ff_buf *in = packed ? &file : &plain;

		assert_int_equal(ff_stream_memory(&s, "p", in->data, in->len, &err),
				 FF_OK);
		assert_int_equal(ff_stream_peek(s, &head, 10, &err), 10);
		assert_memory_equal(head, plain.data, 10);
		assert_int_equal(ff_stream_read(s, &byte, 1, &err), 1);
		assert_int_equal(ff_stream_peek(s, &head, 65536, &err), 65536);
		assert_memory_equal(head, plain.data + 1, 65536);
		assert_int_equal(ff_stream_offset(s), 1);
		ff_buf_clear(&got);
		ff_buf_addc(&got, (char)byte);
		assert_int_equal(read_all(&got, s, 70000, &err), 0);
		assert_int_equal(got.len, plain.len);
		assert_memory_equal(got.data, plain.data, plain.len);
		assert_int_equal(ff_stream_peek(s, &head, 10, &err), 0);
		ff_stream_close(s);
	}
	ff_buf_release(&plain);
	ff_buf_release(&file);
	ff_buf_release(&got);
}

static void test_files(void **state)
{
	struct ff_buf plain = FF_BUF_INIT, got = FF_BUF_INIT;
	struct ff_stream *s;
	struct ff_err err;
	char path[512];
	uint8_t part[100];

	(void)state;
	text(&plain, 2500000);
	scratch(path, sizeof(path), "plain");
	assert_int_equal(ff_output_whole(path, plain.data, plain.len, &err), FF_OK);
	assert_int_equal(ff_stream_open(&s, path, &err), FF_OK);
	assert_true(ff_stream_is_plain(s));
	assert_int_equal(ff_stream_raw_size(s), plain.len);
	assert_int_equal(ff_stream_pread(s, part, 100, 2000000, &err), 100);
	assert_memory_equal(part, plain.data + 2000000, 100);
	assert_int_equal(ff_stream_pread(s, part, 100, plain.len - 3, &err), 3);
	assert_int_equal(ff_stream_pread(s, part, 100, plain.len + 9, &err), 0);
	assert_int_equal(ff_stream_pread(s, part, 100, UINT64_MAX, &err), 0);
	assert_int_equal(read_all(&got, s, 99999, &err), 0);
	assert_memory_equal(got.data, plain.data, plain.len);
	ff_stream_close(s);
	remove(path);

	assert_int_equal(ff_stream_open(&s, path, &err), FF_EIO);
	assert_non_null(strstr(err.text, "No such file"));
	assert_int_equal(ff_stream_open(&s, "/", &err), FF_EIO);
	assert_non_null(strstr(err.text, "directory"));
	/* its size is not known beforehand */
	assert_int_equal(ff_stream_open(&s, "/dev/null", &err), FF_OK);
	assert_int_equal(ff_stream_read(s, part, 10, &err), 0);
	assert_false(ff_stream_is_plain(s));
	ff_stream_close(s);
	ff_buf_release(&plain);
	ff_buf_release(&got);
}

/* The digest of a file does not depend on how it is read. */
static void test_digest(void **state)
{
	static const size_t sizes[] = {0,
				       1,
				       FF_DIGEST_PIECE - 1,
				       FF_DIGEST_PIECE,
				       FF_DIGEST_PIECE + 1,
				       3 * FF_DIGEST_PIECE + 500000};

	(void)state;
	for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
		uint64_t pieces[4], want, got;
		struct ff_buf data = FF_BUF_INIT, sink = FF_BUF_INIT;
		struct ff_stream *s;
		struct ff_err err;
		size_t n = 0, at;

		/* stored without compression, so that the file is larger than a piece */
		for (uint64_t i = 0; data.len < sizes[k]; i++)
			pack_u64(&data, true, ff_mix64(i + 1));
		data.len = sizes[k];
		if (sizes[k] >= 2)
			memcpy(data.data, "\x1f\x8b",
			       2); /* read as gzip: damaged at once */
		for (at = 0; at < data.len; at += FF_DIGEST_PIECE)
			pieces[n++] = ff_digest64(data.data + at,
						  data.len - at < FF_DIGEST_PIECE
							  ? data.len - at
							  : FF_DIGEST_PIECE);
		want = ff_digest_join(pieces, n);
		assert_int_equal(ff_stream_memory(&s, "d", data.data, data.len, &err),
				 FF_OK);
		read_all(&sink, s, 1000, &err);
		assert_int_equal(ff_stream_digest(&got, s, &err), FF_OK);
		assert_true(got == want);
		ff_stream_close(s);
		if (sizes[k] >= 2) {
			data.data[0] = 'x'; /* plain */
			pieces[0] = ff_digest64(data.data, data.len < FF_DIGEST_PIECE
								   ? data.len
								   : FF_DIGEST_PIECE);
			want = ff_digest_join(pieces, n);
			assert_int_equal(
				ff_stream_memory(&s, "d", data.data, data.len, &err),
				FF_OK);
			assert_int_equal(ff_stream_digest(&got, s, &err), FF_OK);
			assert_true(got == want);
			ff_stream_close(s);
		}
		ff_buf_release(&data);
		ff_buf_release(&sink);
	}
}

/* Whichever allocation fails, nothing leaks and it is not taken for damage. */
static void test_no_memory(void **state)
{
	struct ff_buf plain = FF_BUF_INIT, sink = FF_BUF_INIT;

	(void)state;
	text(&plain, 200000);
	assert_int_equal(ff_buf_reserve(&sink, 1 << 20), FF_OK);
	for (size_t c = 0; c < CODECS; c++) {
		struct ff_buf file = FF_BUF_INIT;
		ptrdiff_t status = FF_ENOMEM;

		if (!member(&file, codecs[c], plain.data, plain.len))
			continue;
		for (uint64_t n = 1; status < 0 && n < 100; n++) {
			struct ff_stream *s = NULL;
			struct ff_err err;

			ff_alloc_fail_after(n);
			status = ff_stream_memory(&s, "x", file.data, file.len, &err);
			if (status == FF_OK)
				status = ff_stream_read(s, sink.data, 1 << 20, &err);
			if (status == 0 || (status > 0 && status < 200000))
				status = ff_stream_read(s, sink.data, 1 << 20, &err);
			ff_alloc_fail_after(0);
			assert_true(status == FF_ENOMEM || status == 200000);
			ff_stream_close(s);
		}
		assert_int_equal(status, 200000);
		ff_buf_release(&file);
	}
	ff_buf_release(&plain);
	ff_buf_release(&sink);
}

/* A signal while a pipe is waited for does not end the reading. */
struct slow_pipe {
	pthread_t reader;
	int to;
};

static void on_signal(int sig)
{
	(void)sig;
}

static void *slow_write(void *arg)
{
	const struct timespec a_while = {0, 20000000};
	struct slow_pipe *p = arg;
	bool ok = true;

	for (unsigned i = 0; i < 5; i++) {
		nanosleep(&a_while, NULL);
		pthread_kill(p->reader, SIGUSR1);
		nanosleep(&a_while, NULL);
		ok = write(p->to, "flows ", 6) == 6 && ok;
	}
	close(p->to);
	return ok ? p : NULL;
}

static void test_interrupted(void **state)
{
	struct sigaction sa = {.sa_handler = on_signal}, old;
	struct slow_pipe p = {.reader = pthread_self()};
	struct ff_stream *s;
	struct ff_err err = {0};
	char path[64], got[64] = "";
	pthread_t writer;
	void *wrote;
	int ends[2];

	(void)state;
	sigemptyset(&sa.sa_mask); /* without SA_RESTART */
	assert_int_equal(sigaction(SIGUSR1, &sa, &old), 0);
	assert_int_equal(pipe(ends), 0);
	p.to = ends[1];
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_int_equal(pthread_create(&writer, NULL, slow_write, &p), 0);
	assert_int_equal(ff_stream_open(&s, path, &err), FF_OK);
	if (ff_stream_read(s, got, sizeof(got) - 1, &err) != 30)
		fail_msg("'%s', %s", got, err.text);
	assert_int_equal(ff_stream_read(s, got, 1, &err), 0);
	ff_stream_close(s);
	pthread_join(writer, &wrote);
	assert_non_null(wrote);
	close(ends[0]);
	sigaction(SIGUSR1, &old, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codecs),	      cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_garbage_after), cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_peek),	      cmocka_unit_test(test_files),
		cmocka_unit_test(test_digest),	      cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_interrupted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
