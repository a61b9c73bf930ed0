/* SPDX-License-Identifier: MIT */
/* simulate_truth - the truth file: what was put into the flows, and an independent count
 * of what `flowfig contact` must find in them. */
#include "cli/simulate.h"

#include <flowfig/table.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int truth_compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

/* ---- contact, straight: sort (source, destination) of each hour and count runs ---- */

/* keys: outside << 16 | inside, sorted. Adds every source of one hour to its n. */
static void truth_hour(struct ff_sim_contact *c, uint64_t *keys, size_t n)
{
	qsort(keys, n, sizeof *keys, truth_compare);
	for (size_t i = 0; i < n;) {
		uint64_t source = keys[i] >> 16;
		uint32_t distinct = 0;
		for (size_t first = i; i < n && keys[i] >> 16 == source; i++)
			if (i == first || keys[i] != keys[i - 1])
				distinct++;
		c->sources[distinct]++;
	}
}

int ff_sim_contact_count(struct ff_sim_contact *out, const struct ff_sim *sim,
			 struct ff_err *err)
{
	struct ff_sim_contact c = {NULL, ff_sim_hosts(sim)};
	uint64_t *keys = ff_alloc((size_t)sim->count, sizeof *keys);
	c.sources = ff_calloc((size_t)c.max + 1, sizeof *c.sources);
	if (!keys || !c.sources) {
		ff_free(keys);
		ff_free(c.sources);
		return ff_fail_nomem(err);
	}
	size_t n = 0;
	uint64_t hour = 0; /* of the simulation; it begins with an hour of the clock */
	for (uint64_t i = 0; i < sim->count; i++) {
		const struct ff_sim_flow *f =
			&sim->flows[sim->order[i] & FF_SIM_INDEX_MASK];
		if (f->start_ms / FF_SIM_HOUR_MS != hour) {
			truth_hour(&c, keys, n);
			n = 0;
			hour = f->start_ms / FF_SIM_HOUR_MS;
		}
		if (f->is_inbound)
			keys[n++] = (uint64_t)f->outside << 16 | f->inside;
	}
	truth_hour(&c, keys, n);
	ff_free(keys);
	*out = c;
	return FF_OK;
}

void ff_sim_contact_release(struct ff_sim_contact *c)
{
	ff_free(c->sources);
	c->sources = NULL;
}

/* ---- options ---- */

static bool truth_option_value(char *buf, size_t cap, const struct ff_opt *o,
			       const void *params)
{
	const char *at = (const char *)params + o->offset;
	const char *text;
	bool flag;
	uint64_t number;
	double real;
	int64_t time;
	int choice;
	ff_format_u64(buf, cap, 0);
	switch (o->kind) {
	case FF_OPT_FLAG:
		memcpy(&flag, at, sizeof flag);
		ff_format_u64(buf, cap, flag);
		return true;
	case FF_OPT_UINT:
	case FF_OPT_SIZE:
		memcpy(&number, at, sizeof number);
		ff_format_u64(buf, cap, number);
		return true;
	case FF_OPT_DOUBLE:
		memcpy(&real, at, sizeof real);
		ff_format_g(buf, cap, real, 6);
		return true;
	case FF_OPT_DURATION:
		memcpy(&time, at, sizeof time);
		ff_format_duration(buf, cap, time);
		return true;
	case FF_OPT_TIME:
		memcpy(&time, at, sizeof time);
		if (time == INT64_MIN)
			return false;
		ff_format_time(buf, cap, time);
		return true;
	case FF_OPT_CHOICE:
		memcpy(&choice, at, sizeof choice);
		text = o->choices[choice];
		break;
	case FF_OPT_STRING:
		memcpy(&text, at, sizeof text);
		break;
	default: /* lists and calls: no scenario has them */
		return false;
	}
	if (!text || strlen(text) >= cap)
		return false;
	memcpy(buf, text, strlen(text) + 1);
	return true;
}

void ff_sim_options_text(struct ff_buf *out, const struct ff_opt *opts,
			 const void *params)
{
	char value[128];
	for (; opts->name; opts++)
		if (truth_option_value(value, sizeof value, opts, params))
			ff_buf_addf(out, " --%s=%s", opts->name, value);
}

void ff_sim_options_json(struct ff_buf *out, const struct ff_opt *opts,
			 const void *params)
{
	char value[128];
	const char *comma = "";
	for (; opts->name; opts++) {
		if (!truth_option_value(value, sizeof value, opts, params))
			continue;
		ff_buf_addf(out, "%s", comma);
		ff_json_string(out, opts->name);
		ff_buf_addc(out, ':');
		if (opts->kind == FF_OPT_UINT || opts->kind == FF_OPT_DOUBLE)
			ff_buf_adds(out, value);
		else
			ff_json_string(out, value);
		comma = ",";
	}
}

/* ---- the file ---- */

struct truth_totals {
	uint64_t flows, inbound, packets, bytes, sources;
};

/* Counts by population; sources: distinct outside addresses that sent something inside.
 */
