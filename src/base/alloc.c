/* SPDX-License-Identifier: MIT */
/* alloc - every allocation of the library: count x size checked for overflow, and in
 * test builds made to fail at a chosen place. */
#ifdef __linux__
#define _GNU_SOURCE 1 /* madvise, sbrk */
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

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

/* ---- large pages ---- */

#define ALLOC_PAGE ((uintptr_t)2 << 20)
#define ALLOC_LARGE ((size_t)512 << 10) /* blocks worth a call to the kernel */
#define ALLOC_HEAP (64 << 20)		/* bytes the heap grows by; taken when touched */
#define ALLOC_ALONE (4 << 20)		/* blocks from here on live outside the heap */

/* Advice only: a kernel that knows no large pages says no, which changes nothing. */
static void alloc_advise(uintptr_t from, uintptr_t to)
{
#ifdef MADV_HUGEPAGE
	if (from < to)
		(void)madvise((void *)from, to - from, MADV_HUGEPAGE);
#else
	(void)from;
	(void)to;
#endif
}

static void *alloc_advised(void *block, size_t bytes)
{
	uintptr_t from = (uintptr_t)block;

	if (block && bytes >= ALLOC_LARGE)
		alloc_advise(from & ~(ALLOC_PAGE - 1),
			     (from + bytes + ALLOC_PAGE - 1) & ~(ALLOC_PAGE - 1));
	return block;
}

void ff_alloc_large_pages(void)
{
#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)
	void *first;

	mallopt(M_TOP_PAD, ALLOC_HEAP);
	mallopt(M_MMAP_THRESHOLD, ALLOC_ALONE);
	/* more than the heap has: it grows */
	first = malloc(ALLOC_ALONE / 4);
	if (first)
		alloc_advise(((uintptr_t)first + ALLOC_PAGE - 1) & ~(ALLOC_PAGE - 1),
			     (uintptr_t)sbrk(0) & ~(ALLOC_PAGE - 1));
	free(first);
#endif
}

void *ff_alloc(size_t count, size_t size)
{
	size_t bytes = alloc_bytes(count, size);

	if (bytes == 0 || alloc_must_fail()) {
		errno = ENOMEM;
		return NULL;
	}
	return alloc_advised(malloc(bytes), bytes);
}

void *ff_calloc(size_t count, size_t size)
{
	size_t bytes = alloc_bytes(count, size);

	if (bytes == 0 || alloc_must_fail()) {
		errno = ENOMEM;
		return NULL;
	}
	return alloc_advised(calloc(1, bytes), bytes);
}

void *ff_realloc(void *p, size_t count, size_t size)
{
	size_t bytes = alloc_bytes(count, size);

	if (bytes == 0 || alloc_must_fail()) {
		errno = ENOMEM;
		return NULL;
	}
	return alloc_advised(realloc(p, bytes), bytes);
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
