/* SPDX-License-Identifier: MIT */
/* floor FILE.raw|FILE.csv TABLE - a lower bound, not a peer: the contact table of one
 * fixed network, by the hour, on one thread, from flows in order of time. One hash set of
 * (source, host) pairs and one table of sources serve each hour in turn.
 *
 * It knows what flowfig has to find out (the network, the columns, that all is IPv4 and
 * in order) and checks nothing. TABLE gets "hour,destinations,sources" lines, sorted. */
#define _GNU_SOURCE /* MAP_POPULATE */
#include "flows.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t *pairs; /* source << 10 | host, plus 1; 0 = free */
static struct source {
	uint32_t address, hosts; /* hosts 0 = free */
} * sources;
static size_t pair_slots = 1 << 16, pair_count, source_slots = 1 << 15, source_count;
static uint32_t hour, lines[HOSTS + 1]; /* sources by number of hosts */
static FILE *table;

static size_t slot_of(uint64_t key, size_t slots)
{
	key *= UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(key ^ key >> 29) & (slots - 1);
}

static void *zeroed(size_t n, size_t size)
{
	void *p = calloc(n, size);
	if (!p)
		exit((fputs("floor: out of memory\n", stderr), 1));
	return p;
}

static void end_hour(uint32_t next)
{
	for (size_t i = 0; i < source_slots; i++)
		lines[sources[i].hosts]++;
	for (uint32_t n = 1; n <= HOSTS; n++)
		if (lines[n])
			fprintf(table, "%u,%u,%u\n", hour, n, lines[n]);
	memset(lines, 0, sizeof lines);
	memset(sources, 0, source_slots * sizeof *sources);
	memset(pairs, 0, pair_slots * sizeof *pairs);
	pair_count = source_count = 0;
	hour = next;
}

static struct source *find_source(uint32_t address)
{
	size_t i = slot_of(address, source_slots);
	while (sources[i].hosts && sources[i].address != address)
		i = (i + 1) & (source_slots - 1);
	return &sources[i];
}

static void grow_pairs(void)
{
	uint64_t *old = pairs;
	size_t slots = pair_slots;
	pairs = zeroed(pair_slots *= 2, sizeof *pairs);
	for (size_t k = 0; k < slots; k++) {
		if (!old[k])
			continue;
		size_t i = slot_of(old[k], pair_slots);
		while (pairs[i])
			i = (i + 1) & (pair_slots - 1);
		pairs[i] = old[k];
	}
	free(old);
}

static void grow_sources(void)
{
	struct source *old = sources;
	size_t slots = source_slots;
	sources = zeroed(source_slots *= 2, sizeof *sources);
	for (size_t k = 0; k < slots; k++)
		if (old[k].hosts)
			*find_source(old[k].address) = old[k];
	free(old);
}

static inline void add(uint32_t when, uint32_t sip, uint32_t dip)
{
	if (!IS_INSIDE(dip) || IS_INSIDE(sip))
		return;
	if (when != hour)
		end_hour(when);
	uint64_t key = ((uint64_t)sip << 10 | (dip & (HOSTS - 1))) + 1;
	size_t i = slot_of(key, pair_slots);
	for (; pairs[i]; i = (i + 1) & (pair_slots - 1))
		if (pairs[i] == key)
			return;
	pairs[i] = key;
	struct source *s = find_source(sip);
	source_count += s->hosts == 0;
	s->address = sip;
	s->hosts++;
	if (++pair_count * 2 > pair_slots)
		grow_pairs();
	if (source_count * 2 > source_slots)
		grow_sources();
}

static const char *read_number(const char *p, uint64_t *out)
{
	uint64_t v = 0;
	while ((unsigned)(*p - '0') < 10)
		v = v * 10 + (unsigned)(*p++ - '0');
	*out = v;
	return p + 1; /* past the dot or comma */
}

static const char *read_address(const char *p, uint32_t *out)
{
	uint32_t a = 0;
	for (int i = 0; i < 4; i++) {
		uint64_t byte;
		p = read_number(p, &byte);
		a = a << 8 | (uint32_t)byte;
	}
	*out = a;
	return p;
}

static void read_csv(const char *p, const char *end)
{
	p = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
	while (p < end) {
		uint32_t sip, dip;
		uint64_t s;
		p = read_address(p, &sip);
		p = read_address(p, &dip);
		for (int column = 2; column < 8; column++)
			while (*p++ != ',')
				;
		p = read_number(p, &s);
		add((uint32_t)((s - BASE_MS / 1000) / 3600), sip, dip);
		p = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
	}
}

int main(int argc, char **argv)
{
	struct stat st;
	int fd;
	if (argc != 3)
		return fputs("usage: floor FILE.raw|FILE.csv TABLE\n", stderr), 2;
	if ((fd = open(argv[1], O_RDONLY)) < 0 || fstat(fd, &st) < 0)
		return perror(argv[1]), 1;
	const char *data = mmap(NULL, (size_t)st.st_size, PROT_READ,
				MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (data == MAP_FAILED || !(table = fopen(argv[2], "w")))
		return perror(argv[2]), 1;
	pairs = zeroed(pair_slots, sizeof *pairs);
	sources = zeroed(source_slots, sizeof *sources);
	if (strstr(argv[1], ".csv")) {
		read_csv(data, data + st.st_size);
	} else {
		const struct flow *f = (const struct flow *)data;
		for (size_t n = (size_t)st.st_size / sizeof *f; n > 0; n--, f++)
			add(f->start_ms / HOUR_MS, f->sip, f->dip);
	}
	end_hour(0);
	return fclose(table) == 0 ? 0 : 1;
}
