/* SPDX-License-Identifier: MIT */
/* measure FILE COMMAND [WORD...] - runs a command, waits for it, and adds one line to
 * FILE: wall seconds, CPU seconds (user and system, children included), the resident
 * memory in KiB of its largest process, exit status. */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE /* wait4 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct timespec start, end;
	struct rusage use;
	int status;
	if (argc < 3)
		return fputs("usage: measure FILE COMMAND [WORD...]\n", stderr), 2;
	FILE *out = fopen(argv[1], "a");
	if (!out)
		return perror(argv[1]), 1;
	clock_gettime(CLOCK_MONOTONIC, &start);
	pid_t child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &use) < 0)
		return perror("measure"), 1;
	clock_gettime(CLOCK_MONOTONIC, &end);
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	fprintf(out, "%.4f %.4f %ld %d\n",
		(double)(end.tv_sec - start.tv_sec) +
			(double)(end.tv_nsec - start.tv_nsec) / 1e9,
		seconds(use.ru_utime) + seconds(use.ru_stime), use.ru_maxrss, code);
	return fclose(out) == 0 ? code : 1;
}
