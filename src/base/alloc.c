/* SPDX-License-Identifier: MIT */
/* alloc - every allocation of the library: count x size checked for overflow, and in
 * test builds made to fail at a chosen place. */
#include <flowfig/base.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#ifdef FF_TEST_ALLOC
static atomic_uint_least64_t alloc_asked;   /* since the last ff_alloc_fail_after() */
static atomic_uint_least64_t alloc_fail_at; /* 0 = never */

static bool alloc_must_fail(void)
{
	uint64_t nth = atomic_fetch_add(&alloc_asked, 1) + 1;
	uint64_t limit = atomic_load(&alloc_fail_at);

	return limit != 0 && nth >= limit;
}

uint64_t ff_alloc_fail_after(uint64_t n)
{
	uint64_t asked;

	/* nothing may fail by the old limit while the count restarts */
	atomic_store(&alloc_fail_at, 0);
	asked = atomic_exchange(&alloc_asked, 0);
	atomic_store(&alloc_fail_at, n);
	return asked;
}
#else
static bool alloc_must_fail(void)
{
	return false;
}

uint64_t ff_alloc_fail_after(uint64_t n)
{
	(void)n;
	return 0;
}
#endif

/* Bytes to ask for, at least 1 so that NULL always means failure; 0 for what no object
 * can have: the difference of two pointers into it would overflow. */
static size_t alloc_bytes(size_t count, size_t size)
{
	if (count == 0 || size == 0)
		return 1;
	return count > PTRDIFF_MAX / size ? 0 : count * size;
}

void *ff_alloc(size_t count, size_t size)
{
	size_t bytes = alloc_bytes(count, size);

	if (bytes == 0 || alloc_must_fail()) {
		errno = ENOMEM;
		return NULL;
	}
	return malloc(bytes);
}

void *ff_calloc(size_t count, size_t size)
{
	size_t bytes = alloc_bytes(count, size);

	if (bytes == 0 || alloc_must_fail()) {
		errno = ENOMEM;
		return NULL;
	}
	return calloc(1, bytes);
}

void *ff_realloc(void *p, size_t count, size_t size)
{
	size_t bytes = alloc_bytes(count, size);

	if (bytes == 0 || alloc_must_fail()) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, bytes);
}

char *ff_strdup(const char *s)
{
	return ff_strndup(s, strlen(s));
}

char *ff_strndup(const char *s, size_t len)
{
	size_t kept = strnlen(s, len);
	char *copy = kept < SIZE_MAX ? ff_alloc(kept + 1, 1) : NULL;

	if (!copy)
		return NULL;
	memcpy(copy, s, kept);
	copy[kept] = '\0';
	return copy;
}

void ff_free(void *p)
{
	free(p);
}

int ff_grow(void *p_to_pointer, size_t *cap, size_t need, size_t size, struct ff_err *err)
{
	size_t want = *cap > SIZE_MAX / 2 ? SIZE_MAX : *cap * 2;
	void *p;

	if (need <= *cap)
		return FF_OK;
	if (want < 8)
		want = 8;
	if (want < need)
		want = need;
	/* the caller's pointer has its own type: copy its bytes, do not alias it */
	memcpy(&p, p_to_pointer, sizeof(p));
	p = ff_realloc(p, want, size);
	if (!p)
		return ff_fail_nomem(err);
	memcpy(p_to_pointer, &p, sizeof(p));
	*cap = want;
	return FF_OK;
}
