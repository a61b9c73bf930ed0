/* SPDX-License-Identifier: MIT */
/* paths - from the words of a command line to files: folders are walked, sorted by path,
 * what is no flow file is left out, and no file is read twice. */
#define _XOPEN_SOURCE 700 /* realpath, which glibc does not count as plain POSIX */
#include "input/paths.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATHS_DEPTH = 128 }; /* folders in folders */

/* A file or folder as the system knows it, whatever its names. */
struct paths_id {
	dev_t dev;
	ino_t ino;
};

struct paths_found {
	char *path; /* owned */
	struct paths_id id;
	bool is_link;
};

struct paths_walk {
	struct paths_found *files;
	size_t count, cap;
	struct paths_id
		*entered; /* open hash of all folders entered; inode 0 = free place */
	size_t nentered, entered_cap;
	struct ff_paths links; /* links to folders: walked last, so that real names win */
	size_t skipped;
};

void ff_paths_release(struct ff_paths *p)
{
	for (size_t i = 0; i < p->count; i++)
		ff_free(p->items[i]);
	ff_free(p->items);
	*p = (struct ff_paths){0};
}

/* Takes over `path`, also on failure. */
static int paths_add_take(struct ff_paths *p, char *path, struct ff_err *err)
{
	int rc = FF_ENOMEM;

	if (!path)
		return ff_fail_nomem(err);
	rc = ff_grow(&p->items, &p->cap, p->count + 1, sizeof *p->items, err);
	if (rc < 0) {
		ff_free(path);
		return rc;
	}
	p->items[p->count++] = path;
	return FF_OK;
}

static char *paths_join(const char *folder, const char *name)
{
	size_t a = strlen(folder), b = strlen(name);
	bool slash = a > 0 && folder[a - 1] != '/';
	char *s = ff_alloc(a + b + 2, 1);

	if (!s)
		return NULL;
	memcpy(s, folder, a);
	if (slash)
		s[a++] = '/';
	memcpy(s + a, name, b + 1);
	return s;
}

/* ---- walking ---- */

static bool paths_same(struct paths_id a, struct paths_id b)
{
	return a.dev == b.dev && a.ino == b.ino;
}

/* Where the folder stands in the hash, or the free place for it. */
static struct paths_id *paths_place(struct paths_id *table, size_t cap,
				    struct paths_id id)
{
	size_t at = (size_t)ff_mix64((uint64_t)id.ino ^ ff_mix64((uint64_t)id.dev)) &
		    (cap - 1);

	while (table[at].ino != 0 && !paths_same(table[at], id))
		at = (at + 1) & (cap - 1);
	return &table[at];
}

/* Marks the folder as entered; 0 when it was before: a loop, or a second name. */
static int paths_enter(struct paths_walk *w, struct paths_id id, struct ff_err *err)
{
	struct paths_id *place;

	if (w->nentered * 2 >= w->entered_cap) {
		size_t cap = w->entered_cap ? 2 * w->entered_cap : 64;
		struct paths_id *table = ff_calloc(cap, sizeof *table);

		if (!table)
			return ff_fail_nomem(err);
		for (size_t i = 0; i < w->entered_cap; i++)
			if (w->entered[i].ino != 0)
				*paths_place(table, cap, w->entered[i]) = w->entered[i];
		ff_free(w->entered);
		w->entered = table;
		w->entered_cap = cap;
	}
	place = paths_place(w->entered, w->entered_cap, id);
	if (place->ino != 0)
		return 0;
	*place = id;
	w->nentered++;
	return 1;
}

static int paths_walk_folder(struct paths_walk *w, const char *folder, unsigned depth,
			     struct ff_err *err);

/* Takes over `path`. */
static int paths_walk_entry(struct paths_walk *w, char *path, unsigned depth,
			    struct ff_err *err)
{
	struct stat link, st;
	struct paths_id id;
	int rc = FF_OK;