static int truth_count(struct truth_totals totals[FF_SIM_POPULATIONS],
		       struct truth_totals *all, const struct ff_sim *sim,
		       struct ff_err *err)
{
	uint64_t *keys = ff_alloc((size_t)sim->count, sizeof *keys);
	if (!keys)
		return ff_fail_nomem(err);
	size_t n = 0;
	for (uint64_t i = 0; i < sim->count; i++) {
		const struct ff_sim_flow *f = &sim->flows[i];
		struct truth_totals *t = &totals[f->population];
		t->flows++;
		t->inbound += f->is_inbound;
		t->packets += f->packets;
		t->bytes += f->bytes;
		if (f->is_inbound)
			keys[n++] = (uint64_t)f->population << 32 | f->outside;
	}
	qsort(keys, n, sizeof *keys, truth_compare);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || keys[i] != keys[i - 1])
			totals[keys[i] >> 32].sources++;
	ff_free(keys);
	/* populations have hosts of their own outside, so their sources add up */
	for (unsigned p = 0; p < sim->npopulations; p++) {
		all->flows += totals[p].flows;
		all->inbound += totals[p].inbound;
		all->packets += totals[p].packets;
		all->bytes += totals[p].bytes;
		all->sources += totals[p].sources;
	}
	return FF_OK;
}

static void truth_put_totals(struct ff_buf *out, const struct truth_totals *t)
{
	ff_buf_addf(out,
		    "\"flows\":%" PRIu64 ",\"inbound\":%" PRIu64 ",\"outbound\":%" PRIu64
		    ",\"packets\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"sources\":%" PRIu64,
		    t->flows, t->inbound, t->flows - t->inbound, t->packets, t->bytes,
		    t->sources);
}

static void truth_put_population(struct ff_buf *out, const struct ff_sim *sim,
				 const struct ff_sim_population *p,
				 const struct truth_totals *t)
{
	char text[64];
	ff_buf_adds(out, "{\"name\":");
	ff_json_string(out, p->name);
	ff_buf_adds(out, ",\"summary\":");
	ff_json_string(out, p->summary);
	ff_buf_addc(out, ',');
	truth_put_totals(out, t);
	for (size_t i = 0; i < p->nfacts; i++) {
		const struct ff_sim_fact *f = &p->facts[i];
		ff_buf_addc(out, ',');
		ff_json_string(out, f->key);
		ff_buf_addc(out, ':');
		if (f->kind == FF_SIM_NUMBER)
			ff_buf_addf(out, "%" PRId64, f->value);
		else if (f->kind == FF_SIM_TIME)
			ff_json_string(out, ff_format_time(text, sizeof text, f->value));
		else if (f->kind == FF_SIM_DURATION)
			ff_json_string(out,
				       ff_format_duration(text, sizeof text, f->value));
		else if (f->kind == FF_SIM_HOST) {
			struct ff_addr a = ff_sim_inside_addr(sim, (uint32_t)f->value);
			ff_json_string(out, ff_format_addr(text, sizeof text, &a));
		} else
			ff_json_string(out, f->text);
	}
	ff_buf_addc(out, '}');
}

static int truth_put_contact(struct ff_buf *out, const struct ff_sim *sim,
			     struct ff_err *err)
{
	struct ff_sim_contact c = {0};
	int status = ff_sim_contact_count(&c, sim, err);
	if (status != FF_OK)
		return status;
	uint64_t sum = 0;
	for (uint32_t n = 1; n <= c.max; n++)
		sum += c.sources[n];
	ff_buf_addf(out,
		    "{\"bin\":\"1h\",\"direction\":\"in\",\"source_hours\":%" PRIu64
		    ",\"rows\":[",
		    sum);
	const char *comma = "\n";
	for (uint32_t n = 1; n <= c.max; n++)
		if (c.sources[n]) {
			ff_buf_addf(out,
				    "%s{\"destinations\":%" PRIu32 ",\"sources\":%" PRIu64
				    "}",
				    comma, n, c.sources[n]);
			comma = ",\n";
		}
	ff_buf_adds(out, "]}");
	ff_sim_contact_release(&c);
	return FF_OK;
}

int ff_sim_truth(struct ff_buf *out, const struct ff_sim *sim,
		 const struct ff_sim_scenario *scenario, const void *params,
		 struct ff_err *err)
{
	struct truth_totals totals[FF_SIM_POPULATIONS] = {{0}}, all = {0};
	char text[FF_ADDR_TEXT];
	int status = truth_count(totals, &all, sim, err);
	if (status != FF_OK)
		return status;
	ff_buf_adds(out, "{\"scenario\":");
	ff_json_string(out, scenario->name);
	ff_buf_addf(out, ",\"version\":\"%s\",\"seed\":%" PRIu64, FF_VERSION, sim->seed);
	ff_buf_adds(out, ",\n\"start\":");
	ff_json_string(out, ff_format_time(text, sizeof text, sim->start_ns));
	ff_buf_addf(out, ",\"days\":%" PRIu32 ",\"inside\":", sim->days);
	ff_json_string(out, ff_format_prefix(text, sizeof text, &sim->inside));
	ff_buf_adds(out, ",\n\"options\":{");
	ff_sim_options_json(out, scenario->opts, params);
	ff_buf_adds(out, "},\n\"totals\":{");
	truth_put_totals(out, &all);
	ff_buf_adds(out, "},\n\"populations\":[");
	for (unsigned p = 0; p < sim->npopulations; p++) {
		ff_buf_adds(out, p ? ",\n" : "\n");
		truth_put_population(out, sim, &sim->populations[p], &totals[p]);
	}
	ff_buf_adds(out, "],\n\"contact\":");
	status = truth_put_contact(out, sim, err);
	if (status != FF_OK)
		return status;
	ff_buf_adds(out, "}\n");
	return out->failed ? ff_fail_nomem(err) : FF_OK;
}
