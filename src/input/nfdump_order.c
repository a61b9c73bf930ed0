/* SPDX-License-Identifier: MIT */
/* nfdump_order - what records of an nfcapd file say about the flows after them: extension
 * maps of layout 1, and samplers. See nfdump.h. */
#include "input/nfdump.h"

#include <pthread.h>
#include <string.h>

/* Which sampler counts, most first: its id says for which flows of the exporter. Those
 * with an id of their own count for flows that name it, which the collector has seen to.
 */
enum { ORDER_OVERRIDE, ORDER_GENERIC, ORDER_DEFAULT, ORDER_RATES };
struct order_rate {
	uint64_t interval, total; /* 0 = none */
};
struct order_exporter {
	struct order_rate rates[ORDER_RATES];
};

struct nfdump_order {
	pthread_mutex_t lock;
	pthread_cond_t next;
	unsigned done; /* turns; the lock guards this, and whose turn it is the rest */
	bool with_rates;
	uint32_t *slots; /* by map id: 1 + index into maps; 0 = none */
	struct nfdump_map *maps;
	size_t map_count, map_cap;
	struct order_exporter *exporters; /* by number */
	size_t exporter_count, exporter_cap;
};

int nfdump_order_new(struct nfdump_order **out, bool with_rates, struct ff_err *err)
{
	struct nfdump_order *o = ff_calloc(1, sizeof(*o));

	if (!o)
		return ff_fail_nomem(err);
	o->with_rates = with_rates;
	o->slots = ff_calloc((size_t)UINT16_MAX + 1, sizeof(*o->slots));
	if (!o->slots || pthread_mutex_init(&o->lock, NULL) != 0) {
		ff_free(o->slots);
		ff_free(o);
		return ff_fail_nomem(err);
	}
	if (pthread_cond_init(&o->next, NULL) != 0) {
		pthread_mutex_destroy(&o->lock);
		ff_free(o->slots);
		ff_free(o);
		return ff_fail_nomem(err);
	}
	*out = o;
	return FF_OK;
}

void nfdump_order_free(struct nfdump_order *o)
{
	if (!o)
		return;
	pthread_cond_destroy(&o->next);
	pthread_mutex_destroy(&o->lock);
	ff_free(o->slots);
	ff_free(o->maps);
	ff_free(o->exporters);
	ff_free(o);
}

void nfdump_order_enter(struct nfdump_order *o, unsigned turn)
{
	pthread_mutex_lock(&o->lock);
	while (o->done != turn)
		pthread_cond_wait(&o->next, &o->lock);
	pthread_mutex_unlock(&o->lock);
}

void nfdump_order_leave(struct nfdump_order *o)
{
	pthread_mutex_lock(&o->lock);
	o->done++;
	pthread_cond_broadcast(&o->next);
	pthread_mutex_unlock(&o->lock);
}

/* ---- extension maps ---- */

/* Bytes of each extension; those that take none are 0. */
static const uint8_t map_bytes[] = {
	[4] = 4,   [5] = 8,   [6] = 4,	 [7] = 8,   [8] = 4,   [9] = 4,	 [10] = 16,
	[11] = 4,  [12] = 16, [13] = 4,	 [14] = 4,  [15] = 8,  [16] = 4, [17] = 8,
	[18] = 4,  [19] = 8,  [20] = 16, [21] = 16, [22] = 40, [23] = 4, [24] = 16,
	[25] = 4,  [26] = 8,  [27] = 8,	 [37] = 20, [38] = 4,  [39] = 8, [40] = 32,
	[41] = 24, [42] = 24, [43] = 72, [45] = 24, [46] = 12, [48] = 8, [49] = 0,
};
#define MAP_IDS (sizeof(map_bytes) / sizeof(map_bytes[0]))

