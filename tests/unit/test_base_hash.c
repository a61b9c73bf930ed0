/* SPDX-License-Identifier: MIT */
/* base/hash, base/thread, bytes: stored hashes, byte orders, fork and join */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <flowfig/base.h>

/* The xxHash specification's buffer: bytes out of a 32-bit multiplicative generator. */
static void hash_fill(uint8_t *data, size_t len)
{
	uint64_t gen = UINT32_C(2654435761);
	size_t i;

	for (i = 0; i < len; i++) {
		data[i] = (uint8_t)(gen >> 56);
		gen *= UINT64_C(11400714785074694797);
	}
}

static void test_hash(void **state)
{
	/* XSUM_XXH64_testdata of the reference implementation's sanity check */
	static const struct {
		size_t len;
		uint64_t seed, hash;
	} rows[] = {
		{0, 0, UINT64_C(0xef46db3751d8e999)},
		{0, UINT32_C(2654435761), UINT64_C(0xac75fda2929b17ef)},
		{1, 0, UINT64_C(0xe934a84adb052768)},
		{1, UINT32_C(2654435761), UINT64_C(0x5014607643a9b4c3)},
		{4, 0, UINT64_C(0x9136a0dca57457ee)},
		{14, 0, UINT64_C(0x8282dcc4994e35c8)},
		{14, UINT32_C(2654435761), UINT64_C(0xc3bd6bf63deb6df0)},
		{222, 0, UINT64_C(0xb641ae8cb691c174)},
		{222, UINT32_C(2654435761), UINT64_C(0x20cb8ab7ae10c14a)},
	};
	uint8_t data[223];
	size_t i;

	(void)state;
	hash_fill(data, sizeof(data));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t h = ff_hash_bytes(data, rows[i].len, rows[i].seed);

		if (h != rows[i].hash)
			fail_msg("%zu bytes give %016" PRIx64, rows[i].len, h);
	}
	assert_true(ff_hash_bytes("abc", 3, 0) == UINT64_C(0x44bc2cf5ad770999));
	/* unaligned bytes hash alike */
	memmove(data + 1, data, 222);
	assert_true(ff_hash_bytes(data + 1, 222, 0) == UINT64_C(0xb641ae8cb691c174));
}

static void test_bytes(void **state)
{
	static const uint8_t b[9] = {0, 0x81, 2, 3, 4, 5, 6, 7, 0xf8};

	(void)state;
	assert_int_equal(ff_get_u16(b + 1, true), 0x8102);
	assert_int_equal(ff_get_u16(b + 1, false), 0x0281);
	assert_true(ff_get_u32(b + 1, true) == UINT32_C(0x81020304));
	assert_true(ff_get_u32(b + 5, false) == UINT32_C(0xf8070605));
	assert_true(ff_get_u64(b + 1, true) == UINT64_C(0x81020304050607f8));
	assert_true(ff_get_u64(b + 1, false) == UINT64_C(0xf807060504030281));
}

struct job {
	atomic_uint ran[16];
	unsigned fails_from; /* these indices fail */
};

static int job_run(void *arg, unsigned i, struct ff_err *err)
{
	struct job *job = arg;

	atomic_fetch_add(&job->ran[i], 1);
	if (i >= job->fails_from)
		return ff_fail(err, FF_EFORMAT, "job %u", i);
	return FF_OK;
}

static void test_parallel(void **state)
{
	static const unsigned counts[] = {0, 1, 2, 3, 16};
	size_t c;
	unsigned i;

	(void)state;
	assert_true(ff_cpu_count() >= 1);
	for (c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
		struct job job = {.fails_from = 99};
		struct ff_err err = {FF_OK, ""};

		assert_int_equal(ff_parallel(counts[c], job_run, &job, &err), FF_OK);
		for (i = 0; i < 16; i++)
			assert_int_equal(atomic_load(&job.ran[i]), i < counts[c]);
	}
}

/* The lowest failure is told, and all have run. */
static void test_parallel_failure(void **state)
{
	unsigned from, i;

	(void)state;
	for (from = 0; from < 16; from++) {
		struct job job = {.fails_from = from};
		struct ff_err err = {FF_OK, ""};
		char want[16] = "job ";

		ff_format_u64(want + 4, 8, from);
		assert_int_equal(ff_parallel(16, job_run, &job, &err), FF_EFORMAT);
		assert_string_equal(err.text, want);
		for (i = 0; i < 16; i++)
			assert_int_equal(atomic_load(&job.ran[i]), 1);
		assert_int_equal(ff_parallel(16, job_run, &job, NULL), FF_EFORMAT);
	}
}

static void test_parallel_without_memory(void **state)
{
	struct job job = {.fails_from = 7};
	struct ff_err err = {FF_OK, ""};
	unsigned i;

	(void)state;
	ff_alloc_fail_after(1);
	assert_int_equal(ff_parallel(16, job_run, &job, &err), FF_EFORMAT);
	ff_alloc_fail_after(0);
	assert_string_equal(err.text, "job 7");
	for (i = 0; i < 16; i++)
		assert_int_equal(atomic_load(&job.ran[i]), 1);
}

static int job_alloc(void *arg, unsigned i, struct ff_err *err)
{
	int n;

	(void)arg;
	(void)i;
	(void)err;
	for (n = 0; n < 1000; n++)
		ff_free(ff_alloc(1, 16));
	return FF_OK;
}

static void test_alloc_counts_in_threads(void **state)
{
	uint64_t asked;

	(void)state;
	ff_alloc_fail_after(0);
	assert_int_equal(ff_parallel(4, job_alloc, NULL, NULL), FF_OK);
	asked = ff_alloc_fail_after(0);
	if (asked == 0)
		skip();
	assert_true(asked == 4001); /* and the list of the threads */
}

struct item {
	uint64_t place, value;
	uint8_t more[24];
};

/* Items of the sizes with passes of their own and of another. */
static void test_sort(void **state)
{
	static const size_t sizes[] = {16, 24, sizeof(struct item)};
	enum { N = 5000 };

	(void)state;
	for (size_t k = 0; k < 3; k++)
		for (unsigned bits = 0; bits <= 64; bits += 8) {
			uint8_t *v = calloc(N, sizes[k]);
			uint64_t mask =
				bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
			struct item last = {0, UINT64_MAX, {0}};

			for (uint64_t i = 0; i < N; i++) {
				const struct item item = {i, ff_mix64(i) & mask, {0}};

				memcpy(v + i * sizes[k], &item,
				       sizes[k] < sizeof(item) ? sizes[k] : sizeof(item));
			}
			assert_int_equal(ff_sort_falling(v, N, sizes[k],
							 offsetof(struct item, value),
							 NULL),
					 FF_OK);
			for (size_t i = 0; i < N; i++) {
				struct item at;

				memcpy(&at, v + i * sizes[k], 16);
				assert_true(at.value == (ff_mix64(at.place) & mask));
				assert_true(at.value < last.value ||
					    (at.value == last.value &&
					     (i == 0 || at.place > last.place)));
				last = at;
			}
			free(v);
		}
	assert_int_equal(ff_sort_falling(NULL, 0, 16, 8, NULL), FF_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_parallel),
		cmocka_unit_test(test_parallel_failure),
		cmocka_unit_test(test_parallel_without_memory),
		cmocka_unit_test(test_alloc_counts_in_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
