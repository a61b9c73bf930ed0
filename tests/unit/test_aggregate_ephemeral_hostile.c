/* SPDX-License-Identifier: MIT */
/* ephemeral states whose checksums are right and whose content no flowfig writes: refused
 * with file and reason, never followed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "aggregate/ephemeral.h"

/* A payload as ephemeral_save() lays it out, with one host and one IPv4 row. */
struct hostile {
	uint64_t net, bits, initiator; /* IPv4 numbers of addresses */
	uint64_t hosts, host, answered;
	uint64_t group, time, time_again, row_host, sport, protocol, dport, syn;
	uint64_t wide_group, wide_v4;
};
static const struct hostile sound = {.net = 0x0a000000,
				     .bits = 104,
				     .hosts = 1,
				     .host = 0x0a000001,
				     .answered = 7,
				     .group = 1,
				     .time = UINT64_C(1) << 63,
				     .row_host = 0x0a000001,
				     .sport = 5000,
				     .protocol = 6,
				     .dport = 80};

#define AT(member) offsetof(struct hostile, member)
static const struct {
	const char *says; /* NULL: nothing is wrong */
	size_t offset;
	uint64_t value;
} rows[] = {
	{NULL, AT(answered), 7},
	{NULL, AT(protocol), 17},
	{NULL, AT(syn), 1},
	{NULL, AT(host), 0x0a000002},
	{"parameters", AT(bits), 129},
	{"parameters", AT(bits), UINT64_MAX},
	{"parameters", AT(initiator), 2},
	{"parameters", AT(net), 0x0a000001},
	{"too many hosts", AT(hosts), UINT64_MAX},
	{"outside its network", AT(host), 0x0b000001},
	{"more flows", AT(answered), UINT64_MAX},
	{"group", AT(group), 4097},
	{"group", AT(group), UINT64_MAX},
	{"times", AT(time), 0},
	{"times", AT(time), UINT64_MAX},
	{"ends too early", AT(group), 2},
	{"outside its network", AT(row_host), 0x0b000001},
	{"protocol", AT(protocol), 1},
	{"protocol", AT(syn), 2},
	{"did not initiate", AT(sport), 80},
	{"did not initiate", AT(dport), 5000},
	{"address family", AT(wide_v4), 1},
	{"group", AT(wide_group), 4097},
};

static struct hostile payload;

static void put_be(struct ff_state_writer *w, uint64_t v, unsigned bytes)
{
	uint8_t b[8];
	for (unsigned i = 0; i < bytes; i++)
		b[i] = (uint8_t)(v >> 8 * (bytes - 1 - i));
	ff_state_put_bytes(w, b, bytes);
}

static void put_addr(struct ff_state_writer *w, uint64_t v4)
{
	struct ff_addr a = ff_addr_from_v4((uint32_t)v4);
	ff_state_put_bytes(w, a.b, 16);
}

static int save_hostile(void *self, struct ff_state_writer *w, struct ff_err *err)
{
	const struct hostile *h = &payload;
	(void)self;
	(void)err;
	put_addr(w, h->net);
	ff_state_put_u64(w, h->bits);
	ff_state_put_u64(w, h->initiator);
	ff_state_put_u64(w, h->hosts);
	put_addr(w, h->host);
	for (int i = 0; i < 3; i++)
		ff_state_put_u64(w, h->answered);
	ff_state_put_u64(w, h->group);
	ff_state_put_u64(w, h->time);
	put_be(w, h->row_host, 4);
	put_be(w, h->sport, 2);
	put_be(w, h->protocol, 1);
	put_be(w, 0xc0000201, 4);
	put_be(w, h->dport, 2);
	put_be(w, h->syn, 1);
	ff_state_put_u64(w, 0);
	if (h->wide_group)
		ff_state_put_u64(w, h->wide_group);
	if (h->wide_v4) {
		ff_state_put_u64(w, 1);
		ff_state_put_u64(w, h->time);
		put_addr(w, h->row_host);
		put_be(w, h->sport, 2);
		put_be(w, h->protocol, 1);
		put_addr(w, 0xc0000201);
		put_be(w, h->dport, 2);
		put_be(w, h->syn, 1);
	}
	ff_state_put_u64(w, 0);
	return FF_OK;
}

static void hostile_states_are_refused(void **state)
{
	const char *tmp = getenv("FF_TMP");
	struct ff_agg_type type = ff_agg_ephemeral;
	struct ff_agg_origin origin = {0};
	struct ff_agg_context ctx = {.memory_bytes = 1 << 20,
				     .scratch_dir = tmp ? tmp : "out"};
	char path[512];

	(void)state;
	snprintf(path, sizeof path, "%s/hostile-ephemeral.ffs", tmp ? tmp : "out");
	type.save = save_hostile;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
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
			assert_int_equal(ff_result_number(&result, "answered", -1), 14);
			ff_result_release(&result);
			found->destroy(agg);
			ff_agg_origin_release(&from);
		} else if (rc != FF_EFORMAT || !strstr(err.text, rows[i].says) ||
			   !strstr(err.text, "hostile-ephemeral.ffs")) {
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
