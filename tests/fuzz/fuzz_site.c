/* SPDX-License-Identifier: MIT */
/* silk.conf */
#include "fuzz/fuzz.h"

static void site_use(struct ff_site *s)
{
	char name[64];
	ff_site_default_class(s);
	ff_site_is_loaded(s);
	for (unsigned i = 0; i < 256; i++) {
		const struct ff_site_type *t = ff_site_type(s, i);
		if (t->known && ff_site_find_type(s, t->class_name, t->type_name) < 0)
			abort();
	}
	unsigned max = ff_site_max_sensor(s);
	for (unsigned i = 0; i <= max; i += max / 50 + 1)
		ff_site_sensor(s, i, name, sizeof name);
	ff_site_sensor(s, FF_SENSOR_NONE, name, sizeof name);
	ff_site_intern(s, "another", 7);
	ff_site_find_sensor(s, "another", 7);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_site *site;
	struct ff_err err;
	if (ff_site_parse(&site, "fuzz", (const char *)data, size, &err) == FF_OK) {
		site_use(site);
		ff_site_free(site);
	}
	return 0;
}
