/* SPDX-License-Identifier: MIT */
/* Databases of countries and systems: MaxMind's, text, SiLK's prefix maps. */
#include "fuzz/fuzz.h"

#include <flowfig/geo.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_geo *g;
	struct ff_err err = {0};
	if (ff_geo_new(&g, &err))
		abort();
	if (ff_geo_add(g, fuzz_file(data, size), &err) == FF_OK) {
		if (!ff_geo_has(g) || !*ff_geo_text(g))
			abort();
		for (uint64_t i = 0; i < 512; i++) {
			uint64_t r[2] = {ff_mix64(i), ff_mix64(~i)};
			struct ff_addr a = ff_addr_from_v4((uint32_t)r[0]);
			if (i % 2)
				memcpy(a.b, r, 16);
			ff_geo_country(g, &a);
			ff_geo_asn(g, &a);
		}
	} else if (err.status >= 0 || !memchr(err.text, '\0', sizeof err.text) ||
		   ff_geo_has(g)) {
		abort();
	}
	ff_geo_free(g);
	return 0;
}
