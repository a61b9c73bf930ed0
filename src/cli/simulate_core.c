/* SPDX-License-Identifier: MIT */
/* simulate_core - one run of a scenario: holds the records, sorts them, turns them into
 * flows. */
#include "cli/simulate.h"

#include <assert.h>
#include <string.h>

bool ff_sim_is_v6(const struct ff_sim *sim)
{
	return !ff_addr_is_v4(&sim->inside.addr);
}

uint32_t ff_sim_hosts(const struct ff_sim *sim)
{
	return UINT32_C(1) << sim->inside_bits;
}

uint64_t ff_sim_hours(const struct ff_sim *sim)
{
	return (uint64_t)sim->days * 24;
}

uint64_t ff_sim_span_ms(const struct ff_sim *sim)
{
	return ff_sim_hours(sim) * FF_SIM_HOUR_MS;
}

int ff_sim_init(struct ff_sim *sim, struct ff_err *err)
{
	if (sim->target > FF_SIM_INDEX_MASK)
		return ff_fail(err, FF_ELIMIT, "more than %lu flows in one simulation",
			       (unsigned long)FF_SIM_INDEX_MASK);
	sim->count = 0;
	sim->limit = 0;
	sim->next_source = 0;
	sim->stopped = false;
	sim->why = (struct ff_err){FF_OK, ""};
	sim->npopulations = 0;
	sim->order = NULL;
	sim->flows = ff_alloc((size_t)sim->target, sizeof *sim->flows);
	return sim->flows ? FF_OK : ff_fail_nomem(err);
}

void ff_sim_release(struct ff_sim *sim)
{
	ff_free(sim->flows);
	ff_free(sim->order);
	sim->flows = NULL;
	sim->order = NULL;
}

void ff_sim_begin(struct ff_sim *sim, const char *name, const char *summary,
		  uint64_t budget)
{
	assert(sim->npopulations < FF_SIM_POPULATIONS);
	struct ff_sim_population *p = &sim->populations[sim->npopulations++];
	*p = (struct ff_sim_population){.name = name, .summary = summary};
	sim->limit =
		budget < sim->target - sim->count ? sim->count + budget : sim->target;
	ff_sim_random_seed(&sim->random, sim->seed, name);
}

bool ff_sim_full(const struct ff_sim *sim)
{
	return sim->stopped || sim->count >= sim->limit;
}

uint64_t ff_sim_room(const struct ff_sim *sim)
{
	return ff_sim_full(sim) ? 0 : sim->limit - sim->count;
}

void ff_sim_add(struct ff_sim *sim, const struct ff_sim_flow *f)
{
	if (ff_sim_full(sim))
		return;
	/* a relaxed look at the flag is cheap, but not for every flow */
	if ((sim->count & 4095) == 0 && sim->interrupted &&
	    atomic_load(sim->interrupted)) {
		sim->stopped = true;
		ff_fail(&sim->why, FF_EINTR, "interrupted");
		return;
	}
	struct ff_sim_flow *to = &sim->flows[sim->count++];
	uint64_t last = ff_sim_span_ms(sim) - 1;
	*to = *f;
	to->population = (uint8_t)(sim->npopulations - 1);
	if (to->start_ms > last)
		to->start_ms = last;
}

static struct ff_sim_fact *core_fact(struct ff_sim *sim)
{
	struct ff_sim_population *p = &sim->populations[sim->npopulations - 1];
	assert(p->nfacts < sizeof p->facts / sizeof *p->facts);
	return &p->facts[p->nfacts++];
}

void ff_sim_fact(struct ff_sim *sim, const char *key, int kind, int64_t value)
{
	struct ff_sim_fact *f = core_fact(sim);
	f->key = key;
	f->kind = kind;
	f->value = value;
}

void ff_sim_fact_text(struct ff_sim *sim, const char *key, const char *text)
{
	struct ff_sim_fact *f = core_fact(sim);
	f->key = key;
	f->kind = FF_SIM_TEXT;
	f->text = text;
}

/* ---- sorting ---- */

/* Least significant digit first over the time in the high bits. The record numbers in the
 * low bits are in order to begin with and need no pass, because every pass is stable. */
static int core_sort(struct ff_sim *sim, struct ff_err *err)
{
	enum { DIGIT = 12, PASSES = (64 - FF_SIM_INDEX_BITS) / DIGIT };
	size_t n = (size_t)sim->count, *starts = ff_alloc(1 << DIGIT, sizeof *starts);
	uint64_t *from = ff_alloc(n, sizeof *from), *to = ff_alloc(n, sizeof *to);
	int status = FF_OK;
	if (!starts || !from || !to) {
		status = ff_fail_nomem(err);
		goto out;
	}
	for (size_t i = 0; i < n; i++)
		from[i] = sim->flows[i].start_ms << FF_SIM_INDEX_BITS | i;
	for (int pass = 0; pass < PASSES; pass++) {
		int shift = FF_SIM_INDEX_BITS + pass * DIGIT;
		memset(starts, 0, sizeof *starts << DIGIT);
		for (size_t i = 0; i < n; i++)
			starts[from[i] >> shift & ((1 << DIGIT) - 1)]++;
		size_t sum = 0;
		for (size_t d = 0; d < (size_t)1 << DIGIT; d++) {
			size_t here = starts[d];
			starts[d] = sum;
			sum += here;
		}
		for (size_t i = 0; i < n; i++)
			to[starts[from[i] >> shift & ((1 << DIGIT) - 1)]++] = from[i];
		uint64_t *swap = from;
		from = to;
		to = swap;
	}
	ff_free(sim->order);
	sim->order = from;
	from = NULL;
out:
	ff_free(from);
	ff_free(to);
	ff_free(starts);
	return status;
}

