/* SPDX-License-Identifier: MIT */
/* cpu - how many processors this process may use. Apart from thread.c because the
 * affinity mask, which batch systems set, is no part of POSIX. */
#ifdef __linux__
#define _GNU_SOURCE 1 /* sched_getaffinity, CPU_COUNT */
#include <sched.h>
#endif
#include <unistd.h>

#include <flowfig/base.h>

unsigned ff_cpu_count(void)
{
	long online;

#ifdef __linux__
	cpu_set_t allowed;

	/* fails past 1024 processors: then all that are online count */
	if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0 &&
	    CPU_COUNT(&allowed) > 0)
		return (unsigned)CPU_COUNT(&allowed);
#endif
	online = sysconf(_SC_NPROCESSORS_ONLN);
	return online < 1 ? 1 : (unsigned)online;
}