	if (lstat(path, &link) < 0 || stat(path, &st) < 0) {
		/* a link to nothing is nobody's flow file; what vanished meanwhile
		 * likewise */
		if (errno == ENOENT || errno == ELOOP)
			w->skipped++;
		else
			rc = ff_fail_errno(err, errno, "cannot look at '%s'", path);
		goto out;
	}
	id = (struct paths_id){st.st_dev, st.st_ino};
	if (S_ISDIR(st.st_mode)) {
		if (S_ISLNK(link.st_mode))
			return paths_add_take(&w->links, path, err);
		rc = paths_enter(w, id, err);
		if (rc > 0)
			rc = paths_walk_folder(w, path, depth + 1, err);
		goto out;
	}
	if (!S_ISREG(st.st_mode)) { /* opening a pipe or a device could wait for ever */
		w->skipped++;
		goto out;
	}
	rc = ff_grow(&w->files, &w->cap, w->count + 1, sizeof *w->files, err);
	if (rc < 0)
		goto out;
	w->files[w->count++] = (struct paths_found){path, id, S_ISLNK(link.st_mode)};
	return FF_OK;
out:
	ff_free(path);
	return rc;
}

static int paths_walk_folder(struct paths_walk *w, const char *folder, unsigned depth,
			     struct ff_err *err)
{
	struct dirent *e;
	DIR *d;
	int rc = FF_OK;

	if (depth > PATHS_DEPTH)
		return ff_fail(err, FF_ELIMIT, "folders nest deeper than %d at '%s'",
			       PATHS_DEPTH, folder);
	d = opendir(folder);
	if (!d)
		return ff_fail_errno(err, errno, "cannot open folder '%s'", folder);
	while (rc >= 0 && (errno = 0, e = readdir(d)) != NULL) {
		char *path;

		if (e->d_name[0] == '.')
			continue;
		path = paths_join(folder, e->d_name);
		rc = path ? paths_walk_entry(w, path, depth, err) : ff_fail_nomem(err);
	}
	if (rc >= 0 && errno != 0)
		rc = ff_fail_errno(err, errno, "cannot read folder '%s'", folder);
	closedir(d);
	return rc < 0 ? rc : FF_OK;
}

static int paths_by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Follows the links to folders that are no second name of one that was walked. */
static int paths_walk_links(struct paths_walk *w, struct ff_err *err)
{
	int rc = FF_OK;

	for (unsigned round = 0; rc >= 0 && w->links.count > 0; round++) {
		struct ff_paths links = w->links;

		if (round >
		    PATHS_DEPTH) /* each link led to new folders: no loop, but no end */
			return ff_fail(err, FF_ELIMIT, "too many links in links at '%s'",
				       links.items[0]);
		w->links = (struct ff_paths){0};
		qsort(links.items, links.count, sizeof *links.items, paths_by_name);
		for (size_t i = 0; rc >= 0 && i < links.count; i++) {
			struct stat st;

			if (stat(links.items[i], &st) < 0)
				continue;
			rc = paths_enter(w, (struct paths_id){st.st_dev, st.st_ino}, err);
			if (rc > 0)
				rc = paths_walk_folder(w, links.items[i], 0, err);
		}
		ff_paths_release(&links);
	}
	return rc < 0 ? rc : FF_OK;
}

/* ---- what is found ---- */

static int paths_by_id(const void *a, const void *b)
{
	const struct paths_found *x = a, *y = b;

	if (x->id.dev != y->id.dev)
		return x->id.dev < y->id.dev ? -1 : 1;
	if (x->id.ino != y->id.ino)
		return x->id.ino < y->id.ino ? -1 : 1;
	if (x->is_link != y->is_link)
		return x->is_link ? 1 : -1;
	return strcmp(x->path, y->path);
}

static int paths_by_path(const void *a, const void *b)
{
	return strcmp(((const struct paths_found *)a)->path,
		      ((const struct paths_found *)b)->path);
}

/* Of a file and the links to it ("latest.rw") only one stays: its flows count once. */
static void paths_drop_links(struct paths_walk *w)
{
	size_t kept = 0;

	if (w->count == 0)
		return;
	qsort(w->files, w->count, sizeof *w->files, paths_by_id);
	for (size_t i = 0; i < w->count; i++) {
		if (kept > 0 && w->files[i].is_link &&
		    paths_same(w->files[kept - 1].id, w->files[i].id)) {
			ff_free(w->files[i].path);
			w->skipped++;
		} else {
			w->files[kept++] = w->files[i];
		}
	}
	w->count = kept;
	qsort(w->files, w->count, sizeof *w->files, paths_by_path);
}

static void paths_walk_release(struct paths_walk *w)
{
	for (size_t i = 0; i < w->count; i++)
		ff_free(w->files[i].path);
	ff_free(w->files);
	ff_free(w->entered);
	ff_paths_release(&w->links);
}

