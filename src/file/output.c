/* SPDX-License-Identifier: MIT */
/* output - files that appear whole or not at all: written under a temporary name in the
 * same folder, synced, renamed. What is no regular file (a pipe, /dev/null) is written in
 * place. */
#include <flowfig/file.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUTPUT_BUFFER ((size_t)256 << 10)
#define OUTPUT_PATH 4096
#define OUTPUT_LINKS 40 /* symbolic links followed, as Linux does */

struct ff_output {
	int fd;
	int slot;      /* in output_open[]; -1 when written in place */
	bool borrowed; /* standard output: not ours to close */
	char *name;    /* as given, for messages */
	char *target;  /* what is replaced: name with symbolic links followed */
	struct ff_err failed;
	uint64_t flushed; /* bytes handed to the system */
	size_t len;
	uint8_t buffer[OUTPUT_BUFFER];
};

/* Temporary files that exist now. Static, so that a signal handler may walk it at any
 * moment: a slot is written while `state` is TAKEN, and unlinked only when it is LIVE. */
enum { OUTPUT_FREE, OUTPUT_TAKEN, OUTPUT_LIVE };
static struct output_slot {
	atomic_int state;
	char path[OUTPUT_PATH];
} output_open[32];
#define OUTPUT_SLOTS (sizeof(output_open) / sizeof(output_open[0]))

void ff_output_abort_all(void)
{
	size_t i;

	for (i = 0; i < OUTPUT_SLOTS; i++) {
		if (atomic_load(&output_open[i].state) == OUTPUT_LIVE)
			unlink(output_open[i].path);
	}
}

static int output_take_slot(void)
{
	size_t i;

	for (i = 0; i < OUTPUT_SLOTS; i++) {
		int expected = OUTPUT_FREE;

		if (atomic_compare_exchange_strong(&output_open[i].state, &expected,
						   OUTPUT_TAKEN))
			return (int)i;
	}
	return -1;
}

static void output_free_slot(struct ff_output *o)
{
	if (o->slot >= 0)
		atomic_store(&output_open[o->slot].state, OUTPUT_FREE);
	o->slot = -1;
}

static int output_fail(struct ff_output *o, int errnum, struct ff_err *err)
{
	if (o->failed.status == FF_OK)
		ff_fail_errno(&o->failed, errnum, "cannot write '%s'", o->name);
	if (err)
		*err = o->failed;
	return o->failed.status;
}

/* Follows symbolic links, so that the file they lead to is replaced and they stay. */
static int output_resolve(struct ff_output *o, struct ff_err *err)
{
	char path[OUTPUT_PATH], link[OUTPUT_PATH];
	struct stat st;
	int i;

	if (strlen(o->name) >= sizeof(path))
		return output_fail(o, ENAMETOOLONG, err);
	memcpy(path, o->name, strlen(o->name) + 1);
	for (i = 0; lstat(path, &st) == 0 && S_ISLNK(st.st_mode); i++) {
		ssize_t len = readlink(path, link, sizeof(link) - 1);
		char *slash = strrchr(path, '/');
		size_t folder = slash ? (size_t)(slash - path) + 1 : 0;

		if (i == OUTPUT_LINKS)
			return output_fail(o, ELOOP, err);
		if (len < 0)
			return output_fail(o, errno, err);
		if (link[0] == '/')
			folder = 0;
		if (folder + (size_t)len >= sizeof(path))
			return output_fail(o, ENAMETOOLONG, err);
		memcpy(path + folder, link, (size_t)len);
		path[folder + (size_t)len] = 0;
	}
	o->target = ff_strdup(path);
	return o->target ? FF_OK : ff_fail_nomem(err);
}

/* ".<base>.<6 letters>" in the folder of the target. open() with O_EXCL instead of
 * mkstemp(), so that the umask applies without asking for it, which no thread-safe call
 * can do. */
static int output_temporary(struct ff_output *o, mode_t mode, struct ff_err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	static atomic_uint counter;
	const char *slash = strrchr(o->target, '/');
	int folder = slash ? (int)(slash - o->target) + 1 : 0;
	const char *base = o->target + folder;
	char *path;
	int i, k, len, tries;

	o->slot = output_take_slot();
	if (o->slot < 0)
		return ff_fail(err, FF_ELIMIT,
			       "cannot write '%s': too many files open for writing",
			       o->name);
	path = output_open[o->slot].path;
	/* a base name of the full 255 bytes leaves no room for the dot and the letters */
	len = snprintf(path, OUTPUT_PATH, "%.*s.%.200s.", folder, o->target, base);
	if (len < 0 || len + 7 > OUTPUT_PATH) {
		output_free_slot(o);
		return output_fail(o, ENAMETOOLONG, err);
	}
	for (tries = 0; tries < 1000; tries++) {
		uint64_t r = ff_mix64(((uint64_t)getpid() << 32) +
				      atomic_fetch_add(&counter, 1) + 1);

		for (k = 0; k < 6; k++, r /= 36)
			path[len + k] = letters[r % 36];
		path[len + 6] = 0;
		o->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (o->fd >= 0) {
			atomic_store(&output_open[o->slot].state, OUTPUT_LIVE);
			return FF_OK;
		}
		if (errno != EEXIST)
			break;
	}
	i = errno;
	output_free_slot(o);
	return output_fail(o, i, err);
}

