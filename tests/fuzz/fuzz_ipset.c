/* SPDX-License-Identifier: MIT */
/* IP sets: SiLK's files and text, and the list of a switch. */
#include "fuzz/fuzz.h"

#include <flowfig/select.h>

/* A set must hold what its own prefixes cover. */
static void ipset_use(struct ff_ipset *set)
{
	struct ff_prefix *prefixes;
	size_t count;
	struct ff_err err;
	if (ff_ipset_prefixes(&prefixes, &count, set, &err) == FF_OK) {
		for (size_t i = 0; i < count && i < 1000; i++)
			if (!ff_ipset_has(set, &prefixes[i].addr))
				abort();
		ff_free(prefixes);
	}
	if (!(ff_ipset_size(set) >= 0))
		abort();
	ff_ipset_free(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_ipset *set;
	struct ff_err err;
	char *text = ff_strndup((const char *)data, size);
	if (ff_ipset_load(&set, fuzz_file(data, size), &err) == FF_OK)
		ipset_use(set);
	if (ff_ipset_parse(&set, "--inside", text, &err) == FF_OK)
		ipset_use(set);
	ff_free(text);
	return 0;
}
