/* SPDX-License-Identifier: MIT */
/* golden pictures: a few PNGs drawn anew and compared with tests/golden/KIND/NAME.png,
 * with tolerance for the rasteriser. Text depends on the fonts: without Inter the
 * comparison is skipped. `make golden-update` writes them anew; after a failure the
 * picture stands in $FF_TMP. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <png.h>

enum { CHANNEL = 48 }; /* a channel may differ by this much ... */
#define PIXELS 0.01    /* ... in all but this share of the pixels */

static int read_png(const char *path, png_image *image, uint8_t **pixels)
{
	memset(image, 0, sizeof *image);
	image->version = PNG_IMAGE_VERSION;
	if (!png_image_begin_read_from_file(image, path))
		return -1;
	image->format = PNG_FORMAT_RGB;
	*pixels = malloc(PNG_IMAGE_SIZE(*image));
	return *pixels && png_image_finish_read(image, NULL, *pixels, 0, NULL) ? 0 : -1;
}

/* Share of the pixels that differ by more than CHANNEL in any channel. */
static double difference(const png_image *a, const uint8_t *x, const uint8_t *y)
{
	size_t n = (size_t)a->width * a->height, off = 0;
	for (size_t i = 0; i < n; i++) {
		bool differs = false;
		for (int c = 0; c < 3; c++)
			differs |= abs(x[3 * i + (size_t)c] - y[3 * i + (size_t)c]) >
				   CHANNEL;
		off += differs;
	}
	return (double)off / (double)n;
}

static const struct {
	const char *kind, *name, *input, *options;
} pictures[] = {
	{"bundle", "pairs", "pairs.csv", "--right-range=198.18.4.0/22"},
	{"bundle", "star", "star.csv",
	 "--left-range=172.16.1.0/24 --right-range=172.16.1.0/24 --view=matrix"},
	{"contact", "ridge", "ridge.csv",
	 "--bin=5m --inside=203.0.113.64/27 --view=surface"},
	{"contact", "six", "six.tsv",
	 "--bin=1d --inside=2001:db8:1::/48 --view=map --theme=dark"},
	{"contact", "few", "few.txt", "--inside=10.1.0.0/24 --view=line"},
	{"ephemeral", "counter", "counter.csv", "--host=192.0.2.10"},
};

static void pictures_are_as_before(void **state)
{
	(void)state;
	const char *flowfig = getenv("FLOWFIG"), *tmp = getenv("FF_TMP");
	if (!flowfig || !tmp || system("fc-list 2>/dev/null | grep -q 'Inter:'") != 0)
		skip();
	for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
		char command[1000], path[400], golden[200];
		png_image a, b;
		uint8_t *x = NULL, *y = NULL;
		snprintf(path, sizeof path, "%s/%s-%s.actual.png", tmp, pictures[i].kind,
			 pictures[i].name);
		snprintf(golden, sizeof golden, "tests/golden/%s/%s.png",
			 pictures[i].kind, pictures[i].name);
		snprintf(command, sizeof command,
			 "'%s' %s -q %s --size=column --dpi=100 "
			 "'tests/golden/%s/%s' -o '%s'",
			 flowfig, pictures[i].kind, pictures[i].options, pictures[i].kind,
			 pictures[i].input, path);
		if (getenv("FF_GOLDEN_UPDATE"))
			snprintf(strstr(command, " -o '"), 300, " -o '%s'", golden);
		assert_int_equal(system(command), 0);
		if (getenv("FF_GOLDEN_UPDATE"))
			continue;
		assert_int_equal(read_png(golden, &a, &x), 0);
		assert_int_equal(read_png(path, &b, &y), 0);
		assert_int_equal(a.width, b.width);
		assert_int_equal(a.height, b.height);
		double off = difference(&a, x, y);
		if (off > PIXELS)
			fail_msg("%s: %.2f %% of the pixels differ from %s", path,
				 100 * off, golden);
		free(x);
		free(y);
		remove(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_are_as_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