static int output_start(struct ff_output *o, const char *path, struct ff_err *err)
{
	struct stat st;
	bool exists;
	int status;

	/* by its number: opening /dev/stdout again would forget the position of a shell's
	 * >> */
	if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0 ||
	    strcmp(path, "/dev/fd/1") == 0) {
		o->fd = STDOUT_FILENO;
		o->borrowed = true;
		return FF_OK;
	}
	if (path[0] == 0)
		return output_fail(o, ENOENT, err);
	exists = stat(path, &st) == 0;
	if (exists && S_ISDIR(st.st_mode))
		return output_fail(o, EISDIR, err);
	if (exists && (!S_ISREG(st.st_mode) || strncmp(path, "/dev/fd/", 8) == 0)) {
		o->fd = open(path, O_WRONLY | O_CLOEXEC);
		return o->fd >= 0 ? FF_OK : output_fail(o, errno, err);
	}
	/* rename() would replace a file that its owner has protected */
	if (exists && access(path, W_OK) != 0)
		return output_fail(o, errno, err);
	status = output_resolve(o, err);
	if (status == FF_OK)
		status = output_temporary(o, 0666, err);
	/* a file that is replaced keeps its mode; failing to is no reason to give up */
	if (status == FF_OK && exists && fchmod(o->fd, st.st_mode & 0777) != 0)
		errno = 0;
	return status;
}

static void output_free(struct ff_output **o)
{
	if ((*o)->fd >= 0 && !(*o)->borrowed)
		close((*o)->fd);
	ff_free((*o)->name);
	ff_free((*o)->target);
	ff_free(*o);
	*o = NULL;
}

int ff_output_open(struct ff_output **out, const char *path, struct ff_err *err)
{
	struct ff_output *o = ff_alloc(1, sizeof(*o));
	int status;

	if (!o)
		return ff_fail_nomem(err);
	memset(o, 0, offsetof(struct ff_output, buffer));
	o->fd = -1;
	o->slot = -1;
	o->name = ff_strdup(strcmp(path, "-") == 0 ? "standard output" : path);
	status = o->name ? output_start(o, path, err) : ff_fail_nomem(err);
	if (status != FF_OK) {
		output_free(&o);
		return status;
	}
	*out = o;
	return FF_OK;
}

static int output_put(struct ff_output *o, const uint8_t *p, size_t n, struct ff_err *err)
{
	while (n > 0) {
		ssize_t done = write(o->fd, p, n);

		/* a signal that is not meant to end the program must not end the file */
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return output_fail(o, errno, err);
		p += done;
		n -= (size_t)done;
		o->flushed += (uint64_t)done;
	}
	return FF_OK;
}

static int output_flush(struct ff_output *o, struct ff_err *err)
{
	size_t n = o->len;

	if (o->failed.status != FF_OK)
		return output_fail(o, 0, err);
	o->len = 0;
	return output_put(o, o->buffer, n, err);
}

int ff_output_write(struct ff_output *o, const void *data, size_t len, struct ff_err *err)
{
	int status = FF_OK;

	if (o->failed.status != FF_OK)
		return output_fail(o, 0, err);
	if (len > OUTPUT_BUFFER - o->len) {
		status = output_flush(o, err);
		if (status == FF_OK && len >= OUTPUT_BUFFER)
			return output_put(o, data, len, err);
	}
	if (status == FF_OK && len > 0) {
		memcpy(o->buffer + o->len, data, len);
		o->len += len;
	}
	return status;
}

int ff_output_patch(struct ff_output *o, uint64_t offset, const void *data, size_t len,
		    struct ff_err *err)
{
	const uint8_t *p = data;
	int status = output_flush(o, err);

	if (status != FF_OK)
		return status;
	assert(offset <= o->flushed && len <= o->flushed - offset);
	while (len > 0) {
		ssize_t done = pwrite(o->fd, p, len, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return output_fail(o, errno, err);
		p += done;
		offset += (uint64_t)done;
		len -= (size_t)done;
	}
	return FF_OK;
}

static int output_finish(struct ff_output *o, struct ff_err *err)
{
	int status = output_flush(o, err), fd = o->fd;

	if (status != FF_OK || o->slot < 0)
		return status;
	/* without it a crash soon after the rename may leave an empty file under the name
	 */
	if (fsync(fd) != 0)
		return output_fail(o, errno, err);
	o->fd = -1;
	if (close(fd) != 0)
		return output_fail(o, errno, err);
	if (rename(output_open[o->slot].path, o->target) != 0)
		return output_fail(o, errno, err);
	return FF_OK;
}

int ff_output_commit(struct ff_output **o, struct ff_err *err)
{
	int status = output_finish(*o, err);

	if (status != FF_OK) {
		ff_output_abort(o);
		return status;
	}
	output_free_slot(*o);
	output_free(o);
	return FF_OK;
}

void ff_output_abort(struct ff_output **o)
{
	if (!o || !*o)
		return;
	if ((*o)->slot >= 0)
		unlink(output_open[(*o)->slot].path);
	output_free_slot(*o);
	output_free(o);
}

int ff_output_whole(const char *path, const void *data, size_t len, struct ff_err *err)
{
	struct ff_output *o;
	int status = ff_output_open(&o, path, err);

	if (status != FF_OK)
		return status;
	status = ff_output_write(o, data, len, err);
	if (status != FF_OK) {
		ff_output_abort(&o);
		return status;
	}
	return ff_output_commit(&o, err);
}