static void map_place(struct nfdump_map *m, unsigned id)
{
	uint16_t at = (uint16_t)m->bytes;

	switch (id) {
	case 4:
	case 5:
		m->in_out = at;
		m->is_wide_in_out = id == 5;
		break;
	case 9:
	case 10:
		m->next_hop = at;
		m->is_v6_next_hop = id == 10;
		break;
	case 14:
	case 15:
		m->out_packets = at;
		m->is_wide_out_packets = id == 15;
		break;
	case 16:
	case 17:
		m->out_bytes = at;
		m->is_wide_out_bytes = id == 17;
		break;
	case 37:
		m->event = at;
		break;
	default:
		break;
	}
}

/* 4 id; 6 bytes of its extensions; 8 their ids, the last is 0 */
const char *nfdump_map_read(struct nfdump_map *out, const uint8_t *p, size_t size)
{
	struct nfdump_map m = {.in_out = NFDUMP_ABSENT,
			       .next_hop = NFDUMP_ABSENT,
			       .out_packets = NFDUMP_ABSENT,
			       .out_bytes = NFDUMP_ABSENT,
			       .event = NFDUMP_ABSENT,
			       .is_known = true};

	if (size < 8)
		return "extension map is cut short";
	for (size_t i = 8; size - i >= 2; i += 2) {
		unsigned id = ff_get_u16(p + i, false);

		if (id == 0)
			break;
		if (id >= MAP_IDS)
			return "extension map lists an unknown extension";
		map_place(&m, id);
		m.bytes += map_bytes[id];
		if (m.bytes > UINT16_MAX)
			return "extension map is too long for any record";
	}
	if (m.bytes != ff_get_u16(p + 6, false))
		return "extension map does not add up to its size";
	*out = m;
	return NULL;
}

/* The latest map of an id counts; of one that cannot be nothing is known. */
static int order_map(struct nfdump_order *o, const uint8_t *p, size_t size,
		     struct ff_err *err)
{
	struct nfdump_map m = {.is_known = false};
	uint32_t *slot;
	int status;

	nfdump_map_read(&m, p, size);
	if (size < 6)
		return FF_OK;
	slot = &o->slots[ff_get_u16(p + 4, false)];
	if (*slot == 0) {
		status = ff_grow(&o->maps, &o->map_cap, o->map_count + 1,
				 sizeof(*o->maps), err);
		if (status != FF_OK)
			return status;
		*slot = (uint32_t)++o->map_count;
	}
	o->maps[*slot - 1] = m;
	return FF_OK;
}

/* ---- samplers ---- */

static int order_rate_set(struct nfdump_order *o, unsigned exporter, int64_t id,
			  uint64_t interval, uint64_t total, struct ff_err *err)
{
	int which = id == -1   ? ORDER_GENERIC
		    : id == -2 ? ORDER_DEFAULT
		    : id == -3 ? ORDER_OVERRIDE
			       : -1;
	int status;

	if (which < 0 || interval == 0)
		return FF_OK;
	if (exporter >= o->exporter_count) {
		status = ff_grow(&o->exporters, &o->exporter_cap, exporter + 1,
				 sizeof(*o->exporters), err);
		if (status != FF_OK)
			return status;
		memset(o->exporters + o->exporter_count, 0,
		       (exporter + 1 - o->exporter_count) * sizeof(*o->exporters));
		o->exporter_count = exporter + 1;
	}
	o->exporters[exporter].rates[which] = (struct order_rate){interval, total};
	return FF_OK;
}

/* Of 1.6: 4 id (32 bits); 8 interval; 12 algorithm; 14 exporter. Of 1.7: 4 exporter; 6
 * algorithm; 8 id; 16 packets taken; 20 packets left out. */
static int order_sampler(struct nfdump_order *o, unsigned type, const uint8_t *p,
			 size_t size, struct ff_err *err)
{
	if (type == NFDUMP_SAMPLER && size >= 24) {
		uint64_t interval = ff_get_u32(p + 16, false);

		return order_rate_set(o, ff_get_u16(p + 4, false),
				      (int64_t)ff_get_u64(p + 8, false), interval,
				      interval + ff_get_u32(p + 20, false), err);
	}
	if (size < 16)
		return FF_OK;
	return order_rate_set(o, ff_get_u16(p + 14, false),
			      (int32_t)ff_get_u32(p + 4, false), 1,
			      ff_get_u32(p + 8, false), err);
}