int ff_sim_generate(struct ff_sim *sim, const struct ff_sim_scenario *scenario,
		    const void *params, struct ff_err *err)
{
	int status = scenario->generate(sim, params, err);
	if (status == FF_OK && sim->stopped)
		status = ff_fail(err, sim->why.status, "%s", sim->why.text);
	assert(status != FF_OK || sim->count == sim->target);
	return status == FF_OK ? core_sort(sim, err) : status;
}

/* ---- out ---- */

struct ff_addr ff_sim_inside_addr(const struct ff_sim *sim, uint32_t host)
{
	struct ff_addr a = sim->inside.addr;
	/* host bits of the prefix are zero, and there are at most 16 */
	a.b[14] |= (uint8_t)(host >> 8);
	a.b[15] |= (uint8_t)host;
	return a;
}

struct ff_addr ff_sim_outside_addr(const struct ff_sim *sim, uint32_t outside)
{
	if (!ff_sim_is_v6(sim))
		return ff_addr_from_v4(outside);
	/* One IPv6 host for every IPv4 number: a /48 of its own, in 2600::/16 (or
	 * 2a00::/16, when the inside lies in the first). Half of them have a random
	 * interface, half a low one. */
	struct ff_addr a = {{0x26, 0}};
	if (sim->inside.addr.b[0] == a.b[0] && sim->inside.addr.b[1] == a.b[1])
		a.b[0] = 0x2a;
	for (int i = 0; i < 4; i++)
		a.b[2 + i] = (uint8_t)(outside >> (24 - 8 * i));
	uint64_t host = ff_mix64(outside + UINT64_C(0x9e3779b97f4a7c15));
	if (host & 1)
		host = 1 + (host >> 8 & 0xff);
	for (int i = 0; i < 8; i++)
		a.b[8 + i] = (uint8_t)(host >> (56 - 8 * i));
	return a;
}

void ff_sim_convert(const struct ff_sim *sim, struct ff_flow *out,
		    const struct ff_sim_flow *f)
{
	bool is_icmp = f->protocol == 1 || f->protocol == 58;
	struct ff_addr inside = ff_sim_inside_addr(sim, f->inside);
	struct ff_addr outside = ff_sim_outside_addr(sim, f->outside);
	*out = (struct ff_flow){
		.sip = f->is_inbound ? outside : inside,
		.dip = f->is_inbound ? inside : outside,
		.start_ns = sim->start_ns + (int64_t)f->start_ms * FF_MS,
		.packets = f->packets,
		.bytes = f->bytes,
		.in = f->is_inbound ? 1 : 2,
		.out = f->is_inbound ? 2 : 1,
		.sport = is_icmp ? 0 : f->sport,
		.dport = is_icmp ? 0 : f->dport,
		.application = f->application,
		.protocol = f->protocol,
		.flowtype = f->flowtype,
		.attributes = f->attributes,
		.orient = f->is_inbound ? FF_ORIENT_IN : FF_ORIENT_OUT,
		.is_v6_record = ff_sim_is_v6(sim),
		.present = FF_ALL_FIELDS &
			   ~(FF_BIT(FF_NHIP) | FF_BIT(FF_ICMP_TYPE) |
			     FF_BIT(FF_ICMP_CODE) | FF_BIT(FF_FLAGS) |
			     FF_BIT(FF_INITIAL_FLAGS) | FF_BIT(FF_SESSION_FLAGS)),
	};
	out->end_ns = out->start_ns + (int64_t)f->duration_ms * FF_MS;
	if (is_icmp) {
		out->icmp_type = (uint8_t)f->sport;
		out->icmp_code = (uint8_t)f->dport;
		out->present |= FF_BIT(FF_ICMP_TYPE) | FF_BIT(FF_ICMP_CODE);
	} else if (f->protocol == 6) {
		out->initial_flags = f->initial;
		out->session_flags = f->session;
		out->flags = f->initial | f->session;
		out->present |= FF_BIT(FF_FLAGS) | FF_BIT(FF_INITIAL_FLAGS) |
				FF_BIT(FF_SESSION_FLAGS);
	}
}

int ff_sim_write(const struct ff_sim *sim, struct ff_flow_writer *w,
		 const struct ff_progress *progress, struct ff_err *err)
{
	assert(sim->order);
	struct ff_batch batch = {0};
	int status = ff_batch_init(&batch, FF_BATCH_FLOWS, err);
	for (uint64_t i = 0; status == FF_OK && i < sim->count;) {
		batch.count = 0;
		for (; batch.count < batch.cap && i < sim->count; i++) {
			uint64_t at = sim->order[i] & FF_SIM_INDEX_MASK;
			ff_sim_convert(sim, &batch.flows[batch.count++], &sim->flows[at]);
		}
		status = ff_flow_writer_add(w, &batch, err);
		if (status == FF_OK && sim->interrupted && atomic_load(sim->interrupted))
			status = ff_fail(err, FF_EINTR, "interrupted");
		if (progress && progress->show)
			progress->show(progress->arg, i, i, sim->count);
	}
	ff_batch_release(&batch);
	return status;
}
