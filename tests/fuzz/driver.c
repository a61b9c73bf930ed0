/* SPDX-License-Identifier: MIT */
/* driver FOLDER [SECONDS] - runs a fuzz target over every file of a folder, and over some
 * hundred changes of each, the same every time; with SECONDS over ever new changes for
 * that long, seeded by the clock. For machines without libFuzzer, and for `make check`.
 *
 * Each file has a process of its own. When one dies or takes too long, the input that did
 * it is made again and kept in $FF_TMP (or /tmp), and the status is 1. */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

enum { CHANGES = 2600, CHANGES_A_FILE = 200, SIZE_MAX_KIB = 64, ONE_FILE_SECONDS = 120 };
#define ROOM ((size_t)SIZE_MAX_KIB << 10)

struct input {
	char *name;
	uint8_t *data;
	size_t size;
};
static struct input *inputs;
static size_t input_count, input_cap;

/* ---- corpus ---- */

static int input_cmp(const void *a, const void *b)
{
	return strcmp(((const struct input *)a)->name, ((const struct input *)b)->name);
}

static void corpus_add(const char *folder, const char *name)
{
	char path[1024];
	struct stat st;
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "rb");
	if (!f || fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode)) {
		if (f)
			fclose(f);
		return;
	}
	if (ff_grow(&inputs, &input_cap, input_count + 1, sizeof *inputs, NULL))
		abort();
	struct input *in = &inputs[input_count++];
	in->name = ff_strdup(name);
	in->data = ff_alloc(ROOM, 1);
	in->size = fread(in->data, 1, ROOM, f);
	fclose(f);
}

static int corpus_read(const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	if (!d)
		return fprintf(stderr, "%s: %s\n", folder, strerror(errno)), 1;
	while ((e = readdir(d)))
		if (e->d_name[0] != '.')
			corpus_add(folder, e->d_name);
	closedir(d);
	if (!input_count)
		return fprintf(stderr, "%s: no corpus\n", folder), 1;
	qsort(inputs, input_count, sizeof *inputs, input_cmp);
	return 0;
}

/* ---- changes: a pure function of the corpus, the file, the number and the seed ---- */

static uint64_t chance_state;

static size_t chance(size_t below)
{
	chance_state += UINT64_C(0x9e3779b97f4a7c15);
	return below ? (size_t)(ff_mix64(chance_state) % below) : 0;
}

static void change_bytes(uint8_t *p, size_t size)
{
	static const uint32_t edges[] = {0,	     1,		0x7f,	0x80,
					 0xff,	     0x7fff,	0xffff, 0x7fffffff,
					 0x80000000, 0xffffffff};
	size_t at = chance(size), n = (size_t)1 << chance(3);
	switch (chance(4)) {
	case 0:
		p[at] ^= (uint8_t)(1 << chance(8));
		break;
	case 1:
		p[at] = (uint8_t)chance(256);
		break;
	case 2:
		p[at] = (uint8_t)(" 0123456789.,:/|-\n\t\"=ef"[chance(23)]);
		break;
	default: /* an edge of 1, 2 or 4 bytes, either byte order */
		for (size_t i = 0, big = chance(2), v = edges[chance(10)];
		     i < n && at + i < size; i++)
			p[at + i] = (uint8_t)(v >> 8 * (big ? n - 1 - i : i));
	}
}

/* Cuts out, repeats, or brings in a piece of another file; returns the new size. */
static size_t change_pieces(uint8_t *p, size_t size)
{
	const struct input *other = &inputs[chance(input_count)];
	size_t at = chance(size + 1), n = chance(size - at < 64 ? size - at + 1 : 64);
	const uint8_t *from = p + at;
	uint8_t piece[64];
	switch (chance(4)) {
	case 0:
		memmove(p + at, p + at + n, size - at - n);
		return size - n;
	case 1:
		return at;
	case 2:
		n = chance(other->size < 64 ? other->size + 1 : 64);
		from = other->data + chance(other->size - n + 1);
		break;
	default:
		break;
	}
	if (size + n > ROOM)
		return size;
	memcpy(piece, from, n);
	memmove(p + at + n, p + at, size - at);
	memcpy(p + at, piece, n);
	return size + n;
}