/* Of a flow whose counts the collector has not multiplied itself. */
static struct order_rate order_rate_of(const struct nfdump_order *o, unsigned type,
				       const uint8_t *p, size_t size)
{
	struct order_rate none = {0, 0};
	unsigned exporter;
	bool is_sampled;

	if (!o->with_rates || size < 30)
		return none;
	if (type == NFDUMP_FLOW_2) {
		exporter = ff_get_u16(p + 8, false);
		is_sampled = p[10] & 2;
	} else {
		exporter = type == NFDUMP_FLOW_OLD ? p[5] : ff_get_u16(p + 28, false);
		is_sampled = p[4] & 0x80;
	}
	if (is_sampled || exporter >= o->exporter_count)
		return none;
	for (int i = 0; i < ORDER_RATES; i++)
		if (o->exporters[exporter].rates[i].interval > 0)
			return o->exporters[exporter].rates[i];
	return none;
}

/* ---- rules ---- */

static bool order_is_same(const struct nfdump_rule *a, const struct nfdump_rule *b)
{
	const struct nfdump_map *m = &a->map, *n = &b->map;

	return a->interval == b->interval && a->total == b->total &&
	       m->bytes == n->bytes && m->in_out == n->in_out &&
	       m->next_hop == n->next_hop && m->out_packets == n->out_packets &&
	       m->out_bytes == n->out_bytes && m->event == n->event &&
	       m->is_wide_in_out == n->is_wide_in_out &&
	       m->is_v6_next_hop == n->is_v6_next_hop &&
	       m->is_wide_out_packets == n->is_wide_out_packets &&
	       m->is_wide_out_bytes == n->is_wide_out_bytes && m->is_known == n->is_known;
}

static struct nfdump_rule order_rule(const struct nfdump_order *o, unsigned type,
				     const uint8_t *p, size_t size)
{
	struct order_rate rate = order_rate_of(o, type, p, size);
	struct nfdump_rule rule = {.interval = rate.interval, .total = rate.total};
	uint32_t slot;

	if (type != NFDUMP_FLOW_2 && size >= 8) {
		slot = o->slots[ff_get_u16(p + 6, false)];
		if (slot > 0)
			rule.map = o->maps[slot - 1];
	}
	return rule;
}

int nfdump_order_scan(struct nfdump_order *o, struct ff_buf *rules,
		      const uint8_t *records, size_t len, uint32_t count,
		      struct ff_err *err)
{
	struct nfdump_rule last = {0};
	size_t at, size;
	int status = FF_OK;

	for (at = 0; count > 0 && status == FF_OK &&
		     (size = nfdump_record_size(records + at, len - at)) > 0;
	     at += size, count--) {
		const uint8_t *p = records + at;
		unsigned type = ff_get_u16(p, false);

		switch (type) {
		case NFDUMP_FLOW_OLD:
		case NFDUMP_FLOW_1:
		case NFDUMP_FLOW_2: {
			struct nfdump_rule rule = order_rule(o, type, p, size);

			if (order_is_same(&rule, &last))
				break;
			last = rule;
			last.at = (uint32_t)at;
			ff_buf_add(rules, &last, sizeof(last));
			break;
		}
		case NFDUMP_MAP:
			status = order_map(o, p, size, err);
			break;
		case NFDUMP_SAMPLER_OLD:
		case NFDUMP_SAMPLER:
			if (o->with_rates)
				status = order_sampler(o, type, p, size, err);
			break;
		default:
			break;
		}
	}
	return status == FF_OK && rules->failed ? ff_fail_nomem(err) : status;
}