static int paths_none(const char *folder, const struct ff_err *why, struct ff_err *err)
{
	if (why->status == FF_OK)
		return ff_fail(err, FF_EFORMAT, "no flow files in folder '%s'", folder);
	return ff_fail(err, FF_EFORMAT, "no flow files in folder '%s': %s", folder,
		       why->text);
}

static int paths_expand_folder(struct ff_paths *out, const char *folder,
			       const struct stat *st, const struct ff_input_opts *o,
			       size_t *skipped, struct ff_err *err)
{
	struct paths_walk w = {0};
	struct ff_err why = {0};
	size_t before = out->count;
	int rc = paths_enter(&w, (struct paths_id){st->st_dev, st->st_ino}, err);

	if (rc >= 0)
		rc = paths_walk_folder(&w, folder, 0, err);
	if (rc >= 0)
		rc = paths_walk_links(&w, err);
	if (rc >= 0)
		paths_drop_links(&w);
	for (size_t i = 0; rc >= 0 && i < w.count; i++) {
		rc = paths_probe(w.files[i].path, o, &why, err);
		if (rc > 0) {
			rc = paths_add_take(out, w.files[i].path, err);
			w.files[i].path = NULL;
		} else if (rc == 0) {
			w.skipped++;
		}
	}
	if (rc >= 0 && out->count == before)
		rc = paths_none(folder, &why, err);
	*skipped += w.skipped;
	paths_walk_release(&w);
	return rc < 0 ? rc : FF_OK;
}

int ff_paths_expand(struct ff_paths *out, const char *const *args, size_t nargs,
		    const struct ff_input_opts *o, size_t *skipped, struct ff_err *err)
{
	struct ff_paths p = {0};
	size_t left_out = 0;
	int rc = FF_OK;

	for (size_t i = 0; rc == FF_OK && i < nargs; i++) {
		struct stat st;

		if (strcmp(args[i], "-") == 0)
			rc = paths_add_take(&p, ff_strdup(args[i]), err);
		else if (stat(args[i], &st) < 0)
			rc = ff_fail_errno(err, errno, "cannot open '%s'", args[i]);
		else if (S_ISDIR(st.st_mode))
			rc = paths_expand_folder(&p, args[i], &st, o, &left_out, err);
		else
			rc = paths_add_take(&p, ff_strdup(args[i]), err);
	}
	if (rc == FF_OK)
		rc = paths_check_twice(&p, err);
	for (size_t i = 0; rc == FF_OK && i < p.count; i++) {
		rc = paths_add_take(out, p.items[i], err);
		p.items[i] = NULL;
	}
	ff_paths_release(&p);
	if (rc == FF_OK && skipped)
		*skipped += left_out;
	return rc;
}

/* ---- the site file ---- */

/* The absolute folder of a file, with links resolved; *out owned. */
static int paths_folder_of(char **out, const char *path, struct ff_err *err)
{
	const char *slash = strrchr(path, '/');
	char *name =
		!slash ? ff_strdup(".")
		       : ff_strndup(path, slash == path ? 1 : (size_t)(slash - path));
	char *real;

	if (!name)
		return ff_fail_nomem(err);
	real = realpath(name, NULL);
	*out = real ? ff_strdup(real) : NULL;
	if (!real) {
		int rc = ff_fail_errno(err, errno, "cannot find folder '%s'", name);

		ff_free(name);
		return rc;
	}
	free(real); /* realpath's own memory */
	ff_free(name);
	return *out ? FF_OK : ff_fail_nomem(err);
}

int ff_paths_find_site(char **out, const struct ff_paths *p, struct ff_err *err)
{
	char *folder, *site;
	struct stat st;
	int rc;

	*out = NULL;
	if (p->count == 0 || strcmp(p->items[0], "-") == 0)
		return FF_OK;
	rc = paths_folder_of(&folder, p->items[0], err);
	if (rc < 0)
		return rc;
	for (;;) {
		char *slash;

		site = paths_join(folder, "silk.conf");
		if (!site) {
			ff_free(folder);
			return ff_fail_nomem(err);
		}
		if (stat(site, &st) == 0 && S_ISREG(st.st_mode))
			break;
		ff_free(site);
		site = NULL;
		slash = strrchr(folder, '/');
		if (!slash || folder[1] == '\0')
			break;
		slash[slash == folder] = '\0'; /* "/a" becomes "/" */
	}
	ff_free(folder);
	*out = site;
	return FF_OK;
}