/* Change 0 is the file itself. */
static size_t change_make(uint8_t *out, size_t file, uint64_t number, uint64_t seed)
{
	size_t size = inputs[file].size;
	memcpy(out, inputs[file].data, size);
	chance_state = ff_mix64(seed ^ ff_mix64(file + 1)) +
		       number * UINT64_C(0x2545f4914f6cdd1d);
	for (size_t n = number ? 1 + chance(4) : 0; n > 0; n--) {
		if (size && chance(3))
			change_bytes(out, size);
		else
			size = change_pieces(out, size);
	}
	return size;
}

/* ---- running ---- */

static void run_one(const uint8_t *data, size_t size)
{
	/* in memory of its own size, so that a read past the end is seen */
	uint8_t *copy = ff_alloc(size, 1);
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	ff_free(copy);
}

/* In the child: tells the number of every change before it is tried. */
static void run_file(size_t file, uint64_t seed, time_t end, int tell)
{
	static uint8_t data[ROOM];
	uint64_t most = CHANGES / input_count;
	if (most > CHANGES_A_FILE)
		most = CHANGES_A_FILE;
	alarm(ONE_FILE_SECONDS + (end ? (unsigned)(end - time(NULL)) : 0));
	for (uint64_t k = 0; end ? k < CHANGES && time(NULL) < end : k <= most; k++) {
		size_t size = change_make(data, file, k, seed);
		if (pwrite(tell, &k, sizeof k, 0) != sizeof k)
			abort();
		run_one(data, size);
	}
	unlink(fuzz_file(data, 0));
}

static int report_death(size_t file, uint64_t number, uint64_t seed, int status)
{
	static uint8_t data[ROOM];
	char path[600];
	const char *dir = getenv("FF_TMP");
	size_t size = change_make(data, file, number, seed);
	snprintf(path, sizeof path, "%s/crash-%s-%llu", dir ? dir : "/tmp",
		 inputs[file].name, (unsigned long long)number);
	FILE *f = fopen(path, "wb");
	if (f) {
		fwrite(data, 1, size, f);
		fclose(f);
	}
	fprintf(stderr, "%s, change %llu, seed %llu: %s %d; kept as '%s'\n",
		inputs[file].name, (unsigned long long)number, (unsigned long long)seed,
		WIFSIGNALED(status) ? "signal" : "status",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), path);
	return 1;
}

static int run_in_child(size_t file, uint64_t seed, time_t end)
{
	FILE *shared = tmpfile();
	uint64_t number = 0;
	int status;
	fflush(NULL);
	pid_t child = shared ? fork() : -1;
	if (child == 0) {
		run_file(file, seed, end, fileno(shared));
		exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 ||
	    pread(fileno(shared), &number, sizeof number, 0) < 0)
		return perror("driver"), 1;
	fclose(shared);
	return status == 0 ? 0 : report_death(file, number, seed, status);
}

int main(int argc, char **argv)
{
	time_t end = argc > 2 ? time(NULL) + atoi(argv[2]) : 0;
	uint64_t seed = argc > 2 ? (uint64_t)time(NULL) : 1;
	int failed = 0;
	if (argc < 2)
		return fputs("usage: driver FOLDER [SECONDS]\n", stderr), 2;
	if (corpus_read(argv[1]))
		return 1;
	do {
		for (size_t i = 0; i < input_count && (!end || time(NULL) < end); i++)
			failed |= run_in_child(i, seed, end);
		seed++;
	} while (end && !failed && time(NULL) < end);
	for (size_t i = 0; i < input_count; i++) {
		ff_free(inputs[i].name);
		ff_free(inputs[i].data);
	}
	ff_free(inputs);
	return failed;
}
