/* SPDX-License-Identifier: MIT */
/* States whose checksums are right and whose content no flowfig writes: refused with file
 * and reason, never followed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "aggregate/contact.h"

/* A payload as contact_save() lays it out. All members have 8 bytes. */
struct hostile {
	uint64_t kind;
	int64_t width_ns;
	uint64_t direction, pairs, prefix_bits;
	int64_t first_ns, last_ns;
	uint64_t nbins;
	int64_t bin;
	uint64_t flows, counted;
	uint64_t narrow_bins; /* bins that hold keys, and the first of them */
	int64_t narrow_bin;
	uint64_t group, part; /* keys; how far from the part where they belong */
	uint64_t key, step;   /* the first, and from there to the second */
};
static const struct hostile sound = {.kind = FF_BINS_FIXED,
				     .width_ns = FF_HOUR,
				     .prefix_bits = 118,
				     .last_ns = FF_SEC,
				     .nbins = 1,
				     .flows = 2,
				     .counted = 1,
				     .narrow_bins = 1,
				     .group = 2,
				     .key = 0x0102030405060708,
				     .step = 1};

/* What one other value in the sound payload must be told as. */
#define AT(member) offsetof(struct hostile, member)
static const struct {
	const char *says; /* NULL: nothing is wrong */
	size_t offset;
	uint64_t value;
} rows[] = {
	{NULL, AT(kind), FF_BINS_FIXED},
	{"parameters", AT(kind), 7},
	{"parameters", AT(width_ns), 0},
	{"parameters", AT(width_ns), UINT64_MAX},
	{"parameters", AT(width_ns), INT64_MAX},
	{"parameters", AT(direction), 2},
	{"parameters", AT(pairs), UINT64_MAX},
	{"prefix", AT(prefix_bits), 129},
	{"times", AT(last_ns), INT64_MAX},
	{"times", AT(first_ns), (uint64_t)INT64_MIN},
	{"times", AT(first_ns), 2000000000},
	{"times", AT(nbins), 0},
	{"too many bins", AT(nbins), UINT64_MAX},
	{"impossible bin", AT(bin), 1},
	{"impossible bin", AT(bin), (uint64_t)INT64_MIN},
	{"impossible bin", AT(flows), 0},
	{"impossible bin", AT(counted), 3},
	{"too many bins", AT(narrow_bins), UINT64_MAX},
	{"bin without flows", AT(narrow_bin), 1},
	{"bin without flows", AT(narrow_bin), INT64_MAX},
	{"group", AT(group), 4097},
	{"group", AT(group), UINT64_MAX},
	{"belong", AT(part), 1},
	{"out of order", AT(step), 0},
	{"out of order", AT(step), UINT64_MAX},
};

static struct hostile payload;

static int save_hostile(void *self, struct ff_state_writer *w, struct ff_err *err)
{
	const struct hostile *h = &payload;
	uint8_t address[16] = {0};

	(void)self;
	(void)err;
	ff_state_put_u64(w, h->kind);
	ff_state_put_i64(w, h->width_ns);
	ff_state_put_u64(w, h->direction);
	ff_state_put_u64(w, h->pairs);
	ff_state_put_u64(w, 1);
	ff_state_put_bytes(w, address, sizeof(address));
	ff_state_put_u64(w, h->prefix_bits);
	ff_state_put_i64(w, h->first_ns);
	ff_state_put_i64(w, h->last_ns);
	ff_state_put_u64(w, h->nbins);
	ff_state_put_i64(w, h->bin);
	ff_state_put_u64(w, h->flows);
	ff_state_put_u64(w, h->counted);
	ff_state_put_u64(w, h->narrow_bins);
	ff_state_put_i64(w, h->narrow_bin);
	for (unsigned part = 0; part < CONTACT_PARTS; part++) {
		if (part == (contact_part_of(&h->key, 1) + h->part) % CONTACT_PARTS) {
			ff_state_put_u64(w, h->group);
			ff_state_put_u64(w, h->key);
			ff_state_put_u64(w, h->step);
		}
		ff_state_put_u64(w, 0);
	}
	ff_state_put_u64(w, 0); /* no bins with IPv6 */
	return FF_OK;
}

static void hostile_states_are_refused(void **state)
{
	const char *tmp = getenv("FF_TMP");
	struct ff_agg_type type = ff_agg_contact;
	struct ff_agg_origin origin = {0};
	struct ff_agg_context ctx = {.memory_bytes = 1 << 20,
				     .scratch_dir = tmp ? tmp : "out"};
	char path[512];

	(void)state;
	snprintf(path, sizeof(path), "%s/hostile.ffs", tmp ? tmp : "out");
	type.save = save_hostile;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct ff_agg_type *found = NULL;
		struct ff_agg_origin from = {0};
		struct ff_err err = {0};
		void *agg = NULL;

		payload = sound;
		memcpy((char *)&payload + rows[i].offset, &rows[i].value, 8);
		assert_int_equal(ff_state_save(path, &type, NULL, &origin, NULL), FF_OK);
		int rc = ff_state_load(&agg, &found, &from, path, &ctx, &err);
		if (!rows[i].says) {
			struct ff_result result = {0};

			if (rc != FF_OK)
				fail_msg("row %d: %s", (int)i, err.text);
			assert_int_equal(ff_agg_finish(found, agg, &result, 1, &err),
					 FF_OK);
			assert_int_equal(result.tables[0].rows, 1);
			ff_result_release(&result);
			found->destroy(agg);
			ff_agg_origin_release(&from);
		} else if (rc != FF_EFORMAT || !strstr(err.text, rows[i].says) ||
			   !strstr(err.text, "hostile.ffs")) {
			fail_msg("row %d: status %d, '%s'", (int)i, rc, err.text);
		}
	}
	remove(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_states_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
