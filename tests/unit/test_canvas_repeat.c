/* SPDX-License-Identifier: MIT */
/* canvas: the same drawing gives the same bytes, in one process and in two */
#include "unit/canvas_help.h"

#include <stdlib.h>

static const char *repeat_program;

static const enum ff_canvas_kind kinds[] = {FF_CANVAS_PNG, FF_CANVAS_SVG, FF_CANVAS_PDF,
					    FF_CANVAS_TRACE};

static void test_one_process(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct ff_buf a = FF_BUF_INIT, b = FF_BUF_INIT;

		help_draw_file(&a, kinds[i]);
		help_draw_file(&b, kinds[i]);
		assert_int_equal(a.len, b.len);
		assert_memory_equal(a.data, b.data, a.len);
		ff_buf_release(&a);
		ff_buf_release(&b);
	}
}

/* The hash of the file that another run of this program draws first. */
static unsigned long long repeat_other(size_t i)
{
	unsigned long long hash = 0;
	char command[1100];
	FILE *f;

	snprintf(command, sizeof(command), "'%s' %zu", repeat_program, i);
	f = popen(command, "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%llx", &hash), 1);
	assert_int_equal(pclose(f), 0);
	return hash;
}

static void test_two_processes(void **state)
{
	(void)state;
	for (size_t i = 4; i-- > 0;) {
		struct ff_buf file = FF_BUF_INIT;

		help_draw_file(&file, kinds[i]);
		assert_true(ff_hash_bytes(file.data, file.len, 0) == repeat_other(i));
		ff_buf_release(&file);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_process),
		cmocka_unit_test(test_two_processes),
	};

	if (argc == 2) {
		struct ff_buf file = FF_BUF_INIT;

		help_draw_file(&file, kinds[atoi(argv[1]) & 3]);
		printf("%llx\n",
		       (unsigned long long)ff_hash_bytes(file.data, file.len, 0));
		ff_buf_release(&file);
		return 0;
	}
	repeat_program = argv[0];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
