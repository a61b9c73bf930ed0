/* SPDX-License-Identifier: MIT */
/* paths_probe - which files of a folder are flow files, and whether any is there twice.
 */
#include "input/paths.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	PROBE_HEAD = 4096, /* bytes that probe() sees */
	PROBE_SURE = 50,   /* a file of a folder below this score is no flow file */
};

/* Who names the format or the columns knows files that no probe does: a file is one to
 * read when it can be opened so. */
static int probe_open(const char *path, const struct ff_input_opts *o, struct ff_err *why,
		      struct ff_err *err)
{
	struct ff_input_opts opts = *o;
	struct ff_source *source = NULL;
	struct ff_site *site = NULL;
	struct ff_err reason = {0};
	int rc = ff_site_new(&site, &reason);

	opts.site = site; /* that of the inputs is found when they are known */
	if (rc == FF_OK)
		rc = ff_source_open(&source, path, &opts, &reason);
	ff_source_close(source);
	ff_site_free(site);
	if (rc == FF_OK)
		return 1;
	if (rc == FF_EFORMAT || rc == FF_EUSAGE) {
		if (why->status == FF_OK)
			*why = reason;
		return 0;
	}
	return ff_fail(err, (enum ff_status)rc, "%s", reason.text);
}

int paths_probe(const char *path, const struct ff_input_opts *o, struct ff_err *why,
		struct ff_err *err)
{
	const struct ff_reader_type *t;
	struct ff_stream *s;
	const uint8_t *head;
	ptrdiff_t n;
	int best = 0, rc = ff_stream_open(&s, path, err);

	if (rc == FF_EFORMAT)
		return 1;
	if (rc < 0)
		return rc;
	n = ff_stream_peek(s, &head, PROBE_HEAD, err);
	for (size_t i = 0; n > 0 && (t = ff_reader_at(i)) != NULL; i++) {
		int score = t->probe(head, (size_t)n);

		best = score > best ? score : best;
	}
	ff_stream_close(s);
	if (n < 0)
		return n == FF_EFORMAT ? 1 : (int)n;
	if (n > 0 && o && (o->format || (o->columns && best < PROBE_SURE)))
		return probe_open(path, o, why, err);
	return best >= PROBE_SURE;
}

/* ---- twice ---- */

struct twice {
	dev_t dev;
	ino_t ino;
	size_t place; /* in the list */
};

static int twice_compare(const void *a, const void *b)
{
	const struct twice *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static int twice_fail(const char *first, const char *second, struct ff_err *err)
{
	if (strcmp(second, "-") == 0)
		return ff_fail(err, FF_EUSAGE, "standard input is named twice");
	if (strcmp(first, second) == 0)
		return ff_fail(err, FF_EUSAGE,
			       "'%s' is named twice: its flows would count twice", first);
	return ff_fail(err, FF_EUSAGE,
		       "'%.90s' and '%.90s' are one file: its flows would count twice",
		       first, second);
}

int paths_check_twice(const struct ff_paths *p, struct ff_err *err)
{
	struct twice *files = ff_alloc(p->count, sizeof *files);
	const char *input = NULL;
	size_t n = 0;
	int rc = files ? FF_OK : ff_fail_nomem(err);

	for (size_t i = 0; rc == FF_OK && i < p->count; i++) {
		struct stat st;

		if (strcmp(p->items[i], "-") == 0) {
			rc = input ? twice_fail(input, p->items[i], err) : FF_OK;
			input = p->items[i];
		} else if (stat(p->items[i], &st) == 0 && S_ISREG(st.st_mode)) {
			files[n++] = (struct twice){st.st_dev, st.st_ino, i};
		}
	}
	if (rc == FF_OK && n > 1)
		qsort(files, n, sizeof *files, twice_compare);
	for (size_t i = 1; rc == FF_OK && i < n; i++)
		if (files[i].dev == files[i - 1].dev && files[i].ino == files[i - 1].ino)
			rc = twice_fail(p->items[files[i - 1].place],
					p->items[files[i].place], err);
	ff_free(files);
	return rc;
}
